"""What is printed comes from a window of its own; the page on watch goes on meanwhile."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from consoles import Seat, scene, seat
from on_paper import PRINTS
from playwright.sync_api import Browser, Error, Page, expect
from room import Room

pytest_plugins = ("browsing",)

HELD_MS = 4000
# A browser's print box holds the script that asked for it; so does this, and says how long.
HOLDS = f"""
  window.print = () => {{
    const begun = Date.now();
    while (Date.now() < begun + {HELD_MS});
    new BroadcastChannel('test').postMessage([begun, Date.now()]);
  }};
"""
LISTENS = """() => {
  window.held = null;
  window.seen = [];
  new BroadcastChannel('test').onmessage = ({data}) => (window.held = data);
  setInterval(() => {
    window.seen.push([Date.now(), document.querySelector('.header .zulu').textContent]);
  }, 100);
}"""
BRIGHT = """() => {
  const c = document.querySelector('canvas.overlay');
  const r = document.querySelector('#map').getBoundingClientRect();
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let n = 0;
  for (let i = 3; i < d.length; i += 4) n += d[i] > 250;
  return [Math.abs(c.width / c.height - r.width / r.height), n / (d.length / 4)];
}"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="printing").open() as found:
        scene(found)
        yield found


def by_key(page: Page) -> None:
    page.keyboard.press("y")


def by_the_browsers_key(page: Page) -> None:
    page.keyboard.press("Control+p")


def by_a_page_of_maplibre(page: Page) -> None:
    """As Y does it where MapLibre draws the page's map, which is slow without a card."""
    page.evaluate(
        """async () => {
          const {page} = await import('/console/app/main.js');
          const {printPage} = await import('/console/app/print.js');
          const {camera, w, h} = page.map().base;
          printPage({own: null, base: {kind: 'maplibre', camera, w, h}});
        }"""
    )


def agenda(page: Page) -> None:
    page.keyboard.press("z")
    page.locator(".panel").get_by_role("button", name="Open for the review").click()
    page.locator(".panel").get_by_role("button", name="Print").click()


def window_of(at: Seat, press: Callable[[Page], None]) -> Page:
    with at.page.context.expect_page() as info:
        press(at.page)
    return info.value


@pytest.mark.parametrize("press", [by_key, by_the_browsers_key, agenda])
def test_con_760_the_clock_goes_on_while_a_print_box_stands(
    crowded_browser: Browser, room: Room, press: Callable[[Page], None]
) -> None:
    with seat(crowded_browser, room) as at:
        at.page.context.add_init_script(HOLDS)
        at.page.evaluate(LISTENS)
        at.page.evaluate(f"() => {{ {HOLDS} }}")  # here too: a print box of this page would stop it
        window = window_of(at, press)
        begun, ended = at.until(lambda: at.page.evaluate("held"))
        shown = [text for when, text in at.page.evaluate("seen") if begun <= when <= ended]
        assert len(shown) > HELD_MS / 100 / 2, "its timers ran in time"
        assert len(set(shown)) >= HELD_MS // 1000 - 1, "and so did its clock"
        assert window.evaluate("opener") is None
        expect(at.page.locator(".staleness")).to_have_count(0)
        at.clean()


@pytest.mark.parametrize("kind", ["canvas", pytest.param("maplibre", marks=pytest.mark.long)])
def test_con_019_761_the_map_is_printed_bright_and_whole_as_it_stood(
    browser: Browser, room: Room, kind: str
) -> None:
    """Paper has the marking, the map with its name and hash, and what needs a person; no tools."""
    with seat(browser, room, map_kind="canvas") as at:
        at.page.context.add_init_script(PRINTS)
        name = at.page.locator(".reference").inner_text()
        card = at.page.locator(".card").first.locator("h3").inner_text()
        paper = window_of(at, by_key if kind == "canvas" else by_a_page_of_maplibre)
        broken: list[str] = []
        paper.on("console", lambda m: broken.append(m.text) if m.type == "error" else None)
        expect(paper.locator("html[data-printed]")).to_have_count(1, timeout=60_000)
        expect(paper.locator(".maplibregl-canvas")).to_have_count(int(kind == "maplibre"))
        assert paper.locator("html").get_attribute("data-dim") == "0"
        assert at.page.locator("html").get_attribute("data-dim") == "1"
        for hidden in (".rail", ".bar", ".chips", ".readout"):
            expect(paper.locator(hidden)).to_have_count(0)
        for shown in (".banner", "#map", ".scalebar"):
            expect(paper.locator(shown)).to_be_visible()
        expect(paper.locator(".reference")).to_have_text(name)
        expect(paper.locator(".card h3").first).to_have_text(card)
        zulu = paper.locator(".header .zulu").inner_text()
        stretched, painted_share = paper.evaluate(BRIGHT)
        assert stretched < 0.01
        if kind == "canvas":
            assert painted_share > 0.99, "land and water stand on paper beneath what moves"
        assert paper.locator(".header .zulu").inner_text() == zulu, "of its moment"
        assert broken == []
        at.clean()


def test_con_762_what_cannot_be_printed_says_so_and_prints_nothing(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room) as at:
        context = at.page.context
        context.add_init_script(PRINTS)
        busy = {"type": "urn:x:unavailable", "detail": "a report is being made", "status": 503}
        context.route(
            "**/api/v1/print/agenda*",
            lambda route: route.fulfill(
                status=503,
                headers={"X-Frame-Options": "DENY"},  # as each answer that is no paper
                content_type="application/problem+json",
                body=json.dumps(busy),
            ),
        )
        window = window_of(at, agenda)
        expect(window.get_by_role("alert")).to_have_text("Not printed: a report is being made")
        window.reload()
        expect(window.get_by_role("alert")).to_contain_text("There is nothing here to print")
        expect(window.locator("html[data-printed]")).to_have_count(0)
        with window.expect_event("close"), suppress(Error):  # its key is pressed, and it has gone
            window.keyboard.press("Escape")


@pytest.mark.long
def test_con_763_where_no_window_opens_the_page_says_so(browser: Browser, room: Room) -> None:
    with seat(browser, room) as at:
        at.page.evaluate("window.open = () => null")
        at.page.keyboard.press("y")
        told = at.page.locator(".toast")
        expect(told).to_contain_text(re.compile("Nothing was printed"), timeout=40_000)
        at.clean()
