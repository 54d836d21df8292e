"""Any bytes give a value or a refusal with a place: COD-026, COD-030."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crosstell.codecs.protocol_file import canonical_bytes, from_canonical, parse_protocol
from crosstell.codecs.yaml_document import DocumentFault, DocumentRefused, parse_yaml
from crosstell.core.protocol.document import Protocol

EXAMPLE = Path(__file__).resolve().parents[1] / "unit" / "data" / "test-protocol.yaml"
PLACE = re.compile(r"f:\d+:\d+: .+; .+|\.\.\. and \d+ more faults", re.DOTALL)

SOUP = (
    "a|b: |- |\n|\n  |[|]|{|}|,|: |&x |*x|!t |<<|---|'|\"|#|%|\t|\x00|\u2028|\ufeff|é|1|null|? |..."
)
pieces = st.sampled_from([*SOUP.split("|"), "|\n"])


def refusal(data: bytes) -> DocumentRefused | None:
    try:
        parse_yaml(data, name="f")
    except DocumentRefused as refused:
        return refused
    return None


@given(st.lists(pieces, max_size=30).map("".join))
def test_yaml_like_text_gives_a_tree_or_a_refusal(text: str) -> None:
    """COD-026."""
    refused = refusal(text.encode())
    assert refused is None or all(map(PLACE.fullmatch, str(refused).splitlines()))


@given(st.binary(max_size=60))
def test_any_bytes_give_a_tree_or_a_refusal(data: bytes) -> None:
    """COD-026."""
    refused = refusal(data)
    assert refused is None or all(map(PLACE.fullmatch, str(refused).splitlines()))


@given(st.data())
def test_a_damaged_protocol_is_refused_by_line_or_is_still_one(data: st.DataObject) -> None:
    """COD-030, COD-037. One stretch of the file is replaced by other text."""
    text = EXAMPLE.read_text()
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30))
    put = data.draw(st.lists(pieces, max_size=4).map("".join))
    damaged = (text[:start] + put + text[start + length :]).encode()
    found: Protocol | None = None
    faults: tuple[DocumentFault, ...] = ()
    try:
        found = parse_protocol(damaged, name="f")
    except DocumentRefused as refused:
        faults = refused.faults
    if found is None:
        assert faults
        assert all(1 <= fault.mark.line <= damaged.count(b"\n") + 2 for fault in faults)
        assert all(fault.text and fault.file == "f" for fault in faults)
    else:
        assert from_canonical(canonical_bytes(found)) == found
