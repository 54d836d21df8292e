"""Stores: the small contract and its back ends."""

from crosstell.shell.store.contract import Batch as Batch
from crosstell.shell.store.contract import Erase as Erase
from crosstell.shell.store.contract import Put as Put
from crosstell.shell.store.contract import Store as Store
from crosstell.shell.store.contract import StoredEntry as StoredEntry
from crosstell.shell.store.memory import MemoryStore as MemoryStore
from crosstell.shell.store.sqlite import SqliteStore as SqliteStore
