"""`crosstell node`: the node in a folder. Every fault is one message, exit code 2."""

import click

from crosstell.cli.commands import Commands, Held

_HELD = {
    "account": Held(
        "keeping.accounts:account",
        "Make an account of NAME on the node's own machine; asks for its password.",
    ),
    "backup": Held(
        "keeping.backups:backup",
        "Copy the node into a new folder while it runs; marks and offline root are left out.",
    ),
    "card": Held(
        "keeping.cards:card", "Print the fingerprint of this party's card, to be read aloud."
    ),
    "certificate": Held(
        "keeping.ceremonies:certificate", "A new key and certificate for the line, and a new card."
    ),
    "exchange": Held(
        "keeping.serving:exchange",
        "Run the exchange side of a split node, as exchange.yaml in FOLDER says, until a signal.",
    ),
    "map": Held(
        "keeping.maps:map_group",
        "The operator's own maps: PMTiles files, drawn under everything, computed from by nothing.",
    ),
    "party": Held(
        "keeping.cards:party",
        "Add another party by its CARD, once its fingerprint was heard from that party itself.",
    ),
    "resume": Held(
        "keeping.ceremonies:resume",
        "Go on in a new feed, in a new folder, where the old one can sign no more.",
    ),
    "revoke": Held(
        "keeping.ceremonies:revoke",
        "Take the keys back under the offline root: entries from N on are void.",
    ),
    "rotate": Held(
        "keeping.ceremonies:rotate", "A new online key in place of the old, which nobody else had."
    ),
    "run": Held("keeping.serving:run", "Run the node until a signal ends it."),
    "take-file": Held("keeping.carrying:take_file", "Take a FILE that another party wrote for us."),
    "write-file": Held(
        "keeping.carrying:write_file",
        "Write what PARTY is not known to hold into a file that a person carries there.",
    ),
}


@click.group(cls=Commands, held=_HELD)
def node() -> None:
    """The node in a folder: run it, introduce it, give people a way in."""
