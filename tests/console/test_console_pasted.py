"""What is pasted into a form is told whole: its heights, its doubts, and what would mend it."""

import json
from collections.abc import Iterator

import pytest
from consoles import Seat, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, Locator, expect
from room import Room

HIGH = """<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon>
<altitudeMode>absolute</altitudeMode><outerBoundaryIs><LinearRing><coordinates>
40.50,36.40,1200 40.60,36.40,1200 40.60,36.50,3000 40.50,36.40,1200
</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"""
TWO = "36.5N 40.75E\n36.6N 40.85E"
CALL = """async () =>
  (await import('/console/app/store.js')).set({panel: {name: 'call', to: 'bravo'}})"""
USE = "async (lang) => (await import('/console/app/i18n.js')).use(lang)"
DECIMAL = """async (points) => {
  const {decimal} = await import('/console/app/format.js');
  return points.map(([lat_deg, lon_deg]) => decimal({lat_deg, lon_deg}));
}"""
PARSED = """async (text) => {
  const {parsePoint} = await import('/console/app/views/content_fields.js');
  return parsePoint(text);
}"""

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="pasted").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as opened:
        yield opened
        opened.errors[:] = [one for one in opened.errors if "422" not in one and "400" not in one]
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.leave()


def opened(at: Seat, key: str) -> Locator:
    at.page.keyboard.press(key)
    panel = at.page.locator(".panel")
    expect(panel.locator("form")).to_be_visible()
    return panel


def read(panel: Locator, text: str) -> None:
    panel.locator("[name=paste]").fill(text)
    panel.locator("[name=paste] >> xpath=following::button[1]").click()


@pytest.mark.parametrize("key", ["n", "x"])
def test_con_786_heights_of_a_pasted_text_are_shown_and_taken_by_a_press(
    alpha: Seat, key: str
) -> None:
    """In whole feet outwards: 1200 m is 3937.01 ft, 3000 m is 9842.52 ft."""
    panel = opened(alpha, key)
    read(panel, HIGH)
    expect(panel.locator("fieldset ul li").first).to_contain_text("9843 ft MSL")
    upper = panel.locator("[name=upper]")
    assert upper.input_value() in {"", "5000"}
    panel.get_by_role("button", name="Take as limits").click()
    expect(panel.locator("[name=lower]")).to_have_value("3937")
    expect(upper).to_have_value("9843")
    expect(panel.locator("[name=upper_datum]")).to_have_value("msl-egm96")
    expect(panel.locator("[name=upper] + output")).to_have_text("9843 ft = 3000 m")


def test_con_786_heights_above_the_ellipsoid_keep_their_datum(alpha: Seat) -> None:
    panel = opened(alpha, "x")
    read(panel, '{"type": "Point", "coordinates": [40.5, 36.4, 1200]}')
    panel.get_by_role("button", name="Take as limits").click()
    with alpha.page.expect_request("**/plan/check") as sent:
        panel.get_by_role("button", name="Check the plan").click()
    (volume,) = json.loads(sent.value.post_data or "")["plan"]["volumes"]
    assert volume["lower"] == {"altitude": {"value_ft": 3937, "datum": "wgs84-ellipsoid"}}
    assert volume["upper"] == {"altitude": {"value_ft": 3938, "datum": "wgs84-ellipsoid"}}
    expect(panel).to_contain_text("Conflicts: ")


def test_con_786_heights_of_a_messages_place_are_looked_at_before_it_is_sent(alpha: Seat) -> None:
    alpha.page.evaluate(CALL)
    panel = alpha.page.locator(".panel")
    panel.locator("[name=place]").fill('{"type": "Point", "coordinates": [40.5, 36.4, 1200]}')
    before = len(alpha.asked)
    panel.get_by_role("button", name="Send").first.click()
    expect(panel.locator("[name=lower]")).to_have_value("3937")
    alpha.told("look at them, then send again")
    assert not [one for one in alpha.asked[before:] if one.endswith("/acts")]
    with alpha.page.expect_request("**/acts") as sent:
        panel.get_by_role("button", name="Send").first.click()
    assert '"value_ft": 3938' in json.dumps(json.loads(sent.value.post_data or ""))
    expect(panel).to_have_count(0)


def test_con_787_why_a_text_is_not_read_is_in_turkish_with_its_line(alpha: Seat) -> None:
    alpha.page.evaluate(USE, "tr")
    try:
        panel = opened(alpha, "n")
        read(panel, "36.5N 40.5E\nnowhere")
        alpha.told("satır 2: 'NOWHERE' bilinen bir konum değil")
        read(panel, "36.50N 40.50E")
        doubt = panel.locator("fieldset ul li").first
        expect(doubt).to_contain_text("ondalık derece olarak okundu")
    finally:
        alpha.page.evaluate(USE, "en")


def test_con_788_what_the_page_shows_as_decimal_degrees_it_reads(alpha: Seat) -> None:
    points = [(36.86091, 41.31857), (-36.5, -0.25), (0.0, 180.0)]
    shown = alpha.page.evaluate(DECIMAL, points)
    assert shown == ["36.86091N 41.31857E", "36.50000S 0.25000W", "0.00000N 180.00000E"]
    for text, (lat_deg, lon_deg) in zip(shown[:2], points[:2], strict=True):
        assert alpha.page.evaluate(PARSED, text) == {"lat_deg": lat_deg, "lon_deg": lon_deg}


def test_con_789_the_choice_that_would_mend_it_is_in_sight(alpha: Seat) -> None:
    panel = opened(alpha, "x")
    expect(panel.locator("[name=figure]")).to_be_hidden()
    read(panel, TWO)
    expect(panel.locator("[name=figure]")).to_be_focused()
    panel.locator("[name=figure]").select_option("way")
    read(panel, TWO)
    expect(panel.locator("[name=width_km]")).to_be_focused()
    read(panel, "36.5 40.75")
    expect(panel.locator("[name=order]")).to_be_focused()


def test_con_823_a_size_that_cannot_be_taken_is_complained_of_in_sight(alpha: Seat) -> None:
    panel = opened(alpha, "n")
    width = panel.locator("[name=width_km]")
    width.evaluate(
        "(one) => { one.value = '-1'; one.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(width).to_be_hidden()
    read(panel, "36.5N 40.75E")
    expect(width).to_be_focused()
    expect(width).to_be_visible()
    width.fill("0.5")
    width.evaluate("(one) => (one.closest('details').open = false)")
    read(panel, "36.5N 40.75E")
    expect(panel.locator("bdi.mono").first).to_be_visible()
    expect(width).to_be_hidden()
