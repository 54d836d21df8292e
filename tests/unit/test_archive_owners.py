"""Who counts as somebody else, which key counts where, and when each entry was made.

Proves ARC-024, ARC-025, ARC-028, ARC-035, ARC-038 and ARC-039.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from record_keys import TestFeed, TestKey, receipt_of, verifier_of
from two_party_store import COSIGNED_S, TwoParties, exported, rows_of, signer_of, texts

from crosstell.codecs.archive.files import Purpose
from crosstell.codecs.archive.verification import print_json, print_text
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.cosignature import cosign
from crosstell.core.record.fork import Fork, check_fork, entries_fork
from crosstell.core.record.keys import rotation_body
from crosstell.core.record.note import Note
from crosstell.core.record.receipt import check_receipt
from crosstell.shell.archive.export import Choice, export
from crosstell.shell.archive.receipts import Wanted, held_in_store, make_receipt
from crosstell.shell.archive.statements import fork_statement
from crosstell.shell.archive.verify import Detail, verify
from crosstell.shell.store import Batch, Put
from crosstell.shell.store.names import checkpoint_name, cosigned_name

ALPHA, BETA = FeedId("alpha"), FeedId("beta")


def put(parties: TwoParties, name: str, note: Note) -> None:
    parties.store.commit(Batch(puts=(Put(name=name, value=note.print()),)))


def test_a_partys_journal_does_not_vouch_for_its_feed(tmp_path: Path) -> None:
    """ARC-025: one root, one owner, whatever the feed is called."""
    parties = TwoParties(journal=TestFeed("journal", root_label="alpha root")).talk(1)
    note = parties.alpha.cosigned(parties.journal, time_s=COSIGNED_S)
    put(parties, checkpoint_name(ALPHA), note)
    put(parties, checkpoint_name(parties.journal.feed), parties.journal.checkpoint())
    choice = Choice(purpose=Purpose.OWN_USE)
    export(parties.stored(), tmp_path / "out", choice, signer_of("alpha online"))
    found = verify(tmp_path / "out")
    assert "saw this same feed" not in texts(found)
    unseen = "\n".join(found.cannot_see)
    assert "1 cosignatures on checkpoints of feed alpha by its own owner" in unseen
    assert "no other party in this export cosigned that size" in unseen


def test_a_cosigner_that_resumed_its_feed_counts_once(tmp_path: Path) -> None:
    """ARC-025: the same key under the old and the new name does not spoil the export."""
    parties = TwoParties().talk(1)
    resumed = TestFeed(
        "beta2",
        branch=parties.beta.head.as_head(),
        root_label="beta root",
        cosign_label="beta cosign",
    )
    note = parties.alpha.cosigned(parties.beta, time_s=COSIGNED_S)
    named = cosign(
        parties.alpha.head.checkpoint(),
        name="crosstell-cosigner/beta2",
        signer=resumed.cosigner,
        time_s=COSIGNED_S + 1,
    )
    put(parties, checkpoint_name(ALPHA), note.with_signature(named))
    put(parties, checkpoint_name(FeedId("beta2")), resumed.checkpoint())
    parties.store.commit(Batch(entries=tuple(rows_of(resumed))))
    found = verify(exported(parties, tmp_path / "out"))
    assert texts(found).count("saw this same feed at size 2") == 1


def test_a_checkpoint_from_before_a_revoke_entry_still_stands(tmp_path: Path) -> None:
    """ARC-024: at the size where the new key begins, the old one may have signed before it."""
    parties = TwoParties().talk(2)
    before = parties.beta.cosigned(parties.alpha, time_s=COSIGNED_S)
    put(parties, cosigned_name(BETA, parties.beta.head.size), before)
    parties.beta.revoke("beta second", from_seq=2)
    found = verify(exported(parties, tmp_path / "out"))
    assert "crosstell-cosigner/alpha saw this same feed at size 3" in texts(found)


def test_a_receipt_stands_on_a_checkpoint_that_counts() -> None:
    """ARC-035: one made void by a revoke entry is passed over for a later one."""
    parties = TwoParties().talk(1)
    parties.beta.add(b"by a thief", kind="answer")
    void = parties.beta.cosigned(parties.alpha, time_s=COSIGNED_S)
    put(parties, cosigned_name(BETA, parties.beta.head.size), void)
    parties.beta.add(b"by a thief", kind="answer")
    parties.beta.revoke("beta second", from_seq=3)
    data = make_receipt(held_in_store(parties.stored()), Wanted(feed=ALPHA, seq=1))
    assert check_receipt(data, verifier_of).next_entry.seq == 1


def test_nobody_makes_a_receipt_for_himself() -> None:
    """ARC-039: neither as holder nor as cosigner, under whatever feed name."""
    caller, holder = TestFeed("alpha"), TestFeed("alpha2", root_label="alpha root")
    caller.add(b"call")
    holder.add(b"held", heads=[caller.head.as_head()])
    alone = receipt_of(caller, holder, call_seq=1, next_seq=1, note=holder.checkpoint())
    with pytest.raises(PartyError, match="cannot vouch for itself"):
        check_receipt(alone.encode(), verifier_of)
    beta = TestFeed("beta")
    beta.add(b"held", heads=[caller.head.as_head()])
    second = TestFeed("beta2", root_label="beta root")
    note = beta.cosigned(second, time_s=COSIGNED_S)
    made = receipt_of(caller, beta, call_seq=1, next_seq=1, note=note)
    with pytest.raises(PartyError, match="cannot vouch for itself"):
        check_receipt(replace(made, trails=(*made.trails, second.trail())).encode(), verifier_of)


def test_a_cosigning_key_never_becomes_an_online_key() -> None:
    """REC-041: what was signed as one could be shown as the other."""
    feed = TestFeed("alpha")
    old = feed.cosigner
    feed.rotate("second")
    content = rotation_body(
        feed=feed.feed, seq=feed.head.size, signer=old, cosigner=TestKey("third cosign")
    )
    with pytest.raises(PartyError, match="must all differ"):
        feed.take(*feed.draft(content, kind="key"))


def _fork_by(key: TestKey, feed: TestFeed) -> Fork:
    entries = [feed.draft(content, signer=key)[0] for content in (b"one", b"two")]
    return check_fork(entries_fork(entries[0], entries[1], key.public_key()), verifier_of)


def test_fork_evidence_by_another_key_convicts_nobody() -> None:
    """ARC-028: anyone can sign two entries under another's feed name."""
    feed = TestFeed("beta")
    feed.add(b"call")
    slander = fork_statement(_fork_by(TestKey("mallory"), feed), feed.head.keys)
    assert slander.text.startswith("No fork is shown: the key is not the feed's.")
    first = feed.online
    assert fork_statement(_fork_by(first, feed), feed.head.keys).text.startswith("FORKED. ")
    feed.rotate("second")
    feed.add(b"call")
    late = fork_statement(_fork_by(first, feed), feed.head.keys)
    assert late.text.startswith("Not forked by its valid key.")


def test_each_entry_is_shown_with_what_bounds_its_time(tmp_path: Path) -> None:
    """ARC-038: the lower bound is a time the entry commits to, the upper a cosignature."""
    parties = TwoParties().talk(1).cosigned().talk(1)
    out = exported(parties, tmp_path / "out")
    assert verify(out).entries == ()
    found = verify(out, detail=Detail.ENTRIES)
    rows = {(entry.feed, entry.number): entry for entry in found.entries}
    assert sorted(rows) == [("alpha", n) for n in range(3)] + [("beta", n) for n in range(2)]
    held, beyond = rows[BETA, 1].limits, rows[ALPHA, 2].limits
    assert held.lower_s == rows[ALPHA, 1].ms // 1000
    assert (held.lower_by, held.upper_by) == (("feed alpha",), ("crosstell-cosigner/alpha",))
    assert held.upper_s == COSIGNED_S
    assert beyond.upper_s is None
    assert rows[ALPHA, 0].limits.lower_s is None
    text = print_text(found)
    number = rows[BETA, 1]
    named = f"- 1  {number.hash}  answer  2023-10-05T04:26:41Z"
    assert f"{named}  after 2023-10-05T04:26:41Z (clock of feed al" in text
    first = json.loads(print_json(found))["entries"][0]
    assert first["hash"] == rows[ALPHA, 0].hash, "ARC-043"
    assert re.search(r"Its checkpoint of size 3, root [0-9a-f]{64}, is signed", text)
    assert first["not_after"]["by"] == ["crosstell-cosigner/beta"]
    assert "not_before" not in first
