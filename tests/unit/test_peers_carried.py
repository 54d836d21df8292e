"""Two sites without a line: files out, in, and replies; and files that should not be taken."""

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, CHARLIE, World, answered, call, received, roz
from test_node_exchange import entry_of, forked

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import SIZE_MAX, Parcel
from crosstell.codecs.parcels import carried
from crosstell.codecs.parcels.carried import Label
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import CallId, FeedId, PartyId
from crosstell.core.record.cosignature import COSIGNER_PREFIX
from crosstell.core.record.note import parse_note
from crosstell.shell.node import Delivery
from crosstell.shell.peers import carried as carrying
from crosstell.shell.peers.carried import Site, confirmed, export, take
from crosstell.shell.peers.split.guard import Guard, Held
from crosstell.shell.store.contract import Batch
from crosstell.shell.store.memory import MemoryStore
from crosstell.shell.store.names import FORKS, checkpoint_name

LABEL = Label(sender=FeedId("alpha-feed"), to=FeedId("bravo-feed"), at_ms=5)


def site(world: World, party: PartyId) -> Site:
    of = world.parties[party]
    feeds = {feed: name for name, feed in of.setting.feeds}
    return Site(store=of.store, own=of.setting.feed, feeds=feeds)


def taken(world: World, party: PartyId, path: Path) -> int:
    """That party takes the file; nothing that its node says by itself goes anywhere."""

    def deliver(body: bytes) -> str | None:
        return world.give(party, Delivery(body=body)).fault

    count = take(site(world, party), path, deliver).parcels
    world.line.clear()
    return count


def carry(world: World, sender: PartyId, to: PartyId, path: Path, *, whole: bool = False) -> int:
    world.line.clear()
    written = export(site(world, sender), to, path, world.now, whole=whole)
    assert taken(world, to, path) == written.parcels
    return written.parcels


def test_two_trips_give_a_full_receipt(tmp_path: Path) -> None:
    """CARRY-003, CARRY-008: out, reply; then the person's stages come with the next."""
    world = World()
    world.act(ALPHA, call())
    carry(world, ALPHA, BRAVO, tmp_path / "one")
    assert CallId("c-1") in world.state(BRAVO).feeds[ALPHA].calls
    carry(world, BRAVO, ALPHA, tmp_path / "reply")
    assert len(world.state(ALPHA).feeds[BRAVO].acknowledgements) == 1
    held = world.parties[ALPHA].store.blob(checkpoint_name(world.parties[ALPHA].setting.feed))
    assert held is not None
    bravo = world.parties[BRAVO].setting.feed
    assert COSIGNER_PREFIX + bravo in [line.name for line in parse_note(held).signatures]
    world.act(BRAVO, received())
    world.act(BRAVO, answered())
    carry(world, BRAVO, ALPHA, tmp_path / "later")
    assert world.state(ALPHA).feeds[BRAVO].size == world.state(BRAVO).own.size
    world.no_irregular()


def test_a_file_holds_what_is_new_and_taking_it_twice_does_nothing_twice(tmp_path: Path) -> None:
    """CARRY-003, CARRY-007."""
    world = World()
    for number in range(30):
        world.act(ALPHA, call(f"c-{number}"))
    carry(world, ALPHA, BRAVO, tmp_path / "one")
    carry(world, BRAVO, ALPHA, tmp_path / "reply")
    before = world.state(BRAVO)
    taken(world, BRAVO, tmp_path / "one")
    assert world.state(BRAVO) == before
    written = export(site(world, ALPHA), BRAVO, tmp_path / "two", world.now)
    assert (written.first, written.end) == (31, 31)
    own, bravo = site(world, ALPHA).own, world.parties[BRAVO].setting.feed
    assert confirmed(world.parties[ALPHA].store, own, bravo) == 31
    assert (tmp_path / "two").stat().st_size < (tmp_path / "one").stat().st_size / 3
    world.act(ALPHA, call("c-30"))
    assert export(site(world, ALPHA), BRAVO, tmp_path / "three", world.now).first == 31


def test_many_entries_are_many_parcels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CARRY-003: more than one parcel holds, by bytes and by rows."""
    world = World()
    for number in range(20):
        world.act(ALPHA, call(f"c-{number}"))
    monkeypatch.setattr(carrying, "BYTES_MAX", 6_000)
    assert carry(world, ALPHA, BRAVO, tmp_path / "one") > 2
    assert len(world.state(BRAVO).feeds[ALPHA].calls) == 20
    monkeypatch.setattr(carrying, "BYTES_MAX", 500_000)
    monkeypatch.setattr(carrying, "ROWS_MAX", 8)
    assert export(site(world, ALPHA), BRAVO, tmp_path / "two", world.now, whole=True).parcels == 3


def test_only_the_audience_s_bodies_are_in_a_file(tmp_path: Path) -> None:
    """CARRY-005: and no share that may be over when the file arrives."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.act(ALPHA, roz("for-charlie", CHARLIE))
    world.act(ALPHA, roz("for-bravo", BRAVO))
    passing = entry_of(world, ALPHA, "share_updated", b'{"said":{"share_updated":"x"}}')
    with pytest.raises(Held):
        Guard(own=site(world, ALPHA).own, feeds=site(world, ALPHA).feeds).check(
            BRAVO,
            parcels.encode(Parcel(sender=site(world, ALPHA).own, have=(), rows=(passing,))),
        )
    export(site(world, ALPHA), BRAVO, tmp_path / "one", world.now)
    with (tmp_path / "one").open("rb") as file:
        _, found = carried.read(file)
        bodies = [row.body or b"" for one in found for row in parcels.decode(one).rows]
    assert any(b"for-bravo" in body for body in bodies)
    assert not any(b"for-charlie" in body for body in bodies)
    carry(world, ALPHA, BRAVO, tmp_path / "two")
    assert set(world.state(BRAVO).feeds[ALPHA].notices) == {"for-bravo"}


def test_evidence_of_a_fork_is_carried(tmp_path: Path) -> None:
    """CARRY-003."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.settle(ALPHA, roz("roz-a"))
    world.tick()
    world.deliver()
    forked(world)
    world.line.clear()
    assert not world.parties[CHARLIE].store.blobs(FORKS)
    carry(world, ALPHA, CHARLIE, tmp_path / "one")
    assert len(world.parties[CHARLIE].store.blobs(FORKS)) == 1


def test_a_party_that_lost_its_store_gets_back_what_it_said(tmp_path: Path) -> None:
    """CARRY-009: the founding was restored from its copy; the rest comes from the other side."""
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    lost = world.parties[BRAVO]
    rows = list(lost.store.entries(lost.setting.feed, 0, 1))
    rows += list(lost.store.entries(lost.setting.journal))
    fresh = MemoryStore()
    fresh.commit(Batch(entries=tuple(rows)))
    size = world.state(BRAVO).own.size
    lost.store = fresh
    lost.start()
    assert not lost.node.may_sign
    carry(world, ALPHA, BRAVO, tmp_path / "all", whole=True)
    assert world.state(BRAVO).own.size == size
    assert lost.node.may_sign


def test_nothing_is_overwritten_and_nothing_half_is_left(tmp_path: Path) -> None:
    """CARRY-004."""
    world = World()
    path = tmp_path / "one"
    path.write_text("mine")
    with pytest.raises(CallerError, match="not touched"):
        export(site(world, ALPHA), BRAVO, path, world.now)
    assert path.read_text() == "mine"
    with pytest.raises(CallerError, match="cannot be written"):
        export(site(world, ALPHA), BRAVO, tmp_path / "no" / "one", world.now)
    with pytest.raises(CallerError, match="no counterpart"):
        export(site(world, ALPHA), ALPHA, tmp_path / "two", world.now)
    assert [each.name for each in tmp_path.iterdir()] == ["one"]


def file_of(label: Label, *bodies: bytes) -> bytes:
    return b"".join(carried.pieces(label, bodies))


def test_what_is_not_for_us_whole_and_of_one_party_is_refused_before_it_is_taken(
    tmp_path: Path,
) -> None:
    """CARRY-002, CARRY-006, CARRY-010."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.act(ALPHA, call())
    world.line.clear()
    one = tmp_path / "one"
    export(site(world, ALPHA), BRAVO, one, world.now)
    good = one.read_bytes()
    feeds = dict(world.parties[ALPHA].setting.feeds)
    label = Label(sender=feeds[ALPHA], to=feeds[BRAVO], at_ms=0)
    foreign = parcels.encode(Parcel(sender=feeds[CHARLIE], have=()))
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 1
    cases = {
        "cut": good[:-40],
        "goes on": good + b"x",
        "flipped": bytes(flipped),
        "empty": b"",
        "another's parcel": file_of(label, foreign),
        "for another": file_of(Label(sender=feeds[ALPHA], to=feeds[CHARLIE], at_ms=0)),
        "of a stranger": file_of(Label(sender=FeedId("stranger"), to=feeds[BRAVO], at_ms=0)),
        "of ourselves": file_of(Label(sender=feeds[BRAVO], to=feeds[BRAVO], at_ms=0)),
        "huge": carried.TAG + b"x" * 100_000,
    }
    before = len(world.outcomes)
    for name, data in cases.items():
        path = tmp_path / "bad"
        path.write_bytes(data)
        with pytest.raises(CallerError, match="nothing of it was taken"):
            taken(world, BRAVO, path)
        assert len(world.outcomes) == before, name
    (tmp_path / "link").symlink_to(one)
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", ".", "none"):
        with pytest.raises(CallerError, match=r"cannot be read|no plain file"):
            taken(world, BRAVO, tmp_path / name)
    assert taken(world, BRAVO, one) == 1


def test_a_fault_of_our_own_node_is_told_and_the_file_may_be_taken_again(tmp_path: Path) -> None:
    """CARRY-007."""
    world = World()
    world.act(ALPHA, call())
    export(site(world, ALPHA), BRAVO, tmp_path / "one", world.now)
    found = take(site(world, BRAVO), tmp_path / "one", lambda _body: "the disk is full")
    assert (found.parcels, found.fault) == (1, "the disk is full")
    assert take(site(world, BRAVO), tmp_path / "one", lambda _body: None).fault is None


@given(st.lists(st.binary(min_size=1, max_size=80), max_size=5))
def test_files_are_read_as_written(bodies: list[bytes]) -> None:
    """CARRY-001."""
    label, found = carried.read(io.BytesIO(file_of(LABEL, *bodies)))
    assert (label, list(found)) == (LABEL, bodies)


@given(st.binary(max_size=400), st.integers(0, 300))
def test_no_other_bytes_are_a_file(put: bytes, place: int) -> None:
    """CARRY-001, CARRY-002: fuzzed, with a hash that fits too."""
    good = file_of(LABEL, b"one", b"two")
    spoilt = good[:place] + put + good[place + len(put) :]
    hashed = spoilt[:-32] + hashlib.sha256(spoilt[:-32]).digest()
    for data in (put, spoilt, hashed):
        try:
            label, found = carried.read(io.BytesIO(data))
            bodies = list(found)
        except PartyError:
            continue
        assert file_of(label, *bodies) == data


def test_a_parcel_over_the_limit_is_not_read() -> None:
    """CARRY-002: the length is refused before the parcel is."""
    header = file_of(LABEL)[: -4 - 32]
    with pytest.raises(PartyError, match="are read"):
        list(carried.read(io.BytesIO(header + (SIZE_MAX + 1).to_bytes(4, "big")))[1])
    with pytest.raises(ValueError, match="fit"):
        file_of(LABEL, b"")
