"""A place in words and by its figures: found by who types it, and read out in their language."""

from collections.abc import Iterator
from typing import Any

import pytest
from consoles import Seat, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, expect
from room import Room

MIDDLE = "() => window.shown"
SPY = """async () => {
  const {keysOfPage} = await import('/console/app/views/keys_of_page.js');
  const keys = keysOfPage();
  const show = keys.show;
  keys.show = (points) => { window.shown = points; return show(points); };
}"""
TOLD = """async ([language, content]) => {
  const i18n = await import('/console/app/i18n.js');
  const {summary} = await import('/console/app/content.js');
  const {placed} = await import('/console/app/views/parts.js');
  const {render} = await import('/console/vendor/lit.mjs');
  await i18n.use(language);
  const box = document.createElement('div');
  render(placed(content.place), box);
  const told = [summary(content), box.textContent, box.querySelector('bdi').dir];
  await i18n.use('en');
  return told;
}"""

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="places").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as opened:
        opened.page.evaluate(SPY)
        yield opened
        opened.clean()


def asked_for(at: Seat, words: str) -> None:
    at.page.keyboard.press("/")
    at.page.locator("#search-box").fill(words)
    at.settled()


@pytest.mark.parametrize(
    ("words", "lat_deg", "lon_deg"),
    [
        ("37S FA 3059 6281", 36.68, 40.46),
        ("36.7N 40.4E", 36.7, 40.4),
        ("36-42.0N 040-24.0E", 36.7, 40.4),
    ],
)
def test_con_792_the_search_goes_to_a_place_as_it_is_typed(
    alpha: Seat, words: str, lat_deg: float, lon_deg: float
) -> None:
    asked_for(alpha, words)
    alpha.page.locator("#search-box").press("Enter")
    alpha.told(f"Shown on the map: {words}")
    expect(alpha.page.locator(".panel")).to_have_count(0)
    shown: list[dict[str, Any]] = alpha.page.evaluate(MIDDLE)
    assert shown
    for one in shown:
        assert abs(one["lat_deg"] - lat_deg) < 0.1
        assert abs(one["lon_deg"] - lon_deg) < 0.1


@pytest.mark.parametrize("words", ["Al Hasakah", "al-hasak", "AL ḨASAKAH"])
def test_con_792_the_search_goes_to_a_town_by_the_beginning_of_its_name(
    alpha: Seat, words: str
) -> None:
    asked_for(alpha, words)
    alpha.page.locator(".panel .rows button", has_text="town").first.click()
    expect(alpha.page.locator(".panel")).to_have_count(0)
    (shown,) = alpha.page.evaluate(MIDDLE)
    assert abs(shown["lat_deg"] - 36.5) < 0.2
    assert abs(shown["lon_deg"] - 40.75) < 0.2


def test_con_792_a_name_that_is_no_place_is_asked_of_the_record_alone(alpha: Seat) -> None:
    before = len(alpha.asked)
    asked_for(alpha, "T-4471 no such")
    with alpha.page.expect_response("**/search*"):
        alpha.page.locator("#search-box").press("Enter")
    assert not [one for one in alpha.asked[before:] if one.endswith("/places/parse")]
    alpha.leave()


@pytest.mark.parametrize("words", ["12345", "2026-11-22", "S-0412", "W-12345", "121.500"])
def test_con_824_a_number_a_date_or_an_id_is_never_refused_as_a_place(
    alpha: Seat, words: str
) -> None:
    asked_for(alpha, words)
    with alpha.page.expect_response("**/search*"):
        alpha.page.locator("#search-box").press("Enter")
    expect(alpha.page.locator(".panel h3")).to_have_text("In the record")
    expect(alpha.page.locator(".toast")).to_have_count(0)
    alpha.leave()
    alpha.errors[:] = [one for one in alpha.errors if "422" not in one]


@pytest.mark.parametrize("words", ["96.5N 40.4E", "37S FA 305", "96.50, 400.40"])
def test_con_824_of_what_is_meant_as_a_place_it_is_told_why_it_is_none(
    alpha: Seat, words: str
) -> None:
    asked_for(alpha, words)
    alpha.page.locator("#search-box").press("Enter")
    expect(alpha.page.locator(".toast.bad")).to_be_visible()
    expect(alpha.page.locator(".panel h3")).to_have_text("In the record")
    alpha.leave()
    alpha.errors[:] = [one for one in alpha.errors if "422" not in one]


AT_ONCE = """() => {
  const box = document.querySelector('#search-box');
  box.value = 'of the second words';
  box.dispatchEvent(new Event('input', {bubbles: true}));
  box.form.requestSubmit();
}"""


def test_con_824_enter_before_the_page_is_drawn_again_asks_for_what_was_typed(alpha: Seat) -> None:
    asked_for(alpha, "first")
    with alpha.page.expect_response("**/search*") as came:
        alpha.page.evaluate(AT_ONCE)
    assert came.value.url.endswith("q=of%20the%20second%20words")
    expect(alpha.page.locator(".panel h3")).to_have_text("In the record")
    alpha.leave()


CENTRE = {"lat_deg": 36.68, "lon_deg": 40.34}
CIRCLE = {"circle": {"centre": CENTRE, "radius_m": 2_500.0}}
POLYGON = {"polygon": {"vertices": [CENTRE, {**CENTRE, "lat_deg": 36.8}, CENTRE]}}
CORRIDOR = {"corridor": {"points": [CENTRE, {**CENTRE, "lat_deg": 36.8}], "half_width_m": 100.0}}


@pytest.mark.parametrize("place", [CIRCLE, POLYGON, CORRIDOR], ids=["circle", "polygon", "way"])
@pytest.mark.parametrize(
    ("language", "script"), [("ar", "\\u0600-\\u06ff"), ("ru", "\\u0400-\\u04ff")]
)
def test_con_793_a_place_in_a_message_is_told_in_the_language(
    alpha: Seat, language: str, script: str, place: dict[str, Any]
) -> None:
    content = {"place": place, "act": "keep-out"}
    told, shown, way = alpha.page.evaluate(TOLD, [language, content])
    expect_words = ("circle", "polygon", "corridor", "km at")
    assert not [one for one in expect_words if one in told + shown]
    low, high = (chr(int(one[-4:], 16)) for one in script.split("-"))
    assert any(low <= letter <= high for letter in shown)
    assert way == "auto"
    if language == "ar":
        assert told.startswith("\u2068")
        assert told.count("\u2069 · \u2068") == 1
