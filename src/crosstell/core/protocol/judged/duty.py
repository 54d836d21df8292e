"""A duty that a person judges: what makes it due, by when, how often, above what, stating what.

Units: seconds to the millisecond. The figures are the text's; no clock of ours runs on them.
Implements PRO-014, PRO-110 to PRO-112.
"""

from dataclasses import dataclass, field

from crosstell.core.ids import PartyId, RuleId, check_id
from crosstell.core.protocol.grain import require_text, span_s
from crosstell.core.protocol.rules.words import Certainty, check_rule

COUNT_MAX = 10_000_000
ROWS_MAX = 50
_ABSENT = {"signed": "unless-default"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number from which on a duty holds: 9,000 troops."""

    counted: str
    at_least: int

    def __post_init__(self) -> None:
        """Refuse what counts nothing."""
        require_text(self.counted, what="counted", length_max=200)
        if not 1 <= self.at_least <= COUNT_MAX:
            raise ValueError(f"at_least is {self.at_least}; write 1 to {COUNT_MAX:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty that no test decides; a person judges whether it was met.

    Owed by every party unless `owed_by` names some. Due on what `due_on` names, within `within_s`
    of it or else without delay, or every `every_s`. With `above` it holds once any one of the
    numbers is reached. `stating` lists what is to be told.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    owed_by: tuple[PartyId, ...] = field(default=(), metadata=_ABSENT)
    due_on: str | None = None
    within_s: float | None = None
    every_s: float | None = None
    above: tuple[Threshold, ...] = field(default=(), metadata=_ABSENT)
    stating: tuple[str, ...] = field(default=(), metadata=_ABSENT)

    def __post_init__(self) -> None:
        """Refuse a duty without words or source, and a time that counts from nothing."""
        check_rule(self)
        self._check_lists()
        if self.due_on is not None:
            require_text(self.due_on, what="due_on")
        for name in ("within_s", "every_s"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, span_s(value, what=name))
        if self.within_s is not None and self.due_on is None:
            raise ValueError("within_s counts from what due_on names; write due_on")

    def _check_lists(self) -> None:
        for party in self.owed_by:
            check_id(party, what="owed_by")
        for name in ("owed_by", "above", "stating"):
            if len(getattr(self, name)) > ROWS_MAX:
                raise ValueError(f"{name} has more than {ROWS_MAX} rows; shorten it")
        for item in self.stating:
            require_text(item, what="stating", length_max=200)
