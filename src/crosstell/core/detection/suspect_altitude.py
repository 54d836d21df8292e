"""Whether the altitudes of one source look like another datum or unit than their label says.

Units: metres, seconds. Nothing is corrected here, and nothing is said on one source's word: each
comparison sets an altitude as labelled against evidence that the label has no part in, which is
another source's altitude of the same object, or the object's own pressure altitude with the
offset that objects of *other* sources show.

A suspicion is named only if, over at least COMPARED_MIN comparisons of one source with one other,

- the label is contradicted: the middle difference is beyond its tolerance, and
- exactly one kind of mistake explains them: once it is undone, the middle difference is within
  its tolerance, and the differences scatter no wider than the accuracies allow.

The tolerance is SHARED_M, what the conversions are uncertain by (the same for all), and the
accuracies over the root of the number of *objects*: one object seen often errs in one way. A
mistake that can be tested in less than half of the comparisons (no offset of pressure known there)
is not counted among the kinds.
Where no suspicion is named nothing is said for the source: the evidence may be too coarse to tell.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from crosstell.core.altitude import Altitude, AltitudeData, Datum, DatumDataMissing, Shift
from crosstell.core.detection.pressure import (
    NO_SAMPLES,
    Asked,
    PressureSample,
    Samples,
    object_of,
    pressure_offset,
    samples_of,
)
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId
from crosstell.core.instant import seconds_between
from crosstell.core.picture.track import Track
from crosstell.core.quantity import FOOT_M

COMPARED_MIN = 3
PER_OBJECT_MAX = 8  # sources of one object that each is set against
APART_S_MAX = 5.0  # two observations further apart in time are not compared
SHARED_M = 15.0  # assumption: grains (25 ft), bias of satellite heights over an area, antennas
SIGMA = 1.4826  # a standard deviation over a median absolute deviation (normal law)
UNKNOWN_ACCURACY_M = 50.0  # assumption, for an altitude whose source states none
UNKNOWN_CLIMB_MPS = 20.0  # assumption, about 4000 feet a minute
DATUMS_APART_M = 300.0  # assumption: how far pressure and geometric heights usually differ
ALTIMETER_M = 38.0  # 125 ft at 95 %: correspondence error of encoded altitude, ICAO Doc 4444

GEOMETRIC = (Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID)


class Mistake(StrEnum):
    """What a source may have done to its altitudes."""

    ELLIPSOID_AS_SEA_LEVEL = "ellipsoid-as-sea-level"
    SEA_LEVEL_AS_ELLIPSOID = "sea-level-as-ellipsoid"
    PRESSURE_AS_GEOMETRIC = "pressure-as-geometric"
    FEET_AS_METRES = "feet-as-metres"
    METRES_AS_FEET = "metres-as-feet"


@dataclass(frozen=True, slots=True)
class Difference:
    """Altitude less evidence under one reading, and the part of its uncertainty all share."""

    off_m: float
    common_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One altitude as labelled beside what other evidence says of the same object then.

    `data` are the conversions there. `own_m` is what the two measurements may err by on their
    own, conversions left aside.
    """

    source: str
    against: str  # the other source, or "pressure altitude"
    track: TrackId
    at: datetime
    labelled: Altitude
    evidence: Altitude
    own_m: float
    data: AltitudeData

    def __post_init__(self) -> None:
        """Refuse a label that is not geometric."""
        if self.labelled.datum not in GEOMETRIC:
            raise ValueError(
                f"{self.track}: {self.labelled.datum} cannot be compared; leave it out"
            )

    def as_labelled(self) -> Difference | None:
        """The difference if the label is true; None if the evidence cannot be converted."""
        return self._less(self.labelled.value_m, self.labelled.datum)

    def undone(self, mistake: Mistake) -> Difference | None:
        """The difference if `mistake` was made and is undone; None if it cannot have been."""
        value_m, datum = self.labelled.value_m, self.labelled.datum
        match mistake:
            case Mistake.ELLIPSOID_AS_SEA_LEVEL:
                is_so = datum is Datum.MSL_EGM96
                return self._less(value_m, Datum.WGS84_ELLIPSOID) if is_so else None
            case Mistake.SEA_LEVEL_AS_ELLIPSOID:
                is_so = datum is Datum.WGS84_ELLIPSOID
                return self._less(value_m, Datum.MSL_EGM96) if is_so else None
            case Mistake.PRESSURE_AS_GEOMETRIC:
                return self._less(value_m, Datum.STANDARD_PRESSURE)
            case Mistake.FEET_AS_METRES:
                return self._less(value_m * FOOT_M, datum)
            case Mistake.METRES_AS_FEET:
                return self._less(value_m / FOOT_M, datum)

    def _less(self, value_m: float, datum: Datum) -> Difference | None:
        """`value_m` above `datum`, less the evidence."""
        try:
            shift = self.data.shift(self.evidence.datum, to=datum)
        except DatumDataMissing:
            return None
        return Difference(value_m - self.evidence.value_m - shift.add_m, shift.uncertainty_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A named doubt about the altitudes of `source`, for a person to look into; no correction.

    The evidence: `compared` altitudes of `objects` objects, by `off_m` off as labelled in the
    middle, by `left_m` once the mistake is undone, within `tolerance_m`. `first_at` is the first
    of them, `named_at` one by which the evidence sufficed, not by the one before.
    """

    source: str
    against: str
    mistake: Mistake
    compared: int
    objects: int
    off_m: float
    left_m: float
    tolerance_m: float
    first_at: datetime
    named_at: datetime


def suspicions(compared: Iterable[Compared]) -> tuple[Suspicion, ...]:
    """Each source's suspected mistake, by each other source it was compared with.

    Ordered by source; the order of what is given does not matter. Implements ALT-040 to ALT-043.
    """
    groups: dict[tuple[str, str], list[Compared]] = {}
    for one in compared:
        groups.setdefault((one.source, one.against), []).append(one)
    found = []
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda one: (one.at, one.track, one.labelled.value_m))
        named = _named(group)
        if named is not None:
            found.append(named)
    return tuple(found)


def _named(group: list[Compared]) -> Suspicion | None:
    """The suspicion over a whole group, with the moment from which on it held."""
    mistake = _mistake(group)
    if mistake is None:
        return None
    few, count = COMPARED_MIN - 1, len(group)  # halving: a group may be long
    while count - few > 1:
        middle = (few + count) // 2
        few, count = (few, middle) if _mistake(group[:middle]) is mistake else (middle, count)
    off, left = _judged(group, None), _judged(group, mistake)
    assert off is not None, "it was contradicted"
    assert left is not None, "it was explained"
    return Suspicion(
        source=group[0].source,
        against=group[0].against,
        mistake=mistake,
        compared=len(group),
        objects=_objects(group),
        off_m=off.middle_m,
        left_m=left.middle_m,
        tolerance_m=left.tolerance_m,
        first_at=group[0].at,
        named_at=group[count - 1].at,
    )


def _mistake(group: list[Compared]) -> Mistake | None:
    """The one mistake that explains the group, if the label is contradicted."""
    if len(group) < COMPARED_MIN:
        return None
    label = _judged(group, None)
    if label is None or abs(label.middle_m) <= label.tolerance_m:
        return None
    fitting = [
        mistake
        for mistake in Mistake
        if (judged := _judged(group, mistake)) is not None and judged.fits
    ]
    return fitting[0] if len(fitting) == 1 else None


@dataclass(frozen=True, slots=True)
class _Judged:
    """A group's differences under one reading."""

    middle_m: float
    tolerance_m: float
    scatter_m: float
    scatter_m_max: float

    @property
    def fits(self) -> bool:
        return abs(self.middle_m) <= self.tolerance_m and self.scatter_m <= self.scatter_m_max


def _judged(group: list[Compared], mistake: Mistake | None) -> _Judged | None:
    """The group under the label (None) or a mistake; None if too few of it can be tested so."""
    tested = [
        (one, difference)
        for one in group
        if (difference := one.as_labelled() if mistake is None else one.undone(mistake)) is not None
    ]
    if len(tested) < max(COMPARED_MIN, len(group) / 2):
        return None
    middle_m = median(difference.off_m for _, difference in tested)
    own_m = median(one.own_m for one, _ in tested)
    common_m = median(difference.common_m for _, difference in tested)
    return _Judged(
        middle_m=middle_m,
        tolerance_m=SHARED_M + common_m + own_m / math.sqrt(_objects(one for one, _ in tested)),
        scatter_m=SIGMA * median(abs(difference.off_m - middle_m) for _, difference in tested),
        scatter_m_max=SHARED_M + common_m + own_m,
    )


def _objects(group: Iterable[Compared]) -> int:
    return len({one.track for one in group})


def compared_sources(
    track: Track, other: Track, conversions: Conversions, samples: Samples = NO_SAMPLES
) -> tuple[Compared, ...]:
    """The altitudes of `track` beside those of `other`, which must be another source's.

    That both are of one object is the caller's finding (`object_of`, registration); each is set
    against the nearest in time, at most APART_S_MAX away. With `samples` of other objects a
    pressure altitude that is passed off as another can be recognised. ValueError for two tracks
    of one source.
    """
    if track.source == other.source:
        raise ValueError(f"{track.track} and {other.track} are both of {track.source}; take two")
    found: list[Compared] = []
    for seen in track.history:
        mine = seen.motion
        nearest = min(
            (held.motion for held in other.history if held.motion.altitude is not None),
            key=lambda motion: abs(seconds_between(motion.at, mine.at)),
            default=None,
        )
        if nearest is None or nearest.altitude is None:
            continue
        apart_s = abs(seconds_between(nearest.at, mine.at))
        if apart_s <= APART_S_MAX:
            wide_m = _wide_m(nearest) + _climb_mps(nearest) * apart_s
            evidence = (other.source, nearest.altitude, wide_m)
            found += _compared(track, mine, evidence, conversions, samples)
    return tuple(found)


def witnesses(samples: Iterable[PressureSample], source: str) -> Samples:
    """What other sources show: one that is wrong about everything must not be its own witness."""
    return Samples.of(sample for sample in samples if sample.source != source)


def compared_with_pressure(
    track: Track, conversions: Conversions, others: Samples
) -> tuple[Compared, ...]:
    """The altitudes of `track` beside its own pressure altitude and the offset that others show.

    `others` are the `witnesses` for its source; what the object itself shows is left out.
    Implements ALT-044.
    """
    found: list[Compared] = []
    for seen in track.history:
        pressure_m = seen.motion.pressure_altitude_m
        if pressure_m is not None:
            altitude = Altitude(value_m=pressure_m, datum=Datum.STANDARD_PRESSURE)
            evidence = ("pressure altitude", altitude, ALTIMETER_M)
            found += _compared(track, seen.motion, evidence, conversions, others)
    return tuple(found)


def suspects(
    tracks: Iterable[Track], conversions: Conversions, *, at: datetime
) -> tuple[Suspicion, ...]:
    """What all tracks held say of each other's sources: the view for a picture at `at`.

    Objects are told apart by the addresses that they say of themselves. Of two sources that
    differ both may be suspected, each against the other. Implements ALT-045.
    """
    by_object: dict[str, list[Track]] = {}
    for track in sorted(tracks, key=lambda track: track.track):
        by_object.setdefault(object_of(track), []).append(track)
    held = [track for group in by_object.values() for track in group]
    samples = samples_of(held, conversions, at=at)
    laid_out = Samples.of(samples)
    sources = {track.source for track in held}
    others = {source: witnesses(samples, source) for source in sorted(sources)}
    compared: list[Compared] = []
    for group in by_object.values():
        for track in group:
            compared += compared_with_pressure(track, conversions, others[track.source])
            for other in group[:PER_OBJECT_MAX]:
                if other.source != track.source:
                    compared += compared_sources(track, other, conversions, laid_out)
    return suspicions(compared)


def _compared(
    track: Track,
    motion: Motion,
    evidence: tuple[str, Altitude, float],
    conversions: Conversions,
    samples: Samples,
) -> tuple[Compared, ...]:
    """The comparison; none if the altitude is not geometric or the evidence does not convert."""
    against, altitude, wide_m = evidence
    if motion.altitude is None or motion.altitude.datum not in GEOMETRIC:
        return ()
    data = conversions.at(motion.position, pressure=_offset(track, motion, altitude, samples))
    one = Compared(
        source=track.source,
        against=against,
        track=track.track,
        at=motion.at,
        labelled=motion.altitude,
        evidence=altitude,
        own_m=_wide_m(motion) + wide_m,
        data=data,
    )
    return (one,) if one.as_labelled() is not None else ()


def _offset(track: Track, motion: Motion, evidence: Altitude, samples: Samples) -> Shift | None:
    """The pressure offset where the object is, at about its height by the evidence."""
    if not samples.rows:
        return None
    is_pressure = evidence.datum is Datum.STANDARD_PRESSURE
    asked = Asked(
        position=motion.position,
        pressure_altitude_m=evidence.value_m,
        at=motion.at,
        climb_m=0.0 if is_pressure else DATUMS_APART_M,
        without=object_of(track) if is_pressure else "",
    )
    offset = pressure_offset(samples, asked)
    return offset.shift if offset is not None else None


def _wide_m(motion: Motion) -> float:
    accuracy_m = motion.altitude_accuracy_m
    return UNKNOWN_ACCURACY_M if accuracy_m is None else accuracy_m


def _climb_mps(motion: Motion) -> float:
    velocity = motion.velocity
    if velocity is None or velocity.climb_mps is None:
        return UNKNOWN_CLIMB_MPS
    return abs(velocity.climb_mps)
