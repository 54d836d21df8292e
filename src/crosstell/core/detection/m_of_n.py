"""From findings to a level: severity, M of N, and when a level may fall.

Units: seconds. Detection judges each finding alone; what is here judges their sequence, and
nothing else does (hysteresis is separate from detection). The window of M of N counts findings,
not time: the last N, or as many as there are since the alert last cleared.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.instant import require_utc, seconds_between
from crosstell.core.protocol.rule import AlertLevel, NumericRule, OnUnknown
from crosstell.core.protocol.times import AlertPolicy, CriticalRaises, Horizons

RECENT_MAX = 100  # findings remembered per alert; no count of the terms may exceed it
FALL_AFTER = 3  # consecutive lower findings before a level falls
CLEAR_AFTER = 3  # consecutive findings without a hit before an alert clears
RETURN_WITHIN_S = 21_600.0  # six hours: stand-down and return of 5 October 2023 took four


class Severity(StrEnum):
    """What one finding amounts to: the level it would have alone, or none."""

    NONE = "none"
    ADVISORY = "advisory"
    URGENT = "urgent"
    CRITICAL = "critical"


RANK: dict[str, int] = {"none": 0, "advisory": 1, "urgent": 2, "critical": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTerms:
    """What one rule's alerts are judged by: the protocol's alert policy and the rule's own cap.

    An alert is raised when at least `hits_needed` of the last `hits_window` findings are hits, and
    (`critical_raises`) by one finding alone that infringes, critical by the values as reported.
    Its level falls after `fall_after` consecutive lower findings, and not before `hold_s` since
    the last finding at or above it. It clears after `clear_after` consecutive findings without a
    hit, and not before `hold_s` and `clear_after_s` since the last hit. Returning at most
    `return_within_s` after it cleared, it is the same alert. No level exceeds `level_max`; what
    cannot be ruled out has at most `unknown_level_max` (None: this rule does not alert it).
    """

    hits_needed: int
    hits_window: int
    hold_s: float
    clear_after_s: float
    horizons: Horizons
    level_max: AlertLevel
    unknown_level_max: AlertLevel | None
    critical_raises: CriticalRaises = CriticalRaises.AT_ONCE
    fall_after: int = FALL_AFTER
    clear_after: int = CLEAR_AFTER
    return_within_s: float = RETURN_WITHIN_S

    def __post_init__(self) -> None:
        """Refuse counts and times that cannot be meant; hold times to the millisecond."""
        if not 1 <= self.hits_needed <= self.hits_window <= RECENT_MAX:
            raise ValueError(
                f"alert terms: {self.hits_needed} of {self.hits_window}; give "
                f"1 <= hits_needed <= hits_window <= {RECENT_MAX}"
            )
        for name in ("fall_after", "clear_after"):
            count = getattr(self, name)
            if not 1 <= count <= RECENT_MAX:
                raise ValueError(f"alert terms: {name} is {count}; give 1 to {RECENT_MAX}")
        for name in ("hold_s", "clear_after_s", "return_within_s"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"alert terms: {name} is {value}; give seconds from 0 up")
            object.__setattr__(self, name, round(value * 1_000) / 1_000)


def terms_of(policy: AlertPolicy, rule: NumericRule) -> AlertTerms:
    """The terms under which this protocol alerts this rule. Implements ALR-003."""
    return AlertTerms(
        hits_needed=policy.hits_needed,
        hits_window=policy.hits_window,
        hold_s=policy.hold_s,
        clear_after_s=policy.clear_after_s,
        horizons=policy.horizons,
        level_max=rule.level_max,
        unknown_level_max=rule.level_max if rule.on_unknown is OnUnknown.ALERT else None,
        critical_raises=policy.critical_raises,
    )


def severity_of(finding: Finding, terms: AlertTerms) -> Severity:
    """The level this finding would have alone. Implements ALR-001, ALR-002, ALR-003.

    An infringement by the values as reported has its full level. The earliest one that cannot
    be excluded has its level up to the rule's cap; the higher of the two counts.
    """
    if finding.assessed is Assessed.CLEAR:
        return Severity.NONE
    certain = _as_reported(finding, terms)
    if terms.unknown_level_max is None:
        return certain
    possible = _by_horizon(finding.infringement_in_s, terms.horizons)
    possible = _capped(possible, terms.unknown_level_max)
    return max(certain, possible, key=RANK.__getitem__)


def _as_reported(finding: Finding, terms: AlertTerms) -> Severity:
    """The level by the values as reported alone."""
    nominal_in_s = finding.nominal_in_s
    if nominal_in_s is None and finding.assessed is Assessed.INFRINGES:
        nominal_in_s = finding.infringement_in_s
    if nominal_in_s is None:
        return Severity.NONE
    return _capped(_by_horizon(nominal_in_s, terms.horizons), terms.level_max)


def raises_at_once(finding: Finding, terms: AlertTerms) -> bool:
    """Whether this finding alone raises the alert: it infringes, critical as reported. ALR-008.

    What only claims never infringes (TRU-024), so it never raises at once; what infringes as
    reported does, whatever is doubted beside it (TRU-033, TRU-037).
    """
    if terms.critical_raises is not CriticalRaises.AT_ONCE:
        return False
    infringes = finding.assessed is Assessed.INFRINGES
    return infringes and _as_reported(finding, terms) is Severity.CRITICAL


def _by_horizon(in_s: float, horizons: Horizons) -> Severity:
    if in_s <= horizons.critical_s:
        return Severity.CRITICAL
    if in_s <= horizons.urgent_s:
        return Severity.URGENT
    return Severity.ADVISORY if in_s <= horizons.advisory_s else Severity.NONE


def _capped(severity: Severity, level_max: AlertLevel) -> Severity:
    return min(severity, Severity(level_max), key=RANK.__getitem__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The recent severities, newest last, and when each level was last reached or passed.

    Starts empty and is emptied when the alert clears.
    """

    recent: tuple[Severity, ...] = ()
    advisory_at: datetime | None = None
    urgent_at: datetime | None = None
    critical_at: datetime | None = None

    def with_finding(self, severity: Severity, at: datetime) -> "Tally":
        """This tally with one more finding, made at `at`."""
        require_utc(at, what="finding")
        rank = RANK[severity]
        return Tally(
            recent=(*self.recent, severity)[-RECENT_MAX:],
            advisory_at=at if rank >= RANK["advisory"] else self.advisory_at,
            urgent_at=at if rank >= RANK["urgent"] else self.urgent_at,
            critical_at=at if rank >= RANK["critical"] else self.critical_at,
        )

    def reaching(self, severity: Severity, at: datetime) -> "Tally":
        """This tally with the levels reached at `at`, and no more findings in its counts."""
        return replace(self.with_finding(severity, at), recent=self.recent)

    def last_at(self, level: AlertLevel) -> datetime | None:
        """When a finding last reached `level` or passed it."""
        match level:
            case AlertLevel.ADVISORY:
                return self.advisory_at
            case AlertLevel.URGENT:
                return self.urgent_at
            case AlertLevel.CRITICAL:
                return self.critical_at


def counts(finding: Finding, severity: Severity, level: AlertLevel | None) -> bool:
    """Whether this finding may count for a fall, a clearing or a miss. Implements ALR-030.

    One of a track that is not trusted does not, unless it reaches the shown `level` (None: nothing
    is shown, and it is a hit): the loss of trust alone lowers nothing and silences nothing.
    """
    least = RANK[AlertLevel.ADVISORY if level is None else level]
    return RANK[severity] >= least or Reason.NOT_TRUSTWORTHY not in finding.reasons


def tallied(
    tally: Tally, finding: Finding, severity: Severity, level: AlertLevel | None, at: datetime
) -> Tally:
    """The tally with this finding; what does not count still says which level it reached."""
    if counts(finding, severity, level):
        return tally.with_finding(severity, at)
    return tally.reaching(severity, at)


def is_reached(tally: Tally, terms: AlertTerms) -> bool:
    """Whether the newest finding is a hit and at least M of the last N are. ALR-004."""
    if not tally.recent or tally.recent[-1] is Severity.NONE:
        return False
    hits = sum(severity is not Severity.NONE for severity in tally.recent[-terms.hits_window :])
    return hits >= terms.hits_needed


def changes_no_window(tally: Tally, terms: AlertTerms) -> bool:
    """Whether one more miss can change no later count: the last N - 1 findings are misses."""
    before = tally.recent[-(terms.hits_window - 1) :] if terms.hits_window > 1 else ()
    return all(severity is Severity.NONE for severity in before)


def level_after(
    level: AlertLevel, tally: Tally, terms: AlertTerms, at: datetime
) -> AlertLevel | None:
    """The level that follows `level`, or None when the alert clears. ALR-005, ALR-006, ALR-007.

    `tally` already holds the newest finding, made at `at`.
    """
    newest = tally.recent[-1]
    if RANK[newest] >= RANK[level]:
        return AlertLevel(newest)
    if _is_clear(tally, terms, at):
        return None
    if _run_below(level, tally) < terms.fall_after or _since_s(level, tally, at) < terms.hold_s:
        return level
    highest = max(tally.recent[-terms.fall_after :], key=RANK.__getitem__)
    return AlertLevel.ADVISORY if highest is Severity.NONE else AlertLevel(highest)


def _run_below(level: AlertLevel, tally: Tally) -> int:
    count = 0
    for severity in reversed(tally.recent):
        if RANK[severity] >= RANK[level]:
            break
        count += 1
    return count


def _is_clear(tally: Tally, terms: AlertTerms, at: datetime) -> bool:
    if _run_below(AlertLevel.ADVISORY, tally) < terms.clear_after:
        return False
    wait_s = max(terms.hold_s, terms.clear_after_s)
    return _since_s(AlertLevel.ADVISORY, tally, at) >= wait_s


def _since_s(level: AlertLevel, tally: Tally, at: datetime) -> float:
    last = tally.last_at(level)
    return math.inf if last is None else seconds_between(last, at)
