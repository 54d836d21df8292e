"""Alerts over random sequences of findings, against an oracle that keeps the whole history."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from hypothesis import example, given
from hypothesis import strategies as st

from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.alert import Alert, AlertAcknowledged, Attention, advance
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.decision import NotTested, NotTestedBecause, decide, key_of
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.detection.m_of_n import AlertTerms, severity_of
from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId, RoleId, RuleId, TrackId
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.protocol.times import CriticalRaises, Horizons
from crosstell.core.table import Stamp

START = datetime(2023, 10, 5, 4, 0, tzinfo=UTC)
STAMP = Stamp(ref=EntryRef(feed=FeedId("journal"), seq=0, hash="0" * 64), at=START)
WATCH = Speaker(party=PartyId("blue"), role=RoleId("watch"), watch="w1")
HORIZONS = Horizons(advisory_s=300.0, urgent_s=120.0, critical_s=30.0)
AHEAD_S = (None, 200.0, 100.0, 0.0)  # by rank: none, advisory, urgent, critical
RANKS = {"none": 0, "advisory": 1, "urgent": 2, "critical": 3}
CLEAR = Finding(
    rule=RuleId("standoff"),
    reading=None,
    about=TrackAtNotice(
        track=TrackId("t"), notice=NoticeOf(party=PartyId("blue"), notice=NoticeId("n"))
    ),
    versions=(1,),
    assessed=Assessed.CLEAR,
    reasons=(),
    infringement_in_s=300.0,
    nominal_in_s=None,
    distance_m=0.0,
    margin_m=0.0,
)
STALE = NotTested(key=key_of(CLEAR), because=NotTestedBecause.TRACK_STALE)


class Kind(Enum):
    """On what a finding rests."""

    REPORTED = "reported"
    POSSIBLE = "possible"  # it only cannot be ruled out
    DOUBTED = "doubted"  # nor are the positions trustworthy


def of_rank(rank: int, kind: Kind = Kind.REPORTED) -> Finding:
    ahead_s = AHEAD_S[rank]
    reasons = (Reason.NOT_TRUSTWORTHY,) if kind is Kind.DOUBTED else (Reason.POSITION_ACCURACY,)
    if ahead_s is None:
        return replace(CLEAR, reasons=reasons if kind is Kind.DOUBTED else ())
    if kind is not Kind.REPORTED:
        assessed = Assessed.CANNOT_BE_RULED_OUT
        return replace(CLEAR, assessed=assessed, reasons=reasons, infringement_in_s=ahead_s)
    return replace(
        CLEAR,
        assessed=Assessed.INFRINGES,
        infringement_in_s=ahead_s,
        nominal_in_s=ahead_s,
    )


@dataclass
class Oracle:
    """The same rules, written from the specification over the whole history since clearing."""

    terms: AlertTerms
    level: int = 0  # 0: not shown
    returns: int = 0
    ordinal: int = 0
    cleared_s: float | None = None
    history: list[tuple[float, int]] = field(default_factory=list)
    reached: list[tuple[float, int]] = field(default_factory=list)  # history, and what is doubted
    doubted_s: float | None = None
    is_last_known: bool = False
    lost_s: float | None = None  # since when it was last known, and no hit counted
    is_lost_by_doubt: bool = False
    rings: bool = False
    seen: int = 0  # the highest level that a person acknowledged since it was raised or returned

    def see(self) -> None:
        self.seen, self.rings = max(self.seen, self.level), False

    def lose(self, now_s: float) -> None:
        self.rings = self.rings and self.level > 0
        if self.level:
            self._is_lost(now_s)

    def _is_lost(self, now_s: float, *, by_doubt: bool = False) -> None:
        if not self.is_last_known:
            self.is_lost_by_doubt = by_doubt
        self.is_last_known = True
        if self.lost_s is None:
            self.lost_s = now_s if self.doubted_s is None else self.doubted_s

    def take(self, now_s: float, rank: int, kind: Kind = Kind.REPORTED) -> None:
        if kind is Kind.DOUBTED and rank < max(1, self.level):
            self._doubt(now_s, rank)
            return
        if self.is_last_known and self.doubted_s is not None:  # what came since is not recorded
            self.reached.append((now_s, self.level))
        self.doubted_s, self.is_last_known = None, False
        self.reached.append((now_s, rank))
        before = self.level
        self._count(now_s, rank, kind)
        if before == 0:
            self.seen = 0
        is_new = self.level > self.seen or self.level == RANKS["critical"] > before
        self.rings = self.level > 0 and (self.rings or is_new)
        if rank and self.lost_s is not None:
            waits = (self.terms.hold_s, self.terms.clear_after_s, HORIZONS.advisory_s)
            if before and (self.is_lost_by_doubt or now_s - self.lost_s >= max(waits)):
                self.returns, self.rings, self.seen = self.returns + 1, True, 0
            self.lost_s = None
        if self.level == 0:
            self.lost_s = None

    def _count(self, now_s: float, rank: int, kind: Kind) -> None:
        self.history.append((now_s, rank))
        if self.level == 0:
            self._maybe_raise(now_s, rank, kind)
        elif rank >= self.level:
            self.level = rank
        else:
            self._maybe_lower(now_s)

    def _doubt(self, now_s: float, rank: int) -> None:
        if not self.level:
            return
        if not (self.is_last_known and self.doubted_s is not None):
            wait_s = max(self.terms.hold_s, self.terms.clear_after_s)
            self.is_last_known = self.doubted_s is not None and now_s - self.doubted_s >= wait_s
            if self.is_last_known:
                self.is_lost_by_doubt = True
                self._is_lost(now_s)
            else:
                self.reached.append((now_s, rank))
        self.doubted_s = now_s if self.doubted_s is None else self.doubted_s

    def _maybe_raise(self, now_s: float, rank: int, kind: Kind) -> None:
        window = self.history[len(self.history) - self.terms.hits_window :]
        if len(self.history) < self.terms.hits_window:
            window = self.history
        at_once = self.terms.critical_raises is CriticalRaises.AT_ONCE
        at_once = at_once and rank == 3 and kind is Kind.REPORTED
        hits = len([1 for _, one in window if one > 0])
        if rank == 0 or (hits < self.terms.hits_needed and not at_once):
            return
        self.level = rank
        back = self.cleared_s is not None and now_s - self.cleared_s <= self.terms.return_within_s
        self.ordinal, self.returns = (
            (self.ordinal, self.returns + 1) if back else (self.ordinal + 1, 0)
        )

    def _maybe_lower(self, now_s: float) -> None:
        terms = self.terms
        last_hit_s = max(when for when, one in self.reached if one > 0)
        no_hits = all(one == 0 for _, one in self.history[-terms.clear_after :])
        if no_hits and now_s - last_hit_s >= max(terms.hold_s, terms.clear_after_s):
            self.level, self.cleared_s, self.history, self.reached = 0, now_s, [], []
            return
        last_at_level_s = max(when for when, one in self.reached if one >= self.level)
        lately = [one for _, one in self.history[-terms.fall_after :]]
        if max(lately) < self.level and now_s - last_at_level_s >= terms.hold_s:
            self.level = max(1, *lately) if len(lately) > 1 else max(1, lately[0])


@st.composite
def terms(draw: st.DrawFn) -> AlertTerms:
    window = draw(st.integers(1, 6))
    return AlertTerms(
        hits_needed=draw(st.integers(1, window)),
        hits_window=window,
        hold_s=float(draw(st.integers(0, 40))),
        clear_after_s=float(draw(st.integers(0, 60))),
        horizons=HORIZONS,
        level_max=AlertLevel.CRITICAL,
        unknown_level_max=AlertLevel.CRITICAL,
        fall_after=draw(st.integers(1, 4)),
        clear_after=draw(st.integers(1, 5)),
        critical_raises=draw(st.sampled_from(CriticalRaises)),
        return_within_s=float(draw(st.integers(0, 100))),
    )


# Each step: seconds since the one before, a rank (None: the track is stale), and on what it rests.
RANKED = st.one_of(st.none(), *([st.integers(0, 3)] * 4))
STEPS = st.lists(st.tuples(st.integers(1, 30), RANKED, st.sampled_from(Kind)), max_size=40)
Steps = list[tuple[int, int | None, Kind]]
REAL = Kind.REPORTED
NO_WAIT = AlertTerms(
    hits_needed=2,
    hits_window=3,
    hold_s=0.0,
    clear_after_s=0.0,
    horizons=HORIZONS,
    level_max=AlertLevel.CRITICAL,
    unknown_level_max=None,
    fall_after=1,
    clear_after=1,
    return_within_s=0.0,
)


def level_of(alert: Alert | None) -> int:
    if alert is None or alert.shown is None or alert.state is AlertState.CLEARED:
        return 0
    return RANKS[alert.shown.level]


def acknowledged(alert: Alert | None) -> Alert | None:
    if alert is None or alert.shown is None or alert.attention is not Attention.RINGING:
        return alert
    act = AlertAcknowledged(alert=alert.shown.alert, level=alert.shown.level)
    after = advance(alert, act, replace(STAMP, by=WATCH))
    assert isinstance(after, Alert)
    return after


def step(
    alert: Alert | None, rank: int | None, now_s: float, terms_: AlertTerms, kind: Kind = REAL
) -> Alert | None:
    tested = STALE if rank is None else of_rank(rank, kind)
    event = decide(alert, tested, terms_, at=START + timedelta(seconds=now_s))
    if event is None:
        return alert
    after = advance(alert, event, STAMP)
    assert isinstance(after, Alert)
    return after


@given(terms=terms(), steps=STEPS)
@example(terms=NO_WAIT, steps=[(1, rank, REAL) for rank in (3, 0, 3, 0, 2, 1)])
@example(terms=replace(NO_WAIT, fall_after=2), steps=[(1, rank, REAL) for rank in (3, 3, 2, 1, 1)])
@example(
    terms=replace(NO_WAIT, clear_after_s=20.0),
    steps=[(1, 3, REAL), *[(9, 0, Kind.DOUBTED)] * 5, (1, 0, REAL)],
)
def test_level_ordinal_and_returns_are_the_oracles(terms: AlertTerms, steps: Steps) -> None:
    """ALR-004 to ALR-008, ALR-010 to ALR-012, ALR-014, ALR-030 to ALR-032, ALR-450, ALR-580.

    Unrecorded findings change nothing.
    """
    alert, oracle, now_s = None, Oracle(terms=terms), 0.0
    for wait_s, rank, kind in steps:
        now_s += wait_s
        alert = step(alert, rank, now_s, terms, kind)
        if rank is None:
            oracle.lose(now_s)
        else:
            oracle.take(now_s, rank, kind)
        assert level_of(alert) == oracle.level
        assert (alert is not None and alert.attention is Attention.RINGING) == oracle.rings
        if (oracle.ordinal + wait_s) % 3 == 0:  # a person sees it, now and then
            alert = acknowledged(alert)
            oracle.see()
        if oracle.ordinal:
            assert alert is not None
            assert alert.shown is not None
            assert (alert.shown.ordinal, alert.shown.returns) == (oracle.ordinal, oracle.returns)
        if alert is not None and level_of(alert):
            assert (alert.state is AlertState.LAST_KNOWN) == oracle.is_last_known


@given(terms=terms(), steps=STEPS)
def test_a_level_never_falls_without_the_stated_condition(terms: AlertTerms, steps: Steps) -> None:
    """ALR-006, ALR-007, ALR-031: judged on the raw sequence, apart from oracle and code."""
    alert, now_s = None, 0.0
    made: list[tuple[float, int]] = []
    for wait_s, rank, kind in steps:
        now_s += wait_s
        before, alert = level_of(alert), step(alert, rank, now_s, terms, kind)
        if rank is None or (kind is Kind.DOUBTED and rank < max(1, before)):
            assert level_of(alert) == before
            continue
        made.append((now_s, rank))
        if level_of(alert) >= before:
            continue
        count = terms.clear_after if level_of(alert) == 0 else terms.fall_after
        limit = 1 if level_of(alert) == 0 else before
        assert all(one < limit for _, one in made[-count:])
        assert now_s - max(when for when, one in made if one >= limit) >= terms.hold_s


@given(
    assessed=st.sampled_from([Assessed.INFRINGES, Assessed.CANNOT_BE_RULED_OUT]),
    earliest_s=st.floats(0, 400),
    later_s=st.one_of(st.none(), st.floats(0, 400)),
    cap=st.one_of(st.none(), st.sampled_from(AlertLevel)),
    level_max=st.sampled_from(AlertLevel),
)
def test_severity_is_the_specifications(
    assessed: Assessed,
    earliest_s: float,
    later_s: float | None,
    cap: AlertLevel | None,
    level_max: AlertLevel,
) -> None:
    """ALR-001 to ALR-003, written as a sum over the horizons."""
    nominal_s = None if later_s is None else earliest_s + later_s
    finding = replace(
        CLEAR, assessed=assessed, infringement_in_s=earliest_s, nominal_in_s=nominal_s
    )
    terms_ = replace(NO_WAIT, level_max=level_max, unknown_level_max=cap)

    def plain(ahead_s: float | None, most: AlertLevel | None) -> int:
        if ahead_s is None or most is None:
            return 0
        reached = sum(ahead_s <= limit for limit in (300.0, 120.0, 30.0))
        return min(reached, RANKS[most])

    earliest_s, nominal_s = finding.infringement_in_s, finding.nominal_in_s
    if assessed is Assessed.INFRINGES and nominal_s is None:
        nominal_s = earliest_s
    expected = max(plain(nominal_s, level_max), plain(earliest_s, cap))
    assert RANKS[severity_of(finding, terms_)] == expected
