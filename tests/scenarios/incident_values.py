"""The scenarios of what was published of real incidents: played once, and read by the tests."""

import os
import re
from functools import cache
from pathlib import Path

from incident_words import judging as judging

from crosstell.papers.told import Aftermath
from crosstell.replay.given.loading import load
from crosstell.replay.replaying import replay
from crosstell.replay.report.assemble import SEED, Made, play_one
from crosstell.replay.result import ReplayResult, RunResult
from crosstell.replay.text import print_text
from crosstell.replay.told_in import told_elsewhere

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DAY, AFTER = "2023-10-05-hasakah", "2023-10-06-after-hasakah"


@cache
def played(name: str) -> ReplayResult:
    return replay(SCENARIOS / name, again=True)


@cache
def made(name: str, run: str | None = None) -> Made:
    """One run of it, or its first one: what its report and its papers are made from."""
    loaded = load(SCENARIOS / name)
    return play_one(loaded, run, told_elsewhere(loaded, SEED))


def held(run: RunResult) -> Aftermath:
    """What all parties hold alike: everything told here is public."""
    (alike,) = run.aftermath
    return alike


def told(run: RunResult, matter: str, topic: str) -> tuple[list[str], tuple[str, ...]]:
    """The claims and differences of the first topic of a matter that begins so."""
    found = next(t for t in held(run).topics if t.matter == matter and t.topic.startswith(topic))
    return [one.text for one in found.claims], found.differences


def lines_of(aftermath: Aftermath) -> list[str]:
    """Every line of it, whoever speaks."""
    return [
        *(one.text for topic in aftermath.topics for one in topic.claims),
        *(line for topic in aftermath.topics for line in topic.differences),
        *(line for one in aftermath.agreed for line in one.lines),
        *aftermath.questions,
        *aftermath.readouts,
        *aftermath.joint_texts,
        *aftermath.actions,
        *aftermath.allegations,
        *aftermath.precedents,
    ]


def check_as_before(name: str) -> None:
    """Golden; rewritten by CROSSTELL_GOLDEN=rewrite, and a difference is read by a person.

    From the alerts or notices of each run to its record, which is its own proof.
    """
    text = print_text(played(name))
    runs = re.findall(r"^RUN .*?^  record of", text, re.MULTILINE | re.DOTALL)
    found = "\n".join(_from_its_findings(run) for run in runs)
    expected = SCENARIOS / name / "expected.txt"
    if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def _from_its_findings(run: str) -> str:
    start = re.search(r"^  (alerts  |notices,|adherence to|accounts and)", run, re.MULTILINE)
    assert start is not None, "a run tells something"
    return run[start.start() : run.rindex("  record of")]
