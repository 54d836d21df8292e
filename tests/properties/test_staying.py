"""Stays, by counting seconds: of two notices over their overlaps, and of a moving object."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from node_pair import START, protocol_of
from sampling import examples
from test_mechanism_pairs import WORDS

from crosstell.core.detection.finding import Assessed, Encounter
from crosstell.core.detection.pair.plan import Overlap
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window
from crosstell.core.mechanism.assess.judged import Judged
from crosstell.core.mechanism.assess.judged import tests_judged as every_judged
from crosstell.core.mechanism.assess.pairs.plans import lasting
from crosstell.core.mechanism.assess.staying import stayed
from crosstell.core.mechanism.concern import Subject
from crosstell.core.protocol.rule import Concerned, Minima, ZoneEntry

END_S = 120


def allowing(dwell_s: float) -> Judged:
    rule = ZoneEntry(
        id=RuleId("stay"),
        minima=Minima(lateral_m=0.0, dwell_s=dwell_s),
        applies_to=Concerned.BOTH,
        **WORDS,
    )
    protocol = replace(protocol_of(parties=2), rules=(rule,))
    (judged,) = every_judged(protocol, (), Subject.TWO_NOTICES)
    return judged


ALLOWING = {dwell_s: allowing(dwell_s) for dwell_s in (5, 20)}


@st.composite
def overlaps(draw: st.DrawFn) -> tuple[bool, int, int]:
    start = draw(st.integers(0, 60))
    return draw(st.booleans()), start, start + draw(st.integers(1, 25))


def overlap(*, sure: bool, start: int, end: int) -> Overlap:
    window = Window(start=START + timedelta(seconds=start), end=START + timedelta(seconds=end))
    return Overlap(
        assessed=Assessed.INFRINGES if sure else Assessed.CANNOT_BE_RULED_OUT,
        reasons=(),
        window=window,
        lateral_m=0.0,
        vertical_m=0.0,
        margin_m=0.0,
    )


def due_by_counting(spans: list[tuple[int, int]], dwell_s: int, now_s: int) -> int | None:
    """The first second at which a stay exceeds what is allowed, of stays that are not over."""
    held = {second for start, end in spans for second in range(start, end)}
    run, found = 0, None
    for second in range(END_S + 1):
        if second in held:
            run += 1
            if run == dwell_s + 1:
                found = second
        else:
            if found is not None and second > now_s:
                return max(found, now_s)
            run, found = 0, None
    return None


@settings(max_examples=examples(200), deadline=None)
@given(
    given_=st.lists(overlaps(), min_size=1, max_size=5),
    dwell_s=st.sampled_from([5, 20]),
    now_s=st.integers(0, 70),
)
def test_stays_of_two_notices_are_those_of_every_second(
    given_: list[tuple[bool, int, int]], dwell_s: int, now_s: int
) -> None:
    """MEC-092: sure overlaps alone infringe; with the others it cannot be ruled out, no later."""
    now = START + timedelta(seconds=now_s)
    made = [overlap(sure=sure, start=start, end=end) for sure, start, end in given_]
    found = list(lasting(made, ALLOWING[dwell_s], now))
    sure = [one for one in found if one.assessed is Assessed.INFRINGES]
    told = [one for one in found if one.assessed is not Assessed.CLEAR]
    certain = due_by_counting([span[1:] for span in given_ if span[0]], dwell_s, now_s)
    possible = due_by_counting([span[1:] for span in given_], dwell_s, now_s)
    earliest = min((one.infringement_in_s for one in told), default=None)
    assert earliest == (None if possible is None else float(possible - now_s))
    nominal = min((one.nominal_in_s or 0.0 for one in sure), default=None)
    assert nominal == (None if certain is None else float(certain - now_s))


@settings(max_examples=examples(200), deadline=None)
@given(
    enters_s=st.integers(0, 40),
    lasts_s=st.none() | st.integers(1, 100),
    dwell_s=st.integers(1, 60),
    inside_s=st.integers(0, 80),
)
def test_a_moving_objects_stay_is_counted_from_its_entry(
    enters_s: int, lasts_s: int | None, dwell_s: int, inside_s: int
) -> None:
    """MEC-070, MEC-072: due when entry and allowance are over; only if it is still inside then."""
    leaves_s = None if lasts_s is None else enters_s + lasts_s
    met = Encounter(
        assessed=Assessed.INFRINGES,
        reasons=(),
        infringement_in_s=float(enters_s),
        nominal_in_s=float(enters_s),
        distance_m=0.0,
        margin_m=0.0,
        exit_in_s=None if leaves_s is None else float(leaves_s),
    )
    told = stayed(met, float(dwell_s), float(inside_s))
    began_s = -inside_s if enters_s == 0 else enters_s
    due_s = max(0, began_s + dwell_s)
    assert told.infringement_in_s == due_s
    stays = leaves_s is None or leaves_s > due_s
    assert told.nominal_in_s == (due_s if stays else None)
    assert (told.assessed is Assessed.INFRINGES) == stays
    assert stayed(met, None, float(inside_s)) == met
