"""The local offset of pressure altitude, from observations that give both altitudes.

Units: metres, metres per second, seconds. Symbols: p pressure altitude; H height above mean sea
level (EGM96); D = H - p, the offset, one number at a place, a height and a time for everybody.

Rules of this file
- Never zero by default, never a guess: too few objects, too far away or too much at odds is None.
- One object counts once, by the address that it says of itself, else by its track.
- The offset is the median over the nearest objects, so fewer than half of them may be wrong by
  any amount. Of any numbers the absolute median is at most the (upper) median of their
  absolutes: so the change of D in the middle of the list, with the altimeters' own error, bounds
  what distance, age and height can do to the median.
- Where the objects scatter by more than that bound, the scatter is the uncertainty: the weather
  is steeper than assumed, or the altimeters are worse.

How fast D changes
- Sideways: a slope of pressure surfaces of f V / g, by geostrophic balance (AMS Glossary of
  Meteorology, "geostrophic wind"); f = 1.46e-4 per second at the pole, V = 70 m/s, assumed as the
  wind that is met but rarely, give 1 m in a kilometre. Tropical cyclones and mountain waves are
  steeper; there the scatter must say it.
- In time: that slope, carried by at 15 m/s (assumed speed of weather systems): 54 m in an hour.
- With height: dD/dp = T / T_ISA - 1 by the hydrostatic equation; air assumed within 25 K of the
  standard atmosphere's 216 to 288 K gives at most 0.12, and 0.1 is taken.
- Altimeters: the largest mean error that RVSM allows an aircraft type is 25 m (80 ft; JAA TGL 6
  section 7.3): a part that aircraft of one type share and no median removes.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Self

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import Datum, DatumDataMissing, Shift, convert
from crosstell.core.geometry.cartesian import ecef
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.instant import require_utc, seconds_between
from crosstell.core.picture.track import AHEAD_S_MAX, HintKind, Track

GRADIENT_MAX = 0.001  # metres of D over metres sideways
TENDENCY_MPS = 0.015  # metres of D per second of age
LAPSE_MAX = 0.1  # metres of D over metres of height
ALTIMETER_M = 25.0
SCATTERS = 3.0 * 1.4826  # three standard deviations from a median absolute deviation (normal law)
OBJECTS_MIN = 3  # one of three may be wrong
NEAREST_MAX = 7  # three of seven may be wrong; more would have to be fetched from further away
CHANGE_M_MAX = 150.0  # a sample from further away, in place, height and time together, is not used
AROUND_M_MAX = 500.0  # nothing is said of a place, span of heights and time that are so large
SCATTER_M_MAX = 300.0  # objects that differ by more show no one offset
AGE_S_MAX = 3_600.0
ROUNDING_M = 1e-6  # the chord's rounding, so that it never exceeds the geodesic
ODD_SHARE_MAX = 1 / 3  # of the objects used; more that disagree and nothing is said

OBJECT_HINTS = (HintKind.ICAO_ADDRESS, HintKind.MMSI, HintKind.SERIAL_NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureSample:
    """D as one object showed it at one place, height and time."""

    object: str
    source: str
    track: TrackId
    position: Position
    at: datetime
    pressure_altitude_m: float
    offset_m: float
    conversion_m: float  # uncertainty of the undulation, where the other height is ellipsoidal

    def __post_init__(self) -> None:
        """Refuse what is not a number, and a time without zone."""
        require_utc(self.at, what=f"pressure sample of {self.track}")
        for name in ("pressure_altitude_m", "offset_m", "conversion_m"):
            if not math.isfinite(getattr(self, name)):
                raise ValueError(f"pressure sample of {self.track}: {name} is not finite; drop it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where, how high (above standard pressure) and when the offset is wanted, and how far round.

    It holds within `reach_m` sideways, `climb_m` up or down, and for `ahead_s` after `at`. What
    the object `without` shows does not count.
    """

    position: Position
    pressure_altitude_m: float
    at: datetime
    reach_m: float = 0.0
    climb_m: float = 0.0
    ahead_s: float = 0.0
    without: str = ""

    @property
    def around_m(self) -> float:
        """How much D may change within what is asked about."""
        return _change_m(self.reach_m, self.ahead_s, self.climb_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureOffset:
    """From standard pressure to mean sea level, and on whose word.

    `objects` were used, nearest first; `odd` are those among them that stand out by more
    than scatter and distance explain: their altitudes are doubtful.
    """

    shift: Shift
    objects: tuple[str, ...]
    odd: tuple[str, ...]
    scatter_m: float
    change_m: float


def object_of(track: Track) -> str:
    """What tells the object of a track from others: an address of its own, else the track."""
    for kind in OBJECT_HINTS:
        for hint in track.hints:
            if hint.kind is kind:
                return f"{kind}:{hint.value.lower()}"
    return f"track:{track.track}"


def samples_of(
    tracks: Iterable[Track], conversions: Conversions, *, at: datetime
) -> tuple[PressureSample, ...]:
    """Every offset that the tracks' histories show in the hour before `at`.

    Altitudes above ground or unknown give none; nor do those above the ellipsoid where no
    undulation is known. Implements ALT-031.
    """
    found: list[PressureSample] = []
    for track in tracks:
        name = object_of(track)
        for seen in track.history:
            motion = seen.motion
            if not -AHEAD_S_MAX <= seconds_between(motion.at, at) <= AGE_S_MAX:
                continue
            known = _offset_of(motion, conversions)
            if known is None or motion.pressure_altitude_m is None:
                continue
            sample = PressureSample(
                object=name,
                source=track.source,
                track=track.track,
                position=motion.position,
                at=motion.at,
                pressure_altitude_m=motion.pressure_altitude_m,
                offset_m=known.add_m,
                conversion_m=known.uncertainty_m,
            )
            found.append(sample)
    return tuple(found)


def _offset_of(motion: Motion, conversions: Conversions) -> Shift | None:
    """D as this motion shows it; the uncertainty is that of its undulation only."""
    altitude = motion.altitude
    if altitude is None or motion.pressure_altitude_m is None:
        return None
    if altitude.datum not in (Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID):
        return None
    try:
        data = conversions.at(motion.position)
        above_sea, wide_m = convert(altitude, to=Datum.MSL_EGM96, data=data)
    except DatumDataMissing:
        return None
    return Shift(add_m=above_sea.value_m - motion.pressure_altitude_m, uncertainty_m=wide_m)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples laid out for many questions: make it once of all that is known at one time."""

    rows: tuple[PressureSample, ...]
    _columns: NDArray[np.float64]  # Earth-centred x, y, z; seconds since the first; height

    @classmethod
    def of(cls, samples: Iterable[PressureSample]) -> Self:
        """The samples, in columns."""
        rows = tuple(samples)
        columns = [
            (
                *ecef(row.position.lat_deg, row.position.lon_deg),
                seconds_between(rows[0].at, row.at),
                row.pressure_altitude_m,
            )
            for row in rows
        ]
        return cls(rows, np.array(columns, dtype=np.float64).reshape(len(rows), 5))

    def change_bounds_m(self, asked: Asked) -> NDArray[np.float64]:
        """For each row what D may differ by at least, by the chord; infinite for one too old."""
        if not self.rows:
            return np.zeros(0)
        place = ecef(asked.position.lat_deg, asked.position.lon_deg)
        age_s = np.abs(self._columns[:, 3] - seconds_between(self.rows[0].at, asked.at))
        chord_m = np.sqrt(np.square(self._columns[:, :3] - place).sum(axis=1))
        rise_m = np.abs(self._columns[:, 4] - asked.pressure_altitude_m)
        bounds_m = GRADIENT_MAX * chord_m + TENDENCY_MPS * age_s + LAPSE_MAX * rise_m - ROUNDING_M
        return np.where(age_s <= AGE_S_MAX, bounds_m, np.inf)


NO_SAMPLES = Samples.of(())


def pressure_offset(
    samples: Samples | Iterable[PressureSample], asked: Asked
) -> PressureOffset | None:
    """The offset there and then; None if too little is known of it. Implements ALT-032 to ALT-037.

    The answer does not depend on the order of the samples.
    """
    if asked.around_m > AROUND_M_MAX:
        return None
    nearest = _nearest(samples if isinstance(samples, Samples) else Samples.of(samples), asked)
    if len(nearest) < OBJECTS_MIN:
        return None
    offsets_m = [sample.offset_m for _, sample in nearest]
    middle_m = median(offsets_m)
    apart_m = [abs(offset_m - middle_m) for offset_m in offsets_m]
    scatter_m = SCATTERS * median(apart_m)
    odd = tuple(
        sample.object
        for (change_m, sample), far_m in zip(nearest, apart_m, strict=True)
        if far_m > max(scatter_m, ALTIMETER_M) + change_m
    )
    if scatter_m > SCATTER_M_MAX or len(odd) > ODD_SHARE_MAX * len(nearest):
        return None
    half = len(nearest) // 2
    change_m = sorted(change_m for change_m, _ in nearest)[half] + asked.around_m
    conversion_m = sorted(sample.conversion_m for _, sample in nearest)[half]
    wide_m = max(change_m + ALTIMETER_M, scatter_m + asked.around_m) + conversion_m
    return PressureOffset(
        shift=Shift(add_m=middle_m, uncertainty_m=wide_m),
        objects=tuple(sample.object for _, sample in nearest),
        odd=odd,
        scatter_m=scatter_m,
        change_m=change_m,
    )


def _nearest(samples: Samples, asked: Asked) -> list[tuple[float, PressureSample]]:
    """The best sample of each object with how much D may differ there, best first.

    In the order of a bound that needs no geodesic, until no later one can be among the nearest.
    """
    bounds_m = samples.change_bounds_m(asked)
    best: dict[str, tuple[float, str, PressureSample]] = {}
    near = np.flatnonzero(bounds_m <= CHANGE_M_MAX)
    for index in near[np.argsort(bounds_m[near], kind="stable")].tolist():
        enough = sorted(change_m for change_m, _, _ in best.values())[NEAREST_MAX - 1 :]
        if enough and bounds_m[index] > enough[0]:
            break
        sample = samples.rows[index]
        if sample.object == asked.without:
            continue
        reach_m = distance_m(sample.position, asked.position)
        age_s = seconds_between(sample.at, asked.at)
        rise_m = asked.pressure_altitude_m - sample.pressure_altitude_m
        entry = (_change_m(reach_m, age_s, rise_m), _order(sample), sample)
        held = best.get(sample.object)
        if entry[0] <= CHANGE_M_MAX and (held is None or entry[:2] < held[:2]):
            best[sample.object] = entry
    ranked = sorted(best.values(), key=lambda entry: entry[:2])
    return [(change_m, sample) for change_m, _, sample in ranked[:NEAREST_MAX]]


def _order(sample: PressureSample) -> str:
    """One order of samples that are equally near, whatever order they came in."""
    return f"{sample.object} {sample.track} {sample.at.isoformat()} {sample.offset_m:.3f}"


def _change_m(reach_m: float, age_s: float, rise_m: float) -> float:
    """By how much D may differ over this distance, time and height."""
    return GRADIENT_MAX * reach_m + TENDENCY_MPS * abs(age_s) + LAPSE_MAX * abs(rise_m)
