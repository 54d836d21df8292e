"""The recordings: where they come from, how their rows are read, and what is left out.

`traffic` 2.13 is a wheel with samples inside; only its files are read, none of its code runs.
Ship reports come as a file. A row without a position is not an observation. A row that repeats
the last position of something that moves is not a new one: a network's state vectors repeat it each
second until the next message, so it counts once, at the time of the position where that is given.
"""

import csv
import gzip
import importlib.util
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.alert_load.columns import EPOCH, Columns, Stated

from crosstell.core.altitude import Datum
from crosstell.core.quantity import FOOT_M, KNOT_MPS

ON_GROUND_MPS = 15.0  # slower than any of these aeroplanes flies: taken as on the ground
STILL_MPS = 1.0  # what moves faster than this is not twice at one place
AIRLINE = re.compile(r"[A-Z]{3}\d")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One sample: its file, the least time between observations used, the hours used, and why."""

    name: str
    file: str
    thin_s: float
    first_h: float
    why: str


RECORDINGS = (
    Recording(
        name="switzerland",
        file="collections/switzerland.json.gz",
        thin_s=1.0,
        first_h=8.0,
        why="en route, above FL300, one position each 10 s; the first watch of 17 h",
    ),
    Recording(
        name="paris",
        file="collections/quickstart.json.gz",
        thin_s=5.0,
        first_h=3.0,
        why="terminal area, 213 aircraft, 3 h, one position each second, used each 5 s",
    ),
    Recording(
        name="calfire",
        file="firefighting/calfire.json.gz",
        thin_s=1.0,
        first_h=168.0,
        why="fire aircraft at work, 45 aircraft, 7 days, one position each 15 to 60 s",
    ),
)


def samples() -> Path:
    """The folder of samples in the installed wheel. Raises FileNotFoundError if there is none."""
    spec = importlib.util.find_spec("traffic")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the recordings are not installed; run make alert-load")
    return Path(spec.submodule_search_locations[0]) / "data" / "samples"


def rows_of(path: Path) -> list[Row]:
    """The rows of a sample, which holds either a list of rows or one list of values a column."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        held = json.load(file)
    if isinstance(held, list):
        return held
    return [{name: column[key] for name, column in held.items()} for key in held["timestamp"]]


def operator(call_sign: str | None, address: str) -> str:
    """Who flies it, as far as a recording says: the airline's designator, else the aircraft itself.

    Three letters and a figure begin an airline's call sign (ICAO Doc 8585). Anything else is a
    registration or another name: its own operator.
    """
    if call_sign and AIRLINE.match(call_sign):
        return call_sign[:3]
    return address


def flown(rows: Iterable[Row], name: str, stated: Stated) -> Columns:
    """Aircraft in the air, in time order."""
    return columns(rows, name, stated, keep=flies)


def columns(
    rows: Iterable[Row], name: str, stated: Stated, *, keep: Callable[[Row], bool]
) -> Columns:
    """The rows kept, as columns in time order; what repeats the last position is left out."""
    used: list[tuple[float, str, Row]] = []
    last: dict[str, tuple[float, float]] = {}
    for time_s, row in sorted(((_time_s(row), row) for row in rows), key=lambda pair: pair[0]):
        if not _placed(row) or not keep(row):
            continue
        address = str(row["icao24"])
        here = (row["latitude"], row["longitude"])
        if last.get(address) == here and (row.get("groundspeed") or 0.0) * KNOT_MPS > STILL_MPS:
            continue
        last[address] = here
        used.append((time_s, address, row))
    signs: dict[str, str] = {}
    for _, address, row in used:
        signs.setdefault(address, row.get("callsign") or "")
    names = tuple(sorted(signs))
    index = {address: number for number, address in enumerate(names)}
    return Columns(
        name=name,
        time_s=np.array([time_s for time_s, _, _ in used]),
        track=np.array([index[address] for _, address, _ in used], dtype=np.int64),
        lat_deg=_column(used, "latitude", 1.0),
        lon_deg=_column(used, "longitude", 1.0),
        altitude_m=_column(used, "altitude", FOOT_M),
        speed_mps=_column(used, "groundspeed", KNOT_MPS),
        course_deg=_column(used, "track", 1.0),
        climb_mps=_column(used, "vertical_rate", FOOT_M / 60.0),
        names=names,
        operators=tuple(operator(signs[address], address) for address in names),
        datum=Datum.STANDARD_PRESSURE,
        stated=stated,
    )


def ships(path: Path, stated: Stated) -> Columns:
    """Ship reports, at MSL 0 and level; the operator of a ship is the ship."""
    with path.open(encoding="utf-8", newline="") as file:
        held = [
            {
                "timestamp": (
                    datetime.fromisoformat(f"{row['Time']}+00:00") - EPOCH
                ).total_seconds()
                * 1_000.0,
                "icao24": row["MMSI"],
                "latitude": float(row["Latitude_degrees"]),
                "longitude": float(row["Longitude_degrees"]),
                "altitude": 0.0,
                "groundspeed": float(row["SOG_knots"]),
                "track": float(row["COG_degrees"]),
                "vertical_rate": 0.0,
            }
            for row in csv.DictReader(file)
        ]
    return replace(columns(held, "solent", stated, keep=lambda _row: True), datum=Datum.MSL_EGM96)


def _time_s(row: Row) -> float:
    """When it was there: the time of the position where the row gives it, else of the row."""
    at = row.get("last_position")
    return float(row["timestamp"] if at is None else min(at, row["timestamp"])) / 1_000.0


def _placed(row: Row) -> bool:
    return row.get("latitude") is not None and row.get("longitude") is not None


def flies(row: Row) -> bool:
    """Not on the ground: neither said so, nor without altitude, nor at walking pace."""
    speed = row.get("groundspeed")
    slow = speed is not None and speed * KNOT_MPS < ON_GROUND_MPS
    return not row.get("onground") and row.get("altitude") is not None and not slow


def _column(used: list[tuple[float, str, Row]], name: str, scale: float) -> Any:  # noqa: ANN401
    values = (row.get(name) for _, _, row in used)
    return np.array([np.nan if value is None else value * scale for value in values])
