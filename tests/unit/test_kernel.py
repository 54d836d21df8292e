"""The compiled kernel: of these sources, loadable, small, and built again to the same bytes."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from crosstell.core.detection.bulk import kernel
from crosstell.core.detection.bulk.native.digest import DIGEST

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ROOT / "src" / "crosstell" / "core" / "detection" / "bulk" / "native"
LIBRARIES = ("crosstell-linux-x86_64.so", "crosstell-linux-aarch64.so")
BYTES_MAX = 150_000
C_LINES_MAX = 400
C_FUNCTION_LINES_MAX = 60


def sources() -> list[Path]:
    return sorted(path for path in NATIVE.iterdir() if path.suffix in (".c", ".h"))


def test_the_digest_is_that_of_the_sources() -> None:
    """BLK-001: whoever changes a C file runs `make kernel`."""
    joined = b"".join(path.read_bytes() for path in sources())
    assert hashlib.sha256(joined).hexdigest() == DIGEST, "run `make kernel`"


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_library_carries_the_digest_and_is_small(name: str) -> None:
    """BLK-001."""
    held = (NATIVE / name).read_bytes()
    assert DIGEST.encode() in held, "run `make kernel`"
    assert len(held) < BYTES_MAX


def test_a_library_for_this_machine_is_loaded() -> None:
    """BLK-002."""
    if kernel.library_name() not in LIBRARIES:
        pytest.skip("no library for this machine; the plain path serves")
    assert kernel.KERNEL is not None
    assert kernel.KERNEL.name == kernel.library_name()


def test_what_cannot_be_loaded_is_no_kernel(tmp_path: Path) -> None:
    """BLK-003: no file, no library, a library of other sources."""
    assert kernel.load(tmp_path / "none.so", DIGEST) is None
    broken = tmp_path / "broken.so"
    broken.write_bytes(b"not a library")
    assert kernel.load(broken, DIGEST) is None
    if kernel.KERNEL is not None:
        assert kernel.load(NATIVE / kernel.library_name(), "0" * 64) is None
        assert kernel.load(NATIVE / kernel.library_name(), DIGEST) is not None


def test_an_array_that_the_kernel_would_misread_is_refused() -> None:
    """BLK-004."""
    right = np.zeros(4, dtype=np.float64)
    assert kernel.address(right, np.float64) == right.ctypes.data
    with pytest.raises(AssertionError, match="float32"):
        kernel.address(right.astype(np.float32), np.float64)
    with pytest.raises(AssertionError, match="contiguous"):
        kernel.address(right[::2], np.float64)


def test_c_files_keep_the_limits_of_the_house() -> None:
    """BLK-005: lines, functions and columns; no allocation, no files."""
    assert len(sources()) >= 5
    for path in sources():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= C_LINES_MAX, path.name
        assert [line for line in lines if len(line) > 100] == [], path.name
        assert long_functions(lines) == [], path.name
        assert [
            word for word in ("malloc", "calloc", "fopen", "printf(") if word in path.read_text()
        ] == []


def long_functions(lines: list[str]) -> list[int]:
    """Line numbers of bodies that are too long; a body opens and closes in the first column."""
    found, start = [], 0
    for number, line in enumerate(lines, start=1):
        if line == "{":
            start = number
        elif line == "}" and start and number - start > C_FUNCTION_LINES_MAX:
            found.append(start)
    return found


def test_a_long_function_is_seen() -> None:
    assert long_functions(["{", *[" x;"] * 61, "}"]) == [1]
    assert long_functions(["{", *[" x;"] * 50, "}"]) == []


@pytest.mark.long
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """BLK-006: from another folder, with the pinned compiler."""
    for name in ("Makefile", "requirements", "src"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    built = tmp_path / NATIVE.relative_to(ROOT)
    for name in (*LIBRARIES, "digest.py"):
        (built / name).unlink()
    answer = subprocess.run(
        ["make", "kernel"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    if "Could not find a version" in answer.stderr or "No matching distribution" in answer.stderr:
        pytest.skip("ziglang cannot be installed here")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    for name in (*LIBRARIES, "digest.py"):
        assert (built / name).read_bytes() == (NATIVE / name).read_bytes(), name
