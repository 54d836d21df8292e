"""Roles: who speaks for whom, and who cannot."""

import pytest
from picture_values import AGENCY, ARMY, NAVY, scope, stamp

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import PartyId, RoleId
from crosstell.core.picture.party import Scope
from crosstell.core.picture.roles import (
    ROLE_TABLE,
    PartyRoles,
    Role,
    RoleDeclared,
    RoleState,
    RoleWithdrawn,
    advance,
    out_of_scope,
    who_speaks_for,
)
from crosstell.core.table import Verdict

WHOLE = Scope()
GONE = RoleWithdrawn(role=RoleId("duty-officer"), reason="cell closed")


def declared(scope_: Scope = WHOLE, role: str = "duty-officer") -> RoleDeclared:
    return RoleDeclared(role=RoleId(role), title="Duty officer", scope=scope_, languages=("en",))


def role(scope_: Scope = WHOLE, name: str = "duty-officer") -> Role:
    made = advance(None, declared(scope_, name), stamp())
    assert isinstance(made, Role)
    return made


def test_the_latest_declaration_stands() -> None:
    """PIC-040."""
    later = advance(role(), declared(scope(ARMY)), stamp(1))
    assert isinstance(later, Role)
    assert later.declared.scope == scope(ARMY)
    assert isinstance(advance(later, declared(scope(ARMY)), stamp(2)), Duplicate)


@pytest.mark.parametrize(
    "bad",
    [
        {"title": ""},
        {"languages": ("English (UK)",)},
        {"languages": ("",)},
        {"languages": ("en",) * 21},
    ],
)
def test_a_role_without_title_or_with_no_language_is_refused(bad: dict[str, object]) -> None:
    """PIC-040."""
    fields: dict[str, object] = {"role": RoleId("r"), "title": "Role", "scope": WHOLE, **bad}
    with pytest.raises(ValueError, match="role r"):
        RoleDeclared(**fields)  # type: ignore[arg-type]


def test_a_withdrawn_role_speaks_for_nobody_until_declared_again() -> None:
    """PIC-041."""
    gone = advance(role(), GONE, stamp(1))
    assert isinstance(gone, Role)
    assert isinstance(out_of_scope(gone, scope(ARMY)), Refused)
    assert isinstance(advance(gone, GONE, stamp(2)), Duplicate)
    back = advance(gone, declared(), stamp(2))
    assert isinstance(back, Role)
    assert back.state is RoleState.DECLARED
    assert out_of_scope(back, scope(ARMY)) is None
    never = advance(None, GONE, stamp())
    assert isinstance(never, Refused)
    assert never.code is RefusalCode.UNKNOWN_OBJECT


def test_refused_pairs_by_name() -> None:
    """PIC-041."""
    refused = {f"{s}/{e}" for (s, e), v in ROLE_TABLE.rows.items() if v is Verdict.REFUSED}
    assert refused == {"absent/withdraw"}


@pytest.mark.parametrize(
    ("of_role", "of_statement", "beyond"),
    [
        (WHOLE, WHOLE, None),
        (WHOLE, scope(AGENCY), None),
        (scope(ARMY, NAVY), scope(ARMY), None),
        (scope(ARMY), scope(ARMY, NAVY), "not for navy"),
        (scope(ARMY), WHOLE, "not for the whole party"),
        (scope(cannot=(AGENCY,)), WHOLE, "not for agency"),
        (scope(cannot=(AGENCY,)), scope(AGENCY), "not for agency"),
        (scope(cannot=(AGENCY,)), scope(cannot=(AGENCY,)), None),
        (scope(cannot=(AGENCY,)), scope(ARMY), None),
    ],
)
def test_a_statement_beyond_the_role_is_refused(
    of_role: Scope, of_statement: Scope, beyond: str | None
) -> None:
    """PIC-042."""
    refused = out_of_scope(role(of_role), of_statement)
    if beyond is None:
        assert refused is None
        return
    assert refused is not None
    assert refused.code is RefusalCode.OUT_OF_SCOPE
    assert beyond in refused.text


def test_an_undeclared_role_speaks_for_nobody() -> None:
    """PIC-042."""
    refused = out_of_scope(None, scope(ARMY))
    assert refused is not None
    assert "not declared" in refused.text


def test_who_speaks_for_each_component_and_the_gap_is_said() -> None:
    """PIC-043."""
    held = PartyRoles(
        party=PartyId("red"),
        components=(ARMY, AGENCY),
        roles=(role(scope(ARMY), "watch-chief"), role(scope(cannot=(AGENCY,)))),
    )
    assert [row.text for row in who_speaks_for(held)] == [
        "red army: duty-officer, watch-chief",
        "red agency: no declared role speaks for it",
    ]
