"""From findings to a level: severity, M of N, and when a level may fall.

Units: seconds. Detection judges each finding alone; what is here judges their sequence, and
nothing else does (hysteresis is separate from detection). The window of M of N counts findings,
not time: the last N, or as many as there are since the alert last cleared.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.finding import Assessed, Finding
from crosstell.core.instant import require_utc, seconds_between

RECENT_MAX = 64  # findings remembered per alert; no count of the policy may exceed it


class AlertLevel(StrEnum):
    """How near the infringement is, against the protocol's horizons."""

    ADVISORY = "advisory"
    URGENT = "urgent"
    CRITICAL = "critical"


class Severity(StrEnum):
    """What one finding amounts to: the level it would have alone, or none."""

    NONE = "none"
    ADVISORY = "advisory"
    URGENT = "urgent"
    CRITICAL = "critical"


RANK: dict[str, int] = {"none": 0, "advisory": 1, "urgent": 2, "critical": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """The parameters of one rule's alerts, as the protocol has them.

    An alert is raised when at least `m` of the last `n` findings are hits. Its level falls after
    `fall_after` consecutive lower findings, and not before `hold_s` since the last finding at or
    above it; it clears after `clear_after` consecutive findings that are no hits, and not before
    `hold_s` since the last hit. Returning within `return_within_s` of clearing it is the same
    alert. An infringement at most `critical_s` (`urgent_s`, `advisory_s`) ahead has that level.
    What cannot be ruled out has at most `unknown_level_max`; None: this rule does not alert it.
    """

    m: int
    n: int
    fall_after: int
    hold_s: float
    clear_after: int
    return_within_s: float
    advisory_s: float
    urgent_s: float
    critical_s: float
    unknown_level_max: AlertLevel | None

    def __post_init__(self) -> None:
        """Refuse counts and horizons that cannot be meant; hold times to the millisecond."""
        if not 1 <= self.m <= self.n <= RECENT_MAX:
            raise ValueError(
                f"alert policy: {self.m} of {self.n}; give 1 <= m <= n <= {RECENT_MAX}"
            )
        for name in ("fall_after", "clear_after"):
            count = getattr(self, name)
            if not 1 <= count <= RECENT_MAX:
                raise ValueError(f"alert policy: {name} is {count}; give 1 to {RECENT_MAX}")
        for name in ("hold_s", "return_within_s", "advisory_s", "urgent_s", "critical_s"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"alert policy: {name} is {value}; give seconds from 0 up")
            object.__setattr__(self, name, round(value * 1_000) / 1_000)
        if not self.critical_s <= self.urgent_s <= self.advisory_s:
            raise ValueError(
                f"alert policy: horizons {self.critical_s}, {self.urgent_s}, {self.advisory_s} s "
                "must not fall from critical to urgent to advisory"
            )


def severity_of(finding: Finding, policy: AlertPolicy) -> Severity:
    """The level this finding would have alone. Implements ALR-001, ALR-002, ALR-003.

    An infringement by the values as reported has its full level. The earliest one that cannot
    be excluded has its level up to the rule's cap; the higher of the two counts.
    """
    if finding.assessed is Assessed.CLEAR:
        return Severity.NONE
    nominal_in_s = finding.nominal_in_s
    if nominal_in_s is None and finding.assessed is Assessed.INFRINGES:
        nominal_in_s = finding.infringement_in_s
    certain = Severity.NONE if nominal_in_s is None else _by_horizon(nominal_in_s, policy)
    if policy.unknown_level_max is None:
        return certain
    possible = _by_horizon(finding.infringement_in_s, policy)
    capped = min(possible, Severity(policy.unknown_level_max), key=RANK.__getitem__)
    return max(certain, capped, key=RANK.__getitem__)


def _by_horizon(in_s: float, policy: AlertPolicy) -> Severity:
    if in_s <= policy.critical_s:
        return Severity.CRITICAL
    if in_s <= policy.urgent_s:
        return Severity.URGENT
    return Severity.ADVISORY if in_s <= policy.advisory_s else Severity.NONE


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

    def last_at(self, level: AlertLevel) -> datetime | None:
        """When a finding last reached `level` or passed it."""
        match level:
            case AlertLevel.ADVISORY:
                return self.advisory_at
            case AlertLevel.URGENT:
                return self.urgent_at
            case AlertLevel.CRITICAL:
                return self.critical_at


def is_reached(tally: Tally, policy: AlertPolicy) -> bool:
    """Whether the newest finding is a hit and at least M of the last N are. ALR-004."""
    if not tally.recent or tally.recent[-1] is Severity.NONE:
        return False
    hits = sum(severity is not Severity.NONE for severity in tally.recent[-policy.n :])
    return hits >= policy.m


def changes_no_window(tally: Tally, policy: AlertPolicy) -> bool:
    """Whether one more miss can change no later count: the last N - 1 findings are misses."""
    before = tally.recent[-(policy.n - 1) :] if policy.n > 1 else ()
    return all(severity is Severity.NONE for severity in before)


def level_after(
    level: AlertLevel, tally: Tally, policy: AlertPolicy, at: datetime
) -> AlertLevel | None:
    """The level that follows `level`, or None when the alert clears. ALR-005, ALR-006, ALR-007.

    `tally` already holds the newest finding, made at `at`.
    """
    newest = tally.recent[-1]
    if RANK[newest] >= RANK[level]:
        return AlertLevel(newest)
    if _run_below(AlertLevel.ADVISORY, tally) >= policy.clear_after and _held(
        AlertLevel.ADVISORY, tally, policy, at
    ):
        return None
    if _run_below(level, tally) < policy.fall_after or not _held(level, tally, policy, at):
        return level
    highest = max(tally.recent[-policy.fall_after :], key=RANK.__getitem__)
    return AlertLevel.ADVISORY if highest is Severity.NONE else AlertLevel(highest)


def _run_below(level: AlertLevel, tally: Tally) -> int:
    count = 0
    for severity in reversed(tally.recent):
        if RANK[severity] >= RANK[level]:
            break
        count += 1
    return count


def _held(level: AlertLevel, tally: Tally, policy: AlertPolicy, at: datetime) -> bool:
    last = tally.last_at(level)
    return last is None or seconds_between(last, at) >= policy.hold_s
