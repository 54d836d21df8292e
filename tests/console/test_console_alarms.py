"""What the node is alarmed about, in the page: in sight until it is gone, in its own words."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from consoles import Seat, seat
from node_pair import ALPHA, BRAVO, START
from playwright.sync_api import Browser, expect
from room import NOTHING_AROUND, Room
from test_console_languages import texts
from test_console_turkish import english
from test_node_exchange import entry_of

from crosstell.codecs import parcel
from crosstell.codecs.api.running import LinkShown
from crosstell.codecs.parcel import Parcel
from crosstell.shell.node import Delivery
from crosstell.shell.peers.port import foreign
from crosstell.shell.peers.pusher import in_words

AHEAD = (
    "the system's clock is now 7.2 s ahead of this node's, which counts on from "
    "2026-01-01T00:00:00.000000Z; find out which is right. If the system's is, start the node "
    "again; if not, set the system's clock"
)
ASK = """async () => {
  const [{set}, api] = await Promise.all(
    ['store', 'api'].map((name) => import(`/console/app/${name}.js`)));
  set({status: await api.get('/status'), status_at: performance.now()});
}"""  # as the page does every 5 seconds

CUT = """() => {
  const {bottom} = document.querySelector('.queue').getBoundingClientRect();
  const found = [...document.querySelectorAll('.alarm-line p')].filter((row) =>
    row.scrollWidth > row.clientWidth || row.scrollHeight > row.clientHeight + 1);
  const rail = document.querySelector('.rail');
  const rows = found.map((row) => row.textContent);
  if (bottom > innerHeight + 1) rows.push('the page');
  if (rail.scrollHeight > rail.clientHeight) rows.push('the tools');
  return rows;
}"""

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="alarms").open() as found:
        yield found


@pytest.fixture
def at(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, map_kind="canvas") as found:
        yield found
        found.clean()


def reach(room: Room, body: bytes) -> None:
    """Bytes from the other party's node arrive at alpha's."""
    room.give(ALPHA, Delivery(body=body))


def fork(room: Room) -> None:
    """Bravo's key signs two different entries at one number, and alpha is given both."""
    feed = room.world.parties[BRAVO].setting.feed
    two = [entry_of(room.world, BRAVO, "hologram_shown", text) for text in (b"{}", b"[]")]
    for row in two:
        reach(room, parcel.encode(Parcel(sender=feed, have=(), rows=(row,))))


def status(at: Seat) -> dict[str, Any]:
    at.page.evaluate(ASK)
    found: dict[str, Any] = at.page.evaluate(
        "async () => (await import('/console/app/store.js')).store.status"
    )
    return found


@pytest.mark.long
def test_con_400_a_clock_that_is_off_stands_over_the_page_until_it_is_right(
    at: Seat, room: Room
) -> None:
    cell, line = at.page.locator(".header .record"), at.page.locator(".alarm-line")
    expect(cell).to_contain_text("Record verified")
    expect(cell).to_contain_text(re.compile(r"\d\d:\d\d:\d\dZ"))
    expect(line).to_have_count(0)
    room.clock.bad = AHEAD
    assert status(at)["clock_fault"] == AHEAD
    expect(line).to_be_visible()
    expect(line).to_contain_text("CLOCK")
    expect(line).to_contain_text("7.2 s ahead of this node's")
    expect(cell).to_contain_text("Alarms: 1")
    expect(cell).not_to_contain_text("verified")
    at.page.keyboard.press("n")  # no panel covers it
    expect(line).to_be_visible()
    assert at.page.evaluate(
        """() => {
          const {left, top} = document.querySelector('.alarm-line').getBoundingClientRect();
          return document.elementFromPoint(left + 20, top + 12).closest('.alarm-line') !== null;
        }"""
    )
    at.page.keyboard.press("Escape")
    room.clock.bad = None
    assert "clock_fault" not in status(at)
    expect(line).to_have_count(0)
    expect(cell).to_contain_text("Record verified")


@pytest.mark.long
def test_con_400_a_status_that_is_old_vouches_for_nothing(at: Seat) -> None:
    status(at)
    told = at.page.evaluate(  # in one frame each: the page itself asks again every five seconds
        """async () => {
          const {set, store} = await import('/console/app/store.js');
          const drawn = async (change) => {
            set(change);
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            return document.querySelector('.header .record').textContent;
          };
          const at = performance.now();
          const old = await drawn({status_at: at - 120e3});
          const skewed = {status_at: at, skew_ms: store.skew_ms + 120e3};
          return [old, await drawn(skewed)]; // at a pace the node's clock goes on by minutes
        }"""
    )
    assert "Record: not known" in told[0]
    assert "Record verified" in told[1]


@pytest.mark.long
def test_nod_483_a_fault_of_what_carries_parcels_stands_with_the_line(at: Seat, room: Room) -> None:
    """As the node says it, and in Turkish; with when the other node was heard last."""
    fault = in_words(httpx.ConnectError("[Errno 113] No route to host"))
    link = LinkShown(
        party=BRAVO,
        reach="exchange side",
        reached_at=START,
        heard_at=None,
        round_s=None,
        backlog=2,
        waiting_since=None,
        fails=3,
        fault=f"{fault} | AND: {foreign(BRAVO, None)}",
    )
    room.around = replace(NOTHING_AROUND, links=(link,))
    try:
        status(at)
        at.page.locator(".header .line-to").click()
        told = at.page.locator(".panel p.carried")
        expect(told.first).to_contain_text("last heard never; parcels that wait: 2")
        expect(told.last).to_contain_text("not reached: look at the cable, the route")
        expect(told.last).to_contain_text("No route to host")
        at.page.locator(".header select").select_option("tr")
        expect(told.last).to_contain_text("ulaşılamıyor: kabloya")
        expect(told.last).to_contain_text("paket olmayan bir şey geldi")
        room.around = None
        status(at)
        expect(told).to_have_count(0)
    finally:
        room.around = None
        at.page.locator(".header select").select_option("en")


@pytest.mark.long
def test_con_448_a_test_that_is_due_is_not_told_as_the_next_one(at: Seat) -> None:
    told = at.page.evaluate(
        """async () => {
          const {nextTest} = await import('/console/app/views/header.js');
          const {now} = await import('/console/app/store.js');
          const at = (by) => new Date(now() + by).toISOString();
          return [-900e3, 900e3].map((by) => nextTest({next_test_at: at(by)}));
        }"""
    )
    assert "test due since" in told[0]
    assert "next" in told[1]


def test_con_400_a_fork_stands_over_the_page_and_in_the_list_of_alarms(
    at: Seat, room: Room
) -> None:
    """What was not taken is counted and listed, and has no line; a fork has one, and is first."""
    cell, line = at.page.locator(".header .record"), at.page.locator(".alarm-line")
    reach(room, b"rubbish")
    told = status(at)
    assert (told["record_alarms"], len(told["alarms"])) == (0, 1), json.dumps(told["alarms"])
    expect(cell).to_contain_text("Alarms: 1")
    expect(cell.locator("[aria-label=doubtful]")).to_be_visible()
    expect(line).to_have_count(0)
    fork(room)
    told = status(at)
    assert told["record_alarms"] == 1
    count = len(told["alarms"])
    expect(cell).to_contain_text(f"Alarms: {count}")
    expect(cell.locator("[aria-label=down]")).to_be_visible()
    expect(line).to_contain_text("ALARM OF THE RECORD (1)")
    expect(line).to_contain_text("signed two different entries")
    assert at.faults_of_access(".alarm-line") == []
    cell.click()
    rows = at.page.locator(".panel ul.alarms li")
    expect(rows).to_have_count(count)
    expect(rows.first).to_contain_text("signed two different entries")
    expect(rows.last).to_contain_text("Not taken")
    room.clock.bad = AHEAD
    try:
        at.page.locator(".header select").select_option("tr")
        status(at)
        expect(line).to_contain_text("iki farklı girdi imzaladı")
        expect(line).to_contain_text("7,2 sn ileri")
        for size in ((1366, 768), (2560, 1440)):
            at.page.set_viewport_size({"width": size[0], "height": size[1]})
            at.settled()
            assert at.page.evaluate(CUT) == [], "CON-443: the rows are whole"
        expect(cell).to_contain_text(str(texts("tr")["ui.record.alarms"]).format(n=count + 1))
        rubbish = {f"en: {one}" for one in told["alarms"][1:]}  # a peer's bytes: told in English
        assert english(at, rubbish) == []
    finally:
        room.clock.bad = None
