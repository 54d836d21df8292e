"""Our own tracks against our own filed activities: told at our own desk only.

Nothing links a track to the activity that it is on, so a track is held to those that its own
history has led it into, whatever the time: one that never was in an activity is not on it.
Keeping to one of them is enough. Implements MEC-076, MEC-077.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.about import TrackOnActivity
from crosstell.core.detection.pair.conformance import (
    Conformity,
    Keeping,
    Terms,
    as_encounter,
    conformance,
)
from crosstell.core.geometry.motion import Motion
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests
from crosstell.core.mechanism.assess.ownership import is_ours
from crosstell.core.mechanism.assess.pairs.plans import clear, name_of
from crosstell.core.mechanism.assess.picturing import notices_ahead
from crosstell.core.mechanism.concern import Bearing, Subject, bears_on_own
from crosstell.core.picture.content import Activity
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.protocol.rules.traffic import Tolerance
from crosstell.core.protocol.understanding import FigureReading
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """How the newest motion keeps to one activity."""

    notice: StandingNotice
    conformity: Conformity

    @property
    def off(self) -> tuple[float, float]:
        """How far off: sideways, then in time."""
        found = self.conformity
        sideways_m = 0.0 if found.sideways_m is None else found.sideways_m
        return sideways_m, found.early_s + found.late_s


def on_own_activities(state: State, tracks: Iterable[Track], now: datetime) -> Iterator[Tested]:
    """What is found of each of our tracks that is on an activity of ours, in one order."""
    tests = judged_tests(state, Subject.TRACK_OF_ACTIVITY)
    if not tests:
        return
    own = [one for one in notices_ahead(state, now) if one.party == state.setting.party]
    heights = Heights(state, now)
    for track in tracks:
        if track.state is not TrackState.HELD or not is_ours(state, track):
            continue
        for judged in tests:
            named = [
                one for one in own if bears_on_own(judged.rule, one.content) is not Bearing.NOT
            ]
            yield from _tested(track, named, judged, heights)


def _tested(
    track: Track, named: list[StandingNotice], judged: Judged, heights: Heights
) -> Iterator[Tested]:
    """The nearest of those that the track is on, if it keeps to none; the others clear."""
    kept = [
        _Kept(
            notice=notice, conformity=_conformity(track.history[-1].motion, notice, judged, heights)
        )
        for notice in named
        if any(_is_in(seen.motion, notice, judged, heights) for seen in track.history)
    ]
    is_kept = any(one.conformity.keeping is Keeping.INSIDE for one in kept)
    nearest = min(kept, key=lambda one: one.off, default=None)
    for one in kept:
        about = TrackOnActivity(track=track.track, notice=name_of(one.notice))
        told = clear(judged)
        if one is nearest and not is_kept:
            told = as_encounter(one.conformity, judged.criterion)
        finding = told.finding(judged.criterion, about=about, versions=(one.notice.version,))
        yield Tested(finding=finding, terms=judged.terms)


def _is_in(motion: Motion, notice: StandingNotice, judged: Judged, heights: Heights) -> bool:
    """Whether it was in one of the activity's places, whenever that was."""
    found = _conformity(motion, notice, judged, heights, at=motion.at)
    return found.keeping is Keeping.INSIDE or (found.sideways_m == 0.0 and not found.height_m)


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
        stale_after_s=judged.criterion.stale_after_s,
    )
    data = heights.at_place(motion, content.volumes[0], judged.criterion)
    return conformance(motion, content.volumes, terms, at or heights.now, data)
