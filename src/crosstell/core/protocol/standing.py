"""How a protocol stands at an instant: in force between whom, suspended by whom, used by whom.

Three facts, side by side; none follows from another. Views, computed from what each party's own
feed holds and never stored. Signature times are their authors' claims, not proof.
Implements PRO-054 to PRO-056.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import PartyId
from crosstell.core.protocol.adherence import Adherence, Said
from crosstell.core.protocol.document import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Between these two parties the protocol is in force since then."""

    parties: tuple[PartyId, PartyId]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolStanding:
    """The three facts at one instant; pairs and parties are in the order of their ids."""

    in_force: tuple[InForce, ...]
    suspended_by: tuple[tuple[PartyId, Said], ...]
    used_by: tuple[tuple[PartyId, Said], ...]


def in_force_since(protocol: Protocol, one: Adherence, other: Adherence) -> datetime | None:
    """When it came into force between two parties: the latest of `starts` and both signatures.

    None unless both owe its duties, are different, signed, and signed this same digest.
    """
    if one.protocol != other.protocol or one.party == other.party:
        return None
    if not {one.party, other.party} <= set(protocol.signers):
        return None
    if one.signed is None or other.signed is None:
        return None
    return max(protocol.starts, one.signed.at, other.signed.at)


def standing(protocol: Protocol, said: Iterable[Adherence], at: datetime) -> ProtocolStanding:
    """The three facts at `at`, from what the parties said of this protocol's digest."""
    ordered = sorted(said, key=lambda adherence: adherence.party)
    over = protocol.ends is not None and protocol.ends <= at
    pairs = []
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            since = in_force_since(protocol, one, other)
            if since is not None and since <= at and not over:
                pairs.append(InForce(parties=(one.party, other.party), since=since))
    return ProtocolStanding(
        in_force=tuple(pairs),
        suspended_by=tuple((a.party, a.suspended) for a in ordered if a.suspended is not None),
        used_by=tuple((a.party, a.used) for a in ordered if a.used is not None),
    )
