"""Tracks at a boundary of which each party has its own version: each version is a reading.

As far as the course goes to the horizon. A caution is found exactly (within `caution_m` of the
version's side, or in it); where inside it the versions agree that it infringes is found by steps
that cannot pass more than STEP_M_MIN of it, so that only a sliver thinner than that is told as a
caution, never as clear.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.about import OneTrack
from crosstell.core.detection.finding import Criterion, Encounter, Reason
from crosstell.core.detection.pair.trust import encounter_of
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.approach import Course, signed_distance_m
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import PartyId
from crosstell.core.instant import Window, later, seconds_between
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests, loudest
from crosstell.core.mechanism.assess.nearness import motions_of
from crosstell.core.mechanism.assess.ownership import is_ours
from crosstell.core.mechanism.assess.pairs.plans import clear
from crosstell.core.mechanism.concern import Subject
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.protocol.rule import AlertLevel, Boundary
from crosstell.core.protocol.rules.boundary import FromSide, Side, side_of
from crosstell.core.state.state import State

STEP_M_MIN = 50.0
STEPS_MAX = 4_000


def at_boundaries(state: State, tracks: Iterable[Track], now: datetime) -> Iterator[Tested]:
    """What is found of each track at each version of each boundary, in one order."""
    tests = judged_tests(state, Subject.TRACK)
    if not tests:
        return
    for track in tracks:
        if track.state is not TrackState.HELD:
            continue
        owner = state.setting.party if is_ours(state, track) else None
        for judged in tests:
            yield _tested(track, owner, judged, now)


def _tested(track: Track, owner: PartyId | None, judged: Judged, now: datetime) -> Tested:
    """The caution, or the infringement where that alerts louder; clear at one's own side."""
    about = OneTrack(track=track.track)
    if owner is not None and owner == judged.party:
        return Tested(
            finding=clear(judged).finding(judged.criterion, about=about), terms=judged.terms
        )
    motions = motions_of(track, now)
    caution = encounter_of(motions, judged.criterion, partial(_in_doubt, judged, now))
    unknown_max = judged.terms.unknown_level_max
    mild = replace(
        judged.terms,
        level_max=AlertLevel.ADVISORY,
        unknown_level_max=None if unknown_max is None else AlertLevel.ADVISORY,
    )
    found = [Tested(finding=caution.finding(judged.criterion, about=about), terms=mild)]
    at_s = _infringes_in_s(motions[0].motion, owner, judged, now)
    if caution.nominal_in_s is not None and at_s is not None:
        may_s = [_infringes_in_s(one.motion, owner, judged, now) for one in motions]
        doubt = tuple(one for one in caution.reasons if one is Reason.NOT_TRUSTWORTHY)
        whole = replace(
            caution,
            nominal_in_s=at_s,
            infringement_in_s=min(one for one in may_s if one is not None),
            reasons=doubt,
        )
        finding = whole.finding(judged.criterion, about=about)
        found.append(Tested(finding=finding, terms=judged.terms))
    return loudest(found)


def _in_doubt(judged: Judged, now: datetime, motion: Motion, criterion: Criterion) -> Encounter:
    """How the motion stands to the version's side, widened by the caution."""
    ever = Window(start=now, end=later(now, by_s=criterion.horizon_s + 1.0))
    sides = next(one.side for one in _boundary(judged).versions if one.party == judged.party)
    found = []
    for footprint in sides:
        whole = Volume(footprint=footprint, lower=Unbounded(), upper=Unbounded(), window=ever)
        found.append(pairing(motion, whole, criterion, now))
    return _earliest(found)


def _earliest(found: list[Encounter]) -> Encounter:
    """Of several footprints of one side the earliest, and as reported the earliest of those."""
    first = min(found, key=lambda one: (one.infringement_in_s, one.distance_m))
    reported = [one for one in found if one.nominal_in_s is not None]
    soonest = min(reported, key=lambda one: one.nominal_in_s or 0.0, default=first)
    if soonest is first:
        return first
    return replace(
        soonest,
        infringement_in_s=first.infringement_in_s,
        reasons=tuple(dict.fromkeys((*first.reasons, *soonest.reasons))),
        margin_m=first.margin_m,
    )


def _infringes_in_s(
    motion: Motion, owner: PartyId | None, judged: Judged, now: datetime
) -> float | None:
    """When it first is where the version is not in doubt, as reported; None if it never is."""
    velocity, age_s = motion.velocity, seconds_between(motion.at, now)
    if abs(age_s) > judged.criterion.stale_after_s:
        return None
    if velocity is None:
        return 0.0 if _gap_m(motion.position, owner, judged) is None else None
    way = Course.of(
        motion.position, track_deg=velocity.track_deg, speed_mps=velocity.speed_mps, lead_s=age_s
    )
    at_s = 0.0
    for _ in range(STEPS_MAX):
        if at_s > judged.criterion.horizon_s:
            return None
        gap_m = _gap_m(way.position(at_s), owner, judged)
        if gap_m is None:
            return at_s
        if velocity.speed_mps == 0.0:
            return None
        at_s += max(STEP_M_MIN, gap_m) / velocity.speed_mps
    return None


def _gap_m(here: Position, owner: PartyId | None, judged: Judged) -> float | None:
    """None where it infringes under this version; else at least so far from where it would."""
    assert judged.party is not None, "each version is a party's"
    caution_m = judged.minima.lateral_m
    distances = tuple(
        FromSide(
            party=version.party,
            distance_m=min(signed_distance_m(here, one) for one in version.side),
        )
        for version in _boundary(judged).versions
    )
    if side_of(judged.party, distances, owner=owner, caution_m=caution_m) is Side.INFRINGES:
        return None
    return max(
        one.distance_m + caution_m if one.party == judged.party else caution_m - one.distance_m
        for one in distances
    )


def _boundary(judged: Judged) -> Boundary:
    assert isinstance(judged.rule, Boundary), "only a boundary is about a track alone"
    return judged.rule
