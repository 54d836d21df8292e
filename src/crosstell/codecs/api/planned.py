"""What the interface shows of a plan that was checked: conflicts, remarks, shifts that clear it."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.ids import PartyId, RuleId
from crosstell.core.instant import Window
from crosstell.core.mechanism.plan.check import Remark
from crosstell.core.mechanism.plan.untested import PlanUntested


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConflictShown:
    """One part of a plan (from 0) that does not clear one declared volume under one reading."""

    part: int
    against: str
    rule: RuleId
    reading: PartyId | None
    assessed: Assessed
    reasons: tuple[Reason, ...]
    window: Window | None
    lateral_m: float
    vertical_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShiftShown:
    """The whole plan later; earlier where it is negative."""

    by_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeightShiftShown:
    """The whole plan higher; lower where it is negative."""

    by_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShiftShown:
    """The whole plan moved, without turning."""

    track_deg: float
    travel_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """What a plan does not clear, and the verified shifts that would clear it."""

    at: datetime
    obstacles: int
    conflicts: tuple[PlanConflictShown, ...]
    remarks: tuple[Remark, ...]
    remedies: tuple[TimeShiftShown | HeightShiftShown | PlaceShiftShown, ...]
    unfinished: tuple[str, ...]
    outside: tuple[int, ...]
    untested: tuple[PlanUntested, ...]
    untested_clear: int  # how many more, apart from the plan as both are stated
    former_untested: tuple[str, ...] = ()  # last known from feeds that their parties left
