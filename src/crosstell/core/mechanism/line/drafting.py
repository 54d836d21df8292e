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
from crosstell.core.detection.alert_view import span_words
from crosstell.core.detection.finding import Assessed
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
from crosstell.core.line.escalation import (
    IncomingCall,
    Matter,
    OwnCall,
    OwnVoiceLog,
    RaisedAlert,
)
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.mechanism.line.secretly import duress_words
from crosstell.core.mechanism.releasing.shown import released_as
from crosstell.core.picture.content import (
    Activity,
    Content,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
    volumes_of,
)
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
    """The call about this alert, to the place's other party or the only other that owes duties.

    A notifier owes none, so it is called about its own notices alone. Of several counterparts none
    is guessed: then there is no draft, and a person chooses. What concerns our own objects or
    notices alone has none either. Implements MEC-123.
    """
    assert alert.shown is not None, "a draft is about an alert that is shown"
    about = alert.key.about
    others = [other.party for other in state.others()]
    named = sorted({one.party for one in notices_of(about)} & set(others))
    owing = [party for party in others if party in state.setting.protocol.signers]
    to_party = named[0] if len(named) == 1 else owing[0] if len(owing) == 1 else None
    if to_party is None:
        return None
    content = _content(state, about, to_party)
    if content is None:
        return None
    if isinstance(about, TwoNotices):
        kind, precedence = CallKind.INFORM, Precedence.PRIORITY
    else:
        critical = alert.shown.level is AlertLevel.CRITICAL
        kind, precedence = CallKind.WARN, Precedence.FLASH if critical else Precedence.IMMEDIATE
    return Draft(to_party=to_party, to_role=role, kind=kind, precedence=precedence, content=content)


def _content(state: State, about: About, to_party: PartyId) -> CallContent | None:
    """What the call would say; None where there is nobody to call about it."""
    match about:
        case TrackAtNotice():
            return _at_place(state, about.notice, to_party)
        case TwoTracks():
            return _COLLISION
        case TwoNotices():
            return _plans(state, about, to_party)
        case TrackOnActivity() | OneTrack() | OneNotice():
            return None


_COLLISION = CallContent(  # where the two are stays with who sends it: own tracks do not cross
    subjects=(Subject(kind=SubjectKind.UNKNOWN, label="two objects closing on each other"),),
    danger=Danger.COLLISION,
    act=RequestedAct.TAKE_NOTE,
)


def _at_place(state: State, place: NoticeOf, to_party: PartyId) -> CallContent | None:
    """An object at a declared place; the place is said to whom it was released, unless of forces.

    Implements MEC-099.
    """
    place = _as_told(state, place, to_party)
    notice = state.notice(place.party, place.notice)
    if notice is None:
        return None
    content = notice.latest.event.content
    volumes = volumes_of(content)
    is_held = _is_held_by(state, place, to_party)
    is_said = is_held and bool(volumes) and not isinstance(content, OwnForceLocation)
    label = f"object near {place.notice}" if is_held else "object near a declared place"
    return CallContent(
        subjects=(Subject(kind=SubjectKind.UNKNOWN, label=label[:LABEL_LENGTH_MAX]),),
        place=volumes[0].footprint if is_said else None,
        danger=_DANGERS.get(type(content), Danger.OTHER),
        act=RequestedAct.TAKE_NOTE if isinstance(content, Activity) else RequestedAct.KEEP_OUT,
    )


_DANGERS: dict[type[Content], Danger] = {  # who is at a place to be avoided is not said
    Zone: Danger.ZONE_ENTERED,
    OwnForceLocation: Danger.OWN_FORCES_ENDANGERED,
    NotifiedSite: Danger.NOTIFIED_SITE_ENDANGERED,
    NotifiedMovement: Danger.NOTIFIED_SITE_ENDANGERED,
    Activity: Danger.COLLISION,
}


def _is_held_by(state: State, named: NoticeOf, party: PartyId) -> bool:
    """Whether that party filed the notice, or we released it to that party."""
    if named.party != state.setting.party:
        return named.party == party
    released = state.own.notices.get(named.notice)
    return released is not None and party in released.versions[0].event.releasable_to


def _as_told(state: State, named: NoticeOf, party: PartyId) -> NoticeOf:
    """The notice in the form in which that party got it, where a form of its own was released."""
    told = None
    if named.party == state.setting.party and not _is_held_by(state, named, party):
        told = released_as(state, named.notice, party)
    return named if told is None else NoticeOf(party=named.party, notice=told)


def _plans(state: State, about: TwoNotices, to_party: PartyId) -> CallContent | None:
    """Two notices that do not fit; each is named to who holds it, neither is asked to give way."""
    both = tuple(_as_told(state, one, to_party) for one in (about.first, about.second))
    held = [state.notice(one.party, one.notice) for one in both]
    if None in held:
        return None
    labels = (
        f"{one.notice if _is_held_by(state, one, to_party) else 'a notice'} of {one.party}"
        for one in both
    )
    subjects = tuple(
        Subject(kind=SubjectKind.ZONE, label=label[:LABEL_LENGTH_MAX]) for label in labels
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
        case OwnVoiceLog(log=log):
            return duress_words(log)


def alert_words(alert: Alert) -> str:
    """What an alert says, for a person."""
    assert alert.shown is not None
    shown, key = alert.shown, alert.key
    reading = "the protocol's text" if key.reading is None else f"{key.reading}'s reading"
    in_s = shown.finding.infringement_in_s
    when = "now" if in_s <= 0 else f"in {span_words(in_s)}"
    found = {
        Assessed.INFRINGES: f"infringes, {when}",
        Assessed.CANNOT_BE_RULED_OUT: f"cannot be ruled out, {when}",
        Assessed.CLEAR: "the last finding is clear,",
    }[shown.finding.assessed]
    return (
        f"{shown.level.upper()}: {words_of(key.about)}, rule {key.rule} under {reading}: {found} "
        f"as of {format_instant(shown.finding_at)}."
    )


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
