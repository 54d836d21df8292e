"""Every kind of rule as documents write it, and what documents may not write.

PRO-011 to PRO-015, PRO-037 to PRO-039, PRO-070 to PRO-077, PRO-080 to PRO-086, PRO-089 to PRO-092,
PRO-097, PRO-100 to PRO-104.
"""

import re
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest

from crosstell.codecs.document import NUMBER, from_document
from crosstell.codecs.plain import to_plain
from crosstell.codecs.protocol_file import (
    canonical_bytes,
    digest_of,
    from_canonical,
    parse_protocol,
    read_protocol,
)
from crosstell.codecs.schema import document_schema, result_schema
from crosstell.codecs.yaml_document import (
    DocumentRefused,
    Listing,
    Mapping,
    Node,
    Scalar,
    parse_yaml,
    read_yaml,
)
from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.ids import RuleId
from crosstell.core.picture.content import ActivityKind
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    AlertLevel,
    Blackout,
    Boundary,
    Concerned,
    Conformance,
    ContactLevels,
    Duty,
    Frequencies,
    KeptFrom,
    MaximumDuration,
    Minima,
    NamedActivity,
    Overflight,
    Overflown,
    Phrases,
    Rule,
    Separation,
    Standoff,
    WellClear,
    ZoneEntry,
)
from crosstell.core.protocol.rules.duration import Lasting
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.rules.traffic import Tolerance, WellClearVolume
from crosstell.core.protocol.times import LeadCount, LeadForce

FOLDER = Path(__file__).with_name("data")
FILE = FOLDER / "all-rules.yaml"
TEXT = FILE.read_text(encoding="utf-8")
GUIDE = Path(__file__).parents[2] / "docs" / "scenarios.md"


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return read_protocol(FILE)


def the(protocol: Protocol, name: str) -> Rule:
    rule = protocol.rule(RuleId(name))
    assert rule is not None
    return rule


def test_minima_may_have_a_dwell(protocol: Protocol) -> None:
    """PRO-070, PRO-071, PRO-074."""
    threes = the(protocol, "rule-of-threes")
    assert isinstance(threes, Separation)
    assert threes.minima == Minima(lateral_m=5_556.0, vertical_m=914.4, dwell_s=180.0)
    assert (threes.between, threes.activities) == (Concerned.TRACKS, ())
    plans = the(protocol, "plans-apart")
    assert isinstance(plans, Separation)
    assert plans.minima.dwell_s is None
    assert plans.concerned is Concerned.ACTIVITIES
    assert plans.activities == (NamedActivity.CREWED_FLIGHT, NamedActivity.UNCREWED_FLIGHT)


def test_what_a_place_rule_applies_to(protocol: Protocol) -> None:
    """PRO-011, PRO-012, PRO-015."""
    away, stay = the(protocol, "keep-away"), the(protocol, "zone-stay")
    assert isinstance(away, Standoff)
    assert isinstance(stay, ZoneEntry)
    assert away.concerned is Concerned.BOTH
    assert (stay.applies_to, stay.concerned) == (Concerned.TRACKS, Concerned.TRACKS)


def test_well_clear_and_conformance(protocol: Protocol) -> None:
    """PRO-075, PRO-076, PRO-077."""
    clear, filed = the(protocol, "well-clear"), the(protocol, "as-filed")
    assert isinstance(clear, WellClear)
    assert clear.volume is WellClearVolume.NON_COOPERATIVE
    assert isinstance(filed, Conformance)
    assert filed.tolerance == Tolerance(
        lateral_m=500.0, vertical_m=91.44, early_s=300.0, late_s=600.0
    )
    assert filed.level_max is AlertLevel.ADVISORY


def test_overflight_has_a_margin_and_a_ceiling(protocol: Protocol) -> None:
    """PRO-072."""
    over = the(protocol, "not-over")
    assert isinstance(over, Overflight)
    assert over.over == (Overflown.OWN_FORCE_LOCATION, Overflown.ZONE)
    assert over.overhead == Overhead(
        margin_m=1_609.344, ceiling=Altitude(value_m=3_048.0, datum=Datum.ABOVE_GROUND)
    )
    text = TEXT.replace(
        "ceiling: {altitude: {value_ft: 10000, datum: above-ground}}", "ceiling: unbounded"
    )
    high = the(parse_protocol(text.encode(), name="p"), "not-over")
    assert isinstance(high, Overflight)
    assert high.overhead.ceiling == Unbounded()


def test_blackout_duration_boundary_and_lead(protocol: Protocol) -> None:
    """PRO-080, PRO-086, PRO-089, PRO-091, PRO-092, PRO-097."""
    summer, blocking = the(protocol, "summer"), the(protocol, "no-long-blocking")
    assert isinstance(summer, Blackout)
    assert summer.calendar.utc_offset_s == 10_800.0
    assert (len(summer.calendar.rows), summer.footprint) == (3, None)
    assert isinstance(blocking, MaximumDuration)
    assert (blocking.longest_s, blocking.lasting) == (None, (Lasting.ACTIVITY, Lasting.ZONE))
    line = the(protocol, "the-line")
    assert isinstance(line, Boundary)
    assert [version.party for version in line.versions] == ["alpha", "bravo"]
    activity, zone = protocol.lead_times
    assert (activity.ahead_s, activity.counted) == (42 * 86_400.0, LeadCount.CALENDAR_DAYS)
    assert (activity.utc_offset_s, activity.force) == (3_600.0, LeadForce.AS_A_RULE)
    assert (zone.ahead_s, zone.counted) == (3 * 86_400.0, LeadCount.ELAPSED)
    assert (activity.id, zone.id) == ("lead-time-activity", "lead-time-zone")


def test_words_that_mirror_the_pictures_are_the_same() -> None:
    """PRO-016, PRO-072. A kind that a notice can state and no rule can name would be lost."""
    kinds = {one.value for one in ActivityKind} - {ActivityKind.NOT_STATED.value}
    assert {one.value for one in NamedActivity} == kinds
    assert {one.value for one in Overflown} == {one.value for one in KeptFrom} | {"zone"}


def test_the_bytes_come_back_and_the_words_of_old_documents_are_unchanged() -> None:
    """PRO-015, PRO-042, PRO-043, COD-012. What is not written is not in the bytes."""
    protocol = read_protocol(FILE)
    assert from_canonical(canonical_bytes(protocol)) == protocol
    old = canonical_bytes(read_protocol(FOLDER / "test-protocol.yaml"))
    for word in (b"dwell", b"applies_to", b"counted", b"utc_offset"):
        assert word not in old
    said = TEXT.replace(
        "zones: [danger-area]\n      minima",
        "applies_to: tracks\n      zones: [danger-area]\n      minima",
        1,
    )
    again = parse_protocol(said.encode(), name="p")
    assert digest_of(again) == digest_of(protocol), "said or not, it is one document"
    assert isinstance(stay := the(again, "zone-stay"), ZoneEntry)
    assert stay.concerned is Concerned.TRACKS


FAULTS = [
    ("rule-of-threes", "dwell_minutes: 3", "dwell_minutes: 16", "dwell_s 960 is longer than the a"),
    ("rule-of-threes", "dwell_minutes: 3", "dwell_s: 0", "dwell_s is 0; write a number from"),
    ("rule-of-threes", "lateral_nm: 3", "lateral_nm: 0", "minima.lateral_m is 0; a separation has"),
    ("rule-of-threes", "dwell_minutes: 3", "measured_from: centre", "minima.measured_from is cent"),
    ("plans-apart", "between: activities", "between: tracks", "activities are named, but between "),
    ("plans-apart", "crewed-flight,", "crewed,", "'crewed' is not known; write crewed-flight"),
    ("plans-apart", "between: activities", "betwen: activities", "did you mean between?"),
    ("keep-away", "applies_to: both", "applies_to: all", "'all' is not known; write tracks, act"),
    ("well-clear", "volume: non-", "volume: un", "'uncooperative' is not known; write phase-i, ph"),
    ("not-over", "over: [own-force-location, zone]", "over: []", "over is empty; name at least on"),
    ("not-over", "[own-force-location, zone]", "[notified-site]", "zones are named, but over has "),
    ("not-over", "value_ft: 10000", "value_ft: 0", "ceiling 0 m above-ground is not above the low"),
    ("not-over", "margin_statute_miles: 1", "margin_m: -1", "margin_m is -1; write a number from "),
    ("not-over", "{altitude: {value_ft: 10000, datum: above-ground}}", "{value_ft: 10000}",
     "write altitude, unbounded"),
    ("summer", "07-01", "7-1", "first '7-1' is no day of a year; write month-day: 07-01 for 1 Jul"),
    ("summer", "09-01", "09-31", "last '09-31' is no day of a year"),
    ("summer", '"2023-10-29"', "2023-10-29", "may be read as no text; write it in quotes"),
    ("summer", '"2023-10-29"', '"2023-02-29"', "date '2023-02-29' is no date; write year-month-da"),
    ("summer", '"2023-10-29"', '"20231029"', "date '20231029' is no date; write year-month-day"),
    ("summer", "name: Republic day}", 'name: x}, {date: "2023-10-29", name: z}',
     "dates: 2023-10-29 is listed twice"),
    ("summer", "[friday]", "[]", "weekdays is empty or names a day twice"),
    ("summer", "[friday]", "[friday, friday]", "weekdays is empty or names a day twice"),
    ("summer", "[friday]", "[freitag]", "'freitag' is not known; write monday, tuesday"),
    ("summer", '"11:30"', '"11.30"', "start '11.30' is no time of day; write hours and minutes in"),
    ("summer", '"14:00"', '"24:01"', "end '24:01' is no time of day"),
    ("summer", '"14:00"', '"11:30"', "start and end are the same; leave hours out to mean the who"),
    ("summer", '"11:30"', '"24:00"', 'start is 24:00; write "00:00"'),
    ("summer", "utc_offset_hours: 3", "utc_offset_hours: 15", "utc_offset_s is 54000; write a num"),
    ("summer", "utc_offset_hours: 3", "utc_offset_s: 10801", "utc_offset_s is 10801; write whole "),
    ("summer", "utc_offset_hours: 3\n        rows", "rows", ".utc_offset_s: is missing"),
    ("summer", "name: Republic day", "name: ''", "name is empty or longer than 200"),
    ("new-year", "rows: [{days: {each_year: {first: 12-31, last: 01-01}}}]", "rows: []",
     "rows has 0 rows; write 1 to 100"),
    ("new-year", "each_year: {first: 12-31, last: 01-01}", "dates: {dates: []}", "dates has 0 dat"),
    ("new-year", "each_year: {first: 12-31, last: 01-01}",
     'dates: {dates: [{date: "2022-12-31", name: x}]}', "has no closed time from 2023-01-01T00:00"),
    ("no-long-blocking", "lasting: [activity, zone]", "lasting: []", "lasting is empty; name acti"),
    ("short-stay", "lasting: [stay]", "lasting: [activity]", "zones are named, but lasting has ne"),
    ("short-stay", "zones: [danger-area]", "activities: [exercise]", "activities are named, but l"),
    ("the-line", "party: bravo", "party: alpha", "versions: alpha has two; put all footprints"),
    ("the-line", "party: bravo", "party: charlie", "'charlie' is no party of this protocol that o"),
    ("the-line", "party: bravo", "party: delta", "'delta' is no party of this protocol that owes"),
    ("the-line", "caution_km: 2", "caution_km: 60", "no place of it is farther than caution_m 600"),
    ("the-line", "lat_deg: -37.5", "lat_deg: -36.5", "is the same area as that of alpha; each ver"),
    ("the-line", "side: [{circle: {centre: {lat_deg: -37.5, lon_deg: -19}, radius_km: 60}}]",
     "side: []", "side has 0 footprints; give 1 to 20"),
    ("as-filed", "early_minutes: 5", "early_s: -5", "early_s is -5; write a number from 0"),
    ("as-filed", "tolerance:", "level_max: urgent\n      tolerance:", "level_max is urgent; confo"),
    ("lead_times", "ahead_days: 42", "ahead_hours: 41", "ahead_s is 147600 s, not whole calendar "),
    ("lead_times", ", utc_offset_hours: 1", "", "utc_offset_s is what calendar days are counted b"),
    ("lead_times", "ahead_days: 3,", "ahead_days: 3, utc_offset_s: 0,", "utc_offset_s is what cal"),
    ("id: restraint", "restraint", "lead-time-zone", "a rule has the id 'lead-time-zone', by whic"),
]  # fmt: skip


@pytest.mark.parametrize(("near", "old", "new", "told"), FAULTS)
def test_what_cannot_be_meant_is_told_with_its_line(
    near: str, old: str, new: str, told: str
) -> None:
    """PRO-037, PRO-038, PRO-071 to PRO-077, PRO-080 to PRO-086, PRO-089 to PRO-092, PRO-097.

    PRO-100 to PRO-104.
    """
    before, found, after = TEXT.partition(near)
    assert found
    place = (found + after).index(old)
    text = before + (found + after)[:place] + new + (found + after)[place + len(old) :]
    with pytest.raises(DocumentRefused) as caught:
        parse_protocol(text.encode(), name="p.yaml")
    assert told in str(caught.value)
    line = int(str(caught.value).split(":")[1])
    start = before.count("\n") + 1
    assert start <= line <= start + 20 or near == "id: restraint"


def test_a_duration_as_long_as_the_protocol_has_no_use() -> None:
    """PRO-039."""
    text = TEXT.replace(
        "starts: 2023-01-01T00:00:00Z", "starts: 2023-01-01T00:00:00Z\nends: 2023-01-02T00:00:00Z"
    )
    text = text.replace("longest_minutes: 10", "longest_hours: 24").replace(
        "first: 07-01", "first: 12-01"
    )
    text = text.replace("last: 09-01", "last: 02-01")
    with pytest.raises(DocumentRefused, match="longest_s 86400 is not under the life of the prot"):
        parse_protocol(text.encode(), name="p.yaml")


def test_a_dwell_as_long_as_the_horizon_is_told_in_time() -> None:
    """PRO-037."""
    text = TEXT.replace("dwell_minutes: 3", "dwell_minutes: 15")
    threes = the(parse_protocol(text.encode(), name="p.yaml"), "rule-of-threes")
    assert isinstance(threes, Separation)
    assert threes.minima.dwell_s == 900.0


def test_a_boundary_of_one_version_is_none(protocol: Protocol) -> None:
    """PRO-092."""
    line = the(protocol, "the-line")
    assert isinstance(line, Boundary)
    with pytest.raises(ValueError, match="versions has 1; a boundary rule has 2 to 20"):
        replace(line, versions=line.versions[:1])


def _as_json(node: Node) -> object:
    match node:
        case Mapping():
            return {key.text: _as_json(value) for key, value in node.entries}
        case Listing():
            return [_as_json(item) for item in node.items]
        case Scalar():
            number = node.plain and NUMBER.fullmatch(node.text)
            return float(node.text) if number else node.text


def test_the_schema_takes_what_is_read_and_what_is_written_plainly(protocol: Protocol) -> None:
    """PRO-001, COD-040, COD-041."""
    schema = document_schema(Protocol, title="Crosstell protocol")
    jsonschema_rs.Draft202012Validator(schema).validate(_as_json(read_yaml(FILE).root))
    plain = result_schema(Protocol, title="Crosstell protocol")
    jsonschema_rs.Draft202012Validator(plain).validate(to_plain(protocol))


def test_the_guides_examples_are_read() -> None:
    """COD-030. Every example of the guide's part about the protocol is a rule."""
    part = GUIDE.read_text(encoding="utf-8").split("## The protocol file")[1].split("\n## ")[0]
    examples = re.findall(r"```yaml\n(.*?)```", part, re.DOTALL)
    assert len(examples) >= 4
    kinds = {
        type(from_document(Rule, parse_yaml(text.encode(), name="guide"))) for text in examples
    }
    assert {Separation, Blackout, Overflight, Boundary} <= kinds
    assert {Duty, ContactLevels, Frequencies, Phrases} <= kinds


POINT = "{lat_deg: -37.5, lon_deg: -19}"
OTHER = "{lat_deg: -37.5, lon_deg: -18.5}"
NARROW = [
    f"corridor: {{points: [{POINT}, {OTHER}], half_width_km: 2}}",
    f"ellipse: {{centre: {POINT}, semi_major_km: 9, semi_minor_km: 2, orientation_deg: 0}}",
    f"orbit: {{first: {POINT}, second: {OTHER}, width_km: 4, side: centre}}",
    f"radar_arc: {{centre: {POINT}, inner_radius_km: 1, outer_radius_km: 2,"
    " from_bearing_deg: 0, to_bearing_deg: 90}",
    f"polygon: {{vertices: [{POINT}, {{lat_deg: -37.51, lon_deg: -19}}, "
    "{lat_deg: -37.5, lon_deg: -19.01}]}",
]


@pytest.mark.parametrize("shape", NARROW, ids=[shape.split(":")[0] for shape in NARROW])
def test_a_side_that_the_caution_covers_is_told_whatever_its_shape(shape: str) -> None:
    """PRO-100. A little less caution, and something in it can infringe."""
    old = "circle: {centre: {lat_deg: -37.5, lon_deg: -19}, radius_km: 60}"
    text = TEXT.replace(f"side: [{{{old}}}]", f"side: [{{{shape}}}]")
    assert text != TEXT
    with pytest.raises(DocumentRefused, match="no place of it is farther than caution_m 2000"):
        parse_protocol(text.encode(), name="p.yaml")
    parse_protocol(text.replace("caution_km: 2", "caution_m: 200").encode(), name="p.yaml")
