"""Incidents as they are shown: a list, one in full, a readout's draft, the agenda.

Pure functions of a state and an instant. They show what this party holds, its own papers at home
included, and nothing is merged between parties. Implements API-070 to API-073.
"""

from collections.abc import Iterable
from datetime import datetime

from crosstell.codecs.api import after
from crosstell.core.assessment.account.side_by_side import HeldClaim, TopicSide, side_by_side
from crosstell.core.assessment.account.stance import Disputes
from crosstell.core.assessment.account.wording import (
    content_words,
    difference_words,
    query_words,
    voice_words,
)
from crosstell.core.ids import EntryRef, ForeignRef
from crosstell.core.incident.agreement import agreed_words
from crosstell.core.incident.corrective_action import ActionState
from crosstell.core.incident.paper import FileName, IncidentFile, Paper, PaperFiled, Readout
from crosstell.core.mechanism.after.accounts import (
    Disputed,
    claims_of,
    disputes_of,
    disputing,
    queries_of,
)
from crosstell.core.mechanism.after.chronicle import action_said, chronicle
from crosstell.core.mechanism.after.drafting import readout_draft
from crosstell.core.mechanism.after.papers import (
    HeldAction,
    HeldJointText,
    HeldPaper,
    actions_of,
    adrift,
    agreements_of,
    is_file,
    joint_texts_of,
    papers_of,
    precedents_of,
)
from crosstell.core.mechanism.after.review import (
    PageLine,
    agenda_listed,
    own_readout,
    senior_page,
)
from crosstell.core.mechanism.after.wording import names_entered
from crosstell.core.state.state import State
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.views.held import Moment

OPEN = (ActionState.UNANSWERED, ActionState.UNDERTAKEN)


def incidents(now: Moment) -> after.IncidentsShown:
    """Every incident that a file is held of, the newest first."""
    state = now.state
    rows = [_row(state, held, now.at) for held in papers_of(state) if is_file(held)]
    rows.sort(key=lambda one: (one.file.start, one.kept_by, one.incident), reverse=True)
    return after.IncidentsShown(
        at=now.at,
        arrivals=now.arrivals,
        incidents=tuple(rows),
        adrift=tuple(_adrift(one) for one in adrift(state)),
    )


def _adrift(held: HeldPaper) -> after.AdriftShown:
    return after.AdriftShown(
        of=held.of,
        paper=held.paper.paper,
        version=held.paper.latest.event.version,
        entry=held.paper.latest.stamp.ref,
        incident=held.file.incident,
        kept_by=held.file.kept_by,
    )


def file_of(state: State, party: str, incident: str) -> HeldPaper:
    """That party's file of that name; a problem that says so where none stands here."""
    for held in papers_of(state):
        if is_file(held) and (held.of, held.paper.paper) == (party, incident):
            return held
    raise Unmet("not-found", f"no file {incident} of party {party} is held here; see /incidents")


def _content(held: HeldPaper) -> IncidentFile:
    content = held.paper.content
    assert isinstance(content, IncidentFile), "only incidents' files are looked for"
    return content


def _row(state: State, held: HeldPaper, at: datetime) -> after.IncidentRow:
    name, content = held.paper.paper, _content(held)
    sides = side_by_side(_mine(state, content), state.setting.conversions)
    return after.IncidentRow(
        kept_by=held.of,
        incident=name,
        file=content,
        version=held.paper.latest.event.version,
        entry=held.paper.latest.stamp.ref,
        marking=held.paper.latest.event.marking,
        releasable_to=held.paper.latest.event.releasable_to,
        topics=len(sides),
        readouts=len(_readouts(state, held.file)),
        open_actions=sum(
            one.is_latest and one.standing.state in OPEN for one in _actions(state, held.file, at)
        ),
    )


def _mine(state: State, content: IncidentFile) -> list[HeldClaim]:
    return [one for one in claims_of(state) if one.claim.stated.matter in content.matters]


def incident(now: Moment, held: HeldPaper) -> after.IncidentShown:
    """The incident in full, as this party holds it."""
    state, content = now.state, _content(held)
    told, mine = chronicle(state, held), _mine(state, content)
    page, disputes = senior_page(state, held), disputes_of(state)
    return after.IncidentShown(
        at=now.at,
        arrivals=now.arrivals,
        row=_row(state, held, now.at),
        timeline=told.rows,
        left_out=told.left_out,
        topics=tuple(
            _topic(one, disputes) for one in side_by_side(mine, state.setting.conversions)
        ),
        questions=_questions(state, mine),
        agreed=tuple(
            after.AgreedShown(
                standing=one.standing,
                text=one.text,
                parties=one.parties,
                lines=agreed_words(one),
                claims=one.claims,
            )
            for one in agreements_of(state)
            if one.matter in content.matters
        ),
        readouts=_readouts(state, held.file),
        joint_texts=tuple(
            _joint(state, one) for one in joint_texts_of(state) if one.file == held.file
        ),
        actions=tuple(_action(state, one) for one in _actions(state, held.file, now.at)),
        precedents=_precedents(state, held.paper),
        from_point=tuple(_line(one) for one in page.from_reference),
    )


def _line(line: PageLine) -> after.LineShown:
    kind = after.SentenceKind.VIEW if line.is_view else after.SentenceKind.FROM_RECORD
    return after.LineShown(kind=kind, text=line.text, entries=line.entries)


def _topic(side: TopicSide, disputes: Disputed) -> after.TopicInIncident:
    return after.TopicInIncident(
        matter=side.topic.matter,
        kind=side.topic.kind,
        names=names_entered(side),
        claims=tuple(_claim(one, disputes) for one in side.claims),
        differences=tuple(
            after.ClaimsDiffer(
                first=one.first,
                second=one.second,
                relation=one.difference.relation,
                text=difference_words(one.difference),
            )
            for one in side.compared
        ),
        not_compared=side.not_compared,
        alone=side.voices[0] if len(side.voices) == 1 else None,
    )


def _claim(held: HeldClaim, disputes: Disputed) -> after.ClaimInTopic:
    gone = held.claim.withdrawn
    return after.ClaimInTopic(
        recorded_by=held.recorded_by,
        claim=held.claim.stated.claim,
        marking=held.claim.stated.marking,
        releasable_to=held.claim.stated.releasable_to,
        voice=held.voice,
        words=voice_words(held),
        column=held.claim.stated.voice.party,
        withdrawn=None if gone is None else gone[0].reason,
        disputed=_disputed(held, disputes),
        versions=tuple(
            after.VersionShown(
                entry=one.stamp.ref,
                recorded_at=one.stamp.at,
                said_at=one.event.said_at,
                by=one.stamp.by,
                text=content_words(one.content),
                content=one.content,
                source=one.event.source.kind,
                source_words=one.event.source.words,
                source_entries=_held_refs(one.event.source.entries),
                confidence=one.event.confidence,
                reason=getattr(one.event, "reason", None),
            )
            for one in held.claim.versions
        ),
    )


def _disputed(held: HeldClaim, disputes: Disputed) -> tuple[after.DisputeShown, ...]:
    """The claims of any matter that state otherwise than a version of this one. API-340."""
    return tuple(
        after.DisputeShown(
            words=voice_words(one),
            text=content.text,
            disputes=content.claim,
            entry=one.entry,
            withdrawn=None if one.claim.withdrawn is None else one.claim.withdrawn[0].reason,
        )
        for one in disputing(held, disputes)
        if isinstance(content := one.latest.content, Disputes)
        and isinstance(content.claim, EntryRef)
    )


def _held_refs(refs: Iterable[ForeignRef]) -> tuple[EntryRef, ...]:
    """Names are turned into entries before anything is recorded; what is recorded has these."""
    return tuple(one for one in refs if isinstance(one, EntryRef))


def _questions(state: State, mine: list[HeldClaim]) -> tuple[after.LineShown, ...]:
    entries = {version.stamp.ref for one in mine for version in one.claim.versions}
    return tuple(
        after.LineShown(
            kind=after.SentenceKind.FROM_RECORD, text=query_words(one), entries=one.claims
        )
        for one in queries_of(state)
        if entries & set(one.claims)
    )


def _readouts(state: State, file: FileName) -> tuple[after.ReadoutShown, ...]:
    return tuple(
        after.ReadoutShown(
            of=held.of,
            paper=held.paper.paper,
            version=held.paper.latest.event.version,
            entry=held.paper.latest.stamp.ref,
            by=held.paper.latest.stamp.by,
            filed_at=held.paper.latest.stamp.at,
            marking=held.paper.latest.event.marking,
            releasable_to=held.paper.latest.event.releasable_to,
            readout=content,
        )
        for held in papers_of(state)
        if held.paper.stands
        and isinstance(content := held.paper.content, Readout)
        and held.file == file
    )


def _filed(state: State, entry: EntryRef) -> PaperFiled:
    """The version of a paper that this entry filed; it is one of those that are held."""
    found = state.paper_at(entry)
    assert found is not None, "it was read from there"
    return found[2].event


def _joint(state: State, held: HeldJointText) -> after.JointShown:
    standing, filed = held.standing, _filed(state, held.entry)
    newest = after.Newest.LATEST if held.is_latest else after.Newest.EARLIER
    return after.JointShown(
        proposed_by=held.proposed_by,
        paper=held.paper,
        version=filed.version,
        entry=held.entry,
        marking=filed.marking,
        releasable_to=filed.releasable_to,
        newest=after.Newest.WITHDRAWN if held.is_withdrawn else newest,
        sentences=held.text.sentences,
        parties=held.text.parties,
        signed=standing.signed,
        declined=tuple(after.Declined(party=one, reason=why) for one, why in standing.declined),
        unanswered=standing.unanswered,
    )


def _actions(state: State, file: FileName, at: datetime) -> list[HeldAction]:
    return [one for one in actions_of(state, at) if one.file == file]


def _action(state: State, held: HeldAction) -> after.ActionShown:
    late, filed = held.standing.is_overdue, _filed(state, held.entry)
    said = () if held.undertaking is None else held.undertaking.said
    return after.ActionShown(
        proposed_by=held.proposed_by,
        paper=filed.paper,
        version=filed.version,
        entry=held.entry,
        marking=filed.marking,
        releasable_to=filed.releasable_to,
        newest=after.Newest.LATEST if held.is_latest else after.Newest.EARLIER,
        text=held.proposal.text,
        owner=held.proposal.owner,
        due=held.standing.due,
        state=held.standing.state,
        timeliness=after.Timeliness.OVERDUE if late else after.Timeliness.IN_TIME,
        said=tuple(
            after.LineShown(
                kind=after.SentenceKind.FROM_RECORD, text=action_said(event), entries=(stamp.ref,)
            )
            for event, stamp in said
        ),
    )


def _precedents(state: State, incident: Paper) -> tuple[after.PrecedentShown, ...]:
    return tuple(
        after.PrecedentShown(entry=one.incident, title=one.title, shares=one.shares)
        for one in precedents_of(state, incident)
    )


def draft(now: Moment, held: HeldPaper) -> after.DraftShown:
    """What a readout could say from the record, and what own readouts say already."""
    drafted = readout_draft(now.state, _content(held))
    return after.DraftShown(
        at=now.at,
        arrivals=now.arrivals,
        incident=held.paper.paper,
        sentences=tuple(
            after.LineShown(
                kind=after.SentenceKind.FROM_RECORD, text=one.text, entries=_held_refs(one.entries)
            )
            for one in drafted.sentences
        ),
        left_out=drafted.left_out,
        own=tuple(_line(one) for one in own_readout(now.state, held)),
    )


def agenda(now: Moment) -> after.AgendaShown:
    """What is open now, each point with its entries."""
    return after.AgendaShown(
        at=now.at,
        arrivals=now.arrivals,
        points=tuple(
            after.AgendaLine(point=item.point, text=item.text, entries=entries)
            for item, entries in agenda_listed(now.state, now.at)
        ),
    )


def readout_at(state: State, party: str, paper: str) -> HeldPaper:
    """That party's readout of that name, withdrawn or not; a problem where there is none."""
    for held in papers_of(state):
        if isinstance(held.paper.content, Readout) and (held.of, held.paper.paper) == (
            party,
            paper,
        ):
            return held
    raise Unmet("not-found", f"no readout {paper} of party {party} is held here; see /papers")
