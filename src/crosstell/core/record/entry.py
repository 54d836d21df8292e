"""One entry of a feed: a 64-byte signature, then the header in JCS-int. Bodies stay outside.

The signature is Ed25519 over `ENTRY_TAG || header`. The body is committed to as
`SHA-256("body\\0" || salt || body)` with a random 16-byte salt, so that a low-entropy body cannot
be guessed from its entry, and can be erased while the entry stays. An entry's hash, in `prev`, in
`EntryRef.hash` and in the tree, is always the RFC 6962 leaf hash of its bytes.
Times are hybrid logical clocks: milliseconds since 1970-01-01T00:00:00Z by the author's claim,
then a counter. Implements REC-003 to REC-009.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from crosstell.core.errors import PartyError
from crosstell.core.ids import EntryRef, FeedId, check_id
from crosstell.core.instant import format_instant, from_us
from crosstell.core.record import canonical
from crosstell.core.record.signing import (
    SIGNATURE_SIZE,
    Signer,
    Verifier,
    check_hash,
)
from crosstell.core.record.tree import LEAF_SIZE_MAX, leaf_hash

VERSION = 1
ENTRY_TAG = b"crosstell/entry/v1\x00"
BODY_TAG = b"body\x00"
SALT_SIZE = 16
HEADS_MAX = 64
AUDIENCE_MAX = 64
AHEAD_MS_MAX = 60_000  # ms; a clock further ahead is wrong, not fast
CALENDAR_MS = 253_402_300_800_000  # 10000-01-01T00:00:00Z, the first that has no calendar text
NO_PREVIOUS = ""  # `prev` of entry 0
_NAMES = ("v", "feed", "seq", "prev", "hlc", "heads", "type", "to", "body")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class HybridTime:
    """A hybrid logical clock: the author's wall milliseconds, then a counter. A claim, no proof."""

    ms: int
    counter: int = 0

    def __post_init__(self) -> None:
        """Refuse what JCS-int cannot hold."""
        for name, value in (("ms", self.ms), ("counter", self.counter)):
            if not 0 <= value < canonical.INTEGER_LIMIT:
                raise ValueError(f"hybrid time: {name} {value} is outside 0 to 2**53 - 1")

    def next(self, *, wall_ms: int, seen: Sequence[Self] = ()) -> "HybridTime":
        """The time of the next entry: after this one and all `seen`, at the wall if it is later.

        A time seen that is more than `AHEAD_MS_MAX` past our wall is left aside: one wrong clock
        must not carry every other party's into the future.
        """
        near = [time for time in seen if time.ms <= wall_ms + AHEAD_MS_MAX]
        latest = max([self, *near])
        if wall_ms > latest.ms:
            return HybridTime(ms=wall_ms)
        return HybridTime(ms=latest.ms, counter=latest.counter + 1)


def utc(time_ms: int) -> str:
    """POSIX milliseconds as a UTC time; as a number where no calendar reaches."""
    if time_ms >= CALENDAR_MS:
        return f"{time_ms} ms after 1970-01-01T00:00:00Z"
    return format_instant(from_us(1000 * time_ms))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Head:
    """What an author holds of another feed: its size (at least 1) and its root, in hex."""

    feed: FeedId
    size: int
    root: str

    def __post_init__(self) -> None:
        """Refuse an empty tree and a root that is no hash."""
        check_id(self.feed, what="head feed")
        check_hash(self.root, what=f"head of {self.feed}")
        if not 0 < self.size < canonical.INTEGER_LIMIT:
            raise ValueError(f"head of {self.feed}: size {self.size}; leave an empty feed out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What an entry says in the open: place, time, other feeds held, kind, audience, commitment.

    `heads` are sorted by feed, at most one each; `to` holds sorted names of feeds, and empty means
    every party to the protocol; `prev` is empty for entry 0 alone.
    """

    feed: FeedId
    seq: int
    prev: str
    hlc: HybridTime
    type: str
    body: str
    heads: tuple[Head, ...] = ()
    to: tuple[FeedId, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a header that no verifier would accept."""
        where = f"entry {self.seq} of feed {self.feed}"
        check_id(self.feed, what="feed")
        check_id(self.type, what=f"{where}: type")
        check_hash(self.body, what=f"{where}: body")
        if not 0 <= self.seq < canonical.INTEGER_LIMIT:
            raise ValueError(f"{where}: entries are numbered from 0 to 2**53 - 1")
        if self.seq > 0:
            check_hash(self.prev, what=f"{where}: prev")
        elif self.prev != NO_PREVIOUS:
            raise ValueError(f"{where}: entry 0 has no previous entry; leave prev empty")
        names = [head.feed for head in self.heads]
        if names != sorted(set(names)) or len(names) > HEADS_MAX or self.feed in names:
            raise ValueError(
                f"{where}: heads must be of other feeds, sorted, one each, at most {HEADS_MAX}"
            )
        if list(self.to) != sorted(set(self.to)) or len(self.to) > AUDIENCE_MAX:
            raise ValueError(f"{where}: audience must be sorted, once each, at most {AUDIENCE_MAX}")
        for name in self.to:
            check_id(name, what=f"{where}: audience")

    def encode(self) -> bytes:
        """The canonical bytes that are signed behind the tag.

        Ids, hashes and numbers were checked: none has a character that JSON writes otherwise, so
        the form is written as it is. A test holds it to the encoder.
        """
        heads = ",".join(f'"{one.feed}":[{one.size},"{one.root}"]' for one in self.heads)
        to = ",".join(f'"{feed}"' for feed in self.to)
        return (
            f'{{"body":"{self.body}","feed":"{self.feed}","heads":{{{heads}}},'
            f'"hlc":[{self.hlc.ms},{self.hlc.counter}],"prev":"{self.prev}","seq":{self.seq},'
            f'"to":[{to}],"type":"{self.type}","v":{VERSION}}}'
        ).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A leaf taken apart. Holding one says nothing about its signature: see `check_signature`."""

    header: Header
    signature: bytes
    leaf: bytes
    hash: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Derive the leaf hash."""
        object.__setattr__(self, "hash", leaf_hash(self.leaf))

    @property
    def ref(self) -> EntryRef:
        """The name of this entry in other entries: feed, number, leaf hash."""
        return EntryRef(feed=self.header.feed, seq=self.header.seq, hash=self.hash.hex())

    @property
    def place(self) -> str:
        """The words by which messages name this entry."""
        return f"entry {self.header.seq} of feed {self.header.feed}"

    def check_signature(self, verifier: Verifier) -> None:
        """Raise PartyError unless the signature over the header is by this key."""
        if not verifier.verify(ENTRY_TAG + self.leaf[SIGNATURE_SIZE:], self.signature):
            raise PartyError(
                f"{self.place}: the signature is not by the key valid there; it is forged or a "
                "byte was changed; ask its author for the entry again",
                evidence=self.leaf,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body with its salt, as it travels to its audience beside the entry."""

    salt: bytes
    content: bytes

    def __post_init__(self) -> None:
        """Refuse a salt of another size: its length is not in the commitment."""
        if len(self.salt) != SALT_SIZE:
            raise ValueError(f"body: the salt has {len(self.salt)} bytes, not {SALT_SIZE}")

    def commitment(self) -> str:
        """`SHA-256("body\\0" || salt || content)` in hex: what the header states."""
        return hashlib.sha256(BODY_TAG + self.salt + self.content).hexdigest()


def check_body(entry: Entry, body: Body) -> None:
    """Raise PartyError unless `body` is the one the entry commits to."""
    if body.commitment() != entry.header.body:
        raise PartyError(
            f"{entry.place}: the body is not the one it commits to; ask its author for it again",
            evidence=body.salt + body.content[: canonical.EVIDENCE_MAX],
        )


def seal(header: Header, signer: Signer) -> Entry:
    """The signed entry of `header`; its `leaf` is what is stored and sent."""
    data = header.encode()
    signature = signer.sign(ENTRY_TAG + data)
    assert len(signature) == SIGNATURE_SIZE, "a signer gave a signature of another size"
    if SIGNATURE_SIZE + len(data) > LEAF_SIZE_MAX:
        raise ValueError(
            f"entry {header.seq} of feed {header.feed}: the header has {len(data)} bytes, too many "
            "for a tile bundle; name fewer heads or recipients"
        )
    return Entry(header=header, signature=signature, leaf=signature + data)


def parse(leaf: bytes) -> Entry:
    """The entry in `leaf`, its signature not yet checked. Raises PartyError for other bytes."""
    if not SIGNATURE_SIZE < len(leaf) <= LEAF_SIZE_MAX:
        raise PartyError(
            f"entry: a leaf of {len(leaf)} bytes; it has {SIGNATURE_SIZE + 1} to {LEAF_SIZE_MAX}",
            evidence=leaf[: canonical.EVIDENCE_MAX],
        )
    header = _plain_header(leaf) or _any_header(leaf)
    return Entry(header=header, signature=leaf[:SIGNATURE_SIZE], leaf=leaf)


# What nearly every header looks like, to the byte: where this fits, it is canonical by its form.
_HASH, _WORD, _NUMBER = "[0-9a-f]{64}", "[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", "[1-9][0-9]{0,14}"
_PLAIN = re.compile(
    rf'{{"body":"({_HASH})","feed":"({_WORD})",'
    rf'"heads":{{(?:"({_WORD})":\[({_NUMBER}),"({_HASH})"\])?}},'
    rf'"hlc":\[({_NUMBER}),(0|{_NUMBER})\],"prev":"({_HASH})","seq":({_NUMBER}),'
    rf'"to":\[(?:"({_WORD})")?\],"type":"({_WORD})","v":{VERSION}}}'
)


def _plain_header(leaf: bytes) -> Header | None:
    """The header in `leaf`, if it has the usual form; None says nothing about it.

    It is what canonical JSON would give, in a third of the time. Two parties must not differ about
    any bytes, so a test holds the two ways of reading to each other.
    """
    found = _PLAIN.fullmatch(leaf[SIGNATURE_SIZE:].decode("ascii", errors="replace"))
    if found is None:
        return None
    body, feed, other, size, root, ms, counter, prev, seq, to, kind = found.groups()
    if other == feed:
        return None
    return Header(
        feed=FeedId(feed),
        seq=int(seq),
        prev=prev,
        hlc=HybridTime(ms=int(ms), counter=int(counter)),
        heads=() if other is None else (Head(feed=FeedId(other), size=int(size), root=root),),
        type=kind,
        to=() if to is None else (FeedId(to),),
        body=body,
    )


def _any_header(leaf: bytes) -> Header:
    """The header in `leaf`, by the rules; PartyError where it has none."""
    value = canonical.decode(leaf[SIGNATURE_SIZE:], what="entry header")
    try:
        return _header(value)
    except (ValueError, PartyError) as fault:
        raise PartyError(f"entry header: {fault}", evidence=leaf) from None


def _header(value: canonical.Json) -> Header:
    """The header in a decoded document; ValueError or PartyError says what is wrong."""
    found = canonical.fields(value, _NAMES, what="header")
    if found["v"] != VERSION:
        raise PartyError(f"format version {found['v']!r}; this reader knows {VERSION}, update it")
    hlc = canonical.array(found["hlc"], what="hlc", length_max=2, length=2)
    to = canonical.array(found["to"], what="to", length_max=AUDIENCE_MAX)
    return Header(
        feed=FeedId(canonical.string(found["feed"], what="feed")),
        seq=canonical.integer(found["seq"], what="seq"),
        prev=canonical.string(found["prev"], what="prev"),
        hlc=HybridTime(
            ms=canonical.integer(hlc[0], what="hlc ms"),
            counter=canonical.integer(hlc[1], what="hlc counter"),
        ),
        heads=_heads(found["heads"]),
        type=canonical.string(found["type"], what="type"),
        to=tuple(FeedId(canonical.string(name, what="to")) for name in to),
        body=canonical.string(found["body"], what="body"),
    )


def _heads(value: canonical.Json) -> tuple[Head, ...]:
    """The heads in a decoded document, sorted by feed as canonical keys are."""
    if not isinstance(value, dict):
        raise PartyError("heads must be an object of feed to [size, root]")
    heads = []
    for feed, pair in value.items():
        size, root = canonical.array(pair, what=f"head of {feed}", length_max=2, length=2)
        heads.append(
            Head(
                feed=FeedId(feed),
                size=canonical.integer(size, what=f"head of {feed}: size", least=1),
                root=canonical.string(root, what=f"head of {feed}: root"),
            )
        )
    return tuple(heads)
