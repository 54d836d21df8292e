"""Well-clear alerts of many pairs at once, over arrays: a plain path and a fast one, alike.

Units and frame as in `exact`, which is the definition: both paths do its operations in its order
and give its bits (tested), so there is no guard and nothing to confirm. The plain path is NumPy;
the fast path is native/well_clear.c. Implements WCL-030 to WCL-033.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.kernel import ARRAY, COUNT, KERNEL, Kernel, address
from crosstell.core.detection.well_clear.alerting import ALIKE_S, ALIKE_STEPS, Ties
from crosstell.core.detection.well_clear.exact import (
    LINGERS_2,
    METRES_MAX,
    MPS_MAX,
    STILL_2,
    STILL_MPS,
)
from crosstell.core.detection.well_clear.thresholds import (
    LOOKAHEAD_S,
    AlertSet,
    Thresholds,
    WellClearLevel,
)

Floats = NDArray[np.float64]
CHUNK = 16_384  # pairs at a time on the plain path: the work arrays stay in the cache
ROWS = ("east_m", "north_m", "up_m", "east_mps", "north_mps", "up_mps")


@dataclass(frozen=True, slots=True, eq=False)
class RelativeStates:
    """Relative states of pairs, first less second: six rows (see ROWS), one column a pair."""

    rows: Floats

    def __post_init__(self) -> None:
        """Refuse another shape and what is not a finite number, by row and pair."""
        if self.rows.ndim != 2 or len(self.rows) != len(ROWS):
            raise ValueError(f"relative states of shape {self.rows.shape}; give 6 rows: {ROWS}")
        object.__setattr__(self, "rows", np.ascontiguousarray(self.rows, dtype=np.float64))
        for part, most in ((slice(0, 3), METRES_MAX), (slice(3, 6), MPS_MAX)):
            if self.rows.size and not max(self.rows[part].max(), -self.rows[part].min()) <= most:
                self._refuse()

    def _refuse(self) -> None:
        """Raise ValueError with the first pair and row that is not a number within the limits."""
        most = np.array([[METRES_MAX]] * 3 + [[MPS_MAX]] * 3)
        pair, row = np.argwhere(~(np.abs(self.rows) <= most).T)[0]
        raise ValueError(
            f"pair {pair}: {ROWS[row]} is {self.rows[row, pair]}; "
            f"give a number within {most[row, 0]:g}"
        )

    @classmethod
    def of(cls, first: Floats, second: Floats) -> "RelativeStates":
        """From two blocks of six rows in one frame, column against column."""
        return cls(first - second)


@dataclass(frozen=True, slots=True, eq=False)
class Alertings:
    """For each pair its level, and for each level when its volume is violated.

    Without a violation in the look-ahead the start is +inf and the end -inf. Rows of levels that
    share a volume are the same memory.
    """

    levels: NDArray[np.int8]
    spans: Floats
    volume_of: tuple[int, ...]

    def starts_s(self, level: WellClearLevel) -> Floats:
        """When the volume of `level` begins to be violated: the time to violation."""
        starts_s: Floats = self.spans[self.volume_of[level - 1], 0]
        return starts_s

    def ends_s(self, level: WellClearLevel) -> Floats:
        """When the volume of `level` ceases to be violated, or the look-ahead ends."""
        ends_s: Floats = self.spans[self.volume_of[level - 1], 1]
        return ends_s


@dataclass(frozen=True, slots=True)
class _Rules:
    """An alert set as the arrays need it: each distinct volume once."""

    volumes: tuple[Thresholds, ...]
    volume_of: tuple[int, ...]
    alert_s: tuple[float, ...]
    horizon_s: float
    ties: Ties

    @classmethod
    def of(cls, alerts: AlertSet, horizon_s: float, ties: Ties) -> "_Rules":
        volumes = tuple(dict.fromkeys(alert.volume for alert in alerts.alerts))
        volume_of = tuple(volumes.index(alert.volume) for alert in alerts.alerts)
        alert_s = tuple(alert.alert_s for alert in alerts.alerts)
        return cls(volumes, volume_of, alert_s, horizon_s, ties)

    def packed(self) -> Floats:
        """The layout that native/well_clear.c reads."""
        is_open = float(self.ties is Ties.OPEN)
        packed = [float(len(self.volumes)), float(len(self.alert_s)), self.horizon_s, is_open]
        for volume in self.volumes:
            packed += [volume.distance_m, volume.height_m, volume.tau_s, volume.coaltitude_s]
        for index, alert_s in zip(self.volume_of, self.alert_s, strict=True):
            packed += [float(index), alert_s]
        return np.array(packed, dtype=np.float64)


def bound(kernel: Kernel) -> Callable[..., Any]:
    """The kernel's function for well-clear alerts."""
    arguments = (COUNT, ARRAY, ARRAY, ARRAY, ARRAY)
    return kernel.function("crosstell_well_clear", arguments, COUNT)


def assess_all(
    relative: RelativeStates,
    alerts: AlertSet,
    *,
    horizon_s: float = LOOKAHEAD_S,
    ties: Ties = Ties.CLOSED,
    kernel: Kernel | None = KERNEL,
) -> Alertings:
    """What `alerting.assess` says of each pair; by the kernel where there is one, else by NumPy."""
    if not (np.isfinite(horizon_s) and horizon_s >= 0.0):
        raise ValueError(f"look-ahead of {horizon_s} s: give a finite time from 0 up")
    rules = _Rules.of(alerts, horizon_s, ties)
    count = relative.rows.shape[1]
    levels = np.zeros(count, dtype=np.int8)
    spans = np.empty((len(rules.volumes), 2, count), dtype=np.float64)
    if kernel is not None:
        _fast(bound(kernel), relative.rows, rules, levels, spans)
    else:
        for start in range(0, count, CHUNK):
            part = slice(start, start + CHUNK)
            _plain(relative.rows[:, part], rules, levels[part], spans[:, :, part])
    return Alertings(levels, spans, rules.volume_of)


def _fast(
    function: Callable[..., Any],
    rows: Floats,
    rules: _Rules,
    levels: NDArray[np.int8],
    spans: Floats,
) -> None:
    packed = rules.packed()
    failed = function(
        rows.shape[1],
        address(rows, np.float64),
        address(packed, np.float64),
        address(levels, np.int8),
        address(spans, np.float64),
    )
    assert failed == 0, f"the kernel takes fewer than {len(rules.volumes)} volumes"


def _plain(rows: Floats, rules: _Rules, levels: NDArray[np.int8], spans: Floats) -> None:
    """Fill the levels and the spans of one chunk."""
    is_open = rules.ties is Ties.OPEN
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        level_of: dict[tuple[float, float], tuple[Floats, Floats]] = {}
        for index, volume in enumerate(rules.volumes):
            shape = (volume.distance_m, volume.tau_s)
            if shape not in level_of:
                level_of[shape] = _level_spans(rows, volume)
            level_start, level_end = level_of[shape]
            upright_start, upright_end = _upright_spans(rows, volume)
            start = np.maximum(level_start, upright_start)
            end = np.minimum(np.minimum(level_end, upright_end), rules.horizon_s)
            none = ~_are_before(start, end) if is_open else start > end
            spans[index, 0] = np.where(none, np.inf, start)
            spans[index, 1] = np.where(none, -np.inf, end)
    for number, (index, alert_s) in enumerate(
        zip(rules.volume_of, rules.alert_s, strict=True), start=1
    ):
        start = spans[index, 0]
        begins = start <= alert_s
        if is_open:
            begins = (start == 0.0) | _are_before(start, np.full_like(start, alert_s))
        levels[begins] = number


def _are_before(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """`alerting.is_before` of each."""
    apart = other.view(np.int64) - one.view(np.int64) > ALIKE_STEPS
    return (one < other) & np.where(one == 0.0, other >= ALIKE_S, apart)


def _level_spans(rows: Floats, volume: Thresholds) -> tuple[Floats, Floats]:
    """`exact.level_span` of each pair; +inf and -inf where there is none."""
    sx, sy, _, vx, vy, _ = rows
    distance_2 = volume.distance_m * volume.distance_m
    a = vx * vx + vy * vy
    g = (sx * sx + sy * sy) - distance_2
    b = sx * vx + sy * vy
    x = np.abs(sx * vy - sy * vx)
    inside = g <= 0.0
    along = volume.distance_m * np.sqrt(a)
    q = np.maximum(0.0, (along - x) * (along + x))
    root = np.sqrt(np.where(inside, b * b - a * g, q))
    end = np.where((b > 0.0) & inside, -g / (b + root), (root - b) / a)
    c = g + volume.tau_s * b
    h = 0.5 * volume.tau_s * a
    total = (-b - h) + np.sqrt(q + h * h)
    ahead = np.where(total > 0.0, np.minimum(c / total, end), 0.0)
    start = np.where(inside | (c <= 0.0), 0.0, ahead)
    end = np.where(inside & (a < LINGERS_2), np.inf, end)
    none = ~inside & ((a < STILL_2) | (b >= 0.0) | (distance_2 * a - x * x < 0.0))
    return np.where(none, np.inf, start), np.where(none, -np.inf, end)


def _upright_spans(rows: Floats, volume: Thresholds) -> tuple[Floats, Floats]:
    """`exact.upright_span` of each pair; +inf and -inf where there is none."""
    sz, vz = rows[2], rows[5]
    speed = np.abs(vz)
    along = np.where(vz > 0.0, sz, -sz)
    reach = np.maximum(volume.height_m, speed * volume.coaltitude_s)
    start = np.maximum(0.0, (-along - reach) / speed)
    end = (volume.height_m - along) / speed
    still = speed < STILL_MPS
    none = np.where(still, np.abs(sz) > volume.height_m, end < 0.0)
    start = np.where(none, np.inf, np.where(still, 0.0, start))
    end = np.where(none, -np.inf, np.where(still, np.inf, end))
    return start, end
