"""The figures of a protocol's rules and lead times in words, as `crosstell protocol check` shows.

Distances are told in metres with the field's unit beside them, times in the largest whole unit.
"""

from collections.abc import Iterator

from crosstell.cli.protocols.figures import figures_of
from crosstell.cli.protocols.wording import Language
from crosstell.core.altitude import Altitude, AltitudeLimit, Datum
from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    Polygon,
    RadarArc,
)
from crosstell.core.picture.content import FieldType
from crosstell.core.protocol.rule import (
    Blackout,
    Boundary,
    Concerned,
    Conformance,
    JudgedRule,
    MaximumDuration,
    Minima,
    NamedActivity,
    NumericRule,
    Overflight,
    Rule,
    Separation,
    Standoff,
    WellClear,
    ZoneEntry,
)
from crosstell.core.protocol.rules.calendar import Calendar, Closed, Dates, EachWeek, EachYear
from crosstell.core.protocol.rules.duration import Lasting
from crosstell.core.protocol.times import LeadCount, LeadTime
from crosstell.core.quantity import m_to_feet, m_to_nautical_miles

DAY_S = 86_400
_DATUMS = {
    Datum.WGS84_ELLIPSOID: "the ellipsoid",
    Datum.MSL_EGM96: "mean sea level",
    Datum.STANDARD_PRESSURE: "standard pressure",
    Datum.ABOVE_GROUND: "the ground",
}


_SHAPES: dict[type[Footprint], str] = {
    Circle: "circle",
    Corridor: "corridor",
    Ellipse: "ellipse",
    Orbit: "orbit",
    Polygon: "polygon",
    RadarArc: "radar arc",
}


def told(rule: Rule) -> Iterator[str]:
    """The rule's figures, one line for each thing that it says."""
    if isinstance(rule, JudgedRule):
        yield "judged by a person"
        yield from figures_of(rule, Language.EN)
        return
    after = f"where unknown: {rule.on_unknown}; at most {rule.level_max}"
    lines = _lines(rule)
    yield f"{lines[0]}; {after}"
    yield from lines[1:]
    for zone in getattr(rule, "zones", ()):
        if zone.lower() not in {one.value for one in FieldType}:
            yield f"no zone can be filed with the field type {zone!r}; correct it"


def _lines(rule: NumericRule) -> list[str]:
    match rule:
        case Standoff() | ZoneEntry() | Overflight():
            return [_about_places(rule)]
        case Separation():
            return [
                f"between {_among(rule.between, rule.activities)} of different parties: "
                f"{_apart(rule.minima)}"
            ]
        case WellClear():
            return [
                f"between tracks of different parties: well clear, {rule.volume} (RTCA DO-365B)"
            ]
        case Conformance():
            return [_conformance(rule)]
        case MaximumDuration():
            return [_lasting(rule)]
        case Blackout():
            place = "the area" if rule.footprint is None else f"a {_shape(rule.footprint)}"
            return [
                f"tested: an activity ({_kinds(rule.activities)}) in {place} while closed",
                *_calendar(rule.calendar),
            ]
        case Boundary():
            return _boundary(rule)


def _about_places(rule: Standoff | ZoneEntry | Overflight) -> str:
    tracks = f"{_both(rule.concerned)} {rule.tracks}"
    match rule:
        case Standoff():
            return f"{', '.join(rule.kept_from)}: {_distance(rule.minima)}; {tracks}"
        case ZoneEntry():
            zones = ", ".join(rule.zones) or "every declared zone"
            return f"{zones}: {_distance(rule.minima)}; {tracks}"
        case Overflight():
            zones = f" ({', '.join(rule.zones)})" if rule.zones else ""
            margin_m = rule.overhead.margin_m
            margin = f"within {length(margin_m)} of its edge" if margin_m else "inside its edge"
            height = _height(rule.overhead.ceiling)
            return f"over {', '.join(rule.over)}{zones}: {margin}, {height}; {tracks}"


def _both(concerned: Concerned) -> str:
    return "tracks and activities" if concerned is Concerned.BOTH else concerned.value


def _among(between: Concerned, activities: tuple[NamedActivity, ...]) -> str:
    named = "" if between is Concerned.TRACKS else f" ({_kinds(activities)})"
    return f"{_both(between)}{named}"


def _kinds(activities: tuple[NamedActivity, ...]) -> str:
    return ", ".join(activities) or "of any kind"


def _distance(minima: Minima) -> str:
    if minima.lateral_m:
        lateral = f"within {length(minima.lateral_m)} of its {minima.measured_from}"
    else:
        lateral = "inside"
    stay = _stay(minima)
    if minima.vertical_m is None:
        return f"{lateral}, at any height{stay}"
    if not minima.vertical_m:
        return f"{lateral}, between its limits of height{stay}"
    return f"{lateral} and within {_upright(minima.vertical_m)} vertically{stay}"


def _apart(minima: Minima) -> str:
    lateral = f"keep {length(minima.lateral_m)} laterally"
    if minima.vertical_m is None:
        return f"{lateral}, at any height{_stay(minima)}"
    return f"{lateral} or {_upright(minima.vertical_m)} vertically{_stay(minima)}"


def _stay(minima: Minima) -> str:
    return "" if minima.dwell_s is None else f"; inside at most {span(minima.dwell_s)} at a stretch"


def _height(ceiling: AltitudeLimit) -> str:
    if not isinstance(ceiling, Altitude):
        return "at any height"
    return f"up to {_upright(ceiling.value_m)} above {_DATUMS[ceiling.datum]}"


def _conformance(rule: Conformance) -> str:
    given = rule.tolerance
    vertical = "" if given.vertical_m is None else f", {_upright(given.vertical_m)} vertically"
    return (
        f"own tracks of own activities ({_kinds(rule.activities)}): off by at most "
        f"{length(given.lateral_m)}{vertical}, early by {span(given.early_s)}, "
        f"late by {span(given.late_s)}; at the filer's own desk"
    )


def _lasting(rule: MaximumDuration) -> str:
    longest = (
        "no figure in the text, only what parties understand"
        if rule.longest_s is None
        else f"at most {span(rule.longest_s)}"
    )
    zones = f" ({', '.join(rule.zones)})" if rule.zones else ""
    named = f"; activities {_kinds(rule.activities)}" if rule.activities else ""
    whose = f"; tracks {rule.tracks}" if Lasting.STAY in rule.lasting else ""
    return f"{', '.join(rule.lasting)}{zones}{named}: {longest}{whose}"


def _boundary(rule: Boundary) -> list[str]:
    found = [
        "tracks of others inside a version's side infringe under that version; a caution where "
        f"sides overlap, and within {length(rule.caution_m)} of an edge"
    ]
    for version in rule.versions:
        side = ", ".join(_shape(shape) for shape in version.side)
        found.append(f"the side of {version.party} as it draws it: {side}")
    return found


def _shape(footprint: Footprint) -> str:
    return _SHAPES[type(footprint)]


def _calendar(calendar: Calendar) -> Iterator[str]:
    yield f"days of {_offset(calendar.utc_offset_s)}"
    for row in calendar.rows:
        yield f"closed {_days(row)}{_hours(row)}"


def _days(row: Closed) -> str:
    match row.days:
        case EachYear(first=first, last=last):
            return f"each year from {first} to {last}, both included"
        case EachWeek(weekdays=weekdays):
            return f"each {', '.join(weekdays)}"
        case Dates(dates=dates):
            return "on " + ", ".join(f"{one.date} ({one.name})" for one in dates)


def _hours(row: Closed) -> str:
    return "" if row.hours is None else f", from {row.hours.start} to before {row.hours.end}"


def lead(found: LeadTime) -> str:
    """A lead time in words; days as days."""
    if found.counted is LeadCount.CALENDAR_DAYS and found.utc_offset_s is not None:
        ahead = f"{found.ahead_s / DAY_S:g} calendar days ahead, days of "
        ahead += _offset(found.utc_offset_s)
    else:
        ahead = f"{span(found.ahead_s)} ahead"
    urgent = "" if found.emergency_s is None else f"; in an emergency {span(found.emergency_s)}"
    return f"{found.notice}: {ahead}, {found.force}{urgent}"


def _offset(offset_s: float) -> str:
    minutes = abs(int(offset_s)) // 60
    sign = "-" if offset_s < 0 else "+"
    return f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes else "UTC"


def length(value_m: float) -> str:
    """A distance over ground: metres, and nautical miles beside them."""
    return f"{value_m:,.0f} m ({m_to_nautical_miles(value_m):.2f} NM)"


def _upright(value_m: float) -> str:
    return f"{value_m:,.0f} m ({m_to_feet(value_m):,.0f} ft)"


def span(seconds: float) -> str:
    """A time as it is said: whole days from two on, whole hours, whole minutes, or seconds."""
    if seconds >= 2 * DAY_S and seconds % DAY_S == 0:
        return f"{seconds / DAY_S:g} days"
    return spoken(seconds)


def spoken(seconds: float) -> str:
    """A time in whole hours, whole minutes, or seconds."""
    for size, name in ((3_600, "h"), (60, "min")):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g} {name}"
    return f"{seconds:g} s"
