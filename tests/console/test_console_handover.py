"""Who takes the watch over reads what changed since the watch that holds it began."""

import re

import pytest
from api_desk import PASSWORD
from consoles import Seat, relieve, seat
from node_pair import ALPHA, BRAVO, DUTY, call
from playwright.sync_api import Browser, Locator, expect
from room import WALL, Room, circle, place, volume, zone

from crosstell.core.line.watch.relief import WatchRelieved
from crosstell.shell.access.account import AccountKind

pytest_plugins = ("browsing",)


def brief(at: Seat) -> Locator:
    """What the page tells as changed since the watch began."""
    at.page.keyboard.press("h")
    expect(at.page.locator("#panel-title")).to_contain_text("Hand over")
    return at.page.locator(".panel h3", has_text="Changed since").locator("xpath=following::ul[1]")


@pytest.mark.long
def test_con_403_the_brief_tells_what_changed_since_the_watch_began_and_no_more(
    browser: Browser,
) -> None:
    """A notice of ours and of theirs, a call and an alert, and each opens."""
    with Room(seed="relief").open() as room:
        now = room.clock.now()
        room.act(ALPHA, zone("ROZ-BEFORE", volume(now, circle(place(0, 0)), hours=9.0), BRAVO))
        room.clock.skip(60.0)
        with seat(browser, room, map_kind="canvas") as first:
            expect(brief(first).locator("li")).to_have_count(0)
            expect(first.page.locator(".panel")).to_contain_text("Nothing")
        room.clock.skip(60.0)
        now = room.clock.now()
        room.act(ALPHA, zone("ROZ-SINCE", volume(now, circle(place(18, 12)), hours=5.0), BRAVO))
        room.act(BRAVO, zone("ROZ-THEIRS", volume(now, circle(place(12, -30)), hours=5.0), ALPHA))
        room.act(ALPHA, call("c-since", BRAVO))
        room.flies(ALPHA, "T-1", to=place(0, 0), from_m=33_500.0)
        room.wait(lambda: room.state(ALPHA).journal.alerts)
        with seat(browser, room, map_kind="canvas") as second:
            changed = brief(second)
            clock = re.compile(r"T-1 .*\d\d:\d\d (call by|infringement|could infringe)")
            expect(second.page.locator(".panel li", has_text=clock).first).to_be_visible()
            for words in ("ROZ-SINCE", "ROZ-THEIRS", "T-1"):
                expect(changed.locator("li", has_text=words).first).to_be_visible()
            expect(changed.locator("li", has_text="Alpha → Bravo")).to_have_count(1)
            expect(changed.locator("li", has_text="ROZ-BEFORE v1")).to_have_count(0)
            times = changed.locator("li .mono").all_inner_texts()
            clocks = [one for one in times if re.fullmatch(r"\d\d:\d\d:\d\dZ", one)]
            assert len(clocks) >= 4
            assert clocks == sorted(clocks, reverse=True), "the newest first"
            changed.get_by_role("button", name=re.compile("ROZ-SINCE")).click()
            expect(second.page.locator("#panel-title")).to_contain_text("ROZ-SINCE")
            second.clean()


def test_con_441_442_a_held_watch_is_relieved_beside_its_brief_and_the_relieved_read_so(
    browser: Browser,
) -> None:
    """From the gate, by another account; then, from the panel, by the account that stands on it."""
    with Room(seed="relieved").open() as room:
        access = room.consoles[ALPHA].access
        access.make_account(
            "nils", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
        )
        with seat(browser, room, map_kind="canvas") as first:
            now = room.clock.now()
            room.act(ALPHA, zone("ROZ-SINCE", volume(now, circle(place(18, 12)), hours=5.0), BRAVO))
            with seat(browser, room, account="nils", watch="", map_kind="canvas") as second:
                gate = second.page.locator(".gate")
                expect(gate).to_contain_text("Watch 1 holds it now")
                expect(
                    gate.get_by_role("button", name="Relieve watch 1", exact=True)
                ).to_have_count(0)
                gate.get_by_role("button", name="Read what changed, then relieve watch 1").click()
                panel = second.page.locator(".panel")
                expect(panel).to_contain_text("You are not on watch")
                expect(panel.locator("li", has_text="ROZ-SINCE").first).to_be_visible()
                relieve(second.page)
                officer = second.page.locator(".officer")
                expect(officer).to_contain_text("watch 2")
                expect(officer).not_to_contain_text("relieved")
                expect(first.page.locator(".officer")).to_contain_text("relieved by watch 2")
                second.page.keyboard.press("h")
                expect(panel).to_contain_text("if you relieve it, the next watch begins, yours")
                expect(panel.get_by_role("button", name="Join")).to_have_count(0)
                relieve(second.page)
                expect(officer).to_contain_text("watch 3")
                second.clean()
        reliefs = [event for _, event in room.state(ALPHA).journal.watches[DUTY].reliefs]
        told = [one for one in reliefs if isinstance(one, WatchRelieved)]
        assert [(one.from_watch, one.to_watch) for one in told] == [("1", "2"), ("2", "3")]
