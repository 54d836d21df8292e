"""The offline map of one run: graticule, zones, assumed places and tracks, per side.

Frame: a local equirectangular sketch of WGS-84 degrees, drawn only; nothing is computed from it.
Everything on it is an assumption of the scenario or what a node held, and is labelled so.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from crosstell.replay.page.clock import stamp_ms, zulu
from crosstell.replay.result import RunResult, ShapeShown, TrackShown

WIDTH_PX = 720
HEIGHT_PX = 470
MARGIN_PX = 46
DEGREE_M = 111_195.0  # mean length of a degree of latitude; the sketch needs no better
SPAN_M_MIN = 6_000.0
GRATICULE_DEG = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
SCALE_M = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """From degrees to pixels: centre, and pixels per metre."""

    lat_deg: float
    lon_deg: float
    px_per_m: float

    def xy(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """Pixel of a position; north is up."""
        east_m = (lon_deg - self.lon_deg) * DEGREE_M * math.cos(math.radians(self.lat_deg))
        north_m = (lat_deg - self.lat_deg) * DEGREE_M
        return (
            round(WIDTH_PX / 2 + east_m * self.px_per_m, 1),
            round(HEIGHT_PX / 2 - north_m * self.px_per_m, 1),
        )


def _corners(run: RunResult) -> Iterator[tuple[float, float]]:
    for shape in run.shapes:
        reach_lat = shape.radius_m / DEGREE_M
        for spot in shape.points:
            reach_lon = reach_lat / max(0.05, math.cos(math.radians(spot.lat_deg)))
            yield spot.lat_deg - reach_lat, spot.lon_deg - reach_lon
            yield spot.lat_deg + reach_lat, spot.lon_deg + reach_lon
    for track in run.tracks:
        for fix in track.fixes:
            yield fix.lat_deg, fix.lon_deg


def frame_of(run: RunResult) -> Frame:
    """The frame that holds all shapes and fixes of a run, at least 6 km wide."""
    corners = tuple(_corners(run)) or ((0.0, 0.0),)
    south, north = min(c[0] for c in corners), max(c[0] for c in corners)
    west, east = min(c[1] for c in corners), max(c[1] for c in corners)
    lat_deg, lon_deg = (south + north) / 2, (west + east) / 2
    wide_m = max(SPAN_M_MIN, (east - west) * DEGREE_M * math.cos(math.radians(lat_deg)))
    high_m = max(SPAN_M_MIN, (north - south) * DEGREE_M)
    px_per_m = min((WIDTH_PX - 2 * MARGIN_PX) / wide_m, (HEIGHT_PX - 2 * MARGIN_PX) / high_m)
    return Frame(lat_deg=lat_deg, lon_deg=lon_deg, px_per_m=px_per_m)


def map_of(run: RunResult) -> dict[str, object]:
    """What the template draws: lines, shapes, tracks and the scale bar, in pixels."""
    frame = frame_of(run)
    return {
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "graticule": _graticule(frame),
        "shapes": [_shape(frame, shape) for shape in run.shapes],
        "tracks": [_track(frame, track) for track in run.tracks],
        "scale": _scale(frame),
    }


def _graticule(frame: Frame) -> list[dict[str, object]]:
    high_deg = HEIGHT_PX / frame.px_per_m / DEGREE_M
    step = next((s for s in GRATICULE_DEG if high_deg / s <= 5), GRATICULE_DEG[-1])
    digits = 2 if step < 0.1 else 1
    found: list[dict[str, object]] = []
    for number in range(-12, 13):
        lat_deg = (math.floor(frame.lat_deg / step) + number) * step
        y = frame.xy(lat_deg, frame.lon_deg)[1]
        if 12 < y < HEIGHT_PX - 4:
            side = "N" if lat_deg >= 0 else "S"
            found.append({"y": y, "label": f"{abs(lat_deg):.{digits}f}°{side}"})
        lon_deg = (math.floor(frame.lon_deg / step) + number) * step
        x = frame.xy(frame.lat_deg, lon_deg)[0]
        if 50 < x < WIDTH_PX - 8:
            side = "E" if lon_deg >= 0 else "W"
            found.append({"x": x, "label": f"{abs(lon_deg):.{digits}f}°{side}"})
    return found


def _shape(frame: Frame, shape: ShapeShown) -> dict[str, object]:
    points = [frame.xy(spot.lat_deg, spot.lon_deg) for spot in shape.points]
    radius_px = round(shape.radius_m * frame.px_per_m, 1)
    top = min(points, key=lambda xy: xy[1], default=(0.0, 0.0))
    return {
        "shape": shape,
        "held": [{"party": held.party, "from": stamp_ms(held.at)} for held in shape.held_by],
        "since": min((stamp_ms(held.at) for held in shape.held_by), default=0),
        "cx": points[0][0] if points else 0,
        "cy": points[0][1] if points else 0,
        "r": radius_px,
        "path": " ".join(f"{x},{y}" for x, y in points),
        "label_x": top[0],
        "label_y": round(_label_y(shape, points, top[1], radius_px), 1),
    }


def _label_y(
    shape: ShapeShown, points: list[tuple[float, float]], top: float, radius_px: float
) -> float:
    """Above a zone or area, below a place, so that the two do not cover each other."""
    if shape.kind == "place":
        return max((xy[1] for xy in points), default=0.0) + radius_px + 16
    return max(14.0, top - radius_px - 7)


def _track(frame: Frame, track: TrackShown) -> dict[str, object]:
    fixes = []
    for fix in track.fixes:
        x, y = frame.xy(fix.lat_deg, fix.lon_deg)
        fixes.append(
            {"x": x, "y": y, "at": stamp_ms(fix.at), "when": zulu(fix.at), "height": fix.height}
        )
    return {
        "track": track,
        "fixes": fixes,
        "path": " ".join(f"{fix['x']},{fix['y']}" for fix in fixes),
    }


def _scale(frame: Frame) -> dict[str, object]:
    length_m = next((m for m in SCALE_M if m * frame.px_per_m >= 60), SCALE_M[-1])
    text = f"{length_m} m" if length_m < 1_000 else f"{length_m // 1_000} km"
    return {"px": round(length_m * frame.px_per_m, 1), "text": text}
