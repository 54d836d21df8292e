"""What a node finds and shows of tracks that are not trusted: strays, turns, plans, boundaries."""

from dataclasses import replace

import pytest
from node_pair import ALPHA, BRAVO, World, roz
from node_pair import seen as seen_at
from test_mechanism_pairs import APART, WORDS, alerts, flight, north, ours, seen, side
from test_node_trust import FAR_AWAY_M, doubted, flies, found

from crosstell.core.detection.alert import AlertAcknowledged, Attention
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.ids import RuleId
from crosstell.core.instant import later
from crosstell.core.mechanism.effects import Ring, ShowAlert
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    Boundary,
    Conformance,
    OnUnknown,
    ZoneEntry,
)
from crosstell.core.protocol.rules.traffic import Tolerance
from crosstell.core.protocol.times import Manoeuvring


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
