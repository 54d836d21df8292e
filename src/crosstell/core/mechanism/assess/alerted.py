"""The alerts that are held: which are shown, and which are of a track, out of all that ever were.

Worked out once for as long as the state's map of alerts is the same, and brought up to date by what
differs in it, as the standing notices are (decision 22): so no step walks the alerts of the past.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, compress, islice
from operator import is_, is_not
from typing import TypeVar

from crosstell.core.detection.about import tracks_of
from crosstell.core.detection.alert import Alert, AlertKey, shown_alert
from crosstell.core.ids import FeedId, TrackId
from crosstell.core.mechanism.assess.picturing import NODES_KEPT_MAX
from crosstell.core.state.state import State

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing follows for a shown alert from `since` on until `until`, while it rests on these."""

    on: tuple[object, ...]
    since: datetime
    until: datetime

    def holds(self, on: tuple[object, ...], now: datetime) -> bool:
        """Whether that is so now, of the very same objects."""
        return (
            self.since <= now < self.until
            and len(on) == len(self.on)
            and all(map(is_, on, self.on))
        )


class HeldAlerts:
    """The alerts of one node."""

    def __init__(self) -> None:
        """Of no alert."""
        self._alerts: Mapping[AlertKey, Alert] = {}
        self.shown: dict[AlertKey, Alert] = {}
        self.of_track: dict[TrackId, dict[AlertKey, None]] = {}
        self.settled: dict[AlertKey, Settled] = {}

    def follow(self, alerts: Mapping[AlertKey, Alert]) -> None:
        """These are the alerts."""
        if alerts is self._alerts:
            return
        changed = changed_in(alerts, self._alerts)
        if changed is None:
            self.shown, self.of_track, self.settled = {}, {}, {}
            changed = alerts
        for key in changed:
            alert = alerts[key]
            if shown_alert(alert):
                self.shown[key] = alert
            elif self.shown.pop(key, None) is not None:
                self.settled.pop(key, None)
            for name in tracks_of(key.about):
                self.of_track.setdefault(name, {})[key] = None
        self._alerts = alerts


def changed_in(now: Mapping[KeyT, object], before: Mapping[KeyT, object]) -> Iterable[KeyT] | None:
    """The keys that came, or under which another object is held; None where that is not sure.

    Maps grow at their end as a rule, so that their keys are the same objects in one order.
    """
    if len(now) < len(before) or not all(map(is_, before, now)):
        return None
    others = compress(before, map(is_not, before.values(), now.values()))
    return chain(others, islice(now, len(before), None))


_KEPT: dict[FeedId, HeldAlerts] = {}  # by the name of a node's journal, the last used last


def held_alerts(state: State) -> HeldAlerts:
    """The alerts of this state. Valid until it is asked for another state."""
    kept = _KEPT.pop(state.setting.journal, None) or HeldAlerts()
    while len(_KEPT) >= NODES_KEPT_MAX:
        del _KEPT[next(iter(_KEPT))]
    kept.follow(state.journal.alerts)
    _KEPT[state.setting.journal] = kept
    return kept
