"""The sequence of calls of one run: who spoke to whom, by stages, with times."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.picture.wording import quoted
from crosstell.replay.page.clock import stamp_ms, zulu
from crosstell.replay.result import CallSeen, ReplayResult, RunResult

WIDTH_PX = 1180
LEFT_PX = 96
ROW_PX = 24
TOP_PX = 62
FIRST_CALLS = 4  # a diagram of more calls is a list; the timeline has them all
LAST_CALLS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One column: a role or a component of a party."""

    party: str
    name: str
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One step between two columns (or at one column, where `x2` is `x`)."""

    y: float
    x: float
    x2: float
    text: str
    when: str
    look: str
    at: int


_Step = tuple[datetime, tuple[str, str], tuple[str, str], str, str]


def sequence_of(run: RunResult, result: ReplayResult) -> dict[str, object]:
    """Columns and arrows for the template, in pixels; one block of arrows per call."""
    asked = tuple(call for call in run.calls if call.kind != "test")
    calls = asked
    if len(asked) > FIRST_CALLS + LAST_CALLS:
        calls = (*asked[:FIRST_CALLS], *asked[-LAST_CALLS:])
    blocks = [(call, _steps(call)) for call in calls]
    names = _actors([step for _, steps in blocks for step in steps], result)
    pitch = (WIDTH_PX - LEFT_PX - 60) / max(1, len(names))
    actors = {
        name: Actor(party=name[0], name=name[1], x=round(LEFT_PX + pitch * (i + 0.5), 1))
        for i, name in enumerate(names)
    }
    y = float(TOP_PX + 18)
    arrows: list[Arrow] = []
    heads = []
    for call, steps in blocks:
        heads.append({"y": y - 14, "text": f"{call.kind} {call.call}", "at": stamp_ms(call.placed)})
        y += 8
        for at, source, target, text, look in steps:
            arrows.append(
                Arrow(
                    y=y,
                    x=actors[source].x,
                    x2=actors[target].x,
                    text=text,
                    when=zulu(at),
                    look=look,
                    at=stamp_ms(at),
                )
            )
            y += ROW_PX
        y += 20
    return {
        "width": WIDTH_PX,
        "height": round(y, 1),
        "actors": list(actors.values()),
        "arrows": arrows,
        "heads": heads,
        "left_out": len(asked) - len(calls),
    }


def _actors(steps: list[_Step], result: ReplayResult) -> list[tuple[str, str]]:
    """The columns: party by party, callers first, in the order of first appearance."""
    order = {party.id: number for number, party in enumerate(result.parties)}
    seen: dict[tuple[str, str], int] = {}
    for _, source, target, _, _ in steps:
        for name in (source, target):
            seen.setdefault(name, len(seen))
    return sorted(seen, key=lambda name: (order.get(name[0], len(order)), seen[name]))


def _carried(call: CallSeen) -> str:
    """How a call went that did not go from node to node; nothing delivered is recorded of it."""
    hops = [
        f"{quoted(hop.who)} (received {_time(hop.received_at)}, passed on {_time(hop.passed_at)})"
        for hop in call.hops
    ]
    through = f" through {', then '.join(hops)}" if hops else ""
    return f"placed by {call.carriage}{through}"


def _time(at: datetime | None) -> str:
    return "not stated" if at is None else zulu(at)


def _steps(call: CallSeen) -> list[_Step]:
    """The stages of one call as arrows, in time order."""
    caller, cell = (call.caller, call.placed_by), (call.to, call.to_role)
    steps: list[_Step] = []
    if call.carriage != "node":
        steps.append((call.placed, caller, cell, _carried(call), "placed"))
    elif call.delivered is None:
        steps.append((call.placed, caller, cell, "placed, not delivered", "lost"))
    else:
        steps.append((call.placed, caller, cell, "placed", "placed"))
        steps.append((call.delivered, cell, cell, "delivered to the node", "stage"))
    if call.received is not None:
        who = f"received by {call.received_by}" if call.received_by else "received by a person"
        steps.append((call.received, cell, cell, who, "stage"))
    if call.read_back is not None:
        steps.append((call.read_back, cell, caller, "read back", "reply"))
    steps += [
        (passed.at, cell, (call.to, passed.to), f"passed to {passed.to}", "passed")
        for passed in call.passed
    ]
    for answer in call.answers:
        scope = f", for {', '.join(answer.speaks_for)}" if answer.speaks_for else ""
        cannot = (
            f", not for {', '.join(answer.cannot_speak_for)}" if answer.cannot_speak_for else ""
        )
        text = f"answer: {answer.answer}{scope}{cannot}"
        steps.append((answer.at, cell, caller, text, "reply"))
    if call.closed is not None:
        steps.append((call.closed, caller, caller, "closed", "stage"))
    return sorted(steps, key=lambda step: step[0])
