"""How a request is taken: rate, caller, right, forgery, size, in this order; then its handler.

Everything that can be refused is refused before a body is read, and the cheap questions come
first. Implements API-010 to API-017, API-470, API-484, RUN-521.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.core.errors import CallerError, Fatal, PartyError, Unavailable
from crosstell.shell.access.audit import Deed
from crosstell.shell.access.secret import same
from crosstell.shell.access.tokens import PREFIX
from crosstell.shell.api.problems import AtFault, Unmet, response_of, unreadable
from crosstell.shell.api.rates import Rates
from crosstell.shell.api.routes import Route
from crosstell.shell.api.serving import Asked, Caller, Serving

CSRF_HEADER = "X-CSRF-Token"
ATTENDED_HEADER = "Crosstell-Attended"  # "no" of what a page asks by itself. ACS-271
BATCHES_HEADER = "Crosstell-Batches"  # done when it was answered, as the stream counts them
RETRY_S = 1.0
NO_ADDRESS = "unknown"
TOKEN_LENGTH_MAX = 100
BROKEN_OFF = (
    "the node is being stopped before it came to this; whether it will is not known. Ask again "
    "when it runs; what has an Idempotency-Key, with the same"
)


def endpoint(serving: Serving, route: Route) -> Callable[[Request], Awaitable[Response]]:
    """What Starlette calls for the route."""

    async def taken(request: Request) -> Response:
        try:
            response = await _answered(serving, route, request)
        except asyncio.CancelledError:  # by a stop alone: it waited as long as it may. RUN-505
            return response_of(Unmet("unavailable", BROKEN_OFF).problem, wait_s=RETRY_S)
        if getattr(request.state, "is_known", False):
            response.headers[BATCHES_HEADER] = str(serving.hub.told)
        return response

    return taken


async def _answered(serving: Serving, route: Route, request: Request) -> Response:
    """What the route gives, or the problem that tells why not."""
    try:
        return await _taken(serving, route, request)
    except Unmet as unmet:
        return response_of(unmet.problem, wait_s=unmet.wait_s)
    except DocumentRefused as fault:
        return response_of(unreadable(fault).problem)
    except msgspec.DecodeError as fault:  # ValidationError is one
        return response_of(Unmet("not-readable", str(fault)).problem)
    except (CallerError, PartyError) as fault:
        return response_of(Unmet("not-fitting", str(fault)).problem)
    except AtFault as fault:
        return response_of(_at_fault(route, fault).problem, wait_s=RETRY_S)
    except (Unavailable, Fatal) as fault:
        return response_of(Unmet("unavailable", str(fault)).problem, wait_s=RETRY_S)


def _at_fault(route: Route, fault: AtFault) -> Unmet:
    """What the node's fault is to who asked; what to do about a doubt where a key allows it."""
    if not fault.in_doubt:
        return Unmet("at-fault", str(fault))
    if not route.is_keyed:
        return Unmet("in-doubt", str(fault))
    text = (
        f"{fault}. Look whether it is on record, or send it again as it was, under the same key, "
        "which records it only once"
    )
    return Unmet("in-doubt", text)


async def _taken(serving: Serving, route: Route, request: Request) -> Response:
    asked = Asked(
        request=request,
        address=request.client.host if request.client else NO_ADDRESS,
        at=serving.settings.wall(),
    )
    _within(serving.addresses, asked.address, asked)
    secret = request.cookies.get(serving.cookie)
    caller = None if route.right is None else await _caller(serving, asked, secret)
    if caller is not None:
        request.state.is_known = True
        _counted(serving, route, asked, caller)
    asked = replace(asked, caller=caller)
    if caller is not None:
        await _allowed(serving, route, asked, caller)
    if not route.is_safe:
        _not_forged(asked)
    if caller is not None:
        asked = replace(asked, caller=await _used(serving, route, asked, caller))
    if not route.is_safe:
        limits = serving.settings.limits
        most = limits.observations_bytes if route.is_large else limits.body_bytes
        asked = replace(asked, body=await _body(serving, route, request, most))
    response = await route.handler(serving, asked)
    if caller is not None and caller.session is not None and "set-cookie" not in response.headers:
        with suppress(Unavailable):  # what was answered for is told; the secret turns another time
            turned = await serving.aside(serving.access.sessions.turned, caller.session, asked.at)
            if turned is not None:
                set_cookie(serving, response, turned)
    return response


async def _caller(serving: Serving, asked: Asked, secret: str | None) -> Caller:
    """Who asks; somebody does, or the request ends here."""
    bearer = asked.request.headers.get("Authorization", "")
    if bearer.startswith(f"Bearer {PREFIX}") and len(bearer) <= TOKEN_LENGTH_MAX:
        caller = await serving.aside(_by_token, serving, bearer.removeprefix("Bearer "), asked)
    elif secret is not None and len(secret) <= TOKEN_LENGTH_MAX:
        caller = await serving.aside(_by_session, serving, secret, asked)
    else:
        caller = None
    if caller is not None:
        return caller
    if secret is not None and await serving.aside(_has_lapsed, serving, secret):
        raise Unmet("lapsed", "the session has run out; log in again")
    raise Unmet("no-session", "no session or token that stands came with the request; log in")


def _has_lapsed(serving: Serving, secret: str) -> bool:
    return len(secret) <= TOKEN_LENGTH_MAX and serving.access.sessions.has_lapsed(secret)


def _by_token(serving: Serving, bearer: str, asked: Asked) -> Caller | None:
    token = serving.access.tokens.find(bearer, asked.at)
    kept = None if token is None else serving.access.accounts.find(token.account)
    if token is None or kept is None or kept.account.disabled_at is not None:
        return None
    return Caller(account=kept.account, rate=token.id)


def _by_session(serving: Serving, secret: str, asked: Asked) -> Caller | None:
    session = serving.access.sessions.find(secret, asked.at)
    kept = None if session is None else serving.access.accounts.find(session.account)
    if session is None or kept is None or kept.account.disabled_at is not None:
        return None
    return Caller(account=kept.account, session=session, rate=kept.account.name)


async def _allowed(serving: Serving, route: Route, asked: Asked, caller: Caller) -> None:
    """The caller has the right, and has not been idle for too long. Implements API-013."""
    account, session = caller.account, caller.session
    if route.right is not None and not account.may(route.right):
        about = f"{route.name}: {account.kind} may not {route.right}"
        await serving.aside(
            serving.access.audit.note,
            asked.at,
            Deed.REFUSED,
            by=account.name,
            address=asked.address,
            about=about,
        )
        raise Unmet("not-allowed", f"an account of kind {account.kind} may not {route.right}")
    if session is None or route.goes_on_idle:
        return
    if serving.access.sessions.is_idle(session, asked.at):
        raise Unmet("idle", "the session was not used for too long; log in again")


async def _used(serving: Serving, route: Route, asked: Asked, caller: Caller) -> Caller:
    """The same, whose session was used; what a page asks by itself is no sign of a person."""
    session, by_itself = caller.session, asked.request.headers.get(ATTENDED_HEADER) == "no"
    if session is None or route.goes_on_idle or by_itself:
        return caller
    with suppress(Unavailable):  # an act is kept by its key, or refused; a look goes on
        session = await serving.aside(serving.access.sessions.used, session, asked.at)
    return replace(caller, session=session)


def _counted(serving: Serving, route: Route, asked: Asked, caller: Caller) -> None:
    """The request counts for who asks; a part of a map is then none of its address's others."""
    if route.is_tile:
        serving.addresses.give_back(asked.address)
        _within(serving.tiles, asked.address, asked)
        return
    rates = serving.tokens if caller.session is None else serving.accounts
    _within(rates, caller.rate, asked)


def _within(rates: Rates, place: str, asked: Asked) -> None:
    wait_s = rates.wait_s(place, asked.at)
    if wait_s > 0.0:
        raise Unmet("too-often", "more requests than are answered; wait", wait_s=wait_s)


def _not_forged(asked: Asked) -> None:
    """The request is of our own page or of a program, not of another page in the browser.

    Implements API-014.
    """
    headers = asked.request.headers
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none"):
        raise Unmet("forged", f"the browser says that it came from a page that is {site}")
    if origin is not None and _host_of(origin) != headers.get("Host", "").lower():
        raise Unmet("forged", "its Origin is not this node's own address")
    caller = asked.caller
    if caller is None or caller.session is None:
        return
    if not same(headers.get(CSRF_HEADER, ""), caller.session.csrf):
        raise Unmet("forged", f"the header {CSRF_HEADER} is not that of this session; GET session")


def _host_of(origin: str) -> str:
    """Host and port of an origin; nothing for what is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


async def _body(serving: Serving, route: Route, request: Request, most: int) -> bytes:
    """The whole body, refused by its stated length before a byte of it is read. API-015."""
    stated = request.headers.get("Content-Length", "0")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > most:
        raise Unmet("too-large", f"{stated[:20]} bytes; at most {most}. Send it in parts")
    found = bytearray()
    try:
        async with asyncio.timeout(serving.settings.limits.body_s):
            async for chunk in request.stream():
                found += chunk
                if len(found) > most:
                    raise Unmet("too-large", f"over {most} bytes; send it in parts")
    except TimeoutError as late:
        raise Unmet("too-slow", "the body did not arrive in time; send it again") from late
    except ClientDisconnect as gone:
        raise Unmet("bad-request", "the body ended early") from gone
    if route.given is not None:
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Unmet("not-json", f"the body is {kind or 'of no stated kind'}")
    return bytes(found)


def set_cookie(serving: Serving, response: Response, secret: str) -> None:
    """The session's secret goes into the browser, where no script reads it. API-016."""
    limits = serving.access.sessions.limits
    response.set_cookie(
        serving.cookie,
        secret,
        max_age=int(limits.absolute_s),
        path="/",
        secure=serving.settings.secure,
        httponly=True,
        samesite="strict",
    )


def query_int(asked: Asked, name: str, *, default: int, most: int) -> int:
    """A whole number of the query, from 0 to `most`."""
    text = asked.request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        raise Unmet("bad-request", f"{name}: {text[:20]!r} is no whole number from 0 to {most}")
    if int(text) > most:
        raise Unmet("bad-request", f"{name}: {text} is above {most}; ask for less")
    return int(text)
