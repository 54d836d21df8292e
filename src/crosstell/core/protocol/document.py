"""The protocol document: everything that the parties sign, as one value.

It holds figures and words only. No field of it blocks, delays or conditions a notice; hindrance
is each party's own figure and is not in it. In force from `starts` (and before `ends`, if any)
between those who sign its digest: see `standing`. Implements PRO-001 to PRO-009.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.ids import PartyId, RoleId, RuleId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.picture.party import Standing
from crosstell.core.protocol.coherence import faults_of
from crosstell.core.protocol.digest import ProtocolDigest, check_digest
from crosstell.core.protocol.fault import Misfit
from crosstell.core.protocol.grain import require_text, span_s
from crosstell.core.protocol.parties import ProtocolParty, ProtocolRole
from crosstell.core.protocol.rule import Rule
from crosstell.core.protocol.sources import Part, PartSource
from crosstell.core.protocol.times import (
    AlertPolicy,
    AnswerTime,
    CallKind,
    Chain,
    LeadTime,
    LineTests,
    NoticeKind,
    Precedence,
    Rung,
)
from crosstell.core.protocol.understanding import Understanding

SPAN_KHZ = (1, 10_000_000)
_ABSENT = {"signed": "unless-default"}


class Evidence(StrEnum):
    """Who may be shown the record."""

    TRANSFERABLE = "transferable"
    PARTIES_AND_NEUTRAL = "parties-and-neutral"  # verifiable by the parties and a named neutral
    NOT_KEPT = "not-kept"


class OfferedTo(StrEnum):
    """Whom the form offers as audience when a person releases. Nothing crosses by itself."""

    NOBODY = "nobody"
    COUNTERPART = "counterpart"
    ALL_PARTIES = "all-parties"


class GuardRecording(StrEnum):
    """Whether broadcasts on a guard frequency are recorded."""

    EACH_RECORDS = "each-records"
    NOT_RECORDED = "not-recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundBounds:
    """The lowest and highest ground of the area: the declared bounds for heights above ground."""

    lowest: Altitude
    highest: Altitude

    def __post_init__(self) -> None:
        """Refuse bounds that do not compare."""
        for bound in (self.lowest, self.highest):
            if bound.datum not in (Datum.WGS84_ELLIPSOID, Datum.MSL_EGM96):
                raise ValueError(
                    f"the ground has no fixed height above {bound.datum}; state it from "
                    f"{Datum.MSL_EGM96} or {Datum.WGS84_ELLIPSOID}"
                )
        if self.lowest.datum is not self.highest.datum:
            raise ValueError(
                f"lowest is above {self.lowest.datum}, highest above {self.highest.datum}; "
                "state both from one datum"
            )
        if self.lowest.value_m > self.highest.value_m:
            raise ValueError("lowest is higher than highest; swap them")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where the protocol holds."""

    footprint: Footprint
    ground: GroundBounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """The audience that the release form offers for notices of one kind."""

    notice: NoticeKind
    offered_to: OfferedTo


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFrequency:
    """A frequency that the parties keep a watch on, in kilohertz."""

    name: str
    frequency_khz: int
    recording: GuardRecording

    def __post_init__(self) -> None:
        """Refuse what no radio has."""
        require_text(self.name, what="name", length_max=100)
        if not SPAN_KHZ[0] <= self.frequency_khz <= SPAN_KHZ[1]:
            raise ValueError(
                f"frequency_khz is {self.frequency_khz}; write kilohertz, 121500 for 121.5 MHz"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """The rungs of each party's own ladder, lowest first.

    The node rings by itself up to `ring_limit`, unless a party sets its own limit; above it the
    node prepares the brief and a person decides.
    """

    rungs: tuple[Rung, ...]
    ring_limit: RoleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """The document. Parts that do not fit together raise `Misfit` with every fault found.

    `amends` is the digest of the version that this one replaces, once both have signed it.
    `understandings` are readings that were signed with it: a party's newer statement of the same
    rule replaces its own. `sources` are of the parts that are no rules. All are absent when
    signed, where there is none.
    """

    name: str
    version: str
    title: str
    marking: str
    starts: datetime
    parties: tuple[ProtocolParty, ...]
    roles: tuple[ProtocolRole, ...]
    area: Area
    rules: tuple[Rule, ...]
    alerts: AlertPolicy
    answer_times: tuple[AnswerTime, ...]
    stand_by_s_max: float
    escalation: Escalation
    line_tests: LineTests
    chain: Chain
    stop_lasts_s: float
    evidence: Evidence
    neutral: str | None = None
    ends: datetime | None = None
    lead_times: tuple[LeadTime, ...] = ()
    disclosure: tuple[Disclosure, ...] = ()
    guard_frequencies: tuple[GuardFrequency, ...] = ()
    amends: ProtocolDigest | None = None
    understandings: tuple[Understanding, ...] = field(default=(), metadata=_ABSENT)
    sources: tuple[PartSource, ...] = field(default=(), metadata=_ABSENT)

    def __post_init__(self) -> None:
        """Refuse a document whose parts do not fit together."""
        check_id(self.name, what="name")
        check_id(self.version, what="version")
        require_text(self.title, what="title", length_max=200)
        require_text(self.marking, what="marking", length_max=200)
        if self.neutral is not None:
            require_text(self.neutral, what="neutral", length_max=200)
        require_utc(self.starts, what="starts")
        if self.ends is not None:
            require_utc(self.ends, what="ends")
        if self.amends is not None:
            check_digest(self.amends, what="amends")
        for name in ("stand_by_s_max", "stop_lasts_s"):
            object.__setattr__(self, name, span_s(getattr(self, name), what=name))
        faults = faults_of(self)
        if faults:
            raise Misfit(faults)

    @property
    def signers(self) -> tuple[PartyId, ...]:
        """Those who owe duties under the protocol, in the document's order."""
        return tuple(party.id for party in self.parties if party.standing is Standing.PARTY)

    def rule(self, rule_id: RuleId) -> Rule | None:
        """The rule of that id, if there is one."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def party(self, party_id: PartyId) -> ProtocolParty | None:
        """What the protocol says of that party, if it names it."""
        return next((party for party in self.parties if party.id == party_id), None)

    def role(self, role_id: RoleId) -> ProtocolRole | None:
        """The role of that id, if there is one."""
        return next((role for role in self.roles if role.id == role_id), None)

    def answer_time(self, call: CallKind, precedence: Precedence) -> AnswerTime:
        """The row for this kind of call, or else the row of its precedence (there is one)."""
        rows = [row for row in self.answer_times if row.precedence is precedence]
        own = [row for row in rows if row.call is call]
        return (own or [row for row in rows if row.call is None])[0]

    def lead_time(self, notice: NoticeKind) -> LeadTime | None:
        """How early a notice of this kind is due, if the protocol says."""
        return next((lead for lead in self.lead_times if lead.notice is notice), None)

    def offered_to(self, notice: NoticeKind) -> OfferedTo:
        """The audience that the release form offers; nobody, unless the protocol says."""
        rows = (row.offered_to for row in self.disclosure if row.notice is notice)
        return next(rows, OfferedTo.NOBODY)

    def source_of(self, part: Part) -> PartSource | None:
        """Where that part comes from, if the document says."""
        return next((row for row in self.sources if row.part is part), None)
