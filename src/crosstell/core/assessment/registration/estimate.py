"""The offset that all pairs share: shift, rotation and time, by weighted robust least squares.

Units: metres, radians, seconds. Model, second picture from the first, about the plane's middle:

    there = R(rotation) here + shift - time_s * velocity

A positive `time_s`: the second picture states places where objects were `time_s` before. A
positive rotation turns counter-clockwise. Residuals count by the weight that a t law with
DOF degrees of freedom gives them, so a tail pulls little. The prior enters as one measurement of
each parameter.
"""

import math
from dataclasses import dataclass

import numpy as np

from crosstell.core.assessment.registration.aligned import Floats
from crosstell.core.assessment.registration.candidates import Candidates, Search

DOF = 4.0  # of the t law by which residuals count; assumption, between Cauchy and normal
MEDIAN_2 = 2.0 * math.log(2.0)  # the median of chi-square with two degrees of freedom


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The four parameters, and the inverse of their covariance: with the prior and without."""

    value: Floats  # east, north, rotation, time
    information: Floats
    from_data: Floats


def moved(here_m: Floats, velocity_mps: Floats, value: Floats) -> Floats:
    """Where the second picture would state what the first has at `here_m`."""
    cos, sin = math.cos(value[2]), math.sin(value[2])
    turned = here_m @ np.array([[cos, sin], [-sin, cos]])
    return np.asarray(turned + value[:2] - value[3] * velocity_mps)


def residuals(pairs: Candidates, value: Floats) -> Floats:
    """What is left of each pair's difference."""
    return np.asarray(pairs.there_m - moved(pairs.here_m, pairs.velocity_mps, value))


def columns(here_m: Floats, velocity_mps: Floats, rotation: float) -> Floats:
    """How each pair's two components change with the four parameters: shape (n, 2, 4)."""
    cos, sin = math.cos(rotation), math.sin(rotation)
    found = np.zeros((len(here_m), 2, 4))
    found[:, 0, 0] = found[:, 1, 1] = 1.0
    found[:, 0, 2] = -sin * here_m[:, 0] - cos * here_m[:, 1]
    found[:, 1, 2] = cos * here_m[:, 0] - sin * here_m[:, 1]
    found[:, :, 3] = -velocity_mps
    return found


def fitted(pairs: Candidates, start: Floats, variance_m2: Floats, search: Search) -> Fit:
    """One step of Gauss and Newton from `start`. Implements DIS-011.

    The information counts what the weights leave of each pair, so heavy tails make it less sure.
    """
    left = residuals(pairs, start)
    changes = columns(pairs.here_m, pairs.velocity_mps, float(start[2]))
    squared = (left**2).sum(axis=1) / variance_m2
    weight = (DOF + 2.0) / (DOF + squared) / variance_m2
    weighted = changes * weight[:, None, None]
    from_data = np.asarray(np.einsum("nij,nik->jk", weighted, changes))
    pull = np.einsum("nij,ni->j", weighted, left)
    prior = np.diag(search.prior_sigmas**-2.0)
    information = from_data + prior
    step = np.linalg.solve(information, pull - prior @ start)
    return Fit(start + step, information, from_data)


def velocity_inflation(pairs: Candidates) -> float:
    """How many times the assumed variance the middle difference of velocities shows; 1 at least."""
    squared = (pairs.apart_mps**2).sum(axis=1) / pairs.velocity_variance
    return max(1.0, float(np.median(squared)) / MEDIAN_2)


def inflation(pairs: Candidates, value: Floats) -> float:
    """How many times the stated variance the middle residual shows, after the offset is gone."""
    squared = (residuals(pairs, value) ** 2).sum(axis=1) / pairs.variance_m2
    return float(np.median(squared)) / MEDIAN_2
