"""The shipped templates and phrasebook, `protocol new` and `phrases`: PRO-160 to PRO-164."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crosstell.cli.protocol import protocol as command
from crosstell.codecs.protocol_file import parse_protocol, read_protocol
from crosstell.codecs.protocols.template import (
    PLACEHOLDER_PARTIES,
    PLACEHOLDER_START,
    Filling,
    filled,
    placeholders,
)
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import CallerError
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.judged.phrases import Reviewed
from crosstell.core.protocol.rule import Blackout, Boundary, Duty, MaximumDuration, Separation
from crosstell.core.protocol.rules.words import Certainty
from crosstell.core.protocol.sources import Part
from crosstell.shell.shipped.protocols import phrasebook, template_names, template_text

NAMES = template_names()
of_each = pytest.mark.parametrize("name", NAMES)


def template(name: str) -> Protocol:
    return parse_protocol(template_text(name).encode(), name=name)


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_every_agreement_of_the_list_has_a_template() -> None:
    """PRO-160."""
    assert NAMES == (
        "airspace-1991",
        "athens-istanbul-1988",
        "border-defence-2013",
        "dangerous-military-activities-1989",
        "humanitarian-notification-syria",
        "humanitarian-notification-yemen",
        "incidents-at-sea-1972",
        "nato-deconfliction-2020",
        "syria-flight-safety-2015",
        "vienna-document-2011",
    )


@of_each
def test_a_template_is_a_protocol_in_which_everything_has_a_source(name: str) -> None:
    """PRO-160."""
    found = template(name)
    assert found.name == name
    assert "not the text of any agreement" in found.marking
    assert found.title.startswith("Template after ")
    assert all(lead.source and lead.certainty and lead.text for lead in found.lead_times)
    unsourced = [part for part in Part if found.source_of(part) is None]
    assert unsourced in ([], [Part.DISCLOSURE])
    sure = {row.certainty for row in found.sources}
    assert sure == {Certainty.ASSUMED}, "nothing of the shared part is from an agreement"
    assert "set by the author" in found.sources[3].source


@of_each
def test_what_a_template_did_not_read_it_does_not_call_verified(name: str) -> None:
    """PRO-160, PRO-010. A source says what was read, by its address or its kind."""
    for rule in template(name).rules:
        if rule.certainty is Certainty.VERIFIED:
            assert re.search(r"[a-z]+\.(org|com|int|ru|info)|procedure of", rule.source), rule.id
        if rule.certainty is Certainty.RECALLED:
            assert "recalled" in rule.source, rule.id
        if rule.certainty is Certainty.ASSUMED:
            assert re.search("set by the author|placeholder", rule.source), rule.id
        if "same family" in rule.source and "not " in rule.source:
            assert rule.certainty is not Certainty.VERIFIED, rule.id


def of_nobody(parties: tuple[str, str], name: str) -> tuple[object, ...]:
    """What a filled template says that names no party: all but the line that each side draws."""
    made = filled(template_text(name), Filling(parties=parties), name=name)
    found = parse_protocol(made.encode(), name=name)
    rules = tuple(rule for rule in found.rules if not isinstance(rule, Boundary))
    return rules, found.lead_times, found.understandings, found.disclosure


@of_each
def test_the_order_in_which_parties_are_typed_attributes_nothing(name: str) -> None:
    """PRO-165. A statement of one real party must not become that of whoever is typed first."""
    assert of_nobody(("ru", "us"), name) == of_nobody(("us", "ru"), name)
    held = {one.party for one in template(name).understandings}
    assert held.isdisjoint(PLACEHOLDER_PARTIES)


def test_what_american_officials_said_is_told_as_theirs_and_as_no_party_s_reading(
    tmp_path: Path,
) -> None:
    """PRO-165."""
    for number, parties in enumerate((("ru", "us"), ("us", "ru"))):
        out = tmp_path / f"{number}.yaml"
        given = [word for party in parties for word in ("--party", party)]
        made = run("new", "--from", "syria-flight-safety-2015", *given, "--out", out)
        assert made.exit_code == 0, made.output
        told = run("explain", out, "--rule", "no-overflight").stdout
        assert "Reading of" not in told
        assert "Readings: the text alone;" in told
        sources = [line for line in told.splitlines() if "within about one mile" in line]
        assert [line.partition(" in March")[0] for line in sources] == [
            "  Source: American officials"
        ]


_MARKS = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')


@of_each
def test_no_paraphrase_stands_in_quotation_marks(name: str) -> None:
    """PRO-166. The one pair of marks in a template's file is the version's, for YAML."""
    marked = [line for line in template_text(name).splitlines() if _MARKS.search(line)]
    assert marked == ['version: "1"']


def test_what_binds_politically_or_not_by_law_is_not_called_binding() -> None:
    """PRO-026, PRO-160."""
    forces = {name: lead.force.value for name in NAMES for lead in template(name).lead_times}
    assert forces == {
        "humanitarian-notification-syria": "as-a-rule",
        "humanitarian-notification-yemen": "as-a-rule",
        "incidents-at-sea-1972": "as-a-rule",
        "vienna-document-2011": "politically-binding",
    }


def test_a_document_that_is_still_called_after_the_template_is_warned_of(tmp_path: Path) -> None:
    """PRO-124. It may be signed so: the warning is no fault."""
    own, kept = tmp_path / "own.yaml", tmp_path / "kept.yaml"
    words = ("new", "--from", NAMES[0], "--party", "a", "--party", "b")
    assert run(*words, "--out", kept).exit_code == 0
    assert run(*words, "--name", "ours", "--out", own).exit_code == 0
    own.write_text(own.read_text().replace("title: Template after", "title: Arrangement after"))
    lines = {
        "  title: is the template's; write the title of your own document",
        "  name: is the template's; write a name of your own document",
    }
    first, second = run("check", kept), run("check", own)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert lines <= set(first.stdout.splitlines())
    assert lines.isdisjoint(second.stdout.splitlines())


def test_the_vienna_template_is_recalled_throughout() -> None:
    """PRO-160."""
    found = template("vienna-document-2011")
    assert {rule.certainty for rule in found.rules} == {Certainty.RECALLED}
    assert {lead.certainty for lead in found.lead_times} == {Certainty.RECALLED}
    assert "RECALLED" in found.title


def test_the_figures_are_those_of_the_public_accounts() -> None:
    """PRO-160. Written out here from the list of agreements, in its units."""
    threes = template("syria-flight-safety-2015").rules[0]
    assert isinstance(threes, Separation)
    assert threes.minima.lateral_m == 3 * 1_852.0
    assert threes.minima.vertical_m == pytest.approx(3_000 * 0.3048)
    assert threes.minima.dwell_s == 3 * 60.0
    assert template("incidents-at-sea-1972").lead_times[0].ahead_s == 3 * 86_400.0
    near = [getattr(rule, "minima", None) for rule in template("airspace-1991").rules]
    assert [each.lateral_m for each in near if each is not None] == [10_000.0, 1_000.0]
    yemen = template("humanitarian-notification-yemen").lead_times[0]
    assert (yemen.ahead_s, yemen.emergency_s) == (48 * 3_600.0, 24 * 3_600.0)
    vienna = template("vienna-document-2011")
    assert vienna.lead_times[0].ahead_s == 42 * 86_400.0
    told, observed = vienna.rules[0], vienna.rules[1]
    assert isinstance(told, Duty)
    assert isinstance(observed, Duty)
    assert [row.at_least for row in told.above] == [9_000, 250, 500, 250, 3_000, 200]
    assert [row.at_least for row in observed.above] == [13_000, 300, 500, 250, 3_500]
    asked = vienna.rules[2]
    assert isinstance(asked, Duty)
    assert asked.within_s == 48 * 3_600.0


def test_summer_is_closed_and_long_is_undefined() -> None:
    """PRO-160."""
    rules = {rule.id: rule for rule in template("athens-istanbul-1988").rules}
    summer, blocking = rules["summer"], rules["no-long-blocking"]  # type: ignore[index]
    assert isinstance(summer, Blackout)
    days = summer.calendar.rows[0].days
    assert (days.first, days.last) == ("07-01", "09-01")  # type: ignore[union-attr]
    assert isinstance(blocking, MaximumDuration)
    assert blocking.longest_s is None


@of_each
def test_a_filled_template_passes_check_and_is_explained_in_both_languages(
    name: str, tmp_path: Path
) -> None:
    """PRO-161, PRO-150, PRO-151."""
    out = tmp_path / "p.yaml"
    made = run("new", "--from", name, "--party", "north", "--party", "south", "--out", out)
    assert (made.exit_code, made.stderr) == (0, "")
    assert "not the text of any agreement" in made.stdout
    found = read_protocol(out)
    assert found.signers == ("north", "south")
    assert "party-one" not in out.read_text()
    checked = run("check", out)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "To be looked at" in checked.stdout
    for language, word in (("en", "Rule"), ("tr", "Kural")):
        told = run("explain", out, "--lang", language)
        assert (told.exit_code, told.stderr) == (0, "")
        for rule in found.rules:
            kind = tag_of(type(rule)).replace("_", " ")
            assert f"{word} {rule.id}: {kind}" in told.stdout
        for lead in found.lead_times:
            assert lead.id in told.stdout


def test_without_a_name_the_templates_are_listed() -> None:
    """PRO-161."""
    result = run("new")
    assert result.exit_code == 0
    assert result.stdout.startswith("Templates after public accounts; none is the text of")
    for name in NAMES:
        assert f"  {name}: {template(name).title}" in result.stdout.splitlines()
    assert "    rules and lead times: 5 recalled" in result.stdout.splitlines()


def test_new_writes_over_nothing(tmp_path: Path) -> None:
    """PRO-161."""
    out = tmp_path / "p.yaml"
    out.write_text("mine")
    words = ("new", "--from", NAMES[0], "--party", "a", "--party", "b", "--out", out)
    result = run(*words)
    assert (result.exit_code, result.stdout, out.read_text()) == (2, "", "mine")
    assert "exists already; nothing was written" in result.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--from", "gone"), "there is no template 'gone'; templates are airspace-1991,"),
        (("--from", NAMES[0], "--party", "a", "--party", "b"), "--out is missing"),
        (("--from", NAMES[0], "--party", "a", "--out", "x"), "--party is given 1 times"),
        (("--from", NAMES[0], "--party", "a", "--party", "a", "--out", "x"), "one party twice"),
        (("--from", NAMES[0], "--party", "a", "--party", "b c", "--out", "x"), "is not an id"),
        (("--from", NAMES[0], "--party", "a", "--party", "no", "--out", "x"), "truth value"),
        (("--from", NAMES[0], "--party", "a", "--party", "10", "--out", "x"), "a number"),
        (
            ("--from", NAMES[0], "--name", "é", "--party", "a", "--party", "b", "--out", "x"),
            "--name: 'é' is not an id",
        ),
        (
            ("--from", NAMES[2], "--party", "a", "--party", "b", "--party", "c", "--out", "x"),
            "draws a line between two parties",
        ),
    ],
)
def test_what_cannot_be_filled_in_is_refused(words: tuple[str, ...], why: str) -> None:
    """PRO-161, PRO-162."""
    result = run("new", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert why in result.stderr
    assert not Path("x").exists()


def test_parties_may_take_each_other_s_placeholders_and_be_many() -> None:
    """PRO-162."""
    text = template_text(NAMES[0])
    crossed = filled(text, Filling(parties=("party-two", "party-one")), name=NAMES[0])
    swapped = parse_protocol(crossed.encode(), name="p")
    assert swapped.signers == ("party-two", "party-one")
    assert [party.title for party in swapped.parties] == ["party-two", "party-one"]
    third = filled(text, Filling(parties=("a", "b", "party-one")), name=NAMES[0])
    assert parse_protocol(third.encode(), name="p").signers == ("a", "b", "party-one")
    five = filled(text, Filling(parties=("a", "b", "c", "d", "e"), name="ours"), name=NAMES[0])
    found = parse_protocol(five.encode(), name="p")
    assert (found.signers, found.name) == (("a", "b", "c", "d", "e"), "ours")
    with pytest.raises(CallerError, match="has 2 to 60 parties"):
        Filling(parties=tuple(f"p{n}" for n in range(61)))


def test_a_notifier_s_id_is_not_a_party_s() -> None:
    """PRO-162. What was put in is read before it is written."""
    text = template_text("humanitarian-notification-syria")
    with pytest.raises(CallerError, match="'notifying-office' is used twice"):
        filled(text, Filling(parties=("a", "notifying-office")), name="t")


@of_each
def test_what_is_still_the_template_s_is_told(name: str) -> None:
    """PRO-163."""
    found = template(name)
    told = placeholders(found)
    assert [line.split(" ")[0] for line in told[:4]] == ["parties", "area:", "starts:", "marking:"]
    assert any("a side is the template's" in line for line in told) == any(
        isinstance(rule, Boundary) for rule in found.rules
    )
    assert found.starts == PLACEHOLDER_START


def test_a_finished_document_has_no_placeholder() -> None:
    """PRO-163."""
    data = Path(__file__).with_name("data")
    assert placeholders(read_protocol(data / "whole.yaml")) == ()


def test_every_phrase_is_there_in_english_and_turkish_and_no_turkish_is_reviewed() -> None:
    """PRO-164, PRO-117."""
    book = phrasebook()
    assert {"warn", "stop", "stand-by", "not-ours", "read-back"} <= {p.code for p in book.phrases}
    for phrase in book.phrases:
        turkish = phrase.wording("tr")
        assert phrase.wording("en") is not None
        assert turkish is not None
        assert turkish.reviewed is Reviewed.UNREVIEWED
    own = {phrase.code: phrase.wording("en") for phrase in book.phrases}
    assert own["not-ours"] is not None
    assert "No alert is lowered" in own["not-ours"].response


def test_interception_phrases_are_spoken_alike_in_both_languages() -> None:
    """PRO-164. The words of ICAO are English; only what they mean is translated."""
    for phrase in phrasebook().phrases:
        if phrase.code.startswith("icao-"):
            english, turkish = phrase.wording("en"), phrase.wording("tr")
            assert english is not None
            assert turkish is not None
            assert english.text.partition(" (")[0] == turkish.text.partition(" (")[0]
            assert english.meaning != turkish.meaning


def test_phrases_are_shown_in_the_language_asked_for() -> None:
    """PRO-164, PRO-151."""
    english = run("phrases", "--code", "stop")
    assert (english.exit_code, "say: Stop, stop, stop." in english.stdout) == (0, True)
    turkish = run("phrases", "--lang", "tr", "--code", "stop")
    assert "söyleyin: Dur, dur, dur." in turkish.stdout
    assert turkish.stdout.count("gözden geçirilmedi") == 2
    every = run("phrases", "--lang", "tr")
    assert every.stdout.count("gözden geçirilmedi") == len(phrasebook().phrases) + 1
    gone = run("phrases", "--code", "gone")
    assert (gone.exit_code, "there is no phrase 'gone'" in gone.stderr) == (2, True)


def test_phrases_of_a_document_are_its_own() -> None:
    """PRO-116."""
    data = Path(__file__).with_name("data")
    own = run("phrases", data / "whole.yaml", "--lang", "tr")
    assert "söyleyin: DÖN" in own.stdout
    assert "say: " not in own.stdout
    assert "söyleyin: WILCO" in own.stdout, "in the language that it has"
    none = run("phrases", data / "test-protocol.yaml")
    assert (none.exit_code, "has no rule of kind phrases" in none.stderr) == (2, True)
