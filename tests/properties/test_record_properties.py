"""The record over all inputs: strict round trips, every bit flipped, hostile bytes."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from record_keys import TestFeed, TestKey, receipt_of, salt, verifier_of

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record import canonical
from crosstell.core.record.checkpoint import check_checkpoint, parse_checkpoint
from crosstell.core.record.cosignature import (
    TimeClaim,
    bracket,
    check_cosignatures,
    cosigner_key,
)
from crosstell.core.record.entry import Body, Head, HybridTime, parse
from crosstell.core.record.feed import RuleBroken, extend
from crosstell.core.record.fork import check_fork, entries_fork
from crosstell.core.record.keys import FeedKeys
from crosstell.core.record.note import check_note, parse_key, parse_note
from crosstell.core.record.receipt import check_receipt, parse_receipt
from crosstell.core.record.tree import (
    ENTRIES,
    Tile,
    parse_bundle_data,
    parse_tile_data,
    parse_tile_path,
)

record = settings(derandomize=True, deadline=None, max_examples=examples(150))


keys = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=5)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


@record
@given(values)
@example({"\u007f": '\u2028\ud7ff\U0010ffff\x00\x1f"\\/'})
def test_canonical_bytes_are_those_of_rfc_8785(value: canonical.Json) -> None:
    """REC-001, REC-002: as an independent encoder writes them; strict round trip."""
    data = canonical.encode(value)
    assert data == rfc8785.dumps(value)
    assert canonical.decode(data) == value


@record
@given(values, st.integers(0, 3), st.booleans())
def test_another_spelling_of_a_value_is_refused(
    value: canonical.Json, indent: int, escape: bool
) -> None:
    """REC-002: the same JSON value in other bytes."""
    data = json.dumps(value, indent=indent, ensure_ascii=escape).encode()
    if data != canonical.encode(value):
        with pytest.raises(PartyError):
            canonical.decode(data)


def flip(data: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    at = (bit // 8) % len(data)
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]


def pair() -> tuple[TestFeed, TestFeed]:
    alpha, bravo = TestFeed("alpha-1"), TestFeed("bravo-1")
    alpha.add(b'{"text":"call"}')
    bravo.add(b"{}", heads=[alpha.head.as_head()])
    return alpha, bravo


ALPHA, BRAVO = pair()
NOTE = BRAVO.cosigned(ALPHA, time_s=1_696_480_100)
RECEIPT = receipt_of(ALPHA, BRAVO, call_seq=1, next_seq=1, note=NOTE).encode()
FORK = entries_fork(ALPHA.draft(b"1")[0], ALPHA.draft(b"2")[0], ALPHA.online.public_key())
BEFORE = TestFeed("alpha-1").head
KNOWN = (
    BRAVO.head.keys.log_key_at(2),
    cosigner_key(ALPHA.feed, ALPHA.cosigner.public_key()),
)


def bits(data: bytes) -> range:
    """Every bit of a small file, one in 13 of a larger one, so that the suite stays fast."""
    return range(0, 8 * len(data), 1 if len(data) < 400 else 13)


def test_any_changed_bit_of_an_entry_is_found() -> None:
    """REC-003, REC-004, REC-006: signature or header."""
    leaf = ALPHA.entries[1].leaf
    assert extend(BEFORE, leaf, verifier_of).size == 2
    for bit in bits(leaf):
        with pytest.raises(RuleBroken):
            extend(BEFORE, flip(leaf, bit), verifier_of)


def test_any_changed_bit_of_a_key_body_is_found() -> None:
    """REC-005, REC-040."""
    leaf, body = ALPHA.entries[0].leaf, ALPHA.bodies[0]
    assert extend(None, leaf, verifier_of, body=body).size == 1
    for bit in bits(body.content):
        with pytest.raises(RuleBroken):
            extend(
                None,
                leaf,
                verifier_of,
                body=Body(salt=body.salt, content=flip(body.content, bit)),
            )
    for bit in range(128):
        changed = Body(salt=flip(body.salt, bit), content=body.content)
        with pytest.raises(RuleBroken):
            extend(None, leaf, verifier_of, body=changed)


def test_any_changed_bit_of_a_cosigned_checkpoint_is_found() -> None:
    """REC-030, REC-032, REC-036: refused, or one of the two signatures no longer counts."""
    data = NOTE.print()

    def signers(note_bytes: bytes) -> int:
        note = parse_note(note_bytes)
        check_checkpoint(note, KNOWN[0], verifier_of)
        return 1 + len(check_cosignatures(note, KNOWN, verifier_of))

    assert signers(data) == 2
    for bit in bits(data):
        try:
            assert signers(flip(data, bit)) == 1
        except PartyError:
            continue


def test_any_changed_bit_of_a_receipt_is_found() -> None:
    """REC-061."""
    assert check_receipt(RECEIPT, verifier_of).call == ALPHA.entries[1].ref
    for bit in bits(RECEIPT):
        with pytest.raises(PartyError):
            check_receipt(flip(RECEIPT, bit), verifier_of)


@pytest.mark.long
def test_every_changed_bit_of_a_receipt_is_found() -> None:
    """REC-061: all of them."""
    for bit in range(8 * len(RECEIPT)):
        with pytest.raises(PartyError):
            check_receipt(flip(RECEIPT, bit), verifier_of)


def test_any_changed_bit_of_fork_evidence_is_found() -> None:
    """REC-059."""
    assert check_fork(FORK, verifier_of).at == 2
    for bit in bits(FORK):
        with pytest.raises(PartyError):
            check_fork(flip(FORK, bit), verifier_of)


@record
@given(st.integers(0, len(RECEIPT)), st.binary(max_size=4), st.integers(0, 8))
def test_a_receipt_cut_or_grown_anywhere_is_refused(at: int, more: bytes, less: int) -> None:
    """REC-061: the same bytes or none."""
    data = RECEIPT[:at] + more + RECEIPT[at + less :]
    if data != RECEIPT:
        with pytest.raises(PartyError):
            check_receipt(data, verifier_of)


wall = st.integers(0, 2**41) | st.integers(0, 200_000)
times = st.builds(HybridTime, ms=wall, counter=st.integers(0, 9))


@record
@given(times, st.lists(times, max_size=4), wall)
def test_the_next_time_is_later_than_all(
    last: HybridTime, seen: list[HybridTime], wall: int
) -> None:
    """REC-009: and no clock more than a minute ahead of ours carries ours along."""
    following = last.next(wall_ms=wall, seen=seen)
    near = [each for each in seen if each.ms - wall <= 60_000]
    assert all(following > each for each in (last, *near))
    assert following.ms == max(wall, last.ms, *(each.ms for each in near), 0)


claims = st.lists(
    st.builds(TimeClaim, by=st.sampled_from("bcdefg"), time_s=st.integers(0, 100)), max_size=8
)


@record
@given(claims, claims, st.integers(0, 3))
def test_a_bracket_is_the_best_claim_that_enough_clocks_bear(
    below: list[TimeClaim], above: list[TimeClaim], liars_max: int
) -> None:
    """REC-070, REC-071: counted plainly, second by second."""

    def borne(
        seconds: list[int], fits: Callable[[int, TimeClaim], bool], side: list[TimeClaim]
    ) -> list[int]:
        return [t for t in seconds if len({c.by for c in side if fits(t, c)}) > liars_max]

    seconds = list(range(101))
    lower = borne(seconds, lambda t, c: c.time_s >= t, below)
    upper = borne(seconds, lambda t, c: c.time_s <= t, above)
    found = bracket(committed=below, covering=above, liars_max=liars_max)
    assert found.lower_s == (max(lower) if lower else None)
    assert found.upper_s == (min(upper) if upper else None)


steps = st.lists(st.sampled_from(["entry", "rotate", "revoke"]), max_size=8)


@settings(record, max_examples=examples(40))
@given(steps, st.data())
def test_keys_are_those_that_the_story_gives(story: list[str], data: st.DataObject) -> None:
    """REC-042 to REC-044, REC-047: against a list kept by hand, entry by entry."""
    feed = TestFeed("alpha-1")
    signers = ["alpha-1"]  # label of the key that signs each entry
    cosigners = ["alpha-1"]  # of each entry: the cosigning key its signer used
    void: set[int] = set()
    stolen: set[str] = set()
    current = "alpha-1"
    for number, step in enumerate(story):
        seq = len(signers)
        if step == "entry":
            feed.add(str(number).encode())
            signers.append(current)
        elif step == "rotate":
            feed.rotate(f"k{number}")
            signers.append(current)
            current = f"k{number}"
        else:
            low = data.draw(st.integers(1, seq))
            later = [*signers[low:], current]
            stolen |= set(later)
            void |= set(range(low, seq))
            current = f"k{number}"
            feed.revoke(current, from_seq=low)
            signers.append(current)
        cosigners.append(current)
    stated: FeedKeys = feed.head.keys
    for seq, label in enumerate([*signers, current]):
        assert stated.key_at(seq) == TestKey(f"{label} online").public_key()
        assert stated.is_void(seq) == (seq in void)
    kept = {key.public_key for key in stated.cosigner_keys()}
    assert kept == {TestKey(f"{label} cosign").public_key() for label in {*cosigners} - stolen}


# Hostile bytes: random, and good files with pieces replaced.

GOOD = (
    RECEIPT,
    FORK,
    NOTE.print(),
    ALPHA.entries[1].leaf,
    ALPHA.bodies[0].content,
    b"tile/entries/x001/234.p/17",
    KNOWN[0].print().encode(),
    b"crosstell/alpha-1\n2\nAAAA\n",
    b"[" * 3000,
    b'{"a":' * 3000,
)
pieces = st.sampled_from(
    [
        b"",
        b"\x00",
        b"\xff",
        b'"',
        b"[",
        b"{}",
        b"1e999",
        b"null",
        b"\n\n",
        b"\xe2\x80\x94 ",
        b"-",
        b"==",
    ]
)


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """Random bytes, or a good file with a few pieces replaced."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=200))
    data = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(pieces) + data[at + draw(st.integers(0, 5)) :]
    return data


def _feed_with(data: bytes) -> object:
    return extend(BEFORE, data, verifier_of)


def _founding_with(data: bytes) -> object:
    feed = TestFeed("alpha-1")
    body = Body(salt=salt("x"), content=data)
    entry, _ = feed.draft(data, kind="revoke")
    return extend(feed.head, entry.leaf, verifier_of, body=body)


PARSERS: list[Callable[[bytes], object]] = [
    canonical.decode,
    parse,
    parse_note,
    parse_receipt,
    lambda data: check_receipt(data, verifier_of),
    lambda data: check_fork(data, verifier_of),
    lambda data: check_note(parse_note(data), KNOWN, verifier_of),
    lambda data: check_cosignatures(parse_note(data), KNOWN, verifier_of),
    lambda data: parse_checkpoint(data.decode("utf-8", "replace")),
    lambda data: parse_key(data.decode("utf-8", "replace")),
    lambda data: parse_tile_path(data.decode("utf-8", "replace")),
    lambda data: parse_tile_data(Tile(level=0, index=0, width=3), data),
    lambda data: parse_bundle_data(Tile(level=ENTRIES, index=0, width=3), data),
    _feed_with,
    _founding_with,
]


@settings(record, max_examples=examples(400))
@given(hostile())
def test_no_bytes_crash_a_parser(data: bytes) -> None:
    """REC-080: a value, or a refusal that keeps a bounded piece as evidence."""
    for read in PARSERS:
        try:
            read(data)
        except PartyError as refusal:
            assert len(refusal.evidence) <= 70_000  # noqa: PT017
            assert str(refusal)  # noqa: PT017
        except ValueError as refusal:
            assert str(refusal)  # noqa: PT017


@record
@given(st.text(max_size=40), st.integers(), st.text(max_size=70))
def test_heads_are_built_or_refused(feed: str, size: int, root: str) -> None:
    """REC-007, REC-080."""
    try:
        head = Head(feed=FeedId(feed), size=size, root=root)
    except ValueError:
        return
    assert head.size > 0
    assert bytes.fromhex(head.root)
