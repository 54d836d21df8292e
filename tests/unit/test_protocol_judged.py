"""Rules that a person judges, sources, readings signed with the document.

PRO-014, PRO-105 to PRO-107, PRO-110 to PRO-120, PRO-125, PRO-126.
"""

from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import (
    canonical_bytes,
    from_canonical,
    parse_protocol,
    read_protocol,
)
from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.core.ids import PartyId, RuleId
from crosstell.core.mechanism.concern import Subject
from crosstell.core.mechanism.rules import numeric_rules
from crosstell.core.mechanism.rules import tests_about as about
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.judged.contact import Channel, Staffed
from crosstell.core.protocol.judged.duty import Threshold
from crosstell.core.protocol.judged.frequencies import Between, Used
from crosstell.core.protocol.judged.phrases import Reviewed
from crosstell.core.protocol.rule import (
    ContactLevels,
    Duty,
    Frequencies,
    JudgedRule,
    Minima,
    Phrases,
    Rule,
)
from crosstell.core.protocol.rules.figures import Longest
from crosstell.core.protocol.sources import Part
from crosstell.core.protocol.times import NoticeKind
from crosstell.core.protocol.understanding import (
    FigureReading,
    Reading,
    Understanding,
    readings,
    together,
)

FILE = Path(__file__).with_name("data") / "whole.yaml"
TEXT = FILE.read_text(encoding="utf-8")
WHOLE = read_protocol(FILE)


def the(name: str) -> Rule:
    rule = WHOLE.rule(RuleId(name))
    assert rule is not None
    return rule


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def faults(*pairs: tuple[str, str]) -> str:
    with pytest.raises(DocumentRefused) as refused:
        parse_protocol(changed(*pairs).encode(), name="p")
    return str(refused.value)


def test_a_duty_says_by_whom_when_above_what_and_what_is_stated() -> None:
    """PRO-014, PRO-110."""
    duty = the("told-of-exercises")
    assert isinstance(duty, Duty)
    assert duty.owed_by == ("alpha", "bravo")
    assert (duty.due_on, duty.within_s) == ("a request of the other party", 172_800.0)
    assert duty.every_s == 365 * 86_400.0
    assert duty.above[0] == Threshold(counted="troops", at_least=9_000)
    assert duty.stating == ("place", "time", "forces")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("      due_on: a request of the other party\n", "", "within_s counts from what due_on"),
        ("counted: troops, at_least: 9000", "counted: troops, at_least: 0", "at_least is 0"),
        ("counted: troops", "counted: ' '", "counted is empty"),
        ("stating: [place, time", "stating: [' ', time", "stating is empty"),
    ],
)
def test_a_figure_that_counts_from_nothing_is_refused(old: str, new: str, why: str) -> None:
    """PRO-111."""
    assert why in faults((old, new))


def test_no_test_is_made_of_what_a_person_judges() -> None:
    """PRO-112, PRO-014. And no figure of an understanding of it is evaluated."""
    judged = [rule for rule in WHOLE.rules if isinstance(rule, JudgedRule)]
    assert [rule.id for rule in judged] == [
        "restraint",
        "told-of-exercises",
        "contact",
        "radio",
        "words",
    ]
    assert not set(numeric_rules(WHOLE)) & set(judged)
    tested = {test.rule.id for each in Subject for test in about(WHOLE, (), each)}
    assert not tested & {rule.id for rule in judged}
    assert all(readings(rule, WHOLE.understandings) == () for rule in judged)


def test_contact_levels_stand_lowest_first() -> None:
    """PRO-113."""
    contact = the("contact")
    assert isinstance(contact, ContactLevels)
    line, directors, ministries = contact.levels
    assert (line.channel, line.staffed, line.answer_s) == (
        Channel.TELEPHONE,
        Staffed.ALWAYS,
        300.0,
    )
    assert (directors.role, directors.staffed) == ("director", Staffed.NOT_STATED)
    assert (ministries.role, ministries.channel) == (None, Channel.DIPLOMATIC)
    assert "'directors' is there twice" in faults(("name: ministries", "name: directors"))


def test_a_level_has_a_role_that_rises() -> None:
    """PRO-114."""
    twice = faults(("channel: meeting, role: director", "channel: meeting, role: chief"))
    assert "there is no role 'chief'" in twice
    ministries = "{name: ministries, between: the two ministries, channel: diplomatic"
    sunk = faults((ministries, f"{ministries}, role: duty-officer"))
    assert "role 'duty-officer' is under that of a level before it" in sunk


def test_frequencies_are_in_hertz_and_in_order() -> None:
    """PRO-115."""
    radio = the("radio")
    assert isinstance(radio, Frequencies)
    assert [row.frequency_hz for row in radio.frequencies] == [121_500_000, 130_000_000, 6_215_500]
    assert (radio.frequencies[2].between, radio.frequencies[2].used) == (
        Between.SHIP_AIR,
        Used.SPARE,
    )
    assert "write hertz, 121500000 for 121.5 MHz" in faults(
        ("frequency_hz: 121500000", "frequency_hz: 121")
    )
    assert "is there twice" in faults(("frequency_hz: 130000000", "frequency_hz: 121500000"))


def test_a_phrase_has_words_meaning_and_response_in_each_language() -> None:
    """PRO-116, PRO-117."""
    words = the("words")
    assert isinstance(words, Phrases)
    turn, wilco = words.phrases
    english, turkish = turn.wordings
    assert (english.text, english.said, english.response) == ("TURN", "TERN", "TURNING")
    assert (turkish.meaning, turkish.said) == ("Uzaklaşın.", None)
    assert turkish.reviewed is Reviewed.UNREVIEWED
    assert wilco.wordings[0].reviewed is Reviewed.AS_PUBLISHED
    assert turn.wording("tr") is turkish
    assert wilco.wording("tr") is None


def test_a_code_and_a_language_are_there_once() -> None:
    """PRO-118."""
    assert "phrases: turn is there twice" in faults(("code: wilco", "code: turn"))
    assert "wordings: en is there twice" in faults(("language: tr", "language: en"))


def test_a_lead_time_may_have_a_source_and_a_time_for_emergencies() -> None:
    """PRO-119."""
    lead = WHOLE.lead_time(NoticeKind.NOTIFIED_MOVEMENT)
    assert lead is not None
    assert (lead.ahead_s, lead.emergency_s) == (172_800.0, 86_400.0)
    assert (lead.source, lead.certainty) == ("written for tests", "verified")
    assert "is not shorter than ahead_s" in faults(("emergency_hours: 24", "emergency_hours: 48"))
    half = ("ahead_days: 42,", "ahead_days: 42, emergency_hours: 36,")
    assert "not whole calendar days; write emergency_days" in faults(half)
    lonely = (
        "    source: written for tests\n    certainty: verified\n",
        "    certainty: verified\n",
    )
    assert "source and certainty go together" in faults(lonely)


def test_a_part_says_where_it_comes_from_once() -> None:
    """PRO-120, PRO-107."""
    found = WHOLE.source_of(Part.CHAIN)
    assert found is not None
    assert (found.source, found.certainty) == ("measured in tests", "recalled")
    assert WHOLE.source_of(Part.ROLES) is None
    assert "'chain' is used twice" in faults(("part: area", "part: chain"))


@pytest.mark.parametrize("name", ["test-protocol", "all-rules"])
def test_what_is_left_out_leaves_no_trace_in_what_is_signed(name: str) -> None:
    """PRO-125."""
    older = canonical_bytes(read_protocol(FILE.with_name(f"{name}.yaml")))
    for word in (b"amends", b"sources", b"understandings", b"emergency", b"owed_by", b"due_on"):
        assert word not in older
    assert canonical_bytes(from_canonical(canonical_bytes(WHOLE))) == canonical_bytes(WHOLE)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("- party: bravo\n    rule: rule", "- party: charlie\n    rule: rule", "is no party of"),
        ("rule: no-long-blocking", "rule: gone", "there is no rule 'gone'"),
        ("rule: no-long-blocking", "rule: summer", "is read by its calendar"),
        ("rule: no-long-blocking", "rule: restraint", "its figures are not evaluated"),
        (
            "{party: alpha, rule: restraint",
            "{party: alpha, rule: no-long-blocking",
            "alpha reads no-long-blocking twice",
        ),
    ],
)
def test_a_reading_signed_with_the_document_fits_it(old: str, new: str, why: str) -> None:
    """PRO-105."""
    assert why in faults((old, new))


def test_who_owes_a_duty_is_a_party_that_owes_duties() -> None:
    """PRO-106."""
    said = faults(("owed_by: [alpha, bravo]", "owed_by: [alpha, charlie]"))
    assert "'charlie' is no party of this protocol that owes duties" in said


def test_a_signed_reading_is_evaluated_until_its_party_states_the_rule_anew() -> None:
    """PRO-126, PRO-061."""
    rule = the("rule-of-threes")

    def asked(protocol: Protocol, *stated: Understanding) -> list[Reading | FigureReading]:
        return [
            test.reading
            for test in about(protocol, stated, Subject.TWO_TRACKS)
            if test.rule.id == rule.id
        ]

    own, bravos = asked(WHOLE)
    assert own.party is None
    assert bravos == Reading(
        party=PartyId("bravo"), minima=Minima(lateral_m=5_000.0, vertical_m=914.4)
    )
    six = Minima(lateral_m=6_000.0)
    newer = Understanding(party=PartyId("bravo"), rule=rule.id, text="six", minima=six)
    assert asked(WHOLE, newer)[1:] == [Reading(party=PartyId("bravo"), minima=six)]
    words = Understanding(party=PartyId("bravo"), rule=rule.id, text="in words only")
    assert [each.party for each in asked(WHOLE, words)] == [None]


def test_readings_of_others_and_of_other_rules_stand_beside_a_newer_one() -> None:
    """PRO-126."""
    newer = Understanding(
        party=PartyId("alpha"),
        rule=RuleId("no-long-blocking"),
        text="ten days",
        figure=Longest(longest_s=864_000.0),
    )
    held = together(WHOLE.understandings, (newer,))
    assert newer in held
    assert {(one.party, one.rule) for one in held} == {
        ("bravo", "rule-of-threes"),
        ("alpha", "no-long-blocking"),
        ("alpha", "restraint"),
    }
    assert together(held, (newer,)) == held


def test_lists_have_a_bound() -> None:
    """PRO-110."""
    rows = ", ".join(f"item-{number}" for number in range(51))
    assert "stating has more than" in faults(
        ("stating: [place, time, forces]", f"stating: [{rows}]")
    )
