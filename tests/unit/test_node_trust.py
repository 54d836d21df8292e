"""Implausible motion in a live node: a false path of any length, a stated kind, a restart."""

from dataclasses import replace

import pytest
from node_pair import ALPHA, BRAVO, SEA, World, roz
from node_pair import seen as seen_at
from test_mechanism_pairs import APART, WORDS, alerts, flight, north, ours, seen, side
from test_node_snapshot import is_used, without_snapshot

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.alert import Alert, AlertAcknowledged, Attention
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.ids import RuleId, TrackId
from crosstell.core.instant import later
from crosstell.core.mechanism.assess.doubts import Untrusted, doubts
from crosstell.core.mechanism.effects import Ring, ShowAlert
from crosstell.core.picture.track import Observation
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.picture.trust.moves import Implausible
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    Boundary,
    Certainty,
    Conformance,
    Minima,
    OnUnknown,
    ZoneEntry,
)
from crosstell.core.protocol.rules.traffic import Tolerance
from crosstell.core.protocol.times import Manoeuvring

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


@pytest.mark.parametrize("on_unknown", list(OnUnknown))
def test_a_late_stray_hides_no_infringement(on_unknown: OnUnknown) -> None:
    """TRU-037: one of three seconds ago from far away with every second fix, as without them."""

    def shown(protocol: Protocol) -> Protocol:
        rules = tuple(
            replace(rule, on_unknown=on_unknown) if isinstance(rule, ZoneEntry) else rule
            for rule in protocol.rules
        )
        return replace(protocol, rules=rules)

    found_at = []
    for strays in (False, True):
        world = World(changed=shown)
        world.settle(BRAVO, roz("roz-b", ALPHA))
        for step in range(10):
            world.observe(ALPHA, seen(world, 9_000.0 - 300.0 * step))
            if strays and step % 2 == 0:
                past = replace(seen(world, 900_000.0).motion, at=later(world.now, by_s=-3.0))
                world.observe(ALPHA, replace(seen(world, 0.0), motion=past))
            if alerts(world, "zone-entry"):
                found_at.append(step)
                break
            world.wait(5.0)
        assert (doubted(world) is not None) == strays
        assert found(alerts(world, "zone-entry")[0]).assessed is Assessed.INFRINGES
    assert found_at[1] <= found_at[0]


@pytest.mark.parametrize("strays", [1, 3, 4, 9])
def test_the_newest_motion_that_is_used_is_judged_whatever_came_with_it(strays: int) -> None:
    """TRU-015, TRU-037: each batch says once that it is in the zone, then of other places."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    for _ in range(3):
        late = (
            replace(
                seen(world, 2_000_000.0 + 300_000.0 * number).motion,
                at=later(world.now, by_s=-0.5 + 0.05 * number),
            )
            for number in range(strays)
        )
        here = seen(world, 0.0)
        world.observe(ALPHA, here, *(replace(here, motion=motion) for motion in late))
        world.wait(1.0)
    (alert,) = alerts(world, "zone-entry")
    assert found(alert).assessed is Assessed.INFRINGES


def turns(protocol: Protocol) -> Protocol:
    """A look ahead of a minute, in which a fast machine may turn."""
    alerts_ = protocol.alerts
    horizons = replace(alerts_.horizons, critical_s=20.0, urgent_s=40.0, advisory_s=60.0)
    may = Manoeuvring(horizon_s=60.0, speed_mps=123.467, bank_deg=30.0, climb_mps=15.0)
    assumed = replace(alerts_.assumed, speed_mps=20.0, accuracy_m=50.0, manoeuvre=may)
    return replace(
        protocol,
        alerts=replace(alerts_, horizons=horizons, stale_after_s=60.0, assumed=assumed),
    )


@pytest.mark.parametrize("apart_m", [12_000.0, 14_000.0, 16_000.0])
def test_what_a_claim_may_meet_by_a_turn_is_compared_with_it(apart_m: float) -> None:
    """MEC-084: a claim goes by its course, and may turn, besides every direction at its speed."""
    rule = replace(APART, minima=replace(APART.minima, lateral_m=500.0))
    world = World(rules=(rule,), changed=turns)
    ours(world, "jump")
    world.observe(ALPHA, seen_at(world.now, apart_m, track="other", speed_mps=0.0))
    for north_m in (300_000.0, 299_900.0, *(-100.0 * step for step in range(8))):
        world.observe(ALPHA, seen_at(world.now, north_m, track="jump", speed_mps=20.0))
        world.wait(5.0)
    (alert,) = alerts(world, "apart")
    assert Reason.MANOEUVRE in found(alert).reasons


KEEP_TO_IT = Conformance(
    id=RuleId("keep-to-it"),
    tolerance=Tolerance(lateral_m=200.0, early_s=60.0, late_s=60.0, vertical_m=100.0),
    **WORDS,
)


def on_activity() -> World:
    """Alpha's own track, in alpha's own activity."""
    world = World(rules=(KEEP_TO_IT,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=0.0, lasts_s=36_000.0))
    ours(world, "t1")
    return world


def test_a_claim_far_from_its_activity_does_not_infringe_for_sure() -> None:
    """TRU-038, TRU-024: where it was trusted it kept to it."""
    world = on_activity()
    flies(world, 2_000.0, 3, every_s=10.0)
    flies(world, FAR_AWAY_M, 5, every_s=10.0)
    assert doubted(world) is not None
    (alert,) = alerts(world, "keep-to-it")
    assert found(alert).assessed is Assessed.CANNOT_BE_RULED_OUT
    assert found(alert).reasons == (Reason.NOT_TRUSTWORTHY,)


def test_a_claim_in_its_activity_clears_nothing() -> None:
    """TRU-038, ALR-030: it flew out, 36 km away; then a claim says that it is back at once."""
    world = on_activity()
    flies(world, 2_000.0, 60, every_s=10.0)
    (before,) = alerts(world, "keep-to-it")
    assert found(before).assessed is Assessed.INFRINGES
    assert before.state is AlertState.SHOWN
    for step in range(9):
        flies(world, 500.0 - 60.0 * step, 1, every_s=10.0)
    assert doubted(world) is not None
    (after,) = alerts(world, "keep-to-it")
    assert (after.state, found(after)) == (AlertState.LAST_KNOWN, found(before))


@pytest.mark.parametrize("kind", [None, ObjectKind.SHIP])
def test_a_boundary_says_the_doubt_beside_what_infringes(kind: ObjectKind | None) -> None:
    """TRU-039: and what would lower or clear it by claims alone does not."""
    versions = (side(BRAVO, 0.0), replace(side(ALPHA, 0.1), side=(north(),)))
    line = Boundary(id=RuleId("line"), versions=versions, caution_m=500.0, **WORDS)
    world = World(rules=(line,))
    ours(world, "t1")
    north_m = flies(world, 3_000.0, 20, kind=kind, every_s=10.0)
    (alert,) = alerts(world, "line")
    assert found(alert).assessed is Assessed.INFRINGES
    assert (Reason.NOT_TRUSTWORTHY in found(alert).reasons) == (kind is not None)
    for _ in range(90):
        world.observe(ALPHA, replace(seen(world, north_m, south=False), kind=kind))
        world.wait(10.0)
        north_m += 600.0
    (after,) = [one for one in world.state(ALPHA).journal.alerts.values() if one.key == alert.key]
    last = AlertState.CLEARED if kind is None else AlertState.LAST_KNOWN
    assert after.state is last


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


# --- What is shown is found again ----------------------------------------------------------------


@pytest.mark.parametrize("away", [60, 200])
def test_an_acknowledged_alert_rings_again_when_what_was_doubted_comes_back(away: int) -> None:
    """ALR-034: two emitters under one id, seen by a person, away for long, and back."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))

    def both(north_m: float) -> None:
        for place_m in (north_m, north_m + 2_000_000.0):
            world.observe(ALPHA, seen(world, place_m))
            world.tick(ALPHA)
            world.wait(5.0)

    for _ in range(6):
        both(4_000.0)
    (alert,) = alerts(world, "zone-entry")
    assert alert.shown is not None
    act = AlertAcknowledged(alert=alert.shown.alert, level=alert.shown.level)
    assert world.act(ALPHA, act).no is None
    for _ in range(away):
        both(-400_000.0)
    (gone,) = alerts(world, "zone-entry")
    assert (gone.state, gone.attention) == (AlertState.LAST_KNOWN, Attention.ACKNOWLEDGED)
    told = len(world.effects(ALPHA))
    for _ in range(3):
        both(4_000.0)
    (back,) = alerts(world, "zone-entry")
    assert (back.state, back.attention) == (AlertState.SHOWN, Attention.RINGING)
    new = world.effects(ALPHA)[told:]
    assert any(isinstance(effect, ShowAlert) for effect in new)
    assert any(isinstance(effect, Ring) for effect in new)
