"""A readout that somebody published, entered sentence by sentence, when one of them fails."""

from collections.abc import Iterator

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, Route, expect
from room import Room
from test_console_incident import by_key
from test_console_languages import texts

from crosstell.core.assessment.account.content import Judgement

pytest_plugins = ("browsing",)
NO = '{"type": "urn:crosstell:refused", "title": "Refused", "status": 409, "detail": "a test"}'


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="incoming").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, map_kind="canvas") as found:
        yield found


@pytest.mark.long
def test_run_498_a_sentence_on_record_is_taken_out_of_the_text_that_failed_behind_it(
    alpha: Seat, room: Room
) -> None:
    panel = by_key(alpha)
    panel.locator("[name=to_bravo]").check()
    panel.locator("#incident-file").press("Enter")
    expect(panel.locator(".timeline tbody tr").first).to_be_visible()
    panel.get_by_role("button", name=str(texts("en")["ui.inc.incoming"])).first.click()
    panel.locator("[name=words]").fill("Bravo, a spokesman")
    panel.locator("[name=source_words]").fill("a readout on paper")
    text = panel.locator("[name=sentences]")
    text.fill("The first one.\n\nThe second one.\nThe third one.")
    asked: list[str] = []

    def fails_once(route: Route) -> None:
        asked.append(str(route.request.post_data))
        if len(asked) == 2:
            route.fulfill(status=409, content_type="application/problem+json", body=NO)
        else:
            route.continue_()

    alpha.page.route("**/api/v1/acts", fails_once)
    panel.get_by_role("button", name=str(texts("en")["ui.inc.enter"])).click()
    expect(text).to_have_value("\nThe second one.\nThe third one.")
    panel.get_by_role("button", name=str(texts("en")["ui.inc.enter"])).click()
    expect(panel.locator(".by-side")).to_be_visible()
    alpha.page.unroute("**/api/v1/acts")
    said = [
        claim.latest.content.text
        for claim in room.state(ALPHA).journal.claims.values()
        if isinstance(claim.latest.content, Judgement)
    ]
    assert said == ["The first one.", "The second one.", "The third one."]
    alpha.errors[:] = [one for one in alpha.errors if "409" not in one]  # ours, above
