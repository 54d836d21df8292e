"""What the live index names, and that it follows the state, the clock and the node."""

from dataclasses import replace
from datetime import datetime, timedelta

from node_pair import ALPHA, BRAVO, SEA, START, World, roz, seen

from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import NoticeId, RuleId, TrackId
from crosstell.core.mechanism.assess.judged import judged_tests
from crosstell.core.mechanism.assess.nearness import Moving, held_tracks, places_near, widest
from crosstell.core.mechanism.assess.picturing import NODES_KEPT_MAX, standing_of
from crosstell.core.mechanism.concern import Subject
from crosstell.core.picture.content import Zone
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.track import Observation
from crosstell.core.state.state import State

APART = Criterion(
    rule=RuleId("apart"),
    reading=None,
    lateral_m=2_000.0,
    vertical_m=300.0,
    horizon_s=300.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=70.0,
    stale_after_s=180.0,
)
CLAIM_S = 120.0  # how long a claim that is not trusted counts (docs/spec/trust.md)


def zone(name: str, *, north_m: float, version: int = 1) -> NoticeFiled:
    """A zone of 5 km radius, so far north of SEA."""
    filed = roz(name, ALPHA, version=version)
    assert isinstance(filed.content, Zone)
    footprint = Circle(centre=north_of_sea(north_m), radius_m=5_000.0)
    volume = replace(filed.content.volume, footprint=footprint)
    return replace(filed, content=replace(filed.content, volume=volume))


def north_of_sea(north_m: float) -> Position:
    return Position(lat_deg=SEA.lat_deg + north_m / 111_000.0, lon_deg=SEA.lon_deg)


def near(state: State, now: datetime) -> list[str]:
    """The notices that track t1 may come near."""
    motions = Moving(state.journal.tracks, now).motions(TrackId("t1"))
    tests = judged_tests(state, Subject.TRACK_AT_NOTICE)
    reach = widest(judged.criterion for judged in tests)
    return sorted(notice for _, notice in places_near(state, motions, reach, now))


def test_the_index_names_what_is_near_and_follows_each_version() -> None:
    """MEC-084, MEC-121: filed, moved away, moved back, withdrawn; the far ones are left out."""
    world = World()
    for number in range(20):
        world.settle(BRAVO, zone(f"far-{number}", north_m=400_000.0 + 20_000.0 * number))
    world.settle(BRAVO, zone("roz-b", north_m=0.0))
    world.sees(ALPHA, 20_000.0)
    there = world.state(ALPHA)
    assert near(there, world.now) == ["roz-b"]
    world.settle(BRAVO, zone("roz-b", north_m=-400_000.0, version=2))
    assert near(world.state(ALPHA), world.now) == []
    assert near(there, world.now) == ["roz-b"]
    world.settle(BRAVO, zone("roz-b", north_m=1_000.0, version=3))
    assert near(world.state(ALPHA), world.now) == ["roz-b"]
    gone = NoticeWithdrawn(notice=NoticeId("roz-b"), version=3, reason="over")
    world.settle(BRAVO, gone)
    assert near(world.state(ALPHA), world.now) == []


def test_nodes_of_one_process_do_not_see_each_others_notices() -> None:
    """MEC-121: more nodes than are kept, asked in turn."""
    worlds = [World(seed=f"world {number}") for number in range(NODES_KEPT_MAX + 2)]
    for number, world in enumerate(worlds):
        world.settle(BRAVO, zone(f"roz-{number}", north_m=0.0))
    for _ in range(2):
        for number, world in enumerate(worlds):
            held = standing_of(world.state(ALPHA)).in_order
            assert [one.notice for one in held] == [f"roz-{number}"]


def test_a_claim_that_counts_again_when_the_clock_goes_back_is_found() -> None:
    """MEC-120, MEC-121: a track was here and claims to be far; later the claim alone counts."""
    world, jump = World(), START + timedelta(seconds=10.0)
    observations = (
        seen(START, 0.0, track="stray"),
        seen(START + timedelta(seconds=5.0), -300.0, track="stray"),
        seen(jump, 500_000.0, track="stray"),
        seen(jump, 3_000.0, track="own"),
    )
    for one in observations:
        world.now = max(world.now, one.received_at)
        world.observe(ALPHA, one)
    state = world.state(ALPHA)
    tracks, late = state.journal.tracks, jump + timedelta(seconds=CLAIM_S)
    own = Moving(tracks, jump).motions(TrackId("own"))
    after = held_tracks(state, Moving(tracks, late), APART)
    assert TrackId("stray") not in after.near(own, late)
    before = held_tracks(state, Moving(tracks, jump), APART)
    assert TrackId("stray") in before.near(own, jump)


def test_a_track_that_is_adrift_is_found_at_the_speed_that_it_claimed() -> None:
    """MEC-120, BLV-035: the assumed speed is less, and another that is lost may be as fast."""
    world = World()
    fast = [seen(START, 100_000.0, track="stray", speed_mps=300.0)]
    fast += [seen(START + timedelta(seconds=5.0), 900_000.0, track="stray", speed_mps=300.0)]
    lost = seen(START + timedelta(seconds=5.0), -60_000.0, track="lost")
    lost = Observation(
        track=lost.track,
        source=lost.source,
        motion=replace(lost.motion, velocity=None),
        received_at=lost.received_at,
    )
    for one in (*fast, lost):
        world.now = one.received_at
        world.observe(ALPHA, one)
    state = world.state(ALPHA)
    moving = Moving(state.journal.tracks, world.now)
    index = held_tracks(state, moving, APART)
    # 160 km apart, 70 m/s assumed: only at 300 m/s each do they meet within 300 s
    assert TrackId("stray") in index.near(moving.motions(TrackId("lost")), world.now)
    assert TrackId("lost") in index.near(moving.motions(TrackId("stray")), world.now)
