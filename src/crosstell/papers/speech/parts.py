"""A sentence in another language as parts, for a screen: each part says whose words it is."""

import re
from collections.abc import Iterable

from crosstell.codecs.api.told import PartTold, SentenceAsked
from crosstell.papers.speech.speech import speech_of

_OWN, _LACKING, _END = "\x02", "\x03", "\x04"
_PART = re.compile("([\x02\x03])([^\x04]*)\x04")
_MARKS = str.maketrans(dict.fromkeys((_OWN, _LACKING, _END), "\ufffd"))


def put_over(language: str, sentences: Iterable[SentenceAsked]) -> tuple[tuple[PartTold, ...], ...]:
    """Each sentence in its parts, which together are all of it. Implements API-300.

    A letter that stands in it and could be taken for a mark of ours is replaced.
    """
    speech = speech_of(
        language,
        plain=str,
        marked=lambda words, _mark: f"{_OWN}{words}{_END}",
        lacking=lambda words, _mark: f"{_LACKING}{words}{_END}",
        quoted=lambda words, _mark: f"{_OWN}{words}{_END}",
    )
    return tuple(_parts(speech.tell(one.text.translate(_MARKS), one.section)) for one in sentences)


def _parts(told: str) -> tuple[PartTold, ...]:
    found: list[PartTold] = []
    at = 0
    for one in _PART.finditer(told):
        found.append(PartTold(voice="put-over", text=told[at : one.start()]))
        voice = PartTold(voice="as-entered" if one[1] == _OWN else "english", text=one[2])
        found.append(voice)
        at = one.end()
    found.append(PartTold(voice="put-over", text=told[at:]))
    return tuple(part for part in found if part.text)
