"""The papers of one run or one record, from the views of what each party holds.

Nothing is merged between parties: of a run, each party's sheets are read from what it holds.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from crosstell.core.errors import CallerError
from crosstell.core.ids import EntryRef, PartyId, RoleId
from crosstell.core.incident.paper import IncidentFile, Readout
from crosstell.core.mechanism.after.drafting import (
    Drafted,
    calls_of_role,
    notices_told,
    readout_draft,
)
from crosstell.core.mechanism.after.papers import HeldPaper, papers_of
from crosstell.core.mechanism.after.review import (
    AgendaPoint,
    PageLine,
    agenda_listed,
    own_readout,
    readout_line,
    senior_page,
)
from crosstell.core.picture.wording import quoted
from crosstell.core.state.state import State
from crosstell.papers.afterwards import ref_words
from crosstell.papers.model import (
    Basis,
    Cited,
    FileNamed,
    LineKind,
    PaperKind,
    PaperLine,
    Papers,
    Part,
    Sheet,
    head_digest,
)
from crosstell.papers.standing import changed_at, due_at, markings_of

DISPUTES = "disputes"  # the forms of a dispute at its claim
NONE_HELD = "None is held here."
FILED = "As filed: each sentence with the entries it rests on, or marked as a view"
POINTS = {
    AgendaPoint.ACTION_OVERDUE: "Actions past their date",
    AgendaPoint.ACTION_OPEN: "Actions that are open",
    AgendaPoint.JOINT_TEXT_OPEN: "Joint texts that not all have signed",
    AgendaPoint.ACCOUNTS_DIFFER: "Accounts that differ",
    AgendaPoint.SECOND_LOOK: "A second look: questions, no verdicts",
    AgendaPoint.AGREED_BY_ONE: "Stated to have been agreed, and not signed by all",
    AgendaPoint.ALLEGATION: "Alleged violations, never added up",
    AgendaPoint.NOTICE_CONTESTED: "Notices that are contested",
    AgendaPoint.INCIDENT: "Incidents with a file",
}


def pack_of(
    basis: Basis,
    *,
    incident: str,
    roles: tuple[str, ...],
    party: str | None,
    kept_by: str | None = None,
) -> Papers:
    """One page for each principal, of each party that holds the file. Implements INC-071, REP-140.

    `kept_by` names whose file of that name is meant; else each party's own, if it keeps one.

    CallerError names what there is, where the incident, a role or the party is not.
    """
    states = _states(basis, party)
    for role in roles:
        _check_role(states, role)
    held = _files(states, incident, kept_by)
    sheets = tuple(_page(states[one], held[one], RoleId(role)) for one in held for role in roles)
    return _papers(basis, PaperKind.PACK, sheets, _newest(basis, states))


def readout_of(
    basis: Basis, *, incident: str, party: str | None, kept_by: str | None = None
) -> Papers:
    """The draft of each party that holds the file. Implements INC-060, REP-141."""
    states = _states(basis, party)
    held = _files(states, incident, kept_by)
    sheets = tuple(_draft(states[one], held[one]) for one in held)
    return _papers(basis, PaperKind.READOUT, sheets, _newest(basis, states))


def agenda_of(basis: Basis, *, party: str | None) -> Papers:
    """What is open at the end, as each party holds it. Implements INC-070, REP-142."""
    states = _states(basis, party)
    sheets = tuple(_agenda(states[one], basis.as_of) for one in states)
    return _papers(basis, PaperKind.AGENDA, sheets, due_at(states.values(), basis.as_of))


def _newest(basis: Basis, states: dict[PartyId, State]) -> datetime:
    return changed_at(states.values(), basis.as_of)


def _papers(basis: Basis, kind: PaperKind, sheets: tuple[Sheet, ...], as_of: datetime) -> Papers:
    return Papers(
        kind=kind,
        origin=basis.origin,
        mode=basis.mode,
        heading=basis.heading,
        as_of=as_of,
        sheets=sheets,
        keys=basis.keys,
        record=basis.record,
        record_digest=basis.record_digest,
        head_digest=head_digest(basis.record),
        protocol_digest=basis.protocol_digest,
        map_digest=basis.map_digest,
        own_map=basis.own_map,
        warnings=basis.warnings,
        checks=basis.checks,
        printed_at=basis.printed_at,
        aftermath=basis.aftermath,
    )


def _states(basis: Basis, party: str | None) -> dict[PartyId, State]:
    """What each party knows, or the one that is asked for."""
    states = {one: basis.states[one] for one in sorted(basis.states)}
    if party is None:
        return states
    if PartyId(party) not in states:
        raise CallerError(f"--party {party}: holds nothing here; there is: {', '.join(states)}")
    return {PartyId(party): states[PartyId(party)]}


def _check_role(states: dict[PartyId, State], role: str) -> None:
    protocol = next(iter(states.values())).setting.protocol
    if protocol.role(RoleId(role)) is None:
        there = ", ".join(one.id for one in protocol.roles)
        raise CallerError(f"--principal {role}: the protocol has no such role; it has: {there}")


def _files(
    states: dict[PartyId, State], incident: str, kept_by: str | None
) -> dict[PartyId, HeldPaper]:
    """The incident's file as each party holds it: its own, else another's. CallerError if none."""
    standing = {
        party: [
            held
            for held in papers_of(state)
            if held.paper.stands and isinstance(held.paper.content, IncidentFile)
        ]
        for party, state in states.items()
    }
    found = {}
    for party, held in standing.items():
        named = [
            one
            for one in held
            if one.paper.paper == incident and (kept_by is None or one.of == kept_by)
        ]
        own = [one for one in named if one.of == party]
        if named and not own and len(named) > 1:
            keepers = ", ".join(f"{one.of}/{incident}" for one in named)
            raise CallerError(f"--incident {incident}: several keep one; name it as: {keepers}")
        if named:
            (found[party],) = own or named
    if not found:
        names = {f"{one.of}/{one.paper.paper}" for held in standing.values() for one in held}
        there = ", ".join(sorted(names)) or "none"
        raise CallerError(f"--incident {incident}: no such file is held; there is: {there}")
    files = {one.file for one in found.values()}
    if len(files) > 1:  # files never share a paper
        keepers = ", ".join(sorted(f"{one.of}/{incident}" for one in found.values()))
        raise CallerError(f"--incident {incident}: several keep one; name it as: {keepers}")
    return found


def _content(held: HeldPaper) -> IncidentFile:
    content = held.paper.content
    assert isinstance(content, IncidentFile), "only incidents' files are looked for"
    return content


def _named(state: State, held: HeldPaper) -> FileNamed:
    content = _content(held)
    return FileNamed(
        paper=held.paper.paper,
        kept_by=held.of,
        marking=held.paper.latest.event.marking,
        title=content.title,
        matters=content.matters,
        start=content.start,
        end=content.end,
        entry=_cited(state, (held.paper.latest.stamp.ref,))[0],
    )


def _page(state: State, held: HeldPaper, role: RoleId) -> Sheet:
    page = senior_page(state, held)
    calls = calls_of_role(state, _content(held), role)
    lines = _lines_of(state)
    alone = {one.topic: one.text for one in page.open_questions if one.topic}
    asked = [one for one in page.open_questions if not one.topic]
    stated = [replace(one, topic=alone.get(one.topic, one.topic)) for one in page.stated]
    return _sheet(
        state,
        held,
        (
            Part(
                heading="Agreed text so far: joint texts that all they name have signed",
                lines=lines(page.agreed, "papers", LineKind.RECORD),
                empty="No text that all it names have signed is held here.",
            ),
            Part(
                heading="What each voice states, by topic",
                lines=lines(stated, "claims", LineKind.CLAIM),
                empty="No claim of any side is held.",
            ),
            Part(
                heading="Readouts, each of its own side alone",
                lines=lines(page.said_in_readouts, "sides", LineKind.CLAIM),
                empty=NONE_HELD,
            ),
            _calls(state, calls),
            _notices(state, notices_told(state, _content(held))),
            Part(
                heading="Open: what differs or is not testable, and what calls for a second look",
                lines=lines(asked, "topics", LineKind.RECORD),
                empty=NONE_HELD,
            ),
            Part(
                heading="How far each stated place is from the point that the file names",
                lines=lines(page.from_reference, "distances", LineKind.CLAIM),
                empty="No point is named to measure to, or no place is stated.",
            ),
        ),
        role,
    )


def _sheet(state: State, about: HeldPaper | None, parts: tuple[Part, ...], role: str = "") -> Sheet:
    """The parts as one party's sheet, about this incident's file, marked as all that it tells."""
    file = None if about is None else _named(state, about)
    return Sheet(
        held_by=state.setting.party,
        role=role,
        file=file,
        markings=markings_of(state, parts, "" if file is None else file.marking),
        parts=parts,
    )


def _notices(state: State, notices: Drafted) -> Part:
    return Part(
        heading="Notices of the incident's time, as recorded",
        lines=_sentences(state, notices),
        empty=NONE_HELD,
        left_out=notices.left_out,
    )


def _calls(state: State, calls: Drafted) -> Part:
    return Part(
        heading="Calls placed to this role or by it, as recorded",
        lines=_sentences(state, calls),
        empty="No such call is recorded. What is not recorded may have been, by other means.",
        left_out=calls.left_out,
    )


def _sentences(state: State, drafted: Drafted) -> tuple[PaperLine, ...]:
    lines = [
        PageLine(text=one.text, entries=tuple(r for r in one.entries if isinstance(r, EntryRef)))
        for one in drafted.sentences
    ]
    return _lines_of(state)(lines, "drafted", LineKind.RECORD)


def _draft(state: State, held: HeldPaper) -> Sheet:
    drafted = readout_draft(state, _content(held))
    own = own_readout(state, held)
    return _sheet(
        state,
        held,
        (
            Part(
                heading="Draft, sentence by sentence, each with the entries it rests on",
                lines=_sentences(state, drafted),
                empty="Nothing of the incident's time and parties is held that a draft could tell.",
                left_out=drafted.left_out,
            ),
            Part(
                heading="What this party's own readouts say already, views marked",
                lines=_lines_of(state)(own, "sides", LineKind.CLAIM),
                empty="None is held here. A view is a person's to write, and is marked as one.",
            ),
        ),
    )


def _agenda(state: State, at: datetime) -> Sheet:
    listed = agenda_listed(state, at)
    parts = []
    for point, heading in POINTS.items():
        points = [
            PageLine(text=item.text, entries=entries)
            for item, entries in listed
            if item.point is point
        ]
        lines = _lines_of(state)(points, "agenda", LineKind.RECORD)
        parts.append(Part(heading=heading, lines=lines, empty=NONE_HELD))
    return _sheet(state, None, tuple(parts))


def _filing(held: HeldPaper) -> list[PageLine]:
    """Who filed which version for what, and that it was withdrawn, where it was."""
    filed, content = held.paper.latest, held.paper.content
    assert isinstance(content, Readout), "asked of a readout"
    text = (
        f"{held.of} filed {held.paper.paper}, version {filed.event.version}: "
        f"{quoted(content.occasion)} ({content.language}, {quoted(filed.event.marking)})"
    )
    lines = [PageLine(text=text, entries=(filed.stamp.ref,))]
    if held.paper.withdrawn is not None:
        event, stamp = held.paper.withdrawn
        gone = f"{held.of} withdrew {held.paper.paper}: {quoted(event.reason)}"
        lines.append(PageLine(text=gone, entries=(stamp.ref,)))
    return lines


def filed_readout_of(basis: Basis, held: HeldPaper, state: State) -> Papers:
    """A party's own readout in the words in which it was filed, its newest version. REP-161.

    It is of the moment of the newest entry that it tells of, whenever it is printed: so its text,
    and the hash of that, are the same until one of these papers changes. Implements REP-193.
    """
    readout = held.paper.content
    assert isinstance(readout, Readout), "asked of a readout"
    lines = [readout_line(held.of, one) for one in readout.sentences]
    about = next(
        (
            one
            for one in papers_of(state)
            if isinstance(one.paper.content, IncidentFile) and one.file == held.file
        ),
        None,
    )
    sheet = _sheet(
        state,
        about,
        (
            Part(
                heading=FILED,
                lines=(
                    *_lines_of(state)(_filing(held), "papers", LineKind.RECORD),
                    *_lines_of(state)(lines, "sides", LineKind.CLAIM),
                ),
                empty=NONE_HELD,
            ),
        ),
    )
    newest = max(_changed(one) for one in (held, about) if one is not None)
    return _papers(basis, PaperKind.FILED, (sheet,), newest)


def _changed(held: HeldPaper) -> datetime:
    """When its owner last filed or withdrew it, by their clock."""
    gone = held.paper.withdrawn
    return held.paper.latest.stamp.at if gone is None else gone[1].at


_Lines = Callable[[Iterable[PageLine], str, LineKind], tuple[PaperLine, ...]]


def _lines_of(state: State) -> _Lines:
    """How lines are told as this party holds them: those in the same words once, and counted."""

    def told(lines: Iterable[PageLine], section: str, kind: LineKind) -> tuple[PaperLine, ...]:
        alike: dict[tuple[str, str, bool], list[PageLine]] = {}
        for line in lines:
            alike.setdefault((line.text, line.topic, line.is_view), []).append(line)
        return tuple(
            PaperLine(
                text=text,
                kind=LineKind.VIEW if is_view else kind,
                section=DISPUTES if same[0].is_dispute else section,
                times=len(same),
                entries=_cited(state, (ref for one in same for ref in one.entries)),
                topic=topic,
                voices=same[0].voices,
            )
            for (text, topic, is_view), same in alike.items()
        )

    return told


def _cited(state: State, refs: Iterable[EntryRef]) -> tuple[Cited, ...]:
    return tuple(Cited(ref=ref_words(state, ref), hash=ref.hash) for ref in dict.fromkeys(refs))
