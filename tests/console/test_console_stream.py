"""What the stream tells the page: nothing is missed, and nothing is asked again for nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, expect
from room import Room, circle, place, volume, zone

from crosstell.codecs.shape import tag_of
from crosstell.core.record.keys import REVOKE
from crosstell.core.state.events import BodyErased, Event
from crosstell.core.state.slots import FEED_SLOTS, JOURNAL_SLOTS

pytest_plugins = ("browsing",)

READ_BY = {  # what the two views read of a log (core/mechanism/releasing)
    "SHARES": {"shares", "shared_tracks"},
    "GIVEN": {"claims", "copies", "notices", "papers", "releases"},
}
STORE = """async () => {
  const {store} = await import('/console/app/store.js');
  return {cut: store.cut, newest: store.newest, arrivals: store.arrivals};
}"""
LISTS = """async () => {
  const {SHARES, GIVEN} = await import('/console/app/views/given.js');
  return {SHARES, GIVEN};
}"""
OPEN = """async () => {
  const {set} = await import('/console/app/store.js');
  set({panel: {name: 'given'}});
}"""
READ = """async () => {
  const {take} = await import('/console/app/main.js');
  const {store} = await import('/console/app/store.js');
  take({...store.screen, reads: store.screen.reads + 1});
}"""
FAULTY = """async () => {
  const {Stream} = await import('/console/app/api.js');
  const lives = [];
  let events = 0;
  await new Promise((done) => {
    const faulty = () => {
      events += 1;
      if (events === 2) done();
      throw new Error('a fault of the page');
    };
    window.faulty = new Stream(faulty, (alive) => lives.push(alive), '');
  });
  window.faulty.close();
  return lives;
}"""
BEYOND = """async () => {
  const {Stream} = await import('/console/app/api.js');
  const lives = [];
  await new Promise((done) => {
    const life = (alive, status) => (lives.push(status ?? alive), alive && done());
    window.beyond = new Stream(() => {}, life, '999999');
  });
  window.beyond.close();
  return lives.slice(0, 3);
}"""
# The page's line to its node: cut by the test, down for as long as it says.
LINE = """(() => {
  const {fetch} = window;
  window.line = {down: false, cut: () => {}, places: [], chunks: 0};
  window.fetch = async (...how) => {
    if (!String(how[0]).endsWith('/stream')) return fetch(...how);
    if (line.down) throw new TypeError('down');
    line.places.push(how[1].headers['Last-Event-ID'] ?? '');
    const got = await fetch(...how);
    const reader = got.body.getReader();
    return new Response(new ReadableStream({
      start(told) { line.cut = () => told.error(new TypeError('cut')); },
      async pull(told) {
        const {done, value} = await reader.read();
        line.chunks += 1;
        if (done) told.close(); else told.enqueue(value);
      },
    }), {status: got.status, headers: got.headers});
  };
})()"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="stream").open() as opened:
        scene(opened)
        yield opened


@pytest.fixture
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, watch=None, script=LINE) as opened:
        yield opened
        opened.clean()


def asked(at: Seat, path: str) -> int:
    return sum(url.endswith(f"/api/v1{path}") for url in at.asked)


def told(at: Seat) -> dict[str, Any]:
    return dict(at.page.evaluate(STORE))


def recorded(at: Seat, room: Room, body: Event) -> None:
    """A person of alpha has it recorded, and the page knows of the entry and has drawn."""
    before = told(at)["newest"]
    room.act(ALPHA, body)
    at.until(lambda: told(at)["newest"] > before)
    at.settled()


def test_con_580_an_entry_that_comes_before_the_stream_has_told_any_is_told(
    alpha: Seat, room: Room
) -> None:
    alpha.until(lambda: alpha.page.evaluate("line.chunks") > 0)
    before = told(alpha)
    assert before["newest"] > 0
    alpha.page.evaluate("line.down = true, line.cut()")
    alpha.until(lambda: told(alpha)["cut"])
    room.act(ALPHA, call("c-meanwhile"))
    alpha.page.evaluate("line.down = false")
    alpha.until(lambda: told(alpha)["newest"] > before["newest"])
    first, *_ = alpha.page.evaluate("line.places")
    assert int(first) > 0


@pytest.mark.long
def test_con_581_the_first_screen_breaks_no_stream(alpha: Seat) -> None:
    """The map may not be there yet. A comment comes each two seconds, a new stream after half."""
    alpha.until(lambda: alpha.page.evaluate("line.chunks") > 3)
    assert len(alpha.page.evaluate("line.places")) == 1


@pytest.mark.long
def test_con_581_a_fault_of_the_page_is_none_of_the_line(alpha: Seat) -> None:
    lives = alpha.page.evaluate(FAULTY)
    assert lives
    assert all(lives)
    assert len([one for one in alpha.errors if "a fault of the page" in one]) > 1
    alpha.errors[:] = [one for one in alpha.errors if "a fault of the page" not in one]


@pytest.mark.long
def test_con_582_a_place_that_the_node_does_not_know_is_given_up(alpha: Seat) -> None:
    assert alpha.page.evaluate(BEYOND) == [400, False, True]
    alpha.errors[:] = [one for one in alpha.errors if "400" not in one]


@pytest.mark.long
def test_con_583_the_lists_are_of_what_moves_what_is_shown(alpha: Seat) -> None:
    """Each event of a machine that the views read is in the list, and no other."""
    lists = alpha.page.evaluate(LISTS)
    for name, slots in READ_BY.items():
        moved = {
            tag_of(event)
            for of in (FEED_SLOTS, JOURNAL_SLOTS)
            for event, slot in of.items()
            if slot.name in slots
        }
        assert moved
        assert set(lists[name]) == moved | {REVOKE, tag_of(BodyErased)}, name


@pytest.mark.long
def test_con_583_an_entry_that_changes_nothing_of_it_asks_for_nothing(
    alpha: Seat, room: Room
) -> None:
    alpha.page.evaluate(OPEN)
    panel = alpha.page.locator(".panel")
    expect(panel.get_by_role("row", name=re.compile("ROZ-04")).first).to_be_visible()
    given, shares = asked(alpha, "/given"), asked(alpha, "/shares")
    assert given >= 1
    for number in range(3):
        recorded(alpha, room, call(f"c-given-{number}"))
    assert (asked(alpha, "/given"), asked(alpha, "/shares")) == (given, shares)
    notice = zone("ROZ-NEW", volume(room.clock.now(), circle(place(-25, -20), 4_000)), BRAVO)
    recorded(alpha, room, notice)
    expect(panel.get_by_role("row", name=re.compile("ROZ-NEW")).first).to_be_visible()
    assert asked(alpha, "/given") > given
    assert asked(alpha, "/shares") == shares
    given = asked(alpha, "/given")  # CON-611: the words of an entry came late, and no entry
    alpha.page.evaluate(READ)
    alpha.until(lambda: asked(alpha, "/given") > given and asked(alpha, "/shares") > shares)
