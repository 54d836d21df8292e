"""What a person may have recorded, and what the mechanism fills in.

A person asks for the very event that is to be recorded. Here it is judged: is it theirs to say,
does it name what is held, is it addressed to us, do the tables allow it. No rule blocks a notice
or waits for another party.
"""

from dataclasses import replace
from datetime import datetime

from crosstell.core.assessment.account.claim import ClaimRevised, ClaimStated
from crosstell.core.assessment.account.content import Place
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.incident.corrective_action import ActionEvent
from crosstell.core.incident.joint_text import JointEvent
from crosstell.core.incident.paper import ActionProposal, IncidentFile, JointText, PaperFiled
from crosstell.core.instant import later
from crosstell.core.line.acknowledgement import AcknowledgementEvent
from crosstell.core.line.answer import AnswerCorrected, AnswerEvent, AnswerGiven
from crosstell.core.line.escalation import LadderEnd, LadderEnded, RaisedAlert
from crosstell.core.line.message import CallPlaced, SentBy
from crosstell.core.mechanism.inputs import Act, ActOnce
from crosstell.core.mechanism.naming import entries_in, in_words, resolve
from crosstell.core.mechanism.outgoing import Outgoing, Step
from crosstell.core.mechanism.release import HOME, Destination, Home, destination
from crosstell.core.mechanism.releasing.giving import following, next_copy, uncopied
from crosstell.core.mechanism.unfit import by_nobody_here, of_no_file, unfit
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.ownership import OwnershipCorrected, OwnershipStated
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.roles import Role, RoleDeclared, RoleState, out_of_scope
from crosstell.core.picture.scoped import named_in
from crosstell.core.picture.status import StatusStated
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.protocol.understanding import (
    Understanding,
    UnderstandingStated,
    unread,
)
from crosstell.core.state.acts import BY_NODE_ALONE, HOME_ACTS
from crosstell.core.state.events import (
    HOME_EVENTS,
    CommandRefused,
    Event,
)
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, judge, taken_by
from crosstell.core.table import Stamp


def act(state: State, asked: Act, now: datetime) -> Step:
    """The step that follows from a person's act. Implements MEC-030 to MEC-038."""
    misplaced = (
        by_nobody_here(state, asked.by)
        or _by_no_person(asked.body)
        or unfit(state, asked.body, now)
    )
    if misplaced is not None:
        return _refusal(state, asked, misplaced)
    resolved = resolve(state, asked.body)
    if isinstance(resolved, Refused):
        return _refusal(state, asked, resolved)
    body = _filled(state, resolved, now)
    also = following(state, body)
    events: list[Outgoing] = []
    for one in (body, *(also if isinstance(also, tuple) else ())):
        to = destination(state, one)
        answer = _forbidden(state, one, asked.by, to) or judge(
            state, _provisional(state, one, asked.by, to, now)
        )
        if isinstance(answer, Duplicate) and not _may_say_again(state, one):
            return Step(state=state, no=answer)
        if isinstance(answer, Refused):
            return _refusal(state, asked, answer)
        events.append(Outgoing(body=one, to=to, by=asked.by))
    if isinstance(also, Refused):
        return _refusal(state, asked, also)
    return Step(state=state, events=tuple(events))


def _may_say_again(state: State, body: Event) -> bool:
    """Whether it may be signed once more: another party goes on in a new feed. Implements PRO-057.

    What that party may not have any more is said to it again; with all others the first stands.
    """
    others = {party for party, _ in state.setting.former} - {state.setting.party}
    return bool(others) and isinstance(body, ProtocolSigned | UnderstandingStated)


def _forbidden(state: State, body: Event, by: Speaker, to: Destination) -> Refused | None:
    """Why this may not be said by this person to these, whatever the tables allow."""
    return (
        _not_ours_to_say(state, body)
        or _beyond_scope(state, body, by)
        or _misreleased(state, body, to)
        or _names_home(state, body, to)
        or _by_one_person(body, by, to)
        or _read_by_nothing(state, body)
        or (uncopied(state, body, by) if isinstance(body, CopyMade) else None)
    )


def _refusal(state: State, asked: Act, refused: Refused) -> Step:
    noted = CommandRefused(
        asked=type(asked.body).__name__,
        code=refused.code,
        text=refused.text,
        asked_as=asked.name if isinstance(asked, ActOnce) else None,
    )
    return Step(state=state, events=(Outgoing(body=noted, to=HOME, by=asked.by),), no=refused)


def _by_no_person(body: Event) -> Refused | None:
    """Refuse what no person says."""
    if isinstance(body, LadderEnded) and isinstance(body.matter.subject, RaisedAlert):
        text = f"alert {body.matter.subject.alert}: acknowledge the alert itself, at its level"
        return Refused(code=RefusalCode.WRONG_STATE, text=text)
    by_person = not isinstance(body, LadderEnded) or body.end is LadderEnd.ACKNOWLEDGED
    home_only = isinstance(body, HOME_EVENTS) and not isinstance(body, HOME_ACTS)
    if home_only or not by_person or isinstance(body, BY_NODE_ALONE):
        text = f"{in_words(body)}: a node records that of itself, no person does"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    return None


def _filled(state: State, body: Event, now: datetime) -> Event:
    """The event with what the protocol says filled in where the person left it out."""
    if isinstance(body, CallPlaced):
        return with_answer_time(state, replace(body, sent_by=SentBy.PERSON), now)
    if isinstance(body, CopyMade) and body.number is None:
        return replace(body, number=next_copy(state))
    return body


def with_answer_time(state: State, placed: CallPlaced, now: datetime) -> CallPlaced:
    """The call with its answer clock: the protocol's, unless its caller set one."""
    if placed.answer_by is not None:
        return placed
    row = state.setting.protocol.answer_time(placed.kind, placed.precedence)
    return replace(placed, answer_by=later(now, by_s=row.answer_s))


def _not_ours_to_say(state: State, body: Event) -> Refused | None:
    """Refuse a call to nobody we share a protocol with, and words about a call not made to us."""
    if isinstance(body, CallPlaced):
        return _nobody_to_call(state, body)
    if isinstance(body, ProtocolSigned):
        return _not_the_document(state, body)
    if isinstance(body, JointEvent | ActionEvent):
        return _not_ours_to_answer(state, body)
    if isinstance(body, PaperFiled):
        return of_no_file(state, body)
    if not isinstance(body, AcknowledgementEvent | AnswerEvent):
        return None
    assert isinstance(body.call, EntryRef), "resolved above"
    found = state.call_at(body.call)
    if found is None:
        text = f"entry {body.call.seq} of feed {body.call.feed} placed no call; name the call's id"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if found.placed.to_party != state.setting.party:
        text = f"call {found.placed.call} is to {found.placed.to_party}, not to us"
        return Refused(code=RefusalCode.NOT_ADDRESSED, text=text)
    return None


def _not_the_document(state: State, body: ProtocolSigned) -> Refused | None:
    """Refuse a signature under a document that this node does not hold. Implements MEC-034."""
    if body.protocol == state.setting.digest:
        return None
    text = (
        f"digest {body.protocol} is of no document that this node holds; this node's is "
        f"{state.setting.digest}: compare it digit by digit"
    )
    return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)


def _not_ours_to_answer(state: State, body: JointEvent | ActionEvent) -> Refused | None:
    """Refuse to sign what does not name us or no longer stands, and another's action."""
    assert isinstance(body.paper, EntryRef), "resolved above"
    found = state.paper_at(body.paper)
    if found is None:
        text = f"entry {body.paper.seq} of feed {body.paper.feed} filed no paper; name the paper"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    _, paper, filed = found
    own, content = state.setting.party, filed.event.content
    wanted = JointText if isinstance(body, JointEvent) else ActionProposal
    if not isinstance(content, wanted):
        needed = "a joint text" if wanted is JointText else "an action proposal"
        text = f"paper {paper.paper}: its content is {in_words(content)}; this act needs {needed}"
    elif not paper.stands:
        text = f"paper {paper.paper} is withdrawn"
    elif isinstance(content, JointText) and own not in content.parties:
        text = f"paper {paper.paper} names {', '.join(content.parties)}, not {own}"
    elif isinstance(content, JointText) and filed != paper.latest:
        text = f"paper {paper.paper}: version {paper.latest.event.version} stands; answer that"
    elif isinstance(content, ActionProposal) and content.owner != own:
        text = f"paper {paper.paper} is for {content.owner} to undertake, not for {own}"
    else:
        return None
    return Refused(code=RefusalCode.NOT_ADDRESSED, text=text)


def _nobody_to_call(state: State, body: CallPlaced) -> Refused | None:
    protocol = state.setting.protocol
    if body.to_party not in state.feeds or body.to_party == state.setting.party:
        names = ", ".join(other.party for other in state.others())
        text = f"call {body.call}: {body.to_party} is no counterpart here; call one of: {names}"
    elif protocol.role(body.to_role) is None:
        names = ", ".join(role.id for role in protocol.roles)
        text = f"call {body.call}: {body.to_role} is no role of this protocol; call one of: {names}"
    else:
        return None
    return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)


def _misreleased(state: State, body: Event, to: Destination) -> Refused | None:
    """Refuse what would reach nobody it is meant for, or only some of those who hold a part.

    Who holds one version of a notice acts on it, so every later version and the withdrawal go to
    the same parties: an audience is set once. Nobody is asked for leave. Implements MEC-026.
    """
    if not taken_by(body, home=isinstance(to, Home)):
        text = f"{in_words(body)}: would reach nobody; check whom and what it names, and name "
        text += "what is ours by its id alone"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if not isinstance(body, NoticeFiled | ClaimStated | PaperFiled):
        return None
    known = {*state.feeds, *(party.id for party in state.setting.protocol.parties)}
    strangers = sorted(set(body.releasable_to) - known)
    if strangers:
        text = f"{_called(body)}: releasable to {strangers[0]}, who is no party here"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    before = _released_before(state, body)
    if before is None or set(before) == set(body.releasable_to):
        return None
    text = (
        f"{_called(body)} is releasable to other parties than its version before; file it under a "
        "new id, and withdraw this one"
    )
    return Refused(code=RefusalCode.NOT_RELEASED, text=text)


def _names_home(state: State, body: Event, to: Destination) -> Refused | None:
    """Refuse to release what names an entry of the journal: not even its number leaves. MEC-114."""
    if isinstance(to, Home) or all(ref.feed != state.journal.feed for ref in entries_in(body)):
        return None
    text = "it names something that stays at home; release that first, or leave it out"
    return Refused(code=RefusalCode.NOT_RELEASED, text=text)


def _by_one_person(body: Event, by: Speaker, to: Destination) -> Refused | None:
    """Refuse to release a position in a claim or a paper by one person alone. MEC-115."""
    if isinstance(to, Home) or not isinstance(body, ClaimStated | ClaimRevised | PaperFiled):
        return None
    if not states_a_position(body):
        return None
    second = body.second
    if second is not None and _is_another_of_ours(second, by):
        return None
    text = "it states a position; name a second person of ours, of another role or watch"
    return Refused(code=RefusalCode.NOT_RELEASED, text=text)


def _is_another_of_ours(second: Speaker, by: Speaker) -> bool:
    return second.party == by.party and (second.role, second.watch) != (by.role, by.watch)


def states_a_position(body: ClaimStated | ClaimRevised | PaperFiled) -> bool:
    """Whether it says where something is."""
    content = body.content
    if isinstance(content, IncidentFile):
        return content.place is not None or content.reference is not None
    return isinstance(content, Place)


def _released_before(
    state: State, body: NoticeFiled | ClaimStated | PaperFiled
) -> tuple[PartyId, ...] | None:
    """Whom what has this id was released to; None if nothing of ours has it, in either log."""
    own = state.setting.party
    match body:
        case NoticeFiled():
            notice = state.notice(own, body.notice)
            return None if notice is None else notice.latest.event.releasable_to
        case ClaimStated():
            claim = state.claim(own, body.claim)
            return None if claim is None else claim.stated.releasable_to
        case PaperFiled():
            paper = state.paper(own, body.paper)
            return None if paper is None else paper.latest.event.releasable_to


def _called(body: NoticeFiled | ClaimStated | PaperFiled) -> str:
    match body:
        case NoticeFiled():
            return f"notice {body.notice}"
        case ClaimStated():
            return f"claim {body.claim}"
        case PaperFiled():
            return f"paper {body.paper}"


def _read_by_nothing(state: State, body: Event) -> Refused | None:
    """Refuse figures of an understanding that nothing would evaluate: they would look as if."""
    if not isinstance(body, UnderstandingStated):
        return None
    protocol = state.setting.protocol
    rules = (*protocol.rules, *protocol.lead_times)
    rule = next((one for one in rules if one.id == body.rule), None)
    if rule is None:
        return None
    stated = Understanding(
        party=state.setting.party,
        rule=body.rule,
        text=body.text,
        minima=body.minima,
        figure=body.figure,
    )
    text = unread(rule, stated)
    if text is None:
        return None
    return Refused(code=RefusalCode.WRONG_STATE, text=f"{text}; or leave it to the words")


def _beyond_scope(state: State, body: Event, by: Speaker) -> Refused | None:
    """Refuse a statement for a component that the speaker's role cannot speak for.

    To pass a call on to a component, or to declare who may speak for it, is not to speak for it.
    """
    match body:
        case CallPlaced(on_behalf=scope) if scope == Scope():
            return None  # a call that names no component is open to every role: nothing delays it
        case (
            CallPlaced(on_behalf=scope)
            | StatusStated(scope=scope)
            | OwnershipStated(scope=scope)
            | OwnershipCorrected(scope=scope)
        ):
            said = scope
        case AnswerGiven(answer=answer) | AnswerCorrected(answer=answer):
            said = answer.scope
        case _:
            return None
    role = state.own.roles.get(by.role) or _role_of_protocol(state, by)
    beyond = None if role is None else out_of_scope(role, said)
    is_answer = isinstance(body, AnswerGiven | AnswerCorrected)
    return beyond or (_of_nobody(state, said) if is_answer else None)


def _of_nobody(state: State, said: Scope) -> Refused | None:
    """Refuse an answer for a component that neither the protocol nor a role of ours names.

    Implements API-471. A call is never held up for it.
    """
    party = state.setting.protocol.party(state.setting.party)
    listed = () if party is None else tuple(one.id for one in party.components)
    declared = named_in(role.declared.scope for role in state.own.roles.values())
    known = {*listed, *declared}
    unknown = [one for one in named_in((said,)) if one not in known]
    if not unknown:
        return None
    names = ", ".join(sorted(known)) or "none"
    return Refused(
        code=RefusalCode.OUT_OF_SCOPE,
        text=f"no component {', '.join(unknown)} is named by the protocol or by a role of ours "
        f"(named are: {names}); name one of these, or leave the scope out to speak for the whole "
        "party",
    )


def _role_of_protocol(state: State, by: Speaker) -> Role | None:
    """The role as the protocol itself limits it; what the party declared goes before this."""
    party = state.setting.protocol.party(by.party)
    for one in () if party is None else party.scopes:
        if one.role == by.role:
            declared = RoleDeclared(role=by.role, title=by.role, scope=one.scope)
            ref = EntryRef(feed=state.own.feed, seq=0, hash="")
            at = state.setting.protocol.starts
            return Role(state=RoleState.DECLARED, declared=declared, stamp=Stamp(ref=ref, at=at))
    return None


def _provisional(state: State, body: Event, by: Speaker, to: Destination, now: datetime) -> Held:
    """The entry as it would be, for the tables to judge; its hash is not yet known.

    Its time is that of the entry: never before what this node has signed or seen, though our clock
    may be behind that. Implements MEC-039.
    """
    log = state.journal if isinstance(to, Home) else state.own
    seen = (one.latest_at for one in (log, *state.others()) if one.latest_at is not None)
    ref = EntryRef(feed=log.feed, seq=log.size, hash="")
    kind = type(body).__name__
    return Held(ref=ref, kind=kind, at=max(now, *seen), audience=(), by=by, body=body)
