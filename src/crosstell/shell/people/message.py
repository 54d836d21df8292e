"""A handing as JSON: the one form that webhooks and diallers get. Implements PEO-021, NOD-440."""

import json
from typing import Any

from crosstell.core.instant import format_instant
from crosstell.shell.people.handing import Said

VERSION = 1
MEANS = "handed over by a node; says nothing of whether a person has read it"


def message(said: Said) -> bytes:
    """One JSON object, in UTF-8, keys sorted. What is not known is left out."""
    handing = said.handing
    found: dict[str, Any] = {
        "crosstell": VERSION,
        "id": said.id,
        "kind": str(handing.kind),
        "at": format_instant(said.at),
        "party": said.party or None,
        "reality": None if said.reality is None else str(said.reality),
        "matter": handing.matter,
        "role": handing.role,
        "rung": None if handing.rung is None else handing.rung + 1,
        "level": None if said.level is None else str(said.level),
        "call_by": None if said.call_by is None else format_instant(said.call_by),
        "answer_by": None if said.answer_by is None else format_instant(said.answer_by),
        "heading": said.heading,
        "text": handing.words,
        "again": True if handing.is_again else None,
        "attempt": said.attempt if said.attempt > 1 else None,
        "more": handing.more_total or None,
        "means": MEANS,
    }
    if said.seen:
        found["positions"] = [
            {
                "track": one.track,
                "lat_deg": one.lat_deg,
                "lon_deg": one.lon_deg,
                "at": format_instant(one.at),
            }
            for one in said.seen
        ]
    held = {key: value for key, value in found.items() if value is not None}
    return json.dumps(held, ensure_ascii=False, sort_keys=True).encode()
