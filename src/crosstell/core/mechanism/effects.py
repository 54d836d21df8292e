"""What the shell is asked to do, once the entry that calls for it is durable.

An effect follows from a recorded entry only, so it can be asked for again after a crash: the
shell may ring twice, never not at all.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.ids import AlertId, CallId, PartyId, RoleId


class RingRank(StrEnum):
    """What a ring is about, as far as it decides which goes first."""

    STOP = "stop"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Ring this role of our own side about this matter until it is acknowledged.

    One about a stop that is real and stands goes before every other that waits.
    """

    matter: str
    role: RoleId
    rung: int
    text: str
    rank: RingRank = RingRank.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRinging:
    """The matter was taken up or ended; nobody need be rung about it any more."""

    matter: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReady:
    """A brief and a draft call await a person: the rung lies above what the node rings itself."""

    matter: str
    role: RoleId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAlert:
    """An alert was raised, changed or cleared and belongs on the screen."""

    alert: AlertId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCall:
    """A call arrived or moved on; a stop interrupts whatever else is on the screen."""

    party: PartyId
    call: CallId
    text: str


Effect = Ring | StopRinging | DraftReady | ShowAlert | ShowCall
