"""The state is a function of the set of entries: any interleaving of the feeds gives the same.

Hypothesis draws what people of two or three parties do, and what is delivered when; the real
nodes run it. Then every entry that a party holds is folded again in another order.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, CHARLIE, CHIEF, World, answered, call, post, roz, seen
from sampling import examples

from crosstell.core.ids import CallId, Named, NoticeId, PartyId
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.line.answer import AnswerGiven, AnswerId, AnswerKind
from crosstell.core.line.message import CallClosed, CallDisregarded, CallKind, Closing, StopLifted
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.record.entry import parse
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, fold, initial

TRIO = (ALPHA, BRAVO, CHARLIE)
MOVES = (
    *("call", "stop", "notice", "post", "withdraw", "receive", "answer", "stand-by"),
    *("close", "disregard", "lift", "status", "sign", "see", "jump"),
)
MOVE = st.tuples(st.sampled_from(MOVES), st.integers(0, 2), st.integers(0, 2), st.booleans())


def held_by(world: World, party: PartyId) -> dict[str, tuple[Held, ...]]:
    """Every entry of every log that the party's store holds, as its node reads it."""
    node = world.parties[party].node
    setting, exchange = node.state.setting, node._rebuilt.exchange
    logs = [*(feed for _, feed in setting.feeds), setting.journal]
    store = world.parties[party].store
    return {
        log: tuple(exchange.held(row, parse(row.leaf)) for row in store.entries(log))
        for log in logs
    }


def act(world: World, move: str, party: PartyId, other: PartyId, number: int) -> None:
    """One thing that somebody does; what makes no sense is refused, and that is recorded too."""
    if move == "see":
        world.wait(5.0)
        world.observe(party, seen(world.now, 12_000.0 - 700.0 * (number % 20)))
        return
    if move == "jump":
        world.wait(5.0)
        away = seen(world.now, 90_000.0 + 40.0 * number)
        world.observe(party, replace(away, kind=tuple(ObjectKind)[number % len(ObjectKind)]))
        return
    body = _body(world, move, party, other, number)
    world.act(party, body, role=CHIEF)


def _body(world: World, move: str, party: PartyId, other: PartyId, number: int) -> Event:
    mine, theirs = CallId(f"c-{party}"), Named(party=other, id=f"c-{other}")
    until = world.now + timedelta(seconds=300)
    bodies: dict[str, Event] = {
        "call": call(mine, other, from_role=CHIEF),
        "stop": call(mine, other, kind=CallKind.STOP, expires_at=until),
        "notice": roz(f"n-{party}", *(() if number % 3 == 0 else (other,)), version=1 + number % 2),
        "post": post(party, f"p-{number}", other),
        "withdraw": NoticeWithdrawn(notice=NoticeId(f"n-{party}"), version=1, reason="over"),
        "receive": CallReceived(call=theirs),
        "answer": AnswerGiven(
            call=theirs, answer_id=AnswerId(f"a-{number}"), answer=answered().answer
        ),
        "stand-by": AnswerGiven(
            call=theirs,
            answer_id=AnswerId(f"a-{number}"),
            answer=answered(AnswerKind.STAND_BY, until=until).answer,
        ),
        "close": CallClosed(call=mine, closing=Closing.WITHOUT_SUMMARY),
        "disregard": CallDisregarded(call=mine),
        "lift": StopLifted(call=mine),
        "status": StatusStated(
            notice=Named(party=other, id=f"n-{other}"),
            status=StatedStatus.OBSERVED_IN_PRACTICE,
            scope=Scope(),
        ),
        "sign": ProtocolSigned(protocol=world.parties[party].setting.digest),
    }
    return bodies[move]


def played(names: tuple[PartyId, ...], moves: list[tuple[str, int, int, bool]]) -> World:
    world = World(names=names, seed=f"world of {len(names)}")
    for number, (move, who, whom, deliver) in zip(count(), moves):
        party = names[who % len(names)]
        others = [name for name in names if name != party]
        act(world, move, party, others[whom % len(others)], number)
        if deliver:
            world.deliver()
    world.pass_time(120.0)
    world.deliver()
    return world


def refolded(start: State, logs: dict[str, tuple[Held, ...]], order: list[str]) -> State:
    """The state after folding the logs' entries as `order` names the logs, and then the rest."""
    state, at = start, dict.fromkeys(logs, 0)
    rest = [log for log in logs for _ in logs[log]]
    for log in (*order, *rest):
        if at[log] < len(logs[log]):
            state = fold(state, logs[log][at[log]])
            at[log] += 1
    return state


@settings(max_examples=examples(35))
@given(
    st.sampled_from([TRIO[:2], TRIO]),
    st.lists(MOVE, min_size=3, max_size=14),
    st.randoms(use_true_random=False),
)
def test_any_interleaving_of_the_feeds_folds_to_the_same_state(
    names: tuple[PartyId, ...], moves: list[tuple[str, int, int, bool]], random: object
) -> None:
    """MEC-002, NOD-003: shuffled, feed by feed, in reverse order of feeds, and rebuilt."""
    world = played(names, moves)
    for name in names:
        live = world.state(name)
        logs = held_by(world, name)
        start = initial(live.setting)
        shuffled = [log for log in logs for _ in logs[log]]
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        backwards = [log for log in reversed(logs) for _ in logs[log]]
        for order in (shuffled, [], backwards):
            assert refolded(start, logs, order) == live
        world.parties[name].start()
        assert world.state(name) == live


@settings(max_examples=examples(25))
@given(st.lists(MOVE, min_size=3, max_size=14))
def test_only_entries_change_the_state(moves: list[tuple[str, int, int, bool]]) -> None:
    """MEC-001, MEC-012: an outcome that records nothing leaves the state as it was."""
    world = World(seed="entries")
    for number, (move, who, _, deliver) in enumerate(moves):
        party = TRIO[who % 2]
        before = world.state(party)
        sizes = [feed.size for feed in before.feeds.values()], before.journal.size
        act(world, move, party, TRIO[(who + 1) % 2], number)
        after = world.state(party)
        same = sizes == ([feed.size for feed in after.feeds.values()], after.journal.size)
        assert same == (before == after)
        if same:
            assert world.outcomes[-1][1].effects == ()
        if deliver:
            world.deliver()


def test_what_is_drawn_reaches_every_part_of_the_state() -> None:
    """MEC-002: a control. The moves, each made once or twice, fill the maps that are compared."""
    moves = [("sign", 0, 0, True), ("sign", 1, 0, True), ("stop", 0, 0, True)]
    moves += [("receive", 1, 0, True), ("notice", 1, 0, True), ("answer", 1, 0, True)]
    moves += [("withdraw", 1, 0, True), ("post", 0, 0, True), ("see", 0, 0, True)] * 2
    moves += [("jump", 0, 0, True)]
    state = played(TRIO[:2], moves).state(ALPHA)
    assert state.own.calls
    assert state.own.notices
    assert state.own.adherence
    assert state.feeds[BRAVO].acknowledgements
    assert state.feeds[BRAVO].answers
    assert state.feeds[BRAVO].notices
    (track,) = state.journal.tracks.values()
    assert track.trust is not None
    assert len(track.trust.doubted()) == 2
    assert state.journal.alerts
    assert state.journal.ladders
