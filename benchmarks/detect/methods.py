"""Every method by name: of a kind and a count it prepares its input and returns what is timed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.detect import ours, peers, scenes

from crosstell.core.detection.bulk.traffic import Threads
from crosstell.core.detection.bulk.zones import Tuning

Prepared = Callable[[], int | scenes.Found]
ZONES = 10_000
PER = {"one observation: crosstell": ours.OBSERVATIONS}  # what is timed is told for one


def plan_scene(kind: str, count: int) -> scenes.Volumes:
    """The plans of `theatre`, or the cells of `adjoining`."""
    return scenes.adjoining(count) if kind == "adjoining" else scenes.plans(count)


def zones(kind: str, count: int, tuning: Tuning) -> Prepared:
    """Tracks of this kind among the zones."""
    return ours.zones(scenes.tracks(kind, count), scenes.zones(ZONES), tuning)


def two_threads() -> Tuning:
    """The kernel's walks shared by two threads."""
    return Tuning(threads=Threads(2, ThreadPoolExecutor(2).map))


METHODS: dict[str, Callable[[str, int], Prepared]] = {
    "crosstell": lambda kind, n: ours.tracks(scenes.tracks(kind, n)),
    "crosstell plain": lambda kind, n: ours.tracks(scenes.tracks(kind, n), is_fast=False),
    "crosstell from objects": lambda kind, n: ours.tracks_from_objects(scenes.tracks(kind, n)),
    "BlueSky compiled": lambda kind, n: peers.bluesky_compiled(scenes.tracks(kind, n)),
    "BlueSky NumPy": lambda kind, n: peers.bluesky_numpy(scenes.tracks(kind, n)),
    "shapely STRtree": lambda kind, n: peers.shapely_tracks(scenes.tracks(kind, n)),
    "zones: crosstell": lambda kind, n: zones(kind, n, Tuning()),
    "zones: crosstell 2 threads": lambda kind, n: zones(kind, n, two_threads()),
    "zones: crosstell plain": lambda kind, n: zones(kind, n, Tuning(kernel=None)),
    "zones: crosstell from objects": lambda kind, n: ours.zones_from_objects(
        scenes.tracks(kind, n), scenes.zones(ZONES)
    ),
    "zones: shapely STRtree": lambda kind, n: peers.shapely_zones(
        scenes.tracks(kind, n), scenes.zones(ZONES)
    ),
    "plans: crosstell": lambda kind, n: ours.plans(plan_scene(kind, n)),
    "plans: crosstell plain": lambda kind, n: ours.plans(plan_scene(kind, n), is_fast=False),
    "plans: crosstell from objects": lambda _, n: ours.plans_from_objects(scenes.plans(n)),
    "plans: shapely STRtree": lambda _, n: peers.shapely_plans(scenes.plans(n)),
    "plans: rtree": lambda _, n: peers.rtree_plans(scenes.plans(n)),
    "plans: SQLite R*Tree": lambda _, n: peers.sqlite_plans(scenes.plans(n)),
    "well clear: crosstell": lambda _, n: ours.well_clear(scenes.states(n)),
    "well clear: crosstell plain": lambda _, n: ours.well_clear(scenes.states(n), is_fast=False),
    "one observation: crosstell": lambda kind, n: ours.one_observation(
        scenes.tracks(kind, n), scenes.zones(ZONES)
    ),
}
