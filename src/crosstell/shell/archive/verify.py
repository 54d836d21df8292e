"""Offline verification of an export, a receipt or fork evidence: no network, no store, no clock.

The input is hostile until proved otherwise. The first thing that does not hold ends the work with
one message (PartyError or CallerError); what holds is said with what it rests on, and what cannot
be seen is said beside it. Implements ARC-020 to ARC-034.
"""

import hashlib
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path

from crosstell.codecs.archive.files import KEYS, Kind, fork_path
from crosstell.codecs.archive.keys import compared_in
from crosstell.codecs.archive.verification import Statement, Subject, Verification
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.feed import check_heads
from crosstell.core.record.fork import FORK_SIZE_MAX, Fork, check_fork
from crosstell.core.record.keys import check_resume
from crosstell.core.record.receipt import RECEIPT_SIZE_MAX, Compared, check_receipt
from crosstell.core.record.signing import VerifierOf, fingerprint
from crosstell.shell.archive.brackets import entry_times
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.archive.feed_check import FeedSeen, check_feed, check_witnesses
from crosstell.shell.archive.folder import ExportFolder, fault, read_file
from crosstell.shell.archive.sealed import SealedFolder, at_file
from crosstell.shell.archive.statements import (
    ALWAYS_UNSEEN,
    Known,
    bracket_statement,
    feed_statements,
    feed_unseen,
    fork_statement,
    root_words,
    seal_statement,
)
from crosstell.shell.signing import verifier_of as ed25519

_FORK_TAG = b"crosstell/fork/"


class Detail(StrEnum):
    """How far a reader wants an export taken apart."""

    FEEDS = "feeds"
    ENTRIES = "entries"  # each entry with what bounds its time


def verify(
    path: Path,
    *,
    roots: Collection[str] = (),
    detail: Detail = Detail.FEEDS,
    tell: Tell = untold,
) -> Verification:
    """What `path` shows: an export if it is a folder, else a receipt or fork evidence.

    `roots` are the root fingerprints that the reader compared with the parties, out of band. Of an
    export `tell` is told how many files of how many were read.
    """
    if path.is_dir():
        return verify_export(path, roots=roots, detail=detail, tell=tell)
    data = read_file(path, max(RECEIPT_SIZE_MAX, FORK_SIZE_MAX))
    if data.startswith(_FORK_TAG):
        return verify_fork(path, data, roots=roots)
    return verify_receipt(path, data, roots=roots)


def verify_receipt(path: Path, data: bytes, *, roots: Collection[str]) -> Verification:
    """What a receipt shows, from its own bytes alone."""
    try:
        report = check_receipt(data, ed25519, compared=tuple(roots))
    except (PartyError, ValueError) as error:
        raise fault(path, str(error)) from error
    _check_roots(path, roots, [key.fingerprint for key in report.keys])
    keys = tuple(
        Statement(
            about=f"feed {key.feed}",
            text=f"Its keys stand under the root with fingerprint {key.fingerprint}.",
            rests_on=(
                "your comparison of that fingerprint with the party"
                if key.compared is Compared.COMPARED
                else "the receipt itself: nobody told this program that the fingerprint was "
                "compared with the party",
            ),
        )
        for key in report.keys
    )
    said = tuple(
        Statement(about="receipt", text=found.text, rests_on=found.rests_on)
        for found in report.statements
    )
    return Verification(
        subject=Subject.RECEIPT,
        file=str(path),
        statements=(*said, *bracket_statement(report), *keys),
        cannot_see=report.cannot_say,
    )


def verify_fork(path: Path, data: bytes, *, roots: Collection[str]) -> Verification:
    """What fork evidence shows, from its own bytes alone."""
    try:
        fork = check_fork(data, ed25519)
    except (PartyError, ValueError) as error:
        raise fault(path, str(error)) from error
    unseen = [
        "Which of the two is right, and whether the owner or a thief of the key signed.",
        f"That the key belongs to the owner of feed {fork.feed}: an export of that feed shows it.",
    ]
    if roots:
        unseen.append("Whether the roots that you compared stand behind this key.")
    return Verification(
        subject=Subject.FORK,
        file=str(path),
        statements=(fork_statement(fork, None),),
        cannot_see=tuple(unseen),
    )


def verify_export(
    path: Path,
    *,
    roots: Collection[str] = (),
    detail: Detail = Detail.FEEDS,
    verifier_of: VerifierOf = ed25519,
    tell: Tell = untold,
) -> Verification:
    """What an export shows. Every byte of it is covered by its manifest, or it is refused."""
    source = SealedFolder(ExportFolder(path), tell)
    names = sorted({found.feed for found in source.paths(Kind.CHECKPOINT) if found.feed})
    listed = detail is Detail.ENTRIES
    feeds = {feed: check_feed(source, feed, verifier_of, listed=listed) for feed in names}
    exporter = feeds.get(source.seal.exporter)
    if exporter is None:
        raise fault(path, f"does not hold the exporter's own feed {source.seal.exporter}")
    source.check_signature(exporter.head.keys, exporter.head.size, verifier_of)
    with at_file(source.folder, KEYS):
        stated = compared_in(source.take(KEYS), [seen.head.keys for seen in feeds.values()])
    _check_roots(path, roots, [fingerprint(f.head.keys.root_key) for f in feeds.values()])
    for seen in feeds.values():
        _check_across(source, seen, feeds)
    everyone = tuple(feeds.values())
    witnessed = {f: check_witnesses(source, feeds[f], everyone, verifier_of) for f in names}
    forks = _forks(source, verifier_of)
    source.check_all_taken()
    words = _root_words(feeds, exporter, roots, stated)
    statements = [seal_statement(source.seal, exporter.head, len(source.lines))]
    unseen: list[str] = []
    for feed, seen in feeds.items():
        statements += feed_statements(seen, words, witnessed[feed], feeds)
        statements += [fork_statement(f, seen.head.keys) for f in forks if f.feed == feed]
        unseen += (*feed_unseen(seen, witnessed[feed], feeds), *_not_compared(seen, roots))
    statements += [fork_statement(fork, None) for fork in forks if fork.feed not in feeds]
    shown = names if listed else []
    return Verification(
        subject=Subject.EXPORT,
        file=str(path),
        statements=tuple(statements),
        cannot_see=(*unseen, *ALWAYS_UNSEEN),
        entries=tuple(e for f in shown for e in entry_times(feeds[f], witnessed[f], feeds)),
    )


def _root_words(
    feeds: Mapping[FeedId, FeedSeen],
    exporter: FeedSeen,
    roots: Collection[str],
    stated: Collection[FeedId],
) -> dict[FeedId, str]:
    """For each feed, the root that its statements rest on and who compared it."""
    found = {}
    for feed, seen in feeds.items():
        known = Known.COMPARED if feed in stated else Known.NOT_COMPARED
        if seen.head.keys.root_key == exporter.head.keys.root_key:
            known = Known.OWN
        found[feed] = root_words(seen.head.keys, roots, known)
    return found


def _check_roots(path: Path, roots: Collection[str], found: Collection[str]) -> None:
    """Refuse a compared fingerprint under which nothing here stands."""
    for root in sorted(set(roots) - set(found)):
        raise fault(
            path,
            f"no feed in it stands under the root {root} that you compared: it is another "
            "party's, or forged",
        )


def _check_across(source: SealedFolder, seen: FeedSeen, feeds: dict[FeedId, FeedSeen]) -> None:
    """What the feed says of other feeds agrees with them, as far as they are here."""

    def root_at(feed: FeedId, size: int) -> bytes | None:
        other = feeds.get(feed)
        return None if other is None else other.root_at(size)

    with at_file(source.folder, f"feeds/{seen.feed}"):
        for entry in seen.with_new_heads:
            check_heads(entry, root_at)
        branch = seen.head.keys.branch
        if branch is not None and branch.feed in feeds:
            check_resume(feeds[branch.feed].head.keys, seen.head.keys)


def _forks(source: SealedFolder, verifier_of: VerifierOf) -> tuple[Fork, ...]:
    """Every piece of fork evidence in the export, verified by itself."""
    found: list[Fork] = []
    for path in source.paths(Kind.FORK):
        with at_file(source.folder, path.print()):
            data = source.take(path.print())
            fork = check_fork(data, verifier_of)
            if fork_path(fork.feed, data) != path.print():
                digest = hashlib.sha256(data).hexdigest()
                raise PartyError(f"is evidence about feed {fork.feed} with digest {digest}")
        found.append(fork)
    return tuple(found)


def _not_compared(seen: FeedSeen, roots: Collection[str]) -> tuple[str, ...]:
    """The sentence that is due while the reader has not compared a root."""
    root = fingerprint(seen.head.keys.root_key)
    if root in roots:
        return ()
    return (
        f"Whose feed {seen.feed} is: compare the root fingerprint {root} with the party by voice "
        "or on paper, then verify with --root.",
    )
