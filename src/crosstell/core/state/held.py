"""An entry as the core sees it: verified, decoded where we may and can read it.

An entry of an unknown kind, with a body we do not hold, or with a body that does not fit its
kind is kept and shown; it is never fatal (design: a newer peer is not an error).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.table import Stamp


class Unread(StrEnum):
    """Why an entry has no body for us."""

    NOT_UNDERSTOOD = "not-understood"  # a kind this version does not know
    MALFORMED = "malformed"  # the body does not fit its kind
    NOT_HELD = "not-held"  # not in the audience, or erased
    VOID = "void"  # its author revoked the key that signed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A body that cannot be acted on, and why; `text` goes to the screen."""

    why: Unread
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRecord:
    """An entry of the record about itself (founding, keys): it says nothing of the domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One entry of one feed. `at` is its author's claim of time; `seen` what its author held.

    `seen` lists, by feed, how many entries its author says to have held (the header's heads).
    """

    ref: EntryRef
    kind: str
    at: datetime
    audience: tuple[PartyId, ...]
    by: Speaker | None
    body: Event | Unreadable | OfRecord
    seen: tuple[tuple[str, int], ...] = ()

    @property
    def stamp(self) -> Stamp:
        """Where and when it was recorded, for the machines."""
        return Stamp(ref=self.ref, at=self.at, by=self.by)
