"""A page at a live node, and what its browser says of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "unit"), str(ROOT / "tests" / "console"), str(ROOT / "tools")]

from api_desk import PATIENT  # noqa: E402
from browsing import CHROMIUM, FLAGS  # noqa: E402
from console_pictures import busy, named  # noqa: E402
from consoles import Seat, seat  # noqa: E402
from node_pair import ALPHA, BRAVO, call  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from room import Room, flying, place  # noqa: E402

from crosstell.core.line.content import (  # noqa: E402
    CallContent,
    Danger,
    RequestedAct,
    Subject,
    SubjectKind,
)
from crosstell.core.line.message import CallKind, CallPlaced, Precedence  # noqa: E402

__all__ = ["ALPHA", "BRAVO", "Browser", "Room", "Seat", "flying", "place", "query", "watched"]
SCREEN_S = 1.0  # how often a screen may come, as a node has it
KEPT = ("JSHeapUsedSize", "Nodes", "JSEventListeners", "Documents")


@contextmanager
def watched(
    map_kind: str = "", *, screen_s: float = SCREEN_S, folder: Path | None = None
) -> Iterator[tuple[Room, Seat]]:
    """An officer on watch at a node with a morning's work, its record in that folder."""
    limits = replace(PATIENT, screen_s=screen_s)
    with Room(seed="measured", changed=named, limits=limits, folder=folder).open() as room:
        busy(room)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            with seat(browser, room, map_kind=map_kind) as at:
                yield room, at
            browser.close()


class Browser:
    """The browser's own figures of one page, after a forced collection."""

    def __init__(self, at: Seat) -> None:
        """Listen to the page."""
        self._session: Any = at.page.context.new_cdp_session(at.page)
        self._session.send("Performance.enable")
        self._session.send("HeapProfiler.enable")

    def figures(self) -> dict[str, int]:
        """Heap in bytes, DOM nodes, listeners and documents that are held."""
        for _ in range(3):
            self._session.send("HeapProfiler.collectGarbage")
        told = self._session.send("Performance.getMetrics")["metrics"]
        return {one["name"]: int(one["value"]) for one in told if one["name"] in KEPT}


def query(name: str) -> CallPlaced:
    """A question of the other side, as its officer would send it."""
    content = CallContent(
        subjects=(Subject(kind=SubjectKind.VEHICLES, label="convoy H-17"),),
        danger=Danger.NOTIFIED_SITE_ENDANGERED,
        act=RequestedAct.CALL_BACK,
    )
    return call(name, ALPHA, kind=CallKind.QUERY, precedence=Precedence.ROUTINE, content=content)
