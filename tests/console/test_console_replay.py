"""A past moment in the page, from a node with its record on disk: what was known then, no more."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from consoles import Seat, seat
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, expect
from room import Room, circle, place, volume, zone

ACT = """async () => {
  const acts = await import('/console/app/acts.js');
  await acts.reportLine({party: 'bravo', role: 'duty-officer', medium: 'radio'}, 'down');
}"""

pytest_plugins = ("browsing",)


def assert_nothing_is_recorded(at: Seat, room: Room) -> None:
    """Neither by the handover's button nor by an act."""
    entries = room.state(ALPHA).own.size, room.state(ALPHA).journal.size
    at.page.keyboard.press("h")
    at.page.locator(".panel").get_by_role("button", name="Relieve watch").click()
    at.told("nothing is recorded")
    at.page.keyboard.press("Escape")
    at.page.evaluate(ACT)
    assert (room.state(ALPHA).own.size, room.state(ALPHA).journal.size) == entries


LATE = """async () => {
  const {page} = await import('/console/app/main.js');
  const {set, store} = await import('/console/app/store.js');
  const {fetch} = globalThis;
  const held = [];
  globalThis.fetch = async (...asked) => {
    if (!String(asked[0]).includes('/screen?at=')) return fetch(...asked);
    await new Promise((done) => held.push(done));
    if (String(asked[0]).includes('2020')) throw new TypeError('none came');
    return fetch(...asked);
  };
  const shown = () => [store.replay && Math.round((store.replay.at - at) / 60000), store.told?.of];
  const at = Date.now() + store.skew_ms;
  const found = [];
  const answered = async (asked, order) => {
    for (const n of order) await (held[n](), asked[n]);
    held.length = 0;
    found.push(shown());
  };
  set({told: null});
  let asked = [page.replay(-120)];
  page.now();
  await answered(asked, [0]);
  asked = [page.jump('2020-01-01T00:00Z')];
  page.live();
  await answered(asked, [0]);
  asked = [page.replay(-120), page.jump('2020-01-01T00:00Z'), page.replay(-300)];
  await answered(asked, [2, 0, 1]);
  globalThis.fetch = fetch;
  page.live();
  return found;
}"""


def mark(at: datetime) -> str:
    return f"Replay {at:%d %b %H:%M:%S}Z".replace(f"{at:%b}", f"{at:%b}".upper())


def assert_what_comes_too_late_moves_nobody(at: Seat) -> None:
    """Neither a moment nor why there is none, once the present or another moment was asked for."""
    assert at.page.evaluate(LATE) == [[None, None], [None, None], [-5, None]]


def assert_what_rings_now_is_in_sight(at: Seat) -> None:
    """Over a past moment, with its silence; one key goes to it, in the present. CON-674."""
    strip = at.page.locator(".strip")
    expect(strip).to_have_count(0)
    at.page.get_by_role("button", name="10 min").click()
    expect(strip).to_contain_text("Rings now")
    expect(strip).to_contain_text("T-1 \u00d7 ROZ-OLD")
    expect(strip.locator(".by")).to_have_text(re.compile(r"^\d\d:\d\d (call by|infringement)"))
    expect(at.page.locator("#announce")).to_contain_text(re.compile("^(critical|urgent)"))
    expect(at.page).to_have_title(re.compile(r"^\(\d\) "))
    assert at.faults_of_access(".strips") == []
    at.page.keyboard.press("q")
    expect(strip).to_contain_text("silenced, not acknowledged")
    at.page.keyboard.press("0")
    expect(at.page.locator(".page")).not_to_have_class(re.compile("replaying"))
    expect(strip).to_have_count(0)
    expect(at.page.locator(".queue .card").first).to_be_focused()
    expect(at.page.locator(".queue .card").first).to_contain_text("T-1")
    assert_what_comes_too_late_moves_nobody(at)


def test_con_054_a_past_moment_shows_what_was_known_then(browser: Browser, tmp_path: Path) -> None:
    """A zone filed since is not in it, an alert raised since is not in it, and that still rings.

    CON-647: its queue begins at its top. CON-493: the watch is not relieved out of that moment.
    CON-674: a strip names what rings now. CON-702: what was asked for before comes too late.
    """
    with Room(seed="past", folder=tmp_path).open() as room:
        now = room.clock.now()
        room.act(ALPHA, zone("ROZ-OLD", volume(now, circle(place(0, 0)), hours=5.0), BRAVO))
        room.clock.skip(15 * 60.0)
        now = room.clock.now()
        room.act(ALPHA, zone("ROZ-NEW", volume(now, circle(place(18, 12)), hours=5.0), BRAVO))
        room.flies(ALPHA, "T-1", to=place(0, 0), from_m=33_500.0)
        with seat(browser, room) as at:
            queue, page = at.page.locator(".queue"), at.page.locator(".page")
            notices = at.page.get_by_role("button", name=re.compile("^Notices"))
            expect(queue).to_contain_text("T-1")
            expect(notices).to_have_text(re.compile(r"Notices\s+2"))
            at.page.set_viewport_size({"width": 1366, "height": 500})
            assert queue.evaluate("one => (one.scrollTop = 90, one.scrollTop)") > 0
            at.page.get_by_role("button", name="10 min").click()
            expect(page).to_have_class(re.compile("replaying"))
            assert queue.evaluate("one => one.scrollTop") == 0, "it begins at its top. CON-647"
            at.page.set_viewport_size({"width": 1366, "height": 768})
            expect(at.page.locator(".bar")).to_contain_text(
                re.compile(r"Replay 01 JUN 00:0\d:\d\dZ")
            )
            expect(notices).to_have_text(re.compile(r"Notices\s+1"))
            expect(queue).not_to_contain_text("T-1")
            at.page.keyboard.press("n")
            expect(at.page.get_by_role("button", name="File the notice")).to_be_disabled()
            at.page.keyboard.press("Escape")
            card = at.page.locator(".card", has_text="ROZ-OLD")
            card.get_by_role("button", name="Open").click()
            expect(at.page.locator("#panel-title")).to_contain_text("ROZ-OLD")
            at.page.keyboard.press("Escape")
            assert_nothing_is_recorded(at, room)
            clock = at.page.locator(".bar strong")
            before = clock.inner_text()
            at.page.get_by_role("button", name="▶").click()
            expect(clock).not_to_have_text(before)
            at.page.get_by_role("button", name="Back to live").click()
            expect(page).not_to_have_class(re.compile("replaying"))
            expect(queue).to_contain_text("T-1")
            expect(notices).to_have_text(re.compile(r"Notices\s+2"))
            assert_what_rings_now_is_in_sight(at)
            at.clean()


@pytest.mark.long
def test_con_402_any_moment_of_the_past_is_jumped_to_by_its_time(
    browser: Browser, tmp_path: Path
) -> None:
    """Three hours back at once, and on from there; of what was not recalled the node says why."""
    with Room(seed="jump", folder=tmp_path).open() as room:
        began = room.clock.now()
        room.act(ALPHA, zone("ROZ-OLD", volume(began, circle(place(0, 0)), hours=9.0), BRAVO))
        room.clock.skip(3 * 3_600.0 + 120.0)
        now = room.clock.now()
        room.act(ALPHA, zone("ROZ-NEW", volume(now, circle(place(18, 12)), hours=5.0), BRAVO))
        with seat(browser, room) as at:
            notices = at.page.get_by_role("button", name=re.compile("^Notices"))
            page, moment = at.page.locator(".page"), at.page.locator(".bar [name=moment]")
            expect(notices).to_have_text(re.compile(r"Notices\s+2"))

            def jump(typed: str) -> None:
                moment.fill(typed)
                moment.press("Enter")

            jump((room.clock.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%MZ"))
            at.told("that moment has not come")
            jump("half past")
            at.told("half past")
            expect(page).not_to_have_class(re.compile("replaying"))
            expect(notices).to_have_text(re.compile(r"Notices\s+2"))
            at.errors.clear()  # the browser says of each refusal that it came
            past = (now - timedelta(hours=3)).replace(second=0, microsecond=0)
            jump(past.strftime("%H:%MZ"))
            expect(page).to_have_class(re.compile("replaying"))
            expect(at.page.locator(".bar")).to_contain_text(mark(past))
            expect(notices).to_have_text(re.compile(r"Notices\s+1"))
            later = past + timedelta(minutes=90)
            jump(later.strftime("%Y-%m-%dT%H:%MZ"))
            expect(at.page.locator(".bar")).to_contain_text(mark(later))
            assert at.faults_of_access(".bar") == []
            at.page.get_by_role("button", name="Back to live").click()
            expect(notices).to_have_text(re.compile(r"Notices\s+2"))
            at.clean()
