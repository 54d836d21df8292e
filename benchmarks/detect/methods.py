"""Every method by name: of a kind and a count it prepares its input and returns what is timed."""

from collections.abc import Callable

from benchmarks.detect import ours, peers, scenes

Prepared = Callable[[], int]
ZONES = 10_000
PER = {"one observation: crosstell": ours.OBSERVATIONS}  # what is timed is told for one


METHODS: dict[str, Callable[[str, int], Prepared]] = {
    "crosstell": lambda kind, n: ours.tracks(scenes.tracks(kind, n)),
    "crosstell plain": lambda kind, n: ours.tracks(scenes.tracks(kind, n), is_fast=False),
    "BlueSky compiled": lambda kind, n: peers.bluesky_compiled(scenes.tracks(kind, n)),
    "BlueSky NumPy": lambda kind, n: peers.bluesky_numpy(scenes.tracks(kind, n)),
    "shapely STRtree": lambda kind, n: peers.shapely_tracks(scenes.tracks(kind, n)),
    "zones: crosstell": lambda kind, n: ours.zones(scenes.tracks(kind, n), scenes.zones(ZONES)),
    "zones: crosstell plain": lambda kind, n: ours.zones(
        scenes.tracks(kind, n), scenes.zones(ZONES), is_fast=False
    ),
    "zones: shapely STRtree": lambda kind, n: peers.shapely_zones(
        scenes.tracks(kind, n), scenes.zones(ZONES)
    ),
    "plans: crosstell": lambda _, n: ours.plans(scenes.plans(n)),
    "plans: crosstell plain": lambda _, n: ours.plans(scenes.plans(n), is_fast=False),
    "plans: shapely STRtree": lambda _, n: peers.shapely_plans(scenes.plans(n)),
    "plans: rtree": lambda _, n: peers.rtree_plans(scenes.plans(n)),
    "plans: SQLite R*Tree": lambda _, n: peers.sqlite_plans(scenes.plans(n)),
    "well clear: crosstell": lambda _, n: ours.well_clear(scenes.states(n)),
    "well clear: crosstell plain": lambda _, n: ours.well_clear(scenes.states(n), is_fast=False),
    "one observation: crosstell": lambda kind, n: ours.one_observation(
        scenes.tracks(kind, n), scenes.zones(ZONES)
    ),
}
