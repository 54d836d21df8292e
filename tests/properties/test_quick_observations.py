"""The quicker reader takes only what the document form reads to the same values: API-034."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosstell.codecs.api.given import ObservationsGiven
from crosstell.codecs.api.json_document import from_json
from crosstell.codecs.api.quick import read_quickly
from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.core.altitude import Datum
from crosstell.core.picture.track import HintKind, Observation
from crosstell.core.picture.trust.kind import ObjectKind

NOW = datetime(2023, 6, 1, tzinfo=UTC)
MOST = 10_000
numbers = st.floats(-400, 400) | st.integers(-400, 400) | st.floats()
times = st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.isoformat() + "Z"
)
texts = st.sampled_from(["t1", "radar-1", "", "a b", "x" * 70, "\u202e", "é"])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping that has some of these, and now and then a stranger."""
    stranger = {"speed_kt": numbers, "extra": st.none()}
    return st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(
        fields, optional=stranger
    )


velocities = some(
    track_deg=st.floats(0, 360), speed_mps=st.floats(0, 500), climb_mps=numbers | st.none()
)
altitudes = some(value_m=st.floats(-500, 20_000), datum=st.sampled_from([*Datum, "sea"]))
positions = some(lat_deg=st.floats(-90, 90), lon_deg=st.floats(-180, 360))
motions = some(
    position=positions,
    at=times,
    altitude=altitudes,
    velocity=velocities,
    position_accuracy_m=st.floats(0, 1e6) | st.none(),
    altitude_accuracy_m=st.floats(0, 1e6),
    pressure_altitude_m=numbers,
)
hints = st.fixed_dictionaries({"kind": st.sampled_from(HintKind), "value": texts})
items = some(
    track=texts,
    source=texts,
    motion=motions,
    received_at=times,
    hints=st.lists(hints, max_size=2),
    kind=st.sampled_from([*ObjectKind, "balloon"]),
)


def slowly(data: bytes) -> tuple[Observation, ...] | None:
    try:
        return tuple(one.at(NOW) for one in from_json(ObservationsGiven, data).observations)
    except (DocumentRefused, ValueError):
        return None


@given(st.lists(items, min_size=1, max_size=3))
def test_api_034_both_readers_give_the_same_or_the_quick_one_gives_nothing(
    given_: list[dict[str, Any]],
) -> None:
    data = json.dumps({"observations": given_}, ensure_ascii=False).encode()
    quick = read_quickly(data, NOW, most=MOST)
    if quick is not None:
        assert quick == slowly(data)


sound = st.fixed_dictionaries(
    {
        "track": st.just("t1"),
        "source": st.just("radar-1"),
        "motion": st.fixed_dictionaries(
            {
                "position": st.fixed_dictionaries(
                    {"lat_deg": st.floats(-90, 90), "lon_deg": st.floats(-180, 180)}
                ),
                "at": times,
                "velocity": st.fixed_dictionaries(
                    {"track_deg": st.floats(0, 360), "speed_mps": st.floats(0, 900)}
                ),
                "position_accuracy_m": st.floats(0, 1e4),
                "altitude": st.fixed_dictionaries(
                    {"value_m": st.floats(-500, 2e4), "datum": st.sampled_from(Datum)}
                ),
            }
        ),
    }
)


@given(st.lists(sound, min_size=1, max_size=3))
def test_api_034_what_is_sound_is_read_quickly(given_: list[dict[str, Any]]) -> None:
    data = json.dumps({"observations": given_}).encode()
    quick = read_quickly(data, NOW, most=MOST)
    assert quick is not None
    assert quick == slowly(data)


PLACE = b'{"track": "t", "source": "s", "motion": {"at": "2023-06-01T00:00:00Z", "position": %s}}'


@pytest.mark.parametrize(
    "place",
    [
        b'{"lat_deg": 1, "lon_deg": 2, "lon_deg": 3}',
        b'{"lat_deg": 1.0000000000000000000000000000000000000000000001, "lon_deg": 2}',
        b'{"lat_deg": 1, "lon_deg": 000002}',
        b'{"lat_deg": true, "lon_deg": 2}',
        b'{"lat_deg": "1", "lon_deg": 2}',
        b'{"lat_deg": NaN, "lon_deg": 2}',
        b'{"lat_deg": 1, "lon_deg": null}',
        b'{"lat_deg": 91, "lon_deg": 2}',
        b'{"lat_deg": 1, "lon_deg": 2, "x": "\\ud800"}',
    ],
)
def test_api_034_what_the_document_form_refuses_is_not_read_quickly(place: bytes) -> None:
    data = b'{"observations": [' + PLACE % place + b"]}"
    assert read_quickly(data, NOW, most=MOST) is None
    assert slowly(data) is None


def test_api_034_too_many_are_not_read_quickly() -> None:
    one = PLACE % b'{"lat_deg": 1, "lon_deg": 2}'
    data = b'{"observations": [' + b",".join([one] * 3) + b"]}"
    assert read_quickly(data, NOW, most=2) is None
    assert read_quickly(b'{"observations": []}', NOW, most=2) is None
    found = read_quickly(data, NOW, most=3)
    assert found is not None
    assert len(found) == 3
