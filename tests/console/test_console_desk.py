"""What an officer reads of the act at hand: which matter, which node, what came of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from api_desk import PASSWORD
from consoles import Seat, scene, seat
from node_pair import ALPHA, DUTY
from playwright.sync_api import Browser, Locator, expect
from room import SECOND, WALL, Room

from crosstell.core.line.watch.relief import WatchRelieved
from crosstell.shell.access.account import AccountKind

pytest_plugins = ("browsing",)

STORE = """async (change) => {
  const {set, store} = await import('/console/app/store.js');
  const {page, take} = await import('/console/app/main.js');
  return await (%s)({set, store, page, take, change});
}"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="desk").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def at(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, size=(1366, 768), map_kind="canvas") as found:
        expect(found.page.locator(".card.ringing").nth(1)).to_be_visible()
        yield found


@pytest.fixture(autouse=True)
def nothing_open(at: Seat) -> Iterator[None]:
    yield
    at.leave()


def in_page(at: Seat, body: str, change: Any = None) -> Any:  # noqa: ANN401
    """What a function of the page's store gives."""
    found = at.page.evaluate(STORE % body, change)
    at.settled()
    return found


def place_form(at: Seat, name: str) -> Locator:
    """The form of an own-force location, with a place."""
    at.page.keyboard.press("n")
    panel = at.page.locator(".panel")
    panel.locator("[name=kind]").select_option("own_force_location")
    panel.locator("[name=id]").fill(name)
    panel.locator("[name=paste]").fill("36.40N 40.50E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset li").first).to_be_visible()
    return panel


def test_con_496_what_is_pressed_on_a_card_chooses_that_card(at: Seat) -> None:
    """Another one is framed; the call that opens is about the second, and so is the frame then."""
    first, second = (at.page.locator(".card[data-key^=alert]").nth(n) for n in (0, 1))
    names = [one.get_attribute("data-key") for one in (first, second)]
    first.focus()
    expect(first).to_have_class(re.compile("selected"))
    second.get_by_role("button", name=re.compile("^Call|^Stop")).first.click()
    expect(at.page.locator(".panel form")).to_be_visible()
    opened, chosen = in_page(at, "({store}) => [`alert ${store.panel.alert}`, store.selected]")
    assert opened == chosen == names[1]
    expect(second).to_have_class(re.compile("selected"))


def test_con_498_in_a_replay_the_header_says_who_holds_the_watch_now(at: Seat) -> None:
    """Another watch held the role at the moment that is shown; ours holds it now, and holds on."""
    officer = at.page.locator(".officer")
    in_page(
        at,
        """({set, store}) => {
          const screen = structuredClone(store.screen);
          for (const one of screen.watches) one.watch = 'w1';
          const replay = {at: Date.now() + store.skew_ms, playing: false};
          set({live: store.screen, screen, replay});
        }""",
    )
    expect(at.page.locator(".page")).to_have_class(re.compile("replaying"))
    expect(officer).to_contain_text("watch 1")
    expect(officer).not_to_contain_text("relieved")
    in_page(at, "({page}) => page.live()")
    expect(officer).not_to_contain_text("relieved")


NARROW = """(all) => all.filter((one) => !one.querySelector('dl') && one.clientWidth < 120)
  .map((one) => one.textContent)"""
PLACED = "(all) => all.map((one) => one.scrollWidth > one.clientWidth)"


def can_read(second: Seat, verb: str) -> None:
    """CON-505: no word of the act is cut or broken, and what is done with it is in sight."""
    card = second.page.locator(".card", has_text="Waits for a second person")
    expect(card.get_by_role("button", name=verb, exact=True)).to_be_in_viewport(ratio=1.0)
    assert card.locator("dd").evaluate_all(NARROW) == []
    assert not any(second.page.locator(".queue, .queue .card").evaluate_all(PLACED))


@pytest.mark.long
def test_con_497_501_nobody_is_ticked_for_a_place_of_ours_and_the_asker_is_told_what_came_of_it(
    browser: Browser, at: Seat, room: Room
) -> None:
    for name, verb in (("POST-7", "Turn down"), ("POST-8", "Confirm")):
        panel = place_form(at, name)
        boxes = panel.locator("[name^=to_]")
        assert [one.is_checked() for one in boxes.all()] == [False] * boxes.count()
        expect(panel).to_contain_text("Nothing crosses by itself")
        panel.get_by_role("button", name="Ask for the second person").click()
        at.told("Waits for a second person")
        with seat(browser, room, account=SECOND, size=(1366, 768), map_kind="canvas") as second:
            can_read(second, verb)
            second.page.get_by_role("button", name=verb, exact=True).click()
            expect(second.page.locator(".toast")).to_be_visible()
        told = {"Turn down": "Turned down by the second person: version filed"}
        at.told(told.get(verb, "Confirmed by the second person: version filed. On record as entry"))
        expect(at.page.locator(".toast")).not_to_contain_text("Waits")
    at.page.keyboard.press("n")
    panel = at.page.locator(".panel")
    expect(panel.locator("[name=to_bravo]")).to_be_checked()
    expect(panel).to_contain_text("Ticked as the protocol offers it")


def test_con_499_what_was_told_of_one_form_stands_over_no_other(at: Seat) -> None:
    """Filed by one form, another that sends is opened; and a refusal goes with what mends it."""
    toast = at.page.locator(".toast")
    at.page.keyboard.press("n")
    panel = at.page.locator(".panel")
    panel.locator("[name=id]").fill("ROZ-11")
    panel.locator("[name=paste]").fill("36.40N 40.50E")
    panel.get_by_role("button", name="Read", exact=True).click()
    panel.locator("[name=radius_km]").fill("4")
    panel.get_by_role("button", name="File the notice").click()
    expect(panel).to_have_count(0)
    at.told("Notice filed")
    at.page.keyboard.press("t")
    expect(panel).to_be_visible()
    expect(toast).to_have_count(0)
    at.leave()
    at.page.keyboard.press("x")
    panel.locator("[name=paste]").fill("36.40N 40.50E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset ul li").first).to_be_visible()
    panel.locator("[name=radius_km]").fill("4")
    panel.locator("[name=until]").fill("tomorrow")
    panel.get_by_role("button", name="Check the plan").click()
    at.told("tomorrow")
    panel.locator("[name=until]").fill("03:00")
    panel.get_by_role("button", name="Check the plan").click()
    expect(panel).to_contain_text(re.compile(r"Conflicts: \d"))
    expect(toast).to_have_count(0)
    at.errors.clear()  # the browser says of the refusal that it came
    moment = at.page.locator(".bar [name=moment]")
    moment.fill("half past")
    moment.press("Enter")
    at.told("half past")
    moment.blur()
    in_page(at, "({page}) => page.live()")
    expect(toast).to_have_count(0)
    at.errors.clear()


def test_con_502_what_was_typed_and_would_not_be_recorded_is_said_at_its_field(
    at: Seat, room: Room
) -> None:
    """An answer without what it was, a check without a method, a reading with half its figures."""
    invalid = "(box) => box.validationMessage"
    logs, said = room.state(ALPHA).own.voice_logs, room.state(ALPHA).own.size
    at.page.keyboard.press("t")
    panel = at.page.locator(".panel")
    panel.get_by_role("button", name="It was made earlier").click()
    for name in ("started", "checked", "answered", "ended"):
        panel.locator(f"[name=at_{name}]").fill("00:00")
    send = panel.get_by_role("button", name="Record the log", exact=True)
    send.click()
    method, answer = panel.locator("[name=auth_method]"), panel.locator("[name=answer]")
    assert "by which method" in method.evaluate(invalid)
    method.select_option("call-back")
    assert method.evaluate(invalid) == ""
    send.click()
    assert "what was answered" in answer.evaluate(invalid)
    at.leave()
    at.page.keyboard.press("p")
    reading = panel.locator("details.reading").first
    reading.locator("summary").click()
    reading.locator("[name=text]").fill("2 km")
    reading.locator("[name=lateral_m]").fill("")
    reading.locator("[name=vertical_m]").fill("300")
    reading.get_by_role("button", name="State the reading").click()
    lateral = reading.locator("[name=lateral_m]")
    assert "all of the figures or none" in lateral.evaluate(invalid)
    assert (room.state(ALPHA).own.voice_logs, room.state(ALPHA).own.size) == (logs, said)


def test_con_523_643_a_stamp_of_a_running_log_that_would_be_lost_is_said_and_can_be_taken_back(
    at: Seat, room: Room
) -> None:
    invalid = "(box) => box.validationMessage"
    before = set(room.state(ALPHA).own.voice_logs)
    at.page.keyboard.press("t")
    panel = at.page.locator(".panel")
    panel.get_by_role("button", name="Start the call").click()
    for name in ("Voice checked", "Answered"):
        panel.get_by_role("button", name=name).click()
    end = panel.get_by_role("button", name="End", exact=True)
    box = end.bounding_box()
    assert box is not None
    end.click()
    expect(end).to_have_count(0)
    at.page.mouse.click(box["x"] + 9, box["y"] + 9)  # pressed twice it goes on: no stamp is lost
    expect(end).to_be_visible()
    expect(panel.locator(".steps .mono")).to_have_count(2)
    at.page.keyboard.press("Escape")
    runs = at.page.get_by_role("button", name="A voice call runs and is not logged yet")
    expect(runs).to_contain_text("00:")
    runs.click()
    panel.get_by_role("button", name="End", exact=True).click()
    expect(at.page.locator(".rail .unlogged")).to_have_attribute("title", re.compile("has ended"))
    send = panel.get_by_role("button", name="Record the log", exact=True)
    send.click()
    method, answer = panel.locator("[name=auth_method]"), panel.locator("[name=answer]")
    assert "by which method" in method.evaluate(invalid)
    checked = panel.locator(".steps li", has_text="Voice checked")
    checked.get_by_role("button", name="Take back").click()
    expect(checked.locator(".mono")).to_have_count(0)
    send.click()
    assert "what was answered" in answer.evaluate(invalid)
    assert set(room.state(ALPHA).own.voice_logs) == before
    answer.select_option("noted")
    send.click()
    at.told("On record as entry")
    (name,) = set(room.state(ALPHA).own.voice_logs) - before
    account = room.state(ALPHA).own.voice_logs[name].account
    assert account.answered_at is not None
    assert account.authentication.done_at is None


@pytest.mark.long
def test_con_503_the_gate_says_which_party_and_whether_it_is_real_and_lets_go(
    browser: Browser, room: Room
) -> None:
    access = room.consoles[ALPHA].access
    access.make_account(
        "nils", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
    )
    with seat(browser, room, account="nils", watch="", map_kind="canvas") as other:
        gate, banner = other.page.locator(".gate"), other.page.locator(".banner")
        expect(gate).to_contain_text("Watch 1 holds it now")
        expect(banner).to_contain_text("Exercise")
        expect(banner).to_contain_text("Alpha")
        assert banner.evaluate("(one) => one.clientHeight") == 20, "its words are whole"
        assert other.faults_of_access() == []
        gate.get_by_role("button", name="Log out").click()
        expect(other.page.locator("[name=account]")).to_be_visible()
        other.clean()


def test_con_507_names_are_never_put_in_capitals_by_the_page(at: Seat) -> None:
    """By no language's rules: what is the page's own word is, and no other part of the banner."""
    cases = "(all) => all.map((one) => getComputedStyle(one).textTransform)"
    spans = at.page.locator(".banner > span").evaluate_all(cases)
    assert (spans[0], set(spans[1:])) == ("uppercase", {"none"})
    found = at.page.evaluate(
        """() => {
          const head = document.querySelector('.part h2');
          const id = head.appendChild(document.createElement('bdi'));
          id.className = 'mono';
          const found = [head, id].map((one) => getComputedStyle(one).textTransform);
          id.remove();
          return found;
        }"""
    )
    assert found == ["uppercase", "none"]


def test_con_506_a_grid_reference_stays_in_one_line_and_a_line_without_tests_says_so(
    at: Seat,
) -> None:
    expect(at.page.locator(".header .line-to").first).to_contain_text("no line test answered yet")
    unbroken = at.page.evaluate(
        """async () => (await import('/console/app/format.js'))
          .unbroken('37S FA 5672 4083, 2 km · keep out of 4 FA')"""
    )
    assert unbroken == "37S\u00a0FA\u00a05672\u00a04083, 2 km · keep out of 4 FA"


def test_con_508_the_most_urgent_open_matter_is_told_first_at_relief(at: Seat) -> None:
    """A critical alert about which a stop is out is monitored, and stands last in the queue."""
    worst = in_page(
        at,
        """({set, store}) => {
          const screen = structuredClone(store.screen);
          const [first, ...rest] = screen.queue;
          screen.queue = [...rest, {...first, part: 'monitoring'}];
          const replay = {at: Date.now() + store.skew_ms, playing: false};
          set({live: store.screen, screen, replay});
          return [first.kind, first.level];
        }""",
    )
    assert worst == ["alert", "critical"]
    at.page.keyboard.press("h")
    matters = at.page.locator(".panel h3", has_text="Open matters").locator(
        "xpath=following::ul[1]"
    )
    expect(matters.locator("li").first).to_contain_text("critical T-4502 \u00d7 POST-1")
    in_page(at, "({page}) => page.live()")


def test_con_509_what_an_incident_is_opened_from_is_said_in_words(at: Seat) -> None:
    at.page.locator(".card", has_text="T-4471 \u00d7 POST-1").focus()
    at.page.keyboard.press("z")
    expect(at.page.locator(".panel p.quiet").first).to_have_text(
        "From the matter T-4471 \u00d7 POST-1"
    )


def test_con_504_who_was_relieved_is_told_so_and_nothing_can_be_sent_any_more(
    at: Seat, room: Room
) -> None:
    """The last of this page: the watch is another one's from here on."""
    at.page.keyboard.press("n")
    file = at.page.get_by_role("button", name="File the notice")
    expect(file).to_be_enabled()
    room.act(ALPHA, WatchRelieved(role=DUTY, from_watch="1", to_watch="2"), watch="2")
    at.told("Relieved by watch 2")
    expect(file).to_be_disabled()
    at.leave()
    at.page.keyboard.press("a")
    at.told("Relieved by watch 2")
    assert at.page.locator(".card button.big").first.is_disabled()


def test_con_510_the_keyboard_is_not_taken_from_where_a_person_has_gone(at: Seat) -> None:
    at.page.keyboard.press("/")
    expect(at.page.locator("#search-box")).to_be_focused()
    for key in (
        "Tab",
        "n",
    ):  # a form by its key from the next place: nothing was typed into the box
        at.page.keyboard.press(key)
    at.page.wait_for_timeout(200)  # whatever would come late has come
    expect(at.page.locator(".panel .body")).to_be_focused()
    expect(at.page.locator(".panel h2")).to_have_text("File a notice")


def test_con_510_a_search_of_nothing_is_held_back_and_a_refused_one_says_why(at: Seat) -> None:
    at.page.keyboard.press("/")
    box = at.page.locator("#search-box")
    asked = len(at.asked)
    for words in ("", "   "):
        box.fill(words)
        box.press("Enter")
        assert box.evaluate("(one) => !one.form.checkValidity()")
    assert not [one for one in at.asked[asked:] if "/search" in one]
    at.page.route("**/api/v1/search*", lambda route: route.abort())
    box.fill("no such thing")
    box.press("Enter")
    expect(at.page.locator(".toast.bad")).to_be_visible()
    at.page.unroute("**/api/v1/search*")
    expect(box).to_be_focused()
