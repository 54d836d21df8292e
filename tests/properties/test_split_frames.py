"""Whatever a side has to say goes into frames that the other reads, and nothing of it is lost."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosstell.codecs.parcels import frame as frames
from crosstell.codecs.parcels.frame import (
    ACKS_MAX,
    ALARM_LENGTH_MAX,
    FAULT_LENGTH_MAX,
    FRAME_MAX,
    LINES_MAX,
    PARCELS_MAX,
    Frame,
    LineTold,
)
from crosstell.core.ids import PartyId
from crosstell.core.instant import from_us
from crosstell.core.record.canonical import INTEGER_LIMIT
from crosstell.shell.peers.post import Correspondent
from crosstell.shell.peers.pusher import Pace
from crosstell.shell.peers.split.picture import FRAME_BYTES, PictureSide

LAST = INTEGER_LIMIT - 1
NAME = "p" * 62
BITS = st.sampled_from(["\x01", "\u007f", '"', "\\", "a", "ğ", "\U0001f6e9"])


@given(BITS, st.integers(0, PARCELS_MAX), st.integers(0, LINES_MAX), st.integers(0, ACKS_MAX))
def test_split_282_a_frame_at_every_limit_of_its_fields_is_read(
    bit: str, parcels: int, lines: int, acks: int
) -> None:
    names = tuple(PartyId(f"{NAME}{n:02}") for n in range(max(PARCELS_MAX, LINES_MAX)))
    fault = bit * FAULT_LENGTH_MAX
    told = tuple(
        LineTold(party=name, answered_ms=LAST, heard_ms=LAST, unheard_ms=LAST, fault=fault)
        for name in names[:lines]
    )
    frame = Frame(
        number=LAST,
        at_ms=LAST,
        acks=(LAST,) * acks,
        parcels=tuple((name, b"parcel") for name in names[:parcels]),
        alarm=bit * ALARM_LENGTH_MAX,
        lines=told,
    )
    assert frames.decode(frames.encode(frame)) == frame


def test_split_282_what_would_not_be_read_is_not_written() -> None:
    large = (PartyId("a"), b"x" * (FRAME_MAX // 2))
    assert len(frames.encode(Frame(number=1, at_ms=1, parcels=(large,)))) <= FRAME_MAX
    for parcels in ((large, large), ((PartyId("a"), b"x"),) * (PARCELS_MAX + 1)):
        with pytest.raises(ValueError, match="would not read"):
            frames.encode(Frame(number=1, at_ms=1, parcels=parcels))


@dataclass
class Written:
    """An outbox that writes nowhere, and reads what it wrote."""

    frames: list[Frame] = field(default_factory=list)

    def write(self, parcels: list[tuple[PartyId, bytes]], acks: tuple[int, ...]) -> int:
        number = len(self.frames) + 1
        frame = Frame(number=number, at_ms=number, acks=acks, parcels=tuple(parcels))
        self.frames.append(frames.decode(frames.encode(frame)))
        return number


SIZES = st.sampled_from([1, 1_000, FRAME_BYTES // 2, FRAME_BYTES, FRAME_MAX // 2])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(SIZES, max_size=2), min_size=1, max_size=20))
def test_split_282_nothing_is_dropped_however_many_parties_there_are(
    sizes: list[list[int]],
) -> None:
    """Of each party in order, all of it, in frames that are read."""
    parties = [PartyId(f"p-{n:02}") for n in range(len(sizes))]
    outbox, inbox = Written(), Mock(read=lambda: (), acks=lambda: (), trouble=None)
    side = PictureSide(
        correspondents=tuple(Mock(Correspondent, party=party) for party in parties),
        guard=Mock(),
        outbox=outbox,  # type: ignore[arg-type]
        inbox=inbox,
        submit=Mock(),
        pace=Mock(Pace, beat_s=1.0, now=lambda: from_us(0), steady=lambda: 0.0),
        refusals=Mock(),
    )
    left: dict[PartyId, deque[bytes]] = {party: deque() for party in parties}
    sent: list[Any] = []
    for party, each in zip(parties, sizes, strict=True):
        for number, size in enumerate(each):
            parcel = bytes([number + 1]) * size
            left[party].append(parcel)
            sent.append(Mock(to=party, body=parcel))
    side.send(sent)
    for _ in range(len(sent) + len(parties)):
        side.beat()
    for frame in outbox.frames:
        for party, parcel in frame.parcels:
            assert parcel == left[party].popleft()
    assert not any(left.values())
