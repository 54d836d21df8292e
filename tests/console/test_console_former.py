"""A feed that its party left, in the page: nothing of it is drawn, and that is said."""

import re
from dataclasses import replace

import pytest
from consoles import seat
from node_pair import ALPHA, BRAVO, World, roz
from playwright.sync_api import Browser, expect
from room import Room, north_east
from test_mechanism_voice import logged

from crosstell.core.ids import CallId, EntryRef, FeedId, NoticeId
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.former import Former, FormerNotice
from crosstell.core.picture.notice import Filed
from crosstell.core.table import Stamp

pytest_plugins = ("browsing",)
FEED = FeedId("0d" * 16)
DRAWN = """async () => {
  const {page} = await import('/console/app/main.js');
  const o = page.map().overlay;
  o.draw();
  const found = o.labels.filter((one) => one.lines.some((line) => line.includes('z-1')));
  return found.map((one) => one.lines.slice(0, 2));
}"""
ASK = """async () => {
  const [{set}, api] = await Promise.all(
    ['store', 'api'].map((name) => import(`/console/app/${name}.js`)));
  set({status: await api.get('/status'), status_at: performance.now()});
}"""  # as the page does every 5 seconds
OPENED = """async (key) => {
  const {set} = await import('/console/app/store.js');
  set({panel: {name: 'detail', key}});
}"""


def lived() -> World:
    """Alpha follows a feed in which bravo goes on; a notice and a call of before had no end."""
    world = World(changed=north_east, seed="former")
    party = world.parties[ALPHA]
    event = roz("z-1", ALPHA)
    (volume,) = volumes_of(event.content)
    stamp = Stamp(ref=EntryRef(feed=FEED, seq=3, hash="ab" * 32), at=world.now)
    filed = Filed(event=event, stamp=stamp)
    left = Former(
        party=BRAVO,
        feed=FEED,
        ours=party.setting.feed,
        said=1,
        notices=(FormerNotice(notice=NoticeId("z-1"), ends=volume.window.end, filed=filed),),
        placed=(CallId("c-9"),),
    )
    party.setting = replace(party.setting, left=(left,))
    party.start()
    return world


@pytest.mark.long
def test_nod_470_what_a_party_left_stands_over_all_until_it_is_asked_about(
    browser: Browser,
) -> None:
    with (
        Room(seed="former", lived=lived).open() as room,
        seat(browser, room, map_kind="canvas") as at,
    ):
        at.page.evaluate(ASK)
        line = at.page.locator(".alarm-line")
        expect(line).to_contain_text("ask the other party by telephone")
        expect(line).to_contain_text("bravo went on in a new feed: 1 notices")
        expect(at.page.locator(".header .record strong")).to_contain_text("1")
        card = at.card("Bravo went on in a new feed")
        expect(card).to_contain_text("1 notices that had not ended and 1 open calls")
        expect(card).to_contain_text("Ask by telephone what still holds")
        card.focus()
        at.page.keyboard.press("Enter")
        expect(at.page.locator(".panel")).to_contain_text("Lines")
        table = at.page.locator(".panel table.former")
        expect(table).to_contain_text("none of these stands")
        expect(table.locator("tbody tr")).to_contain_text("zone")
        at.leave()
        assert at.page.evaluate(DRAWN) == [["? z-1 · BRAVO", "last known, not standing"]]
        card.get_by_role("button", name=re.compile("^Log a voice call")).click()
        expect(at.page.locator(".panel [name=counterpart]")).to_have_value(BRAVO)
        chosen = at.page.locator(".panel [name=about_feed]")
        expect(chosen).to_have_value(FEED)
        expect(chosen.locator("option:checked")).to_contain_text("Bravo's former feed")
        at.leave()
        at.page.keyboard.press("h")
        expect(at.page.locator(".panel")).to_contain_text("Bravo went on in a new feed")
        at.leave()
        told = logged(room.world, begun_s=-20.0, ended_s=-5.0, timed=None)
        room.act(ALPHA, replace(told, account=replace(told.account, about_feed=FEED)))
        row = at.page.locator(".queue .rows li", has_text="went on in a new feed")
        expect(row).to_contain_text("Our side has spoken with it since")
        at.page.evaluate(OPENED, f"log {ALPHA}/{told.log}")
        expect(at.page.locator(".panel")).to_contain_text("Bravo's former feed")
        at.leave()
        at.page.evaluate(ASK)
        expect(line).to_have_count(0)
        at.page.locator(".header select").select_option("tr")
        told_so = at.page.locator(".queue .rows li", has_text="yeni bir akışta sürdürüyor")
        expect(told_so).to_contain_text("önceki akışından 1 bildirim ve 1 açık çağrı")
        at.clean()
