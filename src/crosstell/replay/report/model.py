"""What the report is made from: one run with its accounts, and two pictures where there are two."""

from dataclasses import dataclass

from crosstell.papers.told import Aftermath, IncidentTold, TopicTold
from crosstell.replay.report.pictures import PicturesTold
from crosstell.replay.result import ReplayResult, RunResult, TimelineItem

LEFT_OUT = frozenset({"line-test", "ladder", "claim"})  # of the timeline; claims stand above it


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """One incident, from one run or one record. `summary` has ten lines at most.

    `origin` says what it was made from; `pictures` is what two pictures of one traffic differ in,
    or why that cannot be tested.
    """

    origin: str
    incident: IncidentTold | None
    summary: tuple[str, ...]
    result: ReplayResult
    run: RunResult
    pictures: PicturesTold


def held_in(report: IncidentReport) -> tuple[Aftermath, ...]:
    """The accounts that the run holds; where it holds none, those told beside it."""
    return report.run.aftermath or report.result.told


def files_of(report: IncidentReport) -> tuple[IncidentTold, ...]:
    """The files that the report tells of: the one that was asked for, or all that are held."""
    if report.incident is not None:
        return (report.incident,)
    held = (one for side in held_in(report) for one in side.incidents)
    return tuple({(one.kept_by, one.paper): one for one in held}.values())


def is_quiet(run: RunResult) -> bool:
    """Whether nothing was raised, called, filed or put on the air in it."""
    asked = any(call.kind != "test" for call in run.calls)
    return not (run.alerts or asked or run.notices or run.broadcasts)


def items_of(report: IncidentReport) -> tuple[TimelineItem, ...]:
    """The items that the report's timeline shows."""
    return tuple(item for item in report.run.timeline if item.kind not in LEFT_OUT)


def topics_of(held: Aftermath, incident: IncidentTold | None) -> tuple[TopicTold, ...]:
    """The topics of an incident's matters, or all of them where there is no file of one."""
    if incident is None:
        return held.topics
    return tuple(topic for topic in held.topics if topic.matter in incident.matters)


def checks_of(result: ReplayResult, run: RunResult) -> tuple[str, ...]:
    """The commands that recompute the hashes that stand in a report or paper. REP-170.

    Of a record, EXPORT and DOCUMENT stand for the reader's own copies.
    """
    if not result.scenario:
        return (
            "crosstell record export --store STORE --keys KEYS --out EXPORT",
            "crosstell record verify EXPORT --entries",
            "crosstell protocol check DOCUMENT",
        )
    return (
        f"crosstell record replay {result.scenario} --run {run.name} --out RECORD",
        *(f"crosstell record verify RECORD/{feed.party} --entries" for feed in run.record),
        f"crosstell protocol check {result.scenario}/protocol.yaml",
    )
