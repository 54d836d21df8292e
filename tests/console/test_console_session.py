"""A session that ends in the middle of a watch takes nothing away but the right to send."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from api_desk import PASSWORD
from consoles import Entrance, Seat, come_in, scene, seat
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, Locator, Request, Route, expect
from room import OFFICER, SECOND, WALL, Room, circle, place, volume, zone

from crosstell.shell.access.sessions import Limits

pytest_plugins = ("browsing",)
NOTES = "they asked for ten minutes"
PANEL = "async (panel) => (await import('/console/app/store.js')).set({panel, told: null})"
HELD = """async (name) => {
  const {store} = await import('/console/app/store.js');
  return store.screen.notices.some((one) => one.notice === name);
}"""
MIND = "async () => { await (await import('/console/app/session.js')).mind(); }"
LATER = """(minutes) => {
  window.clock ??= Date.now;
  Date.now = () => window.clock() + minutes * 60_000;
}"""
IS_USED = """async () => {
  const api = await import('/console/app/api.js');
  return api.use().then(() => true, () => false);
}"""
RINGS = "async () => (await import('/console/app/store.js')).store.rings.size"
TURKISH = "async () => (await import('/console/app/main.js')).page.language('tr')"
ASKED = "**/api/v1/session"
HOURS_12 = timedelta(hours=12)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="session").open() as found:
        scene(found)
        yield found


@pytest.fixture
def tireless(room: Room) -> Iterator[Room]:
    """The room, in which a session ends but is never idle."""
    sessions = room.consoles[ALPHA].access.sessions
    before, sessions.limits = sessions.limits, Limits(idle_s=1e9)
    yield room
    sessions.limits = before


def typed(at: Seat) -> Locator:
    """The voice log that somebody is writing while they speak."""
    at.page.evaluate(PANEL, {"name": "voice"})
    notes = at.page.locator(".panel [name=notes]")
    notes.fill(NOTES)
    at.page.locator(".panel").get_by_role("button", name="Start the call").click()
    return notes


def again(at: Seat, password: str = PASSWORD) -> None:
    at.page.locator(".lock [name=password]").fill(password)
    at.page.locator(".lock [name=password]").press("Enter")


def entrance(at: Seat) -> Entrance:
    return Entrance(address=at.address, account=OFFICER, password=PASSWORD, map_kind="canvas")


def told(room: Room, name: str) -> None:
    """The other party files a notice that the page will show, if anything new comes to it."""
    room.act(BRAVO, zone(name, volume(room.clock.now(), circle(place(30, -30), 6_000)), ALPHA))
    room.wait(lambda: name in room.state(ALPHA).feeds[BRAVO].notices)


def test_con_720_723_the_end_is_said_before_and_a_session_is_renewed_in_place(
    browser: Browser, tireless: Room
) -> None:
    room = tireless
    with seat(browser, room, map_kind="canvas") as at:
        line, box = at.page.locator(".session-line"), at.page.locator(".lock")
        notes = typed(at)
        room.waited += timedelta(hours=11, minutes=29)
        at.page.evaluate(MIND)
        at.settled()
        expect(line).to_have_count(0)
        room.waited += timedelta(minutes=11)
        at.page.evaluate(MIND)
        expect(line).to_contain_text("This session ends soon")
        expect(line.locator("[role=timer]")).to_contain_text("19:")
        assert at.faults_of_access(".session-line") == []
        for width, height in ((1366, 768), (1600, 1000)):
            at.page.set_viewport_size({"width": width, "height": height})
            tall = at.page.locator(".map").bounding_box()
            assert tall is not None
            assert tall["height"] > height / 2  # the line takes a row of its own
        line.get_by_role("button", name="Renew the session").click()
        expect(box.locator("[name=account]")).to_have_value(OFFICER)
        expect(box.locator("[name=account]")).not_to_be_editable()
        assert at.faults_of_access(".lock") == []
        expect(box.locator("[name=password]")).to_be_focused()
        at.page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        expect(notes).to_have_value(NOTES)
        line.get_by_role("button", name="Renew the session").click()
        again(at, "wrong words here now")
        expect(box.get_by_role("alert")).to_contain_text("check the account")
        expect(notes).to_be_editable()
        again(at)
        expect(box).to_have_count(0)
        expect(line).to_have_count(0)
        expect(notes).to_have_value(NOTES)
        expect(at.page.locator(".panel .timer")).not_to_have_text("00:00")
        told(room, "ROZ-R1")
        at.until(lambda: at.page.evaluate(HELD, "ROZ-R1"))
        expect(at.page.locator(".officer")).to_contain_text("watch")


def test_con_721_723_727_at_its_end_the_page_stays_locked_and_is_covered_after_a_while(
    browser: Browser, tireless: Room
) -> None:
    room = tireless
    with seat(browser, room, map_kind="canvas") as at:
        page, box = at.page, at.page.locator(".lock")
        notes = typed(at)
        room.waited += HOURS_12
        expect(box.locator("h2")).to_have_text("The session has ended: this picture is not live")
        expect(page.locator(".page")).to_have_class(re.compile(r"\bstale\b.*\blapsed\b"))
        expect(page.locator(".card", has_text="T-4471").first).to_be_visible()
        expect(notes).to_have_value(NOTES)
        assert page.evaluate(RINGS) > 0
        expect(page.locator(".bar .c-ok")).to_be_hidden()  # "Live"
        assert at.faults_of_access(".lock") == []
        zulu = page.locator(".header .zulu").inner_text()
        expect(page.locator(".header .zulu")).not_to_have_text(zulu)
        told(room, "ROZ-N1")
        page.locator(".header").click(force=True)
        page.keyboard.press("n")
        expect(page.locator(".panel [name=notes]")).to_have_count(1)
        again(at, "wrong words here now")
        expect(box.get_by_role("alert")).to_contain_text("check the account")
        page.route(ASKED, lambda one: one.abort())
        again(at)
        expect(box.get_by_role("alert")).to_have_text("The node does not answer.")
        page.unroute(ASKED)
        page.evaluate(LATER, 16)
        expect(page.locator(".page > :visible")).to_have_count(2)  # the banner and the box
        page.emulate_media(media="print")
        expect(page.locator(".page > :visible")).to_have_count(1)
        page.emulate_media(media="screen")
        page.evaluate(LATER, 0)
        assert not page.evaluate(HELD, "ROZ-N1")
        again(at)
        expect(box).to_have_count(0)
        at.until(lambda: page.evaluate(HELD, "ROZ-N1"))
        expect(notes).to_have_value(NOTES)
        expect(page.locator(".stale")).to_have_count(0)
        expect(page.locator(".card button").first).to_be_enabled()


def test_con_722_724_729_an_idle_page_goes_on_and_its_act_is_sent_at_a_press_or_left(
    browser: Browser, room: Room
) -> None:
    asked: list[Request] = []
    with seat(browser, room, map_kind="canvas") as at:
        page, box = at.page, at.page.locator(".lock")
        page.on("request", lambda one: asked.append(one) if one.url.endswith("/acts") else None)
        page.route("**/acts/pending", lambda one: one.abort())  # by which it learns that it is idle
        page.evaluate(PANEL, {"name": "broadcast"})
        page.locator(".panel [name=mhz]").fill("243")
        page.locator(".panel [name=text]").fill("keep clear")
        room.waited += timedelta(hours=1)
        send = page.locator(".panel").get_by_role("button", name="Record as sent now")
        send.click()
        expect(box.locator("h2")).to_have_text("Locked: nobody used this console for long")
        told(room, "ROZ-I1")
        at.until(lambda: page.evaluate(HELD, "ROZ-I1"))  # the picture goes on
        expect(page.locator(".staleness")).to_have_count(0)
        again(at)
        expect(box.locator("h2")).to_contain_text("Held back: “broadcast sent”, pressed 00:")
        assert len(asked) == 1
        box.get_by_role("button", name="Leave it").click()
        at.told("Not done: The session was not used for too long. Come in again.")
        expect(page.locator(".panel [name=text]")).to_have_value("keep clear")
        room.waited += timedelta(hours=1)
        send.click()
        again(at)
        box.get_by_role("button", name="Send it again").click()
        at.told("Broadcast recorded")
        keys = {one.headers["idempotency-key"] for one in asked}
        assert (len(asked), len(keys)) == (3, 1)
        assert len(room.state(ALPHA).own.broadcasts) == 1
        page.evaluate(TURKISH)
        room.waited += timedelta(hours=1)
        page.unroute("**/acts/pending")
        expect(box.locator("h2")).to_have_text("Kilitli: bu konsol uzun süre kullanılmadı")


def test_con_728_a_press_is_use_and_what_the_page_asks_by_itself_is_none(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, map_kind="canvas") as at:
        line = at.page.locator(".session-line")
        room.waited += timedelta(minutes=56)
        at.page.evaluate(MIND)
        expect(line).to_contain_text("any key keeps it open")
        at.page.evaluate(LATER, 2)  # since the last press that was told
        at.page.keyboard.press("Shift")
        expect(line).to_have_count(0)
        room.waited += timedelta(minutes=59)
        at.page.evaluate(MIND)
        expect(line).to_be_visible()
        room.waited += timedelta(minutes=1)
        expect(at.page.locator(".lock")).to_be_visible()  # by itself: it asks what waits


def test_con_725_726_730_only_the_same_account_goes_on_and_what_was_ended_is_gone(
    browser: Browser, tireless: Room
) -> None:
    room = tireless
    access = room.consoles[ALPHA].access
    with seat(browser, room, map_kind="canvas") as at:
        page, box, door = (
            at.page,
            at.page.locator(".lock"),
            at.page.locator(".gate [name=password]"),
        )
        beside = f"{at.address}/api/v1/session"
        notes = typed(at)
        room.waited += HOURS_12
        expect(box).to_be_visible()
        page.context.request.post(beside, data={"account": OFFICER, "password": PASSWORD})
        expect(box).to_have_count(0)
        page.context.request.post(beside, data={"account": OFFICER, "password": PASSWORD})
        at.until(lambda: page.evaluate(IS_USED))
        expect(notes).to_have_value(NOTES)
        room.waited += HOURS_12
        expect(box).to_be_visible()
        access.set_password(OFFICER, PASSWORD, now=WALL + room.waited)  # which ends what stands
        expect(door).to_be_visible()
        come_in(page, entrance(at))
        expect(page.locator(".panel")).to_have_count(0)
        typed(at)
        room.waited += HOURS_12
        expect(box).to_be_visible()
        page.context.request.post(beside, data={"account": SECOND, "password": PASSWORD})
        expect(door).to_be_visible()
        come_in(page, entrance(at))
        notes = typed(at)
        room.waited += HOURS_12
        box.locator("summary").click()
        box.get_by_role("button", name="Log out").click()
        expect(door).to_be_visible()
        assert NOTES not in page.content()


def test_con_731_an_answer_that_was_lost_while_renewing_takes_nothing_away(
    browser: Browser, tireless: Room
) -> None:
    room = tireless
    access = room.consoles[ALPHA].access

    def lost(one: Route) -> None:
        if one.request.method != "POST":
            return one.continue_()
        access.sessions.end_all(OFFICER, WALL + room.waited)  # as the new one ends the one before
        return one.abort()

    with seat(browser, room, map_kind="canvas") as at:
        box = at.page.locator(".lock")
        notes = typed(at)
        room.waited += timedelta(hours=11, minutes=40)
        at.page.evaluate(MIND)
        at.page.get_by_role("button", name="Renew the session").click()
        at.page.route(ASKED, lost)
        again(at)
        expect(box.locator("h2")).to_have_text("The session has ended: this picture is not live")
        at.page.unroute(ASKED)
        again(at)
        expect(box).to_have_count(0)
        expect(notes).to_have_value(NOTES)
