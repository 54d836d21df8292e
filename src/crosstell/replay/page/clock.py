"""How the page writes times and spans. UTC everywhere, with Z; minutes to one decimal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crosstell.core.instant import seconds_between
from crosstell.replay.result import RunResult

MARGIN = timedelta(minutes=12)
TICKS_MAX = 14
STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)


def zulu(instant: datetime) -> str:
    """Hours, minutes and seconds, as 08:40:00Z."""
    return instant.strftime("%H:%M:%SZ")


def zulu_short(instant: datetime) -> str:
    """Hours and minutes, as 08:40Z."""
    return instant.strftime("%H:%MZ")


def stamp_ms(instant: datetime) -> int:
    """Milliseconds since 1970, for the page's script to compare."""
    return int(instant.timestamp() * 1000)


def minutes_text(minutes: float | None, places: int = 1) -> str:
    """A span in minutes, or that it was not reached."""
    return "not reached" if minutes is None else f"{minutes:.{places}f} min"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A horizontal time axis over `[start, end]`, `left_px` to `right_px`."""

    start: datetime
    end: datetime
    left_px: float
    right_px: float

    def x(self, instant: datetime) -> float:
        """Where `instant` stands, held to the axis."""
        share = seconds_between(self.start, instant) / seconds_between(self.start, self.end)
        share = min(1.0, max(0.0, share))
        return round(self.left_px + share * (self.right_px - self.left_px), 1)

    def early(self, instant: datetime) -> bool:
        """Whether `instant` lies before what the axis shows."""
        return instant < self.start

    def ticks(self) -> tuple[datetime, ...]:
        """Round instants, at most `TICKS_MAX`."""
        span_min = seconds_between(self.start, self.end) / 60
        step = next((s for s in STEPS_MIN if span_min / s <= TICKS_MAX), STEPS_MIN[-1])
        day = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        first = int(seconds_between(day, self.start) // (step * 60)) + 1
        found = []
        for number in range(first, first + TICKS_MAX + 2):
            tick = day + timedelta(minutes=number * step)
            if tick < self.end:
                found.append(tick)
        return tuple(found)


def axis_of(run: RunResult, points: tuple[datetime, ...], left: float, right: float) -> Axis:
    """The axis that shows every alert, call, fix and point of interest of a run.

    Notices filed long before are held to its left edge and marked as earlier.
    """
    seen = [alert.first_raised for alert in run.alerts]
    seen += [call.placed for call in run.calls if call.kind != "test"]
    seen += [fix.at for track in run.tracks for fix in track.fixes]
    seen += [point for point in points if run.starts <= point <= run.ends]
    if not seen:
        seen = [run.starts, run.ends]
    start, end = min(seen) - MARGIN, max(seen) + MARGIN
    return Axis(start=start, end=end, left_px=left, right_px=right)
