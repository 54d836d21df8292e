"""Evidence of a fork: one file, typically under 1 KB, that convicts by itself.

Two kinds: two signed entries of one feed with the same number, or two signed checkpoints of one
feed with the same size and different roots. The file is a tag line, the signing key's 32 bytes,
then the two pieces, each behind its length as a big-endian uint16. It proves that the holder of
that key signed both; that the key is the party's is shown by the feed's key entries, or by the
fingerprint that a reader compared. Implements REC-058, REC-059.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import ORIGIN_PREFIX, check_checkpoint, log_key
from crosstell.core.record.entry import Entry, parse
from crosstell.core.record.note import Note, NoteKey, lines_of, parse_note
from crosstell.core.record.signing import PUBLIC_KEY_SIZE, VerifierOf, fingerprint
from crosstell.core.record.tree import LEAF_SIZE_MAX

FORK_SIZE_MAX = 2 * LEAF_SIZE_MAX + 100  # bytes


class ForkKind(StrEnum):
    """What was signed twice."""

    ENTRIES = "entries"
    CHECKPOINTS = "checkpoints"


_TAGS = {kind: f"crosstell/fork/v1 {kind}\n".encode() for kind in ForkKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A verified fork: the key with this fingerprint signed two different things at one place.

    `at` is the number of the entries, or the size of the checkpoints.
    """

    kind: ForkKind
    feed: FeedId
    at: int
    fingerprint: str
    evidence: bytes

    def statement(self) -> str:
        """What the evidence shows, in words."""
        place = f"entry {self.at}" if self.kind is ForkKind.ENTRIES else f"size {self.at}"
        return (
            f"The key with fingerprint {self.fingerprint} signed two different {self.kind} of feed "
            f"{self.feed} at {place}. Both branches are kept. This does not say which is right, "
            "nor whether the owner or a thief of the key signed."
        )


def entries_fork(first: Entry, second: Entry, public_key: bytes) -> bytes:
    """The evidence file for two entries of one number; both were signed by `public_key`."""
    return _print(ForkKind.ENTRIES, public_key, (first.leaf, second.leaf))


def checkpoints_fork(first: Note, second: Note, key: NoteKey) -> bytes:
    """The evidence file for two checkpoints of one size; only the log's own lines are kept."""
    pieces = [Note(text=n.text, signatures=lines_of(n, key)[:1]).print() for n in (first, second)]
    return _print(ForkKind.CHECKPOINTS, key.public_key, (pieces[0], pieces[1]))


def check_fork(data: bytes, verifier_of: VerifierOf) -> Fork:
    """The fork that `data` proves. Raises PartyError if it proves none."""
    kind, public_key, first, second = _parse(data)
    verifier = verifier_of(public_key)
    if kind is ForkKind.ENTRIES:
        one, two = parse(first), parse(second)
        one.check_signature(verifier)
        two.check_signature(verifier)
        places = {(e.header.feed, e.header.seq) for e in (one, two)}
        differ = one.hash != two.hash
        feed, at = one.header.feed, one.header.seq
    else:
        notes = (parse_note(first), parse_note(second))
        feed = FeedId(notes[0].text.partition("\n")[0].removeprefix(ORIGIN_PREFIX))
        key = _log_key(feed, public_key)
        points = [check_checkpoint(note, key, verifier_of) for note in notes]
        if any(len(note.signatures) != 1 for note in notes):
            raise _bad("holds more signatures than the log's own", data)
        places = {(feed, point.size) for point in points}
        differ = points[0].root != points[1].root
        at = points[0].size
    if len(places) != 1 or not differ:
        raise _bad("the two pieces are of different places, or the same; that is no fork", data)
    return Fork(kind=kind, feed=feed, at=at, fingerprint=fingerprint(public_key), evidence=data)


def _log_key(feed: FeedId, public_key: bytes) -> NoteKey:
    """The log key under a feed name that comes from outside."""
    try:
        return log_key(feed, public_key)
    except ValueError as fault:
        raise PartyError(f"fork evidence: {fault}") from None


def _print(kind: ForkKind, public_key: bytes, pieces: tuple[bytes, bytes]) -> bytes:
    """The file."""
    return (
        _TAGS[kind] + public_key + b"".join(len(p).to_bytes(2, "big") + p for p in sorted(pieces))
    )


def _parse(data: bytes) -> tuple[ForkKind, bytes, bytes, bytes]:
    """The kind, key and two pieces; PartyError unless printing them gives `data`."""
    kind = next((k for k, tag in _TAGS.items() if data.startswith(tag)), None)
    if kind is None or len(data) > FORK_SIZE_MAX:
        raise _bad("is no fork evidence of version 1", data)
    rest = data[len(_TAGS[kind]) :]
    public_key, rest = rest[:PUBLIC_KEY_SIZE], rest[PUBLIC_KEY_SIZE:]
    end = 2 + int.from_bytes(rest[:2], "big")
    first, second = rest[2:end], rest[end + 2 :]
    if len(public_key) != PUBLIC_KEY_SIZE or _print(kind, public_key, (first, second)) != data:
        raise _bad("is cut, or not written as fork evidence is", data)
    return kind, public_key, first, second


def _bad(why: str, data: bytes) -> PartyError:
    return PartyError(f"fork evidence: {why}", evidence=data[:FORK_SIZE_MAX])
