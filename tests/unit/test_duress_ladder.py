"""A duress word rings as any matter does, and nobody beyond our own side can tell that it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_values import account
from node_pair import ALPHA, BRAVO, CHIEF, DIRECTOR, DUTY, START, World, ladders
from people_values import QUIET_S, HeldClock, ObedientChannel, people
from screen_scenes import item, shown

from crosstell.core.ids import RoleId
from crosstell.core.line.escalation import (
    DraftPrepared,
    Ladder,
    LadderEnd,
    LadderEnded,
    LadderState,
    Rung,
    RungReached,
)
from crosstell.core.line.watch.duress import DuressHeard
from crosstell.core.line.watch.voice import VoiceLogged, VoiceLogId
from crosstell.core.mechanism.effects import DraftReady, Ring, StopRinging
from crosstell.core.mechanism.inputs import Tick
from crosstell.core.mechanism.line.secretly import duress_rungs
from crosstell.core.mechanism.screen.queue import ItemKind, Part
from crosstell.core.state.state import State
from crosstell.shell.people.handing import Kind
from crosstell.shell.people.proof import Step
from crosstell.shell.people.to_people import AGAIN_S, ToPeople

LOG = VoiceLogId("v-1")
KEY = "duress-heard log v-1"


def spoken(world: World, *, role: RoleId = DUTY) -> None:
    told = account(counterpart=BRAVO, started_at=START, ended_at=START)
    world.settle(ALPHA, VoiceLogged(log=LOG, account=told), role=role)


def heard(world: World, *, role: RoleId = DUTY) -> None:
    world.settle(ALPHA, DuressHeard(log=LOG, heard_at=world.now), role=role)


def ladder_of(state: State) -> Ladder:
    (ladder,) = {**state.journal.ended_lately, **state.journal.ladders}.values()
    return ladder


def climbed(world: World) -> list[tuple[float, str, str]]:
    """Seconds since it was noted, what, and whom."""
    ladder = ladder_of(world.state(ALPHA))
    found = []
    for stamp, event in ladder.steps:
        if isinstance(event, RungReached | DraftPrepared):
            after_s = (stamp.at - ladder.opened.opened_at).total_seconds()
            what = "ring" if isinstance(event, RungReached) else "draft"
            found.append((after_s, what, str(ladder.opened.rungs[event.rung].role)))
    return found


def test_line_262_263_it_climbs_from_the_ring_limit_past_the_desk_that_noted_it() -> None:
    """The chief at once, the director two minutes later as the protocol has it; then taken."""
    world = World()
    spoken(world)
    heard(world)
    world.pass_time(900.0)
    assert climbed(world) == [(0.0, "ring", "watch-chief"), (120.0, "draft", "director")]
    assert [one[1:] for one in world.rings(ALPHA)] == [(CHIEF, 0)]
    (draft,) = [one for one in world.effects(ALPHA) if isinstance(one, DraftReady)]
    assert "Say nothing on the line." in draft.text
    (matter,) = world.state(ALPHA).journal.ladders
    world.settle(ALPHA, LadderEnded(matter=matter, end=LadderEnd.ACKNOWLEDGED), role=CHIEF)
    assert [one.matter for one in world.effects(ALPHA) if isinstance(one, StopRinging)] == [KEY]
    world.pass_time(9_000.0)
    assert len(world.rings(ALPHA)) == 1
    assert ladder_of(world.state(ALPHA)).state is LadderState.ENDED
    world.no_irregular()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (DUTY, [(0.0, "ring", "watch-chief"), (120.0, "draft", "director")]),
        (CHIEF, [(0.0, "ring", "duty-officer"), (180.0, "draft", "director")]),
        (DIRECTOR, [(0.0, "ring", "watch-chief")]),
    ],
)
def test_line_263_whoever_noted_it_is_passed_over(
    role: RoleId, expected: list[tuple[float, str, str]]
) -> None:
    world = World()
    spoken(world, role=role)
    heard(world, role=role)
    world.pass_time(900.0)
    assert climbed(world) == expected


def test_line_263_it_is_never_left_to_a_draft_alone() -> None:
    """The ring limit is the lowest rung, and its role noted the word: the next one is rung."""
    world = World()
    spoken(world)
    heard(world)
    rungs = tuple(Rung(role=role, after_s=60.0 * n) for n, role in enumerate((DUTY, CHIEF)))
    climbed, rings = duress_rungs(world.state(ALPHA), LOG, rungs, rings=1)
    assert [(rung.role, rung.after_s) for rung in climbed[:rings]] == [(CHIEF, 0.0)]


def test_line_262_it_needs_us_until_it_is_taken_and_stays_in_sight() -> None:
    world = World()
    spoken(world)
    heard(world)
    held = item(shown(world), ItemKind.DURESS)
    assert (held.part, held.why.code, held.rank) == (Part.NEEDS_YOU, "queue.duress", 0)
    (ladder,) = shown(world).ladders
    assert (ladder.log, ladder.alert, ladder.call, ladder.entry) == (LOG, None, None, None)
    world.settle(ALPHA, LadderEnded(matter=ladder.matter, end=LadderEnd.ACKNOWLEDGED), role=CHIEF)
    held = item(shown(world), ItemKind.DURESS)
    assert (held.part, held.why.code) == (Part.MONITORING, "queue.duress-taken")


@settings(max_examples=10)
@given(waited_s=st.floats(0.0, 600.0), taken=st.booleans())
def test_line_264_the_other_side_cannot_tell(waited_s: float, *, taken: bool) -> None:
    """With and without the word: the same bytes cross, at the same times, and the same is shown."""
    seen = []
    for noted in (False, True):
        world = World()
        spoken(world)
        world.tick()  # the hour's root of the journal is in the feed
        world.deliver()
        if noted:
            heard(world)
        else:
            world.wait(1.0)
        world.pass_time(waited_s)
        if noted and taken:
            (matter,) = world.state(ALPHA).journal.ladders
            end = LadderEnded(matter=matter, end=LadderEnd.ACKNOWLEDGED)
            world.settle(ALPHA, end, role=CHIEF)
        else:
            world.wait(1.0 if taken else 0.0)
        world.pass_time(4_000.0)  # over a full hour, and with it the next root
        crossed = [len(message.body) for sender, message in world.sent if sender == ALPHA]
        feed = world.state(ALPHA).own
        effects = [effect for effect in world.effects(BRAVO) if isinstance(effect, Ring)]
        seen.append((crossed, feed.size, world.state(BRAVO).feeds[ALPHA].size, effects))
        assert not any(
            event.to_party or event.content
            for ladder in ladders(world, ALPHA).values()
            for _, event in ladder.steps
            if isinstance(event, DraftPrepared)
        ), "a draft about duress would call the very desk"
    assert seen[0] == seen[1]


def test_line_262_a_start_amid_the_ring_goes_on_with_the_ladder() -> None:
    world = World()
    spoken(world)
    heard(world)
    world.pass_time(100.0)
    world.parties[ALPHA].start()
    again = world.parties[ALPHA].node.resume()
    assert [(one.matter, one.role) for one in again if isinstance(one, Ring)] == [(KEY, CHIEF)]
    world.give(ALPHA, Tick())
    assert len(world.rings(ALPHA)) == 1, "the rung that was reached is not reached again"
    world.pass_time(100.0)
    assert climbed(world) == [(0.0, "ring", "watch-chief"), (120.0, "draft", "director")]


@contextmanager
def running(channel: ObedientChannel, folder: Path, clock: HeldClock) -> Iterator[ToPeople]:
    made = ToPeople(people("a"), clock, folder=folder, make=lambda *_: channel)
    try:
        yield made
    finally:
        made.close()


def test_line_262_it_is_tried_until_taken_proven_and_its_end_is_told(tmp_path: Path) -> None:
    """Over a start: failed before it, taken after it, and ended by a person."""
    world, channel, clock = World(), ObedientChannel("a"), HeldClock()
    spoken(world)
    heard(world)
    channel.fails = True
    with running(channel, tmp_path, clock) as to_people:
        to_people.take([one for one in world.effects(ALPHA) if isinstance(one, Ring)])
        assert to_people.is_quiet(QUIET_S)
    channel.fails = False
    world.parties[ALPHA].start()
    with running(channel, tmp_path, clock) as to_people:
        to_people.take_standing(world.parties[ALPHA].node.resume(), is_restart=True)
        assert to_people.is_quiet(QUIET_S)
        assert channel.steps() == [(Kind.RING, KEY, 0)]
        (matter,) = world.state(ALPHA).journal.ladders
        world.settle(ALPHA, LadderEnded(matter=matter, end=LadderEnd.ACKNOWLEDGED), role=CHIEF)
        to_people.take([one for one in world.effects(ALPHA) if isinstance(one, StopRinging)])
        assert to_people.is_quiet(QUIET_S)
        steps = [row.step for row in to_people.handed_over() if row.matter == KEY]
        assert Step.FAILED in steps
        assert Step.TAKEN in steps
        assert Step.ENDED in steps
    world.parties[ALPHA].start()
    clock.move(AGAIN_S)
    with running(channel, tmp_path, clock) as to_people:
        to_people.take_standing(world.parties[ALPHA].node.resume(), is_restart=True)
        assert to_people.is_quiet(QUIET_S)
    assert [one for one in channel.steps() if one[0] is Kind.RING] == [(Kind.RING, KEY, 0)]
