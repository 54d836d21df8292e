"""A polygon's ring as short pieces of its geodesic edges: inside test and distances.

Units: metres; Earth-centred vectors (see `cartesian`). Symbols, per piece: a, b its ends (exact
points of the edge), u the direction from a to b, m the level normal across it; for a point p,
x and y are p - a along u and m. Pieces are at most PIECE_M long, so each lies within millimetres
of the plane through a, b and the local vertical.

The inside test is made on the gnomonic picture from Earth's centre, in which the pieces are
straight; it is exact but for SIDE_M beside an edge, where the geodesic decides.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from geographiclib.geodesicline import GeodesicLine

from crosstell.core.geometry.cartesian import (
    ECCENTRICITY_2,
    LOCAL_M_MAX,
    RADIUS_M,
    Vector,
    cross,
    dot,
    ecef,
    minus,
    slack_m,
    unit,
)
from crosstell.core.geometry.geodesic import along, edge_between, foot
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.ring import check_simple

PIECE_M = 20_000.0
SAGITTA_M = 10.0  # a piece's arc rises less than this over its chord: PIECE_M^2 / 8 R = 7.9 m
SIDE_M = 1.0
REACH_COS = math.cos(math.radians(80.0))  # how far vertices may lie from the middle

Flat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of edge number `edge` that begins `start_m` along it."""

    edge: int
    start_m: float
    a: Vector
    b: Vector
    u: Vector
    m: Vector
    length_m: float


@dataclass(frozen=True, slots=True)
class Near:
    """A fast distance to a piece: within `slack_m` of the geodesic one; `pull` is its gradient."""

    distance_m: float
    slack_m: float
    pull: Vector
    piece: Piece
    x_m: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A checked ring: its pieces, its gnomonic picture, and the ball that holds it."""

    vertices: tuple[Position, ...]
    pieces: tuple[Piece, ...]
    view: tuple[Vector, Vector, Vector]
    picture: tuple[Flat, ...]
    middle: Vector
    bound_m: float
    edges: dict[int, tuple[GeodesicLine, float]]  # filled as they are asked for

    @classmethod
    def of(cls, vertices: tuple[Position, ...]) -> Self:
        """The outline of this ring; raises ValueError if the ring has no inside."""
        pieces = tuple(_pieces(vertices))
        corners = [ecef(v.lat_deg, v.lon_deg) for v in vertices]
        count = len(corners)
        middle = tuple(sum(c[axis] for c in corners) / count for axis in range(3))
        centre: Vector = (middle[0], middle[1], middle[2])
        view = _view(centre)
        picture = tuple(_flat(piece.a, view) for piece in pieces)
        check_simple(picture, tuple(piece.edge for piece in pieces))
        ball_m = max(math.dist(piece.a, centre) for piece in pieces)
        return cls(vertices, pieces, view, picture, centre, ball_m * 1.01 + 2 * SAGITTA_M, {})

    def holds(self, p: Vector) -> bool:
        """Whether `p` is inside, exact but for SIDE_M beside an edge."""
        if dot(unit(p), self.view[2]) <= 0.01:
            return False
        px, py = _flat(p, self.view)
        inside = False
        ax, ay = self.picture[-1]
        for bx, by in self.picture:
            if (ay > py) != (by > py) and px < (bx - ax) * (py - ay) / (by - ay) + ax:
                inside = not inside
            ax, ay = bx, by
        return inside

    def near(self, p: Vector) -> Iterator[Near]:
        """The fast distance from `p` to each piece; beyond LOCAL_M_MAX a lower bound."""
        for piece in self.pieces:
            w = minus(p, piece.a)
            x_m = dot(w, piece.u)
            if 0.0 <= x_m <= piece.length_m:
                y_m = dot(w, piece.m)
                pull = piece.m if y_m > 0.0 else (-piece.m[0], -piece.m[1], -piece.m[2])
                flat_m = abs(y_m)
                share = 6.0
            else:
                w = w if x_m < 0.0 else minus(p, piece.b)
                flat_m = math.sqrt(dot(w, w))
                pull = w
                share = 24.0
                if flat_m > 0.0:
                    pull = (w[0] / flat_m, w[1] / flat_m, w[2] / flat_m)
            if flat_m > LOCAL_M_MAX:
                yield Near(flat_m, SAGITTA_M, pull, piece, x_m)
                continue
            far_m = flat_m + flat_m**3 / (share * RADIUS_M * RADIUS_M)
            yield Near(far_m, slack_m(far_m), pull, piece, x_m)

    def exact(self, here: tuple[float, float], near: Near) -> tuple[float, float]:
        """The geodesic distance from `here` to the edge of `near`, and the side.

        The side is positive to the right of the edge, negative to its left, 0 at its ends.
        """
        index = near.piece.edge
        if index not in self.edges:
            after = self.vertices[(index + 1) % len(self.vertices)]
            self.edges[index] = edge_between(self.vertices[index], after)
        line, length_m = self.edges[index]
        return foot(*here, line, length_m, guess_m=near.piece.start_m + near.x_m)

    def signed_m(self, here: tuple[float, float]) -> float:
        """The geodesic distance from a latitude and longitude to the edge; negative inside."""
        p = ecef(*here)
        inside = self.holds(p)
        best_m, side = math.inf, 0.0
        for near in sorted(self.near(p), key=lambda near: near.distance_m):
            if near.distance_m - near.slack_m > best_m:
                continue
            exact_m, exact_side = self.exact(here, near)
            if exact_m < best_m:
                best_m, side = exact_m, exact_side
        if best_m < SIDE_M and side != 0.0:
            inside = (side < 0.0) == (self.turn > 0.0)
        return -best_m if inside else best_m

    @property
    def turn(self) -> float:
        """Positive if the ring runs counter-clockwise, so that inside is to its left."""
        ring = self.picture
        return sum(
            a[0] * b[1] - a[1] * b[0] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
        )


def _view(middle: Vector) -> tuple[Vector, Vector, Vector]:
    """Right, up and towards the eye, for a picture of the ring from above its middle."""
    if dot(middle, middle) < 1.0:
        raise ValueError("polygon spans more than a hemisphere; split it into smaller ones")
    eye = unit(middle)
    pole = (0.0, 0.0, 1.0) if abs(eye[2]) < 0.9 else (0.0, 1.0, 0.0)
    right = unit(cross(pole, eye))
    return right, cross(eye, right), eye


def _flat(p: Vector, view: tuple[Vector, Vector, Vector]) -> Flat:
    """The gnomonic picture of `p`, in Earth radii."""
    height = dot(p, view[2])
    return dot(p, view[0]) / height, dot(p, view[1]) / height


def _pieces(vertices: tuple[Position, ...]) -> Iterator[Piece]:
    """Every edge cut into equal pieces no longer than PIECE_M."""
    count = len(vertices)
    ends = [ecef(v.lat_deg, v.lon_deg) for v in vertices]
    middle = tuple(sum(e[axis] for e in ends) for axis in range(3))
    centre = (middle[0], middle[1], middle[2])
    for number, end in enumerate(ends, start=1):
        if dot(end, centre) < REACH_COS * math.sqrt(dot(end, end) * dot(centre, centre)):
            raise ValueError(
                f"polygon: vertex {number} lies more than 80 degrees of arc from the middle; it "
                "spans about a hemisphere, so its inside is unclear; split it into smaller ones"
            )
    for index in range(count):
        a, b = ends[index], ends[(index + 1) % count]
        if math.dist(a, b) <= PIECE_M:
            yield _piece(index, 0.0, a, b)
            continue
        line, length_m = edge_between(vertices[index], vertices[(index + 1) % count])
        cuts = math.ceil(length_m / PIECE_M)
        for cut in range(1, cuts + 1):
            lat, lon, _ = along(line, length_m * cut / cuts)
            end = b if cut == cuts else ecef(lat, lon)
            yield _piece(index, length_m * (cut - 1) / cuts, a, end)
            a = end


def _piece(edge: int, start_m: float, a: Vector, b: Vector) -> Piece:
    """The piece from a to b."""
    length_m = math.dist(a, b)
    u = unit(minus(b, a))
    up = (a[0] + b[0], a[1] + b[1], (a[2] + b[2]) / (1.0 - ECCENTRICITY_2))
    return Piece(edge, start_m, a, b, u, unit(cross(u, up)), length_m)
