"""Findings, terms and runs of findings for the tests of alerts."""

from dataclasses import replace

from picture_values import at, stamp

from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.alert import (
    Alert,
    AlertAcknowledged,
    AlertEvent,
    Shown,
    advance,
)
from crosstell.core.detection.decision import (
    NotTested,
    NotTestedBecause,
    decide,
    key_of,
)
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.detection.m_of_n import AlertTerms
from crosstell.core.ids import NoticeId, PartyId, RuleId, TrackId
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.protocol.times import Horizons

TERMS = AlertTerms(
    hits_needed=2,
    hits_window=3,
    hold_s=20.0,
    clear_after_s=30.0,
    horizons=Horizons(advisory_s=300.0, urgent_s=120.0, critical_s=30.0),
    level_max=AlertLevel.CRITICAL,
    unknown_level_max=AlertLevel.URGENT,
    fall_after=2,
    clear_after=3,
    return_within_s=600.0,
)
POST = NoticeOf(party=PartyId("blue"), notice=NoticeId("post-1"))
AT_POST = TrackAtNotice(track=TrackId("uav-1"), notice=POST)
AHEAD_S = {"-": None, "a": 200.0, "u": 100.0, "c": 0.0}
DOUBTED_S = {"x": None, "A": 200.0, "U": 100.0}


def finding(nominal_in_s: float | None, *, version: int = 1) -> Finding:
    clear = nominal_in_s is None
    return Finding(
        rule=RuleId("standoff"),
        reading=None,
        about=AT_POST,
        versions=(version,),
        assessed=Assessed.CLEAR if clear else Assessed.INFRINGES,
        reasons=(),
        infringement_in_s=300.0 if nominal_in_s is None else nominal_in_s,
        nominal_in_s=nominal_in_s,
        distance_m=1_500.0,
        margin_m=0.0,
    )


def doubtful(earliest_s: float, nominal_in_s: float | None = None) -> Finding:
    return replace(
        finding(None),
        assessed=Assessed.CANNOT_BE_RULED_OUT,
        reasons=(Reason.ALTITUDE_UNKNOWN,),
        infringement_in_s=earliest_s,
        nominal_in_s=nominal_in_s,
    )


def doubted(earliest_s: float | None) -> Finding:
    """Of a track that is not trustworthy: it never infringes, and where it is clear says so too."""
    found = finding(None) if earliest_s is None else doubtful(earliest_s)
    return replace(found, reasons=(Reason.NOT_TRUSTWORTHY,))


KEY = key_of(finding(None))


def fold(alert: Alert | None, event: AlertEvent | None, seq: int = 0) -> Alert | None:
    if event is None:
        return alert
    after = advance(alert, event, stamp(seq))
    assert isinstance(after, Alert), after
    return after


def run(
    letters: str, *, alert: Alert | None = None, start_s: float = 0, terms: AlertTerms = TERMS
) -> Alert | None:
    """One finding every ten seconds: - clear, a advisory, u urgent, c critical, s stale.

    Not trustworthy: x clear, A advisory, U urgent at the earliest.
    """
    for number, letter in enumerate(letters):
        tested: Finding | NotTested
        if letter == "s":
            tested = NotTested(key=KEY, because=NotTestedBecause.TRACK_STALE)
        elif letter in DOUBTED_S:
            tested = doubted(DOUBTED_S[letter])
        else:
            tested = finding(AHEAD_S[letter])
        alert = fold(alert, decide(alert, tested, terms, at=at(start_s + 10 * number)), number)
    return alert


def shown(alert: Alert | None) -> Shown:
    assert alert is not None
    assert alert.shown is not None
    return alert.shown


def acknowledged(alert: Alert | None, level: AlertLevel | None = None) -> object:
    act = AlertAcknowledged(alert=shown(alert).alert, level=level or shown(alert).level)
    return advance(alert, act, stamp(90))


def seen_by_a_person(alert: Alert | None) -> Alert:
    after = acknowledged(alert)
    assert isinstance(after, Alert)
    return after
