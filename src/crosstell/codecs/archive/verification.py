"""What a verification found, as text for a person and as JSON for a machine.

A statement never stands without what it rests on; what could not be seen is said beside it.
The JSON has the fields of `Verification`; its `schema` names the version. Implements ARC-030.
"""

import json
from dataclasses import dataclass
from enum import StrEnum

SCHEMA = "crosstell/verification/v1"


class Subject(StrEnum):
    """What was verified."""

    EXPORT = "export"
    RECEIPT = "receipt"
    FORK = "fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that holds, about a feed or the whole, with all that it rests on."""

    about: str
    text: str
    rests_on: tuple[str, ...]

    def __post_init__(self) -> None:
        """A statement that rests on nothing is not made."""
        assert self.rests_on, "a statement must name what it rests on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What holds in a file or folder, and what this verification could not see."""

    subject: Subject
    file: str
    statements: tuple[Statement, ...]
    cannot_see: tuple[str, ...]


def print_json(found: Verification) -> str:
    """The verification as JSON, the same text for the same findings."""
    document = {
        "schema": SCHEMA,
        "subject": found.subject.value,
        "file": found.file,
        "statements": [
            {"about": said.about, "text": said.text, "rests_on": list(said.rests_on)}
            for said in found.statements
        ],
        "cannot_see": list(found.cannot_see),
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def print_text(found: Verification) -> str:
    """The verification for a person: what holds, what each rests on, what is not seen."""
    lines = [f"{found.file}: this {found.subject.value} verifies.", "", "What it shows"]
    for said in found.statements:
        lines.append(f"- {said.about}: {said.text}")
        lines += [f"    rests on {ground}" for ground in said.rests_on]
    lines += ["", "What cannot be seen from it", *(f"- {text}" for text in found.cannot_see)]
    return "\n".join(lines) + "\n"
