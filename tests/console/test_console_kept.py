"""What was typed into a form that was left stands again for the same thing, and no other."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from api_desk import PASSWORD
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO, CONTENT, DUTY, call
from playwright.sync_api import Browser, Locator, Route, expect
from release_values import FORCES
from room import OFFICER, Room, circle, place, volume, zone
from test_mechanism_voice import logged

from crosstell.core.ids import CallId, TrackId
from crosstell.core.line.content import FreeText
from crosstell.core.line.message import CallCorrected
from crosstell.core.line.watch.voice import VoiceLogCorrected
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack

pytest_plugins = ("browsing",)
DRAFTED = """async () => {
  const {store} = await import('/console/app/store.js');
  const isOf = ({about}) => about.track_at_notice?.notice.notice === 'ROZ-04';
  return store.screen.alerts.find(isOf).alert;
}"""
ENDED = """async () => {
  const api = await import('/console/app/api.js');
  await api.del('/session');
}"""
OWN_SESSION = """async () => {
  const {session} = await import('/console/app/api.js');
  (await import('/console/app/store.js')).set({session: await session()});
}"""
ASKED = """async () => {
  (await import('/console/app/store.js')).store.panel.asked = {id: 'sh-1'};
}"""
IS_ASKED = "async () => (await import('/console/app/store.js')).store.panel.asked?.id ?? null"
PANEL = """async (panel) => (await import('/console/app/store.js')).set({panel, told: null})"""
HELD = "async () => !!(await import('/console/app/store.js')).find.WHAT"
OPENS = """async () => {
  const {find, set} = await import('/console/app/store.js');
  const found = find.WHAT;
  set({panel: PANEL, told: null});
}"""
KEPT_OF = """async () => {
  const {set, store, onceDrawn} = await import('/console/app/store.js');
  const open = (panel) => new Promise((done) => { set({panel}); onceDrawn(done); });
  const typed = (n) => {
    const box = document.querySelector('.panel [name=text]');
    box.value = `words ${n}`;
    box.dispatchEvent(new Event('input', {bubbles: true}));
  };
  for (let n = 0; n < 22; n += 1) {
    await open({name: 'broadcast', alert: `a-${n}`});
    typed(n);
    await open(null);
  }
  const stands = [];
  for (const n of [0, 1, 2, 21]) {
    await open({name: 'broadcast', alert: `a-${n}`});
    stands.push(document.querySelector('.panel [name=text]').value);
    await open(null);
  }
  return stands;
}"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="kept").open() as opened:
        opened.act(BRAVO, call("c-in", ALPHA, to_role=DUTY))
        opened.act(BRAVO, call("c-two", ALPHA, to_role=DUTY))
        scene(opened)
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as opened:
        opened.until(lambda: opened.page.locator(".card", has_text="c-two").count())
        yield opened
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.leave()


def shown(at: Seat, **panel: Any) -> Locator:  # noqa: ANN401
    """That panel, as it is opened."""
    at.page.evaluate(PANEL, panel)
    at.settled()
    return at.page.locator(".panel")


def left(at: Seat) -> None:
    at.page.keyboard.press("Escape")
    expect(at.page.locator(".panel")).to_have_count(0)
    at.settled()


def stands(panel: Locator) -> Locator:
    return panel.locator(".kept", has_text="What you typed here before")


ANEW = "All stations, this is the deconfliction desk of Alpha."
EACH: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("call", {"to": BRAVO, "kind": "warn"}, "remarks"),
    ("broadcast", {}, "text"),
    ("answer", {"party": BRAVO, "call": "c-in"}, "reason"),
    ("voice", {}, "m_remarks"),
    ("notice", {}, "duty"),
    ("plan", {}, "lower"),
    ("report", {}, "text"),
    ("incident-file", {}, "title"),
)


@pytest.mark.parametrize(
    ("name", "of", "box"),
    [
        pytest.param(*one, id=one[0], marks=[pytest.mark.long] if number > 2 else [])
        for number, one in enumerate(EACH)
    ],
)
def test_con_520_what_was_typed_stands_again_in_the_form_of_the_same_thing(
    alpha: Seat, name: str, of: dict[str, Any], box: str
) -> None:
    typed = "4200" if name == "plan" else "in the middle of a call"
    panel = shown(alpha, name=name, **of)
    before = panel.locator(f"[name={box}]").last.input_value()
    panel.locator(f"[name={box}]").last.fill(typed)
    left(alpha)
    panel = shown(alpha, name=name, **of)
    expect(panel.locator(f"[name={box}]").last).to_have_value(typed)
    expect(stands(panel)).to_be_visible()
    assert alpha.faults_of_access(".panel") == []
    alpha.page.evaluate(PANEL, {"name": "help"})  # another panel's key
    alpha.settled()
    panel = shown(alpha, name=name, **of)
    expect(panel.locator(f"[name={box}]").last).to_have_value(typed)
    stands(panel).get_by_role("button", name="Begin anew").click()
    expect(stands(panel)).to_have_count(0)
    expect(panel.locator(f"[name={box}]").last).to_have_value(before)
    left(alpha)
    panel = shown(alpha, name=name, **of)
    expect(panel.locator(f"[name={box}]").last).to_have_value(before)
    expect(stands(panel)).to_have_count(0)


def test_con_520_a_read_back_that_was_folded_away_is_in_sight_again(alpha: Seat) -> None:
    panel = shown(alpha, name="answer", party=BRAVO, call="c-in")
    panel.locator("summary", has_text="Read back").click()
    panel.locator("[name=remarks]").fill("as I heard it")
    panel.locator("select[name=kind]").select_option("stand-by")
    panel.locator("[name=until][required]").fill("00:10")
    left(alpha)
    panel = shown(alpha, name="answer", party=BRAVO, call="c-in")
    expect(panel.locator("[name=remarks]")).to_be_visible()
    expect(panel.locator("[name=remarks]")).to_have_value("as I heard it")
    expect(panel.locator("[name=until][required]")).to_have_value("00:10")


def test_con_520_a_share_that_was_begun_stands_in_its_tracks_panel(alpha: Seat, room: Room) -> None:
    own = OwnTrack(track=TrackId("T-4471"))
    room.act(ALPHA, OwnershipStated(subject=own, answer=OwnershipAnswer.OURS, scope=FORCES))
    panel = shown(alpha, name="detail", key="track T-4471")
    panel.locator(".share summary").click()
    panel.locator("[name=called]").fill("tanker one")
    panel.locator(f"[name=to_{BRAVO}]").check()
    left(alpha)
    panel = shown(alpha, name="detail", key="track T-4471")
    expect(panel.locator("[name=called]")).to_be_visible()
    expect(panel.locator("[name=called]")).to_have_value("tanker one")
    expect(panel.locator(f"[name=to_{BRAVO}]")).to_be_checked()
    stands(panel).get_by_role("button", name="Begin anew").click()
    expect(panel.locator("[name=called]")).to_have_value("")


def test_con_520_a_place_that_was_drawn_comes_back_with_its_form(alpha: Seat) -> None:
    panel = shown(alpha, name="notice")
    panel.locator("select[name=kind]").select_option("activity")
    panel.locator("[name=paste]").fill("36.5N 40.75E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("ol li")).to_have_count(1)
    spot = panel.locator("ol li").inner_text()
    panel.locator("[name=text]").fill("a survey")
    planning = shown(alpha, name="plan")
    expect(planning.locator("ol li")).to_have_count(0)
    left(alpha)
    panel = shown(alpha, name="notice")
    expect(panel.locator("ol li")).to_have_text(spot)
    expect(panel.locator("[name=text]")).to_have_value("a survey")
    expect(panel.locator("select[name=kind]")).to_have_value("activity")


def test_con_521_what_was_typed_for_one_thing_stands_in_the_form_of_no_other(alpha: Seat) -> None:
    panel = shown(alpha, name="answer", party=BRAVO, call="c-in")
    panel.locator("[name=reason]").fill("for c-in alone")
    for other in (
        {"name": "answer", "party": BRAVO, "call": "c-two"},
        {"name": "voice", "party": BRAVO, "call": "c-in"},
        {"name": "call", "to": BRAVO},
    ):
        panel = shown(alpha, **other)
        expect(stands(panel)).to_have_count(0)
        values = panel.locator("input, textarea").evaluate_all("(all) => all.map((o) => o.value)")
        assert "for c-in alone" not in values
    left(alpha)
    for other in ({"party": BRAVO, "call": "c-two"}, {"party": BRAVO, "call": "c-in"}):
        panel = shown(alpha, name="answer", **other)
        is_same = other["call"] == "c-in"
        expect(stands(panel)).to_have_count(int(is_same))
        expect(panel.locator("[name=reason]")).to_have_value("for c-in alone" if is_same else "")


def test_con_584_a_form_says_that_what_it_is_of_has_changed(alpha: Seat, room: Room) -> None:
    otherwise = alpha.page.locator(".panel .otherwise")
    panel = shown(alpha, name="answer", party=BRAVO, call="c-two")
    panel.locator("[name=reason]").fill("of what was said first")
    left(alpha)
    panel = shown(alpha, name="answer", party=BRAVO, call="c-two")
    expect(stands(panel)).to_be_visible()
    expect(otherwise).to_have_count(0)
    left(alpha)
    other = replace(CONTENT, remarks=FreeText(text="another place altogether", language="en"))
    room.act(BRAVO, CallCorrected(call=CallId("c-two"), content=other))
    panel = shown(alpha, name="answer", party=BRAVO, call="c-two")
    expect(panel).to_contain_text("another place altogether")
    expect(otherwise).to_contain_text("look again before it is sent")
    expect(panel.locator("[name=reason]")).to_have_value("of what was said first")
    assert alpha.faults_of_access(".panel") == []
    otherwise.get_by_role("button", name="Begin anew").click()
    expect(panel.locator("[name=reason]")).to_have_value("")
    expect(otherwise).to_have_count(0)


def test_con_584_so_does_a_call_whose_draft_has_changed_though_it_was_not_left(
    alpha: Seat, room: Room
) -> None:
    alert = alpha.page.evaluate(DRAFTED)
    otherwise = alpha.page.locator(".panel .otherwise")
    for name in ("broadcast", "call"):
        expect(shown(alpha, name=name, alert=alert).locator("form")).to_be_visible()
        expect(otherwise).to_have_count(0)
    moved = zone("ROZ-04", volume(room.clock.now(), circle(place(-17, 12), 9_000)), BRAVO)
    room.act(ALPHA, replace(moved, version=2, reason="it moved"))
    expect(otherwise).to_be_visible()


@pytest.mark.long
def test_con_612_so_do_a_corrected_log_and_a_notice_that_is_superseded(
    alpha: Seat, room: Room
) -> None:
    otherwise = alpha.page.locator(".panel .otherwise")
    now = room.clock.now()
    log = logged(room.world, begun_s=-20.0, ended_s=-5.0, timed=None)
    room.act(ALPHA, log)
    room.act(ALPHA, zone("ROZ-K", volume(now, circle(place(-40, -40), 9_000)), BRAVO))
    later = volume(now, circle(place(-41, -40), 9_000))
    for find, opens, changed in (
        (
            f"log('{ALPHA}', '{log.log}')",
            "{name: 'voice', corrects: found}",
            VoiceLogCorrected(
                log=log.log,
                account=replace(log.account, language="tr"),
                reason=FreeText(text="it was Turkish", language="en"),
            ),
        ),
        (
            f"notice('{ALPHA}', 'ROZ-K')",
            "{name: 'notice', of: found}",
            replace(zone("ROZ-K", later, BRAVO), version=2, reason="it moved"),
        ),
    ):
        alpha.until(partial(alpha.page.evaluate, HELD.replace("WHAT", find)))
        alpha.page.evaluate(OPENS.replace("WHAT", find).replace("PANEL", opens))
        alpha.settled()
        expect(alpha.page.locator(".panel form").first).to_be_visible()
        expect(otherwise).to_have_count(0)
        room.act(ALPHA, changed)
        expect(otherwise).to_be_visible()
        assert alpha.faults_of_access(".panel .otherwise") == []


def test_con_585_a_panel_that_is_opened_once_more_is_the_same(alpha: Seat) -> None:
    shown(alpha, name="detail", key="track T-4471")
    alpha.page.evaluate(ASKED)
    shown(alpha, name="detail", key="track T-4471")
    assert alpha.page.evaluate(IS_ASKED) == "sh-1"
    shown(alpha, name="detail", key="track T-4502")
    assert alpha.page.evaluate(IS_ASKED) is None


@pytest.mark.long
def test_con_586_with_the_session_all_of_the_person_is_gone(browser: Browser, room: Room) -> None:
    with seat(browser, room, ALPHA, watch=None, map_kind="canvas") as at:
        shown(at, name="voice").locator("[name=notes]").fill("by the one before")
        at.page.get_by_role("button", name="Start the call").click()
        expect(at.page.locator(".panel .timer")).not_to_have_text("00:00")
        at.page.evaluate(ENDED)
        at.page.fill("[name=account]", OFFICER)
        at.page.fill("[name=password]", PASSWORD)
        at.page.get_by_role("button", name="Come in").click()
        expect(at.page.locator("body[data-ready='1']")).to_be_attached()
        expect(at.page.locator(".panel")).to_have_count(0)
        panel = shown(at, name="voice")
        expect(panel.locator("[name=notes]")).to_have_value("")
        expect(panel.locator(".timer")).to_have_text("00:00")


def test_con_521_the_newest_twenty_are_kept(alpha: Seat) -> None:
    first, second, third, newest = alpha.page.evaluate(KEPT_OF)
    assert "words 0" not in (first, second)
    assert first == second == ANEW
    assert (third, newest) == ("words 2", "words 21")


def test_con_521_it_goes_with_the_account_that_typed_it(alpha: Seat) -> None:
    panel = shown(alpha, name="broadcast")
    panel.locator("[name=text]").fill("by the one before")
    left(alpha)
    alpha.page.evaluate(
        """async () => {
          const {set, store} = await import('/console/app/store.js');
          set({session: {...store.session, account: 'somebody else'}});
        }"""
    )
    panel = shown(alpha, name="broadcast")
    expect(panel.locator("[name=text]")).to_have_value(ANEW)
    alpha.page.evaluate(OWN_SESSION)


def test_con_522_what_was_sent_is_not_kept_though_its_form_was_left_before_the_answer(
    alpha: Seat, room: Room
) -> None:
    held: list[Route] = []

    def hold(asked: Route) -> None:
        held.append(asked)

    alpha.page.route("**/api/v1/acts", hold)
    panel = shown(alpha, name="broadcast")
    panel.locator("[name=mhz]").fill("243")
    panel.locator("[name=text]").fill("keep clear")
    panel.get_by_role("button", name="Record as sent now").click()
    alpha.until(lambda: held)
    left(alpha)
    panel = shown(alpha, name="broadcast")
    expect(panel.locator("[name=text]")).to_have_value("keep clear")  # no answer came yet
    left(alpha)
    held[0].continue_()
    alpha.page.unroute("**/api/v1/acts")
    alpha.told("On record as entry")
    assert json.loads(held[0].request.post_data or "")["body"]["broadcast_sent"]
    panel = shown(alpha, name="broadcast")
    expect(panel.locator("[name=text]")).not_to_have_value("keep clear")
    expect(stands(panel)).to_have_count(0)
    assert len(room.state(ALPHA).own.broadcasts) == 1


def test_con_522_what_was_refused_is_kept_and_what_was_found_of_a_plan_is_not(alpha: Seat) -> None:
    panel = shown(alpha, name="plan")
    panel.locator("[name=paste]").fill("36.5N 40.75E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("ol li")).to_have_count(1)
    panel.get_by_role("button", name="Check the plan").click()
    expect(panel.locator("h3", has_text="Conflicts:")).to_be_visible()
    left(alpha)
    panel = shown(alpha, name="plan")
    expect(panel.locator("ol li")).to_have_count(1)
    expect(panel.locator("h3", has_text="Conflicts:")).to_have_count(0)
    panel = shown(alpha, name="broadcast")
    panel.locator("[name=mhz]").fill("0")
    panel.locator("[name=text]").fill("on no frequency")
    panel.get_by_role("button", name="Record as sent now").click()
    expect(alpha.page.locator(".toast.bad")).to_be_visible()
    left(alpha)
    expect(shown(alpha, name="broadcast").locator("[name=text]")).to_have_value("on no frequency")
    alpha.errors[:] = [one for one in alpha.errors if "422" not in one]
