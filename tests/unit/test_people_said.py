"""What a message says: level, call-by and answer-by as the node knows them when it goes out."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from node_pair import ALPHA, BRAVO, World, call, post
from people_values import QUIET_S, HeldClock, ObedientChannel, people, ring

from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.ids import PartyId
from crosstell.core.instant import later
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.effects import Ring
from crosstell.shell.people.config import RoleRoute
from crosstell.shell.people.handing import Handing, Kind, Said
from crosstell.shell.people.message import message
from crosstell.shell.people.proof import Step
from crosstell.shell.people.saying import say
from crosstell.shell.people.to_people import ToPeople


def rung(world: World, party: PartyId, about: str) -> Handing:
    """The first ring at that party about this, as it is handed over."""
    ring = next(
        one
        for one in world.effects(party)
        if isinstance(one, Ring) and about in f"{one.matter} {one.text}"
    )
    return Handing(
        kind=Kind.RING,
        matter=ring.matter,
        role=ring.role,
        rung=ring.rung,
        text=ring.text,
        asked_at=world.now,
    )


def near_post() -> tuple[World, Handing]:
    """An object closes on a post of ours, and the node rings about it."""
    world = World()
    world.sign()
    world.settle(ALPHA, post(ALPHA))
    for step in range(4):
        world.sees(ALPHA, 33_000.0 - 600.0 * step)
        world.wait(10.0)
    world.tick(ALPHA)
    return world, rung(world, ALPHA, "alert-")


def said(world: World, handing: Handing, *, positions: bool = False) -> Said:
    return say(handing, world.state(ALPHA), world.now, positions=positions)


def test_an_alert_says_its_level_and_call_by() -> None:
    """PEO-020: the first line is enough to know whether to run."""
    world, handing = near_post()
    found = said(world, handing)
    assert found.reality is Reality.EXERCISE
    assert found.level in ("urgent", "critical")
    assert found.call_by is not None
    heading = found.heading
    assert heading.startswith(f"EXERCISE {str(found.level).upper()}, call by 20")
    assert "ALREADY PAST" not in heading or found.call_by <= world.now
    assert heading.endswith("ring duty-officer, rung 1")


def test_a_call_by_that_is_past_is_said_to_be() -> None:
    """PEO-020: a message that was held up does not tell an old time as if it were to come."""
    world, handing = near_post()
    first = said(world, handing)
    assert first.call_by is not None
    world.now = later(first.call_by, by_s=1.0)
    assert "ALREADY PAST" in said(world, handing).heading


def test_no_position_is_said_unless_it_may_be() -> None:
    """PEO-020: where own sensors saw something stays at home, unless this channel is allowed it."""
    world, handing = near_post()
    plain = message(said(world, handing)).decode()
    for word in ("lat", "lon", "-36.", "-19."):
        assert word not in plain
    found = json.loads(message(said(world, handing, positions=True)))
    (place,) = found["positions"]
    assert place["track"] == "t1"
    assert round(place["lon_deg"], 3) == -19.0


def test_a_call_says_its_precedence_and_answer_by() -> None:
    """PEO-020: a call to us, which no person has received."""
    world = World()
    world.sign()
    world.settle(BRAVO, call("c-1", to=ALPHA))
    world.wait(120.0)
    world.tick(ALPHA)
    found = said(world, rung(world, ALPHA, "call c-1"))
    assert found.level == "flash warn"
    assert found.answer_by is not None
    assert "answer by" in found.heading


def test_what_ended_meanwhile_is_not_handed_over(tmp_path: Path) -> None:
    """PEO-006: a ring that waited for a dead channel wakes nobody once it is taken up."""
    world, handing = near_post()
    (alert,) = world.alerts(ALPHA)
    assert alert.shown is not None
    seen = AlertAcknowledged(alert=alert.shown.alert, level=alert.shown.level)
    channel, clock = ObedientChannel("a", fails=True), HeldClock()
    to_people = ToPeople(
        people("a"),
        clock,
        folder=tmp_path,
        state=lambda: world.state(ALPHA),
        make=lambda _one, _folder: channel,
    )
    assert handing.role is not None
    to_people.take([ring(handing.matter, role=handing.role)])
    assert to_people.is_quiet(QUIET_S)
    world.settle(ALPHA, seen)
    channel.fails = False
    clock.move(3_600.0)
    assert to_people.is_quiet(QUIET_S)
    steps = [row.step for row in to_people.handed_over()]
    to_people.close()
    assert channel.handed == []
    assert steps == [Step.ASKED, Step.FAILED, Step.NOT_NEEDED, Step.ENDED]


def test_who_will_not_be_rung_is_shown_before_it_matters(tmp_path: Path) -> None:
    """PEO-011: the rungs up to the ring limit, as the protocol has them."""
    world = World()
    only_duty = replace(people("a"), roles=(RoleRoute(role="duty-officer", channels=("a",)),))
    for config, unrouted in ((only_duty, ("watch-chief",)), (people("a"), ())):
        to_people = ToPeople(
            config,
            HeldClock(),
            folder=tmp_path,
            state=lambda: world.state(ALPHA),
            make=lambda _one, _folder: ObedientChannel("a"),
        )
        assert to_people.status().unrouted == unrouted
        to_people.close()


def test_a_message_without_a_state_still_goes_out() -> None:
    """PEO-020: what is not known is said to be not known."""
    world, handing = near_post()
    bare = say(handing, None, world.now, positions=True)
    assert "level not known" in bare.heading
    found = json.loads(message(bare))
    assert found["text"] == handing.text
    assert not {"level", "call_by", "party", "reality", "positions"} & found.keys()


def test_the_id_is_of_the_step_and_not_of_the_moment() -> None:
    """PEO-021: a receiver that gets an attempt twice can tell."""
    world, handing = near_post()
    first = said(world, handing)
    world.now += timedelta(seconds=60)
    assert said(world, handing).id == first.id
