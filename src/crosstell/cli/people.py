"""`crosstell people`: the ways from a node to its people: try each, read what was handed over."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from crosstell.cli.faults import EXIT_FAULTY, one_message
from crosstell.cli.keeping.told import JSON, tell
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
@JSON
def ring(folder: Path, role: str | None, *, as_json: bool) -> None:
    """Hand a message that says it is a test to each channel, and tell what came of it."""
    tried: list[dict[str, Any]] = []
    with one_message():
        installation = read_installation(folder)
        for one in _chosen(installation, role):
            tried.append(_rung(installation, one, role))
            if not as_json:  # as it is tried: a channel may take its time
                click.echo(printable(_tried(tried[-1])))
    if as_json:
        tell({"tried": tried}, [], as_json=True)
    failed = [one["channel"] for one in tried if not one["taken"] or one["trouble"] is not None]
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


def _rung(installation: Installation, config: ChannelConfig, role: str | None) -> dict[str, Any]:
    """What came of handing the test to the channel."""
    now = read_wall()
    handing = Handing(
        kind=Kind.RING,
        matter="test of channels",
        role=None if role is None else RoleId(role),
        rung=None,
        text=TEST,
        asked_at=now,
    )
    file = installation.file
    said = Said(handing=handing, at=now, party=file.party, reality=file.reality, level="test")
    try:
        taken = channel_of(config, installation.folder).hand(said)
    except NotTaken as no:
        to, answer, trouble = no.to or config.name, str(no), None
        is_taken = False
    else:
        to, answer, trouble = taken.to, taken.answer, taken.trouble
        is_taken = True
    return {
        "channel": config.name,
        "taken": is_taken,
        "to": to,
        "answer": answer,
        "trouble": trouble,
    }


def _tried(one: dict[str, Any]) -> str:
    """The same in a line."""
    if not one["taken"]:
        return f"{one['channel']}: NOT TAKEN by {one['to']}: {one['answer']}"
    trouble = "" if one["trouble"] is None else f"; BUT {one['trouble']}"
    return f"{one['channel']}: taken by {one['to']}, which answered: {one['answer']}{trouble}"


@people.command()
@FOLDER
@click.option("--count", type=click.IntRange(1, 10_000), default=COUNT, show_default=True)
@JSON
def handed(folder: Path, count: int, *, as_json: bool) -> None:
    """What was handed over to whom and when, and what each system answered; newest last."""
    with one_message():
        installation = read_installation(folder)
        path = folder / installation.file.people.record
        if not path.exists():
            raise CallerError(f"{path}: nothing was handed over yet; the node has not run")
        rows = read_rows(path, count=count)
    lines = [to_the_second(printable(_line(row))) for row in rows]
    tell([asdict(row) for row in rows], lines, as_json=as_json)


def _line(row: Row) -> str:
    again = "again " if AGAIN in row.text else ""
    rung = f"rung {row.rung + 1}" if row.rung >= 0 else ""
    what = f"{row.kind} {again}{row.role} {rung}".strip()
    by = f" by {row.channel}" if row.channel else ""
    answer = f"; {row.whom or 'it'} answered: {row.answer}" if row.answer else ""
    return f"{row.at}  {row.step}: {what} about {row.matter}{by}{answer}"
