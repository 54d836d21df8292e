"""Geodesic edges cut into short pieces: the distance from a point to the nearest of them.

Units: metres; Earth-centred vectors (see `cartesian`). Symbols, per piece: a, b its ends (exact
points of the edge), u the direction from a to b, m the level normal across it, to the right; for a
point p, x and y are p - a along u and m. Pieces are at most PIECE_M long, so each lies within
millimetres of the plane through a, b and the local vertical.
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
from crosstell.core.geometry.geodesic import LatLon, along, edge_from, foot

PIECE_M = 20_000.0
SAGITTA_M = 10.0  # a piece's arc rises less than this over its chord: PIECE_M^2 / 8 R = 7.9 m

Edge = tuple[LatLon, LatLon]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of edge number `edge` (from 0) that begins `start_m` along it."""

    edge: int
    start_m: float
    a: Vector
    b: Vector
    u: Vector
    m: Vector
    length_m: float
    edge_m: float  # length of the whole edge


@dataclass(frozen=True, slots=True)
class Near:
    """A fast distance to a piece: within `slack_m` of the geodesic one; `pull` is its gradient."""

    distance_m: float
    slack_m: float
    pull: Vector
    piece: Piece
    x_m: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Geodesic edges, in pieces, and the ball that holds them all."""

    ends: tuple[Edge, ...]
    pieces: tuple[Piece, ...]
    middle: Vector
    bound_m: float
    edges: dict[int, tuple[GeodesicLine, float]]  # filled as they are asked for

    @classmethod
    def of(cls, ends: tuple[Edge, ...], middle: Vector) -> Self:
        """These edges; the ball is around `middle`, which should be near theirs."""
        pieces = tuple(_pieces(ends))
        far_m = max(
            (math.dist(q, middle) for piece in pieces for q in (piece.a, piece.b)), default=0.0
        )
        return cls(ends, pieces, middle, far_m + SAGITTA_M, {})

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

    def exact(self, here: LatLon, near: Near) -> tuple[float, float, float]:
        """The geodesic distance from `here` to the edge of `near`, the side, and the course away.

        The side is positive to the right of the edge, negative to its left, 0 at its ends.
        """
        index = near.piece.edge
        if index not in self.edges:
            self.edges[index] = edge_from(*self.ends[index])
        line, length_m = self.edges[index]
        return foot(*here, line, length_m, guess_m=near.piece.start_m + near.x_m)

    def nearest(self, here: LatLon, p: Vector) -> tuple[float, float, int]:
        """The geodesic distance from `here` (Earth-centred `p`), the side, and which edge."""
        best_m, side, edge = math.inf, 0.0, -1
        for near in sorted(self.near(p), key=lambda near: near.distance_m):
            if near.distance_m - near.slack_m > best_m:
                continue
            exact_m, exact_side, _ = self.exact(here, near)
            if exact_m < best_m:
                best_m, side, edge = exact_m, exact_side, near.piece.edge
        return best_m, side, edge


def average(points: tuple[LatLon, ...]) -> Vector:
    """The mean of these points, Earth-centred; it lies below the ground."""
    corners = [ecef(*point) for point in points]
    x, y, z = (sum(corner[axis] for corner in corners) / len(corners) for axis in range(3))
    return (x, y, z)


def _pieces(ends: tuple[Edge, ...]) -> Iterator[Piece]:
    """Every edge cut into equal pieces no longer than PIECE_M."""
    for index, (here, there) in enumerate(ends):
        a, b = ecef(*here), ecef(*there)
        chord_m = math.dist(a, b)
        if chord_m <= PIECE_M:
            yield _piece(index, (0.0, chord_m), a, b)
            continue
        line, length_m = edge_from(here, there)
        cuts = math.ceil(length_m / PIECE_M)
        for cut in range(1, cuts + 1):
            lat, lon, _ = along(line, length_m * cut / cuts)
            end = b if cut == cuts else ecef(lat, lon)
            yield _piece(index, (length_m * (cut - 1) / cuts, length_m), a, end)
            a = end


def _piece(edge: int, place_m: tuple[float, float], a: Vector, b: Vector) -> Piece:
    """The piece from a to b of an edge; `place_m` is where it begins and the edge's length."""
    length_m = math.dist(a, b)
    u = unit(minus(b, a))
    up = (a[0] + b[0], a[1] + b[1], (a[2] + b[2]) / (1.0 - ECCENTRICITY_2))
    return Piece(edge, place_m[0], a, b, u, unit(cross(u, up)), length_m, place_m[1])
