"""A feed in which something was signed twice: who follows it, how its party goes on."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, roz
from test_key_ceremony import Scene, new_desk
from thief import Thief, alarms, comes_back
from thief import scene as scene

from crosstell.codecs.parcel import Parcel, encode
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Body, HybridTime, parse, seal
from crosstell.core.record.fork import entries_fork
from crosstell.shell.key_ceremony.desk import head_of
from crosstell.shell.key_ceremony.resuming import Old, Stood, check_resumed, resume
from crosstell.shell.key_ceremony.rotating import revoke, rotate
from crosstell.shell.log import Log
from crosstell.shell.node import Delivery
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Batch, Put, StoredEntry
from crosstell.shell.store.memory import MemoryStore
from crosstell.shell.store.names import fork_name


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


def founding_of(
    scene: Scene, folder: Path, branch_size: int | None, *, asked: bool = False
) -> StoredEntry:
    """Entry 0 of a new feed that stands by so much of alpha's."""
    desk = new_desk(folder, folder.name)
    stood = Stood(branch_size=branch_size, although_forked=asked)
    old = Old(store=scene.desk.store, feed=scene.feed, stood=stood)
    made = resume(old, desk, scene.root, scene.world.now)
    return next(desk.store.entries(made.feed))


def test_key_039_a_forked_feed_is_not_revoked_but_left_for_a_new_one(
    scene: Scene, tmp_path: Path
) -> None:
    """KEY-040: by a revocation nobody would be reached; what both branches hold is stood by.

    KEY-043: once another party signed where it stands, a person cannot say otherwise.
    """
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
    for asked in (False, True):
        with pytest.raises(CallerError, match=f"signed that it holds another.*-size {stolen}, or"):
            revoke(
                scene.desk, scene.root, from_seq=stolen, now=scene.world.now, although_forked=asked
            )
        with pytest.raises(CallerError, match=f"--branch-size {stolen}, or less"):
            founding_of(scene, tmp_path / f"said-{asked}", None, asked=asked)


def evidence_of(scene: Scene, seq: int) -> bytes:
    """The thief signs another entry under the number of one of alpha's, and gives it to nobody."""
    rows, log = tuple(scene.desk.store.entries(scene.feed)), Log(feed=scene.feed)
    for row in rows[:seq]:
        log.verify(row, verifier_of)
    body, head = Body(salt=b"s" * 16, content=b"{}"), head_of(log)
    header = head.next_header(
        kind="notice", body=body.commitment(), hlc=HybridTime(ms=head.hlc.ms + 60), to=()
    )
    signer = scene.world.parties[ALPHA].keys().online
    return entries_fork(parse(rows[seq].leaf), seal(header, signer), signer.public_key())


def learns(scene: Scene, evidence: bytes) -> None:
    """Alpha is sent the evidence, and no entry, in bravo's name."""
    bravo = scene.world.parties[BRAVO].setting.feed
    parcel = Parcel(sender=bravo, have=(), rows=(), forks=(evidence,))
    scene.world.give(ALPHA, Delivery(body=encode(parcel)))
    assert any("signed two different" in text for _, text in alarms(scene))


def test_key_041_evidence_that_nobody_goes_by_stops_no_ceremony(
    scene: Scene, tmp_path: Path
) -> None:
    """KEY-043 too: neither who has the key, revoked or not, nor damaged bytes forbid anything."""
    learns(scene, evidence_of(scene, 1))
    scene.world.deliver()
    scene.world.pass_time(600.0)
    damaged = Put(name=fork_name(scene.feed, "0" * 64), value=b"damaged")
    scene.desk.store.commit(Batch(puts=(damaged,)))
    size = scene.desk.store.size(scene.feed)
    row = founding_of(scene, tmp_path / "all", None)
    found = check_resumed(scene.world.parties[BRAVO].store, row)
    assert (found.branch.size, found.beyond) == (size, 0)
    scene.world.wait(1.0)
    revoke(scene.desk, scene.root, from_seq=1, now=scene.world.now)
    scene.take_keys()
    scene.world.settle(ALPHA, roz("roz-2", BRAVO))
    scene.world.pass_time(600.0)
    assert set(scene.world.state(BRAVO).feeds[ALPHA].notices) == {"roz-2"}
    rotate(scene.desk, scene.world.now)


def given_back_to(scene: Scene, theirs: FeedId) -> Scene:
    """Alpha's desk over what is left of its store: no cosignatures, of bravo its founding alone."""
    store, left, given = scene.desk.store, MemoryStore(), copy.copy(scene)
    own = (scene.feed, scene.world.parties[ALPHA].setting.journal)
    rows = (row for feed in own for row in store.entries(feed))
    puts = (*store.blobs(fork_name(scene.feed, "")), *store.blobs("own/"))
    left.commit(Batch(entries=(*rows, *store.entries(theirs, 0, 1)), puts=puts))
    given.desk = replace(scene.desk, store=left)
    return given


def test_key_042_where_nothing_is_known_a_person_asks_by_telephone(
    scene: Scene, tmp_path: Path
) -> None:
    """KEY-041, KEY-043: and what the others name in their entries tells where they stand."""
    learns(scene, evidence_of(scene, 1))
    size, store = scene.desk.store.size(scene.feed), scene.desk.store
    theirs = scene.world.parties[BRAVO].setting.feed
    given = given_back_to(scene, theirs)
    scene.world.wait(1.0)
    now, asks = scene.world.now, rf"{theirs} holds our.*--although-forked.*--branch-size 1, or less"
    with pytest.raises(CallerError, match=asks):
        revoke(given.desk, scene.root, from_seq=size, now=now)
    with pytest.raises(CallerError, match=asks):
        rotate(given.desk, now)
    with pytest.raises(CallerError, match=r"--branch-size 1, or less.*--although-forked"):
        founding_of(given, tmp_path / "unknown", None)
    with pytest.raises(CallerError, match=r"1 to 1 of its entries.*--although-forked"):
        founding_of(given, tmp_path / "unknown-2", size)
    asked = founding_of(given, tmp_path / "asked", None, asked=True)
    assert check_resumed(scene.world.parties[BRAVO].store, asked).branch.size == size
    scene.world.settle(BRAVO, roz("roz-b", ALPHA))
    told = given_back_to(scene, theirs)
    told.desk.store.commit(Batch(entries=tuple(store.entries(theirs, 1))))
    found = check_resumed(store, founding_of(told, tmp_path / "all", None))
    assert found.branch.size == told.desk.store.size(scene.feed) >= size
    revoke(given.desk, scene.root, from_seq=size, now=now, although_forked=True)
    scene.world.wait(1.0)
    rotate(given.desk, scene.world.now, although_forked=True)


def test_key_040_what_a_thief_signed_is_no_former_notice_of_ours(
    scene: Scene, tmp_path: Path
) -> None:
    """Where the party resumes in place of a revocation, it says how much it stands by.

    KEY-044: and what it stands by is its own again.
    """
    stolen = comes_back(scene)
    with pytest.raises(CallerError, match=f"--branch-size {stolen}, or less"):
        founding_of(scene, tmp_path / "none", None)
    desk = new_desk(tmp_path / "new", "new")
    old = Old(store=scene.desk.store, feed=scene.feed, stood=Stood(branch_size=stolen))
    made = resume(old, desk, scene.root, scene.world.now)
    assert made.branch.size == stolen
    assert made.void == ((stolen, stolen + 2),)
    for more in (1, 2):
        stood = replace(old, stood=Stood(branch_size=stolen + more))
        made = resume(stood, new_desk(tmp_path / f"{more}", f"{more}"), scene.root, scene.world.now)
        assert made.void == ((stolen + more, stolen + 2),)
    covered = replace(old, mark=stolen + 2, stood=Stood())  # the marks had been an old copy
    made = resume(covered, new_desk(tmp_path / "all", "all"), scene.root, scene.world.now)
    assert made.branch.size == stolen + 2
