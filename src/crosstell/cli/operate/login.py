"""`crosstell login`, `whoami` and `logout`: the session that the other commands use."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.operate import session
from crosstell.cli.operate.desk import Desk
from crosstell.cli.operate.session import DEFAULT_NODE, Chosen, Kept, check_node
from crosstell.cli.operate.telling import printable, to_the_second
from crosstell.core.errors import CallerError

PASSWORD_SIZE_MAX = 1_024


@click.command()
@click.option("--account", prompt=True, help="The account.")
@click.option(
    "--password-file", metavar="FILE", help="Read the password there, - for standard input."
)
@click.option("--password-stdin", "piped", is_flag=True, help="Read the password from a pipe.")
@click.option("--code", help="The one-time code, if the account has one.")
@click.option("--authority", metavar="FILE", help="PEM file of who may vouch for the node.")
@session.choices
def login(
    account: str,
    password_file: str | None,
    *,
    piped: bool,
    code: str | None,
    authority: str | None,
    **said: Any,  # noqa: ANN401
) -> None:
    """Open a session with a node and keep it for the other commands."""
    choice = session.chosen(said)
    with one_message():
        if piped and password_file is not None:
            raise CallerError("--password-stdin and --password-file: give one of them")
        password_file = "-" if piped else password_file
        node = check_node(choice.node or DEFAULT_NODE)
        whole = None if authority is None else str(Path(authority).absolute())
        given = {"account": account, "password": _password(password_file)}
        if code is None and password_file is None and sys.stdin.isatty():
            code = click.prompt("Code (empty if the account has none)", default="", hide_input=True)
        if code:
            given["code"] = code
        with Desk(choice, Kept(node=node, authority=whole)) as desk:
            found = desk.send("POST", "/session", given).body
            desk.keep(csrf=found["csrf"], account=account, role=found.get("role"))
    _tell(found, node, choice)


@click.command()
@session.choices
def whoami(**said: Any) -> None:  # noqa: ANN401
    """Show the own account: role, watch, until when, and whether its password rests."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found, node = desk.send("GET", "/session").body, desk.kept.node
    _tell({name: value for name, value in found.items() if name != "csrf"}, node, choice)


@click.command()
@session.choices
def logout(**said: Any) -> None:  # noqa: ANN401
    """End the session."""
    choice = session.chosen(said)
    with one_message():
        with Desk.opened(choice) as desk:
            found = desk.send("DELETE", "/session").body
        choice.session.unlink(missing_ok=True)
    click.echo(json.dumps(found) if choice.as_json else str(found.get("done", "logged out")))


def _password(file: str | None) -> str:
    if file is None:
        found: str = click.prompt("Password", hide_input=True)
        return found
    try:
        if file == "-":
            return sys.stdin.read(PASSWORD_SIZE_MAX).rstrip("\n")
        with Path(file).open(encoding="utf-8") as opened:
            return opened.read(PASSWORD_SIZE_MAX).rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"{file}: no password can be read ({error}); name its file") from error


def _tell(found: dict[str, Any], node: str, choice: Chosen) -> None:
    if choice.as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    role, watch = found.get("role"), found.get("watch")
    on = f"watch {watch}" if watch else "not on watch: `crosstell watch take`, or join it"
    if role is None:
        role, on = found["kind"], "without a role"
    until = to_the_second(found["ends_at"])
    click.echo(
        f"{found['account']} at {node}: {found['party']} {role}, {on}; until {until}. "
        f"Kept in {choice.session}"
    )
    if found.get("given"):
        rests = "YOUR PASSWORD RESTS: " if found.get("rests") else "Look: "
        click.echo(printable(f"{rests}{found['given']}. If you did not ask for it, say so"))
