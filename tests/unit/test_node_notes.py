"""Whatever a peer wrote into a checkpoint, the node starts again (docs/spec/node.md, NOD-525)."""

from dataclasses import replace

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, World, roz

from crosstell.codecs.parcel import Parcel, Row, encode
from crosstell.core.ids import PartyId
from crosstell.core.record.checkpoint import parse_checkpoint
from crosstell.core.record.cosignature import COSIGNER_PREFIX, cosign, cosigner_key
from crosstell.core.record.entry import Body, HybridTime, seal
from crosstell.core.record.keys import KEY, rotation_body
from crosstell.core.record.note import Note, SignatureLine, parse_note
from crosstell.core.record.signing import Signer
from crosstell.shell.api.views.bracketing import gathered, traced
from crosstell.shell.node import Delivery
from crosstell.shell.notes import Notes
from crosstell.shell.store.contract import Batch, Put
from crosstell.shell.store.names import checkpoint_name, cosigned_name
from crosstell.sim.party import seeded_signer

NEXT = seeded_signer("the next cosigning key")


def notes_of(world: World) -> Notes:
    return world.parties[ALPHA].node.rebuilt.notes


def own(world: World) -> Note:
    """Alpha's newest checkpoint."""
    return notes_of(world).newest[world.parties[ALPHA].setting.feed]


def line_of(world: World, by: PartyId, signer: Signer, *, at_s: int, sound: bool = True) -> Note:
    """Alpha's checkpoint with a line under that key, and nothing else of others."""
    checkpoint = parse_checkpoint(own(world).text)
    name = COSIGNER_PREFIX + world.parties[by].setting.feed
    line = cosign(checkpoint, name=name, signer=signer, time_s=at_s)
    if not sound:
        line = replace(line, signature=bytes(len(line.signature)))
    return Note(text=own(world).text, signatures=(own(world).signatures[0], line))


def tell(world: World, by: PartyId, *notes: Note, rows: tuple[Row, ...] = ()) -> None:
    """A parcel of that party arrives at alpha."""
    feed = world.parties[by].setting.feed
    sent = Parcel(sender=feed, have=(), rows=rows, notes=tuple(one.print() for one in notes))
    world.give(ALPHA, Delivery(body=encode(sent)))


def rotate(world: World, party: PartyId, cosigner: Signer) -> None:
    """That party's next keys, its cosigning key among them, are told to alpha by its old one."""
    head = world.parties[ALPHA].node.rebuilt.exchange.logs[world.parties[party].setting.feed].head
    assert head is not None
    signer = seeded_signer(f"{party}: next")
    content = rotation_body(feed=head.feed, seq=head.size, signer=signer, cosigner=cosigner)
    body = Body(salt=b"s" * 16, content=content)
    hlc = HybridTime(ms=head.hlc.ms + 1_000)
    header = head.next_header(kind=KEY, body=body.commitment(), hlc=hlc)
    entry = seal(header, world.parties[party].keys().online)
    tell(world, party, rows=(Row(leaf=entry.leaf, salt=body.salt, body=content),))
    held = world.parties[ALPHA].node.rebuilt.exchange.logs[head.feed].head
    assert held is not None
    assert cosigner_key(head.feed, cosigner.public_key()) in held.keys.cosigner_keys()


def start_again(world: World) -> tuple[str, ...]:
    """Alpha's node starts from its store, and stands where it stood; what it shows."""
    state = world.state(ALPHA)
    world.parties[ALPHA].start()
    assert world.state(ALPHA) == state
    return tuple(alarm.text for alarm in world.parties[ALPHA].node.alarms)


@pytest.fixture
def world() -> World:
    found = World()
    found.settle(ALPHA, roz("roz-1", BRAVO))
    found.wait(1.0)
    return found


def lines(note: Note) -> list[SignatureLine]:
    return list(note.signatures)


def test_nod_525_a_line_under_a_key_that_is_not_known_yet_is_not_kept(world: World) -> None:
    """A peer puts rubbish there under its next key, and names that key afterwards."""
    feed = world.parties[BRAVO].setting.feed
    world.act(ALPHA, roz("roz-2", BRAVO))
    good = line_of(world, BRAVO, world.parties[BRAVO].keys().cosigning, at_s=1_700_000_000)
    bad = line_of(world, BRAVO, NEXT, at_s=0, sound=False)
    tell(world, BRAVO, good.with_signature(bad.signatures[1]))
    rotate(world, BRAVO, NEXT)
    assert lines(own(world)) == lines(good)
    known = notes_of(world).cosigned_by(feed)
    assert start_again(world) == ()
    assert notes_of(world).cosigned_by(feed) == known
    assert known is not None


def test_nod_525_a_stored_note_that_does_not_verify_is_set_aside_and_shown(world: World) -> None:
    """A node whose store holds one from before starts and says so; it shows nothing."""
    party, size = world.parties[ALPHA], parse_checkpoint(own(world).text).size
    feed = party.setting.feed
    rotate(world, BRAVO, NEXT)
    bad = own(world).with_signature(line_of(world, BRAVO, NEXT, at_s=0, sound=False).signatures[1])
    names = (checkpoint_name(feed), cosigned_name(feed, size), cosigned_name(feed, size + 1))
    for name, data in zip(names, (bad.print(), bad.print(), b"rubbish"), strict=True):
        party.store.commit(Batch(puts=(Put(name=name, value=data),)))
    first, second = start_again(world)
    assert "does not fit the checkpoint" in first
    assert "a stored checkpoint is set aside: note: " in second
    assert traced(gathered(party.node, party.store, feed, size - 1)).held_by == ()
    world.act(ALPHA, roz("roz-2", BRAVO))
    stored = party.store.blob(checkpoint_name(feed))
    assert stored is not None
    assert parse_note(stored) == own(world)


def test_nod_525_one_line_of_each_party_is_kept(world: World) -> None:
    """However often it cosigns: a note has room for 64 lines."""
    world.act(ALPHA, roz("roz-2", BRAVO))
    key = world.parties[BRAVO].keys().cosigning
    made = [line_of(world, BRAVO, key, at_s=1_700_000_000 + each) for each in range(70)]
    for note in made:
        tell(world, BRAVO, note)
    assert lines(own(world)) == lines(made[0])
    assert start_again(world) == ()


def test_nod_525_one_cosigning_key_of_two_parties_counts_once() -> None:
    """They hold it together; what each says of our checkpoint is still read at a start."""
    world = World(names=(ALPHA, BRAVO, CHARLIE))
    world.settle(ALPHA, roz("roz-1", BRAVO))
    for party in (BRAVO, CHARLIE):
        rotate(world, party, NEXT)
    assert start_again(world) == ()
    world.act(ALPHA, roz("roz-2", BRAVO))
    for party in (BRAVO, CHARLIE):
        tell(world, party, line_of(world, party, NEXT, at_s=1_700_000_000))
    assert len(own(world).signatures) == 2
    assert start_again(world) == ()


def test_nod_526_who_cosigns_late_takes_no_others_line() -> None:
    """The line to the second is slow: a newer checkpoint is there when its word comes."""
    world = World(names=(ALPHA, BRAVO, CHARLIE))
    world.settle(ALPHA, roz("roz-0", BRAVO))
    world.act(ALPHA, roz("roz-1", BRAVO))
    size = parse_checkpoint(own(world).text).size
    early, late = (
        line_of(world, party, world.parties[party].keys().cosigning, at_s=1_700_000_000)
        for party in (BRAVO, CHARLIE)
    )
    tell(world, BRAVO, early)
    world.act(ALPHA, roz("roz-2", BRAVO))
    tell(world, CHARLIE, late)
    store, feed = world.parties[ALPHA].store, world.parties[ALPHA].setting.feed
    kept = store.blob(cosigned_name(feed, size))
    assert kept is not None
    assert lines(parse_note(kept)) == [*early.signatures, late.signatures[1]]
    assert start_again(world) == ()


def test_nod_525_of_a_peers_checkpoint_its_own_line_is_kept(world: World) -> None:
    """Not what stands before it: a proof of a fork rests on that line."""
    world.down = {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    feed = world.parties[BRAVO].setting.feed
    world.act(BRAVO, roz("roz-2", ALPHA))
    theirs = world.parties[BRAVO].node.rebuilt.notes.newest[feed]
    rows = tuple(
        Row(leaf=row.leaf, salt=row.salt, body=row.body)
        for row in world.parties[BRAVO].store.entries(feed)
    )
    junk = SignatureLine(name="nobody", key_id=b"none", signature=b"nothing")
    tell(world, BRAVO, replace(theirs, signatures=(junk, theirs.signatures[0])), rows=rows)
    kept = notes_of(world).newest[feed]
    assert kept.text == theirs.text
    assert kept.signatures[0] == theirs.signatures[0]
    assert len(kept.signatures) == 2
