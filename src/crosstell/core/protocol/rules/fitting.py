"""Rules whose figures contradict each other or the rest of the document, or have no use.

A figure without use is a fault, because its author meant something by it. Implements PRO-037 to
PRO-039, PRO-100 to PRO-106, PRO-114.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from crosstell.core.altitude import Altitude
from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    Polygon,
    RadarArc,
)
from crosstell.core.instant import Window, format_instant, seconds_between
from crosstell.core.protocol.fault import Fault, Step
from crosstell.core.protocol.judged.contact import ContactLevels
from crosstell.core.protocol.judged.duty import Duty
from crosstell.core.protocol.rule import (
    Blackout,
    Boundary,
    JudgedRule,
    MaximumDuration,
    Minima,
    MinimaRule,
    NumericRule,
    Overflight,
    Separation,
    Standoff,
    ZoneEntry,
)
from crosstell.core.protocol.rules.blackout import first_closed, last_given
from crosstell.core.protocol.understanding import unread

if TYPE_CHECKING:
    from crosstell.core.protocol.document import Protocol

ARC_PER_CHORD = 1.01  # an arc on the ground is longer, by less than this up to 1,000 km
LISTED_MAX = 20
LOOKED_AHEAD = timedelta(days=8 * 366 + 1)  # 29 February comes back within 8 years, all else sooner


def rule_faults(protocol: Protocol) -> Iterator[Fault]:
    """Every fault of the rules, each at its place, in document order."""
    for index, rule in enumerate(protocol.rules):
        path: tuple[Step, ...] = ("rules", index)
        if isinstance(rule, JudgedRule):
            yield from _judged(protocol, rule, path)
        else:
            yield from _tested(protocol, rule, path)
    yield from _lead_times(protocol)
    yield from _annexed(protocol)


def _tested(protocol: Protocol, rule: NumericRule, path: tuple[Step, ...]) -> Iterator[Fault]:
    match rule:
        case Standoff() | ZoneEntry() | Separation():
            yield from _minima(protocol, rule, path)
        case Overflight():
            yield from _overflight(protocol, rule, path)
        case Blackout():
            yield from _blackout(protocol, rule, path)
        case MaximumDuration():
            yield from _duration(protocol, rule, path)
        case Boundary():
            yield from _boundary(protocol, rule, path)
        case _:
            pass


def _judged(protocol: Protocol, rule: JudgedRule, path: tuple[Step, ...]) -> Iterator[Fault]:
    match rule:
        case Duty():
            yield from _owed(protocol, rule, path)
        case ContactLevels():
            yield from _contact(protocol, rule, path)
        case _:
            pass


def _fault(text: str, *path: Step) -> Fault:
    return Fault(path=path, text=text)


def _minima(protocol: Protocol, rule: MinimaRule, path: tuple[Step, ...]) -> Iterator[Fault]:
    minima: Minima = rule.minima
    advisory_s = protocol.alerts.horizons.advisory_s
    if minima.dwell_s is not None and minima.dwell_s > advisory_s:
        yield _fault(
            f"dwell_s {minima.dwell_s:g} is longer than the advisory horizon, {advisory_s:g} s, so "
            "that no stay can be told before it is too long; shorten it or raise the horizon",
            *(*path, "minima", "dwell_s"),
        )


def _overflight(protocol: Protocol, rule: Overflight, path: tuple[Step, ...]) -> Iterator[Fault]:
    ceiling, lowest = rule.overhead.ceiling, protocol.area.ground.lowest
    if not isinstance(ceiling, Altitude):
        return
    same = ceiling.datum is lowest.datum
    ground_m = lowest.value_m if same else 0.0
    if (same or ceiling.datum.value == "above-ground") and ceiling.value_m <= ground_m:
        yield _fault(
            f"ceiling {ceiling.value_m:g} m {ceiling.datum} is not above the lowest ground, so "
            "that nothing flies under it; raise it, or write unbounded for any height",
            *(*path, "overhead", "ceiling"),
        )


def _blackout(protocol: Protocol, rule: Blackout, path: tuple[Step, ...]) -> Iterator[Fault]:
    end = protocol.ends
    if end is None:
        end = max(protocol.starts + LOOKED_AHEAD, last_given(rule.calendar))
    if end <= protocol.starts:
        return  # told as a fault of the window
    if first_closed(rule.calendar, Window(start=protocol.starts, end=end)) is None:
        until = f" and before {format_instant(protocol.ends)}" if protocol.ends else ""
        yield _fault(
            f"has no closed time from {format_instant(protocol.starts)} on{until}; correct its "
            "days or leave the rule out",
            *(*path, "calendar", "rows"),
        )


def _duration(protocol: Protocol, rule: MaximumDuration, path: tuple[Step, ...]) -> Iterator[Fault]:
    if rule.longest_s is None or protocol.ends is None:
        return
    whole_s = seconds_between(protocol.starts, protocol.ends)
    if 0.0 < whole_s <= rule.longest_s:
        yield _fault(
            f"longest_s {rule.longest_s:g} is not under the life of the protocol, {whole_s:g} s, "
            "so that nothing under it lasts too long; shorten it or leave the rule out",
            *(*path, "longest_s"),
        )


def _boundary(protocol: Protocol, rule: Boundary, path: tuple[Step, ...]) -> Iterator[Fault]:
    for index, version in enumerate(rule.versions):
        here = (*path, "versions", index)
        if version.party not in protocol.signers:
            yield _no_party(protocol, version.party, *here, "party")
        if all(_within(shape, rule.caution_m) for shape in version.side):
            yield _fault(
                f"no place of it is farther than caution_m {rule.caution_m:g} from its edge, so "
                "that nothing in it infringes; narrow caution_m or draw the whole side",
                *(*here, "side"),
            )
        earlier = rule.versions[:index]
        same = next((v.party for v in earlier if set(v.side) == set(version.side)), None)
        if same is not None:
            yield _fault(
                f"is the same area as that of {same}; each version is its own party's side",
                *(*here, "side"),
            )


def _within(shape: Footprint, reach_m: float) -> bool:
    """Whether every place of the shape is surely within reach of its edge."""
    return _thickness_m(shape) <= reach_m


def _thickness_m(shape: Footprint) -> float:
    """No place of the shape is farther than this from its edge."""
    match shape:
        case Circle():
            return shape.radius_m
        case Corridor(points=(_, _)):
            return shape.half_width_m
        case Ellipse():
            return shape.semi_minor_m
        case Orbit():
            return shape.width_m / 2
        case RadarArc():
            return shape.outer_radius_m
        case Polygon() | Corridor():  # a corridor with bends may lie beside itself
            return ARC_PER_CHORD * shape.bound_m


def _lead_times(protocol: Protocol) -> Iterator[Fault]:
    taken = {rule.id for rule in protocol.rules}
    for index, lead in enumerate(protocol.lead_times):
        if lead.id in taken:
            yield _fault(
                f"a rule has the id {lead.id!r}, by which this lead time is named; "
                "give the rule another",
                *("lead_times", index, "notice"),
            )


def _owed(protocol: Protocol, rule: Duty, path: tuple[Step, ...]) -> Iterator[Fault]:
    for index, party in enumerate(rule.owed_by):
        if party not in protocol.signers:
            yield _no_party(protocol, party, *path, "owed_by", index)


def _no_party(protocol: Protocol, party: str, *path: Step) -> Fault:
    return _fault(
        f"{party!r} is no party of this protocol that owes duties; "
        f"write one of {_some(protocol.signers)}",
        *path,
    )


def _some(words: Iterable[str]) -> str:
    """The words sorted, of many the first few: a fault stays short however long the document."""
    found = sorted(words)
    more = f" and {len(found) - LISTED_MAX} more" if len(found) > LISTED_MAX else ""
    return (", ".join(found[:LISTED_MAX]) or "none") + more


def _contact(protocol: Protocol, rule: ContactLevels, path: tuple[Step, ...]) -> Iterator[Fault]:
    levels = {role.id: role.level for role in protocol.roles}
    highest = -1
    for index, contact in enumerate(rule.levels):
        here = (*path, "levels", index, "role")
        if contact.role is None:
            continue
        if contact.role not in levels:
            yield _fault(f"there is no role {contact.role!r}; roles are {_some(levels)}", *here)
        elif levels[contact.role] < highest:
            yield _fault(
                f"role {contact.role!r} is under that of a level before it; list the lowest first",
                *here,
            )
        else:
            highest = levels[contact.role]


def _annexed(protocol: Protocol) -> Iterator[Fault]:
    """Readings signed with the document: of its parties and rules, once each, with a use."""
    named = {found.id: found for found in (*protocol.rules, *protocol.lead_times)}
    seen: set[tuple[str, str]] = set()
    for index, one in enumerate(protocol.understandings):
        path: tuple[Step, ...] = ("understandings", index)
        if one.party not in protocol.signers:
            yield _no_party(protocol, one.party, *path, "party")
        if one.rule not in named:
            yield _fault(f"there is no rule {one.rule!r}; rules are {_some(named)}", *path, "rule")
        elif (why := unread(named[one.rule], one)) is not None:
            yield _fault(why, *path, "rule")
        if (one.party, one.rule) in seen:
            yield _fault(f"{one.party} reads {one.rule} twice; keep one", *path, "rule")
        seen.add((one.party, one.rule))
