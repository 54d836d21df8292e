"""Warnings: how many are said to have been sent, and how many to have been received."""

from dataclasses import dataclass, field

from crosstell.core.assessment.account.ranges import (
    UNLESS_DEFAULT,
    WORDS_LENGTH_MAX,
    Exactness,
    check_range,
)
from crosstell.core.picture.wording import check_text


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningsSent:
    """So many warnings were sent to `addressed`, by `means`. Sent is not received."""

    addressed: str
    means: str
    at_least: int | None
    at_most: int | None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        _check_warnings(self.addressed, self.means, self.at_least, self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningsReceived:
    """So many warnings reached `addressed`, by `means`; at most 0 says that none did."""

    addressed: str
    means: str
    at_least: int | None
    at_most: int | None
    told: Exactness = field(default=Exactness.EXACT, metadata=UNLESS_DEFAULT)

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        _check_warnings(self.addressed, self.means, self.at_least, self.at_most)


def _check_warnings(addressed: str, means: str, at_least: int | None, at_most: int | None) -> None:
    check_text(addressed, what="warnings: addressed", length_max=WORDS_LENGTH_MAX)
    check_text(means, what="warnings: means", length_max=WORDS_LENGTH_MAX)
    check_range(at_least, at_most, what="warnings")
