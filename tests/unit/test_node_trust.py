"""Implausible motion in a live node: a false path of any length, a stated kind, a restart."""

from dataclasses import replace

import pytest
from node_pair import ALPHA, BRAVO, SEA, World, roz
from test_mechanism_pairs import APART, alerts, ours, seen
from test_node_snapshot import is_used, without_snapshot

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.alert import Alert
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.ids import RuleId, TrackId
from crosstell.core.instant import later
from crosstell.core.mechanism.assess.doubts import Untrusted, doubts
from crosstell.core.picture.track import Observation
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.picture.trust.moves import Implausible
from crosstell.core.protocol.rule import (
    Certainty,
    Minima,
    OnUnknown,
    ZoneEntry,
)

FAR_AWAY_M = 600_000.0
LONG = 60  # well over any number of motions that a node looks back at


def flies(
    world: World,
    north_m: float,
    times: int,
    *,
    kind: ObjectKind | None = None,
    every_s: float = 1.0,
) -> float:
    """Alpha sees it going south at 60 m/s; where it is then."""
    for _ in range(times):
        world.observe(ALPHA, replace(seen(world, north_m), kind=kind))
        world.wait(every_s)
        north_m -= 60.0 * every_s
    return north_m


def doubted(world: World) -> Untrusted | None:
    positions = doubts(world.state(ALPHA), world.now).positions
    return positions[0] if positions else None


def found(alert: Alert) -> Finding:
    assert alert.shown is not None
    return alert.shown.finding


def motion_of(world: World) -> Motion:
    latest = world.state(ALPHA).journal.tracks[TrackId("t1")].latest
    assert latest is not None
    return latest.motion


def test_a_long_false_path_does_not_drop_the_last_trusted_place() -> None:
    """TRU-013, TRU-016, TRU-026: a minute of a steady flight 600 km away, in one second."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    flies(world, 4_000.0, 10)
    trusted, jumped_at = motion_of(world), world.now
    flies(world, FAR_AWAY_M, LONG)
    doubt = doubted(world)
    assert doubt is not None
    assert (doubt.last_trusted, doubt.since, doubt.as_kind) == (trusted, jumped_at, None)
    assert Implausible.SPEED in doubt.because
    (alert,) = alerts(world, "zone-entry")
    assert found(alert).assessed is Assessed.CANNOT_BE_RULED_OUT
    assert found(alert).infringement_in_s == 0.0
    assert Reason.NOT_TRUSTWORTHY in found(alert).reasons


def test_a_false_path_buys_trust_when_the_object_could_be_there_and_not_before() -> None:
    """TRU-013: at 1 km/s and 60 m/s towards us, it takes 560 s; a flight of 540 s is not enough."""
    world = World()
    flies(world, 4_000.0, 10)
    north_m = flies(world, FAR_AWAY_M, 55, every_s=10.0)
    assert doubted(world) is not None
    flies(world, north_m, 4, every_s=10.0)
    assert doubted(world) is None


@pytest.mark.parametrize("kind", [None, ObjectKind.ROTORCRAFT])
def test_the_verdict_is_rebuilt_and_restored_as_it_was(kind: ObjectKind | None) -> None:
    """TRU-016, NOD-040: from the journal, and from a snapshot; and it goes on the same."""
    world = World()
    flies(world, 4_000.0, 5, kind=kind)
    north_m = flies(world, FAR_AWAY_M, LONG, kind=kind)
    live, before = world.state(ALPHA), doubted(world)
    assert before is not None
    assert world.parties[ALPHA].node.keep_snapshot()
    assert is_used(world)
    world.parties[ALPHA].start()
    assert world.state(ALPHA) == live == without_snapshot(world)
    flies(world, north_m, 3, kind=kind)
    assert doubted(world) == before
    assert world.state(ALPHA) == without_snapshot(world)


def test_one_more_observation_holds_no_more() -> None:
    """TRU-015, TRU-016: what is held of the trust does not grow with the track."""
    world = World()
    flies(world, 4_000.0, 5)
    north_m, sizes = FAR_AWAY_M, set()
    for _ in range(4):
        north_m = flies(world, north_m, 20)
        trust = world.state(ALPHA).journal.tracks[TrackId("t1")].trust
        assert trust is not None
        sizes.add(len(repr(trust.widest.paths)) // 100)
    assert len(sizes) == 1


def test_what_is_thinned_away_is_no_evidence() -> None:
    """TRU-035: a jump within the thinning time never enters the journal; one after it does."""
    world = World(thin_s=1.0)
    flies(world, 4_000.0, 5)
    world.wait(-0.5)
    flies(world, FAR_AWAY_M, 1)
    assert doubted(world) is None
    flies(world, FAR_AWAY_M, 1)
    assert doubted(world) is not None


def test_late_measurements_are_thinned_as_those_in_time_are() -> None:
    """TRU-035: fifty within fifty milliseconds are one entry; one a second further back another."""
    world = World(thin_s=1.0)
    flies(world, 4_000.0, 5)

    def late(by_s: float) -> Observation:
        motion = replace(seen(world, FAR_AWAY_M).motion, at=later(world.now, by_s=-by_s))
        return replace(seen(world, 0.0), motion=motion)

    world.observe(ALPHA, *(late(2.5 + number / 1_000.0) for number in range(50)))
    track = world.state(ALPHA).journal.tracks[TrackId("t1")]
    assert track.irregular_total == 1
    world.observe(ALPHA, late(3.51))
    assert world.state(ALPHA).journal.tracks[TrackId("t1")].irregular_total == 2


def test_a_kind_that_is_stated_with_a_fix_that_is_held_counts() -> None:
    """TRU-030: and its bounds hold from then on."""
    world = World()
    world.observe(ALPHA, seen(world, 4_000.0))
    world.observe(ALPHA, replace(seen(world, 4_000.0), kind=ObjectKind.SHIP))
    track = world.state(ALPHA).journal.tracks[TrackId("t1")]
    assert (track.kind, len(track.history), track.irregular_total) == (ObjectKind.SHIP, 1, 0)
    world.wait(1.0)
    world.observe(ALPHA, seen(world, 3_940.0))
    doubt = doubted(world)
    assert doubt is not None
    assert doubt.as_kind is ObjectKind.SHIP


def test_another_place_at_the_same_instant_is_a_claim() -> None:
    """TRU-010: the track keeps the first one; the second is not hidden by it."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    for step in range(4):
        shown = seen(world, FAR_AWAY_M - 60.0 * step)
        hidden = seen(world, 4_000.0 - 60.0 * step)
        world.observe(ALPHA, shown, hidden)
        world.wait(1.0)
    track = world.state(ALPHA).journal.tracks[TrackId("t1")]
    assert (len(track.history), track.irregular_total) == (4, 4)
    assert doubted(world) is not None
    (alert,) = alerts(world, "zone-entry")
    assert found(alert).assessed is Assessed.CANNOT_BE_RULED_OUT


def test_a_clock_that_was_ahead_leaves_no_doubt_behind() -> None:
    """TRU-035, TRU-036: the future is replaced, its verdict with it; later it is no evidence."""
    world = World()
    ahead = seen(world, FAR_AWAY_M)
    future = replace(ahead.motion, at=later(world.now, by_s=3_600.0))
    world.observe(ALPHA, replace(ahead, motion=future))
    flies(world, 4_000.0, 3)
    assert doubted(world) is None
    world.observe(ALPHA, replace(seen(world, FAR_AWAY_M), motion=replace(future)))
    assert doubted(world) is None


def test_what_comes_minutes_late_on_the_way_is_no_doubt() -> None:
    """TRU-010: the track sets it aside; nothing is said against the object."""
    world = World()
    late = seen(world, 4_060.0)
    world.wait(1.0)
    flies(world, 4_000.0, 120)
    world.observe(ALPHA, replace(late, received_at=world.now))
    assert doubted(world) is None
    elsewhere = replace(late, motion=replace(seen(world, FAR_AWAY_M).motion, at=late.motion.at))
    world.observe(ALPHA, replace(elsewhere, received_at=world.now))
    doubt = doubted(world)
    assert doubt is not None
    assert Implausible.TIME_BACK in doubt.because


# --- The kind that a source states ---------------------------------------------------------------


def circling(world: World, kind: ObjectKind | None, times: int) -> None:
    """At 11,600 m and 26 m/s, as in the spoofed recording: a balloon may, an aeroplane cannot."""
    for step in range(times):
        place = destination(SEA, track_deg=0.0, travel_m=2_000.0 + 26.0 * step)
        motion = Motion(
            position=place,
            at=world.now,
            altitude=Altitude(value_m=11_600.0, datum=Datum.STANDARD_PRESSURE),
            velocity=Velocity(track_deg=0.0, speed_mps=26.0, climb_mps=0.0),
            position_accuracy_m=50.0,
            altitude_accuracy_m=20.0,
        )
        name = TrackId("t1")
        world.observe(
            ALPHA,
            Observation(
                track=name, source="radar-1", motion=motion, received_at=world.now, kind=kind
            ),
        )
        world.wait(1.0)


def test_the_stated_kind_reaches_the_verdict() -> None:
    """TRU-030, TRU-031: the same moves, with no kind, and as an aeroplane."""
    for kind, why in ((None, None), (ObjectKind.AEROPLANE, Implausible.TOO_SLOW_ALOFT)):
        world = World()
        circling(world, kind, 5)
        doubt = doubted(world)
        assert (None if doubt is None else doubt.because) == (None if why is None else (why,))
        assert doubt is None or doubt.as_kind is kind


def test_what_either_of_the_two_bounds_doubts_is_told_together() -> None:
    """TRU-032: at 60 m/s no ship; a while later it is where no object could be."""
    world = World()
    first = seen(world, 9_000.0).motion
    flies(world, 9_000.0, 3, kind=ObjectKind.SHIP)
    as_ship = doubted(world)
    assert as_ship is not None
    assert (as_ship.last_trusted, as_ship.as_kind) == (first, ObjectKind.SHIP)
    flies(world, FAR_AWAY_M, 3)
    as_any = doubted(world)
    assert as_any is not None
    assert (as_any.last_trusted, as_any.since, as_any.as_kind) == (first, as_ship.since, None)
    assert set(as_ship.because) <= set(as_any.because)


def test_a_kind_once_said_stands_until_another_is_said() -> None:
    """TRU-030: a source need not repeat it; leaving it out frees nobody of it."""
    world = World()
    flies(world, 9_000.0, 3, kind=ObjectKind.SHIP)
    doubt = doubted(world)
    assert doubt is not None
    assert doubt.as_kind is ObjectKind.SHIP
    flies(world, 8_820.0, 20)
    doubt = doubted(world)
    assert doubt is not None
    assert doubt.as_kind is ObjectKind.SHIP


def test_an_object_that_is_said_to_be_another_kind_is_doubted_and_may_be_believed_again() -> None:
    """TRU-034: no object changes its kind; the last trusted place is that before the change."""
    world = World()
    north_m = flies(world, 9_000.0, 5, kind=ObjectKind.AEROPLANE)
    trusted = motion_of(world)
    north_m = flies(world, north_m, 2, kind=ObjectKind.ROTORCRAFT)
    doubt = doubted(world)
    assert doubt is not None
    assert doubt.because == (Implausible.KIND_CHANGED,)
    assert (doubt.last_trusted, doubt.as_kind) == (trusted, ObjectKind.ROTORCRAFT)
    flies(world, north_m, 2, kind=ObjectKind.ROTORCRAFT)
    assert doubted(world) is None


MILD = ZoneEntry(
    id=RuleId("mild"),
    text="as the test says",
    source="written for tests",
    certainty=Certainty.ASSUMED,
    minima=Minima(lateral_m=0.0),
    on_unknown=OnUnknown.SHOW,
)


@pytest.mark.parametrize("kind", [None, *ObjectKind])
def test_a_wrong_kind_silences_no_infringement(kind: ObjectKind | None) -> None:
    """TRU-033: even where the protocol does not alert what only cannot be ruled out."""
    world = World(rules=(MILD,))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    flies(world, 9_000.0, 5, kind=kind)
    is_odd = doubted(world) is not None
    assert is_odd == (kind in {ObjectKind.SHIP})
    for rule in ("mild", "zone-entry"):
        (alert,) = alerts(world, rule)
        assert found(alert).assessed is Assessed.INFRINGES
        assert found(alert).nominal_in_s is not None
        assert (Reason.NOT_TRUSTWORTHY in found(alert).reasons) == is_odd


def test_a_wrong_kind_silences_no_infringement_between_two_tracks() -> None:
    """TRU-033: ours is stated to be a ship and flies."""
    world = World(rules=(APART,))
    ours(world, "t1")
    for step in range(5):
        away_m = 9_000.0 - 600.0 * step
        own = replace(seen(world, away_m, track="t1"), kind=ObjectKind.SHIP)
        world.observe(ALPHA, own, seen(world, -away_m, track="t2", south=False))
        world.wait(10.0)
    assert doubted(world) is not None
    (alert,) = alerts(world, "apart")
    assert found(alert).assessed is Assessed.INFRINGES
    assert found(alert).nominal_in_s is not None
