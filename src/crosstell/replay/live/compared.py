"""What the nodes of an exercise hold at its end: each record verified, and set against the others.

Each node's record is exported as any party would export it and verified as any outsider would.
Then every feed is compared, leaf by leaf, between all who hold it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crosstell.core.errors import Fatal
from crosstell.core.ids import FeedId, PartyId
from crosstell.replay.spread import spread
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.archive.far import untold
from crosstell.shell.archive.verify import verify_export
from crosstell.shell.config.node_file import Installation
from crosstell.shell.keys import ONLINE, KeyFolder
from crosstell.shell.store.sqlite import SqliteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHeld:
    """How many entries of one party's feed each party holds; `agreed`, of them, are the same."""

    feed: FeedId
    of: PartyId
    held: tuple[tuple[PartyId, int], ...]
    agreed: int

    @property
    def is_whole(self) -> bool:
        """Whether all hold the same and all of it."""
        return all(size == self.agreed for _, size in self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The records of all parties: what verified in each, and the feeds set side by side."""

    statements: tuple[tuple[PartyId, int], ...]
    feeds: tuple[FeedHeld, ...]


def compare(
    installations: Mapping[PartyId, Installation],
    feeds: Mapping[PartyId, FeedId],
    roots: frozenset[str],
    out: Path,
) -> Compared:
    """Every record is exported to `out`, verified, and set against the others.

    PartyError or Fatal names the first thing that does not hold.
    """
    out.mkdir()

    def exported(party: PartyId) -> tuple[int, dict[FeedId, tuple[bytes, ...]]]:
        """How many statements of the party's record hold, and the leaves of each feed in it."""
        installation = installations[party]
        store = SqliteStore.open_read_only(installation.store)
        try:
            signer = KeyFolder(path=installation.keys).load(ONLINE)
            export(store, out / party, Choice(bodies=Bodies.HELD), signer)
            held = {feed: tuple(row.leaf for row in store.entries(feed)) for feed in feeds.values()}
        finally:
            store.close()
        return len(verify_export(out / party, roots=roots).statements), held

    parties = sorted(installations)
    found = dict(zip(parties, spread(exported, parties, untold), strict=True))
    leaves = {party: held for party, (_, held) in found.items()}
    return Compared(
        statements=tuple((party, count) for party, (count, _) in found.items()),
        feeds=tuple(_held(party, feed, leaves) for party, feed in sorted(feeds.items())),
    )


def _held(
    of: PartyId, feed: FeedId, leaves: Mapping[PartyId, Mapping[FeedId, tuple[bytes, ...]]]
) -> FeedHeld:
    """One feed as all hold it; Fatal where two hold different entries at one number."""
    sizes = tuple((party, len(held[feed])) for party, held in sorted(leaves.items()))
    agreed = min(size for _, size in sizes)
    for number in range(agreed):
        if len({held[feed][number] for held in leaves.values()}) != 1:
            raise Fatal(f"feed {feed} of {of}: entry {number} is not the same everywhere")
    return FeedHeld(feed=feed, of=of, held=sizes, agreed=agreed)
