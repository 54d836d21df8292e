"""Whether rings are simple: no two edges meet except where one follows the other.

Units: the gnomonic picture of `outline`, in Earth radii, in which geodesics are straight to
within centimetres. Edges are numbered from 1 in each ring: edge n leads from vertex n to the next.
Ring 0 is the outer one, the others are holes 1, 2, and so on.
"""

import math
from dataclasses import dataclass

Flat = tuple[float, float]

TOUCH = 1e-9  # about 6 mm: nearer counts as touching, since a position's grain is 11 mm
FOLD = 1e-9  # sine of the angle under which an edge runs back along the one before


@dataclass(frozen=True, slots=True)
class Stretch:
    """A straight part of edge number `edge` of ring number `ring`, in the picture."""

    a: Flat
    b: Flat
    ring: int
    edge: int
    index: int
    after: int  # index of the stretch that follows it in its ring

    @property
    def name(self) -> str:
        """How a message names it."""
        return f"edge {self.edge}" if self.ring == 0 else f"edge {self.edge} of hole {self.ring}"


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


def _check_pair(one: Stretch, other: Stretch) -> None:
    """Raise ValueError if the two stretches meet where they must not."""
    first, second = sorted((one, other), key=lambda stretch: (stretch.ring, stretch.edge))
    if one.after == other.index or other.after == one.index:
        before, after = (one, other) if one.after == other.index else (other, one)
        if _folds(before.a, after.a, after.b):
            raise ValueError(
                f"polygon: {second.name} runs back along {first.name}; leave the spike out"
            )
    elif _meet(one.a, one.b, other.a, other.b):
        raise ValueError(
            f"polygon: {first.name} meets {second.name}; "
            + (
                "order the vertices so that no two edges cross or touch"
                if first.ring == second.ring
                else "a hole lies inside the ring and touches neither it nor another hole"
            )
        )


def check_simple(stretches: tuple[Stretch, ...]) -> None:
    """Raise ValueError naming the two edges, if rings meet themselves or each other."""
    order = sorted(stretches, key=lambda stretch: min(stretch.a[0], stretch.b[0]))
    active: list[Stretch] = []
    for one in order:  # a sweep: only stretches whose x ranges overlap are compared
        left = min(one.a[0], one.b[0]) - TOUCH
        low, high = min(one.a[1], one.b[1]) - TOUCH, max(one.a[1], one.b[1]) + TOUCH
        active = [other for other in active if max(other.a[0], other.b[0]) >= left]
        for other in active:
            if max(other.a[1], other.b[1]) >= low and min(other.a[1], other.b[1]) <= high:
                _check_pair(other, one)
        active.append(one)


def _inside(p: Flat, ring: list[Stretch]) -> bool:
    """Whether p lies inside one ring of the picture."""
    inside = False
    for stretch in ring:
        (ax, ay), (bx, by) = stretch.a, stretch.b
        if (ay > p[1]) != (by > p[1]) and p[0] < (bx - ax) * (p[1] - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def check_holes(stretches: tuple[Stretch, ...], count: int) -> None:
    """Raise ValueError naming the hole, if one lies outside the ring or inside another hole.

    The rings are known not to meet, so one point of each tells.
    """
    rings: list[list[Stretch]] = [[] for _ in range(count)]
    for stretch in stretches:
        rings[stretch.ring].append(stretch)
    for hole in range(1, count):
        start = rings[hole][0].a
        if not _inside(start, rings[0]):
            raise ValueError(
                f"polygon: hole {hole} lies outside the ring; leave it out or correct it"
            )
        for other in range(1, count):
            if other != hole and _inside(start, rings[other]):
                raise ValueError(
                    f"polygon: hole {hole} lies inside hole {other}; leave one out, or give what "
                    "lies inside a hole as a polygon of its own"
                )


def turn_of(stretches: tuple[Stretch, ...], ring: int) -> float:
    """Positive if the ring runs counter-clockwise, so that its inside is to its left."""
    return sum(
        stretch.a[0] * stretch.b[1] - stretch.a[1] * stretch.b[0]
        for stretch in stretches
        if stretch.ring == ring
    )
