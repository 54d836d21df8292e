"""What a replay gives back: the values that the text, the page and the JSON are made from.

Plain values, in the units that their names state; instants are aware UTC. Nothing in here says
"would have prevented": a lead time is the span between a recorded fact and a point of interest,
under the assumptions that stand beside it. `None` is "not reached in this run", which is a result.
Implements REP-030.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.papers.told import Aftermath, FeedVerified
from crosstell.replay.claims import BroadcastTold, Hop, Topic, TrackTold, VoiceClaims

RESULT_FORMAT = "crosstell-replay-result/1"
HEADING = "scenario protocol, not the real text"
AS_PLAYED = (
    "Of this run, as played under the assumptions named: no row tells what anybody did on the day."
)


class Met(StrEnum):
    """How one duty was kept in one run, for a person to read, never a score."""

    MET = "met"
    NOT_MET = "not met"
    NOT_TESTABLE = "not testable"


class Verdict(StrEnum):
    """What an alert's findings say at their strongest: a prediction is no breach."""

    PRESENT = "present"  # an infringement by the values as reported, at the time of its finding
    PREDICTED = "predicted"  # by the values as reported, later than its finding
    NOT_RULED_OUT = "cannot be ruled out"


class Stage(StrEnum):
    """What a lead time is counted from; each is true only when it is recorded."""

    ALERT = "alert-raised"
    PLACED = "call-placed"
    DELIVERED = "call-delivered"
    RECEIVED = "call-received"
    IN_HANDS = "in-operators-hands"
    ANSWERED = "operator-answered"

    @property
    def words(self) -> str:
        """The stage in words for a person."""
        return {
            Stage.ALERT: "alert raised",
            Stage.PLACED: "call placed",
            Stage.DELIVERED: "call delivered to the node",
            Stage.RECEIVED: "call received by a person",
            Stage.IN_HANDS: "warning in the operator's hands",
            Stage.ANSWERED: "answered for the operator",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One published text, by the number that the scenario gives it."""

    id: str
    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionUsed:
    """One named assumption: its label in the text, its value, its range, why, and from where."""

    id: str
    label: str
    name: str
    value: str
    range: str
    why: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointShown:
    """A point of interest that lead times are counted to, with who reported it.

    `counts_from` is None where everything recorded before the point counts.
    """

    id: str
    title: str
    at: datetime
    status: str
    sources: tuple[str, ...]
    earlier_by: str
    counts_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyShown:
    """A party as the scenario names it."""

    id: str
    name: str
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """Since when a party's node held something."""

    party: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One thing that happened at one party's node, or that a person there did.

    `held_means` says what holding its entry is not, where it could be taken for more.
    """

    at: datetime
    party: str
    kind: str
    what: str
    by: str
    ref: str
    held_by: tuple[HeldBy, ...]
    held_means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Something reached a component of a side, said by whom."""

    to: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSeen:
    """One alert as one party's node showed it. Two parties' alerts are two, never merged.

    `call_by` and `infringement_at` are as first shown (None: not expected). `raised` has every
    time it was raised, returns included; `acknowledged` who saw it, and when. `verdict` is the
    strongest of all its findings; `nearest` and `nearest_ref` are the nearest finding of that
    verdict and its entry.
    """

    party: str
    alert: str
    subject: str
    against: str
    against_party: str
    rule: str
    verdict: Verdict
    nearest: str
    nearest_ref: str
    first_raised: datetime
    first_level: str
    highest_level: str
    highest_at: datetime
    call_by: datetime | None
    infringement_at: datetime | None
    raised: tuple[datetime, ...]
    acknowledged: tuple[Passed, ...]
    cleared: datetime | None
    text: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of the recipient, with the scope that it speaks for."""

    at: datetime
    answer: str
    by: str
    speaks_for: tuple[str, ...]
    cannot_speak_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeen:
    """One call and the stages it reached; each stage stands only where it was recorded.

    A voice call stands once for each side that logged it: then `claimed_by` is that side, and all
    of it is that side's claim. Otherwise it is empty, and each stage is its own author's.
    `delivered` is by node only; of another carriage, a node `copied` an entry, not the call.
    """

    call: str
    kind: str
    caller: str
    to: str
    to_role: str
    carriage: str
    hops: tuple[Hop, ...]
    claimed_by: str
    precedence: str
    text: str
    placed: datetime
    placed_by: str
    copied: datetime | None
    delivered: datetime | None
    received: datetime | None
    received_by: str
    read_back: datetime | None
    passed: tuple[Passed, ...]
    answers: tuple[Answer, ...]
    closed: datetime | None
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSeen:
    """One notice: when it was filed, when each other node held it, and its status with each.

    `phrase` is what must stand with this kind of notice wherever it is shown. `statuses` has one
    line for each component of each party that it was released to; `emergency` may be "".
    """

    notice: str
    kind: str
    party: str
    text: str
    phrase: str
    emergency: str
    filed: datetime
    begins: datetime | None
    ends: datetime | None
    held_by: tuple[HeldBy, ...]
    statuses: tuple[str, ...]
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """Minutes between the first time a stage was reached and a point of interest.

    Negative: reached after the point. `lead_minutes` None: not reached in this run.
    `assumptions` are the ids that this figure rests on.
    """

    point: str
    stage: Stage
    at: datetime | None
    lead_minutes: float | None
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """One duty of the scenario protocol in one run, with the entry that shows it."""

    rule: str
    duty: str
    party: str
    met: Met
    why: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point on the ellipsoid."""

    lat_deg: float
    lon_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeShown:
    """A zone, place, area or side on the map. `radius_m` is 0 for a polygon's ring of `points`."""

    id: str
    party: str
    kind: str
    label: str
    points: tuple[Spot, ...]
    radius_m: float
    held_by: tuple[HeldBy, ...]
    assumed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One observation of a track."""

    at: datetime
    lat_deg: float
    lon_deg: float
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackShown:
    """A track as one side held it."""

    party: str
    track: str
    source: str
    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """One run: one set of assumption values and switches, through one node per party."""

    name: str
    title: str
    about: str
    starts: datetime
    ends: datetime
    values: tuple[tuple[str, str], ...]
    switches: tuple[tuple[str, str], ...]
    conclusion: tuple[str, ...]
    leads: tuple[LeadTime, ...]
    alerts: tuple[AlertSeen, ...]
    calls: tuple[CallSeen, ...]
    notices: tuple[NoticeSeen, ...]
    adherence: tuple[Adherence, ...]
    false_alarms: int | None
    record: tuple[FeedVerified, ...]
    record_digest: str
    shapes: tuple[ShapeShown, ...]
    tracks: tuple[TrackShown, ...]
    broadcasts: tuple[BroadcastTold, ...]
    told: tuple[TrackTold, ...]
    voice: tuple[VoiceClaims, ...]
    aftermath: tuple[Aftermath, ...]
    timeline: tuple[TimelineItem, ...]
    warnings: tuple[str, ...]

    @property
    def told_only(self) -> bool:
        """Whether nothing happened in it but statements. Implements REP-074."""
        asked = any(call.kind != "test" for call in self.calls)
        return bool(self.aftermath) and not self.alerts and not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeEnd:
    """A really run end of a range: the value, and the minutes it gave (None: not reached)."""

    value: str
    lead_minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRange:
    """How one lead time moves when one assumption moves and the others stay, by real runs."""

    run: str
    point: str
    stage: Stage
    varied: str
    ends: tuple[RangeEnd, ...]

    @property
    def has_effect(self) -> bool:
        """Whether any two ends differ."""
        return len({end.lead_minutes for end in self.ends}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """A whole replay of one scenario. `told`: what the parties hold afterwards in `told_in`."""

    format: str
    heading: str
    scenario: str
    title: str
    about: str
    mode: str
    seed: int
    keys: str
    protocol_digest: str
    main_point: str
    points: tuple[PointShown, ...]
    parties: tuple[PartyShown, ...]
    assumptions: tuple[AssumptionUsed, ...]
    sources: tuple[Source, ...]
    accounts: tuple[Topic, ...]
    told_in: str
    told: tuple[Aftermath, ...]
    findings: tuple[str, ...]
    ranges: tuple[LeadRange, ...]
    runs: tuple[RunResult, ...]
