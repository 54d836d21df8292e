"""Footprints: shapes on the ellipsoid. Edges are WGS-84 geodesics; a circle is geodesic too.

Units: degrees and metres. Frame: WGS-84 (see `position`). A footprint is closed: its edge
belongs to it.
"""

import math
from dataclasses import dataclass
from typing import Any

from crosstell.core.geometry.cartesian import Vector, ecef
from crosstell.core.geometry.outline import Outline
from crosstell.core.geometry.position import Position

VERTICES_MAX = 1_000
RADIUS_M_MAX = 1_000_000.0


class _Kept:
    """Room for what follows from a shape's fields alone; not a field, so never compared or told."""

    __slots__ = ("_kept",)
    _kept: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle(_Kept):
    """All points within `radius_m` of `centre` along the geodesic."""

    centre: Position
    radius_m: float

    def __post_init__(self) -> None:
        """Refuse an empty or absurd circle; quantise to the millimetre."""
        if not math.isfinite(self.radius_m) or not 0.0 < self.radius_m <= RADIUS_M_MAX:
            raise ValueError(f"circle radius {self.radius_m} m is outside 0 to {RADIUS_M_MAX} m")
        object.__setattr__(self, "radius_m", round(self.radius_m * 1_000) / 1_000)
        if self.radius_m == 0.0:
            raise ValueError("circle radius is under half a millimetre; give a radius in metres")

    @property
    def middle(self) -> Vector:
        """The centre, Earth-centred; worked out once."""
        try:
            kept: Vector = self._kept
        except AttributeError:
            kept = ecef(self.centre.lat_deg, self.centre.lon_deg)
            object.__setattr__(self, "_kept", kept)
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon(_Kept):
    """The area inside a simple ring of geodesic edges; the first vertex is not repeated.

    Either direction of the ring will do: inside is the side that lies within a hemisphere.
    """

    vertices: tuple[Position, ...]

    def __post_init__(self) -> None:
        """Refuse what has no inside (GEO-020 to GEO-025), naming vertices and edges from 1."""
        count = len(self.vertices)
        if not 3 <= count <= VERTICES_MAX:
            raise ValueError(f"polygon has {count} vertices; give 3 to {VERTICES_MAX}")
        first: dict[Position, int] = {}
        for number, vertex in enumerate(self.vertices, start=1):
            if vertex in first:
                raise ValueError(
                    f"polygon: vertex {number} repeats vertex {first[vertex]} at "
                    f"{vertex.lat_deg}, {vertex.lon_deg}; leave one out (the ring closes itself)"
                )
            first[vertex] = number
        object.__setattr__(self, "_kept", Outline.of(self.vertices))

    @property
    def outline(self) -> Outline:
        """The ring as short pieces, worked out once."""
        try:
            kept: Outline = self._kept
        except AttributeError:  # copied without construction
            kept = Outline.of(self.vertices)
            object.__setattr__(self, "_kept", kept)
        return kept


Footprint = Circle | Polygon
