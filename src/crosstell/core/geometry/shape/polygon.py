"""A polygon with holes. Units: degrees; WGS-84. Edges are geodesics."""

from dataclasses import dataclass, field

from crosstell.core.geometry.cartesian import Vector
from crosstell.core.geometry.outline import Outline
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.kept import Kept

VERTICES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon(Kept):
    """The area inside a simple ring of geodesic edges and outside every hole.

    The first vertex of a ring is not repeated. Either direction will do: inside is the side that
    lies within a hemisphere. The edge of a hole belongs to the polygon, as its ring does.
    """

    vertices: tuple[Position, ...]
    holes: tuple[tuple[Position, ...], ...] = field(
        default=(), metadata={"signed": "unless-default"}
    )

    def __post_init__(self) -> None:
        """Refuse what has no inside (GEO-020 to GEO-027), naming vertices and edges from 1."""
        rings = (self.vertices, *self.holes)
        for number, ring in enumerate(rings):
            if len(ring) < 3:
                name = "polygon" if number == 0 else f"polygon: hole {number}"
                raise ValueError(f"{name} has {len(ring)} vertices; give 3 to {VERTICES_MAX}")
        count = sum(map(len, rings))
        if count > VERTICES_MAX:
            raise ValueError(f"polygon has {count} vertices; give 3 to {VERTICES_MAX}")
        for number, ring in enumerate(rings):
            _check_repeats(number, ring)
        object.__setattr__(self, "_kept", self._made())

    def _made(self) -> Outline:
        return Outline.of(self.vertices, self.holes)

    @property
    def outline(self) -> Outline:
        """The rings as short pieces, worked out once."""
        return self._once(self._made)

    @property
    def middle(self) -> Vector:
        """A point near the middle, Earth-centred; it lies below the ground."""
        return self.outline.middle

    @property
    def bound_m(self) -> float:
        """Every point of the polygon is within this of `middle`, in a straight line."""
        return self.outline.bound_m


def _check_repeats(number: int, ring: tuple[Position, ...]) -> None:
    """Refuse a vertex given twice in one ring."""
    name = "polygon" if number == 0 else f"polygon: hole {number}"
    first: dict[Position, int] = {}
    for place, vertex in enumerate(ring, start=1):
        if vertex in first:
            raise ValueError(
                f"{name}: vertex {place} repeats vertex {first[vertex]} at "
                f"{vertex.lat_deg}, {vertex.lon_deg}; leave one out (the ring closes itself)"
            )
        first[vertex] = place
