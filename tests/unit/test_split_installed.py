"""A split node by its files: the two sides as they are installed, against a node that is whole."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from line_sites import until
from node_pair import START
from test_node_folder import WANTED

from crosstell.cli import crosstell
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.replay.live.ports import free_ports
from crosstell.shell.config.installing import add_party, install
from crosstell.shell.config.node_file import NAME, Split, read_installation
from crosstell.shell.live.opening import open_node
from crosstell.shell.live.running import Running
from crosstell.shell.peers.split.exchange_file import ExchangeFile, courier_of, read_exchange
from crosstell.shell.peers.split.picture import PictureSide

US, TR = PartyId("us"), PartyId("tr")


def introduced(folder: Path) -> dict[PartyId, Path]:
    """Two parties' nodes that know each other's cards."""
    ports = dict(zip((US, TR), free_ports(2), strict=True))
    made = {}
    for party in (US, TR):
        wanted = replace(
            WANTED, party=party, line_port=ports[party], reach=f"127.0.0.1:{ports[party]}"
        )
        made[party] = install(folder / party, wanted, START)
    for party, other in ((US, TR), (TR, US)):
        card = made[other].card
        add_party(read_installation(folder / party), card, card.spoken)
    return {party: folder / party for party in (US, TR)}


def signing(folder: Path) -> Act:
    installation = read_installation(folder)
    opened = open_node(installation)
    opened.store.close()
    role = installation.file.test_role
    by = Speaker(party=installation.file.party, role=role, watch="1")
    return Act(by=by, body=ProtocolSigned(protocol=opened.setting.digest))


def exchange_folder(tmp_path: Path, ours: Path) -> Path:
    """The exchange side as docs/spec/split.md says: cards, the line's key, one file."""
    folder = tmp_path / "exchange"
    folder.mkdir()
    (tmp_path / "outgoing").mkdir()
    (tmp_path / "incoming").mkdir()
    shutil.copy(ours / "own.card", folder)
    shutil.copytree(ours / "parties", folder / "parties")
    shutil.move(ours / "line", folder / "line")
    (folder / "exchange.yaml").write_text(
        f"outgoing: {tmp_path}/outgoing\nincoming: {tmp_path}/incoming\nbeat_s: 0.1\n",
        encoding="utf-8",
    )
    with (ours / NAME).open("a", encoding="utf-8") as file:
        file.write(f"split:\n  outgoing: {tmp_path}/outgoing\n  incoming: {tmp_path}/incoming\n")
        file.write("  beat_s: 0.1\n")
    return folder


def closed(*nodes: Running) -> None:
    for node in nodes:
        if node.listener is not None:
            node.listener.stop()
        node.post.stop()
        node.sequencer.stop()
        node.people.close()
        node.access.close()
        node.opened.store.close()


def test_a_split_node_talks_to_one_that_is_not(tmp_path: Path) -> None:
    """SPLIT-032: the picture side has no line and no key of it; both feeds are at both ends."""
    folders = introduced(tmp_path)
    act = signing(folders[US])
    folder = exchange_folder(tmp_path, folders[US])
    us, tr = (Running(read_installation(folders[party])) for party in (US, TR))
    courier = courier_of(read_exchange(folder))
    try:
        assert isinstance(us.post, PictureSide)
        assert us.listener is None
        assert tr.listener is not None
        port = read_installation(folders[US]).file.line.port
        courier.start("127.0.0.1", port)
        tr.listener.start("127.0.0.1", tr.installation.file.line.port)
        for node in (us, tr):
            node.sequencer.start()
            node.post.start()
        assert us.sequencer.submit(act).result(10).no is None
        until(lambda: tr.sequencer.state().feeds[US].size >= 2)
        until(lambda: us.sequencer.state().feeds[TR].size >= 1)
        until(lambda: us.post.lines()[0].heard_at is not None)
        assert us.post.lines()[0].fault is None
        assert courier.told.texts() == ()
    finally:
        courier.stop()
        closed(us, tr)


def test_one_folder_for_both_ways_and_no_beat_are_refused(tmp_path: Path) -> None:
    """SPLIT-032."""
    for form in (ExchangeFile, Split):
        with pytest.raises(ValueError, match="one folder"):
            form(outgoing="x", incoming="x")
        with pytest.raises(ValueError, match="beat"):
            form(outgoing="x", incoming="y", beat_s=0.0)
    found = CliRunner().invoke(crosstell, ["node", "exchange", str(tmp_path)])
    assert (found.exit_code, "exchange.yaml is missing" in found.output) == (2, True)
