"""What a console knows of its node: the same state, folded from the entries that the API gives.

A client that holds the entries knows what the node knows, since state is a function of them.
"""

from dataclasses import dataclass, field
from datetime import datetime

from crosstell.codecs.api.shown import EntryShown
from crosstell.core.state.held import Held
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, fold, initial
from crosstell.replay.played.trace import Sight


@dataclass(slots=True)
class Mirror:
    """One node's state, as far as its entries have come in."""

    setting: Setting
    arrivals: int = 0
    state: State = field(init=False)

    def __post_init__(self) -> None:
        """Nothing has come in yet."""
        self.state = initial(self.setting)

    def take(self, number: int, told: EntryShown, now: datetime) -> Sight:
        """The entry with this local number is folded in; what it is, for those who notice it."""
        assert number == self.arrivals + 1, f"entry {number} came after {self.arrivals}"
        self.arrivals = number
        held = Held(
            ref=told.entry,
            kind=told.kind,
            at=told.entry_at,
            audience=told.audience,
            by=told.by,
            body=told.body,
        )
        self.state = fold(self.state, held)
        is_home = told.entry.feed == self.setting.journal
        return Sight(
            at=now,
            held_by=self.setting.party,
            of=told.party or self.setting.party,
            home="journal" if is_home else "",
            ref=told.entry,
            kind=told.kind,
            by=told.by,
            body=told.body,
        )
