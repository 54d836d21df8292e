"""What a form does with what a person types: read it, or say at the form what does not do."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from consoles import Seat, found, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, Route, expect
from room import Room

from crosstell.core.ids import CallId
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.line.watch.voice import Timed

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="forms").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as opened:
        yield opened
        opened.clean()


@pytest.mark.long
def test_con_195_what_is_read_late_for_a_form_that_was_left_opens_nothing(alpha: Seat) -> None:
    held: list[Route] = []

    def hold(asked: Route) -> None:
        held.append(asked)

    alpha.page.route("**/places/parse", hold)
    alpha.page.keyboard.press("n")
    panel = alpha.page.locator(".panel")
    panel.locator("[name=paste]").fill("37S FA 30592 62810")
    panel.get_by_role("button", name="File the notice").click()
    alpha.until(lambda: held)
    alpha.leave()
    with alpha.page.expect_response("**/places/parse"):
        held[0].continue_()
    alpha.page.unroute("**/places/parse")
    alpha.settled()
    expect(panel).to_have_count(0)


ANSWERED = """async (parties) => {
  const {answerWord} = await import('/console/app/content.js');
  return parties.flatMap((party) => ['ours', 'not-ours'].map((kind) => answerWord(kind, party)));
}"""
DRAFTED = """async () => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {broadcastForm} = await import('/console/app/views/broadcast_form.js');
  const {use} = await import('/console/app/i18n.js');
  const {store} = await import('/console/app/store.js');
  const found = {};
  for (const language of ['en', 'tr', 'ru', 'ar']) {
    await use(language);
    const box = document.createElement('div');
    render(broadcastForm(store.screen, {name: 'broadcast'}).body, box);
    found[box.querySelector('[name=language]').value] = box.querySelector('[name=text]').value;
  }
  await use('en');
  return found;
}"""
WINDOWS = """async (windows) => {
  const {window} = await import('/console/app/format.js');
  const {fieldText} = await import('/console/app/content.js');
  const {store} = await import('/console/app/store.js');
  const noon = Date.UTC(2026, 10, 30, 12);
  const held = store.skew_ms;
  store.skew_ms = noon - Date.now();
  const found = windows.map(([start, end]) => [
    window(start, end, {seconds: false}), fieldText({window: {start, end}}, 'window'),
  ]);
  store.skew_ms = held;
  return found;
}"""
PRESSES = """([key, code, shiftKey]) => document.body.dispatchEvent(
  new KeyboardEvent('keydown', {key, code, shiftKey, bubbles: true, cancelable: true}))"""
FORMED = """async (texts) => {
  const {formed} = await import('/console/app/told.js');
  return texts.map((one) => formed(...one));
}"""


def test_con_525_a_refusal_speaks_the_units_and_the_times_of_the_form(alpha: Seat) -> None:
    told = {
        "altitude 121920.0 m is outside -1000 m to 100 km": (
            "altitude 400000 ft is outside -3281 ft to 328084 ft"
        ),
        "circle radius 600000.0 m is outside 0 to 500000 m": (
            "circle radius 600 km is outside 0 to 500 km"
        ),
        "speed 771.7 m/s is outside 0 to 700.0 m/s": "speed 1500 kt is outside 0 to 1361 kt",
        "share: would end 2026-02-01T10:00:00Z, which is past": (
            "share: would end 2026-02-01 10:00Z, which is past"
        ),
        "“at 2026-02-01T10:00:00Z, altitude 300 m” ends 2026-02-01T10:00:30.5Z": (
            "“at 2026-02-01T10:00:00Z, altitude 300 m” ends 2026-02-01 10:00:30.500Z"
        ),
        "coarser altitude: 3 m is no step": "coarser altitude: 3 m is no step",
        "area_m 500 m": "area_m 500 m",
    }
    found = alpha.page.evaluate(FORMED, [[one] for one in told])
    assert dict(zip(told, found, strict=True)) == told
    turkish = ["yükseklik 121920,0 m, -1000 m ile 100 km arasında değil", next(iter(told))]
    (spoken,) = alpha.page.evaluate(FORMED, [turkish])
    assert spoken == "yükseklik 400000 ft, -3281 ft ile 328084 ft arasında değil"


def test_con_524_every_fault_of_what_was_typed_is_told_in_the_forms_own_units(alpha: Seat) -> None:
    alpha.page.keyboard.press("n")
    panel = alpha.page.locator(".panel")
    panel.locator("[name=paste]").fill("36.5N 40.75E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("ol li")).to_have_count(1)
    panel.locator("[name=lower]").fill("400000")
    panel.locator("[name=until]").fill("25:99")
    panel.get_by_role("button", name="File the notice").click()
    told = panel.locator(".toast.bad span").first
    expect(told).to_contain_text("25:99")
    expect(told).to_contain_text("400000 ft is outside -3281 ft to 328084 ft")
    assert "more)" not in told.inner_text()
    assert len(told.inner_text().splitlines()) == 2
    alpha.errors[:] = [one for one in alpha.errors if "422" not in one]


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.leave()


def test_con_190_a_time_is_read_as_it_was_typed_or_left_to_the_node(alpha: Seat) -> None:
    typed = [
        ("14:30", "2026-03-01T14:30:00.000Z"),
        ("14:30:05Z", "2026-03-01T14:30:05.000Z"),  # CON-785
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
    expect(panel.locator("[name=paste]")).to_be_focused()  # CON-648
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
        alpha.leave()


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


def test_con_340_a_voice_call_of_earlier_is_logged_with_typed_times_and_said_to_be(
    alpha: Seat, room: Room
) -> None:
    """A time that cannot be is said at its field; the log says that its times were stated later."""
    now = room.clock.now().replace(second=0, microsecond=0)
    alpha.page.keyboard.press("t")
    panel = alpha.page.locator(".panel")
    panel.get_by_role("button", name="It was made earlier").click()
    expect(panel.get_by_role("button", name="Start the call")).to_have_count(0)
    panel.locator("[name=m_subject_label]").fill("one drone")
    begun, ended = panel.locator("[name=at_started]"), panel.locator("[name=at_ended]")
    record = panel.get_by_role("button", name="Record the log")
    wrong = "(box) => box === document.activeElement && box.validationMessage"
    ended.fill(f"{now - timedelta(minutes=2):%H:%M}")
    for typed, words in (
        ("soon", "This is no time"),
        (f"{now + timedelta(days=1):%Y-%m-%dT%H:%MZ}", "still to come"),
        (f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%MZ}", "ends before it begins"),
    ):
        begun.fill(typed)
        record.click()
        target = ended if "ends" in words else begun
        expect(target).to_be_focused()
        assert words in str(target.evaluate(wrong))
    ended.fill(f"{now - timedelta(minutes=2):%H:%M}")
    begun.fill(f"{now - timedelta(minutes=9):%H:%M}Z")
    panel.locator("[name=at_reached]").fill(f"{now - timedelta(minutes=8):%H:%M}")
    assert not room.state(ALPHA).own.voice_logs, "nothing of it was sent"
    record.click()
    alpha.told("Voice log recorded")
    (log,) = room.state(ALPHA).own.voice_logs.values()
    account = log.account
    assert (account.timed, account.started_at) == (Timed.STATED_LATER, now - timedelta(minutes=9))
    assert account.reached_at == now - timedelta(minutes=8)
    assert account.ended_at == now - timedelta(minutes=2)
    assert log.logged_stamp.at > account.ended_at
    expect(found(alpha, log.logged.log)).to_contain_text("times stated later")


SQUARE = "[[40.5,36.4],[40.7,36.4],[40.7,36.6],[40.5,36.6],[40.5,36.4]]"
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon><outerBoundaryIs><LinearRing>'
    "<coordinates>40.5,36.4 40.7,36.4 40.7,36.6 40.5,36.6 40.5,36.4</coordinates>"
    "</LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"
)


def test_con_341_a_plan_takes_what_a_notice_takes_and_says_what_it_cannot_read(
    alpha: Seat, room: Room
) -> None:
    filed = len(room.state(ALPHA).own.notices)
    for pasted in (
        "37S FA 30592 62810",
        "36°30'00\"N 040°45'00\"E",
        "36.5N 40.75E",
        f'{{"type":"Polygon","coordinates":[{SQUARE}]}}',
        KML,
    ):
        alpha.page.keyboard.press("x")
        panel = alpha.page.locator(".panel")
        panel.locator("[name=paste]").fill(pasted)
        panel.get_by_role("button", name="Check the plan").click()
        alpha.told("press once more")  # what was read is looked at before it is used
        expect(panel.locator("fieldset ul li")).to_have_count(1)
        panel.get_by_role("button", name="Check the plan").click()
        expect(panel).to_contain_text("Conflicts: ")
        alpha.leave()
    alpha.page.keyboard.press("x")
    panel = alpha.page.locator(".panel")
    two = f'{{"type":"MultiPolygon","coordinates":[[{SQUARE}],[{SQUARE}]]}}'
    for wrong, words in (
        ("36.5N 40.75E\n37S FA 3059 62810", "2"),  # which line it is
        ('{"type":"Polygon","coordinates":', "column"),
        (two, "2 figures were read"),
    ):
        panel.locator("[name=paste]").fill(wrong)
        panel.get_by_role("button", name="Read", exact=True).click()
        expect(alpha.page.locator(".toast.bad")).to_contain_text(words)
        panel.get_by_role("button", name="Check the plan").click()
        expect(panel).not_to_contain_text("Conflicts: ")
    assert len(room.state(ALPHA).own.notices) == filed
    alpha.errors[:] = [one for one in alpha.errors if "422" not in one]  # what the node refused


def test_con_642_ours_is_said_in_the_first_person_of_who_says_it(alpha: Seat) -> None:
    said = alpha.page.evaluate(ANSWERED, [ALPHA, BRAVO])
    assert said == ["ours", "not ours", "says it is theirs", "says it is not theirs"]


def test_con_646_a_drafted_broadcast_is_in_the_language_of_its_words(alpha: Seat) -> None:
    drafts = alpha.page.evaluate(DRAFTED)
    assert list(drafts) == ["en", "tr", "ru", "ar"]
    assert drafts["en"] == "All stations, this is the deconfliction desk of Alpha."
    assert drafts["tr"] == "Tüm istasyonlar, burası Alpha çatışmasızlık masası."
    assert not re.search("[\u2066-\u2069]", drafts["ar"]), "marks of the page are not spoken"


def test_con_693_a_window_has_its_day_where_it_is_not_today_and_in_a_message_always(
    alpha: Seat,
) -> None:
    days = ["2026-11-30T", "2026-12-01T", "2026-12-02T", "2027-01-02T"]
    today, tomorrow, after, later = ([f"{one}08:40Z", f"{one}09:40Z"] for one in days)
    whole = "08:40:00Z-09:40:00Z"
    read = {
        (today[0], today[1]): ("08:40Z-09:40Z", f"30 NOV {whole}"),
        (tomorrow[0], tomorrow[1]): ("01 DEC 08:40Z-09:40Z", f"01 DEC {whole}"),
        (today[0], tomorrow[1]): ("08:40Z-01 DEC 09:40Z", "30 NOV 08:40:00Z-01 DEC 09:40:00Z"),
        (tomorrow[0], after[1]): (
            "01 DEC 08:40Z-02 DEC 09:40Z",
            "01 DEC 08:40:00Z-02 DEC 09:40:00Z",
        ),
        (later[0], later[1]): ("02 JAN 2027 08:40Z-09:40Z", f"02 JAN 2027 {whole}"),
    }
    found = alpha.page.evaluate(WINDOWS, [list(one) for one in read])
    assert [tuple(text.replace("\u2013", "-") for text in one) for one in found] == [*read.values()]


@pytest.mark.parametrize(
    ("pressed", "title"),
    [
        pytest.param(("т", "KeyN", False), "File a notice", id="russian"),
        pytest.param(("ى", "KeyN", False), "File a notice", id="arabic"),
        pytest.param(("ظ", "Slash", False), "Search", id="arabic-slash"),
        pytest.param(("\u0130", "Quote", False), "Side by side", id="turkish-capital"),
        pytest.param(("\u0131", "KeyI", False), "Side by side", id="turkish-dotless"),
        pytest.param(("\u0131", "KeyR", False), "Side by side", id="turkish-f-dotless"),
        pytest.param(("؟", "Slash", True), "Keys", id="arabic-question"),
    ],
)
def test_con_694_a_command_is_on_its_key_under_any_layout(
    alpha: Seat, pressed: tuple[str, str, bool], title: str
) -> None:
    alpha.page.evaluate(PRESSES, list(pressed))
    expect(alpha.page.locator("#panel-title")).to_contain_text(title)


HEEDED = """async (keys) => {
  const {page} = await import('/console/app/main.js');
  const [{onChosen}, acted] = [page, []];
  page.onChosen = (key) => acted.push(key);
  for (const [key, code, repeat] of keys)
    document.body.dispatchEvent(
      new KeyboardEvent('keydown', {key, code, repeat, bubbles: true, cancelable: true}));
  page.onChosen = onChosen;
  return acted;
}"""


def test_con_694_a_latin_letter_that_is_no_command_does_not_act_as_another(alpha: Seat) -> None:
    others = [["ğ", "KeyE"], ["ç", "KeyB"], ["ö", "KeyX"], ["Ş", "KeyC"], ["ü", "KeyS"]]
    assert alpha.page.evaluate(HEEDED, [*others, ["r", "KeyL"], ["к", "KeyR"]]) == ["R", "R"]


def test_con_705_a_key_that_is_held_acts_once(alpha: Seat) -> None:
    held = [["e", "KeyE", False], ["e", "KeyE", True], ["e", "KeyE", True]]
    assert alpha.page.evaluate(HEEDED, held) == ["E"]
    grid = alpha.page.locator(".rail").get_by_role("button", name="Grid")
    grid.focus()
    alpha.page.evaluate("window.presses = 0")
    grid.evaluate("(one) => one.addEventListener('click', () => { window.presses += 1; })")
    for _ in range(3):
        alpha.page.keyboard.down("Enter")
    alpha.page.keyboard.up("Enter")
    assert alpha.page.evaluate("window.presses") == 1


def test_con_697_the_keys_are_the_pages_again_once_a_language_is_chosen(alpha: Seat) -> None:
    chosen = alpha.page.locator("header select")
    for language in ("tr", "en"):
        chosen.focus()
        chosen.select_option(language)
        expect(chosen).not_to_be_focused()
        expect(alpha.page.locator("html")).to_have_attribute("lang", language)
        alpha.page.keyboard.press("n")
        expect(alpha.page.locator(".panel")).to_have_count(1)
        alpha.leave()


def test_con_696_a_summary_is_in_the_language_in_which_it_is_written(
    alpha: Seat, room: Room
) -> None:
    room.act(ALPHA, call("c-sum"))
    panel = found(alpha, "c-sum")
    panel.get_by_text("Propose a summary").click()
    form = panel.locator("form", has_text="Propose").filter(has=alpha.page.locator("[name=text]"))
    expect(form.locator("[name=language]")).to_have_value("en")
    form.locator("[name=language]").select_option("tr")
    form.locator("[name=text]").fill("görüldü")
    form.get_by_role("button", name="Propose").click()
    _, said = room.wait(lambda: room.state(ALPHA).own.calls[CallId("c-sum")].summary)
    assert (said.summary.text, said.summary.language) == ("görüldü", "tr")
