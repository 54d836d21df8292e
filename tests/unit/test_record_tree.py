"""The tree against published vectors, tiles against the words of tlog-tiles."""

import hashlib

import pytest

from crosstell.core.errors import PartyError
from crosstell.core.record.tree import (
    EMPTY_ROOT,
    ENTRIES,
    CompactRange,
    Tile,
    bundle_data,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of,
    parse_bundle_data,
    parse_tile_data,
    parse_tile_path,
    root_of,
    tile_data,
    tiles_between,
)

# Leaves, roots and paths of the Certificate Transparency reference tests (google/certificate-
# transparency, merkle_tree_test: "Reference" vectors for RFC 6962).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_5_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_6_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_2_5 = [
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
]
READ = nodes_of([leaf_hash(leaf) for leaf in LEAVES])


def unhex(texts: list[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(text) for text in texts)


def test_roots_are_the_published_ones() -> None:
    """REC-020, REC-021: from all leaves, and appended one by one."""
    tree = CompactRange()
    for size, root in enumerate(ROOTS):
        assert tree.root().hex() == root
        assert root_of(size, READ).hex() == root
        if size < len(LEAVES):
            tree = tree.append(leaf_hash(LEAVES[size]))
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT


def test_appending_tells_the_nodes_it_completes() -> None:
    """REC-021: a store that keeps them can read any node of the tree."""
    tree, nodes = CompactRange(), {}
    for leaf in LEAVES:
        hashed = leaf_hash(leaf)
        nodes.update({(level, index): node for level, index, node in tree.completed(hashed)})
        tree = tree.append(hashed)
    assert len(nodes) == 8 + 4 + 2 + 1
    assert all(READ(level, index) == node for (level, index), node in nodes.items())


def test_a_tree_that_cannot_exist_is_refused() -> None:
    """REC-021."""
    for size, peaks in ((1, ()), (3, (b"\x00" * 32,)), (1, (b"short",)), (-1, (b"\x00" * 32,))):
        with pytest.raises(ValueError, match="rebuild it"):
            CompactRange(size=size, peaks=peaks)


def test_proofs_are_the_published_ones() -> None:
    """REC-022, REC-023."""
    assert inclusion_proof(index=5, size=8, read=READ) == unhex(PATH_5_8)
    assert inclusion_proof(index=2, size=3, read=READ) == unhex([ROOTS[2]])
    assert consistency_proof(old=6, new=8, read=READ) == unhex(CONSISTENCY_6_8)
    assert consistency_proof(old=2, new=5, read=READ) == unhex(CONSISTENCY_2_5)


def test_published_proofs_verify() -> None:
    """REC-022, REC-023."""
    check_inclusion(
        leaf=leaf_hash(LEAVES[5]),
        index=5,
        size=8,
        proof=unhex(PATH_5_8),
        root=bytes.fromhex(ROOTS[8]),
    )
    for old, new, proof in (
        (6, 8, CONSISTENCY_6_8),
        (2, 5, CONSISTENCY_2_5),
        (0, 5, []),
        (5, 5, []),
    ):
        check_consistency(
            old=old,
            old_root=bytes.fromhex(ROOTS[old]),
            new=new,
            new_root=bytes.fromhex(ROOTS[new]),
            proof=unhex(proof),
        )


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (4, 8, PATH_5_8),
        (5, 6, PATH_5_8),
        (5, 8, PATH_5_8[:2]),
        (5, 8, [*PATH_5_8, ROOTS[1]]),
        (8, 8, PATH_5_8),
        (-1, 8, PATH_5_8),
        (5, 2**60, PATH_5_8),
        (0, 1, PATH_5_8),
    ],
)
def test_a_proof_for_another_place_is_refused(index: int, size: int, proof: list[str]) -> None:
    """REC-022."""
    with pytest.raises(PartyError, match="inclusion proof"):
        check_inclusion(
            leaf=leaf_hash(LEAVES[5]),
            index=index,
            size=size,
            proof=unhex(proof),
            root=bytes.fromhex(ROOTS[8]),
        )


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (6, 8, CONSISTENCY_6_8[1:]),
        (6, 8, [*CONSISTENCY_6_8, ROOTS[1]]),
        (5, 8, CONSISTENCY_6_8),
        (8, 6, CONSISTENCY_6_8),
        (6, 8, []),
        (0, 8, CONSISTENCY_6_8),
        (8, 8, CONSISTENCY_6_8),
        (6, 2**60, CONSISTENCY_6_8),
        (4, 8, []),
    ],
)
def test_a_tree_that_does_not_continue_is_refused(old: int, new: int, proof: list[str]) -> None:
    """REC-023."""
    with pytest.raises(PartyError, match="does not hold"):
        check_consistency(
            old=old,
            old_root=bytes.fromhex(ROOTS[min(old, 8)]),
            new=new,
            new_root=bytes.fromhex(ROOTS[min(new, 8)]),
            proof=unhex(proof),
        )


def test_a_node_cannot_pass_for_a_leaf_or_a_tree() -> None:
    """REC-022, REC-023: a path that is too short or too long for the size, though hashes fit."""
    pairs, root = [READ(1, index) for index in range(4)], bytes.fromhex(ROOTS[8])
    upper = READ(2, 1)
    with pytest.raises(PartyError, match="inclusion proof"):
        check_inclusion(leaf=pairs[0], index=0, size=8, proof=(pairs[1], upper), root=root)
    longer = node_hash(pairs[0], pairs[1])
    with pytest.raises(PartyError, match="too many"):
        check_inclusion(leaf=pairs[1], index=0, size=1, proof=(pairs[0],), root=longer)
    with pytest.raises(PartyError, match="does not hold"):
        check_consistency(old=1, old_root=pairs[0], new=8, new_root=root, proof=(pairs[1], upper))


def test_an_empty_or_equal_tree_needs_its_own_root() -> None:
    """REC-023."""
    for old in (0, 8):
        with pytest.raises(PartyError, match="does not hold"):
            check_consistency(
                old=old,
                old_root=b"\x00" * 32,
                new=8,
                new_root=bytes.fromhex(ROOTS[8]),
                proof=(),
            )


def test_proofs_are_asked_for_within_the_tree() -> None:
    """REC-022, REC-023: asking for what cannot exist is the caller's mistake."""
    with pytest.raises(ValueError, match="no leaf 8"):
        inclusion_proof(index=8, size=8, read=READ)
    with pytest.raises(ValueError, match="no tree of 9"):
        consistency_proof(old=9, new=8, read=READ)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(level=0, index=0), "tile/0/000"),
        (Tile(level=0, index=1_234_067), "tile/0/x001/x234/067"),  # tlog-tiles, "Merkle Tree"
        (Tile(level=1, index=999, width=17), "tile/1/999.p/17"),
        (Tile(level=63, index=1000, width=1), "tile/63/x001/000.p/1"),
        (Tile(level=ENTRIES, index=0, width=255), "tile/entries/000.p/255"),
    ],
)
def test_tile_paths_are_those_of_tlog_tiles(tile: Tile, path: str) -> None:
    """REC-024."""
    assert tile.path() == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/data/000",
        "tile/0/../000",
        "tile/0/000\n",
        "tile/-1/000",
        "tile/0/" + "x999/" * 5 + "999",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    """REC-024: a path from an export cannot lead elsewhere."""
    with pytest.raises(ValueError, match="tile"):
        parse_tile_path(path)


def test_a_tree_of_70_000_has_the_tiles_of_the_specification() -> None:
    """REC-024: the worked example of tlog-tiles, "Partial Tiles"."""
    tiles = tiles_between(0, 70_000)
    full = [tile.level for tile in tiles if tile.width == 256]
    partial = {tile.level: tile.width for tile in tiles if tile.width != 256}
    assert (full.count(ENTRIES), full.count(0), full.count(1), full.count(2)) == (273, 273, 1, 0)
    assert partial == {ENTRIES: 112, 0: 112, 1: 17, 2: 1}
    assert {(t.level, t.width) for t in tiles_between(0, 256)} == {(ENTRIES, 256), (0, 256), (1, 1)}


def test_full_tiles_are_never_written_again() -> None:
    """REC-024."""
    before, after = set(tiles_between(0, 600)), set(tiles_between(600, 900))
    assert not {tile for tile in before if tile.width == 256} & after
    assert tiles_between(600, 600) == ()
    with pytest.raises(ValueError, match="only grows"):
        tiles_between(2, 1)


def test_tiles_hold_the_nodes_of_their_level() -> None:
    """REC-024: level 1 holds the roots of full tiles."""
    hashes = [leaf_hash(bytes([i % 256, i // 256])) for i in range(600)]
    read = nodes_of(hashes)
    first = tile_data(Tile(level=0, index=0), read)
    assert parse_tile_data(Tile(level=0, index=0), first) == tuple(hashes[:256])
    upper = tile_data(Tile(level=1, index=0, width=2), read)
    assert upper[:32] == root_of(256, nodes_of(hashes[:256]))
    with pytest.raises(PartyError, match="64"):
        parse_tile_data(Tile(level=1, index=0, width=2), upper[:-1])
    with pytest.raises(ValueError, match="bundle_data"):
        tile_data(Tile(level=ENTRIES, index=0), read)
    for wrong in (-2, 64):
        with pytest.raises(ValueError, match="cannot exist"):
            Tile(level=wrong, index=0)


def test_bundles_hold_exactly_their_leaves() -> None:
    """REC-025: cut, longer, or of another width is refused."""
    tile = Tile(level=ENTRIES, index=0, width=8)
    data = bundle_data(LEAVES)
    assert parse_bundle_data(tile, data) == tuple(LEAVES)
    for wrong in (data[:-1], data + b"\x00", data + b"\x00\x00", data[2:], b""):
        with pytest.raises(PartyError, match="entries"):
            parse_bundle_data(tile, wrong)
    for leaves in ([], [b""] * 257, [b"x" * 65_536]):
        with pytest.raises(ValueError, match="bundle"):
            bundle_data(leaves)
