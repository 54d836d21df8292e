"""RFC 9457: every *no* of the interface, with one table from the node's refusals to HTTP.

A problem says what happened, to what, and what to do. 409 means that the node's tables refused
an act, and that the refusal is recorded; any other status means that nothing was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.wire import FAULTS_TOLD_MAX, Fault, Problem
from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.core.errors import RefusalCode, Refused, Unavailable

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:crosstell:problem:"


@dataclass(frozen=True, slots=True)
class Told:
    """How one kind of refusal is told over HTTP."""

    status: HTTPStatus
    title: str


_NO = HTTPStatus.CONFLICT
REFUSALS: Mapping[RefusalCode, Told] = {
    RefusalCode.UNKNOWN_OBJECT: Told(_NO, "It names what is not held here"),
    RefusalCode.WRONG_STATE: Told(_NO, "What it names does not stand so"),
    RefusalCode.NOT_OWNER: Told(_NO, "It is not this speaker's to say"),
    RefusalCode.NOT_ADDRESSED: Told(_NO, "It was not addressed to this party"),
    RefusalCode.ALREADY_USED: Told(_NO, "The id was used for something else"),
    RefusalCode.OUT_OF_SCOPE: Told(_NO, "The role does not speak for that"),
    RefusalCode.NOT_IN_FORCE: Told(_NO, "The protocol is not in force"),
    RefusalCode.NOT_RELEASED: Told(_NO, "It may not leave like this"),
    RefusalCode.BAD_TIME: Told(_NO, "A time in it cannot be"),
    RefusalCode.BAD_CONTENT: Told(_NO, "Its content does not fit"),
}
TITLES: Mapping[str, Told] = {
    "bad-request": Told(HTTPStatus.BAD_REQUEST, "The request is not whole"),
    "no-session": Told(HTTPStatus.UNAUTHORIZED, "Log in first"),
    "lapsed": Told(HTTPStatus.UNAUTHORIZED, "The session has run out"),
    "idle": Told(HTTPStatus.UNAUTHORIZED, "The session was idle too long"),
    "kept-out": Told(HTTPStatus.UNAUTHORIZED, "Account, password or code is wrong"),
    "not-allowed": Told(HTTPStatus.FORBIDDEN, "This account may not do that"),
    "forged": Told(HTTPStatus.FORBIDDEN, "The request did not come from our own page"),
    "not-found": Told(HTTPStatus.NOT_FOUND, "There is no such thing"),
    "no-method": Told(HTTPStatus.METHOD_NOT_ALLOWED, "This cannot be done to that"),
    "too-slow": Told(HTTPStatus.REQUEST_TIMEOUT, "The request took too long to arrive"),
    "off-watch": Told(HTTPStatus.FORBIDDEN, "Take the watch first"),
    "settled": Told(HTTPStatus.GONE, "It no longer waits for a second person"),
    "too-large": Told(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"),
    "not-json": Told(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json"),
    "not-readable": Told(HTTPStatus.UNPROCESSABLE_ENTITY, "The body cannot be read"),
    "not-fitting": Told(HTTPStatus.UNPROCESSABLE_ENTITY, "What is asked does not fit"),
    "too-often": Told(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests"),
    "broken": Told(HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of ours"),
    "at-fault": Told(HTTPStatus.SERVICE_UNAVAILABLE, "The node records nothing"),
    "in-doubt": Told(HTTPStatus.SERVICE_UNAVAILABLE, "It is not known whether this was recorded"),
    "unavailable": Told(HTTPStatus.SERVICE_UNAVAILABLE, "Try again in a moment"),
}


class AtFault(Unavailable):
    """The node itself is at fault: it says why, and asking again alone does not help.

    `in_doubt`: nobody knows whether what was asked is recorded.
    """

    def __init__(self, why: str, *, in_doubt: bool) -> None:
        """Why, as the node says it."""
        super().__init__(why)
        self.in_doubt = in_doubt


class Unmet(Exception):
    """A request that is answered with a problem; raised wherever that is seen."""

    def __init__(
        self, name: str, detail: str, *, wait_s: float | None = None, faults: tuple[Fault, ...] = ()
    ) -> None:
        """The problem of that name in the table."""
        super().__init__(detail)
        told = TITLES[name]
        self.wait_s = wait_s
        self.problem = Problem(
            type=_TYPE + name,
            title=told.title,
            status=told.status.value,
            detail=detail,
            faults=faults,
        )


def refused(no: Refused) -> Problem:
    """The problem that tells of a refusal by the tables. Implements API-021."""
    told = REFUSALS[no.code]
    return Problem(
        type=f"{_TYPE}refused:{no.code}",
        title=told.title,
        status=told.status.value,
        detail=no.text,
        code=no.code.value,
        refs=no.refs,
    )


def unreadable(fault: DocumentRefused) -> Unmet:
    """The problem with every fault of a document, each by its path."""
    faults = tuple(
        Fault(path=one.path or "body", text=one.text) for one in fault.faults[:FAULTS_TOLD_MAX]
    )
    first = faults[0]
    more = f" (and {len(fault.faults) - 1} more)" if len(fault.faults) > 1 else ""
    return Unmet("not-readable", f"{first.path}: {first.text}{more}", faults=faults)


def response_of(problem: Problem, *, wait_s: float | None = None) -> Response:
    """The problem as a response; `wait_s` says when to try again."""
    headers = {} if wait_s is None else {"Retry-After": str(max(1, int(wait_s + 0.999)))}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(problem), problem.status, headers=headers, media_type=MEDIA_TYPE
    )
