"""Statements made for some components: whose word stands for which component.

A party's statements about one subject come in the order of its own feed. For a component the
latest statement that covers it stands. A statement for the whole party covers every component
but those it says it cannot speak for.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from crosstell.core.ids import ComponentId, PartyId
from crosstell.core.picture.party import Scope

StatementT = TypeVar("StatementT")

ANY_OTHER = ComponentId("")  # stands for a component that no statement names; no id is empty


def latest_for(
    statements: Iterable[StatementT],
    component: ComponentId,
    *,
    scope_of: Callable[[StatementT], Scope],
) -> StatementT | None:
    """The latest of `statements` (in feed order) that covers `component`, if any does."""
    found: StatementT | None = None
    for statement in statements:
        if scope_of(statement).covers(component):
            found = statement
    return found


def named_in(scopes: Iterable[Scope]) -> tuple[ComponentId, ...]:
    """Every component that the scopes name, on either side, sorted."""
    named: set[ComponentId] = set()
    for scope in scopes:
        named.update(scope.speaks_for, scope.cannot_speak_for)
    return tuple(sorted(named))


def rows_for(
    components: tuple[ComponentId, ...], scopes: Iterable[Scope]
) -> tuple[ComponentId | None, ...]:
    """Whom a matrix has a row for: the known components, then those only the scopes name.

    None is the rest of a party of which no components are known. A statement for a component
    that nobody listed is thus shown, never lost.
    """
    named = tuple(one for one in named_in(scopes) if one not in components)
    return (*components, *named) if components else (*named, None)


def row_name(party: PartyId, component: ComponentId | None, *, is_only: bool) -> str:
    """Whom a row is about, in words."""
    if component is not None:
        return f"{party} {component}"
    return str(party) if is_only else f"{party}, all others"


def still_standing(
    statements: tuple[StatementT, ...], *, scope_of: Callable[[StatementT], Scope]
) -> tuple[StatementT, ...]:
    """The statements that stand for at least one component, in order.

    What it leaves out stands for nobody any more, so the answer for every component is the same
    before and after; the record keeps them all. This bounds the state by the number of
    components and not by the number of statements.
    """
    named = named_in(scope_of(statement) for statement in statements)
    standing = [
        latest_for(statements, component, scope_of=scope_of) for component in (*named, ANY_OTHER)
    ]
    return tuple(
        statement for statement in statements if any(statement is kept for kept in standing)
    )


def scope_text(scope: Scope) -> str:
    """The scope in words: `for army; cannot speak for agency`."""
    for_whom = ", ".join(scope.speaks_for) or "the whole party"
    if not scope.cannot_speak_for:
        return f"for {for_whom}"
    return f"for {for_whom}; cannot speak for {', '.join(scope.cannot_speak_for)}"
