"""A template filled in: its text with the names and the place put where the placeholders stand.

A template is the text of a valid protocol whose parties, area and start are placeholders. It is
filled as text, so that its comments and sources stay beside the rules. Implements PRO-160 to
PRO-163.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from crosstell.codecs.document import reads_as_text
from crosstell.codecs.protocol_file import parse_protocol
from crosstell.codecs.yaml_document import Mark, Scalar
from crosstell.core.errors import CallerError
from crosstell.core.geometry.footprint import Circle, Footprint
from crosstell.core.geometry.position import Position
from crosstell.core.ids import check_id
from crosstell.core.protocol.document import Protocol

PLACEHOLDER_PARTIES = ("party-one", "party-two")
PLACEHOLDER_START = datetime(2100, 1, 1, tzinfo=UTC)
PLACEHOLDER_MARKING = "TEMPLATE"
PLACEHOLDER_CENTRES = (0.0, 0.01)  # degrees of longitude on the equator
PARTIES_MAX = 60
_PLACEHOLDER = re.compile(r"\bparty-(one|two)\b|\bParty (one|two)\b")  # id, title


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What stands in place of the placeholders; `name` None keeps the template's own."""

    parties: tuple[str, ...]
    name: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no protocol could name."""
        if not 2 <= len(self.parties) <= PARTIES_MAX:
            raise CallerError(
                f"--party is given {len(self.parties)} times; a protocol has 2 to "
                f"{PARTIES_MAX} parties, name each with --party"
            )
        for party in self.parties:
            _check(party, what="--party")
        if len(set(self.parties)) != len(self.parties):
            raise CallerError("--party names one party twice; give each its own id")
        if self.name is not None:
            _check(self.name, what="--name")


def _check(text: str, *, what: str) -> None:
    try:
        check_id(text, what=what)
    except ValueError as fault:
        raise CallerError(str(fault)) from fault
    if not reads_as_text(Scalar(text, plain=True, mark=Mark(1, 1))):
        raise CallerError(f"{what} {text!r}: may be read as a number or a truth value; use a word")


def filled(template: str, filling: Filling, *, name: str) -> str:
    """The text of the document, read once to be sure that it is one; `name` is the template's."""
    if len(filling.parties) > 2 and "boundary:" in template:
        raise CallerError(
            f"template {name} draws a line between two parties; give --party twice, and add the "
            "areas of others to the file"
        )
    named = dict(zip(PLACEHOLDER_PARTIES, filling.parties, strict=False))
    text = _PLACEHOLDER.sub(lambda match: named[match[0].lower().replace(" ", "-")], template)
    rows = [f"  - {{id: {party}, title: {party}, standing: party}}\n" for party in filling.parties]
    text = text.replace(rows[1], "".join(rows[1:]), 1)
    if filling.name is not None:
        text = text.replace(f"\nname: {name}\n", f"\nname: {filling.name}\n", 1)
    parse_protocol(text.encode("utf-8"), name=f"template {name}")
    return text


def placeholders(found: Protocol) -> tuple[str, ...]:
    """What of a template still stands in the document, each with what to do."""
    told: list[str] = []
    left = [party.id for party in found.parties if party.id in PLACEHOLDER_PARTIES]
    if left:
        told.append(f"parties {', '.join(left)} are placeholders; name the parties")
    if _is_placeholder(found.area.footprint):
        told.append("area: the circle is the template's placeholder; draw the area")
    if found.starts == PLACEHOLDER_START:
        told.append("starts: is the template's placeholder; write when it begins")
    if found.marking.startswith(PLACEHOLDER_MARKING):
        told.append("marking: is the template's; write the marking of your own document")
    for rule in found.rules:
        sides = [shape for version in getattr(rule, "versions", ()) for shape in version.side]
        if any(_is_placeholder(shape) for shape in sides):
            told.append(f"rule {rule.id}: a side is the template's placeholder; draw each side")
    return tuple(told)


def _is_placeholder(shape: Footprint) -> bool:
    centres = [Position(lat_deg=0.0, lon_deg=lon_deg) for lon_deg in PLACEHOLDER_CENTRES]
    return isinstance(shape, Circle) and shape.centre in centres and shape.radius_m <= 1_000.0
