"""Rules that a person judges, with what the record has to judge them by.

A duty's deadline is worked out from what voices state: a claim of a moment on the matter
`ID-due` says when the duty ID fell due, one on `ID-done` when it was done. A contact level is that
of the role that a call was placed to. Nothing here says that a duty was met. Implements REP-133,
REP-134.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from crosstell.core.assessment.account.claim import ClaimStated
from crosstell.core.assessment.account.content import Moment
from crosstell.core.instant import format_instant, seconds_between
from crosstell.core.protocol.judged.contact import ContactLevel, ContactLevels
from crosstell.core.protocol.judged.duty import Duty
from crosstell.core.protocol.rule import JudgedRule
from crosstell.papers.speech.figures import counted
from crosstell.replay.found.calls import own_sights, ref_text
from crosstell.replay.found.duties.deadlines import settled_at
from crosstell.replay.played.trace import Trace
from crosstell.replay.result import Adherence, CallSeen, Met

JUDGED = "a person judges it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A moment as somebody states it: on which matter, in whose words, from when to when."""

    matter: str
    voice: str
    earliest: datetime
    latest: datetime
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What there is to judge by: moments that are stated, and the calls."""

    moments: tuple[Stated, ...]
    calls: tuple[CallSeen, ...]


def said_of(trace: Trace, calls: Sequence[CallSeen]) -> Said:
    """Every stated moment of the record, and the calls that are no tests."""
    moments = tuple(
        Stated(
            matter=sight.body.matter,
            voice=sight.body.voice.words,
            earliest=sight.body.content.earliest,
            latest=sight.body.content.latest,
            ref=ref_text(sight),
        )
        for sight in own_sights(trace)
        if isinstance(sight.body, ClaimStated) and isinstance(sight.body.content, Moment)
    )
    return Said(moments=moments, calls=tuple(call for call in calls if call.kind != "test"))


def judged_row(rule: JudgedRule, party: str, said: Said) -> Adherence:
    """The rule for one party, and in words what a person has to judge it by."""
    lines, ref = [JUDGED], ""
    if isinstance(rule, Duty):
        due = [one for one in said.moments if one.matter == f"{rule.id}-due"]
        done = [one for one in said.moments if one.matter == f"{rule.id}-done"]
        lines += [*_within(rule, due, done), *_every(rule, done)]
        ref = next((one.ref for one in (*done, *due)), "")
    elif isinstance(rule, ContactLevels):
        lines += _levels(rule, [call for call in said.calls if call.to == party])
    return Adherence(
        rule=rule.id,
        duty=rule.text,
        party=party,
        met=Met.NOT_TESTABLE,
        why="; ".join(lines),
        ref=ref,
    )


def _within(rule: Duty, due: list[Stated], done: list[Stated]) -> Iterator[str]:
    """Each statement of when it was due beside each of when it was done."""
    if rule.within_s is None:
        return
    if not due:
        yield "nobody states here when it fell due"
        return
    for one in due:
        if not done:
            yield (
                f"due by {format_instant(one.latest)} and {_hours(rule.within_s)}, as {one.voice} "
                "states; nobody states here when it was done"
            )
        for other in done:
            took_s = seconds_between(one.earliest, other.latest)
            yield (
                f"done {_hours(took_s)} after it fell due, by the words of {one.voice} and of "
                f"{other.voice}; the text gives {_hours(rule.within_s)}"
            )


def _every(rule: Duty, done: list[Stated]) -> Iterator[str]:
    """The longest time between two statements that it was done."""
    if rule.every_s is None:
        return
    times = sorted(one.earliest for one in done)
    longest = max((seconds_between(a, b) for a, b in pairwise(times)), default=None)
    if longest is None:
        yield f"stated as done {counted(len(times), 'time')}; the text asks {_hours(rule.every_s)}"
        return
    yield (
        f"stated as done {counted(len(times), 'time')}, the longest time between two "
        f"{_hours(longest)}; the text asks {_hours(rule.every_s)}"
    )


def _levels(rule: ContactLevels, calls: list[CallSeen]) -> Iterator[str]:
    """At which level the calls to this party were placed, lowest first."""
    if not calls:
        yield "no call was placed to it"
        return
    known = {level.role for level in rule.levels if level.role is not None}
    for level in rule.levels:
        placed = [call for call in calls if level.role is not None and call.to_role == level.role]
        if placed:
            yield f"at level {level.name}: {counted(len(placed), 'call')}{_in_time(level, placed)}"
    others = sum(call.to_role not in known for call in calls)
    if others:
        yield f"at no level of the text: {counted(others, 'call')}"


def _in_time(level: ContactLevel, placed: list[CallSeen]) -> str:
    """How many were answered within what the level gives, where it gives a time."""
    if level.answer_s is None:
        return ""
    took = [
        seconds_between(call.placed, at) for call in placed if (at := settled_at(call)) is not None
    ]
    number = sum(one <= level.answer_s for one in took)
    return f", answered within {level.answer_s:g} s: {number}"


def _hours(value_s: float) -> str:
    return f"{value_s / 3600:.1f} h"
