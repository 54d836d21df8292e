"""An alert: a conflict shown to a person, from its first finding to its clearing and return.

Rules of this file
- One owner: the journal. One machine per rule, reading, and what it is about.
- Deciding (`decide`) and folding (`advance`) are apart: a decision is recorded with its finding,
  folding only stores it.
- M of N findings raise it. Its level rises with one finding and falls only as the policy says.
- A stale track makes it one *last known* item, its level unchanged, until the track is back, or
  the track ends, or the notice is gone.
- A track that is not trusted neither lowers nor clears it; for long, it makes it last known too.
- Lost for long, and found again, it returns: it is shown, and rings again.
- A person acknowledges it at the level they see: that stops the ringing, not the alert. A rise
  above it, or to critical, rings. Silence is no acknowledgement: cleared without is shown as such.
- Stood down and back within the stated time is one alert: same id, its returns counted.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.about import About, words_of
from crosstell.core.detection.alert_table import ALERT_TABLE, AlertState, AlertStep
from crosstell.core.detection.alert_trail import Mark, marked
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.detection.m_of_n import RANK, Severity, Tally, counts, tallied
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import AlertId, PartyId, RuleId
from crosstell.core.instant import later
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.table import Stamp, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKey:
    """What an alert is about. `reading` None is the protocol's own text."""

    rule: RuleId
    reading: PartyId | None
    about: About


class ClearedBecause(StrEnum):
    """Why an alert cleared."""

    NO_LONGER_FOUND = "no-longer-found"
    TRACK_ENDED = "track-ended"
    NOTICE_WITHDRAWN = "notice-withdrawn"
    NOTICE_EXPIRED = "notice-expired"
    RULE_NOT_IN_FORCE = "rule-not-in-force"
    NOT_CONCERNED = "not-concerned"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWatched:
    """A finding that counts, while no alert is shown."""

    key: AlertKey
    severity: Severity
    finding: Finding
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised:
    """The alert is shown, and rings. `returns` counts how often it came back (0: the first)."""

    key: AlertKey
    alert: AlertId
    ordinal: int
    returns: int
    level: AlertLevel
    severity: Severity
    finding: Finding
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHeld:
    """A finding that leaves the alert's level as it is."""

    key: AlertKey
    alert: AlertId
    severity: Severity
    finding: Finding
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChanged:
    """The level rises (and rings) or falls, or it is found again.

    `returns` counts how often it came back, where it returns by this and rings; else 0.
    """

    key: AlertKey
    alert: AlertId
    level: AlertLevel
    severity: Severity
    finding: Finding
    at: datetime
    returns: int = field(default=0, metadata={"signed": "unless-default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLastKnown:
    """The track is stale, or long not trustworthy: the alert stands at its last known finding."""

    key: AlertKey
    alert: AlertId
    at: datetime
    because: Reason = field(default=Reason.STALE, metadata={"signed": "unless-default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCleared:
    """The alert is no longer shown. `finding` is the last one, where one cleared it."""

    key: AlertKey
    alert: AlertId
    because: ClearedBecause
    at: datetime
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged:
    """A person has seen the alert at `level`. It stops ringing; nothing else changes.

    `assessed`, `returns` and `call_by` are what they saw of it besides; None: not stated.
    """

    alert: AlertId
    level: AlertLevel
    assessed: Assessed | None = None
    returns: int | None = None
    call_by: datetime | None = None


AlertDecision = (
    AlertWatched | AlertRaised | AlertHeld | AlertChanged | AlertLastKnown | AlertCleared
)
EventOfShown = AlertHeld | AlertChanged | AlertLastKnown | AlertCleared | AlertAcknowledged
AlertEvent = AlertWatched | AlertRaised | EventOfShown


class Attention(StrEnum):
    """Whether a person has seen the alert at its level."""

    NOT_SHOWN = "not-shown"
    RINGING = "ringing"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"  # cleared before anyone acknowledged it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was shown when the alert was last raised, and since.

    `finding` is the last one that the alert rests on; `infringement_at` and `nominal_at` are the
    instants that it gives, or, while one finding after the other says that it is so already, those
    of the first of them. `level_since` is when its level last changed, or it returned. `cleared_at`
    is set while it is cleared, `doubted_since` while nothing but findings of a track that is not
    trusted keep it, `lost_at` from when it is last known until a hit counts. `trail` are the
    entries that it rests on: the first, and the newest ones.
    """

    alert: AlertId
    ordinal: int
    returns: int
    level: AlertLevel
    level_since: datetime
    raised_at: datetime
    finding: Finding
    finding_at: datetime
    infringement_at: datetime
    nominal_at: datetime | None
    cleared_at: datetime | None = None
    cleared_because: ClearedBecause | None = None
    doubted_since: datetime | None = None
    lost_at: datetime | None = None
    lost_because: Reason | None = None
    trail: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert's machine. `shown` is None until it is first raised."""

    key: AlertKey
    state: AlertState
    attention: Attention
    tally: Tally
    shown: Shown | None = None
    acknowledged: AlertLevel | None = None  # the highest since it was raised or returned

    def __post_init__(self) -> None:
        """An alert that is or was shown has an id; one that rings is shown."""
        assert (self.shown is None) == (self.state in (AlertState.NONE, AlertState.WATCHED))
        assert self.attention is not Attention.RINGING or self.state in SHOWN_STATES


SHOWN_STATES = (AlertState.SHOWN, AlertState.LAST_KNOWN)


def shown_alert(alert: Alert | None) -> bool:
    """Whether a person is shown this alert."""
    return alert is not None and alert.state in SHOWN_STATES


def advance(alert: Alert | None, event: AlertEvent, stamp: Stamp) -> Alert | Refused | Duplicate:
    """The alert after the event. Implements ALR-010 to 016, 450, 580; folding decides nothing."""
    state = alert.state if alert is not None else AlertState.NONE
    after = ALERT_TABLE.next(state, _STEPS[type(event)])
    if after is Verdict.DUPLICATE:
        return Duplicate(text=f"alert {_named(event)} is already {state}")
    if isinstance(after, Verdict):
        return Refused(code=RefusalCode.WRONG_STATE, text=_why_not(event, state))
    if isinstance(event, AlertWatched):
        return _watch(alert, event, after)
    if isinstance(event, AlertRaised):
        return _marked(_raise(alert, event, after), AlertStep.RAISE, stamp)
    assert alert is not None
    found = _of_shown(alert, event, after, stamp)
    if not isinstance(found, Alert) or (isinstance(event, AlertHeld) and not _rests(found, event)):
        return found
    return _marked(found, _STEPS[type(event)], stamp)


def _rests(found: Alert, event: AlertHeld) -> bool:
    """Whether the alert rests on that finding now: one of a track that is doubted counts not."""
    return found.shown is not None and found.shown.finding_at == event.at


def _marked(alert: Alert, step: AlertStep, stamp: Stamp) -> Alert:
    assert alert.shown is not None
    trail = marked(alert.shown.trail, step, stamp)
    return replace(alert, shown=replace(alert.shown, trail=trail))


def _of_shown(
    alert: Alert, event: EventOfShown, after: AlertState, stamp: Stamp
) -> Alert | Refused | Duplicate:
    assert alert.shown is not None
    if event.alert != alert.shown.alert:
        return Refused(
            code=RefusalCode.UNKNOWN_OBJECT,
            text=f"alert {event.alert} is not the one that stands here ({alert.shown.alert})",
        )
    match event:
        case AlertHeld() | AlertChanged():
            return _found_again(alert, alert.shown, event, after)
        case AlertLastKnown(at=at, because=why):
            lost_at = alert.shown.lost_at or alert.shown.doubted_since or at
            lost = replace(alert.shown, lost_at=lost_at, lost_because=why)
            return replace(alert, state=after, shown=lost)
        case AlertCleared():
            return _clear(alert, alert.shown, event, after)
        case AlertAcknowledged():
            return _acknowledge(alert, alert.shown, event, stamp)


_STEPS: dict[type[AlertEvent], AlertStep] = {
    AlertWatched: AlertStep.WATCH,
    AlertRaised: AlertStep.RAISE,
    AlertHeld: AlertStep.HOLD,
    AlertChanged: AlertStep.CHANGE,
    AlertLastKnown: AlertStep.LOSE,
    AlertCleared: AlertStep.CLEAR,
    AlertAcknowledged: AlertStep.ACKNOWLEDGE,
}


def _watch(alert: Alert | None, event: AlertWatched, after: AlertState) -> Alert:
    if alert is None:
        alert = Alert(key=event.key, state=after, attention=Attention.NOT_SHOWN, tally=Tally())
    return replace(alert, state=after, tally=alert.tally.with_finding(event.severity, event.at))


def _raise(alert: Alert | None, event: AlertRaised, after: AlertState) -> Alert:
    tally = alert.tally if alert is not None else Tally()
    return Alert(
        key=event.key,
        state=after,
        attention=Attention.RINGING,
        tally=tally.with_finding(event.severity, event.at),
        shown=Shown(
            alert=event.alert,
            ordinal=event.ordinal,
            returns=event.returns,
            level=event.level,
            level_since=event.at,
            raised_at=event.at,
            finding=event.finding,
            finding_at=event.at,
            infringement_at=later(event.at, by_s=event.finding.infringement_in_s),
            nominal_at=_after(event.at, event.finding.nominal_in_s),
        ),
    )


def _after(at: datetime, in_s: float | None) -> datetime | None:
    return None if in_s is None else later(at, by_s=in_s)


def _resting_on(shown: Shown, finding: Finding, at: datetime) -> Shown:
    """What is shown, by that finding: what was so already is so since then. Implements ALR-443."""
    was = shown.finding
    first_at = later(at, by_s=finding.infringement_in_s)
    nominal_at = _after(at, finding.nominal_in_s)
    if was.infringement_in_s <= 0 and finding.infringement_in_s <= 0:
        first_at = shown.infringement_at
    if 0.0 == was.nominal_in_s == finding.nominal_in_s:
        nominal_at = shown.nominal_at
    found = replace(shown, finding=finding, finding_at=at)
    return replace(found, infringement_at=first_at, nominal_at=nominal_at)


def tally_of(alert: Alert, at: datetime) -> Tally:
    """What is counted before a finding at `at`; what was doubted unrecorded may have reached it."""
    shown = alert.shown
    if shown is None or shown.doubted_since is None or alert.state is not AlertState.LAST_KNOWN:
        return alert.tally
    return alert.tally.reaching(Severity(shown.level), at)


def _found_again(
    alert: Alert, shown: Shown, event: AlertHeld | AlertChanged, after: AlertState
) -> Alert:
    tally = tallied(tally_of(alert, event.at), event.finding, event.severity, shown.level, event.at)
    if not counts(event.finding, event.severity, shown.level):
        since = shown.doubted_since or event.at
        return replace(alert, state=after, tally=tally, shown=replace(shown, doubted_since=since))
    level, returns = shown.level, 0
    if isinstance(event, AlertChanged):
        level, returns = event.level, event.returns
    acknowledged = None if returns else alert.acknowledged
    is_last = level is AlertLevel.CRITICAL and level is not shown.level  # ALR-580
    rings = acknowledged is None or is_last or RANK[level] > RANK[acknowledged]  # ALR-450
    is_hit = event.severity is not Severity.NONE
    return replace(
        alert,
        state=after,
        attention=Attention.RINGING if rings else alert.attention,
        acknowledged=acknowledged,
        tally=tally,
        shown=replace(
            _resting_on(shown, event.finding, event.at),
            returns=returns or shown.returns,
            level=level,
            level_since=shown.level_since if level is shown.level and not returns else event.at,
            doubted_since=None,
            lost_at=None if is_hit else shown.lost_at,
            lost_because=None if is_hit else shown.lost_because,
        ),
    )


def _clear(alert: Alert, shown: Shown, event: AlertCleared, after: AlertState) -> Alert:
    rang = alert.attention is Attention.RINGING
    return replace(
        alert,
        state=after,
        attention=Attention.UNACKNOWLEDGED if rang else alert.attention,
        tally=Tally(),
        shown=replace(
            shown if event.finding is None else _resting_on(shown, event.finding, event.at),
            cleared_at=event.at,
            cleared_because=event.because,
        ),
    )


def _acknowledge(
    alert: Alert, shown: Shown, event: AlertAcknowledged, stamp: Stamp
) -> Alert | Refused | Duplicate:
    if stamp.by is None:
        return Refused(
            code=RefusalCode.NOT_OWNER,
            text=f"alert {event.alert}: a person acknowledges; say which role and watch",
        )
    if event.level is not shown.level:
        return Refused(
            code=RefusalCode.WRONG_STATE,
            text=f"alert {event.alert} is {shown.level} now, not {event.level}; look again",
        )
    if alert.attention is Attention.ACKNOWLEDGED:
        return Duplicate(text=f"alert {event.alert} is already acknowledged at {event.level}")
    seen = max(event.level, alert.acknowledged or event.level, key=RANK.__getitem__)
    return replace(alert, attention=Attention.ACKNOWLEDGED, acknowledged=seen)


def _named(event: AlertEvent) -> str:
    return words_of(event.key.about) if isinstance(event, AlertWatched) else event.alert


def _why_not(event: AlertEvent, state: AlertState) -> str:
    if isinstance(event, AlertAcknowledged):
        return f"alert {event.alert} is not shown; there is nothing to acknowledge"
    step = _STEPS[type(event)]
    return f"alert {_named(event)}: '{step}' does not follow '{state}'; record what was decided"
