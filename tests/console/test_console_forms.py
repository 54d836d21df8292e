"""What a form does with what a person types: read it, or say at the form what does not do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from consoles import Seat, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, expect
from room import Room

from crosstell.core.line.acknowledgement import CallReceived

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="forms").open() as found:
        yield found


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as found:
        yield found
        found.clean()


def leave(at: Seat) -> None:
    """Nothing is open any more, so that the next key is not one that is typed into a form."""
    at.page.keyboard.press("Escape")
    expect(at.page.locator(".panel")).to_have_count(0)
    at.settled()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    leave(alpha)


def test_con_190_a_time_is_read_as_it_was_typed_or_left_to_the_node(alpha: Seat) -> None:
    typed = [
        ("14:30", "2026-03-01T14:30:00.000Z"),
        ("0559z", "2026-03-02T05:59:00.000Z"),  # more than six hours ago: the next one
        ("2026-03-01T14:30:05.250Z", "2026-03-01T14:30:05.250Z"),
        ("011430Z MAR 26", "2026-03-01T14:30:00.000Z"),
        *((no, no) for no in ("26:99", "2026-02-31T14:00Z", "312500Z FEB 26", "5", "tomorrow")),
    ]
    read = """async ([texts, past]) => {
      const {typedTime} = await import('/console/app/views/content_fields.js');
      return texts.map((text) => typedTime(text, Date.UTC(2026, 2, 1, 12), {past}));
    }"""
    assert alpha.page.evaluate(read, [[t for t, _ in typed], False]) == [made for _, made in typed]
    was = ["2026-02-28T14:30:00.000Z", "2026-03-01T05:59:00.000Z"]  # of a claim: never ahead
    assert alpha.page.evaluate(read, [["14:30", "05:59"], True]) == was


def test_con_191_what_cannot_be_filed_is_said_at_the_form_and_nothing_is_sent(alpha: Seat) -> None:
    def acts() -> int:
        return sum(url.endswith("/api/v1/acts") for url in alpha.asked)

    before = acts()
    alpha.page.keyboard.press("n")
    panel = alpha.page.locator(".panel")
    panel.get_by_role("button", name="Polygon").click()
    for corner in ((300, 300), (380, 300)):
        alpha.page.mouse.click(*corner)
    expect(panel.locator("ol li")).to_have_count(2)
    file = panel.get_by_role("button", name="File the notice")
    file.click()  # two corners are no polygon, and no circle about the first one either
    alpha.told("A polygon needs three corners")
    alpha.page.mouse.click(380, 360)
    expect(panel.locator("ol li")).to_have_count(3)
    upper = panel.locator("[name=upper]")
    upper.fill("high")
    file.click()
    assert upper.evaluate("(box) => box.validity.patternMismatch && box === document.activeElement")
    assert acts() == before


def test_con_192_what_a_form_does_is_in_sight_on_a_small_screen(alpha: Seat) -> None:
    for key, does in (("n", "File the notice"), ("t", "Record the log")):
        alpha.page.keyboard.press(key)
        button = alpha.page.locator(".panel").get_by_role("button", name=does)
        expect(button).to_be_in_viewport(ratio=1)
        leave(alpha)


def test_con_193_a_stand_by_longer_than_the_protocol_has_it_is_said_and_not_sent(
    alpha: Seat, room: Room
) -> None:
    asked = room.act(BRAVO, call("BC-0193", ALPHA)).recorded[0]
    room.wait(lambda: asked in room.state(ALPHA).own.acknowledgements)
    room.act(ALPHA, CallReceived(call=asked))
    alpha.card("BC-0193").get_by_role("button", name="Answer").click()
    panel = alpha.page.locator(".panel")
    send = panel.get_by_role("button", name="Send the answer")
    expect(send).to_be_in_viewport(ratio=1)  # with what they said, before a read-back is unfolded
    answer = panel.locator("form").last
    answer.locator("[name=kind]").select_option("stand-by")
    answer.locator("[name=until]").fill(f"{room.clock.now() + timedelta(hours=17):%H:%M}")
    send.click()
    alpha.told("A stand-by ends by")
    assert asked not in room.state(ALPHA).own.answers
