"""A call as a person sees it: computed from both sides' machines, never stored.

Nothing here belongs to one feed. The caller's call, the recipient's acknowledgement and answers,
and each side's voice logs go in; the views depend on these values and on `now` alone.
An answer heard by voice counts for the caller's clock and is labelled so: the recipient has not
recorded it. 'Not ours' lowers nothing and is never shown as clear to engage.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import EntryRef
from crosstell.core.instant import format_instant
from crosstell.core.line.acknowledgement import (
    STEP_OF,
    Acknowledgement,
    CallActedOn,
    CallPassedOn,
    CallReadBack,
    Stage,
    StageStep,
    SummaryConfirmed,
)
from crosstell.core.line.answer import (
    Answer,
    AnswerCorrected,
    AnswerKind,
    Answers,
    counted_until,
    in_force,
    settles,
)
from crosstell.core.line.call import Call, CallState, stop_stands
from crosstell.core.line.content import Finding, compare, differences
from crosstell.core.line.message import CallClosed, Closing, ReadBackResult
from crosstell.core.line.watch.voice import (
    AuthenticationResult,
    Direction,
    VoiceAccount,
    VoiceLog,
)
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.scoped import scope_text
from crosstell.core.picture.wording import NOT_CLEAR_TO_ENGAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSides:
    """What both sides recorded of one call. None or (): nothing recorded, or not held here.

    `caller_logs` are the caller's own voice logs of this call, `recipient_logs` the recipient's.
    `stand_by_s_max` is the protocol's longest stand-by; None where no protocol is at hand.
    """

    call: Call
    acknowledgement: Acknowledgement | None = None
    answers: Answers | None = None
    caller_logs: tuple[VoiceLog, ...] = ()
    recipient_logs: tuple[VoiceLog, ...] = ()
    stand_by_s_max: float | None = None


class Source(StrEnum):
    """On whose word an answer rests."""

    RECORDED = "recorded"  # the recipient's own entry
    HEARD_BY_CALLER = "heard-by-caller"  # the caller's log of a voice call


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    """An answer in force, on whose word it rests, and the words that go with it.

    `voice` is how the voice was checked, of an answer heard; None for a recorded one.
    `counts_until` is set where a stand-by is longer than the protocol's longest, and counts only
    until then.
    """

    answer: Answer
    at: datetime
    source: Source
    label: str
    voice: AuthenticationResult | None = None
    counts_until: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether it may stop a clock: not if the voice failed its check. LINE-067."""
        return self.voice is not AuthenticationResult.FAILED


class AnswerStanding(StrEnum):
    """Whether the caller still waits."""

    OWED = "owed"
    CHECKING = "checking"
    STANDING_BY = "standing-by"
    STAND_BY_EXPIRED = "stand-by-expired"
    HEARD_BY_CALLER = "heard-by-caller"
    ANSWERED = "answered"
    NOT_OWED = "not-owed"  # the call is closed or disregarded, or its stop was lifted


_LABELS = {
    AnswerKind.WILL_COMPLY: "will comply",
    AnswerKind.NOTED: "noted; no undertaking",
    AnswerKind.UNABLE: "unable",
    AnswerKind.WILL_NOT: "will not",
    AnswerKind.STAND_BY: "stand by until {until}; the answer is still owed",
    AnswerKind.OURS: "says it is theirs",
    AnswerKind.NOT_OURS: f"says it is not theirs; {NOT_CLEAR_TO_ENGAGE}",
    AnswerKind.CHECKING: "checking; no time promised, the answer is still owed",
    AnswerKind.DISPUTED: "disputed",
}


_VOICES = {
    AuthenticationResult.NOT_DONE: "voice not checked",
    AuthenticationResult.VERIFIED: "voice checked",
    AuthenticationResult.FAILED: "THE VOICE FAILED ITS CHECK, counts for nothing",
}


def _label(said: AnswerShown, corrected_at: datetime | None) -> str:
    """The words shown with an answer: what, for whom, on whose word, of which content.

    Whether it was given before a correction is told by both sides' own times.
    """
    answer = said.answer
    until = "" if answer.until is None else format_instant(answer.until)
    if said.counts_until is not None:
        until += f", counted until {format_instant(said.counts_until)}, the protocol's longest"
    text = f"{_LABELS[answer.kind].format(until=until)} ({scope_text(answer.scope)})"
    if said.voice is not None:
        text = f"{text} (heard by the caller, not recorded by them; {_VOICES[said.voice]})"
    if corrected_at is not None and said.at < corrected_at:
        when = format_instant(corrected_at)
        text = f"{text}; given before the content was corrected at {when}"
    return text


def answers_shown(sides: CallSides) -> tuple[AnswerShown, ...]:
    """The answers in force, recorded ones first, then those the caller heard.

    Implements LINE-046, LINE-049, LINE-054, LINE-065, LINE-261.
    """
    found: list[tuple[Answer, datetime, AuthenticationResult | None]] = []
    recorded = () if sides.answers is None else in_force(sides.answers)
    found += [(event.answer, stamp.at, None) for stamp, event in recorded]
    for log in sides.caller_logs:
        account = log.account
        if account.direction is Direction.PLACED and account.answer is not None:
            at = account.answered_at or account.ended_at
            found.append((account.answer, at, account.authentication.result))
    versions = sides.call.versions
    corrected_at = versions[-1].at if len(versions) > 1 else None
    shown = []
    for answer, at, voice in found:
        counted = counted_until(answer, at, sides.stand_by_s_max)
        said = AnswerShown(
            answer=answer,
            at=at,
            source=Source.RECORDED if voice is None else Source.HEARD_BY_CALLER,
            label="",
            voice=voice,
            counts_until=None if counted == answer.until else counted,
        )
        shown.append(replace(said, label=_label(said, corrected_at)))
    return tuple(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClock:
    """Whether the caller still waits, and until when: the answer time or the stand-by's.

    `taken_back_at`: a settling answer was corrected away then, so the answer is owed afresh.
    """

    standing: AnswerStanding
    due_at: datetime | None
    taken_back_at: datetime | None = None


def answer_clock(sides: CallSides, *, now: datetime) -> AnswerClock:
    """How the answer stands at `now`. Implements LINE-048, LINE-065, LINE-067.

    A settling answer ends the waiting, whoever's word it rests on. A stand-by holds until its
    time (half-open), or for the protocol's longest; after it the answer is owed again since that
    time. An answer that was corrected to 'checking', or struck from the caller's log, is owed again
    since then.
    """
    call = sides.call
    if call.ended is not None:
        return AnswerClock(standing=AnswerStanding.NOT_OWED, due_at=None)
    shown = tuple(s for s in answers_shown(sides) if s.counts)
    settled = {s.source for s in shown if settles(s.answer.kind)}
    if Source.RECORDED in settled:
        return AnswerClock(standing=AnswerStanding.ANSWERED, due_at=None)
    if settled:
        return AnswerClock(standing=AnswerStanding.HEARD_BY_CALLER, due_at=None)
    if call.lifted is not None:
        return AnswerClock(standing=AnswerStanding.NOT_OWED, due_at=None)
    untils = [s.counts_until or s.answer.until for s in shown if s.answer.until is not None]
    if untils:
        until = untils[0]  # said once: the first holds, a second by voice does not lengthen it
        over = now >= until
        standing = AnswerStanding.STAND_BY_EXPIRED if over else AnswerStanding.STANDING_BY
        return AnswerClock(standing=standing, due_at=until)
    standing = AnswerStanding.CHECKING if shown else AnswerStanding.OWED
    assert call.placed.answer_by is not None
    back_at = _taken_back_at(sides)
    due_at = call.placed.answer_by if back_at is None else max(call.placed.answer_by, back_at)
    return AnswerClock(standing=standing, due_at=due_at, taken_back_at=back_at)


def _taken_back_at(sides: CallSides) -> datetime | None:
    """When an answer that stopped the waiting was last corrected away; None: never.

    By the recipient, to 'checking'; or by the caller, in its own log of what it heard.
    """
    given = () if sides.answers is None else sides.answers.given
    stopping = {e.answer_id for _, e in given if e.answer.kind is not AnswerKind.CHECKING}
    back = [
        stamp.at
        for stamp, event in given
        if isinstance(event, AnswerCorrected)
        and event.corrects in stopping
        and event.answer.kind is AnswerKind.CHECKING
    ]
    for log in sides.caller_logs:
        told = (log.logged.account, *(event.account for _, event in log.corrections))
        for (stamp, event), before in zip(log.corrections, told, strict=False):
            if _stops_waiting(before) and not _stops_waiting(event.account):
                back.append(stamp.at)
    return max(back, default=None)


def _stops_waiting(account: VoiceAccount) -> bool:
    """Whether the caller, having heard this, waits no longer or until another time."""
    if account.authentication.result is AuthenticationResult.FAILED:
        return False
    return account.answer is not None and account.answer.kind is not AnswerKind.CHECKING


class ReadBackStanding(StrEnum):
    """How the last read-back stands."""

    NONE = "none"
    UNCHECKED = "unchecked"
    MATCHES = "matches"
    DIFFERS = "differs"
    VOID = "void"  # the content was corrected after it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBackView:
    """The latest read-back: its entry, how it stands, the fields that differ."""

    standing: ReadBackStanding
    ref: EntryRef | None = None
    differing: tuple[str, ...] = ()


def read_back_view(sides: CallSides) -> ReadBackView:
    """How the latest read-back stands. Implements LINE-031, LINE-032.

    A correction voids a read-back of an older version. The caller's recorded check says matches
    or differs, but matches only where no field differs; without one it is unchecked, and the
    differing fields are shown all the same.
    """
    marks = () if sides.acknowledgement is None else sides.acknowledgement.marks
    read = [(stamp, event) for stamp, event in marks if isinstance(event, CallReadBack)]
    if not read:
        return ReadBackView(standing=ReadBackStanding.NONE)
    stamp, event = read[-1]
    current = sides.call.versions[-1]
    if event.content != current.ref:
        return ReadBackView(standing=ReadBackStanding.VOID, ref=stamp.ref)
    findings = compare(current.content, event.read_back)
    good = (Finding.AGREE, Finding.STATED_BY_NEITHER)
    differing = tuple(f.field.value for f in findings if f.finding not in good)
    checks = [c for _, c in sides.call.checks if c.read_back == stamp.ref]
    standing = ReadBackStanding.UNCHECKED
    if checks:
        said = checks[-1].result is ReadBackResult.MATCHES
        matches = said and not differences(findings)  # no check talks a difference away
        standing = ReadBackStanding.MATCHES if matches else ReadBackStanding.DIFFERS
    return ReadBackView(standing=standing, ref=stamp.ref, differing=differing)


class StopStanding(StrEnum):
    """How a stop stands."""

    STANDS = "stands"
    DECLINED = "declined"  # stands as a request; the recipient said unable or will not, and why
    LIFTED = "lifted"
    EXPIRED = "expired"
    ENDED = "ended"  # closed or disregarded


def stop_standing(sides: CallSides, *, now: datetime) -> StopStanding | None:
    """How a stop stands at `now`; None for any other call. Implements LINE-014, LINE-015."""
    call = sides.call
    if call.expires_at is None:
        return None
    if call.lifted is not None:
        return StopStanding.LIFTED
    if call.state is CallState.DISREGARDED:
        return StopStanding.ENDED
    if not stop_stands(call, at=now):
        return StopStanding.EXPIRED if now >= call.expires_at else StopStanding.ENDED
    declining = {AnswerKind.UNABLE, AnswerKind.WILL_NOT}
    if any(s.counts and s.answer.kind in declining for s in answers_shown(sides)):
        return StopStanding.DECLINED
    return StopStanding.STANDS


class SummaryStanding(StrEnum):
    """What the two sides said of a summary."""

    NONE = "none"
    STATED_BY_CALLER = "stated-by-caller"
    CONFIRMED_BY_BOTH = "confirmed-by-both"
    CLOSED_WITHOUT = "closed-without"
    CLOSED_STATED_BY_CALLER = "closed-stated-by-caller"
    CLOSED_CONFIRMED_BY_BOTH = "closed-confirmed-by-both"


def summary_standing(sides: CallSides) -> SummaryStanding:
    """Whether a summary is both sides' or one side's. Implements LINE-050, LINE-051."""
    call = sides.call
    ended = None if call.ended is None else call.ended[1]
    closed = isinstance(ended, CallClosed)
    if isinstance(ended, CallClosed) and ended.closing is Closing.WITHOUT_SUMMARY:
        return SummaryStanding.CLOSED_WITHOUT
    if call.summary is None:
        return SummaryStanding.NONE
    digest = call.summary[1].digest
    marks = () if sides.acknowledgement is None else sides.acknowledgement.marks
    if any(isinstance(e, SummaryConfirmed) and e.digest == digest for _, e in marks):
        both = SummaryStanding.CLOSED_CONFIRMED_BY_BOTH
        return both if closed else SummaryStanding.CONFIRMED_BY_BOTH
    one = SummaryStanding.CLOSED_STATED_BY_CALLER
    return one if closed else SummaryStanding.STATED_BY_CALLER


@dataclass(frozen=True, slots=True, kw_only=True)
class StageShown:
    """One stage as recorded: when, by whom (None: a node), true of which components."""

    stage: StageStep
    at: datetime
    by: Speaker | None
    scope: Scope | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call at one moment, from all that is held of it."""

    state: CallState
    stage: Stage
    stages: tuple[StageShown, ...]
    answers: tuple[AnswerShown, ...]
    clock: AnswerClock
    read_back: ReadBackView
    stop: StopStanding | None
    summary: SummaryStanding


def call_view(sides: CallSides, *, now: datetime) -> CallView:
    """Everything a person sees of one call at `now`. Implements LINE-027."""
    held = sides.acknowledgement
    return CallView(
        state=sides.call.state,
        stage=Stage.UNSEEN if held is None else held.stage,
        stages=() if held is None else _stages(held),
        answers=answers_shown(sides),
        clock=answer_clock(sides, now=now),
        read_back=read_back_view(sides),
        stop=stop_standing(sides, now=now),
        summary=summary_standing(sides),
    )


def _stages(held: Acknowledgement) -> tuple[StageShown, ...]:
    """The stages as they were recorded, in that order."""
    shown = []
    for stamp, event in held.marks:
        scope = event.scope if isinstance(event, CallPassedOn | CallActedOn) else None
        shown.append(StageShown(stage=STEP_OF[type(event)], at=stamp.at, by=stamp.by, scope=scope))
    return tuple(shown)
