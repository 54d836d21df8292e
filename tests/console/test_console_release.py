"""What is kept at home goes to a counterpart by a person's act at the console alone."""

import json
from collections.abc import Iterator

import pytest
from consoles import Seat, found, scene, seat
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, Locator, Route, expect
from release_values import FORCES
from room import SECOND, Room, circle, place, volume, zone

from crosstell.core.ids import NoticeId, TrackId
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="release").open() as opened:
        scene(opened)
        home = zone("ROZ-H", volume(opened.clock.now(), circle(place(-25, -20), 4_000)))
        opened.act(ALPHA, home)
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA) as opened:
        yield opened
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.page.keyboard.press("Escape")


def form_of(at: Seat, words: str) -> Locator:
    """The form of release in the panel of that notice, unfolded."""
    found(at, words)
    form = at.page.locator(".panel .release")
    form.locator("summary").click()
    expect(form).to_contain_text("cannot be taken back")
    return form


def told_of(room: Room, under: str) -> NoticeFiled:
    """What bravo holds of alpha under that id, once it has it."""
    name = NoticeId(under)
    room.wait(lambda: name in room.state(BRAVO).feeds[ALPHA].notices)
    return room.state(BRAVO).feeds[ALPHA].notices[name].latest.event


@pytest.mark.long
def test_con_405_a_notice_kept_at_home_is_released_to_whom_a_person_ticks(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    kept = room.state(ALPHA).journal.notices[NoticeId("ROZ-H")]
    form = form_of(alpha, "ROZ-H zone")
    assert form.locator("[type=checkbox]:checked").count() == 0
    expect(form).to_contain_text("ROZ-H, version 1")
    form.locator("[name=purpose]").fill("so that they keep clear")
    form.locator("[name=marking]").fill("TEST RELEASED")
    form.locator("[name=under]").fill("ROZ-H-B")
    release = form.get_by_role("button", name="Release it")
    release.click()
    alpha.told("Tick at least one party")
    assert room.state(ALPHA).journal.releases == {}
    form.locator(f"[name=to_{BRAVO}]").check()
    release.click()
    alpha.told("Released. On record as entry")
    told = told_of(room, "ROZ-H-B")
    assert (told.content, told.marking) == (kept.latest.event.content, "TEST RELEASED")
    assert told.releasable_to == (BRAVO,)
    (one,) = room.state(ALPHA).journal.releases.values()
    assert (one.event.item, one.event.purpose) == (kept.latest.stamp.ref, "so that they keep clear")
    assert room.state(ALPHA).journal.notices[NoticeId("ROZ-H")] == kept
    with seat(browser, room, BRAVO, watch=None) as theirs:
        found(theirs, "ROZ-H-B zone")
        expect(theirs.page.locator(".panel")).to_contain_text("TEST RELEASED")
        expect(theirs.page.locator(".panel .release")).to_have_count(0)
    found(alpha, "ROZ-04 zone")  # released when it was filed: there is nothing to release
    expect(alpha.page.locator(".panel .release")).to_have_count(0)


def test_con_406_where_own_forces_are_is_released_by_two_persons_who_both_read_it(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    form = form_of(alpha, "POST-1 location")
    expect(form).to_contain_text("Needs two persons")
    form.locator(f"[name=to_{BRAVO}]").check()
    form.locator("[name=purpose]").fill("medical evacuation")
    form.locator("[name=under]").fill("POST-B")
    form.locator("[name=area_m]").fill("5000")
    form.get_by_role("button", name="Ask for the second person").click()
    alpha.told("Waits for a second person")
    assert NoticeId("POST-B") not in room.state(ALPHA).own.notices
    with seat(browser, room, ALPHA, account=SECOND) as second:
        waiting = second.page.locator(".card", has_text="Waits for a second person")
        to = second.page.evaluate(
            "async (id) => (await import('/console/app/store.js')).title(id)", BRAVO
        )
        for words in ("POST-1 v1", to, "medical evacuation", "TEST", "5.0 km"):
            expect(waiting.locator(".facts").first).to_contain_text(words)
        waiting.get_by_role("button", name="Confirm").click()
        second.told("Confirmed. On record as entry")
    told = told_of(room, "POST-B")
    exact = room.state(ALPHA).journal.notices[NoticeId("POST-1")].latest.event.content
    assert told.coarsened is not None
    assert told.coarsened.area_m == 5_000.0
    assert told.content != exact
    assert told.second is not None
    assert told.second.role == "director"


OPEN = """async (open) => {
  const {set, store} = await import('/console/app/store.js');
  const refs = store.screen.notices.slice(0, 1).map((one) => one.ref);
  set({panel: open.name === 'copy' ? {...open, refs} : open, told: null});
}"""


def shows(at: Seat, **panel: str) -> Locator:
    """That panel, opened over the one that is there."""
    at.page.evaluate(OPEN, panel)
    at.settled()
    return at.page.locator(".panel")


def track_of_ours(room: Room) -> str:
    own = OwnTrack(track=TrackId("T-4471"))
    room.act(ALPHA, OwnershipStated(subject=own, answer=OwnershipAnswer.OURS, scope=FORCES))
    return "track T-4471"


def test_con_477_what_was_typed_for_one_thing_is_in_the_form_of_no_other(alpha: Seat) -> None:
    panel = shows(alpha, name="detail", key=f"notice {ALPHA}/ROZ-H")
    expect(panel.locator(".facts q", has_text="alpha-forces")).to_have_count(1)  # CON-481
    panel.locator(".release summary").click()
    panel.locator("[name=purpose]").fill("for this one alone")
    panel.locator(f"[name=to_{BRAVO}]").check()
    panel.locator("[name=reason]").fill("why this one goes")
    alpha.settled()
    expect(panel.locator("[name=purpose]")).to_have_value("for this one alone")  # drawn again
    shows(alpha, name="detail", key=f"notice {ALPHA}/POST-1")
    expect(panel.locator("#panel-title")).to_contain_text("POST-1")
    expect(panel.locator("[name=purpose]")).to_have_value("")
    expect(panel.locator("[name=reason]")).to_have_value("")
    expect(panel.locator(f"[name=to_{BRAVO}]")).not_to_be_checked()
    expect(panel.locator(".release[open]")).to_have_count(0)
    shows(alpha, name="broadcast")
    panel.locator("textarea").first.fill("typed for one alert")
    shows(alpha, name="broadcast", alert="another")
    expect(panel.locator("textarea").first).not_to_have_value("typed for one alert")


@pytest.mark.long
def test_con_478_a_form_come_back_to_from_an_entry_asks_as_one_that_was_never_left(
    alpha: Seat,
) -> None:
    asked: list[tuple[str, str | None]] = []

    def answer(route: Route) -> None:
        body = json.loads(route.request.post_data or "")["body"]
        release = body["item_released"].get("release")
        asked.append((str(release), route.request.header_value("idempotency-key")))
        route.fulfill(status=503, json={"title": "away", "status": 503})

    alpha.leave()
    alpha.page.route("**/api/v1/acts", answer)
    panel = shows(alpha, name="detail", key=f"notice {ALPHA}/ROZ-H")
    panel.locator(".facts button.link").first.click()
    panel.get_by_role("button", name="Back").click()
    panel.locator(".release summary").click()
    panel.locator("[name=purpose]").fill("so that they keep clear")
    panel.locator(f"[name=to_{BRAVO}]").check()

    def sent(tries: int) -> None:  # each sending is tried three times
        panel.get_by_role("button", name="Release it").click()
        alpha.until(lambda: len(asked) == tries)
        expect(alpha.page.locator(".toast.bad")).to_be_visible()

    sent(3)
    sent(6)
    assert len(set(asked)) == 1
    assert asked[0][0].startswith("rel-")
    alpha.page.unroute("**/api/v1/acts")
    alpha.errors[:] = [one for one in alpha.errors if "503" not in one]


@pytest.mark.long
def test_con_195_an_answer_that_comes_late_closes_no_form_but_its_own(
    alpha: Seat, room: Room
) -> None:
    key = track_of_ours(room)
    expect(shows(alpha, name="detail", key=key).locator(".share")).to_have_count(1)
    fields = {
        "copy": {"recipient": "the archive", "purpose": "review"},
        "report": {"reporter": "their duty officer", "source": "radar", "text": "a drone"},
        "detail": {"called": "tanker one", "purpose": "refuelling"},
    }
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    alpha.page.route("**/api/v1/acts", hold)
    for name, typed in fields.items():
        panel = shows(alpha, name=name, **({"key": key} if name == "detail" else {}))
        form = panel.locator("form", has=alpha.page.locator(f"[name={next(iter(typed))}]"))
        for one, text in typed.items():
            form.locator(f"[name={one}]").evaluate("(e, text) => { e.value = text; }", text)
        if name == "detail":
            form.locator(f"[name=to_{BRAVO}]").evaluate("(e) => { e.checked = true; }")
        form.evaluate("(e) => e.requestSubmit()")
        alpha.until(lambda: held)
        shows(alpha, name="broadcast")
        panel.locator("textarea").first.fill("typed meanwhile")
        held.pop().fulfill(json={"recorded": [{"feed": "f", "seq": 7, "hash": "h"}]})
        alpha.told("On record as entry")
        alpha.settled()
        expect(panel.locator("textarea").first).to_have_value("typed meanwhile")
    alpha.page.unroute("**/api/v1/acts")
