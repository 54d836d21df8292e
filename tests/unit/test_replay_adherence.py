"""What may be said of a duty from what the nodes held: present, predicted, whose, and absent."""

from dataclasses import replace

import pytest
from replay_example import at

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.alert import AlertHeld, AlertKey, AlertRaised
from crosstell.core.detection.finding import Assessed, Finding
from crosstell.core.detection.m_of_n import Severity
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import (
    AlertId,
    EntryRef,
    FeedId,
    NoticeId,
    PartyId,
    RoleId,
    RuleId,
    TrackId,
)
from crosstell.core.instant import Window
from crosstell.core.picture.content import AvoidanceRequest, Content, GeneralNotice
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.track import Observation
from crosstell.core.protocol.rule import AlertLevel, Certainty, Duty, Minima, Standoff
from crosstell.replay.found.alerts import alerts_of
from crosstell.replay.found.duties.adherence import held_of, numeric_row, owes
from crosstell.replay.found.infringement import verdict_of
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import Adherence, Met, Verdict

A, B = PartyId("a"), PartyId("b")
TRACK, ALERT = TrackId("trk-1"), AlertId("al-1")
POINT = Position(lat_deg=36.6, lon_deg=40.6)
KEY = AlertKey(
    rule=RuleId("stand"),
    reading=None,
    about=TrackAtNotice(track=TRACK, notice=NoticeOf(party=A, notice=NoticeId("place"))),
)
RULE = Standoff(
    id=RuleId("stand"),
    text="keep away",
    source="test",
    certainty=Certainty.ASSUMED,
    minima=Minima(lateral_m=2000.0),
)
PLACE = AvoidanceRequest(
    volume=Volume(
        footprint=Circle(centre=POINT, radius_m=100.0),
        lower=Unbounded(),
        upper=Unbounded(),
        window=Window(start=at(4, 0), end=at(9, 0)),
    ),
    asked="avoid",
)
HELD = "nothing was found in 2 observations of its own trk-1 (held by b)"


class Made:
    """A trace written entry by entry."""

    def __init__(self) -> None:
        self.trace = Trace()

    def add(self, of: PartyId, body: object, *others: PartyId) -> EntryRef:
        seq = len(self.trace.sights)
        ref = EntryRef(feed=FeedId(f"{of}" * 32), seq=seq, hash=f"{seq:064x}")
        by = Speaker(party=of, role=RoleId("duty-officer"), watch="w1")
        for holder in (of, *others):
            self.trace.sights.append(
                Sight(
                    at=at(4, 20, seq),
                    held_by=holder,
                    of=of,
                    home="",
                    ref=ref,
                    kind="",
                    by=by,
                    body=body,
                )
            )
        return ref

    def place(self, *others: PartyId, content: Content = PLACE) -> None:
        notice = NoticeFiled(notice=NoticeId("place"), version=1, content=content, marking="test")
        self.add(A, notice, *others)

    def seen(self, by: PartyId = B, times: int = 2) -> None:
        for number in range(times):
            motion = Motion(
                position=POINT,
                at=at(4, 10, number),
                altitude=None,
                velocity=None,
                position_accuracy_m=None,
                altitude_accuracy_m=None,
            )
            received_at = at(4, 11)
            self.add(
                by, Observation(track=TRACK, source="r", motion=motion, received_at=received_at)
            )

    def ours(self, answer: OwnershipAnswer = OwnershipAnswer.OURS) -> EntryRef:
        said = OwnershipStated(subject=OwnTrack(track=TRACK), answer=answer, scope=Scope())
        return self.add(B, said)

    def found(self, *findings: Finding, by: PartyId = B) -> None:
        for number, finding in enumerate(findings):
            held = AlertHeld(
                key=KEY, alert=ALERT, severity=Severity.URGENT, finding=finding, at=at(4, 20)
            )
            raised = AlertRaised(
                key=KEY,
                alert=ALERT,
                ordinal=1,
                returns=0,
                level=AlertLevel.URGENT,
                severity=Severity.URGENT,
                finding=finding,
                at=at(4, 20),
            )
            self.add(by, held if number else raised)

    def row(self) -> Adherence:
        return numeric_row(RULE, B, held_of(self.trace))


def finding(
    distance_m: float,
    infringement_in_s: float,
    nominal_in_s: float | None,
    assessed: Assessed = Assessed.INFRINGES,
) -> Finding:
    return Finding(
        rule=KEY.rule,
        reading=None,
        about=KEY.about,
        versions=(1,),
        assessed=assessed,
        reasons=(),
        infringement_in_s=infringement_in_s,
        nominal_in_s=nominal_in_s,
        distance_m=distance_m,
        margin_m=0.0,
    )


FAR = finding(40250.0, 400.0, 401.0)
NEAR = finding(9000.0, 60.0, 61.0)
INSIDE, NEARER = finding(1900.0, 0.0, 0.0), finding(700.0, 0.0, 0.0)
OPEN = finding(2050.0, 0.0, None, Assessed.CANNOT_BE_RULED_OUT)


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (FAR, Verdict.PREDICTED),
        (INSIDE, Verdict.PRESENT),
        (OPEN, Verdict.NOT_RULED_OUT),
        (finding(2050.0, 0.0, 1.5), Verdict.PREDICTED),
        (finding(2050.0, 600.0, None, Assessed.CLEAR), None),
    ],
)
def test_rep_060_a_finding_is_present_only_by_the_values_as_reported(
    one: Finding, verdict: Verdict | None
) -> None:
    assert verdict_of(one) is verdict


def test_rep_060_a_breach_is_quoted_at_its_nearest_present_finding() -> None:
    made = Made()
    made.place(B)
    made.seen()
    made.ours()
    made.found(FAR, NEAR, INSIDE, NEARER, INSIDE)
    row = made.row()
    assert row.met is Met.NOT_MET
    assert "700 m from place of a" in row.why
    nearer = next(s for s in made.trace.sights if getattr(s.body, "finding", None) == NEARER)
    assert row.ref == f"b #{nearer.ref.seq} {nearer.ref.hash[:12]}"
    (alert,) = alerts_of(made.trace)
    assert alert.verdict is Verdict.PRESENT
    assert alert.nearest_ref == row.ref


def test_rep_060_a_prediction_is_no_breach() -> None:
    made = Made()
    made.place(B)
    made.seen()
    made.ours()
    made.found(FAR, NEAR)
    row = made.row()
    assert row.met is Met.MET
    assert row.why.startswith("predicted, did not occur in what was observed: trk-1 9000 m")
    assert row.ref
    (alert,) = alerts_of(made.trace)
    assert alert.verdict is Verdict.PREDICTED
    assert "40250 m" in alert.text, "as first raised"
    assert "9000 m" in alert.nearest


def test_rep_060_what_cannot_be_ruled_out_is_neither_met_nor_not_met() -> None:
    made = Made()
    made.place(B)
    made.seen()
    made.ours()
    made.found(NEAR, OPEN)
    row = made.row()
    assert row.met is Met.NOT_TESTABLE
    assert "cannot be ruled out: trk-1 2050 m" in row.why


@pytest.mark.parametrize("said", [None, OwnershipAnswer.NOT_OURS, OwnershipAnswer.CHECKING])
@pytest.mark.parametrize("observer", [A, B])
def test_rep_061_an_object_is_nobodys_until_its_side_says_so(
    said: OwnershipAnswer | None, observer: PartyId
) -> None:
    made = Made()
    made.place(B)
    made.seen(by=observer)
    if said is not None:
        made.ours(said)
    made.found(INSIDE, by=observer)
    row = made.row()
    assert row.met is Met.NOT_TESTABLE
    assert "present" in row.why
    assert "b stated of no observed object that it is its own" in row.why
    assert row.ref.startswith(f"{observer} #")


def test_rep_062_met_names_the_object_and_how_often_it_was_observed() -> None:
    made = Made()
    made.place(B)
    made.seen()
    said = made.ours()
    assert (made.row().met, made.row().why) == (Met.MET, HELD)
    assert made.row().ref == f"b #{said.seq} {said.hash[:12]}"


def test_rep_062_absence_is_no_met() -> None:
    blind = Made()
    blind.place(B)
    blind.ours()
    assert (blind.row().met, blind.row().why) == (
        Met.NOT_TESTABLE,
        "no side observed any object",
    )
    unsaid = Made()
    unsaid.place(B)
    unsaid.seen(by=A)
    assert unsaid.row().met is Met.NOT_TESTABLE
    assert "rests on a's observations only" in unsaid.row().why
    unheld = Made()
    unheld.place()
    unheld.seen()
    unheld.ours()
    assert unheld.row().met is Met.NOT_TESTABLE
    assert "b held no notice of this kind" in unheld.row().why
    other = Made()
    other.place(B, content=GeneralNotice(text="take care", source="s"))
    other.seen()
    other.ours()
    assert other.row().met is Met.NOT_TESTABLE
    assert "this rule covers no notice" in other.row().why


def test_a_duty_that_names_who_owes_it_is_told_of_them_alone() -> None:
    """PRO-110."""
    duty = Duty(id=RuleId("d"), text="tell", source="test", certainty=Certainty.ASSUMED)
    assert owes(duty, A)
    assert [owes(replace(duty, owed_by=(A,)), party) for party in (A, B)] == [True, False]
    assert owes(RULE, B)
