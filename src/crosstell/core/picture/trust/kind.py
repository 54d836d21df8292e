"""What a kind of object can do at most: the bounds against which moves are judged.

Units: metres, seconds, metres per second. Every bound is generous: it is there to name what
cannot be, not what is unusual. Ground speeds, so the wind is in them. Where no source is named
the figure is an assumption.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType

UNSET_M = 1_000_000.0  # no object is as high


class ObjectKind(StrEnum):
    """What a source says an object is. Its claim, and no identification."""

    AEROPLANE = "aeroplane"
    ROTORCRAFT = "rotorcraft"
    SMALL_DRONE = "small-drone"
    SHIP = "ship"
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionLimits:
    """Bounds of one kind, and what is allowed for its measurements.

    At or above `aloft_m` the object is slower than `aloft_mps_min` never. `time_slack_s` is how
    far the time of a fix may be wrong; `position_slack_m` and `altitude_slack_m` stand for an
    accuracy that a source does not state; `velocity_slack_mps` for that of a velocity, which no
    source states. A position that stands for `frozen_s` at a stated speed is frozen; a speed up to
    `still_mps` may be that of an object that stands.
    `return_moves` fitting moves on the trusted way regain trust after an outlier, `regain_moves`
    on any other. A claim older than `claim_s` is no longer judged.
    """

    speed_mps_max: float
    acceleration_mps2_max: float
    climb_mps_max: float
    aloft_m: float = UNSET_M
    aloft_mps_min: float = 0.0
    time_slack_s: float = 2.0
    position_slack_m: float = 300.0
    altitude_slack_m: float = 150.0
    velocity_slack_mps: float = 40.0
    frozen_s: float = 20.0
    still_mps: float = 0.5  # an assumption: what receivers at rest state by noise
    claim_s: float = 120.0
    return_moves: int = 3
    regain_moves: int = 10

    def __post_init__(self) -> None:
        """Refuse what is not a bound."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"motion limits: {each.name} is {value}; give a number from 0 up")
        if not 1 <= self.return_moves <= self.regain_moves:
            raise ValueError(
                f"motion limits: trust returns after {self.return_moves} moves and is regained "
                f"after {self.regain_moves}; give 1 <= return_moves <= regain_moves"
            )


# 1000 m/s: above the fastest crewed aircraft (FAI absolute speed record, 3529.56 km/h, 1976).
# Assumptions: 9 g in any direction; 350 m/s up or down.
UNKNOWN_KIND = MotionLimits(speed_mps_max=1_000.0, acceleration_mps2_max=88.26, climb_mps_max=350.0)
# Assumptions: 400 m/s (sound at sea level and a jet stream of 60 m/s); 45 degrees of bank;
# 130 m/s up or down, so that recorded parabolic flights pass; above 9000 m, higher than any
# airfield or mountain, at least 50 m/s over ground.
AEROPLANE = MotionLimits(
    speed_mps_max=400.0,
    acceleration_mps2_max=9.807,
    climb_mps_max=130.0,
    aloft_m=9_000.0,
    aloft_mps_min=50.0,
)
# 111.4 m/s is the fastest helicopter (FAI record 400.87 km/h, 1986); assumptions: 40 m/s of wind.
ROTORCRAFT = MotionLimits(speed_mps_max=151.4, acceleration_mps2_max=9.807, climb_mps_max=40.0)
# Assumptions, for drones of some kilograms: what racing machines do.
SMALL_DRONE_KIND = MotionLimits(
    speed_mps_max=100.0, acceleration_mps2_max=50.0, climb_mps_max=50.0, position_slack_m=50.0
)
# Assumptions: 40 m/s is above the fastest ferries.
SHIP = MotionLimits(
    speed_mps_max=40.0, acceleration_mps2_max=3.0, climb_mps_max=5.0, position_slack_m=100.0
)
VEHICLE = MotionLimits(
    speed_mps_max=80.0, acceleration_mps2_max=12.0, climb_mps_max=15.0, position_slack_m=100.0
)

LIMITS: Mapping[ObjectKind, MotionLimits] = MappingProxyType(
    {
        ObjectKind.AEROPLANE: AEROPLANE,
        ObjectKind.ROTORCRAFT: ROTORCRAFT,
        ObjectKind.SMALL_DRONE: SMALL_DRONE_KIND,
        ObjectKind.SHIP: SHIP,
        ObjectKind.VEHICLE: VEHICLE,
    }
)
