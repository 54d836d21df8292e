"""What a live run says at its end: what was done, what the records show, how it compares."""

import re
from collections.abc import Iterator
from datetime import datetime

from crosstell.core.instant import seconds_between
from crosstell.papers.told_json import Json, as_json
from crosstell.replay.live.playing import LiveResult
from crosstell.replay.result import CallSeen, RunResult

# Feeds, hashes, entry numbers, and the ids that are made of them or of an instant.
_DRAWN = re.compile(r"[0-9a-f]{16,}|/\d+/|\d{13}")


def live_value(found: LiveResult) -> dict[str, Json]:
    """All of it for machines; the run as a replay's result has it."""
    both = apart_s(found.result, found.virtual)
    return {
        "acts": found.acts,
        "observations": found.observations,
        "run": as_json(found.result),
        "records": [
            {"party": party, "statements": count} for party, count in found.compared.statements
        ],
        "feeds": [
            {
                "party": feed.of,
                "feed": feed.feed,
                "held": {party: size for party, size in feed.held},
                "the_same": feed.agreed,
            }
            for feed in found.compared.feeds
        ],
        "beside_virtual_time": {
            "happened": len(found.result.timeline),
            "there": len(found.virtual.timeline),
            "the_same": len(both),
            "apart_s_max": max(both, default=0.0),
        },
    }


def live_lines(found: LiveResult) -> list[str]:
    """A line for each thing found."""
    return list(_lines(found))


def _lines(found: LiveResult) -> Iterator[str]:
    result = found.result
    yield f"LIVE, EXERCISE: {result.name}: {result.title}"
    yield (
        f"  {found.acts} acts of people and {found.observations} observations went in by the "
        "nodes' HTTP interfaces."
    )
    for alert in result.alerts:
        raised = ", ".join(f"{at:%H:%M:%SZ}" for at in alert.raised)
        yield f"  {alert.party} alert on {alert.subject} and {alert.against}: raised {raised}"
    yield from (_call(call) for call in result.calls)
    yield from (f"  {line}" for line in result.warnings)
    yield "RECORDS"
    for party, statements in found.compared.statements:
        yield f"  {party}: its export verified; {statements} statements hold"
    for feed in found.compared.feeds:
        held = ", ".join(f"{party} {size}" for party, size in feed.held)
        same = "the same everywhere" if feed.is_whole else f"the first {feed.agreed} the same"
        yield f"  feed of {feed.of}: {held} entries, {same}"
    yield from _beside(result, found.virtual)


def _call(call: CallSeen) -> str:
    """One call in a line: what was recorded of it, and nothing where nothing was."""
    stages = [("received", call.received), ("read back", call.read_back)]
    stages += [("passed on", one.at) for one in call.passed]
    stages += [(f"answered {one.answer}", one.at) for one in call.answers]
    told = ", ".join(f"{name} {at:%H:%M:%SZ}" for name, at in stages if at is not None)
    return (
        f"  {call.placed:%H:%M:%SZ} {call.caller} to {call.to} {call.to_role}: {call.kind} "
        f"{call.call}; {told or 'no stage recorded'}"
    )


def _beside(live: RunResult, virtual: RunResult) -> Iterator[str]:
    """The same run in virtual time, set beside it: the same things, and how far apart in time."""
    both = apart_s(live, virtual)
    yield "BESIDE THE SAME RUN IN VIRTUAL TIME"
    yield (
        f"  {len(live.timeline)} things happened live and {len(virtual.timeline)} there; "
        f"{len(both)} are the same things, at most {max(both, default=0.0):.1f} s apart"
    )


def apart_s(live: RunResult, virtual: RunResult) -> list[float]:
    """For each thing that happened in both, how far apart in time."""
    ours, theirs = _moments(live), _moments(virtual)
    return [
        abs(seconds_between(one, other))
        for key in ours.keys() & theirs.keys()
        for one, other in zip(ours[key], theirs[key], strict=False)
    ]


def _moments(result: RunResult) -> dict[tuple[str, str, str], list[datetime]]:
    """When each thing happened, by party, kind and words; names drawn anew each time left out."""
    found: dict[tuple[str, str, str], list[datetime]] = {}
    for item in result.timeline:
        found.setdefault((item.party, item.kind, _DRAWN.sub("", item.what)), []).append(item.at)
    return found
