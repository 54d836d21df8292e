"""The runs of a scenario: each one value per assumption, and nothing else between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from crosstell.core.errors import CallerError
from crosstell.replay.given.coherence import unit_of
from crosstell.replay.given.forms import Assumed, Setting
from crosstell.replay.given.scenario import (
    Choice,
    Condition,
    Quantity,
    RunSpec,
    Scenario,
)
from crosstell.replay.given.scenario import Setting as RunSetting


class RunUnknown(CallerError):
    """The scenario has no run of that name."""


Values = Mapping[str, Quantity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run to make: its name, what it is a repeat of, and the value of every assumption."""

    name: str
    spec: RunSpec
    values: Values

    def holds(self, conditions: tuple[Condition, ...]) -> bool:
        """Whether every condition holds in this run."""
        for condition in conditions:
            quantity = self.values[condition.assumption]
            if not isinstance(quantity, Choice) or quantity.value not in condition.words:
                return False
        return True

    def number(self, assumption: str) -> float:
        """The value of an assumption that has a unit, in that unit."""
        return value_of(self.values[assumption])


def runs_of(scenario: Scenario, only: str | None = None) -> tuple[Run, ...]:
    """Every run in the order of the file, or those that `only` names (a run, or one repeat)."""
    found: list[Run] = []
    for spec in scenario.runs:
        base = {a.id: a.quantity for a in scenario.assumptions}
        for setting in spec.sets:
            base[setting.assumption] = changed(base[setting.assumption], setting)
        found += _repeats(spec, base)
    if only is None:
        return tuple(found)
    chosen = tuple(run for run in found if only in (run.name, run.spec.name))
    if not chosen:
        names = ", ".join(run.name for run in found)
        raise RunUnknown(f"there is no run {only!r}; the scenario has {names}")
    return chosen


def _repeats(spec: RunSpec, base: dict[str, Quantity]) -> list[Run]:
    words = [getattr(base[name], "of", ()) for name in spec.repeat]
    found = []
    for chosen in product(*words):
        values = dict(base)
        for name, word in zip(spec.repeat, chosen, strict=True):
            values[name] = changed(values[name], RunSetting(assumption=name, word=word))
        found.append(Run(name="/".join((spec.name, *chosen)), spec=spec, values=values))
    return found


def changed(quantity: Quantity, setting: RunSetting) -> Quantity:
    """The quantity with another value; its range widens where the value lies outside."""
    if isinstance(quantity, Choice):
        return replace(quantity, value=setting.word or quantity.value)
    unit = unit_of(quantity)
    value = getattr(setting, f"value_{unit}")
    low, high = bounds_of(quantity)
    fields = {
        f"value_{unit}": value,
        f"low_{unit}": min(low, value),
        f"high_{unit}": max(high, value),
    }
    return replace(quantity, **fields)


def with_value(run: Run, assumption: str, value: float | str) -> Run:
    """The same run with one assumption moved."""
    quantity = run.values[assumption]
    unit = unit_of(quantity)
    if isinstance(value, str):
        setting = RunSetting(assumption=assumption, word=value)
    else:
        setting = RunSetting(**{"assumption": assumption, f"value_{unit}": value})  # type: ignore[arg-type]
    return replace(run, values={**run.values, assumption: changed(quantity, setting)})


def value_of(quantity: Quantity) -> float:
    """The value of a quantity that has a unit."""
    assert not isinstance(quantity, Choice), "a choice has a word, not a number"
    found: float = getattr(quantity, f"value_{unit_of(quantity)}")
    return found


def bounds_of(quantity: Quantity) -> tuple[float, float]:
    """The ends of the range of a quantity that has a unit."""
    unit = unit_of(quantity)
    return getattr(quantity, f"low_{unit}"), getattr(quantity, f"high_{unit}")


def plain(value: float) -> str:
    """A number without exponent or trailing zeros, as a document takes it."""
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return text if text not in ("", "-0") else "0"


def shown(quantity: Quantity, value: float | None = None) -> str:
    """A value for people: minutes for spans of minutes, kilometres for long lengths."""
    if isinstance(quantity, Choice):
        return quantity.value
    number = value_of(quantity) if value is None else value
    unit = unit_of(quantity)
    if unit == "s" and abs(number) >= 7_200:
        return f"{plain(round(number / 3_600, 2))} h"
    if unit == "s" and abs(number) >= 120:
        return f"{plain(round(number / 60, 2))} min"
    if unit == "m" and abs(number) >= 1_000:
        return f"{plain(round(number / 1_000, 3))} km"
    return f"{plain(number)} {'m/s' if unit == 'mps' else '°' if unit == 'deg' else unit}"


def shown_range(quantity: Quantity) -> str:
    """The range of a quantity for people."""
    if isinstance(quantity, Choice):
        return " or ".join(quantity.of)
    low, high = bounds_of(quantity)
    return f"{shown(quantity, low)} to {shown(quantity, high)}"


def setting_of(scenario: Scenario, run: Run) -> Setting:
    """What the forms stand for in this run."""
    assumptions = {
        name: Assumed(text=quantity.value, unit="")
        if isinstance(quantity, Choice)
        else Assumed(text=plain(value_of(quantity)), unit=unit_of(quantity))
        for name, quantity in run.values.items()
    }
    return Setting(
        assumptions=assumptions,
        points={point.id: point.at for point in scenario.points},
        places={place.id: place.position for place in scenario.places},
    )
