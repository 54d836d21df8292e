"""Both sides of one call, driven in any order: what must hold whatever the two feeds say.

The oracle keeps its own plain notes (placed once, last expiry, who has been heard) and never asks
the machines what they believe.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sampling import examples

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.geometry.position import Position
from crosstell.core.ids import CallId, EntryRef, FeedId, PartyId, RoleId
from crosstell.core.line import acknowledgement as ack
from crosstell.core.line import answer as ans
from crosstell.core.line import call as calls
from crosstell.core.line import escalation as ladders
from crosstell.core.line.content import (
    CallContent,
    Danger,
    FreeText,
    RequestedAct,
    Telephone,
)
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallerEvent,
    CallKind,
    CallPlaced,
    Closing,
    Precedence,
    Reality,
    StopLifted,
    StopRenewed,
    SummaryProposed,
    summary_digest,
)
from crosstell.core.line.view import AnswerStanding, CallSides, answer_clock, call_view
from crosstell.core.line.watch import relief
from crosstell.core.line.watch.queue import own_call_waits
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.table import Stamp

START = datetime(2023, 10, 5, 4, 30, tzinfo=UTC)
DUTY = RoleId("duty-officer")
C1 = CallId("c-1")
TEXT = FreeText(text="seen", language="en")


def at(after_s: float) -> datetime:
    return START + timedelta(seconds=after_s)


def ref(party: str, seq: int) -> EntryRef:
    digest = sha256(f"{party}/{seq}".encode()).hexdigest()
    return EntryRef(feed=FeedId(party), seq=seq, hash=digest)


def stamp(party: str, seq: int, after_s: float) -> Stamp:
    by = Speaker(party=PartyId(party), role=DUTY, watch="1")
    return Stamp(ref=ref(party, seq), at=at(after_s), by=by)


def content(act: RequestedAct = RequestedAct.LEAVE) -> CallContent:
    place = Position(lat_deg=36.6, lon_deg=40.4)
    return CallContent(place=place, danger=Danger.ZONE_ENTERED, act=act)


def placed(kind: CallKind) -> CallPlaced:
    return CallPlaced(
        call=C1,
        kind=kind,
        precedence=Precedence.FLASH,
        reality=Reality.REAL,
        from_role=DUTY,
        to_party=PartyId("green"),
        to_role=DUTY,
        carriage=Telephone(),
        content=content(),
        language="en",
        answer_by=at(60),
        expires_at=at(600) if kind is CallKind.STOP else None,
    )


PLACED_REF = ref("blue", 0)

caller_events = st.one_of(
    st.sampled_from(
        [
            CallCorrected(call=C1, content=content(RequestedAct.TURN_AWAY)),
            CallDisregarded(call=C1),
            StopLifted(call=C1),
            SummaryProposed(call=C1, summary=TEXT, digest=summary_digest(TEXT)),
            CallClosed(call=C1, closing=Closing.ON_SUMMARY),
            CallClosed(call=C1, closing=Closing.WITHOUT_SUMMARY),
            placed(CallKind.STOP),
            placed(CallKind.WARN),
        ]
    ),
    st.integers(1, 2_000).map(lambda s: StopRenewed(call=C1, expires_at=at(s))),
)

stage_events = st.sampled_from(
    [
        ack.CallDelivered(call=PLACED_REF),
        ack.CallReceived(call=PLACED_REF),
        ack.CallReadBack(call=PLACED_REF, content=PLACED_REF, read_back=content()),
        ack.CallPassedOn(call=PLACED_REF, scope=Scope()),
        ack.CallActedOn(call=PLACED_REF, scope=Scope()),
        ack.SummaryConfirmed(call=PLACED_REF, digest=summary_digest(TEXT)),
    ]
)


@st.composite
def answer_events(draw: st.DrawFn) -> ans.AnswerEvent:
    kind = draw(st.sampled_from(sorted(ans.AnswerKind)))
    until = at(draw(st.integers(1, 900))) if kind is ans.AnswerKind.STAND_BY else None
    body = ans.Answer(kind=kind, until=until, reason=TEXT)
    names = [f"a-{n}" for n in range(6)]
    name = draw(st.sampled_from(names))
    if draw(st.booleans()):
        return ans.AnswerGiven(call=PLACED_REF, answer_id=ans.AnswerId(name), answer=body)
    corrects = draw(st.sampled_from([n for n in names if n != name]))
    return ans.AnswerCorrected(
        call=PLACED_REF,
        answer_id=ans.AnswerId(name),
        corrects=ans.AnswerId(corrects),
        answer=body,
    )


RANK = {stage: number for number, stage in enumerate(ack.Stage)}
SETTLING = {"will-comply", "noted", "unable", "will-not", "ours", "not-ours", "disputed"}


class BothSides(RuleBasedStateMachine):
    """LINE-001, LINE-002, LINE-010, LINE-012, LINE-021, LINE-047, LINE-048, LINE-096."""

    @initialize(kind=st.sampled_from([CallKind.WARN, CallKind.STOP]))
    def place(self, kind: CallKind) -> None:
        self.now_s, self.seq = 0.0, {"blue": 1, "green": 0}
        call = calls.advance(None, placed(kind), stamp("blue", 0, 0.0))
        assert isinstance(call, calls.Call)
        self.call = call
        self.held: ack.Acknowledgement | None = None
        self.answers: ans.Answers | None = None
        self.expires = {CallKind.STOP: at(600)}.get(kind)
        self.over = self.lifted = False
        self.taken_back: set[str] = set()
        self.said: dict[str, str] = {}

    def next_stamp(self, party: str) -> Stamp:
        self.seq[party] += 1
        return stamp(party, self.seq[party], self.now_s)

    @rule(after_s=st.integers(0, 400))
    def wait(self, after_s: int) -> None:
        self.now_s += after_s

    @rule(event=caller_events)
    def caller_speaks(self, event: CallerEvent) -> None:
        before = self.call
        new = calls.advance(self.call, event, self.next_stamp("blue"))
        assert self.call is before
        if not isinstance(new, calls.Call):
            return
        assert not self.over, "nothing follows the end of a call"
        self.call = new
        if isinstance(event, StopRenewed):
            assert self.expires is not None
            assert at(self.now_s) < self.expires < event.expires_at
            self.expires = event.expires_at
        if isinstance(event, StopLifted):
            assert self.expires is not None
            assert at(self.now_s) < self.expires
            self.expires, self.lifted = at(self.now_s), True
        self.over = isinstance(event, CallClosed | CallDisregarded)
        if isinstance(event, CallClosed) and self.expires is not None:
            assert at(self.now_s) >= self.expires, "a standing stop is not closed over"

    @rule(event=stage_events)
    def recipient_acknowledges(self, event: ack.AcknowledgementEvent) -> None:
        before = self.held
        new = ack.advance(before, event, self.next_stamp("green"))
        if isinstance(new, ack.Acknowledgement):
            if before is not None:
                assert RANK[new.stage] >= RANK[before.stage]
                assert new.marks[: len(before.marks)] == before.marks
            self.held = new

    @rule(event=answer_events())
    def recipient_answers(self, event: ans.AnswerEvent) -> None:
        new = ans.advance(self.answers, event, self.next_stamp("green"))
        if not isinstance(new, ans.Answers):
            return
        assert event.answer_id not in self.said
        self.said[event.answer_id] = event.answer.kind.value
        if isinstance(event, ans.AnswerCorrected):
            assert event.corrects in self.said
            self.taken_back.add(event.corrects)
        self.answers = new

    @rule()
    def a_machine_speaks_for_a_person(self) -> None:
        bare = Stamp(ref=ref("green", 999), at=at(self.now_s))
        said = ack.CallReceived(call=PLACED_REF)
        assert isinstance(ack.advance(self.held, said, bare), Refused)

    @invariant()
    def the_answer_clock_never_moves(self) -> None:
        assert self.call.placed.answer_by == at(60)

    @invariant()
    def a_stop_stands_as_the_plain_notes_say(self) -> None:
        want = self.expires is not None and at(self.now_s) < self.expires and not self.over
        assert calls.stop_stands(self.call, at=at(self.now_s)) == want

    @invariant()
    def the_clock_is_that_of_the_answers_in_force(self) -> None:
        sides = CallSides(call=self.call, acknowledgement=self.held, answers=self.answers)
        clock = answer_clock(sides, now=at(self.now_s))
        in_force = [k for n, k in self.said.items() if n not in self.taken_back]
        if self.over:
            assert clock.standing is AnswerStanding.NOT_OWED
        elif SETTLING & set(in_force):
            assert clock.standing is AnswerStanding.ANSWERED
        elif self.lifted:
            assert clock.standing is AnswerStanding.NOT_OWED
        else:
            assert clock.due_at is not None, "whoever waits has a deadline"
        waits = own_call_waits(sides, now=at(self.now_s), stop_lead_s=60)
        assert (clock.due_at is not None) == any(
            w.matter.kind is not ladders.MatterKind.STOP_EXPIRING for w in waits
        )


BothSides.TestCase.settings = settings(
    max_examples=examples(60), stateful_step_count=25, deadline=None
)
TestBothSides = BothSides.TestCase


@dataclass(frozen=True)
class Folded:
    """What a node holds after some entries of both feeds."""

    call: calls.Call | None = None
    held: ack.Acknowledgement | None = None
    answers: ans.Answers | None = None


Entry = tuple[CallerEvent | ack.AcknowledgementEvent | ans.AnswerEvent, Stamp]


def fold(entries: list[Entry]) -> Folded:
    """The machines after these entries, each advanced by its own feed alone."""
    call: calls.Call | None = None
    held: ack.Acknowledgement | None = None
    answers: ans.Answers | None = None
    for event, where in entries:
        match event:
            case ans.AnswerGiven() | ans.AnswerCorrected():
                new_answers = ans.advance(answers, event, where)
                answers = new_answers if isinstance(new_answers, ans.Answers) else answers
            case _ if where.ref.feed == "green":
                assert isinstance(event, ack.AcknowledgementEvent)
                new_held = ack.advance(held, event, where)
                held = new_held if isinstance(new_held, ack.Acknowledgement) else held
            case _:
                assert isinstance(event, CallerEvent)
                new_call = calls.advance(call, event, where)
                call = new_call if isinstance(new_call, calls.Call) else call
    return Folded(call=call, held=held, answers=answers)


times = st.integers(0, 900)


@settings(max_examples=examples(120), deadline=None)
@given(
    caller=st.lists(st.tuples(caller_events, times), max_size=8),
    recipient=st.lists(st.tuples(st.one_of(stage_events, answer_events()), times), max_size=10),
    order=st.randoms(use_true_random=False),
)
def test_line_006_any_interleaving_of_the_two_feeds_gives_the_same_view(
    caller: list[tuple[CallerEvent, int]],
    recipient: list[tuple[ack.AcknowledgementEvent | ans.AnswerEvent, int]],
    order: Random,
) -> None:
    first: Entry = (placed(CallKind.STOP), stamp("blue", 0, 0))
    blue: list[Entry] = [(e, stamp("blue", n + 1, s)) for n, (e, s) in enumerate(caller)]
    green: list[Entry] = [(e, stamp("green", n, s)) for n, (e, s) in enumerate(recipient)]
    picks = [0] * (1 + len(blue)) + [1] * len(green)
    order.shuffle(picks)
    feeds = (iter([first, *blue]), iter(green))
    mixed = fold([next(feeds[pick]) for pick in picks])
    plain = fold([first, *blue, *green])
    assert mixed == plain
    assert plain.call is not None
    for now in (at(1), at(59), at(60), at(600), at(5_000)):
        views = [
            call_view(CallSides(call=f.call, acknowledgement=f.held, answers=f.answers), now=now)
            for f in (mixed, plain)
            if f.call is not None
        ]
        assert views[0] == views[1]


# The ladder, and relief of the watch.

MATTER = ladders.Matter(kind=ladders.MatterKind.CALL_UNANSWERED, subject=ladders.OwnCall(call=C1))
WAITS_S = (0.0, 60.0, 300.0, 900.0)
OPENED = ladders.LadderOpened(
    matter=MATTER,
    opened_at=at(60),
    rungs=tuple(
        ladders.Rung(role=RoleId(f"role-{n}"), after_s=after_s) for n, after_s in enumerate(WAITS_S)
    ),
    rings=2,
)


def ladder_event(number: int) -> ladders.LadderEvent:
    """Rung `number`, by the means the ring limit asks for."""
    if number < 2:
        return ladders.RungReached(matter=MATTER, rung=number)
    return ladders.DraftPrepared(
        matter=MATTER, rung=number, brief=TEXT, from_role=RoleId(f"role-{number}")
    )


@settings(max_examples=examples(150), deadline=None)
@given(
    ticks=st.lists(st.integers(1, 400), min_size=1, max_size=20),
    taken_at=st.integers(0, 20),
    reliefs=st.sets(st.integers(0, 20), max_size=5),
)
def test_line_081_092_093_096_the_ladder_rings_on_time_whoever_is_on_watch(
    ticks: list[int], taken_at: int, reliefs: set[int]
) -> None:
    ladder = ladders.advance(None, OPENED, stamp("blue", 0, 60))
    assert isinstance(ladder, ladders.Ladder)
    watch = relief.advance(None, relief.WatchTaken(role=DUTY, watch="w0"), stamp("blue", 1, 60))
    assert isinstance(watch, relief.Watch)
    now_s, reached = 60.0, 0
    for number, tick in enumerate(ticks):
        now_s += tick
        if number in reliefs:
            relieve = relief.WatchRelieved(
                role=DUTY, from_watch=watch.watch, to_watch=f"w{number + 1}"
            )
            new_watch = relief.advance(watch, relieve, stamp("blue", 2, now_s))
            assert isinstance(new_watch, relief.Watch)
            watch = new_watch
        if number == taken_at:
            end = ladders.LadderEnded(matter=MATTER, end=ladders.LadderEnd.ACKNOWLEDGED)
            new = ladders.advance(ladder, end, stamp("blue", 3, now_s))
            assert isinstance(new, ladders.Ladder)
            ladder = new
        # The oracle: rungs whose wait has passed since 60 s, unless the matter was taken before.
        if number < taken_at:
            reached = sum(1 for wait_s in WAITS_S if 60 + wait_s <= now_s)
        while (asked := ladders.due(ladder, now=at(now_s))) is not None:
            rung = asked if isinstance(asked, int) else asked.rung
            step = ladders.advance(ladder, ladder_event(rung), stamp("blue", 4, now_s))
            assert isinstance(step, ladders.Ladder)
            assert step.reached == ladder.reached + 1
            ladder = step
        assert ladder.reached == reached
        repeat = ladders.advance(ladder, ladder_event(0), stamp("blue", 5, now_s))
        assert isinstance(repeat, Refused | Duplicate) or reached == 0
