"""What a picture states, as it is put to the test: tracks, their sources, the area looked at.

Units: metres, seconds. An accuracy in a `Motion` is the radius (half the band) that its source
states; it is taken as holding 95 % of what is measured, and `calibration` corrects it, since no
stated sigma is trusted. None is unknown, and what needs it is not testable.
"""

import math
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import pairwise

from crosstell.core.altitude import AltitudeLimit, Unbounded
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId, check_id
from crosstell.core.picture.track import Hint

RADIUS_SIGMAS = 2.4477  # 95 % of a circular normal law lie within so many standard deviations
BAND_SIGMAS = 1.96  # 95 % of a normal law
TRACKS_MAX = 20_000  # in one picture


class SourceKind(StrEnum):
    """How a track came about, as far as its source says."""

    ADS_B = "ads-b"
    AIS = "ais"
    REMOTE_ID = "remote-id"
    TIS_B = "tis-b"
    MULTILATERATION = "multilateration"
    RADAR = "radar"
    PERSON = "person"


# The object says it of itself: whoever receives it, it is one source.
SELF_REPORTED = frozenset((SourceKind.ADS_B, SourceKind.AIS, SourceKind.REMOTE_ID))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Source:
    """One source in the lineage of a track; `station` tells two of a kind apart."""

    kind: SourceKind
    station: str

    def __post_init__(self) -> None:
        """Refuse a station that nobody could read back."""
        check_id(self.station, what=f"station of {self.kind}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTrack:
    """One object as a picture states it. No `sources` means that the lineage is unknown."""

    track: TrackId
    motion: Motion
    hints: tuple[Hint, ...] = ()
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.track, what="stated track")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Where a picture's party says it sees, and how surely it holds what is there.

    `held_share` is the share of objects in it that the picture holds at an instant; from
    `floor` up. Measured, or stated by the party: never assumed to be 1.
    """

    circles: tuple[Circle, ...]
    held_share: float
    floor: AltitudeLimit = field(default_factory=Unbounded)

    def __post_init__(self) -> None:
        """Refuse an area without extent and a share that is certain."""
        if not self.circles:
            raise ValueError("coverage without a circle; leave it out if it is unknown")
        if not 0.5 <= self.held_share <= 0.999:
            raise ValueError(f"coverage holds a share of {self.held_share}; give 0.5 to 0.999")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPicture:
    """The tracks of one picture, in order of their ids. No `coverage` means that it is unknown."""

    name: str
    tracks: tuple[StatedTrack, ...]
    coverage: Coverage | None = None

    def __post_init__(self) -> None:
        """Refuse an id said twice and more tracks than can be compared; put them in order."""
        check_id(self.name, what="picture")
        if len(self.tracks) > TRACKS_MAX:
            raise ValueError(
                f"picture {self.name}: {len(self.tracks)} tracks, at most {TRACKS_MAX}"
            )
        ordered = tuple(sorted(self.tracks, key=lambda track: track.track))
        for one, other in pairwise(ordered):
            if one.track == other.track:
                raise ValueError(f"picture {self.name}: track {one.track} is stated twice")
        object.__setattr__(self, "tracks", ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What is assumed where no source states it: velocity, manoeuvre, and how old is too old.

    Assumptions: 5 m/s for each component of a velocity; changes of speed of 0.5 m/s in a second.
    `stale_s` bounds how far a statement is carried forward, `ahead_s` how far back.
    """

    velocity_sigma_mps: float = 5.0
    climb_sigma_mps: float = 2.5
    manoeuvre_mps2: float = 0.5
    stale_s: float = 30.0
    ahead_s: float = 2.0

    def __post_init__(self) -> None:
        """Refuse what is not a positive number."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value) or value <= 0.0:
                raise ValueError(f"noise: {each.name} is {value}; give a number above 0")


class NotTestable(StrEnum):
    """Why something is not tested. None of these is ever "we agree"."""

    STALE = "stale"
    TIME_AHEAD = "time-ahead"
    POSITION_ACCURACY_UNKNOWN = "position-accuracy-unknown"
    VELOCITY_UNKNOWN = "velocity-unknown"
    TOO_FAR = "too-far"
    NOT_REGISTERED = "not-registered"
    ASSOCIATION_AMBIGUOUS = "association-ambiguous"
    ALTITUDE_UNKNOWN = "altitude-unknown"
    ALTITUDE_ACCURACY_UNKNOWN = "altitude-accuracy-unknown"
    ALTITUDE_DATUM = "altitude-datum"
    COVERAGE_UNKNOWN = "coverage-unknown"
    OUTSIDE_COVERAGE = "outside-coverage"
    IDENTITY_UNKNOWN = "identity-unknown"
    TOO_FEW_SAMPLES = "too-few-samples"
    NOT_STATED = "not-stated"  # by the picture that stated it, or no longer taken as this pair
