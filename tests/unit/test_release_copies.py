"""Copies: each numbered, for one recipient, and recorded before it is made."""

from dataclasses import replace

from node_pair import ALPHA, BRAVO, DUTY, World, post, roz, seen
from release_values import SECOND, crossed

from crosstell.core.errors import RefusalCode
from crosstell.core.ids import EntryRef, Latest
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.copies import CopyMade


def copy(*names: str, **changes: object) -> CopyMade:
    """A copy of these items of alpha."""
    made = CopyMade(
        items=tuple(Latest(party=ALPHA, id=name) for name in names),
        recipient="the ministry, desk 3",
        purpose="briefing of the minister",
        marking="TEST COPY",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_copies_are_numbered_without_a_gap_and_stay_at_home() -> None:
    """REL-050: the node gives the number; nobody chooses one."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(ALPHA, roz("roz-2"))
    world.settle(ALPHA, copy("roz-1"))
    world.settle(ALPHA, copy("roz-1", "roz-2"))
    made = world.state(ALPHA).journal.copies
    assert sorted(made) == [1, 2]
    assert [type(item) for item in made[2].event.items] == [EntryRef, EntryRef]
    for number in (1, 2, 4):
        refused = world.act(ALPHA, copy("roz-2", number=number)).refused
        assert refused is not None
        assert refused.code is RefusalCode.ALREADY_USED
    assert b"ministry" not in crossed(world)
    assert b"roz-1" in crossed(world)


def test_a_copy_that_tells_positions_is_made_by_two_persons() -> None:
    """REL-051: own forces, and whatever of the journal is no notice, claim or paper."""
    world = World()
    world.settle(ALPHA, post(ALPHA, "post-1"))
    track = world.observe(ALPHA, seen(world.now, 1_000.0)).recorded[0]
    for made in (copy("post-1"), copy("post-1", items=(track,))):
        refused = world.act(ALPHA, made).refused
        assert refused is not None
        assert refused.code is RefusalCode.NOT_RELEASED
        same = Speaker(party=ALPHA, role=DUTY, watch="1")
        assert world.act(ALPHA, replace(made, second=same)).refused is not None
        world.settle(ALPHA, replace(made, second=SECOND))
