"""What goes into an export, and what its verification says and refuses.

Proves ARC-002, ARC-005, ARC-015 to ARC-020 and ARC-025 to ARC-032.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from record_keys import TestFeed, TestKey
from two_party_store import (
    COSIGNED_S,
    HELD,
    TwoParties,
    as_head,
    contents,
    exported,
    rows_of,
    signer_of,
    texts,
)

from crosstell.codecs.archive.files import (
    Purpose,
)
from crosstell.codecs.archive.verification import print_json, print_text
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.cosignature import cosign
from crosstell.core.record.fork import entries_fork
from crosstell.core.record.signing import fingerprint
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.archive.verify import verify
from crosstell.shell.founding import Keys, found
from crosstell.shell.store import Batch, Erase, MemoryStore, Put, StoredEntry
from crosstell.shell.store.names import OWN_JOURNAL, checkpoint_name, fork_name


def test_the_layout_is_that_of_tlog_tiles(tmp_path: Path) -> None:
    """ARC-002, ARC-019: past 256 entries there are full and partial tiles on two levels."""
    parties = TwoParties().talk(1).cosigned().talk(299)
    found = contents(exported(parties, tmp_path / "out"))
    assert [path for path in found if path.startswith("feeds/alpha/")] == [
        "feeds/alpha/bodies/000",
        "feeds/alpha/bodies/001.p/45",
        "feeds/alpha/checkpoint",
        "feeds/alpha/checkpoints/0000000000000002",
        "feeds/alpha/tile/0/000",
        "feeds/alpha/tile/0/001.p/45",
        "feeds/alpha/tile/1/000.p/1",
        "feeds/alpha/tile/entries/000",
        "feeds/alpha/tile/entries/001.p/45",
    ]
    assert found["feeds/alpha/checkpoint"].startswith(b"crosstell/alpha\n301\n")
    assert "Entries 0 to 300 are whole" in texts(verify(tmp_path / "out"))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    """ARC-005."""
    one = exported(TwoParties().talk(3), tmp_path / "one")
    two = exported(TwoParties().talk(3), tmp_path / "two")
    assert contents(one) == contents(two)


def test_the_journal_stays_unless_asked_for(tmp_path: Path) -> None:
    """ARC-015."""
    shared = contents(exported(TwoParties().talk(2), tmp_path / "shared"))
    assert not any(b"journal" in path.encode() + data for path, data in shared.items())
    parties = TwoParties().talk(2)
    journal = parties.journal
    one, two = (journal.draft(text)[0] for text in (b"one", b"two"))
    evidence = entries_fork(one, two, journal.online.public_key())
    parties.store.commit(
        Batch(
            puts=(
                Put(name=checkpoint_name(journal.feed), value=journal.checkpoint().print()),
                Put(name=fork_name(journal.feed, "any"), value=evidence),
            )
        )
    )
    assert not any(
        b"journal" in path.encode() + data
        for path, data in contents(exported(parties, tmp_path / "again")).items()
    )
    own = exported(parties, tmp_path / "own", Choice(purpose=Purpose.OWN_USE, bodies=Bodies.HELD))
    found = verify(own)
    assert "must not leave" in texts(found)
    assert "feed journal: Entries 0 to 2" in texts(found)


def test_a_journal_under_the_partys_own_keys(tmp_path: Path) -> None:
    """ARC-015, ARC-017: as a node founds it; the export signs its checkpoint."""
    parties = TwoParties().talk(2).cosigned()
    store = parties.stored()
    keys = Keys(online=signer_of("alpha online"), cosigning=signer_of("alpha cosign"))
    name = FeedId("private")
    first = found(
        name,
        keys,
        signer_of("alpha root"),
        draw=bytes,
        now=datetime(2023, 10, 5, 4, 0, tzinfo=UTC),
    )
    store.commit(Batch(entries=(first,), puts=(Put(name=OWN_JOURNAL, value=b"private"),)))
    choice = Choice(purpose=Purpose.OWN_USE)
    done = export(store, tmp_path / "out", choice, signer_of("alpha online"))
    assert done.sizes == (("alpha", 3), ("beta", 3), ("private", 1))
    said = texts(verify(tmp_path / "out"))
    assert "feed private: Its checkpoint of size 1, root " in said
    assert "feed beta: crosstell-cosigner/alpha saw this same feed at size 3" in said


@pytest.mark.parametrize(
    ("bodies", "alpha", "beta"), [(Bodies.NONE, 1, 1), (Bodies.OWN, 4, 1), (Bodies.HELD, 4, 3)]
)
def test_bodies_are_a_persons_choice(tmp_path: Path, bodies: Bodies, alpha: int, beta: int) -> None:
    """ARC-016, ARC-027: one of alpha's is erased, none of an answer is shown unless chosen."""
    parties = TwoParties().talk(4)
    parties.stored().commit(
        Batch(
            erasures=(
                Erase(feed=FeedId("alpha"), seq=2),
                Erase(feed=FeedId("beta"), seq=1),
                Erase(feed=FeedId("beta"), seq=4),
            )
        )
    )
    out = exported(parties, tmp_path / "out", Choice(bodies=bodies))
    found = verify(out)
    assert f"feed alpha: {alpha} of 5 bodies are shown" in texts(found)
    assert f"feed beta: {beta} of 5 bodies are shown" in texts(found)
    assert any(text.startswith(f"What {5 - beta} of 5 entries") for text in found.cannot_see)
    shown = b"".join(contents(out).values())
    assert (b"call 0" in shown, b"answer 1" in shown) == (alpha == 4, beta == 3)
    assert b"call 1" not in shown


def test_a_feed_reaches_as_far_as_its_checkpoint(tmp_path: Path) -> None:
    """ARC-017, ARC-026: what is beyond is said by the exporter, and by the verification."""
    parties = TwoParties().talk(2).cosigned().talk(3)
    done = export(parties.stored(), tmp_path / "out", HELD, signer_of("alpha online"))
    assert done.sizes == (("alpha", 6), ("beta", 3))
    assert done.beyond == (("beta", 3),)
    found = verify(tmp_path / "out")
    assert any(
        "feed alpha held it up to size 5, this export has 3 of its entries" in text
        for text in found.cannot_see
    )


def test_a_wrong_key_or_store_makes_no_export(tmp_path: Path) -> None:
    """ARC-018."""
    parties = TwoParties().talk(2)
    store = parties.stored()
    for label in ("beta online", "alpha cosign"):
        with pytest.raises(CallerError, match="not the online key of feed alpha"):
            export(store, tmp_path / "out", HELD, signer_of(label))
    store.commit(
        Batch(puts=(Put(name=checkpoint_name(FeedId("alpha")), value=_note(parties.alpha)),))
    )
    with pytest.raises(CallerError, match="not the online key of feed alpha"):
        export(store, tmp_path / "out", HELD, signer_of("beta online"))
    with pytest.raises(CallerError, match="no feed of its own"):
        export(MemoryStore(), tmp_path / "out", HELD, signer_of("alpha online"))
    forged = StoredEntry(feed=FeedId("alpha"), seq=3, leaf=b"x" * 100)
    store.commit(Batch(entries=(forged,)))
    with pytest.raises(PartyError, match="entry"):
        export(store, tmp_path / "out", HELD, signer_of("alpha online"))
    assert list(tmp_path.iterdir()) == []


def _note(feed: TestFeed) -> bytes:
    return feed.checkpoint().print()


def test_a_checkpoint_past_the_store_makes_no_export(tmp_path: Path) -> None:
    """ARC-018."""
    parties = TwoParties().talk(2)
    store = parties.stored()
    parties.beta.add(b"later")
    store.commit(
        Batch(puts=(Put(name=checkpoint_name(FeedId("beta")), value=_note(parties.beta)),))
    )
    with pytest.raises(CallerError, match=r"beta: its checkpoint is of size 4, the store holds 3"):
        export(store, tmp_path / "out", HELD, signer_of("alpha online"))


def test_statements_name_what_they_rest_on(tmp_path: Path) -> None:
    """ARC-025, ARC-030, ARC-031, ARC-032."""
    parties = TwoParties().talk(2).cosigned()
    root = fingerprint(parties.beta.root.public_key())
    found = verify(exported(parties, tmp_path / "out"), roots=[root])
    assert all(said.rests_on for said in found.statements)
    grounds = {ground for said in found.statements for ground in said.rests_on}
    assert f"root key {root}, which you compared" in grounds
    assert "the clock of crosstell-cosigner/beta" in grounds
    assert "crosstell-cosigner/beta saw this same feed at size 3 at 2023-10-05T04:28:20Z" in texts(
        found
    )
    unseen = "\n".join(found.cannot_see)
    assert "entries after number 2: a tail that was cut" in unseen
    assert "Whose feed alpha is" in unseen
    assert "Whose feed beta is" not in unseen
    assert "cosigned that size" not in unseen
    document = json.loads(print_json(found))
    assert document["schema"] == "crosstell/verification/v1"
    assert len(document["statements"]) == len(found.statements)
    assert document["cannot_see"] == list(found.cannot_see)
    for said in found.statements:
        assert said.text in print_text(found)


def test_a_root_that_nothing_stands_under_is_refused(tmp_path: Path) -> None:
    """ARC-032."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    with pytest.raises(PartyError, match="no feed in it stands under the root 0000"):
        verify(out, roots=["00" * 32])


def test_unknown_cosigners_are_said_to_be_unchecked(tmp_path: Path) -> None:
    """ARC-025, ARC-031."""
    parties = TwoParties().talk(1)
    line = cosign(
        parties.beta.head.checkpoint(),
        name="crosstell-cosigner/gamma",
        signer=TestKey("gamma cosign"),
        time_s=COSIGNED_S,
    )
    note = parties.beta.checkpoint().with_signature(line).print()
    parties.store.commit(Batch(puts=(Put(name=checkpoint_name(FeedId("beta")), value=note),)))
    unseen = "\n".join(verify(exported(parties, tmp_path / "out")).cannot_see)
    assert "What 1 further signatures on checkpoints of feed beta" in unseen
    assert "no other party in this export cosigned that size" in unseen


def test_forks_voids_and_resumes_are_stated(tmp_path: Path) -> None:
    """ARC-019, ARC-028, ARC-029."""
    parties = TwoParties().talk(2)
    one, _ = parties.beta.draft(b"one")
    two, _ = parties.beta.draft(b"two")
    evidence = entries_fork(one, two, parties.beta.online.public_key())
    head = as_head(parties.beta)
    parties.beta.revoke("beta second", from_seq=2)
    resumed = TestFeed("beta2", branch=head, root_label="beta root")
    parties.store.commit(
        Batch(
            entries=tuple(rows_of(resumed)),
            puts=(
                Put(name=fork_name(FeedId("beta"), "any"), value=evidence),
                Put(name=checkpoint_name(FeedId("beta2")), value=_note(resumed)),
            ),
        )
    )
    found = verify(exported(parties, tmp_path / "out"))
    assert "feed beta: FORKED. " in texts(found)
    assert "Entries 2 to 2 are void" in texts(found)
    assert "resumes feed beta and stands by its first 3 entries, the branch exported" in texts(
        found
    )
    by_key = [said for said in found.statements if "FORKED" in said.text]
    assert "which name this key as its online key" in by_key[0].rests_on[1]
