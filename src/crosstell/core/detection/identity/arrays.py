"""Many tracks: every pair of one identity, and which of them contradict each other.

Units: metres, seconds, metres per second. The exact pair (`pair/contradiction.py`) is the
definition. Arrays decide only what stands further from its width than the guard; the exact pair
decides the rest, so the verdicts are its own.

The guard is what is neglected: the fast distance's slack; the ellipsoid beside the circle along
which a velocity is led, 0.006 s^2 / R and 0.002 s^3 / R^2 for a travel s (the curvature of a
geodesic is within 0.58 % of 1 / R, so it leaves the circle by at most 0.003 s^2 / R); the grain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.columns import Floats, TrackColumns
from crosstell.core.detection.identity.groups import (
    BLOCK_PAIRS_MAX,
    Identities,
    Ints,
    pairs_of,
)
from crosstell.core.detection.pair.contradiction import (
    BENT,
    LED_M,
    TIE_M,
    TIE_MPS,
    Allowance,
    Consistency,
    Told,
    contradiction,
)
from crosstell.core.geometry.cartesian import (
    ECCENTRICITY_2,
    LOCAL_M_MAX,
    RADIUS_M,
    SEMI_MAJOR_M,
    SLACK_M,
    SLACK_SHARE,
)

VERDICTS = (Consistency.CONSISTENT, Consistency.CONTRADICTS, Consistency.NOT_TESTABLE)
CONSISTENT, CONTRADICTS, NOT_TESTABLE = range(3)  # places in VERDICTS
LED_M_MAX = 1_000_000.0  # led further than this, only the exact pair is asked
GUARD_M = 0.03
TINY = 1e-6
_ANY_NOW = datetime(2000, 1, 1, tzinfo=UTC)  # the answer depends on differences of time only

Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairVerdicts:
    """The verdict of each pair in three aspects, as places in VERDICTS.

    Time explains a contradiction in position and identity needs hints: ask the exact pair.
    """

    position: Codes
    altitude: Codes
    velocity: Codes

    @property
    def contradicts(self) -> Flags:
        """The pairs that contradict in at least one aspect."""
        found: Flags = (
            (self.position == CONTRADICTS)
            | (self.altitude == CONTRADICTS)
            | (self.velocity == CONTRADICTS)
        )
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Some of the pairs of one identity: those that contradict, and how many there were.

    `identity` numbers the identity's name; `counts` has how many pairs had each verdict, by
    aspect (position, altitude, velocity) and place in VERDICTS.
    """

    first: Ints
    second: Ints
    identity: Ints
    verdicts: PairVerdicts
    counts: Ints


def contradictions(
    tracks: TrackColumns,
    identities: Identities,
    allowed: Allowance,
    block_pairs_max: int = BLOCK_PAIRS_MAX,
) -> Iterator[Block]:
    """Every pair of rows of one identity that contradict, in blocks. Implements CTR-032, CTR-033.

    All pairs are judged and no pair is dropped, whatever the party; memory is bounded by the rows
    and the block.
    """
    if len(tracks) != len(identities):
        raise ValueError(
            f"contradictions: {len(tracks)} tracks and {len(identities)} rows of identities; "
            "give one row for each track"
        )
    laid_out = _LaidOut.of(tracks)
    for first, second, identity in pairs_of(identities, block_pairs_max):
        found = _judged(laid_out, first, second, allowed)
        told = found.contradicts
        columns = (found.position, found.altitude, found.velocity)
        yield Block(
            first=first[told],
            second=second[told],
            identity=identity[told],
            verdicts=PairVerdicts(
                position=found.position[told],
                altitude=found.altitude[told],
                velocity=found.velocity[told],
            ),
            counts=np.array([np.bincount(one, minlength=3) for one in columns], dtype=np.int64),
        )


def judge_pairs(
    tracks: TrackColumns, first: Ints, second: Ints, allowed: Allowance
) -> PairVerdicts:
    """The verdicts of these pairs of rows. Implements CTR-032."""
    return _judged(_LaidOut.of(tracks), first, second, allowed)


@dataclass(frozen=True, slots=True, eq=False)
class _LaidOut:
    """The rows as vectors, made once for all blocks."""

    tracks: TrackColumns
    points: Floats
    normals: Floats
    vectors: Floats  # the velocity over ground; NaN where it is unknown

    @classmethod
    def of(cls, tracks: TrackColumns) -> "_LaidOut":
        phi, lam = np.radians(tracks.lat_deg), np.radians(tracks.lon_deg)
        way = np.radians(tracks.track_deg)
        sin_phi, cos_phi, sin_lam, cos_lam = np.sin(phi), np.cos(phi), np.sin(lam), np.cos(lam)
        normals = np.stack((cos_phi * cos_lam, cos_phi * sin_lam, sin_phi), axis=1)
        radius_m = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * sin_phi * sin_phi)
        flat = np.array([1.0, 1.0, 1.0 - ECCENTRICITY_2])
        east, north = np.sin(way), np.cos(way)
        level = np.stack(
            (
                -sin_lam * east - sin_phi * cos_lam * north,
                cos_lam * east - sin_phi * sin_lam * north,
                cos_phi * north,
            ),
            axis=1,
        )
        vectors = level * tracks.speed_mps[:, None]
        return cls(tracks, radius_m[:, None] * normals * flat, normals, vectors)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs in time order, with the time between them."""

    rows: _LaidOut
    old: Ints
    new: Ints
    gap_s: Floats
    allowed: Allowance

    @property
    def freely_s(self) -> Floats:
        return self.gap_s + 2.0 * self.allowed.limits.time_slack_s

    def width_m(self, accuracy_m: Floats, assumed_m: float) -> Floats:
        known = self.allowed.accuracy_times * accuracy_m
        each = np.where(np.isnan(accuracy_m), assumed_m, known)
        return each[self.old] + each[self.new]

    def drift_m(self, speed_mps: Floats) -> Floats:
        limits, freely_s = self.allowed.limits, self.freely_s
        turned_m = 0.5 * limits.acceleration_mps2_max * freely_s * freely_s
        slack_m = speed_mps * (2.0 * limits.time_slack_s)
        return slack_m + limits.velocity_slack_mps * freely_s + turned_m


def _judged(rows: _LaidOut, first: Ints, second: Ints, allowed: Allowance) -> PairVerdicts:
    ages_s = rows.tracks.age_s
    first_older = ages_s[first] >= ages_s[second]
    old, new = np.where(first_older, first, second), np.where(first_older, second, first)
    gap_s = np.rint((ages_s[old] - ages_s[new]) * 1e6) / 1e6
    pairs = _Pairs(rows, old, new, gap_s, allowed)
    found = [_position(pairs), _altitude(pairs), _velocity(pairs)]
    unsure = np.flatnonzero(found[0][1] | found[1][1] | found[2][1])
    codes = [verdict for verdict, _ in found]
    for index in unsure:
        exact = contradiction(_told(rows, old[index]), _told(rows, new[index]), allowed)
        aspects = (exact.position, exact.altitude, exact.velocity)
        for column, aspect in zip(codes, aspects, strict=True):
            column[index] = VERDICTS.index(aspect.verdict)
    return PairVerdicts(position=codes[0], altitude=codes[1], velocity=codes[2])


def _told(rows: _LaidOut, row: np.int64) -> Told:
    motion = rows.tracks.row(int(row), _ANY_NOW)
    return Told(motion=motion, conversion_m=float(rows.tracks.conversion_m[row]))


def _weighed(
    pairs: _Pairs, bounds: list[tuple[Floats, Floats]], unknown: Flags
) -> tuple[Codes, Flags]:
    """The verdict by bounds (by how much each fails, and its guard; NaN: no such bound).

    Beside it, where the exact pair is to be asked.
    """
    least, most = np.full(len(unknown), -np.inf), np.full(len(unknown), -np.inf)
    for beyond_m, guard_m in bounds:
        least = np.fmax(least, beyond_m - guard_m)
        most = np.fmax(most, beyond_m + guard_m)
    fails = least > TIE_M
    untested = unknown | (pairs.gap_s > pairs.allowed.apart_s)
    verdict = np.where(fails, CONTRADICTS, np.where(untested, NOT_TESTABLE, CONSISTENT))
    return verdict.astype(np.int8), ~fails & (most > TIE_M)


def _position(pairs: _Pairs) -> tuple[Codes, Flags]:
    tracks, limits = pairs.rows.tracks, pairs.allowed.limits
    accuracy_m = tracks.position_accuracy_m
    width_m = pairs.width_m(accuracy_m, limits.position_slack_m)
    here, there = pairs.rows.points[pairs.old], pairs.rows.points[pairs.new]
    apart_m, slack_m = _distance_m(here, there)
    bounds = [(apart_m - width_m - limits.speed_mps_max * pairs.freely_s, slack_m)]
    for start, end, sign in ((pairs.old, pairs.new, 1.0), (pairs.new, pairs.old, -1.0)):
        speed_mps = tracks.speed_mps[start]
        travel_m = speed_mps * pairs.gap_s
        led, error_m = _led(pairs.rows, start, sign * travel_m)
        miss_m, slack_m = _distance_m(led, pairs.rows.points[end])
        beyond_m = miss_m - width_m - pairs.drift_m(speed_mps) - LED_M
        bounds.append((beyond_m, slack_m + error_m))
    unknown = np.isnan(accuracy_m[pairs.old]) | np.isnan(accuracy_m[pairs.new])
    return _weighed(pairs, bounds, unknown)


def _led(rows: _LaidOut, start: Ints, travel_m: Floats) -> tuple[Floats, Floats]:
    """Where each velocity leads on a circle of the mean radius, and how far that may be wrong."""
    speed_mps = rows.tracks.speed_mps[start]
    level = rows.vectors[start] / np.where(speed_mps > 0.0, speed_mps, 1.0)[:, None]
    angle = travel_m / RADIUS_M
    up = RADIUS_M * (1.0 - np.cos(angle))
    led = rows.points[start] + (RADIUS_M * np.sin(angle))[:, None] * level
    led = led - up[:, None] * rows.normals[start]
    far_m = np.abs(travel_m)
    error_m = 0.006 * far_m * far_m / RADIUS_M + 0.002 * far_m**3 / RADIUS_M**2
    return led, np.where(far_m > LED_M_MAX, np.inf, error_m)


def _distance_m(here: Floats, there: Floats) -> tuple[Floats, Floats]:
    """The fast distance, and how far it may be from the geodesic."""
    chord_m = np.sqrt(((here - there) ** 2).sum(axis=1))
    bow_m = chord_m**3 / (24.0 * RADIUS_M * RADIUS_M)
    near = chord_m <= LOCAL_M_MAX
    slack_m = GUARD_M + SLACK_M + 4.0 * SLACK_SHARE * bow_m
    return np.where(near, chord_m + bow_m, chord_m), np.where(near, slack_m, 0.6 * chord_m)


def _altitude(pairs: _Pairs) -> tuple[Codes, Flags]:
    tracks, limits = pairs.rows.tracks, pairs.allowed.limits
    accuracy_m = tracks.altitude_accuracy_m
    width_m = pairs.width_m(accuracy_m, limits.altitude_slack_m)
    width_m = width_m + tracks.conversion_m[pairs.old] + tracks.conversion_m[pairs.new]
    rise_m = tracks.altitude_m[pairs.new] - tracks.altitude_m[pairs.old]
    guard_m = np.full(len(rise_m), TINY)
    bounds = [(np.abs(rise_m) - width_m - limits.climb_mps_max * pairs.freely_s, guard_m)]
    for each in (pairs.old, pairs.new):
        climb_mps = tracks.climb_mps[each]
        off_m = np.abs(rise_m - climb_mps * pairs.gap_s)
        bounds.append((off_m - width_m - pairs.drift_m(np.abs(climb_mps)), guard_m))
    nowhere = np.isnan(rise_m)
    unknown = np.isnan(accuracy_m[pairs.old]) | np.isnan(accuracy_m[pairs.new]) | nowhere
    return _weighed(pairs, bounds, unknown)


def _velocity(pairs: _Pairs) -> tuple[Codes, Flags]:
    tracks, limits = pairs.rows.tracks, pairs.allowed.limits
    here, there = pairs.rows.vectors[pairs.old], pairs.rows.vectors[pairs.new]
    off_mps = np.sqrt(((here - there) ** 2).sum(axis=1))
    apart = pairs.rows.points[pairs.old] - pairs.rows.points[pairs.new]
    slower_mps = np.minimum(tracks.speed_mps[pairs.old], tracks.speed_mps[pairs.new])
    bent_mps = slower_mps * BENT * np.sqrt((apart**2).sum(axis=1)) / RADIUS_M
    bent_mps = bent_mps + BENT * limits.speed_mps_max**2 * pairs.freely_s / RADIUS_M
    width_mps = limits.acceleration_mps2_max * pairs.freely_s + 2.0 * limits.velocity_slack_mps
    beyond_mps = off_mps - width_mps - bent_mps
    fails = beyond_mps > TIE_MPS
    verdict = np.where(fails, CONTRADICTS, NOT_TESTABLE).astype(np.int8)
    return verdict, np.abs(beyond_mps - TIE_MPS) <= TINY
