"""Tracks at declared places: which pairs some rule concerns, and what is found of each.

Every declared place is tested under the protocol's own text and under each party's
understanding, in one fixed order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.finding import Finding
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.volume import Volume
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests, urgency
from crosstell.core.mechanism.assess.picturing import notices_ahead
from crosstell.core.mechanism.rules import Test, bears
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.ownership import OwnershipState, OwnTrack, state_for
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.picture.scoped import ANY_OTHER
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.protocol.rule import MeasuredFrom, TracksConcerned
from crosstell.core.state.state import State

POINT_RADIUS_M = 0.001  # a circle of the grain of what is signed: its centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One track against one standing notice under one test."""

    track: Track
    notice: StandingNotice
    judged: Judged


def at_places(state: State, tracks: Iterable[Track], now: datetime) -> Iterator[Tested]:
    """What is found of each track at each place, in one order: track, notice, rule, reading."""
    notices = notices_ahead(state, now)
    tests = judged_tests(state)
    for pair in _pairs(state, tracks, notices, tests):
        yield Tested(finding=_finding(state, pair, now), terms=pair.judged.terms)


def _pairs(
    state: State,
    tracks: Iterable[Track],
    notices: tuple[StandingNotice, ...],
    tests: tuple[Judged, ...],
) -> Iterator[Pair]:
    for track in tracks:
        if track.state is not TrackState.HELD:
            continue
        for notice in notices:
            own = notice.party == state.setting.party
            for judged in tests:
                test = judged.test
                if bears(test.rule, notice.content) and not excepted(state, track, test, own=own):
                    yield Pair(track=track, notice=notice, judged=judged)


def is_ours(state: State, track: Track) -> bool:
    """Whether our own party has stated, for all of itself, that the track is ours."""
    held = state.journal.ownership.get(OwnTrack(track=track.track))
    return state_for(held, ANY_OTHER) is OwnershipState.OURS


def excepted(state: State, track: Track, test: Test, *, own: bool) -> bool:
    """Whether the rule is about others' tracks, and this is our own at our `own` place."""
    return own and test.rule.tracks is TracksConcerned.OF_OTHERS and is_ours(state, track)


def _finding(state: State, pair: Pair, now: datetime) -> Finding:
    """The worst over the notice's volumes: the one that alerts loudest, then the soonest."""
    latest = pair.track.latest
    assert latest is not None, "a held track has a motion"
    judged = pair.judged
    data = state.setting.conversions
    about = TrackAtNotice(
        track=pair.track.track,
        notice=NoticeOf(party=pair.notice.party, notice=pair.notice.notice),
    )
    encounters = [
        pairing(latest.motion, as_measured(volume, judged.test), judged.criterion, now, data)
        for volume in volumes_of(pair.notice.content)
    ]
    findings = [
        encounter.finding(judged.criterion, about=about, versions=(pair.notice.version,))
        for encounter in encounters
    ]
    return max(findings, key=lambda finding: urgency(finding, judged.terms))


def as_measured(volume: Volume, test: Test) -> Volume:
    """The volume from which this reading measures, and at which heights."""
    minima = test.reading.minima
    if minima.vertical_m is None:
        volume = replace(volume, lower=Unbounded(), upper=Unbounded())
    footprint = volume.footprint
    if minima.measured_from is MeasuredFrom.CENTRE and isinstance(footprint, Circle):
        point = Circle(centre=footprint.centre, radius_m=POINT_RADIUS_M)
        return replace(volume, footprint=point)
    return volume
