"""The published schemas: what a scenario's files hold, and what a replay gives back.

`docs/schemas/` has them under these names; a test says when they are stale. Inputs, legs and habits
are described as they are once their forms are replaced. Implements REP-042.
"""

import json

from crosstell.codecs.schema import document_schema
from crosstell.replay.given.scenario import Scenario
from crosstell.replay.given.timed import Leg, TimedInput
from crosstell.replay.result_json import print_schema
from crosstell.sim.people import Habit


def published() -> dict[str, str]:
    """Each schema's file name and its text."""
    documents = {
        "replay-scenario.json": document_schema(Scenario, title="scenario.yaml of a scenario"),
        "replay-input.json": document_schema(TimedInput, title="one input, its forms replaced"),
        "replay-leg.json": document_schema(Leg, title="one leg, its forms replaced"),
        "replay-habit.json": document_schema(Habit, title="one habit, its forms replaced"),
    }
    texts = {
        name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for name, schema in documents.items()
    }
    return {**texts, "replay-result.json": print_schema()}
