"""People's habits in one run: decoded, matched by `sim/people.py`, turned into acts.

A habit's acts are the node's own input with forms in it (`{the: call}`); they are read with a
sample before anything runs, so that a fault in people.yaml is told with its line, and read again
with what really lies before the person. Implements REP-014 to REP-018.
"""

from collections.abc import Mapping as MappingLike
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import (
    DocumentFault,
    DocumentRefused,
    Listing,
    Mark,
    Node,
    Scalar,
)
from crosstell.core.ids import (
    AlertId,
    CallId,
    EntryRef,
    FeedId,
    ForeignRef,
    Latest,
    Named,
    PartyId,
)
from crosstell.core.line.content import About, AboutAlert, CallContent
from crosstell.core.mechanism.inputs import Act
from crosstell.core.protocol.rule import AlertLevel
from crosstell.replay.given.acting import check_body
from crosstell.replay.given.forms import Setting
from crosstell.replay.given.items import Item, PeopleFile, rewritten, split_item, take
from crosstell.replay.given.runs import Run
from crosstell.replay.given.scenario import Condition, Scenario
from crosstell.replay.given.written import written
from crosstell.sim.people import (
    AlertOnScreen,
    CallBeforeUs,
    DraftOnScreen,
    EntryHeld,
    Habit,
    People,
    Rung,
    Trigger,
    drawn_delay_s,
)

HERE = Mark(1, 1)
_SAMPLE_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_SAMPLE_REF = EntryRef(feed=FeedId("sample"), seq=0, hash="0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long an act takes: at least `after_s`, at most `spread_s` more."""

    after_s: float
    spread_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what would come before its cause."""
        if self.after_s < 0 or self.spread_s < 0:
            raise ValueError("after_s and spread_s are 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One act of a habit: how long after the one before, and the act as written."""

    delay: Delay
    act: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHabits:
    """The habits that hold in one run, and what each does."""

    file: str
    habits: tuple[Habit, ...]
    deeds: MappingLike[str, tuple[Deed, ...]]

    def samples(self, scenario: Scenario, setting: Setting) -> tuple[Act, ...]:
        """Every act of every habit, as it would be with whatever its trigger can bring."""
        return tuple(
            read_act(self.file, deed.act, setting, sample(habit, scenario))
            for habit in self.habits
            for deed in self.deeds[habit.id]
        )

    def people(self) -> People:
        """Fresh people, who have noticed nothing yet."""
        return People(self.habits)


def habits_of(file: PeopleFile, scenario: Scenario, run: Run, setting: Setting) -> RunHabits:
    """Every habit of the run; DocumentRefused with every fault of the file."""
    faults: list[DocumentFault] = []
    habits: list[Habit] = []
    deeds: dict[str, tuple[Deed, ...]] = {}
    for item in file.habits:
        if not run.holds(item.when):
            continue
        try:
            habit, done = _habit(file.name, item, scenario, setting)
        except DocumentRefused as refused:
            faults += refused.faults
            continue
        if habit.id in deeds:
            text = f"habit {habit.id!r} is there twice in one run; give each its own id"
            faults.append(DocumentFault(file.name, item.body.mark, "", text))
        kept = [deed for deed, when in done if run.holds(when)]
        habits.append(habit)
        deeds[habit.id] = tuple(kept)
    if faults:
        raise DocumentRefused(tuple(faults))
    return RunHabits(file=file.name, habits=tuple(habits), deeds=deeds)


def _habit(
    name: str, item: Item, scenario: Scenario, setting: Setting
) -> tuple[Habit, list[tuple[Deed, tuple[Condition, ...]]]]:
    head, rest = take(item.body, "habit")
    acts, rest = take(rest, "acts")
    if head is None or not isinstance(acts, Listing) or not acts.items or rest.entries:
        text = "a habit has the keys habit and acts (a list), may have when, and no other"
        raise DocumentRefused((DocumentFault(name, item.body.mark, "", text),))
    habit = from_document(Habit, rewritten(name, head, setting))
    done = []
    for index, node in enumerate(acts.items):
        part = split_item(name, node, scenario, index)
        act, delay = take(part.body, "act")
        if act is None:
            raise DocumentRefused((DocumentFault(name, node.mark, "", "act is missing"),))
        deed = Deed(delay=from_document(Delay, rewritten(name, delay, setting)), act=act)
        read_act(name, deed.act, setting, sample(habit, scenario))
        done.append((deed, part.when))
    return habit, done


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeen:
    """A call as it lies before a person."""

    party: PartyId
    call: CallId
    content: CallContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a person has before them when they act; what is None is not there."""

    what: Trigger
    at: datetime
    number: int = 1
    call: CallSeen | None = None
    entry: EntryRef | None = None
    alert: AlertId | None = None
    level: AlertLevel | None = None
    about: tuple[About, ...] = ()  # that alert, and ours that stand about the same object


def sample(habit: Habit, scenario: Scenario) -> Sight:
    """A sight that has whatever a trigger of this kind can bring."""
    what = habit.on
    other = next(party.id for party in scenario.parties if party.id != habit.party)
    call = CallSeen(party=other, call=CallId("sample"), content=CallContent())
    match what:
        case AlertOnScreen():
            name = AlertId("sample")
            about = (AboutAlert(party=habit.party, alert=name),)
            return Sight(what=what, at=_SAMPLE_TIME, alert=name, level=what.level, about=about)
        case CallBeforeUs() | EntryHeld():
            return Sight(what=what, at=_SAMPLE_TIME, call=call, entry=_SAMPLE_REF)
        case Rung() | DraftOnScreen():
            return Sight(what=what, at=_SAMPLE_TIME, call=call)


def read_act(name: str, act: Node, setting: Setting, sight: Sight) -> Act:
    """The act as this person does it now; DocumentRefused for a form that stands for nothing."""
    check_body(name, act, "body")
    here = setting.with_things(_things(sight), number=sight.number)
    return from_document(Act, rewritten(name, act, here))


def _things(sight: Sight) -> dict[str, Node | datetime]:
    """What `{the: ...}` can stand for."""
    found: dict[str, Node | datetime] = {"now": sight.at}
    if sight.call is not None:
        first = Named(party=sight.call.party, id=sight.call.call)
        newest = Latest(party=sight.call.party, id=sight.call.call)
        found["call"] = written(ForeignRef, first, HERE)
        found["version"] = written(ForeignRef, newest, HERE)
        found["call-id"] = _word(sight.call.call)
        found["caller"] = _word(sight.call.party)
        found["content"] = written(CallContent, sight.call.content, HERE)
    if sight.entry is not None:
        found["entry"] = written(ForeignRef, sight.entry, HERE)
    if sight.alert is not None and sight.level is not None:
        found["alert"] = _word(sight.alert)
        found["level"] = _word(sight.level.value)
        found["alerts"] = written(tuple[About, ...], sight.about, HERE)
    return found


def _word(text: str) -> Scalar:
    return Scalar(text, plain=False, mark=HERE)


def drawn(delay: Delay, random: Random) -> float:
    """How long this deed takes this time, in seconds."""
    return drawn_delay_s(delay.after_s, delay.spread_s, random)
