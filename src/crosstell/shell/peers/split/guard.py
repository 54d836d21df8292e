"""The guard: what may leave for a party, decided again from the bytes alone.

It knows the feeds of the protocol and whose they are, nothing else: no store, no key, no journal.
It looks at every part of a parcel and refuses the whole where one part is not surely meant for
that party. It runs on both sides: on the picture side before a frame is written, and on the
exchange side, in another process, before anything waits for the line. It guards against a fault
of ours, not against a picture side in other hands. Implements SPLIT-010 to SPLIT-016.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crosstell.codecs import entry_body
from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Row
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.record.checkpoint import ORIGIN_PREFIX, parse_checkpoint
from crosstell.core.record.cosignature import COSIGNER_PREFIX
from crosstell.core.record.entry import Body, Entry, check_body, parse
from crosstell.core.record.fork import check_fork
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.note import parse_note
from crosstell.core.state.events import SHARED_EVENTS
from crosstell.core.state.held import Unreadable
from crosstell.shell.signing import verifier_of

_SHARED = frozenset(tag_of(kind) for kind in SHARED_EVENTS) | KEY_TYPES


class Held(Exception):
    """The parcel may not leave; the text names places and kinds, never contents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Whose feeds take part, and which is ours.

    `former` are the feeds in which a party spoke before it resumed in another: it is the same
    party, and what was said to it there may go to it still. Implements SPLIT-017.
    """

    own: FeedId
    feeds: Mapping[FeedId, PartyId]
    former: Mapping[FeedId, PartyId] = field(default_factory=dict)

    @property
    def _known(self) -> frozenset[FeedId]:
        return frozenset((*self.feeds, *self.former))

    def check(self, to: PartyId, data: bytes) -> None:
        """Raise Held unless every byte of the parcel may leave for that party."""
        try:
            parcel = parcels.decode(data)
        except PartyError as fault:
            raise Held("it is no parcel") from fault
        theirs = next((feed for feed, party in self.feeds.items() if party == to), None)
        if theirs is None or theirs == self.own:
            raise Held(f"{to} is no counterpart")
        if parcel.sender != self.own:
            raise Held("it is not of our own feed")
        if not {feed for feed, _ in parcel.have} <= set(self.feeds):
            raise Held("it tells the size of a feed that is not of this protocol")
        for number, row in enumerate(parcel.rows):
            self._check_row(number, row, theirs)
        for number, note in enumerate(parcel.notes):
            self._check_note(number, note)
        for number, fork in enumerate(parcel.forks):
            self._check_fork(number, fork)

    def _check_row(self, number: int, row: Row, theirs: FeedId) -> None:
        """One entry: of our feed or of theirs, of a kind that is shared, its body for them."""
        try:
            entry = parse(row.leaf)
        except PartyError as fault:
            raise Held(f"row {number} is no entry") from fault
        header = entry.header
        if header.feed not in (self.own, theirs):
            raise Held(f"row {number} is of a feed that is neither ours nor theirs")
        named = {*header.to, *(head.feed for head in header.heads)}
        if not named <= self._known:
            raise Held(f"row {number} names a feed that is not of this protocol")
        if header.feed == self.own and header.type not in _SHARED:
            raise Held(f"row {number} is of a kind that stays at home, or of none that is known")
        if row.salt is not None and row.body is not None:
            self._check_body(number, entry, Body(salt=row.salt, content=row.body), theirs)

    def _check_body(self, number: int, entry: Entry, body: Body, theirs: FeedId) -> None:
        """A body goes to its audience, and back to its author; key entries are public."""
        header = entry.header
        try:
            check_body(entry, body)
        except PartyError as fault:
            raise Held(f"row {number}: the body is not the one that was signed") from fault
        if header.feed == theirs:
            return
        public = header.type in KEY_TYPES or not header.to
        party = self.feeds[theirs]
        former = {feed for feed, owner in self.former.items() if owner == party}
        if not public and not {theirs, *former} & set(header.to):
            raise Held(f"row {number}: the body of this {header.type} is not for them")
        if header.type in KEY_TYPES:
            return
        said = entry_body.decode(header.type, body.content)
        if isinstance(said.body, Unreadable):
            raise Held(f"row {number}: the body of this {header.type} does not fit its kind")
        released = getattr(said.body, "releasable_to", None)
        if released is not None and party not in released:
            raise Held(f"row {number}: this {header.type} is not releasable to them")

    def _check_note(self, number: int, note: bytes) -> None:
        """A checkpoint of a feed of the protocol, signed by parties to it alone."""
        try:
            found = parse_note(note)
            origin = parse_checkpoint(found.text).origin
        except PartyError as fault:
            raise Held(f"note {number} is no checkpoint") from fault
        names = {origin, *(line.name for line in found.signatures)}
        known = {
            prefix + feed for feed in self._known for prefix in (ORIGIN_PREFIX, COSIGNER_PREFIX)
        }
        if not names <= known:
            raise Held(f"note {number} names a feed that is not of this protocol")

    def _check_fork(self, number: int, evidence: bytes) -> None:
        """Evidence that proves itself, about a feed of the protocol."""
        try:
            fork = check_fork(evidence, verifier_of)
        except PartyError as fault:
            raise Held(f"fork evidence {number} proves nothing") from fault
        if fork.feed not in self._known:
            raise Held(f"fork evidence {number} is about a feed that is not of this protocol")
