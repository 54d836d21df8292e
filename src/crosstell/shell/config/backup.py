"""A copy of a node's folder, whole at one instant for each store, taken while the node runs.

The marks of how far our logs were signed are left out on purpose: an old mark beside an old store
would let a restored node sign a number twice. So is the offline root, which is not kept there.
Implements RUN-060 to RUN-062.
"""

import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from crosstell.core.errors import CallerError, Unavailable
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.config.node_file import NAME, Installation
from crosstell.shell.keys import ROOT

PAGES = 1_000  # copied at a time, so that the node's own commits go on in between
OWNER_ONLY = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What was copied: each file by its name in the folder, with its size.

    `left_out` names what the configuration does, and what lies outside the node's folder: it is
    in no backup, and a person copies it by hand.
    """

    folder: Path
    files: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]


def back_up(
    installation: Installation,
    out: Path,
    tell: Tell = untold,
) -> BackedUp:
    """A new folder `out` holds all that a node elsewhere needs, but marks and offline root.

    Meanwhile `tell` is told how many pages of how many of the record are copied.
    """
    if out.exists():
        raise CallerError(f"{out}: is there already; name a new folder for each backup")
    if not out.absolute().parent.is_dir():
        raise CallerError(f"{out.absolute().parent}: no such folder; make it first")
    _check_outside(installation, out)
    check_inside(installation)
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700)
        _fill(installation, part, tell)
        part.rename(out)
    except OSError as error:
        raise Unavailable(
            f"{out}: the backup is not made ({error.strerror}); free the disk or name another place"
        ) from error
    except sqlite3.Error as error:
        raise Unavailable(f"{out}: the backup is not made ({error}); try again") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    found = sorted(path for path in out.rglob("*") if path.is_file())
    files = tuple((path.relative_to(out).as_posix(), path.stat().st_size) for path in found)
    return BackedUp(folder=out, files=files, left_out=_elsewhere(installation))


def _check_outside(installation: Installation, out: Path) -> None:
    """Refuse a backup where the next would copy it, with its keys, or that the node reads. NOD-580.

    Wherever links lead, from `out` or to where marks and keys lie.
    """
    place = out.resolve()
    for held in (installation.folder, installation.marks, installation.keys):
        if place.is_relative_to(held.resolve()):
            raise CallerError(
                f"{out}: lies in {held}, which is the node's own: the next backup would copy this "
                "one, with its keys. Name a folder elsewhere, best on another disk"
            )


def check_inside(installation: Installation, *more: str) -> None:
    """Refuse to copy a node whose files lie elsewhere; `more` are paths that must not, either."""
    file = installation.file
    for name in (file.protocol, file.store, file.access, file.people.record, *more):
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise CallerError(f"{NAME}: {name} lies outside the node's folder; copy it by hand")


def _elsewhere(installation: Installation) -> tuple[str, ...]:
    """What the configuration names, needs to be there, and lies outside the folder."""
    file = installation.file
    secrets = [
        name
        for channel in file.people.channels
        for field in ("secret", "password", "authority")
        if (name := getattr(channel, field, None)) is not None
    ]
    certificates = [name for name in (file.api.certificate, file.api.key) if name is not None]
    inside = installation.folder.resolve()
    return tuple(
        name
        for name in dict.fromkeys((file.keys, *certificates, *secrets))
        if not (installation.folder / name).resolve().is_relative_to(inside)
    )


def copy_beside(installation: Installation, part: Path, without: frozenset[Path]) -> None:
    """All of the node's folder but marks, offline root, its record and `without` is in `part`."""
    file = installation.file
    for name in (NAME, file.protocol, *_beside(installation)):
        source = installation.folder / name
        if not without & {source.absolute(), *source.absolute().parents}:
            _copy(source, part / name)
    for store in (file.access, file.people.record):
        if (installation.folder / store).is_file():
            _copy_store(installation.folder / store, part / store)


def _fill(installation: Installation, part: Path, tell: Tell) -> None:
    copy_beside(installation, part, frozenset())
    store = installation.file.store
    if (installation.folder / store).is_file():
        _copy_store(installation.folder / store, part / store, tell)


def _beside(installation: Installation) -> list[str]:
    """Keys, cards, certificates, secrets: every small file that lies in the node's folder.

    Not what belongs to a store, and neither marks nor offline root, wherever in it that lies; nor
    maps, which are large and are added again from where they came.
    """
    file, folder = installation.file, installation.folder
    stores = (file.store, file.access, file.people.record)
    left_out = {folder / file.marks, folder / "offline-root", installation.maps}
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or left_out & {path, *path.parents} or path.name == f"{ROOT}.key":
            continue
        if name.startswith(stores) or name in (NAME, file.protocol):
            continue
        found.append(name)
    return found


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(source.stat().st_mode & ~OWNER_ONLY)
    _synchronise(target)


def _copy_store(source: Path, target: Path, tell: Tell = untold) -> None:
    """The store as it was at one commit, checked page by page.

    One reading transaction holds that commit: without it SQLite begins anew at each commit of the
    node's, and beside a busy one would never end. Implements RUN-550.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    held = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    made = sqlite3.connect(target)
    try:
        held.execute("BEGIN")
        held.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        held.backup(made, pages=PAGES, progress=lambda _, left, of: tell(of - left, of))
        (found,) = made.execute("PRAGMA integrity_check(1)").fetchone()
        made.execute("PRAGMA journal_mode=DELETE")
    finally:
        made.close()
        held.close()
    if found != "ok":
        raise Unavailable(f"{source}: the copy is damaged ({found}); look at the disk of the store")
    _synchronise(target)


def _synchronise(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
