"""Objects that only one picture holds, where the other says that it sees.

Units: metres. Without a stated coverage nothing is tested: not held is then not seen, perhaps. A
track near one of the other picture, though not taken as one object with it, is not tested either.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crosstell.core.altitude import Altitude
from crosstell.core.assessment.discrepancy.measured import Measure, Measured, Subject, Untested
from crosstell.core.assessment.discrepancy.pair import Outcome
from crosstell.core.assessment.lineage import Confirmation
from crosstell.core.assessment.registration.aligned import (
    Aligned,
    Floats,
    Ints,
    ecef_of,
    key_of,
)
from crosstell.core.assessment.registration.estimate import moved
from crosstell.core.assessment.registration.register import Registered
from crosstell.core.assessment.registration.stray import Rows
from crosstell.core.assessment.stated import Coverage, NotTestable, StatedTrack
from crosstell.core.geometry.geodesic import distance_m

EDGE_M = 5_000.0  # assumption: nearer to its edge a coverage is no promise
NEAR_SIGMAS = 6.0
ASIDE_M = 10_000.0  # assumption: as near as this an untestable track may be the same object
MISSED_SHARE = 0.99  # of samples, if the other picture does not hold it at all


Tracks = tuple[StatedTrack, ...]


@dataclass(frozen=True, slots=True)
class _Other:
    """What is asked of the picture that may lack a track."""

    inflation: float
    coverage: Coverage | None
    aside: Tracks


def existence_tests(
    sides: tuple[Aligned, Aligned],
    registered: Registered,
    strays: Rows,
    coverages: tuple[Coverage | None, Coverage | None],
    aside: tuple[Tracks, Tracks],
) -> Iterator[Outcome]:
    """What each picture alone holds, and what both do. Implements DIS-025, DIS-026.

    Whether `strays` are one object or two, each held by one alone, is left open. `aside` are the
    tracks of each picture that could not be tested: they are held all the same.
    """
    pairs, offset = registered.pairs, registered.offset
    for row in range(len(pairs)):
        one = sides[0].tracks[int(pairs.one[row])].track
        other = sides[1].tracks[int(pairs.other[row])].track
        yield from _held(one, other, coverages)
    placed = (
        moved(sides[0].place_m, sides[0].velocity_mps, offset.value),
        sides[1].place_m,
    )
    for one_row, other_row in strays:
        for side, row in ((0, one_row), (1, other_row)):
            subject = _subject(side, sides[side].tracks[row].track)
            yield Untested(subject=subject, reason=NotTestable.ASSOCIATION_AMBIGUOUS)
    taken_one = np.append(pairs.one, [i for i, _ in strays]).astype(np.int64)
    taken_other = np.append(pairs.other, [j for _, j in strays]).astype(np.int64)
    for side, taken in ((0, taken_one), (1, taken_other)):
        asked = _Other(registered.inflation, coverages[1 - side], aside[1 - side])
        yield from _alone(side, (sides, placed), taken, asked)


def _held(one: str, other: str, coverages: tuple[Coverage | None, ...]) -> Iterator[Outcome]:
    """Both hold it: evidence that neither misses it."""
    for side, track in ((0, one), (1, other)):
        coverage = coverages[1 - side]
        if coverage is not None:
            spoken = math.log((1.0 - MISSED_SHARE) / coverage.held_share)
            yield _presence(side, track, spoken, 0.0)


def _alone(
    side: int,
    scene: tuple[tuple[Aligned, Aligned], tuple[Floats, Floats]],
    taken: Ints,
    other: _Other,
) -> Iterator[Outcome]:
    """The tracks of one picture that have no partner in the other."""
    sides, placed = scene
    coverage = other.coverage
    here, there = sides[side], sides[1 - side]
    lone = np.setdiff1d(np.arange(len(here)), taken)
    for row in lone.tolist():
        track = here.tracks[row]
        reason = _why_not(track, coverage)
        if reason is None and _stated_near(track, other.aside):
            reason = NotTestable.ASSOCIATION_AMBIGUOUS
        if reason is None and len(there):
            apart = np.hypot(*(placed[1 - side] - placed[side][row]).T)
            spread = (here.variance_m2[row] + there.variance_m2) * max(1.0, other.inflation)
            if (apart < NEAR_SIGMAS * np.sqrt(spread)).any():
                reason = NotTestable.ASSOCIATION_AMBIGUOUS
        if reason is not None or coverage is None:
            subject = _subject(side, track.track)
            yield Untested(subject=subject, reason=reason or NotTestable.COVERAGE_UNKNOWN)
        else:
            spoken = math.log(MISSED_SHARE / (1.0 - coverage.held_share))
            yield _presence(side, track.track, spoken, -1.0 if side == 0 else 1.0)


def _stated_near(track: StatedTrack, aside: Tracks) -> bool:
    """Whether the other picture states something untestable that may be the same object."""
    if not aside:
        return False
    key = key_of(track)
    if key and any(key_of(each) == key for each in aside):
        return True
    places = [each.motion.position for each in (track, *aside)]
    points = ecef_of(
        np.array([place.lat_deg for place in places]), np.array([place.lon_deg for place in places])
    )
    return bool((np.linalg.norm(points[1:] - points[0], axis=1) < ASIDE_M).any())


def _subject(side: int, track: str) -> Subject:
    if side == 0:
        return Subject(measure=Measure.PRESENCE, one=track)
    return Subject(measure=Measure.PRESENCE, other=track)


def _presence(side: int, track: str, spoken: float, value: float) -> Measured:
    return Measured(
        subject=_subject(side, track),
        values=(value,),
        sigmas=(0.0,),
        evidence=spoken,
        confirms=Confirmation.UNKNOWN,
    )


def _why_not(track: StatedTrack, coverage: Coverage | None) -> NotTestable | None:
    """Why its absence from the other picture says nothing; None if it says something."""
    if coverage is None:
        return NotTestable.COVERAGE_UNKNOWN
    here = track.motion.position
    inside = any(
        distance_m(here, circle.centre) < circle.radius_m - EDGE_M for circle in coverage.circles
    )
    if not inside:
        return NotTestable.OUTSIDE_COVERAGE
    if not isinstance(coverage.floor, Altitude):
        return None
    altitude = track.motion.altitude
    if altitude is None:
        return NotTestable.ALTITUDE_UNKNOWN
    if altitude.datum is not coverage.floor.datum:
        return NotTestable.ALTITUDE_DATUM
    high_m = track.motion.altitude_accuracy_m
    if high_m is None:
        return NotTestable.ALTITUDE_ACCURACY_UNKNOWN
    low = altitude.value_m - high_m < coverage.floor.value_m
    return NotTestable.OUTSIDE_COVERAGE if low else None
