"""Faults of a document that only show when its parts are read together."""

from dataclasses import dataclass

Step = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong at one place: field names and list places (from 0), from the top down."""

    path: tuple[Step, ...]
    text: str


class Misfit(ValueError):
    """A value whose parts do not fit together, with every fault found, not only the first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Join the faults into one message; keep them apart for whoever knows the lines."""
        self.faults = faults
        super().__init__("; ".join(f"{_dotted(fault.path)}: {fault.text}" for fault in faults))


def _dotted(path: tuple[Step, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".")
