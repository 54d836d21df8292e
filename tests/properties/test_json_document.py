"""JSON as a document: what was printed reads as it was; any bytes give a tree or a refusal."""

import json
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosstell.codecs.api.given import ActGiven
from crosstell.codecs.api.json_document import NESTING_MAX, from_json, parse_json
from crosstell.codecs.plain import to_plain
from crosstell.codecs.yaml_document import DocumentRefused, Listing, Mapping, Node, Scalar
from crosstell.core.picture.notice import NoticeWithdrawn

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
leaves = texts | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
trees = st.recursive(
    leaves | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def plainly(node: Node) -> object:
    """The tree again, by a second and plain definition."""
    match node:
        case Scalar(text=text, plain=False):
            return text
        case Scalar(text=text):
            return json.loads(text)
        case Listing(items=items):
            return [plainly(item) for item in items]
        case Mapping(entries=entries):
            return {key.text: plainly(value) for key, value in entries}


@given(trees)
@example([True, 1, 1.0, "1", None, "null"])
def test_api_031_what_was_printed_reads_as_it_was(tree: object) -> None:
    for text in (json.dumps(tree), json.dumps(tree, ensure_ascii=False, indent=1)):
        found = plainly(parse_json(text.encode()).root)
        assert found == tree
        assert repr(found) == repr(tree), "1, 1.0 and true are three things"


@given(st.binary(max_size=80) | st.text('{}[]",:\\ud80dtrue1e-.9 \n', max_size=60).map(str.encode))
@example(b"\xef\xbb\xbf{}")
@example(b"NaN")
@example(b"1" * 5_000)
@example(b'"\\udc00"')
def test_api_031_any_bytes_give_a_tree_or_a_refusal(data: bytes) -> None:
    with suppress(DocumentRefused):
        parse_json(data)


def test_api_030_no_deeper_than_the_limit_and_no_key_twice() -> None:
    parse_json(b"[" * NESTING_MAX + b"]" * NESTING_MAX)
    for data in (
        b"[" * (NESTING_MAX + 2) + b"]" * (NESTING_MAX + 2),
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": 2}}',
    ):
        with pytest.raises(DocumentRefused):
            parse_json(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A value with a unit."""

    radius_m: float
    name: str


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b'{"radius_m": "5", "name": "x"}', "radius_m"),
        (b'{"radius_m": true, "name": "x"}', "radius_m"),
        (b'{"radius_m": NaN, "name": "x"}', "radius_m"),
        (b'{"radius_m": 1e400, "name": "x"}', "radius_m"),
        (b'{"radius_m": 5, "name": 5}', "name"),
        (b'{"radius_m": 5, "name": null}', "name"),
        (b'{"radius_m": 5}', "name"),
        (b'{"radius_m": 5, "radius_km": 5, "name": "x"}', "radius_m"),
        (b'{"radius_m": 5, "name": "x", "more": 1}', "more"),
    ],
)
def test_api_030_every_fault_is_told_by_its_path(data: bytes, path: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        from_json(Sized, data)
    assert path in {one.path for one in refused.value.faults}


def test_api_030_other_units_and_quoted_words_read_as_in_a_file() -> None:
    assert from_json(Sized, b'{"radius_km": 5, "name": "yes"}') == Sized(radius_m=5e3, name="yes")
    body = NoticeWithdrawn(notice="n", version=1, reason="over")  # type: ignore[arg-type]
    given_ = {"body": {"notice_withdrawn": to_plain(body)}}
    assert from_json(ActGiven, json.dumps(given_).encode()) == ActGiven(body=body)
