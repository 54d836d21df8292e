"""Whose an object is, and what is judged of an incident, by keyboard alone and to the end."""

from collections.abc import Iterator

import pytest
from consoles import Seat, pressed, seat, tabs_into
from node_pair import ALPHA, BRAVO
from playwright.sync_api import Browser, expect
from room import Room, place
from test_mechanism_claims import moment, stated
from test_mechanism_papers import FILE, filed

from crosstell.core.assessment.account.claim import Confidence
from crosstell.core.assessment.account.content import Judgement
from crosstell.core.ids import TrackId
from crosstell.core.picture.ownership import OwnershipAnswer, OwnTrack

pytest_plugins = ("browsing",)
OPENS = """async (panel) => (await import('/console/app/store.js')).set({panel, told: null})"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="by-keyboard").open() as opened:
        opened.act(ALPHA, filed(FILE, name="inc"))
        opened.act(ALPHA, stated(moment(60.0)))
        opened.flies(ALPHA, "T-1", to=place(0, 0), from_m=60_000.0)
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


@pytest.mark.long
def test_con_751_whose_a_track_is_is_stated_and_corrected_by_keyboard(
    alpha: Seat, room: Room
) -> None:
    keys, panel = alpha.page.keyboard, alpha.page.locator(".panel")
    keys.press("/")
    keys.type("track T-1")
    expect(panel.locator(".rows button")).to_have_count(1)
    keys.press("Enter")
    form = panel.locator("form[data-keep=ownership]")
    expect(form).to_be_visible()
    subject = OwnTrack(track=TrackId("T-1"))
    tabs_into(alpha, "answer", picks="ours")
    tabs_into(alpha, "text", "asked the squadron")
    keys.press("Enter")
    alpha.told("On record as entry")
    held = room.state(ALPHA).journal.ownership[subject]
    assert held.statements[-1].event.answer is OwnershipAnswer.OURS
    reason = form.locator("[name=reason]")
    expect(reason).to_have_value("")  # the words of the statement are no reason to correct it
    expect(panel).to_contain_text("ours")
    tabs_into(alpha, "answer", picks="not-ours")
    tabs_into(alpha, "reason", "it was another one")
    keys.press("Enter")
    corrected = room.wait(
        lambda: (
            (one := room.state(ALPHA).journal.ownership[subject]).statements[-1].event.answer
            is OwnershipAnswer.NOT_OURS
            and one
        )
    )
    assert corrected != held
    expect(reason).to_have_value("")
    expect(form).to_contain_text("never clear to engage")
    alpha.told("On record as entry")
    alpha.page.locator(".toast .link").focus()
    keys.press("Enter")
    expect(panel).to_contain_text("the body is the one that was signed")


@pytest.mark.long
def test_con_752_an_assessment_is_stated_revised_and_withdrawn_by_keyboard(
    alpha: Seat, room: Room
) -> None:
    keys, panel = alpha.page.keyboard, alpha.page.locator(".panel")
    before = set(room.state(ALPHA).journal.claims)
    alpha.page.evaluate(OPENS, {"name": "incident", "party": ALPHA, "id": "inc", "tab": "sides"})
    expect(panel.locator(".by-side")).to_be_visible()
    pressed(alpha, "Our assessment")
    expect(panel.locator("[name=c_text]")).to_be_visible()
    tabs_into(alpha, "c_text", "It was a drill.")
    tabs_into(alpha, "c_reasons", "no fire was seen")
    tabs_into(alpha, "source_words", "the desk")
    pressed(alpha, "Record the claim")
    alpha.told("Claim recorded")
    expect(panel.locator(".by-side")).to_contain_text("It was a drill.")
    (name,) = set(room.state(ALPHA).journal.claims) - before
    said = panel.locator(".said", has_text="It was a drill.")
    said.get_by_role("button", name="Revise").focus()
    keys.press("Enter")
    tabs_into(alpha, "confidence", "an estimate", picks="estimate")
    tabs_into(alpha, "reason", "it was looked at again")
    keys.press("Enter")
    alpha.told("Claim recorded")
    expect(said).to_contain_text("1 earlier version")
    versions = room.state(ALPHA).journal.claims[name].versions
    assert [one.event.confidence for one in versions] == [Confidence.AS_FACT, Confidence.ESTIMATE]
    assert versions[0].content == versions[1].content
    assert versions[1].content == Judgement(text="It was a drill.", reasons=("no fire was seen",))
    said.get_by_role("button", name="Release").focus()
    keys.press("Enter")
    tabs_into(alpha, f"to_{BRAVO}", " ")
    tabs_into(alpha, "purpose", "for their review")
    keys.press("Enter")
    alpha.told("Released. On record as entry")
    room.wait(lambda: room.state(BRAVO).feeds[ALPHA].claims)
    said.first.locator("summary", has_text="Withdraw").focus()
    keys.press("Enter")
    tabs_into(alpha, "reason", "no longer held")
    keys.press("Enter")
    alpha.told("On record as entry")
    room.wait(
        lambda: any(
            one.withdrawn
            for log in (room.state(ALPHA).journal, room.state(ALPHA).own)
            for one in log.claims.values()
        )
    )
