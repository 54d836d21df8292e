"""Where the parts of a document that are no rules come from, and how sure that is.

Times, rungs and the area of a document are figures too: a reader must see which were set by its
author. Implements PRO-120.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.protocol.grain import require_text
from crosstell.core.protocol.rules.words import Certainty


class Part(StrEnum):
    """A part of a document that holds figures or words and is no rule."""

    PARTIES = "parties"
    ROLES = "roles"
    AREA = "area"
    ALERTS = "alerts"
    ANSWER_TIMES = "answer-times"
    STAND_BY = "stand-by"
    STOP = "stop"
    ESCALATION = "escalation"
    LINE_TESTS = "line-tests"
    CHAIN = "chain"
    EVIDENCE = "evidence"
    DISCLOSURE = "disclosure"
    GUARD_FREQUENCIES = "guard-frequencies"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSource:
    """Where one part comes from."""

    part: Part
    source: str
    certainty: Certainty

    def __post_init__(self) -> None:
        """Refuse a source that says nothing."""
        require_text(self.source, what="source")
