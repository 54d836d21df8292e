"""Positions on the WGS-84 ellipsoid.

Units: degrees, held to 1e-7 degree (about 11 mm), the grain of everything that is signed.
Frame: WGS-84 geodetic latitude, north positive, and longitude, east positive, in [-180, 180).
"""

import math
from dataclasses import dataclass

E7 = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A point on the ellipsoid, rounded to 1e-7 degree; longitude is wrapped to [-180, 180)."""

    lat_deg: float
    lon_deg: float

    def __post_init__(self) -> None:
        """Refuse what is not on the globe, then quantise."""
        if not (math.isfinite(self.lat_deg) and math.isfinite(self.lon_deg)):
            raise ValueError(f"position {self.lat_deg}, {self.lon_deg}: not finite numbers")
        if not -90.0 <= self.lat_deg <= 90.0:
            raise ValueError(f"latitude {self.lat_deg} is outside -90 to 90 degrees")
        if not -180.0 <= self.lon_deg <= 360.0:
            raise ValueError(f"longitude {self.lon_deg} is outside -180 to 180 degrees")
        lat_e7, lon_e7 = round(self.lat_deg * E7), round(self.lon_deg * E7)
        lon_e7 = (lon_e7 + 180 * E7) % (360 * E7) - 180 * E7
        object.__setattr__(self, "lat_deg", lat_e7 / E7)
        object.__setattr__(self, "lon_deg", lon_e7 / E7)
