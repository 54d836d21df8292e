"""What rang: each site's dialler keeps every message that it is given, as a file of its own.

A file for each, renamed when it is whole: a kill or a full disk leaves none that is torn, and the
dialler says that it took a message only when it is there; what a node that was killed never wrote
is none (PEO-023). Read by none of the product's code.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RINGS = ("ring", "draft")
_KEEP = (
    'part=$(mktemp "$0/XXXXXXXX.part") && cat > "$part" && test -s "$part" '
    '&& mv "$part" "$part.rung"'
)
_PEOPLE = """
people:
  channels:
    - dialler: {{name: bell, command: {command}}}
  roles:
    - {{role: "*", channels: [bell]}}
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What may be handed over once without a mark."""

    matter: str
    kind: str
    role: str
    rung: int

    def __str__(self) -> str:
        return f"{self.matter}: {self.kind} of {self.role}, rung {self.rung}"


def people(folder: Path) -> str:
    """The part of a node's configuration by which every role is rung into `folder`."""
    return _PEOPLE.format(command=json.dumps(bell(folder)))


def bell(folder: Path) -> list[str]:
    """The dialler: the command that keeps one message."""
    return ["/bin/sh", "-c", _KEEP, str(folder)]


def rung(folder: Path) -> list[dict[str, Any]]:
    """Every ring and draft that was handed over; not many matters told as one."""
    found = (json.loads(path.read_bytes()) for path in sorted(folder.glob("*.rung")))
    return [one for one in found if one["kind"] in RINGS and "more" not in one]


def unmarked_twice(messages: list[dict[str, Any]]) -> Iterator[tuple[Step, int]]:
    """Steps that were handed over more than once without being called a repetition; how often.

    A further attempt says so: the dialler took the one before, and was ended before it had told.
    """
    new = (one for one in messages if one.get("again") is not True and "attempt" not in one)
    unmarked = Counter(map(_step, new))
    return ((step, times) for step, times in unmarked.items() if times > 1)


def never(messages: list[dict[str, Any]], entries: list[tuple[str, int, str]]) -> list[str]:
    """Of these entries of another party's feed, calls to us, those that nobody was rung about."""
    matters = " ".join({one["matter"] for one in messages}) + " "
    wanted = (f" {feed}/{seq}/{digest[:16]} " for feed, seq, digest in entries)
    return [one.strip() for one in wanted if one not in matters]


def _step(message: dict[str, Any]) -> Step:
    return Step(
        matter=message["matter"],
        kind=message["kind"],
        role=message.get("role", ""),
        rung=message.get("rung", 0),
    )
