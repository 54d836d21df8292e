"""What the protocol says of an answer before a person gives it."""

from datetime import datetime

from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.instant import format_instant
from crosstell.core.line.answer import AnswerCorrected, AnswerGiven, counted_until
from crosstell.core.state.events import Event
from crosstell.core.state.state import State


def stands_by_too_long(state: State, body: Event, now: datetime) -> Refused | None:
    """Refuse to say a stand-by longer than the protocol's longest. Implements LINE-260."""
    if not isinstance(body, AnswerGiven | AnswerCorrected) or body.answer.until is None:
        return None
    most_s = state.setting.protocol.stand_by_s_max
    last = counted_until(body.answer, now, most_s)
    assert last is not None, "a stand-by has its time"
    if last == body.answer.until:
        return None
    text = (
        f"stand-by until {format_instant(body.answer.until)}: the protocol's longest is "
        f"{most_s:g} s, so now until {format_instant(last)} at most; say that, or answer, and call "
        "again when you know"
    )
    return Refused(code=RefusalCode.BAD_TIME, text=text)
