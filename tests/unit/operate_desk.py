"""The commands of an operator against a real node behind its real interface, on a loopback port."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api_desk import OPERATOR, PASSWORD, Desk
from click.testing import CliRunner, Result
from uvicorn import Config, Server

from crosstell.cli import crosstell

START_S = 10.0


@dataclass
class Room:
    """A node that runs, and a person at a command line with a session file of their own."""

    desk: Desk
    url: str
    folder: Path

    def run(self, *words: str, who: str = OPERATOR, given: str | None = None) -> Result:
        """One command, its session that person's."""
        runner = CliRunner()
        session = str(self.folder / f"{who}.json")
        return runner.invoke(
            crosstell, list(words), input=given, env={"CROSSTELL_SESSION": session}
        )

    def told(self, *words: str, who: str = OPERATOR, given: str | None = None) -> str:
        """What a command printed that ended well."""
        found = self.run(*words, who=who, given=given)
        assert found.exit_code == 0, (found.exit_code, found.stdout, found.stderr, found.exception)
        return found.stdout

    def refused(self, *words: str, who: str = OPERATOR, given: str | None = None) -> str:
        """The one message of a command that ended in exit code 2."""
        found = self.run(*words, who=who, given=given)
        assert found.exit_code == 2, (found.exit_code, found.stdout, found.stderr, found.exception)
        return found.stderr

    def json(self, *words: str, who: str = OPERATOR) -> Any:  # noqa: ANN401
        """The answer for machines."""
        return json.loads(self.told(*words, "--json", who=who))

    def come_in(self, who: str = OPERATOR) -> str:
        """That person logs in."""
        words = ("login", "--node", self.url, "--account", who, "--password-file", "-")
        return self.told(*words, who=who, given=PASSWORD)


@contextmanager
def room(folder: Path, desk: Desk) -> Iterator[Room]:
    """The node's thread and its port run."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(Config(desk.app, log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    desk.sequencer.start()
    thread.start()
    try:
        for _ in range(int(START_S / 0.01)):
            if server.started:
                break
            threading.Event().wait(0.01)
        yield Room(desk, f"http://127.0.0.1:{listening.getsockname()[1]}", folder)
    finally:
        server.should_exit = True
        thread.join(START_S)
        listening.close()
        desk.sequencer.stop()
        desk.access.close()
