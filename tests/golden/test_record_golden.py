"""The record's bytes stay the same: entries, keys, tree, tiles, notes, receipt, fork.

Keys, salts and times are fixed (`record_keys`). The files are for other implementations too.
`CROSSTELL_GOLDEN` set to any value rewrites them; say in the commit why the bytes changed.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from record_keys import TestFeed, TestKey, receipt_of, verifier_of

from crosstell.core.record import canonical
from crosstell.core.record.entry import ENTRY_TAG
from crosstell.core.record.fork import check_fork, checkpoints_fork, entries_fork
from crosstell.core.record.receipt import check_receipt
from crosstell.core.record.tree import ENTRIES, Tile, bundle_data, nodes_of, tile_data

FOLDER = Path(__file__).parent / "record"
COSIGNED_S = 1_696_480_100


def _pair() -> tuple[TestFeed, TestFeed]:
    """Alpha calls (entry 3); bravo acknowledges alpha's feed (entry 2)."""
    alpha, bravo = TestFeed("alpha-1"), TestFeed("bravo-1")
    alpha.add(b'{"notice":"one"}', kind="notice")
    alpha.rotate("alpha-1 second")
    alpha.add('{"call":"inform","text":"uçak"}'.encode(), kind="call")
    bravo.add(b"{}", kind="test", heads=[alpha.head.as_head()])
    alpha.add(b"{}", kind="test")
    bravo.add(b'{"received":3}', kind="delivered", heads=[alpha.head.as_head()])
    return alpha, bravo


def _leaves() -> bytes:
    alpha, bravo = _pair()
    lines = [
        f"{entry.place}\nhash {entry.hash.hex()}\nleaf {entry.leaf.hex()}\n"
        for feed in (alpha, bravo)
        for entry in feed.entries
    ]
    return "".join(lines).encode()


def _bodies() -> bytes:
    alpha, _ = _pair()
    pairs = zip(alpha.entries, alpha.bodies, strict=True)
    lines = [f"{e.place}\nsalt {b.salt.hex()}\nbody {b.content.hex()}\n" for e, b in pairs]
    return "".join(lines).encode()


def _headers() -> bytes:
    return b"".join(entry.leaf[64:] + b"\n" for entry in _pair()[0].entries)


def _checkpoint() -> bytes:
    alpha, bravo = _pair()
    return bravo.cosigned(alpha, time_s=COSIGNED_S).print()


def _bundle() -> bytes:
    return bundle_data([entry.leaf for entry in _pair()[0].entries]).hex().encode() + b"\n"


def _tile() -> bytes:
    hashes = [entry.hash for entry in _pair()[0].entries]
    tile = Tile(level=0, index=0, width=len(hashes))
    return f"{tile.path()}\n{tile_data(tile, nodes_of(hashes)).hex()}\n".encode()


def _receipt() -> bytes:
    alpha, bravo = _pair()
    note = bravo.cosigned(alpha, time_s=COSIGNED_S)
    return receipt_of(alpha, bravo, call_seq=3, next_seq=2, note=note).encode()


def _entries_fork() -> bytes:
    _, bravo = _pair()
    first, _ = bravo.draft(b"one")
    second, _ = bravo.draft(b"two")
    return entries_fork(first, second, bravo.online.public_key()).hex().encode() + b"\n"


def _checkpoints_fork() -> bytes:
    (_, bravo), (_, other) = _pair(), _pair()
    bravo.add(b"one")
    other.add(b"two")
    key = bravo.head.keys.log_key_at(bravo.head.size)
    return checkpoints_fork(bravo.checkpoint(), other.checkpoint(), key).hex().encode() + b"\n"


def _resume() -> bytes:
    _, bravo = _pair()
    again = TestFeed("bravo-2", branch=bravo.head.as_head(), root_label="bravo-1 root")
    return again.entries[0].leaf.hex().encode() + b"\n" + again.bodies[0].content + b"\n"


GOLDEN: dict[str, Callable[[], bytes]] = {
    "leaves.txt": _leaves,
    "bodies.txt": _bodies,
    "headers.txt": _headers,
    "checkpoint.txt": _checkpoint,
    "bundle.hex": _bundle,
    "tile.txt": _tile,
    "receipt.json": _receipt,
    "fork-entries.hex": _entries_fork,
    "fork-checkpoints.hex": _checkpoints_fork,
    "resume.txt": _resume,
}


@pytest.mark.parametrize("name", GOLDEN)
def test_bytes_are_the_golden_ones(name: str) -> None:
    path = FOLDER / name
    if os.environ.get("CROSSTELL_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(GOLDEN[name]())
    assert GOLDEN[name]() == path.read_bytes()


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDEN)


def test_the_golden_receipt_verifies_from_its_file_alone() -> None:
    """REC-060."""
    data = (FOLDER / "receipt.json").read_bytes()
    report = check_receipt(data, verifier_of)
    assert (report.call.seq, report.next_entry.seq) == (3, 2)
    assert len(data) < 8_192


@pytest.mark.parametrize(("name", "at"), [("fork-entries.hex", 3), ("fork-checkpoints.hex", 4)])
def test_the_golden_forks_convict_from_their_file_alone(name: str, at: int) -> None:
    """REC-058, REC-059: under 1 KB."""
    data = bytes.fromhex((FOLDER / name).read_text())
    assert check_fork(data, verifier_of).at == at
    assert len(data) < 1_024


def test_the_signature_is_over_tag_and_header() -> None:
    """REC-003, REC-004: checked from the golden leaf with no code of ours but the encoder."""
    lines = (FOLDER / "leaves.txt").read_text().splitlines()
    leaf = bytes.fromhex(lines[2].removeprefix("leaf "))
    signature, header = leaf[:64], leaf[64:]
    assert ENTRY_TAG == b"crosstell/entry/v1\x00"
    assert verifier_of(TestKey("alpha-1 online").public_key()).verify(
        b"crosstell/entry/v1\x00" + header, signature
    )
    value = canonical.decode(header)
    assert isinstance(value, dict)
    assert sorted(value) == ["body", "feed", "heads", "hlc", "prev", "seq", "to", "type", "v"]


def test_the_bundle_is_named_as_tlog_tiles_names_it() -> None:
    """REC-024, REC-025."""
    assert Tile(level=ENTRIES, index=0, width=5).path() == "tile/entries/000.p/5"
