"""What two registered pictures differ in: every component, found where it is and only there."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from picture_scenes import AT, HERE, Seen, picture, spread
from watched_scenes import SETTINGS, shifted_north, standing, told, watch_over

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.assessment.discrepancy.compare import compare
from crosstell.core.assessment.discrepancy.measured import Measure, Measured, Subject, Untested
from crosstell.core.assessment.discrepancy.pair import bounded
from crosstell.core.assessment.discrepancy.sequence import Policy, State
from crosstell.core.assessment.discrepancy.settings import Settings, Tolerance
from crosstell.core.assessment.discrepancy.watch import Watch, findings, watched
from crosstell.core.assessment.lineage import Confirmation, confirmation, distinct_sources
from crosstell.core.assessment.registration.register import Offset, Refusal, Refused
from crosstell.core.assessment.stated import (
    Coverage,
    NotTestable,
    Source,
    SourceKind,
    StatedPicture,
)
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.picture.track import Hint, HintKind

A = Seen(name="a")
B = Seen(name="b")
OFF = replace(B, shift_m=(600.0, 300.0), turn_deg=0.3, late_s=2.0)
TRUTH = spread(40, 11)
SEES = Coverage(
    circles=(Circle(centre=Position(lat_deg=HERE[0], lon_deg=HERE[1]), radius_m=400_000.0),),
    held_share=0.9,
)
RADAR_1 = Source(kind=SourceKind.RADAR, station="r1")
RADAR_2 = Source(kind=SourceKind.RADAR, station="r2")


def icao(value: str) -> tuple[Hint, ...]:
    return (Hint(kind=HintKind.ICAO_ADDRESS, value=value),)


def outcome(
    pictures: tuple[StatedPicture, StatedPicture], subject: Subject, settings: Settings = SETTINGS
) -> Measured | Untested:
    found = compare(*pictures, AT, settings)
    return next(each for each in found.outcomes if each.subject == subject)


def test_dis_005_either_side_gets_the_same_mirrored_to_the_last_bit() -> None:
    one = picture(TRUTH, replace(A, dropped=0.1, coverage=SEES), 1)
    other = picture(TRUTH, replace(OFF, dropped=0.1, coverage=SEES), 1)
    here, there = compare(one, other, AT, SETTINGS), compare(other, one, AT, SETTINGS)
    assert isinstance(here.offset, Offset)
    assert isinstance(there.offset, Offset)
    assert (there.offset.value == -here.offset.value).all()
    assert [each.mirrored() for each in there.outcomes] != list(here.outcomes)  # another order
    assert sorted((each.mirrored() for each in there.outcomes), key=lambda x: x.subject) == list(
        here.outcomes
    )
    assert there.mirrored().matches == here.matches
    assert there.untestable == here.untestable


def test_dis_005_which_picture_bears_which_name_hardly_matters() -> None:
    """Another name makes the other picture the first: the same up to what is linear."""
    one, other = picture(TRUTH, A, 1), picture(TRUTH, OFF, 1)
    plain = compare(one, other, AT, SETTINGS)
    renamed = compare(replace(one, name="z"), other, AT, Settings())
    assert isinstance(plain.offset, Offset)
    assert isinstance(renamed.offset, Offset)
    assert {(each.one, each.other) for each in plain.matches} == {
        (each.one, each.other) for each in renamed.matches
    }
    error = renamed.offset.value - plain.offset.value
    assert np.abs(error[:2]).max() < 15.0  # 670 m turned by 0.3 degrees, and rounding of weights
    assert abs(error[2]) < 1e-4
    assert abs(error[3]) < 0.02


def test_dis_005_refused_either_way() -> None:
    one, other = picture(TRUTH, A, 1), picture(spread(40, 99), B, 1)
    here, there = compare(one, other, AT, SETTINGS), compare(other, one, AT, SETTINGS)
    assert isinstance(here.offset, Refused)
    assert here.offset.reason is Refusal.TOO_FEW_MATCHES
    assert there.mirrored() == here
    assert all(isinstance(each, Untested) for each in here.outcomes)
    with pytest.raises(ValueError, match="both pictures are named a"):
        compare(one, one, AT, SETTINGS)


def test_dis_020_the_bound_holds_whatever_the_correlation() -> None:
    draw = np.random.default_rng(3)
    for _ in range(200):
        one, other = draw.uniform(1.0, 100.0, 2)
        common = draw.uniform(-1.0, 1.0) * np.sqrt(one * other)
        true = one + other - 2.0 * common
        for unknown in (Confirmation.UNKNOWN, Confirmation.SHARED_SOURCE):
            assert bounded(one, other, unknown) >= true - 1e-9
    assert bounded(9.0, 16.0, Confirmation.INDEPENDENT) == 25.0
    assert bounded(9.0, 16.0, Confirmation.UNKNOWN) == 49.0


def test_dis_021_one_object_elsewhere_is_told_and_no_other() -> None:
    watch = watch_over(
        TRUTH, (A, OFF), change=lambda held, _: shifted_north(held, "b00007", 0.0054)
    )
    objects = [subject for subject in told(watch) if subject.one]
    assert objects == [Subject(measure=Measure.PLACE, one="a00007", other="b00007")]
    found = standing(watch, Measure.PLACE, "a00007", "b00007")
    assert math.hypot(*found.values) == pytest.approx(600.0, abs=120.0)  # 0.0054 degrees north
    assert found.since is not None
    assert found.since <= AT + timedelta(seconds=20)
    fine = standing(watch, Measure.PLACE, "a00008", "b00008")
    assert fine.state is State.NONE_FOUND


def test_dis_022_another_velocity_is_told() -> None:
    def slowed(held: StatedPicture, _number: int) -> StatedPicture:
        tracks = list(held.tracks)
        motion = tracks[7].motion
        assert motion.velocity is not None
        velocity = replace(motion.velocity, speed_mps=motion.velocity.speed_mps - 35.0)
        tracks[7] = replace(tracks[7], motion=replace(motion, velocity=velocity))
        return replace(held, tracks=tuple(tracks))

    watch = watch_over(TRUTH, (A, B), change=slowed, looks=20)
    assert Subject(measure=Measure.VELOCITY, one="a00007", other="b00007") in told(watch)
    found = standing(watch, Measure.VELOCITY, "a00007", "b00007")
    assert found.values[0] == pytest.approx(-35.0, abs=6.0)  # along its course
    assert found.values[1] == pytest.approx(0.0, abs=6.0)


def test_dis_023_two_identities_for_one_object_are_told() -> None:
    hints = {number: icao(f"4b00{number:02d}") for number in range(40)}
    wrong = {**hints, 7: icao("4bffff")}
    watch = watch_over(TRUTH, (replace(A, hints=hints), replace(OFF, hints=wrong)))
    objects = [subject for subject in told(watch) if subject.one]
    assert objects == [Subject(measure=Measure.IDENTITY, one="a00007", other="b00007")]
    same = standing(watch, Measure.IDENTITY, "a00008", "b00008")
    assert same.state is State.NONE_FOUND


def test_dis_023_an_identity_that_only_one_states_says_nothing() -> None:
    pictures = (picture(TRUTH, replace(A, hints={7: icao("4b0007")}), 1), picture(TRUTH, OFF, 1))
    subject = Subject(measure=Measure.IDENTITY, one="a00007", other="b00007")
    found = outcome(pictures, subject)
    assert found == Untested(subject=subject, reason=NotTestable.IDENTITY_UNKNOWN)


def test_dis_023_two_in_formation_are_not_tested_one_by_one() -> None:
    truth = spread(40, 4)
    for column in (truth.east_m, truth.north_m, truth.course_deg, truth.speed_mps, truth.height_m):
        column[1] = column[0]
    truth.east_m[1] += 60.0
    found = compare(picture(truth, A, 4), picture(truth, B, 4), AT, SETTINGS)
    doubtful = {
        (each.subject.one[-2:], str(each.subject.measure))
        for each in found.outcomes
        if isinstance(each, Untested) and each.reason is NotTestable.ASSOCIATION_AMBIGUOUS
    }
    measures = ("place", "velocity", "identity", "height")
    assert doubtful == {(one, measure) for one in ("00", "01") for measure in measures}
    assert [each.one for each in found.matches if each.doubtful] == ["a00000", "a00001"]


def test_dis_024_one_identity_at_two_places_is_told_with_the_distance() -> None:
    hints = {number: icao(f"4b00{number:02d}") for number in range(40)}
    watch = watch_over(
        TRUTH,
        (replace(A, hints=hints), replace(OFF, hints=hints)),
        change=lambda held, _: shifted_north(held, "b00007", 0.36),
    )
    subject = Subject(measure=Measure.PLACE, one="a00007", other="b00007")
    assert subject in told(watch)
    found = standing(watch, Measure.PLACE, "a00007", "b00007")
    assert math.hypot(*found.values) == pytest.approx(40_000.0, rel=0.02)


def test_dis_025_what_one_alone_holds_is_told_where_the_other_says_it_sees() -> None:
    lacks = replace(OFF, without=frozenset({7}), coverage=SEES)
    watch = watch_over(TRUTH, (A, lacks))
    assert Subject(measure=Measure.PRESENCE, one="a00007") in told(watch)
    presences = [subject for subject in told(watch) if subject.measure is Measure.PRESENCE]
    assert len(presences) == 1
    held = standing(watch, Measure.PRESENCE, "a00008")
    assert held.state is State.NONE_FOUND


def test_dis_025_drop_outs_that_the_coverage_allows_for_are_not_told() -> None:
    gaps = replace(OFF, dropped=0.1, coverage=SEES)
    watch = watch_over(TRUTH, (replace(A, dropped=0.1, coverage=SEES), gaps), looks=30)
    assert [subject for subject in told(watch) if subject.measure is Measure.PRESENCE] == []


@pytest.mark.parametrize(
    ("coverage", "reason"),
    [
        (None, NotTestable.COVERAGE_UNKNOWN),
        (
            Coverage(
                circles=(Circle(centre=Position(lat_deg=0.0, lon_deg=0.0), radius_m=50_000.0),),
                held_share=0.9,
            ),
            NotTestable.OUTSIDE_COVERAGE,
        ),
    ],
)
def test_dis_026_without_coverage_there_is_nothing_to_miss(
    coverage: Coverage | None, reason: NotTestable
) -> None:
    lacks = replace(OFF, without=frozenset({7}), coverage=coverage)
    subject = Subject(measure=Measure.PRESENCE, one="a00007")
    found = outcome((picture(TRUTH, A, 1), picture(TRUTH, lacks, 1)), subject)
    assert found == Untested(subject=subject, reason=reason)


@pytest.mark.parametrize(
    ("floor_m", "datum", "reason"),
    [
        (0.0, Datum.STANDARD_PRESSURE, None),
        (12_000.0, Datum.STANDARD_PRESSURE, NotTestable.OUTSIDE_COVERAGE),
        (0.0, Datum.MSL_EGM96, NotTestable.ALTITUDE_DATUM),
    ],
)
def test_dis_026_below_the_floor_of_a_coverage_nothing_is_missed(
    floor_m: float, datum: Datum, reason: NotTestable | None
) -> None:
    floored = replace(SEES, floor=Altitude(value_m=floor_m, datum=datum))
    lacks = replace(OFF, without=frozenset({7}), coverage=floored)
    subject = Subject(measure=Measure.PRESENCE, one="a00007")
    found = outcome((picture(TRUTH, A, 1), picture(TRUTH, lacks, 1)), subject)
    assert (
        isinstance(found, Measured)
        if reason is None
        else found == Untested(subject=subject, reason=reason)
    )


@pytest.mark.parametrize("changes", [{"velocity": None}, {"position_accuracy_m": None}])
def test_dis_026_what_the_other_states_but_cannot_be_tested_is_not_missed(
    changes: dict[str, None],
) -> None:
    other = picture(TRUTH, replace(OFF, coverage=SEES), 1)
    tracks = list(other.tracks)
    tracks[7] = replace(tracks[7], motion=replace(tracks[7].motion, **changes))  # type: ignore[arg-type]
    subject = Subject(measure=Measure.PRESENCE, one="a00007")
    found = outcome((picture(TRUTH, A, 1), replace(other, tracks=tuple(tracks))), subject)
    assert found == Untested(subject=subject, reason=NotTestable.ASSOCIATION_AMBIGUOUS)


def test_dis_026_an_untestable_track_under_the_same_identity_is_not_missed() -> None:
    hints = {7: icao("4b0007")}
    other = shifted_north(
        picture(TRUTH, replace(OFF, coverage=SEES, hints=hints), 1), "b00007", 0.5
    )
    tracks = list(other.tracks)
    tracks[7] = replace(tracks[7], motion=replace(tracks[7].motion, velocity=None))
    subject = Subject(measure=Measure.PRESENCE, one="a00007")
    pictures = (picture(TRUTH, replace(A, hints=hints), 1), replace(other, tracks=tuple(tracks)))
    assert outcome(pictures, subject) == Untested(
        subject=subject, reason=NotTestable.ASSOCIATION_AMBIGUOUS
    )


def test_dis_028_accuracies_that_all_pairs_belie_are_not_believed() -> None:
    """Heights stated five times too sure, velocities noisier than assumed: nothing is told."""
    boast = [
        replace(each, velocity_sigma_mps=9.0, height_sigma_m=60.0, stated_height_sigma_m=12.0)
        for each in (A, B)
    ]
    watch = watch_over(TRUTH, (boast[0], boast[1]), looks=30)
    assert told(watch) == []


def test_dis_026_one_beside_an_unpaired_track_is_not_missed() -> None:
    lacks = replace(A, name="b", coverage=SEES)
    other = picture(TRUTH, lacks, 1)
    fast = other.tracks[7].motion.velocity
    assert fast is not None
    turned = replace(fast, track_deg=(fast.track_deg + 90.0) % 360.0)
    tracks = list(other.tracks)
    tracks[7] = replace(tracks[7], motion=replace(tracks[7].motion, velocity=turned))
    subject = Subject(measure=Measure.PRESENCE, one="a00007")
    found = outcome((picture(TRUTH, A, 1), replace(other, tracks=tuple(tracks))), subject)
    assert found == Untested(subject=subject, reason=NotTestable.ASSOCIATION_AMBIGUOUS)


def test_dis_027_what_the_whole_picture_is_off_is_told_as_such() -> None:
    watch = watch_over(TRUTH, (A, OFF))
    assert told(watch) == [
        Subject(measure=measure)
        for measure in (Measure.ROTATION, Measure.SHIFT, Measure.TIME_OFFSET)
    ]
    late = standing(watch, Measure.TIME_OFFSET)
    assert late.values[0] == pytest.approx(2.0, abs=0.15)
    assert late.half_widths[0] < 0.3
    turned = standing(watch, Measure.ROTATION)
    assert np.degrees(turned.values[0]) == pytest.approx(-0.3, abs=0.02)


def test_dis_027_what_is_within_the_tolerance_is_not_told() -> None:
    wide = replace(SETTINGS, tolerance=Tolerance(shift_m=900.0, rotation_deg=0.5, time_s=3.0))
    watch = watch_over(TRUTH, (A, OFF), settings=wide)
    assert told(watch) == []
    for measure in (Measure.ROTATION, Measure.SHIFT, Measure.TIME_OFFSET):
        assert standing(watch, measure).state is State.NONE_FOUND


def test_dis_027_like_pictures_show_nothing() -> None:
    watch = watch_over(TRUTH, (A, B), looks=30)
    assert told(watch) == []
    assert findings(watch, "a", State.SUSPECTED) == ()
    assert standing(watch, Measure.TIME_OFFSET).state is State.NONE_FOUND


def test_dis_040_041_one_source_heard_twice_confirms_nothing() -> None:
    adsb = [Source(kind=SourceKind.ADS_B, station=each) for each in ("antenna-1", "antenna-2")]
    assert confirmation(adsb[:1], adsb[1:]) is Confirmation.SHARED_SOURCE
    assert confirmation(adsb[:1], (RADAR_1,)) is Confirmation.INDEPENDENT
    assert confirmation((RADAR_1,), (RADAR_2,)) is Confirmation.INDEPENDENT
    assert confirmation((RADAR_1, RADAR_2), (RADAR_2,)) is Confirmation.SHARED_SOURCE
    assert confirmation((), (RADAR_2,)) is Confirmation.UNKNOWN
    rebroadcast = Source(kind=SourceKind.TIS_B, station="x")
    assert confirmation((rebroadcast,), (RADAR_2,)) is Confirmation.UNKNOWN
    assert distinct_sources(adsb, (RADAR_1, RADAR_2), (RADAR_1,)) == 3


def test_dis_040_the_outcome_says_what_agreement_is_worth() -> None:
    subject = Subject(measure=Measure.PLACE, one="a00007", other="b00007")
    spread_by = {}
    for name, sources in (("same", (RADAR_1,)), ("apart", (RADAR_2,))):
        found = outcome(
            (
                picture(TRUTH, replace(A, sources=(RADAR_1,)), 1),
                picture(TRUTH, replace(OFF, sources=sources), 1),
            ),
            subject,
        )
        assert isinstance(found, Measured)
        spread_by[name] = (found.confirms, found.sigmas[0])
    assert spread_by["same"][0] is Confirmation.SHARED_SOURCE
    assert spread_by["apart"][0] is Confirmation.INDEPENDENT
    assert spread_by["same"][1] > 1.3 * spread_by["apart"][1]


def test_dis_065_time_goes_on_and_either_side_may_ask() -> None:
    watch = watch_over(TRUTH, (A, OFF), looks=6)
    pictures = (picture(TRUTH, A, 1), picture(TRUTH, OFF, 1))
    with pytest.raises(ValueError, match="is not after"):
        watched(watch, pictures, AT, SETTINGS, Policy())
    renamed = (replace(pictures[0], name="z"), pictures[1])
    with pytest.raises(ValueError, match="the watch is of a and b, not of b and z"):
        watched(watch, renamed, AT + timedelta(hours=1), SETTINGS, Policy())
    with pytest.raises(ValueError, match="c is neither a nor b"):
        findings(watch, "c")
    assert findings(Watch(), "a") == ()
    ours, theirs = findings(watch, "a"), findings(watch, "b")
    assert sorted((each.mirrored() for each in theirs), key=lambda x: x.subject) == list(ours)
    late = [each for each in theirs if each.subject.measure is Measure.TIME_OFFSET]
    assert late[0].values[0] < 0.0  # a is early relative to b


def test_dis_065_what_nobody_names_is_forgotten() -> None:
    watch = watch_over(TRUTH, (A, OFF), looks=2)
    assert len(watch.standings) > 100
    later = AT + timedelta(seconds=700)
    empty = (StatedPicture(name="a", tracks=()), StatedPicture(name="b", tracks=()))
    watch = watched(watch, empty, later, SETTINGS, Policy())
    assert {subject.measure for subject in watch.standings} == {
        Measure.SHIFT,
        Measure.ROTATION,
        Measure.TIME_OFFSET,
        Measure.HEIGHT_OFFSET,
    }
    assert {each.state for each in findings(watch, "a")} == {State.NOT_TESTABLE}
