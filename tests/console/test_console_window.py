"""What is heard and seen without looking for it: in a small window, a tab, what is read aloud."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, expect
from room import Room, circle, place, volume, zone

pytest_plugins = ("browsing",)

SMALL = ((683, 384), (960, 540))  # 1366 x 768 and 1920 x 1080 at twice their size
OUT_OF_REACH = """() => [...document.querySelectorAll(
    '.header button, .header select, .rail button')]
  .filter((one) => one.getClientRects().length)
  .filter((one) => {
    const {left, right} = one.getBoundingClientRect();
    return left < 0 || right > innerWidth;
  }).map((one) => one.outerHTML.slice(0, 90))"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
FILLS = """() => {
  const probe = document.body.appendChild(document.createElement('p'));
  probe.style.color = 'CanvasText';
  const wanted = getComputedStyle(probe).color;
  probe.remove();
  const texts = [...document.querySelectorAll('.bar svg text')];
  return [wanted, [...new Set(texts.map((one) => getComputedStyle(one).fill))]];
}"""
TOUCHING = """() => [...document.querySelectorAll('.header .age')].filter((one) => {
  const cell = one.closest('.feeds').getBoundingClientRect();
  return one.getBoundingClientRect().right > cell.right - 6;
}).map((one) => one.textContent)"""
FAR = """async () => {
  const {page} = await import('/console/app/main.js');
  page.map().fit([{lat_deg: 0, lon_deg: 91}, {lat_deg: 0.5, lon_deg: 91.5}]);
}"""
AGED = """async () => {
  const {store, set} = await import('/console/app/store.js');
  const {screen} = store;
  const [source] = screen.header.sources;
  const names = ['replay-recon-radar', 'replay-notifier'];
  const sources = names.map((name) => ({...source, source: name}));
  set({screen: {...screen, header: {...screen.header, sources}}});
}"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="window").open() as opened:
        scene(opened)
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as opened:
        yield opened
        opened.clean()


def test_con_808_a_warning_that_names_no_place_says_so_above_its_button(alpha: Seat) -> None:
    alpha.leave()
    alpha.card("T-4502").click()
    alpha.page.keyboard.press("c")
    form = alpha.page.locator(".panel form")
    form.locator("[name=kind]").select_option("warn")
    form.locator("[name=place]").fill("")
    line = form.locator(".placeless")
    expect(line).to_have_text("This call names no place: they will not know where.")
    send = form.get_by_role("button", name="Send")
    above, button = line.bounding_box(), send.bounding_box()
    assert above is not None
    assert button is not None
    assert 0 < button["y"] - above["y"] < 80
    assert button["y"] < 768
    form.locator("[name=place]").fill("37S FA 30592 62810")
    expect(line).to_have_count(0)
    form.locator("[name=place]").fill("")
    form.locator("[name=kind]").select_option("inform")
    form.locator("[name=act]").select_option("")
    expect(line).to_have_count(0)
    form.locator("[name=act]").select_option("keep-out")
    expect(line).to_have_count(1)


def test_con_809_each_matter_that_rings_is_read_aloud_by_what_it_is_about(alpha: Seat) -> None:
    heard = alpha.page.locator("#announce p")
    alpha.until(lambda: heard.count() > 1)
    texts = heard.all_inner_texts()
    assert any("T-4502 \u00d7 POST-1" in one for one in texts)
    assert any("T-4471 \u00d7 " in one for one in texts)
    assert not any("alert-" in one for one in texts)
    assert all(re.search(r"\d\d:\d\d:\d\dZ", one) for one in texts)
    named = "async () => (await import('/console/app/views/ringing.js')).itemName"
    first = alpha.page.evaluate(
        f"async () => (await ({named})())("
        "(await import('/console/app/store.js')).store.screen.queue[0])"
    )
    assert re.fullmatch(r"(critical|urgent|advisory) T-\d+ \u00d7 [A-Z0-9-]+", first)


def test_con_810_811_a_past_moment_has_its_day_and_before_all_nothing_was_recorded(
    browser: Browser, tmp_path: Path
) -> None:
    with Room(seed="days", folder=tmp_path).open() as room:
        room.clock.skip(20 * 3600.0)
        with seat(browser, room, ALPHA, watch=None, map_kind="canvas") as at:
            began = room.world.now
            wanted = began.strftime("%d %b %H:").upper().lstrip()
            at.page.locator("[name=moment]").fill(began.strftime("%Y-%m-%d %H:%M:59Z"))
            at.page.get_by_role("button", name="Show", exact=True).click()
            expect(at.page.locator(".banner")).to_contain_text(f"Replay {wanted}")
            expect(at.page.locator(".bar .controls")).to_contain_text(f"Replay {wanted}")
            at.clean()
        found = "async () => (await import('/console/app/format.js')).moment"
        with seat(browser, room, ALPHA, watch=None, map_kind="canvas") as at:
            told = at.page.evaluate(
                f"async () => (await ({found})())('2025-12-31T10:00:00Z', '2026-01-01T00:14:00Z')"
            )
            assert told == "31 DEC 2025 10:00:00Z"
            at.page.evaluate(
                """async () => {
                  const {store, set} = await import('/console/app/store.js');
                  const empty = {...store.screen, queue: [], arrivals: 0};
                  const replay = {at: Date.now(), playing: false};
                  set({live: store.screen, screen: empty, replay});
                }"""
            )
            expect(at.page.locator(".queue")).to_contain_text("Nothing was recorded yet")
            expect(at.page.locator(".queue")).not_to_contain_text("Nothing waits")


def test_con_812_the_tab_names_the_party_and_whether_it_is_real(alpha: Seat) -> None:
    whole = re.compile(r"^\(\d+\) Exercise · Alpha[^·]* · Crosstell$")
    expect(alpha.page).to_have_title(whole)


@pytest.mark.usefixtures("alpha")  # who holds the watch that is joined
@pytest.mark.parametrize("size", SMALL)
def test_con_814_at_twice_its_size_everything_is_in_reach(
    browser: Browser, room: Room, size: tuple[int, int]
) -> None:
    with seat(browser, room, ALPHA, size=size, map_kind="canvas", watch="join") as at:
        at.settled()
        assert at.page.evaluate(OUT_OF_REACH) == []
        assert at.page.evaluate(SIDEWAYS) <= 0
        for part in (".header select", ".queue .card", ".map .holder", ".bar .lanes"):
            at.page.locator(part).first.scroll_into_view_if_needed()
            expect(at.page.locator(part).first).to_be_in_viewport()
            expect(at.page.locator(".banner .word")).to_be_in_viewport()
        at.page.keyboard.press("n")
        panel = at.page.locator(".panel")
        expect(panel.locator("[name=id]")).to_be_in_viewport()
        expect(panel.get_by_role("button", name="File the notice")).to_be_in_viewport()
        assert at.page.evaluate(SIDEWAYS) <= 0
        assert at.faults_of_access(".panel") == []
        at.leave()
        at.clean()


def test_con_813_alerts_outside_the_view_are_told_with_the_way_back(alpha: Seat) -> None:
    alpha.leave()
    outside = alpha.page.locator("#outside button")
    alpha.page.keyboard.press("f")
    expect(outside).to_have_count(0)
    alpha.page.evaluate(FAR)
    expect(outside).to_contain_text(re.compile(r"Alerts outside this view: \d"))
    alpha.page.keyboard.press("n")
    expect(alpha.page.locator(".panel")).to_be_visible()
    assert alpha.faults_of_access("#outside") == []
    outside.click()
    expect(outside).to_have_count(0)


def test_con_815_a_span_that_lies_over_others_says_so(alpha: Seat, room: Room) -> None:
    now = room.clock.now()
    for number in range(3):
        at = circle(place(40 + 10 * number, 40), 2_000)
        room.act(BRAVO, zone(f"ROZ-M{number}", volume(now, at, hours=1.0), ALPHA))
    lane = alpha.page.locator(".bar svg g.pick")
    expect(lane.filter(has_text="+").first).to_be_attached()
    told = " ".join(lane.locator("title").all_text_contents())
    assert re.search(r"· \+\d [A-Z0-9-]+", told)
    names = " ".join(alpha.page.locator(".bar svg text.small").all_text_contents())
    assert "ROZ-" in names


def test_con_816_an_age_keeps_clear_of_the_next_part(alpha: Seat) -> None:
    for width in (1366, 1440, 1600):
        alpha.page.set_viewport_size({"width": width, "height": 768})
        alpha.page.evaluate(AGED)
        alpha.settled()
        assert alpha.page.evaluate(TOUCHING) == [], width
    alpha.page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.usefixtures("alpha")
def test_con_817_with_forced_colours_the_bar_has_the_readers(browser: Browser, room: Room) -> None:
    with seat(browser, room, ALPHA, map_kind="canvas", watch="join", forced_colors="active") as at:
        wanted, found = at.page.evaluate(FILLS)
        assert found == [wanted]
