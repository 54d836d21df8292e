"""`crosstell protocol explain`: PRO-150 to PRO-154.

That every figure is told is judged apart: from the numbers of the signed JSON, not from what the
program walks.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result

from crosstell.cli.protocol import protocol as command
from crosstell.cli.protocols.explain import AUTHORED, place
from crosstell.cli.protocols.figures import figures_of, number, scaled
from crosstell.cli.protocols.turkish import LABELS, WORDS
from crosstell.cli.protocols.wording import MEANS, SENTENCES, TESTS, Language
from crosstell.codecs.protocol_file import parse_protocol, read_protocol
from crosstell.codecs.protocols.leaves import leaves
from crosstell.codecs.shape import (
    Choice,
    Many,
    OneOf,
    Record,
    Row,
    Shape,
    fields_of,
    shape_of,
    tag_of,
)
from crosstell.codecs.values import to_signed
from crosstell.core.ids import RuleId
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.judged.duty import Threshold
from crosstell.core.protocol.rule import Certainty, Duty, JudgedRule, Rule
from crosstell.shell.shipped.protocols import template_text

FILE = Path(__file__).with_name("data") / "whole.yaml"
WHOLE = read_protocol(FILE)


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ("explain", *words))


def section(text: str, name: str) -> str:
    """What is said of one rule: from its heading to the empty line."""
    head = re.search(rf"^(Rule|Lead time) {re.escape(name)}\b.*$", text, re.MULTILINE)
    assert head is not None, name
    return text[head.start() :].split("\n\n", maxsplit=1)[0]


EXPLAINED = run(str(FILE))
TOLD = EXPLAINED.stdout


def numbers(data: Any, key: str = "") -> Iterator[tuple[str, int]]:  # noqa: ANN401
    """Every integer of signed JSON with its key."""
    if isinstance(data, dict):
        for name, below in data.items():
            yield from numbers(below, name)
    elif isinstance(data, list):
        for below in data:
            yield from numbers(below, key)
    elif isinstance(data, int):
        yield key, data


GRAINS = {"mm": (1_000, " m "), "ms": (1_000, " s"), "mmps": (1_000, " m/s "), "e7": (10**7, "°")}


def as_told(key: str, value: int) -> str:
    """How a person reads a signed integer: by the last words of its key."""
    for word in reversed(key.split("_")):
        if word in GRAINS:
            scale, unit = GRAINS[word]
            digits = f"{value / scale:,.7f}".rstrip("0").rstrip(".")
            return f"{digits}{unit}"
    return f"{value:,}"


@pytest.mark.parametrize("rule", [*WHOLE.rules, *WHOLE.lead_times], ids=lambda rule: rule.id)
def test_every_figure_of_a_rule_is_told(rule: Any) -> None:  # noqa: ANN401
    """PRO-150, PRO-152."""
    told = section(TOLD, rule.id)
    found = list(numbers(to_signed(rule)))
    assert [key for key, value in found if as_told(key, value) not in told] == []


@pytest.mark.parametrize("rule", WHOLE.rules, ids=lambda rule: rule.id)
def test_every_rule_says_its_text_what_is_tested_of_whom_when_from_where(rule: Rule) -> None:
    """PRO-150."""
    told = section(TOLD, rule.id)
    assert f"Text: {' '.join(rule.text.split())}" in told
    assert f"The program tests: {TESTS[tag_of(type(rule))][0]}" in told
    assert "Of whom: " in told
    assert "Alerts: " in told
    assert f"Source: {rule.source}" in told
    assert f"Certainty: {rule.certainty} - {MEANS[rule.certainty][0]}" in told


def test_words_and_readings_are_told() -> None:
    """PRO-150, PRO-126."""
    threes = section(TOLD, "rule-of-threes")
    for line in (
        "    minima, lateral: 5,556 m (18,228 ft, 3 NM)",
        "    minima, dwell: 180 s (3 min)",
        "    activities: not narrowed, every kind",
        "  Reading of bravo: Three miles mean five thousand metres.",
        "    minima, lateral: 5,000 m (16,404 ft, 2.7 NM)",
        "  A stay inside is advisory from entry, and infringes once it lasts longer than 180 s "
        "(3 min).",
    ):
        assert line in threes.splitlines()
    duty = section(TOLD, "told-of-exercises")
    for line in (
        "  Of whom: alpha, bravo",
        "    due on: a request of the other party",
        "    within: 172,800 s (2 d)",
        "    above 1: counted: troops; at least: 9,000",
        "    stating: place, time, forces",
        "  Alerts: none. No test decides it and no clock of the program runs on it.",
    ):
        assert line in duty.splitlines()
    assert (
        "    phrases turn, wordings tr: text: DÖN; meaning: Uzaklaşın.; response: DÖNÜYORUM; "
        "reviewed: unreviewed"
    ) in section(TOLD, "words").splitlines()
    assert (
        "    frequencies ship-air 6215500: between: ship-air; used: spare; "
        "frequency: 6,215,500 Hz (6.2155 MHz)"
    ) in section(TOLD, "radio").splitlines()
    assert (
        "    levels duty line: between: the two duty officers; channel: telephone; "
        "staffed: always; role: duty-officer; answer: 300 s (5 min)"
    ) in section(TOLD, "contact").splitlines()
    moved = section(TOLD, "lead-time-notified-movement")
    assert "A notice between the two times is shown as late" in moved
    assert "Source: NOT STATED in the document" in section(TOLD, "lead-time-zone")
    assert "Of whom: whoever files such a notice" in section(TOLD, "lead-time-zone")
    assert "Readings: each version is its party's own" in section(TOLD, "the-line")
    assert "Readings: the text alone" not in section(TOLD, "the-line")


def test_a_figure_that_is_also_the_place_of_its_row_is_told() -> None:
    """PRO-150."""
    duty = Duty(
        id=RuleId("d"),
        text="tell",
        source="test",
        certainty=Certainty.ASSUMED,
        above=(Threshold(counted="1", at_least=1), Threshold(counted="ships", at_least=2)),
    )
    assert list(figures_of(duty, Language.EN)) == [
        "above 1: counted: 1; at least: 1",
        "above 2: counted: ships; at least: 2",
    ]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("keep-away", ["as soon as the infringement", "when the notice is filed"]),
        ("plans-apart", ["when the notice is filed"]),
        ("well-clear", ["at the alert times of RTCA DO-365B"]),
        ("summer", ["when the notice is filed"]),
        ("short-stay", ["as soon as the infringement"]),
        ("the-line", ["as soon as the infringement"]),
        ("zone-stay", ["as soon as the infringement"]),
    ],
)
def test_when_a_rule_alerts_follows_from_what_it_is_about(rule: str, says: list[str]) -> None:
    """PRO-150."""
    told = section(TOLD, rule)
    assert told.count("Alerts: ") == len(says)
    for words in says:
        assert f"Alerts: {words}" in told


def test_parts_that_are_no_rules_say_where_they_come_from() -> None:
    """PRO-120, PRO-150."""
    assert "  chain: recalled; measured in tests" in TOLD.splitlines()
    assert "  roles: Source: NOT STATED in the document" in TOLD.splitlines()


def test_one_rule_and_one_that_is_not_there() -> None:
    """PRO-153."""
    one = run(str(FILE), "--rule", "radio")
    assert (one.exit_code, one.stdout.count("\nRule ")) == (0, 1)
    lead = run(str(FILE), "--rule", "lead-time-zone")
    assert (lead.exit_code, "Lead time lead-time-zone" in lead.stdout) == (0, True)
    gone = run(str(FILE), "--rule", "gone")
    assert (gone.exit_code, gone.stdout) == (2, "")
    assert "there is no rule 'gone'; rules are keep-away, zone-stay," in gone.stderr


def test_nobody_is_said_to_have_agreed() -> None:
    """PRO-154. The one sentence about it says who would say so."""
    for text in (TOLD, run(str(FILE), "--lang", "tr").stdout):
        assert "signed by" not in text.lower()
    assert TOLD.count("agreed") == 1
    assert "Only signatures say who agreed to it: crosstell protocol verify." in TOLD


def test_turkish_says_that_it_is_not_reviewed_and_has_a_decimal_comma() -> None:
    """PRO-151, PRO-152."""
    result = run(str(FILE), "--lang", "tr")
    assert result.exit_code == 0
    assert result.stdout.startswith("DİKKAT: Türkçe metin gözden geçirilmedi (unreviewed)")
    lines = result.stdout.splitlines()
    assert "    asgari mesafeler, dikey: 914,4 m (3000 ft, 0,49 NM)" in lines
    assert "    en yüksek uyarı düzeyi: kritik" in lines
    assert (number(12_345.678, Language.TR), number(12_345.678, Language.EN)) == (
        "12345,678",
        "12,345.678",
    )
    assert scaled(3_600.0, "s", Language.TR) == "3600 s (1 sa)"


def _inside(shape: Shape) -> tuple[Shape, ...]:
    match shape:
        case Record(kind):
            return tuple(field.shape for field in fields_of(kind))
        case OneOf(kinds):
            return tuple(Record(kind) for kind in kinds)
        case Many(item):
            return (item,)
        case Row(items):
            return items
        case _:
            return ()


def _shapes(shape: Shape) -> set[Shape]:
    """Every shape that a value of this one can hold."""
    seen: set[Shape] = set()
    waiting = [shape]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += _inside(one)
    return seen


def test_each_name_and_word_of_a_document_is_there_in_turkish() -> None:
    """PRO-151."""
    shapes = _shapes(shape_of(Protocol))
    words = {each.value for shape in shapes if isinstance(shape, Choice) for each in shape.kind}
    kinds = [shape.kind for shape in shapes if isinstance(shape, Record)]
    names = {field.name for kind in kinds for field in fields_of(kind)}
    assert names ^ LABELS.keys() == {"(order)"}
    assert words ^ WORDS.keys() == set()
    assert len(names) > 100


def _holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_sentence_is_there_in_both_languages_with_the_same_places() -> None:
    """PRO-151."""
    for table in (SENTENCES, TESTS, MEANS):
        for key, (english, turkish) in table.items():
            assert turkish, key
            assert english or key == "unreviewed", key
            assert not english or _holes(english) == _holes(turkish), key
    rules = shape_of(Rule)
    assert isinstance(rules, OneOf)
    assert {tag_of(kind) for kind in rules.kinds} | {"lead_time"} == TESTS.keys()


@pytest.mark.parametrize("word", ["at-once", "as-counted"])
def test_a_critical_finding_that_raises_at_once_is_told(word: str, tmp_path: Path) -> None:
    """PRO-150: of a rule that may be critical, and only where the document has it so."""
    day = Path(__file__).parents[2] / "scenarios" / "2023-10-05-hasakah"
    text = (day / "protocol.yaml").read_text(encoding="utf-8")
    changed = text.replace("alerts:\n", f"alerts:\n  critical_raises: {word}\n", 1)
    file = tmp_path / "protocol.yaml"
    file.write_text(changed, encoding="utf-8")
    told = run(str(file), "--rule", "declared-zone")
    assert told.exit_code == 0, told.output
    assert ("raises the alert at once" in told.output) == (word == "at-once")


@pytest.mark.parametrize("tag", TESTS)
def test_what_is_tested_is_told_as_a_test_and_never_as_a_duty(tag: str) -> None:
    """PRO-155. A sentence that forbids or commands would stand harder than the text above it."""
    english, turkish = TESTS[tag]
    kinds = {tag_of(kind) for kind in get_args(JudgedRule)}
    if tag in kinds:
        assert english.startswith("nothing. ")
        assert turkish.startswith("hiçbir şeyi. ")
    else:
        assert english.startswith("whether ")
        assert re.search(r"m[ae]d[ıi]ğ[ıi]\b", turkish), "whether or not it does"
    assert not re.search(r"\b(must|shall|may not|no activity|stay|do not)\b", english)


def athens(rule: str, *words: str, tmp_path: Path) -> list[str]:
    """What is said of one rule of the template after Athens 1988."""
    file = tmp_path / "athens.yaml"
    file.write_text(template_text("athens-istanbul-1988"), encoding="utf-8")
    result = run(str(file), "--rule", rule, *words)
    assert result.exit_code == 0, result.output
    return [line.strip() for line in result.stdout.splitlines()]


def test_as_far_as_possible_is_not_told_as_a_ban(tmp_path: Path) -> None:
    """PRO-155."""
    summer = athens("summer", tmp_path=tmp_path)
    assert any("avoid, as far as possible" in line for line in summer)
    assert (
        "The program tests: whether an activity of these kinds has a time that the calendar closes."
    ) in summer
    assert (
        "What a rule asks is its text. What the program tests may be stricter or looser than that."
    ) in summer
    turkish = athens("summer", "--lang", "tr", tmp_path=tmp_path)
    assert any(line.startswith("Program şunu sınar: ") for line in turkish)
    for line in (*summer, *turkish):
        assert not line.startswith(("Asks:", "İstediği:"))


def test_what_the_author_chose_is_not_under_the_certainty_of_the_text(tmp_path: Path) -> None:
    """PRO-156."""
    for rule, told in (
        ("summer", "utc offset, activities, on unknown, level at most"),
        ("no-long-blocking", "lasting, activities, zones, tracks, on unknown, level at most"),
    ):
        lines = athens(rule, tmp_path=tmp_path)
        after = lines.index("Certainty: verified - of the text: the source itself was read")
        assert lines[after + 1] == (
            f"Set by the author of the document, unless the text says so: {told}."
        )
    assumed = section(TOLD, "keep-away")
    assert "Certainty: assumed - set by the author of the document" in assumed
    assert "unless the text says so" not in assumed, "the whole of it is the author's"


def test_when_an_alert_comes_is_said_to_be_of_another_part(tmp_path: Path) -> None:
    """PRO-156. The times of the alert have the source of the document's part, not the rule's."""
    file = tmp_path / "airspace.yaml"
    file.write_text(template_text("airspace-1991"), encoding="utf-8")
    result = run(str(file), "--rule", "unarmed-aircraft-1000-m")
    assert (
        "  The times and counts of the alert are not this rule's: assumed; set by the author of "
        "the template"
    ) in result.stdout.splitlines()
    assert "not this rule's: no source is stated" in section(TOLD, "keep-away")
    assert "not this rule's" not in section(TOLD, "summer"), "it has none of these times"


FROM_THE_SOURCE = {
    "calendar/rows/days/each_week/weekdays",
    "certainty",
    "force",
    "frequencies/between",
    "frequencies/used",
    "levels/channel",
    "levels/staffed",
    "overhead/ceiling/altitude/datum",
    "phrases/certainty",
    "phrases/wordings/reviewed",
}


def test_each_closed_word_of_a_rule_is_the_author_s_or_the_source_s() -> None:
    """PRO-156. A new field with a closed word has to be put on one side."""
    syria = parse_protocol(template_text("syria-flight-safety-2015").encode(), name="syria")
    found = [leaf for doc in (WHOLE, syria) for rule in doc.rules for leaf in leaves(rule)]
    found += [leaf for lead in WHOLE.lead_times for leaf in leaves(lead)]
    words = {place(leaf) for leaf in found if isinstance(_item(leaf.shape), Choice)}
    assert words - AUTHORED == FROM_THE_SOURCE
    assert {place(leaf) for leaf in found} >= AUTHORED


def _item(shape: Shape | None) -> Shape | None:
    return shape.item if isinstance(shape, Many) else shape
