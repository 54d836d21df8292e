"""What the figures of rules answer by themselves, and how parties read them otherwise.

PRO-060 to PRO-066, PRO-080 to PRO-099: single cases by name; the oracles are in properties.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.codecs.values import from_signed, to_signed
from crosstell.core.altitude import Unbounded
from crosstell.core.ids import EntryRef, FeedId, PartyId, RoleId, RuleId
from crosstell.core.instant import Window
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import Adherence, advance
from crosstell.core.protocol.rule import AlertLevel, Blackout, Boundary, Minima, Rule
from crosstell.core.protocol.rules.blackout import (
    WITHIN_DAYS_MAX,
    blackout_windows,
    closed_windows,
    first_closed,
    last_given,
)
from crosstell.core.protocol.rules.boundary import FromSide, Side, level_at, side_of
from crosstell.core.protocol.rules.calendar import (
    Calendar,
    Closed,
    Dates,
    EachWeek,
    EachYear,
    Hours,
    NamedDate,
    Weekday,
)
from crosstell.core.protocol.rules.duration import stretches, too_long_by_s
from crosstell.core.protocol.rules.figures import Caution, Figure, Longest, WellClearRead
from crosstell.core.protocol.rules.lead import Ahead, late_by_s, latest_filing
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.rules.traffic import Tolerance, WellClearVolume
from crosstell.core.protocol.times import LeadCount, LeadTime, NoticeKind
from crosstell.core.protocol.understanding import (
    FigureReading,
    Reading,
    Understanding,
    UnderstandingStated,
    readings,
    unread,
)
from crosstell.core.table import Stamp

PROTOCOL = read_protocol(Path(__file__).with_name("data") / "all-rules.yaml")
ALPHA, BRAVO, CHARLIE = PartyId("alpha"), PartyId("bravo"), PartyId("charlie")


def the(name: str) -> Rule:
    rule = PROTOCOL.rule(RuleId(name))
    assert rule is not None
    return rule


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(start: str, end: str) -> Window:
    return Window(start=at(start), end=at(end))


def the_summer() -> Blackout:
    rule = the("summer")
    assert isinstance(rule, Blackout)
    return rule


def test_the_summer_of_one_year() -> None:
    """PRO-081, PRO-085, PRO-087. From midnight at UTC+3 to the midnight after 1 September."""
    found = blackout_windows(the_summer(), window("2023-06-30T12:00", "2023-09-02T00:00"))
    assert found == (window("2023-06-30T21:00", "2023-09-01T21:00"),)


def test_a_feast_and_the_fridays_of_a_week() -> None:
    """PRO-080, PRO-083, PRO-084. 27 October 2023 is a Friday, 29 October the feast."""
    found = blackout_windows(the_summer(), window("2023-10-27T09:00", "2023-10-31T00:00"))
    assert found == (
        window("2023-10-27T09:00", "2023-10-27T11:00"),
        window("2023-10-28T21:00", "2023-10-29T21:00"),
    )


@pytest.mark.parametrize(
    ("first", "last", "year", "expected"),
    [
        ("12-31", "01-01", 2023, [("2022-12-31", "2023-01-02"), ("2023-12-31", "2024-01-01")]),
        ("02-29", "03-02", 2023, [("2023-03-01", "2023-03-03")]),
        ("02-29", "03-02", 2024, [("2024-02-29", "2024-03-03")]),
        ("02-27", "02-29", 2023, [("2023-02-27", "2023-03-01")]),
        ("02-27", "02-29", 2024, [("2024-02-27", "2024-03-01")]),
        ("02-29", "02-29", 2023, []),
        ("02-29", "02-29", 2024, [("2024-02-29", "2024-03-01")]),
        ("01-01", "12-31", 2023, [("2023-01-01", "2024-01-01")]),
        ("02-29", "02-28", 2023, [("2023-01-01", "2024-01-01")]),
    ],
)
def test_ranges_of_each_year(
    first: str, last: str, year: int, expected: list[tuple[str, str]]
) -> None:
    """PRO-081, PRO-082."""
    calendar = Calendar(utc_offset_s=0.0, rows=(Closed(days=EachYear(first=first, last=last)),))
    within = window(f"{year}-01-01", f"{year + 1}-01-01")
    found = closed_windows(calendar, within)
    cut = [window(max(a, f"{year}-01-01"), b) for a, b in expected]
    assert list(found) == cut


def test_hours_over_midnight_belong_to_the_day_on_which_they_start() -> None:
    """PRO-084."""
    night = Hours(start="22:00", end="06:00")
    fridays = Closed(days=EachWeek(weekdays=(Weekday.FRIDAY,)), hours=night)
    calendar = Calendar(utc_offset_s=0.0, rows=(fridays,))
    week = window("2023-10-28T01:00", "2023-11-04T02:00")
    assert closed_windows(calendar, week) == (
        window("2023-10-28T01:00", "2023-10-28T06:00"),
        window("2023-11-03T22:00", "2023-11-04T02:00"),
    )
    whole = replace(fridays, hours=Hours(start="00:00", end="24:00"))
    bare = Closed(days=EachWeek(weekdays=(Weekday.FRIDAY,)))
    for row in (whole, bare):
        assert closed_windows(replace(calendar, rows=(row,)), week) == (
            window("2023-11-03", "2023-11-04"),
        )


def test_windows_end_where_time_does() -> None:
    """PRO-087, PRO-088. Another party's notice may name any instant: none of them is a fault."""
    feast = Dates(dates=(NamedDate(date="9999-12-31", name="the last day"),))
    calendar = Calendar(utc_offset_s=-50_400.0, rows=(Closed(days=feast),))
    always = Window(start=datetime.min.replace(tzinfo=UTC), end=datetime.max.replace(tzinfo=UTC))
    found = first_closed(calendar, always)
    assert found is not None
    assert found.start == at("9999-12-31T14:00")
    assert closed_windows(calendar, always) == (found,)
    years = timedelta(days=WITHIN_DAYS_MAX)
    first = Window(start=always.start, end=always.start + years)
    assert closed_windows(calendar, first) == ()
    daily = Closed(days=EachWeek(weekdays=tuple(Weekday)))
    for offset_s in (-50_400.0, 50_400.0):
        closed = Calendar(utc_offset_s=offset_s, rows=(daily,))
        assert first_closed(closed, first) is not None
        last = Window(start=always.end - timedelta(days=3), end=always.end)
        assert first_closed(closed, last) is not None
    yearly = Calendar(utc_offset_s=0.0, rows=(Closed(days=EachYear(first="02-29", last="02-29")),))
    assert first_closed(yearly, always) == window("0004-02-29", "0004-03-01")
    assert last_given(yearly) < at("0001-01-04")


def test_a_date_long_after_is_still_found() -> None:
    """PRO-088."""
    far = Dates(dates=(NamedDate(date="2500-05-05", name="far"),))
    calendar = Calendar(utc_offset_s=0.0, rows=(Closed(days=far),))
    found = first_closed(calendar, window("2023-01-01", "3000-01-01"))
    assert found == window("2500-05-05", "2500-05-06")
    assert first_closed(calendar, window("2600-01-01", "3000-01-01")) is None
    may = Closed(days=EachYear(first="05-04", last="05-05"))
    both = replace(calendar, rows=(*calendar.rows, may))
    told = closed_windows(both, window("2023-01-01", "3000-01-01"))
    assert len(told) == 101, "a hundred years of May, and the date that is given"
    assert told[-2:] == (window("2122-05-04", "2122-05-06"), window("2500-05-05", "2500-05-06"))


LEAD = PROTOCOL.lead_times[0]


@pytest.mark.parametrize(
    ("filed", "late_s"),
    [
        ("2023-01-31T22:59:59.999999", 0.0),  # 31 January at UTC+1
        ("2023-01-31T23:00:00", 1e-6),
        ("2023-01-31T23:00:01", 1.000001),
        ("2023-03-14T12:00:00", 42 * 86_400.0 - 11 * 3_600.0 + 1e-6),
    ],
)
def test_calendar_days_end_at_their_own_midnight(filed: str, late_s: float) -> None:
    """PRO-097, PRO-098. 42 days before 14 March 2023 is 31 January."""
    assert late_by_s(LEAD, at(filed), at("2023-03-14T12:00")) == pytest.approx(late_s, abs=1e-9)


def test_a_lead_time_as_a_party_reads_it() -> None:
    """PRO-064, PRO-097, PRO-099."""
    start = at("2023-03-14T12:00")
    assert latest_filing(LEAD, start, ahead_s=86_400.0) == at("2023-03-13T22:59:59.999999")
    zone = PROTOCOL.lead_times[1]
    assert latest_filing(zone, start) == at("2023-03-11T12:00")
    stated = Understanding(
        party=BRAVO, rule=RuleId("lead-time-zone"), text="five", figure=Ahead(ahead_s=432_000.0)
    )
    assert readings(zone, (stated,)) == (
        FigureReading(party=None, figure=Ahead(ahead_s=259_200.0)),
        FigureReading(party=BRAVO, figure=Ahead(ahead_s=432_000.0)),
    )


def test_the_first_days_of_all_have_no_earlier_filing() -> None:
    """PRO-098. A start in the year 1 is late, and no fault of ours."""
    start = datetime(1, 1, 2, tzinfo=UTC)
    elapsed = LeadTime(notice=NoticeKind.ZONE, ahead_s=864_000.0)
    days = replace(elapsed, counted=LeadCount.CALENDAR_DAYS, utc_offset_s=0.0)
    for lead in (elapsed, days):
        assert latest_filing(lead, start) == datetime.min.replace(tzinfo=UTC)


def test_stretches_join_what_touches() -> None:
    """PRO-089, PRO-090."""
    hours = [window(f"2023-05-01T{n:02}:00", f"2023-05-01T{n + 1:02}:00") for n in (3, 1, 2, 6)]
    assert stretches(hours) == (
        window("2023-05-01T01:00", "2023-05-01T04:00"),
        window("2023-05-01T06:00", "2023-05-01T07:00"),
    )
    assert too_long_by_s(hours, longest_s=10_800.0) == 0.0
    assert too_long_by_s(hours, longest_s=10_799.5) == 0.5
    assert too_long_by_s([], longest_s=0.0) == 0.0


def sides(alpha_m: float, bravo_m: float) -> tuple[FromSide, ...]:
    return (FromSide(party=ALPHA, distance_m=alpha_m), FromSide(party=BRAVO, distance_m=bravo_m))


@pytest.mark.parametrize(
    ("alpha_m", "bravo_m", "owner", "expected"),
    [
        (-5_000.0, 5_000.0, BRAVO, Side.INFRINGES),
        (-5_000.0, 5_000.0, None, Side.INFRINGES),
        (-5_000.0, 5_000.0, ALPHA, Side.CLEAR),
        (-5_000.0, -5_000.0, BRAVO, Side.CAUTION),  # both hold it to be theirs
        (-5_000.0, -5_000.0, CHARLIE, Side.CAUTION),
        (-5_000.0, 2_000.0, BRAVO, Side.CAUTION),  # exactly the caution from bravo's edge
        (-2_000.001, 2_000.001, BRAVO, Side.INFRINGES),
        (-2_000.0, 9_000.0, BRAVO, Side.CAUTION),
        (2_000.0, -9_000.0, BRAVO, Side.CAUTION),  # outside, near the edge as alpha draws it
        (2_000.001, 9_000.0, BRAVO, Side.CLEAR),  # no version reaches here
    ],
)
def test_boundary_cases_by_name(
    alpha_m: float, bravo_m: float, owner: PartyId | None, expected: Side
) -> None:
    """PRO-093 to PRO-096."""
    found = side_of(ALPHA, sides(alpha_m, bravo_m), owner=owner, caution_m=2_000.0)
    assert found is expected


def test_a_version_that_was_not_measured_says_nothing() -> None:
    """PRO-096."""
    with pytest.raises(ValueError, match="the version of charlie was not measured"):
        side_of(CHARLIE, sides(1.0, 1.0), owner=None, caution_m=0.0)


def test_a_caution_is_an_advisory_at_most() -> None:
    """PRO-094."""
    top = AlertLevel.CRITICAL
    found = [level_at(side, level_max=top) for side in (Side.INFRINGES, Side.CAUTION, Side.CLEAR)]
    assert found == [AlertLevel.CRITICAL, AlertLevel.ADVISORY, None]


CALENDAR = Calendar(utc_offset_s=0.0, rows=(Closed(days=EachYear(first="06-15", last="09-15")),))
FIGURES: list[tuple[str, Figure]] = [
    ("well-clear", WellClearRead(volume=WellClearVolume.PHASE_I)),
    ("not-over", Overhead(margin_m=100.0, ceiling=Unbounded())),
    ("summer", CALENDAR),
    ("short-stay", Longest(longest_s=60.0)),
    ("as-filed", Tolerance(lateral_m=1.0, early_s=0.0, late_s=0.0)),
]


@pytest.mark.parametrize(("name", "figure"), FIGURES, ids=[name for name, _ in FIGURES])
def test_every_figure_can_be_read_otherwise(name: str, figure: Figure) -> None:
    """PRO-061, PRO-064. The protocol's own comes first, as its text has it."""
    stated = Understanding(party=BRAVO, rule=RuleId(name), text="otherwise", figure=figure)
    own, other = readings(the(name), (stated,))
    assert (own.party, other) == (None, FigureReading(party=BRAVO, figure=figure))
    assert isinstance(own, FigureReading)
    assert type(own.figure) is type(figure)
    assert own.figure != figure
    assert unread(the(name), stated) is None
    event = UnderstandingStated(
        protocol=digest_of(PROTOCOL), rule=RuleId(name), text="otherwise", figure=figure
    )
    assert from_signed(UnderstandingStated, to_signed(event)) == event


def test_a_text_without_figure_has_only_the_parties_readings() -> None:
    """PRO-091."""
    rule = the("no-long-blocking")
    assert readings(rule, ()) == ()
    two_days = Longest(longest_s=172_800.0)
    stated = Understanding(party=BRAVO, rule=rule.id, text="two days", figure=two_days)
    assert readings(rule, (stated,)) == (FigureReading(party=BRAVO, figure=two_days),)


def test_the_readings_of_a_boundary_are_its_versions() -> None:
    """PRO-065, PRO-066."""
    rule = the("the-line")
    assert isinstance(rule, Boundary)
    wide = Caution(caution_m=9_000.0)
    stated = [
        Understanding(party=party, rule=rule.id, text="wide", figure=wide)
        for party in (BRAVO, CHARLIE)
    ]
    assert readings(rule, stated) == (
        FigureReading(party=ALPHA, figure=Caution(caution_m=2_000.0)),
        FigureReading(party=BRAVO, figure=wide),
    )
    assert unread(rule, stated[0]) is None
    assert unread(rule, stated[1]) == (
        "rule the-line has no version of charlie, so its caution is not evaluated"
    )


def test_a_separation_is_read_by_minima_with_their_dwell() -> None:
    """PRO-061, PRO-071."""
    rule = the("rule-of-threes")
    longer = Minima(lateral_m=5_556.0, vertical_m=914.4, dwell_s=300.0)
    stated = Understanding(party=BRAVO, rule=rule.id, text="five", minima=longer)
    own, other = readings(rule, (stated,))
    assert isinstance(own, Reading)
    assert own.minima.dwell_s == 180.0
    assert other == Reading(party=BRAVO, minima=longer)


MISREAD = [
    ("restraint", "rule restraint is a duty that a person judges"),
    ("keep-away", "rule keep-away has minima; state minima"),
    ("summer", "rule summer is read by its calendar; state that as its figure"),
]


@pytest.mark.parametrize(("name", "told"), MISREAD)
def test_figures_that_nothing_evaluates_are_told(name: str, told: str) -> None:
    """PRO-062, PRO-066."""
    rule = the(name)
    stated = Understanding(
        party=BRAVO, rule=rule.id, text="otherwise", figure=Longest(longest_s=1.0)
    )
    assert str(unread(rule, stated)).startswith(told)
    assert all(reading.party is None for reading in readings(rule, (stated,)))
    assert unread(rule, replace(stated, figure=None)) is None


def test_two_kinds_of_figures_are_refused() -> None:
    """PRO-064."""
    with pytest.raises(ValueError, match="minima and figure are both given"):
        UnderstandingStated(
            protocol=digest_of(PROTOCOL),
            rule=RuleId("summer"),
            text="x",
            minima=Minima(lateral_m=1.0),
            figure=CALENDAR,
        )


def test_a_stated_figure_stands_until_withdrawn() -> None:
    """PRO-060, PRO-064. The party's standing keeps it."""
    event = UnderstandingStated(
        protocol=digest_of(PROTOCOL), rule=RuleId("summer"), text="from 15 June", figure=CALENDAR
    )
    stamp = Stamp(
        ref=EntryRef(feed=FeedId("bravo"), seq=0, hash="0" * 64),
        at=at("2023-03-01T12:00"),
        by=Speaker(party=BRAVO, role=RoleId("director"), watch="w1"),
    )
    held = advance(None, event, stamp)
    assert isinstance(held, Adherence)
    assert [one.figure for one in held.understandings] == [CALENDAR]
