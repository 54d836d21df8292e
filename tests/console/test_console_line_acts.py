"""Acts on the line that both nodes then hold: corrected, passed on, lifted, by voice, on guard."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from consoles import Seat, found, seat
from node_pair import ALPHA, BRAVO, CONTENT, DUTY, call
from playwright.sync_api import APIResponse, Browser, Route, expect
from room import Room, circle, place, volume, zone

from crosstell.core.ids import CallId, NoticeId
from crosstell.core.instant import Window
from crosstell.core.line.acknowledgement import CallActedOn, CallPassedOn
from crosstell.core.line.answer import Answer, AnswerKind
from crosstell.core.line.call import CallState
from crosstell.core.line.content import (
    CallContent,
    Danger,
    FreeText,
    Interpreter,
    Radio,
    Relay,
    RequestedAct,
    Subject,
    SubjectKind,
)
from crosstell.core.line.health import Medium, Report
from crosstell.core.line.message import CallKind, Reality
from crosstell.core.line.watch.broadcast import BroadcastId, BroadcastSent
from crosstell.core.line.watch.voice import Timed, VoiceLogId
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import StatedStatus

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="line-acts").open() as opened:
        opened.act(ALPHA, zone("ROZ-7", volume(opened.clock.now(), circle(place(9, 9))), BRAVO))
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, map_kind="canvas") as opened:
        yield opened
        opened.clean()


@pytest.fixture(scope="module")
def bravo(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, BRAVO, map_kind="canvas") as opened:
        yield opened
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat, bravo: Seat) -> Iterator[None]:
    yield
    for at in (alpha, bravo):
        at.leave()  # closed, so that the next key is not typed into a form


def said(room: Room) -> CallContent:
    """A content of which a form shows less than all: two subjects, seconds, odd metres."""
    now = room.clock.now()
    return replace(
        CONTENT,
        subjects=(
            Subject(kind=SubjectKind.AIRCRAFT, label="two aircraft"),
            Subject(kind=SubjectKind.VESSEL, label="a ship"),
        ),
        window=Window(start=now + timedelta(seconds=7), end=now + timedelta(hours=1, seconds=9)),
    )


def asked_once_more(at: Seat, label: str, words: str) -> None:
    """What cannot be undone stands behind its own words, in the page and not in a browser's box."""
    asking = at.page.locator(".panel .asking", has_text=label)
    asking.locator("summary").click()
    expect(asking).to_contain_text(words)
    asking.get_by_role("button", name=label).click()


def test_con_465_695_a_call_is_corrected_passed_on_acted_on_and_disregarded(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    """What is not touched stays as it was said, to the letter: CON-460."""
    content, name = said(room), CallId("c-wrong")
    room.act(ALPHA, call("c-wrong", content=content))
    panel = found(alpha, "c-wrong")
    panel.get_by_role("button", name="Correct", exact=True).click()
    panel.locator("[name=act]").select_option("turn-away")
    panel.locator("[name=reason]").fill("another act was meant")
    panel.locator("form").get_by_role("button", name="Correct").click()
    held = room.wait(
        lambda: len((one := room.state(BRAVO).feeds[ALPHA].calls[name]).versions) == 2 and one
    )
    assert held.versions[-1].content == replace(content, act=RequestedAct.TURN_AWAY)
    ref = held.placed_stamp.ref
    theirs = found(bravo, "c-wrong")
    theirs.get_by_role("button", name="Received").click()
    for label, kind in (("Passed to those concerned", CallPassedOn), ("Acted on", CallActedOn)):
        theirs.get_by_role("button", name=label, exact=True).click()
        room.wait(
            lambda k=kind: (  # type: ignore[misc]
                (marks := room.state(ALPHA).feeds[BRAVO].acknowledgements.get(ref))
                and isinstance(marks.marks[-1][1], k)
            )
        )
    expect(panel.locator("ol")).to_contain_text("acted on")
    asked_once_more(alpha, "Disregard: sent in error", "It stays on record")
    for party in (ALPHA, BRAVO):
        room.wait(
            lambda p=party: room.state(p).feeds[ALPHA].calls[name].state is CallState.DISREGARDED  # type: ignore[misc]
        )
    expect(theirs).to_contain_text("disregarded")


@pytest.mark.long
def test_con_466_695_a_stop_is_renewed_and_lifted_and_a_status_stated_anew(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    name = CallId("c-stop")
    expires = room.clock.now() + timedelta(minutes=2)
    stop = replace(CONTENT, danger=Danger.COLLISION, act=RequestedAct.LEAVE)
    room.act(ALPHA, call("c-stop", kind=CallKind.STOP, content=stop, expires_at=expires))
    panel = found(alpha, "c-stop")
    panel.get_by_role("button", name="Renew the stop").click()
    room.wait(lambda: room.state(BRAVO).feeds[ALPHA].calls[name].renewals)
    for party in (ALPHA, BRAVO):
        assert room.state(party).feeds[ALPHA].calls[name].expires_at > expires  # type: ignore[operator]
    alpha.leave()
    alpha.card("c-stop").get_by_role("button", name="Lift the stop").click()
    asking = panel.locator("#lift")
    expect(asking).to_contain_text("It cannot be taken back")
    expect(asking.get_by_role("button", name="Lift the stop")).to_be_focused()
    assert alpha.faults_of_access(".panel #lift") == []
    assert not room.state(ALPHA).own.calls[name].lifted
    alpha.page.keyboard.press("Enter")
    room.wait(lambda: room.state(BRAVO).feeds[ALPHA].calls[name].lifted)
    expect(asking).to_have_count(0)
    ref = room.state(ALPHA).own.notices[NoticeId("ROZ-7")].latest.stamp.ref
    for status, words in ((StatedStatus.RECEIVED, "as sent"), (StatedStatus.CONTESTED, "not so")):
        theirs = found(bravo, "ROZ-7 zone")
        theirs.locator("[name=status]").select_option(status.value)
        theirs.locator("[name=text]").fill(words)
        theirs.get_by_role("button", name="State the status").click()
        last = room.wait(
            lambda s=status: (  # type: ignore[misc]
                (one := room.state(ALPHA).feeds[BRAVO].statuses.get(ref))
                and one.statements[-1].event.status is s
                and one.statements[-1].event
            )
        )
        assert last.text == words
    expect(found(alpha, "ROZ-7 zone")).to_contain_text("contested")


def logged(at: Seat, room: Room) -> VoiceLogId:
    """The form is sent; the log's id once both nodes have it."""
    before = set(room.state(ALPHA).own.voice_logs)
    at.page.locator(".panel").get_by_role("button", name="Record the log").click()
    (name,) = room.wait(lambda: set(room.state(BRAVO).feeds[ALPHA].voice_logs) - before)
    expect(at.page.locator(".panel")).to_have_count(0)  # closed by the answer, as no other is
    return VoiceLogId(name)


def by_relay(at: Seat) -> None:
    """A call by two hops and an interpreter that runs now, as it is written down."""
    panel = at.page.locator(".panel")
    at.page.keyboard.press("t")
    panel.locator("[name=medium]").select_option("relay")
    panel.get_by_role("button", name="Start the call").click()
    for who in ("the harbour", "a wrong one", "the tower"):
        panel.locator("[name=hop]").fill(who)
        panel.get_by_role("button", name="Add", exact=True).click()
    panel.get_by_role("button", name="Take out").nth(1).click()
    panel.get_by_role("button", name="Received now").first.click()
    panel.get_by_role("button", name="Passed on now").first.click()
    panel.locator("[name=interpreter]").select_option("caller-side")
    panel.locator("[name=m_subject_label]").fill("one drone")
    panel.get_by_role("button", name="Answered").click()
    panel.locator("[name=answer]").select_option("noted")
    panel.locator("[name=notes]").fill("a bad line")


def test_con_467_a_call_is_logged_by_radio_with_an_interpreter_missing(
    alpha: Seat, room: Room
) -> None:
    panel = alpha.page.locator(".panel")
    alpha.page.keyboard.press("t")
    panel.locator("[name=medium]").select_option("radio")
    panel.locator("[name=mhz]").fill("243,000")
    panel.get_by_role("button", name="Start the call").click()
    panel.locator("[name=interpreter]").select_option("needed-and-absent")
    name = logged(alpha, room)
    for party in (ALPHA, BRAVO):
        account = room.state(party).feeds[ALPHA].voice_logs[name].account
        assert account.carriage == Radio(frequency_hz=243_000_000)
        assert account.interpreter is Interpreter.NEEDED_AND_ABSENT


def test_con_460_a_log_is_corrected_and_what_was_not_touched_stays(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    """CON-467: of a call by relay and through an interpreter; hops and stamped times stay."""
    panel = alpha.page.locator(".panel")
    by_relay(alpha)
    name = logged(alpha, room)
    first = room.state(BRAVO).feeds[ALPHA].voice_logs[name].account
    assert isinstance(first.carriage, Relay)
    assert [hop.who for hop in first.carriage.hops] == ["the harbour", "the tower"]
    assert first.carriage.hops[0].passed_at is not None
    assert (first.interpreter, first.timed) == (Interpreter.CALLER_SIDE, Timed.STAMPED)
    found(alpha, name)
    panel.get_by_role("button", name="Correct", exact=True).click()
    panel.locator("[name=answer]").select_option("will-comply")
    panel.locator("[name=why]").fill("read again from the tape")
    panel.locator("form").get_by_role("button", name="Correct").click()
    for party in (ALPHA, BRAVO):
        log = room.wait(
            lambda p=party: (  # type: ignore[misc]
                (one := room.state(p).feeds[ALPHA].voice_logs[name]).corrections and one
            )
        )
        assert log.logged.account == first
        assert log.account == replace(
            first, answer=Answer(kind=AnswerKind.WILL_COMPLY, scope=Scope())
        )
        assert log.corrections[0][1].reason.text == "read again from the tape"
    expect(panel).to_contain_text("Corrected once")
    expect(panel.locator(".history tr", has_text="voice call logged")).to_have_count(1)
    expect(panel.locator(".history tr", has_text="voice log corrected")).to_have_count(1)
    theirs = found(bravo, name)
    expect(theirs).to_contain_text("will comply")
    expect(theirs.get_by_role("button", name="Correct", exact=True)).to_have_count(0)


def test_con_195_the_late_answer_to_a_form_closes_no_other(alpha: Seat, room: Room) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    alpha.page.route("**/api/v1/acts", hold)
    alpha.page.keyboard.press("t")
    panel = alpha.page.locator(".panel")
    panel.get_by_role("button", name="Start the call").click()
    panel.get_by_role("button", name="Record the log").click()
    alpha.until(lambda: held)
    alpha.leave()
    alpha.page.keyboard.press("n")
    panel.locator("[name=id]").fill("ROZ-LATE")
    before = len(room.state(ALPHA).own.voice_logs)
    with alpha.page.expect_event("requestfinished", lambda one: one.url.endswith("/acts")):
        held[0].continue_()
    room.wait(lambda: len(room.state(ALPHA).own.voice_logs) > before)
    alpha.settled()
    expect(panel.locator("[name=id]")).to_have_value("ROZ-LATE")
    alpha.page.unroute("**/api/v1/acts")


@pytest.mark.long
def test_con_468_a_line_is_reported_and_who_heard_a_broadcast_is_recorded(
    alpha: Seat, bravo: Seat, room: Room
) -> None:
    """A report of the line stays at home; the hearing goes to the other node."""
    panel = alpha.page.locator(".panel")
    alpha.page.keyboard.press("l")
    for label, report in (("Report down", Report.DOWN), ("Report up", Report.UP)):
        row = panel.locator("tbody tr", has_text="duty officer").first
        row.get_by_role("button", name=label, exact=True).click()
        room.wait(
            lambda r=report: [  # type: ignore[misc]
                one
                for key, one in room.state(ALPHA).journal.lines.items()
                if (key.party, key.role, key.medium) == (BRAVO, DUTY, Medium.NODE)
                and one.reported is not None
                and one.reported.report is r
            ]
        )
    assert not room.state(BRAVO).journal.lines or all(
        one.reported is None for one in room.state(BRAVO).journal.lines.values()
    )
    sent = BroadcastSent(
        broadcast=BroadcastId("b-1"),
        reality=Reality.EXERCISE,
        radio=Radio(frequency_hz=121_500_000),
        addressed="all stations",
        text=FreeText(text="A drone is adrift.", language="en"),
        sent_at=(room.clock.now(),),
    )
    room.act(ALPHA, sent)
    alpha.leave()
    alpha.page.keyboard.press("l")
    panel.locator("[name=heard_by]").fill("coast station")
    panel.locator("[name=source]").fill("by telephone")
    panel.locator("form.line").get_by_role("button", name="Record it").click()
    heard = room.wait(lambda: room.state(BRAVO).feeds[ALPHA].broadcasts[sent.broadcast].heard)
    assert [(one.heard_by, one.source) for _, one in heard] == [("coast station", "by telephone")]
    assert room.state(ALPHA).own.broadcasts[sent.broadcast].heard
    bravo.page.keyboard.press("l")
    said = bravo.page.locator(".panel q.entered", has_text="coast station")  # CON-526
    expect(said).to_have_count(1)
    expect(said).to_have_attribute("lang", "")


QUOTED = """async (slots) => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {quoting} = await import('/console/app/views/parts.js');
  const {use} = await import('/console/app/i18n.js');
  const found = [];
  for (const lang of ['tr', 'ru', 'ar', 'en']) {
    await use(lang);
    for (const [key, slot] of slots) {
      const box = document.createElement('p');
      render(quoting(key, slot, 'by one', 'by two'), box);
      const said = [...box.querySelectorAll('q[lang=""]')].map((one) => one.textContent);
      box.querySelectorAll('q').forEach((one) => one.remove());
      found.push([said, box.textContent]);
    }
  }
  return found;
}"""


def test_con_526_what_somebody_wrote_is_quoted_within_a_sentence_in_every_language(
    alpha: Seat,
) -> None:
    slots = [
        ["ui.inc.withdrawn", "why"],
        ["ui.inc.why", "why"],
        ["ui.broadcast.heard", "who"],
        ["ui.track.told", "who"],
        ["ui.track.ours", "source"],
    ]
    found = alpha.page.evaluate(QUOTED, slots)
    assert len(found) == 4 * len(slots)
    for said, rest in found:
        assert said == ["by one", "by two"]
        assert "by" not in rest.replace("told by", "")
        assert not set(rest) & {"{", "}", "\ue000"}


def test_con_469_a_screen_that_comes_late_replaces_no_newer_one(alpha: Seat, room: Room) -> None:
    page = alpha.page
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))

    page.route("**/api/v1/screen", hold)
    page.keyboard.press("l")
    row = page.locator(".panel tbody tr", has_text="duty officer").first
    row.get_by_role("button", name="Report").click()
    alpha.until(lambda: held)
    room.act(ALPHA, call("c-newer"))
    shown = "async () => !!(await import('/console/app/store.js')).find.call('alpha', 'c-newer')"
    alpha.until(lambda: page.evaluate(shown))
    ((route, old),) = held
    assert "c-newer" not in old.text()
    with page.expect_event("requestfinished", lambda one: one.url.endswith("/screen")):
        route.fulfill(response=old)
    alpha.settled()
    assert page.evaluate(shown)
    page.unroute("**/api/v1/screen")
