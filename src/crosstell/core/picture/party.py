"""Parties, components and who speaks for whom.

The counterpart sees roles and watch numbers, never names of persons or units.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.ids import ComponentId, PartyId, RoleId, check_id


class Standing(StrEnum):
    """What a named group owes under the protocol (design: party, associated, notifier)."""

    PARTY = "party"  # owes and is owed the protocol's duties
    COMPONENT = "component"  # a service, command or agency of a party
    ASSOCIATED = "associated"  # not of a party; a place may be avoided for it, without prejudice
    NOTIFIER = "notifier"  # notifies sites and movements; owes no duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says something: a role on watch, for a party or one of its components."""

    party: PartyId
    role: RoleId
    watch: str
    component: ComponentId | None = None

    def __post_init__(self) -> None:
        """Refuse ids that nobody could read back."""
        check_id(self.party, what="party")
        check_id(self.role, what="role")
        check_id(self.watch, what="watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The components a statement speaks for, and those it expressly cannot speak for.

    An empty `speaks_for` means the whole party; "the armed forces, not the intelligence
    service" names both.
    """

    speaks_for: tuple[ComponentId, ...] = ()
    cannot_speak_for: tuple[ComponentId, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a component named on both sides."""
        both = sorted(set(self.speaks_for) & set(self.cannot_speak_for))
        if both:
            raise ValueError(f"scope: {both[0]!r} is both spoken for and not; name it once")

    def covers(self, component: ComponentId) -> bool:
        """Whether the statement speaks for `component`."""
        if component in self.cannot_speak_for:
            return False
        return not self.speaks_for or component in self.speaks_for
