"""A run through real nodes: one per party, a virtual line between them, people beside them.

All time is the scheduler's; all chance is drawn from the seed, a generator per subsystem. The
line delivers after its delay, and loses what is sent while it is down. A node is given a tick
when it says it next wants one. Implements REP-010 to REP-013, REP-019.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs.protocol_file import digest_of
from crosstell.codecs.yaml_document import DocumentRefused, Scalar
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.effects import ShowAlert
from crosstell.core.mechanism.inputs import Act, Observed, Tick
from crosstell.replay.given.forms import Setting
from crosstell.replay.given.habits import HERE, Deed, RunHabits, Sight, drawn, habits_of, read_act
from crosstell.replay.given.loading import Loaded
from crosstell.replay.given.runs import Run, setting_of
from crosstell.replay.given.timed import TimedInput, inputs_of
from crosstell.replay.played.founding import found_stations
from crosstell.replay.played.noticing import Noticed, as_of, noticed
from crosstell.replay.played.station import Station, call_by
from crosstell.replay.played.trace import Played, Reader, SaidNo, Trace
from crosstell.shell.node import Delivery, Message, Outcome
from crosstell.sim.people import Habit
from crosstell.sim.schedule import Action, Scheduler, subsystem_random


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one run is made from, decoded and checked before anything runs."""

    loaded: Loaded
    run: Run
    setting: Setting
    inputs: dict[PartyId, tuple[TimedInput, ...]]
    habits: RunHabits


def given_to(loaded: Loaded, run: Run) -> Given:
    """The run's inputs and habits; DocumentRefused names every fault of the files."""
    digest = Scalar(digest_of(loaded.protocol), plain=False, mark=HERE)
    setting = setting_of(loaded.scenario, run).with_things({"protocol": digest})
    return Given(
        loaded=loaded,
        run=run,
        setting=setting,
        inputs={party: inputs_of(file, run, setting) for party, file in loaded.parties.items()},
        habits=habits_of(loaded.people, loaded.scenario, run, setting),
    )


def play(given: Given, seed: int, *, until: datetime | None = None) -> Played:
    """The run, played to its end, or until an earlier instant."""
    return _World(given, seed, until).play()


class _World:
    """One run while it is played."""

    def __init__(self, given: Given, seed: int, until: datetime | None) -> None:
        self.given = given
        window = given.run.spec.window
        self.end = window.end if until is None else min(until, window.end)
        self.scheduler = Scheduler(window.start)
        self.trace = Trace()
        self.reader = Reader()
        self.people = given.habits.people()
        self.random = {
            habit.id: subsystem_random(seed, f"people:{habit.id}") for habit in given.habits.habits
        }
        self.stations = found_stations(given.loaded, seed, window.start)

    def play(self) -> Played:
        for party in sorted(self.stations):
            for timed in self.given.inputs.get(party, ()):
                self._put_at(self.stations[party], timed)
        for party in sorted(self.stations):
            self.scheduler.at(self.scheduler.now, self._ticking(self.stations[party]))
        self.scheduler.run_until(self.end)
        return Played(
            trace=self.trace,
            desks={party: station.desk for party, station in self.stations.items()},
            states={party: station.node.state for party, station in self.stations.items()},
        )

    def _ticking(self, station: Station) -> Action:
        return lambda now: self._handle(station, Tick(), now)

    def _put_at(self, station: Station, timed: TimedInput) -> None:
        if self.scheduler.now <= timed.at < self.end:
            self.scheduler.at(timed.at, lambda now: self._handle(station, timed.input, now))

    def _handle(
        self, station: Station, given: Act | Observed | Tick | Delivery, now: datetime
    ) -> None:
        outcome = station.node.handle(given, now)
        self._note(station, outcome, now)
        sights = station.new_sights(self.reader, now)
        self.trace.sights += sights
        for message in outcome.messages:
            self._send(station, message, now)
        for one in noticed(station.node.state, outcome.effects, sights, now):
            self._people_act(one, now)
        self._wake(station, now)

    def _note(self, station: Station, outcome: Outcome, now: datetime) -> None:
        """Keep what was refused or went wrong, and the call-by of each alert as first shown."""
        if outcome.refused is not None:
            self._note_refusal(station, outcome.refused.text, now)
        if outcome.fault is not None:
            self.trace.faults.append(SaidNo(at=now, party=station.party, text=outcome.fault))
        for effect in outcome.effects:
            if isinstance(effect, ShowAlert):
                self.trace.call_by.setdefault(
                    (station.party, effect.alert), call_by(station.node.state, effect.alert)
                )

    def _note_refusal(self, station: Station, text: str, now: datetime) -> None:
        self.trace.refused.append(SaidNo(at=now, party=station.party, text=text))

    def _wake(self, station: Station, now: datetime) -> None:
        """Give the node a tick when it next wants one; an earlier wish replaces a later one."""
        wish = station.node.next_wake(now)
        if wish is None or wish >= self.end or station.tick_at == wish:
            return
        station.tick_at = max(wish, now)

        def tick(at: datetime) -> None:
            if station.tick_at == at:
                station.tick_at = None
                self._handle(station, Tick(), at)

        self.scheduler.at(station.tick_at, tick)

    def _send(self, station: Station, message: Message, now: datetime) -> None:
        self.trace.sent += 1
        line = self.given.loaded.scenario.line
        for outage in line.outages:
            down = (outage.from_party, outage.to_party) == (station.party, message.to)
            if down and outage.window.holds(now) and self.given.run.holds(outage.when):
                self.trace.lost += 1
                return
        target = self.stations.get(message.to)
        if target is None:
            return
        delivery = Delivery(body=message.body)
        self.scheduler.after(
            self.given.run.number(line.delay), lambda at: self._handle(target, delivery, at)
        )

    def _people_act(self, found: Noticed, now: datetime) -> None:
        for habit, number in self.people.notice(found.happening, now):
            self._begin(habit, number, found.sight)

    def _begin(self, habit: Habit, number: int, sight: Sight) -> None:
        """Every deed of the habit, each after the one before."""
        wait_s = 0.0
        for deed in self.given.habits.deeds[habit.id]:
            wait_s += drawn(deed.delay, self.random[habit.id])
            self.scheduler.after(wait_s, self._doing(habit, number, deed, sight))

    def _doing(self, habit: Habit, number: int, deed: Deed, sight: Sight) -> Action:
        node = self.stations[habit.party].node
        return lambda now: self._do(habit, deed, as_of(node.state, sight, now, number))

    def _do(self, habit: Habit, deed: Deed, seen: Sight) -> None:
        station = self.stations[habit.party]
        try:
            act = read_act(self.given.habits.file, deed.act, self.given.setting, seen)
        except DocumentRefused as refused:
            self._note_refusal(station, str(refused), seen.at)
            return
        self._handle(station, act, seen.at)
