"""A version that amends another: what must hold between the two, and which one holds.

An amendment is a whole document that names the digest it amends. It takes its place between two
parties once both have signed it; until then the older version stands. Implements PRO-121 to
PRO-123.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import PartyId
from crosstell.core.protocol.adherence import Adherence
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.standing import in_force_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A document and its digest."""

    protocol: Protocol
    digest: ProtocolDigest


def amendment_faults(older: Version, newer: Protocol) -> tuple[str, ...]:
    """Why `newer` is no amendment of `older`; nothing if it is one."""
    found: list[str] = []
    before = older.protocol
    if newer.amends is None:
        found.append(f"amends is missing; write amends: {older.digest}")
    elif newer.amends != older.digest:
        found.append(
            f"amends {newer.amends[:16]}..., but the older document has the digest "
            f"{older.digest}; one of them is another version"
        )
    if newer.name != before.name:
        found.append(f"name is {newer.name!r}, not {before.name!r}; an amendment keeps the name")
    if newer.version == before.version:
        found.append(f"version is {newer.version!r} in both; give the amendment its own")
    if newer.starts < before.starts:
        found.append("starts before the version that it amends; start it later")
    gone = [party for party in before.signers if party not in newer.signers]
    if gone:
        found.append(
            f"leaves out {', '.join(gone)}, who sign the older version; a document between others "
            "is a new protocol, not an amendment"
        )
    return tuple(found)


def versions_in_force(
    versions: Sequence[Version], said: Iterable[Adherence], pair: frozenset[PartyId], at: datetime
) -> tuple[ProtocolDigest, ...]:
    """The versions that hold between two parties at `at`, sorted: those in force and not replaced.

    A version is replaced for good once one that amends it, at however many steps, came into force
    between the same two: that the newer one ended does not bring it back.
    """
    held = tuple(said)
    began = [version for version in versions if _began(version, held, pair, at)]
    amended = {version.digest: version.protocol.amends for version in versions}
    replaced: set[ProtocolDigest] = set()
    for version in began:
        older = version.protocol.amends
        while older is not None and older not in replaced:
            replaced.add(older)
            older = amended.get(older)
    holds = (v for v in began if v.protocol.ends is None or at < v.protocol.ends)
    return tuple(sorted({version.digest for version in holds} - replaced))


def _began(
    version: Version, said: tuple[Adherence, ...], pair: frozenset[PartyId], at: datetime
) -> bool:
    """Whether the version had come into force between the two by then."""
    own = [one for one in said if one.protocol == version.digest and one.party in pair]
    if len(pair) != 2 or len(own) != 2:
        return False
    since = in_force_since(version.protocol, own[0], own[1])
    return since is not None and since <= at
