"""A feed that its party left: how much of it nobody is warned of, until a person has asked.

At a party that follows a resume, and at the one that resumed, nothing of the former feed is in a
picture. That is said until a person of ours has logged a voice call about it, and shown beside
what else is watched until as many notices are filed anew. Implements NOD-470, NOD-471.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.line.call import CallState
from crosstell.core.line.message import CallKind
from crosstell.core.picture.former import Former
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What of a former feed stands in no picture now.

    `notices` have not ended, and `filed` notices came in the party's next feed; `calls` are open.
    `needs_us`: no person of ours has spoken with the party since.
    """

    party: PartyId
    feed: FeedId
    notices: int
    calls: int
    filed: int
    needs_us: bool


def missing_of_former(state: State, now: datetime) -> Iterator[Missing]:
    """Of each former feed of which something may still hold, by party and feed."""
    for former in sorted(state.setting.left, key=lambda one: (one.party, one.feed)):
        notices, calls = former.standing_at(now), _open_calls(state, former)
        filed, spoken = _filed(state, former.party), _is_spoken(state, former)
        if notices > filed or (calls and not spoken):
            yield Missing(
                party=former.party,
                feed=former.feed,
                notices=notices,
                calls=calls,
                filed=filed,
                needs_us=not spoken,
            )


def former_alarms(state: State, now: datetime) -> tuple[str, ...]:
    """What a person must know and do at once, in words."""
    return tuple(_alarm(state, one) for one in missing_of_former(state, now) if one.needs_us)


def _alarm(state: State, one: Missing) -> str:
    if one.party == state.setting.party:
        return (
            f"our former feed {one.feed}: {one.notices} notices that had not ended and {one.calls} "
            f"open calls of it stand in no picture, here or elsewhere; {one.filed} notices are "
            "filed anew. File again what still holds, tell the others by telephone, and log the "
            "call with each"
        )
    return (
        f"{one.party} went on in a new feed: {one.notices} notices that had not ended and "
        f"{one.calls} open calls of its former feed {one.feed} stand in no picture here, and this "
        f"node warns of none of them; {one.filed} notices are filed anew. Ask {one.party} by "
        "telephone what still holds, go by that, and log the call"
    )


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


def _filed(state: State, party: PartyId) -> int:
    """How many notices the party has filed in the feed in which it goes on; home ones of ours."""
    home = len(state.journal.notices) if party == state.setting.party else 0
    return len(state.feeds[party].notices) + home


def _is_spoken(state: State, former: Former) -> bool:
    """Whether a person logged a voice call since: with that party; of our own feed, with each."""
    said = former.said if former.ours == state.setting.feed else 0
    own = state.setting.party
    asked = {party for party in state.feeds if party != own}
    if former.party != own:
        asked = {former.party}
    spoken = {
        log.account.counterpart
        for log in state.own.voice_logs.values()
        if log.logged_stamp.ref.seq >= said and log.account.kind is not CallKind.TEST
    }
    return asked <= spoken
