"""Wrong input and bounds: each is refused with a message that says what to do."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from line_values import (
    CALL_REF,
    CONTENT,
    DUTY,
    GREEN,
    account,
    answer,
    at,
    code_of,
    given,
    go_on,
    open_call,
    placed,
    ref,
    stamp,
    taken,
    voice_log,
    words,
)

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.ids import AlertId, CallId, Named, TrackId
from crosstell.core.line.answer import (
    ANSWERS_MAX,
    Answer,
    AnswerCorrected,
    AnswerId,
    AnswerKind,
)
from crosstell.core.line.answer import advance as advance_answers
from crosstell.core.line.call import VERSIONS_MAX, advance
from crosstell.core.line.chain import STEP_S_MAX, StepFigure
from crosstell.core.line.content import (
    About,
    AboutAlert,
    AboutNotice,
    AboutTrack,
    CallContent,
    FreeText,
    Radio,
    RequestedAct,
    Subject,
    SubjectKind,
)
from crosstell.core.line.escalation import (
    IncomingCall,
    LadderEnd,
    LadderOpened,
    Matter,
    MatterKind,
    OwnCall,
    Rung,
    matter_key,
)
from crosstell.core.line.health import ChainStep, LineKey
from crosstell.core.line.message import CallCorrected, Reality
from crosstell.core.line.view import CallSides
from crosstell.core.line.watch.broadcast import Broadcast, BroadcastId, BroadcastSent
from crosstell.core.line.watch.broadcast import advance as advance_broadcast
from crosstell.core.line.watch.episode import call_item, episodes
from crosstell.core.line.watch.queue import why_own_call_ended
from crosstell.core.line.watch.relief import Watch, WatchRelieved, WatchTaken
from crosstell.core.line.watch.relief import advance as advance_watch
from crosstell.core.line.watch.sample import voice_sample
from crosstell.core.line.watch.standing import LineRules

C1 = CallId("c-1")
SUBJECT = Subject(kind=SubjectKind.FIRES, label="guns")
NOTICE = AboutNotice(notice=ref("green", 3))


def band(low_m: float, high_m: float) -> CallContent:
    low = Altitude(value_m=low_m, datum=Datum.MSL_EGM96)
    high = Altitude(value_m=high_m, datum=Datum.MSL_EGM96)
    return CallContent(altitude_lower=low, altitude_upper=high)


def sent(text: FreeText | None = None, about: tuple[About, ...] = ()) -> BroadcastSent:
    return BroadcastSent(
        broadcast=BroadcastId("b-1"),
        reality=Reality.REAL,
        radio=Radio(frequency_hz=121_500_000),
        addressed="aircraft heading south",
        text=text or words(),
        sent_at=(at(0),),
        about=about,
    )


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: FreeText(text="  ", language="en"), "write what it is"),
        (lambda: FreeText(text="stop", language="English"), "language tag"),
        (lambda: CallContent(subjects=(SUBJECT,) * 21), "split the call"),
        (lambda: band(500, 100), "swap"),
        (lambda: Radio(frequency_hz=0), "hertz"),
        (lambda: placed(about=(NOTICE,) * 51), "references"),
        (lambda: AboutTrack(party=GREEN, track=TrackId("no id")), "not an id"),
        (lambda: AboutAlert(party=GREEN, alert=AlertId("")), "not an id"),
        (lambda: Rung(role=DUTY, after_s=-1.0), "outside"),
        (lambda: ladder(0), "rungs"),
        (lambda: StepFigure(step=ChainStep.ACT, figure_s=STEP_S_MAX + 1), "outside"),
        (lambda: StepFigure(step=ChainStep.ACT, figure_s=float("nan")), "outside"),
        (lambda: LineRules(answer_s=60, test_interval_s=30, untested_after_s=90), "rise"),
        (
            lambda: LineRules(answer_s=1, test_interval_s=2, untested_after_s=3, down_after=0),
            "down after",
        ),
        (lambda: account(ended_at=at(-1)), "before it starts"),
        (lambda: WatchRelieved(role=DUTY, from_watch="1", to_watch="1"), "itself"),
        (
            lambda: WatchRelieved(role=DUTY, from_watch="1", to_watch="2", briefed=("m",) * 201),
            "briefed",
        ),
        (lambda: corrected("a-1", corrects="a-1"), "itself"),
    ],
)
def test_line_010_011_061_090_wrong_input_is_refused_with_a_remedy(
    make: Callable[[], object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        make()


def ladder(rungs: int) -> LadderOpened:
    matter = Matter(kind=MatterKind.CALL_UNANSWERED, subject=OwnCall(call=C1))
    steps = tuple(Rung(role=DUTY, after_s=float(n)) for n in range(rungs))
    return LadderOpened(matter=matter, opened_at=at(0), rungs=steps, rings=0)


def corrected(name: str, *, corrects: str) -> AnswerCorrected:
    return AnswerCorrected(
        call=CALL_REF,
        answer_id=AnswerId(name),
        corrects=AnswerId(corrects),
        answer=Answer(kind=AnswerKind.NOTED),
    )


def test_line_030_a_band_in_two_datums_is_not_judged_reversed() -> None:
    low = Altitude(value_m=500, datum=Datum.MSL_EGM96)
    high = Altitude(value_m=100, datum=Datum.ABOVE_GROUND)
    assert CallContent(altitude_lower=low, altitude_upper=high).altitude_lower == low


def test_line_017_a_call_has_a_bounded_number_of_versions() -> None:
    call = open_call()
    acts = (RequestedAct.TURN_AWAY, RequestedAct.LEAVE)
    for number in range(1, VERSIONS_MAX):
        changed = replace(CONTENT, act=acts[number % 2 - 1])
        call = go_on(call, CallCorrected(call=C1, content=changed), seq=number)
    last = CallCorrected(call=C1, content=CallContent())
    assert code_of(advance(call, last, stamp(seq=VERSIONS_MAX))) == "bad-content"


def test_line_044_a_call_has_a_bounded_number_of_answers() -> None:
    many = (given(AnswerKind.CHECKING, f"a-{n}") for n in range(ANSWERS_MAX))
    held = answer(*many)
    more = given(AnswerKind.NOTED, "a-more")
    assert code_of(advance_answers(held, more, stamp("green", 500))) == "bad-content"


def test_line_019_004_a_broadcast_id_is_used_once_and_its_references_are_entries() -> None:
    held = advance_broadcast(None, sent(), stamp())
    assert isinstance(held, Broadcast)
    other = sent(text=words("turn north"))
    assert code_of(advance_broadcast(held, other, stamp(seq=1))) == "already-used"
    loose = sent(about=(AboutNotice(notice=Named(party=GREEN, id="n-1")),))
    assert code_of(advance_broadcast(None, loose, stamp())) == "unknown-object"


def test_line_052_alerts_join_calls_and_an_unresolved_name_keys_itself() -> None:
    about = (AboutAlert(party=GREEN, alert=AlertId("al-1")),)
    first = call_item(open_call(about=about))
    second = replace(first, ref=ref("green", 9), at=at(5))
    assert len(episodes((first, second))) == 1
    loose = AboutNotice(notice=Named(party=GREEN, id="n-1"))
    pair = (replace(first, about=(loose,)), replace(second, about=(loose,)))
    assert len(episodes(pair)) == 1


def test_line_096_a_ladder_ends_with_its_call_or_what_was_heard() -> None:
    matter = Matter(kind=MatterKind.CALL_UNANSWERED, subject=OwnCall(call=C1))
    incoming = Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=IncomingCall(call=CALL_REF))
    assert matter_key(incoming).startswith("call-not-received entry feed-blue/0/")
    heard = account(answer=Answer(kind=AnswerKind.NOTED))
    logs = (voice_log("blue", "v-1", heard),)
    sides = CallSides(call=open_call(), caller_logs=logs)
    assert why_own_call_ended(sides, matter, now=at(1)) is LadderEnd.HEARD_BY_CALLER


def test_line_080_taking_a_held_watch_again_is_a_repeat() -> None:
    take = WatchTaken(role=DUTY, watch="1")
    held = advance_watch(None, take, stamp())
    assert isinstance(held, Watch)
    assert code_of(advance_watch(held, take, stamp(seq=1))) == "repeat"


def test_line_105_a_call_that_was_taken_tells_nothing_of_our_line() -> None:
    assert voice_sample(taken(), line=LineKey(party=GREEN, role=DUTY)) is None
