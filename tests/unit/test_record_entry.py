"""One entry: its bytes, what they cover, and what is refused."""

import hashlib
from dataclasses import replace

import pytest
from record_keys import START_MS, TestFeed, TestKey, verifier_of

from crosstell.core.errors import PartyError
from crosstell.core.ids import EntryRef, FeedId
from crosstell.core.record import canonical
from crosstell.core.record.entry import (
    ENTRY_TAG,
    Body,
    Head,
    Header,
    HybridTime,
    check_body,
    parse,
    seal,
)

KEY = TestKey("alpha-1 online")
HASH = "ab" * 32
BODY = Body(salt=bytes(range(16)), content=b'{"text":"hello"}')
HEADER = Header(
    feed=FeedId("alpha-1"),
    seq=7,
    prev=HASH,
    hlc=HybridTime(ms=START_MS, counter=2),
    heads=(
        Head(feed=FeedId("bravo-1"), size=3, root=HASH),
        Head(feed=FeedId("delta-1"), size=1, root=HASH),
    ),
    type="call",
    to=(FeedId("bravo-1"),),
    body=BODY.commitment(),
)


def test_a_leaf_is_a_signature_and_a_canonical_header() -> None:
    """REC-003, REC-006: written out by hand."""
    entry = seal(HEADER, KEY)
    header = (
        '{"body":"' + BODY.commitment() + '","feed":"alpha-1","heads":{"bravo-1":[3,"' + HASH + '"]'
        ',"delta-1":[1,"' + HASH + '"]},"hlc":[1696480000000,2],"prev":"' + HASH + '","seq":7,'
        '"to":["bravo-1"],"type":"call","v":1}'
    ).encode()
    assert entry.leaf[64:] == header
    assert entry.hash == hashlib.sha256(b"\x00" + entry.leaf).digest()
    assert entry.ref == EntryRef(feed=FeedId("alpha-1"), seq=7, hash=entry.hash.hex())
    assert parse(entry.leaf) == entry


def test_a_signature_fits_its_header_and_tag_alone() -> None:
    """REC-004: not another number, feed or key, nor the bare header."""
    entry = seal(HEADER, KEY)
    entry.check_signature(verifier_of(KEY.public_key()))
    with pytest.raises(PartyError, match="not by the key"):
        entry.check_signature(verifier_of(TestKey("another").public_key()))
    for other in (replace(HEADER, seq=8), replace(HEADER, feed=FeedId("alpha-2"))):
        moved = parse(entry.signature + other.encode())
        with pytest.raises(PartyError, match="not by the key"):
            moved.check_signature(verifier_of(KEY.public_key()))
    assert not verifier_of(KEY.public_key()).verify(HEADER.encode(), entry.signature)
    assert ENTRY_TAG.endswith(b"\x00")  # no note text holds a zero byte


def test_a_body_is_committed_to_with_its_salt() -> None:
    """REC-005: computed by hand; another salt or body is refused; the leaf holds neither."""
    expected = hashlib.sha256(b"body\x00" + BODY.salt + BODY.content).hexdigest()
    assert BODY.commitment() == expected
    entry = seal(HEADER, KEY)
    check_body(entry, BODY)
    for wrong in (
        Body(salt=bytes(16), content=BODY.content),
        Body(salt=BODY.salt, content=BODY.content + b" "),
        Body(salt=BODY.salt, content=b""),
    ):
        with pytest.raises(PartyError, match="not the one it commits to"):
            check_body(entry, wrong)
    assert BODY.content not in entry.leaf
    assert BODY.salt not in entry.leaf
    with pytest.raises(ValueError, match="16"):
        Body(salt=b"short", content=b"")


@pytest.mark.parametrize(
    "change",
    [
        {"feed": "no spaces"},
        {"type": ""},
        {"body": HASH.upper()},
        {"body": HASH[:-1]},
        {"prev": ""},
        {"prev": "x" * 64},
        {"seq": 0},
        {"seq": -1},
        {"seq": 2**53},
        {"heads": tuple(reversed(HEADER.heads))},
        {"heads": (HEADER.heads[0], HEADER.heads[0])},
        {"heads": (Head(feed=FeedId("alpha-1"), size=1, root=HASH),)},
        {"heads": tuple(Head(feed=FeedId(f"f{n:02}"), size=1, root=HASH) for n in range(65))},
        {"to": ("b", "a")},
        {"to": ("a", "a")},
        {"to": ("no spaces",)},
        {"to": tuple(f"f{n:02}" for n in range(65))},
    ],
)
def test_headers_that_no_verifier_would_accept_are_refused(change: dict[str, object]) -> None:
    """REC-006, REC-007."""
    with pytest.raises(ValueError, match=r"entry|feed|id"):
        replace(HEADER, **change)  # type: ignore[arg-type]


def test_heads_have_a_size_and_a_root() -> None:
    """REC-007."""
    for size, root in ((0, HASH), (-1, HASH), (2**53, HASH), (1, "")):
        with pytest.raises(ValueError, match="head of bravo-1"):
            Head(feed=FeedId("bravo-1"), size=size, root=root)


def _document(**change: object) -> bytes:
    value = canonical.decode(HEADER.encode())
    assert isinstance(value, dict)
    return canonical.encode({**value, **change})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b"[]",
        _document(more=1),
        _document(v=2),
        _document(v="1"),
        _document(seq="7"),
        _document(hlc=[1]),
        _document(hlc=[1, -1]),
        _document(hlc="12"),
        _document(heads=[]),
        _document(heads={"bravo-1": [1]}),
        _document(heads={"bravo-1": [0, HASH]}),
        _document(heads={"bravo-1": [1, 2]}),
        _document(heads={"": [1, HASH]}),
        _document(to="bravo-1"),
        _document(to=[1]),
        _document(to=["b", "a"]),
        _document(body=1),
        HEADER.encode() + b" ",
        HEADER.encode().replace(b'"v":1', b'"v":1.0'),
    ],
)
def test_leaves_with_another_header_are_refused(header: bytes) -> None:
    """REC-003, REC-007: with the leaf as evidence."""
    with pytest.raises(PartyError, match="entry header") as caught:
        parse(bytes(64) + header)
    assert caught.value.evidence


def test_a_leaf_is_neither_short_nor_longer_than_a_bundle_takes() -> None:
    """REC-008."""
    for leaf in (b"", bytes(64), bytes(65_536)):
        with pytest.raises(PartyError, match="a leaf of"):
            parse(leaf)
    names = [f"f{n:02}".ljust(64, "x") for n in range(64)]
    full = replace(
        HEADER,
        heads=tuple(Head(feed=FeedId(name), size=2**53 - 1, root=HASH) for name in names),
        to=tuple(FeedId(name) for name in names),
    )
    assert len(seal(full, KEY).leaf) < 65_535


def test_the_next_time_is_after_all_that_was_seen() -> None:
    """REC-009: the wall where it is later, else one more on the counter."""
    last = HybridTime(ms=1000, counter=5)
    assert last.next(wall_ms=1001) == HybridTime(ms=1001)
    assert last.next(wall_ms=1000) == HybridTime(ms=1000, counter=6)
    assert last.next(wall_ms=0) == HybridTime(ms=1000, counter=6)
    seen = HybridTime(ms=2000, counter=9)
    assert last.next(wall_ms=1500, seen=(seen,)) == HybridTime(ms=2000, counter=10)
    assert last.next(wall_ms=2001, seen=(seen,)) == HybridTime(ms=2001)
    ahead = HybridTime(ms=61_500, counter=1)
    assert last.next(wall_ms=1500, seen=(ahead,)) == HybridTime(ms=61_500, counter=2)
    assert last.next(wall_ms=1499, seen=(ahead, seen)) == HybridTime(ms=2000, counter=10)
    for wrong in ({"ms": -1}, {"ms": 2**53}, {"ms": 0, "counter": -1}):
        with pytest.raises(ValueError, match="hybrid time"):
            HybridTime(**wrong)


def test_a_feed_of_entries_links_by_leaf_hash() -> None:
    """REC-006: `prev` is the hash in the tree."""
    feed = TestFeed("alpha-1")
    feed.add(b"one")
    feed.add(b"two")
    first, second, third = feed.entries
    assert first.header.prev == ""
    assert second.header.prev == hashlib.sha256(b"\x00" + first.leaf).hexdigest()
    assert third.header.prev == hashlib.sha256(b"\x00" + second.leaf).hexdigest()
