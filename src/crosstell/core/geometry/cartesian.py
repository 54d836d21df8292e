"""Earth-centred coordinates: the cheap bounds and the fast local distances.

Units: metres and radians. Frame: WGS-84 Earth-centred, Earth-fixed (ECEF): x towards 0 N 0 E,
z towards the north pole. Symbols: c straight chord, d geodesic distance, R mean radius.

A chord never exceeds the geodesic between its ends, so it excludes without error. The other way,
`d = c + c^3 / 24 R^2` differs from the geodesic by no more than `slack_m` (GEO-010, tested).
"""

import math

Vector = tuple[float, float, float]

SEMI_MAJOR_M = 6_378_137.0  # WGS-84, NGA.STND.0036
FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
RADIUS_M = 6_371_008.8  # mean radius (2a + b) / 3
LOCAL_M_MAX = 500_000.0  # the fast distance is used up to here, plain chords beyond
SLACK_M = 0.02
SLACK_SHARE = 0.04  # of the cubic term: radii of curvature are within 0.6 % of the mean


def ecef(lat_deg: float, lon_deg: float) -> Vector:
    """The point on the ellipsoid."""
    phi, lam = math.radians(lat_deg), math.radians(lon_deg)
    sin_phi, cos_phi = math.sin(phi), math.cos(phi)
    normal_m = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_2 * sin_phi * sin_phi)
    across_m = normal_m * cos_phi
    return (
        across_m * math.cos(lam),
        across_m * math.sin(lam),
        normal_m * (1.0 - ECCENTRICITY_2) * sin_phi,
    )


def heading(lat_deg: float, lon_deg: float, track_deg: float) -> Vector:
    """The unit vector along `track_deg`, level at that point."""
    phi, lam, track = math.radians(lat_deg), math.radians(lon_deg), math.radians(track_deg)
    sin_phi, cos_phi, sin_lam, cos_lam = math.sin(phi), math.cos(phi), math.sin(lam), math.cos(lam)
    east, north = math.sin(track), math.cos(track)
    return (
        -sin_lam * east - sin_phi * cos_lam * north,
        cos_lam * east - sin_phi * sin_lam * north,
        cos_phi * north,
    )


def minus(a: Vector, b: Vector) -> Vector:
    """`a` less `b`."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector, b: Vector) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """The vector product."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def unit(a: Vector) -> Vector:
    """`a` with length 1; `a` is not zero."""
    length = math.sqrt(dot(a, a))
    return (a[0] / length, a[1] / length, a[2] / length)


def slack_m(distance_m: float) -> float:
    """How far a fast distance of this size may be from the geodesic."""
    return SLACK_M + SLACK_SHARE * distance_m**3 / (6 * RADIUS_M * RADIUS_M)
