"""A party's own understanding of a rule, stated by a person."""

from node_pair import ALPHA, BRAVO, World, roz
from test_mechanism_pairs import flies

from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.ids import RuleId
from crosstell.core.protocol.rule import Minima
from crosstell.core.protocol.understanding import UnderstandingStated


def stated(world: World, rule: str, minima: Minima | None) -> UnderstandingStated:
    digest = world.parties[ALPHA].setting.digest
    return UnderstandingStated(
        protocol=digest, rule=RuleId(rule), text="as we read it", minima=minima
    )


def test_figures_that_nothing_evaluates_are_refused_and_words_stand() -> None:
    """MEC-083: a duty that a person judges has no minima; the words alone are a reading."""
    world = World()
    no = world.act(ALPHA, stated(world, "restraint", Minima(lateral_m=500.0))).no
    assert isinstance(no, Refused)
    assert no.code is RefusalCode.WRONG_STATE
    assert "a person judges" in no.text
    world.settle(ALPHA, stated(world, "restraint", None))


def test_figures_that_are_evaluated_stand_and_alert_under_their_partys_name() -> None:
    """MEC-083, MEC-084: wide minima reach a track that the text of the protocol leaves out."""
    world = World()
    world.settle(BRAVO, roz("roz-b", ALPHA))
    world.settle(ALPHA, stated(world, "zone-entry", Minima(lateral_m=90_000.0)))
    flies(world, 130_000.0)
    assert {alert.key.reading for alert in world.alerts(ALPHA)} == {ALPHA}
