"""What the page's main thread was busy with, by the browser's own trace.

A frame is late where one task takes longer than a frame. The time of a task is the processor's, not
the clock's: what else the machine does counts little.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks.console.measured import Seat

FRAME_MS = 1000 / 60
MAIN = "CrRendererMain"
CHUNK = 1 << 20


def tasks_ms(at: Seat, what: Callable[[], None]) -> list[float]:
    """The processor's time of each task of the busiest page while that is done, longest first."""
    browser = at.page.context.browser
    assert browser is not None
    session: Any = browser.new_browser_cdp_session()
    done: list[dict[str, Any]] = []
    session.on("Tracing.tracingComplete", lambda told: done.append(told))  # noqa: PLW0108
    session.send(
        "Tracing.start",
        {"transferMode": "ReturnAsStream", "traceConfig": {"includedCategories": ["toplevel"]}},
    )
    what()
    session.send("Tracing.end")
    while not done:
        at.page.wait_for_timeout(50)
    text, end = [], False
    while not end:
        part = session.send("IO.read", {"handle": done[0]["stream"], "size": CHUNK})
        text.append(part["data"])
        end = part["eof"]
    session.detach()
    return _longest_first(json.loads("".join(text))["traceEvents"])


def _longest_first(events: list[dict[str, Any]]) -> list[float]:
    named = [one for one in events if one["name"] == "thread_name" and one["ph"] == "M"]
    mains = {(one["pid"], one["tid"]) for one in named if one["args"]["name"] == MAIN}
    found: dict[tuple[int, int], list[float]] = defaultdict(list)
    for one in events:
        thread = (one["pid"], one["tid"])
        if one["ph"] == "X" and one["name"].endswith("RunTask") and thread in mains:
            found[thread].append(one.get("tdur", 0) / 1000)
    return sorted(max(found.values(), key=sum), reverse=True)
