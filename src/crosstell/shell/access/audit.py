"""The private audit: who came in, who read which export, who was refused. It never leaves.

Append-only (the database refuses anything else) and chained: each line's hash covers the hash
before it, so a line that is changed, taken out or put in is found. A tail that was cut off is
found only against a head that somebody wrote down.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Fatal
from crosstell.core.instant import from_us, to_us
from crosstell.core.record import canonical
from crosstell.shell.access.database import Database

ABOUT_LENGTH_MAX = 500
LINES_MAX = 1_000  # of one answer
PAGE = 1_000
NOBODY = "-"
_START = b"\0" * 32


class Deed(StrEnum):
    """What is noted."""

    LOGGED_IN = "logged-in"
    LOGIN_REFUSED = "login-refused"
    LOGGED_OUT = "logged-out"
    SESSION_ENDED = "session-ended"
    WATCH_TAKEN = "watch-taken"
    ACTED = "acted"
    REFUSED = "refused"
    ASKED_SECOND = "asked-second"
    CONFIRMED = "confirmed"
    TURNED_DOWN = "turned-down"
    EXPORTED = "exported"
    FOLLOWED = "followed"
    ACCOUNT_KEPT = "account-kept"
    TOKEN_KEPT = "token-kept"  # noqa: S105 - a word for the audit
    AUDIT_READ = "audit-read"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One line, numbered from 1. `address` is where the request came from."""

    number: int
    at: datetime
    account: str
    address: str
    deed: Deed
    about: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest line: how many there are, and the hash over all of them."""

    size: int
    hash: str


class Audit:
    """The audit in its database."""

    def __init__(self, database: Database) -> None:
        """Over the open database."""
        self._database = database

    def note(self, at: datetime, deed: Deed, *, by: str, address: str, about: str) -> None:
        """The deed is in the audit, durable. Implements ACS-050."""
        with self._database.writing():
            last = self._database.row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
            number, previous = (0, _START) if last is None else last
            about = printable(about)
            digest = _hash(previous, number + 1, to_us(at), (by, address, deed, about))
            self._database.write(
                "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                *(number + 1, to_us(at), by, address, deed.value, about, previous, digest),
            )

    def head(self) -> Head:
        """How far the audit goes."""
        last = self._database.row("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
        return Head(size=0, hash=_START.hex()) if last is None else _head(last[0], last[1])

    def lines(self, after: int = 0, count: int = LINES_MAX) -> tuple[AuditLine, ...]:
        """The lines after that number, oldest first."""
        return tuple(line for line, _, _ in self._read(after, min(count, LINES_MAX)))

    def check(self, head: Head | None = None) -> Head:
        """Every line follows from the one before, and the chain reaches `head`; Fatal if not.

        Implements ACS-051.
        """
        previous, number, passed = _START, 0, head is None or head.size == 0
        while page := list(self._read(number, PAGE)):
            for line, before, digest in page:
                said = (line.account, line.address, line.deed, line.about)
                wanted = _hash(previous, line.number, to_us(line.at), said)
                if (line.number, before, digest) != (number + 1, previous, wanted):
                    raise Fatal(
                        f"audit: line {line.number} does not follow from line {number}; somebody "
                        "changed it. Keep the file, and compare it with its newest copy"
                    )
                previous, number = digest, line.number
                passed = passed or (head is not None and head == _head(number, digest))
        if not passed:
            raise Fatal("audit: it does not reach the head that was written down; lines are gone")
        return _head(number, previous)

    def _read(self, after: int, count: int) -> Iterator[tuple[AuditLine, bytes, bytes]]:
        rows = self._database.rows(
            "SELECT number, at_us, account, address, deed, about, previous, hash FROM audit "
            "WHERE number > ? ORDER BY number LIMIT ?",
            *(after, count),
        )
        for number, at, account, address, deed, about, previous, digest in rows:
            line = AuditLine(
                number=number,
                at=from_us(at),
                account=account,
                address=address,
                deed=Deed(deed),
                about=about,
                hash=digest.hex(),
            )
            yield line, previous, digest


def _head(size: int, digest: bytes) -> Head:
    return Head(size=size, hash=digest.hex())


def printable(text: str) -> str:
    """The text, cut and without anything that could move a terminal's cursor."""
    cut = text if len(text) <= ABOUT_LENGTH_MAX else f"{text[: ABOUT_LENGTH_MAX - 3]}..."
    return "".join(c if c.isprintable() else "?" for c in cut)


def _hash(previous: bytes, number: int, at_us: int, said: tuple[str, ...]) -> bytes:
    line = canonical.encode([number, at_us, *(str(one) for one in said)], what="audit line")
    return hashlib.sha256(previous + line).digest()
