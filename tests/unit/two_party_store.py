"""A small record of two parties in one store, as the node of `alpha` would leave it. For tests."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from record_keys import TestFeed

from crosstell.codecs.archive.verification import Verification
from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Head
from crosstell.core.record.signing import fingerprint
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.signing import Ed25519Signer
from crosstell.shell.store import Batch, MemoryStore, Put, Store, StoredEntry
from crosstell.shell.store.names import (
    OWN_FEED,
    OWN_JOURNAL,
    checkpoint_name,
    cosigned_name,
    founding_name,
)

COSIGNED_S = 1_696_480_100


def seed_of(label: str) -> bytes:
    """The private bytes of the test key of this label, to write it to a key file."""
    return hashlib.sha256(label.encode()).digest()


def signer_of(label: str) -> Ed25519Signer:
    """The test key of this label as the shell holds it."""
    return Ed25519Signer.from_seed(seed_of(label))


def as_head(feed: TestFeed) -> Head:
    return feed.head.as_head()


@dataclass
class TwoParties:
    """Two growing feeds; `store` holds them as alpha's node does, with a journal beside."""

    store: Store = field(default_factory=MemoryStore)
    alpha: TestFeed = field(default_factory=lambda: TestFeed("alpha"))
    beta: TestFeed = field(default_factory=lambda: TestFeed("beta"))
    journal: TestFeed = field(default_factory=lambda: TestFeed("journal"))

    def talk(self, rounds: int) -> "TwoParties":
        """Both say something, each naming what it holds of the other."""
        for number in range(rounds):
            self.alpha.add(b"call %d" % number, heads=[as_head(self.beta)])
            self.beta.add(b"answer %d" % number, kind="answer", heads=[as_head(self.alpha)])
            self.journal.add(b"alert %d" % number, kind="alert")
        return self

    def cosigned(self) -> "TwoParties":
        """Each has cosigned the other's feed as it is now; kept as an earlier checkpoint too."""
        puts = []
        for own, other in ((self.alpha, self.beta), (self.beta, self.alpha)):
            note = own.cosigned(other, time_s=COSIGNED_S).print()
            puts.append(Put(name=cosigned_name(own.feed, own.head.size), value=note))
            puts.append(Put(name=checkpoint_name(own.feed), value=note))
        self.store.commit(Batch(puts=tuple(puts)))
        return self

    def stored(self, *, beta_bodies: bool = True) -> Store:
        """The store with all entries, the checkpoint of beta, and who we are."""
        puts = [
            Put(name=OWN_FEED, value=b"alpha"),
            Put(name=OWN_JOURNAL, value=b"journal"),
            Put(
                name=founding_name(FeedId("beta")),
                value=fingerprint(self.beta.root.public_key()).encode(),
            ),
        ]
        if self.store.blob(checkpoint_name(self.beta.feed)) is None:
            puts.append(
                Put(name=checkpoint_name(self.beta.feed), value=self.beta.checkpoint().print())
            )
        rows = [
            row
            for feed in (self.alpha, self.beta, self.journal)
            for row in rows_of(feed, bodies=beta_bodies or feed is not self.beta)
        ]
        self.store.commit(Batch(entries=tuple(rows), puts=tuple(puts)))
        return self.store


def rows_of(feed: TestFeed, *, bodies: bool = True) -> list[StoredEntry]:
    """The rows of a feed; entry 0 always with its public body."""
    return [
        StoredEntry(
            feed=feed.feed,
            seq=seq,
            leaf=entry.leaf,
            salt=body.salt if bodies or entry.header.type != "answer" else None,
            body=body.content if bodies or entry.header.type != "answer" else None,
        )
        for seq, (entry, body) in enumerate(zip(feed.entries, feed.bodies, strict=True))
    ]


HELD = Choice(bodies=Bodies.HELD)


def exported(parties: TwoParties, target: Path, choice: Choice = HELD) -> Path:
    """Alpha's export of it, at `target`."""
    export(parties.stored(), target, choice, signer_of("alpha online"))
    return target


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def texts(found: Verification) -> str:
    """The statements alone."""
    return "\n".join(f"{said.about}: {said.text}" for said in found.statements)
