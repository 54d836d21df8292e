"""What the plan check tells before a plan is filed is what the node tells once it is filed."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, SEA, START, World
from sampling import examples
from test_mechanism_pairs import APART, WORDS
from test_plan_check import standing

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.about import notices_of
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import NoticeId, RuleId
from crosstell.core.instant import Window
from crosstell.core.mechanism.assess.picturing import notices_standing
from crosstell.core.mechanism.plan.check import Declared, check_plan
from crosstell.core.picture.content import Activity, ActivityKind, FieldType, Zone
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.protocol.rule import (
    Concerned,
    Minima,
    NamedActivity,
    Separation,
    ZoneEntry,
)

RULES = (
    APART,
    Separation(
        id=RuleId("fire"),
        minima=Minima(lateral_m=1_000.0, dwell_s=200.0),
        between=Concerned.ACTIVITIES,
        activities=(NamedActivity.LIVE_FIRE,),
        **WORDS,
    ),
    ZoneEntry(
        id=RuleId("stay"),
        minima=Minima(lateral_m=0.0, dwell_s=300.0),
        applies_to=Concerned.BOTH,
        **WORDS,
    ),
)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    """Near SEA, some low and some high, of some minutes; some began before now."""
    start = START + timedelta(seconds=100 * draw(st.integers(-6, 12)))
    low = draw(st.sampled_from([0.0, 900.0]))
    datum = draw(st.sampled_from([Datum.MSL_EGM96, Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID]))
    north_deg = draw(st.integers(0, 4)) * 0.03
    return Volume(
        footprint=Circle(
            centre=Position(lat_deg=SEA.lat_deg + north_deg, lon_deg=SEA.lon_deg), radius_m=2_000.0
        ),
        lower=Altitude(value_m=low, datum=datum),
        upper=Altitude(value_m=low + 500.0, datum=datum),
        window=Window(start=start, end=start + timedelta(seconds=100 * draw(st.integers(1, 6)))),
    )


@st.composite
def activities(draw: st.DrawFn) -> Activity:
    kind = draw(
        st.sampled_from(
            [ActivityKind.LIVE_FIRE, ActivityKind.UNCREWED_FLIGHT, ActivityKind.NOT_STATED]
        )
    )
    return Activity(kind=kind, volumes=tuple(draw(st.lists(volumes(), min_size=1, max_size=3))))


def zone(volume: Volume) -> Zone:
    return Zone(
        field_type=FieldType.ROZ, declaring_authority="bravo", volume=volume, duty="keep out"
    )


def filed(name: str, content: Activity | Zone, *, to: bool) -> NoticeFiled:
    return NoticeFiled(
        notice=NoticeId(name),
        version=1,
        content=content,
        marking="TEST",
        releasable_to=(ALPHA,) if to else (BRAVO,),
    )


@settings(max_examples=examples(60), deadline=None)
@given(
    plan=activities(),
    others=st.lists(activities() | volumes().map(zone), min_size=1, max_size=3),
)
def test_the_conflicts_of_the_check_are_the_alerts_of_the_node(
    plan: Activity, others: list[Activity | Zone]
) -> None:
    """RMD-010, RMD-015, RMD-016, MEC-080, MEC-092: by rule, notice, and how sure."""
    world = World(rules=RULES, changed=lambda found: replace(found, rules=RULES))
    for number, content in enumerate(others):
        world.settle(BRAVO, filed(f"b-{number}", content, to=True))
    state = world.state(ALPHA)
    asked = filed("plan", plan, to=False)
    declared = Declared(
        protocol=state.setting.protocol,
        understandings=(),
        notices=notices_standing(state, world.now),
        conversions=state.setting.local_conversions,
    )
    checked = check_plan(standing(ALPHA, asked), declared, now=world.now + timedelta(seconds=1))
    told = {
        (one.obstacle.criterion.rule, one.obstacle.what.split(" ")[0]) for one in checked.conflicts
    }
    world.settle(ALPHA, asked)
    shown = {
        (alert.key.rule, named.notice)
        for alert in world.alerts(ALPHA)
        for named in notices_of(alert.key.about)
        if named.party == BRAVO
        and NoticeId("plan") in {n.notice for n in notices_of(alert.key.about)}
    }
    assert told == shown
