"""Observations by systems: each that can be used goes to the node, each that cannot says why."""

from dataclasses import fields
from datetime import datetime

from starlette.responses import Response

from crosstell.codecs.api.given import Measured, MeasuredHeading
from crosstell.codecs.api.json_document import NAME, parse_json
from crosstell.codecs.api.quick import read_quickly
from crosstell.codecs.api.wire import FAULTS_TOLD_MAX, Fault, Taken
from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import Document, DocumentRefused, Listing, Mapping, Node
from crosstell.core.mechanism.inputs import OBSERVATIONS_MAX, Observed
from crosstell.core.picture.track import Observation, ObservationFaulty
from crosstell.shell.api.problems import AtFault, Unmet
from crosstell.shell.api.serving import Asked, Serving, wire_response

FAULT_LENGTH_MAX = 500


async def observe(serving: Serving, asked: Asked) -> Response:
    """The observations are recorded or thinned, durable. Implements API-032, API-033."""
    now = serving.now()
    found, faults = await serving.aside(read, asked.body, now)
    if found:
        outcome = await serving.submit(Observed(observations=tuple(found)))
        if outcome.fault is not None:
            raise AtFault(outcome.fault, in_doubt=outcome.in_doubt)
    told = Taken(taken=len(found), faulty=tuple(faults[:FAULTS_TOLD_MAX]))
    return wire_response(told, 202)


def read(data: bytes, now: datetime) -> tuple[list[Observation | ObservationFaulty], list[Fault]]:
    """What the body holds: observations, and those that are faulty with why."""
    sound = read_quickly(data, now, most=OBSERVATIONS_MAX)
    if sound is not None:
        return list(sound), []
    found: list[Observation | ObservationFaulty] = []
    faults: list[Fault] = []
    for number, item in enumerate(_items(data)):
        one, why = _read(item, now)
        if one is None:
            text = f"{why}; a measurement names at least its track and its source"
            raise Unmet("not-readable", f"observations[{number}]: {text}")
        found.append(one)
        if why is not None:
            faults.append(Fault(path=f"observations[{number}]", text=why))
    return found, faults


def _items(data: bytes) -> tuple[Node, ...]:
    root = parse_json(data).root
    entries = root.entries if isinstance(root, Mapping) else ()
    if len(entries) != 1 or entries[0][0].text != "observations":
        raise Unmet("not-readable", 'body: write {"observations": [...]} and nothing else')
    listing = entries[0][1]
    if not isinstance(listing, Listing) or not listing.items:
        raise Unmet("not-readable", "observations: write a list of one or more")
    if len(listing.items) > OBSERVATIONS_MAX:
        text = f"{len(listing.items)} observations; send at most {OBSERVATIONS_MAX} at a time"
        raise Unmet("not-readable", text)
    return listing.items


def _read(item: Node, now: datetime) -> tuple[Observation | ObservationFaulty | None, str | None]:
    """One observation; a faulty one, and why; or nothing, where it names no track or source."""
    try:
        return from_document(Measured, Document(NAME, item)).at(now), None
    except (DocumentRefused, ValueError) as fault:
        why = _words(fault)
    try:
        heading = from_document(MeasuredHeading, Document(NAME, _heading(item)))
        faulty = ObservationFaulty(
            track=heading.track, source=heading.source, received_at=now, fault=why
        )
    except (DocumentRefused, ValueError):
        return None, why
    return faulty, why


def _heading(item: Node) -> Node:
    if not isinstance(item, Mapping):
        return item
    names = {field.name for field in fields(MeasuredHeading)}
    return Mapping(tuple(one for one in item.entries if one[0].text in names), item.mark)


def _words(fault: DocumentRefused | ValueError) -> str:
    if isinstance(fault, DocumentRefused):
        words = "; ".join(f"{one.path or 'it'}: {one.text}" for one in fault.faults[:5])
    else:
        words = str(fault)
    shown = "".join(c if c.isprintable() else "?" for c in words)
    return shown if len(shown) <= FAULT_LENGTH_MAX else f"{shown[: FAULT_LENGTH_MAX - 3]}..."
