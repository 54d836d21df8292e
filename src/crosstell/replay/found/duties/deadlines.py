"""Deadlines that the protocol states: lead times of notices, times to receive and to answer.

Each is met, not met or not testable, with its entry; an emergency and what holds "as a rule" are
for a person. Implements REP-130 to REP-132.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.assessment.account.wording import span_words
from crosstell.core.instant import later, seconds_between
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rules.lead import late_by_s
from crosstell.core.protocol.times import AnswerTime, LeadForce, LeadTime
from crosstell.papers.speech.figures import counted
from crosstell.replay.result import Adherence, CallSeen, Met, NoticeSeen

_SETTLING = ("will-comply", "noted", "unable", "will-not", "ours", "not-ours", "disputed")


def lead_times(
    protocol: Protocol, party: str, notices: Sequence[NoticeSeen]
) -> Iterator[Adherence]:
    """One row for each lead time of a kind of notice that the party filed: its latest one's."""
    for lead in protocol.lead_times:
        filed = [
            n
            for n in notices
            if n.party == party
            and n.kind.lower().replace(" ", "-") == lead.notice.value
            and n.begins
        ]
        if not filed:
            continue
        worst = max(filed, key=lambda one: (_late_s(lead, one), -_ahead_s(one)))
        met, why = _lead_row(lead, worst)
        yield Adherence(
            rule=f"lead-time {lead.notice.value}",
            duty=f"file {lead.notice.value} at least {lead.ahead_s / 3600:g} h ahead",
            party=party,
            met=met,
            why=f"{worst.notice} was filed {ahead_words(worst)}{why}",
            ref=worst.ref,
        )


def _lead_row(lead: LeadTime, notice: NoticeSeen) -> tuple[Met, str]:
    """Late is late; within what the text allows in an emergency, that is for a person."""
    if _late_s(lead, notice) <= 0.0:
        return Met.MET, ""
    rule = ", and the text holds as a rule" if lead.force is LeadForce.AS_A_RULE else ""
    if lead.emergency_s is None or _late_s(lead, notice, ahead_s=lead.emergency_s) > 0.0:
        return Met.NOT_MET, rule
    allowed = f"the text allows {lead.emergency_s / 3600:g} h in an emergency"
    if notice.emergency == "not-declared":
        return Met.NOT_MET, f"; {allowed}, and the filer declares none{rule}"
    declared = "the filer declares one" if notice.emergency else "this kind of notice declares none"
    return Met.NOT_TESTABLE, f"; {allowed}, {declared}, and a person judges it"


def _late_s(lead: LeadTime, notice: NoticeSeen, *, ahead_s: float | None = None) -> float:
    assert notice.begins is not None, "only notices with a window have a lead time"
    return late_by_s(lead, notice.filed, notice.begins, ahead_s=ahead_s)


def _ahead_s(notice: NoticeSeen) -> float:
    assert notice.begins is not None, "only notices with a window have a lead time"
    return seconds_between(notice.filed, notice.begins)


def ahead_words(notice: NoticeSeen) -> str:
    """How long before its start a notice was filed, or after; never rounded away."""
    ahead_s = _ahead_s(notice)
    if ahead_s >= 0.0:
        return f"{span_words(ahead_s)} before it begins"
    return f"{span_words(-ahead_s)} after it began"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """A duty about calls: its name and words, each call's limit, and what is to be reached."""

    rule: str
    duty: str
    party: str
    limits_s: dict[str, float]
    answered: bool
    until: datetime | None


def answers(
    protocol: Protocol, party: str, calls: Sequence[CallSeen], until: datetime | None
) -> Iterator[Adherence]:
    """Whether the calls put to a party were taken and answered in their times."""
    tests = [call for call in calls if call.kind == "test"]
    asked = [call for call in calls if call.kind != "test"]
    if asked:
        rows = {call.call: _row_of(protocol, call) for call in asked}
        received = {name: row.receive_s for name, row in rows.items()}
        settled = {name: row.answer_s for name, row in rows.items()}
        duty = "a person receives each call in its time"
        yield _in_time(
            asked,
            _Limit(
                rule="receive-time",
                duty=duty,
                party=party,
                limits_s=received,
                answered=False,
                until=until,
            ),
        )
        duty = "each call is answered in its time"
        yield _in_time(
            asked,
            _Limit(
                rule="answer-time",
                duty=duty,
                party=party,
                limits_s=settled,
                answered=True,
                until=until,
            ),
        )
    if tests:
        within = protocol.line_tests.answer_within_s
        yield _in_time(
            tests,
            _Limit(
                rule="line-test",
                duty=f"each line test is answered within {within:g} s",
                party=party,
                limits_s={call.call: within for call in tests},
                answered=True,
                until=until,
            ),
        )


def _row_of(protocol: Protocol, call: CallSeen) -> AnswerTime:
    """The row of the call's kind and precedence, else the row of its precedence."""
    rows = [row for row in protocol.answer_times if row.precedence.value == call.precedence]
    own = [row for row in rows if row.call is not None and row.call.value == call.kind]
    return own[0] if own else next(row for row in rows if row.call is None)


def _in_time(calls: Sequence[CallSeen], limit: _Limit) -> Adherence:
    late = [call for call in calls if not _within(call, limit)]
    unheld = [call for call in late if _ends_before(call, limit)]
    late = [call for call in late if call not in unheld]
    looked = [call for call in calls if call not in unheld]
    verb = "answered" if limit.answered else "received by a person"
    why = f"{len(looked) - len(late)} of {counted(len(looked), 'call')} {verb} in time"
    if late:
        at = _reached(late[0], answered=limit.answered)
        took = "never" if at is None else f"after {span_words(seconds_between(late[0].placed, at))}"
        why += f"; {late[0].call}: {took}"
    if unheld:
        why += f"; of {len(unheld)} the record ends before their time does"
    met = Met.NOT_MET if late else Met.MET if looked else Met.NOT_TESTABLE
    return Adherence(
        rule=limit.rule,
        duty=limit.duty,
        party=limit.party,
        met=met,
        why=why,
        ref=(late or calls)[0].ref,
    )


def _ends_before(call: CallSeen, limit: _Limit) -> bool:
    """Whether nothing that the party said at the call's deadline is held. Implements REP-096."""
    if limit.until is None or _reached(call, answered=limit.answered) is not None:
        return False
    return limit.until < later(call.placed, by_s=limit.limits_s[call.call])


def _within(call: CallSeen, limit: _Limit) -> bool:
    at = _reached(call, answered=limit.answered)
    return at is not None and seconds_between(call.placed, at) <= limit.limits_s[call.call]


def _reached(call: CallSeen, *, answered: bool) -> datetime | None:
    if not answered:
        return call.received
    return settled_at(call)


def settled_at(call: CallSeen) -> datetime | None:
    """When the call was first answered by more than "stand by"; None if it never was."""
    return min(_settling(call), default=None)


def _settling(call: CallSeen) -> Iterable[datetime]:
    return (answer.at for answer in call.answers if answer.answer in _SETTLING)
