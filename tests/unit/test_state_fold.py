"""Many entries folded at once."""

import pytest
from node_pair import ALPHA, BRAVO, World, call, post, received, roz, seen

from crosstell.core.record.entry import parse
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, fold, initial


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
