"""The line before a node: RUN-030 to RUN-035."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from node_pair import ALPHA, DUTY, START, World
from node_pair import seen as track_seen

from crosstell.core.errors import Unavailable
from crosstell.core.ids import NoticeId
from crosstell.core.instant import later
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.core.picture.content import GeneralNotice
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Speaker
from crosstell.shell.clock import SystemClock
from crosstell.shell.live import batch
from crosstell.shell.live import sequencer as lines
from crosstell.shell.live.pressure import Pressure
from crosstell.shell.live.sequencer import Happened, Sequencer
from crosstell.shell.node import Message
from crosstell.shell.store.names import SNAPSHOT
from crosstell.shell.store.sqlite import SqliteStore
from crosstell.sim.faulty_store import Fault, FaultyStore


@dataclass
class Taken:
    """What left the node."""

    effects: list[Effect] = field(default_factory=list)
    stood: list[tuple[list[Effect], bool]] = field(default_factory=list)
    parcels: list[Message] = field(default_factory=list)

    def take(self, effects: Iterable[Effect]) -> None:
        self.effects += effects

    def take_standing(self, effects: Iterable[Effect], *, is_restart: bool = False) -> None:
        self.stood.append((list(effects), is_restart))

    def send(self, messages: tuple[Message, ...]) -> None:
        self.parcels += messages


@dataclass
class Seconds:
    """A clock that the test moves."""

    passed_s: float = 0.0
    machine_s: float = 0.0
    set_by_s: float = 0.0

    def clock(self) -> SystemClock:
        return SystemClock(
            wall=lambda: later(START, by_s=self.passed_s + self.set_by_s),
            steady=lambda: self.passed_s,
        )


def sequencer_of(world: World, taken: Taken, seconds: Seconds) -> Sequencer:
    party = world.parties[ALPHA]
    return Sequencer(
        node=party.node,
        store=party.store,
        clock=seconds.clock(),
        post=taken,
        people=taken,
        pressure=Pressure(steady=lambda: seconds.machine_s),
    )


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def held(taken: Taken) -> Iterator[Sequencer]:
    """A sequencer whose thread does not run yet; it is stopped at the end."""
    found = sequencer_of(World(), taken, Seconds())
    yield found
    found.stop()


def filed(number: int) -> Act:
    body = NoticeFiled(
        notice=NoticeId(f"n-{number}"),
        version=1,
        marking="test",
        content=GeneralNotice(text=f"statement {number}", source="a test"),
    )
    return Act(by=Speaker(party=ALPHA, role=DUTY, watch="1"), body=body)


def seen(number: int) -> Observed:
    return Observed(observations=(track_seen(START, 1_000.0 * number, track=f"t-{number}"),))


def own_notices(sequencer: Sequencer) -> list[str]:
    return list(sequencer.state().journal.notices)


def test_inputs_are_done_in_their_order(held: Sequencer) -> None:
    """RUN-030: and what was answered is durable."""
    asked = [held.submit(filed(number)) for number in range(20)]
    held.start()
    recorded = [one.result(10).recorded[0].seq for one in asked]
    assert recorded == sorted(recorded)
    assert own_notices(held) == [f"n-{number}" for number in range(20)]
    assert held.store.size(held.node.state.setting.journal) >= 21


def test_observations_go_together(held: Sequencer) -> None:
    """RUN-031: until something else comes between."""
    batches: list[Happened] = []
    asked = [held.submit(seen(number)) for number in range(5)]
    asked.append(held.submit(filed(1)))
    asked += [held.submit(seen(number)) for number in range(5, 8)]
    held.watch(batches.append)
    held.start()
    for one in asked:
        one.result(10)
    assert [len(one.outcome.recorded) for one in batches][1:] == [5, 1, 3]


def test_a_group_is_never_larger_than_one_input_may_be(
    held: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-031."""
    monkeypatch.setattr(batch, "OBSERVATIONS_MAX", 3)
    batches: list[Happened] = []
    asked = [held.submit(seen(number)) for number in range(8)]
    held.watch(batches.append)
    held.start()
    for one in asked:
        one.result(10)
    assert [len(one.outcome.recorded) for one in batches][1:] == [3, 3, 2]


def test_time_is_served_among_inputs(taken: Taken) -> None:
    """RUN-032: the journal's root is due at the full hour, while acts keep coming."""
    seconds = Seconds()
    found = sequencer_of(World(), taken, seconds)
    found.start()
    try:
        found.submit(filed(0)).result(10)
        size = found.store.size(found.state().setting.feed)
        seconds.passed_s = 3_601.0
        for number in range(1, 6):
            found.submit(filed(number)).result(10)
        found.look(lambda _node, _now: None).result(10)
        assert found.store.size(found.state().setting.feed) > size
    finally:
        found.stop()


def test_a_clock_set_after_the_start_is_followed_until_something_is_signed(taken: Taken) -> None:
    """RUN-533: a node that began behind its own record goes on by itself; RUN-002 from then on."""
    seconds = Seconds(set_by_s=-7_200.0)
    found = sequencer_of(World(), taken, seconds)
    found.start()
    try:
        refused = found.submit(filed(0)).result(10)
        assert "until the clock is right" in (refused.fault or "")
        seconds.set_by_s = 0.0
        assert found.submit(filed(1)).result(10).recorded
        assert found.clock.now() == START
        seconds.set_by_s = 7_200.0
        assert found.submit(filed(2)).result(10).recorded
        assert found.clock.now() < later(START, by_s=1.0)
        assert "ahead of this node's" in (found.clock.trouble() or "")
    finally:
        found.stop()


def test_a_node_that_nobody_asks_anything_follows_its_clock_and_does_what_is_due(
    taken: Taken,
) -> None:
    """RUN-533: the journal's root of the hour, by the right time."""
    seconds = Seconds(set_by_s=-7_200.0)
    found = sequencer_of(World(), taken, seconds)
    told = threading.Event()
    found.watch(lambda happened: told.set() if happened.outcome.recorded else None)
    found.start()
    try:
        assert not found.look(lambda node, _now: node.may_sign and told.is_set()).result(10)
        seconds.set_by_s = 3_600.0
        assert told.wait(10)
        assert found.clock.now() == later(START, by_s=3_600.0)
    finally:
        found.stop()


def test_a_clock_that_is_ahead_at_the_start_is_signed_by_and_told(taken: Taken) -> None:
    """RUN-534: nothing takes that back; started again by the right clock the node waits."""
    world, seconds = World(), Seconds(set_by_s=10_800.0)
    found = sequencer_of(world, taken, seconds)
    found.start()
    try:
        assert found.look(lambda node, _now: node.rebuilt.own.size).result(10) == 2, "the root"
        seconds.set_by_s = 0.0
        assert found.submit(filed(0)).result(10).recorded
        assert found.clock.now() == later(START, by_s=10_800.0)
        assert "10800.0 s behind this node's" in (found.clock.trouble() or "")
    finally:
        found.stop()
    world.parties[ALPHA].start()
    again = sequencer_of(world, taken, seconds)
    again.start()
    try:
        refused = again.submit(filed(1)).result(10)
        assert "until the clock is right" in (refused.fault or "")
        assert refused.recorded == ()
        seconds.passed_s = 10_801.0
        assert again.submit(filed(1)).result(10).recorded
    finally:
        again.stop()


def test_a_full_line_refuses_and_loses_nothing(
    held: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-033."""
    monkeypatch.setattr(lines, "WAITING_MAX", 3)
    asked = [held.submit(filed(number)) for number in range(3)]
    with pytest.raises(Unavailable, match="Try again in 1 s"):
        held.submit(filed(3))
    held.start()
    for one in asked:
        assert one.result(10).recorded
    assert own_notices(held) == ["n-0", "n-1", "n-2"]
    held.submit(filed(3)).result(10)


def test_listeners_hear_each_batch_in_order(held: Sequencer) -> None:
    """RUN-034: until they have heard enough."""
    heard: list[int] = []
    end = held.watch(lambda happened: heard.append(happened.arrivals))
    held.start()
    for number in range(3):
        held.submit(filed(number)).result(10)
    assert heard == sorted(heard)
    assert heard[-1] == held.store.last_arrival()
    end()
    end()
    held.submit(filed(3)).result(10)
    assert heard[-1] == held.store.last_arrival() - 1


def test_what_is_in_line_is_done_before_the_end(held: Sequencer) -> None:
    """RUN-035."""
    asked = [held.submit(filed(number)) for number in range(5)]
    held.start()
    held.stop()
    assert all(one.result(0).recorded for one in asked)
    assert not held.runs
    assert held.store.blob(SNAPSHOT)
    with pytest.raises(Unavailable, match="being stopped"):
        held.submit(filed(9))


def test_what_its_asker_takes_back_harms_nobody(held: Sequencer) -> None:
    """RUN-030: taken back while it waits it is not done; once it is worked on it is."""
    before, after = held.submit(filed(0)), held.submit(filed(2))
    waiting, looked = held.submit(filed(1)), held.look(lambda _node, _now: 1)
    assert waiting.cancel()
    assert looked.cancel()
    under_way = held.look(lambda _node, _now: cancelled.append(under_way.cancel()))
    cancelled: list[bool] = []
    held.start()
    assert before.result(10).recorded
    assert after.result(10).recorded
    under_way.result(10)
    assert held.submit(filed(3)).result(10).recorded
    assert cancelled == [False]
    assert own_notices(held) == ["n-0", "n-2", "n-3"]


def test_who_is_worked_for_when_the_node_ends_is_told(taken: Taken) -> None:
    """RUN-035: not left waiting without an end."""
    found = sequencer_of(World(), taken, Seconds())
    found.start()
    found.submit(filed(0)).result(10)

    def fail(_happened: Happened) -> None:
        raise RuntimeError("a listener of ours is wrong")

    found.watch(fail)
    with pytest.raises(Unavailable, match="whether it is recorded"):
        found.submit(filed(1)).result(10)
    found.stop()


def test_a_fault_around_the_node_ends_it_loudly(taken: Taken) -> None:
    """RUN-035: whoever waits is told that nothing was done."""
    found = sequencer_of(World(), taken, Seconds())
    entered = threading.Event()

    def fail(_happened: Happened) -> None:
        entered.wait(10)
        raise RuntimeError("a listener of ours is wrong")

    found.watch(fail)
    asked = [found.submit(filed(number)) for number in range(2)]
    found.start()
    entered.set()
    with pytest.raises(Unavailable, match="has stopped"):
        asked[1].result(10)
    found.stop()
    assert found.fault == "RuntimeError: a listener of ours is wrong"


def test_a_failed_commit_is_told_and_the_node_goes_on(taken: Taken) -> None:
    """RUN-030: the asker has the fault, the next one its entry."""
    world = World()
    plan = {2: Fault.FAILS}
    party = world.parties[ALPHA]
    party.store = FaultyStore(party.store, plan.get)
    party.start()
    found = sequencer_of(world, taken, Seconds())
    found.start()
    try:
        outcomes = [found.submit(filed(number)).result(10) for number in range(4)]
        faults = [outcome.fault is not None for outcome in outcomes]
        assert faults.count(True) == 1
        assert [is_restart for _, is_restart in taken.stood] == [True, False, False]
        assert len(own_notices(found)) == 3
    finally:
        found.stop()


def test_a_view_at_fault_is_its_askers(held: Sequencer) -> None:
    """RUN-030: the node goes on."""
    held.start()
    with pytest.raises(ZeroDivisionError):
        held.look(lambda _node, _now: 1 / 0).result(10)
    assert held.look(lambda node, now: (node.may_sign, now)).result(10) == (True, START)


def test_the_store_may_be_read_beside(tmp_path: Path, taken: Taken) -> None:
    """RUN-034: arrivals are read by another connection than the writer's."""
    world = World(store=lambda party: SqliteStore.open(tmp_path / f"{party}.store"))
    found = sequencer_of(world, taken, Seconds())
    found.start()
    try:
        found.submit(filed(1)).result(10)
        beside = SqliteStore.open_read_only(tmp_path / f"{ALPHA}.store")
        assert beside.last_arrival() == found.look(
            lambda _node, _now: found.store.last_arrival()
        ).result(10)
        beside.close()
    finally:
        found.stop()
        for party in world.parties.values():
            party.store.close()
