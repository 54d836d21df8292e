"""The post: every message to every party, and what the port's callers are answered.

The node hands its messages here and goes on. Each party that can be dialled has a pusher; what
waits for a party also goes into the answer when it calls us. Implements PEER-020, PEER-027 and
PEER-028.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crosstell.codecs.parcel import SIZE_MAX, sender_of
from crosstell.codecs.parcels.aging import FRESH_S
from crosstell.codecs.parcels.blocks import PARCELS_MAX
from crosstell.core.errors import Unavailable
from crosstell.core.ids import FeedId, PartyId
from crosstell.shell.node import Message
from crosstell.shell.peers.pins import Pins
from crosstell.shell.peers.port import Caller, foreign
from crosstell.shell.peers.pusher import Pace, Pusher
from crosstell.shell.peers.refusals import Reason, Refusals
from crosstell.shell.peers.waiting import Waiting

ANSWER_BYTES_MAX = SIZE_MAX  # of parcels in one answer, beyond the first
Submit = Callable[[bytes], Future[Any]]
"""Hands a parcel to the node. The future is done once everything it calls for has been sent."""
Tell = Callable[[PartyId], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """A party and its feed. `reach`: host and port of its node; empty if it only calls us."""

    party: PartyId
    feed: FeedId
    reach: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """What is known of the line to one party, for `status`; times are ours.

    `reached_at`: when it last answered us. `heard_at`: when it last called, or an answer of it
    brought something. `since`: how long the oldest parcel waits. `taken`: whether its certificate
    is known, so that it may call us.
    """

    party: PartyId
    reach: str
    taken: bool
    reached_at: datetime | None
    heard_at: datetime | None
    round_s: float | None
    backlog: int
    backlog_bytes: int
    since: datetime | None
    dropped: int
    fails: int
    fault: str | None


class Post:
    """What is on its way to the parties of one protocol."""

    def __init__(
        self,
        correspondents: Iterable[Correspondent],
        pins: Pins,
        submit: Submit,
        pace: Pace,
        refusals: Refusals,
    ) -> None:
        """Nothing is sent before `start`."""
        self._correspondents = {each.party: each for each in correspondents}
        self._pins, self._submit, self._refusals = pins, submit, refusals
        self._own_at: dict[PartyId, datetime] = {}
        self.unheard: Tell = lambda _party: None  # told whose answer may be lost; see `Pusher`
        self._pushers = {
            party: Pusher(
                party=party,
                reach=each.reach,
                waiting=Waiting(now=pace.now, fresh_s=FRESH_S + pace.beat_s),
                pace=pace,
                receive=self._receive,
                unheard=self._unheard,
            )
            for party, each in self._correspondents.items()
        }

    def callers(self) -> dict[str, Caller]:
        """Who may call our port, by the digest of its certificate."""
        return {
            digest: Caller(party=party, feed=self._correspondents[party].feed)
            for party, digests in self._pins.digests.items()
            if party in self._correspondents
            for digest in digests
        }

    def start(self) -> None:
        """Every party with a `reach` is dialled from now on."""
        for pusher in self._pushers.values():
            if pusher.reach:
                pusher.start(self._pins)

    def stop(self) -> None:
        """Nobody is dialled any more."""
        for pusher in self._pushers.values():
            pusher.stop()

    def send(self, messages: Iterable[Message]) -> None:
        """These wait for their parties. It never blocks and never fails."""
        for message in messages:
            pusher = self._pushers.get(message.to)
            if pusher is not None:
                pusher.waiting.put(message.body)

    async def deliver(self, parcel: bytes, digest: str) -> None:
        """A caller's parcel is durable here; an empty one only asks."""
        pusher = self._called(digest)
        if pusher is None:
            return
        pusher.course.heard_at = pusher.pace.now()
        if parcel:
            self._own_at[pusher.party] = pusher.pace.now()
            outcome = await asyncio.wrap_future(self._submit(parcel))
            if (
                outcome is not None and not outcome.kept
            ):  # the sender keeps it and comes again: 200 would lose it
                raise Unavailable("the parcel could not be stored; send it again")

    def collect(self, digest: str) -> tuple[bytes, ...]:
        """What a caller is answered: whatever waits for it."""
        pusher = self._called(digest)
        if pusher is None:
            return ()
        return pusher.waiting.take(parcels_max=PARCELS_MAX, bytes_max=ANSWER_BYTES_MAX)

    def _called(self, digest: str) -> Pusher | None:
        party = self._pins.party_of(digest)
        return None if party is None else self._pushers.get(party)

    def lines(self) -> tuple[LineState, ...]:
        """Every line as it is now, by party."""
        return tuple(self._line(self._pushers[party]) for party in sorted(self._pushers))

    def _receive(self, party: PartyId, parcel: bytes) -> Future[Any] | None:
        """A parcel that came in an answer: only of the one that was asked, else None."""
        sender = sender_of(parcel)
        if sender != self._correspondents[party].feed:
            self._refusals.add(party, Reason.SENDER, foreign(party, sender))
            return None
        self._own_at[party] = self._pushers[party].pace.now()
        return self._submit(parcel)

    def _unheard(self, party: PartyId) -> None:
        with suppress(Unavailable):  # its line is full: the peer's patience ends by itself
            self.unheard(party)

    def foreign(self, party: PartyId) -> str | None:
        """That the party speaks in another feed than its card names, until it speaks in that one.

        Implements PEER-032.
        """
        row, own_at = self._refusals.row(party, Reason.SENDER), self._own_at.get(party)
        if row is None or (own_at is not None and own_at > row.last_at):
            return None
        return row.text

    def _line(self, pusher: Pusher) -> LineState:
        backlog, size, since = pusher.waiting.backlog()
        course = pusher.course
        return LineState(
            party=pusher.party,
            reach=pusher.reach,
            taken=self._pins.taken(pusher.party),
            reached_at=course.reached_at,
            heard_at=course.heard_at,
            round_s=course.round_s,
            backlog=backlog,
            backlog_bytes=size,
            since=since,
            dropped=pusher.waiting.dropped,
            fails=course.fails,
            fault=course.fault or self.foreign(pusher.party),
        )
