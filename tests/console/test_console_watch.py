"""A watch between two consoles on two live nodes: alert, call, read-back, answer, stop, notices."""

import re
from collections.abc import Iterator

import pytest
from consoles import Seat, found, read_back, scene, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, expect
from room import OFFICER, SECOND, Room, flying, place

from crosstell.core.detection.alert import Attention
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.content import Danger, RequestedAct
from crosstell.core.line.message import CallKind
from crosstell.core.line.watch.voice import AuthenticationMethod
from crosstell.core.picture.content import OwnForceLocation, Zone
from crosstell.core.picture.notice import NoticeState
from crosstell.core.picture.status import StatedStatus

SURE, UNSURE = (f"{track} \u00d7 POST-1" for track in ("T-4471", "T-4502"))

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="watch").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA) as found:
        yield found
        found.clean()


@pytest.fixture(scope="module")
def bravo(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, BRAVO) as found:
        yield found
        found.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat, bravo: Seat) -> Iterator[None]:
    yield
    for at in (alpha, bravo):
        at.page.keyboard.press("Escape")


def test_con_020_the_most_urgent_alert_is_first_and_says_all_of_it(alpha: Seat) -> None:
    first = alpha.page.locator(".card").first
    expect(first).to_contain_text(re.compile("critical|urgent", re.IGNORECASE))
    expect(first).to_contain_text(UNSURE)
    expect(first).to_contain_text("cannot be ruled out")
    expect(first.locator(".due .n")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(first.locator(".ladder")).to_contain_text("watch chief")


def test_con_021_why_it_cannot_be_ruled_out_is_one_key_away(alpha: Seat) -> None:
    alpha.page.locator(".card", has_text=UNSURE).focus()
    alpha.page.keyboard.press("w")
    why = alpha.page.locator(".why")
    expect(why).to_contain_text("The source states no accuracy of the position")
    expect(why).to_contain_text("±500 m")
    expect(why).to_contain_text("any direction is possible")


def sounding(at: Seat) -> list[object]:
    """Whether sound is open, and which pattern plays for what rings."""
    found = at.page.evaluate(
        """async () => {
          const sound = await import('/console/app/sound.js');
          const {store} = await import('/console/app/store.js');
          return [sound.isOpen(), sound.soundFor([...store.rings.values()])];
        }"""
    )
    return list(found)


def test_con_022_acknowledging_stops_the_ringing_and_silence_does_not_acknowledge(
    alpha: Seat, room: Room
) -> None:
    card = alpha.page.locator(".card", has_text=SURE)
    expect(card).to_have_class(re.compile("ringing"))
    alpha.until(lambda: sounding(alpha) == [True, "critical"])
    alpha.page.keyboard.press("q")
    alpha.until(lambda: sounding(alpha) == [True, None])
    expect(card).to_contain_text("silenced, not acknowledged")
    states = {a.attention for a in room.state(ALPHA).journal.alerts.values() if a.shown}
    assert states == {Attention.RINGING}
    alpha.seen()
    card.focus()
    alpha.page.keyboard.press("a")
    alpha.told("Acknowledged. On record as entry")
    expect(card).not_to_have_class(re.compile("ringing"))
    expect(card).to_contain_text("no call about it is out")


def test_con_023_a_drafted_call_is_sent_received_read_back_and_answered(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    card = alpha.page.locator(".card", has_text=SURE)
    card.focus()
    alpha.page.keyboard.press("c")
    form = alpha.page.locator(".panel form")
    expect(form.locator("[name=danger]")).to_have_value("own-forces-endangered")
    assert not any(c.placed.kind is CallKind.WARN for c in room.state(ALPHA).own.calls.values())
    alpha.page.get_by_role("button", name="Send", exact=True).click()
    alpha.told("Call placed")
    expect(
        alpha.page.locator(".rows, .card", has_text="Their answer is owed").first
    ).to_be_visible()
    incoming = bravo.page.locator(".card", has_text="Call from Alpha").filter(has_text="warn")
    expect(incoming).to_have_class(re.compile("ringing"))
    incoming.focus()
    bravo.page.keyboard.press("a")
    bravo.told("Received")
    expect(incoming.get_by_role("button", name="Answer")).to_be_visible()
    incoming.focus()
    bravo.page.keyboard.press("r")
    said = bravo.page.locator(".panel")
    expect(said).to_contain_text("own forces endangered")
    read_back(said)
    bravo.told("Read back")
    answer = said.locator("form").last
    answer.locator("[name=kind]").select_option("will-comply")
    answer.get_by_role("button").click()
    bravo.told("Answered")
    placed = next(c for c in room.state(ALPHA).own.calls.values() if c.placed.kind is CallKind.WARN)
    assert placed.placed.content.danger is Danger.OWN_FORCES_ENDANGERED
    row = alpha.page.locator("[data-key]", has_text=placed.placed.call)
    expect(row).to_contain_text("it can be closed")
    row.click()
    panel = alpha.page.locator(".panel")
    expect(panel).to_contain_text("will comply")
    expect(panel.locator("ol .link")).to_have_count(4)
    expect(panel.locator("table").first).to_contain_text("≈")
    panel.get_by_role("button", name="Read-back matches").click()
    alpha.told("Read-back checked")
    panel.get_by_role("button", name="Close without summary").click()
    alpha.told("Closed")


def test_con_024_past_call_by_stop_and_broadcast_come_together(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    card = alpha.page.locator(".card", has_text=UNSURE)
    expect(card).to_contain_text(re.compile("stop and broadcast together", re.IGNORECASE))
    card.focus()
    alpha.page.keyboard.press("s")
    form = alpha.page.locator(".panel form")
    form.locator("[name=place]").fill("37S FA 30592 62810")
    form.locator("[name=danger]").select_option("collision")
    form.locator("[name=act]").select_option("turn-away")
    form.get_by_role("button", name="Send the stop").click()
    expect(alpha.page.locator("#panel-title")).to_have_text("Broadcast on guard")
    expect(alpha.page.locator("[name=mhz]")).to_have_value("121.500")
    alpha.page.locator("[name=text]").fill("Unknown aircraft near Hasakah, turn away.")
    alpha.page.get_by_role("button", name="Record as sent now").click()
    alpha.told("Broadcast recorded")
    stop = next(c for c in room.state(ALPHA).own.calls.values() if c.placed.kind is CallKind.STOP)
    assert stop.placed.content.act is RequestedAct.TURN_AWAY
    assert stop.expires_at is not None
    assert len(room.state(ALPHA).own.broadcasts) == 1
    first = bravo.page.locator(".card").first
    expect(first).to_contain_text("stop")
    expect(first).to_contain_text("collision")


def test_con_025_a_telephone_call_is_logged_while_it_runs(alpha: Seat, room: Room) -> None:
    alpha.page.keyboard.press("t")
    panel = alpha.page.locator(".panel")
    panel.get_by_role("button", name="Start the call").click()
    panel.get_by_role("button", name="A person came on").click()
    panel.get_by_role("button", name="Voice checked").click()
    panel.locator("[name=auth_method]").select_option("challenge-reply")
    panel.locator("[name=auth_result]").select_option("verified")
    panel.locator("[name=m_subject_label]").fill("one drone")
    panel.locator("[name=m_place]").fill("36°30'00\"N 040°45'00\"E")
    panel.get_by_role("button", name="Answered").click()
    panel.locator("[name=answer]").select_option("noted")
    expect(panel.locator(".timer")).to_have_text(re.compile(r"00:0\d"))
    panel.get_by_role("button", name="End", exact=True).click()
    panel.get_by_role("button", name="Record the log").click()
    alpha.told("Voice log recorded")
    (log,) = room.state(ALPHA).own.voice_logs.values()
    account = log.account
    assert account.authentication.method is AuthenticationMethod.CHALLENGE_REPLY
    assert account.reached_at is not None
    assert account.message is not None
    assert account.message.place is not None
    assert account.answer is not None
    assert account.answer.kind is AnswerKind.NOTED


def test_con_200_a_line_is_tested_on_demand_and_the_header_says_who_answered(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    before = set(room.state(ALPHA).own.calls)
    alpha.page.keyboard.press("l")
    alpha.page.get_by_role("button", name="Test now").click()
    test = room.placed_since(ALPHA, before)
    assert test.placed.kind is CallKind.TEST
    bravo.card(test.placed.call).focus()
    bravo.page.keyboard.press("a")
    bravo.told("Received")
    alpha.until(lambda: room.state(ALPHA).own.calls[test.placed.call].ended is not None)
    expect(alpha.page.locator(".header")).to_contain_text("duty officer", ignore_case=True)
    alpha.page.get_by_role("button", name="Log a voice test").click()
    form = alpha.page.locator(".panel form")
    expect(form.locator("[name=kind]")).to_have_value("test")
    expect(form.locator("[name=counterpart]")).to_have_value(BRAVO)


def test_con_030_a_zone_is_filed_from_mgrs_superseded_and_withdrawn(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    alpha.page.keyboard.press("n")
    panel = alpha.page.locator(".panel")
    panel.locator("[name=id]").fill("ROZ-77")
    panel.locator("[name=paste]").fill("37S FA 30592 62810")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset li").first).to_contain_text("37S FA 30592 62810")
    panel.locator("[name=radius_km]").fill("4")
    panel.locator("[name=upper]").fill("12000")
    panel.locator("[name=to_bravo]").check()
    panel.get_by_role("button", name="File the notice").click()
    alpha.told("Notice filed")
    expect(panel).to_have_count(0)
    held = room.wait(lambda: room.state(BRAVO).feeds[ALPHA].notices.get("ROZ-77"))  # type: ignore[call-overload]
    zone = held.latest.event.content
    assert isinstance(zone, Zone)
    radius_m = zone.volume.footprint.radius_m  # type: ignore[union-attr]
    assert radius_m == pytest.approx(4_000.0, abs=1.0), "and what a square of 1 m leaves open"
    row = bravo.page.locator("[data-key='notice alpha/ROZ-77']")
    row.click()
    bravo.page.get_by_role("button", name="State the status").click()
    bravo.told("Status stated")
    ref = held.latest.stamp.ref
    status = room.wait(lambda: room.state(ALPHA).feeds[BRAVO].statuses.get(ref))
    assert status.statements[-1].event.status is StatedStatus.RECEIVED
    found(alpha, "ROZ-77 zone")
    expect(panel).to_contain_text("received")
    panel.get_by_role("button", name="File the next version").click()
    expect(alpha.page.locator("#panel-title")).to_contain_text("version 2")
    panel.locator("[name=upper]").fill("15000")
    panel.locator("[name=reason]").fill("higher")
    panel.get_by_role("button", name="File the notice").click()
    alpha.told("Notice filed")
    expect(panel).to_have_count(0)
    found(alpha, "ROZ-77 zone")
    panel.locator("[name=reason]").fill("over")
    panel.get_by_role("button", name="Withdraw").click()
    alpha.told("Notice withdrawn")
    after = room.state(ALPHA).own.notices["ROZ-77"]  # type: ignore[index]
    assert (len(after.versions), after.state) == (2, NoticeState.WITHDRAWN)


def test_con_031_a_place_of_own_forces_waits_for_a_second_person(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    alpha.page.keyboard.press("n")
    panel = alpha.page.locator(".panel")
    panel.locator("[name=kind]").select_option("own_force_location")
    expect(panel).to_contain_text("Needs two persons")
    panel.locator("[name=id]").fill("POST-9")
    panel.locator("[name=paste]").fill("36.40N 40.50E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("fieldset li").first).to_be_visible()
    panel.get_by_role("button", name="Ask for the second person").click()
    alpha.told("Waits for a second person")
    assert "POST-9" not in room.state(ALPHA).journal.notices
    given = room.consoles[ALPHA].access.given
    given.set_by(OFFICER, "adam", room.clock.now())
    with seat(browser, room, ALPHA, account=SECOND) as second:
        waiting = second.page.locator(".card", has_text="Waits for a second person")
        expect(waiting.locator(".given")).to_contain_text(
            f"How this account came by its password: the password of {OFFICER} was given by adam"
        )
        given.vouch(OFFICER, "vera", room.clock.now())
        waiting.get_by_role("button", name="Confirm").click()
        second.told("On record as entry")
    filed = room.state(ALPHA).journal.notices["POST-9"].latest.event  # type: ignore[index]
    assert isinstance(filed.content, OwnForceLocation)
    assert filed.second is not None
    assert filed.second.role == "director"


def test_con_032_a_notice_is_drawn_on_the_map(alpha: Seat, room: Room) -> None:
    alpha.page.keyboard.press("n")
    panel = alpha.page.locator(".panel")
    panel.locator("[name=id]").fill("ROZ-88")
    panel.get_by_role("button", name="Polygon").click()
    for x, y in ((150, 200), (350, 220), (300, 420)):
        alpha.page.locator("#map").click(position={"x": x, "y": y})
    alpha.page.locator("#map").focus()
    alpha.page.keyboard.press("ArrowUp")
    alpha.page.keyboard.press("Enter")
    expect(panel.locator("fieldset ol li")).to_have_count(4)
    panel.get_by_role("button", name="Take back a point").click()
    expect(panel.locator("fieldset ol li")).to_have_count(3)
    panel.get_by_role("button", name="File the notice").click()
    alpha.told("Notice filed")
    expect(panel).to_have_count(0)
    zone = room.state(ALPHA).notice(ALPHA, "ROZ-88").latest.event.content  # type: ignore[arg-type,union-attr]
    assert len(zone.volume.footprint.vertices) == 3  # type: ignore[union-attr]


def test_con_050_any_item_goes_down_to_its_signed_entry(alpha: Seat) -> None:
    found(alpha, "ROZ-04 zone")
    alpha.page.locator(".panel dl").get_by_role("button", name=re.compile(r"Our entry \d")).click()
    panel = alpha.page.locator(".panel")
    expect(panel).to_contain_text("made with the key of its feed")
    expect(panel).to_contain_text("the body is the one that was signed")
    expect(panel).to_contain_text("ROZ-04")
    alpha.page.keyboard.press("o")
    expect(panel.locator("tbody tr").nth(5)).to_be_visible()


def test_con_051_each_rule_has_its_source(alpha: Seat) -> None:
    alpha.page.keyboard.press("p")
    panel = alpha.page.locator(".panel")
    expect(panel).to_contain_text("Aircraft keep away from places")
    expect(panel).to_contain_text("Source: written for tests")
    expect(panel).to_contain_text("a person judges it")
    expect(panel).to_contain_text("121.500 MHz")


def test_con_052_a_plan_is_checked_and_nothing_filed(alpha: Seat, room: Room) -> None:
    filed = len(room.state(ALPHA).own.notices)
    alpha.page.keyboard.press("x")
    panel = alpha.page.locator(".panel")
    panel.get_by_role("button", name="Corridor").click()
    for x, y in ((120, 620), (520, 560)):
        alpha.page.locator("#map").click(position={"x": x, "y": y})
    panel.get_by_role("button", name="Check the plan").click()
    expect(panel).to_contain_text(re.compile("Conflicts: \\d"))
    assert len(room.state(ALPHA).own.notices) == filed


def test_con_053_whose_a_track_is_can_be_stated_and_corrected(alpha: Seat, room: Room) -> None:
    at = room.clock.now()
    room.observe(ALPHA, flying(at, "KITE-3", to=place(30, 30), from_m=9_000))
    found(alpha, "KITE-3")
    panel = alpha.page.locator(".panel")
    expect(panel).to_contain_text("Nobody stated whose it is")
    panel.locator("[name=answer]").select_option("not-ours")
    panel.get_by_role("button", name="State it").click()
    alpha.told("Stated")
    expect(panel).to_contain_text("not ours")
    expect(panel).to_contain_text("never clear to engage")


def test_con_026_a_call_that_nobody_answers_comes_back_and_is_taken_up(
    alpha: Seat, room: Room
) -> None:
    room.act(ALPHA, call("c-late", BRAVO))
    room.clock.skip(61.0)
    card = alpha.page.locator(".card", has_text="call again, or by another line").first
    expect(card.locator(".ladder")).to_contain_text("watch chief")
    card.get_by_role("button", name="I have this").click()
    alpha.told("Taken up")
