"""Two parties keep incident files of one id: whatever is filed about either, nothing mixes.

The oracle is written from what was asked alone: who filed which paper, and whose file it named. It
looks at no view. Proves INC-340, INC-342.
"""

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, World
from sampling import examples
from test_mechanism_papers import FILE, TEXT, action, filed

from crosstell.core.ids import PartyId
from crosstell.core.incident.paper import FromRecord, JointText, Readout, View
from crosstell.core.mechanism.after.chronicle import RowKind, chronicle
from crosstell.core.mechanism.after.papers import adrift, is_file, papers_of
from crosstell.core.mechanism.after.review import own_readout, senior_page
from crosstell.shell.api.views.held import Moment
from crosstell.shell.api.views.incidents import incident, incidents

BOTH = (ALPHA, BRAVO)
KINDS = ("readout", "joint", "action")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One paper as it was asked for; `names` is the keeper that it names, if it names one."""

    kind: str
    by: PartyId
    names: PartyId | None

    @property
    def about(self) -> PartyId:
        return self.by if self.names is None else self.names


papers = st.lists(
    st.builds(
        Filed,
        kind=st.sampled_from(KINDS),
        by=st.sampled_from(BOTH),
        names=st.sampled_from((None, *BOTH)),
    ),
    max_size=6,
)


def _content(one: Filed, words: str) -> Readout | JointText:
    if one.kind == "joint":
        return replace(TEXT, sentences=(words,), kept_by=one.names)
    said: tuple[FromRecord | View, ...] = (View(text=words),)
    return Readout(
        incident="inc", occasion="a call", language="en", sentences=said, kept_by=one.names
    )


def sentence(line: str) -> str:
    """What a readout says, without whose it is and its quotation marks."""
    return line.split(": ")[1].strip("“”")


def _file(world: World, given: list[Filed]) -> None:
    for n, one in enumerate(given):
        (other,) = set(BOTH) - {one.by}
        words = f"words {n}."
        if one.kind == "action":
            proposed = replace(action(other), text=words, kept_by=one.names)
            world.settle(one.by, filed(proposed, other, name=f"p-{n}"))
        else:
            world.settle(one.by, filed(_content(one, words), other, name=f"p-{n}"))


@given(given=papers, keepers=st.sampled_from((BOTH, (ALPHA,), ())))
@settings(max_examples=examples(40))
def test_what_is_filed_about_one_partys_file_is_on_no_page_of_the_others(
    given: list[Filed], keepers: tuple[PartyId, ...]
) -> None:
    """INC-340 and INC-342: every page and count has the papers about its own file, and no other."""
    world = World()
    _file(world, given)  # before any file, so that none is refused for want of one
    for keeper in keepers:
        (other,) = set(BOTH) - {keeper}
        world.settle(keeper, filed(FILE, other, name="inc"))
    for party in BOTH:
        state = world.state(party)
        now = Moment(state=state, at=world.now, arrivals=0)
        files = {one.of: one for one in papers_of(state) if is_file(one)}
        assert set(files) == set(keepers)
        rows = {one.kept_by: one for one in incidents(now).incidents}
        for keeper, held in files.items():
            mine = [(n, one) for n, one in enumerate(given) if one.about == keeper]
            texts = {kind: {f"words {n}." for n, one in mine if one.kind == kind} for kind in KINDS}
            told = incident(now, held)
            assert {r.readout.sentences[0].text for r in told.readouts} == texts["readout"]
            assert {j.sentences[0] for j in told.joint_texts} == texts["joint"]
            assert {a.text for a in told.actions} == texts["action"]
            row = rows[keeper]
            assert (row.readouts, row.open_actions) == (
                len(texts["readout"]),
                len(texts["action"]),
            )
            lines = [one.text for one in chronicle(state, held).rows if one.kind is RowKind.PAPER]
            named = {n for n in range(len(given)) if any(f" p-{n}," in line for line in lines)}
            assert named == {n for n, _ in mine}
            files_told = [line for line in lines if "its file of the incident" in line]
            assert [line.split()[0] for line in files_told] == [keeper]
            said = {sentence(one.text) for one in senior_page(state, held).said_in_readouts}
            assert said == texts["readout"]
            ours = {f"words {n}." for n, one in mine if (one.by, one.kind) == (party, "readout")}
            assert {sentence(one.text) for one in own_readout(state, held)} == ours
        lost = {f"p-{n}" for n, one in enumerate(given) if one.about not in keepers}
        assert {one.paper.paper for one in adrift(state)} == lost
        assert {one.paper for one in incidents(now).adrift} == lost
