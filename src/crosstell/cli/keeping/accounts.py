"""`crosstell node account`: a way in for a person or a system, made on the node's own machine."""

import sys
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.told import FOLDER, JSON, tell
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.ids import RoleId
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.clock import read_wall
from crosstell.shell.config.node_file import read_installation


@click.command()
@FOLDER
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in AccountKind]),
    required=True,
    help="What the account is for.",
)
@click.option("--role", help="Of an operator or approver: the role that it speaks in.")
@click.option("--component", help="A component of the party, as which the person speaks.")
@click.option("--password-stdin", "piped", is_flag=True, help="Read the password from a pipe.")
@JSON
def account(  # noqa: PLR0913 - each is said once
    folder: Path,
    name: str,
    kind: str,
    role: str | None,
    component: str | None,
    *,
    piped: bool,
    as_json: bool,
) -> None:
    """Make an account of NAME on the node's own machine; asks for its password."""
    with one_message():
        installation = read_installation(folder)
        protocol = read_protocol(installation.protocol)
        if role is not None and protocol.role(RoleId(role)) is None:
            names = ", ".join(one.id for one in protocol.roles)
            raise CallerError(f"--role {role}: the protocol's roles are {names}")
        party = protocol.party(installation.file.party)
        components = () if party is None else tuple(one.id for one in party.components)
        if component is not None and component not in components:
            names = ", ".join(components) or "none"
            raise CallerError(f"--component {component}: our components are {names}")
        wanted = AccountKind(kind)
        password = (
            None if wanted is AccountKind.SYSTEM else _password(name, piped=piped, err=as_json)
        )
        access = Access(installation.access)
        try:
            access.make_account(
                name, wanted, role=role, component=component, password=password, now=read_wall()
            )
        finally:
            access.close()
    line = f"account {name} is made; the node need not be started again"
    value = {"account": name, "kind": kind, "role": role, "component": component}
    tell(value, [line], as_json=as_json)


def _password(name: str, *, piped: bool, err: bool) -> str:
    """The password as typed twice, or as it came through a pipe."""
    if piped:
        return sys.stdin.readline().rstrip("\n")
    typed: str = click.prompt(
        f"Password of {name}", hide_input=True, confirmation_prompt=True, err=err
    )
    return typed
