"""A session that ends in the middle of a watch takes nothing away but the right to send."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from api_desk import PASSWORD
from consoles import OPEN, SHUT, SPY, Entrance, Seat, come_in, scene, seat
from locked import ACKNOWLEDGED, IS_USED, LOUD, MIND, RUSSIAN_Q, SILENCE, SILENCED, STEADY, ended
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect
from room import OFFICER, SECOND, WALL, Room, circle, place, volume, zone

from crosstell.shell.access.sessions import Limits

pytest_plugins = ("browsing",)
NOTES = "they asked for ten minutes"
PANEL = "async (panel) => (await import('/console/app/store.js')).set({panel, told: null})"
HELD = """async (name) => {
  const {store} = await import('/console/app/store.js');
  return store.screen.notices.some((one) => one.notice === name);
}"""
LATER = """(minutes) => {
  window.clock ??= Date.now;
  Date.now = () => window.clock() + minutes * 60_000;
}"""
RINGS = "async () => (await import('/console/app/store.js')).store.rings.size"
TURKISH = "async () => (await import('/console/app/main.js')).page.language('tr')"
ASKED = "**/api/v1/session"


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


def refused(at: Seat, line: Locator, notes: Locator) -> None:
    """Who is kept out reads why, and leaves it for now."""
    box = at.page.locator(".lock")
    again(at, "wrong words here now")
    expect(box.get_by_role("alert")).to_contain_text("check the account")
    expect(notes).to_be_editable()
    box.get_by_role("button", name="Not now").click()
    expect(notes).to_be_focused()
    line.get_by_role("button", name="Renew the session").click()
    expect(box.locator("[name=password]")).to_be_focused()
    expect(box.get_by_role("alert")).to_have_count(0)


def test_con_720_723_739_745_the_end_is_said_before_and_a_session_is_renewed_in_place(
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
        notes.focus()
        line.get_by_role("button", name="Renew the session").click()
        expect(box.locator("[name=account]")).to_have_value(OFFICER)
        expect(box.locator("[name=account]")).not_to_be_editable()
        assert at.faults_of_access(".lock") == []
        expect(box.locator("[name=password]")).to_be_focused()
        at.page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        expect(notes).to_have_value(NOTES)
        expect(notes).to_be_focused()
        line.get_by_role("button", name="Renew the session").click()
        refused(at, line, notes)
        again(at)
        expect(box).to_have_count(0)
        expect(line).to_have_count(0)
        expect(notes).to_have_value(NOTES)
        expect(at.page.locator(".panel .timer")).not_to_have_text("00:00")
        told(room, "ROZ-R1")
        at.until(lambda: at.page.evaluate(HELD, "ROZ-R1"))
        expect(at.page.locator(".officer")).to_contain_text("watch")


def silenced_from(at: Seat, box: Locator) -> None:
    """What sounds is silenced where the keyboard is, by the box's button and by its key."""
    page, first = at.page, box.locator("summary")
    page.evaluate(LOUD)
    box.get_by_role("button", name="Silence").click()
    expect(box.locator(".tag")).to_contain_text("silenced, not acknowledged")
    keys = page.evaluate(SILENCED)
    assert "session" in keys
    assert "node" not in keys, "it answers: it only shows nothing"
    page.evaluate(LOUD)
    first.press("q")
    assert page.evaluate(SILENCED) == keys
    page.evaluate(LOUD)
    first.evaluate(RUSSIAN_Q)
    assert page.evaluate(SILENCED) == keys
    page.evaluate(LOUD)
    box.locator("[name=password]").press("q")
    assert page.evaluate(SILENCED) == [], "it is a letter there"
    dim = page.locator("html").get_attribute("data-dim")
    first.press("m")
    expect(page.locator("html")).not_to_have_attribute("data-dim", dim or "")
    page.evaluate(SHUT)
    box.locator("[name=password]").press("x")
    assert page.evaluate(OPEN) == 1, "as any other key does"


def covered(page: Page) -> None:
    expect(page.locator(".page > :visible")).to_have_count(2)  # the banner and the box
    assert page.evaluate(SILENCE) == [440, 330]
    assert page.evaluate(SILENCED) == ["session"], "nothing rings that nobody sees"
    page.emulate_media(media="print")
    expect(page.locator(".page > :visible")).to_have_count(1)
    page.emulate_media(media="screen")


def test_con_721_723_727_736_737_740_at_its_end_the_page_stays_locked_and_is_covered_after_a_while(
    browser: Browser, tireless: Room
) -> None:
    room = tireless
    with seat(browser, room, map_kind="canvas", script=SPY) as at:
        page, box = at.page, at.page.locator(".lock")
        notes = typed(at)
        room.waited += timedelta(hours=12)
        expect(box.locator("h2")).to_have_text("The session has ended: this picture is not live")
        expect(page.locator(".page")).to_have_class(re.compile(r"\bstale\b.*\blapsed\b"))
        expect(page.locator(".card", has_text="T-4471").first).to_be_visible()
        expect(notes).to_have_value(NOTES)
        assert page.evaluate(RINGS) > 0
        expect(page.locator(".bar .c-ok")).to_be_hidden()  # "Live"
        assert at.faults_of_access(".lock") == []
        zulu = page.locator(".header .zulu").inner_text()
        expect(page.locator(".header .zulu")).not_to_have_text(zulu)
        expect(page.locator(".staleness")).to_contain_text("THE SESSION HAS ENDED")
        silenced_from(at, box)
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
        covered(page)
        page.evaluate(LATER, 0)
        assert not page.evaluate(HELD, "ROZ-N1")
        again(at)
        expect(box).to_have_count(0)
        at.until(lambda: page.evaluate(HELD, "ROZ-N1"))
        expect(notes).to_have_value(NOTES)
        expect(page.locator(".stale")).to_have_count(0)
        expect(page.locator(".card button").first).to_be_enabled()


def two_held(at: Seat, room: Room) -> None:
    """Two acts that were held back are told one by one, each with what it is about."""
    box, leave = at.page.locator(".lock"), at.page.get_by_role("button", name="Leave it")
    at.seen()
    room.waited += timedelta(hours=1)
    at.page.evaluate(ACKNOWLEDGED)
    at.page.evaluate(ACKNOWLEDGED)
    again(at)
    expect(box.locator("h2")).to_contain_text("Held back: “acknowledged by a person”")
    expect(box).to_contain_text("One of 2.")
    expect(box).to_contain_text("\u00d7 POST-1")
    leave.click()
    expect(box).not_to_contain_text("One of")
    leave.click()
    expect(box).to_have_count(0)


def test_con_722_724_729_741_an_idle_page_goes_on_and_its_act_is_sent_at_a_press_or_left(
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
        expect(box.locator("h2")).to_have_text("Locked: no key was pressed here for long")
        told(room, "ROZ-I1")
        at.until(lambda: page.evaluate(HELD, "ROZ-I1"))  # the picture goes on
        expect(page.locator(".staleness")).to_have_count(0)
        again(at)
        expect(box.locator("h2")).to_contain_text("Held back: “broadcast sent”, pressed 00:")
        expect(box).to_contain_text("keep clear")
        expect(box).not_to_contain_text("One of")
        assert at.faults_of_access(".lock") == []
        assert len(asked) == 1
        box.get_by_role("button", name="Leave it").click()
        at.told("Not done: The session was not used for too long. Come in again.")
        expect(page.locator(".panel [name=text]")).to_have_value("keep clear")
        room.waited += timedelta(hours=1)
        send.click()
        expect(box.locator("h2")).to_contain_text("Locked")
        again(at)
        box.get_by_role("button", name="Send it again").click()
        at.told("Broadcast recorded")
        keys = {one.headers["idempotency-key"] for one in asked}
        assert (len(asked), len(keys)) == (3, 1)
        two_held(at, room)
        assert len(room.state(ALPHA).own.broadcasts) == 1
        page.evaluate(TURKISH)
        room.waited += timedelta(hours=1)
        page.unroute("**/acts/pending")
        expect(box.locator("h2")).to_have_text("Kilitli: burada uzun süredir tuşa basılmadı")


def types_on(at: Seat, room: Room) -> None:
    """Somebody types while the page is locked, and does not look up."""
    page, password = at.page, at.page.locator(".lock [name=password]")
    page.route("**/acts/pending", lambda one: one.abort())
    page.evaluate(PANEL, {"name": "voice"})
    page.locator(".panel [name=notes]").focus()
    page.evaluate(LATER, 10)
    page.evaluate(STEADY)
    room.waited += timedelta(hours=1)

    def locked() -> int:
        page.keyboard.press("a")
        return password.count()

    at.until(locked)
    expect(password).to_be_focused()
    for key in ("b", "c", "Enter"):
        page.keyboard.press(key)
    expect(password).to_have_value("")
    expect(page.locator(".lock").get_by_role("alert")).to_have_count(0)
    page.evaluate(LATER, 11)
    page.keyboard.press("d")
    expect(password).to_have_value("d")


def test_con_728_738_743_a_press_is_use_and_what_the_page_asks_by_itself_is_none(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, map_kind="canvas") as at:
        line, box, page = at.page.locator(".session-line"), at.page.locator(".lock"), at.page
        asked: list[Request] = []
        page.on("request", lambda one: asked.append(one) if one.url.endswith("/use") else None)
        room.waited += timedelta(minutes=56)
        at.page.evaluate(MIND)
        expect(line).to_contain_text("any key keeps it open")
        page.route("**/session/use", lambda one: one.abort())
        at.page.evaluate(LATER, 2)  # since the last press that was told
        asked.clear()
        with page.expect_event("requestfailed", lambda one: one.url.endswith("/use")):
            page.keyboard.press("Shift")
        at.settled()
        page.keyboard.press("Shift")
        at.settled()
        assert len(asked) == 1, "a node that is down is not asked at each key"
        page.unroute("**/session/use")
        page.evaluate(LATER, 2.5)
        at.page.keyboard.press("Shift")
        expect(line).to_have_count(0)
        room.waited += timedelta(minutes=59)
        at.page.evaluate(MIND)
        expect(line).to_be_visible()
        room.waited += timedelta(minutes=1)
        expect(box).to_be_visible()  # by itself: it asks what waits
        again(at)
        expect(box).to_have_count(0)
        types_on(at, room)


def test_con_725_726_730_only_the_same_account_goes_on_and_what_was_ended_is_gone(
    browser: Browser, tireless: Room
) -> None:
    room = tireless
    access = room.consoles[ALPHA].access
    with seat(browser, room, map_kind="canvas") as at:
        page, box = at.page, at.page.locator(".lock")
        door = page.locator(".gate [name=password]")
        beside = f"{at.address}/api/v1/session"
        notes = typed(at)
        ended(at, room)
        expect(box).to_be_visible()
        page.context.request.post(beside, data={"account": OFFICER, "password": PASSWORD})
        page.evaluate(MIND)
        expect(box).to_have_count(0)
        page.context.request.post(beside, data={"account": OFFICER, "password": PASSWORD})
        at.until(lambda: page.evaluate(IS_USED))
        expect(notes).to_have_value(NOTES)
        ended(at, room)
        expect(box).to_be_visible()
        access.set_password(OFFICER, PASSWORD, now=WALL + room.waited)  # which ends what stands
        expect(door).to_be_visible()
        come_in(page, entrance(at))
        expect(page.locator(".panel")).to_have_count(0)
        typed(at)
        ended(at, room)
        expect(box).to_be_visible()
        page.context.request.post(beside, data={"account": SECOND, "password": PASSWORD})
        expect(door).to_be_visible()
        come_in(page, entrance(at))
        notes = typed(at)
        ended(at, room)
        box.locator("summary").click()
        box.get_by_role("button", name="Log out").click()
        expect(door).to_be_visible()
        assert NOTES not in page.content()


def test_con_731_742_an_answer_that_was_lost_while_renewing_takes_nothing_away(
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
        room.waited += timedelta(hours=11, minutes=40)
        renew = at.page.get_by_role("button", name="Renew the session")
        at.until(lambda: at.page.evaluate(MIND) or renew.count())  # it may ask already
        renew.click()
        at.page.route(ASKED, lambda one: one.abort())
        again(at)
        expect(box.get_by_role("alert")).to_have_text("The node does not answer.")
        at.page.unroute(ASKED)
        at.page.evaluate(MIND)  # the session before stands
        access.sessions.end_all(OFFICER, WALL + room.waited)
        expect(at.page.locator(".gate [name=password]")).to_be_visible()
