"""The pressure offset in made-up weather that obeys the assumed rates: the truth is always covered.

The oracle is the weather itself, which the estimator never sees: an offset that changes with the
distance from some place, with time and with height, by no more than the rates that are assumed.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crosstell.core.detection.pressure import (
    ALTIMETER_M,
    AROUND_M_MAX,
    CHANGE_M_MAX,
    GRADIENT_MAX,
    LAPSE_MAX,
    NEAREST_MAX,
    OBJECTS_MIN,
    TENDENCY_MPS,
    Asked,
    PressureSample,
    pressure_offset,
)
from crosstell.core.geometry.geodesic import destination, distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.instant import later, seconds_between

NOW = datetime(2023, 10, 5, 9, 0, 0, tzinfo=UTC)
UNITS = st.floats(-1.0, 1.0)


@dataclass(frozen=True)
class Weather:
    """The truth: D at a place, a height and a time."""

    low: Position
    base_m: float
    slope: float
    change: float
    lapse: float

    def offset_m(self, place: Position, pressure_altitude_m: float, at: datetime) -> float:
        return (
            self.base_m
            + self.slope * GRADIENT_MAX * distance_m(self.low, place)
            + self.change * TENDENCY_MPS * seconds_between(NOW, at)
            + self.lapse * LAPSE_MAX * pressure_altitude_m
        )


def near(place: Position) -> st.SearchStrategy[Position]:
    return st.builds(
        lambda track, travel: destination(place, track_deg=track, travel_m=travel),
        st.floats(0.0, 359.0),
        st.floats(0.0, 120_000.0),
    )


PLACES = st.builds(
    lambda lat, lon: Position(lat_deg=lat, lon_deg=lon),
    st.floats(-90.0, 90.0),
    st.floats(-180.0, 180.0),
)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Weather, list[PressureSample], Asked]:
    """Weather, what some objects show of it (fewer than half of those used lie), and a question."""
    here = draw(PLACES)
    weather = Weather(draw(near(here)), draw(st.floats(-400, 400)), *(draw(UNITS) for _ in "sct"))
    count = draw(st.integers(0, 12))
    liars = draw(st.integers(0, max(0, (min(count, NEAREST_MAX) - 1) // 2)))
    samples = []
    for number in range(count):
        place, height_m = draw(near(here)), draw(st.floats(0.0, 2_000.0))
        at = later(NOW, by_s=-draw(st.floats(0.0, 1_800.0)))
        error_m = draw(UNITS) * ALTIMETER_M if number >= liars else draw(st.floats(-9e3, 9e3))
        sample = PressureSample(
            object=f"o{number}",
            source="s",
            track=TrackId(f"t-{number}"),
            position=place,
            at=at,
            pressure_altitude_m=height_m,
            offset_m=weather.offset_m(place, height_m, at) + error_m,
            conversion_m=0.0,
        )
        samples.append(sample)
    asked = Asked(
        position=here,
        pressure_altitude_m=draw(st.floats(0.0, 2_000.0)),
        at=NOW,
        reach_m=draw(st.floats(0.0, 50_000.0)),
        climb_m=draw(st.floats(0.0, 500.0)),
        ahead_s=draw(st.floats(0.0, 900.0)),
    )
    return weather, samples, asked


@given(scenes(), near(Position(lat_deg=0.0, lon_deg=0.0)), UNITS, st.floats(0.0, 1.0))
def test_the_truth_is_covered_everywhere_that_was_asked_about(
    scene: tuple[Weather, list[PressureSample], Asked], way: Position, rise: float, soon: float
) -> None:
    """ALT-033, ALT-034: fewer than half of the objects may be wrong by any amount."""
    weather, samples, asked = scene
    offset = pressure_offset(samples, asked)
    if offset is None:
        return
    there = destination(
        asked.position, track_deg=way.lon_deg * 300.0, travel_m=asked.reach_m * abs(rise)
    )
    height_m = asked.pressure_altitude_m + rise * asked.climb_m
    truth_m = weather.offset_m(there, height_m, later(NOW, by_s=soon * asked.ahead_s))
    assert abs(truth_m - offset.shift.add_m) <= offset.shift.uncertainty_m + 0.002


@given(scenes(), st.randoms(use_true_random=False))
def test_the_order_of_samples_does_not_matter(
    scene: tuple[Weather, list[PressureSample], Asked], random: object
) -> None:
    """ALT-036: nor does saying one twice."""
    _, samples, asked = scene
    mixed = samples + samples[:2]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert pressure_offset(mixed, asked) == pressure_offset(samples, asked)


@given(scenes(), st.integers(-300, 300))
def test_weather_that_is_higher_everywhere_moves_the_answer_and_nothing_else(
    scene: tuple[Weather, list[PressureSample], Asked], by_m: int
) -> None:
    """ALT-036."""
    _, samples, asked = scene
    raised = [replace(sample, offset_m=sample.offset_m + by_m) for sample in samples]
    one, other = pressure_offset(samples, asked), pressure_offset(raised, asked)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert abs(other.shift.add_m - one.shift.add_m - by_m) < 0.002
        assert abs(other.shift.uncertainty_m - one.shift.uncertainty_m) < 0.002


@given(scenes(), st.floats(0.0, 50_000.0), st.floats(0.0, 500.0))
def test_asking_about_more_is_never_surer(
    scene: tuple[Weather, list[PressureSample], Asked], more_m: float, higher_m: float
) -> None:
    """ALT-034: over a wider reach, range of heights or time."""
    _, samples, asked = scene
    more = replace(asked, reach_m=asked.reach_m + more_m, climb_m=asked.climb_m + higher_m)
    one, other = pressure_offset(samples, asked), pressure_offset(samples, more)
    if other is None:
        assert one is None or more.around_m > AROUND_M_MAX
    else:
        assert one is not None
        assert one.shift.uncertainty_m <= other.shift.uncertainty_m + 0.001


def plainly(samples: list[PressureSample], asked: Asked) -> list[str]:
    """The oracle of who is used: every sample by geodesic, the nearest of each object, sorted."""
    near: dict[str, float] = {}
    for sample in samples:
        change_m = (
            GRADIENT_MAX * distance_m(sample.position, asked.position)
            + TENDENCY_MPS * abs(seconds_between(sample.at, asked.at))
            + LAPSE_MAX * abs(asked.pressure_altitude_m - sample.pressure_altitude_m)
        )
        if change_m <= CHANGE_M_MAX:
            near[sample.object] = min(change_m, near.get(sample.object, change_m))
    return sorted(near, key=lambda name: (near[name], name))[:NEAREST_MAX]


@given(scenes())
def test_who_is_used_is_who_is_nearest(
    scene: tuple[Weather, list[PressureSample], Asked],
) -> None:
    """ALT-036: the search that stops early leaves nobody out."""
    _, samples, asked = scene
    calm = [replace(sample, offset_m=0.0) for sample in samples]
    twice = calm + [replace(sample, object=f"o{number // 2}") for number, sample in enumerate(calm)]
    offset = pressure_offset(twice, asked)
    if offset is None:
        assert len(plainly(twice, asked)) < OBJECTS_MIN
    else:
        assert list(offset.objects) == plainly(twice, asked)


@given(scenes())
def test_too_few_objects_say_nothing(
    scene: tuple[Weather, list[PressureSample], Asked],
) -> None:
    """ALT-032: one object is one, however often it is seen."""
    _, samples, asked = scene
    few = [s for s in samples if s.object in ("o0", "o1")]
    often = [replace(s, at=later(s.at, by_s=-k)) for s in few for k in range(5)]
    assert pressure_offset(often, asked) is None
    offset = pressure_offset(samples, asked)
    assert offset is None or OBJECTS_MIN <= len(offset.objects) <= NEAREST_MAX
