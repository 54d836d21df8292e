"""What a verifier checks of a feed, one entry at a time.

`extend` takes the feed as far as it is verified and the next leaf, and gives the feed with it; or
raises `RuleBroken`, which names the rule and the place. It needs no store: all that the rules look
at is in `FeedHead`. Implements REC-050 to REC-057.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import Checkpoint, origin_of
from crosstell.core.record.entry import NO_PREVIOUS, Body, Entry, Head, Header, HybridTime, parse
from crosstell.core.record.keys import FeedKeys, admit
from crosstell.core.record.signing import VerifierOf
from crosstell.core.record.tree import CompactRange

RootAt: TypeAlias = Callable[[FeedId, int], bytes | None]
"""The root of another feed at a size, as far as the verifier holds that feed; else None."""


class Rule(StrEnum):
    """The rules of a feed, in the order in which they are checked.

    A refusal for the last three is about bytes that the author signed.
    """

    FORM = "form"  # the leaf is a signature and a canonical header
    FEED = "feed"  # the header names this feed
    NUMBER = "number"  # seq is the index
    KEYS = "keys"  # signed by the key valid there; key entries prove themselves
    PREVIOUS = "previous"  # prev is the hash of the entry before
    TIME = "time"  # hybrid times only rise
    HEADS = "heads"  # heads of other feeds never shrink or change, and agree with what is held


class RuleBroken(PartyError):
    """An entry that breaks a rule of its feed. It is kept as evidence; the feed stops before it."""

    def __init__(self, message: str, *, rule: Rule, seq: int, evidence: bytes) -> None:
        """Keep the rule and the number of the entry beside the message."""
        super().__init__(f"{message} (rule: {rule})", evidence=evidence)
        self.rule = rule
        self.seq = seq


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """A feed verified up to and including its last entry."""

    keys: FeedKeys
    tree: CompactRange
    last_hash: str
    hlc: HybridTime
    heads: tuple[Head, ...] = ()

    @property
    def feed(self) -> FeedId:
        """The name of the feed."""
        return self.keys.feed

    @property
    def size(self) -> int:
        """The number of entries; also the number of the next one."""
        return self.tree.size

    def as_head(self) -> Head:
        """What another author writes into `heads` after verifying this far."""
        return Head(feed=self.feed, size=self.size, root=self.tree.root().hex())

    def checkpoint(self) -> Checkpoint:
        """The unsigned checkpoint of this size."""
        return Checkpoint(origin=origin_of(self.feed), size=self.size, root=self.tree.root())

    def next_header(
        self,
        *,
        kind: str,
        body: str,
        hlc: HybridTime,
        heads: tuple[Head, ...] = (),
        to: tuple[FeedId, ...] = (),
    ) -> Header:
        """The header of our own next entry; `body` is the commitment, `hlc` from `hlc.next`."""
        return Header(
            feed=self.feed,
            seq=self.size,
            prev=self.last_hash,
            hlc=hlc,
            heads=tuple(sorted(heads)),
            type=kind,
            to=tuple(sorted(to)),
            body=body,
        )


def founding_header(*, feed: FeedId, kind: str, body: str, hlc: HybridTime) -> Header:
    """The header of entry 0; `body` commits to `keys.founding_body`, `kind` is its kind."""
    return Header(feed=feed, seq=0, prev=NO_PREVIOUS, hlc=hlc, type=kind, body=body)


def extend(
    head: FeedHead | None,
    leaf: bytes,
    verifier_of: VerifierOf,
    *,
    body: Body | None = None,
    root_at: RootAt | None = None,
) -> FeedHead:
    """The feed with one more leaf, every rule checked. `head` is None for entry 0.

    As `follow`, for a leaf that was not parsed.
    """
    return follow(head, parse_next(head, leaf), verifier_of, body=body, root_at=root_at)


def parse_next(head: FeedHead | None, leaf: bytes) -> Entry:
    """The entry in a leaf that comes after `head`; RuleBroken if it has not the form of one."""
    try:
        return parse(leaf)
    except PartyError as fault:
        at = head.size if head is not None else 0
        raise RuleBroken(str(fault), rule=Rule.FORM, seq=at, evidence=leaf) from None


def follow(
    head: FeedHead | None,
    entry: Entry,
    verifier_of: VerifierOf,
    *,
    body: Body | None = None,
    root_at: RootAt | None = None,
) -> FeedHead:
    """The feed with one more entry, as `parse` gave it, every rule checked.

    Key entries need their public `body`; of other entries it is not looked at. `root_at` answers
    for other feeds as far as they are held; heads beyond that stay to be compared later with
    `check_heads`.
    """
    _check_number(head, entry)
    try:
        keys = admit(head.keys if head is not None else None, entry, verifier_of, body=body)
    except PartyError as fault:
        raise _broken(entry, Rule.KEYS, f"is refused: {fault}") from None
    if head is not None:
        _check_order(head, entry)
    heads = _merged(head.heads if head is not None else (), entry)
    if root_at is not None:
        check_heads(entry, root_at)
    tree = head.tree if head is not None else CompactRange()
    return FeedHead(
        keys=keys,
        tree=tree.append(entry.hash),
        last_hash=entry.hash.hex(),
        hlc=entry.header.hlc,
        heads=heads,
    )


def check_heads(entry: Entry, root_at: RootAt) -> None:
    """Raise RuleBroken if a head of `entry` differs from the feed as the verifier holds it.

    Then either its author mis-stated, or the other feed forked: compare its signed entries.
    """
    for named in entry.header.heads:
        held = root_at(named.feed, named.size)
        if held is not None and held.hex() != named.root:
            raise _broken(
                entry,
                Rule.HEADS,
                f"names another root of feed {named.feed} at size {named.size} than we hold; "
                "compare the two branches of that feed for a fork",
            )


def _check_number(head: FeedHead | None, entry: Entry) -> None:
    """The entry names this feed and the next number."""
    if head is None:
        if entry.header.seq != 0:
            raise _broken(entry, Rule.NUMBER, "comes first; entry 0 is missing, ask for it")
        return
    if entry.header.feed != head.feed:
        raise _broken(entry, Rule.FEED, f"does not belong in feed {head.feed}")
    if entry.header.seq != head.size:
        raise _broken(
            entry,
            Rule.NUMBER,
            f"stands where entry {head.size} belongs; if we hold another entry of its number, "
            "keep both as evidence of a fork",
        )


def _check_order(head: FeedHead, entry: Entry) -> None:
    """Previous hash and time follow on from `head`."""
    if entry.header.prev != head.last_hash:
        raise _broken(
            entry,
            Rule.PREVIOUS,
            "does not follow the entry before it; an entry was changed, or the feed forked",
        )
    if entry.header.hlc <= head.hlc:
        raise _broken(entry, Rule.TIME, "has a time that is not after the entry before it")


def _merged(seen: tuple[Head, ...], entry: Entry) -> tuple[Head, ...]:
    """All heads seen so far, with those of `entry`; none may shrink or change."""
    if not entry.header.heads:
        return seen
    latest = {head.feed: head for head in seen}
    for named in entry.header.heads:
        before = latest.get(named.feed)
        if before is not None and (
            named.size < before.size or (named.size == before.size and named.root != before.root)
        ):
            raise _broken(
                entry,
                Rule.HEADS,
                f"names feed {named.feed} at size {named.size}, but an entry before named it at "
                f"{before.size}; heads never shrink or change",
            )
        latest[named.feed] = named
    return tuple(latest[feed] for feed in sorted(latest))


def _broken(entry: Entry, rule: Rule, text: str) -> RuleBroken:
    return RuleBroken(f"{entry.place} {text}", rule=rule, seq=entry.header.seq, evidence=entry.leaf)
