"""The record of a run, exported by the warner's node and put to the real verifier.

The export holds every feed that this party holds. It is written to a folder that is gone again
afterwards; what the verifier states stands in the result, with what it rests on.
Implements REP-037.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from crosstell.codecs.archive.verification import Statement
from crosstell.core.errors import CrosstellError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.record.tree import CompactRange, leaf_hash
from crosstell.papers.told import FeedVerified
from crosstell.replay.played.trace import Played
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.archive.verify import verify_export

SOUND = "verified"
SAW = "saw this same feed"  # how the verifier words a cosignature
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it, for this user alone


def proof_of(played: Played, party: PartyId) -> tuple[FeedVerified, ...]:
    """What the verifier states of every feed in the export of `party`."""
    desk = played.desks[party]
    with tempfile.TemporaryDirectory(prefix="crosstell-replay-", dir=_in_memory()) as scratch:
        folder = Path(scratch) / "export"
        try:
            export(desk.store, folder, Choice(bodies=Bodies.HELD), desk.signer)
            found = verify_export(
                folder, roots=frozenset(held.root for held in played.desks.values())
            )
        except CrosstellError as fault:
            text = str(fault).replace(str(folder), "export")
            return tuple(
                _feed(played, owner, feed, f"NOT verified: {text}", ())
                for owner, feed in desk.feeds
            )
    seen = []
    for owner, feed in desk.feeds:
        about = [one for one in found.statements if one.about == f"feed {feed}"]
        seen.append(_feed(played, owner, feed, SOUND, _condensed(about)))
    return tuple(seen)


def _condensed(statements: list[Statement]) -> tuple[str, ...]:
    """The statements with what they rest on; of many cosignatures, the first and the last."""
    seen = [one for one in statements if SAW in one.text]
    shown = [one for one in statements if one not in seen[1:-1]]
    words = [f"{one.text} Rests on: {'; '.join(one.rests_on)}." for one in shown]
    if len(seen) > 2:
        words.append(f"{len(seen)} cosignatures in all; the first and the last stand above.")
    return tuple(words)


def _in_memory() -> str | None:
    """A file system in memory, where there is one: an export syncs each of its many files."""
    return str(MEMORY) if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) else None


def _feed(
    played: Played, owner: PartyId, feed: FeedId, sound: str, statements: tuple[str, ...]
) -> FeedVerified:
    tree = CompactRange()
    for row in played.desks[owner].store.entries(feed):
        tree = tree.append(leaf_hash(row.leaf))
    return FeedVerified(
        party=owner,
        feed=feed,
        entries=tree.size,
        root=tree.root().hex(),
        sound=sound,
        statements=statements,
    )


def digest_of_record(played: Played) -> str:
    """One SHA-256 over every log of every node, in a fixed order, to compare two replays by."""
    digest = hashlib.sha256()
    for party in sorted(played.desks):
        desk = played.desks[party]
        for feed in sorted(desk.store.feeds()):
            digest.update(f"{party} {feed}\n".encode())
            for row in desk.store.entries(feed):
                digest.update(hashlib.sha256(row.leaf).digest())
    return digest.hexdigest()
