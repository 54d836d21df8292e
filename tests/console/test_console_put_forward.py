"""What was put forward is released and withdrawn in the page; a second person reads it in words."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from consoles import Seat, seat
from node_pair import ALPHA, BRAVO, DIRECTOR
from on_paper import PRINTS, printed_by
from playwright.sync_api import Browser, Locator, Page, expect
from release_values import release, share
from room import SECOND, Room, circle, place, volume
from test_console_languages import APP, texts
from test_mechanism_claims import moment, revision, stated
from test_mechanism_papers import FILE, TEXT, action, filed

from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import (
    Choice,
    Field,
    Many,
    OneOf,
    Record,
    Row,
    Shape,
    fields_of,
    tag_of,
)
from crosstell.core.assessment.account.content import Place
from crosstell.core.ids import ClaimId, NoticeId, PaperId
from crosstell.core.picture.content import OwnForceLocation
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.releasing.share import ShareGranted
from crosstell.core.state.events import Event
from crosstell.shell.api.doing.second import FIELD, WITH_SECOND

pytest_plugins = ("browsing",)
WHERE = Place(of_what="the object", position=place(3, 4), within_m=200.0)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("forward")  # a report is read from what is kept
    with Room(seed="forward", folder=folder).open() as found:
        found.act(ALPHA, filed(FILE, BRAVO, name="inc"))
        found.act(ALPHA, stated(moment(60.0), name="c-time"))
        found.act(ALPHA, stated(replace(WHERE, within_m=900.0), name="c-place"))
        found.act(ALPHA, replace(revision(WHERE), claim=ClaimId("c-place")))
        found.act(ALPHA, filed(TEXT, BRAVO, name="j-1"))
        found.act(ALPHA, filed(action(BRAVO), BRAVO, name="a-1"))
        yield found


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, map_kind="canvas") as found:
        found.page.context.add_init_script(PRINTS)
        yield found
        found.clean()


def opened(at: Seat, tab: str) -> Locator:
    at.page.keyboard.press("Escape")
    at.page.locator(".rail button[title^='Incidents']").click()
    panel = at.page.locator(".panel")
    panel.locator("tbody th button").first.click()
    expect(panel.locator(".tabs")).to_be_visible()
    at.page.keyboard.press(tab)
    expect(panel.locator(".tabs [aria-pressed=true]")).to_contain_text(tab)
    return panel


def lets_out(at: Seat, beside: Locator, *, under: str, button: str) -> None:
    """The release of what stands there, to bravo."""
    panel = at.page.locator(".panel")
    beside.get_by_role("button", name="Release", exact=True).click()
    expect(panel.locator("#panel-title")).to_contain_text("Release: ")
    assert panel.locator("[type=checkbox]:checked").count() == 0
    panel.locator("[name=purpose]").fill("for the review")
    panel.locator("[name=under]").fill(under)
    panel.locator(f"[name=to_{BRAVO}]").check()
    panel.get_by_role("button", name=button).click()


REFUSED = """async () => {
  const {set, store} = await import('/console/app/store.js');
  const no = "release rel-1: that claim is withdrawn; release what stands";
  set({pending: store.pending.map((one) => ({...one, lets_out: [], no}))});
}"""
READ = """async (body) => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {askedAct} = await import('/console/app/views/asked_act.js');
  const box = document.createElement('div');
  render(askedAct({body}), box);
  return box.textContent;
}"""


@pytest.mark.long
def test_con_461_a_claim_and_a_paper_of_ours_are_released_from_their_incident(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    cells = opened(alpha, "2").locator(".by-side tbody tr td .said")
    lets_out(alpha, cells.filter(has_text="00:01:00Z"), under="c-out", button="Release it")
    alpha.told("Released. On record as entry")
    told = room.wait(lambda: room.state(BRAVO).feeds[ALPHA].claims.get(ClaimId("c-out")))
    assert told.latest.content == moment(60.0)
    opened(alpha, "6")
    lets_out(alpha, alpha.page.locator(".joint"), under="j-out", button="Release it")
    alpha.told("Released. On record as entry")
    paper = room.wait(lambda: room.state(BRAVO).feeds[ALPHA].papers.get(PaperId("j-out")))
    assert paper.content.sentences == TEXT.sentences
    cells = opened(alpha, "2").locator(".by-side tbody tr td .said")
    where = cells.filter(has_text="the object")
    lets_out(alpha, where, under="c-where", button="Ask for the second person")
    alpha.told("Waits for a second person")
    assert ClaimId("c-where") not in room.state(ALPHA).own.claims
    with seat(browser, room, account=SECOND, map_kind="canvas") as second:
        card = second.page.locator(".card", has_text="Waits for a second person")
        for words in ("for the review", "c-where", "TEST", "exact"):
            expect(card.locator(".facts").first).to_contain_text(words)
        reads_what_goes_out(second, card)
        card.get_by_role("button", name="Confirm").click()
        second.told("Confirmed. On record as entry")
        second.clean()
    out = room.wait(lambda: room.state(BRAVO).feeds[ALPHA].claims.get(ClaimId("c-where")))
    assert out.latest.content == WHERE
    assert out.stated.second is not None
    assert out.stated.second.role == DIRECTOR


def reads_what_goes_out(at: Seat, card: Locator) -> None:
    """CON-485: the newest words with the voice and the matter of the first, and no reason."""
    whole = card.locator("h4", has_text="All that goes out").locator("+ dl")
    expect(whole).to_be_visible()
    own = ("where it was", "the object", "Stated accuracy, m", "own statement", "37S")
    for words in (*own, "meeting", "spokesman of alpha"):
        expect(whole).to_contain_text(words)
    expect(card).not_to_contain_text("the log was read again")
    confirm = card.get_by_role("button", name="Confirm")
    expect(confirm).to_be_enabled()
    at.page.evaluate(REFUSED)
    expect(card).to_contain_text("The node would refuse it now: release")
    expect(card).not_to_contain_text("All that goes out")
    expect(confirm).to_be_disabled()
    at.page.evaluate("async () => (await import('/console/app/acts.js')).refreshPending()")
    expect(confirm).to_be_enabled()


def asks(at: Seat, event: Event) -> None:
    """The act is asked for in that person's session, as the page would ask."""
    tag = tag_of(type(event))
    body = {tag: {k: v for k, v in to_plain(event).items() if k != FIELD}}  # type: ignore[union-attr]
    at.page.evaluate(
        "async (body) => { await (await import('/console/app/api.js')).act(JSON.parse(body)); }",
        json.dumps(body),
    )


@pytest.mark.long
def test_con_464_the_second_person_reads_every_field_in_their_own_language(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    now = room.clock.now()
    post = OwnForceLocation(volume=volume(now, circle(place(1, 1), 900)))
    asks(alpha, NoticeFiled(notice=NoticeId("POST-7"), version=1, content=post, marking="XQ"))
    asks(alpha, stated(WHERE, BRAVO, name="c-shared"))
    file = replace(FILE, title="Said {so}", reference=place(2, 2))
    asks(alpha, filed(file, BRAVO, name="inc-2"))
    english, turkish = texts("en"), texts("tr")
    with seat(browser, room, account=SECOND, map_kind="canvas") as second:
        cards = second.page.locator(".card.urgent", has_text="Waits for a second person")
        expect(cards).to_have_count(3)
        notice, claim, paper = (
            cards.filter(has_text=one) for one in ("POST-7", "c-shared", "inc-2")
        )
        for words in ("own force location", "nobody: it stays at home", "XQ", "900 m", "37S"):
            expect(notice).to_contain_text(words)
        for words in ("where it was", "the object", "200", "spokesman of alpha", "meeting"):
            expect(claim).to_contain_text(words)
        for words in ("Said {so}", "meeting", "incident file", "2023-06-01 00:00:00Z"):
            expect(paper).to_contain_text(words)
        second.page.locator(".header select").select_option("tr")
        waits = str(turkish["ui.second.waits"])
        cards = second.page.locator(".card.urgent", has_text=waits)
        for name, key in (
            ("POST-7", "ui.name.releasable_to"),
            ("c-shared", "ui.inc.claim.place"),
            ("inc-2", "ui.name.incident_file"),
        ):
            expect(cards.filter(has_text=name)).to_contain_text(str(turkish[key]))
            expect(cards.filter(has_text=name)).not_to_contain_text(str(english[key]))
        assert cards.locator("pre").count() == 0
        assert second.faults_of_access(".queue") == []
        for left in (2, 1, 0):
            cards.first.get_by_role("button", name=str(turkish["ui.second.down"])).click()
            expect(cards).to_have_count(left)
        second.clean()


def test_con_486_how_coarse_a_release_is_is_read_by_every_step_of_it(alpha: Seat) -> None:
    said = to_plain(release("post-1", "post-out"))
    assert isinstance(said, dict)
    for coarsened, words in (
        ({"time_s": 3600.0, "altitude_m": 500.0}, ("60 min", "500 m")),
        ({"area_m": 5000.0, "altitude_m": 500.0}, ("5.0 km", "500 m")),
    ):
        read = alpha.page.evaluate(READ, {"item_released": {**said, "coarsened": coarsened}})
        assert all(one in read for one in words), read
        assert "exact" not in read
    assert "exact" in alpha.page.evaluate(READ, {"item_released": said})
    granted = to_plain(share())
    read = alpha.page.evaluate(READ, {"share_granted": granted})
    assert all(one in read for one in ("tanker one", "2.0 km", "60 s")), read


@pytest.mark.long
def test_inc_442_the_report_is_printed_from_the_page_of_its_incident(alpha: Seat) -> None:
    panel = opened(alpha, "1")
    page = printed_by(panel.get_by_role("button", name="Print the report"))
    expect(page.locator("body.report")).to_contain_text(FILE.title)
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 10, "its policy lets it in"
    page.close()


def at_button(page: Page, name: str) -> None:
    """The keyboard is brought to the button of that name, by Tab alone."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator("button:focus", has_text=name).count():
            return
    raise AssertionError(f"Tab does not come to {name!r}")


@pytest.mark.parametrize(("tab", "name"), [("1", "Print the report"), ("4", "Print 1 page")])
def test_con_764_papers_of_an_incident_are_printed_by_keyboard_to_the_end(
    alpha: Seat, tab: str, name: str
) -> None:
    page, panel = alpha.page, alpha.page.locator(".panel")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(panel.locator("tbody button").first).to_be_visible()
    at_button(page, FILE.title)
    page.keyboard.press("Enter")
    expect(panel.locator(".tabs")).to_be_visible()
    page.keyboard.press(tab)
    expect(panel.get_by_role("button", name=name)).to_be_visible()
    at_button(page, name)
    with page.context.expect_page() as info:
        page.keyboard.press("Enter")
    window = info.value
    expect(window.frame_locator("iframe").locator("html[data-printed]")).to_have_count(1)
    with window.expect_event("close"):
        window.frames[1].evaluate("void dispatchEvent(new Event('afterprint'))")
    expect(page.locator("button:focus")).to_have_text(name)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


@pytest.mark.long
def test_con_462_what_was_put_forward_is_withdrawn_with_its_reason(alpha: Seat, room: Room) -> None:
    panel = alpha.page.locator(".panel")
    for tab, name in (("5", "a-1"), ("6", "j-1"), ("1", "inc")):
        opened(alpha, tab)
        where = {"5": panel.locator("tbody tr"), "6": panel.locator(".joint")}.get(tab, panel)
        if tab == "6":
            where = where.filter(has=alpha.page.locator("h3", has_text=name))
        where.locator("summary", has_text="Withdraw").click()
        where.locator(".asking[open] [name=reason]").fill(f"{name} is of another day")
        where.locator(".asking[open] button").click()
        gone = room.wait(lambda n=name: room.state(ALPHA).own.papers[PaperId(n)].withdrawn)  # type: ignore[misc]
        assert gone[0].reason == f"{name} is of another day"
        if tab != "1":
            expect(where).to_have_count(0)
    expect(panel).to_contain_text("No incident has a file here")
    room.wait(lambda: room.state(BRAVO).feeds[ALPHA].papers[PaperId("inc")].withdrawn)
    adrift = panel.locator(".lines li", has_text="j-out")  # about a file that is withdrawn
    adrift.locator("summary", has_text="Withdraw").click()
    adrift.locator("[name=reason]").fill("with its incident")
    adrift.locator(".asking button").click()
    expect(panel.locator(".lines li")).to_have_count(0)
    alpha.leave()


def listed(name: str) -> set[str]:
    """The names in that list of the page's code."""
    code = (APP / "views/asked_act.js").read_text("utf-8")
    line = next(one for one in code.splitlines() if one.startswith(f"const {name} = "))
    found: set[str] = set(json.loads(line.partition(" = ")[2].rstrip(";")))
    return found


def classes(shape: Shape) -> Iterator[type[Any]]:
    match shape:
        case Record(kind):
            yield kind
        case OneOf(kinds):
            yield from kinds
        case Many(item):
            yield from classes(item)
        case Row(items):
            for item in items:
                yield from classes(item)
        case _:
            return


# What is said by one figure: a place, a height, a time, for whom a role or an entry stands.
WHOLE = {
    "circle", "polygon", "corridor", "ellipse", "orbit", "radar_arc", "position", "window",
    "volume", "altitude", "unbounded", "entry_ref", "named", "latest", "scope", "free_text",
    "speaker",
}  # fmt: skip


def recorded() -> Iterator[tuple[type[Any], Field]]:
    """Every field of an act that can wait, down to what is said by one figure."""
    waiting: list[type[Any]] = [kind for kind in WITH_SECOND.values() if kind is not ShareGranted]
    seen: set[type[Any]] = set()
    while waiting:
        kind = waiting.pop()
        if kind in seen or tag_of(kind) in WHOLE:
            continue
        seen.add(kind)
        for field in fields_of(kind):
            if field.name != FIELD:
                yield kind, field
                waiting.extend(classes(field.shape))


@pytest.mark.parametrize("language", ["en", "tr"])
def test_con_464_every_field_and_word_of_an_act_that_can_wait_is_named(language: str) -> None:
    known = texts(language)
    for kind, field in recorded():
        names = [f"{of}{field.name}" for of in ("ui.name.", "ui.inc.field.", "ui.kind.")]
        assert field.name == "item" or any(key in known for key in names), (kind, field.name)
        if isinstance(field.shape, Choice) and field.name != "field_type":  # a code of the field
            for one in field.shape.kind:
                words = [f"{of}{one.value}" for of in ("word.", "ui.word.", "ui.inc.word.")]
                assert any(key in known for key in words), (kind, field.name, one)


def test_con_464_only_words_of_closed_sets_are_put_over_and_what_was_written_is_quoted() -> None:
    fields = [field for _, field in recorded()]
    chosen = {field.name for field in fields if isinstance(field.shape, Choice)}
    assert chosen == listed("WORDS")
    assert listed("IDS") <= {field.name for field in fields} - chosen
    assert not {"text", "purpose", "what", "title", "words", "reason"} & listed("IDS")
