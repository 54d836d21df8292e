"""Ed25519 keys from fixed seeds, and small feeds made with them. For tests only."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import sign_checkpoint
from crosstell.core.record.cosignature import COSIGNER_PREFIX, cosign
from crosstell.core.record.entry import Body, Entry, Head, HybridTime, seal
from crosstell.core.record.feed import FeedHead, extend, founding_header
from crosstell.core.record.keys import (
    FOUNDING,
    KEY,
    KEY_TYPES,
    RESUME,
    REVOKE,
    founding_body,
    revocation_body,
    rotation_body,
)
from crosstell.core.record.note import Note
from crosstell.core.record.receipt import KeyTrail, Receipt
from crosstell.core.record.tree import inclusion_proof, nodes_of

START_MS = 1_696_480_000_000  # 2023-10-05T04:26:40Z


class TestKey:
    """A private key from the SHA-256 of a label."""

    __test__ = False

    def __init__(self, label: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(label.encode()).digest())

    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


class _Verifier:
    def __init__(self, public_key: bytes) -> None:
        self._raw = public_key

    def public_key(self) -> bytes:
        return self._raw

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self._raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def verifier_of(public_key: bytes) -> _Verifier:
    """The verifier of a raw public key, as the shell gives it."""
    return _Verifier(public_key)


def salt(label: str) -> bytes:
    """A fixed salt; real ones are random."""
    return hashlib.sha256(b"salt " + label.encode()).digest()[:16]


@dataclass
class TestFeed:
    """One party's feed, growing; every entry is checked by `extend` as it is made."""

    __test__ = False

    name: str
    branch: Head | None = None
    root_label: str = ""
    cosign_label: str = ""
    head: FeedHead = field(init=False)
    entries: list[Entry] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.feed = FeedId(self.name)
        self.online = TestKey(f"{self.name} online")
        self.cosigner = TestKey(self.cosign_label or f"{self.name} cosign")
        self.root = TestKey(self.root_label or f"{self.name} root")
        kind = FOUNDING if self.branch is None else RESUME
        content = founding_body(
            feed=self.feed,
            signer=self.online,
            cosigner=self.cosigner,
            root=self.root,
            branch=self.branch,
        )
        body = Body(salt=salt(f"{self.name} 0"), content=content)
        header = founding_header(
            feed=self.feed, kind=kind, body=body.commitment(), hlc=HybridTime(ms=START_MS)
        )
        entry = seal(header, self.online)
        self.entries.append(entry)
        self.bodies.append(body)
        self.head = extend(None, entry.leaf, verifier_of, body=body)

    def draft(
        self,
        content: bytes,
        *,
        kind: str = "call",
        heads: Sequence[Head] = (),
        signer: TestKey | None = None,
    ) -> tuple[Entry, Body]:
        """The next entry, not yet part of the feed."""
        body = Body(salt=salt(f"{self.name} {self.head.size} {content!r}"), content=content)
        header = self.head.next_header(
            kind=kind,
            body=body.commitment(),
            hlc=self.head.hlc.next(wall_ms=START_MS + 1000 * self.head.size),
            heads=tuple(heads),
        )
        return seal(header, signer or self.online), body

    def take(self, entry: Entry, body: Body) -> Entry:
        """The entry, checked and appended."""
        self.head = extend(self.head, entry.leaf, verifier_of, body=body)
        self.entries.append(entry)
        self.bodies.append(body)
        return entry

    def add(self, content: bytes, *, kind: str = "call", heads: Sequence[Head] = ()) -> Entry:
        """One more ordinary entry."""
        return self.take(*self.draft(content, kind=kind, heads=heads))

    def rotate(self, label: str) -> Entry:
        """A `key` entry to new online and cosigning keys."""
        online, cosigner = TestKey(f"{label} online"), TestKey(f"{label} cosign")
        content = rotation_body(
            feed=self.feed, seq=self.head.size, signer=online, cosigner=cosigner
        )
        entry = self.take(*self.draft(content, kind=KEY))
        self.online, self.cosigner = online, cosigner
        return entry

    def revoke(self, label: str, *, from_seq: int) -> Entry:
        """A `revoke` entry, by new keys and the root."""
        online, cosigner = TestKey(f"{label} online"), TestKey(f"{label} cosign")
        content = revocation_body(
            feed=self.feed,
            seq=self.head.size,
            from_seq=from_seq,
            signer=online,
            cosigner=cosigner,
            root=self.root,
        )
        entry = self.take(*self.draft(content, kind=REVOKE, signer=online))
        self.online, self.cosigner = online, cosigner
        return entry

    def checkpoint(self) -> Note:
        """The signed checkpoint of the feed as it is."""
        return sign_checkpoint(self.head.checkpoint(), self.online)

    def cosigned(self, by: "TestFeed", *, time_s: int, note: Note | None = None) -> Note:
        """The checkpoint with the cosignature of another party."""
        line = cosign(
            self.head.checkpoint(),
            name=COSIGNER_PREFIX + by.feed,
            signer=by.cosigner,
            time_s=time_s,
        )
        return (note or self.checkpoint()).with_signature(line)

    def path(self, index: int, *, size: int | None = None) -> tuple[bytes, ...]:
        """The inclusion proof of an entry."""
        read = nodes_of([entry.hash for entry in self.entries])
        return inclusion_proof(index=index, size=size or len(self.entries), read=read)

    def trail(self) -> KeyTrail:
        """The key entries so far."""
        pairs = zip(self.entries, self.bodies, strict=True)
        return KeyTrail(entries=tuple((e.leaf, b) for e, b in pairs if e.header.type in KEY_TYPES))


def receipt_of(
    caller: TestFeed, holder: TestFeed, *, call_seq: int, next_seq: int, note: Note
) -> Receipt:
    """The receipt that `holder` held entry `call_seq` of `caller` before its own `next_seq`."""
    following = holder.entries[next_seq]
    head = next(h for h in following.header.heads if h.feed == caller.feed)
    return Receipt(
        call=caller.entries[call_seq].leaf,
        call_body=caller.bodies[call_seq],
        held_path=caller.path(call_seq, size=head.size),
        next_entry=following.leaf,
        listed_path=holder.path(next_seq),
        checkpoint=note,
        trails=(caller.trail(), holder.trail()),
    )
