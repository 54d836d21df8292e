"""Which of many pairs of states can contradict at all, before the exact pair is asked.

Units: metres, seconds. A pair whose altitudes are in two datums, or whose times are further apart
than a column holds, is always asked.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.columns import AGE_S_MAX, UNKNOWN_PARTY, TrackColumns
from crosstell.core.detection.identity.arrays import judge_pairs
from crosstell.core.detection.pair.contradiction import Allowance
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import seconds_between

TwoMotions = tuple[Motion, Motion]


def may_contradict(pairs: Sequence[TwoMotions], allowed: Allowance) -> NDArray[np.bool_]:
    """The pairs that are to be asked exactly: those left out do not contradict. CTR-045.

    Of position, altitude and velocity; identity is told by hints.
    """
    if not pairs:
        return np.zeros(0, dtype=np.bool_)
    asked = np.array([_is_asked(*pair) for pair in pairs], dtype=np.bool_)
    ages_s = [
        min(AGE_S_MAX, max(-AGE_S_MAX, seconds_between(two.at, one.at))) for one, two in pairs
    ]
    firsts, seconds = zip(*pairs, strict=True)
    tracks = _columns((*firsts, *seconds), [*([0.0] * len(pairs)), *ages_s])
    rows = np.arange(len(pairs), dtype=np.int64)
    return asked | judge_pairs(tracks, rows, rows + len(pairs), allowed).contradicts


def _is_asked(one: Motion, two: Motion) -> bool:
    datums = {each.altitude.datum for each in (one, two) if each.altitude is not None}
    return len(datums) > 1 or abs(seconds_between(one.at, two.at)) >= AGE_S_MAX


def _columns(motions: Sequence[Motion], ages_s: Sequence[float]) -> TrackColumns:
    """The motions as rows; each altitude in its own datum, since only pairs of one are compared."""
    moving = [motion.velocity for motion in motions]
    heights = [None if one.altitude is None else one.altitude.value_m for one in motions]
    return TrackColumns(
        lat_deg=np.array([one.position.lat_deg for one in motions]),
        lon_deg=np.array([one.position.lon_deg for one in motions]),
        track_deg=_column([None if one is None else one.track_deg for one in moving]),
        speed_mps=_column([None if one is None else one.speed_mps for one in moving]),
        climb_mps=_column([None if one is None else one.climb_mps for one in moving]),
        altitude_m=_column(heights),
        position_accuracy_m=_column([one.position_accuracy_m for one in motions]),
        altitude_accuracy_m=_column([one.altitude_accuracy_m for one in motions]),
        age_s=np.array(ages_s),
        conversion_m=np.zeros(len(motions)),
        party=np.full(len(motions), UNKNOWN_PARTY),
        datum=Datum.MSL_EGM96,
    )


def _column(values: Sequence[float | None]) -> NDArray[np.float64]:
    """NaN for None."""
    return np.array(values, dtype=np.float64)
