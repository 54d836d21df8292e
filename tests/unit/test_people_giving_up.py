"""What is given up, and when: PEO-004."""

from pathlib import Path

from people_values import ALERT, HeldClock, people, ring
from test_people_handing import channels_of, running, settle

from crosstell.core.mechanism.effects import StopRinging
from crosstell.shell.people.handing import Kind
from crosstell.shell.people.proof import Step
from crosstell.shell.people.to_people import ATTEMPTS_MAX


def test_an_end_that_is_not_taken_is_given_up_in_the_end(tmp_path: Path) -> None:
    """PEO-004: it is recorded and shown."""
    channels, clock = channels_of("a"), HeldClock()
    with running(people("a"), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        channels["a"].fails = True
        to_people.take([StopRinging(matter=ALERT, text="taken up")])
        for _ in range(ATTEMPTS_MAX[Kind.END]):
            settle(to_people)
            clock.move(60.0)
        settle(to_people)
        (status,) = to_people.status().channels
        assert (status.given_up, status.waiting, status.failed) == (1, 0, 10)
        assert [row.step for row in to_people.handed_over()][-1] == Step.GIVEN_UP
