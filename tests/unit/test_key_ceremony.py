"""Rotation, revocation, resume, erasure: recorded, followed by the others, and not to be forged."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, DIRECTOR, DUTY, START, World, post, roz
from test_node_folder import made_in

from crosstell.codecs.parcel import Parcel, Row, encode
from crosstell.core.errors import CallerError, Fatal, PartyError, Unavailable
from crosstell.core.ids import FeedId, NoticeId
from crosstell.core.picture.party import Speaker
from crosstell.core.record.entry import Body, HybridTime, parse, seal
from crosstell.core.record.keys import KEY, REVOKE, revocation_body, rotation_body
from crosstell.core.record.signing import Signer
from crosstell.core.state.events import BodyErased
from crosstell.core.state.held import Unread
from crosstell.shell.exchange import Peer
from crosstell.shell.high_water import FileHighWater, MemoryHighWater
from crosstell.shell.key_ceremony.desk import (
    COSIGNING_NEXT,
    ONLINE_NEXT,
    Desk,
    held_keys,
    settle,
    verified,
)
from crosstell.shell.key_ceremony.erasing import erase
from crosstell.shell.key_ceremony.resuming import Old, check_resumed, resume
from crosstell.shell.key_ceremony.rotating import revoke, rotate
from crosstell.shell.keys import COSIGNING, ONLINE, KeyFolder
from crosstell.shell.live.opening import open_node
from crosstell.shell.node import Delivery
from crosstell.shell.store.contract import Batch, StoredEntry
from crosstell.shell.store.memory import MemoryStore
from crosstell.sim.party import Party, SeededDraw, seeded_signer

BY = Speaker(party=ALPHA, role=DUTY, watch="1")


@dataclass
class Scene:
    """Two nodes, and the desk of alpha with its keys in a folder."""

    folder: Path
    world: World = field(default_factory=lambda: World(seed="keys"))

    def __post_init__(self) -> None:
        """Alpha's keys lie where a person has them."""
        party = self.world.parties[ALPHA]
        keys = KeyFolder(path=self.folder)
        for name in (ONLINE, COSIGNING):
            keys.create(name, seed=hashlib.sha256(f"keys:{ALPHA}:{name}".encode()).digest())
        self.desk = Desk(store=party.store, keys=keys, high_water=party.high_water, draw=party.draw)
        self.root = seeded_signer(f"keys:{ALPHA}:root")

    @property
    def feed(self) -> FeedId:
        return self.world.parties[ALPHA].setting.feed

    def take_keys(self) -> None:
        """Alpha's node goes on with the keys that are in the folder now."""
        self.world.wait(1.0)
        self.world.parties[ALPHA].node.take_keys(held_keys(self.desk))
        self.world.tick()
        self.world.deliver()
        self.world.pass_time(60.0)

    def agree(self) -> None:
        """Both hold the same of alpha's feed, whole, and nobody was alarmed."""
        alpha, bravo = self.world.state(ALPHA), self.world.state(BRAVO)
        assert bravo.feeds[ALPHA].size == alpha.own.size
        assert bravo.feeds[ALPHA].notices == alpha.own.notices
        for name in (ALPHA, BRAVO):
            assert self.world.parties[name].node.alarms == ()
        kinds = [row for row in self.world.parties[BRAVO].store.entries(self.feed)]
        assert [row.leaf for row in kinds] == [
            row.leaf for row in self.desk.store.entries(self.feed)
        ]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    made = Scene(tmp_path / "keys")
    made.world.settle(ALPHA, roz("roz-1", BRAVO))
    return made


def test_a_rotation_is_followed_and_the_old_key_is_gone(scene: Scene) -> None:
    """KEY-001, KEY-004: both logs, one batch; the peer takes what the new key signs."""
    old = scene.desk.keys.load(ONLINE).public_key()
    scene.world.wait(1.0)
    changed = rotate(scene.desk, scene.world.now)
    assert [feed for feed, _ in changed.entries] == [
        scene.feed,
        scene.world.parties[ALPHA].setting.journal,
    ]
    assert scene.desk.keys.names() == (COSIGNING, ONLINE)
    new = scene.desk.keys.load(ONLINE).public_key()
    assert new != old
    scene.take_keys()
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    scene.world.pass_time(300.0)
    scene.agree()
    assert set(scene.world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2"}
    assert verified(scene.world.parties[BRAVO].store, scene.feed).size == scene.desk.store.size(
        scene.feed
    )
    assert not scene.world.parties[ALPHA].node.rebuilt.exchange.uncosigned(
        scene.world.parties[BRAVO].setting.feed
    )
    scene.world.wait(1.0)
    rotate(scene.desk, scene.world.now)
    scene.take_keys()
    scene.agree()


def test_a_rotation_that_was_cut_off_is_settled_either_way(scene: Scene) -> None:
    """KEY-005: a key that an entry names takes its place, one that none names is gone."""
    scene.desk.keys.create(ONLINE_NEXT)
    before = scene.desk.keys.load(ONLINE).public_key()
    settle(scene.desk)
    assert scene.desk.keys.names() == (COSIGNING, ONLINE)
    assert scene.desk.keys.load(ONLINE).public_key() == before

    class Cut(KeyFolder):
        def promote(self, name: str, *, over: str) -> None:
            raise Unavailable(f"{name} over {over}: the power went")

    cut = replace(scene.desk, keys=Cut(path=scene.desk.keys.path))
    scene.world.wait(1.0)
    with pytest.raises(Unavailable):
        rotate(cut, scene.world.now)
    assert ONLINE_NEXT in scene.desk.keys.names()
    scene.take_keys()
    assert scene.desk.keys.names() == (COSIGNING, ONLINE)
    assert scene.desk.keys.load(ONLINE).public_key() != before
    scene.agree()


def test_a_revocation_is_followed_and_what_it_names_is_void_for_both(scene: Scene) -> None:
    """KEY-002, KEY-003: what a thief filed is kept, shown as void, and stands for nothing."""
    stolen = scene.world.state(ALPHA).own.size
    scene.world.settle(ALPHA, roz("roz-thief", BRAVO))
    scene.world.parties[BRAVO].node.keep_snapshot()
    scene.world.wait(1.0)
    revoke(scene.desk, scene.root, from_seq=stolen, now=scene.world.now)
    assert scene.desk.keys.names() == (COSIGNING, ONLINE)
    scene.take_keys()
    scene.agree()
    for name in (ALPHA, BRAVO):
        feed = scene.world.state(name).feeds[ALPHA]
        assert set(feed.notices) == {"roz-1"}
        void = [ref.seq for ref, _, why in feed.unread if why.why is Unread.VOID]
        assert stolen in void
    scene.world.settle(ALPHA, roz("roz-thief", BRAVO))
    scene.agree()
    state = scene.world.state(BRAVO)
    scene.world.parties[BRAVO].start()
    assert scene.world.state(BRAVO) == state


def test_only_the_root_revokes_and_only_what_is_there(scene: Scene) -> None:
    """KEY-002: another root is refused before anything is written, keys included."""
    size = scene.desk.store.size(scene.feed)
    with pytest.raises(CallerError, match="not the one under which"):
        revoke(scene.desk, seeded_signer("another"), from_seq=1, now=scene.world.now)
    for first in (0, size + 1):
        with pytest.raises(CallerError, match="cannot be the first"):
            revoke(scene.desk, scene.root, from_seq=first, now=scene.world.now)
    assert scene.desk.store.size(scene.feed) == size
    assert scene.desk.keys.names() == (COSIGNING, ONLINE)


@pytest.mark.parametrize("kind", [KEY, REVOKE])
def test_a_forged_change_of_keys_is_refused_by_the_other_party(scene: Scene, kind: str) -> None:
    """KEY-004: a thief without the old key, or without the root, changes nothing."""
    thief = seeded_signer("thief")
    cosigner, root = seeded_signer("thief-2"), seeded_signer("thief-root")
    head = scene.world.parties[ALPHA].node.rebuilt.own.head
    assert head is not None
    if kind == KEY:
        content = rotation_body(feed=head.feed, seq=head.size, signer=thief, cosigner=cosigner)
    else:
        content = revocation_body(
            feed=head.feed, seq=head.size, from_seq=1, signer=thief, cosigner=cosigner, root=root
        )
    forged = _forged(scene, kind, content, thief)
    scene.desk.store.commit(Batch(entries=(forged,)))
    sent = _parcel_of(scene, forged)
    scene.world.give(BRAVO, Delivery(body=sent))
    assert scene.world.state(BRAVO).feeds[ALPHA].size == head.size
    assert scene.world.parties[BRAVO].node.alarms != ()


def _forged(scene: Scene, kind: str, content: bytes, thief: Signer) -> StoredEntry:
    head = scene.world.parties[ALPHA].node.rebuilt.own.head
    assert head is not None
    body = Body(salt=b"s" * 16, content=content)
    hlc = HybridTime(ms=head.hlc.ms + 1_000)
    entry = seal(head.next_header(kind=kind, body=body.commitment(), hlc=hlc), thief)
    return StoredEntry(feed=head.feed, seq=head.size, leaf=entry.leaf, salt=body.salt, body=content)


def _parcel_of(scene: Scene, row: StoredEntry) -> bytes:
    rows = (Row(leaf=row.leaf, salt=row.salt, body=row.body),)
    return encode(Parcel(sender=scene.feed, have=(), rows=rows))


def test_nothing_is_changed_by_the_wrong_key_or_on_a_store_that_lost_its_end(
    scene: Scene, tmp_path: Path
) -> None:
    """KEY-006: a copy that is older than what was signed would fork."""
    other = KeyFolder(path=tmp_path / "other")
    other.create(ONLINE)
    other.create(COSIGNING)
    with pytest.raises(CallerError, match="not the one that holds"):
        rotate(replace(scene.desk, keys=other), scene.world.now)
    assert other.names() == (COSIGNING, ONLINE)
    ahead = MemoryHighWater(marks={scene.feed: 99})
    with pytest.raises(CallerError, match="99 were signed"):
        rotate(replace(scene.desk, high_water=ahead), scene.world.now)
    scene.world.wait(-7_200.0)
    with pytest.raises(Fatal, match="nothing is signed until the clock is right"):
        rotate(scene.desk, scene.world.now)
    assert scene.desk.keys.names() in {(COSIGNING, ONLINE), (COSIGNING, ONLINE, ONLINE_NEXT)}
    settle(scene.desk)
    assert COSIGNING_NEXT not in scene.desk.keys.names()


def test_a_nodes_folder_opens_with_what_a_ceremony_left_there(tmp_path: Path) -> None:
    """KEY-005, KEY-006: a cut-off rotation is settled at the start; a wrong key opens nothing."""
    made = made_in(tmp_path / "node")
    installation = made.installation
    keys = KeyFolder(path=installation.keys)
    opened = open_node(installation)
    desk = Desk(
        store=opened.store,
        keys=keys,
        high_water=FileHighWater(folder=installation.marks),
        draw=SeededDraw(seed="folder"),
    )
    rotate(desk, START + timedelta(hours=1))
    opened.store.close()
    opened = open_node(installation)
    assert opened.node.may_sign
    opened.store.close()
    (installation.keys / f"{ONLINE}.key").unlink()
    keys.create(ONLINE)
    with pytest.raises(CallerError, match="not the one that holds"):
        open_node(installation)


def new_desk(folder: Path, seed: str) -> Desk:
    return Desk(
        store=MemoryStore(),
        keys=KeyFolder(path=folder),
        high_water=MemoryHighWater(),
        draw=SeededDraw(seed=seed),
    )


def test_a_feed_is_resumed_under_the_same_root_and_the_other_party_can_tell(
    scene: Scene, tmp_path: Path
) -> None:
    """KEY-010, KEY-011: alpha's store is lost; bravo holds one entry more than alpha stands by."""
    copy = MemoryStore()
    copy.commit(Batch(entries=tuple(scene.desk.store.entries(scene.feed))))
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    desk = new_desk(tmp_path / "new", "new")
    resumed = resume(Old(store=copy, feed=scene.feed), desk, scene.root, scene.world.now)
    row = next(desk.store.entries(resumed.feed))
    assert parse(row.leaf).hash.hex() == resumed.founding
    left = check_resumed(scene.world.parties[BRAVO].store, row)
    assert left.branch == resumed.branch
    assert left.branch.size == copy.size(scene.feed)
    assert left.beyond == scene.world.state(BRAVO).feeds[ALPHA].size - left.branch.size > 0
    with pytest.raises(CallerError, match="not empty"):
        resume(Old(store=copy, feed=scene.feed), desk, scene.root, scene.world.now)
    with pytest.raises(CallerError, match="only the same root"):
        resume(
            Old(store=copy, feed=scene.feed),
            new_desk(tmp_path / "x", "x"),
            seeded_signer("x"),
            scene.world.now,
        )
    empty = MemoryStore()
    with pytest.raises(CallerError, match="nothing of it is left"):
        resume(
            Old(store=empty, feed=scene.feed),
            new_desk(tmp_path / "y", "y"),
            scene.root,
            scene.world.now,
        )


def test_after_a_resume_both_nodes_go_on_in_the_new_feed(scene: Scene, tmp_path: Path) -> None:
    """KEY-010, KEY-011: what is filed in the new feed arrives and is cosigned."""
    world, desk = scene.world, new_desk(tmp_path / "new", "new")
    resumed = resume(Old(store=scene.desk.store, feed=scene.feed), desk, scene.root, world.now)
    alpha, bravo = world.parties[ALPHA], world.parties[BRAVO]
    feeds = tuple(
        (name, resumed.feed if name == ALPHA else feed) for name, feed in alpha.setting.feeds
    )
    setting = replace(alpha.setting, feeds=feeds, journal=resumed.journal)
    again = Party(setting=setting, seed="resumed", store=desk.store, peers=alpha.peers)
    again.start()
    again.node.take_keys(held_keys(desk))
    world.parties[ALPHA] = again
    bravo.setting = replace(bravo.setting, feeds=feeds)
    bravo.peers = (Peer(party=ALPHA, feed=resumed.feed, founding=resumed.founding),)
    bravo.start()
    world.settle(ALPHA, roz("roz-again", BRAVO))
    world.pass_time(600.0)
    told = world.state(BRAVO).feeds[ALPHA]
    assert told.feed == resumed.feed
    assert set(told.notices) == {"roz-again"}, "what stood in the old feed is filed again"
    assert not again.node.rebuilt.exchange.uncosigned(bravo.setting.feed)
    assert bravo.store.size(scene.feed) > 1, "the old feed is kept"


def test_a_forged_resume_is_refused(scene: Scene, tmp_path: Path) -> None:
    """KEY-012: of another root, and of a branch that is not the one held."""
    bravo = scene.world.parties[BRAVO].store
    impostor = World(seed="impostor")
    impostor.settle(ALPHA, roz("roz-1", BRAVO))
    theirs = impostor.parties[ALPHA]
    desk = new_desk(tmp_path / "imp", "imp")
    root = seeded_signer(f"impostor:{ALPHA}:root")
    resumed = resume(Old(store=theirs.store, feed=theirs.setting.feed), desk, root, impostor.now)
    with pytest.raises(PartyError, match="resumes no feed that is held here"):
        check_resumed(bravo, next(desk.store.entries(resumed.feed)))
    other = Scene(tmp_path / "fork", world=World(seed="keys"))
    other.world.settle(ALPHA, roz("roz-other", BRAVO))
    desk = new_desk(tmp_path / "branch", "branch")
    resumed = resume(
        Old(store=other.desk.store, feed=other.feed), desk, other.root, other.world.now
    )
    with pytest.raises(PartyError, match="another root than is held here"):
        check_resumed(bravo, next(desk.store.entries(resumed.feed)))


def test_an_erased_body_is_gone_and_the_journal_says_so(scene: Scene) -> None:
    """KEY-020, KEY-021: the leaf stays, the node signs on, and nobody is asked to give it back."""
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    seq = scene.world.state(ALPHA).own.notices[NoticeId("roz-2")].latest.stamp.ref.seq
    node = scene.world.parties[ALPHA].node
    assert node.keep_snapshot()
    scene.world.wait(1.0)
    said = erase(
        scene.desk, scene.feed, seq, by=BY, reason="entered by mistake", now=scene.world.now
    )
    row = next(scene.desk.store.entries(scene.feed, seq, 1))
    assert (row.salt, row.body) == (None, None)
    scene.take_keys()
    state = scene.world.state(ALPHA)
    assert set(state.own.notices) == {"roz-1"}
    assert node.may_sign
    assert said.feed == scene.world.parties[ALPHA].setting.journal
    scene.world.settle(ALPHA, roz("roz-3", BRAVO))
    assert set(scene.world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2", "roz-3"}
    verified(scene.desk.store, scene.feed)


def test_what_another_party_sent_is_erased_and_does_not_come_back(scene: Scene) -> None:
    """KEY-021: not even if it is sent again."""
    scene.world.settle(BRAVO, replace(post(BRAVO, "post-b", ALPHA), second=_second_of_bravo()))
    theirs = scene.world.parties[BRAVO].setting.feed
    seq = scene.world.state(ALPHA).feeds[BRAVO].notices[NoticeId("post-b")].latest.stamp.ref.seq
    erase(scene.desk, theirs, seq, by=BY, reason="asked by bravo", now=scene.world.now)
    scene.take_keys()
    assert scene.world.state(ALPHA).feeds[BRAVO].notices == {}
    for _, message in list(scene.world.sent):
        if message.to == ALPHA:
            scene.world.give(ALPHA, Delivery(body=message.body))
    assert scene.world.state(ALPHA).feeds[BRAVO].notices == {}
    assert next(scene.desk.store.entries(theirs, seq, 1)).body is None


def _second_of_bravo() -> Speaker:
    return Speaker(party=BRAVO, role=DIRECTOR, watch="1")


def test_what_cannot_be_erased_is_refused(scene: Scene) -> None:
    """KEY-022: key entries, what is not held; and no person records an erasure without one."""
    for seq, words in ((0, "states keys"), (99, "is not held"), (-1, "is not held")):
        with pytest.raises(CallerError, match=words):
            erase(scene.desk, scene.feed, seq, by=BY, reason="why", now=scene.world.now)
    ref = scene.world.state(ALPHA).own.notices[NoticeId("roz-1")].latest.stamp.ref
    refused = scene.world.act(ALPHA, BodyErased(entry=ref, reason="why")).refused
    assert refused is not None
    assert "no person does" in refused.text
