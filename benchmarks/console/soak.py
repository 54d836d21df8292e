"""Hours of screens in minutes: does the page's heap grow, do its nodes stay?

Screens of a live node are kept while tracks circle, alerts rise and clear; then the page takes them
again and again as its stream would give them, text and all, while the officer opens panels, acts on
the map, changes language and dim level. The node and its stream go on beside. The figures are the
browser's own, after a forced collection, with the page in one state: nothing open, in English.
"""

import json
import math
import statistics
import sys
from dataclasses import dataclass, field

from benchmarks.console.measured import ALPHA, Browser, Room, Seat, flying, place, watched

from crosstell.shell.clock import read_steady

TRACKS = 12
SCREENS = 40
AT_ONCE = 12  # screens between two acts of the officer
PANELS = "ntxpolhi/?"
EVERY_S = 60.0
TRIES = 12
SLOW_MS = 300_000.0  # a machine with other work is slow, not wrong
KEEP = """async (kept) => {
  const got = await fetch('/api/v1/screen', {credentials: 'same-origin'});
  (window.kept ??= []).push(await got.text());
  return window.kept.length;
}"""
TAKE = """async ([count, from]) => {
  const {take} = await import('/console/app/main.js');
  for (let i = 0; i < count; i += 1) {
    const n = (from + i) % (2 * window.kept.length - 1);
    const at = n < window.kept.length ? n : 2 * window.kept.length - 2 - n;
    take(JSON.parse(window.kept[at]));
    await new Promise(requestAnimationFrame);
  }
}"""


@dataclass
class Soak:
    """One run; `rows` are the figures of each minute."""

    room: Room
    at: Seat
    rows: list[dict[str, float]] = field(default_factory=list)
    screens: int = 0
    acts: int = 0

    def record(self) -> None:
        """Screens of the live node, while tracks come near and go away."""
        for turn in range(SCREENS):
            now, room = self.room.clock.now(), self.room
            seen = []
            for n in range(TRACKS):
                course = turn / 6 + n * 0.7
                far = 24_000 + 18_000 * math.sin(course)
                spot = place(8 * math.sin(n), 8 * math.cos(n))
                seen.append(flying(now, f"s{n}", to=spot, from_m=far, bearing_deg=n * 30.0))
            room.observe(ALPHA, *seen)
            room.clock.skip(4.0)
            self.at.page.evaluate(KEEP)

    def take(self) -> None:
        """The page takes some screens, one in each frame."""
        self.at.page.evaluate(TAKE, [AT_ONCE, self.screens])
        self.screens += AT_ONCE

    def act(self) -> None:
        """What an officer does: opens, looks, chooses, closes; now and then the rest."""
        page, turn = self.at.page, self.acts
        self.acts += 1
        if turn % 4 == 0:
            page.keyboard.press(PANELS[turn // 4 % len(PANELS)])
        elif turn % 4 == 2:
            page.keyboard.press("Escape")
            page.keyboard.press("j")
        elif turn % 4 == 3:
            page.keyboard.press("Enter" if turn % 8 == 3 else "g")
        elif turn % 12 == 1:
            page.keyboard.press("m")
        elif turn % 12 == 5:
            page.locator("#map").press("+" if turn % 24 == 5 else "-")
        elif turn % 36 == 9:
            page.locator(".header select").select_option(("tr", "ar", "en")[turn // 36 % 3])

    def measure(self, browser: Browser, minutes: float) -> None:
        """The figures with nothing open, and how much was on the screen then."""
        page = self.at.page
        page.keyboard.press("Escape")
        page.locator(".header select").select_option("en")
        for _ in range(TRIES):
            page.evaluate(TAKE, [1, 0])
            self.at.settled()
            row: dict[str, float] = {**browser.figures()}
            cards = page.locator("[data-key]").count()
            if cards == (self.rows[0]["cards"] if self.rows else cards):
                break  # else a screen of the live node came between
        row |= {"screens": self.screens, "acts": self.acts, "minutes": round(minutes, 2)}
        row["cards"] = cards
        self.rows.append(row)
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()


def run(minutes: float) -> list[dict[str, float]]:
    """The figures of each minute, of a run that long."""
    with watched() as (room, at):
        at.page.set_default_timeout(SLOW_MS)
        soak, browser = Soak(room, at), Browser(at)
        soak.record()
        began = read_steady()
        next_s = 0.0
        while (passed := read_steady() - began) < minutes * 60:
            soak.take()
            soak.act()
            if passed >= next_s:
                soak.measure(browser, passed / 60)
                next_s += min(EVERY_S, minutes * 6)
        soak.measure(browser, minutes)
        at.clean()
        return soak.rows


def growth(rows: list[dict[str, float]]) -> dict[str, float]:
    """The last third against the middle one, by their medians; the first is warming up."""
    third = max(1, len(rows) // 3)
    middle, last = rows[-2 * third : -third], rows[-third:]

    def part(name: str) -> float:
        before = statistics.median(row[name] for row in middle)
        return round(statistics.median(row[name] for row in last) / before, 3)

    return {name: part(name) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}


def main(minutes: float) -> None:
    """Print each minute's figures, then the growth."""
    rows = run(minutes)
    sys.stdout.write(json.dumps({"growth": growth(rows), "screens": rows[-1]["screens"]}) + "\n")
