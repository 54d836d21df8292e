"""What the port of the operators bears of whoever calls it, over real sockets."""

import asyncio
import math
import resource
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from line_sites import identity
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn import Config

from crosstell.shell.peers.refusals import Reason, Refusals
from crosstell.shell.ports.door import Door
from crosstell.shell.ports.operators import BORNE, OperatorsPort
from crosstell.shell.ports.watched import Patience, Watched

BRIEF = replace(BORNE, look_s=0.1, progress=1, idle_s=0.3, unread_s=0.5)
SHORT_S, LONG_S = 1.0, 20.0  # longer than every limit of BRIEF; what a busy machine may take
LARGE = 32_000_000
HALF = b"GET /word HTTP/1.1\r\nHost: x\r\n"
WORD = HALF + b"\r\n"
Said = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Call = Callable[[bytes], Awaitable[Said]]


async def word(_request: Request) -> Response:
    return PlainTextResponse("a word")


async def large(_request: Request) -> Response:
    return PlainTextResponse(b"x" * LARGE)


async def stream(request: Request) -> Response:
    """Goes on for as long as somebody reads, to one whose session stands."""
    request.state.is_known = True

    async def ticks() -> AsyncIterator[bytes]:
        while True:
            yield b"tick\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(ticks())


APP = Starlette(
    routes=[
        Route("/word", word, methods=["GET", "POST"]),
        Route("/large", large),
        Route("/stream", stream),
    ]
)


@asynccontextmanager
async def served(
    refusals: Refusals, patience: Patience = BRIEF, pem: Path | None = None
) -> AsyncIterator[Call]:
    """What calls the port, and says that; over TLS, where it has a certificate."""
    listening = socket.create_server(("127.0.0.1", 0))
    place = listening.getsockname()
    config = Config(APP, log_config=None, ws="none", ssl_certfile=pem)
    server = OperatorsPort(config, listening, refusals, patience)
    serving = asyncio.create_task(server.serve())
    called: list[asyncio.StreamWriter] = []
    tls = None if pem is None else ssl.create_default_context(cafile=pem)
    if tls is not None:
        tls.check_hostname = False

    async def call(said: bytes) -> Said:
        reads, writes = await asyncio.open_connection(*place, limit=65_536, ssl=tls)
        called.append(writes)
        writes.write(said)
        return reads, writes

    try:
        yield call
    finally:
        for each in called:
            each.transport.abort()
        server.should_exit = server.force_exit = True
        await serving


async def ended(said: Said) -> bytes:
    """What came until the other end cut it."""
    found = bytearray()
    with suppress(ConnectionError):
        while piece := await asyncio.wait_for(said[0].read(65_536), LONG_S):
            found += piece
    return bytes(found)


async def answered(call: Call) -> bool:
    return b"200 OK" in await asyncio.wait_for((await call(WORD))[0].readline(), LONG_S)


def tried(work: Callable[[Refusals], Awaitable[None]]) -> dict[str, int]:
    """How often the port refused, by reason."""
    refusals = Refusals(now=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    async def run() -> None:
        await work(refusals)

    asyncio.run(run())
    assert all(row.text.startswith("the operators' port: ") for row in refusals.rows())
    return {row.reason.value: row.count for row in refusals.rows()}


def test_half_a_request_and_a_silent_caller_are_ended() -> None:
    """RUN-530: a head or body that stands still is counted, one that says nothing is not."""

    async def work(refusals: Refusals) -> None:
        async with served(refusals) as call:
            body = b"POST /word HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"
            silent, half, part = await call(b""), await call(HALF), await call(body)
            assert await ended(silent) == b""
            assert await ended(half) == b""
            assert b"200 OK" in await ended(part)  # it was answered without it
            assert await answered(call)

    assert tried(work) == {"slow": 2}


def test_a_stream_that_is_read_is_ended_by_no_time() -> None:
    """RUN-530."""

    async def work(refusals: Refusals) -> None:
        async with served(refusals) as call:
            reads, _ = await call(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            until = asyncio.get_running_loop().time() + SHORT_S
            while asyncio.get_running_loop().time() < until:
                assert await asyncio.wait_for(reads.readline(), LONG_S)

    assert tried(work) == {}


def test_an_answer_that_nobody_reads_is_ended_and_a_slow_download_is_not() -> None:
    """RUN-530: what counts is whether anything of it was taken."""

    async def work(refusals: Refusals) -> None:
        async with served(refusals) as call:
            asked = b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            deaf, slow = await call(asked), await call(asked)
            got = 0
            while got < LARGE // 4:
                got += len(await asyncio.wait_for(slow[0].read(LARGE // 40), LONG_S))
            while "slow" not in [row.reason.value for row in refusals.rows()]:
                await asyncio.sleep(0.05)
                got += len(await asyncio.wait_for(slow[0].read(LARGE // 100), LONG_S))
            assert len(await ended(deaf)) < LARGE
            assert got + len(await ended(slow)) > LARGE

    assert tried(work) == {"slow": 1}


def test_over_tls_a_handshake_half_a_request_and_a_deaf_caller_are_ended(tmp_path: Path) -> None:
    """RUN-530: and who reads has all of it."""
    own = identity(tmp_path, "desk").certificate

    async def work(refusals: Refusals) -> None:
        async with served(refusals, replace(BRIEF, greet_s=1.0), own) as call:
            asked = b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            deaf, half, quick = await call(asked), await call(HALF), await call(asked)
            place = quick[1].get_extra_info("peername")
            silent = await asyncio.open_connection(*place)
            assert len(await ended(quick)) > LARGE
            assert await ended(half) == b""
            assert await ended(silent) == b""
            assert len(await ended(deaf)) < LARGE
            assert await answered(call)
            silent[1].close()

    assert tried(work) == {"slow": 2, "certificate": 1}


def test_an_answer_before_the_end_of_a_body_leaves_the_connection_whole() -> None:
    """RUN-530: the rest of the body is no head of the next request."""

    async def work(refusals: Refusals) -> None:
        async with served(refusals, replace(BRIEF, look_s=2.0, idle_s=10.0)) as call:
            size = BORNE.head_max * 4
            head = f"POST /word HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()
            reads, writes = await call(head)
            first = await asyncio.wait_for(reads.readuntil(b"a word"), LONG_S)
            for _ in range(4):
                writes.write(b"x" * (size // 4))
                await writes.drain()
                await asyncio.sleep(0.02)
            writes.write(WORD)
            second = await asyncio.wait_for(reads.readuntil(b"a word"), LONG_S)
            assert b"200 OK" in first
            assert b"200 OK" in second

    assert tried(work) == {}


@pytest.mark.parametrize("files", [24, resource.RLIM_INFINITY])
def test_strangers_without_end_take_no_place_from_who_is_known(
    files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-531: a third of the process's files at most, and of strangers the oldest gives way."""
    monkeypatch.setattr(resource, "getrlimit", lambda _of: (files, files))
    patience = replace(BORNE, strangers_of_one_max=100 if files == 24 else 8)

    async def work(refusals: Refusals) -> None:
        async with served(refusals, patience) as call:
            known, _ = await call(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.wait_for(known.readuntil(b"tick"), LONG_S)
            held = [await call(HALF) for _ in range(40)]
            assert await answered(call)
            for early in held[:20]:
                assert await ended(early) == b""
            assert not held[-1][0].at_eof()
            for _ in range(100):
                assert await asyncio.wait_for(known.readline(), LONG_S)

    assert tried(work)["crowd"] >= 30


def test_a_fault_of_ours_with_one_caller_ends_none_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """RUN-535: it is counted with those whose handshake failed."""
    made, faults = OperatorsPort._made, [RuntimeError("a fault of ours")]

    def fails_once(port: OperatorsPort) -> Watched:
        if faults:
            raise faults.pop()
        return made(port)

    monkeypatch.setattr(OperatorsPort, "_made", fails_once)

    async def work(refusals: Refusals) -> None:
        async with served(refusals) as call:
            assert await ended(await call(WORD)) == b""
            assert await answered(call)
            assert "a fault of ours" in refusals.rows()[0].text

    assert tried(work) == {"certificate": 1}


def test_a_door_that_fails_ends_its_server_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """RUN-535: no port is deaf in silence."""

    async def fails(*_given: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Door, "_let_in", fails)

    async def work(refusals: Refusals) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        server = OperatorsPort(Config(APP, log_config=None), listening, refusals, BRIEF)
        await asyncio.wait_for(server.serve(), LONG_S)
        assert server.fault == "RuntimeError: a fault of ours"

    assert tried(work) == {}


def test_where_all_are_known_the_next_is_turned_away() -> None:
    """RUN-531."""

    async def work(refusals: Refusals) -> None:
        async with served(refusals, replace(BORNE, callers_max=2)) as call:
            for _ in range(2):
                known, _ = await call(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
                await asyncio.wait_for(known.readuntil(b"tick"), LONG_S)
            assert await ended(await call(WORD)) == b""

    assert tried(work) == {"crowd": 1}


def test_what_is_refused_at_one_port_hides_nothing_of_the_other() -> None:
    """RUN-537: for the same reason."""
    refusals = Refusals(now=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    refusals.add(None, Reason.CROWD, "at the line")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = OperatorsPort(Config(APP, log_config=None), listening, refusals)
        for _ in range(2):
            port._door.refuse(Reason.CROWD, "a stranger")
    rows = [(row.text, row.count) for row in refusals.rows()]
    assert rows == [("at the line", 1), ("the operators' port: a stranger", 2)]


def test_the_numbers_leave_room_for_pages_and_streams() -> None:
    """RUN-531: 64 pages of six connections each, behind one address twenty that open at once."""
    assert BORNE.callers_max >= 64 * 6
    assert BORNE.strangers_of_one_max >= 20 * 6
    assert math.isinf(BORNE.answer_s)
