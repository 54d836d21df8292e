"""Live detection of tracks at declared places: each observation against each place, exactly.

What `core/mechanism/assess` does with one observation, for a whole recording. Observations are
judged at their own time (the recordings hold no delay). A bound over arrays leaves out what cannot
come within the limits before the horizon; everything else is decided by `pairing`. The bound is
spherical with a margin for the ellipsoid, and never loses: `audited` puts some of what it left out
before `pairing`.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
from benchmarks.alert_load.columns import Columns, Floats, Mask, instant
from benchmarks.alert_load.places import Place
from benchmarks.alert_load.policy import (
    PRESENT,
    STALE_AFTER_S,
    UNKNOWN_ACCURACY_M,
    UNKNOWN_SPEED_MPS,
    UNKNOWN_VERTICAL_ACCURACY_M,
)

from crosstell.core.altitude import Altitude, AltitudeLimit
from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.cartesian import RADIUS_M
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.position import Position
from crosstell.core.ids import RuleId

SHARE, FIXED_M = 0.01, 500.0  # the margin of the bound: of every length, and besides


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFindings:
    """What detection said at one place: an encounter for each row that is not clear."""

    place: Place
    criterion: Criterion
    encounters: dict[int, Encounter]
    examined: int


def criterion_of(place: Place, horizon_s: float = PRESENT.horizons.advisory_s) -> Criterion:
    """The rule of a place as detection needs it."""
    return Criterion(
        rule=RuleId(place.rule),
        reading=None,
        lateral_m=place.lateral_m,
        vertical_m=place.vertical_m,
        horizon_s=horizon_s,
        unknown_accuracy_m=UNKNOWN_ACCURACY_M,
        unknown_vertical_accuracy_m=UNKNOWN_VERTICAL_ACCURACY_M,
        unknown_speed_mps=UNKNOWN_SPEED_MPS,
        stale_after_s=STALE_AFTER_S,
    )


def found_at(columns: Columns, place: Place) -> PlaceFindings:
    """Every observation against this place."""
    criterion = criterion_of(place)
    rows = np.flatnonzero(possible(columns, place, criterion))
    encounters: dict[int, Encounter] = {}
    for row in rows.tolist():
        encounter = judged(columns, row, place, criterion)
        if encounter.assessed is not Assessed.CLEAR:
            encounters[row] = encounter
    return PlaceFindings(
        place=place, criterion=criterion, encounters=encounters, examined=len(rows)
    )


def judged(columns: Columns, row: int, place: Place, criterion: Criterion) -> Encounter:
    """One observation against the place, at its own time, by the definition."""
    now = instant(float(columns.time_s[row]))
    return pairing(columns.motion(row), place.volume, criterion, now)


def audited(columns: Columns, place: Place, *, seed: str, count: int) -> int:
    """How many of `count` pairs that the bound leaves out are not clear; it must be 0."""
    criterion = criterion_of(place)
    out = np.flatnonzero(~possible(columns, place, criterion)).tolist()
    picked = random.Random(f"{seed}:{place.name}").sample(out, min(count, len(out)))
    told = (judged(columns, row, place, criterion).assessed for row in picked)
    return sum(assessed is not Assessed.CLEAR for assessed in told)


def possible(columns: Columns, place: Place, criterion: Criterion) -> Mask:
    """Which observations may come within the limits before the horizon: never too few."""
    wide_m = columns.stated.position_m
    wide_m = criterion.unknown_accuracy_m if wide_m is None else wide_m
    start_s, end_s = _while_level(columns, place, criterion)
    centre, bound_m = _around(place.volume.footprint)
    known = np.isfinite(columns.speed_mps) & np.isfinite(columns.course_deg)
    speed = np.where(known, columns.speed_mps, criterion.unknown_speed_mps)
    near_m = _nearest_m(columns, centre, speed * start_s, speed * end_s)
    around_m = _distance_m(columns, centre) - criterion.unknown_speed_mps * criterion.horizon_s
    near_m = np.where(known, near_m, around_m)
    limit_m = bound_m + criterion.lateral_m + wide_m
    travel_m = speed * criterion.horizon_s
    within: Mask = near_m <= limit_m + FIXED_M + SHARE * (near_m + travel_m + limit_m)
    return within & (start_s <= end_s)


def _around(footprint: Footprint) -> tuple[Position, float]:
    """A circle that holds the footprint."""
    if isinstance(footprint, Circle):
        return footprint.centre, footprint.radius_m
    assert isinstance(footprint, Polygon), "only circles and polygons are drawn here"
    x, y, z = footprint.outline.middle
    lat = math.degrees(math.atan2(z, math.hypot(x, y) * (1.0 - 0.00669437999014)))
    middle = Position(lat_deg=lat, lon_deg=math.degrees(math.atan2(y, x)))
    return middle, footprint.outline.bound_m * (1.0 + SHARE)


def unit_vectors(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Points on the unit sphere."""
    phi, lam = np.radians(lat_deg), np.radians(lon_deg)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=-1)


def _distance_m(columns: Columns, centre: Position) -> Floats:
    to = unit_vectors(np.array(centre.lat_deg), np.array(centre.lon_deg))
    chord = np.linalg.norm(unit_vectors(columns.lat_deg, columns.lon_deg) - to, axis=-1)
    found: Floats = 2.0 * RADIUS_M * np.arcsin(np.minimum(1.0, chord / 2.0))
    return found


def _nearest_m(columns: Columns, centre: Position, start_m: Floats, end_m: Floats) -> Floats:
    """The least distance to `centre` between two travels along each course, on the sphere."""
    here = unit_vectors(columns.lat_deg, columns.lon_deg)
    to = unit_vectors(np.array(centre.lat_deg), np.array(centre.lon_deg))
    phi, lam = np.radians(columns.lat_deg), np.radians(columns.lon_deg)
    course = np.radians(np.nan_to_num(columns.course_deg))
    north = np.stack([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)], axis=-1)
    east = np.stack([-np.sin(lam), np.cos(lam), np.zeros_like(lam)], axis=-1)
    ahead = north * np.cos(course)[:, None] + east * np.sin(course)[:, None]
    best = np.arctan2(ahead @ to, here @ to)
    angle = np.clip(best, start_m / RADIUS_M, np.maximum(start_m, end_m) / RADIUS_M)
    point = here * np.cos(angle)[:, None] + ahead * np.sin(angle)[:, None]
    chord = np.linalg.norm(point - to, axis=-1)
    found: Floats = 2.0 * RADIUS_M * np.arcsin(np.minimum(1.0, chord / 2.0))
    return found


def _while_level(columns: Columns, place: Place, criterion: Criterion) -> tuple[Floats, Floats]:
    """Between which times each may be within the altitude band; empty if reversed."""
    wide_m = columns.stated.altitude_m
    wide_m = criterion.high_accuracy_m if wide_m is None else wide_m
    start = np.zeros(len(columns))
    end = np.full(len(columns), criterion.horizon_s)
    known = np.isfinite(columns.altitude_m) & np.isfinite(columns.climb_mps)
    for limit, sign in ((place.volume.lower, 1.0), (place.volume.upper, -1.0)):
        if not _comparable(limit, columns):
            continue
        assert isinstance(limit, Altitude)
        room = sign * (columns.altitude_m - limit.value_m) + criterion.vertical_m + wide_m + 0.01
        rate = sign * columns.climb_mps
        with np.errstate(divide="ignore", invalid="ignore"):
            when = -room / rate
        never = known & (rate == 0.0) & (room < 0.0)
        start = np.where(known & (rate > 0.0), np.maximum(start, when - 0.01), start)
        end = np.where(known & (rate < 0.0), np.minimum(end, when + 0.01), end)
        end = np.where(never, -1.0, end)
    return start, end


def _comparable(limit: AltitudeLimit, columns: Columns) -> bool:
    return isinstance(limit, Altitude) and limit.datum is columns.datum
