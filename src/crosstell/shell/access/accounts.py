"""Accounts as kept: made, shown, disabled, given another password. Every change is in the audit."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.errors import CallerError
from crosstell.core.ids import ComponentId, RoleId
from crosstell.core.instant import from_us, to_us
from crosstell.shell.access.account import Account, AccountKind
from crosstell.shell.access.database import Database, Row, at_us
from crosstell.shell.access.secret import Passwords, check_password

ACCOUNTS_MAX = 1_000
_FIELDS = "name, kind, role, created_us, disabled_us, secret, password, last_step, component"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An account with what proves it; this never leaves the package."""

    account: Account
    password: str | None
    secret: str | None
    last_step: int


class Accounts:
    """The accounts in their database."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        """Over the open database."""
        self._database, self._passwords = database, passwords

    def make(self, account: Account, password: str | None) -> None:
        """The account is there. Raises CallerError for a name that is taken. Implements ACS-010."""
        if (password is None) != (account.kind is AccountKind.SYSTEM):
            raise CallerError(
                f"account {account.name}: a system has tokens, every other kind a password"
            )
        if password is not None:
            check_password(password, account=account.name)
        kept = None if password is None else self._passwords.keep(password)
        with self._database.writing():
            if self.find(account.name) is not None:
                raise CallerError(
                    f"account {account.name} is there, or was; names are not used again"
                )
            if len(self.all()) >= ACCOUNTS_MAX:
                raise CallerError(f"{ACCOUNTS_MAX} accounts are kept; no more can be made")
            self._database.write(
                "INSERT INTO account VALUES (?, ?, ?, ?, NULL, ?, NULL, 0, ?)",
                *(account.name, account.kind.value, account.role, to_us(account.created_at)),
                *(kept, account.component),
            )

    def find(self, name: str) -> Kept | None:
        """The account of that name."""
        row = self._database.row(f"SELECT {_FIELDS} FROM account WHERE name = ?", name)  # noqa: S608
        return None if row is None else _kept(row)

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        rows = self._database.rows(
            f"SELECT {_FIELDS} FROM account ORDER BY name LIMIT ?",  # noqa: S608
            ACCOUNTS_MAX,
        )
        return tuple(_kept(row).account for row in rows)

    def disable(self, name: str, now: datetime) -> None:
        """The account may do nothing any more. The last administrator cannot be disabled."""
        with self._database.writing():
            found = self.find(name)
            if found is None:
                raise CallerError(f"there is no account {name}; see the list of accounts")
            administrators = [
                one
                for one in self.all()
                if one.kind is AccountKind.ADMINISTRATOR and one.disabled_at is None
            ]
            if administrators == [found.account]:
                raise CallerError(f"account {name} is the last administrator; make another first")
            self._database.write(
                "UPDATE account SET disabled_us = coalesce(disabled_us, ?) WHERE name = ?",
                *(to_us(now), name),
            )

    def set_password(self, name: str, password: str) -> None:
        """The account's password is this one from now on."""
        found = self.find(name)
        if found is None or found.password is None:
            raise CallerError(f"account {name} has no password to change")
        check_password(password, account=name)
        kept = self._passwords.keep(password)
        self._database.write("UPDATE account SET password = ? WHERE name = ?", kept, name)

    def set_secret(self, name: str, secret: str | None) -> None:
        """One-time codes by this secret are asked for from now on; None: no longer."""
        found = self.find(name)
        if found is None or found.password is None:
            raise CallerError(f"account {name} has no password that a code could stand beside")
        self._database.write(
            "UPDATE account SET secret = ?, last_step = 0 WHERE name = ?", secret, name
        )

    def used_step(self, name: str, step: int) -> bool:
        """The code of that step is used up; False if somebody was quicker with it."""
        changed = self._database.write(
            "UPDATE account SET last_step = ? WHERE name = ? AND last_step < ?", step, name, step
        )
        return changed > 0


def _kept(row: Row) -> Kept:
    account = Account(
        name=row[0],
        kind=AccountKind(row[1]),
        role=None if row[2] is None else RoleId(row[2]),
        created_at=from_us(row[3]),
        disabled_at=at_us(row[4]),
        has_code=row[5] is not None,
        component=None if row[8] is None else ComponentId(row[8]),
    )
    return Kept(account=account, secret=row[5], password=row[6], last_step=row[7])
