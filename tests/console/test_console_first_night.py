"""A first night without a word of explanation: five tasks at the smallest screen, all in sight.

Nothing is scrolled by the test. What is to be read or pressed lies whole within the window, and
nothing lies over it.
"""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, Locator, expect
from room import Room

from crosstell.core.picture.content import Zone

SMALLEST = (1366, 768)
MOST_URGENT = "T-4502 \u00d7 POST-1"
IN_SIGHT = """
  (one) => {
    const box = one.getBoundingClientRect();
    const inside = box.left >= 0 && box.top >= 0
      && box.right <= innerWidth && box.bottom <= innerHeight;
    const points = [[0.5, 0.5], [0.02, 0.5], [0.98, 0.5], [0.5, 0.06], [0.5, 0.94]];
    const shown = points
      .map(([x, y]) => [box.left + box.width * x, box.top + box.height * y])
      .map(([x, y]) => document.elementFromPoint(x, y))
      .every((each) => each === one.parentElement || one.contains(each));
    return box.width > 0 && inside && shown;
  }
"""

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="first-night").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=SMALLEST) as found:
        yield found
        found.clean()


@pytest.fixture(scope="module")
def bravo(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, BRAVO, size=SMALLEST) as found:
        yield found
        found.clean()


def in_sight(at: Seat, *these: Locator) -> None:
    for one in these:
        expect(one).to_be_visible()
        at.until(partial(one.evaluate, IN_SIGHT))


def press(at: Seat, within: Locator, name: str) -> None:
    """A button that is in sight, by its name as it is read."""
    button = within.get_by_role("button", name=re.compile(rf"^{re.escape(name)}"))
    in_sight(at, button)
    button.click()


def test_con_360_a_first_night(alpha: Seat, bravo: Seat, room: Room) -> None:
    finds_what_is_most_urgent(alpha)
    finds_why_it_cannot_be_ruled_out(alpha)
    answers_the_alert(alpha)
    answers_the_call(bravo)
    sees_what_was_answered(alpha)
    files_a_zone(bravo, room)
    shows_when_the_others_held_it(alpha)


def finds_what_is_most_urgent(at: Seat) -> None:
    first = at.page.locator(".card").first
    expect(first).to_contain_text(MOST_URGENT)
    in_sight(at, first.locator(".word"), first.locator("h3"), first.locator(".due .n"))
    in_sight(at, first.locator(".due .of"), first.locator(".ladder"))
    in_sight(at, first.get_by_role("button", name="Acknowledge"))


def finds_why_it_cannot_be_ruled_out(at: Seat) -> None:
    press(at, at.card(MOST_URGENT), "Why?")
    panel = at.page.locator(".panel")
    in_sight(at, panel.get_by_text("Aircraft keep away from places"))
    in_sight(at, panel.get_by_text("The source states no accuracy of the position"))
    in_sight(at, panel.get_by_text("any direction is possible"))
    press(at, panel, "Close")


def answers_the_alert(at: Seat) -> None:
    press(at, at.card(MOST_URGENT), "Call Bravo")
    panel = at.page.locator(".panel")
    in_sight(at, panel.locator("[name=to_party]"), panel.locator("[name=kind]"))
    press(at, panel, "Send")
    at.told("Call placed")
    at.seen()
    press(at, at.card(MOST_URGENT), "Acknowledge")
    at.told("Acknowledged")


def answers_the_call(at: Seat) -> None:
    call = at.page.locator(".card").first
    expect(call).to_contain_text("Call from Alpha")
    in_sight(at, call.get_by_text("own forces endangered"), call.locator(".due .n"))
    press(at, call, "Received")
    press(at, call, "Answer")
    panel = at.page.locator(".panel")
    in_sight(at, panel.locator("dd", has_text="own forces endangered"))
    in_sight(at, panel.locator("form").last.locator("[name=kind]"))
    panel.locator("[name=kind]").select_option("will-comply")
    press(at, panel, "Send the answer")
    at.told("Answered")


def sees_what_was_answered(at: Seat) -> None:
    row = at.page.locator(".rows [data-key^='call ']").filter(has_text="warn")
    expect(row).to_contain_text("will comply")


def files_a_zone(at: Seat, room: Room) -> None:
    press(at, at.page.locator(".rail"), "Notice")
    panel = at.page.locator(".panel")
    in_sight(at, panel.get_by_text("MGRS"), panel.locator("[name=field_type]"))
    paste = panel.locator("[name=paste]")
    in_sight(at, paste)
    paste.fill("37S FA 30592 62810")
    press(at, panel, "File the notice")
    at.told("press once more")
    in_sight(at, panel.locator("ol").get_by_text("37S FA 30592 62810"))
    press(at, panel, "File the notice")
    at.told("filed")
    filed = [one.latest.event.content for one in room.state(BRAVO).own.notices.values()]
    assert any(isinstance(one, Zone) and one.declaring_authority == "Bravo" for one in filed)


def shows_when_the_others_held_it(at: Seat) -> None:
    at.page.locator(".rows [data-key^='call ']").filter(has_text="warn").click()
    panel = at.page.locator(".panel")
    press(at, panel, "When did Bravo hold it?")
    held = panel.locator(".bracket")
    in_sight(at, held.locator(".held"), held.locator("svg"), held.locator("ul"))
    in_sight(at, held.get_by_text("The order is proved"))
    expect(held.locator(".held")).to_contain_text(
        re.compile(r"after \d\d:\d\d:\d\d.* by our clock.*not after .* by Bravo's clock")
    )
    expect(held.locator("ul")).to_contain_text("Our entry")
    expect(held.locator("ul")).to_contain_text("Bravo: entry")


SURE = "T-4471 \u00d7 POST-1"
LONG = """
  async (title) => {
    const {set, store} = await import('/console/app/store.js');
    const screen = structuredClone(store.screen);
    const [one] = screen.header.counterparts;
    one.who.title = title;
    screen.header.counterparts.push(structuredClone(one));
    screen.header.own.title = title;
    screen.protocol.title = title;
    set({screen});
    await new Promise((done) => setTimeout(done, 70));
    const rail = document.querySelector('.rail');
    const named = [...rail.querySelectorAll('.name')].filter((one) => one.checkVisibility());
    const tools = named.length === 14 && rail.scrollHeight <= rail.clientHeight;
    const lines = [...document.querySelectorAll('.header .standing')].map((line) => {
      const [box, said] = [line, line.lastElementChild].map((one) => one.getBoundingClientRect());
      return said.width > 30 && said.right <= box.right + 0.5 && said.left >= box.left - 0.5;
    });
    return [...lines, tools];
  }
"""


def test_con_361_why_there_is_an_alert_is_one_key_away(alpha: Seat) -> None:
    alpha.card(SURE).focus()
    alpha.page.keyboard.press("w")
    panel = alpha.page.locator(".panel")
    in_sight(alpha, panel.get_by_text("Aircraft keep away from places"))
    in_sight(alpha, panel.get_by_text("Too near is within 5.6 km and 3000 ft in height"))
    in_sight(alpha, panel.get_by_text("Position known only within its stated accuracy"))
    expect(panel.get_by_role("button", name="Why?")).to_have_count(0)
    expect(panel.get_by_role("button", name="Acknowledge")).to_be_visible()
    alpha.page.keyboard.press("Escape")


def test_con_365_a_panel_has_the_keyboard_while_it_is_open(alpha: Seat) -> None:
    card = alpha.card(SURE)
    card.focus()
    alpha.page.keyboard.press("c")
    expect(alpha.page.locator(".panel .body")).to_be_focused()
    alpha.page.keyboard.press("Tab")
    expect(alpha.page.locator(".panel [name=to_party]")).to_be_focused()
    alpha.page.keyboard.press("Escape")  # in a field too
    expect(card).to_be_focused()


def test_con_362_an_alerts_card_says_what_was_answered_to_its_call(
    alpha: Seat, bravo: Seat
) -> None:
    card = alpha.card(SURE)
    expect(card.locator(".called")).to_have_count(0)
    card.focus()
    alpha.page.keyboard.press("c")
    press(alpha, alpha.page.locator(".panel"), "Send")
    expect(card.locator(".called")).to_contain_text(re.compile("Called Bravo.*delivered"))
    taken = bravo.page.locator(".card", has_text="Call from Alpha").filter(has_text="warn")
    taken.get_by_role("button", name="Received").click()
    taken.get_by_role("button", name="Answer").click()
    panel = bravo.page.locator(".panel")
    panel.locator("[name=kind]").last.select_option("unable")
    panel.locator("[name=reason]").fill("no contact with it")
    press(bravo, panel, "Send the answer")
    expect(card.locator(".called")).to_contain_text("unable")
    card.locator(".called").get_by_role("button").click()
    expect(alpha.page.locator(".panel")).to_contain_text("no contact with it")
    alpha.page.keyboard.press("Escape")


def test_con_363_a_call_is_made_again_and_without_any_alert(alpha: Seat, room: Room) -> None:
    placed = len(room.state(ALPHA).own.calls)
    row = alpha.page.locator(".rows [data-key^='call ']").filter(has_text="unable")
    row.click()
    alpha.page.keyboard.press("c")
    form = alpha.page.locator(".panel form")
    expect(form.locator("[name=danger]")).to_have_value("own-forces-endangered")
    expect(form.locator("[name=kind]")).to_have_value("warn")
    assert len(room.state(ALPHA).own.calls) == placed
    alpha.page.keyboard.press("Escape")
    alpha.page.keyboard.press("l")
    press(alpha, alpha.page.locator(".panel"), "Call Bravo")
    expect(form.locator("[name=to_party]")).to_have_value("bravo")
    expect(form.locator("[name=kind]")).to_have_value("inform")
    form.locator("[name=subject_label]").fill("convoy on the northern road")
    press(alpha, alpha.page.locator(".panel"), "Send")
    alpha.told("Call placed")
    room.wait(lambda: len(room.state(ALPHA).own.calls) == placed + 1)


def test_con_364_how_a_line_stands_is_not_cut_by_long_titles(alpha: Seat) -> None:
    """CON-613: nor a tool or its word, by the longest titles that a protocol may have."""
    title = "a party with a title that somebody made very long indeed, with all that is in it"
    title = f"{title} and about it: {title}"[:200].ljust(200, "x")
    wanted = [True, True, True]
    alpha.until(lambda: alpha.page.evaluate(LONG, title) == wanted)  # between two screens


def test_con_366_a_bracket_is_as_exact_as_its_clocks(alpha: Seat) -> None:
    alpha.page.locator(".rows [data-key^='call ']").filter(has_text="unable").click()
    panel = alpha.page.locator(".panel")
    expect(panel.locator(".bracket .held")).to_contain_text(
        re.compile(r"after \d\d:\d\d:\d\d\.\d{3}Z by our clock")
    )
    expect(panel.locator("ol")).to_contain_text("Our entry")
    expect(panel.locator("ol")).to_contain_text("Bravo: entry")
    alpha.page.keyboard.press("Escape")


def test_con_367_a_form_begins_with_a_party_of_the_protocol(alpha: Seat) -> None:
    """A notifier owes no duty, though its name may come first: it is not called by default."""
    first = """
      async () => {
        const {nearest, store} = await import('/console/app/store.js');
        const screen = structuredClone(store.screen);
        const [held] = screen.header.counterparts;
        const notifier = {...structuredClone(held), in_force_since: null};
        notifier.who.party = 'aid';
        screen.header.counterparts.unshift(notifier);
        const before = store.screen;
        store.screen = screen;
        const found = nearest();
        store.screen = before;
        return found;
      }
    """
    assert alpha.page.evaluate(first) == BRAVO
    alpha.page.keyboard.press("t")
    expect(alpha.page.locator(".panel [name=counterpart]")).to_have_value(BRAVO)
    alpha.page.keyboard.press("Escape")
