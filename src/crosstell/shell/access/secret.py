"""Secrets of accounts: passwords by Argon2id, one-time codes by RFC 6238, tokens by digest.

A password is never kept, only what Argon2id makes of it. Whoever names no account waits as long
as whoever names one, so that the answer's time tells nothing.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from crosstell.core.errors import CallerError
from crosstell.core.instant import to_us

PASSWORD_LENGTH_MIN = 12  # characters; NIST SP 800-63B asks for 8 at least, and no rules of letters
PASSWORD_LENGTH_MAX = 256
NAME_LENGTH_TOLD = 4  # a shorter name may be in any word
CODE_LENGTH = 6
CODE_STEP_S = 30
CODE_STEPS_ASIDE = 1  # a code of the step before or after is taken: clocks differ
TOKEN_BYTES = 32

Draw = Callable[[int], bytes]


def draw_token(draw: Draw = secrets.token_bytes) -> str:
    """256 bits that nobody can guess, as text that a header may hold."""
    return base64.urlsafe_b64encode(draw(TOKEN_BYTES)).decode("ascii").rstrip("=")


def digest(secret: str) -> bytes:
    """What is kept of a token: it has 256 bits, so one hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def same(one: str, other: str) -> bool:
    """Whether they are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(digest(one), digest(other))


def check_password(password: str, *, account: str) -> None:
    """Raise CallerError for a password that is too short, too long, or the account's name."""
    length = len(unicodedata.normalize("NFKC", password))
    if not PASSWORD_LENGTH_MIN <= length <= PASSWORD_LENGTH_MAX:
        raise CallerError(
            f"account {account}: a password of {length} characters; use {PASSWORD_LENGTH_MIN} to "
            f"{PASSWORD_LENGTH_MAX}, such as four words"
        )
    if len(account) >= NAME_LENGTH_TOLD and account.lower() in password.lower():
        raise CallerError(f"account {account}: the password holds its name; choose another")


@dataclass(frozen=True, slots=True)
class Passwords:
    """Argon2id with the library's parameters (RFC 9106, the second recommended option)."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    nobody: str = field(init=False)

    def __post_init__(self) -> None:
        """Draw the hash that is checked where there is no account."""
        object.__setattr__(self, "nobody", _of_nobody(self.hasher))

    def keep(self, password: str) -> str:
        """What is kept of the password: parameters, salt and hash in one text."""
        return self.hasher.hash(_bytes(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password. Takes as long where there is none."""
        try:
            self.hasher.verify(kept or self.nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_weak(self, kept: str) -> bool:
        """Whether it was kept under other parameters than today's, and should be kept anew."""
        return self.hasher.check_needs_rehash(kept)


def _of_nobody(hasher: PasswordHasher) -> str:
    """What might be kept of a password, and is of none: drawn, since making one takes long.

    To check a password against it takes as long as against any other. Implements RUN-502.
    """
    salt, made = (
        base64.b64encode(secrets.token_bytes(length)).decode("ascii").rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return (
        f"$argon2id$v={ARGON2_VERSION}$m={hasher.memory_cost},t={hasher.time_cost},"
        f"p={hasher.parallelism}${salt}${made}"
    )


def _bytes(password: str) -> bytes:
    """One form for what two keyboards write differently."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def draw_code_secret() -> str:
    """A fresh secret for one-time codes, in base 32."""
    return pyotp.random_base32()


def code_address(secret: str, *, account: str, issuer: str) -> str:
    """What a person's code generator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def code_step(secret: str, code: str, now: datetime, *, last_step: int) -> int | None:
    """The step that the code is of, if it fits and none so late was used; else None.

    A code is good once: a step up to `last_step` is refused. Implements ACS-014.
    """
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isdigit()):
        return None
    totp = pyotp.TOTP(secret, digits=CODE_LENGTH, interval=CODE_STEP_S)
    current = to_us(now) // (CODE_STEP_S * 1_000_000)
    for step in range(current - CODE_STEPS_ASIDE, current + CODE_STEPS_ASIDE + 1):
        if step > last_step and same(totp.generate_otp(step), code):
            return step
    return None
