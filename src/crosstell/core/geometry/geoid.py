"""The geoid: how far mean sea level (EGM96) lies above the ellipsoid at a place.

Units: degrees, metres; heights in the grid are whole centimetres. Frame: WGS-84 geodetic, tide
free as in the grid. Symbols: N undulation (ellipsoid height h = H + N over mean sea level H).

The grid is handed in; without it there is no undulation, never one of zero. Between its nodes N
is bilinear. Longitudes wrap; each row at a pole is one point. What N may be off by has four parts:

- the model: "geoid undulations accurate to better than one meter (with the exception of areas
  void of dense and accurate surface gravity data)", NASA/TP-1998-206861, abstract. That the
  exception is small enough to leave out is an assumption, as is that a source which says mean sea
  level means this surface: national height systems differ from it by up to some metres;
- interpolation: twice the usual bound h^2 (|N_xx| + |N_yy|) / 8 from the second differences at
  the cell's corners, and 2 cm. Against the EGM96 grid of 5' the error of the shipped 15' grid is
  at most 1.07 m, 0.04 m in the mean square, and never above this bound (docs/spec/altitude.md);
- the change of N over the reach, from the lowest and highest node of the cells within it;
- the grain of the grid, half a centimetre, within the 2 cm.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import AltitudeData, GroundBounds, Shift
from crosstell.core.geometry.cartesian import ECCENTRICITY_2, SEMI_MAJOR_M
from crosstell.core.geometry.position import Position

MODEL_M = 1.0  # NASA/TP-1998-206861, abstract: better than one metre
INTERPOLATION_M = 0.02
INTERPOLATION_TIMES = 2.0
SLOPE_MAX = 0.000_5  # steepest N over distance; the grid's own is 0.36 m in a kilometre (tested)
MERIDIAN_M_MIN = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2)  # least radius along a meridian: equator
POLE_DEG = 89.0  # a reach that touches this latitude is taken to go all round
CM = 100.0

Floats = NDArray[np.float64]
Heights = NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGeoid:
    """There is no grid, and why: no undulation is known anywhere."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Geoid:
    """A grid of undulations over the whole globe, both poles included.

    `heights_cm` has its first row at the south pole and its first column at 180 W; columns do
    not repeat the first. `digest` names the grid; two grids are equal if their digests are.
    Implements ALT-010 to ALT-014.
    """

    heights_cm: Heights = field(compare=False, repr=False)
    digest: str
    _bend_cm: NDArray[np.uint16] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what is not a grid of the globe; work out how bent each cell is."""
        heights = self.heights_cm
        if heights.ndim != 2 or heights.dtype != np.int16 or heights.flags.writeable:
            raise ValueError("geoid grid: hand in a read-only table of 16-bit centimetres")
        rows, columns = heights.shape
        if rows < 3 or columns != 2 * (rows - 1):
            raise ValueError(
                f"geoid grid: {rows} rows and {columns} columns do not cover the globe evenly; "
                "give both poles and no column twice"
            )
        if np.ptp(heights[0]) or np.ptp(heights[-1]):
            raise ValueError("geoid grid: a pole has two heights; the grid is damaged")
        object.__setattr__(self, "_bend_cm", _bends(heights))

    @property
    def step_deg(self) -> float:
        """The spacing of the grid."""
        return 180.0 / float(self.heights_cm.shape[0] - 1)

    def undulation_m(self, lat_deg: float, lon_deg: float) -> float:
        """N at one place, equal to `undulations_m` there. ValueError for what is no place."""
        _check(math.isfinite(lat_deg) and math.isfinite(lon_deg) and abs(lat_deg) <= 90.0)
        rows, columns = self.heights_cm.shape
        up, right = (lat_deg + 90.0) / self.step_deg, ((lon_deg + 180.0) % 360.0) / self.step_deg
        row, column = min(int(up), rows - 2), int(right)
        north, east = up - row, right - column
        here, beside = column % columns, (column + 1) % columns
        low, high = self.heights_cm[row], self.heights_cm[row + 1]
        below = int(low[here]) * (1.0 - east) + int(low[beside]) * east
        above = int(high[here]) * (1.0 - east) + int(high[beside]) * east
        return float((below * (1.0 - north) + above * north) / CM)

    def undulations_m(self, lat_deg: Floats, lon_deg: Floats) -> Floats:
        """N at many places. ValueError if one of them is no place."""
        row, column, north, east = self._cells(lat_deg, lon_deg)
        columns = self.heights_cm.shape[1]
        here, beside = column % columns, (column + 1) % columns
        heights = self.heights_cm
        below = heights[row, here] * (1.0 - east) + heights[row, beside] * east
        above = heights[row + 1, here] * (1.0 - east) + heights[row + 1, beside] * east
        return np.asarray((below * (1.0 - north) + above * north) / CM, dtype=np.float64)

    def uncertainties_m(self, lat_deg: Floats, lon_deg: Floats, reach_m: Floats) -> Floats:
        """How far N may be off within `reach_m` of each place, the change on the way included.

        A bound from the steepest slope anywhere; `shift` has a narrower one for one place.
        """
        row, column, _, _ = self._cells(lat_deg, lon_deg)
        bend_m = self._bend_cm[row, column % self.heights_cm.shape[1]] / CM
        # Elsewhere within the reach the grid may be more bent than here.
        away_m = np.where(reach_m > 0.0, float(self._bend_cm.max()) / CM, bend_m)
        spread_m = np.minimum(reach_m * SLOPE_MAX, float(np.ptp(self.heights_cm)) / CM)
        return np.asarray(MODEL_M + INTERPOLATION_M + away_m + spread_m, dtype=np.float64)

    def shift(self, position: Position, *, reach_m: float = 0.0) -> Shift:
        """From mean sea level to the ellipsoid at `position` and anywhere within `reach_m`."""
        _check(math.isfinite(reach_m) and reach_m >= 0.0)
        here_m = self.undulation_m(position.lat_deg, position.lon_deg)
        rows, columns = self._within(position, reach_m)
        nodes = self.heights_cm[rows.start : rows.stop + 1]
        nodes = nodes.take(range(columns.start, columns.stop + 1), axis=1, mode="wrap")
        bends = self._bend_cm[rows.start : rows.stop]
        bends = bends.take(range(columns.start, columns.stop), axis=1, mode="wrap")
        spread_m = 0.0
        if reach_m > 0.0:
            spread_m = max(int(nodes.max()) / CM - here_m, here_m - int(nodes.min()) / CM, 0.0)
        bend_m = int(bends.max()) / CM
        return Shift(
            add_m=here_m, uncertainty_m=MODEL_M + INTERPOLATION_M + bend_m + spread_m + 0.001
        )

    def _cells(
        self, lat_deg: Floats, lon_deg: Floats
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
        """Row and column of each place's cell, and how far into it the place lies (0 to 1)."""
        _check(bool(np.all(np.isfinite(lon_deg)) and np.all(np.abs(lat_deg) <= 90.0)))
        up = (lat_deg + 90.0) / self.step_deg
        right = np.mod(lon_deg + 180.0, 360.0) / self.step_deg
        row = np.minimum(up.astype(np.int64), self.heights_cm.shape[0] - 2)
        column = right.astype(np.int64)
        return row, column, up - row, right - column

    def _within(self, position: Position, reach_m: float) -> tuple[range, range]:
        """The rows and columns (which may run past the last) of all cells within `reach_m`.

        Along a path of length s the latitude changes by at most s over the least meridian
        radius; where no latitude on it exceeds phi, the longitude by at most s / (a cos phi).
        """
        rows, columns = self.heights_cm.shape
        step = self.step_deg
        lat_deg, lon_deg = position.lat_deg, position.lon_deg
        wide_deg = math.degrees(reach_m / MERIDIAN_M_MIN)
        first = max(0, min(math.floor((lat_deg - wide_deg + 90.0) / step), rows - 2))
        last = max(first + 1, min(math.ceil((lat_deg + wide_deg + 90.0) / step), rows - 1))
        highest_deg = abs(lat_deg) + wide_deg
        if highest_deg >= POLE_DEG:
            return range(first, last), range(columns)
        across_m = SEMI_MAJOR_M * math.cos(math.radians(highest_deg))
        wide_deg = math.degrees(reach_m / across_m)
        if wide_deg >= 179.0:
            return range(first, last), range(columns)
        left = math.floor((lon_deg + 180.0 - wide_deg) / step)
        right = max(left + 1, math.ceil((lon_deg + 180.0 + wide_deg) / step))
        return range(first, last), range(left, right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversions:
    """What a node can convert altitudes by, to be asked at a place.

    `handed` holds over the whole area and was stated by a person: an undulation there goes
    before the grid, bounds of the ground hold where nothing narrower is given.
    """

    geoid: Geoid | NoGeoid
    handed: AltitudeData

    def at(
        self,
        position: Position,
        *,
        reach_m: float = 0.0,
        pressure: Shift | None = None,
        ground: GroundBounds | None = None,
    ) -> AltitudeData:
        """What holds at `position` and within `reach_m` of it. Implements ALT-020 to ALT-023.

        `pressure` is the local offset of pressure altitude from what was observed; `ground` the
        bounds that a notice states for itself.
        """
        undulation = self.handed.undulation
        if undulation is None and isinstance(self.geoid, Geoid):
            undulation = self.geoid.shift(position, reach_m=reach_m)
        return replace(
            self.handed,
            undulation=undulation,
            pressure=_both(self.handed.pressure, pressure),
            ground=ground if ground is not None else self.handed.ground,
        )


def _both(stated: Shift | None, observed: Shift | None) -> Shift | None:
    """The surer of two; where they contradict each other, one that covers both."""
    if stated is None or observed is None:
        return stated if observed is None else observed
    apart_m = abs(stated.add_m - observed.add_m)
    if apart_m <= stated.uncertainty_m + observed.uncertainty_m:
        return min(stated, observed, key=lambda shift: (shift.uncertainty_m, shift.add_m))
    low_m = min(shift.add_m - shift.uncertainty_m for shift in (stated, observed))
    high_m = max(shift.add_m + shift.uncertainty_m for shift in (stated, observed))
    return Shift(add_m=(low_m + high_m) / 2, uncertainty_m=(high_m - low_m) / 2 + 0.001)


def _bends(heights_cm: Heights) -> NDArray[np.uint16]:
    """For each cell, what bilinear interpolation may err by in it, rounded up to a centimetre.

    Beyond a pole the row is that of the opposite meridian.
    """
    heights = heights_cm.astype(np.int32)
    half = heights.shape[1] // 2
    around = np.abs(np.roll(heights, 1, axis=1) - 2 * heights + np.roll(heights, -1, axis=1))
    beyond = np.vstack([np.roll(heights[1:2], half), heights, np.roll(heights[-2:-1], half)])
    along = np.abs(beyond[:-2] - 2 * beyond[1:-1] + beyond[2:])
    bend = around + along
    bend = np.maximum(bend, np.roll(bend, -1, axis=1))
    bend = np.maximum(bend[:-1], bend[1:])
    return np.asarray(np.ceil(bend * (INTERPOLATION_TIMES / 8.0)), dtype=np.uint16)


def _check(is_place: bool) -> None:  # noqa: FBT001
    if not is_place:
        raise ValueError(
            "geoid: a place or a reach is not a finite number, or beyond a pole; "
            "refuse the observation by name before asking for its undulation"
        )
