"""What a plan was not tested against: what of it is named, what is counted, and where it stands."""

from dataclasses import replace
from datetime import timedelta

import pytest
from node_pair import ALPHA, BRAVO, START, roz
from test_mechanism_pairs import flight
from test_plan_check import EXAMPLE, PROTOCOL, checked, standing

from crosstell.cli.operate import telling
from crosstell.cli.plan import told
from crosstell.codecs.plain import to_plain
from crosstell.codecs.plan_file import read_plan
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.finding import Assessed
from crosstell.core.ids import NoticeId
from crosstell.core.instant import Window
from crosstell.core.mechanism.plan.untested import UntestedBecause
from crosstell.core.picture.content import Activity, GeneralNotice, Zone, volumes_of


def test_api_460_own_notices_that_no_rule_tests_it_against_are_named() -> None:
    """At the command line too; not those that are tested, of the other side, or over."""
    zone = roz("roz-0").content
    assert isinstance(zone, Zone)
    past = Window(start=START - timedelta(hours=2), end=START)
    over = replace(roz("roz-0"), content=replace(zone, volume=replace(zone.volume, window=past)))
    others = (
        standing(ALPHA, roz("roz-a")),
        standing(ALPHA, over),
        standing(ALPHA, flight("a-1")),
        standing(BRAVO, roz("roz-b")),
    )
    found = checked(*others)
    assert [(one.party, one.notice) for one in found.untested] == [(ALPHA, "roz-a")]
    assert found.untested_clear == 0
    assert checked(standing(BRAVO, roz("roz-b"))).untested == ()
    given = read_plan(EXAMPLE, read_protocol(PROTOCOL))
    lines = "\n".join(told(given, read_protocol(PROTOCOL), found))
    assert "NOT TESTED: roz-a of alpha, since no rule is about the two" in lines
    later = replace(found, untested=())
    assert "NOT TESTED" not in "\n".join(told(given, read_protocol(PROTOCOL), later))


def test_rmd_150_others_notices_that_no_rule_tests_it_against_are_named_with_why() -> None:
    """What shares place, heights and time comes first; a notice without a place is named too."""
    same, over = flight("b-1"), flight("b-9", start_s=-7_200.0, lasts_s=3_600.0)
    after = flight("b-0", start_s=36_000.0)
    words = replace(same, notice=NoticeId("a-general"), content=GeneralNotice(text="x", source="y"))
    filed = (after, words, same, over)
    found = checked(*(standing(BRAVO, one) for one in filed), rules=())
    assert (found.conflicts, found.obstacles) == ((), 0)
    assert [(one.notice, one.because, one.met) for one in found.untested] == [
        ("b-1", UntestedBecause.NO_RULE, Assessed.INFRINGES),
        ("a-general", UntestedBecause.NO_PLACE, None),
    ]
    assert {one.party for one in found.untested} == {BRAVO}
    assert found.untested_clear == 1  # RMD-152: b-0, the next day; b-9 is over
    given = read_plan(EXAMPLE, read_protocol(PROTOCOL))
    lines = list(told(given, read_protocol(PROTOCOL), found))
    assert (
        "NOT TESTED: b-1 of bravo, since no rule is about the two; it shares place, heights and "
        "time with the plan. See to it yourself."
    ) in lines
    assert "NOT TESTED: a-general of bravo, since it states no place" in "\n".join(lines)
    assert checked(standing(BRAVO, same)).untested == ()  # a rule is about the two


def test_rmd_150_heights_that_cannot_be_told_apart_may_be_shared() -> None:
    """Of two datums without what converts them: never told as apart."""
    high = Altitude(value_m=900.0, datum=Datum.STANDARD_PRESSURE)
    plan = flight("b-1")
    assert isinstance(plan.content, Activity)
    (part,) = plan.content.volumes
    other = replace(plan.content, volumes=(replace(part, lower=high, upper=high),))
    found = checked(standing(BRAVO, replace(plan, content=other)), rules=())
    assert [one.met for one in found.untested] == [Assessed.CANNOT_BE_RULED_OUT]


def test_rmd_152_what_lies_apart_is_told_by_its_number_alone() -> None:
    """And what may be in the way is named: a notice of two places with one of them is."""
    apart = [standing(BRAVO, flight(f"b-{n}", start_s=36_000.0)) for n in range(40)]
    near = flight("b-near")
    assert isinstance(near.content, Activity)
    (far,) = volumes_of(flight("b-far", start_s=36_000.0).content)
    both = replace(near, content=replace(near.content, volumes=(far, *near.content.volumes)))
    found = checked(*apart, standing(BRAVO, both), rules=())
    assert [(one.notice, one.met) for one in found.untested] == [("b-near", Assessed.INFRINGES)]
    assert found.untested_clear == 40
    given = read_plan(EXAMPLE, read_protocol(PROTOCOL))
    lines = list(told(given, read_protocol(PROTOCOL), found))
    assert sum("ot tested" in one or "NOT TESTED" in one for one in lines) == 2
    line = "Not tested, and apart from the plan in place, heights or time as stated: 40."
    assert line in lines
    assert line in list(telling.plan(to_plain(found)))


def test_rmd_153_what_was_not_tested_stands_behind_the_conflicts() -> None:
    """And behind what clears them, at both commands."""
    zone, other = standing(BRAVO, roz("roz-b")), standing(ALPHA, roz("roz-a"))
    found = checked(zone, other)
    assert found.conflicts
    assert found.untested
    given = read_plan(EXAMPLE, read_protocol(PROTOCOL))
    lines = "\n".join(told(given, read_protocol(PROTOCOL), found))
    assert max(map(lines.rindex, ("CONFLICT", "  * "))) < lines.index("NOT TESTED")
    node = {
        "obstacles": 1,
        "conflicts": [{"assessed": "infringes", "against": "roz-b", "rule": "r-1"}],
        "remedies": [{"time_shift_shown": {"by_s": 60.0}}],
        "untested": [to_plain(one) for one in found.untested],
    }
    lines = "\n".join(telling.plan(node))
    assert max(map(lines.rindex, ("infringes: part", "clears all"))) < lines.index("NOT TESTED")


@pytest.mark.parametrize("obstacles", [0, 1])
@pytest.mark.parametrize("conflicts", [[], [{"assessed": "infringes", "rule": "r-1"}]])
def test_rmd_154_that_nothing_was_filed_is_said_whatever_was_found(
    obstacles: int, conflicts: list[object]
) -> None:
    found = {"obstacles": obstacles, "conflicts": conflicts, "remedies": []}
    assert "Nothing was filed." in telling.plan(found)
    given = read_plan(EXAMPLE, read_protocol(PROTOCOL))
    lines = list(told(given, read_protocol(PROTOCOL), checked(rules=())))
    assert any(one.startswith("The check files nothing.") for one in lines)


def test_rmd_151_where_nothing_was_tested_no_command_says_that_it_clears() -> None:
    nothing = {"obstacles": 0, "conflicts": [], "remedies": []}
    lines = "\n".join(telling.plan(nothing))
    assert "Nothing was tested" in lines
    assert "clears" not in lines
    assert "clears everything that it was tested against" in "\n".join(
        telling.plan(nothing | {"obstacles": 1})
    )
