"""A plain value as rows that a person reads: a label, what is stated, and the unit in words.

It is the plain form (`plain`) told in lines, and loses nothing: a field's unit token stands behind
its figure, what is nested stands deeper, and words of several lines stay under their label.
"""

import re
from collections.abc import Iterator

from crosstell.codecs.plain import Plain

STEP = "  "
_UNIT = re.compile(r"^(?P<name>.+?)_(?P<unit>m|s|deg|mps|hz)(?P<end>_min|_max)?$")
_WORDS = {"mps": "m/s", "hz": "Hz"}
_LABELS = {"lat": "latitude", "lon": "longitude"}


def rows_of(value: Plain, deep: str = "") -> Iterator[str]:
    """The value in rows, each below `deep`. Implements REL-057."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _row(*_label(name), held, deep)
    elif isinstance(value, list):
        for place, held in enumerate(value, start=1):
            yield from _row(f"{place} of {len(value)}", "", held, deep)
    else:
        yield from (f"{deep}{line}" for line in _lines(value, ""))


def _row(label: str, unit: str, held: Plain, deep: str) -> Iterator[str]:
    if isinstance(held, dict | list) and not held:
        yield f"{deep}{label}: none"
        return
    lines = [] if isinstance(held, dict | list) else _lines(held, unit)
    if len(lines) == 1:
        yield f"{deep}{label}: {lines[0]}"
        return
    yield f"{deep}{label}:"
    yield from (f"{deep}{STEP}{line}" for line in lines)
    if not lines:
        yield from rows_of(held, deep + STEP)


def _lines(held: str | float, unit: str) -> list[str]:
    """What is stated, in as many lines as it has; a figure to the seventh place, as signed."""
    if isinstance(held, str):
        return held.splitlines() or [""]
    figure = f"{held:.7f}".rstrip("0").rstrip(".")
    return [f"{figure} {unit}".rstrip()]


def _label(name: str) -> tuple[str, str]:
    """A field's name in words, and its unit: `wait_s_max` is "wait max" in "s"."""
    found = _UNIT.match(name)
    if found is None:
        return name.replace("_", " "), ""
    plain, unit = found["name"], found["unit"]
    label = f"{_LABELS.get(plain, plain)}{found['end'] or ''}"
    return label.replace("_", " "), _WORDS.get(unit, unit)
