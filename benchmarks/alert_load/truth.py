"""What happened, by the recording: when an object was within a rule's minima of a place.

The recording itself is the truth: between two observations at most `GAP_S` apart the object is
taken to have gone straight and evenly, second by second; across a longer gap nothing is known.
Distances here do not use detection's code: a chord made good for curvature for circles, a gnomonic
plane for polygons (its straight lines are great circles). Both are within a few metres, which is
less than the recorded positions are good for.
"""

from dataclasses import dataclass

import numpy as np
from benchmarks.alert_load.columns import Columns, Floats, Ints, Mask
from benchmarks.alert_load.places import Place

from crosstell.core.altitude import Altitude, AltitudeLimit
from crosstell.core.geometry.cartesian import ECCENTRICITY_2, RADIUS_M, SEMI_MAJOR_M
from crosstell.core.geometry.footprint import Circle, Polygon
from crosstell.core.geometry.position import Position

GAP_S = 120.0
MERGE_S = 60.0  # infringements of one pair nearer in time than this are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A closed span of time."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fine:
    """The paths of all tracks at each whole step, and the spells for which each is known."""

    time_s: Floats
    track: Ints
    lat_deg: Floats
    lon_deg: Floats
    altitude_m: Floats
    known: tuple[tuple[Spell, ...], ...]
    point: Floats


def fine(columns: Columns, *, step_s: float = 1.0) -> Fine:
    """The recording between its observations."""
    parts: list[Floats] = []
    known: list[tuple[Spell, ...]] = []
    for track, rows in enumerate(columns.rows_of()):
        spells = []
        for piece in np.split(rows, np.flatnonzero(np.diff(columns.time_s[rows]) > GAP_S) + 1):
            start_s, end_s = columns.time_s[piece[0]], columns.time_s[piece[-1]]
            spells.append(Spell(start_s=float(start_s), end_s=float(end_s)))
            at = np.arange(np.ceil(start_s / step_s), np.floor(end_s / step_s) + 1) * step_s
            values = [np.full(len(at), float(track))]
            values += [
                np.interp(at, columns.time_s[piece], getattr(columns, name)[piece])
                for name in ("lat_deg", "lon_deg", "altitude_m")
            ]
            parts.append(np.stack([at, *values]))
        known.append(tuple(spells))
    time_s, track_of, lat, lon, altitude = np.concatenate(parts, axis=1)
    return Fine(
        time_s=time_s,
        track=track_of.astype(np.int64),
        lat_deg=lat,
        lon_deg=lon,
        altitude_m=altitude,
        known=tuple(known),
        point=points(lat, lon),
    )


def points(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Earth-centred points on the ellipsoid."""
    phi, lam = np.radians(lat_deg), np.radians(lon_deg)
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * np.sin(phi) ** 2)
    return np.stack(
        [
            normal * np.cos(phi) * np.cos(lam),
            normal * np.cos(phi) * np.sin(lam),
            normal * (1.0 - ECCENTRICITY_2) * np.sin(phi),
        ],
        axis=-1,
    )


def arc_m(chord_m: Floats) -> Floats:
    """The distance over the ground of a chord (spec GEO-010)."""
    return chord_m + chord_m**3 / (24.0 * RADIUS_M**2)


def infringed(path: Fine, place: Place) -> dict[int, tuple[Spell, ...]]:
    """When each track was within the minima of the place."""
    level = _level(path, place)
    footprint = place.volume.footprint
    if isinstance(footprint, Circle):
        inside = _in_circle(path, footprint, place.lateral_m)
    else:
        assert isinstance(footprint, Polygon), "only circles and polygons are drawn here"
        assert place.lateral_m == 0.0, "polygons bear no standoff here"
        inside = _in_polygon(path, footprint)
    return spells_of(path.time_s, path.track, inside & level)


def spells_of(
    time_s: Floats, owner: Ints, inside: Mask | None = None
) -> dict[int, tuple[Spell, ...]]:
    """Spells in which `inside` holds (None: all rows), of each owner."""
    found: dict[int, tuple[Spell, ...]] = {}
    at, who = (time_s, owner) if inside is None else (time_s[inside], owner[inside])
    order = np.lexsort((at, who))
    at, who = at[order], who[order]
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    ends = np.append(starts, len(who))[1:]
    for start, end in zip(starts, ends, strict=True):
        times = at[start:end]
        cuts = np.flatnonzero(np.diff(times) > MERGE_S) + 1
        found[int(who[start])] = tuple(
            Spell(start_s=float(piece[0]), end_s=float(piece[-1]))
            for piece in np.split(times, cuts)
        )
    return found


def _level(path: Fine, place: Place) -> Mask:
    lower, upper = place.volume.lower, place.volume.upper
    with np.errstate(invalid="ignore"):
        above = path.altitude_m >= _value_m(lower, -np.inf) - place.vertical_m
        below = path.altitude_m <= _value_m(upper, np.inf) + place.vertical_m
    unlimited = not isinstance(lower, Altitude) and not isinstance(upper, Altitude)
    both: Mask = above & below
    return np.ones_like(both) if unlimited else both


def _value_m(limit: AltitudeLimit, other: float) -> float:
    return limit.value_m if isinstance(limit, Altitude) else other


def _in_circle(path: Fine, circle: Circle, limit_m: float) -> Mask:
    middle = points(np.array(circle.centre.lat_deg), np.array(circle.centre.lon_deg))
    chord = np.linalg.norm(path.point - middle, axis=-1)
    found: Mask = arc_m(chord) <= circle.radius_m + limit_m
    return found


def _in_polygon(path: Fine, polygon: Polygon) -> Mask:
    """Even-odd over the edges, in the gnomonic plane about the first vertex."""
    origin = polygon.vertices[0]
    near = np.linalg.norm(path.point - points(*_arrays(origin)), axis=-1) < 300_000.0
    x, y = _plane(path.lat_deg[near], path.lon_deg[near], origin)
    corners = [_plane(*_arrays(vertex), origin) for vertex in polygon.vertices]
    odd = np.zeros(len(x), dtype=np.bool_)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        spans = (ay > y) != (by > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            odd ^= spans & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    inside = np.zeros(len(path.time_s), dtype=np.bool_)
    inside[near] = odd
    return inside


def _arrays(place: Position) -> tuple[Floats, Floats]:
    return np.array(place.lat_deg), np.array(place.lon_deg)


def _plane(lat_deg: Floats, lon_deg: Floats, origin: Position) -> tuple[Floats, Floats]:
    """Gnomonic coordinates on the unit sphere."""
    phi, lam = np.radians(lat_deg), np.radians(lon_deg - origin.lon_deg)
    phi0 = np.radians(origin.lat_deg)
    cos_c = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(lam)
    x = np.cos(phi) * np.sin(lam) / cos_c
    y = (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(lam)) / cos_c
    return x, y
