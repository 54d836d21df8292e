"""Words of a report in English, or in the language of a catalogue with the rest marked.

A sentence is put over by its form. What no form knows, and what somebody said in their own words,
stays in English and bears the mark of it: no sentence is passed off as put over that was not, and
nobody's words are put over as if they had said them so. What stands in quotation marks is taken
whole.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosstell.papers.speech.catalogue import STATED, Catalogue, Form, catalogue_of
from crosstell.papers.speech.figures import figure_in
from crosstell.papers.speech.quoting import is_taken_out, pieces, put_back, taken_out

ENGLISH = "en"
LANGUAGES = (ENGLISH, "tr")
SENTENCES = "sentences"
LABELS = "labels"
INSIDE = (
    "refs",
    "names",
    "found",
    "sentences",
    "why",
    "alerts",
    "timeline",
    "labels",
    "kinds",
    "queries",
    "clauses",
    "scopes",
    "calls",
    "standings",
    "sure",
    "machines",
)
# Sections in which words without a form are somebody's own, and no lack of ours.
OWN_WORDS = ("voices", STATED, "claims-judgement", "sides", "readouts", "hits-track")
BESIDE = {"topics": "queries", "agenda": "queries", "rests": "sure"}  # looked at before
# Slots that name the section of their forms.
NAMED = (
    "clauses",
    "scopes",
    "standings",
    "calls",
    "queries",
    "abouts",
    "voices",
    "verdicts",
    "refusals",
    "caps",
    "alarms",
    STATED,
)
DEEP_MAX = 12  # sentences within a sentence
SEVERAL_MAX = 64  # names or clauses in one slot; of more, the rest is one
PARTS = "said"  # the forms of what stands between two semicolons
CUT = " (cut; the entry has it all)"  # behind somebody's own words, where they are long
_FIGURE, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_REFERENCE = re.compile(r"[a-z0-9-]+ (?:feed|journal) #\d+")


@dataclass(slots=True)
class Speech:
    """How one output speaks. `plain` writes own words, `marked` those left in English.

    `lacking` writes those of ours that no form knows, `quoted` what stands in quotation marks,
    where they are marked in another way.
    """

    catalogue: Catalogue | None
    plain: Callable[[str], str]
    marked: Callable[[str, str], str]
    lacking: Callable[[str, str], str] | None = None
    quoted: Callable[[str, str], str] | None = None
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _held: list[str] = field(default_factory=list)  # quotations of the sentence in hand
    _deep: int = 0

    @property
    def language(self) -> str:
        """The language's code."""
        return ENGLISH if self.catalogue is None else self.catalogue.language

    @property
    def is_english(self) -> bool:
        """Whether nothing is put over."""
        return self.catalogue is None

    def say(self, key: str, **slots: object) -> str:
        """A label or a sentence of the program itself, by its English form.

        A form that the catalogue lacks is said in English, with the mark.
        """
        values = {name: str(value) for name, value in slots.items()}
        if self.catalogue is None:
            return self.plain(key.format(**values) if values else key)
        words = self.catalogue.words(key, LABELS)
        if words is None:
            return self._unknown(key.format(**values) if values else key)
        before = len(self._held)
        try:
            return self._filled(
                words, {name: taken_out(value, self._held) for name, value in values.items()}
            )
        finally:
            del self._held[before:]

    def tell(self, sentence: str, section: str = SENTENCES) -> str:
        """A sentence that the program made, recognised by its form within a section."""
        if self.catalogue is None or not sentence:
            return self.plain(sentence)
        key = (section, sentence)
        if key not in self._known:
            self._known[key] = self._whole(sentence, section)
        return self._known[key]

    def names(self, listed: str) -> str:
        """Names with commas or "and" between, those that the catalogue knows put over."""
        return self.plain(listed) if self.catalogue is None else self._list(listed)

    def foreign(self, words: str) -> str:
        """Words that stay in English, with the mark; as they are where all is English."""
        whole = put_back(words, self._held)
        if self.catalogue is None or not whole or _is_wordless(whole):
            return self._plain(words)
        return self.marked(whole, self.catalogue.mark)

    def _unknown(self, words: str) -> str:
        """Words of ours that no form knows: they stay in English, with the mark."""
        if self.catalogue is None or self.lacking is None:
            return self.foreign(words)
        return "".join(
            self._quoted(text)
            if is_quoted
            else self.plain(text)
            if _is_wordless(text)
            else self.lacking(text, self.catalogue.mark)
            for text, is_quoted in pieces(words, self._held)
        )

    def _plain(self, words: str) -> str:
        """Words as they are; a quotation in them is somebody's own all the same."""
        return "".join(
            self._quoted(text) if is_quoted else self.plain(text)
            for text, is_quoted in pieces(words, self._held)
        )

    def _quoted(self, words: str) -> str:
        if self.catalogue is None or self.quoted is None:
            return self.plain(words) if _is_wordless(words) else self.foreign(words)
        return self.quoted(words, self.catalogue.mark)

    def figure(self, text: str) -> str:
        """A figure as the language writes it."""
        if self.catalogue is None:
            return self.plain(text)
        found = figure_in(text, self.catalogue.figures)
        return self._unknown(text) if found is None else self.plain(found)

    def entered(self, names: str) -> str:
        """Names of a topic, as they were entered; the sort of a code, which is ours, put over."""
        before, joint, last = names.rpartition(", ")
        code = self._found(last, "hints") if joint and self.catalogue is not None else None
        if code is None:
            return self.foreign(names)
        return f"{self.foreign(before)}{self.plain(joint)}{code}"

    def _whole(self, sentence: str, section: str) -> str:
        """A sentence, its quotations taken out before it is looked at and put back behind."""
        held, self._held = self._held, []
        try:
            words = taken_out(sentence, self._held)
            return self._told(words, section) if is_taken_out(words) else self.foreign(words)
        finally:
            self._held = held

    def _told(self, sentence: str, section: str) -> str:
        found = self._found(sentence, BESIDE[section]) if section in BESIDE else None
        found = self._found(sentence, section) if found is None else found
        return self._without(sentence, section) if found is None else found

    def _without(self, sentence: str, section: str) -> str:
        """A sentence that has no form in its section."""
        return self.foreign(sentence) if section in OWN_WORDS else self._unknown(sentence)

    def _found(self, sentence: str, section: str) -> str | None:
        """The sentence by a form of the section; None if it has none of them."""
        assert self.catalogue is not None, "only where there is a catalogue"
        plain = self.catalogue.exact.get(section, {}).get(sentence)
        if plain is not None:
            return self.plain(plain)
        for form in self.catalogue.forms.get(section, ()):
            said = self._by(form, sentence, section)
            if said is not None:
                return said
        return None

    def _anywhere(self, words: str) -> str:
        """Words inside a sentence: a name, a reference, a finding or a sentence of its own."""
        for section in INSIDE:
            found = self._found(words, section)
            if found is not None:
                return found
        return self._unknown(words)

    def _by(self, form: Form, sentence: str, section: str) -> str | None:
        slots = form.slots_of(sentence)
        if slots is None or self._deep >= DEEP_MAX:
            return None
        if section == STATED and not self._are_figures(slots):
            return None
        self._deep += 1
        try:
            return self._filled(form.other, dict(slots))
        finally:
            self._deep -= 1

    def _are_figures(self, slots: Mapping[str, str]) -> bool:
        """Whether each figure of the form is one: else somebody's words only look like the form."""
        assert self.catalogue is not None, "only where there is a catalogue"
        given = [value for name, value in slots.items() if name.startswith("fig_")]
        return all(figure_in(value, self.catalogue.figures) is not None for value in given)

    def _filled(self, words: str, slots: dict[str, str]) -> str:
        """The words with every slot filled as its name says."""
        parts = re.split(r"\{([a-z_0-9]+)\}", words)
        return "".join(
            self.plain(part) if number % 2 == 0 else self._slot(part, slots[part])
            for number, part in enumerate(parts)
        )

    def _slot(self, name: str, value: str) -> str:
        kind = name.partition("_")[0]
        if kind in NAMED:
            found = self._found(value, kind)
            return self._without(value, kind) if found is None else found
        spoken: dict[str, Callable[[str], str]] = {
            "said": self._own,
            "names": self.entered,
            "who": self._who,
            "parts": lambda several: self._several(several, "; ", PARTS),
            "codes": lambda several: self._several(several, "; ", "codes"),
            "rests": lambda several: self._several(several, "; ", "rests"),
            "path": lambda path: self._unknown(path) if " " in path else self._plain(path),
            "hops": lambda several: self._several(several, ", then ", "hops"),
            "fig": self.figure,
            "told": self._anywhere,
            "list": self._list,
        }
        return spoken.get(kind, self._plain)(value)

    def _several(self, value: str, between: str, section: str) -> str:
        """Each of several by its own form in a section, else as somebody's own words."""
        found = []
        for part in value.split(between, SEVERAL_MAX):
            told = self._found(part, BESIDE[section]) if section in BESIDE else None
            told = self._found(part, section) if told is None else told
            found.append(self._own(part) if told is None else told)
        return self.plain("; ").join(found)

    def _own(self, words: str) -> str:
        """Somebody's own words; that they were cut is ours to say."""
        if not words.endswith(CUT):
            return self.foreign(words)
        return f"{self.foreign(words.removesuffix(CUT))}{self.plain(' ')}{self.say(CUT.strip())}"

    def _who(self, value: str) -> str:
        """A party and a role of it; a role that the catalogue does not know is an id."""
        found = self._found(value, "names")
        if found is not None:
            return found
        party, _, role = value.partition(" ")
        return f"{self._plain(f'{party} ')}{self._named(role)}" if role else self._plain(party)

    def _list(self, value: str) -> str:
        """Names with commas or "and" between, each told by itself."""
        parts = re.split(r"(, | and |; )", value, maxsplit=SEVERAL_MAX)
        assert self.catalogue is not None, "only where there is a catalogue"
        between = {" and ": self.catalogue.figures["and"]}
        return "".join(
            self._named(part) if number % 2 == 0 else self.plain(_joint(part, between))
            for number, part in enumerate(parts)
        )

    def _named(self, name: str) -> str:
        """A name that the catalogue knows; an id stays as it is."""
        for section in ("refs", "names", LABELS):
            found = self._found(name, section)
            if found is not None:
                return found
        return self._plain(name)


def _joint(part: str, between: dict[str, str]) -> str:
    return f" {between[part]} " if part in between else part


def _is_wordless(words: str) -> bool:
    """Whether a language could differ in nothing of it: codes, figures, a reference."""
    is_code = all(_FIGURE.search(word) or not _LETTER.search(word) for word in words.split())
    return is_code or _REFERENCE.fullmatch(words) is not None


def speech_of(
    language: str,
    *,
    plain: Callable[[str], str],
    marked: Callable[[str, str], str],
    lacking: Callable[[str, str], str] | None = None,
    quoted: Callable[[str, str], str] | None = None,
) -> Speech:
    """How an output in this language speaks."""
    catalogue = None if language == ENGLISH else catalogue_of(language)
    return Speech(catalogue=catalogue, plain=plain, marked=marked, lacking=lacking, quoted=quoted)


def text_speech(language: str) -> Speech:
    """For plain text: the mark stands in brackets after the words."""
    return speech_of(language, plain=str, marked=lambda words, mark: f"{words} [{mark}]")
