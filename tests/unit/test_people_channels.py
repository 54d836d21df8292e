"""Webhook, mail and dialler against real servers on loopback and a real child process."""

import json
import os
import shlex
import socket
import ssl
import time
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_values import (
    ALERT,
    QUIET_S,
    START,
    MailHeard,
    mail_server,
    make_certificate,
    said,
    web_server,
)

from crosstell.core.errors import CallerError
from crosstell.core.instant import later
from crosstell.shell.clock import read_steady
from crosstell.shell.people.config import Dialler, Mail, Tls, Webhook
from crosstell.shell.people.dialler import DiallerChannel
from crosstell.shell.people.handing import ANSWER_LENGTH_MAX, Kind, NotTaken, clipped
from crosstell.shell.people.mail import MailChannel
from crosstell.shell.people.signature import HEADER, is_signed
from crosstell.shell.people.webhook import DELIVERY, WebhookChannel

SECRET = b"a shared secret of some length"


def secret_file(folder: Path, content: bytes = SECRET, mode: int = 0o600) -> str:
    path = folder / "hook.secret"
    path.write_bytes(content + b"\n")
    path.chmod(mode)
    return path.name


def webhook(folder: Path, url: str, **changes: float) -> WebhookChannel:
    config = Webhook(name="hook", url=url, secret=secret_file(folder), **changes)  # type: ignore[arg-type]
    return WebhookChannel(config, folder)


def test_run_565_a_name_service_that_does_not_answer_is_waited_for_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Event()

    def silent(*_asked: object, **_more: object) -> None:
        answers.wait(QUIET_S)
        raise OSError("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    begun_s = read_steady()
    try:
        with pytest.raises(NotTaken, match="no answer within"):
            webhook(tmp_path, "https://hook.example/ring", wait_s_max=0.2).hand(said())
        assert read_steady() - begun_s < QUIET_S / 2
    finally:
        answers.set()


def test_a_webhook_is_signed_and_timed(tmp_path: Path) -> None:
    """PEO-021: the receiver can tell who sent it and that it is not an old one played again."""
    with web_server() as heard:
        taken = webhook(tmp_path, heard.url).hand(said())
    assert (taken.to, taken.answer) == (heard.url, "200 queued")
    ((path, headers, body),) = heard.requests
    assert path == "/ring"
    assert is_signed(headers[HEADER], body, SECRET, START)
    assert not is_signed(headers[HEADER], body + b" ", SECRET, START)
    assert not is_signed(headers[HEADER], body, b"another secret of that size", START)
    assert not is_signed(headers[HEADER], body, SECRET, later(START, by_s=301.0))
    found = json.loads(body)
    assert found["id"] == headers[DELIVERY] == said(at=later(START, by_s=9.0)).id
    assert found["rung"] == 2
    assert found["text"] == "CRITICAL: near zone z-1"
    assert "positions" not in found


@given(st.text(max_size=120))
def test_no_other_header_is_taken_for_a_signature(header: str) -> None:
    """PEO-021: a receiver may hand in whatever arrived."""
    assert not is_signed(header, b"{}", SECRET, START)


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_only_2xx_means_taken(tmp_path: Path, status: int) -> None:
    """PEO-021: and no redirect is followed."""
    with web_server() as heard:
        heard.status, heard.location = status, heard.url
        with pytest.raises(NotTaken, match=f"answered {status} queued"):
            webhook(tmp_path, heard.url).hand(said())
    assert len(heard.requests) == 1


def test_a_slow_receiver_has_one_time_limit(tmp_path: Path) -> None:
    """PEO-021: it may not hold the channel."""
    with web_server() as heard:
        heard.stall_s = QUIET_S
        with pytest.raises(NotTaken, match=r"no answer within 0\.2 s"):
            webhook(tmp_path, heard.url, wait_s_max=0.2).hand(said())


def test_a_receiver_that_is_away_is_named(tmp_path: Path) -> None:
    """PEO-021: the operator reads why."""
    with web_server() as heard:
        url = heard.url
    with pytest.raises(NotTaken, match="not reached"):
        webhook(tmp_path, url).hand(said())


def test_of_a_long_answer_the_beginning_is_kept(tmp_path: Path) -> None:
    """PEO-021: whatever the receiver sends, one line of bounded length is kept."""
    with web_server() as heard:
        heard.answer = b"\x00\n\x1b[31mx" * 100_000
        answer = webhook(tmp_path, heard.url).hand(said()).answer
    assert len(answer) <= ANSWER_LENGTH_MAX + 4
    assert answer.isprintable()
    assert clipped(b"\xff a\r\nb") == "\ufffd a b"


def test_a_certificate_of_another_is_refused(tmp_path: Path) -> None:
    """PEO-021, PEO-022: TLS is verified; a server that nobody vouches for gets nothing."""
    pair = make_certificate(tmp_path)
    with mail_server(*pair, tls=True) as heard:
        with pytest.raises(NotTaken, match="CERTIFICATE_VERIFY_FAILED"):
            MailChannel(mail(heard, authority=None), tmp_path).hand(said())
        config = Webhook(
            name="h", url=f"https://127.0.0.1:{heard.port}/", secret=secret_file(tmp_path)
        )
        with pytest.raises(NotTaken, match="CERTIFICATE_VERIFY_FAILED"):
            WebhookChannel(config, tmp_path).hand(said())
    assert heard.messages == []


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """PEO-031: and so is a short one, and none."""
    config = Webhook(
        name="h", url="https://pager.example/", secret=secret_file(tmp_path, mode=mode)
    )
    with pytest.raises(CallerError, match="chmod 600"):
        WebhookChannel(config, tmp_path)
    secret_file(tmp_path, b"short")
    (tmp_path / "hook.secret").chmod(0o600)
    with pytest.raises(CallerError, match="16 to"):
        WebhookChannel(config, tmp_path)
    (tmp_path / "hook.secret").unlink()
    with pytest.raises(CallerError, match="cannot be read"):
        WebhookChannel(config, tmp_path)


def mail(heard: MailHeard, **changes: object) -> Mail:
    fields: dict[str, object] = {
        "name": "mail",
        "server": "127.0.0.1",
        "port": heard.port,
        "sender": "node@us.example",
        "to": ("watch@us.example", "desk@us.example"),
        "authority": "127.0.0.1.pem",
    }
    return Mail(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("tls", list(Tls))
def test_mail_goes_over_tls_and_the_answer_is_kept(tmp_path: Path, tls: Tls) -> None:
    """PEO-022: from the start or by STARTTLS, with a password only then."""
    (tmp_path / "mail.password").write_text("secret\n")
    (tmp_path / "mail.password").chmod(0o600)
    with mail_server(*make_certificate(tmp_path), tls=tls is Tls.TLS) as heard:
        config = mail(heard, tls=tls, user="node", password="mail.password")  # noqa: S106 - a file
        taken = MailChannel(config, tmp_path).hand(said())
    assert taken.answer == "250 2.0.0 Ok: queued as 4ABC"
    assert taken.to == "watch@us.example, desk@us.example"
    order = [line.split()[0].upper() for line in heard.lines]
    if tls is Tls.STARTTLS:
        assert order.index("STARTTLS") < order.index("AUTH")
    (raw,) = heard.messages
    found = message_from_bytes(raw, policy=policy.default)
    assert found["Subject"] == (
        "[Crosstell] REALITY NOT STATED level not known: ring duty-officer, rung 2"
    )
    assert found["Message-ID"] == f"<{said().id}@us.example>"
    assert found["Auto-Submitted"] == "auto-generated"
    text = found.get_content()
    assert "CRITICAL: near zone z-1" in text
    assert "acknowledges nothing" in text


def test_mail_is_never_sent_without_tls(tmp_path: Path) -> None:
    """PEO-022: a server that offers none gets nothing."""
    with mail_server(*make_certificate(tmp_path), tls=False) as heard:
        heard.offers_starttls = False
        with pytest.raises(NotTaken, match="STARTTLS"):
            MailChannel(mail(heard, tls=Tls.STARTTLS), tmp_path).hand(said())
    assert heard.messages == []


def test_an_address_that_the_server_refuses_is_shown(tmp_path: Path) -> None:
    """PEO-022: the others have it; where all are refused, nobody has."""
    with mail_server(*make_certificate(tmp_path), tls=True) as heard:
        heard.refuses = {"desk"}
        channel = MailChannel(mail(heard), tmp_path)
        taken = channel.hand(said())
        assert taken.trouble == "refused: desk@us.example (550 no such person)"
        heard.refuses = {"desk", "watch"}
        with pytest.raises(NotTaken, match="nothing sent; refused: watch"):
            channel.hand(said())
        heard.refuses, heard.reply = set(), "452 out of room"
        with pytest.raises(NotTaken, match="452 out of room"):
            channel.hand(said())
    assert len(heard.messages) == 2


def test_no_text_adds_a_header_or_an_address(tmp_path: Path) -> None:
    """PEO-022: what another party wrote into a call stays inside the message."""
    evil = "x\r\nBcc: other@example.org\r\n\r\n.\r\nMAIL FROM:<a@b>\r\n"
    with mail_server(*make_certificate(tmp_path), tls=True) as heard:
        MailChannel(mail(heard), tmp_path).hand(said(evil))
    (raw,) = heard.messages
    found = message_from_bytes(raw, policy=policy.default)
    assert found["Bcc"] is None
    to = [line.partition(":")[2] for line in heard.lines if line.upper().startswith("RCPT")]
    assert to == ["<watch@us.example>", "<desk@us.example>"]


def script(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "dial"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return (str(path), "--line", "1; echo shell")


def dialler(folder: Path, text: str, wait_s: float = QUIET_S) -> DiallerChannel:
    config = Dialler(name="desk", command=script(folder, text), wait_s_max=wait_s)
    return DiallerChannel(config)


def test_a_dialler_gets_its_arguments_and_the_message(tmp_path: Path) -> None:
    """PEO-023: no shell reads the arguments; of our environment nothing but PATH and LANG."""
    out = tmp_path / "got"
    text = f'cat > {shlex.quote(str(out))}; echo "$#:$2"; env | cut -d= -f1 | sort | tr "\\n" " "'
    os.environ["CROSSTELL_PRIVATE"] = "1"
    try:
        taken = dialler(tmp_path, text).hand(said())
    finally:
        del os.environ["CROSSTELL_PRIVATE"]
    assert taken.answer.startswith("2:1; echo shell")
    assert "CROSSTELL_PRIVATE" not in taken.answer
    found = json.loads(out.read_bytes())
    assert (found["kind"], found["matter"]) == ("ring", ALERT)


def test_a_dialler_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    """PEO-023: exit 0 alone means taken."""
    with pytest.raises(NotTaken, match="ended with code 3: no dial tone"):
        dialler(tmp_path, "echo no dial tone >&2; exit 3").hand(said())
    missing = Dialler(name="x", command=("/nowhere/dial",))
    with pytest.raises(NotTaken, match="cannot be run"):
        DiallerChannel(missing).hand(said())


def test_a_dialler_that_hangs_ends_with_all_that_it_started(tmp_path: Path) -> None:
    """PEO-023: its own children too, which may hold the line."""
    mark = tmp_path / "pid"
    text = f"sleep 60 & echo $! > {shlex.quote(str(mark))}; echo dialling; wait"
    with pytest.raises(NotTaken, match=r"ran longer than 0\.5 s: dialling"):
        dialler(tmp_path, text, wait_s=0.5).hand(said())
    assert _is_gone(int(mark.read_text()))


def test_a_dialler_is_interrupted_when_its_matter_ends(tmp_path: Path) -> None:
    """PEO-006: and the command that tells of the end is not."""
    begun = tmp_path / "begun"
    text = f"touch {shlex.quote(str(begun))}; grep -q '\"end\"' && exit 0; exec sleep 60"
    channel = dialler(tmp_path, text)
    answers: list[str] = []

    def hand() -> None:
        try:
            channel.hand(said())
        except NotTaken as no:
            answers.append(str(no))

    thread = Thread(target=hand)
    thread.start()
    _until(begun.exists)
    channel.interrupt("another matter")
    channel.interrupt(ALERT)
    thread.join(QUIET_S)
    assert answers == ["ended with code -15: "]
    assert channel.hand(said(kind=Kind.END)).answer == "exit 0, nothing printed"
    with pytest.raises(NotTaken, match="code -15"):
        channel.hand(said())  # the end came just before the command was run


def test_a_dialler_that_prints_without_end_is_bounded(tmp_path: Path) -> None:
    """PEO-023: what it prints beyond the limit is read and thrown away."""
    taken = dialler(tmp_path, "head -c 3000000 /dev/zero | tr '\\0' x").hand(said())
    assert len(taken.answer) == ANSWER_LENGTH_MAX


def test_a_dialler_may_leave_something_running(tmp_path: Path) -> None:
    """PEO-023: a child that holds the pipe open holds up nothing."""
    taken = dialler(tmp_path, "sleep 3 & echo dialling").hand(said())
    assert taken.answer == "dialling"


def _is_gone(pid: int) -> bool:
    def gone() -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        return state == "Z"

    _until(gone)
    return True


def _until(holds: object) -> None:
    assert callable(holds)
    for _ in range(int(QUIET_S / 0.02)):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to hold")


def test_the_context_verifies(tmp_path: Path) -> None:
    """PEO-021: an authority that is none is refused at the start."""
    (tmp_path / "junk.pem").write_text("junk")
    config = Mail(
        name="m", server="x", port=25, sender="a@b.c", to=("a@b.c",), authority="junk.pem"
    )
    with pytest.raises(CallerError, match="name a PEM file"):
        MailChannel(config, tmp_path)
    assert ssl.create_default_context().check_hostname
