"""The protocol document and the parts that must fit.

PRO-001 to PRO-014, PRO-020 to PRO-027, PRO-030 to PRO-036, PRO-040 to PRO-043.
"""

import re
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest

from crosstell.codecs.document import NUMBER
from crosstell.codecs.protocol_file import (
    canonical_bytes,
    digest_of,
    from_canonical,
    parse_protocol,
    read_protocol,
)
from crosstell.codecs.schema import document_schema
from crosstell.codecs.shape import check_recordable, fields_of
from crosstell.codecs.yaml_document import (
    DocumentRefused,
    Listing,
    Mapping,
    Node,
    Scalar,
    read_yaml,
)
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.errors import PartyError
from crosstell.core.ids import PartyId, RoleId, RuleId
from crosstell.core.picture.party import Scope
from crosstell.core.protocol.digest import check_digest, read_aloud
from crosstell.core.protocol.document import OfferedTo, Protocol
from crosstell.core.protocol.fault import Misfit
from crosstell.core.protocol.rule import (
    AlertLevel,
    Certainty,
    Duty,
    KeptFrom,
    Minima,
    OnUnknown,
    Standoff,
    ZoneEntry,
)
from crosstell.core.protocol.times import (
    CallKind,
    CriticalRaises,
    LeadForce,
    NoticeKind,
    Precedence,
)

FILE = Path(__file__).with_name("data") / "test-protocol.yaml"
TEXT = FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return read_protocol(FILE)


def refusal(text: str) -> str:
    with pytest.raises(DocumentRefused) as caught:
        parse_protocol(text.encode(), name="p.yaml")
    return str(caught.value)


def test_the_document_says_who_and_when(protocol: Protocol) -> None:
    """PRO-001, PRO-002, PRO-003."""
    assert (protocol.name, protocol.version, protocol.marking) == (
        "test-alpha-bravo",
        "1.0",
        "TEST ONLY",
    )
    assert protocol.signers == ("alpha", "bravo")
    alpha = protocol.party(PartyId("alpha"))
    assert alpha is not None
    assert [component.id for component in alpha.components] == ["alpha-forces", "alpha-agency"]
    assert alpha.scopes[0].scope == Scope(
        speaks_for=(alpha.components[0].id,), cannot_speak_for=(alpha.components[1].id,)
    )
    role = protocol.role(RoleId("watch-chief"))
    assert role is not None
    assert role.level == 1
    assert protocol.party(PartyId("delta")) is None
    assert protocol.role(RoleId("nobody")) is None


def test_rules_have_figures_source_and_certainty(protocol: Protocol) -> None:
    """PRO-010, PRO-011, PRO-012, PRO-013, PRO-014."""
    standoff = protocol.rule(RuleId("keep-away"))
    assert isinstance(standoff, Standoff)
    assert standoff.minima == Minima(lateral_m=5556.0, vertical_m=914.4)
    assert standoff.kept_from == (KeptFrom.OWN_FORCE_LOCATION,)
    assert (standoff.on_unknown, standoff.level_max) == (OnUnknown.ALERT, AlertLevel.CRITICAL)
    assert standoff.certainty is Certainty.ASSUMED
    zone = protocol.rule(RuleId("zone-entry"))
    assert isinstance(zone, ZoneEntry)
    assert zone.zones == ("ROZ",)
    assert zone.level_max is AlertLevel.URGENT
    duty = protocol.rule(RuleId("restraint"))
    assert isinstance(duty, Duty)
    assert not hasattr(duty, "minima")
    assert protocol.rule(RuleId("other")) is None
    assert [level.rank for level in AlertLevel] == [0, 1, 2]


def test_times_are_looked_up_by_kind_then_by_precedence(protocol: Protocol) -> None:
    """PRO-020, PRO-021, PRO-022, PRO-023, PRO-024, PRO-025."""
    stop = protocol.answer_time(CallKind.STOP, Precedence.IMMEDIATE)
    warn = protocol.answer_time(CallKind.WARN, Precedence.IMMEDIATE)
    assert (stop.answer_s, warn.answer_s) == (30.0, 120.0)
    assert protocol.chain.total_s == 290.0
    assert [name for name, _ in protocol.chain.steps][0::6] == ["answer", "act"]
    assert protocol.alerts.horizons.advisory_s == 900.0
    assert (protocol.alerts.hits_needed, protocol.alerts.hits_window) == (2, 3)
    assert protocol.alerts.assumed.vertical_accuracy_m == 304.8
    assert protocol.line_tests.every_s == 3600.0


STATED = "  hits_needed: 2\n  hits_window: 3\n  hold_s: 30\n  clear_after_s: 60\n"
MEASURED = "  hits_needed: 3\n  hits_window: 5\n  hold_s: 120\n  clear_after_s: 300\n"


def stating(figures: str) -> Protocol:
    assert STATED in TEXT
    return parse_protocol(TEXT.replace(STATED, figures).encode(), name="p.yaml")


def test_figures_that_a_protocol_does_not_state_are_those_that_were_measured() -> None:
    """PRO-027: and they are signed, so that both parties hold the same."""
    silent, counted = stating(""), stating("  critical_raises: as-counted\n")
    alerts = silent.alerts
    assert (alerts.hits_needed, alerts.hits_window) == (3, 5)
    assert (alerts.hold_s, alerts.clear_after_s) == (120.0, 300.0)
    assert alerts.critical_raises is CriticalRaises.AT_ONCE
    assert digest_of(stating(MEASURED)) == digest_of(silent)
    assert b"critical_raises" not in canonical_bytes(silent)
    assert counted.alerts.critical_raises is CriticalRaises.AS_COUNTED
    assert from_canonical(canonical_bytes(counted)) == counted
    assert digest_of(counted) != digest_of(silent)


def test_notices_are_offered_and_led_but_never_held_up(protocol: Protocol) -> None:
    """PRO-006, PRO-007, PRO-026."""
    assert protocol.offered_to(NoticeKind.ZONE) is OfferedTo.ALL_PARTIES
    assert protocol.offered_to(NoticeKind.OWN_FORCE_LOCATION) is OfferedTo.NOBODY
    lead = protocol.lead_time(NoticeKind.ZONE)
    assert lead is not None
    assert (lead.ahead_s, lead.force) == (259_200.0, LeadForce.BINDING)
    assert protocol.lead_time(NoticeKind.NOTIFIED_SITE) is None
    assert protocol.guard_frequencies[0].frequency_khz == 121_500


def test_nothing_in_the_document_can_hold_a_notice_up() -> None:
    """PRO-004. No field of any of its classes speaks of leave, approval or hindrance."""
    check_recordable(Protocol)
    waiting, names = [Protocol], set()
    while waiting:
        for field in fields_of(waiting.pop()):
            names.add(field.name)
            kinds = getattr(getattr(field.shape, "item", field.shape), "kinds", None)
            kind = getattr(getattr(field.shape, "item", field.shape), "kind", None)
            waiting += [k for k in (kinds or [kind]) if k is not None and hasattr(k, "__slots__")]
    assert len(names) > 60
    held = re.compile("permi|approv|block|hind|authori[sz]|consent|veto|wait|require|allow")
    assert [name for name in sorted(names) if held.search(name)] == []


PARTS = [
    ("2024-01-01T00:00:00Z", "2022-01-01T00:00:00Z", "7:1: ends: ends 2022-01-01T00:00:00Z, not"),
    ("Bravo, standing: party", "Bravo, standing: associated", "9:1: parties: fewer than two"),
    ("{id: bravo,", "{id: alpha,", "20:6: parties[1].id: 'alpha' is used twice"),
    ("{id: alpha-agency,", "{id: alpha-forces,", "16:10: parties[0].components[1].id: 'alpha-"),
    ("Charlie aid, standing: notifier", "C, standing: component", "21:29: parties[2]: standing is"),
    ("languages: [tr, en]", "languages: [turkish]", "20:48: parties[1]: languages: 'turkish'"),
    ("role: duty-officer\n", "role: officer\n", "18:9: parties[0].scopes[0].role: there is no"),
    ("[alpha-agency]", "[alpha-x]", "19:64: parties[0].scopes[0].scope.cannot_speak_for[0]: 'alp"),
    ("[alpha-agency]", "[alpha-forces]", "19:16: parties[0].scopes[0].scope: scope: 'alpha-for"),
    ("id: director, title", "id: watch-chief, title", "26:6: roles[2].id: 'watch-chief' is used"),
    ("level: 2", "level: -1", "26:62: roles[2]: level is -1; write 0"),
    ("lowest: {value_m: 0, datum: msl-egm96}", "lowest: {value_m: 0}", "37:13: area.ground.lowest"),
    ("{value_ft: 100, datum: msl-egm96}", "{value_ft: 100, datum: wgs84-ellipsoid}", "37:5: area."),
    ("{value_m: 0, datum", "{value_m: 50, datum", "37:5: area.ground: lowest is higher than"),
    ("datum: msl-egm96}", "datum: above-ground}", "37:5: area.ground: the ground has no fixed"),
    ("id: restraint", "id: keep-away", "56:7: rules[2].id: 'keep-away' is used twice"),
    ("lateral_nm: 3", "lateral_nm: 0", "46:7: rules[0].standoff: minima.lateral_m is 0"),
    ("lateral_nm: 3", "lateral_nm: -3", "46:16: rules[0].standoff.minima: lateral_m is -5556"),
    ("kept_from: [own-force-location]", "kept_from: []", "47:7: rules[0].standoff: kept_from is e"),
    ("source: written for tests\n      certainty: recalled", "source: ''\n      certainty: press",
     "58:7: rules[2].duty: source is empty"),
    ("critical_s: 180", "critical_s: 900", "67:13: alerts.horizons: horizons are critical 900 s"),
    ("hits_needed: 2", "hits_needed: 4", "62:3: alerts: hits_needed 4 of hits_window 3"),
    ("hold_s: 30", "hold_s: -1", "64:3: alerts: hold_s is -1; write a number from 0 to"),
    ("speed_kt: 250", "speed_kt: 99999", "68:58: alerts.assumed: speed_mps is 51443.9"),
    ("flash, receive_s: 15", "flash, receive_s: 90", "71:40: answer_times[0]: answer_s 60 is bef"),
    ("precedence: routine", "precedence: flash", "70:1: answer_times: no row for every call of"),
    ("precedence: routine", "precedence: flash", "75:5: answer_times[4]: 'flash any call' is used"),
    ("stand_by_s_max: 300", "stand_by_s_max: 0", "76:1: stand_by_s_max is 0; write a number fr"),
    ("role: director, after", "role: chief, after", "82:8: escalation.rungs[2].role: there is no"),
    ("after_minutes: 3", "after_minutes: 1", "82:24: escalation.rungs[2].after_s: after_s 60 is"),
    ("{role: director, after", "{role: duty-officer, after", "82:8: escalation.rungs[2].role: r"),
    ("ring_limit: watch-chief", "ring_limit: chief", "83:3: escalation.ring_limit: 'chief' is not"),
    ("every_hours: 1", "every_s: 60", "85:27: line_tests: answer_within_s 60 is not under"),
    ("cap_s: 900", "cap_s: 200", "94:3: chain: cap_s 200 is under the sum of the steps, 290 s"),
    ("neutral: Delta secretariat\n", "", "97:1: evidence: evidence is parties-and-neutral; name"),
    ("evidence: parties-and-neutral", "evidence: not-kept", "98:1: neutral: a neutral is named"),
    ("{notice: zone, ahead", "{notice: activity, ahead", "102:6: lead_times[1].notice: 'activity'"),
    ("frequency_khz: 121500", "frequency_khz: 0", "106:23: guard_frequencies[0]: frequency_khz"),
    ("Test protocol between", "Test \\u202e between", "4:1: title holds the unseen character U+20"),
    ("TEST ONLY", "'  '", "5:1: marking is empty or longer than"),
    ("name: test-alpha-bravo", "name: a b", "2:1: name: 'a b' is not an id"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), PARTS)
def test_parts_that_do_not_fit_are_told_by_line(old: str, new: str, told: str) -> None:
    """PRO-002, PRO-005, PRO-008 to PRO-011, PRO-020 to PRO-025, PRO-030 to PRO-036."""
    assert TEXT.count(old) >= 1
    text = TEXT.replace(old, new, 1)
    if "\\u" in new:
        text = re.sub(r"title: (Test \\u202e.*)", r'title: "\1"', text)
    assert f"p.yaml:{told}" in refusal(text)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    """PRO-030, PRO-035, PRO-036."""
    text = TEXT.replace("ends: 2024", "ends: 2022").replace("ring_limit: watch", "ring_limit: x")
    places = [line.split(" ")[0] for line in refusal(text.replace("neutral: D", "#")).splitlines()]
    assert places == ["p.yaml:7:1:", "p.yaml:83:3:", "p.yaml:97:1:"]


def test_a_self_crossing_area_is_refused() -> None:
    """PRO-008."""
    lines = TEXT.splitlines(keepends=True)
    lines[32], lines[33] = lines[33], lines[32]
    told = refusal("".join(lines))
    assert told.startswith("p.yaml:31:7: area.footprint.polygon: ")
    assert "cross" in told


def test_misfit_keeps_each_fault_apart(protocol: Protocol) -> None:
    """PRO-030. The value refuses itself too, without any file."""
    with pytest.raises(Misfit, match=r"ends: ends 2022") as caught:
        replace(protocol, ends=protocol.starts.replace(year=2022))
    assert [fault.path for fault in caught.value.faults] == [("ends",)]


def test_ground_bounds_state_their_datum(protocol: Protocol) -> None:
    """PRO-008."""
    assert protocol.area.ground.highest == Altitude(value_m=30.48, datum=Datum.MSL_EGM96)


def test_layout_units_and_order_leave_the_digest_alone(protocol: Protocol) -> None:
    """PRO-042."""
    text = TEXT.replace("lateral_nm: 3", "lateral_km: 5.556").replace("hold_s: 30", "hold_s: 30.0")
    head, rest = text.split("parties:\n", maxsplit=1)
    moved = "# moved\nparties:\n" + rest + head
    assert digest_of(parse_protocol(moved.encode(), name="p")) == digest_of(protocol)


@pytest.mark.parametrize(
    ("old", "new"),
    [("hold_s: 30", "hold_s: 30.001"), ("restraint.", "restraint"), ("[en]", "[de]")],
)
def test_any_figure_or_word_changes_the_digest(protocol: Protocol, old: str, new: str) -> None:
    """PRO-042."""
    changed = parse_protocol(TEXT.replace(old, new, 1).encode(), name="p")
    assert digest_of(changed) != digest_of(protocol)


def test_canonical_bytes_give_the_protocol_back(protocol: Protocol) -> None:
    """PRO-043."""
    data = canonical_bytes(protocol)
    assert from_canonical(data) == protocol
    for spoilt in (data + b" ", data.replace(b'"alerts"', b'"alertz"'), b"[]", b"\xff", b"1.0"):
        with pytest.raises(PartyError):
            from_canonical(spoilt)


def test_a_digest_is_read_in_groups_and_given_whole() -> None:
    """PRO-041."""
    check_digest("0123456789abcdef" * 4)
    for short in ("0123", "0123456789ABCDEF" * 4, ""):
        with pytest.raises(ValueError, match="write 64 lower-case hex digits"):
            check_digest(short)


def test_the_digest_is_spoken_in_fours(protocol: Protocol) -> None:
    """PRO-041."""
    lines = read_aloud(digest_of(protocol)).splitlines()
    assert [len(line.split(" ")) for line in lines] == [8, 8]
    assert "".join(lines).replace(" ", "") == digest_of(protocol)


def _as_json(node: Node) -> object:
    match node:
        case Mapping():
            return {key.text: _as_json(value) for key, value in node.entries}
        case Listing():
            return [_as_json(item) for item in node.items]
        case Scalar():
            number = node.plain and NUMBER.fullmatch(node.text)
            return float(node.text) if number else node.text


def test_an_accepted_protocol_validates_against_its_schema() -> None:
    """PRO-001, COD-041."""
    schema = document_schema(Protocol, title="Crosstell protocol")
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.Draft202012Validator(schema).validate(_as_json(read_yaml(FILE).root))
