"""Positions that cannot be trusted: the spoofed recording, and false verdicts on the others.

The spoofed recording goes through a real node; of the others each observation is folded into its
track as a node folds it (`core/picture/track`). Each is said to be an aeroplane, and of no kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.alert_load.columns import Columns, Ints, Stated, instant
from benchmarks.alert_load.live import through_node
from benchmarks.alert_load.recordings import columns, flies, rows_of

from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.ids import EntryRef, FeedId, TrackId
from crosstell.core.instant import from_us
from crosstell.core.picture.track import Observation, Track, advance
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.table import Stamp

SPOOFED = "noisy/noisy_spoofing.json.gz"
KINDS: Mapping[str, ObjectKind | None] = {
    "aeroplane": ObjectKind.AEROPLANE,
    "unknown kind": None,
}
STAMP = Stamp(ref=EntryRef(feed=FeedId("journal"), seq=0, hash=""), at=from_us(0))
UNKNOWN = Stated(position_m=None, altitude_m=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One spell in which a track was not trusted; `end_s` None: until the recording ended."""

    track: str
    start_s: float
    end_s: float | None
    because: tuple[str, ...]
    observations: int
    worst_jump_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What was doubted in one recording."""

    name: str
    tracks: int
    observations: int
    hours: float
    doubts: tuple[Doubt, ...]

    @property
    def tracks_doubted(self) -> int:
        """How many tracks were doubted at all."""
        return len({doubt.track for doubt in self.doubts})

    @property
    def observations_doubted(self) -> int:
        """How many observations were not trusted."""
        return sum(doubt.observations for doubt in self.doubts)


def doubts_in(held: Columns, kind: ObjectKind | None, *, live: bool = False) -> Doubts:
    """Every spell of doubt in a recording; `live`: as a node tells it, else as it is folded."""
    found: list[Doubt] = []
    flown_s = 0.0
    judge = through_node if live else folded
    for track, rows in enumerate(held.rows_of()):
        seen = observations_of(held, track, rows, kind)
        found += _spells(held, track, rows, list(judge(seen)))
        gaps_s = np.diff(held.time_s[rows])
        flown_s += float(gaps_s[gaps_s <= 300.0].sum())
    return Doubts(
        name=held.name,
        tracks=len(held.names),
        observations=len(held),
        hours=flown_s / 3_600.0,
        doubts=tuple(found),
    )


def observations_of(
    held: Columns, track: int, rows: Ints, kind: ObjectKind | None
) -> list[Observation]:
    """One track's observations as its gateway would give them, each as soon as it was made."""
    motions = (held.motion(row) for row in rows.tolist())
    name = TrackId(f"t-{held.names[track]}")
    return [
        Observation(track=name, source="adsb", motion=one, received_at=one.at, kind=kind)
        for one in motions
    ]


def folded(observations: Sequence[Observation]) -> Iterator[tuple[str, ...]]:
    """After each observation, why the track's positions are doubted; nothing if they are not."""
    track: Track | None = None
    for one in observations:
        after = advance(track, one, STAMP)
        track = after if isinstance(after, Track) else track
        assert track is not None
        assert track.trust is not None
        yield tuple(str(why) for doubt in track.trust.doubted() for why in doubt.because)


def _spells(
    held: Columns, track: int, rows: Ints, because: Sequence[tuple[str, ...]]
) -> list[Doubt]:
    """The spells in which there is a reason for doubt."""
    found: list[Doubt] = []
    since: float | None = None
    count, jump_m = 0, 0.0
    whole: dict[str, None] = {}
    before: Position | None = None
    for row, why in zip(rows.tolist(), because, strict=True):
        time_s, position = float(held.time_s[row]), held.motion(row).position
        if why:
            since = time_s if since is None else since
            count += 1
            whole |= dict.fromkeys(why)
            jump_m = max(jump_m, 0.0 if before is None else distance_m(before, position))
        elif since is not None:
            found.append(_doubt(held.names[track], (since, time_s), whole, count, jump_m))
            since, count, jump_m, whole = None, 0, 0.0, {}
        before = position
    if since is not None:
        found.append(_doubt(held.names[track], (since, None), whole, count, jump_m))
    return found


def _doubt(
    track: str,
    span: tuple[float, float | None],
    because: dict[str, None],
    count: int,
    jump_m: float,
) -> Doubt:
    return Doubt(
        track=track,
        start_s=span[0],
        end_s=span[1],
        because=tuple(because),
        observations=count,
        worst_jump_m=jump_m,
    )


def single(path: Path, name: str) -> Columns:
    """A recording of single aircraft, as it lies."""
    return columns(rows_of(path), name, UNKNOWN, keep=flies)


def told(doubt: Doubt) -> str:
    """One spell in words."""
    end = "the end" if doubt.end_s is None else f"{instant(doubt.end_s):%H:%M:%S}"
    return (
        f"{doubt.track} {instant(doubt.start_s):%Y-%m-%d %H:%M:%S} to {end}: "
        f"{', '.join(doubt.because)}; {doubt.observations} observations, greatest jump "
        f"{doubt.worst_jump_m / 1_000.0:.1f} km"
    )


# Single aircraft that nobody disturbed, of several kinds of flying; and the three whole recordings.
CLEAN = (
    "featured/belevingsvlucht.json.gz",
    "featured/dreamliner_airfrance.json.gz",
    "firefighting/calfire.json.gz",
    "gliders/franconia.json.gz",
    "military/inflight_refuelling.json.gz",
    "military/aircraft_carrier.json.gz",
    "calibration/munich.json.gz",
    "surveys/ign_mercantour.json.gz",
)
WHOLE_TRAFFIC = ("switzerland", "paris")
PICKED_EVERY = 37
SPIKE_M = 150.0


def at_a_jump(held: Columns, rows: Ints, middle: int) -> bool:
    """Whether the height jumps and comes back at one observation of a track, or beside it.

    Looked at apart from the verdict, with the next observation in hand: a height that is off the
    line between its neighbours by more than `SPIKE_M`, as a wrongly decoded reply makes it.
    """
    return any(
        _off(held, rows, one) for one in range(max(1, middle - 1), min(middle + 2, len(rows) - 1))
    )


def _usual(held: Columns, tracks: Sequence[Ints]) -> float:
    """Of observations picked evenly, the share at a jump of height, in %."""
    told = [
        at_a_jump(held, rows, number)
        for rows in tracks
        for number in range(1, len(rows) - 1, PICKED_EVERY)
    ]
    return 100.0 * sum(told) / max(1, len(told))


def _off(held: Columns, rows: Ints, number: int) -> bool:
    before, here, after = rows[number - 1], rows[number], rows[number + 1]
    share = (held.time_s[here] - held.time_s[before]) / (held.time_s[after] - held.time_s[before])
    height = held.altitude_m[[before, here, after]]
    line_m = height[0] + share * (height[2] - height[0])
    return bool(abs(height[1] - line_m) > SPIKE_M)


def tables(folder: Path, recordings: Sequence[Columns]) -> dict[str, str]:
    """What was doubted in the spoofed recording, and in the clean ones."""
    wrong = single(folder / SPOOFED, "spoofed")
    lines = [
        f"- {kind}: {told(doubt)}"
        for kind, stated in KINDS.items()
        for doubt in doubts_in(wrong, stated, live=True).doubts
    ]
    rows = [
        "| recording | tracks | observations | kind | doubts | of these at a jump of height | "
        "of all observations at one, % | observations not trusted, % | "
        "other doubts per 100 track hours |",
        "|---|---:|---:|---|---:|---:|---:|---:|---:|",
    ]
    clean = [single(folder / file, file.split("/")[1].split(".")[0]) for file in CLEAN]
    whole = [replace(one, stated=UNKNOWN) for one in recordings if one.name in WHOLE_TRAFFIC]
    for held in (*whole, *clean):
        for kind, stated in KINDS.items():
            rows.append(_clean_row(held, kind, stated))
    return {"spoofed": "\n".join(lines), "clean": "\n".join(rows)}


def _clean_row(held: Columns, kind: str, stated: ObjectKind | None) -> str:
    found = doubts_in(held, stated)
    rows = dict(zip(held.names, held.rows_of(), strict=True))
    borne = sum(
        at_a_jump(
            held,
            rows[doubt.track],
            int(np.searchsorted(held.time_s[rows[doubt.track]], doubt.start_s)),
        )
        for doubt in found.doubts
    )
    other = len(found.doubts) - borne
    usual = _usual(held, list(rows.values()))
    doubted = 100.0 * found.observations_doubted / max(1, found.observations)
    return (
        f"| {held.name} | {found.tracks} | {found.observations:,} | {kind} | {len(found.doubts)} | "
        f"{borne} | {usual:.2f} | {doubted:.2f} | {100.0 * other / found.hours:.1f} |"
    )
