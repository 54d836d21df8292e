"""Down to what was signed: what an alert rests on, in which order and when a warning was held."""

import json
import re
from collections.abc import Iterator

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, Locator, expect
from room import Room

from crosstell.codecs.shape import tag_of
from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.state.events import EVENTS
from crosstell.shell.live.running import STATIC

UNSURE = "T-4502 \u00d7 POST-1"

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="record").open() as found:
        scene(found)
        found.act(ALPHA, call("c-held", BRAVO))
        ref = found.state(ALPHA).own.calls["c-held"].placed_stamp.ref  # type: ignore[index]
        found.wait(lambda: ref in found.state(BRAVO).own.acknowledgements)
        found.act(BRAVO, CallReceived(call=ref))
        for alert in found.state(ALPHA).journal.alerts.values():
            if alert.shown is not None:
                shown = alert.shown
                found.act(ALPHA, AlertAcknowledged(alert=shown.alert, level=shown.level))
        yield found


@pytest.fixture(scope="module")
def at(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA) as found:
        yield found
        found.clean()


@pytest.fixture(autouse=True)
def nothing_open(at: Seat) -> Iterator[None]:
    yield
    at.page.keyboard.press("Escape")


def opened(at: Seat, words: str) -> Locator:
    """The panel of what a search finds first."""
    at.page.keyboard.press("/")
    at.page.locator("#search-box").fill(words)
    at.page.locator(".panel .rows button").first.click()
    return at.page.locator(".panel")


def test_con_055_an_alert_opens_down_to_its_signed_entries(at: Seat) -> None:
    panel = opened(at, UNSURE.replace("\u00d7", ""))
    rows = panel.locator(".history tbody tr")
    expect(rows.first).to_contain_text("raised: the finding")
    expect(panel.locator(".history")).to_contain_text("acknowledged by a person")
    rows.first.get_by_role("button", name=re.compile(r"Entry \d")).click()
    expect(panel).to_contain_text("made with the key of its feed")
    expect(panel).to_contain_text("the body is the one that was signed")
    expect(panel).to_contain_text("T-4502")
    expect(panel).to_contain_text("Our private journal")


def test_con_055_a_notice_opens_down_to_each_version(at: Seat) -> None:
    panel = opened(at, "ROZ-04 zone")
    expect(panel.locator(".history tbody tr").first).to_contain_text("version filed")


def test_con_056_the_order_and_the_bracket_stand_in_words_and_drawn(at: Seat) -> None:
    panel = opened(at, "c-held")
    held = panel.locator(".bracket .held")
    clock = r"\d\d:\d\d:\d\d(\.\d{3})?Z"
    words = (
        rf"Bravo held it: after {clock} by our clock \(entry \d+\), not after {clock} by Bravo's"
    )
    expect(held).to_have_text(re.compile(words))
    expect(panel.locator(".bracket .picture")).to_be_visible()
    expect(panel.locator(".bracket")).to_contain_text("no minute is proved")
    panel.locator(".bracket .link").last.click()
    expect(panel).to_contain_text("delivered to the node")
    expect(panel.locator(".bracket")).to_contain_text("We held it")
    assert at.faults_of_access(".panel") == []
    at.page.locator(".header select").select_option("tr")
    expect(panel.locator(".bracket")).to_contain_text("Bunu elimizde tuttuk")
    at.page.locator(".header select").select_option("en")
    expect(panel.locator(".bracket")).to_contain_text("We held it")


def test_con_029_what_cannot_be_ruled_out_is_not_counted_down_to_as_if_it_would_happen(
    at: Seat,
) -> None:
    card = at.page.locator(".card", has_text=UNSURE)
    expect(card.locator(".due .of")).to_have_text("could infringe from")
    assert "infringement" not in card.inner_text().lower()


def test_con_055_every_kind_of_entry_has_its_words() -> None:
    for language in ("en", "tr"):
        known = json.loads((STATIC / "i18n" / f"{language}.json").read_text("utf-8"))["text"]
        missing = [tag_of(event) for event in EVENTS if f"ui.kind.{tag_of(event)}" not in known]
        assert missing == [], language
