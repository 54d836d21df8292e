"""A plan to be checked, with what it is checked against, from a YAML file that a planner writes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import read_yaml
from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId, RuleId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.picture.content import Activity, Content
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.rules.minima import Minima
from crosstell.core.protocol.understanding import Understanding

NOTICES_MAX = 20_000
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
    """How a party reads the distances of a rule."""

    party: PartyId
    rule: RuleId
    text: str
    minima: Minima


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
        return tuple(
            Understanding(party=one.party, rule=one.rule, text=one.text, minima=one.minima)
            for one in self.readings
        )


def read_plan(path: Path) -> PlanFile:
    """The plan in a YAML file; DocumentRefused names every fault by line and remedy."""
    return from_document(PlanFile, read_yaml(path))


def _standing(party: PartyId, notice: NoticeId, version: int, content: Content) -> StandingNotice:
    ref = EntryRef(feed=FeedId("plan-file"), seq=0, hash="")
    return StandingNotice(party=party, notice=notice, version=version, content=content, ref=ref)
