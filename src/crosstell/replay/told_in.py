"""The accounts of an incident, as another scenario beside this one holds them as claims.

What was said afterwards is told once, with its sources, and shown where the day is replayed.
Implements REP-097.
"""

from dataclasses import dataclass
from pathlib import Path

from crosstell.core.errors import CallerError
from crosstell.papers.afterwards import aftermath_of
from crosstell.papers.told import Aftermath
from crosstell.replay.given.loading import Loaded, load
from crosstell.replay.given.runs import runs_of
from crosstell.replay.given.scenario import SourceText
from crosstell.replay.played.world import given_to, play


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldElsewhere:
    """What the parties hold afterwards there, from which scenario, and the sources it cites."""

    scenario: str
    held: tuple[Aftermath, ...]
    sources: tuple[SourceText, ...]


NOWHERE = ToldElsewhere(scenario="", held=(), sources=())


def folder_of(loaded: Loaded) -> Path | None:
    """The folder of the scenario in which it is told, beside this one; None if there is none."""
    named = loaded.scenario.told_in
    return None if named is None else loaded.folder.resolve().parent / named.scenario


def told_elsewhere(loaded: Loaded, seed: int) -> ToldElsewhere:
    """The accounts at the end of the run named; CallerError where it cannot be told so."""
    named, folder = loaded.scenario.told_in, folder_of(loaded)
    if named is None or folder is None:
        return NOWHERE
    if not folder.is_dir():  # this scenario was copied alone: that is said, and nothing is told
        return ToldElsewhere(scenario=named.scenario, held=(), sources=())
    other = load(folder)
    found = runs_of(other.scenario, named.run)
    if len(found) != 1:
        raise CallerError(
            f"{loaded.folder / 'scenario.yaml'}: told_in: {named.run} is {len(found)} runs of "
            f"{named.scenario}; name one"
        )
    (run,) = found
    return ToldElsewhere(
        scenario=named.scenario,
        held=aftermath_of(play(given_to(other, run), seed).states, run.spec.window.end),
        sources=_more(loaded, other),
    )


def not_told(told: ToldElsewhere) -> tuple[str, ...]:
    """That the scenario which tells what was said is not there, where it is not."""
    if not told.scenario or told.held:
        return ()
    return (
        f"What was said is told in scenario {told.scenario}, which does not lie beside this one; "
        "no claim of any side is shown.",
    )


def _more(loaded: Loaded, other: Loaded) -> tuple[SourceText, ...]:
    """The sources that only the other scenario lists; one number never stands for two texts."""
    own = {source.id: source for source in loaded.scenario.sources}
    for source in other.scenario.sources:
        if own.get(source.id, source) != source:
            raise CallerError(
                f"{other.folder / 'scenario.yaml'}: sources: {source.id} is another text in "
                f"{loaded.folder / 'scenario.yaml'}; number the two alike"
            )
    return tuple(source for source in other.scenario.sources if source.id not in own)
