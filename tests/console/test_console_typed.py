"""A form is what stands in it now: not what was pasted, checked, complained of or left before."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from consoles import Seat, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, Locator, Route, expect
from room import Room

from crosstell.core.ids import AlertId
from crosstell.core.line.content import AboutAlert, CallContent
from crosstell.core.protocol.times import CallKind

SPOT = "36.5N 40.75E"
TWO = "36.5N 40.75E\n36.6N 40.85E"
AREA = (
    '{"type":"Polygon","coordinates":'
    "[[[40.5,36.4],[40.7,36.4],[40.7,36.6],[40.5,36.6],[40.5,36.4]]]}"
)
CORNERS = ((300, 300), (380, 300), (380, 360))
TRACED = """async (footprint) => {
  const {drawDrawn} = await import('/console/app/map/over/tools.js');
  const {rings} = await import('/console/app/map/geo.js');
  const shown = [];
  const g = new Proxy({}, {get: () => () => {}, set: () => true});
  drawDrawn({g, c: {}, at: (p) => (shown.push([p.lat_deg, p.lon_deg]), [0, 0])});
  return [shown, rings(footprint).flat().map((p) => [p.lat_deg, p.lon_deg])];
}"""
AGAIN = """async ([party, name]) => {
  const {again} = await import('/console/app/views/call_form.js');
  const {find} = await import('/console/app/store.js');
  again(find.call(party, name));
}"""
CHANGED = """async ([content, changes]) => {
  const {html, render} = await import('/console/vendor/lit.mjs');
  const {contentFields, readContent} = await import('/console/app/views/content_fields.js');
  const {read} = await import('/console/app/views/parts.js');
  const form = document.createElement('form');
  render(html`${contentFields(content)}`, form);
  for (const [name, value] of Object.entries(changes)) form.elements[name].value = value;
  return readContent(form, read(form), "", Date.parse("2026-11-22T02:00:00Z"), content);
}"""
ADDRESSED = """async (draft) => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {callForm} = await import('/console/app/views/call_form.js');
  const {store} = await import('/console/app/store.js');
  const held = store.screen.header.counterparts;
  const others = [...held, {who: {party: 'charlie', title: 'Charlie'}}];
  const s = {...store.screen, header: {...store.screen.header, counterparts: others}};
  const [open, box] = [{name: 'call', draft}, document.createElement('div')];
  const shown = () => {
    render(callForm(s, open).body, box);
    const boxes = [...box.querySelectorAll('[name^=subject_label], [name=place]')];
    return [boxes.map((one) => one.value), box.textContent];
  };
  const [before] = shown();
  const to = box.querySelector('[name=to_party]');
  to.value = 'charlie';
  to.dispatchEvent(new Event('change'));
  const [after, text] = shown();
  return [before, after, to.value, text];
}"""
TOLD_AS = """async (texts) => {
  const {parse, placeOf} = await import('/console/app/views/content_fields.js');
  return Promise.all(texts.map(async (one) => placeOf((await parse(one))[0])));
}"""
HELD = """async ([party, name]) =>
  !!(await import('/console/app/store.js')).find.call(party, name)"""

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="typed").open() as opened:
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


def planning(at: Seat) -> Locator:
    at.page.keyboard.press("x")
    panel = at.page.locator(".panel")
    expect(panel.locator("[name=paste]")).to_be_visible()
    return panel


def pasted(panel: Locator, text: str) -> None:
    panel.locator("[name=paste]").fill(text)
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset ul li").first).to_be_visible()


def drawn(at: Seat, panel: Locator, shape: str, points: int) -> None:
    panel.get_by_role("button", name=shape).click()
    expect(panel.get_by_role("button", name=shape)).to_have_attribute("aria-pressed", "true")
    for corner in CORNERS[:points]:
        at.page.mouse.click(*corner)
    expect(panel.locator("fieldset ol li")).to_have_count(points)


def checked(at: Seat, panel: Locator) -> dict[str, Any]:
    """The place that the form sends when the plan is checked."""
    with at.page.expect_request("**/plan/check") as sent:
        panel.get_by_role("button", name="Check the plan").click()
    expect(panel).to_contain_text("Conflicts: ")
    body = json.loads(sent.value.post_data or "")
    return dict(body["plan"]["volumes"][0]["footprint"])


@pytest.mark.parametrize("is_read", [True, False], ids=["read", "typed"])
def test_con_420_a_drawing_stands_instead_of_what_was_pasted_before(
    alpha: Seat, *, is_read: bool
) -> None:
    panel = planning(alpha)
    if is_read:
        pasted(panel, AREA)
    else:
        panel.locator("[name=paste]").fill(SPOT)
    drawn(alpha, panel, "Polygon", 3)
    expect(panel.locator("[name=paste]")).to_have_value("")
    shown = alpha.page.evaluate("async () => (await import('/console/app/store.js')).store.drawn")
    assert checked(alpha, panel) == {"polygon": {"vertices": shown["points"]}}


def test_con_420_what_is_to_be_read_otherwise_is_read_again(alpha: Seat) -> None:
    panel = planning(alpha)
    panel.get_by_text("If the text leaves a choice").click()
    panel.locator("[name=figure]").select_option("points")
    pasted(panel, TWO)
    assert "corridor" in checked(alpha, panel)
    panel.locator("[name=figure]").select_option("way")
    panel.locator("[name=width_km]").fill("8")
    panel.get_by_role("button", name="Check the plan").click()
    alpha.told("press once more")
    expect(panel.locator("fieldset ul li")).to_have_count(1)
    assert checked(alpha, panel)["corridor"]["half_width_m"] == 4000


def is_shown(at: Seat, footprint: dict[str, Any]) -> None:
    shown, wanted = at.page.evaluate(TRACED, footprint)
    assert wanted
    assert shown[: len(wanted)] == wanted


def test_con_421_the_map_shows_a_drawing_as_wide_as_it_is_filed(alpha: Seat) -> None:
    for shape, points in (("Circle", 1), ("Corridor", 2)):
        panel = planning(alpha)
        drawn(alpha, panel, shape, points)
        is_shown(alpha, checked(alpha, panel))
        box = panel.locator("[name=radius_km]" if shape == "Circle" else "[name=half_km]")
        box.fill("7")
        box.press("Tab")
        found = checked(alpha, panel)
        assert 7000 in next(iter(found.values())).values()
        is_shown(alpha, found)
        alpha.leave()


def test_con_421_the_map_shows_an_area_and_a_way_that_were_pasted(alpha: Seat) -> None:
    for text, kind in ((AREA, "polygon"), (TWO, "corridor")):
        panel = planning(alpha)
        if kind == "corridor":
            panel.get_by_text("If the text leaves a choice").click()
            panel.locator("[name=figure]").select_option("way")
            panel.locator("[name=width_km]").fill("8")
        pasted(panel, text)
        found = checked(alpha, panel)
        assert kind in found
        is_shown(alpha, found)
        alpha.leave()


@pytest.mark.long
def test_con_640_641_a_place_is_as_wide_as_its_writing_leaves_it_open(alpha: Seat) -> None:
    panel = planning(alpha)
    panel.locator("[name=paste]").fill("37S XX 43 51")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(alpha.page.locator(".toast.bad")).to_contain_text("no such square")
    pasted(panel, "37S FA 43 51")  # a square of a kilometre: its corners lie 712 m from its middle
    expect(alpha.page.locator(".toast.bad")).to_have_count(0)
    expect(panel).to_contain_text("leaves up to 712 m open")
    found = checked(alpha, panel)
    assert found["circle"]["radius_m"] == pytest.approx(5_712, abs=1)
    is_shown(alpha, found)
    panel.get_by_text("If the text leaves a choice").click()
    panel.locator("[name=figure]").select_option("points")
    pasted(panel, "37S FA 43 51; 37S FA 49 51")
    expect(panel.locator("fieldset ul li")).to_have_count(2)
    assert checked(alpha, panel)["corridor"]["half_width_m"] == pytest.approx(3_212, abs=1)
    pasted(panel, "37S FA 43001 51001")
    expect(panel.locator("fieldset ul li")).to_have_count(1)
    assert checked(alpha, panel)["circle"]["radius_m"] == pytest.approx(5_000, abs=1)
    expect(panel).not_to_contain_text("open: it is filed")
    pasted(panel, "37S FA 43 51; 37S FA 49 51; 37S FA 49 57")
    expect(panel).to_contain_text("an outline is not widened")
    coarse, fine = alpha.page.evaluate(TOLD_AS, ["37S FA 43 51", "37S FA 4300 5100"])
    assert coarse["circle"]["radius_m"] == pytest.approx(712, abs=1)
    assert "position" in fine
    alpha.errors[:] = [one for one in alpha.errors if "422" not in one]  # what the node refused


def test_con_644_what_is_told_leaves_the_field_with_the_keyboard_in_sight(alpha: Seat) -> None:
    alpha.page.keyboard.press("n")
    panel = alpha.page.locator(".panel")
    pasted(panel, SPOT)
    until, send_key = panel.locator("[name=until]"), panel.locator("form .buttons").last
    until.fill("25:00")
    until.evaluate("(field) => field.scrollIntoView({block: 'end'})")
    until.press("Enter")
    expect(alpha.page.locator(".toast.bad")).to_contain_text("25:00")
    alpha.settled()
    field, send = until.bounding_box(), send_key.bounding_box()
    assert field is not None
    assert send is not None
    assert field["y"] + field["height"] <= send["y"]
    alpha.errors[:] = [one for one in alpha.errors if "400" not in one and "422" not in one]


def test_con_422_what_was_found_goes_with_any_change_of_the_plan(alpha: Seat) -> None:
    panel = planning(alpha)
    pasted(panel, SPOT)
    for change in ("upper", "until", "radius_km"):
        checked(alpha, panel)
        box = panel.locator(f"[name={change}]")
        box.fill("03:00" if change == "until" else "9000")
        expect(panel).not_to_contain_text("Conflicts: ")
    panel.locator("[name=radius_km]").fill("9")
    checked(alpha, panel)
    panel.locator("[name=activity]").select_option("live-fire")
    expect(panel).not_to_contain_text("Conflicts: ")


def test_con_422_the_answer_of_an_older_check_is_not_told(alpha: Seat) -> None:
    held: list[Route] = []

    def hold(asked: Route) -> None:
        held.append(asked)

    panel = planning(alpha)
    pasted(panel, SPOT)
    alpha.page.route("**/plan/check", hold)
    check = panel.get_by_role("button", name="Check the plan")
    check.click()
    alpha.until(lambda: len(held) == 1)
    panel.locator("[name=upper]").fill("9000")
    check.click()
    alpha.until(lambda: len(held) == 2)
    old = {"conflicts": [], "obstacles": 777, "remarks": [], "remedies": []}
    with alpha.page.expect_response("**/plan/check"):
        held[0].fulfill(json=old)
    alpha.settled()
    expect(panel).not_to_contain_text("Conflicts: ")
    own = {"party": "alpha", "notice": "ROZ-OWN", "kind": "zone", "because": "no-rule"}
    held[1].fulfill(json=old | {"obstacles": 778, "untested": [own | {"met": "infringes"}]})
    expect(panel).to_contain_text("778")
    left_out = panel.locator("tr", has_text="no rule is about the two")  # API-460
    expect(left_out).to_contain_text("ROZ-OWN")
    alpha.page.unroute("**/plan/check")


def logging(at: Seat) -> Locator:
    at.page.keyboard.press("t")
    panel = at.page.locator(".panel")
    panel.get_by_role("button", name="It was made earlier").click()
    expect(panel.locator("[name=at_started]")).to_be_visible()
    return panel


def test_con_423_a_complaint_goes_once_the_other_field_is_mended(alpha: Seat, room: Room) -> None:
    now = room.clock.now().replace(second=0, microsecond=0)
    panel = logging(alpha)
    panel.locator("[name=m_subject_label]").fill("one drone")
    panel.locator("[name=at_started]").fill(f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%MZ}")
    panel.locator("[name=at_ended]").fill(f"{now - timedelta(minutes=2):%Y-%m-%dT%H:%MZ}")
    record = panel.get_by_role("button", name="Record the log")
    record.click()
    expect(panel.locator("[name=at_ended]")).to_be_focused()
    panel.locator("[name=at_started]").fill(f"{now - timedelta(minutes=9):%Y-%m-%dT%H:%MZ}")
    record.click()
    alpha.told("Voice log recorded")


def test_con_423_the_hops_of_a_log_that_was_left_are_in_no_other_one(alpha: Seat) -> None:
    for hops in (1, 0):
        panel = logging(alpha)
        panel.locator("[name=medium]").select_option("relay")
        relay = panel.locator("fieldset", has=alpha.page.locator("[name=hop]"))
        expect(relay).to_be_visible()
        if hops:
            relay.locator("[name=hop]").fill("north desk")
            relay.get_by_role("button").click()
            expect(relay).to_contain_text("1. north desk")
        else:
            expect(relay).not_to_contain_text("north desk")
        alpha.leave()


def test_con_363_a_call_made_again_or_back_is_about_what_the_first_was(
    alpha: Seat, room: Room
) -> None:
    about = (AboutAlert(party=ALPHA, alert=AlertId("a-1")),)
    room.act(ALPHA, call("AC-1", BRAVO, about=about))
    room.act(BRAVO, call("BC-1", ALPHA, about=about))
    for party, name in ((ALPHA, "AC-1"), (BRAVO, "BC-1")):
        alpha.until(partial(alpha.page.evaluate, HELD, [party, name]))
        before = set(room.state(ALPHA).own.calls)
        alpha.page.evaluate(AGAIN, [party, name])
        alpha.page.locator(".panel form").get_by_role("button", name="Send").click()
        made = room.placed_since(ALPHA, before).placed
        assert made.about == about
        assert made.to_party == BRAVO
        expect(alpha.page.locator(".panel")).to_have_count(0)


def test_con_363_a_test_made_again_is_a_line_test(alpha: Seat, room: Room) -> None:
    room.act(ALPHA, call("AC-2", BRAVO, kind=CallKind.TEST, content=CallContent()))
    alpha.until(lambda: alpha.page.evaluate(HELD, [ALPHA, "AC-2"]))
    with alpha.page.expect_request("**/api/v1/acts") as sent:
        alpha.page.evaluate(AGAIN, [ALPHA, "AC-2"])
    made = json.loads(sent.value.post_data or "")["body"]["call_placed"]
    assert (made["kind"], made["to_party"]) == ("test", BRAVO)
    alpha.told("Call placed")
    expect(alpha.page.locator(".panel")).to_have_count(0)


def limit(value_m: float, datum: str) -> dict[str, Any]:
    return {"altitude": {"value_m": value_m, "datum": datum}}


SAID: dict[str, Any] = {
    "subjects": [{"kind": "zone", "label": "N-1 of alpha"}, {"kind": "zone", "label": "N-2"}],
    "place": {"position": {"lat_deg": 36.5, "lon_deg": 40.75}},
    "altitude_lower": limit(150.0, "above-ground"),
    "altitude_upper": limit(3_000.5, "standard-pressure"),
    "window": {"start": "2026-11-22T02:00:30.000Z", "end": "2026-11-22T03:00:30.000Z"},
    "danger": "other",
    "act": "take-note",
}


def test_con_487_each_field_of_a_message_is_as_it_was_unless_it_is_changed_itself(
    alpha: Seat,
) -> None:
    def made(**changes: str) -> dict[str, Any]:
        found = alpha.page.evaluate(CHANGED, [SAID, changes])
        return {name: value for name, value in found.items() if value != SAID[name]}

    assert made() == {}
    lower = {"altitude": {"value_ft": 300, "datum": "above-ground"}}
    assert made(lower="300") == {"altitude_lower": lower}
    upper = limit(3_000.5, "msl-egm96")
    assert made(upper_datum="msl-egm96") == {"altitude_upper": upper}
    window = {"start": "2026-11-22T02:00:30.000Z", "end": "2026-11-22T04:00:00.000Z"}
    assert made(until="04:00") == {"window": window}
    first, second = SAID["subjects"]
    renamed = {"kind": "zone", "label": "N-1"}
    assert made(subject_label="N-1") == {"subjects": [renamed, second]}
    assert made(subject_label_2="") == {"subjects": [first]}


def test_con_488_what_a_draft_names_was_chosen_for_the_party_that_it_was_to(alpha: Seat) -> None:
    draft = {"kind": "inform", "to_party": BRAVO, "content": SAID}
    before, after, to, text = alpha.page.evaluate(ADDRESSED, draft)
    assert before[:2] == ["N-1 of alpha", "N-2"]
    assert before[2]
    assert (to, after) == ("charlie", ["", ""]), "one empty object, and no place"
    assert "were chosen for" in text
