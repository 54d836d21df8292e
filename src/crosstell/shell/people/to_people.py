"""The node's effects, on their way to people: one worker for each channel, none of them in the way.

    to_people = ToPeople(config, clock, folder=node_folder, state=sequencer.state)
    to_people.take_standing(node.resume(), is_restart=True)
    to_people.take(outcome.effects)          # in the sequencer's thread; returns at once

`take` puts what is asked into queues and returns; workers hand it over, try again, or turn to the
next channel. A ring is handed to a channel once for each matter, role and rung. Nothing here says
that a person read anything. Implements PEO-001 to PEO-013, NOD-472.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from crosstell.core.ids import RoleId
from crosstell.core.instant import later
from crosstell.core.mechanism.effects import (
    DraftReady,
    Effect,
    Ring,
    RingRank,
    ShowAlert,
    ShowCall,
    StopRinging,
)
from crosstell.core.state.state import State
from crosstell.shell.clock import Now
from crosstell.shell.people.config import Also, Dialler, Mail, People, Tried, Webhook
from crosstell.shell.people.dialler import DiallerChannel
from crosstell.shell.people.handing import Channel, Handing, Kind, Said
from crosstell.shell.people.mail import MailChannel
from crosstell.shell.people.proof import Proof, Row, Step, at_text, at_value
from crosstell.shell.people.saying import say
from crosstell.shell.people.waiting import Delivery, Task
from crosstell.shell.people.webhook import WebhookChannel
from crosstell.shell.people.worker import ChannelStatus, Result, Worker

AGAIN_S = 30.0  # after a hand-over, a restart rings again no sooner: a node that crashes and starts
ATTEMPTS_MAX = {Kind.END: 10, Kind.SHOW: 3}  # a ring or draft is tried for as long as it stands
BACKOFF_S = 2.0  # the first wait; each further one is twice as long, up to the limit
BACKOFF_S_MAX = 60.0
DOUBLINGS_MAX = 10  # far above the limit; a number of attempts has none
CLOSE_WAIT_S = 5.0

Make = Callable[[Webhook | Mail | Dialler, Path], Channel]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleStatus:
    """How the ways to people stand. `unrouted`: roles that are rung, or were to be, by nothing."""

    channels: tuple[ChannelStatus, ...]
    unrouted: tuple[str, ...]
    proof_fault: str | None
    proof_lost: int


@dataclass(slots=True)
class _Open:
    """One matter that is rung about."""

    asked: set[tuple[str, str, int]] = field(default_factory=set)
    deliveries: list[Delivery] = field(default_factory=list)
    told: dict[str, datetime] = field(default_factory=dict)  # channels that took it, and when last
    first_at: datetime | None = None


class ToPeople:
    """Hands effects to people's systems. Made once for a running node; closed when it stops."""

    def __init__(
        self,
        config: People,
        clock: Now,
        *,
        folder: Path,
        state: Callable[[], State] | None = None,
        make: Make | None = None,
    ) -> None:
        """Workers wait. Raises CallerError for a secret or proof file that cannot be used."""
        self._config, self._clock, self._state = config, clock, state
        self._lock = Lock()
        self._open: dict[str, _Open] = {}
        self._former: dict[str, datetime | None] = {}  # rung before a resume; when first
        self._unrouted: dict[str, None] = {}
        channels = [(make or channel_of)(one, folder) for one in config.channels]
        self._proof = Proof(folder / config.record)
        self._remember()
        self._settings = {one.name: one for one in config.channels}
        self._workers = {
            channel.name: Worker(channel, clock, say=self._say, done=self._done)
            for channel in channels
        }

    def take(self, effects: Iterable[Effect]) -> None:
        """What is asked waits for its channels. Never blocks. Implements PEO-001, PEO-003."""
        now = self._clock.now()
        with self._lock:
            for effect in effects:
                self._take(effect, now)

    def take_standing(self, effects: Iterable[Effect], *, is_restart: bool = False) -> None:
        """These are all that stands: what is not among them has ended. Never blocks.

        After a restart what stands is rung again and says so; after a fault only what was not
        rung before. What is carried over a resume is found to stand, or not, by the first tick: it
        ends at the next such call. Implements PEO-007, PEO-008, NOD-472.
        """
        now = self._clock.now()
        standing = tuple(effects)
        held = {one.matter for one in standing if isinstance(one, Ring | DraftReady)}
        with self._lock:
            gone = [one for one in self._open if one not in held]
            for matter in gone:
                if self._open[matter].asked or not is_restart:
                    self._end(matter, "no longer stands", now)
            for effect in standing:
                self._take(effect, now, is_restart=is_restart)

    def status(self) -> PeopleStatus:
        """How each channel stands, for the operator's status; who will not be rung, before it
        matters.
        """
        with self._lock:
            asked = tuple(self._unrouted)
        ahead = () if self._state is None else self._config.unrouted(_rung_by_node(self._state()))
        unrouted = tuple(dict.fromkeys((*ahead, *asked)))
        return PeopleStatus(
            channels=tuple(worker.status() for worker in self._workers.values()),
            unrouted=unrouted,
            proof_fault=self._proof.fault,
            proof_lost=self._proof.lost,
        )

    def handed_over(self, *, count: int = 100) -> tuple[Row, ...]:
        """The newest rows of the proof of hand-over, oldest first."""
        return self._proof.read(count=count)

    def is_quiet(self, wait_s: float) -> bool:
        """Whether within this time nothing is under way or due, and the proof is on disk."""
        quiet = all(worker.is_quiet(wait_s) for worker in self._workers.values())
        return self._proof.flush(wait_s) and quiet

    def close(self, wait_s: float = CLOSE_WAIT_S) -> None:
        """Workers end after what they have in hand; what waited is asked for again at the start."""
        for worker in self._workers.values():
            worker.stop()
        for worker in self._workers.values():
            worker.join(wait_s)
        self._proof.close(wait_s)

    def _take(self, effect: Effect, now: datetime, *, is_restart: bool = False) -> None:
        match effect:
            case Ring(matter=matter, role=role, rung=rung, text=text, rank=rank):
                handing = _asked(Kind.RING, matter, role, rung, text, now)
                handing = replace(handing, is_stop=rank is RingRank.STOP)
                self._ask(handing, now, is_restart=is_restart)
            case DraftReady(matter=matter, role=role, text=text):
                handing = _asked(Kind.DRAFT, matter, role, None, text, now)
                self._ask(handing, now, is_restart=is_restart)
            case StopRinging(matter=matter, text=text):
                self._end(matter, text, now)
            case ShowAlert(alert=alert, text=text):
                self._show(_asked(Kind.SHOW, f"alert {alert}", None, None, text, now), now)
            case ShowCall(party=party, call=call, text=text):
                self._show(_asked(Kind.SHOW, f"call {party}/{call}", None, None, text, now), now)

    def _ask(self, handing: Handing, now: datetime, *, is_restart: bool) -> None:
        """Each channel of the role, or the first in turn, has a task; unless it had one before."""
        first_at = self._former.get(handing.matter)
        held = self._open.setdefault(handing.matter, _Open(first_at=first_at))
        if is_restart:
            handing = replace(handing, is_again=True, first_at=held.first_at)
        elif handing.step in held.asked:
            return
        if handing.matter in self._former:
            handing = replace(handing, is_again=True, after_resume=True, first_at=held.first_at)
        held.asked.add(handing.step)
        assert handing.role is not None
        route = self._config.route_of(handing.role)
        if route is None:
            self._unrouted.setdefault(handing.role)
            self._add(handing, Step.NOBODY, "", now)
            return
        names = route.channels
        in_turn = route.tried is Tried.IN_TURN
        first, turn = (names[:1], names[1:]) if in_turn else (names, ())
        delivery = Delivery(handing=handing, turn=turn, in_turn=in_turn)
        for older in held.deliveries:
            older.is_over = older.is_over or older.handing.role == handing.role
        held.deliveries = [one for one in held.deliveries if not one.is_over] + [delivery]
        for name in first:
            due_at = now
            if is_restart and name in held.told:
                due_at = max(now, later(held.told[name], by_s=AGAIN_S))
            self._add(handing, Step.ASKED, name, now)
            self._workers[name].put(Task(delivery=delivery, due_at=due_at))

    def _show(self, handing: Handing, now: datetime) -> None:
        for name, setting in self._settings.items():
            if Also.SHOWS in setting.also:
                delivery = Delivery(handing=handing, turn=(), in_turn=False)
                self._workers[name].put(Task(delivery=delivery, due_at=now))

    def _end(self, matter: str, text: str, now: datetime) -> None:
        """Nobody need be rung about it: what waits is gone, whoever took it is told."""
        held = self._open.pop(matter, None)
        self._former.pop(matter, None)
        ended = _asked(Kind.END, matter, None, None, text, now)
        for name, worker in self._workers.items():
            under_way = worker.drop(matter)
            told = held is not None and name in held.told
            if (told or under_way) and Also.ENDS in self._settings[name].also:
                delivery = Delivery(handing=ended, turn=(), in_turn=False)
                worker.put(Task(delivery=delivery, due_at=now))
        if held is not None:
            for delivery in held.deliveries:
                delivery.is_over = True
            self._add(ended, Step.ENDED, "", now)

    def _say(self, channel: str, handing: Handing, now: datetime) -> Said:
        state = None if self._state is None else self._state()
        positions = Also.POSITIONS in self._settings[channel].also
        return say(handing, state, now, positions=positions)

    def _done(self, channel: str, task: Task, said: Said, result: Result) -> None:
        """One attempt is over, in the worker's thread."""
        with self._lock:
            self._add_result(channel, task, said, result)
            if result.step is Step.TAKEN:
                self._taken(channel, task, said.at)
            elif result.step is Step.NOT_NEEDED:
                task.delivery.is_over = True
                self._end(said.handing.matter, "ended before it was handed over", said.at)
            elif not task.delivery.is_over:
                self._failed(channel, task)

    def _taken(self, channel: str, task: Task, at: datetime) -> None:
        delivery = task.delivery
        delivery.is_over = delivery.is_over or delivery.in_turn
        held = self._open.get(delivery.handing.matter)
        if held is not None:
            held.told[channel] = at
            held.first_at = held.first_at or at

    def _failed(self, channel: str, task: Task) -> None:
        """The next in turn is tried at once; this one again after a while.

        A ring that nobody took is no less due after an hour: it goes on until it is taken or ends.
        """
        delivery, now = task.delivery, self._clock.now()
        if delivery.turn:
            name, delivery.turn = delivery.turn[0], delivery.turn[1:]
            self._add(delivery.handing, Step.ASKED, name, now)
            self._workers[name].put(Task(delivery=delivery, due_at=now))
        limit = ATTEMPTS_MAX.get(delivery.handing.kind)
        if limit is not None and task.attempt >= limit:
            self._workers[channel].give_up()
            self._add(delivery.handing, Step.GIVEN_UP, channel, now)
            return
        wait_s = min(BACKOFF_S * 2 ** min(task.attempt - 1, DOUBLINGS_MAX), BACKOFF_S_MAX)
        again = Task(delivery=delivery, due_at=later(now, by_s=wait_s), attempt=task.attempt + 1)
        self._workers[channel].put_back(again)

    def _add(self, handing: Handing, step: Step, channel: str, now: datetime) -> None:
        kind, role, rung = handing.step
        self._proof.add(
            Row(
                at=at_text(now),
                step=step,
                channel=channel,
                kind=kind,
                matter=handing.matter,
                role=role,
                rung=rung,
                text=handing.words,
            )
        )

    def _add_result(self, channel: str, task: Task, said: Said, result: Result) -> None:
        kind, role, rung = said.handing.step
        self._proof.add(
            Row(
                at=at_text(result.at),
                step=result.step,
                channel=channel,
                kind=kind,
                matter=said.handing.matter,
                role=role,
                rung=rung,
                attempt=task.attempt,
                message=said.id,
                whom=result.to,
                text=f"{said.heading} | {said.handing.words}",
                answer=result.answer,
            )
        )

    def _remember(self) -> None:
        """Matters that stood when the node last stopped, or before a resume, with who took them."""
        for matter, former in self._proof.former.items():
            first_at = None if former.first_at is None else at_value(former.first_at)
            self._former[matter] = first_at
            if former.stood:
                told = {channel: at_value(at) for channel, at in former.told.items()}
                self._open[matter] = _Open(told=told, first_at=first_at)
        for one in self._proof.open:
            held = self._open.setdefault(one.matter, _Open())
            for row in one.rows:
                held.asked.add((row.kind, row.role, row.rung))
            for row in one.taken():
                at = at_value(row.at)
                held.told[row.channel] = at
                held.first_at = held.first_at or at


def _rung_by_node(state: State) -> tuple[str, ...]:
    """The roles that the node rings by itself, as the protocol has them, up to the ring limit."""
    roles = [rung.role for rung in state.setting.protocol.escalation.rungs]
    return tuple(roles[: roles.index(state.setting.ring_limit) + 1])


def channel_of(config: Webhook | Mail | Dialler, folder: Path) -> Channel:
    """The channel that this part of the configuration describes."""
    match config:
        case Webhook():
            return WebhookChannel(config, folder)
        case Mail():
            return MailChannel(config, folder)
        case Dialler():
            return DiallerChannel(config)


def _asked(
    kind: Kind, matter: str, role: RoleId | None, rung: int | None, text: str, now: datetime
) -> Handing:
    return Handing(kind=kind, matter=matter, role=role, rung=rung, text=text, asked_at=now)
