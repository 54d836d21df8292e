"""`crosstell keys`: rotate and revoke a node's keys, resume a feed that cannot go on, erase a body.

Each is done with the node stopped: one process owns the store. Implements KEY-030 to KEY-033.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId, RoleId
from crosstell.core.picture.party import Speaker
from crosstell.core.record.signing import fingerprint
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.backup import back_up
from crosstell.shell.config.card import PartyCard, encode, read_card
from crosstell.shell.config.certificate import read_digest
from crosstell.shell.config.installing import CARD
from crosstell.shell.config.node_file import Installation, read_installation
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.key_ceremony.desk import Changed, Desk
from crosstell.shell.key_ceremony.erasing import erase as erase_body
from crosstell.shell.key_ceremony.resuming import Resumed
from crosstell.shell.key_ceremony.resuming import resume as resume_feed
from crosstell.shell.key_ceremony.rotating import revoke as revoke_keys
from crosstell.shell.key_ceremony.rotating import rotate as rotate_keys
from crosstell.shell.keys import ROOT, KeyFolder
from crosstell.shell.signing import Ed25519Signer
from crosstell.shell.store.names import OWN_FEED
from crosstell.shell.store.sqlite import SqliteStore

FOLDER = click.argument("folder", type=click.Path(path_type=Path))
ROOT_OPTION = click.option(
    "--root",
    "root_folder",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder of the offline root, on its own medium.",
)


@click.group()
def keys() -> None:
    """What a party does with its node's keys, the node stopped."""


@keys.command()
@FOLDER
def rotate(folder: Path) -> None:
    """Put a new online key in place of the old one, of which nobody else had hold."""
    with one_message(), _desk(read_installation(folder)) as desk:
        changed = rotate_keys(desk, SystemClock().now())
    _tell(changed, "The old key is gone. The other parties follow by themselves")


@keys.command()
@FOLDER
@ROOT_OPTION
@click.option(
    "--from-entry",
    required=True,
    type=click.IntRange(1),
    help="The first entry of our feed that a thief may have signed; it and all after it are void.",
)
def revoke(folder: Path, root_folder: Path, from_entry: int) -> None:
    """Take the node's keys back under the offline root, and make new ones."""
    with one_message(), _desk(read_installation(folder)) as desk:
        root = _root(root_folder)
        click.confirm(
            f"Entries of our feed from {from_entry} on are void for everybody, for good. Go on?",
            abort=True,
            err=True,
        )
        changed = revoke_keys(desk, root, from_seq=from_entry, now=SystemClock().now())
    _tell(changed, "Tell every party by telephone; file again what still holds")


@keys.command()
@FOLDER
@ROOT_OPTION
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
def resume(folder: Path, root_folder: Path, out: Path) -> None:
    """Found a new feed and journal in a new folder, which stand by what is left of the old feed.

    For a node that may not sign: its journal is lost, or nobody can give its feed back.
    """
    with one_message():
        old = read_installation(folder)
        root = _root(root_folder)
        made, spoken = _resumed(old, root, out)
    click.echo(
        f"{out}: feed {made.feed} resumes {made.branch.feed}, of which it stands by "
        f"{made.branch.size} entries.\nIts card reads {spoken}: send {out / CARD}, compare it by "
        "voice as at first; each party moves our old card away before it adds this one.\n"
        "Mount the marks of the new folder from another disk. File again what still holds. Never "
        f"run {folder} again; keep it as evidence."
    )


@keys.command()
@FOLDER
@click.argument("entry", metavar="FEED/SEQ")
@click.option("--role", required=True, help="The role that has it erased.")
@click.option("--watch", required=True, help="Its watch.")
@click.option("--reason", required=True, help="Why; it is recorded in our journal.")
def erase(folder: Path, entry: str, role: str, watch: str, reason: str) -> None:
    """Erase here what an entry said, for good. Others that hold it keep it."""
    feed, slash, seq = entry.partition("/")
    if not slash or not seq.isdigit() or not feed.isalnum():
        raise click.UsageError("write FEED/SEQ, as `crosstell show entries` prints it")
    with one_message():
        installation = read_installation(folder)
        if read_protocol(installation.protocol).role(RoleId(role)) is None:
            raise CallerError(f"--role {role}: is no role of the protocol")
        by = Speaker(party=installation.file.party, role=RoleId(role), watch=watch)
        with _desk(installation) as desk:
            now = SystemClock().now()
            said = erase_body(desk, FeedId(feed), int(seq), by=by, reason=reason, now=now)
    click.echo(f"{entry} is erased here; journal entry {said.seq} says so. Its leaf stays")


@contextmanager
def _desk(installation: Installation) -> Iterator[Desk]:
    """The node's store, for writing, with its keys and marks. Refused while the node runs."""
    if not installation.store.is_file():
        raise CallerError(f"{installation.store}: no store; name the folder of a node")
    if not installation.marks.is_dir():
        raise CallerError(f"{installation.marks}: no such folder; mount the marks first")
    store = SqliteStore.open(installation.store)
    try:
        yield Desk(
            store=store,
            keys=KeyFolder(path=installation.keys),
            high_water=FileHighWater(folder=installation.marks),
            draw=secrets.token_bytes,
        )
    finally:
        store.close()


def _root(folder: Path) -> Ed25519Signer:
    return KeyFolder(path=folder).load(ROOT)


def _resumed(old: Installation, root: Ed25519Signer, out: Path) -> tuple[Resumed, str]:
    """A new folder whole, or none."""
    back_up(old, out)
    try:
        return _founded_in(old, root, out)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)
        raise


def _founded_in(old: Installation, root: Ed25519Signer, out: Path) -> tuple[Resumed, str]:
    new = Installation(folder=out, file=old.file)
    held = read_card(out / CARD)
    shutil.rmtree(new.keys)
    for path in (new.store, out / CARD):
        path.unlink()
    new.marks.mkdir(mode=0o700)
    left, fresh = SqliteStore.open_read_only(old.store), SqliteStore.open(new.store)
    try:
        name = left.blob(OWN_FEED)
        if name is None:
            raise CallerError(f"{old.store}: no feed was founded in it; name a node's folder")
        desk = Desk(
            store=fresh,
            keys=KeyFolder(path=new.keys),
            high_water=FileHighWater(folder=new.marks),
            draw=secrets.token_bytes,
        )
        made = resume_feed(left, FeedId(name.decode("ascii")), desk, root, SystemClock().now())
    finally:
        fresh.close()
        left.close()
    card = PartyCard(
        party=old.file.party,
        protocol=digest_of(read_protocol(new.protocol)),
        feed=made.feed,
        founding=made.founding,
        root=fingerprint(root.public_key()),
        certificate=read_digest(new.line_certificate),
        reach=held.reach,
    )
    (out / CARD).write_bytes(encode(card))
    return made, card.spoken


def _tell(changed: Changed, then: str) -> None:
    for feed, seq in changed.entries:
        click.echo(f"recorded as {feed}/{seq}")
    click.echo(f"The online key is now {changed.online}. {then}. Start the node")
