"""The guard: each way in which a fault of ours might hand on what was not released."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, CHARLIE, World, call, roz
from test_node_exchange import entry_of

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel, Row
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.record.entry import parse
from crosstell.core.record.fork import entries_fork
from crosstell.shell.peers.split.guard import Guard, Held


def three() -> tuple[World, Guard, dict[PartyId, FeedId]]:
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    feeds = dict(world.parties[ALPHA].setting.feeds)
    return world, Guard(own=feeds[ALPHA], feeds={f: p for p, f in feeds.items()}), feeds


def row_of(world: World, party: PartyId, number: int, *, journal: bool = False) -> Row:
    of = world.parties[party]
    feed = of.setting.journal if journal else of.setting.feed
    found = next(iter(of.store.entries(feed, number, 1)))
    return Row(leaf=found.leaf, salt=found.salt, body=found.body)


def held(guard: Guard, to: PartyId, own: FeedId, /, **parts: object) -> str:
    """Why the guard holds this parcel back; empty if it lets it go."""
    fields = {"sender": own, "have": ()} | parts
    try:
        guard.check(to, parcels.encode(Parcel(**fields)))  # type: ignore[arg-type]
    except Held as why:
        return str(why)
    return ""


def test_whatever_a_node_itself_says_may_leave() -> None:
    """SPLIT-010: and nothing of it to another than the one it is for, if it has a body for one."""
    world, guard, _ = three()
    world.settle(ALPHA, roz("roz-b", BRAVO))
    world.settle(ALPHA, call("c-c", CHARLIE))
    world.tick()
    ours = [message for name, message in world.sent if name == ALPHA]
    assert len(ours) > 5
    for message in ours:
        guard.check(message.to, message.body)
    crossed = 0
    for message in ours:
        other = CHARLIE if message.to == BRAVO else BRAVO
        try:
            guard.check(other, message.body)
        except Held:
            crossed += 1
    assert crossed >= 2


def test_what_is_not_for_them_is_held() -> None:
    """SPLIT-011 to SPLIT-016: and the text tells nothing of what was in it."""
    world, guard, feeds = three()
    own, bravo = feeds[ALPHA], feeds[BRAVO]
    world.settle(ALPHA, roz("secret-1", CHARLIE))
    world.act(ALPHA, roz("secret-2"))
    world.sees(ALPHA, 4_000.0)
    world.settle(CHARLIE, roz("charlie-1", BRAVO))
    for_charlie = row_of(world, ALPHA, 1)
    at_home = row_of(world, ALPHA, 1, journal=True)
    cases: list[tuple[str, dict[str, object]]] = [
        ("not for them", {"rows": (for_charlie,)}),
        ("neither ours nor theirs", {"rows": (at_home,)}),
        ("neither ours nor theirs", {"rows": (Row(leaf=at_home.leaf),)}),
        ("neither ours nor theirs", {"rows": (row_of(world, CHARLIE, 1),)}),
        ("stays at home", {"rows": (entry_of(world, ALPHA, "observation", b"{}"),)}),
        ("none that is known", {"rows": (entry_of(world, ALPHA, "hologram_shown", b"{}"),)}),
        ("does not fit", {"rows": (entry_of(world, ALPHA, "notice_filed", b"secret"),)}),
        (
            "not the one that was signed",
            {"rows": (Row(leaf=for_charlie.leaf, salt=for_charlie.salt, body=b"secret"),)},
        ),
        ("is no entry", {"rows": (Row(leaf=b"secret" * 30),)}),
        ("size of a feed", {"have": ((world.parties[ALPHA].setting.journal, 9),)}),
        ("is no checkpoint", {"notes": (b"secret",)}),
        ("proves nothing", {"forks": (b"secret",)}),
        ("not of our own feed", {"sender": bravo}),
    ]
    for expected, parts in cases:
        text = held(guard, BRAVO, own, **parts)
        assert expected in text, (expected, text)
        assert "secret" not in text
    assert held(guard, BRAVO, own, rows=(Row(leaf=for_charlie.leaf),)) == ""
    assert "no counterpart" in held(guard, PartyId("nobody"), own)
    assert "no counterpart" in held(guard, ALPHA, own)
    with pytest.raises(Held, match="no parcel"):
        guard.check(BRAVO, b'{"secret":1}')


def test_an_audience_that_the_body_contradicts_is_held() -> None:
    """SPLIT-013: the header says bravo, the notice itself says charlie alone."""
    world, guard, feeds = three()
    world.act(ALPHA, roz("roz-c", CHARLIE))
    body = row_of(world, ALPHA, 1).body
    assert body is not None
    wrong = entry_of(world, ALPHA, "notice_filed", body, to=(feeds[BRAVO],))
    assert "not releasable to them" in held(guard, BRAVO, feeds[ALPHA], rows=(wrong,))


def test_heads_notes_and_forks_of_other_arrangements_are_held() -> None:
    """SPLIT-012, SPLIT-014: nothing of another protocol, not even a name."""
    world, guard, feeds = three()
    other = World(seed="other")
    other.act(ALPHA, roz("roz-1", BRAVO))
    note = other.parties[ALPHA].node._rebuilt.notes.outgoing(FeedId("x"))[0]
    assert "not of this protocol" in held(guard, BRAVO, feeds[ALPHA], notes=(note,))
    one, two = (entry_of(other, BRAVO, "hologram_shown", each) for each in (b"{}", b"[]"))
    key = other.parties[BRAVO].keys().online.public_key()
    evidence = entries_fork(parse(one.leaf), parse(two.leaf), key)
    assert "not of this protocol" in held(guard, BRAVO, feeds[ALPHA], forks=(evidence,))
    stranger = other.parties[ALPHA].setting.feed
    named = entry_of(world, ALPHA, "notice_filed", b"{}", to=(stranger,))
    assert "names a feed" in held(guard, BRAVO, feeds[ALPHA], rows=(named,))


_WORLD, _GUARD, _FEEDS = three()
_WORLD.settle(ALPHA, roz("roz-b", BRAVO))
_GOOD = next(m.body for name, m in _WORLD.sent if name == ALPHA and m.to == BRAVO)


@given(st.integers(0, len(_GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_bytes_changed_anywhere_are_a_parcel_for_them_or_held(place: int, put: bytes) -> None:
    """SPLIT-010: it never fails in another way, and no unknown field passes."""
    data = _GOOD[:place] + put + _GOOD[place + len(put) :]
    try:
        _GUARD.check(BRAVO, data)
    except Held:
        return
    assert parcels.encode(parcels.decode(data)) == data
    assert parcels.decode(data).sender == _FEEDS[ALPHA]
