"""Accounts: what kinds there are, and what each may do. Pure values; the file is `database`.

An account is a local matter: its name is in the access database and nowhere else. What the record
shows of a person is the role and the watch.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import ComponentId, RoleId, check_id


class AccountKind(StrEnum):
    """What an account is for. One account has one kind."""

    OPERATOR = "operator"  # acts in a role, on a watch
    APPROVER = "approver"  # is the second person of an act, in a role, on a watch
    READER = "reader"  # sees, and records nothing
    ADMINISTRATOR = "administrator"  # keeps accounts, tokens and the audit; sees nothing else
    SYSTEM = "system"  # gives observations, by token; has no password


class Right(StrEnum):
    """One thing that an account may do."""

    SEE = "see"
    ACT = "act"
    CONFIRM = "confirm"
    EXPORT = "export"
    KEEP_ACCOUNTS = "keep-accounts"
    OBSERVE = "observe"
    HAVE_SESSION = "have-session"


RIGHTS: dict[AccountKind, frozenset[Right]] = {
    AccountKind.OPERATOR: frozenset(
        (Right.SEE, Right.ACT, Right.CONFIRM, Right.EXPORT, Right.HAVE_SESSION)
    ),
    AccountKind.APPROVER: frozenset((Right.SEE, Right.CONFIRM, Right.EXPORT, Right.HAVE_SESSION)),
    AccountKind.READER: frozenset((Right.SEE, Right.HAVE_SESSION)),
    AccountKind.ADMINISTRATOR: frozenset((Right.KEEP_ACCOUNTS, Right.HAVE_SESSION)),
    AccountKind.SYSTEM: frozenset((Right.OBSERVE,)),
}
IN_A_ROLE = frozenset((AccountKind.OPERATOR, AccountKind.APPROVER))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account as kept. `role` is set exactly for the kinds that speak in one.

    `component`: of its party, beside whose line the person sits; they speak as of it.
    """

    name: str
    kind: AccountKind
    role: RoleId | None
    created_at: datetime
    disabled_at: datetime | None = None
    has_code: bool = False  # a one-time code is asked for beside the password
    component: ComponentId | None = None

    def __post_init__(self) -> None:
        """Refuse a bad name, and a role where there is none to speak in."""
        check_id(self.name, what="account")
        if self.kind in IN_A_ROLE and self.role is None:
            raise ValueError(f"account {self.name}: {self.kind} needs the role that it speaks in")
        if self.kind not in IN_A_ROLE and self.role is not None:
            raise ValueError(f"account {self.name}: {self.kind} speaks in no role; leave it out")
        if self.role is not None:
            check_id(self.role, what="role")
        if self.component is not None:
            check_id(self.component, what="component")
            if self.role is None:
                raise ValueError(f"account {self.name}: a component speaks in a role; name it too")

    def may(self, right: Right) -> bool:
        """Whether the account may do this; one that is disabled may do nothing."""
        return self.disabled_at is None and right in RIGHTS[self.kind]
