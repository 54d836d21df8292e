"""What the collector of cycles goes through, and that no cycle stays: NOD-521 to NOD-523."""

import gc
import importlib
import sys
import weakref
from collections.abc import Iterator

import pytest
from sampling import thinned

from crosstell.cli.commands import Commands, Held
from crosstell.shell.live import collecting as subject
from crosstell.shell.live.collecting import LONG_S, Collecting, uncollected


class Ring:
    """A cycle of one object, which only the collector gives back."""

    def __init__(self) -> None:
        self.itself = self


class Steady:
    """A clock by which everything takes `takes_s`."""

    takes_s = 0.0
    _now_s = 0.0

    def __call__(self) -> float:
        self._now_s += self.takes_s
        return self._now_s


@pytest.fixture
def steady() -> Iterator[Steady]:
    """With nothing set aside, before and after."""
    gc.unfreeze()
    gc.collect()
    yield Steady()
    gc.unfreeze()


@pytest.fixture
def watched(steady: Steady) -> Iterator[Collecting]:
    found = Collecting(steady)
    found.begin()
    yield found
    found.end()


def test_nod_521_what_a_long_collection_went_through_is_set_aside(
    watched: Collecting, steady: Steady
) -> None:
    held = [Ring() for _ in range(1_000)]
    steady.takes_s = LONG_S
    gc.collect(2)
    assert (gc.get_freeze_count(), watched.long) == (0, 0), "it was short"
    steady.takes_s = LONG_S + 0.001
    gc.collect(1)
    assert gc.get_freeze_count() == 0, "it was not full"
    gc.collect(2)
    assert watched.long == 1
    assert gc.get_freeze_count() > len(held)
    assert len(gc.get_objects()) < len(held), "the next does not go through them"
    assert watched.longest_s == pytest.approx(LONG_S + 0.001)


@pytest.mark.parametrize("rounds", thinned((12, 40), every=2))
def test_nod_522_no_cycle_stays_for_ever(
    watched: Collecting, steady: Steady, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    """However many become garbage, set aside before that or not, and however often."""
    monkeypatch.setattr(subject, "ALL_EACH", 5)
    steady.takes_s = 2 * LONG_S
    seen: list[weakref.ref[Ring]] = []
    most = 0
    for _ in range(rounds):
        young, aside = Ring(), Ring()
        lost = weakref.ref(young)
        seen.append(weakref.ref(aside))
        del young
        gc.collect(2)
        assert lost() is None, "what was not set aside goes at once"
        del aside
        most = max(most, sum(one() is not None for one in seen))
    assert watched.long == rounds
    assert 2 <= most <= 6, "set aside, they stay, but not for ever"


def test_nod_523_what_is_made_meanwhile_is_not_gone_through(steady: Steady) -> None:
    assert steady.takes_s == 0.0
    with uncollected():
        assert not gc.isenabled()
        held = [Ring() for _ in range(1_000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() > len(held)
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 / 0
    assert gc.isenabled(), "also after a fault"


def test_nod_523_a_command_is_loaded_without_the_collector(
    steady: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is on again for what the command does."""
    assert steady.takes_s == 0.0
    was: list[bool] = []
    load = importlib.import_module

    def loading(name: str) -> object:
        if name == "crosstell.cli.place":
            was.append(gc.isenabled())
        return load(name)

    monkeypatch.setattr(importlib, "import_module", loading)
    monkeypatch.delitem(sys.modules, "crosstell.cli.place", raising=False)
    held = Commands("all", held={"place": Held("place:place", "")})
    for _ in range(2):
        found = held.get_command(None, "place")  # type: ignore[arg-type]
        assert found is not None
    assert (was, gc.isenabled()) == ([False], True), "loaded once"
