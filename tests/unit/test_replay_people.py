"""People: what they notice, what they answer, and how often."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, CHIEF, World, post, roz
from screen_scenes import signed, threatened

from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.ids import AlertId, NoticeId, PartyId, RoleId, TrackId
from crosstell.core.instant import later
from crosstell.core.line.content import AboutAlert
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope
from crosstell.core.protocol.rule import AlertLevel
from crosstell.replay.given.habits import Sight
from crosstell.replay.played.noticing import as_of
from crosstell.sim.people import (
    Again,
    AlertOnScreen,
    CallBeforeUs,
    DraftOnScreen,
    EntryHeld,
    Habit,
    Happening,
    People,
    Rung,
    Trigger,
    drawn_delay_s,
    matches,
)

A, B = PartyId("a"), PartyId("b")
NOW = datetime(2023, 10, 5, 4, 0, tzinfo=UTC)
URGENT = AlertOnScreen(level=AlertLevel.URGENT)


def noticed(people: People, what: Trigger, matter: str = "m", after_s: float = 0.0) -> int:
    happening = Happening(party=A, what=what, matter=matter)
    return len(people.notice(happening, NOW + timedelta(seconds=after_s)))


RUNG = Rung(role=RoleId("chief"), matter="call-unanswered call c-1")
CALL = CallBeforeUs(kinds=("warn",), to_role="officer")


@pytest.mark.parametrize(
    ("wanted", "found", "answer"),
    [
        (Rung(role=RoleId("chief")), RUNG, True),
        (Rung(role=RoleId("chief"), matter="call-unanswered"), RUNG, True),
        (Rung(role=RoleId("chief"), matter="alert"), RUNG, False),
        (Rung(role=RoleId("officer")), RUNG, False),
        (URGENT, AlertOnScreen(level=AlertLevel.CRITICAL), True),
        (URGENT, AlertOnScreen(level=AlertLevel.ADVISORY), False),
        (CallBeforeUs(), CALL, True),
        (CallBeforeUs(kinds=("warn", "stop")), CALL, True),
        (CallBeforeUs(kinds=("test",)), CALL, False),
        (CallBeforeUs(to_role="chief"), CALL, False),
        (DraftOnScreen(role=RoleId("x")), DraftOnScreen(role=RoleId("x")), True),
        (DraftOnScreen(role=RoleId("x")), DraftOnScreen(role=RoleId("y")), False),
        (EntryHeld(of=A, kind="call_placed"), EntryHeld(of=A, kind="call_placed"), True),
        (EntryHeld(of=A, kind="call_placed"), EntryHeld(of=B, kind="call_placed"), False),
        (EntryHeld(of=A, kind="call_placed"), URGENT, False),
    ],
)
def test_rep_014_a_habit_answers_what_it_waits_for(
    wanted: Trigger, found: Trigger, answer: bool
) -> None:
    assert matches(wanted, found) is answer


def test_rep_014_another_partys_people_notice_nothing() -> None:
    people = People((Habit(id="h", party=B, on=URGENT),))
    assert noticed(people, URGENT) == 0


def test_rep_015_once_per_matter() -> None:
    people = People((Habit(id="h", party=A, on=URGENT),))
    assert [noticed(people, URGENT, matter) for matter in "aab"] == [1, 0, 1]


def test_rep_015_each_time_and_at_most_so_often() -> None:
    people = People((Habit(id="h", party=A, on=URGENT, again=Again.EACH_TIME, times_max=2),))
    assert [noticed(people, URGENT) for _ in range(3)] == [1, 1, 0]


def test_rep_015_not_so_soon_and_not_out_of_hours() -> None:
    habit = Habit(
        id="h",
        party=A,
        on=URGENT,
        not_within_s=60.0,
        not_before=NOW + timedelta(seconds=10),
        not_after=NOW + timedelta(seconds=200),
    )
    people = People((habit,))
    spoken = [noticed(people, URGENT, str(s), after_s=s) for s in (5, 10, 69, 70, 199, 200)]
    assert spoken == [0, 1, 0, 1, 1, 0]


def test_rep_015_the_number_counts_the_answers() -> None:
    people = People((Habit(id="h", party=A, on=URGENT, again=Again.EACH_TIME),))
    happening = Happening(party=A, what=URGENT, matter="m")
    assert [people.notice(happening, NOW)[0][1] for _ in range(3)] == [1, 2, 3]


def test_rep_016_a_delay_is_spread_by_its_own_generator() -> None:
    drawn = [drawn_delay_s(30.0, 10.0, Random("1:people:h")) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert 30.0 <= drawn[0] <= 40.0
    assert round(drawn[0], 3) == drawn[0]
    assert drawn_delay_s(30.0, 0.0, Random("x")) == 30.0


def test_two_habits_of_one_name_are_refused() -> None:
    habit = Habit(id="h", party=A, on=URGENT)
    with pytest.raises(ValueError, match="'h' is there twice"):
        People((habit, habit))
    with pytest.raises(ValueError, match="times_max is 0"):
        Habit(id="h", party=A, on=URGENT, times_max=0)


def alert_at(world: World, notice: str, party: PartyId = ALPHA) -> AlertId:
    about = TrackAtNotice(
        track=TrackId("t1"), notice=NoticeOf(party=party, notice=NoticeId(notice))
    )
    (found,) = [one.shown for one in world.alerts(ALPHA) if one.shown and one.key.about == about]
    return found.alert


def test_rep_136_a_call_can_name_every_alert_that_stands_about_the_same_object() -> None:
    world = signed()
    for body in (roz("roz-1"), post(ALPHA)):
        world.settle(ALPHA, body)
    for step in range(3):
        world.wait(2.0)
        world.sees(ALPHA, 20_000.0 - 120.0 * step, track="t2")
    other = {alert.shown.alert for alert in world.alerts(ALPHA) if alert.shown}
    assert len(other) == 2
    for step in range(3):
        world.wait(2.0)
        world.sees(ALPHA, 20_000.0 - 120.0 * step)
    zone, place = alert_at(world, "roz-1"), alert_at(world, "post-1")
    for name, beside in ((zone, place), (place, zone)):
        noticed = Sight(what=URGENT, at=NOW, alert=name, level=AlertLevel.URGENT)
        at = later(NOW, by_s=60.0)
        sight = as_of(world.state(ALPHA), noticed, at, 2)
        assert (sight.at, sight.number) == (at, 2)
        assert sight.about == tuple(AboutAlert(party=ALPHA, alert=one) for one in (name, beside))


def about_of(world: World, name: AlertId) -> tuple[AlertId, ...]:
    """What a person who noticed this alert may call about."""
    noticed = Sight(what=URGENT, at=NOW, alert=name, level=AlertLevel.URGENT)
    about = as_of(world.state(ALPHA), noticed, world.now, 1).about
    return tuple(one.alert for one in about if isinstance(one, AboutAlert))


def test_rep_137_a_call_names_no_alert_that_its_counterpart_cannot_settle() -> None:
    world = signed(names=(ALPHA, BRAVO, CHARLIE))
    world.settle(ALPHA, post(ALPHA))
    world.settle(BRAVO, roz("roz-b", ALPHA))
    for step in range(3):
        world.wait(2.0)
        world.sees(ALPHA, 20_000.0 - 120.0 * step)
    place, zone = alert_at(world, "post-1"), alert_at(world, "roz-b", BRAVO)
    assert about_of(world, place) == (place,), "the call may go to charlie"
    assert about_of(world, zone) == (zone, place)


def test_rep_137_an_object_of_ours_makes_no_two_alerts_one_matter() -> None:
    world = signed()
    for name in ("roz-b", "roz-c"):
        world.settle(BRAVO, roz(name, ALPHA))
    for step in range(3):
        world.wait(2.0)
        world.sees(ALPHA, 20_000.0 - 120.0 * step)
    first, second = (alert_at(world, name, BRAVO) for name in ("roz-b", "roz-c"))
    assert set(about_of(world, first)) == {first, second}
    ours = OwnershipStated(
        subject=OwnTrack(track=TrackId("t1")), answer=OwnershipAnswer.OURS, scope=Scope()
    )
    world.settle(ALPHA, ours, role=CHIEF)
    assert about_of(world, first) == (first,)


def test_rep_136_what_has_cleared_meanwhile_is_still_what_was_noticed() -> None:
    world = threatened()
    (alert,) = world.alerts(ALPHA)
    assert alert.shown is not None
    noticed = Sight(what=URGENT, at=NOW, alert=alert.shown.alert, level=AlertLevel.URGENT)
    gone = as_of(signed().state(ALPHA), noticed, NOW, 1)
    assert gone.about == (AboutAlert(party=ALPHA, alert=alert.shown.alert),)
    rung = as_of(world.state(ALPHA), Sight(what=RUNG, at=NOW), NOW, 1)
    assert rung.about == ()
