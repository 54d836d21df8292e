"""The protocol as the watch needs it: how it stands, its rules with readings and sources, times.

The whole document does not change while it is in force; this is what forms, alerts and the
protocol page ask of it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.geometry.footprint import Footprint
from crosstell.core.ids import PartyId, RoleId
from crosstell.core.mechanism.rules import understandings
from crosstell.core.protocol.digest import ProtocolDigest, read_aloud
from crosstell.core.protocol.document import Disclosure, Evidence, GuardFrequency
from crosstell.core.protocol.parties import ProtocolRole
from crosstell.core.protocol.rule import JudgedRule, Rule
from crosstell.core.protocol.sources import PartSource
from crosstell.core.protocol.standing import standing
from crosstell.core.protocol.times import AnswerTime, Horizons, LeadTime
from crosstell.core.protocol.understanding import Understanding, together
from crosstell.core.state.state import State


class DecidedBy(StrEnum):
    """Who says whether a rule is kept."""

    TESTED = "tested"  # detection
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """A rule with its text and source, and how each party reads it besides the text itself."""

    rule: Rule
    decided_by: DecidedBy
    readings: tuple[Understanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InForceBetween:
    """In force between these two since then."""

    first: PartyId
    second: PartyId
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyWord:
    """What one party said of the protocol, and when."""

    party: PartyId
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFigure:
    """What the protocol counts for one step of the chain."""

    step: str
    figure_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RungFigure:
    """A rung of each party's own ladder."""

    role: RoleId
    after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolShown:
    """The protocol under which this node decides. `read_aloud` is its digest in groups of four."""

    name: str
    version: str
    title: str
    digest: ProtocolDigest
    read_aloud: str
    marking: str
    starts: datetime
    ends: datetime | None
    in_force: tuple[InForceBetween, ...]
    suspended_by: tuple[PartyWord, ...]
    used_by: tuple[PartyWord, ...]
    area: Footprint
    rules: tuple[RuleShown, ...]
    lead_times: tuple[LeadTime, ...]
    answer_times: tuple[AnswerTime, ...]
    horizons: Horizons
    stale_after_s: float
    stand_by_s_max: float
    stop_lasts_s: float
    chain: tuple[ChainFigure, ...]
    cap_s: float
    roles: tuple[ProtocolRole, ...]
    rungs: tuple[RungFigure, ...]
    ring_limit: RoleId
    test_role: RoleId
    test_every_s: float
    test_answer_s: float
    guard_frequencies: tuple[GuardFrequency, ...]
    disclosure: tuple[Disclosure, ...]
    evidence: Evidence
    neutral: str | None
    sources: tuple[PartSource, ...]


def protocol_of(state: State, now: datetime) -> ProtocolShown:
    """The protocol in force, or not, at `now`. Implements SCR-070."""
    setting, found = state.setting, state.setting.protocol
    said = [
        one
        for feed in state.feeds.values()
        if (one := feed.adherence.get(setting.digest)) is not None
    ]
    facts = standing(found, said, now)
    read = together(found.understandings, understandings(state))
    return ProtocolShown(
        name=found.name,
        version=found.version,
        title=found.title,
        digest=setting.digest,
        read_aloud=read_aloud(setting.digest),
        marking=found.marking,
        starts=found.starts,
        ends=found.ends,
        in_force=tuple(
            InForceBetween(first=one.parties[0], second=one.parties[1], since=one.since)
            for one in facts.in_force
        ),
        suspended_by=tuple(
            PartyWord(party=party, text=word.text, at=word.stamp.at)
            for party, word in facts.suspended_by
        ),
        used_by=tuple(
            PartyWord(party=party, text=word.text, at=word.stamp.at)
            for party, word in facts.used_by
        ),
        area=found.area.footprint,
        rules=tuple(_rule(rule, read) for rule in found.rules),
        lead_times=found.lead_times,
        answer_times=found.answer_times,
        horizons=found.alerts.horizons,
        stale_after_s=found.alerts.stale_after_s,
        stand_by_s_max=found.stand_by_s_max,
        stop_lasts_s=found.stop_lasts_s,
        chain=tuple(
            ChainFigure(step=name.replace("_", "-"), figure_s=took_s)
            for name, took_s in found.chain.steps
        ),
        cap_s=found.chain.cap_s,
        roles=found.roles,
        rungs=tuple(
            RungFigure(role=rung.role, after_s=rung.after_s) for rung in found.escalation.rungs
        ),
        ring_limit=setting.ring_limit,
        test_role=setting.test_role,
        test_every_s=found.line_tests.every_s,
        test_answer_s=found.line_tests.answer_within_s,
        guard_frequencies=found.guard_frequencies,
        disclosure=found.disclosure,
        evidence=found.evidence,
        neutral=found.neutral,
        sources=found.sources,
    )


def _rule(rule: Rule, read: tuple[Understanding, ...]) -> RuleShown:
    judged = isinstance(rule, JudgedRule)
    return RuleShown(
        rule=rule,
        decided_by=DecidedBy.PERSON if judged else DecidedBy.TESTED,
        readings=tuple(one for one in read if one.rule == rule.id),
    )
