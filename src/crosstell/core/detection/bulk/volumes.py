"""Many volumes as columns: what a kernel reads, and the exact volume behind each row.

Units: metres (Earth-centred, see `geometry/cartesian`), degrees, microseconds since 1970 UTC.
Windows are half-open. Altitude limits stand in one datum; -inf and +inf are Unbounded.

Symbols, per piece of a ring (see `geometry/outline`): a its begin, u the unit vector along it, m
the level normal across it, then its length, then both its ends on the gnomonic picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import (
    GRAIN_M,
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    AltitudeLimit,
    Datum,
    DatumDataMissing,
    Unbounded,
)
from crosstell.core.geometry.cartesian import ECCENTRICITY_2, SEMI_MAJOR_M
from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    Polygon,
)
from crosstell.core.geometry.outline import Outline
from crosstell.core.geometry.pieces import PIECE_M, SAGITTA_M, Piece
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, from_us, to_us

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PIECE_FIELDS = 14
SHARE = 50_000
NO_PARTY = -1


class Kind(IntEnum):
    """How a row's footprint is tested: as circle, rings, lines with a width, or by its ball.

    Lines are tested so against tracks; against plans, by the ball that holds them.
    """

    CIRCLE = 0
    RING = 1
    BALL = 2
    LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VolumeColumns:
    """n volumes. The ball of `bound_m` around `middle_m` holds the footprint.

    `height_wide_m` is how far a limit may be wrong after conversion (inf: it may be any height).
    `party` is a code from 0 up, or NO_PARTY; two rows of one party are never paired as plans.
    `volumes` are the exact volumes; where the rows were given as arrays it is empty, and
    `volume_at` makes them anew from `corner_deg` (the centre of a circle, else the ring).
    """

    kind: NDArray[np.int8]
    middle_m: Floats
    bound_m: Floats
    radius_m: Floats
    lower_m: Floats
    upper_m: Floats
    height_wide_m: Floats
    start_us: Ints
    end_us: Ints
    party: NDArray[np.int32]
    piece_at: Ints
    pieces: Floats
    corner_at: Ints
    corner_deg: Floats
    datum: Datum
    data: AltitudeData
    volumes: tuple[Volume, ...]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.kind)

    def volume_at(self, row: int) -> Volume:
        """The exact volume of this row."""
        if self.volumes:
            return self.volumes[row]
        ring = self.corner_deg[self.corner_at[row] : self.corner_at[row + 1]]
        corners = tuple(Position(lat_deg=float(lat), lon_deg=float(lon)) for lat, lon in ring)
        footprint: Footprint
        if self.kind[row] == Kind.CIRCLE:
            footprint = Circle(centre=corners[0], radius_m=float(self.radius_m[row]))
        else:
            footprint = Polygon(vertices=corners)
        start, end = from_us(int(self.start_us[row])), from_us(int(self.end_us[row]))
        return Volume(
            footprint=footprint,
            lower=_limit(float(self.lower_m[row]), self.datum),
            upper=_limit(float(self.upper_m[row]), self.datum),
            window=Window(start=start, end=end),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VolumeArrays:
    """n volumes as plain arrays, from a store or a file; all limits stand in `datum`.

    Row k has the corners `corner_deg[corner_at[k]:corner_at[k + 1]]` (latitude, longitude): one
    is the centre of a circle of `radius_m[k]`, three or more a ring as `Polygon` takes it.
    `volume_columns_of` checks every number; that a ring is simple is checked by `Polygon`.
    """

    corner_at: Ints
    corner_deg: Floats
    radius_m: Floats
    lower_m: Floats
    upper_m: Floats
    start_us: Ints
    end_us: Ints
    party: NDArray[np.int32]
    datum: Datum

    def __post_init__(self) -> None:
        """Refuse other lengths, numbers that are none, and reversed limits, by name and row."""
        count = len(self.corner_at) - 1
        for name in ("radius_m", "lower_m", "upper_m", "start_us", "end_us", "party"):
            column = getattr(self, name)
            if column.shape != (count,):
                raise ValueError(
                    f"volumes: column {name} has shape {column.shape}; corner_at says {count} rows"
                )
        for name in ("lower_m", "upper_m"):
            _refuse(np.isnan(getattr(self, name)), name, "is not a number; give -inf or inf")
        counts = np.diff(self.corner_at)
        circle = counts == 1
        if count and (self.corner_at[0] != 0 or self.corner_at[-1] != len(self.corner_deg)):
            raise ValueError("volumes: corner_at must lead from 0 to the number of corners")
        _refuse(
            (counts < 1) | (counts == 2), "corner_at", "gives 0 or 2 corners; give 1, 3 or more"
        )
        sized = np.isfinite(self.radius_m) & (self.radius_m > 0.0) & (self.radius_m <= 1e6)
        _refuse(circle & ~sized, "radius_m", "is outside 0 to 1000000 m")
        owner = np.repeat(np.arange(count), np.maximum(counts, 0))
        there = np.isfinite(self.corner_deg).all(axis=1) & (np.abs(self.corner_deg[:, 0]) <= 90.0)
        bad = np.zeros(count, np.bool_)
        bad[owner[~(there & (np.abs(self.corner_deg[:, 1]) <= 360.0))]] = True
        _refuse(bad, "corner_deg", "has a corner that is not on the globe")
        _refuse(self.upper_m < self.lower_m, "upper_m", "is below lower_m")
        _refuse(self.end_us <= self.start_us, "end_us", "is not after start_us")


def volume_columns(
    volumes: Sequence[Volume],
    *,
    parties: Sequence[int] = (),
    datum: Datum = Datum.MSL_EGM96,
    data: AltitudeData = NO_ALTITUDE_DATA,
) -> VolumeColumns:
    """The columns of these volumes; `parties` are their codes (empty: no party at all).

    Limits are converted to `datum` by `data`; what cannot be converted may be any height.
    Implements BLV-001, BLV-002.
    """
    if len(parties) not in (0, len(volumes)):
        raise ValueError(f"volumes: {len(parties)} party codes for {len(volumes)} volumes")
    count = len(volumes)
    shapes = [_shape(volume.footprint) for volume in volumes]
    heights = np.array([_heights(volume, datum, data) for volume in volumes], np.float64)
    heights = heights.reshape(count, 3)
    return VolumeColumns(
        kind=np.array([shape[0] for shape in shapes], np.int8),
        middle_m=np.array([shape[1] for shape in shapes], np.float64).reshape(count, 3),
        bound_m=np.array([shape[2] for shape in shapes], np.float64),
        radius_m=np.array([shape[3] for shape in shapes], np.float64),
        lower_m=np.ascontiguousarray(heights[:, 0]),
        upper_m=np.ascontiguousarray(heights[:, 1]),
        height_wide_m=np.ascontiguousarray(heights[:, 2]),
        start_us=np.array([to_us(volume.window.start) for volume in volumes], np.int64),
        end_us=np.array([to_us(volume.window.end) for volume in volumes], np.int64),
        party=np.array(parties or [NO_PARTY] * count, np.int32),
        piece_at=_offsets([len(shape[4]) for shape in shapes]),
        pieces=np.array([row for shape in shapes for row in shape[4]], np.float64).reshape(
            -1, PIECE_FIELDS
        ),
        corner_at=np.zeros(count + 1, np.int64),
        corner_deg=np.zeros((0, 2)),
        datum=datum,
        data=data,
        volumes=tuple(volumes),
    )


def volume_columns_of(arrays: VolumeArrays) -> VolumeColumns:
    """The columns of volumes that are given as arrays, without an object for each.

    Implements BLV-003.
    """
    counts = np.diff(arrays.corner_at)
    grain_deg = np.round(arrays.corner_deg * 1e7) / 1e7
    points_m = ecef_columns(grain_deg[:, 0], grain_deg[:, 1])
    circle = counts == 1
    begin = arrays.corner_at[:-1]
    middle_m = np.add.reduceat(points_m, begin) / counts[:, None] if len(counts) else points_m
    owner = np.repeat(np.arange(len(counts)), counts)
    away_m = np.linalg.norm(points_m - middle_m[owner], axis=1)
    ball_m = np.maximum.reduceat(away_m, begin) * 1.01 + 2.0 * SAGITTA_M if len(counts) else away_m
    radius_m = np.where(circle, np.round(arrays.radius_m * 1_000) / 1_000, 0.0)
    rows, piece_at = _all_pieces(points_m, grain_deg, arrays.corner_at, middle_m)
    return VolumeColumns(
        kind=np.where(circle, Kind.CIRCLE, Kind.RING).astype(np.int8),
        middle_m=middle_m,
        bound_m=np.where(circle, radius_m, ball_m),
        radius_m=radius_m,
        lower_m=np.round(arrays.lower_m * 1_000) / 1_000,
        upper_m=np.round(arrays.upper_m * 1_000) / 1_000,
        height_wide_m=np.zeros(len(counts)),
        start_us=np.ascontiguousarray(arrays.start_us, np.int64),
        end_us=np.ascontiguousarray(arrays.end_us, np.int64),
        party=np.ascontiguousarray(arrays.party, np.int32),
        piece_at=piece_at,
        pieces=rows,
        corner_at=np.ascontiguousarray(arrays.corner_at, np.int64),
        corner_deg=grain_deg,
        datum=arrays.datum,
        data=NO_ALTITUDE_DATA,
        volumes=(),
    )


def ecef_columns(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """The points on the ellipsoid, one row each."""
    phi, lam = np.radians(lat_deg), np.radians(lon_deg)
    sin_phi, cos_phi = np.sin(phi), np.cos(phi)
    normal_m = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * sin_phi * sin_phi)
    across_m = normal_m * cos_phi
    return np.stack(
        (across_m * np.cos(lam), across_m * np.sin(lam), normal_m * (1 - ECCENTRICITY_2) * sin_phi),
        axis=1,
    )


def _refuse(bad: NDArray[np.bool_], name: str, what: str) -> None:
    """Raise ValueError naming the column and the first bad row."""
    rows = np.flatnonzero(bad)
    if len(rows):
        raise ValueError(f"volumes: row {rows[0]}: {name} {what}")


def _limit(value_m: float, datum: Datum) -> AltitudeLimit:
    return Altitude(value_m=value_m, datum=datum) if np.isfinite(value_m) else Unbounded()


def _offsets(counts: Sequence[int] | Ints) -> Ints:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(np.asarray(counts, np.int64))))


def _shape(footprint: Footprint) -> tuple[Kind, Any, float, float, list[Any]]:
    """Kind, middle, bound, radius and pieces of one footprint."""
    middle, bound_m = footprint.middle, footprint.bound_m
    if isinstance(footprint, Circle):
        return Kind.CIRCLE, middle, bound_m, footprint.radius_m, []
    if isinstance(footprint, Ellipse | Polygon):
        return Kind.RING, middle, bound_m, 0.0, _outline_rows(footprint.outline)
    if isinstance(footprint, Corridor | Orbit):
        rows = [_piece_row(piece, (0.0, 0.0, 0.0, 0.0)) for piece in footprint.lines.pieces]
        return Kind.LINES, middle, bound_m, footprint.half_width_m, rows
    return Kind.BALL, middle, bound_m, 0.0, []


def _outline_rows(outline: Outline) -> list[Any]:
    """The pieces of one outline as rows."""
    return [
        _piece_row(piece, (*stretch.a, *stretch.b))
        for piece, stretch in zip(outline.pieces, outline.stretches, strict=True)
    ]


def _piece_row(piece: Piece, ends: tuple[float, float, float, float]) -> tuple[float, ...]:
    return (*piece.a, *piece.u, *piece.m, piece.length_m, *ends)


def _heights(volume: Volume, datum: Datum, data: AltitudeData) -> tuple[float, float, float]:
    """Lower and upper limit in `datum`, and how far they may be wrong."""
    wide_m = 0.0
    limits = []
    for limit, beyond in ((volume.lower, -np.inf), (volume.upper, np.inf)):
        if not isinstance(limit, Altitude):
            limits.append(beyond)
            continue
        try:
            shift = data.shift(limit.datum, to=datum)
        except DatumDataMissing:
            return -np.inf, np.inf, np.inf
        limits.append(limit.value_m + shift.add_m)
        if limit.datum is not datum:
            wide_m = max(wide_m, shift.uncertainty_m + GRAIN_M)
    lower_m, upper_m = limits
    if lower_m > upper_m:  # upside down once converted: which heights are meant is unknown
        return -np.inf, np.inf, np.inf
    return lower_m, upper_m, wide_m


def _all_pieces(
    points_m: Floats, corner_deg: Floats, corner_at: Ints, middle_m: Floats
) -> tuple[Floats, Ints]:
    """The pieces of every ring, SHARE rows at a time so that memory stays bounded."""
    parts, counts = [np.zeros((0, PIECE_FIELDS))], [np.zeros(0, np.int64)]
    for begin in range(0, len(middle_m), SHARE):
        at = corner_at[begin : begin + SHARE + 1]
        corners = slice(int(at[0]), int(at[-1]))
        part, part_at = _ring_pieces(
            points_m[corners], corner_deg[corners], at - at[0], middle_m[begin : begin + SHARE]
        )
        parts.append(part)
        counts.append(np.diff(part_at))
    return np.concatenate(parts), _offsets(np.concatenate(counts))


def _ring_pieces(
    points_m: Floats, corner_deg: Floats, corner_at: Ints, middle_m: Floats
) -> tuple[Floats, Ints]:
    """The pieces of every ring, row by row; edges longer than PIECE_M are cut by `Outline`."""
    counts = np.diff(corner_at)
    owner = np.repeat(np.arange(len(counts)), counts)
    after = np.arange(len(points_m)) + 1
    after[corner_at[1:] - 1] = corner_at[:-1]
    edge_m = points_m[after] - points_m
    length_m = np.linalg.norm(edge_m, axis=1)
    ring = counts > 1
    long_rows = np.unique(owner[(length_m > PIECE_M) & ring[owner]])
    keep = ring[owner]
    u = edge_m[keep] / length_m[keep, None]
    up = points_m[after][keep] + points_m[keep]
    up[:, 2] /= 1.0 - ECCENTRICITY_2
    m = np.cross(u, up)
    m /= np.linalg.norm(m, axis=1)[:, None]
    eye_m = middle_m[owner[keep]]
    flat, end = pictures(points_m[keep], eye_m), pictures(points_m[after][keep], eye_m)
    rows = np.column_stack((points_m[keep], u, m, length_m[keep], flat, end))
    piece_counts = np.where(ring, counts, 0)
    if not len(long_rows):
        return np.ascontiguousarray(rows), _offsets(piece_counts)
    parts = np.split(rows, np.cumsum(piece_counts)[:-1])
    for row in long_rows:
        corner = corner_deg[corner_at[row] : corner_at[row + 1]]
        corners = tuple(Position(lat_deg=float(lat), lon_deg=float(lon)) for lat, lon in corner)
        parts[row] = np.array(_outline_rows(Polygon(vertices=corners).outline), np.float64)
    return np.concatenate(parts), _offsets([len(part) for part in parts])


def pictures(points_m: Floats, middle_m: Floats) -> Floats:
    """The gnomonic picture of each point from above the middle of its ring (see `outline`)."""
    eye = middle_m / np.linalg.norm(middle_m, axis=1)[:, None]
    pole = np.where(np.abs(eye[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[0.0, 1.0, 0.0]])
    right = np.cross(pole, eye)
    right /= np.linalg.norm(right, axis=1)[:, None]
    above = np.cross(eye, right)
    height = np.einsum("ij,ij->i", points_m, eye)
    x = np.einsum("ij,ij->i", points_m, right) / height
    return np.column_stack((x, np.einsum("ij,ij->i", points_m, above) / height))
