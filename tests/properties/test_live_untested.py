"""What is kept of the alerts changes no answer: beside it, the same asked with nothing kept."""

from datetime import datetime

import pytest
from test_live_selection import JOURNAL, founded

from crosstell.core.detection.alert import AlertCleared, AlertLastKnown
from crosstell.core.mechanism.assess import alerted, judged
from crosstell.core.mechanism.assess.deciding import decided, filed
from crosstell.core.mechanism.assess.rising import next_rise_at, risen
from crosstell.core.mechanism.assess.untested import next_untested_at, untested
from crosstell.core.state.state import State


def play(seed: str, moves: int) -> tuple[int, int]:
    """The moves of one seed, each asked twice; how many alerts cleared, and became last known."""
    scene, cleared, lost = founded(seed), 0, 0
    before: list[tuple[State, datetime]] = []
    for _ in range(moves):
        scene.tell_time()
        for change in (scene.file, scene.own, scene.read):
            if scene.draw.random() < 0.3:
                change()
        changed = scene.observe() if scene.draw.random() < 0.6 else frozenset()
        tracks = scene.state.journal.tracks
        new = (
            *decided(scene.state, tracks, changed, scene.now),
            *filed(scene.state, None, scene.now),
        )
        for decision in new:
            scene.put(JOURNAL, decision, None)
        before.append((scene.state, scene.now))
        drawn = scene.draw.sample(before, min(2, len(before)))
        for state, now in (*drawn, before[-1]):
            found = untested(state, now), risen(state, now)
            times = next_untested_at(state), next_rise_at(state, now)
            kept = dict(alerted._KEPT), dict(judged._KEPT)
            alerted._KEPT.clear()
            judged._KEPT.clear()
            assert (untested(state, now), risen(state, now)) == found, seed
            assert (next_untested_at(state), next_rise_at(state, now)) == times, seed
            alerted._KEPT.update(kept[0])
            judged._KEPT.update(kept[1])
        for decision in untested(scene.state, scene.now):
            cleared += isinstance(decision, AlertCleared)
            lost += isinstance(decision, AlertLastKnown)
            scene.put(JOURNAL, decision, None)
    return cleared, lost


@pytest.mark.parametrize("part", range(2))
def test_what_is_kept_of_alerts_changes_no_answer(part: int) -> None:
    """MEC-015: as time passes or goes back, and of states of before."""
    total = [play(f"untested {part} {number}", moves=12) for number in range(4)]
    assert min(sum(one) for one in zip(*total, strict=True)) > 0, total


@pytest.mark.long
@pytest.mark.parametrize("part", range(40))
def test_nor_does_it_in_many_more_pictures(part: int) -> None:
    """MEC-015."""
    for number in range(25):
        play(f"untested, long, {part} {number}", moves=25)
