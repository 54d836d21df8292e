"""A declared plan beside a course, against the plain definition (CNF-026 to CNF-030).

The oracle knows circles only: by geographiclib, from when an object at its greatest speed can be in
a declared circle within the horizon, and whether that circle comes within the limit of the zone.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from geographiclib.geodesic import Geodesic
from node_pair import ALPHA, World
from sampling import examples
from test_mechanism_pairs import WORDS

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.detection.m_of_n import RANK, Severity, severity_of
from crosstell.core.detection.pair.trust import Basis
from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId, RuleId, TrackId
from crosstell.core.instant import Window, later, seconds_between
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Judged, judged_tests
from crosstell.core.mechanism.assess.judged import Tested as Told
from crosstell.core.mechanism.assess.nearness import been_at
from crosstell.core.mechanism.assess.pairs import planned
from crosstell.core.mechanism.assess.pairs.planned import (
    OnActivity,
    activities_of,
    beside_course,
    places_led,
)
from crosstell.core.mechanism.concern import Subject
from crosstell.core.picture.content import Activity, ActivityKind, FieldType, Zone
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.picture.track import HISTORY_MAX, Observation, Track, advance
from crosstell.core.protocol.rule import Minima, TracksConcerned, ZoneEntry
from crosstell.core.state.state import State
from crosstell.core.table import Stamp

EARTH = Geodesic.WGS84
NOW = datetime(2023, 6, 1, 12, tzinfo=UTC)
LIMIT_M = 1_000.0
RULE = ZoneEntry(
    id=RuleId("entry"), minima=Minima(lateral_m=LIMIT_M), tracks=TracksConcerned.ALL, **WORDS
)
NEAR_M, NEAR_S = 1.0, 0.1
ZONE = NoticeOf(party=ALPHA, notice=NoticeId("z"))
FLIGHT = NoticeOf(party=PartyId("bravo"), notice=NoticeId("b"))


def somewhere(rng: random.Random, start: Position, most_m: float) -> Position:
    end = EARTH.Direct(
        start.lat_deg, start.lon_deg, rng.uniform(0, 360), most_m * rng.uniform(0, 1)
    )
    return Position(lat_deg=end["lat2"], lon_deg=end["lon2"])


def circle(rng: random.Random, start: Position, most_m: float) -> Volume:
    begin_s = rng.choice((-500.0, rng.uniform(-500.0, 700.0)))
    top = Altitude(value_m=rng.choice((500.0, 3_000.0)), datum=Datum.MSL_EGM96)
    low = Altitude(value_m=rng.choice((0.0, 600.0)), datum=Datum.MSL_EGM96)
    return Volume(
        footprint=Circle(
            centre=somewhere(rng, start, most_m), radius_m=rng.choice((300.0, 3_000.0, 8_000.0))
        ),
        lower=low if rng.random() < 0.5 and low < top else Unbounded(),
        upper=top,
        window=Window(
            start=later(NOW, by_s=begin_s),
            end=later(NOW, by_s=begin_s + rng.uniform(1.0, 1_500.0)),
        ),
    )


def apart_m(one: Position, two: Position) -> float:
    line = EARTH.Inverse(one.lat_deg, one.lon_deg, two.lat_deg, two.lon_deg)
    return float(line["s12"])


def towards_deg(start: Position, volume: Volume) -> float:
    assert isinstance(volume.footprint, Circle)
    there = volume.footprint.centre
    line = EARTH.Inverse(start.lat_deg, start.lon_deg, there.lat_deg, there.lon_deg)
    return float(line["azi1"])


def value_m(limit: object, otherwise_m: float) -> float:
    return limit.value_m if isinstance(limit, Altitude) else otherwise_m


def by_definition(
    motion: Motion, places: tuple[Volume, ...], zone: Volume, judged: Judged
) -> float | None:
    """Seconds until the plan may lead in; None: it does not; -1: too near a limit to say."""
    criterion, soonest = judged.criterion, None
    assert motion.velocity is not None
    speed_mps = max(motion.velocity.speed_mps, criterion.unknown_speed_mps)
    wide_m = motion.position_accuracy_m
    wide_m = criterion.unknown_accuracy_m if wide_m is None else wide_m
    for place in places:
        assert isinstance(place.footprint, Circle)
        assert isinstance(zone.footprint, Circle)
        gap_m = apart_m(place.footprint.centre, zone.footprint.centre) - LIMIT_M
        gap_m -= place.footprint.radius_m + zone.footprint.radius_m
        low_m = max(value_m(place.lower, -1e9), value_m(zone.lower, -1e9))
        high_m = min(value_m(place.upper, 1e9), value_m(zone.upper, 1e9))
        away_m = apart_m(motion.position, place.footprint.centre) - place.footprint.radius_m
        chord_m = away_m * (1.0 - 1e-4) - 5.0 if away_m > 0.0 else away_m
        begin_s = max(
            0.0,
            (away_m - wide_m) / speed_mps - seconds_between(motion.at, NOW),
            seconds_between(NOW, place.window.start),
            seconds_between(NOW, zone.window.start),
        )
        early_s = max(
            0.0,
            (chord_m - wide_m) / speed_mps - 2.0 * abs(seconds_between(motion.at, NOW)) - 1.0,
            seconds_between(NOW, place.window.start),
            seconds_between(NOW, zone.window.start),
        )
        end_s = min(
            criterion.horizon_s,
            seconds_between(NOW, place.window.end),
            seconds_between(NOW, zone.window.end),
        )
        if gap_m > NEAR_M or low_m > high_m + criterion.vertical_m or early_s >= end_s + NEAR_S:
            continue
        if gap_m > -NEAR_M or begin_s > end_s - NEAR_S:
            return -1.0
        soonest = begin_s if soonest is None else min(soonest, begin_s)
    return soonest


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One object, one zone, and the places of one activity that it is on."""

    motion: Motion
    zone: Volume
    places: tuple[Volume, ...]

    @classmethod
    def of(cls, rng: random.Random) -> "Scene":
        start = Position(lat_deg=rng.choice((-36.5, 0.0, 70.0)), lon_deg=rng.choice((-19.0, 180.0)))
        zone = circle(rng, start, 25_000.0)
        motion = Motion(
            position=start,
            at=later(NOW, by_s=-rng.choice((0.0, 5.0))),
            altitude=Altitude(value_m=1_000.0, datum=Datum.MSL_EGM96),
            velocity=Velocity(
                track_deg=rng.choice((towards_deg(start, zone), rng.uniform(0, 360))),
                speed_mps=rng.choice((20.0, 40.0, 250.0)),
                climb_mps=0.0,
            ),
            position_accuracy_m=rng.choice((None, 50.0)),
            altitude_accuracy_m=10.0,
        )
        places = tuple(circle(rng, start, 25_000.0) for _ in range(rng.randrange(1, 4)))
        return cls(motion=motion, zone=zone, places=places)

    def course(self, judged: Judged) -> Told:
        """What is found by the course alone."""
        encounter = pairing(self.motion, self.zone, judged.criterion, NOW)
        about = TrackAtNotice(track=TrackId("t1"), notice=ZONE)
        finding = encounter.finding(judged.criterion, about=about, versions=(1,))
        return Told(finding=finding, terms=judged.terms)

    def with_plan(self, state: State, judged: Judged, course: Told, of: NoticeOf) -> Told:
        """The same beside an activity of that name."""
        content = Zone(
            field_type=FieldType.ROZ, declaring_authority="a", volume=self.zone, duty="keep out"
        )
        ref = EntryRef(feed=FeedId("f"), seq=0, hash="")
        notice = StandingNotice(
            party=ZONE.party, notice=ZONE.notice, version=1, content=content, ref=ref
        )
        moving = (JudgedMotion(motion=self.motion, basis=Basis.REPORTED),)
        on = OnActivity(activity=of, ahead=self.places)
        led = places_led(moving, (on,), judged, NOW)
        return beside_course(course, led, notice, self.zone, judged, Heights(state, NOW))


def check(course: Told, found: Told, expected: float | None) -> str:
    """Nothing is taken, and what is added is what the definition says; which case it was."""
    before, after = (severity_of(one.finding, one.terms) for one in (course, found))
    soon_s, was_s = found.finding.infringement_in_s, course.finding.infringement_in_s
    added = Reason.DECLARED_PLAN in found.finding.reasons
    is_clear = course.finding.assessed is Assessed.CLEAR
    assert soon_s <= was_s
    assert found.finding.nominal_in_s == course.finding.nominal_in_s
    if not added:
        assert found == course
    elif is_clear:
        assert found.finding.assessed is Assessed.CANNOT_BE_RULED_OUT
        assert after is Severity.ADVISORY
    else:
        assert found.finding.assessed is course.finding.assessed
        assert RANK[after] == max(RANK[before], RANK["advisory"])
    if expected is None:
        assert not added
    elif expected >= 0.0:
        assert added or expected >= was_s - NEAR_S
        assert soon_s <= expected + NEAR_S
    if is_clear:
        return "added" if added else "clear"
    return "sooner" if added else "kept"


def test_the_plan_adds_what_the_definition_says_and_takes_nothing() -> None:
    """CNF-026, CNF-027, CNF-028; CNF-030: an activity at its own volumes adds nothing."""
    state = World(rules=(RULE,)).state(ALPHA)
    tests = judged_tests(state, Subject.TRACK_AT_NOTICE)
    (judged,) = [one for one in tests if one.rule.id == RULE.id]
    seen = dict.fromkeys(("clear", "added", "sooner", "kept"), 0)
    worlds = examples(1_200)
    for seed in range(worlds):
        scene = Scene.of(random.Random(f"planned:{seed}"))
        course = scene.course(judged)
        found = scene.with_plan(state, judged, course, FLIGHT)
        expected = by_definition(scene.motion, scene.places, scene.zone, judged)
        seen[check(course, found, expected)] += 1
        assert scene.with_plan(state, judged, course, ZONE) == course
    assert min(seen.values()) >= worlds // 40, seen


def flight_through(rng: random.Random, here: Position) -> StandingNotice:
    places = tuple(circle(rng, here, 12_000.0) for _ in range(3))
    return StandingNotice(
        party=FLIGHT.party,
        notice=FLIGHT.notice,
        version=1,
        content=Activity(kind=ActivityKind.CREWED_FLIGHT, volumes=places),
        ref=EntryRef(feed=FeedId("f"), seq=1, hash="0" * 64),
    )


def test_cnf_025_what_is_kept_of_a_history_changes_no_answer() -> None:
    state, answers = World(rules=(RULE,)).state(ALPHA), set()
    judged = judged_tests(state, Subject.TRACK_AT_NOTICE)[0]
    for seed in range(8):
        rng = random.Random(f"kept {seed}")
        here, track = Position(lat_deg=36.0, lon_deg=40.0), None
        flights = [flight_through(rng, here) for _ in range(2)]
        for step in range(2 * HISTORY_MAX):
            at = later(NOW, by_s=10.0 * step - 200.0 * (step == HISTORY_MAX))
            here = somewhere(rng, here, 3_000.0)
            seen = Observation(
                track=TrackId(f"t{seed}"),
                source="radar",
                received_at=at,
                motion=Motion(
                    position=here,
                    at=at,
                    altitude=None,
                    velocity=None,
                    position_accuracy_m=50.0,
                    altitude_accuracy_m=None,
                ),
            )
            after = advance(track, seen, Stamp(ref=flights[0].ref, at=at))
            if not isinstance(after, Track):
                continue
            track = after
            if step % 7 == 3:
                flights[0] = flight_through(rng, here)  # a newer version
            asked = rng.sample(flights, rng.choice((1, 2)))
            found = activities_of(state, track, been_at(track), asked, judged.criterion)
            kept = planned._ANSWERS.copy()
            planned._ANSWERS.clear()
            assert found == activities_of(state, track, been_at(track), asked, judged.criterion)
            planned._ANSWERS.clear()
            planned._ANSWERS.update(kept)
            answers.add(len(found))
    assert answers == {0, 1, 2}
