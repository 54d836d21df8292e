"""An incident's timeline as one party holds it: what entries show, claims, papers, own alerts.

Each row tells what was recorded and by whom, and names its entries; a claim's row stands at the
time at which its speaker said it, and begins with whose words it is. No row is weighed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.wording import content_words, voice_words
from crosstell.core.ids import AlertId, EntryRef, PartyId
from crosstell.core.incident.corrective_action import (
    ActionDeclined,
    ActionDone,
    ActionDueMoved,
    ActionEvent,
    ActionUndertaken,
)
from crosstell.core.incident.joint_text import JointTextSigned
from crosstell.core.incident.paper import (
    ActionProposal,
    FiledPaper,
    IncidentFile,
    JointText,
    PaperContent,
    Readout,
)
from crosstell.core.instant import format_instant
from crosstell.core.mechanism.after.accounts import claims_of
from crosstell.core.mechanism.after.drafting import Said, said_of
from crosstell.core.mechanism.after.papers import HeldPaper, actions_of, joint_texts_of, papers_of
from crosstell.core.picture.wording import quoted
from crosstell.core.state.state import State

ROWS_MAX = 1_000  # of one timeline; a person reads no more, and the record has every one


class RowKind(StrEnum):
    """What a row is read from."""

    RECORD = "record"  # notices, statuses, calls, voice logs, broadcasts
    ALERT = "alert"  # of our own, in the journal; it crosses to nobody
    CLAIM = "claim"
    PAPER = "paper"
    ACTION = "action"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. `party` is whose log it stands in, None for our journal; `alert` names ours."""

    at: datetime
    kind: RowKind
    party: PartyId | None
    text: str
    entries: tuple[EntryRef, ...]
    alert: AlertId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronicle:
    """The rows in order of time; `left_out` counts the earliest that there is no room for."""

    rows: tuple[Row, ...]
    left_out: int


def chronicle(state: State, incident: HeldPaper) -> Chronicle:
    """The timeline of the incident, from what this party holds. Implements INC-074."""
    content = incident.paper.content
    assert isinstance(content, IncidentFile), "asked of an incident"
    rows = [
        *(_recorded(state, one) for one in said_of(state, content)),
        *_alerts(state, content),
        *_claims(state, content),
        *_papers(state, incident),
        *_actions(state, incident),
    ]
    rows.sort(key=lambda one: one.at)  # stable: what happened stands before what was said of it
    kept = rows[-ROWS_MAX:]
    return Chronicle(rows=tuple(kept), left_out=len(rows) - len(kept))


def _recorded(state: State, said: Said) -> Row:
    return Row(
        at=said.at,
        kind=RowKind.RECORD,
        party=state.setting.party_of(said.entries[0].feed),
        text=said.text,
        entries=said.entries,
    )


def _alerts(state: State, incident: IncidentFile) -> Iterator[Row]:
    """Our own alerts of its time, and of its rules where it names any."""
    for held in state.journal.alerts.values():
        shown = held.shown
        if shown is None or not _within(shown.raised_at, incident):
            continue
        if incident.rules and held.key.rule not in incident.rules:
            continue
        yield Row(
            at=shown.raised_at,
            kind=RowKind.ALERT,
            party=None,
            text=f"{state.setting.party} node raised {shown.alert} ({shown.level}), "
            f"rule {held.key.rule}",
            entries=tuple(mark.ref for mark in shown.trail),
            alert=shown.alert,
        )


def _within(at: datetime, incident: IncidentFile) -> bool:
    return incident.start <= at and (incident.end is None or at < incident.end)


def _claims(state: State, incident: IncidentFile) -> Iterator[Row]:
    """Every version of every claim of its matters, withdrawn ones too."""
    for held in claims_of(state):
        if held.claim.stated.matter in incident.matters:
            yield from _versions(state, held)


def _versions(state: State, held: HeldClaim) -> Iterator[Row]:
    who, name = voice_words(held), held.claim.stated.claim
    for number, version in enumerate(held.claim.versions, start=1):
        reason = getattr(version.event, "reason", None)
        revised = (
            "" if reason is None else f" [version {number} of {name}, reason: {quoted(reason)}]"
        )
        yield Row(
            at=version.event.said_at or version.stamp.at,
            kind=RowKind.CLAIM,
            party=state.setting.party_of(version.stamp.ref.feed),
            text=f"{who}: {content_words(version.content)}{revised}",
            entries=(version.stamp.ref,),
        )
    if held.claim.withdrawn is not None:
        event, stamp = held.claim.withdrawn
        yield Row(
            at=stamp.at,
            kind=RowKind.CLAIM,
            party=state.setting.party_of(stamp.ref.feed),
            text=f"{held.recorded_by} withdrew its claim {name}: {quoted(event.reason)}",
            entries=(stamp.ref,),
        )


def _papers(state: State, incident: HeldPaper) -> Iterator[Row]:
    """Versions of its file, of its readouts and joint texts, and signatures of these."""
    for held in papers_of(state):
        if held.file == incident.file:
            for filed in held.paper.versions:
                yield _filed(state, held, filed)
            yield from _withdrawn(state, held)
    for text in joint_texts_of(state):
        if text.file != incident.file:
            continue
        for party, feed in state.feeds.items():
            position = feed.joint_positions.get(text.entry)
            if position is not None:
                signed = isinstance(position.event, JointTextSigned)
                verb = "signed" if signed else "declined to sign"
                yield Row(
                    at=position.stamp.at,
                    kind=RowKind.PAPER,
                    party=party,
                    text=f"{party} {verb} joint text {text.paper} of {text.proposed_by}",
                    entries=(position.stamp.ref, text.entry),
                )


_PAPERS: dict[type[PaperContent], str] = {
    IncidentFile: "its file of the incident",
    Readout: "its own readout",
    JointText: "a joint text, proposed",
    ActionProposal: "a corrective action, proposed",
}


def _filed(state: State, held: HeldPaper, filed: FiledPaper) -> Row:
    event = filed.event
    content = event.content
    what = _PAPERS[type(content)]
    more = (
        f": {quoted(content.text)}, owner {content.owner}"
        if isinstance(content, ActionProposal)
        else ""
    )
    return Row(
        at=filed.stamp.at,
        kind=RowKind.PAPER,
        party=state.setting.party_of(filed.stamp.ref.feed),
        text=f"{held.of} filed {event.paper}, version {event.version}, {what}{more}",
        entries=(filed.stamp.ref,),
    )


def _withdrawn(state: State, held: HeldPaper) -> Iterator[Row]:
    if held.paper.withdrawn is not None:
        event, stamp = held.paper.withdrawn
        yield Row(
            at=stamp.at,
            kind=RowKind.PAPER,
            party=state.setting.party_of(stamp.ref.feed),
            text=f"{held.of} withdrew {event.paper}: {quoted(event.reason)}",
            entries=(stamp.ref,),
        )


def _actions(state: State, incident: HeldPaper) -> Iterator[Row]:
    """What each owner said of a corrective action."""
    for held in actions_of(state, incident.paper.latest.stamp.at):
        if held.file == incident.file and held.undertaking is not None:
            proposed = quoted(held.proposal.text)
            for event, stamp in held.undertaking.said:
                yield Row(
                    at=stamp.at,
                    kind=RowKind.ACTION,
                    party=state.setting.party_of(stamp.ref.feed),
                    text=f"{held.proposal.owner} {action_said(event)}: {proposed}",
                    entries=(stamp.ref, held.entry),
                )


def action_said(event: ActionEvent) -> str:
    """What an owner said of an action, in words."""
    match event:
        case ActionUndertaken(due=due):
            return f"undertook by {format_instant(due)}"
        case ActionDeclined(reason=reason):
            return f"declined ({quoted(reason)})"
        case ActionDueMoved(due=due, reason=reason):
            return f"moved the date to {format_instant(due)} ({quoted(reason)})"
        case ActionDone(evidence=evidence):
            return f"stated as done, shown by {quoted(evidence)}"
