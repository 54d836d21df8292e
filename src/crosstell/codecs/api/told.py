"""Sentences of the node for a reader of another language: asked for, and put over part by part."""

from typing import Annotated, Literal

from msgspec import Meta

from crosstell.codecs.api.wire import Name, Wire

SENTENCES_MAX = 100  # of one request
SENTENCE_LENGTH_MAX = 8_000


class SentenceAsked(Wire, frozen=True, kw_only=True):
    """A sentence as the node gave it in English; `section` says of what it tells."""

    section: Name
    text: Annotated[str, Meta(max_length=SENTENCE_LENGTH_MAX)]


class SentencesAsked(Wire, frozen=True, kw_only=True):
    """Sentences that a reader wants in a language that this node speaks."""

    language: Name
    sentences: Annotated[tuple[SentenceAsked, ...], Meta(max_length=SENTENCES_MAX)]


class PartTold(Wire, frozen=True, kw_only=True):
    """Some of a sentence, and whose words they are.

    `put-over`: the node's, in the language asked for. `as-entered`: somebody's own, as they were
    entered. `english`: the node's, of which the language has no form.
    """

    voice: Literal["put-over", "as-entered", "english"]
    text: str


class SentencesTold(Wire, frozen=True, kw_only=True):
    """Each sentence in its parts, in the order asked for. `reviewed`: by a native reader."""

    language: Name
    reviewed: bool
    told: tuple[tuple[PartTold, ...], ...]
