"""A source whose altitudes look like another datum or unit is named, and only on evidence."""

from collections.abc import Callable
from functools import cache
from random import Random

import pytest
from altitude_values import (
    HERE,
    NOW,
    SNAPSHOTS,
    again,
    conversions,
    motion,
    recorded,
    track,
    undulation_at,
)
from sampling import thinned

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.pressure import Samples, samples_of
from crosstell.core.detection.suspect_altitude import (
    COMPARED_MIN,
    Compared,
    Mistake,
    Suspicion,
    compared_sources,
    compared_with_pressure,
    suspects,
    suspicions,
    witnesses,
)
from crosstell.core.geometry.position import Position
from crosstell.core.instant import later
from crosstell.core.picture.track import Track
from crosstell.core.quantity import FOOT_M

Label = Callable[[Track], Altitude]
SEA, ELLIPSOID = Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID


def height_of(one: Track) -> float:
    altitude = one.history[0].motion.altitude
    assert altitude is not None
    assert altitude.datum is ELLIPSOID
    return altitude.value_m


def above_sea_m(one: Track) -> float:
    return height_of(one) - undulation_at(one.history[0].motion.position)


def pressure_m(one: Track) -> float:
    value_m = one.history[0].motion.pressure_altitude_m
    assert value_m is not None
    return value_m


RIGHT: list[Label] = [
    lambda one: Altitude(value_m=height_of(one), datum=ELLIPSOID),
    lambda one: Altitude(value_m=above_sea_m(one), datum=SEA),
]
WRONG: list[tuple[Mistake, Label]] = [
    (
        Mistake.ELLIPSOID_AS_SEA_LEVEL,
        lambda one: Altitude(value_m=height_of(one), datum=SEA),
    ),
    (
        Mistake.SEA_LEVEL_AS_ELLIPSOID,
        lambda one: Altitude(value_m=above_sea_m(one), datum=ELLIPSOID),
    ),
    (
        Mistake.FEET_AS_METRES,
        lambda one: Altitude(value_m=height_of(one) / FOOT_M, datum=ELLIPSOID),
    ),
    (
        Mistake.METRES_AS_FEET,
        lambda one: Altitude(value_m=above_sea_m(one) * FOOT_M, datum=SEA),
    ),
    (
        Mistake.PRESSURE_AS_GEOMETRIC,
        lambda one: Altitude(value_m=pressure_m(one), datum=SEA),
    ),
    (
        Mistake.PRESSURE_AS_GEOMETRIC,
        lambda one: Altitude(value_m=pressure_m(one), datum=ELLIPSOID),
    ),
]


@cache
def beside(snapshot: int, label: Label) -> tuple[Compared, ...]:
    """A second source of every real aircraft, labelled so, beside the receiver."""
    tracks = recorded(snapshot)
    samples = Samples.of(samples_of(tracks, conversions(), at=NOW))
    return tuple(
        one
        for each in tracks
        for one in compared_sources(again(each, label(each)), each, conversions(), samples)
    )


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
@pytest.mark.parametrize("label", RIGHT)
def test_a_source_that_labels_rightly_is_never_suspected(snapshot: int, label: Label) -> None:
    """ALT-040: of real aircraft, however few or many are compared."""
    compared = beside(snapshot, label)
    assert len(compared) > 40
    random = Random(40)
    for count in range(1, len(compared) + 1, 3):
        assert suspicions(random.sample(compared, count)) == ()


@pytest.mark.parametrize("snapshot", thinned(SNAPSHOTS, every=len(SNAPSHOTS)))
@pytest.mark.parametrize(("mistake", "label"), WRONG)
def test_a_mistake_is_named_by_its_name_and_by_no_other(
    snapshot: int, mistake: Mistake, label: Label
) -> None:
    """ALT-041: with its evidence; in no part of the evidence is another mistake named."""
    compared = beside(snapshot, label)
    (found,) = suspicions(compared)
    assert (found.source, found.against, found.mistake) == ("other feed", "receiver", mistake)
    assert found.compared == found.objects == len(compared)
    assert abs(found.left_m) <= found.tolerance_m < abs(found.off_m)
    random = Random(41)
    for count in range(COMPARED_MIN, len(compared), 3):
        part = suspicions(random.sample(compared, count))
        assert {one.mistake for one in part} <= {mistake}


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
@pytest.mark.parametrize(
    ("mistake", "needed"),
    [
        (Mistake.FEET_AS_METRES, 3),
        (Mistake.METRES_AS_FEET, 3),
        (Mistake.ELLIPSOID_AS_SEA_LEVEL, 12),
        (Mistake.SEA_LEVEL_AS_ELLIPSOID, 14),
    ],
)
def test_how_soon_a_mistake_is_named(snapshot: int, mistake: Mistake, needed: int) -> None:
    """ALT-042: units at once; an undulation of 45 m under accuracies of 45 m takes a dozen."""
    compared = beside(snapshot, dict(WRONG)[mistake])
    random = Random(42)
    for _ in range(20):
        assert [one.mistake for one in suspicions(random.sample(compared, needed))] == [mistake]


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_its_own_pressure_altitude_gives_a_source_away(snapshot: int) -> None:
    """ALT-044: against the offset that the receiver's aircraft show."""
    tracks = recorded(snapshot)
    others = witnesses(samples_of(tracks, conversions(), at=NOW), "other feed")
    for mistake, label in (*WRONG[2:], (None, RIGHT[0]), (None, RIGHT[1])):
        seen = [again(each, label(each)) for each in tracks]
        compared = [c for each in seen for c in compared_with_pressure(each, conversions(), others)]
        assert len(compared) >= 20
        assert [one.mistake for one in suspicions(compared)] == ([mistake] if mistake else [])


def test_a_source_is_not_its_own_witness() -> None:
    """ALT-044: samples of its own, or of the object itself, say nothing for or against it."""
    tracks = recorded(1)
    samples = samples_of(tracks, conversions(), at=NOW)
    others = witnesses(samples, "receiver")
    assert others.rows == ()
    for each in tracks:
        assert compared_with_pressure(each, conversions(), others) == ()
    own = witnesses([one for one in samples if one.track == tracks[0].track] * 9, "other feed")
    assert len(own.rows) == 9
    assert compared_with_pressure(again(tracks[0], RIGHT[0](tracks[0])), conversions(), own) == ()
    with pytest.raises(ValueError, match="both of receiver"):
        compared_sources(tracks[0], tracks[1], conversions())


def test_one_object_seen_often_is_one_witness() -> None:
    """ALT-043: its error may be the same each time; many objects err each in their way."""
    sea = Altitude(value_m=1_000.0 + 2 * undulation_at(HERE), datum=SEA)
    truth = Altitude(value_m=1_000.0 + undulation_at(HERE), datum=SEA)

    def pair(name: str, at_s: list[float]) -> list[Compared]:
        mine = track(name, *(motion(sea, age_s=age) for age in at_s), source="a")
        other = track(f"{name}-b", *(motion(truth, age_s=age) for age in at_s), source="b")
        return list(compared_sources(mine, other, conversions()))

    often = pair("one", [float(age) for age in range(60, 0, -1)])
    assert len(often) == 60
    assert suspicions(often) == ()
    many = [c for number in range(12) for c in pair(f"t-{number}", [float(number)])]
    assert [one.mistake for one in suspicions(many)] == [Mistake.ELLIPSOID_AS_SEA_LEVEL]


def test_observations_too_far_apart_in_time_are_not_compared() -> None:
    """ALT-043."""
    sea = Altitude(value_m=1_000.0, datum=SEA)
    mine, other = (
        track("a", motion(sea), source="a"),
        track("b", motion(sea, age_s=5.1), source="b"),
    )
    assert compared_sources(mine, other, conversions()) == ()
    near = track("b", motion(sea, age_s=4.9), source="b")
    (one,) = compared_sources(mine, near, conversions())
    assert one.own_m == pytest.approx(45.0 + 45.0 + 4.9 * 20.0)


def test_where_the_geoid_is_near_the_ellipsoid_nothing_is_named() -> None:
    """ALT-041: there the mistake makes no difference that the accuracies would show."""
    equator = [Position(lat_deg=0.0, lon_deg=lon / 4) for lon in range(-720, 720)]
    flat = [place for place in equator if abs(undulation_at(place)) < 10.0][:20]
    assert len(flat) == 20
    compared = [
        one
        for number, place in enumerate(flat)
        for one in compared_sources(
            track(
                f"a-{number}",
                motion(Altitude(value_m=900.0 + undulation_at(place), datum=SEA), position=place),
                source="a",
            ),
            track(
                f"b-{number}",
                motion(Altitude(value_m=900.0, datum=SEA), position=place),
                source="b",
            ),
            conversions(),
        )
    ]
    assert len(compared) == 20
    assert suspicions(compared) == ()


def test_where_two_mistakes_would_explain_it_neither_is_named() -> None:
    """ALT-041: pressure altitude lies as far below the sea's surface as the geoid above ours."""
    n_m = undulation_at(HERE)
    pairs, held = [], []
    for number in range(12):
        height_m = 1_000.0 + number
        truth = motion(Altitude(value_m=height_m, datum=SEA), height_m + n_m)
        wrong = motion(Altitude(value_m=height_m + n_m, datum=SEA))
        held.append(track(f"b-{number}", truth, source="b", address=f"n{number}"))
        pairs.append((track(f"a-{number}", wrong, source="a", address=f"n{number}"), held[-1]))
    samples = Samples.of(samples_of(held, conversions(), at=NOW))
    known = [c for one, two in pairs for c in compared_sources(one, two, conversions(), samples)]
    unknown = [c for one, two in pairs for c in compared_sources(one, two, conversions())]
    assert suspicions(known) == ()
    assert [one.mistake for one in suspicions(unknown)] == [Mistake.ELLIPSOID_AS_SEA_LEVEL]


def test_differences_all_over_the_place_are_no_one_mistake() -> None:
    """ALT-043: though the one in the middle would fit."""
    n_m = undulation_at(HERE)

    def compared(by_m: float) -> list[Compared]:
        found: list[Compared] = []
        for number in range(-2, 3):
            off_m = n_m + number * by_m
            wrong = motion(Altitude(value_m=2_000.0 + off_m, datum=SEA), accuracy_m=10.0)
            truth = motion(Altitude(value_m=2_000.0, datum=SEA), accuracy_m=10.0)
            one = track(f"a-{number + 2}", wrong, source="a")
            other = track(f"b-{number + 2}", truth, source="b")
            found += compared_sources(one, other, conversions())
        return found

    assert [one.mistake for one in suspicions(compared(5.0))] == [Mistake.ELLIPSOID_AS_SEA_LEVEL]
    assert suspicions(compared(200.0)) == ()


def test_the_moment_from_which_the_evidence_sufficed_is_told() -> None:
    """ALT-042."""
    feet = Altitude(value_m=1_000.0 / FOOT_M, datum=SEA)
    truth = Altitude(value_m=1_000.0, datum=SEA)
    ages = [50.0, 40.0, 30.0, 20.0, 10.0]
    mine = track("a", *(motion(feet, age_s=age) for age in ages), source="a")
    other = track("b", *(motion(truth, age_s=age) for age in ages), source="b")
    (found,) = suspicions(compared_sources(mine, other, conversions()))
    assert found.mistake is Mistake.FEET_AS_METRES
    assert found.first_at == later(NOW, by_s=-50.0)
    assert found.named_at == later(NOW, by_s=-30.0)


def test_of_two_sources_that_differ_each_is_suspected_against_the_other() -> None:
    """ALT-045: the view over all tracks; who is right is for a person to find out."""
    tracks = recorded(1)
    wrong = [again(each, WRONG[0][1](each)) for each in tracks]
    found = suspects([*wrong, *tracks], conversions(), at=NOW)

    def brief(one: Suspicion) -> tuple[str, str, Mistake]:
        return one.source, one.against, one.mistake

    assert [brief(one) for one in found] == [
        ("other feed", "receiver", Mistake.ELLIPSOID_AS_SEA_LEVEL),
        ("receiver", "other feed", Mistake.SEA_LEVEL_AS_ELLIPSOID),
    ]
    right = [again(each, RIGHT[1](each)) for each in tracks]
    assert suspects([*right, *tracks], conversions(), at=NOW) == ()
