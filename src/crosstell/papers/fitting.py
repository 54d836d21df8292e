"""A principal's page on one sheet of A4: as large as it fits, and what does not is counted.

No line is cut: who reads half a sentence reads another one. Where there is no room, whole topics
go, those first on which one voice alone speaks, so that no side loses its word while another's on
the same thing stays; then of readouts the last line of whoever has most. What went is counted, and
topics that went are named.
Implements REP-144.
"""

import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from crosstell.papers.model import PaperLine, Part, Sheet

COLUMN_PT = 258.0  # one of two columns of an A4 page within its margins
HEIGHT_PT = 674.0  # of a column, beside a head and a foot of the usual length
WIDE_EM = 0.52  # of one letter, on the average, rather more than less
LEADING_EM = 1.3
SIZES_PT = (10.0, 9.0, 8.0, 7.4, 6.8)
HEADING_ROWS = 2.2

Told = Callable[[PaperLine], str]
Missing = Callable[[Part], str]  # how it is told what has no room


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The sheet as it fits, and in which size of letters."""

    sheet: Sheet
    size_pt: float


class _Measured:
    """How many rows a line takes at a width, told and wrapped once for each."""

    def __init__(self, told: Told, missing: Missing) -> None:
        self._told = told
        self._missing = missing
        self._known: dict[tuple[int, int], tuple[PaperLine, int]] = {}  # holds what an id names

    def rows(self, line: PaperLine, wide: int) -> int:
        """The rows of the line in columns of so many letters."""
        key = (id(line), wide)
        if key not in self._known:
            self._known[key] = (line, len(textwrap.wrap(self._told(line), wide)))
        return self._known[key][1]

    def left_rows(self, part: Part, wide: int) -> int:
        """The rows in which it is told what of the part has no room."""
        return len(textwrap.wrap(self._missing(part), wide)) if part.left_out or part.by_hand else 0


def fitted(sheet: Sheet, told: Told, missing: Missing, taken_pt: float = 0.0) -> Fitted:
    """The sheet in the largest letters in which all of it fits, else in the smallest, less.

    `taken_pt` is what a longer head or foot takes of the height.
    """
    high = _Measured(told, missing)
    for size_pt in SIZES_PT:
        if _rows(sheet, high, size_pt) <= _room(size_pt, taken_pt):
            return Fitted(sheet=sheet, size_pt=size_pt)
    while _rows(sheet, high, SIZES_PT[-1]) > _room(SIZES_PT[-1], taken_pt):
        shorter = _shorter(sheet, high)
        if shorter is None:
            break
        sheet = shorter
    return Fitted(sheet=sheet, size_pt=SIZES_PT[-1])


def _room(size_pt: float, taken_pt: float) -> float:
    return 2 * (HEIGHT_PT - taken_pt) / (size_pt * LEADING_EM)


def _rows(sheet: Sheet, high: _Measured, size_pt: float) -> float:
    wide = COLUMN_PT / (size_pt * WIDE_EM)
    return sum(_part_rows(part, high, int(wide)) for part in sheet.parts)


def _part_rows(part: Part, high: _Measured, wide: int) -> float:
    rows = sum(high.rows(line, wide) + 0.25 for line in part.lines)
    rows += 1.5 * len({line.topic for line in part.lines if line.topic})
    empty = 1 if not part.lines and not part.left_out else 0
    return HEADING_ROWS + rows + empty + high.left_rows(part, wide)


def _shorter(sheet: Sheet, high: _Measured) -> Sheet | None:
    """The sheet without the least of its largest part; None if nothing is left to go."""
    wide = int(COLUMN_PT / (SIZES_PT[-1] * WIDE_EM))
    full = [part for part in sheet.parts if part.lines]
    if not full:
        return None
    largest = max(full, key=lambda part: _part_rows(part, high, wide))
    kept = _without_least(largest.lines)
    gone = len(largest.lines) - len(kept)
    less = replace(
        largest,
        lines=kept,
        left_out=largest.left_out + gone,
        left_topics=_topics_left(largest, kept),
    )
    return replace(sheet, parts=tuple(less if p is largest else p for p in sheet.parts))


def _topics_left(part: Part, kept: tuple[PaperLine, ...]) -> tuple[str, ...]:
    """The topics of which no line is kept, each by its matter and kind, in order."""
    stand = {_named(line.topic) for line in kept}
    gone = [_named(line.topic) for line in part.lines if line.topic]
    left = (*part.left_topics, *(one for one in gone if one not in stand))
    return tuple(dict.fromkeys(left))


def _named(topic: str) -> str:
    """A topic without what tells two of a kind apart: `MATTER: KIND`."""
    return topic.partition(" of ")[0].partition(": stated by")[0]


def _without_least(lines: tuple[PaperLine, ...]) -> tuple[PaperLine, ...]:
    if lines[-1].topic:
        fewest = min(line.voices for line in lines)
        topic = [line.topic for line in lines if line.voices == fewest][-1]
        return tuple(line for line in lines if line.topic != topic)
    if lines[-1].section != "sides":
        return lines[:-1]
    most = Counter(_speaker(line) for line in lines).most_common(1)[0][0]
    last = [number for number, line in enumerate(lines) if _speaker(line) == most][-1]
    return lines[:last] + lines[last + 1 :]


def _speaker(line: PaperLine) -> str:
    """Whose readout a line is of, as it begins."""
    return line.text.partition(":")[0].removesuffix(" (its view)")
