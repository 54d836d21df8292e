"""A feed entry by entry: each rule broken once."""

from dataclasses import replace

import pytest
from record_keys import START_MS, TestFeed, TestKey, verifier_of

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Body, Entry, Head, Header, HybridTime, parse, seal
from crosstell.core.record.feed import FeedHead, Rule, RuleBroken, check_heads, extend
from crosstell.core.record.tree import nodes_of, root_of

HASH = "ab" * 32


def feed_of_three() -> TestFeed:
    feed = TestFeed("alpha-1")
    feed.add(b"one", heads=[Head(feed=FeedId("bravo-1"), size=5, root=HASH)])
    feed.add(b"two")
    return feed


def broken(head: FeedHead | None, leaf: bytes, *, body: Body | None = None) -> RuleBroken:
    """The refusal of `leaf`."""
    with pytest.raises(RuleBroken) as caught:
        extend(head, leaf, verifier_of, body=body)
    return caught.value


def next_leaf(of: TestFeed, **change: object) -> bytes:
    """The next entry with its header changed, correctly signed."""
    entry, _ = of.draft(b"three")
    return seal(replace(entry.header, **change), of.online).leaf  # type: ignore[arg-type]


def test_a_feed_is_verified_entry_by_entry() -> None:
    """REC-050: size, root, last hash, time, heads and keys are all carried."""
    feed = feed_of_three()
    head = feed.head
    assert (head.feed, head.size) == ("alpha-1", 3)
    assert head.tree.root() == root_of(3, nodes_of([entry.hash for entry in feed.entries]))
    assert head.as_head() == Head(feed=FeedId("alpha-1"), size=3, root=head.tree.root().hex())
    assert head.last_hash == feed.entries[2].hash.hex()
    assert head.hlc == feed.entries[2].header.hlc
    assert head.heads == (Head(feed=FeedId("bravo-1"), size=5, root=HASH),)
    assert head.checkpoint().text().startswith("crosstell/alpha-1\n3\n")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"feed": "alpha-2"}, Rule.FEED),  # REC-051
        ({"seq": 4}, Rule.NUMBER),  # REC-051
        ({"seq": 2}, Rule.NUMBER),  # REC-051
        ({"prev": HASH}, Rule.PREVIOUS),  # REC-052
        ({"hlc": HybridTime(ms=START_MS + 2000)}, Rule.TIME),  # REC-053: equal is not later
        ({"hlc": HybridTime(ms=0)}, Rule.TIME),  # REC-053
        ({"heads": (Head(feed=FeedId("bravo-1"), size=4, root=HASH),)}, Rule.HEADS),  # REC-054
        ({"heads": (Head(feed=FeedId("bravo-1"), size=5, root="cd" * 32),)}, Rule.HEADS),
        ({"type": "founding"}, Rule.KEYS),  # REC-040: only entry 0 founds
        ({"type": "resume"}, Rule.KEYS),
        ({"type": "key"}, Rule.KEYS),  # REC-057: without its body
        ({"type": "revoke"}, Rule.KEYS),
    ],
)
def test_each_rule_is_named_with_its_place(change: dict[str, object], rule: Rule) -> None:
    """REC-050: correctly signed, and still refused."""
    feed = feed_of_three()
    leaf = next_leaf(feed, **change)
    refusal = broken(feed.head, leaf)
    assert refusal.rule is rule
    assert refusal.seq == parse(leaf).header.seq
    assert refusal.evidence == leaf
    assert f"entry {refusal.seq} of feed" in str(refusal)
    assert f"(rule: {rule})" in str(refusal)


def test_what_does_not_change_heads_is_allowed() -> None:
    """REC-054: the same, a larger, another feed, or none."""
    feed = feed_of_three()
    for heads in (
        (),
        (Head(feed=FeedId("bravo-1"), size=5, root=HASH),),
        (Head(feed=FeedId("bravo-1"), size=6, root="cd" * 32),),
        (Head(feed=FeedId("delta-1"), size=1, root=HASH),),
    ):
        head = extend(feed.head, next_leaf(feed, heads=heads), verifier_of)
        latest = {each.feed: each for each in (*feed.head.heads, *heads)}
        assert head.heads == tuple(latest[name] for name in sorted(latest))


def test_an_entry_must_be_signed_by_the_key_valid_there() -> None:
    """REC-056: not by a stranger, nor by the party's other keys."""
    feed = feed_of_three()
    entry, _ = feed.draft(b"three")
    for other in (TestKey("thief"), feed.cosigner, feed.root):
        refusal = broken(feed.head, seal(entry.header, other).leaf)
        assert refusal.rule is Rule.KEYS
        assert "not by the key valid there" in str(refusal)


def test_a_key_that_was_replaced_signs_nothing_more() -> None:
    """REC-042, REC-056: from the entry after the `key` entry on."""
    feed = feed_of_three()
    old = feed.online
    feed.rotate("alpha-1 second")
    entry, body = feed.draft(b"four", signer=old)
    assert broken(feed.head, entry.leaf).rule is Rule.KEYS
    feed.take(*feed.draft(b"four"))
    assert body.content == b"four"


def test_what_the_author_did_not_sign_is_refused_for_that_alone() -> None:
    """REC-050: a forger cannot make a party seem to break another rule."""
    feed = feed_of_three()
    entry, _ = feed.draft(b"three")
    forged = replace(entry.header, prev=HASH, hlc=HybridTime(ms=0), heads=())
    assert broken(feed.head, seal(forged, TestKey("thief")).leaf).rule is Rule.KEYS


def test_other_bytes_are_refused_with_the_number_they_came_for() -> None:
    """REC-050: form comes first."""
    feed = feed_of_three()
    refusal = broken(feed.head, b"\x00" * 100)
    assert (refusal.rule, refusal.seq) == (Rule.FORM, 3)
    assert broken(None, b"").seq == 0


def test_a_feed_begins_with_its_founding() -> None:
    """REC-040: nothing else comes first, and a founding does not come twice."""
    feed = feed_of_three()
    assert broken(None, feed.entries[1].leaf).rule is Rule.NUMBER
    body = Body(salt=bytes(16), content=b"{}")
    header = Header(
        feed=FeedId("alpha-1"),
        seq=0,
        prev="",
        hlc=HybridTime(ms=1),
        type="call",
        body=body.commitment(),
    )
    assert broken(None, seal(header, feed.online).leaf, body=body).rule is Rule.KEYS
    again = broken(feed.head, feed.entries[0].leaf, body=feed.bodies[0])
    assert again.rule is Rule.NUMBER


def test_heads_are_compared_with_what_is_held() -> None:
    """REC-055: a difference is refused; what is not held yet waits for `check_heads`."""
    alpha, bravo = TestFeed("alpha-1"), TestFeed("bravo-1")
    bravo.add(b"one")
    entry, body = alpha.draft(b"one", heads=[bravo.head.as_head()])
    roots = {2: bravo.head.tree.root()}

    def held(feed: FeedId, size: int) -> bytes | None:
        return roots.get(size) if feed == "bravo-1" else None

    def other(feed: FeedId, size: int) -> bytes | None:
        return bytes(32) if (feed, size) == ("bravo-1", 2) else None

    assert extend(alpha.head, entry.leaf, verifier_of, body=body, root_at=held).size == 2
    roots.clear()
    assert extend(alpha.head, entry.leaf, verifier_of, root_at=held).size == 2
    with pytest.raises(RuleBroken) as caught:
        extend(alpha.head, entry.leaf, verifier_of, root_at=other)
    assert caught.value.rule is Rule.HEADS
    with pytest.raises(RuleBroken, match="compare the two branches"):
        check_heads(entry, other)


def test_a_forked_feed_is_refused_at_the_number_both_share() -> None:
    """REC-050, REC-051: the message says to keep both."""
    feed = feed_of_three()
    one, body = feed.draft(b"one branch")
    two, _ = feed.draft(b"another")
    feed.take(one, body)
    refusal = broken(feed.head, two.leaf)
    assert refusal.rule is Rule.NUMBER
    assert "fork" in str(refusal)


def test_bodies_of_other_entries_are_not_looked_at() -> None:
    """REC-005, REC-057: an erased body leaves the feed as verifiable as before."""
    feed = feed_of_three()
    head: FeedHead | None = None
    for entry, body in zip(feed.entries, feed.bodies, strict=True):
        key_entry = entry.header.type == "founding"
        head = extend(head, entry.leaf, verifier_of, body=body if key_entry else None)
    assert head == feed.head


def test_the_next_header_follows() -> None:
    """REC-051 to REC-053: what the writer builds is what the verifier accepts."""
    feed = feed_of_three()
    header = feed.head.next_header(
        kind="call",
        body=HASH,
        hlc=feed.head.hlc.next(wall_ms=0),
        heads=(
            Head(feed=FeedId("delta-1"), size=1, root=HASH),
            Head(feed=FeedId("bravo-1"), size=5, root=HASH),
        ),
        to=(FeedId("delta-1"), FeedId("bravo-1")),
    )
    entry: Entry = seal(header, feed.online)
    assert extend(feed.head, entry.leaf, verifier_of).size == 4
    assert [head.feed for head in header.heads] == ["bravo-1", "delta-1"]
    assert isinstance(broken(feed.head, feed.entries[0].leaf), PartyError)
