"""The catalogue of one language: its forms by section, each keyed by the English form.

A form is words with slots in braces. The beginning of a slot's name says what may stand in it:

- `said_...`: somebody's own words; they stay as they were said, with the mark of their language
- `fig_...`: a figure with its unit, put as the language writes it
- `told_...`: a sentence or a name that the catalogue itself knows
- `list_...`: several of them, with commas or "and" between
- `names_...`: the names of a topic, as entered
- `who_...`: a party and a role of it
- `clauses_...`, `scopes_...`, `standings_...`, `calls_...`, `queries_...`, `voices_...`,
  `verdicts_...`, `refusals_...`, `caps_...`, `alarms_...`, `stated_...`: what the section of that
  name knows; that of what is stated has all the forms of the sections `claims-...`
- `parts_...`, `codes_...`: what stands between semicolons, each by a form of `said` or `codes`
- `rests_...`: on what a claim rests, between semicolons
- `path_...`: where in a document, in its own names
- `hops_...`: those through whom a call went, each by a form of `hops`
- any other: an id, a time, a hash; it stays as it is
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

STATED = "stated"  # every form of what can be stated, of whatever kind
STATED_OF = "claims-"  # the sections of one kind begin so
SLOT = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One English form with its words in the other language."""

    english: str
    other: str
    words: tuple[str, ...]  # what stands before, between and behind the slots
    slots: tuple[str, ...]

    @property
    def weight(self) -> int:
        """How much of it is words."""
        return sum(len(word) for word in self.words)

    def slots_of(self, sentence: str) -> Mapping[str, str] | None:
        """What stands in each slot if the sentence has this form; else None.

        Each slot takes the least that it can, at least one letter. Nothing is tried twice, so that
        no sentence, whoever wrote what stands in it, takes longer than its length.
        """
        head, *between, tail = self.words
        if not (sentence.startswith(head) and sentence.endswith(tail)):
            return None
        found: dict[str, str] = {}
        at, end = len(head), len(sentence) - len(tail)
        for slot, word in zip(self.slots, (*between, None), strict=True):
            until = end if word is None else sentence.find(word, at + 1, end)
            if until <= at or found.setdefault(slot, sentence[at:until]) != sentence[at:until]:
                return None
            at = until + len(word or "")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All forms of one language. `exact` holds those without slots, `forms` the others.

    The forms stand in the order in which they are tried: the one with the most words first.
    """

    language: str
    mark: str
    exact: Mapping[str, Mapping[str, str]]
    forms: Mapping[str, tuple[Form, ...]]
    figures: Mapping[str, str]

    def words(self, key: str, section: str) -> str | None:
        """The words of a form as it is written, slots and all; None if the section lacks it."""
        plain = self.exact.get(section, {}).get(key)
        if plain is not None:
            return plain
        return next((one.other for one in self.forms.get(section, ()) if one.english == key), None)


def read_catalogue(text: str) -> Catalogue:
    """The catalogue in a document of TOML; ValueError names a form whose slots do not agree."""
    given = tomllib.loads(text)
    exact: dict[str, dict[str, str]] = {}
    forms: dict[str, list[Form]] = {}
    for section, rows in given["forms"].items():
        for english, other in rows.items():
            slots = SLOT.findall(english)
            if set(slots) != set(SLOT.findall(other)):
                raise ValueError(f"catalogue: {section}: {english!r}: the slots do not agree")
            if not slots:
                exact.setdefault(section, {})[english] = other
                continue
            forms.setdefault(section, []).append(form_of(english, other))
    kinds = [section for section in given["forms"] if section.startswith(STATED_OF)]
    forms[STATED] = [form for kind in kinds for form in forms.get(kind, ())]
    exact[STATED] = {key: row for kind in kinds for key, row in exact.get(kind, {}).items()}
    ordered = {
        section: tuple(sorted(found, key=lambda form: (-form.weight, form.english)))
        for section, found in forms.items()
    }
    return Catalogue(
        language=given["language"],
        mark=given["mark"],
        exact=exact,
        forms=ordered,
        figures=given["figures"],
    )


def form_of(english: str, other: str) -> Form:
    """A form as it is written, in English and in the other language."""
    parts = SLOT.split(english)
    return Form(english=english, other=other, words=tuple(parts[::2]), slots=tuple(parts[1::2]))


@cache
def catalogue_of(language: str) -> Catalogue:
    """The shipped catalogue of a language other than English."""
    text = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return read_catalogue(text)
