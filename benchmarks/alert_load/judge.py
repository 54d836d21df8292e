"""The definitions: valid, withdrawn, nuisance, undecided; in time, late, missed; lead time.

The recording is the truth, and it ends. So each answer also says when the recording cannot tell.

A *showing* (a raise or a return) at level L, which it first had at t:
- *valid*: the object is within the minima at some instant of [t, t + horizon of L];
- *nuisance*: it is not, and the recording of it goes on to t + horizon of L, or the alert has
  cleared by findings while the recording went on (the prediction was withdrawn);
- *undecided*: the recording of it ends or breaks before either.

An *infringement* that begins at s by the recording:
- *born inside*: the object was first seen less than `BORN_S` before s: nothing could be said;
- *in time*: an alert of the pair is shown at s; its *lead* is s less its raise, at most the room;
- *late*: one is raised only after s, while the infringement lasts; *missed*: none is.
The *room* is what there was: the time since the object was first seen, at most the advisory
horizon.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.alert_load.story import Showing
from benchmarks.alert_load.truth import Spell

from crosstell.core.protocol.times import Horizons

BORN_S = 30.0
RANKS = {1: "advisory", 2: "urgent", 3: "critical"}


class Worth(StrEnum):
    """What a showing was worth."""

    VALID = "valid"
    NUISANCE = "nuisance"
    UNDECIDED = "undecided"


class Warned(StrEnum):
    """How an infringement was announced."""

    IN_TIME = "in-time"
    LATE = "late"
    MISSED = "missed"
    BORN_INSIDE = "born-inside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is known of one pair: what was shown, what happened, and when it can be known."""

    showings: tuple[Showing, ...]
    infringed: tuple[Spell, ...]
    known: tuple[Spell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """One infringement: how it was announced, how long before, and how long there was."""

    warned: Warned
    lead_s: float | None
    room_s: float


def horizon_s(horizons: Horizons, rank: int) -> float:
    """How far ahead an alert of this rank looks."""
    return (horizons.advisory_s, horizons.urgent_s, horizons.critical_s)[rank - 1]


def worth(pair: Pair, showing: Showing, rank: int, horizons: Horizons) -> Worth | None:
    """What a showing was worth at a rank; None if it never had it."""
    at_s = showing.first_at(rank)
    if at_s is None:
        return None
    end_s = at_s + horizon_s(horizons, rank)
    if any(spell.start_s <= end_s and spell.end_s >= at_s for spell in pair.infringed):
        return Worth.VALID
    seen_s = seen_until(pair.known, at_s)
    withdrawn = showing.cleared_s is not None and not showing.ended and showing.cleared_s <= seen_s
    if seen_s >= end_s or withdrawn:
        return Worth.NUISANCE
    return Worth.UNDECIDED


def seen_until(known: Iterable[Spell], at_s: float) -> float:
    """Until when the recording goes on without a break from `at_s`."""
    return max(
        (spell.end_s for spell in known if spell.start_s <= at_s <= spell.end_s), default=at_s
    )


def seen_since(known: Iterable[Spell], at_s: float) -> float:
    """Since when the recording goes on without a break until `at_s`."""
    return min(
        (spell.start_s for spell in known if spell.start_s <= at_s <= spell.end_s), default=at_s
    )


def announced(pair: Pair, spell: Spell, horizons: Horizons) -> Announced:
    """How one infringement was announced."""
    start_s = spell.start_s
    room_s = start_s - seen_since(pair.known, start_s)
    if room_s < BORN_S:
        return Announced(warned=Warned.BORN_INSIDE, lead_s=None, room_s=room_s)
    room_s = min(room_s, horizons.advisory_s)
    for showing in pair.showings:
        gone_s = showing.cleared_s
        if showing.raised_s <= start_s and (gone_s is None or gone_s > start_s):
            lead_s = min(start_s - showing.raised_s, room_s)
            return Announced(warned=Warned.IN_TIME, lead_s=lead_s, room_s=room_s)
    later = any(start_s < showing.raised_s <= spell.end_s for showing in pair.showings)
    return Announced(warned=Warned.LATE if later else Warned.MISSED, lead_s=None, room_s=room_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The figures of one rule in one recording under one choice of terms."""

    pairs: int
    alerts: int
    returns: int
    rings: int
    shown_s: float
    highest: dict[str, int]
    by_level: dict[str, dict[str, int]]
    warned: dict[str, int]
    leads_s: tuple[float, ...]
    rooms_s: tuple[float, ...]

    @property
    def nuisance_share(self) -> float:
        """Nuisance of what is decided, at the level of the raise (advisory or more)."""
        counts = self.by_level["advisory"]
        decided = counts[Worth.VALID] + counts[Worth.NUISANCE]
        return counts[Worth.NUISANCE] / decided if decided else 0.0

    @property
    def missed_share(self) -> float:
        """Missed or late, of infringements that could have been announced."""
        could = sum(self.warned[kind] for kind in Warned if kind is not Warned.BORN_INSIDE)
        lost = self.warned[Warned.MISSED] + self.warned[Warned.LATE]
        return lost / could if could else 0.0

    @property
    def nuisance_shares(self) -> dict[str, float]:
        """Nuisance of what is decided, at each level."""
        found = {}
        for name, counts in self.by_level.items():
            decided = counts[Worth.VALID] + counts[Worth.NUISANCE]
            found[name] = counts[Worth.NUISANCE] / decided if decided else 0.0
        return found

    @property
    def flapping(self) -> float:
        """Returns per alert."""
        return self.returns / self.alerts if self.alerts else 0.0


def load_of(pairs: Iterable[Pair], horizons: Horizons) -> Load:
    """Count it all."""
    levels = {name: dict.fromkeys((str(one) for one in Worth), 0) for name in RANKS.values()}
    highest = dict.fromkeys(RANKS.values(), 0)
    warned = dict.fromkeys((str(one) for one in Warned), 0)
    leads: list[float] = []
    rooms: list[float] = []
    count = alerts = returns = rings = 0
    shown_s = 0.0
    for pair in pairs:
        count += 1
        for showing in pair.showings:
            alerts += showing.returns == 0
            returns += showing.returns > 0
            rings += showing.rings
            highest[RANKS[showing.highest]] += 1
            shown_s += (showing.cleared_s or showing.raised_s) - showing.raised_s
            for rank, name in RANKS.items():
                found = worth(pair, showing, rank, horizons)
                if found is not None:
                    levels[name][found] += 1
        for spell in pair.infringed:
            told = announced(pair, spell, horizons)
            warned[told.warned] += 1
            if told.lead_s is not None:
                leads.append(told.lead_s)
                rooms.append(told.room_s)
    return Load(
        pairs=count,
        alerts=alerts,
        returns=returns,
        rings=rings,
        shown_s=shown_s,
        highest=highest,
        by_level=levels,
        warned=warned,
        leads_s=tuple(leads),
        rooms_s=tuple(rooms),
    )
