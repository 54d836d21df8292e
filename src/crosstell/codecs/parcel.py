"""What two nodes send each other: one self-verifying parcel, in JCS-int.

A parcel says how much its sender holds of each feed, and carries entries, checkpoints and fork
evidence. It may arrive twice, late or never: nothing in it depends on another parcel. Hostile
input is assumed: sizes are bounded, and nothing is believed before it is verified.
"""

import re
from dataclasses import dataclass

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record import canonical
from crosstell.core.record.signing import from_base64, to_base64

VERSION = 1
SIZE_MAX = 4 * 1024 * 1024  # bytes of one parcel
ROWS_MAX = 500
NOTES_MAX = 64
FORKS_MAX = 16
FEEDS_MAX = 64
_NAMES = ("v", "from", "have", "rows", "notes", "forks")
_ROW_NAMES = (("leaf",), ("leaf", "salt", "body"))
_BASE64 = rb'"[A-Za-z0-9+/=]*"'
_TO_SENDER = re.compile(
    rb'\{"forks":\[(?:' + _BASE64 + rb"(?:," + _BASE64 + rb')*)?\],"from":"([!#-\[\]-~]{1,64})",'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry on its way: the leaf, and the body with its salt if the receiver may hold it."""

    leaf: bytes
    salt: bytes | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message. `have` gives the sender's size of every feed it holds, by feed name."""

    sender: FeedId
    have: tuple[tuple[FeedId, int], ...]
    rows: tuple[Row, ...] = ()
    notes: tuple[bytes, ...] = ()
    forks: tuple[bytes, ...] = ()


def encode(parcel: Parcel) -> bytes:
    """The bytes of the parcel."""
    rows: list[canonical.Json] = []
    for row in parcel.rows:
        one: dict[str, canonical.Json] = {"leaf": to_base64(row.leaf)}
        if row.salt is not None and row.body is not None:
            one |= {"salt": to_base64(row.salt), "body": to_base64(row.body)}
        rows.append(one)
    return canonical.encode(
        {
            "v": VERSION,
            "from": parcel.sender,
            "have": dict(parcel.have),
            "rows": rows,
            "notes": [to_base64(note) for note in parcel.notes],
            "forks": [to_base64(fork) for fork in parcel.forks],
        },
        what="parcel",
    )


def decode(data: bytes) -> Parcel:
    """The parcel in `data`; PartyError for anything else."""
    found = canonical.fields(
        canonical.decode(data, size_max=SIZE_MAX, what="parcel"), _NAMES, what="parcel"
    )
    if found["v"] != VERSION:
        raise PartyError(f"parcel: version {found['v']!r}; this node reads {VERSION}, update it")
    have = found["have"]
    if not isinstance(have, dict) or len(have) > FEEDS_MAX:
        raise PartyError(f"parcel: 'have' must give sizes of at most {FEEDS_MAX} feeds")
    return Parcel(
        sender=FeedId(canonical.string(found["from"], what="parcel sender", length_max=64)),
        have=tuple(
            (FeedId(feed), canonical.integer(size, what=f"size of {feed[:64]}"))
            for feed, size in sorted(have.items())
        ),
        rows=tuple(
            _row(row)
            for row in canonical.array(found["rows"], what="parcel rows", length_max=ROWS_MAX)
        ),
        notes=_blobs(found["notes"], what="parcel notes", length_max=NOTES_MAX),
        forks=_blobs(found["forks"], what="parcel forks", length_max=FORKS_MAX),
    )


def sender_of(data: bytes) -> FeedId | None:
    """Whose parcel it says it is, read from its beginning; None if it is none for certain.

    Never another than `decode` gives.
    """
    found = _TO_SENDER.match(data)
    return None if found is None else FeedId(found[1].decode("ascii"))


def _row(value: canonical.Json) -> Row:
    if not isinstance(value, dict) or tuple(sorted(value)) not in {
        tuple(sorted(names)) for names in _ROW_NAMES
    }:
        raise PartyError("parcel: a row holds a leaf, and either both salt and body or neither")
    pieces = {
        name: from_base64(canonical.string(value[name], what=name), what=name) for name in value
    }
    return Row(leaf=pieces["leaf"], salt=pieces.get("salt"), body=pieces.get("body"))


def _blobs(value: canonical.Json, *, what: str, length_max: int) -> tuple[bytes, ...]:
    return tuple(
        from_base64(canonical.string(item, what=what), what=what)
        for item in canonical.array(value, what=what, length_max=length_max)
    )
