"""A protocol from its YAML file, and the canonical bytes that its digest is over.

The bytes are RFC 8785 JSON of integers and strings (`codecs.values`, `core.record.canonical`):
layout, comments, key order and units of the file do not change them, every figure and word does.
Implements PRO-040 to PRO-043.
"""

from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.values import from_signed, to_signed
from crosstell.codecs.yaml_document import SIZE_BYTES_MAX, parse_yaml, read_yaml
from crosstell.core.errors import PartyError
from crosstell.core.protocol.digest import ProtocolDigest, protocol_digest
from crosstell.core.protocol.document import Protocol
from crosstell.core.record.canonical import decode, encode


def read_protocol(path: Path) -> Protocol:
    """The protocol in a YAML file; DocumentRefused names every fault by line and remedy."""
    return from_document(Protocol, read_yaml(path))


def parse_protocol(data: bytes, *, name: str) -> Protocol:
    """The protocol in YAML bytes; `name` stands for the file in messages."""
    return from_document(Protocol, parse_yaml(data, name=name))


def canonical_bytes(protocol: Protocol) -> bytes:
    """The one byte form of a protocol, as parties exchange and keep it."""
    return encode(to_signed(protocol), what="protocol")


def digest_of(protocol: Protocol) -> ProtocolDigest:
    """What the parties sign."""
    return protocol_digest(canonical_bytes(protocol))


def from_canonical(data: bytes) -> Protocol:
    """The protocol whose canonical bytes these are; PartyError for any other bytes."""
    found = decode(data, size_max=SIZE_BYTES_MAX, what="protocol")
    try:
        return from_signed(Protocol, found)
    except ValueError as error:
        raise PartyError(
            f"protocol: {error}; ask its author for the document as signed", evidence=data[:4096]
        ) from error
