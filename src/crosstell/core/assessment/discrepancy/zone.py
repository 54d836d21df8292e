"""One zone as two parties hold it: outline, height limits and window, each tested or not.

Units: metres, seconds. A party's version of a zone is text, not a measurement: no probability is
needed, only a tolerance. The outlines differ by the largest distance from a point of either to
the other (Hausdorff). Altitudes above different datums are not compared.
"""

import math
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np

from crosstell.core.altitude import Altitude, AltitudeLimit, Unbounded
from crosstell.core.assessment.registration.aligned import Floats, ecef_of, plane_about
from crosstell.core.assessment.stated import NotTestable
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.geometry.shape.drawn import outline_lonlat
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import seconds_between

ROUND_POINTS = 360  # of a circle: the outline is off by 1 m at a radius of 25 km
STEP_M = 500.0  # between points looked at along an edge
STEPS_MAX = 2_000


class ZonePart(StrEnum):
    """In what two versions of a zone can differ."""

    OUTLINE = "outline"
    LOWER_LIMIT = "lower-limit"
    UPPER_LIMIT = "upper-limit"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTolerance:
    """Differences of drafting that nobody minds: assumptions."""

    outline_m: float = 50.0
    height_m: float = 1.0
    window_s: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no tolerance."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"zone tolerance: {each.name} is {value}; give 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDifference:
    """By how much a part of the second version is off the first.

    An outline's is never negative; it is infinite where only one of two limits is bounded.
    """

    part: ZonePart
    apart: float
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneUntested:
    """A part that cannot be compared, and why. This is not agreement."""

    part: ZonePart
    reason: NotTestable


def zone_differences(
    one: Volume, other: Volume, tolerance: ZoneTolerance
) -> tuple[ZoneDifference | ZoneUntested, ...]:
    """Every part of a zone, in order of `ZonePart`. Implements DIS-035."""
    outline_m = _outlines_apart_m(one.footprint, other.footprint)
    start_s = seconds_between(one.window.start, other.window.start)
    end_s = seconds_between(one.window.end, other.window.end)
    return (
        ZoneUntested(part=ZonePart.OUTLINE, reason=NotTestable.TOO_FAR)
        if outline_m is None
        else _judged(ZonePart.OUTLINE, outline_m, tolerance.outline_m),
        _limits(ZonePart.LOWER_LIMIT, one.lower, other.lower, tolerance.height_m),
        _limits(ZonePart.UPPER_LIMIT, one.upper, other.upper, tolerance.height_m),
        _judged(ZonePart.START, start_s, tolerance.window_s),
        _judged(ZonePart.END, end_s, tolerance.window_s),
    )


def _judged(part: ZonePart, apart: float, tolerance: float) -> ZoneDifference:
    return ZoneDifference(part=part, apart=apart, differs=abs(apart) > tolerance)


def _limits(
    part: ZonePart, one: AltitudeLimit, other: AltitudeLimit, tolerance_m: float
) -> ZoneDifference | ZoneUntested:
    if isinstance(one, Unbounded) and isinstance(other, Unbounded):
        return _judged(part, 0.0, tolerance_m)
    if not (isinstance(one, Altitude) and isinstance(other, Altitude)):
        upward = isinstance(other, Unbounded) == (part is ZonePart.UPPER_LIMIT)
        return _judged(part, math.inf if upward else -math.inf, tolerance_m)
    if one.datum is not other.datum:
        return ZoneUntested(part=part, reason=NotTestable.ALTITUDE_DATUM)
    return _judged(part, other.value_m - one.value_m, tolerance_m)


def _outlines_apart_m(one: Footprint, other: Footprint) -> float | None:
    """The Hausdorff distance of two outlines; None if they are too far apart for one plane."""
    rings = [
        [_spots(ring) for ring in outline_lonlat(each, points=ROUND_POINTS)]
        for each in (one, other)
    ]
    plane = plane_about(np.vstack([spots for side in rings for spots in side]))
    flats: list[list[Floats]] = []
    for side in rings:
        flats.append([])
        for spots in side:
            flat, near = plane.flat(spots)
            if not near.all():
                return None
            flats[-1].append(flat)
    return max(_furthest_m(flats[0], flats[1]), _furthest_m(flats[1], flats[0]))


def _spots(ring: tuple[tuple[float, float], ...]) -> Floats:
    lon, lat = np.array(ring, dtype=np.float64).T
    return ecef_of(lat, lon)


def _furthest_m(here: list[Floats], there: list[Floats]) -> float:
    """The largest distance from a point of `here` to the nearest of `there`."""
    starts = np.vstack(there)
    ends = np.vstack([np.roll(ring, -1, axis=0) for ring in there])
    edge = ends - starts
    length2 = np.maximum((edge**2).sum(axis=1), 1e-12)
    furthest = 0.0
    for ring in here:
        for point in _along(ring):
            share = np.clip(((point - starts) * edge).sum(axis=1) / length2, 0.0, 1.0)
            away = starts + share[:, None] * edge - point
            furthest = max(furthest, float(np.sqrt((away**2).sum(axis=1).min())))
    return furthest


def _along(ring: Floats) -> Floats:
    """Points along every edge of a ring."""
    ends = np.roll(ring, -1, axis=0)
    length = float(np.sqrt(((ends - ring) ** 2).sum(axis=1)).sum())
    step_m = max(STEP_M, length / STEPS_MAX)
    pieces = []
    for start, end in zip(ring, ends, strict=True):
        count = max(1, math.ceil(float(np.hypot(*(end - start))) / step_m))
        pieces.append(start + (end - start) * (np.arange(count) / count)[:, None])
    return np.vstack(pieces)
