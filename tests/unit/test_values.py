"""Value classes and their signed form: COD-001 to COD-011."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from crosstell.codecs.shape import check_recordable, fields_of, tag_of
from crosstell.codecs.values import SignedFault, from_signed, to_signed, to_signed_as
from crosstell.core.altitude import Altitude, AltitudeLimit, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle, Footprint
from crosstell.core.geometry.position import Position
from crosstell.core.ids import PartyId
from crosstell.core.instant import Window


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark-blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    id: PartyId
    at: datetime
    wait_s_max: float
    lon_deg: float
    height_m: tuple[float, ...]
    speed_mps: float | None
    count: int
    colours: tuple[Colour, ...]
    limit: AltitudeLimit
    pairs: tuple[tuple[str, int], ...] = ()
    inner: "Sample | None" = None


def sample() -> Sample:
    return Sample(
        id=PartyId("alpha"),
        at=datetime(2023, 10, 5, 8, 40, 0, 5, tzinfo=UTC),
        wait_s_max=1.5,
        lon_deg=-40.7654321,
        height_m=(0.001, -2.0),
        speed_mps=None,
        count=7,
        colours=(Colour.DARK_BLUE,),
        limit=Unbounded(),
        pairs=(("a", 1),),
    )


SIGNED = {
    "id": "alpha",
    "at_us": 1_696_495_200_000_005,
    "wait_ms_max": 1_500,
    "lon_e7": -407_654_321,
    "height_mm": [1, -2_000],
    "count": 7,
    "colours": ["dark-blue"],
    "limit": "unbounded",
    "pairs": [["a", 1]],
}


def test_a_value_has_integers_strings_and_units() -> None:
    """COD-001, COD-003, COD-004, COD-005, COD-006."""
    assert to_signed(sample()) == SIGNED


def test_a_union_member_is_tagged_by_its_class() -> None:
    """COD-005."""
    circle = Circle(centre=Position(lat_deg=1.0, lon_deg=2.0), radius_m=3.0)
    signed = {"circle": {"centre": {"lat_e7": 10**7, "lon_e7": 2 * 10**7}, "radius_mm": 3000}}
    assert to_signed_as(Footprint, circle) == signed
    assert from_signed(Footprint, signed) == circle
    assert to_signed_as(AltitudeLimit, Unbounded()) == "unbounded"
    assert from_signed(AltitudeLimit, "unbounded") == Unbounded()


def test_a_value_comes_back_equal_even_if_its_class_holds_itself() -> None:
    """COD-007."""
    outer = Sample(
        **{name: getattr(sample(), name) for name in Sample.__slots__ if name != "inner"},
        inner=sample(),
    )
    assert from_signed(Sample, to_signed(outer)) == outer


REFUSED = [
    ({**SIGNED, "colour": 1}, "unknown key 'colour'"),
    ({key: SIGNED[key] for key in SIGNED if key != "count"}, "count: is missing"),
    ({**SIGNED, "count": True}, "count: True is not a whole number"),
    ({**SIGNED, "count": 1.0}, "count: 1.0 is not a whole number"),
    ({**SIGNED, "count": None}, "count: None is not a whole number"),
    ({**SIGNED, "speed_mmps": None}, "speed_mmps: None is not a whole number"),
    ({**SIGNED, "id": 3}, "id: 3 is not text"),
    ({**SIGNED, "id": "\ud800"}, "id: text holds half of a surrogate pair"),
    ({**SIGNED, "colours": ["green"]}, r"colours\[0\]: 'green' is not one of red, dark-blue"),
    ({**SIGNED, "colours": "red"}, "colours: 'red' is not a list"),
    ({**SIGNED, "pairs": [["a", 1], ["b"]]}, r"pairs\[1\]: .* is not a list of 2"),
    ({**SIGNED, "pairs": [["a", 1], ["b", "c"]]}, r"pairs\[1\]\[1\]: 'c' is not a whole number"),
    ({**SIGNED, "limit": {}}, "limit: write one of altitude, unbounded"),
    ({**SIGNED, "limit": {"unbounded": {}}}, "limit: unbounded has no fields"),
    ({**SIGNED, "limit": "altitude"}, "limit: 'altitude' is not one of"),
    ({**SIGNED, "limit": {"depth": {}}}, "limit: 'depth' is not one of"),
    ({**SIGNED, "limit": {"altitude": []}}, r"limit.altitude: \[\] is not an object"),
    ({**SIGNED, "inner": {**SIGNED, "count": ""}}, "inner.count: '' is not a whole number"),
    ({**SIGNED, "at_us": 2**53 - 1, "count": 2**53}, "count: 9007199254740992 is outside"),
    ([], r"\[\] is not an object with the fields of Sample"),
]


@pytest.mark.parametrize(("data", "told"), REFUSED)
def test_data_that_does_not_fit_is_refused_with_its_path(data: object, told: str) -> None:
    """COD-008, COD-009."""
    with pytest.raises(ValueError, match=f"^{told}"):
        from_signed(Sample, data)


def test_what_a_class_refuses_is_told_with_its_path() -> None:
    """COD-008."""
    data = {**SIGNED, "limit": {"altitude": {"value_mm": 10**12, "datum": "msl-egm96"}}}
    with pytest.raises(SignedFault, match=r"^limit\.altitude: altitude 1000000000\.0 m"):
        from_signed(Sample, data)


def test_an_instant_outside_the_calendar_is_refused() -> None:
    """COD-008."""
    window = {"start_us": -(2**53 - 1), "end_us": 2**53 - 1}
    assert from_signed(Window, {"start_us": 0, "end_us": 1}).start.year == 1970
    with pytest.raises(SignedFault, match="not after its start"):
        from_signed(Window, {"start_us": 1, "end_us": 1})
    assert from_signed(Window, window).end.year == 2255


@pytest.mark.parametrize("finer", [0.00001, float("nan"), float("inf"), 2.0**53])
def test_a_float_without_an_exact_form_is_refused(finer: float) -> None:
    """COD-009, COD-010."""
    value = Sample(
        **{name: getattr(sample(), name) for name in Sample.__slots__ if name != "wait_s_max"},
        wait_s_max=finer,
    )
    with pytest.raises(SignedFault, match=r"^wait_ms_max: "):
        to_signed(value)


@dataclass(frozen=True)
class BareFloat:
    ratio: float


@dataclass(frozen=True)
class WithDict:
    table: dict[str, int]


@dataclass(frozen=True)
class WithBool:
    ready: bool


@dataclass(frozen=True)
class WithSet:
    names: frozenset[str]


@dataclass(frozen=True)
class WithMixedUnion:
    value: str | Altitude


@dataclass(frozen=True)
class WithOptionalInside:
    values: tuple[str | None, ...]


@dataclass(frozen=True)
class WithHiddenAbsence:
    name: str | None = "x"


@dataclass(frozen=True)
class WithOneKeyTwice:
    wait_s: float
    wait_ms: int


@dataclass(frozen=True)
class Outer:
    inner: tuple[BareFloat, ...]


@pytest.mark.parametrize(
    "kind",
    [
        BareFloat,
        WithDict,
        WithBool,
        WithSet,
        WithMixedUnion,
        WithOptionalInside,
        WithHiddenAbsence,
        WithOneKeyTwice,
        Outer,
        int | str,
    ],
)
def test_what_cannot_be_recorded_is_named(kind: object) -> None:
    """COD-002, COD-006."""
    with pytest.raises(TypeError, match=r"\w"):
        check_recordable(kind)


def test_what_can_be_recorded_passes_and_is_read_once() -> None:
    """COD-001."""
    check_recordable(Sample)
    check_recordable(Footprint)
    assert fields_of(Sample) is fields_of(Sample)


def test_tags_are_snake_case() -> None:
    """COD-005."""

    class HTTPCall:
        pass

    class CallPlaced:
        pass

    assert [tag_of(HTTPCall), tag_of(CallPlaced)] == ["http_call", "call_placed"]


def test_the_wrong_class_or_word_is_not_encoded() -> None:
    """COD-008."""
    with pytest.raises(SignedFault, match="Position is not one of circle, polygon"):
        to_signed_as(Footprint, Position(lat_deg=0.0, lon_deg=0.0))
    with pytest.raises(SignedFault, match="datum: 'msl-egm96' is not a Datum"):
        to_signed(_altitude_with("msl-egm96"))
    assert to_signed(_altitude_with(Datum.MSL_EGM96)) == {"value_mm": 0, "datum": "msl-egm96"}


def _altitude_with(datum: object) -> Altitude:
    value = Altitude(value_m=0.0, datum=Datum.ABOVE_GROUND)
    object.__setattr__(value, "datum", datum)
    return value


def test_small_values_are_coded_fast_enough_for_a_feed() -> None:
    """COD-007. At least 5,000 there and back in a second of processor time; 50,000 measured."""
    data = to_signed(sample())
    begun = time.process_time()
    for _ in range(2_000):
        to_signed(from_signed(Sample, data))
    assert time.process_time() - begun < 0.4
