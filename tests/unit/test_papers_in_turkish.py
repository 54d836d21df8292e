"""The Turkish of drafts, packs and agendas is whole: what is marked is somebody's own words.

Every own word here is one that no language would change (`x1`), so that a mark is a sentence of
ours which the catalogue lacks. REP-150.
"""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from line_values import account
from node_pair import ALPHA, BRAVO, CHIEF, DUTY, START, World, answered, call, received, roz
from test_mechanism_papers import FILE, TEXT, action, filed, paper

from crosstell.core.altitude import Unbounded
from crosstell.core.assessment.account.claim import (
    ClaimRevised,
    ClaimStated,
    ClaimWithdrawn,
    Confidence,
    Source,
    SourceKind,
    Voice,
)
from crosstell.core.assessment.account.content import (
    Belongs,
    Casualties,
    ClockReading,
    Count,
    Distance,
    Duration,
    HeightWithoutDatum,
    Held,
    Identity,
    InArea,
    Judgement,
    Measure,
    Moment,
    Passage,
    Place,
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.stance import AgreedThat, Alleged, Disputes
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.geometry.position import Position
from crosstell.core.ids import (
    CallId,
    ClaimId,
    ComponentId,
    Named,
    NoticeId,
    PartyId,
    RoleId,
    RuleId,
)
from crosstell.core.incident.corrective_action import (
    ActionDeclined,
    ActionDone,
    ActionDueMoved,
    ActionUndertaken,
)
from crosstell.core.incident.joint_text import JointTextDeclined, JointTextSigned
from crosstell.core.incident.paper import FromRecord, Readout, View
from crosstell.core.instant import Window
from crosstell.core.line.acknowledgement import CallActedOn, CallPassedOn
from crosstell.core.line.answer import REASON_NEEDED, Answer, AnswerCorrected, AnswerId, AnswerKind
from crosstell.core.line.content import (
    CallContent,
    Danger,
    FreeText,
    Radio,
    RequestedAct,
    Subject,
    SubjectKind,
)
from crosstell.core.line.message import CallCorrected, CallDisregarded, CallKind, Reality
from crosstell.core.line.watch.broadcast import BroadcastId, BroadcastSent
from crosstell.core.line.watch.voice import Direction, Timed, VoiceLogged, VoiceLogId
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.roles import RoleDeclared
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.picture.track import HintKind
from crosstell.papers.afterwards import aftermath_of
from crosstell.papers.assemble import agenda_of, pack_of, readout_of
from crosstell.papers.model import Basis, Papers
from crosstell.papers.speech.speech import text_speech
from crosstell.papers.spoken import claims_in, told_line

MARK = "İng."
LAST = START + timedelta(hours=4)
SCOPE = Scope(speaks_for=(ComponentId("x1"),), cannot_speak_for=(ComponentId("x2"),))
WORD = FreeText(text="x1", language="en")
OWN = Source(kind=SourceKind.OWN_STATEMENT, words="[1]")
FULL = CallContent(
    subjects=tuple(Subject(kind=kind, label="x1") for kind in SubjectKind),
    place=Position(lat_deg=1.0, lon_deg=2.0),
    altitude_lower=Unbounded(),
    window=Window(start=START, end=LAST),
    danger=Danger.COLLISION,
    act=RequestedAct.LEAVE,
    remarks=WORD,
)


def basis(world: World) -> Basis:
    states = {party: world.state(party) for party in world.names}
    return Basis(
        states=states,
        origin="",
        mode="",
        heading="",
        as_of=world.now,
        keys="",
        record=(),
        record_digest="",
        protocol_digest="",
        warnings=(),
        aftermath=aftermath_of(states, world.now),
        map_digest="",
    )


def marked(told: Papers) -> list[str]:
    """Each line of ours that the Turkish leaves in English."""
    speech, claims = text_speech("tr"), claims_in(told)
    lines = [
        (line, told_line(speech, line, sheet.held_by, claims))
        for sheet in told.sheets
        for part in sheet.parts
        for line in part.lines
    ]
    ids = ("agreement as stated", "allegation")  # their names are ids of parties and rules
    topics = {
        line.topic for line, _ in lines if line.topic and not any(i in line.topic for i in ids)
    }
    found = [f"{line.section}: {line.text} -> {said}" for line, said in lines if MARK in said]
    found += [one for one in topics if MARK in speech.tell(one, "topics")]
    heads = {part.heading for sheet in told.sheets for part in sheet.parts}
    heads |= {part.empty for sheet in told.sheets for part in sheet.parts}
    found += [head for head in heads if MARK in speech.say(head)]
    assert lines, "a paper without a line shows nothing"
    return found


def answers(world: World, kinds: list[AnswerKind]) -> None:
    for number, kind in enumerate(kinds):
        name = f"c-{number + 20}"
        more: dict[str, Any] = {"scope": SCOPE} if number % 2 else {}
        if kind is AnswerKind.STAND_BY:
            more["until"] = START + timedelta(minutes=5)
        if kind in REASON_NEEDED:
            more["reason"] = WORD
        world.settle(ALPHA, call(name))
        world.settle(BRAVO, answered(kind, name, **more))


def filled() -> World:
    """A world in which everything that a draft tells has happened, and own words are `x1`."""
    world = World()
    file = replace(FILE, title="x1", matters=("m1", "m2"), start=START - timedelta(hours=1))
    world.settle(ALPHA, filed(file, BRAVO, name="inc"))
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(ALPHA, replace(roz("roz-1", BRAVO, version=2), reason="x1"))
    for status, scope in ((StatedStatus.RECEIVED, SCOPE), (StatedStatus.CONTESTED, Scope())):
        of = Named(party=ALPHA, id="roz-1")
        world.settle(BRAVO, StatusStated(notice=of, status=status, scope=scope))
    world.settle(ALPHA, NoticeWithdrawn(notice=NoticeId("roz-1"), version=2, reason="x1"))
    world.settle(ALPHA, call("c-1", content=FULL))
    world.settle(BRAVO, received("c-1"))
    of_call = Named(party=ALPHA, id="c-1")
    world.settle(BRAVO, CallPassedOn(call=of_call, scope=SCOPE))
    world.settle(BRAVO, CallActedOn(call=of_call, scope=Scope()))
    world.settle(ALPHA, CallCorrected(call=CallId("c-1"), content=replace(FULL, subjects=())))
    world.settle(ALPHA, call("c-2", kind=CallKind.QUERY, content=CallContent()))
    world.settle(ALPHA, CallDisregarded(call=CallId("c-2")))
    both = Scope(speaks_for=(*SCOPE.speaks_for, *SCOPE.cannot_speak_for))
    world.settle(BRAVO, RoleDeclared(role=RoleId("cell"), title="x1", scope=both))
    answers(world, list(AnswerKind))
    fixed = AnswerCorrected(
        call=Named(party=ALPHA, id="c-20"),
        answer_id=AnswerId("a-2"),
        corrects=AnswerId("a-1"),
        answer=Answer(kind=AnswerKind.NOTED),
    )
    world.settle(BRAVO, fixed)
    for number, direction in enumerate(Direction):
        said = account(
            direction=direction,
            counterpart=BRAVO,
            started_at=START,
            ended_at=START + timedelta(minutes=1),
            message=FULL if number else None,
            answer=Answer(kind=AnswerKind.NOTED) if number else None,
            answered_at=START + timedelta(seconds=30) if number else None,
            timed=list(Timed)[number],
        )
        world.settle(ALPHA, VoiceLogged(log=VoiceLogId(f"v-{number}"), account=said))
    sent = BroadcastSent(
        broadcast=BroadcastId("b-1"),
        reality=Reality.EXERCISE,
        radio=Radio(frequency_hz=243_000_000),
        addressed="x1",
        text=WORD,
        sent_at=(START,),
    )
    world.settle(ALPHA, sent)
    return world


def test_rep_150_a_readout_draft_is_whole_in_turkish() -> None:
    told = readout_of(basis(filled()), incident="inc", party=None)
    assert marked(told) == []


CONTENTS: tuple[Stated, ...] = (
    Moment(earliest=START, latest=START, as_stated="x1"),
    Moment(earliest=LAST, latest=LAST, as_stated="x1", told=Exactness.ABOUT),
    ClockReading(face=START, as_stated="x1"),
    Duration(of_what="x1", at_least_s=1.0, at_most_s=None),
    Place(of_what="x1", position=Position(lat_deg=1.0, lon_deg=1.0)),
    InArea(of_what="x1", area="x2", is_so=Held.YES),
    Distance(of_what="x1", reference="x2", at_least_m=1.0, at_most_m=2.0),
    Distance(
        of_what="x1",
        reference="x3",
        at_least_m=9.0,
        at_most_m=9.0,
        measure=Measure.ALONG_PATH,
        told=Exactness.ABOUT,
    ),
    HeightWithoutDatum(of_what="x1", at_least_m=1.0, at_most_m=1.0),
    Speed(of_what="x1", at_least_mps=1_000.0, at_most_mps=None),
    Count(of_what="x1", at_least=1, at_most=2),
    *(Identity(of_what="x1", kind=kind, value="7") for kind in HintKind),
    *(
        Belongs(of_what="x1", whose="x2", is_so=so, scope=scope)
        for so in Held
        for scope in (None, Scope(), SCOPE)
    ),
    WarningsSent(addressed="x1", means="x2", at_least=12, at_most=None),
    WarningsReceived(addressed="x1", means="x2", at_least=0, at_most=0),
    *(
        Told(of_what="x1", to_whom="x2", is_so=so, passage=passage)
        for so in Held
        for passage in Passage
    ),
    *(Transponder(of_what="x1", was_on=so) for so in Held),
    *(ZoneStatus(zone="x1", word=word) for word in ZoneWord),
    Casualties(among="x1", killed_at_least=1, killed_at_most=1, injured_at_least=2),
    Judgement(text="x1", reasons=("x2",)),
    Alleged(
        rule=RuleId("r1"),
        against=BRAVO,
        definition="x1",
        since=START,
        until=LAST,
        at_least=4,
        at_most=4,
    ),
)


def stating(number: int, content: Stated, by: PartyId, kind: SourceKind) -> ClaimStated:
    return ClaimStated(
        claim=ClaimId(f"x{number}"),
        matter="m1",
        content=content,
        voice=Voice(words="x1", party=by),
        source=Source(kind=kind, words="[1]"),
        confidence=list(Confidence)[number % len(Confidence)],
        marking="TEST",
        said_at=START if number % 3 else None,
        releasable_to=(BRAVO if by == ALPHA else ALPHA,),
    )


@cache
def told_world() -> World:
    """Claims of every sort by both sides; actions, texts and readouts in every standing."""
    world = filled()
    kinds = (SourceKind.OWN_STATEMENT, SourceKind.PRESS, SourceKind.OFFICIAL_REPORT)
    for number, content in enumerate(CONTENTS):
        body = stating(number, content, ALPHA, kinds[number % 3])
        if isinstance(content, Place):
            chief = Speaker(party=ALPHA, role=CHIEF, watch="2")
            body = replace(body, second=chief)
        world.settle(ALPHA, body)
    later = CONTENTS[1]
    world.settle(BRAVO, stating(80, later, BRAVO, SourceKind.READOUT))
    no = Disputes(claim=Named(party=ALPHA, id="x0"), text="x1")
    world.settle(BRAVO, stating(81, no, BRAVO, SourceKind.OWN_STATEMENT))
    both = AgreedThat(text="x1", parties=(ALPHA, BRAVO))
    world.settle(BRAVO, stating(82, both, BRAVO, SourceKind.READOUT))
    revised = ClaimRevised(
        claim=ClaimId("x0"),
        version=2,
        content=Moment(earliest=LAST, latest=LAST, as_stated="x1"),
        source=OWN,
        confidence=Confidence.ESTIMATE,
        reason="x1",
    )
    world.settle(ALPHA, revised)
    world.settle(ALPHA, ClaimWithdrawn(claim=ClaimId("x3"), reason="x1"))
    text = replace(TEXT, sentences=("x1",))
    for number in range(2):
        world.settle(ALPHA, filed(text, BRAVO, name=f"p-{number}"))
        world.settle(ALPHA, JointTextSigned(paper=paper(f"p-{number}")))
    world.settle(BRAVO, JointTextDeclined(paper=paper("p-0"), reason="x1"))
    world.settle(BRAVO, JointTextSigned(paper=paper("p-1")))
    for number in range(5):
        proposal = replace(action(BRAVO), text="x1", due=START if number == 4 else None)
        world.settle(ALPHA, filed(proposal, BRAVO, name=f"a-{number}"))
    due = world.now + timedelta(hours=9)
    world.settle(BRAVO, ActionUndertaken(paper=paper("a-1"), due=due))
    world.settle(BRAVO, ActionUndertaken(paper=paper("a-2"), due=due))
    world.settle(BRAVO, ActionDueMoved(paper=paper("a-2"), due=LAST, reason="x1"))
    world.settle(BRAVO, ActionDeclined(paper=paper("a-3"), reason="x1"))
    world.settle(BRAVO, ActionDone(paper=paper("a-1"), evidence="x1"))
    said = Readout(
        incident="inc",
        occasion="x1",
        language="en",
        sentences=(
            FromRecord(text="x1", entries=(Named(party=ALPHA, id="c-1"),)),
            View(text="x2"),
        ),
    )
    world.settle(ALPHA, filed(said, BRAVO, name="r-1"))
    world.settle(ALPHA, roz("roz-9", BRAVO))
    of = Named(party=ALPHA, id="roz-9")
    world.settle(BRAVO, StatusStated(notice=of, status=StatedStatus.CONTESTED, scope=SCOPE))
    return world


def test_rep_150_an_agenda_is_whole_in_turkish() -> None:
    told = agenda_of(basis(told_world()), party=None)
    assert marked(told) == []
    empty = [part.heading for part in told.sheets[0].parts if not part.lines]
    assert empty == [], "each point of an agenda has a line in this test"


def test_rep_150_a_pack_is_whole_in_turkish() -> None:
    told = pack_of(basis(told_world()), incident="inc", roles=(DUTY,), party=None)
    assert marked(told) == []
