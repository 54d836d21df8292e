"""What a live node tests beside tracks at places: traffic, plans, boundaries, notices alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from node_pair import ALPHA, BRAVO, CHIEF, SEA, START, World, area, roz

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.about import (
    OneNotice,
    OneTrack,
    TrackAtNotice,
    TrackOnActivity,
    TwoNotices,
    TwoTracks,
)
from crosstell.core.detection.alert import Alert
from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.geometry.footprint import Polygon
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import NoticeId, PartyId, RuleId, TrackId
from crosstell.core.instant import Window
from crosstell.core.mechanism.assess.pairs.alone import lateness
from crosstell.core.picture.content import Activity, ActivityKind
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope
from crosstell.core.picture.track import Observation
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    AlertLevel,
    Blackout,
    Boundary,
    Certainty,
    Concerned,
    Conformance,
    MaximumDuration,
    Minima,
    Separation,
    WellClear,
    ZoneEntry,
)
from crosstell.core.protocol.rules.boundary import BoundaryVersion
from crosstell.core.protocol.rules.calendar import Calendar, Closed, Dates, NamedDate
from crosstell.core.protocol.rules.duration import Lasting
from crosstell.core.protocol.rules.traffic import Tolerance, WellClearVolume
from crosstell.core.protocol.times import Manoeuvring

WORDS: dict[str, Any] = {
    "text": "as the test says",
    "source": "written for tests",
    "certainty": Certainty.ASSUMED,
}
APART = Separation(
    id=RuleId("apart"),
    minima=Minima(lateral_m=5_000.0, vertical_m=300.0),
    between=Concerned.BOTH,
    **WORDS,
)


def seen(world: World, north_m: float, *, track: str = "t1", south: bool = True) -> Observation:
    """An object so many metres north of SEA at 1000 m, at 60 m/s towards the south or north."""
    motion = Motion(
        position=Position(lat_deg=SEA.lat_deg + north_m / 111_000.0, lon_deg=SEA.lon_deg),
        at=world.now,
        altitude=Altitude(value_m=1_000.0, datum=Datum.MSL_EGM96),
        velocity=Velocity(track_deg=180.0 if south else 0.0, speed_mps=60.0, climb_mps=0.0),
        position_accuracy_m=10.0,
        altitude_accuracy_m=10.0,
    )
    return Observation(track=TrackId(track), source="radar-1", motion=motion, received_at=world.now)


def flies(world: World, north_m: float, *, times: int = 3, every_s: float = 10.0) -> float:
    """Alpha sees it `times` times on its way south; where it is then."""
    for _ in range(times):
        world.observe(ALPHA, seen(world, north_m))
        world.wait(every_s)
        north_m -= 60.0 * every_s
    return north_m


def ours(world: World, track: str) -> None:
    """Alpha says of the track that it is its own."""
    about = OwnTrack(track=TrackId(track))
    said = OwnershipStated(subject=about, answer=OwnershipAnswer.OURS, scope=Scope())
    world.settle(ALPHA, said, role=CHIEF)


def alerts(world: World, rule: str, party: PartyId = ALPHA) -> list[Alert]:
    """The shown alerts of that rule."""
    return [alert for alert in world.alerts(party) if alert.key.rule == rule]


def level(alert: Alert) -> AlertLevel:
    assert alert.shown is not None
    return alert.shown.level


def flight(
    name: str,
    *to: PartyId,
    version: int = 1,
    radius_m: float = 3_000.0,
    start_s: float = 3_600.0,
    lasts_s: float = 3_600.0,
    kind: ActivityKind = ActivityKind.UNCREWED_FLIGHT,
) -> NoticeFiled:
    """A filed flight about SEA, from 500 m to 1500 m."""
    volume = Volume(
        footprint=area(radius_m).footprint,
        lower=Altitude(value_m=500.0, datum=Datum.MSL_EGM96),
        upper=Altitude(value_m=1_500.0, datum=Datum.MSL_EGM96),
        window=Window(
            start=START + timedelta(seconds=start_s),
            end=START + timedelta(seconds=start_s + lasts_s),
        ),
    )
    return NoticeFiled(
        notice=NoticeId(name),
        version=version,
        content=Activity(kind=kind, volumes=(volume,)),
        marking="TEST",
        releasable_to=to,
    )


def staying(dwell_s: float) -> ZoneEntry:
    return ZoneEntry(id=RuleId("stay"), minima=Minima(lateral_m=0.0, dwell_s=dwell_s), **WORDS)


def test_a_stay_advises_from_entry_and_infringes_past_its_limit() -> None:
    """MEC-070, MEC-071: three minutes are allowed; the count goes on from finding to finding."""
    world = World(rules=(staying(120.0),))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    north_m = flies(world, 4_000.0)
    (alert,) = alerts(world, "stay")
    assert alert.shown is not None
    found = alert.shown.finding
    assert (found.assessed, found.inside_for_s) == (Assessed.INFRINGES, 20.0)
    assert found.nominal_in_s == 100.0  # it crosses the zone for longer than the two minutes
    flies(world, north_m, times=11)
    (alert,) = alerts(world, "stay")
    assert alert.shown is not None
    assert alert.shown.finding.inside_for_s == 130.0
    assert alert.shown.finding.nominal_in_s == 0.0
    assert level(alert) is AlertLevel.CRITICAL


def test_a_short_stay_is_told_as_possible_and_ends_with_leaving() -> None:
    """MEC-072, MEC-073: it will be out before the limit; it may stay, which cannot be ruled out."""
    world = World(rules=(staying(300.0),))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    north_m = flies(world, -2_000.0, times=4)
    (alert,) = alerts(world, "stay")
    assert alert.shown is not None
    found = alert.shown.finding
    assert (found.assessed, found.reasons[0]) == (Assessed.CANNOT_BE_RULED_OUT, Reason.DWELL)
    assert found.infringement_in_s == 270.0
    flies(world, north_m, times=12)
    assert alerts(world, "stay") == []


def test_a_track_that_no_object_can_be_is_judged_by_all_that_it_may_be() -> None:
    """MEC-074: it jumps 150 km in ten seconds; nothing infringes, nothing is lost."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    flies(world, 9_000.0, times=3)
    (alert,) = alerts(world, "zone-entry")
    flies(world, -140_000.0, times=3)
    (alert,) = alerts(world, "zone-entry")
    assert alert.shown is not None
    found = alert.shown.finding
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert Reason.NOT_TRUSTWORTHY in found.reasons


def test_an_alert_about_notices_rises_as_its_time_comes() -> None:
    """MEC-075: nothing is filed or seen meanwhile; the levels follow the protocol's horizons."""
    world = World(rules=(APART,))
    world.settle(ALPHA, flight("a-1", BRAVO))
    world.settle(BRAVO, flight("b-1", ALPHA))
    for waited_s, expected in ((0.0, "advisory"), (3_150.0, "urgent"), (300.0, "critical")):
        world.pass_time(waited_s)
        for party in (ALPHA, BRAVO):
            (alert,) = alerts(world, "apart", party)
            assert level(alert) == expected, (party, waited_s)
    world.pass_time(4_000.0)
    assert alerts(world, "apart") == alerts(world, "apart", BRAVO) == []


def test_an_own_track_is_held_to_the_activity_that_it_has_been_in() -> None:
    """MEC-076, MEC-077: told at its own desk, at most advisory; another's track is not tested."""
    rule = Conformance(
        id=RuleId("keep-to-it"),
        tolerance=Tolerance(lateral_m=200.0, early_s=60.0, late_s=60.0, vertical_m=100.0),
        **WORDS,
    )
    world = World(rules=(rule,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=0.0))
    north_m = flies(world, -1_000.0, times=2)
    assert alerts(world, "keep-to-it") == []
    ours(world, "t1")
    north_m = flies(world, north_m, times=2)
    assert alerts(world, "keep-to-it") == []
    flies(world, north_m, times=4)
    (alert,) = alerts(world, "keep-to-it")
    assert isinstance(alert.key.about, TrackOnActivity)
    assert level(alert) is AlertLevel.ADVISORY


def test_our_track_and_anothers_are_kept_apart_and_two_strangers_are_not_tested() -> None:
    """MEC-078."""
    world = World(rules=(APART,))
    for step in range(3):
        away_m = 9_000.0 - 600.0 * step
        world.observe(
            ALPHA,
            seen(world, away_m, track="t1"),
            seen(world, -away_m, track="t2", south=False),
        )
        world.wait(10.0)
    assert alerts(world, "apart") == []
    ours(world, "t1")
    for step in range(3, 6):
        away_m = 9_000.0 - 600.0 * step
        world.observe(
            ALPHA,
            seen(world, away_m, track="t1"),
            seen(world, -away_m, track="t2", south=False),
        )
        world.wait(10.0)
    (alert,) = alerts(world, "apart")
    assert isinstance(alert.key.about, TwoTracks)
    assert alert.shown is not None
    assert alert.shown.finding.nearest_m is not None
    assert alert.shown.finding.nearest_m < 50.0
    ours(world, "t2")
    world.pass_time(50.0)
    assert alerts(world, "apart") == []


def test_well_clear_alerts_at_the_levels_of_its_own_times() -> None:
    """MEC-079: at 60 s before the loss of well clear there is none, nearer in it is corrective."""
    rule = WellClear(id=RuleId("clear"), volume=WellClearVolume.PHASE_I, **WORDS)
    world = World(rules=(rule,))
    world.observe(ALPHA, seen(world, 12_000.0, track="t1"))
    ours(world, "t1")
    seen_at = {}
    for step in range(19):
        away_m = 12_000.0 - 600.0 * step
        world.observe(
            ALPHA,
            seen(world, away_m, track="t1"),
            seen(world, -away_m, track="t2", south=False),
        )
        found = alerts(world, "clear")
        seen_at[step] = level(found[0]).value if found else None
        world.wait(10.0)
    assert seen_at[0] is None
    assert [*dict.fromkeys(seen_at.values())] == [None, "urgent", "critical"]


def test_two_plans_that_meet_are_one_conflict_at_both_nodes_until_one_moves() -> None:
    """MEC-080: told when the second is filed, long before; gone when a new version clears it."""
    world = World(rules=(APART,))
    world.settle(ALPHA, flight("a-1", BRAVO))
    assert alerts(world, "apart") == []
    world.settle(BRAVO, flight("b-1", ALPHA))
    for party in (ALPHA, BRAVO):
        (alert,) = alerts(world, "apart", party)
        assert isinstance(alert.key.about, TwoNotices)
        assert alert.shown is not None
        assert alert.shown.finding.infringement_in_s > 3_000.0
    world.settle(BRAVO, flight("b-1", ALPHA, version=2, start_s=7_200.0))
    assert alerts(world, "apart") == alerts(world, "apart", BRAVO) == []
    world.settle(BRAVO, flight("b-1", ALPHA, version=3))
    world.settle(BRAVO, NoticeWithdrawn(notice=NoticeId("b-1"), version=3, reason="over"))
    world.tick()
    assert alerts(world, "apart") == alerts(world, "apart", BRAVO) == []


def test_a_plan_in_a_zone_is_told_where_the_rule_is_about_activities_too() -> None:
    """MEC-080."""
    entry = ZoneEntry(id=RuleId("into-it"), applies_to=Concerned.BOTH, **WORDS)
    world = World(rules=(entry,))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    world.settle(ALPHA, flight("a-1", BRAVO))
    (alert,) = alerts(world, "into-it")
    assert isinstance(alert.key.about, TwoNotices)


def test_a_notice_in_a_blackout_or_too_long_is_told_and_a_late_one_only_shown() -> None:
    """MEC-081."""
    days = Calendar(
        rows=(Closed(days=Dates(dates=(NamedDate(date="2023-06-01", name="Holiday"),))),),
        utc_offset_s=0.0,
    )
    black = Blackout(id=RuleId("holiday"), calendar=days, **WORDS)
    lasting = MaximumDuration(
        id=RuleId("short"), lasting=(Lasting.ACTIVITY,), longest_s=1_800.0, **WORDS
    )
    world = World(rules=(black, lasting))
    world.settle(ALPHA, flight("a-1", BRAVO))
    world.settle(ALPHA, roz("roz-1", BRAVO))
    (holiday,) = alerts(world, "holiday")
    (short,) = alerts(world, "short")
    assert isinstance(holiday.key.about, OneNotice)
    assert short.shown is not None
    assert 5_300.0 < short.shown.finding.infringement_in_s < 5_400.0
    late = lateness(world.state(ALPHA), world.now)
    assert [finding.rule for finding in late] == ["lead-time-activity", "lead-time-zone"]
    assert [alert for alert in world.alerts(ALPHA) if alert.key.rule.startswith("lead")] == []


def side(party: PartyId, south_deg: float) -> BoundaryVersion:
    """Everything from so far south of SEA down."""
    top, low = SEA.lat_deg - south_deg, SEA.lat_deg - 2.0
    corners = ((top, -21.0), (top, -17.0), (low, -17.0), (low, -21.0))
    ring = tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in corners)
    return BoundaryVersion(party=party, side=(Polygon(vertices=ring),))


def test_a_boundary_is_judged_under_each_version_and_is_a_caution_where_they_differ() -> None:
    """MEC-082: south of bravo's line and north of alpha's it is advisory; beyond both it is not."""
    versions = (side(BRAVO, 0.0), side(ALPHA, 0.1))
    versions = (versions[0], replace(versions[1], side=(north(),)))
    rule = Boundary(id=RuleId("line"), versions=versions, caution_m=500.0, **WORDS)
    world = World(rules=(rule,))
    ours_at = {}
    world.observe(ALPHA, seen(world, 40_000.0))
    ours(world, "t1")
    north_m = 40_000.0
    found: list[Alert] = []
    for _ in range(100):
        world.wait(10.0)
        north_m -= 600.0
        world.observe(ALPHA, seen(world, north_m))
        found = alerts(world, "line")
        assert all(alert.key.reading == BRAVO for alert in found)
        ours_at[north_m] = level(found[0]) if found else None
    assert isinstance(found[0].key.about, OneTrack)
    order = [one.value for one in dict.fromkeys(ours_at.values()) if one is not None]
    assert order == ["advisory", "urgent", "critical"]
    contested = [ours_at[at] for at in ours_at if -6_000.0 < at < -1_000.0]
    assert set(contested) <= {AlertLevel.ADVISORY, AlertLevel.URGENT, AlertLevel.CRITICAL}


def north() -> Polygon:
    """Alpha's own version of its side: everything down to a tenth of a degree south of SEA."""
    low, top = SEA.lat_deg - 0.1, SEA.lat_deg + 2.0
    corners = ((low, -21.0), (low, -17.0), (top, -17.0), (top, -21.0))
    return Polygon(vertices=tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in corners))


def turning(protocol: Protocol) -> Protocol:
    """The test protocol, which looks at what a turn could do within two minutes."""
    may = Manoeuvring(horizon_s=120.0, speed_mps=80.0, bank_deg=45.0, climb_mps=10.0)
    assumed = replace(protocol.alerts.assumed, manoeuvre=may)
    return replace(protocol, alerts=replace(protocol.alerts, assumed=assumed))


def test_what_a_turn_could_do_is_told_where_the_protocol_looks_at_it() -> None:
    """MEC-090: it flies away from the zone; a turn could take it in within two minutes."""
    for changed, expected in ((lambda protocol: protocol, []), (turning, ["zone-entry"])):
        world = World(changed=changed)
        world.settle(BRAVO, roz("roz-b", ALPHA))
        for step in range(3):
            world.observe(ALPHA, seen(world, 5_500.0 + 600.0 * step, south=False))
            world.wait(10.0)
        found = world.alerts(ALPHA)
        assert [alert.key.rule for alert in found] == expected
        for alert in found:
            assert alert.shown is not None
            assert alert.shown.finding.reasons == (Reason.MANOEUVRE,)


def test_two_tracks_that_only_a_turn_brings_together_are_told_too() -> None:
    """MEC-090: 12 km apart and parting; within two minutes both may turn."""
    for changed, count in ((lambda protocol: protocol, 0), (turning, 1)):
        world = World(rules=(APART,), changed=changed)
        ours(world, "t1")
        for step in range(4):
            other = seen(world, 12_000.0 + 600.0 * step, track="t2", south=False)
            world.observe(ALPHA, seen(world, -600.0 * step), other)
            world.wait(10.0)
        assert len(alerts(world, "apart")) == count


def test_tracks_at_places_stay_what_they_were() -> None:
    """MEC-020: one alert for the track at the zone, of the rule that was there before."""
    world = World(rules=(APART,))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    flies(world, 9_000.0)
    (alert,) = world.alerts(ALPHA)
    assert isinstance(alert.key.about, TrackAtNotice)
