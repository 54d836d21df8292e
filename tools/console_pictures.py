"""Write the pictures of the console in docs/pictures, from two live nodes and a real browser.

    .venv/bin/python tools/console_pictures.py           # those that the documents show
    .venv/bin/python tools/console_pictures.py FOLDER    # every state, size, dim level

The scene is invented and an exercise; the nodes, the page and the browser are the real ones.
"""

import dataclasses
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "unit"), str(ROOT / "tests" / "console")]

from browsing import CHROMIUM, FLAGS  # noqa: E402
from consoles import Seat, scene, seat  # noqa: E402
from node_pair import ALPHA, BRAVO, CHIEF, call  # noqa: E402
from playwright.sync_api import Browser, expect, sync_playwright  # noqa: E402
from room import Room, circle, flying, north_east, place, volume, zone  # noqa: E402

from crosstell.core.altitude import Altitude, Datum  # noqa: E402
from crosstell.core.assessment.account.claim import (  # noqa: E402
    ClaimStated,
    Confidence,
    Source,
    SourceKind,
    Voice,
)
from crosstell.core.assessment.account.content import (  # noqa: E402
    Distance,
    Measure,
    Moment,
    Stated,
)
from crosstell.core.assessment.account.stance import AgreedThat  # noqa: E402
from crosstell.core.geometry.footprint import Corridor, Polygon  # noqa: E402
from crosstell.core.ids import ClaimId, NoticeId, PaperId, PartyId, TrackId  # noqa: E402
from crosstell.core.incident.paper import IncidentFile, PaperFiled  # noqa: E402
from crosstell.core.instant import later  # noqa: E402
from crosstell.core.line.acknowledgement import CallReadBack, CallReceived  # noqa: E402
from crosstell.core.line.answer import (  # noqa: E402
    Answer,
    AnswerGiven,
    AnswerId,
    AnswerKind,
)
from crosstell.core.line.content import (  # noqa: E402
    CallContent,
    Danger,
    RequestedAct,
    Subject,
    SubjectKind,
)
from crosstell.core.line.message import CallKind, Precedence  # noqa: E402
from crosstell.core.picture.content import Activity, ActivityKind, NotifiedMovement  # noqa: E402
from crosstell.core.picture.notice import NoticeFiled  # noqa: E402
from crosstell.core.picture.ownership import (  # noqa: E402
    OwnershipAnswer,
    OwnershipStated,
    OwnTrack,
)
from crosstell.core.picture.party import Scope  # noqa: E402
from crosstell.core.picture.trust.kind import ObjectKind  # noqa: E402
from crosstell.core.protocol.document import Protocol  # noqa: E402


def busy(room: Room) -> None:
    """A morning: notices of both, own and unknown tracks, a call each way."""
    now = room.clock.now()
    high = Altitude(value_m=4_572.0, datum=Datum.MSL_EGM96)
    shape = Polygon(vertices=(place(22, -8), place(26, 8), place(12, 14), place(8, -4)))
    room.act(BRAVO, zone("ROZ-B7", volume(now, shape, upper=high), ALPHA))
    way = Corridor(points=(place(-42, -50), place(-26, -22), place(-30, 6)), half_width_m=2_500.0)
    convoy = NotifiedMovement(notifier="charlie", volumes=(volume(now, way),), what="convoy H-17")
    room.act(
        ALPHA,
        NoticeFiled(
            notice=NoticeId("HUM-2"),
            version=1,
            content=convoy,
            marking="TEST",
            releasable_to=(BRAVO,),
        ),
    )
    plan = Activity(
        kind=ActivityKind.CREWED_FLIGHT,
        volumes=(volume(now, circle(place(-4, 40), 7_000), begins_h=0.3, hours=1.5),),
    )
    room.act(
        BRAVO,
        NoticeFiled(
            notice=NoticeId("ACT-12"),
            version=1,
            content=plan,
            marking="TEST",
            releasable_to=(ALPHA,),
        ),
    )
    scene(room)
    for step in range(4):
        at = room.clock.now()
        room.observe(
            ALPHA,
            flying(
                at,
                "T-31",
                to=place(-60, -30),
                from_m=50_000 - 200 * step,
                bearing_deg=20,
                speed_mps=100.0,
                call_sign="KITE 3",
                kind=ObjectKind.AEROPLANE,
            ),
            flying(
                at,
                "T-32",
                to=place(60, 60),
                from_m=52_000 - 120 * step,
                bearing_deg=235,
                speed_mps=60.0,
                call_sign="DUST 14",
                kind=ObjectKind.ROTORCRAFT,
            ),
            flying(
                at,
                "T-4490",
                to=place(60, -60),
                from_m=48_000 - 100 * step,
                bearing_deg=140,
                speed_mps=50.0,
            ),
        )
        room.clock.skip(2.0)
    for track, answer in (
        ("T-31", OwnershipAnswer.OURS),
        ("T-32", OwnershipAnswer.OURS),
        ("T-4490", OwnershipAnswer.NOT_OURS),
    ):
        subject = OwnTrack(track=TrackId(track))
        room.act(ALPHA, OwnershipStated(subject=subject, answer=answer, scope=Scope()), role=CHIEF)
    tests = [c for c in room.state(ALPHA).own.calls.values() if c.placed.kind is CallKind.TEST]
    for one in tests:
        room.wait(lambda one=one: one.placed_stamp.ref in room.state(BRAVO).own.acknowledgements)
        room.act(BRAVO, CallReceived(call=one.placed_stamp.ref))
    content = CallContent(
        subjects=(Subject(kind=SubjectKind.VEHICLES, label="convoy H-17"),),
        place=circle(place(-28, -10), 2_500.0),
        danger=Danger.NOTIFIED_SITE_ENDANGERED,
        act=RequestedAct.CALL_BACK,
    )
    asked = call(
        "HC-0091", ALPHA, kind=CallKind.QUERY, precedence=Precedence.IMMEDIATE, content=content
    )
    room.act(BRAVO, asked)


def named(protocol: Protocol) -> Protocol:
    """The parties' names as the design's pictures have them."""
    found = north_east(protocol)
    titles = {"alpha": "Party A", "bravo": "Party B"}
    return dataclasses.replace(
        found,
        title="Exercise protocol",
        marking="SYNTHETIC DATA",
        parties=tuple(
            dataclasses.replace(one, title=titles.get(one.id, one.title)) for one in found.parties
        ),
    )


KEPT = (
    "console",
    "console-why",
    "console-bright",
    "console-night",
    "console-arabic",
    "console-incident",
)
PICTURES = ROOT / "docs" / "pictures"
STILL = """() => {
  const marks = document.documentElement.classList;
  marks.remove('blink');
  marks.toggle = () => false;
}"""  # what rings is pictured with its mark, not in the half second without


def shoot(at: Seat, folder: Path, name: str) -> None:
    """The page as it stands, under that name, if this folder keeps it."""
    if folder == PICTURES and name not in KEPT:
        return
    at.page.wait_for_timeout(900)
    at.page.evaluate(STILL)
    at.page.screenshot(path=str(folder / f"{name}.png"))
    at.page.evaluate("delete document.documentElement.classList.toggle")
    sys.stdout.write(f"{name}.png\n")


def afterwards(room: Room) -> None:
    """The day after: a file of what happened, and what each side states of it."""
    start = room.world.now
    matter = "T-4502-morning"
    file = IncidentFile(
        title="T-4502 near the post", parties=(ALPHA, BRAVO), matters=(matter,), start=start
    )
    room.act(
        ALPHA,
        PaperFiled(
            paper=PaperId("inc-1"), version=1, content=file, marking="TEST", releasable_to=(BRAVO,)
        ),
    )
    for party, other, least_m, most_m in (
        (ALPHA, BRAVO, None, 900.0),
        (BRAVO, ALPHA, 1_500.0, None),
    ):
        far = Distance(
            of_what="T-4502",
            reference="the post",
            at_least_m=least_m,
            at_most_m=most_m,
            measure=Measure.STRAIGHT,
        )
        when = later(start, by_s=120.0 if party == ALPHA else 540.0)
        seen = Moment(earliest=when, latest=when, as_stated="the log of the watch")
        contents: tuple[Stated, ...] = (far, seen)
        for number, content in enumerate(contents):
            room.act(party, stated_by(party, other, f"c-{number}", matter, content))
    agreed = AgreedThat(text="Both watches keep the line open at night.", parties=(ALPHA, BRAVO))
    room.act(BRAVO, stated_by(BRAVO, ALPHA, "c-agreed", matter, agreed))


def stated_by(
    party: PartyId, other: PartyId, name: str, matter: str, content: Stated
) -> ClaimStated:
    """A party's own statement, released to the other."""
    return ClaimStated(
        claim=ClaimId(name),
        matter=matter,
        content=content,
        voice=Voice(words=f"{party} duty officer", party=party),
        source=Source(kind=SourceKind.OWN_STATEMENT, words="log of the watch"),
        confidence=Confidence.AS_FACT,
        marking="TEST",
        releasable_to=(other,),
    )


def incident(at: Seat, folder: Path) -> None:
    """The accounts side by side in the incident's workspace."""
    page = at.page
    page.set_viewport_size({"width": 1600, "height": 1000})
    page.locator(".rail button[title^='Incidents']").click()
    page.locator(".panel tbody th button").first.click()
    page.locator(".timeline").wait_for()
    shoot(at, folder, "console-timeline")
    page.keyboard.press("2")
    shoot(at, folder, "console-incident")
    page.keyboard.press("Escape")


def main() -> None:
    """Every state, from one scene."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as kept,  # a record on disk, so that there is a past to show
        Room(seed="pictures", changed=named, folder=Path(kept)).open() as room,
        sync_playwright() as driver,
    ):
        busy(room)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with seat(browser, room) as at:
            states(at, folder)
            if folder != PICTURES:
                sizes(at, folder)
            afterwards(room)
            incident(at, folder)
            of_a_watch(browser, room, at, folder)
        browser.close()


def of_a_watch(browser: Browser, room: Room, at: Seat, folder: Path) -> None:
    """A stop past the call-by, a call with both sides and its ladder, the other side, the past."""
    page = at.page
    page.set_viewport_size({"width": 1600, "height": 1000})
    page.keyboard.press("f")
    page.locator(".card", has_text="T-4502").first.focus()
    page.keyboard.press("s")
    shoot(at, folder, "console-past-call-by")
    page.keyboard.press("Escape")
    danger = CallContent(
        subjects=(Subject(kind=SubjectKind.UNKNOWN, label="object near a declared place"),),
        danger=Danger.OWN_FORCES_ENDANGERED,
        act=RequestedAct.KEEP_OUT,
    )
    warned = room.act(
        ALPHA, call("AC-0007", BRAVO, precedence=Precedence.FLASH, content=danger)
    ).recorded[0]
    room.wait(lambda: warned in room.state(BRAVO).own.acknowledgements)
    with seat(browser, room, BRAVO) as other:
        other.page.locator(".card", has_text="AC-0007").first.focus()
        shoot(other, folder, "console-ringing")
        room.act(BRAVO, CallReceived(call=warned))
        room.act(BRAVO, CallReadBack(call=warned, content=warned, read_back=danger))
        until = later(room.clock.now(), by_s=60)
        answer = Answer(kind=AnswerKind.STAND_BY, scope=Scope(), until=until)
        room.act(BRAVO, AnswerGiven(call=warned, answer_id=AnswerId("BA-1"), answer=answer))
        page.locator("[data-key]", has_text="AC-0007").first.click(position={"x": 6, "y": 6})
        page.keyboard.press("Enter")
        shoot(at, folder, "console-stand-by")
        room.clock.skip(70.0)
        owed = page.locator(".card", has_text="Their stand-by is over").first
        expect(owed).to_be_visible()
        owed.scroll_into_view_if_needed()
        shoot(at, folder, "console-call-ladder")
        other.page.locator(".header select").select_option("tr")
        shoot(other, folder, "console-owed-turkish")
    page.keyboard.press("Escape")
    room.clock.skip(600.0)
    expect(page.locator(".zulu")).to_have_text(re.compile("^00:1"))
    page.get_by_role("button", name="10 min").click()
    expect(page.locator(".page.replaying")).to_be_visible()
    shoot(at, folder, "console-replay")


def states(at: Seat, folder: Path) -> None:
    """The main states one after another, then the dim levels, languages and sizes."""
    page = at.page
    shoot(at, folder, "console")
    page.locator(".card", has_text="T-4502").first.focus()
    page.keyboard.press("w")
    shoot(at, folder, "console-why")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.locator("[name=paste]").fill("37S FA 30592 62810")
    page.get_by_role("button", name="Read", exact=True).click()
    shoot(at, folder, "console-notice")
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 700, "y": 5})
    page.keyboard.press("t")
    shoot(at, folder, "console-voice")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    for dim, name in ((2, "dim"), (3, "night"), (0, "bright")):
        while page.locator("html").get_attribute("data-dim") != str(dim):
            page.keyboard.press("m")
            page.wait_for_timeout(60)
        shoot(at, folder, f"console-{name}")
    page.keyboard.press("m")
    page.locator(".header select").select_option("ar")
    shoot(at, folder, "console-arabic")
    page.locator(".header select").select_option("tr")
    shoot(at, folder, "console-turkish")
    page.locator(".header select").select_option("en")


def sizes(at: Seat, folder: Path) -> None:
    """The page with a matter open, at each size, dim level and direction."""
    page = at.page
    page.locator(".card", has_text="T-4502").first.focus()
    for width, height in ((1366, 768), (1920, 1080), (2560, 1440)):
        page.set_viewport_size({"width": width, "height": height})
        page.keyboard.press("f")
        for lang in ("en", "ar"):
            page.locator(".header select").select_option(lang)
            page.locator(".card").first.focus()
            page.keyboard.press("Escape" if lang == "en" else "w")
            for _ in range(4):
                shown = int(page.locator("html").get_attribute("data-dim") or 0) + 1
                shoot(at, folder, f"at-{width}-{shown}-{lang}")
                page.keyboard.press("m")
    page.keyboard.press("Escape")
    page.locator(".header select").select_option("en")


if __name__ == "__main__":
    main()
