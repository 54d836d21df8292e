"""A parcel that waited, without what may no longer leave.

What the node gave out a while ago it might withhold by now: a share of an own track ends, and
before its end only the newest of it crosses. So bodies of such kinds go out fresh or not at all;
the node still has them, and decides anew when it sends again. Implements PEER-029.
"""

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Row
from crosstell.codecs.shape import tag_of
from crosstell.core.mechanism.releasing.sharing import withheld_kinds
from crosstell.core.record.entry import parse

FRESH_S = 2.0  # a parcel that waited less goes as it is
_PASSING = frozenset(tag_of(kind) for kind in withheld_kinds())


def aged(data: bytes) -> bytes:
    """The parcel without the bodies of kinds that are withheld in the end."""
    parcel = parcels.decode(data)
    rows = tuple(
        Row(leaf=row.leaf)
        if row.body is not None and parse(row.leaf).header.type in _PASSING
        else row
        for row in parcel.rows
    )
    if rows == parcel.rows:
        return data
    return parcels.encode(
        parcels.Parcel(
            sender=parcel.sender,
            have=parcel.have,
            rows=rows,
            notes=parcel.notes,
            forks=parcel.forks,
        )
    )
