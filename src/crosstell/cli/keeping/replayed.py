"""`crosstell record replay`: the records that a replayed run leaves."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.replay.recording import export_run


@click.command(name="replay")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--run", "run", required=True, metavar="NAME", help="Which run of the scenario.")
@click.option("--seed", default=1, show_default=True, help="From which all chance is drawn.")
@click.option("--out", "out", required=True, type=click.Path(path_type=Path), metavar="FOLDER")
def replay_(scenario: Path, run: str, seed: int, out: Path) -> None:
    """Write the record of one replayed run, as each party exports it, to a new FOLDER."""
    with one_message():
        for folder in export_run(scenario, run=run, seed=seed, out=out):
            click.echo(f"record: {folder}")
