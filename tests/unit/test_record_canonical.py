"""JCS-int, keys in bytes, and what the core may know of cryptography."""

import ast
import json
from pathlib import Path

import pytest
import rfc8785
from record_keys import TestKey

from crosstell.core.errors import PartyError
from crosstell.core.record import canonical
from crosstell.core.record.signing import (
    Signer,
    check_public_key,
    fingerprint,
    from_base64,
    from_hex,
    to_base64,
)

RECORD = Path(canonical.__file__).parent

# RFC 8785, 3.2.3: the sorting example, without its float and its non-ASCII keys.
VALUES: list[canonical.Json] = [
    0,
    -1,
    2**53 - 1,
    -(2**53) + 1,
    "",
    'quote " backslash \\ slash / \b\f\n\r\t \x00\x1f\x7f € \u2028 😀',
    [],
    {},
    {"b": [1, [2, ["x"]]], "a": {"~": "", "A": 1, "aa": 2, "1": 3}},
]


@pytest.mark.parametrize("value", VALUES)
def test_bytes_are_those_of_rfc_8785(value: canonical.Json) -> None:
    """REC-001: the same bytes as an independent encoder, and back."""
    data = canonical.encode(value)
    assert data == rfc8785.dumps(value)
    assert canonical.decode(data) == value


@pytest.mark.parametrize(
    "value",
    [1.0, True, None, 2**53, -(2**53), {"é": 1}, {1: 2}, {"a": [None]}, {"a": {"b": 0.5}}, b"x"],
)
def test_what_jcs_int_cannot_hold_is_refused_by_place(value: object) -> None:
    """REC-001."""
    with pytest.raises(ValueError, match="value"):
        canonical.encode(value)  # type: ignore[arg-type]


def test_half_a_surrogate_pair_is_refused() -> None:
    """REC-001."""
    with pytest.raises(ValueError, match="surrogate"):
        canonical.encode("\ud800")
    with pytest.raises(PartyError):
        canonical.decode(b'"\\ud800"')


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"01",
        b"-0",
        b"1.0",
        b"1e3",
        b"true",
        b"null",
        b"NaN",
        b"9007199254740992",
        b'"\\u0041"',
        b'"\\/"',
        b'"\x01"',
        b'"\xff"',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a": 1}',
        b"[1,]",
        b"[1",
        b'{"\xc3\xa9":1}',
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"1" * 10_000,
    ],
)
def test_other_bytes_of_a_value_are_refused(data: bytes) -> None:
    """REC-002: with the bytes kept as evidence, up to a bound."""
    with pytest.raises(PartyError) as caught:
        canonical.decode(data, size_max=200_000)
    assert data.startswith(caught.value.evidence)
    assert len(caught.value.evidence) <= canonical.EVIDENCE_MAX


def test_depth_and_size_are_limited() -> None:
    """REC-002: sixteen levels and the stated size are still read."""
    deep = b"[" * 16 + b"]" * 16
    assert canonical.encode(canonical.decode(deep)) == deep
    with pytest.raises(PartyError, match="16 levels"):
        canonical.decode(b"[" + deep + b"]")
    with pytest.raises(ValueError, match="16 levels"):
        canonical.encode([canonical.decode(deep)])
    assert canonical.decode(b'"ab"', size_max=4) == "ab"
    with pytest.raises(PartyError, match="more than the 3"):
        canonical.decode(b'"ab"', size_max=3)


def test_the_first_difference_is_named() -> None:
    """REC-002."""
    with pytest.raises(PartyError, match="byte 2"):
        canonical.decode(b'{"b":1,"a":2}')


def test_parts_of_a_document_are_taken_by_kind() -> None:
    """REC-002: a wrong part is refused by its name."""
    value = canonical.decode(b'{"a":[1,2],"n":3,"s":"x"}')
    found = canonical.fields(value, ("a", "n", "s"), what="thing")
    assert canonical.integer(found["n"], what="n") == 3
    assert canonical.string(found["s"], what="s") == "x"
    assert list(canonical.array(found["a"], what="a", length_max=2)) == [1, 2]
    for wrong in (
        lambda: canonical.fields(value, ("a", "n"), what="thing"),
        lambda: canonical.fields([], (), what="thing"),
        lambda: canonical.integer(found["s"], what="thing"),
        lambda: canonical.integer(found["n"], what="thing", least=4),
        lambda: canonical.string(found["n"], what="thing"),
        lambda: canonical.string(found["s"], what="thing", length_max=0),
        lambda: canonical.array(found["s"], what="thing", length_max=9),
        lambda: canonical.array(found["a"], what="thing", length_max=1),
        lambda: canonical.array(found["a"], what="thing", length_max=9, length=3),
    ):
        with pytest.raises(PartyError, match="thing"):
            wrong()


def test_python_json_reads_what_we_write() -> None:
    """REC-001: any JSON reader gets the same value."""
    assert json.loads(canonical.encode({"a": [1, "é"]})) == {"a": [1, "é"]}


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q Q=", "QQ==\n", "é", "-_=="])
def test_only_canonical_base64_is_read(text: str) -> None:
    """REC-030: stray bits and characters would be bytes that nobody signed."""
    with pytest.raises(PartyError, match="thing"):
        from_base64(text, what="thing")
    assert from_base64(to_base64(b"A"), what="thing") == b"A"


def test_only_lower_case_hex_of_the_right_size_is_read() -> None:
    """REC-002."""
    assert from_hex("00ff", what="thing", size=2) == b"\x00\xff"
    for text in ("00FF", "00f", "00ff00", "zz00", "\u0660\u066000", " 0ff"):
        with pytest.raises(PartyError, match="thing"):
            from_hex(text, what="thing", size=2)


def test_a_fingerprint_is_the_hash_of_the_raw_key() -> None:
    """REC-011."""
    # RFC 8032, 7.1, test 1: public key; its SHA-256 from coreutils.
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert fingerprint(key) == "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9"


def test_small_order_keys_are_refused() -> None:
    """REC-011: all points of order 1, 2, 4 and 8, computed here from the curve equation."""
    for y in _small_order_y():
        for alias in (y, y + P):
            for sign in (0, 1 << 255):
                if alias < 1 << 255:
                    with pytest.raises(PartyError, match="small order"):
                        check_public_key((alias | sign).to_bytes(32, "little"), what="key")
    check_public_key(TestKey("good").public_key(), what="key")
    with pytest.raises(PartyError, match="32 bytes"):
        check_public_key(b"short", what="key")


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def _small_order_y() -> set[int]:
    """y of the points that eight times themselves are neutral: y = 1, -1, 0 and x**2 = -y**2."""
    # Order 8: doubling gives y = 0, so y**2 = -x**2; then -x**2 + y**2 = 2*y**2 = 1 - d*y**4.
    root = _sqrt(4 + 4 * D)
    squares = [(-2 + sign * root) * pow(2 * D, -1, P) % P for sign in (1, -1)]
    eighth = {s for square in squares if _is_square(square) for s in _roots(square)}
    assert len(eighth) == 2
    return {1, P - 1, 0} | eighth


def _is_square(value: int) -> bool:
    return pow(value, (P - 1) // 2, P) in (0, 1)


def _sqrt(value: int) -> int:
    root = pow(value, (P + 3) // 8, P)
    if root * root % P != value % P:
        root = root * pow(2, (P - 1) // 4, P) % P
    assert root * root % P == value % P
    return root


def _roots(value: int) -> tuple[int, int]:
    root = _sqrt(value)
    return root, P - root


def test_the_record_imports_no_cryptography() -> None:
    """REC-010."""
    names = set()
    for path in RECORD.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names.add(str(node.module).partition(".")[0])
            elif isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
    assert "crosstell" in names
    assert not names & {"cryptography", "nacl", "secrets", "random", "time", "os"}
    signer: Signer = TestKey("any object with two methods")
    assert len(signer.sign(b"")) == 64
