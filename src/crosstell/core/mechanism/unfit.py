"""What is asked to be recorded and fits nothing here: by nobody, about no file, at a wrong time.

Of what is received nothing is judged here: it is kept as its author signed it.
"""

from datetime import datetime

from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.incident.paper import IncidentFile, PaperFiled
from crosstell.core.instant import format_instant, later
from crosstell.core.line.answer import AnswerCorrected, AnswerGiven, counted_until
from crosstell.core.line.watch.voice import VoiceLogCorrected, VoiceLogged
from crosstell.core.mechanism.after.papers import is_file, papers_of
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.state.state import State

AHEAD_S_MAX = 60.0  # by which a console's clock may be ahead of its node's


def by_nobody_here(state: State, by: Speaker) -> Refused | None:
    """Refuse what is not said by our own party, by a role of the protocol."""
    setting = state.setting
    if by.party != setting.party:
        text = f"this node is of {setting.party}; it records nothing for {by.party}"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if setting.protocol.role(by.role) is None:
        names = ", ".join(role.id for role in setting.protocol.roles)
        text = f"{by.role} is no role of this protocol; speak as one of: {names}"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    return None


def of_no_file(state: State, body: PaperFiled) -> Refused | None:
    """Refuse a paper that names no keeper where only another keeps a file of that id. INC-341."""
    content, own = body.content, state.setting.party
    if isinstance(content, IncidentFile) or content.kept_by is not None:
        return None
    keepers = [
        one.of for one in papers_of(state) if is_file(one) and one.paper.paper == content.incident
    ]
    if not keepers or own in keepers:
        return None
    text = (
        f"paper {body.paper}: {own} keeps no file {content.incident}; say whose is meant with "
        f"kept_by, which is held of: {', '.join(keepers)}"
    )
    return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)


def out_of_time(state: State, body: Event, now: datetime) -> Refused | None:
    """Refuse a stand-by or a voice log whose times the protocol or the clock does not allow."""
    return _stands_by_too_long(state, body, now) or _logged_out_of_time(state, body, now)


def _stands_by_too_long(state: State, body: Event, now: datetime) -> Refused | None:
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


def _logged_out_of_time(state: State, body: Event, now: datetime) -> Refused | None:
    """Refuse a voice log of what is still to come, or of before the protocol. LINE-340."""
    if not isinstance(body, VoiceLogged | VoiceLogCorrected):
        return None
    account = body.account
    answer = account.answered_at, account.read_back_at, account.reached_at
    times = (account.started_at, account.ended_at, account.authentication.done_at, *answer)
    said = [one for one in times if one is not None]
    starts = state.setting.protocol.starts
    if max(said) > later(now, by_s=AHEAD_S_MAX):
        text = (
            f"voice log {body.log}: {format_instant(max(said))} is still to come, it is "
            f"{format_instant(now)}; a call is logged when it is over: correct the day or the time"
        )
    elif min(said) < starts:
        text = (
            f"voice log {body.log}: {format_instant(min(said))} is before this protocol, which "
            f"starts at {format_instant(starts)}; correct the day or the time"
        )
    else:
        return None
    return Refused(code=RefusalCode.BAD_TIME, text=text)
