"""`crosstell exchange`: the exchange side of a split node, in a folder of its own."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.shell.config.exchange_file import read_exchange
from crosstell.shell.live.exchanging import exchange as run_exchange


@click.group()
def exchange() -> None:
    """The exchange side of a split node: lines to the parties, and what was released."""


@exchange.command()
@click.argument("folder", type=click.Path(path_type=Path))
def run(folder: Path) -> None:
    """Run the exchange side in FOLDER until a signal ends it."""
    with one_message():
        run_exchange(read_exchange(folder), click.echo)
