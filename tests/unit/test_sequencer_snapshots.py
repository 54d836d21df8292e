"""When a running node keeps what it knows, for a quicker start: RUN-036, NOD-410, NOD-450."""

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from node_pair import ALPHA, World
from test_sequencer import Seconds, Taken, filed, sequencer_of
from test_sequencer import held as held
from test_sequencer import taken as taken

from crosstell.core.record.signing import Signer
from crosstell.shell.live import sequencer as lines
from crosstell.shell.live.sequencer import Happened, Sequencer
from crosstell.shell.node import Snapshot
from crosstell.shell.snapshot import Begun, ReadHeld
from crosstell.shell.store.contract import Put
from crosstell.shell.store.names import SNAPSHOT


def test_run_036_while_a_snapshot_is_made_inputs_are_done(
    held: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made in a thread of its own, and kept in the owner's when it is ready."""
    begun, may_go_on, make = threading.Event(), threading.Event(), Begun.made
    making: list[Begun] = []

    def slowly(one: Begun, key: Signer, read: ReadHeld) -> Put | None:
        making.append(one)
        begun.set()
        assert may_go_on.wait(30)
        return make(one, key, read)

    monkeypatch.setattr(Begun, "made", slowly)
    monkeypatch.setattr(lines, "SNAPSHOT_S", 0.0)
    held.start()
    assert held.submit(filed(0)).result(30).recorded
    assert begun.wait(30)
    assert held.submit(filed(1)).result(30).recorded
    kept = partial(held.look, lambda _node, _now: held.store.blob(SNAPSHOT))
    assert kept().result(30) is None
    assert len(making) == 1, "one at a time"
    may_go_on.set()
    end_s = time.monotonic() + 30.0  # noqa: TID251 - a limit of this test
    while not kept().result(30):
        assert time.monotonic() < end_s, "it is never kept"  # noqa: TID251


def test_nod_410_a_snapshot_is_begun_after_so_many_entries_while_inputs_wait(
    held: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many come behind each other: the line need not be empty for it."""
    begun, submitted = threading.Event(), [0]

    def make(_one: Begun, _key: Signer, _read: ReadHeld) -> Put | None:
        begun.set()
        return None

    def goes_on(_happened: Happened) -> None:
        if not begun.is_set() and submitted[0] < 2_000:
            held.submit(filed(submitted[0]))
            submitted[0] += 1

    monkeypatch.setattr(Begun, "made", make)
    monkeypatch.setattr(lines, "SNAPSHOT_ENTRIES", held.store.last_arrival() + 3)
    held.watch(goes_on)
    held.start()
    assert begun.wait(30)
    assert 3 <= submitted[0] < 2_000, "it is begun before the line is empty"


def test_nod_450_hours_of_an_exercise_alone_begin_no_snapshot(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes of the machine do."""
    made: list[Begun] = []

    def make(one: Begun, _key: Signer, _read: ReadHeld) -> Put | None:
        made.append(one)
        return None

    monkeypatch.setattr(Begun, "made", make)
    seconds, world = Seconds(), World()
    found = sequencer_of(world, taken, seconds)
    monkeypatch.setattr(world.parties[ALPHA].node, "keep_snapshot", lambda: False)

    def worked(number: int) -> int:
        """How many are made once this is done, and what was begun after it too."""
        found.submit(filed(number)).result(30)
        found.look(lambda _node, _now: None).result(30)
        found.look(lambda _node, _now: None).result(30)
        if found._making is not None:
            found._making.join(30)
        return len(made)

    found.start()
    seconds.passed_s = 36 * lines.SNAPSHOT_S
    assert worked(0) == 0
    seconds.machine_s = lines.SNAPSHOT_S - 1.0
    assert worked(1) == 0
    seconds.machine_s = lines.SNAPSHOT_S
    assert worked(2) == 1
    seconds.machine_s += lines.SNAPSHOT_S - 1.0
    assert worked(3) == 1
    found.stop()


def test_nod_524_few_entries_do_where_it_takes_little_of_the_time(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So long after the last that making them is a fiftieth of the time, however long that is."""
    seconds, world, made = Seconds(), World(), [0]

    def make(_one: Begun, _key: Signer, _read: ReadHeld) -> Put | None:
        made[0] += 1
        seconds.machine_s += 0.25
        return Put(name=SNAPSHOT, value=b"a snapshot") if made[0] < 3 else None

    node = world.parties[ALPHA].node
    begin, put = node.begin_snapshot, node.put_snapshot

    def slowly_begun() -> Callable[[ReadHeld], Snapshot] | None:
        seconds.machine_s += 0.125
        return begin()

    def slowly_put(snapshot: Snapshot) -> bool:
        seconds.machine_s += 0.125
        return put(snapshot)

    monkeypatch.setattr(Begun, "made", make)
    monkeypatch.setattr(node, "begin_snapshot", slowly_begun)
    monkeypatch.setattr(node, "put_snapshot", slowly_put)
    monkeypatch.setattr(lines, "SNAPSHOT_FEW", 2)
    found = sequencer_of(world, taken, seconds)
    monkeypatch.setattr(node, "keep_snapshot", lambda: False)
    found.start()
    numbers = iter(range(100))

    def worked(passed_s: float) -> int:
        """How many were made in all, with more than enough recorded so long after the last."""
        seconds.machine_s += passed_s
        for _ in range(3):
            found.submit(filed(next(numbers))).result(30)
        for _ in range(2):
            found.look(lambda _node, _now: None).result(30)
        if found._making is not None:
            found._making.join(30)
        found.look(lambda _node, _now: None).result(30)  # behind what keeps it
        return made[0]

    assert worked(lines.SNAPSHOT_REST_S / 2) == 0, "the start itself comes first"
    assert worked(lines.SNAPSHOT_REST_S / 2) == 1
    assert worked(lines.SNAPSHOT_REST * 0.5 - 1.0) == 1, "it took half a second"
    assert worked(lines.SNAPSHOT_REST_S) == 2
    assert worked(lines.SNAPSHOT_REST * 0.5 + 1.0) == 3
    assert worked(lines.SNAPSHOT_S - 1.0) == 3, "one that could not be kept: as seldom as ever"
    assert worked(1.0) == 4
    found.stop()


def test_nod_410_what_a_start_read_behind_the_snapshot_counts(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that is killed again and again does not read more at each start."""
    world, begun = World(), threading.Event()
    party = world.parties[ALPHA]
    assert party.node.rebuilt.read == party.store.last_arrival()
    assert party.node.keep_snapshot()
    party.start()
    assert party.node.rebuilt.read == 0
    for number in range(3):
        world.settle(ALPHA, filed(number).body)
    party.start()
    read = party.node.rebuilt.read
    assert read >= 3

    def make(_one: Begun, _key: Signer, _read: ReadHeld) -> Put | None:
        begun.set()
        return None

    monkeypatch.setattr(Begun, "made", make)
    for entries, is_begun in ((read + 1_000, False), (read, True)):
        monkeypatch.setattr(lines, "SNAPSHOT_ENTRIES", entries)
        found = sequencer_of(world, taken, Seconds())
        monkeypatch.setattr(party.node, "keep_snapshot", lambda: False)
        found.start()
        found.look(lambda _node, _now: None).result(30)
        found.look(lambda _node, _now: None).result(30)
        found.stop()
        assert begun.wait(5 if is_begun else 0) is is_begun
