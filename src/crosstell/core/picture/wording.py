"""The fixed phrases that the views of the picture say, and the check of free text.

A fixed phrase is written once, here, so that no view can soften it.
"""

import re

TEXT_LENGTH_MAX = 4_000
LANGUAGE_LENGTH_MAX = 35  # a language tag, BCP 47 section 4.4.1
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
# All of Unicode's Cc but the new line, and the explicit embeddings, overrides and isolates (UAX 9).
_HIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MARKING_LENGTH_MAX = 120

WITHOUT_PREJUDICE = "without prejudice to status, recognition or attribution"
NOT_CLEAR_TO_ENGAGE = "'not ours' is not clear to engage and lowers no alert"
SITE_LAW = "the law protects a site, not the list: no notice creates protection, no absence ends it"
SHARED_FOR_A_PURPOSE = (
    "Told by its own party for that purpose alone: no track of ours, and never a target"
)
NOTHING_TO_COMPUTE = "stated without area, height or time: shown, never computed on"


_INNER = str.maketrans("\u201c\u201d", "\u2018\u2019")


def quoted(words: str) -> str:
    """Somebody's own words inside a sentence of the program, so that no part of them leaves it.

    The marks stand nowhere inside: those that were typed are written as single ones.
    Implements INC-430.
    """
    return f"“{words.translate(_INNER)}”"


def check_language(tag: str, *, what: str) -> None:
    """Raise ValueError unless `tag` has the form of a BCP 47 language tag, as `tr` or `en`."""
    if _LANGUAGE.fullmatch(tag) is None or len(tag) > LANGUAGE_LENGTH_MAX:
        raise ValueError(f"{what}: {tag!r} is not a language tag; write it like 'tr' or 'en'")


def check_text(text: str, *, what: str, length_max: int = TEXT_LENGTH_MAX) -> None:
    """Raise ValueError unless `text` says something, in bounds, and shows as it is written.

    Control characters could move a screen's cursor, and overrides of direction could show the
    words in another order than that in which they are signed. Implements PIC-060.
    """
    if not text.strip():
        raise ValueError(f"{what}: empty; write what it is")
    if len(text) > length_max:
        raise ValueError(f"{what}: {len(text)} characters; shorten it to {length_max}")
    if _HIDDEN.search(text) is not None:
        raise ValueError(f"{what}: holds a control character; write plain text")


def thing_words(thing: object) -> str:
    """The kind of a thing in words, by the name of its class: `NotifiedSite` is "Notified site"."""
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(thing).__name__).capitalize()
    return words.replace("Own force", "Own-force")
