"""A field that is absent where it has its default: COD-012, COD-006, COD-011."""

from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import check_recordable, described
from crosstell.codecs.values import SignedFault, from_signed, to_signed


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


UNLESS_DEFAULT = {"signed": "unless-default"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """The same class later, with fields that it gained."""

    name: str
    colour: Colour = field(default=Colour.RED, metadata=UNLESS_DEFAULT)
    wait_s: float = field(default=0.0, metadata=UNLESS_DEFAULT)
    words: tuple[str, ...] = field(default=(), metadata=UNLESS_DEFAULT)
    text: str | None = None


def test_what_was_signed_before_is_read_and_written_as_it_was() -> None:
    """COD-012."""
    old = to_signed(Before(name="x"))
    assert from_signed(After, old) == After(name="x")
    assert to_signed(After(name="x")) == old
    assert to_plain(After(name="x")) == {"name": "x", "colour": "red", "wait_s": 0.0, "words": []}


def test_what_is_not_the_default_is_written() -> None:
    """COD-012, COD-007."""
    value = After(name="x", colour=Colour.GREEN, wait_s=0.5, words=("a",), text="b")
    signed = {"name": "x", "colour": "green", "wait_ms": 500, "words": ["a"], "text": "b"}
    assert to_signed(value) == signed
    assert from_signed(After, signed) == value


@pytest.mark.parametrize(("key", "said"), [("colour", "red"), ("wait_ms", 0), ("words", [])])
def test_a_default_that_is_written_out_is_refused(key: str, said: object) -> None:
    """COD-011, COD-012. One value has one form."""
    with pytest.raises(SignedFault, match=f"{key}: is what its absence says; leave it out"):
        from_signed(After, {"name": "x", key: said})


def test_what_is_missing_is_still_told() -> None:
    """COD-008."""
    with pytest.raises(SignedFault, match="name: is missing"):
        from_signed(After, {"words": ["a"]})


def test_a_default_that_changes_changes_the_description() -> None:
    """COD-012. What is stored in one form is not read by the other."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class After:  # the same name, on purpose
        name: str
        colour: Colour = field(default=Colour.GREEN, metadata=UNLESS_DEFAULT)
        wait_s: float = field(default=0.0, metadata=UNLESS_DEFAULT)
        words: tuple[str, ...] = field(default=(), metadata=UNLESS_DEFAULT)
        text: str | None = None

    assert described(After) != described(globals()["After"])


@dataclass(frozen=True, slots=True, kw_only=True)
class WithOtherWord:
    words: tuple[str, ...] = field(default=(), metadata={"signed": "sometimes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutDefault:
    word: str = field(metadata=UNLESS_DEFAULT)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithNone:
    word: str | None = field(default=None, metadata=UNLESS_DEFAULT)


@pytest.mark.parametrize("kind", [WithOtherWord, WithoutDefault, WithNone])
def test_metadata_that_says_nothing_is_named(kind: type[object]) -> None:
    """COD-012."""
    with pytest.raises(TypeError, match=r"signed is '.*'; write 'unless-default', and a default"):
        check_recordable(kind)
