"""The time bar: what lies where in time, in four lanes, from what the screen already holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import PartyId
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.screen.alerts import ScreenAlert
from crosstell.core.mechanism.screen.calls import ScreenCall, ScreenVoiceLog
from crosstell.core.mechanism.screen.notices import ScreenNotice
from crosstell.core.picture.notice import NoticeState
from crosstell.core.protocol.times import NoticeKind

BACK_S = 6 * 3_600.0  # what ended longer ago than this is not on the bar
AHEAD_S = 12 * 3_600.0
ITEMS_MAX = 600


class Lane(StrEnum):
    """One lane of the bar."""

    NOTICES = "notices"
    ZONES = "zones"
    CONFLICTS = "conflicts"
    CALLS = "calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarItem:
    """A span `[start, end)`, or an instant where there is no end. `word` is its level or state.

    `ahead_at` is the infringement that a conflict predicts; `key` is that of its queue item.
    """

    lane: Lane
    key: str
    party: PartyId
    label: str
    word: str
    start: datetime
    end: datetime | None = None
    ahead_at: datetime | None = None


def bar_of(
    own: PartyId,
    now: datetime,
    *,
    alerts: tuple[ScreenAlert, ...],
    calls: tuple[ScreenCall, ...],
    notices: tuple[ScreenNotice, ...],
    logs: tuple[ScreenVoiceLog, ...],
) -> tuple[BarItem, ...]:
    """What lies within the bar's reach, by lane and start. Implements SCR-090."""
    found = [_notice(one) for one in notices if one.starts is not None]
    found += [_alert(own, one) for one in alerts]
    found += [_call(one) for one in calls]
    found += [_log(one) for one in logs]
    near = [one for one in found if _is_near(one, now)]
    near.sort(key=lambda one: (list(Lane).index(one.lane), one.start, one.key))
    return tuple(near[:ITEMS_MAX])


def _is_near(one: BarItem, now: datetime) -> bool:
    last = max(at for at in (one.start, one.end, one.ahead_at) if at is not None)
    return seconds_between(last, now) <= BACK_S and seconds_between(now, one.start) <= AHEAD_S


def _notice(one: ScreenNotice) -> BarItem:
    assert one.starts is not None
    is_zone = one.kind in (NoticeKind.ZONE, NoticeKind.AVOIDANCE_REQUEST)
    gone = one.state is NoticeState.WITHDRAWN
    return BarItem(
        lane=Lane.ZONES if is_zone else Lane.NOTICES,
        key=f"notice {one.party}/{one.notice}",
        party=one.party,
        label=one.notice,
        word="withdrawn" if gone else one.time.value,
        start=one.starts,
        end=one.ends,
    )


def _alert(own: PartyId, one: ScreenAlert) -> BarItem:
    return BarItem(
        lane=Lane.CONFLICTS,
        key=f"alert {one.alert}",
        party=own,
        label=one.alert,
        word=one.level.value if one.cleared_at is None else "cleared",
        start=one.raised_at,
        end=one.cleared_at,
        ahead_at=one.infringement_at if one.cleared_at is None else None,
    )


def _call(one: ScreenCall) -> BarItem:
    return BarItem(
        lane=Lane.CALLS,
        key=f"call {one.party}/{one.call}",
        party=one.party,
        label=one.call,
        word=one.kind.value,
        start=one.placed_at,
        end=one.ended_at,
    )


def _log(one: ScreenVoiceLog) -> BarItem:
    return BarItem(
        lane=Lane.CALLS,
        key=f"log {one.party}/{one.log}",
        party=one.party,
        label=one.log,
        word=one.account.kind.value,
        start=one.account.started_at,
        end=one.account.ended_at,
    )
