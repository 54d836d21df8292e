"""People: what they notice, what they answer, and how often."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from crosstell.core.ids import PartyId, RoleId
from crosstell.core.protocol.rule import AlertLevel
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
