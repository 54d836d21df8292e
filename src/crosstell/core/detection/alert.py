"""An alert: a conflict shown to a person, from its first finding to its clearing and return.

Rules of this file
- One owner: the journal. One machine per rule, reading, track and notice.
- Deciding (`decide`) and folding (`advance`) are apart: a decision is recorded with its finding,
  folding only stores it.
- M of N findings raise it. Its level rises with one finding and falls only as the policy says.
- A stale track makes it one *last known* item, its level unchanged, until the track is back, or
  the track ends, or the notice is gone.
- A person acknowledges it at the level they see: that stops the ringing, not the alert. A rise
  rings again. Silence is not acknowledgement: cleared unacknowledged is shown as such.
- Stood down and back within the stated time is one alert: same id, its returns counted.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.finding import Finding
from crosstell.core.detection.m_of_n import (
    AlertLevel,
    Severity,
    Tally,
)
from crosstell.core.ids import AlertId, NoticeId, PartyId, RuleId, TrackId
from crosstell.core.table import Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKey:
    """What an alert is about. `reading` None is the protocol's own text."""

    rule: RuleId
    reading: PartyId | None
    track: TrackId
    notice_party: PartyId
    notice: NoticeId


class NotTestedBecause(StrEnum):
    """Why a pair that has an alert is no longer tested."""

    TRACK_STALE = "track-stale"
    TRACK_ENDED = "track-ended"
    NOTICE_WITHDRAWN = "notice-withdrawn"
    NOTICE_EXPIRED = "notice-expired"
    RULE_NOT_IN_FORCE = "rule-not-in-force"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTested:
    """In place of a finding: the pair was not tested, and why."""

    key: AlertKey
    because: NotTestedBecause


class ClearedBecause(StrEnum):
    """Why an alert cleared."""

    NO_LONGER_FOUND = "no-longer-found"
    TRACK_ENDED = "track-ended"
    NOTICE_WITHDRAWN = "notice-withdrawn"
    NOTICE_EXPIRED = "notice-expired"
    RULE_NOT_IN_FORCE = "rule-not-in-force"


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
    """The alert's level rises (and rings again) or falls."""

    key: AlertKey
    alert: AlertId
    level: AlertLevel
    severity: Severity
    finding: Finding
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLastKnown:
    """The track is stale: the alert stands at its last known finding."""

    key: AlertKey
    alert: AlertId
    at: datetime


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
    """A person has seen the alert at `level`. It stops ringing; nothing else changes."""

    alert: AlertId
    level: AlertLevel


AlertDecision = (
    AlertWatched | AlertRaised | AlertHeld | AlertChanged | AlertLastKnown | AlertCleared
)
AlertEvent = AlertDecision | AlertAcknowledged


class AlertState(StrEnum):
    """What is shown of an alert."""

    NONE = "none"
    WATCHED = "watched"  # findings are counted, nothing is shown
    SHOWN = "shown"
    LAST_KNOWN = "last-known"  # shown, of a track that is stale
    CLEARED = "cleared"  # no longer shown; may return


class AlertStep(StrEnum):
    """What can happen to an alert."""

    WATCH = "watch"
    RAISE = "raise"
    HOLD = "hold"
    CHANGE = "change"
    LOSE = "lose"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"


_S, _E, _V = AlertState, AlertStep, Verdict

ALERT_TABLE: Table[AlertState, AlertStep] = Table(
    name="alert",
    states=AlertState,
    events=AlertStep,
    rows={
        (_S.NONE, _E.WATCH): _S.WATCHED,
        (_S.NONE, _E.RAISE): _S.SHOWN,
        (_S.NONE, _E.HOLD): _V.REFUSED,
        (_S.NONE, _E.CHANGE): _V.REFUSED,
        (_S.NONE, _E.LOSE): _V.REFUSED,
        (_S.NONE, _E.CLEAR): _V.REFUSED,
        (_S.NONE, _E.ACKNOWLEDGE): _V.REFUSED,
        (_S.WATCHED, _E.WATCH): _S.WATCHED,
        (_S.WATCHED, _E.RAISE): _S.SHOWN,
        (_S.WATCHED, _E.HOLD): _V.REFUSED,
        (_S.WATCHED, _E.CHANGE): _V.REFUSED,
        (_S.WATCHED, _E.LOSE): _V.REFUSED,
        (_S.WATCHED, _E.CLEAR): _V.REFUSED,
        (_S.WATCHED, _E.ACKNOWLEDGE): _V.REFUSED,
        (_S.SHOWN, _E.WATCH): _V.REFUSED,
        (_S.SHOWN, _E.RAISE): _V.REFUSED,
        (_S.SHOWN, _E.HOLD): _S.SHOWN,
        (_S.SHOWN, _E.CHANGE): _S.SHOWN,
        (_S.SHOWN, _E.LOSE): _S.LAST_KNOWN,
        (_S.SHOWN, _E.CLEAR): _S.CLEARED,
        (_S.SHOWN, _E.ACKNOWLEDGE): _S.SHOWN,
        (_S.LAST_KNOWN, _E.WATCH): _V.REFUSED,
        (_S.LAST_KNOWN, _E.RAISE): _V.REFUSED,
        (_S.LAST_KNOWN, _E.HOLD): _S.SHOWN,
        (_S.LAST_KNOWN, _E.CHANGE): _S.SHOWN,
        (_S.LAST_KNOWN, _E.LOSE): _V.DUPLICATE,
        (_S.LAST_KNOWN, _E.CLEAR): _S.CLEARED,
        (_S.LAST_KNOWN, _E.ACKNOWLEDGE): _S.LAST_KNOWN,
        (_S.CLEARED, _E.WATCH): _S.CLEARED,
        (_S.CLEARED, _E.RAISE): _S.SHOWN,
        (_S.CLEARED, _E.HOLD): _V.REFUSED,
        (_S.CLEARED, _E.CHANGE): _V.REFUSED,
        (_S.CLEARED, _E.LOSE): _V.REFUSED,
        (_S.CLEARED, _E.CLEAR): _V.DUPLICATE,
        (_S.CLEARED, _E.ACKNOWLEDGE): _S.CLEARED,
    },
)


class Attention(StrEnum):
    """Whether a person has seen the alert at its level."""

    NOT_SHOWN = "not-shown"
    RINGING = "ringing"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"  # cleared before anyone acknowledged it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What was shown when the alert was last raised, and since.

    `finding` is the last one that the alert rests on. `level_since` is when its level last
    changed. `cleared_at` is set while it is cleared.
    """

    alert: AlertId
    ordinal: int
    returns: int
    level: AlertLevel
    level_since: datetime
    raised_at: datetime
    finding: Finding
    finding_at: datetime
    cleared_at: datetime | None = None
    cleared_because: ClearedBecause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert's machine. `shown` is None until it is first raised."""

    key: AlertKey
    state: AlertState
    attention: Attention
    tally: Tally
    shown: Shown | None = None

    def __post_init__(self) -> None:
        """An alert that is or was shown has an id; one that rings is shown."""
        assert (self.shown is None) == (self.state in (AlertState.NONE, AlertState.WATCHED))
        assert self.attention is not Attention.RINGING or self.state in SHOWN_STATES


SHOWN_STATES = (AlertState.SHOWN, AlertState.LAST_KNOWN)


def alert_id(key: AlertKey, ordinal: int) -> AlertId:
    """The id of the `ordinal`-th alert (from 1) of this key; local to this party. ALR-020."""
    words: list[object] = [key.rule, key.reading or "", key.track, key.notice_party, key.notice]
    return AlertId(f"alert-{_digest('crosstell alert v1', words)}-{ordinal}")


def conflict_id(
    *, rule: RuleId, protocol_digest: str, notices: tuple[tuple[PartyId, NoticeId, int], ...]
) -> str:
    """The id of a conflict between notices, the same for whoever computes it. ALR-021.

    It depends on the rule, the protocol's digest and the notices with their versions, not on
    their order. A conflict that involves a track has no such id.
    """
    if len(notices) < 2:
        raise ValueError(f"conflict of {len(notices)} notice: name at least two")
    return f"conflict-{_digest('crosstell conflict v1', [rule, protocol_digest, sorted(notices)])}"


def _digest(tag: str, words: list[object]) -> str:
    text = json.dumps([tag, *words], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]
