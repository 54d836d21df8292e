"""`crosstell show`: what the node holds, in lines for a person or as JSON. Implements OPE-020."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.operate import session, telling
from crosstell.cli.operate.desk import Desk, keep_export, tell
from crosstell.codecs.document import from_document
from crosstell.codecs.plain import to_plain
from crosstell.codecs.plan_file import PlanFile
from crosstell.codecs.yaml_document import read_yaml

COUNT = 100
_HELP = {
    "alerts": "Every alert that was shown, with its call-by.",
    "calls": "Every call, how far it got, and what is owed.",
    "claims": "The accounts side by side, and what calls for a second look.",
    "given": "Which version of what went to whom, what for; and the copies made.",
    "lines": "The line to each counterpart, and how long its chain takes.",
    "notices": "Every notice, and what others say of it.",
    "papers": "Papers, joint texts and corrective actions.",
    "protocol": "The protocol, with each rule's source and readings.",
    "shares": "Shares of tracks: by whom, what for, until when; none is a track here.",
    "status": "How the node does: faults, backlog, checkpoints, lines, clock.",
    "tracks": "Every track, and how current it is.",
}


@click.group()
def show() -> None:
    """Show what the node holds."""


def _view(name: str, told: Callable[[Any], Iterable[str]]) -> click.Command:
    @session.choices
    def run(**said: Any) -> None:  # noqa: ANN401 - what the options say
        choice = session.chosen(said)
        with one_message(), Desk.opened(choice) as desk:
            found = desk.get(f"/{name}")
        tell(found, told, choice)

    return click.command(name, help=_HELP[name])(run)


for _name, _told in telling.VIEWS.items():
    show.add_command(_view(_name, _told))


@show.command()
@session.choices
def queue(**said: Any) -> None:  # noqa: ANN401 - what the options say
    """What needs a person now, what waits for the other side, what to watch."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get("/screen")
    tell(found, telling.queue, choice)


@show.command()
@session.choices
def ladders(**said: Any) -> None:  # noqa: ANN401 - what the options say
    """Every matter of our own side, how far its ladder has climbed, who is next and when."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get("/screen")
    tell({"ladders": found.get("ladders", [])}, telling.ladders, choice)


@show.command()
@click.option("--after", type=click.IntRange(0), default=0, help="After this local number.")
@click.option("--count", type=click.IntRange(1, 500), default=COUNT, show_default=True)
@session.choices
def entries(after: int, count: int, **said: Any) -> None:  # noqa: ANN401
    """Entries of all feeds, in the order in which this node came to hold them."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get("/entries", after=after, count=count)
    tell(found, telling.entries, choice)


@show.command()
@click.argument("name", metavar="FEED/SEQ", nargs=-1, required=True)
@session.choices
def entry(name: tuple[str, ...], **said: Any) -> None:  # noqa: ANN401
    """One entry with everything that proves it, as far as it is held."""
    choice = session.chosen(said)
    parts = "/".join(name).split("/")
    if len(parts) not in (2, 3) or not parts[0].isalnum() or not parts[1].isdigit():
        raise click.UsageError("write FEED/SEQ, as `show entries` prints it")
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get(f"/entries/{parts[0]}/{parts[1]}")
    click.echo(json.dumps(found, indent=2, ensure_ascii=not choice.as_json))


@show.command()
@click.argument("words", nargs=-1, required=True)
@session.choices
def search(words: tuple[str, ...], **said: Any) -> None:  # noqa: ANN401
    """What holds every one of WORDS."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get("/search", q=" ".join(words))
    tell(found, telling.search, choice)


@show.command()
@click.argument("file", type=click.Path(path_type=Path))
@session.choices
def plan(file: Path, **said: Any) -> None:  # noqa: ANN401
    """Check the plan in FILE against everything the node holds. Nothing is filed."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        given = from_document(PlanFile, read_yaml(file))
        found = desk.send("POST", "/plan/check", to_plain(given)).body
    tell(found, telling.plan, choice)


@show.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new file (tar).")
@session.choices
def export(out: Path, **said: Any) -> None:  # noqa: ANN401
    """Receive the record, without what entries say, as an archive that anyone can verify."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk, desk.stream("/record/export") as got:
        size = keep_export(got, out)
    click.echo(f"{out}: {size} bytes; verify it with `crosstell record verify`")
