"""Everything about who may use this node, in one object over one file.

It knows nothing of HTTP, nor of the record. Any thread may use it. `now` is real time, never
that of an exercise; an address is wherever a request came from, as text.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import ComponentId, RoleId
from crosstell.shell.access.account import Account, AccountKind
from crosstell.shell.access.accounts import Accounts, Kept
from crosstell.shell.access.audit import NOBODY, Audit, Deed
from crosstell.shell.access.database import Database
from crosstell.shell.access.given import GivenPasswords
from crosstell.shell.access.pending import PendingActs
from crosstell.shell.access.secret import Passwords, code_address, code_step, draw_code_secret
from crosstell.shell.access.sessions import Limits, Session, Sessions
from crosstell.shell.access.throttle import Throttle
from crosstell.shell.access.tokens import Token, Tokens

BY_HAND = "by-hand"  # who the audit names for what a command does on the node's own machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody gives to come in."""

    account: str
    password: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """A session was opened; `secret` goes into the cookie and is told once."""

    secret: str
    session: Session
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOut:
    """Nobody came in. `wait_s` above 0: it was not even tried, and may be after so long."""

    wait_s: float = 0.0


class Access:
    """The access database and all that is done with it."""

    def __init__(
        self,
        path: Path | None,
        *,
        limits: Limits | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        """The file is open, made new if there is none. None: in memory, for tests."""
        self._database = Database(path)
        self._passwords = passwords or Passwords()
        self.accounts = Accounts(self._database, self._passwords)
        self.sessions = Sessions(self._database, limits or Limits())
        self.tokens = Tokens(self._database)
        self.given = GivenPasswords(self._database)
        self.throttle = Throttle(self._database)
        self.pending = PendingActs(self._database)
        self.audit = Audit(self._database)

    def close(self) -> None:
        """The file is closed."""
        self._database.close()

    def make_account(  # noqa: PLR0913 - what an account is, who makes it and when
        self,
        name: str,
        kind: AccountKind,
        *,
        role: str | None = None,
        component: str | None = None,
        password: str | None = None,
        by: str = BY_HAND,
        now: datetime,
    ) -> Account:
        """The account is there, and the audit says who made it."""
        try:
            account = Account(
                name=name,
                kind=kind,
                role=None if role is None else RoleId(role),
                component=None if component is None else ComponentId(component),
                created_at=now,
            )
        except ValueError as fault:
            raise CallerError(str(fault)) from fault
        if name == BY_HAND:
            raise CallerError(f"account {name}: the audit calls the node's own machine so")
        with self._database.writing():
            self.accounts.make(account, password)
            if by != BY_HAND and password is not None:
                self.given.set_by(name, by, now)
            about = f"made {name}, {kind}" + ("" if role is None else f", {role}")
            about += "" if component is None else f" of {component}"
            self._kept(about, by=by, now=now)
        return account

    def begin_anew(self, now: datetime) -> None:
        """Acts that were being confirmed as the last process ended wait again; others are blank."""
        self.pending.begin_anew()
        self.pending.sweep(now)

    def check_known(self) -> None:
        """CallerError while it is not known what became of an act. The node is stopped. ACS-287."""
        self.pending.begin_anew()
        for act in self.pending.unanswered():
            raise CallerError(
                f"act {act.id}: a second person began to confirm it, and what became of it is not "
                "known. Start the node, let either person look with `crosstell pending list`, stop "
                "it, and try again. Nothing was written"
            )

    def forget_acts(self, why: str, *, by: str, address: str, now: datetime) -> None:
        """No act waits, and no file says what one said. Unavailable while somebody reads the file.

        The audit names each that waited. Implements ACS-284, ACS-285, ACS-288.
        """
        with self._database.writing():
            for waiting in self.pending.waiting(now):
                about = f"{waiting.kind} {waiting.id} of {waiting.account}, {why}"
                self.audit.note(now, Deed.TURNED_DOWN, by=by, address=address, about=about)
            self.pending.remove_all()
        if not self._database.empty_log():
            raise Unavailable(
                "access database: somebody reads it, so what acts said that waited is not gone "
                "yet. Nothing was erased in the record. End what reads it, then try again"
            )

    def disable(self, name: str, *, by: str = BY_HAND, now: datetime) -> None:
        """The account, its sessions, tokens and waiting acts are of no more use. ACS-280."""
        with self._database.writing():
            self.accounts.disable(name, now)
            ended = self.sessions.end_all(name, now)
            for token in self.tokens.of(name):
                self.tokens.revoke(name, token.id, now)
            for waiting in self.pending.drop_of(name, by=by):
                about = f"{waiting.kind} {waiting.id} of {name}, which was disabled"
                self.audit.note(now, Deed.TURNED_DOWN, by=by, address=NOBODY, about=about)
            self._kept(f"disabled {name}; {ended} sessions ended", by=by, now=now)

    def set_password(self, name: str, password: str, *, by: str = BY_HAND, now: datetime) -> None:
        """Another password; every session that the old one opened is over. ACS-012."""
        with self._database.writing():
            self.accounts.set_password(name, password)
            if by == BY_HAND:
                self.given.forget(name)
            else:
                self.given.set_by(name, by, now)
            ended = self.sessions.end_all(name, now)
            self._kept(f"password of {name} set; {ended} sessions ended", by=by, now=now)

    def vouch(self, name: str, *, by: str, now: datetime) -> None:
        """A second administrator stands for a password that another gave. ACS-018."""
        with self._database.writing():
            self.given.vouch(name, by, now)
            self._kept(f"vouched for {name}", by=by, now=now)

    def set_code(self, name: str, *, issuer: str, by: str = BY_HAND, now: datetime) -> str:
        """One-time codes are asked for from now on; what the code generator reads, told once."""
        secret = draw_code_secret()
        with self._database.writing():
            self.accounts.set_secret(name, secret)
            self._kept(f"codes of {name} set", by=by, now=now)
        return code_address(secret, account=name, issuer=issuer)

    def drop_code(self, name: str, *, by: str = BY_HAND, now: datetime) -> None:
        """One-time codes are asked for no longer."""
        with self._database.writing():
            self.accounts.set_secret(name, None)
            self._kept(f"codes of {name} dropped", by=by, now=now)

    def make_token(
        self, name: str, *, lasts_s: float, by: str = BY_HAND, now: datetime
    ) -> tuple[str, Token]:
        """A token for a system, told once."""
        found = self.accounts.find(name)
        if found is None or found.account.kind is not AccountKind.SYSTEM:
            raise CallerError(f"account {name} is no system; only systems come in by token")
        if found.account.disabled_at is not None:
            raise CallerError(f"account {name} is disabled; make another")
        with self._database.writing():
            secret, token = self.tokens.make(name, lasts_s=lasts_s, now=now)
            self.audit.note(
                now, Deed.TOKEN_KEPT, by=by, address=NOBODY, about=f"made {token.id} for {name}"
            )
        return secret, token

    def revoke_token(self, name: str, token: str, *, by: str = BY_HAND, now: datetime) -> None:
        """The token is of no more use, at once."""
        with self._database.writing():
            if not self.tokens.revoke(name, token, now):
                raise CallerError(f"account {name} has no token {token}; see the list of its own")
            about = f"revoked {token} of {name}"
            self.audit.note(now, Deed.TOKEN_KEPT, by=by, address=NOBODY, about=about)

    def come_in(self, given: Given, *, address: str, now: datetime) -> CameIn | KeptOut:
        """A session for whoever gives the right password, and code where one is asked for.

        The answer never says which of them was wrong. Implements ACS-011, ACS-013 to ACS-015.
        """
        wait_s = self.throttle.wait_s(given.account, address, now)
        if wait_s > 0.0:
            return KeptOut(wait_s=wait_s)
        kept = self.accounts.find(given.account)
        fits = self._passwords.fits(None if kept is None else kept.password, given.password)
        if kept is None or not fits or not self._may_come_in(kept, given.code, now):
            self._kept_out(given.account, address, now)
            return KeptOut()
        return self._came_in(kept, given.password, address, now)

    def proves(self, name: str, password: str, *, address: str, now: datetime) -> bool:
        """Whether it is the account's password; a wrong one counts like one at the door."""
        if self.throttle.wait_s(name, address, now) > 0.0:
            return False
        kept = self.accounts.find(name)
        if self._passwords.fits(None if kept is None else kept.password, password):
            return True
        self._kept_out(name, address, now)
        return False

    def _may_come_in(self, kept: Kept, code: str | None, now: datetime) -> bool:
        if kept.account.disabled_at is not None:
            return False
        if kept.secret is None:
            return True
        step = code_step(kept.secret, code or "", now, last_step=kept.last_step)
        return step is not None and self.accounts.used_step(kept.account.name, step)

    def _came_in(self, kept: Kept, password: str, address: str, now: datetime) -> CameIn:
        account = kept.account
        assert kept.password is not None, "it was checked"
        fresh = self._passwords.is_weak(kept.password)
        watch = (
            None if account.role is None else self.sessions.last_watch(account.name, account.role)
        )
        with self._database.writing():
            if fresh:
                self.accounts.set_password(account.name, password)
            self.throttle.came_in(account.name, address, now)
            secret, session = self.sessions.open(
                account.name, address=address, watch=watch, now=now
            )
            self.audit.note(
                now,
                Deed.LOGGED_IN,
                by=account.name,
                address=address,
                about=f"session {session.id}" + (", with code" if kept.secret else ""),
            )
        return CameIn(secret=secret, session=session, account=account)

    def _kept_out(self, account: str, address: str, now: datetime) -> None:
        with self._database.writing():
            self.throttle.failed(account, address, now)
            self.audit.note(
                now, Deed.LOGIN_REFUSED, by=NOBODY, address=address, about=f"as {account}"
            )

    def go_out(self, session: Session, *, address: str, now: datetime) -> None:
        """The session is over."""
        with self._database.writing():
            self.sessions.end(session.id, now)
            self.audit.note(
                now,
                Deed.LOGGED_OUT,
                by=session.account,
                address=address,
                about=f"session {session.id}",
            )

    def _kept(self, about: str, *, by: str, now: datetime) -> None:
        self.audit.note(now, Deed.ACCOUNT_KEPT, by=by, address=NOBODY, about=about)
