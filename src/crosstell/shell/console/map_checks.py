"""Whether a map package is still the file that was added, byte for byte, before any of it is shown.

A package may have 32 GiB: it is hashed in a thread, a part at a time, one package after another,
and once for the file as it stands. Meanwhile it is said to be checked. There is one thread however
often a file changes and is looked at: what waits for it is one file of each package, the latest
that was seen. Implements CON-342, CON-430.
"""

import stat
import threading
from enum import StrEnum
from pathlib import Path

from crosstell.core.errors import CallerError
from crosstell.shell.console.maps import is_whole, map_in, tiles_of

THREAD = "map-check"
_Identity = tuple[int, ...]  # of a file as it stands: where it lies, its size, when it was changed


class Standing(StrEnum):
    """What is known of a package's file."""

    CHECKING = "checking"
    SOUND = "sound"
    CHANGED = "changed"


class MapChecks:
    """The checks of one folder's packages."""

    def __init__(self, folder: Path) -> None:
        """Nothing is checked before it is asked for."""
        self._folder = folder
        self._known: dict[str, tuple[_Identity, Standing]] = {}
        self._lock = threading.Lock()
        self._waiting: dict[str, _Identity] = {}  # the next to be checked, in order of asking
        self._is_at_work = False  # one package at a time: a disk has one head

    def standing(self, name: str) -> Standing:
        """What is known of that package now; where nothing is, a check begins. CallerError: none.

        It does not wait, and reads no part of the package.
        """
        if map_in(self._folder, name) is None:
            raise CallerError(f"{name}: no map has that id")
        identity = self._identity(name)
        with self._lock:
            known = self._known.get(name)
            if known is not None and known[0] == identity:
                return known[1]
            self._known[name] = (identity, Standing.CHECKING)
            self._waiting[name] = identity
            if not self._is_at_work:
                threading.Thread(target=self._work, name=THREAD, daemon=True).start()
                self._is_at_work = True
        return Standing.CHECKING

    def _work(self) -> None:
        """Every file that waits is checked; then the thread ends."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_at_work = False
                    return
                name = next(iter(self._waiting))
                identity = self._waiting.pop(name)
            self._check(name, identity)

    def _identity(self, name: str) -> _Identity:
        try:
            found = tiles_of(self._folder, name).lstat()
        except OSError:
            raise CallerError(f"{name}: no map has that id") from None
        if not stat.S_ISREG(found.st_mode):
            raise CallerError(f"{name}: no map has that id")
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    def _check(self, name: str, identity: _Identity) -> None:
        try:
            one = map_in(self._folder, name)
            sound = one is not None and is_whole(self._folder, one)
            now = self._identity(name)
        except (OSError, CallerError):
            sound, now = False, identity
        with self._lock:
            if self._known.get(name) != (identity, Standing.CHECKING):
                return
            if now != identity:
                del self._known[name]  # changed while it was read: whoever asks next begins anew
            else:
                self._known[name] = (identity, Standing.SOUND if sound else Standing.CHANGED)
