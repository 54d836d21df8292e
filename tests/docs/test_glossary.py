"""The glossary holds every word of the design, once, in order, and refers only to its own."""

import re
from pathlib import Path

from documents import ROOT

# The design's words; a word may leave this list only when it leaves the code as well.
WORDS = """
acknowledgement, activity, alert, answer, assessment, associated forces, audience,
avoidance request, broadcast, call, call-by, checkpoint, claim, component, conflict,
corrective action, cosignature, discrepancy, entry, episode, feed, fork, incident, journal, line,
notice, notified movement, notified site, notifier, observation, own-force location, party,
precedence, protocol, readout, receipt, record, relay, role, rule, rung, stages, status, stop,
track, understanding, verdict, zone
"""

_ENTRY = re.compile(r"^- \*\*([^*]+)\*\*( \([a-z]+\))?: ", re.MULTILINE)


def entries(text: str) -> list[str]:
    """The words that have an entry, with what tells two of a kind apart."""
    return [match[1].lower() + (match[2] or "") for match in _ENTRY.finditer(text)]


def unknown_references(text: str) -> list[str]:
    """Bold words inside an entry that have no entry; a plural counts as its singular."""
    known = {word.partition(" (")[0] for word in entries(text)}
    bold = [" ".join(word.lower().split()) for word in re.findall(r"\*\*([^*]+)\*\*", text)]
    forms = {word: {word, word.removesuffix("s"), re.sub("ies$", "y", word)} for word in bold}
    return [word for word in bold if not forms[word] & known]


def _text(path: Path = ROOT / "docs" / "glossary.md") -> str:
    return path.read_text(encoding="utf-8")


def test_every_word_of_the_design_has_an_entry() -> None:
    wanted = {" ".join(word.split()) for word in WORDS.split(",")}
    assert sorted(wanted - set(entries(_text()))) == []


def test_each_word_has_one_entry_and_they_are_in_order() -> None:
    words = entries(_text())
    assert len(words) > 40
    assert words == sorted(set(words))


def test_bold_words_have_entries() -> None:
    assert unknown_references(_text()) == []


def test_an_unknown_bold_word_is_caught() -> None:
    text = "- **Call**: between **roles**.\n- **Role**: sends **calls**, not **messages**.\n"
    assert unknown_references(text) == ["messages"]
