"""What is kept at home goes to a counterpart by a person's act at the console alone."""

from collections.abc import Iterator

import pytest
from consoles import Seat, found, scene, seat
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, Locator, expect
from room import SECOND, Room, circle, place, volume, zone

from crosstell.core.ids import NoticeId
from crosstell.core.picture.notice import NoticeFiled

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
