"""Text that a person reads: one rule for the picture and the line."""

import pytest

from crosstell.core.line.content import FreeText, Subject, SubjectKind
from crosstell.core.picture.content import GeneralNotice

HIDDEN = ("\x1b[2J", "\x00", "\r", "\x7f", "\x9b", "\u202e", "\u2066")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_text_that_would_not_show_as_written_is_refused(hidden: str) -> None:
    """PIC-060: an escape clears a screen; an override turns 'not ours' round."""
    text = f"not {hidden}ours"
    with pytest.raises(ValueError, match="control character"):
        FreeText(text=text, language="en")
    with pytest.raises(ValueError, match="control character"):
        Subject(kind=SubjectKind.UNKNOWN, label=text)
    with pytest.raises(ValueError, match="control character"):
        GeneralNotice(text=text, source="a statement")


@pytest.mark.parametrize(
    "text", ["two\nlines", "İHA kuzeyde", "ليست لنا", "не наши", "\u200f\u05dc\u05d9"]
)
def test_every_script_and_a_new_line_may_be_written(text: str) -> None:
    """PIC-060."""
    assert FreeText(text=text, language="en").text == text
    assert GeneralNotice(text=text, source="a statement").text == text


@pytest.mark.parametrize(("text", "says"), [(" ", "empty"), ("x" * 2_001, "shorten it to 2000")])
def test_text_says_something_and_fits(text: str, says: str) -> None:
    """PIC-060."""
    with pytest.raises(ValueError, match=says):
        FreeText(text=text, language="en")
