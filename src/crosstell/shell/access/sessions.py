"""Sessions: opened by a password, ended by time, by a person, or by whoever keeps the accounts.

A session's secret is in the browser's cookie alone; here is its digest. It turns every
`turn_s`: the one before stays good for a moment, since requests cross. An idle session no longer
acts, but what it shows goes on until its absolute end: a watch that only looks must not lose sight.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.instant import from_us, later, seconds_between, to_us
from crosstell.shell.access.database import Database, Row
from crosstell.shell.access.secret import digest, draw_token

GRACE_S = 60.0  # the secret before stays good for so long after a turn
SEEN_GRAIN_S = 30.0  # how often it is noted that a session was used
SESSIONS_MAX = 20  # open at once for one account; the oldest ends
_FIELDS = "id, account, csrf, watch, opened_us, seen_us, turned_us, address, digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a session lasts: without use, at all, and how often its secret turns."""

    idle_s: float = 3_600.0
    absolute_s: float = 43_200.0  # a watch of twelve hours
    turn_s: float = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One open session."""

    id: int
    account: str
    csrf: str
    watch: str | None
    opened_at: datetime
    seen_at: datetime
    turned_at: datetime
    address: str
    is_former: bool = False  # it was found by the secret before its last turn


class Sessions:
    """The open sessions, in the database, so that a restart logs nobody out."""

    def __init__(self, database: Database, limits: Limits) -> None:
        """Over the open database."""
        self._database, self.limits = database, limits

    def open(
        self, account: str, *, address: str, watch: str | None, now: datetime
    ) -> tuple[str, Session]:
        """A fresh session and its secret, which is told once. Implements ACS-020."""
        secret = draw_token()
        at = to_us(now)
        with self._database.writing():
            self._database.write(
                "INSERT INTO session (account, digest, before, turned_us, csrf, watch, opened_us, "
                "seen_us, ended_us, address) VALUES (?, ?, NULL, ?, ?, ?, ?, ?, NULL, ?)",
                *(account, digest(secret), at, draw_token(), watch, at, at, address),
            )
            self._database.write(
                "UPDATE session SET ended_us = ? WHERE account = ? AND ended_us IS NULL AND id NOT "
                "IN (SELECT id FROM session WHERE account = ? AND ended_us IS NULL "
                "ORDER BY id DESC LIMIT ?)",
                *(at, account, account, SESSIONS_MAX),
            )
            self._purge(now)
        found = self.find(secret, now)
        assert found is not None, "it was opened just now"
        return secret, found

    def find(self, secret: str, now: datetime) -> Session | None:
        """The session of that secret, if it has not come to its absolute end. ACS-021."""
        key = digest(secret)
        row = self._database.row(
            f"SELECT {_FIELDS} FROM session WHERE (digest = ? OR before = ?) "  # noqa: S608
            "AND ended_us IS NULL",
            *(key, key),
        )
        if row is None:
            return None
        found = _session(row, is_former=row[-1] != key)
        if seconds_between(found.opened_at, now) >= self.limits.absolute_s:
            return None
        if found.is_former and seconds_between(found.turned_at, now) >= GRACE_S:
            return None
        return found

    def has_lapsed(self, secret: str) -> bool:
        """Whether it is of a session that nobody ended; asked where `find` has none. ACS-270."""
        key = digest(secret)
        return (
            self._database.row(
                "SELECT 1 FROM session WHERE (digest = ? OR before = ?) AND ended_us IS NULL",
                *(key, key),
            )
            is not None
        )

    def stands(self, session: int, now: datetime) -> bool:
        """Whether the session has neither been ended nor come to its absolute end."""
        row = self._database.row(
            "SELECT opened_us FROM session WHERE id = ? AND ended_us IS NULL", session
        )
        return row is not None and (seconds_between(from_us(row[0]), now) < self.limits.absolute_s)

    def is_idle(self, session: Session, now: datetime) -> bool:
        """Whether it was not used for too long. Implements ACS-022."""
        return seconds_between(session.seen_at, now) >= self.limits.idle_s

    def used(self, session: Session, now: datetime) -> Session:
        """It is noted that a person used the session, to half a minute; the session by now."""
        if seconds_between(session.seen_at, now) < SEEN_GRAIN_S:
            return session
        self._database.write("UPDATE session SET seen_us = ? WHERE id = ?", to_us(now), session.id)
        return replace(session, seen_at=now)

    def turned(self, session: Session, now: datetime, *, at_once: bool = False) -> str | None:
        """A new secret for the session, if it is time for one. Implements ACS-023."""
        due = seconds_between(session.turned_at, now) >= self.limits.turn_s
        if session.is_former or not (due or at_once):
            return None
        secret = draw_token()
        changed = self._database.write(
            "UPDATE session SET before = digest, digest = ?, turned_us = ? "
            "WHERE id = ? AND turned_us = ?",
            *(digest(secret), to_us(now), session.id, to_us(session.turned_at)),
        )
        return secret if changed else None  # another request turned it first

    def take_watch(self, session: Session, *, role: str, watch: str) -> None:
        """The session speaks on that watch, and so does the account when it comes in again."""
        with self._database.writing():
            self._database.write("UPDATE session SET watch = ? WHERE id = ?", watch, session.id)
            self._database.write(
                "INSERT INTO held_watch VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
                "SET watch = excluded.watch",
                *(session.account, role, watch),
            )

    def last_watch(self, account: str, role: str) -> str | None:
        """The watch that the account took last in that role."""
        row = self._database.row(
            "SELECT watch FROM held_watch WHERE account = ? AND role = ?", account, role
        )
        return None if row is None else str(row[0])

    def end(self, session: int, now: datetime) -> None:
        """The session is over, at once. Implements ACS-024."""
        self._database.write(
            "UPDATE session SET ended_us = ? WHERE id = ? AND ended_us IS NULL",
            *(to_us(now), session),
        )

    def end_all(self, account: str, now: datetime) -> int:
        """Every session of the account is over; how many there were."""
        return self._database.write(
            "UPDATE session SET ended_us = ? WHERE account = ? AND ended_us IS NULL",
            *(to_us(now), account),
        )

    def _purge(self, now: datetime) -> None:
        """Of those that ran out one is still told so, however long after: an account has few."""
        over = to_us(later(now, by_s=-2 * self.limits.absolute_s))
        self._database.write(
            "DELETE FROM session WHERE opened_us < ? AND ended_us IS NOT NULL", over
        )


def _session(row: Row, *, is_former: bool) -> Session:
    return Session(
        id=row[0],
        account=row[1],
        csrf=row[2],
        watch=row[3],
        opened_at=from_us(row[4]),
        seen_at=from_us(row[5]),
        turned_at=from_us(row[6]),
        address=row[7],
        is_former=is_former,
    )
