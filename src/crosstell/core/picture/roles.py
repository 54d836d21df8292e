"""Roles: on whose behalf a role speaks, for whom it cannot speak, and in which languages.

Rules of this file
- One owner: the feed of the party whose role it is.
- A role may be declared again; the latest declaration stands. It may be withdrawn, and come back.
- The counterpart sees the role and its title, never a person's or a unit's name.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ComponentId, PartyId, RoleId, check_id
from crosstell.core.picture.party import Scope
from crosstell.core.picture.scoped import scope_text
from crosstell.core.picture.wording import check_language, check_text
from crosstell.core.table import Stamp, Table, Verdict

LANGUAGES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDeclared:
    """The role speaks within `scope`, in `languages` (BCP 47 tags, best first).

    Implements PIC-040.
    """

    role: RoleId
    title: str
    scope: Scope
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a role without title, and what is not a language tag."""
        check_id(self.role, what="role")
        check_text(self.title, what=f"role {self.role}: title", length_max=200)
        if len(self.languages) > LANGUAGES_MAX:
            raise ValueError(f"role {self.role}: {len(self.languages)} languages; name fewer")
        for tag in self.languages:
            check_language(tag, what=f"role {self.role}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWithdrawn:
    """The role speaks no longer."""

    role: RoleId
    reason: str

    def __post_init__(self) -> None:
        """Refuse a withdrawal without reason."""
        check_id(self.role, what="role")
        check_text(self.reason, what=f"role {self.role}: reason")


RoleEvent = RoleDeclared | RoleWithdrawn


class RoleState(StrEnum):
    """Whether a role speaks."""

    ABSENT = "absent"
    DECLARED = "declared"
    WITHDRAWN = "withdrawn"


class RoleStep(StrEnum):
    """What its party can do with a role."""

    DECLARE = "declare"
    WITHDRAW = "withdraw"


ROLE_TABLE: Table[RoleState, RoleStep] = Table(
    name="role",
    states=RoleState,
    events=RoleStep,
    rows={
        (RoleState.ABSENT, RoleStep.DECLARE): RoleState.DECLARED,
        (RoleState.ABSENT, RoleStep.WITHDRAW): Verdict.REFUSED,
        (RoleState.DECLARED, RoleStep.DECLARE): RoleState.DECLARED,
        (RoleState.DECLARED, RoleStep.WITHDRAW): RoleState.WITHDRAWN,
        (RoleState.WITHDRAWN, RoleStep.DECLARE): RoleState.DECLARED,
        (RoleState.WITHDRAWN, RoleStep.WITHDRAW): Verdict.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role of one party: its latest declaration, with its entry."""

    state: RoleState
    declared: RoleDeclared
    stamp: Stamp


def advance(role: Role | None, event: RoleEvent, stamp: Stamp) -> Role | Refused | Duplicate:
    """The role after the event. Implements PIC-040, PIC-041."""
    state = role.state if role is not None else RoleState.ABSENT
    match event:
        case RoleDeclared():
            if role is not None and state is RoleState.DECLARED and role.declared == event:
                return Duplicate(text=f"role {event.role} is already declared so")
            after = ROLE_TABLE.next(state, RoleStep.DECLARE)
            assert isinstance(after, RoleState)
            return Role(state=after, declared=event, stamp=stamp)
        case RoleWithdrawn():
            after = ROLE_TABLE.next(state, RoleStep.WITHDRAW)
            if after is Verdict.DUPLICATE:
                return Duplicate(text=f"role {event.role} is already withdrawn")
            if role is None or isinstance(after, Verdict):
                return Refused(
                    code=RefusalCode.UNKNOWN_OBJECT,
                    text=f"role {event.role} was never declared; there is nothing to withdraw",
                )
            return replace(role, state=after)


def out_of_scope(role: Role | None, scope: Scope) -> Refused | None:
    """The refusal of a statement with `scope` by this role, or None if the role may make it.

    A role that was never declared may not speak for anyone. A statement for the whole party
    needs a role for the whole party, and must itself leave out whom the role cannot speak for.
    Implements PIC-042.
    """
    if role is None or role.state is not RoleState.DECLARED:
        return Refused(
            code=RefusalCode.OUT_OF_SCOPE,
            text="the role is not declared; declare it, with the scope it speaks for",
        )
    own = role.declared.scope
    if scope.speaks_for:
        beyond = [component for component in scope.speaks_for if not own.covers(component)]
    elif own.speaks_for:
        beyond = [ComponentId("the whole party")]
    else:
        beyond = [one for one in own.cannot_speak_for if one not in scope.cannot_speak_for]
    if not beyond:
        return None
    return Refused(
        code=RefusalCode.OUT_OF_SCOPE,
        text=f"role {role.declared.role} speaks {scope_text(own)}, not for {', '.join(beyond)}; "
        "narrow the statement's scope or have another role make it",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRoles:
    """The roles one party has declared, with the components that are known of it."""

    party: PartyId
    components: tuple[ComponentId, ...]
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRow:
    """One component and the roles that can speak for it, as declared; none is a gap."""

    party: PartyId
    component: ComponentId
    roles: tuple[RoleId, ...]
    text: str


def who_speaks_for(held: PartyRoles) -> tuple[VoiceRow, ...]:
    """For each known component the roles that speak for it. Implements PIC-043."""
    rows: list[VoiceRow] = []
    for component in held.components:
        roles = tuple(
            sorted(
                role.declared.role
                for role in held.roles
                if role.state is RoleState.DECLARED and role.declared.scope.covers(component)
            )
        )
        words = ", ".join(roles) if roles else "no declared role speaks for it"
        rows.append(
            VoiceRow(
                party=held.party,
                component=component,
                roles=roles,
                text=f"{held.party} {component}: {words}",
            )
        )
    return tuple(rows)
