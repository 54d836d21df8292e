"""Tests of the line on schedule, and what each call shows of how long the line takes.

A test is the one kind of call that a node sends by itself. It begins when the protocol is in
force between the two parties, and ends when it is answered or its time is over.
Implements MEC-050 to MEC-053, NOD-496.
"""

from collections.abc import Iterator
from datetime import datetime

from crosstell.core.ids import CallId, PartyId
from crosstell.core.instant import format_instant, later, to_us
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.call import Call
from crosstell.core.line.content import CallContent, Node, Radio, Relay, Telephone
from crosstell.core.line.health import LineKey, LineSample, Medium, Occasion
from crosstell.core.line.message import (
    CallClosed,
    CallKind,
    CallPlaced,
    Closing,
    Precedence,
    SentBy,
)
from crosstell.core.line.watch.sample import call_sample, voice_sample
from crosstell.core.line.watch.standing import (
    LineRules,
    LineView,
    NoTest,
    OpenTest,
    next_test_at,
    view,
)
from crosstell.core.mechanism.line.sides import acknowledgement_of, sides_of
from crosstell.core.protocol.standing import in_force_since
from crosstell.core.state.state import State

UNTESTED_AFTER = 2  # test intervals without a sample after which a line is untested; our choice


def test_events(state: State, now: datetime) -> tuple[CallPlaced | CallClosed, ...]:
    """The tests that are due, and the tests that are over, at `now`."""
    ended = tuple(
        CallClosed(call=call.placed.call, closing=Closing.WITHOUT_SUMMARY)
        for call in _open_tests(state)
        if _was_received(state, call) or _time_is_over(call, now)
    )
    placed = tuple(_test(state, party, now) for party, at in _due_times(state, now) if at <= now)
    return (*ended, *placed)


def next_test_time(state: State, now: datetime) -> datetime | None:
    """When the next test is due, or an open one ends."""
    times = [at for _, at in _due_times(state, now)]
    times += [call.placed.answer_by for call in _open_tests(state) if call.placed.answer_by]
    return min((at for at in times if at > now), default=None)


def sample_of(state: State, call: Call) -> LineSample | None:
    """What an ended call of ours shows of its line; None if it does not tell."""
    line = LineKey(party=call.placed.to_party, role=call.placed.to_role, medium=_medium(call))
    sides = sides_of(state, call)
    if line.medium is Medium.NODE:
        return call_sample(sides, line=line)
    heard = (voice_sample(log.account, line=line) for log in sides.caller_logs)
    return next((sample for sample in heard if sample is not None), None)


def _medium(call: Call) -> Medium:
    match call.placed.carriage:
        case Node():
            return Medium.NODE
        case Telephone():
            return Medium.TELEPHONE
        case Radio():
            return Medium.RADIO
        case Relay():
            return Medium.RELAY


def _open_tests(state: State) -> Iterator[Call]:
    for call in state.own.calls.values():
        if call.placed.kind is CallKind.TEST and call.ended is None:
            yield call


def _was_received(state: State, call: Call) -> bool:
    """Whether a person of the other side took the test: that is its answer."""
    held = acknowledgement_of(state, call)
    return held is not None and held.stage not in (Stage.UNSEEN, Stage.DELIVERED)


def _time_is_over(call: Call, now: datetime) -> bool:
    assert call.placed.answer_by is not None, "every placed call has an answer clock"
    return call.placed.answer_by <= now


def _due_times(state: State, now: datetime) -> Iterator[tuple[PartyId, datetime]]:
    """Each counterpart with which the protocol is in force, and when its next test is due."""
    open_to = {call.placed.to_party for call in _open_tests(state)}
    for other in state.others():
        key = _line_to(state, other.party)
        since = tested_from(state, key, now)
        if isinstance(since, NoTest) or other.party in open_to:
            continue
        line = state.journal.lines.get(key)
        every_s = state.setting.protocol.line_tests.every_s
        yield other.party, max(since, next_test_at(line, first_at=since, interval_s=every_s))


def tested_from(state: State, key: LineKey, now: datetime) -> datetime | NoTest:
    """Since when that line is tested on schedule, or why it is not. Implements LINE-106."""
    setting = state.setting
    if key != _line_to(state, key.party):
        return NoTest(why=f"tests go by node to {setting.test_role}, only calls tell of this line")
    ends = setting.protocol.ends
    if ends is not None and ends <= now:
        return NoTest(why=f"the protocol ended at {format_instant(ends)}")
    other = state.feeds.get(key.party)
    if other is None:
        return NoTest(why=f"{key.party} has no node in this protocol")
    ours, theirs = (feed.adherence.get(setting.digest) for feed in (state.own, other))
    unsigned = [name for name, one in ((setting.party, ours), (key.party, theirs)) if one is None]
    since = None
    if ours is not None and theirs is not None:
        since = in_force_since(setting.protocol, ours, theirs)
    if since is None:
        signed = f", not signed by {' nor '.join(unsigned)}" if unsigned else ""
        return NoTest(why=f"the protocol is not in force with {key.party}{signed}")
    return since


def line_seen(state: State, key: LineKey, now: datetime) -> LineView:
    """How that line stands, the test that is out on it included. Implements NOD-496."""
    tests = state.setting.protocol.line_tests
    rules = LineRules(
        answer_s=tests.answer_within_s,
        test_interval_s=tests.every_s,
        untested_after_s=UNTESTED_AFTER * tests.every_s,
    )
    return view(
        state.journal.lines.get(key),
        rules=rules,
        first_at=tested_from(state, key, now),
        now=now,
        test=_out_on(state, key),
    )


def _out_on(state: State, key: LineKey) -> OpenTest | None:
    """The newest test of that line that nobody has taken yet."""
    found = [
        OpenTest(
            sample=LineSample(line=key, occasion=Occasion.TEST, placed_at=call.placed_stamp.at),
            answer_by=call.placed.answer_by,
        )
        for call in _open_tests(state)
        if (call.placed.to_party, call.placed.to_role, _medium(call))
        == (key.party, key.role, key.medium)
        and call.placed.answer_by is not None
        and not _was_received(state, call)
    ]
    return max(found, key=lambda one: one.sample.placed_at, default=None)


def _line_to(state: State, party: PartyId) -> LineKey:
    return LineKey(party=party, role=state.setting.test_role)


def _test(state: State, party: PartyId, now: datetime) -> CallPlaced:
    role = state.setting.test_role
    within_s = state.setting.protocol.line_tests.answer_within_s
    return CallPlaced(
        call=CallId(f"test-{to_us(now) // 1_000}-{sorted(state.feeds).index(party)}"),
        kind=CallKind.TEST,
        precedence=Precedence.ROUTINE,
        reality=state.setting.reality,
        from_role=role,
        to_party=party,
        to_role=role,
        carriage=Node(),
        content=CallContent(),
        language=state.setting.language,
        sent_by=SentBy.PRE_AUTHORISED,
        answer_by=later(now, by_s=within_s),
    )
