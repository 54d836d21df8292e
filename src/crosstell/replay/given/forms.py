"""The few forms that a scenario's inputs may hold in place of a plain value.

- `{assumed: A3}`: the value that the run gives assumption A3. The key before it must end in a unit
  of the assumption's quantity (`radius_m` or `value_ft` takes a length), so no unit is guessed.
- `{at_point: first-strike, plus_s: 60}`: an instant from a point of interest (or `minus_s`).
- `{at_place: town, bearing_deg: 45, distance_m: 900}`: a position from a named place, along the
  WGS-84 geodesic; without bearing and distance, the place itself.
- `{the: call}`: what this input is about; `{the: now, plus_s: 600}` is its own time.
- `{numbered: us-call}`: `us-call-1`, `us-call-2`, ... in an input that repeats.

They are rewritten to plain values before the generic codec reads them, so there is no second
language: what remains is the node's own input. Implements REP-003 to REP-006.
"""

import re
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.codecs.document import NUMBER, NUMBER_LENGTH_MAX
from crosstell.codecs.shape import OTHER_UNITS
from crosstell.codecs.yaml_document import (
    DocumentFault,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
)
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.position import Position
from crosstell.core.instant import format_instant, later

_UNIT = re.compile(r".+_(deg|mps|m|s)(_min|_max)?")
DISTANCE_M_MAX = 2_000_000.0
SHIFT_S_MAX = 366 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """The value of one assumption in one run: its characters and its unit ("" for a word)."""

    text: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the forms stand for: the run's assumptions, points, places, and things at hand."""

    assumptions: MappingLike[str, Assumed]
    points: MappingLike[str, datetime]
    places: MappingLike[str, Position]
    things: MappingLike[str, Node | datetime] = field(default_factory=dict)
    number: int = 1

    def with_things(
        self, things: MappingLike[str, Node | datetime], *, number: int = 1
    ) -> "Setting":
        """The same setting with these things at hand too."""
        return Setting(
            assumptions=self.assumptions,
            points=self.points,
            places=self.places,
            things={**self.things, **things},
            number=number,
        )


class Rewriter:
    """Rewrites the forms of one file; faults are kept, and the faulty place is left as it was."""

    def __init__(self, file: str, setting: Setting) -> None:
        """Forms of `file` stand for what `setting` says."""
        self.file = file
        self.setting = setting
        self.faults: list[DocumentFault] = []

    def rewrite(self, node: Node, key: str = "") -> Node:
        """The tree with every form in it replaced by a plain value."""
        match node:
            case Scalar():
                return node
            case Listing(items, mark):
                return Listing(tuple(self.rewrite(item, key) for item in items), mark)
            case Mapping(entries, mark):
                form = entries[0][0].text if entries else ""
                if form in _FORMS:
                    return _FORMS[form](self, node, key)
                changed = ((k, self.rewrite(value, k.text)) for k, value in entries)
                return Mapping(tuple(changed), mark)

    def fault(self, mark: Mark, text: str, node: Node) -> Node:
        """Keep the fault; the place stays as written."""
        self.faults.append(DocumentFault(self.file, mark, "", text))
        return node

    def assumed(self, node: Mapping, key: str) -> Node:
        """The run's value of an assumption."""
        name = node.entries[0][1]
        if len(node.entries) != 1 or not isinstance(name, Scalar):
            return self.fault(node.mark, "write {assumed: ID} and nothing beside it", node)
        found = self.setting.assumptions.get(name.text)
        if found is None:
            known = ", ".join(self.setting.assumptions) or "none"
            text = f"there is no assumption {name.text!r}; scenario.yaml has {known}"
            return self.fault(name.mark, text, node)
        factor = _factor(key, found.unit)
        if factor is None:
            units = (found.unit, *OTHER_UNITS.get(found.unit, ()))
            ends = " or ".join(f"_{unit}" for unit in units)
            wanted = f"a key that ends in {ends}" if found.unit else "a key for a word"
            text = f"assumption {name.text} stands under {key!r}; it needs {wanted}"
            return self.fault(name.mark, text, node)
        given = found.text if factor == 1.0 else f"{float(found.text) / factor:.10f}"
        return Scalar(given, plain=bool(found.unit), mark=node.mark)

    def at_point(self, node: Mapping, _key: str) -> Node:
        """An instant from a point of interest."""
        name = node.entries[0][1]
        if not isinstance(name, Scalar) or name.text not in self.setting.points:
            known = ", ".join(self.setting.points) or "none"
            return self.fault(node.mark, f"no such point of interest; there are {known}", node)
        return self._shifted(self.setting.points[name.text], node)

    def at_place(self, node: Mapping, _key: str) -> Node:
        """A position from a named place."""
        name = node.entries[0][1]
        if not isinstance(name, Scalar) or name.text not in self.setting.places:
            known = ", ".join(self.setting.places) or "none"
            return self.fault(node.mark, f"no such place; there are {known}", node)
        position = self.setting.places[name.text]
        offset = self._numbers(node, ("bearing_deg", "distance_m"))
        if offset is None:
            return node
        if offset:
            if len(offset) != 2:
                return self.fault(node.mark, "give both bearing_deg and distance_m", node)
            if not 0 <= offset["distance_m"] <= DISTANCE_M_MAX:
                place = next(value for key, value in node.entries if key.text == "distance_m")
                text = f"distance_m is {offset['distance_m']:g}; write 0 to {DISTANCE_M_MAX:.0f}"
                return self.fault(place.mark, text, node)
            bearing_deg, travel_m = offset["bearing_deg"], offset["distance_m"]
            position = destination(position, track_deg=bearing_deg, travel_m=travel_m)
        places = (("lat_deg", position.lat_deg), ("lon_deg", position.lon_deg))
        return Mapping(
            tuple(
                (Scalar(axis, plain=True, mark=node.mark), _number(value, node.mark))
                for axis, value in places
            ),
            node.mark,
        )

    def the(self, node: Mapping, _key: str) -> Node:
        """Something at hand: a call, an alert, the present."""
        name = node.entries[0][1]
        thing = self.setting.things.get(name.text) if isinstance(name, Scalar) else None
        if thing is None:
            known = ", ".join(self.setting.things) or "nothing"
            return self.fault(node.mark, f"nothing of that name is at hand; there is {known}", node)
        if isinstance(thing, datetime):
            return self._shifted(thing, node)
        if len(node.entries) != 1:
            return self.fault(node.mark, "write {the: NAME} and nothing beside it", node)
        return thing

    def numbered(self, node: Mapping, _key: str) -> Node:
        """A word with the number of the repeat."""
        name = node.entries[0][1]
        if len(node.entries) != 1 or not isinstance(name, Scalar):
            return self.fault(node.mark, "write {numbered: WORD} and nothing beside it", node)
        return Scalar(f"{name.text}-{self.setting.number}", plain=False, mark=node.mark)

    def _shifted(self, instant: datetime, node: Mapping) -> Node:
        shift = self._numbers(node, ("plus_s", "plus_minutes", "minus_s", "minus_minutes"))
        if shift is None:
            return node
        total_s = shift.get("plus_s", 0.0) + 60 * shift.get("plus_minutes", 0.0)
        total_s -= shift.get("minus_s", 0.0) + 60 * shift.get("minus_minutes", 0.0)
        if abs(total_s) > SHIFT_S_MAX:
            return self.fault(node.mark, "shifts by more than a year; give another point", node)
        moved = later(instant, by_s=round(total_s, 3))
        return Scalar(format_instant(moved), plain=True, mark=node.mark)

    def _numbers(self, node: Mapping, allowed: tuple[str, ...]) -> dict[str, float] | None:
        """The numbers beside the first key of a form; None after a fault."""
        found: dict[str, float] = {}
        before = len(self.faults)
        for key, value in node.entries[1:]:
            plain = self.rewrite(value, key.text)
            if key.text not in allowed:
                self.fault(key.mark, f"unknown key; write one of {', '.join(allowed)}", node)
            elif not isinstance(plain, Scalar) or NUMBER.fullmatch(plain.text) is None:
                if len(self.faults) == before:
                    self.fault(value.mark, f"{key.text} is not a number; write one like 36.5", node)
            elif len(plain.text) > NUMBER_LENGTH_MAX:
                count = len(plain.text)
                text = f"{key.text} has {count} characters; write {NUMBER_LENGTH_MAX} at most"
                self.fault(value.mark, text, node)
            else:
                found[key.text] = float(plain.text)
        return found if len(self.faults) == before else None


def _factor(key: str, unit: str) -> float | None:
    """How many of the assumption's unit are one of the key's; None if the key has another."""
    match = _UNIT.fullmatch(key)
    if (match.group(1) if match else "") == unit:
        return 1.0
    for token, convert in OTHER_UNITS.get(unit, {}).items():
        if re.fullmatch(rf".+_{token}(_min|_max)?", key):
            return convert(1.0)
    return None


def _number(value: float, mark: Mark) -> Scalar:
    return Scalar(f"{value:.7f}", plain=True, mark=mark)


_FORMS = {
    "assumed": Rewriter.assumed,
    "at_point": Rewriter.at_point,
    "at_place": Rewriter.at_place,
    "the": Rewriter.the,
    "numbered": Rewriter.numbered,
}
