"""A call is found by the entry that placed it, whatever else the feed says; NOD-562.

The oracle walks over every call that is held.
"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, DUTY, START, World, call

from crosstell.core.ids import CallId, EntryRef, FeedId
from crosstell.core.line.call import Call
from crosstell.core.line.message import CallClosed, Closing
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held, Unread, Unreadable
from crosstell.core.state.state import State, fold, initial

MOVES = st.lists(
    st.tuples(st.sampled_from(("place", "close", "other")), st.integers(0, 9)), max_size=40
)
BY = Speaker(party=BRAVO, role=DUTY, watch="1")


def entries(moves: list[tuple[str, int]], feed: FeedId) -> list[Held]:
    """Bravo's feed: calls placed and ended in any order, ids used twice, and what has no body."""
    found = []
    for seq, (what, number) in enumerate(moves):
        bodies: dict[str, Event | Unreadable] = {
            "place": call(f"c-{9 - number}", ALPHA, answer_by=START + timedelta(minutes=30)),
            "close": CallClosed(call=CallId(f"c-{number}"), closing=Closing.WITHOUT_SUMMARY),
            "other": Unreadable(why=Unread.NOT_HELD, text="for another"),
        }
        found.append(
            Held(
                ref=EntryRef(feed=feed, seq=seq, hash=f"{seq:064x}"),
                kind=what,
                at=START,
                audience=(ALPHA,),
                by=BY,
                body=bodies[what],
            )
        )
    return found


def walked(state: State, ref: EntryRef) -> Call | None:
    calls = state.feeds[BRAVO].calls.values()
    return next((one for one in calls if one.placed_stamp.ref == ref), None)


@given(MOVES, st.integers(0, 40))
def test_nod_562_the_call_that_an_entry_placed_is_the_one_that_a_walk_finds(
    moves: list[tuple[str, int]], cut: int
) -> None:
    state = initial(World(names=(ALPHA, BRAVO)).state(ALPHA).setting)
    feed = state.feeds[BRAVO].feed
    held = entries(moves, feed)
    state = fold(fold(state, *held[:cut]), *held[cut:])
    for one in held:
        assert state.call_at(one.ref) == walked(state, one.ref)
    for ref in (
        EntryRef(feed=feed, seq=len(held), hash="0" * 64),
        EntryRef(feed=feed, seq=0, hash="f" * 64),
        EntryRef(feed=FeedId("a-feed-of-nobody"), seq=0, hash="0" * 64),
    ):
        assert state.call_at(ref) is None


def test_nod_562_it_is_found_without_a_look_at_every_other(monkeypatch: pytest.MonkeyPatch) -> None:
    state = initial(World(names=(ALPHA, BRAVO)).state(ALPHA).setting)
    feed = state.feeds[BRAVO].feed
    placed = [
        Held(
            ref=EntryRef(feed=feed, seq=seq, hash=f"{seq:064x}"),
            kind="call_placed",
            at=START,
            audience=(ALPHA,),
            by=BY,
            body=call(f"c-{seq}", ALPHA, answer_by=START + timedelta(minutes=30)),
        )
        for seq in range(200)
    ]
    state = fold(state, *placed)
    compared, same = 0, EntryRef.__eq__

    def counted(one: EntryRef, other: object) -> bool:
        nonlocal compared
        compared += 1
        return same(one, other)

    monkeypatch.setattr(EntryRef, "__eq__", counted)
    assert all(state.call_at(one.ref) is not None for one in placed)
    assert compared <= len(placed)


def test_nod_562_calls_are_found_after_a_start_from_a_snapshot() -> None:
    world = World()
    for name in ("c-9", "c-1", "c-5"):
        world.settle(BRAVO, call(name, ALPHA))
    before = [one.placed_stamp.ref for one in world.state(ALPHA).feeds[BRAVO].calls.values()]
    assert world.parties[ALPHA].node.keep_snapshot()
    world.parties[ALPHA].start()
    assert world.parties[ALPHA].node.rebuilt.read == 0, "from the snapshot alone"
    found = [world.state(ALPHA).call_at(ref) for ref in before]
    assert [one and one.placed.call for one in found] == ["c-9", "c-1", "c-5"]
