"""The one function: `step(state, input, now)` gives the state, what is to be recorded, effects.

A person's act, an observation and the passing of time change nothing by themselves: they give
events. The writer seals the events; `Recorded` puts the entries in, and only that changes the
state. So there is one way from the record to the state, for our own entries and for another
party's, live and when rebuilding. Implements MEC-001, MEC-008, MEC-014.
"""

from collections.abc import Iterable
from datetime import datetime

from crosstell.core.instant import require_utc
from crosstell.core.mechanism.acts import act
from crosstell.core.mechanism.assess.deciding import decided, observed
from crosstell.core.mechanism.assess.untested import next_untested_at, untested
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Act, Input, Observed, Recorded, Tick
from crosstell.core.mechanism.line.testing import next_test_time, test_events
from crosstell.core.mechanism.line.waiting import ladder_events, next_waiting_at
from crosstell.core.mechanism.outgoing import Outgoing, Step
from crosstell.core.mechanism.react import consequences, delivered, effects_of
from crosstell.core.mechanism.release import destination
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.track import TrackReported
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, fold


def step(state: State, given: Input, now: datetime) -> Step:
    """What follows from `given` at `now`. The state changes by `Recorded` alone."""
    require_utc(now, what="now")
    match given:
        case Act():
            return act(state, given, now)
        case Observed(observations=observations):
            return Step(state=state, events=_by_node(state, observed(state, observations, now)))
        case Recorded(entries=entries):
            return _recorded(state, entries, now)
        case Tick():
            return Step(state=state, events=_by_node(state, _due(state, now)))


def next_wake(state: State, now: datetime) -> datetime | None:
    """The next instant after `now` at which a tick would give something, as far as is known."""
    times = (next_waiting_at(state, now), next_test_time(state, now), next_untested_at(state))
    return min((time for time in times if time is not None and time > now), default=None)


def _recorded(state: State, entries: Iterable[Held], now: datetime) -> Step:
    """The entries folded in, and what follows from them, from each in turn."""
    entries = tuple(entries)
    events: list[Event] = []
    effects: list[Effect] = []
    for held in entries:
        state = fold(state, held)
        events += consequences(state, held)
        effects += effects_of(state, held)
    events += _retested(state, entries, now)
    if not events:
        events += _due(state, now)
    return Step(state=state, events=_by_node(state, events), effects=tuple(effects))


def _retested(state: State, entries: tuple[Held, ...], now: datetime) -> tuple[Event, ...]:
    """What new declared places, or objects told to us, decide of the alerts at once."""
    tracks = state.journal.tracks
    if any(isinstance(held.body, NoticeFiled) for held in entries):
        return decided(state, (tracks[name] for name in sorted(tracks)), now)
    told = {held.body.track for held in entries if isinstance(held.body, TrackReported)}
    if not told:
        return ()
    return decided(state, (tracks[name] for name in sorted(told) if name in tracks), now)


def _due(state: State, now: datetime) -> tuple[Event, ...]:
    """Whatever time alone has made due."""
    return (
        *untested(state, now),
        *delivered(state),
        *test_events(state, now),
        *ladder_events(state, now),
    )


def _by_node(state: State, events: Iterable[Event]) -> tuple[Outgoing, ...]:
    return tuple(Outgoing(body=event, to=destination(state, event)) for event in events)
