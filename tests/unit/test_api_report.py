"""An incident's report over HTTP, of the node's own record (docs/spec/incident.md)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from api_desk import OPERATOR, READER, Desk, person
from endless_reports import dawdling
from node_pair import ALPHA, World
from test_api_aftermath import told

from crosstell.core.errors import CallerError, Unavailable
from crosstell.replay.report.beside import report_page
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.views import printing
from crosstell.shell.live.reporting import Reports
from crosstell.shell.store.sqlite import SqliteStore

REPORT = "/print/report/alpha/inc"


def soon(what: Callable[[], bool]) -> None:
    """It comes true."""
    while not what():
        time.sleep(0.01)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Alpha's node with its record in a file, and what makes reports of it."""
    world = World(store=lambda party: SqliteStore.open(tmp_path / f"{party}.store"))
    told(world)
    protocol = world.parties[ALPHA].setting.protocol
    kept = tmp_path / f"{ALPHA}.store"
    reports = Reports(report_page, kept, protocol)
    yield Desk(signed=False, world=world, report=reports.make)
    for party in world.parties.values():
        party.store.close()


def test_inc_442_a_report_is_made_of_the_record_beside_the_node(desk: Desk) -> None:
    with desk.running() as client:
        rita = person(client, READER)
        found = rita.get(f"{REPORT}?lang=tr")
        assert found.status_code == 200, found.text
        assert 'lang="tr"' in found.text
        assert "a meeting over the sea" in found.text
        assert desk.world.state(ALPHA).own.feed in found.text
        policy = found.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert policy.endswith("; frame-ancestors 'self'")
        assert policy.removesuffix("; frame-ancestors 'self'") in found.text.replace("&#39;", "'")
        assert "<script" not in found.text
        last = desk.access.audit.lines(0, 100)[-1]
    assert (last.deed, last.account) == (Deed.EXPORTED, READER)
    assert last.about == "printed: report/alpha/inc"


def test_inc_442_what_cannot_be_made_here_is_said_with_the_command(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.running() as client:
        rita = person(client, READER)
        assert rita.get("/print/report/alpha/none").status_code == 404
        assert rita.get(f"{REPORT}?lang=xx").status_code == 400
        monkeypatch.setattr(printing, "REPORT_ENTRIES_MAX", 1)
        found = rita.get(REPORT)
        assert found.status_code == 422
        assert "crosstell incident report STORE" in found.json()["detail"]
    with Desk().running() as client:
        found = person(client, READER).get(REPORT)
        assert found.status_code == 503
        assert "crosstell incident report STORE" in found.json()["detail"]


def test_api_457_a_report_takes_no_turn_from_a_check_and_an_account_has_one(desk: Desk) -> None:
    begun, ended = threading.Semaphore(0), threading.Event()

    def report(_incident: str, _language: str) -> tuple[str, str]:
        begun.release()
        assert ended.wait(60)
        return "<!doctype html>", "default-src 'none'"

    slow = Desk(signed=False, world=desk.world, report=report)
    with slow.running() as client, ThreadPoolExecutor() as pool:
        rita, olga = person(client, READER), person(client, OPERATOR)
        first = pool.submit(rita.get, REPORT)
        assert begun.acquire(timeout=60)
        assert olga.ask("POST", "/plan/check", json={}).status_code == 422, "read in its turn"
        again = rita.get(REPORT)
        assert (again.status_code, again.headers["Retry-After"]) == (503, "10")
        assert "ask again" in again.json()["detail"]
        other = pool.submit(olga.get, REPORT)
        ended.set()
        assert (first.result(60).status_code, other.result(60).status_code) == (200, 200)
        assert rita.get(REPORT).status_code == 200, "and the next, once it is there"


def test_run_443_a_report_ends_with_its_node(tmp_path: Path, desk: Desk) -> None:
    """Where it is made, nothing is waited for; nor is one begun after the end."""
    reports = Reports(dawdling, tmp_path, desk.world.parties[ALPHA].setting.protocol)
    with ThreadPoolExecutor() as pool:
        made = pool.submit(reports.make, "begun", "en")
        faulty = pool.submit(reports.make, "faulty", "en")
        with pytest.raises(CallerError, match="nothing is told of it"):
            reports.make("none", "en")
        with pytest.raises(RuntimeError, match="without a page"):
            faulty.result(60)
        soon((tmp_path / "begun").exists)
        reports.stop()
        with pytest.raises(Unavailable, match="broken off"):
            made.result(60)
    with pytest.raises(Unavailable, match="broken off"):
        reports.make("late", "en")
    assert not (tmp_path / "late").exists()


NODE = """
import sys
from pathlib import Path
from endless_reports import without_end
from crosstell.shell.live.reporting import Reports

if __name__ == "__main__":
    from node_pair import ALPHA, World

    protocol = World().parties[ALPHA].setting.protocol
    Reports(without_end, Path(sys.argv[1]), protocol).make("pid", "en")
"""


def test_run_451_a_report_ends_with_a_node_that_was_killed(tmp_path: Path) -> None:
    """Real processes. Both hold one pipe to us, which ends when neither is left."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    (tmp_path / "node.py").write_text(NODE, encoding="utf-8")
    node = subprocess.Popen(
        [sys.executable, "node.py", str(tmp_path)], cwd=tmp_path, env=env, stdout=subprocess.PIPE
    )
    begun = tmp_path / "pid"
    try:
        soon(lambda: begun.exists() or node.poll() is not None)
        assert node.poll() is None
        node.kill()
        node.communicate(timeout=120)
    finally:
        node.kill()
        if begun.exists():
            with suppress(ProcessLookupError):
                os.kill(int(begun.read_text(encoding="utf-8")), signal.SIGKILL)
