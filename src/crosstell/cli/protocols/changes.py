"""What two protocol documents differ in, in plain words or as JSON.

Implements PRO-141 to PRO-144.
"""

import json
from collections.abc import Iterator
from itertools import groupby

from crosstell.cli.protocols.figures import flat, named, says_nothing, shown
from crosstell.cli.protocols.wording import Language
from crosstell.codecs.protocols.difference import Change, Difference, How
from crosstell.codecs.protocols.leaves import ORDER, Leaf

_TITLES = {
    "rules": "rule",
    "lead_times": "",  # its id says it
    "parties": "party",
    "roles": "role",
    "understandings": "understanding",
    "answer_times": "answer time",
    "sources": "source of",
    "disclosure": "disclosure",
    "guard_frequencies": "guard frequency",
}
_ABSENT = "nothing"
_TAGGED = "rules"  # below a rule's id stands its kind


def told(found: Difference) -> Iterator[str]:
    """The difference in lines, the digests last; one line if there is none."""
    if not found.changes:
        yield f"The same document: {found.after}"
        return
    for part, group in groupby(found.changes, key=lambda change: change.part):
        changes = list(group)
        how = changes[0].how if part in found.whole else How.CHANGED
        yield f"{_title(part)}{_kinds(part, changes)}: {how}"
        under = 0 if len(part) == 1 else 3 if part[0] == _TAGGED else 2
        told_apart = [change for change in changes if not _is_said(change, how)]
        yield from (f"  {_line(change, under=under)}" for change in told_apart)
    yield f"digest: {found.before} -> {found.after}"
    yield "Who signed the one has not thereby signed the other."


def _kinds(part: tuple[str, ...], changes: list[Change]) -> str:
    """The kind of a rule; both, where it became another kind."""
    if part[0] != _TAGGED or part[1] == ORDER:
        return ""
    tags = dict.fromkeys(change.leaf.path[2].replace("_", " ") for change in changes)
    return f" ({', '.join(tags)})"


def _is_said(change: Change, how: How) -> bool:
    """Whether the line of the whole part says it already: its id, and lists without a word."""
    whole = how is not How.CHANGED
    return whole and (change.leaf.field == "id" or says_nothing(change.leaf))


def _title(part: tuple[str, ...]) -> str:
    if len(part) == 1:
        return part[0].replace("_", " ")
    if part[1] == ORDER:
        return f"order of {part[0].replace('_', ' ')}"
    return flat(f"{_TITLES[part[0]]} {part[1][1:-1]}")


def _line(change: Change, *, under: int) -> str:
    name = named(change.leaf, Language.EN, under=under)
    match change.how:
        case How.ADDED:
            return f"{name}: {_value(change.after)} (added)"
        case How.REMOVED:
            return f"{name}: {_value(change.before)} (removed)"
        case How.CHANGED | How.MOVED:
            return f"{name}: {_value(change.before)} -> {_value(change.after)}"


def _value(leaf: Leaf | None) -> str:
    return _ABSENT if leaf is None else flat(shown(leaf, Language.EN))


def as_json(found: Difference) -> str:
    """The difference for a program: every change with its path and both values in words."""
    changes = [
        {
            "part": "/".join(change.part),
            "path": list(change.leaf.path),
            "how": change.how.value,
            "before": None if change.before is None else _value(change.before),
            "after": None if change.after is None else _value(change.after),
        }
        for change in found.changes
    ]
    result = {
        "before": found.before,
        "after": found.after,
        "same": not found.changes,
        "changes": changes,
    }
    return json.dumps(result, ensure_ascii=False, indent=2)
