"""JCS-int: the one byte form of what is signed. Integers and strings only, keys in ASCII.

A subset of RFC 8785 (JSON Canonicalization Scheme): objects with ASCII keys, arrays, strings and
integers with |n| < 2**53. No floats, truth values or nulls, so that no two encoders can differ.
Decoding is strict: bytes are accepted only if encoding their value gives the same bytes.
Implements REC-001, REC-002.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from crosstell.core.errors import PartyError

Json: TypeAlias = "int | str | Sequence[Json] | Mapping[str, Json]"

INTEGER_LIMIT = 2**53  # exclusive; what every JSON reader holds exactly (RFC 8785, 3.2.2.3)
DEPTH_MAX = 16  # arrays and objects inside each other; nothing recorded needs more
SIZE_MAX = 65_535  # bytes; one entry of a tile bundle (C2SP tlog-tiles)
EVIDENCE_MAX = 4_096  # bytes of foreign input kept beside an error
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def encode(value: Json, *, what: str = "value") -> bytes:
    """The canonical bytes of `value`. Raises ValueError for what JCS-int cannot hold."""
    if not _is_plain(value, DEPTH_MAX):
        _check(value, place=what, depth=0)
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(
            f"{what}: a string holds half of a surrogate pair; write whole characters"
        ) from None


def decode(data: bytes, *, size_max: int = SIZE_MAX, what: str = "document") -> Json:
    """The value whose canonical bytes are `data`. Raises PartyError for any other bytes."""
    if len(data) > size_max:
        raise _bad(what, f"has {len(data)} bytes, more than the {size_max} allowed", data)
    try:
        value: Json = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
        again = encode(value, what=what)
    except RecursionError:
        raise _bad(what, f"is nested deeper than {DEPTH_MAX} levels", data) from None
    except ValueError as fault:
        raise _bad(what, f"is not canonical JSON of integers and strings: {fault}", data) from None
    if again != data:
        place = next((i for i, (a, b) in enumerate(zip(again, data, strict=False)) if a != b), 0)
        raise _bad(what, f"is not in canonical form (first difference at byte {place})", data)
    return value


def fields(value: Json, names: Sequence[str], *, what: str) -> Mapping[str, Json]:
    """`value` as an object with exactly these keys. Raises PartyError otherwise."""
    if not isinstance(value, Mapping) or set(value) != set(names):
        raise PartyError(
            f"{what}: must be an object with exactly the keys {', '.join(sorted(names))}; "
            "ask its author for the document as it was signed"
        )
    return value


def string(value: Json, *, what: str, length_max: int = SIZE_MAX) -> str:
    """`value` as a string of bounded length. Raises PartyError otherwise."""
    if not isinstance(value, str) or len(value) > length_max:
        raise PartyError(f"{what}: must be a string of at most {length_max} characters")
    return value


def integer(value: Json, *, what: str, least: int = 0) -> int:
    """`value` as an integer of at least `least`. Raises PartyError otherwise."""
    if not isinstance(value, int) or value < least:
        raise PartyError(f"{what}: must be an integer of at least {least}")
    return value


def array(value: Json, *, what: str, length_max: int, length: int | None = None) -> Sequence[Json]:
    """`value` as an array of bounded (or exact) length. Raises PartyError otherwise."""
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > length_max:
        raise PartyError(f"{what}: must be an array of at most {length_max} items")
    if length is not None and len(value) != length:
        raise PartyError(f"{what}: must be an array of exactly {length} items")
    return value


def _is_plain(value: object, levels: int) -> bool:
    """Whether JCS-int surely holds `value`; False says nothing about it.

    As `_check` for the very classes that JSON gives, without a place to name: most of what is
    encoded is sound.
    """
    kind = type(value)
    if kind is str:
        return True
    if kind is int:
        return -INTEGER_LIMIT < value < INTEGER_LIMIT  # type: ignore[operator]
    inside: Iterable[object] = ()
    if kind is dict:
        if not all(type(key) is str and key.isascii() for key in value):  # type: ignore[attr-defined]
            return False
        inside = value.values()  # type: ignore[attr-defined]
    elif kind is list or kind is tuple:
        inside = value  # type: ignore[assignment]
    else:
        return False
    return levels > 0 and all(type(one) is str or _is_plain(one, levels - 1) for one in inside)


def _check(value: object, *, place: str, depth: int) -> None:
    """Raise ValueError at the first thing that JCS-int cannot hold, naming its place."""
    if isinstance(value, str):
        return
    if isinstance(value, int) and not isinstance(value, bool):
        if not -INTEGER_LIMIT < value < INTEGER_LIMIT:
            raise ValueError(f"{place}: {value} is outside +-(2**53 - 1); use a string")
        return
    if depth >= DEPTH_MAX:
        raise ValueError(f"{place}: nested deeper than {DEPTH_MAX} levels; flatten it")
    for name, item in _items(value, place=place):
        kind = type(item)  # most need no look inside; a subclass is passed by the check itself
        if kind is str or (kind is int and -INTEGER_LIMIT < item < INTEGER_LIMIT):  # type: ignore[operator]
            continue
        _check(item, place=f"{place}.{name}", depth=depth + 1)


def _items(value: object, *, place: str) -> Iterable[tuple[object, object]]:
    """What stands inside an object or array, by key or index; ValueError for anything else."""
    if isinstance(value, dict | Mapping):  # `dict` first: the abstract class asks at length
        for key in value:
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"{place}: key {key!r} is not an ASCII string; rename it")
        return value.items()
    if isinstance(value, list | tuple):
        return enumerate(value)
    kind = type(value).__name__
    raise ValueError(f"{place}: a {kind} cannot be signed; use integers and strings")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object from its pairs; a key given twice is refused."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _no_float(text: str) -> Json:
    raise ValueError(f"{text[:32]} is not an integer")


def _bad(what: str, why: str, data: bytes) -> PartyError:
    return PartyError(
        f"{what}: {why}; ask its author for the bytes as signed", evidence=data[:EVIDENCE_MAX]
    )
