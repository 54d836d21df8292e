"""Signed values over all inputs, against an encoding written out by hand: COD-003 to COD-011."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crosstell.codecs.values import SignedFault, from_signed, to_signed
from crosstell.core.altitude import Altitude, AltitudeLimit, Datum, Unbounded
from crosstell.core.geometry.position import Position
from crosstell.core.record.canonical import encode

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    name: str
    at: datetime
    where: Position
    floor: AltitudeLimit
    waits_s: tuple[float, ...]
    speed_mps_max: float | None
    numbers: tuple[tuple[int, str], ...]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
thousandths = st.integers(-(10**9), 10**9).map(lambda n: n / 1_000)
instants = st.integers(-(10**15), 10**16 // 2).map(lambda us: EPOCH + timedelta(microseconds=us))
positions = st.builds(
    Position,
    lat_deg=st.floats(-90, 90),
    lon_deg=st.floats(-180, 360),
)
limits = st.one_of(
    st.just(Unbounded()),
    st.builds(Altitude, value_m=st.floats(-1_000, 100_000), datum=st.sampled_from(Datum)),
)
reports = st.builds(
    Report,
    name=texts,
    at=instants,
    where=positions,
    floor=limits,
    waits_s=st.lists(thousandths, max_size=3).map(tuple),
    speed_mps_max=st.none() | thousandths,
    numbers=st.lists(st.tuples(st.integers(-(2**53) + 1, 2**53 - 1), texts), max_size=3).map(tuple),
)


def written_out(report: Report) -> dict[str, Any]:
    """The oracle: the signed form of a report, plainly."""
    data: dict[str, Any] = {
        "name": report.name,
        "at_us": (report.at - EPOCH) // timedelta(microseconds=1),
        "where": {
            "lat_e7": round(report.where.lat_deg * 1e7),
            "lon_e7": round(report.where.lon_deg * 1e7),
        },
        "waits_ms": [round(wait * 1e3) for wait in report.waits_s],
        "numbers": [list(pair) for pair in report.numbers],
    }
    if isinstance(report.floor, Altitude):
        height = round(report.floor.value_m * 1e3)
        data["floor"] = {"altitude": {"value_mm": height, "datum": str(report.floor.datum)}}
    else:
        data["floor"] = "unbounded"
    if report.speed_mps_max is not None:
        data["speed_mmps_max"] = round(report.speed_mps_max * 1e3)
    return data


@given(reports)
def test_the_signed_form_is_the_one_written_out_by_hand(report: Report) -> None:
    """COD-003, COD-004, COD-005, COD-006."""
    assert to_signed(report) == written_out(report)


@given(reports)
def test_there_and_back_is_the_same_value_and_has_canonical_bytes(report: Report) -> None:
    """COD-007, COD-009."""
    signed = to_signed(report)
    assert from_signed(Report, signed) == report
    assert encode(signed)


leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats(), texts, st.just([])
)


@given(reports, st.data())
def test_altered_data_is_refused_or_is_its_own_only_form(
    report: Report, data: st.DataObject
) -> None:
    """COD-008, COD-011."""
    signed: dict[str, Any] = to_signed(report)
    place: Any = signed
    key: Any = data.draw(st.sampled_from(sorted(place)))
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
    place[key] = data.draw(leaves)
    try:
        found = from_signed(Report, signed)
    except SignedFault:
        return
    assert to_signed(found) == signed
