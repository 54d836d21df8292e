"""Which calls and broadcasts belong to one matter, and how many stops each side has standing.

Two items are of one episode if they name the same episode, notice, track or alert, if one names
the other, or if a chain of such items joins them. Calls that cross (each side calls the other
about one notice) thus fall together. A call sent in error joins nothing. An episode is named
after its earliest item, so a later item never renames it.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import EntryRef, EpisodeId, ForeignRef, PartyId
from crosstell.core.line.call import Call, CallState
from crosstell.core.line.content import (
    About,
    AboutAlert,
    AboutCall,
    AboutNotice,
    AboutTrack,
)
from crosstell.core.line.message import CallKind, Reality
from crosstell.core.line.view import CallSides, StopStanding, stop_standing
from crosstell.core.line.watch.broadcast import Broadcast

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A call or a broadcast: the entry that began it, its author's time, what it is about."""

    ref: EntryRef
    at: datetime
    episode: EpisodeId | None
    about: tuple[About, ...]


def call_item(call: Call) -> Item:
    """A call as an item; one sent in error is about nothing."""
    stamp, placed = call.placed_stamp, call.placed
    if call.state is CallState.DISREGARDED:
        return Item(ref=stamp.ref, at=stamp.at, episode=None, about=())
    return Item(ref=stamp.ref, at=stamp.at, episode=placed.episode, about=placed.about)


def broadcast_item(broadcast: Broadcast) -> Item:
    """A broadcast as an item, from its first time in the air."""
    sent, ref = broadcast.sent, broadcast.sent_stamp.ref
    return Item(ref=ref, at=sent.sent_at[0], episode=sent.episode, about=sent.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Everything about one matter: its name and its items, the earliest first."""

    name: EpisodeId
    items: tuple[EntryRef, ...]


def episodes(items: tuple[Item, ...]) -> tuple[Episode, ...]:
    """The items in their episodes, the earliest first. Implements LINE-052, LINE-053."""
    parent: dict[Key, Key] = {}
    for item in items:
        own = _entry_key(item.ref)
        parent.setdefault(own, own)
        for key in _keys(item):
            parent.setdefault(key, key)
            parent[_root(parent, key)] = _root(parent, own)
    groups: dict[Key, list[Item]] = {}
    for item in sorted(items, key=lambda i: (i.at, i.ref)):
        groups.setdefault(_root(parent, _entry_key(item.ref)), []).append(item)
    return tuple(
        Episode(name=_name(group[0]), items=tuple(item.ref for item in group))
        for group in groups.values()
    )


def _name(first: Item) -> EpisodeId:
    """The name its earliest item gives it, or one made of that item's hash."""
    return first.episode or EpisodeId(f"episode-{first.ref.hash[:12]}")


def _root(parent: dict[Key, Key], key: Key) -> Key:
    """The representative of the set that holds `key`; shortens the path."""
    while parent[key] != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def _entry_key(ref: ForeignRef) -> Key:
    """An entry as a key; a name that was never resolved keys itself."""
    if isinstance(ref, EntryRef):
        return ("entry", ref.feed, str(ref.seq), ref.hash)
    return ("name", ref.party, ref.id)


def _keys(item: Item) -> list[Key]:
    """What an item is about, as keys."""
    keys = [_about_key(about) for about in item.about]
    return keys if item.episode is None else [*keys, ("episode", item.episode)]


def _about_key(about: About) -> Key:
    """One reference as a key."""
    match about:
        case AboutNotice(notice=notice):
            return _entry_key(notice)
        case AboutCall(call=call):
            return _entry_key(call)
        case AboutTrack(party=party, track=track):
            return ("track", party, track)
        case AboutAlert(party=party, alert=alert):
            return ("alert", party, alert)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCount:
    """How many stops one party asked of another, and how they stand. Real and exercise apart."""

    by: PartyId
    to: PartyId
    reality: Reality
    asked: int
    stands: int
    declined: int
    lifted: int
    expired: int
    ended: int


def count_stops(
    calls: tuple[tuple[PartyId, CallSides], ...], *, now: datetime
) -> tuple[StopCount, ...]:
    """The stops of every party towards every other, both sides alike. Implements LINE-015.

    Each call comes with the party that placed it. A declined stop is counted as declined, not
    as standing.
    """
    found: dict[tuple[PartyId, PartyId, Reality], list[StopStanding]] = {}
    for party, sides in calls:
        placed = sides.call.placed
        if placed.kind is CallKind.STOP:
            standing = stop_standing(sides, now=now)
            assert standing is not None
            found.setdefault((party, placed.to_party, placed.reality), []).append(standing)
    return tuple(
        StopCount(
            by=by,
            to=to,
            reality=reality,
            asked=len(found[by, to, reality]),
            stands=found[by, to, reality].count(StopStanding.STANDS),
            declined=found[by, to, reality].count(StopStanding.DECLINED),
            lifted=found[by, to, reality].count(StopStanding.LIFTED),
            expired=found[by, to, reality].count(StopStanding.EXPIRED),
            ended=found[by, to, reality].count(StopStanding.ENDED),
        )
        for by, to, reality in sorted(found)
    )
