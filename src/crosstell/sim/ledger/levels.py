"""What moves say of a track, plainly, and that no alert falls or clears by what is not trusted.

Units: metres, seconds. A straight line on a sphere between two measurements, and the time that a
source says lies between them: far too fast for anything that flies is a *jump*. The bound is wider
than any that the mechanism has, so what is called a jump here is one there too. Implements SIM-060.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crosstell.core.ids import PartyId
from crosstell.core.instant import to_us
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.track import Observation
from crosstell.shell.node import NodeInput, Outcome
from crosstell.sim.host import Host
from crosstell.sim.ledger.noted import Noted, demand

JUMP_MPS = 2_000.0
SOON_S = 1.5  # measurements closer than this may be thinned out
SLACK_S = 3.0
SLACK_M = 2_000.0
EARTH_M = 6_371_000.0
STEADY_M = 150.0  # a straight flyer is no further from where its last measurement leads
RANKS = {"advisory": 1, "urgent": 2, "critical": 3}
DOUBT = "not-trustworthy"


@dataclass(slots=True)
class Moves:
    """One track as one node was shown it; `steady` counts measurements since the last odd one."""

    last: Observation | None = None
    steady: int = 1_000
    is_jump: bool = False

    def take(self, one: Observation) -> None:
        """One more measurement, in the order of arrival."""
        before, self.is_jump = self.last, False
        if before is None:
            self.last = one
            return
        gap_s = (to_us(one.motion.at) - to_us(before.motion.at)) / 1e6
        if gap_s < SOON_S:  # late, or thinned out
            self.steady = 0
            return
        self.last = one
        here, there = before.motion.position, one.motion.position
        moved_m = _apart_m((here.lat_deg, here.lon_deg), (there.lat_deg, there.lon_deg))
        self.is_jump = moved_m > JUMP_MPS * (gap_s + SLACK_S) + SLACK_M
        speed_mps = before.motion.velocity.speed_mps if before.motion.velocity is not None else 0.0
        is_odd = abs(moved_m - speed_mps * gap_s) > STEADY_M
        self.steady = 0 if is_odd else self.steady + 1


@dataclass(slots=True)
class LevelLedger:
    """The level of every alert that is shown, as the record has it, and why it moved."""

    levels: dict[PartyId, dict[str, int]] = field(default_factory=dict)
    moves: dict[PartyId, dict[str, Moves]] = field(default_factory=dict)
    judged: int = 0

    def forget(self, host: Host) -> None:
        """The disk was replaced."""
        self.levels[host.name], self.moves[host.name] = {}, {}

    def after(self, host: Host, given: NodeInput, outcome: Outcome, news: Iterable[Noted]) -> None:
        """What was shown, and what became of alerts by it."""
        jumped = self._jumped(host, given)
        if outcome.fault is not None:  # it may not have been kept
            self.moves[host.name].clear()
        for entry in news:
            if entry.feed == host.journal and entry.is_read and entry.kind.startswith("alert_"):
                self._note(host, entry, jumped)

    def _jumped(self, host: Host, given: NodeInput) -> frozenset[str]:
        """Tracks of which this input says a move that nothing makes."""
        if not isinstance(given, Observed):
            return frozenset()
        held = self.moves[host.name]
        for one in given.observations:
            if isinstance(one, Observation):
                held.setdefault(one.track, Moves()).take(one)
        seen = (one.track for one in given.observations if isinstance(one, Observation))
        return frozenset(track for track in seen if held[track].is_jump)

    def _note(self, host: Host, entry: Noted, jumped: frozenset[str]) -> None:
        said, levels = entry.said, self.levels[host.name]
        name = said.get("alert", "")
        if entry.kind in ("alert_raised", "alert_changed"):
            rank = RANKS[said["level"]]
            if rank < levels.get(name, 0):
                self._demand_trust(host, said, jumped, "falls")
            levels[name] = rank
        elif entry.kind == "alert_cleared":
            levels.pop(name, None)
            if said["because"] == "no-longer-found":
                self._demand_trust(host, said, jumped, "clears")

    def _demand_trust(
        self, host: Host, said: dict[str, Any], jumped: frozenset[str], what: str
    ) -> None:
        """The finding by which it moved is not one of a track that is not trusted."""
        self.judged += 1
        text = f"{host.name}: alert {said['alert']} {what} by what is not trusted"
        demand(DOUBT not in said["finding"].get("reasons", ()), text)
        demand(not jumped & _tracks(said["key"]["about"]), text)


def _tracks(about: dict[str, Any]) -> frozenset[str]:
    """The tracks that an alert is about, by the record's own words."""
    (named,) = about.values()
    names = (named.get(word) for word in ("track", "first", "second"))
    return frozenset(name for name in names if isinstance(name, str))


def _apart_m(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The distance of two places (degrees) on a sphere."""
    lat, lon, to_lat, to_lon = (math.radians(value) for value in (*here, *there))
    half = math.sin((lat - to_lat) / 2) ** 2
    half += math.cos(lat) * math.cos(to_lat) * math.sin((lon - to_lon) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))
