"""Errors by who is at fault, and the refusal value.

An expected *no* is a value (`Refused`), because a refusal is itself recorded; an error class
says whose fault it is. Every message says what happened, to what, and what to do next.
"""

from dataclasses import dataclass
from enum import StrEnum


class CrosstellError(Exception):
    """Base of all errors raised on purpose; never raised itself."""


class CallerError(CrosstellError):
    """Our operator, our file or our code asked for what the rules forbid. Nothing was recorded."""


class PartyError(CrosstellError):
    """Another party broke the protocol; `evidence` holds the bytes that show it."""

    def __init__(self, message: str, *, evidence: bytes = b"") -> None:
        """Keep the offending bytes beside the message."""
        super().__init__(message)
        self.evidence = evidence


class Unavailable(CrosstellError):
    """The world is away (store, line): retry as the message says, degrade, tell the operator."""


class Fatal(CrosstellError):
    """Fork, corrupt record or a clock that ran back: stop signing, keep showing, ring."""


class RefusalCode(StrEnum):
    """Why the tables refuse; one word per reason, stable across versions."""

    UNKNOWN_OBJECT = "unknown-object"
    WRONG_STATE = "wrong-state"
    NOT_OWNER = "not-owner"
    NOT_ADDRESSED = "not-addressed"
    ALREADY_USED = "already-used"
    OUT_OF_SCOPE = "out-of-scope"
    NOT_IN_FORCE = "not-in-force"
    NOT_RELEASED = "not-released"
    BAD_TIME = "bad-time"
    BAD_CONTENT = "bad-content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A *no* of the tables: nothing changed. `text` says what, to what, and what to do."""

    code: RefusalCode
    text: str
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """The same thing said again (delivery repeats): nothing changed, nothing to tell."""

    text: str
