"""Aircraft in trail on a few airways: the patterns that look most like themselves when moved.

What is accepted is right; what is left open is refused. Objects of which many are held by one
picture alone, random offsets within the bounds, seeds fixed.
"""

from dataclasses import replace

import numpy as np
import pytest
from picture_scenes import AT, Seen, Truth, picture, right_share
from sampling import thinned

from crosstell.core.assessment.registration.aligned import align
from crosstell.core.assessment.registration.candidates import Search
from crosstell.core.assessment.registration.register import Refusal, Refused, register
from crosstell.core.assessment.stated import Noise


def in_trail(seed: int, *, routes: int, each: int, gap_m: tuple[float, float]) -> Truth:
    """Airways across each other, all at one height and nearly one speed."""
    draw = np.random.default_rng(seed)
    columns: list[np.ndarray] = []
    for _ in range(routes):
        course_deg = draw.uniform(0.0, 360.0)
        course = np.radians(course_deg)
        along = np.cumsum(draw.uniform(*gap_m, each))
        along -= along.mean()
        aside = draw.uniform(-30_000.0, 30_000.0)
        east = np.sin(course) * along + np.cos(course) * aside
        north = np.cos(course) * along - np.sin(course) * aside
        speed = draw.normal(220.0, 2.0, each)
        columns.append(np.array([east, north, np.full(each, course_deg), speed]))
    east, north, course_deg, speed = np.hstack(columns)
    return Truth(
        east_m=east,
        north_m=north,
        course_deg=course_deg,
        speed_mps=speed,
        height_m=np.full(len(east), 9_000.0),
    )


@pytest.mark.parametrize(
    ("routes", "each", "gap_m", "dropped", "accepted_min"),
    thinned(
        [
            (3, 20, (2_000.0, 5_000.0), 0.15, 15),
            (3, 20, (2_000.0, 5_000.0), 0.65, 3),
            (4, 50, (1_500.0, 4_000.0), 0.65, 3),
            (4, 50, (1_500.0, 4_000.0), 0.8, 0),
            (2, 30, (900.0, 1_500.0), 0.3, 0),
            (1, 60, (1_500.0, 2_500.0), 0.2, 0),
        ],
        every=4,
    ),
)
def test_dis_016_081_no_wrong_lock_is_accepted_in_trail(
    routes: int, each: int, gap_m: tuple[float, float], dropped: float, accepted_min: int
) -> None:
    accepted, reasons = 0, set()
    for seed in range(15):
        truth = in_trail(seed, routes=routes, each=each, gap_m=gap_m)
        draw = np.random.default_rng(seed + 999)
        one = Seen(name="a", dropped=dropped)
        other = replace(
            one,
            name="b",
            shift_m=(float(draw.uniform(-1_200, 1_200)), float(draw.uniform(-1_200, 1_200))),
            turn_deg=float(draw.uniform(-0.5, 0.5)),
            late_s=float(draw.uniform(-4.0, 4.0)),
        )
        sides, _ = align((picture(truth, one, seed), picture(truth, other, seed)), AT, Noise())
        found = register(*sides, Search())
        if isinstance(found, Refused):
            reasons.add(found.reason)
            continue
        accepted += 1
        pairs = [
            (sides[0].tracks[i].track, sides[1].tracks[j].track)
            for i, j in zip(found.pairs.one.tolist(), found.pairs.other.tolist(), strict=True)
        ]
        assert right_share(pairs) >= 0.9, seed
    assert accepted >= accepted_min
    if gap_m[1] < 3_000.0:  # tight trails: one step further along fits as well
        assert accepted == 0
        assert reasons <= {Refusal.AMBIGUOUS, Refusal.PARALLEL_TRACKS}
