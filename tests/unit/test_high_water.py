"""The marks on the second path: durable, never lowered, whole after a write that was cut off."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import FeedId
from crosstell.shell.high_water import FileHighWater, HighWater, MemoryHighWater

FEED, JOURNAL = FeedId("f" * 32), FeedId("j" * 32)


@pytest.mark.parametrize("kind", [MemoryHighWater, FileHighWater])
def test_a_mark_is_found_again_and_never_lowered(kind: type, tmp_path: Path) -> None:
    """NOD-017: each log has its own."""
    marks: HighWater = kind() if kind is MemoryHighWater else kind(tmp_path)
    marks.begin({FEED: 1})
    for size in (3, 9, 5, 10, 10):
        marks.raise_all({FEED: size})
    assert marks.read(JOURNAL) == 0
    marks.raise_all({JOURNAL: 4})
    marks.raise_all({JOURNAL: 3, FEED: 11})
    assert (marks.read(FEED), marks.read(JOURNAL)) == (11, 4)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(60))
def test_a_write_that_was_cut_off_leaves_the_marks_of_before(
    data: st.DataObject, tmp_path: Path
) -> None:
    """NOD-017: whatever part of the newest half reached the disk, the file is read."""
    marks = FileHighWater(tmp_path)
    marks.path.unlink(missing_ok=True)
    count = data.draw(st.integers(1, 4))
    for size in range(1, count + 1):
        marks.begin({FEED: size, JOURNAL: 2 * size})
    before = marks.path.read_bytes()
    marks.raise_all({FEED: count + 1})
    after = marks.path.read_bytes()
    cut = data.draw(st.integers(0, len(after)))
    for torn in (after[:cut] + before[cut:], before[:cut] + after[cut:]):
        marks.path.write_bytes(torn)
        assert marks.read(FEED) in {count, count + 1}
        assert marks.read(JOURNAL) == 2 * count
        marks.raise_all({FEED: count + 2})
        assert marks.read(FEED) == count + 2


@given(content=st.binary(max_size=300) | st.just(b"\n" * 8_192))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(60))
def test_a_file_without_marks_is_refused(content: bytes, tmp_path: Path) -> None:
    """NOD-017: to go on from nothing would be to sign numbers anew."""
    marks = FileHighWater(tmp_path)
    marks.path.write_bytes(content)
    with pytest.raises(CallerError, match="holds no marks"):
        marks.read(FEED)


def test_a_folder_without_the_file_is_refused(tmp_path: Path) -> None:
    """NOD-017: a folder over which nothing is mounted says nothing of how far was signed."""
    with pytest.raises(CallerError, match="is not there"):
        FileHighWater(tmp_path).read(FEED)


def test_a_folder_that_is_gone_is_the_worlds_fault(tmp_path: Path) -> None:
    """NOD-017: nothing is told, and the message says what to do."""
    marks = FileHighWater(tmp_path / "none")
    with pytest.raises(Unavailable, match="cannot be written"):
        marks.begin({FEED: 1})


def test_marks_are_synchronised_before_they_are_relied_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOD-017: the file is made once with its folder, then one synchronisation each time."""
    calls: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _handle: calls.append("whole"))
    monkeypatch.setattr(os, "fdatasync", lambda _handle: calls.append("data"))
    marks = FileHighWater(tmp_path)
    for size in (1, 2, 2, 3):
        marks.begin({FEED: size, JOURNAL: size})
    assert calls == ["whole", "whole", "data", "data"]


@pytest.mark.parametrize("opened", [False, True])
def test_marks_that_are_not_there_are_not_made_anew(tmp_path: Path, *, opened: bool) -> None:
    """NOD-530: a disk that is gone leaves an empty folder, and an old copy is another file."""
    marks = FileHighWater(tmp_path)
    FileHighWater(tmp_path).begin({FEED: 3})
    if opened:
        assert marks.read(FEED) == 3
    aside = tmp_path / "aside"
    marks.path.rename(aside)
    with pytest.raises(Unavailable, match="not there"):
        marks.raise_all({FEED: 4})
    assert not marks.path.exists()
    if opened:
        marks.path.write_bytes(aside.read_bytes())
        for look in (lambda: marks.read(FEED), lambda: marks.raise_all({FEED: 4})):
            with pytest.raises(Unavailable, match="not there any more"):
                look()
    aside.rename(marks.path)
    marks.raise_all({FEED: 5})
    assert FileHighWater(tmp_path).read(FEED) == 5


def test_no_log_begins_in_a_file_that_is_spoilt(tmp_path: Path) -> None:
    """NOD-545: it says what to do, and with the file away the marks begin."""
    spoilt = FileHighWater(tmp_path).path
    spoilt.write_bytes(b"spoilt")
    with pytest.raises(CallerError, match="move it out of that folder, or name another"):
        FileHighWater(tmp_path).begin({FEED: 1})
    assert spoilt.read_bytes() == b"spoilt"
    spoilt.rename(tmp_path / "aside")
    FileHighWater(tmp_path).begin({FEED: 1})
    assert FileHighWater(tmp_path).read(FEED) == 1


def test_marks_that_are_spoilt_where_they_lie_are_told_from_those_that_are_gone(
    tmp_path: Path,
) -> None:
    """NOD-546: to mount a disk that is mounted mends nothing."""
    marks = FileHighWater(tmp_path)
    marks.begin({FEED: 3})
    assert marks.read(FEED) == 3
    content = marks.path.read_bytes()
    marks.path.write_bytes(bytes(len(content)))
    for look in (lambda: marks.read(FEED), lambda: marks.raise_all({FEED: 4})):
        with pytest.raises(Unavailable, match=r"holds no marks any more.*mirror"):
            look()
    marks.path.write_bytes(content)
    marks.raise_all({FEED: 4})


def test_marks_once_read_need_no_further_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOD-531: a node that may open no more files still marks what it signs."""
    marks = FileHighWater(tmp_path)
    marks.begin({FEED: 3})
    assert marks.read(FEED) == 3
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        marks.raise_all({FEED: 4})
        assert marks.read(FEED) == 4
    assert FileHighWater(tmp_path).read(FEED) == 4


def full(*_given: object, **_more: object) -> int:
    raise OSError(errno.EMFILE, "Too many open files")


def test_a_medium_that_fails_later_is_the_worlds_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOD-532: at the start a person is told to mend it, later it is no fault of ours."""
    marks = FileHighWater(tmp_path)
    marks.begin({FEED: 3})

    def fails(*_given: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", fails)
        with pytest.raises(CallerError, match="Input/output error"):
            marks.read(FEED)
    assert marks.read(FEED) == 3
    monkeypatch.setattr(os, "pread", fails)
    for look in (lambda: marks.read(FEED), lambda: marks.raise_all({FEED: 4})):
        with pytest.raises(Unavailable, match="cannot be read"):
            look()


def test_marks_on_a_disk_that_takes_no_writes_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOD-532: such a node shows what it holds, and says why it signs nothing."""
    marks, opens = FileHighWater(tmp_path), os.open
    marks.begin({FEED: 3})

    def read_only(path: Path, flags: int) -> int:
        if flags & os.O_RDWR:
            raise OSError(errno.EROFS, "Read-only file system")
        return opens(path, flags)

    monkeypatch.setattr(os, "open", read_only)
    assert marks.read(FEED) == 3
    with pytest.raises(Unavailable, match="Read-only file system"):
        marks.raise_all({FEED: 4})
