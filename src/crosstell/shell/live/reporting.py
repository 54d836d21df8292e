"""Reports of a running node's record, each made in a process of its own that ends with the node.

A report takes a core for some seconds. In a process it takes no turn of the node's own threads,
and a stop, or the end of a node that died, waits for none. A node that is killed can tell its
reports nothing, so each watches the pipe that the system closes then. Implements RUN-443, RUN-451.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from crosstell.core.errors import CrosstellError, Unavailable
from crosstell.core.protocol.document import Protocol

Page = tuple[str, str]  # and the policy that it is shown under
Report = Callable[[Path, Protocol, str, str], Page]  # of a store, PARTY/ID, language
ORPHANED = 1
BROKEN_OFF = "the report was broken off; ask again once the node runs"


class Reports:
    """What makes reports of one store. `report` is found by its name in the new process."""

    def __init__(self, report: Report, store: Path, protocol: Protocol) -> None:
        """Nothing runs yet."""
        self._report, self._store, self._protocol = report, store, protocol
        self._lock = threading.Lock()
        self._under_way: set[BaseProcess] = set()
        self._is_over = False

    def make(self, incident: str, language: str) -> Page:
        """The page and its policy, waited for here. Unavailable once it is stopped."""
        context = multiprocessing.get_context("spawn")
        heard, told = context.Pipe(duplex=False)
        given = (told, self._report, self._store, self._protocol, incident, language)
        child = context.Process(target=_made, args=given, daemon=True)
        with heard:
            with told, self._lock:
                if self._is_over:
                    raise Unavailable(BROKEN_OFF)
                child.start()
                self._under_way.add(child)
            try:
                found: Page | CrosstellError = heard.recv()
            except EOFError as ended:
                if self._is_over:
                    raise Unavailable(BROKEN_OFF) from ended
                raise RuntimeError("a report ended without a page; see the log") from ended
            finally:
                child.join()
                with self._lock:
                    self._under_way.discard(child)
        if isinstance(found, CrosstellError):
            raise found
        return found

    def stop(self) -> None:
        """What is under way is broken off, and nothing more is made."""
        with self._lock:
            self._is_over = True
            for child in self._under_way:
                child.kill()


def _made(
    told: Connection, report: Report, store: Path, protocol: Protocol, incident: str, language: str
) -> None:
    """In the new process: the page, or what kept it from being made, is told."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the whole terminal: the node ends this one
    threading.Thread(target=_end_with_the_node, daemon=True).start()
    found: Page | CrosstellError
    try:
        found = report(store, protocol, incident, language)
    except CrosstellError as fault:
        found = fault
    told.send(found)


def _end_with_the_node() -> None:
    """In the new process: it ends, wherever the report has come, once the node's process is gone.

    What is waited for is the end of a pipe whose other end the node alone holds.
    """
    node = multiprocessing.parent_process()
    assert node is not None, "a report is made in a process that the node started"
    node.join()
    os._exit(ORPHANED)
