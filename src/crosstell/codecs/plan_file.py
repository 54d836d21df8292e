"""A plan to be checked, with what it is checked against, from a YAML file that a planner writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import read_yaml
from crosstell.core.errors import CallerError
from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId, RuleId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.picture.content import Activity, Content
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rules.figures import Figure
from crosstell.core.protocol.rules.minima import Minima
from crosstell.core.protocol.understanding import Understanding, unread

NOTICES_MAX = 20_000
LASTS = timedelta(days=732)
SIZE_BYTES_MAX = 8 * 1_048_576
UNFILED = NoticeId("plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredNotice:
    """A notice that stands, as its party filed it."""

    party: PartyId
    notice: NoticeId
    content: Content
    version: int = 1

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.party, what="party")
        check_id(self.notice, what="notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedReading:
    """How a party reads the figures of a rule: minima of a rule with minima, else its figure."""

    party: PartyId
    rule: RuleId
    text: str
    minima: Minima | None = None
    figure: Figure | None = None

    def __post_init__(self) -> None:
        """Refuse a reading that reads nothing, or two things."""
        check_id(self.party, what="party")
        if (self.minima is None) == (self.figure is None):
            raise ValueError(f"reading of rule {self.rule}: give minima or figure, one of them")

    @property
    def understanding(self) -> Understanding:
        """The same as detection evaluates it."""
        return Understanding(
            party=self.party,
            rule=self.rule,
            text=self.text,
            minima=self.minima,
            figure=self.figure,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """What `party` plans, as of `at`, and what is declared around it.

    `notice` names the plan if it is filed already: its earlier version is left out.
    """

    party: PartyId
    at: datetime
    plan: Activity
    notices: tuple[DeclaredNotice, ...] = ()
    readings: tuple[StatedReading, ...] = ()
    notice: NoticeId = UNFILED

    def __post_init__(self) -> None:
        """Refuse what is not an id, a time without zone, and more than can be meant."""
        check_id(self.party, what="party")
        check_id(self.notice, what="notice")
        require_utc(self.at, what="at")
        if len(self.notices) > NOTICES_MAX:
            raise ValueError(f"{len(self.notices)} notices; give {NOTICES_MAX} at most")
        windows = [volume.window for volume in self.plan.volumes]
        if max(one.end for one in windows) - min(one.start for one in windows) > LASTS:
            raise ValueError(
                f"the plan lasts over {LASTS.days} days; check shorter ones one by one"
            )

    @property
    def planned(self) -> StandingNotice:
        """The plan as if it stood."""
        return _standing(self.party, self.notice, 1, self.plan)

    @property
    def declared(self) -> tuple[StandingNotice, ...]:
        """Everything declared around it."""
        return tuple(
            _standing(one.party, one.notice, one.version, one.content) for one in self.notices
        )

    @property
    def understandings(self) -> tuple[Understanding, ...]:
        """The readings that parties stated."""
        return tuple(one.understanding for one in self.readings)


class PlanUnfit(CallerError):
    """A plan file names what the protocol does not have; a test would silently be left out."""


def read_plan(path: Path, protocol: Protocol) -> PlanFile:
    """The plan in a YAML file, to be checked under this protocol.

    DocumentRefused names every fault by line and remedy; PlanUnfit, what the protocol does not
    have.
    """
    found = from_document(PlanFile, read_yaml(path, size_bytes_max=SIZE_BYTES_MAX))
    faults = tuple(unfit(found, protocol))
    if faults:
        raise PlanUnfit("\n".join(f"{path}: {one}" for one in faults))
    return found


def unfit(given: PlanFile, protocol: Protocol) -> Iterator[str]:
    """What would be left out without a word, in the order of the file."""
    known = ", ".join(party.id for party in protocol.parties)
    named = [("party", given.party)]
    named += [(f"notice {one.notice}", one.party) for one in given.notices]
    named += [(f"reading of {one.rule}", one.party) for one in given.readings]
    for what, party in named:
        if protocol.party(party) is None:
            yield f"{what}: {party} is not in protocol {protocol.name}; name one of {known}"
    seen: set[tuple[PartyId, NoticeId]] = set()
    for one in given.notices:
        if (one.party, one.notice) in seen:
            yield f"notice {one.notice} of {one.party} is given twice; keep the one that stands"
        seen.add((one.party, one.notice))
    rules = {rule.id: rule for rule in (*protocol.rules, *protocol.lead_times)}
    for stated in given.readings:
        rule = rules.get(stated.rule)
        if rule is None:
            yield f"reading: protocol {protocol.name} has no rule {stated.rule}; name one it has"
        elif (why := unread(rule, stated.understanding)) is not None:
            yield f"reading: {why}"


def _standing(party: PartyId, notice: NoticeId, version: int, content: Content) -> StandingNotice:
    ref = EntryRef(feed=FeedId("plan-file"), seq=0, hash="")
    return StandingNotice(party=party, notice=notice, version=version, content=content, ref=ref)
