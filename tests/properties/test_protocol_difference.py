"""The difference of two documents against what is signed: PRO-140 to PRO-143.

The oracle knows nothing of leaves: it spoils the signed JSON of a document at one place after
another (every figure, word, row and order), and what is still a document must differ.
"""

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import thinned

from crosstell.codecs.protocol_file import canonical_bytes, digest_of, from_canonical, read_protocol
from crosstell.codecs.protocols.difference import Difference, How, difference
from crosstell.codecs.values import from_signed, to_signed
from crosstell.core.protocol.document import Protocol

UNIT = Path(__file__).parents[1] / "unit" / "data"
DOCUMENTS = {name: read_protocol(UNIT / f"{name}.yaml") for name in ("test-protocol", "whole")}
Place = tuple[Any, ...]


def places(data: Any, path: Place = ()) -> Iterator[Place]:  # noqa: ANN401
    """Every place of the JSON, the top left out."""
    if path:
        yield path
    items = (
        enumerate(data)
        if isinstance(data, list)
        else data.items()
        if isinstance(data, dict)
        else ()
    )
    for key, below in items:
        yield from places(below, (*path, key))


def at(data: Any, path: Place) -> Any:  # noqa: ANN401
    for key in path:
        data = data[key]
    return data


def spoilt(data: dict[str, Any], path: Place) -> Iterator[dict[str, Any]]:
    """The JSON with that one place altered, in each way that its type has."""
    value = at(data, path)
    ways: list[Any] = []
    if isinstance(value, int):
        ways = [value + 1, value - 1, value * 2]
    elif isinstance(value, str):
        ways = [f"{value}x", "aa" * 32, "alert", "show", "critical", "zone", "02-28", "2023-11-05"]
    elif isinstance(value, list) and value:
        ways = [value[1:], value[:-1], value[::-1], [*value, value[0]]]
    for way in ways:
        if way != value:
            other = copy.deepcopy(data)
            at(other, path[:-1])[path[-1]] = way
            yield other
    other = copy.deepcopy(data)
    del at(other, path[:-1])[path[-1]]
    yield other


def documents_near(found: Protocol, *, every: int = 1) -> Iterator[tuple[Place, Protocol]]:
    """The documents that one alteration of the signed form gives, at each place or each n-th."""
    data = to_signed(found)
    for path in list(places(data))[::every]:
        for other in spoilt(data, path):
            try:
                made = from_signed(Protocol, other)
            except ValueError:
                continue
            if made != found:
                yield path, made


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_differs_from_itself(name: str) -> None:
    """PRO-141."""
    found = DOCUMENTS[name]
    again = from_canonical(canonical_bytes(found))
    assert difference(found, again).changes == ()


@pytest.mark.parametrize(
    ("name", "every"),
    [
        ("test-protocol", 8),
        ("whole", 16),
        pytest.param("test-protocol", 1, marks=pytest.mark.long),
        pytest.param("whole", 1, marks=pytest.mark.long),
    ],
)
def test_every_single_alteration_is_told(name: str, every: int) -> None:
    """PRO-140, PRO-141, PRO-142."""
    found = DOCUMENTS[name]
    untold, count, seen = [], 0, set()
    for path, other in documents_near(found, every=every):
        count += 1
        forth, back = difference(found, other), difference(other, found)
        if not forth.changes or not back.changes:
            untold.append(path)
        assert forth.before != forth.after
        assert (back.before, back.after) == (forth.after, forth.before)
        seen |= {change.how for change in forth.changes}
        assert mirrored(forth) == {(c.leaf.path, c.how) for c in back.changes}
    assert untold == []
    assert count > 40, "too few alterations were still documents"
    assert every > 1 or seen == set(How)


def mirrored(found: Difference) -> set[tuple[tuple[str, ...], How]]:
    """The changes as they read the other way round."""
    other = {How.ADDED: How.REMOVED, How.REMOVED: How.ADDED}
    return {(change.leaf.path, other.get(change.how, change.how)) for change in found.changes}


@cache
def near(every: int) -> list[Protocol]:
    """Documents that one alteration of a small one gives, at each n-th place."""
    return [made for _, made in documents_near(DOCUMENTS["test-protocol"], every=every)]


@pytest.mark.parametrize("every", thinned((12, 3), every=2))
@given(data=st.data())
def test_two_documents_differ_exactly_if_their_digests_do(every: int, data: st.DataObject) -> None:
    """PRO-141."""
    one, other = (data.draw(st.sampled_from(near(every))) for _ in range(2))
    found = difference(one, other)
    assert bool(found.changes) == (digest_of(one) != digest_of(other))
