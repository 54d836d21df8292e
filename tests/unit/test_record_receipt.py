"""Receipts and fork evidence: what they show alone, and what they refuse."""

from dataclasses import replace

import pytest
from record_keys import TestFeed, TestKey, receipt_of, verifier_of

from crosstell.core.errors import CallerError, PartyError
from crosstell.core.record.entry import Body, Entry, Head, seal
from crosstell.core.record.fork import (
    FORK_SIZE_MAX,
    ForkKind,
    check_fork,
    checkpoints_fork,
    entries_fork,
)
from crosstell.core.record.receipt import (
    RECEIPT_SIZE_MAX,
    Clock,
    Compared,
    KeyTrail,
    Receipt,
    check_receipt,
    parse_receipt,
)
from crosstell.core.record.signing import fingerprint
from crosstell.core.record.tree import inclusion_proof, nodes_of, root_of


class Case:
    """Alpha calls at entry 1; bravo holds it when it writes entry 2; charlie is neutral."""

    def __init__(self) -> None:
        self.alpha = TestFeed("alpha-1")
        self.bravo = TestFeed("bravo-1")
        self.charlie = TestFeed("charlie-1")
        self.call = self.alpha.add(b'{"text":"aircraft near your position"}')
        self.bravo.add(b"{}")
        self.answer = self.bravo.add(b"{}", kind="delivered", heads=[self.alpha.head.as_head()])

    def receipt(self, **change: object) -> Receipt:
        note = self.bravo.cosigned(self.alpha, time_s=1_696_480_100)
        made = receipt_of(self.alpha, self.bravo, call_seq=1, next_seq=2, note=note)
        return replace(made, **change)  # type: ignore[arg-type]


def test_a_receipt_says_what_it_shows_and_on_what_it_rests() -> None:
    """REC-060, REC-062, REC-067: read from the bytes alone."""
    case = Case()
    data = case.receipt().encode()
    report = check_receipt(data, verifier_of)
    assert len(data) < RECEIPT_SIZE_MAX
    assert (report.call, report.next_entry) == (case.call.ref, case.answer.ref)
    texts = [statement.text for statement in report.statements]
    assert texts == [
        "Feed alpha-1 signed entry 1, of kind 'call'.",
        "The body shown is the one to which entry 1 of feed alpha-1 commits.",
        "Feed bravo-1 states that it held entry 1 of feed alpha-1, and all of that feed up to size "
        "2, before it made its own entry 2.",
        "Entry 2 of feed bravo-1 is in that feed's checkpoint of size 3.",
        "Entry 1 of feed alpha-1 carries the time 2023-10-05T04:26:41Z, as its author claims.",
        "Entry 2 of feed bravo-1 carries the time 2023-10-05T04:26:42Z, as its author claims.",
        "Entry 2 of feed bravo-1 was made before 2023-10-05T04:28:20Z, when "
        "crosstell-cosigner/alpha-1 saw the checkpoint that holds it.",
    ]
    clocks = [statement.clock for statement in report.statements]
    assert clocks == [Clock.NONE] * 4 + [Clock.AUTHOR] * 2 + [Clock.COSIGNER]
    online = fingerprint(case.bravo.online.public_key())
    assert any(online in rest for rest in report.statements[2].rests_on)
    assert fingerprint(case.alpha.cosigner.public_key()) in report.statements[6].rests_on[0]
    for statement in report.statements:
        assert statement.rests_on
        assert (statement.clock is Clock.NONE) == all("clock" not in r for r in statement.rests_on)


def test_the_bracket_rests_on_the_other_partys_clock() -> None:
    """REC-070, REC-071: with two parties, both sides are alpha's word about bravo's entry."""
    report = check_receipt(Case().receipt().encode(), verifier_of)
    assert (report.next_bracket.lower_s, report.next_bracket.upper_s) == (
        1_696_480_001,
        1_696_480_100,
    )
    assert report.next_bracket.lower_by == ("alpha-1",)
    assert report.next_bracket.upper_by == ("crosstell-cosigner/alpha-1",)


def test_a_receipt_says_what_it_cannot_say() -> None:
    """REC-038, REC-063: and one more thing where nobody cosigned."""
    case = Case()
    full = " ".join(check_receipt(case.receipt().encode(), verifier_of).cannot_say)
    for word in ("read the call", "absence", "minute", "revoked", "fingerprints"):
        assert word in full
    alone = case.receipt(checkpoint=case.bravo.checkpoint()).encode()
    report = check_receipt(alone, verifier_of)
    assert "no other party cosigned" in report.cannot_say[-1]
    assert report.next_bracket.upper_s is None
    assert "cosigned" not in full


def test_keys_are_trusted_only_as_far_as_they_were_compared() -> None:
    """REC-064."""
    case = Case()
    data = case.receipt().encode()
    root = fingerprint(case.alpha.root.public_key())
    shown = check_receipt(data, verifier_of, compared=(root,)).keys
    assert [(key.feed, key.compared) for key in shown] == [
        ("alpha-1", Compared.COMPARED),
        ("bravo-1", Compared.NOT_COMPARED),
    ]
    assert shown[0].fingerprint == root
    online = fingerprint(case.alpha.online.public_key())
    assert check_receipt(data, verifier_of, compared=(online,)).keys[0].compared is (
        Compared.NOT_COMPARED
    )


def test_the_body_is_the_callers_to_disclose() -> None:
    """REC-067: not needed; but if there, the one committed to."""
    case = Case()
    report = check_receipt(case.receipt(call_body=None).encode(), verifier_of)
    assert not any("body" in statement.text for statement in report.statements)
    assert parse_receipt(case.receipt(call_body=None).encode()).call_body is None
    other = Body(salt=bytes(16), content=b"something else")
    with pytest.raises(PartyError, match="not the one it commits to"):
        check_receipt(case.receipt(call_body=other).encode(), verifier_of)


def test_another_party_may_cosign() -> None:
    """REC-066: its key entries come along; without them its signature is refused."""
    case = Case()
    note = case.bravo.cosigned(case.alpha, time_s=1_696_480_100)
    note = case.bravo.cosigned(case.charlie, time_s=1_696_480_050, note=note)
    with pytest.raises(PartyError, match="none of the keys shown"):
        check_receipt(case.receipt(checkpoint=note).encode(), verifier_of)
    trails = (case.alpha.trail(), case.bravo.trail(), case.charlie.trail())
    report = check_receipt(case.receipt(checkpoint=note, trails=trails).encode(), verifier_of)
    assert report.next_bracket.upper_s == 1_696_480_050
    assert len(report.next_bracket.upper_by) == 2


def test_the_holder_cannot_cosign_for_itself() -> None:
    """REC-066."""
    case = Case()
    note = case.bravo.cosigned(case.bravo, time_s=1_696_480_100)
    with pytest.raises(PartyError, match="none of the keys shown"):
        check_receipt(case.receipt(checkpoint=note).encode(), verifier_of)


def test_parts_of_another_receipt_do_not_fit() -> None:
    """REC-060, REC-061: each part taken from elsewhere."""
    case, other = Case(), Case()
    later = other.alpha.add(b"later")
    newer = other.bravo.add(b"newer", heads=[other.alpha.head.as_head()])
    earlier = case.bravo.entries[1]
    for change, text in (
        ({"call": later.leaf, "call_body": None}, "no entry 2"),
        ({"call": case.answer.leaf, "call_body": None}, "does not belong"),
        ({"next_entry": newer.leaf}, "does not lead to its root"),
        ({"next_entry": earlier.leaf}, "names no head"),
        ({"next_entry": case.call.leaf}, "does not belong"),
        ({"held_path": ()}, "does not lead"),
        ({"held_path": (bytes(32),)}, "does not lead"),
        ({"listed_path": (bytes(32),)}, "does not lead"),
        ({"checkpoint": case.alpha.checkpoint()}, "no known key|expected"),
        ({"trails": (case.bravo.trail(), case.alpha.trail())}, "does not belong"),
        ({"trails": (case.alpha.trail(), case.alpha.trail())}, "twice"),
        ({"trails": (case.alpha.trail(),)}, "both parties"),
        ({"trails": (case.alpha.trail(), KeyTrail(entries=()))}, "missing"),
    ):
        with pytest.raises(PartyError, match=text):
            check_receipt(case.receipt(**change).encode(), verifier_of)


def test_a_holder_cannot_invent_a_call() -> None:
    """REC-060: bravo names a tree of its own making, with a forged entry of alpha in it."""
    case = Case()
    draft, _ = TestFeed("alpha-1").draft(b"never said")
    forged = seal(draft.header, TestKey("bravo's invention"))
    hashes = [case.alpha.entries[0].hash, forged.hash]
    root = root_of(2, nodes_of(hashes)).hex()
    fresh = TestFeed("bravo-1")
    following = fresh.add(b"{}", heads=[Head(feed=case.alpha.feed, size=2, root=root)])
    made = case.receipt(
        call=forged.leaf,
        call_body=None,
        held_path=inclusion_proof(index=1, size=2, read=nodes_of(hashes)),
        next_entry=following.leaf,
        listed_path=fresh.path(1),
        checkpoint=fresh.checkpoint(),
    )
    with pytest.raises(PartyError, match="not by the key valid there"):
        check_receipt(made.encode(), verifier_of)


def test_key_entries_must_be_key_entries_in_order() -> None:
    """REC-060."""
    case = Case()
    case.alpha.rotate("alpha-1 second")
    trail = case.alpha.trail()
    wrong = (
        (*trail.entries, trail.entries[1]),
        (*trail.entries, (case.call.leaf, case.alpha.bodies[1])),
        (trail.entries[1],),
        (trail.entries[0], case.bravo.trail().entries[0]),
    )
    for entries in wrong:
        trails = (KeyTrail(entries=entries), case.bravo.trail())
        with pytest.raises(PartyError, match=r"out of place|entry 0"):
            check_receipt(case.receipt(trails=trails).encode(), verifier_of)


def test_a_receipt_after_a_change_of_keys() -> None:
    """REC-035, REC-060: the new key signs the checkpoint of the new size."""
    case = Case()
    case.bravo.rotate("bravo-1 second")
    note = case.bravo.cosigned(case.alpha, time_s=1_696_480_100)
    made = receipt_of(case.alpha, case.bravo, call_seq=1, next_seq=2, note=note)
    assert check_receipt(made.encode(), verifier_of).next_entry == case.answer.ref


def test_a_void_entry_gives_no_receipt() -> None:
    """REC-065: where the revoke entry is among the key entries."""
    case = Case()
    before = case.receipt()
    case.alpha.revoke("alpha-1 again", from_seq=1)
    trails = (case.alpha.trail(), case.bravo.trail())
    note = case.bravo.checkpoint()
    with pytest.raises(PartyError, match="void"):
        check_receipt(replace(before, trails=trails, checkpoint=note).encode(), verifier_of)


def test_a_checkpoint_by_a_key_taken_back_gives_no_receipt() -> None:
    """REC-065: whoever stole bravo's key cannot vouch for bravo's feed."""
    case = Case()
    made = case.receipt()
    check_receipt(made.encode(), verifier_of)
    case.bravo.revoke("bravo-1 again", from_seq=3)
    trails = (case.alpha.trail(), case.bravo.trail())
    note = case.bravo.checkpoint()
    path = case.bravo.path(2)
    good = replace(made, trails=trails, checkpoint=note, listed_path=path)
    assert check_receipt(good.encode(), verifier_of).next_entry == case.answer.ref
    case.bravo.revoke("bravo-1 at last", from_seq=2)
    later = replace(good, trails=(case.alpha.trail(), case.bravo.trail()))
    with pytest.raises(PartyError, match="void"):
        check_receipt(later.encode(), verifier_of)


def test_a_checkpoint_inside_the_void_is_refused() -> None:
    """REC-065: entry and path are good, but the size lies where the old key no longer counts."""
    case = Case()
    case.bravo.add(b"by a thief")
    note = case.bravo.checkpoint()
    made = receipt_of(case.alpha, case.bravo, call_seq=1, next_seq=2, note=note)
    check_receipt(made.encode(), verifier_of)
    case.bravo.add(b"by a thief")
    case.bravo.revoke("bravo-1 again", from_seq=3)
    trails = (case.alpha.trail(), case.bravo.trail())
    with pytest.raises(PartyError, match="took back"):
        check_receipt(replace(made, trails=trails).encode(), verifier_of)


def test_a_receipt_stays_under_its_limit() -> None:
    """REC-060: one that would not is refused with what to leave out."""
    case = Case()
    with pytest.raises(CallerError, match="leave out the body"):
        case.receipt(call_body=Body(salt=bytes(16), content=bytes(6000))).encode()
    with pytest.raises(PartyError, match="more than"):
        parse_receipt(b"x" * RECEIPT_SIZE_MAX)


def test_a_time_past_the_calendar_is_shown_as_a_number() -> None:
    """REC-061, REC-062: a cosigner may state any second; the reader is not to crash."""
    case = Case()
    note = case.bravo.cosigned(case.alpha, time_s=2**62)
    report = check_receipt(case.receipt(checkpoint=note).encode(), verifier_of)
    assert "ms after 1970" in report.statements[-1].text


def forked() -> tuple[TestFeed, Entry, Entry]:
    feed = TestFeed("alpha-1")
    one, _ = feed.draft(b"one")
    two, _ = feed.draft(b"two")
    return feed, one, two


def test_two_entries_of_one_number_are_a_fork() -> None:
    """REC-058: the file convicts the key, whichever entry comes first."""
    feed, one, two = forked()
    data = entries_fork(one, two, feed.online.public_key())
    assert data == entries_fork(two, one, feed.online.public_key())
    fork = check_fork(data, verifier_of)
    assert (fork.kind, fork.feed, fork.at) == (ForkKind.ENTRIES, "alpha-1", 1)
    assert fork.fingerprint == fingerprint(feed.online.public_key())
    assert len(data) < 1024
    assert fork.evidence == data
    assert "not say which is right" in fork.statement()


def test_two_roots_of_one_size_are_a_fork() -> None:
    """REC-059: cosignatures are left out of the evidence."""
    feed, other, by = TestFeed("alpha-1"), TestFeed("alpha-1"), TestFeed("bravo-1")
    feed.add(b"one")
    other.add(b"two")
    key = feed.head.keys.log_key_at(2)
    data = checkpoints_fork(feed.cosigned(by, time_s=1), other.checkpoint(), key)
    fork = check_fork(data, verifier_of)
    assert (fork.kind, fork.feed, fork.at) == (ForkKind.CHECKPOINTS, "alpha-1", 2)
    assert "size 2" in fork.statement()
    assert len(data) < 1024
    notes = sorted((feed.cosigned(by, time_s=1).print(), other.checkpoint().print()))
    more = b"".join(len(note).to_bytes(2, "big") + note for note in notes)
    tag = b"crosstell/fork/v1 checkpoints\n"
    with pytest.raises(PartyError, match="more signatures"):
        check_fork(tag + key.public_key + more, verifier_of)


def test_what_is_no_fork_is_refused() -> None:
    """REC-058, REC-059: same entry, other numbers, other feeds, other keys, a cut file."""
    feed, one, two = forked()
    bravo = TestFeed("bravo-1")
    key = feed.online.public_key()
    log = feed.head.keys.log_key_at(1)
    feed.add(b"one")
    grown = feed.checkpoint()
    good = entries_fork(one, two, key)
    for data in (
        entries_fork(one, one, key),
        entries_fork(feed.entries[0], feed.entries[1], key),
        entries_fork(one, two, TestKey("thief").public_key()),
        entries_fork(one, bravo.draft(b"x")[0], key),
        checkpoints_fork(grown, grown, log),
        checkpoints_fork(grown, TestFeed("alpha-1").checkpoint(), log),
        checkpoints_fork(grown, bravo.checkpoint(), log),
        good[:-1],
        good + b"\x00",
        good[:20],
        b"",
        good.replace(b"entries", b"checkpoints", 1),
        good + bytes(FORK_SIZE_MAX),
    ):
        with pytest.raises(PartyError):
            check_fork(data, verifier_of)
