"""Sound observations in the code's own units, read in a fifth of the time of the document form.

A sensor sends thousands a second, nearly all of them sound. What this reader takes, `json_document`
reads to the same value; whatever it does not take is read there, which tells every fault.
Implements API-034.
"""

import json
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from crosstell.codecs.document import NUMBER_LENGTH_MAX
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.instant import parse_instant
from crosstell.core.picture.track import Hint, HintKind, Observation
from crosstell.core.picture.trust.kind import ObjectKind


class _Position(Struct, forbid_unknown_fields=True):
    lat_deg: float
    lon_deg: float


class _Altitude(Struct, forbid_unknown_fields=True):
    value_m: float
    datum: Datum


class _Velocity(Struct, forbid_unknown_fields=True):
    track_deg: float
    speed_mps: float
    climb_mps: float | UnsetType = UNSET


class _Motion(Struct, forbid_unknown_fields=True):
    position: _Position
    at: str
    altitude: _Altitude | UnsetType = UNSET
    velocity: _Velocity | UnsetType = UNSET
    position_accuracy_m: float | UnsetType = UNSET
    altitude_accuracy_m: float | UnsetType = UNSET
    pressure_altitude_m: float | UnsetType = UNSET


class _Hint(Struct, forbid_unknown_fields=True):
    kind: HintKind
    value: str


class _Measured(Struct, forbid_unknown_fields=True):
    track: str
    source: str
    motion: _Motion
    received_at: str | UnsetType = UNSET
    hints: tuple[_Hint, ...] = ()
    kind: ObjectKind | UnsetType = UNSET


class _Observations(Struct, forbid_unknown_fields=True):
    observations: list[_Measured]


def read_quickly(data: bytes, now: datetime, *, most: int) -> tuple[Observation, ...] | None:
    """The observations of a body, all of them sound; None: to be read in the document form."""
    if b"\\u" in data:  # half of a surrogate pair might be among them
        return None
    try:
        tree = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_int=_int, parse_float=_float
        )
        found = msgspec.convert(tree, _Observations).observations
        if not 0 < len(found) <= most:
            return None
        return tuple(_observation(one, now) for one in found)
    except (ValueError, RecursionError, msgspec.ValidationError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _int(text: str) -> int:
    if len(text) > NUMBER_LENGTH_MAX:
        raise ValueError("too many digits")
    return int(text)


def _float(text: str) -> float:
    if len(text) > NUMBER_LENGTH_MAX:
        raise ValueError("too many digits")
    return float(text)


def _observation(given: _Measured, now: datetime) -> Observation:
    received_at = now if given.received_at is UNSET else min(parse_instant(given.received_at), now)
    return Observation(
        track=TrackId(given.track),
        source=given.source,
        motion=_motion(given.motion),
        received_at=received_at,
        hints=tuple(Hint(kind=hint.kind, value=hint.value) for hint in given.hints),
        kind=None if given.kind is UNSET else given.kind,
    )


def _motion(given: _Motion) -> Motion:
    height, velocity = given.altitude, given.velocity
    return Motion(
        position=Position(lat_deg=given.position.lat_deg, lon_deg=given.position.lon_deg),
        at=parse_instant(given.at),
        altitude=None if height is UNSET else Altitude(value_m=height.value_m, datum=height.datum),
        velocity=None if velocity is UNSET else _velocity(velocity),
        position_accuracy_m=_said(given.position_accuracy_m),
        altitude_accuracy_m=_said(given.altitude_accuracy_m),
        pressure_altitude_m=_said(given.pressure_altitude_m),
    )


def _velocity(given: _Velocity) -> Velocity:
    return Velocity(
        track_deg=given.track_deg,
        speed_mps=given.speed_mps,
        climb_mps=_said(given.climb_mps),
    )


def _said(value: float | UnsetType) -> float | None:
    return None if value is UNSET else value
