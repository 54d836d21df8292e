"""Papers as a party holds them, and how each stands: joint texts, actions, agreements, the ledger.

Views over every feed and the own journal; nothing of it is stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import EntryRef, PaperId, PartyId
from crosstell.core.incident.agreement import Agreed, agreements
from crosstell.core.incident.corrective_action import ActionStanding, Undertaking, action_standing
from crosstell.core.incident.joint_text import JointStanding, joint_standing
from crosstell.core.incident.ledger import Allegation, ledger
from crosstell.core.incident.paper import (
    ActionProposal,
    FiledPaper,
    FileName,
    IncidentFile,
    JointText,
    Paper,
    Readout,
    file_meant,
)
from crosstell.core.incident.precedent import Precedent, precedents
from crosstell.core.mechanism.after.accounts import claims_of
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPaper:
    """A paper and whose it is."""

    of: PartyId
    paper: Paper

    @property
    def file(self) -> FileName:
        """The incident's file that it is, or is about."""
        content = self.paper.content
        if isinstance(content, IncidentFile):
            return FileName(incident=self.paper.paper, kept_by=self.of)
        return file_meant(content, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAction:
    """One version of a proposed action: who proposed it, in what words, what its owner said of it.

    What was said of one version holds for its words alone.
    """

    proposed_by: PartyId
    entry: EntryRef
    proposal: ActionProposal
    undertaking: Undertaking | None
    standing: ActionStanding
    is_latest: bool

    @property
    def file(self) -> FileName:
        """The incident's file that it is about."""
        return file_meant(self.proposal, self.proposed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldJointText:
    """One version of a joint text: who proposed it, and how it stands."""

    proposed_by: PartyId
    paper: PaperId
    entry: EntryRef
    text: JointText
    standing: JointStanding
    is_latest: bool
    is_withdrawn: bool

    @property
    def file(self) -> FileName:
        """The incident's file that it is about."""
        return file_meant(self.text, self.proposed_by)


def papers_of(state: State) -> tuple[HeldPaper, ...]:
    """Every paper that this party holds: of all feeds, and its own that stay at home."""
    held = [
        HeldPaper(of=party, paper=paper)
        for party in sorted(state.feeds)
        for paper in state.feeds[party].papers.values()
    ]
    own = state.setting.party
    return (*held, *(HeldPaper(of=own, paper=one) for one in state.journal.papers.values()))


def joint_texts_of(state: State) -> tuple[HeldJointText, ...]:
    """Every version of every joint text, with who has signed it. Implements INC-014, MEC-111.

    Of one that its proposer withdrew, those that all had signed: a signature is not unsaid.
    """
    held_texts = (
        HeldJointText(
            proposed_by=held.of,
            paper=held.paper.paper,
            entry=filed.stamp.ref,
            text=filed.event.content,
            standing=joint_standing(
                filed.event.content,
                {
                    party: feed.joint_positions.get(filed.stamp.ref)
                    for party, feed in state.feeds.items()
                },
            ),
            is_latest=filed == held.paper.latest,
            is_withdrawn=not held.paper.stands,
        )
        for held, filed in _versions(state)
        if isinstance(filed.event.content, JointText)
    )
    return tuple(one for one in held_texts if not one.is_withdrawn or one.standing.is_joint)


def actions_of(state: State, now: datetime) -> tuple[HeldAction, ...]:
    """Every proposed action, as its owner stands to it at `now`. Implements MEC-112.

    The version that stands, and every version that its owner has answered, withdrawn or not: what
    was undertaken stays undertaken in the words that it was undertaken in.
    """
    found = []
    for held, filed in _versions(state):
        proposal = filed.event.content
        if not isinstance(proposal, ActionProposal):
            continue
        undertaking = _undertaking(state, filed.stamp.ref, proposal.owner)
        is_latest = held.paper.stands and filed == held.paper.latest
        if is_latest or undertaking is not None:
            found.append(
                HeldAction(
                    proposed_by=held.of,
                    entry=filed.stamp.ref,
                    proposal=proposal,
                    undertaking=undertaking,
                    standing=action_standing(proposal, undertaking, now),
                    is_latest=is_latest,
                )
            )
    return tuple(found)


def _undertaking(state: State, version: EntryRef, owner: PartyId) -> Undertaking | None:
    feed = state.feeds.get(owner)
    shared = None if feed is None else feed.undertakings.get(version)
    if shared is not None or owner != state.setting.party:
        return shared
    return state.journal.undertakings.get(version)


def agreements_of(state: State) -> tuple[Agreed, ...]:
    """What is said to have been agreed, and what it rests on. MEC-113."""
    joint = {one.entry: (one.text, one.standing) for one in joint_texts_of(state)}
    return agreements(claims_of(state), joint)


def ledger_of(state: State) -> tuple[Allegation, ...]:
    """Every alleged violation that this party holds, never added up. MEC-113."""
    return ledger(claims_of(state))


def precedents_of(state: State, incident: Paper) -> tuple[Precedent, ...]:
    """Earlier incidents that this party holds a file of, with what they share. MEC-113."""
    content = incident.content
    assert isinstance(content, IncidentFile), "asked of an incident"
    others = tuple(
        (tuple(filed.stamp.ref for filed in held.paper.versions), held.paper.content)
        for held in papers_of(state)
        if isinstance(held.paper.content, IncidentFile)
        and held.paper.stands
        and held.paper != incident
    )
    return precedents(content, others)


def readouts_of(state: State, file: FileName) -> tuple[tuple[PartyId, Readout], ...]:
    """Each party's own readouts of that incident's file that stand, by party. MEC-113."""
    found = []
    for held in papers_of(state):
        readout = held.paper.content
        if held.paper.stands and isinstance(readout, Readout) and held.file == file:
            found.append((held.of, readout))
    return tuple(found)


def is_file(held: HeldPaper) -> bool:
    """Whether it is an incident's file that stands."""
    return held.paper.stands and isinstance(held.paper.content, IncidentFile)


def adrift(state: State) -> tuple[HeldPaper, ...]:
    """The papers that stand and are about a file that is not held here. Implements INC-342."""
    held = papers_of(state)
    there = {one.file for one in held if is_file(one)}
    return tuple(one for one in held if one.paper.stands and one.file not in there)


def _versions(state: State) -> Iterator[tuple[HeldPaper, FiledPaper]]:
    for held in papers_of(state):
        for filed in held.paper.versions:
            yield held, filed
