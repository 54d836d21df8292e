"""What comes to the top of the queue under the hand of who presses a key."""

from collections.abc import Iterator

import pytest
from consoles import Seat, scene, seat
from playwright.sync_api import Browser, Route, expect
from room import Room

pytest_plugins = ("browsing",)


@pytest.fixture
def at(browser: Browser) -> Iterator[Seat]:
    with Room(seed="top").open() as room:
        scene(room)
        with seat(browser, room) as found:
            expect(found.page.locator(".card.ringing").nth(1)).to_be_visible()
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
    at.clean()
