"""From findings to recorded decisions: what an observation, or a new notice, decides of alerts.

The decision is recorded with its finding; folding never runs detection again.
"""

from collections.abc import Iterable
from datetime import datetime

from crosstell.core.detection.alert import Alert, AlertDecision, advance
from crosstell.core.detection.decision import decide, key_of
from crosstell.core.ids import EntryRef
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.assess.judged import Tested
from crosstell.core.mechanism.assess.places import at_places
from crosstell.core.picture.track import Observation, ObservationFaulty, Track
from crosstell.core.picture.track import advance as advance_track
from crosstell.core.state.state import State
from crosstell.core.table import Stamp


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
    return follow(state, at_places(state, tracks, now), now)


def follow(state: State, tested: Iterable[Tested], now: datetime) -> tuple[AlertDecision, ...]:
    """What is to be recorded of these findings, in their order."""
    alerts = dict(state.journal.alerts)
    found: list[AlertDecision] = []
    for one in tested:
        key = key_of(one.finding)
        decision = decide(alerts.get(key), one.finding, one.terms, at=now)
        if decision is None:
            continue
        found.append(decision)
        after = advance(alerts.get(key), decision, _stamp(state, now))
        assert isinstance(after, Alert), f"our own decision is refused: {after}"
        alerts[key] = after
    return tuple(found)


def _too_soon(held: Track | None, observation: Observation, *, thin_s: float) -> bool:
    """Whether this follows the last one used by less than the thinning time."""
    if held is None or held.latest is None:
        return False
    gap_s = seconds_between(held.latest.motion.at, observation.motion.at)
    return 0.0 <= gap_s < thin_s


def _stamp(state: State, now: datetime) -> Stamp:
    """A stamp for judging ahead of recording: the entry has no hash yet."""
    journal = state.journal
    return Stamp(ref=EntryRef(feed=journal.feed, seq=journal.size, hash=""), at=now)
