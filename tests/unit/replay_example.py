"""A small result built by hand, to test what the text, the page and the JSON make of one."""

from dataclasses import replace
from datetime import UTC, datetime

from crosstell.replay.claims import (
    Aftermath,
    AgreedTold,
    ClaimTold,
    Statement,
    Topic,
    TopicTold,
)
from crosstell.replay.result import (
    HEADING,
    RESULT_FORMAT,
    Adherence,
    AlertSeen,
    Answer,
    AssumptionUsed,
    CallSeen,
    FeedVerified,
    Fix,
    HeldBy,
    LeadRange,
    LeadTime,
    Met,
    NoticeSeen,
    PartyShown,
    Passed,
    PointShown,
    RangeEnd,
    ReplayResult,
    RunResult,
    ShapeShown,
    Source,
    Spot,
    Stage,
    TimelineItem,
    TrackShown,
    Verdict,
)


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2023, 10, 5, hour, minute, second, tzinfo=UTC)


ALERT = AlertSeen(
    party="a",
    alert="al-1",
    subject="trk-1",
    against="zone-1",
    against_party="a",
    rule="zone",
    verdict=Verdict.PREDICTED,
    nearest="trk-1 120 m from zone-1 of a at 04:29:00Z",
    nearest_ref="a journal #4 0123456789ab",
    first_raised=at(4, 28),
    first_level="advisory",
    highest_level="critical",
    highest_at=at(4, 29),
    call_by=at(4, 20),
    infringement_at=at(4, 30),
    raised=(at(4, 28),),
    acknowledged=(),
    cleared=at(4, 52),
    text="trk-1 enters zone-1",
    ref="a journal #3 0123456789ab",
)
CALL = CallSeen(
    call="c-1",
    kind="warn",
    caller="a",
    to="b",
    to_role="duty-officer",
    carriage="node",
    hops=(),
    claimed_by="",
    precedence="flash",
    text="our forces are in the place named; leave it",
    placed=at(4, 30),
    placed_by="duty-officer",
    copied=None,
    delivered=at(4, 30, 2),
    received=at(4, 32),
    received_by="duty-officer",
    read_back=at(4, 33),
    passed=(Passed(to="operator", at=at(4, 45), by="duty-officer"),),
    answers=(
        Answer(
            at=at(4, 50),
            answer="unable",
            by="duty-officer",
            speaks_for=("operator",),
            cannot_speak_for=(),
        ),
    ),
    closed=None,
    ref="a/7",
)
LOST = replace(
    CALL,
    call="c-2",
    placed=at(8, 33),
    delivered=None,
    received=None,
    received_by="",
    read_back=None,
    passed=(),
    answers=(),
    ref="a/9",
)
RUN = RunResult(
    name="first/unable",
    title="As reported; aware but unable",
    about="The call reaches the operator, who cannot comply.",
    starts=at(4, 0),
    ends=at(9, 0),
    values=(("relay", "15 min"),),
    switches=(("recipient", "unable"),),
    conclusion=(
        "Under assumptions A1 and A2 a warning could have been in the operator's hands 235.0 "
        "minutes before the shoot-down.",
    ),
    leads=(
        LeadTime(
            point="shoot-down",
            stage=Stage.IN_HANDS,
            at=at(4, 45),
            lead_minutes=235.0,
            assumptions=("A1", "A2"),
        ),
        LeadTime(
            point="first-strike",
            stage=Stage.IN_HANDS,
            at=at(4, 45),
            lead_minutes=-15.0,
            assumptions=("A1", "A2"),
        ),
        LeadTime(
            point="shoot-down",
            stage=Stage.ANSWERED,
            at=None,
            lead_minutes=None,
            assumptions=("A1",),
        ),
    ),
    alerts=(ALERT,),
    calls=(CALL, LOST),
    notices=(
        NoticeSeen(
            notice="zone-1",
            kind="zone",
            party="a",
            text="restricted operating zone",
            phrase="",
            filed=datetime(2023, 10, 4, 9, 0, tzinfo=UTC),
            begins=at(0, 0),
            ends=at(23, 0),
            held_by=(HeldBy(party="b", at=datetime(2023, 10, 4, 9, 0, 2, tzinfo=UTC)),),
            statuses=("b: received",),
            ref="a/2",
        ),
    ),
    adherence=(
        Adherence(
            rule="answer-time",
            duty="answer within 300 s",
            party="b",
            met=Met.NOT_MET,
            why="c-1 answered after 20.0 min",
            ref="b/4",
        ),
        Adherence(
            rule="airmanship",
            duty="professional airmanship",
            party="b",
            met=Met.NOT_TESTABLE,
            why="a person judges it",
            ref="",
        ),
    ),
    false_alarms=None,
    record=(
        FeedVerified(
            party="a",
            feed="f" * 32,
            entries=12,
            root="ab" * 32,
            sound="verified",
            statements=("every entry is signed and linked",),
        ),
    ),
    record_digest="cd" * 32,
    shapes=(
        ShapeShown(
            id="zone-1",
            party="a",
            kind="zone",
            label="zone-1",
            points=(Spot(lat_deg=36.6, lon_deg=40.6),),
            radius_m=5000.0,
            held_by=(HeldBy(party="a", at=at(4, 0)),),
            assumed="radius is assumption A3",
        ),
        ShapeShown(
            id="post",
            party="a",
            kind="place",
            label="assumed place",
            points=(Spot(lat_deg=36.6, lon_deg=40.6),),
            radius_m=500.0,
            held_by=(HeldBy(party="a", at=at(4, 0)),),
            assumed="town level only",
        ),
    ),
    tracks=(
        TrackShown(
            party="a",
            track="trk-1",
            source="sensor",
            fixes=tuple(
                Fix(at=at(4, 25 + n), lat_deg=36.68 - 0.01 * n, lon_deg=40.6, height="4000 m msl")
                for n in range(8)
            ),
        ),
    ),
    broadcasts=(),
    told=(),
    voice=(),
    aftermath=(
        Aftermath(
            held_by=("a",),
            topics=(
                TopicTold(
                    matter="shoot-down",
                    topic="time",
                    claims=(
                        ClaimTold(
                            text="spokesman of a states: 08:40Z", standing="stands", ref="a feed #9"
                        ),
                        ClaimTold(
                            text="the press states: 08:41Z", standing="withdrawn", ref="a feed #8"
                        ),
                    ),
                    differences=(),
                    alone="party a",
                ),
            ),
            questions=("a clock time without zone [a feed #8]",),
            agreed=(AgreedTold(standing="stated-by-one", lines=("'x': stated by one",)),),
            readouts=("a, call of the ministers (its view): It helped.",),
            joint_texts=("Both keep the line. [signed by a; no joint text until all have]",),
            actions=("staff the line [owner b]",),
            allegations=("party a: 63 against b",),
            precedents=("this: that (shares parties)",),
        ),
    ),
    timeline=(
        TimelineItem(
            at=at(4, 28),
            party="a",
            kind="alert",
            what="ADVISORY trk-1 enters zone-1",
            by="",
            ref="a-journal/3",
            held_by=(HeldBy(party="a", at=at(4, 28)),),
            held_means="",
        ),
        TimelineItem(
            at=at(4, 30),
            party="a",
            kind="call",
            what="warn c-1 placed to b",
            by="duty-officer",
            ref="a/7",
            held_by=(HeldBy(party="b", at=at(4, 30, 2)),),
            held_means="",
        ),
        TimelineItem(
            at=at(4, 31),
            party="a",
            kind="ladder",
            what="watch chief rung",
            by="",
            ref="",
            held_by=(),
            held_means="",
        ),
    ),
    warnings=("c-2 was never delivered: <b>the line was down</b>",),
)
RESULT = ReplayResult(
    format=RESULT_FORMAT,
    heading=HEADING,
    scenario="example",
    title="An example of two parties",
    about="A hand-built result for the tests of the page.",
    mode="exercise",
    seed=1,
    keys="test keys drawn from the seed",
    protocol_digest="ef" * 32,
    main_point="shoot-down",
    points=(
        PointShown(
            id="first-strike",
            title="first strike",
            at=at(4, 30),
            status="US",
            sources=("1",),
            earlier_by="",
            counts_from=None,
        ),
        PointShown(
            id="shoot-down",
            title="shoot-down",
            at=at(8, 40),
            status="US",
            sources=("1",),
            earlier_by="",
            counts_from=None,
        ),
    ),
    parties=(
        PartyShown(id="a", name="Party A", components=("cell",)),
        PartyShown(id="b", name="Party B", components=("cell", "operator")),
    ),
    assumptions=(
        AssumptionUsed(
            id="answer-time",
            label="A1",
            name="answer time",
            value="2 min",
            range="1 min to 15 min",
            why="no log is public",
            source="assumption",
        ),
        AssumptionUsed(
            id="relay-time",
            label="A2",
            name="internal relay time",
            value="15 min",
            range="5 min to 60 min",
            why="not published",
            source="assumption",
        ),
    ),
    sources=(Source(id="1", title="A statement", address="https://example.org/<x>"),),
    accounts=(
        Topic(
            topic="Cause",
            statements=(
                Statement(party="a", text="self-defence", status="A", sources=("1",)),
                Statement(party="b", text="different assessments", status="B", sources=("1",)),
            ),
        ),
        Topic(
            topic="Track",
            statements=(Statement(party="a", text="re-entered 08:30Z", status="A", sources=()),),
        ),
    ),
    findings=("Under assumptions A1 and A2 a warning could have been in the operator's hands.",),
    ranges=(
        LeadRange(
            run="first/unable",
            point="shoot-down",
            stage=Stage.IN_HANDS,
            varied="A2 internal relay time",
            ends=(
                RangeEnd(value="300 s", lead_minutes=245.0),
                RangeEnd(value="3600 s", lead_minutes=190.0),
            ),
        ),
        LeadRange(
            run="first/unable",
            point="first-strike",
            stage=Stage.IN_HANDS,
            varied="A2 internal relay time",
            ends=(
                RangeEnd(value="300 s", lead_minutes=-5.0),
                RangeEnd(value="3600 s", lead_minutes=None),
            ),
        ),
    ),
    runs=(RUN, replace(RUN, name="first/quiet", title="A quiet day", calls=(), false_alarms=0)),
)
