"""Lead-time ranges as bars: what one assumption moves, by runs that were really made."""

from crosstell.replay.page.clock import minutes_text
from crosstell.replay.result import LeadRange

WIDTH_PX = 1180
LEFT_PX = 430
RIGHT_PX = 1080
ROW_PX = 34
TOP_PX = 40


def ranges_of(ranges: tuple[LeadRange, ...]) -> dict[str, object]:
    """Bars and an axis in minutes for the template, in pixels; a missing end is marked so."""
    reached = [
        end.lead_minutes for row in ranges for end in row.ends if end.lead_minutes is not None
    ]
    low = min([0.0, *reached])
    high = max([10.0, *reached])
    pad = (high - low) * 0.04
    low, high = (low - pad if low < 0 else low), high + pad

    def x(minutes: float) -> float:
        return round(LEFT_PX + (minutes - low) / (high - low) * (RIGHT_PX - LEFT_PX), 1)

    return {
        "width": WIDTH_PX,
        "height": TOP_PX + len(ranges) * ROW_PX + 26,
        "zero": x(0.0),
        "rows": [_row(row, i, x) for i, row in enumerate(ranges)],
        "ticks": [{"x": x(tick), "text": f"{tick:g}"} for tick in _ticks(low, high)],
    }


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    step = next((s for s in (1, 2, 5, 10, 20, 30, 60, 120, 240, 600) if span / s <= 9), 1440)
    first = int(low // step) + (0 if low % step == 0 else 1)
    return [float(n * step) for n in range(first, first + 12) if n * step <= high]


def _row(row: LeadRange, index: int, x: object) -> dict[str, object]:
    assert callable(x)
    places = [x(end.lead_minutes) for end in row.ends if end.lead_minutes is not None]
    return {
        "y": TOP_PX + index * ROW_PX,
        "row": row,
        "x": min(places, default=LEFT_PX),
        "w": round(max(3.0, max(places, default=LEFT_PX) - min(places, default=LEFT_PX)), 1),
        "missing": sum(end.lead_minutes is None for end in row.ends),
        "none": not places,
        "text": " · ".join(f"{end.value}: {minutes_text(end.lead_minutes)}" for end in row.ends)
        + ("" if row.has_effect else " · no effect in this run"),
    }
