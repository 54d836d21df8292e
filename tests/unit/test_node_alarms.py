"""What a person must see of the record stays in sight."""

import hashlib
from dataclasses import replace

from node_pair import ALPHA, BRAVO, CHARLIE, World, roz
from test_node_exchange import forked, met

from crosstell.codecs import parcel
from crosstell.codecs.parcel import Parcel
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import sign_checkpoint
from crosstell.shell.exchange import Alarm
from crosstell.shell.node import Delivery
from crosstell.shell.peers.alarms import ALARMS_MAX
from crosstell.shell.store.names import FORKS


def test_a_fork_is_pushed_off_the_screen_by_nothing() -> None:
    """NOD-032: by no flood of other alarms, and no start; a flood hits its own feed."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.tick()
    world.deliver()
    forked(world)
    node = world.parties[ALPHA].node
    differs = Alarm(feed=world.parties[CHARLIE].setting.feed, text="names another root")
    node._alarms.add(differs)
    for number in range(ALARMS_MAX + 100):
        world.give(ALPHA, Delivery(body=b"rubbish %d" % number))
        sender = f"stranger-{number}"
        said = Parcel(sender=FeedId(sender), have=())
        world.give(ALPHA, Delivery(body=parcel.encode(said)))
    assert "signed two different entries" in node.alarms[0].text
    assert differs in node.alarms
    assert len(node.alarms) == ALARMS_MAX + 1
    world.parties[ALPHA].start()
    (again,) = world.parties[ALPHA].node.alarms
    assert again == node.alarms[0], "the evidence is in the store: so it is shown"


def test_two_checkpoints_of_one_size_are_shown_as_a_fork() -> None:
    """NOD-023, NOD-032: one evidence is kept, however many more a thief signs."""
    world = met()
    of = world.parties[BRAVO]
    world.settle(BRAVO, roz("roz-b", ALPHA))
    head = of.node.rebuilt.own.head
    assert head is not None
    for text in ("a", "b", "c"):
        other = replace(head.checkpoint(), root=hashlib.sha256(text.encode()).digest())
        note = sign_checkpoint(other, of.keys().online).print()
        said = Parcel(sender=of.setting.feed, have=(), notes=(note,))
        world.give(ALPHA, Delivery(body=parcel.encode(said)))
    assert len(world.parties[ALPHA].store.blobs(FORKS)) == 1
    assert "signed two different" in world.parties[ALPHA].node.alarms[0].text
