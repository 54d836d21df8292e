"""What a claim stated stays as it was stated, but for what its author revises."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from consoles import Seat, seat
from node_pair import ALPHA, CHARLIE, roz
from playwright.sync_api import Browser, Locator, expect
from room import Room
from test_mechanism_claims import stated
from test_mechanism_papers import FILE as KEPT
from test_mechanism_papers import TEXT
from test_mechanism_papers import filed as filed_paper

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.assessment.account.claim import (
    ClaimRevised,
    Confidence,
    Source,
    SourceKind,
    Version,
)
from crosstell.core.assessment.account.content import (
    Belongs,
    Casualties,
    ClockReading,
    Count,
    Distance,
    Duration,
    Height,
    HeightWithoutDatum,
    Held,
    Identity,
    InArea,
    Judgement,
    Measure,
    Moment,
    Passage,
    Place,
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneOfTime,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.stance import AgreedThat, Alleged, Disputes
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ClaimId, ComponentId, EntryRef, FeedId, RuleId
from crosstell.core.picture.party import Scope
from crosstell.core.picture.track import HintKind

pytest_plugins = ("browsing",)

FIRST = datetime(2026, 1, 31, 2, 0, 30, 123_456, UTC)
LAST = datetime(2026, 1, 31, 3, 7, 0, 500_001, UTC)
NEW = datetime(2026, 1, 31, 4, 0, tzinfo=UTC)
SPOT = Position(lat_deg=36.5000004, lon_deg=40.7500004)
LOW = Altitude(value_m=1_524.1, datum=Datum.STANDARD_PRESSURE)
HIGH = Altitude(value_m=3_048.1, datum=Datum.STANDARD_PRESSURE)
REF = EntryRef(feed=FeedId("ab" * 16), seq=3, hash="cd" * 32)  # stands for one of the record
LINES = "first line\n second line"
SCOPE = Scope(speaks_for=(ComponentId("armed-forces"),), cannot_speak_for=(ComponentId("service"),))
ABOUT = Exactness.ABOUT

# Each kind, finer than a form shows it; the box that is typed into, and what follows.
CASES: tuple[tuple[Stated, str, str, dict[str, Any]], ...] = (
    (
        Moment(
            earliest=FIRST, latest=LAST, as_stated="at night", zone=ZoneOfTime.ASSUMED, told=ABOUT
        ),
        "latest",
        "2026-01-31T04:00Z",
        {"latest": NEW},
    ),
    (
        Moment(earliest=FIRST, latest=FIRST, as_stated="at night"),
        "as_stated",
        "at two",
        {"as_stated": "at two"},
    ),
    (ClockReading(face=FIRST, as_stated="two"), "as_stated", "three", {"as_stated": "three"}),
    (
        Duration(of_what="it", at_least_s=100.5, at_most_s=200.1, told=ABOUT),
        "at_most_minutes",
        "4",
        {"at_most_s": 240.0},
    ),
    (Place(of_what="it", position=SPOT, within_m=12.345), "within_m", "30", {"within_m": 30.0}),
    (
        InArea(of_what="it", area="a", is_so=Held.NO, notice=REF),
        "is_so",
        "yes",
        {"is_so": Held.YES},
    ),
    (
        Distance(
            of_what="it", reference="a post", at_least_m=1_234.567, at_most_m=None,
            measure=Measure.DEPTH, direction="south-west", told=ABOUT,
        ),
        "at_most_m",
        "2000",
        {"at_most_m": 2_000.0},
    ),
    (
        Height(of_what="it", lower=LOW, upper=HIGH, told=ABOUT),
        "upper",
        "20000",
        {"upper": replace(HIGH, value_m=6_096.0)},
    ),
    (
        Height(of_what="its top", lower=LOW, upper=HIGH),
        "datum",
        "msl-egm96",
        {
            "lower": replace(LOW, datum=Datum.MSL_EGM96),
            "upper": replace(HIGH, datum=Datum.MSL_EGM96),
        },
    ),
    (
        HeightWithoutDatum(of_what="it", at_least_m=-10.123, at_most_m=99.999),
        "at_most_m",
        "100",
        {"at_most_m": 100.0},
    ),
    (
        Speed(of_what="it", at_least_mps=70.123, at_most_mps=80.4),
        "at_most_kt",
        "200",
        {"at_most_mps": 102.889},
    ),
    (Count(of_what="it", at_least=2, at_most=None, told=ABOUT), "at_most", "3", {"at_most": 3}),
    (
        Identity(of_what="it", kind=HintKind.SERIAL_NUMBER, value="7"),
        "value",
        "8",
        {"value": "8"},
    ),
    (
        Belongs(of_what="it", whose="a party", is_so=Held.NO, scope=SCOPE),
        "is_so",
        "not-known",
        {"is_so": Held.NOT_KNOWN},
    ),
    (Transponder(of_what="it", was_on=Held.NOT_KNOWN), "was_on", "no", {"was_on": Held.NO}),
    (
        WarningsSent(addressed="a", means="radio", at_least=1, at_most=12, told=ABOUT),
        "at_least",
        "2",
        {"at_least": 2},
    ),
    (
        WarningsReceived(addressed="a", means="radio", at_least=None, at_most=0),
        "told",
        "about",
        {"told": ABOUT},
    ),
    (
        Told(of_what="it", to_whom="a", is_so=Held.YES, passage=Passage.RECEIVED),
        "is_so",
        "no",
        {"is_so": Held.NO},
    ),
    (
        ZoneStatus(zone="a", word=ZoneWord.CONTESTED, notice=REF),
        "word",
        "received",
        {"word": ZoneWord.RECEIVED},
    ),
    (
        Casualties(
            among="all", killed_at_least=0, killed_at_most=None, injured_at_least=3, told=ABOUT
        ),
        "killed_at_most",
        "1",
        {"killed_at_most": 1},
    ),
    (Judgement(text=LINES, reasons=(" a", "b")), "reasons", "c", {"reasons": ("c",)}),
    (
        AgreedThat(text=LINES, parties=(CHARLIE, ALPHA), joint=REF),
        "joint",
        "",
        {"joint": None},
    ),
    (Disputes(claim=REF, text=LINES), "text", "otherwise", {"text": "otherwise"}),
    (
        Alleged(
            rule=RuleId("a-former-rule"), against=CHARLIE, definition=LINES, since=FIRST,
            until=LAST, at_least=2, at_most=None,
        ),
        "at_most",
        "3",
        {"at_most": 3},
    ),
)  # fmt: skip

OPENS = """async ([party, claim]) => {
  const api = await import('/console/app/api.js');
  const {set} = await import('/console/app/store.js');
  const told = await api.get(`/incidents/${party}/inc`);
  const of = told.topics.flatMap((one) => one.claims).find((one) => one.claim === claim);
  set({panel: {name: 'claim', party, id: 'inc', told, of}, told: null});
}"""

READS = """async (party) => {
  const api = await import('/console/app/api.js');
  const {render} = await import('/console/vendor/lit.mjs');
  const {kindFields, readKind} = await import('/console/app/views/claim_kinds.js');
  const {read, stated} = await import('/console/app/views/parts.js');
  const told = await api.get(`/incidents/${party}/inc`);
  const found = [];
  for (const {claim, versions} of told.topics.flatMap((one) => one.claims)) {
    const form = document.createElement('form');
    const [[kind, was]] = Object.entries(versions.at(-1).content);
    render(kindFields(kind, was, told), form);
    const again = await readKind(kind, form, read(form), 0, was);
    const plain = (one) => JSON.stringify(Object.entries(stated(one)).sort());
    found.push([claim, plain(again[kind]), plain(was)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="revised").open() as opened:
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


@pytest.fixture(scope="module")
def refs(room: Room) -> tuple[EntryRef, ...]:
    """Entries of the record: of a notice, a joint text, and of a claim that was revised since."""
    bodies = (roz("ROZ-R"), filed_paper(TEXT, name="joint"), stated(Judgement(text="so"), name="c"))
    found = [room.act(ALPHA, one).recorded[0] for one in bodies]
    later = ClaimRevised(
        claim=ClaimId("c"), version=2, content=Judgement(text="not so"),
        source=Source(kind=SourceKind.OWN_STATEMENT, words="a log"),
        confidence=Confidence.AS_FACT, reason="read again",
    )  # fmt: skip
    room.act(ALPHA, later)
    return tuple(found)


def named(content: Stated, refs: tuple[EntryRef, ...]) -> Stated:
    """The content with an entry of this record in place of the one that stands for it."""
    notice, joint, claim = refs
    match content:
        case InArea() | ZoneStatus():
            return replace(content, notice=notice)
        case AgreedThat():
            return replace(content, joint=joint)
        case Disputes():
            return replace(content, claim=claim)
        case _:
            return content


def revised(at: Seat, room: Room, claim: ClaimId, box: str = "", typed: str = "") -> Version:
    """The version that is recorded once this box alone is typed into."""
    before = len(room.state(ALPHA).journal.claims[claim].versions)
    at.page.evaluate(OPENS, [ALPHA, claim])
    panel = at.page.locator(".panel")
    if box:
        types(panel.locator(f"[name={box}]"), typed)
    panel.locator("[name=reason]").fill("a reason")
    panel.get_by_role("button", name="Record the revision").click()
    expect(panel.locator(".by-side")).to_be_visible()
    versions = room.state(ALPHA).journal.claims[claim].versions
    assert len(versions) == before + 1
    return versions[-1]


def types(control: Locator, text: str) -> None:
    if control.evaluate("(one) => one.type") == "select-one":
        control.select_option(text)
    else:
        control.fill(text)


def test_con_747_no_kind_of_claim_loses_or_rounds_what_its_form_was_begun_with(
    alpha: Seat, room: Room, refs: tuple[EntryRef, ...]
) -> None:
    assert {type(one[0]) for one in CASES} == set(get_args(Stated))
    for number, (content, *_) in enumerate(CASES):
        room.act(ALPHA, stated(named(content, refs), name=f"q-{number}"))
    found = alpha.page.evaluate(READS, ALPHA)
    assert len(found) >= len(CASES)
    assert [one for one in found if one[1] != one[2]] == []


QUICK = ("Height-datum", "AgreedThat-joint")


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=() if name in QUICK else pytest.mark.long, id=name)
        for case, one in enumerate(CASES)
        for name in [f"{type(one[0]).__name__}-{one[1]}"]
    ],
)
def test_con_747_of_a_claim_that_is_revised_what_is_not_touched_stays_as_it_was(
    alpha: Seat, room: Room, refs: tuple[EntryRef, ...], case: int
) -> None:
    given, box, typed, follows = CASES[case]
    content = named(given, refs)
    source = Source(kind=SourceKind.READOUT, words="a readout,  of the day", entries=refs)
    first = replace(
        stated(content, name=f"c-{case}"),
        source=source, confidence=Confidence.ESTIMATE, said_at=FIRST,
    )  # fmt: skip
    room.act(ALPHA, first)
    second = revised(alpha, room, first.claim).event
    assert second.content == content
    assert (second.source, second.confidence, second.said_at) == (
        source, first.confidence, FIRST,
    )  # fmt: skip
    third = revised(alpha, room, first.claim, f"c_{box}", typed).event
    assert third.content == replace(content, **follows)
    assert (third.source, third.said_at) == (source, FIRST)


def test_con_747_the_entries_that_own_words_rest_on_stay_where_the_timeline_has_them_not(
    alpha: Seat, room: Room, refs: tuple[EntryRef, ...]
) -> None:
    source = Source(kind=SourceKind.OWN_RECORD, words="our log", entries=(refs[2], refs[0]))
    first = replace(stated(Judgement(text="ours"), name="c-own"), source=source, said_at=FIRST)
    room.act(ALPHA, first)
    kept = revised(alpha, room, first.claim, "confidence", "as-told").event
    assert (kept.content, kept.source, kept.said_at) == (first.content, source, FIRST)
    assert kept.confidence is Confidence.AS_TOLD
    other = revised(alpha, room, first.claim, "said_at", "2026-01-31T04:00Z").event
    assert (other.source, other.said_at) == (source, NEW)
    press = revised(alpha, room, first.claim, "source", "press").event
    assert (press.source.kind, press.source.words) == (SourceKind.PRESS, "our log")
    assert press.source.entries == ()
