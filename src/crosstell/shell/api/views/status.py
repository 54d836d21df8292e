"""How the node does: logs and backlog, checkpoints and who cosigned them, lines, clock, faults."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs.api import shown
from crosstell.codecs.api.running import RunningShown
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import format_instant
from crosstell.core.mechanism.screen.former import former_alarms
from crosstell.core.record.checkpoint import parse_checkpoint
from crosstell.core.record.cosignature import COSIGNER_PREFIX
from crosstell.core.record.note import Note, parse_note
from crosstell.core.state.state import State
from crosstell.shell.api.views.held import Moment, each_line
from crosstell.shell.node import Node
from crosstell.shell.peers.alarms import AlarmKind
from crosstell.shell.store.contract import Store
from crosstell.shell.store.names import checkpoint_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What only the owner's thread can tell of the node."""

    checkpoints: tuple[tuple[FeedId, bytes], ...]
    said_to_hold: tuple[tuple[PartyId, int], ...]
    alarms: tuple[str, ...]
    record_alarms: int
    fault: str | None
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known around the node."""

    version: str
    clock: str
    clock_fault: str | None
    streams: int
    running: RunningShown | None
    alarms: tuple[str, ...] = ()


def inside(node: Node, store: Store) -> Inside:
    """Read in the owner's thread, and quickly."""
    setting = node.state.setting
    feeds = (*(feed for _, feed in setting.feeds), setting.journal)
    notes = [(feed, store.blob(checkpoint_name(feed))) for feed in feeds]
    given_up = _abandoned(node.degraded, node.degraded_at)
    fault = node.unkept or node.missing
    if node.failing.retry_at is not None:  # of the newest inputs
        fault = fault or given_up
    past = () if given_up is None or given_up == fault else (given_up,)
    return Inside(
        checkpoints=tuple((feed, note) for feed, note in notes if note is not None),
        said_to_hold=tuple(
            (peer.party, peer.has[setting.feed])
            for peer in node.rebuilt.exchange.peers.values()
            if setting.feed in peer.has
        ),
        alarms=(*(alarm.text for alarm in node.alarms), *past),
        record_alarms=sum(alarm.kind is AlarmKind.RECORD for alarm in node.alarms),
        fault=fault,
        last=store.last_arrival(),
    )


def _abandoned(fault: str | None, at: datetime | None) -> str | None:
    """That an input was given up by a fault of the program, for a person. Implements NOD-533."""
    if fault is None or at is None:
        return None
    return (
        f"an input was abandoned at {format_instant(at)} by a fault of ours ({fault}); what is "
        "recorded stands. Look whether what was asked then is, and report it"
    )


def status(now: Moment, found: Inside, around: Around) -> shown.NodeShown:
    """The node as a watch must know it."""
    state, setting = now.state, now.state.setting
    former = former_alarms(state, now.at)
    return shown.NodeShown(
        at=now.at,
        arrivals=now.arrivals,
        version=around.version,
        party=setting.party,
        reality=setting.reality,
        protocol=f"{setting.protocol.name}, version {setting.protocol.version}",
        feeds=tuple(_feeds(state, found)),
        lines=tuple(each_line(state, now.at)),
        alarms=(*former, *found.alarms, *around.alarms),
        record_alarms=len(former) + found.record_alarms,
        thin_s=setting.thin_s,
        clock=around.clock,
        clock_fault=around.clock_fault,
        fault=found.fault,
        streams=around.streams,
        running=around.running,
    )


def _feeds(state: State, found: Inside) -> list[shown.FeedShown]:
    notes, held = dict(found.checkpoints), dict(found.said_to_hold)
    setting, own = state.setting, state.own.size
    logs: list[tuple[FeedId, PartyId | None, int, datetime | None]] = [
        (feed.feed, party, feed.size, feed.latest_at) for party, feed in sorted(state.feeds.items())
    ]
    journal = state.journal
    logs.append((journal.feed, None, journal.size, journal.latest_at))
    shown_feeds = []
    for feed, party, size, latest_at in logs:
        note = _note(notes.get(feed))
        behind = None
        if party is not None and party != setting.party and party in held:
            behind = max(0, own - held[party])
        shown_feeds.append(
            shown.FeedShown(
                feed=feed,
                party=party,
                size=size,
                latest_at=latest_at,
                checkpoint_size=None if note is None else parse_checkpoint(note.text).size,
                cosigned_by=() if note is None else _cosigners(state, note),
                behind=behind,
            )
        )
    return shown_feeds


def _note(data: bytes | None) -> Note | None:
    try:
        return None if data is None else parse_note(data)
    except PartyError:  # it is shown as absent; a start verifies the store and says more
        return None


def _cosigners(state: State, note: Note) -> tuple[PartyId, ...]:
    """The parties whose cosigning line stands under the checkpoint; verified when it was taken."""
    names = {line.name for line in note.signatures}
    return tuple(
        sorted(party for party, feed in state.setting.feeds if COSIGNER_PREFIX + feed in names)
    )
