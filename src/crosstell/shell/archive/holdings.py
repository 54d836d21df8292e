"""Who held which entry of ours, from when at the latest: views over the entries, nothing stored.

Not before: the time that we signed the entry with, our own claim. Not after: the first entry of the
other party that names so much of our feed, by that party's time; and its earliest cosignature of a
checkpoint that holds the entry, by the cosigner's clock. Both show that the header was held. That
the body was held too follows for what that party answered, and from the exchange else. Implements
REL-060 to REL-062.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.codecs import entry_body
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import format_instant, from_us
from crosstell.core.record.checkpoint import parse_checkpoint
from crosstell.core.record.cosignature import check_cosignatures
from crosstell.core.record.entry import Header, parse
from crosstell.core.record.note import parse_note
from crosstell.core.state.events import SHARED_EVENTS
from crosstell.shell.log import Log
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Store, StoredEntry
from crosstell.shell.store.names import checkpoint_name, cosigned_prefix

_OBJECTS = ("notice", "claim", "paper", "call", "share", "log", "broadcast")  # fields that name it


class HeldThen(StrEnum):
    """Whether a party held an entry at an instant."""

    HELD = "held"
    MAY_HAVE_HELD = "may-have-held"
    NOT_YET_SIGNED = "not-yet-signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One entry of ours at one party of its audience.

    `item` is the object by kind and id, `version` its version where it has one. `signed_at` is our
    time; `named_at` and `cosigned_at` are the other's, None as long as nothing shows it.
    """

    party: PartyId
    seq: int
    kind: str
    item: str
    version: int | None
    signed_at: datetime
    named_at: datetime | None
    named_by: int | None
    cosigned_at: datetime | None

    @property
    def held_by(self) -> datetime | None:
        """When it was held at the latest, by that party's clocks."""
        return min((at for at in (self.named_at, self.cosigned_at) if at is not None), default=None)

    def then(self, at: datetime) -> HeldThen:
        """How it stood at an instant: nothing shows that it was not held."""
        if at < self.signed_at:
            return HeldThen.NOT_YET_SIGNED
        latest = self.held_by
        return HeldThen.HELD if latest is not None and latest <= at else HeldThen.MAY_HAVE_HELD

    @property
    def text(self) -> str:
        """The same in a sentence, with whose clocks they are."""
        version = "" if self.version is None else f" version {self.version}"
        what = f"{self.item}{version} (entry {self.seq})"
        said = f"{self.party}: {what}, signed {format_instant(self.signed_at)} by our clock"
        if self.named_at is not None:
            at = format_instant(self.named_at)
            said = f"{said}; held before its own entry {self.named_by} of {at}"
        if self.cosigned_at is not None:
            said = f"{said}; cosigned by it {format_instant(self.cosigned_at)}"
        return f"{said}; nothing shows yet that it is held" if self.held_by is None else said


def holdings(
    store: Store, own: FeedId, logs: Mapping[FeedId, Log], parties: Mapping[FeedId, PartyId]
) -> tuple[Holding, ...]:
    """Every entry of ours at every party that it was said to, by entry, then party. REL-060.

    `logs` are the verified logs of all parties, as the node has them, those of feeds in which a
    party spoke before it resumed in another among them: `parties` names each, and it is one party.
    """
    feeds = [feed for feed in sorted(parties) if parties[feed] != parties[own] and feed in logs]
    shown: dict[PartyId, tuple[Steps, Steps]] = {}
    for feed in feeds:
        named, signed = shown.setdefault(parties[feed], ([], []))
        named += _naming(store, own, feed)
        signed += _cosigned(store, own, logs[feed])
    for named, _ in shown.values():
        named.sort(key=lambda step: step[2])
    return tuple(
        _holding(row, header, party, shown[party])
        for row, header in _ours(store, own)
        for party in sorted(shown)
        if party in {parties.get(feed) for feed in header.to}
    )


def versions_held(found: Iterable[Holding], item: str, at: datetime) -> tuple[Holding, ...]:
    """For each party the newest version of that object that it surely held then. REL-061."""
    newest: dict[PartyId, Holding] = {}
    for one in found:
        if one.item == item and one.then(at) is HeldThen.HELD:
            newest[one.party] = one
    return tuple(newest[party] for party in sorted(newest))


def _ours(store: Store, own: FeedId) -> Iterator[tuple[StoredEntry, Header]]:
    for row in store.entries(own):
        yield row, parse(row.leaf).header


Steps = list[tuple[int, int, int]]  # size of ours that is named, number of the entry, its time


def _naming(store: Store, own: FeedId, feed: FeedId) -> Steps:
    """The entries of that feed that name more of ours than any before, in order."""
    found: Steps = []
    for row in store.entries(feed):
        header = parse(row.leaf).header
        for head in header.heads:
            if head.feed == own and (not found or head.size > found[-1][0]):
                found.append((head.size, header.seq, header.hlc.ms))
    return found


def _cosigned(store: Store, own: FeedId, log: Log) -> Steps:
    """The checkpoints of ours that the owner of that log cosigned: size, 0, and its time."""
    keys = () if log.head is None else log.head.keys.cosigner_keys()
    notes = [put.value for put in store.blobs(cosigned_prefix(own))]
    newest = store.blob(checkpoint_name(own))
    found: Steps = []
    for data in (*notes, *(() if newest is None else (newest,))):
        try:
            note = parse_note(data)
            stated = check_cosignatures(note, keys, verifier_of)
        except PartyError:
            continue  # what does not verify shows nothing
        size = parse_checkpoint(note.text).size
        found += [(size, 0, one.time_s * 1_000) for one in stated]
    return found


def _holding(
    row: StoredEntry, header: Header, party: PartyId, shown: tuple[Steps, Steps]
) -> Holding:
    named, cosigned = shown
    first = next((step for step in named if step[0] > row.seq), None)
    times = [ms for size, _, ms in cosigned if size > row.seq]
    said = None if row.body is None else entry_body.decode(header.type, row.body).body
    return Holding(
        party=party,
        seq=row.seq,
        kind=header.type,
        item=_object(said, header.type),
        version=getattr(said, "version", None),
        signed_at=_at(header.hlc.ms),
        named_at=None if first is None else _at(first[2]),
        named_by=None if first is None else first[1],
        cosigned_at=_at(min(times)) if times else None,
    )


def _object(said: object, kind: str) -> str:
    """The object that an entry is about, by kind and id; of what is not held, the kind alone."""
    if isinstance(said, SHARED_EVENTS):
        for name in _OBJECTS:
            held = getattr(said, name, None)
            if isinstance(held, str):
                return f"{name} {held}"
    return kind


def _at(ms: int) -> datetime:
    return from_us(ms * 1_000)
