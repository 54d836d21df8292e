"""The timeline of a run: one line for each thing that a person would want to know, in order.

What a machine notes for itself (observations, findings that change nothing, the journal's root)
is in the record and left out here; line tests are told apart by their kind.
"""

from datetime import datetime

from crosstell.core.assessment.account.claim import ClaimRevised, ClaimStated
from crosstell.core.assessment.account.wording import content_words
from crosstell.core.detection.about import words_of
from crosstell.core.detection.alert import (
    AlertAcknowledged,
    AlertChanged,
    AlertCleared,
    AlertLastKnown,
    AlertRaised,
)
from crosstell.core.detection.finding import Reason
from crosstell.core.ids import EntryRef
from crosstell.core.incident.paper import PaperFiled
from crosstell.core.line.acknowledgement import CallPassedOn
from crosstell.core.line.answer import AnswerCorrected, AnswerGiven
from crosstell.core.line.content import Carriage, Node, Relay
from crosstell.core.line.escalation import DraftPrepared, RungReached, matter_key
from crosstell.core.line.message import CallPlaced
from crosstell.core.line.watch.broadcast import BroadcastHeard, BroadcastSent
from crosstell.core.line.watch.voice import VoiceLogCorrected, VoiceLogged
from crosstell.core.picture.content import standing_phrase
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.ownership import (
    OwnershipCorrected,
    OwnershipStated,
    OwnTrack,
    answer_words,
)
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.status import StatusStated
from crosstell.core.picture.track import Hint, Observation, TrackReported
from crosstell.core.picture.wording import quoted, thing_words
from crosstell.replay.found.calls import call_words, carriage_of, held_elsewhere, ref_text
from crosstell.replay.found.told.spoken import frequency_text
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import HeldBy, TimelineItem

LEFT_OUT = frozenset(
    {
        "alert_held",
        "alert_watched",
        "call_delivered",
        "founding",
        "journal_committed",
        "ladder_ended",
        "ladder_opened",
        "line_sample",
        "observation",
    }
)
_STAGES = {
    "call_received": "received by a person",
    "call_read_back": "read back",
    "call_acted_on": "acted on",
    "call_closed": "closed",
    "read_back_checked": "read-back checked",
}
_KINDS = (
    ("alert", "alert"),
    ("call", "call"),
    ("voice", "call"),
    ("answer", "call"),
    ("read_back", "call"),
    ("notice", "notice"),
    ("status", "notice"),
    ("ownership", "ownership"),
    ("broadcast", "broadcast"),
    ("rung", "ladder"),
    ("draft", "ladder"),
    ("protocol", "protocol"),
    ("role", "protocol"),
    ("claim", "claim"),
    ("paper", "paper"),
    ("joint_text", "paper"),
    ("action", "paper"),
)


def timeline_of(trace: Trace) -> tuple[TimelineItem, ...]:
    """Every item in time order; of one entry, the author's, with since when others held it."""
    held = held_elsewhere(trace)
    calls = _calls(trace)
    tests = {ref for ref, placed in calls.items() if placed.kind.value == "test"}
    entries = {sight.ref: f"entry #{sight.ref.seq} of {sight.of}" for sight in trace.sights}
    items = [
        _item(sight, held.get(sight.ref, ()), calls, tests, entries)
        for sight in trace.sights
        if sight.held_by == sight.of and sight.kind not in LEFT_OUT
    ]
    items += _first_sights(trace)
    items += [
        TimelineItem(
            at=no.at,
            party=no.party,
            kind="refused",
            what=f"not recorded: {no.text}",
            by="",
            ref="",
            held_by=(),
            held_means="",
        )
        for no in trace.refused
    ]
    return tuple(sorted(items, key=lambda item: item.at))


def _calls(trace: Trace) -> dict[EntryRef, CallPlaced]:
    return {s.ref: s.body for s in trace.sights if isinstance(s.body, CallPlaced)}


def _first_sights(trace: Trace) -> list[TimelineItem]:
    """The first observation of each track, and each that gives other identity codes."""
    found: list[TimelineItem] = []
    codes: dict[tuple[str, str, str], tuple[Hint, ...]] = {}
    held: set[tuple[str, str]] = set()
    for sight in trace.sights:
        body = sight.body
        if not isinstance(body, Observation):
            continue
        before = codes.get((sight.of, body.track, body.source), ())
        is_first = (sight.of, body.track) not in held
        if is_first:
            what = f"track {body.track} first held; source: {body.source}{_coded(body.hints)}"
        elif body.hints and body.hints != before:
            what = f"track {body.track}: {body.source} gives{_coded(body.hints).lstrip(';')}"
        else:
            continue
        held.add((sight.of, body.track))
        codes[sight.of, body.track, body.source] = body.hints
        found.append(
            TimelineItem(
                at=sight.at,
                party=sight.of,
                kind="track",
                what=what,
                by="",
                ref=ref_text(sight),
                held_by=(HeldBy(party=sight.of, at=sight.at),),
                held_means="",
            )
        )
    return found


def _coded(hints: tuple[Hint, ...]) -> str:
    """Identity codes as the source gave them; a hint is no identification."""
    return "".join(f"; {one.kind.replace('-', ' ')} {one.value}" for one in hints)


def _item(
    sight: Sight,
    held: tuple[HeldBy, ...],
    calls: dict[EntryRef, CallPlaced],
    tests: set[EntryRef],
    entries: dict[EntryRef, str],
) -> TimelineItem:
    kind = next((name for begin, name in _KINDS if sight.kind.startswith(begin)), "other")
    about = getattr(sight.body, "call", None)
    if sight.ref in tests or about in tests or _names_test(sight, calls):
        kind = "line-test"
    return TimelineItem(
        at=sight.at,
        party=sight.of,
        kind=kind,
        what=_ownership_words(sight.body, entries) or _words(sight, calls),
        by=_by(sight.by),
        ref=ref_text(sight),
        held_by=held,
        held_means=_held_means(sight),
    )


def _held_means(sight: Sight) -> str:
    """What another node's copy of an entry is not. Implements REP-067."""
    match sight.body:
        case BroadcastSent() | BroadcastHeard():
            return "not a hearing"
        case VoiceLogged() | VoiceLogCorrected():
            return "not a call"
        case CallPlaced(carriage=carriage) if not isinstance(carriage, Node):
            return "not a call"
        case _:
            return ""


def _names_test(sight: Sight, calls: dict[EntryRef, CallPlaced]) -> bool:
    name = getattr(sight.body, "call", None)
    return isinstance(name, str) and any(
        placed.call == name and placed.kind.value == "test" for placed in calls.values()
    )


def _by(by: Speaker | None) -> str:
    if by is None:
        return "node"
    return by.role if by.component is None else f"{by.role}, {by.component}"


def _words(sight: Sight, calls: dict[EntryRef, CallPlaced]) -> str:
    body = sight.body
    match body:
        case AlertRaised() | AlertChanged() | AlertCleared() | AlertLastKnown():
            return _alert_words(body)
        case AlertAcknowledged():
            return f"alert {body.alert} seen at {body.level.value}"
        case CallPlaced():
            return (
                f"{body.kind.value} {body.call} ({body.precedence.value}) placed to "
                f"{body.to_party} {body.to_role}{_carried(body.carriage)}: {call_words(body)}"
            )
        case CallPassedOn():
            return f"{_name(body.call, calls)} passed to {_names(body.scope)}"
        case AnswerGiven() | AnswerCorrected():
            said = f"{body.answer.kind.value}, {_scope(body.answer.scope)}"
            reason = f": {quoted(body.answer.reason.text)}" if body.answer.reason else ""
            return f"{_name(body.call, calls)} answered: {said}{reason}"
        case _:
            return _other_words(sight, calls)


def _ownership_words(body: object, entries: dict[EntryRef, str]) -> str:
    """Whose the party says that an object is; "" of anything else. Implements REP-071."""
    if not isinstance(body, OwnershipStated | OwnershipCorrected):
        return ""
    about = body.subject
    what = (
        f"its track {about.track}"
        if isinstance(about, OwnTrack)
        else f"the object of {entries.get(about, 'an entry')}"
        if isinstance(about, EntryRef)
        else "an object"
    )
    return f"of {what}: {answer_words(body)}; {_scope(body.scope)}"


def _other_words(sight: Sight, calls: dict[EntryRef, CallPlaced]) -> str:
    body = sight.body
    match body:
        case NoticeFiled():
            to = ", ".join(body.releasable_to) or "nobody"
            what = thing_words(body.content)
            phrase = standing_phrase(body.content)
            said = "" if phrase is None else f"; {phrase}"
            return f"{what} {body.notice} version {body.version} filed, releasable to {to}{said}"
        case StatusStated():
            remark = f"; {quoted(body.text)}" if body.text else ""
            return (
                f"states of the other's notice: {body.status.value}, {_scope(body.scope)}{remark}"
            )
        case RungReached():
            return f"ladder, rung {body.rung + 1}: {matter_key(body.matter)}"
        case DraftPrepared():
            return f"ladder, draft for {body.from_role}, unsent: {matter_key(body.matter)}"
        case BroadcastSent() | BroadcastHeard() | TrackReported():
            return _told_words(body)
        case _:
            return _further_words(sight, calls)


def _further_words(sight: Sight, calls: dict[EntryRef, CallPlaced]) -> str:
    body = sight.body
    match body:
        case ClaimStated() | ClaimRevised() | PaperFiled():
            return _after_words(body)
        case VoiceLogged():
            account = body.account
            return (
                f"{type(account.carriage).__name__.lower()} call {body.log} logged, "
                f"{account.direction.value}, {account.counterpart}: {account.kind.value}, from "
                f"{account.started_at:%H:%M:%SZ} to {account.ended_at:%H:%M:%SZ}"
            )
        case None:
            return sight.kind.replace("_", " ")
        case _:
            name = getattr(body, "call", None)
            stage = _STAGES.get(sight.kind, sight.kind.replace("_", " "))
            return stage if name is None else f"{_name(name, calls)} {stage}"


def _after_words(body: ClaimStated | ClaimRevised | PaperFiled) -> str:
    """What is stated or filed about it all. Implements REP-073."""
    match body:
        case ClaimStated():
            said = content_words(body.content)
            return f"claim {body.claim} on {body.matter}; {quoted(body.voice.words)}: {said}"
        case ClaimRevised():
            return (
                f"claim {body.claim} revised: {content_words(body.content)}; {quoted(body.reason)}"
            )
        case PaperFiled():
            what = thing_words(body.content)
            return f"{what} {body.paper} version {body.version} filed"


def _told_words(body: BroadcastSent | BroadcastHeard | TrackReported) -> str:
    """What was sent into the air, said to be heard, or told by a person. Implements REP-066."""
    match body:
        case BroadcastSent():
            times = ", ".join(f"{at:%H:%M:%SZ}" for at in body.sent_at)
            return (
                f"broadcast {body.broadcast} on {frequency_text(body.radio)}, sent {times}, to "
                f"{quoted(body.addressed)}: {quoted(body.text.text)}"
            )
        case BroadcastHeard():
            when = "" if body.heard_at is None else f" at {body.heard_at:%H:%M:%SZ}"
            return (
                f"broadcast {body.broadcast} said to have been heard by {quoted(body.heard_by)}"
                f"{when}, on the word of {quoted(body.source)}"
            )
        case TrackReported():
            where = "no position given" if body.motion is None else "with a position"
            return (
                f"track {body.track} told by {quoted(body.reporter)} ({quoted(body.source)}), "
                f"{where}: {quoted(body.text)}"
            )


def _carried(carriage: Carriage) -> str:
    """How a call went, where it did not go from node to node."""
    if isinstance(carriage, Node):
        return ""
    if not isinstance(carriage, Relay):
        return f" by {carriage_of(carriage)}"
    hops = (
        f"{quoted(hop.who)} (received {_time(hop.received_at)}, passed on {_time(hop.passed_at)})"
        for hop in carriage.hops
    )
    return f" by relay through {', then '.join(hops)}"


def _time(at: datetime | None) -> str:
    return "not stated" if at is None else f"{at:%H:%M:%SZ}"


def _alert_words(body: AlertRaised | AlertChanged | AlertCleared | AlertLastKnown) -> str:
    key = body.key
    about = f"{words_of(key.about)}, rule {key.rule}"
    match body:
        case AlertRaised():
            return f"{body.level.value.upper()} raised{_back(body.returns)}: {about}"
        case AlertChanged():
            return f"{body.level.value.upper()} now{_back(body.returns)}: {about}"
        case AlertLastKnown():
            is_stale = body.because is Reason.STALE
            why = "its track is stale" if is_stale else "its track's positions are not trusted"
            return f"last known, {why}: {about}"
        case AlertCleared():
            return f"cleared ({body.because.value}): {about}"


def _back(returns: int) -> str:
    """That an alert came back by this, and how often it has. Implements REP-093."""
    if not returns:
        return ""
    return ", back" if returns == 1 else f", back, {returns} times by now"


def _name(ref: object, calls: dict[EntryRef, CallPlaced]) -> str:
    if isinstance(ref, EntryRef):
        placed = calls.get(ref)
        return f"call {placed.call}" if placed else f"entry {ref.seq}"
    return f"call {ref}"


def _names(scope: Scope) -> str:
    return ", ".join(scope.speaks_for) or "the whole party"


def _scope(scope: Scope) -> str:
    speaks = _names(scope)
    cannot = f", not for {', '.join(scope.cannot_speak_for)}" if scope.cannot_speak_for else ""
    return f"for {speaks}{cannot}"
