"""The day after, in the page: from an alert to an incident, both accounts, a printed readout."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA, BRAVO, call
from on_paper import PRINTS, printed_by
from playwright.sync_api import Browser, Locator, Route, expect
from room import Room
from test_console_languages import texts

from crosstell.core.assessment.account.claim import Confidence, SourceKind
from crosstell.core.assessment.account.content import Held, Moment, ZoneWord
from crosstell.core.assessment.account.difference import Relation
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.topic import ClaimKind
from crosstell.core.ids import PaperId
from crosstell.core.incident.agreement import AgreedStanding
from crosstell.core.incident.corrective_action import ActionState
from crosstell.core.incident.paper import IncidentFile, PaperFiled, Readout, View
from crosstell.core.incident.precedent import Shared
from crosstell.core.mechanism.after.chronicle import RowKind
from crosstell.core.mechanism.after.review import AgendaPoint
from crosstell.core.picture.track import HintKind
from crosstell.shell.live.running import STATIC

pytest_plugins = ("browsing",)

MATTER = "T-4502 \u00d7 POST-1"
WORDS = (
    ClaimKind, AgreedStanding, Confidence, SourceKind, ActionState, Relation, Shared, Held,
    Exactness, HintKind, ZoneWord,
)  # fmt: skip


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="after").open() as found:
        scene(found)
        found.act(ALPHA, call("c-late", BRAVO))
        yield found


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, map_kind="canvas") as found:
        found.page.context.add_init_script(PRINTS)
        yield found


def by_key(at: Seat) -> Locator:
    """What the one key opens of a chosen alert."""
    at.page.locator(".card", has_text=MATTER).first.focus()
    at.page.keyboard.press("z")
    return at.page.locator(".panel")


def opened(at: Seat) -> Locator:
    """The incident from the list, as a day later."""
    at.page.keyboard.press("Escape")
    at.page.locator(".rail button[title^='Incidents']").click()
    panel = at.page.locator(".panel")
    panel.locator("tbody th button").first.click()
    expect(panel.locator(".timeline tbody tr").first).to_be_visible()
    return panel


def states_a_time(at: Seat, when: str, *, source: str) -> None:
    panel = at.page.locator(".panel")
    panel.get_by_role("button", name="Record a claim").click()
    panel.locator("[name=kind]").select_option("moment")
    panel.locator("[name=c_earliest]").fill(when)
    panel.locator("[name=c_as_stated]").fill("as our log has it")
    panel.locator("[name=source]").select_option(source)
    panel.locator("[name=source_words]").fill("log of the watch")
    if source == "own-record":
        panel.locator("[name=entries]").select_option(index=0)
    other = "to_bravo" if panel.locator("[name=to_bravo]").count() else "to_alpha"
    panel.locator(f"[name={other}]").check()
    panel.get_by_role("button", name="Record the claim").click()
    at.told("Claim recorded")


def test_con_060_an_incident_is_opened_from_an_alert_and_each_row_goes_to_its_entry(
    alpha: Seat, room: Room
) -> None:
    panel = by_key(alpha)
    expect(panel.locator("[name=title]")).to_have_value(MATTER)
    expect(panel.locator("[name=title]")).to_be_focused()  # CON-511
    panel.locator("[name=to_bravo]").check()
    panel.locator("#incident-file").press("Enter")
    alpha.told("Filed. On record as entry")
    expect(panel.locator(".timeline tbody tr").first).to_be_visible()
    expect(panel.locator("#panel-title q")).to_have_text(MATTER)  # CON-481
    (held,) = [
        one
        for one in room.state(ALPHA).own.papers.values()
        if isinstance(one.content, IncidentFile)
    ]
    assert isinstance(held.content, IncidentFile)
    assert held.content.parties == (ALPHA, BRAVO)
    panel.locator(".timeline tr", has_text="c-late").first.locator(".link").first.click()
    expect(panel).to_contain_text("the body is the one that was signed")
    panel.get_by_role("button", name="Back").click()
    expect(panel.locator(".timeline")).to_be_visible()
    alpha.page.keyboard.press("Escape")
    by_key(alpha)  # what has a file already is opened, and not filed again
    expect(panel.locator(".tabs")).to_be_visible()


def test_con_061_both_sides_state_a_time_and_stand_side_by_side(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    opened(alpha)
    states_a_time(alpha, "2023-06-01T00:00Z", source="own-record")
    with seat(browser, room, BRAVO, map_kind="canvas") as bravo:
        opened(bravo)
        states_a_time(bravo, "2023-06-01T12:00Z", source="own-statement")
        expect(bravo.page.locator(".by-side")).to_contain_text("apart by 12 h")
        bravo.clean()
    room.wait(lambda: room.state(ALPHA).feeds[BRAVO].claims)
    panel = opened(alpha)
    alpha.page.keyboard.press("2")
    cells = panel.locator(".by-side tbody tr").first.locator("td")
    expect(cells.nth(0)).to_contain_text("Alpha, duty officer")
    expect(cells.nth(1)).to_contain_text("Bravo, duty officer")
    expect(panel.locator(".by-side .differs")).to_contain_text("apart by 12 h")
    cells.nth(0).get_by_role("button", name="Revise").click()
    panel.locator("[name=c_earliest]").fill("2023-06-01T00:05Z")
    panel.locator("[name=reason]").fill("the log was read again")
    panel.get_by_role("button", name="Record the revision").click()
    alpha.told("Claim recorded")
    expect(panel.locator(".by-side")).to_contain_text("1 earlier version")
    why = panel.locator(".by-side q.entered", has_text="the log was read again")  # CON-526
    expect(why).to_have_count(1)
    (claim,) = room.state(ALPHA).own.claims.values()
    assert len(claim.versions) == 2
    assert isinstance(claim.latest.content, Moment)


def assert_no_draft_takes_the_place_of_another_unasked(panel: Locator) -> None:
    first = panel.locator(".sentences textarea").first
    before = first.input_value()
    first.fill("words of mine")
    again = panel.locator(".asking", has_text="Draft a readout")
    again.locator("summary").click()
    expect(again).to_contain_text("The draft that stands below goes")
    expect(first).to_have_value("words of mine")
    again.get_by_role("button").click()
    expect(first).to_have_value(before)
    expect(again.get_by_role("button")).to_have_count(0)


def test_con_062_704_a_readout_is_drafted_edited_filed_and_printed_with_its_hashes(
    alpha: Seat, room: Room
) -> None:
    panel = opened(alpha)
    alpha.page.keyboard.press("3")
    panel.get_by_role("button", name="Draft a readout from the record").click()
    sentences = panel.locator(".sentences li")
    expect(sentences.first.locator(".link").first).to_be_visible()
    drafted = sentences.count()
    assert_no_draft_takes_the_place_of_another_unasked(panel)
    sentences.first.locator("input").uncheck()
    sentences.nth(1).locator("textarea").fill("A call was placed and held.")
    panel.get_by_role("button", name="Add a view of this party").click()
    expect(sentences).to_have_count(drafted + 1)
    sentences.last.locator("textarea").fill("The line is worth keeping open.")
    panel.locator("[name=occasion]").fill("call of the directors")
    panel.get_by_role("button", name=f"File the readout: {drafted} sentences").click()
    alpha.told("Filed. On record as entry")
    held = panel.locator(".readout-held")
    expect(held).to_contain_text("The line is worth keeping open.")
    expect(held.locator("h3 q")).to_have_text("call of the directors")  # CON-481
    (paper,) = [
        one for one in room.state(ALPHA).journal.papers.values() if isinstance(one.content, Readout)
    ]
    readout = paper.content
    assert isinstance(readout, Readout)
    assert readout.kept_by == ALPHA  # whose incident it is, said in the paper itself: INC-340
    assert readout.sentences[-1] == View(text="The line is worth keeping open.")
    assert readout.sentences[0].text == "A call was placed and held."
    assert not isinstance(readout.sentences[0], View)
    assert readout.sentences[0].entries
    page = printed_by(held.get_by_role("button", name="Print"))
    shown = page.content()
    whole = page.request.get(f"{page.url}&form=text").text().partition("\nVERIFICATION ")[0]
    shipped = json.loads((STATIC / "map/reference/manifest.json").read_text("utf-8"))["sha256"]
    hashed = hashlib.sha256(whole.encode()).hexdigest()
    assert page.locator(".text-hash").inner_text() == hashed
    assert shipped in shown
    assert room.state(ALPHA).own.feed in shown
    page.close()
    alpha.clean()


def test_con_407_an_own_readout_is_withdrawn_with_its_reason_and_stays_on_record(
    alpha: Seat, room: Room
) -> None:
    papers = room.state(ALPHA).journal.papers.values()
    (other,) = (one.content for one in papers if isinstance(one.content, Readout))
    content = replace(other, sentences=(View(text="This was another call."),))
    name = PaperId("readout-wrong")
    room.act(ALPHA, PaperFiled(paper=name, version=1, content=content, marking="TEST"))
    panel = opened(alpha)
    alpha.page.keyboard.press("3")
    wrong = panel.locator(".readout-held", has_text="This was another call.")
    wrong.locator("summary", has_text="Withdraw").click()
    wrong.locator("[name=reason]").fill("of another incident")
    wrong.get_by_role("button", name="Withdraw").click()
    alpha.told("Paper withdrawn; it stays on record")
    expect(wrong).to_have_count(0)
    expect(panel.locator(".readout-held")).to_have_count(1)
    paper = room.state(ALPHA).journal.papers[name]
    assert paper.withdrawn is not None
    assert paper.withdrawn[0].reason == "of another incident"


def test_con_063_a_pack_is_one_page_and_what_is_left_out_is_counted(alpha: Seat) -> None:
    panel = opened(alpha)
    alpha.page.keyboard.press("4")
    lines = panel.locator(".picks li")
    expect(lines.first).to_be_visible()
    lines.first.locator("input").uncheck()
    panel.locator("textarea").fill("Ask about the line.")
    page = printed_by(panel.get_by_role("button", name="Print 1 page"))
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator("article")).to_contain_text("Left out here by hand: 1.")
    expect(page.locator(".view", has_text="Ask about the line.")).to_contain_text("on no entry")
    assert page.evaluate("document.scripts.length") == 0
    page.close()


def test_con_064_an_action_is_proposed_undertaken_and_done_with_what_shows_it(
    alpha: Seat, room: Room
) -> None:
    panel = opened(alpha)
    alpha.page.keyboard.press("5")
    form = panel.locator("form").last
    form.locator("[name=text]").fill("Both lines are staffed at night.")
    form.get_by_role("button", name="Propose").click()
    row = panel.locator("tbody tr", has_text="staffed at night")
    for summary, name, text in (
        ("Undertake", "due", "2023-07-01T12:00Z"),
        ("Done, with evidence", "evidence", "the roster"),
    ):
        row.locator("summary", has_text=summary).click()
        row.locator(f"[name={name}]").fill(text)
        row.get_by_role("button", name=summary).click()
        alpha.told("Stated")
        expect(row.locator("summary", has_text=summary)).to_have_count(0)
    expect(row).to_contain_text("stated as done")
    (said,) = room.state(ALPHA).journal.undertakings.values()
    assert said.state is ActionState.DONE


def test_con_194_an_open_incident_says_that_entries_came_since(alpha: Seat, room: Room) -> None:
    panel = opened(alpha)
    expect(panel.locator(".since")).to_have_count(0)
    room.act(ALPHA, call("c-since", BRAVO))
    expect(panel.locator(".since")).to_contain_text("Entries have come since")
    expect(panel.locator(".timeline", has_text="c-since")).to_have_count(0)
    panel.locator(".since").get_by_role("button", name="Ask again").click()
    expect(panel.locator(".timeline")).to_contain_text("c-since")
    alpha.clean()


def test_con_195_a_late_answer_closes_nobodys_form(alpha: Seat) -> None:
    """The agenda comes, or does not, while a notice is being written: the notice stays."""
    page, held = alpha.page, []

    def hold(route: Route) -> None:
        held.append(route)

    for answers in (True, False):
        held.clear()
        page.route("**/api/v1/agenda", hold)
        page.keyboard.press("Escape")
        page.locator(".rail button[title^='Incidents']").click()
        page.locator(".panel").get_by_role("button", name="Open for the review").click()
        alpha.until(lambda: held)
        page.keyboard.press("n")
        page.locator(".panel [name=id]").fill("ROZ-LATE")
        with page.expect_event("requestfinished" if answers else "requestfailed"):
            (held[0].continue_ if answers else held[0].abort)()
        alpha.settled()
        expect(page.locator(".panel [name=id]")).to_have_value("ROZ-LATE")
        page.unroute("**/api/v1/agenda")
    page.keyboard.press("Escape")
    alpha.errors[:] = [one for one in alpha.errors if "ERR_FAILED" not in one]  # ours, above


def as_told(at: Seat, room: Room) -> None:
    """The incident and its readout, of the steps above or, if this step runs alone, made now."""
    if not room.state(ALPHA).own.papers:
        test_con_060_an_incident_is_opened_from_an_alert_and_each_row_goes_to_its_entry(at, room)
        test_con_062_704_a_readout_is_drafted_edited_filed_and_printed_with_its_hashes(at, room)


def faults(at: Seat, dims: int, parts: str) -> dict[tuple[int, str], list[str]]:
    """What axe finds in these parts of an open incident, at so many dim levels."""
    panel = opened(at)
    found = {}
    for dim in range(dims):
        for part in parts:
            at.page.keyboard.press(part)
            expect(panel.locator(".tabs [aria-pressed=true]")).to_contain_text(part)
            if told := at.faults_of_access(".panel"):
                found[dim, part] = told
        at.page.keyboard.press("m")
    return found


def test_con_065_timeline_accounts_and_forms_are_accessible(alpha: Seat) -> None:
    assert faults(alpha, 1, "125") == {}


@pytest.mark.long
def test_con_065_each_part_is_accessible_at_each_dim_level(alpha: Seat, room: Room) -> None:
    as_told(alpha, room)
    assert faults(alpha, 4, "123456") == {}


RAW = r"""() => {
  const names = ["title", "aria-label", "placeholder"];
  const told = [document.body.innerText];
  for (const one of document.querySelectorAll("option")) told.push(one.textContent);
  for (const one of document.querySelectorAll(names.map((name) => `[${name}]`).join()))
    told.push(...names.map((name) => one.getAttribute(name) ?? ""));
  return [...new Set(told.join("\n").match(/\b(?:ui|msg|word)\.[a-z]\S*/g) ?? [])];
}"""  # what stands there where a catalogue has no text


@pytest.mark.long
def test_con_066_no_page_of_an_incident_shows_a_raw_key_in_turkish(alpha: Seat, room: Room) -> None:
    as_told(alpha, room)
    page, panel, said = alpha.page, alpha.page.locator(".panel"), texts("tr")
    raw: dict[str, list[str]] = {}

    def look(at: str) -> None:
        alpha.settled()
        raw[at] = page.evaluate(RAW)

    def press(key: str) -> None:
        panel.get_by_role("button", name=str(said[key])).first.click()
        look(key)

    def part(number: str) -> None:
        page.keyboard.press(number)
        expect(panel.locator(".tabs [aria-pressed=true]")).to_contain_text(number)

    opened(alpha)
    page.locator(".header select").select_option("tr")
    expect(panel.locator(".tabs")).to_contain_text(str(said["ui.inc.tab.timeline"]))
    for number in "123456":
        part(number)
        look(number)
    part("3")
    press("ui.inc.readout.draft")
    expect(panel.locator(".sentences li").first).to_be_visible()
    look("draft")
    paper = printed_by(panel.locator(".readout-held button", has_text=str(said["ui.inc.print"])))
    raw["paper"] = paper.evaluate(RAW)
    paper.close()
    part("1")
    press("ui.inc.claim")
    kinds = panel.locator("[name=kind]")
    for kind in kinds.locator("option").evaluate_all("all => all.map((one) => one.value)"):
        kinds.select_option(kind)
        look(kind)
    panel.locator(".buttons button").first.click()
    press("ui.inc.incoming")
    panel.locator(".buttons button").first.click()
    press("ui.inc.list")
    press("ui.inc.agenda")
    press("ui.inc.list")
    press("ui.inc.new")
    assert len(raw) > 35
    assert {at: keys for at, keys in raw.items() if keys} == {}
    page.locator(".header select").select_option("en")
    alpha.clean()


def test_con_066_every_word_of_the_aftermath_is_in_english_and_turkish() -> None:
    wanted = {f"ui.inc.word.{one.value}" for words in WORDS for one in words}
    wanted |= {f"ui.inc.kind.{one.value}" for one in RowKind}
    wanted |= {f"ui.inc.point.{one.value}" for one in AgendaPoint}
    kinds = (STATIC / "app/views/claim_kinds.js").read_text("utf-8")
    table = kinds[kinds.index("export const KINDS") : kinds.index("\n};")]
    names = re.findall(r"^  (\w+): \[", table, re.MULTILINE)
    fields = set(re.findall(r'\["(\w+)", "\w+"(?:\]|, \[|, "optional")', table))
    assert len(names) == 22
    wanted |= {f"ui.inc.claim.{one}" for one in names} | {f"ui.inc.field.{one}" for one in fields}
    for language in ("en", "tr"):
        assert sorted(wanted - set(texts(language))) == []
