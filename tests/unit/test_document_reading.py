"""What a person writes, read as values, with every fault told.

COD-030 to COD-037, COD-040 to COD-042.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import jsonschema_rs
import pytest

from crosstell.codecs.document import NUMBER, from_document, reads_as_text
from crosstell.codecs.plain import to_plain
from crosstell.codecs.schema import document_schema, result_schema
from crosstell.codecs.values import from_signed, to_signed
from crosstell.codecs.yaml_document import (
    DocumentRefused,
    Listing,
    Mapping,
    Node,
    Scalar,
    parse_yaml,
)
from crosstell.core.altitude import Altitude, AltitudeLimit, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.instant import Window
from crosstell.core.protocol.fault import Fault, Misfit


class Mood(StrEnum):
    CALM = "calm"
    NOT_CALM = "not-calm"


SURFACE = Unbounded()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    wait_s: float
    speed_mps_max: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    name: str
    window: Window
    circle: Circle
    floor: AltitudeLimit = SURFACE
    mood: Mood = Mood.CALM
    steps: tuple[Step, ...] = ()
    pair: tuple[str, int] | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        faults = [
            Fault(path=("steps", place, "wait_s"), text=f"wait_s is {step.wait_s}; write more")
            for place, step in enumerate(self.steps)
            if step.wait_s < 1
        ]
        if faults:
            raise Misfit(tuple(faults))


GOOD = """\
name: watch
window: {start: 2023-10-05T08:40Z, end: 2023-10-05T09:40:00Z}
circle: {centre: {lat_deg: 36.5, lon_deg: 40}, radius_nm: 3}
floor: {altitude: {value_ft: 1500, datum: msl-egm96}}
mood: not-calm
steps:
  - {wait_minutes: 1.5, speed_kt_max: 100}
  - {wait_s: 2}
pair: ["1", 1]
"""


def read(text: str) -> Plan:
    return from_document(Plan, parse_yaml(text.encode(), name="plan.yaml"))


def refusal(text: str) -> list[str]:
    with pytest.raises(DocumentRefused) as caught:
        read(text)
    return str(caught.value).splitlines()


def as_json(node: Node) -> object:
    """What another YAML reader hands to a schema."""
    match node:
        case Mapping():
            return {key.text: as_json(value) for key, value in node.entries}
        case Listing():
            return [as_json(item) for item in node.items]
        case Scalar():
            if node.plain and NUMBER.fullmatch(node.text):
                return float(node.text) if "." in node.text else int(node.text)
            return node.text


def test_named_units_instants_and_words_are_read() -> None:
    """COD-031, COD-032, COD-033."""
    assert read(GOOD) == Plan(
        name="watch",
        window=Window(
            start=datetime(2023, 10, 5, 8, 40, tzinfo=UTC),
            end=datetime(2023, 10, 5, 9, 40, tzinfo=UTC),
        ),
        circle=Circle(centre=Position(lat_deg=36.5, lon_deg=40.0), radius_m=5556.0),
        floor=Altitude(value_m=457.2, datum=Datum.MSL_EGM96),
        mood=Mood.NOT_CALM,
        steps=(Step(wait_s=90.0, speed_mps_max=51.444), Step(wait_s=2.0)),
        pair=("1", 1),
    )


def test_what_was_read_survives_its_signed_form() -> None:
    """COD-037."""
    assert from_signed(Plan, to_signed(read(GOOD))) == read(GOOD)


def test_a_number_is_rounded_to_the_grain_of_its_field() -> None:
    """COD-031."""
    text = GOOD.replace("wait_s: 2", "wait_s: 2.00049").replace("36.5", "36.123456789")
    assert (read(text).steps[1].wait_s, read(text).circle.centre.lat_deg) == (2.0, 36.1234568)


def test_every_fault_is_told_at_its_place_in_order() -> None:
    """COD-030."""
    text = """\
name: yes
window: {start: 2023-10-05T09:40:00Z, end: 2023-10-05T08:40:00Z}
circle: {centre: {lat_deg: 36.5N, lon_deg: 40}, radius_nm: 3, radius_m: 5556}
floor: {altitude: {value_m: 10}}
mood: calmer
steps: [{wait_s: '2'}, {}]
pair: [a]
note:
colour: red
"""
    assert refusal(text) == [
        "plan.yaml:1:7: name: 'yes' may be read as no text; write it in quotes",
        "plan.yaml:2:9: window: window ends 2023-10-05T08:40:00Z, not after its start "
        "2023-10-05T09:40:00Z; swap or correct them",
        "plan.yaml:3:28: circle.centre.lat_deg: '36.5N' is not a number; write digits without "
        "quotes or unit, like 36.5",
        "plan.yaml:3:63: circle.radius_m: is given as radius_m and radius_nm; keep one",
        "plan.yaml:4:19: floor.altitude.datum: is missing; write one of wgs84-ellipsoid, "
        "msl-egm96, standard-pressure, above-ground",
        "plan.yaml:5:7: mood: 'calmer' is not known; write calm, not-calm (did you mean calm?)",
        "plan.yaml:6:18: steps[0].wait_s: '2' is not a number; write digits without quotes or "
        "unit, like 36.5",
        "plan.yaml:6:24: steps[1].wait_s: is missing; write a number (or wait_minutes, "
        "wait_hours, wait_days)",
        "plan.yaml:7:7: pair: is not a list of 2; write all of them",
        "plan.yaml:8:1: note: is empty; write a value or leave the key out",
        "plan.yaml:9:1: colour: unknown key; it has name, window, circle, floor, mood, steps, "
        "pair, note",
    ]


FAULTS = [
    ("08:40Z", "08:40", "2:17: window.start: '2023-10-05T08:40' is not a UTC time"),
    ("08:40Z", "08:40+02:00", "2:17: window.start: '2023-10-05T08:40+02:00' is not a UTC time"),
    ("name: watch", "name: [a]", "1:7: name: is a list; write text"),
    ("name: watch", "nane: watch", "1:1: name: is missing; write text"),
    ("steps:\n", "steps: {}\nxteps:\n", "6:8: steps: is a mapping; write a list"),
    ("{wait_s: 2}", "{wait_s: 2, wait_min: 2}", "8:17: steps[1].wait_min: unknown key"),
    ("{wait_s: 2}", "{wait_s: 2}\n  - x", "9:5: steps[2]: is a single value; write the keys"),
    ("{wait_s: 2}", "{wait_minutes: 0.01}", "8:6: steps[1].wait_s: wait_s is 0.6; write more"),
    ("{altitude:", "{height:", "4:9: floor: 'height' is not known; write altitude, unbounded"),
    ("floor: {", "floor: {unbounded: {}, ", "4:8: floor: does not say which; write exactly one of"),
    ("value_ft: 1500", "value_m: 1e9", "4:19: floor.altitude: altitude 1000000000.0 m"),
    ("value_ft: 1500", "value_ft: 1e400", "4:30: floor.altitude.value_ft: 1e400 is too large"),
    ('["1", 1]', '["1", 9007199254740992]', "9:13: pair[1]: 9007199254740992 is outside"),
    ('["1", 1]', '["1", 1.0]', "9:13: pair[1]: '1.0' is not a whole number"),
]


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_a_fault_has_its_place_and_says_what_to_write(old: str, new: str, told: str) -> None:
    """COD-030, COD-031, COD-033, COD-035, COD-036."""
    assert refusal(GOOD.replace(old, new))[0].startswith(f"plan.yaml:{told}")


def test_a_union_member_is_written_by_its_word() -> None:
    """COD-036."""
    text = GOOD.split("floor:", maxsplit=1)[0]
    assert read(text + "floor: unbounded\n").floor == Unbounded()
    assert "altitude needs its fields" in refusal(text + "floor: altitude\n")[0]
    assert "unbounded has no fields" in refusal(text + "floor: {unbounded: {a: 1}}\n")[0]
    assert "did you mean unbounded?" in refusal(text + "floor: unbound\n")[0]


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "Yes",
        "on",
        "null",
        "~",
        "true",
        "1",
        "-1.5",
        "1_000",
        "0x1f",
        "1:30",
        ".5",
        "1e3",
        "2023-10-05",
        ".inf",
        "+1",
        "n",
    ],
)
def test_text_that_may_be_read_otherwise_needs_quotes(word: str) -> None:
    """COD-034."""
    with pytest.raises(DocumentRefused, match=r"may be read as no text|is empty"):
        read(GOOD.replace("watch", word))
    assert read(GOOD.replace("watch", f"'{word}'")).name == word


@pytest.mark.parametrize("word", ["nope", "on time", "1 of 2", "alpha-1", "yes-no"])
def test_plain_words_need_no_quotes(word: str) -> None:
    """COD-034."""
    node = parse_yaml(word.encode(), name="f").root
    assert isinstance(node, Scalar)
    assert reads_as_text(node)


def test_two_names_of_one_unit_may_be_fields_of_their_own() -> None:
    """COD-032. A class that has both `lower_m` and `lower_ft` is asked for each."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Both:
        lower_m: float
        lower_ft: int

    found = from_document(Both, parse_yaml(b"lower_m: 1\nlower_ft: 2\n", name="f"))
    assert (found.lower_m, found.lower_ft) == (1.0, 2)


def test_what_is_accepted_validates_and_what_lacks_a_key_does_not() -> None:
    """COD-041."""
    schema = document_schema(Plan, title="Plan")
    jsonschema_rs.meta.validate(schema)
    check = jsonschema_rs.Draft202012Validator(schema)
    good = as_json(parse_yaml(GOOD.encode(), name="f").root)
    assert isinstance(good, dict)
    check.validate(good)
    spoilt: list[dict[str, object]] = [
        {"name": None},
        {"colour": 1},
        {"mood": "calmer"},
        {"pair": ["a"]},
        {"circle": {**good["circle"], "radius_m": 1}},
        {"window": {"start": "2023-10-05T08:40:00", "end": "2023-10-05T09:40:00Z"}},
        {"floor": {"altitude": {"value_m": 1}}},
        {"steps": [{"wait_s": 1, "speed_mps_max": 1, "speed_kt_max": 1}]},
        {"steps": [{}]},
    ]
    for spoil in spoilt:
        assert not check.is_valid({**good, **spoil}), spoil


def test_plain_results_have_units_and_validate() -> None:
    """COD-040, COD-042."""
    plan = read(GOOD)
    plain = to_plain(plan)
    assert isinstance(plain, dict)
    assert plain == {
        "name": "watch",
        "window": {"start": "2023-10-05T08:40:00Z", "end": "2023-10-05T09:40:00Z"},
        "circle": {"centre": {"lat_deg": 36.5, "lon_deg": 40.0}, "radius_m": 5556.0},
        "floor": {"altitude": {"value_m": 457.2, "datum": "msl-egm96"}},
        "mood": "not-calm",
        "steps": [{"wait_s": 90.0, "speed_mps_max": 51.444}, {"wait_s": 2.0}],
        "pair": ["1", 1],
    }
    schema = result_schema(Plan, title="Plan")
    check = jsonschema_rs.Draft202012Validator(schema)
    check.validate(plain)
    assert not check.is_valid({k: v for k, v in plain.items() if k != "mood"})
    assert not check.is_valid({**plain, "circle": {}})
