"""Who a protocol is between: parties, their components, and the roles that speak.

Roles and titles only: names of persons and units stay at home. Implements PRO-002, PRO-003.
"""

import re
from dataclasses import dataclass

from crosstell.core.ids import ComponentId, PartyId, RoleId, check_id
from crosstell.core.picture.party import Scope, Standing
from crosstell.core.protocol.grain import require_text

LEVEL_MAX = 99
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A service, command or agency of a party, and the languages its staff speaks (BCP 47)."""

    id: ComponentId
    title: str
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be named on a call."""
        check_id(self.id, what="id")
        require_text(self.title, what="title", length_max=200)
        check_languages(self.languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleScope:
    """What one role of this party speaks for under the protocol, and what it cannot."""

    role: RoleId
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolParty:
    """A party, an associated force or a notifier, as the protocol names it."""

    id: PartyId
    title: str
    standing: Standing
    languages: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()
    scopes: tuple[RoleScope, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be named on a call."""
        check_id(self.id, what="id")
        require_text(self.title, what="title", length_max=200)
        check_languages(self.languages)
        if self.standing is Standing.COMPONENT:
            raise ValueError(
                "standing is component; list a component under the components of its party"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolRole:
    """A role that both sides staff; `level` 0 is the duty officer. Like speaks to like."""

    id: RoleId
    title: str
    level: int

    def __post_init__(self) -> None:
        """Refuse a role that cannot be placed on the ladder."""
        check_id(self.id, what="id")
        require_text(self.title, what="title", length_max=200)
        if not 0 <= self.level <= LEVEL_MAX:
            raise ValueError(f"level is {self.level}; write 0 (duty officer) to {LEVEL_MAX}")


def check_languages(languages: tuple[str, ...]) -> None:
    """Raise ValueError unless each is written as a BCP 47 tag."""
    for language in languages:
        if _LANGUAGE.fullmatch(language) is None:
            raise ValueError(
                f"languages: {language!r} is not a BCP 47 tag; write it like en, tr or ar-SY"
            )
