"""A node that goes on in a new feed, in a folder of its own; and another party that follows it.

The new folder holds what the old one did, but new keys, new logs, and of the record only what the
other parties said. The old folder stays as it was: it is evidence. What tells the others which
feed is resumed is the new feed's entry 0, in a file that goes with the card. Implements KEY-034,
KEY-035. What had not ended of what was said in the old feed is kept in a file: NOD-474.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel, Row
from crosstell.core.errors import CallerError, CrosstellError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.picture.former import Former
from crosstell.core.record.entry import parse
from crosstell.core.record.signing import Signer
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.config.backup import check_inside, copy_beside
from crosstell.shell.config.card import (
    SUFFIX,
    PartyCard,
    keep_card,
    read_card,
    read_cards,
    write_card,
)
from crosstell.shell.config.certificate import read_certificate
from crosstell.shell.config.installing import CARD, check_heard, held_card, parties_of
from crosstell.shell.config.left import Leaving, left_in, write_left
from crosstell.shell.config.node_file import Installation
from crosstell.shell.config.renewing import card_of, open_stopped, own_founding, own_name
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.key_ceremony.desk import Desk
from crosstell.shell.key_ceremony.resuming import (
    ALL_THAT_IS_LEFT,
    Left,
    Old,
    Resumed,
    Stood,
    check_resumed,
    resume,
)
from crosstell.shell.keys import COSIGNING, ONLINE, ROOT, KeyFolder
from crosstell.shell.people.proof import mark_resume
from crosstell.shell.store.contract import Batch, Store, StoredEntry
from crosstell.shell.store.names import FORKS, OWN_FEED, OWN_JOURNAL, PACED
from crosstell.shell.store.sqlite import SqliteStore

PROOF = "own.resumed"  # entry 0 of the new feed, to be sent with the card
PROOF_SIZE_MAX = 16 * 1024
ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """The folder that goes on, its card, and what the new feed stands by.

    `carried` counts the entries of other parties that were taken along.
    """

    installation: Installation
    card: PartyCard
    resumed: Resumed
    carried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The card that a node follows from now on, where the old one is kept, and what it left."""

    written: Path
    kept: Path
    left: Left
    former: Former


def resume_in(
    old: Installation,
    root_folder: Path,
    out: Path,
    now: datetime,
    tell: Tell = untold,
    stood: Stood = ALL_THAT_IS_LEFT,
) -> Anew:
    """A node's folder stands at `out` whose feed resumes that of `old`, which stays as it was.

    It stands by what a person says of it, or by all that is left. CallerError, and nothing is
    left, where it cannot be made. Implements KEY-034, KEY-040.
    """
    root = KeyFolder(path=root_folder).load(ROOT)
    if out.exists():
        raise CallerError(f"{out}: is there already; name a new folder")
    if not out.absolute().parent.is_dir():
        raise CallerError(f"{out.absolute().parent}: no such folder; make it first")
    check_inside(old, old.file.keys)
    part = out.with_name(f".{out.name}.{secrets.token_hex(6)}.part")
    store = open_stopped(old)
    try:
        part.mkdir(mode=0o700)
        _copy(old, part, root_folder)
        mark_resume(part / old.file.people.record, now)
        feed = own_founding(store, old.store).feed
        left = Old(
            store=store,
            feed=feed,
            mark=_mark(old, feed),
            stood=stood,
        )
        made = _found(old, left, root, Installation(folder=part, file=old.file), now, tell)
        part.rename(out)
    except OSError as error:
        raise CallerError(
            f"{out}: the new folder cannot be made ({error}); nothing was left there"
        ) from error
    except CrosstellError as error:
        raise CallerError(str(error).replace(str(part), str(out))) from error
    finally:
        store.close()
        shutil.rmtree(part, ignore_errors=True)
    installation = Installation(folder=out, file=old.file)
    return Anew(
        installation=installation, card=made.card, resumed=made.resumed, carried=made.carried
    )


def _mark(old: Installation, feed: FeedId) -> int:
    """How far the old node's marks say that its feed was signed; 0 where they are lost."""
    try:
        return FileHighWater(folder=old.marks).read(feed)
    except CrosstellError:
        return 0


def _copy(old: Installation, part: Path, root_folder: Path) -> None:
    """Configuration, cards, accounts and secrets, but no keys and nothing of the old feed."""
    file, folder = old.file, old.folder.absolute()
    spools = () if file.split is None else (file.split.outgoing, file.split.incoming)
    own = {old.keys.absolute() / path.name for path in _own_keys(old.keys)}
    left_out = {root_folder.absolute(), folder / CARD, folder / PROOF, *own}
    copy_beside(old, part, frozenset(left_out | {folder / spool for spool in spools}))
    marks = part / file.marks
    if old.marks.is_symlink() and old.marks.is_dir():
        marks.symlink_to(old.marks.resolve())  # another medium: both folders' marks lie there
    elif not Path(file.marks).is_absolute():
        marks.mkdir(mode=0o700)
    for spool in spools:
        (part / spool).mkdir(mode=0o700, parents=True, exist_ok=True)


def _own_keys(folder: Path) -> list[Path]:
    """The keys of the old feed, those of a ceremony that was cut off included."""
    return [path for path in folder.glob("*.key") if path.stem.split("-")[0] in (ONLINE, COSIGNING)]


def _found(
    old: Installation, left: Old, root: Signer, new: Installation, now: datetime, tell: Tell
) -> Anew:
    theirs = [card.feed for card in read_cards(old.cards)]
    own = left.store.size(left.feed)
    of = own + sum(map(left.store.size, theirs))
    store = SqliteStore.open(new.store)
    try:
        desk = Desk(
            store=store,
            keys=KeyFolder(path=new.keys),
            high_water=FileHighWater(folder=new.marks),
            draw=secrets.token_bytes,
        )
        resumed = resume(left, desk, root, now, lambda done, _: tell(done, of))
        carried = _carry(left.store, store, theirs, lambda done: tell(own + done, of))
        of_ours = Leaving(
            store=left.store,
            parties=parties_of(old, left.feed),
            party=old.file.party,
            feed=left.feed,
            void=resumed.void,
            ours=resumed.feed,
            said=0,
            journal=own_name(left.store, OWN_JOURNAL, old.store),
        )
        store.commit(Batch(puts=(*left.store.blobs(FORKS), *left.store.blobs(PACED))))
        founding = own_founding(store, new.store)
        before = card_of(old, left.store, _certificate(old))
        card = card_of(new, store, before.certificate)
    finally:
        store.close()
    new.cards.mkdir(mode=0o700, exist_ok=True)
    write_left(new.left, left_in(of_ours))
    keep_card(new.folder / CARD, before)
    write_card(new.folder / CARD, card)
    _write_proof(new.folder / PROOF, founding)
    return Anew(installation=new, card=card, resumed=resumed, carried=carried)


def _certificate(old: Installation) -> str:
    """The line's certificate, which a split node's picture side does not have."""
    if old.line_certificate.is_file():
        return read_certificate(old.line_certificate)
    return read_card(old.folder / CARD).certificate


def _carry(left: Store, store: Store, feeds: Iterable[FeedId], told: Callable[[int], None]) -> int:
    """What others said is in the new store too: it would not be said to the new feed again.

    How many entries that is; so far, they are told.
    """
    done = 0
    for feed in feeds:
        for start in range(0, left.size(feed), ROWS_AT_ONCE):
            rows = tuple(left.entries(feed, start, ROWS_AT_ONCE))
            store.commit(Batch(entries=rows))
            done += len(rows)
            told(done)
    return done


def _write_proof(path: Path, row: StoredEntry) -> None:
    parcel = Parcel(
        sender=row.feed, have=(), rows=(Row(leaf=row.leaf, salt=row.salt, body=row.body),)
    )
    with path.open("xb") as file:
        file.write(parcels.encode(parcel))
        file.flush()
        os.fsync(file.fileno())


def read_proof(path: Path, card: PartyCard) -> StoredEntry:
    """Entry 0 of the card's feed. CallerError for a file that holds anything else."""
    try:
        with path.open("rb") as file:
            data = file.read(PROOF_SIZE_MAX + 1)
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be read ({error.strerror}); name the {PROOF} that came with the card"
        ) from error
    try:
        return _proved(data, card)
    except PartyError as error:
        raise CallerError(
            f"{path}: {error}; ask {card.party} for the {PROOF} that belongs to its card"
        ) from error


def _proved(data: bytes, card: PartyCard) -> StoredEntry:
    """The one entry in `data`, if it founds the card's feed; PartyError otherwise."""
    if len(data) > PROOF_SIZE_MAX:
        raise PartyError(f"it has more than {PROOF_SIZE_MAX} bytes")
    rows = parcels.decode(data).rows
    entry = parse(rows[0].leaf) if len(rows) == 1 else None
    if entry is None or entry.header.feed != card.feed or entry.header.seq != 0:
        raise PartyError("it is not the first entry of the card's feed")
    if entry.hash.hex() != card.founding:
        raise PartyError("the first entry in it is not the one that the card names")
    (row,) = rows
    return StoredEntry(feed=card.feed, seq=0, leaf=row.leaf, salt=row.salt, body=row.body)


def take_resumed(
    installation: Installation, card: PartyCard, heard: str, proof: Path, tell: Tell = untold
) -> Followed:
    """The node follows the card's feed in place of the one that it resumes. Implements KEY-035.

    `tell` is told how many entries of how many of the old feed are verified. RUN-480.
    CallerError if the fingerprint was not heard so; PartyError if the feed resumes none that is
    held here, or stands by another branch. The old card is kept beside.
    """
    check_heard(installation, card, heard)
    held = held_card(installation, card.party)
    if held is None:
        raise CallerError(
            f"card of {card.party}: this node follows no feed of that party that could be resumed; "
            "take the card without --resumed"
        )
    row = read_proof(proof, card)
    if card.root != held.root:
        raise PartyError(
            f"card of {card.party}: is of another offline root than the card held; do not go on, "
            "call the party",
            evidence=row.leaf,
        )
    store = SqliteStore.open_read_only(installation.store)
    try:
        left = check_resumed(store, row, tell)
        if left.branch.feed != held.feed:
            raise PartyError(
                f"card of {card.party}: its feed resumes {left.branch.feed}, and this node follows "
                f"{held.feed}; ask the party which it means",
                evidence=row.leaf,
            )
        ours = own_name(store, OWN_FEED, installation.store)
        former = left_in(
            Leaving(
                store=store,
                parties=parties_of(installation, ours),
                party=card.party,
                feed=held.feed,
                void=left.void,
                ours=ours,
                said=store.size(ours),
            )
        )
    finally:
        store.close()
    write_left(installation.left, former)
    written = installation.cards / f"{card.party}{SUFFIX}"
    kept = keep_card(written, held)
    write_card(written, card)
    return Followed(written=written, kept=kept, left=left, former=former)
