"""`crosstell node card` and `node party`: how nodes are introduced to each other."""

from pathlib import Path
from typing import Any

import click

from crosstell.cli.faults import one_message
from crosstell.cli.keeping.progress import progress
from crosstell.cli.keeping.told import FOLDER, JSON, tell
from crosstell.codecs.plain import to_plain
from crosstell.shell.config.card import PartyCard, read_card
from crosstell.shell.config.installing import add_party, check_theirs
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.config.renewing import read_own_card
from crosstell.shell.config.resumed import Followed, take_resumed


@click.command()
@FOLDER
@JSON
def card(folder: Path, *, as_json: bool) -> None:
    """Print the fingerprint of this party's card, to be read aloud."""
    with one_message():
        found = read_own_card(read_installation(folder))
    tell(card_value(found), [f"{found.party}: {found.spoken}"], as_json=as_json)


@click.command()
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
        check_theirs(installation, found)
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
            with progress("verified") as aside:
                resumed = take_resumed(installation, found, said, proof, aside)
            value |= {"resumes": to_plain(resumed.left.branch), "beyond": resumed.left.beyond}
            value |= {"notices": [one.notice for one in resumed.former.notices]}
            lines = followed(resumed, found)
    tell(value, lines, as_json=as_json)


def card_value(card: PartyCard) -> dict[str, Any]:
    """A card for machines, with what is read aloud."""
    held: Any = to_plain(card)
    return {**held, "fingerprint": card.spoken}


def followed(found: Followed, card: PartyCard) -> list[str]:
    """What a party is told that follows a resumed feed from now on. Implements RUN-471."""
    left = found.left
    beyond = (
        f" We hold {left.beyond} entries more, for which nobody stands any longer: ask about them."
        if left.beyond
        else ""
    )
    had = found.former
    return [
        f"{card.party} goes on in feed {card.feed} and stands by the first {left.branch.size} "
        f"entries of {left.branch.feed}.{beyond}",
        f"What {card.party} said in that feed is in no picture here from the next start on: "
        f"{len(had.notices)} notices that were not withdrawn, {len(had.placed)} calls of its own "
        f"that are open, and its receipts and answers to {len(had.taken)} of ours. They come back "
        "only as it files them again. Ask by telephone what still holds, go by that until then, "
        "and log the call: an alarm stands until you did",
        f"Its card is {found.written}. Leave the one before in its place, {found.kept.name}: by "
        "it, what was released to the old feed goes to the new one. Start the node again, then "
        "sign the protocol once more, for the new feed: crosstell act sign-protocol",
    ]
