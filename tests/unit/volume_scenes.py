"""Scenes of volumes for tests: every shape, anywhere on the globe, crowded enough to meet."""

import random
from datetime import UTC, datetime, timedelta

from crosstell.core.altitude import Altitude, AltitudeData, AltitudeLimit, Datum, Shift, Unbounded
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Polygon,
    RadarArc,
)
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DATA = AltitudeData(undulation=Shift(add_m=25.0, uncertainty_m=2.0))
PLACES = (
    Position(lat_deg=0.0, lon_deg=0.0),
    Position(lat_deg=36.5, lon_deg=40.7),
    Position(lat_deg=-52.0, lon_deg=-179.999),
    Position(lat_deg=10.0, lon_deg=180.0),
    Position(lat_deg=89.99, lon_deg=-75.0),
    Position(lat_deg=-90.0, lon_deg=0.0),
)


def criterion(
    lateral_m: float = 0.0, vertical_m: float = 0.0, horizon_s: float = 600.0
) -> Criterion:
    return Criterion(
        rule=RuleId("separation"),
        reading=None,
        lateral_m=lateral_m,
        vertical_m=vertical_m,
        horizon_s=horizon_s,
        unknown_accuracy_m=500.0,
        unknown_vertical_accuracy_m=90.0,
        unknown_speed_mps=60.0,
        stale_after_s=60.0,
    )


def ring(rng: random.Random, middle: Position, size_m: float, corners: int) -> Polygon:
    """A star-shaped polygon around `middle`."""
    share = 360.0 / corners
    return Polygon(
        vertices=tuple(
            destination(
                middle,
                track_deg=share * (k + rng.uniform(0.1, 0.9)),
                travel_m=size_m * rng.uniform(0.3, 1.0),
            )
            for k in range(corners)
        )
    )


def footprint(rng: random.Random, middle: Position, size_m: float, *, others: bool) -> Footprint:
    """A circle, a polygon without holes, or (`others`) any other shape."""
    kind = rng.random()
    if others and kind < 0.03:
        return RadarArc(
            centre=middle,
            inner_radius_m=size_m / 2,
            outer_radius_m=size_m,
            from_bearing_deg=200.0,
            to_bearing_deg=300.0,
        )
    if others and kind < 0.1:
        away = destination(middle, track_deg=rng.uniform(0, 360), travel_m=size_m)
        return Corridor(points=(middle, away), half_width_m=size_m / 10)
    if others and kind < 0.2:
        hole = tuple(destination(middle, track_deg=t, travel_m=size_m / 9) for t in (0, 120, 240))
        outer = tuple(destination(middle, track_deg=t, travel_m=size_m) for t in (0, 90, 180, 270))
        return Polygon(vertices=outer, holes=(hole,))
    if others and kind < 0.3 and size_m > 50.0:
        return Ellipse(
            centre=middle, semi_major_m=size_m, semi_minor_m=size_m / 3, orientation_deg=30.0
        )
    if kind < 0.6:
        return Circle(centre=middle, radius_m=size_m)
    return ring(rng, middle, size_m, rng.choice((3, 4, 4, 5, 9, 14)))


def limits(rng: random.Random) -> tuple[AltitudeLimit, AltitudeLimit]:
    """Bands on round figures, so that some touch; some open, some in another datum."""
    low_m = 50.0 * rng.randint(0, 8)
    datum = rng.choice((*[Datum.MSL_EGM96] * 5, Datum.WGS84_ELLIPSOID, Datum.STANDARD_PRESSURE))
    lower = Altitude(value_m=low_m, datum=datum)
    upper = Altitude(value_m=low_m + 50.0 * rng.randint(0, 3), datum=datum)
    return (
        Unbounded() if rng.random() < 0.15 else lower,
        Unbounded() if rng.random() < 0.15 else upper,
    )


def volume(
    rng: random.Random, place: Position, spread_m: float, size_m: float, *, others: bool = True
) -> Volume:
    """A volume within `spread_m` of `place`, at some whole minutes around NOW."""
    middle = destination(place, track_deg=rng.uniform(0, 360), travel_m=rng.uniform(0, spread_m))
    lower, upper = limits(rng)
    start = NOW + timedelta(minutes=rng.randint(-60, 60))
    return Volume(
        footprint=footprint(rng, middle, size_m, others=others),
        lower=lower,
        upper=upper,
        window=Window(start=start, end=start + timedelta(minutes=rng.choice((1, 5, 30, 600)))),
    )


ANYTIME = Volume(
    footprint=Circle(centre=PLACES[0], radius_m=100.0),
    lower=Unbounded(),
    upper=Unbounded(),
    window=Window(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)),
)
