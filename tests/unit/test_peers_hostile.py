"""Whatever stands at the other end of the line: each trick against a real port over TLS."""

import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from line_sites import BRIEF, OPENED, Site, certificate, identity, sites, until
from node_pair import ALPHA, BRAVO, CHARLIE, DUTY, World, call
from test_node_exchange import alarms, entry_of
from test_peers_line import act, holds_call

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel, Row
from crosstell.codecs.parcels.blocks import pack, unpack
from crosstell.core.errors import Unavailable
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.shell.node import Message, Outcome
from crosstell.shell.peers.port import PATH
from crosstell.shell.ports.watched import Patience
from crosstell.shell.store.names import FORKS


def dial(
    site: Site,
    name: str | None,
    folder: Path,
    *,
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    pem: bytes | None = None,
) -> ssl.SSLSocket:
    """A connection to the site's port with that certificate, or with none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = version
    if name is not None:
        own = identity(folder, f"dial-{name}", pem or certificate(name))
        context.load_cert_chain(own.certificate, own.key)
    plain = socket.create_connection(("127.0.0.1", site.port), timeout=5.0)
    try:
        return context.wrap_socket(plain)
    except BaseException:
        plain.close()
        raise


def head(length: int | None, path: str = PATH) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: x"]
    lines.append("transfer-encoding: chunked" if length is None else f"content-length: {length}")
    return "\r\n".join([*lines, "", ""]).encode()


def answer(line: ssl.SSLSocket) -> tuple[int, bytes]:
    """Status and body of one answer; 0 if the connection ended."""
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            piece = line.recv(65_536)
            if not piece:
                return 0, data
            data += piece
        top, _, body = data.partition(b"\r\n\r\n")
        found = [row for row in top.split(b"\r\n") if row.lower().startswith(b"content-length:")]
        length = int(found[0].partition(b":")[2])
        while len(body) < length:
            body += line.recv(65_536)
    except (ConnectionError, ssl.SSLError, TimeoutError):
        return 0, data
    return int(top.split()[1]), body


def post(line: ssl.SSLSocket, body: bytes) -> tuple[int, bytes]:
    """One request on this connection."""
    with suppress(ConnectionError, ssl.SSLError):
        line.sendall(head(len(body)) + body)
    return answer(line)


@contextmanager
def attacked(
    *, names: tuple[PartyId, ...] = (ALPHA, BRAVO), patience: Patience = BRIEF, seed: str = "pair"
) -> Iterator[Site]:
    """Alpha's port, with bravo's node silent: the test speaks for bravo."""
    with sites(World(names=names, seed=seed), patience=patience) as every:
        every[ALPHA].listen()
        yield every[ALPHA]


def of_bravo(site: Site, *rows: Row, **more: object) -> bytes:
    """A parcel of bravo."""
    feed = site.world.parties[BRAVO].setting.feed
    return parcels.encode(Parcel(sender=feed, have=(), rows=rows, **more))  # type: ignore[arg-type]


def founding_of(site: Site, party: PartyId) -> Row:
    of = site.world.parties[party]
    row = next(iter(of.store.entries(of.setting.feed)))
    return Row(leaf=row.leaf, salt=row.salt, body=row.body)


@pytest.mark.parametrize("name", ["stranger", None])
def test_a_certificate_of_nobody_and_none_end_the_handshake(
    name: str | None, tmp_path: Path
) -> None:
    """PEER-002: no byte of such a caller reaches the application."""
    with attacked() as site:
        before = site.world.state(ALPHA)
        line = dial(site, name, tmp_path)
        assert post(line, of_bravo(site, founding_of(site, BRAVO))) == (0, b"")
        line.close()
        until(lambda: site.refused() == {"-/certificate": 1})
        assert site.outcomes == []
        assert site.world.state(ALPHA) == before


def test_older_tls_is_refused(tmp_path: Path) -> None:
    """PEER-001."""
    with attacked() as site, pytest.raises((ssl.SSLError, ConnectionError)):
        dial(site, BRAVO, tmp_path, version=ssl.TLSVersion.TLSv1_2)


def test_a_certificate_past_its_calendar_still_counts() -> None:
    """PEER-003: a wrong clock cuts no line; the card ends the trust."""
    ended = certificate("ended", ends=OPENED + timedelta(days=1))
    world = World()
    with sites(world, certificates={BRAVO: ended}) as both:
        both[ALPHA].listen()
        both[BRAVO].post.start()
        act(both[BRAVO], call("c-b", ALPHA))
        until(lambda: holds_call(both[ALPHA], BRAVO, "c-b"))


def test_nothing_is_sent_to_a_port_with_another_certificate(tmp_path: Path) -> None:
    """PEER-002: the handshake ends before a byte of a parcel."""
    own = identity(tmp_path, "stranger")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5.0)

        def listen() -> None:
            plain, _ = listener.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as line:
                    heard.append(line.recv(1_000))
            except (OSError, ssl.SSLError):
                heard.append(b"")
                plain.close()

        thread = threading.Thread(target=listen)
        thread.start()
        world = World()
        reach = f"127.0.0.1:{listener.getsockname()[1]}"
        with sites(world, reach=reach) as both:
            both[ALPHA].post.send([Message(to=BRAVO, body=b"{secret}")])
            both[ALPHA].post.start()
            thread.join(5.0)
            until(lambda: both[ALPHA].post.lines()[0].fault is not None)
            assert "compare its card again" in str(both[ALPHA].post.lines()[0].fault)
        assert heard == [b""]


def test_a_parcel_of_another_than_the_certificate_s_party(tmp_path: Path) -> None:
    """PEER-008: bravo's certificate carries bravo's parcels alone, though charlie's be true."""
    with attacked(names=(ALPHA, BRAVO, CHARLIE), seed="three") as site:
        feed = site.world.parties[CHARLIE].setting.feed
        rows = (founding_of(site, CHARLIE),)
        with dial(site, BRAVO, tmp_path) as line:
            parcel = parcels.encode(Parcel(sender=feed, have=(), rows=rows))
            status, _ = post(line, parcel)
        assert status == 403
        assert site.refused() == {"bravo/sender": 1}
        assert site.outcomes == []


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"rubbish", 400, "bravo/rubbish"),
        (b"\x00\xff" * 500, 400, "bravo/rubbish"),
        (b"x" * (parcels.SIZE_MAX + 1), 413, "bravo/size"),
    ],
)
def test_rubbish_and_huge_bodies(body: bytes, status: int, reason: str, tmp_path: Path) -> None:
    """PEER-006, PEER-009, PEER-016: refused, counted, never handed to the node."""
    with attacked() as site:
        with dial(site, BRAVO, tmp_path) as line:
            assert post(line, body)[0] in (status, 0)
        until(lambda: site.refused() == {reason: 1})
        assert site.outcomes == []


def test_a_body_without_stated_length_is_bounded_too(tmp_path: Path) -> None:
    """PEER-006: chunk after chunk."""
    with attacked() as site, dial(site, BRAVO, tmp_path) as line:
        piece = b"%x\r\n" % 65_536 + b"{" * 65_536 + b"\r\n"
        with suppress(ConnectionError, ssl.SSLError):
            line.sendall(head(None))
            for _ in range(parcels.SIZE_MAX // 65_536 + 2):
                line.sendall(piece)
        assert answer(line)[0] in (413, 0)
        until(lambda: site.refused() == {"bravo/size": 1})


def test_a_head_without_end_is_cut(tmp_path: Path) -> None:
    """PEER-006."""
    with attacked() as site, dial(site, BRAVO, tmp_path) as line:
        line.sendall(b"POST / HTTP/1.1\r\n")
        with suppress(ConnectionError, ssl.SSLError):
            for _ in range(1_000):
                line.sendall(b"a: " + b"b" * 10_000 + b"\r\n")
        assert answer(line) == (0, b"")
        until(lambda: "bravo/size" in site.refused())


@pytest.mark.parametrize("said", [b"", b"POST /peer", head(50_000) + b"{" * 10])
def test_a_slow_sender_is_cut_and_keeps_nobody_waiting(said: bytes, tmp_path: Path) -> None:
    """PEER-010: it dribbles; meanwhile another party's parcel is taken."""
    patience = replace(BRIEF, idle_s=0.5)
    with attacked(names=(ALPHA, BRAVO, CHARLIE), patience=patience, seed="three") as site:
        with dial(site, BRAVO, tmp_path) as slow, dial(site, CHARLIE, tmp_path) as other:
            slow.sendall(said)
            feed = site.world.parties[CHARLIE].setting.feed
            assert post(other, parcels.encode(Parcel(sender=feed, have=())))[0] == 200
            slow.settimeout(5.0)
            assert answer(slow) == (0, b"")
        assert len(site.outcomes) == 1
        assert site.refused() == ({"bravo/slow": 1} if said else {})


def test_one_that_never_greets_is_let_go(tmp_path: Path) -> None:
    """PEER-011, RUN-532: open connections without a handshake end, and only so many are borne."""
    patience = replace(BRIEF, greet_s=3.0, strangers_of_one_max=3)
    with attacked(patience=patience) as site:
        silent = [socket.create_connection(("127.0.0.1", site.port), 5.0) for _ in range(6)]
        until(lambda: site.refused().get("-/crowd", 0) == 3)
        with dial(site, BRAVO, tmp_path) as line:
            assert post(line, b"")[0] == 200
        until(lambda: site.refused() == {"-/crowd": 4, "-/certificate": 2})
        for each in silent:
            each.close()


def test_a_party_has_so_many_connections_and_no_more(tmp_path: Path) -> None:
    """PEER-012."""
    with attacked(patience=replace(BRIEF, connections_max=2)) as site:
        lines = [dial(site, BRAVO, tmp_path) for _ in range(3)]
        assert sorted(post(line, b"")[0] for line in lines) == [0, 200, 200]
        assert site.refused() == {"bravo/crowd": 1}
        for line in lines:
            line.close()


def test_a_party_sends_so_many_parcels_a_second_and_no_more(tmp_path: Path) -> None:
    """PEER-013: refused with the time to wait; a second later it is heard again."""
    with attacked() as site, dial(site, BRAVO, tmp_path) as line:
        statuses = [post(line, b"")[0] for _ in range(205)]
        assert statuses == [200] * 200 + [429] * 5
        site.hand.seconds += 1.0
        assert post(line, b"")[0] == 200
        assert site.refused() == {"bravo/rate": 5}


def test_a_replayed_parcel_does_nothing_twice(tmp_path: Path) -> None:
    """PEER-014: the same bytes fifty times."""
    with attacked() as site, dial(site, BRAVO, tmp_path) as line:
        world = site.world
        world.act(BRAVO, call("b-1", ALPHA))
        parcel = of_bravo(site, *_rows(site, BRAVO))
        assert {post(line, parcel)[0] for _ in range(50)} == {200}
        assert holds_call(site, BRAVO, "b-1")
        own = world.state(ALPHA).own
        assert (len(own.acknowledgements), own.size) == (1, 2)


def _rows(site: Site, party: PartyId) -> list[Row]:
    of = site.world.parties[party]
    found = of.store.entries(of.setting.feed)
    return [Row(leaf=row.leaf, salt=row.salt, body=row.body) for row in found]


def test_a_fork_and_a_bad_signature_over_the_line(tmp_path: Path) -> None:
    """PEER-015: evidence is kept, and is in the first parcel that a third party gets."""
    with attacked(names=(ALPHA, BRAVO, CHARLIE), seed="three") as site:
        world = site.world
        one = entry_of(world, BRAVO, "hologram_shown", b"{}")
        two = entry_of(world, BRAVO, "hologram_shown", b"[]")
        flipped = bytearray(two.leaf)
        flipped[5] ^= 1
        with dial(site, BRAVO, tmp_path) as line:
            post(line, of_bravo(site, founding_of(site, BRAVO), one))
            post(line, of_bravo(site, replace(two, leaf=bytes(flipped))))
            assert not world.parties[ALPHA].store.blobs(FORKS)
            assert "forged" in alarms(world, ALPHA)
            assert post(line, of_bravo(site, two))[0] == 200
        assert len(world.parties[ALPHA].store.blobs(FORKS)) == 1
        with dial(site, CHARLIE, tmp_path) as line:
            waiting = unpack(post(line, b"")[1])
        assert any(parcels.decode(parcel).forks for parcel in waiting)
        assert world.parties[ALPHA].node.degraded is None


@pytest.mark.parametrize("trick", ["rubbish", "another's", "cut", "huge", "redirect"])
def test_a_malicious_answer_is_not_believed(trick: str, tmp_path: Path) -> None:
    """PEER-025: the one that we dialled answers with tricks; it gets a pause and is shown."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    of_charlie = Parcel(sender=world.parties[CHARLIE].setting.feed, have=())
    body = {
        "rubbish": b"\xff" * 1_000,
        "another's": pack([parcels.encode(of_charlie)]),
        "cut": pack([b"{" * 100])[:-5],
        "huge": b"",
        "redirect": b"",
    }[trick]
    top = b"HTTP/1.1 200 OK\r\n"
    if trick == "redirect":
        top = b"HTTP/1.1 307 Off\r\nlocation: https://127.0.0.1:1/\r\n"
    own = identity(tmp_path, "answers", certificate(BRAVO))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    plain, _ = listener.accept()
                    with context.wrap_socket(plain, server_side=True) as line:
                        line.recv(1_000)
                        length = 50_000_000 if trick == "huge" else len(body)
                        line.sendall(top + b"content-length: %d\r\n\r\n" % length + body)
                        for _ in range(1_000 if trick == "huge" else 0):
                            line.sendall(b"\0\0\0\1" * 12_500)
                except (OSError, ssl.SSLError):
                    if listener.fileno() < 0:
                        return

        threading.Thread(target=listen, daemon=True).start()
        reach = f"127.0.0.1:{listener.getsockname()[1]}"
        with sites(world, reach=reach) as every:
            site = every[ALPHA]
            site.post.start()
            if trick == "another's":
                until(lambda: site.refused().get("bravo/sender", 0) > 0)
            else:
                until(lambda: site.post.lines()[0].fails > 1)
            assert site.outcomes == []
        listener.shutdown(socket.SHUT_RDWR)


def test_a_busy_node_does_not_say_why(tmp_path: Path) -> None:
    """PEER-017: how much waits here is nothing that a counterpart may know."""
    with attacked() as site:

        def full(_parcel: bytes) -> Future[Outcome]:
            raise Unavailable("3712 inputs wait before this one; nothing was taken")

        site.post._submit, body = full, of_bravo(site)
        with dial(site, BRAVO, tmp_path) as line:
            line.sendall(head(len(body)) + body)
            said = line.recv(65_536).lower()
        assert [w for w in (b" 503 ", b"3712", b"server:", b"date:") if w in said] == [b" 503 "]


def test_a_flood_of_one_party_leaves_the_node_to_the_others(tmp_path: Path) -> None:
    """PEER-013: while bravo floods, charlie's call is taken."""
    with attacked(names=(ALPHA, BRAVO, CHARLIE), seed="three") as site:
        world = site.world
        over = threading.Event()
        flood = of_bravo(site, founding_of(site, BRAVO))

        def pour() -> None:
            with dial(site, BRAVO, tmp_path) as line:
                while not over.is_set():
                    post(line, flood)

        thread = threading.Thread(target=pour)
        thread.start()
        until(lambda: site.refused().get("bravo/rate", 0) > 0)
        world.parties[CHARLIE].node.handle(_call_of(CHARLIE), world.now)
        feed = world.parties[CHARLIE].setting.feed
        parcel = parcels.encode(Parcel(sender=feed, have=(), rows=tuple(_rows(site, CHARLIE))))
        with dial(site, CHARLIE, tmp_path) as line:
            assert post(line, parcel)[0] == 200
        over.set()
        thread.join(5.0)
        assert holds_call(site, CHARLIE, "c-c")


def _call_of(party: PartyId) -> Act:
    return Act(by=Speaker(party=party, role=DUTY, watch="1"), body=call("c-c", ALPHA))
