"""What one party knows, as a function of the entries it holds: its feeds, and its own journal.

Each feed folds into a `FeedState` by itself, the journal into a `JournalState`; `fold` takes it
some entries further. No map here depends on the order in which feeds were interleaved.
Times are the authors' claims; windows are half-open UTC.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from crosstell.core.assessment.account.claim import Claim
from crosstell.core.detection.alert import Alert, AlertKey
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import (
    AlertId,
    CallId,
    ClaimId,
    EntryRef,
    FeedId,
    NoticeId,
    PaperId,
    PartyId,
    RoleId,
    TrackId,
)
from crosstell.core.incident.corrective_action import Undertaking
from crosstell.core.incident.joint_text import JointPosition
from crosstell.core.incident.paper import FiledPaper, Paper
from crosstell.core.line.acknowledgement import Acknowledgement
from crosstell.core.line.answer import Answers
from crosstell.core.line.call import Call
from crosstell.core.line.escalation import Ladder, Matter
from crosstell.core.line.health import Line, LineKey
from crosstell.core.line.watch.broadcast import Broadcast, BroadcastId
from crosstell.core.line.watch.duress import Duress
from crosstell.core.line.watch.relief import Watch
from crosstell.core.line.watch.voice import VoiceLog, VoiceLogId
from crosstell.core.picture.notice import Notice
from crosstell.core.picture.ownership import Ownership, OwnTrack
from crosstell.core.picture.releasing.copies import Copy
from crosstell.core.picture.releasing.release import Release, ReleaseId
from crosstell.core.picture.releasing.share import Share, SharedTrack, ShareId
from crosstell.core.picture.roles import Role
from crosstell.core.picture.status import Status
from crosstell.core.picture.track import Track
from crosstell.core.protocol.adherence import Adherence
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.state.events import JournalCommitted
from crosstell.core.state.fold import Folding, Irregular, Slot, turn
from crosstell.core.state.held import Held, Unread, Unreadable
from crosstell.core.state.setting import Setting
from crosstell.core.state.slots import FEED_SLOTS, JOURNAL_SLOTS
from crosstell.core.table import Stamp

IRREGULAR_MAX = 1_000  # kept for the screen per log; the record holds every one


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """One party's shared feed, folded."""

    party: PartyId
    feed: FeedId
    size: int = 0
    latest_at: datetime | None = None
    journal_committed_at: datetime | None = None
    adherence: Mapping[ProtocolDigest, Adherence] = field(default_factory=dict)
    roles: Mapping[RoleId, Role] = field(default_factory=dict)
    notices: Mapping[NoticeId, Notice] = field(default_factory=dict)
    statuses: Mapping[EntryRef, Status] = field(default_factory=dict)
    ownership: Mapping[EntryRef | OwnTrack, Ownership] = field(default_factory=dict)
    shares: Mapping[ShareId, Share] = field(default_factory=dict)
    calls: Mapping[CallId, Call] = field(default_factory=dict)
    acknowledgements: Mapping[EntryRef, Acknowledgement] = field(default_factory=dict)
    answers: Mapping[EntryRef, Answers] = field(default_factory=dict)
    voice_logs: Mapping[VoiceLogId, VoiceLog] = field(default_factory=dict)
    broadcasts: Mapping[BroadcastId, Broadcast] = field(default_factory=dict)
    claims: Mapping[ClaimId, Claim] = field(default_factory=dict)
    papers: Mapping[PaperId, Paper] = field(default_factory=dict)
    joint_positions: Mapping[EntryRef, JointPosition] = field(default_factory=dict)
    undertakings: Mapping[EntryRef, Undertaking] = field(default_factory=dict)
    unread: tuple[tuple[EntryRef, str, Unreadable], ...] = ()
    irregular: tuple[Irregular, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalState:
    """Our private journal, folded: tracks, alerts, ladders, lines, the watch, what stays home.

    `ladders` are those that run; `core/line/ended.py` says what is kept of the others.
    """

    feed: FeedId
    size: int = 0
    latest_at: datetime | None = None
    notices: Mapping[NoticeId, Notice] = field(default_factory=dict)
    ownership: Mapping[EntryRef | OwnTrack, Ownership] = field(default_factory=dict)
    tracks: Mapping[TrackId, Track] = field(default_factory=dict)
    alerts: Mapping[AlertKey, Alert] = field(default_factory=dict)
    ladders: Mapping[Matter, Ladder] = field(default_factory=dict)
    ended_lately: Mapping[Matter, Ladder] = field(default_factory=dict)
    ended: Mapping[Matter, Matter] = field(default_factory=dict)
    lines: Mapping[LineKey, Line] = field(default_factory=dict)
    watches: Mapping[RoleId, Watch] = field(default_factory=dict)
    duress: Mapping[VoiceLogId, Duress] = field(default_factory=dict)
    suspensions: Mapping[EntryRef, Stamp] = field(default_factory=dict)
    releases: Mapping[ReleaseId, Release] = field(default_factory=dict)
    shared_tracks: Mapping[ShareId, SharedTrack] = field(default_factory=dict)
    copies: Mapping[int, Copy] = field(default_factory=dict)
    claims: Mapping[ClaimId, Claim] = field(default_factory=dict)
    papers: Mapping[PaperId, Paper] = field(default_factory=dict)
    undertakings: Mapping[EntryRef, Undertaking] = field(default_factory=dict)
    unread: tuple[tuple[EntryRef, str, Unreadable], ...] = ()
    irregular: tuple[Irregular, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything a node knows. `setting` is configuration, not knowledge, and never changes."""

    setting: Setting
    feeds: Mapping[PartyId, FeedState]
    journal: JournalState

    @property
    def own(self) -> FeedState:
        """Our own shared feed."""
        return self.feeds[self.setting.party]

    def others(self) -> tuple[FeedState, ...]:
        """The other parties' feeds, by party id."""
        own = self.setting.party
        return tuple(self.feeds[party] for party in sorted(self.feeds) if party != own)

    def by_feed(self, feed: FeedId) -> FeedState | None:
        """The state of the feed of that name, if it is one of ours or our counterparts'."""
        party = self.setting.party_of(feed)
        return None if party is None else self.feeds[party]

    def call_at(self, ref: EntryRef) -> Call | None:
        """The call that this entry placed.

        A feed's calls stand in the order in which they were placed. Implements NOD-562.
        """
        feed = self.by_feed(ref.feed)
        calls = () if feed is None else tuple(feed.calls.values())
        place = bisect_left(calls, ref.seq, key=_placed_seq)
        found = calls[place : place + 1]
        return found[0] if found and found[0].placed_stamp.ref == ref else None

    def alert(self, name: AlertId) -> Alert | None:
        """The alert of our own that was shown under this id."""
        alerts = self.journal.alerts.values()
        return next((one for one in alerts if one.shown and one.shown.alert == name), None)

    def notice(self, party: PartyId, name: NoticeId) -> Notice | None:
        """The notice of that party, released to us, or our own kept at home."""
        shared = self.feeds[party].notices.get(name)
        if shared is not None or party != self.setting.party:
            return shared
        return self.journal.notices.get(name)

    def claim(self, party: PartyId, name: ClaimId) -> Claim | None:
        """The claim that this party recorded, released to us, or our own kept at home."""
        shared = self.feeds[party].claims.get(name)
        if shared is not None or party != self.setting.party:
            return shared
        return self.journal.claims.get(name)

    def paper(self, party: PartyId, name: PaperId) -> Paper | None:
        """The paper that this party filed, released to us, or our own kept at home."""
        shared = self.feeds[party].papers.get(name)
        if shared is not None or party != self.setting.party:
            return shared
        return self.journal.papers.get(name)

    def paper_at(self, ref: EntryRef) -> tuple[PartyId, Paper, FiledPaper] | None:
        """Whose paper this entry filed a version of, with that version."""
        is_home = ref.feed == self.setting.journal
        party = self.setting.party if is_home else self.setting.party_of(ref.feed)
        if party is None:
            return None
        papers = self.journal.papers if is_home else self.feeds[party].papers
        for held in papers.values():
            filed = held.version_of(ref)
            if filed is not None:
                return party, held, filed
        return None


def _placed_seq(call: Call) -> int:
    return call.placed_stamp.ref.seq


def initial(setting: Setting) -> State:
    """Nothing is known yet: every feed empty."""
    feeds = {party: FeedState(party=party, feed=feed) for party, feed in setting.feeds}
    return State(
        setting=setting,
        feeds=MappingProxyType(feeds),
        journal=JournalState(feed=setting.journal),
    )


def fold(state: State, *entries: Held) -> State:
    """The state with the next entries in it. Entries of one feed come in order."""
    logs: dict[PartyId | None, list[Held]] = {}
    for held in entries:
        party = state.setting.party_of(held.ref.feed)
        is_ours = held.ref.feed == state.setting.journal
        assert party is not None or is_ours, f"feed {held.ref.feed} is not of this protocol"
        logs.setdefault(party, []).append(held)
    for party, of_log in logs.items():
        if party is None:
            state = replace(state, journal=fold_log(state.journal, of_log, JOURNAL_SLOTS))
        else:
            feed = fold_log(state.feeds[party], of_log, FEED_SLOTS)
            state = replace(state, feeds=MappingProxyType({**state.feeds, party: feed}))
    return state


LogT = TypeVar("LogT", FeedState, JournalState)


def fold_log(log: LogT, entries: Iterable[Held], slots: Mapping[type, Slot]) -> LogT:
    """The log with the next entries of it in it, in their order."""
    folding = Folding(partial(getattr, log))
    size = log.size
    changes: dict[str, Any] = {"unread": log.unread, "irregular": log.irregular}
    for held in entries:
        assert held.ref.seq == size, f"feed {log.feed}: entry {held.ref.seq} after {size}"
        size, body = size + 1, held.body
        changes["latest_at"] = held.at
        if isinstance(body, JournalCommitted) and isinstance(log, FeedState):
            changes["journal_committed_at"] = held.at
        elif isinstance(body, Unreadable):
            changes["unread"] = _bounded((*changes["unread"], (held.ref, held.kind, body)))
        elif (slot := slots.get(type(body))) is not None:
            after = _stranger(log, held) or folding.turn(slot, body, held.stamp)
            if isinstance(after, Refused):
                odd = Irregular(ref=held.ref, kind=held.kind, refused=after)
                changes["irregular"] = (*changes["irregular"], odd)[-IRREGULAR_MAX:]
    changes |= folding.changes()
    return replace(log, size=size, **changes)


def _bounded(
    unread: tuple[tuple[EntryRef, str, Unreadable], ...],
) -> tuple[tuple[EntryRef, str, Unreadable], ...]:
    """The newest. What is merely for another audience gives way first. Implements NOD-371."""
    if len(unread) <= IRREGULAR_MAX:
        return unread
    plain = (n for n, (_, _, body) in enumerate(unread) if body.why is Unread.NOT_HELD)
    oldest = next(plain, 0)
    return (*unread[:oldest], *unread[oldest + 1 :])


def _stranger(log: FeedState | JournalState, held: Held) -> Refused | None:
    """Refuse words in a party's feed that are said to be another party's."""
    if held.by is None or not isinstance(log, FeedState) or held.by.party == log.party:
        return None
    text = f"an entry of {log.party} speaks as {held.by.party}; a party speaks for itself only"
    return Refused(code=RefusalCode.NOT_OWNER, text=text)


def judge(state: State, held: Held) -> Refused | Duplicate | None:
    """What the tables would say of this entry of our own, nothing changed. None: allowed."""
    home = held.ref.feed == state.setting.journal
    log: FeedState | JournalState = state.journal if home else state.own
    slot = (JOURNAL_SLOTS if home else FEED_SLOTS).get(type(held.body))
    if slot is None:
        return None
    after = turn(partial(getattr, log), slot, held.body, held.stamp)
    return after if isinstance(after, Refused | Duplicate) else None


def taken_by(body: object, *, home: bool) -> bool:
    """Whether some machine of our journal (`home`), or of our feed, is advanced by this event."""
    return type(body) in (JOURNAL_SLOTS if home else FEED_SLOTS)
