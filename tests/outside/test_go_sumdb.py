"""Go's sumdb packages, written by others for other logs, verify our exports.

Runs under `make test-long` where Go and its packages are installed. On Debian 12:

    apt-get install golang-go golang-golang-x-mod-dev

The packages are used from Debian's source folder, so nothing is fetched. Proves ARC-002, ARC-050.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from two_party_store import TwoParties, exported

PACKAGES = Path("/usr/share/gocode")
SOURCE = Path(__file__).parent / "sumdb" / "main.go"
EARLIER = 301

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Outside:
    """The built verifier and an export for it."""

    program: Path
    export: Path

    def run(self) -> subprocess.CompletedProcess[str]:
        keys = [line.split() for line in (self.export / "keys").read_text().splitlines()]
        (log,) = (words[-1] for words in keys if words[:2] == ["log", "alpha"])
        (cosigner,) = (words[-1] for words in keys if words[:2] == ["cosigner", "beta"])
        return subprocess.run(
            [self.program, self.export / "feeds" / "alpha", log, cosigner, str(EARLIER)],
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Outside:
    """Built once; the export has full and partial tiles on two levels."""
    go = shutil.which("go")
    if go is None or not (PACKAGES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("needs Debian's golang-go and golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ,
        "GOPATH": str(PACKAGES),
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOCACHE": str(folder / "cache"),
        "GOTOOLCHAIN": "local",
    }
    program = folder / "verifier"
    subprocess.run([go, "build", "-o", program, SOURCE], check=True, env=environment)
    parties = TwoParties().talk(EARLIER - 1).cosigned().talk(700)
    return Outside(program, exported(parties, folder / "export"))


def test_go_verifies_an_export(outside: Outside) -> None:
    """ARC-002, ARC-050."""
    done = outside.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "entries 1001, grown from 301, signatures 2\n"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("tile/entries/002", "entr"),
        ("tile/entries/003.p/233", "entr"),
        ("tile/0/001", "entry 256: invalid transparency proof"),
        ("tile/1/000.p/3", "inclusion proof: "),
        ("checkpoint", "checkpoint: "),
        (f"checkpoints/{EARLIER:016d}", "earlier checkpoint: "),
    ],
)
def test_go_refuses_one_changed_byte(outside: Outside, path: str, said: str) -> None:
    """ARC-050: the control; a verifier that accepts everything would pass the test above."""
    file = outside.export / "feeds" / "alpha" / path
    before = file.read_bytes()
    place = len(before) // 2
    changed = before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :]
    file.write_bytes(changed)
    try:
        done = outside.run()
    finally:
        file.write_bytes(before)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
