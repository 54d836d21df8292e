"""Papers in words, once for every view: topics, actions, texts, counts. No line takes a side."""

from crosstell.core.assessment.account.side_by_side import HeldClaim, TopicSide
from crosstell.core.assessment.account.stance import Disputes
from crosstell.core.assessment.account.topic import ClaimKind, names_of
from crosstell.core.assessment.account.wording import count_words, voice_words
from crosstell.core.incident.corrective_action import (
    ActionDeclined,
    ActionDone,
    ActionDueMoved,
    ActionUndertaken,
)
from crosstell.core.incident.ledger import Allegation
from crosstell.core.instant import format_instant
from crosstell.core.mechanism.after.papers import HeldAction, HeldJointText
from crosstell.core.picture.wording import quoted

_KIND_WORDS = {
    ClaimKind.JUDGEMENT: "in words",  # a message or a readout is no judgement
    ClaimKind.AGREEMENT: "agreement as stated",  # a heading has no voice of its own
}


def kind_words(side: TopicSide) -> str:
    """The sort of thing that a topic is about."""
    return _KIND_WORDS.get(side.topic.kind, side.topic.kind.replace("-", " "))


def names_entered(side: TopicSide) -> tuple[str, ...]:
    """What tells two topics of one kind apart, as it was entered."""
    return names_of(side.claims[0].latest.content)


def topic_words(side: TopicSide) -> str:
    """The matter, the sort of thing, and the names as entered."""
    names = ", ".join(names_entered(side))
    return f"{side.topic.matter}: {kind_words(side)}{f' of {names}' if names else ''}"


def dispute_words(dispute: HeldClaim, of: HeldClaim) -> str:
    """A dispute as it is told at the claim that it names: by whom, of which version, in what words.

    Implements INC-440.
    """
    content = dispute.latest.content
    assert isinstance(content, Disputes), "asked of a dispute"
    earlier = "" if content.claim == of.entry else " in an earlier version"
    gone = "" if dispute.stands else "; withdrawn since"
    return f"disputed{earlier} by {voice_words(dispute)}: {quoted(content.text)}{gone}"


def action_words(action: HeldAction) -> str:
    """The action in the words of that version, whose it is, and what its owner said of it."""
    standing, proposal = action.standing, action.proposal
    due = "no date set" if standing.due is None else f"due {format_instant(standing.due)}"
    late = ", overdue" if standing.is_overdue else ""
    older = "" if action.is_latest else "; an earlier version, or withdrawn"
    return (
        f"{quoted(proposal.text)} [owner {proposal.owner}, proposed by {action.proposed_by}, "
        f"{standing.state}, {due}{late}{_said(action)}{older}]"
    )


def _said(action: HeldAction) -> str:
    if action.undertaking is None:
        return ""
    event, _ = action.undertaking.said[-1]
    match event:
        case ActionUndertaken():
            return ""
        case ActionDeclined(reason=reason):
            return f"; reason: {quoted(reason)}"
        case ActionDueMoved(reason=reason):
            return f"; date moved: {quoted(reason)}"
        case ActionDone(evidence=evidence, entries=entries):
            return f"; shown by {quoted(evidence)}, {len(entries)} entries named"


def joint_words(held: HeldJointText) -> str:
    """The text, whom it names, and who has signed, declined or said nothing."""
    standing = held.standing
    if standing.is_joint:
        how = "signed by all that it names"
    else:
        signed = ", ".join(standing.signed) or "nobody"
        unanswered = ", ".join(standing.unanswered) or "nobody"
        how = f"no joint text until all have signed: signed by {signed}, unanswered by {unanswered}"
    declined = "".join(f"; declined by {party}: {quoted(why)}" for party, why in standing.declined)
    older = "" if held.is_latest else "; an earlier version"
    gone = "; withdrawn since by its proposer" if held.is_withdrawn else ""
    return (
        f"of {' and '.join(held.text.parties)}: {quoted(' '.join(held.text.sentences))} "
        f"[proposed by {held.proposed_by}; {how}{declined}{older}{gone}]"
    )


def allegation_words(row: Allegation) -> str:
    """One count with all that makes it one: by whom, of what, when, on what."""
    number = count_words(row.at_least, row.at_most)
    earlier = f"; {len(row.before)} earlier counts of it stand in the record" if row.before else ""
    return (
        f"{row.voice} states {number} against {row.against} under rule {row.rule}, "
        f"{format_instant(row.since)} until before {format_instant(row.until)}; counted as one: "
        f"{quoted(row.definition)} "
        f"[{quoted(row.source)}, {len(row.evidence)} entries named{earlier}]"
    )
