"""What in the accounts calls for a second look: slips of time, figures that cannot all hold.

Units: seconds, metres, metres per second. Each finding names the claims it rests on and a figure.
It is a question to whoever stated or entered them, never a verdict: a finding does not say which
of two claims is wrong, nor that either is.

Assumptions: a slip of the clock leaves two times apart by a whole number of hours to within
SLIP_S; times told more loosely than NARROW_S are not looked at for slips, since a wide range fits
many. Offsets of local time are whole quarter hours from -12 to +14 hours.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from crosstell.core.altitude import AltitudeData
from crosstell.core.assessment.account.content import (
    Belongs,
    ClockReading,
    Distance,
    Duration,
    HeightWithoutDatum,
    Held,
    InArea,
    Measure,
    Moment,
    Place,
    Speed,
    Stated,
    ZoneOfTime,
    ZoneStatus,
)
from crosstell.core.assessment.account.difference import (
    Difference,
    Gap,
    GapUnit,
    Relation,
    Untestable,
    between,
)
from crosstell.core.assessment.account.ranges import Exactness, widened
from crosstell.core.assessment.account.side_by_side import HeldClaim, newest
from crosstell.core.geometry.approach import signed_distance_m
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import EntryRef
from crosstell.core.instant import seconds_between

HOUR_S = 3_600.0
HALF_DAY_S = 12 * HOUR_S
QUARTER_S = 900.0
OFFSET_S_LEAST, OFFSET_S_MOST = -12 * HOUR_S, 14 * HOUR_S
SLIP_S = 60.0
NARROW_S = 600.0


class Query(StrEnum):
    """What is asked about."""

    ZONE_NOT_STATED = "zone-not-stated"
    ZONE_ASSUMED = "zone-assumed"
    DATUM_NOT_STATED = "datum-not-stated"
    MEASURE_NOT_STATED = "measure-not-stated"
    HALF_DAY_APART = "half-day-apart"  # as if AM and PM were taken for each other
    WHOLE_HOURS_APART = "whole-hours-apart"  # as if a zone were taken for another
    ONE_ZONE_FITS = "one-zone-fits"  # a clock reading and an instant are one under this offset
    TWO_ACCOUNTS = "two-accounts"  # one voice, one topic, two claims that differ
    TWO_VOICES = "two-voices"  # and where two speak for one party
    REVISED = "revised"  # one voice changed its account
    IMPLIED_SPEED = "implied-speed"  # what distance and duration come to
    SPEED_DIFFERS = "speed-differs"  # and a stated speed that does not fit
    PLACE_AGAINST_AREA = "place-against-area"  # a stated place, and the area it is said to be in
    OUTSIDE_NOTIFIED_TIME = "outside-notified-time"  # a stated time, and the notice of the matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One question, the newest versions of the claims that raise it, and its figure if it has one.

    Of `ONE_ZONE_FITS` the figure is the offset from UTC, ahead of it positive; of `IMPLIED_SPEED`
    the range of speeds.
    """

    query: Query
    claims: tuple[EntryRef, ...]
    figure: Gap | None = None


def queries(
    claims: Iterable[HeldClaim],
    heights: AltitudeData,
    areas: Mapping[EntryRef, tuple[Volume, ...]],
) -> tuple[Finding, ...]:
    """Every question about the claims that stand, in one order. ACC-030 to ACC-039, ACC-610.

    `areas` are the volumes of the notices that claims name, by the entry they name.
    """
    standing = sorted((one for one in claims if one.stands), key=lambda one: one.entry)
    found = [finding for held in standing for finding in _alone(held, heights)]
    counting = [one for one in standing if one.counts]
    for alike in _grouped(counting, lambda held: held.topic):
        for one, other in combinations(newest(alike), 2):
            first, second = sorted((one, other), key=lambda held: held.entry)
            found += _of_one_topic(first, second, heights)
    for matter in _grouped(counting, lambda held: held.topic.matter):
        kept = [one for same in _grouped(matter, _kind) for one in newest(same)]
        found += _speeds(kept)
        found += _places(kept, areas)
        found += _times(kept, areas)
    return tuple(sorted(found, key=lambda one: (one.query, one.claims)))


def _grouped(
    claims: list[HeldClaim], key: Callable[[HeldClaim], Hashable]
) -> Iterable[list[HeldClaim]]:
    """The claims that are alike in this, in their order."""
    groups: dict[Hashable, list[HeldClaim]] = {}
    for held in claims:
        groups.setdefault(key(held), []).append(held)
    return groups.values()


def _kind(held: HeldClaim) -> Hashable:
    return held.topic.kind


def _alone(held: HeldClaim, heights: AltitudeData) -> Iterator[Finding]:
    query = _left_out(held.latest.content)
    if query is not None and held.counts:
        yield Finding(query=query, claims=(held.entry,))
    versions = held.claim.versions
    if len(versions) > 1:
        changed = between(versions[0].content, versions[-1].content, heights)
        first, last = versions[0].stamp.ref, versions[-1].stamp.ref
        by = changed.gap if changed.relation is Relation.DIFFERS else None
        yield Finding(query=Query.REVISED, claims=(first, last), figure=by)


def _left_out(content: Stated) -> Query | None:
    match content:
        case ClockReading():
            return Query.ZONE_NOT_STATED
        case Moment(zone=ZoneOfTime.ASSUMED):
            return Query.ZONE_ASSUMED
        case HeightWithoutDatum():
            return Query.DATUM_NOT_STATED
        case Distance(measure=Measure.NOT_STATED):
            return Query.MEASURE_NOT_STATED
        case _:
            return None


def _of_one_topic(one: HeldClaim, other: HeldClaim, heights: AltitudeData) -> Iterator[Finding]:
    first, second = one.latest.content, other.latest.content
    claims = (one.entry, other.entry)
    difference = between(first, second, heights)
    if one.voice == other.voice and _is_apart(first, second, difference):
        words = {_plain(held.claim.stated.voice.words) for held in (one, other)}
        query = Query.TWO_ACCOUNTS if len(words) == 1 else Query.TWO_VOICES
        yield Finding(query=query, claims=claims, figure=difference.gap)
    apart_s = _clock_apart_s(first, second)
    if apart_s is not None:
        slip = _slip(abs(apart_s))
        if slip is not None:
            yield Finding(query=slip, claims=claims, figure=_exactly(abs(apart_s)))
    offsets = _offsets(first, second) or _offsets(second, first)
    if len(offsets) == 1:
        yield Finding(query=Query.ONE_ZONE_FITS, claims=claims, figure=_exactly(offsets[0]))


def _is_apart(first: Stated, second: Stated, found: Difference) -> bool:
    """Whether one side states two things: also where one is "about", or said for others."""
    if found.relation is Relation.NOT_TESTABLE:
        match first, second:
            case Belongs(), Belongs():
                return {first.is_so, second.is_so} == {Held.YES, Held.NO}
            case _:
                return found.because is Untestable.APPROXIMATE
    return found.relation is Relation.DIFFERS


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _clock_apart_s(first: Stated, second: Stated) -> float | None:
    """How far apart two narrow times, or two clock faces, are; None for anything else."""
    match first, second:
        case Moment(), Moment():
            if max(_width_s(first), _width_s(second)) > NARROW_S:
                return None
            return seconds_between(first.earliest, second.earliest)
        case ClockReading(), ClockReading():
            return seconds_between(first.face, second.face)
        case _:
            return None


def _slip(apart_s: float) -> Query | None:
    if abs(apart_s - HALF_DAY_S) <= SLIP_S:
        return Query.HALF_DAY_APART
    hours = round(apart_s / HOUR_S)
    if HOUR_S <= hours * HOUR_S <= OFFSET_S_MOST and abs(apart_s - hours * HOUR_S) <= SLIP_S:
        return Query.WHOLE_HOURS_APART
    return None


def _offsets(reading: Stated, moment: Stated) -> list[float]:
    """Each offset of local time under which the clock reading falls within the moment."""
    if not isinstance(reading, ClockReading) or not isinstance(moment, Moment):
        return []
    steps = range(int(OFFSET_S_LEAST / QUARTER_S), int(OFFSET_S_MOST / QUARTER_S) + 1)
    late_s = seconds_between(moment.latest, reading.face) - SLIP_S
    early_s = seconds_between(moment.earliest, reading.face) + SLIP_S
    return [step * QUARTER_S for step in steps if late_s <= step * QUARTER_S <= early_s]


def _width_s(moment: Moment) -> float:
    return seconds_between(moment.earliest, moment.latest)


def _exactly(value_s: float) -> Gap:
    return Gap(unit=GapUnit.SECONDS, at_least=value_s, at_most=value_s)


def _speeds(standing: list[HeldClaim]) -> Iterator[Finding]:
    """What each voice's distance and duration of one thing come to, beside every stated speed."""
    lasting = [one for one in standing if isinstance(one.latest.content, Duration)]
    for far in standing:
        for long in lasting:
            implied = _implied(far, long)
            if implied is None:
                continue
            claims = (far.entry, long.entry)
            yield Finding(query=Query.IMPLIED_SPEED, claims=claims, figure=implied)
            for fast in standing:
                gap = _speed_gap(implied, far, fast)
                if gap is not None:
                    query = Query.SPEED_DIFFERS
                    yield Finding(query=query, claims=(*claims, fast.entry), figure=gap)


def _implied(far: HeldClaim, long: HeldClaim) -> Gap | None:
    """The speed over ground. A depth gives a lower bound only: the way is no shorter.

    The distance of one thing from another is no way at all, and one of unknown measure may be that.
    A figure told as "about" goes in with its assumed tolerance, and the speed is about (ACC-046).
    """
    distance, duration = far.latest.content, long.latest.content
    if not isinstance(distance, Distance) or not isinstance(duration, Duration):
        return None
    if far.voice != long.voice or _object(far) != _object(long):
        return None
    if distance.measure not in (Measure.ALONG_PATH, Measure.DEPTH):
        return None
    near_m, far_m = widened(distance.at_least_m, distance.at_most_m, distance.told)
    short_s, long_s = widened(duration.at_least_s, duration.at_most_s, duration.told)
    if near_m is None or not long_s:
        return None
    least = near_m / long_s
    most: float | None = None
    if distance.measure is Measure.ALONG_PATH and far_m is not None:
        most = far_m / short_s if short_s else None
    told = _looser(distance.told, duration.told)
    return Gap(unit=GapUnit.METRES_PER_SECOND, at_least=least, at_most=most, told=told)


def _speed_gap(implied: Gap, far: HeldClaim, fast: HeldClaim) -> Gap | None:
    speed = fast.latest.content
    if not isinstance(speed, Speed) or _object(fast) != _object(far):
        return None
    least_mps, most_mps = widened(speed.at_least_mps, speed.at_most_mps, speed.told)
    asked, stated = (
        Speed(of_what="a speed", at_least_mps=least, at_most_mps=most)
        for least, most in ((implied.at_least, implied.at_most), (least_mps, most_mps))
    )
    found = between(asked, stated, AltitudeData())
    if found.relation is not Relation.DIFFERS or found.gap is None:
        return None
    return replace(found.gap, told=_looser(implied.told, speed.told))


def _looser(one: Exactness, other: Exactness) -> Exactness:
    return Exactness.ABOUT if Exactness.ABOUT in (one, other) else Exactness.EXACT


def _object(held: HeldClaim) -> tuple[str, str]:
    """The matter, and the thing in it: the first name of the topic."""
    return (held.topic.matter, held.topic.names[0])


def _places(
    standing: list[HeldClaim], areas: Mapping[EntryRef, tuple[Volume, ...]]
) -> Iterator[Finding]:
    """Each voice's place of a thing that it says was in, or was not in, a declared area."""
    for said in standing:
        area = said.latest.content
        if not isinstance(area, InArea) or area.is_so is Held.NOT_KNOWN:
            continue
        volumes = areas.get(area.notice, ()) if isinstance(area.notice, EntryRef) else ()
        for where in standing:
            place = where.latest.content
            if not isinstance(place, Place) or not volumes:
                continue
            if where.voice == said.voice and _object(where) == _object(said):
                gap = _beside(place, volumes, area.is_so)
                if gap is not None:
                    claims = (said.entry, where.entry)
                    yield Finding(query=Query.PLACE_AGAINST_AREA, claims=claims, figure=gap)


def _beside(place: Place, volumes: tuple[Volume, ...], is_so: Held) -> Gap | None:
    """By how much the place, with its accuracy, is on the other side of the edge; None if not."""
    signed_m = min(signed_distance_m(place.position, one.footprint) for one in volumes)
    beyond_m = signed_m if is_so is Held.YES else -signed_m
    around_m = place.within_m or 0.0
    if beyond_m <= around_m:
        return None
    return Gap(unit=GapUnit.METRES, at_least=beyond_m - around_m, at_most=beyond_m + around_m)


def _times(
    standing: list[HeldClaim], areas: Mapping[EntryRef, tuple[Volume, ...]]
) -> Iterator[Finding]:
    """Each stated time of a matter beside the windows of each notice that the matter names."""
    for said in standing:
        content = said.latest.content
        if not isinstance(content, InArea | ZoneStatus) or not isinstance(content.notice, EntryRef):
            continue
        volumes = areas.get(content.notice, ())
        for when in standing:
            moment = when.latest.content
            if not isinstance(moment, Moment) or when.topic.matter != said.topic.matter:
                continue
            outside_s = [_outside_s(moment, volume) for volume in volumes]
            if outside_s and min(outside_s) > 0.0:
                least_s = min(outside_s)
                yield Finding(
                    query=Query.OUTSIDE_NOTIFIED_TIME,
                    claims=(said.entry, when.entry),
                    figure=Gap(unit=GapUnit.SECONDS, at_least=least_s, at_most=None),
                )


def _outside_s(moment: Moment, volume: Volume) -> float:
    """How long before the half-open window, or from its end on; 0 where it may be inside."""
    before_s = seconds_between(moment.latest, volume.window.start)
    if moment.earliest >= volume.window.end:
        return max(seconds_between(volume.window.end, moment.earliest), 1e-6)
    return max(0.0, before_s)
