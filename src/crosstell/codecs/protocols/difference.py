"""Two protocol documents compared: every word and figure added, removed, changed or moved.

Two documents differ here if, and only if, their digests differ. Implements PRO-141 to PRO-143.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from crosstell.codecs.protocol_file import digest_of
from crosstell.codecs.protocols.leaves import Leaf, leaves
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.document import Protocol


class How(StrEnum):
    """What became of a word or figure."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # the same parts in another order


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: `before` is absent where it was added, `after` where it was removed."""

    how: How
    before: Leaf | None
    after: Leaf | None

    @property
    def leaf(self) -> Leaf:
        """The leaf as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def part(self) -> tuple[str, ...]:
        """The rule, or other part of the document, that it is in."""
        return part_of(self.leaf.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two documents differ in; `whole` are the parts that only one of them has."""

    before: ProtocolDigest
    after: ProtocolDigest
    changes: tuple[Change, ...]
    whole: tuple[tuple[str, ...], ...]


LISTED = ("parties", "roles", "rules", "lead_times", "understandings", "answer_times", "sources",
          "disclosure", "guard_frequencies")  # fmt: skip


def part_of(path: tuple[str, ...]) -> tuple[str, ...]:
    """The part of the document to which a path belongs: a rule by its id, else the field."""
    return path[:2] if path[0] in LISTED else path[:1]


def difference(before: Protocol, after: Protocol) -> Difference:
    """Everything in which the two differ, in the order of the document."""
    old = {leaf.path: leaf for leaf in leaves(before)}
    new = {leaf.path: leaf for leaf in leaves(after)}
    parts = {part_of(path) for path in old} ^ {part_of(path) for path in new}
    order = {part: place for place, part in enumerate(_parts(old, new))}
    changes = sorted(_changes(old, new), key=lambda change: order[change.part])
    return Difference(
        before=digest_of(before),
        after=digest_of(after),
        changes=tuple(changes),
        whole=tuple(sorted(parts, key=lambda part: order[part])),
    )


def _parts(
    old: dict[tuple[str, ...], Leaf], new: dict[tuple[str, ...], Leaf]
) -> tuple[tuple[str, ...], ...]:
    """The parts in the order of the newer document; what it lost comes last in its list."""
    tops: dict[str, dict[tuple[str, ...], None]] = {}
    for path in (*new, *old):
        tops.setdefault(path[0], {})[part_of(path)] = None
    return tuple(part for top in tops.values() for part in top)


def _changes(
    old: dict[tuple[str, ...], Leaf], new: dict[tuple[str, ...], Leaf]
) -> Iterator[Change]:
    for path in (*new, *(path for path in old if path not in new)):
        was, now = old.get(path), new.get(path)
        if _is_order(was) or _is_order(now):
            if was and now and _common(was, now) != _common(now, was):
                yield Change(how=How.MOVED, before=was, after=now)
        elif was is None:
            yield Change(how=How.ADDED, before=None, after=now)
        elif now is None:
            yield Change(how=How.REMOVED, before=was, after=None)
        elif was.value != now.value:
            yield Change(how=How.CHANGED, before=was, after=now)


def _is_order(leaf: Leaf | None) -> bool:
    return leaf is not None and leaf.shape is None


def _common(one: Leaf, other: Leaf) -> list[str]:
    """The parts of one list that the other has too, in its own order."""
    there = frozenset(other.value)
    return [name for name in one.value if name in there]
