"""Registration of two pictures: alignment, the shared offset, and every refusal by geometry."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from picture_scenes import AT, HERE, Seen, Truth, picture, right_share, spread

from crosstell.core.assessment.registration.aligned import Aligned, align
from crosstell.core.assessment.registration.candidates import Search
from crosstell.core.assessment.registration.estimate import moved
from crosstell.core.assessment.registration.register import (
    Refusal,
    Refused,
    Registered,
    register,
)
from crosstell.core.assessment.stated import Noise, NotTestable, StatedPicture, StatedTrack
from crosstell.core.geometry.position import Position

OFF = Seen(name="b", shift_m=(700.0, -560.0), turn_deg=0.34, late_s=3.0, dropped=0.15)
ONE = Seen(name="a", dropped=0.15)
PLACES = {"here": HERE, "antimeridian": (-17.0, 180.0), "pole": (89.9, 33.0), "equator": (0.1, 0.0)}

Sides = tuple[Aligned, Aligned]


def sides_of(one: StatedPicture, other: StatedPicture) -> Sides:
    return align((one, other), AT, Noise())[0]


def registered(one: StatedPicture, other: StatedPicture) -> tuple[Sides, Registered]:
    sides = sides_of(one, other)
    found = register(*sides, Search())
    assert isinstance(found, Registered), found
    return sides, found


def refusal(one: StatedPicture, other: StatedPicture) -> Refusal:
    found = register(*sides_of(one, other), Search())
    assert isinstance(found, Refused), found
    return found.reason


def pairs_of(sides: Sides, found: Registered) -> list[tuple[str, str]]:
    return [
        (sides[0].tracks[i].track, sides[1].tracks[j].track)
        for i, j in zip(found.pairs.one.tolist(), found.pairs.other.tolist(), strict=True)
    ]


def with_motion(track: StatedTrack, **changes: object) -> StatedTrack:
    return replace(track, motion=replace(track.motion, **changes))  # type: ignore[arg-type]


def test_dis_001_statements_are_carried_to_one_instant_and_grow_less_sure() -> None:
    truth = spread(20, 1)
    fresh = Seen(sigma_m=1.0, velocity_sigma_mps=0.0)
    old = replace(fresh, name="b", age_s=20.0)
    sides = sides_of(picture(truth, fresh, 1), picture(truth, old, 1))
    apart = sides[1].place_m - sides[0].place_m
    assert np.abs(apart).max() < 20.0  # geodesic courses bend by metres over 5 km
    assert (sides[1].variance_m2 > sides[0].variance_m2 + (20.0 * 5.0) ** 2).all()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"at": AT - timedelta(seconds=31)}, NotTestable.STALE),
        ({"at": AT + timedelta(seconds=3)}, NotTestable.TIME_AHEAD),
        ({"position_accuracy_m": None}, NotTestable.POSITION_ACCURACY_UNKNOWN),
        ({"velocity": None}, NotTestable.VELOCITY_UNKNOWN),
        ({"position": Position(lat_deg=-40.0, lon_deg=100.0)}, NotTestable.TOO_FAR),
    ],
)
def test_dis_002_what_cannot_be_tested_is_named_with_its_reason(
    changes: dict[str, object], reason: NotTestable
) -> None:
    one, other = picture(spread(20, 1), ONE, 1), picture(spread(20, 1), OFF, 1)
    odd = with_motion(one.tracks[3], **changes)
    tracks = tuple(odd if track is one.tracks[3] else track for track in one.tracks)
    sides, left = align((replace(one, tracks=tracks), other), AT, Noise())
    assert [(each.picture, each.track, each.reason) for each in left] == [("a", odd.track, reason)]
    assert odd.track not in [track.track for track in sides[0].tracks]
    assert len(sides[0]) == len(one.tracks) - 1


@pytest.mark.parametrize("centre", PLACES.values(), ids=PLACES)
def test_dis_003_the_place_on_the_globe_does_not_matter(centre: tuple[float, float]) -> None:
    truth = spread(60, 5)
    sides, found = registered(
        picture(truth, ONE, 5, centre=centre), picture(truth, OFF, 5, centre=centre)
    )
    pairs = pairs_of(sides, found)
    assert right_share(pairs) == 1.0
    assert len(pairs) >= 0.97 * len(
        {track.track[1:] for track in sides[0].tracks}
        & {track.track[1:] for track in sides[1].tracks}
    )
    # Near the pole the plane's north is that of its middle; sizes do not depend on it.
    at_middle = moved(np.zeros((1, 2)), np.zeros((1, 2)), found.offset.value)[0]
    assert np.hypot(*at_middle) == pytest.approx(np.hypot(700.0, 560.0), abs=150.0)
    assert np.degrees(found.offset.rotation_rad) == pytest.approx(-0.34, abs=0.02)
    assert found.offset.time_s == pytest.approx(3.0, abs=0.3)


def test_dis_004_the_order_of_tracks_does_not_matter() -> None:
    one, other = picture(spread(60, 5), ONE, 5), picture(spread(60, 5), OFF, 5)
    _, plain = registered(one, other)
    _, turned = registered(
        replace(one, tracks=one.tracks[::-1]), replace(other, tracks=other.tracks[::-1])
    )
    assert plain.offset.value.tobytes() == turned.offset.value.tobytes()
    assert plain.pairs.one.tolist() == turned.pairs.one.tolist()
    assert plain.pairs.other.tolist() == turned.pairs.other.tolist()


def test_dis_004_what_is_no_statement_is_refused_by_name() -> None:
    one = picture(spread(3, 5), Seen(), 5)
    with pytest.raises(ValueError, match="track a00001 is stated twice"):
        replace(one, tracks=(*one.tracks, one.tracks[1]))
    with pytest.raises(ValueError, match="not finite"):
        Position(lat_deg=float("nan"), lon_deg=0.0)
    with pytest.raises(ValueError, match="position_accuracy_m nan"):
        with_motion(one.tracks[0], position_accuracy_m=float("nan"))
    with pytest.raises(ValueError, match="stale_s is 0"):
        Noise(stale_s=0.0)
    with pytest.raises(ValueError, match="time_s_max is inf"):
        Search(time_s_max=float("inf"))


def true_offset(truth: Truth, off: Seen) -> np.ndarray:
    """The offset by plain least squares over the same objects without noise."""
    quiet = Seen(sigma_m=1e-6, stated_sigma_m=70.0, velocity_sigma_mps=0.0)
    sides = sides_of(
        picture(truth, quiet, 0),
        picture(
            truth,
            replace(
                quiet,
                name="b",
                shift_m=off.shift_m,
                turn_deg=off.turn_deg,
                late_s=off.late_s,
            ),
            0,
        ),
    )
    here, velocity = sides[0].place_m, sides[0].velocity_mps
    apart = sides[1].place_m - here
    rows = np.zeros((2 * len(here), 4))
    rows[::2, 0] = rows[1::2, 1] = 1.0
    rows[::2, 2], rows[1::2, 2] = -here[:, 1], here[:, 0]
    rows[:, 3] = -velocity.ravel()
    return np.asarray(np.linalg.lstsq(rows, apart.ravel(), rcond=None)[0])


@pytest.mark.long
def test_dis_011_the_covariance_of_the_offset_is_honest() -> None:
    """Over 60 worlds the squared error over the stated covariance is about its four components."""
    squared = []
    for seed in range(60):
        truth = spread(40, seed)  # nothing dropped: the middle of the plane is then the truth's
        off = replace(OFF, dropped=0.0)
        _, found = registered(picture(truth, Seen(), seed), picture(truth, off, seed))
        error = found.offset.value - true_offset(truth, off)
        squared.append(float(error @ np.linalg.solve(found.offset.matrix, error)))
    assert 2.4 < np.mean(squared) < 5.2  # 4 in the mean; 60 samples scatter by 0.37
    assert np.mean(np.array(squared) > 13.28) < 0.05  # 1 % if the law were exact


def test_dis_011_heavy_tails_and_false_tracks_do_not_pull_the_offset() -> None:
    truth = spread(80, 3)
    off = replace(OFF, tails_dof=3.0, dropped=0.0, false=20)
    one = picture(truth, Seen(tails_dof=3.0, false=20), 3)
    sides, found = registered(one, picture(truth, off, 3))
    error = found.offset.value - true_offset(truth, off)
    assert np.hypot(*error[:2]) < 200.0  # false tracks move the middle of the plane by kilometres
    assert abs(error[2]) < 5e-4
    assert abs(error[3]) < 0.3
    assert right_share(pairs_of(sides, found)) > 0.97
    assert found.inflation > 1.0


@pytest.mark.parametrize(
    ("shift_m", "turn_deg", "late_s"),
    [
        ((0.0, 0.0), 0.0, 0.0),
        ((1_900.0, 0.0), -0.7, 5.5),
        ((0.0, -1_900.0), 0.7, -5.5),
        ((900.0, 0.0), 0.0, 0.0),
        ((0.0, 0.0), 0.0, 5.0),
        ((0.0, 0.0), 0.75, 0.0),
    ],
)
def test_dis_012_nothing_but_bounds_need_be_known_before(
    shift_m: tuple[float, float], turn_deg: float, late_s: float
) -> None:
    truth = spread(60, 9)
    off = replace(OFF, shift_m=shift_m, turn_deg=turn_deg, late_s=late_s)
    sides, found = registered(picture(truth, ONE, 9), picture(truth, off, 9))
    assert right_share(pairs_of(sides, found)) == 1.0
    assert found.offset.time_s == pytest.approx(late_s, abs=0.3)
    assert np.degrees(found.offset.rotation_rad) == pytest.approx(-turn_deg, abs=0.03)


def test_dis_013_few_tracks_and_few_matches_are_refused() -> None:
    truth = spread(40, 2)
    few = picture(truth, Seen(without=frozenset(range(4, 40))), 2)
    assert refusal(few, picture(truth, OFF, 2)) is Refusal.TOO_FEW_TRACKS
    assert refusal(picture(truth, ONE, 2), picture(spread(40, 77), OFF, 2)) is (
        Refusal.TOO_FEW_MATCHES
    )
    empty = StatedPicture(name="b", tracks=())
    assert refusal(picture(truth, ONE, 2), empty) is Refusal.TOO_FEW_TRACKS


def test_dis_014_parallel_tracks_leave_shift_and_time_apart_open() -> None:
    truth = replace(spread(40, 2), course_deg=np.full(40, 70.0), speed_mps=np.full(40, 220.0))
    assert refusal(picture(truth, ONE, 2), picture(truth, OFF, 2)) is Refusal.PARALLEL_TRACKS
    both_ways = replace(truth, course_deg=np.where(np.arange(40) % 2, 70.0, 250.0))
    registered(picture(both_ways, ONE, 2), picture(both_ways, OFF, 2))


def test_dis_015_objects_in_one_spot_leave_the_rotation_open() -> None:
    truth = spread(12, 2, extent_m=4_000.0)
    near = replace(OFF, shift_m=(100.0, 0.0))
    assert refusal(picture(truth, Seen(), 2), picture(truth, near, 2)) is Refusal.ONE_SPOT


def test_dis_016_a_second_pattern_that_fits_as_well_is_refused() -> None:
    """A convoy at equal distances lies on itself when it is moved by one place."""
    count = 30
    truth = Truth(
        east_m=np.array([900.0 * number - 13_500.0 for number in range(count)]),
        north_m=np.zeros(count),
        course_deg=np.full(count, 90.0),
        speed_mps=np.full(count, 15.0),
        height_m=np.full(count, 100.0),
    )
    small = Seen(sigma_m=10.0, velocity_sigma_mps=0.5)
    found = register(
        *sides_of(
            picture(truth, small, 2),
            picture(truth, replace(small, name="b", shift_m=(450.0, 0.0)), 2),
        ),
        Search(),
    )
    assert isinstance(found, Refused)
    assert found.reason is Refusal.AMBIGUOUS
    assert found.rival_share > 0.9


def test_dis_016_a_lattice_that_moves_every_way_is_refused_too() -> None:
    """Nine by nine ships, all drifting with one velocity: any step of the lattice fits."""
    east = np.array([1_000.0 * (number // 9) for number in range(81)])
    north = np.array([1_000.0 * (number % 9) for number in range(81)])
    truth = Truth(
        east_m=east,
        north_m=north,
        course_deg=np.full(81, 30.0),
        speed_mps=np.full(81, 5.0),
        height_m=np.zeros(81),
    )
    small = Seen(sigma_m=20.0, velocity_sigma_mps=0.5)
    other = replace(small, name="b", shift_m=(480.0, 510.0))
    assert refusal(picture(truth, small, 2), picture(truth, other, 2)) is Refusal.AMBIGUOUS


def test_dis_017_accuracies_that_say_nothing_are_refused() -> None:
    truth = spread(80, 2)
    boast = Seen(sigma_m=70.0, stated_sigma_m=10.0)
    found = refusal(picture(truth, boast, 2), picture(truth, replace(boast, name="b"), 2))
    assert found is Refusal.RESIDUALS_TOO_LARGE


def test_dis_018_what_lies_beyond_the_search_is_refused() -> None:
    truth = spread(60, 2)
    far = replace(OFF, shift_m=(0.0, 2_450.0), turn_deg=0.0, late_s=0.0)
    assert refusal(picture(truth, ONE, 2), picture(truth, far, 2)) is Refusal.BEYOND_SEARCH
    further = replace(OFF, shift_m=(0.0, 9_000.0))
    assert refusal(picture(truth, ONE, 2), picture(truth, further, 2)) is Refusal.TOO_FEW_MATCHES


def test_dis_018_a_crowd_that_cannot_be_told_apart_is_refused() -> None:
    truth = spread(700, 2, extent_m=300.0)
    slow = replace(truth, speed_mps=np.full(700, 1.0))
    found = refusal(picture(slow, Seen(), 2), picture(slow, Seen(name="b"), 2))
    assert found is Refusal.TOO_CROWDED


def test_dis_023_a_pair_with_a_rival_as_good_is_marked() -> None:
    truth = spread(40, 4)
    for column in (truth.east_m, truth.north_m, truth.course_deg, truth.speed_mps, truth.height_m):
        column[1] = column[0]
    truth.east_m[1] += 60.0  # two in formation, nearer than the accuracies tell apart
    sides, found = registered(picture(truth, Seen(), 4), picture(truth, Seen(name="b"), 4))
    marked = [
        one for (one, _), doubt in zip(pairs_of(sides, found), found.doubtful, strict=True) if doubt
    ]
    assert marked == ["a00000", "a00001"]
