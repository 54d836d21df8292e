"""What one client of the stream is sent, and when it is dropped.

`event: entry` with the local number as its id; `event: screen`, whole, at most once a second and
at once after an effect; `event: effect`; `event: standing`, where it is asked for; a comment every
two seconds, so that silence is noticed; `event: dropped` with a reason before the end, after which
the client comes again with the id of its last entry. Implements API-050 to API-057, RUN-520 to
RUN-522.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crosstell.codecs.api.running import StandingShown
from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import CrosstellError
from crosstell.core.instant import later
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.react import again
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.routes import Parameter
from crosstell.shell.api.serving import Asked, Serving, plain_bytes
from crosstell.shell.api.stream.hub import Hub, Mailbox
from crosstell.shell.api.taking import query_int
from crosstell.shell.api.views import entries as of_entries
from crosstell.shell.api.views.answering import ARRIVAL_MAX, moment_of, rows_after, screen_bytes

PAGE = 200  # entries read at a time
RETRY_MS = 1_000
KINDS_MAX = 32
SCREEN, EFFECT, STANDING = CHOSEN = ("screen", "effect", "standing")
USUAL = frozenset((SCREEN, EFFECT))
WANTED = (
    Parameter(
        name="without",
        where="query",
        text="Kinds of entries that are not wanted, with commas between them.",
        schema={"type": "string", "maxLength": 1_000},
    ),
    Parameter(
        name="events",
        where="query",
        text=f"What beside entries is wanted, of {', '.join(CHOSEN)}; screens and effects without.",
        schema={"type": "string", "maxLength": 100},
    ),
)


@dataclass(slots=True)
class Follower:
    """One client: how far it has read, which entries it does not want, and what it does beside."""

    serving: Serving
    hub: Hub
    asked: Asked
    mailbox: Mailbox
    after: int
    without: frozenset[str]
    chosen: frozenset[str] = USUAL
    stood: StandingShown | None = None
    seen_batches: int = -1
    screen_at: datetime | None = None
    checked_at: datetime | None = None

    async def events(self) -> AsyncIterator[bytes]:
        """Everything that the client is sent, in order, until it is dropped."""
        yield f"retry: {RETRY_MS}\n\n".encode()
        self.mailbox.effects.extend(again(self.serving.state))  # what stands is told to who comes
        while True:
            self.mailbox.woken.clear()
            for effect in self._effects():
                yield effect
            if (chunk := await self._screen()) is not None:
                yield chunk
            async for chunk in self._entries():
                yield chunk
            if (chunk := self._standing()) is not None:
                yield chunk
            if (reason := await self._ended()) is not None:
                yield event("dropped", msgspec.json.encode({"reason": reason}))
                return
            try:
                async with asyncio.timeout(self._patience_s()):
                    await self.mailbox.woken.wait()
            except TimeoutError:
                yield b": keepalive\n\n"

    def _effects(self) -> Iterator[bytes]:
        """What people are asked to do, as far as it waits; dropped where it is not wanted."""
        while self.mailbox.effects:
            effect = self.mailbox.effects.popleft()
            if EFFECT in self.chosen:
                yield effect_event(effect)

    def _patience_s(self) -> float:
        """How long to wait for news: until the next keepalive, or the next screen if one is due."""
        limits = self.serving.settings.limits
        waits = self.hub.batches != self.seen_batches and self.screen_at is not None
        return min(limits.keepalive_s, limits.screen_s) if waits else limits.keepalive_s

    async def _screen(self) -> bytes | None:
        """The whole screen, if it is time for one."""
        settings, limits = self.serving.settings, self.serving.settings.limits
        if settings.screen is None or SCREEN not in self.chosen:
            return None
        now = settings.wall()
        if self.screen_at is not None and not self.mailbox.rang:
            changed = self.hub.batches != self.seen_batches
            wait_s = limits.screen_s if changed else limits.screen_idle_s
            if now < later(self.screen_at, by_s=wait_s):
                return None
        self.seen_batches, self.mailbox.rang, self.screen_at = self.hub.batches, False, now
        drawn = await self.hub.screen(self._draw, now=now, good_s=limits.screen_s / 2)
        return event("screen", drawn)

    def _standing(self) -> bytes | None:
        """Where the node stands, if the client has been told all that came before that."""
        found = self.hub.standing
        if STANDING not in self.chosen or found is None or found is self.stood:
            return None
        if self.mailbox.effects or self.after < found.arrivals:
            return None
        self.stood = found
        return event("standing", plain_bytes(found))

    async def _draw(self) -> bytes:
        return await screen_bytes(self.serving, await moment_of(self.serving))

    async def _entries(self) -> AsyncIterator[bytes]:
        """Every entry up to the newest that the node has told of; effects go before a long page."""
        while self.after < self.hub.arrivals and not self.mailbox.effects:
            page = await self._page()
            if not page:
                return
            skipped = False
            for number, kind, encoded in page:
                self.after, skipped = number, kind in self.without
                if not skipped:
                    yield encoded
            if skipped:  # the client's place goes on with what it did not want
                yield f"id: {self.after}\n\n".encode()
            if self.mailbox.overflowed or self.hub.closing:
                return

    async def _page(self) -> list[tuple[int, str, bytes]]:
        """The next entries, encoded; from memory where another client was here just before."""
        cache = self.hub.cache
        found = []
        for number in range(self.after + 1, min(self.after + PAGE, self.hub.arrivals) + 1):
            if number not in cache:
                break
            found.append((number, *cache[number]))
        if found:
            return found
        rows, _, void = await rows_after(self.serving, self.after, PAGE)
        setting = self.serving.state.setting

        def encoded() -> list[tuple[int, str, bytes]]:
            told = [of_entries.entry(setting, number, row, void) for number, row in rows]
            return [
                (number, one.kind, event("entry", plain_bytes(one), number))
                for (number, _), one in zip(rows, told, strict=True)
            ]

        page = await self.serving.aside(encoded)
        if void != self.hub.void:
            self.hub.cache.clear()  # what was said before is void now
            self.hub.void = void
        for number, kind, chunk in page:
            self.hub.keep(number, kind, chunk)
        return page

    async def _ended(self) -> str | None:
        """Why the client is dropped now, if it is."""
        if self.hub.closing:
            return "the node is being stopped; come again"
        if self.mailbox.overflowed:
            return "too slow: effects did not fit any more; come again, those that stand are told"
        stands = self.serving.access.sessions.stands
        now, every_s = self.serving.settings.wall(), self.serving.settings.limits.keepalive_s
        if self.checked_at is not None and now < later(self.checked_at, by_s=every_s):
            return None
        self.checked_at = now
        if not await self.serving.aside(stands, self.asked.session.id, now):
            return "the session has ended; log in again"
        return None


class Streaming(Response):
    """The response: sends each event as it comes, and gives up on a client that takes nothing."""

    media_type = "text/event-stream"

    def __init__(self, follower: Follower) -> None:
        """For one follower, whose mailbox is in the hub already."""
        super().__init__(None, 200, media_type=self.media_type)
        del self.headers["content-length"]
        self.headers["X-Accel-Buffering"] = "no"
        self._follower = follower

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Until the client is gone or dropped. A fault of ours is raised: the server logs it."""
        follower = self._follower
        follower.hub.mailboxes.add(follower.mailbox)
        gone = asyncio.ensure_future(_disconnected(receive))
        sending = asyncio.ensure_future(self._send_all(send))
        try:
            await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            follower.hub.mailboxes.discard(follower.mailbox)
            for task in (gone, sending):
                task.cancel()
            _, ended = await asyncio.gather(gone, sending, return_exceptions=True)
        if isinstance(ended, Exception) and not isinstance(ended, OSError):
            raise ended

    async def _send_all(self, send: Send) -> None:
        stalled_s = self._follower.serving.settings.limits.stalled_s
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async for chunk in self._follower.events():
                message = {"type": "http.response.body", "body": chunk, "more_body": True}
                async with asyncio.timeout(stalled_s):
                    await send(message)
        except CrosstellError as fault:
            reason = msgspec.json.encode({"reason": f"{fault}; come again"})
            body = event("dropped", reason)
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def event(name: str, data: bytes, number: int | None = None) -> bytes:
    """One server-sent event. JSON holds no line break, so its data is one line."""
    numbered = b"" if number is None else f"id: {number}\n".encode()
    return b"event: " + name.encode() + b"\n" + numbered + b"data: " + data + b"\n\n"


def effect_event(effect: Effect) -> bytes:
    """An effect, under its kind."""
    return event("effect", msgspec.json.encode({tag_of(type(effect)): to_plain(effect)}))


async def follow(serving: Serving, asked: Asked) -> Response:
    """The stream, from where the client was; without a place, from now on."""
    hub, limits = serving.hub, serving.settings.limits
    moment = await moment_of(serving)
    hub.arrivals = max(hub.arrivals, moment.arrivals)
    stated = asked.request.headers.get("Last-Event-ID")
    after = query_int(asked, "after", default=moment.arrivals, most=ARRIVAL_MAX)
    if stated is not None:
        if not (stated.isascii() and stated.isdigit() and len(stated) <= 16):
            raise Unmet("bad-request", "Last-Event-ID is no local number; leave it out")
        after = int(stated)
    if after > moment.arrivals:
        text = f"number {after} is beyond the newest entry here, {moment.arrivals}; begin anew"
        raise Unmet("bad-request", text)
    without = asked.request.query_params.get("without", "").split(",")
    if len(without) > KINDS_MAX:
        raise Unmet("bad-request", f"without: at most {KINDS_MAX} kinds")
    chosen = asked.request.query_params.get("events")
    events = USUAL if chosen is None else frozenset(chosen.split(",")) - {""}
    if not events <= frozenset(CHOSEN):
        raise Unmet("bad-request", f"events: choose among {', '.join(CHOSEN)}")
    await serving.aside(
        serving.access.audit.note,
        asked.at,
        Deed.FOLLOWED,
        by=asked.account.name,
        address=asked.address,
        about=f"stream after {after}",
    )
    mine = sum(one.account == asked.account.name for one in hub.mailboxes)
    if len(hub.mailboxes) >= limits.streams or mine >= limits.streams_of_account:
        text = f"{len(hub.mailboxes)} streams are open, {mine} of this account; close one"
        raise Unmet("unavailable", text, wait_s=5.0)
    mailbox = Mailbox(account=asked.account.name, waiting_max=limits.effects_waiting)
    follower = Follower(
        serving=serving,
        hub=hub,
        asked=asked,
        mailbox=mailbox,
        after=after,
        without=frozenset(without) - {""},
        chosen=events,
    )
    return Streaming(follower)
