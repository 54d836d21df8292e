"""Which matters wait for a person, by the protocol's figures and the entries on the disk alone.

Plain rules, read from the record's own words; nothing of the mechanism's ladders or deadlines.
Times are microseconds on the host's clock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import format_instant, from_us
from crosstell.core.protocol.document import Protocol
from crosstell.sim.ledger.noted import Noted
from crosstell.sim.ledger.record import field_of

SETTLING = frozenset({"will-comply", "noted", "unable", "will-not", "ours", "not-ours", "disputed"})
STOP_WARNING_US = 120_000_000
SECOND_US = 1_000_000
LEVELS = ("advisory", "urgent", "critical")
UNSEEN = -1
Place = tuple[str, int]


@dataclass(slots=True)
class CallBook:
    """One call as the entries tell it."""

    place: Place
    hash: str
    call: str
    kind: str
    caller: PartyId
    to_party: str
    placed_us: int
    answer_by_us: int
    expires_us: int | None
    delivered_us: int | None = None
    is_received: bool = False
    is_settled: bool = False
    stand_by_us: int | None = None
    is_lifted: bool = False
    is_over: bool = False


@dataclass(slots=True)
class AlertBook:
    """One alert as the journal's entries tell it. `since_us` while its ladder must climb."""

    alert: str
    level: str
    is_ringing: bool
    since_us: int | None = None
    seen: int = UNSEEN  # the highest level acknowledged since it was raised or came back


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A matter that waits: its key as it is rung, since when, and how many rungs it has."""

    key: str
    since_us: int
    rungs: int


@dataclass(slots=True)
class MattersBook:
    """Everything that one host's disk says of calls and alerts."""

    party: PartyId
    protocol: Protocol
    feeds: dict[FeedId, PartyId]
    journal: FeedId
    calls: dict[Place, CallBook] = field(default_factory=dict)
    alerts: dict[str, AlertBook] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    early: dict[Place, list[Noted]] = field(default_factory=dict)

    def note(self, entries: Iterable[Noted]) -> None:
        """These entries are on the disk now."""
        for entry in entries:
            if entry.feed == self.journal:
                self._note_home(entry)
            elif entry.feed in self.feeds and entry.is_read:
                self._note_shared(entry, self.feeds[entry.feed])

    def _note_shared(self, entry: Noted, author: PartyId) -> None:
        said, kind = entry.said, entry.kind
        if kind == "call_placed":
            book = CallBook(
                place=(entry.feed, entry.seq),
                hash=entry.hash,
                call=said["call"],
                kind=said["kind"],
                caller=author,
                to_party=said["to_party"],
                placed_us=entry.at_us,
                answer_by_us=said["answer_by_us"],
                expires_us=said.get("expires_at_us"),
            )
            if self._own(author, book.call) is None:
                self.calls[book.place] = book
                for waited in self.early.pop(book.place, []):
                    self._of_recipient(waited, book)
        elif "call" in said and isinstance(said["call"], str):
            self._of_caller(kind, said, self._own(author, said["call"]))
        elif (ref := field_of(said, "call", "entry_ref")) is not None:
            place = (ref["feed"], ref["seq"])
            found = self.calls.get(place)
            if found is None:
                self.early.setdefault(place, []).append(entry)
            elif found.to_party == author or kind == "voice_logged":
                self._of_recipient(entry, found)

    def _own(self, author: PartyId, call: str) -> CallBook | None:
        books = self.calls.values()
        return next((one for one in books if one.caller == author and one.call == call), None)

    @staticmethod
    def _of_caller(kind: str, said: dict[str, Any], book: CallBook | None) -> None:
        if book is None or book.is_over:
            return
        if kind in ("call_closed", "call_disregarded"):
            book.is_over = True
        elif kind == "stop_lifted":
            book.is_lifted = True
        elif kind == "stop_renewed":
            book.expires_us = said["expires_at_us"]

    def _of_recipient(self, entry: Noted, book: CallBook) -> None:
        kind, said = entry.kind, entry.said
        if kind == "call_delivered":
            book.delivered_us = book.delivered_us or entry.at_us
        elif kind in ("call_received", "call_read_back"):
            book.is_received = True
        elif kind in ("answer_given", "answer_corrected"):
            answer = said["answer"]
            book.is_settled = book.is_settled or answer["kind"] in SETTLING
            if answer["kind"] == "stand-by" and book.stand_by_us is None:
                book.stand_by_us = answer["until_us"]
        elif kind == "voice_logged":
            heard = field_of(said, "account", "answer", "kind")
            mine = self.feeds[entry.feed] == book.caller
            book.is_settled = book.is_settled or (mine and heard in SETTLING)

    def _note_home(self, entry: Noted) -> None:
        said, kind = entry.said, entry.kind
        if kind == "alert_raised":
            book = AlertBook(alert=said["alert"], level=said["level"], is_ringing=True)
            self.alerts[book.alert] = book
            self._climb(book, said["at_us"])
        elif kind == "alert_changed":
            book = self.alerts[said["alert"]]
            is_last = said["level"] == "critical" != book.level
            book.level = said["level"]
            book.seen = UNSEEN if "returns" in said or is_last else book.seen
            if LEVELS.index(book.level) > book.seen:
                book.is_ringing = True
                self._climb(book, said["at_us"])
        elif kind in ("alert_cleared", "alert_acknowledged"):
            book = self.alerts[said["alert"]]
            is_seen = kind == "alert_acknowledged"
            book.seen = max(book.seen, LEVELS.index(said["level"])) if is_seen else UNSEEN
            book.is_ringing, book.since_us = False, None
        elif kind == "ladder_ended" and said["end"] == "acknowledged" and entry.by is not None:
            self.taken.add(key_of(said["matter"]))

    @staticmethod
    def _climb(book: AlertBook, at_us: int) -> None:
        """A ladder begins with the first level above advisory that nobody has acknowledged."""
        if book.is_ringing and book.since_us is None and book.level != "advisory":
            book.since_us = at_us

    def waiting(self, now_us: int) -> Iterator[Waiting]:
        """Every matter that waits at `now_us`, unless a person took it."""
        rungs = len(self.protocol.escalation.rungs)
        for one in (*self._calls(now_us, rungs), *self._alerts(rungs)):
            if one.key not in self.taken:
                yield one

    def _calls(self, now_us: int, rungs: int) -> Iterator[Waiting]:
        for book in self.calls.values():
            if book.is_over:
                continue
            if book.caller == self.party and book.kind != "test":
                yield from self._placed(book, now_us, rungs)
            elif book.to_party == self.party and not book.is_received:
                feed, seq = book.place
                key = f"call-not-received entry {feed}/{seq}/{book.hash[:16]}"
                if book.delivered_us is not None:
                    climbs = 1 if book.kind == "test" else rungs
                    yield Waiting(key=key, since_us=book.delivered_us, rungs=climbs)

    @staticmethod
    def _placed(book: CallBook, now_us: int, rungs: int) -> Iterator[Waiting]:
        ends_us = book.expires_us
        if ends_us is not None and not book.is_lifted:
            since_us = max(ends_us - STOP_WARNING_US, book.placed_us)
            if since_us <= now_us < ends_us:
                mark = format_instant(from_us(ends_us))
                key = f"stop-expiring call {book.call} {mark}"
                yield Waiting(key=key, since_us=since_us, rungs=rungs)
        if book.is_lifted or book.is_settled:
            return
        if book.stand_by_us is not None:
            if book.stand_by_us <= now_us:
                key = f"stand-by-expired call {book.call}"
                yield Waiting(key=key, since_us=book.stand_by_us, rungs=rungs)
        elif book.answer_by_us <= now_us:
            key = f"call-unanswered call {book.call}"
            yield Waiting(key=key, since_us=book.answer_by_us, rungs=rungs)

    def _alerts(self, rungs: int) -> Iterator[Waiting]:
        for book in self.alerts.values():
            if book.is_ringing and book.since_us is not None:
                mark = format_instant(from_us(book.since_us))
                key = f"alert-unacknowledged alert {book.alert} {mark}"
                yield Waiting(key=key, since_us=book.since_us, rungs=rungs)

    def undelivered(self) -> Iterator[CallBook]:
        """Calls to this party that are on its disk and for which it has not yet said so."""
        for book in self.calls.values():
            unsaid = book.delivered_us is None and not book.is_received and not book.is_over
            if unsaid and book.to_party == self.party and book.caller != self.party:
                yield book


def key_of(matter: dict[str, Any]) -> str:
    """A recorded matter by its key, as it is rung."""
    subject = matter["subject"]
    mark = f" {format_instant(from_us(matter['mark_us']))}" if "mark_us" in matter else ""
    if "own_call" in subject:
        return f"{matter['kind']} call {subject['own_call']['call']}{mark}"
    if "raised_alert" in subject:
        return f"{matter['kind']} alert {subject['raised_alert']['alert']}{mark}"
    ref = subject["incoming_call"]["call"]
    return f"{matter['kind']} entry {ref['feed']}/{ref['seq']}/{ref['hash'][:16]}{mark}"
