"""Whether a ring is simple: no two of its edges meet except where they follow each other.

Units: the gnomonic picture of `outline`, in Earth radii, in which geodesics are straight to
within centimetres. Edges are numbered from 1: edge n leads from vertex n to the next.
"""

import math

Flat = tuple[float, float]

TOUCH = 1e-9  # about 6 mm: nearer counts as touching, since a position's grain is 11 mm
FOLD = 1e-9  # sine of the angle under which an edge runs back along the one before


def _gap(p: Flat, a: Flat, b: Flat) -> float:
    """Distance from p to the stretch from a to b."""
    ux, uy = b[0] - a[0], b[1] - a[1]
    share = ((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / (ux * ux + uy * uy)
    share = min(1.0, max(0.0, share))
    return math.hypot(p[0] - a[0] - share * ux, p[1] - a[1] - share * uy)


def _left(a: Flat, b: Flat, p: Flat) -> bool:
    """Whether p lies to the left of the line from a to b."""
    return (b[0] - a[0]) * (p[1] - a[1]) > (b[1] - a[1]) * (p[0] - a[0])


def _meet(a: Flat, b: Flat, c: Flat, d: Flat) -> bool:
    """Whether the stretches a-b and c-d cross or touch."""
    if _left(a, b, c) != _left(a, b, d) and _left(c, d, a) != _left(c, d, b):
        return True
    return min(_gap(a, c, d), _gap(b, c, d), _gap(c, a, b), _gap(d, a, b)) <= TOUCH


def _folds(before: Flat, corner: Flat, after: Flat) -> bool:
    """Whether the way from corner to after runs back over the way from before."""
    ux, uy = before[0] - corner[0], before[1] - corner[1]
    vx, vy = after[0] - corner[0], after[1] - corner[1]
    size = math.hypot(ux, uy) * math.hypot(vx, vy)
    return ux * vx + uy * vy > 0.0 and abs(ux * vy - uy * vx) <= FOLD * size


def _check_pair(points: tuple[Flat, ...], edges: tuple[int, ...], k: int, i: int) -> None:
    """Raise ValueError if stretch k and stretch i meet where they must not."""
    count = len(points)
    a, b, c, d = points[i], points[(i + 1) % count], points[k], points[(k + 1) % count]
    first, second = sorted((edges[i] + 1, edges[k] + 1))
    if (k + 1) % count == i or (i + 1) % count == k:
        if _folds(c, a, b) if (k + 1) % count == i else _folds(a, c, d):
            raise ValueError(
                f"polygon: edge {second} runs back along edge {first}; leave the spike out"
            )
    elif _meet(a, b, c, d):
        raise ValueError(
            f"polygon: edge {first} meets edge {second}; "
            "order the vertices so that no two edges cross or touch"
        )


def check_simple(points: tuple[Flat, ...], edges: tuple[int, ...]) -> None:
    """Raise ValueError naming the two edges, if the ring meets itself.

    `edges[i]` is the number (from 0) of the edge of which the stretch from point i is a piece.
    """
    count = len(points)
    spans = sorted((min(points[i][0], points[(i + 1) % count][0]), i) for i in range(count))
    active: list[int] = []
    for left, i in spans:  # a sweep: only stretches whose x ranges overlap are compared
        a, b = points[i], points[(i + 1) % count]
        low, high = min(a[1], b[1]) - TOUCH, max(a[1], b[1]) + TOUCH
        active = [
            k for k in active if max(points[k][0], points[(k + 1) % count][0]) >= left - TOUCH
        ]
        for k in active:
            c, d = points[k], points[(k + 1) % count]
            if max(c[1], d[1]) >= low and min(c[1], d[1]) <= high:
                _check_pair(points, edges, k, i)
        active.append(i)
