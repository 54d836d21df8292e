"""An ASGI application asked in-process: an event loop in a thread, its lifespan, one client.

Nothing is bound to a port. A stream is read piece by piece, as a browser would.
"""

import asyncio
import queue
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx
from starlette.types import ASGIApp, Message, Scope

T = TypeVar("T")
WAIT_S = 30.0
SKIPPED_MAX = 400  # events and comments on the way to the one that is wanted


class Inside:
    """The application at work."""

    def __init__(self, app: ASGIApp, *, scheme: str, address: str = "192.0.2.7") -> None:
        self.app, self.base, self.address = app, f"{scheme}://node.test", address
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._told: asyncio.Queue[Message] | None = None
        self._lifespan: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._thread.start()
        self.run(self._start())

    def stop(self) -> None:
        self.run(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(WAIT_S)
        self.loop.close()

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """What the coroutine gives in the application's own loop."""
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(WAIT_S)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """One request, whole. `raw` keeps the path as it is written."""
        return self.run(self.asked(method, path, **more))

    async def asked(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """The same, from inside the loop: so many can be under way at once."""
        address = more.pop("address", self.address)
        transport = httpx.ASGITransport(
            self.app, client=(address, 4_711), raise_app_exceptions=False
        )
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            return await client.request(method, path, **more)

    async def _start(self) -> None:
        told: asyncio.Queue[Message] = asyncio.Queue()
        said: asyncio.Queue[Message] = asyncio.Queue()
        self._told = said
        self._answers = told
        scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._lifespan = asyncio.ensure_future(self.app(scope, said.get, told.put))
        await said.put({"type": "lifespan.startup"})
        assert (await told.get())["type"] == "lifespan.startup.complete"

    async def _stop(self) -> None:
        assert self._told is not None
        assert self._lifespan is not None
        await self._told.put({"type": "lifespan.shutdown"})
        assert (await self._answers.get())["type"] == "lifespan.shutdown.complete"
        await self._lifespan

    def follow(self, path: str, headers: dict[str, str]) -> "Followed":
        """A stream that is open until it is closed."""
        found = Followed(self)
        found.task = asyncio.run_coroutine_threadsafe(found.run(path, headers), self.loop)
        return found


class Followed:
    """One open stream. While `held` is set, the client takes nothing."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self.pieces: queue.Queue[bytes | None] = queue.Queue()
        self.status = 0
        self.held = threading.Event()
        self._gone = asyncio.Event()
        self.task: Any = None
        self._text = ""

    async def run(self, path: str, headers: dict[str, str]) -> None:
        name, _, query = path.partition("?")
        scope: Scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": name,
            "raw_path": name.encode(),
            "query_string": query.encode(),
            "scheme": self._inside.base.partition(":")[0],
            "server": ("node.test", 80),
            "client": (self._inside.address, 4_711),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        }
        try:
            await self._inside.app(scope, self._receive, self._send)
        finally:
            self.pieces.put(None)

    async def _receive(self) -> Message:
        if not hasattr(self, "_begun"):
            self._begun = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        while self.held.is_set():
            await asyncio.sleep(0.005)
        self.pieces.put(message.get("body", b""))

    def next(self, *names: str, within_s: float = 10.0) -> tuple[str, str, str]:
        """The next event of one of these names: name, id, data. A comment has the name `:`."""
        for _ in range(SKIPPED_MAX):
            while "\n\n" not in self._text:
                piece = self.pieces.get(timeout=within_s)
                if piece is None:
                    raise EOFError(self._text)
                self._text += piece.decode()
            block, _, self._text = self._text.partition("\n\n")
            found = {"event": "", "id": "", "data": ""}
            for line in block.split("\n"):
                key, _, value = line.partition(":")
                found[key or ":"] = value.strip()
            name = found["event"] or (":" if ":" in found else "")
            if not names or name in names:
                return name, found["id"], found["data"]
        raise AssertionError(f"{SKIPPED_MAX} events, and none of them was of {names}")

    def close(self) -> None:
        """The client is gone; the application has noticed."""
        self._inside.loop.call_soon_threadsafe(self._gone.set)
        self.task.result(WAIT_S)
