"""What our port refused, and from whom: counted and shown, never answered with more than a word.

Whoever sends rubbish without end fills no memory here: one row for each reason of each party, and
one for all strangers together at each port. Implements PEER-016, RUN-537.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Lock

from crosstell.core.ids import PartyId

LINE, OPERATORS = "", "operators"


class Reason(StrEnum):
    """Why the port refused; one word per reason, stable across versions."""

    CERTIFICATE = "certificate"  # of nobody that we know, or none; no TLS 1.3
    CROWD = "crowd"  # too many connections at once
    RATE = "rate"  # too many parcels in a second
    SLOW = "slow"  # too slow a sender, or nothing at all
    SIZE = "size"  # too large a body or head
    SENDER = "sender"  # a parcel of another than the certificate's party
    RUBBISH = "rubbish"  # no parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How often something was refused for one reason, and the last time."""

    party: PartyId | None
    reason: Reason
    count: int
    last_at: datetime
    text: str


@dataclass(slots=True)
class Refusals:
    """The rows, by party (None: strangers) and reason."""

    now: Callable[[], datetime]
    _rows: dict[tuple[PartyId | None, Reason, str], Refusal] = field(
        init=False, default_factory=dict
    )
    _lock: Lock = field(init=False, default_factory=Lock)

    def add(self, party: PartyId | None, reason: Reason, text: str, *, port: str = LINE) -> None:
        """One more. What comes at one port hides nothing of what comes at the other."""
        with self._lock:
            held = self._rows.get((party, reason, port))
            count = 1 if held is None else held.count + 1
            self._rows[party, reason, port] = Refusal(
                party=party, reason=reason, count=count, last_at=self.now(), text=text
            )

    def row(self, party: PartyId, reason: Reason) -> Refusal | None:
        """What was refused of that party for that reason at the line; None: nothing."""
        with self._lock:
            return self._rows.get((party, reason, LINE))

    def rows(self) -> tuple[Refusal, ...]:
        """Everything that was refused, by party, reason and port."""
        with self._lock:
            rows = sorted(self._rows.items(), key=lambda row: (row[0][0] or "", *row[0][1:]))
        return tuple(row for _, row in rows)
