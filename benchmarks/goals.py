"""One line for each goal: what is measured, the figure, and what it should be.

Every file prints its own; `python -m benchmarks` gathers them. A figure decides nothing.
"""

MARK = "goal: "


def at_least(what: str, figure: float, target: float, unit: str) -> None:
    """Print the figure and that it should not be less."""
    _said(what, figure, unit, f"at least {target:,.0f}", is_met=figure >= target)


def at_most(what: str, figure: float, target: float, unit: str) -> None:
    """Print the figure and that it should not be more."""
    _said(what, figure, unit, f"at most {target:,.0f}", is_met=figure <= target)


def measured(what: str, figure: float, unit: str) -> None:
    """Print a figure that is asked for and has no target."""
    print(f"{MARK}{what}: {_number(figure)} {unit} (no target)", flush=True)


def _said(what: str, figure: float, unit: str, target: str, *, is_met: bool) -> None:
    word = "met" if is_met else "NOT met"
    print(f"{MARK}{what}: {_number(figure)} {unit} ({target}: {word})", flush=True)


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.1f}"
