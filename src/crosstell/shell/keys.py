"""A folder of private keys, one file each, readable by its owner alone.

A key file is four lines of ASCII: the format's name, the key's name (also the file's name), the
fingerprint of its public key, the 32-byte private key in base64. The name says what the key is
for; the node and the tools ask for it by name. The offline root key is such a file too, kept on
a medium that no node reads.
"""

import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crosstell.core.errors import CallerError, PartyError, Unavailable
from crosstell.core.record.signing import fingerprint, from_base64, to_base64
from crosstell.shell.signing import SEED_SIZE, Ed25519Signer

ONLINE: Final = "online"  # signs entries, checkpoints and the manifest of an export
COSIGNING: Final = "cosigning"  # signs cosignatures of other feeds, nothing else
PROTOCOL: Final = "protocol"  # signs protocol documents for its party, nothing else
ROOT: Final = "root"  # signs the founding, resume and revoke of a feed; kept offline

_FORMAT: Final = "crosstell-key-1"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SIZE_MAX: Final = 512
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFolder:
    """The private keys in one folder; nothing is read before it is asked for."""

    path: Path

    def create(self, name: str, *, seed: bytes | None = None) -> Ed25519Signer:
        """A new key is on disk under `name`, whole, for its owner alone; never over an old one.

        The 32 bytes are drawn from the system unless a test or an import gives them.
        """
        target = self._file(name)
        drawn = secrets.token_bytes(SEED_SIZE) if seed is None else seed
        signer = Ed25519Signer.from_seed(drawn)
        lines = (_FORMAT, name, fingerprint(signer.public_key()), to_base64(drawn))
        try:
            self.path.mkdir(mode=0o700, exist_ok=True)
            _write_new(target, "".join(f"{line}\n" for line in lines).encode("ascii"))
        except FileExistsError:
            raise CallerError(
                f"{target}: a key of this name exists already; it was not touched. Choose another "
                "name, or move the old key away first"
            ) from None
        except OSError as error:
            raise CallerError(
                f"{target}: the key cannot be written ({error.strerror}); nothing was written. "
                "Name a folder that you may write to"
            ) from error
        return signer

    def load(self, name: str) -> Ed25519Signer:
        """The key of this name; CallerError if it is missing, damaged or open to others."""
        path = self._file(name)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise CallerError(
                f"{path}: the key cannot be read ({error.strerror}); name the folder that holds "
                f"{name}.key, a regular file"
            ) from error
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_mode & _OTHERS:
                raise CallerError(
                    f"{path}: others may read this key; treat it as lost if they could, else "
                    "run chmod 600 on it"
                )
            content = file.read(_SIZE_MAX + 1)
        return _parse(content, name=name, path=path)

    def promote(self, name: str, *, over: str) -> None:
        """The key `name` has the name `over`, in place of the key that had it, which is gone."""
        self.load(name)
        source, target = self._file(name), self._file(over)
        lines = source.read_text(encoding="ascii").split("\n")
        part = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            _write_new(part, "\n".join((lines[0], over, *lines[2:])).encode("ascii"))
            part.replace(target)
            source.unlink()
            _synchronise(target.parent)
        except OSError as error:
            raise Unavailable(
                f"{target}: the key cannot be put in its place ({error.strerror}); it waits as "
                f"{source.name}. Free the disk, then start again: nothing is lost"
            ) from error
        finally:
            part.unlink(missing_ok=True)

    def discard(self, name: str) -> None:
        """The key of this name is gone. Only for one that no entry ever named."""
        self._file(name).unlink(missing_ok=True)
        _synchronise(self.path)

    def names(self) -> tuple[str, ...]:
        """The names of the keys in the folder, sorted; empty if there is no folder."""
        if not self.path.is_dir():
            return ()
        return tuple(sorted(found.stem for found in self.path.glob("*.key")))

    def _file(self, name: str) -> Path:
        """The file of a key; CallerError for a name that could leave the folder."""
        if _NAME.fullmatch(name) is None:
            raise CallerError(
                f"key name {name!r}: use 1 to 64 lower-case letters, digits and hyphens"
            )
        return self.path / f"{name}.key"


def _write_new(target: Path, content: bytes) -> None:
    """`target` holds `content`, on disk; FileExistsError if it was there, and then untouched."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, target)
    finally:
        part.unlink()
    _synchronise(target.parent)


def _synchronise(folder: Path) -> None:
    """The folder's list of names is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parse(content: bytes, *, name: str, path: Path) -> Ed25519Signer:
    """The key in a file's bytes; CallerError, without quoting them, for anything else."""
    lines = content.decode("ascii", errors="replace").split("\n")
    if len(lines) != 5 or lines[4] or lines[:2] != [_FORMAT, name]:
        raise CallerError(f"{path}: this is not the key file of {name!r}; restore it from its copy")
    try:
        signer = Ed25519Signer.from_seed(from_base64(lines[3], what="key"))
    except (PartyError, ValueError):
        raise CallerError(
            f"{path}: line 4 is not a private key; restore the file from its copy"
        ) from None
    if fingerprint(signer.public_key()) != lines[2]:
        raise CallerError(
            f"{path}: the key does not have the fingerprint on line 3; the file was changed. "
            "Restore it from its copy"
        )
    return signer
