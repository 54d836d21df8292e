"""Coarser versions of areas, times and heights: each contains the exact one, so none is lost.

Units: metres and seconds. Windows are half-open. The exact version stays where it was; what is
released says that it is coarser, and by how much, never by how much in this one case.
"""

import math
from dataclasses import dataclass, replace
from typing import assert_never

from crosstell.core.altitude import Altitude, AltitudeLimit, Unbounded
from crosstell.core.geometry.shape.coarse import STEP_M_MAX, STEP_M_MIN, coarse_circle
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, from_us, to_us
from crosstell.core.picture.content import (
    Activity,
    AvoidanceRequest,
    Content,
    GeneralNotice,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
)

TIME_S_MIN = 60.0
TIME_S_MAX = 86_400.0
ALTITUDE_M_MIN = 10.0
ALTITUDE_M_MAX = 20_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarsening:
    """The steps to which an area, a time or a height was made coarser; None: told as it is."""

    area_m: float | None = None
    time_s: float | None = None
    altitude_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse a step out of bounds, and steps of nothing; quantise."""
        if self.area_m is None and self.time_s is None and self.altitude_m is None:
            raise ValueError("coarsening: names no step; give one for area, time or altitude")
        for name, least, most in (
            ("area_m", STEP_M_MIN, STEP_M_MAX),
            ("time_s", TIME_S_MIN, TIME_S_MAX),
            ("altitude_m", ALTITUDE_M_MIN, ALTITUDE_M_MAX),
        ):
            step = getattr(self, name)
            if step is None:
                continue
            if not math.isfinite(step) or not least <= step <= most:
                raise ValueError(f"coarsening: {name} {step} is outside {least:g} to {most:g}")
            object.__setattr__(self, name, round(step * 1_000) / 1_000)

    @property
    def text(self) -> str:
        """The words that stand beside what was made coarser. Implements REL-023."""
        steps = [
            f"{name} to {step:g} {unit}"
            for name, step, unit in (
                ("area", self.area_m, "m"),
                ("time", self.time_s, "s"),
                ("height", self.altitude_m, "m"),
            )
            if step is not None
        ]
        return f"coarsened to: {', '.join(steps)}; it contains the exact one"


def coarse_window(window: Window, *, step_s: float) -> Window:
    """The least window of whole steps that contains this one. Implements REL-021."""
    step_us = round(step_s * 1_000_000)
    start, end = to_us(window.start) // step_us, -(-to_us(window.end) // step_us)
    return Window(start=from_us(start * step_us), end=from_us(end * step_us))


def coarse_volume(volume: Volume, coarsening: Coarsening) -> Volume:
    """A volume that contains this one. Implements REL-020 to REL-022."""
    found = volume
    if coarsening.area_m is not None:
        circle = coarse_circle(volume.footprint, step_m=coarsening.area_m)
        found = replace(found, footprint=circle)
    if coarsening.time_s is not None:
        found = replace(found, window=coarse_window(volume.window, step_s=coarsening.time_s))
    if coarsening.altitude_m is not None:
        lower, upper = _band(volume, coarsening.altitude_m)
        found = replace(found, lower=lower, upper=upper)
    return found


def coarse_content(content: Content, coarsening: Coarsening) -> Content:
    """The content with every volume coarser, and without the words that it need not have.

    Words that it must have stay: whoever releases reads them first. ValueError for what has no
    volume. Implements REL-024.
    """
    match content:
        case Activity():
            volumes = tuple(coarse_volume(one, coarsening) for one in content.volumes)
            return replace(content, volumes=volumes, text=None)
        case NotifiedMovement():
            volumes = tuple(coarse_volume(one, coarsening) for one in content.volumes)
            return replace(content, volumes=volumes)
        case OwnForceLocation():
            return replace(content, volume=coarse_volume(content.volume, coarsening), text=None)
        case Zone() | AvoidanceRequest() | NotifiedSite():
            return replace(content, volume=coarse_volume(content.volume, coarsening))
        case GeneralNotice():
            raise ValueError("a general notice has no area, time or height to make coarser")
        case _:
            assert_never(content)


def _band(volume: Volume, step_m: float) -> tuple[AltitudeLimit, AltitudeLimit]:
    """The limits moved outwards; those in two datums become none.

    Such limits may be upside down once converted, which rules out no height (DET-026); moved
    outwards they might not be, and would.
    """
    lower, upper = volume.lower, volume.upper
    both = isinstance(lower, Altitude) and isinstance(upper, Altitude)
    if both and len({one.datum for one in (lower, upper) if isinstance(one, Altitude)}) > 1:
        return Unbounded(), Unbounded()
    return _limit(lower, step_m, up=False), _limit(upper, step_m, up=True)


def _limit(limit: AltitudeLimit, step_m: float, *, up: bool) -> AltitudeLimit:
    """The limit moved outwards to a whole step; one that no altitude can have is no limit."""
    if isinstance(limit, Unbounded):
        return limit
    steps = math.ceil(limit.value_m / step_m) if up else math.floor(limit.value_m / step_m)
    try:
        moved = Altitude(value_m=steps * step_m, datum=limit.datum)
    except ValueError:
        return Unbounded()
    outside = moved >= limit if up else moved <= limit
    return moved if outside else Unbounded()
