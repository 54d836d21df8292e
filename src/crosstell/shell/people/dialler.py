"""A dialler hook: a command of the party's own, for a modem, a SIP telephone or a pager.

The command gets the message as JSON on its standard input and its own arguments, no shell, an empty
environment but for PATH and LANG, and a time limit. Exit 0 means that it took the matter; what it
printed is kept as its answer. Where the matter ends while the command runs, it is sent SIGTERM, and
after that the same command is run with `"kind": "end"`. Implements PEO-023.
"""

import os
import selectors
import signal
import subprocess
from collections import deque
from contextlib import suppress
from threading import Event, Lock, Timer

from crosstell.shell.people.config import Dialler
from crosstell.shell.people.handing import (
    ANSWER_LENGTH_MAX,
    Handing,
    Kind,
    NotTaken,
    Said,
    Taken,
    clipped,
)
from crosstell.shell.people.message import message

GRACE_S = 2.0  # between SIGTERM and SIGKILL
ENDED_MAX = 1_000  # matters remembered as ended: an end may come just before its command is run
SLICE_S = 0.1  # how often an ended command, or the end of its time, is noticed
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
CHUNK = 4_096


class DiallerChannel:
    """Runs one command, one at a time."""

    def __init__(self, config: Dialler) -> None:
        """Nothing is run before the first message."""
        self._config = config
        self._lock = Lock()
        self._running: tuple[Handing, int] | None = None  # what about, process group
        self._ended: deque[str] = deque(maxlen=ENDED_MAX)

    @property
    def name(self) -> str:
        """As configured."""
        return self._config.name

    def hand(self, said: Said) -> Taken:
        """The command ended with exit code 0 within its time."""
        to = " ".join(self._config.command)
        try:
            child = subprocess.Popen(  # noqa: S603 - the party's own command, never a shell
                self._config.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise NotTaken(f"cannot be run ({error.strerror}); mend command", to=to) from error
        with self._lock:
            self._running = (said.handing, child.pid)
            self._end_if_over()
        late = Event()
        timer = Timer(self._config.wait_s_max, _end, (child, late))
        timer.daemon = True
        timer.start()
        try:
            told = clipped(_heard(child, message(said), late))
        finally:
            with self._lock:
                self._running = None
            timer.cancel()
        if late.is_set():
            raise NotTaken(f"ran longer than {self._config.wait_s_max:g} s: {told}", to=to)
        if child.returncode != 0:
            raise NotTaken(f"ended with code {child.returncode}: {told}", to=to)
        return Taken(to=to, answer=told or "exit 0, nothing printed")

    def interrupt(self, matter: str) -> None:
        """A command that runs about this matter is asked to end."""
        with self._lock:
            self._ended.append(matter)
            self._end_if_over()

    def _end_if_over(self) -> None:
        if self._running is None:
            return
        handing, group = self._running
        if handing.kind is not Kind.END and handing.matter in self._ended:
            _signal(group, signal.SIGTERM)


def _heard(child: subprocess.Popen[bytes], body: bytes, late: Event) -> bytes:
    """The beginning of what the command printed; it has ended, or its time has."""
    assert child.stdin is not None
    assert child.stdout is not None
    answer = b""
    with child.stdout, selectors.DefaultSelector() as selector:
        with suppress(BrokenPipeError):  # a command need not read what it is given
            child.stdin.write(body)
            child.stdin.close()
        selector.register(child.stdout, selectors.EVENT_READ)
        while not late.is_set():
            if not selector.select(timeout=SLICE_S):
                if child.poll() is not None:
                    break  # what it left behind may hold the pipe open for ever
                continue
            chunk = os.read(child.stdout.fileno(), CHUNK)
            if not chunk:
                break
            answer = (answer + chunk)[:ANSWER_LENGTH_MAX]
    child.wait()  # bounded: the timer ends the command
    return answer


def _end(child: subprocess.Popen[bytes], late: Event) -> None:
    """The command and what it started are told to end, then made to."""
    late.set()
    _signal(child.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=GRACE_S)
    _signal(child.pid, signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
