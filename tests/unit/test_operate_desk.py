"""What a command does while the node is busy, away, or silent: against a recorded double."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crosstell.cli import crosstell
from crosstell.cli.operate.desk import BASE
from crosstell.cli.operate.session import Chosen, Kept, check_node, default_file, read, write
from crosstell.cli.operate.watch import followed
from crosstell.core.errors import CallerError

RECORDED = {"recorded": [{"feed": "ab", "seq": 3, "hash": "0" * 64}]}
END_S = 10.0


@dataclass
class Double:
    """Answers each request in turn: a status, headers and a body, or None to hang up."""

    answers: list[tuple[int, dict[str, str], bytes] | None]
    url: str = ""
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def double(*answers: tuple[int, dict[str, str], bytes] | None) -> Iterator[Double]:
    found = Double(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            found.asked.append((self.command, self.path, dict(self.headers.items()), body))
            answer = found.answers.pop(0)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            for name, value in answer[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer[2])))
            self.end_headers()
            self.wfile.write(answer[2])

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(END_S)


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nothing is waited for; how long it would have been is kept."""
    waited: list[float] = []
    monkeypatch.setattr("crosstell.cli.operate.desk.time.sleep", waited.append)
    return waited


def told(status: int, body: object, **headers: str) -> tuple[int, dict[str, str], bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, named, json.dumps(body).encode()


def run(node: Double, folder: Path, *words: str) -> Result:
    session = folder / "session.json"
    if not session.exists():
        write(session, Kept(node=node.url, csrf="c", account="olga", cookies={"s": "1"}))
    return CliRunner().invoke(crosstell, [*words, "--session", str(session)])


ACT = ("act", "acknowledge-alert", "--alert", "a-1", "--level", "urgent")


def test_an_act_is_asked_again_while_the_node_is_busy(
    tmp_path: Path, no_sleep: list[float]
) -> None:
    """OPE-013: with the same key, after the time that the node named."""
    busy = told(503, {"title": "Try again", "detail": "full"}, Retry_After="2")
    with double(busy, None, told(201, RECORDED)) as node:
        found = run(node, tmp_path, *ACT)
    assert found.exit_code == 0, found.output
    keys = {headers["Idempotency-Key"] for _, _, headers, _ in node.asked}
    assert len(node.asked) == 3
    assert len(keys) == 1
    assert no_sleep == [2.0, 1.0]
    method, path, headers, body = node.asked[0]
    assert (method, path, headers["X-CSRF-Token"]) == ("POST", f"{BASE}/acts", "c")
    assert json.loads(body) == {"body": {"alert_acknowledged": {"alert": "a-1", "level": "urgent"}}}


def test_alr_440_a_command_says_what_the_person_saw_of_the_alert(tmp_path: Path) -> None:
    """As it is typed: the node judges it, as it does what a page sends."""
    more = ("--assessed", "cannot-be-ruled-out", "--returns", "0")
    with double(told(201, RECORDED)) as node:
        found = run(node, tmp_path, *ACT, *more, "--call-by", "2026-03-01T10:00:00Z")
    assert found.exit_code == 0, found.output
    seen = json.loads(node.asked[0][3])["body"]["alert_acknowledged"]
    assert (seen["assessed"], seen["returns"]) == ("cannot-be-ruled-out", 0)
    assert seen["call_by"].startswith("2026-03-01T10:00:00")


def test_where_no_answer_came_the_doubt_is_told(tmp_path: Path) -> None:
    """OPE-014: and the key with which to ask again."""
    with double(None, None, None, None) as node:
        found = run(node, tmp_path, *ACT, "--key", "k-7")
    assert found.exit_code == 2
    assert "not known whether it was recorded; ask again with --key k-7" in found.stderr


def test_what_has_no_key_is_not_asked_twice(tmp_path: Path) -> None:
    """OPE-014: taking the watch, say."""
    with double(None) as node:
        found = run(node, tmp_path, "watch", "take")
    assert found.exit_code == 2
    assert "not known whether" in found.stderr
    assert len(node.asked) == 1


def test_api_440_the_watch_to_relieve_is_named_and_what_came_of_it_is_told(tmp_path: Path) -> None:
    first = {"role": "duty-officer", "watch": "2"}
    with double(told(200, first | {"relieved": "1"}), told(200, first)) as node:
        relieved = run(node, tmp_path, "watch", "take", "--relieves", "1", "--briefed", "alert a-1")
        held = run(node, tmp_path, "watch", "take")
    given = json.loads(node.asked[0][3])
    assert given == {"how": "take", "briefed": ["alert a-1"], "relieves": "1"}
    assert "on watch 2; it relieved watch 1" in relieved.output
    assert "on watch 2; nobody was relieved" in held.output


def test_every_fault_of_a_problem_is_told_and_none_moves_the_cursor(tmp_path: Path) -> None:
    """OPE-012: in one message."""
    faults = [{"path": "body.a", "text": "is \x1b[2Jmissing"}, {"path": "body.b", "text": "x"}]
    problem = {"title": "The body cannot be read", "detail": "two", "faults": faults}
    with double(told(422, problem)) as node:
        found = run(node, tmp_path, *ACT)
    assert found.exit_code == 2
    assert "body.a: is \ufffd[2Jmissing" in found.stderr
    assert "body.b: x" in found.stderr


def test_what_is_wrong_with_the_node_is_told_as_the_page_tells_it(tmp_path: Path) -> None:
    """API-440: the weightiest first, each by what it is about."""
    found = {
        "fault": "no room on the disk",
        "alarms": ["feed ef is forked", "observations are refused"],
        "record_alarms": 1,
        "clock": "3 s ahead",
        "clock_fault": "3 s ahead",
    }
    with double(told(200, found)) as node:
        lines = run(node, tmp_path, "show", "status").output.splitlines()
    assert lines[1:6] == [
        "FAULT: no room on the disk",
        "ALARM of the record: feed ef is forked",
        "ALARM of the clock: 3 s ahead",
        "ALARM: observations are refused",
        "clock: 3 s ahead",
    ]


@pytest.mark.parametrize(("thin_s", "is_told"), [(1.0, False), (3.0, True)])
def test_run_561_a_node_that_thins_by_more_than_a_second_says_so(
    tmp_path: Path, thin_s: float, *, is_told: bool
) -> None:
    with double(told(200, {"thin_s": thin_s})) as node:
        lines = run(node, tmp_path, "show", "status").output
    assert ("at most one observation in 3 s is judged" in lines) == is_told


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_none_is_told_as_such(tmp_path: Path, body: bytes) -> None:
    """OPE-012: another server is there, perhaps."""
    with double((200, {}, body)) as node:
        found = run(node, tmp_path, "show", "status")
    assert found.exit_code == 2
    assert "is a node there?" in found.stderr


def test_the_cookie_is_kept_as_the_node_turned_it(tmp_path: Path) -> None:
    """OPE-010: the next command comes with the new one."""
    turned = told(200, {"alerts": []}, Set_Cookie="s=2; HttpOnly; Path=/")
    with double(turned, told(200, {"alerts": []})) as node:
        assert run(node, tmp_path, "show", "alerts").output == "nothing\n"
        run(node, tmp_path, "show", "alerts")
    assert [headers["Cookie"] for _, _, headers, _ in node.asked] == ["s=1", "s=2"]


def test_the_cookie_is_kept_when_an_export_turned_it(tmp_path: Path) -> None:
    """OPE-010: an answer that comes in pieces turns the session as any other."""
    turned = (200, {"Set-Cookie": "s=2; HttpOnly; Path=/"}, b"archive")
    with double(turned, told(200, {"alerts": []})) as node:
        run(node, tmp_path, "show", "export", "--out", str(tmp_path / "record.tar"))
        run(node, tmp_path, "show", "alerts")
    assert [headers["Cookie"] for _, _, headers, _ in node.asked] == ["s=1", "s=2"]


@pytest.mark.parametrize("held", ["", "[]", "{}", '{"node": "http://node.example"}', "\x00"])
def test_a_session_file_that_is_none_says_how_to_open_one(tmp_path: Path, held: str) -> None:
    """OPE-010: and an address in clear is refused from a file as well."""
    (tmp_path / "s").write_text(held)
    with pytest.raises(CallerError, match=r"crosstell login|https alone"):
        read(Chosen(node=None, session=tmp_path / "s", as_json=False))


@pytest.mark.parametrize(
    "url",
    ["http://node.example", "https://u:p@x", "ftp://x", "https://x/y", "https://x:0", "https://["],
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    """OPE-011: before anything is sent there."""
    with pytest.raises(CallerError, match="--node"):
        check_node(url)


def test_the_session_lies_where_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPE-010: as the desktop says, or below the home folder."""
    monkeypatch.setenv("XDG_STATE_HOME", "/var/x")
    assert default_file() == Path("/var/x/crosstell/session.json")
    monkeypatch.delenv("XDG_STATE_HOME")
    assert default_file().parts[-3:] == ("state", "crosstell", "session.json")


def test_a_stream_that_broke_is_taken_up_after_its_last_number(tmp_path: Path) -> None:
    """OPE-030: nothing is lost and nothing comes twice."""

    def stream(*numbers: int) -> tuple[int, dict[str, str], bytes]:
        text = "".join(f'event: entry\nid: {n}\ndata: {{"n": {n}}}\n\n' for n in numbers)
        return 200, {"Content-Type": "text/event-stream"}, text.encode()

    session = tmp_path / "s"
    with double(stream(5, 6), None, stream(7)) as node:
        write(session, Kept(node=node.url, csrf="c"))
        following = followed(Chosen(node=None, session=session, as_json=False), 4)
        numbers = [next(following).number for _ in range(3)]
    assert numbers == [5, 6, 7]
    resumed = [headers.get("Last-Event-ID") for _, _, headers, _ in node.asked]
    assert resumed == ["4", "6", "6"]


def test_an_export_is_whole_or_not_there(tmp_path: Path) -> None:
    """OPE-012: and no file that exists is written over half-way."""
    out = tmp_path / "record.tar"
    with double(
        (200, {}, b"x" * 100_000), told(403, {"title": "No", "detail": "not yours"})
    ) as node:
        found = run(node, tmp_path, "show", "export", "--out", str(out))
        assert found.exit_code == 0, found.output
        assert out.read_bytes() == b"x" * 100_000
        other = tmp_path / "other.tar"
        found = run(node, tmp_path, "show", "export", "--out", str(other))
    assert found.exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record.tar", "session.json"]


def test_run_470_what_followed_from_an_act_does_not_push_it_off_the_screen(tmp_path: Path) -> None:
    """The act's own entry and three more in words; every one of them for a machine."""
    many = {"recorded": [{"feed": "ab", "seq": seq, "hash": "0" * 64} for seq in range(9)]}
    with double(told(201, many), told(201, many)) as node:
        lines = run(node, tmp_path, *ACT).output.splitlines()
        whole = run(node, tmp_path, *ACT, "--json")
    assert "recorded as ab/0/" in lines[0]
    assert [line[:11] for line in lines[1:4]] == [f"  and ab/{seq}/" for seq in (1, 2, 3)]
    assert lines[4:] == ["  and 5 more that followed from it; --json names each"]
    assert json.loads(whole.output) == many


def test_run_473_an_export_received_without_a_terminal_writes_no_progress(tmp_path: Path) -> None:
    """Standard error is a file or a pipe then, kept by whoever started the command."""
    out = tmp_path / "record.tar"
    with double((200, {"Content-Type": "application/x-tar"}, b"tar")) as node:
        found = run(node, tmp_path, "show", "export", "--out", str(out))
    assert found.exit_code == 0, found.output
    assert out.read_bytes() == b"tar"
    assert found.stderr == ""
