"""Names become entries: what a person calls by its id is recorded by feed, number and hash."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.ids import CallId, ClaimId, EntryRef, Latest, Named, NoticeId, PaperId
from crosstell.core.line.watch.broadcast import BroadcastId
from crosstell.core.line.watch.voice import VoiceLogId
from crosstell.core.state.state import FeedState, JournalState, State

ValueT = TypeVar("ValueT")
_OF_CALL = ("call", "content")  # fields that name a call, or a version of its content
_OF_NOTICE = ("notice",)
_OF_CLAIM = ("claim",)
_OF_ITEM = ("item", "items", "entry")  # what is released, copied or erased: whatever it is
_OF_PAPER = ("paper", "joint", "precedents")  # our own may be one that stays at home


class Unresolved(Exception):
    """A name that names no entry held here."""

    def __init__(self, name: Named | Latest) -> None:
        """Keep the name."""
        super().__init__(f"{name.party}/{name.id}")
        self.name = name


def resolve(state: State, event: ValueT) -> ValueT | Refused:
    """`event` with every `Named` and `Latest` in it replaced by an `EntryRef`, or why not."""
    try:
        found: ValueT = _walk(state, event)
    except Unresolved as missing:
        name = missing.name
        return Refused(
            code=RefusalCode.UNKNOWN_OBJECT,
            text=f"{name.party}/{name.id} names nothing that is held here; check the id, or wait "
            "until the entry has arrived",
        )
    return found


def first_entry(feed: FeedState, name: str, field: str = "") -> EntryRef | None:
    """The entry of this feed that first declared the object of that id.

    A call and a notice may have one id: the field that names it says which is meant.
    """
    if field not in _OF_NOTICE and (call := feed.calls.get(CallId(name))) is not None:
        return call.placed_stamp.ref
    if field not in _OF_CALL and (notice := feed.notices.get(NoticeId(name))) is not None:
        return notice.versions[0].stamp.ref
    if field in (*_OF_CALL, *_OF_NOTICE):
        return None
    if (sent := feed.broadcasts.get(BroadcastId(name))) is not None:
        return sent.sent_stamp.ref
    if (log := feed.voice_logs.get(VoiceLogId(name))) is not None:
        return log.logged_stamp.ref
    if (claim := feed.claims.get(ClaimId(name))) is not None:
        return claim.first_entry
    return None


def latest_entry(feed: FeedState, name: str, field: str = "") -> EntryRef | None:
    """The entry of this feed that holds the newest version of the object of that id."""
    if field not in _OF_NOTICE and (call := feed.calls.get(CallId(name))) is not None:
        return call.versions[-1].ref
    if field not in _OF_CALL and (notice := feed.notices.get(NoticeId(name))) is not None:
        return notice.latest.stamp.ref
    first = first_entry(feed, name, field)
    claim = feed.claims.get(ClaimId(name))
    return claim.latest.stamp.ref if claim is not None and first == claim.first_entry else first


def _walk(state: State, value: Any, name: str = "") -> Any:  # noqa: ANN401 - any recorded value
    if isinstance(value, Named | Latest):
        return _entry(state, value, name)
    if isinstance(value, tuple):
        walked = tuple(_walk(state, item, name) for item in value)
        return value if all(a is b for a, b in zip(walked, value, strict=True)) else walked
    if is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for field in fields(value):
            before = getattr(value, field.name)
            after = _walk(state, before, field.name)
            if after is not before:
                changes[field.name] = after
        return replace(value, **changes) if changes else value
    return value


def _entry(state: State, name: Named | Latest, field: str) -> EntryRef:
    feed = state.feeds.get(name.party)
    if feed is None:
        raise Unresolved(name)
    if field in _OF_PAPER:
        return _paper(state, name)
    if field in _OF_CLAIM:
        return _claim(state, name)
    if field in _OF_ITEM:
        return _item(state, name)
    find = latest_entry if isinstance(name, Latest) else first_entry
    found = find(feed, name.id, field)
    if found is None:
        raise Unresolved(name)
    return found


def _paper(state: State, name: Named | Latest) -> EntryRef:
    """The version of a paper that stands. A signature, or a deed, is about what stands."""
    held = state.paper(name.party, PaperId(name.id))
    if held is None:
        raise Unresolved(name)
    return held.latest.stamp.ref


def _claim(state: State, name: Named | Latest) -> EntryRef:
    """The newest version of a claim, and of nothing else that has this id."""
    held = state.claim(name.party, ClaimId(name.id))
    if held is None:
        raise Unresolved(name)
    return held.latest.stamp.ref


def _item(state: State, name: Named | Latest) -> EntryRef:
    """The newest version of a notice, claim or paper, at home first; else what has that id."""
    own = name.party == state.setting.party
    logs: tuple[FeedState | JournalState, ...] = (state.feeds[name.party],)
    for log in (state.journal, *logs) if own else logs:
        if (notice := log.notices.get(NoticeId(name.id))) is not None:
            return notice.latest.stamp.ref
        if (claim := log.claims.get(ClaimId(name.id))) is not None:
            return claim.latest.stamp.ref
        if (paper := log.papers.get(PaperId(name.id))) is not None:
            return paper.latest.stamp.ref
    found = latest_entry(state.feeds[name.party], name.id)
    if found is None:
        raise Unresolved(name)
    return found


def may_have_meant(state: State, name: Named | Latest, ref: EntryRef) -> bool:
    """Whether that entry declares the object of that name, in whichever version."""
    feed = state.feeds.get(name.party)
    if feed is None:
        return False
    own = name.party == state.setting.party
    if any(ref in _versions(log, name.id) for log in ((feed, state.journal) if own else (feed,))):
        return True
    call = feed.calls.get(CallId(name.id))
    if call is not None and ref in {call.placed_stamp.ref, *(one.ref for one in call.versions)}:
        return True
    return ref == first_entry(feed, name.id)


def _versions(log: FeedState | JournalState, name: str) -> set[EntryRef]:
    """Every version of the notice, the claim and the paper of that id."""
    notice = log.notices.get(NoticeId(name))
    claim, paper = log.claims.get(ClaimId(name)), log.papers.get(PaperId(name))
    held = (notice, claim, paper)
    return {one.stamp.ref for each in held if each is not None for one in each.versions}


def entries_in(value: object) -> Iterator[EntryRef]:
    """Every entry that a recorded value names, however deep."""
    if isinstance(value, EntryRef):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from entries_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from entries_in(getattr(value, field.name))


def in_words(value: object) -> str:
    """What a value is, as a person would say it: an act `NoticeFiled` is a "notice filed"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(value).__name__).lower()
