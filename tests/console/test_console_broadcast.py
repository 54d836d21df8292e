"""Past the call-by of an alert: what is offered, what is drafted for guard, what it covers."""

import re
from collections.abc import Iterator

import pytest
from consoles import Seat, found, scene, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, expect
from room import Room, circle, place, volume, zone

from crosstell.core.detection.about import TrackAtNotice
from crosstell.core.line.content import About, AboutAlert
from crosstell.core.line.message import CallKind
from crosstell.core.state.state import State

pytest_plugins = ("browsing",)
X, MIN = "\u00d7", "\u2032"
SPOKEN = """async ([object, danger, whose]) => {
  const {spoken} = await import('/console/app/spoken.js');
  const {store} = await import('/console/app/store.js');
  const {screen} = store;
  const tracks = screen.tracks.map((one) => ({...one, whose}));
  const alert = screen.alerts.find((one) => one.about.track_at_notice?.track === object);
  const place = {circle: {centre: {lat_deg: 36.5, lon_deg: 40.7}, radius_m: 9260}};
  const draft = danger ? {content: {danger, act: 'keep-out', place}} : alert.draft;
  try {
    store.screen = {...screen, tracks};
    const {to, text, track} = spoken({...alert, draft});
    return [to, text, track?.track ?? ''];
  } finally {
    store.screen = screen;
  }
}"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="possible").open() as opened:
        now = opened.clock.now()
        opened.act(ALPHA, zone("ROZ-09", volume(now, circle(place(0, 0), 4_000)), BRAVO))
        scene(opened)
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, size=(1366, 768), map_kind="canvas") as opened:
        room.clock.skip(1.0)
        yield opened
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.leave()


def about_text(state: State, about: About) -> str:
    assert isinstance(about, AboutAlert)
    alert = state.alert(about.alert)
    assert alert is not None
    assert isinstance(alert.key.about, TrackAtNotice)
    return f"{alert.key.about.track} {X} {alert.key.about.notice.notice}"


def test_con_556_past_call_by_of_a_possibility_is_said_to_be_one(alpha: Seat) -> None:
    """Stop and broadcast stay offered together; the card and both forms say what it is."""
    card = alpha.card("T-4502")
    expect(card).to_contain_text("only a possibility")
    for name, key in (("Stop", "s"), ("Broadcast", "b")):
        expect(card.get_by_role("button", name=re.compile(f"^{name}"))).to_be_visible()
        card.focus()
        alpha.page.keyboard.press(key)
        expect(alpha.page.locator(".panel .possible")).to_contain_text("only a possibility")
        alpha.leave()
    sure = alpha.card("T-4471")
    expect(sure).to_contain_text("infringe")
    expect(sure).not_to_contain_text("possibility")


def test_con_650_a_drafted_broadcast_says_who_speaks_to_whom_where_and_what_is_asked(
    alpha: Seat,
) -> None:
    to, text, track = alpha.page.evaluate(SPOKEN, ["T-4502", "zone-entered", "not-stated"])
    assert re.fullmatch(rf"rotorcraft near N\d\d°\d\d{MIN} E\d{{3}}°\d\d{MIN}", to)
    assert track == "T-4502"
    assert text.startswith(f"R{to[1:]}, this is the deconfliction desk of Alpha. Seen at ")
    assert text.endswith(
        f"Declared zone: within 5.0 NM of N36°30{MIN} E040°42{MIN}. "
        "Danger: zone entered. We ask: keep out."
    )
    to, text, _ = alpha.page.evaluate(SPOKEN, ["T-4471", "collision", "not-ours"])
    assert to.startswith("small drone near ")
    assert re.search(r"Seen at \d\d:\d\dZ, course 220 true", text)


def test_con_651_a_drafted_broadcast_tells_of_no_forces_and_no_site(alpha: Seat) -> None:
    """Nor of an object of ours: the frequency is open."""
    texts = [
        alpha.page.evaluate(SPOKEN, ["T-4471", danger, "not-stated"])[1]
        for danger in ("", "own-forces-endangered", "notified-site-endangered", "other")
    ]
    for text in texts:
        assert text.endswith("We ask: keep out.")
        assert not re.search("Danger|forces|site|zone|POST", text), text
    ours = alpha.page.evaluate(SPOKEN, ["T-4471", "zone-entered", "ours"])
    assert ours == ["all stations", "All stations, this is the deconfliction desk of Alpha.", ""]


def test_con_652_a_call_about_an_object_covers_its_other_alerts_unless_unticked(
    alpha: Seat, room: Room
) -> None:
    post, roz, other = (f"T-4502 {X} {one}" for one in ("POST-1", "ROZ-04", "ROZ-09"))
    panel = alpha.page.locator(".panel")
    for key in ("b", "c"):
        alpha.card(post).focus()
        alpha.page.keyboard.press(key)
        for name in (roz, other):
            expect(panel.locator(".also label", has_text=name).locator("input")).to_be_checked()
        if key == "b":
            expect(panel).to_contain_text("where our sensors see the object")
            alpha.leave()
    panel.locator(".also label", has_text=other).locator("input").press("Space")
    panel.get_by_role("button", name=re.compile("^Send")).click()
    alpha.told("Call placed")
    state = room.state(ALPHA)
    (placed,) = [one.placed for one in state.own.calls.values() if one.placed.kind is CallKind.WARN]
    first, *also = [about_text(state, one) for one in placed.about]
    assert first == post
    assert (roz in also, other in also) == (True, False)
    for name, calls in ((post, 1), (roz, 1), (other, 0)):
        expect(alpha.card(name).locator(".called")).to_have_count(calls)


def test_con_654_a_button_that_goes_with_its_act_leaves_the_keyboard_where_it_was(
    alpha: Seat, room: Room
) -> None:
    """No other button comes under a hand that presses Enter once more."""
    focused = "document.activeElement.matches({})"
    room.act(ALPHA, call("c-error", kind=CallKind.QUERY))
    panel = found(alpha, "c-error")
    alpha.page.once("dialog", lambda asked: asked.accept())
    panel.get_by_role("button", name="Disregard: sent in error").press("Enter")
    expect(panel).to_contain_text("disregarded")
    alpha.until(lambda: alpha.page.evaluate(focused.format("'.panel .body'")))
    alpha.leave()
    alpha.seen()
    card = alpha.page.locator(".card", has_text="Acknowledge").first
    key = card.get_attribute("data-key")
    card.get_by_role("button", name="Acknowledge").press("Enter")
    alpha.told("Acknowledged")
    alpha.until(lambda: alpha.page.evaluate(focused.format(f"'[data-key=\"{key}\"]'")))
    alpha.page.keyboard.press("Tab")
    alpha.page.keyboard.press("Shift+Tab")
    assert alpha.page.evaluate(focused.format(f"'[data-key=\"{key}\"]'"))


def test_con_655_a_correction_is_in_sight_and_an_object_names_its_alerts_in_words(
    alpha: Seat, room: Room
) -> None:
    room.act(ALPHA, call("c-fix", kind=CallKind.QUERY))
    panel = found(alpha, "c-fix")
    panel.get_by_role("button", name="Correct", exact=True).click()
    send = panel.locator("form").get_by_role("button", name="Correct")
    expect(send).to_be_in_viewport(ratio=1)
    alpha.leave()
    alpha.page.locator(".card", has_text="T-4471").first.focus()
    alpha.page.keyboard.press("Enter")
    panel.get_by_role("button", name="track T-4471").click()
    expect(panel.get_by_role("button", name=f"T-4471 {X} POST-1")).to_be_visible()
    expect(panel.locator("dl", has_text=f"urgent T-4471 {X} ROZ-09")).to_be_visible()


def test_con_653_a_span_beside_english_words_has_its_unit_in_english(alpha: Seat) -> None:
    ages = alpha.page.locator(".feeds .age").first
    languages = alpha.page.locator(".header select")
    try:
        for language, unit in (("ar", "s|min"), ("ru", "s|min"), ("tr", "sn|dk"), ("en", "s|min")):
            languages.select_option(language)
            alpha.settled()
            expect(ages).to_have_text(re.compile(rf"^radar-1 \d+ ({unit})$"))
            expect(alpha.page.locator(".header .who").first).to_have_text("Bravo:")
    finally:
        languages.select_option("en")
    said = alpha.page.evaluate(
        """async () => {
          const {coded, use} = await import('/console/app/i18n.js');
          await use('ar');
          const one = {kind: 'span', name: 'chain', value: '90'};
          const text = coded({code: 'call-by.past', text: '', args: [one]});
          await use('en');
          return text;
        }"""
    )
    assert " s" not in said, "a message is in its reader's language, units too"
