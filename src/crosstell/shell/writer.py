"""The one writer: it alone gives numbers, previous hashes, heads and salts, signs, and in order.

And what it writes into: a batch in the making, of which nothing is told before it is durable.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.core.errors import Duplicate, Fatal, Refused
from crosstell.core.ids import EntryRef, FeedId, PartyId
from crosstell.core.instant import format_instant, from_us, to_us
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.outgoing import Outgoing
from crosstell.core.mechanism.release import Home
from crosstell.core.record.entry import AHEAD_MS_MAX, SALT_SIZE, Body, Entry, Head, seal
from crosstell.core.record.feed import FeedHead
from crosstell.core.record.signing import Signer
from crosstell.core.state.held import Held
from crosstell.core.state.state import State
from crosstell.shell.log import Log
from crosstell.shell.store.contract import Put, StoredEntry

# A clock that falls further behind what it signed stops the signing. What it signed may itself run
# ahead of the wall by as much as another party's clock may carry it.
GRAIN_S = 0.001  # of an entry's time; what is decided and what is signed have one `now`
CLOCK_BACK_MS_MAX = AHEAD_MS_MAX + 5_000
Draw = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An event that has become an entry: as it is stored, and as the core sees it."""

    row: StoredEntry
    held: Held


@dataclass(slots=True)
class Part:
    """What one input of a batch gives."""

    effects: list[Effect] = field(default_factory=list)
    recorded: list[EntryRef] = field(default_factory=list)
    no: Refused | Duplicate | None = None
    fault: str | None = None


@dataclass(slots=True)
class Work:
    """One batch in the making: what will be durable together, and what each input gives.

    `late` holds bodies that came whose entries were held without them.
    """

    state: State
    rows: list[StoredEntry] = field(default_factory=list)
    puts: list[Put] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    late: list[StoredEntry] = field(default_factory=list)

    @property
    def part(self) -> Part:
        """What the input that is worked on gives."""
        return self.parts[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Seals events of one party into its feed and its journal."""

    signer: Signer
    feeds: Mapping[PartyId, FeedId]
    own: FeedId
    draw: Draw

    def seal(
        self, outgoing: Outgoing, log: Log, others: tuple[FeedHead, ...], now: datetime
    ) -> Sealed:
        """The event as the next entry of `log`, which is one longer. Raises Fatal, see `check`."""
        assert log.head is not None, "a log is founded before anything is written to it"
        self.check_clock(log.head, now)
        content = entry_body.encode(outgoing.body, outgoing.by)
        body = Body(salt=self.draw(SALT_SIZE), content=content)
        header = log.head.next_header(
            kind=entry_body.kind_of(outgoing.body),
            body=body.commitment(),
            hlc=log.head.hlc.next(
                wall_ms=to_us(now) // 1_000, seen=tuple(other.hlc for other in others)
            ),
            heads=() if isinstance(outgoing.to, Home) else _news(log.head, others),
            to=self._to(outgoing),
        )
        entry = seal(header, self.signer)
        log.put(grown(log.head, entry), header)
        row = StoredEntry(
            feed=header.feed,
            seq=header.seq,
            leaf=entry.leaf,
            salt=body.salt,
            body=body.content,
        )
        return Sealed(row=row, held=self._held(outgoing, entry))

    def check_clock(self, head: FeedHead, now: datetime) -> None:
        """Raise Fatal if `now` lies too far before the last entry: the clock ran back."""
        behind_ms = head.hlc.ms - to_us(now) // 1_000
        if behind_ms > CLOCK_BACK_MS_MAX:
            last = format_instant(from_us(head.hlc.ms * 1_000))
            raise Fatal(
                f"the clock shows {format_instant(now)}, but entry {head.size - 1} of {head.feed} "
                f"was signed at {last}; nothing is signed until the clock is right"
            )

    def _to(self, outgoing: Outgoing) -> tuple[FeedId, ...]:
        """The header's audience. An empty one would mean everybody, so nobody else is ourselves."""
        if isinstance(outgoing.to, Home) or not outgoing.to.audience:
            return (self.own,)
        return tuple(sorted(self.feeds[party] for party in outgoing.to.audience))

    def _held(self, outgoing: Outgoing, entry: Entry) -> Held:
        audience = () if isinstance(outgoing.to, Home) else outgoing.to.audience
        return Held(
            ref=entry.ref,
            kind=entry.header.type,
            at=from_us(entry.header.hlc.ms * 1_000),
            audience=audience,
            by=outgoing.by,
            body=outgoing.body,
            seen=tuple((head.feed, head.size) for head in entry.header.heads),
        )


def grown(head: FeedHead, entry: Entry) -> FeedHead:
    """`head` with our own entry, whose signature we have just made."""
    heads = {seen.feed: seen for seen in (*head.heads, *entry.header.heads)}
    return FeedHead(
        keys=head.keys,
        tree=head.tree.append(entry.hash),
        last_hash=entry.hash.hex(),
        hlc=entry.header.hlc,
        heads=tuple(heads[feed] for feed in sorted(heads)),
    )


def _news(own: FeedHead, others: tuple[FeedHead, ...]) -> tuple[Head, ...]:
    """What we hold of the other feeds, where it is more than our last entry said."""
    said = {head.feed: head.size for head in own.heads}
    return tuple(other.as_head() for other in others if other.size > said.get(other.feed, 0))


def in_grain(now: datetime) -> datetime:
    """`now` to the millisecond of the entries that are signed at it, never later than it was.

    Were it finer, an entry would be signed before the instant that it is due at.
    """
    return from_us(to_us(now) // 1_000 * 1_000)
