"""Which rules are about which tracks and notices: PRO-015, PRO-016, PRO-065, PRO-072 to PRO-077."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import FeedId, PartyId, RoleId, RuleId
from crosstell.core.instant import Window
from crosstell.core.line.message import Reality
from crosstell.core.mechanism import rules
from crosstell.core.mechanism.concern import (
    Bearing,
    FiguresRule,
    Subject,
    bears_between,
    bears_on_notice,
    bears_on_own,
    bears_on_track_at,
    may_concern,
    notice_kind,
    of_others_only,
)
from crosstell.core.mechanism.rules import (
    bears,
    criterion,
    numeric_rules,
    overhead_minima,
    overhead_volume,
)
from crosstell.core.picture.content import (
    Activity,
    ActivityKind,
    AvoidanceRequest,
    Content,
    FieldType,
    GeneralNotice,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
)
from crosstell.core.protocol.adherence import Adherence, AdherenceState
from crosstell.core.protocol.rule import (
    Concerned,
    Minima,
    NumericRule,
    Overflight,
    Separation,
    Standoff,
    TracksConcerned,
)
from crosstell.core.protocol.rules.lead import Ahead
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.times import NoticeKind
from crosstell.core.protocol.understanding import Understanding
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, initial

PROTOCOL = read_protocol(Path(__file__).with_name("data") / "all-rules.yaml")
RULES = {rule.id: rule for rule in numeric_rules(PROTOCOL)}
BRAVO = PartyId("bravo")
LEAD, ZONE_LEAD = PROTOCOL.lead_times
VOLUME = Volume(
    footprint=Circle(centre=Position(lat_deg=-37.0, lon_deg=-19.0), radius_m=1_000.0),
    lower=Altitude(value_m=100.0, datum=Datum.MSL_EGM96),
    upper=Altitude(value_m=200.0, datum=Datum.MSL_EGM96),
    window=Window(start=datetime(2023, 3, 1, tzinfo=UTC), end=datetime(2023, 3, 2, tzinfo=UTC)),
)


def activity(kind: ActivityKind) -> Activity:
    return Activity(kind=kind, volumes=(VOLUME,))


def zone(field_type: FieldType) -> Zone:
    return Zone(field_type=field_type, declaring_authority="x", volume=VOLUME, duty="keep out")


FLIGHT, EXERCISE = activity(ActivityKind.CREWED_FLIGHT), activity(ActivityKind.EXERCISE)
UNSAID = activity(ActivityKind.NOT_STATED)
DANGER, ROZ = zone(FieldType.DANGER_AREA), zone(FieldType.ROZ)
FORCES = OwnForceLocation(volume=VOLUME)
AVOID = AvoidanceRequest(volume=VOLUME, asked="stay away")
SITE = NotifiedSite(notifier="x", volume=VOLUME, what="hospital")
MOVEMENT = NotifiedMovement(notifier="x", volumes=(VOLUME,), what="convoy")
GENERAL = GeneralNotice(text="x", source="y")
CONTENTS: tuple[Content, ...] = (
    FLIGHT, EXERCISE, UNSAID, DANGER, ROZ, FORCES, AVOID, SITE, MOVEMENT, GENERAL,
)  # fmt: skip


def rule(name: str) -> NumericRule:
    return RULES[RuleId(name)]


def place_rule(name: str) -> Standoff:
    found = rule(name)
    assert isinstance(found, Standoff)
    return found


SUBJECTS = {
    "keep-away": {Subject.TRACK_AT_NOTICE, Subject.TWO_NOTICES},
    "zone-stay": {Subject.TRACK_AT_NOTICE},
    "rule-of-threes": {Subject.TWO_TRACKS},
    "plans-apart": {Subject.TWO_NOTICES},
    "well-clear": {Subject.TWO_TRACKS},
    "not-over": {Subject.TRACK_AT_NOTICE},
    "summer": {Subject.NOTICE},
    "new-year": {Subject.NOTICE},
    "no-long-blocking": {Subject.NOTICE},
    "short-stay": {Subject.TRACK_AT_NOTICE},
    "the-line": {Subject.TRACK},
    "as-filed": {Subject.TRACK_OF_ACTIVITY},
}


def test_every_rule_is_about_its_subjects_only() -> None:
    """PRO-015, PRO-074, PRO-075, PRO-076."""
    found = {
        name: {subject for subject in Subject if may_concern(one, subject)}
        for name, one in RULES.items()
    }
    assert found == SUBJECTS
    assert [subject for subject in Subject if may_concern(LEAD, subject)] == [Subject.NOTICE]


TRACKS_AT: list[tuple[str, tuple[Content, ...], tuple[Content, ...]]] = [
    ("keep-away", (FORCES, AVOID), ()),
    ("zone-stay", (DANGER,), ()),
    ("not-over", (FORCES, DANGER), ()),
    ("short-stay", (DANGER,), ()),
    ("rule-of-threes", (), ()),
    ("summer", (), ()),
    ("the-line", (), ()),
    ("as-filed", (), ()),
]


@pytest.mark.parametrize(("name", "sure", "perhaps"), TRACKS_AT, ids=[row[0] for row in TRACKS_AT])
def test_tracks_at_notices(
    name: str, sure: tuple[Content, ...], perhaps: tuple[Content, ...]
) -> None:
    """PRO-011, PRO-012, PRO-072, PRO-089."""
    check(rule(name), sure, perhaps)


def check(one: FiguresRule, sure: tuple[Content, ...], perhaps: tuple[Content, ...]) -> None:
    for content in CONTENTS:
        expected = Bearing.NOT
        expected = Bearing.MAY_BEAR if content in perhaps else expected
        expected = Bearing.BEARS if content in sure else expected
        assert bears_on_track_at(one, content) is expected, content


def test_a_separation_of_both_is_about_tracks_and_activities() -> None:
    """PRO-016, PRO-074."""
    plans = rule("plans-apart")
    assert isinstance(plans, Separation)
    check(replace(plans, between=Concerned.BOTH), (FLIGHT,), (UNSAID,))
    check(replace(plans, between=Concerned.BOTH, activities=()), (FLIGHT, EXERCISE, UNSAID), ())


def test_a_rule_about_activities_alone_keeps_no_track() -> None:
    """PRO-015."""
    both = place_rule("keep-away")
    alone = replace(both, applies_to=Concerned.ACTIVITIES)
    assert (bears(both, FORCES), bears(alone, FORCES)) == (True, False)
    assert bears_between(alone, FLIGHT, FORCES) is Bearing.BEARS
    assert bears_between(replace(both, applies_to=Concerned.TRACKS), FLIGHT, FORCES) is Bearing.NOT
    assert bears(replace(both, applies_to=Concerned.TRACKS), FORCES)


def test_only_minima_from_places_are_asked_of_tracks_as_before() -> None:
    """PRO-011, PRO-012. What other kinds are about has its own questions."""
    asked = {name for name, one in RULES.items() for content in CONTENTS if bears(one, content)}
    assert asked == {"keep-away", "zone-stay"}


BETWEEN: list[tuple[str, Content, Content, Bearing]] = [
    ("keep-away", FLIGHT, FORCES, Bearing.BEARS),
    ("keep-away", FORCES, FLIGHT, Bearing.NOT),  # the activity is asked about first
    ("keep-away", FLIGHT, SITE, Bearing.NOT),
    ("keep-away", SITE, FORCES, Bearing.NOT),
    ("plans-apart", FLIGHT, FLIGHT, Bearing.BEARS),
    ("plans-apart", FLIGHT, UNSAID, Bearing.MAY_BEAR),
    ("plans-apart", UNSAID, UNSAID, Bearing.MAY_BEAR),
    ("plans-apart", FLIGHT, EXERCISE, Bearing.NOT),
    ("plans-apart", UNSAID, EXERCISE, Bearing.NOT),
    ("plans-apart", FLIGHT, DANGER, Bearing.NOT),
    ("zone-stay", FLIGHT, DANGER, Bearing.NOT),  # about tracks
    ("not-over", FLIGHT, DANGER, Bearing.NOT),
    ("rule-of-threes", FLIGHT, FLIGHT, Bearing.NOT),
]


@pytest.mark.parametrize(("name", "one", "met", "expected"), BETWEEN)
def test_notices_that_meet(name: str, one: Content, met: Content, expected: Bearing) -> None:
    """PRO-015, PRO-016, PRO-074."""
    assert bears_between(rule(name), one, met) is expected


def test_plans_over_places_where_the_rule_says() -> None:
    """PRO-072."""
    over = rule("not-over")
    assert isinstance(over, Overflight)
    plans = replace(over, applies_to=Concerned.ACTIVITIES)
    met = [content for content in CONTENTS if bears_between(plans, FLIGHT, content) != "not"]
    assert met == [DANGER, FORCES]
    assert bears_on_track_at(plans, FORCES) is Bearing.NOT


ALONE: list[tuple[FiguresRule, tuple[Content, ...], tuple[Content, ...]]] = [
    (rule("summer"), (EXERCISE,), (UNSAID,)),
    (rule("new-year"), (FLIGHT, EXERCISE, UNSAID), ()),
    (rule("no-long-blocking"), (FLIGHT, EXERCISE, UNSAID, DANGER, ROZ), ()),
    (rule("short-stay"), (), ()),
    (rule("keep-away"), (), ()),
    (LEAD, (FLIGHT, EXERCISE, UNSAID), ()),
    (ZONE_LEAD, (DANGER, ROZ), ()),
]


@pytest.mark.parametrize(("one", "sure", "perhaps"), ALONE)
def test_notices_alone(
    one: FiguresRule, sure: tuple[Content, ...], perhaps: tuple[Content, ...]
) -> None:
    """PRO-016, PRO-086, PRO-089, PRO-099."""
    for content in CONTENTS:
        expected = Bearing.BEARS if content in sure else Bearing.NOT
        expected = Bearing.MAY_BEAR if content in perhaps else expected
        assert bears_on_notice(one, content) is expected, content


def test_own_activities() -> None:
    """PRO-016, PRO-076, PRO-077."""
    found = [content for content in CONTENTS if bears_on_own(rule("as-filed"), content) != "not"]
    assert found == [FLIGHT, EXERCISE, UNSAID]
    assert bears_on_own(rule("keep-away"), FLIGHT) is Bearing.NOT


def test_whose_pairs_are_left_out() -> None:
    """PRO-074, PRO-095."""
    left_out = {name for name, one in RULES.items() if of_others_only(one)}
    assert left_out == set(RULES) - {"summer", "new-year", "as-filed"}
    assert not of_others_only(replace(place_rule("keep-away"), tracks=TracksConcerned.ALL))
    assert not of_others_only(LEAD)


def state_in_which(*stated: Understanding) -> State:
    """Alpha's node, where bravo has stated these understandings."""
    digest = digest_of(PROTOCOL)
    setting = Setting(
        party=PartyId("alpha"),
        feeds=((PartyId("alpha"), FeedId("a")), (PartyId("bravo"), FeedId("b"))),
        journal=FeedId("j"),
        protocol=PROTOCOL,
        digest=digest,
        ring_limit=RoleId("watch-chief"),
        test_role=RoleId("duty-officer"),
        reality=Reality.EXERCISE,
    )
    state = initial(setting)
    said = Adherence(
        party=BRAVO, protocol=digest, state=AdherenceState.UNSIGNED, understandings=stated
    )
    feed = replace(state.feeds[BRAVO], adherence={digest: said})
    return replace(state, feeds={**state.feeds, BRAVO: feed})


def test_every_subject_has_its_tests_in_one_order() -> None:
    """PRO-061, PRO-064, PRO-065. The document's order, lead times last; then by party."""
    five = Understanding(
        party=BRAVO,
        rule=RuleId("rule-of-threes"),
        text="five minutes",
        minima=Minima(lateral_m=5_556.0, vertical_m=914.4, dwell_s=300.0),
    )
    sooner = Understanding(
        party=BRAVO, rule=LEAD.id, text="as it is", figure=Ahead(ahead_s=86_400.0)
    )
    state = state_in_which(five, sooner)
    found = {
        subject: [(test.rule.id, test.reading.party) for test in rules.tests_for(state, subject)]
        for subject in Subject
    }
    assert found == {
        Subject.TRACK: [("the-line", "alpha"), ("the-line", "bravo")],
        Subject.NOTICE: [
            ("summer", None),
            ("new-year", None),
            ("lead-time-activity", None),
            ("lead-time-activity", "bravo"),
            ("lead-time-zone", None),
        ],
        Subject.TRACK_AT_NOTICE: [
            ("keep-away", None),
            ("zone-stay", None),
            ("not-over", None),
            ("short-stay", None),
        ],
        Subject.TWO_TRACKS: [
            ("rule-of-threes", None),
            ("rule-of-threes", "bravo"),
            ("well-clear", None),
        ],
        Subject.TWO_NOTICES: [("keep-away", None), ("plans-apart", None)],
        Subject.TRACK_OF_ACTIVITY: [("as-filed", None)],
    }
    assert [test.rule.id for test in rules.tests_of(state)] == ["keep-away", "zone-stay"]


def test_every_kind_of_notice_has_its_word() -> None:
    """PRO-099."""
    kinds = {notice_kind(content) for content in CONTENTS}
    assert kinds == {*NoticeKind, None}


def test_what_is_over_a_place_ignores_the_places_heights() -> None:
    """PRO-072, PRO-073."""
    ceiling = Altitude(value_m=3_000.0, datum=Datum.ABOVE_GROUND)
    overhead = Overhead(margin_m=500.0, ceiling=ceiling)
    found = overhead_volume(VOLUME, overhead)
    assert (found.lower, found.upper) == (Unbounded(), ceiling)
    assert (found.footprint, found.window) == (VOLUME.footprint, VOLUME.window)
    assert overhead_minima(overhead) == Minima(lateral_m=500.0, vertical_m=0.0)
    assert overhead_volume(VOLUME, Overhead()).upper == Unbounded()


def test_detection_is_given_what_the_protocol_assumes_of_places_and_of_heights() -> None:
    """PRO-022, DET-027: 500 m sideways, 1,000 ft of height."""
    rule = RULES[RuleId("rule-of-threes")]
    told = criterion(PROTOCOL, rule, None, Minima(lateral_m=1.0))
    assert (told.unknown_accuracy_m, told.high_accuracy_m) == (500.0, 304.8)
