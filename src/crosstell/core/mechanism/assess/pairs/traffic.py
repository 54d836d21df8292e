"""Two tracks: separation and well clear between objects of different parties.

A pair is tested where one of the two is stated to be ours and the other is not: of two objects of
which nobody here says whose they are, no party owes the other anything under a protocol, and to
alert every pair of strangers would bury the alerts that matter.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.detection.about import TwoTracks, tracks_of
from crosstell.core.detection.alert import AlertKey
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair.traffic import pairing as between
from crosstell.core.detection.pair.trust import Basis, encounter_of
from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.detection.well_clear.pairing import WellClearEncounter
from crosstell.core.detection.well_clear.pairing import pairing as well_clear
from crosstell.core.detection.well_clear.thresholds import ALERT_SETS, WellClearLevel
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.assess.alerted import held_alerts
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Judged, Tested, at_level, judged_tests
from crosstell.core.mechanism.assess.nearness import Moving, held_tracks, widest
from crosstell.core.mechanism.assess.ownership import is_ours
from crosstell.core.mechanism.assess.staying import inside_for_s, stayed
from crosstell.core.mechanism.concern import Subject
from crosstell.core.picture.ownership import OwnTrack
from crosstell.core.picture.track import Track
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.protocol.rules.figures import WellClearRead
from crosstell.core.protocol.understanding import FigureReading
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two tracks in the order of their names, each with the motions that it is judged by."""

    about: TwoTracks
    first: tuple[JudgedMotion, ...]
    second: tuple[JudgedMotion, ...]


def between_tracks(
    state: State, moving: Moving, changed: frozenset[TrackId], now: datetime
) -> Iterator[Tested]:
    """What is found between each of our tracks and each other, of which one has changed.

    Tested are the pairs that may come near each other, and those of which an alert is held.
    """
    tests = judged_tests(state, Subject.TWO_TRACKS)
    if not tests or not any(isinstance(key, OwnTrack) for key in state.journal.ownership):
        return
    for own, other in sorted(_rows(state, moving, changed, tests)):
        about = TwoTracks(first=own, second=other)
        first, second = moving.motions(about.first), moving.motions(about.second)
        pair = _Pair(about=about, first=first, second=second)
        for judged in tests:
            yield _tested(state, pair, judged, now)


def is_concerned(state: State, tracks: Mapping[TrackId, Track], about: TwoTracks) -> bool:
    """Whether one of the two is stated to be ours, and the other is not."""
    first, second = tracks.get(about.first), tracks.get(about.second)
    if first is None or second is None:
        return False
    return is_ours(state, first) != is_ours(state, second)


def _rows(
    state: State,
    moving: Moving,
    changed: frozenset[TrackId],
    tests: tuple[Judged, ...],
) -> set[tuple[TrackId, TrackId]]:
    """The pairs to be tested, ours first. Implements MEC-120.

    How near two come that lose well clear depends on how fast they close: under such a rule no
    pair is left out.
    """
    near: list[tuple[TrackId, frozenset[TrackId]]]
    moved = [name for name in changed if moving.is_held(name)]
    if any(isinstance(judged.reading, FigureReading) for judged in tests):
        every = frozenset(name for name in moving.tracks if moving.is_held(name))
        near = [(name, every) for name in moved]
    else:
        reach = widest(judged.criterion for judged in tests)
        held = held_tracks(state, moving, reach)
        near = [(name, held.near(moving.motions(name), moving.now)) for name in moved]
        near += _alerted(state, moving, changed)
    named = {name for one, others in near for name in (one, *others)}
    ours = {name for name in named if is_ours(state, moving.tracks[name])}
    return {
        (name, other) if name in ours else (other, name)
        for name, others in near
        for other in others
        if (name in ours) is not (other in ours)
    }


def _alerted(
    state: State, moving: Moving, changed: frozenset[TrackId]
) -> list[tuple[TrackId, frozenset[TrackId]]]:
    """The pairs of held tracks, one of them changed, of which an alert is held, shown or not."""
    found = []
    held = held_alerts(state).of_track
    for name in changed & held.keys():
        for key in held[name]:
            both = tracks_of(key.about)
            if len(both) == 2 and all(map(moving.is_held, both)):
                found.append((both[0], frozenset(both[1:])))
    return found


def _tested(state: State, pair: _Pair, judged: Judged, now: datetime) -> Tested:
    if isinstance(judged.reading, FigureReading):
        return _well_clear(state, pair, judged, now)
    heights = Heights(state, now)

    def meet(one: Motion, two: Motion, criterion: Criterion) -> Encounter:
        return between(one, two, criterion, now, heights.of_two(one, two, criterion))

    encounter = _over_both(pair, judged.criterion, meet)
    key = AlertKey(rule=judged.criterion.rule, reading=judged.party, about=pair.about)
    inside_s = inside_for_s(state.journal.alerts.get(key), now)
    encounter = stayed(encounter, judged.minima.dwell_s, inside_s)
    return Tested(finding=encounter.finding(judged.criterion, about=pair.about), terms=judged.terms)


def _over_both(
    pair: _Pair,
    criterion: Criterion,
    meet: Callable[[Motion, Motion, Criterion], Encounter],
) -> Encounter:
    """Over every motion that either may have."""
    return encounter_of(
        pair.first,
        criterion,
        lambda one, outer: encounter_of(
            pair.second, outer, lambda two, inner: meet(one, two, inner)
        ),
    )


def _well_clear(state: State, pair: _Pair, judged: Judged, now: datetime) -> Tested:
    """The alert of the volume's own times, instead of the protocol's horizons."""
    assert isinstance(judged.reading, FigureReading), "well clear has no minima"
    figure = judged.reading.figure
    assert isinstance(figure, WellClearRead), "a reading of well clear names its volume"
    alerts, heights = ALERT_SETS[figure.volume], Heights(state, now)
    answers: list[WellClearEncounter] = []

    def meet(one: Motion, two: Motion, criterion: Criterion) -> Encounter:
        data = heights.of_two(one, two, criterion)
        answers.append(well_clear(one, two, alerts, criterion, now, data))
        return answers[-1].encounter

    encounter = _over_both(pair, judged.criterion, meet)
    possible = max(answer.possible for answer in answers)
    both = pair.first[0].basis is pair.second[0].basis is Basis.REPORTED
    reported = answers[0].reported if both else WellClearLevel.NONE
    return _alerting(judged, pair.about, encounter, reported, possible)


def _alerting(
    judged: Judged,
    about: TwoTracks,
    encounter: Encounter,
    reported: WellClearLevel,
    possible: WellClearLevel,
) -> Tested:
    """The finding at the level that the volume has, as reported and at worst."""
    if possible is WellClearLevel.NONE:
        encounter = replace(
            encounter,
            assessed=Assessed.CLEAR,
            reasons=tuple(one for one in encounter.reasons if one is Reason.NOT_TRUSTWORTHY),
            infringement_in_s=judged.criterion.horizon_s,
            nominal_in_s=None,
            exit_in_s=None,
        )
    elif reported is WellClearLevel.NONE:
        encounter = replace(encounter, assessed=Assessed.CANNOT_BE_RULED_OUT, nominal_in_s=None)
    terms = at_level(
        judged.terms,
        reported.severity or AlertLevel.ADVISORY,
        possible.severity or AlertLevel.ADVISORY,
    )
    return Tested(finding=encounter.finding(judged.criterion, about=about), terms=terms)
