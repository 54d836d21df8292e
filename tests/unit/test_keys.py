"""Key files are whole, for their owner alone, and never overwritten; signatures are RFC 8032.

Proves ARC-040, ARC-041 and ARC-042.
"""

import os
import stat
from pathlib import Path

import pytest

from crosstell.core.errors import CallerError
from crosstell.shell.keys import KeyFolder
from crosstell.shell.signing import Ed25519Signer, verifier_of

SEED = bytes(range(32))


def test_ed25519_vector_of_rfc_8032() -> None:
    """ARC-042: RFC 8032, section 7.1, TEST 2."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    signer = Ed25519Signer.from_seed(seed)
    signature = signer.sign(b"\x72")
    assert signer.public_key().hex() == (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    )
    assert signature.hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verifier_of(signer.public_key()).verify(b"\x72", signature)
    assert not verifier_of(signer.public_key()).verify(b"\x73", signature)


@pytest.mark.parametrize("key", [b"", bytes(31), b"\xff" * 32, bytes(33)])
def test_what_is_no_key_verifies_nothing(key: bytes) -> None:
    """ARC-042."""
    assert not verifier_of(key).verify(b"message", bytes(64))
    assert verifier_of(key).public_key() == key
    good = Ed25519Signer.from_seed(SEED)
    assert not verifier_of(good.public_key()).verify(b"message", b"short")


def test_a_private_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        Ed25519Signer.from_seed(bytes(31))


def test_a_key_is_found_again(tmp_path: Path) -> None:
    """ARC-040."""
    folder = KeyFolder(path=tmp_path / "keys")
    assert folder.names() == ()
    made = folder.create("entry")
    folder.create("checkpoint")
    assert folder.names() == ("checkpoint", "entry")
    assert folder.load("entry").public_key() == made.public_key()
    assert folder.load("checkpoint").public_key() != made.public_key()
    mode = (tmp_path / "keys" / "entry.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert sorted(os.listdir(tmp_path / "keys")) == ["checkpoint.key", "entry.key"]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    """ARC-040."""
    folder = KeyFolder(path=tmp_path)
    folder.create("entry", seed=SEED)
    before = (tmp_path / "entry.key").read_bytes()
    with pytest.raises(CallerError, match="exists already"):
        folder.create("entry")
    assert (tmp_path / "entry.key").read_bytes() == before
    assert os.listdir(tmp_path) == ["entry.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """ARC-041."""
    folder = KeyFolder(path=tmp_path)
    folder.create("entry", seed=SEED)
    (tmp_path / "entry.key").chmod(mode)
    with pytest.raises(CallerError, match="chmod 600"):
        folder.load("entry")


def test_a_link_is_not_a_key(tmp_path: Path) -> None:
    """ARC-041."""
    folder = KeyFolder(path=tmp_path)
    folder.create("entry", seed=SEED)
    (tmp_path / "other.key").symlink_to(tmp_path / "entry.key")
    with pytest.raises(CallerError, match="cannot be read"):
        folder.load("other")


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "a.key", "-a", "a" * 65])
def test_names_that_could_leave_the_folder(tmp_path: Path, name: str) -> None:
    """ARC-041."""
    with pytest.raises(CallerError, match="key name"):
        KeyFolder(path=tmp_path).load(name)


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    """ARC-040, ARC-041: no flipped byte gives another key, and no message quotes the secret."""
    folder = KeyFolder(path=tmp_path)
    folder.create("entry", seed=SEED)
    path = tmp_path / "entry.key"
    content = path.read_bytes()
    secret = content.split(b"\n")[3].decode()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(CallerError) as caught:
            folder.load("entry")
        assert secret not in str(caught.value)
    path.write_bytes(content + b"\n")
    with pytest.raises(CallerError):
        folder.load("entry")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="cannot be written"):
        KeyFolder(path=tmp_path / "no" / "such").create("entry")
