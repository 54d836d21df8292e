"""A duress word on the page: in sight at once, and silent at the desk whose line is still open."""

from collections.abc import Iterator

import pytest
from api_desk import PASSWORD
from consoles import Seat, seat
from line_values import account
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, expect
from room import WALL, Room

from crosstell.core.line.watch.voice import VoiceLogged, VoiceLogId
from crosstell.shell.access.account import AccountKind

CHIEF = "carla"
LOG = VoiceLogId("v-1")

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="duress").open(signed=False) as found:
        found.consoles[ALPHA].access.make_account(
            CHIEF, AccountKind.OPERATOR, role="watch-chief", password=PASSWORD, now=WALL
        )
        yield found


HELD = """async (log) => {
  const {find, own} = await import('/console/app/store.js');
  return !!find.log(own(), log);
}"""
OPENS = """async (key) => {
  (await import('/console/app/store.js')).set({panel: {name: 'detail', key}});
}"""
RUNG = """async (means) => {
  const {isRung} = await import('/console/app/sound.js');
  const {store} = await import('/console/app/store.js');
  return isRung({rungs: [{role: store.session.role, means}]});
}"""


@pytest.mark.long
def test_line_264_a_role_for_which_the_ladder_only_drafts_is_not_rung(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, ALPHA) as at:
        assert [at.page.evaluate(RUNG, means) for means in ("ring", "draft")] == [True, False]
        at.clean()


def rings(at: Seat) -> bool:
    """Whether the page would sound, or shows a card that rings."""
    return bool(at.page.locator(".card.ringing, .card .ladder").count())


@pytest.mark.long
def test_line_264_a_page_rings_only_for_a_role_that_is_rung(browser: Browser, room: Room) -> None:
    """The duty officer who noted it sees it and nothing more; the chief is rung and takes it."""
    with seat(browser, room, ALPHA) as desk, seat(browser, room, ALPHA, account=CHIEF) as chief:
        now = room.clock.now()
        told = account(counterpart=BRAVO, started_at=now, ended_at=now)
        room.act(ALPHA, VoiceLogged(log=LOG, account=told))
        desk.until(lambda: desk.page.evaluate(HELD, str(LOG)))
        desk.page.evaluate(OPENS, f"log {ALPHA}/{LOG}")
        asking = desk.page.locator(".panel .asking", has_text="A duress word was heard")
        asking.locator("summary").click()
        expect(asking).to_contain_text("Only our own side will know")  # CON-695
        asking.get_by_role("button").click()
        room.wait(lambda: room.state(ALPHA).journal.ladders)
        desk.leave()
        for at in (desk, chief):
            expect(at.page.locator(".card").first).to_contain_text("Say nothing on the line")
        expect(chief.page.locator(".card.ringing .ladder")).to_contain_text("watch chief")
        assert not rings(desk)
        assert desk.page.locator(".card").get_by_role("button", name="I have this").count() == 0
        chief.page.locator(".card.ringing").get_by_role("button", name="I have this").click()
        room.wait(lambda: not room.state(ALPHA).journal.ladders)
        for at in (desk, chief):
            expect(at.page.locator(".card")).to_have_count(0)
            expect(at.page.locator(".queue")).to_contain_text("a person of ours has taken it")
            at.clean()
