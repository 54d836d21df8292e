"""One suite for every store: what is durable, what is refused, what a failed write leaves.

Proves STO-001 to STO-011 and STO-020 to STO-023.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.errors import CallerError, Fatal, Unavailable
from crosstell.core.ids import FeedId
from crosstell.shell.store import (
    Batch,
    Erase,
    MemoryStore,
    Put,
    SqliteStore,
    Store,
    StoredEntry,
)
from crosstell.sim.faulty_store import Fault, FaultyStore

ALPHA, BETA, JOURNAL = FeedId("alpha"), FeedId("beta"), FeedId("journal")

Reopen = Callable[[Store | None], Store]
"""Closes the store, if given, and opens what is durable."""


@pytest.fixture(params=["memory", "sqlite"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopen]:
    """Opens the one store of this test, again and again, on each back end."""
    opened: list[Store] = []
    memory = MemoryStore()

    def open_memory(store: Store | None) -> Store:
        if store is not None:
            store.close()
        return memory

    def open_sqlite(store: Store | None) -> Store:
        if store is not None:
            store.close()
        opened.append(SqliteStore.open(tmp_path / "node.store"))
        return opened[-1]

    yield open_memory if request.param == "memory" else open_sqlite
    for store in opened:
        store.close()


@pytest.fixture
def store(reopen: Reopen) -> Store:
    return reopen(None)


def row(feed: FeedId, seq: int, *, body: bytes | None = b"{}") -> StoredEntry:
    salt = None if body is None else bytes([seq]) * 16
    return StoredEntry(feed=feed, seq=seq, leaf=f"{feed} {seq}".encode(), salt=salt, body=body)


def contents(store: Store) -> tuple[object, ...]:
    """Everything a store holds, for comparison."""
    return (
        tuple((feed, tuple(store.entries(feed))) for feed in store.feeds()),
        store.blobs(""),
    )


FIRST = Batch(
    entries=(row(ALPHA, 0), row(JOURNAL, 0), row(ALPHA, 1)),
    puts=(Put(name="checkpoint/alpha", value=b"2"), Put(name="high-water", value=b"1")),
)


def test_commit_is_durable_on_return(reopen: Reopen, store: Store) -> None:
    """STO-001."""
    store.commit(FIRST)
    again = reopen(store)
    assert tuple(again.entries(ALPHA)) == (row(ALPHA, 0), row(ALPHA, 1))
    assert tuple(again.entries(JOURNAL)) == (row(JOURNAL, 0),)
    assert again.blob("checkpoint/alpha") == b"2"
    assert again.integrity() == ()


def test_an_empty_store_says_so(store: Store) -> None:
    assert (store.size(ALPHA), store.feeds(), store.blob("x"), store.blobs("")) == (0, (), None, ())
    assert list(store.entries(ALPHA)) == []


def test_lists_are_sorted_and_pages_follow_numbers(store: Store) -> None:
    """STO-020, STO-021, STO-280."""
    store.commit(
        Batch(
            entries=(*(row(BETA, seq) for seq in range(5)), row(ALPHA, 0)),
            puts=tuple(Put(name=name, value=b"") for name in ("b/2", "a%", "b/1", "ab", "b_1")),
        )
    )
    assert store.feeds() == (ALPHA, BETA)
    assert [put.name for put in store.blobs("")] == ["a%", "ab", "b/1", "b/2", "b_1"]
    assert [put.name for put in store.blobs("b/")] == ["b/1", "b/2"]
    assert [put.name for put in store.blobs("b/", "b/1")] == ["b/2"]
    assert [put.name for put in store.blobs("", "a%", 2)] == ["ab", "b/1"]
    assert store.blobs("b/", "b/2") == store.blobs("b/", "", 0) == ()
    assert [entry.seq for entry in store.entries(BETA, 1, 3)] == [1, 2, 3]
    assert [entry.seq for entry in store.entries(BETA, 3)] == [3, 4]
    assert [entry.seq for entry in store.entries(BETA, 4, 9)] == [4]
    assert list(store.entries(BETA, 5)) == []


def test_leaves_are_those_of_the_entries(store: Store) -> None:
    """STO-023: a leaf without its body, not yet come or erased, says so."""
    rows = [row(BETA, seq, body=None if seq == 2 else b"{}") for seq in range(5)]
    store.commit(Batch(entries=tuple(rows), erasures=(Erase(feed=BETA, seq=3),)))
    found = [(one.leaf, one.seq not in {2, 3}) for one in rows]
    assert list(store.leaves(BETA)) == found
    assert list(store.leaves(BETA, 1, 3)) == found[1:4]
    assert list(store.leaves(BETA, 4, 9)) == found[4:]
    assert list(store.leaves(BETA, 5)) == list(store.leaves(ALPHA)) == []


def test_arrivals_keep_their_order_and_numbers(reopen: Reopen, store: Store) -> None:
    """STO-022: over feeds, batches, repeats, late bodies and a restart."""
    store.commit(FIRST)
    late = row(BETA, 0, body=None)
    store.commit(Batch(entries=(late, row(ALPHA, 1))))
    store.commit(Batch(entries=(row(BETA, 0), row(ALPHA, 2))))
    expected = [
        (1, row(ALPHA, 0)),
        (2, row(JOURNAL, 0)),
        (3, row(ALPHA, 1)),
        (4, row(BETA, 0)),
        (5, row(ALPHA, 2)),
    ]
    for again in (False, True):
        held = reopen(store) if again else store
        assert list(held.arrivals()) == expected
        assert list(held.arrivals(after=2, count=2)) == expected[2:4]
        assert list(held.arrivals(after=5)) == []
        assert list(held.arrivals(after=9, count=4)) == []
        assert held.last_arrival() == 5


def test_arrivals_hold_more_than_one_page(store: Store) -> None:
    """STO-022: a page is a thousand rows."""
    rows = [StoredEntry(feed=ALPHA, seq=number, leaf=b"leaf") for number in range(2_100)]
    store.commit(Batch(entries=tuple(rows)))
    assert list(store.arrivals(after=900)) == list(enumerate(rows, 1))[900:]


def test_pages_hold_more_than_one_read(store: Store) -> None:
    """STO-021: a feed longer than one internal page comes whole and in order."""
    many = tuple(StoredEntry(feed=ALPHA, seq=seq, leaf=str(seq).encode()) for seq in range(2_300))
    store.commit(Batch(entries=many))
    assert tuple(store.entries(ALPHA)) == many
    assert tuple(store.entries(ALPHA, 990, 1_100)) == many[990:2_090]


REFUSED = {
    "gap at the start": Batch(entries=(row(BETA, 1),)),
    "gap behind what is held": Batch(entries=(row(ALPHA, 3),)),
    "gap inside the batch": Batch(entries=(row(ALPHA, 2), row(ALPHA, 4))),
    "other leaf": Batch(entries=(StoredEntry(feed=ALPHA, seq=1, leaf=b"other"),)),
    "other body": Batch(entries=(row(ALPHA, 1, body=b"other"),)),
    "other salt": Batch(
        entries=(StoredEntry(feed=ALPHA, seq=1, leaf=b"alpha 1", salt=b"s", body=b"{}"),)
    ),
    "other leaf inside the batch": Batch(
        entries=(row(ALPHA, 2), StoredEntry(feed=ALPHA, seq=2, leaf=b"other"))
    ),
    "erasure of a row not held": Batch(erasures=(Erase(feed=ALPHA, seq=2),)),
    "erasure in a feed not held": Batch(erasures=(Erase(feed=BETA, seq=0),)),
    "erasure below 0": Batch(erasures=(Erase(feed=ALPHA, seq=-1),)),
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused_batches_leave_nothing(reopen: Reopen, store: Store, why: str) -> None:
    """STO-002, STO-004, STO-005: refused as fatal with all that came beside it."""
    store.commit(FIRST)
    before = contents(store)
    bad = REFUSED[why]
    beside = Batch(
        entries=(row(JOURNAL, 1), *bad.entries),
        puts=(Put(name="high-water", value=b"9"),),
        erasures=(Erase(feed=ALPHA, seq=0), *bad.erasures),
    )
    with pytest.raises(Fatal, match="nothing was written"):
        store.commit(beside)
    assert contents(store) == before
    assert contents(reopen(store)) == before


def test_the_identical_row_changes_nothing(store: Store) -> None:
    """STO-006: delivery repeats; a bare row for one with a body keeps the body."""
    store.commit(FIRST)
    before = contents(store)
    store.commit(FIRST)
    store.commit(Batch(entries=(row(ALPHA, 0, body=None), row(ALPHA, 1), row(ALPHA, 0))))
    assert contents(store) == before


def test_a_body_may_come_after_its_leaf(reopen: Reopen, store: Store) -> None:
    """STO-007."""
    store.commit(Batch(entries=(row(ALPHA, 0, body=None), row(ALPHA, 1, body=None))))
    store.commit(Batch(entries=(row(ALPHA, 0), row(ALPHA, 2))))
    held = tuple(reopen(store).entries(ALPHA))
    assert held == (row(ALPHA, 0), row(ALPHA, 1, body=None), row(ALPHA, 2))


def test_an_erased_body_never_comes_back(reopen: Reopen, store: Store) -> None:
    """STO-008."""
    store.commit(FIRST)
    store.commit(Batch(entries=(row(ALPHA, 2),), erasures=(Erase(feed=ALPHA, seq=0),)))
    store.commit(Batch(erasures=(Erase(feed=ALPHA, seq=0), Erase(feed=ALPHA, seq=2))))
    store.commit(Batch(entries=(row(ALPHA, 0), row(ALPHA, 2))))
    held = tuple(reopen(store).entries(ALPHA))
    assert held == (row(ALPHA, 0, body=None), row(ALPHA, 1), row(ALPHA, 2, body=None))


def test_a_body_erased_before_it_came_is_refused_quietly(store: Store) -> None:
    """STO-008: erasing a row held without a body still keeps the body out."""
    store.commit(Batch(entries=(row(ALPHA, 0, body=None),)))
    store.commit(Batch(erasures=(Erase(feed=ALPHA, seq=0),)))
    store.commit(Batch(entries=(row(ALPHA, 0),)))
    assert next(store.entries(ALPHA)).body is None


def test_named_values_are_replaced_whole(reopen: Reopen, store: Store) -> None:
    """STO-009."""
    store.commit(FIRST)
    store.commit(Batch(puts=(Put(name="high-water", value=b""),)))
    again = reopen(store)
    assert again.blob("high-water") == b""
    assert again.blob("checkpoint/alpha") == b"2"


WRITES = {
    "own entry": Batch(entries=(row(ALPHA, 2),)),
    "several feeds": Batch(entries=(row(ALPHA, 2), row(BETA, 0), row(JOURNAL, 1))),
    "entry and checkpoint": Batch(
        entries=(row(ALPHA, 2),), puts=(Put(name="checkpoint/alpha", value=b"3"),)
    ),
    "named value": Batch(puts=(Put(name="high-water", value=b"2"),)),
    "late body": Batch(entries=(row(BETA, 0, body=None), row(BETA, 0))),
    "erasure": Batch(erasures=(Erase(feed=ALPHA, seq=0),)),
    "erasure with its entry": Batch(entries=(row(ALPHA, 2),), erasures=(Erase(feed=ALPHA, seq=1),)),
    "nothing new": FIRST,
}
# What is durable after the failed write: nothing of it, or all of it.
PROGRESS = {Fault.FAILS: "before", Fault.FAILS_BUT_PERSISTS: "after"}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("fault", Fault)
def test_failed_writes(reopen: Reopen, store: Store, write: str, fault: Fault) -> None:
    """STO-002, STO-003, STO-011: every kind of write, failing each way, with its progress."""
    store.commit(FIRST)
    states = {"before": contents(store)}
    twin = MemoryStore()
    for batch in (FIRST, WRITES[write]):
        twin.commit(batch)
    states["after"] = contents(twin)
    failing = FaultyStore(store, {0: fault}.get)
    with pytest.raises(Unavailable, match=r"which of both is not known.*reads the store again"):
        failing.commit(WRITES[write])
    durable = reopen(store)
    assert contents(durable) == states[PROGRESS[fault]]
    durable.commit(WRITES[write])
    assert contents(durable) == states["after"]
    assert failing.commits == 1


def test_a_plan_spares_the_writes_it_does_not_name(store: Store) -> None:
    failing = FaultyStore(store, {1: Fault.FAILS}.get)
    failing.commit(FIRST)
    with pytest.raises(Unavailable):
        failing.commit(WRITES["own entry"])
    failing.commit(WRITES["own entry"])
    assert failing.size(ALPHA) == 3
    assert contents(failing) == contents(store)
    assert failing.blob("high-water") == b"1"
    assert failing.integrity() == ()
    failing.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: StoredEntry(feed=FeedId(""), seq=0, leaf=b"x"), "feed ''"),
        (lambda: StoredEntry(feed=FeedId("a b"), seq=0, leaf=b"x"), "no spaces"),
        (lambda: StoredEntry(feed=ALPHA, seq=-1, leaf=b"x"), "below 0"),
        (lambda: StoredEntry(feed=ALPHA, seq=0, leaf=b""), "1 to 65535"),
        (lambda: StoredEntry(feed=ALPHA, seq=0, leaf=bytes(65_536)), "1 to 65535"),
        (lambda: StoredEntry(feed=ALPHA, seq=0, leaf=b"x", salt=b"s"), "together"),
        (lambda: StoredEntry(feed=ALPHA, seq=0, leaf=b"x", body=b"{}"), "together"),
        (
            lambda: StoredEntry(feed=ALPHA, seq=0, leaf=b"x", salt=b"s", body=bytes(250_001)),
            "at most 250000",
        ),
        (lambda: Put(name="a\n", value=b""), "no spaces"),
        (lambda: Put(name="a", value=bytes(2**24 + 1)), "at most 16777216"),
        (lambda: Batch(puts=(Put(name="a", value=b"1"), Put(name="a", value=b"2"))), "twice"),
    ],
)
def test_rows_nobody_could_hold(make: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


# An oracle written apart from admission.py: a feed is a list of [leaf, salt, body, erased].
Oracle = dict[FeedId, list[list[bytes | str | None]]]


def oracle_add(lines: list[list[bytes | str | None]], entry: StoredEntry) -> bool:
    """Whether `entry` may stand in these lines; if so, it does."""
    if entry.seq == len(lines):
        lines.append([entry.leaf, entry.salt, entry.body, ""])
    if entry.seq >= len(lines) or lines[entry.seq][0] != entry.leaf:
        return False
    line = lines[entry.seq]
    if entry.body is None or line[3] == "erased":
        return True
    if line[2] is not None and line[1:3] != [entry.salt, entry.body]:
        return False
    line[1:3] = [entry.salt, entry.body]
    return True


def oracle_commit(held: Oracle, batch: Batch) -> Oracle | None:
    """The feeds after `batch`, or None if it must be refused."""
    feeds: Oracle = {feed: [list(line) for line in lines] for feed, lines in held.items()}
    for entry in batch.entries:
        if not oracle_add(feeds.setdefault(entry.feed, []), entry):
            return None
    for erasure in batch.erasures:
        if erasure.seq >= len(feeds.get(erasure.feed, [])):
            return None
        feeds[erasure.feed][erasure.seq][1:] = [None, None, "erased"]
    return {feed: lines for feed, lines in feeds.items() if lines}


FEEDS = st.sampled_from([ALPHA, BETA])
SEQS = st.integers(0, 3)
BODIES = st.sampled_from([None, b"one", b"one", b"two"])
ROWS = st.builds(
    lambda feed, seq, leaf, body: StoredEntry(
        feed=feed, seq=seq, leaf=leaf, salt=None if body is None else b"salt", body=body
    ),
    FEEDS,
    SEQS,
    st.sampled_from([b"leaf", b"leaf", b"leaf", b"other"]),
    BODIES,
)
BATCHES = st.builds(
    lambda entries, erasures: Batch(entries=tuple(entries), erasures=tuple(erasures)),
    st.lists(ROWS, max_size=4),
    st.lists(st.builds(lambda f, s: Erase(feed=f, seq=s), FEEDS, SEQS), max_size=1),
)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(BATCHES, max_size=6))
def test_any_batches_end_as_the_oracle_says(batches: list[Batch]) -> None:
    """STO-002, STO-004 to STO-008, over all short histories, against a plain second definition."""
    store, held = MemoryStore(), Oracle()
    for batch in batches:
        after = oracle_commit(held, batch)
        if after is None:
            with pytest.raises(Fatal):
                store.commit(batch)
        else:
            store.commit(batch)
            held = after
        found = {feed: [[e.leaf, e.salt, e.body] for e in store.entries(feed)] for feed in held}
        assert found == {feed: [line[:3] for line in lines] for feed, lines in held.items()}
        assert store.feeds() == tuple(sorted(held))


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    """STO-010: until the first one closes."""
    first = SqliteStore.open(tmp_path / "node.store")
    first.commit(FIRST)
    with pytest.raises(CallerError, match="another process writes"):
        SqliteStore.open(tmp_path / "node.store")
    reader = SqliteStore.open_read_only(tmp_path / "node.store")
    assert reader.size(ALPHA) == 2
    first.commit(WRITES["own entry"])
    assert reader.size(ALPHA) == 3
    reader.close()
    first.close()
    SqliteStore.open(tmp_path / "node.store").close()
