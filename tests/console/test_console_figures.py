"""A figure is taken as it was meant, or refused: twelve thousand feet are never filed as twelve."""

import json
from collections.abc import Iterator

import pytest
from consoles import Seat, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, Locator, expect
from room import Room

SPOT = "37S FA 30592 62810"
READ = """async (texts) => {
  const {number} = await import('/console/app/views/parts.js');
  return texts.map(number);
}"""
SHOWN = """async (values) => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {input} = await import('/console/app/views/parts.js');
  return values.map((value) => {
    const box = document.createElement('form');
    render(input('x', value, {figure: 'm'}), box);
    return [box.elements.x.value, box.elements.x.validity.valid];
  });
}"""
DRAWN = "async () => (await import('/console/app/store.js')).store.drawn"

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="figures").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as opened:
        yield opened
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.leave()


def noticing(at: Seat) -> Locator:
    at.page.keyboard.press("n")
    panel = at.page.locator(".panel")
    expect(panel.locator("[name=paste]")).to_be_visible()
    return panel


def told_back(panel: Locator, name: str) -> Locator:
    return panel.locator(f"[name={name}] + output")


@pytest.mark.parametrize("typed", ["12,000", "12.000", "1,500", "+12.000"])
def test_con_780_thousands_that_may_be_decimals_are_refused_at_their_field(
    alpha: Seat, typed: str
) -> None:
    panel = noticing(alpha)
    panel.locator("[name=paste]").fill(SPOT)
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset ul li").first).to_be_visible()
    panel.locator("[name=upper]").fill(typed)
    before = len(alpha.asked)
    panel.get_by_role("button", name="File the notice").click()
    assert panel.locator("[name=upper]").evaluate("(box) => box.validity.patternMismatch")
    alpha.settled()
    assert not [one for one in alpha.asked[before:] if one.endswith("/acts")]
    whole = typed.strip("+").replace(",", "").replace(".", "")
    expect(told_back(panel, "upper")).to_contain_text(whole)
    expect(told_back(panel, "upper")).to_contain_text("Write one of these")
    assert alpha.page.evaluate(READ, [typed]) == [typed]
    with alpha.page.expect_request("**/acts") as sent:
        panel.locator("[name=upper]").fill(whole)
        panel.get_by_role("button", name="File the notice").click()
    content = json.loads(sent.value.post_data or "")
    assert f'"value_ft": {whole}' in json.dumps(content)
    expect(panel).to_have_count(0)


def test_con_780_what_can_be_read_in_one_way_only_is_read(alpha: Seat) -> None:
    texts = ["12000", "2,5", "2.50", "0.125", "0,125", "1500.125", "12.0000", "-3,25"]
    read = [12_000, 2.5, 2.5, 0.125, 0.125, 1_500.125, 12, -3.25]
    assert alpha.page.evaluate(READ, texts) == read


def test_con_780_a_frequency_has_three_decimals(alpha: Seat) -> None:
    alpha.page.evaluate(
        """async () => {
          const {set} = await import('/console/app/store.js');
          set({panel: {name: 'broadcast'}});
        }"""
    )
    panel = alpha.page.locator(".panel")
    for typed in ("121.500", "121,500"):
        panel.locator("[name=mhz]").fill(typed)
        assert panel.locator("[name=mhz]").evaluate("(box) => box.validity.valid")
        expect(told_back(panel, "mhz")).to_have_text("121.5 MHz")
    made = "async () => (await import('/console/app/views/parts.js')).hertz('121,525')"
    assert alpha.page.evaluate(made) == 121_525_000


def test_con_781_a_figure_is_told_back_as_it_is_typed_and_when_it_stands_again(
    alpha: Seat,
) -> None:
    panel = noticing(alpha)
    expect(told_back(panel, "upper")).to_be_hidden()
    panel.locator("[name=upper]").fill("12000")
    expect(told_back(panel, "upper")).to_have_text("12000 ft = 3658 m")
    panel.locator("[name=radius_km]").fill("2,5")
    expect(told_back(panel, "radius_km")).to_have_text("2.5 km = 2500 m")
    alpha.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    panel = noticing(alpha)
    expect(told_back(panel, "upper")).to_have_text("12000 ft = 3658 m")
    panel.locator("[name=upper]").fill("")
    expect(told_back(panel, "upper")).to_be_hidden()


def test_con_782_a_figure_of_the_forms_own_can_be_sent_as_it_stands(alpha: Seat) -> None:
    shown = alpha.page.evaluate(SHOWN, [3.658, 12, "1.852", "0.125", ""])
    assert shown == [
        ["3.6580", True],
        ["12", True],
        ["1.8520", True],
        ["0.125", True],
        ["", True],
    ]


@pytest.mark.parametrize("typed", ["0", "0,0", "-2", "12,000"])
def test_con_783_a_size_of_nought_is_refused_and_changes_nothing(alpha: Seat, typed: str) -> None:
    panel = noticing(alpha)
    panel.locator("[name=paste]").fill(SPOT)
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset ul li").first).to_be_visible()
    panel.locator("[name=radius_km]").fill("7")
    panel.locator("[name=radius_km]").blur()
    alpha.settled()
    stood = alpha.page.evaluate(DRAWN)
    assert stood["radius_m"] == 7_000
    panel.locator("[name=radius_km]").fill(typed)
    panel.locator("[name=radius_km]").blur()
    before = len(alpha.asked)
    for name in ("File the notice", "Read", "Polygon"):
        panel.get_by_role("button", name=name, exact=True).click()
        alpha.settled()
    expect(panel.locator("[name=radius_km]")).to_have_value(typed)
    assert alpha.page.evaluate(DRAWN) == stood
    assert not [one for one in alpha.asked[before:] if one.endswith(("/acts", "/parse"))]


@pytest.mark.parametrize("obstacles", [0, 2])
def test_rmd_150_151_152_153_154_no_conflict_is_said_of_what_was_tested_alone(
    alpha: Seat, obstacles: int
) -> None:
    """The others' notices that no rule is about are named below, with why, or counted."""
    flight = {"party": "bravo", "notice": "ACT-12", "kind": "activity", "because": "no-rule"}
    found = {"conflicts": [], "remarks": [], "remedies": [], "obstacles": obstacles}
    answer = found | {"untested": [flight | {"met": "infringes"}], "untested_clear": 40}
    alpha.page.route("**/plan/check", lambda asked: asked.fulfill(json=answer))
    alpha.page.keyboard.press("x")
    panel = alpha.page.locator(".panel")
    panel.locator("[name=paste]").fill(SPOT)
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset ul li").first).to_be_visible()
    panel.get_by_role("button", name="Check the plan").click()
    expect(panel.locator("h3").first).to_have_text("Conflicts: 0 · Not tested: 41")
    expect(panel.locator("h3").last).to_have_text("Not tested: 41")
    expect(panel).to_contain_text("heights or time as stated: 40.")
    expect(panel).to_contain_text("Nothing is filed.")
    row = panel.locator("tr", has_text="ACT-12")
    expect(row).to_contain_text("Bravo")
    expect(row).to_contain_text("no rule is about the two · shares place, heights and time")
    said = "No conflict with what was tested" if obstacles else "Nothing was tested"
    expect(panel.locator("p.told", has_text="tested")).to_contain_text(said)
    alpha.page.unroute("**/plan/check")
