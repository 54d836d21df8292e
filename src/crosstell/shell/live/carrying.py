"""A site without a line: a file written beside the node, and one taken while the node stands still.

A file is taken with the node stopped, since one process owns the store; whatever then stands is
rung at the next start. Implements CARRY-011, CARRY-012.
"""

from datetime import datetime
from pathlib import Path

from crosstell.core.errors import CallerError, CrosstellError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.mechanism.inputs import Tick
from crosstell.shell.config.card import read_cards
from crosstell.shell.config.installing import former_feeds
from crosstell.shell.config.node_file import Installation
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.key_ceremony.desk import head_of, verified
from crosstell.shell.live.opening import open_node
from crosstell.shell.node import Delivery
from crosstell.shell.peers.carried import Site, Taken, Written, export, take
from crosstell.shell.store.contract import Store
from crosstell.shell.store.names import OWN_FEED
from crosstell.shell.store.sqlite import SqliteStore
from crosstell.shell.store.unmarked import first_unmarked, noted


def write_for(
    installation: Installation, party: PartyId, out: Path, now: datetime, *, whole: bool
) -> Written:
    """A file for that party stands at `out`. The node may run meanwhile."""
    store = SqliteStore.open_read_only(installation.store)
    try:
        own = store.blob(OWN_FEED)
        if own is None:
            raise CallerError(f"{installation.store}: no feed was founded in it; name a node")
        cards = read_cards(installation.cards)
        feeds = {card.feed: card.party for card in cards}
        feed = FeedId(own.decode("ascii"))
        site = Site(
            store=store,
            own=feed,
            feeds=feeds | {feed: installation.file.party},
            former={name: of for of, name in former_feeds(installation, cards)},
            signed=_signed(installation, store, feed),
        )
        return export(site, party, out, now, whole=whole)
    finally:
        store.close()


def _signed(installation: Installation, store: Store, own: FeedId) -> int | None:
    """How much of our feed was signed here, where somebody else signed in it too. NOD-543."""
    if not noted(store, own):
        return None
    try:
        marks = {own: FileHighWater(folder=installation.marks).read(own)}
    except CrosstellError:
        marks = {}
    return first_unmarked(store, head_of(verified(store, own)).keys, marks)


def take_from(installation: Installation, path: Path, now: datetime) -> Taken:
    """What the file holds is in the record, and the node has said what follows from it."""
    opened = open_node(installation)
    try:
        feeds = {feed: party for party, feed in opened.setting.feeds}
        site = Site(store=opened.store, own=opened.setting.feed, feeds=feeds)

        def deliver(parcel: bytes) -> str | None:
            return opened.node.handle(Delivery(body=parcel), now).fault

        found = take(site, path, deliver)
        opened.node.handle(Tick(), now)
        opened.node.keep_snapshot()
        return found
    finally:
        opened.store.close()
