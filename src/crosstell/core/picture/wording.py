"""The fixed phrases that the views of the picture say, and the check of free text.

A fixed phrase is written once, here, so that no view can soften it.
"""

TEXT_LENGTH_MAX = 4_000
MARKING_LENGTH_MAX = 120

WITHOUT_PREJUDICE = "without prejudice to status, recognition or attribution"
NOT_CLEAR_TO_ENGAGE = "'not ours' is not clear to engage and lowers no alert"
SITE_LAW = "the law protects a site, not the list: no notice creates protection, no absence ends it"
NOTHING_TO_COMPUTE = "stated without area, height or time: shown, never computed on"


def check_text(text: str, *, what: str, length_max: int = TEXT_LENGTH_MAX) -> None:
    """Raise ValueError unless `text` says something, without control characters, in bounds."""
    if not text.strip():
        raise ValueError(f"{what}: empty; write what it is")
    if len(text) > length_max:
        raise ValueError(f"{what}: {len(text)} characters; shorten it to {length_max}")
    if any(ord(sign) < ord(" ") and sign != "\n" for sign in text):
        raise ValueError(f"{what}: holds a control character; write plain text")
