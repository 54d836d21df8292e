"""What each party holds afterwards: accounts side by side, what is said to be agreed, what follows.

Views of the mechanism at the end of a run, in words. Nothing is merged between parties: what one
holds, another may not. Implements REP-073, REP-074.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from crosstell.core.assessment.account.difference import Untestable
from crosstell.core.assessment.account.side_by_side import TopicSide
from crosstell.core.assessment.account.wording import (
    claim_words,
    content_words,
    difference_words,
    query_words,
    rests_words,
    voice_words,
)
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.incident.agreement import agreed_words
from crosstell.core.incident.paper import FileName, IncidentFile, View
from crosstell.core.mechanism.after.accounts import (
    Disputed,
    accounts_of,
    disputes_of,
    disputing,
    queries_of,
)
from crosstell.core.mechanism.after.papers import (
    HeldPaper,
    actions_of,
    agreements_of,
    is_file,
    joint_texts_of,
    ledger_of,
    papers_of,
    precedents_of,
    readouts_of,
)
from crosstell.core.mechanism.after.review import senior_page
from crosstell.core.mechanism.after.wording import (
    action_words,
    allegation_words,
    dispute_words,
    joint_words,
    kind_words,
    names_entered,
)
from crosstell.core.picture.wording import quoted
from crosstell.core.state.state import State
from crosstell.papers.speech.figures import counted
from crosstell.papers.told import (
    Aftermath,
    AgreedTold,
    ClaimTold,
    DisputeTold,
    IncidentTold,
    TopicTold,
)


def aftermath_of(states: Mapping[PartyId, State], at: datetime) -> tuple[Aftermath, ...]:
    """What the parties hold afterwards, those that hold alike together; of nothing, nothing."""
    found: list[Aftermath] = []
    for party in sorted(states):
        own = _held_by(states[party], at)
        alike = next((one for one in found if replace(one, held_by=()) == own), None)
        if alike is not None:
            found[found.index(alike)] = replace(alike, held_by=(*alike.held_by, party))
        elif own != _NOTHING:
            found.append(replace(own, held_by=(party,)))
    return tuple(found)


_NOTHING = Aftermath(
    held_by=(),
    incidents=(),
    topics=(),
    questions=(),
    agreed=(),
    readouts=(),
    joint_texts=(),
    actions=(),
    allegations=(),
    precedents=(),
)


def _held_by(state: State, at: datetime) -> Aftermath:
    return replace(
        _NOTHING,
        incidents=_incidents(state, at),
        topics=_topics(state),
        questions=_questions(state),
        agreed=tuple(
            AgreedTold(
                matter=one.matter,
                standing=one.standing.value,
                lines=agreed_words(one),
            )
            for one in agreements_of(state)
        ),
        readouts=_readouts(state),
        joint_texts=tuple(joint_words(held) for held in joint_texts_of(state)),
        actions=tuple(action_words(held) for held in actions_of(state, at)),
        allegations=tuple(allegation_words(row) for row in ledger_of(state)),
        precedents=tuple(
            line for held in papers_of(state) if is_file(held) for line in _shared_with(state, held)
        ),
    )


def _incidents(state: State, at: datetime) -> tuple[IncidentTold, ...]:
    return tuple(
        IncidentTold(
            paper=held.paper.paper,
            kept_by=held.of,
            marking=held.paper.latest.event.marking,
            title=content.title,
            parties=content.parties,
            matters=content.matters,
            rules=content.rules,
            start=content.start,
            end=content.end,
            from_point=tuple(one.text for one in senior_page(state, held).from_reference),
            readouts=_readouts_about(state, held.file),
            joint_texts=tuple(
                joint_words(one) for one in joint_texts_of(state) if one.file == held.file
            ),
            actions=tuple(
                action_words(one) for one in actions_of(state, at) if one.file == held.file
            ),
            precedents=_shared_with(state, held),
            ref=ref_words(state, held.paper.latest.stamp.ref),
        )
        for held in papers_of(state)
        if is_file(held) and isinstance(content := held.paper.content, IncidentFile)
    )


def _questions(state: State) -> tuple[str, ...]:
    """Each question with the entries that raise it; those in the same words in one line."""
    raised: dict[str, list[str]] = {}
    for one in queries_of(state):
        refs = " and ".join(ref_words(state, ref) for ref in one.claims)
        raised.setdefault(query_words(one), []).append(refs)
    return tuple(f"{words} [{'; '.join(refs)}]" for words, refs in raised.items())


def _topics(state: State) -> tuple[TopicTold, ...]:
    disputes = disputes_of(state)
    return tuple(_topic(state, side, disputes) for side in accounts_of(state))


def _topic(state: State, side: TopicSide, disputes: Disputed) -> TopicTold:
    written = names_entered(side)
    names = f": {', '.join(written)}" if written else ""
    return TopicTold(
        matter=side.topic.matter,
        topic=f"{kind_words(side)}{names}",
        kind=side.topic.kind.value,
        names=written,
        claims=tuple(
            ClaimTold(
                text=claim_words(one),
                who=voice_words(one),
                party=one.claim.stated.voice.party or "",
                stated=content_words(one.latest.content),
                rests=rests_words(one),
                standing="stands" if one.stands else "withdrawn",
                ref=ref_words(state, one.entry),
                disputed=tuple(
                    DisputeTold(text=dispute_words(no, one), ref=ref_words(state, no.entry))
                    for no in disputing(one, disputes)
                ),
            )
            for one in side.claims
        ),
        differences=_differences(state, side),
        alone=side.voices[0] if len(side.voices) == 1 else "",
    )


def _differences(state: State, side: TopicSide) -> tuple[str, ...]:
    """How each pair of voices differs; pairs of words, which are for a person, in one line."""
    in_words = [one for one in side.compared if one.difference.because is Untestable.JUDGEMENT]
    if len(in_words) > 1:
        why = difference_words(in_words[0].difference)
        told: tuple[str, ...] = (f"{counted(len(in_words), 'pair')} of voices: {why}",)
    else:
        told = tuple(
            f"{ref_words(state, one.first)} and {ref_words(state, one.second)}: "
            f"{difference_words(one.difference)}"
            for one in side.compared
        )
    if side.not_compared == 0:
        return told
    return (*told, f"{counted(side.not_compared, 'earlier claim')} not set against these")


def ref_words(state: State, ref: EntryRef) -> str:
    """The entry as a reader names it: whose log, and its number."""
    party = state.setting.party_of(ref.feed)
    where = f"{party} feed" if party is not None else f"{state.setting.party} journal"
    return f"{where} #{ref.seq}"


def _readouts(state: State) -> tuple[str, ...]:
    files = {held.file for held in papers_of(state) if held.paper.stands}
    return tuple(line for file in sorted(files) for line in _readouts_about(state, file))


def _readouts_about(state: State, file: FileName) -> tuple[str, ...]:
    return tuple(
        f"{party}, {quoted(readout.occasion)}{' (its view)' if isinstance(said, View) else ''}: "
        f"{quoted(said.text)}"
        for party, readout in readouts_of(state, file)
        for said in readout.sentences
    )


def _shared_with(state: State, held: HeldPaper) -> tuple[str, ...]:
    """The precedents of one incident's file, in words."""
    content = held.paper.content
    assert isinstance(content, IncidentFile), "asked of an incident"
    return tuple(
        f"{quoted(content.title)}: {quoted(one.title)} "
        f"(shares {', '.join(one.shares) or 'nothing told'}"
        f"{', named in the file' if one.is_named else ''})"
        for one in precedents_of(state, held.paper)
    )
