"""One writer, one batch: what fails, what persists all the same, what was lost, lying clocks."""

import copy
from collections.abc import Callable
from itertools import product

import pytest
from node_pair import (
    ALPHA,
    BRAVO,
    CHARLIE,
    DUTY,
    START,
    World,
    answered,
    call,
    post,
    received,
    roz,
    seen,
)
from sampling import thinned

from crosstell.codecs import parcel
from crosstell.core.errors import Unavailable
from crosstell.core.ids import CallId, FeedId, PartyId
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.message import Precedence
from crosstell.core.mechanism.effects import Ring, ShowCall
from crosstell.core.mechanism.inputs import Act, Observed, Tick
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.shell.exchange import RESEND_S_MAX
from crosstell.shell.node import Delivery, Node, NodeInput
from crosstell.shell.store.contract import Batch, Store
from crosstell.shell.store.failing import RETRY_S
from crosstell.shell.store.memory import MemoryStore
from crosstell.shell.writer import CLOCK_BACK_MS_MAX
from crosstell.sim.faulty_store import Fault, FaultyStore


def faulty(plan: dict[int, Fault]) -> Callable[[PartyId], Store]:
    """Bravo's store fails by plan; its commit 0 is the founding."""

    def store(party: PartyId) -> Store:
        inner = MemoryStore()
        return FaultyStore(inner, plan.get) if party == BRAVO else inner

    return store


def story(world: World) -> None:
    """A call that is delivered, rung, received and answered; acts are repeated where in doubt."""
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(ALPHA, call(precedence=Precedence.ROUTINE))
    world.pass_time(130.0)
    for body in (received(), answered()):
        for _ in range(3):
            outcome = world.act(BRAVO, body)
            world.deliver()
            if outcome.fault is None:
                break
    world.pass_time(90.0)


def commits_of_a_story() -> int:
    world = World(store=faulty({}))
    story(world)
    store = world.parties[BRAVO].store
    assert isinstance(store, FaultyStore)
    return store.commits


COMMITS = commits_of_a_story()


@pytest.mark.parametrize(("number", "fault"), thinned(product(range(1, COMMITS), Fault), every=3))
def test_a_failed_commit_at_any_place_loses_nothing(fault: Fault, number: int) -> None:
    """NOD-002, NOD-004, NOD-005, NOD-006: before it is written, or after all of it is."""
    world = World(store=faulty({number: fault}))
    story(world)
    faults = [outcome.fault for _, outcome in world.outcomes if outcome.fault]
    assert [outcome.kept for _, outcome in world.outcomes if outcome.fault] == [False]
    assert len(faults) == 1
    assert "failed as planned" in faults[0]
    held = world.state(ALPHA).feeds[BRAVO]
    ref = world.state(ALPHA).own.calls[CallId("c-1")].placed_stamp.ref
    assert held.acknowledgements[ref].stage is Stage.RECEIVED
    assert len(held.acknowledgements[ref].marks) == 2  # delivered once, received once
    assert len(held.answers[ref].given) == 1
    assert world.state(BRAVO).feeds[ALPHA].size == world.state(ALPHA).own.size
    assert {rung for _, _, rung in world.rings(BRAVO, "call-not-received")} >= {0, 1}
    live = world.state(BRAVO)
    world.parties[BRAVO].start()
    assert world.state(BRAVO) == live
    world.no_irregular()


def test_nothing_is_told_before_it_is_durable() -> None:
    """NOD-002: neither message nor new effect leaves a batch that failed. NOD-010: it shows."""
    world = World(store=faulty({1: Fault.FAILS}))
    outcome = world.act(BRAVO, roz("roz-b", ALPHA))
    assert outcome.fault is not None
    assert (outcome.messages, outcome.recorded, outcome.effects) == ((), (), ())
    assert world.state(BRAVO).own.notices == {}
    assert world.parties[BRAVO].node.next_wake(world.now) is not None
    assert "failed as planned" in str(world.parties[BRAVO].node.unkept)
    assert world.act(BRAVO, roz("roz-b", ALPHA)).fault is None
    assert world.parties[BRAVO].node.unkept is None


def test_a_batch_that_persisted_in_doubt_is_seen_once_and_sent() -> None:
    """NOD-005: the node finds it in its store; said again it is a duplicate."""
    world = World(store=faulty({1: Fault.FAILS_BUT_PERSISTS}))
    assert world.act(BRAVO, roz("roz-b", ALPHA)).fault is not None
    assert set(world.state(BRAVO).own.notices) == {"roz-b"}
    again = world.act(BRAVO, roz("roz-b", ALPHA))
    assert again.no is not None
    assert again.recorded == ()
    world.deliver()
    assert set(world.state(ALPHA).feeds[BRAVO].notices) == {"roz-b"}


def test_a_ring_that_stood_is_asked_for_again_and_the_node_wakes_soon() -> None:
    """NOD-006, MEC-013: the rung that was due when the commit failed is not late by more."""
    plan: dict[int, Fault] = {}
    world = World(store=faulty(plan))
    world.settle(ALPHA, call(precedence=Precedence.ROUTINE))
    store = world.parties[BRAVO].store
    assert isinstance(store, FaultyStore)
    plan[store.commits] = Fault.FAILS
    world.wait(60.0)
    outcome = world.give(BRAVO, Tick())
    assert outcome.fault is not None
    assert [e.rung for e in outcome.effects if isinstance(e, Ring)] == [0]
    wake = world.parties[BRAVO].node.next_wake(world.now)
    assert wake is not None
    assert (wake - world.now).total_seconds() == RETRY_S
    world.now = wake
    effects = world.give(BRAVO, Tick()).effects
    assert [e.rung for e in effects if isinstance(e, Ring)] == [1]
    assert [e.rung for e in world.parties[BRAVO].node.resume() if isinstance(e, Ring)] == [1]


class Unreadable(MemoryStore):
    """A store that can be switched off."""

    off = False

    def commit(self, batch: Batch) -> None:
        """Commit, unless switched off."""
        self.size(FeedId(""))
        super().commit(batch)

    def size(self, feed: object) -> int:
        """The size, unless switched off."""
        if self.off:
            raise Unavailable("store: the disk is away; put it back")
        return super().size(feed)  # type: ignore[arg-type]

    def entries(self, feed: object, start: int = 0, count: int | None = None) -> object:  # type: ignore[override]
        """The entries, unless switched off."""
        self.size(feed)
        return super().entries(feed, start, count)  # type: ignore[arg-type]


def test_a_store_that_cannot_be_read_leaves_the_last_picture() -> None:
    """NOD-012: and the node goes on by itself once the store is back."""
    world = World(store=lambda party: Unreadable() if party == BRAVO else MemoryStore())
    world.settle(ALPHA, roz("roz-1", BRAVO))
    store = world.parties[BRAVO].store
    assert isinstance(store, Unreadable)
    store.off = True
    outcome = world.act(BRAVO, roz("roz-b", ALPHA))
    assert outcome.fault is not None
    assert "the disk is away" in outcome.fault
    assert set(world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1"}
    assert world.act(BRAVO, roz("roz-b", ALPHA)).fault is not None
    store.off = False
    assert world.act(BRAVO, roz("roz-b", ALPHA)).fault is None
    world.deliver()
    assert set(world.state(ALPHA).feeds[BRAVO].notices) == {"roz-b"}


def restored(world: World, copied: MemoryStore) -> Node:
    """Alpha comes back with an older copy of its store; the mark on the second path is whole."""
    world.parties[ALPHA].store = copied
    world.parties[ALPHA].start()
    return world.parties[ALPHA].node


def test_an_older_copy_signs_nothing_until_the_peer_gave_the_entries_back() -> None:
    """NOD-007: then it signs on, and no fork is found anywhere."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    copied = copy.deepcopy(world.parties[ALPHA].store)
    assert isinstance(copied, MemoryStore)
    world.settle(ALPHA, roz("roz-2", BRAVO))
    world.settle(ALPHA, roz("roz-3", BRAVO))
    node = restored(world, copied)
    assert not node.may_sign
    outcome = world.act(ALPHA, roz("roz-4", BRAVO))
    assert outcome.fault is not None
    assert "the node signs nothing until its peers have given them back" in outcome.fault
    assert outcome.recorded == ()
    world.deliver()
    assert node.may_sign
    assert set(world.state(ALPHA).own.notices) == {"roz-1", "roz-2", "roz-3"}
    world.settle(ALPHA, roz("roz-4", BRAVO))
    assert set(world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2", "roz-3", "roz-4"}
    assert world.parties[BRAVO].node.alarms == ()
    assert node.alarms == ()
    world.no_irregular()


def test_entries_that_came_back_hollow_are_not_signed_upon() -> None:
    """NOD-007: a third party gives back the leaves, but not what was said to somebody else."""
    world = World(names=(ALPHA, BRAVO, CHARLIE))
    copied = copy.deepcopy(world.parties[ALPHA].store)
    assert isinstance(copied, MemoryStore)
    world.settle(ALPHA, roz("roz-b", BRAVO))
    world.settle(ALPHA, roz("roz-c", CHARLIE))
    whole = world.state(ALPHA).own
    journal = world.parties[ALPHA].setting.journal
    rows = tuple(world.parties[ALPHA].store.entries(journal, 1))
    copied.commit(Batch(entries=rows))  # the journal was saved, the feed was not
    world.down = {(BRAVO, ALPHA), (ALPHA, BRAVO)}
    node = restored(world, copied)
    world.give(ALPHA, Tick())
    world.deliver()
    assert node.state.own.size == whole.size
    assert not node.may_sign
    outcome = world.act(ALPHA, roz("roz-d", CHARLIE))
    assert outcome.recorded == ()
    assert outcome.fault is not None
    assert "held without what they said" in outcome.fault
    assert not node.keep_snapshot()
    world.down = set()
    world.pass_time(2 * RESEND_S_MAX)
    assert node.may_sign
    assert node.state.own.notices == whole.notices
    world.settle(ALPHA, roz("roz-d", CHARLIE))
    world.no_irregular()


def test_a_lost_journal_stops_the_signing() -> None:
    """NOD-007: nobody else holds the journal, so nobody can give it back."""
    world = World()
    copied = copy.deepcopy(world.parties[ALPHA].store)
    assert isinstance(copied, MemoryStore)
    world.settle(ALPHA, roz())
    node = restored(world, copied)
    outcome = world.act(ALPHA, roz("roz-4", BRAVO))
    assert not node.may_sign
    assert outcome.fault is not None
    assert "until the journal is restored whole, or a new one is founded" in outcome.fault


def test_a_clock_that_ran_back_stops_the_signing_and_nothing_else() -> None:
    """NOD-008: calls still arrive and are shown; what was held back is said afterwards."""
    world = World()
    world.wait(300.0)
    world.settle(BRAVO, roz("roz-b", ALPHA))
    last = world.now
    world.wait(-CLOCK_BACK_MS_MAX / 1_000 - 2.0)
    outcome = world.act(BRAVO, roz("roz-c", ALPHA))
    assert outcome.fault is not None
    assert "nothing is signed until the clock is right" in outcome.fault
    assert outcome.recorded == ()
    behind = world.now
    sent = world.act(ALPHA, call()).messages
    world.now = behind
    shown = world.give(BRAVO, Delivery(body=sent[0].body))
    assert [type(e) for e in shown.effects] == [ShowCall]
    assert shown.fault is not None
    assert "until the clock is right" in str(world.parties[BRAVO].node.unkept)
    assert shown.kept  # what came is durable; what could not be signed is another matter
    assert CallId("c-1") in world.state(BRAVO).feeds[ALPHA].calls
    assert world.state(BRAVO).own.acknowledgements == {}
    world.now = last
    world.give(BRAVO, Tick())  # the clock is right again: what was held back is said now
    assert len(world.state(BRAVO).own.acknowledgements) == 1
    assert len(world.rings(BRAVO)) == 1
    assert world.parties[BRAVO].node.unkept is None


def test_a_clock_a_little_behind_is_borne() -> None:
    """NOD-008: entries still rise in time."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.wait(-CLOCK_BACK_MS_MAX / 1_000 - 1.0)
    assert world.act(ALPHA, roz("roz-2", BRAVO)).fault is None


def test_a_fault_of_our_own_abandons_the_input_and_not_the_node() -> None:
    """NOD-009: the draw of salts breaks once; the node says so and goes on."""
    world = World()
    party = world.parties[ALPHA]
    draw = party.draw.__class__.__call__

    class Broken(Exception):
        pass

    def broken(_self: object, _size: int) -> bytes:
        raise Broken("no bytes")

    party.draw.__class__.__call__ = broken  # type: ignore[method-assign, assignment]
    try:
        outcome = party.node.handle(Tick(), START.replace(hour=1))
    finally:
        party.draw.__class__.__call__ = draw  # type: ignore[method-assign]
    assert outcome.fault is not None
    assert "DEGRADED" in outcome.fault
    assert party.node.degraded == "Broken: no bytes"
    party.node.degraded = None
    assert world.act(ALPHA, roz()).fault is None


def test_a_parcel_names_what_its_sender_holds() -> None:
    """NOD-001: an outcome is a value; its messages are bytes."""
    world = World()
    outcome = world.observe(ALPHA, seen(world.now, 9_000.0))
    assert all(isinstance(message.body, bytes) for message in outcome.messages)
    have = dict(parcel.decode(outcome.messages[0].body).have)
    assert have[world.parties[ALPHA].setting.feed] == 1


def acts(*bodies: Event) -> list[NodeInput]:
    by = Speaker(party=BRAVO, role=DUTY, watch="1")
    return [Act(by=by, body=body) for body in bodies]


@pytest.mark.parametrize("fault", Fault)
def test_a_failed_commit_of_many_inputs_is_told_to_each(fault: Fault) -> None:
    """NOD-015, NOD-004: all of them are durable or none, and each says that nobody may know."""
    plan: dict[int, Fault] = {}
    world = World(store=faulty(plan))
    world.settle(ALPHA, call(precedence=Precedence.ROUTINE))
    world.wait(60.0)
    world.give(BRAVO, Tick())
    store, node = world.parties[BRAVO].store, world.parties[BRAVO].node
    assert isinstance(store, FaultyStore)
    plan[store.commits] = fault
    outcomes = node.handle_all(
        acts(roz("roz-1", ALPHA), roz("roz-2", ALPHA), post(BRAVO)), world.now
    )
    assert all("failed as planned" in (outcome.fault or "") for outcome in outcomes)
    assert all((outcome.recorded, outcome.messages) == ((), ()) for outcome in outcomes)
    assert all([type(e) for e in outcome.effects] == [Ring] for outcome in outcomes)
    held = {*node.state.own.notices, *node.state.journal.notices}
    assert held == ({"roz-1", "roz-2", "post-1"} if fault is Fault.FAILS_BUT_PERSISTS else set())
    assert node.degraded is None
    assert all(one.fault is None for one in node.handle_all(acts(roz("roz-3", ALPHA)), world.now))


def test_what_a_peer_sends_shares_no_commit_with_what_our_people_ask() -> None:
    """NOD-015: a commit that fails on a parcel leaves the acts around it as they are."""
    plan: dict[int, Fault] = {}
    world = World(store=faulty(plan))
    world.settle(ALPHA, roz("roz-0", BRAVO))
    messages = world.act(ALPHA, roz("roz-a", BRAVO)).messages
    store, node = world.parties[BRAVO].store, world.parties[BRAVO].node
    assert isinstance(store, FaultyStore)
    before = store.commits
    plan[before + 1] = Fault.FAILS
    first, second, third = acts(roz("roz-1", ALPHA), roz("roz-2", ALPHA), roz("roz-3", ALPHA))
    given = [first, second, *(Delivery(body=message.body) for message in messages), third]
    faults = [outcome.fault is None for outcome in node.handle_all(given, world.now)]
    assert faults == [True, True, False, True]
    assert store.commits == before + 3
    assert set(node.state.own.notices) == {"roz-1", "roz-2", "roz-3"}
    assert set(node.state.feeds[ALPHA].notices) == {"roz-0"}
    assert node.next_wake(world.now) is not None


def test_a_fault_of_our_own_abandons_one_input_of_many() -> None:
    """NOD-016: the others are durable, in their order, and the fault is shown."""
    world = World()
    node = world.parties[BRAVO].node
    broken = Observed(observations=(None,))  # type: ignore[arg-type]
    first, last = acts(roz("roz-1", ALPHA), roz("roz-2", ALPHA))
    outcomes = node.handle_all([first, broken, last], world.now)
    assert [outcome.fault is None for outcome in outcomes] == [True, False, True]
    assert "DEGRADED" in (outcomes[1].fault or "")
    assert node.degraded is not None
    assert list(node.state.own.notices) == ["roz-1", "roz-2"]
    live = node.state
    world.parties[BRAVO].start()
    assert world.state(BRAVO) == live


def test_no_input_gives_no_outcome() -> None:
    """NOD-015."""
    world = World()
    assert world.parties[BRAVO].node.handle_all((), world.now) == ()
