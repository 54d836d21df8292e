"""The report of one run of a scenario, or of one record: everything in it, in one value."""

from dataclasses import dataclass, replace
from pathlib import Path

from crosstell.core.errors import CallerError
from crosstell.core.protocol.document import Protocol
from crosstell.papers.model import Basis, file_named
from crosstell.papers.told import Aftermath, IncidentTold
from crosstell.replay.found.assemble import result_of
from crosstell.replay.given.loading import Loaded, load
from crosstell.replay.given.runs import runs_of
from crosstell.replay.played.trace import Played
from crosstell.replay.played.world import given_to, play
from crosstell.replay.recorded.result import read_record
from crosstell.replay.replaying import assembled
from crosstell.replay.report.model import IncidentReport, checks_of, topics_of
from crosstell.replay.report.pictures import pictures_of
from crosstell.replay.report.summary import summary_of
from crosstell.replay.result import ReplayResult
from crosstell.replay.told_in import NOWHERE, ToldElsewhere, told_elsewhere
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.shipped.reference_map import reference_map_digest

SEED = 1  # from which all chance of a replayed run is drawn, as where no other is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One run or one record: its result, what each party knows at its end, and what it was."""

    result: ReplayResult
    played: Played
    origin: str

    def basis(self) -> Basis:
        """What papers of it are made from."""
        (run,) = self.result.runs
        return Basis(
            states=self.played.states,
            origin=self.origin,
            mode=self.result.mode,
            heading=self.result.heading,
            as_of=run.ends,
            keys=self.result.keys,
            record=run.record,
            record_digest=run.record_digest,
            protocol_digest=self.result.protocol_digest,
            warnings=run.warnings,
            aftermath=run.aftermath,
            map_digest=reference_map_digest(),
            checks=checks_of(self.result, run),
        )


def report_of_run(folder: Path, *, run: str | None, incident: str | None) -> IncidentReport:
    """The report of one run of the scenario in `folder`; without `run`, of its only or first one.

    CallerError names what there is to choose from.
    """
    loaded = load(folder)
    return report_of(play_one(loaded, run, told_elsewhere(loaded, SEED)), incident=incident)


def report_of_record(
    source: Path, protocol: Protocol, *, incident: str | None, tell: Tell = untold
) -> IncidentReport:
    """The report of what one party's store or export holds, under the document given.

    Meanwhile `tell` is told how much of the record was verified.
    """
    return report_of(read_one(source, protocol, tell), incident=incident)


def play_one(loaded: Loaded, run: str | None, told: ToldElsewhere = NOWHERE) -> Made:
    """One run of a scenario, played; CallerError where `run` names several."""
    found = runs_of(loaded.scenario, run)
    if run is not None and len(found) != 1:
        names = ", ".join(one.name for one in found)
        raise CallerError(f"--run {run}: names several runs; choose one of: {names}")
    played = play(given_to(loaded, found[0]), SEED)
    result = result_of(loaded, found[0], played)
    whole = replace(assembled(loaded, (result,), (), SEED, told), findings=())
    origin = f"replay of scenario {whole.scenario}, run {result.name}, seed {SEED}"
    return Made(result=whole, played=played, origin=origin)


def read_one(source: Path, protocol: Protocol, tell: Tell = untold) -> Made:
    """What one party's store or export holds, read back."""
    result, played = read_record(source, protocol, tell)
    keeper = next(iter(played.states))
    return Made(result=result, played=played, origin=f"record as party {keeper} holds it")


def report_of(made: Made, *, incident: str | None) -> IncidentReport:
    """The report of what was made of one run or one record; of one incident of it, if named."""
    result = made.result
    conversions = next(iter(made.played.states.values())).setting.local_conversions
    (run,) = result.runs
    held = run.aftermath or result.told
    chosen = _incident(held, incident)
    about = tuple(_about(one, chosen) for one in held)
    kept = replace(run, aftermath=about)
    pictures = pictures_of(made.played.trace, conversions)
    topics = tuple(dict.fromkeys(topic for one in about for topic in one.topics))
    return IncidentReport(
        origin=made.origin,
        incident=chosen,
        summary=summary_of(result, kept, pictures, topics),
        result=replace(result, runs=(kept,)),
        run=kept,
        pictures=pictures,
    )


def _about(held: Aftermath, incident: IncidentTold | None) -> Aftermath:
    """What is held of the incident: its topics, the questions they raise, the papers about it."""
    if incident is None:
        return held
    files = tuple(one for one in held.incidents if _is(one, incident))
    topics = topics_of(held, incident)
    refs = {claim.ref for topic in topics for claim in topic.claims}
    return replace(
        held,
        topics=topics,
        questions=tuple(line for line in held.questions if refs & _refs_in(line)),
        incidents=files,
        agreed=tuple(one for one in held.agreed if one.matter in incident.matters),
        readouts=tuple(line for one in files for line in one.readouts),
        joint_texts=tuple(line for one in files for line in one.joint_texts),
        actions=tuple(line for one in files for line in one.actions),
        precedents=tuple(line for one in files for line in one.precedents),
    )


def _refs_in(question: str) -> set[str]:
    """The entries that a question names, in the brackets that end it."""
    listed = question.rpartition("[")[2].rstrip("]")
    return {ref for some in listed.split("; ") for ref in some.split(" and ")}


def _is(one: IncidentTold, other: IncidentTold) -> bool:
    return (one.kept_by, one.paper) == (other.kept_by, other.paper)


def _incident(held: tuple[Aftermath, ...], name: str | None) -> IncidentTold | None:
    """The incident's file of that name, or of that keeper and name; CallerError says which."""
    if name is None:
        return None
    kept_by, incident = file_named(name)
    files = {(one.kept_by, one.paper): one for side in held for one in side.incidents}
    found = [
        one
        for (keeper, paper), one in files.items()
        if paper == incident and kept_by in (None, keeper)
    ]
    if not found:
        there = ", ".join(sorted(f"{keeper}/{paper}" for keeper, paper in files)) or "none"
        raise CallerError(f"--incident {name}: no such file is held; there is: {there}")
    if len(found) > 1:
        keepers = ", ".join(sorted(f"{one.kept_by}/{one.paper}" for one in found))
        raise CallerError(f"--incident {name}: several keep one; name it as: {keepers}")
    return found[0]
