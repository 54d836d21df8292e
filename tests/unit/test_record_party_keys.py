"""Founding, rotation, revocation and resumption of a feed's keys."""

from collections.abc import Callable

import pytest
from record_keys import TestFeed, TestKey, salt, verifier_of

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record import canonical
from crosstell.core.record.entry import Body, Head, Header, HybridTime, parse, seal
from crosstell.core.record.feed import RuleBroken, extend, founding_header
from crosstell.core.record.keys import (
    FOUNDING,
    KEY,
    KEY_TAG,
    RESUME,
    REVOKE,
    FeedKeys,
    admit,
    check_resume,
    founding_body,
    revocation_body,
    rotation_body,
)
from crosstell.core.record.signing import to_base64

HASH = "ab" * 32
ALPHA = FeedId("alpha-1")


def found(content: bytes, *, signer: TestKey, kind: str = FOUNDING) -> FeedKeys:
    """The keys of a feed founded with this body."""
    body = Body(salt=salt("founding"), content=content)
    header = founding_header(feed=ALPHA, kind=kind, body=body.commitment(), hlc=HybridTime(ms=1))
    return admit(None, parse(seal(header, signer).leaf), verifier_of, body=body)


def changed(content: bytes, change: Callable[[dict[str, canonical.Json]], None]) -> bytes:
    """The body with its statement changed and its signatures left as they were."""
    value = canonical.decode(content)
    assert isinstance(value, dict)
    statement = dict(value["statement"])
    change(statement)
    return canonical.encode({**value, "statement": statement})


def keys() -> tuple[TestKey, TestKey, TestKey]:
    return TestKey("online"), TestKey("cosign"), TestKey("root")


def body_of(signer: TestKey, cosigner: TestKey, root: TestKey, **more: Head) -> bytes:
    return founding_body(feed=ALPHA, signer=signer, cosigner=cosigner, root=root, **more)


def test_a_founding_states_three_keys() -> None:
    """REC-040."""
    online, cosigner, root = keys()
    stated = found(body_of(online, cosigner, root), signer=online)
    assert stated.feed == ALPHA
    assert stated.root_key == root.public_key()
    assert stated.key_at(0) == stated.key_at(10**9) == online.public_key()
    assert [key.public_key for key in stated.cosigner_keys()] == [cosigner.public_key()]
    assert stated.branch is None


def test_a_founding_that_the_root_did_not_sign_is_refused() -> None:
    """REC-040: feed and every key are covered."""
    online, cosigner, root = keys()
    good = body_of(online, cosigner, root)
    other = TestKey("other")

    def swap(name: str, value: canonical.Json) -> Callable[[dict[str, canonical.Json]], None]:
        return lambda statement: statement.update({name: value})

    for content, signer in (
        (changed(good, swap("key", other.public_key().hex())), other),
        (changed(good, swap("cosign", other.public_key().hex())), online),
        (changed(good, swap("root", other.public_key().hex())), online),
        (changed(good, swap("feed", "alpha-2")), online),
        (changed(good, swap("kind", "resume")), online),
        (changed(good, swap("key", "00")), online),
        (changed(good, swap("key", "00" * 32)), online),
        (good, other),
        (good[:-1], online),
        (b"{}", online),
        (b"x" * 3000, online),
    ):
        with pytest.raises(PartyError, match=r"entry 0 of feed alpha-1"):
            found(content, signer=signer)


@pytest.mark.parametrize("same", [(0, 0, 2), (0, 1, 0), (0, 1, 1)])
def test_one_key_cannot_hold_two_offices(same: tuple[int, int, int]) -> None:
    """REC-041."""
    three = keys()
    online, cosigner, root = (three[n] for n in same)
    with pytest.raises(PartyError, match="must all differ"):
        found(body_of(online, cosigner, root), signer=online)


def test_the_cosigning_key_proves_itself() -> None:
    """REC-046: a party cannot found its feed with another's cosigning key."""
    online, cosigner, root = keys()
    value = canonical.decode(body_of(online, cosigner, root))
    assert isinstance(value, dict)
    message = KEY_TAG + canonical.encode(value["statement"])
    stolen = {**value, "cosign": to_base64(root.sign(message))}
    with pytest.raises(PartyError, match="cosign signature"):
        found(canonical.encode(stolen), signer=online)
    short = {**value, "cosign": to_base64(b"short")}
    with pytest.raises(PartyError, match="64 bytes"):
        found(canonical.encode(short), signer=online)


def test_a_key_that_was_revoked_before_its_first_entry_may_have_signed_a_checkpoint() -> None:
    """REC-042: rotated, a checkpoint signed, revoked: the checkpoint is a true one for ever."""
    feed = TestFeed("alpha-1")
    first = feed.online.public_key()
    feed.add(b"one")
    feed.rotate("second")
    feed.revoke("third", from_seq=1)
    keys = {size: [key.public_key for key in feed.head.keys.log_keys_at(size)] for size in (2, 3)}
    second, third = (TestKey(f"{name} online").public_key() for name in ("second", "third"))
    assert keys == {2: [first], 3: [third, second]}


def test_a_key_entry_hands_over_from_the_next_entry() -> None:
    """REC-042."""
    feed = TestFeed("alpha-1")
    first = feed.online
    feed.add(b"one")
    entry = feed.rotate("second")
    assert entry.header.seq == 2
    assert feed.head.keys.key_at(2) == first.public_key()
    assert feed.head.keys.key_at(3) == TestKey("second online").public_key()
    assert len(feed.head.keys.cosigner_keys()) == 2
    feed.add(b"two")


@pytest.mark.parametrize(
    "case", ["thief", "unproved", "moved", "other feed", "returned", "root", "no body"]
)
def test_a_key_entry_needs_both_keys(case: str) -> None:
    """REC-041, REC-042, REC-057: signed by the old, proved by the new, for this very place."""
    feed = TestFeed("alpha-1")
    feed.rotate("second")
    new, cosigner = TestKey("third"), TestKey("third cosign")
    place = {"feed": FeedId("alpha-2") if case == "other feed" else feed.feed, "seq": 2}
    if case == "moved":
        place["seq"] = 3
    if case in ("returned", "root"):
        new = TestKey("alpha-1 online") if case == "returned" else feed.root
    content = rotation_body(**place, signer=new, cosigner=cosigner)  # type: ignore[arg-type]
    if case == "unproved":
        content = changed(content, lambda s: s.update(key=TestKey("x").public_key().hex()))
    signer = TestKey("thief") if case == "thief" else feed.online
    entry, body = feed.draft(content, kind=KEY, signer=signer)
    with pytest.raises(RuleBroken, match="rule: keys"):
        extend(feed.head, entry.leaf, verifier_of, body=None if case == "no body" else body)


def test_a_revoke_entry_takes_the_feed_back_from_a_thief() -> None:
    """REC-043, REC-044: also after the thief rotated the keys; the entries stay, void."""
    feed = TestFeed("alpha-1")
    feed.add(b"ours")
    feed.add(b"by the thief")
    feed.rotate("thief")
    feed.add(b"by the thief again")
    entry = feed.revoke("ours again", from_seq=2)
    feed.add(b"ours")
    stated = feed.head.keys
    assert entry.header.seq == 5
    assert [stated.is_void(seq) for seq in range(7)] == [
        False,
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert stated.key_at(5) == stated.key_at(6) == TestKey("ours again online").public_key()
    assert feed.head.size == 7
    thief, _ = feed.draft(b"more", signer=TestKey("thief online"))
    with pytest.raises(RuleBroken, match="rule: keys"):
        extend(feed.head, thief.leaf, verifier_of)


def test_cosignatures_of_a_revoked_period_do_not_count() -> None:
    """REC-047: unless the revoke entry names the same cosigning key again."""
    feed = TestFeed("alpha-1")
    feed.rotate("second")
    feed.rotate("third")
    feed.revoke("fourth", from_seq=3)
    kept = {key.public_key for key in feed.head.keys.cosigner_keys()}
    names = ("alpha-1", "second", "third", "fourth")
    expected = {TestKey(f"{name} cosign").public_key() for name in names if name != "third"}
    assert kept == expected
    assert [period.revoked_at for period in feed.head.keys.periods] == [None, None, 3, None]
    again = TestFeed("alpha-1")
    online = TestKey("again online")
    content = revocation_body(
        feed=again.feed, seq=1, from_seq=1, signer=online, cosigner=again.cosigner, root=again.root
    )
    again.take(*again.draft(content, kind=REVOKE, signer=online))
    (only,) = again.head.keys.cosigner_keys()
    assert only.public_key == again.cosigner.public_key()


@pytest.mark.parametrize("case", ["not the root", "by the old key", "later", "founding", "moved"])
def test_only_the_root_revokes(case: str) -> None:
    """REC-043: and never the founding, nor what is still to come."""
    feed = TestFeed("alpha-1")
    feed.add(b"one")
    online, cosigner = TestKey("new online"), TestKey("new cosign")
    content = revocation_body(
        feed=feed.feed,
        seq=1 if case == "moved" else 2,
        from_seq={"later": 3, "founding": 0}.get(case, 1),
        signer=online,
        cosigner=cosigner,
        root=TestKey("thief") if case == "not the root" else feed.root,
    )
    signer = feed.online if case == "by the old key" else online
    entry, body = feed.draft(content, kind=REVOKE, signer=signer)
    with pytest.raises(RuleBroken, match="rule: keys"):
        extend(feed.head, entry.leaf, verifier_of, body=body)


def test_a_feed_is_resumed_by_its_root() -> None:
    """REC-045: the new feed names the branch; the keys are new, the root is the same."""
    old = TestFeed("alpha-1")
    branch = old.head.as_head()
    new = TestFeed("alpha-2", branch=branch, root_label="alpha-1 root")
    assert new.entries[0].header.type == RESUME
    assert check_resume(old.head.keys, new.head.keys) == branch


def test_nobody_else_resumes_a_feed() -> None:
    """REC-045: another root, another old feed, or a plain founding."""
    old = TestFeed("alpha-1")
    strangers = (
        TestFeed("alpha-2", branch=old.head.as_head(), root_label="stranger"),
        TestFeed("alpha-2", branch=Head(feed=FeedId("bravo-1"), size=1, root=HASH)),
        TestFeed("alpha-2", root_label="alpha-1 root"),
    )
    for new in strangers:
        with pytest.raises(PartyError, match="does not resume"):
            check_resume(old.head.keys, new.head.keys)


def test_a_resume_names_a_branch_of_another_feed() -> None:
    """REC-045."""
    online, cosigner, root = keys()
    for feed, size, text in ((ALPHA, 1, HASH), (FeedId("b"), 1, HASH)):
        branch = Head(feed=feed, size=size, root=text)
        content = body_of(online, cosigner, root, branch=branch)
        if feed == ALPHA:
            with pytest.raises(PartyError, match="name of its own"):
                found(content, signer=online, kind=RESUME)
        else:
            assert found(content, signer=online, kind=RESUME).branch == branch
    content = body_of(online, cosigner, root, branch=Head(feed=FeedId("b"), size=1, root=HASH))
    for bad in (["b", 1, "x"], ["b", 0, HASH], ["b", 1], ["no id", 1, HASH]):
        wrong = changed(content, lambda s, bad=bad: s.update(branch=bad))  # type: ignore[misc]
        with pytest.raises(PartyError):
            found(wrong, signer=online, kind=RESUME)


def test_an_ordinary_entry_changes_no_keys() -> None:
    """REC-056."""
    feed = TestFeed("alpha-1")
    before = feed.head.keys
    entry = feed.add(b"one")
    assert feed.head.keys == before == admit(before, entry, verifier_of)
    header = Header(feed=ALPHA, seq=3, prev=HASH, hlc=HybridTime(ms=1), type="call", body=HASH)
    with pytest.raises(PartyError, match="entry 0"):
        admit(None, seal(header, feed.online), verifier_of)
