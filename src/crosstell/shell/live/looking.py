"""A node's record, read beside the node that runs: what it holds, and nothing is written.

Implements REL-055, REL-063.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, initial
from crosstell.shell.archive.holdings import Holding, holdings
from crosstell.shell.config.card import read_cards
from crosstell.shell.config.node_file import Installation
from crosstell.shell.founding import Keys
from crosstell.shell.key_ceremony.desk import verified
from crosstell.shell.keys import COSIGNING, ONLINE, KeyFolder
from crosstell.shell.live.opening import own_names, setting_of
from crosstell.shell.notes import Notes
from crosstell.shell.rebuild import Rebuilt, rebuild
from crosstell.shell.store.sqlite import SqliteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The store, open for reading, and what a node knows from it; verified."""

    store: SqliteStore
    setting: Setting
    rebuilt: Rebuilt

    @property
    def state(self) -> State:
        """What is known."""
        return self.rebuilt.state

    def holdings(self) -> tuple[Holding, ...]:
        """Who held which entry of ours, from when at the latest."""
        before = (feed for _, feed in self.setting.former if self.store.size(feed))
        logs = self.rebuilt.exchange.logs | {feed: verified(self.store, feed) for feed in before}
        return holdings(self.store, self.setting.feed, logs, self.setting.parties)


@contextmanager
def looked_at(installation: Installation) -> Iterator[Looked]:
    """The record of the node in that folder, which may run meanwhile."""
    protocol, cards = read_protocol(installation.protocol), read_cards(installation.cards)
    if not installation.store.is_file():
        raise CallerError(f"{installation.store}: no store; restore the newest copy there")
    store = SqliteStore.open_read_only(installation.store)
    try:
        setting = setting_of(installation, protocol, cards, own_names(installation, store))
        folder = KeyFolder(path=installation.keys)
        keys = Keys(online=folder.load(ONLINE), cosigning=folder.load(COSIGNING))
        notes = Notes(own=setting.feed, keys=keys)
        rebuilt = rebuild(initial(setting), notes, store, ())
        yield Looked(store=store, setting=setting, rebuilt=rebuilt)
    finally:
        store.close()
