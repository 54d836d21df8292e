"""What a console knows of its node: the same state, folded from the entries that the API gives.

A client that holds the entries knows what the node knows, since state is a function of them.
"""

from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.ids import FeedId
from crosstell.core.record.entry import parse
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, fold, initial
from crosstell.replay.played.trace import Reader, Sight
from crosstell.shell.exchange import Exchange
from crosstell.shell.store.contract import StoredEntry
from crosstell.shell.store.memory import MemoryStore


@dataclass(slots=True)
class Mirror:
    """One node's state, as far as its entries have come in."""

    setting: Setting
    arrivals: int = 0
    state: State = field(init=False)
    _reader: Reader = field(init=False, default_factory=Reader)
    _verified: Exchange = field(init=False)

    def __post_init__(self) -> None:
        """Nothing has come in yet."""
        self.state = initial(self.setting)
        parties = {feed: party for party, feed in self.setting.feeds}
        self._verified = Exchange(
            own=self.setting.feed, logs={}, peers={}, store=MemoryStore(), parties=parties
        )

    def take(self, number: int, row: StoredEntry, now: datetime) -> Sight:
        """The entry with this local number is folded in; what it is, for those who notice it."""
        assert number == self.arrivals + 1, f"entry {number} came after {self.arrivals}"
        self.state = fold(self.state, self._verified.held(row, parse(row.leaf)))
        self.arrivals = number
        kind, by, body, ref = self._reader.read(row)
        return Sight(
            at=now,
            held_by=self.setting.party,
            of=self.setting.party_of(row.feed) or self.setting.party,
            home="journal" if self._is_home(row.feed) else "",
            ref=ref,
            kind=kind,
            by=by,
            body=body,
        )

    def _is_home(self, feed: FeedId) -> bool:
        return feed == self.setting.journal
