"""An incident's report over HTTP, of the node's own record (docs/spec/incident.md)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from api_desk import READER, Desk, person
from node_pair import ALPHA, World
from test_api_aftermath import told

from crosstell.replay.report.beside import report_page
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.views import printing
from crosstell.shell.store.sqlite import SqliteStore

REPORT = "/print/report/alpha/inc"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Alpha's node with its record in a file, and what makes reports of it."""
    world = World(store=lambda party: SqliteStore.open(tmp_path / f"{party}.store"))
    told(world)
    protocol = world.parties[ALPHA].setting.protocol
    kept = tmp_path / f"{ALPHA}.store"
    yield Desk(
        signed=False, world=world, report=lambda one, lang: report_page(kept, protocol, one, lang)
    )
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
        assert policy.endswith("; frame-ancestors 'none'")
        assert policy.removesuffix("; frame-ancestors 'none'") in found.text.replace("&#39;", "'")
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
