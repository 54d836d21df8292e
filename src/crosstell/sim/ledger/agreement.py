"""What must be equal: live and rebuilt, both sides of one feed, and at last everything.

The states are compared with each other, never believed. Implements SIM-030 to SIM-035.
"""

from dataclasses import dataclass, field, replace

from crosstell.core.ids import EntryRef, FeedId, PartyId
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.state.state import FeedState
from crosstell.shell.node import Node, Tools
from crosstell.shell.store.names import FORKS, checkpoint_name
from crosstell.sim.host import Host
from crosstell.sim.ledger.noted import demand

MAPS = (
    "adherence",
    "roles",
    "notices",
    "statuses",
    "ownership",
    "calls",
    "acknowledgements",
    "answers",
    "voice_logs",
    "broadcasts",
)
STAGES = tuple(Stage)


@dataclass(slots=True)
class AgreementLedger:
    """The highest stage that each host ever showed of each call."""

    stages: dict[PartyId, dict[EntryRef, int]] = field(default_factory=dict)

    def forget(self, host: Host) -> None:
        """The disk was replaced by an older one."""
        self.stages.pop(host.name, None)

    def rebuilt_equals_live(self, host: Host) -> None:
        """A node made from this disk alone knows what the running one knows."""
        party = host.party
        tools = Tools(
            store=host.disk, keys=party.keys(), draw=party.draw, high_water=party.high_water
        )
        again = Node(party.setting, tools, party.peers)
        demand(
            again.state == party.node.state, f"{host.name}: rebuilt state differs from live state"
        )

    def stages_never_fall(self, host: Host) -> None:
        """A call's stage is never lower than it was."""
        seen = self.stages.setdefault(host.name, {})
        for feed in host.party.node.state.feeds.values():
            for ref, held in feed.acknowledgements.items():
                now = STAGES.index(held.stage)
                demand(now >= seen.get(ref, 0), f"{host.name}: the stage of {ref} fell")
                seen[ref] = now

    def same_feed_same_state(self, one: Host, other: Host) -> None:
        """Of a feed that both hold to one size, both know the same, as far as they may read it."""
        for party, here in one.party.node.state.feeds.items():
            there = other.party.node.state.feeds[party]
            if here.size == there.size and party in (one.name, other.name):
                whole, part = (here, there) if party == one.name else (there, here)
                _same(whole, part, (one.name, other.name))


def _same(whole: FeedState, part: FeedState, names: tuple[PartyId, PartyId]) -> None:
    if any(kind != "journal_committed" for _, kind, _ in whole.unread):
        return  # its author lost bodies, and has not yet had all of them back
    for name in MAPS:
        ours, theirs = getattr(whole, name), getattr(part, name)
        for key, machine in theirs.items():
            demand(
                ours.get(key) == machine,
                f"{names}: {name} {key} of {whole.party} differs at size {whole.size}",
            )
    unread = {ref for ref, _, _ in part.unread}
    if not unread - {ref for ref, kind, _ in part.unread if kind == "journal_committed"}:
        bare = [replace(one, unread=(), journal_committed_at=None) for one in (whole, part)]
        demand(bare[0] == bare[1], f"{names}: {whole.party} differs at size {whole.size}")


def converged(hosts: list[Host], feeds: dict[FeedId, PartyId]) -> None:
    """Every host holds what every author signed first, and it is cosigned.

    A fork is seen only by who holds the first branch, so that branch goes on for everybody.
    """
    for feed, author in feeds.items():
        held = {host.name: [row.leaf for row in host.disk.entries(feed)] for host in hosts}
        for name, leaves in held.items():
            text = f"{name} holds {len(leaves)} of {len(held[author])} entries of {author}"
            demand(leaves == held[author], f"{text} after healing")
    for host in hosts:
        _cosigned(host, {other.name for other in hosts} - {host.name})


def _cosigned(host: Host, others: set[PartyId]) -> None:
    feed = host.party.setting.feed
    note = host.disk.blob(checkpoint_name(feed))
    demand(note is not None, f"{host.name} has no checkpoint of its own feed")
    assert note is not None
    lines = note.decode("utf-8").splitlines()
    size, signatures = int(lines[1]), sum(line.startswith("\u2014 ") for line in lines)
    demand(size == host.disk.size(feed), f"{host.name}: its checkpoint covers {size} entries")
    demand(
        signatures >= 1 + len(others),
        f"{host.name}: {signatures - 1} of {len(others)} parties cosigned its last checkpoint",
    )


def evidenced(host: Host, feed: FeedId) -> None:
    """The fork of this feed is on the host's disk as evidence."""
    found = host.disk.blobs(f"{FORKS}{feed}/")
    demand(found, f"{host.name} holds no evidence that {feed[:8]} forked")
