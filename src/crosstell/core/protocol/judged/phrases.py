"""Fixed phrases: a code, and in each language the words, their meaning and what they ask for.

A phrase is read aloud as it stands; nothing translates it. Each language says whether a native
reader checked it. Implements PRO-116 to PRO-118.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from crosstell.core.ids import RuleId, check_id
from crosstell.core.protocol.grain import require_text
from crosstell.core.protocol.parties import check_languages
from crosstell.core.protocol.rules.words import Certainty, check_rule

PHRASES_MAX = 500
WORDINGS_MAX = 20


class Reviewed(StrEnum):
    """Who checked the words in a language."""

    UNREVIEWED = "unreviewed"
    BY_NATIVE_READER = "by-native-reader"
    AS_PUBLISHED = "as-published"  # the words are those of the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A phrase in one language; `said` is its pronunciation, where a source gives one."""

    language: str
    text: str
    meaning: str
    response: str
    said: str | None = None
    reviewed: Reviewed = field(default=Reviewed.UNREVIEWED, metadata={"signed": "unless-default"})

    def __post_init__(self) -> None:
        """Refuse what could not be read aloud."""
        check_languages((self.language,))
        for name in ("text", "meaning", "response"):
            require_text(getattr(self, name), what=name, length_max=300)
        if self.said is not None:
            require_text(self.said, what="said", length_max=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One phrase by its code, in each language that it has."""

    code: str
    source: str
    certainty: Certainty
    wordings: tuple[Wording, ...]

    def __post_init__(self) -> None:
        """Refuse a phrase without code, source or words, and a language that is there twice."""
        check_id(self.code, what="code")
        require_text(self.source, what="source")
        if not 1 <= len(self.wordings) <= WORDINGS_MAX:
            raise ValueError(
                f"wordings has {len(self.wordings)} languages; write 1 to {WORDINGS_MAX}"
            )
        languages = [wording.language for wording in self.wordings]
        twice = next((one for one in languages if languages.count(one) > 1), None)
        if twice is not None:
            raise ValueError(f"wordings: {twice} is there twice; keep one")

    def wording(self, language: str) -> Wording | None:
        """The words in that language, if it has any."""
        return next((one for one in self.wordings if one.language == language), None)


def check_phrases(phrases: tuple[Phrase, ...]) -> None:
    """Raise ValueError for no phrase, too many, or a code that is there twice."""
    if not 1 <= len(phrases) <= PHRASES_MAX:
        raise ValueError(f"phrases has {len(phrases)} phrases; write 1 to {PHRASES_MAX}")
    seen: set[str] = set()
    for phrase in phrases:
        if phrase.code in seen:
            raise ValueError(f"phrases: {phrase.code} is there twice; give each its own code")
        seen.add(phrase.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The fixed phrases that the parties use with each other."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    phrases: tuple[Phrase, ...]

    def __post_init__(self) -> None:
        """Refuse a rule without words, source or phrases."""
        check_rule(self)
        check_phrases(self.phrases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasebook:
    """The phrases that the program is shipped with; a protocol takes over those it wants."""

    title: str
    phrases: tuple[Phrase, ...]

    def __post_init__(self) -> None:
        """Refuse a book without phrases."""
        require_text(self.title, what="title", length_max=200)
        check_phrases(self.phrases)
