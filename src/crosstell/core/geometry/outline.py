"""An area's rings as short pieces of their geodesic edges: inside test and distances.

Units: metres; Earth-centred vectors (see `cartesian` and `pieces`). The first ring is the outer
one, the others are holes. Edges are numbered from 0 over all rings, in order.

The inside test is made on the gnomonic picture from Earth's centre, in which the pieces are
straight; it is exact but for SIDE_M beside an edge, where the geodesic decides.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from crosstell.core.geometry.cartesian import Vector, cross, dot, ecef, unit
from crosstell.core.geometry.geodesic import LatLon
from crosstell.core.geometry.pieces import PIECE_M, SAGITTA_M, Lines, Near, Piece, average
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.ring import Flat, Stretch, check_holes, check_simple, turn_of

SIDE_M = 1.0
REACH_COS = math.cos(math.radians(80.0))  # how far vertices may lie from the middle
SIGHT_COS = 0.01  # the picture ends here, just short of a hemisphere

Rings = tuple[tuple[LatLon, ...], ...]

__all__ = ["PIECE_M", "SAGITTA_M", "SIDE_M", "Outline", "Rings"]


@dataclass(frozen=True, slots=True)
class Outline:
    """Checked rings: their pieces, their gnomonic picture, and the ball that holds them.

    `stretches[i]` is the picture of `pieces[i]`. A point is inside if a ray from it in the picture
    crosses an odd number of stretches.
    """

    lines: Lines
    view: tuple[Vector, Vector, Vector]
    stretches: tuple[Stretch, ...]
    left: tuple[bool, ...]  # per edge: whether the area lies to its left
    middle: Vector
    bound_m: float

    @classmethod
    def of(
        cls, vertices: tuple[Position, ...], holes: tuple[tuple[Position, ...], ...] = ()
    ) -> Self:
        """The outline of this ring with these holes; raises ValueError if it has no inside."""
        rings = (vertices, *holes)
        return cls.around(tuple(tuple((v.lat_deg, v.lon_deg) for v in ring) for ring in rings))

    @classmethod
    def around(cls, rings: Rings) -> Self:
        """The outline of these rings; raises ValueError if the area is not well defined."""
        middle = average(rings[0])
        _check_reach(rings, middle)
        lines = Lines.of(tuple(_edges(rings)), middle)
        view = _view(middle)
        stretches = tuple(_stretches(rings, lines.pieces, view))
        check_simple(stretches)
        check_holes(stretches, len(rings))
        left: list[bool] = []
        for number, ring in enumerate(rings):
            is_left = (turn_of(stretches, number) > 0.0) == (number == 0)
            left += [is_left] * len(ring)
        bound_m = (lines.bound_m - SAGITTA_M) * 1.01 + 2 * SAGITTA_M
        return cls(lines, view, stretches, tuple(left), middle, bound_m)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of all edges of all rings."""
        return self.lines.pieces

    @property
    def picture(self) -> tuple[Flat, ...]:
        """Where the picture of each piece begins."""
        return tuple(stretch.a for stretch in self.stretches)

    def holds(self, p: Vector) -> bool:
        """Whether `p` is inside, exact but for SIDE_M beside an edge."""
        if dot(unit(p), self.view[2]) <= SIGHT_COS:
            return False
        px, py = _flat(p, self.view)
        inside = False
        for stretch in self.stretches:
            (ax, ay), (bx, by) = stretch.a, stretch.b
            if (ay > py) != (by > py) and px < (bx - ax) * (py - ay) / (by - ay) + ax:
                inside = not inside
        return inside

    def near(self, p: Vector) -> Iterator[Near]:
        """The fast distance from `p` to each piece; beyond LOCAL_M_MAX a lower bound."""
        return self.lines.near(p)

    def signed_m(self, here: LatLon) -> float:
        """The geodesic distance from a latitude and longitude to the edge; negative inside."""
        p = ecef(*here)
        inside = self.holds(p)
        best_m, side, edge = self.lines.nearest(here, p)
        if best_m < SIDE_M and side != 0.0:
            inside = (side < 0.0) == self.left[edge]
        return -best_m if inside else best_m


def _edges(rings: Rings) -> Iterator[tuple[LatLon, LatLon]]:
    for ring in rings:
        yield from zip(ring, (*ring[1:], ring[0]), strict=True)


def _check_reach(rings: Rings, middle: Vector) -> None:
    """Refuse a ring about a hemisphere wide, and a hole out of its sight."""
    if math.sqrt(dot(middle, middle)) < 1.0:
        raise ValueError("polygon spans more than a hemisphere; split it into smaller ones")
    eye = unit(middle)
    for ring_number, ring in enumerate(rings):
        for number, vertex in enumerate(ring, start=1):
            if dot(unit(ecef(*vertex)), eye) >= REACH_COS:
                continue
            if ring_number > 0:
                raise ValueError(
                    f"polygon: hole {ring_number} lies outside the ring (vertex {number}); "
                    "leave it out or correct it"
                )
            raise ValueError(
                f"polygon: vertex {number} lies more than 80 degrees of arc from the middle; it "
                "spans about a hemisphere, so its inside is unclear; split it into smaller ones"
            )


def _view(middle: Vector) -> tuple[Vector, Vector, Vector]:
    """Right, up and towards the eye, for a picture of the ring from above its middle."""
    eye = unit(middle)
    pole = (0.0, 0.0, 1.0) if abs(eye[2]) < 0.9 else (0.0, 1.0, 0.0)
    right = unit(cross(pole, eye))
    return right, cross(eye, right), eye


def _flat(p: Vector, view: tuple[Vector, Vector, Vector]) -> Flat:
    """The gnomonic picture of `p`, in Earth radii."""
    height = dot(p, view[2])
    return dot(p, view[0]) / height, dot(p, view[1]) / height


def _stretches(
    rings: Rings, pieces: tuple[Piece, ...], view: tuple[Vector, Vector, Vector]
) -> Iterator[Stretch]:
    """The picture of every piece, with its ring, its edge in that ring, and what follows it."""
    owner = [(number, edge) for number, ring in enumerate(rings) for edge in range(len(ring))]
    first: dict[int, int] = {}
    for index, piece in enumerate(pieces):
        first.setdefault(owner[piece.edge][0], index)
    for index, piece in enumerate(pieces):
        ring, edge = owner[piece.edge]
        after = index + 1
        if after == len(pieces) or owner[pieces[after].edge][0] != ring:
            after = first[ring]
        yield Stretch(_flat(piece.a, view), _flat(piece.b, view), ring, edge + 1, index, after)
