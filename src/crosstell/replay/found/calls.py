"""The calls of a run, each stage with the time at which its author recorded it."""

from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.line.acknowledgement import (
    CallActedOn,
    CallDelivered,
    CallPassedOn,
    CallReadBack,
    CallReceived,
)
from crosstell.core.line.answer import AnswerCorrected, AnswerGiven
from crosstell.core.line.content import CallContent, Carriage, Node, Relay, said_in
from crosstell.core.line.message import CallClosed, CallPlaced
from crosstell.core.line.watch.voice import Direction, VoiceLogged
from crosstell.core.picture.party import Scope
from crosstell.core.picture.wording import quoted
from crosstell.replay.claims import Hop
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import Answer, CallSeen, HeldBy, Passed

_Stage = CallDelivered | CallReceived | CallReadBack | CallPassedOn | CallActedOn
_Said = AnswerGiven | AnswerCorrected


@dataclass(slots=True)
class _Story:
    """One call as both feeds tell it."""

    placed: CallPlaced
    sight: Sight
    stages: list[Sight] = field(default_factory=list)
    closed: datetime | None = None

    def first(self, kind: type[_Stage]) -> Sight | None:
        return next((sight for sight in self.stages if isinstance(sight.body, kind)), None)


def own_sights(trace: Trace) -> list[Sight]:
    """Each shared entry once: as its own author's node recorded it."""
    return [sight for sight in trace.sights if sight.held_by == sight.of and not sight.home]


def held_elsewhere(trace: Trace) -> dict[EntryRef, tuple[HeldBy, ...]]:
    """Since when the other parties' nodes held each shared entry whose body they may read."""
    found: dict[EntryRef, list[HeldBy]] = {}
    for sight in trace.sights:
        if sight.held_by != sight.of and not sight.home and sight.body is not None:
            found.setdefault(sight.ref, []).append(HeldBy(party=sight.held_by, at=sight.at))
    return {ref: tuple(held) for ref, held in found.items()}


def calls_of(trace: Trace) -> tuple[CallSeen, ...]:
    """Every call, in the order of placing; what was never recorded is None."""
    stories: dict[EntryRef, _Story] = {}
    by_name: dict[tuple[PartyId, str], EntryRef] = {}
    for sight in own_sights(trace):
        body = sight.body
        match body:
            case CallPlaced():
                stories.setdefault(sight.ref, _Story(placed=body, sight=sight))
                by_name.setdefault((sight.of, body.call), sight.ref)
            case CallClosed():
                ref = by_name.get((sight.of, body.call))
                if ref is not None:
                    stories[ref].closed = stories[ref].closed or sight.at
            case _:
                _add_stage(stories, sight)
    voice = [_voice(s, s.body) for s in own_sights(trace) if isinstance(s.body, VoiceLogged)]
    found = [*(_call(story) for story in stories.values()), *voice]
    return tuple(sorted(found, key=lambda call: call.placed))


def _voice(sight: Sight, logged: VoiceLogged) -> CallSeen:
    """A voice call as one side logged it: a claim, to stand beside the other side's."""
    account = logged.account
    ends = (sight.of, account.counterpart)
    outward = account.direction is Direction.PLACED
    caller, to = ends if outward else ends[::-1]
    roles = (account.own_role, account.counterpart_role or "not stated")
    answers: tuple[Answer, ...] = ()
    if account.answer is not None:
        scope = account.answer.scope
        answers = (
            Answer(
                at=account.answered_at or account.ended_at,
                answer=account.answer.kind.value,
                by=roles[1] if outward else roles[0],
                speaks_for=tuple(scope.speaks_for),
                cannot_speak_for=tuple(scope.cannot_speak_for),
            ),
        )
    return CallSeen(
        call=logged.log,
        kind=account.kind.value,
        caller=caller,
        to=to,
        to_role=roles[1] if outward else roles[0],
        carriage=carriage_of(account.carriage),
        hops=_hops(account.carriage),
        claimed_by=sight.of,
        precedence="not stated",
        text="" if account.message is None else said_words(account.message),
        placed=account.started_at,
        placed_by=roles[0] if outward else roles[1],
        copied=None,
        delivered=None,
        received=account.reached_at,
        received_by=roles[1] if outward else roles[0],
        read_back=account.read_back_at,
        passed=(),
        answers=answers,
        closed=account.ended_at,
        ref=ref_text(sight),
    )


def _add_stage(stories: dict[EntryRef, _Story], sight: Sight) -> None:
    body = sight.body
    if isinstance(body, _Stage | _Said) and isinstance(body.call, EntryRef):
        story = stories.get(body.call)
        if story is not None and sight.of == story.placed.to_party:
            story.stages.append(sight)


def _call(story: _Story) -> CallSeen:
    placed = story.placed
    received = story.first(CallReceived)
    by_node = isinstance(placed.carriage, Node)
    reached = _at(story.first(CallDelivered))
    return CallSeen(
        call=placed.call,
        kind=placed.kind.value,
        caller=story.sight.of,
        to=placed.to_party,
        to_role=placed.to_role,
        carriage=carriage_of(placed.carriage),
        hops=_hops(placed.carriage),
        claimed_by="",
        precedence=placed.precedence.value,
        text=call_words(placed),
        placed=story.sight.at,
        placed_by=placed.from_role,
        copied=None if by_node else reached,
        delivered=reached if by_node else None,
        received=_at(received),
        received_by=_role(received),
        read_back=_at(story.first(CallReadBack)),
        passed=_passed(story),
        answers=tuple(_answer(s) for s in story.stages if isinstance(s.body, _Said)),
        closed=story.closed,
        ref=ref_text(story.sight),
    )


def carriage_of(carriage: Carriage) -> str:
    """How a call went, in one word."""
    return type(carriage).__name__.lower()


def _hops(carriage: Carriage) -> tuple[Hop, ...]:
    hops = carriage.hops if isinstance(carriage, Relay) else ()
    return tuple(
        Hop(who=hop.who, received_at=hop.received_at, passed_at=hop.passed_at) for hop in hops
    )


def call_words(placed: CallPlaced) -> str:
    """What the call says, or its kind where it says nothing."""
    return said_words(placed.content) or placed.kind.value


def said_words(content: CallContent) -> str:
    """The typed fields of a message, then its remarks."""
    remarks = () if content.remarks is None else (quoted(content.remarks.text),)
    return "; ".join((*said_in(content), *remarks))


def _passed(story: _Story) -> tuple[Passed, ...]:
    found = []
    for sight in story.stages:
        body = sight.body
        if isinstance(body, CallPassedOn):
            names = body.scope.speaks_for or ("whole party",)
            found += [Passed(to=name, at=sight.at, by=_role(sight)) for name in names]
        elif isinstance(body, CallReceived) and sight.by is not None and sight.by.component:
            found.append(Passed(to=sight.by.component, at=sight.at, by=_role(sight)))
    return tuple(found)


def _answer(sight: Sight) -> Answer:
    body = sight.body
    assert isinstance(body, _Said)
    scope: Scope = body.answer.scope
    return Answer(
        at=sight.at,
        answer=body.answer.kind.value,
        by=_role(sight),
        speaks_for=tuple(scope.speaks_for),
        cannot_speak_for=tuple(scope.cannot_speak_for),
    )


def ref_text(sight: Sight) -> str:
    """An entry as a person finds it again: whose log, its number, the start of its hash."""
    log = f"{sight.of} {sight.home}" if sight.home else sight.of
    return f"{log} #{sight.ref.seq} {sight.ref.hash[:12]}"


def _at(sight: Sight | None) -> datetime | None:
    return None if sight is None else sight.at


def _role(sight: Sight | None) -> str:
    return "" if sight is None or sight.by is None else sight.by.role
