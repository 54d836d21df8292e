"""The bytes and digest of a protocol stay the same: PRO-040.

The golden files were checked once against the rfc8785 package, which this test repeats.
"""

import hashlib
import os
from pathlib import Path

import pytest
import rfc8785

from crosstell.codecs.protocol_file import (
    canonical_bytes,
    digest_of,
    from_canonical,
    parse_protocol,
    read_protocol,
)
from crosstell.codecs.values import to_signed
from crosstell.core.protocol.document import Protocol
from crosstell.shell.shipped.protocols import template_names, template_text

FOLDER = Path(__file__).parent
SOURCES = FOLDER.parents[1] / "unit" / "data"
NAMES = ("test-protocol", "all-rules", "whole")


def shipped(name: str) -> Protocol:
    return parse_protocol(template_text(name).encode(), name=name)


if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":  # make golden
    for each in NAMES:
        written = read_protocol(SOURCES / f"{each}.yaml")
        (FOLDER / f"{each}.canonical.json").write_bytes(canonical_bytes(written))
        (FOLDER / f"{each}.digest.txt").write_text(f"{digest_of(written)}\n")

    lines = [f"{each} {digest_of(shipped(each))}\n" for each in template_names()]
    (FOLDER / "templates.txt").write_text("".join(lines))

of_each = pytest.mark.parametrize("name", NAMES)


def golden(name: str) -> bytes:
    return (FOLDER / f"{name}.canonical.json").read_bytes()


@of_each
def test_the_canonical_bytes_are_the_golden_ones(name: str) -> None:
    """PRO-040, COD-003."""
    assert canonical_bytes(read_protocol(SOURCES / f"{name}.yaml")) == golden(name)


@of_each
def test_another_implementation_of_rfc_8785_gives_the_same_bytes(name: str) -> None:
    """PRO-040."""
    assert rfc8785.dumps(to_signed(from_canonical(golden(name)))) == golden(name)


@of_each
def test_the_digest_is_sha256_over_tag_and_bytes(name: str) -> None:
    """PRO-040."""
    data, digest = golden(name), (FOLDER / f"{name}.digest.txt").read_text().strip()
    assert digest_of(from_canonical(data)) == digest
    assert hashlib.sha256(b"crosstell/protocol/v1" + bytes(1) + data).hexdigest() == digest


def test_the_digests_of_the_shipped_templates_are_the_golden_ones() -> None:
    """PRO-160, PRO-040. A change of a template is seen, and is a change that somebody means."""
    lines = (FOLDER / "templates.txt").read_text().splitlines()
    assert lines == [f"{name} {digest_of(shipped(name))}" for name in template_names()]
