"""Alerts over random sequences of findings, against an oracle that keeps the whole history."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.alert import Alert, AlertState, advance
from crosstell.core.detection.decision import NotTested, NotTestedBecause, decide, key_of
from crosstell.core.detection.finding import Assessed, Finding
from crosstell.core.detection.m_of_n import AlertTerms, severity_of
from crosstell.core.ids import EntryRef, FeedId, NoticeId, PartyId, RuleId, TrackId
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.protocol.times import Horizons
from crosstell.core.table import Stamp

START = datetime(2023, 10, 5, 4, 0, tzinfo=UTC)
STAMP = Stamp(ref=EntryRef(feed=FeedId("journal"), seq=0, hash="0" * 64), at=START)
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


def of_rank(rank: int) -> Finding:
    ahead_s = AHEAD_S[rank]
    if ahead_s is None:
        return CLEAR
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

    def take(self, now_s: float, rank: int) -> None:
        self.history.append((now_s, rank))
        if self.level == 0:
            self._maybe_raise(now_s, rank)
        elif rank >= self.level:
            self.level = rank
        else:
            self._maybe_lower(now_s)

    def _maybe_raise(self, now_s: float, rank: int) -> None:
        window = self.history[len(self.history) - self.terms.hits_window :]
        if len(self.history) < self.terms.hits_window:
            window = self.history
        if rank == 0 or len([1 for _, one in window if one > 0]) < self.terms.hits_needed:
            return
        self.level = rank
        back = self.cleared_s is not None and now_s - self.cleared_s <= self.terms.return_within_s
        self.ordinal, self.returns = (
            (self.ordinal, self.returns + 1) if back else (self.ordinal + 1, 0)
        )

    def _maybe_lower(self, now_s: float) -> None:
        terms = self.terms
        last_hit_s = max(when for when, one in self.history if one > 0)
        no_hits = all(one == 0 for _, one in self.history[-terms.clear_after :])
        if no_hits and now_s - last_hit_s >= max(terms.hold_s, terms.clear_after_s):
            self.level, self.cleared_s, self.history = 0, now_s, []
            return
        last_at_level_s = max(when for when, one in self.history if one >= self.level)
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
        return_within_s=float(draw(st.integers(0, 100))),
    )


# Each step: seconds since the one before, and a rank (None: the track is stale).
STEPS = st.lists(
    st.tuples(st.integers(1, 30), st.one_of(st.none(), *([st.integers(0, 3)] * 4))), max_size=40
)
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


def step(alert: Alert | None, rank: int | None, now_s: float, terms_: AlertTerms) -> Alert | None:
    tested = STALE if rank is None else of_rank(rank)
    event = decide(alert, tested, terms_, at=START + timedelta(seconds=now_s))
    if event is None:
        return alert
    after = advance(alert, event, STAMP)
    assert isinstance(after, Alert)
    return after


@given(terms=terms(), steps=STEPS)
@example(terms=NO_WAIT, steps=[(1, 3), (1, 0), (1, 3), (1, 0), (1, 2), (1, 1)])
@example(terms=replace(NO_WAIT, fall_after=2), steps=[(1, 3), (1, 3), (1, 2), (1, 1), (1, 1)])
def test_level_ordinal_and_returns_are_the_oracles(
    terms: AlertTerms, steps: list[tuple[int, int | None]]
) -> None:
    """ALR-004 to ALR-007, ALR-010 to ALR-012, ALR-014: unrecorded findings change nothing."""
    alert, oracle, now_s = None, Oracle(terms=terms), 0.0
    for wait_s, rank in steps:
        now_s += wait_s
        alert = step(alert, rank, now_s, terms)
        if rank is not None:
            oracle.take(now_s, rank)
        assert level_of(alert) == oracle.level
        if oracle.ordinal:
            assert alert is not None
            assert alert.shown is not None
            assert (alert.shown.ordinal, alert.shown.returns) == (oracle.ordinal, oracle.returns)
        if alert is not None and level_of(alert):
            assert (alert.state is AlertState.LAST_KNOWN) == (rank is None)


@given(terms=terms(), steps=STEPS)
def test_a_level_never_falls_without_the_stated_condition(
    terms: AlertTerms, steps: list[tuple[int, int | None]]
) -> None:
    """ALR-006, ALR-007: judged on the raw sequence, apart from oracle and code."""
    alert, now_s = None, 0.0
    made: list[tuple[float, int]] = []
    for wait_s, rank in steps:
        now_s += wait_s
        before, alert = level_of(alert), step(alert, rank, now_s, terms)
        if rank is None:
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
