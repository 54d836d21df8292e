"""A paper of the same record has the same hash whenever, wherever and by whomever it is made."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from api_desk import OPERATOR, READER, Desk, person
from map_package import package as map_package
from node_pair import ALPHA, BRAVO, START, World, call, seen
from test_api_aftermath import PRINTED, at, told
from test_mechanism_claims import stated
from test_mechanism_papers import FILE, action, filed
from test_papers_in_turkish import basis

from crosstell.codecs.archive.files import Purpose
from crosstell.core.instant import later
from crosstell.papers.assemble import agenda_of, pack_of, readout_of
from crosstell.papers.text import print_papers
from crosstell.replay.report.assemble import read_one
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.console.maps import add_map

PACK, DRAFT, AGENDA = PRINTED[0], PRINTED[1], PRINTED[3]


def hashed(text: str) -> str:
    """The part of a paper's text that its hash is of; the hash that it tells is that of it."""
    whole, _, rest = text.partition("\nVERIFICATION ")
    said = re.search(r"SHA-256 of this paper's whole text ([0-9a-f]{64})", rest)
    assert said is not None
    assert said[1] == hashlib.sha256(whole.encode()).hexdigest()
    return whole


@pytest.mark.parametrize("path", [AGENDA, f"{PACK}&note=x", DRAFT])
def test_rep_340_a_paper_of_the_same_record_has_the_same_hash_whenever_it_is_printed(
    path: str, tmp_path: Path
) -> None:
    """Later, by another person, with another map shown: the hashed text is the same to the byte.

    With one entry more it is another, whatever the entry: the heads are a part of it.
    """
    area = tmp_path / "area.pmtiles"
    area.write_bytes(map_package())
    added = add_map(tmp_path / "maps", area, "our area")
    desk = Desk(signed=False, maps=tmp_path / "maps")
    told(desk.world)
    desk.clock.at = desk.world.now
    with desk.running() as client:
        rita, olga = person(client, READER), person(client, OPERATOR)
        first = rita.get(f"{path}&form=text").text
        desk.clock.at = later(desk.world.now, by_s=20.0)
        desk.world.observe(ALPHA, seen(desk.world.now, 150.0))  # of the journal alone
        again = olga.get(f"{path}&form=text&map={added.id}").text
        assert hashed(again) == hashed(first)
        assert again != first, "when it was printed, and what map was shown, stand beside it"
        page = olga.get(f"{path}&form=page").text
        assert hashlib.sha256(hashed(first).encode()).hexdigest() in page
        desk.world.settle(BRAVO, call("c-b-9", ALPHA))
        assert hashed(rita.get(f"{path}&form=text").text) != hashed(first)


def test_rep_340_an_agenda_is_another_once_a_date_has_passed() -> None:
    """What it says is late is a part of what it says, and of its moment."""
    world = World()
    told(world)
    world.settle(ALPHA, filed(action(BRAVO), BRAVO, name="a-2"))
    texts = []
    for after_s in (1_000.0, 2_000.0, 4_000.0, 9_000.0):
        asked = replace(basis(world), as_of=later(START, by_s=after_s))
        texts.append(hashed(print_papers(agenda_of(asked, party=None), "en")))
    assert texts[0] == texts[1] != texts[2] == texts[3]
    assert "overdue" not in texts[0]
    assert "overdue" in texts[2]
    assert "As alpha holds it at 2023-06-01T01:00:00Z" in texts[2]


def test_rep_340_whoever_holds_the_record_makes_the_same_hash_from_it(tmp_path: Path) -> None:
    """From an export, by `crosstell incident`: nothing of the node is needed for it."""
    desk = Desk(signed=False)
    world = desk.world
    world.sign()
    world.settle(ALPHA, filed(FILE, BRAVO, name="inc"))
    world.settle(ALPHA, call("c-1"))
    world.settle(BRAVO, stated(at(600.0), ALPHA, by=BRAVO, name="c-b"))
    world.settle(ALPHA, filed(action(BRAVO), BRAVO, name="a-1"))
    party = world.parties[ALPHA]
    desk.clock.at = world.now
    with desk.running() as client:
        rita = person(client, READER)
        texts = [hashed(rita.get(f"{one}&form=text").text) for one in (AGENDA, PACK, DRAFT)]
    choice = Choice(purpose=Purpose.SHARED, bodies=Bodies.HELD)
    export(party.store, tmp_path / "out", choice, party.keys().online)
    basis = read_one(tmp_path / "out", party.setting.protocol).basis()
    pack = pack_of(basis, incident="inc", roles=("duty-officer",), party=None)
    made = (agenda_of(basis, party=None), pack, readout_of(basis, incident="inc", party=None))
    assert [hashed(print_papers(one, "en")) for one in made] == texts


def test_rep_341_every_paper_carries_the_markings_of_all_that_it_tells_of() -> None:
    """An agenda is about no one file, and a pack may tell of what is marked otherwise."""
    desk = Desk(signed=False)
    told(desk.world)
    other = replace(stated(at(61.0), BRAVO, name="c-x"), marking="XQ-CLAIM")
    desk.world.settle(ALPHA, other)
    desk.world.settle(ALPHA, replace(filed(FILE, name="inc-9"), marking="XQ-FILE"))
    with desk.running() as client:
        rita = person(client, READER)
        for path, marked in (
            (AGENDA, "TEST; XQ-CLAIM; XQ-FILE."),
            (PACK, "TEST; XQ-CLAIM."),
            (DRAFT, "Marked: TEST."),
        ):
            for form in ("page", "text"):
                assert marked in rita.get(f"{path}&form={form}").text, (path, form)
                assert "işareti: TEST" in rita.get(f"{path}&lang=tr&form={form}").text
