"""Two notices: a filed activity against another, or against a declared place, in four dimensions.

Judged as far ahead as they go, whoever filed them; the conflict has the same id for both sides
(`conflict_id`). What neither declares is not known here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crosstell.core.detection.about import NoticeOf, TwoNotices
from crosstell.core.detection.finding import Assessed, Encounter, Reason
from crosstell.core.detection.pair.plan import Overlap, pairing
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import later, seconds_between
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests, loudest
from crosstell.core.mechanism.assess.pairs.places import as_measured
from crosstell.core.mechanism.assess.picturing import notices_standing
from crosstell.core.mechanism.concern import Bearing, Subject, bears_between, of_others_only
from crosstell.core.picture.content import Activity, Content, volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.rules.traffic import Separation
from crosstell.core.state.state import State


def between_notices(state: State, changed: frozenset[NoticeOf], now: datetime) -> Iterator[Tested]:
    """What is found between each notice that changed and every other, in one order."""
    tests = judged_tests(state, Subject.TWO_NOTICES)
    if not tests:
        return
    standing = notices_standing(state, now)
    for place, first in enumerate(standing):
        for second in standing[place + 1 :]:
            if not {name_of(first), name_of(second)} & changed:
                continue
            for judged in tests:
                if bearing_of(judged, first, second) is not Bearing.NOT:
                    yield _tested(state, first, second, judged, now)


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
    state: State, first: StandingNotice, second: StandingNotice, judged: Judged, now: datetime
) -> Tested:
    about = TwoNotices(first=name_of(first), second=name_of(second))
    versions = (first.version, second.version)
    if about.first != name_of(first):
        versions = (second.version, first.version)
    unsure = bearing_of(judged, first, second) is Bearing.MAY_BEAR
    found = []
    heights = Heights(state, now)
    for one in measured_volumes(first.content, judged):
        for other in measured_volumes(second.content, judged):
            overlap = pairing(
                one, other, judged.criterion, heights.of_plans(one, other, judged.criterion)
            )
            encounter = lasting(overlap, judged, now)
            if unsure:
                encounter = of_unstated_kind(encounter)
            finding = encounter.finding(judged.criterion, about=about, versions=versions)
            found.append(Tested(finding=finding, terms=judged.terms))
    return loudest(found)


def measured_volumes(content: Content, judged: Judged) -> tuple[Volume, ...]:
    """The notice's volumes as this reading measures them; an activity's own heights stand."""
    volumes = volumes_of(content)
    if isinstance(content, Activity) and not isinstance(judged.rule, Separation):
        return volumes
    return tuple(as_measured(volume, judged) for volume in volumes)


def lasting(overlap: Overlap, judged: Judged, now: datetime) -> Encounter:
    """The overlap from `now` on, under a rule that may allow it for so long."""
    encounter = overlap.seen_from(now, judged.criterion)
    dwell_s, window = judged.minima.dwell_s, overlap.window
    if dwell_s is None or window is None or encounter.assessed is Assessed.CLEAR:
        return encounter
    if seconds_between(window.start, window.end) <= dwell_s:
        return clear(judged, encounter.distance_m)
    due_s = max(0.0, seconds_between(now, later(window.start, by_s=dwell_s)))
    nominal_in_s = None if encounter.nominal_in_s is None else due_s
    return replace(encounter, infringement_in_s=due_s, nominal_in_s=nominal_in_s)


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
