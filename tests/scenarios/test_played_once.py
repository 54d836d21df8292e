"""Ends of ranges share their plays: what comes of one run and the same values is played once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosstell.replay import replaying
from crosstell.replay.found.assemble import leads_only
from crosstell.replay.given.loading import Loaded, load
from crosstell.replay.given.runs import runs_of
from crosstell.replay.given.scenario import Duration, RangeSpec
from crosstell.replay.played.trace import Played
from crosstell.replay.played.world import Given, given_to, play
from crosstell.replay.result import Stage

FOLDER = Path(__file__).parent / "small"
SEED = 1


def loaded() -> Loaded:
    """The small scenario, whose delay is the least that is possible, with a range thrice."""
    found = load(FOLDER)
    (delay,) = found.scenario.assumptions
    least = replace(delay, quantity=Duration(value_s=1.0, low_s=1.0, high_s=5.0))
    untils = (datetime(2019, 6, 19, hour, 19, tzinfo=UTC) for hour in (22, 23))
    ranges = tuple(
        RangeSpec(run="silent", point="loss", stage=Stage.PLACED, assumptions=("delay",), until=end)
        for end in (*untils, None)
    )
    return replace(found, scenario=replace(found.scenario, assumptions=(least,), ranges=ranges))


def test_run_503_one_run_with_the_same_values_is_played_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And each end has what a play of its own, up to where it asks, would give it."""
    given = loaded()
    played: list[float] = []

    def counted(one: Given, seed: int, *, until: datetime | None = None) -> Played:
        played.append(one.run.number("delay"))
        assert until is None, "as far as the one that asks for most"
        return play(one, seed, until=until)

    monkeypatch.setattr(replaying, "play", counted)
    ends = replaying._ends(given)
    plays = replaying._plays(replaying._given(given, runs_of(given.scenario)), ends)
    answers = [replaying._played(given, one, SEED) for one in plays]
    assert played == [1.0, 5.0]
    assert [answer.result is not None for answer in answers] == [True, False]
    found = {place: end.lead_minutes for answer in answers for place, end in answer.ends}
    alone = []
    for end in ends:
        there = play(given_to(given, end.run), SEED, until=end.spec.until)
        lead = next(one for one in leads_only(given, end.run, there) if one.stage == end.spec.stage)
        alone.append(lead.lead_minutes)
    assert [found[place] for place in range(len(ends))] == alone
    assert None in alone
    assert 15.0 in alone, "the call lies after the first limits and before the end"


def test_run_503_no_end_is_played_further_than_one_asks() -> None:
    given = loaded()
    early = tuple(one for one in given.scenario.ranges if one.until is not None)
    plays = replaying._plays(
        [], replaying._ends(replace(given, scenario=replace(given.scenario, ranges=early)))
    )
    assert {one.until() for one in plays} == {max(one.until for one in early if one.until)}
