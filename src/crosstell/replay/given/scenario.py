"""A scenario: what its files hold, once read. Times are aware UTC; units are in the names.

Whatever the public record does not say stands here as a named assumption, with its range and
why. A run is a set of values for these assumptions; nothing else differs between two runs.
Implements REP-002.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.geometry.position import Position
from crosstell.core.ids import ComponentId, PartyId, RoleId, check_id
from crosstell.core.instant import Window, require_utc
from crosstell.core.protocol.fault import Misfit
from crosstell.replay.given.coherence import faults_of
from crosstell.replay.result import Stage


class Mode(StrEnum):
    """What the page is marked with."""

    EXERCISE = "exercise"
    HISTORICAL = "historical incident"


class PeopleGiven(StrEnum):
    """Where the habits are. Nobody answers only if the scenario says so."""

    IN_FILE = "people.yaml"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A published text that facts rest on."""

    id: str
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A span of time and its range."""

    value_s: float
    low_s: float
    high_s: float

    def __post_init__(self) -> None:
        """Refuse a value outside its range."""
        _check_range(self.value_s, self.low_s, self.high_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """A length or height and its range."""

    value_m: float
    low_m: float
    high_m: float

    def __post_init__(self) -> None:
        """Refuse a value outside its range."""
        _check_range(self.value_m, self.low_m, self.high_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """A ground speed and its range."""

    value_mps: float
    low_mps: float
    high_mps: float

    def __post_init__(self) -> None:
        """Refuse a value outside its range."""
        _check_range(self.value_mps, self.low_mps, self.high_mps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Angle:
    """A true bearing and its range."""

    value_deg: float
    low_deg: float
    high_deg: float

    def __post_init__(self) -> None:
        """Refuse a value outside its range."""
        _check_range(self.value_deg, self.low_deg, self.high_deg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One word of those possible: a switch."""

    value: str
    of: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a word that is not one of its own, or a word twice."""
        if self.value not in self.of:
            raise ValueError(f"value {self.value!r} is not one of {', '.join(self.of)}")
        if len(set(self.of)) != len(self.of):
            raise ValueError("of has a word twice; keep one")


Quantity = Duration | Length | Speed | Angle | Choice


def _check_range(value: float, low: float, high: float) -> None:
    if low > high:
        raise ValueError(f"low {low:g} is over high {high:g}; swap or correct them")
    if not low <= value <= high:
        raise ValueError(f"value {value:g} is not between low {low:g} and high {high:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """Something that is not published, by name: its value, range, why, and from where."""

    id: str
    title: str
    quantity: Quantity
    why: str
    source: str = "assumption"

    def __post_init__(self) -> None:
        """Refuse what could not be named beside a figure."""
        check_id(self.id, what="assumption")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Another value for one assumption, in one run; exactly one of the fields beside its id."""

    assumption: str
    word: str | None = None
    value_s: float | None = None
    value_m: float | None = None
    value_mps: float | None = None
    value_deg: float | None = None

    def __post_init__(self) -> None:
        """Refuse none or two values."""
        given = (self.word, self.value_s, self.value_m, self.value_mps, self.value_deg)
        if sum(value is not None for value in given) != 1:
            raise ValueError("give one of word, value_s, value_m, value_mps, value_deg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Holds in the runs where the assumption's word is one of `words`."""

    assumption: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of interest that lead times are counted to. `status` says whose word it is.

    `earlier_by` names an assumption by which the point lies before `at`. With `counts_from`, only
    what was recorded from then on counts, so that a warning about an earlier object does not.
    """

    id: str
    title: str
    at: datetime
    status: str
    sources: tuple[str, ...] = ()
    earlier_by: str | None = None
    counts_from: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a point without a usable id or time."""
        check_id(self.id, what="point")
        require_utc(self.at, what="point")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named place that inputs refer to; only ever as exact as its status says."""

    id: str
    title: str
    position: Position
    status: str

    def __post_init__(self) -> None:
        """Refuse a place that could not be referred to."""
        check_id(self.id, what="place")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioParty:
    """A party with a node of its own; its inputs are in the folder of its id.

    `operator` is the component in whose hands a warning has to be, if the scenario names one.
    """

    id: PartyId
    title: str
    operator: ComponentId | None = None

    def __post_init__(self) -> None:
        """Refuse an id that could not be a folder."""
        check_id(self.id, what="party")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A span in which nothing passes from one party to another (both ways: two of them)."""

    from_party: PartyId
    to_party: PartyId
    window: Window
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The virtual network between the nodes: its delay (an assumption) and its outages."""

    delay: str
    outages: tuple[Outage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Which figures a lead time of one warning is counted from.

    The alerts and calls of `warner`; in the hands of the `operator` of `warned`. Overviews count
    to the point `counted_to`.
    """

    warner: PartyId
    warned: PartyId
    duty_role: RoleId
    counted_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """One run, or one per word of each assumption in `repeat`."""

    name: str
    title: str
    about: str
    window: Window
    sets: tuple[Setting, ...] = ()
    repeat: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    control: str | None = None

    def __post_init__(self) -> None:
        """Refuse a name that could not be asked for."""
        check_id(self.name, what="run")


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeSpec:
    """Lead times of one run, again at each end of these assumptions, one at a time.

    With `until`, each end is played up to then only: what is later does not bear on the stage.
    """

    run: str
    point: str
    stage: Stage
    assumptions: tuple[str, ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one side said about a topic."""

    party: PartyId
    text: str
    status: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Both accounts of one topic."""

    topic: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldIn:
    """The scenario beside this one, and its run, that hold what was said afterwards, as claims."""

    scenario: str
    run: str

    def __post_init__(self) -> None:
        """Refuse a name that could lead out of the folder."""
        check_id(self.scenario, what="told in: scenario")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The whole of scenario.yaml."""

    title: str
    about: str
    mode: Mode
    parties: tuple[ScenarioParty, ...]
    watch: Watch
    line: Line
    points: tuple[Point, ...]
    assumptions: tuple[Assumption, ...]
    runs: tuple[RunSpec, ...]
    people: PeopleGiven = PeopleGiven.IN_FILE
    places: tuple[Place, ...] = ()
    ranges: tuple[RangeSpec, ...] = ()
    accounts: tuple[Account, ...] = ()
    told_in: ToldIn | None = None
    sources: tuple[SourceText, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a scenario whose parts do not fit together."""
        faults = faults_of(self)
        if faults:
            raise Misfit(faults)
