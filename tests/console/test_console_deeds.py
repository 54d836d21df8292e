"""What an officer says and gives for the party, in the page alone: protocol, roles, shares.

On two live nodes, by keyboard, each panel looked at by axe (CON-456).
"""

from collections.abc import Iterator

import pytest
from consoles import Seat, found, seat
from node_pair import ALPHA, BRAVO, DIRECTOR, DUTY
from playwright.sync_api import Browser, Locator, expect
from release_values import FORCES
from room import SECOND, Room, circle, flying, place, volume, zone

from crosstell.core.ids import NoticeId, RuleId, TrackId
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.releasing.share import Share, ShareState
from crosstell.core.picture.roles import RoleState
from crosstell.core.picture.track import TrackState
from crosstell.core.protocol.adherence import AdherenceState, ProtocolSigned
from crosstell.core.protocol.understanding import Understanding

WORDS = "until the text on drones is settled"
NO_POLL = """{
  const every = window.setInterval;
  window.setInterval = (act, ms) => (ms === 10000 ? 0 : every(act, ms));
}"""  # what waits for a second person is asked for every ten seconds
ARRIVALS = "async () => (await import('/console/app/store.js')).store.arrivals"
TAB_MAX = 120  # presses: a panel has fewer things to reach

pytest_plugins = ("browsing",)
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="deeds").open(signed=False) as at_work:
        at_work.act(BRAVO, ProtocolSigned(protocol=at_work.world.parties[BRAVO].setting.digest))
        now = at_work.clock.now()
        at_work.act(ALPHA, zone("ROZ-01", volume(now, circle(place(-18, 12), 9_000)), BRAVO))
        at_work.wait(lambda: NoticeId("ROZ-01") in at_work.state(BRAVO).feeds[ALPHA].notices)
        # of what bravo signs from now on alpha sees that it held this
        at_work.act(BRAVO, zone("ROZ-B2", volume(now, circle(place(12, -30), 6_000)), ALPHA))
        at_work.wait(lambda: NoticeId("ROZ-B2") in at_work.state(ALPHA).feeds[BRAVO].notices)
        for name in ("T-OWN", "T-OTHER"):
            at_work.observe(ALPHA, flying(now, name, to=place(40, 40), from_m=90_000.0))
        subject = OwnTrack(track=TrackId("T-OWN"))
        said = OwnershipStated(subject=subject, answer=OwnershipAnswer.OURS, scope=FORCES)
        at_work.act(ALPHA, said)
        yield at_work


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas", script=NO_POLL) as opened:
        yield opened
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.leave()


def reach(at: Seat, wanted: Locator) -> None:
    """By Tab from where the keyboard is, and by nothing else."""
    for _ in range(TAB_MAX):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        at.page.keyboard.press("Tab")
    raise AssertionError("Tab does not come to it")


def unfold(at: Seat, words: str, part: str = ".panel") -> Locator:
    """What stands folded under these words, opened by keyboard."""
    folded = at.page.locator(f"{part} details", has=at.page.get_by_text(words, exact=True)).first
    reach(at, folded.locator("summary"))
    at.page.keyboard.press("Enter")
    expect(folded.locator("form").first).to_be_visible()
    return folded


def fill(at: Seat, form: Locator, /, **fields: str) -> None:
    """Each field typed into, come to by Tab, in the order of the form."""
    for name, text in fields.items():
        reach(at, form.locator(f"[name={name}]"))
        at.page.keyboard.press("Control+A")
        at.page.keyboard.type(text)


def press(at: Seat, button: Locator) -> None:
    reach(at, button)
    at.page.keyboard.press("Enter")


def opened(at: Seat, key: str) -> None:
    """The panel of that key, opened anew: it has the keyboard."""
    at.leave()
    at.page.keyboard.press(key)
    expect(at.page.locator(".panel .body")).to_be_focused()


SUSPENDED = """async () => {
  const {store} = await import('/console/app/store.js');
  return store.screen.protocol.suspended_by.length;
}"""


def test_con_454_our_party_signs_suspends_resumes_and_states_use_from_the_protocols_panel(
    alpha: Seat, room: Room
) -> None:
    """CON-456: by keyboard, and nothing of it is done before its consequence was read. CON-481."""
    digest = room.world.parties[ALPHA].setting.digest
    panel = alpha.page.locator(".panel")
    opened(alpha, "p")
    rows = panel.locator("tbody tr")
    expect(rows.filter(has_text="Alpha").first).to_contain_text("not signed")
    expect(rows.filter(has_text="Bravo").first).to_contain_text("signed")
    form = unfold(alpha, "Sign the protocol")
    expect(form).to_contain_text("It is not taken back")
    sign = form.get_by_role("button", name="Sign the protocol")
    press(alpha, sign)  # the digest was not compared: the browser holds the form back
    assert digest not in room.state(ALPHA).own.adherence
    expect(form.locator("[name=compared]")).to_be_focused()
    alpha.page.keyboard.press("Space")
    assert alpha.faults_of_access(".panel") == []
    press(alpha, sign)
    alpha.told("Protocol signed. On record as entry")
    assert room.state(ALPHA).own.adherence[digest].state is AdherenceState.SIGNED
    state(alpha, "Suspend the protocol", WORDS, follows="Our signature stands")
    alpha.told("Protocol suspended. On record as entry")
    held = room.state(ALPHA).own.adherence[digest]
    assert held.suspended is not None
    assert (held.state, held.suspended.text) == (AdherenceState.SUSPENDED, WORDS)
    expect(rows.filter(has_text="Alpha").first.locator("q")).to_have_text(WORDS)
    alpha.until(lambda: alpha.page.evaluate(SUSPENDED))
    alpha.settled()
    expect(panel.get_by_text(WORDS)).to_have_count(1)
    state(alpha, "End our suspension", "the text is settled", follows="the signature stood")
    alpha.told("Suspension ended. On record as entry")
    assert room.state(ALPHA).own.adherence[digest].state is AdherenceState.SIGNED
    state(alpha, "State that it is used in practice", "since spring", follows="signs nothing")
    alpha.told("Stated. On record as entry")
    used = room.state(ALPHA).own.adherence[digest].used
    assert used is not None
    assert used.text == "since spring"


def state(at: Seat, act: str, words: str, *, follows: str) -> None:
    """Said of the protocol in our words, once what follows from it was read."""
    opened(at, "p")
    form = unfold(at, act)
    expect(form).to_contain_text(follows)
    fill(at, form, text=words)
    press(at, form.get_by_role("button", name=act))


def test_con_455_our_reading_of_a_rule_is_stated_with_its_figures_and_withdrawn(
    alpha: Seat, room: Room
) -> None:
    opened(alpha, "p")
    rule = alpha.page.locator(".panel section", has_text="keep-away").first
    folded = unfold(alpha, "State how we read it")
    expect(folded).to_contain_text("changes nothing of the text")
    fill(alpha, folded, text="from the fence", lateral_m="7500", dwell_s="120")
    press(alpha, folded.get_by_role("button", name="State the reading"))
    alpha.told("Reading stated. On record as entry")
    digest = room.world.parties[ALPHA].setting.digest

    def ours() -> tuple[Understanding, ...]:
        held = room.state(ALPHA).own.adherence.get(digest)
        return () if held is None else held.understandings

    (stated,) = ours()
    assert stated.minima is not None
    assert (stated.rule, stated.text) == (RuleId("keep-away"), "from the fence")
    assert (stated.minima.lateral_m, stated.minima.vertical_m) == (7_500.0, None)
    assert stated.minima.dwell_s == 120.0
    expect(rule.locator("table")).to_contain_text("from the fence")
    assert alpha.faults_of_access(".panel") == []
    press(alpha, rule.get_by_role("button", name="Withdraw"))
    alpha.told("Reading withdrawn. On record as entry")
    assert ours() == ()


def test_con_453_a_role_is_declared_with_its_scope_and_withdrawn_from_the_lines_panel(
    alpha: Seat, room: Room
) -> None:
    opened(alpha, "l")
    panel = alpha.page.locator(".panel")
    press(alpha, panel.get_by_role("button", name="Declare our roles"))
    officer, director = (
        panel.locator("section", has_text=name).first for name in ("duty-officer", "director")
    )
    expect(officer).to_contain_text("by the protocol: for alpha-forces; not for alpha-agency")
    expect(director).to_contain_text("the protocol does not limit it")
    folded = unfold(alpha, "Declare director")
    expect(folded).to_contain_text("no name of a person or unit")
    fill(alpha, folded, title="Director", languages="en tr")
    folded.locator("[name=of_alpha-forces]").select_option("for")
    folded.locator("[name=of_alpha-agency]").select_option("not")
    assert alpha.faults_of_access(".panel") == []
    press(alpha, folded.get_by_role("button", name="Declare it"))
    alpha.told("Role declared. On record as entry")
    held = room.state(ALPHA).own.roles[DIRECTOR]
    assert held.declared.scope == FORCES
    assert (held.declared.title, held.declared.languages) == ("Director", ("en", "tr"))
    room.wait(lambda: DIRECTOR in room.state(BRAVO).feeds[ALPHA].roles)
    expect(director).to_contain_text("for alpha-forces; not for alpha-agency")
    folded = unfold(alpha, "Withdraw director")
    expect(folded).to_contain_text("states no status and gives no answer")
    fill(alpha, folded, reason="nobody stands in it")
    press(alpha, folded.get_by_role("button", name="Withdraw"))
    alpha.told("Role withdrawn. On record as entry")
    assert room.state(ALPHA).own.roles[DIRECTOR].state is RoleState.WITHDRAWN
    expect(director).to_contain_text("it speaks for nobody")
    assert DUTY not in room.state(ALPHA).own.roles


def shares(room: Room) -> tuple[Share, ...]:
    return tuple(room.state(BRAVO).feeds[ALPHA].shares.values())


def test_con_450_an_own_object_is_shared_by_two_persons_seen_by_both_sides_and_revoked(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    """CON-451, CON-452, CON-459: what was given is in one panel at both, no place in a list."""
    found(alpha, "T-OTHER")
    panel = alpha.page.locator(".panel")
    expect(panel.get_by_role("button", name="State it")).to_be_visible()
    expect(panel.locator(".share")).to_have_count(0)  # nobody stated that it is ours
    alpha.leave()
    found(alpha, "T-OWN")
    expect(panel.locator(".share")).to_have_count(1)
    form = unfold(alpha, "Share where it is")
    expect(form).to_contain_text("Needs two persons")
    assert form.locator("[type=checkbox]:checked").count() == 0
    reach(alpha, form.locator(f"[name=to_{BRAVO}]"))
    alpha.page.keyboard.press("Space")
    fill(alpha, form, purpose="refuelling beside you", called="tanker one", area_m="6000")
    assert alpha.faults_of_access(".panel") == []
    press(alpha, form.get_by_role("button", name="Ask for the second person"))
    alpha.told("Waits for a second person")
    assert shares(room) == ()
    with seat(browser, room, ALPHA, account=SECOND) as second:
        waiting = second.page.locator(".card", has_text="Waits for a second person")
        for words in ("T-OWN", "tanker one", "Bravo", "refuelling beside you", "area to 6.0 km"):
            expect(waiting).to_contain_text(words)
        expect(waiting.locator("h4 + .facts", has_text="tanker one")).not_to_contain_text("T-OWN")
        waiting.get_by_role("button", name="Confirm").click()
        second.told("Confirmed. On record as entry")
    expect(alpha.page.locator(".card", has_text="Waits for a second person")).to_have_count(0)
    (granted,) = room.wait(lambda: shares(room))
    assert granted.granted.second.role == DIRECTOR
    assert room.wait(lambda: shares(room)[0].latest)
    with seat(browser, room, BRAVO, watch=None) as theirs:
        given_to(theirs)
        theirs.page.locator(".panel").get_by_role("button", name="tanker one").click()
        got = theirs.page.locator(".panel")
        for words in (
            "refuelling beside you",
            "Told to be in",
            "no height is told",
            "never a target",
        ):
            expect(got).to_contain_text(words)
        expect(got).not_to_contain_text("T-OWN")
        expect(got.get_by_role("button", name="Revoke the share")).to_have_count(0)
        revoke(alpha, room)
        expect(got).to_contain_text("revoked")
        expect(got).to_contain_text("the exercise is over")
        expect(got).not_to_contain_text("Told to be in")
        theirs.clean()


def given_to(at: Seat) -> None:
    """The panel of what is given and received, come to by keyboard, at either party."""
    opened(at, "o")
    press(at, at.page.locator(".panel").get_by_role("button", name="Given and received"))
    named = at.page.locator(".panel").get_by_role("button", name="tanker one")
    expect(named.locator("q")).to_have_text("tanker one")


def revoke(alpha: Seat, room: Room) -> None:
    given_to(alpha)
    panel = alpha.page.locator(".panel")
    expect(panel).not_to_contain_text("Told to be in")
    given = panel.locator("tr", has_text="ROZ-01").first
    expect(given).to_contain_text("Bravo")
    press(alpha, given.get_by_role("button", name="Who held it"))
    expect(panel.locator(".bracket .held")).to_contain_text("Bravo held it")
    expect(panel.locator("tr", has_text="ROZ-B2")).to_contain_text("Bravo")
    assert alpha.faults_of_access(".panel") == []
    panel.get_by_role("button", name="tanker one").press("Enter")
    expect(panel).to_contain_text("What was told stays told")
    assert alpha.faults_of_access(".panel") == []
    fill(alpha, panel.locator("form"), reason="the exercise is over")
    press(alpha, panel.get_by_role("button", name="Revoke the share"))
    alpha.told("Share revoked. On record as entry")
    (ended,) = room.state(ALPHA).own.shares.values()
    assert ended.state is ShareState.REVOKED
    expect(panel.get_by_role("button", name="Revoke the share")).to_have_count(0)


def test_con_457_an_object_told_to_us_is_entered_told_of_anew_and_stated_as_gone(
    alpha: Seat, room: Room
) -> None:
    alpha.page.keyboard.press("/")
    panel = alpha.page.locator(".panel")
    press(alpha, panel.get_by_role("button", name="Enter an object told to us"))
    form = panel.locator("form")
    said = {
        "reporter": "bravo duty officer by telephone",
        "source": "their radar",
        "text": "a drone",
    }
    fill(alpha, form, **said, place="37S FB 93 71")
    enter = form.get_by_role("button", name="Enter it")
    press(alpha, enter)
    alpha.told("The reference leaves 712 m open")  # a square of 1 km, by its middle
    fill(alpha, form, within_m="500", track_deg="180", speed_kt="60")
    assert alpha.faults_of_access(".panel") == []
    before = set(room.state(ALPHA).journal.tracks)
    press(alpha, enter)
    alpha.told("Object entered. On record as entry")
    (name,) = set(room.state(ALPHA).journal.tracks) - before
    told = room.state(ALPHA).journal.tracks[name]
    assert (told.reporter, told.source) == (said["reporter"], said["source"])
    assert told.latest is not None
    motion = told.latest.motion
    assert motion.altitude is None
    assert motion.position_accuracy_m == pytest.approx(1_212.0, abs=1.0)
    assert motion.velocity is not None
    assert motion.velocity.climb_mps is None
    for words in (said["reporter"], said["source"]):  # CON-526
        expect(panel.locator("p q.entered", has_text=words)).to_have_count(1)
    press(alpha, panel.get_by_role("button", name="Told of it anew"))
    expect(form.locator("[readonly]")).to_have_count(2)
    fill(alpha, form, text="it climbs")
    press(alpha, form.get_by_role("button", name="Enter it"))
    room.wait(lambda: room.state(ALPHA).journal.tracks[name].last_words == "it climbs")
    gone = panel.locator("form", has=alpha.page.locator("[name=gone]"))
    fill(alpha, gone, gone="they say that it landed")
    press(alpha, gone.get_by_role("button", name="State that it is gone"))
    alpha.told("Stated as gone. On record as entry")
    assert room.state(ALPHA).journal.tracks[name].state is TrackState.ENDED


def test_con_458_a_copy_of_a_matter_is_recorded_for_one_recipient_and_printed(
    browser: Browser, alpha: Seat, room: Room
) -> None:
    found(alpha, "ROZ-01 zone")
    panel = alpha.page.locator(".panel")
    press(alpha, panel.get_by_role("button", name="Copy of these entries"))
    form = panel.locator("form")
    fill(alpha, form, recipient="the ministry, desk 3", purpose="briefing")
    assert alpha.faults_of_access(".panel") == []
    press(alpha, form.get_by_role("button", name="Make the copy"))
    alpha.told("Copy recorded. On record as entry")
    (copy,) = room.state(ALPHA).journal.copies.values()
    filed = room.state(ALPHA).own.notices[NoticeId("ROZ-01")].latest.stamp.ref
    assert copy.event.items == (filed,)
    row = panel.locator("tr", has_text="the ministry, desk 3")
    expect(row).to_contain_text("briefing")
    with alpha.page.context.expect_page() as opened_page:
        press(alpha, row.get_by_role("link", name="Copy 1, to print"))
    paper = opened_page.value
    expect(paper.locator("body")).to_contain_text("Copy 1 from the record of alpha")
    paper.close()
    opened(alpha, "o")
    press(
        alpha, panel.locator("tbody button").first
    )  # the newest: the copy's entry, of the journal
    press(alpha, panel.get_by_role("button", name="Copy for one recipient"))
    fill(alpha, form, recipient="the archive", purpose="review")
    press(alpha, form.get_by_role("button", name="Make the copy"))
    alpha.told("Waits for a second person")
    with seat(browser, room, ALPHA, account=SECOND) as second:
        waiting = second.page.locator(".card", has_text="Waits for a second person")
        for words in ("the archive", "review"):
            expect(waiting.locator(".facts")).to_contain_text(words)
        waiting.get_by_role("button", name="Confirm").click()
        second.told("Confirmed. On record as entry")
    assert sorted(room.state(ALPHA).journal.copies) == [1, 2]
