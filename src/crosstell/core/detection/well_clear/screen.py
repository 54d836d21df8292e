"""Which pairs of many tracks may be in a well-clear volume at all; the others are surely clear.

Units: metres; seconds after now. `pairing` decides a pair in a fraction of a millisecond; this
excludes most pairs in a fraction of a microsecond, and never one that `pairing` would not call
clear (tested). Each pair is laid out in the plane across the mean of its two places, straight from
Earth-centred coordinates; what that leaves out is at most GUARD_M, GUARD_SHARE of the distance and
`bend_m`, and widens the worst case with all that widens it in `pairing`.
"""

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import GRAIN_M, Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.well_clear.arrays import Floats
from crosstell.core.detection.well_clear.exact import STILL_2, STILL_MPS
from crosstell.core.detection.well_clear.thresholds import AlertSet, Thresholds
from crosstell.core.geometry.cartesian import ECCENTRICITY_2, RADIUS_M, SEMI_MAJOR_M

GUARD_M = 2.0
GUARD_SHARE = 1e-4  # the up of the globe and of the ellipsoid differ by 0.2 degrees
FAR_M = 500_000.0  # farther apart a plane is no picture of the pair: only the distance counts
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


def may_violate(
    tracks: TrackColumns, first: Rows, second: Rows, alerts: AlertSet, criterion: Criterion
) -> Mask:
    """For each pair of rows whether `pairing` has to be asked; False is surely clear.

    Implements WCL-060.
    """
    place, motion = _earth_centred(tracks)
    known = np.isfinite(motion).all(axis=0) & (np.abs(tracks.age_s) <= criterion.stale_after_s)
    speed = np.where(np.isfinite(tracks.speed_mps), tracks.speed_mps, 0.0)
    speed = np.where(known, speed, np.maximum(speed, criterion.unknown_speed_mps))
    wide = _or(tracks.position_accuracy_m, criterion.unknown_accuracy_m)
    wide = wide + np.where(known, np.maximum(-tracks.age_s, 0.0), np.abs(tracks.age_s)) * speed
    motion = np.where(known, motion, 0.0)
    place = place + motion * np.where(known, tracks.age_s, 0.0)
    s, v, distance = _in_plane(place, motion, first, second)
    way = np.maximum(speed[first], speed[second]) * (
        criterion.horizon_s + np.maximum(np.abs(tracks.age_s[first]), np.abs(tracks.age_s[second]))
    )
    bend = (distance + 2.0 * way) * (way / RADIUS_M) ** 2
    pair_wide = wide[first] + wide[second] + bend + GUARD_M + GUARD_SHARE * distance
    followed = known[first] & known[second] & (distance <= FAR_M)
    drift = np.where(followed, 0.0, speed[first] + speed[second])
    up = _heights(tracks, first, second, criterion)
    found: Mask = np.zeros(len(first), dtype=np.bool_)
    for volume in dict.fromkeys(alert.volume for alert in alerts.alerts):
        along = _level(s, v, volume, pair_wide)
        adrift = _adrift(distance, volume, pair_wide, drift)
        upright = _upright(up, volume)
        begin = np.maximum(np.where(followed, along[0], adrift), upright[0])
        end = np.minimum(np.where(followed, along[1], np.inf), upright[1])
        found |= np.maximum(begin, 0.0) <= np.minimum(end, criterion.horizon_s)
    return found


def _or(column: Floats, assumed: float) -> Floats:
    return np.where(np.isfinite(column), column, assumed)


def _earth_centred(tracks: TrackColumns) -> tuple[Floats, Floats]:
    """Each track's ground point and velocity (NaN: unknown), three rows each."""
    phi, lam, track = (np.radians(c) for c in (tracks.lat_deg, tracks.lon_deg, tracks.track_deg))
    sin_phi, cos_phi, sin_lam, cos_lam = np.sin(phi), np.cos(phi), np.sin(lam), np.cos(lam)
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * sin_phi * sin_phi)
    across = normal * cos_phi
    place = np.stack(
        [across * cos_lam, across * sin_lam, normal * (1.0 - ECCENTRICITY_2) * sin_phi]
    )
    east, north = tracks.speed_mps * np.sin(track), tracks.speed_mps * np.cos(track)
    motion = np.stack(
        [
            -sin_lam * east - sin_phi * cos_lam * north,
            cos_lam * east - sin_phi * sin_lam * north,
            cos_phi * north,
        ]
    )
    return place, motion


def _in_plane(
    place: Floats, motion: Floats, first: Rows, second: Rows
) -> tuple[Floats, Floats, Floats]:
    """Relative place and velocity across the mean of the two places, and the straight distance."""
    one, other = place[:, first], place[:, second]
    s, v, up = one - other, motion[:, first] - motion[:, second], one + other
    distance = np.sqrt((s * s).sum(axis=0))
    up = up / np.maximum(np.sqrt((up * up).sum(axis=0)), 1.0)
    return s - up * (s * up).sum(axis=0), v - up * (v * up).sum(axis=0), distance


def _heights(
    tracks: TrackColumns, first: Rows, second: Rows, criterion: Criterion
) -> tuple[Floats, Floats, Floats, Floats]:
    """Relative height (NaN: any), climb, uncertainty and drift of each pair."""
    age = tracks.age_s
    stale = np.abs(age) > criterion.stale_after_s
    climb = _or(tracks.climb_mps, 0.0)
    unknown = ~np.isfinite(tracks.climb_mps)
    fastest = np.maximum(criterion.unknown_speed_mps, np.abs(climb))
    drift = np.where(unknown | stale, fastest, 0.0)
    climb = np.where(unknown | stale, 0.0, climb)
    wide = _or(tracks.altitude_accuracy_m, criterion.unknown_accuracy_m) + tracks.conversion_m
    wide = wide + 2.0 * np.abs(climb) * np.maximum(-age, 0.0) + drift * np.abs(age) + GRAIN_M
    if tracks.datum is Datum.ABOVE_GROUND:
        wide = wide + np.inf  # two grounds
    height = tracks.altitude_m + climb * age
    return (
        height[first] - height[second],
        climb[first] - climb[second],
        wide[first] + wide[second],
        drift[first] + drift[second],
    )


def _level(s: Floats, v: Floats, volume: Thresholds, wide: Floats) -> tuple[Floats, Floats]:
    """`worst.level_worst` of each pair whose courses are known; (inf, -inf) where there is none."""
    distance = volume.distance_m + wide
    a, b, s_2 = (v * v).sum(axis=0), (s * v).sum(axis=0), (s * s).sum(axis=0)
    still = a < STILL_2
    speed = np.sqrt(np.where(still, 1.0, a))
    offset_2 = np.maximum(s_2 - (b / speed) ** 2, 0.0)
    h = 0.5 * volume.tau_s * speed
    ahead = -b / speed
    front = np.sqrt(np.maximum((np.hypot(volume.distance_m, h) + wide) ** 2 - offset_2, 0.0))
    back = np.sqrt(np.maximum(distance * distance - offset_2, 0.0))
    start = np.where(still, 0.0, (ahead - h - front) / speed)
    end = np.where(still, np.inf, (ahead + back) / speed)
    none = np.where(still, s_2, offset_2) > distance * distance
    return np.where(none, np.inf, start), np.where(none, -np.inf, end)


def _adrift(distance: Floats, volume: Thresholds, wide: Floats, drift: Floats) -> Floats:
    """`worst.level_adrift` of each pair: from when."""
    h = 0.5 * volume.tau_s * drift
    gap = distance - wide - h - np.hypot(volume.distance_m, h)
    moving = np.where(drift > STILL_MPS, drift, STILL_MPS)
    return np.maximum(gap, 0.0) / moving


def _upright(
    up: tuple[Floats, Floats, Floats, Floats], volume: Thresholds
) -> tuple[Floats, Floats]:
    """`worst.upright_worst` of each pair; from -inf to inf where the height is unknown."""
    height, climb, wide, drift = up
    any_height = ~np.isfinite(height) | np.isinf(wide)
    rate = np.abs(climb)
    along = np.where(climb > 0.0, height, -height)
    reach = np.maximum(volume.height_m, (rate + drift) * volume.coaltitude_s) + wide
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.where(-along - reach <= 0.0, 0.0, (-along - reach) / (rate + drift))
        room = reach - along
        leaving = np.where(rate > drift, room / (rate - drift), np.inf)
        closing = np.where(rate < drift, -room / (drift - rate), np.inf)
    start = np.where(room >= 0.0, near, np.maximum(near, closing))
    end = np.where((room < 0.0) & (rate >= drift), -np.inf, leaving)
    return np.where(any_height, -np.inf, start), np.where(any_height, np.inf, end)
