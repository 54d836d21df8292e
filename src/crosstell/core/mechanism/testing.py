"""Tests of the line on schedule, and what each call shows of how long the line takes.

A test is the one kind of call that a node sends by itself. It begins when the protocol is in
force between the two parties, and ends when it is answered or its time is over.
Implements MEC-050 to MEC-053.
"""

from collections.abc import Iterator
from datetime import datetime

from crosstell.core.ids import CallId, PartyId
from crosstell.core.instant import later, to_us
from crosstell.core.line.acknowledgement import (
    CallActedOn,
    CallPassedOn,
    CallReadBack,
    CallReceived,
)
from crosstell.core.line.answer import AnswerKind, settles
from crosstell.core.line.call import Call
from crosstell.core.line.content import CallContent, Node, Radio, Relay, Telephone
from crosstell.core.line.health import LineKey, LineSample, Medium, Occasion, next_test_at
from crosstell.core.line.message import (
    CallClosed,
    CallKind,
    CallPlaced,
    Closing,
    Precedence,
    SentBy,
)
from crosstell.core.mechanism.calls import (
    acknowledgement_of,
    answers_of,
    is_over,
    is_settled,
)
from crosstell.core.protocol.standing import in_force_since
from crosstell.core.state.state import State

_OWNER_FOUND = (AnswerKind.OURS, AnswerKind.NOT_OURS)


def test_events(state: State, now: datetime) -> tuple[CallPlaced | CallClosed, ...]:
    """The tests that are due, and the tests that are over, at `now`."""
    ended = tuple(
        CallClosed(call=call.placed.call, closing=Closing.WITHOUT_SUMMARY)
        for call in _open_tests(state)
        if is_settled(state, call) or _time_is_over(call, now)
    )
    placed = tuple(_test(state, party, now) for party, at in _due_times(state) if at <= now)
    return (*ended, *placed)


def next_test_time(state: State, now: datetime) -> datetime | None:
    """When the next test is due, or an open one ends."""
    times = [at for _, at in _due_times(state)]
    times += [call.placed.answer_by for call in _open_tests(state) if call.placed.answer_by]
    return min((at for at in times if at > now), default=None)


def sample_of(state: State, call: Call) -> LineSample:
    """What an ended call of ours shows of its line.

    The recipient's times are its own claims; where they run behind ours they are taken as ours.
    """
    placed_at = call.placed_stamp.at
    reached = _reached(state, call)
    times: dict[str, datetime | None] = {}
    latest = placed_at
    for name in _IN_ORDER:
        at = reached.get(name)
        after_silence = name not in _BEFORE_ANSWER and times["answered_at"] is None
        times[name] = None if at is None or after_silence else max(latest, at)
        latest = times[name] or latest
    return LineSample(
        line=LineKey(party=call.placed.to_party, role=call.placed.to_role, medium=_medium(call)),
        occasion=Occasion.TEST if call.placed.kind is CallKind.TEST else Occasion.CALL,
        placed_at=placed_at,
        received_at=times["received_at"],
        answered_at=times["answered_at"],
        read_back_at=times["read_back_at"],
        owner_found_at=times["owner_found_at"],
        passed_on_at=times["passed_on_at"],
        acted_at=times["acted_at"],
    )


_BEFORE_ANSWER = ("received_at", "answered_at")
_IN_ORDER = (*_BEFORE_ANSWER, "read_back_at", "owner_found_at", "passed_on_at", "acted_at")
_STAGES: dict[type, str] = {
    CallReceived: "received_at",
    CallReadBack: "read_back_at",
    CallPassedOn: "passed_on_at",
    CallActedOn: "acted_at",
}


def _reached(state: State, call: Call) -> dict[str, datetime]:
    """The instants by which each step was first reached, as its recipient or our log says."""
    found: dict[str, datetime] = {}
    held = acknowledgement_of(state, call)
    for stamp, event in () if held is None else held.marks:
        if (name := _STAGES.get(type(event))) is not None:
            found.setdefault(name, stamp.at)
    answers = answers_of(state, call)
    for stamp, given in () if answers is None else answers.given:
        if settles(given.answer.kind):
            found.setdefault("answered_at", stamp.at)
        if given.answer.kind in _OWNER_FOUND:
            found.setdefault("owner_found_at", stamp.at)
    for log in state.own.voice_logs.values():
        if log.logged.call == call.placed_stamp.ref and log.account.answered_at is not None:
            found.setdefault("answered_at", log.account.answered_at)
    return found


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
        if call.placed.kind is CallKind.TEST and not is_over(call):
            yield call


def _time_is_over(call: Call, now: datetime) -> bool:
    assert call.placed.answer_by is not None, "every placed call has an answer clock"
    return call.placed.answer_by <= now


def _due_times(state: State) -> Iterator[tuple[PartyId, datetime]]:
    """Each counterpart with which the protocol is in force, and when its next test is due."""
    setting = state.setting
    ours = state.own.adherence.get(setting.digest)
    open_to = {call.placed.to_party for call in _open_tests(state)}
    for other in state.others():
        theirs = other.adherence.get(setting.digest)
        if ours is None or theirs is None or other.party in open_to:
            continue
        since = in_force_since(setting.protocol, ours, theirs)
        if since is None:
            continue
        line = state.journal.lines.get(_line_to(state, other.party))
        every_s = setting.protocol.line_tests.every_s
        yield other.party, next_test_at(line, first_at=since, interval_s=every_s)


def _line_to(state: State, party: PartyId) -> LineKey:
    return LineKey(party=party, role=state.setting.test_role)


def _test(state: State, party: PartyId, now: datetime) -> CallPlaced:
    role = state.setting.test_role
    within_s = state.setting.protocol.line_tests.answer_within_s
    return CallPlaced(
        call=CallId(f"test-{state.setting.party}-{party}-{to_us(now) // 1_000}"),
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
