"""Where an event goes: into the private journal, or into the shared feed and to whom.

Nothing crosses by default. What a person does on the line crosses to the party it is said to;
a notice or a claim crosses to those it is releasable to; whose our own tracks are, and everything
the node notes for itself, stay at home. Every party sees the header of what crosses, only the
audience the body.
"""

from dataclasses import dataclass

from crosstell.core.assessment.account.claim import ClaimRevised, ClaimStated, ClaimWithdrawn
from crosstell.core.ids import EntryRef, FeedId, ForeignRef, PartyId
from crosstell.core.incident.corrective_action import ActionEvent
from crosstell.core.incident.joint_text import JointEvent
from crosstell.core.incident.paper import PaperFiled, PaperWithdrawn
from crosstell.core.line.acknowledgement import (
    CallActedOn,
    CallDelivered,
    CallPassedOn,
    CallReadBack,
    CallReceived,
    SummaryConfirmed,
)
from crosstell.core.line.answer import AnswerCorrected, AnswerGiven
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallPlaced,
    ReadBackChecked,
    StopLifted,
    StopRenewed,
    SummaryProposed,
)
from crosstell.core.line.watch.voice import VoiceLogCorrected, VoiceLogged
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.ownership import OwnershipCorrected, OwnershipStated, OwnTrack
from crosstell.core.picture.releasing.share import ShareGranted, ShareRevoked, ShareUpdated
from crosstell.core.picture.status import StatusStated
from crosstell.core.state.events import HOME_EVENTS, Event, JournalCommitted
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The private journal. It never leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The shared feed; the body goes to these parties, sorted."""

    audience: tuple[PartyId, ...]


Destination = Home | Shared
HOME = Home()


def destination(state: State, event: Event) -> Destination:
    """Where `event`, as our own party would record it, goes. MEC-020 to MEC-025, REL-001."""
    match event:
        case NoticeFiled() | ClaimStated() | PaperFiled():
            return _released(state, event.releasable_to)
        case NoticeWithdrawn() | ClaimRevised() | ClaimWithdrawn() | PaperWithdrawn():
            return _released(state, _audience_of_first(state, event))
        case StatusStated():
            return _to(state, _author(state, event.notice))
        case OwnershipStated() | OwnershipCorrected():
            if isinstance(event.subject, OwnTrack):
                return HOME
            return _to(state, _author(state, event.subject))
        case JournalCommitted():
            return Shared(audience=())
        case _:
            return HOME if isinstance(event, HOME_EVENTS) else _by_object(state, event)


def _by_object(state: State, event: Event) -> Destination:
    """To whom the object that it is about was given; else it is of the line."""
    match event:
        case ShareGranted():
            return _released(state, event.terms.to)
        case ShareUpdated() | ShareRevoked():
            share = state.own.shares.get(event.share)
            return HOME if share is None else _released(state, share.granted.terms.to)
        case _ if isinstance(event, JointEvent | ActionEvent):
            return _to_holders(state, event.paper)
        case _:
            return _line(state, event)


def _audience_of_first(
    state: State, event: NoticeWithdrawn | ClaimRevised | ClaimWithdrawn | PaperWithdrawn
) -> tuple[PartyId, ...]:
    """Whom the thing was released to; what stays at home, or is not there, to nobody."""
    match event:
        case NoticeWithdrawn():
            held = state.own.notices.get(event.notice)
            return () if held is None else held.latest.event.releasable_to
        case ClaimRevised() | ClaimWithdrawn():
            claim = state.own.claims.get(event.claim)
            return () if claim is None else claim.stated.releasable_to
        case PaperWithdrawn():
            paper = state.own.papers.get(event.paper)
            return () if paper is None else paper.latest.event.releasable_to


def _line(state: State, event: Event) -> Destination:
    """To the one it is said to; what concerns every party, to every party."""
    match event:
        case CallPlaced():
            return _to(state, event.to_party)
        case (
            CallCorrected()
            | CallDisregarded()
            | StopRenewed()
            | StopLifted()
            | ReadBackChecked()
            | SummaryProposed()
            | CallClosed()
        ):
            call = state.own.calls.get(event.call)
            return HOME if call is None else _to(state, call.placed.to_party)
        case (
            CallDelivered()
            | CallReceived()
            | CallReadBack()
            | CallPassedOn()
            | CallActedOn()
            | SummaryConfirmed()
            | AnswerGiven()
            | AnswerCorrected()
        ):
            return _to(state, _author(state, event.call))
        case VoiceLogged() | VoiceLogCorrected():
            # A party without a node has the claim read to it; the log is in the feed all the same.
            found = _to(state, event.account.counterpart)
            return Shared(audience=()) if isinstance(found, Home) else found
        case _:
            return Shared(audience=tuple(other.party for other in state.others()))


def _released(state: State, parties: tuple[PartyId, ...]) -> Destination:
    known = {other.party for other in state.others()}
    audience = tuple(sorted(known & set(parties)))
    return Shared(audience=audience) if audience else HOME


def _to_holders(state: State, paper: ForeignRef) -> Destination:
    """To everyone who holds that version of the paper: its author, and those it was released to."""
    found = state.paper_at(paper) if isinstance(paper, EntryRef) else None
    if found is None:
        return HOME
    author, _, filed = found
    return _released(state, (author, *filed.event.releasable_to))


def _to(state: State, party: PartyId | None) -> Destination:
    return HOME if party is None else _released(state, (party,))


def _author(state: State, ref: ForeignRef) -> PartyId | None:
    if isinstance(ref, EntryRef):
        return state.setting.party_of(FeedId(ref.feed))
    return ref.party
