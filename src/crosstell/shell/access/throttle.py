"""How often a password may be tried, so that guessing is slow and no watch is locked out.

Failures count by account and address together: whoever guesses from elsewhere slows only
elsewhere. An address from which the account has come in before never waits longer than
`WAIT_S_MAX`; any other waits longer once many addresses have failed. Nothing ever locks.
"""

from datetime import datetime

from crosstell.core.instant import from_us, later, seconds_between, to_us
from crosstell.shell.access.database import Database

FREE = 3  # failures before anybody waits
WAIT_S_MAX = 30.0  # a person who mistypes at 3 a.m. waits no longer than this
STRANGER_WAIT_S_MAX = 900.0
STRANGERS = 10  # addresses that failed of late, before strangers wait longer
FORGET_S = 3_600.0
KEPT_MAX = 10_000  # pairs of account and address; the oldest go


class Throttle:
    """The failures of late, in the database, so that a restart forgets none."""

    def __init__(self, database: Database) -> None:
        """Over the open database."""
        self._database = database

    def wait_s(self, account: str, address: str, now: datetime) -> float:
        """How long until this account may be tried again from there; 0: now. ACS-015."""
        row = self._database.row(
            "SELECT count, last_us FROM failure WHERE account = ? AND address = ?",
            *(account, address),
        )
        count, last = (0, now) if row is None else (row[0], from_us(row[1]))
        if not 0.0 <= seconds_between(last, now) <= FORGET_S:
            count = 0  # an hour ago; or later than now, by a clock that was set back
        is_stranger = not self.is_known(account, address)
        if is_stranger:
            crowd, newest = self._crowd(account, now)
            if crowd > STRANGERS and newest <= now:
                count, last = max(count, FREE + crowd - STRANGERS), max(last, newest)
        if count < FREE:
            return 0.0
        most_s = STRANGER_WAIT_S_MAX if is_stranger else WAIT_S_MAX
        until = later(last, by_s=min(most_s, 2.0 ** min(count - FREE, 20)))
        return max(0.0, seconds_between(now, until))

    def is_known(self, account: str, address: str) -> bool:
        """Whether the account has come in from there before."""
        statement = "SELECT 1 FROM known WHERE account = ? AND address = ?"
        return self._database.row(statement, account, address) is not None

    def failed(self, account: str, address: str, now: datetime) -> None:
        """One more failure; counting begins again after an hour of none."""
        old = to_us(later(now, by_s=-FORGET_S))
        with self._database.writing():
            self._database.write("DELETE FROM failure WHERE last_us < ?", old)
            self._database.write(
                "INSERT INTO failure VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE "
                "SET count = count + 1, last_us = excluded.last_us",
                *(account, address, to_us(now)),
            )
            self._database.write(
                "DELETE FROM failure WHERE (account, address) IN (SELECT account, address "
                "FROM failure ORDER BY last_us DESC LIMIT -1 OFFSET ?)",
                KEPT_MAX,
            )

    def came_in(self, account: str, address: str, now: datetime) -> None:
        """The account came in from there: its failures from there are forgotten."""
        with self._database.writing():
            self._database.write(
                "DELETE FROM failure WHERE account = ? AND address = ?", account, address
            )
            self._database.write(
                "INSERT INTO known VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
                "SET last_us = excluded.last_us",
                *(account, address, to_us(now)),
            )

    def _crowd(self, account: str, now: datetime) -> tuple[int, datetime]:
        """How many addresses failed for the account of late, and when the last did."""
        since = to_us(later(now, by_s=-FORGET_S))
        row = self._database.row(
            "SELECT count(*), max(last_us) FROM failure WHERE account = ? AND last_us >= ?",
            *(account, since),
        )
        return (0, now) if row is None or row[1] is None else (row[0], from_us(row[1]))
