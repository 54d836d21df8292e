"""What the interface shows of what parties give to each other: shares, versions, numbered copies.

Shares of tracks stand apart from any list of objects.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import PartyId, TrackId
from crosstell.core.mechanism.releasing.given import VersionGiven
from crosstell.core.picture.releasing.copies import Copy
from crosstell.core.picture.releasing.share import Contains, ShareId, ShareTerms
from crosstell.core.table import Stamp


class ShareStanding(StrEnum):
    """Whether a share counts now."""

    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShown:
    """One share in words. `volume` is the area told last, at `told_at`; none of one that is over.

    `granted` is the entry that those who get it hold. Of our own `track` says which it is of.
    """

    by: PartyId
    share: ShareId
    called: str
    terms: ShareTerms
    granted: Stamp
    track: TrackId | None
    revoked: str | None
    standing: ShareStanding
    volume: Volume | None
    contains: Contains | None
    told_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesShown:
    """Every share that is held, as it stands at `at`."""

    at: datetime
    arrivals: int
    shares: tuple[ShareShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenShown:
    """The newest versions that any party gave to another, and the newest copies that we made.

    How many more there are of each stands beside them.
    """

    at: datetime
    arrivals: int
    versions: tuple[VersionGiven, ...]
    versions_left_out: int
    copies: tuple[Copy, ...]
    copies_left_out: int
