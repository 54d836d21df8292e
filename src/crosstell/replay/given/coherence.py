"""Whether the parts of a scenario fit together: every fault, each with its place in the file.

Implements REP-007.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crosstell.core.protocol.fault import Fault, Step

if TYPE_CHECKING:
    from crosstell.replay.given.scenario import Assumption, Scenario

RUNS_MAX = 200
OTHER_WORDS = ("INV", "PRESS", "UNK", "RECALL", "assumption")  # an inquiry, the press, nobody ...
PARTIES_MAX = 8

Path = tuple[Step, ...]


def faults_of(scenario: Scenario) -> tuple[Fault, ...]:
    """Every place where one part of scenario.yaml contradicts another, in its order."""
    return (
        *_counts(scenario),
        *_watch(scenario),
        *_line(scenario),
        *_runs(scenario),
        *_ranges(scenario),
        *_cited(scenario),
        *_statuses(scenario),
    )


def _counts(scenario: Scenario) -> Iterator[Fault]:
    if not 2 <= len(scenario.parties) <= PARTIES_MAX:
        yield _fault(f"{len(scenario.parties)} parties; name 2 to {PARTIES_MAX}", ("parties",))
    if not 1 <= len(scenario.runs) <= RUNS_MAX:
        yield _fault(f"{len(scenario.runs)} runs; name 1 to {RUNS_MAX}", ("runs",))
    yield from _repeats((p.id for p in scenario.parties), "parties", "id")
    yield from _repeats((p.id for p in scenario.points), "points", "id")
    yield from _repeats((p.id for p in scenario.places), "places", "id")
    yield from _repeats((a.id for a in scenario.assumptions), "assumptions", "id")
    yield from _repeats((r.name for r in scenario.runs), "runs", "name")
    yield from _repeats((s.id for s in scenario.sources), "sources", "id")


def _watch(scenario: Scenario) -> Iterator[Fault]:
    parties = {party.id for party in scenario.parties}
    for name in ("warner", "warned"):
        yield from _known(getattr(scenario.watch, name), parties, "party", ("watch", name))
    points = {point.id for point in scenario.points}
    yield from _known(scenario.watch.counted_to, points, "point", ("watch", "counted_to"))
    for index, point in enumerate(scenario.points):
        if point.earlier_by is not None:
            path: Path = ("points", index, "earlier_by")
            yield from _of_kind(scenario, point.earlier_by, path, "Duration")
    if scenario.watch.warner == scenario.watch.warned:
        yield _fault("warner and warned are the same party; name two", ("watch", "warned"))


def _line(scenario: Scenario) -> Iterator[Fault]:
    yield from _of_kind(scenario, scenario.line.delay, ("line", "delay"), "Duration")
    parties = {party.id for party in scenario.parties}
    for index, outage in enumerate(scenario.line.outages):
        path: Path = ("line", "outages", index)
        yield from _known(outage.from_party, parties, "party", (*path, "from_party"))
        yield from _known(outage.to_party, parties, "party", (*path, "to_party"))
        for place, condition in enumerate(outage.when):
            yield from condition_faults(scenario, condition, (*path, "when", place))


def _runs(scenario: Scenario) -> Iterator[Fault]:
    words = {assumption.id: assumption for assumption in scenario.assumptions}
    for index, run in enumerate(scenario.runs):
        path: Path = ("runs", index)
        for place, setting in enumerate(run.sets):
            yield from _setting(words, setting, (*path, "sets", place))
        for place, name in enumerate(run.repeat):
            yield from _of_kind(scenario, name, (*path, "repeat", place), "Choice")
        for place, name in enumerate(run.rests_on):
            yield from _known(name, words, "assumption", (*path, "rests_on", place))


def _setting(words: dict[str, Assumption], setting: object, path: Path) -> Iterator[Fault]:
    name = getattr(setting, "assumption", "")
    if name not in words:
        yield from _known(name, words, "assumption", (*path, "assumption"))
        return
    quantity = words[name].quantity
    unit = unit_of(quantity)
    field = f"value_{unit}" if unit else "word"
    value = getattr(setting, field)
    if value is None:
        yield _fault(f"assumption {name} takes {field}; write that", path)
    elif not unit and value not in getattr(quantity, "of", ()):
        known = ", ".join(getattr(quantity, "of", ()))
        yield _fault(f"{value!r} is not a word of {name}; it has {known}", (*path, "word"))


def _ranges(scenario: Scenario) -> Iterator[Fault]:
    points = {point.id for point in scenario.points}
    names = {name for run in scenario.runs for name in run_names(scenario, run.name)}
    known = {assumption.id for assumption in scenario.assumptions}
    for index, wanted in enumerate(scenario.ranges):
        path: Path = ("ranges", index)
        yield from _known(wanted.run, names, "run", (*path, "run"))
        yield from _known(wanted.point, points, "point", (*path, "point"))
        for place, name in enumerate(wanted.assumptions):
            yield from _known(name, known, "assumption", (*path, "assumptions", place))


def run_names(scenario: Scenario, name: str) -> tuple[str, ...]:
    """The names under which a run is asked for: its own, or one per word of what it repeats."""
    run = next(run for run in scenario.runs if run.name == name)
    names: tuple[str, ...] = (name,)
    for repeated in run.repeat:
        found = next((a.quantity for a in scenario.assumptions if a.id == repeated), None)
        names = tuple(f"{n}/{word}" for n in names for word in getattr(found, "of", ()))
    return names


def _cited(scenario: Scenario) -> Iterator[Fault]:
    sources = {source.id for source in scenario.sources}
    parties = {party.id for party in scenario.parties}
    for index, point in enumerate(scenario.points):
        for place, name in enumerate(point.sources):
            yield from _known(name, sources, "source", ("points", index, "sources", place))
    for index, account in enumerate(scenario.accounts):
        for place, said in enumerate(account.said):
            path: Path = ("accounts", index, "said", place)
            yield from _known(said.party, parties, "party", (*path, "party"))
            for spot, name in enumerate(said.sources):
                yield from _known(name, sources, "source", (*path, "sources", spot))


def _statuses(scenario: Scenario) -> Iterator[Fault]:
    """Whose word a fact is: that of a party, by its id in capitals, or one of the other words."""
    words = (*(party.id.upper() for party in scenario.parties), *OTHER_WORDS)
    for name in ("points", "places"):
        for index, item in enumerate(getattr(scenario, name)):
            yield from _known(item.status, words, "status", (name, index, "status"))
    for index, account in enumerate(scenario.accounts):
        for place, said in enumerate(account.said):
            path: Path = ("accounts", index, "said", place, "status")
            yield from _known(said.status, words, "status", path)


def condition_faults(scenario: Scenario, condition: object, path: Path) -> Iterator[Fault]:
    """The faults of one condition: an assumption that is no switch, a word that it has not."""
    name = getattr(condition, "assumption", "")
    before = list(_of_kind(scenario, name, (*path, "assumption"), "Choice"))
    if before:
        yield from before
        return
    found = next(a.quantity for a in scenario.assumptions if a.id == name)
    for place, word in enumerate(getattr(condition, "words", ())):
        yield from _known(word, getattr(found, "of", ()), "word", (*path, "words", place))


def _of_kind(scenario: Scenario, name: str, path: Path, kind: str) -> Iterator[Fault]:
    found = {a.id: a.quantity for a in scenario.assumptions}
    if name not in found:
        yield from _known(name, found, "assumption", path)
    elif type(found[name]).__name__ != kind:
        yield _fault(f"assumption {name} is no {kind.lower()}; name one that is", path)


def unit_of(quantity: object) -> str:
    """The unit token of a quantity; "" for a choice of words."""
    units = {"Duration": "s", "Length": "m", "Speed": "mps", "Angle": "deg"}
    return units.get(type(quantity).__name__, "")


def _known(name: str, known: Iterable[str], what: str, path: Path) -> Iterator[Fault]:
    words = tuple(known)
    if name not in words:
        yield _fault(f"there is no {what} {name!r}; there are {', '.join(words) or 'none'}", path)


def _repeats(names: Iterable[str], *path: Step) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield _fault(f"{name!r} is there twice; give each its own", (path[0], index, path[1]))
        seen.add(name)


def _fault(text: str, path: Path) -> Fault:
    return Fault(path=path, text=text)
