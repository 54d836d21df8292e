"""`crosstell people`: the ways from a node to its people: try each, read what was handed over."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from crosstell.cli.faults import EXIT_FAULTY, one_message
from crosstell.cli.operate.telling import printable, to_the_second
from crosstell.core.errors import CallerError
from crosstell.core.ids import RoleId
from crosstell.shell.clock import read_wall
from crosstell.shell.config.node_file import Installation, read_installation
from crosstell.shell.people.config import ChannelConfig
from crosstell.shell.people.handing import AGAIN, Handing, Kind, NotTaken, Said
from crosstell.shell.people.proof import Row, read_rows
from crosstell.shell.people.to_people import channel_of

FOLDER = click.argument("folder", type=click.Path(path_type=Path))
TEST = "a test of the channels; nothing has happened and nothing need be done"
COUNT = 50


@click.group()
def people() -> None:
    """The ways from the node in a folder to its people. The node may run meanwhile."""


@people.command()
@FOLDER
@click.option("--role", help="Only the channels that ring this role.")
def ring(folder: Path, role: str | None) -> None:
    """Hand a message that says it is a test to each channel, and tell what came of it."""
    with one_message():
        installation = read_installation(folder)
        chosen = _chosen(installation, role)
        failed = [one.name for one in chosen if not _rung(installation, one, role)]
    if failed:
        click.echo(f"Not taken: {', '.join(failed)}. Mend the channel, and try again", err=True)
        raise click.exceptions.Exit(EXIT_FAULTY)


def _chosen(installation: Installation, role: str | None) -> tuple[ChannelConfig, ...]:
    config = installation.file.people
    if not config.channels:
        raise CallerError(
            f"{installation.folder}: node.yaml names no channel; nobody can be rung. "
            "Add `people`, as docs/examples/node.yaml shows"
        )
    if role is None:
        return config.channels
    route = config.route_of(role)
    if route is None:
        raise CallerError(f"--role {role}: no channel rings it; name one under people in node.yaml")
    by_name = {channel.name: channel for channel in config.channels}
    return tuple(by_name[name] for name in route.channels)


def _rung(installation: Installation, config: ChannelConfig, role: str | None) -> bool:
    """Whether the channel took the test; what it answered is told."""
    handing = Handing(
        kind=Kind.RING,
        matter="test of channels",
        role=None if role is None else RoleId(role),
        rung=None,
        text=TEST,
    )
    file = installation.file
    said = Said(handing=handing, at=read_wall(), party=file.party, reality=file.reality)
    try:
        taken = channel_of(config, installation.folder).hand(said)
    except NotTaken as no:
        click.echo(printable(f"{config.name}: NOT TAKEN by {no.to or config.name}: {no}"))
        return False
    trouble = "" if taken.trouble is None else f"; BUT {taken.trouble}"
    click.echo(
        printable(f"{config.name}: taken by {taken.to}, which answered: {taken.answer}{trouble}")
    )
    return taken.trouble is None


@people.command()
@FOLDER
@click.option("--count", type=click.IntRange(1, 10_000), default=COUNT, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The rows for machines.")
def handed(folder: Path, count: int, *, as_json: bool) -> None:
    """What was handed over to whom and when, and what each system answered; newest last."""
    with one_message():
        installation = read_installation(folder)
        path = folder / installation.file.people.record
        if not path.exists():
            raise CallerError(f"{path}: nothing was handed over yet; the node has not run")
        rows = read_rows(path, count=count)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(to_the_second(printable(_line(row))))


def _line(row: Row) -> str:
    again = "again " if AGAIN in row.text else ""
    rung = f"rung {row.rung + 1}" if row.rung >= 0 else ""
    what = f"{row.kind} {again}{row.role} {rung}".strip()
    by = f" by {row.channel}" if row.channel else ""
    answer = f"; {row.whom or 'it'} answered: {row.answer}" if row.answer else ""
    return f"{row.at}  {row.step}: {what} about {row.matter}{by}{answer}"
