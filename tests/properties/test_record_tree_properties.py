"""The tree over all inputs: roots and proofs are those of a plain tree, changed ones fail."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.errors import PartyError
from crosstell.core.record.tree import (
    ENTRIES,
    CompactRange,
    Tile,
    bundle_data,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    nodes_of,
    parse_bundle_data,
    parse_tile_path,
    root_of,
    tiles_between,
)

record = settings(derandomize=True, deadline=None, max_examples=examples(150))


def flip(data: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    at = (bit // 8) % len(data)
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]


# The oracle: RFC 6962, section 2.1, written down as the text has it.


def plain_root(leaves: list[bytes]) -> bytes:
    """MTH(D[n])."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def plain_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if m < k:
        return [*plain_path(m, leaves[:k]), plain_root(leaves[k:])]
    return [*plain_path(m - k, leaves[k:]), plain_root(leaves[:k])]


def plain_subproof(m: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    if m == len(leaves):
        return [] if whole else [plain_root(leaves)]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if m <= k:
        return [*plain_subproof(m, leaves[:k], whole=whole), plain_root(leaves[k:])]
    return [*plain_subproof(m - k, leaves[k:], whole=False), plain_root(leaves[:k])]


hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=70)
some_hashes = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


@record
@given(hashes)
def test_roots_are_those_of_the_plain_tree(leaves: list[bytes]) -> None:
    """REC-020, REC-021: appended one by one, and from nodes."""
    tree = CompactRange()
    for size, leaf in enumerate(leaves):
        assert tree.root() == plain_root(leaves[:size])
        tree = tree.append(leaf)
    assert tree.root() == plain_root(leaves) == root_of(len(leaves), nodes_of(leaves))


@record
@given(some_hashes, st.data())
def test_inclusion_proofs_are_those_of_the_plain_tree(
    leaves: list[bytes], data: st.DataObject
) -> None:
    """REC-022: each verifies, and fails for a changed bit, another leaf or another number."""
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    root = plain_root(leaves[:size])
    proof = inclusion_proof(index=index, size=size, read=nodes_of(leaves))
    assert list(proof) == plain_path(index, leaves[:size])
    check_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)
    parts = [leaves[index], root, *proof]
    at = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[at] = flip(parts[at], bit)
    with pytest.raises(PartyError):
        check_inclusion(leaf=parts[0], index=index, size=size, proof=parts[2:], root=parts[1])
    for wrong in (proof[:-1], (*proof, root), proof[::-1]):
        if wrong != proof:
            with pytest.raises(PartyError):
                check_inclusion(leaf=leaves[index], index=index, size=size, proof=wrong, root=root)


@record
@given(some_hashes, st.data())
def test_consistency_proofs_are_those_of_the_plain_tree(
    leaves: list[bytes], data: st.DataObject
) -> None:
    """REC-023: each verifies, and fails for a changed bit or a rewritten tree."""
    new = data.draw(st.integers(1, len(leaves)))
    old = data.draw(st.integers(1, new))
    roots = [plain_root(leaves[:old]), plain_root(leaves[:new])]
    proof = consistency_proof(old=old, new=new, read=nodes_of(leaves))
    assert list(proof) == plain_subproof(old, leaves[:new], whole=True)
    check_consistency(old=old, old_root=roots[0], new=new, new_root=roots[1], proof=proof)
    parts = [*roots, *proof]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flip(parts[at], data.draw(st.integers(0, 255)))
    with pytest.raises(PartyError):
        check_consistency(old=old, old_root=parts[0], new=new, new_root=parts[1], proof=parts[2:])


@record
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_tiles_hold_every_hash_of_a_tree(first: int, second: int) -> None:
    """REC-024: after any two steps, full tiles and last partial ones hold each row whole."""
    old, new = sorted((first, second))
    held = [*tiles_between(0, old), *tiles_between(old, new)]
    for level in (ENTRIES, 0, 1):
        row = new >> 8 * max(level, 0)
        widest: dict[int, int] = {}
        for tile in held:
            if tile.level == level:
                widest[tile.index] = max(tile.width, widest.get(tile.index, 0))
        assert sum(widest.values()) == row
        assert sorted(widest) == list(range(-(-row // 256)))
    assert all(parse_tile_path(tile.path()) == tile for tile in held)


@record
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_bundles_come_back(leaves: list[bytes]) -> None:
    """REC-025."""
    tile = Tile(level=ENTRIES, index=0, width=len(leaves))
    assert parse_bundle_data(tile, bundle_data(leaves)) == tuple(leaves)


@record
@given(st.lists(st.lists(st.binary(min_size=32, max_size=32), max_size=40), max_size=4))
def test_many_leaves_at_once_are_as_one_by_one(batches: list[list[bytes]]) -> None:
    """REC-021: the same tree, and every node that each step completed, once and in its place."""
    one, many = CompactRange(), CompactRange()
    kept: list[list[bytes]] = [[] for _ in range(9)]
    for leaves in batches:
        many, completed = many.extended(leaves)
        for level, nodes in enumerate(completed):
            kept[level] += nodes
        for leaf in leaves:
            for level, index, node in one.completed(leaf):
                assert kept[level][index] == node
            one = one.append(leaf)
        assert many == one
    assert sum(map(len, kept)) == sum(one.size >> level for level in range(9))
