"""What an entry can be traced to: who held it, after what and by when; and all that names it.

A time is a claim of the clock that is named. The order rests on hashes and signatures alone.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import EntryRef, PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One side of a bracket, by the clock of `party`, as it wrote or signed it.

    `entry` is that party's entry which the bound rests on. None: it is that party's cosignature
    of the first `size` entries of the feed.
    """

    party: PartyId
    at: datetime
    entry: EntryRef | None
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """The order and the time bracket of one entry, as far as what is held here shows it.

    `made_after`: the newest entry of each other party that this entry, or one before it, commits
    to. `held_by`: for each other party its first entry that commits to this one, and its first
    cosignature over it. A party that is not named there may hold it all the same. `committed` is
    the entry of our own feed that states the journal's root over an entry of the journal.
    """

    made_after: tuple[Bound, ...]
    held_by: tuple[Bound, ...]
    committed: Bound | None
