"""YAML files as trees with marks, from a safe subset: COD-020 to COD-027."""

import os
from pathlib import Path

import pytest

from crosstell.codecs.yaml_document import (
    DEPTH_MAX,
    DocumentRefused,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
    parse_yaml,
    read_yaml,
)


def parse(text: str) -> Node:
    return parse_yaml(text.encode(), name="f.yaml").root


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentRefused) as caught:
        parse_yaml(data, name="f.yaml")
    return str(caught.value)


def test_a_file_is_a_tree_with_places() -> None:
    """COD-020."""
    assert parse("a: 1\nb:\n  - 'x'\n  - {c: }\n") == Mapping(
        (
            (Scalar("a", plain=True, mark=Mark(1, 1)), Scalar("1", plain=True, mark=Mark(1, 4))),
            (
                Scalar("b", plain=True, mark=Mark(2, 1)),
                Listing(
                    (
                        Scalar("x", plain=False, mark=Mark(3, 5)),
                        Mapping(
                            (
                                (
                                    Scalar("c", plain=True, mark=Mark(4, 6)),
                                    Scalar("", plain=True, mark=Mark(4, 9)),
                                ),
                            ),
                            Mark(4, 5),
                        ),
                    ),
                    Mark(3, 3),
                ),
            ),
        ),
        Mark(1, 1),
    )


def test_scalars_are_the_characters_as_written() -> None:
    """COD-020."""
    root = parse('a: no\nb: 1.10\nc: |\n  x\nd: "\\u0041"\n')
    assert isinstance(root, Mapping)
    found = [(value.text, value.plain) for _, value in root.entries if isinstance(value, Scalar)]
    assert found == [("no", True), ("1.10", True), ("x\n", False), ("A", False)]


OUTSIDE = [
    ("a: &x 1\n", "f.yaml:1:4: anchor 'x'; leave it out"),
    ("a: *x\n", "f.yaml:1:4: alias 'x'; write the value out"),
    ("a: !!int 1\n", "f.yaml:1:4: tag 'tag:yaml.org,2002:int'; leave it out"),
    ("a: !x {b: 1}\n", "f.yaml:1:4: tag '!x'; leave it out"),
    ("<<: {a: 1}\n", "f.yaml:1:1: merge key <<; write the keys out"),
    ("%YAML 1.1\n---\na: 1\n", "f.yaml:1:1: a % directive; leave it out"),
    ("? [a, b]\n: 1\n", "f.yaml:1:3: a key is a list or mapping; write a word"),
]


@pytest.mark.parametrize(("text", "told"), OUTSIDE)
def test_what_is_outside_the_subset_is_refused_at_its_place(text: str, told: str) -> None:
    """COD-020."""
    assert refusal(text.encode()) == told


def test_all_of_them_are_told_in_the_order_of_the_file() -> None:
    """COD-020, COD-030."""
    assert refusal(b"a: &x 1\nb: 2\nb: *x\n").splitlines() == [
        "f.yaml:1:4: anchor 'x'; leave it out",
        "f.yaml:3:1: key 'b' is already on line 2; keep one",
        "f.yaml:3:4: alias 'x'; write the value out",
    ]


def test_a_second_document_is_refused() -> None:
    """COD-021."""
    assert refusal(b"a: 1\n---\nb: 2\n").startswith("f.yaml:2:1: a second document begins")


def test_a_key_twice_names_the_first() -> None:
    """COD-022."""
    assert refusal(b"x:\n  a: 1\n  b: 2\n  'a': 3\n") == (
        "f.yaml:4:3: key 'a' is already on line 2; keep one"
    )


def test_a_large_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COD-023. A sparse file of 200 MB: opening it would fail the test."""
    path = tmp_path / "large.yaml"
    path.touch()
    os.truncate(path, 200_000_000)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DocumentRefused, match="is 200000000 bytes, over the limit of 1048576"):
        read_yaml(path)


def test_large_bytes_are_refused_unparsed() -> None:
    """COD-023."""
    assert "over the limit of 1048576" in refusal(b"[" * 1_048_577)


def test_depth_is_bounded() -> None:
    """COD-024."""
    parse("[" * DEPTH_MAX + "]" * DEPTH_MAX)
    deep = refusal(b"[" * 500_000)
    assert deep == f"f.yaml:1:{DEPTH_MAX + 1}: is nested deeper than {DEPTH_MAX} levels; flatten it"


def test_bytes_that_are_not_utf8_are_refused_at_their_place() -> None:
    """COD-025."""
    assert refusal(b"a: 1\nb: \xff\n").startswith("f.yaml:2:4: is not UTF-8 at this byte")
    assert refusal("a: 1".encode("utf-16")).startswith("f.yaml:1:1: is not UTF-8")
    assert isinstance(parse_yaml(b"\xef\xbb\xbfa: 1", name="f").root, Mapping)


@pytest.mark.parametrize(
    "data", [b"", b"# nothing\n", b"a: [1\n", b"a: 'x\n", b"\ta: 1\n", b"a: \x01\n", b"a: b: c\n"]
)
def test_what_is_no_yaml_has_a_place_and_a_remedy(data: bytes) -> None:
    """COD-026."""
    assert refusal(data).startswith("f.yaml:")
    assert "; " in refusal(data)


def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    """COD-027."""
    with pytest.raises(DocumentRefused, match=r"gone\.yaml:1:1: cannot be read"):
        read_yaml(tmp_path / "gone.yaml")
    with pytest.raises(DocumentRefused, match="is not a regular file"):
        read_yaml(tmp_path)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(DocumentRefused, match="is not a regular file"):
        read_yaml(fifo)


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """COD-023."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\n")
    assert read_yaml(path) == parse_yaml(b"a: 1\n", name=str(path))
