"""Sentences that the node made, in a reader's language: by the catalogue that its papers speak by.

Nothing is looked up: what is told is what was asked, in other words. Implements API-300, API-301.
"""

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.told import SentencesAsked, SentencesTold
from crosstell.papers.speech.parts import put_over
from crosstell.papers.speech.speech import ENGLISH, LANGUAGES
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.serving import Asked, Serving, wire_response

REVIEWED = (ENGLISH,)  # whoever has a native reader look through another one, adds it


async def told(serving: Serving, asked: Asked) -> Response:
    """Each sentence in the reader's language, in parts that say whose words they are."""
    given = msgspec.json.decode(asked.body, type=SentencesAsked)
    if given.language not in LANGUAGES:
        raise Unmet("bad-request", f"language: there is {', '.join(LANGUAGES)}")
    return wire_response(
        SentencesTold(
            language=given.language,
            reviewed=given.language in REVIEWED,
            told=await serving.aside(put_over, given.language, given.sentences),
        )
    )
