"""A party's inputs in one run: decoded, in time order, ready to be put to its node.

An item is the node's own input with the time at which it is put. A leg is many observations said
once: one object that passes one position on one course at one speed, seen at stated intervals.
Implements REP-004, REP-005, REP-008.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import DocumentFault, DocumentRefused, Mapping
from crosstell.core.altitude import Altitude
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.instant import later, require_utc
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.core.picture.track import Hint, Observation
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.replay.given.acting import check_body
from crosstell.replay.given.forms import Setting
from crosstell.replay.given.items import Item, PartyFile, rewritten, take
from crosstell.replay.given.runs import Run

REPEATS_MAX = 500
FIXES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedInput:
    """One input of a party's node and when it is put."""

    at: datetime
    input: Act | Observed

    def __post_init__(self) -> None:
        """Refuse a naive time."""
        require_utc(self.at, what="at")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Time:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The input again, `times` times in all, every `every_s`."""

    every_s: float
    times: int

    def __post_init__(self) -> None:
        """Refuse no time at all, and more than the limit."""
        if self.every_s <= 0 or not 1 <= self.times <= REPEATS_MAX:
            raise ValueError(
                f"repeat: every_s is {self.every_s:g} and times {self.times}; give every_s over 0 "
                f"(at least 0.001) and times from 1 to {REPEATS_MAX}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """An object that flies straight at a position, and how a source sees it.

    At `at` it is `distance_m` from `towards`, on `bearing_deg` as seen from there, closing at
    `speed_mps`; where its speed is left out, its velocity is unknown and it stays there. At
    `holds_at_m` it stays (circling: its velocity is then unknown); without it, it flies on past.
    Seen every `every_s`, from `before_s` before `at` to `after_s` after it; each sight reaches
    the node `delay_s` later. What is left out is unknown to the source.
    """

    track: TrackId
    source: str
    towards: Position
    at: datetime
    bearing_deg: float = 0.0
    distance_m: float = 0.0
    speed_mps: float | None = None
    every_s: float = 60.0
    before_s: float = 0.0
    after_s: float = 0.0
    holds_at_m: float | None = None
    delay_s: float = 0.0
    altitude: Altitude | None = None
    position_accuracy_m: float | None = None
    altitude_accuracy_m: float | None = None
    hints: tuple[Hint, ...] = ()
    kind: ObjectKind | None = None

    def __post_init__(self) -> None:
        """Refuse a leg without time, and one of more sights than the limit."""
        require_utc(self.at, what="at")
        if self.every_s <= 0:
            raise ValueError(
                f"every_s comes to {self.every_s:g}; every_s is over 0, at least 0.001"
            )
        for name in ("before_s", "after_s", "delay_s"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name):g}; write 0 or more")
        if (self.before_s + self.after_s) / self.every_s > FIXES_MAX:
            raise ValueError(f"every_s gives more than {FIXES_MAX} sights; raise it")


def inputs_of(file: PartyFile, run: Run, setting: Setting) -> tuple[TimedInput, ...]:
    """Every input of the run in time order; DocumentRefused with every fault of the file."""
    read, faults = read_items(file, run, setting)
    if faults:
        raise DocumentRefused(faults)
    found = [timed for each in read for timed in each.timed]
    return tuple(sorted(found, key=lambda timed: timed.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRead:
    """An item of a party's file, and what it puts to the node in one run."""

    item: Item
    timed: tuple[TimedInput, ...]
    leg: bool


def read_items(
    file: PartyFile, run: Run, setting: Setting
) -> tuple[tuple[ItemRead, ...], tuple[DocumentFault, ...]]:
    """Every item that the run takes, as the file has them, and every fault of the others."""
    faults: list[DocumentFault] = []
    found: list[ItemRead] = []
    for item, leg in [(i, False) for i in file.inputs] + [(i, True) for i in file.legs]:
        if not run.holds(item.when):
            continue
        try:
            timed = (_flown if leg else _repeated)(file.name, item, setting)
        except DocumentRefused as refused:
            faults += refused.faults
            continue
        found.append(ItemRead(item=item, timed=tuple(timed), leg=leg))
    return tuple(found), tuple(faults)


def _repeated(name: str, item: Item, setting: Setting) -> list[TimedInput]:
    asked, body = take(item.body, "repeat")
    times, every_s = 1, 0.0
    if asked is not None:
        repeat = from_document(Repeat, rewritten(name, asked, setting))
        times, every_s = repeat.times, repeat.every_s
    found = []
    for number in range(1, times + 1):
        when, _ = take(body, "at")
        at = None
        if when is not None:
            only = Mapping(tuple(e for e in body.entries if e[0].text == "at"), body.mark)
            first = from_document(_Time, rewritten(name, only, setting)).at
            at = later(first, by_s=every_s * (number - 1))
        here = setting.with_things({} if at is None else {"now": at}, number=number)
        check_body(name, body, "input", "act", "body")
        timed = from_document(TimedInput, rewritten(name, body, here))
        found.append(TimedInput(at=at or timed.at, input=timed.input))
    return found


def _flown(name: str, item: Item, setting: Setting) -> list[TimedInput]:
    document = rewritten(name, item.body, setting)
    leg = from_document(Leg, document)
    try:
        return list(sights_of(leg))
    except ValueError as error:
        fault = DocumentFault(document.name, item.body.mark, "", str(error))
        raise DocumentRefused((fault,)) from error


def sights_of(leg: Leg) -> tuple[TimedInput, ...]:
    """The observations of a leg, one input each, in time order."""
    found = []
    first, last = -int(leg.before_s // leg.every_s), int(leg.after_s // leg.every_s)
    for number in range(first, last + 1):
        motion = _motion(leg, number * leg.every_s)
        received_at = later(motion.at, by_s=leg.delay_s)
        observation = Observation(
            track=leg.track,
            source=leg.source,
            motion=motion,
            received_at=received_at,
            hints=leg.hints,
            kind=leg.kind,
        )
        found.append(TimedInput(at=received_at, input=Observed(observations=(observation,))))
    return tuple(found)


def _motion(leg: Leg, offset_s: float) -> Motion:
    """Where the object is `offset_s` after `leg.at`, and how it moves."""
    left_m = leg.distance_m
    velocity: Velocity | None = None
    if leg.speed_mps is not None:
        left_m -= offset_s * leg.speed_mps
        course_deg = (leg.bearing_deg + 180.0) % 360.0
        velocity = Velocity(track_deg=course_deg, speed_mps=leg.speed_mps, climb_mps=None)
    if leg.holds_at_m is not None and left_m <= leg.holds_at_m:
        left_m, velocity = leg.holds_at_m, None
    side_deg = leg.bearing_deg if left_m >= 0 else (leg.bearing_deg + 180.0) % 360.0
    return Motion(
        position=destination(leg.towards, track_deg=side_deg, travel_m=abs(left_m)),
        at=later(leg.at, by_s=offset_s),
        altitude=leg.altitude,
        velocity=velocity,
        position_accuracy_m=leg.position_accuracy_m,
        altitude_accuracy_m=leg.altitude_accuracy_m,
    )
