"""A node's own card as its store and its files give it, and a new certificate for its line.

The card follows from the first entry of our feed, the protocol, the certificate and `node.yaml`;
nothing in it is remembered elsewhere. A new certificate changes it, so the other parties compare it
by voice again, and until they have taken it their nodes do not answer ours. Implements KEY-033.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId
from crosstell.core.record.entry import parse
from crosstell.core.record.signing import fingerprint
from crosstell.shell.config.card import PartyCard, read_card, write_card
from crosstell.shell.config.certificate import make_certificate, read_certificate
from crosstell.shell.config.installing import CARD
from crosstell.shell.config.node_file import Installation
from crosstell.shell.log import Log
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Store, StoredEntry
from crosstell.shell.store.names import OWN_FEED
from crosstell.shell.store.sqlite import SqliteStore


def open_stopped(installation: Installation) -> SqliteStore:
    """The node's store, for writing. CallerError while the node runs, or where there is none."""
    if not installation.store.is_file():
        raise CallerError(
            f"{installation.store}: no store; restore the newest copy there. Nothing was changed"
        )
    return SqliteStore.open(installation.store)


def own_founding(store: Store, path: Path) -> StoredEntry:
    """Entry 0 of our feed, with its body."""
    row = next(store.entries(own_name(store, OWN_FEED, path), 0, 1), None)
    if row is None:
        raise _unfounded(path)
    return row


def own_name(store: Store, name: str, path: Path) -> FeedId:
    """The name of our feed or journal, as `name` says, in the store at `path`."""
    found = store.blob(name)
    if found is None:
        raise _unfounded(path)
    return FeedId(found.decode("ascii"))


def _unfounded(path: Path) -> CallerError:
    return CallerError(f"{path}: no feed was founded in it; name the folder of a founded node")


def card_of(installation: Installation, store: Store, certificate: str) -> PartyCard:
    """The card of this node, with this certificate on it."""
    row = own_founding(store, installation.store)
    log = Log(feed=row.feed)
    log.verify(row, verifier_of)
    assert log.head is not None, "entry 0 was verified"
    return PartyCard(
        party=installation.file.party,
        protocol=digest_of(read_protocol(installation.protocol)),
        feed=row.feed,
        founding=parse(row.leaf).hash.hex(),
        root=fingerprint(log.head.keys.root_key),
        certificate=certificate,
        reach=installation.file.line.reach or "",
    )


def read_own_card(installation: Installation) -> PartyCard:
    """Our card as it lies in the folder. CallerError if it is not of the line's certificate."""
    card = read_card(installation.folder / CARD)
    line = installation.line_certificate
    if line.is_file() and read_certificate(line) != card.certificate:
        raise CallerError(
            f"{installation.folder / CARD}: is not of the certificate in {line}; make both anew "
            "with `crosstell node certificate`"
        )
    return card


def renew(installation: Installation, now: datetime) -> PartyCard:
    """A new key and certificate of the line are in place, and the card that tells of them.

    What was there goes. CallerError while the node runs; then, and where something cannot be made,
    the old ones stand. Cut off half-way it is done again. Implements KEY-033.
    """
    store = open_stopped(installation)
    line = installation.line_certificate.parent
    part, before = line.with_name(".line.part"), line.with_name(".line.before")
    try:
        if before.exists() and not line.exists():
            before.rename(line)  # cut off between the two names
        for left in (part, before):
            shutil.rmtree(left, ignore_errors=True)
        certificate = make_certificate(
            installation.file.party, part / "certificate.pem", part / "key.pem", now
        )
        card = card_of(installation, store, certificate)
        _take_along(line, part)
        if line.exists():
            line.rename(before)
        part.rename(line)
        _synchronise(installation.folder)
        write_card(installation.folder / CARD, card)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        raise CallerError(
            f"{line}: the new certificate cannot be put in its place ({error.strerror}); mend the "
            "folder, then give the command again before you start the node"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        store.close()
    return card


def _take_along(line: Path, part: Path) -> None:
    """Whatever else lies in the folder of the line stays there."""
    for path in sorted(line.glob("*")):
        if path.is_file() and not (part / path.name).exists():
            shutil.copy2(path, part / path.name)
    for path in part.iterdir():
        _synchronise(path)
    _synchronise(part)


def _synchronise(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
