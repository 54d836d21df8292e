"""What the page says of the own account."""

import pytest
from api_desk import PASSWORD
from consoles import Entrance, sit
from node_pair import ALPHA, DUTY
from playwright.sync_api import Browser, expect
from room import OFFICER, WALL, Room

from crosstell.core.line.watch.relief import WatchTaken

pytest_plugins = ("browsing",)


@pytest.mark.parametrize("rests", [False, True])
@pytest.mark.long
def test_acs_260_a_password_that_rests_is_said_at_the_gate_and_beside_the_account(
    browser: Browser, *, rests: bool
) -> None:
    with Room(seed="account").open(signed=False) as room:
        console = room.consoles[ALPHA]
        if rests:
            console.access.set_password(OFFICER, PASSWORD, by="adam", now=WALL)
        by = Entrance(address=console.address, account=OFFICER, password=PASSWORD, watch="")
        with sit(browser, by) as at:
            gate = at.page.get_by_role("button", name="Take the watch")
            expect(gate).to_be_visible()
            assert at.page.locator(".gate .rests").count() == int(rests)
            if rests:
                expect(at.page.locator(".gate .rests")).to_contain_text("given by adam")
            gate.click()
            expect(at.page.locator("body[data-ready='1']")).to_be_attached()
            assert at.page.locator(".officer .rests").count() == int(rests)
            assert at.faults_of_access(".officer") == []
            at.page.keyboard.press("h")
            expect(at.page.locator(".rests", has_text="given by adam")).to_have_count(int(rests))
            at.clean()


def test_con_493_a_watch_that_was_vacant_is_not_taken_from_whoever_holds_it_since(
    browser: Browser,
) -> None:
    with Room(seed="vacant").open(signed=False) as room:
        by = Entrance(
            address=room.consoles[ALPHA].address, account=OFFICER, password=PASSWORD, watch=""
        )
        with sit(browser, by) as at:
            gate = at.page.get_by_role("button", name="Take the watch")
            expect(gate).to_be_visible()
            room.act(ALPHA, WatchTaken(role=DUTY, watch="night-7"))
            gate.click()
            expect(at.page.locator(".gate .told")).to_contain_text("watch night-7 holds it")
            expect(at.page.get_by_role("button", name="watch night-7").first).to_be_visible()
            assert room.state(ALPHA).journal.watches[DUTY].watch == "night-7"
