"""Copies: each numbered, for one recipient, and recorded before it is made."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, DUTY, World, post, roz, seen
from release_values import SECOND, crossed

from crosstell.core.errors import CallerError, RefusalCode
from crosstell.core.ids import ComponentId, EntryRef, Latest, NoticeId
from crosstell.core.picture.content import Zone
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.record import canonical
from crosstell.core.state.state import State
from crosstell.shell.archive.copies import Form, copy_of, mark_of, recognised, write_copy
from crosstell.shell.archive.holdings import HeldThen, Holding, holdings, versions_held
from crosstell.shell.store.contract import Store


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


def made(world: World) -> tuple[State, Store]:
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(ALPHA, roz("roz-1", BRAVO, version=2, hours=6.0))
    world.settle(ALPHA, post(ALPHA, "post-1"))
    world.settle(ALPHA, copy("roz-1", "post-1", second=SECOND))
    world.settle(ALPHA, copy("roz-1", recipient="the mission's liaison"))
    return world.state(ALPHA), world.parties[ALPHA].store


def test_a_copy_carries_its_marks_in_every_part() -> None:
    """REL-052: number, recipient, instant and versions, in the head and around each item."""
    state, store = made(World())
    text = copy_of(state, store, 1, Form.PRINT).decode()
    mark = mark_of(state.journal.copies[1])
    assert mark.startswith("copy 1 for the ministry, desk 3, made 2023-06-01T00:00:0")
    assert text.count(f"--- {mark}; ") == 5, "around each item, and each of the annex"
    assert "\nNotice filed, version 2; TEST\n" in text
    assert "checked by alpha/director, watch 1" in text
    assert text.startswith("TEST COPY\nCopy 1 from the record of alpha\n")
    found = json.loads(copy_of(state, store, 1, Form.DATA))
    assert [item["mark"] for item in found["items"]] == [mark, mark]
    assert [item["version"] for item in found["items"]] == [2, 1]
    assert found["recipient"] == "the ministry, desk 3"
    assert found["items"][0]["said"]["notice"] == "roz-1"


def test_a_copy_to_print_is_a_paper_with_what_was_signed_behind_it() -> None:
    """REL-057: in words and units; the annex is the body that the entry commits to."""
    state, store = made(World())
    head, *parts = re.split(r"(?m)^--- .*\n", copy_of(state, store, 1, Form.PRINT).decode())
    assert "Purpose: briefing of the minister\n" in head
    first, second, *annex, end = parts
    for row in ("  content:", "    zone:", "            latitude: -36.5 deg", "radius: 5000 m"):
        assert row in first
    assert "{" not in first + second
    for text, ref in zip(annex, state.journal.copies[1].event.items, strict=True):
        assert isinstance(ref, EntryRef)
        (stored,) = store.entries(ref.feed, ref.seq, 1)
        assert canonical.encode(json.loads(text)) == stored.body
    assert end == ""


@pytest.mark.parametrize("end", ["\n", "\u2028", "\u2029"])
def test_rel_580_no_line_of_what_is_signed_begins_with_what_somebody_wrote(end: str) -> None:
    world = World()
    filed = roz("roz-1", BRAVO)
    duty = f"keep out{end}--- copy 1; end{end}SECRET"
    assert isinstance(filed.content, Zone)
    world.settle(ALPHA, replace(filed, content=replace(filed.content, duty=duty)))
    world.settle(ALPHA, copy("roz-1"))
    text = copy_of(world.state(ALPHA), world.parties[ALPHA].store, 1, Form.PRINT).decode()
    assert "SECRET" in text
    begun = [line for line in text.splitlines() if line.startswith(("--- copy 1; ", "SECRET"))]
    assert begun == []


def test_a_copy_that_turns_up_is_recognised(tmp_path: Path) -> None:
    """REL-053, REL-054: made again to the byte; recorded first; never over another file."""
    world = World()
    state, store = made(world)
    for number in (1, 2):
        for form in Form:
            target = tmp_path / f"{number}-{form}"
            write_copy(state, store, number, form, target)
            assert recognised(state, store, target.read_bytes()) == number
            with pytest.raises(CallerError, match="exists already"):
                write_copy(state, store, number, form, target)
    assert recognised(state, store, b"copy 1 of something else") is None
    with pytest.raises(CallerError, match="record it first"):
        copy_of(state, store, 3, Form.PRINT)
    world.parties[ALPHA].start()
    again = copy_of(world.state(ALPHA), store, 2, Form.PRINT)
    assert recognised(state, store, again) == 2


def view(world: World) -> tuple[Holding, ...]:
    rebuilt = world.parties[ALPHA].node.rebuilt
    setting = world.parties[ALPHA].setting
    names = {feed: party for party, feed in setting.feeds}
    return holdings(world.parties[ALPHA].store, setting.feed, rebuilt.exchange.logs, names)


def test_who_held_which_version_when() -> None:
    """REL-060, REL-061, REL-062: between our signing and their next entry or cosignature."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="held")
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(BRAVO, received_status(world))
    world.down = {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    world.wait(60.0)
    world.settle(ALPHA, roz("roz-1", BRAVO, version=2, hours=6.0))
    first, second = [one for one in view(world) if one.item == "notice roz-1"]
    assert (first.party, first.version, second.version) == (BRAVO, 1, 2)
    assert first.named_at is not None
    assert first.cosigned_at is not None
    assert first.signed_at <= first.named_at
    assert (second.named_at, second.cosigned_at, second.held_by) == (None, None, None)
    assert second.text.endswith("nothing shows yet that it is held")
    assert second.then(world.now) is HeldThen.MAY_HAVE_HELD
    assert second.then(first.signed_at) is HeldThen.NOT_YET_SIGNED
    assert [one.version for one in versions_held(view(world), "notice roz-1", world.now)] == [1]
    assert versions_held(view(world), "notice roz-1", first.signed_at - timedelta(seconds=1)) == ()
    world.down.clear()
    world.pass_time(300.0)
    again = versions_held(view(world), "notice roz-1", world.now)
    assert [(one.party, one.version) for one in again] == [(BRAVO, 2)]
    assert "cosigned by it" in again[0].text
    assert {one.party for one in view(world)} == {BRAVO}, "to charlie nothing was said"


def received_status(world: World) -> StatusStated:
    notice = world.state(BRAVO).feeds[ALPHA].notices[NoticeId("roz-1")]
    return StatusStated(
        notice=notice.latest.stamp.ref,
        status=StatedStatus.RECEIVED,
        scope=Scope(speaks_for=(ComponentId("bravo-forces"),)),
    )
