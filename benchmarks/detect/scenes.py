"""The inputs, the same for every method: tracks, zones and plans from a seed.

Units: degrees, metres, metres per second, seconds. The area is about 3000 km square around 36 N
40 E for tracks and zones, 600 km for plans. Heights are above mean sea level and jittered, so that
no two are in an exact tie (one of the peers treats ties as one-sided).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Codes = NDArray[np.int32]

MIDDLE = (36.0, 40.0)
DEGREE_M = 111_195.0
FOOT_M = 0.3048
MILE_M = 1852.0


@dataclass(frozen=True)
class Found:
    """How many pairs were found, and how many of them by the exact test of one pair."""

    pairs: int
    exactly: int


@dataclass(frozen=True)
class Tracks:
    """Columns of one value per track; `lateral_m` and `vertical_m` are the rule."""

    lat_deg: Column
    lon_deg: Column
    track_deg: Column
    speed_mps: Column
    climb_mps: Column
    altitude_m: Column
    lateral_m: float
    vertical_m: float
    horizon_s: float


@dataclass(frozen=True)
class Volumes:
    """Columns of one value per volume; `rings` holds vertices (lat, lon), None for a circle."""

    lat_deg: Column
    lon_deg: Column
    radius_m: Column
    rings: list[Column | None]
    lower_m: Column
    upper_m: Column
    start_s: Column
    end_s: Column
    party: Codes


def _place(x_m: Column, y_m: Column) -> tuple[Column, Column]:
    """Latitude and longitude of plane offsets from the middle, near enough for a scene."""
    lat = MIDDLE[0] + y_m / DEGREE_M
    return lat, MIDDLE[1] + x_m / (DEGREE_M * np.cos(np.radians(lat)))


def tracks(kind: str, count: int, *, seed: int = 1) -> Tracks:
    """`en-route`, `mixed` or `clustered` traffic, as in the measurements the targets rest on.

    `levels` is clustered traffic, level, every height a whole number of thousands of feet.
    """
    rng = np.random.default_rng([seed, count])
    side_m = 3_000_000.0
    x, y = (rng.uniform(-side_m / 2, side_m / 2, count) for _ in range(2))
    speed = rng.uniform(100.0, 250.0, count)
    altitude = (
        rng.integers(0, 41, count) * 1_000.0 * FOOT_M + 100.0 + rng.uniform(-30.0, 30.0, count)
    )
    lateral_m, vertical_m = 5.0 * MILE_M, 1_000.0 * FOOT_M
    if kind == "mixed":
        towns = rng.uniform(-side_m / 2, side_m / 2, (400, 2))
        share = rng.random(count)
        general, uncrewed = (share >= 0.2) & (share < 0.5), share >= 0.5
        speed[general] = rng.uniform(40.0, 80.0, int(general.sum()))
        altitude[general] = rng.uniform(300.0, 3_500.0, int(general.sum()))
        speed[uncrewed] = rng.uniform(5.0, 25.0, int(uncrewed.sum()))
        altitude[uncrewed] = rng.uniform(30.0, 150.0, int(uncrewed.sum()))
        at = towns[rng.integers(0, 400, int(uncrewed.sum()))]
        spread = rng.normal(0.0, 15_000.0, (2, int(uncrewed.sum())))
        x[uncrewed], y[uncrewed] = at[:, 0] + spread[0], at[:, 1] + spread[1]
        lateral_m, vertical_m = 0.66 * MILE_M, 450.0 * FOOT_M
    if kind == "levels":
        altitude = np.rint(altitude / (1_000.0 * FOOT_M)) * 1_000.0 * FOOT_M
    if kind in ("clustered", "levels"):
        hubs = rng.uniform(-side_m / 2, side_m / 2, (60, 2))
        near = rng.random(count) < 0.7
        at = hubs[rng.integers(0, 60, int(near.sum()))]
        spread = rng.normal(0.0, 30_000.0, (2, int(near.sum())))
        x[near], y[near] = at[:, 0] + spread[0], at[:, 1] + spread[1]
    lat, lon = _place(x, y)
    return Tracks(
        lat_deg=lat,
        lon_deg=lon,
        track_deg=rng.uniform(0.0, 360.0, count),
        speed_mps=speed,
        climb_mps=rng.choice([0.0, 0.0, 5.0, -5.0], count) * (kind != "levels"),
        altitude_m=altitude,
        lateral_m=lateral_m,
        vertical_m=vertical_m,
        horizon_s=180.0,
    )


def zones(count: int, *, seed: int = 2) -> Volumes:
    """Six in ten are circles, the others polygons of 4 to 39 vertices; all within 12 hours."""
    rng = np.random.default_rng([seed, count])
    x, y = (rng.uniform(-1_500_000.0, 1_500_000.0, count) for _ in range(2))
    radius = rng.uniform(2_000.0, 20_000.0, count)
    rings: list[Column | None] = []
    for number in range(count):
        if rng.random() < 0.6:
            rings.append(None)
            continue
        corners = int(rng.integers(4, 40))
        turn = (np.arange(corners) + rng.uniform(0.0, 0.5, corners)) * 2 * np.pi / corners
        out = radius[number] * rng.uniform(0.5, 1.0, corners)
        ring = _place(x[number] + out * np.sin(turn), y[number] + out * np.cos(turn))
        rings.append(np.column_stack(ring))
    lower = rng.uniform(0.0, 9_000.0, count)
    start = rng.uniform(-21_600.0, 21_600.0, count)
    lat, lon = _place(x, y)
    return Volumes(
        lat_deg=lat,
        lon_deg=lon,
        radius_m=radius,
        rings=rings,
        lower_m=lower,
        upper_m=lower + rng.uniform(300.0, 4_000.0, count),
        start_s=start,
        end_s=start + rng.uniform(600.0, 21_600.0, count),
        party=np.zeros(count, np.int32),
    )


def plans(count: int, *, seed: int = 3) -> Volumes:
    """Operations of ten volumes in a row, 40 parties, 24 hours, 600 km; four in ten rectangles."""
    rng = np.random.default_rng([seed, count])
    operations = count // 10
    x0, y0 = (rng.uniform(-300_000.0, 300_000.0, operations) for _ in range(2))
    course = rng.uniform(0.0, 2 * np.pi, operations)
    begin = rng.uniform(0.0, 86_400.0, operations)
    party = rng.integers(0, 40, operations)
    height = rng.uniform(30.0, 3_000.0, operations)
    step = np.tile(np.arange(10.0), operations)
    of = np.repeat(np.arange(operations), 10)
    x = x0[of] + 2_000.0 * step * np.sin(course[of])
    y = y0[of] + 2_000.0 * step * np.cos(course[of])
    radius = np.repeat(rng.uniform(100.0, 1_500.0, operations), 10)
    is_circle = np.repeat(rng.random(operations) < 0.6, 10)
    rings: list[Column | None] = []
    for number in range(operations * 10):
        if is_circle[number]:
            rings.append(None)
            continue
        along, across = course[of[number]], course[of[number]] + np.pi / 2
        half = radius[number]
        corners = [(1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0)]
        xs = [x[number] + half * (a * np.sin(along) + b * np.sin(across)) for a, b in corners]
        ys = [y[number] + half * (a * np.cos(along) + b * np.cos(across)) for a, b in corners]
        rings.append(np.column_stack(_place(np.array(xs), np.array(ys))))
    lat, lon = _place(x, y)
    start = begin[of] + 60.0 * step
    return Volumes(
        lat_deg=lat,
        lon_deg=lon,
        radius_m=radius,
        rings=rings,
        lower_m=height[of],
        upper_m=height[of] + 100.0,
        start_s=start,
        end_s=start + 300.0,
        party=party[of].astype(np.int32),
    )


def adjoining(count: int) -> Volumes:
    """A square of cells that share their edges, at one time and height, of as many parties."""
    side = round(count**0.5)
    edge = MIDDLE[0] + 0.02 * np.arange(side + 1), MIDDLE[1] + 0.02 * np.arange(side + 1)
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    rings: list[Column | None] = [
        np.array([(edge[0][i + a], edge[1][j + b]) for a, b in corners])
        for i in range(side)
        for j in range(side)
    ]
    nothing = np.zeros(len(rings))
    return Volumes(
        lat_deg=nothing,
        lon_deg=nothing,
        radius_m=nothing,
        rings=rings,
        lower_m=nothing,
        upper_m=nothing + 3_000.0,
        start_s=nothing,
        end_s=nothing + 3_600.0,
        party=np.arange(len(rings), dtype=np.int32),
    )


def states(count: int, *, seed: int = 4) -> tuple[Column, ...]:
    """Relative positions and velocities of `count` pairs: east, north, up, and their rates."""
    rng = np.random.default_rng([seed, count])
    return (
        rng.uniform(-15_000.0, 15_000.0, count),
        rng.uniform(-15_000.0, 15_000.0, count),
        rng.uniform(-800.0, 800.0, count),
        rng.uniform(-200.0, 200.0, count),
        rng.uniform(-200.0, 200.0, count),
        rng.uniform(-10.0, 10.0, count),
    )
