"""`crosstell node rotate`, `revoke`, `resume` and `certificate`: with the node stopped.

Every fault is one message, exit code 2, and nothing is written.
"""

from pathlib import Path
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.cards import card_value
from crosstell.cli.keeping.progress import progress
from crosstell.cli.keeping.told import FOLDER, JSON, PACE, tell
from crosstell.core.errors import CallerError
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.installing import CARD
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.config.renewing import renew
from crosstell.shell.config.resumed import PROOF, resume_in
from crosstell.shell.key_ceremony.desk import Changed
from crosstell.shell.key_ceremony.forked import ALTHOUGH_FORKED
from crosstell.shell.key_ceremony.resuming import Stood
from crosstell.shell.live.ceremonies import revoke_in, rotate_in
from crosstell.shell.live.opening import clock_beside

ROOT = click.option(
    "--root",
    "root_folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder on the medium that holds root.key.",
)
FORKED = click.option(
    ALTHOUGH_FORKED,
    is_flag=True,
    help="Each party said by telephone that it shows the newest of what we filed.",
)
NOTHING = "nothing"


@click.command()
@FOLDER
@FORKED
@PACE
@JSON
def rotate(folder: Path, pace: Path | None, *, although_forked: bool, as_json: bool) -> None:
    """A new online key in place of the old, which nobody else had. The node is stopped."""
    with one_message():
        installation = read_installation(folder)
        now = clock_beside(installation, pace).now()
        changed = rotate_in(installation, now, although_forked=although_forked)
    said = [
        *_recorded(changed),
        "The old private key is gone. The other parties follow by themselves. Start the node, then "
        "make a backup: no older one has this key",
    ]
    tell(_changed(changed), said, as_json=as_json)


@click.command()
@FOLDER
@ROOT
@click.option(
    "--from",
    "first",
    required=True,
    metavar="N",
    help=f"The first entry of our feed that is void; `{NOTHING}` for keys that are only lost.",
)
@FORKED
@click.option("--yes", is_flag=True, help="It was thought over already: ask nothing.")
@PACE
@JSON
def revoke(
    folder: Path,
    root_folder: Path,
    first: str,
    pace: Path | None,
    **said: bool,
) -> None:
    """Take the keys back under the offline root: entries from N on are void. Not to be undone.

    Name the first entry that a thief may have signed. The node is stopped.
    """
    with one_message():
        from_seq = _number(first)
        if from_seq is not None and not said["yes"]:
            click.confirm(
                f"Entries of our feed from {from_seq} on are void for everybody, for good. Go on?",
                abort=True,
                err=True,
            )
        installation = read_installation(folder)
        now = clock_beside(installation, pace).now()
        found = revoke_in(
            installation, root_folder, from_seq, now, although_forked=said["although_forked"]
        )
    low, high = found.void
    void = (
        f"Void for every party: entries {low} to {high - 1} of our feed. What still holds of them "
        "is filed again"
        if low < high
        else "Nothing that was said is void"
    )
    told = [
        *_recorded(found.changed),
        void,
        "Take the medium with the root away again. Start the node, call every party, and make a "
        "backup: no older one has these keys",
    ]
    value = {**_changed(found.changed), "void": {"from": low, "until_before": high}}
    tell(value, told, as_json=said["as_json"])


@click.command()
@FOLDER
@ROOT
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option(
    "--branch-size",
    type=click.IntRange(min=1),
    metavar="N",
    help="Stand by the first N entries of the old feed alone, where somebody else signed in it.",
)
@FORKED
@PACE
@JSON
def resume(
    folder: Path,
    root_folder: Path,
    out: Path,
    branch_size: int | None,
    pace: Path | None,
    **said: bool,
) -> None:
    """Go on in a new feed, in a new folder, where the old one can sign no more. Node stopped."""
    with one_message(), progress("taken over") as aside:
        installation = read_installation(folder)
        now = clock_beside(installation, pace).now()
        stood = Stood(branch_size=branch_size, although_forked=said["although_forked"])
        made = resume_in(installation, root_folder, out, now, aside, stood)
    branch = made.resumed.branch
    told = [
        f"{out} holds a node that resumes feed {branch.feed} in feed {made.resumed.feed}, and "
        f"stands by its first {branch.size} entries. {made.carried} entries of others were taken "
        "along.",
        "Nothing of ours stands in the new feed yet. In this order:",
        "1. Take the medium with the root away again. Never start the old node; keep its folder.",
        f"2. Send {out / CARD} and {out / PROOF} to each other party, any way there is.",
        f"3. Read to them: {made.card.spoken}",
        f"   They run: crosstell node party THEIR-FOLDER CARD --resumed {PROOF}",
        f"4. crosstell node run {out}; sign the protocol and file again what still holds.",
    ]
    value = {
        **card_value(made.card),
        "folder": str(out),
        "journal": made.resumed.journal,
        "resumes": {"feed": branch.feed, "size": branch.size, "root": branch.root},
        "carried": made.carried,
    }
    tell(value, told, as_json=said["as_json"])


@click.command()
@FOLDER
@JSON
def certificate(folder: Path, *, as_json: bool) -> None:
    """A new key and certificate for the line, and a new card. The node is stopped."""
    with one_message():
        installation = read_installation(folder)
        card = renew(installation, SystemClock().now())
    split = (
        []
        if installation.file.split is None
        else ["Its exchange side needs them too: carry the folder `line` and own.card there"]
    )
    said = [
        f"A new certificate of {card.party} is in place; the old key is gone.",
        *split,
        f"Send {folder / CARD} to the other parties and read to them: {card.spoken}",
        "Until a party has taken it and started its node again, the line to it is down.",
    ]
    tell(card_value(card), said, as_json=as_json)


def _number(text: str) -> int | None:
    if text == NOTHING:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 16:
        raise CallerError(f"--from {text!r}: is no entry number; write one, or `{NOTHING}`")
    return int(text)


def _changed(changed: Changed) -> dict[str, Any]:
    return {
        "recorded": [{"feed": feed, "seq": seq} for feed, seq in changed.entries],
        "online": changed.online,
    }


def _recorded(changed: Changed) -> list[str]:
    named = " and ".join(f"{feed}/{seq}" for feed, seq in changed.entries)
    return [f"Recorded as {named}. The online key is now {changed.online}."]
