"""Which altitude data hold for one pair: at its own place, at its own heights, over its horizon.

Units: metres, seconds. A conversion matters only where both sides of a pair can be at once, in
place and in height. So of the two discs that hold them the smaller is taken, widened by the
rule's lateral limit, and of the two ranges of height what they share, widened by the vertical
limit and by what two datums may differ by.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.altitude import Altitude, AltitudeData, AltitudeLimit, Datum, Shift
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pressure import NO_SAMPLES, Asked, Samples, pressure_offset
from crosstell.core.geometry.cartesian import ECCENTRICITY_2, RADIUS_M, dot, ecef, minus
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import later, seconds_between

# Two datums differ by less: geoid 107 m; pressure altitude some 50 hPa off at 8 m each, or 0.1 of
# the height of the highest airliners. Only narrows down the heights that the offset must cover.
DATUMS_APART_M = 1_200.0
ARC_SHARE = 1.01  # a geodesic over the mean sphere's arc: radii of curvature are within 0.6 %
GROUND_M = (-500.0, 9_000.0)  # where the ground of the globe lies, above the sea
LOWEST_M, HIGHEST_M = -1_000.0, 40_000.0  # where pressure altitudes are measured
CHORD_M_MAX = 9_000_000.0  # beyond a quarter of the globe, about, a disc is the globe
HALF_ROUND_M = 20_100_000.0  # no two points of the globe are further apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Where one side of a pair can be, at which heights (above which datums), and until when."""

    centre: Position
    radius_m: float
    lowest_m: float
    highest_m: float
    datums: frozenset[Datum]
    ends_at: datetime


def local_data(
    conversions: Conversions,
    sides: tuple[Extent, Extent],
    criterion: Criterion,
    now: datetime,
    samples: Samples = NO_SAMPLES,
) -> AltitudeData:
    """What converts altitudes between two sides of a pair. Implements ALT-024, ALT-025.

    It holds from `now` until the first of both ends (horizon or window). `samples` are what the
    tracks show of the pressure offset (`Samples.of(samples_of(...))`, once for all pairs).
    """
    near = min(sides, key=lambda side: (side.radius_m, side.centre.lat_deg, side.centre.lon_deg))
    reach_m = min(near.radius_m + criterion.lateral_m, HALF_ROUND_M)
    datums = sides[0].datums | sides[1].datums
    pressure = None
    if samples.rows and Datum.STANDARD_PRESSURE in datums and len(datums) > 1:
        asked = Asked(
            position=near.centre,
            pressure_altitude_m=0.0,
            at=now,
            reach_m=reach_m,
            ahead_s=max(0.0, seconds_between(now, min(side.ends_at for side in sides))),
        )
        pressure = _pressure(samples, asked, sides, criterion.vertical_m)
    return conversions.at(near.centre, reach_m=reach_m, pressure=pressure)


def extent_of_motion(motion: Motion, criterion: Criterion, now: datetime) -> Extent:
    """What an object may reach by the rule's horizon: as fast as reported, or else as assumed."""
    speed_mps, climb_mps = _speeds(motion, criterion, now)
    travel_s = abs(seconds_between(motion.at, now)) + criterion.horizon_s
    wide_m, high_m = motion.position_accuracy_m, motion.altitude_accuracy_m
    wide_m = criterion.unknown_accuracy_m if wide_m is None else wide_m
    high_m = criterion.high_accuracy_m if high_m is None else high_m
    high_m += climb_mps * travel_s
    altitude = motion.altitude
    lowest_m, highest_m = -math.inf, math.inf
    if altitude is not None:
        low_m, rise_m = GROUND_M if altitude.datum is Datum.ABOVE_GROUND else (0.0, 0.0)
        lowest_m = altitude.value_m + low_m - high_m
        highest_m = altitude.value_m + rise_m + high_m
    return Extent(
        centre=motion.position,
        radius_m=wide_m + speed_mps * travel_s,
        lowest_m=lowest_m,
        highest_m=highest_m,
        datums=frozenset(() if altitude is None else (altitude.datum,)),
        ends_at=later(now, by_s=criterion.horizon_s),
    )


def extent_of_volume(volume: Volume) -> Extent:
    """The volume itself: a disc round its footprint, and its band."""
    centre, radius_m = disc_of(volume.footprint)
    limits = (volume.lower, volume.upper)
    return Extent(
        centre=centre,
        radius_m=radius_m,
        lowest_m=_value_m(volume.lower, -math.inf),
        highest_m=_value_m(volume.upper, math.inf),
        datums=frozenset(limit.datum for limit in limits if isinstance(limit, Altitude)),
        ends_at=volume.window.end,
    )


def disc_of(footprint: Footprint) -> tuple[Position, float]:
    """A disc that holds the footprint: on the safe side, not the smallest."""
    x, y, z = footprint.middle
    centre = Position(
        lat_deg=math.degrees(math.atan2(z, (1.0 - ECCENTRICITY_2) * math.hypot(x, y))),
        lon_deg=math.degrees(math.atan2(y, x)),
    )
    aside = minus(footprint.middle, ecef(centre.lat_deg, centre.lon_deg))
    chord_m = footprint.bound_m + math.sqrt(dot(aside, aside))
    if chord_m >= CHORD_M_MAX:
        return centre, HALF_ROUND_M
    return centre, 2.0 * RADIUS_M * math.asin(chord_m / (2.0 * RADIUS_M)) * ARC_SHARE


def _pressure(
    samples: Samples, asked: Asked, sides: tuple[Extent, Extent], vertical_m: float
) -> Shift | None:
    """The offset over the heights at which the two sides can meet.

    Of the two ways to say these heights the narrower is taken: those of the side that is measured
    in pressure, or the other's, moved by what the offset is found to be there.
    """
    room_m = vertical_m + DATUMS_APART_M
    one, other = sides
    if Datum.STANDARD_PRESSURE not in one.datums:
        one, other = other, one
    low_m, high_m = _shared(one, other, room_m)
    there_m = _shared(other, one, room_m)
    if there_m[1] - there_m[0] >= high_m - low_m:
        return _over(samples, asked, low_m, high_m)
    first = _over(samples, asked, *there_m)
    if first is None:
        return None
    low_m = there_m[0] - first.add_m - first.uncertainty_m - vertical_m
    high_m = there_m[1] - first.add_m + first.uncertainty_m + vertical_m
    return _over(samples, asked, low_m, high_m)


def _shared(one: Extent, other: Extent, room_m: float) -> tuple[float, float]:
    """The heights of `one` at which `other` can be met, or its nearest to it."""
    low_m = max(one.lowest_m, other.lowest_m - room_m)
    high_m = min(one.highest_m, other.highest_m + room_m)
    if low_m > high_m:
        low_m = high_m = one.lowest_m if one.lowest_m > other.highest_m else one.highest_m
    return max(low_m, LOWEST_M), min(high_m, HIGHEST_M)


def _over(samples: Samples, asked: Asked, low_m: float, high_m: float) -> Shift | None:
    """The offset that holds from `low_m` to `high_m` of pressure altitude."""
    middle_m, climb_m = (low_m + high_m) / 2, abs(high_m - low_m) / 2
    offset = pressure_offset(samples, replace(asked, pressure_altitude_m=middle_m, climb_m=climb_m))
    return offset.shift if offset is not None else None


def _value_m(limit: AltitudeLimit, otherwise_m: float) -> float:
    """The limit's height; `otherwise_m` where there is none, or none that sea level tells."""
    if isinstance(limit, Altitude) and limit.datum is not Datum.ABOVE_GROUND:
        return limit.value_m
    return otherwise_m


def _speeds(motion: Motion, criterion: Criterion, now: datetime) -> tuple[float, float]:
    """How fast it may go sideways and up or down: as reported, else as the rule assumes."""
    velocity, may = motion.velocity, criterion.manoeuvre
    assumed_mps = criterion.unknown_speed_mps
    is_stale = seconds_between(motion.at, now) > criterion.stale_after_s
    speed_mps, climb_mps = 0.0, 0.0
    if velocity is not None:
        speed_mps, climb_mps = velocity.speed_mps, abs(velocity.climb_mps or 0.0)
    if velocity is None or is_stale:
        speed_mps = max(speed_mps, assumed_mps)
    if velocity is None or is_stale or velocity.climb_mps is None:
        climb_mps = max(climb_mps, assumed_mps)
    if may is not None:
        speed_mps, climb_mps = max(speed_mps, may.speed_mps_max), max(climb_mps, may.climb_mps_max)
    return speed_mps, climb_mps
