"""A plan checked as if it were filed: what it meets, what it is told, and at the command line."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from node_pair import ALPHA, BRAVO, START, protocol_of, roz
from test_mechanism_pairs import APART, WORDS, flight

from crosstell.cli.plan import plan as command
from crosstell.cli.plan import shift_words
from crosstell.core.altitude import NO_ALTITUDE_DATA
from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.detection.remedy.shift import HeightShift, TimeShift
from crosstell.core.geometry.geoid import Conversions, NoGeoid
from crosstell.core.ids import EntryRef, FeedId, PartyId, RuleId
from crosstell.core.mechanism.plan.check import Declared, PlanChecked, check_plan
from crosstell.core.picture.content import ActivityKind
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.rule import Blackout, MaximumDuration, Minima, NamedActivity, Rule
from crosstell.core.protocol.rules.calendar import Calendar, Closed, Dates, NamedDate
from crosstell.core.protocol.rules.duration import Lasting
from crosstell.core.protocol.understanding import Understanding

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "plan.yaml"
PROTOCOL = ROOT / "scenarios" / "2023-10-05-hasakah" / "protocol.yaml"


def standing(party: PartyId, filed: NoticeFiled) -> StandingNotice:
    ref = EntryRef(feed=FeedId("f"), seq=0, hash="")
    return StandingNotice(
        party=party,
        notice=filed.notice,
        version=filed.version,
        content=filed.content,
        ref=ref,
    )


def checked(
    *others: StandingNotice,
    rules: tuple[Rule, ...] = (APART,),
    readings: tuple[Understanding, ...] = (),
) -> PlanChecked:
    protocol = protocol_of(parties=2)
    declared = Declared(
        protocol=replace(protocol, rules=(*protocol.rules, *rules)),
        understandings=readings,
        notices=others,
        conversions=Conversions(geoid=NoGeoid(why="a test"), handed=NO_ALTITUDE_DATA),
    )
    return check_plan(standing(ALPHA, flight("a-1")), declared, now=START)


def test_every_reading_is_an_obstacle_of_its_own() -> None:
    """RMD-010: bravo reads the distance wider; the shifts clear its reading too."""
    wide = Understanding(
        party=BRAVO,
        rule=RuleId("apart"),
        text="ten kilometres, any height",
        minima=Minima(lateral_m=10_000.0),
    )
    found = checked(standing(BRAVO, flight("b-1")), readings=(wide,))
    readings = [one.obstacle.criterion.reading for one in found.conflicts]
    assert readings == [None, BRAVO]
    assert [one.by for one in found.remedies if isinstance(one, TimeShift)] == [
        timedelta(hours=1),
        timedelta(hours=-1),
    ]


def test_rules_about_tracks_count_for_a_plan() -> None:
    """RMD-010: the zone rule of the test protocol is about tracks only."""
    found = checked(standing(BRAVO, roz("roz-b")), rules=())
    assert [one.obstacle.criterion.rule for one in found.conflicts] == ["zone-entry"]


def test_its_own_earlier_version_and_its_own_partys_places_are_no_obstacles() -> None:
    """RMD-011."""
    own = standing(ALPHA, flight("a-1")), standing(ALPHA, roz("roz-a"))
    assert checked(*own).obstacles == 0


def test_a_shift_does_not_lead_into_a_blackout() -> None:
    """RMD-012: the next day is closed, so of the two only the day before is left."""
    closed = Dates(dates=(NamedDate(date="2023-06-01", name="Holiday"),))
    calendar = Calendar(rows=(Closed(days=closed),), utc_offset_s=0.0)
    black = Blackout(id=RuleId("holiday"), calendar=calendar, **WORDS)
    found = checked(rules=(black,))
    assert [one.obstacle.what for one in found.conflicts] == ["blackout holiday"]
    later = [one.by for one in found.remedies if isinstance(one, TimeShift)]
    assert later == [timedelta(hours=23)]


def test_late_and_too_long_are_remarked() -> None:
    """RMD-013."""
    lasting = MaximumDuration(
        id=RuleId("short"), lasting=(Lasting.ACTIVITY,), longest_s=1_800.0, **WORDS
    )
    found = checked(rules=(lasting,))
    assert [(one.rule, one.kind) for one in found.remarks] == [
        ("short", "too-long"),
        ("lead-time-activity", "late"),
    ]
    assert found.remarks[0].by_s == 1_800.0
    assert found.remedies == ()


def test_what_is_over_is_no_obstacle() -> None:
    """RMD-015: the zone ended at noon; the plan is checked in the afternoon."""
    protocol = protocol_of(parties=2)
    declared = Declared(
        protocol=protocol,
        understandings=(),
        notices=(standing(BRAVO, roz("roz-b", hours=0.9)),),
        conversions=Conversions(geoid=NoGeoid(why="a test"), handed=NO_ALTITUDE_DATA),
    )
    early = flight("a-1", start_s=0.0, lasts_s=7_200.0)
    assert check_plan(standing(ALPHA, early), declared, now=START).conflicts != ()
    later = check_plan(standing(ALPHA, early), declared, now=START + timedelta(hours=1))
    assert (later.conflicts, later.obstacles) == ((), 0)


def test_a_plan_of_no_stated_kind_is_told_as_possible() -> None:
    """RMD-016: as the live test tells it."""
    closed = Dates(dates=(NamedDate(date="2023-06-01", name="Holiday"),))
    calendar = Calendar(rows=(Closed(days=closed),), utc_offset_s=0.0)
    black = Blackout(
        id=RuleId("holiday"),
        calendar=calendar,
        activities=(NamedActivity.LIVE_FIRE,),
        **WORDS,
    )
    protocol = protocol_of(parties=2)
    declared = Declared(
        protocol=replace(protocol, rules=(black,)),
        understandings=(),
        notices=(),
        conversions=Conversions(geoid=NoGeoid(why="a test"), handed=NO_ALTITUDE_DATA),
    )
    for kind, expected in (
        (ActivityKind.NOT_STATED, Assessed.CANNOT_BE_RULED_OUT),
        (ActivityKind.LIVE_FIRE, Assessed.INFRINGES),
    ):
        plan = standing(ALPHA, flight("a-1", kind=kind))
        (found,) = check_plan(plan, declared, now=START).conflicts
        assert found.overlap.assessed is expected
        assert (Reason.KIND_NOT_STATED in found.overlap.reasons) == (
            expected is Assessed.CANNOT_BE_RULED_OUT
        )


def test_only_an_activity_is_checked() -> None:
    with pytest.raises(TypeError, match="no activity"):
        check_plan(
            standing(BRAVO, roz("roz-b")),
            Declared(
                protocol=protocol_of(parties=2),
                understandings=(),
                notices=(),
                conversions=Conversions(geoid=NoGeoid(why="a test"), handed=NO_ALTITUDE_DATA),
            ),
            now=START,
        )


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (HeightShift(by_m=1_301.001), "higher by 1,301.001 m"),
        (HeightShift(by_m=-12_345.0), "lower by 12,345 m"),
        (TimeShift(by=timedelta(seconds=59.123456)), "later by 0 h 0 min 59.123456 s"),
        (TimeShift(by=timedelta(seconds=-3_600)), "earlier by 1 h 0 min 0 s"),
    ],
)
def test_a_shift_is_told_to_the_grain_at_which_it_was_verified(
    by: TimeShift | HeightShift, words: str
) -> None:
    """RMD-002: a figure rounded for show would be one that was never tested."""
    assert shift_words(by) == words


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["check", *arguments])
    return result.exit_code, result.output


def test_the_example_is_told_with_its_conflict_and_verified_shifts() -> None:
    """RMD-001, RMD-002: as a planner sees it."""
    code, told = run(str(EXAMPLE), "--protocol", str(PROTOCOL))
    assert code == 0
    assert "CONFLICT: part 1 and us-roz-example of us, version 1" in told
    assert "later by 1 h 0 min 0 s" in told
    assert "higher by 9" in told
    assert "the check files nothing" in told.lower()
    code, machine = run(str(EXAMPLE), "--protocol", str(PROTOCOL), "--json")
    assert {one["kind"] for one in json.loads(machine)["remedies"]} == {"time", "height", "place"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("party: us", "party: uk", "uk is not in protocol"),
        ("party: tr", "party: turkiye", "turkiye is not in protocol"),
        (
            "notices:",
            "readings: [{party: us, rule: none-such, text: t, minima: {lateral_m: 1}}]\nnotices:",
            "no rule none-such",
        ),
        (
            "notices:",
            "readings: [{party: us, rule: declared-zone, text: t}]\nnotices:",
            "give minima or figure",
        ),
    ],
)
def test_what_the_protocol_does_not_have_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """RMD-018: it would be left out of the check without a word."""
    text = EXAMPLE.read_text()
    assert old in text
    faulty = tmp_path / "plan.yaml"
    faulty.write_text(text.replace(old, new, 1))
    code, told = run(str(faulty), "--protocol", str(PROTOCOL))
    assert code == 2
    assert said in told


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe", b"[" * 100_000, b"plan: 3"])
def test_what_is_no_plan_is_refused(tmp_path: Path, data: bytes) -> None:
    faulty = tmp_path / "plan.yaml"
    faulty.write_bytes(data)
    code, told = run(str(faulty), "--protocol", str(PROTOCOL))
    assert code == 2
    assert "plan.yaml:" in told
    assert "Traceback" not in told


def test_a_plan_outside_the_area_is_told_so(tmp_path: Path) -> None:
    """RMD-017."""
    outside = tmp_path / "plan.yaml"
    outside.write_text(EXAMPLE.read_text().replace("36.70", "56.70").replace("36.55", "56.55"))
    code, told = run(str(outside), "--protocol", str(PROTOCOL))
    assert code == 0
    assert "Part 1 may reach beyond the area" in told
    assert "1 notice and" in told


def test_nothing_tested_is_not_told_as_clear(tmp_path: Path) -> None:
    """RMD-014."""
    alone = tmp_path / "plan.yaml"
    alone.write_text(EXAMPLE.read_text().split("notices:")[0])
    code, told = run(str(alone), "--protocol", str(PROTOCOL))
    assert code == 0
    assert "Nothing was tested" in told
    assert "clears" not in told.replace("does not clear", "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("party: tr\n", "", "party"),
        ("kind: uncrewed-flight", "kind: unmanned", "unmanned"),
        ("half_width_m: 3000", "half_width_m: -3", "half"),
        ("radius_m: 9000", "radius_furlong: 9000", "radius_furlong"),
        ("datum: wgs84-ellipsoid", "datum: agl", "agl"),
        ("at: 2023-10-05T03:00:00Z", "at: 2023-10-05T03:00:00", "UTC"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = EXAMPLE.read_text()
    assert old in text
    faulty = tmp_path / "plan.yaml"
    faulty.write_text(text.replace(old, new))
    code, told = run(str(faulty), "--protocol", str(PROTOCOL))
    assert code == 2
    assert "plan.yaml" in told
    assert said in told
