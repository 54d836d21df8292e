"""From an observation to a decided alert: which pairs are tested, under which readings.

Every declared place is tested under the protocol's own text and under each party's
understanding, in one fixed order. The decision is recorded with its finding; folding never runs
this again. Only track against zone and location is paired here; other pairings join at `_pairs`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.alert import (
    Alert,
    AlertDecision,
    AlertKey,
    AlertState,
    advance,
    shown_alert,
)
from crosstell.core.detection.decision import NotTestedBecause, decide, key_of, not_tested
from crosstell.core.detection.finding import Criterion, Finding
from crosstell.core.detection.m_of_n import RANK, AlertTerms, severity_of, terms_of
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import EntryRef
from crosstell.core.instant import Window, later, seconds_between
from crosstell.core.mechanism.rules import Test, bears, criterion, tests_of
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.notice import NoticeState, NoticeTime, time_of
from crosstell.core.picture.ownership import OwnershipState, OwnTrack, state_for
from crosstell.core.picture.picture import (
    HeldNotice,
    Picture,
    StandingNotice,
    in_force_during,
)
from crosstell.core.picture.scoped import ANY_OTHER
from crosstell.core.picture.track import Observation, ObservationFaulty, Track, TrackState
from crosstell.core.picture.track import advance as advance_track
from crosstell.core.protocol.rule import MeasuredFrom, TracksConcerned
from crosstell.core.state.state import State
from crosstell.core.table import Stamp

POINT_RADIUS_M = 0.001  # a circle of the grain of what is signed: its centre
STALE_GRAIN_S = 0.001  # a track is stale once older than its stale time, not at it


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One test with what it is judged by, made once for all of its pairs."""

    test: Test
    criterion: Criterion
    terms: AlertTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One track against one standing notice under one test."""

    track: Track
    notice: StandingNotice
    judged: Judged


def picture_of(state: State, *, at: datetime) -> Picture:
    """All that this party holds at `at`: every feed's notices, its own home ones, its tracks."""
    held = [
        HeldNotice(party=feed.party, notice=notice)
        for feed in state.feeds.values()
        for notice in feed.notices.values()
    ]
    shared = set(state.own.notices)
    held += [
        HeldNotice(party=state.setting.party, notice=notice)
        for notice in state.journal.notices.values()
        if notice.notice not in shared
    ]
    return Picture(
        party=state.setting.party,
        at=at,
        notices=tuple(held),
        tracks=tuple(state.journal.tracks.values()),
    )


def observed(
    state: State, observations: Iterable[Observation | ObservationFaulty], now: datetime
) -> tuple[Observation | ObservationFaulty | AlertDecision, ...]:
    """What is recorded of these observations: those used, then what they decide of alerts."""
    tracks = dict(state.journal.tracks)
    used: list[Observation | ObservationFaulty] = []
    for observation in observations:
        held = tracks.get(observation.track)
        if isinstance(observation, Observation) and _too_soon(
            held, observation, thin_s=state.setting.thin_s
        ):
            continue
        used.append(observation)
        after = advance_track(held, observation, _stamp(state, now))
        if isinstance(after, Track):
            tracks[observation.track] = after
    seen = {observation.track for observation in used}
    decisions = decided(state, (tracks[name] for name in sorted(seen & set(tracks))), now)
    return (*used, *decisions)


def decided(state: State, tracks: Iterable[Track], now: datetime) -> tuple[AlertDecision, ...]:
    """What testing these tracks against every standing notice decides at `now`."""
    notices = in_force_during(picture_of(state, at=now), window=_ahead(state, now))
    tests = tuple(_judged(state, test) for test in tests_of(state))
    alerts = dict(state.journal.alerts)
    found: list[AlertDecision] = []
    for pair in _pairs(state, tracks, notices, tests):
        finding = _finding(state, pair, now)
        key = key_of(finding)
        decision = decide(alerts.get(key), finding, pair.judged.terms, at=now)
        if decision is None:
            continue
        found.append(decision)
        after = advance(alerts.get(key), decision, _stamp(state, now))
        assert isinstance(after, Alert), f"our own decision is refused: {after}"
        alerts[key] = after
    return tuple(found)


def untested(state: State, now: datetime) -> tuple[AlertDecision, ...]:
    """What becomes of shown alerts whose track is stale or ended, or whose notice is gone."""
    found: list[AlertDecision] = []
    shown = [key for key, alert in state.journal.alerts.items() if shown_alert(alert)]
    tests = tests_of(state) if shown else ()
    for key in sorted(shown, key=_in_order):
        alert = state.journal.alerts[key]
        because = _why_untested(state, key, tests, now)
        if because is None:
            continue
        decision = not_tested(alert, because, at=now)
        if decision is not None:
            found.append(decision)
    return tuple(found)


def next_untested_at(state: State) -> datetime | None:
    """When the next shown alert's track goes stale or its notice's last window ends."""
    stale_after_s = state.setting.protocol.alerts.stale_after_s
    due: list[datetime] = []
    for key, alert in state.journal.alerts.items():
        if not shown_alert(alert):
            continue
        track = state.journal.tracks.get(key.track)
        if alert.state is AlertState.SHOWN and track is not None and track.latest is not None:
            due.append(later(track.latest.motion.at, by_s=stale_after_s + STALE_GRAIN_S))
        notice = state.notice(key.notice_party, key.notice)
        windows = () if notice is None else volumes_of(notice.latest.event.content)
        due += [max(volume.window.end for volume in windows)] if windows else []
    return min(due, default=None)


def _too_soon(held: Track | None, observation: Observation, *, thin_s: float) -> bool:
    """Whether this follows the last one used by less than the thinning time."""
    if held is None or held.latest is None:
        return False
    gap_s = seconds_between(held.latest.motion.at, observation.motion.at)
    return 0.0 <= gap_s < thin_s


def _pairs(
    state: State,
    tracks: Iterable[Track],
    notices: tuple[StandingNotice, ...],
    tests: tuple[Judged, ...],
) -> Iterator[Pair]:
    """Every pair that some rule concerns, in one order: track, notice, rule, reading."""
    for track in tracks:
        if track.state is not TrackState.HELD:
            continue
        for notice in notices:
            own = notice.party == state.setting.party
            for judged in tests:
                test = judged.test
                if bears(test.rule, notice.content) and not _excepted(state, track, test, own=own):
                    yield Pair(track=track, notice=notice, judged=judged)


def _judged(state: State, test: Test) -> Judged:
    protocol = state.setting.protocol
    return Judged(
        test=test,
        criterion=criterion(protocol, test.rule, test.reading.party, test.reading.minima),
        terms=terms_of(protocol.alerts, test.rule),
    )


def is_ours(state: State, track: Track) -> bool:
    """Whether our own party has stated, for all of itself, that the track is ours."""
    held = state.journal.ownership.get(OwnTrack(track=track.track))
    return state_for(held, ANY_OTHER) is OwnershipState.OURS


def _finding(state: State, pair: Pair, now: datetime) -> Finding:
    """The worst over the notice's volumes: the one that alerts loudest, then the soonest."""
    latest = pair.track.latest
    assert latest is not None, "a held track has a motion"
    judged = pair.judged
    data = state.setting.conversions
    encounters = [
        pairing(latest.motion, _as_measured(volume, judged.test), judged.criterion, now, data)
        for volume in volumes_of(pair.notice.content)
    ]
    findings = [
        encounter.finding(
            judged.criterion,
            track=pair.track.track,
            notice_party=pair.notice.party,
            notice=pair.notice.notice,
            notice_version=pair.notice.version,
        )
        for encounter in encounters
    ]
    return max(findings, key=lambda finding: _urgency(finding, judged.terms))


def _urgency(finding: Finding, terms: AlertTerms) -> tuple[int, float]:
    """The loudest first; of equally loud ones the soonest. So no volume can hide another."""
    return (RANK[severity_of(finding, terms)], -finding.infringement_in_s)


def _as_measured(volume: Volume, test: Test) -> Volume:
    """The volume from which this reading measures, and at which heights."""
    minima = test.reading.minima
    if minima.vertical_m is None:
        volume = replace(volume, lower=Unbounded(), upper=Unbounded())
    footprint = volume.footprint
    if minima.measured_from is MeasuredFrom.CENTRE and isinstance(footprint, Circle):
        point = Circle(centre=footprint.centre, radius_m=POINT_RADIUS_M)
        return replace(volume, footprint=point)
    return volume


def _why_untested(
    state: State, key: AlertKey, tests: tuple[Test, ...], now: datetime
) -> NotTestedBecause | None:
    track = state.journal.tracks.get(key.track)
    if track is None or track.state is TrackState.ENDED:
        return NotTestedBecause.TRACK_ENDED
    notice = state.notice(key.notice_party, key.notice)
    if notice is None or notice.state is NoticeState.WITHDRAWN:
        return NotTestedBecause.NOTICE_WITHDRAWN
    content = notice.latest.event.content
    if time_of(content, now) is NoticeTime.EXPIRED:
        return NotTestedBecause.NOTICE_EXPIRED
    test = next((t for t in tests if (t.rule.id, t.reading.party) == (key.rule, key.reading)), None)
    if test is None:
        return NotTestedBecause.RULE_NOT_IN_FORCE
    own_place = key.notice_party == state.setting.party
    ahead = _ahead(state, now)
    soon = any(volume.window.overlaps(ahead) for volume in volumes_of(content))
    if not soon or not bears(test.rule, content) or _excepted(state, track, test, own=own_place):
        return NotTestedBecause.NOT_CONCERNED
    latest = track.latest
    stale_after_s = state.setting.protocol.alerts.stale_after_s
    if latest is not None and seconds_between(latest.motion.at, now) > stale_after_s:
        return NotTestedBecause.TRACK_STALE
    return None


def _ahead(state: State, now: datetime) -> Window:
    """How far detection looks: to the advisory horizon."""
    horizon_s = state.setting.protocol.alerts.horizons.advisory_s
    return Window(start=now, end=later(now, by_s=horizon_s))


def _excepted(state: State, track: Track, test: Test, *, own: bool) -> bool:
    """Whether the rule is about others' tracks, and this is our own at our `own` place."""
    return own and test.rule.tracks is TracksConcerned.OF_OTHERS and is_ours(state, track)


def _in_order(key: AlertKey) -> tuple[str, str, str, str, str]:
    return (key.rule, key.reading or "", key.track, key.notice_party, key.notice)


def _stamp(state: State, now: datetime) -> Stamp:
    """A stamp for judging ahead of recording: the entry has no hash yet."""
    journal = state.journal
    return Stamp(ref=EntryRef(feed=journal.feed, seq=journal.size, hash=""), at=now)
