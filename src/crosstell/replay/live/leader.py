"""Whoever leads the exercise: holds its clock, and plays the people and sensors of every party.

Fast: the clock stands while anything is being done, and then goes to the next moment at which
anything is due, at a node or here. So hours without an event take no time, and no node is judged
by how quick this machine is. At a pace: the clock runs, and whoever watches may hold it or take a
party's part.
"""

import queue
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from crosstell.codecs.api.json_document import from_json
from crosstell.codecs.api.shown import EntryShown
from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import PartyId
from crosstell.core.instant import format_instant, later, parse_instant
from crosstell.core.mechanism.effects import Effect, ShowAlert
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.replay.given.habits import Deed, Sight, drawn, read_act
from crosstell.replay.live.desk import PartyDesk
from crosstell.replay.live.mirror import Mirror
from crosstell.replay.played.noticing import as_of, noticed
from crosstell.replay.played.station import call_by
from crosstell.replay.played.trace import SaidNo, Trace
from crosstell.replay.played.trace import Sight as Held
from crosstell.replay.played.world import Given
from crosstell.shell.clock import Pace, read_pace, read_steady, write_pace
from crosstell.sim.people import Habit, People
from crosstell.sim.schedule import Action, Scheduler, subsystem_random

QUIET_S_MAX = 20.0  # until every node has done what it has to; longer is a fault
LOOK_S = 0.004  # between two looks at whether they have
STEP_S = 0.001  # the grain of a node's time
BEFORE_S = 300.0  # of the day, for whoever follows: to come in and to take the watch


@dataclass(slots=True)
class Seat:
    """One party's desk and what is known there. `is_played`: its people are played by us."""

    desk: PartyDesk
    mirror: Mirror
    is_played: bool = True
    next_wake: datetime | None = None
    effects: list[Effect] = field(default_factory=list)
    waiting: list[Held] = field(default_factory=list)


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
    _is_settled: bool = field(init=False, default=False)  # and nothing was done since

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
            self._is_settled = False
            self._settle()  # what time makes due at a node comes before what people do then
        until = later(now, by_s=STEP_S)
        if self._scheduler.next_at is not None and self._scheduler.next_at < until:
            self._is_settled = False
        self._scheduler.run_until(until)
        return True

    def stand_at(self, at: datetime) -> None:
        """The clock stands at that time, before which nothing more is due."""
        write_pace(self.pace, Pace(at=at, mark=read_steady(), rate=0.0))

    def follow(self) -> bool:
        """Everything due by the running clock is done; False at the end."""
        self._is_settled = False
        for seat in self.seats.values():
            self._look(seat, _status(seat))
        now = self.now
        self._scheduler.run_until(min(max(now, self._scheduler.now), self.end))
        return now < self.end

    def set_rate(self, rate: float) -> None:
        """The clock runs at this many times the pace of the day; 0 holds it."""
        self._is_settled = False
        write_pace(self.pace, read_pace(self.pace).changed(rate=rate, mark=read_steady()))

    def _settle(self) -> None:
        """Nothing is being done anywhere, and all that was has been noticed.

        Where nothing was done since this was found, nobody is asked again. Implements RUN-501.
        """
        if self._is_settled:
            return
        give_up_s = read_steady() + QUIET_S_MAX
        seats = tuple(self.seats.values())
        with ThreadPoolExecutor(max_workers=len(seats)) as together:
            while not self._are_quiet(seats, [*together.map(_status, seats)]):
                if read_steady() > give_up_s:
                    raise Unavailable(
                        f"the nodes were not quiet after {QUIET_S_MAX:g} s at "
                        f"{format_instant(self._scheduler.now)}; see their messages"
                    )
                time.sleep(LOOK_S)
        self._is_settled = True

    def _are_quiet(self, seats: tuple[Seat, ...], told: list[dict[str, Any]]) -> bool:
        """Whether each node is, and all hold the same: one may have told of itself before an entry
        came to it that its author, asked a moment later, has confirmed.
        """
        quiet = [self._is_quiet(seat, status) for seat, status in zip(seats, told, strict=True)]
        return all(quiet) and len({_sizes(status) for status in told}) <= 1

    def _is_quiet(self, seat: Seat, status: dict[str, Any]) -> bool:
        """Whether this node has nothing in line, nothing due and nothing unconfirmed."""
        self._look(seat, status)
        is_due = seat.next_wake is not None and seat.next_wake <= parse_instant(status["at"])
        is_behind = any(feed.get("behind") for feed in status["feeds"])
        return not (is_due or is_behind or seat.effects or status["running"]["waiting"])

    def _look(self, seat: Seat, status: dict[str, Any]) -> None:
        """All that the stream has told up to what the node says of itself is noticed.

        Effects wait for the entries that they follow from.
        """
        wake = status["running"].get("next_wake")
        seat.next_wake = None if wake is None else parse_instant(wake)
        now = max(parse_instant(status["at"]), self._scheduler.now)
        held = self._drained(seat, now)
        if seat.mirror.arrivals < status["arrivals"]:
            seat.waiting += held
            status["running"]["waiting"] += 1
            return
        effects, seat.effects = seat.effects, []
        sights, seat.waiting = [*seat.waiting, *held], []
        self.trace.sights += sights
        for effect in effects:
            if isinstance(effect, ShowAlert):
                key = (seat.desk.party, effect.alert)
                self.trace.call_by.setdefault(key, call_by(seat.mirror.state, effect.alert))
        for one in noticed(seat.mirror.state, effects, sights, now):
            for habit, number in self._people.notice(one.happening, now):
                self._begin(habit, number, one.sight, now)

    def _drained(self, seat: Seat, now: datetime) -> list[Held]:
        """The entries that the stream has told since the last look, folded in."""
        found: list[Held] = []
        while True:
            try:
                heard = seat.desk.heard.get_nowait()
            except queue.Empty:
                return found
            if heard.kind == "effect":
                seat.effects.append(from_json(Effect, heard.data))
            elif heard.kind == "entry":
                told = from_json(EntryShown, heard.data)
                held = seat.mirror.take(heard.number, told, now)
                found.append(held)

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


def _status(seat: Seat) -> dict[str, Any]:
    """What the node says of itself. Unavailable where its stream has ended."""
    if seat.desk.fault is not None:
        raise Unavailable(f"{seat.desk.party}: {seat.desk.fault}; see its node's messages")
    return seat.desk.status()


def _sizes(status: dict[str, Any]) -> frozenset[tuple[str, int]]:
    """How many entries of each feed the node holds."""
    return frozenset((feed["feed"], feed["size"]) for feed in status["feeds"] if feed.get("party"))


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
