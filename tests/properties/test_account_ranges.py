"""Gaps between stated ranges, against the plain definition over every pair of values."""

from hypothesis import given
from hypothesis import strategies as st

from crosstell.core.altitude import AltitudeData
from crosstell.core.assessment.account.content import Count
from crosstell.core.assessment.account.difference import Relation, between

TOP = 30  # an open bound is tried this far, which is beyond every stated one
values = st.integers(0, 12)
bounds = st.one_of(st.none(), values)


def count(low: int | None, high: int | None) -> Count:
    return Count(of_what="calls", at_least=low, at_most=high)


@st.composite
def counts(draw: st.DrawFn) -> Count:
    """A range with one bound at least."""
    low, high = draw(bounds), draw(bounds)
    if low is None and high is None:
        low = draw(values)
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    return count(low, high)


def could_be(stated: Count) -> range:
    """Every number that the statement allows, as far as TOP; from minus TOP where it is open."""
    low = -TOP if stated.at_least is None else stated.at_least
    high = TOP if stated.at_most is None else stated.at_most
    return range(low, high + 1)


@given(counts(), counts())
def test_the_gap_is_that_of_the_values_that_could_be(one: Count, other: Count) -> None:
    """ACC-011, ACC-019: least and greatest difference over all pairs; open stays open."""
    differences = [abs(a - b) for a in could_be(one) for b in could_be(other)]
    for found in (between(one, other, AltitudeData()), between(other, one, AltitudeData())):
        assert found.gap is not None
        assert found.gap.at_least == min(differences)
        is_open = None in (one.at_least, one.at_most, other.at_least, other.at_most)
        assert found.gap.at_most == (None if is_open else max(differences))
        differs = found.relation is Relation.DIFFERS
        assert differs == (not set(could_be(one)) & set(could_be(other)))
