"""The signature of a webhook's body: HMAC-SHA-256 over time and body, under a shared secret.

`Crosstell-Signature: t=SECONDS,v1=HEX`, where HEX is over `SECONDS.BODY`. A receiver recomputes it,
compares in constant time, and refuses a time that is too old: then nothing can be played again.
"""

import hmac
import re
from datetime import datetime
from hashlib import sha256

from crosstell.core.instant import to_us

HEADER = "Crosstell-Signature"
SECRET_LENGTH_MIN = 16
AGE_S_MAX = 300
_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def signed(body: bytes, secret: bytes, at: datetime) -> str:
    """The header's value for this body at this time. Implements PEO-021."""
    seconds = to_us(at) // 1_000_000
    return f"t={seconds},v1={_digest(body, secret, seconds)}"


def is_signed(header: str, body: bytes, secret: bytes, now: datetime) -> bool:
    """Whether the header is of this body and secret, and no older (or newer) than five minutes."""
    match = _FORM.fullmatch(header)
    if match is None:
        return False
    seconds = int(match[1])
    fresh = abs(to_us(now) // 1_000_000 - seconds) <= AGE_S_MAX
    return hmac.compare_digest(_digest(body, secret, seconds), match[2]) and fresh


def _digest(body: bytes, secret: bytes, seconds: int) -> str:
    return hmac.new(secret, f"{seconds}.".encode() + body, sha256).hexdigest()
