"""Which altitude data hold for one pair: at its own place, at its own heights, over its horizon.

Units: metres, seconds. A conversion matters only where the object is within the rule's lateral
limit of the footprint and near the band in height, and where the object can come to within the
horizon. Of the two discs (the footprint's and the object's) the smaller is taken.
"""

import math
from datetime import datetime

from crosstell.core.altitude import Altitude, AltitudeData, AltitudeLimit, Datum
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pressure import Asked, PressureSample, pressure_offset
from crosstell.core.geometry.cartesian import RADIUS_M, dot, ecef, minus
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import seconds_between

# Two datums differ by less: geoid 107 m; pressure altitude some 50 hPa off at 8 m each, or 0.1 of
# the height of the highest airliners. Only narrows down the heights that the offset must cover.
DATUMS_APART_M = 1_200.0
ARC_SHARE = 1.01  # a geodesic over the mean sphere's arc: radii of curvature are within 0.6 %


def local_data(
    conversions: Conversions,
    motion: Motion,
    volume: Volume,
    criterion: Criterion,
    now: datetime,
    samples: tuple[PressureSample, ...] = (),
) -> AltitudeData:
    """What converts altitudes between this object and this volume. Implements ALT-024, ALT-025.

    `samples` are what the tracks show of the pressure offset (`samples_of`).
    """
    place, reach_m = place_of_pair(motion, volume.footprint, criterion, now)
    offset = None
    asked = _asked(motion, volume, criterion, now, (place, reach_m))
    if asked is not None and samples:
        offset = pressure_offset(samples, asked)
        if offset is not None and _is_above_sea(motion):
            first = offset.shift  # the height asked for was one above the sea, not one of pressure
            offset = pressure_offset(
                samples,
                Asked(
                    position=place,
                    pressure_altitude_m=asked.pressure_altitude_m - first.add_m,
                    at=now,
                    reach_m=reach_m,
                    climb_m=asked.climb_m + first.uncertainty_m,
                    ahead_s=asked.ahead_s,
                ),
            )
    pressure = offset.shift if offset is not None else None
    return conversions.at(place, reach_m=reach_m, pressure=pressure)


def place_of_pair(
    motion: Motion, footprint: Footprint, criterion: Criterion, now: datetime
) -> tuple[Position, float]:
    """A disc that holds every place where the pair can infringe within the horizon."""
    disc = disc_of(footprint)
    speed_mps, _ = _speeds(motion, criterion, now)
    reach_m = speed_mps * _travel_s(motion, criterion, now) + (
        criterion.unknown_accuracy_m
        if motion.position_accuracy_m is None
        else motion.position_accuracy_m
    )
    if disc is not None and disc[1] + criterion.lateral_m <= reach_m:
        return disc[0], disc[1] + criterion.lateral_m
    return motion.position, reach_m


def disc_of(footprint: Footprint) -> tuple[Position, float] | None:
    """A disc that holds a circle or polygon: on the safe side, not the smallest. Else None."""
    if isinstance(footprint, Circle):
        return footprint.centre, footprint.radius_m
    if not isinstance(footprint, Polygon):
        return None
    corners = [ecef(vertex.lat_deg, vertex.lon_deg) for vertex in footprint.vertices]
    x, y, z = (sum(values) for values in zip(*corners, strict=True))
    centre = Position(
        lat_deg=math.degrees(math.atan2(z, math.hypot(x, y))),
        lon_deg=math.degrees(math.atan2(y, x)),
    )
    middle = ecef(centre.lat_deg, centre.lon_deg)
    ways = [minus(corner, middle) for corner in corners]
    chord_m = math.sqrt(max(dot(way, way) for way in ways))
    half = min(1.0, chord_m / (2.0 * RADIUS_M))
    return centre, 2.0 * RADIUS_M * math.asin(half) * ARC_SHARE


def _asked(
    motion: Motion,
    volume: Volume,
    criterion: Criterion,
    now: datetime,
    disc: tuple[Position, float],
) -> Asked | None:
    """Where, how high and when the pair needs the pressure offset; None if it needs none."""
    altitude = motion.altitude
    datums = {
        limit.datum
        for limit in (altitude, volume.lower, volume.upper)
        if isinstance(limit, Altitude)
    }
    if altitude is None or Datum.STANDARD_PRESSURE not in datums or len(datums) == 1:
        return None
    _, climb_mps = _speeds(motion, criterion, now)
    wide_m = motion.altitude_accuracy_m
    wide_m = criterion.unknown_accuracy_m if wide_m is None else wide_m
    wide_m += climb_mps * _travel_s(motion, criterion, now)
    room_m = criterion.vertical_m + DATUMS_APART_M
    lowest_m = max(altitude.value_m - wide_m, _value_m(volume.lower, -math.inf) - room_m)
    highest_m = min(altitude.value_m + wide_m, _value_m(volume.upper, math.inf) + room_m)
    if lowest_m > highest_m:  # far above or below the band for all of the horizon
        lowest_m = highest_m = altitude.value_m
    return Asked(
        position=disc[0],
        pressure_altitude_m=(lowest_m + highest_m) / 2,
        at=now,
        reach_m=disc[1],
        climb_m=(highest_m - lowest_m) / 2,
        ahead_s=criterion.horizon_s,
    )


def _value_m(limit: AltitudeLimit, otherwise_m: float) -> float:
    """The limit's height; `otherwise_m` where there is none, or none that sea level tells."""
    if isinstance(limit, Altitude) and limit.datum is not Datum.ABOVE_GROUND:
        return limit.value_m
    return otherwise_m


def _is_above_sea(motion: Motion) -> bool:
    return motion.altitude is not None and motion.altitude.datum is not Datum.STANDARD_PRESSURE


def _travel_s(motion: Motion, criterion: Criterion, now: datetime) -> float:
    return abs(seconds_between(motion.at, now)) + criterion.horizon_s


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
