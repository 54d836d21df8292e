"""Alerts as time passes and notices change: none that stays, none that is lost, none that flaps."""

from dataclasses import replace
from datetime import timedelta

from node_pair import ALPHA, BRAVO, CHARLIE, START, World, area, roz
from test_mechanism_pairs import (
    APART,
    WORDS,
    alerts,
    flies,
    flight,
    level,
    north,
    ours,
    seen,
    side,
)

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.finding import Assessed
from crosstell.core.geometry.motion import Velocity
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import NoticeId, PartyId, RoleId, RuleId
from crosstell.core.instant import Window, later
from crosstell.core.line.content import Danger, RequestedAct
from crosstell.core.mechanism.line.drafting import Draft, alert_words, draft_for_alert
from crosstell.core.mechanism.step import next_wake
from crosstell.core.picture.content import Activity, ActivityKind, Zone
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Standing
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    AlertLevel,
    Blackout,
    Boundary,
    Concerned,
    Conformance,
    MaximumDuration,
    Minima,
    NamedActivity,
    Separation,
    ZoneEntry,
)
from crosstell.core.protocol.rules.calendar import Calendar, Closed, EachWeek, Hours, Weekday
from crosstell.core.protocol.rules.duration import Lasting
from crosstell.core.protocol.rules.traffic import Tolerance

KEEP = Conformance(
    id=RuleId("keep-to-it"),
    tolerance=Tolerance(lateral_m=200.0, early_s=60.0, late_s=60.0, vertical_m=100.0),
    **WORDS,
)


def in_parts(name: str, to: PartyId, *windows: tuple[float, float]) -> NoticeFiled:
    """A flight about SEA in as many parts, from and until so many seconds after START."""
    volumes = tuple(
        Volume(
            footprint=area(3_000.0).footprint,
            lower=Altitude(value_m=500.0, datum=Datum.MSL_EGM96),
            upper=Altitude(value_m=1_500.0, datum=Datum.MSL_EGM96),
            window=Window(start=later(START, by_s=start_s), end=later(START, by_s=end_s)),
        )
        for start_s, end_s in windows
    )
    return NoticeFiled(
        notice=NoticeId(name),
        version=1,
        content=Activity(kind=ActivityKind.UNCREWED_FLIGHT, volumes=volumes),
        marking="TEST",
        releasable_to=(to,),
    )


def test_a_conflict_of_two_notices_ends_with_their_overlap() -> None:
    """MEC-095: both notices go on for hours; nobody files or sees anything meanwhile."""
    world = World(rules=(APART,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=600.0, lasts_s=1_200.0))
    world.settle(BRAVO, in_parts("b-1", ALPHA, (900.0, 1_000.0), (30_000.0, 31_000.0)))
    assert len(alerts(world, "apart")) == 1
    world.pass_time(1_100.0)
    assert alerts(world, "apart") == alerts(world, "apart", BRAVO) == []
    world.no_irregular()


def test_of_two_overlaps_the_second_is_told_when_the_first_is_over() -> None:
    """MEC-095: the alert stands, and tells of what is still to come."""
    world = World(rules=(APART,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=600.0, lasts_s=36_000.0))
    world.settle(BRAVO, in_parts("b-1", ALPHA, (900.0, 1_000.0), (20_000.0, 21_000.0)))
    (alert,) = alerts(world, "apart")
    assert alert.shown is not None
    first = alert.shown.finding_at + timedelta(seconds=alert.shown.finding.infringement_in_s)
    world.pass_time(2_000.0)
    (alert,) = alerts(world, "apart")
    assert alert.shown is not None
    second = alert.shown.finding_at + timedelta(seconds=alert.shown.finding.infringement_in_s)
    assert (first, second) == (later(START, by_s=900.0), later(START, by_s=20_000.0))
    assert level(alert) is AlertLevel.ADVISORY


def nightly(*activities: NamedActivity) -> Blackout:
    """Every day from 00:10 to 00:20 UTC."""
    row = Closed(days=EachWeek(weekdays=tuple(Weekday)), hours=Hours(start="00:10", end="00:20"))
    calendar = Calendar(rows=(row,), utc_offset_s=0.0)
    return Blackout(id=RuleId("night"), calendar=calendar, activities=activities, **WORDS)


def test_a_blackout_that_is_over_does_not_hide_the_next() -> None:
    """MEC-094, MEC-095: filed after the first night's hours; and again past the second's."""
    for activities in ((), (NamedActivity.LIVE_FIRE,)):
        world = World(rules=(nightly(*activities),))
        world.pass_time(2_400.0)
        kind = ActivityKind.NOT_STATED if activities else ActivityKind.UNCREWED_FLIGHT
        filed = flight("a-1", BRAVO, start_s=0.0, lasts_s=3 * 86_400.0, kind=kind)
        world.settle(ALPHA, filed)
        for night in (1, 2):
            (alert,) = alerts(world, "night")
            assert alert.shown is not None
            found = alert.shown.finding
            begins = alert.shown.finding_at + timedelta(seconds=found.infringement_in_s)
            assert begins == later(START, by_s=night * 86_400.0 + 600.0)
            sure = Assessed.CANNOT_BE_RULED_OUT if activities else Assessed.INFRINGES
            assert found.assessed is sure
            assert level(alert) is AlertLevel.ADVISORY
            end = later(START, by_s=night * 86_400.0 + 1_260.0)
            world.pass_time((end - world.now).total_seconds())
        assert alerts(world, "night") == []


def test_a_stay_of_several_parts_counts_whole_between_notices() -> None:
    """MEC-092: three parts of two minutes each, five minutes are allowed; with a gap, not."""
    stay = ZoneEntry(
        id=RuleId("stay"),
        minima=Minima(lateral_m=0.0, dwell_s=300.0),
        applies_to=Concerned.BOTH,
        **WORDS,
    )
    world = World(rules=(stay,))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    gaps = in_parts("a-1", BRAVO, (3_000.0, 3_120.0), (3_130.0, 3_250.0), (3_260.0, 3_380.0))
    world.settle(ALPHA, gaps)
    assert alerts(world, "stay") == []
    whole = in_parts("a-2", BRAVO, (3_000.0, 3_120.0), (3_120.0, 3_240.0), (3_240.0, 3_360.0))
    world.settle(ALPHA, whole)
    (alert,) = alerts(world, "stay")
    assert alert.shown is not None
    found = alert.shown.finding
    assert found.assessed is Assessed.INFRINGES
    at = alert.shown.finding_at + timedelta(seconds=found.infringement_in_s)
    assert at == later(START, by_s=3_300.0)


def test_an_hour_that_is_allowed_is_counted_to_its_end() -> None:
    """MEC-070, MEC-071: longer than the horizon, and than the history that is kept of a track."""
    stay = MaximumDuration(id=RuleId("stay"), lasting=(Lasting.STAY,), longest_s=3_600.0, **WORDS)
    world = World(rules=(stay,))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    levels: dict[float, AlertLevel | None] = {}
    began = world.now
    still = Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=0.0)
    for _ in range(370):
        motion = replace(seen(world, 0.0).motion, velocity=still)
        world.observe(ALPHA, replace(seen(world, 0.0), motion=motion))
        found = alerts(world, "stay")
        levels[(world.now - began).total_seconds()] = level(found[0]) if found else None
        world.wait(10.0)
    assert levels[20.0] is AlertLevel.ADVISORY
    assert levels[3_000.0] is AlertLevel.ADVISORY
    assert levels[3_600.0 - 170.0] is AlertLevel.CRITICAL
    (alert,) = alerts(world, "stay")
    assert alert.shown is not None
    assert alert.shown.finding.nominal_in_s == 0.0


def test_what_lies_years_ahead_is_told_and_told_anew() -> None:
    """MEC-093: four hundred days ahead; the level follows the horizons when they come."""
    far_s = 400 * 86_400.0
    world = World(rules=(APART,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=far_s))
    world.settle(BRAVO, flight("b-1", ALPHA, start_s=far_s))
    (alert,) = alerts(world, "apart")
    assert level(alert) is AlertLevel.ADVISORY
    world.now = later(START, by_s=far_s - 100.0)
    world.tick()
    (alert,) = alerts(world, "apart")
    assert alert.shown is not None
    assert alert.shown.finding.infringement_in_s == 100.0
    assert level(alert) is AlertLevel.CRITICAL


def test_an_own_track_that_stays_past_the_end_is_late_until_it_leaves() -> None:
    """MEC-096: told at its own desk while it is still there, and over once it has left."""
    world = World(rules=(KEEP,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=0.0, lasts_s=100.0))
    world.observe(ALPHA, seen(world, 2_500.0))
    ours(world, "t1")
    north_m = 2_500.0
    told = {}
    for _ in range(30):
        world.wait(10.0)
        north_m -= 20.0
        world.observe(ALPHA, seen(world, north_m))
        told[(world.now - START).total_seconds()] = bool(alerts(world, "keep-to-it"))
    assert not any(shown for at_s, shown in told.items() if at_s < 160.0)
    assert [shown for at_s, shown in told.items() if at_s > 200.0] == [True] * sum(
        at_s > 200.0 for at_s in told
    )
    for _ in range(10):
        world.wait(10.0)
        north_m -= 1_000.0
        world.observe(ALPHA, seen(world, north_m))
    assert alerts(world, "keep-to-it") == []
    world.no_irregular()


def test_coming_through_later_is_not_being_late() -> None:
    """MEC-096: it was never in the activity in its time."""
    world = World(rules=(KEEP,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=0.0, lasts_s=100.0))
    world.wait(400.0)
    world.observe(ALPHA, seen(world, 1_000.0))
    ours(world, "t1")
    flies(world, 900.0, times=5)
    assert alerts(world, "keep-to-it") == []


def test_an_alert_about_our_own_plan_outlasts_the_tracks_history() -> None:
    """MEC-096: more observations off the plan than are kept; then it comes back, and it clears."""

    def stands(north_m: float) -> None:
        """No velocity is known of it, so that it is believed where it stands."""
        held = seen(world, north_m)
        world.observe(ALPHA, replace(held, motion=replace(held.motion, velocity=None)))

    world = World(rules=(KEEP,))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=0.0, lasts_s=7_200.0))
    stands(0.0)
    ours(world, "t1")
    for _ in range(80):
        world.wait(10.0)
        stands(9_000.0)
    (alert,) = alerts(world, "keep-to-it")
    assert alert.shown is not None
    assert alert.shown.finding_at == world.now
    for _ in range(20):
        world.wait(10.0)
        stands(0.0)
    assert alerts(world, "keep-to-it") == []


def test_a_last_known_item_stays_one_item_when_notices_are_filed() -> None:
    """MEC-097: the track is stale; nothing is recorded of it however many notices come."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    flies(world, 9_000.0)
    world.pass_time(60.0)
    (alert,) = world.alerts(ALPHA)
    assert alert.state is AlertState.LAST_KNOWN
    size = world.state(ALPHA).journal.size
    for name in ("roz-c", "roz-d"):
        world.settle(BRAVO, replace(roz(name, ALPHA, radius_m=10.0)))
    assert world.state(ALPHA).journal.alerts[alert.key] == alert
    kept = [
        each
        for each in world.state(ALPHA).journal.alerts.values()
        if each.key == alert.key and each.state is AlertState.LAST_KNOWN
    ]
    assert len(kept) == 1
    assert world.state(ALPHA).journal.size - size < 10


def test_a_stopped_track_deep_in_anothers_side_has_the_rules_level() -> None:
    """MEC-098: without a velocity it infringes where it is; and with two footprints to a side."""
    two = side(BRAVO, 0.0)
    far = replace(side(BRAVO, 1.0).side[0])
    versions = (replace(two, side=(two.side[0], far)), replace(side(ALPHA, 0.0), side=(north(),)))
    rule = Boundary(id=RuleId("line"), versions=versions, caution_m=500.0, **WORDS)
    world = World(rules=(rule,))
    still = seen(world, -30_000.0)
    for _ in range(4):
        motion = replace(still.motion, velocity=None, at=world.now)
        world.observe(ALPHA, replace(still, motion=motion, received_at=world.now))
        world.wait(10.0)
    (alert,) = [one for one in alerts(world, "line") if one.key.reading == BRAVO]
    assert level(alert) is AlertLevel.CRITICAL


def drafted(world: World, rule: str) -> Draft:
    (alert,) = alerts(world, rule)
    draft = draft_for_alert(world.state(ALPHA), alert, RoleId("duty-officer"))
    assert draft is not None
    return draft


def test_a_draft_says_of_a_notice_only_what_was_released() -> None:
    """MEC-099: a zone kept at home is not drawn, nor named, for the counterpart."""
    for to, said in (((), None), ((BRAVO,), area().footprint)):
        world = World()
        world.settle(ALPHA, roz("roz-home", *to))
        flies(world, 9_000.0)
        draft = drafted(world, "zone-entry")
        assert draft.content.place == said
        assert ("roz-home" in draft.content.subjects[0].label) == bool(to)
    world = World(rules=(APART,))
    world.settle(ALPHA, flight("a-home"))
    world.settle(BRAVO, flight("b-1", ALPHA))
    labels = [one.label for one in drafted(world, "apart").content.subjects]
    assert labels == ["a notice of alpha", "b-1 of bravo"]


def test_a_draft_names_the_danger_that_there_is() -> None:
    """MEC-099: a track at a filed activity is no danger to own forces."""
    rule = Separation(id=RuleId("from-plans"), minima=APART.minima, between=Concerned.BOTH, **WORDS)
    world = World(rules=(rule,))
    world.settle(BRAVO, flight("b-1", ALPHA, start_s=0.0))
    flies(world, 9_000.0)
    content = drafted(world, "from-plans").content
    assert (content.danger, content.act) == (Danger.COLLISION, RequestedAct.TAKE_NOTE)


def test_words_of_an_alert_that_ended_claim_no_time() -> None:
    world = World(rules=(APART,))
    world.settle(ALPHA, flight("a-1", BRAVO))
    world.settle(BRAVO, flight("b-1", ALPHA))
    (alert,) = alerts(world, "apart")
    assert "infringes, in 59 min as of" in alert_words(alert)
    world.settle(BRAVO, flight("b-1", ALPHA, version=2, start_s=9_000.0))
    cleared = world.state(ALPHA).journal.alerts[alert.key]
    assert "the last finding is clear, as of" in alert_words(cleared)


def test_the_nodes_own_wishes_end() -> None:
    """MEC-008: with stays, overlaps and blackouts there are few wakes, and then none."""
    world = World(rules=(APART, nightly()))
    world.settle(ALPHA, flight("a-1", BRAVO, start_s=0.0, lasts_s=2 * 86_400.0))
    world.settle(BRAVO, in_parts("b-1", ALPHA, (900.0, 1_000.0), (20_000.0, 21_000.0)))
    wakes = 0
    end = later(START, by_s=3 * 86_400.0)
    while (wish := next_wake(world.state(ALPHA), world.now)) is not None and wish < end:
        assert wish > world.now
        world.now = wish
        world.tick(ALPHA)
        wakes += 1
    assert wakes < 25
    assert world.alerts(ALPHA) == []


def test_zones_of_third_parties_are_drawn_for_nobody_else() -> None:
    """MEC-099: what bravo released to us is drawn for bravo."""
    world = World(names=(ALPHA, BRAVO, CHARLIE))
    filed = roz("roz-b", ALPHA)
    assert isinstance(filed.content, Zone)
    world.settle(BRAVO, filed)
    flies(world, 9_000.0)
    draft = drafted(world, "zone-entry")
    assert draft.to_party == BRAVO
    assert draft.content.place == filed.content.volume.footprint


def test_mec_123_a_notifier_beside_us_leaves_no_doubt_whom_to_call() -> None:
    """Of two that owe duties neither is guessed; a notifier owes none and is not called."""

    def with_notifier(protocol: Protocol) -> Protocol:
        first, second, third = protocol.parties
        return replace(
            protocol, parties=(first, second, replace(third, standing=Standing.NOTIFIER))
        )

    for changed, to_party in ((with_notifier, BRAVO), (lambda protocol: protocol, None)):
        world = World(names=(ALPHA, BRAVO, CHARLIE), changed=changed)
        world.settle(ALPHA, roz("roz-home"))
        flies(world, 9_000.0)
        (alert,) = alerts(world, "zone-entry")
        draft = draft_for_alert(world.state(ALPHA), alert, RoleId("duty-officer"))
        assert (None if draft is None else draft.to_party) == to_party
