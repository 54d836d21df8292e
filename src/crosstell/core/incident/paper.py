"""A paper of the aftermath over its life: an incident's file, a readout, a joint text, an action.

Rules of this file
- One owner: the log of the party that files it. Version n+1 supersedes version n; nothing is
  edited, and every version stays to be read.
- A paper keeps its kind. Withdrawn is final.
- Filed by a person, releasable to nobody unless it says so, and later versions go to the same.
- A readout is one party's. Each of its sentences names the entries it rests on, or is marked as
  that party's view. Only a joint text that all it names have signed is joint (`joint_text`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import EntryRef, ForeignRef, PaperId, PartyId, RuleId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.wording import (
    MARKING_LENGTH_MAX,
    check_language,
    check_text,
)
from crosstell.core.table import Stamp, Table, Verdict

TITLE_LENGTH_MAX = 200
LIST_MAX = 256  # names, entries or sentences of one paper


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFile:
    """An incident as one party keeps it: what belongs to it, and what came before it.

    `matters` are those of the claims about it. `reference` is the point to measure to, by the word
    of whoever keeps the file: no agreed one.
    `start` and `end` bound what is looked at, half-open; an open end is still going on.
    """

    title: str
    parties: tuple[PartyId, ...]
    matters: tuple[str, ...]
    start: datetime
    end: datetime | None = None
    rules: tuple[RuleId, ...] = ()
    place: Circle | None = None
    reference: Position | None = None
    entries: tuple[ForeignRef, ...] = ()
    precedents: tuple[ForeignRef, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an incident of nobody, without title, or that ends before it starts."""
        check_text(self.title, what="incident: title", length_max=TITLE_LENGTH_MAX)
        _check_names(self.parties, what="incident: parties")
        _check_names(self.matters, what="incident: matters")
        _check_names(self.rules, what="incident: rules", least=0)
        _check_many(len(self.entries), what="incident: entries")
        _check_many(len(self.precedents), what="incident: precedents")
        require_utc(self.start, what="incident: start")
        if self.end is not None:
            require_utc(self.end, what="incident: end")
            if self.end <= self.start:
                raise ValueError("incident: it ends before it starts; swap or correct the times")


@dataclass(frozen=True, slots=True, kw_only=True)
class FromRecord:
    """A sentence that rests on these entries of the record."""

    text: str
    entries: tuple[ForeignRef, ...]

    def __post_init__(self) -> None:
        """Refuse a sentence that rests on nothing."""
        check_text(self.text, what="sentence")
        _check_many(len(self.entries), what="sentence: entries", least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A sentence that is the party's view, and is marked as that."""

    text: str

    def __post_init__(self) -> None:
        """Refuse an empty sentence."""
        check_text(self.text, what="sentence")


Sentence = FromRecord | View


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FileName:
    """An incident's file by its id and its keeper: two parties may each keep one of the same id."""

    incident: str
    kept_by: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """One party's own account of a call or a meeting. Nobody else is bound by it.

    `kept_by` says whose file `incident` is, here as in the papers below: `file_meant`.
    """

    incident: str
    occasion: str
    language: str
    sentences: tuple[Sentence, ...]
    kept_by: PartyId | None = None

    def __post_init__(self) -> None:
        """Refuse a readout that says nothing."""
        _check_file(self.incident, self.kept_by, what="readout")
        check_text(self.occasion, what="readout: occasion", length_max=TITLE_LENGTH_MAX)
        check_language(self.language, what="readout: language")
        _check_many(len(self.sentences), what="readout: sentences", least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointText:
    """A text proposed to be said by all these parties. It is joint once each has signed it."""

    incident: str
    language: str
    parties: tuple[PartyId, ...]
    sentences: tuple[str, ...]
    kept_by: PartyId | None = None

    def __post_init__(self) -> None:
        """Refuse a joint text of one, or of nothing."""
        _check_file(self.incident, self.kept_by, what="joint text")
        check_language(self.language, what="joint text: language")
        _check_names(self.parties, what="joint text: parties", least=2)
        _check_many(len(self.sentences), what="joint text: sentences", least=1)
        for sentence in self.sentences:
            check_text(sentence, what="joint text: sentence")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionProposal:
    """A corrective action that is proposed to `owner`, who alone undertakes it."""

    incident: str
    text: str
    owner: PartyId
    due: datetime | None = None
    kept_by: PartyId | None = None

    def __post_init__(self) -> None:
        """Refuse an action without words."""
        _check_file(self.incident, self.kept_by, what="action")
        check_id(self.owner, what="action: owner")
        check_text(self.text, what="action: text")
        if self.due is not None:
            require_utc(self.due, what="action: due")


AboutFile = Readout | JointText | ActionProposal
PaperContent = IncidentFile | AboutFile


def file_meant(content: AboutFile, by: PartyId) -> FileName:
    """The incident's file that a paper filed by `by` is about. Implements INC-340.

    One that names no keeper, as all that were signed before a keeper could be named, is about the
    file of whoever filed it, and about nobody else's.
    """
    return FileName(incident=content.incident, kept_by=content.kept_by or by)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFiled:
    """Version `version` (from 1) of a paper, whole. Implements INC-001 to INC-004."""

    paper: PaperId
    version: int
    content: PaperContent
    marking: str
    releasable_to: tuple[PartyId, ...] = ()
    reason: str | None = None
    second: Speaker | None = None

    def __post_init__(self) -> None:
        """Refuse a version below 1, an empty marking, a party named twice."""
        check_id(self.paper, what="paper")
        if self.version < 1:
            raise ValueError(f"paper {self.paper}: version {self.version}; versions begin at 1")
        check_text(self.marking, what=f"paper {self.paper}: marking", length_max=MARKING_LENGTH_MAX)
        _check_names(self.releasable_to, what=f"paper {self.paper}: releasable to", least=0)
        if self.reason is not None:
            check_text(self.reason, what=f"paper {self.paper}: reason")
        if self.version > 1 and self.reason is None:
            raise ValueError(f"paper {self.paper}: version {self.version} gives no reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWithdrawn:
    """The paper, whose standing version is `version`, is no longer put forward."""

    paper: PaperId
    version: int
    reason: str

    def __post_init__(self) -> None:
        """Refuse a withdrawal without reason."""
        check_id(self.paper, what="paper")
        check_text(self.reason, what=f"paper {self.paper}: reason")


PaperEvent = PaperFiled | PaperWithdrawn


class PaperState(StrEnum):
    """Where a paper stands."""

    ABSENT = "absent"
    FILED = "filed"
    WITHDRAWN = "withdrawn"


class PaperStep(StrEnum):
    """What its owner can do."""

    FILE = "file"
    WITHDRAW = "withdraw"


PAPER_TABLE: Table[PaperState, PaperStep] = Table(
    name="paper",
    states=PaperState,
    events=PaperStep,
    rows={
        (PaperState.ABSENT, PaperStep.FILE): PaperState.FILED,
        (PaperState.ABSENT, PaperStep.WITHDRAW): Verdict.REFUSED,
        (PaperState.FILED, PaperStep.FILE): PaperState.FILED,
        (PaperState.FILED, PaperStep.WITHDRAW): PaperState.WITHDRAWN,
        (PaperState.WITHDRAWN, PaperStep.FILE): Verdict.REFUSED,
        (PaperState.WITHDRAWN, PaperStep.WITHDRAW): Verdict.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledPaper:
    """One version with the entry that filed it."""

    event: PaperFiled
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """All versions of one paper, in order, and its withdrawal if there is one."""

    paper: PaperId
    state: PaperState
    versions: tuple[FiledPaper, ...]
    withdrawn: tuple[PaperWithdrawn, Stamp] | None = None

    @property
    def latest(self) -> FiledPaper:
        """The newest version; it stands unless the paper is withdrawn."""
        return self.versions[-1]

    @property
    def content(self) -> PaperContent:
        """What the newest version says."""
        return self.latest.event.content

    @property
    def stands(self) -> bool:
        """Whether it is not withdrawn."""
        return self.state is PaperState.FILED

    def version_of(self, ref: EntryRef) -> FiledPaper | None:
        """The version that this entry filed, or None."""
        return next((one for one in self.versions if one.stamp.ref == ref), None)


def advance(paper: Paper | None, event: PaperEvent, stamp: Stamp) -> Paper | Refused | Duplicate:
    """The paper after its owner's event. Implements INC-001 to INC-005."""
    if stamp.by is None:
        text = f"paper {event.paper}: a paper is filed by a person; say which role and watch"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if paper is not None and any(one.event == event for one in paper.versions):
        return Duplicate(text=f"paper {event.paper} already says this")
    state = PaperState.ABSENT if paper is None else paper.state
    match event:
        case PaperFiled():
            return _file(paper, state, event, stamp)
        case PaperWithdrawn():
            return _withdraw(paper, state, event, stamp)


def _file(
    paper: Paper | None, state: PaperState, event: PaperFiled, stamp: Stamp
) -> Paper | Refused:
    after = PAPER_TABLE.next(state, PaperStep.FILE)
    if isinstance(after, Verdict):
        text = f"paper {event.paper} is withdrawn; file another under a new id"
        return Refused(code=RefusalCode.WRONG_STATE, text=text)
    due = 1 if paper is None else len(paper.versions) + 1
    if event.version != due:
        text = f"paper {event.paper}: version {event.version} is out of turn; file version {due}"
        return Refused(code=RefusalCode.BAD_CONTENT, text=text)
    filed = FiledPaper(event=event, stamp=stamp)
    if paper is None:
        return Paper(paper=event.paper, state=after, versions=(filed,))
    if type(paper.content) is not type(event.content):
        text = f"paper {event.paper} keeps its kind; withdraw it and file another"
        return Refused(code=RefusalCode.BAD_CONTENT, text=text)
    return replace(paper, versions=(*paper.versions, filed))


def _withdraw(
    paper: Paper | None, state: PaperState, event: PaperWithdrawn, stamp: Stamp
) -> Paper | Refused | Duplicate:
    after = PAPER_TABLE.next(state, PaperStep.WITHDRAW)
    if after is Verdict.DUPLICATE:
        return Duplicate(text=f"paper {event.paper} is already withdrawn")
    if paper is None or isinstance(after, Verdict):
        text = f"paper {event.paper} was never filed; there is nothing to withdraw"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if event.version != len(paper.versions):
        text = f"paper {event.paper}: withdraw version {len(paper.versions)}, which stands"
        return Refused(code=RefusalCode.BAD_CONTENT, text=text)
    return replace(paper, state=after, withdrawn=(event, stamp))


def _check_file(incident: str, kept_by: PartyId | None, *, what: str) -> None:
    check_id(incident, what=f"{what}: incident")
    if kept_by is not None:
        check_id(kept_by, what=f"{what}: kept by")


def _check_many(count: int, *, what: str, least: int = 0) -> None:
    if not least <= count <= LIST_MAX:
        raise ValueError(f"{what}: {count} of them; give {least} to {LIST_MAX}")


def _check_names(names: tuple[str, ...], *, what: str, least: int = 1) -> None:
    _check_many(len(names), what=what, least=least)
    for name in names:
        check_id(name, what=what)
    if len(set(names)) != len(names):
        raise ValueError(f"{what}: one is named twice; name each once")
