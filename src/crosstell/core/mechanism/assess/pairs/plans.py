"""Two notices: a filed activity against another, or against a declared place, in four dimensions.

Judged as far ahead as they go, whoever filed them; the conflict has the same id for both sides
(`conflict_id`). What neither declares is not known here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crosstell.core.detection.about import NoticeOf, TwoNotices, notices_of
from crosstell.core.detection.finding import Assessed, Encounter, Reason
from crosstell.core.detection.pair.plan import Overlap, pairing
from crosstell.core.geometry.approach import TIE_M
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import later, seconds_between
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests, loudest
from crosstell.core.mechanism.assess.pairs.boxes import box_of, rows_near
from crosstell.core.mechanism.assess.pairs.places import as_measured
from crosstell.core.mechanism.assess.picturing import notices_standing
from crosstell.core.mechanism.concern import Bearing, Subject, bears_between, of_others_only
from crosstell.core.picture.content import Activity, Content, volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.grain import SPAN_S_MAX
from crosstell.core.protocol.rules.duration import stretches
from crosstell.core.protocol.rules.traffic import Separation
from crosstell.core.state.state import State


def between_notices(state: State, changed: frozenset[NoticeOf], now: datetime) -> Iterator[Tested]:
    """What is found between each notice that changed and every other, in one order.

    Pairs that boxes about them keep apart are left out, unless an alert of the two is held.
    Implements MEC-080, MEC-091.
    """
    tests = judged_tests(state, Subject.TWO_NOTICES)
    if not tests:
        return
    standing = [one for one in notices_standing(state, now) if volumes_of(one.content)]
    heights = Heights(state, now)
    for one, other in sorted(_rows(state, standing, changed, tests)):
        first, second = standing[one], standing[other]
        for judged in tests:
            if bearing_of(judged, first, second) is not Bearing.NOT:
                yield _tested(heights, first, second, judged)


def _rows(
    state: State,
    standing: list[StandingNotice],
    changed: frozenset[NoticeOf],
    tests: tuple[Judged, ...],
) -> set[tuple[int, int]]:
    """The pairs to be tested, by their places among the standing notices, the lower first."""
    places = {name_of(notice): place for place, notice in enumerate(standing)}
    reach_m = max(judged.criterion.lateral_m for judged in tests) + TIE_M
    boxes = tuple(box_of(volumes_of(notice.content)) for notice in standing)
    rows = [places[name] for name in changed if name in places]
    found = rows_near(boxes, rows, reach_m)
    for key in state.journal.alerts:
        both = notices_of(key.about)
        if len(both) == 2 and changed.intersection(both) and places.keys() >= set(both):
            first, second = sorted(places[name] for name in both)
            found.add((first, second))
    return found


def name_of(notice: StandingNotice) -> NoticeOf:
    """The notice, whatever its version."""
    return NoticeOf(party=notice.party, notice=notice.notice)


def bearing_of(judged: Judged, first: StandingNotice, second: StandingNotice) -> Bearing:
    """Whether the rule is about these two, whichever of them is the activity."""
    if first.party == second.party and of_others_only(judged.rule):
        return Bearing.NOT
    found = {
        bears_between(judged.rule, first.content, second.content),
        bears_between(judged.rule, second.content, first.content),
    }
    return next(one for one in (Bearing.BEARS, Bearing.MAY_BEAR, Bearing.NOT) if one in found)


def _tested(
    heights: Heights, first: StandingNotice, second: StandingNotice, judged: Judged
) -> Tested:
    about = TwoNotices(first=name_of(first), second=name_of(second))
    versions = (first.version, second.version)
    if about.first != name_of(first):
        versions = (second.version, first.version)
    unsure = bearing_of(judged, first, second) is Bearing.MAY_BEAR
    overlaps = [
        pairing(one, other, judged.criterion, heights.of_plans(one, other, judged.criterion))
        for one in measured_volumes(first.content, judged)
        for other in measured_volumes(second.content, judged)
    ]
    found = []
    for encounter in lasting(overlaps, judged, heights.now):
        told = within_span(of_unstated_kind(encounter) if unsure else encounter)
        finding = told.finding(judged.criterion, about=about, versions=versions)
        found.append(Tested(finding=finding, terms=judged.terms))
    return loudest(found)


def measured_volumes(content: Content, judged: Judged) -> tuple[Volume, ...]:
    """The notice's volumes as this reading measures them; an activity's own heights stand."""
    volumes = volumes_of(content)
    if isinstance(content, Activity) and not isinstance(judged.rule, Separation):
        return volumes
    return tuple(as_measured(volume, judged) for volume in volumes)


def lasting(overlaps: list[Overlap], judged: Judged, now: datetime) -> Iterator[Encounter]:
    """The overlaps of two notices from `now` on, one answer at least.

    Under a rule that allows a stay, those that follow one another without a gap are one stay. It
    infringes if those that surely infringe are alone too long. Implements MEC-092.
    """
    if judged.minima.dwell_s is None:
        yield from (one.seen_from(now, judged.criterion) for one in overlaps)
        return
    yield clear(judged, min(one.lateral_m for one in overlaps))
    met = [one for one in overlaps if one.assessed is not Assessed.CLEAR]
    sure = [one for one in met if one.assessed is Assessed.INFRINGES]
    yield from _stays(sure, judged.minima.dwell_s, judged, now)
    if len(sure) < len(met):
        yield from _stays(met, judged.minima.dwell_s, judged, now)


def _stays(
    overlaps: list[Overlap], dwell_s: float, judged: Judged, now: datetime
) -> Iterator[Encounter]:
    """The stays of these that are too long; each is as sure as the least sure of its overlaps."""
    windows = [(one.window, one) for one in overlaps if one.window is not None]
    for stay in stretches(window for window, _ in windows):
        if seconds_between(stay.start, stay.end) <= dwell_s:
            continue
        inside = [one for window, one in windows if stay.start <= window.start < stay.end]
        least = max(inside, key=lambda one: one.assessed is not Assessed.INFRINGES)
        seen = replace(least, window=stay).seen_from(now, judged.criterion)
        due_s = max(0.0, seconds_between(now, later(stay.start, by_s=dwell_s)))
        nominal_in_s = None if seen.nominal_in_s is None else due_s
        if seen.assessed is not Assessed.CLEAR:
            yield replace(seen, infringement_in_s=due_s, nominal_in_s=nominal_in_s)


def within_span(encounter: Encounter) -> Encounter:
    """The same, told as at most SPAN_S_MAX ahead, so that it alerts. Implements MEC-093."""
    nominal_in_s = encounter.nominal_in_s
    return replace(
        encounter,
        infringement_in_s=min(encounter.infringement_in_s, SPAN_S_MAX),
        nominal_in_s=None if nominal_in_s is None else min(nominal_in_s, SPAN_S_MAX),
    )


def of_unstated_kind(encounter: Encounter) -> Encounter:
    """The same of an activity that may be of the kind that the rule is about, or not."""
    if encounter.assessed is Assessed.CLEAR:
        return encounter
    return replace(
        encounter,
        assessed=Assessed.CANNOT_BE_RULED_OUT,
        nominal_in_s=None,
        reasons=(*encounter.reasons, Reason.KIND_NOT_STATED),
    )


def clear(judged: Judged, distance_m: float = 0.0) -> Encounter:
    """Nothing is found."""
    return Encounter(
        assessed=Assessed.CLEAR,
        reasons=(),
        infringement_in_s=judged.criterion.horizon_s,
        nominal_in_s=None,
        distance_m=distance_m,
        margin_m=0.0,
    )
