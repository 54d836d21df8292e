"""Bodies that come after their entries were held without: NOD-031."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, roz
from test_key_ceremony import Scene
from test_node_exchange import met, send

from crosstell.codecs.parcel import Row
from crosstell.core.mechanism.inputs import Tick
from crosstell.shell.key_ceremony.desk import held_keys
from crosstell.shell.key_ceremony.rotating import revoke
from crosstell.shell.node import Node
from crosstell.shell.peers.late import Late
from crosstell.shell.snapshot import held_of


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Node]:
    """Each time that a node reads its whole record again."""
    found: list[Node] = []
    load = Node._load

    def noted(node: Node) -> None:
        found.append(node)
        load(node)

    monkeypatch.setattr(Node, "_load", noted)
    return found


def test_bodies_that_come_one_by_one_do_not_keep_the_node_at_reading(reads: list[Node]) -> None:
    """NOD-031: all are stored, some reads are enough, and none is read never. CON-611: counted."""
    world, count = met(), 30
    bravo = world.parties[BRAVO]
    for number in range(count):
        world.act(BRAVO, roz(f"roz-{number}", ALPHA))
    world.line.clear()
    rows = list(bravo.store.entries(bravo.setting.feed, world.state(ALPHA).feeds[BRAVO].size))
    send(world, BRAVO, ALPHA, *(Row(leaf=row.leaf) for row in rows))
    node = world.parties[ALPHA].node
    begun = [node.begin_snapshot()]
    before = node.reads
    reads.clear()
    for row in rows:
        send(world, BRAVO, ALPHA, Row(leaf=row.leaf, salt=row.salt, body=row.body))
        if row is rows[0]:  # read at once; the others wait
            begun.append(node.begin_snapshot())
    assert len(reads) == 1
    assert not node.keep_snapshot(), "it would say that what they say was read"
    for make in begun:  # NOD-046
        assert make is not None
        assert not node.put_snapshot(make(partial(held_of, world.parties[ALPHA].store)))
    world.pass_time(1.0)
    assert len([one for one in reads if one is node]) == 2
    assert node.reads == before + 2
    assert len(world.state(ALPHA).feeds[BRAVO].notices) == count
    assert node.keep_snapshot()


def test_a_pause_of_before_a_clock_was_set_back_is_over() -> None:
    """RUN-536: or what came late would wait for as long as the clock had been ahead."""
    world, late = met(), Late()
    exchange = world.parties[ALPHA].node.rebuilt.exchange
    assert late.came((), exchange, world.now), "the first is read at once"
    assert not late.came((), exchange, world.now)
    assert not late.is_due(exchange, world.now)
    assert late.is_due(exchange, world.now - timedelta(hours=3))


def test_revocations_one_after_the_other_do_not_keep_the_others_at_reading(
    reads: list[Node], tmp_path: Path
) -> None:
    """NOD-031: the first is read at once; what each makes void is void, and read after a pause."""
    scene = Scene(tmp_path)
    scene.world.settle(ALPHA, roz("roz-1", BRAVO))
    bravo = scene.world.parties[BRAVO]
    reads.clear()
    for number in range(8):
        scene.world.wait(0.01)
        revoke(scene.desk, scene.root, from_seq=1, now=scene.world.now)
        scene.world.parties[ALPHA].node.take_keys(held_keys(scene.desk))
        scene.world.give(ALPHA, Tick())
        scene.world.deliver()
        if number == 0:
            assert not scene.world.state(BRAVO).feeds[ALPHA].notices, "at once"
    of_bravo = [one for one in reads if one is bravo.node]
    assert len(of_bravo) < 4
    scene.world.pass_time(60.0)
    held = bravo.node.rebuilt.exchange.logs[scene.feed].head
    assert held is not None
    assert len(held.keys.void) == 8
    assert len(bravo.node.rebuilt.exchange.void[scene.feed]) == 8
