"""What becomes of an alert when its pair was tested, or could not be.

Units: seconds. Pure: the decision is recorded with the finding it rests on (`alert` stores it),
and never made again when the record is folded.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection import about
from crosstell.core.detection.alert import (
    Alert,
    AlertChanged,
    AlertCleared,
    AlertDecision,
    AlertHeld,
    AlertKey,
    AlertLastKnown,
    AlertRaised,
    AlertWatched,
    ClearedBecause,
    Shown,
    shown_alert,
    tally_of,
)
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.finding import Finding, Reason
from crosstell.core.detection.m_of_n import (
    AlertTerms,
    Severity,
    Tally,
    changes_no_window,
    counts,
    is_reached,
    level_after,
    raises_at_once,
    severity_of,
    tallied,
)
from crosstell.core.ids import AlertId, NoticeId, PartyId, RuleId
from crosstell.core.instant import require_utc, seconds_between
from crosstell.core.protocol.rule import AlertLevel


class NotTestedBecause(StrEnum):
    """Why a pair that has an alert is no longer tested."""

    TRACK_STALE = "track-stale"
    TRACK_ENDED = "track-ended"
    NOTICE_WITHDRAWN = "notice-withdrawn"
    NOTICE_EXPIRED = "notice-expired"
    RULE_NOT_IN_FORCE = "rule-not-in-force"
    NOT_CONCERNED = "not-concerned"  # stated as our own, or the place was moved in time or kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTested:
    """In place of a finding: the pair was not tested, and why."""

    key: AlertKey
    because: NotTestedBecause


def key_of(finding: Finding) -> AlertKey:
    """The alert that this finding is about. A later version of the notice is the same alert."""
    return AlertKey(rule=finding.rule, reading=finding.reading, about=finding.about)


def decide(
    alert: Alert | None, tested: Finding | NotTested, terms: AlertTerms, *, at: datetime
) -> AlertDecision | None:
    """What is to be recorded of this test, made at `at`; None if it changes nothing, ever.

    Implements ALR-010 to ALR-016, ALR-030 to ALR-032.
    """
    require_utc(at, what="assessment")
    key = tested.key if isinstance(tested, NotTested) else key_of(tested)
    assert alert is None or alert.key == key, "a finding of another pair"
    match tested:
        case NotTested():
            return not_tested(alert, tested.because, at=at)
        case Finding():
            severity = severity_of(tested, terms)
            if alert is None or alert.shown is None or not shown_alert(alert):
                return _not_shown(alert, tested, severity, terms, at)
            level = alert.shown.level
            if not counts(tested, severity, level):
                return _doubted(alert, tested, severity, terms, at)
            tally = tally_of(alert, at).with_finding(severity, at)
            after = level_after(level, tally, terms, at)
            return _shown(alert, tested, severity, after, terms, at)


def not_tested(
    alert: Alert | None, because: NotTestedBecause, *, at: datetime
) -> AlertDecision | None:
    """What is to be recorded of a pair that is no longer tested; None if nothing is shown of it."""
    if alert is None or alert.shown is None or alert.state is AlertState.CLEARED:
        return None
    shown = alert.shown
    if because is not NotTestedBecause.TRACK_STALE:
        cleared = ClearedBecause(because)
        return AlertCleared(key=alert.key, alert=shown.alert, because=cleared, at=at)
    if alert.state is AlertState.LAST_KNOWN:
        return None
    return AlertLastKnown(key=alert.key, alert=shown.alert, at=at)


def _not_shown(
    alert: Alert | None, finding: Finding, severity: Severity, terms: AlertTerms, at: datetime
) -> AlertDecision | None:
    key, before = key_of(finding), alert.tally if alert is not None else Tally()
    tally = tallied(before, finding, severity, None, at)
    if not is_reached(tally, terms) and not raises_at_once(finding, terms):
        is_lost = severity is Severity.NONE and changes_no_window(before, terms)
        if is_lost or not counts(finding, severity, None):
            return None
        return AlertWatched(key=key, severity=severity, finding=finding, at=at)
    ordinal, returns = 1, 0
    if alert is not None and alert.shown is not None:
        shown = alert.shown
        assert shown.cleared_at is not None
        back = seconds_between(shown.cleared_at, at) <= terms.return_within_s
        ordinal = shown.ordinal if back else shown.ordinal + 1
        returns = shown.returns + 1 if back else 0
    return AlertRaised(
        key=key,
        alert=alert_id(key, ordinal),
        ordinal=ordinal,
        returns=returns,
        level=AlertLevel(severity),
        severity=severity,
        finding=finding,
        at=at,
    )


def _shown(
    alert: Alert,
    finding: Finding,
    severity: Severity,
    level: AlertLevel | None,
    terms: AlertTerms,
    at: datetime,
) -> AlertDecision:
    """What follows a finding that counts: the person is told of all but what changes nothing."""
    assert alert.shown is not None
    key, name = alert.key, alert.shown.alert
    if level is None:
        because = ClearedBecause.NO_LONGER_FOUND
        return AlertCleared(key=key, alert=name, because=because, at=at, finding=finding)
    is_return = severity is not Severity.NONE and _is_long_lost(alert.shown, terms, at)
    is_back = is_return or alert.state is AlertState.LAST_KNOWN
    if level is alert.shown.level and not is_back:
        return AlertHeld(key=key, alert=name, severity=severity, finding=finding, at=at)
    return AlertChanged(
        key=key,
        alert=name,
        level=level,
        severity=severity,
        finding=finding,
        at=at,
        returns=alert.shown.returns + 1 if is_return else 0,
    )


def _is_long_lost(shown: Shown, terms: AlertTerms, at: datetime) -> bool:
    """Whether whoever acknowledged it did so of another time. Implements ALR-034.

    Doubted, it was lost for as long as findings would take to clear it. A stale track may report
    rarely: it is another time once all that could be predicted of it by then has run out.
    """
    if shown.lost_at is None:
        return False
    if shown.lost_because is Reason.NOT_TRUSTWORTHY:
        return True
    wait_s = max(terms.hold_s, terms.clear_after_s, terms.horizons.advisory_s)
    return seconds_between(shown.lost_at, at) >= wait_s


def _doubted(
    alert: Alert, finding: Finding, severity: Severity, terms: AlertTerms, at: datetime
) -> AlertDecision | None:
    """What follows a finding that is not trusted and below the level: the level is kept.

    Once nothing else was found for as long as trusted findings would take to clear it, the alert
    is one last known item, and says so. Implements ALR-031, ALR-032.
    """
    assert alert.shown is not None
    key, name, since = alert.key, alert.shown.alert, alert.shown.doubted_since
    if alert.state is AlertState.LAST_KNOWN and since is not None:
        return None
    wait_s = max(terms.hold_s, terms.clear_after_s)
    if since is not None and seconds_between(since, at) >= wait_s:
        return AlertLastKnown(key=key, alert=name, at=at, because=Reason.NOT_TRUSTWORTHY)
    return AlertHeld(key=key, alert=name, severity=severity, finding=finding, at=at)


def alert_id(key: AlertKey, ordinal: int) -> AlertId:
    """The id of the `ordinal`-th alert (from 1) of this key; local to this party. ALR-020."""
    words: list[object] = [key.rule, key.reading or "", *about.key_of(key.about)]
    return AlertId(f"alert-{_digest('crosstell alert v2', words)}-{ordinal}")


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
