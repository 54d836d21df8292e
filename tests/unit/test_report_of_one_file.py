"""A report of one incident, where two parties keep a file of one id: each has its own alone."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from carried_sites import Sites, act
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, World, call, roz
from test_mechanism_papers import FILE, TEXT, action, filed

from crosstell.codecs.archive.files import Purpose
from crosstell.core.errors import CallerError
from crosstell.core.incident.paper import Readout, View
from crosstell.papers.assemble import pack_of, readout_of
from crosstell.replay.recorded import opened, seen
from crosstell.replay.recorded.result import read_record
from crosstell.replay.report.assemble import read_one, report_of_record
from crosstell.replay.report.page import render_report
from crosstell.replay.report.text import print_report
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.opening import open_node


@pytest.fixture
def kept_by_two(tmp_path: Path) -> tuple[Path, World]:
    """An export of alpha's record: a file of one id and papers about it, of each party."""
    world = World()
    world.sign()
    for party, other, marking in ((ALPHA, BRAVO, "XA"), (BRAVO, ALPHA, "XB")):
        file = replace(FILE, title=f"as {party} keeps it")
        world.settle(party, replace(filed(file, other, name="inc"), marking=marking))
        said = (View(text=f"{party} told"),)
        readout = Readout(incident="inc", occasion="a call", language="en", sentences=said)
        world.settle(party, filed(readout, other, name="r-1"))
        world.settle(party, filed(replace(TEXT, sentences=(f"{party} proposed",)), other))
        act = replace(action(other), text=f"{party} asked")
        world.settle(party, filed(act, other, name="a-1"))
    world.settle(ALPHA, call("c-1"))
    alpha = world.parties[ALPHA]
    choice = Choice(purpose=Purpose.SHARED, bodies=Bodies.HELD)
    export(alpha.store, tmp_path / "out", choice, alpha.keys().online)
    return tmp_path / "out", world


def test_rep_342_a_report_of_one_file_has_nothing_of_the_others(
    kept_by_two: tuple[Path, World],
) -> None:
    out, world = kept_by_two
    protocol = world.parties[ALPHA].setting.protocol
    for name, own, other in (("alpha/inc", "alpha", "bravo"), ("bravo/inc", "bravo", "alpha")):
        report = report_of_record(out, protocol, incident=name)
        text, page = print_report(report, "en"), render_report(report)
        (held,) = report.run.aftermath
        assert [one.kept_by for one in held.incidents] == [own]
        papers = (*held.readouts, *held.joint_texts, *held.actions)
        assert len(papers) == 3
        for words in ("told", "proposed", "asked"):
            assert any(f"{own} {words}" in line for line in papers)
            assert not any(f"{other} {words}" in line for line in papers)
        marking = f"of party {own}, marked X{own[0].upper()};"
        assert marking in text
        assert marking in page
        assert f"marked X{other[0].upper()}" not in text
    whole = print_report(report_of_record(out, protocol, incident=None), "en")
    assert "marked XA" in whole
    assert "marked XB" in whole


def test_rep_342_an_id_that_several_keep_is_refused_with_the_names_that_would_do(
    kept_by_two: tuple[Path, World],
) -> None:
    out, world = kept_by_two
    protocol = world.parties[ALPHA].setting.protocol
    with pytest.raises(CallerError, match="several keep one; name it as: alpha/inc, bravo/inc"):
        report_of_record(out, protocol, incident="inc")
    with pytest.raises(CallerError, match="there is: alpha/inc, bravo/inc"):
        report_of_record(out, protocol, incident="charlie/inc")
    basis = read_one(out, protocol).basis()
    for keeper in (None, "bravo"):
        (sheet,) = readout_of(basis, incident="inc", party="alpha", kept_by=keeper).sheets
        assert sheet.file is not None
        assert sheet.file.kept_by == (keeper or "alpha"), "its own, where it keeps one"


def test_inc_431_files_of_one_id_never_share_a_paper(kept_by_two: tuple[Path, World]) -> None:
    """Of states of several parties, each with its own file of that id."""
    out, world = kept_by_two
    basis = read_one(out, world.parties[ALPHA].setting.protocol).basis()
    both = replace(basis, states={one: world.state(one) for one in (ALPHA, BRAVO)})
    refused = "several keep one; name it as: alpha/inc, bravo/inc"
    with pytest.raises(CallerError, match=refused):
        readout_of(both, incident="inc", party=None)
    with pytest.raises(CallerError, match=refused):
        pack_of(both, incident="inc", roles=("duty-officer",), party=None)
    sheets = readout_of(both, incident="inc", party=None, kept_by="bravo").sheets
    assert [one.file.kept_by for one in sheets if one.file] == ["bravo", "bravo"]


def test_nod_497_a_report_tells_all_of_its_reading_within_a_long_feed(
    sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verified, folded and traced: before, one word for each feed, and none after the first."""
    for module in (opened, seen):
        monkeypatch.setattr(module, "TOLD_EACH", 2)
    monkeypatch.setattr(seen, "FOLDED_EACH", 2)
    act(sites[ALPHA], *(roz(f"z-{number}", BRAVO) for number in range(4)))
    held = open_node(read_installation(sites[ALPHA]))
    store, protocol = read_installation(sites[ALPHA]).store, held.setting.protocol
    held.store.close()
    told: list[tuple[int, int]] = []
    read_record(store, protocol, lambda *one: told.append(one))
    parts = [done / of for done, of in told]
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert max(b - a for a, b in pairwise((0.0, *parts))) <= 0.2
