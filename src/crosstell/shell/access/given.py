"""Passwords that somebody else gave: until they are their owner's, they make no second person.

Whoever keeps the accounts can set two passwords and come in as both persons of an act. So an
account whose password an administrator set, or that one made, takes part in no act of two persons
before its owner has set another and a day has passed in which its owner can notice; or before a
second administrator has vouched for it. What is done by hand on the node's own machine is not held
up: whoever has the machine has the file. Implements ACS-017, ACS-018.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.errors import CallerError
from crosstell.core.instant import format_instant, from_us, later, to_us
from crosstell.shell.access.database import Database, at_us

REST_S = 86_400.0
_FIELDS = "account, giver, given_us, owned_us, voucher"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPassword:
    """Who gave an account its password and when, and what has made it its owner's since."""

    account: str
    giver: str
    given_at: datetime
    owned_at: datetime | None = None
    voucher: str | None = None

    def rests(self, now: datetime) -> bool:
        """Whether the account cannot yet be one of two persons."""
        if self.voucher is not None:
            return False
        return self.owned_at is None or now < self.rests_until

    @property
    def rests_until(self) -> datetime:
        """Before then only a second administrator ends the rest."""
        return later(self.given_at, by_s=REST_S)

    def text(self, now: datetime) -> str:
        """The same for a person: who gave it, what stands for it, what is still to be done."""
        said = f"the password of {self.account} was given by {self.giver} at "
        said += format_instant(self.given_at)
        if self.voucher is not None:
            return f"{said}; {self.voucher} has vouched that its owner has it"
        if not self.rests(now):
            assert self.owned_at is not None, "else it rests"
            return f"{said}, and set anew by who came in with it at {format_instant(self.owned_at)}"
        owner = "" if self.owned_at else "its owner has set another (crosstell account password), "
        return (
            f"{said}: it is no person of a two-person act before {owner}"
            f"{'and ' if owner else ''}it is {format_instant(self.rests_until)}, or a second "
            f"administrator has vouched for it (crosstell account vouch {self.account})"
        )


class GivenPasswords:
    """Whose password was given by another, in the access database."""

    def __init__(self, database: Database) -> None:
        """Over the open database."""
        self._database = database

    def find(self, account: str) -> GivenPassword | None:
        """How that account came by its password; None where nobody else gave it."""
        row = self._database.row(f"SELECT {_FIELDS} FROM given WHERE account = ?", account)  # noqa: S608
        if row is None:
            return None
        return GivenPassword(
            account=row[0],
            giver=row[1],
            given_at=from_us(row[2]),
            owned_at=at_us(row[3]),
            voucher=row[4],
        )

    def set_by(self, account: str, by: str, now: datetime) -> None:
        """The account's password was set: by its owner, or given to it by another."""
        if by == account:
            self._database.write(
                "UPDATE given SET owned_us = ? WHERE account = ? AND owned_us IS NULL",
                *(to_us(now), account),
            )
            return
        self._database.write(
            "INSERT OR REPLACE INTO given VALUES (?, ?, ?, NULL, NULL)", account, by, to_us(now)
        )

    def forget(self, account: str) -> None:
        """The account's password was set by hand on the node's machine: that holds nothing up."""
        self._database.write("DELETE FROM given WHERE account = ?", account)

    def vouch(self, account: str, by: str, now: datetime) -> None:
        """An administrator other than the giver stands for it: its owner, and nobody else, has it.

        CallerError where there is nothing to vouch for, or where that administrator cannot.
        """
        found = self.find(account)
        if found is None or not found.rests(now):
            raise CallerError(f"account {account}: nothing is to be vouched for")
        if by in (found.giver, account):
            raise CallerError(
                f"account {account}: {by} gave that password, or has it; another administrator "
                "vouches, who has asked its owner by voice"
            )
        own = self.find(by)
        if own is not None and own.rests(now):
            raise CallerError(f"{by} cannot vouch yet: {own.text(now)}")
        self._database.write("UPDATE given SET voucher = ? WHERE account = ?", by, account)
