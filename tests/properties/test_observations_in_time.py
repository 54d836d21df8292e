"""Observations are worked on in time or refused, whatever comes and however slow the node is.

No thread runs and no clock is read: the node's stand-in says how long its work takes, and what
comes meanwhile comes at its own moment.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from line_sites import Hand
from node_pair import ALPHA, START, World, seen
from sampling import examples
from test_sequencer import Seconds, Taken, filed, sequencer_of
from test_told_in_turkish import lacking

from crosstell.core.errors import Unavailable
from crosstell.core.mechanism.inputs import Observed
from crosstell.shell.live import sequencer
from crosstell.shell.live.pressure import ALARM_S, LATE_S, WAIT_S_MAX, Pressure
from crosstell.shell.live.sequencer import Sequencer
from crosstell.shell.node import Node, NodeInput, Outcome

ONE = seen(START, 1_000.0)
WORLD = World()


@pytest.fixture(autouse=True, scope="module")
def nowhere() -> Iterator[None]:
    """Where a stand-in for a node stands is not asked, nor what it signed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sequencer, "_own_sizes", lambda _self: (1, 1))
        patch.setattr(Sequencer, "_follow", lambda _self: None)
        patch.setattr(sequencer, "standing_of", lambda *_of: None)
        yield


@dataclass(frozen=True)
class Come:
    """So many observations, or an act (0), so long after the one before."""

    gap_s: float
    count: int


@dataclass
class Slow:
    """A node that works off so many observations a second, one rate after the other."""

    line: Sequencer
    hand: Hand
    rates: Sequence[float]
    coming: list[tuple[float, Come]]
    came: list[tuple[float, int, Future[Outcome] | None]] = field(default_factory=list)
    begun: dict[int, float] = field(default_factory=dict)
    ended: dict[int, float] = field(default_factory=dict)
    foreseen: dict[int, float] = field(default_factory=dict)  # by the rate known at its beginning
    alone: set[int] = field(default_factory=set)  # came while nothing waited
    batches: int = 0
    took_s: list[float] = field(default_factory=list)

    def handle_all(self, inputs: Sequence[NodeInput], _now: datetime) -> tuple[Outcome, ...]:
        """It takes its time, in which others come."""
        count = sum(len(one.observations) for one in inputs if isinstance(one, Observed))
        mine = [
            number
            for number, (_, _, done) in enumerate(self.came)
            if done is not None and done.running()
        ]
        for number in mine:
            self.begun[number] = self.hand.seconds
            self.foreseen[number] = self.hand.seconds + count / self.line.pressure.per_s
        end_s = self.hand.seconds + 0.003 + count / self.rates[self.batches % len(self.rates)]
        self.batches += 1
        self.took_s.append(end_s - self.hand.seconds)
        self.arrive(end_s)
        self.hand.seconds = end_s
        self.ended |= dict.fromkeys(mine, end_s)
        return tuple(Outcome() for _ in inputs)

    def next_wake(self, _now: datetime) -> None:
        """Nothing falls due."""

    def arrive(self, until_s: float) -> None:
        """What comes by then is submitted, each at its moment."""
        while self.coming and self.coming[0][0] <= until_s:
            at_s, come = self.coming.pop(0)
            self.hand.seconds = at_s
            asked = Observed(observations=(ONE,) * come.count) if come.count else filed(0)
            if self.line.pressure.waiting == 0:
                self.alone.add(len(self.came))
            try:
                done = self.line.submit(asked)
            except Unavailable:
                done = None
            assert done or come.count, "an act is never refused for the observations before it"
            self.came.append((at_s, come.count, done))

    def play(self) -> None:
        """Until all that came is answered."""
        while self.coming or self.line.waiting:
            if not self.line.waiting:
                self.arrive(self.coming[0][0])
                continue
            asked = self.line._next()
            assert asked is not None
            self.line._work(asked)


def played(comes: Sequence[Come], rates: Sequence[float]) -> Slow:
    hand = Hand()
    line = sequencer_of(WORLD, Taken(), Seconds())
    line.pressure = Pressure(steady=hand)
    at_s, coming = 0.0, []
    for come in comes:
        at_s += come.gap_s
        coming.append((at_s, come))
    slow = Slow(line=line, hand=hand, rates=rates, coming=coming)
    line.node = slow  # type: ignore[assignment]
    slow.play()
    return slow


@dataclass
class Faulty:
    """A node that records nothing, and says so after a millisecond."""

    hand: Hand

    def handle_all(self, inputs: Sequence[NodeInput], _now: datetime) -> tuple[Outcome, ...]:
        """Each is told the fault."""
        self.hand.seconds += 0.001
        return tuple(Outcome(fault="the disk is full", kept=False) for _ in inputs)

    def resume(self) -> tuple[()]:
        """Nothing stands."""
        return ()

    def next_wake(self, _now: datetime) -> None:
        """Nothing falls due."""


COMES = st.lists(
    st.builds(
        Come,
        st.sampled_from((0.0, 0.001, 0.01, 0.1, 1.0)),
        st.sampled_from((0, 1, 20, 50, 50, 200, 1_000, 5_000)),
    ),
    max_size=60,
)
RATES = st.lists(st.sampled_from((20.0, 300.0, 1_200.0, 8_000.0)), min_size=1, max_size=4)


@settings(max_examples=examples(60), deadline=None)
@given(COMES, RATES)
@example([Come(0.01, 50)] * 300, [1_200.0])  # 5,000 a second, of which 1,200 are worked off
def test_what_is_accepted_is_tested_in_time_and_the_rest_is_refused(
    comes: list[Come], rates: list[float]
) -> None:
    """RUN-280, RUN-281, RUN-370: every one has its answer, no act waits for ever behind them."""
    slow = played(comes, rates)
    assert len(slow.came) == len(comes)
    for number, (came_s, count, done) in enumerate(slow.came):
        if done is None:
            continue
        assert done.done()
        if done.exception() is None:
            assert count == 0 or slow.begun[number] - came_s <= LATE_S
            if count and number not in slow.alone:
                assert slow.foreseen[number] - came_s <= LATE_S + 1e-9
        else:
            assert isinstance(done.exception(), Unavailable)
            assert number not in slow.begun, "given back and worked on all the same"
    assert slow.line.pressure.waiting == 0


def test_a_steady_overload_keeps_the_node_at_work_and_its_waits_short() -> None:
    """RUN-280, RUN-281: 5,000 a second come, 1,200 are worked off, none waits for two seconds."""
    slow = played([Come(0.01, 50)] * 2_000, [1_200.0])
    accepted = [number for number, (_, _, done) in enumerate(slow.came) if number in slow.begun]
    waits_s = sorted(slow.begun[number] - slow.came[number][0] for number in accepted)
    assert waits_s[-1] <= WAIT_S_MAX + 0.1
    assert len(accepted) * 50 >= 0.9 * 1_200.0 * 20.0, "it refuses more than it must"
    assert slow.line.pressure.refused == (2_000 - len(accepted)) * 50


def test_a_node_that_became_slow_works_on_less_at_once_and_recovers() -> None:
    """RUN-281: one large batch tells that it is slow, and later ones that it no longer is."""
    comes = [Come(0.01, 50)] * 2_000
    slow = played(comes, [60.0])
    assert max(slow.took_s[2:]) <= 50 / 60.0 + 0.01
    slow = played(comes, [60.0] * 3 + [1_200.0] * 997)
    assert slow.line.pressure.per_s > 1_000.0


@pytest.mark.parametrize("per_s", [200.0, 700.0, 1_200.0, 9_000.0])
def test_at_a_rate_that_holds_what_is_taken_is_tested_within_two_seconds(per_s: float) -> None:
    """RUN-370: from when the rate is known, whatever comes: until its word, not until its turn."""
    slow = played([Come(0.01, 50)] * 1_500, [per_s])
    known_s = sum(slow.took_s[:2]) + LATE_S
    told = [
        slow.ended[number] - came_s
        for number, (came_s, _, _) in enumerate(slow.came)
        if number in slow.ended and came_s > known_s
    ]
    assert told
    assert max(told) <= LATE_S + 0.01
    assert len(told) * 50 >= min(per_s, 5_000.0) * 0.8 * (15.0 - known_s), "too much is refused"


def test_what_would_end_too_late_is_given_back_at_its_turn() -> None:
    """RUN-370: it waited 1.7 s behind a stall, and its batch takes half a second."""
    slow = played([Come(0.0, 600), Come(0.0, 350)], [600 / 1.7, 1e6])
    (_, _, first), (_, _, second) = slow.came
    assert first is not None
    assert first.exception() is None
    assert second is not None
    assert isinstance(second.exception(), Unavailable)


def test_no_overload_is_refused_nothing() -> None:
    """RUN-280: a thousand a second of which twelve hundred can be worked off; one large request."""
    slow = played([Come(0.01, 10)] * 1_000, [1_200.0])
    assert slow.line.pressure.refused == 0
    assert played([Come(0.0, 10_000)], [1_200.0]).line.pressure.refused == 0


def test_a_refusal_is_shown_while_it_is_so() -> None:
    """RUN-282: to a person, who cannot see what does not come."""
    slow = played([Come(0.0, 1_000)] * 5, [1_200.0])
    pressure = slow.line.pressure
    (alarm,) = pressure.alarm()
    assert "observations are refused: 4000" in alarm
    slow.hand.seconds += ALARM_S + 1.0
    assert pressure.alarm() == ()


def test_run_490_an_alarm_for_a_node_that_stood_still_blames_no_source() -> None:
    """Twenty a second come; one of them takes five seconds, as a record that is read again may."""
    slow = played([Come(0.05, 1)] * 150, [0.2, 1e6])
    assert slow.line.pressure.refused > 40
    (alarm,) = slow.line.pressure.alarm()
    assert "more are sent" not in alarm
    assert "The node did not come to them for" in alarm
    assert lacking(iter([("alarms", alarm)])) == []
    told = {str(done.exception()) for _, _, done in slow.came if done and done.exception()}
    assert told
    assert all("the node did not come to what it was sent" in one for one in told)


def test_run_490_a_line_that_fills_behind_a_stall_is_no_overload_either() -> None:
    hand = Hand()
    pressure = Pressure(steady=hand)
    pressure.take(900)
    hand.seconds = 6.0
    with pytest.raises(Unavailable, match="did not come to what it was sent for 6 s"):
        pressure.take(200)
    pressure.done(500, 5.9)
    with pytest.raises(Unavailable, match="a second are tested"):
        pressure.take(20_000)
    assert "more are sent" in pressure.alarm()[0]


def test_run_491_what_could_not_be_recorded_tells_nothing_of_the_rate() -> None:
    """A refusal at once would look like a node that tests millions a second."""
    line = sequencer_of(WORLD, Taken(), Seconds())
    hand = Hand()
    line.pressure = Pressure(steady=hand)
    line.node = Faulty(hand)  # type: ignore[assignment]
    per_s = line.pressure.per_s
    asked = line.submit(Observed(observations=(ONE,) * 400))
    line._work(line._next() or [])
    assert asked.result(0).fault == "the disk is full"
    assert (line.pressure.per_s, line.pressure.waiting) == (per_s, 0)


def test_what_is_taken_back_is_counted_no_longer() -> None:
    """RUN-281: or a node at rest would refuse."""
    hand = Hand()
    line = sequencer_of(World(), Taken(), Seconds())
    line.pressure = Pressure(steady=hand)
    asked = line.submit(Observed(observations=(ONE,) * 900))
    assert asked.cancel()
    line._work(line._next() or [])
    assert line.pressure.waiting == 0
    assert isinstance(line.node, Node)
    assert line.node.state.setting.party == ALPHA
