"""The bytes and digest of a protocol stay the same: PRO-040.

The golden file was checked once against the rfc8785 package, which this test repeats.
"""

import hashlib
import os
from pathlib import Path

import rfc8785

from crosstell.codecs.protocol_file import canonical_bytes, digest_of, from_canonical, read_protocol
from crosstell.codecs.values import to_signed

FOLDER = Path(__file__).parent
SOURCE = FOLDER.parents[1] / "unit" / "data" / "test-protocol.yaml"
BYTES_FILE = FOLDER / "test-protocol.canonical.json"
DIGEST_FILE = FOLDER / "test-protocol.digest.txt"

if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":  # make golden
    BYTES_FILE.write_bytes(canonical_bytes(read_protocol(SOURCE)))
    DIGEST_FILE.write_text(f"{digest_of(read_protocol(SOURCE))}\n")

GOLDEN = BYTES_FILE.read_bytes()
DIGEST = DIGEST_FILE.read_text().strip()


def test_the_canonical_bytes_are_the_golden_ones() -> None:
    """PRO-040, COD-003."""
    assert canonical_bytes(read_protocol(SOURCE)) == GOLDEN


def test_another_implementation_of_rfc_8785_gives_the_same_bytes() -> None:
    """PRO-040."""
    assert rfc8785.dumps(to_signed(from_canonical(GOLDEN))) == GOLDEN


def test_the_digest_is_sha256_over_tag_and_bytes() -> None:
    """PRO-040."""
    assert digest_of(from_canonical(GOLDEN)) == DIGEST
    assert hashlib.sha256(b"crosstell/protocol/v1" + bytes(1) + GOLDEN).hexdigest() == DIGEST
