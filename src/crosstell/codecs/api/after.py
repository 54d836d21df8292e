"""What the interface shows of the aftermath: incidents, one in full, drafts, a principal's page.

Nothing here weighs one voice against another. Where a word stands for how something stands, it is
one of a closed set, and "signed by all" is said of signatures alone.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.codecs.api.shown import EntryShown
from crosstell.core.assessment.account.claim import Confidence, SourceKind
from crosstell.core.assessment.account.content import Stated
from crosstell.core.assessment.account.difference import Relation
from crosstell.core.assessment.account.topic import ClaimKind
from crosstell.core.ids import ClaimId, EntryRef, PaperId, PartyId, RoleId
from crosstell.core.incident.agreement import AgreedStanding
from crosstell.core.incident.corrective_action import ActionState
from crosstell.core.incident.paper import IncidentFile, Readout
from crosstell.core.incident.precedent import Shared
from crosstell.core.mechanism.after.chronicle import Row
from crosstell.core.mechanism.after.review import AgendaPoint
from crosstell.core.picture.party import Speaker


class SentenceKind(StrEnum):
    """What a sentence rests on: entries that it names, or a party's view."""

    FROM_RECORD = "from-record"
    VIEW = "view"


class Timeliness(StrEnum):
    """Whether a date that was set has passed while the action is open."""

    IN_TIME = "in-time"
    OVERDUE = "overdue"


class Newest(StrEnum):
    """Whether it is the newest version, one before it, or one of a paper that was withdrawn."""

    LATEST = "latest"
    EARLIER = "earlier"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One incident's file in a list, and how many papers and topics are about it."""

    kept_by: PartyId
    incident: PaperId
    file: IncidentFile
    version: int
    entry: EntryRef
    marking: str
    releasable_to: tuple[PartyId, ...]
    topics: int
    readouts: int
    open_actions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdriftShown:
    """A paper about an incident's file that is not held here: on no page of an incident."""

    of: PartyId
    paper: PaperId
    version: int
    entry: EntryRef
    incident: str
    kept_by: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsShown:
    """Every incident that this party holds a file of, the newest first; withdrawn ones are not.

    `adrift` are the papers that stand and are about a file that is not held here.
    """

    at: datetime
    arrivals: int
    incidents: tuple[IncidentRow, ...]
    adrift: tuple[AdriftShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """One line with the entries that it is read from; a view names none."""

    kind: SentenceKind
    text: str
    entries: tuple[EntryRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """One version of a claim: its words, what it rests on, why it was revised, who recorded it."""

    entry: EntryRef
    recorded_at: datetime
    said_at: datetime | None
    by: Speaker | None
    text: str
    content: Stated
    source: SourceKind
    source_words: str
    source_entries: tuple[EntryRef, ...]
    confidence: Confidence
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeShown:
    """Who states otherwise than one version of a claim, in whose words; it is a claim of its own.

    `withdrawn` has the reason where the dispute itself was withdrawn.
    """

    words: str
    text: str
    disputes: EntryRef
    entry: EntryRef
    withdrawn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimInTopic:
    """A claim with every version. `column` is the party whose words it holds, or None.

    `disputed` are the claims that state otherwise than a version of it.
    `withdrawn` has the reason where it is withdrawn; it stays to be read.
    """

    recorded_by: PartyId
    claim: ClaimId
    marking: str
    releasable_to: tuple[PartyId, ...]
    voice: str
    words: str
    column: PartyId | None
    withdrawn: str | None
    disputed: tuple[DisputeShown, ...]
    versions: tuple[VersionShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsDiffer:
    """How two claims of one topic stand to each other; no relation says which is so."""

    first: EntryRef
    second: EntryRef
    relation: Relation
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicInIncident:
    """One topic by voice. `alone` names the voice where one alone states it."""

    matter: str
    kind: ClaimKind
    names: tuple[str, ...]
    claims: tuple[ClaimInTopic, ...]
    differences: tuple[ClaimsDiffer, ...]
    not_compared: int
    alone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedShown:
    """Something that is said to have been agreed, and what that rests on, line by line."""

    standing: AgreedStanding
    text: str
    parties: tuple[PartyId, ...]
    lines: tuple[str, ...]
    claims: tuple[EntryRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadoutShown:
    """A party's own readout, its newest version."""

    of: PartyId
    paper: PaperId
    version: int
    entry: EntryRef
    by: Speaker | None
    filed_at: datetime
    marking: str
    releasable_to: tuple[PartyId, ...]
    readout: Readout


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A party does not sign a joint text, in its words."""

    party: PartyId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JointShown:
    """One version of a joint text, and who has signed it. It is joint where all have."""

    proposed_by: PartyId
    paper: PaperId
    version: int
    entry: EntryRef
    marking: str
    releasable_to: tuple[PartyId, ...]
    newest: Newest
    sentences: tuple[str, ...]
    parties: tuple[PartyId, ...]
    signed: tuple[PartyId, ...]
    declined: tuple[Declined, ...]
    unanswered: tuple[PartyId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionShown:
    """One version of a corrective action, and what its owner said of it."""

    proposed_by: PartyId
    paper: PaperId
    version: int
    entry: EntryRef
    marking: str
    releasable_to: tuple[PartyId, ...]
    newest: Newest
    text: str
    owner: PartyId
    due: datetime | None
    state: ActionState
    timeliness: Timeliness
    said: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedentShown:
    """An earlier incident, and what the two share."""

    entry: EntryRef
    title: str
    shares: tuple[Shared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentShown:
    """An incident as this party holds it: timeline, accounts, papers, what is open."""

    at: datetime
    arrivals: int
    row: IncidentRow
    timeline: tuple[Row, ...]
    left_out: int
    topics: tuple[TopicInIncident, ...]
    questions: tuple[LineShown, ...]
    agreed: tuple[AgreedShown, ...]
    readouts: tuple[ReadoutShown, ...]
    joint_texts: tuple[JointShown, ...]
    actions: tuple[ActionShown, ...]
    precedents: tuple[PrecedentShown, ...]
    from_point: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftShown:
    """A readout's draft: what is recorded of the incident, and what own readouts say already."""

    at: datetime
    arrivals: int
    incident: PaperId
    sentences: tuple[LineShown, ...]
    left_out: int
    own: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """One line of a principal's page; `id` names it by its words, to be left out by hand.

    `section` says of what it tells, for `POST /told`.
    """

    id: str
    section: str
    kind: SentenceKind
    topic: str
    text: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPart:
    """A part of a principal's page; `empty` is said where there is no line."""

    heading: str
    empty: str
    lines: tuple[PackLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackShown:
    """A principal's page before it is fitted to paper."""

    at: datetime
    arrivals: int
    incident: PaperId
    principal: RoleId
    parts: tuple[PackPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """One point of the agenda, with the entries that it is read from."""

    point: AgendaPoint
    text: str
    entries: tuple[EntryRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaShown:
    """What is open now, for the periodic review."""

    at: datetime
    arrivals: int
    points: tuple[AgendaLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedShown:
    """What came since an instant and changed how things stand, the newest first.

    `more_before` is the time of the oldest that is listed where there is more of it; else None.
    """

    since: datetime
    entries: tuple[EntryShown, ...]
    more_before: datetime | None
