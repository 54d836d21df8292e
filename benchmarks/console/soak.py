"""A watch of eight hours as fast as the machine takes it: does anything grow?

Screens of a live node are kept while tracks circle, alerts rise and clear; then the page takes them
one after another as its stream would give them, text and all, one for each second of the watch,
while the officer opens panels, acts on the map, acknowledges, changes language and dim level. The
node goes through the same hours beside it: its clock is set on, its radar turns every twelve
seconds, calls come and are answered, and its stream goes to the page. The figures are the browser's
own after a forced collection, with the page in one state (nothing open, in English), and the memory
of the process that runs both nodes.
"""

import json
import math
import sys
import tempfile
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from benchmarks.console.growth import Row, verdict
from benchmarks.console.measured import (
    ALPHA,
    BRAVO,
    Browser,
    Room,
    Seat,
    flying,
    place,
    query,
    watched,
)

from crosstell.core.detection.alert import AlertAcknowledged, Attention
from crosstell.core.ids import ComponentId
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.line.answer import Answer, AnswerGiven, AnswerId, AnswerKind
from crosstell.core.line.message import CallClosed, Closing
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.party import Scope
from crosstell.core.picture.track import Observation
from crosstell.shell.clock import read_steady
from crosstell.shell.node import Outcome

WATCH_S = 28_800
TRACKS = 12
SCREENS = 40
TURN_S = 12  # of the radar; as many screens, then the officer does something
CALL_EVERY_S, SEEN_EVERY_S = 600, 60
FORCES = Scope(speaks_for=(ComponentId("alpha-forces"),))
UNSEEN = (Attention.RINGING, Attention.UNACKNOWLEDGED)
PANELS = "ntxpolhi/?"
FIGURES = 24  # how often they are taken
TRIES = 12
SLOW_MS = 300_000.0  # a machine with other work is slow, not wrong
SCREEN_S = 0.08  # hours are made short, so a screen of the live node may come more often
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
    """One watch; `rows` are the figures at equal intervals of it."""

    room: Room
    at: Seat
    rows: list[Row] = field(default_factory=list)
    screens: int = 0
    turns: int = 0
    acts: int = 0
    calls: int = 0

    def turn(self) -> Future[Outcome]:
        """The radar turns once: tracks come near and go away. Done when the node is through it."""
        given = Observed(observations=radar(self.room.clock.now(), self.turns))
        self.turns += 1
        return self.room.consoles[ALPHA].sequencer.submit(given)

    def turned(self, through: Future[Outcome]) -> None:
        """The node is through it, and the time of a turn goes by."""
        through.result(SLOW_MS / 1000)
        self.room.clock.skip(float(TURN_S))

    def record(self) -> None:
        """Screens of the live node, as its tracks move."""
        for _ in range(SCREENS):
            self.turned(self.turn())
            self.at.page.evaluate(KEEP)

    def take(self) -> None:
        """The page takes some screens, one in each frame; the node goes through the same time."""
        through = self.turn()
        self.at.page.evaluate(TAKE, [TURN_S, self.screens])
        self.screens += TURN_S
        self.turned(through)
        if self.screens % SEEN_EVERY_S < TURN_S:
            self.see()
        if self.screens % CALL_EVERY_S < TURN_S:
            self.call()

    def see(self) -> None:
        """The officer acknowledges what rings."""
        for alert in list(self.room.state(ALPHA).journal.alerts.values()):
            if alert.attention in UNSEEN and alert.shown is not None:
                seen = AlertAcknowledged(alert=alert.shown.alert, level=alert.shown.level)
                self.room.act(ALPHA, seen)

    def call(self) -> None:
        """The other side asks something; it is received and answered, and they close it."""
        self.calls += 1
        asked = query(f"SOAK-{self.calls}")
        at = self.room.act(BRAVO, asked).recorded[0]
        self.room.wait(lambda: at in self.room.state(ALPHA).own.acknowledgements)
        self.room.act(ALPHA, CallReceived(call=at))
        answer = Answer(kind=AnswerKind.NOTED, scope=FORCES)
        name = AnswerId(f"SOAK-A{self.calls}")
        self.room.act(ALPHA, AnswerGiven(call=at, answer_id=name, answer=answer))
        self.room.act(BRAVO, CallClosed(call=asked.call, closing=Closing.WITHOUT_SUMMARY))

    def act(self) -> None:
        """What an officer does: opens, looks, chooses, closes; now and then the rest."""
        page, turn = self.at.page, self.acts
        self.acts += 1
        if turn % 4 == 0:
            page.keyboard.press(PANELS[turn // 4 % len(PANELS)])
        elif turn % 4 == 2:
            page.keyboard.press("Escape")
            page.keyboard.press("j")
            if turn % 40 == 2:
                page.keyboard.press("a")
        elif turn % 4 == 3:
            page.keyboard.press("Enter" if turn % 8 == 3 else "g")
        elif turn % 12 == 1:
            page.keyboard.press("m")
        elif turn % 12 == 5:
            page.locator("#map").press("+" if turn % 24 == 5 else "-")
        elif turn % 36 == 9:
            page.locator(".header select").select_option(("tr", "ar", "en")[turn // 36 % 3])

    def measure(self, browser: Browser, began_s: float) -> None:
        """The figures with nothing open, and how much was on the screen then."""
        page = self.at.page
        page.keyboard.press("Escape")
        page.locator(".header select").select_option("en")
        wanted = page.evaluate("JSON.parse(window.kept[0]).queue.length")
        for _ in range(TRIES):
            page.evaluate(TAKE, [1, 0])
            self.at.settled()
            row: Row = {**browser.figures()}
            cards = page.locator(".queue [data-key]").count()
            if cards == wanted:
                break  # else a screen of the live node came between
        row |= {"node_kb": resident_kb(), "cards": cards, "acts": self.acts, "calls": self.calls}
        row |= {"watch_h": round(self.screens / 3600, 2), "screens": self.screens}
        row["ran_s"] = round(read_steady() - began_s)
        self.rows.append(row)
        told(row)


def radar(now: datetime, turn: int) -> tuple[Observation, ...]:
    """What that turn of the radar sees: tracks that come near and go away."""
    seen = []
    for n in range(TRACKS):
        far = 24_000 + 18_000 * math.sin(turn / 6 + n * 0.7)
        spot = place(8 * math.sin(n), 8 * math.cos(n))
        seen.append(flying(now, f"s{n}", to=spot, from_m=far, bearing_deg=n * 30.0))
    return tuple(seen)


def resident_kb() -> int:
    """What this process, which runs the nodes, holds in memory."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])


def told(what: object) -> None:
    """Print one line, at once."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def run(seconds: int) -> list[Row]:
    """The figures of a watch that long, at equal intervals of it."""
    with (
        tempfile.TemporaryDirectory() as kept,
        watched(screen_s=SCREEN_S, folder=Path(kept)) as (room, at),
    ):
        at.page.set_default_timeout(SLOW_MS)
        soak, browser = Soak(room, at), Browser(at)
        soak.record()
        began_s = read_steady()
        every = max(TURN_S, seconds // FIGURES)
        while soak.screens < seconds:
            if soak.screens >= every * len(soak.rows):
                soak.measure(browser, began_s)
            soak.take()
            soak.act()
        soak.measure(browser, began_s)
        refused = "Failed to load resource"  # an act on what an old screen shows: the node says no
        at.errors[:] = [one for one in at.errors if not one.startswith(refused)]
        at.clean()
        return soak.rows


def main(seconds: int) -> int:
    """Print the figures and the verdict; 1 if anything grows."""
    found = verdict(run(seconds))
    told(found)
    return 1 if found["grows"] else 0
