"""Deadlines of the protocol in a run: lead times, emergencies, answers, duties, contact levels."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from replay_example import CALL, RUN, at

from crosstell.codecs.protocol_file import parse_protocol
from crosstell.core.ids import RoleId, RuleId
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.judged.contact import Channel, ContactLevel, ContactLevels
from crosstell.core.protocol.judged.duty import Duty
from crosstell.core.protocol.rules.words import Certainty
from crosstell.core.protocol.times import AnswerTime, LeadCount, LeadForce, LeadTime, NoticeKind
from crosstell.replay.found.duties.deadlines import answers, lead_times
from crosstell.replay.found.duties.judged import Said, Stated, judged_row
from crosstell.replay.result import Met, NoticeSeen

SMALL = Path(__file__).parents[1] / "scenarios" / "small" / "protocol.yaml"
PROTOCOL = parse_protocol(SMALL.read_bytes(), name="small")
HOUR_S, DAY_S = 3_600.0, 86_400.0


def under(*leads: LeadTime) -> Protocol:
    return replace(PROTOCOL, lead_times=leads)


def notice(hours_ahead: float, *, kind: str = "Activity", emergency: str = "") -> NoticeSeen:
    begins = at(12, 0)
    return replace(
        RUN.notices[0],
        kind=kind,
        party="a",
        emergency=emergency,
        begins=begins,
        filed=begins - timedelta(hours=hours_ahead),
    )


ACTIVITY = LeadTime(
    notice=NoticeKind.ACTIVITY,
    ahead_s=6 * HOUR_S,
    emergency_s=1 * HOUR_S,
    force=LeadForce.BINDING,
)


@pytest.mark.parametrize(
    ("hours", "emergency", "met", "words"),
    [
        (7.0, "not-declared", Met.MET, "7 h before it begins"),
        (3.0, "declared", Met.NOT_TESTABLE, "the filer declares one, and a person judges it"),
        (3.0, "not-declared", Met.NOT_MET, "and the filer declares none"),
        (3.0, "", Met.NOT_TESTABLE, "this kind of notice declares none"),
        (0.5, "declared", Met.NOT_MET, "30 min before it begins"),
        (1.0, "declared", Met.NOT_TESTABLE, "the text allows 1 h in an emergency"),
    ],
)
def test_rep_130_an_emergency_is_for_a_person(
    hours: float, emergency: str, met: Met, words: str
) -> None:
    (row,) = lead_times(under(ACTIVITY), "a", [notice(hours, emergency=emergency)])
    assert row.met is met
    assert row.why.endswith(words) or words in row.why


def test_rep_130_days_are_counted_as_the_text_counts_them() -> None:
    """Three calendar days: filed late on the third day before is in time, though under 72 h."""
    days = LeadTime(
        notice=NoticeKind.ACTIVITY,
        ahead_s=3 * DAY_S,
        counted=LeadCount.CALENDAR_DAYS,
        utc_offset_s=0.0,
    )
    (row,) = lead_times(under(days), "a", [notice(62.0)])
    assert row.met is Met.MET
    (late,) = lead_times(under(days), "a", [notice(40.0)])
    assert late.met is Met.NOT_MET
    assert late.why.endswith("and the text holds as a rule")


def test_rep_132_the_row_tells_the_notice_furthest_from_its_time() -> None:
    early, worst = notice(5.0), replace(notice(2.0), notice="late-one")
    (row,) = lead_times(under(replace(ACTIVITY, emergency_s=None)), "a", [early, worst])
    assert row.why.startswith("late-one was filed 2 h")


def test_rep_131_a_kind_of_call_may_have_a_time_of_its_own() -> None:
    own = AnswerTime(
        precedence=Precedence(CALL.precedence),
        receive_s=1.0,
        answer_s=2.0,
        call=CallKind(CALL.kind),
    )
    protocol = replace(PROTOCOL, answer_times=(*PROTOCOL.answer_times, own))
    general = {row.rule: row.met for row in answers(PROTOCOL, CALL.to, [CALL], None)}
    strict = {row.rule: row.met for row in answers(protocol, CALL.to, [CALL], None)}
    assert general["receive-time"] is Met.MET
    assert strict["receive-time"] is strict["answer-time"] is Met.NOT_MET


def test_rep_096_a_record_that_ends_first_holds_nothing_against_anybody() -> None:
    """The same unanswered call: not met where the record goes on, not testable where it ends."""
    silent = replace(CALL, received=None, answers=(), delivered=None)
    limit = timedelta(seconds=10)
    (received, answered) = answers(PROTOCOL, CALL.to, [silent], CALL.placed + limit)
    assert {received.met, answered.met} == {Met.NOT_TESTABLE}
    assert "the record ends before their time does" in received.why
    (received, _) = answers(PROTOCOL, CALL.to, [silent], CALL.placed + timedelta(days=1))
    assert received.met is Met.NOT_MET


DUTY = Duty(
    id=RuleId("report"),
    text="Tell what happened.",
    source="a test",
    certainty=Certainty.ASSUMED,
    due_on="an incident",
    within_s=24 * HOUR_S,
)


def stated(matter: str, hour: int, voice: str) -> Stated:
    return Stated(matter=matter, voice=voice, earliest=at(hour, 0), latest=at(hour, 0), ref="a #1")


def test_rep_133_a_duty_stands_with_what_is_stated_of_its_time_and_is_never_met() -> None:
    nothing = judged_row(DUTY, "a", Said(moments=(), calls=()))
    assert nothing.why == "a person judges it; nobody states here when it fell due"
    due = stated("report-due", 4, "the minister")
    open_ = judged_row(DUTY, "a", Said(moments=(due,), calls=()))
    assert "nobody states here when it was done" in open_.why
    done = stated("report-done", 9, "the ministry")
    both = judged_row(DUTY, "a", Said(moments=(due, done), calls=()))
    assert "done 5.0 h after it fell due, by the words of the minister and of the ministry" in (
        both.why
    )
    assert both.why.endswith("the text gives 24.0 h")
    assert {row.met for row in (nothing, open_, both)} == {Met.NOT_TESTABLE}


def test_rep_133_a_duty_at_intervals_tells_the_longest_one() -> None:
    weekly = replace(DUTY, due_on=None, within_s=None, every_s=2 * HOUR_S)
    moments = tuple(stated("report-done", hour, "a") for hour in (4, 6, 10))
    row = judged_row(weekly, "a", Said(moments=moments, calls=()))
    assert "stated as done 3 times, the longest time between two 4.0 h" in row.why


def test_rep_134_a_level_is_that_of_the_role_called() -> None:
    levels = ContactLevels(
        id=RuleId("levels"),
        text="Speak at the lowest level first.",
        source="a test",
        certainty=Certainty.ASSUMED,
        levels=(
            ContactLevel(
                name="one",
                between="duty officers",
                channel=Channel.TELEPHONE,
                role=RoleId(CALL.to_role),
                answer_s=1.0,
            ),
            ContactLevel(
                name="two", between="chiefs", channel=Channel.TELEPHONE, role=RoleId("chief")
            ),
        ),
    )
    calls = (CALL, replace(CALL, to_role="chief"), replace(CALL, to_role="somebody"))
    row = judged_row(levels, CALL.to, Said(moments=(), calls=calls))
    assert "at level one: 1 call, answered within 1 s: 0" in row.why
    assert "at level two: 1 call" in row.why
    assert "at no level of the text: 1 call" in row.why
    none = judged_row(levels, "nobody", Said(moments=(), calls=calls))
    assert none.why.endswith("no call was placed to it")
