"""What the interface shows of shares of tracks, ours and theirs: apart from any list of objects."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import PartyId


class ShareStanding(StrEnum):
    """Whether a share counts now."""

    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShown:
    """One share in words. `volume` is the area told last; none where it is over or nothing was."""

    by: PartyId
    called: str
    standing: ShareStanding
    volume: Volume | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesShown:
    """Every share that is held, as it stands at `at`."""

    at: datetime
    arrivals: int
    shares: tuple[ShareShown, ...]
