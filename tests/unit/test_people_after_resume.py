"""What was rung before a resume in a new feed, rung again: NOD-472, NOD-473."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from carried_sites import Sites, act, carry, resumed
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, call
from people_values import QUIET_S, HeldClock, ObedientChannel, people, ring
from sampling import thinned

from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.mechanism.effects import StopRinging
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.opening import open_node
from crosstell.shell.live.sequencer import Sequencer
from crosstell.shell.node import Message
from crosstell.shell.people.handing import Kind
from crosstell.shell.people.proof import mark_resume
from crosstell.shell.people.to_people import ToPeople

RECORD = "people.store"
FIRST = "first handed over 2023-10-05T04:30:00Z"


def started(folder: Path, channel: ObedientChannel, clock: HeldClock) -> ToPeople:
    return ToPeople(people("a"), clock, folder=folder, make=lambda _one, _folder: channel)


def test_what_was_rung_before_a_resume_rings_again_never_as_new(tmp_path: Path) -> None:
    """NOD-472: what stood, what had ended, and what is new since, after every further start."""
    channel, clock = ObedientChannel("a"), HeldClock()
    first = started(tmp_path, channel, clock)
    first.take([ring("stands"), ring("goes"), ring("received")])
    assert first.is_quiet(QUIET_S)
    first.take([StopRinging(matter="received", text="taken up")])
    assert first.is_quiet(QUIET_S)
    first.close()
    mark_resume(tmp_path / RECORD, clock.now())
    clock.move(300.0)
    channel.handed.clear()
    anew = started(tmp_path, channel, clock)
    anew.take_standing([], is_restart=True)  # the new journal holds nothing yet
    assert anew.is_quiet(QUIET_S)
    assert channel.handed == [], "nothing is said to have ended that the first tick rings"
    rings = [ring("stands"), ring("received"), ring("new")]
    anew.take(rings)
    anew.take_standing(rings)
    assert anew.is_quiet(QUIET_S)
    anew.take([ring("received", rung=1)])
    assert anew.is_quiet(QUIET_S)
    told = {(one.handing.kind, one.handing.matter): one for one in channel.handed}
    assert len(channel.handed) == 5, "each step once"
    assert (Kind.END, "goes") in told
    for matter in ("stands", "received"):
        words = told[Kind.RING, matter].handing.words
        assert FIRST in words
        assert "went on in a new feed" in words
        assert "answered before stands open again" in words
        assert " again " in told[Kind.RING, matter].heading
    assert not told[Kind.RING, "new"].handing.is_again
    anew.close()


def test_it_is_known_after_every_further_start_until_it_ends_anew(tmp_path: Path) -> None:
    """NOD-472: what ended in the new feed, and came again, is as new as what came first there."""
    channel, clock = ObedientChannel("a"), HeldClock()
    for number in range(2):
        held = started(tmp_path, channel, clock)
        held.take([ring("received"), ring("stands"), *([ring("new")] * number)])
        assert held.is_quiet(QUIET_S)
        if number:
            held.take([StopRinging(matter="stands", text="taken up")])
            assert held.is_quiet(QUIET_S)
            held.take([ring("stands")])
            assert held.is_quiet(QUIET_S)
            assert not channel.handed[-1].handing.is_again
        held.close()
        if not number:
            mark_resume(tmp_path / RECORD, clock.now())
    clock.move(300.0)
    channel.handed.clear()
    last = started(tmp_path, channel, clock)
    last.take_standing([ring("received"), ring("stands"), ring("new")], is_restart=True)
    assert last.is_quiet(QUIET_S)
    after = {one.handing.matter: one.handing.after_resume for one in channel.handed}
    assert after == {"received": True, "stands": False, "new": False}
    last.close()


def test_no_record_of_hand_overs_is_no_fault_of_a_resume(tmp_path: Path) -> None:
    """NOD-472: a node that never ran has none."""
    mark_resume(tmp_path / RECORD, HeldClock().now())
    assert not (tmp_path / RECORD).exists()


def test_what_rings_anew_after_its_end_stands_at_the_next_start(tmp_path: Path) -> None:
    """NOD-473: and what was under way at its end does not make it stand."""
    channel, clock = ObedientChannel("a"), HeldClock()
    first = started(tmp_path, channel, clock)
    first.take([ring("m-1"), StopRinging(matter="m-1", text="cleared"), ring("m-1")])
    assert first.is_quiet(QUIET_S)
    channel.gate.clear()
    channel.fails = True
    channel.entered.clear()
    first.take([ring("m-2")])
    assert channel.entered.wait(QUIET_S)
    first.take([StopRinging(matter="m-2", text="cleared")])
    channel.gate.set()
    assert first.is_quiet(QUIET_S)
    first.close()
    clock.move(300.0)
    channel.fails = False
    channel.handed.clear()
    again = started(tmp_path, channel, clock)
    again.take_standing([], is_restart=True)
    assert again.is_quiet(QUIET_S)
    again.close()
    assert [(one.handing.kind, one.handing.matter) for one in channel.handed] == [(Kind.END, "m-1")]


@dataclass
class NoPost:
    """Nothing leaves."""

    def send(self, messages: tuple[Message, ...]) -> None:
        """It stays here."""


def run_once(folder: Path, channel: ObedientChannel) -> None:
    """The node of that folder rings what is due at a start, and stops."""
    opened, clock = open_node(read_installation(folder)), SystemClock()
    to_people = ToPeople(people("a"), clock, folder=folder, make=lambda _one, _folder: channel)
    line = Sequencer(
        node=opened.node, store=opened.store, clock=clock, post=NoPost(), people=to_people
    )
    line.start()
    line.look(lambda _node, _now: None).result(60)
    assert to_people.is_quiet(60.0)
    line.stop()
    to_people.close()
    opened.store.close()


@pytest.mark.parametrize(
    "is_received", thinned([True, False], every=2), ids=["received", "not received"]
)
def test_a_call_of_before_a_resume_rings_as_one_known(sites: Sites, is_received: bool) -> None:
    """NOD-472: by the commands, over a whole node, whether or not a person had taken it up."""
    channel = ObedientChannel("a")
    act(sites[BRAVO], replace(call("c-1"), to_party=ALPHA))
    carry(sites, BRAVO, ALPHA, name="call")
    run_once(sites[ALPHA], channel)
    (rung,) = [one for one in channel.handed if one.handing.kind is Kind.RING]
    assert not rung.handing.after_resume
    if is_received:
        opened = open_node(read_installation(sites[ALPHA]))
        placed = opened.node.state.feeds[BRAVO].calls["c-1"].placed_stamp.ref  # type: ignore[index]
        opened.store.close()
        act(sites[ALPHA], CallReceived(call=placed))
        run_once(sites[ALPHA], channel)
    new = resumed(sites)
    channel.handed.clear()
    run_once(new, channel)
    (again,) = channel.handed
    assert again.handing.matter == rung.handing.matter
    assert again.handing.kind is Kind.RING
    assert again.handing.is_again
    assert "went on in a new feed (first handed over " in again.handing.words
