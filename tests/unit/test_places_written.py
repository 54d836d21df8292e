"""Positions as a person writes them: what is read, how well, what is doubted, what is refused."""

import pytest

from crosstell.codecs.geo.paste import parse_places
from crosstell.codecs.geo.places import (
    Area,
    Choices,
    Figure,
    Form,
    Needs,
    Order,
    Place,
    PlaceFault,
    Places,
    PlacesRefused,
    Spot,
    Way,
)
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position

HERE = Position(lat_deg=36 + 30 / 60 + 12 / 3600, lon_deg=40 + 44 / 60 + 58 / 3600)


def places(text: str, choices: Choices | None = None) -> tuple[Place, ...]:
    found = parse_places(text, choices or Choices())
    assert isinstance(found, Places), found
    return found.places


def faults(text: str, choices: Choices | None = None) -> tuple[PlaceFault, ...]:
    found = parse_places(text, choices or Choices())
    assert isinstance(found, PlacesRefused), found
    return found.faults


def spot(text: str, choices: Choices | None = None) -> Spot:
    (place,) = places(text, choices)
    assert isinstance(place.figure, Spot)
    return place.figure


@pytest.mark.parametrize(
    "text",
    [
        "36°30'12\"N 040°44'58\"E",
        "36°30\N{PRIME}12\N{DOUBLE PRIME}N, 40°44\N{PRIME}58\N{DOUBLE PRIME}E",
        "36 30 12N 040 44 58E",
        "36-30-12N 040-44-58E",
        "36:30:12 N / 040:44:58 E",
        "36.30.12N 040.44.58E",
        "363012N0404458E",
        "363012N 0404458E",
        "N36 30 12 E040 44 58",
        "n36°30'12\" e40°44'58\"",
        "E040 44 58 N36 30 12",
        "36°30'12\"K 040°44'58\"D",
        "36°30'12\"\u0421 040°44'58\"\u0412",  # Russian: north and east
        "36° 30' 12'' N 040° 44' 58'' E",
    ],
)
def test_plc_020_022_027_degrees_minutes_seconds(text: str) -> None:
    (place,) = places(text)
    assert place.form is Form.DEGREES_MINUTES_SECONDS
    assert spot(text).position == HERE
    assert place.doubts == ()


@pytest.mark.parametrize("text", ["36-30.2N 040-44.9E", "36°30.2'N 040°44.9'E", "3630.2N 04044.9E"])
def test_plc_020_decimal_minutes(text: str) -> None:
    assert places(text)[0].form is Form.DECIMAL_MINUTES
    assert spot(text).position == Position(lat_deg=36 + 30.2 / 60, lon_deg=40 + 44.9 / 60)


@pytest.mark.parametrize(
    ("text", "lat_deg", "lon_deg"),
    [
        ("36.5033N 40.7494E", 36.5033, 40.7494),
        ("36.5033S 40.7494W", -36.5033, -40.7494),
        ("36.5033G 40.7494B", -36.5033, -40.7494),
        ("lat 36.5033 lon -40.7494", 36.5033, -40.7494),
        ("LAT=-36.5033, LONG=40.7494", -36.5033, 40.7494),
        ("36,5033N 40,7494E", 36.5033, 40.7494),
    ],
)
def test_plc_020_026_decimal_degrees(text: str, lat_deg: float, lon_deg: float) -> None:
    assert spot(text).position == Position(lat_deg=lat_deg, lon_deg=lon_deg)


def test_plc_023_half_a_unit_of_the_last_digit() -> None:
    """A second is 31 m north and 25 m east here: half of each, together."""
    assert spot("363012N0404458E").accuracy_m == pytest.approx(19.9, abs=0.1)
    assert spot("36-30.2N 040-44.9E").accuracy_m == pytest.approx(119.4, abs=0.5)
    assert spot("36.50330N 40.74940E").accuracy_m == pytest.approx(0.73, abs=0.02)


def test_plc_024_two_digits_that_may_be_minutes_are_doubted() -> None:
    (place,) = places("36.30N 40.44E")
    assert place.form is Form.DECIMAL_DEGREES
    assert any("36-30" in doubt for doubt in place.doubts)
    assert not any("36-" in doubt for doubt in places("36.303N 40.447E")[0].doubts)


def test_plc_025_the_order_of_two_numbers_is_not_guessed() -> None:
    (fault,) = faults("36.5033, 40.7494")
    assert fault.needs is Needs.ORDER
    assert "add N or S" in fault.text
    there = Position(lat_deg=36.5033, lon_deg=40.7494)
    assert spot("36.5033, 40.7494", Choices(order=Order.LAT_LON)).position == there
    assert spot("40.7494 36.5033", Choices(order=Order.LON_LAT)).position == there
    assert spot("36.5033, 140.7494").position == Position(lat_deg=36.5033, lon_deg=140.7494)
    assert spot("-140.7494 36.5033").position == Position(lat_deg=36.5033, lon_deg=-140.7494)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("36°60'12\"N 040°44'58\"E", "less than 60"),
        ("36 30 61N 040 44 58E", "less than 60"),
        ("91N 040E", "more than 90"),
        ("36N 181E", "more than 180"),
        ("363012N 404458E", "leading zeros"),
        ("36301N 0404458E", "leading zeros"),
        ("36.5 30N 40E", "only the last part"),
        ("36N 40S", "both latitudes"),
        ("40E 41E", "both longitudes"),
        ("36N 40D", "two languages"),
        ("-36.5N 40E", "sign and a letter"),
        ("36.5N 40.75", "no position"),
        ("36,5033 40,7494", "a comma in"),
        ("near the old bridge", "no position"),
        ("36. 30.2N 040 44.9E", "only the last part"),
        ("K 36:30N 40:44E", "no position"),
        ("N" * 5_000, "too long"),
    ],
)
def test_plc_021_022_026_033_refused_with_a_remedy(text: str, said: str) -> None:
    (fault,) = faults(text)
    assert said in fault.text
    assert fault.line == 1


@pytest.mark.parametrize(
    ("text", "side_m"),
    [
        ("37S FV 8712 4567", 10.0),
        ("37sfv87124567", 10.0),
        ("37S FV 87123 45678", 1.0),
        ("37S FV 871 456", 100.0),
        ("37S FV 87 45", 1_000.0),
        ("37S FV 8 4", 10_000.0),
        ("ZAH 1234 5678", 10.0),
    ],
)
def test_plc_010_013_a_grid_reference_is_a_square(text: str, side_m: float) -> None:
    found = spot(text)
    assert found.side_m == side_m
    assert found.accuracy_m == pytest.approx(side_m * 0.70711 * 1.007, abs=0.1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FV 8712 4567", "grid zone is missing"),
        ("37S FV 8712 456", "different numbers of digits"),
        ("37S FV 871245678", "one is missing"),
        ("37S FV 871234 456789", "10 at most"),
        ("37S OV 8712 4567", "not a grid reference"),
        ("61S FV 8712 4567", "not a grid reference"),
        ("37S JA 8712 4567", "no such square"),
    ],
)
def test_plc_011_a_faulty_grid_reference_is_refused(text: str, said: str) -> None:
    (fault,) = faults(text)
    assert said in fault.text


def test_plc_012_a_square_beyond_its_zone_or_large_is_doubted() -> None:
    (place,) = places("31U HT 0000 0000")
    assert any("32U" in doubt for doubt in place.doubts)
    assert places("37S FV 8 4")[0].doubts == ("the reference names a square of 10 km",)


LIST = "A: 36 30N 040 44E\nB: 36 40N 040 44E\nC: 36 40N 040 54E\n"


def test_plc_030_three_positions_are_an_area_with_geodesic_edges() -> None:
    (place,) = places(LIST + LIST.splitlines()[0])
    assert isinstance(place.figure, Area)
    assert len(place.figure.polygon.vertices) == 3
    assert place.figure.widened_m == 0.0
    assert place.line == 1


def test_plc_034_an_area_says_the_worst_accuracy_of_its_corners() -> None:
    (place,) = places("36 30 00N 040 44 00E\n36 40N 040 44E\n37S FA 8712 4567")
    assert isinstance(place.figure, Area)
    assert place.figure.accuracy_m is not None
    assert 1_000.0 < place.figure.accuracy_m < 1_300.0
    assert any("different forms" in doubt for doubt in place.doubts)


def test_plc_030_031_two_positions_need_a_choice() -> None:
    two = "36 30N 040 44E\n36 40N 040 44E"
    assert faults(two)[0].needs is Needs.FIGURE
    assert faults(two, Choices(figure=Figure.WAY))[0].needs is Needs.WIDTH
    (way,) = places(two, Choices(width_m=2_000.0))
    assert isinstance(way.figure, Way)
    assert way.figure.corridor.half_width_m == 1_000.0
    spots = places(LIST, Choices(figure=Figure.POINTS))
    assert [(one.name, one.line) for one in spots] == [("A", 1), ("B", 2), ("C", 3)]


def test_plc_030_a_blank_line_ends_a_list() -> None:
    first, second = places("# the bridge\n363012N0404458E\n\n" + LIST)
    assert isinstance(first.figure, Spot)
    assert isinstance(second.figure, Area)
    assert (first.line, second.line) == (2, 4)


@pytest.mark.parametrize(
    "text",
    [
        "363012N0404458E-363500N0405000E-362000N0405000E",
        "36 30 12N 040 44 58E; 36 35N 040 50E; 36 20N 040 50E",
        "363012N0404458E to 363500N0405000E to 362000N0405000E",
        "363012N 0404458E - 363500N 0405000E - 362000N 0405000E",
    ],
)
def test_plc_032_several_positions_on_a_line(text: str) -> None:
    (place,) = places(text)
    assert isinstance(place.figure, Area)
    assert place.figure.polygon.vertices[0] == HERE


@pytest.mark.parametrize("label", ["1) ", "1. ", "P1: ", "Alpha: ", "Köprü:", "* "])
def test_plc_033_a_label_before_a_position(label: str) -> None:
    assert spot(label + "363012N0404458E").position == HERE


def test_plc_035_an_area_that_crosses_itself_is_refused() -> None:
    (fault,) = faults("36N 040E\n37N 041E\n37N 040E\n36N 041E")
    assert "edge 1 meets edge 3" in fault.text


def test_con_790_a_decimal_comma_without_letters_is_said_to_be_why() -> None:
    for text in ("36,86091, 41,31857", "36,86091 41,31857"):
        assert "a comma in" in faults(text)[0].text
    assert spot("36,86091N 41,31857E").position == spot("36.86091N 41.31857E").position


def test_plc_001_004_one_fault_and_nothing_is_read() -> None:
    found = faults(LIST + "D: 36 70N 040 44E\nE: nowhere\n")
    assert [fault.line for fault in found] == [4, 5]


def test_plc_002_the_middle_of_a_square_is_within_its_accuracy_of_each_corner() -> None:
    middle = spot("37S FV 87 45")
    corner = spot("37S FV 87000 45000")
    assert middle.accuracy_m is not None
    assert distance_m(middle.position, corner.position) <= middle.accuracy_m


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no position"),
        ("\n\n# nothing\n", "no position"),
        ("36N 40E\n" * 150_000, "longer than"),
        ("x\n" * 20_001, "at most"),
    ],
)
def test_plc_003_bounds(text: str, said: str) -> None:
    assert said in faults(text)[0].text


@pytest.mark.parametrize("width_m", [0.0, -1.0, float("nan"), 1e9])
def test_plc_031_a_width_that_no_way_has_is_refused(width_m: float) -> None:
    with pytest.raises(ValueError, match="whole width"):
        Choices(width_m=width_m)
