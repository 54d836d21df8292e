"""One party's parcels on their way: a thread that dials, sends, takes the answer, and tries again.

A line that fails is tried again after a pause that doubles, with jitter, up to a bound; at once
when something new waits. A line with nothing to say is asked all the same, at least each
`poll_s`: the answer carries what waits at the other end. What an answer brought waits there no
longer: so where one may be lost, the node is told as soon as the line holds again, and says what
it has. An answer's parcels are worked off one by one before the next exchange, so that a peer
that answers with ever more fills nothing here but its own line. Implements PEER-022 to PEER-026,
NOD-451, NOD-480, NOD-560.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Any

import httpx

from crosstell.codecs.parcels.blocks import pad, unpack
from crosstell.core.errors import PartyError, Unavailable
from crosstell.core.ids import PartyId
from crosstell.shell.peers.pins import PinnedContext, Pins
from crosstell.shell.peers.port import BURST, PATH, PER_S, Allowance
from crosstell.shell.peers.waiting import Waiting

ANSWER_MAX = 9 * 1024 * 1024  # bytes of an answer: one of `ANSWER_BYTES_MAX`, padded
NEVER_TAKEN = frozenset({400, 403, 404, 405, 413})  # this parcel is refused, whenever it comes
WAIT_S_MAX = 300.0  # that a peer may ask us to wait
RAW_LENGTH_MAX = 120  # of the system's own words
CAUSES_MAX = 8
LOOK_S = 0.5  # how often a thread that waits for the node looks whether all is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often and how patiently a line is used. `jitter` gives a number from 0 to 1.

    Bodies are as long as `padded`, doubled some times; 0: as they are. With a `beat_s` there is
    one exchange in each beat, whatever waits and whatever fails.
    """

    now: Callable[[], datetime]
    steady: Callable[[], float]
    jitter: Callable[[], float]
    poll_s: float = 15.0
    again_s_min: float = 0.25
    again_s_max: float = 5.0  # a cable that is back is found this soon
    connect_s: float = 10.0
    silent_s: float = 30.0  # without a byte
    answer_s: float = 300.0  # for all of it
    padded: int = 0
    beat_s: float = 0.0


@dataclass(slots=True)
class Course:
    """What was seen of the line so far, as measured here."""

    tried_at: datetime | None = None
    reached_at: datetime | None = None
    heard_at: datetime | None = None
    round_s: float | None = None
    fails: int = 0
    fault: str | None = None
    refused: int = 0


class _Refused(Exception):
    """The peer said no. `wait_s`: when it may be asked again."""

    def __init__(self, status: int, wait_s: float) -> None:
        super().__init__(f"HTTP {status}")
        self.status, self.wait_s = status, wait_s


class _Slow(Unavailable):
    """The peer's answer did not come in time."""


@dataclass(slots=True)
class Pusher:
    """The line to one party.

    `receive` is given each parcel that an answer brings, and gives what is done once the node has
    worked it off; `unheard` is told that one may be lost.
    """

    party: PartyId
    reach: str
    waiting: Waiting
    pace: Pace
    receive: Callable[[PartyId, bytes], Future[Any] | None]
    unheard: Callable[[PartyId], None] = lambda _party: None
    course: Course = field(init=False, default_factory=Course)
    _over: bool = field(init=False, default=False)
    _lost: bool = field(init=False, default=False)
    _thread: Thread | None = field(init=False, default=None)
    _allowance: Allowance = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is dialled before `start`."""
        self._allowance = Allowance(per_s=PER_S, burst=BURST, at_s=self.pace.steady())

    def start(self, pins: Pins) -> None:
        """The thread runs."""
        context = pins.dialling(self.party)
        self._thread = Thread(
            target=self._run, args=(context,), name=f"post to {self.party}", daemon=True
        )
        self._thread.start()

    def stop(self, wait_s: float = 5.0) -> None:
        """The thread ends; one that waits for its peer is left to its time-out."""
        self._over = True
        with self.waiting.turn:
            self.waiting.turn.notify_all()
        if self._thread is not None:
            self._thread.join(wait_s)

    def _run(self, context: PinnedContext) -> None:
        timeout = httpx.Timeout(self.pace.silent_s, connect=self.pace.connect_s)
        with httpx.Client(verify=context, timeout=timeout, trust_env=False) as client:
            due_s = self.pace.steady()
            while not self._over:
                pause_s = self._exchange(client)
                if self.pace.beat_s > 0.0:
                    due_s = next_beat(due_s, self.pace)
                    self._rest(due_s - self.pace.steady())
                else:
                    self._wait(pause_s)

    def _exchange(self, client: httpx.Client) -> float:
        """One parcel, or a question, and the answer; the seconds until the next at the latest."""
        parcel = self.waiting.first()
        course, pace = self.course, self.pace
        course.tried_at = pace.now()
        try:
            self._take(self._carry(client, parcel or b""))
        except _Refused as no:
            return self._not_taken(parcel, no)
        except (httpx.HTTPError, httpx.InvalidURL, PartyError, Unavailable, OSError) as fault:
            self._lost = self._lost or not isinstance(fault, httpx.ConnectError)
            return self._failed(in_words(fault))
        if parcel is not None:
            self.waiting.carried(parcel)
        course.fails, course.fault, course.reached_at = 0, None, pace.now()
        if self._lost:
            self._lost = False
            self.unheard(self.party)
        return pace.poll_s * (0.9 + 0.1 * pace.jitter())

    def _carry(self, client: httpx.Client, parcel: bytes) -> bytes:
        """The answer to this parcel, bounded in size and time."""
        started_s = self.pace.steady()
        content = pad(parcel, self.pace.padded)
        answer = bytearray()
        with client.stream("POST", f"https://{self.reach}{PATH}", content=content) as response:
            if response.status_code != 200:
                raise _Refused(response.status_code, _asked_s(response))
            for piece in response.iter_raw():
                answer += piece
                if len(answer) > ANSWER_MAX:
                    raise PartyError(f"an answer of more than {ANSWER_MAX} bytes")
                if self.pace.steady() - started_s > self.pace.answer_s:
                    raise _Slow(f"the answer took more than {self.pace.answer_s:.0f} s")
        self.course.round_s = self.pace.steady() - started_s
        return bytes(answer)

    def _take(self, answer: bytes) -> None:
        """The node has worked off each before the next; no more a second than at our port.

        Unavailable, at the end, if one of them could not be taken. Implements NOD-537.
        """
        untaken: Unavailable | None = None
        for parcel in unpack(answer):
            if (wait_s := self._allowance.take(self.pace.steady())) > 0.0:
                self._rest(wait_s)
                self._allowance.take(self.pace.steady())
            self.course.heard_at = self.pace.now()
            done = self.receive(self.party, parcel)
            while done is not None and not self._over and wait((done,), LOOK_S).not_done:
                pass
            if done is not None and done.done():
                untaken = _untaken(done) or untaken
        if untaken is not None:
            raise untaken

    def _not_taken(self, parcel: bytes | None, no: _Refused) -> float:
        """What can never be taken is not sent again; the node will send what is lacking anew."""
        pause_s = max(self._failed(in_words(no)), no.wait_s)
        if no.status in NEVER_TAKEN and parcel is not None:
            self.waiting.carried(parcel)
            self.course.refused += 1
        return pause_s

    def _failed(self, fault: str) -> float:
        self.course.fails += 1
        self.course.fault = fault
        doubled = self.pace.again_s_min * 2.0 ** min(self.course.fails - 1, 16)
        return min(self.pace.again_s_max, doubled) * (0.5 + 0.5 * self.pace.jitter())

    def _wait(self, pause_s: float) -> None:
        """Until something waits, the pause is over, or all is."""
        waiting, failed = self.waiting, self.course.fails > 0
        with waiting.turn:
            before = waiting.put_in
            if failed:  # something new is tried at once, but a dead line not all the time
                floor_s = min(pause_s, self.pace.again_s_min)
                self._rest(floor_s)
                pause_s -= floor_s
            waiting.turn.wait_for(
                lambda: (
                    self._over or (waiting.put_in != before if failed else waiting.backlog()[0] > 0)
                ),
                timeout=pause_s,
            )

    def _rest(self, pause_s: float) -> None:
        """So long, whatever waits."""
        with self.waiting.turn:
            self.waiting.turn.wait_for(lambda: self._over, timeout=max(0.0, pause_s))


REFUSALS = {
    400: "its node cannot read what ours sent: ask which version it runs",
    403: "its node does not take this line as ours: ask whether it holds our newest card",
    404: "at that address answers no node: compare the address in its card",
    429: "its node has too much of ours at once: it is tried again by itself",
    503: "its node is too busy to take anything, or cannot store: ask it by telephone",
}
REFUSED = "its node answers with an error: ask it by telephone what it shows"
MEANT: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (  # the first that fits
    (
        (ssl.SSLCertVerificationError,),
        "the certificate shown is not theirs: nothing was sent. Ask for its newest card, and "
        "compare it by voice; if it has no new one, somebody else answers at its address",
    ),
    (
        (ssl.SSLError,),
        "no protected line came about: its node may not know our certificate, so ask whether it "
        "holds our newest card; or what answers at its address is no node",
    ),
    (
        (ConnectionRefusedError,),
        "refused: its machine is there, and no node listens at that port. Ask whether its node "
        "runs, and compare the port in its card",
    ),
    (
        (socket.gaierror,),
        "the name in its card leads to no address: compare the card, and look at this machine's "
        "name service",
    ),
    (
        (httpx.ConnectError, httpx.ConnectTimeout),
        "not reached: look at the cable, the route and the firewalls between, and compare the "
        "address in its card",
    ),
    (
        (httpx.TimeoutException,),
        "it was reached and then said nothing more: ask by telephone how its node does",
    ),
    (
        (httpx.InvalidURL, httpx.UnsupportedProtocol),
        "the address in its card is none: ask for its newest card",
    ),
    (
        (PartyError,),
        "what it answered is no answer of a node: ask what stands at that address",
    ),
    (
        (_Slow,),
        "its answer came too slowly and was given up: look at how good the line is",
    ),
    (
        (Unavailable,),
        "this node could not take what its answer brought: look at its own status; the other node "
        "sends it again",
    ),
)
BROKE_OFF = (
    "the line broke off before the answer was whole: if that repeats, ask whether its node runs "
    "and holds our newest card"
)


def in_words(fault: Exception) -> str:
    """What is wrong with the line and what to look at, the system's own words behind it. NOD-480.

    The address is that of the party's card, as the node dials it.
    """
    raw = str(fault) if isinstance(fault, _Refused) else f"{type(fault).__name__}: {fault}"
    return f"{_meant(fault)} ({raw[:RAW_LENGTH_MAX]})"


def _meant(fault: Exception) -> str:
    if isinstance(fault, _Refused):
        return REFUSALS.get(fault.status, REFUSED)
    found = tuple(_causes(fault))
    for kinds, words in MEANT:
        if any(isinstance(one, kinds) for one in found):
            return words
    return BROKE_OFF


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault and what it came of, the outermost first."""
    seen: BaseException | None = fault
    for _ in range(CAUSES_MAX):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _untaken(done: Future[Any]) -> Unavailable | None:
    """Why what came is not in the record; None if it is, or was nothing for it."""
    fault = done.exception()
    if fault is not None:
        return Unavailable(str(fault))
    outcome = done.result()
    is_kept = outcome is None or outcome.kept
    return None if is_kept else Unavailable("what came could not be stored")


def next_beat(due_s: float, pace: Pace) -> float:
    """The next beat after the one due then; beats that were missed are not made up for."""
    missed = max(0.0, pace.steady() - due_s) // pace.beat_s
    return due_s + (missed + 1.0) * pace.beat_s


def _asked_s(response: httpx.Response) -> float:
    """How long the peer asks us to wait, as far as we do."""
    text = response.headers.get("retry-after", "")
    seconds = float(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0.0
    return min(seconds, WAIT_S_MAX)
