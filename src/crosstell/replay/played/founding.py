"""The nodes of a run, founded at its start, with keys drawn from the seed.

Such keys are for tests and replays only: whoever knows the seed can sign. The result says so.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs.protocol_file import digest_of
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.line.message import Reality
from crosstell.core.record.entry import parse
from crosstell.core.record.signing import fingerprint
from crosstell.core.state.setting import Setting
from crosstell.replay.given.loading import Loaded
from crosstell.replay.played.station import Station
from crosstell.replay.played.trace import Desk
from crosstell.shell.exchange import Peer
from crosstell.shell.founding import Keys, draw_name, found, name_logs
from crosstell.shell.high_water import MemoryHighWater
from crosstell.shell.node import Node, Tools
from crosstell.shell.shipped.geoid import geoid_at_start
from crosstell.shell.signing import Ed25519Signer
from crosstell.shell.store.contract import Batch, StoredEntry
from crosstell.shell.store.memory import MemoryStore
from crosstell.sim.schedule import subsystem_random

KEYS_SAID = (
    "Every key of this run is drawn from the seed, for replays and tests only: who knows the seed "
    "can sign. The times of the entries are virtual."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Founded:
    """One party's logs before its node is up."""

    party: PartyId
    keys: Keys
    root: str
    draw: Callable[[int], bytes]
    rows: tuple[StoredEntry, StoredEntry]

    @property
    def feed(self) -> FeedId:
        return self.rows[0].feed

    @property
    def journal(self) -> FeedId:
        return self.rows[1].feed


def found_stations(loaded: Loaded, seed: int, now: datetime) -> dict[PartyId, Station]:
    """A node for every party, its logs founded at `now`, each knowing the others' foundings."""
    founded = [_found(party.id, seed, now) for party in loaded.scenario.parties]
    feeds = tuple((one.party, one.feed) for one in founded)
    return {one.party: _station(loaded, one, founded, feeds) for one in founded}


def _found(party: PartyId, seed: int, now: datetime) -> _Founded:
    draw = subsystem_random(seed, f"node:{party}").randbytes
    keys = Keys(online=_key(seed, party, "online"), cosigning=_key(seed, party, "cosigning"))
    root = _key(seed, party, "root")
    names = (draw_name(draw), draw_name(draw))
    first, second = (found(name, keys, root, draw=draw, now=now) for name in names)
    return _Founded(
        party=party,
        keys=keys,
        root=fingerprint(root.public_key()),
        draw=draw,
        rows=(first, second),
    )


def _key(seed: int, party: PartyId, use: str) -> Ed25519Signer:
    drawn = hashlib.sha256(f"crosstell replay key, not for use:{seed}:{party}:{use}".encode())
    return Ed25519Signer.from_seed(drawn.digest())


def _station(
    loaded: Loaded,
    own: _Founded,
    founded: list[_Founded],
    feeds: tuple[tuple[PartyId, FeedId], ...],
) -> Station:
    store = MemoryStore()
    store.commit(Batch(entries=own.rows, puts=name_logs(own.feed, own.journal)))
    setting = Setting(
        party=own.party,
        feeds=feeds,
        journal=own.journal,
        protocol=loaded.protocol,
        digest=digest_of(loaded.protocol),
        ring_limit=loaded.protocol.escalation.ring_limit,
        test_role=loaded.scenario.watch.duty_role,
        reality=Reality.EXERCISE,
        geoid=geoid_at_start(),
    )
    peers = [
        Peer(party=other.party, feed=other.feed, founding=parse(other.rows[0].leaf).hash.hex())
        for other in founded
        if other.party != own.party
    ]
    tools = Tools(store=store, keys=own.keys, draw=own.draw, high_water=MemoryHighWater())
    owners = {feed: (party, "") for party, feed in feeds}
    owners[own.journal] = (own.party, "journal")
    return Station(
        party=own.party,
        node=Node(setting, tools, peers),
        desk=Desk(store=store, signer=own.keys.online, root=own.root, feeds=feeds),
        owners=owners,
    )
