"""By which motions a track is judged: its newest as reported, or all that it may be."""

from datetime import datetime

from crosstell.core.detection.pair.kind import UNKNOWN_KIND
from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.detection.pair.trust import judged_motions
from crosstell.core.picture.track import Track

MOVES = 24


def motions_of(track: Track, now: datetime) -> tuple[JudgedMotion, ...]:
    """The newest motion if the track's moves are such as an object can make, else every claim.

    Judged by its last MOVES motions: more than it takes to regain trust, and few enough for every
    observation. Which kind of object it is, sources say in hints, and a
    hint is no identification: the widest limits hold. Implements MEC-074.
    """
    return judged_motions((seen.motion for seen in track.history[-MOVES:]), UNKNOWN_KIND, now)
