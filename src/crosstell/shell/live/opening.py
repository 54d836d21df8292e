"""From a node's folder to a node: store, keys, marks, the other parties' cards, the protocol."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.line.message import Reality
from crosstell.core.protocol.document import Protocol
from crosstell.core.state.setting import Setting
from crosstell.shell.clock import Clock, ExerciseClock, SystemClock
from crosstell.shell.config.card import PartyCard, read_cards
from crosstell.shell.config.installing import former_feeds
from crosstell.shell.config.left import read_left
from crosstell.shell.config.node_file import Installation
from crosstell.shell.exchange import Peer
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.key_ceremony.desk import Desk, check_holds, held_keys
from crosstell.shell.keys import KeyFolder
from crosstell.shell.node import Node, Tools
from crosstell.shell.shipped.geoid import geoid_at_start
from crosstell.shell.store.contract import Batch, Put
from crosstell.shell.store.names import OWN_FEED, OWN_JOURNAL, PACED, founding_name
from crosstell.shell.store.sqlite import SqliteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A node over its store, and the cards of the parties that it talks to."""

    node: Node
    store: SqliteStore
    setting: Setting
    cards: tuple[PartyCard, ...]


def open_node(installation: Installation) -> Opened:
    """The node stands where its store left it, and holds the store open for writing.

    CallerError for a file at fault, Fatal for a store that does not verify. Implements RUN-015.
    """
    protocol = read_protocol(installation.protocol)
    cards = read_cards(installation.cards)
    if not installation.marks.is_dir():
        raise CallerError(
            f"{installation.marks}: no such folder; it holds how far our logs were signed, without "
            "which a restored store could fork our feed. Mount it, or its mirror, never an old copy"
        )
    if not installation.store.is_file():
        raise CallerError(
            f"{installation.store}: no store; restore the newest copy there, or make a new node"
        )
    store = SqliteStore.open(installation.store)
    try:
        setting = setting_of(installation, protocol, cards, own_names(installation, store))
        names = tuple(
            Put(name=founding_name(card.feed), value=card.root.encode("ascii")) for card in cards
        )
        store.commit(Batch(puts=names))
        desk = Desk(
            store=store,
            keys=KeyFolder(path=installation.keys),
            high_water=FileHighWater(folder=installation.marks),
            draw=secrets.token_bytes,
        )
        keys = held_keys(desk)  # a ceremony that was cut off is settled first
        tools = Tools(store=store, keys=keys, draw=desk.draw, high_water=desk.high_water)
        peers = [Peer(party=card.party, feed=card.feed, founding=card.founding) for card in cards]
        node = Node(setting, tools, peers)
        if node.rebuilt.exchange.unmarked is None:  # else it only shows, whatever a thief named
            check_holds(node.rebuilt.own, keys.online)
    except BaseException:
        store.close()
        raise
    return Opened(node=node, store=store, setting=setting, cards=cards)


def clock_for(reality: Reality, pace: Path | None) -> Clock:
    """The system's clock, or an exercise's by the file of its pace. Implements RUN-004."""
    if pace is None:
        return SystemClock()
    if reality is not Reality.EXERCISE:
        raise CallerError(
            f"{pace}: this node is {reality.value.upper()}, and only an exercise runs at another "
            "pace than the day; leave the pace out"
        )
    return ExerciseClock(path=pace)


def clock_beside(installation: Installation, pace: Path | None) -> Clock:
    """The clock for what is done with the node stopped: the one by which the node ran last.

    CallerError where an exercise ran by another pace than the day's and no pace is given: signed by
    the day, what was done would lie years from what was signed, and the node could sign no more.
    """
    if not installation.store.is_file():
        return clock_for(installation.file.reality, pace)
    store = SqliteStore.open_read_only(installation.store)
    try:
        last = (store.blob(PACED) or b"").decode("utf-8")
    finally:
        store.close()
    if last and pace is None:
        raise CallerError(
            f"{installation.folder}: this node last ran by an exercise's clock, whose pace was in "
            f"{last}; give --pace {last}, or start the node once without a pace if the exercise is "
            "over and its time is behind ours. Nothing was changed"
        )
    return clock_for(installation.file.reality, pace)


def note_pace(store: SqliteStore, pace: Path | None) -> None:
    """Whoever works beside the node finds by which clock it ran."""
    said = b"" if pace is None else str(pace.absolute()).encode("utf-8")
    if (store.blob(PACED) or b"") != said:
        store.commit(Batch(puts=(Put(name=PACED, value=said),)))


def setting_of(
    installation: Installation,
    protocol: Protocol,
    cards: tuple[PartyCard, ...],
    own: tuple[FeedId, FeedId],
) -> Setting:
    """What the node is told once. `own` names its feed and its journal."""
    file, feed, journal = installation.file, *own
    if protocol.party(file.party) is None:
        raise CallerError(f"{installation.protocol}: has no party {file.party}; correct node.yaml")
    for name in (file.test_role, file.ring_limit or file.test_role):
        if protocol.role(name) is None:
            raise CallerError(f"{installation.protocol}: has no role {name}; correct node.yaml")
    digest = digest_of(protocol)
    others = [(card.party, card.feed) for card in cards if card.protocol == digest]
    if len(others) != len(cards):
        wrong = next(card.party for card in cards if card.protocol != digest)
        raise CallerError(
            f"{installation.cards}: the card of {wrong} is of another protocol document than "
            f"{installation.protocol}; put the document back that both compared"
        )
    feeds: tuple[tuple[PartyId, FeedId], ...] = tuple(sorted([(file.party, feed), *others]))
    former = former_feeds(installation, cards)
    return Setting(
        party=file.party,
        former=former,
        left=read_left(installation, former),
        feeds=feeds,
        journal=journal,
        protocol=protocol,
        digest=digest,
        ring_limit=file.ring_limit or protocol.escalation.ring_limit,
        test_role=file.test_role,
        reality=file.reality,
        language=file.language,
        thin_s=file.thin_s,
        geoid=geoid_at_start(),
    )


def own_names(installation: Installation, store: SqliteStore) -> tuple[FeedId, FeedId]:
    """The names of our feed and journal, as the founding left them."""
    names = store.blob(OWN_FEED), store.blob(OWN_JOURNAL)
    if names[0] is None or names[1] is None:
        raise CallerError(
            f"{installation.store}: no feed was founded in it; restore the newest copy, or make a "
            "new node"
        )
    return FeedId(names[0].decode("ascii")), FeedId(names[1].decode("ascii"))
