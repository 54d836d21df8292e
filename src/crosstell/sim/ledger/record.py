"""What the record owes: nothing accepted is lost, nothing is signed twice, nothing leaks.

Reads the disks and the parcels, byte by byte. Implements SIM-010 to SIM-016.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring, ShowAlert
from crosstell.core.mechanism.inputs import Act
from crosstell.shell.node import Delivery, NodeInput, Outcome
from crosstell.sim.host import Host
from crosstell.sim.ledger.noted import Noted, demand, noted, parcel_rows, place_of, read

ONCE = frozenset(
    {
        "answer_corrected",
        "answer_given",
        "call_acted_on",
        "call_closed",
        "call_delivered",
        "call_disregarded",
        "call_passed_on",
        "call_placed",
        "call_read_back",
        "call_received",
        "notice_filed",
        "notice_withdrawn",
        "protocol_signed",
        "stop_lifted",
        "stop_renewed",
        "voice_logged",
        "watch_taken",
        "alert_raised",
        "ladder_opened",
        "ladder_ended",
        "rung_reached",
        "draft_prepared",
    }
)
KEY_KINDS = frozenset({"founding", "resume", "key", "revoke"})


@dataclass(slots=True)
class Shelf:
    """One host's disk as far as it was read."""

    logs: dict[FeedId, list[Noted]] = field(default_factory=dict)
    said: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class RecordLedger:
    """Every entry that was ever durable or sent, and what each host promised."""

    feeds: Mapping[FeedId, PartyId]
    journals: Mapping[FeedId, PartyId]
    forked: set[PartyId] = field(default_factory=set)
    shelves: dict[PartyId, Shelf] = field(default_factory=dict)
    signed: dict[tuple[FeedId, int], str] = field(default_factory=dict)
    promised: dict[PartyId, dict[tuple[FeedId, int], str]] = field(default_factory=dict)
    markers: dict[str, frozenset[PartyId]] = field(default_factory=dict)

    def forget(self, host: Host) -> None:
        """The disk was replaced: it is read from the beginning."""
        self.shelves[host.name] = Shelf()

    def news(self, host: Host) -> list[Noted]:
        """The rows that this disk gained since it was last read."""
        shelf = self.shelves.setdefault(host.name, Shelf())
        found = []
        for feed in host.disk.feeds():
            held = shelf.logs.setdefault(feed, [])
            for row in host.disk.entries(feed, len(held)):
                entry = noted(row)
                demand(entry.seq == len(held), f"{host.name}: a gap before {place_of(entry)}")
                held.append(entry)
                self._one_history(entry)
                self._once(host, shelf, entry)
                found.append(entry)
        return found

    def _one_history(self, entry: Noted) -> None:
        """An honest party signs one entry for each number, ever."""
        owner = self.feeds.get(entry.feed) or self.journals.get(entry.feed)
        if owner in self.forked:
            return
        before = self.signed.setdefault((entry.feed, entry.seq), entry.hash)
        demand(before == entry.hash, f"{owner} signed two entries at {place_of(entry)}")

    def _once(self, host: Host, shelf: Shelf, entry: Noted) -> None:
        own = entry.feed in (host.journal, host.party.setting.feed)
        if not own or entry.kind not in ONCE or not entry.is_read:
            return
        words = f"{entry.kind} {sorted(entry.said.items())!r}"
        shelf.said[words] += 1
        demand(shelf.said[words] == 1, f"{host.name} recorded twice: {words[:200]}")

    def handled(self, host: Host, given: NodeInput, outcome: Outcome, news: list[Noted]) -> None:
        """What an input gave is durable, of the kind that was asked, and effects stand on it."""
        held = self.shelves[host.name].logs
        mine = self.promised.setdefault(host.name, {})
        for ref in outcome.recorded:
            log = held.get(ref.feed, [])
            durable = ref.seq < len(log) and log[ref.seq].hash == ref.hash
            demand(durable, f"{host.name}: {ref.feed[:8]}/{ref.seq} was told and is not durable")
            mine[ref.feed, ref.seq] = ref.hash
        if isinstance(given, Act) and outcome.recorded and outcome.no is None:
            first = outcome.recorded[0]
            kind = held[first.feed][first.seq].kind
            asked = _snake(type(given.body).__name__)
            demand(kind == asked, f"{host.name} asked for {asked}; {kind} was recorded")
        if outcome.fault is None and not afresh(given, outcome):
            self._effects_stand(host, outcome.effects, news)

    def _effects_stand(self, host: Host, effects: Iterable[Effect], news: Iterable[Noted]) -> None:
        kinds = Counter(entry.kind for entry in news if entry.feed == host.journal)
        asked = Counter(type(effect) for effect in effects)
        pairs = ((DraftReady, "draft_prepared"), (Ring, "rung_reached"))
        for effect, kind in pairs:
            demand(
                asked[effect] == kinds[kind],
                f"{host.name}: {asked[effect]} {effect.__name__} for {kinds[kind]} durable {kind}",
            )
        alerts = {entry.said["alert"] for entry in news if "alert" in entry.said}
        for one in effects:
            if isinstance(one, ShowAlert):
                demand(one.alert in alerts, f"{host.name} showed {one.alert} before it was durable")

    def all_kept(self, host: Host) -> None:
        """Whatever this host ever told to be recorded is on its disk, as it was."""
        held = self.shelves[host.name].logs
        for (feed, seq), digest in sorted(self.promised.get(host.name, {}).items()):
            log = held.get(feed, [])
            demand(
                seq < len(log) and log[seq].hash == digest,
                f"{host.name} lost entry {seq} of {feed[:8]}, which it had told to be recorded",
            )

    def leaves(self, host: Host, to: PartyId, parcel: bytes) -> None:
        """What is in a parcel may go to that party, and is on the sender's disk."""
        for journal in self.journals:
            demand(journal.encode() not in parcel, f"{host.name} named a journal to {to}")
        held = self.shelves[host.name].logs
        for leaf, body in parcel_rows(parcel):
            entry = read(leaf, body)
            log = held.get(entry.feed, [])
            durable = entry.seq < len(log) and log[entry.seq].hash == entry.hash
            demand(durable, f"{host.name} sent {place_of(entry)}, which is not durable")
            if body is not None:
                self._may_hold(host, to, entry, body)

    def _may_hold(self, host: Host, to: PartyId, entry: Noted, body: bytes) -> None:
        author = self.feeds[entry.feed]
        named = {self.feeds[FeedId(feed)] for feed in entry.to if FeedId(feed) in self.feeds}
        public = entry.kind in KEY_KINDS
        allowed = public or to == author or to in named
        demand(allowed, f"{host.name} sent the body of {place_of(entry)} to {to}: not released")
        for marker, audience in self.markers.items():
            if marker.encode() in body:
                may = to in audience
                demand(may, f"{host.name} sent {marker!r} to {to} in {place_of(entry)}")


def afresh(given: NodeInput, outcome: Outcome) -> bool:
    """Whether the node may have begun afresh on a late body, and asks again for what stands."""
    return isinstance(given, Delivery) and not outcome.recorded and not outcome.messages


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def field_of(said: Mapping[str, Any], *names: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value at the end of these names, or None."""
    value: Any = said
    for name in names:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
