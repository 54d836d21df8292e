"""Every call as the screen shows it: who, what, how far it has come, what was answered, by when.

A call may be ours, to us, or between others; the first two can be acted on. Voice logs that name
no placed call stand by themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import CallId, EntryRef, EpisodeId, PartyId, RoleId
from crosstell.core.instant import later, seconds_between
from crosstell.core.line.acknowledgement import Acknowledgement, CallReadBack, Stage
from crosstell.core.line.answer import AnswerId, in_force
from crosstell.core.line.call import Call, CallState, stop_stands
from crosstell.core.line.content import (
    About,
    CallContent,
    Carriage,
    FieldFinding,
    Interpreter,
    compare,
)
from crosstell.core.line.message import CallKind, Precedence, Reality
from crosstell.core.line.view import (
    AnswerClock,
    AnswerShown,
    CallView,
    ReadBackView,
    StageShown,
    StopStanding,
    SummaryStanding,
)
from crosstell.core.line.watch.matching import (
    AccountFinding,
    LogMatch,
    MatchStanding,
    PartyLogs,
    compare_accounts,
    match_voice_logs,
)
from crosstell.core.line.watch.queue import call_order
from crosstell.core.line.watch.voice import VoiceAccount, VoiceLog, VoiceLogId
from crosstell.core.mechanism.line.sides import acknowledgement_of, sides_of
from crosstell.core.mechanism.view import call_view, episodes_of
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.state.state import State

ENDED_SHOWN_S = 86_400.0  # how long an ended call stays on the screen; the record holds every one
CALLS_MAX = 300
LOGS_MAX = 100
LOG_TOLERANCE_S = 120.0  # how far two logs' stated starts may lie apart; our own choice


class Direction(StrEnum):
    """Whose call it is, from where we stand."""

    PLACED = "placed"
    TAKEN = "taken"
    BETWEEN_OTHERS = "between-others"


class Act(StrEnum):
    """What our own side can record of a call as it stands; the tables have the last word."""

    RECEIVE = "receive"
    READ_BACK = "read-back"
    ANSWER = "answer"
    CORRECT_ANSWER = "correct-answer"
    PASS_ON = "pass-on"  # noqa: S105 - a stage of a call, not a secret
    ACT_ON = "act-on"
    CONFIRM_SUMMARY = "confirm-summary"
    CHECK_READ_BACK = "check-read-back"
    CORRECT = "correct"
    DISREGARD = "disregard"
    RENEW = "renew"
    LIFT = "lift"
    PROPOSE_SUMMARY = "propose-summary"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCall:
    """One call. `party` placed it; `content` is its newest version of `versions`.

    `receive_by` is when a person should have it, `answer_by` when the answer is due, both from
    its placing. `stage_entries` are the recipient's entries of the `stages`, in their order.
    `read_back_content` is what was last read back, `read_back_findings` how each
    field of it stands to the content. `in_force` are the ids of the
    recorded answers among `answers`, in their order. `acts` are ours to do.
    """

    call: CallId
    party: PartyId
    ref: EntryRef
    content_ref: EntryRef
    direction: Direction
    kind: CallKind
    precedence: Precedence
    reality: Reality
    from_role: RoleId
    by: Speaker | None
    to_party: PartyId
    to_role: RoleId
    carriage: Carriage
    content: CallContent
    versions: int
    language: str
    interpreter: Interpreter
    on_behalf: Scope
    placed_at: datetime
    receive_by: datetime
    answer_by: datetime
    expires_at: datetime | None
    state: CallState
    stage: Stage
    stages: tuple[StageShown, ...]
    stage_entries: tuple[EntryRef, ...]
    answers: tuple[AnswerShown, ...]
    in_force: tuple[AnswerId, ...]
    clock: AnswerClock
    read_back: ReadBackView
    read_back_content: CallContent | None
    read_back_findings: tuple[FieldFinding, ...]
    stop: StopStanding | None
    summary: SummaryStanding
    summary_text: str | None
    summary_digest: str | None
    episode: EpisodeId
    about: tuple[About, ...]
    logs: tuple[VoiceLogId, ...]
    acts: tuple[Act, ...]
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenVoiceLog:
    """One side's log of a voice call: a claim of that side.

    `match` says whether the other side's log of the same call is known; `findings` how the two
    accounts compare, where it is.
    """

    party: PartyId
    log: VoiceLogId
    ref: EntryRef
    logged_at: datetime
    by: Speaker | None
    account: VoiceAccount
    corrections: int
    call: EntryRef | None
    match: MatchStanding
    candidates: tuple[VoiceLogId, ...]
    findings: tuple[AccountFinding, ...]


def calls_of(state: State, now: datetime) -> tuple[ScreenCall, ...]:
    """Open calls and those ended of late, in the order in which they go. Implements SCR-020."""
    names = {ref: one.name for one in episodes_of(state) for ref in one.items}
    held = [
        (party, call)
        for party in sorted(state.feeds)
        for call in state.feeds[party].calls.values()
        if _is_on_screen(call, now)
    ]
    held.sort(key=lambda one: (one[1].ended is not None, call_order(one[1], now=now)))
    return tuple(
        _screen_call(state, party, call, now, names[call.placed_stamp.ref])
        for party, call in held[:CALLS_MAX]
    )


def _is_on_screen(call: Call, now: datetime) -> bool:
    return call.ended is None or seconds_between(call.ended[0].at, now) < ENDED_SHOWN_S


def direction_of(state: State, party: PartyId, call: Call) -> Direction:
    """Whether we placed the call, or it is to us, or neither."""
    if party == state.setting.party:
        return Direction.PLACED
    ours = call.placed.to_party == state.setting.party
    return Direction.TAKEN if ours else Direction.BETWEEN_OTHERS


def _screen_call(
    state: State, party: PartyId, call: Call, now: datetime, episode: EpisodeId
) -> ScreenCall:
    placed, view, sides = call.placed, call_view(state, call, now), sides_of(state, call)
    time = state.setting.protocol.answer_time(placed.kind, placed.precedence)
    assert placed.answer_by is not None, "every placed call has an answer clock"
    direction = direction_of(state, party, call)
    given = () if sides.answers is None else in_force(sides.answers)
    summary = None if call.summary is None else call.summary[1]
    held = acknowledgement_of(state, call)
    said = _read_back(held)
    return ScreenCall(
        call=placed.call,
        party=party,
        ref=call.placed_stamp.ref,
        content_ref=call.versions[-1].ref,
        direction=direction,
        kind=placed.kind,
        precedence=placed.precedence,
        reality=placed.reality,
        from_role=placed.from_role,
        by=call.placed_stamp.by,
        to_party=placed.to_party,
        to_role=placed.to_role,
        carriage=placed.carriage,
        content=call.versions[-1].content,
        versions=len(call.versions),
        language=placed.language,
        interpreter=placed.interpreter,
        on_behalf=placed.on_behalf,
        placed_at=call.placed_stamp.at,
        receive_by=later(call.placed_stamp.at, by_s=time.receive_s),
        answer_by=placed.answer_by,
        expires_at=call.expires_at,
        state=call.state,
        stage=view.stage,
        stages=view.stages,
        stage_entries=() if held is None else tuple(stamp.ref for stamp, _ in held.marks),
        answers=view.answers,
        in_force=tuple(event.answer_id for _, event in given),
        clock=view.clock,
        read_back=view.read_back,
        read_back_content=said,
        read_back_findings=() if said is None else compare(call.versions[-1].content, said),
        stop=view.stop,
        summary=view.summary,
        summary_text=None if summary is None else summary.summary.text,
        summary_digest=None if summary is None else summary.digest,
        episode=episode,
        about=placed.about,
        logs=tuple(log.logged.log for log in (*sides.caller_logs, *sides.recipient_logs)),
        acts=_acts(direction, call, view, now, can_correct=bool(given)),
        ended_at=None if call.ended is None else call.ended[0].at,
    )


def _read_back(held: Acknowledgement | None) -> CallContent | None:
    marks = () if held is None else held.marks
    read = [event.read_back for _, event in marks if isinstance(event, CallReadBack)]
    return read[-1] if read else None


def _acts(
    direction: Direction, call: Call, view: CallView, now: datetime, *, can_correct: bool
) -> tuple[Act, ...]:
    if direction is Direction.BETWEEN_OTHERS or call.ended is not None:
        return ()
    if direction is Direction.TAKEN:
        return _acts_of_recipient(call, view, can_correct=can_correct)
    return _acts_of_caller(call, view, now)


def _acts_of_recipient(call: Call, view: CallView, *, can_correct: bool) -> tuple[Act, ...]:
    if call.placed.kind is CallKind.TEST:
        return (Act.RECEIVE,) if view.stage in (Stage.UNSEEN, Stage.DELIVERED) else ()
    if view.stage in (Stage.UNSEEN, Stage.DELIVERED):
        return Act.RECEIVE, Act.READ_BACK, Act.ANSWER
    found = [Act.READ_BACK, Act.ANSWER, Act.PASS_ON, Act.ACT_ON]
    if can_correct:
        found.append(Act.CORRECT_ANSWER)
    if view.summary is SummaryStanding.STATED_BY_CALLER:
        found.append(Act.CONFIRM_SUMMARY)
    return tuple(found)


def _acts_of_caller(call: Call, view: CallView, now: datetime) -> tuple[Act, ...]:
    if call.placed.kind is CallKind.TEST:
        return ()
    found = [Act.CORRECT, Act.DISREGARD] if call.lifted is None else [Act.DISREGARD]
    if view.read_back.ref is not None:
        found.insert(0, Act.CHECK_READ_BACK)
    if stop_stands(call, at=now):
        return (Act.LIFT, Act.RENEW, *found)
    return (*found, Act.PROPOSE_SUMMARY, Act.CLOSE)


def voice_logs_of(state: State) -> tuple[ScreenVoiceLog, ...]:
    """The newest voice logs of every party, with their match. Implements SCR-021, LINE-062."""
    logs = {party: tuple(feed.voice_logs.values()) for party, feed in state.feeds.items()}
    matches: dict[tuple[PartyId, VoiceLogId], LogMatch] = {}
    parties = sorted(logs)
    for place, one in enumerate(parties):
        for other in parties[place + 1 :]:
            pair = PartyLogs(party=one, logs=logs[one]), PartyLogs(party=other, logs=logs[other])
            for found in match_voice_logs(*pair, tolerance_s=LOG_TOLERANCE_S):
                known = matches.get((found.party, found.log))
                if known is None or known.standing is MatchStanding.ALONE:
                    matches[found.party, found.log] = found
    held = [(party, log) for party in parties for log in logs[party]]
    held.sort(key=lambda one: (one[1].account.started_at, one[0], one[1].logged.log))
    return tuple(_screen_log(state, one, matches) for one in held[-LOGS_MAX:])


def _screen_log(
    state: State,
    of: tuple[PartyId, VoiceLog],
    matches: dict[tuple[PartyId, VoiceLogId], LogMatch],
) -> ScreenVoiceLog:
    party, log = of
    match = matches.get((party, log.logged.log))
    standing = MatchStanding.ALONE if match is None else match.standing
    candidates = () if match is None else match.candidates
    findings: tuple[AccountFinding, ...] = ()
    other = state.feeds.get(log.account.counterpart)
    if standing is MatchStanding.MATCHED and other is not None:
        theirs = other.voice_logs[candidates[0]].account
        findings = compare_accounts(log.account, theirs, tolerance_s=LOG_TOLERANCE_S)
    return ScreenVoiceLog(
        party=party,
        log=log.logged.log,
        ref=log.logged_stamp.ref,
        logged_at=log.logged_stamp.at,
        by=log.logged_stamp.by,
        account=log.account,
        corrections=len(log.corrections),
        call=log.logged.call if isinstance(log.logged.call, EntryRef) else None,
        match=standing,
        candidates=candidates,
        findings=findings,
    )
