"""`crosstell line`: files that a person carries, and the exchange side of a split node."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId, PartyId
from crosstell.shell.clock import read_wall
from crosstell.shell.config.card import read_cards
from crosstell.shell.config.node_file import Installation, read_installation
from crosstell.shell.live.opening import open_node
from crosstell.shell.node import Delivery
from crosstell.shell.peers.carried import Site, Written, export, take
from crosstell.shell.peers.split.exchange_file import read_exchange, serve
from crosstell.shell.store.names import OWN_FEED
from crosstell.shell.store.sqlite import SqliteStore

FOLDER = click.argument("folder", type=click.Path(path_type=Path))
FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def line() -> None:
    """What goes between nodes without their own line, and the line of a split node."""


@line.command()
@FOLDER
@FILE
@click.option("--to", required=True, metavar="PARTY", help="Whom the file is for.")
@click.option("--whole", is_flag=True, help="Everything, for a party that lost its store.")
def carry(folder: Path, file: Path, to: str, whole: bool) -> None:  # noqa: FBT001 - click's flag
    """Write to FILE what PARTY is not known to hold, to be carried there by a person.

    The node in FOLDER may run meanwhile.
    """
    with one_message():
        installation = read_installation(folder)
        store = SqliteStore.open_read_only(installation.store)
        try:
            site = _site(installation, store)
            written = export(site, PartyId(to), file, read_wall(), whole=whole)
        finally:
            store.close()
    click.echo(_told(written))


@line.command(name="take")
@FOLDER
@FILE
@click.option(
    "--reply",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to write what is to be carried back.",
)
def take_in(folder: Path, file: Path, reply: Path) -> None:
    """Take a FILE that was carried here, and write the reply. The node may not run meanwhile."""
    with one_message():
        installation = read_installation(folder)
        if reply.exists():
            raise CallerError(f"{reply}: stands there already; name another file for the reply")
        opened = open_node(installation)
        try:
            node = opened.node
            site = _site(installation, opened.store)
            found = take(
                site, file, lambda body: node.handle(Delivery(body=body), read_wall()).fault
            )
            written = export(site, found.sender, reply, read_wall())
            alarms = [alarm.text for alarm in node.alarms]
        finally:
            opened.store.close()
    click.echo(f"{file}: {found.parcels} parcels of {found.sender} taken.")
    for text in alarms:
        click.echo(f"ALARM: {text}")
    if found.fault is not None:
        click.echo(f"Our node told a fault: {found.fault}. Take the file again once it is mended")
    click.echo(_told(written))


@line.command()
@FOLDER
def exchange(folder: Path) -> None:
    """Run the exchange side of a split node, as exchange.yaml in FOLDER says, until a signal."""
    with one_message():
        serve(read_exchange(folder), click.echo)


def _site(installation: Installation, store: SqliteStore) -> Site:
    """Our own site, by the store and the cards that were compared."""
    own = store.blob(OWN_FEED)
    if own is None:
        raise CallerError(f"{installation.store}: no feed was founded in it; restore its copy")
    feeds = {card.feed: card.party for card in read_cards(installation.cards)}
    name = FeedId(own.decode("ascii"))
    return Site(store=store, own=name, feeds=feeds | {name: installation.file.party})


def _told(written: Written) -> str:
    entries = written.end - written.first
    return (
        f"{written.path}: for {written.to}, {entries} of our entries, from number {written.first}. "
        "It holds what was released to them: carry it as you would carry that"
    )
