"""What is doubtful of our own picture, for a person to look into. A view: never recorded, no alert.

Nothing is corrected by it, and nothing is left out because of it.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.pair.kind import UNKNOWN_KIND
from crosstell.core.detection.pair.trust import Implausible, Standing, trust_of
from crosstell.core.detection.suspect_altitude import Suspicion, suspects
from crosstell.core.geometry.geoid import NoGeoid
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.assess.motions import MOVES
from crosstell.core.picture.track import TrackState
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrusted:
    """A track whose positions are not trustworthy: since when, and what was seen."""

    track: TrackId
    since: datetime
    because: tuple[Implausible, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """The doubts at an instant.

    `geoid` says why no height above the ellipsoid is converted (None: it is). `altitudes` are
    sources whose altitudes look like another datum or unit, each with its evidence.
    """

    geoid: str | None
    altitudes: tuple[Suspicion, ...]
    positions: tuple[Untrusted, ...]


def doubts(state: State, now: datetime) -> Doubts:
    """What this node doubts of its own picture at `now`. Implements MEC-100."""
    setting = state.setting
    tracks = [state.journal.tracks[name] for name in sorted(state.journal.tracks)]
    held = [track for track in tracks if track.state is TrackState.HELD]
    positions = []
    for track in held:
        trust = trust_of((seen.motion for seen in track.history[-MOVES:]), UNKNOWN_KIND)
        if trust.standing is Standing.NOT_TRUSTWORTHY:
            assert trust.since is not None, "what is not trusted is so since some motion"
            positions.append(Untrusted(track=track.track, since=trust.since, because=trust.because))
    return Doubts(
        geoid=setting.geoid.why if isinstance(setting.geoid, NoGeoid) else None,
        altitudes=suspects(held, setting.local_conversions, at=now),
        positions=tuple(positions),
    )
