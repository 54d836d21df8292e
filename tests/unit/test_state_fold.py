"""Many entries folded at once."""

import pytest
from node_pair import ALPHA, BRAVO, START, World, call, post, received, roz, seen

from crosstell.core.ids import EntryRef
from crosstell.core.record.entry import parse
from crosstell.core.state.held import Held, Unread, Unreadable
from crosstell.core.state.state import IRREGULAR_MAX, State, fold, initial


def told() -> tuple[State, list[Held]]:
    """What alpha's node knows after some acts, observations and alerts, and its entries."""
    world = World()
    world.sign()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    world.settle(ALPHA, post(ALPHA, "post-1", BRAVO))
    for number in range(6):
        world.wait(5.0)
        world.sees(ALPHA, 9_000.0 - 300.0 * number)
        world.observe(ALPHA, *(seen(world.now, 50_000.0, track=f"far-{one}") for one in range(3)))
    world.settle(ALPHA, call("c-1", BRAVO))
    world.settle(BRAVO, received("c-1", ALPHA))
    node = world.parties[ALPHA].node
    exchange, store = node._rebuilt.exchange, world.parties[ALPHA].store
    logs = [*(feed for _, feed in node.state.setting.feeds), node.state.setting.journal]
    entries = [exchange.held(row, parse(row.leaf)) for log in logs for row in store.entries(log)]
    return node.state, entries


def test_entries_folded_together_give_what_they_give_one_by_one() -> None:
    """MEC-122: whole, halved, and one by one; and what was handed out before stays as it was."""
    live, entries = told()
    assert live.journal.alerts
    whole = fold(initial(live.setting), *entries)
    assert whole == live
    half = fold(initial(live.setting), *entries[: len(entries) // 2])
    before = {name: dict(feed.notices) for name, feed in half.feeds.items()}
    tracks, alerts = dict(half.journal.tracks), dict(half.journal.alerts)
    assert fold(half, *entries[len(entries) // 2 :]) == live
    assert {name: dict(feed.notices) for name, feed in half.feeds.items()} == before
    assert (dict(half.journal.tracks), dict(half.journal.alerts)) == (tracks, alerts)
    single = initial(live.setting)
    for held in entries:
        single = fold(single, held)
    assert single == live


def test_an_entry_out_of_its_place_is_a_fault_of_ours() -> None:
    """MEC-122: folding together checks the numbers as folding one by one does."""
    live, entries = told()
    with pytest.raises(AssertionError, match="after 0"):
        fold(initial(live.setting), *reversed(entries))


def unread_after(*words: Unread) -> list[tuple[int, Unread]]:
    """What is kept of so many entries of bravo's that have no body for us, by number."""
    start = initial(World().state(ALPHA).setting)
    feed = start.feeds[BRAVO].feed
    entries = [
        Held(
            ref=EntryRef(feed=feed, seq=seq, hash=f"{seq:064x}"),
            kind="notice_filed",
            at=START,
            audience=(),
            by=None,
            body=Unreadable(why=why, text=why.value),
        )
        for seq, why in enumerate(words)
    ]
    kept = fold(start, *entries).feeds[BRAVO].unread
    assert [ref.seq for ref, _, _ in kept] == sorted(ref.seq for ref, _, _ in kept)
    return [(ref.seq, body.why) for ref, _, body in kept]


def test_nod_371_what_is_for_others_takes_no_place_of_what_is_not_understood() -> None:
    """A party that files notices to a third by the thousand hides nothing by it."""
    odd, plain = Unread.MALFORMED, Unread.NOT_HELD
    found = unread_after(plain, odd, *[plain] * (2 * IRREGULAR_MAX))
    assert len(found) == IRREGULAR_MAX
    assert found[0] == (1, odd)
    assert found[-1] == (2 * IRREGULAR_MAX + 1, plain)
    found = unread_after(*[odd] * IRREGULAR_MAX, plain, odd)
    assert len(found) == IRREGULAR_MAX
    assert [found[0], found[-1]] == [(1, odd), (IRREGULAR_MAX + 1, odd)]
