"""Every table: who is refused when, by name; every pair decided; the document is not stale."""

from pathlib import Path
from typing import Any

import pytest

from crosstell.core.line.diagram import MACHINES, document, mermaid
from crosstell.core.table import Table, Verdict

DOCUMENT = Path(__file__).parents[2] / "docs" / "line-machines.md"

REFUSED: dict[str, dict[str, str]] = {
    "call": {
        "not-placed": "correct check-read-back renew lift propose-summary "
        "close-on-summary close-without-summary disregard",
        "open": "close-on-summary",
        "lifted": "correct renew close-on-summary",
        "summary-proposed": "renew lift",
        "closed": "correct check-read-back renew lift propose-summary disregard",
        "disregarded": "correct check-read-back renew lift propose-summary "
        "close-on-summary close-without-summary",
    },
    "acknowledgement": {
        "unseen": "pass-on act confirm-summary",
        "delivered": "pass-on act confirm-summary",
    },
    "answer": {
        "none": "correct-to-check correct-to-stand-by correct-to-settle",
        "checking": "correct-to-stand-by",
        "standing-by": "stand-by correct-to-stand-by",
        "answered": "stand-by correct-to-stand-by",
    },
    "voice-log": {
        "unlogged": "correct",
    },
    "broadcast": {
        "unsent": "report-heard",
    },
    "watch": {
        "vacant": "relieve",
        "held": "take",
    },
    "duress": {},
    "ladder": {
        "unopened": "reach reach-top end",
        "ended": "open reach reach-top",
    },
    "line": {},
}

REPEATS: dict[str, dict[str, str]] = {
    "call": {
        "open": "place",
        "lifted": "place lift",
        "summary-proposed": "place",
        "closed": "place close-on-summary close-without-summary",
        "disregarded": "place disregard",
    },
    "acknowledgement": {
        "delivered": "deliver",
        "received": "deliver receive",
        "read-back": "deliver receive",
        "passed-on": "deliver receive",
        "acted-on": "deliver receive",
    },
    "answer": {},
    "voice-log": {
        "logged": "log",
        "corrected": "log",
    },
    "broadcast": {
        "sent": "send",
        "said-heard": "send",
    },
    "watch": {},
    "duress": {
        "heard": "hear",
    },
    "ladder": {
        "climbing": "open",
        "at-top": "open reach reach-top",
        "ended": "end",
    },
    "line": {
        "reported-down": "report-down",
        "reported-up": "report-up",
    },
}


TABLES = [table for table, _ in MACHINES]


def found(table: Table[Any, Any], verdict: Verdict) -> dict[str, str]:
    rows: dict[str, list[str]] = {}
    for (state, event), answer in table.rows.items():
        if answer is verdict:
            rows.setdefault(state.value, []).append(event.value)
    return {state: " ".join(events) for state, events in rows.items()}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_line_002_the_refused_pairs_and_the_repeats_are_these(table: Table[Any, Any]) -> None:
    assert found(table, Verdict.REFUSED) == REFUSED[table.name]
    assert found(table, Verdict.DUPLICATE) == REPEATS[table.name]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_line_002_every_pair_has_one_of_three_answers(table: Table[Any, Any]) -> None:
    product = {(state, event) for state in table.states for event in table.events}
    assert set(table.rows) == product
    moves = [a for a in table.rows.values() if not isinstance(a, Verdict)]
    refused = sum(len(e.split()) for e in REFUSED[table.name].values())
    repeats = sum(len(e.split()) for e in REPEATS[table.name].values())
    assert len(moves) + refused + repeats == len(product)


@pytest.mark.parametrize("name", ["acknowledgement", "answer"])
def test_line_021_no_arrow_lowers_a_stage_or_an_answer(name: str) -> None:
    table = next(table for table in TABLES if table.name == name)
    order = [state for state in table.states]
    rank = {state: number for number, state in enumerate(order)}
    arrows = [(s, a) for (s, _), a in table.rows.items() if not isinstance(a, Verdict)]
    assert all(rank[after] >= rank[before] for before, after in arrows)


def test_line_001_every_machine_names_its_one_owner() -> None:
    owners = {table.name: owner for table, owner in MACHINES}
    assert len(owners) == len(MACHINES)
    assert owners["call"].startswith("the caller")
    assert owners["acknowledgement"] == owners["answer"]
    assert all("journal" in owners[n] for n in ("watch", "duress", "ladder", "line"))


def test_line_003_the_document_of_the_machines_is_drawn_from_the_tables() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()
    assert "open --> lifted : lift" in mermaid(TABLES[0])
