"""Tokens of systems: for observations and nothing else, kept as digests, good until they expire."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.errors import CallerError
from crosstell.core.instant import from_us, later, to_us
from crosstell.shell.access.database import Database, at_us
from crosstell.shell.access.secret import digest, draw_token

PREFIX = "xst_"  # so that a token which got into a file is recognised as one
LASTS_S_MAX = 366 * 86_400.0
TOKENS_MAX = 20  # standing at once for one account; two overlap when one is replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token: everything but the token."""

    id: str
    account: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class Tokens:
    """The tokens in their database."""

    def __init__(self, database: Database) -> None:
        """Over the open database."""
        self._database = database

    def make(self, account: str, *, lasts_s: float, now: datetime) -> tuple[str, Token]:
        """A new token, told once, and what is kept of it. Implements ACS-030."""
        if not 0 < lasts_s <= LASTS_S_MAX:
            raise CallerError(
                f"token for {account}: it lasts {lasts_s:.0f} s; use 1 to {LASTS_S_MAX:.0f}"
            )
        if len([one for one in self.of(account) if _stands(one, now)]) >= TOKENS_MAX:
            raise CallerError(f"account {account} has {TOKENS_MAX} tokens; revoke one first")
        secret = PREFIX + draw_token()
        token = Token(
            id=digest(secret).hex()[:16],
            account=account,
            made_at=now,
            expires_at=later(now, by_s=lasts_s),
        )
        self._database.write(
            "INSERT INTO token VALUES (?, ?, ?, ?, ?, NULL)",
            *(token.id, account, digest(secret), to_us(now), to_us(token.expires_at)),
        )
        return secret, token

    def find(self, secret: str, now: datetime) -> Token | None:
        """The token, if it stands: not revoked, not expired. Implements ACS-031."""
        row = self._database.row(
            "SELECT id, account, made_us, expires_us, revoked_us FROM token WHERE digest = ?",
            digest(secret),
        )
        if row is None:
            return None
        found = _token(*row)
        return found if _stands(found, now) else None

    def of(self, account: str) -> tuple[Token, ...]:
        """Every token of the account that was not swept away, oldest first."""
        rows = self._database.rows(
            "SELECT id, account, made_us, expires_us, revoked_us FROM token WHERE account = ? "
            "ORDER BY made_us, id LIMIT 1000",
            account,
        )
        return tuple(_token(*row) for row in rows)

    def revoke(self, account: str, token: str, now: datetime) -> bool:
        """The token stands no longer, at once; False if the account has none of that id."""
        changed = self._database.write(
            "UPDATE token SET revoked_us = coalesce(revoked_us, ?) WHERE id = ? AND account = ?",
            *(to_us(now), token, account),
        )
        return changed > 0


def _stands(token: Token, now: datetime) -> bool:
    return token.revoked_at is None and now < token.expires_at


def _token(name: str, account: str, made: int, expires: int, revoked: int | None) -> Token:
    return Token(
        id=name,
        account=account,
        made_at=from_us(made),
        expires_at=from_us(expires),
        revoked_at=at_us(revoked),
    )
