"""How the line to a party stands, as the exchange side of a split node tells the picture side."""

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from line_sites import identity
from node_pair import ALPHA, BRAVO, call
from split_world import Split
from test_told_in_turkish import lacking

from crosstell.codecs.parcels import frame as frames
from crosstell.codecs.parcels.frame import FAULT_LENGTH_MAX, LINES_MAX, Frame, LineTold
from crosstell.core.ids import PartyId
from crosstell.shell.exchange import Unheard
from crosstell.shell.peers.known import GAP_S
from crosstell.shell.peers.pusher import in_words
from crosstell.shell.peers.split.picture import SILENT_S


def test_nod_481_a_dead_line_is_told_to_the_picture_side(tmp_path: Path) -> None:
    """Before, the far end of the folder stood for the party: a line without one looked alive."""
    split = Split(folder=tmp_path)
    course = split.courier.post._pushers[BRAVO].course
    answered = course.reached_at = split.now()
    split.beats(2)
    line = split.picture.lines()[0]
    assert (line.reached_at, line.heard_at, line.fault) == (answered, None, None)
    course.heard_at = called = split.now()
    course.fault = in_words(httpx.ConnectError("[Errno 113] No route to host"))
    split.beats(2)
    line = split.picture.lines()[0]
    assert (line.reached_at, line.heard_at) == (answered, called)
    assert str(line.fault).startswith("not reached: look at the cable")
    assert lacking(iter([("links", str(line.fault))])) == []
    course.fault, course.reached_at = None, split.now()
    split.beats(2)
    line = split.picture.lines()[0]
    assert (line.reached_at, line.fault) == (course.reached_at, None)


@pytest.mark.parametrize("frames_lost", [0, 1, 3])
def test_nod_495_what_an_answer_lost_on_the_exchange_side_comes_at_once(
    tmp_path: Path, frames_lost: int
) -> None:
    """Before, 30 s of patience of the other node; once for each loss, whichever frame arrives."""
    split = Split(folder=tmp_path)
    world = split.world
    world.settle(BRAVO, call("c-0", ALPHA))
    split.beats(6)
    heard: list[PartyId] = []

    def say(party: PartyId) -> None:
        heard.append(party)
        world.give(ALPHA, Unheard(party=party))

    split.picture.unheard = say
    world.act(BRAVO, call("c-1", ALPHA))
    world.line.clear()  # it was in the answer that broke off
    split.courier.post._unheard(BRAVO)
    for _ in range(frames_lost):
        split.courier.beat()
        max((tmp_path / "in").iterdir()).unlink()
    split.beats(2)
    world.pass_time(GAP_S + 0.1)
    split.beats(3)
    assert len(world.state(ALPHA).feeds[BRAVO].calls) == 2
    assert heard == [BRAVO]
    split.beats(40)
    assert heard == [BRAVO], "said again for nothing"


def test_nod_495_an_exchange_side_that_begins_says_so_once(tmp_path: Path) -> None:
    """What was on its way when it ended may be lost; of no party of ours nothing is believed."""
    split = Split(folder=tmp_path)
    heard: list[PartyId] = []
    split.picture.unheard = heard.append
    split.beats(3)
    assert heard == [BRAVO]
    told = LineTold(party=PartyId("nobody"), unheard_ms=7)
    split.courier.outbox.write((), (), lines=(told,))
    split.picture.beat()
    assert heard == [BRAVO]


def test_nod_534_lines_of_parties_that_are_not_ours_are_not_kept(tmp_path: Path) -> None:
    """An exchange side in other hands fills no memory here."""
    split = Split(folder=tmp_path)
    split.beats(3)
    told = tuple(LineTold(party=PartyId(f"p-{number}")) for number in range(LINES_MAX))
    split.courier.outbox.write((), (), lines=told)
    split.picture.beat()
    assert list(split.picture._told) == [BRAVO]


def test_nod_481_a_certificate_that_changed_shows_on_the_picture_side(tmp_path: Path) -> None:
    """The exchange side dials one that shows another certificate than its card names."""
    split = Split(folder=tmp_path)
    other = identity(tmp_path, "charlie")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(other.certificate, other.key)

    def greet() -> None:
        plain, _ = listener.accept()
        with plain, suppress(OSError, ssl.SSLError):
            context.wrap_socket(plain, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        pusher = split.courier.post._pushers[BRAVO]
        pusher.reach = f"127.0.0.1:{listener.getsockname()[1]}"
        context_of = split.courier.pins.dialling(BRAVO)
        with httpx.Client(verify=context_of, timeout=30.0, trust_env=False) as client:
            pusher._exchange(client)
        thread.join()
    split.beats(2)
    assert "the certificate shown is not theirs" in str(split.picture.lines()[0].fault)


def test_nod_481_what_is_told_of_lines_is_bounded_and_believed_for_no_more(tmp_path: Path) -> None:
    """Each line comes up where a frame has no room for all; a time ahead of ours is none."""
    split = Split(folder=tmp_path)
    fault = "ğ" * 2 * FAULT_LENGTH_MAX
    every = tuple(LineTold(party=PartyId(f"p-{n}"), fault=fault) for n in range(LINES_MAX))
    told = (LineTold(party=BRAVO, answered_ms=2**53 - 1, heard_ms=2**53 - 1), *every[1:])
    split.courier.outbox.write((), (), lines=told)
    split.picture.beat()
    line = split.picture.lines()[0]
    assert line.reached_at == line.heard_at == split.now()
    data = frames.encode(Frame(number=1, at_ms=1, lines=every))
    assert {len(one.fault) for one in frames.decode(data).lines} == {FAULT_LENGTH_MAX}
    with pytest.raises(ValueError, match="at most 16"):
        frames.encode(Frame(number=1, at_ms=1, lines=(*every, every[0])))
    state = split.courier.post.lines()[0]
    names = [PartyId(f"p-{n:02}") for n in range(2 * LINES_MAX + 3)]
    split.courier.post.lines = lambda: tuple(  # type: ignore[method-assign]
        replace(state, party=name) for name in names
    )
    found = [one.party for _ in range(3) for one in split.courier._lines()]
    assert set(found) == set(names)


def test_nod_482_an_exchange_side_that_tells_nothing_is_shown(tmp_path: Path) -> None:
    """By a clock that nobody sets; and it is over with its next frame."""
    split = Split(folder=tmp_path)
    split.picture.beat()
    assert split.picture.lines()[0].fault is None
    for when in ("yet", "since 20"):
        split.hand.seconds += SILENT_S + 1.0
        fault = str(split.picture.lines()[0].fault)
        assert fault.startswith(f"the exchange side has told nothing {when}")
        assert lacking(iter([("links", fault)])) == []
        split.beats(2)
        assert split.picture.lines()[0].fault is None
