"""Values for the tests of altitude data: tracks that give two altitudes, real and made up."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from crosstell.core.altitude import NO_ALTITUDE_DATA, Altitude, Datum
from crosstell.core.geometry.geoid import Conversions, Geoid
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.instant import later
from crosstell.core.picture.track import Hint, HintKind, Seen, Track, TrackState
from crosstell.core.quantity import feet_to_m
from crosstell.shell.shipped.geoid import load_geoid

NOW = datetime(2022, 5, 18, 12, 0, 0, tzinfo=UTC)
HERE = Position(lat_deg=51.0, lon_deg=0.5)
SNAPSHOTS = (1, 2)


@cache
def grid() -> Geoid:
    return load_geoid()


@cache
def conversions() -> Conversions:
    return Conversions(geoid=grid(), handed=NO_ALTITUDE_DATA)


def motion(
    altitude: Altitude | None,
    pressure_altitude_m: float | None = None,
    *,
    position: Position = HERE,
    age_s: float = 0.0,
    accuracy_m: float | None = 45.0,
) -> Motion:
    return Motion(
        position=position,
        at=later(NOW, by_s=-age_s),
        altitude=altitude,
        velocity=None,
        position_accuracy_m=10.0,
        altitude_accuracy_m=accuracy_m,
        pressure_altitude_m=pressure_altitude_m,
    )


def track(
    name: str, *motions: Motion, source: str = "receiver", address: str | None = None
) -> Track:
    return Track(
        track=TrackId(name),
        source=source,
        state=TrackState.HELD,
        history=tuple(Seen(motion=each, received_at=NOW) for each in motions),
        hints=(Hint(kind=HintKind.ICAO_ADDRESS, value=address),) if address else (),
    )


def recorded(snapshot: int) -> tuple[Track, ...]:
    """The aircraft of one real snapshot that give both altitudes, as one source saw them."""
    path = Path(__file__).with_name("readsb_altitudes.csv")
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines) if int(row["snapshot"]) == snapshot]
    return tuple(
        track(
            f"real-{row['object']}",
            motion(
                Altitude(
                    value_m=feet_to_m(float(row["ellipsoid_height_ft"])),
                    datum=Datum.WGS84_ELLIPSOID,
                ),
                feet_to_m(float(row["pressure_altitude_ft"])),
                position=Position(lat_deg=float(row["lat_deg"]), lon_deg=float(row["lon_deg"])),
                age_s=float(row["age_s"]),
            ),
            address=f"n{row['object']}",
        )
        for row in rows
    )


def undulation_at(position: Position) -> float:
    return grid().undulation_m(position.lat_deg, position.lon_deg)


def again(one: Track, altitude: Altitude, *, source: str = "other feed") -> Track:
    """The same object as another source sees it, with another altitude."""
    seen = one.history[0]
    return replace(
        one,
        track=TrackId(f"{one.track}-again"),
        source=source,
        history=(replace(seen, motion=replace(seen.motion, altitude=altitude)),),
    )
