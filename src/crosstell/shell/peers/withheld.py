"""Whether a party says less than it holds: its cosignature says how much it had, its entries less.

Both are signed by it, with times by its own clock. An entry names how much its author holds of the
other feeds, and a node always names all; so an entry signed after the author cosigned so many of
our entries, and naming fewer, keeps something back. It shows what a party would rather not be
seen to have received. A party that is silent shows nothing. Implements NOD-030.
"""

from dataclasses import dataclass

from crosstell.core.instant import format_instant, from_us
from crosstell.core.record.entry import AHEAD_MS_MAX, Header

# An honest entry's time may run ahead of its author's clock by so much, and a cosignature's time is
# in whole seconds.
MARGIN_MS = AHEAD_MS_MAX + 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """The largest checkpoint of our feed that a party cosigned, and when, in POSIX seconds."""

    size: int
    time_s: int


def withheld(header: Header, named: int, cosigned: Cosigned | None) -> str | None:
    """What a person should know of this entry of theirs; so far `named` of ours are named."""
    if cosigned is None or named >= cosigned.size:
        return None
    if header.hlc.ms <= cosigned.time_s * 1_000 + MARGIN_MS:
        return None
    at = format_instant(from_us(cosigned.time_s * 1_000_000))
    return (
        f"it cosigned {cosigned.size} of our entries at {at}, and signs later entries that name "
        f"{named} of them: it keeps back what it received, or its clock was set back between. Ask "
        "by telephone whether the rest was received"
    )
