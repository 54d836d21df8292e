"""The page in Turkish, panel by panel: nothing that the program says stands there in English.

The two nodes have lived through every sort of event, and every own word of a person in it is one
that no language would change. So what is English in the Turkish page is a lack of ours.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO, World, call
from playwright.sync_api import Browser, Locator, Route, expect
from release_values import ours, share
from room import Room, flying, place
from test_console_languages import texts
from test_papers_in_turkish import told_world

from crosstell.core.ids import NoticeId
from crosstell.core.picture.releasing.copies import CopyMade

pytest_plugins = ("browsing",)

SAID = """() => {
  const found = [];
  const kept = "script, noscript, style, pre, .mono, .entered, q, .header select, .scale, kbd";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const [text, at] = [walk.currentNode.data.trim(), walk.currentNode.parentElement];
    if (text && !at.closest(kept)) found.push([text, at.closest("[lang]").lang]);
  }
  for (const name of ["title", "aria-label", "placeholder"])
    for (const one of document.querySelectorAll(`[${name}]`))
      found.push([one.getAttribute(name), name]);
  return found;
}"""  # every text that stands in the page, with the language it is marked as
# Words that no Turkish sentence has. Names in the scene and ids are none of them.
ENGLISH = re.compile(
    r"\b(the|of|is|and|to|by|was|for|with|this|that|are|from|it|has|be|or|its|stated|filed|"
    r"placed|party|track|notice|rule|call|answer|unknown|version|at least|about|node|alert)\b",
    re.I,
)
ID = re.compile(r"\S*[-_/\d]\S*")
NAMES = (  # as the protocol and the scene have them, in their own words
    "Test protocol between alpha and bravo",
    "Natural Earth (public domain); places: GeoNames, CC BY 4.0",
)
PATIENCE = 80  # looks, a tenth of a second apart: a loaded machine is slow, not wrong
Panel = dict[str, Any]


def lived() -> World:
    """A world of its own, in which all that the papers' tests tell of has happened."""
    world: World = told_world.__wrapped__()
    return world


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="turkish", lived=lived).open() as found:
        scene(found)
        found.act(ALPHA, call("c-open", BRAVO))
        gives(found)
        yield found


def gives(room: Room) -> None:
    """Alpha shares an object of its own, and has made a copy of what it filed."""
    now = room.clock.now()
    room.observe(ALPHA, flying(now, "T-OWN", to=place(40, 40), from_m=90_000.0))
    room.act(ALPHA, ours("T-OWN"))
    until = now + timedelta(hours=1)
    room.act(ALPHA, share(track="T-OWN", called="x1", purpose="x1", until=until))
    filed = room.state(ALPHA).own.notices[NoticeId("ROZ-04")].latest.stamp.ref
    made = CopyMade(items=(filed,), recipient="x1", purpose="x1", marking="TEST")
    room.act(ALPHA, made)


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, map_kind="canvas", size=(1920, 1200)) as found:
        found.page.locator(".header select").select_option("tr")
        expect(found.page.locator("html")).to_have_attribute("lang", "tr")
        yield found


def opened(at: Seat, panel: Panel | None) -> Locator:
    """That panel, as a key or a link of the page opens it."""
    at.page.evaluate(
        "async (panel) => (await import('/console/app/store.js')).set({panel, told: null})", panel
    )
    at.settled()
    return at.page.locator(".panel")


def english(at: Seat, known: set[str]) -> list[str]:
    """What stands in English in the page and is not known yet, once its words have come."""
    found: list[str] = []
    for _ in range(PATIENCE):
        at.settled()
        said = at.page.evaluate(SAID)
        found = [f"{lang}: {text}" for text, lang in said if lang == "en" or is_english(text)]
        found = [one for one in found if one not in known]
        if not found:
            return []
        at.page.wait_for_timeout(100)
    known.update(found)
    return found


def is_english(text: str) -> bool:
    """Whether it has a word that no Turkish sentence has; ids and names are not words."""
    for name in NAMES:
        text = text.replace(name, "")
    return ENGLISH.search(ID.sub("", text)) is not None


def panels(room: Room) -> Iterator[Panel | None]:
    yield None
    state = room.state(ALPHA)
    shown = [one.shown for one in state.journal.alerts.values() if one.shown is not None]
    yield from ({"name": "detail", "key": f"alert {one.alert}"} for one in shown[:2])
    for party, feed in state.feeds.items():
        yield from (
            {"name": "detail", "key": f"call {party}/{one}"} for one in list(feed.calls)[:12]
        )
        yield from ({"name": "detail", "key": f"notice {party}/{one}"} for one in feed.notices)
        yield from ({"name": "detail", "key": f"log {party}/{one}"} for one in feed.voice_logs)
        yield {"name": "entry", "feed": feed.feed, "seq": 1}
    yield {"name": "detail", "key": "track T-4471"}
    yield {"name": "detail", "key": "track T-OWN"}
    yield {"name": "share", "key": "alpha/sh-1"}
    yield {"name": "given", "held": state.own.notices[NoticeId("ROZ-04")].latest.stamp.ref.seq}
    refs = [{"feed": feed.feed, "seq": 1, "hash": ""}]
    yield {"name": "copy", "refs": refs}
    for name in ("search", "lines", "roles", "sides", "protocol", "entries", "incidents", "agenda"):
        yield {"name": name}
    for name in ("handover", "help", "report", "notice", "plan", "voice", "incident-file"):
        yield {"name": name}


def looked_at(at: Seat, shown: Iterator[Panel | None]) -> dict[str, list[str]]:
    """What stands in English in each panel and in none before it."""
    found: dict[str, list[str]] = {}
    known: set[str] = set()
    for panel in shown:
        opened(at, panel)
        if told := english(at, known):
            found[str(panel)] = told
    opened(at, None)
    return found


@pytest.mark.long
def test_con_066_no_panel_shows_a_sentence_of_the_node_in_english(alpha: Seat, room: Room) -> None:
    assert looked_at(alpha, panels(room)) == {}


@pytest.mark.long
def test_con_066_no_part_of_an_incident_shows_one_either(alpha: Seat) -> None:
    parts = ("timeline", "sides", "readout", "pack", "actions", "joint")
    shown = ({"name": "incident", "party": "alpha", "id": "inc", "tab": tab} for tab in parts)
    assert looked_at(alpha, iter(shown)) == {}
    panel = opened(alpha, {"name": "incident", "party": "alpha", "id": "inc", "tab": "timeline"})
    row = panel.locator(".timeline tr", has_text="ikaz").first
    expect(row).to_contain_text("alpha nöbetçi subayı")
    expect(row.locator(".mark")).to_be_visible()  # nobody reviewed these words yet
    opened(alpha, {"name": "incident", "party": "alpha", "id": "inc", "tab": "readout"})
    panel.get_by_role("button", name=str(texts("tr")["ui.inc.readout.draft"])).click()
    drafted = panel.locator(".sentences textarea")
    expect(drafted.first).to_have_value(re.compile("nöbetçi"))
    values = [one.input_value() for one in drafted.all()]
    assert [one for one in values if is_english(one) or re.search(r"\.\d+Z", one)] == []
    alpha.clean()


def test_con_300_figures_and_times_are_told_as_turkish_writes_them(alpha: Seat) -> None:
    told = alpha.page.evaluate(
        """async () => {
          const f = await import('/console/app/format.js');
          const spans = [90, 600, 9000, 2e5].map((s) => f.span(s));
          return [f.length(12345), f.length(500), ...spans, f.figure(0.5),
                  f.seconds('2023-10-05T08:40:30.123456Z: x')];
        }"""
    )
    assert told == [
        "12,3 km", "500 m", "90 sn", "10 dk", "2 sa", "2 gün", "0,5", "2023-10-05T08:40:30Z: x",
    ]  # fmt: skip
    row = opened(alpha, {"name": "incident", "party": "alpha", "id": "inc", "tab": "timeline"})
    whole = row.locator(".timeline td span[title*='.']").first
    assert re.search(r"\.\d{3,6}Z", whole.get_attribute("title") or "")
    assert not re.search(r"\.\d{3,6}Z", whole.inner_text())


def test_con_301_a_party_stands_by_its_title_and_a_kind_without_a_label_is_kept(
    alpha: Seat, room: Room
) -> None:
    panel = opened(alpha, {"name": "sides"})
    voices = set(panel.locator("table tbody th").all_inner_texts())
    assert {"Alpha", "Bravo"} <= voices
    assert not {"alpha", "bravo", "party alpha", "party bravo"} & voices
    opened(alpha, None)
    alpha.page.keyboard.press("c")
    panel = alpha.page.locator(".panel form")
    panel.locator("[name=subject_kind]").select_option("vessel")
    panel.locator("[name=subject_label]").fill("")
    panel.locator("[name=remarks]").fill("x1")
    before = set(room.state(ALPHA).own.calls)
    panel.locator("button.strong").click()
    (subject,) = room.placed_since(ALPHA, before).placed.content.subjects
    assert (subject.kind.value, subject.label) == ("vessel", "gemi")
    opened(alpha, None)


def test_con_302_what_a_search_of_the_record_finds_is_told_in_words(alpha: Seat) -> None:
    panel = opened(alpha, {"name": "search", "q": "roz-9"})
    panel.locator("#search-box").press("End")
    alpha.page.evaluate(
        """async () => {
          const [{set, store}, api] = await Promise.all(
            ['store', 'api'].map((name) => import(`/console/app/${name}.js`)));
          set({panel: {...store.panel, told: await api.get('/search?q=x1')}});
        }"""
    )
    found = panel.locator("ul.lines li")
    expect(found.filter(has_text="bildirim").first).to_contain_text("sürüm")
    expect(panel.locator("pre.raw")).to_have_count(0)
    assert english(alpha, set()) == []
    found.filter(has_text="bildirim").locator("button").first.click()
    expect(panel.locator("h3").first).to_be_visible()


REFUSED: tuple[tuple[Panel, str], ...] = (  # what each act is refused for, in Turkish
    ({"notice_withdrawn": {"notice": "none", "version": 1, "reason": "x1"}}, "hiç verilmedi"),
    ({"call_disregarded": {"call": "none"}}, "kimseye ulaşmazdı"),
    ({"stop_lifted": {"call": "c-1"}}, "bir dur çağrısı değil"),
    ({"claim_withdrawn": {"claim": "none", "reason": "x1"}}, "hiç beyan edilmedi"),
    ({"notice_withdrawn": {"notice": "none", "version": "x", "reason": "x1"}}, "tam sayı değil"),
    ({"notice_withdrawn": {"notice": "none", "version": 1}}, "gerekçe"),
    ({"no_such_act": {}}, "bilinmiyor"),
)


@pytest.mark.parametrize(("body", "why"), REFUSED, ids=[why for _, why in REFUSED])
def test_con_303_a_refusal_is_told_in_turkish(alpha: Seat, body: Panel, why: str) -> None:
    opened(alpha, None)
    alpha.page.evaluate("async (body) => (await import('/console/app/acts.js')).record(body)", body)
    toast = alpha.page.locator(".toast")
    expect(toast).to_contain_text(why)
    expect(toast).to_contain_text("◦")
    assert not is_english(toast.locator("span").first.inner_text())
    alpha.errors.clear()  # the browser says of each refusal that it came


def test_con_303_a_refusal_waits_for_no_words_that_do_not_come(alpha: Seat) -> None:
    """The officer reads the English in a moment, where the node is slow to put it over."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    alpha.page.route("**/api/v1/told", hold)
    opened(alpha, None)
    alpha.page.evaluate(
        """async () => (await import('/console/app/acts.js'))
          .record({answer_given: {call: {named: {party: 'alpha', id: 'none'}}, answer_id: 'a',
            answer: {kind: 'noted', scope: {speaks_for: [], cannot_speak_for: []}}}})"""
    )
    expect(alpha.page.locator(".toast")).to_contain_text("names nothing that is held here")
    for one in held:
        one.abort()
    alpha.page.unroute("**/api/v1/told")
    alpha.errors.clear()


def test_con_424_what_was_recorded_is_told_though_its_words_do_not_come(alpha: Seat) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def answer(route: Route) -> None:
        route.fulfill(json={"recorded": [], "already": "It stands recorded already."})

    opened(alpha, None)
    alpha.page.route("**/api/v1/told", hold)
    alpha.page.route("**/api/v1/acts", answer)
    alpha.page.evaluate(
        "() => { import('/console/app/acts.js').then((acts) => acts.record({any: {}})); }"
    )
    expect(alpha.page.locator(".toast.ok")).to_contain_text("It stands recorded already.")
    for one in held:
        one.abort()
    for asked in ("told", "acts"):
        alpha.page.unroute(f"**/api/v1/{asked}")
    alpha.errors.clear()
