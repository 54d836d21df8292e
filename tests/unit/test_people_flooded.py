"""A channel before which more waits than it can tell one by one: a stop goes first."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, World, call
from people_values import QUIET_S, HeldClock, ObedientChannel, people, ring

from crosstell.core.line.message import CallKind, Reality
from crosstell.core.mechanism.effects import Ring, RingRank
from crosstell.core.mechanism.react import again
from crosstell.shell.people.to_people import ToPeople
from crosstell.shell.people.waiting import MATTERS_MAX, STOPS_MAX


def test_nod_552_a_stop_goes_before_all_that_waits_and_is_never_one_of_many(
    tmp_path: Path,
) -> None:
    """A channel that is slow, and more matters before it than it tells one by one."""
    channel = ObedientChannel("a")
    channel.gate.clear()
    made = ToPeople(people("a"), HeldClock(), folder=tmp_path, make=lambda _one, _folder: channel)
    try:
        made.take([ring("in hand")])
        assert channel.entered.wait(QUIET_S)
        made.take([ring(f"matter {one}") for one in range(MATTERS_MAX + 5)])
        made.take([replace(ring("the stop"), rank=RingRank.STOP)])
        channel.gate.set()
        assert made.is_quiet(QUIET_S)
    finally:
        made.close()
    told = [one.handing.matter for one in channel.handed]
    assert told[:3] == ["in hand", "the stop", "matter 0"]


def test_nod_552_a_flood_of_stops_does_not_hold_back_what_else_waits(tmp_path: Path) -> None:
    """A hundred at a time go first; the others come in their turn, and each is told."""
    channel = ObedientChannel("a")
    channel.gate.clear()
    made = ToPeople(people("a"), HeldClock(), folder=tmp_path, make=lambda _one, _folder: channel)
    try:
        made.take([ring("in hand")])
        assert channel.entered.wait(QUIET_S)
        made.take([ring("an alert")])
        made.take(
            [replace(ring(f"stop {one}"), rank=RingRank.STOP) for one in range(3 * STOPS_MAX)]
        )
        channel.gate.set()
        assert made.is_quiet(QUIET_S)
    finally:
        made.close()
    told = [one.handing.matter for one in channel.handed]
    assert told[1 : STOPS_MAX + 1] == [f"stop {one}" for one in range(STOPS_MAX)]
    assert told[STOPS_MAX + 1] == "an alert"
    assert len(told) == len(set(told)) == 3 * STOPS_MAX + 2


@pytest.mark.parametrize(
    ("kind", "reality", "is_first"),
    [
        (CallKind.STOP, Reality.REAL, True),
        (CallKind.STOP, Reality.EXERCISE, False),
        (CallKind.WARN, Reality.REAL, False),
    ],
)
def test_nod_552_a_ring_about_a_real_stop_says_so(
    kind: CallKind, reality: Reality, is_first: bool
) -> None:
    world = World()
    ends = world.now + timedelta(minutes=10) if kind is CallKind.STOP else None
    world.settle(ALPHA, call(kind=kind, reality=reality, expires_at=ends))
    world.tick(BRAVO)
    rings = [one for one in world.effects(BRAVO) if isinstance(one, Ring)]
    assert [one.rank is RingRank.STOP for one in rings] == [is_first]
    shown = [one for one in again(world.state(BRAVO)) if isinstance(one, Ring)]
    assert [one.rank is RingRank.STOP for one in shown] == [is_first]
