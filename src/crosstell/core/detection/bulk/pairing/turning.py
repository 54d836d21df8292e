"""Which pairs of tracks a turn of either may bring together: those the exact test must see.

Units: metres, seconds. Frame: Earth-centred. Nothing is decided here. A ball round each track holds
everywhere it may be within the manoeuvre's horizon, in whatever direction it turns, with half of
the limit; two balls that do not meet cannot be brought together (TRU-047).
"""

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.columns import Floats, TrackColumns
from crosstell.core.detection.bulk.pairing.grid import (
    Boxes,
    Ints,
    candidates_plain,
    cell_size_m,
    overlaps,
)
from crosstell.core.detection.bulk.pairing.verdict import Verdict
from crosstell.core.detection.bulk.sweep import (
    BOX_M_MAX,
    DRIFT,
    DRIFT_UP,
    ERROR,
    FLAGS,
    HEIGHT,
    PAD_M,
    PLACE,
    UNKNOWN_ALTITUDE,
    WHOLE_M,
    WIDE,
    WIDE_UP,
    Swept,
)
from crosstell.core.detection.finding import Criterion, Manoeuvre
from crosstell.core.detection.pair.traffic import ANY_HEIGHT_M

Rows = NDArray[np.void]
SAME_S = 0.1  # the arrays' times differ from the exact ones by less


def turning_pairs(tracks: TrackColumns, swept: Swept, criterion: Criterion) -> tuple[Ints, Ints]:
    """Rows of two parties that a turn may bring together, once each, the lower row first."""
    if criterion.manoeuvre is None or len(tracks) < 2:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    boxes = _boxes(tracks, swept.states, criterion, criterion.manoeuvre)
    found = list(candidates_plain(boxes, cell_size_m(boxes, is_plain=True)))
    first = np.concatenate([np.empty(0, dtype=np.int64), *(one for one, _ in found)])
    second = np.concatenate([np.empty(0, dtype=np.int64), *(other for _, other in found)])
    strangers = (tracks.party[first] != tracks.party[second]) | (tracks.party[first] < 0)
    return first[strangers], second[strangers]


def turning_against(
    tracks: tuple[TrackColumns, TrackColumns], swept: tuple[Swept, Swept], criterion: Criterion
) -> NDArray[np.bool_]:
    """Which rows of the first a turn may bring together with the single row of the second."""
    standing, one = tracks
    if criterion.manoeuvre is None:
        return np.zeros(len(standing), dtype=np.bool_)
    boxes, new = (
        _boxes(each, held.states, criterion, criterion.manoeuvre)
        for each, held in zip(tracks, swept, strict=True)
    )
    hit = overlaps(boxes, np.broadcast_to(new, boxes.shape))
    party = int(one.party[0])
    return hit & (standing.party != party) if party >= 0 else hit


def with_turns(
    rows: Rows, pairs: tuple[Ints, Ints], horizon_s: float, tallies: NDArray[np.int64]
) -> Rows:
    """The rows, with every such pair left to the exact test unless its course says enough.

    `rows` are those of the courses. Implements BLK-027.
    """
    first, second = pairs
    if not len(first):
        return rows
    count = 1 + max(int(second.max()), int(rows["second"].max(initial=0)))
    held = rows["first"].astype(np.int64) * count + rows["second"]
    asked = first * count + second
    later = rows["infringement_in_s"] > horizon_s - SAME_S
    doubted = np.isin(held, asked) & later & (rows["verdict"] != Verdict.WITHIN_GUARD)
    rows["verdict"][doubted] = Verdict.WITHIN_GUARD
    is_new = ~np.isin(asked, held)
    added = np.zeros(int(is_new.sum()), dtype=rows.dtype)
    added["first"], added["second"] = first[is_new], second[is_new]
    added["verdict"] = Verdict.WITHIN_GUARD
    tallies += (0, len(added), len(added) + int(doubted.sum()))
    both = np.concatenate((rows, added))
    return both[np.lexsort((both["second"], both["first"]))]


def _boxes(
    tracks: TrackColumns, states: Floats, criterion: Criterion, manoeuvre: Manoeuvre
) -> Boxes:
    """A box round each ball. Three ages: there and back along the course, and a clock ahead."""
    away_s = manoeuvre.horizon_s + 3.0 * np.abs(tracks.age_s)
    ahead_s = np.maximum(0.0, -tracks.age_s)
    speed_mps = np.fmax(np.fmax(tracks.speed_mps, manoeuvre.speed_mps_max), states[:, DRIFT])
    speed_mps = speed_mps + manoeuvre.acceleration_mps2_max * ahead_s
    reach_m = states[:, WIDE] + states[:, ERROR] + speed_mps * away_s
    reach_m = reach_m + criterion.lateral_m / 2.0 + PAD_M
    climb_mps = np.fmax(np.fmax(np.abs(tracks.climb_mps), manoeuvre.climb_mps_max), 0.0)
    climb_mps = np.maximum(climb_mps, states[:, DRIFT_UP])
    high_m = states[:, WIDE_UP] + climb_mps * away_s + criterion.vertical_m / 2.0 + PAD_M
    boxes = np.empty((len(states), 8), dtype=np.float32)
    boxes[:, :3] = states[:, PLACE] - reach_m[:, None]
    boxes[:, 4:7] = states[:, PLACE] + reach_m[:, None]
    whole = reach_m > BOX_M_MAX
    boxes[whole, :3], boxes[whole, 4:7] = -WHOLE_M, WHOLE_M
    flags = states[:, FLAGS].astype(np.int64)
    any_height = ((flags & UNKNOWN_ALTITUDE) != 0) | (criterion.vertical_m >= ANY_HEIGHT_M)
    boxes[:, 3] = np.where(any_height, -np.inf, states[:, HEIGHT] - high_m)
    boxes[:, 7] = np.where(any_height, np.inf, states[:, HEIGHT] + high_m)
    return boxes
