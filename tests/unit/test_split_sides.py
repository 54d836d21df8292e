"""The two folders, the two sides, and what stands or lies between them that should not."""

import os
import re
import socket
import ssl
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_sites import certificate, der_of, identity, until
from node_pair import ALPHA, BRAVO, CHARLIE, START, World, call, received, roz
from split_world import BEAT_S, Split
from test_node_exchange import entry_of

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel
from crosstell.codecs.parcels import frame as frames
from crosstell.codecs.parcels.frame import FRAME_MIN, Frame, LineTold
from crosstell.core.errors import PartyError, Unavailable
from crosstell.core.ids import CallId, FeedId, PartyId
from crosstell.core.instant import to_us
from crosstell.shell.clock import read_steady
from crosstell.shell.node import Message
from crosstell.shell.peers.pins import Pins, digest_of
from crosstell.shell.peers.port import foreign
from crosstell.shell.peers.pusher import Pace, Pusher, next_beat
from crosstell.shell.peers.refusals import Reason
from crosstell.shell.peers.split.courier import QUOTA
from crosstell.shell.peers.split.spool import FRAMES_MAX, STALE_MS, Inbox, Outbox
from crosstell.shell.peers.waiting import Waiting

FRAMES = st.builds(
    Frame,
    number=st.integers(0, 2**53 - 1),
    at_ms=st.integers(0, 2**53 - 1),
    acks=st.lists(st.integers(0, 2**53 - 1), max_size=5).map(tuple),
    parcels=st.lists(
        st.tuples(st.sampled_from([ALPHA, BRAVO]), st.binary(min_size=1, max_size=50)), max_size=4
    ).map(tuple),
    alarm=st.text(alphabet="abc ", max_size=20),
    lines=st.lists(
        st.builds(
            LineTold,
            party=st.sampled_from([ALPHA, BRAVO]),
            answered_ms=st.integers(0, 2**53 - 1),
            heard_ms=st.integers(0, 2**53 - 1),
            fault=st.text(alphabet="abc ", max_size=20),
        ),
        max_size=4,
    ).map(tuple),
)


@given(FRAMES)
def test_frames_are_read_as_written(frame: Frame) -> None:
    """SPLIT-001, SPLIT-002: and have a bucket's size."""
    data = frames.encode(frame)
    assert frames.decode(data) == frame
    assert len(data) == FRAME_MIN


@given(st.binary(max_size=300), st.integers(0, 600), FRAMES)
def test_no_other_bytes_are_a_frame(put: bytes, place: int, frame: Frame) -> None:
    """SPLIT-001: whatever is read is what would be written, or refused."""
    data = frames.encode(frame)
    for changed in (put, data[:place] + put + data[place + len(put) :], data[: len(data) - place]):
        try:
            found = frames.decode(changed)
        except PartyError:
            continue
        assert frames.encode(found).rstrip(b"\0") == changed.rstrip(b"\0")


def pair(folder: Path, now: list[object]) -> tuple[Outbox, Inbox]:
    return Outbox(folder=folder, now=lambda: now[0]), Inbox(folder=folder)  # type: ignore[arg-type, return-value]


def test_a_frame_is_taken_once_and_deleted_when_the_other_side_says_so(tmp_path: Path) -> None:
    """SPLIT-003, SPLIT-004: the reader never writes; a reader that starts anew reads it again."""
    now: list[object] = [START]
    outbox, inbox = pair(tmp_path, now)
    first = outbox.write([(BRAVO, b"one")], ())
    second = outbox.write([(BRAVO, b"two")], ())
    assert second == first + 1
    found = tuple(inbox.read())
    assert [frame.parcels[0][1] for frame in found] == [b"one", b"two"]
    assert (tuple(inbox.read()), inbox.acks()) == (found, ()), "SPLIT-283: not yet handed on"
    for frame in found:
        inbox.took(frame)
    assert tuple(inbox.read()) == ()
    assert inbox.acks() == outbox.waiting() == (first, second)
    assert len(tuple(Inbox(folder=tmp_path).read())) == 2
    outbox.taken(inbox.acks())
    assert list(tmp_path.iterdir()) == []
    assert tuple(inbox.read()) == ()
    assert inbox.acks() == ()
    assert Outbox(folder=tmp_path, now=lambda: START).write([], ()) >= first


def test_what_lies_there_and_is_no_frame_is_left(tmp_path: Path) -> None:
    """SPLIT-005: half a file, rubbish, a link, a pipe, a folder, one under another's number."""
    now: list[object] = [START]
    outbox, inbox = pair(tmp_path, now)
    number = outbox.write([(BRAVO, b"good")], ())
    whole = (tmp_path / f"{number:016}.frame").read_bytes()
    (tmp_path / f".{number + 1:016}.frame.part").write_bytes(whole[:100])
    (tmp_path / f"{number + 2:016}.frame").write_bytes(whole[:100])
    (tmp_path / f"{number + 3:016}.frame").symlink_to(tmp_path / f"{number:016}.frame")
    os.mkfifo(tmp_path / f"{number + 4:016}.frame")
    (tmp_path / f"{number + 5:016}.frame").mkdir()
    (tmp_path / f"{number + 6:016}.frame").write_bytes(whole)
    (tmp_path / "../x.frame").resolve().write_bytes(whole)
    (tmp_path / "9999999999999999.frame").write_bytes(whole)
    (tmp_path / "notes.txt").write_text("left here")
    assert [frame.number for frame in inbox.read()] == [number]
    assert (tuple(frame.number for frame in inbox.read()), inbox.faults) == ((number,), 5)
    assert inbox.acks() == (), "SPLIT-283: it was not read"


def test_what_is_stale_or_too_much_goes_and_a_folder_that_is_away_is_told(tmp_path: Path) -> None:
    """SPLIT-006."""
    now: list[object] = [START]
    outbox, _ = pair(tmp_path, now)
    for _ in range(FRAMES_MAX + 5):
        outbox.write([], ())
    assert len(outbox.waiting()) == FRAMES_MAX
    assert outbox.dropped == 5
    now[0] = START + timedelta(milliseconds=STALE_MS + 1_000)
    last = outbox.write([], ())
    assert outbox.waiting() == (last,)
    away = Outbox(folder=tmp_path / "away", now=lambda: START)
    with pytest.raises(Unavailable, match="mount it"):
        away.write([], ())


def test_calls_go_through_both_sides(tmp_path: Path) -> None:
    """SPLIT-020, SPLIT-025: there and back, on the beat."""
    split = Split(folder=tmp_path)
    world = split.world
    world.act(ALPHA, call())
    split.beats(4)
    assert CallId("c-1") in world.state(BRAVO).feeds[ALPHA].calls
    world.act(BRAVO, received())
    split.beats(4)
    assert len(world.state(ALPHA).feeds[BRAVO].acknowledgements) == 1
    line = split.picture.lines()[0]
    assert (line.party, line.fault, line.backlog) == (BRAVO, None, 0)
    assert line.heard_at is not None
    assert line.reached_at is None  # nothing here dialled it, and the folder is no party


def test_one_frame_in_each_beat_whatever_waits(tmp_path: Path) -> None:
    """SPLIT-021: an idle beat writes as well; many parcels wait for later beats."""
    split = Split(folder=tmp_path)
    before = set(split.picture.outbox.waiting())
    split.picture.beat()
    (idle,) = set(split.picture.outbox.waiting()) - before
    assert frames.decode((tmp_path / "out" / f"{idle:016}.frame").read_bytes()).parcels == ()
    for number in range(40):
        split.world.act(ALPHA, call(f"c-{number}"))
    split.hand_over()
    split.picture.beat()
    assert len(split.picture.outbox.waiting()) == 2
    assert split.picture.lines()[0].backlog > 0


def test_a_leak_is_held_on_the_picture_side_and_shown(tmp_path: Path) -> None:
    """SPLIT-022: nothing of it is written into the folder."""
    split, leak = leaking(tmp_path)
    split.send(BRAVO, leak)
    split.beats(3)
    assert "the guard on this side held back" in str(split.picture.lines()[0].fault)
    assert split.picture.lines()[0].fails == 1
    assert not any(b"secret-zone" in data for data in split.disk)
    assert split.wire == []


def test_a_leak_past_the_picture_side_is_held_on_the_exchange_side_and_said(tmp_path: Path) -> None:
    """SPLIT-026: it is never on the line, and the picture side learns of it."""
    split, leak = leaking(tmp_path)
    split.picture.outbox.write([(BRAVO, leak)], ())
    split.beats(3)
    assert split.wire == []
    assert "the guard on the exchange side held back" in split.courier.told.text()
    assert "the guard on the exchange side held back" in str(split.picture.lines()[0].fault)


def leaking(tmp_path: Path) -> tuple[Split, bytes]:
    """A parcel to bravo with a body that is charlie's."""
    split = Split(folder=tmp_path, world=World(names=(ALPHA, BRAVO, CHARLIE), seed="three"))
    world = split.world
    world.act(ALPHA, roz("secret-zone", CHARLIE))
    leak = next(m.body for _, m in world.line if m.to == CHARLIE and b"salt" in m.body)
    world.line.clear()
    return split, leak


def test_a_frame_that_was_long_on_its_way_goes_on_without_what_passes(tmp_path: Path) -> None:
    """SPLIT-027: a share that may be over by now does not cross."""
    split = Split(folder=tmp_path)
    passing = entry_of(split.world, ALPHA, "share_updated", b"{}", to=())
    sender = split.world.parties[ALPHA].setting.feed
    parcel = parcels.encode(Parcel(sender=sender, have=(), rows=(passing,)))
    split.courier.guard = _LetAll()  # type: ignore[assignment]
    bodies = []
    for wait_s in (0.0, 20.0):
        split.picture.outbox.write([(BRAVO, parcel)], ())
        split.world.wait(wait_s)
        split.courier.beat()
        waiting = split.courier.post._pushers[BRAVO].waiting
        (one,) = waiting.take(parcels_max=9, bytes_max=10**6)
        bodies.append(parcels.decode(one).rows[0].body)
    assert bodies == [b"{}", None]


class _LetAll:
    def check(self, to: PartyId, data: bytes) -> None:
        """Hold nothing back."""


def test_a_party_that_floods_fills_its_own_part_of_the_folder_alone(tmp_path: Path) -> None:
    """SPLIT-028: told to wait; what another party sends is taken."""
    split = Split(folder=tmp_path, world=World(names=(ALPHA, BRAVO, CHARLIE), seed="three"))
    feeds = dict(split.world.parties[ALPHA].setting.feeds)
    of = {p: parcels.encode(Parcel(sender=feeds[p], have=())) for p in (BRAVO, CHARLIE)}
    for _ in range(QUOTA):
        split.courier._bring(of[BRAVO])
    with pytest.raises(Unavailable, match="send it again"):
        split.courier._bring(of[BRAVO])
    split.courier._bring(of[CHARLIE])
    split.beats(3)
    split.courier._bring(of[BRAVO])


def test_a_frame_from_the_exchange_side_with_another_s_parcel_is_refused(tmp_path: Path) -> None:
    """SPLIT-023: the exchange side stands on another network; nothing of it is believed."""
    split = Split(folder=tmp_path, world=World(names=(ALPHA, BRAVO, CHARLIE), seed="three"))
    feeds = dict(split.world.parties[ALPHA].setting.feeds)
    foreign = parcels.encode(Parcel(sender=feeds[CHARLIE], have=()))
    for party in (BRAVO, PartyId("nobody")):
        split.courier.outbox.write([(party, foreign)], ())
    split.picture.beat()
    rows = {(row.party, row.reason.value): row.count for row in split.refusals.rows()}
    assert rows == {(BRAVO, "sender"): 1, (None, "sender"): 1}


def test_rubbish_in_a_folder_is_told_on_both_sides(tmp_path: Path) -> None:
    """SPLIT-018: what is no frame was counted, and nobody saw the count."""
    split = Split(folder=tmp_path)
    split.beats(2)
    assert split.picture.lines()[0].fault is None
    for folder in ("in", "out"):
        number = to_us(split.now()) // 1_000 + 500
        (tmp_path / folder / f"{number:016}.frame").write_bytes(b"rubbish")
    split.beats(2)
    assert "no whole frames of the other side: 1" in str(split.picture.lines()[0].fault)
    assert "no whole frames" in split.courier.told.text()


def test_a_party_that_speaks_in_another_feed_is_told_to_the_picture_side(tmp_path: Path) -> None:
    """PEER-032: the port that refused it is on the exchange side."""
    split = Split(folder=tmp_path)
    split.refusals.add(BRAVO, Reason.SENDER, foreign(BRAVO, FeedId("resumed")))
    split.beats(3)
    assert "party --resumed" in str(split.picture.lines()[0].fault)


def test_a_link_that_is_away_stops_nothing(tmp_path: Path) -> None:
    """SPLIT-024: shown, and made good once it is back."""
    split = Split(folder=tmp_path)
    (tmp_path / "in").rename(tmp_path / "gone")
    split.world.act(ALPHA, call())
    split.hand_over()
    split.picture.beat()
    split.courier.beat()
    assert "mount it again" in str(split.picture.lines()[0].fault)
    assert "mount it again" in split.courier.told.text()
    (tmp_path / "gone").rename(tmp_path / "in")
    split.beats(4)
    assert CallId("c-1") in split.world.state(BRAVO).feeds[ALPHA].calls


def test_a_folder_from_which_nothing_can_be_deleted_is_told(tmp_path: Path) -> None:
    """SPLIT-024: and neither side's thread ends of it."""
    split = Split(folder=tmp_path)
    split.picture.beat()
    split.courier.beat()
    (held,) = (tmp_path / "out").iterdir()
    held.unlink()
    held.mkdir()  # what stands there now is not deleted, whatever the rights
    split.picture.beat()
    assert "cannot be deleted" in str(split.picture.lines()[0].fault)


def test_beats_do_not_drift_and_missed_ones_are_not_made_up_for(tmp_path: Path) -> None:
    """SPLIT-021: work of any length within a beat moves none."""
    split = Split(folder=tmp_path)
    pace, hand = split.picture.pace, split.hand
    hand.seconds = 0.7 * BEAT_S
    assert next_beat(0.0, pace) == BEAT_S
    hand.seconds = 3.4 * BEAT_S
    assert next_beat(BEAT_S, pace) == 4 * BEAT_S


def test_both_sides_run_in_threads_of_their_own(tmp_path: Path) -> None:
    """SPLIT-029: the courier listens, dials on its beat, and ends."""
    split = Split(folder=tmp_path)
    port = split.courier.start("127.0.0.1", 0)
    split.picture.start()
    try:
        assert port > 0
        split.picture.send([Message(to=BRAVO, body=b"{}")])
        until(lambda: split.picture.seen.held == 1)
        until(lambda: split.picture.seen.heard_at is not None)
    finally:
        split.picture.stop()
        split.courier.stop()


def test_on_the_wire_a_beat_with_an_act_looks_like_one_without(tmp_path: Path) -> None:
    """SPLIT-029: one body of one size in each beat, read at the far end of a real TLS line."""
    own = identity(tmp_path, "bravo")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    lengths: list[bytes] = []
    held: list[bytes] = []

    def listen(listener: socket.socket) -> None:
        plain, _ = listener.accept()
        with suppress(OSError, ssl.SSLError), context.wrap_socket(plain, server_side=True) as line:
            while True:
                data = b""
                while b"\r\n\r\n" not in data:
                    data += line.recv(65_536)
                top, _, body = data.partition(b"\r\n\r\n")
                (length,) = re.findall(rb"content-length: (\d+)", top.lower())
                while len(body) < int(length):
                    body += line.recv(65_536)
                lengths.append(length)
                held.append(body.rstrip(b"\0"))
                line.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, args=(listener,), daemon=True)
        thread.start()
        digest = digest_of(der_of(certificate("bravo")))
        pins = Pins(identity=identity(tmp_path, "alpha"), digests={BRAVO: frozenset({digest})})
        pace = Pace(
            now=lambda: START, steady=read_steady, jitter=lambda: 0.5, beat_s=0.05, padded=16_384
        )
        pusher = Pusher(
            party=BRAVO,
            reach=f"127.0.0.1:{listener.getsockname()[1]}",
            waiting=Waiting(now=lambda: START),
            pace=pace,
            receive=lambda _party, _parcel: None,
        )
        pusher.start(pins)
        until(lambda: len(lengths) > 3)
        for number in range(4):
            pusher.waiting.put(b"{%d}" % number)
        before = len(lengths)
        until(lambda: len(lengths) > before + 8)
        pusher.stop()
        thread.join(5.0)
    assert set(lengths) == {b"16384"}
    assert [body for body in held if body] == [b"{0}", b"{1}", b"{2}", b"{3}"]
    assert b"" in held[-2:]
