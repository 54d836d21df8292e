"""A declared plan beside the course, through a live node: it adds and never clears."""

from dataclasses import replace
from datetime import timedelta

from node_pair import ALPHA, BRAVO, CHIEF, SEA, START, World, roz
from test_mechanism_pairs import WORDS, alerts, level, ours, seen, staying

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.alert import Alert, Shown
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.geometry.footprint import Circle, Orbit
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.orbit import OrbitSide
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import NoticeId, PartyId, RuleId, TrackId
from crosstell.core.instant import Window, seconds_between
from crosstell.core.picture.content import Activity, ActivityKind
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope
from crosstell.core.protocol.rule import AlertLevel, OnUnknown, TracksConcerned, ZoneEntry

ADVISORY = AlertLevel.ADVISORY
ENTRY = "zone-entry"


def place(north_m: float, radius_m: float, from_s: float, to_s: float) -> Volume:
    """A circle so many metres north of SEA, up to 2000 m, in this window after START."""
    here = Position(lat_deg=SEA.lat_deg + north_m / 111_000.0, lon_deg=SEA.lon_deg)
    return Volume(
        footprint=Circle(centre=here, radius_m=radius_m),
        lower=Unbounded(),
        upper=Altitude(value_m=2_000.0, datum=Datum.MSL_EGM96),
        window=Window(start=START + timedelta(seconds=from_s), end=START + timedelta(seconds=to_s)),
    )


ORBIT = place(20_000.0, 10_000.0, 0.0, 7_200.0)  # it stays 5 km off the zone
INTO_IT = place(0.0, 3_000.0, 600.0, 1_200.0)


def filed(name: str, *volumes: Volume, to: PartyId) -> NoticeFiled:
    return NoticeFiled(
        notice=NoticeId(name),
        version=1,
        content=Activity(kind=ActivityKind.UNCREWED_FLIGHT, volumes=volumes),
        marking="TEST",
        releasable_to=(to,),
    )


def watching(*volumes: Volume, rules: tuple[ZoneEntry, ...] = ()) -> World:
    """Alpha has a zone of 5 km about SEA; bravo has filed a flight, or none."""
    world = World(rules=rules)
    world.settle(ALPHA, roz("roz-a", BRAVO))
    if volumes:
        world.settle(BRAVO, filed("b-1", *volumes, to=ALPHA))
    return world


def flies(world: World, *legs: tuple[float, float], track: str = "t1") -> list[Alert | None]:
    """Every ten seconds alpha sees it, along (from, to) metres north; what is shown each time."""
    shown: list[Alert | None] = []
    for start_m, end_m in legs:
        south = end_m < start_m
        for step in range(int(abs(end_m - start_m) // 600.0)):
            north_m = start_m + (-600.0 if south else 600.0) * step
            world.observe(ALPHA, seen(world, north_m, track=track, south=south))
            found = alerts(world, ENTRY)
            shown.append(found[0] if found else None)
            world.wait(10.0)
    return shown


def found(alert: Alert | None) -> Finding:
    assert alert is not None
    assert alert.shown is not None
    return alert.shown.finding


def said(shown: Shown) -> Shown:
    """It without the entries that it rests on, which are those of its own world."""
    return replace(shown, trail=())


def test_an_orbit_that_turns_away_before_the_zone_is_told_as_without_it() -> None:
    """CNF-028: twice the orbit leads towards the zone; the plan neither clears nor adds."""
    legs = ((26_000.0, 14_000.0), (14_000.0, 26_000.0), (26_000.0, 14_000.0))
    planned, plain = watching(ORBIT), watching()
    plain.wait(seconds_between(plain.now, planned.now))
    with_plan, without = flies(planned, *legs), flies(plain, *legs)
    assert [one and level(one) for one in with_plan] == [one and level(one) for one in without]
    assert [one and one.shown and said(one.shown) for one in with_plan] == [
        one and one.shown and said(one.shown) for one in without
    ]
    levels = {level(one) for one in with_plan if one is not None}
    assert AlertLevel.URGENT in levels
    assert any(one is None for one in with_plan)


def test_a_plan_that_leads_in_is_told_though_the_course_leads_past() -> None:
    """CNF-020, CNF-023, CNF-026: from when the place is declared; advisory, and not by course."""
    without = flies(watching(ORBIT), (14_000.0, 20_000.0))
    assert without == [None] * 10
    world = watching(ORBIT, INTO_IT)
    began_at = world.now
    shown = flies(world, (14_000.0, 20_000.0))
    assert shown[0] is None  # two of three findings are needed
    told = found(shown[1])
    assert (told.assessed, told.reasons) == (
        Assessed.CANNOT_BE_RULED_OUT,
        (Reason.DECLARED_PLAN,),
    )
    due_s = (START + timedelta(seconds=600.0) - began_at).total_seconds() - 10.0
    assert told.infringement_in_s == due_s
    assert told.nominal_in_s is None
    assert {level(one) for one in shown[1:] if one is not None} == {ADVISORY}


def test_the_plan_alone_never_rings_and_the_course_does() -> None:
    """CNF-027: the declared time comes near and it stays advisory; it turns in, and it rises."""
    world = watching(ORBIT, INTO_IT)
    world.wait(430.0)
    away = flies(world, (14_000.0, 20_000.0))
    assert found(away[-1]).infringement_in_s < 180.0  # within what is critical by course
    assert [one and level(one) for one in away] == [None, *[ADVISORY] * 9]
    assert world.rings(ALPHA, "alert") == []
    turned = flies(world, (20_000.0, 14_000.0))
    assert found(turned[-1]).assessed is Assessed.INFRINGES
    assert [level(one) for one in turned if one is not None][-1] is AlertLevel.URGENT
    assert world.rings(ALPHA, "alert") != []


def test_an_earlier_time_by_the_plan_keeps_the_verdict_and_level_of_the_course() -> None:
    """CNF-026, CNF-027: the course leads in later than the plan may."""
    soon = place(0.0, 12_000.0, 100.0, 1_200.0)  # it reaches out of the zone, to the north
    world = watching(ORBIT, soon)
    plain = watching(ORBIT)
    both = [flies(one, (28_000.0, 22_000.0))[-1] for one in (world, plain)]
    with_plan, by_course = found(both[0]), found(both[1])
    assert with_plan.assessed is by_course.assessed is Assessed.INFRINGES
    assert with_plan.nominal_in_s == by_course.nominal_in_s
    assert with_plan.infringement_in_s < by_course.infringement_in_s
    assert Reason.DECLARED_PLAN in with_plan.reasons
    assert [level(one) for one in both if one is not None] == [AlertLevel.URGENT] * 2


def test_one_that_never_was_in_the_activity_is_not_on_it() -> None:
    """CNF-025: nor one that was there before its time."""
    world = watching(ORBIT, INTO_IT)
    assert flies(world, (40_000.0, 46_000.0)) == [None] * 10
    later_on = replace(ORBIT, window=replace(ORBIT.window, start=START + timedelta(hours=1)))
    assert flies(watching(later_on, INTO_IT), (14_000.0, 20_000.0)) == [None] * 10


def test_a_height_that_is_not_told_may_be_the_declared_one() -> None:
    """CNF-025: and one above the activity is not in it."""
    for height_m, is_told in ((None, True), (3_000.0, False), (1_000.0, True)):
        world = watching(ORBIT, INTO_IT)
        for step in range(4):
            one = seen(world, 14_000.0 + 600.0 * step, south=False)
            height = None
            if height_m is not None:
                height = Altitude(value_m=height_m, datum=Datum.MSL_EGM96)
            motion = replace(one.motion, altitude=height)
            world.observe(ALPHA, replace(one, motion=motion))
            world.wait(10.0)
        assert bool(alerts(world, ENTRY)) is is_told


def says(world: World, answer: OwnershipAnswer) -> None:
    about = OwnTrack(track=TrackId("t1"))
    said = OwnershipStated(subject=about, answer=answer, scope=Scope())
    world.settle(ALPHA, said, role=CHIEF)


def test_our_own_word_decides_whose_activities_count() -> None:
    """CNF-025: ours: our own only; not ours: others' only; nothing said: all."""
    for by_bravo, answer, is_told in (
        (True, OwnershipAnswer.OURS, False),
        (True, OwnershipAnswer.NOT_OURS, True),
        (False, OwnershipAnswer.NOT_OURS, False),
        (False, OwnershipAnswer.OURS, True),
        (False, None, True),
    ):
        world = World()
        filer, owner = (BRAVO, ALPHA) if by_bravo else (ALPHA, BRAVO)
        world.settle(owner, roz("roz-1", filer))
        world.settle(filer, filed("f-1", ORBIT, INTO_IT, to=owner))
        flies(world, (13_400.0, 14_000.0))
        if answer is not None:
            says(world, answer)
        flies(world, (14_000.0, 20_000.0))
        assert bool(alerts(world, ENTRY)) is is_told, (by_bravo, answer)


def test_our_own_track_is_on_no_activity_of_theirs() -> None:
    """CNF-025: under a rule about every object, at our zone, in the area that bravo declared."""
    rule = ZoneEntry(id=RuleId("entry"), tracks=TracksConcerned.ALL, **WORDS)
    for answer, is_told in ((OwnershipAnswer.OURS, False), (OwnershipAnswer.NOT_OURS, True)):
        world = watching(ORBIT, INTO_IT, rules=(rule,))
        flies(world, (13_400.0, 14_000.0))
        says(world, answer)
        flies(world, (14_000.0, 20_000.0))
        assert bool(alerts(world, "entry")) is is_told


def test_one_that_has_left_its_activity_may_return_to_it() -> None:
    """CNF-024, CNF-025: it flew out of the orbit; the place to come still counts."""
    shown = flies(watching(ORBIT, INTO_IT), (27_000.0, 34_200.0))
    assert found(shown[-1]).reasons == (Reason.DECLARED_PLAN,)
    assert found(shown[-1]).distance_m > 28_000.0


def test_a_partys_own_activity_at_its_own_zone_adds_nothing_where_others_are_meant() -> None:
    """CNF-030: the rule is about others' objects."""
    for tracks in TracksConcerned:
        rule = ZoneEntry(id=RuleId("entry"), tracks=tracks, **WORDS)
        world = World(rules=(rule,))
        world.settle(BRAVO, roz("roz-b", ALPHA))
        world.settle(BRAVO, filed("b-1", ORBIT, INTO_IT, to=ALPHA))
        flies(world, (14_000.0, 20_000.0))
        told = [alert.key.rule for alert in world.alerts(ALPHA) if alert.key.rule == "entry"]
        assert bool(told) is (tracks is not TracksConcerned.OF_OTHERS)


def test_a_rule_that_allows_a_stay_or_alerts_nothing_unknown_is_not_told_by_plan() -> None:
    """CNF-029: the stay is the track's own; and the protocol's word on what is unknown holds."""
    quiet = ZoneEntry(id=RuleId("quiet"), on_unknown=OnUnknown.SHOW, **WORDS)
    world = watching(ORBIT, INTO_IT, rules=(staying(120.0), quiet))
    flies(world, (14_000.0, 20_000.0))
    assert [alert.key.rule for alert in world.alerts(ALPHA)] == [ENTRY]


def test_it_ends_with_the_activity() -> None:
    """CNF-031: withdrawn, or its last place over; the course alone then counts."""
    world = watching(ORBIT, INTO_IT)
    flies(world, (14_000.0, 20_000.0))
    assert alerts(world, ENTRY) != []
    world.settle(BRAVO, NoticeWithdrawn(notice=NoticeId("b-1"), version=1, reason="over"))
    flies(world, (20_000.0, 27_000.0))
    assert alerts(world, ENTRY) == []


def test_an_own_track_on_its_own_activity_is_told_at_home() -> None:
    """CNF-020: a convoy that is ours, and whose plan leads into their zone."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    world.settle(ALPHA, filed("a-1", ORBIT, INTO_IT, to=BRAVO))
    flies(world, (14_000.0, 15_200.0))
    ours(world, "t1")
    shown = flies(world, (15_200.0, 20_000.0))
    assert found(shown[-1]).reasons == (Reason.DECLARED_PLAN,)
    assert world.alerts(BRAVO) == []


def test_an_area_that_it_has_been_in_says_nothing_of_its_way_and_an_orbit_does() -> None:
    """CNF-032: a wide circle round the zone adds nothing, left or not; a racetrack does."""
    wide = place(10_000.0, 16_000.0, 0.0, 7_200.0)
    assert flies(watching(wide), (14_000.0, 29_000.0)) == [None] * 25
    south, north = (place(north_m, 1.0, 0.0, 1.0).footprint for north_m in (4_000.0, 20_000.0))
    assert isinstance(south, Circle)
    assert isinstance(north, Circle)
    racetrack = Orbit(
        first=south.centre, second=north.centre, width_m=4_000.0, side=OrbitSide.CENTRE
    )
    world = watching(replace(ORBIT, footprint=racetrack))
    shown = flies(world, (14_000.0, 20_000.0))
    assert found(shown[-1]).reasons == (Reason.DECLARED_PLAN,)
    assert level(shown[-1] or alerts(world, ENTRY)[0]) is ADVISORY
