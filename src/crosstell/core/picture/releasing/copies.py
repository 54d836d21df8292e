"""Copies on paper or in a file: each numbered, for one recipient, and recorded before it is made.

Rules of this file
- One owner: the journal. Copies are numbered from 1 without a gap over all of them.
- A person makes a copy, of entries that are held here, for one recipient, for a purpose.
- A copy carries its number, its recipient, its instant and the version of everything in it.
"""

from dataclasses import dataclass

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ForeignRef
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.release import PURPOSE_LENGTH_MAX
from crosstell.core.picture.wording import MARKING_LENGTH_MAX, check_text
from crosstell.core.table import Stamp

ITEMS_MAX = 200
RECIPIENT_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMade:
    """Copy `number` of these entries is for `recipient`. Implements REL-050.

    The node fills in the next number where it is left out. `recipient` is an office or a role;
    `second` is who checked that a position may leave.
    """

    items: tuple[ForeignRef, ...]
    recipient: str
    purpose: str
    marking: str
    number: int | None = None
    second: Speaker | None = None

    def __post_init__(self) -> None:
        """Refuse a copy of nothing, for nobody, for nothing."""
        if not 0 < len(self.items) <= ITEMS_MAX:
            raise ValueError(f"copy: {len(self.items)} items; name 1 to {ITEMS_MAX}")
        if self.number is not None and self.number < 1:
            raise ValueError(f"copy: number {self.number}; copies are numbered from 1")
        check_text(self.recipient, what="copy: recipient", length_max=RECIPIENT_LENGTH_MAX)
        check_text(self.purpose, what="copy: purpose", length_max=PURPOSE_LENGTH_MAX)
        check_text(self.marking, what="copy: marking", length_max=MARKING_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy with the entry that recorded it."""

    event: CopyMade
    stamp: Stamp


def advance(copy: Copy | None, event: CopyMade, stamp: Stamp) -> Copy | Refused | Duplicate:
    """The copy, once; that its number is the next is asked where all are known. REL-050."""
    if stamp.by is None or event.number is None:
        text = "a copy has a number and is made by a person; say which role and watch"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if copy is None:
        return Copy(event=event, stamp=stamp)
    if copy.event == event:
        return Duplicate(text=f"copy {event.number} is already recorded")
    text = f"copy {event.number} is another one; leave the number out, it is given"
    return Refused(code=RefusalCode.ALREADY_USED, text=text)
