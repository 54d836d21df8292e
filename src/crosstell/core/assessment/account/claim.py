"""A claim over its life: stated, revised, withdrawn. Claims stand side by side; none is merged.

Rules of this file
- One owner: the log of the party that records it. Whose words it holds is said by `voice`: the
  party's own, another's as read in a source, or the press.
- A party that changes its account keeps both: a revision is a further version with its reason,
  and every version stays as it was stated.
- A claim keeps its matter and its kind of content; another matter is another claim.
- Withdrawn is final, and what was stated stays to be read.
- A person states it. Releasable to nobody unless it says so, and its later versions go to the
  same parties.
- A claim about another party's words names a source that others can look up.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.assessment.account.content import Stated
from crosstell.core.assessment.account.ranges import WORDS_LENGTH_MAX
from crosstell.core.assessment.account.topic import is_same_question
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ClaimId, EntryRef, ForeignRef, PartyId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.wording import MARKING_LENGTH_MAX, check_text
from crosstell.core.table import Stamp, Table, Verdict

ENTRIES_MAX = 64  # entries that one claim may rest on


class SourceKind(StrEnum):
    """What a claim rests on."""

    OWN_RECORD = "own-record"  # entries of the record, named
    OWN_STATEMENT = "own-statement"  # said by the party that records it
    READOUT = "readout"  # a published readout of a call or meeting
    OFFICIAL_REPORT = "official-report"  # of a board, an inquiry, an office
    PRESS = "press"  # named or unnamed officials, as published
    THIRD_PARTY = "third-party"  # a state, mission or agency that is of neither side


class Confidence(StrEnum):
    """How sure the speaker says they are. Never how sure we are."""

    AS_FACT = "as-fact"
    ESTIMATE = "estimate"
    AS_TOLD = "as-told"  # the speaker passes on what others said
    NOT_STATED = "not-stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Whose words these are: a party's (`party`), or somebody else's; `words` says who spoke."""

    words: str
    party: PartyId | None = None

    def __post_init__(self) -> None:
        """Refuse a voice that nobody could name."""
        check_text(self.words, what="voice", length_max=WORDS_LENGTH_MAX)
        if self.party is not None:
            check_id(self.party, what="voice: party")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where it is said: what kind of source, which one, and the entries that it rests on."""

    kind: SourceKind
    words: str
    entries: tuple[ForeignRef, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a source that cannot be looked up."""
        check_text(self.words, what="source")
        if len(self.entries) > ENTRIES_MAX:
            raise ValueError(f"source: {len(self.entries)} entries; name at most {ENTRIES_MAX}")
        if self.kind is SourceKind.OWN_RECORD and not self.entries:
            raise ValueError("source: own-record names no entry; name the entries it rests on")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStated:
    """The first version of a claim about `matter`. Implements ACC-001 to ACC-004.

    `said_at` is when the speaker said it, where the source tells; the entry's own time is when it
    was recorded.
    """

    claim: ClaimId
    matter: str
    content: Stated
    voice: Voice
    source: Source
    confidence: Confidence
    marking: str
    said_at: datetime | None = None
    releasable_to: tuple[PartyId, ...] = ()
    second: Speaker | None = None

    def __post_init__(self) -> None:
        """Refuse an id, a matter or an audience that cannot be."""
        check_id(self.claim, what="claim")
        check_id(self.matter, what=f"claim {self.claim}: matter")
        check_text(self.marking, what=f"claim {self.claim}: marking", length_max=MARKING_LENGTH_MAX)
        if self.said_at is not None:
            require_utc(self.said_at, what=f"claim {self.claim}: said at")
        for party in self.releasable_to:
            check_id(party, what=f"claim {self.claim}: releasable to")
        if len(set(self.releasable_to)) != len(self.releasable_to):
            raise ValueError(f"claim {self.claim}: releasable to names a party twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRevised:
    """Version `version` (from 2) of a claim: what the speaker states now, and why it changed."""

    claim: ClaimId
    version: int
    content: Stated
    source: Source
    confidence: Confidence
    reason: str
    said_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a revision without reason."""
        check_id(self.claim, what="claim")
        check_text(self.reason, what=f"claim {self.claim}: reason")
        if self.version < 2:
            raise ValueError(f"claim {self.claim}: version {self.version}; revisions begin at 2")
        if self.said_at is not None:
            require_utc(self.said_at, what=f"claim {self.claim}: said at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWithdrawn:
    """Whoever recorded the claim no longer states it."""

    claim: ClaimId
    reason: str

    def __post_init__(self) -> None:
        """Refuse a withdrawal without reason."""
        check_id(self.claim, what="claim")
        check_text(self.reason, what=f"claim {self.claim}: reason")


ClaimEvent = ClaimStated | ClaimRevised | ClaimWithdrawn


class ClaimState(StrEnum):
    """Where a claim stands."""

    ABSENT = "absent"
    STATED = "stated"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"


class ClaimStep(StrEnum):
    """What its author can do."""

    STATE = "state"
    REVISE = "revise"
    WITHDRAW = "withdraw"


_S, _E, _V = ClaimState, ClaimStep, Verdict

CLAIM_TABLE: Table[ClaimState, ClaimStep] = Table(
    name="claim",
    states=ClaimState,
    events=ClaimStep,
    rows={
        (_S.ABSENT, _E.STATE): _S.STATED,
        (_S.ABSENT, _E.REVISE): _V.REFUSED,
        (_S.ABSENT, _E.WITHDRAW): _V.REFUSED,
        (_S.STATED, _E.STATE): _V.REFUSED,
        (_S.STATED, _E.REVISE): _S.REVISED,
        (_S.STATED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.REVISED, _E.STATE): _V.REFUSED,
        (_S.REVISED, _E.REVISE): _S.REVISED,
        (_S.REVISED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.WITHDRAWN, _E.STATE): _V.REFUSED,
        (_S.WITHDRAWN, _E.REVISE): _V.REFUSED,
        (_S.WITHDRAWN, _E.WITHDRAW): _V.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version, with the entry that recorded it."""

    event: ClaimStated | ClaimRevised
    stamp: Stamp

    @property
    def content(self) -> Stated:
        """What is stated."""
        return self.event.content


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim with every version, in order, and its withdrawal if there is one."""

    stated: ClaimStated
    state: ClaimState
    versions: tuple[Version, ...]
    withdrawn: tuple[ClaimWithdrawn, Stamp] | None = None

    def __post_init__(self) -> None:
        """A claim has a version, and is withdrawn by its withdrawal only."""
        assert self.versions
        assert (self.state is ClaimState.WITHDRAWN) == (self.withdrawn is not None)

    @property
    def latest(self) -> Version:
        """The newest version; it stands unless the claim is withdrawn."""
        return self.versions[-1]

    @property
    def first_entry(self) -> EntryRef:
        """The entry that stated it first."""
        return self.versions[0].stamp.ref


def advance(claim: Claim | None, event: ClaimEvent, stamp: Stamp) -> Claim | Refused | Duplicate:
    """The claim after its author's event. Implements ACC-001 to ACC-006."""
    if stamp.by is None:
        text = f"claim {event.claim}: a claim is stated by a person; say which role and watch"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if claim is not None and any(version.event == event for version in claim.versions):
        return Duplicate(text=f"claim {event.claim} already says this")
    state = ClaimState.ABSENT if claim is None else claim.state
    after = CLAIM_TABLE.next(state, _step(event))
    if after is Verdict.DUPLICATE:
        return Duplicate(text=f"claim {event.claim} is already withdrawn")
    if after is Verdict.REFUSED:
        return _refusal(state, event)
    assert isinstance(after, ClaimState)
    match event:
        case ClaimStated():
            return Claim(stated=event, state=after, versions=(Version(event=event, stamp=stamp),))
        case ClaimRevised():
            assert claim is not None
            return _revise(claim, event, stamp)
        case ClaimWithdrawn():
            assert claim is not None
            return replace(claim, state=after, withdrawn=(event, stamp))


def _revise(claim: Claim, event: ClaimRevised, stamp: Stamp) -> Claim | Refused:
    due = len(claim.versions) + 1
    if event.version != due:
        text = f"claim {event.claim}: version {event.version} is out of turn; state version {due}"
        return Refused(code=RefusalCode.BAD_CONTENT, text=text)
    if not is_same_question(claim.stated.content, event.content):
        text = f"claim {event.claim} keeps what it is about; withdraw it and state another"
        return Refused(code=RefusalCode.BAD_CONTENT, text=text)
    version = Version(event=event, stamp=stamp)
    return replace(claim, state=ClaimState.REVISED, versions=(*claim.versions, version))


def _step(event: ClaimEvent) -> ClaimStep:
    match event:
        case ClaimStated():
            return ClaimStep.STATE
        case ClaimRevised():
            return ClaimStep.REVISE
        case ClaimWithdrawn():
            return ClaimStep.WITHDRAW


def _refusal(state: ClaimState, event: ClaimEvent) -> Refused:
    if state is ClaimState.ABSENT:
        text = f"claim {event.claim} was never stated; state it first"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if state is ClaimState.WITHDRAWN:
        text = f"claim {event.claim} is withdrawn; state a new claim under a new id"
    else:
        text = f"claim {event.claim} is stated already; revise it, with the reason"
    return Refused(code=RefusalCode.WRONG_STATE, text=text)
