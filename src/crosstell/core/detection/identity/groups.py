"""Which rows are of one identity, and every pair of them, in blocks of bounded size.

A row may give several identities. A pair that shares several is told once, by the first of them.
Memory is bounded by the rows and the block, however many rows give one address.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.identity.keys import Key, identity_keys
from crosstell.core.picture.track import Hint

Ints = NDArray[np.int64]

BLOCK_PAIRS_MAX = 1 << 17
KEYS_MAX = 16  # identities of one row; more are a fault of its source
NO_KEY = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Identities:
    """The identities of each row, as numbers from 0; `codes` has one row each, NO_KEY after them.

    `names` says what each number stands for.
    """

    codes: Ints
    names: tuple[Key, ...]

    def __post_init__(self) -> None:
        """Refuse what is no table."""
        codes = np.asarray(self.codes, dtype=np.int64)
        if codes.ndim != 2 or codes.shape[1] > KEYS_MAX:
            raise ValueError(
                f"identities: codes have shape {codes.shape}; give one row for each track and at "
                f"most {KEYS_MAX} columns"
            )
        object.__setattr__(self, "codes", codes)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.codes)


def identities_of(hints: Sequence[Iterable[Hint]]) -> Identities:
    """The identities that each row's hints give. Implements CTR-020, CTR-030."""
    keys = [identity_keys(each) for each in hints]
    numbers: dict[Key, int] = {}
    for row in keys:
        for key in row:
            numbers.setdefault(key, len(numbers))
    width = max((len(row) for row in keys), default=0)
    if width > KEYS_MAX:
        row_number = next(number for number, row in enumerate(keys) if len(row) > KEYS_MAX)
        raise ValueError(
            f"identities: row {row_number} gives {len(keys[row_number])}; at most {KEYS_MAX}"
        )
    codes = np.full((len(keys), max(width, 1)), NO_KEY, dtype=np.int64)
    for number, row in enumerate(keys):
        codes[number, : len(row)] = [numbers[key] for key in row]
    return Identities(codes=codes, names=tuple(numbers))


def pairs_of(
    identities: Identities, block_pairs_max: int = BLOCK_PAIRS_MAX
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Every pair of rows of one identity once: lower row, higher row, the identity's number.

    The rows of one identity that are d places apart, for d = 1, 2 and on until there are none:
    where d apart there is no pair of one identity there is none further. Implements CTR-031.
    """
    rows, columns = np.nonzero(identities.codes >= 0)
    codes = identities.codes[rows, columns]
    order = np.lexsort((rows, codes))
    rows, codes = rows[order].astype(np.int64), codes[order]
    left = np.arange(len(codes), dtype=np.int64)
    for apart in range(1, len(codes)):
        left = left[left + apart < len(codes)]
        left = left[codes[left] == codes[left + apart]]
        if not len(left):
            return
        for begin in range(0, len(left), block_pairs_max):
            here = left[begin : begin + block_pairs_max]
            first, second, code = rows[here], rows[here + apart], codes[here]
            told = (first != second) & (_first_shared(identities.codes, first, second) == code)
            yield first[told], second[told], code[told]


def _first_shared(codes: Ints, first: Ints, second: Ints) -> Ints:
    """The lowest identity that both rows of each pair give."""
    none = np.iinfo(np.int64).max
    found = np.full(len(first), none, dtype=np.int64)
    for column in range(codes.shape[1]):
        code = codes[first, column]
        shared = (code >= 0) & (codes[second] == code[:, None]).any(axis=1)
        found = np.where(shared, np.minimum(found, code), found)
    return found
