"""A flood of one party's calls rings as one matter, and no call is silenced by it.

The oracle keeps what the ways to people keep: which matters are rung, for which role and rung. It
walks over every ladder that runs and asks of each, by the plainest rule, whether somebody is told.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, CHIEF, DUTY, START, World, call

from crosstell.core.ids import EntryRef, PartyId, RoleId
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.line.call import Call
from crosstell.core.line.escalation import IncomingCall, Ladder, matter_key
from crosstell.core.line.message import (
    CallClosed,
    CallKind,
    CallPlaced,
    Closing,
    Precedence,
    Reality,
)
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring, StopRinging
from crosstell.core.mechanism.inputs import Recorded, Tick
from crosstell.core.mechanism.outgoing import Step as Stepped
from crosstell.core.mechanism.react import again
from crosstell.core.mechanism.release import Home
from crosstell.core.mechanism.step import step
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, initial

SETTING = World(names=(ALPHA, BRAVO, CHARLIE)).state(ALPHA).setting
UNSUMMED = Closing.WITHOUT_SUMMARY
ALONE = 10  # as the requirement says it
TOGETHER = "call-not-received together: "
Step = tuple[str, str]  # what is asked, and of whom


class Bells:
    """What stands rung, as a channel that loses nothing knows it."""

    def __init__(self) -> None:
        self.open: dict[str, set[Step]] = {}
        self.first: list[str] = []  # matters, by when they were first rung

    def take(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, StopRinging):
                self.open.pop(effect.matter, None)
            elif isinstance(effect, Ring | DraftReady):
                if effect.matter not in self.open:
                    self.first.append(effect.matter)
                asked = ("ring" if isinstance(effect, Ring) else "draft", str(effect.role))
                self.open.setdefault(effect.matter, set()).add(asked)


def step_of(ladder: Ladder) -> Step:
    """What the last rung that was reached asks for."""
    rung = ladder.reached - 1
    word = "ring" if rung < ladder.opened.rings else "draft"
    return word, str(ladder.opened.rungs[rung].role)


def placed_by(state: State, ladder: Ladder) -> Call:
    subject = ladder.opened.matter.subject
    assert isinstance(subject, IncomingCall)
    every = (one for feed in state.others() for one in feed.calls.values())
    return next(one for one in every if one.placed_stamp.ref == subject.call)


def group_of(state: State, one: Call) -> str | None:
    """The name that the requirement gives its group; None: it rings by itself."""
    placed = one.placed
    if placed.kind in (CallKind.STOP, CallKind.WARN):
        return None
    if placed.precedence in (Precedence.FLASH, Precedence.IMMEDIATE):
        return None
    party = state.setting.party_of(one.placed_stamp.ref.feed)
    return f"{placed.reality} {placed.precedence} calls of {party}"


def judge(state: State, bells: Bells) -> int:
    """Every ladder that runs is told of; how many groups are told as one."""
    groups: dict[str | None, list[Ladder]] = defaultdict(list)
    for ladder in state.journal.ladders.values():
        if ladder.reached > 0:
            groups[group_of(state, placed_by(state, ladder))].append(ladder)
    many = {name for name, held in groups.items() if name is not None and len(held) > ALONE}
    told = {one for one in bells.open if one.startswith(TOGETHER)}
    assert {one.removeprefix(TOGETHER).rsplit(", ", 1)[0] for one in told} == many
    assert len(told) == len(many), "each is told as one matter"
    for name, held in groups.items():
        alone = [one for one in held if matter_key(one.opened.matter) in bells.open]
        for ladder in held:
            own = bells.open.get(matter_key(ladder.opened.matter), set())
            with_others = next((bells.open[one] for one in told if name and name in one), set())
            assert step_of(ladder) in own | with_others, ladder.opened.matter
            assert name in many or step_of(ladder) in own, "few of a kind ring each by itself"
        if name in many:
            assert len(alone) <= ALONE
    running = {matter_key(one) for one in state.journal.ladders}
    assert set(bells.open) - told <= running, "what ended is rung no more"
    return len(many)


def a_call(chance: Random, name: str, now: datetime) -> CallPlaced:
    """Mostly of one kind; now and then one that must ring by itself, or of another group."""
    kind = chance.choice((*(CallKind.INFORM,) * 12, CallKind.QUERY, CallKind.WARN, CallKind.STOP))
    return call(
        name,
        ALPHA,
        kind=kind,
        precedence=chance.choice((*(Precedence.ROUTINE,) * 9, *Precedence)),
        reality=chance.choice((*(Reality.EXERCISE,) * 9, Reality.REAL)),
        answer_by=START + timedelta(hours=99),
        expires_at=now.replace(year=2024) if kind is CallKind.STOP else None,
    )


class Flood:
    """Two parties that place calls, a desk that receives some of them, callers that end some.

    The mechanism alone, with every event recorded as soon as it is asked for.
    """

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"{seed}:together")
        self.state, self.now, self.placed = initial(SETTING), START, 0
        self.bells, self.effects = Bells(), list[Effect]()

    def record(self, party: PartyId | None, *bodies: Event, is_person: bool = True) -> None:
        """In the feed of that party, or our journal; with all that follows."""
        log = self.state.journal if party is None else self.state.feeds[party]
        by = Speaker(party=party or ALPHA, role=DUTY, watch="1") if is_person else None
        held = tuple(
            Held(
                ref=EntryRef(feed=log.feed, seq=seq, hash=f"{seq:064x}"),
                kind="any",
                at=self.now,
                audience=(),
                by=by,
                body=body,
            )
            for seq, body in enumerate(bodies, start=log.size)
        )
        self.follow(step(self.state, Recorded(entries=held), self.now))

    def follow(self, after: Stepped) -> None:
        self.state = after.state
        self.bells.take(list(after.effects))
        self.effects += after.effects
        home = [one.body for one in after.events if isinstance(one.to, Home)]
        shared = [one.body for one in after.events if not isinstance(one.to, Home)]
        if home:
            self.record(None, *home, is_person=False)
        if shared:
            self.record(ALPHA, *shared, is_person=False)

    def tick(self, after_s: float) -> None:
        self.now += timedelta(seconds=after_s)
        self.follow(step(self.state, Tick(), self.now))

    def waiting(self) -> list[tuple[PartyId, Call]]:
        own = self.state.own.acknowledgements
        return [
            (feed.party, one)
            for feed in self.state.others()
            for one in feed.calls.values()
            if one.ended is None and len(own[one.placed_stamp.ref].marks) == 1
        ]

    def move(self) -> None:
        chance = self.chance
        what = chance.choice((*("place", "many", "receive", "close", "pass") * 2, "most"))
        self.now += timedelta(seconds=1)
        if what in ("place", "many"):
            count = 1 if what == "place" else chance.randrange(5, 30)
            names = [f"c-{self.placed + one}" for one in range(count)]
            self.placed += count
            party = chance.choice((BRAVO, BRAVO, BRAVO, CHARLIE))
            self.record(party, *(a_call(chance, name, self.now) for name in names))
        elif what == "pass":
            self.tick(chance.choice((30.0, 61.0, 200.0)))
        else:
            held = self.waiting()
            count = len(held) * 4 // 5 if what == "most" else min(len(held), chance.randrange(4))
            for party, one in chance.sample(held, k=count):
                if what == "close":
                    self.record(party, CallClosed(call=one.placed.call, closing=UNSUMMED))
                else:
                    self.record(ALPHA, CallReceived(call=one.placed_stamp.ref))


@pytest.mark.parametrize("seed", range(3))
def test_nod_547_no_call_is_silenced_by_those_that_wait_with_it(seed: int) -> None:
    """NOD-547 to NOD-550: whatever comes, is taken and ends, and whenever it is asked again."""
    flood, together = Flood(seed), 0
    for _ in range(80):
        flood.move()
        together += judge(flood.state, flood.bells) > 0
        anew = Bells()
        anew.take(list(again(flood.state)))
        judge(flood.state, anew)
        assert told_as_one(anew) == told_as_one(flood.bells)
    assert together > 15, "the flood was one"


def told_as_one(bells: Bells) -> dict[str, set[Step]]:
    return {one: asked for one, asked in bells.open.items() if one.startswith(TOGETHER)}


def flood_of(count: int, **more: Any) -> Flood:  # noqa: ANN401
    """So many calls of bravo, one after the other; `more` is said of each."""
    flood = Flood(0)
    for one in range(count):
        flood.now += timedelta(seconds=1)
        flood.record(BRAVO, ordinary(f"c-{one}", **more))
    return flood


def ordinary(name: str, **more: Any) -> CallPlaced:  # noqa: ANN401
    said = {"kind": CallKind.INFORM, "precedence": Precedence.ROUTINE} | more
    return call(name, ALPHA, answer_by=START + timedelta(hours=9), **said)


def rings(flood: Flood, role: RoleId = DUTY) -> list[str]:
    return [e.matter for e in flood.effects if isinstance(e, Ring) and e.role == role]


def test_nod_549_a_flood_rings_ten_times_and_then_as_their_number_doubles() -> None:
    """Not once for each, and every call of it has its own ladder, recorded and shown."""
    flood = flood_of(200)
    told = [one for one in rings(flood) if one.startswith(TOGETHER)]
    assert [one.rsplit(" ", 1)[1] for one in told] == ["10", "20", "40", "80", "160"]
    assert len(rings(flood)) == ALONE + 5
    said = [e.text for e in flood.effects if isinstance(e, Ring) and e.matter == told[-1]]
    assert "161 exercise routine calls of bravo wait" in said[0]
    assert len(flood.state.journal.ladders) == 200
    assert all(one.reached >= 1 for one in flood.state.journal.ladders.values())
    flood.tick(60.0)
    flood.tick(200.0)
    assert {one.reached for one in flood.state.journal.ladders.values()} == {3}
    chief = [one for one in rings(flood, CHIEF) if one.startswith(TOGETHER)]
    assert set(chief) == {told[-1]} | set(chief)
    assert len(chief) <= 5


@pytest.mark.parametrize(
    "alone",
    [
        {"kind": CallKind.WARN},
        {"kind": CallKind.STOP, "expires_at": START + timedelta(hours=8)},
        {"precedence": Precedence.FLASH},
        {"precedence": Precedence.IMMEDIATE},
        {"precedence": Precedence.PRIORITY},
        {"reality": Reality.REAL},
    ],
)
def test_nod_548_what_is_more_urgent_rings_by_itself_amid_the_flood(alone: dict[str, Any]) -> None:
    flood = flood_of(200)
    before = len(rings(flood))
    flood.record(BRAVO, ordinary("urgent", **alone))
    new = rings(flood)[before:]
    assert len(new) == 1
    assert not new[0].startswith(TOGETHER)
    flood.record(CHARLIE, ordinary("other"))
    assert len(rings(flood)) == before + 2, "another party's call is none of theirs"


@pytest.mark.parametrize("of", [{"kind": CallKind.WARN}, {"precedence": Precedence.FLASH}])
def test_nod_548_of_many_urgent_calls_each_rings(of: dict[str, Any]) -> None:
    flood = flood_of(50, **of)
    assert len(set(rings(flood))) == 50


def test_nod_550_when_few_are_left_each_rings_by_itself() -> None:
    """The person takes the first hundred and ninety; of the last ten nobody was rung alone."""
    flood = flood_of(200)
    for _, one in flood.waiting()[:189]:
        flood.record(ALPHA, CallReceived(call=one.placed_stamp.ref))
    before = len(rings(flood))
    assert len(told_as_one(flood.bells)) == 1
    flood.record(ALPHA, CallReceived(call=flood.waiting()[0][1].placed_stamp.ref))
    assert told_as_one(flood.bells) == {}
    assert len(set(rings(flood)[before:])) == ALONE
    judge(flood.state, flood.bells)


def test_nod_549_who_was_rung_about_the_first_is_rung_anew_as_their_number_doubles() -> None:
    """The chief was told of two among others, which are of the first ten by now."""
    flood = flood_of(12)
    flood.tick(61.0)
    flood.record(BRAVO, *(ordinary(f"new-{one}") for one in range(5)))
    for _, one in flood.waiting()[:2]:
        flood.record(ALPHA, CallReceived(call=one.placed_stamp.ref))
    flood.record(BRAVO, *(ordinary(f"newer-{one}") for one in range(6)))
    judge(flood.state, flood.bells)
    assert told_as_one(flood.bells) == {
        f"{TOGETHER}exercise routine calls of bravo, more than 20": {
            ("ring", "duty-officer"),
            ("ring", "watch-chief"),
        }
    }


def test_nod_552_a_ring_about_a_stop_says_so() -> None:
    """In either direction; no other ring does."""
    flood = flood_of(3)
    until = START + timedelta(hours=8)
    flood.record(BRAVO, ordinary("stop", kind=CallKind.STOP, expires_at=until))
    of_a_stop = {e.matter for e in flood.effects if isinstance(e, Ring) and e.is_stop}
    assert len(of_a_stop) == 1
    assert of_a_stop == {rings(flood)[-1]}
    ours = call("ours", BRAVO, kind=CallKind.STOP, answer_by=flood.now, expires_at=until)
    flood.record(ALPHA, ours)
    assert flood.effects[-1] in again(flood.state)
    assert {"call-unanswered call ours", *of_a_stop} == {
        e.matter for e in again(flood.state) if isinstance(e, Ring) and e.is_stop
    }
