"""A new feed in place of one that cannot go on, under the same offline root.

A party whose store is lost, and whose peers cannot give everything back, must not sign on: it
might fork. It founds a new feed, which names the old one and how much of it (size, root) it stands
by. The others compare the new founding by voice like the first, and refuse one of another root, or
one that stands by what they do not hold. Where a thief signed too, it stands by no more than what
both hold: a part of the old feed. Implements KEY-010 to KEY-012, KEY-040, KEY-043, KEY-044.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Head, parse
from crosstell.core.record.keys import check_resume
from crosstell.core.record.signing import Signer
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.founding import Keys, draw_name, found, name_logs
from crosstell.shell.key_ceremony.desk import Desk, head_of, verified
from crosstell.shell.key_ceremony.forked import ALTHOUGH_FORKED, Forked, forked
from crosstell.shell.keys import COSIGNING, ONLINE
from crosstell.shell.log import Log
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Batch, Store, StoredEntry
from crosstell.shell.store.unmarked import noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The new feed and journal, what two persons compare, and the branch that is stood by.

    `void` are the entries of the old feed that a later one made void, or that this party never
    signed and does not stand by.
    """

    feed: FeedId
    journal: FeedId
    founding: str
    branch: Head
    void: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What a person says of how many entries of the old feed are stood by; None: all that is left.

    `although_forked`: as for a revocation.
    """

    branch_size: int | None = None
    although_forked: bool = False


ALL_THAT_IS_LEFT: Final = Stood()


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """What is left of a feed that cannot go on: a copy, or what another party gave back.

    `mark`: how far the marks say that it was signed here, 0 where they are lost.
    """

    store: Store
    feed: FeedId
    mark: int = 0
    stood: Stood = ALL_THAT_IS_LEFT


def resume(old: Old, new: Desk, root: Signer, now: datetime, tell: Tell = untold) -> Resumed:
    """The store of `new`, empty before, holds a feed that resumes the old one, and a journal.

    The keys of `new` are made here; those of the old feed sign nothing any more.
    """
    left = verified(old.store, old.feed, tell)
    if left.head is None:
        raise CallerError(
            f"feed {old.feed}: nothing of it is left in that store; ask a party for what it holds"
        )
    if root.public_key() != left.head.keys.root_key:
        raise CallerError(
            f"the root key given did not found feed {old.feed}; only the same root resumes it"
        )
    branch, not_ours = _branch(old, left), _not_ours(old, left)
    if new.store.feeds():
        raise CallerError("the store to resume in is not empty; name a new one")
    keys = Keys(online=new.keys.create(ONLINE), cosigning=new.keys.create(COSIGNING))
    feed, journal = draw_name(new.draw), draw_name(new.draw)
    rows = (
        found(feed, keys, root, draw=new.draw, now=now, branch=branch),
        found(journal, keys, root, draw=new.draw, now=now),
    )
    new.store.commit(Batch(entries=rows, puts=name_logs(feed, journal)))
    new.high_water.begin({feed: 1, journal: 1})
    return Resumed(
        feed=feed,
        journal=journal,
        founding=parse(rows[0].leaf).hash.hex(),
        branch=branch,
        void=(*left.head.keys.void, (max(not_ours.start, branch.size), not_ours.stop)),
    )


def _branch(old: Old, left: Log) -> Head:
    """What is stood by. CallerError where a person must say how much, or said too much."""
    fork, size = forked(old.store, left), old.stood.branch_size
    stopped = fork is not None and fork.stops(asked=old.stood.although_forked)
    most = fork.common if fork is not None and stopped else left.size
    signed_here = _not_ours(old, left).start
    if size is None and min(most, signed_here) < left.size:
        raise CallerError(
            f"feed {old.feed}: somebody else signed in it too, so say how many of its entries the "
            f"new feed stands by: --branch-size {min(most, signed_here)}, or less if a thief "
            f"signed before that{_unless_asked(fork)}"
        )
    size = most if size is None else size
    if not 1 <= size <= most:
        raise CallerError(
            f"feed {old.feed}: the new feed can stand by 1 to {most} of its entries, not by "
            f"{size}: no more are left, or whoever holds the other branch of a fork would refuse it"
            f"{_unless_asked(fork)}"
        )
    root = left.root_at(size)
    assert root is not None, "so much is held"
    return Head(feed=old.feed, size=size, root=root.hex())


def _unless_asked(fork: Forked | None) -> str:
    """What a person may say where it is not known who holds our branch of a fork."""
    if fork is None or fork.elsewhere:
        return ""
    return f". If every party says by telephone that it shows your newest: {ALTHOUGH_FORKED}"


def _not_ours(old: Old, left: Log) -> range:
    """The entries that were not signed here, and that no revocation took back."""
    keys, numbers = head_of(left).keys, noted(old.store, old.feed)
    found = (seq for seq in numbers if seq >= old.mark and not keys.is_void(seq))
    return range(min(found, default=left.size), left.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a party holds of the old feed beyond what its owner stands by: claims of nobody now.

    `void` are the entries of it that a later one made void.
    """

    branch: Head
    beyond: int
    void: tuple[tuple[int, int], ...]


def check_resumed(store: Store, row: StoredEntry, tell: Tell = untold) -> Left:
    """That entry 0 of another party's new feed resumes the feed held here, and what that leaves.

    PartyError for a forgery: another root, or a branch that is not the one held here.
    """
    new = Log(feed=row.feed)
    new.verify(row, verifier_of)
    keys = head_of(new).keys
    if keys.branch is None or store.size(keys.branch.feed) == 0:
        raise PartyError(
            f"feed {row.feed} resumes no feed that is held here; ask the party which it means",
            evidence=row.leaf,
        )
    old = verified(store, keys.branch.feed, tell)
    of_old = head_of(old).keys
    branch = check_resume(of_old, keys)
    if branch.size > old.size:
        raise PartyError(
            f"feed {row.feed} stands by {branch.size} entries of {branch.feed}, of which "
            f"{old.size} are held here; ask the party for a file of the old feed, take it, then "
            "try again",
            evidence=row.leaf,
        )
    held = old.root_at(branch.size)
    if held is None or held.hex() != branch.root:
        raise PartyError(
            f"feed {row.feed} stands by {branch.size} entries of {branch.feed} with another root "
            "than is held here; compare the two branches with the party before you go on",
            evidence=row.leaf,
        )
    return Left(branch=branch, beyond=old.size - branch.size, void=of_old.void)
