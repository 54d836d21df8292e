"""Radio frequencies by who speaks to whom, in the order in which they are tried.

In hertz, as some have half a kilohertz. What is recorded on a guard frequency is elsewhere in the
document. Implements PRO-115.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.ids import RuleId
from crosstell.core.protocol.grain import require_text
from crosstell.core.protocol.rules.words import Certainty, check_rule

SPAN_HZ = (1_000, 10_000_000_000)
ROWS_MAX = 100


class Between(StrEnum):
    """Whose radios a frequency is for."""

    AIR_AIR = "air-air"
    AIR_GROUND = "air-ground"
    SHIP_SHIP = "ship-ship"
    SHIP_AIR = "ship-air"
    GROUND_GROUND = "ground-ground"


class Used(StrEnum):
    """What a frequency is for."""

    CALLING = "calling"  # first contact
    WORKING = "working"  # where the exchange goes on
    SPARE = "spare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """One frequency; `text` says what else the source says of it."""

    between: Between
    used: Used
    frequency_hz: int
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no radio has."""
        if not SPAN_HZ[0] <= self.frequency_hz <= SPAN_HZ[1]:
            raise ValueError(
                f"frequency_hz is {self.frequency_hz}; write hertz, 121500000 for 121.5 MHz"
            )
        if self.text is not None:
            require_text(self.text, what="text", length_max=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """On which frequencies the parties speak, in the order in which they are tried."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    frequencies: tuple[Frequency, ...]

    def __post_init__(self) -> None:
        """Refuse a rule without words, source or frequencies, and a row that is there twice."""
        check_rule(self)
        if not 1 <= len(self.frequencies) <= ROWS_MAX:
            raise ValueError(f"frequencies has {len(self.frequencies)} rows; write 1 to {ROWS_MAX}")
        rows = [(row.between, row.frequency_hz) for row in self.frequencies]
        twice = next((row for row in rows if rows.count(row) > 1), None)
        if twice is not None:
            raise ValueError(f"frequencies: {twice[1]} Hz {twice[0]} is there twice; keep one")
