"""`crosstell record`: what an operator and an investigator type, and what they read.

Proves ARC-013, ARC-015, ARC-016, ARC-033 to ARC-037.
"""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from record_keys import TestFeed
from two_party_store import TwoParties, exported, rows_of, seed_of

from crosstell.cli.record import record
from crosstell.core.ids import FeedId
from crosstell.core.record.cosignature import COSIGNER_PREFIX, cosign
from crosstell.core.record.fork import entries_fork
from crosstell.core.record.receipt import RECEIPT_SIZE_MAX, parse_receipt
from crosstell.core.record.signing import fingerprint
from crosstell.shell.keys import ONLINE, KeyFolder
from crosstell.shell.store import Batch, Erase, Put, SqliteStore
from crosstell.shell.store.names import checkpoint_name


def run(*words: object) -> Result:
    return CliRunner().invoke(record, [str(word) for word in words])


def refused(*words: object, said: str) -> str:
    """The one message of a command that must fail."""
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the store and the keys of alpha."""
    KeyFolder(path=tmp_path / "keys").create(ONLINE, seed=seed_of("alpha online"))
    store = SqliteStore.open(tmp_path / "node.store")
    TwoParties(store=store).talk(3).cosigned().talk(1).stored()
    store.close()
    return tmp_path


def make_export(place: Path, *more: object, out: str = "out") -> Result:
    keys, store = place / "keys", place / "node.store"
    return run("export", "--store", store, "--keys", keys, "--out", place / out, *more)


def test_export_then_verify(place: Path) -> None:
    """ARC-016, ARC-030."""
    done = make_export(place, "--bodies", "held")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:3] == [
        "feed alpha: 5 entries",
        "feed beta: 4 entries",
        "feed beta: 1 newer entries are stored, no checkpoint covers them yet",
    ]
    root = fingerprint(TestFeed("beta").root.public_key())
    spoken = " ".join(root[i : i + 4] for i in range(0, 64, 4)).upper()
    text = run("verify", place / "out", "--root", spoken)
    assert text.exit_code == 0, text.output
    assert "this export verifies" in text.stdout
    assert "which you compared" in text.stdout
    document = json.loads(run("verify", place / "out", "--json").stdout)
    assert document["subject"] == "export"
    assert all(said["rests_on"] for said in document["statements"])


def test_own_use_is_a_word_of_the_command(place: Path) -> None:
    """ARC-015."""
    assert make_export(place).exit_code == 0
    assert not (place / "out" / "feeds" / "journal").exists()
    refusal = make_export(place, "--own-use", out="own")
    # The journal here has keys of its own and no checkpoint yet, so nobody may sign for it.
    assert refusal.exit_code == 2
    assert "feed journal" in refusal.stderr
    assert not (place / "own").exists()


def test_a_receipt_from_a_store_and_from_an_export(place: Path) -> None:
    """ARC-034, ARC-035, ARC-037: the same file from both, under 8 KB, verified alone."""
    make_export(place, "--bodies", "held")
    for source in ("node.store", "out"):
        done = run("receipt", place / source, "--call", "alpha/2", "--out", place / f"{source}.r")
        assert done.exit_code == 0, done.output
    data = (place / "node.store.r").read_bytes()
    assert data == (place / "out.r").read_bytes()
    assert len(data) < RECEIPT_SIZE_MAX
    assert parse_receipt(data).call_body is None
    found = run("verify", place / "out.r")
    assert found.exit_code == 0
    assert "held entry 2 of feed alpha, and all of that feed up to size 3" in found.stdout
    assert "crosstell-cosigner/alpha saw the checkpoint" in found.stdout
    words = ("--call", "alpha/2", "--show-body", "--out", place / "shown")
    assert run("receipt", place / "node.store", *words).exit_code == 0
    shown = parse_receipt((place / "shown").read_bytes()).call_body
    assert shown is not None
    assert shown.content == b"call 1"


def test_receipts_that_cannot_be_made(place: Path) -> None:
    """ARC-036: the message says what is missing, and that it proves no absence."""
    store, out = place / "node.store", place / "r"
    for call, said in (
        ("alpha", "write it as alpha/17"),
        ("alpha/x", "is no entry number"),
        ("/3", "write it as alpha/17"),
        ("alpha/99", "is not held here"),
        ("gamma/0", "Feeds: alpha, beta"),
        ("journal/1", "is not held here"),
        ("beta/4", "does not show that it was not received"),
        ("alpha/4", "no checkpoint of feed beta held here covers its entry 4"),
    ):
        refused("receipt", store, "--call", call, "--out", out, said=said)
    holder = ("--call", "alpha/2", "--holder", "gamma", "--out", out)
    refused("receipt", store, *holder, said="with --holder, as one of: beta")
    writer = SqliteStore.open(store)
    writer.commit(Batch(erasures=(Erase(feed=FeedId("alpha"), seq=2),)))
    writer.close()
    words = ("--call", "alpha/2", "--show-body", "--out", out)
    refused("receipt", store, *words, said="body of entry 2 of feed alpha is not held")
    assert not out.exists()


def test_a_receipt_is_not_written_over_a_file(place: Path) -> None:
    """ARC-011, ARC-033."""
    (place / "r").write_bytes(b"mine")
    words = ("--call", "alpha/2", "--out", place / "r")
    refused("receipt", place / "node.store", *words, said="exists already")
    assert (place / "r").read_bytes() == b"mine"


def test_a_third_partys_cosignature_is_in_the_receipt(place: Path) -> None:
    """ARC-035, ARC-037: with its key; a signature by nobody known is left out."""
    store = SqliteStore.open(place / "node.store")
    made = TwoParties().talk(3)
    gamma = TestFeed("gamma")
    note = made.beta.checkpoint()
    for name, cosigner in (("gamma", gamma.cosigner), ("nobody", TestFeed("nobody").cosigner)):
        point = made.beta.head.checkpoint()
        note = note.with_signature(
            cosign(point, name=COSIGNER_PREFIX + name, signer=cosigner, time_s=1_696_480_200)
        )
    store.commit(
        Batch(
            entries=tuple(rows_of(gamma)),
            puts=(Put(name=checkpoint_name(FeedId("beta")), value=note.print()),),
        )
    )
    store.close()
    words = ("--call", "alpha/3", "--holder", "beta", "--out", place / "r")
    assert run("receipt", place / "node.store", *words).exit_code == 0
    receipt = parse_receipt((place / "r").read_bytes())
    assert len(receipt.trails) == 3
    found = run("verify", place / "r")
    assert found.exit_code == 0
    assert "crosstell-cosigner/alpha saw" in found.stdout
    assert "crosstell-cosigner/gamma saw" in found.stdout
    assert "crosstell-cosigner/nobody" not in found.stdout


def test_fork_evidence_is_verified_alone(place: Path) -> None:
    """ARC-034."""
    beta = TwoParties().talk(2).beta
    one, two = (beta.draft(text)[0] for text in (b"one", b"two"))
    (place / "fork").write_bytes(entries_fork(one, two, beta.online.public_key()))
    found = run("verify", place / "fork")
    assert found.exit_code == 0
    assert "FORKED" in found.stdout
    assert "Which of the two is right" in found.stdout


def test_bad_input_of_every_kind(place: Path) -> None:
    """ARC-013, ARC-033: one message naming the file, exit code 2, nothing written."""
    make_export(place)
    with (place / "huge").open("wb") as file:
        file.truncate(200_000_000)
    (place / "text").write_text("not a receipt")
    (place / "empty").write_bytes(b"")
    before = sorted(os.listdir(place))
    for name, said in (
        ("none", "No such file"),
        ("huge", "200000000 bytes"),
        ("text", "Keep this one"),
        ("empty", "Keep this one"),
        ("keys", "has no file 'manifest'"),
    ):
        assert str(place / name) in refused("verify", place / name, said=said)
    root = ("--root", "abcd")
    refused("verify", place / "out", *root, said="a fingerprint has 64 digits")
    words = ("--store", place / "text", "--keys", place / "keys", "--out", place / "new")
    refused("export", *words, said="not a Crosstell store")
    words = ("--store", place / "node.store", "--keys", place / "none", "--out", place / "new")
    refused("export", *words, said="online.key")
    words = ("--store", place / "node.store", "--keys", place / "keys", "--out", place / "out")
    refused("export", *words, said="exists already")
    refused("receipt", place / "huge", "--call", "alpha/1", "--out", place / "new", said="huge")
    assert sorted(os.listdir(place)) == before


def test_a_cut_or_forged_export_gives_no_receipt(place: Path) -> None:
    """ARC-022, ARC-033."""
    folder = exported(TwoParties().talk(3), place / "out")
    bundle = folder / "feeds" / "beta" / "tile" / "entries" / "000.p" / "4"
    bundle.write_bytes(bundle.read_bytes()[:-7])
    words = ("--call", "alpha/2", "--out", place / "r")
    assert "000.p/4" in refused("receipt", folder, *words, said="the manifest says")
    assert not (place / "r").exists()


@pytest.mark.parametrize(("old", "new"), [(b'"type":"call"', b'"type":"cell"'), (b"own/feed", b"")])
def test_a_store_that_was_altered_is_named(place: Path, old: bytes, new: bytes) -> None:
    """ARC-018, ARC-033: one message with the file, whatever in it was changed; nothing written."""
    path = place / "node.store"
    whole = path.read_bytes()
    assert old in whole
    if not new:  # the name of the party's own feed, no longer text
        old, new = b"own/feedalpha", b"own/feedal\xffha"
    path.write_bytes(whole.replace(old, new))
    said = refused(
        "export", "--store", path, "--keys", place / "keys", "--out", place / "x", said="damaged"
    )
    assert said.startswith((str(path), "store: "))
    assert not (place / "x").exists()
