"""Graduated contact levels: who meets whom, by what channel, from the lowest level up.

Beside each party's own ladder: a level is where both sides speak to each other. Units: seconds
to the millisecond. Implements PRO-113.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from crosstell.core.ids import RoleId, RuleId, check_id
from crosstell.core.protocol.grain import require_text, span_s
from crosstell.core.protocol.rules.words import Certainty, check_rule

LEVELS_MAX = 20


class Channel(StrEnum):
    """By what two sides speak at a level."""

    TELEPHONE = "telephone"
    RADIO = "radio"
    MEETING = "meeting"
    DIPLOMATIC = "diplomatic"
    ATTACHE = "attache"
    LIAISON = "liaison"  # a third party that passes on
    NOT_STATED = "not-stated"


class Staffed(StrEnum):
    """When somebody is there."""

    ALWAYS = "always"
    BY_ARRANGEMENT = "by-arrangement"
    NOT_STATED = "not-stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLevel:
    """One level: who with whom, by what channel, and how soon an answer is owed, if it says.

    `role` is the role of the protocol that speaks there, where it has one.
    """

    name: str
    between: str
    channel: Channel
    staffed: Staffed = field(default=Staffed.NOT_STATED, metadata={"signed": "unless-default"})
    role: RoleId | None = None
    answer_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse a level that nobody could find."""
        require_text(self.name, what="name", length_max=200)
        require_text(self.between, what="between", length_max=500)
        if self.role is not None:
            check_id(self.role, what="role")
        if self.answer_s is not None:
            object.__setattr__(self, "answer_s", span_s(self.answer_s, what="answer_s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLevels:
    """The levels at which the parties speak to each other, lowest first."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    levels: tuple[ContactLevel, ...]

    def __post_init__(self) -> None:
        """Refuse a rule without words, source or levels, and a name used twice."""
        check_rule(self)
        if not 1 <= len(self.levels) <= LEVELS_MAX:
            raise ValueError(f"levels has {len(self.levels)} levels; write 1 to {LEVELS_MAX}")
        names = [level.name for level in self.levels]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"levels: {twice!r} is there twice; give each its own name")
