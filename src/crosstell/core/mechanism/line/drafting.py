"""Words and drafts for a person: the brief of a matter, the call that could be placed about it.

A draft is never sent by itself. Like speaks to like: it goes from a role to the counterpart's
role of the same name. A draft names the declared place and the danger, never where a track is:
own sensors' data stay at home until a person releases them.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.about import (
    About,
    NoticeOf,
    OneNotice,
    OneTrack,
    TrackAtNotice,
    TrackOnActivity,
    TwoNotices,
    TwoTracks,
    notices_of,
    words_of,
)
from crosstell.core.detection.alert import Alert
from crosstell.core.ids import PartyId, RoleId
from crosstell.core.instant import format_instant, seconds_between
from crosstell.core.line.call import Call
from crosstell.core.line.content import (
    LABEL_LENGTH_MAX,
    CallContent,
    Danger,
    RequestedAct,
    Subject,
    SubjectKind,
)
from crosstell.core.line.escalation import IncomingCall, Matter, OwnCall, RaisedAlert
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.picture.content import OwnForceLocation, Zone, volumes_of
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A call that a person could place: to whom, of which kind, saying what."""

    to_party: PartyId
    to_role: RoleId
    kind: CallKind
    precedence: Precedence
    content: CallContent


def draft_for_alert(state: State, alert: Alert, role: RoleId) -> Draft | None:
    """The call about this alert, to the only counterpart or to the place's other party.

    Of several counterparts none is guessed: then there is no draft, and a person chooses. What
    concerns our own objects or notices alone has none either.
    """
    assert alert.shown is not None, "a draft is about an alert that is shown"
    about = alert.key.about
    others = [other.party for other in state.others()]
    named = sorted({one.party for one in notices_of(about)} & set(others))
    to_party = named[0] if len(named) == 1 else others[0] if len(others) == 1 else None
    if to_party is None:
        return None
    content = _content(state, about)
    if content is None:
        return None
    if isinstance(about, TwoNotices):
        kind, precedence = CallKind.INFORM, Precedence.PRIORITY
    else:
        critical = alert.shown.level is AlertLevel.CRITICAL
        kind, precedence = CallKind.WARN, Precedence.FLASH if critical else Precedence.IMMEDIATE
    return Draft(to_party=to_party, to_role=role, kind=kind, precedence=precedence, content=content)


def _content(state: State, about: About) -> CallContent | None:
    """What the call would say; None where there is nobody to call about it."""
    match about:
        case TrackAtNotice():
            return _at_place(state, about.notice)
        case TwoTracks():
            return _COLLISION
        case TwoNotices():
            return _plans(state, about)
        case TrackOnActivity() | OneTrack() | OneNotice():
            return None


_COLLISION = CallContent(  # where the two are stays with who sends it: own tracks do not cross
    subjects=(Subject(kind=SubjectKind.UNKNOWN, label="two objects closing on each other"),),
    danger=Danger.COLLISION,
    act=RequestedAct.TAKE_NOTE,
)


def _at_place(state: State, place: NoticeOf) -> CallContent | None:
    """An object at a declared place; the place itself is said unless own forces are there."""
    notice = state.notice(place.party, place.notice)
    if notice is None:
        return None
    content = notice.latest.event.content
    volumes = volumes_of(content)
    own_forces = isinstance(content, OwnForceLocation)
    danger = Danger.ZONE_ENTERED if isinstance(content, Zone) else Danger.OWN_FORCES_ENDANGERED
    return CallContent(
        subjects=(Subject(kind=SubjectKind.UNKNOWN, label=f"object near {place.notice}"),),
        place=None if own_forces or not volumes else volumes[0].footprint,
        danger=danger,
        act=RequestedAct.KEEP_OUT,
    )


def _plans(state: State, about: TwoNotices) -> CallContent | None:
    """Two notices that do not fit; each is named, neither is asked to give way."""
    both = (about.first, about.second)
    held = [state.notice(one.party, one.notice) for one in both]
    if None in held:
        return None
    subjects = tuple(
        Subject(kind=SubjectKind.ZONE, label=f"{one.notice} of {one.party}"[:LABEL_LENGTH_MAX])
        for one in both
    )
    return CallContent(subjects=subjects, danger=Danger.OTHER, act=RequestedAct.TAKE_NOTE)


def brief_of(state: State, matter: Matter, now: datetime) -> str:
    """The matter in a sentence or two, for whoever is brought in."""
    match matter.subject:
        case OwnCall(call=name):
            own = state.own.calls.get(name)  # lost with its disk, the journal kept
            return "A call that is no longer held." if own is None else _call_words(own, now)
        case IncomingCall(call=ref):
            call = state.call_at(ref)
            return "A call that is no longer held." if call is None else _call_words(call, now)
        case RaisedAlert(alert=name):
            found = state.alert(name)
            return "An alert that is no longer held." if found is None else alert_words(found)


def alert_words(alert: Alert) -> str:
    """What an alert says, for a person."""
    assert alert.shown is not None
    shown, key = alert.shown, alert.key
    reading = "the protocol's text" if key.reading is None else f"{key.reading}'s reading"
    sure = shown.finding.assessed.value
    when = (
        "now" if shown.finding.infringement_in_s <= 0 else _ahead(shown.finding.infringement_in_s)
    )
    return (
        f"{shown.level.upper()}: {words_of(key.about)}, rule {key.rule} under {reading}: {sure}, "
        f"{when} as of {format_instant(shown.finding_at)}."
    )


def _ahead(ahead_s: float) -> str:
    return f"in {ahead_s:.0f} s"


def _call_words(call: Call, now: datetime) -> str:
    placed = call.placed
    waited_s = seconds_between(call.placed_stamp.at, now)
    by = call.placed_stamp.by
    caller = "its node" if by is None else f"{by.party}/{by.role}"
    return (
        f"{placed.kind.upper()} call {placed.call} ({placed.precedence}, {placed.reality}) by "
        f"{caller} to {placed.to_party}/{placed.to_role}, placed "
        f"{format_instant(call.placed_stamp.at)}, waiting {waited_s / 60:.0f} min."
    )
