"""Claims, differences and questions in plain English. No sentence takes a side.

Every claim begins with who states it; none says that a thing was so. "Differs" and "no difference
found" are about what is stated. What somebody typed stands in quotation marks. Implements INC-470.
"""

from typing import assert_never

from crosstell.core.altitude import Altitude
from crosstell.core.assessment.account.claim import Confidence
from crosstell.core.assessment.account.consistency import Finding, Query
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
    Passage,
    Place,
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneOfTime,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.difference import (
    Difference,
    Gap,
    GapUnit,
    Relation,
    Untestable,
)
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.stance import (
    AgreedThat,
    Alleged,
    Disputes,
    disputed_words,
)
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.instant import format_instant
from crosstell.core.picture.party import Scope
from crosstell.core.picture.scoped import scope_text
from crosstell.core.picture.wording import quoted

LEAST_OF_ONE_DECIMAL = 0.05
GRAIN = 0.001  # of what is signed; a gap below it is one of computing
SECONDS_SHOWN_S = 120.0  # a shorter span is said in seconds
_UNITS = {
    GapUnit.METRES: " m",
    GapUnit.METRES_PER_SECOND: " m/s",
    GapUnit.NUMBER: "",
}
_HELD = {Held.YES: "was", Held.NO: "was not", Held.NOT_KNOWN: "is not known to have been"}
_MEASURES = {
    Measure.STRAIGHT: "straight",
    Measure.ALONG_PATH: "along the path",
    Measure.DEPTH: "deep",
    Measure.NOT_STATED: "how measured is not stated",
}
_PASSAGES = {
    Passage.NOT_STATED: "told to",
    Passage.SENT: "sent to",
    Passage.RECEIVED: "received by",
}
_ZONE_WORDS = {
    ZoneWord.DECLARED: "was declared",
    ZoneWord.RECEIVED: "was received (receipt only, no acceptance)",
    ZoneWord.OBSERVED_IN_PRACTICE: "was observed in practice, without prejudice",
    ZoneWord.CONTESTED: "was contested",
    ZoneWord.NOT_NOTIFIED: "was not notified",
    ZoneWord.NOT_KNOWN: "was not known of",
}
_CONFIDENCE = {
    Confidence.AS_FACT: "stated as fact",
    Confidence.ESTIMATE: "stated as an estimate",
    Confidence.AS_TOLD: "passed on as told by others",
    Confidence.NOT_STATED: "how sure is not stated",
}
_BECAUSE = {
    Untestable.ZONE_NOT_STATED: "a time zone is not stated",
    Untestable.ACCURACY_NOT_STATED: "an accuracy is not stated",
    Untestable.DATUM_NOT_STATED: "a height's datum is not stated",
    Untestable.DATUM_NOT_CONVERTED: "there are no data to convert between the two datums",
    Untestable.MEASURES_DIFFER: "the two do not say that they measure the same thing",
    Untestable.SCOPES_DIFFER: "the two speak for different components",
    Untestable.SCOPE_NOT_STATED: "one of the two does not say for whom it is said",
    Untestable.APPROXIMATE: "one of the two is approximate",
    Untestable.SENT_AND_RECEIVED: "one speaks of what was sent, the other of what was received",
    Untestable.NOT_KNOWN: "one of the two gives no figure or does not know",
    Untestable.JUDGEMENT: "words are for a person to compare",
}
_ASSUMED_TENTH = " (assumed: about is within a tenth either way)"
_UNTESTED = " (one of them told as about; not testable)"
_ABOUT = {
    Query.IMPLIED_SPEED: _ASSUMED_TENTH,
    Query.SPEED_DIFFERS: _ASSUMED_TENTH,
    Query.TWO_ACCOUNTS: _UNTESTED,
    Query.TWO_VOICES: _UNTESTED,
}
_QUERIES = {
    Query.ZONE_NOT_STATED: "a clock time of which no zone is stated",
    Query.ZONE_ASSUMED: "the time zone was assumed when the claim was entered",
    Query.DATUM_NOT_STATED: "a height of which no datum is stated",
    Query.MEASURE_NOT_STATED: "a distance that does not say how it was measured",
    Query.HALF_DAY_APART: "two times twelve hours apart, as where AM and PM are confused",
    Query.WHOLE_HOURS_APART: "two times whole hours apart, as where zones are confused",
    Query.ONE_ZONE_FITS: "a clock time without zone is the other time under one offset",
    Query.TWO_ACCOUNTS: "one voice states two things that differ",
    Query.TWO_VOICES: "two voices of one party state two things that differ",
    Query.REVISED: "the account was revised; both versions stand in the record",
    Query.IMPLIED_SPEED: "stated distance over stated duration",
    Query.SPEED_DIFFERS: "stated distance over stated duration is not the stated speed",
    Query.PLACE_AGAINST_AREA: "the stated place is on the other side of the area's edge",
    Query.OUTSIDE_NOTIFIED_TIME: "the stated time is outside the notified windows",
}


def claim_words(held: HeldClaim) -> str:
    """Who states what, as what, where it is said. Implements ACC-040."""
    return f"{voice_words(held)}: {content_words(held.latest.content)} [{rests_words(held)}]"


def voice_words(held: HeldClaim) -> str:
    """Whose words they are, and who entered them where that is another."""
    voice = held.claim.stated.voice
    by = "" if voice.party == held.recorded_by else f", entered by party {held.recorded_by}"
    return f"{quoted(voice.words)}{by}"


def rests_words(held: HeldClaim) -> str:
    """How sure the speaker says they are, when it was said, where, and what was stated before."""
    event = held.latest.event
    when = "" if event.said_at is None else f", said {format_instant(event.said_at)}"
    before = "".join(
        f"; stated before: {content_words(version.content)}" for version in held.claim.versions[:-1]
    )
    version = f", version {len(held.claim.versions)}" if before else ""
    gone = "" if held.claim.withdrawn is None else ", withdrawn since"
    return (
        f"{_CONFIDENCE[event.confidence]}{when}{version}{gone}; "
        f"{event.source.kind.replace('-', ' ')}: {quoted(event.source.words)}{before}"
    )


def difference_words(difference: Difference) -> str:
    """How two statements stand to each other. Implements ACC-041."""
    gap = "" if difference.gap is None else f": apart by {gap_words(difference.gap)}"
    match difference.relation:
        case Relation.DIFFERS:
            return f"differs{gap}"
        case Relation.NO_DIFFERENCE_FOUND:
            return "no difference found (this is no agreement)"
        case Relation.NOT_TESTABLE:
            assert difference.because is not None, "not testable says why"
            return f"not testable, because {_BECAUSE[difference.because]}{gap}"


def query_words(finding: Finding) -> str:
    """The question, with its figure. Implements ACC-042."""
    words, figure = _QUERIES[finding.query], finding.figure
    if figure is None:
        return words
    is_about = figure.told is Exactness.ABOUT
    return f"{words}: {gap_words(figure)}{_ABOUT.get(finding.query, '') if is_about else ''}"


def gap_words(gap: Gap) -> str:
    """A range in its unit; seconds of minutes that are told as "about" are rounded away."""
    if gap.unit is not GapUnit.SECONDS:
        return _range(gap.at_least, gap.at_most, _UNITS[gap.unit], gap.told)
    least, most = gap.at_least, gap.at_most
    if gap.told is Exactness.ABOUT:
        least, most = _rough(least), None if most is None else _rough(most)
    return _time_range(least, most, gap.told)


def content_words(content: Stated) -> str:
    """What is stated, without who states it."""
    match content:
        case Moment() | ClockReading():
            return f"{_time_words(content)}, given as {quoted(content.as_stated)}"
        case WarningsSent() | WarningsReceived():
            how = "sent to" if isinstance(content, WarningsSent) else "that reached"
            number = _range(content.at_least, content.at_most, "", content.told)
            return (
                f"warnings {how} {quoted(content.addressed)} by {quoted(content.means)}: {number}"
            )
        case ZoneStatus():
            return f"zone {quoted(content.zone)} {_ZONE_WORDS[content.word]}"
        case Casualties():
            return _casualty_words(content)
        case Judgement() | AgreedThat() | Disputes() | Alleged():
            return _stance_words(content)
        case Identity() | Place() | Belongs() | InArea() | Told() | Transponder():
            return f"{quoted(content.of_what)}: {_fact_words(content)}"
        case _:
            return f"{quoted(content.of_what)}: {_figure_words(content)}"


def _stance_words(content: Judgement | AgreedThat | Disputes | Alleged) -> str:
    match content:
        case Judgement():
            because = "".join(f"; reason: {quoted(reason)}" for reason in content.reasons)
            return f"{quoted(content.text)}{because}"
        case AgreedThat():
            parties = " and ".join(content.parties)
            return (
                f"an agreement of {parties}: {quoted(content.text)}; who signed it, joint texts say"
            )
        case Disputes():
            return f"otherwise than {disputed_words(content)}: {quoted(content.text)}"
        case Alleged():
            number = _range(content.at_least, content.at_most)
            span = f"{format_instant(content.since)} until before {format_instant(content.until)}"
            return (
                f"{number} alleged against {content.against} under rule {content.rule}, {span}, "
                f"counted as one: {quoted(content.definition)}"
            )


def _figure_words(
    content: Duration | Distance | Height | HeightWithoutDatum | Speed | Count,
) -> str:
    match content:
        case Duration():
            return f"duration {_time_range(content.at_least_s, content.at_most_s, content.told)}"
        case Distance():
            how = _MEASURES[content.measure]
            far = _range(content.at_least_m, content.at_most_m, " m", content.told)
            where = "" if content.direction is None else f", {quoted(content.direction)}"
            return f"{far} from {quoted(content.reference)}{where} ({how})"
        case Height() | HeightWithoutDatum():
            return _height_words(content)
        case Speed():
            fast = _range(content.at_least_mps, content.at_most_mps, " m/s", content.told)
            return f"{fast} over ground"
        case Count():
            return _range(content.at_least, content.at_most, "", content.told)
        case _:
            assert_never(content)


def _fact_words(content: Identity | Place | Belongs | InArea | Told | Transponder) -> str:
    match content:
        case Identity():
            return f"{content.kind.replace('-', ' ')} {quoted(content.value)}"
        case Place():
            return _place_words(content)
        case Belongs():
            whose = f"an object of {quoted(content.whose)}"
            return f"{_HELD[content.is_so]} {whose}, {_for_whom(content.scope)}"
        case InArea():
            return f"{_HELD[content.is_so]} in {quoted(content.area)}"
        case Told():
            return f"{_HELD[content.is_so]} {_PASSAGES[content.passage]} {quoted(content.to_whom)}"
        case Transponder():
            return f"transponder {_HELD[content.was_on]} on"
        case _:
            assert_never(content)


def _for_whom(scope: Scope | None) -> str:
    if scope is None:
        return "for whom it is said is not stated"
    return f"said {scope_text(scope)}"


def _time_words(time: Moment | ClockReading) -> str:
    if isinstance(time, ClockReading):
        return f"{time.face:%Y-%m-%d %H:%M:%S} in a zone not stated"
    assumed = " (zone assumed)" if time.zone is ZoneOfTime.ASSUMED else ""
    about = _about(time.told)
    if time.earliest == time.latest:
        return f"{about}{format_instant(time.earliest)}{assumed}"
    first, last = format_instant(time.earliest), format_instant(time.latest)
    if first == f"{last[:17]}00Z" and last.endswith(":59Z"):
        exact = "" if about else ", to the minute"
        return f"{about}{first[:16]}Z{exact}{assumed}"
    return f"{about}{first} to {last}{assumed}"


def _place_words(place: Place) -> str:
    within = "accuracy not stated" if place.within_m is None else f"within {place.within_m:g} m"
    at = place.position
    return f"{at.lat_deg:.5f}, {at.lon_deg:.5f} ({within})"


def _height_words(height: Height | HeightWithoutDatum) -> str:
    if isinstance(height, HeightWithoutDatum):
        high = _range(height.at_least_m, height.at_most_m, " m", height.told)
        return f"{high}, above what is not stated"
    about = _about(height.told)
    if height.lower == height.upper:
        return f"{about}{_altitude(height.lower)}"
    return f"{about}{height.lower.value_m:g} to {_altitude(height.upper)}"


def _altitude(altitude: Altitude) -> str:
    return f"{altitude.value_m:g} m ({altitude.datum.replace('-', ' ')})"


def _casualty_words(stated: Casualties) -> str:
    figures = (
        ("killed", stated.killed_at_least, stated.killed_at_most),
        ("injured", stated.injured_at_least, stated.injured_at_most),
    )
    told = (
        f"{_range(low, high, '', stated.told)} {what}"
        for what, low, high in figures
        if low is not None or high is not None
    )
    return f"of {quoted(stated.among)}: {', '.join(told)}, as reported"


def _range(
    at_least: float | None,
    at_most: float | None,
    unit: str = "",
    told: Exactness = Exactness.EXACT,
) -> str:
    """As stated: an open bound is said as such, and that there was none at all as none."""
    if at_most == 0 and not unit:
        return "none"
    least, most = (
        None if value is None else _number(_shown(value, told)) for value in (at_least, at_most)
    )
    return _between(least, most, unit, told)


def _time_range(at_least_s: float | None, at_most_s: float | None, told: Exactness) -> str:
    """As `_range`, in hours, minutes and seconds."""
    least, most = (
        None if value is None else span_words(value) for value in (at_least_s, at_most_s)
    )
    return _between(least, most, "", told)


def _between(least: str | None, most: str | None, unit: str, told: Exactness) -> str:
    about = _about(told)
    if least is None:
        return f"at most {about}{most}{unit}"
    if most is None:
        return f"at least {about}{least}{unit}"
    return f"{about}{least}{unit}" if least == most else f"{about}{least} to {most}{unit}"


def _about(told: Exactness) -> str:
    return "about " if told is Exactness.ABOUT else ""


def _shown(value: float, told: Exactness) -> float:
    """Three figures of what is told as "about": it has no more."""
    return value if told is Exactness.EXACT else float(f"{value:.3g}")


def _rough(value_s: float) -> float:
    """Whole minutes, from where a span is said in minutes."""
    return value_s if abs(value_s) < SECONDS_SHOWN_S else round(value_s / 60) * 60.0


def span_words(value_s: float) -> str:
    """A span of time: seconds up to two minutes, then hours, minutes and seconds.

    An offset of local time may be negative.
    """
    if abs(value_s) < SECONDS_SHOWN_S:
        return f"{_number(value_s)} s"
    minutes, seconds = divmod(round(abs(value_s), 1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{_number(minutes)} min"] if minutes or seconds else []
    parts = [f"{_number(hours)} h", *parts] if hours else parts
    parts = [*parts, f"{_number(seconds)} s"] if seconds else parts
    return ("-" if value_s < 0 else "") + " ".join(parts)


def count_words(at_least: int | None, at_most: int | None) -> str:
    """A count as stated."""
    return _range(at_least, at_most)


def _number(value: float) -> str:
    """One decimal; a small value that one decimal would make nothing has more."""
    if 0 < abs(value) < LEAST_OF_ONE_DECIMAL:
        return f"{value:.2g}" if abs(value) >= GRAIN else f"less than {GRAIN:g}"
    return f"{round(value, 1):,.1f}".removesuffix(".0")
