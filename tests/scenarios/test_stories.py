"""Which form of a scenario tells which story: each told in a few lines and played.

Made from the small scenario. The table in docs/scenarios.md names the form of each.
"""

import shutil
from pathlib import Path

import pytest
from incident_values import judging

from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.replay.given.loading import load
from crosstell.replay.replaying import replay
from crosstell.replay.report.assemble import report_of_run
from crosstell.replay.report.text import print_report
from crosstell.replay.result import Met, RunResult

SMALL = Path(__file__).parent / "small"
PLACE = "{lat_deg: 25.9952778, lon_deg: 57.0402778}"
ELSEWHERE = "{lat_deg: 26.1, lon_deg: 57.0402778}"
LATER = "2019-06-20T04:00:00Z"


def act(party: str, clock: str, body: str) -> str:
    by = f"by: {{party: {party}, role: watch, watch: w1}}"
    return f"  - {{at: 2019-06-19T{clock}:00Z, input: {{act: {{{by}, body: {{{body}}}}}}}}}\n"


def volume(place: str, start: str, radius_m: int = 5_000) -> str:
    window = f"window: {{start: 2019-06-19T{start}:00Z, end: {LATER}}}"
    area = f"footprint: {{circle: {{centre: {place}, radius_m: {radius_m}}}}}"
    return f"{{{area}, lower: unbounded, upper: unbounded, {window}}}"


def notice(name: str, content: str, to: str, version: int = 1, more: str = "") -> str:
    head = f"notice: {name}, version: {version}, marking: stated, releasable_to: [{to}]{more}"
    return f"notice_filed: {{{head}, content: {{{content}}}}}"


def zone(name: str, place: str, to: str, version: int = 1, more: str = "") -> str:
    said = "field_type: roz, declaring_authority: B, duty: stay out"
    shape = volume(place, "21:00")
    return notice(name, f"zone: {{{said}, volume: {shape}}}", to, version, more)


def played(tmp_path: Path, components: str = "", **inputs: str) -> RunResult:
    """The only run of the small scenario, with these inputs of each party after the signing."""
    folder = tmp_path / "scenario"
    shutil.copytree(SMALL, folder)
    for party in ("a", "b"):
        sign = "body: {protocol_signed: {protocol: {the: protocol}}}"
        by = f"by: {{party: {party}, role: minister, watch: w1}}"
        first = f"  - {{at: 2019-06-19T20:01:00Z, input: {{act: {{{by}, {sign}}}}}}}\n"
        text = f"inputs:\n{first}{inputs.get(party, '')}"
        (folder / party / "inputs.yaml").write_text(text, encoding="utf-8")
    protocol = folder / "protocol.yaml"
    text = protocol.read_text(encoding="utf-8")
    plain = "{id: a, title: Party A, standing: party}"
    assert plain in text
    given = plain if not components else f"{plain[:-1]}, components: [{components}]}}"
    protocol.write_text(text.replace(plain, given), encoding="utf-8")
    (run,) = replay(folder, again=True).runs
    assert run.warnings == ()
    return run


def test_a_late_notice_and_one_for_the_wrong_place(tmp_path: Path) -> None:
    """Late is told by the lead time; the wrong place stays, beside the version that mends it."""
    mended = zone("z", PLACE, "a", 2, ', reason: "the place was wrong"')
    run = played(
        tmp_path, b=act("b", "20:30", zone("z", ELSEWHERE, "a")) + act("b", "20:40", mended)
    )
    (late,) = [row for row in run.adherence if row.rule == "lead-time zone"]
    assert (late.party, late.met) == ("b", Met.NOT_MET)
    filed = [item.what for item in run.timeline if "filed, releasable" in item.what]
    assert [what.split(" filed")[0] for what in filed] == ["Zone z version 1", "Zone z version 2"]


def test_a_caller_who_waits_for_a_named_contact(tmp_path: Path) -> None:
    """What a person of the other side takes late is a stage; the wait is a claim of the caller."""
    head = "kind: warn, precedence: flash, reality: exercise, from_role: watch, to_party: a"
    to = "to_role: minister, carriage: node, language: en"
    said = "content: {remarks: {text: only for your minister, language: en}}"
    waited = "content: {duration: {of_what: the wait for the named contact, at_least_minutes: 27}}"
    source = "voice: {words: B, party: b}, source: {kind: own-statement, words: log}"
    rest = "confidence: as-fact, marking: m, releasable_to: [a]"
    run = played(
        tmp_path,
        b=act("b", "23:00", f"call_placed: {{call: c, {head}, {to}, {said}}}")
        + act("b", "23:28", f"claim_stated: {{claim: w, matter: m, {waited}, {source}, {rest}}}"),
        a=act("a", "23:27", "call_received: {call: {named: {party: b, id: c}}}"),
    )
    call = next(call for call in run.calls if call.call == "c")
    assert call.received is not None
    assert (call.to_role, (call.received - call.placed).seconds) == ("minister", 27 * 60)
    assert "duration at least 27 min" in run.aftermath[0].topics[0].claims[0].text


def test_a_party_that_is_told_only_through_another(tmp_path: Path) -> None:
    """A relay has each hop with its times; the copy at the node is no call."""
    hop = "{who: a third state, received_at: 2019-06-19T22:00:00Z, passed_at: 2019-06-19T22:30:00Z}"
    head = "kind: inform, precedence: priority, reality: exercise, from_role: watch, to_party: a"
    to = f"to_role: watch, carriage: {{relay: {{hops: [{hop}, {{who: an embassy}}]}}}}"
    said = "language: en, content: {remarks: {text: our sorties today, language: en}}"
    run = played(tmp_path, b=act("b", "22:00", f"call_placed: {{call: c, {head}, {to}, {said}}}"))
    call = next(call for call in run.calls if call.call == "c")
    assert [hop.who for hop in call.hops] == ["a third state", "an embassy"]
    assert (call.hops[1].received_at, call.delivered, call.received) == (None, None, None)


def test_nothing_that_a_call_says_is_lost_beside_its_remarks(tmp_path: Path) -> None:
    head = "kind: warn, precedence: flash, reality: exercise, from_role: watch, to_party: a"
    said = (
        "to_role: watch, carriage: node, language: en, content: {subjects: [{kind: forces, label: "
        "our soldiers}], place: {position: {lat_deg: 25.9, lon_deg: 57.04}}, danger: collision, "
        "act: keep-out, "
        "remarks: {text: since dawn, language: en}}"
    )
    run = played(tmp_path, b=act("b", "22:00", f"call_placed: {{call: c, {head}, {said}}}"))
    call = next(call for call in run.calls if call.call == "c")
    assert call.text == (
        "forces: “our soldiers”; at 25.90000 57.04000; collision; keep-out; “since dawn”"
    )


def test_an_own_aircraft_of_the_recipient_inside_a_notified_hazard(tmp_path: Path) -> None:
    """Its own desk is told, and that the object is its own stands in the record."""
    ours = "ownership_stated: {subject: {own_track: {track: t}}, answer: ours, scope: {}}"
    leg = (
        f"legs:\n  - {{track: t, source: own, towards: {PLACE}, at: 2019-06-19T22:00:00Z, "
        "bearing_deg: 0, distance_m: 9000, speed_mps: 70, after_s: 120, every_s: 10, "
        "position_accuracy_m: 50}\n"
    )
    run = played(
        tmp_path,
        b=act("b", "20:30", zone("z", PLACE, "a")),
        a=act("a", "22:01", ours) + leg,
    )
    alert = next(one for one in run.alerts if one.party == "a")
    assert (alert.subject, alert.against, alert.against_party) == ("t", "z", "b")
    assert any("of its track t: says ours" in item.what for item in run.timeline)  # REP-071


def test_rep_172_a_late_notice_stands_beside_the_infringement_in_it(tmp_path: Path) -> None:
    """The notice came fifty seconds before it begins, with the aircraft inside already."""
    ours = "ownership_stated: {subject: {own_track: {track: t}}, answer: ours, scope: {}}"
    leg = (
        f"legs:\n  - {{track: t, source: own, towards: {PLACE}, at: 2019-06-19T22:00:00Z, "
        "bearing_deg: 0, distance_m: 2000, speed_mps: 10, before_s: 120, after_s: 180, "
        "every_s: 10, position_accuracy_m: 50, hints: [{kind: squawk, value: '4200'}]}\n"
    )
    late = zone("z", PLACE, "a").replace("T21:00:00Z", "T22:00:50Z")
    run = played(tmp_path, b=act("b", "22:00", late), a=act("a", "22:01", ours) + leg)
    (row,) = [one for one in run.adherence if one.met is Met.NOT_MET and one.party == "a"]
    assert row.why.endswith("as a found it; z was filed 50 s before it begins")
    (lead,) = [one for one in run.adherence if one.rule == "lead-time zone"]
    assert lead.why.startswith("z was filed 50 s before it begins")
    (first,) = [item.what for item in run.timeline if item.kind == "track"]  # REP-173
    assert first == "track t first held; source: own; squawk 4200"


def test_a_notified_movement_that_changes_on_its_way(tmp_path: Path) -> None:
    """A further version with its reason; the first stays, and its age can be read."""

    def moves(place: str, version: int, more: str = "") -> str:
        way = f"notified_movement: {{notifier: B, what: a convoy, volumes: [{place}]}}"
        return notice("m", way, "a", version, more)

    changed = moves(volume(ELSEWHERE, "21:00"), 2, ", reason: the bridge is closed")
    run = played(
        tmp_path,
        b=act("b", "20:30", moves(volume(PLACE, "21:00"), 1)) + act("b", "22:00", changed),
    )
    filed = [item for item in run.timeline if item.what.startswith("Notified movement m version")]
    assert [item.at.hour for item in filed] == [20, 22]
    assert all([held.party for held in item.held_by] == ["a"] for item in filed)


def test_a_list_of_places_that_is_read_for_another_purpose(tmp_path: Path) -> None:
    """The notice says what it was filed for; what it was taken for is the other side's claim."""
    text = "text: our troops; for keeping away and nothing else"
    where = f"own_force_location: {{volume: {volume(PLACE, '21:00', 300)}, {text}}}"
    second = ", second: {party: b, role: watch-chief, watch: w1}"
    taken = "content: {judgement: {text: the list was read as one of targets}}"
    voice = "voice: {words: A, party: a}, source: {kind: own-statement, words: statement}"
    rest = "confidence: as-fact, marking: m, releasable_to: [b]"
    run = played(
        tmp_path,
        b=act("b", "20:30", notice("f", where, "a", 1, second)),
        a=act("a", "23:50", f"claim_stated: {{claim: r, matter: m, {taken}, {voice}, {rest}}}"),
    )
    (place,) = run.notices
    assert "for keeping away and nothing else" in place.text
    assert "read as one of targets" in run.aftermath[0].topics[0].claims[0].text


def test_two_cells_of_one_party_that_contradict_each_other(tmp_path: Path) -> None:
    """Each speaks for its own components; neither stands for the other."""

    def says(status: str, scope: str, more: str = "") -> str:
        of = "notice: {named: {party: b, id: z}}"
        return f"status_stated: {{{of}, status: {status}, scope: {{speaks_for: [{scope}]}}{more}}}"

    run = played(
        tmp_path,
        "{id: north, title: northern cell}, {id: south, title: southern cell}",
        b=act("b", "20:30", zone("z", PLACE, "a")),
        a=act("a", "20:40", says("received", "north"))
        + act("a", "20:41", says("contested", "south", ", text: not known to us")),
    )
    north, south = run.notices[0].statuses
    assert north.startswith("a north: received")
    assert south.startswith("a south: contested")


def test_identity_codes_that_change_with_the_zone_and_the_date(tmp_path: Path) -> None:
    """A code is a claim about one thing in one place and time: two of them are two topics."""

    def code(claim: str, party: str, what: str, value: str) -> str:
        content = f"identity: {{of_what: {what}, kind: squawk, value: '{value}'}}"
        voice = f"voice: {{words: {party}, party: {party}}}"
        source = "source: {kind: own-statement, words: order of the day}"
        to = "b" if party == "a" else "a"
        rest = f"confidence: as-fact, marking: m, releasable_to: [{to}]"
        body = f"claim: {claim}, matter: codes, content: {{{content}}}, {voice}, {source}, {rest}"
        return f"claim_stated: {{{body}}}"

    inside, outside = "helicopters in the zone on 14 April", "helicopters outside on 14 April"
    run = played(
        tmp_path,
        b=act("b", "23:00", code("b1", "b", inside, "52"))
        + act("b", "23:00", code("b2", "b", outside, "42")),
        a=act("a", "23:00", code("a1", "a", inside, "42")),
    )
    topics = {topic.topic: topic for topic in run.aftermath[0].topics}
    assert len(topics) == 2
    assert topics[f"identity: “{inside}”, squawk"].differences[0].endswith("differs")
    assert topics[f"identity: “{outside}”, squawk"].alone == "party b"


TOGETHER = """claims:
  - at: 2019-06-19T23:00:00Z
    by: {party: b, role: watch, watch: w1}
    all:
      matter: m
      voice: {words: B, party: b}
      source: {kind: own-statement, words: statement}
      confidence: as-fact
      marking: public
      releasable_to: [a]
    each:
      - {claim: one, content: {judgement: {text: as they all say}}}
      - {claim: two, matter: other, confidence: estimate, content: {count: {of_what: calls, at_most: 0}}}
"""  # noqa: E501 - as an author writes it


def test_claims_entered_together_are_each_an_entry_of_its_own(tmp_path: Path) -> None:
    """REP-075."""
    run = played(tmp_path, b=TOGETHER)
    told = {topic.matter: topic.claims[0] for topic in run.aftermath[0].topics}
    assert told["m"].text.startswith("“B”: “as they all say” [stated as fact")
    assert told["other"].text.startswith("“B”: “calls”: none [stated as an estimate")
    assert told["m"].ref != told["other"].ref


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    each:\n", "    eech:\n", "write at, by, all"),
        ("claim: two", "clam: two", "clam"),
        ("confidence: estimate", "confidence: sure", "sure"),
        (
            "    all:\n      matter: m",
            "    all: []\n    more:\n      matter: m",
            "write at, by, all",
        ),
        (
            "      - {claim: one, content: {judgement: {text: as they all say}}}",
            "      - one",
            "keys",
        ),
        ("    by: {party: b, role", "    by: {party: a, role", "records nothing for others"),
    ],
)
def test_claims_that_cannot_be_read_are_refused_at_their_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """REP-075, REP-009."""
    assert old in TOGETHER
    folder = tmp_path / "scenario"
    shutil.copytree(SMALL, folder)
    path = folder / "b" / "inputs.yaml"
    path.write_text(TOGETHER.replace(old, new), encoding="utf-8")
    with pytest.raises(DocumentRefused, match=rf"b/inputs\.yaml:\d+:\d+: .*{said}"):
        load(folder)


def test_nobody_at_the_line_is_held_against_nobody(tmp_path: Path) -> None:
    """REP-077: the same call unanswered where people are played would be 'not met'."""
    head = "kind: warn, precedence: flash, reality: exercise, from_role: watch, to_party: a"
    rest = (
        "to_role: watch, carriage: node, language: en, content: {remarks: {text: w, language: en}}"
    )
    run = played(tmp_path, b=act("b", "22:00", f"call_placed: {{call: c, {head}, {rest}}}"))
    rows = [row for row in run.adherence if row.rule in ("receive-time", "answer-time")]
    assert {(row.party, row.met) for row in rows} == {("a", Met.NOT_TESTABLE)}
    assert all(row.why.startswith("this scenario plays nobody at the line; 0 of") for row in rows)


def test_the_report_of_such_a_story_takes_no_side(tmp_path: Path) -> None:
    """Three stories as one folder's files: late notice, waiting caller, two cells of one party."""
    late = zone("z", ELSEWHERE, "a")
    says = "status_stated: {notice: {named: {party: b, id: z}}, status: contested, scope: {}}"
    head = "kind: warn, precedence: flash, reality: exercise, from_role: watch, to_party: a"
    to = "to_role: minister, carriage: node, language: en"
    said = "content: {remarks: {text: only for your minister, language: en}}"
    played(
        tmp_path,
        b=act("b", "20:30", late)
        + act("b", "23:00", f"call_placed: {{call: c, {head}, {to}, {said}}}"),
        a=act("a", "20:40", says)
        + act("a", "23:27", "call_received: {call: {named: {party: b, id: c}}}"),
    )
    report = report_of_run(tmp_path / "scenario", run=None, incident=None)
    text = print_report(report, "en")
    assert judging(text.splitlines()) == []
    assert "lead-time zone" in text
    assert "contested" in text
    assert "warn c, b → a: “only for your minister”" in text
    turkish = print_report(report, "tr")
    assert "yerine getirilmemiş, b, lead-time zone" in turkish
    assert "“only for your minister” [İng.]" in turkish
