"""Parcels that wait for one party, as one: their rows in order, and the last word of the sender.

Under load, or after a line was down, many small parcels wait; the other node is better given one.
Implements PEER-031.
"""

from collections.abc import Iterable

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import ROWS_MAX, Parcel, Row
from crosstell.core.errors import PartyError
from crosstell.core.record.entry import parse

BYTES_MAX = 500_000  # of leaves and bodies in what is merged; one entry alone may be larger


def merged(waiting: Iterable[bytes]) -> tuple[bytes, int]:
    """The first of them with as many of the next as fit into one parcel, and how many these are.

    What is no parcel is left as it is: whoever gets it refuses it.
    """
    rows: dict[bytes, Row] = {}
    last: Parcel | None = None
    first, count = b"", 0
    for data in waiting:
        first = first or data
        try:
            parcel = parcels.decode(data)
            for row in parcel.rows:
                parse(row.leaf)
        except PartyError:
            break
        both = _joined(rows, parcel.rows)
        fits = len(both) <= ROWS_MAX and sum(map(_size, both.values())) <= BYTES_MAX
        if last is not None and (parcel.sender != last.sender or not fits):
            break
        rows, last, count = both, parcel, count + 1
    if last is None or count < 2:
        return first, 1
    found = Parcel(
        sender=last.sender,
        have=last.have,
        rows=tuple(sorted(rows.values(), key=_place)),
        notes=last.notes,
        forks=last.forks,
    )
    return parcels.encode(found), count


def _joined(rows: dict[bytes, Row], more: Iterable[Row]) -> dict[bytes, Row]:
    """Each entry once, as it was sent last: a body that was since withheld stays after all."""
    return rows | {row.leaf: row for row in more}


def _place(row: Row) -> tuple[str, int]:
    """Feed by feed in rising numbers: who gets them stops at the first gap."""
    header = parse(row.leaf).header
    return header.feed, header.seq


def _size(row: Row) -> int:
    return len(row.leaf) + len(row.body or b"")
