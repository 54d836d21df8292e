"""What the node has yet to work off of each party, bounded, and of whom something was left.

The picture side's beat waits for nothing, so what does not fit in the node's line is left; once
the rest of that party is worked off, the node says what it has, and what was left is sent again.
Implements NOD-561.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from crosstell.codecs.parcel import SIZE_MAX
from crosstell.core.errors import Unavailable
from crosstell.core.ids import PartyId

HANDED_MAX = 64  # parcels of one party
HANDED_BYTES = SIZE_MAX  # of its parcels, beyond the first

Submit = Callable[[bytes], Future[Any]]


@dataclass(slots=True)
class Handed:
    """The parcels of every party that are in the node's line."""

    _line: dict[PartyId, list[tuple[Future[Any], int]]] = field(default_factory=dict)
    _left: set[PartyId] = field(default_factory=set)

    def give(self, party: PartyId, parcel: bytes, submit: Submit) -> bool:
        """The parcel is in the line; False, or Unavailable where the line is full: it was left.

        What comes behind one that was left would have a gap before it: it is left too.
        """
        line = self._of(party)
        size = sum(size for _, size in line) + len(parcel)
        is_much = bool(line) and (len(line) >= HANDED_MAX or size > HANDED_BYTES)
        if party in self._left or is_much:
            self._left.add(party)
            return False
        try:
            line.append((submit(parcel), len(parcel)))
        except Unavailable:
            self._left.add(party)
            raise
        return True

    def lacking(self) -> tuple[PartyId, ...]:
        """Of whom something was left, and of whom nothing waits any more."""
        return tuple(party for party in sorted(self._left) if not self._of(party))

    def asked(self, party: PartyId) -> None:
        """What was left is asked for; what comes is taken again."""
        self._left.discard(party)

    def _of(self, party: PartyId) -> list[tuple[Future[Any], int]]:
        left = [one for one in self._line.get(party, ()) if not one[0].done()]
        self._line[party] = left
        return left
