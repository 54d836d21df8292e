"""What an entry commits to and who committed to it, against a plain look through every log."""

from collections.abc import Iterator
from random import Random

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, World, call, received, roz
from sampling import seeds

from crosstell.codecs import entry_body
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.record.entry import Entry, parse
from crosstell.core.record.note import parse_note
from crosstell.core.record.tree import check_inclusion, leaf_hash
from crosstell.core.state.events import JournalCommitted
from crosstell.shell.api.views import entries as of_entries
from crosstell.shell.api.views.bracketing import NOTES_MAX, Gathered, gathered
from crosstell.shell.log import COMMITS
from crosstell.shell.store.contract import Store
from crosstell.shell.store.memory import MemoryStore
from crosstell.shell.store.names import checkpoint_name
from crosstell.sim.party import Party

NAMES = (ALPHA, BRAVO, CHARLIE)
Logs = dict[FeedId, list[Entry]]


def told(seed: int) -> World:
    """Three parties that spoke for hours, of whom now one and now another heard nothing."""
    random = Random(seed)
    world = World(names=NAMES, seed="three")
    world.sign()
    for number in range(30 if seed else 18):
        author = random.choice(NAMES)
        other = random.choice([name for name in NAMES if name != author])
        world.down = (
            {(random.choice(NAMES), random.choice(NAMES))} if random.random() < 0.4 else set()
        )
        world.act(author, roz(f"roz-{number}", other) if number % 3 else call(f"c-{number}", other))
        if random.random() < 0.7:
            world.deliver()
        if number % 3 == 0 and random.random() < 0.5:
            world.act(other, received(f"c-{number}", author))
        world.pass_time(random.choice((0.0, 5.0, 4_000.0)))
    return world


def entries(store: Store, feed: FeedId) -> list[Entry]:
    return [parse(row.leaf) for row in store.entries(feed)]


def plain_after(logs: Logs, feed: FeedId, seq: int, other: FeedId) -> int:
    """How much of the other feed this entry, or the last before it that says so, names."""
    size = 0
    for entry in logs[feed][: seq + 1]:
        size = next((head.size for head in entry.header.heads if head.feed == other), size)
    return size if size <= len(logs[other]) else 0


def plain_holding(logs: Logs, feed: FeedId, seq: int, other: FeedId) -> tuple[int, int] | None:
    """The first entry of the other feed that names more than that, and how much."""
    for entry in logs[other]:
        for head in entry.header.heads:
            if head.feed == feed and head.size > seq:
                return entry.header.seq, head.size
    return None


def plain_commit(party: Party, seq: int) -> int | None:
    """The first entry of the own feed that states a root of the journal over that entry."""
    for row in party.store.entries(party.setting.feed):
        if parse(row.leaf).header.type == COMMITS and row.body is not None:
            said = entry_body.decode(COMMITS, row.body).body
            assert isinstance(said, JournalCommitted)
            if said.size > seq:
                return row.seq
    return None


def check(party: Party) -> None:
    """Every entry of every log that the party holds."""
    setting, store = party.setting, party.store
    feeds = {name: feed for name, feed in setting.feeds}
    logs = {feed: entries(store, feed) for feed in feeds.values()}
    for feed in feeds.values():
        others = {other: name for name, other in feeds.items() if other != feed}
        for seq in range(store.size(feed)):
            found = gathered(party.node, store, feed, seq)
            assert sizes(found.made_after) == {
                others[other]: (size - 1, size)
                for other in others
                if (size := plain_after(logs, feed, seq, other))
            }
            assert sizes(found.held_by) == {
                others[other]: held
                for other in others
                if (held := plain_holding(logs, feed, seq, other)) is not None
            }
            check_proof(party, feed, seq)
    for seq in range(store.size(setting.journal)):
        committed = gathered(party.node, store, setting.journal, seq).committed
        at = None if committed is None else parse(committed.leaf).header.seq
        assert at == plain_commit(party, seq)


def sizes(found: tuple[object, ...]) -> dict[PartyId, tuple[int, int]]:
    return {one.party: (parse(one.leaf).header.seq, one.size) for one in found}  # type: ignore[attr-defined]


def check_proof(party: Party, feed: FeedId, seq: int) -> None:
    """What is shown proves the entry to whoever has the checkpoint."""
    note = party.store.blob(checkpoint_name(feed))
    if note is None:
        return
    shown = of_entries.proof(seq, parse_note(note), party.node.rebuilt.log(feed))
    if shown is not None:
        (row,) = party.store.entries(feed, seq, 1)
        check_inclusion(
            leaf=leaf_hash(row.leaf),
            index=seq,
            size=shown.size,
            proof=[bytes.fromhex(one) for one in shown.path],
            root=bytes.fromhex(shown.root),
        )


@pytest.fixture(scope="module", params=seeds(2, few=1))
def world(request: pytest.FixtureRequest) -> World:
    return told(request.param)


@pytest.mark.parametrize("start", ["never", "from the logs", "from a snapshot"])
def test_the_order_of_an_entry_is_what_a_look_through_every_log_finds(
    world: World, start: str
) -> None:
    """API-048, API-281: live, after a start, and after a start that read the leaves alone."""
    party = world.parties[ALPHA]
    if start == "from a snapshot":
        assert party.node.keep_snapshot()
    if start != "never":
        party.start()
    check(party)


def test_an_entry_is_shown_without_a_look_through_the_feeds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """API-281: for each other party two entries, and some notes."""
    party, asked = world.parties[ALPHA], 0

    def counting(name: str) -> None:
        real = getattr(MemoryStore, name)

        def counted(store: MemoryStore, *more: object) -> Iterator[object]:
            nonlocal asked
            for one in real(store, *more):
                asked += 1
                yield one

        monkeypatch.setattr(MemoryStore, name, counted)

    for name in ("entries", "blobs"):  # the leaves are read as entries
        counting(name)
    found = gathered(party.node, party.store, party.setting.feed, 3)
    assert isinstance(found, Gathered)
    assert asked <= 2 * (len(NAMES) - 1) + NOTES_MAX
    asked = 0
    journal = party.setting.journal
    assert gathered(party.node, party.store, journal, 0).committed is not None
    assert asked <= party.node.rebuilt.own.size.bit_length()
