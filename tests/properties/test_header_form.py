"""Reading a header by its usual form gives what canonical JSON gives, and never more."""

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.errors import PartyError
from crosstell.core.record import canonical, entry
from crosstell.core.record.entry import Header, parse

words = st.sampled_from(("f", "A0._:-z", "b" * 64, "b" * 65, "", "-", "é", 'a"', "a\\b"))
hashes = st.sampled_from(("ab" * 32, "AB" * 32, "a" * 63, "a" * 65, ""))
numbers = st.sampled_from((0, 1, 7, -1, 10**15 - 1, 10**15, 2**53 - 1, 2**53, 10**20))
USUAL: dict[str, Any] = {
    "v": 1,
    "feed": "feed-a",
    "seq": 5,
    "prev": "ab" * 32,
    "hlc": [1_700_000_000_000, 0],
    "heads": {},
    "type": "observation",
    "to": ["feed-a"],
    "body": "cd" * 32,
}
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "v": st.sampled_from((0, 1, 2, "1")),
    "feed": words,
    "seq": numbers,
    "prev": hashes,
    "hlc": st.lists(numbers, min_size=1, max_size=3),
    "heads": st.dictionaries(words | st.just("feed-a"), st.tuples(numbers, hashes), max_size=2),
    "type": words | numbers,
    "to": st.lists(words, max_size=3),
    "body": hashes,
    "more": words,
}


@st.composite
def headers(draw: st.DrawFn) -> bytes:
    """A usual header with some fields changed, and perhaps spelled otherwise or cut."""
    found = dict(USUAL)
    for name in draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=2)):
        found[name] = draw(CHANGES[name])
    data = json.dumps(
        found,
        sort_keys=draw(st.sampled_from((True, True, True, False))),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from(((",", ":"), (",", ":"), (", ", ":")))),
    ).encode()
    at = draw(st.integers(0, len(data)))
    return draw(st.sampled_from((data, data, data, data[:at], data[:at] + b"0" + data[at:])))


def by_the_rules(leaf: bytes) -> Header | None:
    try:
        return entry._any_header(leaf)
    except PartyError:
        return None


@given(headers())
@settings(max_examples=examples(1_000))
@example(canonical.encode(USUAL | {"seq": 0}))
@example(canonical.encode(USUAL | {"heads": {"feed-a": (1, "ab" * 32)}}))
@example(canonical.encode(USUAL | {"heads": {"feed-b": (0, "ab" * 32)}}))
@example(canonical.encode(USUAL).replace(b"feed-a", "feed-\u0661".encode()))
@example(canonical.encode(USUAL).replace(b'"seq":5', b'"seq":05'))
@example(canonical.encode(USUAL) + b"\n")
def test_the_usual_form_is_read_as_canonical_json(data: bytes) -> None:
    """REC-002, REC-003: where the form fits, the rules give the same header; else they decide."""
    leaf = bytes(64) + data
    usual, ruled = entry._plain_header(leaf), by_the_rules(leaf)
    if usual is not None:
        assert usual == ruled
    if ruled is not None:
        assert parse(leaf).header == ruled
        assert ruled.encode() == canonical.encode(json.loads(data))


@given(
    seq=st.integers(1, 10**15 - 1),
    counter=st.integers(0, 10**15 - 1),
    heads=st.sampled_from(({}, {"feed-b": [9, "0f" * 32]})),
    to=st.sampled_from(([], ["feed-b"])),
)
def test_what_nodes_write_has_the_usual_form(
    seq: int, counter: int, heads: dict[str, list[object]], to: list[str]
) -> None:
    """REC-003: or the quick way would be dead, and nothing would tell."""
    found = USUAL | {"seq": seq, "hlc": [1, counter], "heads": heads, "to": to}
    assert entry._plain_header(bytes(64) + canonical.encode(found)) is not None
