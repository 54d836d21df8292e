"""Plots of two pictures: how late one is over time, and what is left of each object's place.

Pixels only; every figure that a plot shows stands in words beside it. Implements REP-114.
"""

from collections.abc import Sequence

from crosstell.core.instant import seconds_between
from crosstell.replay.page.clock import zulu
from crosstell.replay.report.pictures import Compared, Left, Step

WIDTH_PX, HEIGHT_PX = 560, 250
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 58, 545, 16, 214
BAND_SIGMAS = 1.96
SPANS_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
SPANS_M = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


def plots_of(compared: Compared) -> dict[str, object]:
    """Both plots for the template; one without data is left out."""
    kept = [step for step in compared.steps if step.late_s is not None]
    return {
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "left": LEFT_PX,
        "right": RIGHT_PX,
        "top": TOP_PX,
        "bottom": BOTTOM_PX,
        "late": _late(kept, compared.steps) if kept else None,
        "scatter": _scatter(compared.left) if compared.left else None,
    }


def _late(kept: list[Step], steps: Sequence[Step]) -> dict[str, object]:
    """The offset in time with its 95 % band; refused instants are marked below."""
    reach = max(abs(step.late_s or 0.0) + BAND_SIGMAS * step.late_sigma_s for step in kept)
    span = next((s for s in SPANS_S if s >= reach), SPANS_S[-1])
    length_s = max(1.0, seconds_between(steps[0].at, steps[-1].at))

    def x(step: Step) -> float:
        share = seconds_between(steps[0].at, step.at) / length_s
        return round(LEFT_PX + share * (RIGHT_PX - LEFT_PX), 1)

    def y(value_s: float) -> float:
        held = max(-span, min(span, value_s))
        return round((TOP_PX + BOTTOM_PX) / 2 - held / span * (BOTTOM_PX - TOP_PX) / 2, 1)

    upper = [f"{x(s)},{y((s.late_s or 0.0) + BAND_SIGMAS * s.late_sigma_s)}" for s in kept]
    lower = [f"{x(s)},{y((s.late_s or 0.0) - BAND_SIGMAS * s.late_sigma_s)}" for s in kept]
    return {
        "band": " ".join((*upper, *reversed(lower))),
        "line": " ".join(f"{x(step)},{y(step.late_s or 0.0)}" for step in kept),
        "zero": y(0.0),
        "ticks": [{"y": y(v), "text": f"{v:+g} s"} for v in (-span, -span / 2, 0, span / 2, span)],
        "refused": [x(step) for step in steps if step.late_s is None],
        "first": zulu(steps[0].at),
        "last": zulu(steps[-1].at),
    }


def _scatter(left: Sequence[Left]) -> dict[str, object]:
    """Each object's place in the second picture about that in the first: across, and along."""
    reach = max(max(abs(one.along_m), abs(one.across_m)) for one in left)
    span = next((s for s in SPANS_M if s >= reach), SPANS_M[-1])
    half = (BOTTOM_PX - TOP_PX) / 2
    middle = ((LEFT_PX + RIGHT_PX) / 2, (TOP_PX + BOTTOM_PX) / 2)

    def held(value_m: float) -> float:
        return max(-1.0, min(1.0, value_m / span)) * half

    return {
        "cx": middle[0],
        "cy": middle[1],
        "half": half,
        "text": f"{span:g} m",
        "points": [
            {
                "x": round(middle[0] - held(one.across_m), 1),
                "y": round(middle[1] - held(one.along_m), 1),
                "title": f"{one.track} / {one.partner}: {one.along_m:+.0f} m, "
                f"{one.across_m:+.0f} m",
            }
            for one in left
        ],
    }
