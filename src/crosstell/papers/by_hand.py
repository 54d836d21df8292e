"""What a person does to a paper before it is printed: leaves lines out, and notes some.

What was left out is counted on the paper; what is noted is marked as on no entry.
"""

import hashlib
from dataclasses import replace

from crosstell.papers.model import LineKind, PaperLine, Papers, Part

NOTED = "Noted by hand for this call; on no entry"


def edited(papers: Papers, *, without: frozenset[str], noted: tuple[str, ...]) -> Papers:
    """The papers without the lines that a person left out, counted, and with what they noted.

    A line is named by `line_id`. What is noted is on no entry and is marked as that. REP-162.
    """
    return replace(
        papers,
        sheets=tuple(
            replace(
                sheet,
                parts=(*(_shortened(part, without) for part in sheet.parts), *_noted(noted)),
            )
            for sheet in papers.sheets
        ),
    )


def line_id(line: PaperLine) -> str:
    """A name for a line by what it says and rests on, alike at two looks."""
    said = f"{line.section} {line.topic} {line.text} {' '.join(one.hash for one in line.entries)}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _shortened(part: Part, without: frozenset[str]) -> Part:
    kept = tuple(line for line in part.lines if line_id(line) not in without)
    return replace(part, lines=kept, by_hand=len(part.lines) - len(kept))


def _noted(noted: tuple[str, ...]) -> tuple[Part, ...]:
    if not noted:
        return ()
    lines = tuple(
        PaperLine(text=text, kind=LineKind.VIEW, section="noted", times=1, entries=())
        for text in noted
    )
    return (Part(heading=NOTED, lines=lines, empty=""),)
