"""Geometry's values: what is refused, what is rounded, and what a motion leads to."""

import copy
import math
import pickle
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle, Polygon
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HERE = Position(lat_deg=36.5, lon_deg=40.75)


def ring(*corners: tuple[float, float]) -> Polygon:
    return Polygon(vertices=tuple(Position(lat_deg=a, lon_deg=b) for a, b in corners))


def test_position_is_rounded_and_wrapped() -> None:
    """GEO-001."""
    there = Position(lat_deg=1.000_000_04, lon_deg=180.0)
    assert (there.lat_deg, there.lon_deg) == (1.0, -180.0)
    assert Position(lat_deg=0.0, lon_deg=359.5).lon_deg == -0.5


@pytest.mark.parametrize(
    ("lat", "lon"), [(90.1, 0.0), (0.0, 360.1), (math.nan, 0.0), (0.0, math.inf), (0.0, -180.1)]
)
def test_what_is_not_on_the_globe_is_refused(lat: float, lon: float) -> None:
    """GEO-001."""
    with pytest.raises(ValueError, match=r"outside|not finite"):
        Position(lat_deg=lat, lon_deg=lon)


@pytest.mark.parametrize("radius_m", [0.0, -1.0, 0.000_1, 1_000_001.0, math.nan, math.inf])
def test_circle_needs_a_radius(radius_m: float) -> None:
    """GEO-002."""
    with pytest.raises(ValueError, match="circle radius"):
        Circle(centre=HERE, radius_m=radius_m)


def test_circle_radius_is_held_to_the_millimetre() -> None:
    """GEO-002."""
    assert Circle(centre=HERE, radius_m=100.000_4).radius_m == 100.0


def test_a_band_upside_down_is_refused_within_one_datum() -> None:
    """GEO-003: across datums nobody can say without data, so detection decides."""
    circle, window = (
        Circle(centre=HERE, radius_m=10.0),
        Window(start=NOON, end=NOON + timedelta(hours=1)),
    )
    high = Altitude(value_m=2_000.0, datum=Datum.MSL_EGM96)
    low = Altitude(value_m=1_000.0, datum=Datum.MSL_EGM96)
    with pytest.raises(ValueError, match="is below lower limit"):
        Volume(footprint=circle, lower=high, upper=low, window=window)
    agl = Altitude(value_m=1_000.0, datum=Datum.ABOVE_GROUND)
    for lower, upper in ((low, low), (low, high), (Unbounded(), low), (high, agl)):
        volume = Volume(footprint=circle, lower=lower, upper=upper, window=window)
        assert (volume.lower, volume.upper) == (lower, upper)


@pytest.mark.parametrize(
    ("track_deg", "speed_mps", "climb_mps"),
    [
        (math.nan, 1.0, None),
        (361.0, 1.0, None),
        (0.0, -1.0, None),
        (0.0, math.inf, None),
        (0.0, 12_001.0, None),
        (0.0, 1.0, math.nan),
        (0.0, 1.0, -12_001.0),
    ],
)
def test_velocity_is_a_course_and_a_speed(
    track_deg: float, speed_mps: float, climb_mps: float | None
) -> None:
    """GEO-004: NaN and the absurd are refused at the door."""
    with pytest.raises(ValueError, match=r"track|speed|climb"):
        Velocity(track_deg=track_deg, speed_mps=speed_mps, climb_mps=climb_mps)


def test_velocity_is_held_to_its_grain() -> None:
    """GEO-004."""
    velocity = Velocity(track_deg=-90.0, speed_mps=10.000_4, climb_mps=-2.000_4)
    assert (velocity.track_deg, velocity.speed_mps, velocity.climb_mps) == (270.0, 10.0, -2.0)
    assert Velocity(track_deg=360.0, speed_mps=0.0, climb_mps=None).track_deg == 0.0


def motion(velocity: Velocity | None, *, accuracy_m: float | None = None) -> Motion:
    return Motion(
        position=HERE,
        at=NOON,
        altitude=None,
        velocity=velocity,
        position_accuracy_m=accuracy_m,
        altitude_accuracy_m=None,
    )


def test_motion_follows_the_geodesic_of_its_course() -> None:
    """GEO-004: 100 m/s for 600 s is 60 km on the ellipsoid; back again is where it was."""
    moving = motion(Velocity(track_deg=63.0, speed_mps=100.0, climb_mps=None))
    later = moving.position_at(NOON + timedelta(seconds=600))
    assert later is not None
    assert distance_m(HERE, later) == pytest.approx(60_000.0, abs=0.02)
    assert moving.position_at(NOON) == HERE
    assert motion(None).position_at(NOON) is None


@pytest.mark.parametrize("accuracy_m", [math.nan, -1.0, math.inf])
def test_an_accuracy_is_a_number_or_absent(accuracy_m: float) -> None:
    """GEO-004."""
    with pytest.raises(ValueError, match="leave it out if it is unknown"):
        motion(None, accuracy_m=accuracy_m)


def test_naive_time_of_observation_is_refused() -> None:
    """GEO-004."""
    with pytest.raises(ValueError, match="no time zone"):
        Motion(
            position=HERE,
            at=NOON.replace(tzinfo=None),
            altitude=None,
            velocity=None,
            position_accuracy_m=None,
            altitude_accuracy_m=None,
        )


SQUARE = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0))


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        (SQUARE[:2], "2 vertices; give 3 to 1000"),
        (tuple((k / 100, 0.0) for k in range(1_001)), "1001 vertices"),
        ((*SQUARE, SQUARE[0]), r"vertex 5 repeats vertex 1 at 0.0, 0.0"),
        (((0, 0), (1, 1), (0, 1), (1, 0)), r"edge 1 meets edge 3"),
        (((0, 0), (0, 4), (0.5, 2), (0, 2), (1, 0)), "edge 1 meets edge 4"),
        (((0, 0), (0, 2), (0, 1)), r"edge 2 runs back along edge 1|edge 3 runs back"),
        (((0, 0), (1, 0), (2, 0), (1, 0.000_000_1)), r"edge"),
        (((0, 0), (0, 120), (0, -120)), "hemisphere"),
        (((40, 0), (-30, 120), (-30, -120)), "hemisphere"),
        (((-85, 0), (85, 0), (85, 180), (-85, 180)), "hemisphere"),
    ],
    ids=[
        "two",
        "too many",
        "closed",
        "bow tie",
        "touching vertex",
        "flat",
        "spike",
        "equator",
        "three quarters",
        "half",
    ],
)
def test_what_has_no_inside_is_refused(
    corners: tuple[tuple[float, float], ...], message: str
) -> None:
    """GEO-020, GEO-021, GEO-022, GEO-023, GEO-024: the message names vertex or edges."""
    with pytest.raises(ValueError, match=message):
        ring(*corners)


@pytest.mark.parametrize(
    "corners",
    [
        SQUARE,
        SQUARE[::-1],
        ((10.0, 179.5), (10.0, -179.5), (11.0, -179.5), (11.0, 179.5)),
        ((89.0, 0.0), (89.0, 120.0), (89.0, -120.0)),
        ((-89.0, 0.0), (-89.0, 90.0), (-90.0, 0.0)),
        ((0.0, 0.0), (0.0, 60.0), (60.0, 30.0)),
        ((0.0, 0.0), (0.0, 0.000_001), (0.000_001, 0.0)),
    ],
    ids=["square", "reversed", "antimeridian", "pole inside", "pole", "continent", "small"],
)
def test_simple_rings_anywhere_are_taken(corners: tuple[tuple[float, float], ...]) -> None:
    """GEO-022, GEO-024: poles and antimeridian are places like others."""
    assert len(ring(*corners).vertices) == len(corners)


def test_a_polygon_may_have_a_thousand_vertices() -> None:
    """GEO-020."""
    turns = [2 * math.pi * k / 1_000 for k in range(1_000)]
    assert len(ring(*((math.sin(t), math.cos(t)) for t in turns)).vertices) == 1_000


def test_what_is_kept_beside_a_shape_is_no_part_of_it() -> None:
    """GEO-002, GEO-020: equality, fields, copies and pickles know the fields alone."""
    square, circle = ring(*SQUARE), Circle(centre=HERE, radius_m=5.0)
    assert [f.name for f in fields(square)] == ["vertices", "holes"]
    assert [f.name for f in fields(circle)] == ["centre", "radius_m"]
    assert circle.middle == copy.copy(circle).middle
    for again in (copy.deepcopy(square), pickle.loads(pickle.dumps(square))):  # noqa: S301
        assert again == square
        assert hash(again) == hash(square)
        assert again.outline.pieces == square.outline.pieces
