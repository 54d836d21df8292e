"""`crosstell init`: a node's folder, made step by step, and what is to be done next.

Asks for what the options leave out. Every fault is one message, exit code 2, nothing written.
"""

from pathlib import Path
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.cards import card_value
from crosstell.cli.keeping.told import JSON, tell
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.ids import PartyId, RoleId
from crosstell.core.line.message import Reality
from crosstell.core.protocol.digest import read_aloud
from crosstell.core.protocol.document import Protocol
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.installing import CARD, Made, Wanted, install
from crosstell.shell.config.node_file import API_PORT, LINE_PORT, is_loopback


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--protocol", type=click.Path(path_type=Path), help="The document that all sign.")
@click.option("--party", help="Which of its parties this node is of.")
@click.option("--role", "test_role", help="The role that places line tests.")
@click.option(
    "--reality",
    type=click.Choice([word.value for word in Reality]),
    help="Whether calls are meant. It is signed into each of them.",
)
@click.option("--api-port", default=API_PORT, show_default=True, help="For operators and systems.")
@click.option("--line-host", default="127.0.0.1", show_default=True, help="Our end of the line.")
@click.option("--line-port", default=LINE_PORT, show_default=True, help="For the other nodes.")
@click.option("--reach", default="", metavar="HOST:PORT", help="How the others reach that port.")
@JSON
def init(folder: Path, *, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - the options
    """Make a node in FOLDER: its keys, its founded logs, its configuration and its card."""
    with one_message():
        path = said["protocol"] or Path(click.prompt("Protocol document (YAML)", err=as_json))
        document = read_protocol(path)
        parties = [str(one.id) for one in document.parties]
        roles = [str(role.id) for role in document.roles]
        words = [word.value for word in Reality]
        wanted = Wanted(
            party=PartyId(said["party"] or _asked("This node's party", parties, err=as_json)),
            protocol=path,
            test_role=RoleId(
                said["test_role"] or _asked("The role that places tests", roles, err=as_json)
            ),
            reality=Reality(said["reality"] or _asked("Are calls meant", words, err=as_json)),
            api_port=said["api_port"],
            line_host=said["line_host"],
            line_port=said["line_port"],
            reach=said["reach"],
        )
        made = install(folder, wanted, SystemClock().now())
    unheard = _unheard(wanted)
    value = {
        "folder": str(folder),
        "party": made.card.party,
        "protocol": made.card.protocol,
        "card": card_value(made.card),
        "offline_root": str(made.root),
        "marks": str(made.installation.marks),
        "unheard": bool(unheard),
    }
    tell(value, [*_next_steps(folder, made, document), *unheard], as_json=as_json)


def _asked(what: str, words: list[str], *, err: bool) -> str:
    """One of the words, from the person."""
    answer: str = click.prompt(what, type=click.Choice(words), default=words[0], err=err)
    return answer


def _next_steps(folder: Path, made: Made, protocol: Protocol) -> list[str]:
    """What was made and what a person must do now, in order."""
    others = [one.id for one in protocol.parties if one.id != made.card.party]
    return [
        f"A node of {made.card.party} lies in {folder}. Nothing runs yet.",
        "",
        f"1. Carry {made.root} away: the offline root founds, resumes and revokes. Keep two",
        "   copies off any network; the node never reads it.",
        f"2. Send {folder / CARD} to {', '.join(others)}, any way there is. It is no secret.",
        "3. Call each of them on a line where you know the voice, and read to each other:",
        f"   the card       {made.card.spoken}",
        f"   the protocol   {read_aloud(made.card.protocol).splitlines()[0]}",
        f"                  {read_aloud(made.card.protocol).splitlines()[1]}",
        f"4. crosstell node party {folder} CARD    (for each card that you were sent)",
        f"5. Mount {folder / made.installation.marks.name} from another disk, if there is one.",
        f"6. crosstell node account {folder} NAME --kind administrator",
        f"7. crosstell node run {folder}",
    ]


def _unheard(wanted: Wanted) -> list[str]:
    """That nobody reaches the line where the card says it is; nothing if somebody may."""
    reach_host = wanted.reach.rpartition(":")[0].strip("[]")
    if not reach_host or is_loopback(reach_host) or not is_loopback(wanted.line_host):
        return []
    return [
        "",
        f"LOOK: the others reach us at {wanted.reach}, and the line listens on {wanted.line_host},",
        "where it answers this machine alone. Unless something here passes their calls on, write",
        "`host: 0.0.0.0` under `line` in node.yaml before the node runs.",
    ]
