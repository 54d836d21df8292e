"""Altitudes: no order between datums, conversions with data, uncertainty and refusal."""

import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosstell.core.altitude import (
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    Datum,
    DatumDataMissing,
    DatumMismatch,
    GroundBounds,
    Shift,
    convert,
)


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


UNDULATION = Shift(add_m=43.6, uncertainty_m=0.5)  # about 52 N 4 E
PRESSURE = Shift(add_m=120.0, uncertainty_m=60.0)
GROUND = GroundBounds(lower=msl(300.0), upper=msl(500.0))
ALL = AltitudeData(undulation=UNDULATION, pressure=PRESSURE, ground=GROUND)


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_different_datums_have_no_order(compare: Callable[[object, object], bool]) -> None:
    """GEO-030."""
    with pytest.raises(DatumMismatch, match="do not compare"):
        compare(msl(100.0), Altitude(value_m=100.0, datum=Datum.WGS84_ELLIPSOID))


def test_one_datum_has_an_order() -> None:
    """GEO-030: within one datum order is that of the values."""
    assert msl(1.0) < msl(2.0) <= msl(2.0)
    assert msl(2.0) > msl(1.0) >= msl(1.0)
    assert not msl(1.0) > msl(1.0)
    assert not msl(2.0) <= msl(1.0)


@pytest.mark.parametrize(
    ("start", "to", "value_m", "uncertainty_m"),
    [
        (Datum.MSL_EGM96, Datum.MSL_EGM96, 1_000.0, 0.0),
        (Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID, 1_043.6, 0.5),
        (Datum.WGS84_ELLIPSOID, Datum.MSL_EGM96, 956.4, 0.5),
        (Datum.STANDARD_PRESSURE, Datum.MSL_EGM96, 1_120.0, 60.0),
        (Datum.STANDARD_PRESSURE, Datum.WGS84_ELLIPSOID, 1_163.6, 60.5),
        (Datum.ABOVE_GROUND, Datum.MSL_EGM96, 1_400.0, 100.0),
        (Datum.MSL_EGM96, Datum.ABOVE_GROUND, 600.0, 100.0),
        (Datum.STANDARD_PRESSURE, Datum.ABOVE_GROUND, 720.0, 160.0),
    ],
)
def test_conversion_adds_its_shift_and_tells_its_uncertainty(
    start: Datum, to: Datum, value_m: float, uncertainty_m: float
) -> None:
    """GEO-031, GEO-033."""
    converted, wide_m = convert(Altitude(value_m=1_000.0, datum=start), to=to, data=ALL)
    assert converted == Altitude(value_m=value_m, datum=to)
    assert uncertainty_m <= wide_m <= uncertainty_m + 0.002


@pytest.mark.parametrize(("start", "to"), [(a, b) for a in Datum for b in Datum if a is not b])
def test_conversion_without_data_raises(start: Datum, to: Datum) -> None:
    """GEO-032: for every pair of datums, with the missing data by name."""
    with pytest.raises(DatumDataMissing, match=r"hand in the|hand in ground"):
        convert(Altitude(value_m=100.0, datum=start), to=to, data=NO_ALTITUDE_DATA)


def test_half_the_data_is_not_enough() -> None:
    """GEO-032: pressure to ellipsoid needs both."""
    with pytest.raises(DatumDataMissing, match="undulation and the local pressure offset"):
        convert(
            Altitude(value_m=100.0, datum=Datum.STANDARD_PRESSURE),
            to=Datum.WGS84_ELLIPSOID,
            data=AltitudeData(pressure=PRESSURE),
        )


def test_ground_bounds_are_checked() -> None:
    """GEO-033: bounds of the ground lie above MSL or the ellipsoid, the lower one below."""
    with pytest.raises(ValueError, match="below lower"):
        GroundBounds(lower=msl(500.0), upper=msl(300.0))
    pressure = Altitude(value_m=0.0, datum=Datum.STANDARD_PRESSURE)
    with pytest.raises(ValueError, match="above the ellipsoid or MSL"):
        GroundBounds(lower=pressure, upper=pressure)


@pytest.mark.parametrize(
    ("add_m", "uncertainty_m"), [(float("nan"), 0.0), (1e6, 0.0), (0.0, -1.0), (0.0, float("inf"))]
)
def test_a_shift_is_a_number_with_an_uncertainty(add_m: float, uncertainty_m: float) -> None:
    """GEO-033."""
    with pytest.raises(ValueError, match=r"datum shift|uncertainty"):
        Shift(add_m=add_m, uncertainty_m=uncertainty_m)


@pytest.mark.parametrize("value_m", [float("nan"), float("inf"), -1_001.0, 100_001.0])
def test_absurd_altitudes_are_refused(value_m: float) -> None:
    """GEO-031: what no aircraft, ship or zone has never becomes an altitude."""
    with pytest.raises(ValueError, match="outside"):
        msl(value_m)


@given(
    st.floats(-400, 20_000), st.sampled_from(Datum), st.sampled_from(Datum), st.floats(-100, 100)
)
def test_there_and_back_stays_within_the_uncertainty(
    value_m: float, start: Datum, to: Datum, undulation_m: float
) -> None:
    """GEO-034."""
    data = AltitudeData(
        undulation=Shift(add_m=undulation_m, uncertainty_m=0.0), pressure=PRESSURE, ground=GROUND
    )
    altitude = Altitude(value_m=value_m, datum=start)
    there, out_m = convert(altitude, to=to, data=data)
    back, home_m = convert(there, to=start, data=data)
    assert abs(back.value_m - altitude.value_m) <= out_m + home_m
