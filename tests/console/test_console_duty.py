"""What a duty officer sees at a glance: header, gate, suspension, possibility, a call's place."""

import re
from dataclasses import replace

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO, DUTY, call
from playwright.sync_api import Browser, expect
from room import Room, circle, place

from crosstell.core.line.content import CallContent, Subject, SubjectKind
from crosstell.core.line.message import CallKind, CallPlaced, Precedence
from crosstell.core.protocol.adherence import ProtocolSuspended

pytest_plugins = ("browsing",)
SIZES = ((1366, 768), (1920, 1080), (2560, 1440))
CUT = """() => [...document.querySelectorAll('.header *')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .filter((one) => getComputedStyle(one).overflowX !== 'visible')
  .map((one) => one.textContent.trim().slice(0, 80))"""
BEYOND = """() => [...document.querySelectorAll('.header :is(small, strong, bdi)')]
  .filter((one) => one.getBoundingClientRect().width)
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const part = one.closest('.header > *').getBoundingClientRect();
    return box.left < part.left - 1 || box.right > part.right + 1 || box.bottom > part.bottom + 1;
  }).map((one) => one.textContent.trim().slice(0, 80))"""  # what stands beyond its part


def choose(at: Seat, lang: str) -> None:
    at.page.locator(".header select").select_option(lang)
    expect(at.page.locator("html")).to_have_attribute("lang", lang)
    at.settled()


@pytest.mark.long
def test_con_553_nothing_in_the_header_is_cut_at_any_size_in_any_language(
    browser: Browser,
) -> None:
    """CON-008: who answered and when, every source's age, the protocol's name."""
    with Room(seed="header").open() as room:
        scene(room)
        with seat(browser, room, size=SIZES[0], map_kind="canvas") as at:
            for width, height in SIZES:
                at.page.set_viewport_size({"width": width, "height": height})
                for lang in ("en", "tr", "ar"):
                    choose(at, lang)
                    assert at.page.evaluate(CUT) == [], (width, lang)
                    assert at.page.evaluate(BEYOND) == [], (width, lang)
            at.clean()


WHERE = """(words) => {
  const rows = [...document.querySelectorAll('.card p')];
  const row = rows.find((one) => words.every((w) => one.textContent.includes(w)));
  const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  const found = words.map(() => null);
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    words.forEach((w, i) => {
      const at = node.data.indexOf(w);
      if (at < 0 || found[i]) return;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + w.length);
      found[i] = range.getBoundingClientRect().left;
    });
  return found;
}"""


def assert_reads_on(at: Seat, words: tuple[str, str]) -> None:
    """CON-600: the second stands to the right of the first, as its language is written."""
    at.page.set_viewport_size({"width": 1920, "height": 1080})  # both in one row
    first, second = at.page.evaluate(WHERE, list(words))
    assert first < second
    at.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})


@pytest.mark.long
def test_con_554_a_line_says_that_the_pages_words_are_english_where_they_are(
    browser: Browser,
) -> None:
    """In that language and in English; not in Turkish, which is whole."""
    with Room(seed="half").open() as room:
        scene(room)
        with seat(browser, room, size=SIZES[0], map_kind="canvas") as at:
            told = at.page.locator(".half-told")
            expect(told).to_have_count(0)
            for lang in ("ar", "ru"):
                choose(at, lang)
                expect(told.locator(f"[lang={lang}]")).to_be_visible()
                expect(told.locator("[lang=en]")).to_contain_text("own words are in English")
                assert at.faults_of_access() == []
                last = at.page.locator(".rail button").last
                expect(last).to_be_in_viewport(ratio=0.9)
                if lang == "ar":
                    assert_reads_on(at, ("Predicted to infringe", "distance"))
            choose(at, "tr")
            expect(told).to_have_count(0)
            at.clean()


@pytest.mark.long
def test_con_555_the_gate_has_the_time_large_and_says_by_whose_clock(browser: Browser) -> None:
    with Room(seed="clock").open() as room, seat(browser, room, watch="") as at:
        gate = at.page.locator(".gate")
        expect(gate.locator(".zulu")).to_have_text(re.compile(r"^00:0\d:\d\dZ$"))
        expect(gate).to_contain_text("JUN 23")
        expect(gate).not_to_contain_text("this computer's clock")
        assert at.faults_of_access() == []
        gate.get_by_role("button", name="Log out").click()
        expect(at.page.locator(".gate [name=account]")).to_be_visible()
        expect(gate).to_contain_text("by this computer's clock")
        expect(gate.locator(".zulu")).to_have_text(re.compile(r"^\d\d:\d\d:\d\dZ$"))
        size = gate.locator(".zulu").evaluate("(one) => getComputedStyle(one).fontSize")
        assert float(size.removesuffix("px")) >= 27


def test_con_552_a_suspension_stands_in_the_header_and_as_a_matter_at_once(
    browser: Browser,
) -> None:
    with (
        Room(seed="suspended").open() as room,
        seat(browser, room, size=SIZES[0], map_kind="canvas") as at,
    ):
        digest = room.state(BRAVO).setting.digest
        room.act(BRAVO, ProtocolSuspended(protocol=digest, text="after the strike"))
        header = at.page.locator(".header .line-to")
        expect(header).to_contain_text("Bravo has suspended the protocol")
        assert at.page.evaluate(CUT) == []
        card = at.card("has suspended the protocol")
        expect(card).to_contain_text("after the strike")
        expect(card).to_contain_text("Ask by call what still holds")
        expect(card).not_to_have_class(re.compile("ringing"))
        card.focus()
        at.page.keyboard.press("Enter")
        expect(at.page.locator("#panel-title")).to_contain_text("Test protocol")
        at.leave()
        card.focus()
        at.page.keyboard.press("c")
        expect(at.page.locator(".panel [name=to_party]")).to_have_value(BRAVO)
        at.leave()
        at.page.keyboard.press("l")
        expect(at.page.locator(".panel")).to_contain_text("Bravo has suspended the protocol")
        at.leave()
        at.page.keyboard.press("h")
        changed = at.page.locator(".panel ul.changed li", has_text="protocol suspended")
        expect(changed).to_have_count(1)
        changed.get_by_role("button").click()
        expect(at.page.locator("#panel-title")).to_contain_text("ntry")
        at.leave()
        room.act(ALPHA, call("c-ask", BRAVO, kind=CallKind.QUERY))
        row = at.page.locator(".queue .rows li", has_text="has suspended the protocol")
        expect(row).to_be_visible()
        assert at.faults_of_access() == []
        at.clean()


@pytest.mark.parametrize("lang", ["en", "tr"])
@pytest.mark.long
def test_con_557_the_place_of_the_chosen_call_is_on_the_map(browser: Browser, lang: str) -> None:
    """And of no other; its panel brings it into view."""
    drawn = """async () => {
      const {store} = await import('/console/app/store.js');
      const {page} = await import('/console/app/main.js');
      const o = page.map().overlay;
      o.draw();
      return o.labels.flatMap((one) => one.lines).filter((one) => one.includes('HC-7'));
    }"""
    with Room(seed="place").open() as room:
        content = CallContent(
            subjects=(Subject(kind=SubjectKind.VEHICLES, label="convoy"),),
            place=circle(place(-28, -10), 2_500.0),
        )
        asked = call("HC-7", ALPHA, kind=CallKind.QUERY, precedence=Precedence.IMMEDIATE)
        room.act(BRAVO, _with(asked, content), role=DUTY)
        with seat(browser, room, map_kind="canvas") as at:
            choose(at, lang)
            card = at.card("HC-7")
            expect(card).to_be_visible()
            at.page.keyboard.press("Escape")
            card.click(position={"x": 6, "y": 6})
            at.until(lambda: at.page.evaluate(drawn) != [])
            at.page.keyboard.press("Enter")
            shown = "Show its place" if lang == "en" else "Yerini haritada"
            at.page.locator(".panel").get_by_role("button", name=re.compile(shown)).click()
            at.until(lambda: len(at.page.evaluate(drawn)) == 1)
            at.leave()
            at.page.evaluate(
                "async () => (await import('/console/app/store.js')).set({selected: null})"
            )
            at.settled()
            assert at.page.evaluate(drawn) == []
            at.clean()


def test_con_558_what_was_given_has_its_key_and_a_duty_says_who_owes_it(browser: Browser) -> None:
    with Room(seed="keyed").open() as room, seat(browser, room, map_kind="canvas") as at:
        at.page.keyboard.press("?")
        expect(at.page.locator(".panel tr", has_text="Given and received")).to_contain_text("7")
        at.leave()
        at.page.keyboard.press("7")
        expect(at.page.locator("#panel-title")).to_contain_text("Given and received")
        at.leave()
        at.page.keyboard.press("p")
        lines = at.page.locator(".panel section li")
        expect(lines.first).to_be_visible()
        empty = [one for one in lines.all_inner_texts() if one.strip().endswith(":")]
        assert empty == []
        at.clean()


@pytest.mark.long
def test_con_559_a_grid_reference_is_never_broken_and_never_run_into_its_number(
    browser: Browser,
) -> None:
    with Room(seed="grid").open() as room, seat(browser, room, map_kind="canvas") as at:
        at.page.keyboard.press("n")
        at.page.locator("[name=paste]").fill("37S FA 30592 62810")
        at.page.get_by_role("button", name="Read", exact=True).click()
        point = at.page.locator(".panel ol.points li")
        expect(point).to_have_count(1)
        marked = point.evaluate(
            "(li) => [getComputedStyle(li).listStyleType, getComputedStyle(li, '::before').content]"
        )
        assert marked[0] == "none"
        assert ")" in marked[1]
        raw = point.locator(".mono").evaluate("(one) => one.textContent")
        assert re.fullmatch(r"37S\s+FA\s+30592\s+62810", raw.strip())
        at.clean()


def _with(placed: CallPlaced, content: CallContent) -> CallPlaced:
    return replace(placed, content=content)
