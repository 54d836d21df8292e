"""A channel before which more waits than it can tell one by one: a stop, and many calls as one."""

from dataclasses import replace
from pathlib import Path

from node_pair import BRAVO, World
from people_values import DUTY, QUIET_S, START, HeldClock, ObedientChannel, people, ring

from crosstell.core.mechanism.line.together import TOGETHER
from crosstell.shell.people.handing import Handing, Kind
from crosstell.shell.people.saying import say
from crosstell.shell.people.to_people import ToPeople
from crosstell.shell.people.waiting import MATTERS_MAX


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
        made.take([replace(ring("the stop"), is_stop=True)])
        channel.gate.set()
        assert made.is_quiet(QUIET_S)
    finally:
        made.close()
    told = [one.handing.matter for one in channel.handed]
    assert told[:3] == ["in hand", "the stop", "matter 0"]


def test_nod_551_many_calls_told_as_one_are_headed_with_what_they_are() -> None:
    """The heading tells the precedence, and that they are real or an exercise."""
    state = World().state(BRAVO)
    matter = f"{TOGETHER}real priority calls of alpha, more than 10"
    handing = Handing(
        kind=Kind.RING, matter=matter, role=DUTY, rung=0, text="11 wait.", asked_at=START
    )
    said = say(handing, state, START, positions=False)
    assert said.heading == "REAL PRIORITY: ring duty-officer, rung 1"
