"""What an administrator keeps: accounts, passwords, codes, tokens; and the audit is read."""

import msgspec
from starlette.responses import Response

from crosstell.codecs.api.wire import (
    AccountList,
    AccountTold,
    AuditLineTold,
    AuditTold,
    CodeTold,
    NewAccount,
    NewPassword,
    NewToken,
    Nothing,
    TokenList,
    TokenTold,
)
from crosstell.core.ids import RoleId
from crosstell.core.instant import format_instant
from crosstell.shell.access.account import Account, AccountKind, Right
from crosstell.shell.access.audit import LINES_MAX, Deed
from crosstell.shell.access.tokens import Token
from crosstell.shell.api.doing.coming_in import given_of
from crosstell.shell.api.problems import Unmet
from crosstell.shell.api.serving import Asked, Serving, wire_response
from crosstell.shell.api.taking import query_int

ISSUER = "Crosstell"
NUMBER_MAX = 2**53 - 1


async def accounts(serving: Serving, asked: Asked) -> Response:
    """Every account."""
    found = await serving.aside(serving.access.accounts.all)
    given = await serving.aside(
        lambda: {one.name: given_of(serving, one.name, asked.at) for one in found}
    )
    return wire_response(
        AccountList(accounts=tuple(_account(one, given[one.name]) for one in found))
    )


async def make(serving: Serving, asked: Asked) -> Response:
    """An account is made."""
    given = msgspec.json.decode(asked.body, type=NewAccount)
    protocol = serving.state.setting.protocol
    if given.role is not None and protocol.role(RoleId(given.role)) is None:
        names = ", ".join(role.id for role in protocol.roles)
        raise Unmet("not-fitting", f"{given.role} is no role of this protocol; name one of {names}")
    party = protocol.party(serving.state.setting.party)
    components = () if party is None else tuple(one.id for one in party.components)
    if given.component is not None and given.component not in components:
        names = ", ".join(components) or "none"
        raise Unmet("not-fitting", f"{given.component} is no component of ours; there are: {names}")
    made = await serving.aside(
        serving.access.make_account,
        given.name,
        AccountKind(given.kind),
        role=given.role,
        component=given.component,
        password=given.password,
        by=asked.account.name,
        now=asked.at,
    )
    given_by = await serving.aside(given_of, serving, made.name, asked.at)
    return wire_response(_account(made, given_by), 201)


async def disable(serving: Serving, asked: Asked) -> Response:
    """An account is of no more use."""
    name = _name(asked)
    await serving.aside(serving.access.disable, name, by=asked.account.name, now=asked.at)
    return wire_response(Nothing(done=f"{name} is disabled"))


async def set_password(serving: Serving, asked: Asked) -> Response:
    """Another password: by an administrator, or by its owner who gives the former one."""
    given = msgspec.json.decode(asked.body, type=NewPassword)
    name = _name(asked)
    if not asked.account.may(Right.KEEP_ACCOUNTS) or name == asked.account.name:
        await _prove(serving, asked, name, given.former)
    await serving.aside(
        serving.access.set_password, name, given.password, by=asked.account.name, now=asked.at
    )
    return wire_response(Nothing(done=f"the password of {name} is another; its sessions are over"))


async def vouch(serving: Serving, asked: Asked) -> Response:
    """A second administrator stands for a password that another gave."""
    name = _name(asked)
    await serving.aside(serving.access.vouch, name, by=asked.account.name, now=asked.at)
    return wire_response(Nothing(done=f"{name} may be one of two persons"))


async def _prove(serving: Serving, asked: Asked, name: str, former: str | None) -> None:
    """The owner is who asks, and knows the former password."""
    if name != asked.account.name:
        raise Unmet("not-allowed", "only an administrator sets another account's password")
    async with serving.at_once:
        fits = await serving.aside(
            serving.access.proves, name, former or "", address=asked.address, now=asked.at
        )
    if not fits:
        raise Unmet("not-allowed", "give the former password too, in `former`")


async def set_code(serving: Serving, asked: Asked) -> Response:
    """One-time codes are asked for from now on."""
    issuer = f"{ISSUER} {serving.state.setting.party}"
    address = await serving.aside(
        serving.access.set_code, _name(asked), issuer=issuer, by=asked.account.name, now=asked.at
    )
    return wire_response(CodeTold(address=address), 201)


async def drop_code(serving: Serving, asked: Asked) -> Response:
    """One-time codes are asked for no longer."""
    name = _name(asked)
    await serving.aside(serving.access.drop_code, name, by=asked.account.name, now=asked.at)
    return wire_response(Nothing(done=f"{name} is asked for no code"))


async def tokens(serving: Serving, asked: Asked) -> Response:
    """The tokens of a system."""
    found = await serving.aside(serving.access.tokens.of, _name(asked))
    return wire_response(TokenList(tokens=tuple(_token(one) for one in found)))


async def make_token(serving: Serving, asked: Asked) -> Response:
    """A token is made, and told once."""
    given = msgspec.json.decode(asked.body, type=NewToken)
    secret, token = await serving.aside(
        serving.access.make_token,
        _name(asked),
        lasts_s=given.lasts_s,
        by=asked.account.name,
        now=asked.at,
    )
    return wire_response(_token(token, secret), 201)


async def revoke_token(serving: Serving, asked: Asked) -> Response:
    """A token is of no more use."""
    token = str(asked.request.path_params["token"])
    await serving.aside(
        serving.access.revoke_token, _name(asked), token, by=asked.account.name, now=asked.at
    )
    return wire_response(Nothing(done=f"token {token} is revoked"))


async def audit(serving: Serving, asked: Asked) -> Response:
    """Lines of the audit, the newest where no number is given; that it was read is a line too."""
    is_newest = "after" not in asked.request.query_params
    after = query_int(asked, "after", default=0, most=NUMBER_MAX)
    count = query_int(asked, "count", default=100, most=LINES_MAX)

    def read() -> AuditTold:
        kept = serving.access.audit
        kept.note(
            asked.at,
            Deed.AUDIT_READ,
            by=asked.account.name,
            address=asked.address,
            about="the newest" if is_newest else f"after {after}",
        )
        first = max(0, kept.head().size - count) if is_newest else after
        lines = tuple(
            AuditLineTold(
                number=line.number,
                at=format_instant(line.at),
                account=line.account,
                address=line.address,
                deed=line.deed.value,
                about=line.about,
                hash=line.hash,
            )
            for line in kept.lines(first, count)
        )
        head = kept.head()
        return AuditTold(lines=lines, size=head.size, head=head.hash)

    return wire_response(await serving.aside(read))


def _name(asked: Asked) -> str:
    return str(asked.request.path_params["name"])


def _account(account: Account, given: str | None) -> AccountTold:
    return AccountTold(
        name=account.name,
        kind=account.kind.value,
        role=account.role,
        component=account.component,
        created_at=format_instant(account.created_at),
        has_code=account.has_code,
        disabled_at=None if account.disabled_at is None else format_instant(account.disabled_at),
        given=given,
    )


def _token(token: Token, secret: str | None = None) -> TokenTold:
    revoked = token.revoked_at
    return TokenTold(
        id=token.id,
        made_at=format_instant(token.made_at),
        expires_at=format_instant(token.expires_at),
        revoked_at=None if revoked is None else format_instant(revoked),
        token=secret,
    )
