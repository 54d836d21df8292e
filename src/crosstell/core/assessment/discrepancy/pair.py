"""The tests of pairs that are taken as one object: place, velocity, identity.

Units: metres, metres per second. The pictures' common offset b is taken away first; its own
uncertainty H Pb H' is added. What two pictures err by together is unknown unless their sources are
apart, so S is then not PA + PB but the bound (1 + g) PA + (1 + 1/g) PB, which holds whatever the
correlation is (g = sqrt(PB / PA): the sum of both sigmas, squared).
"""

import math
from collections.abc import Iterator

import numpy as np

from crosstell.core.assessment.discrepancy.measured import (
    Law,
    Measure,
    Measured,
    Subject,
    Untested,
    beyond,
    evidence,
)
from crosstell.core.assessment.discrepancy.settings import Tolerance
from crosstell.core.assessment.lineage import Confirmation, confirmation
from crosstell.core.assessment.registration.aligned import Aligned, Floats
from crosstell.core.assessment.registration.candidates import FAVOUR
from crosstell.core.assessment.registration.estimate import columns, moved, residuals
from crosstell.core.assessment.registration.register import Registered
from crosstell.core.assessment.registration.stray import Rows
from crosstell.core.assessment.stated import NotTestable

Outcome = Measured | Untested


def bounded(one: float, other: float, confirms: Confirmation) -> float:
    """The variance of a difference: summed only where the sources are known to be apart.

    Implements DIS-020.
    """
    if confirms is Confirmation.INDEPENDENT:
        return one + other
    return (math.sqrt(one) + math.sqrt(other)) ** 2


def pair_tests(
    sides: tuple[Aligned, Aligned],
    registered: Registered,
    tolerance: Tolerance,
    law: Law,
) -> Iterator[Outcome]:
    """Each pair's tests. A pair that could as well be another is not tested.

    Implements DIS-021 to DIS-023.
    """
    pairs, offset = registered.pairs, registered.offset
    left = residuals(pairs, offset.value)
    changes = columns(pairs.here_m, pairs.velocity_mps, offset.rotation_rad)
    shared = np.einsum("nij,jk,nlk->nil", changes, offset.matrix, changes)
    for row, doubtful in enumerate(registered.doubtful):
        i, j = int(pairs.one[row]), int(pairs.other[row])
        ids = (sides[0].tracks[i].track, sides[1].tracks[j].track)
        if doubtful:
            for measure in (Measure.PLACE, Measure.VELOCITY, Measure.IDENTITY):
                subject = Subject(measure=measure, one=ids[0], other=ids[1])
                yield Untested(subject=subject, reason=NotTestable.ASSOCIATION_AMBIGUOUS)
            continue
        confirms = confirmation(sides[0].tracks[i].sources, sides[1].tracks[j].sources)
        spread = bounded(float(sides[0].variance_m2[i]), float(sides[1].variance_m2[j]), confirms)
        covariance = np.eye(2) * spread * law.inflation + shared[row]
        along = _course(pairs.velocity_mps[row])
        place = (left[row], covariance, along)
        yield _vector(
            Subject(measure=Measure.PLACE, one=ids[0], other=ids[1]),
            place,
            (tolerance.place_m, law.dof),
            confirms,
        )
        yield _velocity(sides, (i, j), (tolerance, law), confirms)
        yield _identity((sides[0].key[i], sides[1].key[j]), ids, confirms)


def stray_tests(
    sides: tuple[Aligned, Aligned],
    registered: Registered,
    rows: Rows,
    limits: tuple[Tolerance, Law],
) -> Iterator[Outcome]:
    """Tracks taken together though they differ too much to match: how far apart.

    Implements DIS-024.
    """
    tolerance, law = limits
    one, other = sides
    for i, j in rows:
        ids = (one.tracks[i].track, other.tracks[j].track)
        confirms = confirmation(one.tracks[i].sources, other.tracks[j].sources)
        velocity = (one.velocity_mps[i] + other.velocity_mps[j]) / 2.0
        offset = registered.offset
        here = (one.place_m[i : i + 1], velocity[None, :])
        changes = columns(*here, offset.rotation_rad)[0]
        spread = bounded(float(one.variance_m2[i]), float(other.variance_m2[j]), confirms)
        place = (
            other.place_m[j] - moved(*here, offset.value)[0],
            np.eye(2) * spread * law.inflation + changes @ offset.matrix @ changes.T,
            _course(velocity),
        )
        subject = Subject(measure=Measure.PLACE, one=ids[0], other=ids[1])
        yield _vector(subject, place, (tolerance.place_m, law.dof), confirms)
        yield _velocity(sides, (i, j), limits, confirms)
        yield _identity((one.key[i], other.key[j]), ids, confirms)


def _velocity(
    sides: tuple[Aligned, Aligned],
    rows: tuple[int, int],
    limits: tuple[Tolerance, Law],
    confirms: Confirmation,
) -> Measured:
    """Both velocities, along and across the course between them."""
    one, other = sides
    i, j = rows
    tolerance, law = limits
    spread = bounded(float(one.velocity_variance[i]), float(other.velocity_variance[j]), confirms)
    spread *= law.velocity_inflation
    course = _course((one.velocity_mps[i] + other.velocity_mps[j]) / 2.0)
    apart = (other.velocity_mps[j] - one.velocity_mps[i], np.eye(2) * spread, course)
    subject = Subject(
        measure=Measure.VELOCITY, one=one.tracks[i].track, other=other.tracks[j].track
    )
    return _vector(subject, apart, (tolerance.velocity_mps, law.dof), confirms)


def _course(velocity: Floats) -> Floats:
    """Rows: along and across (to the left) a course; east and north for what stands still."""
    speed = float(np.hypot(*velocity))
    if speed < 1.0:
        return np.eye(2)
    east, north = (velocity / speed).tolist()
    return np.array([[east, north], [-north, east]])


def _vector(
    subject: Subject,
    difference: tuple[Floats, Floats, Floats],
    limits: tuple[float, float],
    confirms: Confirmation,
) -> Measured:
    """Two components against their covariance, along and across the course."""
    apart, covariance, course = difference
    tolerance, dof = limits
    share = beyond(float(np.hypot(*apart)), tolerance)
    squared = float(apart @ np.linalg.solve(covariance, apart)) * share**2
    turned = course @ covariance @ course.T
    values = (course @ apart).tolist()
    return Measured(
        subject=subject,
        values=tuple(values),
        sigmas=tuple(np.sqrt(np.diag(turned)).tolist()),
        evidence=evidence(squared, components=2, dof=dof),
        confirms=confirms,
    )


def _identity(keys: tuple[str, str], ids: tuple[str, str], confirms: Confirmation) -> Outcome:
    """Whether both state one identity; two of different kinds say nothing of each other."""
    subject = Subject(measure=Measure.IDENTITY, one=ids[0], other=ids[1])
    one, other = keys
    if not one or not other or one.partition(":")[0] != other.partition(":")[0]:
        return Untested(subject=subject, reason=NotTestable.IDENTITY_UNKNOWN)
    differ = FAVOUR if one != other else -FAVOUR
    return Measured(subject=subject, values=(), sigmas=(), evidence=differ, confirms=confirms)
