"""How two statements about one topic differ: by how much, or why that cannot be said.

Units: seconds, metres, metres per second. A difference says nothing of who is right. "No
difference found" means that what is stated shares a value; it is no agreement.

Symbols: a range [a, b] and a range [c, d] (a bound that is not stated is open) are apart by at
least max(0, c - b, a - d), and by at most max(d - a, b - c) where that is bounded. Where one of
the two is told as "about", nobody says how far about goes: apart is not testable then, and the
gap is "about".
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from crosstell.core.altitude import Altitude, AltitudeData, DatumDataMissing
from crosstell.core.assessment.account.content import (
    Belongs,
    Casualties,
    ClockReading,
    Count,
    Distance,
    Duration,
    Height,
    HeightWithoutDatum,
    Held,
    Identity,
    InArea,
    Judgement,
    Measure,
    Moment,
    Place,
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.stance import AgreedThat, Alleged, Disputes
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.instant import to_us


class Relation(StrEnum):
    """How two statements stand to each other."""

    NO_DIFFERENCE_FOUND = "no-difference-found"
    DIFFERS = "differs"
    NOT_TESTABLE = "not-testable"


class Untestable(StrEnum):
    """Why two statements cannot be set against each other."""

    ZONE_NOT_STATED = "zone-not-stated"
    ACCURACY_NOT_STATED = "accuracy-not-stated"
    DATUM_NOT_STATED = "datum-not-stated"
    DATUM_NOT_CONVERTED = "datum-not-converted"
    MEASURES_DIFFER = "measures-differ"  # a depth is no path, and "distance" may be either
    SCOPES_DIFFER = "scopes-differ"  # said for different components
    SCOPE_NOT_STATED = "scope-not-stated"  # nobody says for whom one of the two is said
    APPROXIMATE = "approximate"  # one of the two is told as "about"
    SENT_AND_RECEIVED = "sent-and-received"  # of two ends: sent need not be received
    NOT_KNOWN = "not-known"  # one of the two says that it does not know
    JUDGEMENT = "judgement"  # words, for a person


class GapUnit(StrEnum):
    """What a gap is counted in."""

    SECONDS = "s"
    METRES = "m"
    METRES_PER_SECOND = "mps"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Two stated ranges are this far apart; `at_most` is None where one of them is open."""

    unit: GapUnit
    at_least: float
    at_most: float | None
    told: Exactness = Exactness.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How two statements stand to each other. `gap` is of figures only.

    Of places without accuracy the gap is between the two points, and is still not testable.
    """

    relation: Relation
    gap: Gap | None = None
    because: Untestable | None = None

    def __post_init__(self) -> None:
        """Not testable says why, and nothing else does."""
        assert (self.relation is Relation.NOT_TESTABLE) == (self.because is not None)


_Figures = (
    Moment
    | Duration
    | Distance
    | Height
    | HeightWithoutDatum
    | Speed
    | Count
    | WarningsSent
    | WarningsReceived
    | Casualties
)
_Range = tuple[float | None, float | None]
_SAME = Difference(relation=Relation.NO_DIFFERENCE_FOUND)
_OTHER = Difference(relation=Relation.DIFFERS)


def between(first: Stated, second: Stated, heights: AltitudeData) -> Difference:
    """How two statements of one topic differ. Symmetric.

    `heights` are the conversions between datums at the place; what it lacks is not testable.
    Implements ACC-011 to ACC-019 and ACC-025 to ACC-027.
    """
    found = _as_stated(first, second, heights)
    is_about = _is_about(first) or _is_about(second)
    if found.gap is None or not is_about or found.relation is Relation.NO_DIFFERENCE_FOUND:
        return found
    gap = replace(found.gap, told=Exactness.ABOUT)
    return _untestable(found.because or Untestable.APPROXIMATE, gap)


def _is_about(content: Stated) -> bool:
    return isinstance(content, _Figures) and content.told is Exactness.ABOUT


def _as_stated(first: Stated, second: Stated, heights: AltitudeData) -> Difference:
    """The difference as if every figure were exact."""
    match first, second:
        case (Moment() | ClockReading(), Moment() | ClockReading()):
            return _times(first, second)
        case Place(), Place():
            return _places(first, second)
        case Distance(), Distance():
            return _distances(first, second)
        case (Height() | HeightWithoutDatum(), Height() | HeightWithoutDatum()):
            return _heights(first, second, heights)
        case Casualties(), Casualties():
            return _casualties(first, second)
        case (Judgement(), Judgement()) | (Disputes(), Disputes()):
            return _untestable(Untestable.JUDGEMENT)
        case _:
            return _figures_or_words(first, second)


def _figures_or_words(first: Stated, second: Stated) -> Difference:
    match first, second:
        case Duration(), Duration():
            one, other = (first.at_least_s, first.at_most_s), (second.at_least_s, second.at_most_s)
            return _apart(one, other, GapUnit.SECONDS)
        case Speed(), Speed():
            fast = (first.at_least_mps, first.at_most_mps)
            return _apart(
                fast, (second.at_least_mps, second.at_most_mps), GapUnit.METRES_PER_SECOND
            )
        case Count() | Alleged(), Count() | Alleged():
            return _numbers(first, second)
        case WarningsSent(), WarningsReceived():
            return _sent_and_received(first, second)
        case WarningsReceived(), WarningsSent():
            return _sent_and_received(second, first)
        case (WarningsSent() | WarningsReceived(), WarningsSent() | WarningsReceived()):
            return _numbers(first, second)
        case _:
            return _words(first, second)


def _words(first: Stated, second: Stated) -> Difference:
    match first, second:
        case AgreedThat(), AgreedThat():
            return _SAME  # the same words of the same parties, or it were another topic
        case Identity(), Identity():
            return _SAME if _plain(first.value) == _plain(second.value) else _OTHER
        case Told(), Told():
            return _tellings(first, second)
        case Belongs(), Belongs():
            return _belongings(first, second)
        case (InArea(is_so=one), InArea(is_so=other)) | (
            Transponder(was_on=one),
            Transponder(was_on=other),
        ):
            return _held(one, other)
        case ZoneStatus(), ZoneStatus():
            return _standings(first.word, second.word)
        case _:
            raise AssertionError(f"{type(first).__name__} and {type(second).__name__}: two topics")


def _standings(first: ZoneWord, second: ZoneWord) -> Difference:
    if ZoneWord.NOT_KNOWN in (first, second):
        return _untestable(Untestable.NOT_KNOWN)
    return _SAME if first is second else _OTHER


def _tellings(first: Told, second: Told) -> Difference:
    if first.passage is not second.passage:
        return _untestable(Untestable.SENT_AND_RECEIVED)
    return _held(first.is_so, second.is_so)


def _belongings(first: Belongs, second: Belongs) -> Difference:
    if first.scope is None or second.scope is None:
        return _untestable(Untestable.SCOPE_NOT_STATED)
    if first.scope != second.scope:
        return _untestable(Untestable.SCOPES_DIFFER)
    return _held(first.is_so, second.is_so)


def _held(first: Held, second: Held) -> Difference:
    if Held.NOT_KNOWN in (first, second):
        return _untestable(Untestable.NOT_KNOWN)
    return _SAME if first is second else _OTHER


def _numbers(
    first: Count | Alleged | WarningsSent | WarningsReceived,
    second: Count | Alleged | WarningsSent | WarningsReceived,
) -> Difference:
    one, other = (first.at_least, first.at_most), (second.at_least, second.at_most)
    return _apart(one, other, GapUnit.NUMBER)


def _sent_and_received(sent: WarningsSent, received: WarningsReceived) -> Difference:
    """More received than were sent differ; fewer may be, and then the number is told."""
    found = _numbers(sent, received)
    most, least = sent.at_most, received.at_least
    more_received = most is not None and least is not None and least > most
    if more_received or found.relation is Relation.NO_DIFFERENCE_FOUND:
        return found
    return _untestable(Untestable.SENT_AND_RECEIVED, found.gap)


def _places(first: Place, second: Place) -> Difference:
    apart_m = distance_m(first.position, second.position)
    if first.within_m is None or second.within_m is None:
        between_points = Gap(unit=GapUnit.METRES, at_least=apart_m, at_most=apart_m)
        return _untestable(Untestable.ACCURACY_NOT_STATED, between_points)
    around_m = first.within_m + second.within_m
    least_m = max(0.0, apart_m - around_m)
    return _told(Gap(unit=GapUnit.METRES, at_least=least_m, at_most=apart_m + around_m))


def _distances(first: Distance, second: Distance) -> Difference:
    one, other = (first.at_least_m, first.at_most_m), (second.at_least_m, second.at_most_m)
    found = _apart(one, other, GapUnit.METRES)
    named = [_plain(one.direction) for one in (first, second) if one.direction is not None]
    elsewhere = len(set(named)) > 1
    if elsewhere or first.measure is not second.measure or first.measure is Measure.NOT_STATED:
        return _untestable(Untestable.MEASURES_DIFFER, found.gap)
    return found


def _times(first: Moment | ClockReading, second: Moment | ClockReading) -> Difference:
    if isinstance(first, ClockReading) or isinstance(second, ClockReading):
        return _untestable(Untestable.ZONE_NOT_STATED)
    return _apart(_span_s(first), _span_s(second), GapUnit.SECONDS)


def _heights(
    first: Height | HeightWithoutDatum, second: Height | HeightWithoutDatum, data: AltitudeData
) -> Difference:
    if isinstance(first, HeightWithoutDatum) or isinstance(second, HeightWithoutDatum):
        return _untestable(Untestable.DATUM_NOT_STATED)
    here, there = first.lower.datum, second.lower.datum
    band = (first.lower.value_m, first.upper.value_m)
    if here is there:
        return _apart(band, (second.lower.value_m, second.upper.value_m), GapUnit.METRES)
    try:
        shift = data.shift(there, to=here)
    except DatumDataMissing:
        return _untestable(Untestable.DATUM_NOT_CONVERTED)
    low = _moved(second.lower, shift.add_m - shift.uncertainty_m)
    high = _moved(second.upper, shift.add_m + shift.uncertainty_m)
    return _apart(band, (low, high), GapUnit.METRES)


def _moved(altitude: Altitude, by_m: float) -> float:
    return altitude.value_m + by_m


def _casualties(first: Casualties, second: Casualties) -> Difference:
    """By the figure of the two that is further apart; what only one states is not compared."""
    pairs = (
        (
            (first.killed_at_least, first.killed_at_most),
            (second.killed_at_least, second.killed_at_most),
        ),
        (
            (first.injured_at_least, first.injured_at_most),
            (second.injured_at_least, second.injured_at_most),
        ),
    )
    found = [
        _apart(one, other, GapUnit.NUMBER)
        for one, other in pairs
        if one != (None, None) and other != (None, None)
    ]
    if not found:
        return _untestable(Untestable.NOT_KNOWN)
    return max(found, key=lambda one: one.gap.at_least if one.gap is not None else 0.0)


def _span_s(moment: Moment) -> _Range:
    return to_us(moment.earliest) / 1e6, to_us(moment.latest) / 1e6


def _apart(first: _Range, second: _Range, unit: GapUnit) -> Difference:
    (a, b), (c, d) = first, second
    below = c - b if b is not None and c is not None else 0.0
    above = a - d if a is not None and d is not None else 0.0
    most: float | None = None
    if a is not None and b is not None and c is not None and d is not None:
        most = max(d - a, b - c)
    return _told(Gap(unit=unit, at_least=max(0.0, below, above), at_most=most))


def _told(gap: Gap) -> Difference:
    differs = gap.at_least > 0.0
    return Difference(
        relation=Relation.DIFFERS if differs else Relation.NO_DIFFERENCE_FOUND, gap=gap
    )


def _untestable(because: Untestable, gap: Gap | None = None) -> Difference:
    return Difference(relation=Relation.NOT_TESTABLE, gap=gap, because=because)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())
