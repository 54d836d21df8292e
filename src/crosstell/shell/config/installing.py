"""A new node's folder: keys, founded logs, configuration and card, made in one go or not at all.

The offline root is made too, since it must sign the foundings, and lies in a folder of its own
that is to be carried away before the node runs. Implements RUN-013 to RUN-014.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.errors import CallerError, CrosstellError
from crosstell.core.ids import FeedId, PartyId, RoleId
from crosstell.core.line.message import Reality
from crosstell.core.protocol.document import Protocol
from crosstell.core.record.entry import parse
from crosstell.core.record.signing import fingerprint
from crosstell.shell.config.card import (
    SUFFIX,
    PartyCard,
    read_card,
    read_cards,
    read_former,
    write_card,
)
from crosstell.shell.config.certificate import make_certificate
from crosstell.shell.config.node_file import API_PORT, LINE_PORT, NAME, Installation, NodeFile
from crosstell.shell.founding import Keys, draw_name, found, name_logs
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.keys import COSIGNING, ONLINE, ROOT, KeyFolder
from crosstell.shell.store.contract import Batch
from crosstell.shell.store.sqlite import SqliteStore

ROOT_FOLDER = "offline-root"
CARD = f"own{SUFFIX}"
_REACH = re.compile(r"(\[[0-9A-Fa-f:]{2,45}\]|[A-Za-z0-9.-]{1,253}):[0-9]{1,5}")

_FILE = """\
# The configuration of this node. Paths are relative to this folder. An unknown key is refused.
party: {party}
reality: {reality}  # signed into every call
test_role: {test_role}  # places the line tests
# ring_limit: {ring_limit}  # the highest role that the node rings by itself; this is the protocol's
protocol: protocol.yaml
language: en
thin_s: 1.0  # at most one observation of a track in this time is recorded and judged; 0 to 5

store: record.store
marks: marks  # how far our logs were signed; put this on another disk (a link will do)
keys: keys
access: access.store

api:  # for operators and systems. Other machines are answered over TLS alone.
  host: 127.0.0.1
  port: {api_port}
line:  # for the other parties' nodes, with both certificates
  host: {line_host}
  port: {line_port}
{reach}  every_s: 15  # how often a silent line is asked
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the person who makes a node has said.

    `reach` is the host and port at which other parties' nodes reach this one; empty where they
    do not.
    """

    party: PartyId
    protocol: Path
    reality: Reality
    test_role: RoleId
    api_port: int = API_PORT
    line_host: str = "127.0.0.1"
    line_port: int = LINE_PORT
    reach: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made, and what the person must do next."""

    installation: Installation
    card: PartyCard
    root: Path


def install(folder: Path, wanted: Wanted, now: datetime) -> Made:
    """A node's folder stands at `folder`. CallerError, and nothing is left, where it cannot."""
    protocol = _checked(folder, wanted)
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.part")
    try:
        part.mkdir(mode=0o700)
        made = _fill(part, wanted, protocol, now)
        os.rename(part, folder)
    except OSError as error:
        raise CallerError(
            f"{folder}: the node cannot be made here ({error.strerror}); name another folder"
        ) from error
    except CrosstellError as error:
        raise CallerError(str(error).replace(str(part), str(folder))) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Made(
        installation=Installation(folder=folder, file=made.installation.file),
        card=made.card,
        root=folder / ROOT_FOLDER,
    )


def add_party(installation: Installation, card: PartyCard, heard: str) -> Path:
    """The party's card is among those that the node talks to; `heard` is its fingerprint as read
    aloud by that party. CallerError if it differs, or the card is of another protocol or ours, or
    of another feed than was followed.
    """
    check_heard(installation, card, heard)
    held = held_card(installation, card.party)
    target = installation.cards / f"{card.party}{SUFFIX}"
    if held is not None and held.feed != card.feed:
        raise CallerError(
            f"{target}: this node has followed feed {held.feed} of {card.party}; another feed is "
            "taken only as a resume of it: give the file that came with the card with --resumed. "
            "If the party founded its feed anew, a person moves the old card away first"
        )
    write_card(target, card)
    return target


def held_card(installation: Installation, party: PartyId) -> PartyCard | None:
    """The card of that party that the node has, if it has one. The folder of cards is there."""
    installation.cards.mkdir(mode=0o700, exist_ok=True)
    return {one.party: one for one in read_cards(installation.cards)}.get(party)


def former_feeds(
    installation: Installation, cards: Iterable[PartyCard]
) -> tuple[tuple[PartyId, FeedId], ...]:
    """In which feeds the others, and we, spoke before a resume. Implements KEY-037."""
    own = installation.folder / CARD
    ours = (read_card(own),) if own.is_file() else ()
    return (
        *read_former(installation.folder, ours),
        *read_former(installation.cards, cards),
    )


def parties_of(installation: Installation, own: FeedId) -> dict[FeedId, PartyId]:
    """Whose each feed is that is known here, our own feed and those of before a resume included."""
    cards = read_cards(installation.cards) if installation.cards.is_dir() else ()
    known = [(card.party, card.feed) for card in cards]
    former = former_feeds(installation, cards)
    return {feed: party for party, feed in (*known, *former, (installation.file.party, own))}


def check_heard(installation: Installation, card: PartyCard, heard: str) -> None:
    """The card is what was heard, and of another party under our protocol. Else CallerError."""
    if not card.reads(heard):
        raise CallerError(
            f"card of {card.party}: its fingerprint is not what was heard; do not go on. Ask the "
            "party to send its card again, and compare again by voice"
        )
    check_theirs(installation, card)


def check_theirs(installation: Installation, card: PartyCard) -> None:
    """The card is of another party under our protocol. Else CallerError. Implements RUN-492."""
    protocol = read_protocol(installation.protocol)
    own = installation.file.party
    if card.party == own or card.party not in {party.id for party in protocol.parties}:
        names = ", ".join(party.id for party in protocol.parties if party.id != own)
        raise CallerError(f"card of {card.party}: the protocol's other parties are {names}")
    if card.protocol != digest_of(protocol):
        raise CallerError(
            f"card of {card.party}: it was made under another protocol document; compare the two "
            "documents with `crosstell protocol diff`, and have one of the cards made again"
        )


def _checked(folder: Path, wanted: Wanted) -> Protocol:
    """The protocol, once what was said fits it and the folder is free."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallerError(f"{folder}: is there already, and not empty; name a new folder")
    if not folder.absolute().parent.is_dir():
        raise CallerError(f"{folder.absolute().parent}: no such folder; make it first")
    protocol = read_protocol(wanted.protocol)
    if protocol.party(wanted.party) is None:
        names = ", ".join(party.id for party in protocol.parties)
        raise CallerError(f"party {wanted.party}: the protocol has {names}; name one of them")
    if wanted.reach and _REACH.fullmatch(wanted.reach) is None:
        raise CallerError(
            f"--reach {wanted.reach}: write host and port as the others reach them, such as "
            "node.us.example:8471"
        )
    if protocol.role(wanted.test_role) is None:
        names = ", ".join(role.id for role in protocol.roles)
        raise CallerError(f"role {wanted.test_role}: the protocol has {names}; name one of them")
    return protocol


def _fill(folder: Path, wanted: Wanted, protocol: Protocol, now: datetime) -> Made:
    """Every file of the node, in a folder that nobody looks at yet."""
    keys, root = KeyFolder(path=folder / "keys"), KeyFolder(path=folder / ROOT_FOLDER)
    pair = Keys(online=keys.create(ONLINE), cosigning=keys.create(COSIGNING))
    offline = root.create(ROOT)
    names = (draw_name(secrets.token_bytes), draw_name(secrets.token_bytes))
    rows = tuple(found(name, pair, offline, draw=secrets.token_bytes, now=now) for name in names)
    store = SqliteStore.open(folder / "record.store")
    try:
        store.commit(Batch(entries=rows, puts=name_logs(*names)))
    finally:
        store.close()
    for name in ("marks", "parties"):
        (folder / name).mkdir(mode=0o700)
    FileHighWater(folder=folder / "marks").begin(dict.fromkeys(names, 1))
    shutil.copyfile(wanted.protocol, folder / "protocol.yaml")
    file = NodeFile(party=wanted.party, reality=wanted.reality, test_role=wanted.test_role)
    installation = Installation(folder=folder, file=file)
    (folder / NAME).write_text(_written(wanted, protocol), encoding="utf-8")
    certificate = make_certificate(
        wanted.party, installation.line_certificate, installation.line_key, now
    )
    card = PartyCard(
        party=wanted.party,
        protocol=digest_of(protocol),
        feed=names[0],
        founding=parse(rows[0].leaf).hash.hex(),
        root=fingerprint(offline.public_key()),
        certificate=certificate,
        reach=wanted.reach,
    )
    write_card(folder / CARD, card)
    return Made(installation=installation, card=card, root=folder / ROOT_FOLDER)


def _written(wanted: Wanted, protocol: Protocol) -> str:
    """The configuration as a person reads it."""
    return _FILE.format(
        party=wanted.party,
        reality=wanted.reality.value,
        test_role=wanted.test_role,
        ring_limit=protocol.escalation.ring_limit,
        api_port=wanted.api_port,
        line_host=wanted.line_host,
        line_port=wanted.line_port,
        reach=f"  reach: {wanted.reach}\n" if wanted.reach else "",
    )
