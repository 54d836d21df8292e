"""What is wrong with a line, in words: NOD-480."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from line_sites import certificate, der_of, identity
from node_pair import BRAVO, START
from test_told_in_turkish import fits, forms, lacking

from crosstell.core.errors import PartyError, Unavailable
from crosstell.shell.clock import read_steady
from crosstell.shell.peers import pusher
from crosstell.shell.peers.pins import Pins, digest_of
from crosstell.shell.peers.port import foreign
from crosstell.shell.peers.pusher import Course, Pace, Pusher, _Refused, _Slow, in_words
from crosstell.shell.peers.waiting import Waiting


def exchanged(folder: Path, reach: str, *, pinned: str = "bravo") -> Course:
    """What is known of a line after one exchange with what answers at `reach`."""
    digest = digest_of(der_of(certificate(pinned)))
    pins = Pins(identity=identity(folder, "alpha"), digests={BRAVO: frozenset({digest})})
    one = Pusher(
        party=BRAVO,
        reach=reach,
        waiting=Waiting(now=lambda: START),
        pace=Pace(now=lambda: START, steady=read_steady, jitter=lambda: 0.5),
        receive=lambda _party, _parcel: None,
    )
    with httpx.Client(verify=pins.dialling(BRAVO), timeout=30.0, trust_env=False) as client:
        one._exchange(client)
    return one.course


def served(folder: Path, answer: Callable[[ssl.SSLSocket], None], **more: str) -> Course:
    """The same with a node of bravo's certificate, which answers one caller so."""
    own = identity(folder, "bravo")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)

    def listen() -> None:
        plain, _ = listener.accept()
        with suppress(OSError, ssl.SSLError), context.wrap_socket(plain, server_side=True) as line:
            line.recv(65_536)
            answer(line)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        found = exchanged(folder, f"127.0.0.1:{listener.getsockname()[1]}", **more)
        thread.join()
    return found


def test_nod_480_a_port_that_nobody_listens_at_refuses(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        reach = f"127.0.0.1:{listener.getsockname()[1]}"
    fault = str(exchanged(tmp_path, reach).fault)
    assert fault.startswith("refused: its machine is there, and no node listens at that port")
    assert fault.endswith("(ConnectError: [Errno 111] Connection refused)")


def test_nod_480_a_certificate_that_is_not_theirs(tmp_path: Path) -> None:
    fault = str(served(tmp_path, lambda _line: None, pinned="charlie").fault)
    assert fault.startswith("the certificate shown is not theirs: nothing was sent")


def test_nod_480_a_line_that_broke_off(tmp_path: Path) -> None:
    def ends(line: ssl.SSLSocket) -> None:
        line.close()

    fault = str(served(tmp_path, ends).fault)
    assert fault.startswith("the line broke off before the answer was whole")


@pytest.mark.parametrize(("status", "words"), [(403, "newest card"), (503, "busy"), (500, "error")])
def test_nod_480_a_node_that_turns_it_down(tmp_path: Path, status: int, words: str) -> None:
    def no(line: ssl.SSLSocket) -> None:
        line.sendall(b"HTTP/1.1 %d No\r\ncontent-length: 0\r\n\r\n" % status)

    fault = str(served(tmp_path, no).fault)
    assert words in fault
    assert f"HTTP {status}" in fault


def caused(error: Exception, by: Exception) -> Exception:
    error.__cause__ = by
    return error


UNREACHED = OSError(113, "No route to host")
FAULTS = [
    (caused(httpx.ConnectError("[Errno 113] No route to host"), UNREACHED), "not reached: "),
    (httpx.ConnectTimeout("timed out"), "not reached: "),
    (caused(httpx.ConnectError("no name"), socket.gaierror(-2, "no name")), "the name in its"),
    (caused(httpx.ReadError("alert"), ssl.SSLError(1, "unknown ca")), "no protected line"),
    (httpx.ReadTimeout("timed out"), "it was reached and then said nothing more"),
    (httpx.InvalidURL("Invalid port: 'x'"), "the address in its card is none"),
    (PartyError("blocks: cut off (at byte 4)"), "what it answered is no answer of a node"),
    (_Slow("the answer took more than 300 s"), "its answer came too slowly"),
    (Unavailable("4096 inputs wait before this one"), "this node could not take what its answer"),
    (httpx.RemoteProtocolError("Server disconnected without a response"), "the line broke off"),
    *((_Refused(status, 0.0), "") for status in (*pusher.REFUSALS, 500)),
]


@pytest.mark.parametrize(("fault", "words"), FAULTS)
def test_nod_480_every_fault_is_told_in_both_languages(fault: Exception, words: str) -> None:
    told = in_words(fault)
    assert told.startswith(words)
    assert told.endswith(f"{fault})")
    assert lacking(iter([("links", told)])) == []


def test_nod_480_every_sentence_of_the_code_has_its_form() -> None:
    """Also one that is new, or reworded in one place alone."""
    every = (*pusher.REFUSALS.values(), *(words for _, words in pusher.MEANT))
    for words in (*every, pusher.REFUSED, pusher.BROKE_OFF):
        assert any(fits(form, f"{words} (x)") for form in forms("links")), words
    for one in (foreign(BRAVO, None), foreign(BRAVO, "ab" * 16)):  # type: ignore[arg-type]
        assert lacking(iter([("links", one)])) == []
