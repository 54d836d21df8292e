"""Signed checkpoints: our own, the other parties', and who cosigned which and when.

We cosign what we have verified ourselves and never a smaller tree after a larger one. What
others cosigned of ours is kept at every size, since the times that they claim stand on it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.instant import to_us
from crosstell.core.record.checkpoint import (
    Checkpoint,
    check_checkpoint,
    origin_of,
    parse_checkpoint,
    sign_checkpoint,
)
from crosstell.core.record.cosignature import (
    COSIGNER_PREFIX,
    check_cosignatures,
    cosign,
    cosigner_key,
)
from crosstell.core.record.cosignature import Cosigned as Seen
from crosstell.core.record.feed import FeedHead
from crosstell.core.record.fork import checkpoints_fork
from crosstell.core.record.note import Note, NoteKey, SignatureLine, lines_of, parse_note
from crosstell.core.record.signing import fingerprint
from crosstell.shell.founding import Keys
from crosstell.shell.log import Log
from crosstell.shell.peers.alarms import Alarm, AlarmKind, Contradicted
from crosstell.shell.peers.withheld import Cosigned
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Put, Store
from crosstell.shell.store.names import checkpoint_name, cosigned_name, cosigned_prefix, fork_name

LATEST_LOOKED_AT = 16  # of our own cosigned checkpoints, at a start


@dataclass(slots=True)
class Notes:
    """The newest checkpoint held of each feed, and what is on its way to whom."""

    own: FeedId
    keys: Keys
    logs: Mapping[FeedId, Log] = field(default_factory=dict)
    newest: dict[FeedId, Note] = field(default_factory=dict)
    cosigned: dict[FeedId, Cosigned] = field(default_factory=dict)
    forked: Callable[[FeedId], bool] = lambda _feed: False  # whether the store has evidence of it
    stored: Callable[[str], bytes | None] = lambda _name: None

    def load(self, store: Store) -> tuple[Alarm, ...]:
        """The newest notes are those that the store holds; an alarm tells of one set aside.

        Nothing that others wrote into a note keeps the node from its start. Implements NOD-525.
        """
        self.forked = lambda feed: any(store.blobs(fork_name(feed, "")))
        self.stored = store.blob
        alarms: list[Alarm] = []
        for feed in self.logs:
            held = store.blob(checkpoint_name(feed))
            note = None if held is None else self._read(feed, held, alarms)
            if note is not None:
                self.newest[feed] = note
        for put in store.blobs(cosigned_prefix(self.own))[-LATEST_LOOKED_AT:]:
            self._read(self.own, put.value, alarms)
        return tuple(alarms)

    def _read(self, feed: FeedId, held: bytes, alarms: list[Alarm]) -> Note | None:
        """A stored note; of our own feed, who cosigned it is known then. None if it is set aside:
        the next checkpoint takes its place.
        """
        try:
            note = parse_note(held)
            if feed == self.own:
                self._learn(check_cosignatures(note, self._cosigners(), verifier_of))
        except PartyError as fault:
            text = f"a stored checkpoint is set aside: {fault}. The next takes its place"
            alarms.append(Alarm(feed=feed, text=text, kind=AlarmKind.RECORD))
            return None
        return note

    def cosigned_by(self, peer: FeedId) -> Cosigned | None:
        """How much of our own feed that peer has cosigned, and when."""
        return self.cosigned.get(peer)

    def _learn(self, found: tuple[Seen, ...]) -> None:
        """The largest of each cosigner is known."""
        for one in found:
            feed = FeedId(one.key.name.removeprefix(COSIGNER_PREFIX))
            held = self.cosigned.get(feed)
            if held is None or held.size < one.checkpoint.size:
                self.cosigned[feed] = Cosigned(size=one.checkpoint.size, time_s=one.time_s)

    def sign_own(self) -> tuple[Put, ...]:
        """Our feed's checkpoint covers everything durable; nothing to put if it did."""
        head = self.logs[self.own].head
        assert head is not None, "a node's own feed is founded"
        held = self.newest.get(self.own)
        if held is not None and parse_checkpoint(held.text).size == head.size:
            return ()
        note = sign_checkpoint(head.checkpoint(), self.keys.online)
        self.newest[self.own] = note
        return (Put(name=checkpoint_name(self.own), value=note.print()),)

    def take(self, data: bytes, now: datetime) -> tuple[Put, ...]:
        """A note that a peer sent is verified, kept, and cosigned if it is of its own feed.

        One that says nothing new was verified when it came first, and is held. Raises PartyError
        for a note that does not verify or contradicts the feed as we hold it. Implements RUN-523.
        """
        note = parse_note(data)
        checkpoint = parse_checkpoint(note.text)
        for feed, log in self.logs.items():
            if checkpoint.origin != origin_of(feed) or log.head is None:
                continue
            if self._says_nothing_new(feed, note, checkpoint):
                return ()
            held_root = log.root_at(checkpoint.size)
            if held_root is None:
                return ()  # beyond what we hold, its key perhaps too: it comes with the entries
            line = _signed(note, log.head.keys.log_keys_at(checkpoint.size))
            if held_root != checkpoint.root:
                return self._contradicted(feed, log.head, note, checkpoint)
            if feed == self.own:
                return self._cosigned_by_others(note, line, checkpoint)
            return self._cosign(feed, Note(text=note.text, signatures=(line,)), checkpoint, now)
        return ()

    def _says_nothing_new(self, feed: FeedId, note: Note, checkpoint: Checkpoint) -> bool:
        """Whether it is our newest of that feed, with no line that we look at and do not have."""
        held = self.newest.get(feed)
        if held is None or held.text != note.text:
            return False
        author = None if feed == self.own else checkpoint.origin  # others' lines say nothing to us
        told = [line for line in note.signatures if author in (None, line.name)]
        return bool(told) and all(line in held.signatures for line in told)

    def outgoing(self, peer: FeedId) -> tuple[bytes, ...]:
        """Our own newest checkpoint, and the peer's as we cosigned it."""
        notes = (self.newest.get(self.own), self.newest.get(peer))
        return tuple(note.print() for note in notes if note is not None)

    def lacks(self, peer: FeedId) -> bool:
        """Whether our own newest checkpoint is not yet cosigned by that peer, as far as we know."""
        own = self.newest.get(self.own)
        return own is not None and not _has_line_of(own, peer)

    def is_asked(self, peer: FeedId, notes: tuple[bytes, ...]) -> bool:
        """Whether the peer sent the checkpoint that we cosigned last without our line: send it."""
        ours = self.newest.get(peer)
        if ours is None or not _has_line_of(ours, self.own):
            return False
        text, line = ours.text.encode("utf-8"), (COSIGNER_PREFIX + self.own).encode("ascii")
        return any(data.startswith(text) and line not in data for data in notes)

    def _cosign(
        self, feed: FeedId, note: Note, checkpoint: Checkpoint, now: datetime
    ) -> tuple[Put, ...]:
        newest = self.newest.get(feed)
        if newest is not None and parse_checkpoint(newest.text).size >= checkpoint.size:
            return ()
        name = cosigner_key(self.own, self.keys.cosigning.public_key()).name
        time_s = to_us(now) // 1_000_000
        line = cosign(checkpoint, name=name, signer=self.keys.cosigning, time_s=time_s)
        ours = note.with_signature(line)
        self.newest[feed] = ours
        return (
            Put(name=checkpoint_name(feed), value=ours.print()),
            Put(name=cosigned_name(feed, checkpoint.size), value=ours.print()),
        )

    def _cosigned_by_others(
        self, note: Note, own: SignatureLine, checkpoint: Checkpoint
    ) -> tuple[Put, ...]:
        """The cosignatures on our own checkpoint, kept with those we had at that size.

        One line of each party that verifies, and nothing else of what stood there: a line by a key
        that is not known yet would be looked at once it is. Implements NOD-525.
        """
        keys = self._cosigners()
        found = check_cosignatures(note, keys, verifier_of)
        if not found:
            return ()
        self._learn(found)
        newest = self.newest.get(self.own)
        current = newest is not None and newest.text == note.text
        before = newest if current else self._stored_at(checkpoint.size, note.text)
        held = (own,) if before is None else before.signatures
        counting = {(key.name, key.id) for key in keys}
        lines = {line.name: line for line in held[1:] if (line.name, line.key_id) in counting}
        for one in found:
            lines.setdefault(one.key.name, lines_of(note, one.key)[0])
        kept = Note(text=note.text, signatures=(held[0], *lines.values()))
        puts = [Put(name=cosigned_name(self.own, checkpoint.size), value=kept.print())]
        if current:
            self.newest[self.own] = kept
            puts.append(Put(name=checkpoint_name(self.own), value=kept.print()))
        return tuple(puts)

    def _stored_at(self, size: int, text: str) -> Note | None:
        """Our checkpoint of that size as others cosigned it before; None if it does not verify."""
        data = self.stored(cosigned_name(self.own, size))
        try:
            note = None if data is None else parse_note(data)
            if note is None or note.text != text:
                return None
            check_cosignatures(note, self._cosigners(), verifier_of)
        except PartyError:
            return None
        return note

    def _cosigners(self) -> tuple[NoteKey, ...]:
        """The keys by which others cosign; one that two of them name counts for the first."""
        others = [log.head for feed, log in self.logs.items() if feed != self.own and log.head]
        found: dict[bytes, NoteKey] = {}
        for key in (key for head in others for key in head.keys.cosigner_keys()):
            found.setdefault(key.public_key, key)
        return tuple(found.values())

    def _contradicted(
        self, feed: FeedId, head: FeedHead, note: Note, checkpoint: Checkpoint
    ) -> tuple[Put, ...]:
        """Two trees of one size under one key: evidence, if we hold the other checkpoint."""
        newest = self.newest.get(feed)
        if newest is None or parse_checkpoint(newest.text).size != checkpoint.size:
            raise Contradicted(
                f"a checkpoint of feed {feed} at size {checkpoint.size} has another root than the "
                "entries we hold; ask its author for its entries and compare",
                evidence=note.print(),
            )
        if self.forked(feed):
            return ()  # the first evidence stands for it
        evidence = checkpoints_fork(newest, note, head.keys.log_key_at(checkpoint.size))
        return (Put(name=fork_name(feed, fingerprint(evidence)), value=evidence),)


def _signed(note: Note, keys: tuple[NoteKey, ...]) -> SignatureLine:
    """The line of the first of the keys that signed it; PartyError unless one of them did."""
    *others, last = keys
    for key in others:
        try:
            check_checkpoint(note, key, verifier_of)
        except PartyError:
            continue
        return lines_of(note, key)[0]
    check_checkpoint(note, last, verifier_of)
    return lines_of(note, last)[0]


def _has_line_of(note: Note, cosigner: FeedId) -> bool:
    return any(line.name == COSIGNER_PREFIX + cosigner for line in note.signatures)
