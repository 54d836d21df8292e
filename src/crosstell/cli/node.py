"""`crosstell node`: the node in a folder. Every fault is one message, exit code 2."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import CARD, add_party
from crosstell.shell.config.node_file import read_installation

FOLDER = click.argument("folder", type=click.Path(path_type=Path))


@click.group()
def node() -> None:
    """The node in a folder: its card, the other parties' cards."""


@node.command()
@FOLDER
def card(folder: Path) -> None:
    """Print the fingerprint of this party's card, to be read aloud."""
    with one_message():
        read_installation(folder)
        found = read_card(folder / CARD)
    click.echo(f"{found.party}: {found.spoken}")


@node.command()
@FOLDER
@click.argument("card_file", metavar="CARD", type=click.Path(path_type=Path))
@click.option("--heard", help="The fingerprint as that party read it aloud.")
def party(folder: Path, card_file: Path, heard: str | None) -> None:
    """Add another party by its CARD, once its fingerprint was heard from that party itself."""
    with one_message():
        installation = read_installation(folder)
        found = read_card(card_file)
        said = heard or click.prompt(
            f"Call {found.party} on a line where you know the voice. Type the fingerprint that "
            "they read to you"
        )
        written = add_party(installation, found, said)
    click.echo(f"{found.party} is added: {written}. Start the node again if it runs.")
