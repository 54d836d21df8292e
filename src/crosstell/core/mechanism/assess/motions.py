"""By which motions a track is judged: its newest as reported, and all that it may be."""

from datetime import datetime

from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.detection.pair.trust import judged_by
from crosstell.core.picture.track import Track


def motions_of(track: Track, now: datetime) -> tuple[JudgedMotion, ...]:
    """The newest motion, and what its moves and its stated kind make doubtful. MEC-074."""
    assert track.trust is not None, f"track {track.track} has no motion to be judged by"
    return judged_by(track.trust, now)
