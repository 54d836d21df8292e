"""Ladders that ended: forgotten as far as they may be, and none rings or opens a second time.

The oracle keeps every ladder for ever, as the journal's own words tell them, and asks by the
plainest rule what a step owes: what waits and never had a ladder is opened, what runs and waits no
more ends.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, CHIEF, START, World, answered, call, named, post, received
from sampling import examples

from crosstell.codecs import entry_body
from crosstell.core.detection.alert import AlertAcknowledged, Attention
from crosstell.core.errors import Duplicate
from crosstell.core.ids import AlertId, CallId, PartyId
from crosstell.core.line.answer import AnswerGiven, AnswerId, AnswerKind
from crosstell.core.line.ended import LATELY_MAX, has_ended
from crosstell.core.line.escalation import (
    LadderEnd,
    LadderEnded,
    LadderOpened,
    Matter,
    MatterKind,
    OwnCall,
    RaisedAlert,
    matter_key,
)
from crosstell.core.line.message import CallClosed, CallKind, Closing
from crosstell.core.line.watch.queue import Wait, incoming_call_wait
from crosstell.core.mechanism.effects import Ring
from crosstell.core.mechanism.inputs import Tick
from crosstell.core.mechanism.line import waiting as line_waiting
from crosstell.core.mechanism.line.sides import acknowledgement_of
from crosstell.core.mechanism.line.waiting import ladder_events, next_waiting_at
from crosstell.core.mechanism.screen.ladders import ladders_of
from crosstell.core.state.events import Event
from crosstell.core.state.state import IRREGULAR_MAX, FeedState, JournalState, State
from crosstell.shell import snapshot

MOVES = ("near", "far", "see", "take", "ask", "stop", "receive", "stand-by", "answer", "close")
AGAIN = ("restart", "snapshot", "pass")
MOVE = st.tuples(st.sampled_from((*MOVES, *AGAIN)), st.sampled_from((1.0, 40.0, 200.0, 700.0)))
UNSUMMED = Closing.WITHOUT_SUMMARY
KINDS = ("ladder_opened", "ladder_ended")


def waits(state: State, now: datetime) -> tuple[Wait, ...]:
    """Everything that waits: a walk over every call to us, whatever the node keeps of them."""
    found = list(line_waiting.waits(state, state.journal.ladders, now))
    for feed in state.others():
        for one in feed.calls.values():
            held = acknowledgement_of(state, one)
            if one.placed.to_party == state.setting.party and held is not None:
                ref, since = one.placed_stamp.ref, held.marks[0][0].at
                found += filter(None, (incoming_call_wait(one, held, ref=ref, held_since=since),))
    return tuple(found)


class Book:
    """Every ladder that alpha's journal ever told of."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.opened: dict[Matter, int] = {}
        self.ended: set[Matter] = set()
        self._read = 0

    def read(self) -> None:
        """What was recorded since, each word of it possible."""
        party = self.world.parties[ALPHA]
        for row in party.store.entries(party.setting.journal, self._read):
            self._read += 1
            kind = next((one for one in KINDS if f'"type":"{one}"'.encode() in row.leaf), None)
            if kind is None or row.body is None:
                continue
            body = entry_body.decode(kind, row.body).body
            if isinstance(body, LadderOpened):
                assert body.matter not in self.opened, "opened twice"
                self.opened[body.matter] = len(self.opened)
            elif isinstance(body, LadderEnded):
                assert body.matter in self.opened
                assert body.matter not in self.ended, "ended twice"
                self.ended.add(body.matter)

    def owed(self, state: State, now: datetime) -> tuple[set[Matter], set[Matter]]:
        """Which matters a step would open, and which it would end."""
        waiting = waits(state, now)
        opens = {one.matter for one in waits(state, now) if one.opens_at <= now}
        running = self.opened.keys() - self.ended
        return opens - self.opened.keys(), running - {one.matter for one in waiting}


def agrees(book: Book) -> None:
    """The node's next step, now and later, is what the book says; what runs is what it says."""
    book.read()
    state = book.world.state(ALPHA)
    assert state.journal.ladders.keys() == book.opened.keys() - book.ended
    assert len(state.journal.ended_lately) == min(LATELY_MAX, len(book.ended))
    for ahead_s in (0.0, 61.0, 400.0, 4_000.0):
        now = book.world.now + timedelta(seconds=ahead_s)
        found = ladder_events(state, now)
        opens = {one.matter for one in found if isinstance(one, LadderOpened)}
        ends = {one.matter for one in found if isinstance(one, LadderEnded)}
        assert (opens, ends) == book.owed(state, now)
    assert has_due(state, book) == (next_waiting_at(state, book.world.now) is not None)


def has_due(state: State, book: Book) -> bool:
    """Whether anything is still to come: an opening ahead, a rung, a stop's end."""
    now = book.world.now
    ahead = any(one.matter not in book.opened for one in waits(state, now))
    rungs = any(one.next_due_at is not None for one in state.journal.ladders.values())
    stops = any(
        one.expires_at is not None and one.ended is None and one.expires_at > now
        for one in state.own.calls.values()
    )
    return ahead or rungs or stops


def acts(world: World, move: str, number: int) -> None:
    """Something that happens at alpha, or that bravo does to alpha."""
    if move in ("near", "far"):
        flies(world, 9_000.0 if move == "near" else 90_000.0, f"t{number % 2}{move}")
    elif move == "see":
        sees(world)
    elif move == "take":
        for matter in sorted(world.state(ALPHA).journal.ladders, key=matter_key):
            world.act(ALPHA, LadderEnded(matter=matter, end=LadderEnd.ACKNOWLEDGED), role=CHIEF)
    else:
        for party, body in said(world, move, number):
            world.act(party, body)


def flies(world: World, far_m: float, track: str) -> None:
    """Enough is seen of an object at that distance for an alert, were it near."""
    for turn in range(4):
        world.wait(2.0)
        world.sees(ALPHA, far_m - 120.0 * turn, track=track)


def sees(world: World) -> None:
    """A person acknowledges what rings."""
    for alert in world.alerts(ALPHA):
        if alert.attention is Attention.RINGING and alert.shown is not None:
            shown = alert.shown
            world.act(ALPHA, AlertAcknowledged(alert=shown.alert, level=shown.level))


def said(world: World, move: str, number: int) -> tuple[tuple[PartyId, Event], ...]:
    """What is said on the line, and by whom."""
    mine, theirs, stop = f"m-{number // 4}", f"t-{number // 4}", f"s-{number}"
    soon, later = (world.now + timedelta(seconds=after_s) for after_s in (60, 300))
    of_mine = AnswerGiven(
        call=named(mine), answer_id=AnswerId(f"a-{number}"), answer=answered().answer
    )
    waits_on = replace(of_mine, answer=answered(AnswerKind.STAND_BY, until=soon).answer)
    closed = CallClosed(call=CallId(mine), closing=UNSUMMED)
    bodies: dict[str, tuple[tuple[PartyId, Event], ...]] = {
        "ask": ((ALPHA, call(mine)), (BRAVO, call(theirs, ALPHA))),
        "stop": ((ALPHA, call(stop, kind=CallKind.STOP, expires_at=later)),),
        "receive": ((ALPHA, received(theirs, BRAVO)),),
        "stand-by": ((BRAVO, waits_on),),
        "answer": ((BRAVO, of_mine),),
        "close": ((BRAVO, replace(closed, call=CallId(theirs))), (ALPHA, closed)),
    }
    return bodies[move]


def start_again(world: World, *, by_snapshot: bool) -> None:
    """Alpha's node starts anew; what it knows is the same, and what stands is what it knew."""
    party = world.parties[ALPHA]
    before = world.state(ALPHA)
    if by_snapshot:
        assert party.node.keep_snapshot()
    party.start()
    assert world.state(ALPHA) == before
    again = [one for one in party.node.resume() if isinstance(one, Ring)]
    assert {one.matter for one in again} <= {matter_key(one) for one in before.journal.ladders}
    world.give(ALPHA, Tick())


@settings(max_examples=examples(60))
@given(st.lists(MOVE, min_size=4, max_size=24))
@example(moves=[("near", 1.0), ("take", 700.0), ("pass", 700.0), ("near", 1.0), ("see", 1.0)] * 4)
@example(moves=[("ask", 200.0), ("take", 1.0), ("snapshot", 700.0), ("stand-by", 200.0)] * 3)
def test_line_096_370_nothing_rings_that_did_not_and_nothing_opens_twice(
    moves: list[tuple[str, float]],
) -> None:
    world = World(seed="ended")
    world.settle(ALPHA, post(ALPHA))
    book = Book(world)
    for number, (move, after_s) in zip(count(), moves):
        if move in ("restart", "snapshot"):
            start_again(world, by_snapshot=move == "snapshot")
        elif move != "pass":
            acts(world, move, number)
        world.deliver()
        agrees(book)
        world.pass_time(after_s)
        agrees(book)
    rings = [(one.matter, one.rung) for one in world.effects(ALPHA) if isinstance(one, Ring)]
    assert len(rings) == len(set(rings)), "a rung rang twice"
    world.no_irregular()


def returned(times: int) -> World:
    """One alert that is taken up, stands down and returns so many times."""
    world = World(seed="returns")
    world.settle(ALPHA, post(ALPHA))
    for number in range(times):
        acts(world, "near", 0)
        acts(world, "see", number)
        world.pass_time(1_000.0)
    return world


def test_line_371_what_is_kept_does_not_grow_with_an_alerts_returns() -> None:
    few, many = returned(3), returned(17)
    kept = [len(world.state(ALPHA).journal.ended) for world in (few, many)]
    book = Book(many)
    book.read()
    assert len(book.ended) > 15
    assert kept == [1, 1]


def lengths(world: World) -> dict[str, int]:
    """How much each map and tuple of what alpha knows holds."""
    state = world.state(ALPHA)
    logs: list[JournalState | FeedState] = [state.journal, *state.feeds.values()]
    return {
        f"{number}.{one.name}": len(found)
        for number, log in enumerate(logs)
        for one in fields(log)
        if isinstance(found := getattr(log, one.name), Mapping | tuple)
    }


def test_nod_370_what_returns_leaves_nothing_more_in_any_map() -> None:
    """But for what is kept up to a number: the ladders that ended last, entries not for us."""
    few, many = (lengths(returned(times)) for times in (3, 17))
    assert few.pop("0.ended_lately") < many.pop("0.ended_lately") <= LATELY_MAX
    assert few.pop("2.unread") < many.pop("2.unread") <= IRREGULAR_MAX  # bravo's hourly roots
    assert few == many
    assert many["0.alerts"] == many["0.tracks"] == many["0.ended"] == 1


def test_line_371_those_that_ended_last_are_kept_in_full() -> None:
    """One call after another that is closed unanswered; the 20 last, in the order of their ends."""
    world = World(seed="lately")
    for number in range(LATELY_MAX + 4):
        world.settle(ALPHA, call(f"c-{number}"))
        world.pass_time(100.0)
        world.settle(ALPHA, CallClosed(call=CallId(f"c-{number}"), closing=UNSUMMED))
    journal = world.state(ALPHA).journal
    names = [one.subject for one in journal.ended_lately]
    assert names == [OwnCall(call=CallId(f"c-{number}")) for number in range(4, LATELY_MAX + 4)]
    assert [one.key for one in ladders_of(world.state(ALPHA))] == [
        matter_key(one) for one in journal.ended_lately
    ]
    assert journal.ended.keys() == set(journal.ended.values())
    assert len(journal.ended) == LATELY_MAX + 4
    start_again(world, by_snapshot=True)
    taken = LadderEnded(matter=next(iter(journal.ended)), end=LadderEnd.ACKNOWLEDGED)
    assert isinstance(world.act(ALPHA, taken).no, Duplicate), "over for long, and still known"


def alert_matter(mark_s: int) -> Matter:
    mark = START + timedelta(seconds=mark_s)
    subject = RaisedAlert(alert=AlertId("al-1"))
    return Matter(kind=MatterKind.ALERT_UNACKNOWLEDGED, subject=subject, mark=mark)


@pytest.mark.parametrize(("mark_s", "ended"), [(0, False), (1, True), (2, False)])
def test_line_370_of_an_alert_the_last_matter_that_ended_is_known(
    mark_s: int, *, ended: bool
) -> None:
    """An earlier mark, which only a clock that was set back brings, is open: it rings."""
    last = alert_matter(1)
    place = Matter(kind=last.kind, subject=last.subject)
    assert has_ended({place: last}, alert_matter(mark_s)) is ended


def test_line_370_the_old_snapshot_is_read_no_more() -> None:
    """Its form is another: an old one is dropped and the record read anew."""
    assert snapshot.VERSION == 5
    assert snapshot.TAG == b"crosstell/snapshot/v5\x00"
