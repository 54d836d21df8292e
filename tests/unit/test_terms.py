"""One word of ours has one word in each language: the glossary's, wherever it is spoken."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from crosstell.cli.protocols import turkish, wording
from crosstell.shell.shipped.protocols import phrasebook

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "crosstell"
I18N = SOURCE / "shell/console/static/i18n"
ROW = re.compile(
    r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]*?) ?\| ([^|]*?) ?\| ([^|]*?) ?\|$", re.MULTILINE
)
REJECTED = re.compile(r"([^,(]+?)(?: \(([^)]*)\))?(?:, |$)")


@dataclass(frozen=True)
class Term:
    """A word with its words in the other languages, and the Turkish beginnings not chosen."""

    word: str
    turkish: tuple[str, ...]
    rejected: tuple[tuple[str, tuple[str, ...]], ...]  # each with the English of which it is right
    others: dict[str, str]


@dataclass(frozen=True)
class Spoken:
    """One Turkish text of the program, where it stands, and the English that it is of."""

    where: str
    english: str
    turkish: str

    def says(self, beginning: str) -> bool:
        """Whether a word of the Turkish begins so."""
        mine = lowered(self.turkish)
        return beginning in mine and re.search(rf"(?<!\w){re.escape(beginning)}", mine) is not None

    def is_of(self, english: tuple[str, ...]) -> bool:
        """Whether a word of the English begins with one of these."""
        return any(re.search(rf"\b{one}", self.english.lower()) for one in english)


def terms() -> list[Term]:
    """The table of the glossary, row by row."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [
        Term(
            word=word,
            turkish=tuple(mine.split(", ")),
            rejected=tuple(
                (beginning, tuple(right.split(", ")) if right else ())
                for beginning, right in REJECTED.findall(rejected)
            ),
            others={"ru": russian, "ar": arabic},
        )
        for word, mine, rejected, russian, arabic in ROW.findall(text)
        if word not in {"word", "---"}
    ]


@cache
def lowered(words: str) -> str:
    """In small letters, as Turkish writes them."""
    return words.replace("İ", "i").replace("I", "ı").lower()


def texts(language: str) -> dict[str, str | dict[str, str]]:
    """The page's texts in a language."""
    found: dict[str, str | dict[str, str]] = json.loads(
        (I18N / f"{language}.json").read_text(encoding="utf-8")
    )["text"]
    return found


def of_page() -> Iterator[Spoken]:
    ours = texts("tr")
    for key, english in texts("en").items():
        mine = ours[key]
        several = {"": mine} if isinstance(mine, str) else mine
        for form, turkish_text in several.items():
            of = english if isinstance(english, str) else english.get(form, english["other"])
            yield Spoken(key, of, turkish_text)


def of_papers() -> Iterator[Spoken]:
    catalogue = (SOURCE / "papers/speech/tr.toml").read_text(encoding="utf-8")
    for section, rows in tomllib.loads(catalogue)["forms"].items():
        yield from (Spoken(f"papers, {section}", *row) for row in rows.items())


def of_protocols() -> Iterator[Spoken]:
    for table in (turkish.LABELS, turkish.WORDS):
        for name, mine in table.items():
            yield Spoken(f"protocol, {name}", re.sub("[-_]", " ", name), mine)
    for sentences in (wording.TESTS, wording.SENTENCES, wording.MEANS):
        yield from (Spoken(f"protocol, {name}", *pair) for name, pair in sentences.items())


def of_phrasebook() -> Iterator[Spoken]:
    for phrase in phrasebook().phrases:
        english, mine = (
            next(one for one in phrase.wordings if one.language == language)
            for language in ("en", "tr")
        )
        yield Spoken(f"phrase {phrase.code}", english.text, mine.text)
        yield Spoken(f"phrase {phrase.code}, meaning", english.meaning, mine.meaning)
        yield Spoken(f"phrase {phrase.code}, response", english.response, mine.response)


@cache
def spoken() -> list[Spoken]:
    """Every Turkish text that the program has."""
    return [*of_page(), *of_papers(), *of_protocols(), *of_phrasebook()]


@cache
def plain(words: str) -> str:
    """Words without what stands about them, to be compared."""
    return re.sub(r"[-_ ]+", " ", words).strip(" .:").lower()


def test_con_470_a_word_that_was_not_chosen_stands_in_no_turkish_text() -> None:
    said, known = spoken(), terms()
    assert len(said) > 2000
    assert len(known) > 40
    wrong = [
        f"{one.where}: {one.turkish} ({term.word}: not {beginning})"
        for term in known
        for beginning, right in term.rejected
        for one in said
        if one.says(beginning) and not one.is_of(right)
    ]
    assert wrong == []


def test_con_470_what_is_a_word_of_ours_alone_is_said_by_its_turkish() -> None:
    """A text that is nothing but the word, as of a kind or a heading, is the glossary's."""
    wrong = [
        f"{one.where}: {one.turkish}"
        for term in terms()
        for one in spoken()
        if plain(one.english) == plain(term.word)
        and plain(lowered(one.turkish)) not in {plain(mine) for mine in term.turkish}
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_con_470_russian_and_arabic_say_what_the_glossary_has(language: str) -> None:
    known = texts(language)
    stated = {
        f"word.{term.word.replace(' ', '-')}": term.others[language]
        for term in terms()
        if term.others[language]
    }
    assert len(stated) > 20
    assert {key: known.get(key) for key in stated} == stated
    crossing = {f"word.{term.word.replace(' ', '-')}" for term in terms()} & set(known)
    assert crossing == set(stated)


def test_a_word_not_chosen_is_caught_but_not_where_it_is_right() -> None:
    term = Term("claim", ("beyan",), (("iddia", ("alleg",)),), {})
    ((beginning, right),) = term.rejected
    claim, alleged = (Spoken("x", english, "İddialar") for english in ("claims", "Allegations"))
    assert claim.says(beginning)
    assert not claim.is_of(right)
    assert alleged.is_of(right)
    assert not Spoken("x", "claims", "biddia").says(beginning)
    assert REJECTED.findall("alarm (alarm), ikaz (a, b), x y") == [
        ("alarm", "alarm"), ("ikaz", "a, b"), ("x y", ""),
    ]  # fmt: skip
