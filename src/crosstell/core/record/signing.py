"""Signing and checking as values handed in: the core holds no cryptography and no secret.

Keys are raw 32-byte Ed25519 public keys (RFC 8032), signatures 64 bytes. A fingerprint is the
SHA-256 of the raw public key in hex: 64 characters that two persons compare out of band.
Implements REC-010, REC-011.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from typing import Protocol, TypeAlias

from crosstell.core.errors import PartyError

PUBLIC_KEY_SIZE = 32
SIGNATURE_SIZE = 64
_HASH_HEX = re.compile(r"[0-9a-f]{64}")

# The y coordinates of the points of order 1, 2, 4 and 8, with the two that wrap past p = 2**255-19,
# sign bit cleared. Under such a key one signature fits many messages, so its owner could deny any.
_SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "00" * 32,
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
)


class Signer(Protocol):
    """Holds one private key; the shell builds it, the core only calls it."""

    def public_key(self) -> bytes:
        """The raw 32-byte Ed25519 public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature (RFC 8032) over `message`."""
        ...


class Verifier(Protocol):
    """Holds one public key."""

    def public_key(self) -> bytes:
        """The raw 32-byte Ed25519 public key."""
        ...

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` over `message` is by this key; never raises for wrong bytes."""
        ...


VerifierOf: TypeAlias = Callable[[bytes], Verifier]
"""Gives the verifier of a raw public key. A key that is no curve point verifies nothing."""


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of the raw public key in hex: what two persons compare out of band."""
    return hashlib.sha256(public_key).hexdigest()


def check_public_key(public_key: bytes, *, what: str) -> None:
    """Raise PartyError unless `public_key` has 32 bytes and is not of small order."""
    if len(public_key) != PUBLIC_KEY_SIZE:
        raise PartyError(f"{what}: a public key has {PUBLIC_KEY_SIZE} bytes, not {len(public_key)}")
    if public_key[:31] + bytes([public_key[31] & 0x7F]) in _SMALL_ORDER:
        raise PartyError(f"{what}: this key is of small order, anything fits it; use another key")


def check_hash(text: str, *, what: str) -> None:
    """Raise ValueError unless `text` is a SHA-256 in lower-case hex."""
    if _HASH_HEX.fullmatch(text) is None:
        raise ValueError(f"{what}: {text[:80]!r} is not a SHA-256; write 64 digits of lower hex")


def to_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, *, what: str) -> bytes:
    """The bytes of canonical standard base64; stray bits or characters raise PartyError."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise PartyError(f"{what}: {text[:40]!r} is not base64") from None
    if to_base64(data) != text:
        raise PartyError(f"{what}: {text[:40]!r} is not canonical base64")
    return data


def from_hex(text: str, *, what: str, size: int) -> bytes:
    """`size` bytes from lower-case hex; anything else raises PartyError."""
    if len(text) != 2 * size or re.fullmatch(r"[0-9a-f]*", text) is None:
        raise PartyError(f"{what}: must be {2 * size} digits of lower-case hex")
    return bytes.fromhex(text)
