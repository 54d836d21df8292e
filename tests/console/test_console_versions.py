"""Nothing is lost by the way: of what a version had, what was typed or drafted, what waits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from consoles import Seat, found, seat
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, Locator, Route, expect
from room import Room, circle, place, volume
from sampling import thinned
from test_mechanism_papers import FILE as KEPT
from test_mechanism_papers import filed as filed_paper

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.position import Position
from crosstell.core.ids import NoticeId
from crosstell.core.incident.paper import ActionProposal
from crosstell.core.instant import Window
from crosstell.core.picture.content import Activity, ActivityKind, Content, FieldType, Zone
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.releasing.release import ItemKind, ItemReleased, ReleaseId

pytest_plugins = ("browsing",)
OPENS = """async (panel) => (await import('/console/app/store.js')).set({panel, told: null})"""
POINT = {"lat_deg": 36.5000004, "lon_deg": 40.7500004}
REF = {"feed": "ab" * 16, "seq": 3, "hash": "cd" * 32}
FILE: dict[str, Any] = {
    "title": "the night",
    "parties": [ALPHA],
    "matters": ["m-1"],
    "start": "2026-11-22T02:00:30.123456Z",
    "end": "2026-11-22T03:00:30.5Z",
    "rules": [],
    "entries": [],
    "place": {"centre": POINT, "radius_m": 1234.5},
    "reference": POINT,
    "precedents": [{"entry_ref": REF}],
}


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="versions").open() as opened:
        opened.act(ALPHA, filed_paper(KEPT, name="inc"))
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


def three_legs(room: Room) -> Activity:
    """Of each volume a form shows less than all: odd metres, three datums, microseconds."""
    now = room.clock.now().replace(microsecond=654_321)
    level = Altitude(value_m=1_524.1, datum=Datum.STANDARD_PRESSURE)
    ground = Altitude(value_m=152.4, datum=Datum.ABOVE_GROUND)
    hour = Window(start=now, end=now + timedelta(hours=1))
    legs = (
        volume(now, circle(place(-30, -30), 4_000), lower=ground),
        replace(volume(now, circle(place(-30, -20), 3_000), lower=level), window=hour),
        volume(now + timedelta(seconds=7), circle(place(-30, -10), 2_000), upper=ground),
    )
    return Activity(
        kind=ActivityKind.UNCREWED_FLIGHT, volumes=legs, text="first line\n second line"
    )


def superseding(at: Seat, name: str) -> Locator:
    panel = found(at, f"{name} activity")
    panel.get_by_role("button", name="File the next version").click()
    panel.locator("[name=reason]").fill("a reason")
    return panel


def filed(room: Room, name: str, version: int) -> Content:
    held = room.wait(
        lambda: (
            len((one := room.state(ALPHA).own.notices[NoticeId(name)]).versions) == version and one
        )
    )
    return held.latest.event.content  # type: ignore[no-any-return]


def test_con_690_691_of_a_notice_that_is_superseded_what_is_not_touched_stays_as_it_was(
    alpha: Seat, room: Room
) -> None:
    name, content = "LEGS", three_legs(room)
    first = NoticeFiled(
        notice=NoticeId(name), version=1, content=content, marking="TEST", releasable_to=(BRAVO,)
    )
    room.act(ALPHA, first)
    panel = superseding(alpha, name)
    panel.get_by_role("button", name="File the notice").click()
    expect(panel).to_have_count(0)
    assert filed(room, name, 2) == content
    panel = superseding(alpha, name)
    expect(panel.locator("legend", has_text="Place and time 3 of 3")).to_be_visible()
    panel.locator("[name=stays]").uncheck()
    panel.locator("[name=upper_3]").fill("900")
    panel.get_by_role("button", name="Change the place").nth(1).click()
    expect(panel.get_by_role("button", name="Change the place")).to_have_count(2)
    panel.locator("[name=paste]").fill("36.5N 40.75E")
    panel.get_by_role("button", name="Read", exact=True).click()
    expect(panel.locator("ol li")).to_have_count(1)
    panel.get_by_role("button", name="File the notice").click()
    expect(panel).to_have_count(0)
    after = filed(room, name, 3)
    assert isinstance(after, Activity)
    _, second, third = content.volumes
    moved, raised = after.volumes
    assert moved == replace(second, footprint=moved.footprint)
    assert moved.footprint.centre == Position(lat_deg=36.5, lon_deg=40.75)  # type: ignore[union-attr]
    upper = Altitude(value_m=274.32, datum=Datum.ABOVE_GROUND)
    assert raised == replace(third, upper=upper)


VOLUME: dict[str, Any] = {
    "footprint": {"circle": {"centre": POINT, "radius_m": 1234.5}},
    "lower": "unbounded",
    "upper": {"altitude": {"value_m": 1524.1, "datum": "standard-pressure"}},
    "window": {"start": "2026-11-22T02:00:30.123456Z", "end": "2026-11-22T03:00:30.5Z"},
}
CONTENTS: dict[str, dict[str, Any]] = {
    "zone": {
        "field_type": "nfa", "declaring_authority": "a", "duty": "keep out", "volume": VOLUME
    },
    "activity": {
        "kind": "live-fire", "emergency": "declared", "text": "of ours", "volumes": [VOLUME]
    },
    "own_force_location": {"volume": VOLUME, "standoff_m": 1500.5, "text": "of ours"},
    "avoidance_request": {"volume": VOLUME, "asked": "keep away"},
    "notified_site": {
        "notifier": "an agency", "what": "a clinic", "coordinates": "checked-by-filer",
        "volume": VOLUME,
    },
    "notified_movement": {"notifier": "an agency", "what": "a convoy", "volumes": [VOLUME]},
    "general_notice": {
        "text": "said so", "source": "a statement", "stated_at": "2026-11-22T01:00:30.5Z"
    },
}  # fmt: skip


def sends(at: Seat, sent: list[dict[str, Any]]) -> None:
    """What is filed from here on waits for its second person, and is noted."""

    def take(asked: Route) -> None:
        body: Any = asked.request.post_data_json
        sent.append(body["body"])
        asked.fulfill(json={"pending": "p-1"})

    at.page.route("**/api/v1/acts", take)


@pytest.mark.parametrize("kind", CONTENTS)
def test_con_690_706_of_a_notice_of_any_kind_nothing_goes_that_was_not_touched(
    alpha: Seat, kind: str
) -> None:
    sent: list[dict[str, Any]] = []
    content = {kind: CONTENTS[kind]}
    of = {"notice": "N-1", "party": ALPHA, "version": 1, "marking": "TEST", "releasable_to": []}
    sends(alpha, sent)
    alpha.page.evaluate(OPENS, {"name": "notice", "of": {**of, "content": content}})
    panel = alpha.page.locator(".panel")
    panel.locator("[name=reason]").fill("a reason")
    panel.locator("button.strong.big").click()
    expect(panel).to_have_count(0)
    alpha.page.unroute("**/api/v1/acts")
    assert [one["notice_filed"]["content"] for one in sent] == [content]


COARSE = Coarsening(area_m=5_000.0, time_s=3_600.0)


def test_con_746_a_coarser_version_stays_as_coarse_and_is_made_anew_from_the_exact_one(
    alpha: Seat, room: Room
) -> None:
    now = room.clock.now()
    home = Zone(
        field_type=FieldType.ROZ,
        declaring_authority="a headquarters",
        duty="keep out",
        volume=volume(now, circle(place(-40, -40), 4_000)),
    )
    exact = NoticeFiled(notice=NoticeId("ROZ-X"), version=1, content=home, marking="TEST")
    (entry,) = room.act(ALPHA, exact).recorded
    terms = ItemReleased(
        release=ReleaseId("rel-x"),
        kind=ItemKind.NOTICE,
        item=entry,
        under="ROZ-XB",
        to=(BRAVO,),
        purpose="so that they keep clear",
        marking="TEST",
        coarsened=COARSE,
    )
    room.act(ALPHA, terms)
    first = room.state(ALPHA).own.notices[NoticeId("ROZ-XB")].latest.event
    panel = found(alpha, "ROZ-XB zone")
    expect(panel.locator(".facts")).to_contain_text("area to 5.0 km · time to 60 min")
    panel.get_by_role("button", name="File the next version").click()
    expect(panel.locator(".told.wait")).to_contain_text("made coarser: area to 5.0 km")
    expect(panel.locator(".told.wait")).to_contain_text("under the id ROZ-XB")
    expect(panel.locator("[name=from], [name=upper], [name=paste]")).to_have_count(0)
    panel.locator("[name=duty]").fill("keep well out")
    panel.locator("[name=reason]").fill("a reason")
    panel.get_by_role("button", name="File the notice").click()
    expect(panel).to_have_count(0)
    room.wait(lambda: len(room.state(ALPHA).own.notices[NoticeId("ROZ-XB")].versions) == 2)
    second = room.state(ALPHA).own.notices[NoticeId("ROZ-XB")].latest.event
    assert second.coarsened == COARSE
    assert isinstance(first.content, Zone)
    assert second.content == replace(first.content, duty="keep well out")


def test_con_692_a_new_version_of_an_incidents_file_keeps_what_is_not_touched(alpha: Seat) -> None:
    sent: list[dict[str, Any]] = []
    row = {"incident": "inc-1", "version": 1, "releasable_to": [], "file": FILE}
    sends(alpha, sent)
    for box, typed in (("reason", "a reason"), ("start", "2026-11-22 02:10Z")):
        alpha.page.evaluate(OPENS, {"name": "incident-file", "of": row})
        panel = alpha.page.locator(".panel")
        panel.locator("[name=reason]").fill("a reason")
        panel.locator(f"[name={box}]").fill(typed)
        panel.locator("#incident-file").click()
        expect(panel.locator("#panel-title")).to_have_text("Incidents")
        alpha.leave()
    alpha.page.unroute("**/api/v1/acts")
    stated = {name: value for name, value in FILE.items() if value != []}
    files = [one["paper_filed"]["content"]["incident_file"] for one in sent]
    first, second = ({name: v for name, v in one.items() if v != []} for one in files)
    assert first == stated
    assert second == {**stated, "start": "2026-11-22T02:10:00.000Z"}


PARTS = (
    ("Readouts", "readout", "[name=occasion]"),
    ("Readouts", "readout", ".sentences textarea >> nth=0"),
    ("Pack", "pack", "form[data-keep=pack] textarea"),
    ("Actions", "actions", "[name=text]"),
    ("Joint texts", "joint", "[name=text]"),
)


def part(at: Seat, tab: str) -> Locator:
    at.page.evaluate(OPENS, {"name": "incident", "party": ALPHA, "id": "inc", "tab": tab})
    panel = at.page.locator(".panel")
    expect(panel.locator(".tabs [aria-pressed=true]")).to_be_visible()
    return panel


@pytest.mark.parametrize(
    ("label", "tab", "box"), thinned(PARTS, every=5), ids=[one[1] for one in PARTS]
)
def test_con_699_what_was_typed_into_a_part_of_an_incident_stands_there_again(
    alpha: Seat, label: str, tab: str, box: str
) -> None:
    panel = part(alpha, tab)
    if tab == "readout":
        panel.get_by_role("button", name="Draft a readout").click()
    typed = panel.locator(box)
    typed.fill("words of mine")
    panel.get_by_role("button", name="Timeline").click()
    expect(panel.locator(".timeline")).to_be_visible()
    expect(typed).to_have_count(0)
    panel.get_by_role("button", name=label).click()
    expect(typed).to_have_value("words of mine")
    alpha.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    panel = part(alpha, tab)
    expect(panel.locator(".kept")).to_contain_text("What you typed here before")
    expect(typed).to_have_value("words of mine")
    panel.locator(".kept").get_by_role("button").click()
    expect(panel.locator(".kept")).to_have_count(0)
    if tab == "readout":
        expect(typed).to_have_count(0)
    else:
        expect(typed).to_have_value("")


def test_con_699_what_was_put_forward_stands_in_no_form_any_more(alpha: Seat, room: Room) -> None:
    panel = part(alpha, "actions")
    panel.locator("[name=text]").fill("look again")
    panel.get_by_role("button", name="Propose").click()
    alpha.told("Filed")
    expect(panel.locator("[name=text]")).to_have_value("")
    expect(panel.locator("table")).to_contain_text("look again")
    alpha.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    panel = part(alpha, "actions")
    expect(panel.locator("[name=text]")).to_have_value("")
    expect(panel.locator(".kept")).to_have_count(0)
    panel.locator("[name=text]").fill("and again")
    panel.get_by_role("button", name="Propose").click()
    expect(panel.locator("table")).to_contain_text("and again")
    papers = room.state(ALPHA).journal.papers.values()
    said = [one.content.text for one in papers if isinstance(one.content, ActionProposal)]
    assert said == ["look again", "and again"]


def test_con_700_an_untouched_broadcast_is_drafted_anew_in_the_language_chosen(
    alpha: Seat,
) -> None:
    opened = "async () => (await import('/console/app/store.js')).set({panel: {name: 'broadcast'}})"
    alpha.page.evaluate(opened)
    panel = alpha.page.locator(".panel")
    text, language = panel.locator("[name=text]"), panel.locator("[name=language]")
    begun = "All stations, this is the deconfliction desk of Alpha."
    expect(text).to_have_value(begun)
    language.select_option("tr")
    expect(text).to_have_value("Tüm istasyonlar, burası Alpha çatışmasızlık masası.")
    expect(panel.locator("[name=addressed]")).to_have_value("tüm istasyonlar")
    language.select_option("en")
    expect(text).to_have_value(begun)
    text.fill(f"{begun} Keep out.")
    language.select_option("ru")
    alpha.settled()
    expect(text).to_have_value(f"{begun} Keep out.")
    expect(language).to_have_value("ru")
    expect(panel.locator("#panel-title")).to_have_text("Broadcast on guard")


def test_con_703_words_that_were_not_drafted_anew_have_the_language_in_which_they_stand(
    alpha: Seat,
) -> None:
    page = alpha.page.locator("header select")
    panel = alpha.page.locator(".panel")
    text, language = panel.locator("[name=text]"), panel.locator("[name=language]")
    begun = "All stations, this is the deconfliction desk of Alpha."
    held: list[Route] = []
    alpha.page.evaluate(OPENS, {"name": "broadcast", "alert": "gone"})
    language.select_option("tr")
    alpha.told("No draft in tr could be made")
    expect(language).to_have_value("en")
    page.select_option("tr")
    expect(panel.locator("#panel-title")).to_have_text("Acil frekansta yayın")
    expect(language).to_have_value("en")
    page.select_option("en")
    alpha.leave()

    def hold(asked: Route) -> None:
        held.append(asked)

    alpha.page.route("**/i18n/ar.json", hold)
    alpha.page.evaluate(OPENS, {"name": "broadcast"})
    language.select_option("ar")
    alpha.until(lambda: held)
    expect(language).to_have_value("en")
    held[0].abort()
    alpha.told("No draft in ar could be made")
    expect(text).to_have_value(begun)
    expect(language).to_have_value("en")
    alpha.page.unroute("**/i18n/ar.json")
    alpha.errors[:] = [one for one in alpha.errors if "ERR_FAILED" not in one]
    language.select_option("ar")
    expect(language).to_have_value("ar")
    expect(text).not_to_have_value(begun)


PENDING = """async () => {
  const acts = await import('/console/app/acts.js');
  const {set, store} = await import('/console/app/store.js');
  const held = store.pending;
  const body = {notice_withdrawn: {notice: 'N-1'}};
  set({pending: [{id: 'p-1', own: true, kind: 'notice_withdrawn', body, role: '', watch: '1'}]});
  await acts.refreshPending();
  const found = store.pending.map((one) => one.id);
  set({pending: held});
  return found;
}"""


def test_con_698_what_waits_stands_though_the_node_does_not_answer(alpha: Seat) -> None:
    alpha.page.route("**/acts/pending", lambda asked: asked.abort())
    assert alpha.page.evaluate(PENDING) == ["p-1"]
    alpha.page.unroute("**/acts/pending")
    alpha.errors[:] = [one for one in alpha.errors if "ERR_FAILED" not in one]
