"""From findings to a level: horizons, caps, M of N, and when a level may fall."""

from dataclasses import replace
from itertools import product

import pytest
from alert_values import TERMS, doubted, doubtful, finding, fold, run, seen_by_a_person, shown
from picture_values import at
from sampling import thinned

from crosstell.core.detection.alert import Alert, AlertWatched, Attention
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.decision import decide
from crosstell.core.detection.finding import Finding
from crosstell.core.detection.m_of_n import Severity, severity_of, terms_of
from crosstell.core.ids import RuleId
from crosstell.core.protocol.rule import AlertLevel, Certainty, OnUnknown, ZoneEntry
from crosstell.core.protocol.times import AlertPolicy, Assumed, CriticalRaises


@pytest.mark.parametrize(
    ("ahead_s", "severity"),
    [
        (0.0, Severity.CRITICAL),
        (30.0, Severity.CRITICAL),
        (30.001, Severity.URGENT),
        (120.0, Severity.URGENT),
        (120.001, Severity.ADVISORY),
        (300.0, Severity.ADVISORY),
        (300.001, Severity.NONE),
        (None, Severity.NONE),
    ],
)
def test_level_by_time_to_infringement(ahead_s: float | None, severity: Severity) -> None:
    """ALR-001."""
    assert severity_of(finding(ahead_s), TERMS) is severity


@pytest.mark.parametrize(
    ("earliest_s", "nominal_in_s", "severity"),
    [
        (0.0, None, Severity.URGENT),  # possibly there already: up to the cap
        (200.0, None, Severity.ADVISORY),
        (400.0, None, Severity.NONE),
        (0.0, 10.0, Severity.CRITICAL),  # by the values as reported: in full
        (0.0, 200.0, Severity.URGENT),
    ],
)
def test_what_cannot_be_excluded_counts_up_to_the_cap(
    earliest_s: float, nominal_in_s: float | None, severity: Severity
) -> None:
    """ALR-002."""
    assert severity_of(doubtful(earliest_s, nominal_in_s), TERMS) is severity


def test_unknowns_alert_only_where_the_rule_says_and_no_rule_is_louder_than_its_cap() -> None:
    """ALR-003."""
    rule = ZoneEntry(
        id=RuleId("roz"), text="stay out", source="zone notice", certainty=Certainty.ASSUMED
    )
    policy = AlertPolicy(
        hits_needed=2,
        hits_window=3,
        hold_s=20.0,
        clear_after_s=30.0,
        stale_after_s=60.0,
        horizons=TERMS.horizons,
        assumed=Assumed(
            accuracy_m=100.0, vertical_accuracy_m=100.0, speed_mps=60.0, climb_mps=10.0
        ),
    )
    alerting = terms_of(policy, replace(rule, level_max=AlertLevel.ADVISORY))
    showing = terms_of(policy, replace(rule, on_unknown=OnUnknown.SHOW))
    assert (alerting.hits_needed, alerting.hits_window, alerting.hold_s) == (2, 3, 20.0)
    assert severity_of(doubtful(0.0), alerting) is Severity.ADVISORY
    assert severity_of(finding(0.0), alerting) is Severity.ADVISORY
    assert severity_of(doubtful(0.0), showing) is Severity.NONE
    assert severity_of(finding(0.0), showing) is Severity.CRITICAL


def test_an_infringement_without_nominal_time_counts_from_its_earliest() -> None:
    """ALR-001."""
    assert severity_of(replace(finding(0.0), nominal_in_s=None), TERMS) is Severity.CRITICAL


@pytest.mark.parametrize("longest", thinned((6, 7), every=2))
def test_m_of_n_is_exact_over_every_short_sequence(longest: int) -> None:
    """ALR-004, ALR-011: what is left unrecorded never changes a later count."""
    for needed, window in [(1, 1), (1, 3), (2, 2), (2, 3), (3, 3), (2, 4), (3, 4)]:
        terms = replace(TERMS, hits_needed=needed, hits_window=window)
        for letters in product("-a", repeat=longest):
            for length in range(1, longest + 1):
                said = letters[:length]
                if said[-1] == "a" and said[-window:].count("a") >= needed:
                    break
            else:
                length = 0  # never
            for upto in range(1, longest + 1):
                alert = run("".join(letters[:upto]), terms=terms)
                raised = alert is not None and alert.shown is not None
                assert raised == (0 < length <= upto), (terms, letters, upto)


def test_what_is_critical_as_reported_raises_at_once() -> None:
    """ALR-008: the first observation of a track included; urgent ones are counted."""
    assert shown(run("c")).level == "critical"
    assert run("-----c") is not None
    assert shown(run("-----c")).level == "critical"
    counted = run("u")
    assert counted is not None
    assert counted.state is AlertState.WATCHED
    assert shown(run("c", alert=run("aa---"), start_s=50)).returns == 1


def test_a_protocol_may_have_critical_findings_counted() -> None:
    """ALR-008."""
    terms = replace(TERMS, critical_raises=CriticalRaises.AS_COUNTED)
    waiting = run("c", terms=terms)
    assert waiting is not None
    assert waiting.state is AlertState.WATCHED
    assert shown(run("cc", terms=terms)).level == "critical"


@pytest.mark.parametrize(
    "found",
    [doubtful(0.0), doubtful(0.0, 10.0), doubted(0.0), finding(30.001)],
    ids=["possible", "possible, with a time", "not trustworthy", "urgent"],
)
def test_nothing_else_raises_at_once(found: Finding) -> None:
    """ALR-008: not even where what is unknown may be critical."""
    terms = replace(TERMS, unknown_level_max=AlertLevel.CRITICAL)
    assert isinstance(decide(None, found, terms, at=at(0)), AlertWatched)


def test_a_rule_that_is_never_critical_counts() -> None:
    """ALR-008: its highest level is the parties' word on how it may ring."""
    terms = replace(TERMS, level_max=AlertLevel.URGENT)
    assert isinstance(decide(None, finding(0.0), terms, at=at(0)), AlertWatched)


@pytest.mark.parametrize(
    ("letters", "level"),
    [
        ("aa", "advisory"),
        ("aau", "urgent"),  # rises with one finding
        ("ac", "critical"),
        ("cca", "critical"),  # one lower finding is not enough
        ("ccaa", "advisory"),  # two, and 20 s since the last critical
        ("ccau", "urgent"),  # to the highest of the two
        ("ccua", "urgent"),  # whichever of them comes last
        ("cc--", "advisory"),  # never below advisory while shown
        ("cca-ca", "critical"),
    ],
)
def test_level_rises_at_once_and_falls_slowly(letters: str, level: str) -> None:
    """ALR-005, ALR-006."""
    assert shown(run(letters)).level == level


def test_the_hold_time_holds_a_level_that_enough_findings_would_lower() -> None:
    """ALR-006."""
    patient = replace(TERMS, hold_s=20.001)
    assert shown(run("ccaa", terms=patient)).level == "critical"
    assert shown(run("ccaaa", terms=patient)).level == "advisory"


@pytest.mark.parametrize(
    ("letters", "state"),
    [
        ("aa--", AlertState.SHOWN),
        ("aa---", AlertState.CLEARED),
        ("aa--a--", AlertState.SHOWN),
        ("cc---", AlertState.CLEARED),
    ],
)
def test_clears_after_consecutive_findings_without_a_hit(letters: str, state: AlertState) -> None:
    """ALR-007."""
    alert = run(letters)
    assert alert is not None
    assert alert.state is state


def test_the_clear_time_is_waited_for() -> None:
    """ALR-007."""
    patient = replace(TERMS, clear_after_s=30.001)
    assert (alert := run("aa---", terms=patient)) is not None
    assert alert.state is AlertState.SHOWN
    assert (alert := run("aa----", terms=patient)) is not None
    assert alert.state is AlertState.CLEARED


def test_the_window_begins_anew_when_the_alert_clears() -> None:
    """ALR-004."""
    alert = run("a", alert=run("aa---"), start_s=50)
    assert alert is not None
    assert alert.state is AlertState.CLEARED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hits_needed": 4}, "4 of 3"),
        ({"hits_window": 101}, "2 of 101"),
        ({"fall_after": 0}, "fall_after"),
        ({"clear_after": 101}, "clear_after"),
        ({"hold_s": float("nan")}, "hold_s"),
        ({"return_within_s": -1.0}, "return_within_s"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(TERMS, **change)  # type: ignore[arg-type]


def test_alr_443_what_is_there_already_is_so_since_the_first_finding_that_said_so() -> None:
    """Not since the newest observation; what is ahead is told by the newest finding."""
    alert: Alert | None = None
    told = []
    for seq, (seconds, in_s) in enumerate(
        [(0, 60.0), (10, 50.0), (20, 30.0), (55, 0.0), (60, 0.0), (70, 0.0), (80, 10.0), (90, 0.0)]
    ):
        alert = fold(alert, decide(alert, finding(in_s), TERMS, at=at(seconds)), seq)
        if alert is not None and alert.shown is not None:
            told.append((seconds, alert.shown.infringement_at, alert.shown.nominal_at))
    assert told == [
        (10, at(60), at(60)),
        (20, at(50), at(50)),
        (55, at(55), at(55)),
        (60, at(55), at(55)),
        (70, at(55), at(55)),
        (80, at(90), at(90)),
        (90, at(90), at(90)),
    ]


def test_alr_443_what_cannot_be_ruled_out_already_and_what_is_reported_count_apart() -> None:
    alert: Alert | None = None
    nominal: list[float | None] = [None, None, 20.0, 0.0, 0.0]
    for seq, in_s in enumerate(nominal):
        found = doubtful(0.0, in_s)
        alert = fold(alert, decide(alert, found, TERMS, at=at(10 * seq)), seq)
    assert shown(alert).infringement_at == shown(alert).raised_at
    assert shown(alert).nominal_at == at(30)


def test_a_level_that_was_seen_rings_no_more_within_one_alert() -> None:
    """ALR-450: an unseen rise rings though it fell; a seen level does not; a return does."""
    advisory = run("c", alert=seen_by_a_person(run("aa")), start_s=20)
    assert advisory is not None
    assert advisory.attention is Attention.RINGING
    back = run("aaaa", alert=advisory, start_s=40)
    assert (shown(back).level, back and back.attention) == ("advisory", Attention.RINGING)
    again = run("u", alert=seen_by_a_person(back), start_s=80)
    assert again is not None
    assert again.attention is Attention.RINGING, "above what was seen"
    fallen = run("aaaa", alert=seen_by_a_person(again), start_s=90)
    up = run("u", alert=fallen, start_s=140)
    assert (shown(up).level, up and up.attention) == ("urgent", Attention.ACKNOWLEDGED)
    returned = run("---aa", alert=up, start_s=150)
    assert returned is not None
    assert returned.attention is Attention.RINGING


def test_alr_580_a_rise_to_critical_rings_though_critical_was_acknowledged() -> None:
    seen = seen_by_a_person(run("ccc"))
    assert (shown(seen).level, seen.attention) == ("critical", Attention.ACKNOWLEDGED)
    stays = run("cc", alert=seen, start_s=40)
    assert stays is not None
    assert stays.attention is Attention.ACKNOWLEDGED, "it did not rise"
    fallen = run("aaaa", alert=stays, start_s=60)
    assert (shown(fallen).level, fallen and fallen.attention) == ("advisory", "acknowledged")
    urgent = run("u", alert=fallen, start_s=110)
    assert (shown(urgent).level, urgent and urgent.attention) == ("urgent", "acknowledged")
    again = run("c", alert=urgent, start_s=120)
    assert (shown(again).level, again and again.attention) == ("critical", "ringing")
