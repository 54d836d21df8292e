"""What is doubtful of our own picture, for a person to look into. A view: never recorded, no alert.

Nothing is corrected by it, and nothing is left out because of it.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.suspect_altitude import Suspicion, suspects
from crosstell.core.geometry.geoid import NoGeoid
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.picture.trust.moves import Implausible
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrusted:
    """A track whose positions are not trustworthy: since when, what was seen, last trusted where.

    `as_kind` is set where only an object of the kind that the source states could not move so:
    then the position may be wrong, or the kind.
    """

    track: TrackId
    since: datetime
    because: tuple[Implausible, ...]
    last_trusted: Motion
    as_kind: ObjectKind | None


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
    positions = [found for track in held if (found := _untrusted(track)) is not None]
    return Doubts(
        geoid=setting.geoid.why if isinstance(setting.geoid, NoGeoid) else None,
        altitudes=suspects(held, setting.local_conversions, at=now),
        positions=tuple(positions),
    )


def _untrusted(track: Track) -> Untrusted | None:
    """What is doubted of the track's positions, if anything is."""
    assert track.trust is not None, "a track that is held has had a motion"
    doubted = track.trust.doubted()
    if not doubted:
        return None
    because = dict.fromkeys(why for one in doubted for why in one.because)
    return Untrusted(
        track=track.track,
        since=min(one.since for one in doubted if one.since is not None),
        because=tuple(because),
        last_trusted=min((one.last_trusted for one in doubted), key=lambda motion: motion.at),
        as_kind=None if track.trust.widest in doubted else track.trust.kind,
    )
