"""A node's store or an export, opened and verified: its logs, and who keeps it.

Nothing is believed because it lies there: every entry's signature and chain is checked on the way,
and an export's seal with it. Implements REP-094.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crosstell.codecs import entry_body
from crosstell.core.errors import CallerError, Fatal, PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.record.entry import Body, Entry, Head
from crosstell.core.record.keys import KEY_TYPES, FeedKeys, admit, check_resume
from crosstell.core.record.signing import fingerprint
from crosstell.core.record.tree import CompactRange
from crosstell.shell.archive.export import body_of, text_in
from crosstell.shell.archive.far import Tell
from crosstell.shell.archive.folder import ExportFolder
from crosstell.shell.archive.receipts import held_in_export
from crosstell.shell.archive.sealed import SealedFolder
from crosstell.shell.archive.verify import verify_export
from crosstell.shell.log import Log
from crosstell.shell.signing import verifier_of
from crosstell.shell.store import SqliteStore
from crosstell.shell.store.contract import Store
from crosstell.shell.store.names import OWN_FEED, OWN_JOURNAL

TOLD_EACH = 500  # entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry, with its body where it is held."""

    entry: Entry
    body: Body | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The logs of one record. `owners` names whose each feed is, by who speaks in it.

    `statements` are what was verified, by feed; `journal` is None where the record has none.
    `keys` are those of each feed after its last entry: what is void, and what it resumes.
    """

    what: str
    own: FeedId
    journal: FeedId | None
    logs: Mapping[FeedId, tuple[Row, ...]]
    owners: Mapping[FeedId, PartyId]
    statements: Mapping[FeedId, tuple[str, ...]]
    keys: Mapping[FeedId, FeedKeys]

    @property
    def party(self) -> PartyId:
        """Whose record it is."""
        return self.owners[self.own]

    @property
    def branches(self) -> dict[FeedId, Head]:
        """Of each feed that resumes another, how much of which it stands by."""
        found = {feed: keys.branch for feed, keys in self.keys.items()}
        return {feed: branch for feed, branch in found.items() if branch is not None}


def open_record(source: Path, tell: Tell) -> Opened:
    """The record in a folder of an export, or in the file of a store; faults name the file.

    `tell` is told how much of it was verified.
    """
    return _of_export(source, tell) if source.is_dir() else _of_store(source, tell)


def _of_export(source: Path, tell: Tell) -> Opened:
    found = verify_export(source, tell=tell)
    sealed = SealedFolder(ExportFolder(source))
    held = held_in_export(sealed)
    logs = {
        feed: tuple(
            Row(entry=entry, body=body) for entry, body in zip(one.entries, one.bodies, strict=True)
        )
        for feed, one in held.items()
    }
    said = {
        feed: tuple(
            f"{one.text} Rests on: {'; '.join(one.rests_on)}."
            for one in found.statements
            if one.about == f"feed {feed}"
        )
        for feed in logs
    }
    return _opened(source, "an export", sealed.seal.exporter, logs, said)


def _of_store(source: Path, tell: Tell) -> Opened:
    store = SqliteStore.open_read_only(source)
    try:
        own = text_in(store, OWN_FEED)
        if own is None or store.size(own) == 0:
            raise CallerError(f"{source}: holds no feed of its own; name a founded party's store")
        logs: dict[FeedId, tuple[Row, ...]] = {}
        said: dict[FeedId, tuple[str, ...]] = {}
        of = sum(store.size(feed) for feed in store.feeds())
        for feed in store.feeds():
            before = sum(map(len, logs.values()))
            logs[feed], said[feed] = _log(source, store, feed, partial(_beyond, tell, before, of))
        journal = text_in(store, OWN_JOURNAL)
    finally:
        store.close()
    return _opened(source, "a store", own, logs, said, journal)


def _beyond(tell: Tell, before: int, of: int, done: int) -> None:
    """So many of this log, beside those of the logs before."""
    tell(before + done, of)


def _log(
    source: Path, store: Store, feed: FeedId, told: Callable[[int], None]
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """One log of a store, each entry verified in its order; how many, is told now and then."""
    log = Log(feed=feed)
    rows = []
    for row in store.entries(feed):
        try:
            entry = log.verify(row, verifier_of)
        except PartyError as refused:
            raise Fatal(
                f"{source}: entry {row.seq} of {feed} does not verify: {refused}. Keep the store "
                "and restore the newest copy beside it"
            ) from refused
        rows.append(Row(entry=entry, body=body_of(row)))
        if len(rows) % TOLD_EACH == 0:
            told(len(rows))
    told(len(rows))
    assert log.head is not None, "a stored feed has an entry"
    key = fingerprint(log.head.keys.root_key)
    said = (
        f"Every signature and the whole chain of {len(rows)} entries hold. Rests on: the root key "
        f"with fingerprint {key}, as this store names it.",
    )
    return tuple(rows), said


def _opened(
    source: Path,
    what: str,
    own: FeedId,
    logs: Mapping[FeedId, tuple[Row, ...]],
    said: Mapping[FeedId, tuple[str, ...]],
    journal: FeedId | None = None,
) -> Opened:
    keys = {feed: _keys(rows) for feed, rows in logs.items()}
    owners = _owners(logs, keys)
    if own not in owners:
        raise CallerError(
            f"{source}: nobody speaks in its own feed with a body that is held; name an export "
            "with bodies (record export --bodies held), or the store itself"
        )
    if journal is None:
        left = {of.branch.feed for of in keys.values() if of.branch is not None}
        of_own = [
            feed
            for feed, party in owners.items()
            if party == owners[own] and feed not in {own, *left} and keys[feed].branch is None
        ]
        journal = of_own[0] if len(of_own) == 1 else None
    return Opened(
        what=what,
        own=own,
        journal=journal,
        logs=logs,
        owners=owners,
        statements=said,
        keys=keys,
    )


def _keys(rows: tuple[Row, ...]) -> FeedKeys:
    """The keys of a feed after its last entry, each proved again."""
    keys: FeedKeys | None = None
    for row in rows:
        if row.entry.header.type in KEY_TYPES:
            keys = admit(keys, row.entry, verifier_of, body=row.body)
    assert keys is not None, "a verified feed begins with its keys"
    return keys


def _owners(
    logs: Mapping[FeedId, tuple[Row, ...]], keys: Mapping[FeedId, FeedKeys]
) -> dict[FeedId, PartyId]:
    """Whose each feed is: by who speaks in it, or in the one that it resumes or that resumes it.

    PartyError for a feed that claims to resume one of another root, or with another past.
    """
    owners = {feed: owner for feed, rows in logs.items() if (owner := _speaker(rows)) is not None}
    resumed = [(feed, of.branch) for feed, of in keys.items() if of.branch is not None]
    for feed, branch in resumed:
        if branch.feed in logs:
            check_resume(keys[branch.feed], keys[feed])
            _check_branch(feed, branch, logs[branch.feed])
    for _ in resumed:  # a feed that was resumed may have been resumed again
        for feed, branch in resumed:
            for one, other in ((feed, branch.feed), (branch.feed, feed)):
                if one in logs and other in owners:
                    owners.setdefault(one, owners[other])
    return owners


def _check_branch(feed: FeedId, branch: Head, rows: tuple[Row, ...]) -> None:
    """The entries that a resumed feed stands by are those that are here, as far as they are."""
    tree = CompactRange()
    for row in rows[: branch.size]:
        tree = tree.append(row.entry.hash)
    if tree.size == branch.size and tree.root().hex() != branch.root:
        raise PartyError(
            f"feed {feed} stands by {branch.size} entries of {branch.feed} with another root than "
            "this record holds; compare the two branches with the party"
        )


def _speaker(rows: tuple[Row, ...]) -> PartyId | None:
    """The party that the first person who speaks in a log names as theirs."""
    for row in rows:
        if row.body is None or row.entry.header.type in KEY_TYPES:
            continue
        by = entry_body.decode(row.entry.header.type, row.body.content).by
        if by is not None:
            return by.party
    return None
