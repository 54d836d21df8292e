"""What detection answers: by which rule and reading, how sure, why, and when.

Units: metres and seconds. A time is seconds after the `now` of the assessment; 0 is already.
Everything here can be recorded: floats are held to the millimetre and the millisecond.
"""

import math
from dataclasses import dataclass, fields
from enum import StrEnum

from crosstell.core.detection.about import About, notices_of, words_of
from crosstell.core.ids import PartyId, RuleId, check_id


class Assessed(StrEnum):
    """The three verdicts (design: unknown means possibly inside)."""

    INFRINGES = "infringes"
    CANNOT_BE_RULED_OUT = "cannot-be-ruled-out"
    CLEAR = "clear"


class Reason(StrEnum):
    """Why an infringement cannot be ruled out, or not before its nominal time."""

    POSITION_ACCURACY = "position-accuracy"
    POSITION_ACCURACY_UNKNOWN = "position-accuracy-unknown"
    VELOCITY_UNKNOWN = "velocity-unknown"
    TIME_AHEAD = "time-ahead"  # observed after now: one of two clocks is wrong
    STALE = "stale"
    SEARCH_BOUND = "search-bound"  # the search reached its bound before it could say
    ALTITUDE_UNKNOWN = "altitude-unknown"
    ALTITUDE_ACCURACY = "altitude-accuracy"
    ALTITUDE_ACCURACY_UNKNOWN = "altitude-accuracy-unknown"
    ALTITUDE_DATUM = "altitude-datum"  # no data to convert between the two datums
    ALTITUDE_LIMITS_REVERSED = "altitude-limits-reversed"  # once converted; the notice is wrong
    ALTITUDE_CONVERSION = "altitude-conversion"  # converted; the conversion's own uncertainty
    CLIMB_UNKNOWN = "climb-unknown"
    KIND_NOT_STATED = "kind-not-stated"  # the activity may be of the kind that the rule is about
    DWELL = "dwell"  # it comes within the limits, and may stay longer than the rule allows
    MANOEUVRE = "manoeuvre"  # it may turn or change speed; its course alone would not infringe
    NOT_TRUSTWORTHY = "not-trustworthy"  # its last move is not one that such an object can make
    DECLARED_PLAN = (
        "declared-plan"  # a place of its activity leads there, or sooner than its course
    )


def to_thousandth(value: float, *, what: str) -> float:
    """`value` rounded to a thousandth; raises ValueError if it is not a finite number."""
    if not math.isfinite(value):
        raise ValueError(f"{what}: {value} is not a finite number")
    return round(value * 1_000) / 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Manoeuvre:
    """What an object may do besides keeping its course, and how far ahead that is looked at.

    `acceleration_mps2_max` bounds the change of its velocity over ground, turn and change of
    speed together: a turn at rate w and speed v changes it by v w (w in radians a second). A
    reported speed or climb above its bound raises that bound.
    """

    horizon_s: float
    speed_mps_max: float
    acceleration_mps2_max: float
    climb_mps_max: float

    def __post_init__(self) -> None:
        """Refuse what is not a bound; quantise."""
        names = ("horizon_s", "speed_mps_max", "acceleration_mps2_max", "climb_mps_max")
        for name in names:
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"manoeuvre: {name} is {value}; give a number from 0 up")
            object.__setattr__(self, name, to_thousandth(value, what=name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One numeric rule under one reading, as detection needs it.

    `reading` None is the protocol's own text; otherwise that party's understanding of it. A
    distance or a vertical gap equal to its limit infringes. `unknown_accuracy_m` stands for an
    accuracy that a source does not state, sideways and in altitude; `unknown_speed_mps` bounds
    an object whose velocity (or climb) is unknown or too old. Observations older than
    `stale_after_s` are last known, not current. With `manoeuvre` a turn is looked at beside the
    course, over a horizon of its own that is no longer than the rule's.
    """

    rule: RuleId
    reading: PartyId | None
    lateral_m: float
    vertical_m: float
    horizon_s: float
    unknown_accuracy_m: float
    unknown_speed_mps: float
    stale_after_s: float
    manoeuvre: Manoeuvre | None = None

    def __post_init__(self) -> None:
        """Refuse what is not a limit; quantise."""
        check_id(self.rule, what="rule")
        for name in (
            "lateral_m",
            "vertical_m",
            "horizon_s",
            "unknown_accuracy_m",
            "unknown_speed_mps",
            "stale_after_s",
        ):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"rule {self.rule}: {name} is {value}; give a number from 0 up")
            object.__setattr__(self, name, to_thousandth(value, what=name))
        if self.manoeuvre is not None and self.manoeuvre.horizon_s > self.horizon_s:
            raise ValueError(
                f"rule {self.rule}: manoeuvres are looked at for {self.manoeuvre.horizon_s} s, "
                f"the rule for {self.horizon_s} s; give them no more"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One assessment of one pair, or of one track or notice alone, under one reading of one rule.

    `versions` are those of the notices that `about` names, in its order. `infringement_in_s` is
    the earliest infringement that cannot be excluded, `nominal_in_s` the infringement by the
    values as reported (None: none within the horizon); for `clear` the first is the horizon,
    since nothing later was examined. `exit_in_s` is when the infringement as reported ends
    (None: there is none, or it does not end within what was examined). `distance_m` is the
    geodesic distance now, negative inside; `margin_m` is by how much uncertainty widened the
    lateral limit at `infringement_in_s`. `nearest_m` at `nearest_in_s` is the closest approach
    as reported, of two tracks that are not clear. `inside_for_s` is how long it has been within
    the limits of a rule that allows a stay (None: it is not, or the rule allows none).
    """

    rule: RuleId
    reading: PartyId | None
    about: About
    versions: tuple[int, ...]
    assessed: Assessed
    reasons: tuple[Reason, ...]
    infringement_in_s: float
    nominal_in_s: float | None
    distance_m: float
    margin_m: float
    exit_in_s: float | None = None
    nearest_in_s: float | None = None
    nearest_m: float | None = None
    inside_for_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse versions of other notices; hold times and lengths to a thousandth."""
        if len(self.versions) != len(notices_of(self.about)):
            raise ValueError(
                f"finding of {words_of(self.about)}: {len(self.versions)} versions; "
                "give one for each notice"
            )
        for name in ("infringement_in_s", "distance_m", "margin_m"):
            object.__setattr__(self, name, to_thousandth(getattr(self, name), what=name))
        for name in ("nominal_in_s", "exit_in_s", "nearest_in_s", "nearest_m", "inside_for_s"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, to_thousandth(value, what=name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """What one pairing answers, before it is bound to what it is about.

    The fields are those of `Finding`; of a pair that the straight chord already excludes,
    `distance_m` is a lower bound of the geodesic distance.
    """

    assessed: Assessed
    reasons: tuple[Reason, ...]
    infringement_in_s: float
    nominal_in_s: float | None
    distance_m: float
    margin_m: float
    exit_in_s: float | None = None
    nearest_in_s: float | None = None
    nearest_m: float | None = None
    inside_for_s: float | None = None

    def finding(
        self, criterion: Criterion, *, about: About, versions: tuple[int, ...] = ()
    ) -> Finding:
        """The recordable finding: this encounter under `criterion`, of what it is about."""
        return Finding(
            rule=criterion.rule,
            reading=criterion.reading,
            about=about,
            versions=versions,
            **{field.name: getattr(self, field.name) for field in fields(self)},
        )
