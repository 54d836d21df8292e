"""What a caller records about its call: the events of the call's machine (`call.py`).

Each is an entry of the caller's own shared feed. Values only; what may follow what is decided by
the table in `call.py`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import CallId, EpisodeId, ForeignRef, PartyId, RoleId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.line.content import (
    ABOUT_MAX,
    BLOCKING,
    WHOLE_PARTY,
    About,
    CallContent,
    Carriage,
    FieldFinding,
    FreeText,
    Interpreter,
)
from crosstell.core.picture.party import Scope
from crosstell.core.picture.wording import check_language
from crosstell.core.protocol.times import CallKind as CallKind
from crosstell.core.protocol.times import Precedence as Precedence


class Reality(StrEnum):
    """Whether this is meant. Signed with every call."""

    REAL = "real"
    EXERCISE = "exercise"


class SentBy(StrEnum):
    """On whose act the call went out."""

    PERSON = "person"
    PRE_AUTHORISED = "pre-authorised"  # a kind its party lets the node send, by default tests


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlaced:
    """A call goes out. Feed: the caller's. `answer_by` is filled before it is recorded."""

    call: CallId
    kind: CallKind
    precedence: Precedence
    reality: Reality
    from_role: RoleId
    to_party: PartyId
    to_role: RoleId
    carriage: Carriage
    content: CallContent
    language: str
    interpreter: Interpreter = Interpreter.NOT_NEEDED
    on_behalf: Scope = WHOLE_PARTY
    sent_by: SentBy = SentBy.PERSON
    answer_by: datetime | None = None
    expires_at: datetime | None = None
    episode: EpisodeId | None = None
    about: tuple[About, ...] = ()

    def __post_init__(self) -> None:
        """Refuse bad ids and times; a stop without danger, place, act or end."""
        check_id(self.call, what="call")
        check_id(self.from_role, what="calling role")
        check_id(self.to_party, what="called party")
        check_id(self.to_role, what="called role")
        check_language(self.language, what="language of the call")
        if self.episode is not None:
            check_id(self.episode, what="episode")
        if len(self.about) > ABOUT_MAX:
            raise ValueError(f"call {self.call}: at most {ABOUT_MAX} references; found more")
        for instant in (self.answer_by, self.expires_at):
            if instant is not None:
                require_utc(instant, what=f"call {self.call}")
        _check_stop(self)


def _check_stop(placed: CallPlaced) -> None:
    """Raise ValueError unless a stop has all it needs, and no other call expires."""
    if placed.kind is not CallKind.STOP:
        if placed.expires_at is not None:
            raise ValueError(f"call {placed.call}: only a stop expires; leave expires_at out")
        return
    if placed.expires_at is None:
        raise ValueError(f"stop {placed.call}: say when it expires (expires_at)")
    check_stop_content(placed.call, placed.content)


def check_stop_content(call: CallId, content: CallContent) -> None:
    """Raise ValueError unless the content names danger, place and act."""
    missing = [n for n in ("danger", "place", "act") if getattr(content, n) is None]
    if missing:
        raise ValueError(f"stop {call}: a stop names its {' and '.join(missing)}; add it")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCorrected:
    """A new version of the content. The old one stays on record; a read-back of it is void."""

    call: CallId
    content: CallContent
    reason: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDisregarded:
    """The call was sent in error: act as if it had not been made."""

    call: CallId
    reason: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRenewed:
    """The stop now ends later."""

    call: CallId
    expires_at: datetime

    def __post_init__(self) -> None:
        """Refuse a naive or foreign-zone end."""
        require_utc(self.expires_at, what=f"stop {self.call}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLifted:
    """The caller takes its stop back: the danger is over."""

    call: CallId
    reason: FreeText | None = None


class ReadBackResult(StrEnum):
    """What the caller says of a read-back."""

    MATCHES = "matches"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBackChecked:
    """The caller compared a read-back, named by its entry, with the version it reads back."""

    call: CallId
    read_back: ForeignRef
    content: ForeignRef
    findings: tuple[FieldFinding, ...]
    result: ReadBackResult

    def __post_init__(self) -> None:
        """Refuse 'matches' over a field that differs."""
        bad = [f.field.value for f in self.findings if f.finding in BLOCKING]
        if bad and self.result is ReadBackResult.MATCHES:
            raise ValueError(
                f"call {self.call}: {', '.join(bad)} differ, so the read-back does not match"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryProposed:
    """A text on which the call could close, with the SHA-256 of its UTF-8 bytes in hex."""

    call: CallId
    summary: FreeText
    digest: str

    def __post_init__(self) -> None:
        """Refuse a digest that is not of this text."""
        if self.digest != summary_digest(self.summary):
            raise ValueError(f"call {self.call}: the digest is not that of the summary's text")


def summary_digest(summary: FreeText) -> str:
    """The SHA-256 of the summary's words, UTF-8, in hex: what both sides confirm."""
    return hashlib.sha256(summary.text.encode("utf-8")).hexdigest()


class Closing(StrEnum):
    """How the caller closes."""

    ON_SUMMARY = "on-summary"
    WITHOUT_SUMMARY = "without-summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallClosed:
    """The caller ends the call. Whether the other side confirmed the summary is a view."""

    call: CallId
    closing: Closing
    reason: FreeText | None = None


CallerEvent = (
    CallPlaced
    | CallCorrected
    | CallDisregarded
    | StopRenewed
    | StopLifted
    | ReadBackChecked
    | SummaryProposed
    | CallClosed
)
