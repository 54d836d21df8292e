"""What this party holds at an instant, and how far ahead it looks.

The standing notices are worked out once for as long as the state's own maps are the same, and
brought up to date by what differs in them: they follow from the maps alone, so what is kept can
make a step quicker and never other (decision 22).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crosstell.core.detection.bulk.index.zones import ZoneIndex
from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId
from crosstell.core.instant import Window, later
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.notice import Notice, NoticeState
from crosstell.core.picture.picture import StandingNotice, standing_version
from crosstell.core.state.state import State

NODES_KEPT_MAX = 8  # of how many nodes in one process something is kept; a node needs one
Place = tuple[PartyId, NoticeId]


class Standing:
    """The standing notices of every feed and our own home ones, and an index of their volumes."""

    def __init__(self) -> None:
        """Of no notice."""
        self._maps: tuple[Mapping[Any, Any], ...] = ()
        self._held: dict[Place, Notice] = {}
        self._standing: dict[Place, StandingNotice] = {}
        self.index = ZoneIndex[Place]()
        self.in_order: tuple[StandingNotice, ...] = ()

    def get(self, place: Place) -> StandingNotice | None:
        """The standing version of that notice, if it stands."""
        return self._standing.get(place)

    def follow(self, state: State) -> None:
        """These are the notices of `state`."""
        feeds = state.feeds.values()
        maps: tuple[Mapping[Any, Any], ...] = (
            *(feed.notices for feed in feeds),
            state.journal.notices,
            state.journal.releases,
        )
        if len(maps) == len(self._maps) and all(map(_is_same, maps, self._maps)):
            return
        held = {(feed.party, name): one for feed in feeds for name, one in feed.notices.items()}
        for name, one in state.journal.notices.items():
            held.setdefault((state.setting.party, name), one)
        for name in twins(state):
            held.pop((state.setting.party, name), None)
        for place in self._held.keys() - held.keys():
            self._drop(place)
        for place, one in held.items():
            if self._held.get(place) is not one:
                self._put(place, one)
        self._maps, self._held = maps, held
        self.in_order = tuple(self._standing[place] for place in sorted(self._standing))

    def _put(self, place: Place, notice: Notice) -> None:
        if notice.state is NoticeState.WITHDRAWN:
            self._drop(place)
            return
        found = self._standing[place] = standing_version(place[0], notice)
        self.index.put(place, volumes_of(found.content))

    def _drop(self, place: Place) -> None:
        self._standing.pop(place, None)
        self.index.remove(place)


def twins(state: State) -> tuple[NoticeId, ...]:
    """Own notices that another form of the same stands for in our own detection. REL-014.

    Of a notice that stands at home and was released as it is, the released form counts, so that
    both sides name one thing; of one that was released coarser, the exact form counts at home.
    """
    found: list[NoticeId] = []
    if not state.journal.releases:
        return ()
    home, shared = state.journal.notices.values(), state.own.notices
    origins = {filed.stamp.ref: one for one in home for filed in one.versions}
    for release in state.journal.releases.values():
        under, item = NoticeId(release.event.under), release.event.item
        form = shared.get(under)
        origin = origins.get(item) if isinstance(item, EntryRef) else None
        if form is None or origin is None or NoticeState.WITHDRAWN in (origin.state, form.state):
            continue
        same = origin.latest.event.content == form.latest.event.content
        found.append(origin.notice if same else under)
    return tuple(found)


_KEPT: dict[FeedId, Standing] = {}  # by the name of a node's journal, the last used last


def standing_of(state: State) -> Standing:
    """The standing notices of this state. Valid until it is asked for another state."""
    kept = _KEPT.pop(state.setting.journal, None) or Standing()
    while len(_KEPT) >= NODES_KEPT_MAX:
        del _KEPT[next(iter(_KEPT))]
    kept.follow(state)
    _KEPT[state.setting.journal] = kept
    return kept


def ahead(state: State, now: datetime) -> Window:
    """How far detection looks: to the advisory horizon."""
    horizon_s = state.setting.protocol.alerts.horizons.advisory_s
    return Window(start=now, end=later(now, by_s=horizon_s))


def notices_standing(state: State, now: datetime) -> tuple[StandingNotice, ...]:
    """The standing notices of which some window is not over yet, by party and id."""
    return tuple(
        notice
        for notice in standing_of(state).in_order
        if any(volume.window.end > now for volume in volumes_of(notice.content))
    )


def _is_same(one: object, other: object) -> bool:
    return one is other
