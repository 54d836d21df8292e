"""Past the call-by of an alert: what is offered, what is drafted for guard, what it covers."""

import re
from collections.abc import Iterator

import pytest
from consoles import Seat, found, scene, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, expect
from room import Room, circle, place, volume, zone

from crosstell.core.detection.about import TrackAtNotice
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.line.content import ABOUT_MAX, About, AboutAlert
from crosstell.core.line.message import CallKind
from crosstell.core.state.state import State

pytest_plugins = ("browsing",)
X, MIN = "\u00d7", "\u2032"
DESK = "this is the deconfliction desk of Alpha."
WHOLE = {"circle": {"centre": {"lat_deg": 36.5, "lon_deg": 40.7}, "radius_m": 9260}}
# What is drafted of the alert of an object at a notice, where some of the screen is otherwise.
SPOKEN = """async ([object, notice, {track, alert, held, type, content}]) => {
  const {spoken} = await import('/console/app/spoken.js');
  const {broadcastForm} = await import('/console/app/views/broadcast_form.js');
  const {render} = await import('/console/vendor/lit.mjs');
  const {store} = await import('/console/app/store.js');
  const {screen} = store;
  const is = (at) => at?.track === object && at.notice.notice === notice;
  const found = screen.alerts.find((one) => is(one.about.track_at_notice));
  const typed = (one) => (type ? {zone: {...one.content.zone, field_type: type}} : one.content);
  const other = (one) => ({...one, content: typed(one), ...held});
  const notices = screen.notices.map((one) => (one.notice === notice ? other(one) : one));
  const seen = {freshness: 'current', ...track}; // however long the test runs
  const tracks = screen.tracks.map((one) => (one.track === object ? {...one, ...seen} : one));
  const draft = {...found.draft, content: {...found.draft.content, ...content}};
  const box = document.createElement('div');
  try {
    store.screen = {...screen, tracks, notices};
    const told = spoken({...found, draft, ...alert});
    const open = {name: 'broadcast', alert: found.alert, spoken: told};
    render(broadcastForm(store.screen, open).body, box);
    const notes = [...box.querySelectorAll('.told')].map((one) => one.textContent).join(' ');
    return [told.to, told.text, told.track?.track ?? '', told.zone?.notice ?? '', notes];
  } finally {
    store.screen = screen;
  }
}"""
# The boxes of a form that is begun from one of these alerts, to each of these parties in turn.
BOXES = """async ([alerts, tracks, notices, parties]) => {
  const {alsoAbout, begunAbout} = await import('/console/app/views/about_alerts.js');
  const {render} = await import('/console/vendor/lit.mjs');
  const {store} = await import('/console/app/store.js');
  const {screen} = store;
  const open = {alert: alerts[0].alert};
  const form = document.createElement('form');
  try {
    store.screen = {...screen, alerts, tracks, notices};
    const found = [];
    for (const to of parties) {
      render(alsoAbout(open, to), form);
      const boxes = [...form.querySelectorAll('input')];
      const ticked = boxes.filter((one) => one.checked).map((one) => one.name);
      const about = begunAbout(open, Object.fromEntries(ticked.map((name) => [name, 'on'])));
      const names = about.map((one) => one.about_alert.alert);
      found.push([boxes.map((one) => one.name.slice(5)), names, form.textContent]);
      for (const one of boxes) one.click();
    }
    return found;
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


def drafted(alpha: Seat, notice: str, **otherwise: object) -> list[str]:
    """The same, and what the form says of it."""
    told: list[str] = alpha.page.evaluate(SPOKEN, ["T-4471", notice, otherwise])
    return told


def spoken(alpha: Seat, notice: str, **otherwise: object) -> list[str]:
    """Addressee, text, the object whose place is told, the zone that is told."""
    return drafted(alpha, notice, **otherwise)[:-1]


def test_con_650_701_a_drafted_broadcast_says_who_speaks_to_whom_where_and_what_is_asked(
    alpha: Seat,
) -> None:
    to, text, *told = spoken(alpha, "ROZ-09", content={"place": WHOLE})
    assert re.fullmatch(rf"small drone near N\d\d°\d\d{MIN} E\d{{3}}°\d\d{MIN}", to)
    assert told == ["T-4471", "ROZ-09"]
    seen = r"Seen at \d\d:\d\dZ, course 220 true, 2953 ft MSL, plus or minus 200 ft\."
    assert re.match(rf"S{re.escape(to[1:])}, {DESK} {seen}", text)
    assert "2953 ft MSL. " in spoken(alpha, "ROZ-09", track={"altitude_accuracy_m": None})[1]
    assert text.endswith(
        f"Declared zone: within 5.0 NM of N36°30{MIN} E040°42{MIN}. "
        "Danger: zone entered. We ask: keep out."
    )


def test_con_651_a_drafted_broadcast_tells_of_no_forces_and_no_site(alpha: Seat) -> None:
    """Nor of an object of ours: the frequency is open."""
    dangers = ("own-forces-endangered", "notified-site-endangered", "collision", "zone-entered")
    for danger in (*dangers, "other"):
        _, text, *told = spoken(alpha, "POST-1", content={"danger": danger, "place": WHOLE})
        assert told == ["T-4471", ""]
        assert text.endswith("We ask: keep out.")
        assert not re.search("Danger|forces|site|zone|collision|POST", text), text
    nothing = ["all stations", f"All stations, {DESK}", "", ""]
    assert spoken(alpha, "ROZ-09", track={"whose": "ours"}) == nothing
    for answer in ("ours", "checking", "disputed"):  # by one of our components alone
        assert spoken(alpha, "ROZ-09", track={"said": [{"answer": answer}]}) == nothing
    assert spoken(alpha, "ROZ-09", track={"said": [{"answer": "not-ours"}]})[2] == "T-4471"


@pytest.mark.parametrize(
    "otherwise",
    [
        *({"type": one} for one in ("nfa", "bdz", "mez", "wez", "aar-roz", "corridor", "other")),
        {"held": {"releasable_to": []}},
        {"alert": {"about": {"track_at_notice": {
            "track": "T-4471", "notice": {"party": "bravo", "notice": "ROZ-B2"}}}}},
    ],
    ids=str,
)  # fmt: skip
def test_con_660_a_zone_is_told_only_of_our_own_and_of_a_type_for_others(
    alpha: Seat, otherwise: dict[str, object]
) -> None:
    _, text, *told = spoken(alpha, "ROZ-09", **otherwise)
    assert told == ["T-4471", ""]
    assert text.endswith("We ask: keep out.")
    assert not re.search("Danger|zone|NM", text), text


@pytest.mark.parametrize(
    "otherwise",
    [
        {"track": {"freshness": "last-known"}},
        {"track": {"freshness": "ended"}},
        {"track": {"reporter": "an agency"}},
        {"track": {"untrusted_since": "2026-11-22T14:00:00Z"}},
        {"track": {"position_accuracy_m": None}},
        {"track": {"position_accuracy_m": 1853}},
        {"alert": {"doubted_since": "2026-11-22T14:00:00Z"}},
    ],
    ids=str,
)
def test_con_661_a_position_that_is_not_sure_is_not_told_and_of_no_place_nothing_is_asked(
    alpha: Seat, otherwise: dict[str, object]
) -> None:
    nothing = ["all stations", f"All stations, {DESK}", "", ""]
    assert spoken(alpha, "POST-1", **otherwise) == nothing
    to, text, *told = spoken(alpha, "ROZ-09", **otherwise)
    assert (to, told) == ("all stations", ["", "ROZ-09"])
    assert re.fullmatch(
        f"All stations, {DESK} Declared zone: .+ Danger: zone entered. We ask: keep out.", text
    )


def test_con_662_the_circle_that_is_said_holds_the_zone(alpha: Seat) -> None:
    """By the ellipsoid, from the point and the radius as they are said; and it is hardly wider."""
    at = [(36.5083, 40.7083), (36.6083, 40.7583), (36.5583, 40.8917)]
    points = [{"lat_deg": lat, "lon_deg": lon} for lat, lon in at]
    shapes = [
        ({"circle": {"centre": points[0], "radius_m": 9_350}}, at[:1], 9_350),
        ({"polygon": {"vertices": points}}, at, 0),
        ({"corridor": {"points": points, "half_width_m": 2_000}}, at, 2_000),
        ({"circle": {"centre": {"lat_deg": -33.9917, "lon_deg": -70.4917}, "radius_m": 900}},
         [(-33.9917, -70.4917)], 900),
    ]  # fmt: skip
    for shape, marks, beyond_m in shapes:
        _, text, *_ = spoken(alpha, "ROZ-09", content={"place": shape})
        said = re.search(
            rf"within ([\d.]+) NM of ([NS])(\d+)°(\d+){MIN} ([EW])(\d+)°(\d+){MIN}", text
        )
        assert said is not None
        radius, north, lat, lat_min, east, lon, lon_min = said.groups()
        centre = Position(
            lat_deg=(int(lat) + int(lat_min) / 60) * (1 if north == "N" else -1),
            lon_deg=(int(lon) + int(lon_min) / 60) * (1 if east == "E" else -1),
        )
        farthest_m = beyond_m + max(
            distance_m(centre, Position(lat_deg=one[0], lon_deg=one[1])) for one in marks
        )
        assert farthest_m <= float(radius) * 1852 <= 1.03 * farthest_m + 200, text


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


def test_con_663_the_form_says_what_everybody_learns_by_the_draft(alpha: Seat) -> None:
    sees, whose, zone = (
        "where our sensors see the object",
        "not stated for all of our party",
        "the zone ROZ-09, which was released to Bravo alone",
    )
    unsure = {"freshness": "last-known"}
    for notice, track, said in (
        ("ROZ-09", {}, (sees, whose, zone)),
        ("POST-1", {}, (sees, whose)),
        ("ROZ-09", {"whose": "not-ours"}, (sees, zone)),
        ("ROZ-09", unsure, (zone,)),
        ("POST-1", unsure, ()),
    ):
        notes = drafted(alpha, notice, track=track)[-1]
        assert [one for one in (sees, whose, zone) if one in notes] == list(said), notes


def an_alert(name: str, about: object, *parties: str, level: str = "urgent") -> dict[str, object]:
    lines = [{"party": one} for one in parties]
    return {"alert": name, "about": about, "call_by": lines, "level": level, "words": "current"}


def at_notice(track: str, party: str, notice: str) -> object:
    return {"track_at_notice": {"track": track, "notice": {"party": party, "notice": notice}}}


TRACKS = [
    {"track": "HELO", "whose": "ours", "said": []},
    {"track": "PART", "whose": "not-stated", "said": [{"answer": "ours"}]},
    {"track": "DRONE", "whose": "not-stated", "said": [{"answer": "checking"}]},
]
NOTICES = [
    {"party": "alpha", "notice": "POST", "releasable_to": []},
    {"party": "alpha", "notice": "ROZ", "releasable_to": ["charlie"]},
]


def test_con_664_only_what_the_counterpart_can_settle_and_holds_is_ticked(alpha: Seat) -> None:
    both = ("bravo", "charlie")
    alerts = [
        an_alert("begun", {"two_tracks": {"first": "DRONE", "second": "HELO"}}, *both),
        an_alert("helo-c", {"two_tracks": {"first": "HELO", "second": "OTHER"}}, *both),
        an_alert("helo-zone", at_notice("HELO", "charlie", "Z"), "charlie"),
        an_alert("drone-post", at_notice("DRONE", "alpha", "POST"), *both),
        an_alert("drone-roz", at_notice("DRONE", "alpha", "ROZ"), *both),
        an_alert("drone-zone", at_notice("DRONE", "charlie", "Z"), "charlie"),
        an_alert("drone-part", {"two_tracks": {"first": "DRONE", "second": "PART"}}, *both),
        an_alert("part-zone", at_notice("PART", "bravo", "Y"), "bravo"),
    ]
    offered = ["drone-post", "drone-roz", "drone-zone", "drone-part"]
    to = [["bravo"], ["charlie"], [*both], ["bravo"]]  # a broadcast is to all of them
    found = alpha.page.evaluate(BOXES, [alerts, TRACKS, NOTICES, to])
    assert [boxes for boxes, *_ in found] == [offered] * 4
    bravo = ["begun", "drone-part"]
    charlie = ["begun", "drone-roz", "drone-zone", "drone-part"]
    assert [about for _, about, _ in found] == [bravo, charlie, bravo, bravo]


def test_con_665_what_is_more_than_a_call_can_name_is_left_out_and_counted(alpha: Seat) -> None:
    about = {"one_track": {"track": "DRONE"}}
    mild = [an_alert(f"a{n}", about, "bravo", level="advisory") for n in range(52)]
    bad = [an_alert("worst", about, "bravo", level="critical")]
    ((boxes, named, text),) = alpha.page.evaluate(BOXES, [[*mild, *bad], TRACKS, [], [["bravo"]]])
    assert boxes == ["worst", *(f"a{n}" for n in range(1, 49))]
    assert named == ["a0", *boxes]
    assert len(named) == ABOUT_MAX
    assert "Left out, of the same object: 3." in text


def test_con_654_a_button_that_goes_with_its_act_leaves_the_keyboard_where_it_was(
    alpha: Seat, room: Room
) -> None:
    """No other button comes under a hand that presses Enter once more."""
    focused = "document.activeElement.matches({})"
    room.act(ALPHA, call("c-error", kind=CallKind.QUERY))
    panel = found(alpha, "c-error")
    asking = panel.locator(".asking", has_text="Disregard: sent in error")
    asking.locator("summary").press("Enter")
    asking.get_by_role("button").press("Enter")
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
