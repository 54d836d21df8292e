"""Alerts about notices, whose infringement comes nearer though nothing changes.

Tracks are tested with each observation. Notices are tested when they are filed, and again when
the time to what they infringe reaches a level's horizon, and when what they infringed is over:
at the end of each of their windows, and where a calendar opens. Implements MEC-075, MEC-095.
"""

from collections.abc import Iterator
from datetime import datetime

from crosstell.core.detection.about import NoticeOf, notices_of, tracks_of
from crosstell.core.detection.alert import AlertDecision, Shown
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.instant import later
from crosstell.core.mechanism.assess.alerted import held_alerts
from crosstell.core.mechanism.assess.deciding import filed
from crosstell.core.picture.content import volumes_of
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.state.state import State

GRAIN_S = 0.001  # findings are told to the millisecond: by then it is over


def risen(state: State, now: datetime) -> tuple[AlertDecision, ...]:
    """What follows where an alert about notices may have risen, or may be over."""
    due: set[NoticeOf] = set()
    for notices, shown in _of_notices(state):
        if any(shown.finding_at < at <= now for at in _turns(state, notices, shown)):
            due.update(notices)
    return filed(state, frozenset(due), now) if due else ()


def next_rise_at(state: State, now: datetime) -> datetime | None:
    """The next instant after `now` at which an alert about notices may rise, or be over."""
    times = [
        at
        for notices, shown in _of_notices(state)
        for at in _turns(state, notices, shown)
        if at > now
    ]
    return min(times, default=None)


def _turns(state: State, notices: tuple[NoticeOf, ...], shown: Shown) -> Iterator[datetime]:
    """When the alert may rise, and when what it tells of may be over."""
    yield from _rises(state, shown)
    if shown.finding.exit_in_s is not None:
        yield later(shown.finding_at, by_s=shown.finding.exit_in_s + GRAIN_S)
    for one in notices:
        held = state.notice(one.party, one.notice)
        if held is not None:
            yield from (each.window.end for each in volumes_of(held.latest.event.content))


def _of_notices(state: State) -> Iterator[tuple[tuple[NoticeOf, ...], Shown]]:
    """The shown alerts that are about notices and no track."""
    for key, alert in held_alerts(state).shown.items():
        if alert.state is AlertState.SHOWN and alert.shown is not None and not tracks_of(key.about):
            yield notices_of(key.about), alert.shown


def _rises(state: State, shown: Shown) -> Iterator[datetime]:
    """When the time left reaches each horizon of a level above the one that is shown."""
    horizons = state.setting.protocol.alerts.horizons
    at = later(shown.finding_at, by_s=shown.finding.infringement_in_s)
    if shown.level is AlertLevel.ADVISORY:
        yield later(at, by_s=-horizons.urgent_s)
    if shown.level is not AlertLevel.CRITICAL:
        yield later(at, by_s=-horizons.critical_s)
