"""Ed25519 (RFC 8032) by the `cryptography` package, as the core's Signer and Verifier.

The only module that touches private keys in memory; `keys.py` reads and writes their files.
"""

from functools import lru_cache
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from crosstell.core.record.signing import PUBLIC_KEY_SIZE, SIGNATURE_SIZE, Verifier

SEED_SIZE = 32
KEYS_CACHED = 256


class Ed25519Signer:
    """One private key. Implements the core's `Signer`."""

    __slots__ = ("_private", "_public")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Hold `private`; nothing prints it."""
        self._private = private
        self._public = private.public_key().public_bytes_raw()

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key whose RFC 8032 private key is these 32 bytes."""
        if len(seed) != SEED_SIZE:
            raise ValueError(f"a private key has {SEED_SIZE} bytes, not {len(seed)}")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def public_key(self) -> bytes:
        """The raw 32-byte public key."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message`; the same every time."""
        return self._private.sign(message)


class Ed25519Verifier:
    """One public key. Implements the core's `Verifier`."""

    __slots__ = ("_public", "_raw")

    def __init__(self, public_key: bytes) -> None:
        """Hold any bytes; what is no key verifies nothing."""
        self._raw = public_key
        self._public = (
            Ed25519PublicKey.from_public_bytes(public_key)
            if len(public_key) == PUBLIC_KEY_SIZE
            else None
        )

    def public_key(self) -> bytes:
        """The bytes given."""
        return self._raw

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` over `message` is by this key."""
        if self._public is None or len(signature) != SIGNATURE_SIZE:
            return False
        try:
            self._public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@lru_cache(maxsize=KEYS_CACHED)
def verifier_of(public_key: bytes) -> Verifier:
    """The verifier of a raw public key: the core's `VerifierOf`. A key is decoded once."""
    return Ed25519Verifier(public_key)
