"""What detection owed, by plain sampling of what reached the node: an alert after M of N hits.

Units: metres, seconds. A course is followed second by second on a sphere and its nearest point
checked by the geodesic; nearer than the margin to a limit nothing is judged. A hit is a certain
one: the values as reported lead inside. Only measurements that arrived one after the other, in
time, are counted. A critical hit of a track that was steady for longer than a node looks back owes
an alert at once. Implements SIM-028, SIM-029, SIM-061.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geographiclib.geodesic import Geodesic

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import to_us
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.track import Observation
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import AlertLevel, KeptFrom, Standoff, ZoneEntry
from crosstell.core.protocol.times import CriticalRaises
from crosstell.shell.node import NodeInput, Outcome
from crosstell.sim.host import Host
from crosstell.sim.ledger.levels import SOON_S, Moves
from crosstell.sim.ledger.noted import Noted, demand
from crosstell.sim.ledger.record import field_of

MARGIN_M = 400.0  # the sphere is wrong by less over the horizons that are sampled
STEP_S = 5.0
EDGE_S = 15.0  # nearer than this to the end of a window or of the horizon nothing is judged
EARTH_M = 6_371_000.0
STEADY = 40  # measurements without an odd one: more than any node looks back
Key = tuple[str, str, str, str]


class Judged(StrEnum):
    """What a plain look says of one measurement against one place."""

    HIT = "hit"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A declared circle as the record has it, and from when to when it holds."""

    party: PartyId
    notice: str
    rule: str
    limit_m: float
    lat_deg: float
    lon_deg: float
    radius_m: float
    start_us: int
    end_us: int
    top_m: float | None
    is_critical: bool


@dataclass(slots=True)
class Sight:
    """What one host has: places, runs of hits, alerts that stand."""

    places: dict[tuple[PartyId, str], Place] = field(default_factory=dict)
    runs: dict[Key, list[Judged]] = field(default_factory=dict)
    latest_us: dict[str, int] = field(default_factory=dict)
    standing: set[Key] = field(default_factory=set)
    moves: dict[str, Moves] = field(default_factory=dict)


@dataclass(slots=True)
class DetectionOracle:
    """What every node was shown, and whether it said what it had to."""

    protocol: Protocol
    feeds: Mapping[FeedId, PartyId]
    sights: dict[PartyId, Sight] = field(default_factory=dict)
    judged: int = 0
    judged_at_once: int = 0

    def forget(self, host: Host) -> None:
        """The disk was replaced."""
        self.sights[host.name] = Sight()

    def interrupted(self, host: Host) -> None:
        """The node was off: what it is shown next follows on nothing."""
        self.sights[host.name].runs.clear()

    def note(self, host: Host, news: Iterable[Noted]) -> None:
        """These entries are on the disk: places come and go, alerts are raised and cleared."""
        sight = self.sights[host.name]
        for entry in news:
            party = host.name if entry.feed == host.journal else self.feeds.get(entry.feed)
            if party is not None and entry.is_read:
                self._note(sight, party, entry)

    def _note(self, sight: Sight, party: PartyId, entry: Noted) -> None:
        said = entry.said
        if entry.kind == "notice_filed":
            place = self._place(party, said)
            if place is not None:
                sight.places[party, said["notice"]] = place
        elif entry.kind == "notice_withdrawn":
            sight.places.pop((party, said["notice"]), None)
        elif entry.kind.startswith("alert_") and "key" in said:
            self._note_alert(sight, entry.kind, said["key"])

    def _note_alert(self, sight: Sight, kind: str, key: Mapping[str, Any]) -> None:
        """An alert of a track at a place under the protocol's own text; others are not judged."""
        about = key["about"].get("track_at_notice")
        if about is None or "reading" in key:
            return
        place = about["notice"]
        name = (about["track"], place["party"], place["notice"], key["rule"])
        if kind == "alert_raised":
            sight.standing.add(name)
        elif kind == "alert_cleared":
            sight.standing.discard(name)
            sight.runs.pop(name, None)

    def _place(self, party: PartyId, said: Mapping[str, Any]) -> Place | None:
        kind, content = next(iter(said["content"].items()))
        circle = field_of(content, "volume", "footprint", "circle")
        rule = self._rule(kind)
        if circle is None or rule is None:
            return None
        window = content["volume"]["window"]
        upper = field_of(content, "volume", "upper", "altitude", "value_mm")
        return Place(
            party=party,
            notice=said["notice"],
            rule=rule.id,
            limit_m=rule.minima.lateral_m,
            lat_deg=circle["centre"]["lat_e7"] / 1e7,
            lon_deg=circle["centre"]["lon_e7"] / 1e7,
            radius_m=circle["radius_mm"] / 1e3,
            start_us=window["start_us"],
            end_us=window["end_us"],
            top_m=None if upper is None else upper / 1e3,
            is_critical=rule.level_max is AlertLevel.CRITICAL,
        )

    def _rule(self, kind: str) -> Standoff | ZoneEntry | None:
        """The rule of this protocol about such a place; the fixture has one of each."""
        kept = {
            "own_force_location": KeptFrom.OWN_FORCE_LOCATION,
            "avoidance_request": KeptFrom.AVOIDANCE_PLACE,
        }
        for rule in self.protocol.rules:
            if isinstance(rule, ZoneEntry) and kind == "zone":
                return rule
            if isinstance(rule, Standoff) and kept.get(kind) in rule.kept_from:
                return rule
        return None

    def after(self, host: Host, given: NodeInput, outcome: Outcome, news: Iterable[Noted]) -> None:
        """What the node made of an input; of measurements, whether it had to raise an alert."""
        sight, now_us = self.sights[host.name], to_us(host.local())
        news = tuple(news)
        places = tuple(sight.places.values())
        self.note(host, news)
        if outcome.fault is not None:
            sight.runs.clear()
            sight.moves.clear()
        elif isinstance(given, Observed):
            seen = [one for one in given.observations if isinstance(one, Observation)]
            odd = len(seen) < len(given.observations)
            odd = odd or len({one.track for one in seen}) < len(seen)
            if odd:
                sight.runs.clear()
            for one in seen:
                self._judge_all(host, sight, one, places, now_us)

    def _judge_all(
        self, host: Host, sight: Sight, one: Observation, places: Iterable[Place], now_us: int
    ) -> None:
        horizons = self.protocol.alerts.horizons
        advisory_s, critical_s = horizons.advisory_s, horizons.critical_s
        at_us, before_us = to_us(one.motion.at), sight.latest_us.get(one.track, 0)
        sight.latest_us[one.track] = max(at_us, before_us)
        regular = at_us - before_us >= SOON_S * 1e6 and abs(now_us - at_us) < 2e6
        policy, moves = self.protocol.alerts, sight.moves.setdefault(one.track, Moves())
        moves.take(one)
        if not regular:
            moves.steady = 0
        at_once = policy.critical_raises is CriticalRaises.AT_ONCE and moves.steady > STEADY
        for place in places:
            key = (one.track, place.party, place.notice, place.rule)
            if at_once and place.is_critical:
                self._judge_at_once(host, key, self._look(one, place, now_us, critical_s))
            found = Judged.OPEN
            if regular:
                found = self._look(one, place, now_us, advisory_s)
            run = [*sight.runs.get(key, []), found][-policy.hits_needed :]
            sight.runs[key] = run
            if run == [Judged.HIT] * policy.hits_needed:
                self.judged += 1
                text = f"{host.name}: {policy.hits_needed} hits of {key} and no alert stands"
                demand(key in sight.standing, text)

    def _judge_at_once(self, host: Host, key: Key, found: Judged) -> None:
        """One that surely leads in within the critical horizon has an alert already."""
        if found is Judged.HIT:
            self.judged_at_once += 1
            text = f"{host.name}: {key} is critical as reported and no alert stands"
            demand(key in self.sights[host.name].standing, text)

    def _look(self, one: Observation, place: Place, now_us: int, within_s: float) -> Judged:
        motion = one.motion
        if motion.velocity is None or place.end_us - now_us < EDGE_S * 1e6:
            return Judged.OPEN
        if place.top_m is not None:
            altitude = motion.altitude
            if altitude is None or altitude.datum != "msl-egm96":
                return Judged.OPEN
            if altitude.value_m > place.top_m - 500.0:
                return Judged.OPEN
        horizon_s = within_s - EDGE_S
        first_s = max(0.0, (place.start_us - now_us) / 1e6 + EDGE_S)
        last_s = min(horizon_s, (place.end_us - now_us) / 1e6 - EDGE_S)
        age_s = (now_us - to_us(motion.at)) / 1e6
        if last_s <= first_s:
            return Judged.OPEN
        start = (motion.position.lat_deg, motion.position.lon_deg)
        course, speed_mps = motion.velocity.track_deg, motion.velocity.speed_mps
        near_m, at_s = min(
            (_sphere_m(_ahead(start, course, speed_mps * (age_s + ahead_s)), place), ahead_s)
            for ahead_s in _steps(first_s, last_s)
        )
        limit_m = place.radius_m + place.limit_m
        if near_m > limit_m - MARGIN_M:
            return Judged.OPEN
        there = Geodesic.WGS84.Direct(*start, course, speed_mps * (age_s + at_s))
        line = Geodesic.WGS84.Inverse(there["lat2"], there["lon2"], place.lat_deg, place.lon_deg)
        return Judged.HIT if line["s12"] <= limit_m - MARGIN_M / 2 else Judged.OPEN


def _steps(first_s: float, last_s: float) -> Iterable[float]:
    count = int((last_s - first_s) / STEP_S)
    return (first_s + STEP_S * number for number in range(count + 1))


def _ahead(start: tuple[float, float], course_deg: float, travel_m: float) -> tuple[float, float]:
    """Where a great circle leads on a sphere."""
    lat, lon, course = (math.radians(value) for value in (*start, course_deg))
    angle = travel_m / EARTH_M
    to_lat = math.asin(
        math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(course)
    )
    turn = math.atan2(
        math.sin(course) * math.sin(angle) * math.cos(lat),
        math.cos(angle) - math.sin(lat) * math.sin(to_lat),
    )
    return to_lat, lon + turn


def _sphere_m(here: tuple[float, float], place: Place) -> float:
    """The distance on a sphere from `here` (radians) to the place's centre."""
    lat, lon = math.radians(place.lat_deg), math.radians(place.lon_deg)
    half = (
        math.sin((here[0] - lat) / 2) ** 2
        + math.cos(here[0]) * math.cos(lat) * math.sin((here[1] - lon) / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))
