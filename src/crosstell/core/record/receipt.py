"""A receipt: one file under 8 KB that shows, alone, that B held A's call before B's next entry.

It holds A's entry m with its path to the root that B named in `heads` of its entry n; B's entry n
with its path to a checkpoint of B with B's signature and any cosignatures; and the key entries of
all who signed. `check_receipt` gives statements, each with what it rests on, and what the receipt
cannot say: never an absence, never a minute. Keys are trusted only as far as the reader compared
the root fingerprints out of band. Implements REC-060 to REC-067.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import EntryRef, FeedId
from crosstell.core.record import canonical
from crosstell.core.record.checkpoint import check_checkpoint, parse_checkpoint
from crosstell.core.record.cosignature import (
    Bracket,
    Cosigned,
    TimeClaim,
    bracket,
    check_cosignatures,
)
from crosstell.core.record.entry import SALT_SIZE, Body, Entry, Head, check_body, parse, utc
from crosstell.core.record.keys import KEY_TYPES, FeedKeys, admit
from crosstell.core.record.note import Note, parse_note
from crosstell.core.record.signing import VerifierOf, fingerprint, from_base64, to_base64
from crosstell.core.record.tree import HASH_SIZE, check_inclusion

RECEIPT_SIZE_MAX = 8_192  # bytes
PATH_MAX = 53  # hashes; a tree has fewer than 2**53 leaves
TRAIL_MAX = 16  # key entries of one feed
COSIGNERS_MAX = 8  # other parties than A and B
_KIND = "crosstell/receipt/v1"
_NAMES = ("kind", "call", "body", "held", "next", "listed", "checkpoint", "keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTrail:
    """A feed's key entries with their public bodies, from the founding on, in order."""

    entries: tuple[tuple[bytes, Body], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The parts of a receipt. `call` is A's leaf m, `next_entry` B's leaf n.

    `call_body` is A's to disclose, or not. `trails` begins with A's and B's; cosigners other than
    A follow. Every signature on `checkpoint` must be by one of them.
    """

    call: bytes
    call_body: Body | None
    held_path: tuple[bytes, ...]
    next_entry: bytes
    listed_path: tuple[bytes, ...]
    checkpoint: Note
    trails: tuple[KeyTrail, ...]

    def encode(self) -> bytes:
        """The file. Raises CallerError if it would not stay under 8 KB."""
        body = self.call_body
        data = canonical.encode(
            {
                "kind": _KIND,
                "call": to_base64(self.call),
                "body": [] if body is None else [to_base64(body.salt), to_base64(body.content)],
                "held": [to_base64(step) for step in self.held_path],
                "next": to_base64(self.next_entry),
                "listed": [to_base64(step) for step in self.listed_path],
                "checkpoint": self.checkpoint.print().decode("utf-8"),
                "keys": [
                    [
                        [to_base64(leaf), to_base64(part.salt), to_base64(part.content)]
                        for leaf, part in trail.entries
                    ]
                    for trail in self.trails
                ],
            }
        )
        if len(data) >= RECEIPT_SIZE_MAX:
            raise CallerError(
                f"receipt: {len(data)} bytes, over the {RECEIPT_SIZE_MAX} limit; leave out the "
                "body, or cosigners other than the two parties"
            )
        return data


class Clock(StrEnum):
    """Whose clock a statement rests on."""

    NONE = "none"
    AUTHOR = "author"
    COSIGNER = "cosigner"


class Compared(StrEnum):
    """Whether the reader says that a root fingerprint was compared out of band."""

    COMPARED = "compared"
    NOT_COMPARED = "not-compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that the receipt shows, in words, with all that it rests on."""

    text: str
    rests_on: tuple[str, ...]
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShown:
    """A feed in the receipt, the fingerprint of its root key, and whether it was compared."""

    feed: FeedId
    fingerprint: str
    compared: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verified receipt says, and what it cannot say."""

    call: EntryRef
    next_entry: EntryRef
    statements: tuple[Statement, ...]
    cannot_say: tuple[str, ...]
    keys: tuple[KeyShown, ...]
    next_bracket: Bracket


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """The parts of a receipt whose signatures, paths and keys all hold."""

    call: Entry
    next_entry: Entry
    head: Head
    size: int
    keys: tuple[FeedKeys, ...]
    cosigned: tuple[Cosigned, ...]
    shown: Body | None


CANNOT_SAY = (
    "That a person read the call, or when: holding is what the other node states of itself.",
    "That anything was not received, not sent or does not exist: an absence is never proved.",
    "The minute at which anything happened: only an order, and a bracket by the clocks named.",
    "Whether a key was revoked after the key entries shown here.",
    "Whose the keys are, beyond the root fingerprints that you compared yourself out of band.",
)


def parse_receipt(data: bytes) -> Receipt:
    """The parts of a receipt, nothing verified. Raises PartyError for other bytes."""
    value = canonical.decode(data, size_max=RECEIPT_SIZE_MAX - 1, what="receipt")
    found = canonical.fields(value, _NAMES, what="receipt")
    if found["kind"] != _KIND:
        raise PartyError(f"receipt: kind {found['kind']!r}, but this reader knows {_KIND}")
    trails = canonical.array(found["keys"], what="keys", length_max=2 + COSIGNERS_MAX)
    if len(trails) < 2:
        raise PartyError("receipt: the key entries of both parties must be in it")
    body = canonical.array(found["body"], what="body", length_max=2)
    if len(body) == 1:
        raise PartyError("receipt: the body must come with its salt, or not at all")
    return Receipt(
        call=_bytes(found["call"], "call"),
        call_body=_body(body[0], body[1]) if body else None,
        held_path=_path(found["held"], "held"),
        next_entry=_bytes(found["next"], "next"),
        listed_path=_path(found["listed"], "listed"),
        checkpoint=parse_note(
            canonical.string(found["checkpoint"], what="checkpoint").encode("utf-8")
        ),
        trails=tuple(_trail(trail) for trail in trails),
    )


def check_receipt(data: bytes, verifier_of: VerifierOf, *, compared: Sequence[str] = ()) -> Report:
    """What the receipt says. `compared`: root fingerprints that the reader compared out of band.

    Raises PartyError, naming the part, if anything in the file does not hold.
    """
    found = _check(parse_receipt(data), verifier_of)
    call, following = found.call, found.next_entry
    claims = tuple(TimeClaim(by=c.key.name, time_s=c.time_s) for c in found.cosigned)
    own = TimeClaim(by=call.header.feed, time_s=call.header.hlc.ms // 1000)
    roots = [(k.feed, fingerprint(k.root_key)) for k in found.keys]
    return Report(
        call=call.ref,
        next_entry=following.ref,
        statements=(*_order_statements(found), *_time_statements(found)),
        cannot_say=CANNOT_SAY + (() if found.cosigned else (_uncosigned(following),)),
        keys=tuple(
            KeyShown(
                feed=feed,
                fingerprint=root,
                compared=Compared.COMPARED if root in compared else Compared.NOT_COMPARED,
            )
            for feed, root in roots
        ),
        next_bracket=bracket(committed=(own,), covering=claims),
    )


def _check(receipt: Receipt, verifier_of: VerifierOf) -> _Checked:
    """All that must hold, in order; PartyError at the first that does not."""
    keys = tuple(_keys(trail, verifier_of) for trail in receipt.trails)
    if len({k.feed for k in keys}) != len(keys):
        raise PartyError("receipt: the key entries of one feed are in it twice")
    if len({k.root_key for k in keys}) != len(keys):
        raise PartyError(
            "receipt: two of its feeds stand under one root, so they are one party's; a party "
            "cannot vouch for itself"
        )
    call = _signed(receipt.call, keys[0], verifier_of)
    following = _signed(receipt.next_entry, keys[1], verifier_of)
    if receipt.call_body is not None:
        check_body(call, receipt.call_body)
    head = next((h for h in following.header.heads if h.feed == call.header.feed), None)
    if head is None:
        raise PartyError(
            f"receipt: {following.place} names no head of feed {call.header.feed}, so it says "
            "nothing about the call; use a later entry"
        )
    check_inclusion(
        leaf=call.hash,
        index=call.header.seq,
        size=head.size,
        proof=receipt.held_path,
        root=bytes.fromhex(head.root),
    )
    note = receipt.checkpoint
    log = keys[1].log_key_at(parse_checkpoint(note.text).size)
    point = check_checkpoint(note, log, verifier_of)
    if keys[1].is_void(point.size):
        raise PartyError("receipt: the checkpoint is by a key that a revoke entry took back")
    check_inclusion(
        leaf=following.hash,
        index=following.header.seq,
        size=point.size,
        proof=receipt.listed_path,
        root=point.root,
    )
    cosigners = [key for k in (keys[0], *keys[2:]) for key in k.cosigner_keys()]
    cosigned = check_cosignatures(note, cosigners, verifier_of)
    if len(note.signatures) != 1 + len(cosigned):
        raise PartyError("receipt: the checkpoint carries a signature by none of the keys shown")
    return _Checked(
        call=call,
        next_entry=following,
        head=head,
        size=point.size,
        keys=keys,
        cosigned=cosigned,
        shown=receipt.call_body,
    )


def _order_statements(found: _Checked) -> tuple[Statement, ...]:
    """What holds without any clock."""
    call, following, head = found.call, found.next_entry, found.head
    caller, holder = (_key_words(k, e) for k, e in zip(found.keys, (call, following), strict=False))
    shown = Statement(
        text=f"The body shown is the one to which {call.place} commits.",
        rests_on=("SHA-256", caller),
        clock=Clock.NONE,
    )
    return (
        Statement(
            text=f"Feed {call.header.feed} signed entry {call.header.seq}, of kind "
            f"{call.header.type!r}.",
            rests_on=(caller,),
            clock=Clock.NONE,
        ),
        *((shown,) if found.shown is not None else ()),
        Statement(
            text=f"Feed {following.header.feed} states that it held {call.place}, and all of that "
            f"feed up to size {head.size}, before it made its own entry {following.header.seq}.",
            rests_on=(holder, "SHA-256"),
            clock=Clock.NONE,
        ),
        Statement(
            text=f"{_start(following)} is in that feed's checkpoint of size {found.size}.",
            rests_on=(f"online key {fingerprint(found.keys[1].key_at(found.size))}", "SHA-256"),
            clock=Clock.NONE,
        ),
    )


def _time_statements(found: _Checked) -> tuple[Statement, ...]:
    """What rests on a clock, and on whose."""
    claims = tuple(
        Statement(
            text=f"{_start(entry)} carries the time {utc(entry.header.hlc.ms)}, as its author "
            "claims.",
            rests_on=(_key_words(keys, entry), f"the clock of feed {entry.header.feed}"),
            clock=Clock.AUTHOR,
        )
        for keys, entry in zip(found.keys, (found.call, found.next_entry), strict=False)
    )
    covered = tuple(
        Statement(
            text=f"{_start(found.next_entry)} was made before {utc(1000 * seen.time_s)}, when "
            f"{seen.key.name} saw the checkpoint that holds it.",
            rests_on=(
                f"cosigning key {fingerprint(seen.key.public_key)}",
                f"the clock of {seen.key.name}",
            ),
            clock=Clock.COSIGNER,
        )
        for seen in found.cosigned
    )
    return claims + covered


def _start(entry: Entry) -> str:
    """The entry's place at the start of a sentence."""
    return "E" + entry.place[1:]


def _uncosigned(following: Entry) -> str:
    """The limit of a checkpoint that nobody else saw."""
    return (
        f"That feed {following.header.feed} shows everyone the same branch: no other party "
        "cosigned this checkpoint, and nothing bounds its time."
    )


def _key_words(keys: FeedKeys, entry: Entry) -> str:
    """The key that signed `entry`, as statements name it."""
    return f"online key {fingerprint(keys.key_at(entry.header.seq))} of feed {keys.feed}"


def _keys(trail: KeyTrail, verifier_of: VerifierOf) -> FeedKeys:
    """The keys that a trail states, each entry checked; other kinds of entry are refused."""
    keys: FeedKeys | None = None
    last = -1
    for leaf, body in trail.entries:
        entry = parse(leaf)
        wrong_feed = keys is not None and entry.header.feed != keys.feed
        if entry.header.type not in KEY_TYPES or entry.header.seq <= last or wrong_feed:
            raise PartyError(f"receipt: {entry.place} is out of place among the key entries")
        keys = admit(keys, entry, verifier_of, body=body)
        last = entry.header.seq
    if keys is None:
        raise PartyError("receipt: a feed's key entries are missing")
    return keys


def _signed(leaf: bytes, keys: FeedKeys, verifier_of: VerifierOf) -> Entry:
    """The entry in `leaf`, signed by the key valid there, and not void."""
    entry = parse(leaf)
    if entry.header.feed != keys.feed:
        raise PartyError(f"receipt: {entry.place} does not belong to the keys of {keys.feed}")
    if keys.is_void(entry.header.seq):
        raise PartyError(f"receipt: {entry.place} was made void by a revoke entry of its feed")
    entry.check_signature(verifier_of(keys.key_at(entry.header.seq)))
    return entry


def _bytes(value: canonical.Json, what: str) -> bytes:
    return from_base64(canonical.string(value, what=what), what=what)


def _path(value: canonical.Json, what: str) -> tuple[bytes, ...]:
    """A proof path of whole hashes."""
    steps = canonical.array(value, what=what, length_max=PATH_MAX)
    path = tuple(_bytes(step, what) for step in steps)
    if any(len(step) != HASH_SIZE for step in path):
        raise PartyError(f"receipt: {what} holds something that is no hash")
    return path


def _body(salt: canonical.Json, content: canonical.Json) -> Body:
    """A body with its salt."""
    salt_bytes = _bytes(salt, "salt")
    if len(salt_bytes) != SALT_SIZE:
        raise PartyError(f"receipt: a salt has {SALT_SIZE} bytes, not {len(salt_bytes)}")
    return Body(salt=salt_bytes, content=_bytes(content, "body"))


def _trail(value: canonical.Json) -> KeyTrail:
    """One feed's key entries."""
    entries = []
    for item in canonical.array(value, what="keys", length_max=TRAIL_MAX):
        leaf, salt, content = canonical.array(item, what="key entry", length_max=3, length=3)
        entries.append((_bytes(leaf, "key entry"), _body(salt, content)))
    return KeyTrail(entries=tuple(entries))
