"""The verdict as a node holds it: folded observation by observation, with and without a kind.

The flights are those of `test_trust_simulated`: flown with geographiclib, apart from the code.
"""

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples
from test_trust_simulated import NOW, RULE, Flight, motions_of, moved

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.pair.trust import Basis, encounter_of, judged_by
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import EntryRef, FeedId, TrackId
from crosstell.core.instant import Window, later
from crosstell.core.mechanism.assess.nearness import motions_of as judged_motions
from crosstell.core.picture.track import Observation, Track, advance
from crosstell.core.picture.trust.kind import LIMITS, ObjectKind
from crosstell.core.table import Stamp

SECOND = timedelta(seconds=1)
STAMP = Stamp(ref=EntryRef(feed=FeedId("journal"), seq=0, hash=""), at=NOW)
KINDS = tuple(ObjectKind)


def seen(motion: Motion, kind: ObjectKind | None = None, *, after_s: float = 0.0) -> Observation:
    """The observation that reached us so long after it was made."""
    received_at = later(motion.at, by_s=after_s)
    return Observation(
        track=TrackId("t"), source="s", motion=motion, received_at=received_at, kind=kind
    )


def folded(observations: list[Observation], track: Track | None = None) -> Track:
    """The track after these entries; one that the table ignores as a duplicate leaves it."""
    for one in observations:
        after = advance(track, one, STAMP)
        track = after if isinstance(after, Track) else track
    assert track is not None
    return track


def delayed(motions: list[Motion], rng: random.Random) -> list[Observation]:
    """Each on its own delay, in order of arrival: late by seconds or by minutes."""
    delays = [rng.choice((0.0, 0.0, 0.3, 5.0, 90.0)) for _ in motions]
    found = [seen(one, after_s=delay) for one, delay in zip(motions, delays, strict=True)]
    return sorted(found, key=lambda one: one.received_at)


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from(KINDS))
def test_what_keeps_its_kind_is_believed_in_whatever_order_it_arrives(
    seed: int, kind: ObjectKind
) -> None:
    """TRU-010, TRU-011, TRU-030: an honest kind and late reports are no reason for a doubt."""
    rng = random.Random(seed)
    motions = motions_of(rng, replace(LIMITS[kind], aloft_mps_min=0.0), 25)
    observations = [replace(one, kind=kind) for one in delayed(motions, rng)]
    if rng.random() < 0.5:
        observations[:10] = [replace(one, kind=None) for one in observations[:10]]
    track = folded(observations)
    assert track.trust is not None
    assert track.trust.doubted() == (), f"seed {seed}: {track.trust.doubted()[0].because}"
    (only,) = judged_motions(track, motions[-1].at)
    assert track.latest is not None
    assert (only.motion, only.basis) == (track.latest.motion, Basis.REPORTED)
    assert only.motion == max(motions, key=lambda motion: motion.at)


def fixes(flight: Flight, count: int) -> list[Motion]:
    """One a second."""
    found = []
    for _ in range(count):
        found.append(flight.measured())
        flight.on(1.0)
    return found


@settings(max_examples=examples(40), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.integers(25, 160), st.sampled_from((None, *KINDS)))
def test_a_false_path_of_any_length_drops_no_last_trusted_place(
    seed: int, length: int, kind: ObjectKind | None
) -> None:
    """TRU-013, TRU-015, TRU-026: one fix a second, from where nothing could have come so soon."""
    rng = random.Random(seed)
    flight = Flight(rng, LIMITS[kind or ObjectKind.AEROPLANE])
    true = fixes(flight, 5)
    away = moved(true[-1], rng, 1_500.0 * (length + 200)).position
    flight.lat, flight.lon = away.lat_deg, away.lon_deg
    false = fixes(flight, length)
    track = folded([seen(one, kind) for one in (*true, *false)])
    assert track.trust is not None
    for one in track.trust.doubted():
        assert (one.last_trusted, one.since) == (true[-1], false[0].at)
    now = false[-1].at
    held = [each.motion for each in judged_motions(track, now) if each.basis is Basis.LAST_TRUSTED]
    assert track.trust.widest in track.trust.doubted()
    assert bool(held) == ((now - true[-1].at) <= 120.0 * SECOND)
    assert set(held) <= {true[-1]}


def zone_at(motion: Motion) -> Volume:
    return Volume(
        footprint=Circle(centre=motion.position, radius_m=2_000.0),
        lower=Unbounded(),
        upper=Unbounded(),
        window=Window(start=NOW, end=later(NOW, by_s=86_400.0)),
    )


RANK = {Assessed.CLEAR: 0, Assessed.CANNOT_BE_RULED_OUT: 1, Assessed.INFRINGES: 2}


@settings(max_examples=examples(120), deadline=None, derandomize=True)
@given(
    st.integers(0, 2**32),
    st.sampled_from(KINDS),
    st.lists(st.sampled_from((None, *KINDS)), min_size=12, max_size=12),
    st.booleans(),
)
def test_no_stated_kind_hides_anything(
    seed: int, flown: ObjectKind, stated: list[ObjectKind | None], jumps: bool
) -> None:
    """TRU-033: whatever is stated, and however often: never later, never milder than without."""
    rng = random.Random(seed)
    motions = motions_of(rng, LIMITS[flown], 12)
    if jumps:
        number = rng.randrange(1, 12)
        motions[number] = moved(motions[number], rng, rng.choice((900.0, 5_000.0, 70_000.0)))
    zone, now = zone_at(rng.choice(motions[-4:])), motions[-1].at

    def pair(motion: Motion, rule: Criterion) -> Encounter:
        return pairing(motion, zone, rule, now)

    plain = folded([seen(one) for one in motions])
    said = folded([seen(one, kind) for one, kind in zip(motions, stated, strict=True)])
    assert plain.trust is not None
    assert said.trust is not None
    assert said.trust.widest == plain.trust.widest
    without = encounter_of(judged_by(plain.trust, now), RULE, pair)
    found = encounter_of(judged_by(said.trust, now), RULE, pair)
    assert RANK[found.assessed] >= RANK[without.assessed]
    assert found.nominal_in_s == without.nominal_in_s
    assert set(without.reasons) <= set(found.reasons)
    if without.assessed is not Assessed.CLEAR:
        assert found.infringement_in_s <= without.infringement_in_s


@settings(max_examples=examples(120), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from(KINDS), st.booleans())
def test_no_motion_that_is_set_aside_hides_anything(
    seed: int, flown: ObjectKind, jumps: bool
) -> None:
    """TRU-037: late strays from anywhere, any number: never later, never milder than without."""
    rng = random.Random(seed)
    motions = motions_of(rng, LIMITS[flown], 12)
    if jumps:
        number = rng.randrange(1, 12)
        motions[number] = moved(motions[number], rng, rng.choice((900.0, 5_000.0, 70_000.0)))
    zone, now = zone_at(rng.choice(motions[-4:])), motions[-1].at
    with_strays = []
    for one in motions:
        with_strays.append(seen(one))
        for _ in range(rng.choice((0, 0, 1, 6))):
            stray = moved(one, rng, rng.choice((10.0, 5_000.0, 700_000.0)))
            behind_s = rng.choice((0.0, 0.2, 3.0, 60.0))
            stray = replace(stray, at=later(one.at, by_s=-behind_s))
            with_strays.append(replace(seen(stray), received_at=one.at))

    def pair(motion: Motion, rule: Criterion) -> Encounter:
        return pairing(motion, zone, rule, now)

    plain, strayed = folded([seen(one) for one in motions]), folded(with_strays)
    assert plain.trust is not None
    assert strayed.trust is not None
    assert strayed.trust.widest == plain.trust.widest
    assert plain.latest == strayed.latest
    assert plain.latest is not None
    assert judged_by(strayed.trust, now)[0].motion == plain.latest.motion
    without = encounter_of(judged_by(plain.trust, now), RULE, pair)
    found = encounter_of(judged_by(strayed.trust, now), RULE, pair)
    assert RANK[found.assessed] >= RANK[without.assessed]
    assert found.nominal_in_s == without.nominal_in_s
    if without.assessed is not Assessed.CLEAR:
        assert found.infringement_in_s <= without.infringement_in_s
