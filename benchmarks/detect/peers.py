"""What a user would pick instead, each as its own users run it. Benchmark-only dependencies.

The planar methods get coordinates that are projected for them beforehand, which is not counted:
that favours them. BlueSky gets latitudes and longitudes, as it expects.
"""

import importlib.machinery
import importlib.util
import sqlite3
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from benchmarks.detect.scenes import DEGREE_M, MIDDLE, Column, Tracks, Volumes
from numpy.typing import NDArray
from rtree import index

Run = Callable[[], int]


def _plane(lat_deg: Column, lon_deg: Column) -> tuple[Column, Column]:
    """Plane metres east and north of the middle."""
    y = (lat_deg - MIDDLE[0]) * DEGREE_M
    return (lon_deg - MIDDLE[1]) * DEGREE_M * np.cos(np.radians(lat_deg)), y


def _bluesky_folder() -> Path:
    found = importlib.util.find_spec("bluesky")
    assert found is not None, "BlueSky is not installed; run make bench-detect"
    assert found.submodule_search_locations, "BlueSky is not a package here"
    return Path(found.submodule_search_locations[0])


def _traffic(scene: Tracks) -> types.SimpleNamespace:
    own = types.SimpleNamespace()
    own.ntraf = len(scene.lat_deg)
    own.lat, own.lon, own.trk = scene.lat_deg, scene.lon_deg, scene.track_deg
    own.gs, own.alt, own.vs = scene.speed_mps, scene.altitude_m, scene.climb_mps
    own.id = [str(number) for number in range(own.ntraf)]
    return own


def bluesky_compiled(scene: Tracks) -> Run:
    """BlueSky's state-based detection, its compiled module alone."""
    folder = _bluesky_folder() / "traffic" / "asas"
    library = next(folder.glob("cstatebased*.so"))
    loader = importlib.machinery.ExtensionFileLoader("cstatebased", str(library))
    spec = importlib.util.spec_from_loader("cstatebased", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return _bluesky_run(scene, module.detect)


def bluesky_numpy(scene: Tracks) -> Run:
    """BlueSky's state-based detection in NumPy, without starting the simulator around it."""
    root = _bluesky_folder()
    for name, folder in (("bluesky", root), ("bluesky.traffic", root / "traffic")):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    sys.modules["bluesky"].stack = types.SimpleNamespace()  # type: ignore[attr-defined]
    base = types.ModuleType("bluesky.traffic.asas")
    base.ConflictDetection = object  # type: ignore[attr-defined]
    sys.modules["bluesky.traffic.asas"] = base
    source = root / "traffic" / "asas" / "statebased.py"
    spec = importlib.util.spec_from_file_location("statebased", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return _bluesky_run(scene, module.StateBased().detect)


def _bluesky_run(scene: Tracks, detect: Callable[..., Any]) -> Run:
    own = _traffic(scene)
    lateral = np.full(own.ntraf, scene.lateral_m)
    vertical = np.full(own.ntraf, scene.vertical_m)
    horizon = np.full(own.ntraf, scene.horizon_s)
    return lambda: len(detect(own, own, lateral, vertical, horizon)[0]) // 2


def shapely_tracks(scene: Tracks) -> Run:
    """shapely's STRtree of swept boxes, then closest approach in NumPy, on a plane."""
    x, y = _plane(scene.lat_deg, scene.lon_deg)
    course = np.radians(scene.track_deg)
    vx, vy = scene.speed_mps * np.sin(course), scene.speed_mps * np.cos(course)
    z, vz, end = scene.altitude_m, scene.climb_mps, scene.horizon_s

    def run() -> int:
        half = scene.lateral_m / 2
        boxes = shapely.box(
            np.minimum(x, x + vx * end) - half,
            np.minimum(y, y + vy * end) - half,
            np.maximum(x, x + vx * end) + half,
            np.maximum(y, y + vy * end) + half,
        )
        i, j = shapely.STRtree(boxes).query(boxes, predicate="intersects")
        i, j = i[i < j], j[i < j]
        rx, ry, ux, uy = x[j] - x[i], y[j] - y[i], vx[j] - vx[i], vy[j] - vy[i]
        square = np.maximum(ux * ux + uy * uy, 1e-12)
        dot, far = rx * ux + ry * uy, rx * rx + ry * ry - scene.lateral_m**2
        root = dot * dot - square * far
        reach = np.sqrt(np.maximum(root, 0.0))
        enter, leave = (-dot - reach) / square, (-dot + reach) / square
        rz, uz = z[j] - z[i], vz[j] - vz[i]
        uz = np.where(np.abs(uz) < 1e-9, 1e-9, uz)
        one, two = (-scene.vertical_m - rz) / uz, (scene.vertical_m - rz) / uz
        enter = np.maximum(enter, np.minimum(one, two))
        leave = np.minimum(leave, np.maximum(one, two))
        met = (root >= 0.0) & (np.maximum(enter, 0.0) <= np.minimum(leave, end))
        return int(met.sum())

    return run


def _polygons(volumes: Volumes) -> NDArray[np.object_]:
    """Plane geometries: circles as shapely makes them, polygons by their vertices."""
    x, y = _plane(volumes.lat_deg, volumes.lon_deg)
    shapes = shapely.buffer(shapely.points(x, y), volumes.radius_m)
    for number, ring in enumerate(volumes.rings):
        if ring is not None:
            shapes[number] = shapely.polygons(np.column_stack(_plane(ring[:, 0], ring[:, 1])))
    return shapes


def shapely_zones(scene: Tracks, volumes: Volumes) -> Run:
    """shapely's STRtree of zones, asked with each track's way; then heights and windows."""
    x, y = _plane(scene.lat_deg, scene.lon_deg)
    course = np.radians(scene.track_deg)
    far_x = x + scene.speed_mps * np.sin(course) * scene.horizon_s
    far_y = y + scene.speed_mps * np.cos(course) * scene.horizon_s
    shapes = _polygons(volumes)
    shapely.prepare(shapes)

    def run() -> int:
        ways = shapely.linestrings(
            np.stack([np.column_stack((x, y)), np.column_stack((far_x, far_y))], 1)
        )
        track, zone = shapely.STRtree(shapes).query(ways, predicate="intersects")
        low = np.minimum(0.0, scene.climb_mps[track] * scene.horizon_s) + scene.altitude_m[track]
        high = np.maximum(0.0, scene.climb_mps[track] * scene.horizon_s) + scene.altitude_m[track]
        met = (low <= volumes.upper_m[zone]) & (high >= volumes.lower_m[zone])
        met &= (volumes.start_s[zone] <= scene.horizon_s) & (volumes.end_s[zone] > 0.0)
        return int(met.sum())

    return run


def _boxes(volumes: Volumes) -> Column:
    """Plane boxes in x, y, z and t: lows, then highs."""
    x, y = _plane(volumes.lat_deg, volumes.lon_deg)
    half = volumes.radius_m * np.where([ring is None for ring in volumes.rings], 1.0, np.sqrt(2.0))
    return np.column_stack(
        (
            x - half,
            y - half,
            volumes.lower_m,
            volumes.start_s,
            x + half,
            y + half,
            volumes.upper_m,
            volumes.end_s,
        )
    )


def shapely_plans(volumes: Volumes) -> Run:
    """shapely's STRtree in two dimensions, filters, then shapely's intersects."""
    shapes = _polygons(volumes)

    def run() -> int:
        i, j = shapely.STRtree(shapes).query(shapes)
        keep = (i < j) & (volumes.party[i] != volumes.party[j])
        keep &= (volumes.start_s[i] < volumes.end_s[j]) & (volumes.start_s[j] < volumes.end_s[i])
        keep &= (volumes.lower_m[i] <= volumes.upper_m[j]) & (
            volumes.lower_m[j] <= volumes.upper_m[i]
        )
        i, j = i[keep], j[keep]
        return int(shapely.intersects(shapes[i], shapes[j]).sum())

    return run


def rtree_plans(volumes: Volumes) -> Run:
    """The rtree package: four-dimensional boxes, built and asked in bulk; boxes only."""
    boxes = _boxes(volumes)

    def run() -> int:
        properties = index.Property(dimension=4)
        rows = ((number, box, None) for number, box in enumerate(boxes))
        tree = index.Index(rows, properties=properties)
        found, counts = tree.intersection_v(boxes[:, :4], boxes[:, 4:])
        asked = np.repeat(np.arange(len(boxes)), counts.astype(np.int64))
        other = found.astype(np.int64)
        return int(((asked < other) & (volumes.party[asked] != volumes.party[other])).sum())

    return run


def sqlite_plans(volumes: Volumes) -> Run:
    """SQLite's R*Tree: four-dimensional boxes, built and joined with itself; boxes only."""
    boxes = _boxes(volumes)
    party = volumes.party.tolist()

    def run() -> int:
        base = sqlite3.connect(":memory:")
        base.execute("create virtual table box using rtree(id,x0,x1,y0,y1,z0,z1,t0,t1,+party)")
        rows = (
            (n, b[0], b[4], b[1], b[5], b[2], b[6], b[3], b[7], party[n])
            for n, b in enumerate(boxes.tolist())
        )
        base.executemany("insert into box values (?,?,?,?,?,?,?,?,?,?)", rows)
        ask = (
            "select count(*) from box where x0<=? and x1>=? and y0<=? and y1>=?"
            " and z0<=? and z1>=? and t0<=? and t1>=? and id>? and party<>?"
        )
        return sum(
            base.execute(
                ask, (b[4], b[0], b[5], b[1], b[6], b[2], b[7], b[3], n, party[n])
            ).fetchone()[0]
            for n, b in enumerate(boxes.tolist())
        )

    return run
