"""Identifiers. Ids of own objects are minted at the edge; foreign entries are named by `EntryRef`.

An id is a short ASCII word, so that it can be read over a telephone and sorted by byte.
"""

import re
from dataclasses import dataclass
from typing import NewType

PartyId = NewType("PartyId", str)
ComponentId = NewType("ComponentId", str)
RoleId = NewType("RoleId", str)
FeedId = NewType("FeedId", str)
RuleId = NewType("RuleId", str)
NoticeId = NewType("NoticeId", str)
TrackId = NewType("TrackId", str)
CallId = NewType("CallId", str)
AlertId = NewType("AlertId", str)
EpisodeId = NewType("EpisodeId", str)
ClaimId = NewType("ClaimId", str)
PaperId = NewType("PaperId", str)

ID_LENGTH_MAX = 64
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")


def check_id(text: str, *, what: str) -> None:
    """Raise ValueError unless `text` is a usable id: 1 to 64 ASCII letters, digits, `. _ : -`."""
    if not text or len(text) > ID_LENGTH_MAX or _ID.fullmatch(text) is None:
        raise ValueError(
            f"{what}: {text!r} is not an id; use 1 to {ID_LENGTH_MAX} ASCII letters, digits, "
            "'.', '_', ':' or '-', beginning with a letter or digit"
        )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EntryRef:
    """One entry of one feed: its number (from 0) and the RFC 6962 hash of its leaf, in hex."""

    feed: FeedId
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An object of another party by its edge-minted id, as a person names it.

    Only inputs hold this; before anything is recorded it becomes the `EntryRef` of the entry
    that first declared the object.
    """

    party: PartyId
    id: str

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.party, what="party")
        check_id(self.id, what="id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """As `Named`, but becomes the `EntryRef` of the newest version of the object's content."""

    party: PartyId
    id: str

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.party, what="party")
        check_id(self.id, what="id")


ForeignRef = EntryRef | Named | Latest
