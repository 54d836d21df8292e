"""A second signer under a party's key: what comes back, and how the party goes on."""

import copy
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from carried_sites import Sites, act, carry, done, heard, refused, state_of
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, CHARLIE, World, roz
from test_key_ceremony import BY, Scene
from thief import Thief, alarms, comes_back
from thief import scene as scene

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import FeedId
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.high_water import MemoryHighWater
from crosstell.shell.key_ceremony.erasing import erase
from crosstell.shell.key_ceremony.rotating import revoke, rotate
from crosstell.shell.live.opening import open_node
from crosstell.shell.peers.alarms import AlarmKind
from crosstell.shell.store.memory import MemoryStore


def test_nod_540_what_a_thief_signed_is_shown_and_nothing_is_signed_over_it(scene: Scene) -> None:
    """Not adopted in silence: until the keys are taken back, after every start too."""
    alpha, others = scene.world.parties[ALPHA], scene.world.parties[BRAVO]
    stolen = comes_back(scene)
    assert alpha.store.size(scene.feed) == stolen + 2, "kept: others hold it"
    for _ in range(2):
        ((kind, text),) = alarms(scene)
        assert kind is AlarmKind.RECORD
        assert f"entry {stolen} of our feed" in text
        assert f"--from {stolen}" in (alpha.node.missing or "")
        assert alpha.high_water.read(scene.feed) == stolen
        outcome = scene.world.act(ALPHA, roz("roz-2", BRAVO))
        assert outcome.recorded == ()
        assert outcome.fault == alpha.node.missing
        note = alpha.store.blob(f"checkpoint/{scene.feed}")
        assert note is not None
        assert note.split(b"\n")[1] == str(stolen).encode(), "no checkpoint is over it"
        alpha.start()
    assert others.node.alarms == ()
    scene.world.wait(1.0)
    revoke(scene.desk, scene.root, from_seq=stolen, now=scene.world.now)
    scene.take_keys()
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    scene.world.pass_time(600.0)
    alpha.start()
    assert alpha.node.missing is None
    assert set(scene.world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2"}
    assert scene.world.state(BRAVO).feeds[ALPHA].size == alpha.store.size(scene.feed)
    assert set(scene.world.state(ALPHA).own.notices) == {"roz-1", "roz-2"}


def test_nod_540_marks_that_were_an_old_copy_are_put_right(scene: Scene) -> None:
    """An old mark beside an old store looks whole; the right one covers what came back."""
    scene.world.tick()
    scene.world.deliver()
    alpha, whole = scene.world.parties[ALPHA], scene.desk.high_water.read(scene.feed)
    old = copy.deepcopy(alpha.store), copy.deepcopy(alpha.high_water)
    assert isinstance(old[0], MemoryStore)
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    right = alpha.high_water
    alpha.store, alpha.high_water = old
    alpha.start()
    scene.world.tick()
    scene.world.deliver()
    scene.world.pass_time(60.0)
    assert f"entry {whole} was signed with our key" in (alpha.node.missing or "")
    alpha.high_water = right
    alpha.start()
    assert alpha.node.missing is None
    scene.world.settle(ALPHA, roz("roz-3", BRAVO))
    scene.world.pass_time(60.0)
    for state in (scene.world.state(ALPHA).own, scene.world.state(BRAVO).feeds[ALPHA]):
        assert set(state.notices) == {"roz-1", "roz-2", "roz-3"}
    assert scene.world.parties[BRAVO].node.alarms == ()


def test_nod_542_what_nobody_can_give_back_of_a_thiefs_entry_stops_nothing(scene: Scene) -> None:
    """NOD-541 too: said to nobody who exists, and followed by a key that alpha does not have."""
    stolen = scene.desk.store.size(scene.feed)
    thief = Thief(scene)
    entry, _ = thief.signs(roz("roz-thief", BRAVO), FeedId("ff" * 16))
    thief.gives(entry, None)
    thief.gives(*thief.names_a_key())
    scene.world.deliver()
    scene.world.pass_time(600.0)
    scene.world.parties[ALPHA].start()
    assert f"--from {stolen}" in (scene.world.parties[ALPHA].node.missing or "")
    scene.world.wait(1.0)
    revoke(scene.desk, scene.root, from_seq=stolen, now=scene.world.now)
    scene.take_keys()
    assert scene.world.parties[ALPHA].node.missing is None
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    scene.world.pass_time(600.0)
    assert set(scene.world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2"}


def test_key_038_nothing_is_written_over_it_but_its_taking_back(scene: Scene) -> None:
    """Neither another key, nor an erasure, nor a revocation that begins behind it."""
    stolen, now = comes_back(scene), scene.world.now
    size = scene.desk.store.size(scene.feed)
    with pytest.raises(CallerError, match=f"--from {stolen}"):
        rotate(scene.desk, now)
    with pytest.raises(CallerError, match=f"--from {stolen}"):
        erase(scene.desk, scene.feed, 1, by=BY, reason="why", now=now)
    for first in (stolen + 1, size):
        with pytest.raises(CallerError, match=f"--from {stolen}"):
            revoke(scene.desk, scene.root, from_seq=first, now=now)
    assert scene.desk.store.size(scene.feed) == size
    assert scene.desk.high_water.read(scene.feed) == stolen
    revoke(scene.desk, scene.root, from_seq=stolen - 1, now=now)


def test_nod_543_what_a_thief_signed_is_handed_on_to_nobody(tmp_path: Path) -> None:
    """Until it is void: one whom the thief told nothing never shows it as standing."""
    scene = Scene(tmp_path / "keys", World(names=(ALPHA, BRAVO, CHARLIE), seed="keys"))
    scene.world.settle(ALPHA, roz("roz-1", BRAVO, CHARLIE))
    scene.world.pass_time(60.0)
    stolen, thief = scene.desk.store.size(scene.feed), Thief(scene)
    charlie = scene.world.parties[CHARLIE].setting.feed
    thief.gives(*thief.signs(roz("roz-thief", BRAVO, CHARLIE), thief.of_bravo, charlie))
    scene.world.deliver()
    scene.world.pass_time(900.0)
    assert scene.desk.store.size(scene.feed) == stolen + 1
    for _ in range(2):
        shown = scene.world.state(CHARLIE).feeds[ALPHA]
        assert (shown.size, set(shown.notices)) == (stolen, {"roz-1"})
        scene.world.parties[ALPHA].start()
        scene.world.tick()
        scene.world.deliver()
        scene.world.pass_time(900.0)
    revoke(scene.desk, scene.root, from_seq=stolen, now=scene.world.now)
    scene.take_keys()
    scene.world.settle(ALPHA, roz("roz-2", BRAVO, CHARLIE))
    scene.world.pass_time(900.0)
    for name in (BRAVO, CHARLIE):
        shown = scene.world.state(name).feeds[ALPHA]
        assert shown.size == scene.desk.store.size(scene.feed)
        assert set(shown.notices) == {"roz-1", "roz-2"}


def test_nod_544_a_revocation_that_was_cut_off_before_the_marks_is_done(scene: Scene) -> None:
    """What it took back asks for no other: the node starts, and signs on."""
    stolen = comes_back(scene)

    class Full(MemoryHighWater):
        def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
            raise Unavailable(f"{len(sizes)} marks cannot be written")

    full = Full(marks={scene.feed: stolen})
    scene.world.wait(1.0)
    with pytest.raises(Unavailable, match="cannot be written"):
        revoke(
            replace(scene.desk, high_water=full), scene.root, from_seq=stolen, now=scene.world.now
        )
    alpha = scene.world.parties[ALPHA]
    assert alpha.high_water.read(scene.feed) == stolen
    alpha.start()
    scene.take_keys()
    assert alpha.node.missing is None
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    assert alpha.high_water.read(scene.feed) == alpha.store.size(scene.feed)
    assert set(scene.world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2"}
    rotate(scene.desk, scene.world.now)


def second_node(sites: Sites) -> Sites:
    """Somebody runs a copy of alpha's folder, and speaks to bravo as alpha."""
    copied = sites[ALPHA].parent / "copied"
    shutil.copytree(sites[ALPHA], copied)
    act(copied, roz("roz-thief", BRAVO))
    carry({ALPHA: copied, BRAVO: sites[BRAVO]}, ALPHA, BRAVO, name="of-the-thief")
    return sites


def given_back(sites: Sites, name: str) -> None:
    """Bravo writes out all that it holds of alpha's feed, and alpha takes it."""
    file = sites[ALPHA].parent / name
    done("node", "write-file", sites[BRAVO], ALPHA, "--out", file, "--whole")
    done("node", "take-file", sites[ALPHA], file)


def test_two_nodes_under_one_key_are_found_and_revoked_by_command(sites: Sites) -> None:
    """NOD-540, NOD-541, NOD-543, KEY-038: the second's words come with the other party's file."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    carry(sites, ALPHA, BRAVO, name="one")
    stolen = state_of(sites[ALPHA]).own.size
    second_node(sites)
    done("node", "rotate", sites[ALPHA].parent / "copied")
    carry(
        {ALPHA: sites[ALPHA].parent / "copied", BRAVO: sites[BRAVO]}, ALPHA, BRAVO, name="its-key"
    )
    given_back(sites, "back")
    opened = open_node(read_installation(sites[ALPHA]))
    assert f"--from {stolen}" in (opened.node.missing or "")
    assert [one.kind for one in opened.node.alarms] == [AlarmKind.RECORD]
    opened.store.close()
    again = ("node", "write-file", sites[ALPHA], BRAVO, "--whole", "--out")
    assert f"entries 0 to {stolen - 1}," in done(*again, sites[ALPHA].parent / "handed-on")
    words = ("node", "revoke", sites[ALPHA], "--root", sites[ALPHA] / "offline-root", "--yes")
    assert f"--from {stolen}" in refused(*words, "--from", "nothing")
    assert f"--from {stolen}" in refused("node", "rotate", sites[ALPHA])
    done(*words, "--from", stolen)
    assert f"entries 0 to {stolen + 2}," in done(*again, sites[ALPHA].parent / "void")
    act(sites[ALPHA], roz("roz-2", BRAVO))
    carry(sites, ALPHA, BRAVO, name="two")
    assert set(state_of(sites[BRAVO]).feeds[ALPHA].notices) == {"roz-1", "roz-2"}
    assert set(state_of(sites[ALPHA]).own.notices) == {"roz-1", "roz-2"}


def test_a_forked_feed_is_resumed_by_command_and_the_others_follow(
    sites: Sites, tmp_path: Path
) -> None:
    """KEY-039, KEY-040, KEY-042: the remedies that a refused revocation names work."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    carry(sites, ALPHA, BRAVO, name="one")
    stolen = state_of(sites[ALPHA]).own.size
    second_node(sites)
    act(sites[ALPHA], roz("roz-2", BRAVO))
    carry(sites, ALPHA, BRAVO, name="two")
    given_back(sites, "back")
    root = ("--root", sites[ALPHA] / "offline-root")
    remedy = f"--branch-size {stolen}, or less"
    assert remedy in refused("node", "revoke", sites[ALPHA], *root, "--yes", "--from", stolen)
    words = ("node", "resume", sites[ALPHA], *root, "--out", tmp_path / "again")
    assert remedy in refused(*words)
    done(*words, "--branch-size", stolen)
    done("node", "revoke", sites[ALPHA], *root, "--yes", "--from", stolen, "--although-forked")
    done("node", "rotate", sites[ALPHA], "--although-forked")
    done("node", "resume", sites[ALPHA], *root, "--out", tmp_path / "all", "--although-forked")
    new = {**sites, ALPHA: tmp_path / "again"}
    heard(new[ALPHA], sites[BRAVO])
    act(new[ALPHA], roz("roz-2", BRAVO))
    carry(new, ALPHA, BRAVO, name="three")
    opened = open_node(read_installation(sites[BRAVO]))
    assert set(opened.node.state.feeds[ALPHA].notices) == {"roz-2"}
    opened.store.close()
