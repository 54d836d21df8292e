"""A party in a virtual world: its keys, its store and second path, its node, started and restarted.

Keys and salts come from the world's seed: a run can be repeated byte for byte. They are known to
everybody who has the seed, so nothing that they sign proves anything outside the world.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.record.entry import parse
from crosstell.core.state.setting import Setting
from crosstell.shell.exchange import Peer
from crosstell.shell.founding import Keys, found, name_logs
from crosstell.shell.high_water import HighWater, MemoryHighWater
from crosstell.shell.node import Node, Tools
from crosstell.shell.signing import Ed25519Signer
from crosstell.shell.store.contract import Batch, Store, StoredEntry


@dataclass(slots=True)
class SeededDraw:
    """Bytes from a seed: SHA-256 of the seed, the purpose and a counter."""

    seed: str
    count: int = 0

    def __call__(self, size: int) -> bytes:
        """The next `size` bytes, at most 32."""
        self.count += 1
        return hashlib.sha256(f"{self.seed}:{self.count}".encode()).digest()[:size]


def seeded_signer(seed: str) -> Ed25519Signer:
    """The key pair of this seed."""
    return Ed25519Signer.from_seed(hashlib.sha256(seed.encode()).digest())


def feed_name(seed: str, party: PartyId, log: str) -> FeedId:
    """The name of one of a party's two logs in the world of this seed."""
    return FeedId(hashlib.sha256(f"{seed}:{party}:{log}".encode()).hexdigest()[:32])


@dataclass(slots=True)
class Party:
    """One party of the world: what survives a crash, and the node that does not."""

    setting: Setting
    seed: str
    store: Store
    peers: tuple[Peer, ...] = ()
    high_water: HighWater = field(default_factory=MemoryHighWater)
    draw: SeededDraw = field(init=False)
    node: Node = field(init=False)

    def __post_init__(self) -> None:
        """Draw this party's own bytes."""
        self.draw = SeededDraw(seed=f"{self.seed}:{self.setting.party}:draw")

    def keys(self) -> Keys:
        """What this party's node signs with."""
        base = f"{self.seed}:{self.setting.party}"
        return Keys(
            online=seeded_signer(f"{base}:online"), cosigning=seeded_signer(f"{base}:cosigning")
        )

    def found(self, now: datetime) -> None:
        """Both logs of this party are founded in its store."""
        root = seeded_signer(f"{self.seed}:{self.setting.party}:root")
        keys, setting = self.keys(), self.setting
        rows: tuple[StoredEntry, ...] = tuple(
            found(feed, keys, root, draw=self.draw, now=now)
            for feed in (setting.feed, setting.journal)
        )
        puts = name_logs(setting.feed, setting.journal)
        self.store.commit(Batch(entries=rows, puts=puts))

    def founding(self) -> str:
        """The hash of the founding of this party's feed: what two persons compare."""
        row = next(iter(self.store.entries(self.setting.feed, 0, 1)))
        return parse(row.leaf).hash.hex()

    def start(self) -> None:
        """The node stands where the store left it."""
        tools = Tools(
            store=self.store, keys=self.keys(), draw=self.draw, high_water=self.high_water
        )
        self.node = Node(self.setting, tools, self.peers)


def introduce(parties: Mapping[PartyId, Party], now: datetime) -> None:
    """Every party is founded, knows the others' foundings, and its node runs."""
    for party in parties.values():
        party.found(now)
    for name, party in parties.items():
        party.peers = tuple(
            Peer(party=other.setting.party, feed=other.setting.feed, founding=other.founding())
            for key, other in sorted(parties.items())
            if key != name
        )
        party.start()
