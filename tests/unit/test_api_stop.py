"""What a request is told that a stop breaks off: RUN-505."""

import asyncio
import json

from api_desk import Desk
from starlette.requests import Request
from starlette.responses import Response

from crosstell.shell.api.routes import Route
from crosstell.shell.api.serving import Asked, Serving
from crosstell.shell.api.taking import endpoint


def test_run_505_a_request_that_a_stop_breaks_off_may_be_asked_again() -> None:
    """The server cancels it once it has waited for as long as a stop may take."""
    desk = Desk()
    serving: Serving = desk.app.state.serving
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}

    async def broken_off() -> Response:
        begun = asyncio.Event()

        async def never(_serving: Serving, _asked: Asked) -> Response:
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError("it waits for ever")

        route = Route(method="GET", path="/", name="never", summary="", handler=never, right=None)
        request = asyncio.ensure_future(endpoint(serving, route)(Request(scope)))
        await begun.wait()
        request.cancel("timeout graceful shutdown exceeded")
        return await request

    try:
        found = asyncio.run(broken_off())
    finally:
        desk.access.close()
    told = json.loads(bytes(found.body))
    assert (found.status_code, found.headers["Retry-After"]) == (503, "1")
    assert told["type"].endswith("unavailable")
    assert "Ask again when it runs; what has an Idempotency-Key, with the same" in told["detail"]
