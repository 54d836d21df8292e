"""`crosstell pending`: acts that wait for a second person. Implements OPE-021."""

import json
from collections.abc import Iterator
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.operate import session
from crosstell.cli.operate.desk import Desk, tell, told
from crosstell.cli.operate.telling import each, printable
from crosstell.core.errors import CallerError


@click.group()
def pending() -> None:
    """Acts that wait for a second person: look, confirm, drop."""


@pending.command(name="list")
@session.choices
def list_(**said: Any) -> None:  # noqa: ANN401
    """Every act that waits."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get("/acts/pending")
    tell(found, _lines, choice)


@pending.command()
@click.argument("name", metavar="ID")
@session.choices
def show(name: str, **said: Any) -> None:  # noqa: ANN401
    """One act as it was asked, whole: read it before you confirm it."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = _find(desk, name)
    click.echo(json.dumps(found, indent=2, ensure_ascii=not choice.as_json))


@pending.command()
@click.argument("name", metavar="ID")
@click.option("--yes", is_flag=True, help="It was read already: ask nothing.")
@session.choices
def confirm(name: str, *, yes: bool, **said: Any) -> None:  # noqa: ANN401
    """Be the second person of an act, which is then recorded."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = _find(desk, name)
        if found.get("own"):
            raise CallerError("whoever asked for an act cannot be its second person; have another")
        if not yes:
            click.echo(json.dumps(found["body"], indent=2), err=True)
            for one in found.get("lets_out", ()):
                click.echo("What goes out of it:", err=True)
                click.echo(json.dumps(one, indent=2), err=True)
            if found.get("no"):
                raise CallerError(f"the node would refuse it now: {found['no']}")
            for line in _look_twice(found):
                click.echo(printable(f"Look twice: {line}"), err=True)
            click.confirm(
                "Is this to be recorded, with you as its second person?", abort=True, err=True
            )
        answer = desk.send("POST", f"/acts/pending/{found['id']}/confirm")
    if choice.as_json:
        click.echo(json.dumps(answer.body))
        return
    for line in told(answer, str(found["kind"]).replace("_", " ")):
        click.echo(printable(line))


@pending.command()
@click.argument("name", metavar="ID")
@session.choices
def drop(name: str, **said: Any) -> None:  # noqa: ANN401
    """Turn an act down, or take one's own back. It is refused if the act is on record already."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.send("DELETE", f"/acts/pending/{_find(desk, name)['id']}").body
    click.echo(json.dumps(found) if choice.as_json else printable(found.get("done", "dropped")))


def _find(desk: Desk, name: str) -> dict[str, Any]:
    """The act of that id, or of the only id that begins so."""
    listed = desk.get("/acts/pending")
    waiting = each(listed, "pending")
    found = [one for one in waiting if str(one["id"]).startswith(name)]
    if len(found) != 1 or not name:
        for one in each(listed, "settled"):
            if one["id"] == name:
                raise CallerError(f"act {name} waits no longer: {_how(one)}")
        names = ", ".join(str(one["id"]) for one in waiting) or "none"
        raise CallerError(f"act {name!r}: there wait {names}; name one of them")
    act: dict[str, Any] = found[0]
    return act


def _how(settled: dict[str, Any]) -> str:
    """What became of an act of one's own."""
    entries = "".join(f", entry {one['seq']} of {one['feed']}" for one in each(settled, "recorded"))
    why = f", {settled['why']}" if settled.get("why") else ""
    return f"{settled['how'].replace('-', ' ')}{entries}{why}"


def _look_twice(one: dict[str, Any]) -> Iterator[str]:
    """What whoever confirms it should know of who asked."""
    if one.get("given"):
        yield str(one["given"])
    if one.get("relieved_by"):
        yield f"{one['role']} {one['watch']} was relieved since, by watch {one['relieved_by']}"
    if one.get("no"):
        yield f"the node would refuse it now: {one['no']}"


def _lines(found: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for one in each(found, "pending"):
        own = "yours, another must confirm" if one.get("own") else "confirm or drop it"
        yield (
            f"{one['id']}  {str(one['kind']).replace('_', ' ')} by {one['role']} {one['watch']}, "
            f"asked {one['asked_at']}, until {one['expires_at']}: {own}"
        )
        yield from (f"    {line}" for line in _look_twice(one))
