"""Files that others send, spoilt at random, and ids at random: PRO-131, PRO-136, PRO-137, PRO-162.

Whatever comes in, it ends in a value or in one of the errors that a command tells in one message.
"""

from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from crosstell.cli.protocols.explain import explained
from crosstell.cli.protocols.wording import Language
from crosstell.codecs.protocol_file import digest_of, from_canonical, parse_protocol, read_protocol
from crosstell.codecs.protocols.template import Filling, filled
from crosstell.codecs.values import to_signed
from crosstell.core.errors import CallerError, CrosstellError, PartyError
from crosstell.core.ids import PartyId
from crosstell.core.protocol.signed.signature import (
    sign_protocol,
    signature_key,
    signature_of,
    verified_signer,
)
from crosstell.core.record.canonical import encode
from crosstell.core.record.note import parse_key, parse_note
from crosstell.shell.shipped.protocols import template_names, template_text
from crosstell.shell.signing import Ed25519Signer, verifier_of

DOCUMENT = read_protocol(Path(__file__).parents[1] / "unit" / "data" / "whole.yaml")
DIGEST = digest_of(DOCUMENT)
SIGNER = Ed25519Signer.from_seed(bytes(31) + b"a")
KEY = signature_key(PartyId("alpha"), SIGNER.public_key())
NOTE = sign_protocol(signature_of(DOCUMENT, DIGEST, PartyId("alpha")), SIGNER).print()


def verified(data: bytes) -> str | None:
    """The party whose signature the bytes are; None if they are none."""
    try:
        return verified_signer(parse_note(data), DOCUMENT, DIGEST, (KEY,), verifier_of)
    except (CallerError, PartyError):
        return None


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_a_changed_byte_never_verifies(place: int, flip: int) -> None:
    """PRO-131, PRO-136. The whole file is covered: text, key name, key id and signature."""
    data = bytearray(NOTE)
    data[place] ^= flip
    assert verified(NOTE) == "alpha"
    assert verified(bytes(data)) is None


@given(st.binary(max_size=600) | st.text(max_size=300).map(lambda text: text.encode()))
@example(b"\n\n")
@example(NOTE[:-1])
@example(NOTE + NOTE)
def test_any_bytes_verify_or_are_refused(data: bytes) -> None:
    """PRO-137."""
    assert verified(data) is None


@given(st.text(max_size=200))
def test_any_line_is_a_key_or_is_refused(line: str) -> None:
    """PRO-132, PRO-137."""
    try:
        key = parse_key(line)
    except ValueError:
        return
    assert key.print() == line


NAME = "told-of-exercises"
ID = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,12}", fullmatch=True)


@given(st.sampled_from(template_names()), st.lists(ID, min_size=1, max_size=4), ID)
@example("airspace-1991", ["a:", "b"], "x")
@example("airspace-1991", ["1e5", "b"], "x")
@example("airspace-1991", ["duty-officer", "kept"], "null")
def test_any_ids_fill_a_template_or_are_refused(name: str, parties: list[str], own: str) -> None:
    """PRO-162. What is written names those parties and no others."""
    try:
        text = filled(template_text(name), Filling(parties=tuple(parties), name=own), name=name)
    except CrosstellError:
        return
    found = parse_protocol(text.encode(), name=name)
    assert found.signers == tuple(parties)
    assert found.name == own


@given(st.text(min_size=1, max_size=80), st.sampled_from(Language))
@example("a\nRule x: duty", Language.EN)
def test_any_words_of_a_document_are_explained_on_a_line_of_their_own(
    words: str, language: Language
) -> None:
    """PRO-150. No word of a document can end the line that it is told on."""
    data: dict[str, Any] = to_signed(DOCUMENT)
    duty = next(rule["duty"] for rule in data["rules"] if "stating" in rule.get("duty", {}))
    for place in (duty["stating"], duty["above"][0]):
        place[0 if isinstance(place, list) else "counted"] = words
    duty["text"] = duty["source"] = data["title"] = words
    try:
        found = from_canonical(encode(data, what="protocol"))
    except (ValueError, CrosstellError):
        return
    lines = [
        line for each in explained(found, language, NAME) for line in each.splitlines() or [""]
    ]
    assert len(lines) == len(list(explained(DOCUMENT, language, NAME)))
