"""Heights in two pictures, tracks that stand still, and one zone in two versions."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from picture_scenes import AT, Seen, picture, spread
from sampling import thinned
from watched_scenes import GEOID_30, SETTINGS, standing, told, watch_over

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.assessment.discrepancy.compare import Comparison, compare
from crosstell.core.assessment.discrepancy.measured import Measure, Subject, Untested
from crosstell.core.assessment.discrepancy.sequence import State
from crosstell.core.assessment.discrepancy.settings import Settings
from crosstell.core.assessment.discrepancy.zone import (
    ZoneDifference,
    ZonePart,
    ZoneTolerance,
    ZoneUntested,
    zone_differences,
)
from crosstell.core.assessment.stated import NotTestable, StatedPicture
from crosstell.core.detection.suspect_altitude import Mistake
from crosstell.core.geometry.footprint import Circle, Polygon
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window

TRUTH = spread(40, 11)
ELLIPSOID = Seen(name="a", datum=Datum.WGS84_ELLIPSOID)
OTHER = Seen(name="b", datum=Datum.WGS84_ELLIPSOID, shift_m=(600.0, 300.0), late_s=2.0)
WITH_GEOID = replace(SETTINGS, conversions=GEOID_30)
HEIGHT_7 = Subject(measure=Measure.HEIGHT, one="a00007", other="b00007")


def compared(one: Seen, other: Seen, settings: Settings = WITH_GEOID) -> Comparison:
    return compare(picture(TRUTH, one, 1), picture(TRUTH, other, 1), AT, settings)


def changed(
    held: StatedPicture, number: int, *, add_m: float = 0.0, **changes: object
) -> StatedPicture:
    """One track with its height or its accuracy changed."""
    tracks = list(held.tracks)
    motion = tracks[number].motion
    assert motion.altitude is not None
    altitude = replace(motion.altitude, value_m=motion.altitude.value_m + add_m)
    motion = replace(motion, altitude=altitude)
    tracks[number] = replace(tracks[number], motion=replace(motion, **changes))  # type: ignore[arg-type]
    return replace(held, tracks=tuple(tracks))


def test_dis_030_what_all_heights_are_off_is_told_once() -> None:
    watch = watch_over(TRUTH, (ELLIPSOID, replace(OTHER, height_m=45.0)))
    high = [
        subject
        for subject in told(watch)
        if subject.measure in (Measure.HEIGHT, Measure.HEIGHT_OFFSET)
    ]
    assert high == [Subject(measure=Measure.HEIGHT_OFFSET)]
    assert standing(watch, Measure.HEIGHT_OFFSET).values[0] == pytest.approx(45.0, abs=4.0)


@pytest.mark.parametrize("add_m", [-150.0, 3_000.0])
def test_dis_030_what_one_height_is_off_is_told_of_that_object(add_m: float) -> None:
    watch = watch_over(
        TRUTH, (ELLIPSOID, OTHER), change=lambda held, _: changed(held, 7, add_m=add_m)
    )
    assert [subject for subject in told(watch) if subject.one] == [HEIGHT_7]
    found = standing(watch, Measure.HEIGHT, "a00007", "b00007")
    assert found.values[0] == pytest.approx(add_m, abs=20.0)
    assert standing(watch, Measure.HEIGHT, "a00008", "b00008").state is State.NONE_FOUND


def test_dis_031_two_datums_are_compared_only_by_what_converts_them() -> None:
    """The same heights above sea level and above the ellipsoid, 30 m higher there."""
    sea = replace(OTHER, datum=Datum.MSL_EGM96, height_m=-30.0)
    found = compared(ELLIPSOID, sea)
    offset = next(x for x in found.outcomes if x.subject.measure is Measure.HEIGHT_OFFSET)
    assert not isinstance(offset, Untested)
    assert offset.values[0] == pytest.approx(0.0, abs=6.0)
    assert found.datums == (Datum.WGS84_ELLIPSOID, Datum.MSL_EGM96)
    assert found.suspicions == ()
    blind = compared(ELLIPSOID, sea, SETTINGS)
    untested = [x for x in blind.outcomes if x.subject.measure is Measure.HEIGHT]
    assert {x.reason for x in untested if isinstance(x, Untested)} == {NotTestable.ALTITUDE_DATUM}
    assert len(untested) == len(blind.matches)
    pressure = compared(ELLIPSOID, replace(OTHER, datum=Datum.STANDARD_PRESSURE))
    assert {
        x.reason
        for x in pressure.outcomes
        if x.subject.measure is Measure.HEIGHT and isinstance(x, Untested)
    } == {NotTestable.ALTITUDE_DATUM}  # no offset of pressure is known there


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"altitude": None}, NotTestable.ALTITUDE_UNKNOWN),
        ({"altitude_accuracy_m": None}, NotTestable.ALTITUDE_ACCURACY_UNKNOWN),
    ],
)
def test_dis_032_unknown_heights_are_not_tested(
    changes: dict[str, object], reason: NotTestable
) -> None:
    other = changed(picture(TRUTH, OTHER, 1), 7, **changes)  # type: ignore[arg-type]
    found = compare(picture(TRUTH, ELLIPSOID, 1), other, AT, WITH_GEOID)
    assert Untested(subject=HEIGHT_7, reason=reason) in found.outcomes


def test_dis_033_a_label_that_looks_wrong_is_told_from_either_side() -> None:
    """Heights above the sea under the label of the ellipsoid, where both differ by 30 m."""
    found = compared(ELLIPSOID, replace(OTHER, height_m=-30.0))
    said = {(each.source, each.against, each.mistake) for each in found.suspicions}
    assert ("b", "a", Mistake.SEA_LEVEL_AS_ELLIPSOID) in said
    assert all(each.source in "ab" for each in found.suspicions)
    assert compared(ELLIPSOID, OTHER).suspicions == ()


def test_dis_019_033_a_picture_in_the_wrong_unit_is_still_registered_and_told() -> None:
    other = picture(TRUTH, replace(OTHER, height_sigma_m=1.0), 1)
    tracks = tuple(
        replace(
            track,
            motion=replace(
                track.motion,
                altitude=Altitude(
                    value_m=track.motion.altitude.value_m / 0.3048,
                    datum=Datum.WGS84_ELLIPSOID,
                ),
            ),
        )
        for track in other.tracks
        if track.motion.altitude is not None
    )
    found = compare(picture(TRUTH, ELLIPSOID, 1), replace(other, tracks=tracks), AT, WITH_GEOID)
    assert {(each.source, each.mistake) for each in found.suspicions} >= {
        ("b", Mistake.FEET_AS_METRES)
    }


def held_still(seen: StatedPicture, first: StatedPicture, *, restated: bool) -> StatedPicture:
    """Track 7 as it was first stated; with a new time, if it is restated."""
    tracks = list(seen.tracks)
    old = first.tracks[7]
    at = tracks[7].motion.at if restated else old.motion.at
    tracks[7] = replace(old, motion=replace(old.motion, at=at))
    return replace(seen, tracks=tuple(tracks))


@pytest.mark.parametrize("restated", thinned([True, False], every=2))
def test_dis_034_a_track_that_stands_while_its_partner_moves_is_frozen(restated: bool) -> None:
    kept: list[StatedPicture] = []

    def stop(seen: StatedPicture, number: int) -> StatedPicture:
        if number == 3:
            kept.append(seen)
        return held_still(seen, kept[0], restated=restated) if number >= 3 else seen

    watch = watch_over(TRUTH, (ELLIPSOID, OTHER), change=stop, looks=51)
    assert [(each.picture, each.track, each.partner) for each in watch.frozen] == [
        ("b", "b00007", "a00007")
    ]
    found = watch.frozen[0]
    assert found.since == AT + timedelta(seconds=30)
    assert found.for_s == 470.0
    assert found.moved_m == pytest.approx(float(TRUTH.speed_mps[7]) * 470.0, rel=0.02)
    assert found.restated is restated


def test_dis_034_what_stands_in_both_pictures_is_not_frozen() -> None:
    speed = TRUTH.speed_mps.copy()
    speed[7] = 0.0
    still = replace(TRUTH, speed_mps=speed)
    quiet = (replace(ELLIPSOID, sigma_m=20.0), replace(OTHER, sigma_m=20.0))
    kept: list[StatedPicture] = []

    def stop(seen: StatedPicture, _number: int) -> StatedPicture:
        kept.append(seen)
        return held_still(seen, kept[0], restated=True)

    assert watch_over(still, quiet, change=stop, looks=12).frozen == ()


CENTRE = Position(lat_deg=-17.0, lon_deg=180.0)
HOURS = Window(start=AT, end=AT + timedelta(hours=2))
SEA_3000 = Altitude(value_m=3_000.0, datum=Datum.MSL_EGM96)


def zone(**changes: object) -> Volume:
    plain = Volume(
        footprint=Circle(centre=CENTRE, radius_m=20_000.0),
        lower=Unbounded(),
        upper=SEA_3000,
        window=HOURS,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def difference(part: ZonePart, one: Volume, other: Volume) -> ZoneDifference | ZoneUntested:
    found = zone_differences(one, other, ZoneTolerance())
    assert [each.part for each in found] == list(ZonePart)
    return next(each for each in found if each.part is part)


def test_dis_035_one_zone_in_one_version_differs_in_nothing() -> None:
    found = zone_differences(zone(), zone(), ZoneTolerance())
    assert all(isinstance(each, ZoneDifference) and not each.differs for each in found)


def test_dis_035_outlines_are_apart_by_their_largest_distance() -> None:
    """Over the antimeridian; the circle's centre 0.01 degrees north: 1.1 km."""
    moved = zone(footprint=Circle(centre=replace(CENTRE, lat_deg=-16.99), radius_m=20_000.0))
    found = difference(ZonePart.OUTLINE, zone(), moved)
    assert isinstance(found, ZoneDifference)
    assert found.apart == pytest.approx(1_107.0, abs=5.0)
    assert found.differs
    wider = zone(footprint=Circle(centre=CENTRE, radius_m=20_030.0))
    near = difference(ZonePart.OUTLINE, zone(), wider)
    assert isinstance(near, ZoneDifference)
    assert near.apart == pytest.approx(30.0, abs=2.0)
    assert not near.differs


def test_dis_035_a_corner_cut_off_is_seen_from_either_side() -> None:
    corners = [(0.0, 0.0), (0.0, 0.3), (0.3, 0.3), (0.3, 0.0)]
    whole = zone(
        footprint=Polygon(vertices=tuple(Position(lat_deg=a, lon_deg=o) for a, o in corners))
    )
    cut = zone(
        footprint=Polygon(vertices=tuple(Position(lat_deg=a, lon_deg=o) for a, o in corners[:3]))
    )
    one, other = (difference(ZonePart.OUTLINE, *each) for each in ((whole, cut), (cut, whole)))
    assert one == other
    assert isinstance(one, ZoneDifference)
    assert one.apart == pytest.approx(0.3 * 110_900.0 / math.sqrt(2.0), rel=0.01)


def test_dis_035_limits_and_windows() -> None:
    lower = zone(upper=replace(SEA_3000, value_m=2_700.0))
    found = difference(ZonePart.UPPER_LIMIT, zone(), lower)
    assert found == ZoneDifference(part=ZonePart.UPPER_LIMIT, apart=-300.0, differs=True)
    level = zone(upper=Altitude(value_m=3_000.0, datum=Datum.STANDARD_PRESSURE))
    assert difference(ZonePart.UPPER_LIMIT, zone(), level) == ZoneUntested(
        part=ZonePart.UPPER_LIMIT, reason=NotTestable.ALTITUDE_DATUM
    )
    open_above = difference(ZonePart.UPPER_LIMIT, zone(), zone(upper=Unbounded()))
    assert open_above == ZoneDifference(part=ZonePart.UPPER_LIMIT, apart=math.inf, differs=True)
    floored = difference(ZonePart.LOWER_LIMIT, zone(), zone(lower=replace(SEA_3000, value_m=0.0)))
    assert floored == ZoneDifference(part=ZonePart.LOWER_LIMIT, apart=math.inf, differs=True)
    later = Window(start=AT + timedelta(minutes=30), end=HOURS.end)
    found = difference(ZonePart.START, zone(), zone(window=later))
    assert found == ZoneDifference(part=ZonePart.START, apart=1_800.0, differs=True)


def test_dis_035_outlines_on_two_sides_of_the_globe_are_not_compared() -> None:
    far = zone(footprint=Circle(centre=Position(lat_deg=40.0, lon_deg=10.0), radius_m=20_000.0))
    assert difference(ZonePart.OUTLINE, zone(), far) == ZoneUntested(
        part=ZonePart.OUTLINE, reason=NotTestable.TOO_FAR
    )
    with pytest.raises(ValueError, match="outline_m"):
        ZoneTolerance(outline_m=-1.0)
