"""The command line: one module per group of commands, loaded when it is asked for."""

import os
import traceback

import click

from crosstell import __version__
from crosstell.cli.commands import Commands, Held
from crosstell.core.errors import CrosstellError

EXIT_FAULTY = 2
EXIT_OURS = 3
DEBUG = "CROSSTELL_DEBUG"
_HELD = {
    "account": Held(
        "operate.account:account", "accounts of a running node, tokens of systems, the audit"
    ),
    "act": Held(
        "operate.act:act", "ask the running node to record an act: a command for every one"
    ),
    "incident": Held(
        "incident:incident", "report an incident, its papers: from a scenario or from a record"
    ),
    "init": Held("init:init", "make a node: its keys, founded logs, configuration and card"),
    "live": Held("live:live", "play a scenario through real nodes, and verify their records"),
    "login": Held("operate.login:login", "open a session with a running node"),
    "logout": Held("operate.login:logout", "end the session"),
    "node": Held("node:node", "the node in a folder: run it, its card and keys, the other parties"),
    "people": Held(
        "people:people", "the ways from a node to its people: try them, read what was handed over"
    ),
    "pending": Held("operate.pending:pending", "acts that wait for a second person"),
    "place": Held(
        "place:place", "read places as the field writes them: grid, degrees, GeoJSON, KML"
    ),
    "plan": Held("plan:plan", "check a plan, and what would clear it"),
    "protocol": Held(
        "protocol:protocol", "make, check, explain, compare and sign a protocol document"
    ),
    "record": Held(
        "record:record", "export a record, verify one offline; receipts, copies, who held what"
    ),
    "replay": Held("replay:replay", "replay an incident through one real node per party"),
    "show": Held(
        "operate.show:show",
        "what the running node holds: queue, alerts, calls, notices and the rest",
    ),
    "watch": Held(
        "operate.watch:watch", "take or join the watch, follow what the running node tells"
    ),
    "whoami": Held("operate.login:whoami", "the own account, as the running node has it"),
}


@click.group(cls=Commands, held=_HELD)
@click.version_option(version=__version__, prog_name="crosstell")
def crosstell() -> None:
    """The deconfliction mechanism: notices, alerts, calls, and a record nobody can rewrite.

    It notifies and never permits; it never targets and never decides who is right.
    """


def main() -> int:
    """Run the command line: a fault of the caller ends in exit code 2, one of ours in 3.

    Both in a message, without a trace; `CROSSTELL_DEBUG` shows the trace. Implements REP-083.
    """
    try:
        crosstell(prog_name="crosstell")
    except CrosstellError as fault:
        click.echo(f"crosstell: {fault}", err=True)
        return EXIT_FAULTY
    except Exception as fault:
        if os.environ.get(DEBUG):
            raise
        click.echo(_our_fault(fault), err=True)
        return EXIT_OURS
    return 0


def _our_fault(fault: Exception) -> str:
    """One line: that the fault is ours, what and where it is, and how to report it."""
    said = " ".join(str(fault).split())[:200]
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{last.filename.rpartition('crosstell/')[2]}:{last.lineno}"
    return (
        f"crosstell: a fault of the program, not of what you gave it: {type(fault).__name__} "
        f"({said}) at {place} of version {__version__}. Report this line and your command as "
        f"SECURITY.md says, without operational data; {DEBUG}=1 shows the trace."
    )
