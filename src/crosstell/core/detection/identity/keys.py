"""Which tracks say that they are of one identity. A hint is no identification.

An address that receivers and transponders send when nobody set one names no object. Call signs,
squawks and types are no identity: they change, or are words.
"""

from collections.abc import Iterable, Mapping

from crosstell.core.picture.track import Hint, HintKind

LASTING = (
    HintKind.ICAO_ADDRESS,
    HintKind.MMSI,
    HintKind.SERIAL_NUMBER,
    HintKind.REGISTRATION,
)
UNSET = frozenset({"123456", "abcdef", "123456789", "987654321", "unknown", "none", "null", "n/a"})

Key = tuple[HintKind, str]


def plain_value(hint: Hint) -> str:
    """The hint's value as it is compared: case, spaces and hyphens say nothing."""
    return hint.value.casefold().replace(" ", "").replace("-", "")


def identity_keys(hints: Iterable[Hint]) -> tuple[Key, ...]:
    """Every lasting identity that the hints give, in one order. Implements CTR-020, CTR-021."""
    found = {
        (hint.kind, value)
        for hint in hints
        if hint.kind in LASTING and not _is_unset(value := plain_value(hint))
    }
    return tuple(sorted(found, key=lambda key: (LASTING.index(key[0]), key[1])))


def shared_kinds(first: Iterable[Hint], second: Iterable[Hint]) -> Mapping[HintKind, bool]:
    """The kinds of lasting identity that both give, and whether some value of it is the same."""
    one, other = identity_keys(first), identity_keys(second)
    both = {kind for kind, _ in one} & {kind for kind, _ in other}
    return {
        kind: any(key[0] is kind for key in set(one) & set(other))
        for kind in LASTING
        if kind in both
    }


def is_ship(key: Key) -> bool:
    """Whether the identity itself says that its object is a ship.

    A maritime identity of nine digits that begins with 2 to 7 is a ship station's (ITU-R M.585);
    coast stations, search aircraft, beacons and buoys begin otherwise. Implements CTR-046.
    """
    kind, value = key
    is_number = value.isascii() and value.isdigit() and len(value) == 9
    return kind is HintKind.MMSI and is_number and "2" <= value[0] <= "7"


def _is_unset(value: str) -> bool:
    """Whether it is an address that nobody set: one sign repeated, or a counted one."""
    return len(set(value)) <= 1 or value in UNSET
