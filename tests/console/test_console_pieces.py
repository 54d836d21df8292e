"""Pieces of forms: a place more, a small form that was left, values that look alike."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from consoles import Seat, found, seat, tabs_to
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, Route, expect
from room import Room, circle, place, volume, zone
from test_mechanism_claims import moment, stated
from test_mechanism_papers import FILE, TEXT, action
from test_mechanism_papers import filed as filed_paper

from crosstell.core.altitude import Altitude
from crosstell.core.geometry.footprint import Circle
from crosstell.core.ids import NoticeId
from crosstell.core.line.content import Danger, RequestedAct
from crosstell.core.picture.content import Activity, ActivityKind
from crosstell.core.picture.notice import NoticeFiled

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="pieces").open() as opened:
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


PAIRS = """async (pairs) => {
  const {fieldText} = await import('/console/app/content.js');
  const {use} = await import('/console/app/i18n.js');
  const found = {};
  for (const language of ['tr', 'ru', 'ar', 'en']) {
    await use(language);
    found[language] = pairs.map(([field, one, other]) => {
      const [a, b] = [one, other].map((value) => ({[field.replace('-', '_')]: value}));
      return [fieldText(a, field, b), fieldText(b, field, a), fieldText(a, field, a)];
    });
  }
  return found;
}"""


def height(value_m: float, datum: str = "msl-egm96") -> dict[str, Any]:
    return {"altitude": {"value_m": value_m, "datum": datum}}


def ring(lat_deg: float, radius_m: float = 5_000.0) -> dict[str, Any]:
    return {"circle": {"centre": {"lat_deg": lat_deg, "lon_deg": 40.75}, "radius_m": radius_m}}


def area(lat_deg: float) -> dict[str, Any]:
    corners = ((36.5, 40.75), (36.6, 40.75), (lat_deg, 40.85))
    return {"polygon": {"vertices": [{"lat_deg": a, "lon_deg": b} for a, b in corners]}}


def pierced(*holes: float) -> dict[str, Any]:
    """The same area, with a hole that begins at each of these."""
    of = area(36.6)["polygon"]
    rings = [[{"lat_deg": one, "lon_deg": 40.75}, *of["vertices"][1:]] for one in holes]
    return {"polygon": {**of, "holes": rings}}


def test_con_748_two_values_that_differ_never_look_the_same_side_by_side(alpha: Seat) -> None:
    second, day = "2026-02-22T02:00:30", "2026-02-22T03:00:00Z"
    seen: list[tuple[str, Any, Any, str]] = [
        ("altitude-upper", height(1_524.0), height(1_524.001), "5000.000 ft MSL"),
        ("altitude-upper", height(1_524.0), height(1_525.0), "5000 ft MSL"),
        ("altitude-lower", height(1_524.0, "standard-pressure"),
         height(1_530.0, "standard-pressure"), "FL050.0"),
        ("altitude-lower", height(152.4), height(152.4, "above-ground"), "500 ft MSL"),
        ("window", {"start": f"{second}Z", "end": day}, {"start": f"{second}.000001Z", "end": day},
         "22 FEB 2026 02:00:30Z"),
        ("place", ring(36.5), ring(36.5000001), "37S FA 5672 4083 · 36.5000000, 40.7500000"),
        ("place", ring(36.5), ring(36.5, 5_000.001), "· 5000 m"),
        ("place", area(36.6), area(36.6000001), "· 3: 36.6000000, 40.8500000"),
        ("place", pierced(36.5), pierced(), "· 1: 36.5000000, 40.7500000"),
        ("place", pierced(36.5), pierced(36.5000001), "· 1: 36.5000000, 40.7500000"),
        ("place", {"position": {"lat_deg": 36.5, "lon_deg": 40.75}},
         {"position": {"lat_deg": 36.5000001, "lon_deg": 40.75}}, "· 36.5000000, 40.7500000"),
    ]  # fmt: skip
    words = [
        (field, one.value, other.value)
        for field, each in (("danger", Danger), ("act", RequestedAct))
        for one, other in combinations(each, 2)
    ]
    told_in = alpha.page.evaluate(PAIRS, [*(one[:3] for one in seen), *words])
    for language, told in told_in.items():
        assert [one for one in told if one[0] == one[1]] == [], language
    english = told_in["en"][: len(seen)]
    for (*_, text), (first, *_) in zip(seen, english, strict=True):
        assert text in first
    assert english[0][2] == english[1][2] == "5000 ft MSL"  # beside the same one, or none
    assert english[5][2] == "circle 5.0 km at 37S FA 5672 4083"


BESIDE = """async ([said, back]) => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {callSides} = await import('/console/app/views/queue.js');
  const box = document.createElement('div');
  render(callSides({
    call: 'c', party: 'alpha', to_party: 'bravo',
    content: {altitude_upper: said}, read_back_content: {altitude_upper: back},
    read_back_findings: [{field: 'altitude-upper', finding: 'differ'}],
  }), box);
  return [...box.querySelectorAll('td')].map((one) => one.textContent.trim());
}"""


def test_con_748_beside_the_sign_that_they_differ_what_was_said_and_read_back_differs(
    alpha: Seat,
) -> None:
    told = alpha.page.evaluate(BESIDE, [height(1_524.0), height(1_524.1)])
    assert told == ["5000.0 ft MSL", "5000.3 ft MSL", "\u2260"]


def filed(room: Room, name: str, version: int) -> Activity:
    def found() -> Any:  # noqa: ANN401
        one = room.state(ALPHA).own.notices.get(NoticeId(name))
        return one and len(one.versions) == version and one

    content = room.wait(found).latest.event.content
    assert isinstance(content, Activity)
    return content


def centres(content: Activity) -> list[tuple[float, float]]:
    found = [one.footprint for one in content.volumes]
    assert all(isinstance(one, Circle) for one in found)
    return [(one.centre.lat_deg, one.centre.lon_deg) for one in found if isinstance(one, Circle)]


def test_con_749_a_place_is_added_to_an_activity_by_keyboard(alpha: Seat, room: Room) -> None:
    keys = alpha.page.keyboard
    keys.press("n")
    panel = alpha.page.locator(".panel")
    panel.locator("[name=kind]").select_option("activity")
    panel.locator("[name=id]").fill("ACT-2")
    panel.locator(f"[name=to_{BRAVO}]").check()
    panel.locator("[name=upper]").fill("3000")
    tabs_to(alpha, "Add a place")
    keys.press("Enter")
    alpha.told("Give a place")
    expect(panel.locator("[name=paste]")).to_be_focused()
    assert panel.locator("legend", has_text="Place and time").count() == 0
    keys.type("36.5N 40.75E")
    tabs_to(alpha, "Add a place")
    keys.press("Enter")
    alpha.told("Look at them")
    tabs_to(alpha, "Add a place")
    keys.press("Enter")
    expect(panel.locator("legend", has_text="Place and time 2 of 2")).to_be_visible()
    expect(panel.locator("[name=paste]")).to_be_focused()
    expect(panel.locator("[name=upper]")).to_have_value("3000")
    keys.type("36.6N 40.85E")
    panel.locator("[name=upper_2]").fill("5000")
    keys.press("Escape")  # left for something else, and come back to
    expect(panel).to_have_count(0)
    keys.press("n")
    expect(panel.locator(".kept")).to_contain_text("What you typed here before")
    expect(panel.locator("[name=upper_2]")).to_have_value("5000")
    expect(panel.locator("[name=paste]")).to_have_value("36.6N 40.85E")
    panel.locator("[name=paste]").focus()
    tabs_to(alpha, "File the notice")
    keys.press("Enter")
    alpha.told("Look at them")
    keys.press("Enter")
    expect(panel).to_have_count(0)
    content = filed(room, "ACT-2", 1)
    assert centres(content) == [(36.5, 40.75), (36.6, 40.85)]
    uppers = [one.upper for one in content.volumes]
    assert [round(one.value_m, 1) for one in uppers if isinstance(one, Altitude)] == [914.4, 1524.0]


def test_con_749_a_place_is_added_to_what_stands_and_another_one_is_changed_with_it(
    alpha: Seat, room: Room
) -> None:
    now = room.clock.now()
    legs = tuple(volume(now, circle(place(-30, east), 2_000)) for east in (-30, -20))
    content = Activity(kind=ActivityKind.CREWED_FLIGHT, volumes=legs)
    first = NoticeFiled(notice=NoticeId("ACT-3"), version=1, content=content, marking="TEST",
                        releasable_to=(BRAVO,))  # fmt: skip
    room.act(ALPHA, first)
    panel = found(alpha, "ACT-3 activity")
    panel.get_by_role("button", name="File the next version").click()
    panel.locator("[name=reason]").fill("a reason")
    panel.get_by_role("button", name="Change the place").nth(1).click()
    panel.locator("[name=paste]").fill("36.5N 40.75E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("ol li")).to_have_count(1)
    panel.get_by_role("button", name="Add a place").click()
    expect(panel.locator("legend", has_text="Place and time 3 of 3")).to_be_visible()
    panel.locator("[name=paste]").fill("36.6N 40.85E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("ol li")).to_have_count(1)
    panel.get_by_role("button", name="File the notice").click()
    expect(panel).to_have_count(0)
    after = filed(room, "ACT-3", 2)
    assert after.volumes[0] == legs[0]
    assert after.volumes[1].window == legs[1].window
    assert centres(after)[1:] == [(36.5, 40.75), (36.6, 40.85)]


OPENS = """async (panel) => (await import('/console/app/store.js')).set({panel, told: null})"""
NAMES = (
    """() => [...document.querySelectorAll('.panel form')].map((one) => one.dataset.keep ?? '')"""
)
INCIDENT = {"name": "incident", "party": ALPHA, "id": "inc"}
SMALL = (
    ({**INCIDENT, "tab": "actions"}, "undertake-a-1", "due"),
    ({**INCIDENT, "tab": "actions"}, "decline-a-1", "reason"),
    ({**INCIDENT, "tab": "joint"}, "decline-j-1", "reason"),
    ({**INCIDENT, "tab": "sides"}, "withdraw-c-1", "reason"),
    ({**INCIDENT, "tab": "timeline"}, "withdraw", "reason"),
    ({"name": "detail", "key": f"notice {ALPHA}/ROZ-S"}, "withdraw", "reason"),
    ({"name": "detail", "key": f"notice {BRAVO}/ROZ-B"}, "status", "text"),
    ({"name": "detail", "key": "track T-1"}, "ownership", "text"),
    ({"name": "protocol"}, "suspend", "text"),
    ({"name": "roles"}, "declare-duty-officer", "title"),
)


@pytest.fixture(scope="module")
def matters(room: Room) -> None:
    now = room.clock.now()
    room.act(ALPHA, filed_paper(FILE, name="inc"))
    room.act(ALPHA, filed_paper(action(ALPHA), name="a-1"))
    room.act(ALPHA, filed_paper(TEXT, name="j-1"))
    room.act(ALPHA, stated(moment(60.0)))
    room.act(ALPHA, zone("ROZ-S", volume(now, circle(place(20, 20), 2_000)), BRAVO))
    room.act(BRAVO, zone("ROZ-B", volume(now, circle(place(25, 20), 2_000)), ALPHA))
    room.wait(lambda: NoticeId("ROZ-B") in room.state(ALPHA).feeds[BRAVO].notices)
    room.flies(ALPHA, "T-1", to=place(0, 0), from_m=60_000.0)


@pytest.mark.parametrize(("panel", "keep", "box"), SMALL, ids=[one[1] for one in SMALL])
def test_con_750_what_was_typed_into_a_small_form_stands_there_again(
    alpha: Seat, matters: None, panel: dict[str, str], keep: str, box: str
) -> None:
    del matters
    form = alpha.page.locator(f".panel form[data-keep='{keep}']")
    alpha.page.evaluate(OPENS, panel)
    expect(form).to_have_count(1)
    names = alpha.page.evaluate(NAMES)
    assert len(names) == len(set(names)), "one name for two forms"
    assert "" not in names, "a form that is not kept"
    form.evaluate("(one) => { const box = one.closest('details'); if (box) box.open = true; }")
    form.locator(f"[name={box}]").fill("words of mine")
    alpha.page.evaluate(OPENS, {"name": "help"})
    expect(form).to_have_count(0)
    alpha.page.evaluate(OPENS, panel)
    expect(alpha.page.locator(".panel .kept")).to_contain_text("What you typed here before")
    expect(form.locator(f"[name={box}]")).to_have_value("words of mine")
    expect(form.locator(f"[name={box}]")).to_be_visible()


def test_con_750_what_a_small_form_has_recorded_is_kept_no_more(
    alpha: Seat, room: Room, matters: None
) -> None:
    del matters
    detail = {"name": "detail", "key": f"notice {BRAVO}/ROZ-B"}
    form = alpha.page.locator(".panel form[data-keep=status]")
    held: list[Route] = []

    def hold(asked: Route) -> None:
        held.append(asked)

    for is_left in (False, True):  # while the answer is on its way
        alpha.page.evaluate(OPENS, detail)
        form.locator("[name=text]").fill(f"words of mine {is_left}")
        if is_left:
            alpha.page.route("**/api/v1/acts", hold)
        form.get_by_role("button").click()
        if is_left:
            alpha.until(lambda: held)
            alpha.page.evaluate(OPENS, {"name": "help"})
            with alpha.page.expect_response("**/api/v1/acts"):
                held[0].continue_()
            alpha.page.unroute("**/api/v1/acts")
        alpha.told("On record as entry")
        alpha.page.evaluate(OPENS, {"name": "help"})
        alpha.page.evaluate(OPENS, detail)
        expect(form.locator("[name=text]")).to_have_value("")
        expect(alpha.page.locator(".panel .kept")).to_have_count(0)
        alpha.page.evaluate(OPENS, {"name": "help"})
    assert room.state(ALPHA).own.statuses
