"""LocaRDS as two pictures: multilateration and the aircraft's own claims, laid into one instant.

Units: metres, seconds. One message of each aircraft and set, so that the errors are real and the
traffic denser than it was. Both pictures take the velocity from the claims, each with noise of its
own; the recording has no other.
"""

import math
from datetime import UTC, datetime

import numpy as np
from benchmarks.discrepancy.locards import Located, moving
from benchmarks.discrepancy.swiss import VELOCITY_NOISE_MPS, Put, Scene, put_off

from crosstell.core.assessment.registration.aligned import Floats
from crosstell.core.assessment.stated import RADIUS_SIGMAS, StatedPicture, StatedTrack
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId

AT = datetime(2021, 8, 17, 12, tzinfo=UTC)
CLAIMED_M = 92.6  # radius, as most receivers state of ADS-B (NACp 8)


def accounts(found: list[Located], put: Put, seed: int) -> Scene:
    """The scene, the claims put off by hand beside what they are off already."""
    draw = np.random.default_rng(seed)
    kept, velocities = moving(found)
    first: dict[tuple[int, str], int] = {}
    for row, one in enumerate(kept):
        first.setdefault((one.set, one.aircraft), row)
    places = [Position(lat_deg=one.lat_deg, lon_deg=one.lon_deg) for one in kept]
    middle = Position(
        lat_deg=sum(place.lat_deg for place in places) / len(places),
        lon_deg=sum(place.lon_deg for place in places) / len(places),
    )
    bearing_deg = float(draw.uniform(0.0, 360.0))
    ours: list[StatedTrack] = []
    theirs: list[StatedTrack] = []
    for number, row in enumerate(first.values()):
        one, claimed, velocity = kept[row], places[row], velocities[row]
        course_deg = math.degrees(math.atan2(velocity[0], velocity[1]))
        east, north = (-one.apart_m).tolist()
        located = destination(
            claimed,
            track_deg=math.degrees(math.atan2(east, north)),
            travel_m=math.hypot(east, north),
        )
        sigma_m = math.sqrt(float(np.trace(one.covariance)) / 2.0)
        ours.append(_track(f"o{number:05d}", located, velocity, sigma_m * RADIUS_SIGMAS, draw))
        off = put_off(claimed, (course_deg, float(np.hypot(*velocity))), (put, middle, bearing_deg))
        theirs.append(_track(f"c{number:05d}", off, velocity, CLAIMED_M, draw))
    return Scene(
        at=AT,
        one=StatedPicture(name="multilateration", tracks=tuple(ours)),
        other=StatedPicture(name="own-claims", tracks=tuple(theirs)),
    )


def _track(
    name: str, place: Position, velocity: Floats, radius_m: float, draw: np.random.Generator
) -> StatedTrack:
    east, north = (velocity + draw.normal(0.0, VELOCITY_NOISE_MPS, 2)).tolist()
    motion = Motion(
        position=place,
        at=AT,
        altitude=None,
        velocity=Velocity(
            track_deg=math.degrees(math.atan2(east, north)),
            speed_mps=math.hypot(east, north),
            climb_mps=None,
        ),
        position_accuracy_m=radius_m,
        altitude_accuracy_m=None,
    )
    return StatedTrack(track=TrackId(name), motion=motion)
