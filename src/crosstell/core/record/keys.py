"""Who may sign a feed, and how that changes: founding, resume, key and revoke entries.

A party holds three Ed25519 keys per feed, all different: *online* (entries and checkpoints),
*cosigning* (cosignatures of other feeds, nothing else), and the offline *root*. The bodies of key
entries are public: they travel with the entry to everyone. Each states its content, and proves it:

- `founding`, `resume` (entry 0): all three keys; signed by the root. `resume` also names the old
  feed and the branch (size, root) that its owner stands by.
- `key`: the next online and cosigning keys, valid from the next entry; the entry is signed by the
  old online key, the statement by the new one.
- `revoke`: entries from `from` on, up to this one, are void; this entry and all after it are
  signed by the new online key; the statement is signed by the root.

Every statement also carries a signature by the cosigning key it names, so that nobody can claim
another's. Implements REC-040 to REC-047.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record import canonical
from crosstell.core.record.checkpoint import log_key
from crosstell.core.record.cosignature import cosigner_key
from crosstell.core.record.entry import Body, Entry, Head, check_body
from crosstell.core.record.note import NoteKey
from crosstell.core.record.signing import (
    PUBLIC_KEY_SIZE,
    SIGNATURE_SIZE,
    Signer,
    VerifierOf,
    check_public_key,
    from_base64,
    from_hex,
    to_base64,
)

FOUNDING = "founding"
RESUME = "resume"
KEY = "key"
REVOKE = "revoke"
KEY_TYPES = frozenset({FOUNDING, RESUME, KEY, REVOKE})
KEY_TAG = b"crosstell/key/v1\x00"
KEY_BODY_SIZE_MAX = 2_048  # bytes
_NAMES = {
    FOUNDING: ("kind", "feed", "key", "cosign", "root"),
    RESUME: ("kind", "feed", "key", "cosign", "root", "branch"),
    KEY: ("kind", "feed", "seq", "key", "cosign"),
    REVOKE: ("kind", "feed", "seq", "from", "key", "cosign"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPeriod:
    """The keys valid from entry `from_seq` on, until the next period.

    `revoked_at` is the number of the `revoke` entry that took them back, None if none did.
    """

    from_seq: int
    key: bytes
    cosign_key: bytes
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedKeys:
    """All keys of one feed, as its key entries so far state them.

    `void` holds half-open ranges of entries `[from, revoke)`: kept, never deleted, but signed when
    the key may have been in other hands. `branch` is what a resumed feed stands by.
    """

    feed: FeedId
    root_key: bytes
    periods: tuple[KeyPeriod, ...]
    void: tuple[tuple[int, int], ...] = ()
    branch: Head | None = None

    def period_at(self, seq: int) -> KeyPeriod:
        """The period in which entry `seq` falls."""
        return next(p for p in reversed(self.periods) if p.from_seq <= seq)

    def key_at(self, seq: int) -> bytes:
        """The online key for entry `seq`, and for the checkpoint of size `seq`."""
        return self.period_at(seq).key

    def log_key_at(self, size: int) -> NoteKey:
        """The note key under which the checkpoint of `size` must be signed."""
        return log_key(self.feed, self.key_at(size))

    def log_keys_at(self, size: int) -> tuple[NoteKey, ...]:
        """The note keys by which the owner may have signed a checkpoint of `size`.

        Two where a `revoke` entry stands at that number: the checkpoint may be older than it.
        """
        keys = [self.key_at(size)]
        if any(high == size for _, high in self.void):
            *_, before, _revoked = (p.key for p in self.periods if p.from_seq <= size)
            keys.append(before)  # also one that a rotation just before named for this number
        return tuple(log_key(self.feed, key) for key in keys)

    def is_void(self, seq: int) -> bool:
        """Whether a later `revoke` entry made entry `seq` void."""
        return any(low <= seq < high for low, high in self.void)

    def cosigner_keys(self) -> tuple[NoteKey, ...]:
        """The cosigning keys whose cosignatures count, newest first.

        A key of a revoked period does not, unless the `revoke` entry itself names it again:
        whoever stole it can write any time into a cosignature.
        """
        good: dict[bytes, None] = {}
        for period in self.periods:
            good.pop(period.cosign_key, None)
            if period.revoked_at is None:
                good[period.cosign_key] = None
        return tuple(cosigner_key(self.feed, key) for key in reversed(good))


def founding_body(
    *, feed: FeedId, signer: Signer, cosigner: Signer, root: Signer, branch: Head | None = None
) -> bytes:
    """The body of entry 0: a `founding`, or a `resume` where `branch` is given."""
    statement: dict[str, canonical.Json] = {
        "kind": FOUNDING if branch is None else RESUME,
        "feed": feed,
        "key": signer.public_key().hex(),
        "cosign": cosigner.public_key().hex(),
        "root": root.public_key().hex(),
    }
    if branch is not None:
        statement["branch"] = (branch.feed, branch.size, branch.root)
    return _prove(statement, prover=root, cosigner=cosigner)


def rotation_body(*, feed: FeedId, seq: int, signer: Signer, cosigner: Signer) -> bytes:
    """The body of a `key` entry: `signer` holds the *next* online key."""
    statement: dict[str, canonical.Json] = {
        "kind": KEY,
        "feed": feed,
        "seq": seq,
        "key": signer.public_key().hex(),
        "cosign": cosigner.public_key().hex(),
    }
    return _prove(statement, prover=signer, cosigner=cosigner)


def revocation_body(
    *, feed: FeedId, seq: int, from_seq: int, signer: Signer, cosigner: Signer, root: Signer
) -> bytes:
    """The body of a `revoke` entry at `seq`, which `signer` (the new online key) also signs."""
    statement: dict[str, canonical.Json] = {
        "kind": REVOKE,
        "feed": feed,
        "seq": seq,
        "from": from_seq,
        "key": signer.public_key().hex(),
        "cosign": cosigner.public_key().hex(),
    }
    return _prove(statement, prover=root, cosigner=cosigner)


def admit(
    keys: FeedKeys | None, entry: Entry, verifier_of: VerifierOf, *, body: Body | None = None
) -> FeedKeys:
    """The keys of the feed after `entry`, whose signature was checked against those before it.

    `keys` is None for entry 0 alone. Key entries need their public `body`. Raises PartyError.
    """
    kind = entry.header.type
    if (keys is None) != (entry.header.seq == 0) or (keys is None) != (kind in (FOUNDING, RESUME)):
        raise _bad(entry, "entry 0, and no other, must be the founding or resume of its feed")
    if kind not in KEY_TYPES:
        assert keys is not None, "refused above"
        entry.check_signature(verifier_of(keys.key_at(entry.header.seq)))
        return keys
    statement, proofs = _read(entry, body)
    period = KeyPeriod(
        from_seq=entry.header.seq + (1 if kind == KEY else 0),
        key=_public(entry, statement, "key"),
        cosign_key=_public(entry, statement, "cosign"),
    )
    signed_by = keys.key_at(entry.header.seq) if keys is not None and kind == KEY else period.key
    entry.check_signature(verifier_of(signed_by))
    after = (
        _founded(entry, statement, period)
        if keys is None
        else _changed(keys, entry, statement, period)
    )
    prover = period.key if kind == KEY else after.root_key
    for name, key, proof in (
        ("proof", prover, proofs[0]),
        ("cosign", period.cosign_key, proofs[1]),
    ):
        if not verifier_of(key).verify(KEY_TAG + canonical.encode(statement), proof):
            raise _bad(entry, f"the {name} signature in its body does not fit; it is forged")
    return after


def check_resume(old: FeedKeys, new: FeedKeys) -> Head:
    """The branch of `old` that `new` stands by. PartyError unless `new` resumes `old`.

    Only the holder of the same offline root can resume a feed.
    """
    if new.branch is None or new.branch.feed != old.feed or new.root_key != old.root_key:
        raise PartyError(
            f"feed {new.feed} does not resume feed {old.feed}: it must name it and be signed by "
            "the same offline root; ask the party which feed it stands by"
        )
    return new.branch


def _founded(entry: Entry, statement: Mapping[str, canonical.Json], period: KeyPeriod) -> FeedKeys:
    """The keys that a founding states."""
    root_key = _public(entry, statement, "root")
    _check_distinct(entry, (period.key, period.cosign_key, root_key))
    branch = None
    if entry.header.type == RESUME:
        feed, size, root = canonical.array(
            statement["branch"], what="branch", length_max=3, length=3
        )
        try:
            branch = Head(
                feed=FeedId(canonical.string(feed, what="branch feed")),
                size=canonical.integer(size, what="branch size", least=1),
                root=canonical.string(root, what="branch root"),
            )
        except ValueError as fault:
            raise _bad(entry, str(fault)) from None
        if branch.feed == entry.header.feed:
            raise _bad(entry, "a resumed feed needs a name of its own")
    return FeedKeys(feed=entry.header.feed, root_key=root_key, periods=(period,), branch=branch)


def _changed(
    keys: FeedKeys, entry: Entry, statement: Mapping[str, canonical.Json], period: KeyPeriod
) -> FeedKeys:
    """The keys after a `key` or `revoke` entry."""
    seq = entry.header.seq
    if canonical.integer(statement["seq"], what="seq", least=1) != seq:
        raise _bad(entry, f"its key statement is for entry {statement['seq']}; it was moved here")
    online = dict.fromkeys(old.key for old in keys.periods)
    cosigning = dict.fromkeys((*(old.cosign_key for old in keys.periods), period.cosign_key))
    _check_distinct(entry, (period.key, keys.root_key, *online, *cosigning))
    if entry.header.type == KEY:
        return replace(keys, periods=(*keys.periods, period))
    low = canonical.integer(statement["from"], what="from", least=1)
    if low > seq:
        raise _bad(entry, f"revokes from entry {low}, which is after it; name an earlier one")
    first = keys.periods.index(keys.period_at(low))
    taken = tuple(
        replace(old, revoked_at=seq) if old.revoked_at is None else old
        for old in keys.periods[first:]
    )
    return replace(
        keys, periods=(*keys.periods[:first], *taken, period), void=(*keys.void, (low, seq))
    )


def _read(
    entry: Entry, body: Body | None
) -> tuple[Mapping[str, canonical.Json], tuple[bytes, bytes]]:
    """The statement in a key entry's body and its two signatures, not yet verified."""
    if body is None:
        raise _bad(entry, "a key entry came without its public body; ask for it")
    check_body(entry, body)
    value = canonical.decode(body.content, size_max=KEY_BODY_SIZE_MAX, what=f"{entry.place}: body")
    outer = canonical.fields(value, ("statement", "proof", "cosign"), what=f"{entry.place}: body")
    statement = canonical.fields(
        outer["statement"], _NAMES[entry.header.type], what=f"{entry.place}: statement"
    )
    if statement["kind"] != entry.header.type or statement["feed"] != entry.header.feed:
        raise _bad(entry, "its key statement is of another kind or feed; it was moved here")
    return statement, (_proof(outer["proof"]), _proof(outer["cosign"]))


def _proof(value: canonical.Json) -> bytes:
    """A signature in base64."""
    signature = from_base64(canonical.string(value, what="proof", length_max=88), what="proof")
    if len(signature) != SIGNATURE_SIZE:
        raise PartyError(f"proof: a signature has {SIGNATURE_SIZE} bytes, not {len(signature)}")
    return signature


def _public(entry: Entry, statement: Mapping[str, canonical.Json], name: str) -> bytes:
    """A public key in hex, usable."""
    what = f"{entry.place}: {name} key"
    key = from_hex(canonical.string(statement[name], what=what), what=what, size=PUBLIC_KEY_SIZE)
    check_public_key(key, what=what)
    return key


def _check_distinct(entry: Entry, keys: tuple[bytes, ...]) -> None:
    """Refuse one key in two offices, or an online key that comes back."""
    if len(set(keys)) != len(keys):
        raise _bad(entry, "online, cosigning and root keys must all differ, and none may return")


def _prove(statement: dict[str, canonical.Json], *, prover: Signer, cosigner: Signer) -> bytes:
    """The body that holds `statement` and the two signatures over it."""
    message = KEY_TAG + canonical.encode(statement)
    return canonical.encode(
        {
            "statement": statement,
            "proof": to_base64(prover.sign(message)),
            "cosign": to_base64(cosigner.sign(message)),
        }
    )


def _bad(entry: Entry, why: str) -> PartyError:
    return PartyError(f"{entry.place}: {why}", evidence=entry.leaf)
