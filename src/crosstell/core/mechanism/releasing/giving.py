"""What goes into the feed together with a home act that lets something out.

The act itself stays in the journal: it names the version at home and the purpose. What goes out is
an ordinary event of the feed, made here, and the same tables judge it as if a person had filed it.
"""

from collections.abc import Callable
from dataclasses import replace

from crosstell.core.assessment.account.claim import ClaimStated
from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.ids import ClaimId, EntryRef, NoticeId, PaperId, PartyId
from crosstell.core.incident.paper import PaperFiled
from crosstell.core.mechanism.naming import resolve
from crosstell.core.mechanism.releasing.sharing import granted
from crosstell.core.mechanism.releasing.telling import may_tell_a_place
from crosstell.core.picture.notice import Filed, NoticeFiled, NoticeState
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.coarse import coarse_content
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.release import ItemKind, ItemReleased
from crosstell.core.picture.releasing.share import TrackShared
from crosstell.core.state.events import Event
from crosstell.core.state.state import State


def following(state: State, body: Event) -> tuple[Event, ...] | Refused:
    """What is recorded in the feed with this act of a person, or why the act cannot be."""
    match body:
        case ItemReleased():
            return _strangers(state, body.to) or _released(state, body)
        case TrackShared():
            return _strangers(state, body.terms.to) or granted(state, body)
        case _:
            return ()


def needs_second(state: State, body: ItemReleased | TrackShared | CopyMade) -> bool:
    """Whether a second person must confirm it: where it may tell where somebody is. REL-016."""
    if isinstance(body, TrackShared):
        return True
    asked = resolve(state, body)
    if isinstance(asked, Refused):
        return False  # it names what is not held, and will be refused for that
    items = (asked.item,) if isinstance(asked, ItemReleased) else asked.items
    return may_tell_a_place(state, (item for item in items if isinstance(item, EntryRef)))


def next_copy(state: State) -> int:
    """The number that the next copy has. Implements REL-050."""
    return len(state.journal.copies) + 1


def uncopied(state: State, body: CopyMade, by: Speaker) -> Refused | None:
    """Refuse a copy out of turn, and one that tells positions by one person alone. REL-051."""
    if body.number != next_copy(state):
        text = f"copy {body.number} is out of turn; leave the number out, it is given"
        return Refused(code=RefusalCode.ALREADY_USED, text=text)
    if not needs_second(state, body):
        return None
    second = body.second
    if second is None or second.party != by.party or _is_same(second, by):
        text = "a copy that tells positions needs a second person, of another role or watch"
        return Refused(code=RefusalCode.NOT_RELEASED, text=text)
    return None


def _is_same(one: Speaker, other: Speaker) -> bool:
    return (one.role, one.watch) == (other.role, other.watch)


def _strangers(state: State, to: tuple[PartyId, ...]) -> Refused | None:
    """Refuse to release to who has no node here, and to ourselves."""
    known = {other.party for other in state.others()}
    for party in to:
        if party not in known:
            names = ", ".join(sorted(known))
            text = f"{party} has no node here; name one of: {names}, or make a copy for it"
            return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    return None


def _released(state: State, body: ItemReleased) -> tuple[Event, ...] | Refused:
    """The form of the item that goes out. Implements REL-010 to REL-014."""
    assert isinstance(body.item, EntryRef), "resolved before"
    try:
        found = _FORMS[body.kind](state, body, body.item)
    except ValueError as fault:  # of a coarser form that cannot be
        return Refused(code=RefusalCode.BAD_CONTENT, text=f"release {body.release}: {fault}")
    if found is None:
        text = f"release {body.release}: that entry is no version of a {body.kind} of ours"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    return found if isinstance(found, Refused) else (found,)


def _notice(state: State, body: ItemReleased, ref: EntryRef) -> NoticeFiled | Refused | None:
    found = _filed(state, ref)
    if found is None:
        return None
    is_over, filed = found
    if is_over:
        return _withdrawn(body)
    content = filed.event.content
    if body.coarsened is not None:
        content = coarse_content(content, body.coarsened)
    under = NoticeId(body.under)
    before = state.own.notices.get(under)
    if under in state.journal.notices or (before is not None and not _is_of(state, body, under)):
        return _used(body)
    return NoticeFiled(
        notice=under,
        version=1 if before is None else before.latest.event.version + 1,
        content=content,
        marking=body.marking,
        releasable_to=body.to,
        reason=None if before is None else "released again",
        second=body.second,
        coarsened=body.coarsened or filed.event.coarsened,
    )


def _filed(state: State, ref: EntryRef) -> tuple[bool, Filed] | None:
    """The version of a notice of ours that this entry filed, and whether it is withdrawn."""
    for notice in (*state.journal.notices.values(), *state.own.notices.values()):
        number = notice.version_of(ref)
        if number is not None:
            return notice.state is NoticeState.WITHDRAWN, notice.versions[number - 1]
    return None


def _is_of(state: State, body: ItemReleased, under: NoticeId) -> bool:
    """Whether what has that id was made of the same notice, so that a later version follows it."""
    assert isinstance(body.item, EntryRef), "resolved before"
    return any(
        earlier.event.under == under and _same_notice(state, earlier.event.item, body.item)
        for earlier in state.journal.releases.values()
    )


def _same_notice(state: State, one: object, other: EntryRef) -> bool:
    logs = (state.journal, state.own)
    return isinstance(one, EntryRef) and any(
        notice.version_of(one) is not None and notice.version_of(other) is not None
        for log in logs
        for notice in log.notices.values()
    )


def _claim(state: State, body: ItemReleased, ref: EntryRef) -> ClaimStated | Refused | None:
    if body.coarsened is not None:
        return _exact_alone(body)
    for claim in (*state.journal.claims.values(), *state.own.claims.values()):
        for version in claim.versions:
            if version.stamp.ref != ref:
                continue
            if claim.withdrawn is not None:
                return _withdrawn(body)
            under = ClaimId(body.under)
            if state.claim(state.setting.party, under) is not None:
                return _used(body)
            said = version.event
            return replace(
                claim.stated,
                claim=under,
                content=said.content,
                source=said.source,
                confidence=said.confidence,
                said_at=said.said_at,
                marking=body.marking,
                releasable_to=body.to,
                second=body.second,
            )
    return None


def _paper(state: State, body: ItemReleased, ref: EntryRef) -> PaperFiled | Refused | None:
    if body.coarsened is not None:
        return _exact_alone(body)
    found = state.paper_at(ref)
    if found is None or found[0] != state.setting.party:
        return None
    _, paper, filed = found
    if not paper.stands:
        return _withdrawn(body)
    under = PaperId(body.under)
    if state.paper(state.setting.party, under) is not None:
        return _used(body)
    return replace(
        filed.event,
        paper=under,
        version=1,
        marking=body.marking,
        releasable_to=body.to,
        reason=None,
        second=body.second,
    )


def _exact_alone(body: ItemReleased) -> Refused:
    text = f"release {body.release}: a {body.kind} has no coarser form; state one that says less"
    return Refused(code=RefusalCode.BAD_CONTENT, text=text)


def _withdrawn(body: ItemReleased) -> Refused:
    text = f"release {body.release}: that {body.kind} is withdrawn; release what stands"
    return Refused(code=RefusalCode.WRONG_STATE, text=text)


def _used(body: ItemReleased) -> Refused:
    text = f"release {body.release}: {body.under} is another {body.kind} of ours; name a new id"
    return Refused(code=RefusalCode.ALREADY_USED, text=text)


_FORMS: dict[ItemKind, Callable[[State, ItemReleased, EntryRef], Event | Refused | None]] = {
    ItemKind.NOTICE: _notice,
    ItemKind.CLAIM: _claim,
    ItemKind.PAPER: _paper,
}
