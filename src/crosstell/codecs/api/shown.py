"""What the interface shows of the record and of what follows from it: core values in envelopes.

Each has `at`, the node's time it was worked out for, and `arrivals`, the local number of the
newest entry it could rest on. The JSON is `plain`'s, the schema `schema.result_schema`'s.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.codecs.api.running import RunningShown
from crosstell.codecs.api.traced import Traced
from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.topic import Topic
from crosstell.core.detection.alert import Alert
from crosstell.core.ids import EntryRef, FeedId, PartyId, RuleId
from crosstell.core.line.call import Call
from crosstell.core.line.chain import Chain
from crosstell.core.line.health import Line, LineKey
from crosstell.core.line.message import Reality
from crosstell.core.line.view import CallView
from crosstell.core.line.watch.standing import LineView
from crosstell.core.mechanism.after.papers import HeldPaper
from crosstell.core.mechanism.screen.former import ScreenFormerNotice
from crosstell.core.mechanism.view import AlertOnScreen
from crosstell.core.picture.notice import Notice
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.picture import TrackView
from crosstell.core.picture.status import Status
from crosstell.core.picture.track import Track
from crosstell.core.protocol.adherence import Adherence
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.standing import InForce
from crosstell.core.protocol.understanding import Understanding
from crosstell.core.state.events import Event
from crosstell.core.state.held import OfRecord, Unreadable


class Place(StrEnum):
    """Which of the two logs holds it."""

    SHARED = "shared"
    HOME = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOf:
    """What one party says of a notice."""

    party: PartyId
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown:
    """A notice with all its versions, whose it is, and what others say of it."""

    party: PartyId
    place: Place
    notice: Notice
    statuses: tuple[StatusOf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesShown:
    """Every notice held, by party and id; `former`: those last known of feeds that were left."""

    at: datetime
    arrivals: int
    notices: tuple[NoticeShown, ...]
    former: tuple[ScreenFormerNotice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertShown:
    """An alert as recorded, and as a watch sees it now."""

    alert: Alert
    view: AlertOnScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsShown:
    """Every alert that was ever shown and is still held."""

    at: datetime
    arrivals: int
    alerts: tuple[AlertShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    """A call as recorded, and as a watch sees it now."""

    caller: PartyId
    call: Call
    view: CallView


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsShown:
    """Every call held, of every party."""

    at: datetime
    arrivals: int
    calls: tuple[CallShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackShown:
    """A track as held, and how current it is now."""

    track: Track
    view: TrackView


@dataclass(frozen=True, slots=True, kw_only=True)
class TracksShown:
    """Every track held."""

    at: datetime
    arrivals: int
    tracks: tuple[TrackShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """A line as recorded, how it stands now, and what its chain takes."""

    line: LineKey
    held: Line | None
    view: LineView
    chain: Chain
    total_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesShown:
    """The line to each counterpart, by each medium that was used."""

    at: datetime
    arrivals: int
    lines: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """One rule, the document that it is taken from, and how each party reads it."""

    rule: RuleId
    source: str | None
    readings: tuple[Understanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolShown:
    """The protocol document, its digest, what each party said of it, each rule's readings.

    `in_force` names each pair between which it is in force now, and since when.
    """

    at: datetime
    arrivals: int
    digest: ProtocolDigest
    protocol: Protocol
    adherence: tuple[Adherence, ...]
    in_force: tuple[InForce, ...]
    rules: tuple[RuleShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InWords:
    """One version of a proposed text or action, by its entry, and how it stands, in words."""

    proposed_by: PartyId
    entry: EntryRef
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersShown:
    """Every paper held, and how the joint texts and actions among them stand."""

    at: datetime
    arrivals: int
    papers: tuple[HeldPaper, ...]
    joint_texts: tuple[InWords, ...]
    actions: tuple[InWords, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceShown:
    """How two claims of one topic stand to each other, by the entries of their versions."""

    first: EntryRef
    second: EntryRef
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountShown:
    """One topic: who speaks of it, each claim in words, and how those that stand differ."""

    topic: Topic
    voices: tuple[str, ...]
    claims: tuple[str, ...]
    differences: tuple[DifferenceShown, ...]
    not_compared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsShown:
    """Every claim held, the accounts side by side, and what calls for a second look."""

    at: datetime
    arrivals: int
    claims: tuple[HeldClaim, ...]
    accounts: tuple[AccountShown, ...]
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One entry: `arrival` is its local number where it was asked by that, None elsewhere.

    `entry_at` is its author's claim of time. `party` is None for our own journal.
    """

    arrival: int | None
    entry: EntryRef
    party: PartyId | None
    kind: str
    entry_at: datetime
    audience: tuple[PartyId, ...]
    by: Speaker | None
    body: Event | Unreadable | OfRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesShown:
    """Entries after a local number, in the order in which this node came to hold them."""

    entries: tuple[EntryShown, ...]
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryShown:
    """What is on record of one matter, oldest first; `left_out` counts what is not listed.

    Of the findings that left an alert as it was, the newest alone is among them.
    """

    kind: str
    id: str
    entries: tuple[EntryShown, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An RFC 6962 inclusion proof of the entry in a signed checkpoint, hashes in hex."""

    size: int
    root: str
    path: tuple[str, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWhole:
    """One entry with everything that proves it, as far as it is held.

    `leaf` is the signed header, `salt` and `content` open its commitment, all in hex. `signature`
    and `commitment` say in words what was checked just now; `traced` in which order it stands.
    """

    shown: EntryShown
    leaf: str
    signature: str
    commitment: str
    salt: str | None
    content: str | None
    key: str | None
    proof: Proof | None
    traced: Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that a search found, in words. `kind` names the view that shows it whole.

    `lines` are the sentences of `text`, each to be put over by itself.
    """

    kind: str
    party: PartyId | None
    id: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitsShown:
    """What a search found; `left_out` counts what was found beyond the first ones."""

    at: datetime
    hits: tuple[Hit, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShown:
    """How far one log is held, and its newest checkpoint with the parties that cosigned it.

    `party` is None for our own journal. `behind` is how many of our own entries the party has
    not said to hold; None before its first word.
    """

    feed: FeedId
    party: PartyId | None
    size: int
    latest_at: datetime | None
    checkpoint_size: int | None
    cosigned_by: tuple[PartyId, ...]
    behind: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeShown:
    """How the node does. `fault`: what a person must do at once. The record's alarms come first."""

    at: datetime
    arrivals: int
    version: str
    party: PartyId
    reality: Reality
    protocol: str
    feeds: tuple[FeedShown, ...]
    lines: tuple[LineShown, ...]
    alarms: tuple[str, ...]
    record_alarms: int
    thin_s: float  # between two observations of one track that are recorded and judged
    clock: str
    clock_fault: str | None
    fault: str | None
    streams: int
    running: RunningShown | None = None
