"""`crosstell record`: export a record, verify what others sent, make a receipt.

Every fault is one message on standard error, exit code 2, and nothing is written.
"""

import click

from crosstell.cli.commands import Commands, Held

_HELD = {
    "copies": Held(
        "keeping.copies:copies",
        "Every copy that was recorded: its number, for whom, what for, when, by whom.",
    ),
    "copy": Held(
        "keeping.copies:copy",
        "A copy of entries for one recipient: numbered, recorded, and marked in every part.",
    ),
    "erase": Held(
        "keeping.copies:erase",
        "Erase what an entry said, here and for good; that it was said stays.",
    ),
    "export": Held(
        "keeping.exports:export_command",
        "Write the record in a store to a new folder that anyone can verify.",
    ),
    "holdings": Held(
        "keeping.copies:holdings",
        "Who held which entry of ours, from when at the latest, and by whose clock.",
    ),
    "receipt": Held(
        "keeping.exports:receipt_command",
        "Make the file that shows, alone, that a party held a call before its next entry.",
    ),
    "replay": Held(
        "keeping.replayed:replay_",
        "Write the record of one replayed run, as each party exports it, to a new FOLDER.",
    ),
    "verify": Held(
        "keeping.exports:verify_command",
        "Verify an export, a receipt or fork evidence, offline; say what it rests on.",
    ),
}


@click.group(cls=Commands, held=_HELD)
def record() -> None:
    """Export the record, verify one offline, make a receipt; copies, and who held what."""
