"""Crosstell on the same inputs. Columns are made beforehand, as a node keeps them."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np
from benchmarks.detect.scenes import Column, Found, Tracks, Volumes

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk import plans as plans_in_bulk
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.index.zones import ZoneIndex
from crosstell.core.detection.bulk.kernel import KERNEL
from crosstell.core.detection.bulk.standing import Standing
from crosstell.core.detection.bulk.traffic import Path, encounters
from crosstell.core.detection.bulk.volumes import VolumeArrays, VolumeColumns, volume_columns_of
from crosstell.core.detection.bulk.volumes import volume_columns as columns_of
from crosstell.core.detection.bulk.zones import Tuning, entries
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.detection.well_clear.arrays import RelativeStates, assess_all
from crosstell.core.detection.well_clear.thresholds import PHASE_I
from crosstell.core.ids import RuleId

Run = Callable[[], Found]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def criterion(scene: Tracks | None = None) -> Criterion:
    """The scene's rule, or none but touching; nothing in the scenes is unknown."""
    return Criterion(
        rule=RuleId("bench"),
        reading=None,
        lateral_m=scene.lateral_m if scene else 0.0,
        vertical_m=scene.vertical_m if scene else 0.0,
        horizon_s=scene.horizon_s if scene else 180.0,
        unknown_accuracy_m=0.0,
        unknown_speed_mps=0.0,
        stale_after_s=60.0,
    )


def columns(scene: Tracks) -> TrackColumns:
    """The scene's tracks, seen now, exactly."""
    count = len(scene.lat_deg)
    nothing = np.zeros(count)
    return TrackColumns(
        lat_deg=scene.lat_deg,
        lon_deg=scene.lon_deg,
        track_deg=scene.track_deg,
        speed_mps=scene.speed_mps,
        climb_mps=scene.climb_mps,
        altitude_m=scene.altitude_m,
        position_accuracy_m=nothing,
        altitude_accuracy_m=nothing,
        age_s=nothing,
        conversion_m=nothing,
        party=np.full(count, -1, np.int32),
        datum=Datum.MSL_EGM96,
    )


def volume_columns(scene: Volumes) -> VolumeColumns:
    """The scene's volumes."""
    counts = np.array([1 if ring is None else len(ring) for ring in scene.rings], np.int64)
    at = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    corners = np.empty((int(at[-1]), 2))
    circles = np.flatnonzero(counts == 1)
    corners[at[circles], 0] = scene.lat_deg[circles]
    corners[at[circles], 1] = scene.lon_deg[circles]
    for number, ring in enumerate(scene.rings):
        if ring is not None:
            corners[at[number] : at[number + 1]] = ring
    begin_us = int((NOW - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
    return volume_columns_of(
        VolumeArrays(
            corner_deg=corners,
            corner_at=at,
            radius_m=scene.radius_m,
            lower_m=scene.lower_m,
            upper_m=scene.upper_m,
            start_us=begin_us + np.round(scene.start_s * 1e6).astype(np.int64),
            end_us=begin_us + np.round(scene.end_s * 1e6).astype(np.int64),
            party=scene.party,
            datum=Datum.MSL_EGM96,
        )
    )


def tracks(scene: Tracks, *, is_fast: bool = True) -> Run:
    """Every track with every other."""
    held, rule = columns(scene), criterion(scene)
    path = Path.BEST if is_fast else Path.PLAIN

    def run() -> Found:
        pairs = encounters(held, rule, path=path)
        return Found(len(pairs), pairs.guarded)

    return run


def tracks_from_objects(scene: Tracks) -> Run:
    """The same from one object for each track: the columns are made each time."""
    held, rule = columns(scene), criterion(scene)
    motions = [held.row(row, NOW) for row in range(len(held))]

    def run() -> Found:
        made = TrackColumns.from_motions(motions, NOW, datum=held.datum)
        return Found(len(encounters(made, rule)), 0)

    return run


def zones(scene: Tracks, around: Volumes, tuning: Tuning) -> Run:
    """Every track with every zone, times of entry and exit included."""
    held, declared, rule = columns(scene), volume_columns(around), criterion()

    def run() -> Found:
        pairs = entries(held, declared, rule, NOW, tuning=tuning)
        return Found(len(pairs), int(pairs.is_exact.sum()))

    return run


def zones_from_objects(scene: Tracks, around: Volumes) -> Run:
    """The same from one object for each track and zone."""
    held, declared, rule = columns(scene), volume_columns(around), criterion()
    motions = [held.row(row, NOW) for row in range(len(held))]
    places = [declared.volume_at(row) for row in range(len(declared))]

    def run() -> Found:
        flown = TrackColumns.from_motions(motions, NOW, datum=held.datum)
        return Found(len(entries(flown, columns_of(places), rule, NOW)), 0)

    return run


def plans(scene: Volumes, *, is_fast: bool = True) -> Run:
    """Every plan with every other of another party, in four dimensions."""
    held, rule = volume_columns(scene), criterion()
    kernel = KERNEL if is_fast else None

    def run() -> Found:
        pairs = plans_in_bulk.overlaps(held, rule, kernel=kernel)
        return Found(len(pairs), int(pairs.is_exact.sum()))

    return run


def plans_from_objects(scene: Volumes) -> Run:
    """The same from one object for each plan volume."""
    held, rule = volume_columns(scene), criterion()
    volumes, parties = [held.volume_at(row) for row in range(len(held))], held.party.tolist()
    return lambda: Found(len(plans_in_bulk.overlaps(columns_of(volumes, parties=parties), rule)), 0)


def well_clear(states: tuple[Column, ...], *, is_fast: bool = True) -> Run:
    """The alert level and the times to violation of each pair, Phase I."""
    relative = RelativeStates(np.stack(states))
    kernel = KERNEL if is_fast else None
    return lambda: Found(int((assess_all(relative, PHASE_I, kernel=kernel).levels > 0).sum()), 0)


OBSERVATIONS = 100


def one_observation(scene: Tracks, around: Volumes) -> Run:
    """Each of OBSERVATIONS changed tracks against all others and all zones, one after another."""
    held, declared, rule = columns(scene), volume_columns(around), criterion(scene)
    standing, index = Standing.of(held, rule), ZoneIndex()
    places = [declared.volume_at(row) for row in range(len(declared))]
    for row, volume in enumerate(places):
        index.put(str(row), [volume])
    entering = criterion()
    rows = range(0, len(held), len(held) // OBSERVATIONS)
    changed = [(row, one_row(held, row), held.row(row, NOW)) for row in rows][:OBSERVATIONS]

    def run() -> Found:
        found = 0
        for row, column, motion in changed:
            found += len(standing.against(column, in_place_of=row).first)
            for key, _ in index.of_motion(motion, entering, NOW):
                met = pairing(motion, places[int(key)], entering, NOW)
                found += met.assessed is not Assessed.CLEAR
        return Found(found, 0)

    return run


def one_row(held: TrackColumns, row: int) -> TrackColumns:
    """The columns of one track alone."""
    part = {
        field.name: getattr(held, field.name)[row : row + 1]
        for field in fields(held)
        if field.name != "datum"
    }
    return TrackColumns(**part, datum=held.datum)
