"""The application: every route of the table, the OpenAPI document, the console's files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Served
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosstell.shell.access.access import Access
from crosstell.shell.api.files import Files
from crosstell.shell.api.openapi import document
from crosstell.shell.api.problems import Unmet, response_of
from crosstell.shell.api.routes import BASE, Route
from crosstell.shell.api.seam import Sequencer
from crosstell.shell.api.serving import Asked, Serving, json_response
from crosstell.shell.api.settings import Settings
from crosstell.shell.api.table import ROUTES
from crosstell.shell.api.taking import endpoint

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
}
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
STAY_SECURE = "max-age=31536000"


def application(sequencer: Sequencer, access: Access, settings: Settings) -> Starlette:
    """The interface over a running node. Its lifespan listens to the node, and stops listening."""
    serving = Serving(sequencer=sequencer, access=access, settings=settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        access.begin_anew(settings.wall())
        serving.hub.start()
        try:
            yield
        finally:
            serving.hub.stop()

    app = Starlette(
        routes=[*_api(serving), *_console(settings)],
        middleware=[Middleware(SecureHeaders, secure=settings.secure)],
        exception_handlers={HTTPException: _unrouted, Exception: _broken},
        lifespan=lifespan,
    )
    app.state.serving = serving
    return app


def _api(serving: Serving) -> list[Served]:
    return [
        Served(BASE + _typed(route.path), endpoint(serving, route), methods=[route.method])
        for route in (DOCUMENT, *ROUTES)
    ]


async def _document(serving: Serving, _asked: Asked) -> Response:
    return json_response(document(serving.settings.version))


DOCUMENT = Route(
    method="GET",
    path="/openapi.json",
    name="document",
    summary="What there is",
    handler=_document,
    right=None,
)


def _typed(path: str) -> str:
    """The path as Starlette reads it: a number is digits."""
    return path.replace("{seq}", "{seq:int}")


def _console(settings: Settings) -> list[Served]:
    if settings.static is None:
        return []
    files = Files(settings.static)

    async def served(request: Request) -> Response:
        return await files(request)

    return [
        Served("/", served, methods=["GET"]),
        Served("/console/{path:path}", served, methods=["GET"]),
    ]


def _unrouted(_request: Request, fault: Exception) -> Response:
    """No such path, or no such method on it."""
    assert isinstance(fault, HTTPException), "registered for it alone"
    if fault.status_code == 405:
        return response_of(Unmet("no-method", "see /api/v1/openapi.json for what there is").problem)
    return response_of(Unmet("not-found", "see /api/v1/openapi.json for what there is").problem)


def _broken(_request: Request, fault: Exception) -> Response:
    """A fault of ours. The server logs it; whoever asked is told no more than its kind."""
    text = f"{type(fault).__name__}; the node itself goes on. Go on by telephone and report it"
    return response_of(Unmet("broken", text).problem)


class SecureHeaders:
    """Every answer says what a browser may do with it. Implements API-017."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Around the application."""
        self._app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The answer's headers are completed on their way."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", DATA_POLICY)
                headers.setdefault("Cache-Control", "no-store")
                if self._secure:
                    headers.setdefault("Strict-Transport-Security", STAY_SECURE)
            await send(message)

        await self._app(scope, receive, sending)
