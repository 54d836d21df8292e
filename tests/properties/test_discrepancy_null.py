"""Two hours of pictures that differ in nothing but noise: no discrepancy is told."""

from datetime import timedelta

import pytest
from picture_scenes import AT, Seen, picture, spread
from watched_scenes import SETTINGS

from crosstell.core.assessment.discrepancy.sequence import Policy, State
from crosstell.core.assessment.discrepancy.watch import Watch, findings, watched


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dis_061_no_false_discrepancy_in_two_hours(seed: int) -> None:
    """720 looks of 40 objects, a new sky every ten minutes; 0.02 false ones may be expected."""
    seen = (
        Seen(name="a", dropped=0.1, tails_dof=50.0),
        Seen(name="b", dropped=0.1, tails_dof=50.0),
    )
    watch, suspected = Watch(), 0
    for number in range(720):
        at = AT + timedelta(seconds=10 * number)
        truth = spread(40, 100 * seed + number // 60).after(10.0 * (number % 60))
        pictures = (
            picture(truth, seen[0], 10_000 * seed + number, at=at),
            picture(truth, seen[1], 10_000 * seed + number, at=at),
        )
        watch = watched(watch, pictures, at, SETTINGS, Policy())
        assert findings(watch, "a", State.DISCREPANCY) == ()
        suspected += bool(findings(watch, "a", State.SUSPECTED))
    assert (
        suspected <= 8
    )  # of 720 looks; one suspicion an hour is borne, and each may last some looks
