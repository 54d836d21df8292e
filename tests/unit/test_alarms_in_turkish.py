"""Every alarm that a node can raise is told in Turkish: NOD-441."""

import ast
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from node_pair import ALPHA, BRAVO, START, World
from test_told_in_turkish import MADE_IN, SOURCE, fits, forms, lacking, texts_of

from crosstell.core.ids import FeedId, NoticeId, PartyId
from crosstell.core.mechanism.screen.former import former_alarms
from crosstell.core.picture.former import Former, FormerNotice
from crosstell.shell.api.views.status import _abandoned
from crosstell.shell.clock import SystemClock
from crosstell.shell.live.pressure import Pressure
from crosstell.shell.rebuild import Rebuilt
from crosstell.shell.store.contract import Outcome, write_failed
from crosstell.shell.store.room import MIB, Room

OWN, JOURNAL = FeedId("ef" * 16), FeedId("ab" * 16)
RAISED = {  # what shows of a node that runs, by file; what stops a start is told elsewhere
    "shell/store/sqlite.py": ("Fatal", "Unavailable"),
    "shell/store/admission.py": ("Fatal",),
    "shell/high_water.py": ("Unavailable", "CallerError"),
    "shell/writer.py": ("Fatal",),
    "shell/rebuild.py": ("Fatal", "CallerError"),
    "shell/exchange.py": ("Alarm",),
    "shell/notes.py": ("Contradicted", "Alarm"),
    "shell/peers/alarms.py": ("Alarm",),
}
AT_A_START = "{}: the store is gone but its log {}-wal is there; a new store would swallow it. "
WHERE, HELD = "entry 5 of feed ", "{} is already held"


def raised_in(path: Path, kinds: tuple[str, ...]) -> Iterator[str]:
    """The text of every such error or alarm that a file of the code makes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for made in (one for one in ast.walk(tree) if isinstance(one, MADE_IN)):
        known: dict[str, list[ast.expr]] = {}
        for one in ast.walk(made):
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                known.setdefault(one.targets[0].id, []).append(one.value)
        for one in ast.walk(made):
            if isinstance(one, ast.Call) and getattr(one.func, "id", "") in kinds:
                for node in (*(key.value for key in one.keywords if key.arg == "text"), *one.args):
                    yield from texts_of(node, known)


def broken_rules() -> Iterator[str]:
    """What each rule of a feed says of an entry that breaks it."""
    tree = ast.parse((SOURCE / "core/record/feed.py").read_text(encoding="utf-8"))
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "_broken":
            yield from (f"{WHERE}{{}} {text}" for text in texts_of(one.args[2], {}))


def test_nod_441_every_alarm_made_in_the_code_has_its_form() -> None:
    """Each text by the words in it, so that one that is new or reworded is missed here."""
    made = {
        text for path, kinds in RAISED.items() for text in raised_in(SOURCE / path, kinds)
    } | set(broken_rules())
    made = {
        one.replace(HELD, f"store: feed {{}}, entry {HELD}")
        for one in made
        if not one.startswith(AT_A_START)
    }
    known = forms("alarms")
    assert len(made) > 25
    assert [one for one in sorted(made) if not any(fits(form, one) for form in known)] == []


def fault_of_clock(by_s: float) -> str:
    walls = iter((START, START + timedelta(seconds=by_s)))
    clock = SystemClock(wall=lambda: next(walls), steady=lambda: 0.0)
    clock.now()
    found = clock.trouble()
    assert found is not None
    return found


def short_of(free_mib: int, size_mib: int) -> str:
    """What is told of a disk that fills up."""
    on_it = SimpleNamespace(f_bavail=free_mib, f_blocks=size_mib, f_frsize=MIB)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "statvfs", lambda _folder: on_it)
        return Room(folders=(Path("/"),), free_mib_min=1_024).alarms()[0]


def refused(stood_s: float = 0.0) -> str:
    pressure = Pressure(steady=lambda: 1.0)
    pressure._refusal(5, 1.0, stood_s)
    (found,) = pressure.alarm()
    return found


def missing(
    own: int, journal: int, hollow: tuple[int, ...] = (), unmarked: int | None = None
) -> str:
    held = SimpleNamespace(
        own=SimpleNamespace(feed=OWN, size=own),
        journal=SimpleNamespace(feed=JOURNAL, size=journal),
        exchange=SimpleNamespace(hollow=hollow, unmarked=unmarked),
    )
    found = Rebuilt.missing(cast(Any, held), {OWN: 5, JOURNAL: 5})
    assert found is not None
    return found


def left_by(party: PartyId) -> str:
    state = World().state(ALPHA)
    notices = (FormerNotice(notice=NoticeId("z-1")),)
    left = Former(party=party, feed=OWN, ours=JOURNAL, said=0, notices=notices)
    (found,) = former_alarms(replace(state, setting=replace(state.setting, left=(left,))), START)
    return found


FULL, SHUT = "/n/store.sqlite: database or disk is full", "/n/store.sqlite is closed"
WHOLE: list[Callable[[], str]] = [
    lambda: fault_of_clock(9.0),
    lambda: fault_of_clock(-9.0),
    refused,
    lambda: refused(8.0),
    lambda: short_of(0, 64),
    lambda: short_of(1_023, 100_000),
    lambda: missing(3, 5),
    lambda: missing(5, 3),
    lambda: missing(5, 5, hollow=(2, 3)),
    lambda: missing(5, 5, unmarked=5),
    lambda: _abandoned("ValueError: no bytes", START) or "",
    lambda: left_by(BRAVO),
    lambda: left_by(ALPHA),
    *(lambda one=one: str(write_failed(FULL, one)) for one in Outcome),
    lambda: str(write_failed(SHUT, Outcome.NOTHING)),
    lambda: f"{WHERE}{OWN} has a time that is not after the entry before it",
    lambda: (
        "/n/marks: the marks cannot be written (No space left on device); free the disk or "
        "name another folder, then start the node again"
    ),
    lambda: (
        "/n/marks: the marks cannot be read (Input/output error), and nothing is signed; repair "
        "the disk, then start the node again"
    ),
    lambda: (
        "/n/marks: the marks that this node opened are not there any more, and nothing is signed. "
        "Mount their disk again, never an old copy, then start the node again"
    ),
]


@pytest.mark.parametrize("say", WHOLE)
def test_nod_441_a_fault_as_it_is_shown_is_whole_in_turkish(say: Callable[[], str]) -> None:
    sentence = say()
    assert sentence
    assert lacking(iter([("alarms", sentence)])) == []


@pytest.mark.parametrize("outcome", Outcome)
def test_run_472_a_failed_write_says_what_a_person_can_do(outcome: Outcome) -> None:
    said = str(write_failed(FULL, outcome))
    assert "The node drops what is in memory" in said
    assert "make room on the disk or mend it" in said
