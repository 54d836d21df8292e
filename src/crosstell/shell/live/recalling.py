"""What this party knew at an earlier moment: its record folded only as far as it was held then.

Entries stand in the store in the order in which it came to hold them, and our own carry our own
time. So the state of a moment rests on every entry up to our last one before it: in this order it
is exact, and of what came after that entry nothing is taken as known. Nothing is verified again:
the node verified each entry when it came. Implements RUN-070 to RUN-072.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

from crosstell.core.errors import CallerError
from crosstell.core.instant import format_instant
from crosstell.core.record.entry import parse
from crosstell.core.state.held import Held
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, fold, initial
from crosstell.shell.exchange import Exchange
from crosstell.shell.store.memory import MemoryStore
from crosstell.shell.store.sqlite import SqliteStore

ENTRIES_MAX = 200_000  # folded for one moment; a longer record is looked at from an export
FOLDED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What was known at a moment, and the local number of the last entry that it rests on."""

    state: State
    arrivals: int


@dataclass(slots=True)
class Recall:
    """Earlier moments of one record, read beside its writer; one at a time, from any thread.

    The last answer is kept: to go on from it costs only what came since.
    """

    store: Path
    setting: Setting
    _lock: Lock = field(init=False, default_factory=Lock)
    _last: tuple[datetime, Recalled] | None = field(init=False, default=None)

    def at(self, moment: datetime) -> Recalled:
        """What was known at `moment`. CallerError for a record too long to be folded for it."""
        with self._lock:
            start = Recalled(state=initial(self.setting), arrivals=0)
            if self._last is not None and self._last[0] <= moment:
                start = self._last[1]
            found = self._from(start, moment)
            self._last = (moment, found)
            return found

    def _from(self, start: Recalled, moment: datetime) -> Recalled:
        reader = Exchange(
            own=self.setting.feed,
            logs={},
            peers={},
            store=MemoryStore(),
            parties=self.setting.parties,
        )
        ours = (self.setting.feed, self.setting.journal)
        state, arrivals = start.state, start.arrivals
        known: list[Held] = []  # held for sure at the moment, and not folded in yet
        later: list[Held] = []  # came after our last entry so far
        store = SqliteStore.open_read_only(self.store)
        try:
            for number, row in store.arrivals(after=start.arrivals):
                if number - start.arrivals > ENTRIES_MAX:
                    raise CallerError(
                        f"{format_instant(moment)}: more than {ENTRIES_MAX} entries lie before it; "
                        "export the record and look at it there"
                    )
                held = reader.held(row, parse(row.leaf))
                later.append(held)
                if row.feed not in ours:
                    continue
                if held.at > moment:
                    break
                known, later, arrivals = [*known, *later], [], number
                if len(known) >= FOLDED_AT_ONCE:
                    state, known = fold(state, *known), []
        finally:
            store.close()
        return Recalled(state=fold(state, *known), arrivals=arrivals)
