"""The screen: everything that a watch sees at one moment, of one state. Pure, and never stored.

Times are absolute: whoever shows it counts down to them. Words of closed sets and phrases are
codes; English stands beside them. Lists are bounded, and what is left out is in the record.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.line.watch.episode import Episode, StopCount
from crosstell.core.mechanism.screen.alerts import ScreenAlert, alerts_of
from crosstell.core.mechanism.screen.bar import BarItem, bar_of
from crosstell.core.mechanism.screen.calls import (
    ScreenCall,
    ScreenVoiceLog,
    calls_of,
    voice_logs_of,
)
from crosstell.core.mechanism.screen.document import ProtocolShown, protocol_of
from crosstell.core.mechanism.screen.former import ScreenFormerNotice, former_notices_of
from crosstell.core.mechanism.screen.header import Header, header_of
from crosstell.core.mechanism.screen.ladders import LadderView, WatchView, ladders_of, watches_of
from crosstell.core.mechanism.screen.notices import ScreenNotice, notices_of
from crosstell.core.mechanism.screen.queue import QueueItem, queue_of
from crosstell.core.mechanism.screen.sides import (
    Accounts,
    BroadcastShown,
    accounts_shown,
    broadcasts_of,
)
from crosstell.core.mechanism.screen.tracks import ScreenTrack, tracks_of
from crosstell.core.mechanism.view import episodes_of, stops_of
from crosstell.core.state.held import Unread
from crosstell.core.state.state import FeedState, JournalState, State

ODD_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OddEntry:
    """An entry that its author's tables forbid, or that cannot be read here: kept and shown."""

    ref: EntryRef
    kind: str
    why: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything a watch of `party` sees at `at`."""

    at: datetime
    party: PartyId
    header: Header
    queue: tuple[QueueItem, ...]
    alerts: tuple[ScreenAlert, ...]
    calls: tuple[ScreenCall, ...]
    voice_logs: tuple[ScreenVoiceLog, ...]
    broadcasts: tuple[BroadcastShown, ...]
    stops: tuple[StopCount, ...]
    episodes: tuple[Episode, ...]
    ladders: tuple[LadderView, ...]
    watches: tuple[WatchView, ...]
    notices: tuple[ScreenNotice, ...]
    former: tuple[ScreenFormerNotice, ...]
    tracks: tuple[ScreenTrack, ...]
    accounts: Accounts
    protocol: ProtocolShown
    bar: tuple[BarItem, ...]
    odd: tuple[OddEntry, ...]


def screen(state: State, now: datetime) -> Screen:
    """The screen at `now`: of the same state and time it is the same. Implements SCR-100."""
    alerts, calls = alerts_of(state, now), calls_of(state, now)
    notices, logs = notices_of(state, now), voice_logs_of(state)
    own = state.setting.party
    return Screen(
        at=now,
        party=own,
        header=header_of(state, now),
        queue=queue_of(state, alerts, calls, notices, now),
        alerts=alerts,
        calls=calls,
        voice_logs=logs,
        broadcasts=broadcasts_of(state),
        stops=stops_of(state, now),
        episodes=episodes_of(state),
        ladders=ladders_of(state),
        watches=watches_of(state),
        notices=notices,
        former=former_notices_of(state, now),
        tracks=tracks_of(state, now),
        accounts=accounts_shown(state, now),
        protocol=protocol_of(state, now),
        bar=bar_of(own, now, alerts=alerts, calls=calls, notices=notices, logs=logs),
        odd=_odd(state),
    )


def _odd(state: State) -> tuple[OddEntry, ...]:
    """The newest irregular and unreadable entries of every log."""
    logs: list[FeedState | JournalState] = [state.feeds[name] for name in sorted(state.feeds)]
    found = []
    for log in (*logs, state.journal):
        odd = [
            OddEntry(ref=one.ref, kind=one.kind, why=one.refused.code.value, text=one.refused.text)
            for one in log.irregular
        ]
        odd += [
            OddEntry(ref=ref, kind=kind, why=body.why.value, text=body.text)
            for ref, kind, body in log.unread
            if body.why is not Unread.NOT_HELD  # for another audience: nothing is odd about it
        ]
        found += sorted(odd, key=lambda one: one.ref.seq)[-ODD_MAX:]
    return tuple(found)
