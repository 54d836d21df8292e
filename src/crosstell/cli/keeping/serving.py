"""`crosstell node run` and `node exchange`: a process that serves until a signal ends it."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.told import FOLDER, PACE
from crosstell.replay.report.beside import report_page
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.running import Running
from crosstell.shell.peers.split.exchange_file import read_exchange, serve


@click.command()
@FOLDER
def exchange(folder: Path) -> None:
    """Run the exchange side of a split node, as exchange.yaml in FOLDER says, until a signal."""
    with one_message():
        code = serve(read_exchange(folder), click.echo)
    raise click.exceptions.Exit(code)


@click.command()
@FOLDER
@PACE
def run(folder: Path, pace: Path | None) -> None:
    """Run the node until a signal ends it."""
    with one_message():
        running = Running(read_installation(folder), pace, report=report_page)
        code = running.serve(click.echo)
    raise click.exceptions.Exit(code)
