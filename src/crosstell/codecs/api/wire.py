"""Envelopes of the HTTP interface: what is asked beside acts, and what is answered to it.

These are wire forms alone: no core value is one, and none is stored. Unknown keys are refused.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Instant = Annotated[str, Meta(max_length=40)]
Whole = Annotated[int, Meta(ge=0, le=2**53 - 1)]
PASSWORD_SENT_MAX = 1_024
FAULTS_TOLD_MAX = 100


class Wire(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Base of all envelopes."""


class Fault(Wire, frozen=True, kw_only=True):
    """One fault of a request's body: where, what to write instead, and which choice would do."""

    path: str
    text: str
    needs: str | None = None


class Problem(Wire, frozen=True, kw_only=True):
    """RFC 9457: what happened, to what, what to do. `code` is the refusal's, if one was."""

    type: str
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str
    code: str | None = None
    refs: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class ComeIn(Wire, frozen=True, kw_only=True):
    """An account, its password, and a one-time code where the account asks for one."""

    account: Annotated[str, Meta(min_length=1, max_length=64)]
    password: Annotated[str, Meta(min_length=1, max_length=PASSWORD_SENT_MAX)]
    code: Annotated[str, Meta(max_length=16)] | None = None


class SessionTold(Wire, frozen=True, kw_only=True):
    """The session as its owner sees it; `csrf` goes into the header X-CSRF-Token of every act."""

    account: Name
    kind: str
    csrf: str
    party: str
    title: str  # the party's, as the protocol has it
    reality: Literal["exercise", "real"]
    opened_at: Instant
    ends_at: Instant
    idle_s: float
    ends_in_s: float  # from this answer on, whatever clock its reader has
    idles_in_s: float  # the same, if nobody uses it
    role: str | None = None
    component: str | None = None
    watch: str | None = None  # the watch that this session speaks on
    on_watch: str | None = None  # the watch that holds the role now
    given: str | None = None  # as an account's
    rests: bool = False  # its password was given: it is not yet one of the two persons of an act


class TakeWatch(Wire, frozen=True, kw_only=True):
    """Take the watch of the account's role, or join the one that holds it.

    Without a number, the next one is given. `relieves` is the watch that is relieved, and no other;
    without it a watch is taken only where nobody holds it. `briefed` are the keys of the open
    matters told.
    """

    how: Literal["take", "join"] = "take"
    watch: Name | None = None
    relieves: Name | None = None
    briefed: Annotated[tuple[str, ...], Meta(max_length=200)] = ()


class WatchTold(Wire, frozen=True, kw_only=True):
    """The watch that the session speaks on from now."""

    role: Name
    watch: Name
    relieved: str | None = None


class EntryNamed(Wire, frozen=True, kw_only=True):
    """One entry that was recorded."""

    feed: str
    seq: Whole
    hash: str


class Recorded(Wire, frozen=True, kw_only=True):
    """What was recorded of an act: its own entry first, then what followed from it.

    `already` is said where the same act is in the record: nothing was recorded again.
    """

    recorded: tuple[EntryNamed, ...]
    already: str | None = None


class NeedsSecond(Wire, frozen=True, kw_only=True):
    """The act waits for a second person; nothing is recorded yet."""

    pending: str
    needs: str
    expires_at: Instant


class PendingTold(Wire, frozen=True, kw_only=True):
    """An act that waits for a second person; `body` is what the node read, as results are shown.

    `lets_out` is what the node would record beside it now, for the parties to whom that goes, or
    `no` why it would refuse the act now.
    """

    id: str
    role: Name
    watch: Name
    kind: str
    body: msgspec.Raw
    asked_at: Instant
    expires_at: Instant
    own: bool
    given: str | None = None  # as an account's, of the account that asks
    relieved_by: Name | None = None  # the watch on which the role is now, if not who asked
    lets_out: tuple[msgspec.Raw, ...] = ()
    no: str | None = None


class SettledTold(Wire, frozen=True, kw_only=True):
    """What became of an act of one's own: with its entries, or with why the node refused it."""

    id: str
    kind: str
    how: Literal["confirmed", "refused", "turned-down", "taken-back", "expired"]
    recorded: tuple[EntryNamed, ...] = ()
    why: str | None = None


class PendingList(Wire, frozen=True, kw_only=True):
    """Every act that waits, and what became of those that oneself asked for a short while ago."""

    pending: tuple[PendingTold, ...]
    settled: tuple[SettledTold, ...] = ()


class Taken(Wire, frozen=True, kw_only=True):
    """How many observations were recorded or thinned, and which of them cannot be used, and why.

    A faulty one that names its track and source is kept as faulty, not dropped.
    """

    taken: Whole
    faulty: tuple[Fault, ...] = ()


class NewAccount(Wire, frozen=True, kw_only=True):
    """An account to be made. A system has no password; operators and approvers have a role."""

    name: Name
    kind: Literal["operator", "approver", "reader", "administrator", "system"]
    role: Name | None = None
    component: Name | None = None  # of the party: the person speaks as of it
    password: Annotated[str, Meta(min_length=1, max_length=PASSWORD_SENT_MAX)] | None = None


class AccountTold(Wire, frozen=True, kw_only=True):
    """An account as kept."""

    name: Name
    kind: str
    created_at: Instant
    has_code: bool
    role: Name | None = None
    component: Name | None = None
    disabled_at: Instant | None = None
    given: str | None = None  # who gave it its password, and whether it may be one of two persons


class AccountList(Wire, frozen=True, kw_only=True):
    """Every account, by name."""

    accounts: tuple[AccountTold, ...]


class NewPassword(Wire, frozen=True, kw_only=True):
    """Another password; every session of the account ends. `former` is asked of its owner."""

    password: Annotated[str, Meta(min_length=1, max_length=PASSWORD_SENT_MAX)]
    former: Annotated[str, Meta(min_length=1, max_length=PASSWORD_SENT_MAX)] | None = None


class CodeTold(Wire, frozen=True, kw_only=True):
    """What the code generator reads. It is told once."""

    address: str


class NewToken(Wire, frozen=True, kw_only=True):
    """A token to be made for a system."""

    lasts_s: Annotated[float, Meta(gt=0, le=366 * 86_400)]


class TokenTold(Wire, frozen=True, kw_only=True):
    """A token as kept; `token` is told once, when it is made."""

    id: str
    made_at: Instant
    expires_at: Instant
    revoked_at: Instant | None = None
    token: str | None = None


class TokenList(Wire, frozen=True, kw_only=True):
    """The tokens of a system."""

    tokens: tuple[TokenTold, ...]


class AuditLineTold(Wire, frozen=True, kw_only=True):
    """One line of the private audit."""

    number: Whole
    at: Instant
    account: str
    address: str
    deed: str
    about: str
    hash: str


class AuditTold(Wire, frozen=True, kw_only=True):
    """Lines of the private audit, the newest or those after a number, and how far it goes."""

    lines: tuple[AuditLineTold, ...]
    size: Whole
    head: str


class Nothing(Wire, frozen=True, kw_only=True):
    """An answer without content, in words."""

    done: str
