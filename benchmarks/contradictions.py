"""How long it takes to find which of 100,000 tracks of shared identity contradict each other.

Objects at random places, each told by one to five sources within some seconds; one in a thousand
tracks is moved by 30 km. A second run puts 2,000 of them under one address. Prints figures.
"""

import resource
import time

import numpy as np

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.identity.arrays import contradictions
from crosstell.core.detection.identity.groups import Identities
from crosstell.core.detection.pair.contradiction import Allowance
from crosstell.core.detection.pair.kind import AEROPLANE

TRACKS = 100_000
CROWD = 2_000


def scene(rng: np.random.Generator) -> tuple[TrackColumns, np.ndarray]:
    """Tracks, and the number of each one's object."""
    count = rng.integers(1, 6, TRACKS)
    owner = np.repeat(np.arange(TRACKS), count)[:TRACKS]
    objects = owner.max() + 1
    lat, lon = rng.uniform(-60, 60, objects), rng.uniform(-180, 179, objects)
    course, height = rng.uniform(0, 360, objects), rng.uniform(1_000, 12_000, objects)
    age = rng.uniform(0.0, 10.0, TRACKS)
    travel_deg = -230.0 * age / 111_000.0
    north = np.cos(np.radians(course))[owner] * travel_deg
    east = np.sin(np.radians(course))[owner] * travel_deg / np.cos(np.radians(lat))[owner]
    moved = np.where(rng.random(TRACKS) < 0.001, 0.27, 0.0)
    tracks = TrackColumns(
        lat_deg=lat[owner] + north + moved,
        lon_deg=lon[owner] + east,
        track_deg=course[owner],
        speed_mps=np.full(TRACKS, 230.0),
        climb_mps=np.zeros(TRACKS),
        altitude_m=height[owner],
        position_accuracy_m=np.full(TRACKS, 50.0),
        altitude_accuracy_m=np.full(TRACKS, 40.0),
        age_s=age,
        conversion_m=np.zeros(TRACKS),
        party=np.full(TRACKS, -1),
        datum=Datum.MSL_EGM96,
    )
    return tracks, owner


def run(name: str, tracks: TrackColumns, owner: np.ndarray) -> None:
    """Print what was found and how long it took."""
    identities = Identities(codes=owner[:, None], names=())
    begun = time.perf_counter()
    pairs = found = 0
    for block in contradictions(tracks, identities, Allowance(limits=AEROPLANE)):
        pairs += int(block.counts[0].sum())
        found += len(block.first)
    took_s = time.perf_counter() - begun
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name}: {TRACKS} tracks, {pairs} pairs of one identity, {found} contradict; "
        f"{took_s:.2f} s, {pairs / took_s:,.0f} pairs a second, peak {peak_mb:.0f} MB"
    )


def main() -> None:
    """Both scenes."""
    tracks, owner = scene(np.random.default_rng(7))
    run("several sources", tracks, owner)
    crowded = owner.copy()
    crowded[:CROWD] = 0
    run(f"{CROWD} under one address", tracks, crowded)


if __name__ == "__main__":
    main()
