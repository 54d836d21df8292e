"""How the process around a node stands: its line of inputs, its post, its people."""

from crosstell.codecs.api.running import (
    ChannelShown,
    LinkShown,
    RefusedShown,
    RunningShown,
)
from crosstell.shell.live.sequencer import Sequencer
from crosstell.shell.peers.post import LineState, Post
from crosstell.shell.peers.refusals import Refusals
from crosstell.shell.peers.split.picture import PictureSide
from crosstell.shell.people.to_people import ToPeople


def running_shown(
    sequencer: Sequencer, post: Post | PictureSide, refusals: Refusals, people: ToPeople
) -> RunningShown:
    """Everything that the node itself does not know of its process."""
    handed = people.status()
    return RunningShown(
        waiting=sequencer.waiting,
        next_wake=sequencer.due,
        links=tuple(_link(line) for line in post.lines()),
        refused=tuple(
            RefusedShown(
                party=row.party,
                reason=row.reason.value,
                count=row.count,
                last_at=row.last_at,
                text=row.text,
            )
            for row in refusals.rows()
        ),
        channels=tuple(
            ChannelShown(name=one.name, waiting=one.waiting, fault=one.fault)
            for one in handed.channels
        ),
        unrouted=handed.unrouted,
    )


def _link(line: LineState) -> LinkShown:
    return LinkShown(
        party=line.party,
        reach=line.reach,
        reached_at=line.reached_at,
        heard_at=line.heard_at,
        round_s=line.round_s,
        backlog=line.backlog,
        waiting_since=line.since,
        fails=line.fails,
        fault=line.fault,
    )
