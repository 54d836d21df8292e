"""The digest that parties sign, from the canonical bytes of a protocol.

The core does not encode: `codecs.protocol_file.canonical_bytes` makes the bytes (JSON with
sorted keys, integers and strings only, RFC 8785); here they become the digest. Two documents
with one digest are one document. Implements PRO-040, PRO-041.
"""

import hashlib
import re
from typing import NewType

ProtocolDigest = NewType("ProtocolDigest", str)

DOMAIN = b"crosstell/protocol/v1\0"  # so that the hash of anything else cannot stand for it
_DIGEST = re.compile(r"[0-9a-f]{64}")


def protocol_digest(canonical: bytes) -> ProtocolDigest:
    """SHA-256 over the domain tag and the canonical bytes, in lower-case hex."""
    return ProtocolDigest(hashlib.sha256(DOMAIN + canonical).hexdigest())


def check_digest(text: str, *, what: str = "protocol") -> None:
    """Raise ValueError unless `text` is a digest in full."""
    if _DIGEST.fullmatch(text) is None:
        raise ValueError(f"{what}: {text!r} is not a digest; write 64 lower-case hex digits")


def read_aloud(digest: ProtocolDigest) -> str:
    """The digest in groups of four, eight groups to a line, to be read over a telephone."""
    groups = [digest[place : place + 4] for place in range(0, len(digest), 4)]
    return "\n".join(" ".join(groups[place : place + 8]) for place in range(0, len(groups), 8))
