"""What a reload takes of a page: nothing of a call that runs, and nothing without asking."""

import json
from collections.abc import Iterator

import pytest
from api_desk import PASSWORD
from consoles import Seat, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, Dialog, expect
from room import OFFICER, WALL, Room
from test_console_network import logged, sent

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="reload").open() as opened:
        yield opened


def dialogs(at: Seat) -> list[str]:
    """What the browser asks a person from now on; each is agreed to."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    at.page.on("dialog", agree)
    return asked


def reload(at: Seat) -> None:
    at.page.reload()
    expect(at.page.locator("body[data-ready='1'], .gate form").first).to_be_attached()


def test_con_805_806_a_reload_is_asked_about_and_takes_no_running_call(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, ALPHA, map_kind="canvas") as at:
        asked = dialogs(at)
        reload(at)
        assert asked == []
        logged(at)
        panel = at.page.locator(".panel")
        panel.get_by_role("button", name="A person came on").click()
        panel.locator("[name=notes]").fill("they look into it")
        reload(at)
        assert asked == ["beforeunload"]
        at.page.keyboard.press("t")
        expect(panel.locator("[name=notes]")).to_have_value("they look into it")
        expect(panel.locator(".timer")).not_to_have_text("00:00")
        expect(panel.get_by_role("button", name="Take back")).to_have_count(1)
        sent(at)
        at.told("On record as entry")
        assert at.page.evaluate("sessionStorage.getItem('crosstell.call')") is None
        logged(at)
        at.page.evaluate("import('/console/app/session.js').then((one) => one.begin('other'))")
        expect(at.page.locator(".gate")).to_contain_text("Another account came in to this node")
        assert at.page.evaluate("Object.keys(sessionStorage)") == []
        assert asked == ["beforeunload"]
        at.clean()


def test_con_806_821_a_reload_while_the_node_is_silent_takes_no_running_call(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, ALPHA, map_kind="canvas") as at:
        dialogs(at)
        logged(at)
        at.page.locator(".panel [name=notes]").fill("they look into it")
        at.page.route("**/api/v1/session", lambda route: route.abort())
        at.page.reload()
        expect(at.page.locator(".gate")).to_have_text("The node does not answer.")
        at.page.unroute("**/api/v1/session")
        expect(at.page.locator("body[data-ready='1']")).to_be_attached()
        at.page.keyboard.press("t")
        expect(at.page.locator(".panel [name=notes]")).to_have_value("they look into it")
        expect(at.page.locator(".panel .timer")).not_to_have_text("00:00")
        at.errors[:] = [one for one in at.errors if "ERR_" not in one]
        at.clean()


def test_con_806_821_a_call_goes_on_after_a_login_too(browser: Browser, room: Room) -> None:
    with seat(browser, room, ALPHA, map_kind="canvas") as at:
        dialogs(at)
        logged(at)
        busy = json.dumps({"title": "Too many requests", "status": 429})
        at.page.route("**/api/v1/session", lambda route: route.fulfill(status=429, body=busy))
        at.page.reload()
        expect(at.page.locator(".gate form")).to_be_attached()
        at.page.unroute("**/api/v1/session")
        at.page.fill("[name=account]", OFFICER)
        at.page.fill("[name=password]", PASSWORD)
        at.page.click(".gate form button.strong")
        expect(at.page.locator("body[data-ready='1']")).to_be_attached()
        at.page.keyboard.press("t")
        expect(at.page.locator(".panel .timer")).not_to_have_text("00:00")
        expect(at.page.locator(".panel").get_by_role("button", name="End")).to_be_visible()


OF_ANOTHER = """async () => {
  const {goOn, unlogged} = await import('/console/app/views/voice_form.js');
  const call = {account: 'another', run: {started: 1}, hops: [], notes: 'n'};
  sessionStorage.setItem('crosstell.call', JSON.stringify(call));
  goOn();
  return [unlogged(), sessionStorage.getItem('crosstell.call')];
}"""


def test_con_821_nothing_of_a_call_stays_for_another_account(browser: Browser, room: Room) -> None:
    with seat(browser, room, ALPHA, map_kind="canvas") as at:
        assert at.page.evaluate(OF_ANOTHER) == [None, None]


def test_con_822_the_notes_of_a_call_stand_in_no_other(browser: Browser, room: Room) -> None:
    with seat(browser, room, ALPHA, map_kind="canvas") as at:
        logged(at)
        panel, notes = at.page.locator(".panel"), at.page.locator(".panel [name=notes]")
        notes.fill("of the first call")
        panel.get_by_role("button", name="End").click()
        expect(notes).to_have_value("of the first call")
        panel.locator(".line").get_by_role("button", name="Begin anew").click()
        panel.get_by_role("button", name="Start the call").click()
        expect(notes).to_have_value("")


def test_con_807_the_login_says_why_the_page_began_anew(browser: Browser) -> None:
    with Room(seed="begun").open() as room, seat(browser, room, map_kind="canvas") as at:
        asked = dialogs(at)
        logged(at)
        room.consoles[ALPHA].access.set_password(OFFICER, PASSWORD, now=WALL + room.clock.ran())
        gate = at.page.locator(".gate")
        expect(gate).to_contain_text("The session was ended: by a logging out in another page")
        reload(at)
        expect(gate).not_to_contain_text("The session was ended")
        assert asked == []
