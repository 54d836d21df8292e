"""One party's node in a run, and how far it has been looked at."""

from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.ids import AlertId, FeedId, PartyId
from crosstell.core.mechanism.view import alert_view
from crosstell.core.state.state import State
from crosstell.replay.played import trace
from crosstell.shell.node import Node


@dataclass(slots=True)
class Station:
    """A node with what it keeps, and how far each of its logs has been looked at."""

    party: PartyId
    node: Node
    desk: trace.Desk
    owners: dict[FeedId, tuple[PartyId, str]]
    looked: dict[FeedId, int] = field(default_factory=dict)
    tick_at: datetime | None = None

    def new_sights(self, reader: trace.Reader, now: datetime) -> tuple[trace.Sight, ...]:
        """The entries that the node has come to hold since the last look, by log."""
        found = []
        for feed in sorted(self.owners, key=lambda name: self.owners[name]):
            start = self.looked.get(feed, 0)
            if self.desk.store.size(feed) == start:
                continue
            of, home = self.owners[feed]
            for row in self.desk.store.entries(feed, start):
                kind, by, body, ref = reader.read(row)
                found.append(
                    trace.Sight(
                        at=now,
                        held_by=self.party,
                        of=of,
                        home=home,
                        ref=ref,
                        kind=kind,
                        by=by,
                        body=body,
                    )
                )
            self.looked[feed] = start + sum(1 for s in found if s.ref.feed == feed)
        return tuple(found)


def call_by(state: State, name: AlertId) -> datetime | None:
    """By when one must call, as a node in this state shows it to a person with this alert."""
    alert = state.alert(name)
    if alert is None or alert.shown is None:
        return None
    shown = alert_view(state, alert, alert.shown.finding_at)
    return None if shown is None else shown.call_by
