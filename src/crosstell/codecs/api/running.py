"""What the interface shows of the process around a node: what waits, what carries, what rings."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import FeedId, PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShown:
    """What carries parcels to one party, as measured here.

    `reached_at`: when it last answered us; `heard_at`: when it last called, or brought something.
    Of a split node both, and the fault of the line, are what its exchange side told last.
    `waiting_since`: how long the oldest parcel waits.
    """

    party: PartyId
    reach: str
    reached_at: datetime | None
    heard_at: datetime | None
    round_s: float | None
    backlog: int
    waiting_since: datetime | None
    fails: int
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedShown:
    """How often the line's port refused something for one reason; None: strangers."""

    party: PartyId | None
    reason: str
    count: int
    last_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelShown:
    """A way to people: what waits for it, and what keeps it from working."""

    name: str
    waiting: int
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeShown:
    """How many entries of a feed are held."""

    feed: FeedId
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingShown:
    """Where the node stood after a batch of inputs: its time, and the newest entry held.

    `batches`: how many it has done since its start; an answer says how many were done before it.
    `next_wake`: when time will next make something due. `behind`: who is not yet known to hold all
    that our feed has. `feeds`: every party's.
    """

    batches: int
    at: datetime
    arrivals: int
    next_wake: datetime | None
    behind: tuple[PartyId, ...]
    feeds: tuple[SizeShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningShown:
    """The process around the node.

    `waiting`: inputs in line. `next_wake`: when time will next make something due. `unrouted`:
    roles that were to be rung, and no channel rings.
    """

    waiting: int
    next_wake: datetime | None
    links: tuple[LinkShown, ...]
    refused: tuple[RefusedShown, ...]
    channels: tuple[ChannelShown, ...]
    unrouted: tuple[str, ...]
