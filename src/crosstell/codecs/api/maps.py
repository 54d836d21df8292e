"""The operator's own map packages, as the page is told of them and as their manifests have them."""

from dataclasses import dataclass
from enum import StrEnum


class MapKind(StrEnum):
    """What the tiles hold."""

    VECTOR = "vector"
    RASTER = "raster"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShown:
    """One package. `id` begins its SHA-256; `layers` are the vector layers that can be drawn.

    `size` is in bytes, bounds are in degrees WGS-84.
    """

    id: str
    title: str
    attribution: str
    sha256: str
    size: int
    kind: MapKind
    layers: tuple[str, ...]
    zoom_min: int
    zoom_max: int
    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MapMissing:
    """A package whose file is gone, or has another size than it had."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapsShown:
    """Every package of this node, by title; and those whose file is gone, which are not offered."""

    maps: tuple[MapShown, ...]
    missing: tuple[MapMissing, ...] = ()
