"""The tests of pairs that are taken as one object: place, velocity, identity.

Units: metres, metres per second. The pictures' common offset b is taken away first; its own
uncertainty H Pb H' is added. What two pictures err by together is unknown unless their sources are
apart, so S is then not PA + PB but the bound (1 + g) PA + (1 + 1/g) PB, which holds whatever the
correlation is (g = sqrt(PB / PA): the sum of both sigmas, squared).
"""

import math
from collections.abc import Iterator

import numpy as np

from crosstell.core.assessment.discrepancy.settings import Tolerance
from crosstell.core.assessment.discrepancy.tested import (
    Measure,
    Subject,
    Tested,
    Untested,
    beyond,
    evidence,
)
from crosstell.core.assessment.lineage import Confirmation, confirmation
from crosstell.core.assessment.registration.aligned import Aligned, Floats
from crosstell.core.assessment.registration.candidates import FAVOUR
from crosstell.core.assessment.registration.estimate import columns, residuals
from crosstell.core.assessment.registration.register import Registered
from crosstell.core.assessment.stated import NotTestable

Outcome = Tested | Untested


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
    law: tuple[float, float],
) -> Iterator[Outcome]:
    """Each pair's tests; `law` is the inflation of stated variances, and the tails' degrees.

    A pair that could as well be another is not tested. Implements DIS-021 to DIS-023.
    """
    pairs, offset = registered.pairs, registered.offset
    left = residuals(pairs, offset.value)
    changes = columns(pairs.here_m, pairs.velocity_mps, offset.rotation_rad)
    shared = np.einsum("nij,jk,nlk->nil", changes, offset.covariance, changes)
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
        covariance = np.eye(2) * spread * law[0] + shared[row]
        along = _course(pairs.velocity_mps[row])
        place = (left[row], covariance, along)
        yield _vector(
            Subject(measure=Measure.PLACE, one=ids[0], other=ids[1]),
            place,
            (tolerance.place_m, law[1]),
            confirms,
        )
        spread = bounded(
            float(sides[0].velocity_variance[i]), float(sides[1].velocity_variance[j]), confirms
        )
        velocity = (pairs.apart_mps[row], np.eye(2) * spread, along)
        yield _vector(
            Subject(measure=Measure.VELOCITY, one=ids[0], other=ids[1]),
            velocity,
            (tolerance.velocity_mps, law[1]),
            confirms,
        )
        yield _identity((sides[0].key[i], sides[1].key[j]), ids, confirms)


def keyed_apart(
    sides: tuple[Aligned, Aligned],
    registered: Registered,
    tolerance: Tolerance,
    law: tuple[float, float],
) -> Iterator[Outcome]:
    """Tracks stated under one identity that were not taken as one object: how far apart.

    Implements DIS-024.
    """
    taken = (set(registered.pairs.one.tolist()), set(registered.pairs.other.tolist()))
    by_key: dict[str, list[int]] = {}
    for j, key in enumerate(sides[1].key):
        if key and j not in taken[1]:
            by_key.setdefault(key, []).append(j)
    for i, key in enumerate(sides[0].key):
        if i in taken[0] or len(by_key.get(key, ())) != 1:
            continue
        j = by_key[key][0]
        one, other = sides[0], sides[1]
        confirms = confirmation(one.tracks[i].sources, other.tracks[j].sources)
        velocity = (one.velocity_mps[i] + other.velocity_mps[j]) / 2.0
        changes = columns(
            one.place_m[i : i + 1], velocity[None, :], registered.offset.rotation_rad
        )[0]
        put = one.place_m[i] + changes @ registered.offset.value
        spread = bounded(float(one.variance_m2[i]), float(other.variance_m2[j]), confirms)
        covariance = (
            np.eye(2) * spread * law[0] + changes @ registered.offset.covariance @ changes.T
        )
        subject = Subject(
            measure=Measure.PLACE, one=one.tracks[i].track, other=other.tracks[j].track
        )
        place = (other.place_m[j] - put, covariance, _course(velocity))
        yield _vector(subject, place, (tolerance.place_m, law[1]), confirms)


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
) -> Tested:
    """Two components against their covariance, along and across the course."""
    apart, covariance, course = difference
    tolerance, dof = limits
    share = beyond(float(np.hypot(*apart)), tolerance)
    squared = float(apart @ np.linalg.solve(covariance, apart)) * share**2
    turned = course @ covariance @ course.T
    values = (course @ apart).tolist()
    return Tested(
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
    return Tested(subject=subject, values=(), sigmas=(), evidence=differ, confirms=confirms)
