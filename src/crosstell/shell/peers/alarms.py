"""What a person must see about the record: evidence of forks always, everything else bounded.

A fork is shown for as long as its evidence is in the store: no flood, and no restart, takes it
from the screen. Of everything else so much is kept that whoever sends rubbish without end cannot
fill the memory; what gives way is the oldest about the feed that has most. Implements NOD-032.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.fork import check_fork
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Put
from crosstell.shell.store.names import FORKS

ALARMS_MAX = 1_000  # beside evidence of forks, of which each feed has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something about the record that a person must see: what, where, what to do."""

    feed: FeedId
    text: str


@dataclass(slots=True)
class Alarms:
    """The alarms of one node, each once, in the order in which they came."""

    _forks: dict[Alarm, None] = field(default_factory=dict)
    _others: dict[Alarm, None] = field(default_factory=dict)

    @property
    def every(self) -> tuple[Alarm, ...]:
        """All of them, forks first."""
        return tuple(self._forks | self._others)

    @property
    def others(self) -> tuple[Alarm, ...]:
        """All that the store's evidence does not give by itself."""
        return tuple(self._others)

    def add(self, alarm: Alarm) -> None:
        """This is shown too. Where there is no room the feed with most gives its oldest."""
        self._others.setdefault(alarm)
        if len(self._others) > ALARMS_MAX:
            ((most, _),) = Counter(one.feed for one in self._others).most_common(1)
            del self._others[next(one for one in self._others if one.feed == most)]

    def forked(self, kept: Iterable[Put]) -> None:
        """Evidence that is durable is shown, whatever else is."""
        for put in kept:
            if put.name.startswith(FORKS):
                self._forks.setdefault(_fork_alarm(put))


def _fork_alarm(put: Put) -> Alarm:
    feed = FeedId(put.name.removeprefix(FORKS).partition("/")[0])
    try:
        text = check_fork(put.value, verifier_of).statement()
    except PartyError as fault:
        text = f"evidence that it is forked is kept here, and is damaged: {fault}; ask the others"
    return Alarm(feed=feed, text=text)
