"""`crosstell account`: the accounts of a node, its systems' tokens, and the private audit.

For an administrator. The first one is made at the node itself.
"""

import json
from collections.abc import Iterator
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.operate import session
from crosstell.cli.operate.desk import Desk, tell
from crosstell.cli.operate.session import Chosen
from crosstell.cli.operate.telling import at, each, printable

KINDS = ("operator", "approver", "reader", "administrator", "system")
TOKEN_DAYS = 90.0
NAME = click.argument("name")


@click.group()
def account() -> None:
    """Accounts, tokens of systems, and the audit: for an administrator."""


@account.command(name="list")
@session.choices
def list_(**said: Any) -> None:  # noqa: ANN401
    """Every account."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get("/accounts")
    tell(found, _accounts, choice)


@account.command()
@NAME
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--role", help="Operators and approvers speak as one role of the protocol.")
@click.option("--component", help="A component of the party, as which the person speaks.")
@session.choices
def add(name: str, kind: str, role: str | None, component: str | None, **said: Any) -> None:  # noqa: ANN401
    """Make an account; asks for its first password."""
    spoken = {"role": role, "component": component}
    given = {"name": name, "kind": kind}
    given |= {key: word for key, word in spoken.items() if word is not None}
    if kind != "system":
        given["password"] = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    _send(session.chosen(said), "POST", "/accounts", given)


@account.command()
@NAME
@session.choices
def disable(name: str, **said: Any) -> None:  # noqa: ANN401
    """Disable an account for good; its sessions and tokens end."""
    _send(session.chosen(said), "DELETE", f"/accounts/{name}")


@account.command()
@NAME
@session.choices
def password(name: str, **said: Any) -> None:  # noqa: ANN401
    """Set another password, one's own or another's; the account's sessions end."""
    choice = session.chosen(said)
    with one_message():
        own = session.read(choice).account == name
    given = {}
    if own:
        given["former"] = click.prompt("Password until now", hide_input=True)
    given["password"] = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    _send(choice, "POST", f"/accounts/{name}/password", given)


@account.command()
@NAME
@session.choices
def vouch(name: str, **said: Any) -> None:  # noqa: ANN401
    """Stand for a password that another administrator gave; ask its owner by voice before."""
    _send(session.chosen(said), "POST", f"/accounts/{name}/vouch")


@account.command()
@NAME
@click.option("--drop", is_flag=True, help="Ask for no codes any more.")
@session.choices
def code(name: str, *, drop: bool, **said: Any) -> None:  # noqa: ANN401
    """Ask an account for one-time codes; prints once what the code generator reads."""
    _send(session.chosen(said), "DELETE" if drop else "POST", f"/accounts/{name}/code")


@account.command()
@NAME
@click.option("--days", default=TOKEN_DAYS, show_default=True, help="How long it lasts.")
@click.option("--revoke", metavar="ID", help="Revoke this token instead.")
@click.option("--list", "is_list", is_flag=True, help="List the tokens instead.")
@session.choices
def token(name: str, days: float, revoke: str | None, *, is_list: bool, **said: Any) -> None:  # noqa: ANN401
    """Make a token for a system; prints it once."""
    choice, path = session.chosen(said), f"/accounts/{name}/tokens"
    if revoke is not None:
        _send(choice, "DELETE", f"{path}/{revoke}")
    elif is_list:
        with one_message(), Desk.opened(choice) as desk:
            found = desk.get(path)
        tell(found, _tokens, choice)
    else:
        _send(choice, "POST", path, {"lasts_s": days * 86_400})


@account.command()
@click.option("--after", type=click.IntRange(0), help="Lines after this number; else the newest.")
@click.option("--count", type=click.IntRange(1), help="At most so many.")
@session.choices
def audit(after: int | None, count: int | None, **said: Any) -> None:  # noqa: ANN401
    """Lines of the private audit: who came in, acted, was refused."""
    choice = session.chosen(said)
    with one_message(), Desk.opened(choice) as desk:
        found = desk.get("/audit", after=after, count=count)
    tell(found, _audit, choice)


def _send(choice: Chosen, method: str, path: str, given: Any = None) -> None:  # noqa: ANN401
    with one_message(), Desk.opened(choice) as desk:
        found = desk.send(method, path, given).body
    if choice.as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if found.get("done"):
        click.echo(printable(found["done"]))
        return
    for key, value in found.items():
        click.echo(printable(f"{key}: {value}"))


def _accounts(found: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for one in each(found, "accounts"):
        gone = f", disabled {at(one, 'disabled_at')}" if at(one, "disabled_at") else ""
        has_code = ", with codes" if at(one, "has_code") else ""
        yield f"{at(one, 'name')}  {at(one, 'kind')} {at(one, 'role')}{has_code}{gone}"
        if at(one, "given"):
            yield f"    {at(one, 'given')}"


def _tokens(found: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for one in each(found, "tokens"):
        gone = f", revoked {at(one, 'revoked_at')}" if at(one, "revoked_at") else ""
        yield f"{at(one, 'id')}  made {at(one, 'made_at')}, until {at(one, 'expires_at')}{gone}"


def _audit(found: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for one in each(found, "lines"):
        yield (
            f"{at(one, 'number')}  {at(one, 'at')}  {at(one, 'account')} from "
            f"{at(one, 'address')}: {at(one, 'deed')}, {at(one, 'about')}"
        )
    yield f"{at(found, 'size')} lines, chained to {at(found, 'head')}"
