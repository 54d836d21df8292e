"""The agenda of the periodic review meeting, and an incident's page for a principal.

Both are lists of what is open, from what this party holds: nothing is ranked by fault, and no
count is made across sides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.assessment.account.difference import Relation
from crosstell.core.assessment.account.side_by_side import (
    HeldClaim,
    TopicSide,
    from_reference,
    side_by_side,
)
from crosstell.core.assessment.account.stance import Disputes
from crosstell.core.assessment.account.wording import (
    claim_words,
    difference_words,
    gap_words,
    query_words,
)
from crosstell.core.ids import EntryRef, PaperId, PartyId
from crosstell.core.incident.agreement import Agreed, AgreedStanding
from crosstell.core.incident.corrective_action import ActionState
from crosstell.core.incident.paper import FileName, IncidentFile, Sentence, View
from crosstell.core.mechanism.after.accounts import (
    Disputed,
    claims_of,
    disputes_of,
    disputing,
    queries_of,
)
from crosstell.core.mechanism.after.papers import (
    HeldAction,
    HeldJointText,
    HeldPaper,
    actions_of,
    agreements_of,
    joint_texts_of,
    ledger_of,
    papers_of,
    readouts_of,
)
from crosstell.core.mechanism.after.wording import (
    action_words,
    allegation_words,
    dispute_words,
    joint_words,
    topic_words,
)
from crosstell.core.picture.scoped import scope_text
from crosstell.core.picture.status import Stated, StatedStatus
from crosstell.core.picture.wording import quoted
from crosstell.core.state.state import FeedState, State


class AgendaPoint(StrEnum):
    """What a point of the agenda is about."""

    ACTION_OVERDUE = "action-overdue"
    ACTION_OPEN = "action-open"
    JOINT_TEXT_OPEN = "joint-text-open"
    ACCOUNTS_DIFFER = "accounts-differ"
    SECOND_LOOK = "second-look"
    AGREED_BY_ONE = "agreed-by-one"
    ALLEGATION = "allegation"
    NOTICE_CONTESTED = "notice-contested"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One point: what it is about, and its words."""

    point: AgendaPoint
    text: str


Listed = tuple[AgendaItem, tuple[EntryRef, ...]]  # a point, and the entries it is read from


def agenda(state: State, now: datetime) -> tuple[AgendaItem, ...]:
    """What is open at `now`, by point and then by its words. Implements INC-070."""
    return tuple(item for item, _ in agenda_listed(state, now))


def agenda_listed(state: State, now: datetime) -> tuple[Listed, ...]:
    """The agenda, each point with the entries that it is read from. INC-070, INC-073."""
    items = [
        *(_action(one) for one in actions_of(state, now) if _is_open(one)),
        *(_joint(one) for one in joint_texts_of(state) if _is_unsigned(one)),
        *_accounts(state),
        *(_agreed(one) for one in agreements_of(state) if _is_one_sided(one)),
        *_allegations(state),
        *_contested(state),
        *_incidents(state),
    ]
    order = list(AgendaPoint)
    return tuple(sorted(items, key=lambda one: (order.index(one[0].point), one[0].text, one[1])))


def _item(point: AgendaPoint, text: str, *entries: EntryRef) -> Listed:
    return AgendaItem(point=point, text=text), entries


def _is_open(action: HeldAction) -> bool:
    return action.standing.state in (ActionState.UNANSWERED, ActionState.UNDERTAKEN)


def _action(action: HeldAction) -> Listed:
    late = action.standing.is_overdue
    point = AgendaPoint.ACTION_OVERDUE if late else AgendaPoint.ACTION_OPEN
    said = () if action.undertaking is None else action.undertaking.said
    answered = tuple(stamp.ref for _, stamp in said)
    text = f"{_of_file(action.file, action.proposed_by)}: {action_words(action)}"
    return _item(point, text, action.entry, *answered)


def _of_file(file: FileName, by: PartyId) -> str:
    """The file that a paper of `by` is about; whose it is, where it is another's. INC-340."""
    return file.incident if file.kept_by == by else f"{file.kept_by}/{file.incident}"


def _is_unsigned(held: HeldJointText) -> bool:
    return held.is_latest and not held.standing.is_joint


def _joint(held: HeldJointText) -> Listed:
    text = f"{_of_file(held.file, held.proposed_by)}: {joint_words(held)}"
    return _item(AgendaPoint.JOINT_TEXT_OPEN, text, held.entry)


def _accounts(state: State) -> list[Listed]:
    found = []
    for side in side_by_side(claims_of(state), state.setting.conversions):
        differing = [one for one in side.compared if one.difference.relation is Relation.DIFFERS]
        for one in differing:
            text = f"{topic_words(side)}: {difference_words(one.difference)}"
            found.append(_item(AgendaPoint.ACCOUNTS_DIFFER, text, one.first, one.second))
    found += [
        _item(AgendaPoint.SECOND_LOOK, query_words(one), *one.claims) for one in queries_of(state)
    ]
    return found


def _is_one_sided(agreed: Agreed) -> bool:
    return agreed.standing is not AgreedStanding.SIGNED_BY_ALL


def _agreed(agreed: Agreed) -> Listed:
    text = (
        f"{agreed.matter}: stated by {', '.join(agreed.stated_by)} to have been agreed, "
        f"{agreed.standing.replace('-', ' ')}: {quoted(agreed.text)}"
    )
    return _item(AgendaPoint.AGREED_BY_ONE, text, *agreed.claims)


def _allegations(state: State) -> list[Listed]:
    return [
        _item(AgendaPoint.ALLEGATION, allegation_words(row), row.claim) for row in ledger_of(state)
    ]


def _contested(state: State) -> list[Listed]:
    return [
        _item(
            AgendaPoint.NOTICE_CONTESTED,
            f"{notice.notice} of {party}, version {notice.latest.event.version}: contested "
            f"by {other}, {scope_text(stated.event.scope)}",
            notice.latest.stamp.ref,
            stated.stamp.ref,
        )
        for party, feed in state.feeds.items()
        for notice in feed.notices.values()
        for other, held in state.feeds.items()
        for stated in _statements(held, notice.latest.stamp.ref)
        if stated.event.status is StatedStatus.CONTESTED
    ]


def _statements(feed: FeedState, notice: EntryRef) -> tuple[Stated, ...]:
    status = feed.statuses.get(notice)
    return () if status is None else status.statements


def _incidents(state: State) -> list[Listed]:
    return [
        _item(
            AgendaPoint.INCIDENT,
            f"{held.paper.paper} of {held.of}: {quoted(held.paper.content.title)}",
            held.paper.latest.stamp.ref,
        )
        for held in papers_of(state)
        if held.paper.stands and isinstance(held.paper.content, IncidentFile)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """One line of a page, and the entries that it is read from.

    Of what is stated: its topic, and how many voices speak on it. Of what one voice alone states:
    its topic. `is_view` marks a party's view, `is_dispute` a dispute of the claim before it.
    """

    text: str
    entries: tuple[EntryRef, ...]
    topic: str = ""
    voices: int = 0
    is_view: bool = False
    is_dispute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeniorPage:
    """One page for a principal before a call: what each side states, what is open, what is signed.

    Each line stands for itself; those of `stated` name their voice and who entered it. `agreed`
    holds joint texts that all they name have signed, this party among them, and nothing else.
    `from_reference` is how far stated places are from the file's point, if it names one.
    """

    title: str
    stated: tuple[PageLine, ...]
    said_in_readouts: tuple[PageLine, ...]
    open_questions: tuple[PageLine, ...]
    from_reference: tuple[PageLine, ...]
    agreed: tuple[PageLine, ...]


def senior_page(state: State, incident: HeldPaper) -> SeniorPage:
    """The page about this incident, from what this party holds. Implements INC-071."""
    content = incident.paper.content
    assert isinstance(content, IncidentFile), "asked of an incident"
    mine = [one for one in claims_of(state) if one.claim.stated.matter in content.matters]
    sides = side_by_side(mine, state.setting.conversions)
    return SeniorPage(
        title=content.title,
        stated=_stated(sides, disputes_of(state)),
        said_in_readouts=_readout_lines(state, incident),
        open_questions=_questions(state, mine, sides),
        from_reference=_from_reference(content, mine),
        agreed=tuple(
            PageLine(text=joint_words(one), entries=(one.entry, *_signatures(state, one)))
            for one in _latest_joint(state)
            if one.file == incident.file and state.setting.party in one.text.parties
        ),
    )


def _stated(sides: tuple[TopicSide, ...], disputes: Disputed) -> tuple[PageLine, ...]:
    """What each voice states by topic, each dispute of it behind it. Implements INC-440.

    What is told at its claim is not told again as a topic of its own. A dispute of a dispute is.
    """
    told = [(side, one) for side in sides for one in side.claims if one.stands]
    behind = {
        one.entry: tuple(no for no in disputing(one, disputes) if no.stands)
        for _, one in told
        if not isinstance(one.latest.content, Disputes)
    }
    placed = {no.entry for found in behind.values() for no in found}
    return tuple(
        line
        for side, one in told
        if one.entry not in placed
        for line in _with_disputes(side, one, behind.get(one.entry, ()))
    )


def _with_disputes(
    side: TopicSide, held: HeldClaim, disputed: tuple[HeldClaim, ...]
) -> Iterator[PageLine]:
    topic, voices = topic_words(side), len(side.voices)
    yield PageLine(text=claim_words(held), entries=(held.entry,), topic=topic, voices=voices)
    for no in disputed:
        yield PageLine(
            text=dispute_words(no, held),
            entries=(no.entry,),
            topic=topic,
            voices=voices,
            is_dispute=True,
        )


def _latest_joint(state: State) -> tuple[HeldJointText, ...]:
    """Of each joint text the newest version that all have signed."""
    newest: dict[tuple[PartyId, PaperId], HeldJointText] = {}
    for one in joint_texts_of(state):
        if one.standing.is_joint:
            newest[one.proposed_by, one.paper] = one
    return tuple(newest[key] for key in sorted(newest))


def _signatures(state: State, held: HeldJointText) -> tuple[EntryRef, ...]:
    """The entries by which each party that it names signed it."""
    positions = (state.feeds[party].joint_positions.get(held.entry) for party in held.text.parties)
    return tuple(one.stamp.ref for one in positions if one is not None)


def _from_reference(incident: IncidentFile, mine: list[HeldClaim]) -> tuple[PageLine, ...]:
    if incident.reference is None:
        return ()
    return tuple(
        PageLine(
            text=f"{one.claim.voice}: {gap_words(one.gap)} from the point that the file names"
            f"{'' if one.accuracy_stated else ', accuracy not stated'}",
            entries=(one.claim.entry,),
        )
        for one in from_reference(incident.reference, mine)
    )


def _readout_lines(state: State, incident: HeldPaper) -> tuple[PageLine, ...]:
    return tuple(
        readout_line(party, sentence)
        for party, readout in readouts_of(state, incident.file)
        for sentence in readout.sentences
    )


def own_readout(state: State, incident: HeldPaper) -> tuple[PageLine, ...]:
    """What this party's own readouts of the incident say already. INC-004."""
    return tuple(
        readout_line(party, sentence)
        for party, readout in readouts_of(state, incident.file)
        for sentence in readout.sentences
        if party == state.setting.party
    )


def readout_line(party: PartyId, sentence: Sentence) -> PageLine:
    """One sentence of a party's own readout: on what it rests, or that it is its view. INC-004."""
    if isinstance(sentence, View):
        return PageLine(
            text=f"{party} (its view): {quoted(sentence.text)}", entries=(), is_view=True
        )
    refs = tuple(ref for ref in sentence.entries if isinstance(ref, EntryRef))
    return PageLine(text=f"{party}: {quoted(sentence.text)}", entries=refs)


def _questions(
    state: State, mine: list[HeldClaim], sides: tuple[TopicSide, ...]
) -> tuple[PageLine, ...]:
    entries = {version.stamp.ref for one in mine for version in one.claim.versions}
    lines = [
        PageLine(
            text=f"{topic_words(side)}: {difference_words(one.difference)}",
            entries=(one.first, one.second),
        )
        for side in sides
        for one in side.compared
        if one.difference.relation is not Relation.NO_DIFFERENCE_FOUND
    ]
    lines += [
        PageLine(
            text=f"{topic_words(side)}: stated by {side.voices[0]} alone",
            entries=tuple(one.entry for one in side.claims if one.stands),
            topic=topic_words(side),
        )
        for side in sides
        if len(side.voices) == 1
    ]
    lines += [
        PageLine(text=query_words(one), entries=one.claims)
        for one in queries_of(state)
        if entries & set(one.claims)
    ]
    return tuple(lines)
