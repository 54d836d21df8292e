"""What is said on the line: typed fields, so that a read-back can be compared field by field.

A place is a position or a shape on WGS-84, never a bearing in free text alone. Altitudes carry
their datum, windows are half-open UTC, free text carries its language.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.altitude import Altitude, AltitudeLimit
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.geometry.position import Position
from crosstell.core.ids import AlertId, ForeignRef, PartyId, TrackId, check_id
from crosstell.core.instant import Window, format_instant, require_utc
from crosstell.core.picture.party import Scope
from crosstell.core.picture.wording import check_language, check_text, quoted

TEXT_LENGTH_MAX = 2_000
LABEL_LENGTH_MAX = 120
WHOLE_PARTY = Scope()
SUBJECTS_MAX = 20
ABOUT_MAX = 50
HOPS_MAX = 8
FREQUENCY_HZ_MAX = 3_000_000_000


class SubjectKind(StrEnum):
    """What sort of object a call speaks of."""

    AIRCRAFT = "aircraft"
    UNCREWED_AIRCRAFT = "uncrewed-aircraft"
    VESSEL = "vessel"
    VEHICLES = "vehicles"
    FIRES = "fires"
    FORCES = "forces"
    SITE = "site"
    ZONE = "zone"
    UNKNOWN = "unknown"


class Danger(StrEnum):
    """What harm is feared. A stop must name one."""

    OWN_FORCES_ENDANGERED = "own-forces-endangered"
    ASSOCIATED_FORCES_ENDANGERED = "associated-forces-endangered"
    NOTIFIED_SITE_ENDANGERED = "notified-site-endangered"
    CIVIL_TRAFFIC_ENDANGERED = "civil-traffic-endangered"
    COLLISION = "collision"
    FIRE_IN_PROGRESS = "fire-in-progress"
    ZONE_ENTERED = "zone-entered"
    OTHER = "other"


class RequestedAct(StrEnum):
    """What the caller asks for. A stop must name one."""

    STOP_FIRE = "stop-fire"
    HOLD_FIRE = "hold-fire"
    LEAVE = "leave"
    KEEP_OUT = "keep-out"
    TURN_AWAY = "turn-away"
    KEEP_ALTITUDE = "keep-altitude"
    IDENTIFY = "identify"
    CONFIRM_OWNERSHIP = "confirm-ownership"
    CALL_BACK = "call-back"
    TAKE_NOTE = "take-note"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An object as the caller describes it: a label that can be said aloud."""

    kind: SubjectKind
    label: str

    def __post_init__(self) -> None:
        """Refuse an empty or endless label."""
        check_text(self.label, what="subject label", length_max=LABEL_LENGTH_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeText:
    """Words as spoken or written, with the language they are in."""

    text: str
    language: str

    def __post_init__(self) -> None:
        """Refuse text without words or without a language."""
        check_text(self.text, what="free text", length_max=TEXT_LENGTH_MAX)
        check_language(self.language, what="language of the free text")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContent:
    """The fields of one message. None or empty means: not stated.

    `window` is half-open. `remarks` is free text; a person judges it.
    """

    subjects: tuple[Subject, ...] = ()
    place: Position | Footprint | None = None
    altitude_lower: AltitudeLimit | None = None
    altitude_upper: AltitudeLimit | None = None
    window: Window | None = None
    danger: Danger | None = None
    act: RequestedAct | None = None
    remarks: FreeText | None = None

    def __post_init__(self) -> None:
        """Refuse too many subjects and a reversed band in one datum."""
        if len(self.subjects) > SUBJECTS_MAX:
            raise ValueError(f"content: at most {SUBJECTS_MAX} subjects; split the call")
        low, high = self.altitude_lower, self.altitude_upper
        if not (isinstance(low, Altitude) and isinstance(high, Altitude)):
            return
        if low.datum is high.datum and low.value_m > high.value_m:
            raise ValueError(
                f"content: altitude from {low.value_m} m to {high.value_m} m is reversed; swap them"
            )


def said_in(content: CallContent) -> tuple[str, ...]:
    """What a message says, field by field: its subjects, place, time, danger and act.

    The remarks, which are somebody's own words, are left to the caller. A shape and heights are not
    told in words: it says that the entry has them.
    """
    place, window = content.place, content.window
    heights = (content.altitude_lower, content.altitude_upper)
    return (
        *(f"{one.kind.value}: {quoted(one.label)}" for one in content.subjects),
        *([_place_words(place)] if place is not None else []),
        *(["heights as in the entry"] if any(one is not None for one in heights) else []),
        *(
            [f"from {format_instant(window.start)} until before {format_instant(window.end)}"]
            if window is not None
            else []
        ),
        *(str(one) for one in (content.danger, content.act) if one is not None),
    )


def _place_words(place: Position | Footprint) -> str:
    if isinstance(place, Position):
        return f"at {place.lat_deg:.5f} {place.lon_deg:.5f}"
    return "in an area as drawn in the entry"


# What a call is about, so that crossing calls about one matter fall into one episode. A
# ForeignRef here may name an object of the caller's own feed as well.


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutNotice:
    """A notice, by the entry that first declared it."""

    notice: ForeignRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCall:
    """Another call, by the entry that placed it."""

    call: ForeignRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutTrack:
    """A track, by the local id of the party that holds it."""

    party: PartyId
    track: TrackId

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.party, what="party")
        check_id(self.track, what="track")


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutAlert:
    """An alert, by the local id of the party that raised it."""

    party: PartyId
    alert: AlertId

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.party, what="party")
        check_id(self.alert, what="alert")


About = AboutNotice | AboutCall | AboutTrack | AboutAlert


# How a call is carried.


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """From node to node over the authenticated channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephone:
    """By voice on a telephone line; each side logs it on its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio:
    """By voice on this frequency; each side logs it on its own."""

    frequency_hz: int

    def __post_init__(self) -> None:
        """Refuse what is no radio frequency."""
        if not 0 < self.frequency_hz <= FREQUENCY_HZ_MAX:
            raise ValueError(f"radio frequency {self.frequency_hz} Hz: write whole hertz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One relay: who it is said to be, when it received, when it passed on (None: not known)."""

    who: str
    received_at: datetime | None = None
    passed_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a nameless relay and one that passed on before it received."""
        check_text(self.who, what="relay", length_max=LABEL_LENGTH_MAX)
        for instant in (self.received_at, self.passed_at):
            if instant is not None:
                require_utc(instant, what=f"time of relay {self.who}")
        if self.received_at and self.passed_at and self.passed_at < self.received_at:
            raise ValueError(f"relay {self.who}: passed on before it received; correct the times")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Through others, in this order, each with its own times."""

    hops: tuple[Hop, ...]

    def __post_init__(self) -> None:
        """Refuse a relay without relays."""
        if not 1 <= len(self.hops) <= HOPS_MAX:
            raise ValueError(f"relay: name 1 to {HOPS_MAX} hops; found {len(self.hops)}")


Carriage = Node | Telephone | Radio | Relay


class Interpreter(StrEnum):
    """Who interprets, if anyone."""

    NOT_NEEDED = "not-needed"
    CALLER_SIDE = "caller-side"
    RECIPIENT_SIDE = "recipient-side"
    BOTH_SIDES = "both-sides"
    NEEDED_AND_ABSENT = "needed-and-absent"


# Comparing two statements of one content.


class Finding(StrEnum):
    """How one field stands in two statements of one message."""

    AGREE = "agree"
    DIFFER = "differ"
    STATED_BY_FIRST = "stated-by-first"
    STATED_BY_SECOND = "stated-by-second"
    WORDING_DIFFERS = "wording-differs"  # free text: a person judges
    STATED_BY_NEITHER = "stated-by-neither"


class ContentField(StrEnum):
    """The fields of a content, in the order in which they are read back."""

    SUBJECTS = "subjects"
    PLACE = "place"
    ALTITUDE_LOWER = "altitude-lower"
    ALTITUDE_UPPER = "altitude-upper"
    WINDOW = "window"
    DANGER = "danger"
    ACT = "act"
    REMARKS = "remarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFinding:
    """What the comparison of one field found."""

    field: ContentField
    finding: Finding


def compare_values(first: object, second: object) -> Finding:
    """How two statements of one value stand; None and () mean not stated."""
    if first in (None, ()) and second in (None, ()):
        return Finding.STATED_BY_NEITHER
    if second in (None, ()):
        return Finding.STATED_BY_FIRST
    if first in (None, ()):
        return Finding.STATED_BY_SECOND
    return Finding.AGREE if first == second else Finding.DIFFER


def _compare_texts(first: FreeText | None, second: FreeText | None) -> Finding:
    """As `compare_values`; other words, or another language, are for a person to judge."""
    finding = compare_values(first, second)
    if finding is not Finding.DIFFER or first is None or second is None:
        return finding
    same = first.language == second.language and _plain(first.text) == _plain(second.text)
    return Finding.AGREE if same else Finding.WORDING_DIFFERS


def _plain(text: str) -> str:
    """The words without their case and spacing."""
    return " ".join(text.casefold().split())


def compare(first: CallContent, second: CallContent) -> tuple[FieldFinding, ...]:
    """Every field of two statements of one message, in the order of a read-back.

    Values compare at their recorded grain (1e-7 degree, millimetre, microsecond); subjects as a
    set, because people list them in any order. Implements LINE-030.
    """
    findings = [
        FieldFinding(
            field=ContentField.SUBJECTS,
            finding=compare_values(_sorted(first.subjects), _sorted(second.subjects)),
        )
    ]
    for field in ContentField:
        if field in (ContentField.SUBJECTS, ContentField.REMARKS):
            continue
        name = field.value.replace("-", "_")
        found = compare_values(getattr(first, name), getattr(second, name))
        findings.append(FieldFinding(field=field, finding=found))
    words = _compare_texts(first.remarks, second.remarks)
    findings.append(FieldFinding(field=ContentField.REMARKS, finding=words))
    return tuple(findings)


def _sorted(subjects: tuple[Subject, ...]) -> tuple[tuple[str, str], ...]:
    """The subjects in one order, for comparison."""
    return tuple(sorted({(s.kind.value, _plain(s.label)) for s in subjects}))


BLOCKING = frozenset({Finding.DIFFER, Finding.STATED_BY_FIRST, Finding.STATED_BY_SECOND})


def differences(findings: tuple[FieldFinding, ...]) -> tuple[FieldFinding, ...]:
    """The findings under which a read-back does not match what was said."""
    return tuple(f for f in findings if f.finding in BLOCKING)
