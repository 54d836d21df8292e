"""Which calls to us wait for a person, kept from step to step, equals a walk over all. NOD-563."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, DUTY, START, World, call

from crosstell.core.ids import CallId, EntryRef, PartyId
from crosstell.core.line.acknowledgement import CallDelivered, CallReceived
from crosstell.core.line.ended import has_ended
from crosstell.core.line.escalation import (
    IncomingCall,
    LadderEnd,
    LadderEnded,
    LadderOpened,
    Matter,
    MatterKind,
    Rung,
)
from crosstell.core.line.message import CallClosed, Closing
from crosstell.core.line.watch.queue import incoming_call_wait
from crosstell.core.mechanism.line import incoming
from crosstell.core.mechanism.line.incoming import HeldCalls
from crosstell.core.mechanism.line.sides import acknowledgement_of
from crosstell.core.mechanism.react import delivered
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, fold, initial

UNSUMMED = Closing.WITHOUT_SUMMARY
SETTING = World(names=(ALPHA, BRAVO, CHARLIE)).state(ALPHA).setting
WHAT = ("place", "elsewhere", "close", *("hold", "receive", "open", "end") * 2, "back")


@dataclass
class Played:
    """A state, and those before it."""

    states: list[State] = field(default_factory=lambda: [initial(SETTING)])

    @property
    def state(self) -> State:
        return self.states[-1]

    def fold(self, party: PartyId | None, *bodies: Event) -> None:
        log = self.state.journal if party is None else self.state.feeds[party]
        by = None if party is None else Speaker(party=party, role=DUTY, watch="1")
        held = [
            Held(
                ref=EntryRef(feed=log.feed, seq=seq, hash=f"{seq:064x}"),
                kind="any",
                at=START + timedelta(seconds=seq),
                audience=(),
                by=by,
                body=body,
            )
            for seq, body in enumerate(bodies, start=log.size)
        ]
        self.states.append(fold(self.state, *held))

    def move(self, what: str, party: PartyId, chance: Random) -> None:
        calls = self.state.feeds[party].calls
        if what == "back":  # as when what could not be stored is thrown away
            self.states.append(chance.choice(self.states[-4:]))
        elif what in ("place", "elsewhere"):
            to = ALPHA if what == "place" else ({BRAVO, CHARLIE} - {party}).pop()
            until = START + timedelta(hours=1)
            self.fold(party, call(f"c-{chance.randrange(99)}", to, answer_by=until))
        elif calls:
            one = calls[chance.choice(list(calls)[-4:])]
            ref = one.placed_stamp.ref
            matter = Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=IncomingCall(call=ref))
            rungs = (Rung(role=DUTY, after_s=0.0),)
            opened = LadderOpened(matter=matter, opened_at=START, rungs=rungs, rings=1)
            done: dict[str, tuple[PartyId | None, Event]] = {
                "close": (party, CallClosed(call=one.placed.call, closing=UNSUMMED)),
                "hold": (ALPHA, CallDelivered(call=ref)),
                "receive": (ALPHA, CallReceived(call=ref)),
                "open": (None, opened),
                "end": (None, LadderEnded(matter=matter, end=LadderEnd.RECEIVED)),
            }
            self.fold(*done[what])


def walked(state: State) -> tuple[set[Matter], set[Matter]]:
    """What waits and never had a ladder, and what has one and waits no longer."""
    waiting = set()
    for feed in state.others():
        for one in feed.calls.values():
            held = acknowledgement_of(state, one)
            if one.placed.to_party == ALPHA and held is not None:
                ref, since = one.placed_stamp.ref, held.marks[0][0].at
                wait = incoming_call_wait(one, held, ref=ref, held_since=since)
                waiting |= set() if wait is None else {wait.matter}
    running = state.journal.ladders.keys()
    never = {one for one in waiting - running if not has_ended(state.journal.ended, one)}
    return never, running - waiting


def untold(state: State) -> set[EntryRef]:
    """The calls to us of which our node has not said that they are delivered."""
    calls = (one for feed in state.others() for one in feed.calls.values())
    ours = {one.placed_stamp.ref for one in calls if one.placed.to_party == ALPHA}
    return ours - state.own.acknowledgements.keys()


@pytest.mark.parametrize("seed", range(4))
def test_nod_563_what_is_kept_of_calls_that_wait_equals_a_walk_over_all(seed: int) -> None:
    """Now and then several steps pass before it is asked again."""
    chance = Random(f"{seed}:calls")
    played, kept = Played(), HeldCalls()
    seen: set[tuple[bool, bool]] = set()
    for _ in range(300):
        played.move(chance.choice(WHAT), chance.choice((BRAVO, CHARLIE)), chance)
        if chance.random() < 0.7:
            kept.follow(played.state)
            found = {one.matter for one in kept.unopened.values()}, set(kept.gone.values())
            assert found == walked(played.state)
            assert set(kept.untold) == untold(played.state)
            seen.add((bool(found[0]), bool(found[1])))
    assert any(opens for opens, _ in seen)
    assert any(ends for _, ends in seen)


def test_nod_563_a_step_judges_those_calls_alone_about_which_something_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = 0
    whole = incoming_call_wait

    def counted(*given: object, **more: object) -> object:
        nonlocal judged
        judged += 1
        return whole(*given, **more)  # type: ignore[arg-type]

    played, kept = Played(), HeldCalls()
    until = START + timedelta(hours=1)
    played.fold(BRAVO, *(call(f"c-{one}", ALPHA, answer_by=until) for one in range(200)))
    refs = [one.placed_stamp.ref for one in played.state.feeds[BRAVO].calls.values()]
    played.fold(ALPHA, *(CallDelivered(call=ref) for ref in refs))
    matters = [
        Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=IncomingCall(call=ref)) for ref in refs
    ]
    rungs = (Rung(role=DUTY, after_s=0.0),)
    opened = LadderOpened(matter=matters[0], opened_at=START, rungs=rungs, rings=1)
    played.fold(None, *(replace(opened, matter=one) for one in matters))
    kept.follow(played.state)
    assert (kept.unopened, kept.gone) == ({}, {})
    monkeypatch.setattr(incoming, "incoming_call_wait", counted)
    kept.follow(played.state)
    assert judged == 0, "nothing changed"
    played.fold(BRAVO, call("c-new", ALPHA, answer_by=until))
    new = played.state.feeds[BRAVO].calls[CallId("c-new")].placed_stamp.ref
    played.fold(ALPHA, CallDelivered(call=new))
    kept.follow(played.state)
    assert (judged, list(kept.unopened)) == (1, [new])
    played.fold(ALPHA, CallReceived(call=refs[7]))
    kept.follow(played.state)
    assert (judged, list(kept.gone)) == (2, [refs[7]])
    played.fold(None, LadderEnded(matter=matters[7], end=LadderEnd.RECEIVED))
    kept.follow(played.state)
    assert (judged, kept.gone) == (3, {})


def test_nod_564_what_is_yet_to_be_told_as_delivered_comes_by_party_and_as_it_was_placed() -> None:
    """Whatever came first, and one that could not be signed for earlier too."""
    played = Played()
    until = START + timedelta(hours=1)
    for party, names in ((CHARLIE, "abc"), (BRAVO, "de")):
        for one in names:
            played.fold(party, call(f"c-{one}", ALPHA, answer_by=until))
            assert delivered(played.state)
    refs = [one.call for one in delivered(played.state)]
    told = [isinstance(ref, EntryRef) and played.state.call_at(ref) for ref in refs]
    assert [one and one.placed.call[-1] for one in told] == list("deabc")
    played.fold(ALPHA, *(CallDelivered(call=one) for one in refs[1:]))
    assert [one.call for one in delivered(played.state)] == refs[:1]
