"""A release: one version of what is held at home goes to named parties, for a purpose.

Rules of this file
- One owner: the journal. What goes out is an entry of the feed, under an id of its own, recorded
  in the same step; this entry says which version it was made of, and what for.
- A person releases. To whom is named; nobody is released to by default or by a list.
- A release is never taken back: what was told is told. What it made is withdrawn like any other.
- Where positions of own forces, a notified site or a position in a claim are told, two persons
  release: the tables of what goes out say so.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ForeignRef, PartyId, check_id
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.wording import MARKING_LENGTH_MAX, check_text
from crosstell.core.table import Stamp

ReleaseId = NewType("ReleaseId", str)
PURPOSE_LENGTH_MAX = 400


class ItemKind(StrEnum):
    """What can be released."""

    NOTICE = "notice"
    CLAIM = "claim"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReleased:
    """The version that `item` names goes to these parties under the id `under`. REL-010, REL-011.

    `marking` is that of what goes out. With `coarsened` only a coarser version goes.
    """

    release: ReleaseId
    kind: ItemKind
    item: ForeignRef
    under: str
    to: tuple[PartyId, ...]
    purpose: str
    marking: str
    coarsened: Coarsening | None = None
    second: Speaker | None = None

    def __post_init__(self) -> None:
        """Refuse a release to nobody, for nothing, or without a marking."""
        check_id(self.release, what="release")
        check_id(self.under, what=f"release {self.release}: under")
        check_terms(f"release {self.release}", self.to, self.purpose, self.marking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release with the entry that recorded it."""

    event: ItemReleased
    stamp: Stamp


def advance(
    release: Release | None, event: ItemReleased, stamp: Stamp
) -> Release | Refused | Duplicate:
    """The release, once. Implements REL-010."""
    if stamp.by is None:
        text = f"release {event.release}: a person releases; say which role and watch"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if release is None:
        return Release(event=event, stamp=stamp)
    if release.event == event:
        return Duplicate(text=f"release {event.release} is already recorded")
    text = f"release {event.release} was another one; release under a new id"
    return Refused(code=RefusalCode.ALREADY_USED, text=text)


def check_terms(what: str, to: tuple[PartyId, ...], purpose: str, marking: str) -> None:
    """Raise ValueError unless it goes to somebody, each named once, marked and for something."""
    if not to:
        raise ValueError(f"{what}: names no party; say to whom it goes")
    for party in to:
        check_id(party, what=f"{what}: to")
    if len(set(to)) != len(to):
        raise ValueError(f"{what}: names a party twice")
    check_text(purpose, what=f"{what}: purpose", length_max=PURPOSE_LENGTH_MAX)
    check_text(marking, what=f"{what}: marking", length_max=MARKING_LENGTH_MAX)
