"""What a person must see about the record: evidence of forks always, everything else bounded.

A fork is shown for as long as its evidence is in the store: no flood, and no restart, takes it
from the screen. Of everything else so much is kept that whoever sends rubbish without end cannot
fill the memory; what gives way is the oldest of its own kind about the feed that has most there.
Implements NOD-032, NOD-260, NOD-261.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.feed import RuleBroken
from crosstell.core.record.fork import check_fork
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Put
from crosstell.shell.store.names import FORKS

ALARMS_MAX = 500  # of each kind, beside evidence of forks, of which each feed has one


class AlarmKind(StrEnum):
    """What an alarm is about, the heavier first. One kind never takes another's room."""

    RECORD = "record"  # two accounts of one feed differ, a rule of it is broken, it is kept back
    REFUSED = "refused"  # what came proves nothing and was not taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something about the record that a person must see: what, where, what to do."""

    feed: FeedId
    text: str
    kind: AlarmKind = AlarmKind.REFUSED


class Contradicted(PartyError):
    """What was signed about a feed is not what is held of it, and its twin is not at hand."""


def alarm_of(feed: FeedId, fault: Exception) -> Alarm:
    """The alarm that says why this was not taken."""
    is_of_record = isinstance(fault, RuleBroken | Contradicted)
    kind = AlarmKind.RECORD if is_of_record else AlarmKind.REFUSED
    return Alarm(feed=feed, text=str(fault), kind=kind)


def unmarked_alarm(own: FeedId, seq: int) -> Alarm:
    """What a person must know of the first entry under our name that was not signed here."""
    text = (
        f"another party holds entry {seq} of our feed: it is signed with our key, and our marks "
        "say that this node never signed it. Somebody else has the key, or a second node runs "
        "under it, or the marks are an old copy. Call every party"
    )
    return Alarm(feed=own, text=text, kind=AlarmKind.RECORD)


def first_proofs(puts: Iterable[Put]) -> list[Put]:
    """The same without a second proof that one feed is forked: the first convicts."""
    found, convicted = [], set()
    for put in puts:
        if put.name.startswith(FORKS):
            feed = _feed_of(put)
            if feed in convicted:
                continue
            convicted.add(feed)
        found.append(put)
    return found


@dataclass(slots=True)
class Alarms:
    """The alarms of one node, each once, by kind and in the order in which they came."""

    _forks: dict[Alarm, None] = field(default_factory=dict)
    _others: dict[AlarmKind, dict[Alarm, None]] = field(
        default_factory=lambda: {kind: {} for kind in AlarmKind}
    )

    @property
    def every(self) -> tuple[Alarm, ...]:
        """All of them, forks first, then the heavier kind."""
        return (*self._forks, *self.others)

    @property
    def others(self) -> tuple[Alarm, ...]:
        """All that the store's evidence does not give by itself."""
        return tuple(alarm for kind in AlarmKind for alarm in self._others[kind])

    def add(self, alarm: Alarm) -> None:
        """This is shown too. A kind without room gives the oldest of the feed with most there."""
        held = self._others[alarm.kind]
        held.setdefault(alarm)
        if len(held) > ALARMS_MAX:
            ((most, _),) = Counter(one.feed for one in held).most_common(1)
            del held[next(one for one in held if one.feed == most)]

    def forked(self, kept: Iterable[Put]) -> None:
        """Evidence that is durable is shown, whatever else is."""
        for put in kept:
            if put.name.startswith(FORKS):
                self._forks.setdefault(_fork_alarm(put))


def _feed_of(proof: Put) -> FeedId:
    return FeedId(proof.name.removeprefix(FORKS).partition("/")[0])


def _fork_alarm(put: Put) -> Alarm:
    feed = _feed_of(put)
    try:
        text = check_fork(put.value, verifier_of).statement()
    except PartyError as fault:
        text = f"evidence that it is forked is kept here, and is damaged: {fault}; ask the others"
    return Alarm(feed=feed, text=text, kind=AlarmKind.RECORD)
