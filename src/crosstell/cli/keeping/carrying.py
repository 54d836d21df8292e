"""`crosstell node write-file` and `node take-file`: what a person carries where no line is."""

from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.told import FOLDER, JSON, PACE, tell
from crosstell.core.errors import Unavailable
from crosstell.core.ids import PartyId
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.carrying import take_from, write_for
from crosstell.shell.live.opening import clock_beside


@click.command(name="write-file")
@FOLDER
@click.argument("party_name", metavar="PARTY")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new file.")
@click.option("--whole", is_flag=True, help="Everything, for a party that lost its store.")
@PACE
@JSON
def write_file(
    folder: Path, party_name: str, out: Path, pace: Path | None, *, whole: bool, as_json: bool
) -> None:
    """Write what PARTY is not known to hold into a file that a person carries there."""
    with one_message():
        installation = read_installation(folder)
        now = clock_beside(installation, pace).now()
        made = write_for(installation, PartyId(party_name), out, now, whole=whole)
    held = f"our entries {made.first} to {made.end - 1}"
    line = (
        f"{made.path}: for {made.to}, {held if made.end > made.first else 'no new entry of ours'}, "
        f"parcels: {made.parcels}. Ask for a file in return: it is the receipt"
    )
    value = {
        "file": str(made.path),
        "to": made.to,
        "first": made.first,
        "end": made.end,
        "parcels": made.parcels,
    }
    tell(value, [line], as_json=as_json)


@click.command(name="take-file")
@FOLDER
@click.argument("file", type=click.Path(path_type=Path))
@PACE
@JSON
def take_file(folder: Path, file: Path, pace: Path | None, *, as_json: bool) -> None:
    """Take a FILE that another party wrote for us. The node is stopped meanwhile."""
    with one_message():
        installation = read_installation(folder)
        found = take_from(installation, file, clock_beside(installation, pace).now())
        if found.fault is not None:
            raise Unavailable(f"{file}: taken from {found.sender}, and: {found.fault}")
    line = (
        f"{file}: taken from {found.sender}, parcels: {found.parcels}. Start the node; what stands "
        "is rung then. Write a file in return: it is their receipt"
    )
    value = {"file": str(file), "sender": found.sender, "parcels": found.parcels}
    tell(value, [line], as_json=as_json)
