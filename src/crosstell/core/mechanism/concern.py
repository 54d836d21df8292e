"""What each rule is about: a track, a notice, or a pair of them.

The answers look at kinds only. Whose the two are, where and when is not asked here: rules with
`tracks` of others, separation and well clear leave out pairs of one party (`of_others_only`).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import assert_never

from crosstell.core.picture.content import (
    Activity,
    ActivityKind,
    AvoidanceRequest,
    Content,
    FieldType,
    GeneralNotice,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
)
from crosstell.core.protocol.rule import (
    Blackout,
    Boundary,
    Concerned,
    Conformance,
    KeptFrom,
    MaximumDuration,
    NamedActivity,
    NumericRule,
    Overflight,
    Overflown,
    Separation,
    Standoff,
    TracksConcerned,
    WellClear,
    ZoneEntry,
)
from crosstell.core.protocol.rules.duration import Lasting
from crosstell.core.protocol.times import LeadTime, NoticeKind

FiguresRule = NumericRule | LeadTime


class Subject(StrEnum):
    """What a test can be of."""

    TRACK = "track"  # a track alone, against what the protocol draws
    NOTICE = "notice"  # a notice alone
    TRACK_AT_NOTICE = "track-at-notice"
    TWO_TRACKS = "two-tracks"
    TWO_NOTICES = "two-notices"
    TRACK_OF_ACTIVITY = "track-of-activity"  # a track and its own party's activity for it


class Bearing(StrEnum):
    """Whether a rule is about something."""

    BEARS = "bears"
    MAY_BEAR = "may-bear"  # the activity does not state its kind: treat as unknown, never as not
    NOT = "not"


def may_concern(rule: FiguresRule, subject: Subject) -> bool:
    """Whether the rule is about any such subject at all."""
    match rule:
        case Standoff() | ZoneEntry() | Overflight():
            return subject in _WITH_PLACES[rule.concerned]
        case Separation():
            return subject in _AMONG[rule.between]
        case MaximumDuration():
            return subject in {_LASTING[one] for one in rule.lasting}
        case _:
            return subject is _ONLY[type(rule)]


_WITH_PLACES = {
    Concerned.TRACKS: (Subject.TRACK_AT_NOTICE,),
    Concerned.ACTIVITIES: (Subject.TWO_NOTICES,),
    Concerned.BOTH: (Subject.TRACK_AT_NOTICE, Subject.TWO_NOTICES),
}
_AMONG = {
    Concerned.TRACKS: (Subject.TWO_TRACKS,),
    Concerned.ACTIVITIES: (Subject.TWO_NOTICES,),
    Concerned.BOTH: (Subject.TWO_TRACKS, Subject.TWO_NOTICES, Subject.TRACK_AT_NOTICE),
}
_LASTING = {
    Lasting.ACTIVITY: Subject.NOTICE,
    Lasting.ZONE: Subject.NOTICE,
    Lasting.STAY: Subject.TRACK_AT_NOTICE,
}
_ONLY: dict[type[FiguresRule], Subject] = {
    WellClear: Subject.TWO_TRACKS,
    Blackout: Subject.NOTICE,
    LeadTime: Subject.NOTICE,
    Boundary: Subject.TRACK,
    Conformance: Subject.TRACK_OF_ACTIVITY,
}


def of_others_only(rule: FiguresRule) -> bool:
    """Whether a pair that is known to be of one party alone is left out."""
    match rule:
        case Standoff() | ZoneEntry() | Overflight() | MaximumDuration():
            return rule.tracks is TracksConcerned.OF_OTHERS
        case Separation() | WellClear() | Boundary():
            return True
        case _:
            return False


def bears_on_track_at(rule: FiguresRule, content: Content) -> Bearing:
    """Whether the rule is about a track at what this notice declares."""
    if not may_concern(rule, Subject.TRACK_AT_NOTICE):
        return Bearing.NOT
    match rule, content:
        case Separation(activities=named), Activity(kind=kind):
            return _named(named, kind)
        case MaximumDuration(zones=zones), Zone():
            return _yes(_in_types(content, zones))
        case ((Standoff() | ZoneEntry() | Overflight()), _):
            return _yes(_about_place(rule, content))
        case _:
            return Bearing.NOT


class Bearings:
    """Which notices some of these rules are about, for a track there; asked once for each kind."""

    def __init__(self, rules: Iterable[FiguresRule]) -> None:
        """Of these rules; nothing is worked out yet."""
        self._rules = tuple(rules)
        self._known: dict[tuple[type, FieldType | None, ActivityKind | None], bool] = {}

    def any_on_track_at(self, content: Content) -> bool:
        """Whether one of the rules is about a track at what this notice declares."""
        kind = (
            type(content),
            content.field_type if isinstance(content, Zone) else None,
            content.kind if isinstance(content, Activity) else None,
        )
        known = self._known.get(kind)
        if known is None:
            answers = (bears_on_track_at(rule, content) for rule in self._rules)
            known = self._known[kind] = any(one is not Bearing.NOT for one in answers)
        return known


def bears_between(rule: FiguresRule, activity: Content, met: Content) -> Bearing:
    """Whether the rule is about the first notice, an activity, meeting the other; ask both ways."""
    if not may_concern(rule, Subject.TWO_NOTICES) or not isinstance(activity, Activity):
        return Bearing.NOT
    match rule:
        case Standoff() | ZoneEntry() | Overflight():
            return _yes(_about_place(rule, met))
        case Separation(activities=named) if isinstance(met, Activity):
            return min((_named(named, activity.kind), _named(named, met.kind)), key=_SURENESS.index)
        case _:
            return Bearing.NOT


def bears_on_notice(rule: FiguresRule, content: Content) -> Bearing:
    """Whether the rule is about this notice alone."""
    match rule, content:
        case LeadTime(notice=kind), _:
            return _yes(notice_kind(content) is kind)
        case Blackout(activities=named), Activity(kind=kind):
            return _named(named, kind)
        case MaximumDuration(activities=named), Activity(kind=kind):
            return _named(named, kind) if Lasting.ACTIVITY in rule.lasting else Bearing.NOT
        case MaximumDuration(zones=zones), Zone():
            return _yes(Lasting.ZONE in rule.lasting and _in_types(content, zones))
        case _:
            return Bearing.NOT


def bears_on_own(rule: FiguresRule, content: Content) -> Bearing:
    """Whether the rule is about a track that flies this notice, both of our own party."""
    match rule, content:
        case Conformance(activities=named), Activity(kind=kind):
            return _named(named, kind)
        case _:
            return Bearing.NOT


def notice_kind(content: Content) -> NoticeKind | None:
    """The protocol's word for this kind of notice; None for what it has no times for."""
    match content:
        case Zone():
            return NoticeKind.ZONE
        case Activity():
            return NoticeKind.ACTIVITY
        case OwnForceLocation():
            return NoticeKind.OWN_FORCE_LOCATION
        case AvoidanceRequest():
            return NoticeKind.AVOIDANCE_REQUEST
        case NotifiedSite():
            return NoticeKind.NOTIFIED_SITE
        case NotifiedMovement():
            return NoticeKind.NOTIFIED_MOVEMENT
        case GeneralNotice():
            return None
        case _:
            assert_never(content)


_PLACE: dict[type[Content], KeptFrom] = {
    OwnForceLocation: KeptFrom.OWN_FORCE_LOCATION,
    AvoidanceRequest: KeptFrom.AVOIDANCE_PLACE,
    NotifiedSite: KeptFrom.NOTIFIED_SITE,
    NotifiedMovement: KeptFrom.NOTIFIED_MOVEMENT,
}
_SURENESS = (Bearing.NOT, Bearing.MAY_BEAR, Bearing.BEARS)


def _about_place(rule: Standoff | ZoneEntry | Overflight, content: Content) -> bool:
    place = _PLACE.get(type(content))
    match rule:
        case Standoff():
            return place in rule.kept_from
        case ZoneEntry():
            return isinstance(content, Zone) and _in_types(content, rule.zones)
        case Overflight():
            if isinstance(content, Zone):
                return Overflown.ZONE in rule.over and _in_types(content, rule.zones)
            return place is not None and Overflown(place.value) in rule.over


def _in_types(zone: Zone, types: tuple[str, ...]) -> bool:
    """Whether the zone is of one of these field types; none named means every one."""
    return not types or zone.field_type.value in {one.lower() for one in types}


def _named(named: tuple[NamedActivity, ...], kind: ActivityKind) -> Bearing:
    if not named or kind.value in {one.value for one in named}:
        return Bearing.BEARS
    return Bearing.MAY_BEAR if kind is ActivityKind.NOT_STATED else Bearing.NOT


def _yes(holds: bool) -> Bearing:  # noqa: FBT001 - a plain yes or no
    return Bearing.BEARS if holds else Bearing.NOT
