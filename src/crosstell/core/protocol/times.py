"""The times of a protocol: alert horizons, answers, rungs, line tests, lead times.

Units: seconds, held to the millisecond; speeds in metres per second.
Implements PRO-020 to PRO-026, PRO-119.
"""

from dataclasses import dataclass, field, fields
from enum import StrEnum

from crosstell.core.ids import RoleId, RuleId, check_id
from crosstell.core.protocol.grain import (
    DAY_S,
    LATERAL_M_MAX,
    SPAN_S_MAX,
    SPEED_MPS_MAX,
    VERTICAL_M_MAX,
    figure,
    offset_s,
    require_text,
    span_s,
)
from crosstell.core.protocol.rules.words import Certainty

BANK_DEG_MAX = 85.0  # at more, no level turn


class CallKind(StrEnum):
    """What a call is for."""

    TEST = "test"
    INFORM = "inform"
    QUERY = "query"
    WARN = "warn"
    STOP = "stop"


class Precedence(StrEnum):
    """How soon a call must be taken; flash first."""

    FLASH = "flash"
    IMMEDIATE = "immediate"
    PRIORITY = "priority"
    ROUTINE = "routine"


class NoticeKind(StrEnum):
    """The filed declarations."""

    ACTIVITY = "activity"
    ZONE = "zone"
    OWN_FORCE_LOCATION = "own-force-location"
    AVOIDANCE_REQUEST = "avoidance-request"
    NOTIFIED_SITE = "notified-site"
    NOTIFIED_MOVEMENT = "notified-movement"


class CriticalRaises(StrEnum):
    """When a finding that is critical by the values as reported raises its alert."""

    AT_ONCE = "at-once"  # one is enough, whatever the count of the others
    AS_COUNTED = "as-counted"  # like any other, after M of N


class LeadForce(StrEnum):
    """How strongly a lead time binds. A late notice is filed and shown as late in each case."""

    AS_A_RULE = "as-a-rule"
    BINDING = "binding"
    POLITICALLY_BINDING = "politically-binding"  # and not by law


class LeadCount(StrEnum):
    """How the time before a start is counted."""

    ELAPSED = "elapsed"  # from instant to instant
    CALENDAR_DAYS = "calendar-days"  # whole days between the day of filing and that of the start


def _set_spans(value: object, *, least: float = 0.001) -> None:
    """Check and round every field of `value` whose name ends in `_s`."""
    for each in fields(value):  # type: ignore[arg-type]
        if each.name.endswith("_s"):
            rounded = span_s(getattr(value, each.name), what=each.name, least=least)
            object.__setattr__(value, each.name, rounded)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """How long before its start a notice of this kind is to be filed.

    `counted` elapsed is absent when signed. Calendar days begin at midnight, `utc_offset_s` ahead
    of UTC. `emergency_s` is the shorter time that the text allows in an emergency: a notice between
    the two is late all the same, and a person judges the emergency.
    """

    notice: NoticeKind
    ahead_s: float
    force: LeadForce = LeadForce.AS_A_RULE
    counted: LeadCount = field(default=LeadCount.ELAPSED, metadata={"signed": "unless-default"})
    utc_offset_s: float | None = None
    emergency_s: float | None = None
    text: str | None = None
    source: str | None = None
    certainty: Certainty | None = None

    def __post_init__(self) -> None:
        """Refuse a time that is not one, and days that are not whole."""
        object.__setattr__(self, "ahead_s", span_s(self.ahead_s, what="ahead_s", least=0.0))
        self._check_words()
        if self.utc_offset_s is not None:
            object.__setattr__(self, "utc_offset_s", offset_s(self.utc_offset_s))
        if (self.counted is LeadCount.CALENDAR_DAYS) != (self.utc_offset_s is not None):
            raise ValueError(
                "utc_offset_s is what calendar days are counted by; write it with counted: "
                "calendar-days, and not without"
            )
        if self.counted is LeadCount.CALENDAR_DAYS and (not self.ahead_s or self.ahead_s % DAY_S):
            raise ValueError(
                f"ahead_s is {self.ahead_s:g} s, not whole calendar days; write ahead_days"
            )

    def _check_words(self) -> None:
        if self.emergency_s is not None:
            rounded = span_s(self.emergency_s, what="emergency_s", least=0.0)
            object.__setattr__(self, "emergency_s", rounded)
            if rounded >= self.ahead_s:
                raise ValueError(
                    f"emergency_s {rounded:g} is not shorter than ahead_s {self.ahead_s:g}; "
                    "swap or correct them"
                )
            if self.counted is LeadCount.CALENDAR_DAYS and rounded % DAY_S:
                raise ValueError(
                    f"emergency_s is {rounded:g} s, not whole calendar days; write emergency_days"
                )
        for name in ("text", "source"):
            if getattr(self, name) is not None:
                require_text(getattr(self, name), what=name)
        if (self.source is None) != (self.certainty is None):
            raise ValueError("source and certainty go together; write both or neither")

    @property
    def id(self) -> RuleId:
        """The id by which understandings and findings name it: `lead-time-zone` and so on."""
        return RuleId(f"lead-time-{self.notice.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizons:
    """Time to infringement at or under which an alert has the level; critical is the shortest."""

    advisory_s: float
    urgent_s: float
    critical_s: float

    def __post_init__(self) -> None:
        """Refuse horizons out of order."""
        _set_spans(self)
        if not self.critical_s < self.urgent_s < self.advisory_s:
            raise ValueError(
                f"horizons are critical {self.critical_s:g} s, urgent {self.urgent_s:g} s, "
                f"advisory {self.advisory_s:g} s; write critical < urgent < advisory"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manoeuvring:
    """What an object may do besides keeping its course, looked at for `horizon_s` only.

    As fast as `speed_mps`, turning with a bank of `bank_deg`, climbing by `climb_mps`. The time is
    short on purpose: far ahead everything that flies can be everywhere.
    """

    horizon_s: float
    speed_mps: float
    bank_deg: float
    climb_mps: float

    def __post_init__(self) -> None:
        """Refuse figures no aircraft has; quantise."""
        _set_spans(self)
        for name in ("speed_mps", "climb_mps"):
            rounded = figure(getattr(self, name), what=name, least=0.0, most=SPEED_MPS_MAX)
            object.__setattr__(self, name, rounded)
        bank_deg = figure(self.bank_deg, what="bank_deg", least=0.0, most=BANK_DEG_MAX)
        object.__setattr__(self, "bank_deg", bank_deg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What is assumed of a track whose source does not say: the worst that is reasonable.

    With `manoeuvre` a turn is looked at beside the course.
    """

    accuracy_m: float
    vertical_accuracy_m: float
    speed_mps: float
    climb_mps: float
    manoeuvre: Manoeuvring | None = None

    def __post_init__(self) -> None:
        """Refuse figures no aircraft has; quantise."""
        limits = (
            ("accuracy_m", LATERAL_M_MAX),
            ("vertical_accuracy_m", VERTICAL_M_MAX),
            ("speed_mps", SPEED_MPS_MAX),
            ("climb_mps", SPEED_MPS_MAX),
        )
        for name, most in limits:
            rounded = figure(getattr(self, name), what=name, least=0.0, most=most)
            object.__setattr__(self, name, rounded)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """When a predicted infringement becomes an alert, how loud, and when it ends.

    Raised after `hits_needed` of the last `hits_window` assessments, and by one that is critical as
    reported unless `critical_raises` says otherwise; kept at least `hold_s`; ended after
    `clear_after_s` of clear. A track older than `stale_after_s` is "last known". The defaults are
    what was measured on recorded traffic (docs/alert-load.md). Implements PRO-027.
    """

    stale_after_s: float
    horizons: Horizons
    assumed: Assumed
    hits_needed: int = 3
    hits_window: int = 5
    hold_s: float = 120.0
    clear_after_s: float = 300.0
    critical_raises: CriticalRaises = field(
        default=CriticalRaises.AT_ONCE, metadata={"signed": "unless-default"}
    )

    def __post_init__(self) -> None:
        """Refuse M of N that cannot be reached."""
        if not 1 <= self.hits_needed <= self.hits_window <= 100:
            raise ValueError(
                f"hits_needed {self.hits_needed} of hits_window {self.hits_window}; "
                "write 1 <= hits_needed <= hits_window <= 100"
            )
        for name, least in (("hold_s", 0.0), ("clear_after_s", 0.0), ("stale_after_s", 0.001)):
            rounded = span_s(getattr(self, name), what=name, least=least)
            object.__setattr__(self, name, rounded)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTime:
    """How soon a call is to be received by a person, and then answered; both from its placing.

    Without `call` the row holds for every kind that has no row of its own.
    """

    precedence: Precedence
    receive_s: float
    answer_s: float
    call: CallKind | None = None

    def __post_init__(self) -> None:
        """Refuse an answer due before receipt."""
        _set_spans(self)
        if self.answer_s < self.receive_s:
            raise ValueError(
                f"answer_s {self.answer_s:g} is before receive_s {self.receive_s:g}; "
                "both count from the placing of the call"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """The role that is brought in once a call has waited this long; from 0 s."""

    role: RoleId
    after_s: float

    def __post_init__(self) -> None:
        """Refuse a rung without a role."""
        check_id(self.role, what="role")
        _set_spans(self, least=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTests:
    """How often the line is tested, and within what time a test is to be answered."""

    every_s: float
    answer_within_s: float

    def __post_init__(self) -> None:
        """Refuse a test that would overlap the next."""
        _set_spans(self)
        if self.answer_within_s >= self.every_s:
            raise ValueError(
                f"answer_within_s {self.answer_within_s:g} is not under every_s {self.every_s:g}; "
                "a test ends before the next begins"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What must happen between the decision to call and the act, step by step, in seconds.

    These figures hold until the line has five samples of its own; `cap_s` is the most that the
    measured chain as a whole may count.
    """

    answer_s: float
    authenticate_s: float
    interpret_s: float
    read_back_s: float
    find_owner_s: float
    pass_on_s: float
    act_s: float
    cap_s: float

    def __post_init__(self) -> None:
        """Refuse a cap that the protocol's own figures exceed."""
        _set_spans(self, least=0.0)
        if self.cap_s < self.total_s or self.cap_s > SPAN_S_MAX:
            raise ValueError(
                f"cap_s {self.cap_s:g} is under the sum of the steps, {self.total_s:g} s; raise it"
            )

    @property
    def steps(self) -> tuple[tuple[str, float], ...]:
        """Each step's name and seconds, in the order in which they happen."""
        names = (
            "answer",
            "authenticate",
            "interpret",
            "read_back",
            "find_owner",
            "pass_on",
            "act",
        )
        return tuple((name, float(getattr(self, f"{name}_s"))) for name in names)

    @property
    def total_s(self) -> float:
        """The sum of the steps."""
        return round(sum(seconds for _, seconds in self.steps) * 1_000) / 1_000
