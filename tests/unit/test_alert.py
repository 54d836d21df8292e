"""Alerts: shown, last known, cleared, acknowledged, returned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from alert_values import (
    AHEAD_S,
    AT_POST,
    KEY,
    POST,
    TERMS,
    acknowledged,
    doubted,
    finding,
    fold,
    run,
    seen_by_a_person,
    shown,
)
from picture_values import at, by_node, speaker, stamp

from crosstell.core.detection.about import TrackOnActivity
from crosstell.core.detection.alert import (
    Alert,
    AlertAcknowledged,
    AlertChanged,
    AlertCleared,
    AlertEvent,
    AlertHeld,
    AlertKey,
    AlertLastKnown,
    AlertRaised,
    AlertWatched,
    Attention,
    ClearedBecause,
    advance,
)
from crosstell.core.detection.alert_table import ALERT_TABLE, AlertState, AlertStep
from crosstell.core.detection.decision import (
    NotTested,
    NotTestedBecause,
    alert_id,
    conflict_id,
    decide,
    key_of,
)
from crosstell.core.detection.finding import Reason
from crosstell.core.detection.m_of_n import Severity
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import NoticeId, PartyId, RuleId, TrackId
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.table import Verdict


def test_every_decision_carries_its_finding() -> None:
    """ALR-010."""
    first = decide(None, finding(200.0), TERMS, at=at(0))
    assert isinstance(first, AlertWatched)
    assert first.finding == finding(200.0)
    raised = decide(fold(None, first), finding(100.0), TERMS, at=at(10))
    assert isinstance(raised, AlertRaised)
    assert (raised.finding, raised.severity) == (finding(100.0), Severity.URGENT)
    held = decide(run("aa"), finding(100.0, version=2), TERMS, at=at(20))
    assert isinstance(held, AlertChanged)
    assert held.finding.versions == (2,)


@pytest.mark.parametrize("letters", ["", "---", "a--"])
def test_a_finding_that_changes_nothing_is_not_recorded(letters: str) -> None:
    """ALR-011."""
    assert decide(run(letters), finding(None), TERMS, at=at(99)) is None


def test_stale_is_one_last_known_item_and_a_finding_brings_it_back() -> None:
    """ALR-012."""
    alert = run("ccsss")
    assert alert is not None
    assert alert.state is AlertState.LAST_KNOWN
    assert shown(alert).level == "critical"
    assert (
        decide(alert, NotTested(key=KEY, because=NotTestedBecause.TRACK_STALE), TERMS, at=at(60))
        is None
    )
    back = run("-", alert=alert, start_s=900)
    assert back is not None
    assert (back.state, shown(back).level) == (AlertState.SHOWN, "critical")
    assert run("as") == run("a")


@pytest.mark.parametrize("letters", ["ccx", "ccxxx", "ccAx", "ccxUA"])
def test_the_loss_of_trust_alone_lowers_and_clears_nothing(letters: str) -> None:
    """ALR-030, ALR-031: and the alert goes on resting on the last finding that counted."""
    alert = run(letters)
    assert alert is not None
    assert (alert.state, shown(alert).level) == (AlertState.SHOWN, "critical")
    assert shown(alert).finding == finding(0.0)
    assert shown(alert).finding_at == at(10)
    assert shown(alert).doubted_since == at(20)


def test_a_finding_that_is_not_trusted_may_raise_a_level_within_its_cap() -> None:
    """ALR-030: as any other that cannot be ruled out."""
    assert shown(run("aaU")).level == "urgent"
    assert shown(run("aaU")).doubted_since is None
    assert shown(run("AA")).level == "advisory"
    assert shown(run("aaA")).finding_at == at(20)


def test_trusted_findings_move_it_again() -> None:
    """ALR-031: three clear ones 30 s after the last hit, of which the doubted ones were no part."""
    waiting, cleared = run("ccxx--"), run("ccxx---")
    assert waiting is not None
    assert cleared is not None
    assert waiting.state is AlertState.SHOWN
    assert shown(waiting).doubted_since is None
    assert cleared.state is AlertState.CLEARED
    assert shown(run("ccxaa")).level == "advisory"
    assert shown(run("ccxa")).level == "critical"


def test_a_doubted_hit_counts_for_the_waits() -> None:
    """ALR-030: the clear time of 30 s runs from 40 s on, where an advisory was not ruled out."""
    patient = replace(TERMS, clear_after=1)
    alert = run("ccxxA--", terms=patient)
    assert alert is not None
    assert alert.state is AlertState.SHOWN
    assert (gone := run("ccxxA---", terms=patient)) is not None
    assert gone.state is AlertState.CLEARED


def test_a_doubted_miss_takes_no_hit_out_of_the_window() -> None:
    """ALR-030: nor is it recorded; a trusted miss does."""
    assert run("axxxx") == run("a")
    assert shown(run("axxxxa")).level == "advisory"
    forgotten = run("a---a")
    assert forgotten is not None
    assert forgotten.shown is None


def test_doubted_for_long_it_is_one_last_known_item_and_the_record_says_why() -> None:
    """ALR-032: after 30 s, the clear time; what follows is not recorded until something counts."""
    doubted_for_long = run("ccxxxx")
    assert doubted_for_long is not None
    assert doubted_for_long.state is AlertState.LAST_KNOWN
    assert shown(doubted_for_long).level == "critical"
    lost = decide(run("ccxxx"), doubted(None), TERMS, at=at(50))
    assert isinstance(lost, AlertLastKnown)
    assert lost.because is Reason.NOT_TRUSTWORTHY
    for later_s in (60, 9_000):
        assert decide(doubted_for_long, doubted(None), TERMS, at=at(later_s)) is None
    stale = NotTested(key=KEY, because=NotTestedBecause.TRACK_STALE)
    assert decide(doubted_for_long, stale, TERMS, at=at(9_000)) is None
    back = run("-", alert=doubted_for_long, start_s=9_000)
    assert back is not None
    assert (back.state, shown(back).level) == (AlertState.SHOWN, "critical")
    assert shown(back).doubted_since is None
    ended = NotTested(key=KEY, because=NotTestedBecause.TRACK_ENDED)
    assert isinstance(decide(doubted_for_long, ended, TERMS, at=at(9_000)), AlertCleared)


@pytest.mark.parametrize(("lost", "back"), [("xxxx", "c"), ("xxxx", "-c"), ("xxxxA", "--a")])
def test_doubted_for_long_and_found_again_it_returns_and_rings(lost: str, back: str) -> None:
    """ALR-034: it was acknowledged of another time; a miss on the way changes nothing."""
    seen = run(lost, alert=seen_by_a_person(run("cc")), start_s=20)
    assert seen is not None
    assert seen.state is AlertState.LAST_KNOWN
    for letter in back[:-1]:
        seen = run(letter, alert=seen, start_s=3_600)
        assert seen is not None
        assert seen.attention is Attention.ACKNOWLEDGED
    again = decide(seen, finding(AHEAD_S[back[-1]]), TERMS, at=at(3_700))
    assert isinstance(again, AlertChanged)
    after = fold(seen, again)
    assert after is not None
    assert (after.attention, shown(after).returns) == (Attention.RINGING, 1)
    assert shown(after).level_since == at(3_700)
    assert shown(run("c", alert=after, start_s=3_710)).returns == 1


@pytest.mark.parametrize(("stale_s", "rings"), [(299, False), (300, True)])
def test_a_stale_flicker_is_shown_again_and_only_a_long_one_rings(
    stale_s: float, rings: bool
) -> None:
    """ALR-034, ALR-012: at the advisory horizon of 300 s, and not before."""
    stale = run("s", alert=seen_by_a_person(run("cc")), start_s=20)
    again = decide(stale, finding(0.0), TERMS, at=at(20 + stale_s))
    assert isinstance(again, AlertChanged)
    after = fold(stale, again)
    assert after is not None
    assert (after.attention is Attention.RINGING) == rings
    assert shown(after).returns == rings


def test_the_waits_begin_with_what_is_found_after_it_was_last_known() -> None:
    """ALR-030: what was doubted and not recorded may have reached the level to the last."""
    lost = run("ccxxxxAAAA")
    assert (waiting := run("---", alert=lost, start_s=100)) is not None
    assert (gone := run("----", alert=lost, start_s=100)) is not None
    assert (waiting.state, gone.state) == (AlertState.SHOWN, AlertState.CLEARED)


def test_a_stale_track_that_is_back_and_not_trusted_is_shown_first() -> None:
    """ALR-012, ALR-032: stale and doubted are told apart, and each ends in one item."""
    back = run("ccsx")
    assert back is not None
    assert (back.state, shown(back).doubted_since) == (AlertState.SHOWN, at(30))
    doubted_then_stale = run("ccxs")
    assert doubted_then_stale is not None
    assert doubted_then_stale.state is AlertState.LAST_KNOWN
    assert run("x", alert=doubted_then_stale, start_s=40) == doubted_then_stale


@pytest.mark.parametrize("letters", ["aa", "aas"])
@pytest.mark.parametrize(
    "because", [one for one in NotTestedBecause if one is not NotTestedBecause.TRACK_STALE]
)
def test_what_is_no_longer_tested_clears_at_once(letters: str, because: NotTestedBecause) -> None:
    """ALR-013."""
    gone = NotTested(key=KEY, because=because)
    cleared = decide(run(letters), gone, TERMS, at=at(30))
    assert isinstance(cleared, AlertCleared)
    assert cleared.because == ClearedBecause(because.value)
    assert decide(run("a"), gone, TERMS, at=at(30)) is None
    assert decide(None, gone, TERMS, at=at(30)) is None


@pytest.mark.parametrize(
    ("gap_s", "same"), [(590.0, True), (590.001, False)], ids=["in-time", "too-late"]
)
def test_stood_down_and_back_in_time_is_one_alert(gap_s: float, same: bool) -> None:
    """ALR-014: cleared at 40 s, raised again by the second finding of the return."""
    first = run("aa---")
    again = run("uu", alert=first, start_s=40 + gap_s)
    assert (shown(again).alert == shown(first).alert) == same
    assert (shown(again).ordinal, shown(again).returns) == ((1, 1) if same else (2, 0))
    assert again is not None
    assert again.attention is Attention.RINGING


def test_returns_are_counted() -> None:
    """ALR-014."""
    assert shown(run("aa---aa---aa")).returns == 2


def test_acknowledged_stops_the_ringing_and_nothing_else() -> None:
    """ALR-015."""
    alert = run("aa")
    assert alert is not None
    after = seen_by_a_person(alert)
    steps = [mark.step for mark in shown(after).trail]
    assert steps == [*(mark.step for mark in shown(alert).trail), AlertStep.ACKNOWLEDGE]
    as_before = replace(after, shown=alert.shown)
    seen = replace(alert, attention=Attention.ACKNOWLEDGED, acknowledged=AlertLevel.ADVISORY)
    assert as_before == seen
    assert isinstance(acknowledged(after), Duplicate)


def test_an_alert_that_rose_meanwhile_is_not_acknowledged() -> None:
    """ALR-015."""
    answer = acknowledged(run("aac"), AlertLevel.ADVISORY)
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.WRONG_STATE
    assert "is critical now, not advisory" in answer.text


def test_a_node_acknowledges_nothing_and_only_what_stands_is_acknowledged() -> None:
    """ALR-015."""
    alert = run("aa")
    act = AlertAcknowledged(alert=shown(alert).alert, level=AlertLevel.ADVISORY)
    for answer in (
        advance(alert, act, by_node(9)),
        advance(alert, replace(act, alert=alert_id(KEY, 7)), stamp(9, by=speaker())),
        advance(run("a"), act, stamp(9)),
        advance(None, act, stamp(9)),
    ):
        assert isinstance(answer, Refused)


@pytest.mark.parametrize(
    ("letters", "attention"),
    [
        ("a", Attention.ACKNOWLEDGED),
        ("c", Attention.RINGING),
        ("s", Attention.ACKNOWLEDGED),
        ("---", Attention.ACKNOWLEDGED),
        ("---aa", Attention.RINGING),
    ],
)
def test_a_rise_and_a_return_ring_again(letters: str, attention: Attention) -> None:
    """ALR-016."""
    alert = run(letters, alert=seen_by_a_person(run("aa")), start_s=20)
    assert alert is not None
    assert alert.attention is attention


def test_silence_is_not_acknowledgement() -> None:
    """ALR-016."""
    alert = run("aa---")
    assert alert is not None
    assert alert.attention is Attention.UNACKNOWLEDGED
    assert seen_by_a_person(alert).state is AlertState.CLEARED


def test_ids_follow_from_key_and_ordinal() -> None:
    """ALR-020."""
    assert alert_id(KEY, 1) == alert_id(replace(KEY), 1) == shown(run("aa")).alert
    others = [
        replace(KEY, rule=RuleId("roz")),
        replace(KEY, reading=PartyId("red")),
        replace(KEY, about=replace(AT_POST, track=TrackId("uav-2"))),
        replace(KEY, about=replace(AT_POST, notice=replace(POST, notice=NoticeId("post-2")))),
        replace(KEY, about=replace(AT_POST, notice=replace(POST, party=PartyId("red")))),
        replace(KEY, about=TrackOnActivity(track=AT_POST.track, notice=POST)),
    ]
    assert len({alert_id(KEY, 1), alert_id(KEY, 2), *(alert_id(key, 1) for key in others)}) == 8


def test_a_conflict_between_notices_has_one_id_for_both_sides() -> None:
    """ALR-021."""
    ours = (PartyId("blue"), NoticeId("n1"), 1)
    theirs = (PartyId("red"), NoticeId("n1"), 3)

    def made(digest: str, *notices: tuple[PartyId, NoticeId, int]) -> str:
        return conflict_id(rule=RuleId("r"), protocol_digest=digest, notices=notices)

    assert made("d1", ours, theirs) == made("d1", theirs, ours)
    newer = (PartyId("red"), NoticeId("n1"), 4)
    assert len({made("d1", ours, theirs), made("d2", ours, theirs), made("d1", ours, newer)}) == 3
    with pytest.raises(ValueError, match="at least two"):
        made("d1", ours)


def _events(alert: Alert | None, when: datetime) -> list[AlertEvent]:
    name = alert.shown.alert if alert is not None and alert.shown is not None else alert_id(KEY, 1)
    hit, none = Severity.ADVISORY, finding(200.0)
    return [
        AlertWatched(key=KEY, severity=hit, finding=none, at=when),
        AlertRaised(
            key=KEY, alert=name, ordinal=1, returns=0, level=AlertLevel.ADVISORY,
            severity=hit, finding=none, at=when,
        ),
        AlertHeld(key=KEY, alert=name, severity=hit, finding=none, at=when),
        AlertChanged(
            key=KEY, alert=name, level=AlertLevel.URGENT, severity=Severity.URGENT,
            finding=none, at=when,
        ),
        AlertLastKnown(key=KEY, alert=name, at=when),
        AlertCleared(key=KEY, alert=name, because=ClearedBecause.TRACK_ENDED, at=when),
        AlertAcknowledged(alert=name, level=AlertLevel.ADVISORY),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "refused"),
    [
        (lambda: None, {"hold", "change", "lose", "clear", "acknowledge"}),
        (lambda: run("a"), {"hold", "change", "lose", "clear", "acknowledge"}),
        (lambda: run("aa"), {"watch", "raise"}),
        (lambda: run("aas"), {"watch", "raise"}),
        (lambda: run("aa---"), {"hold", "change", "lose"}),
    ],
    ids=["none", "watched", "shown", "last-known", "cleared"],
)
def test_refused_pairs_by_name(make: Callable[[], Alert | None], refused: set[str]) -> None:
    """ALR-010: the table and what `advance` does agree, pair by pair."""
    alert = make()
    state = alert.state if alert is not None else AlertState.NONE
    in_table = {
        str(e) for (s, e), v in ALERT_TABLE.rows.items() if (s, v) == (state, Verdict.REFUSED)
    }
    assert in_table == refused
    answers = [advance(alert, event, stamp(70)) for event in _events(alert, at(70))]
    assert sum(isinstance(answer, Refused) for answer in answers) == len(refused)


def test_a_key_is_an_alerts_whole_subject() -> None:
    """ALR-020."""
    assert key_of(finding(1.0, version=2)) == AlertKey(
        rule=RuleId("standoff"),
        reading=None,
        about=AT_POST,
    )
