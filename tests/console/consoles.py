"""A person at a console in a browser: comes in, takes the watch, and everything that went wrong."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api_desk import PASSWORD
from node_pair import ALPHA, BRAVO, DIRECTOR
from playwright.sync_api import Browser, Locator, Page, expect
from room import OFFICER, Room, circle, flying, place, volume, zone

from crosstell.core.ids import NoticeId, PartyId
from crosstell.core.picture.content import OwnForceLocation
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.trust.kind import ObjectKind

AXE = Path(__file__).with_name("axe-core-4.14.1.min.mjs")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE_S, POLL_S = 20.0, 0.05  # a loaded machine is slow, not wrong
FORGET = "async () => (await import('/console/app/views/kept.js')).forget()"
LISTEN = """
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (e) =>
    window.violations.push(e.violatedDirective + ' ' + (e.blockedURI || e.sourceFile)));
"""
# The tones that start; a browser that lets none sound, and how often it was asked; that it does.
SPY = """
  window.tones = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    window.tones.push(this.frequency.value);
    return start.call(this, at);
  };
"""
SHUT = """() => {
  window.resumed = 0;
  const state = {get: () => 'suspended', configurable: true};
  Object.defineProperty(AudioContext.prototype, 'state', state);
  AudioContext.prototype.resume = async () => (window.resumed += 1);
}"""
OPEN = "() => (delete AudioContext.prototype.state, delete AudioContext.prototype.resume, resumed)"


@dataclass
class Seat:
    """One page, and what it asked for, said and broke."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """Requests to anything but the own node."""
        return [url for url in self.asked if not url.startswith((self.address, "data:", "blob:"))]

    def violations(self) -> list[str]:
        return list(self.page.evaluate("window.violations"))

    def faults_of_access(self, of: str = "body", *, rules: list[str] | None = None) -> list[str]:
        """What axe finds in a part of the page, by WCAG 2.2 A and AA or the rules named."""
        before, errors = self.violations(), list(self.errors)  # axe writes styles of its own
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
        found = self.page.evaluate(
            "([of, only]) => axe.run(of, {runOnly: only, resultTypes: ['violations']})", [of, only]
        )
        self.page.evaluate("(kept) => { window.violations = kept; }", before)
        self.errors[:] = errors
        return [
            f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary'][:200]}"
            for one in found["violations"]
        ]

    def leave(self) -> None:
        """Nothing is open any more, or kept of what was: the next key is typed into no form."""
        self.page.evaluate(FORGET)
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".panel")).to_have_count(0)
        self.settled()

    def clean(self) -> None:
        """Nothing outside was asked for, nothing was blocked, nothing broke."""
        found = {
            "outside": self.outside(),
            "blocked": self.violations(),
            "broken": self.errors,
        }
        assert not any(found.values()), found

    def card(self, text: str) -> Any:  # noqa: ANN401
        return self.page.locator(".card", has_text=text).first

    def until(self, what: Callable[[], Any]) -> Any:  # noqa: ANN401
        """What it gives, once that is true; the page goes on meanwhile."""
        for _ in range(int(PATIENCE_S / POLL_S)):
            found = what()
            if found:
                return found
            self.page.wait_for_timeout(POLL_S * 1000)
        raise AssertionError(f"not within {PATIENCE_S} s of polling")

    def settled(self) -> None:
        """The page has drawn what was changed up to now: its store has told every listener."""
        self.page.evaluate(
            """async () => {
              const {set, watch} = await import('/console/app/store.js');
              await new Promise((done) => {
                const stop = watch(() => (stop(), done()));
                set({});
              });
            }"""
        )

    def seen(self) -> None:
        """Every alert has been shown for so long that a person can have seen it."""
        asked = """async () => {
          const {seenOf} = await import('/console/app/top.js');
          const {store} = await import('/console/app/store.js');
          return store.screen.alerts.every((one) => seenOf(one));
        }"""
        self.until(lambda: self.page.evaluate(asked))

    def told(self, text: str) -> None:
        expect(self.page.locator(".toast")).to_contain_text(text)


def wide(page: Page) -> tuple[int, int]:
    size = page.viewport_size
    assert size is not None
    return size["width"], size["height"]


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """Where a person comes in, as whom. `watch` None: only looks; "" stays at the gate."""

    address: str
    account: str
    password: str
    watch: str | None = "take"
    map_kind: str = ""


def come_in(page: Page, by: Entrance) -> None:
    """The person is past the gate, as far as the entrance says."""
    page.goto(by.address + (f"/?map={by.map_kind}" if by.map_kind else ""))
    page.fill("[name=account]", by.account)
    page.fill("[name=password]", by.password)
    page.get_by_role("button", name="Come in").click()
    ready = page.locator("body[data-ready='1']")
    wanted = {"take": "Take the watch|Read what changed", "join": "Join watch"}.get(by.watch or "")
    gate = page.get_by_role("button", name=re.compile(wanted or "Only look"))
    if by.watch != "":
        expect(ready.or_(gate).first).to_be_attached()
        is_held = False
        if gate.count():  # an account that stands on the watch already is let through
            is_held = "Read what changed" in gate.inner_text()
            gate.click()
        expect(ready).to_be_attached()
        if is_held:
            relieve(page)


def relieve(page: Page) -> None:
    """The watch that holds the role is relieved, beside what it must tell."""
    page.locator(".panel").get_by_role("button", name="Relieve watch").click()
    expect(page.locator(".panel")).to_have_count(0)


@contextmanager
def sit(
    browser: Browser,
    by: Entrance,
    size: tuple[int, int] = (1600, 1000),
    *,
    script: str = "",
    **choices: Any,  # noqa: ANN401
) -> Iterator[Seat]:
    """Somebody at a console, and everything that their page asked for."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, service_workers="block", **choices
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    found = Seat(page, by.address)
    page.on("request", lambda one: found.asked.append(one.url))
    page.on("pageerror", lambda fault: found.errors.append(f"{fault} {fault.stack}"))
    page.on("console", lambda m: found.errors.append(m.text) if m.type == "error" else None)
    page.add_init_script(LISTEN + script)
    try:
        come_in(page, by)
        yield found
    finally:
        context.close()


@contextmanager
def seat(
    browser: Browser,
    room: Room,
    party: PartyId = ALPHA,
    *,
    account: str = OFFICER,
    watch: str | None = "take",
    size: tuple[int, int] = (1600, 1000),
    map_kind: str = "",
    script: str = "",
    **choices: Any,  # noqa: ANN401
) -> Iterator[Seat]:
    """Somebody at that party's console in the room."""
    address = room.consoles[party].address
    by = Entrance(
        address=address, account=account, password=PASSWORD, watch=watch, map_kind=map_kind
    )
    with sit(browser, by, size, script=script, **choices) as found:
        yield found


def read_back(panel: Locator) -> None:
    panel.locator(".fold > summary").click()
    back = panel.locator(".fold form")
    back.locator("[name=subject_label]").fill("object near a declared place")
    back.locator("[name=danger]").select_option("own-forces-endangered")
    back.locator("[name=act]").select_option("keep-out")
    back.get_by_role("button").click()


def tabs_to(at: Seat, name: str) -> None:
    """The keyboard goes on to the button of that name, as a person without a pointer would."""
    for _ in range(60):
        words, tag = at.page.evaluate(
            "() => [document.activeElement.textContent.trim(), document.activeElement.tagName]"
        )
        if tag in ("BUTTON", "SUMMARY") and words.startswith(name):
            return
        at.page.keyboard.press("Tab")
    raise AssertionError(f"no {name!r} by keyboard")


def tabs_into(at: Seat, name: str, text: str = "", *, picks: str = "") -> None:
    """The keyboard goes on to the field of that name; it is typed into, or one is picked."""
    for _ in range(80):
        if at.page.evaluate("() => document.activeElement.name") == name:
            break
        at.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"no field {name!r} by keyboard")
    at.page.keyboard.type(text or picks)
    if picks:
        expect(at.page.locator(".panel select:focus")).to_have_value(picks)


def pressed(at: Seat, name: str) -> None:
    tabs_to(at, name)
    at.page.keyboard.press("Enter")


def found(at: Seat, words: str) -> Locator:
    """The panel of what a search finds first."""
    at.page.keyboard.press("/")
    at.page.locator("#search-box").fill(words)
    at.page.locator(".panel .rows button").first.click()
    return at.page.locator(".panel")


def scene(room: Room) -> None:
    """Notices of both, a place of alpha's own, and an object that flies towards it."""
    now = room.clock.now()
    room.act(ALPHA, zone("ROZ-04", volume(now, circle(place(-18, 12), 9_000)), BRAVO))
    room.act(BRAVO, zone("ROZ-B2", volume(now, circle(place(12, -30), 6_000)), ALPHA))
    content = OwnForceLocation(volume=volume(now, circle(place(0, 0), 800)))
    second = Speaker(party=ALPHA, role=DIRECTOR, watch="1")
    filed = NoticeFiled(
        notice=NoticeId("POST-1"), version=1, content=content, marking="TEST", second=second
    )
    room.act(ALPHA, filed)
    for step in range(3):
        at = room.clock.now()
        room.observe(
            ALPHA,
            flying(at, "T-4471", to=place(0, 0), from_m=33_500 - 140 * step, bearing_deg=40),
            flying(
                at,
                "T-4502",
                to=place(0, 0),
                from_m=30_000,
                bearing_deg=200,
                known=False,
                kind=ObjectKind.ROTORCRAFT,
            ),
        )
        room.clock.skip(2.0)
