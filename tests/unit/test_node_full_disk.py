"""A disk that is full: how often the node tries, and what waits behind it. NOD-484."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from node_pair import ALPHA, BRAVO, World, roz

from crosstell.shell.node import Delivery
from crosstell.shell.rebuild import Rebuilt, rebuild
from crosstell.shell.store.contract import Batch, Outcome, write_failed
from crosstell.shell.store.failing import PAUSE_S_MAX, RETRY_S, Failing
from crosstell.shell.store.memory import MemoryStore


class Full(MemoryStore):
    """A store on a disk that can be full."""

    full = False

    def commit(self, batch: Batch) -> None:
        """Commit, unless the disk is full."""
        if self.full:
            raise write_failed("database or disk is full", Outcome.NOTHING)
        super().commit(batch)


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries were read, each time that a record is read."""
    found: list[int] = []

    def counted(*given: Any) -> Rebuilt:  # noqa: ANN401
        made = rebuild(*given)
        found.append(made.read)
        return made

    monkeypatch.setattr("crosstell.shell.node.rebuild", counted)
    return found


def full() -> tuple[World, Full]:
    """Bravo's store may be full."""
    world = World(store=lambda party: Full() if party == BRAVO else MemoryStore())
    store = world.parties[BRAVO].store
    assert isinstance(store, Full)
    return world, store


def test_nod_484_a_full_disk_has_the_record_read_twice_and_not_with_every_input(
    read_again: list[int],
) -> None:
    """Or whoever looks at the node, or acts, waits behind one reading for each parcel."""
    world, store = full()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    node = world.parties[BRAVO].node
    world.act(ALPHA, roz("roz-2", BRAVO))
    bodies = [message.body for _, message in world.line if message.to == BRAVO]
    assert bodies
    store.full = True
    read_again.clear()
    outcomes = [world.give(BRAVO, Delivery(body=bodies[-1])) for _ in range(40)]
    assert len(read_again) == 2
    assert [(one.kept, "disk is full" in str(one.fault)) for one in outcomes] == [
        (False, True)
    ] * 40
    world.act(BRAVO, roz("roz-b", ALPHA))
    assert len(read_again) == 3, "what a person asks is tried at once"
    wake = node.next_wake(world.now)
    assert wake is not None
    assert (wake - world.now).total_seconds() == RETRY_S
    world.now = wake
    store.full = False
    assert world.give(BRAVO, Delivery(body=bodies[-1])).fault is None
    assert set(world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2"}


def test_nod_484_a_disk_with_room_again_takes_what_a_person_asks_at_once_then_everything() -> None:
    world, store = full()
    store.full = True
    for _ in range(3):
        assert world.act(BRAVO, roz("roz-b", ALPHA)).fault is not None
    world.act(ALPHA, roz("roz-1", BRAVO))
    body = next(message.body for _, message in world.line if message.to == BRAVO)
    store.full = False
    assert not world.give(BRAVO, Delivery(body=body)).kept, "it waits for its time"
    assert world.act(BRAVO, roz("roz-b", ALPHA)).fault is None
    assert world.give(BRAVO, Delivery(body=body)).fault is None
    store.full = True
    for _ in range(3):
        world.act(BRAVO, roz("roz-c", ALPHA))
    store.full = False
    world.now -= timedelta(seconds=2 * PAUSE_S_MAX)  # a clock that was set back holds nothing off
    assert not world.parties[BRAVO].node.failing.holds_off((Delivery(body=body),), world.now)


def test_nod_520_a_fault_of_another_kind_after_the_pause_is_tried_again_too() -> None:
    """What failed then was no write: the pause of the writes is over, and wakes nobody."""
    failing, at = Failing(), datetime(2026, 3, 1, tzinfo=UTC)
    for _ in range(2):
        failing.failed(0, at)
    later = at + timedelta(seconds=RETRY_S + 1.0)
    failing.told(later, is_faulty=True)
    assert failing.retry_at == later + timedelta(seconds=RETRY_S)
