"""A feed that its party left: what of it nobody is warned of, and where that was.

At a party that follows a resume, and at the one that resumed, nothing of the former feed is in a
picture. That is said until a person of ours has logged a voice call about it, and what had a place
is shown as last known until it is filed anew or over. Nothing is tested against it: nobody could
withdraw it any more, and what is tested is what stands. Implements NOD-470, NOD-471, NOD-490 to
NOD-493.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId
from crosstell.core.line.call import CallState
from crosstell.core.line.message import CallKind
from crosstell.core.mechanism.screen.notices import KINDS, NOTICES_MAX
from crosstell.core.picture.content import Content, volumes_of
from crosstell.core.picture.former import Former, FormerNotice, is_filed_anew
from crosstell.core.picture.notice import Notice, NoticeTime, time_of
from crosstell.core.protocol.times import NoticeKind
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What of a former feed stands in no picture now.

    `notices` have neither ended nor been filed anew, as `filed` were; `calls` are open. `ask`:
    the parties that a person of ours has yet to call about it; of our own feed, every other one.
    """

    party: PartyId
    feed: FeedId
    notices: tuple[FormerNotice, ...]
    calls: int
    filed: int
    ask: tuple[PartyId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenFormerNotice:
    """A notice of a former feed as it was last known; it stands no longer, and is no notice.

    `starts` and `ends` are of all its windows. Without `content` it is known by its id alone.
    """

    party: PartyId
    feed: FeedId
    notice: NoticeId
    kind: NoticeKind | None = None
    ref: EntryRef | None = None
    content: Content | None = None
    marking: str | None = None
    filed_at: datetime | None = None
    time: NoticeTime | None = None
    starts: datetime | None = None
    ends: datetime | None = None


def missing_of_former(state: State, now: datetime) -> Iterator[Missing]:
    """Of each former feed of which something may still hold, by party and feed."""
    for former in sorted(state.setting.left, key=lambda one: (one.party, one.feed)):
        ask, calls = _to_ask(state, former), _open_calls(state, former)
        held = _held(state, former.party)
        may_hold = [one for one in former.notices if _may_hold(one, now, is_asked=not ask)]
        left = tuple(one for one in may_hold if not is_filed_anew(one, held))
        if left or (calls and ask):
            yield Missing(
                party=former.party,
                feed=former.feed,
                notices=left,
                calls=calls,
                filed=len(may_hold) - len(left),
                ask=ask,
            )


def former_notices_of(state: State, now: datetime) -> tuple[ScreenFormerNotice, ...]:
    """What of former feeds is shown as last known, by party, feed and id. Implements NOD-490."""
    found = [
        _shown(one, notice, now) for one in missing_of_former(state, now) for notice in one.notices
    ]
    found.sort(key=lambda one: (one.party, one.feed, one.notice))
    return tuple(found[:NOTICES_MAX])


def former_alarms(state: State, now: datetime) -> tuple[str, ...]:
    """What a person must know and do at once, in words."""
    return tuple(_alarm(state, one) for one in missing_of_former(state, now) if one.ask)


def _alarm(state: State, one: Missing) -> str:
    if one.party == state.setting.party:
        return (
            f"our former feed {one.feed}: {len(one.notices)} notices that had not ended and "
            f"{one.calls} open calls of it stand in no picture, here or elsewhere; {one.filed} "
            "notices are filed anew. File again what still holds, tell the others by telephone, "
            "and log the call with each as one about this feed"
        )
    return (
        f"{one.party} went on in a new feed: {len(one.notices)} notices that had not ended and "
        f"{one.calls} open calls of its former feed {one.feed} stand in no picture here, and this "
        f"node warns of none of them; {one.filed} notices are filed anew. Ask {one.party} by "
        "telephone what still holds, go by that, and log the call as one about this feed"
    )


def _shown(of: Missing, one: FormerNotice, now: datetime) -> ScreenFormerNotice:
    if one.filed is None:
        return ScreenFormerNotice(party=of.party, feed=of.feed, notice=one.notice, ends=one.ends)
    event, stamp = one.filed.event, one.filed.stamp
    windows = [volume.window for volume in volumes_of(event.content)]
    return ScreenFormerNotice(
        party=of.party,
        feed=of.feed,
        notice=one.notice,
        kind=KINDS.get(type(event.content)),
        ref=stamp.ref,
        content=event.content,
        marking=event.marking,
        filed_at=stamp.at,
        time=time_of(event.content, now),
        starts=min((window.start for window in windows), default=None),
        ends=one.ends,
    )


def _may_hold(one: FormerNotice, now: datetime, *, is_asked: bool) -> bool:
    """Until its time is over; what has no time and no place, until it was asked about."""
    return not is_asked if one.ends is None else now < one.ends


def _open_calls(state: State, former: Former) -> int:
    """Those it had placed, and ours that it had taken up and that are not over."""
    taken = frozenset(former.taken) if former.ours == state.setting.feed else frozenset[int]()
    ours = (
        call
        for call in state.own.calls.values()
        if call.placed_stamp.ref.seq in taken
        and call.state not in (CallState.CLOSED, CallState.DISREGARDED)
    )
    return len(former.placed) + sum(1 for _ in ours)


def _held(state: State, party: PartyId) -> tuple[Notice, ...]:
    """Every notice of the party in the feed in which it goes on, withdrawn or not; ours at home."""
    home = state.journal.notices.values() if party == state.setting.party else ()
    return (*state.feeds[party].notices.values(), *home)


def _to_ask(state: State, former: Former) -> tuple[PartyId, ...]:
    """With whom a person of ours has yet to log a voice call about that feed. NOD-494."""
    said = former.said if former.ours == state.setting.feed else 0
    own = state.setting.party
    asked = {party for party in state.feeds if party != own}
    if former.party != own:
        asked = {former.party}
    spoken = {
        log.account.counterpart
        for log in state.own.voice_logs.values()
        if log.logged_stamp.ref.seq >= said
        and log.account.kind is not CallKind.TEST
        and log.account.about_feed == former.feed
    }
    return tuple(sorted(asked - spoken))
