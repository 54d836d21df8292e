"""Tracks at declared places: which pairs some rule concerns, and what is found of each.

Every declared place is tested under the protocol's own text and under each party's
understanding, in one fixed order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.alert import AlertKey
from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.detection.pair.trust import encounter_of
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.cartesian import Vector
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import TrackId
from crosstell.core.instant import Window, seconds_between
from crosstell.core.mechanism.assess.alerted import held_alerts
from crosstell.core.mechanism.assess.heights import Heights, needs_conversion
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests, loudest
from crosstell.core.mechanism.assess.nearness import (
    Moving,
    been_at,
    places_been_at,
    places_beside,
    places_near,
    widest,
)
from crosstell.core.mechanism.assess.ownership import is_excepted
from crosstell.core.mechanism.assess.pairs.planned import (
    Led,
    activities_of,
    beside_course,
    places_led,
)
from crosstell.core.mechanism.assess.picturing import Place, ahead, standing_of
from crosstell.core.mechanism.assess.staying import inside_for_s, stayed
from crosstell.core.mechanism.concern import Bearing, Bearings, Subject, bears_on_track_at
from crosstell.core.mechanism.rules import overhead_volume
from crosstell.core.picture.content import Activity, volumes_of
from crosstell.core.picture.picture import StandingNotice, is_in_force_during
from crosstell.core.picture.track import Track
from crosstell.core.protocol.rule import MeasuredFrom
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.understanding import FigureReading
from crosstell.core.state.state import State

POINT_RADIUS_M = 0.001  # a circle of the grain of what is signed: its centre


def at_places(
    state: State, moving: Moving, changed: Iterable[TrackId], now: datetime
) -> Iterator[Tested]:
    """What is found of each changed track at each place, by track, notice, rule and reading.

    Tested are the places that it may come near, and those of which an alert with it is held.
    """
    tests = judged_tests(state, Subject.TRACK_AT_NOTICE)
    names = [name for name in sorted(changed) if moving.is_held(name)]
    if not tests or not names:
        return
    heights, standing, window = Heights(state, now), standing_of(state), ahead(state, now)
    reach = widest(judged.criterion for judged in tests)
    alerted = _alerted(state, frozenset(names))
    bearings = Bearings(judged.rule for judged in tests)
    for name in names:
        track, motions = moving.tracks[name], moving.motions(name)
        held = Seen(track=track, motions=motions, heights=heights)
        points = been_at(track)
        been = (standing.get(place) for place in places_been_at(standing, points))
        on = (one for one in been if one and isinstance(one.content, Activity))
        ways = _on_plan(held, points, _in_force(on, window), tests, now)
        near = places_near(state, motions, reach, now) | alerted.get(name, set())
        near |= places_beside(standing, (led.place for way in ways for led in way.led), reach)
        known = (standing.get(place) for place in sorted(near))
        borne = (one for one in known if one and bearings.any_on_track_at(one.content))
        for notice in _in_force(borne, window):
            for judged, way in zip(tests, ways, strict=True):
                yield from _if_concerned(state, way, notice, judged, now)


def _in_force(notices: Iterable[StandingNotice], window: Window) -> tuple[StandingNotice, ...]:
    """Those that share an instant with what lies ahead, in the same order."""
    return tuple(one for one in notices if is_in_force_during(one.content, window=window))


def _alerted(state: State, names: frozenset[TrackId]) -> dict[TrackId, set[Place]]:
    """The places of which an alert with one of these tracks is held, shown or not."""
    held = held_alerts(state).of_track
    return {
        name: {
            (key.about.notice.party, key.about.notice.notice)
            for key in held[name]
            if isinstance(key.about, TrackAtNotice)
        }
        for name in names & held.keys()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A track with the motions that it is judged by, and what its heights are converted by.

    `led` are the places that its declared activities lead it to, under the rule that is tested.
    """

    track: Track
    motions: tuple[JudgedMotion, ...]
    heights: Heights
    led: tuple[Led, ...] = ()

    def at(self, volume: Volume, motion: Motion, criterion: Criterion, now: datetime) -> Encounter:
        """How it stands to the volume, moving so."""
        stated = self.heights.state.setting.conversions
        found = pairing(motion, volume, criterion, now, stated)
        if found.assessed is Assessed.CLEAR or not needs_conversion(motion, volume):
            return found  # clear with fewer conversions is clear with more
        data = self.heights.at_place(motion, volume, criterion)
        return pairing(motion, volume, criterion, now, data)


def _on_plan(
    held: Seen,
    points: Sequence[Vector],
    notices: tuple[StandingNotice, ...],
    tests: tuple[Judged, ...],
    now: datetime,
) -> list[Seen]:
    """The same for each test, with the places that its declared activities lead it to."""
    state, criterion = held.heights.state, tests[0].criterion
    on = activities_of(state, held.track, points, notices, criterion)
    if not on:
        return [held] * len(tests)
    return [replace(held, led=places_led(held.motions, on, judged, now)) for judged in tests]


def _if_concerned(
    state: State, held: Seen, notice: StandingNotice, judged: Judged, now: datetime
) -> Iterator[Tested]:
    """What is found, if the rule is about this track at this place."""
    if bears_on_track_at(judged.rule, notice.content) is Bearing.NOT:
        return
    own = notice.party == state.setting.party
    if is_excepted(state, held.track, judged.rule, is_own_place=own):
        return
    about = _about(held, notice)
    key = AlertKey(rule=judged.criterion.rule, reading=judged.party, about=about)
    found = _tested(state, held, notice, judged, key, now)
    if found.finding.assessed is not Assessed.CLEAR or key in state.journal.alerts:
        yield found


def _about(held: Seen, notice: StandingNotice) -> TrackAtNotice:
    place = NoticeOf(party=notice.party, notice=notice.notice)
    return TrackAtNotice(track=held.track.track, notice=place)


def _tested(
    state: State,
    held: Seen,
    notice: StandingNotice,
    judged: Judged,
    key: AlertKey,
    now: datetime,
) -> Tested:
    """The worst over the notice's volumes: the one that alerts loudest, then the soonest."""
    before_s = inside_for_s(state.journal.alerts.get(key), now)
    found = []
    for volume in volumes_of(notice.content):
        measured = as_measured(volume, judged)
        encounter = encounter_of(
            held.motions,
            judged.criterion,
            partial(_at, held, measured, now),
        )
        if judged.minima.dwell_s is not None:
            inside_s = before_s or _seen_inside_s(held, measured, judged, now)
            encounter = stayed(encounter, judged.minima.dwell_s, inside_s)
        finding = encounter.finding(judged.criterion, about=key.about, versions=(notice.version,))
        course = Tested(finding=finding, terms=judged.terms)
        found.append(beside_course(course, held.led, notice, measured, judged, held.heights))
    return loudest(found)


def _at(
    held: Seen, volume: Volume, now: datetime, motion: Motion, criterion: Criterion
) -> Encounter:
    return held.at(volume, motion, criterion, now)


def _seen_inside_s(held: Seen, measured: Volume, judged: Judged, now: datetime) -> float:
    """For how long the track's own history shows it inside without a break, up to now."""
    since = now
    for seen in reversed(held.track.history):
        motion = seen.motion
        there = held.at(measured, motion, judged.criterion, motion.at)
        if there.nominal_in_s != 0.0:
            break
        since = min(since, motion.at)
    return seconds_between(since, now)


def as_measured(volume: Volume, judged: Judged) -> Volume:
    """The volume from which this reading measures, and at which heights."""
    reading = judged.reading
    if isinstance(reading, FigureReading) and isinstance(reading.figure, Overhead):
        return overhead_volume(volume, reading.figure)
    minima = judged.minima
    if minima.vertical_m is None:
        volume = replace(volume, lower=Unbounded(), upper=Unbounded())
    footprint = volume.footprint
    if minima.measured_from is MeasuredFrom.CENTRE and isinstance(footprint, Circle):
        point = Circle(centre=footprint.centre, radius_m=POINT_RADIUS_M)
        return replace(volume, footprint=point)
    return volume
