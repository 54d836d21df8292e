"""What a person must see of the record stays in sight."""

import hashlib
from dataclasses import replace

from node_pair import ALPHA, BRAVO, CHARLIE, World, roz
from test_node_exchange import entry_of, forked, met, send

from crosstell.codecs import parcel
from crosstell.codecs.parcel import FORKS_MAX, NOTES_MAX, Parcel
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import sign_checkpoint
from crosstell.core.record.entry import parse
from crosstell.core.record.fork import check_fork, entries_fork
from crosstell.shell.exchange import Alarm
from crosstell.shell.node import Delivery
from crosstell.shell.peers.alarms import ALARMS_MAX, AlarmKind
from crosstell.shell.signing import verifier_of
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


def proofs(world: World, count: int) -> tuple[bytes, ...]:
    """So many proofs that bravo's feed is forked, each of other bytes, each true."""
    ours = entry_of(world, BRAVO, "hologram_shown", b"{}")
    key = world.parties[BRAVO].keys().online.public_key()
    others = (entry_of(world, BRAVO, "hologram_shown", b"%d" % one) for one in range(count))
    return tuple(entries_fork(parse(ours.leaf), parse(one.leaf), key) for one in others)


def test_nod_261_of_a_thousand_proofs_one_is_kept() -> None:
    """In one parcel, which is refused; and by sixteens in as many as it takes."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.tick()
    world.deliver()
    node, store = world.parties[ALPHA].node, world.parties[ALPHA].store
    made = proofs(world, 1_000)
    send(world, CHARLIE, ALPHA, forks=made)
    assert not store.blobs(FORKS)
    assert "parcel forks" in node.alarms[0].text
    for start in range(0, len(made), FORKS_MAX):
        send(world, CHARLIE, ALPHA, forks=made[start : start + FORKS_MAX])
    (kept,) = store.blobs(FORKS)
    assert kept.value == made[0], "the first convicts"
    assert check_fork(kept.value, verifier_of).feed == world.parties[BRAVO].setting.feed
    assert "signed two different entries" in node.alarms[0].text
    assert sum("signed two different" in one.text for one in node.alarms) == 1


def test_nod_261_checkpoints_beside_proofs_in_one_parcel_add_none() -> None:
    """Sixty-four contradicting checkpoints of the accused, in the parcel with the proofs."""
    world = met()
    of = world.parties[BRAVO]
    world.settle(BRAVO, roz("roz-b", ALPHA))
    head = of.node.rebuilt.own.head
    assert head is not None
    roots = [hashlib.sha256(b"%d" % one).digest() for one in range(NOTES_MAX)]
    notes = tuple(
        sign_checkpoint(replace(head.checkpoint(), root=root), of.keys().online).print()
        for root in roots
    )
    send(world, BRAVO, ALPHA, notes=notes, forks=proofs(world, FORKS_MAX))
    assert len(world.parties[ALPHA].store.blobs(FORKS)) == 1


def test_nod_260_what_was_not_taken_hides_nothing_of_the_record() -> None:
    """An entry that breaks a rule, then rubbish without end about the same feed; over a start."""
    world = met()
    row = entry_of(world, BRAVO, "notice_filed", b"{}", prev="0" * 64)
    send(world, BRAVO, ALPHA, row)
    told = [one for one in world.parties[ALPHA].node.alarms if "does not follow" in one.text]
    assert told
    for number in range(ALARMS_MAX + 50):
        send(world, BRAVO, ALPHA, notes=(b"rubbish %d" % number,))
    node = world.parties[ALPHA].node
    assert set(told) <= set(node.alarms)
    assert node.alarms[0].kind is AlarmKind.RECORD
    assert len(node.alarms) <= 2 * ALARMS_MAX
    assert node.keep_snapshot()
    world.parties[ALPHA].start()
    assert set(told) <= set(world.parties[ALPHA].node.alarms)
