"""Volumes: a footprint, an altitude band and a window of time.

Units: metres and UTC instants. The footprint and the band are closed (their edges belong to
them); the window is half-open `[start, end)`. Either limit may be `Unbounded`.
"""

from dataclasses import dataclass

from crosstell.core.altitude import Altitude, AltitudeLimit
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.instant import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What a notice occupies: where, between which altitudes, and when."""

    footprint: Footprint
    lower: AltitudeLimit
    upper: AltitudeLimit
    window: Window

    def __post_init__(self) -> None:
        """Refuse a band turned upside down; limits in two datums: see DET-026."""
        if not (isinstance(self.lower, Altitude) and isinstance(self.upper, Altitude)):
            return
        if self.lower.datum is self.upper.datum and self.upper.value_m < self.lower.value_m:
            raise ValueError(
                f"volume: upper limit {self.upper.value_m} m is below lower limit "
                f"{self.lower.value_m} m ({self.lower.datum}); swap or correct them"
            )
