"""What crosses between the two sides of a split node: one file, one frame.

A frame is a tag line, a header in JCS-int on one line, then parcels (blocks.py), filled with zero
bytes to 4 KiB doubled some times. Its header has exactly: its number, when it was written (ms
since 1970-01-01T00:00:00Z), the numbers of the other side's frames that were taken, to or from
whom each parcel is, what a person should know, and how the line to each party stands (the exchange
side alone says that). Hostile input is assumed: an exchange side
stands on another network. Implements SPLIT-001, SPLIT-002, NOD-481, NOD-495.
"""

from dataclasses import dataclass

from crosstell.codecs.parcels.blocks import bucket_of, pack, unpack
from crosstell.core.errors import PartyError
from crosstell.core.ids import PartyId, check_id
from crosstell.core.record import canonical

TAG = b"crosstell-frame-1\n"
FRAME_MIN = 4 * 1024
FRAME_MAX = 8 * 1024 * 1024  # bytes of one frame
ACKS_MAX = 64
PARCELS_MAX = 16
ALARM_LENGTH_MAX = 500
HEADER_MAX = (
    64 * 1024
)  # above the longest that the bounds of its fields allow, six bytes a character
LINES_MAX = 16  # of which a frame tells; of more, each following frame tells of the next
FAULT_LENGTH_MAX = 400
_NAMES = ("v", "number", "at_ms", "acks", "parties", "alarm", "lines")
_LINE_NAMES = ("party", "answered_ms", "heard_ms", "unheard_ms", "fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTold:
    """How the line to one party stands, as the exchange side measured it. NOD-481.

    When the party last answered us and last called, in ms since 1970-01-01T00:00:00Z by the
    clock of the exchange side; 0: never. `unheard_ms`: when that side last found the line whole
    after an answer may have been lost on it, or itself began. `fault`: what is wrong, or nothing.
    """

    party: PartyId
    answered_ms: int = 0
    heard_ms: int = 0
    unheard_ms: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame. `parcels` are pairs of the party and the parcel to it, or from it."""

    number: int
    at_ms: int
    acks: tuple[int, ...] = ()
    parcels: tuple[tuple[PartyId, bytes], ...] = ()
    alarm: str = ""
    lines: tuple[LineTold, ...] = ()


def encode(frame: Frame) -> bytes:
    """The bytes of the frame, as long as its bucket. ValueError for what `decode` would refuse."""
    header = canonical.encode(
        {
            "v": 1,
            "number": frame.number,
            "at_ms": frame.at_ms,
            "acks": frame.acks,
            "parties": tuple(party for party, _ in frame.parcels),
            "alarm": frame.alarm[:ALARM_LENGTH_MAX],
            "lines": tuple(
                {
                    "party": line.party,
                    "answered_ms": line.answered_ms,
                    "heard_ms": line.heard_ms,
                    "unheard_ms": line.unheard_ms,
                    "fault": line.fault[:FAULT_LENGTH_MAX],
                }
                for line in frame.lines
            ),
        },
        what="frame",
    )
    data = TAG + header + b"\n" + pack(parcel for _, parcel in frame.parcels)
    data = data.ljust(bucket_of(len(data), FRAME_MIN), b"\0")
    try:
        decode(data)
    except PartyError as fault:
        raise ValueError(f"the other side would not read this: {fault}") from fault
    return data


def decode(data: bytes) -> Frame:
    """The frame in `data`; PartyError for anything else."""
    end = data.find(b"\n", len(TAG), len(TAG) + HEADER_MAX)
    if not data.startswith(TAG) or len(data) > FRAME_MAX or end < 0:
        raise PartyError("frame: it does not begin as a frame does, or is too large")
    found = canonical.fields(
        canonical.decode(data[len(TAG) : end], what="frame"), _NAMES, what="frame"
    )
    if found["v"] != 1:
        raise PartyError(f"frame: version {found['v']!r}; both sides must be of one version")
    acks = canonical.array(found["acks"], what="frame acks", length_max=ACKS_MAX)
    parties = canonical.array(found["parties"], what="frame parties", length_max=PARCELS_MAX)
    lines = canonical.array(found["lines"], what="frame lines", length_max=LINES_MAX)
    parcels = unpack(data[end + 1 :])
    if len(parties) != len(parcels):
        raise PartyError(f"frame: {len(parcels)} parcels of {len(parties)} parties")
    return Frame(
        number=canonical.integer(found["number"], what="frame number"),
        at_ms=canonical.integer(found["at_ms"], what="frame time"),
        acks=tuple(canonical.integer(ack, what="frame ack") for ack in acks),
        parcels=tuple(
            (_party(party), parcel) for party, parcel in zip(parties, parcels, strict=True)
        ),
        alarm=canonical.string(found["alarm"], what="alarm", length_max=ALARM_LENGTH_MAX),
        lines=tuple(_line(line) for line in lines),
    )


def _line(value: canonical.Json) -> LineTold:
    found = canonical.fields(value, _LINE_NAMES, what="frame line")
    return LineTold(
        party=_party(found["party"]),
        answered_ms=canonical.integer(found["answered_ms"], what="frame line"),
        heard_ms=canonical.integer(found["heard_ms"], what="frame line"),
        unheard_ms=canonical.integer(found["unheard_ms"], what="frame line"),
        fault=canonical.string(found["fault"], what="frame line", length_max=FAULT_LENGTH_MAX),
    )


def _party(value: canonical.Json) -> PartyId:
    text = canonical.string(value, what="frame party", length_max=64)
    try:
        check_id(text, what="frame party")
    except ValueError as fault:
        raise PartyError(str(fault)) from None
    return PartyId(text)
