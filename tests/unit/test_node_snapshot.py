"""A snapshot makes a start quicker and never different: a cache bound to all that it rests on."""

import json
import zlib
from dataclasses import dataclass, make_dataclass, replace
from enum import StrEnum
from functools import partial
from typing import NoReturn

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, World, call, received, roz
from test_node_exchange import alarms, entry_of, send

from crosstell.codecs.shape import described
from crosstell.core.errors import Fatal, Unavailable
from crosstell.core.ids import CallId, FeedId, PartyId, TrackId
from crosstell.core.picture.trust.kind import LIMITS, UNKNOWN_KIND, ObjectKind
from crosstell.core.record.entry import Head
from crosstell.core.record.tree import CompactRange, leaf_hash
from crosstell.core.state.state import initial
from crosstell.shell import snapshot
from crosstell.shell.store.contract import Batch, Erase, Put, Store
from crosstell.shell.store.memory import MemoryStore
from crosstell.shell.store.names import SNAPSHOT
from crosstell.sim.faulty_store import Fault, FaultyStore


def busy() -> World:
    """Two parties with a notice, tracks with alerts, an answered call and a running ladder."""
    world = World()
    world.sign()
    world.settle(ALPHA, roz("roz-a", BRAVO))
    for north_m in (9_000, 8_000, 7_000, 6_000):
        world.wait(15)
        world.sees(ALPHA, north_m)
        world.deliver()
    world.settle(ALPHA, call("call-1"))
    world.settle(BRAVO, received("call-1"))
    world.settle(ALPHA, call("call-2"))
    world.pass_time(400)
    return world


def without_snapshot(world: World) -> object:
    """What the store gives when everything in it is verified and folded."""
    store = world.parties[ALPHA].store
    kept = store.blob(SNAPSHOT)
    store.commit(Batch(puts=(Put(name=SNAPSHOT, value=b""),)))
    world.parties[ALPHA].start()
    found = world.state(ALPHA)
    if kept is not None:
        store.commit(Batch(puts=(Put(name=SNAPSHOT, value=kept),)))
    return found


def is_used(world: World) -> bool:
    """Whether a start of alpha's node takes the snapshot."""
    party = world.parties[ALPHA]
    key = party.keys().online.public_key()
    return snapshot.restore(initial(party.setting), party.store, key) is not None


def test_nod_040_a_start_from_a_snapshot_gives_the_same_state() -> None:
    world = busy()
    live = world.state(ALPHA)
    assert live.journal.alerts
    assert live.journal.ladders
    assert world.parties[ALPHA].node.keep_snapshot()
    assert is_used(world)
    world.parties[ALPHA].start()
    assert world.state(ALPHA) == live == without_snapshot(world)
    resumed = world.parties[ALPHA].node.resume()
    # Entries after it are verified and folded as ever, and the node goes on.
    world.parties[ALPHA].start()
    assert world.parties[ALPHA].node.resume() == resumed
    world.settle(ALPHA, call("call-3"))
    assert is_used(world)
    world.parties[ALPHA].start()
    assert CallId("call-3") in world.state(ALPHA).own.calls
    assert world.state(ALPHA) == without_snapshot(world)


def test_nod_041_any_changed_byte_drops_it() -> None:
    world = busy()
    assert world.parties[ALPHA].node.keep_snapshot()
    store = world.parties[ALPHA].store
    whole = store.blob(SNAPSHOT)
    assert whole is not None
    for place_of in (*range(0, 70), len(whole) // 2, len(whole) - 1):
        bent = bytearray(whole)
        bent[place_of] ^= 0x10
        store.commit(Batch(puts=(Put(name=SNAPSHOT, value=bytes(bent)),)))
        assert not is_used(world), place_of
    for cut in (0, 10, 64, len(whole) - 1):
        store.commit(Batch(puts=(Put(name=SNAPSHOT, value=whole[:cut]),)))
        assert not is_used(world)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 1},
        {"classes": "00" * 32},
        {"setting": []},
        {"journal": {}},
        {"logs": {}},
        {"feeds": "none"},
    ],
    ids=str,
)
def test_nod_041_another_version_or_setting_drops_it(change: dict[str, object]) -> None:
    world = busy()
    assert world.parties[ALPHA].node.keep_snapshot()
    party = world.parties[ALPHA]
    value = party.store.blob(SNAPSHOT)
    assert value is not None
    document = json.loads(zlib.decompress(value[64:])) | change
    payload = zlib.compress(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())
    signed = party.keys().online.sign(snapshot.TAG + payload) + payload
    party.store.commit(Batch(puts=(Put(name=SNAPSHOT, value=signed),)))
    assert not is_used(world)
    live = world.state(ALPHA)
    party.start()
    assert world.state(ALPHA) == live


@pytest.mark.parametrize("name", ["UNKNOWN_KIND", "LIMITS"])
def test_nod_041_other_bounds_of_trust_drop_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start with other bounds folds the journal again, and by those."""
    world = busy()
    assert world.parties[ALPHA].node.keep_snapshot()
    assert is_used(world)
    slower = replace(UNKNOWN_KIND, speed_mps_max=900.0)
    other = {**LIMITS, ObjectKind.SHIP: slower} if name == "LIMITS" else slower
    monkeypatch.setattr(snapshot, name, other)
    assert not is_used(world)


@pytest.mark.parametrize("name", ["TRUST_VERSION", "PATHS_MAX", "SWITCHES_MIN", "AHEAD_S_MAX"])
def test_nod_041_another_way_of_folding_drops_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = busy()
    assert world.parties[ALPHA].node.keep_snapshot()
    assert is_used(world)
    monkeypatch.setattr(snapshot, name, getattr(snapshot, name) + 1)
    assert not is_used(world)


def test_nod_041_another_party_cannot_write_it() -> None:
    world = busy()
    assert world.parties[BRAVO].node.keep_snapshot()
    foreign = world.parties[BRAVO].store.blob(SNAPSHOT)
    assert foreign is not None
    world.parties[ALPHA].store.commit(Batch(puts=(Put(name=SNAPSHOT, value=foreign),)))
    assert not is_used(world)


def test_nod_042_an_erased_body_drops_it() -> None:
    world = busy()
    assert world.parties[ALPHA].node.keep_snapshot()
    store = world.parties[ALPHA].store
    feed = world.parties[ALPHA].setting.feed
    store.commit(Batch(erasures=(Erase(feed=feed, seq=2),)))
    assert not is_used(world)
    world.parties[ALPHA].start()
    assert world.state(ALPHA) == without_snapshot(world)


def test_nod_043_keys_come_from_the_key_entries() -> None:
    """No key is kept in it: a start reads who may sign from the entries that say so."""
    world = busy()
    assert world.parties[ALPHA].node.keep_snapshot()
    party = world.parties[ALPHA]
    public = party.keys().online.public_key()
    found = snapshot.restore(initial(party.setting), party.store, public)
    assert found is not None
    for feed, log in found.logs.items():
        assert log.head is not None
        assert log.head == party.node._rebuilt.log(feed).head
    value = party.store.blob(SNAPSHOT)
    assert value is not None
    assert public.hex() not in zlib.decompress(value[64:]).decode()


def test_nod_045_another_body_stops_a_start_that_reads_it() -> None:
    """As a damaged leaf does: what it says would be believed."""
    world = busy()
    party = world.parties[ALPHA]
    assert isinstance(party.store, MemoryStore)
    log = party.store._logs[party.setting.feed]
    held = log[-1].entry
    assert held.body is not None
    log[-1] = replace(log[-1], entry=replace(held, body=held.body + b" "))
    with pytest.raises(Fatal, match=rf"entry {held.seq} .* does not verify: .*the body is not"):
        party.start()


def test_nod_042_another_leaf_drops_it() -> None:
    """The start without it then says what is wrong."""
    world = busy()
    assert world.parties[ALPHA].node.keep_snapshot()
    party = world.parties[ALPHA]
    assert isinstance(party.store, MemoryStore)
    log = party.store._logs[party.setting.journal]
    bent = bytearray(log[3].entry.leaf)
    bent[70] ^= 1
    log[3] = replace(log[3], entry=replace(log[3].entry, leaf=bytes(bent)))
    assert not is_used(world)
    with pytest.raises(Fatal, match="does not verify"):
        party.start()


def test_any_root_of_the_past_is_given_after_a_start() -> None:
    """NOD-025, NOD-040: of every party's feed, whether it was verified now or before."""
    world = busy()
    party = world.parties[ALPHA]
    assert party.node.keep_snapshot()
    for _ in range(2):
        for _, feed in party.setting.feeds:
            tree, log = CompactRange(), party.node._rebuilt.log(feed)
            assert log.root_at(0) == tree.root()
            for size, row in enumerate(party.store.entries(feed), 1):
                tree = tree.append(leaf_hash(row.leaf))
                assert log.root_at(size) == tree.root()
            assert log.root_at(log.size + 1) is None
        party.start()
        world.settle(ALPHA, call(f"call-{world.now:%H%M%S}"))


def test_nod_044_a_head_that_is_still_to_be_compared_is_in_the_snapshot() -> None:
    """A false one may stay for ever: it must not cost every start the whole record."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.settle(ALPHA, roz("roz-a"))
    world.tick()
    world.deliver()
    party, feed = world.parties[ALPHA], world.parties[CHARLIE].setting.feed
    size = world.state(ALPHA).feeds[CHARLIE].size
    false = Head(feed=feed, size=size + 1, root="ab" * 32)
    send(world, BRAVO, ALPHA, entry_of(world, BRAVO, "hologram_shown", b"{}", heads=(false,)))
    assert party.node.keep_snapshot()
    party.start()
    assert is_used(world)
    assert alarms(world, ALPHA) == ""
    send(world, CHARLIE, ALPHA, entry_of(world, CHARLIE, "hologram_shown", b"{}"))
    assert "names another root" in alarms(world, ALPHA)


def test_nod_046_a_snapshot_of_what_memory_no_longer_holds_is_not_kept() -> None:
    world = busy()
    party = world.parties[ALPHA]
    make = party.node.begin_snapshot()
    assert make is not None
    party.node.take_keys(party.keys())
    assert not party.node.put_snapshot(make(partial(snapshot.held_of, party.store)))
    assert party.store.blob(SNAPSHOT) is None


def test_nod_280_to_begin_one_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The node was silent for two seconds where a million entries are held."""
    world = busy()
    party = world.parties[ALPHA]
    read: list[int] = []
    leaves = MemoryStore.leaves

    def counted(store: MemoryStore, feed: FeedId, start: int, count: int) -> object:
        read.append(count)
        return leaves(store, feed, start, count)

    monkeypatch.setattr(MemoryStore, "leaves", counted)
    monkeypatch.setattr(snapshot, "HELD_PAGE", 7)
    with monkeypatch.context() as shut:
        shut.setattr(MemoryStore, "entries", None)
        make = party.node.begin_snapshot()
    assert make is not None
    assert read == []
    assert party.node.put_snapshot(make(partial(snapshot.held_of, party.store)))
    assert max(read) == 7
    logs = (party.setting.journal, *(feed for _, feed in party.setting.feeds))
    assert sum(read) == sum(party.store.size(feed) for feed in logs)
    monkeypatch.undo()
    assert is_used(world)


def test_nod_040_what_is_recorded_while_it_is_made_is_read_after_it() -> None:
    world = busy()
    party = world.parties[ALPHA]
    make = party.node.begin_snapshot()
    assert make is not None
    world.settle(ALPHA, roz("roz-later"))
    made = make(partial(snapshot.held_of, party.store))
    world.settle(ALPHA, roz("roz-latest", BRAVO))
    live = world.state(ALPHA)
    assert party.node.put_snapshot(made)
    party.start()
    assert is_used(world)
    assert world.state(ALPHA) == live


@pytest.mark.parametrize("fault", Fault)
def test_nod_190_none_is_kept_of_a_memory_that_is_not_what_the_store_holds(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit fails and the store cannot be read: the logs have grown, what is known has not."""
    plan: dict[int, Fault] = {}

    def store(party: PartyId) -> Store:
        inner = MemoryStore()
        return FaultyStore(inner, plan.get) if party == ALPHA else inner

    def unread(*_asked: object) -> NoReturn:
        raise Unavailable("the disk does not answer")

    world = World(store=store)
    world.settle(ALPHA, roz("roz-1", BRAVO))
    party = world.parties[ALPHA]
    assert isinstance(party.store, FaultyStore)
    plan[party.store.commits] = fault
    with monkeypatch.context() as away:
        away.setattr("crosstell.shell.node.rebuild", unread)
        assert "does not answer" in (world.act(ALPHA, roz("roz-2", BRAVO)).fault or "")
    assert not party.node.keep_snapshot()
    party.start()
    expected = {"roz-1"} if fault is Fault.FAILS else {"roz-1", "roz-2"}
    assert set(world.state(ALPHA).own.notices) == expected
    assert party.node.keep_snapshot()


def test_nod_191_each_row_is_written_by_itself() -> None:
    """Text that is written in one go holds every other thread of the node's process meanwhile."""
    state = busy().state(ALPHA)
    ((name, track),) = state.journal.tracks.items()
    many = {TrackId(f"{name}-{number}"): track for number in range(50)}
    wide = replace(state, journal=replace(state.journal, tracks=many))
    one, all_of_them = (
        list(snapshot.Begun(state=each, bound={"version": 0}, sizes={})._pieces({}))
        for each in (state, wide)
    )
    document = json.loads("".join(all_of_them))
    assert [row[0] for row in document["journal"]["tracks"]] == list(many)
    assert set(document["feeds"]) == {ALPHA, BRAVO}
    assert len(all_of_them) == len(one) + 49
    assert max(map(len, all_of_them)) <= max(map(len, one)) + len("-49,")


class Mood(StrEnum):
    """A closed set."""

    CALM = "calm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """A value as an older version had it."""

    name: str
    wait_s: float
    mood: Mood


def test_nod_041_whatever_decides_how_a_value_is_written_is_in_its_description() -> None:
    renamed = make_dataclass("Old", [("title", str), ("wait_s", float), ("mood", Mood)])
    shorter = make_dataclass("Old", [("name", str), ("wait_s", float)])
    milder = StrEnum("milder", {"CALM": "calm", "MILD": "mild"})
    wider = make_dataclass("Old", [("name", str), ("wait_s", float), ("mood", milder)])
    found = [described(kind) for kind in (Old, renamed, shorter, wider)]
    assert len(set(found)) == 4
    assert "wait_ms: ms" in found[0]
