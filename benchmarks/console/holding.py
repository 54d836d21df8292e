"""What a node holds in memory after each hour of a watch, by container.

Two real nodes without process, page or network beside them: nothing of the room is counted.
Twelve tracks come near and go away, seen every twelve seconds; alerts rise, clear and return, and
are acknowledged within a minute; every ten minutes the other side asks something and is answered.
An object is counted once, by the container that reaches it first. What grows while no more is open
is seen by the bytes for each entry that came.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum

from benchmarks.console.measured import ALPHA, BRAVO, place, query
from benchmarks.console.soak import CALL_EVERY_S, FORCES, SEEN_EVERY_S, TURN_S, UNSEEN, radar
from node_pair import World, roz

from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.geometry.footprint import Circle
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.line.answer import Answer, AnswerGiven, AnswerId, AnswerKind
from crosstell.core.line.message import CallClosed, Closing
from crosstell.core.picture.content import Zone
from crosstell.shell.node import Node

HOUR_S = 3_600
PLAIN = (type, Enum)
Sizes = dict[str, tuple[int, int]]
"""Of each container how many it holds, and bytes."""


def held_by(node: Node) -> Sizes:
    """What the node holds, by container."""
    rebuilt, seen = node._rebuilt, set[int]()
    parts: dict[str, object] = {}
    for log, what in (("journal", node.state.journal), *node.state.feeds.items()):
        parts |= {f"{log}.{one.name}": getattr(what, one.name) for one in fields(what)}
    for log in (rebuilt.own, rebuilt.journal, *rebuilt.exchange.logs.values()):
        parts[f"log of {log.feed[:8]}"] = log
    parts |= {"exchange": rebuilt.exchange, "notes": rebuilt.notes, "alarms": node.alarms}
    parts["late"] = node._late
    seen.add(id(node._tools.store))
    return {name: (_count(one), size_of(one, seen)) for name, one in parts.items()}


def _count(one: object) -> int:
    return len(one) if isinstance(one, Mapping | tuple) else 1


def size_of(one: object, seen: set[int]) -> int:
    """Bytes of it and of everything that it alone reaches."""
    found, left = 0, [one]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, PLAIN) or callable(each):
            continue
        seen.add(id(each))
        found += sys.getsizeof(each)
        left += _inside(each)
    return found


def _inside(one: object) -> Iterator[object]:
    if isinstance(one, Mapping):
        yield from one
        yield from one.values()
    elif isinstance(one, list | tuple | set | frozenset):
        yield from one
    elif is_dataclass(one):
        yield from (getattr(one, each.name, None) for each in fields(one))


def watch(world: World, hours: int) -> Iterator[tuple[int, Sizes]]:
    """The hours pass; after each, how many entries alpha holds, and what it holds of them."""
    calls = 0
    for second in range(TURN_S, hours * HOUR_S + 1, TURN_S):
        world.pass_time(TURN_S - (world.now.timestamp() % TURN_S))
        world.observe(ALPHA, *radar(world.now, second // TURN_S))
        world.deliver()
        if second % SEEN_EVERY_S == 0:
            see(world)
        if second % CALL_EVERY_S == 0:
            calls += 1
            ask(world, calls)
        world.outcomes.clear()
        world.sent.clear()
        if second % HOUR_S == 0:
            state = world.state(ALPHA)
            entries = state.journal.size + sum(one.size for one in state.feeds.values())
            yield entries, held_by(world.parties[ALPHA].node)


def see(world: World) -> None:
    """The officer acknowledges what rings."""
    for alert in world.alerts(ALPHA):
        if alert.attention in UNSEEN and alert.shown is not None:
            seen = AlertAcknowledged(alert=alert.shown.alert, level=alert.shown.level)
            world.act(ALPHA, seen)


def ask(world: World, number: int) -> None:
    """The other side asks something; it is received and answered, and they close it."""
    asked = query(f"SOAK-{number}")
    at = world.settle(BRAVO, asked).recorded[0]
    world.settle(ALPHA, CallReceived(call=at))
    answer = Answer(kind=AnswerKind.NOTED, scope=FORCES)
    world.settle(ALPHA, AnswerGiven(call=at, answer_id=AnswerId(f"A{number}"), answer=answer))
    world.settle(BRAVO, CallClosed(call=asked.call, closing=Closing.WITHOUT_SUMMARY))


def main(hours: int) -> None:
    """Each hour's containers of more than 10 kB, then what they grew by after the second hour."""
    world = World(seed="holding")
    world.sign()
    notice = roz("roz-1", BRAVO, hours=24.0)
    assert isinstance(notice.content, Zone)
    shape = Circle(centre=place(0.0, 0.0), radius_m=10_000.0)
    volume = replace(notice.content.volume, footprint=shape)
    world.settle(ALPHA, replace(notice, content=replace(notice.content, volume=volume)))
    began, entries = (0, {}), 0
    for hour, (entries, sizes) in enumerate(watch(world, hours), 1):
        began = (entries, sizes) if hour == min(2, hours) else began
        large = {name: one for name, one in sizes.items() if one[1] > 10_000}
        total = sum(size for _, size in sizes.values())
        sys.stdout.write(json.dumps({"hour": hour, "entries": entries, "bytes": total} | large))
        sys.stdout.write("\n")
    more = max(1, entries - began[0])
    for name, (count, size) in sizes.items():
        grown, of = size - began[1][name][1], count - began[1][name][0]
        if grown:
            each = grown / of if of else 0.0
            sys.stdout.write(
                f"{name}: {grown} bytes more, {of} more held, {each:.0f} bytes each, "
                f"{1_000 * grown / more:.0f} for 1,000 entries\n"
            )
