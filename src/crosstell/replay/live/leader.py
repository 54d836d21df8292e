"""Whoever leads the exercise: holds its clock, and plays the people and sensors of every party.

Fast: the clock stands while anything is being done, and then goes to the next moment at which
anything is due, at a node or here. So hours without an event take no time, and no node is judged
by how quick this machine is. At a pace: the clock runs, and whoever watches may hold it or take a
party's part.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from crosstell.codecs.api.json_document import from_json
from crosstell.codecs.api.running import StandingShown
from crosstell.codecs.api.shown import EntryShown
from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import PartyId
from crosstell.core.instant import format_instant, later
from crosstell.core.mechanism.effects import Effect, ShowAlert
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.replay.given.habits import Deed, Sight, drawn, read_act
from crosstell.replay.live.desk import Heard, PartyDesk
from crosstell.replay.live.mirror import Mirror
from crosstell.replay.played.noticing import as_of, noticed
from crosstell.replay.played.station import call_by
from crosstell.replay.played.trace import SaidNo, Trace
from crosstell.replay.played.world import Given
from crosstell.shell.clock import Pace, read_pace, read_steady, write_pace
from crosstell.sim.people import Habit, People
from crosstell.sim.schedule import Action, Scheduler, subsystem_random

QUIET_S_MAX = 20.0  # until every node has done what it has to; longer is a fault
STEP_S = 0.001  # the grain of a node's time
BEFORE_S = 300.0  # of the day, for whoever follows: to come in and to take the watch


@dataclass(slots=True)
class Seat:
    """One party's desk and what is known there. `is_played`: its people are played by us.

    `told` has what the stream has told since it last said where the node stands.
    """

    desk: PartyDesk
    mirror: Mirror
    is_played: bool = True
    standing: StandingShown | None = None
    told: list[Heard] = field(default_factory=list)

    @property
    def next_wake(self) -> datetime | None:
        """When something will next be due at the node."""
        return None if self.standing is None else self.standing.next_wake

    def is_quiet(self, now: datetime) -> bool:
        """Whether the node has told all that it did, has nothing due and nothing unconfirmed."""
        if self.standing is None or self.standing.batches < self.desk.batches:
            return False
        is_due = self.standing.next_wake is not None and self.standing.next_wake <= now
        return not (is_due or self.standing.behind)


@dataclass(slots=True)
class Leader:
    """The exercise, from its start to its end."""

    given: Given
    seats: dict[PartyId, Seat]
    pace: Path
    seed: int
    acts: int = 0
    observations: int = 0
    trace: Trace = field(default_factory=Trace)
    _scheduler: Scheduler = field(init=False)
    _people: People = field(init=False)
    _random: dict[str, Random] = field(init=False)
    _woken: threading.Event = field(init=False, default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Everything that the scenario's files say is put on the schedule."""
        self._scheduler = Scheduler(self.given.run.spec.window.start)
        self._people = self.given.habits.people()
        self._random = {
            habit.id: subsystem_random(self.seed, f"people:{habit.id}")
            for habit in self.given.habits.habits
        }
        for party, inputs in sorted(self.given.inputs.items()):
            for timed in inputs:
                if self._scheduler.now <= timed.at < self.end:
                    self._scheduler.at(timed.at, self._giving(party, timed.input))

    @property
    def end(self) -> datetime:
        """When the exercise is over."""
        return self.given.run.spec.window.end

    @property
    def now(self) -> datetime:
        """The exercise's time."""
        return read_pace(self.pace).now(read_steady())

    def step(self, before: datetime | None = None) -> bool:
        """Everything due next is done and the nodes are quiet again; False at the end, or where
        nothing is due before the given time.
        """
        self._settle()
        wishes = [self._scheduler.next_at, *(seat.next_wake for seat in self.seats.values())]
        due = min((wish for wish in wishes if wish is not None), default=None)
        if due is None or due >= (self.end if before is None else before):
            return False
        now = max(due, self._scheduler.now)
        self.stand_at(now)
        if any(
            seat.next_wake is not None and seat.next_wake <= now for seat in self.seats.values()
        ):
            self._settle()  # what time makes due at a node comes before what people do then
        self._scheduler.run_until(later(now, by_s=STEP_S))
        return True

    def stand_at(self, at: datetime) -> None:
        """The clock stands at that time, before which nothing more is due."""
        write_pace(self.pace, Pace(at=at, mark=read_steady(), rate=0.0))

    def follow(self) -> bool:
        """Everything due by the running clock is done; False at the end."""
        for seat in self.seats.values():
            self._look(seat)
        now = self.now
        self._scheduler.run_until(min(max(now, self._scheduler.now), self.end))
        return now < self.end

    def set_rate(self, rate: float) -> None:
        """The clock runs at this many times the pace of the day; 0 holds it."""
        write_pace(self.pace, read_pace(self.pace).changed(rate=rate, mark=read_steady()))

    def _settle(self) -> None:
        """Nothing is being done anywhere, and all that was has been noticed.

        Nobody is asked: each node tells where it stands after whatever it did. Implements RUN-501.
        """
        give_up_s, now = read_steady() + QUIET_S_MAX, self.now
        while True:
            for seat in self.seats.values():
                seat.desk.woken = self._woken  # one for all, those of a node that came again too
            self._woken.clear()
            for seat in self.seats.values():
                self._look(seat)
            if self._are_quiet(now):
                return
            if not self._woken.wait(give_up_s - read_steady()):
                raise Unavailable(
                    f"the nodes were not quiet after {QUIET_S_MAX:g} s at "
                    f"{format_instant(self._scheduler.now)}; see their messages"
                )

    def _are_quiet(self, now: datetime) -> bool:
        """Whether each node is, and all hold the same: one may have told of itself before an entry
        came to it that its author has told as confirmed.
        """
        seats = self.seats.values()
        return all(seat.is_quiet(now) for seat in seats) and len({_sizes(s) for s in seats}) <= 1

    def _look(self, seat: Seat) -> None:
        """All that the stream has told up to where the node last said that it stands is noticed."""
        while not seat.desk.heard.empty():
            heard = seat.desk.heard.get_nowait()
            if heard.kind == "standing":
                self._take(seat, heard)
            elif heard.kind == "dropped":
                why = heard.data.decode("utf-8", "replace")
                raise Unavailable(f"{seat.desk.party}: its node dropped the stream: {why}")
            else:
                seat.told.append(heard)
        if seat.desk.fault is not None:
            raise Unavailable(f"{seat.desk.party}: {seat.desk.fault}; see its node's messages")

    def _take(self, seat: Seat, heard: Heard) -> None:
        """What was told before this standing belongs to it, and is noticed."""
        seat.standing = from_json(StandingShown, heard.data)
        now = max(seat.standing.at, self._scheduler.now)
        told, seat.told = seat.told, []
        effects = [from_json(Effect, one.data) for one in told if one.kind == "effect"]
        sights = [
            seat.mirror.take(one.number, from_json(EntryShown, one.data), now)
            for one in told
            if one.kind == "entry"
        ]
        assert seat.mirror.arrivals == seat.standing.arrivals, "entries come before a standing"
        self.trace.sights += sights
        for effect in effects:
            if isinstance(effect, ShowAlert):
                key = (seat.desk.party, effect.alert)
                self.trace.call_by.setdefault(key, call_by(seat.mirror.state, effect.alert))
        for one in noticed(seat.mirror.state, effects, sights, now):
            for habit, number in self._people.notice(one.happening, now):
                self._begin(habit, number, one.sight, now)

    def _begin(self, habit: Habit, number: int, sight: Sight, now: datetime) -> None:
        """Every deed of the habit, each after the one before."""
        wait_s = 0.0
        for deed in self.given.habits.deeds[habit.id]:
            wait_s += drawn(deed.delay, self._random[habit.id])
            self._scheduler.at(later(now, by_s=wait_s), self._doing(habit, number, deed, sight))

    def _doing(self, habit: Habit, number: int, deed: Deed, sight: Sight) -> Action:
        def do(now: datetime) -> None:
            here = as_of(self.seats[habit.party].mirror.state, sight, now, number)
            try:
                asked = read_act(self.given.habits.file, deed.act, self.given.setting, here)
            except DocumentRefused as fault:
                self.trace.refused.append(SaidNo(at=now, party=habit.party, text=str(fault)))
                return
            self._giving(habit.party, asked)(now)

        return do

    def _giving(self, party: PartyId, given: Act | Observed) -> Action:
        """The sensors' sight, or a person's act if we play them, at the party's desk."""

        def give(now: datetime) -> None:
            seat = self.seats[party]
            if isinstance(given, Observed):
                seat.desk.observe(given)
                self.observations += len(given.observations)
                return
            if not seat.is_played:
                return
            no = seat.desk.act(given)
            self.acts += 1
            if no is not None:
                self.trace.refused.append(SaidNo(at=now, party=party, text=no))

        return give


def _sizes(seat: Seat) -> tuple[tuple[str, int], ...]:
    """How many entries of each feed the node holds."""
    return () if seat.standing is None else tuple((f.feed, f.size) for f in seat.standing.feeds)


def opens_at(given: Given) -> datetime:
    """Five minutes before anything is first seen: where an exercise to follow begins. Its start
    where that is later, or where nothing is seen. Implements REP-127.
    """
    start = given.run.spec.window.start
    seen = [
        timed.at
        for inputs in given.inputs.values()
        for timed in inputs
        if isinstance(timed.input, Observed)
    ]
    return max(start, later(min(seen), by_s=-BEFORE_S)) if seen else start


def check_playable(given: Given) -> None:
    """CallerError for a run that needs what real processes on one machine do not have."""
    for outage in given.loaded.scenario.line.outages:
        if given.run.holds(outage.when):
            raise CallerError(
                f"run {given.run.name} cuts its line at {format_instant(outage.window.start)}, and "
                "a live run cuts none; choose another run"
            )
