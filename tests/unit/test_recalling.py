"""What was known at an earlier moment: RUN-070 to RUN-072."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, START, World, call

from crosstell.core.errors import CallerError
from crosstell.core.instant import later
from crosstell.core.mechanism.screen.screen import screen
from crosstell.core.state.state import State
from crosstell.shell.live import recalling
from crosstell.shell.live.recalling import Recall
from crosstell.shell.store.sqlite import SqliteStore


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(store=lambda party: SqliteStore.open(tmp_path / f"{party}.store"))
    yield found
    for party in found.parties.values():
        party.store.close()


def history(world: World) -> list[tuple[datetime, State, int]]:
    """What alpha knew after each of its own entries, as it went along."""
    found = []
    party = world.parties[ALPHA]
    sizes = (0, 0)
    for number in range(12):
        speaker = ALPHA if number % 3 else BRAVO
        world.settle(speaker, call(f"c-{number}", to=BRAVO if speaker == ALPHA else ALPHA))
        world.sees(ALPHA, 40_000.0 - 1_000.0 * number)
        own = (party.store.size(party.setting.feed), party.store.size(party.setting.journal))
        if own != sizes:
            found.append((world.now, party.node.state, party.store.last_arrival()))
            sizes = own
    return found


def recall_of(world: World, tmp_path: Path) -> Recall:
    return Recall(store=tmp_path / f"{ALPHA}.store", setting=world.parties[ALPHA].setting)


def same(one: State, other: State) -> bool:
    """Equal in all that folding gives."""
    return one.feeds == other.feeds and one.journal == other.journal


def test_each_moment_is_what_was_known_then(world: World, tmp_path: Path) -> None:
    """RUN-070, against the states that the node itself had; a screen can be made of each."""
    told = history(world)
    assert len(told) > 8
    for at, state, arrivals in told:
        found = recall_of(world, tmp_path).at(at)
        assert found.arrivals == arrivals
        assert same(found.state, state)
        assert screen(found.state, at) == screen(state, at)
    nothing = recall_of(world, tmp_path).at(later(START, by_s=-1.0))
    assert nothing.arrivals == 0
    assert nothing.state.own.size == 0


def test_what_came_after_our_last_entry_is_not_taken_as_known(world: World, tmp_path: Path) -> None:
    """RUN-070: another's entry that was stored later is not in the earlier moment."""
    world.settle(ALPHA, call("c-1"))
    before = world.now
    world.wait(60.0)
    world.settle(BRAVO, call("c-2", to=ALPHA))
    found = recall_of(world, tmp_path).at(later(before, by_s=1.0))
    assert list(found.state.feeds[ALPHA].calls) == ["c-1"]
    assert not found.state.feeds[BRAVO].calls
    assert recall_of(world, tmp_path).at(world.now).state.feeds[BRAVO].calls


def test_going_on_is_the_same_as_beginning_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-071: forwards, back, and forwards again, with folds of any size."""
    monkeypatch.setattr(recalling, "FOLDED_AT_ONCE", 3)
    told = history(world)
    kept = recall_of(world, tmp_path)
    for at, state, arrivals in (*told, told[2], *told[5:]):
        found = kept.at(at)
        assert found.arrivals == arrivals
        assert same(found.state, state)


def test_a_record_too_long_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-072: by its length, and a shorter one is not."""
    world.settle(ALPHA, call("c-1"))
    monkeypatch.setattr(recalling, "ENTRIES_MAX", 3)
    with pytest.raises(CallerError, match="more than 3 entries"):
        recall_of(world, tmp_path).at(world.now)
    monkeypatch.setattr(recalling, "ENTRIES_MAX", world.parties[ALPHA].store.last_arrival())
    assert recall_of(world, tmp_path).at(world.now).state.own.calls
