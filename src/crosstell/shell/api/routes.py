"""The table of all routes: who may use each, what it takes, what it gives.

The application, the rights, the size limits and the OpenAPI document are made from this table, so
that they cannot differ.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.responses import Response

from crosstell.shell.access.account import Right
from crosstell.shell.api.serving import Asked, Serving

Handler = Callable[[Serving, Asked], Awaitable[Response]]
BASE = "/api/v1"
KEY_HEADER = "Idempotency-Key"


class Media(StrEnum):
    """Answers that are no JSON of one type."""

    EVENTS = "text/event-stream"
    ARCHIVE = "application/x-tar"
    PAGE = "text/html"
    TEXT = "text/plain"
    TILES = "application/vnd.pmtiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the path, the query or the header, with its JSON schema."""

    name: str
    where: str
    text: str
    schema: Mapping[str, object]
    required: bool = False


WORD = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"}


def in_path(name: str, schema: Mapping[str, object]) -> Parameter:
    """A parameter of the path."""
    return Parameter(name=name, where="path", text="", schema=schema, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method on one path.

    `right` None: open to everybody. `given` is a wire Struct, or a class in the document form.
    `answers` gives for each status a wire Struct, a recordable class, `Media` or a tuple of these.
    """

    method: str
    path: str
    name: str
    summary: str
    handler: Handler
    right: Right | None = Right.SEE
    given: object = None
    answers: Mapping[int, object] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    is_large: bool = False  # observations, which come in batches
    goes_on_idle: bool = False  # an idle session may still look
    is_tile: bool = False  # a map asks for dozens at once: counted apart from all else

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"

    @property
    def is_keyed(self) -> bool:
        """Whether what is asked twice under one key is done once."""
        return any(one.name == KEY_HEADER for one in self.parameters)
