"""Entries into and exits from every shape against brute force on the geodesic (see `shape_brute`).

The oracle samples the course, measures each sample the slow way, and closes in on every dip (or
peak) by golden section over time.
"""

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples, thinned
from shape_brute import (
    EARTH,
    MAKERS,
    Brute,
    Scene,
    at,
    in_bearings,
    lowest,
    make_scene,
    range_m,
    reach_point,
    spot_of,
)

from crosstell.core.geometry.approach import (
    EDGE_M,
    OUT_M,
    TIE_M,
    Course,
    Undecided,
    chord_bound_m,
    first_beyond,
    first_within,
    is_within,
    signed_at,
)
from crosstell.core.geometry.footprint import RadarArc

SAMPLES = 20
NOISE_M = 0.000_01  # of the oracle: golden section and geodesics
kinds = st.sampled_from(sorted(MAKERS))
seeds = st.integers(0, 2**32)


def found_by(scene: Scene, search: Callable[..., object], start_s: float = 0.0) -> float | None:
    way = Course.of(scene.start, track_deg=scene.track_deg, speed_mps=scene.speed_mps, lead_s=0.0)
    found = search(way, scene.footprint, limit_m=scene.limit_m, start_s=start_s, end_s=scene.end_s)
    assert found is None or isinstance(found, float), f"{scene}: search gave up: {found}"
    return found


def least_gap(
    scene: Scene, brute: Brute, span: tuple[float, float], sign: float, *, ends: bool
) -> float:
    """The least of `sign` times the gap over a span; its end is left out unless `ends`."""
    start_s, until_s = span
    times = [start_s + (until_s - start_s) * k / SAMPLES for k in range(SAMPLES + ends)]

    def gap_m(time_s: float, *, steps: int = 60) -> float:
        return sign * (brute.signed_m(scene.place(time_s), steps=steps) - scene.limit_m)

    gaps = [gap_m(time_s, steps=14) for time_s in times]
    least_m = min(gap_m(times[k]) for k in range(len(gaps)) if gaps[k] == min(gaps))
    dips = [k for k in range(len(gaps)) if gaps[k] == min(gaps[max(0, k - 1) : k + 2])]
    if not ends and dips and dips[-1] == len(gaps) - 1:
        dips.pop()  # the way to the instant found itself
    for k in dips:
        low, high = times[max(0, k - 1)], times[min(len(times) - 1, k + 1)]
        if gaps[k] < scene.speed_mps * (high - low):
            least_m = min(least_m, lowest(gap_m, low, high, 30)[1])
    return least_m


def check_entry(scene: Scene) -> float | None:
    """Assert that the search neither misses nor invents an entry; the entry."""
    found = found_by(scene, first_within)
    brute = Brute(scene.footprint)
    if found is not None:
        gap_m = brute.signed_m(scene.place(found)) - scene.limit_m
        assert gap_m <= TIE_M + EDGE_M + NOISE_M, f"{scene}: false entry at {found}: {gap_m}"
    until_s = scene.end_s if found is None else found
    if until_s > 0.0:
        least_m = least_gap(scene, brute, (0.0, until_s), 1.0, ends=found is None)
        assert least_m > TIE_M - NOISE_M, f"{scene}: {found} misses a gap of {least_m} m"
    return found


def check_exit(scene: Scene, start_s: float) -> float | None:
    """Assert that the search neither misses nor invents an exit; the exit."""
    found = found_by(scene, first_beyond, start_s)
    brute = Brute(scene.footprint)
    if found is not None:
        gap_m = brute.signed_m(scene.place(found)) - scene.limit_m
        assert gap_m >= OUT_M - EDGE_M - NOISE_M, f"{scene}: false exit at {found}: {gap_m}"
        late = found > start_s and gap_m > OUT_M + NOISE_M
        assert not late, f"{scene}: exit found late at {found}: {gap_m}"
    until_s = scene.end_s if found is None else found
    if until_s > start_s:
        most_m = -least_gap(scene, brute, (start_s, until_s), -1.0, ends=found is None)
        assert most_m < OUT_M + NOISE_M, f"{scene}: {found} misses an exit of {most_m} m"
    return found


def check(scene: Scene) -> tuple[bool, bool]:
    """Entry, then the exit after it; whether there is each."""
    entry = check_entry(scene)
    leave = check_exit(scene, entry if entry is not None else 0.0)
    return entry is not None, leave is not None


@settings(max_examples=examples(32), deadline=None, derandomize=True)
@given(seeds, kinds)
@example(0, "radar-arc")
def test_entries_and_exits_equal_brute_force(seed: int, kind: str) -> None:
    """GEO-012, GEO-013, GEO-047: no miss and nothing invented, beyond a tenth of a millimetre."""
    check(make_scene(random.Random(seed), kind))


def test_exits_from_circles_equal_brute_force() -> None:
    """GEO-047."""
    rng = random.Random("circles")
    assert sum(check(make_scene(rng, "circle"))[1] for _ in range(12)) > 3


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_campaign_of_entries_and_exits(kind: str) -> None:
    """GEO-013, GEO-047: a hundred random scenes of each kind with a fixed seed."""
    rng = random.Random(f"shapes:{kind}")
    found = [check(make_scene(rng, kind)) for _ in range(100)]
    assert sum(entered for entered, _ in found) > 40
    assert sum(left for _, left in found) > 20


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_signed_distance_equals_brute_force(kind: str) -> None:
    """GEO-011, GEO-040 to GEO-046: at poles and antimeridian alike, inside, outside and far."""
    rng = random.Random(f"signed:{kind}")
    for _ in range(examples(80)):
        scene = make_scene(rng, kind)
        here = scene.place(scene.end_s * rng.random())
        brute_m = Brute(scene.footprint).signed_m(here)
        assert signed_at(here, scene.footprint) == pytest.approx(brute_m, abs=1e-5), scene


@given(seeds, kinds, st.sampled_from((-1.0, -0.02, -1e-9, 0.0, 1e-9, 0.02, 1.0)))
def test_the_quick_answer_is_that_of_the_distance(seed: int, kind: str, off_m: float) -> None:
    """GEO-051: at random places, and with a limit that meets the distance nearly or exactly."""
    rng = random.Random(seed)
    scene = make_scene(rng, kind)
    for here in (scene.start, spot_of(scene.place(scene.end_s * rng.random()))):
        signed_m = signed_at(at(here), scene.footprint)
        for limit_m in (0.0, TIE_M, abs(signed_m), max(0.0, signed_m + off_m)):
            found = is_within(here, scene.footprint, limit_m=limit_m)
            assert found == (signed_m <= limit_m), (scene, limit_m)


@given(seeds, kinds)
def test_the_bound_holds_every_shape(seed: int, kind: str) -> None:
    """GEO-012, GEO-048: the ball around the middle loses nothing."""
    rng = random.Random(seed)
    scene = make_scene(rng, kind)
    for here in (scene.start, spot_of((rng.uniform(-90, 90), rng.uniform(-180, 180)))):
        signed_m = signed_at(at(here), scene.footprint)
        assert chord_bound_m(here, scene.footprint) <= max(0.0, signed_m) + 1e-6


def rim_m(arc: RadarArc, here: tuple[float, float], radius_m: float) -> float:
    """The distance to one arc, over its bearings, without Gauss's lemma."""
    wide = 360.0
    if arc.to_bearing_deg != 360.0:
        wide = (arc.to_bearing_deg - arc.from_bearing_deg) % 360.0

    def far_m(turn: float) -> float:
        point = reach_point(at(arc.centre), arc.from_bearing_deg + turn, radius_m)
        return range_m(here, point)

    marks = [wide * k / 36 for k in range(37)]
    best = min(range(37), key=lambda k: far_m(marks[k]))
    low, high = marks[best] - wide / 36, marks[best] + wide / 36
    if wide < 360.0:
        low, high = max(0.0, low), min(wide, high)
    return min(far_m(marks[0]), far_m(marks[-1]), lowest(far_m, low, high, 60)[1])


def test_a_radar_arc_is_what_its_definition_says() -> None:
    """GEO-045: against the distance to every point of its arcs and radial edges."""
    rng = random.Random("rim")
    for _ in range(examples(80)):
        scene = make_scene(rng, "radar-arc")
        arc = scene.footprint
        assert isinstance(arc, RadarArc)
        here = scene.place(scene.end_s * rng.random())
        polar = EARTH.Inverse(*at(arc.centre), *here)
        inside = in_bearings(arc, polar["azi1"])
        inside &= arc.inner_radius_m <= polar["s12"] <= arc.outer_radius_m
        edges = [rim_m(arc, here, arc.outer_radius_m)]
        if arc.inner_radius_m > 0.0:
            edges.append(rim_m(arc, here, arc.inner_radius_m))
        brute = Brute(arc)
        if brute.lines:
            edges.append(abs(min(brute_edge(here, line) for line in brute.lines)))
        signed_m = -min(edges) if inside else min(edges)
        assert signed_at(here, arc) == pytest.approx(signed_m, abs=1e-4), scene


def brute_edge(here: tuple[float, float], line: object) -> float:
    """The distance to a radial edge, by samples closed in on."""

    def far_m(mark: float) -> float:
        point = line.Position(mark)  # type: ignore[attr-defined]
        return range_m(here, (point["lat2"], point["lon2"]))

    whole_m = line.s13  # type: ignore[attr-defined]
    marks = [whole_m * k / 24 for k in range(25)]
    best = min(range(25), key=lambda k: far_m(marks[k]))
    low, high = marks[max(0, best - 1)], marks[min(24, best + 1)]
    return min(far_m(marks[best]), lowest(far_m, low, high, 60)[1])


def a_ring(inner_m: float, outer_m: float, *bearings: float) -> RadarArc:
    return RadarArc(
        centre=spot_of((36.5, 40.7)),
        inner_radius_m=inner_m,
        outer_radius_m=outer_m,
        from_bearing_deg=bearings[0],
        to_bearing_deg=bearings[1],
    )


def test_a_thin_arc_is_met_from_within_its_hole() -> None:
    """GEO-013, GEO-045: out of the hole, and in at one side of the ring and across the hole."""
    centre = (36.5, 40.7)
    thin = a_ring(10_000.0, 10_010.0, 0.0, 360.0)
    scene = Scene(spot_of(centre), 70.0, 100.0, thin, 0.0, 300.0)
    assert check_entry(scene) == pytest.approx(100.0, abs=1e-3)
    north = a_ring(50_000.0, 50_010.0, 300.0, 60.0)
    for away_m in (50_005.0, 45_000.0, 60_000.0):
        start = spot_of(reach_point(centre, 180.0, away_m))
        across = Scene(start, 0.0, 250.0, north, 0.0, 600.0)
        assert check_entry(across) == pytest.approx((away_m + 50_000.0) / 250.0, abs=1e-3)


@pytest.mark.parametrize(
    "below_m", thinned((0.000_15, 0.000_25, 0.000_35, 0.000_5, 0.001), every=4)
)
def test_an_exit_past_a_corner_is_not_late(below_m: float) -> None:
    """GEO-047: over a corner at the very limit, at a right angle to the radial edge."""
    arc = a_ring(10_000.0, 100_000.0, 270.0, 360.0)
    over = spot_of(reach_point((36.5, 40.7), 0.0, 100_001.0))
    limit_m = range_m((36.5, 40.7), at(over)) - 100_000.0 - OUT_M + below_m
    start = spot_of(reach_point(at(over), 270.0, 3.0))
    onward = (EARTH.Inverse(*at(start), *at(over))["azi1"]) % 360.0
    scene = Scene(start, onward, 1.0, arc, limit_m, 60.0)
    leave = check_exit(scene, 0.0)
    assert leave is not None
    assert 2.9 < leave < 3.2


def test_nothing_leaves_as_it_enters() -> None:
    """GEO-047: from the entry on, a course that goes on inwards stays a while."""
    rng = random.Random("stay")
    stayed = 0
    for _ in range(60):
        scene = make_scene(rng, rng.choice(sorted(MAKERS)))
        entry = found_by(scene, first_within)
        if entry is None or scene.speed_mps == 0.0:
            continue
        leave = found_by(scene, first_beyond, entry)
        assert leave is None or leave > entry
        stayed += leave is None or (leave - entry) * scene.speed_mps > math.sqrt(EDGE_M)
    assert stayed > 20


def sliding(rng: random.Random, kind: str) -> Scene:
    """A course along an edge or a rim, on it or within millimetres of it."""
    footprint, aim = MAKERS[kind](rng)
    limit_m = rng.choice((0.0, 0.0, 1.0, 926.0))
    beyond_m = limit_m + rng.choice((0.0, 0.0, TIE_M, OUT_M, rng.uniform(-0.01, 0.01)))
    brute = Brute(footprint)
    if brute.lines and rng.random() < 0.8:
        line = rng.choice(brute.lines)
        point = line.Position(line.s13 * rng.choice((0.0, rng.random(), 0.1 * rng.random())))
        aside_m = rng.choice((0.0, -1.0, 1.0)) * (brute.half_m + beyond_m)
        spot = (point["lat2"], point["lon2"])
        via = EARTH.Direct(*spot, point["azi2"] + 90.0, aside_m)
    else:
        via = EARTH.Direct(*aim.spot, aim.out_deg, beyond_m)
    turn = rng.choice((0.0, 0.0, 180.0, 1e-6, -1e-5, 1e-4))
    start = spot_of((via["lat2"], via["lon2"]))
    return Scene(start, via["azi2"] - 90.0 + turn, 250.0, footprint, limit_m, 120.0)


def test_along_an_edge_the_search_goes_on() -> None:
    """GEO-015, GEO-047: on a tie for 30 km, hardly any search reaches its bound."""
    rng = random.Random("along")
    bounded = 0
    for _ in range(150):
        scene = sliding(rng, rng.choice(sorted(MAKERS)))
        way = Course.of(scene.start, track_deg=scene.track_deg, speed_mps=250.0, lead_s=0.0)
        for search in (first_within, first_beyond):
            found = search(
                way, scene.footprint, limit_m=scene.limit_m, start_s=0.0, end_s=scene.end_s
            )
            bounded += isinstance(found, Undecided)
    assert bounded <= 1


@pytest.mark.long
def test_a_campaign_along_edges() -> None:
    """GEO-013, GEO-047: what is found along an edge is what brute force finds."""
    rng = random.Random("edges")
    for _ in range(60):
        scene = sliding(rng, rng.choice(sorted(MAKERS)))
        check(scene)
        check_exit(scene, 0.0)
