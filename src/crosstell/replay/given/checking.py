"""Whether a scenario's files fit each other: every fault with its place, before anything runs."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.codecs.document import NUMBER, NUMBER_LENGTH_MAX, from_document
from crosstell.codecs.yaml_document import (
    Document,
    DocumentFault,
    DocumentRefused,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
)
from crosstell.core.ids import PartyId
from crosstell.core.instant import format_instant
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Standing
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.grain import require_text
from crosstell.replay.given.acting import Known, act_faults, habit_faults, mark_of
from crosstell.replay.given.forms import Setting
from crosstell.replay.given.habits import habits_of, read_act, sample
from crosstell.replay.given.items import PartyFile, PeopleFile, rewritten, take
from crosstell.replay.given.runs import Run, runs_of, setting_of
from crosstell.replay.given.scenario import Scenario
from crosstell.replay.given.timed import ItemRead, read_items
from crosstell.sim.people import Habit

_WITH_NODE = (Standing.PARTY, Standing.NOTIFIER)


def protocol_faults(
    document: Document, scenario: Scenario, protocol: Protocol
) -> Iterator[DocumentFault]:
    """What scenario.yaml names that protocol.yaml has not. Implements REP-007, REP-080."""
    standings = {party.id: party.standing for party in protocol.parties}
    with_node = [name for name, standing in standings.items() if standing in _WITH_NODE]
    for index, party in enumerate(scenario.parties):
        if party.id in with_node:
            continue
        said = standings.get(party.id)
        text = (
            f"{party.id!r} is of standing {said.value!r} in protocol.yaml"
            if said
            else f"{party.id!r} is not named in protocol.yaml"
        ) + f"; a node is of a party or a notifier: {', '.join(with_node)}; change one of the files"
        mark = mark_of(document.root, "parties", index, "id")
        yield DocumentFault(document.name, mark, f"parties[{index}].id", text)
    duty_role = scenario.watch.duty_role
    if protocol.role(duty_role) is None:
        known = ", ".join(role.id for role in protocol.roles)
        text = f"the protocol has no role {duty_role!r}; its roles are {known}"
        mark = mark_of(document.root, "watch", "duty_role")
        yield DocumentFault(document.name, mark, "watch.duty_role", text)


def hidden_faults(document: Document) -> Iterator[DocumentFault]:
    """Every text in which a character cannot be seen, as PRO-009 says it. Implements REP-086."""
    waiting: list[Node] = [document.root]
    while waiting:
        node = waiting.pop()
        match node:
            case Scalar(text=text, mark=mark):
                try:
                    require_text(f".{text}", what="text", length_max=len(text) + 1)
                except ValueError as error:
                    yield DocumentFault(document.name, mark, "", str(error))
            case Listing(items=items):
                waiting += items
            case Mapping(entries=entries):
                waiting += [part for entry in entries for part in entry]


@dataclass(slots=True)
class _Times:
    """When one item is put in the runs that hold it, and those runs' windows."""

    name: str
    mark: Mark
    leg: bool
    starts: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    put: int = 0

    def add(self, run: Run, read: ItemRead) -> None:
        window = run.spec.window
        self.starts.append(window.start)
        self.ends.append(window.end)
        self.times += [timed.at for timed in read.timed]
        self.put += sum(window.holds(timed.at) for timed in read.timed)

    def fault(self) -> DocumentFault | None:
        """The item is never put, or part of it lies before every run. Implements REP-084."""
        first, start, end = min(self.times), min(self.starts), max(self.ends)
        if self.put and (self.leg or first >= start):
            return None
        text = (
            f"at {format_instant(first)} this is put in no run: those that hold it run from "
            f"{format_instant(start)} to {format_instant(end)}; correct the time, or the window"
        )
        return DocumentFault(self.name, self.mark, "", text)


def given_faults(
    scenario: Scenario,
    protocol: Protocol,
    parties: MappingLike[PartyId, PartyFile],
    people: PeopleFile,
) -> tuple[DocumentFault, ...]:
    """Every fault of the inputs and habits in every run, each once. Implements REP-084, REP-085."""
    known = Known(
        parties=tuple(party.id for party in protocol.parties),
        roles=tuple(role.id for role in protocol.roles),
    )
    found: dict[DocumentFault, None] = {}
    times: dict[tuple[PartyId, bool, int], _Times] = {}
    for run in runs_of(scenario):
        digest = {"protocol": Scalar("0" * 64, plain=False, mark=Mark(1, 1))}
        setting = setting_of(scenario, run).with_things(digest)
        for party, file in parties.items():
            read, faults = read_items(file, run, setting)
            found |= dict.fromkeys(faults)
            for each in read:
                key = (party, each.leg, each.item.index)
                mark = mark_of(each.item.body, "at")
                times.setdefault(key, _Times(file.name, mark, each.leg)).add(run, each)
                for timed in each.timed:
                    if isinstance(timed.input, Act):
                        path = ("input", "act")
                        act = act_faults(file.name, each.item.body, timed.input, party, known, path)
                        found |= dict.fromkeys(act)
        found |= dict.fromkeys(_people_faults(scenario, people, run, setting, known))
    late = (each.fault() for each in times.values())
    found |= dict.fromkeys(fault for fault in late if fault is not None)
    return tuple(found)


def _people_faults(
    scenario: Scenario, people: PeopleFile, run: Run, setting: Setting, known: Known
) -> Iterator[DocumentFault]:
    try:
        run_habits = habits_of(people, scenario, run, setting)
    except DocumentRefused as refused:
        yield from refused.faults
        return
    for item in people.habits:
        head, _ = take(item.body, "habit")
        if head is not None and run.holds(item.when):
            habit = from_document(Habit, rewritten(people.name, head, setting))
            yield from habit_faults(people.name, head, habit, known)
    for habit in run_habits.habits:
        for deed in run_habits.deeds[habit.id]:
            act = read_act(people.name, deed.act, setting, sample(habit, scenario))
            yield from act_faults(people.name, deed.act, act, habit.party, known, ())


def range_faults(document: Document) -> Iterator[DocumentFault]:
    """Every assumption whose value and ends contradict each other, in the unit as written."""
    root = document.root
    listing = take(root, "assumptions")[0] if isinstance(root, Mapping) else None
    for index, item in enumerate(getattr(listing, "items", ())):
        quantity = take(item, "quantity")[0] if isinstance(item, Mapping) else None
        if not isinstance(quantity, Mapping) or len(quantity.entries) != 1:
            continue
        ((kind, body),) = quantity.entries
        text = _range_text(body) if isinstance(body, Mapping) else None
        if text is not None:
            path = f"assumptions[{index}].quantity.{kind.text}"
            yield DocumentFault(document.name, body.mark, path, text)


def _range_text(body: Mapping) -> str | None:
    """What is wrong with a value and its two ends, if all three are numbers in one unit."""
    found: dict[str, tuple[str, float]] = {}
    for key, node in body.entries:
        word, _, unit = key.text.partition("_")
        if isinstance(node, Scalar) and NUMBER.fullmatch(node.text[:NUMBER_LENGTH_MAX]):
            found[word] = (unit, float(node.text[:NUMBER_LENGTH_MAX]))
    if set(found) != {"value", "low", "high"} or len({unit for unit, _ in found.values()}) != 1:
        return None
    unit, value = found["value"]
    low, high = found["low"][1], found["high"][1]
    if low > high:
        return f"low_{unit} {low:g} is over high_{unit} {high:g}; swap or correct them"
    if not low <= value <= high:
        return f"value_{unit} {value:g} is not between low_{unit} {low:g} and high_{unit} {high:g}"
    return None
