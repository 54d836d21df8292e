"""Where places are declared in a recording: drawn from a seed, never looked at and moved.

A place is drawn where traffic is: a recorded position, moved by up to `SPREAD_M` in any direction.
So the load is that of places amid traffic, not of a whole country. Twelve circles of 5 to 20 km,
seven polygons of five to eight vertices at 5 to 20 km, one corridor of 100 by 10 km, and six
locations of own forces. The bands of zones are drawn about a recorded altitude.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from benchmarks.alert_load.columns import Columns, instant

from crosstell.core.altitude import Altitude, AltitudeLimit, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window
from crosstell.core.quantity import FOOT_M, NAUTICAL_MILE_M

SPREAD_M = 30_000.0
CIRCLES, POLYGONS, CORRIDORS, FORCES = 12, 7, 1, 6
RADIUS_M = (5_000.0, 20_000.0)
CORRIDOR_M = (100_000.0, 10_000.0)
POST_M = 500.0
BAND_M = (5_000.0 * FOOT_M, 15_000.0 * FOOT_M)
STANDOFF_M = 5.0 * NAUTICAL_MILE_M  # at any height, as the kept scenario's standoff


class PlaceRule(StrEnum):
    """Which rule a place bears."""

    ZONE = "zone"
    STANDOFF = "standoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A declared place and the minima of its rule."""

    name: str
    rule: PlaceRule
    volume: Volume
    lateral_m: float
    vertical_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What places are drawn with."""

    rng: random.Random
    columns: Columns
    shrink: float  # 1 for aircraft; ships have smaller places

    def centre(self) -> tuple[Position, float]:
        """A point amid traffic, and the altitude of the traffic there."""
        row = self.rng.randrange(len(self.columns))
        there = Position(
            lat_deg=float(self.columns.lat_deg[row]), lon_deg=float(self.columns.lon_deg[row])
        )
        away_m = self.rng.uniform(0.0, SPREAD_M * self.shrink)
        place = destination(there, track_deg=self.rng.uniform(0.0, 360.0), travel_m=away_m)
        return place, float(self.columns.altitude_m[row])

    def radius_m(self) -> float:
        """How large a circle or a polygon is."""
        return self.rng.uniform(*RADIUS_M) * self.shrink


def places_in(columns: Columns, *, seed: str, shrink: float = 1.0) -> tuple[Place, ...]:
    """Twenty zones and six locations in this recording; the same for the same seed."""
    draw = Drawing(rng=random.Random(f"{seed}:{columns.name}"), columns=columns, shrink=shrink)
    window = Window(
        start=instant(float(columns.time_s[0]) - 86_400.0),
        end=instant(float(columns.time_s[-1]) + 86_400.0),
    )
    makers = [_circle] * CIRCLES + [_polygon] * POLYGONS + [_corridor] * CORRIDORS
    places = []
    for number, make in enumerate(makers, start=1):
        centre, altitude_m = draw.centre()
        lower, upper = _band(draw, altitude_m)
        volume = Volume(footprint=make(draw, centre), lower=lower, upper=upper, window=window)
        places.append(_place(f"zone-{number:02d}", volume))
    for number in range(1, FORCES + 1):
        centre, _ = draw.centre()
        post = Circle(centre=centre, radius_m=POST_M * shrink)
        places.append(_force(f"force-{number}", post, window, shrink))
    return tuple(places)


def _place(name: str, volume: Volume) -> Place:
    return Place(name=name, rule=PlaceRule.ZONE, volume=volume, lateral_m=0.0, vertical_m=0.0)


def _force(name: str, post: Circle, window: Window, shrink: float) -> Place:
    return Place(
        name=name,
        rule=PlaceRule.STANDOFF,
        volume=Volume(footprint=post, lower=Unbounded(), upper=Unbounded(), window=window),
        lateral_m=STANDOFF_M * shrink,
        vertical_m=0.0,
    )


def _band(draw: Drawing, altitude_m: float) -> tuple[AltitudeLimit, AltitudeLimit]:
    """A band that holds the altitude somewhere between its limits; on the sea it has none."""
    if draw.columns.datum is Datum.MSL_EGM96:
        return Unbounded(), Unbounded()
    height_m = draw.rng.uniform(*BAND_M)
    floor_m = altitude_m - draw.rng.uniform(0.0, height_m)
    hundred_m = 100.0 * FOOT_M  # flight levels end in hundreds of feet
    floor_m = round(floor_m / hundred_m) * hundred_m
    top_m = floor_m + round(height_m / hundred_m) * hundred_m
    lower: AltitudeLimit = Unbounded()
    if floor_m > 0.0:
        lower = Altitude(value_m=floor_m, datum=draw.columns.datum)
    return lower, Altitude(value_m=top_m, datum=draw.columns.datum)


def _circle(draw: Drawing, centre: Position) -> Footprint:
    return Circle(centre=centre, radius_m=draw.radius_m())


def _polygon(draw: Drawing, centre: Position) -> Footprint:
    """A star-shaped polygon: vertices in order of their course from the centre."""
    count = draw.rng.randint(5, 8)
    courses = (360.0 * (number + draw.rng.uniform(-0.3, 0.3)) / count for number in range(count))
    radius_m = draw.radius_m()
    return Polygon(
        vertices=tuple(
            destination(centre, track_deg=course, travel_m=radius_m * draw.rng.uniform(0.6, 1.0))
            for course in courses
        )
    )


def _corridor(draw: Drawing, centre: Position) -> Footprint:
    long_m, wide_m = (length_m * draw.shrink for length_m in CORRIDOR_M)
    along = draw.rng.uniform(0.0, 360.0)
    turn = float(np.degrees(np.arctan2(wide_m, long_m)))
    reach_m = float(np.hypot(long_m, wide_m)) / 2.0
    corners = (along + turn, along + 180.0 - turn, along + 180.0 + turn, along - turn)
    return Polygon(
        vertices=tuple(
            destination(centre, track_deg=course, travel_m=reach_m) for course in corners
        )
    )
