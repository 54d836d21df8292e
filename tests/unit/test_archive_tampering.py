"""What an exporter alters and seals again with its own key, and what strangers alter.

Proves ARC-003, ARC-004, ARC-014, ARC-021 to ARC-028, ARC-031 and ARC-033.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from record_keys import TestFeed, TestKey
from two_party_store import COSIGNED_S, TwoParties, contents, exported, texts

from crosstell.codecs.archive.files import (
    Purpose,
    listed,
    print_bodies,
    print_listing,
    seal_of,
)
from crosstell.core.errors import CrosstellError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from crosstell.core.record.cosignature import cosign
from crosstell.core.record.entry import ENTRY_TAG, Body
from crosstell.core.record.fork import entries_fork
from crosstell.core.record.note import Note, parse_note, sign_text
from crosstell.core.record.tree import bundle_data, leaf_hash, nodes_of, root_of
from crosstell.shell.archive.verify import verify


def reseal(folder: Path, key: TestKey | None = None) -> None:
    """The list and manifest made anew, as an exporter would who has the key."""
    files = contents(folder)
    lines = [
        listed(path, data) for path, data in files.items() if path not in ("manifest", "files")
    ]
    listing = print_listing(lines)
    text = seal_of(
        exporter=FeedId("alpha"), purpose=Purpose.SHARED, count=len(lines), listing=listing
    ).text()
    line = sign_text(text, name="crosstell/alpha", signer=key or TestKey("alpha online"))
    (folder / "files").write_bytes(listing)
    (folder / "manifest").write_bytes(Note(text=text, signatures=(line,)).print())


@dataclass
class Hostile:
    """An export of a record with 5 entries a feed, to be tampered with by its own exporter."""

    folder: Path
    parties: TwoParties

    def add(self, path: str, content: bytes) -> None:
        """One more file."""
        (self.folder / path).parent.mkdir()
        (self.folder / path).write_bytes(content)

    def bundle(self, leaves: list[bytes], *, feed: str = "beta", key: str = "") -> None:
        """Other entries, with tiles to match; and a checkpoint, if a key is given to sign it."""
        base = self.folder / "feeds" / feed
        shutil.rmtree(base / "tile")
        shutil.rmtree(base / "bodies")
        size = len(leaves)
        read = nodes_of([leaf_hash(leaf) for leaf in leaves])
        for name, data in (
            ("tile/entries/000.p", bundle_data(leaves)),
            ("tile/0/000.p", b"".join(read(0, i) for i in range(size))),
            ("bodies/000.p", print_bodies([self._founding(feed), *[None] * (size - 1)])),
        ):
            (base / name).mkdir(parents=True)
            (base / name / str(size)).write_bytes(data)
        if key:
            point = Checkpoint(origin=f"crosstell/{feed}", size=size, root=root_of(size, read))
            note = sign_checkpoint(point, TestKey(key))
            (base / "checkpoint").write_bytes(note.print())

    def _founding(self, feed: str) -> Body:
        return {"alpha": self.parties.alpha, "beta": self.parties.beta}[feed].bodies[0]

    def leaves(self, feed: str = "beta") -> list[bytes]:
        made = {"alpha": self.parties.alpha, "beta": self.parties.beta}[feed]
        return [entry.leaf for entry in made.entries]


def _changed(hostile: Hostile, old: bytes, new: bytes, *, signed_by: str = "") -> None:
    """Entry 3 of beta says something else, signed by this key or with its old signature."""
    leaves = hostile.leaves()
    header = leaves[3][64:].replace(old, new)
    assert header != leaves[3][64:]
    signature = TestKey(signed_by).sign(ENTRY_TAG + header) if signed_by else leaves[3][:64]
    leaves[3] = signature + header
    hostile.bundle(leaves, key="beta online")


def _rewritten_own_feed(hostile: Hostile) -> None:
    """Alpha makes another entry 4 of its own, which beta's head contradicts."""
    other = TestFeed("alpha")
    for number in range(4):
        other.add(b"other %d" % number)
    hostile.bundle([entry.leaf for entry in other.entries], feed="alpha", key="alpha online")


def _moved(hostile: Hostile) -> None:
    leaves = hostile.leaves()
    leaves[2], leaves[3] = leaves[3], leaves[2]
    hostile.bundle(leaves, key="beta online")


def _evidence(feed: TestFeed) -> bytes:
    one, two = (feed.draft(text)[0] for text in (b"one", b"two"))
    return entries_fork(one, two, feed.online.public_key())


TAMPERED: dict[str, tuple[Callable[[Hostile], object], str]] = {
    "altered time": (
        lambda h: _changed(h, b'"hlc":[16964', b'"hlc":[16954'),
        "rule: keys",
    ),
    "altered time, forged": (
        lambda h: _changed(h, b'"hlc":[16964', b'"hlc":[16974', signed_by="alpha online"),
        "rule: keys",
    ),
    "time before the entry before": (
        lambda h: _changed(h, b'"hlc":[16964', b'"hlc":[16954', signed_by="beta online"),
        "rule: time",
    ),
    "an entry dropped from the middle": (
        lambda h: h.bundle([*h.leaves()[:2], *h.leaves()[3:]], key="beta online"),
        "rule: number",
    ),
    "entries exchanged": (_moved, "rule: number"),
    "an entry dropped from the end": (
        lambda h: h.bundle(h.leaves()[:-1]),
        r"checkpoint|belongs here",
    ),
    "a checkpoint of the exporter's making": (
        lambda h: h.bundle(h.leaves()[:-1], key="alpha online"),
        "no known key signed",
    ),
    "the own feed rewritten": (_rewritten_own_feed, "rule: heads"),
    "no entries": (
        lambda h: (h.folder / "feeds/beta/tile/entries/000.p/5").unlink(),
        "entries were dropped",
    ),
    "a hash tile of other hashes": (
        lambda h: (h.folder / "feeds/beta/tile/0/000.p/5").write_bytes(bytes(160)),
        "does not hold the hashes",
    ),
    "no hash tile": (
        lambda h: (h.folder / "feeds/beta/tile/0/000.p/5").unlink(),
        "left out",
    ),
    "a tile of another size": (
        lambda h: (h.folder / "feeds/beta/tile/0/000.p/4").write_bytes(bytes(128)),
        "belongs to no feed",
    ),
    "another body": (
        lambda h: (h.folder / "feeds/beta/bodies/000.p/5").write_bytes(
            (h.folder / "feeds/beta/bodies/000.p/5").read_bytes().replace(b"answer 2", b"answer 9")
        ),
        "the body is not the one",
    ),
    "other keys": (
        lambda h: (h.folder / "keys").write_bytes(
            (h.folder / "keys").read_bytes().replace(b"log beta 0", b"log beta 1")
        ),
        "keys: line 4: the keys stated",
    ),
    "a key too many": (
        lambda h: (h.folder / "keys").write_bytes(
            (h.folder / "keys").read_bytes() + b"root gamma 00 compared\n"
        ),
        "keys: the last lines",
    ),
    "no own feed": (
        lambda h: shutil.rmtree(h.folder / "feeds/alpha"),
        "does not hold the exporter's own feed",
    ),
    "a forged cosignature": (
        lambda h: (h.folder / "feeds/beta/checkpoint").write_bytes(
            h.parties.beta.checkpoint()
            .with_signature(
                cosign(
                    Checkpoint(origin="crosstell/beta", size=4, root=bytes(32)),
                    name="crosstell-cosigner/alpha",
                    signer=h.parties.alpha.cosigner,
                    time_s=COSIGNED_S,
                )
            )
            .print()
        ),
        "cosignature of crosstell-cosigner/alpha does not fit",
    ),
    "an earlier checkpoint under another name": (
        lambda h: h.add(
            "feeds/beta/checkpoints/0000000000000004", h.parties.beta.checkpoint().print()
        ),
        "not of the size in its name",
    ),
    "an empty checkpoint": (
        lambda h: (h.folder / "feeds/beta/checkpoint").write_bytes(
            sign_checkpoint(
                Checkpoint(origin="crosstell/beta", size=0, root=leaf_hash(b"")),
                h.parties.beta.online,
            ).print()
        ),
        "of an empty feed",
    ),
    "a size nobody could hold": (
        lambda h: (h.folder / "feeds/beta/checkpoint").write_bytes(
            sign_checkpoint(
                Checkpoint(origin="crosstell/beta", size=2**52, root=bytes(32)),
                h.parties.beta.online,
            ).print()
        ),
        "entries were dropped",
    ),
    "a checkpoint over other entries": (
        lambda h: (h.folder / "feeds/beta/checkpoint").write_bytes(
            sign_checkpoint(
                Checkpoint(origin="crosstell/beta", size=5, root=bytes(32)),
                h.parties.beta.online,
            ).print()
        ),
        "its root at size 5 is not that of the entries",
    ),
    "fork evidence under another name": (
        lambda h: h.add(f"feeds/beta/forks/{'00' * 32}", _evidence(h.parties.beta)),
        "is evidence about feed beta with digest",
    ),
    "fork evidence that shows no fork": (
        lambda h: h.add(f"feeds/beta/forks/{'00' * 32}", b"crosstell/fork/v1 entries\n"),
        "fork evidence",
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_an_exporter_alters_is_found_though_resealed(tmp_path: Path, how: str) -> None:
    """ARC-022 to ARC-028: the manifest is right, its files are not; the message names the file."""
    parties = TwoParties().talk(4)
    hostile = Hostile(exported(parties, tmp_path / "out"), parties)
    tamper, said = TAMPERED[how]
    tamper(hostile)
    reseal(hostile.folder)
    with pytest.raises(CrosstellError, match=said) as caught:
        verify(hostile.folder)
    assert str(hostile.folder) in str(caught.value)
    assert "Keep this one" in str(caught.value)


def test_a_list_made_anew_without_the_key_is_refused(tmp_path: Path) -> None:
    """ARC-003, ARC-021: a stranger alters a file and the list; the seal is over the old list."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    manifest = (out / "manifest").read_bytes()
    checkpoint = out / "feeds/beta/checkpoint"
    checkpoint.write_bytes(_with_a_strangers_line(checkpoint.read_bytes()))
    reseal(out)
    (out / "manifest").write_bytes(manifest)
    with pytest.raises(PartyError, match="files: is not the list that the manifest seals"):
        verify(out)


def test_a_byte_that_nothing_else_covers_is_found(tmp_path: Path) -> None:
    """ARC-021: in a signature by a key that is not here, only the list can tell."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    checkpoint = out / "feeds/beta/checkpoint"
    checkpoint.write_bytes(_with_a_strangers_line(checkpoint.read_bytes()))
    reseal(out)
    verify(out)
    line = checkpoint.read_bytes()
    checkpoint.write_bytes(line[:-12] + (b"A" if line[-12:-11] != b"A" else b"B") + line[-11:])
    with pytest.raises(PartyError, match="checkpoint: is not the file that the manifest names"):
        verify(out)


def _with_a_strangers_line(checkpoint: bytes) -> bytes:
    """The checkpoint with a cosignature by a key that is not in the export."""
    note = parse_note(checkpoint)
    line = cosign(
        parse_checkpoint(note.text),
        name="crosstell-cosigner/stranger",
        signer=TestKey("stranger"),
        time_s=COSIGNED_S,
    )
    return note.with_signature(line).print()


def test_a_seal_by_another_key_is_refused(tmp_path: Path) -> None:
    """ARC-004."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    reseal(out, TestKey("beta online"))
    with pytest.raises(PartyError, match="manifest: note: no known key signed"):
        verify(out)
    reseal(out)
    verify(out)


def test_a_second_signature_on_the_manifest_is_refused(tmp_path: Path) -> None:
    """ARC-004: else bytes could be added that no key covers."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    manifest = (out / "manifest").read_bytes()
    line = manifest.splitlines(keepends=True)[-1]
    (out / "manifest").write_bytes(manifest + line.replace(b"crosstell/alpha", b"crosstell/other"))
    with pytest.raises(PartyError, match="second signature"):
        verify(out)


@pytest.mark.parametrize("missing", ["manifest", "files", "keys", "feeds/beta/checkpoint"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    """ARC-014."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    (out / missing).unlink()
    with pytest.raises(PartyError, match=missing):
        verify(out)


def test_an_added_or_cut_file_is_named(tmp_path: Path) -> None:
    """ARC-014."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    (out / "feeds/beta/note.txt").write_bytes(b"")
    with pytest.raises(PartyError, match=r"note\.txt: is not named by the manifest"):
        verify(out)
    (out / "feeds/beta/note.txt").unlink()
    path = out / "feeds/beta/tile/entries/000.p/2"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(PartyError, match=r"000\.p/2: has \d+ bytes, the manifest says"):
        verify(out)


def test_an_added_empty_folder_is_named(tmp_path: Path) -> None:
    """ARC-014."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    (out / "feeds" / "gamma").mkdir()
    with pytest.raises(PartyError, match="gamma: is an empty folder"):
        verify(out)


def test_names_that_would_move_the_cursor_are_shown_harmless(tmp_path: Path) -> None:
    """ARC-033: also one that is no text at all."""
    out = exported(TwoParties().talk(1), tmp_path / "out")
    for name in (b"feeds/\x1b[2Jclean", b"feeds/\xff\xfe", b"feeds/two\nlines"):
        path = os.fsencode(out) + b"/" + name
        Path(os.fsdecode(path)).write_bytes(b"")
        with pytest.raises(PartyError, match="is not named by the manifest") as caught:
            verify(out)
        assert str(caught.value).isprintable()
        Path(os.fsdecode(path)).unlink()


def test_the_exporters_tail_that_was_cut_is_said(tmp_path: Path) -> None:
    """ARC-031: nobody can see it from the export, unless the other party named the entries."""
    parties = TwoParties().talk(4)
    hostile = Hostile(exported(parties, tmp_path / "out"), parties)
    hostile.bundle(hostile.leaves("alpha")[:4], feed="alpha", key="alpha online")
    reseal(hostile.folder)
    found = verify(hostile.folder)
    assert "feed alpha: Entries 0 to 3 are whole" in texts(found)
    unseen = "\n".join(found.cannot_see)
    assert "Whether feed alpha has entries after number 3: a tail that was cut" in unseen
    assert "Feed alpha beyond what is here: feed beta held it up to size 5" in unseen
