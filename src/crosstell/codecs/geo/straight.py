"""Lines that others draw straight in longitude and latitude, as shapes with geodesic edges.

Units: degrees and metres; WGS-84. RFC 7946 (3.1.1) draws an edge straight in longitude and
latitude; ours are geodesics. So an edge is cut until no piece is farther than `deviation_m` from
its geodesic, and the shape is widened by that and by the rounding of its corners: what was drawn
lies inside. Implements PLC-040 to PLC-044.

The bound of a piece: the straight line runs at constant rates (dlat, dlon) of its parameter, so
its acceleration on the sphere is R |sin lat| |dlon| sqrt(cos^2 lat dlon^2 + 4 dlat^2), and a
curve leaves the chord between its ends by at most an eighth of the greatest one. `SPARE` covers the
ellipsoid and what the sphere's own curvature adds over 1000 km (a third of a per cent each).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from crosstell.codecs.geo.places import Area, Unreadable, Way
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.corridor import POINTS_MAX, Corridor
from crosstell.core.geometry.shape.polygon import VERTICES_MAX, Polygon

LonLat = tuple[float, float]
Plane = tuple[float, float]  # metres east and north

TARGETS_M = (0.05, 0.5, 5.0, 50.0, 500.0)  # tried in turn, until the points fit
PIECE_M_MAX = 200_000.0
LAT_DEG_MAX = 89.0  # beyond, longitude is no measure of anything on the ground
SPARE = 1.1
ROUNDING_M = 0.03
MARGIN_M_MAX = 1_000.0  # without cuts: the margin is added in a plane
SHARP = -0.7  # cosine of the turn from which a corner becomes two, far enough apart to stay two
FILL = 0.9  # of the limit of vertices; a sharp corner takes two
_A_M, _E2 = 6_378_137.0, 0.006_694_379_990_141_316  # WGS-84 semi-major axis, eccentricity squared


@dataclass(frozen=True, slots=True)
class _Cut:
    """Rings or a line with points between, the greatest deviation left, and the margin to add."""

    lines: tuple[tuple[LonLat, ...], ...]
    deviation_m: float

    @property
    def margin_m(self) -> float:
        return math.ceil((self.deviation_m + ROUNDING_M) * 1_000) / 1_000


def area_of(
    rings: tuple[tuple[LonLat, ...], ...], *, cuts: bool = True
) -> tuple[Area, tuple[str, ...]]:
    """The polygon that contains these rings (not closed; the first is the outer), with its doubts.

    Without `cuts` no point is added and the whole deviation is the margin: then it contains both
    the straight lines and the geodesics between the corners.
    """
    for number, ring in enumerate(rings):
        name = "the ring" if number == 0 else f"hole {number}"
        if len(ring) < 3:
            raise Unreadable(f"{name} has {len(ring)} different corners; give 3 or more")
        _check_ring(ring, name)
    cut = _cut(tuple((*ring, ring[0]) for ring in rings), round(VERTICES_MAX * FILL), cuts)
    outer, *holes = (ring[:-1] for ring in cut.lines)
    wide = _offset(outer, cut.margin_m, outwards=True)
    if wide is None:
        raise Unreadable(
            f"widened by {cut.margin_m} m, the area's edges run into each other: leave out points "
            f"nearer to each other than {4 * cut.margin_m:.2f} m, or put points on long edges"
        )
    narrow = [_offset(hole, cut.margin_m, outwards=False) for hole in holes]
    kept = tuple(hole for hole in narrow if hole is not None)
    doubts = tuple(
        f"hole {number} is too small or too narrow to keep within {cut.margin_m} m; it is filled"
        for number, hole in enumerate(narrow, start=1)
        if hole is None
    )
    try:
        polygon = Polygon(vertices=wide, holes=kept)
    except ValueError as refused:
        for number, ring in enumerate(rings):
            _check_order(ring, "" if number == 0 else f" of hole {number}")
        raise Unreadable(f"{refused} (with the points put between: {len(wide)})") from refused
    return Area(polygon=polygon, widened_m=_reach(cut.margin_m)), doubts


def way_of(line: tuple[LonLat, ...], *, width_m: float, cuts: bool = True) -> Way:
    """The corridor that contains everything within half the width of this line."""
    if len(line) < 2:
        raise Unreadable(f"the line has {len(line)} different points; give 2 or more")
    _check_line(line, "the line")
    cut = _cut((line,), round(POINTS_MAX * FILL), cuts)
    points = tuple(Position(lat_deg=lat, lon_deg=wrapped(lon)) for lon, lat in cut.lines[0])
    try:
        corridor = Corridor(points=points, half_width_m=width_m / 2 + cut.margin_m)
    except ValueError as refused:
        raise Unreadable(str(refused)) from refused
    return Way(corridor=corridor, widened_m=cut.margin_m)


def deviation_m(here: LonLat, there: LonLat) -> float:
    """No point of the straight line between the two is farther from their geodesic."""
    dlat, dlon = (math.radians(abs(there[i] - here[i])) for i in (1, 0))
    low, high = sorted((abs(here[1]), abs(there[1])))
    if here[1] * there[1] < 0.0:
        low = 0.0
    sine, cosine = math.sin(math.radians(high)), math.cos(math.radians(low))
    return SPARE * _A_M / 8 * sine * dlon * math.hypot(cosine * dlon, 2 * dlat)


def _reach(margin_m: float) -> float:
    """How far a corner that bulges moves at most."""
    return math.ceil(margin_m * math.sqrt(2 / (1 + SHARP)) * 1_000) / 1_000


def _check_ring(ring: tuple[LonLat, ...], name: str) -> None:
    _check_line((*ring, ring[0]), name)


def _check_order(ring: tuple[LonLat, ...], of: str) -> None:
    """Name two edges that cross by the corners as they were written."""
    edges = list(zip(ring, (*ring[1:], ring[0]), strict=True))
    for first, (a, b) in enumerate(edges):
        for second, (c, d) in enumerate(edges[first + 1 :], start=first + 1):
            if _left(a, b, c) * _left(a, b, d) < 0.0 and _left(c, d, a) * _left(c, d, b) < 0.0:
                raise Unreadable(
                    f"the edge from corner {first + 1} to corner {first + 2}{of} crosses the one "
                    f"from corner {second + 1} to corner {(second + 1) % len(ring) + 1}; write the "
                    "corners in their order around the area"
                )


def _left(a: LonLat, b: LonLat, p: LonLat) -> float:
    """More than 0 where p lies to the left of the line from a to b, less to the right."""
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def _check_line(line: tuple[LonLat, ...], name: str) -> None:
    for number, (here, there) in enumerate(pairwise(line), start=1):
        if abs(there[0] - here[0]) >= 180.0:
            raise Unreadable(
                f"{name}: edge {number} runs over {abs(there[0] - here[0]):.0f} degrees of "
                "longitude; cut it at the antimeridian, or write longitudes that run on beyond 180"
            )
        if max(abs(here[1]), abs(there[1])) > LAT_DEG_MAX:
            raise Unreadable(
                f"{name}: edge {number} comes within a degree of a pole, where straight in "
                "longitude and latitude means little; draw it as a list of positions"
            )


def _cut(lines: tuple[tuple[LonLat, ...], ...], most: int, cuts: bool) -> _Cut:  # noqa: FBT001
    edges = [edge for line in lines for edge in pairwise(line)]
    bounds = [deviation_m(*edge) for edge in edges]
    if not cuts:
        number = max(range(len(bounds)), key=bounds.__getitem__)
        if bounds[number] > MARGIN_M_MAX:
            raise Unreadable(
                f"edge {number + 1} is so long that programs draw it up to "
                f"{bounds[number] / 1_000:.0f} km apart; put points on it"
            )
        return _Cut(lines, bounds[number])
    for target_m in TARGETS_M:
        counts = [_pieces(edge, bound, target_m) for edge, bound in zip(edges, bounds, strict=True)]
        if sum(counts) <= most:
            every = iter(counts)
            cut = tuple(tuple(_points(line, every)) for line in lines)
            left = max(deviation_m(*edge) for line in cut for edge in pairwise(line))
            return _Cut(cut, left)
    raise Unreadable(
        f"{len(edges)} edges, too many or too long for {most} points; split it, or leave points out"
    )


def _pieces(edge: tuple[LonLat, LonLat], bound_m: float, target_m: float) -> int:
    (lon, lat), (to_lon, to_lat) = edge
    length_m = math.radians(math.hypot(to_lon - lon, to_lat - lat)) * _A_M
    return max(1, math.ceil(math.sqrt(bound_m / target_m)), math.ceil(length_m / PIECE_M_MAX))


def _points(line: tuple[LonLat, ...], counts: Iterator[int]) -> Iterator[LonLat]:
    for (lon, lat), (to_lon, to_lat) in pairwise(line):
        pieces = next(counts)
        for k in range(pieces):
            yield lon + (to_lon - lon) * k / pieces, lat + (to_lat - lat) * k / pieces
    yield line[-1]


def _radii(lat_deg: float) -> tuple[float, float]:
    """Metres for a radian of longitude and of latitude."""
    sine, cosine = math.sin(math.radians(lat_deg)), math.cos(math.radians(lat_deg))
    w2 = 1.0 - _E2 * sine * sine
    return _A_M * cosine / math.sqrt(w2), _A_M * (1.0 - _E2) / w2**1.5


def _offset(
    ring: tuple[LonLat, ...], by_m: float, *, outwards: bool
) -> tuple[Position, ...] | None:
    """The ring moved by `by_m` to its outside (inside, for a hole); None if its edges meet so.

    Each corner is moved in the plane that touches the globe there: the margin is small.
    """
    turn = math.fsum(
        a[0] * b[1] - b[0] * a[1]
        for a, b in zip(_near(ring), _near(ring)[1:] + _near(ring)[:1], strict=True)
    )
    side = 1.0 if (turn > 0.0) == outwards else -1.0  # the outside of a ring to the left lies right
    moved: list[list[LonLat]] = []
    for before, here, after in zip((ring[-1], *ring[:-1]), ring, (*ring[1:], ring[0]), strict=True):
        east_m, north_m = _radii(here[1])
        way_in = _direction(before, here, (east_m, north_m))
        way_out = _direction(here, after, (east_m, north_m))
        moved.append(
            [
                (here[0] + math.degrees(x / east_m), here[1] + math.degrees(y / north_m))
                for x, y in _corner(way_in, way_out, by_m, side)
            ]
        )
    if not _keeps_way(ring, moved):
        return None
    found: list[Position] = []
    for lon, lat in (spot for corner in moved for spot in corner):
        position = Position(lat_deg=lat, lon_deg=wrapped(lon))
        if not found or found[-1] != position:  # within the rounding that the margin covers
            found.append(position)
    return tuple(found[:-1] if found[0] == found[-1] else found)


def _near(ring: tuple[LonLat, ...]) -> list[LonLat]:
    """The ring as seen from its first corner: an area is no difference of large numbers."""
    return [(lon - ring[0][0], lat - ring[0][1]) for lon, lat in ring]


def _direction(here: LonLat, there: LonLat, radii: tuple[float, float]) -> Plane:
    x, y = (there[0] - here[0]) * radii[0], (there[1] - here[1]) * radii[1]
    size = math.hypot(x, y)
    return x / size, y / size


def _corner(way_in: Plane, way_out: Plane, by_m: float, side: float) -> list[Plane]:
    """Where a corner goes: on both moved edges, or two points beyond one that is sharp."""
    normal_in = (side * way_in[1], -side * way_in[0])
    normal_out = (side * way_out[1], -side * way_out[0])
    along = way_in[0] * way_out[0] + way_in[1] * way_out[1]
    bulges = side * (way_in[0] * way_out[1] - way_in[1] * way_out[0]) > 0.0
    if along < SHARP and bulges:
        return [
            (by_m * (normal_in[0] + way_in[0]), by_m * (normal_in[1] + way_in[1])),
            (by_m * (normal_out[0] - way_out[0]), by_m * (normal_out[1] - way_out[1])),
        ]
    share = by_m / max(1.0 + along, 1e-9)
    return [(share * (normal_in[0] + normal_out[0]), share * (normal_in[1] + normal_out[1]))]


def _keeps_way(ring: tuple[LonLat, ...], moved: list[list[LonLat]]) -> bool:
    """Whether every moved edge still runs the way of its own."""
    for index, here in enumerate(ring):
        after = (index + 1) % len(ring)
        radii = _radii(here[1])
        way = _direction(here, ring[after], radii)
        start, end = moved[index][-1], moved[after][0]
        x, y = (end[0] - start[0]) * radii[0], (end[1] - start[1]) * radii[1]
        if x * way[0] + y * way[1] <= 0.0:
            return False
    return True


def wrapped(lon_deg: float) -> float:
    """The longitude in [-180, 180)."""
    return (lon_deg + 180.0) % 360.0 - 180.0
