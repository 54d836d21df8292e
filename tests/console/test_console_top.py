"""What comes to the top of the queue, or rises, under the hand of who presses a key."""

import re
from collections.abc import Iterator

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, Route, expect
from room import Room

from crosstell.core.detection.alert import Attention

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="top").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def at(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, map_kind="canvas") as found:
        expect(found.page.locator(".card.ringing").nth(1)).to_be_visible()
        found.seen()
        yield found


FRESH = """async () => {
  const {page, take} = await import('/console/app/main.js');
  const {set, store} = await import('/console/app/store.js');
  const found = [];
  const press = () => {
    const first = store.screen.queue[0].key;
    page.onChosen('A');
    found.push([store.selected === first, store.told?.kind ?? null]);
  };
  const swapped = () => {
    const screen = structuredClone(store.screen);
    screen.queue.unshift(...screen.queue.splice(1, 1));
    set({selected: null, told: null});
    take(screen);
  };
  swapped();
  press(); // not drawn yet
  await new Promise((done) => setTimeout(done, 300));
  swapped();
  await new Promise((done) => setTimeout(done, 300));
  press(); // drawn
  press(); // chosen and named by now
  set({selected: null, told: null});
  const now = performance.now.bind(performance);
  performance.now = () => now() + 2500;
  press(); // stands there for long
  performance.now = now;
  return found;
}"""


def test_con_323_what_came_to_the_top_under_the_hand_is_named_and_not_acted_on(at: Seat) -> None:
    def answer(route: Route) -> None:
        route.fulfill(json={"recorded": []})

    at.page.route("**/api/v1/acts", answer)
    named, acted = [True, "why"], "wait"
    found = at.page.evaluate(FRESH)
    assert found[:2] == [named, named]
    assert found[2] == [True, acted]
    assert found[3] == [False, acted]
    at.told("Acknowledged. On record")
    at.page.unroute("**/api/v1/acts")
    at.clean()


def test_con_469_a_screen_that_was_asked_for_is_not_taken_where_a_newer_one_came(at: Seat) -> None:
    def late(route: Route) -> None:
        told = route.fetch().json()
        inner = told.get("screen", told)
        inner.update({"at": "2020-01-01T00:00:00Z", "queue": []})
        route.fulfill(json=told)

    at.page.route("**/api/v1/screen", late)
    year = at.page.evaluate(
        """async () => {
          const {refreshed} = await import('/console/app/acts.js');
          const {store} = await import('/console/app/store.js');
          await refreshed();
          return new Date(store.screen.at).getUTCFullYear();
        }"""
    )
    assert year > 2020
    at.page.unroute("**/api/v1/screen")


PRESS = """(key) => {
  const card = document.querySelector(`.card[data-key="${CSS.escape(key)}"]`);
  const press = new MouseEvent('click', {bubbles: true, detail: 1});
  card.querySelector('button.big').dispatchEvent(press);
}"""


def test_con_446_a_card_that_came_under_the_resting_hand_is_named_and_not_acted_on(
    at: Seat,
) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.fulfill(json={"recorded": []})

    at.page.route("**/api/v1/acts", answer)
    cards = at.page.locator(".card.ringing")
    meant, came = (cards.nth(n).get_attribute("data-key") for n in (0, 1))
    at.page.evaluate("async () => (await import('/console/app/store.js')).set({selected: null})")
    cards.first.locator("button.big").hover()
    at.page.evaluate(PRESS, came)
    at.told("came under your pointer just now")
    assert asked == []
    expect(cards.nth(1)).to_have_class(re.compile("selected"))
    at.page.evaluate(PRESS, came)
    at.told("Acknowledged")
    at.page.evaluate(PRESS, meant)  # the pointer rests where it was brought to
    at.until(lambda: len(asked) == 2)
    at.page.unroute("**/api/v1/acts")


LINES = """async (silent) => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {store} = await import('/console/app/store.js');
  const {queue} = await import('/console/app/views/queue.js');
  const {silenced, selected} = store;
  const item = store.screen.queue.find(
    (one) => one.part === 'needs-you' && store.rings.has(one.key));
  const before = Array.from({length: 20}, (_, n) => ({...item, key: `before ${n}`}));
  const box = document.createElement('div');
  store.selected = null;
  store.silenced = new Map(silent ? [[item.key, {until: performance.now() + 90000}]] : []);
  render(queue({...store.screen, queue: [...before, item]}, {allowed: true}), box);
  Object.assign(store, {silenced, selected});
  const line = box.querySelector('.cards li:nth-child(21)');
  return [line.querySelectorAll('.buttons').length, line.querySelector('.tag')?.textContent ?? ''];
}"""


def test_con_707_a_card_in_one_line_says_that_it_is_silenced_and_until_when(at: Seat) -> None:
    buttons, said = at.page.evaluate(LINES, True)
    assert buttons == 0
    assert re.fullmatch(r"silenced, not acknowledged · .* 01:(30|29)", said)
    assert at.page.evaluate(LINES, False) == [0, ""]


BORN = """async (pressed_s) => {
  const {page} = await import('/console/app/main.js');
  const {drawn} = await import('/console/app/top.js');
  const {set, store} = await import('/console/app/store.js');
  const now = performance.now.bind(performance);
  const [{screen}, at] = [store, performance.now()];
  const item = screen.queue.find((one) => one.kind === 'alert' && store.rings.has(one.key));
  drawn({...screen, alerts: []});
  performance.now = () => at;
  drawn(screen);
  performance.now = () => at + pressed_s * 1000;
  set({selected: item.key, told: null});
  page.onChosen('A');
  performance.now = now;
  return item.alert;
}"""

TOUCHED = """async (waited_s) => {
  const {take} = await import('/console/app/main.js');
  const {set, store, watch} = await import('/console/app/store.js');
  const [screen, now] = [structuredClone(store.screen), performance.now.bind(performance)];
  screen.queue.unshift(...screen.queue.splice(1, 1));
  await new Promise((done) => {
    set({selected: null, told: null});
    take(screen);
    const stop = watch(() => (stop(), done()));
  });
  performance.now = () => now() + waited_s * 1000;
  const key = CSS.escape(screen.queue[0].key);
  const press = document.querySelector(`.card[data-key="${key}"] button.big`);
  press.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, pointerType: 'touch'}));
  press.dispatchEvent(new MouseEvent('click', {bubbles: true, detail: 1}));
  performance.now = now;
}"""


def test_con_480_what_was_just_born_is_not_acknowledged_nor_what_slid_under_a_finger(
    at: Seat,
) -> None:
    """CON-479: by touch, a card is meant that has stood at its place."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.fulfill(json={"recorded": []})

    at.page.route("**/api/v1/acts", answer)
    name = at.page.evaluate(BORN, 0.5)
    at.told(" appeared, or this page was loaded, less than 2 s ago")
    expect(at.page.locator(".toast")).not_to_contain_text(name)  # CON-809: no id
    assert asked == []
    assert at.page.evaluate(BORN, 2.5) == name
    at.told("Acknowledged. On record")
    at.until(lambda: len(asked) == 1)
    at.seen()
    at.page.evaluate(TOUCHED, 0)
    at.told("came under your pointer just now")
    assert len(asked) == 1
    at.page.evaluate(TOUCHED, 2.5)
    at.told("Acknowledged. On record")
    at.until(lambda: len(asked) == 2)
    at.page.unroute("**/api/v1/acts")
    at.clean()


CONFIRM = """(n) => {
  const card = document.querySelectorAll('[aria-labelledby=part-second] .card')[n];
  const press = new MouseEvent('click', {bubbles: true, detail: 1});
  card.querySelector('button.urgent').dispatchEvent(press);
}"""


def test_con_476_a_press_meant_for_one_waiting_act_confirms_no_other(at: Seat) -> None:
    def waits(name: str) -> dict[str, object]:
        terms = {"items": [], "recipient": name, "purpose": "test", "marking": "TEST"}
        act = {"id": name, "role": "duty-officer", "watch": "1", "kind": "copy_made"}
        return {**act, "own": False, "body": {"copy_made": terms}}

    waiting = [waits("embassy"), waits("press")]
    confirmed: list[str] = []

    def answer(route: Route) -> None:
        confirmed.append(route.request.url.split("/")[-2])
        route.fulfill(json={"recorded": []})

    at.page.route("**/api/v1/acts/pending", lambda route: route.fulfill(json={"pending": waiting}))
    at.page.route("**/api/v1/acts/pending/*/confirm", answer)
    fetch = "async () => (await import('/console/app/acts.js')).refreshPending()"
    cards = at.page.locator("[aria-labelledby=part-second] .card")
    at.page.evaluate(fetch)
    expect(cards).to_have_count(2)
    cards.first.get_by_role("button", name="Confirm").hover()
    del waiting[0]  # somebody else confirmed it
    at.page.evaluate(fetch)
    expect(cards).to_have_count(1)
    at.page.evaluate(CONFIRM, 0)
    at.told("came under your pointer just now")
    assert confirmed == []
    at.page.evaluate(CONFIRM, 0)  # named by now
    at.told("Confirmed. On record")
    assert confirmed == ["press"]
    at.page.unroute("**/api/v1/acts/pending")
    at.page.unroute("**/api/v1/acts/pending/*/confirm")
    at.page.evaluate(fetch)
    at.clean()


RISES = """async ([drawn_s, pressed_s]) => {
  const {page} = await import('/console/app/main.js');
  const {drawn} = await import('/console/app/top.js');
  const {set, store} = await import('/console/app/store.js');
  const now = performance.now.bind(performance);
  const [{screen}, at] = [store, performance.now()];
  const item = screen.queue.find((one) => one.kind === 'alert' && store.rings.has(one.key));
  const before = structuredClone(screen);
  before.alerts.find((one) => one.alert === item.alert).level = 'advisory';
  performance.now = () => at;
  drawn(before);
  performance.now = () => at + drawn_s * 1000;
  drawn(screen);
  performance.now = () => at + (drawn_s + pressed_s) * 1000;
  set({selected: item.key, told: null});
  page.onChosen('A');
  performance.now = now;
  return item.alert;
}"""


def test_con_440_what_rose_under_the_hand_is_not_acknowledged_until_it_was_seen(
    at: Seat, room: Room
) -> None:
    """The node refuses what the page showed before, and says so; seen, it takes it."""

    def attention(name: str) -> Attention:
        (found,) = (
            one.attention
            for one in room.state(ALPHA).journal.alerts.values()
            if one.shown is not None and one.shown.alert == name
        )
        return found

    name = at.page.evaluate(RISES, [60, 0.5])
    at.told(f"{name} is ")
    at.told("and you saw it advisory: it still needs you; look at it again")
    assert attention(name) is Attention.RINGING
    assert at.page.evaluate(RISES, [60, 2.5]) == name
    at.told("Acknowledged. On record")
    room.wait(lambda: attention(name) is Attention.ACKNOWLEDGED)
