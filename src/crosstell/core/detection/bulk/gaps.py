"""Between which two figures the gap of two footprints lies: the plain path of native/ring.h.

Units: metres, Earth-centred. A gap is a pair of arrays or numbers, low and high; the geodesic gap
lies between them. Where they lie on both sides of a limit, the exact pairing decides.
"""

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.volumes import Floats, Ints, Kind, VolumeColumns
from crosstell.core.geometry.approach import TIE_M
from crosstell.core.geometry.cartesian import LOCAL_M_MAX, RADIUS_M, SLACK_M, SLACK_SHARE
from crosstell.core.geometry.outline import SIDE_M
from crosstell.core.geometry.pieces import SAGITTA_M

CLEAR, SURE, OPEN = 0, 1, 2
SIGHT = 0.01 * RADIUS_M  # a picture ends here, just short of a hemisphere
Number = Floats | float
Gap = tuple[Floats, Floats]


def states(volumes: VolumeColumns, first: Ints, second: Ints, limit_m: float) -> NDArray[np.int8]:
    """For each pair of rows whether their footprints are within `limit_m`: CLEAR, SURE or OPEN."""
    kinds = volumes.kind[first], volumes.kind[second]
    state = np.full(len(first), OPEN, np.int8)
    round_ones = np.flatnonzero((kinds[0] == Kind.CIRCLE) & (kinds[1] == Kind.CIRCLE))
    one, other = first[round_ones], second[round_ones]
    chord_m = np.linalg.norm(volumes.middle_m[one] - volumes.middle_m[other], axis=1)
    low_m, high_m = geodesic_gap(chord_m, 24.0)
    radii_m = volumes.radius_m[one] + volumes.radius_m[other]
    state[round_ones] = against(low_m - radii_m, high_m - radii_m, limit_m)
    ball = (kinds[0] >= Kind.BALL) | (kinds[1] >= Kind.BALL)
    ring = (kinds[0] == Kind.RING) | (kinds[1] == Kind.RING)
    for pair in np.flatnonzero(ring & ~ball):
        low_m, high_m = _pair_gap(volumes, int(first[pair]), int(second[pair]))
        state[pair] = against(low_m, high_m, limit_m)
    return state


def against(low_m: Number, high_m: Number, limit_m: float) -> NDArray[np.int8]:
    """CLEAR, SURE or OPEN: a gap against its limit."""
    sure = np.where(high_m <= limit_m, SURE, OPEN)
    return np.where(low_m > limit_m + 2.0 * TIE_M, CLEAR, sure).astype(np.int8)


def geodesic_gap(flat_m: Number, share: float) -> Gap:
    """The geodesic distance whose chord (`share` 24) or distance from a plane (6) is `flat_m`."""
    cube_m = flat_m**3 / (RADIUS_M * RADIUS_M)
    far_m = flat_m + cube_m / share
    slack = SLACK_M + SLACK_SHARE * far_m**3 / (6.0 * RADIUS_M * RADIUS_M)
    local = flat_m <= LOCAL_M_MAX
    low_m = np.where(local, flat_m + cube_m / 24.0 - slack, flat_m - SAGITTA_M)
    return low_m, np.where(local, far_m + slack, np.inf)


def _pieces_of(volumes: VolumeColumns, row: int) -> Floats:
    return volumes.pieces[volumes.piece_at[row] : volumes.piece_at[row + 1]]


def flat_to_ring(points_m: Floats, pieces: Floats) -> Floats:
    """The least flat distance from each point to the pieces of one ring."""
    w = points_m[:, None, :] - pieces[None, :, 0:3]
    x = np.einsum("pkx,kx->pk", w, pieces[:, 3:6])
    y = np.einsum("pkx,kx->pk", w, pieces[:, 6:9])
    beyond = w - pieces[None, :, 9:10] * pieces[None, :, 3:6]
    before_m, after_m = np.linalg.norm(w, axis=2), np.linalg.norm(beyond, axis=2)
    beside_m = np.where(x <= pieces[None, :, 9], np.abs(y), after_m)
    flat: Floats = np.where(x < 0.0, before_m, beside_m).min(axis=1)
    return flat


def picture(points_m: Floats, middle_m: Floats) -> Floats:
    """The gnomonic picture of the points from above `middle_m`; NaN for those out of sight."""
    eye = middle_m / np.linalg.norm(middle_m)
    right = np.cross([0.0, 0.0, 1.0] if abs(eye[2]) < 0.9 else [0.0, 1.0, 0.0], eye)
    right /= np.linalg.norm(right)
    height = points_m @ eye
    height = np.where(height > SIGHT, height, np.nan)
    return np.stack((points_m @ right / height, points_m @ np.cross(eye, right) / height), axis=1)


def holds(pieces: Floats, flat: Floats) -> NDArray[np.bool_]:
    """Whether the ring holds each point with this picture: exact but for SIDE_M beside an edge."""
    inside: NDArray[np.bool_] = crossings(pieces, flat[:, :1], flat[:, 1:]).sum(axis=1) % 2 == 1
    return inside


def crossings(pieces: Floats, px: Floats, py: Floats) -> NDArray[np.bool_]:
    """Whether a line to the right from each picture crosses each piece; the shapes are joined."""
    a, b = pieces[:, 10:12], pieces[:, 12:14]
    spans = (a[:, 1] > py) != (b[:, 1] > py)
    rise = np.where(b[:, 1] == a[:, 1], 1.0, b[:, 1] - a[:, 1])
    left = px < (b[:, 0] - a[:, 0]) * (py - a[:, 1]) / rise + a[:, 0]
    return np.asarray(spans & left)


def _pair_gap(volumes: VolumeColumns, first: int, second: int) -> Gap:
    """The gap of two footprints of which one at least is a ring."""
    if volumes.kind[second] == Kind.CIRCLE:
        first, second = second, first
    if volumes.kind[first] == Kind.RING:
        return _ring_gap(volumes, first, second)
    low_m, high_m = signed_gap(volumes, second, volumes.middle_m[first : first + 1])
    return low_m[0] - volumes.radius_m[first], high_m[0] - volumes.radius_m[first]


def signed_gap(volumes: VolumeColumns, row: int, points_m: Floats) -> Gap:
    """The signed distance from each point to the ring of `row`, negative inside."""
    pieces = _pieces_of(volumes, row)
    low_m, high_m = geodesic_gap(flat_to_ring(points_m, pieces), 6.0)
    inside = holds(pieces, picture(points_m, volumes.middle_m[row]))
    beside_m = np.maximum(high_m, SIDE_M)
    beside = low_m <= SIDE_M
    return (
        np.where(beside, -beside_m, np.where(inside, -high_m, low_m)),
        np.where(beside, beside_m, np.where(inside, -low_m, high_m)),
    )


def _ring_gap(volumes: VolumeColumns, first: int, second: int) -> Gap:
    """The gap of two rings: where they do not cross it is measured at a vertex (pair/plan.py)."""
    a, b = _pieces_of(volumes, first), _pieces_of(volumes, second)
    flat_m = min(flat_to_ring(a[:, 0:3], b).min(), flat_to_ring(b[:, 0:3], a).min())
    low_m, high_m = geodesic_gap(flat_m, 6.0)
    met = np.float64(-np.inf) * np.ones(()), np.zeros(())
    if flat_m == 0.0:  # they share a corner
        return met
    if low_m <= 2.0 * SIDE_M:  # a picture cannot tell what so small a gap is
        corners = (signed_gap(volumes, first, b[:, 0:3]), signed_gap(volumes, second, a[:, 0:3]))
        inside = any((gap[1] < 0.0).any() for gap in corners)
        return met if inside else (-high_m, high_m)
    ends_m = np.stack((b[:, 0:3], b[:, 0:3] + b[:, 9:10] * b[:, 3:6]))
    seen = np.stack([picture(some_m, volumes.middle_m[first]) for some_m in ends_m])
    back = picture(a[:1, 0:3], volumes.middle_m[second])
    if holds(a, seen[0, :1])[0] or holds(b, back)[0] or _crosses(a, seen):
        return met
    return low_m, high_m


def _crosses(pieces: Floats, other: Floats) -> bool:
    """Whether pieces cross `other`, begins and ends on one picture; out of sight they may."""
    if np.isnan(other).any():
        return True
    c, d = pieces[:, None, 10:12], pieces[:, None, 12:14]
    p, q = other[0][None], other[1][None]
    apart = _left(c, d, p) != _left(c, d, q)
    return bool((apart & (_left(p, q, c) != _left(p, q, d))).any())


def _left(a: Floats, b: Floats, p: Floats) -> NDArray[np.bool_]:
    """Whether p lies to the left of the line from a to b."""
    along, out = b - a, p - a
    left: NDArray[np.bool_] = along[..., 0] * out[..., 1] > along[..., 1] * out[..., 0]
    return left
