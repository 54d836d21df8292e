"""Boxes about notices leave out no pair that the exact test finds, whichever row changed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.plan import pairing
from crosstell.core.geometry.approach import TIE_M
from crosstell.core.geometry.footprint import Circle, Corridor, Footprint
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window
from crosstell.core.mechanism.assess.pairs.boxes import box_of, rows_near

NOON = datetime(2023, 6, 1, 12, tzinfo=UTC)
LATERAL_M = 20_000.0
RULE = Criterion(
    rule=RuleId("apart"),
    reading=None,
    lateral_m=LATERAL_M,
    vertical_m=0.0,
    horizon_s=600.0,
    unknown_accuracy_m=0.0,
    unknown_speed_mps=0.0,
    stale_after_s=60.0,
)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    """Round the antimeridian and near a pole as well as at middle latitudes."""
    lat_deg = draw(st.sampled_from([-36.0, 0.0, 88.0])) + draw(st.integers(-6, 6)) / 10
    lon_deg = draw(st.sampled_from([40.0, 179.8, -179.8])) + draw(st.integers(-1, 1)) / 10
    here = Position(lat_deg=lat_deg, lon_deg=lon_deg)
    footprint: Footprint = Circle(centre=here, radius_m=draw(st.sampled_from([10.0, 9_000.0])))
    if draw(st.booleans()):
        there = Position(lat_deg=lat_deg - 0.3, lon_deg=lon_deg)
        footprint = Corridor(points=(here, there), half_width_m=1_000.0)
    start = draw(st.integers(0, 3))
    window = Window(
        start=NOON + timedelta(hours=start),
        end=NOON + timedelta(hours=start + draw(st.integers(1, 2))),
    )
    return Volume(footprint=footprint, lower=Unbounded(), upper=Unbounded(), window=window)


@settings(max_examples=examples(60), deadline=None)
@given(
    notices=st.lists(
        st.lists(volumes(), min_size=1, max_size=2).map(tuple), min_size=2, max_size=5
    ),
    changed=st.sets(st.integers(0, 4), min_size=1),
)
def test_no_pair_that_meets_is_left_out(
    notices: list[tuple[Volume, ...]], changed: set[int]
) -> None:
    """MEC-091: every pair of which one changed, by the exact pairing."""
    changed = {row for row in changed if row < len(notices)}
    found = rows_near(tuple(map(box_of, notices)), changed, LATERAL_M + TIE_M)
    assert all(one < other and {one, other} & changed for one, other in found)
    for one in range(len(notices)):
        for other in range(one + 1, len(notices)):
            if not {one, other} & changed or (one, other) in found:
                continue
            for first in notices[one]:
                for second in notices[other]:
                    assert pairing(first, second, RULE).assessed is Assessed.CLEAR


def test_boxes_leave_out_what_is_far_or_at_another_time() -> None:
    """MEC-091: it would be no help if everything were kept."""
    here = Circle(centre=Position(lat_deg=-36.0, lon_deg=40.0), radius_m=100.0)
    far = Circle(centre=Position(lat_deg=-30.0, lon_deg=40.0), radius_m=100.0)
    noon, later = (
        Window(start=NOON + timedelta(hours=at), end=NOON + timedelta(hours=at + 1))
        for at in (0, 1)
    )
    notices = tuple(
        (Volume(footprint=place, lower=Unbounded(), upper=Unbounded(), window=window),)
        for place, window in ((here, noon), (here, noon), (here, later), (far, noon))
    )
    boxes = tuple(map(box_of, notices))
    assert rows_near(boxes, range(4), LATERAL_M) == {(0, 1)}
    assert rows_near(boxes, [2, 3], LATERAL_M) == set()
