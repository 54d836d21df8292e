"""A replay kept from last time, for the same files, program and seed.

A result is a function of the scenario's bytes, the program's bytes and the seed, so it may be
kept under the digest of all three and shown again; one byte of difference, and it is played anew.
A damaged or unreadable file is as good as none. Implements REP-049.
"""

import hashlib
import json
import os
import platform
import secrets
from collections.abc import Sequence
from pathlib import Path

import crosstell
from crosstell.papers.told_json import as_json
from crosstell.replay.result import ReplayResult
from crosstell.replay.result_json import from_json

KEPT_MAX = 8  # files; the oldest go


def key_of(folder: Path, only: str | None, seed: int, beside: Sequence[Path] = ()) -> str:
    """The digest over every byte that the result depends on."""
    name = folder.resolve().name
    digest = hashlib.sha256(f"{platform.python_version()} {seed} {only!r} {name}".encode())
    program = Path(crosstell.__file__).parent
    for root in (program, folder, *beside):
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                inside = path.relative_to(root).as_posix()
                digest.update(f"{inside} {path.stat().st_size}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def kept_folder() -> Path | None:
    """Where results are kept; None where there is no place for it."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    home = os.environ.get("HOME") or ""
    if base:
        return Path(base) / "crosstell" / "replay"
    return Path(home) / ".cache" / "crosstell" / "replay" if home else None


def read_kept(key: str) -> ReplayResult | None:
    """The result kept under this key, or None."""
    folder = kept_folder()
    try:
        if folder is None:
            return None
        text = (folder / f"{key}.json").read_text(encoding="utf-8")
        digest, _, body = text.partition("\n")
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            return None
        found = from_json(ReplayResult, json.loads(body))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, ReplayResult) else None


def keep(key: str, result: ReplayResult) -> None:
    """The result is kept, if there is a place; it is no fault if there is none."""
    folder = kept_folder()
    if folder is None:
        return
    body = json.dumps(as_json(result), ensure_ascii=False)
    part = folder / f".{key}.{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(body.encode()).hexdigest()
        part.write_text(f"{digest}\n{body}", encoding="utf-8")
        os.replace(part, folder / f"{key}.json")
        kept = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-KEPT_MAX]:
            old.unlink(missing_ok=True)
    except OSError:
        part.unlink(missing_ok=True)
