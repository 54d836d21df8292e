"""A snapshot: the folded state, kept so that a start need not verify and fold the whole record.

It is a cache and never evidence. It is bound to our key, to the classes that it holds, to the
parties and, for each log, to every leaf and to which bodies are held; on any difference it is
dropped and everything is verified and folded from the logs. Entries after it are verified as
ever. Who may sign is read from the key entries themselves, not from here.
Implements NOD-040 to NOD-044.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from crosstell.codecs.shape import described
from crosstell.codecs.values import from_signed, to_signed_as
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import from_us, to_us
from crosstell.core.picture.track import AHEAD_S_MAX
from crosstell.core.picture.trust.kind import LIMITS, UNKNOWN_KIND
from crosstell.core.picture.trust.standing import PATHS_MAX, SWITCHES_MIN, TRUST_VERSION
from crosstell.core.record.entry import Head, parse
from crosstell.core.record.feed import FeedHead
from crosstell.core.record.keys import KEY_TYPES, FeedKeys, admit
from crosstell.core.record.signing import SIGNATURE_SIZE, Signer
from crosstell.core.record.tree import CompactRange, leaf_hash
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import FeedState, JournalState, State
from crosstell.shell.exchange import Alarm, Awaited
from crosstell.shell.log import Log, body_of, empty_logs
from crosstell.shell.peers.alarms import AlarmKind
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import VALUE_SIZE_MAX, Put, Store
from crosstell.shell.store.names import SNAPSHOT

VERSION = 5
TAG = b"crosstell/snapshot/v5\x00"
PAGE = 5_000  # entries looked at together at a start
HELD_PAGE = 2_000  # and while one is made: the node waits some 3 ms for each
PAYLOAD_SIZE_MAX = 512 * 1024 * 1024  # bytes, before it is compressed
# A canonical header ends with its kind and version, so this finds every key entry.
_KEY_ENDS = tuple(f'"type":"{kind}","v":1}}'.encode("ascii") for kind in sorted(KEY_TYPES))
_PLAIN = ("party", "feed", "size")  # said by the log itself
LogT = TypeVar("LogT", FeedState, JournalState)
ReadHeld = Callable[[FeedId, int, int], bytes]
"""For so many entries of a feed from a number on, a byte each: whether its body is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a snapshot gives: the state, and the logs verified as far as it reaches."""

    state: State
    logs: Mapping[FeedId, Log]
    alarms: tuple[Alarm, ...]
    awaited: Awaited


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A snapshot in the making: what it is bound to, and the state, which never changes.

    `sizes`: how far it reaches of each log.
    """

    state: State
    bound: Mapping[str, Any]
    sizes: Mapping[FeedId, int]

    def made(self, key: Signer, read: ReadHeld) -> Put | None:
        """What is to be put in the store; None if it is too large to keep. In any thread.

        `read` says, page by page, which bodies are held: whoever owns the store does something else
        between two pages. Row by row: what is written in one go holds every other thread of the
        process meanwhile.
        """
        packer, size, parts = zlib.compressobj(level=1), 0, []
        for piece in self._pieces(self._held(read)):
            part = piece.encode("utf-8")
            size += len(part)
            if size > PAYLOAD_SIZE_MAX:
                return None
            parts.append(packer.compress(part))
        packed = b"".join((*parts, packer.flush()))
        value = key.sign(TAG + packed) + packed
        return Put(name=SNAPSHOT, value=value) if len(value) <= VALUE_SIZE_MAX else None

    def _held(self, read: ReadHeld) -> dict[FeedId, str]:
        """A digest for each log of which bodies are held."""
        found = {}
        for feed, size in self.sizes.items():
            held = hashlib.sha256()
            for start in range(0, size, HELD_PAGE):
                held.update(read(feed, start, min(HELD_PAGE, size - start)))
            found[feed] = held.hexdigest()
        return found

    def _pieces(self, held: Mapping[FeedId, str]) -> Iterator[str]:
        """The document's text."""
        state = self.state
        yield _text({**self.bound, "held": held})[:-1] + ',"feeds":{'
        for number, party in enumerate(sorted(state.feeds)):
            yield ("," if number else "") + _text(party) + ":"
            yield from _encode(state.feeds[party])
        yield '},"journal":'
        yield from _encode(state.journal)
        yield "}"


def begin(
    state: State,
    logs: Mapping[FeedId, Log],
    shown: tuple[tuple[Alarm, ...], Awaited],
) -> Begun:
    """A snapshot of what is known now. Nothing is read for it: that it is begun takes no time.

    `shown`: the alarms, and the roots that others named and that are still to be compared.
    """
    alarms, awaited = shown
    bound = {
        "version": VERSION,
        "classes": _classes(),
        "setting": _names(state.setting),
        "logs": {feed: _log(logs[feed]) for feed in sorted(logs)},
        "alarms": [[alarm.feed, alarm.text, alarm.kind] for alarm in alarms],
        "awaited": [[feed, size, list(named)] for (feed, size), named in sorted(awaited.items())],
    }
    return Begun(state=state, bound=bound, sizes={feed: logs[feed].size for feed in sorted(logs)})


def held_of(store: Store, feed: FeedId, start: int, count: int) -> bytes:
    """For each of these entries a byte: whether its body is held."""
    return bytes(is_held for _, is_held in store.leaves(feed, start, count))


def restore(initial: State, store: Store, public_key: bytes) -> Restored | None:
    """What the store's snapshot gives, if it is ours and fits what the store holds; else None."""
    value = store.blob(SNAPSHOT)
    if value is None or not _is_ours(value, public_key):
        return None
    try:
        payload = zlib.decompressobj().decompress(value[SIGNATURE_SIZE:], PAYLOAD_SIZE_MAX)
        return _restore(initial, store, json.loads(payload))
    except (ValueError, KeyError, TypeError, AssertionError, PartyError, RecursionError):
        return None  # from another version, or damaged before it was signed: as good as none
    except zlib.error:
        return None


def _is_ours(value: bytes, public_key: bytes) -> bool:
    signature, payload = value[:SIGNATURE_SIZE], value[SIGNATURE_SIZE:]
    return verifier_of(public_key).verify(TAG + payload, signature)


def _restore(initial: State, store: Store, document: dict[str, Any]) -> Restored | None:
    setting = initial.setting
    bound = (document["version"], document["classes"], document["setting"])
    if bound != (VERSION, _classes(), _names(setting)):
        return None
    logs = empty_logs(setting)
    for feed, log in logs.items():
        if _log_again(log, document["logs"][feed], document["held"][feed], store) is None:
            return None
    feeds: dict[PartyId, FeedState] = {}
    for party, feed in setting.feeds:
        empty = initial.feeds[party]
        feeds[party] = _decode(empty, document["feeds"][party], logs[feed].size)
    journal = _decode(initial.journal, document["journal"], logs[setting.journal].size)
    state = replace(initial, feeds=MappingProxyType(feeds), journal=journal)
    alarms = tuple(
        Alarm(feed=FeedId(feed), text=text, kind=AlarmKind(kind))
        for feed, text, kind in document["alarms"]
    )
    awaited = {
        (FeedId(feed), int(size)): [(str(place), str(root)) for place, root in named]
        for feed, size, named in document["awaited"]
    }
    return Restored(state=state, logs=logs, alarms=alarms, awaited=awaited)


def _log(log: Log) -> dict[str, Any]:
    """How far the log goes, its root, the heads it named."""
    heads = () if log.head is None else log.head.heads
    return {
        "size": log.size,
        "root": log.root.hex(),
        "heads": [[head.feed, head.size, head.root] for head in heads],
    }


def _log_again(log: Log, found: dict[str, Any], wanted: str, store: Store) -> Log | None:
    """The log as verified before, if the store still holds exactly what it held then."""
    held = hashlib.sha256()
    tree = CompactRange()
    key_entries: list[int] = []
    last = b""
    for page in _pages(store, log.feed, found["size"]):
        held.update(bytes(is_held for _, is_held in page))
        for seq, (leaf, _) in enumerate(page, tree.size):
            if leaf.endswith(_KEY_ENDS):
                key_entries.append(seq)
            log.recall(seq, leaf)
        tree, completed = tree.extended([leaf_hash(leaf) for leaf, _ in page])
        log.keep(completed)
        last = page[-1][0]
    is_whole = (tree.size, tree.root().hex()) == (found["size"], found["root"])
    if not is_whole or held.hexdigest() != wanted:
        return None
    if tree.size > 0:
        entry = parse(last)
        log.head = FeedHead(
            keys=_keys(log.feed, key_entries, store),
            tree=tree,
            last_hash=entry.hash.hex(),
            hlc=entry.header.hlc,
            heads=tuple(
                Head(feed=name, size=size, root=root) for name, size, root in found["heads"]
            ),
        )
    return log


def _pages(store: Store, feed: FeedId, size: int) -> Iterator[list[tuple[bytes, bool]]]:
    """The leaves of the first `size` entries, some thousand at a time."""
    leaves = store.leaves(feed, 0, size)
    while page := list(islice(leaves, PAGE)):
        yield page


def _keys(feed: FeedId, key_entries: list[int], store: Store) -> FeedKeys:
    """Who may sign the feed, read from its key entries themselves."""
    keys: FeedKeys | None = None
    for seq in key_entries:
        row = next(store.entries(feed, seq, 1))
        keys = admit(keys, parse(row.leaf), verifier_of, body=body_of(row))
    assert keys is not None, "a feed begins with its keys"
    return keys


def _names(setting: Setting) -> list[Any]:
    feeds = [[list(pair) for pair in of] for of in (setting.feeds, setting.former)]
    return [setting.party, *feeds, setting.journal]


def _slots(kind: type[FeedState | JournalState]) -> Iterator[tuple[str, object]]:
    """Each field that the log does not say by itself, with its declared type."""
    for name, hint in get_type_hints(kind).items():
        if name not in _PLAIN:
            yield name, hint


def _classes() -> str:
    """A digest over every class and field held, and the bounds by which trust was folded."""
    words = [
        f"{kind.__name__}.{name}: {[described(one) for one in _parts(hint)]}"
        for kind in (FeedState, JournalState)
        for name, hint in _slots(kind)
    ]
    words += [f"{kind}: {limits}" for kind, limits in sorted(LIMITS.items())]
    words.append(f"{UNKNOWN_KIND}")
    words.append(f"trust {TRUST_VERSION}: {PATHS_MAX}, {SWITCHES_MIN}, {AHEAD_S_MAX}")
    return hashlib.sha256("\n".join(words).encode("utf-8")).hexdigest()


def _parts(hint: object) -> tuple[object, ...]:
    """Key and value type of a map; nothing of an instant; else the type itself."""
    if get_origin(hint) is Mapping:
        return get_args(hint)
    return () if datetime in get_args(hint) else (hint,)


def _encode(log: FeedState | JournalState) -> Iterator[str]:
    """The text of every slot, each row of a map by itself."""
    for number, (name, hint) in enumerate(_slots(type(log))):
        yield ("," if number else "{") + _text(name) + ":"
        yield from _out(hint, getattr(log, name))
    yield "}"


def _out(hint: object, value: Any) -> Iterator[str]:  # noqa: ANN401 - any slot
    parts = _parts(hint)
    if not parts:
        yield _text(None if value is None else to_us(value))
    elif len(parts) == 1:
        yield _text(to_signed_as(hint, value))
    else:
        key, kind = parts
        yield "["
        for number, (name, one) in enumerate(value.items()):
            row = _text([to_signed_as(key, name), to_signed_as(kind, one)])
            yield f",{row}" if number else row
        yield "]"


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _decode(empty: LogT, found: dict[str, Any], size: int) -> LogT:
    changes = {name: _in(hint, found[name]) for name, hint in _slots(type(empty))}
    return replace(empty, size=size, **changes)


def _in(hint: object, found: Any) -> Any:  # noqa: ANN401 - any slot
    parts = _parts(hint)
    if not parts:
        return None if found is None else from_us(found)
    if len(parts) == 1:
        return from_signed(hint, found)
    key, kind = parts
    held: dict[Hashable, object] = {
        from_signed(key, name): from_signed(kind, one) for name, one in found
    }
    return MappingProxyType(held)
