"""Our own tracks against our own filed activities: told at our own desk only.

Nothing links a track to the activity that it is on, so a track is held to those that its own
history has led it into, whatever the time: one that never was in an activity is not on it.
Keeping to one of them is enough. One that stays past the last window is late until it leaves.
Only its newest motion is looked at, but one that is not trusted neither tells nor clears for sure.
Implements MEC-076, MEC-077, MEC-096.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.about import TrackOnActivity
from crosstell.core.detection.alert import AlertKey, shown_alert
from crosstell.core.detection.pair.conformance import (
    Conformity,
    Keeping,
    Terms,
    as_encounter,
    conformance,
)
from crosstell.core.detection.pair.trust import as_doubted
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import later
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests
from crosstell.core.mechanism.assess.ownership import is_ours
from crosstell.core.mechanism.assess.pairs.plans import clear, name_of, of_unstated_kind
from crosstell.core.mechanism.assess.picturing import ahead, standing_of
from crosstell.core.mechanism.concern import Bearing, Subject, bears_on_own
from crosstell.core.picture.content import Activity, Content, volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.protocol.rules.traffic import Tolerance
from crosstell.core.protocol.understanding import FigureReading
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """How the newest motion keeps to one activity."""

    notice: StandingNotice
    is_over: bool
    conformity: Conformity

    @property
    def is_left(self) -> bool:
        """Whether the activity is over and the track not in its place: nothing is late any more."""
        found = self.conformity
        is_away = found.sideways_m != 0.0 or bool(found.height_m)
        return self.is_over and found.keeping is Keeping.OUTSIDE and is_away

    @property
    def off(self) -> tuple[float, float]:
        """How far off: sideways, then in time."""
        found = self.conformity
        sideways_m = 0.0 if found.sideways_m is None else found.sideways_m
        return sideways_m, found.early_s + found.late_s


def on_own_activities(state: State, tracks: Iterable[Track], now: datetime) -> Iterator[Tested]:
    """What is found of each of our tracks that is on an activity of ours, in one order."""
    ours = [one for one in tracks if one.state is TrackState.HELD and is_ours(state, one)]
    tests = judged_tests(state, Subject.TRACK_OF_ACTIVITY) if ours else ()
    if not tests:
        return
    own = _activities(state, now)
    heights = Heights(state, now)
    for track in ours:
        for judged in tests:
            named = [
                one for one in own if bears_on_own(judged.rule, one.content) is not Bearing.NOT
            ]
            yield from _tested(track, named, judged, heights)


def kept_until(state: State, content: Content) -> datetime:
    """Until when a track that does not leave an activity's place is told as late."""
    last = max(volume.window.end for volume in volumes_of(content))
    return later(last, by_s=state.setting.protocol.alerts.horizons.advisory_s)


def _activities(state: State, now: datetime) -> list[StandingNotice]:
    """Our standing activities that begin by the horizon and were not over long ago."""
    return [
        one
        for one in standing_of(state).in_order
        if one.party == state.setting.party
        and isinstance(one.content, Activity)
        and kept_until(state, one.content) > now
        and min(each.window.start for each in one.content.volumes) < ahead(state, now).end
    ]


def _tested(
    track: Track, named: list[StandingNotice], judged: Judged, heights: Heights
) -> Iterator[Tested]:
    """The nearest of those that the track is on, if it keeps to none; the others clear."""
    kept = [
        _Kept(
            notice=notice,
            is_over=all(each.window.end <= heights.now for each in volumes_of(notice.content)),
            conformity=_conformity(track.history[-1].motion, notice, judged, heights),
        )
        for notice in named
        if _is_on(track, notice, judged, heights)
    ]
    is_kept = any(one.conformity.keeping is Keeping.INSIDE for one in kept)
    nearest = min((one for one in kept if not one.is_left), key=lambda one: one.off, default=None)
    for one in kept:
        about = TrackOnActivity(track=track.track, notice=name_of(one.notice))
        told = clear(judged)
        if one is nearest and not is_kept:
            told = as_encounter(one.conformity, judged.criterion)
            if bears_on_own(judged.rule, one.notice.content) is Bearing.MAY_BEAR:
                told = of_unstated_kind(told)
        assert track.trust is not None, "a track that is held has had a motion"
        told = as_doubted(told, track.trust)
        finding = told.finding(judged.criterion, about=about, versions=(one.notice.version,))
        yield Tested(finding=finding, terms=judged.terms)


def _is_on(track: Track, notice: StandingNotice, judged: Judged, heights: Heights) -> bool:
    """Whether its history has led it into the activity, or an alert says that it was on it.

    Of an activity that is over, into it in its time: to come through later is not to be on it.
    """
    about = TrackOnActivity(track=track.track, notice=name_of(notice))
    key = AlertKey(rule=judged.criterion.rule, reading=judged.party, about=about)
    if shown_alert(heights.state.journal.alerts.get(key)):
        return True
    is_over = all(volume.window.end <= heights.now for volume in volumes_of(notice.content))
    return any(
        _is_in(seen.motion, notice, judged, heights, in_time=is_over) for seen in track.history
    )


def _is_in(
    motion: Motion,
    notice: StandingNotice,
    judged: Judged,
    heights: Heights,
    *,
    in_time: bool,
) -> bool:
    """Whether it was in one of the activity's places, in its time or whenever that was."""
    found = _conformity(motion, notice, judged, heights, at=motion.at)
    if found.keeping is Keeping.INSIDE or in_time:
        return found.keeping is Keeping.INSIDE
    return found.sideways_m == 0.0 and not found.height_m


def _conformity(
    motion: Motion,
    notice: StandingNotice,
    judged: Judged,
    heights: Heights,
    at: datetime | None = None,
) -> Conformity:
    content, reading = notice.content, judged.reading
    assert isinstance(content, Activity), "only an activity is kept to"
    assert isinstance(reading, FigureReading), "conformance has a tolerance"
    assert isinstance(reading.figure, Tolerance), "conformance has a tolerance"
    terms = Terms(
        tolerance=reading.figure,
        unknown_accuracy_m=judged.criterion.unknown_accuracy_m,
        unknown_vertical_accuracy_m=judged.criterion.high_accuracy_m,
        stale_after_s=judged.criterion.stale_after_s,
    )
    data = heights.at_place(motion, content.volumes[0], judged.criterion)
    return conformance(motion, content.volumes, terms, at or heights.now, data)
