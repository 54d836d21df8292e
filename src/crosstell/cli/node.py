"""`crosstell node`: the node in a folder. Every fault is one message, exit code 2."""

import sys
from pathlib import Path

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.ceremonies import (
    FOLDER,
    PACE,
    card_value,
    certificate,
    followed,
    resume,
    revoke,
    rotate,
)
from crosstell.cli.keeping.maps import map_group
from crosstell.cli.keeping.progress import progress
from crosstell.cli.keeping.told import JSON, tell
from crosstell.codecs.plain import to_plain
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import PartyId, RoleId
from crosstell.replay.report.beside import report_page
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.clock import read_wall
from crosstell.shell.config.backup import back_up
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import add_party
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.config.renewing import read_own_card
from crosstell.shell.config.resumed import take_resumed
from crosstell.shell.live.carrying import take_from, write_for
from crosstell.shell.live.opening import clock_beside
from crosstell.shell.live.running import Running
from crosstell.shell.peers.split.exchange_file import read_exchange, serve


@click.group()
def node() -> None:
    """The node in a folder: run it, introduce it, give people a way in."""


for command in (rotate, revoke, resume, certificate, map_group):
    node.add_command(command)


@node.command()
@FOLDER
@JSON
def card(folder: Path, *, as_json: bool) -> None:
    """Print the fingerprint of this party's card, to be read aloud."""
    with one_message():
        found = read_own_card(read_installation(folder))
    tell(card_value(found), [f"{found.party}: {found.spoken}"], as_json=as_json)


@node.command()
@FOLDER
@click.argument("card_file", metavar="CARD", type=click.Path(path_type=Path))
@click.option("--heard", help="The fingerprint as that party read it aloud.")
@click.option(
    "--resumed",
    "proof",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file that came with the card of a party that goes on in a new feed.",
)
@JSON
def party(
    folder: Path, card_file: Path, heard: str | None, proof: Path | None, *, as_json: bool
) -> None:
    """Add another party by its CARD, once its fingerprint was heard from that party itself."""
    with one_message():
        installation = read_installation(folder)
        found = read_card(card_file)
        said = heard or click.prompt(
            f"Call {found.party} on a line where you know the voice. Type the fingerprint that "
            "they read to you",
            err=as_json,
        )
        value = card_value(found)
        if proof is None:
            written = add_party(installation, found, said)
            lines = [f"{found.party} is added: {written}. Start the node again if it runs."]
        else:
            resumed = take_resumed(installation, found, said, proof)
            value |= {"resumes": to_plain(resumed.left.branch), "beyond": resumed.left.beyond}
            lines = followed(resumed, found)
    tell(value, lines, as_json=as_json)


@node.command()
@FOLDER
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@JSON
def backup(folder: Path, out: Path, *, as_json: bool) -> None:
    """Copy the node into a new folder while it runs; marks and offline root are left out."""
    with one_message(), progress("copied") as aside:
        made = back_up(read_installation(folder), out, aside)
    lines = [f"{name}  {size} bytes" for name, size in made.files]
    lines += [
        f"NOT IN IT: {name} lies outside the node's folder; copy it by hand"
        for name in made.left_out
    ]
    whole = "is whole" if not made.left_out else "is whole but for that"
    lines.append(f"{out} {whole}. It holds private keys: keep it as you keep the node's folder")
    value = {
        "folder": str(out),
        "files": [{"name": name, "bytes": size} for name, size in made.files],
        "left_out": list(made.left_out),
    }
    tell(value, lines, as_json=as_json)


@node.command(name="write-file")
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
        f"in {made.parcels} parcels. Ask for a file in return: it is the receipt"
    )
    value = {
        "file": str(made.path),
        "to": made.to,
        "first": made.first,
        "end": made.end,
        "parcels": made.parcels,
    }
    tell(value, [line], as_json=as_json)


@node.command(name="take-file")
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
        f"{file}: {found.parcels} parcels of {found.sender} are taken. Start the node; what stands "
        "is rung then. Write a file in return: it is their receipt"
    )
    value = {"file": str(file), "sender": found.sender, "parcels": found.parcels}
    tell(value, [line], as_json=as_json)


@node.command()
@FOLDER
def exchange(folder: Path) -> None:
    """Run the exchange side of a split node, as exchange.yaml in FOLDER says, until a signal."""
    with one_message():
        serve(read_exchange(folder), click.echo)


@node.command()
@FOLDER
@PACE
def run(folder: Path, pace: Path | None) -> None:
    """Run the node until a signal ends it."""
    with one_message():
        running = Running(read_installation(folder), pace, report=report_page)
        code = running.serve(click.echo)
    raise click.exceptions.Exit(code)


@node.command()
@FOLDER
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in AccountKind]),
    required=True,
    help="What the account is for.",
)
@click.option("--role", help="Of an operator or approver: the role that it speaks in.")
@click.option("--password-stdin", "piped", is_flag=True, help="Read the password from a pipe.")
@JSON
def account(
    folder: Path, name: str, kind: str, role: str | None, *, piped: bool, as_json: bool
) -> None:
    """Make an account of NAME on the node's own machine; asks for its password."""
    with one_message():
        installation = read_installation(folder)
        protocol = read_protocol(installation.protocol)
        if role is not None and protocol.role(RoleId(role)) is None:
            names = ", ".join(one.id for one in protocol.roles)
            raise CallerError(f"--role {role}: the protocol's roles are {names}")
        wanted = AccountKind(kind)
        password = (
            None if wanted is AccountKind.SYSTEM else _password(name, piped=piped, err=as_json)
        )
        access = Access(installation.access)
        try:
            access.make_account(
                name, AccountKind(kind), role=role, password=password, now=read_wall()
            )
        finally:
            access.close()
    line = f"account {name} is made; the node need not be started again"
    tell({"account": name, "kind": kind, "role": role}, [line], as_json=as_json)


def _password(name: str, *, piped: bool, err: bool) -> str:
    """The password as typed twice, or as it came through a pipe."""
    if piped:
        return sys.stdin.readline().rstrip("\n")
    typed: str = click.prompt(
        f"Password of {name}", hide_input=True, confirmation_prompt=True, err=err
    )
    return typed
