"""Any one changed byte of an export, a receipt or fork evidence is found; parsers take any bytes.

The oracle of the flips is plain: the bytes differ from those that verified, so they must not
verify. Proves ARC-003, ARC-004, ARC-006, ARC-007, ARC-021, ARC-033 and ARC-034.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sampling import thinned

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from record_keys import TestKey
from two_party_store import TwoParties, exported

from crosstell.codecs.archive import files as archive
from crosstell.codecs.archive import keys as archive_keys
from crosstell.core.errors import CrosstellError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import Checkpoint, sign_checkpoint
from crosstell.core.record.entry import Body
from crosstell.core.record.fork import checkpoints_fork, entries_fork
from crosstell.core.record.keys import FeedKeys
from crosstell.core.record.note import parse_key
from crosstell.shell.archive.receipts import CallBody, Wanted, held_in_store, make_receipt
from crosstell.shell.archive.verify import verify
from crosstell.shell.store import Batch, Put
from crosstell.shell.store.names import fork_name


@contextmanager
def changed(path: Path, content: bytes) -> Iterator[None]:
    """The file holds something else for a while."""
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


@cache
def an_export(rounds: int, *, cosigned: bool) -> tuple[Path, tuple[Path, ...]]:
    """A verified export of that many rounds, and its files."""
    parties = TwoParties().talk(rounds)
    if cosigned:
        parties = parties.cosigned().talk(1)
    one, _ = parties.beta.draft(b"one")
    two, _ = parties.beta.draft(b"two")
    evidence = entries_fork(one, two, parties.beta.online.public_key())
    parties.store.commit(Batch(puts=(Put(name=fork_name(FeedId("beta"), "x"), value=evidence),)))
    folder = Path(tempfile.mkdtemp(dir=_scratch())) / "export"
    exported(parties, folder)
    verify(folder)
    return folder, tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="crosstell-"))


@pytest.fixture(scope="module", autouse=True)
def scratch() -> Iterator[None]:
    """What the module wrote is gone after it."""
    yield
    shutil.rmtree(_scratch())
    _scratch.cache_clear()
    an_export.cache_clear()


@given(
    rounds=st.integers(0, 6),
    cosigned=st.booleans(),
    which=st.integers(0, 10_000),
    place=st.integers(0, 1_000_000),
    bit=st.integers(0, 7),
)
def test_any_flipped_bit_of_any_file_is_found(
    rounds: int, cosigned: bool, which: int, place: int, bit: int
) -> None:
    """ARC-021, ARC-033: and the message names the folder or a file in it."""
    folder, files = an_export(rounds, cosigned=cosigned)
    path = files[which % len(files)]
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << bit
    with changed(path, bytes(content)), pytest.raises(CrosstellError) as caught:
        verify(folder)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize("step", thinned((3, 1), every=2))
def test_every_byte_of_the_small_files_counts(step: int) -> None:
    """ARC-004, ARC-021: all places of the manifest, and every 13th of the two it rests on."""
    folder, _ = an_export(1, cosigned=True)
    for name, every in (("manifest", 1), ("files", 13), ("keys", 13)):
        content = (folder / name).read_bytes()
        for place in range(0, len(content), step * every):
            other = content[:place] + bytes([content[place] ^ 0x01]) + content[place + 1 :]
            with changed(folder / name, other), pytest.raises(CrosstellError):
                verify(folder)


@given(which=st.integers(0, 10_000), cut=st.integers(0, 1_000_000))
def test_any_cut_or_longer_file_is_found(which: int, cut: int) -> None:
    """ARC-021."""
    folder, files = an_export(2, cosigned=True)
    path = files[which % len(files)]
    content = path.read_bytes()
    for other in (content[: cut % len(content)], content + b"\n"):
        with changed(path, other), pytest.raises(CrosstellError):
            verify(folder)


@cache
def single_files() -> tuple[Path, ...]:
    """A receipt with its body, and fork evidence of both kinds."""
    parties = TwoParties().talk(3).cosigned()
    wanted = Wanted(feed=FeedId("alpha"), seq=2, body=CallBody.SHOWN)
    one, _ = parties.beta.draft(b"one")
    two, _ = parties.beta.draft(b"two")
    point = parties.beta.head.checkpoint()
    other = Checkpoint(origin=point.origin, size=point.size, root=bytes(32))
    notes = [sign_checkpoint(each, parties.beta.online) for each in (point, other)]
    key = parties.beta.head.keys.log_key_at(point.size)
    contents = (
        make_receipt(held_in_store(parties.stored()), wanted),
        entries_fork(one, two, parties.beta.online.public_key()),
        checkpoints_fork(notes[0], notes[1], key),
    )
    paths = tuple(_scratch() / f"single-{number}" for number in range(len(contents)))
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
        verify(path)
    return paths


@given(which=st.integers(0, 2), place=st.integers(0, 1_000_000), bit=st.integers(0, 7))
def test_any_flipped_bit_of_a_single_file_is_found(which: int, place: int, bit: int) -> None:
    """ARC-021, ARC-034."""
    path = single_files()[which]
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << bit
    with changed(path, bytes(content)), pytest.raises(CrosstellError) as caught:
        verify(path)
    assert str(path) in str(caught.value)


@given(which=st.integers(0, 2), cut=st.integers(0, 1_000_000))
def test_any_cut_single_file_is_found(which: int, cut: int) -> None:
    """ARC-021, ARC-034."""
    path = single_files()[which]
    content = path.read_bytes()
    with changed(path, content[: cut % len(content)]), pytest.raises(CrosstellError):
        verify(path)


@given(
    data=st.binary(max_size=300), tag=st.sampled_from([b"", b"crosstell/fork/v1 entries\n", b"{"])
)
def test_a_file_of_any_bytes_is_refused_by_a_message(data: bytes, tag: bytes) -> None:
    """ARC-033, ARC-034."""
    path = single_files()[0]
    with changed(path, tag + data), pytest.raises(CrosstellError, match="single-0"):
        verify(path)


LISTINGS = st.one_of(
    st.binary(max_size=200),
    st.text(alphabet="0a1f \n/.keysfd", max_size=200).map(str.encode),
    st.builds(
        lambda size, path: b"%s %d %s\n" % (b"0" * 64, size, path.encode()),
        st.integers(0, 10**12),
        st.text(alphabet="keysfd/.x013\u00e9", max_size=30),
    ),
)


@given(LISTINGS)
@example(b"0" * 64 + b" 1 keys\n")
def test_a_list_is_refused_or_reads_as_it_prints(data: bytes) -> None:
    """ARC-003."""
    try:
        lines = archive.parse_listing(data)
    except PartyError:
        return
    assert archive.print_listing(lines) == data


@given(st.text(alphabet="crosstell/xpv1\nalhsd-0123 files", max_size=120))
@example(f"crosstell/export/v1\nalpha\nshared\nfiles 1 2 {'0' * 64}\n")
def test_a_seal_is_refused_or_reads_as_it_prints(text: str) -> None:
    """ARC-004."""
    try:
        seal = archive.parse_seal(text)
    except PartyError:
        return
    assert seal.text() == text


@given(st.integers(1, 4), st.binary(max_size=120))
@example(1, b"\x00")
@example(2, b"\x00\x01" + bytes(20))
def test_bodies_are_refused_or_read_as_they_print(width: int, data: bytes) -> None:
    """ARC-006."""
    try:
        found = archive.parse_bodies(width, data)
    except PartyError:
        return
    assert archive.print_bodies(found) == data


BODIES = st.builds(
    lambda salt, content: Body(salt=salt, content=content),
    st.binary(min_size=16, max_size=16),
    st.binary(max_size=40),
)


@given(st.lists(st.one_of(st.none(), BODIES), min_size=1, max_size=5))
def test_bodies_round_trip(bodies: list[Body | None]) -> None:
    """ARC-006."""
    data = archive.print_bodies(bodies)
    assert archive.parse_bodies(len(bodies), data) == tuple(bodies)


@given(st.text(alphabet="feds/alphtin0x12.pb-", max_size=40))
@example("feeds/alpha/tile/0/x001/234.p/7")
def test_a_path_is_refused_or_reads_as_it_prints(path: str) -> None:
    """ARC-003: what is accepted has no other spelling, and no part that leads upward."""
    try:
        found = archive.parse_path(path)
    except PartyError:
        return
    assert found.print() == path
    assert not {"", ".", ".."} & set(path.split("/"))


@given(st.binary(max_size=80))
def test_keys_are_those_of_the_feeds_or_refused(data: bytes) -> None:
    """ARC-007."""
    keys = a_feeds_keys()
    right = archive_keys.print_keys(keys, frozenset([FeedId("beta")]))
    assert archive_keys.compared_in(right, keys) == {"beta"}
    for other in (data, right + data if data else b"", right[: len(data)]):
        with pytest.raises(PartyError):
            archive_keys.compared_in(other, keys)


@cache
def a_feeds_keys() -> tuple[FeedKeys, ...]:
    return (TwoParties().beta.head.keys,)


def test_other_tools_can_read_the_keys() -> None:
    """ARC-007: a line not compared, and the key that other tools take from it."""
    data = archive_keys.print_keys(a_feeds_keys(), frozenset())
    assert archive_keys.compared_in(data, a_feeds_keys()) == frozenset()
    log = next(line for line in data.decode().splitlines() if line.startswith("log"))
    assert parse_key(log.split()[-1]).public_key == TestKey("beta online").public_key()
