"""The live index changes no decision: beside it, a plain walk over every pair that is held.

Notices are filed, changed and withdrawn, tracks come, jump and go, ownership and readings change,
the clock goes on, back and to the instant of a window's edge. After each the node's decisions are
compared with those of all pairs, each judged by the same exact function.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from node_pair import ALPHA, BRAVO, CHIEF, DUTY, START, protocol_of
from sampling import seeds

from crosstell.codecs.protocol_file import digest_of
from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.about import TwoTracks
from crosstell.core.detection.alert import AlertDecision, AlertHeld, AlertRaised, AlertWatched
from crosstell.core.geometry.footprint import Circle, Corridor
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId, RuleId, TrackId
from crosstell.core.instant import Window
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.assess.deciding import _is_news, decided, follow
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Tested as Answer
from crosstell.core.mechanism.assess.judged import judged_tests
from crosstell.core.mechanism.assess.nearness import been_at, motions_of
from crosstell.core.mechanism.assess.ownership import is_ours
from crosstell.core.mechanism.assess.pairs import places, traffic
from crosstell.core.mechanism.assess.picturing import ahead
from crosstell.core.mechanism.concern import Subject
from crosstell.core.picture.content import (
    Activity,
    ActivityKind,
    Content,
    FieldType,
    OwnForceLocation,
    Zone,
    volumes_of,
)
from crosstell.core.picture.notice import NoticeFiled, NoticeState, NoticeWithdrawn
from crosstell.core.picture.ownership import (
    OwnershipAnswer,
    OwnershipCorrected,
    OwnershipStated,
    OwnTrack,
)
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.picture import StandingNotice, standing_version
from crosstell.core.picture.track import Observation, TrackEnded, TrackState
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Certainty, Concerned, Minima, Separation, Standoff
from crosstell.core.protocol.rules.traffic import WellClear, WellClearVolume
from crosstell.core.protocol.times import Manoeuvring
from crosstell.core.protocol.understanding import UnderstandingStated
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, fold, initial

LOGS = {ALPHA: FeedId("a" * 32), BRAVO: FeedId("b" * 32)}
JOURNAL = FeedId("c" * 32)
WORDS: dict[str, Any] = {
    "text": "Keep apart.",
    "source": "written for tests",
    "certainty": Certainty.ASSUMED,
}
RULES = (
    Standoff(id=RuleId("forces"), minima=Minima(lateral_m=3_000.0, dwell_s=20.0), **WORDS),
    Separation(
        id=RuleId("apart"),
        minima=Minima(lateral_m=2_500.0, vertical_m=300.0),
        between=Concerned.BOTH,
        **WORDS,
    ),
)
ANCHORS = ((-36.5, -19.0), (0.0, 179.99), (89.97, 10.0), (-89.99, -120.0), (55.0, -179.95))


@cache
def protocol(*, turns: bool, well_clear: bool) -> Protocol:
    """Zones, forces with a stay, separation of tracks and activities; perhaps turns, well clear."""
    found = protocol_of(parties=2)
    alerts = found.alerts
    if turns:
        may = Manoeuvring(horizon_s=60.0, speed_mps=90.0, bank_deg=30.0, climb_mps=10.0)
        alerts = replace(alerts, assumed=replace(alerts.assumed, manoeuvre=may))
    rules = (*found.rules, *RULES)
    if well_clear:
        volume = WellClearVolume.PHASE_I
        rules = (*rules, WellClear(id=RuleId("well-clear"), volume=volume, **WORDS))
    return replace(found, rules=rules, alerts=alerts)


@dataclass
class Scene:
    """One node's state, and the chances that change it."""

    draw: random.Random
    state: State
    anchor: Position
    now: datetime = START + timedelta(hours=1)
    notices: dict[tuple[PartyId, NoticeId], int] = field(default_factory=dict)
    edges: list[datetime] = field(default_factory=list)
    owners: dict[str, OwnershipAnswer] = field(default_factory=dict)

    def put(self, feed: FeedId, body: Event, by: Speaker | None) -> None:
        """The event is the next entry of that log."""
        log = self.state.journal if feed == JOURNAL else self.state.by_feed(feed)
        assert log is not None
        ref = EntryRef(feed=feed, seq=log.size, hash="0" * 64)
        held = Held(ref=ref, kind="test", at=self.now, audience=(), by=by, body=body)
        self.state = fold(self.state, held)

    def near(self, *, most_m: float = 60_000.0) -> Position:
        """A place about the anchor; many close to it."""
        away_m = most_m * self.draw.random() ** 2
        return destination(self.anchor, track_deg=self.draw.uniform(0, 360), travel_m=away_m)

    def window(self) -> Window:
        """About now, its edges at whole seconds or at the very horizon."""
        horizon_s = self.state.setting.protocol.alerts.horizons.advisory_s
        start_s = self.draw.choice([-600, -1, 0, 1, horizon_s - 1, horizon_s, horizon_s + 1, 2_000])
        start = self.now + timedelta(seconds=start_s)
        length_s = self.draw.choice([1, 600, 601, 5_000])
        window = Window(start=start, end=start + timedelta(seconds=length_s))
        self.edges += [window.start, window.end, window.start - timedelta(seconds=horizon_s)]
        return window

    def volume(self) -> Volume:
        """A circle, or a corridor."""
        footprint: Circle | Corridor = Circle(
            centre=self.near(), radius_m=self.draw.choice([20.0, 900.0, 12_000.0])
        )
        if self.draw.random() < 0.3:
            points = (self.near(), self.near())
            footprint = Corridor(points=points, half_width_m=500.0)
        level = Altitude(value_m=2_000.0, datum=Datum.MSL_EGM96)
        upper = level if self.draw.random() < 0.5 else Unbounded()
        return Volume(footprint=footprint, lower=Unbounded(), upper=upper, window=self.window())

    def content(self, number: int) -> Content:
        """Of a kind that follows from the number, so that a later version keeps it."""
        if number % 3 == 0:
            return Zone(
                field_type=FieldType.ROZ,
                declaring_authority="forces",
                volume=self.volume(),
                duty="keep out",
            )
        if number % 3 == 1:
            return OwnForceLocation(volume=self.volume())
        volumes = tuple(self.volume() for _ in range(self.draw.choice([1, 2])))
        seen = [one.latest for one in self.state.journal.tracks.values() if one.latest is not None]
        if seen and self.draw.random() < 0.7:
            volumes = self.planned(self.draw.choice(seen).motion.position)
        return Activity(kind=ActivityKind.CREWED_FLIGHT, volumes=volumes)

    def planned(self, here: Position) -> tuple[Volume, ...]:
        """A place where something is, and one where it is to be soon."""
        late = timedelta(seconds=self.draw.choice([10, 60, 400]))
        span = Window(start=self.now - timedelta(seconds=900), end=self.now + late)
        then = Window(start=self.now + late, end=self.now + late + timedelta(seconds=500))
        around = Circle(centre=here, radius_m=2_000.0)
        first = replace(self.volume(), footprint=around, window=span, upper=Unbounded())
        return (first, replace(self.volume(), window=then))

    def file(self) -> None:
        """A notice, or a version, or a withdrawal, of either party, at home or shared."""
        party, number = self.draw.choice([ALPHA, BRAVO]), self.draw.randrange(6)
        home = party == ALPHA and number % 2 == 0
        feed = JOURNAL if home else LOGS[party]
        key = party, NoticeId(f"n-{number}")
        version = self.notices.get(key, 0)
        by = Speaker(party=party, role=DUTY, watch="1")
        if version and self.draw.random() < 0.3:
            reason = "over"
            self.put(feed, NoticeWithdrawn(notice=key[1], version=version, reason=reason), by)
            return
        self.notices[key] = version + 1
        content = self.content(number)
        second = None
        if isinstance(content, OwnForceLocation):
            second = Speaker(party=party, role=CHIEF, watch="1")
        body = NoticeFiled(
            notice=key[1],
            version=version + 1,
            content=content,
            marking="TEST",
            releasable_to=(),
            second=second,
        )
        self.put(feed, body, by)

    def own(self) -> None:
        """We say of a track that it is ours, or not; or change our word."""
        name = f"t-{self.draw.randrange(8)}"
        answer = self.draw.choice([OwnershipAnswer.OURS, OwnershipAnswer.NOT_OURS])
        subject = OwnTrack(track=TrackId(name))
        body: Event = OwnershipStated(subject=subject, answer=answer, scope=Scope())
        if name in self.owners:
            body = OwnershipCorrected(
                subject=subject, answer=answer, scope=Scope(), reason="said too soon"
            )
        self.owners[name] = answer
        self.put(JOURNAL, body, Speaker(party=ALPHA, role=DUTY, watch="1"))

    def read(self) -> None:
        """A party states a wider, or a nearer, reading."""
        party, rule = self.draw.choice([ALPHA, BRAVO]), self.draw.choice(RULES).id
        minima = Minima(lateral_m=self.draw.choice([100.0, 9_000.0, 40_000.0]))
        digest = self.state.setting.digest
        body = UnderstandingStated(protocol=digest, rule=rule, text="ours", minima=minima)
        self.put(LOGS[party], body, Speaker(party=party, role=DUTY, watch="1"))

    def motion(self, name: str) -> Motion:
        """On from the track's last motion as it said, or anywhere; some of it unknown or old."""
        late_s = self.draw.choice([0.0, 0.0, 0.0, 1.0, 44.0, 46.0, 300.0, -1.5])
        at = self.now - timedelta(seconds=late_s)
        track = self.state.journal.tracks.get(TrackId(name))
        place = self.near()
        speed_mps = self.draw.choice([0.0, 3.0, 70.0, 300.0, 1_500.0])
        track_deg = self.draw.uniform(0, 360)
        seen = None if track is None else track.latest
        if seen is not None and self.draw.random() < 0.8:
            velocity, held = seen.motion.velocity, seen.motion.position_at(at)
            if velocity is not None and held is not None and velocity.speed_mps <= 300.0:
                place, track_deg, speed_mps = held, velocity.track_deg, velocity.speed_mps
        velocity = Velocity(track_deg=track_deg, speed_mps=speed_mps, climb_mps=None)
        return Motion(
            position=place,
            at=at,
            altitude=self.draw.choice([None, Altitude(value_m=1_000.0, datum=Datum.MSL_EGM96)]),
            velocity=self.draw.choice([velocity, velocity, velocity, None]),
            position_accuracy_m=self.draw.choice([None, 0.0, 50.0, 5_000.0]),
            altitude_accuracy_m=None,
        )

    def observe(self) -> frozenset[TrackId]:
        """Some tracks are seen once, or end; their names."""
        names = self.draw.sample([f"t-{number}" for number in range(8)], self.draw.randrange(1, 7))
        for name in names:
            motion = self.motion(name)
            seen: Event = Observation(
                track=TrackId(name), source="radar-1", motion=motion, received_at=self.now
            )
            if self.draw.random() < 0.05:
                seen = TrackEnded(
                    track=TrackId(name), source="radar-1", received_at=self.now, reason="lost"
                )
            self.put(JOURNAL, seen, None)
        return frozenset(map(TrackId, names)) & self.state.journal.tracks.keys()

    def tell_time(self) -> None:
        """The clock goes on; at times to a window's edge, or a little back."""
        passed_s = self.draw.choice([0.0, 1.0, 1.0, 1.0, 30.0, 200.0, -0.5])
        self.now += timedelta(seconds=passed_s)
        later = [edge for edge in self.edges if edge > self.now]
        if later and self.draw.random() < 0.3:
            self.now = min(later) + timedelta(microseconds=self.draw.choice([-1_000, 0, 1_000]))


def founded(seed: str) -> Scene:
    """Nothing is held yet."""
    draw = random.Random(seed)
    document = protocol(turns=draw.random() < 0.3, well_clear=draw.random() < 0.2)
    setting = Setting(
        party=ALPHA,
        feeds=tuple(LOGS.items()),
        journal=JOURNAL,
        protocol=document,
        digest=digest_of(document),
        ring_limit=CHIEF,
        test_role=DUTY,
        reality=Reality.EXERCISE,
    )
    lat_deg, lon_deg = draw.choice(ANCHORS)
    anchor = Position(lat_deg=lat_deg, lon_deg=lon_deg)
    return Scene(draw=draw, state=initial(setting), anchor=anchor)


def standing(state: State) -> list[StandingNotice]:
    """Every notice that stands, by party and id; ours that are shared are not held twice."""
    held = {(ALPHA, name): notice for name, notice in state.journal.notices.items()}
    for party, feed in state.feeds.items():
        held |= {(party, name): notice for name, notice in feed.notices.items()}
    return [
        standing_version(party, held[party, name])
        for party, name in sorted(held)
        if held[party, name].state is not NoticeState.WITHDRAWN
    ]


def plain(state: State, changed: frozenset[TrackId], now: datetime) -> tuple[AlertDecision, ...]:
    """What all pairs decide, each judged by the exact function of its kind."""
    found = (*_at_every_place(state, changed, now), *_of_every_two(state, changed, now))
    news = (one for one in found if _is_news(state, state.journal.tracks, one, now))
    return follow(state, news, now)


def _at_every_place(state: State, changed: frozenset[TrackId], now: datetime) -> Iterator[Answer]:
    window, tests = ahead(state, now), judged_tests(state, Subject.TRACK_AT_NOTICE)
    for name in sorted(changed):
        track = state.journal.tracks[name]
        if track.state is not TrackState.HELD:
            continue
        seen = places.Seen(track=track, motions=motions_of(track, now), heights=Heights(state, now))
        soon = tuple(
            notice
            for notice in standing(state)
            if any(volume.window.overlaps(window) for volume in volumes_of(notice.content))
        )
        ways = places._on_plan(seen, been_at(track), soon, tests, now)
        for notice in soon:
            for judged, way in zip(tests, ways, strict=True):
                yield from places._if_concerned(state, way, notice, judged, now)


def _of_every_two(state: State, changed: frozenset[TrackId], now: datetime) -> Iterator[Answer]:
    tracks = state.journal.tracks
    held = [name for name in sorted(tracks) if tracks[name].state is TrackState.HELD]
    ours = [name for name in held if is_ours(state, tracks[name])]
    for own in ours:
        for other in held:
            if other in ours or not {own, other} & changed:
                continue
            about = TwoTracks(first=own, second=other)
            first, second = (motions_of(tracks[name], now) for name in (about.first, about.second))
            pair = traffic._Pair(about=about, first=first, second=second)
            for judged in judged_tests(state, Subject.TWO_TRACKS):
                yield traffic._tested(state, pair, judged, now)


def play(seed: str, moves: int) -> dict[str, int]:
    """The moves of one seed, each decided twice; how many decisions of which kind there were."""
    scene, counted = founded(seed), {"decided": 0, "of two": 0, "doubted": 0, "planned": 0}
    before: list[tuple[State, frozenset[TrackId], datetime, tuple[AlertDecision, ...]]] = []
    for _ in range(moves):
        scene.tell_time()
        for change in (scene.file, scene.file, scene.own, scene.read):
            if scene.draw.random() < 0.4:
                change()
        changed = scene.observe()
        if scene.draw.random() < 0.1:
            changed = frozenset(scene.state.journal.tracks)
        found = decided(scene.state, scene.state.journal.tracks, changed, scene.now)
        assert found == plain(scene.state, changed, scene.now), seed
        before.append((scene.state, changed, scene.now, found))
        for decision in found:
            scene.put(JOURNAL, decision, None)
        counted["decided"] += len(found)
        counted["of two"] += sum(isinstance(one.key.about, TwoTracks) for one in found)
        for kind, reason in (("doubted", "not-trustworthy"), ("planned", "declared-plan")):
            counted[kind] += sum(
                reason in one.finding.reasons
                for one in found
                if isinstance(one, AlertWatched | AlertRaised | AlertHeld)
            )
    for state, changed, now, found in scene.draw.sample(before, min(4, len(before))):
        assert decided(state, state.journal.tracks, changed, now) == found, seed
    return counted


@cache
def played(part: int) -> dict[str, int]:
    """The counts of three plays together."""
    total: dict[str, int] = {}
    for number in range(3):
        for kind, count in play(f"selection {part} {number}", moves=12).items():
            total[kind] = total.get(kind, 0) + count
    return total


@pytest.mark.parametrize("part", seeds(6, few=1))
def test_the_index_decides_what_a_walk_over_all_pairs_decides(part: int) -> None:
    """MEC-084, MEC-120, MEC-121: the same decisions in the same order, and of old states again."""
    assert played(part)["decided"] > 0


def test_the_pictures_hold_what_they_are_to_hold() -> None:
    """MEC-121: a control. Some decisions are of two tracks, doubted, or led by a plan alone."""
    total = played(0)
    assert min(total.values()) > 0, total


@pytest.mark.long
@pytest.mark.parametrize("part", range(40))
def test_it_does_so_in_many_more_pictures(part: int) -> None:
    """MEC-084, MEC-120, MEC-121."""
    for number in range(25):
        play(f"selection, long, {part} {number}", moves=20)
