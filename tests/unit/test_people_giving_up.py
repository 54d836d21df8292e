"""What is tried again, and what is given up, and when: PEO-004."""

from pathlib import Path

from people_values import ALERT, HeldClock, people, ring
from test_people_handing import channels_of, running, settle

from crosstell.core.mechanism.effects import StopRinging
from crosstell.shell.people.handing import Kind
from crosstell.shell.people.proof import Row, Step
from crosstell.shell.people.to_people import AGAIN_S, ATTEMPTS_MAX, BACKOFF_S


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


def test_run_560_each_ring_after_a_start_is_told_from_the_one_before(tmp_path: Path) -> None:
    """And every attempt at one ring is told as the same."""
    channels, clock, rows = channels_of("a"), HeldClock(), tuple[Row, ...]()
    for _ in range(3):
        clock.move(AGAIN_S)
        channels["a"].fails = True
        with running(people("a"), channels, tmp_path, clock) as to_people:
            to_people.take_standing([ring()], is_restart=True)
            settle(to_people)
            channels["a"].fails = False
            clock.move(BACKOFF_S)
            settle(to_people)
            rows = to_people.handed_over()
    ids = [row.message for row in rows if row.step in (Step.FAILED, Step.TAKEN)]
    assert (ids[::2], len(ids), len(set(ids))) == (ids[1::2], 6, 3)
