"""What one party has said of one protocol: signed, suspended, resumed, used, understood.

Rules of this file
- One owner: the party's own feed, per digest. Nobody signs or suspends for another.
- In force, suspended by a party and used in practice are three facts: a suspension leaves the
  signature standing, and a protocol may be used by those who never signed or who suspended it.
- A signature is given once. What a suspension did is undone by resuming, not by signing again.
- Every step is a person's act; a node signs nothing by itself.
- Understandings may be stated at any time, before signature too.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ForeignRef, PartyId
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.digest import ProtocolDigest, check_digest
from crosstell.core.protocol.grain import require_text
from crosstell.core.protocol.understanding import (
    Understanding,
    UnderstandingStated,
    UnderstandingWithdrawn,
)
from crosstell.core.table import Stamp, Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSigned:
    """The author's party signs the document of this digest."""

    protocol: ProtocolDigest

    def __post_init__(self) -> None:
        """Refuse what is not a whole digest."""
        check_digest(self.protocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSuspended:
    """The author's party declares the protocol suspended, in its own words."""

    protocol: ProtocolDigest
    text: str

    def __post_init__(self) -> None:
        """Refuse a suspension without words."""
        check_digest(self.protocol)
        require_text(self.text, what="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolResumed:
    """The author's party ends its own suspension."""

    protocol: ProtocolDigest
    text: str

    def __post_init__(self) -> None:
        """Refuse what says nothing."""
        check_digest(self.protocol)
        require_text(self.text, what="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedInPractice:
    """The author's party states that the protocol is used, whatever its standing."""

    protocol: ProtocolDigest
    text: str

    def __post_init__(self) -> None:
        """Refuse what says nothing."""
        check_digest(self.protocol)
        require_text(self.text, what="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionCame:
    """Another party's suspension is held here. Journal; the node says it, once. CON-610.

    By this entry's time alone is it known what we said before we knew of it.
    """

    suspension: ForeignRef


AdherenceEvent = (
    ProtocolSigned
    | ProtocolSuspended
    | ProtocolResumed
    | UsedInPractice
    | UnderstandingStated
    | UnderstandingWithdrawn
)


class AdherenceState(StrEnum):
    """Where the party stands to the document."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    SUSPENDED = "suspended"  # signed, and declared suspended by this party


class AdherenceStep(StrEnum):
    """What the party can record."""

    SIGN = "sign"
    SUSPEND = "suspend"
    RESUME = "resume"
    USE = "use"
    STATE_UNDERSTANDING = "state-understanding"
    WITHDRAW_UNDERSTANDING = "withdraw-understanding"


_ROWS: dict[tuple[AdherenceState, AdherenceStep], AdherenceState | Verdict] = {
    (AdherenceState.UNSIGNED, AdherenceStep.SIGN): AdherenceState.SIGNED,
    (AdherenceState.UNSIGNED, AdherenceStep.SUSPEND): Verdict.REFUSED,
    (AdherenceState.UNSIGNED, AdherenceStep.RESUME): Verdict.REFUSED,
    (AdherenceState.SIGNED, AdherenceStep.SIGN): Verdict.DUPLICATE,
    (AdherenceState.SIGNED, AdherenceStep.SUSPEND): AdherenceState.SUSPENDED,
    (AdherenceState.SIGNED, AdherenceStep.RESUME): Verdict.DUPLICATE,
    (AdherenceState.SUSPENDED, AdherenceStep.SIGN): Verdict.REFUSED,
    (AdherenceState.SUSPENDED, AdherenceStep.SUSPEND): Verdict.DUPLICATE,
    (AdherenceState.SUSPENDED, AdherenceStep.RESUME): AdherenceState.SIGNED,
    (AdherenceState.UNSIGNED, AdherenceStep.USE): AdherenceState.UNSIGNED,
    (AdherenceState.UNSIGNED, AdherenceStep.STATE_UNDERSTANDING): AdherenceState.UNSIGNED,
    (AdherenceState.UNSIGNED, AdherenceStep.WITHDRAW_UNDERSTANDING): AdherenceState.UNSIGNED,
    (AdherenceState.SIGNED, AdherenceStep.USE): AdherenceState.SIGNED,
    (AdherenceState.SIGNED, AdherenceStep.STATE_UNDERSTANDING): AdherenceState.SIGNED,
    (AdherenceState.SIGNED, AdherenceStep.WITHDRAW_UNDERSTANDING): AdherenceState.SIGNED,
    (AdherenceState.SUSPENDED, AdherenceStep.USE): AdherenceState.SUSPENDED,
    (AdherenceState.SUSPENDED, AdherenceStep.STATE_UNDERSTANDING): AdherenceState.SUSPENDED,
    (AdherenceState.SUSPENDED, AdherenceStep.WITHDRAW_UNDERSTANDING): AdherenceState.SUSPENDED,
}
ADHERENCE_TABLE = Table(name="adherence", states=AdherenceState, events=AdherenceStep, rows=_ROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a party, with the entry that holds them."""

    text: str
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """All that one party has said of one protocol; `used` is its newest statement of use.

    `suspended` is its own suspension while it lasts. Understandings are by rule id.
    """

    party: PartyId
    protocol: ProtocolDigest
    state: AdherenceState
    signed: Stamp | None = None
    suspended: Said | None = None
    used: Said | None = None
    understandings: tuple[Understanding, ...] = ()

    def __post_init__(self) -> None:
        """State and facts agree."""
        assert (self.state is AdherenceState.UNSIGNED) == (self.signed is None)
        assert (self.state is AdherenceState.SUSPENDED) == (self.suspended is not None)


def advance(
    adherence: Adherence | None, event: AdherenceEvent, stamp: Stamp
) -> Adherence | Refused | Duplicate:
    """The party's standing after its own entry. Implements PRO-050 to PRO-053."""
    if stamp.by is None:
        return Refused(
            code=RefusalCode.NOT_OWNER,
            text=f"protocol {event.protocol[:8]}: this is a person's act; say which role and watch",
        )
    before = adherence or Adherence(
        party=stamp.by.party, protocol=event.protocol, state=AdherenceState.UNSIGNED
    )
    misplaced = _misplaced(before, event, stamp.by)
    if misplaced is not None:
        return misplaced
    step = _step(event)
    after = ADHERENCE_TABLE.next(before.state, step)
    if isinstance(after, AdherenceState):
        return _with(before, after, event, stamp)
    text = f"protocol {event.protocol[:8]} is {before.state} by {before.party}: {_WHY[step]}"
    if after is Verdict.DUPLICATE:
        return Duplicate(text=text)
    return Refused(code=RefusalCode.WRONG_STATE, text=text)


_WHY = {
    AdherenceStep.SIGN: "the signature stands; resume it if it is suspended",
    AdherenceStep.SUSPEND: "only what this party signed and has not suspended can be suspended",
    AdherenceStep.RESUME: "there is no suspension of this party to end",
}


def _step(event: AdherenceEvent) -> AdherenceStep:
    match event:
        case ProtocolSigned():
            return AdherenceStep.SIGN
        case ProtocolSuspended():
            return AdherenceStep.SUSPEND
        case ProtocolResumed():
            return AdherenceStep.RESUME
        case UsedInPractice():
            return AdherenceStep.USE
        case UnderstandingStated():
            return AdherenceStep.STATE_UNDERSTANDING
        case UnderstandingWithdrawn():
            return AdherenceStep.WITHDRAW_UNDERSTANDING


def _misplaced(before: Adherence, event: AdherenceEvent, by: Speaker) -> Refused | Duplicate | None:
    """Guards beside the table: whose machine it is, and which understanding is meant."""
    if (by.party, event.protocol) != (before.party, before.protocol):
        return Refused(
            code=RefusalCode.NOT_OWNER,
            text=f"{by.party} speaks for itself and of one protocol; this is what "
            f"{before.party} said of {before.protocol[:8]}",
        )
    if isinstance(event, UnderstandingWithdrawn) and not _of_rule(before, event):
        return Refused(
            code=RefusalCode.UNKNOWN_OBJECT,
            text=f"rule {event.rule}: {before.party} has stated no understanding of it",
        )
    if isinstance(event, UnderstandingStated) and _of_rule(before, event) == (
        _understanding(event, by),
    ):
        return Duplicate(text=f"rule {event.rule}: this understanding is already stated")
    return None


def _of_rule(
    before: Adherence, event: UnderstandingStated | UnderstandingWithdrawn
) -> tuple[Understanding, ...]:
    return tuple(held for held in before.understandings if held.rule == event.rule)


def _understanding(event: UnderstandingStated, by: Speaker) -> Understanding:
    return Understanding(
        party=by.party,
        rule=event.rule,
        text=event.text,
        minima=event.minima,
        figure=event.figure,
    )


def _with(
    before: Adherence, state: AdherenceState, event: AdherenceEvent, stamp: Stamp
) -> Adherence:
    match event:
        case ProtocolSigned():
            return replace(before, state=state, signed=stamp)
        case ProtocolSuspended():
            return replace(before, state=state, suspended=Said(text=event.text, stamp=stamp))
        case ProtocolResumed():
            return replace(before, state=state, suspended=None)
        case UsedInPractice():
            return replace(before, state=state, used=Said(text=event.text, stamp=stamp))
        case UnderstandingStated() | UnderstandingWithdrawn():
            return replace(before, state=state, understandings=_revised(before, event, stamp))


def came(held: Stamp | None, _event: SuspensionCame, stamp: Stamp) -> Stamp | Refused | Duplicate:
    """When that suspension came here: the entry of our journal that says so."""
    if stamp.by is not None:
        text = "that a suspension came is noted by the node; say what follows from it"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if held is not None:
        return Duplicate(text="it is noted already that this suspension came")
    return stamp


def _revised(
    before: Adherence, event: UnderstandingStated | UnderstandingWithdrawn, stamp: Stamp
) -> tuple[Understanding, ...]:
    kept = [held for held in before.understandings if held.rule != event.rule]
    if isinstance(event, UnderstandingStated) and stamp.by is not None:
        kept.append(_understanding(event, stamp.by))
    return tuple(sorted(kept, key=lambda held: held.rule))
