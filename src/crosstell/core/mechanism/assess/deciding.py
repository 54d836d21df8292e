"""From findings to recorded decisions: what an observation, or a new notice, decides of alerts.

The decision is recorded with its finding; folding never runs detection again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from crosstell.core.detection.about import NoticeOf, tracks_of
from crosstell.core.detection.alert import Alert, AlertDecision, AlertKey, advance
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.decision import decide, key_of
from crosstell.core.ids import EntryRef, TrackId
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.assess.judged import Tested
from crosstell.core.mechanism.assess.nearness import Moving
from crosstell.core.mechanism.assess.pairs.alone import alone
from crosstell.core.mechanism.assess.pairs.boundary import at_boundaries
from crosstell.core.mechanism.assess.pairs.own import on_own_activities
from crosstell.core.mechanism.assess.pairs.places import at_places
from crosstell.core.mechanism.assess.pairs.plans import between_notices, name_of
from crosstell.core.mechanism.assess.pairs.traffic import between_tracks
from crosstell.core.mechanism.assess.picturing import notices_standing
from crosstell.core.picture.track import Irregularity, Observation, ObservationFaulty, Track
from crosstell.core.picture.track import advance as advance_track
from crosstell.core.state.fold import copied
from crosstell.core.state.state import State
from crosstell.core.table import Stamp

_LATE = Irregularity.OUT_OF_ORDER


def observed(
    state: State, observations: Iterable[Observation | ObservationFaulty], now: datetime
) -> tuple[Observation | ObservationFaulty | AlertDecision, ...]:
    """What is recorded of these observations: those used, then what they decide of alerts."""
    tracks = copied(state.journal.tracks)
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
    seen = frozenset(observation.track for observation in used)
    return (*used, *decided(state, tracks, seen & tracks.keys(), now))


def decided(
    state: State, tracks: Mapping[TrackId, Track], changed: frozenset[TrackId], now: datetime
) -> tuple[AlertDecision, ...]:
    """What testing the changed tracks decides at `now`: at places, boundaries, with each other."""
    moving = Moving(tracks, now)
    moved = [tracks[name] for name in sorted(changed)]
    tested = (
        *at_places(state, moving, changed, now),
        *at_boundaries(state, moved, now),
        *between_tracks(state, moving, changed, now),
        *on_own_activities(state, moved, now),
    )
    return follow(state, (one for one in tested if _is_news(state, tracks, one, now)), now)


def filed(
    state: State, changed: frozenset[NoticeOf] | None, now: datetime
) -> tuple[AlertDecision, ...]:
    """What testing the changed notices (None: all) decides: with each other, and alone."""
    if changed is None:
        changed = frozenset(name_of(notice) for notice in notices_standing(state, now))
    tested = (*between_notices(state, changed, now), *alone(state, changed, now))
    return follow(state, tested, now)


def follow(state: State, tested: Iterable[Tested], now: datetime) -> tuple[AlertDecision, ...]:
    """What is to be recorded of these findings, in their order."""
    changed: dict[AlertKey, Alert] = {}
    found: list[AlertDecision] = []
    for one in tested:
        key = key_of(one.finding)
        alert = changed.get(key) or state.journal.alerts.get(key)
        decision = decide(alert, one.finding, one.terms, at=now)
        if decision is None:
            continue
        found.append(decision)
        after = advance(alert, decision, _stamp(state, now))
        assert isinstance(after, Alert), f"our own decision is refused: {after}"
        changed[key] = after
    return tuple(found)


def _is_news(state: State, tracks: Mapping[TrackId, Track], one: Tested, now: datetime) -> bool:
    """Whether no track of it is stale and told as last known already: that stays one item."""
    alert = state.journal.alerts.get(key_of(one.finding))
    if alert is None or alert.state is not AlertState.LAST_KNOWN:
        return True
    stale_after_s = state.setting.protocol.alerts.stale_after_s
    latest = [tracks[name].latest for name in tracks_of(one.finding.about) if name in tracks]
    return all(
        seen is None or seconds_between(seen.motion.at, now) <= stale_after_s for seen in latest
    )


def _too_soon(held: Track | None, observation: Observation, *, thin_s: float) -> bool:
    """Whether this follows the last one used by less than the thinning time.

    Or, where it is measured before that, is as near to the last one that came late as it did.
    """
    if held is None or held.latest is None:
        return False
    gap_s = seconds_between(held.latest.motion.at, observation.motion.at)
    if gap_s >= 0.0:
        return gap_s < thin_s
    late = next((one.motion for one in reversed(held.irregular) if one.why is _LATE), None)
    return late is not None and abs(seconds_between(late.at, observation.motion.at)) < thin_s


def _stamp(state: State, now: datetime) -> Stamp:
    """A stamp for judging ahead of recording: the entry has no hash yet."""
    journal = state.journal
    return Stamp(ref=EntryRef(feed=journal.feed, seq=journal.size, hash=""), at=now)
