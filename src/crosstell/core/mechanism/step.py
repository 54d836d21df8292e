"""The one function: `step(state, input, now)` gives the state, what is to be recorded, effects.

A person's act, an observation and the passing of time change nothing by themselves: they give
events. The writer seals the events; `Recorded` puts the entries in, and only that changes the
state. So there is one way from the record to the state, for our own entries and for another
party's, live and when rebuilding. Implements MEC-001, MEC-008, MEC-014.
"""

from collections.abc import Iterable
from datetime import datetime

from crosstell.core.detection.about import NoticeOf
from crosstell.core.ids import PartyId
from crosstell.core.instant import require_utc
from crosstell.core.mechanism.acts import act
from crosstell.core.mechanism.assess.concerning import concerned
from crosstell.core.mechanism.assess.deciding import decided, filed, observed
from crosstell.core.mechanism.assess.rising import next_rise_at, risen
from crosstell.core.mechanism.assess.untested import next_untested_at, untested
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Act, Input, Observed, Recorded, Tick
from crosstell.core.mechanism.line.testing import next_test_time, test_events
from crosstell.core.mechanism.line.waiting import ladder_events, next_waiting_at
from crosstell.core.mechanism.outgoing import Outgoing, Step
from crosstell.core.mechanism.react import (
    consequences,
    delivered,
    effects_of,
    is_quiet,
    suspensions_come,
)
from crosstell.core.mechanism.release import destination
from crosstell.core.mechanism.releasing.sharing import next_share_at, share_updates
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.track import TrackReported
from crosstell.core.protocol.understanding import UnderstandingStated
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
    times = (
        next_waiting_at(state, now),
        next_test_time(state, now),
        next_untested_at(state),
        next_rise_at(state, now),
        next_share_at(state, now),
    )
    return min((time for time in times if time is not None and time > now), default=None)


def _recorded(state: State, entries: Iterable[Held], now: datetime) -> Step:
    """The entries folded in, and what follows from them, from each in turn."""
    entries = tuple(entries)
    events: list[Event] = []
    effects: list[Effect] = []
    quiet: list[Held] = []
    for held in entries:
        if is_quiet(held):
            quiet.append(held)
            continue
        state = fold(state, *quiet, held)
        quiet = []
        events += consequences(state, held)
        effects += effects_of(state, held)
    state = fold(state, *quiet)
    events += _retested(state, entries, now)
    if not events:
        events += _due(state, now)
    return Step(state=state, events=_by_node(state, events), effects=tuple(effects))


def _retested(state: State, entries: tuple[Held, ...], now: datetime) -> tuple[Event, ...]:
    """What new declared places, readings, or objects told to us decide of the alerts at once."""
    tracks = state.journal.tracks
    bodies = [held.body for held in entries]
    if any(isinstance(body, UnderstandingStated) for body in bodies):
        return (*decided(state, tracks, frozenset(tracks), now), *filed(state, None, now))
    told = frozenset(body.track for body in bodies if isinstance(body, TrackReported))
    new = frozenset(
        NoticeOf(party=party, notice=held.body.notice)
        for held in entries
        if isinstance(held.body, NoticeFiled) and (party := _filer(state, held)) is not None
    )
    if new:
        changed = (told | concerned(state, new, now)) & tracks.keys()
        return (*decided(state, tracks, changed, now), *filed(state, new, now))
    return decided(state, tracks, told & tracks.keys(), now) if told else ()


def _filer(state: State, held: Held) -> PartyId | None:
    """Whose notice it is; one that is kept at home is our own."""
    if held.ref.feed == state.setting.journal:
        return state.setting.party
    return state.setting.party_of(held.ref.feed)


def _due(state: State, now: datetime) -> tuple[Event, ...]:
    """Whatever time alone has made due."""
    return (
        *untested(state, now),
        *risen(state, now),
        *delivered(state),
        *suspensions_come(state),
        *test_events(state, now),
        *share_updates(state, now),
        *ladder_events(state, now),
    )


def _by_node(state: State, events: Iterable[Event]) -> tuple[Outgoing, ...]:
    return tuple(Outgoing(body=event, to=destination(state, event)) for event in events)
