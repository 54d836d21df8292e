"""The page itself: what it loads, what it needs, how old it says it is, who can use it."""

import re
from collections.abc import Iterator

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, Route, expect
from room import READER, Room

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="page").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def at(browser: Browser, room: Room) -> Iterator[Seat]:
    """One seat for what leaves the page as it was."""
    with seat(browser, room) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_open(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "at" in request.fixturenames:
        seated: Seat = request.getfixturevalue("at")
        seated.page.keyboard.press("Escape")


def test_con_001_nothing_outside_is_asked_for_and_the_policy_is_kept(at: Seat) -> None:
    for key in "npoilhtx/?":
        at.page.keyboard.press(key)
        expect(at.page.locator(".panel")).to_be_visible()
        at.page.keyboard.press("Escape")
        expect(at.page.locator(".panel")).to_have_count(0)
    at.clean()
    policy = at.page.request.get(at.address).headers["content-security-policy"]
    assert "unsafe" not in policy


@pytest.mark.long
def test_con_001_a_planted_fault_is_seen(browser: Browser, room: Room) -> None:
    """The negative controls: an outside image, an inline script, a button without a name."""
    with seat(browser, room) as at:
        at.page.evaluate("""() => {
            document.body.append(Object.assign(new Image(), {src: 'http://192.0.2.1/x.png'}));
            const s = document.createElement('script'); s.textContent = 'window.bad = 1';
            document.body.append(s);
            document.body.append(document.createElement('button'));
        }""")
        at.until(lambda: any("img-src" in one for one in at.violations()))
        at.until(lambda: any("script-src" in one for one in at.violations()))
        assert at.page.evaluate("window.bad") is None
        assert any(one.startswith("button-name") for one in at.faults_of_access())


def test_con_002_645_nothing_is_shown_before_a_session(browser: Browser, room: Room) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(room.consoles[ALPHA].address)
    expect(page.get_by_role("button", name="Come in")).to_be_visible()
    page.fill("[name=account]", "nobody")
    page.fill("[name=password]", "wrong words here now")
    asked: list[Route] = []

    def hold(one: Route) -> None:
        asked.append(one)

    page.route("**/api/v1/session", hold)  # the node takes its time
    page.get_by_role("button", name="Come in").click()
    busy = page.get_by_role("button", name="Coming in")
    busy.click()
    expect(busy).to_have_attribute("aria-busy", "true")
    assert len(asked) == 1
    asked[0].continue_()
    expect(page.get_by_role("alert")).to_contain_text("check the account")
    expect(page.get_by_role("button", name="Come in")).to_be_visible()
    assert "ROZ" not in page.content()
    context.close()


def test_con_003_the_watch_is_taken_by_a_person_and_who_only_looks_records_nothing(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, account=READER, watch="") as at:
        expect(at.page.locator(".card").first).to_be_visible()
        expect(at.page.locator(".card button").first).to_be_disabled()
        expect(at.page.locator(".officer")).to_contain_text("not on watch")
    with seat(browser, room) as at:
        expect(at.page.locator(".officer")).to_contain_text(re.compile(r"watch\s+\S*\d"))
        expect(at.page.locator(".card button").first).to_be_enabled()


def test_con_004_the_header_says_what_this_is_and_how_old(at: Seat) -> None:
    expect(at.page.locator(".banner")).to_contain_text("Exercise")
    expect(at.page.locator(".banner")).to_contain_text("TEST ONLY")
    expect(at.page.locator(".header")).to_contain_text("Bravo: untested")
    expect(at.page.locator(".header")).to_contain_text("Track sources 1 / 1")
    expect(at.page.locator(".zulu")).to_have_text(re.compile(r"^00:0\d:\d\dZ$"))
    expect(at.page.locator(".reference")).to_contain_text("not for targeting or navigation")


def test_con_005_silence_of_the_node_is_shown_within_five_seconds(browser: Browser) -> None:
    with Room(seed="silent").open() as room, seat(browser, room) as at:
        expect(at.page.locator(".staleness")).to_have_count(0)
        room.consoles[ALPHA].server.force_exit = True
        room.consoles[ALPHA].server.should_exit = True
        expect(at.page.locator(".staleness")).to_contain_text(
            "NOTHING FROM THE NODE", timeout=12_000
        )
        before = at.page.locator(".zulu").inner_text()
        expect(at.page.locator(".zulu")).not_to_have_text(before, timeout=3_000)


@pytest.mark.long
def test_con_006_each_dim_level_is_accessible(at: Seat) -> None:
    """Opened alert and all: contrast is measured at each of the four levels."""
    at.page.locator(".card").first.focus()
    at.page.keyboard.press("Enter")
    expect(at.page.locator(".panel")).to_be_visible()
    found = {}
    for step in range(2, 6):
        at.page.keyboard.press("m")
        dim = str(step % 4)
        expect(at.page.locator("html")).to_have_attribute("data-dim", dim)
        at.settled()
        found[dim] = at.faults_of_access(rules=["color-contrast"])
    assert found == {"0": [], "1": [], "2": [], "3": []}
    assert at.faults_of_access() == []


def test_con_006_each_panel_is_accessible(at: Seat) -> None:
    found = {}
    for key in "ntxpolhi/?":
        at.page.keyboard.press(key)
        expect(at.page.locator(".panel")).to_be_visible()
        at.settled()
        if faults := at.faults_of_access(".panel"):
            found[key] = faults
        at.page.keyboard.press("Escape")
        expect(at.page.locator(".panel")).to_have_count(0)
    assert found == {}


def test_con_007_all_of_it_can_be_done_by_keyboard(at: Seat) -> None:
    page = at.page
    page.keyboard.press("j")
    expect(page.locator(".card.selected")).to_have_count(1)
    first = page.locator(".card.selected").get_attribute("data-key")
    page.keyboard.press("j")
    expect(page.locator(f".card.selected:not([data-key='{first}'])")).to_have_count(1)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_visible()
    page.keyboard.press("Escape")
    reached = set()
    for _ in range(110):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.closest('[class]')?.className ?? ''"))
    assert any("card" in one for one in reached) or any("big" in one for one in reached)
    assert any("holder" in one for one in reached)
    page.locator("#map").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    at.clean()


def test_con_058_cards_that_go_leave_nothing_behind(at: Seat) -> None:
    """Screens with all matters and with none, again and again: the page has the nodes it had."""
    counted = at.page.evaluate(
        """async () => {
          const {take} = await import('/console/app/main.js');
          const {store} = await import('/console/app/store.js');
          const all = JSON.stringify(store.screen);
          const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const nodes = () => {
            const walk = document.createTreeWalker(document.querySelector('.queue'));
            let n = 0;
            while (walk.nextNode()) n += 1;
            return n;
          };
          const found = [];
          for (let i = 0; i < 6; i += 1) {
            take({...JSON.parse(all), queue: []});
            await drawn();
            take(JSON.parse(all));
            await drawn();
            found.push(nodes());
          }
          return found;
        }"""
    )
    assert counted[-1] == counted[1]


def cut(at: Seat, wide: int) -> list[str]:
    """What of the parts that count is not whole on a page of that width."""
    found = []
    for part in (".zulu", ".officer", ".card .due", ".card button.big", ".readout", ".banner"):
        box = at.page.locator(part).first.bounding_box()
        if box is None or box["x"] < 0 or box["x"] + box["width"] > wide + 1:
            found.append(f"{part} {box}")
    if at.page.evaluate("document.documentElement.scrollWidth") > wide:
        found.append("the page")
    if at.page.locator(".due .n").first.evaluate("e => e.scrollWidth > e.clientWidth + 1"):
        found.append("the clock of a card")
    return found


def test_con_008_no_size_cuts_what_counts_in_either_direction(at: Seat) -> None:
    for language, direction in (("ar", "rtl"), ("en", "ltr")):
        at.page.locator(".header select").select_option(language)
        expect(at.page.locator("html")).to_have_attribute("dir", direction)
        for size in ((1366, 768), (1600, 1000), (2560, 1440)):
            at.page.set_viewport_size({"width": size[0], "height": size[1]})
            at.settled()
            assert cut(at, size[0]) == [], (language, size)


@pytest.mark.long
def test_con_009_motion_and_forced_colours_are_respected(browser: Browser, room: Room) -> None:
    with seat(browser, room, reduced_motion="reduce", forced_colors="active") as at:
        ringing = at.page.locator(".ringing").first
        expect(ringing).to_be_visible()
        html = at.page.locator("html")
        at.until(lambda: "blink" in (html.get_attribute("class") or ""))
        icon = at.page.locator(".ringing .icon").first
        assert icon.evaluate("e => getComputedStyle(e).opacity") == "1"
