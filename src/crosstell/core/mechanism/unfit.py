"""What is asked to be recorded and fits nothing here: by nobody, about no file, at a wrong time, of
an alert as it is no more.

Of what is received nothing is judged here: it is kept as its author signed it.
"""

from datetime import datetime

from crosstell.core.detection.alert import Alert, AlertAcknowledged, Attention, Shown
from crosstell.core.detection.finding import Assessed
from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.incident.paper import IncidentFile, PaperFiled
from crosstell.core.instant import format_instant, later
from crosstell.core.line.answer import AnswerCorrected, AnswerGiven, counted_until
from crosstell.core.line.watch.voice import VoiceLogCorrected, VoiceLogged
from crosstell.core.mechanism.after.papers import is_file, papers_of
from crosstell.core.mechanism.view import alert_view
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.state.state import State

AHEAD_S_MAX = 60.0  # by which a console's clock may be ahead of its node's
BACK_YEARS_MAX = 20  # from the protocol's start: a precedent may be older than it, a slip is older


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


def unfit(state: State, body: Event, now: datetime) -> Refused | None:
    """Refuse times that the protocol or the clock does not allow, and an alert as it is no more."""
    return (
        _stands_by_too_long(state, body, now)
        or _logged_out_of_time(state, body, now)
        or _of_no_time_held(state, body, now)
        or _seen_before_it_changed(state, body, now)
    )


def _seen_before_it_changed(state: State, body: Event, now: datetime) -> Refused | None:
    """Refuse to acknowledge what the person cannot have seen. Implements ALR-440."""
    if not isinstance(body, AlertAcknowledged):
        return None
    for alert in state.journal.alerts.values():
        shown = alert.shown
        if shown is None or shown.alert != body.alert:
            continue
        if alert.attention is Attention.ACKNOWLEDGED:
            return None
        text = _changed(shown, body) or _past_by_now(state, alert, body, now)
        return None if text is None else Refused(code=RefusalCode.WRONG_STATE, text=text)
    return None


def _changed(shown: Shown, seen: AlertAcknowledged) -> str | None:
    if seen.level is not shown.level:
        return (
            f"alert {seen.alert} is {shown.level} now, and you saw it {seen.level}: it still needs "
            "you; look at it again, then acknowledge it as it is"
        )
    if seen.returns is not None and seen.returns < shown.returns:
        return (
            f"alert {seen.alert} was gone, and has come back since you saw it: it still needs you; "
            "look at it again, then acknowledge it as it is"
        )
    hardened = seen.assessed not in (None, Assessed.INFRINGES)
    if hardened and shown.finding.assessed is Assessed.INFRINGES:
        return (
            f"alert {seen.alert} infringes as reported now, and you saw that it could not be ruled "
            "out: it still needs you; look at it again, then acknowledge it as it is"
        )
    return None


def _past_by_now(state: State, alert: Alert, seen: AlertAcknowledged, now: datetime) -> str | None:
    """A call-by that was ahead for the person, and is over by a newer finding."""
    view = alert_view(state, alert, now)
    by = None if view is None else view.call_by
    if seen.call_by is None or by is None or not by <= now < seen.call_by:
        return None
    return (
        f"alert {seen.alert}: its call-by was {format_instant(by)} and is over, and you saw "
        f"{format_instant(seen.call_by)}: it still needs you; look at it again, then acknowledge "
        "it as it is"
    )


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


def _of_no_time_held(state: State, body: Event, now: datetime) -> Refused | None:
    """Refuse an incident's file of what is to come, or of years before the protocol. API-461."""
    if not isinstance(body, PaperFiled) or not isinstance(body.content, IncidentFile):
        return None
    start, end, starts = body.content.start, body.content.end, state.setting.protocol.starts
    last = start if end is None else end
    first = starts.replace(year=starts.year - BACK_YEARS_MAX, day=min(starts.day, 28))
    if last > later(now, by_s=AHEAD_S_MAX):
        text = (
            f"incident {body.paper}: {format_instant(last)} is still to come, it is "
            f"{format_instant(now)}; a file is of what was: correct the time, or leave its end open"
        )
    elif start < first:
        text = (
            f"incident {body.paper}: {format_instant(start)} is more than {BACK_YEARS_MAX} years "
            f"before this protocol, which starts at {format_instant(starts)}; correct the day"
        )
    else:
        return None
    return Refused(code=RefusalCode.BAD_TIME, text=text)
