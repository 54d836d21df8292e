"""The vendored files are those that the lock names: bytes, licences, and nothing beside them."""

import hashlib
import json
from pathlib import Path

import pytest

from crosstell.shell.live.running import STATIC

ROWS = json.loads((STATIC / "vendor" / "VENDOR.lock.json").read_text(encoding="utf-8"))["files"]
MAP = STATIC / "map" / "reference"


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_con_010_every_vendored_file_is_the_locked_one(row: dict[str, str]) -> None:
    found = hashlib.sha256((STATIC / row["file"]).read_bytes()).hexdigest()
    assert found == row["sha256"], f"{row['file']} is not what tools/vendor.py wrote; run it"
    assert row["version"]
    assert row["licence"]
    assert row["package"]


def test_con_010_no_file_stands_beside_the_lock_and_each_package_has_its_licence() -> None:
    locked = {row["file"] for row in ROWS}
    held = {
        path.relative_to(STATIC).as_posix()
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file() and path.name != "VENDOR.lock.json"
    }
    assert held == locked
    packages = {row["package"] for row in ROWS}
    licensed = {row["package"] for row in ROWS if row["file"].startswith("vendor/licences/")}
    assert packages == licensed


def test_con_011_the_reference_map_is_the_one_its_manifest_names() -> None:
    manifest = json.loads((MAP / "manifest.json").read_text(encoding="utf-8"))
    digests = []
    for row in manifest["files"]:
        digests.append(hashlib.sha256((MAP / row["file"]).read_bytes()).hexdigest())
        assert digests[-1] == row["sha256"], row["file"]
    assert manifest["sha256"] == hashlib.sha256("".join(digests).encode()).hexdigest()
    assert "not for targeting or navigation" in manifest["title"]
    assert "GeoNames" in manifest["attribution"]


def test_con_012_nothing_in_the_program_reads_the_map() -> None:
    """It is for the eye alone: no Python module names its folder."""
    source = Path(STATIC).parents[2]
    readers = [
        path.name for path in source.rglob("*.py") if "map/reference" in path.read_text("utf-8")
    ]
    assert readers == []
