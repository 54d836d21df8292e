"""A second signer under a party's key: what comes back, what is forked, how the party goes on."""

import copy
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from carried_sites import Sites, act, carry, done, heard, refused, state_of
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, roz
from test_key_ceremony import BY, Scene, new_desk

from crosstell.codecs import entry_body
from crosstell.codecs.parcel import Parcel, Row, encode
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.record.entry import Body, Entry, HybridTime, seal
from crosstell.core.record.keys import KEY, rotation_body
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.key_ceremony.desk import verified
from crosstell.shell.key_ceremony.erasing import erase
from crosstell.shell.key_ceremony.resuming import Old, check_resumed, resume
from crosstell.shell.key_ceremony.rotating import revoke, rotate
from crosstell.shell.live.opening import open_node
from crosstell.shell.node import Delivery
from crosstell.shell.peers.alarms import AlarmKind
from crosstell.shell.store.contract import StoredEntry
from crosstell.shell.store.memory import MemoryStore
from crosstell.sim.party import seeded_signer


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Both hold alpha's feed, and everybody has been told so."""
    made = Scene(tmp_path / "keys")
    made.world.settle(ALPHA, roz("roz-1", BRAVO))
    made.world.pass_time(60.0)
    return made


@dataclass
class Thief:
    """Whoever has alpha's online key, and signs in alpha's name to bravo alone."""

    scene: Scene
    count: int = 0

    def signs(self, event: NoticeFiled, *to: FeedId) -> tuple[Entry, Body]:
        """The next entry after what bravo holds of alpha's feed."""
        content = entry_body.encode(event, BY)
        return self._sealed(entry_body.kind_of(event), content, to or (self.of_bravo,))

    def names_a_key(self) -> tuple[Entry, Body]:
        """A rotation to keys that the thief alone has."""
        store = self.scene.world.parties[BRAVO].store
        content = rotation_body(
            feed=self.scene.feed,
            seq=store.size(self.scene.feed),
            signer=seeded_signer("thief"),
            cosigner=seeded_signer("thief-2"),
        )
        return self._sealed(KEY, content, ())

    def gives(self, entry: Entry, body: Body | None) -> None:
        """To bravo's node, in alpha's name."""
        row = Row(leaf=entry.leaf)
        if body is not None:
            row = replace(row, salt=body.salt, body=body.content)
        parcel = Parcel(sender=self.scene.feed, have=(), rows=(row,))
        self.scene.world.give(BRAVO, Delivery(body=encode(parcel)))

    @property
    def of_bravo(self) -> FeedId:
        return self.scene.world.parties[BRAVO].setting.feed

    def _sealed(self, kind: str, content: bytes, to: tuple[FeedId, ...]) -> tuple[Entry, Body]:
        head = verified(self.scene.world.parties[BRAVO].store, self.scene.feed).head
        assert head is not None
        self.count += 1
        body = Body(salt=bytes([self.count]) * 16, content=content)
        hlc = HybridTime(ms=head.hlc.ms + 60)
        header = head.next_header(kind=kind, body=body.commitment(), hlc=hlc, to=to)
        return seal(header, self.scene.world.parties[ALPHA].keys().online), body


def comes_back(scene: Scene) -> int:
    """The first entry of the thief, which bravo took and gave back to alpha."""
    stolen = scene.desk.store.size(scene.feed)
    thief = Thief(scene)
    thief.gives(*thief.signs(roz("roz-thief", BRAVO)))
    thief.gives(*thief.signs(roz("roz-thief-2", BRAVO)))
    scene.world.deliver()
    scene.world.pass_time(600.0)
    return stolen


def alarms(scene: Scene) -> list[tuple[AlarmKind, str]]:
    found = scene.world.parties[ALPHA].node.alarms
    return [(one.kind, one.text) for one in found]


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


def forked(scene: Scene) -> int:
    """Bravo has the thief's entry at the number at which alpha's officer signs another."""
    stolen = scene.desk.store.size(scene.feed)
    thief = Thief(scene)
    thief.gives(*thief.signs(roz("roz-thief", BRAVO)))
    scene.world.line.clear()
    scene.world.act(ALPHA, roz("roz-2", BRAVO))
    scene.world.deliver()
    scene.world.pass_time(600.0)
    for name in (ALPHA, BRAVO):
        assert any("signed two different" in a.text for a in scene.world.parties[name].node.alarms)
    return stolen


def founding_of(scene: Scene, folder: Path, branch_size: int | None) -> StoredEntry:
    """Entry 0 of a new feed that stands by so much of alpha's."""
    desk = new_desk(folder, folder.name)
    old = Old(store=scene.desk.store, feed=scene.feed, branch_size=branch_size)
    made = resume(old, desk, scene.root, scene.world.now)
    return next(desk.store.entries(made.feed))


def test_key_039_a_forked_feed_is_not_revoked_but_left_for_a_new_one(
    scene: Scene, tmp_path: Path
) -> None:
    """KEY-040: by a revocation nobody would be reached; what both branches hold is stood by."""
    stolen = forked(scene)
    size = scene.desk.store.size(scene.feed)
    with pytest.raises(CallerError, match=f"--branch-size {stolen}, or less"):
        revoke(scene.desk, scene.root, from_seq=stolen, now=scene.world.now)
    with pytest.raises(CallerError, match=f"--branch-size {stolen}, or less"):
        rotate(scene.desk, scene.world.now)
    assert scene.desk.store.size(scene.feed) == size
    with pytest.raises(CallerError, match=f"--branch-size {stolen}, or less"):
        founding_of(scene, tmp_path / "none", None)
    for wrong in (0, stolen + 1, size + 1):
        with pytest.raises(CallerError, match=f"1 to {stolen} of its entries"):
            founding_of(scene, tmp_path / f"wrong-{wrong}", wrong)
    theirs = scene.world.parties[BRAVO].store
    for branch_size in (stolen, 1):
        row = founding_of(scene, tmp_path / f"new-{branch_size}", branch_size)
        found = check_resumed(theirs, row)
        assert found.branch.size == branch_size
        assert found.beyond == theirs.size(scene.feed) - branch_size
        assert check_resumed(scene.desk.store, row).branch == found.branch, "of either branch"


def test_key_040_what_a_thief_signed_is_no_former_notice_of_ours(
    scene: Scene, tmp_path: Path
) -> None:
    """Where the party resumes in place of a revocation, it says how much it stands by."""
    stolen = comes_back(scene)
    with pytest.raises(CallerError, match=f"--branch-size {stolen}, or less"):
        founding_of(scene, tmp_path / "none", None)
    desk = new_desk(tmp_path / "new", "new")
    old = Old(store=scene.desk.store, feed=scene.feed, branch_size=stolen)
    made = resume(old, desk, scene.root, scene.world.now)
    assert made.branch.size == stolen
    assert made.void == ((stolen, stolen + 2),)
    covered = replace(old, mark=stolen + 2, branch_size=None)  # the marks had been an old copy
    made = resume(covered, new_desk(tmp_path / "all", "all"), scene.root, scene.world.now)
    assert made.branch.size == stolen + 2


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
    """NOD-540, NOD-541, KEY-038: the second node's words come back with the other party's file."""
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
    words = ("node", "revoke", sites[ALPHA], "--root", sites[ALPHA] / "offline-root", "--yes")
    assert f"--from {stolen}" in refused(*words, "--from", "nothing")
    assert f"--from {stolen}" in refused("node", "rotate", sites[ALPHA])
    done(*words, "--from", stolen)
    act(sites[ALPHA], roz("roz-2", BRAVO))
    carry(sites, ALPHA, BRAVO, name="two")
    assert set(state_of(sites[BRAVO]).feeds[ALPHA].notices) == {"roz-1", "roz-2"}
    assert set(state_of(sites[ALPHA]).own.notices) == {"roz-1", "roz-2"}


def test_a_forked_feed_is_resumed_by_command_and_the_others_follow(
    sites: Sites, tmp_path: Path
) -> None:
    """KEY-039, KEY-040: the remedy that a refused revocation names is one that works."""
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
    new = {**sites, ALPHA: tmp_path / "again"}
    heard(new[ALPHA], sites[BRAVO])
    act(new[ALPHA], roz("roz-2", BRAVO))
    carry(new, ALPHA, BRAVO, name="three")
    opened = open_node(read_installation(sites[BRAVO]))
    assert set(opened.node.state.feeds[ALPHA].notices) == {"roz-2"}
    opened.store.close()
