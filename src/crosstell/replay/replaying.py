"""A whole replay: every run through real nodes, then each range at both of its ends.

One call, one result: the same folder, seed and version give the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crosstell.codecs.protocol_file import digest_of
from crosstell.codecs.yaml_document import DocumentFault, DocumentRefused
from crosstell.replay.claims import Statement, Topic
from crosstell.replay.found.assemble import leads_only, result_of
from crosstell.replay.found.leads import labels_of
from crosstell.replay.found.words import findings_of
from crosstell.replay.given.loading import Loaded, load
from crosstell.replay.given.runs import Run, bounds_of, runs_of, shown, shown_range, with_value
from crosstell.replay.given.scenario import Choice, RangeSpec, Scenario
from crosstell.replay.kept import keep, key_of, read_kept
from crosstell.replay.played.founding import KEYS_SAID
from crosstell.replay.played.world import Given, given_to, play
from crosstell.replay.result import (
    HEADING,
    RESULT_FORMAT,
    AssumptionUsed,
    LeadRange,
    PartyShown,
    PointShown,
    RangeEnd,
    ReplayResult,
    RunResult,
    Source,
)
from crosstell.replay.spread import spread
from crosstell.replay.told_in import NOWHERE, ToldElsewhere, folder_of, not_told, told_elsewhere
from crosstell.shell.archive.far import Tell, untold


def replay(
    folder: Path,
    *,
    only: str | None = None,
    seed: int = 1,
    again: bool = False,
    say: Callable[[str], None] = lambda _text: None,
    tell: Tell = untold,
) -> ReplayResult:
    """The replay of a scenario's folder: all its runs, or those that `only` names.

    Everything is read and checked before anything runs; CallerError names every fault. The result
    kept from last time is shown if nothing that it depends on has changed, unless `again`; then
    `say` is told so. Meanwhile `tell` is told how many runs of how many are played.
    """
    loaded = load(folder)
    chosen = _given(loaded, runs_of(loaded.scenario, only))
    beside = folder_of(loaded)
    key = key_of(folder, only, seed, () if beside is None else (beside,))
    kept = None if again else read_kept(key)
    if kept is not None:
        say("Shown from the last replay, on which nothing has changed; --again plays it anew.")
        return kept
    ends = [] if only is not None else _ends(loaded)
    tasks: list[Given | _End] = [*chosen, *ends]

    def work(task: Given | _End) -> RunResult | RangeEnd:
        if isinstance(task, _End):
            return _end(loaded, task, seed)
        return result_of(loaded, task.run, play(task, seed))

    told = told_elsewhere(loaded, seed)
    answers = spread(work, tasks, tell)
    runs = tuple(found for found in answers if isinstance(found, RunResult))
    reached = [found for found in answers if isinstance(found, RangeEnd)]
    result = assembled(loaded, runs, _ranges(loaded, ends, reached), seed, told)
    keep(key, result)
    return result


def _given(loaded: Loaded, runs: tuple[Run, ...]) -> list[Given]:
    """What every run is made from; the faults of all runs together, each once."""
    found: list[Given] = []
    faults: dict[DocumentFault, None] = {}
    for run in runs:
        try:
            found.append(given_to(loaded, run))
        except DocumentRefused as refused:
            faults |= dict.fromkeys(refused.faults)
    if faults:
        raise DocumentRefused(tuple(faults))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One end of a range that is to be played."""

    spec: RangeSpec
    assumption: str
    run: Run


def _ends(loaded: Loaded) -> list[_End]:
    """Every end of every range of the scenario; all else as in the run that the range names."""
    found = []
    for spec in loaded.scenario.ranges:
        base = runs_of(loaded.scenario, spec.run)[0]
        for name in spec.assumptions:
            quantity = base.values[name]
            values: tuple[float | str, ...] = (
                quantity.of if isinstance(quantity, Choice) else bounds_of(quantity)
            )
            found += [
                _End(spec=spec, assumption=name, run=with_value(base, name, value))
                for value in values
            ]
    return found


def _end(loaded: Loaded, end: _End, seed: int) -> RangeEnd:
    played = play(given_to(loaded, end.run), seed, until=end.spec.until)
    leads = leads_only(loaded, end.run, played)
    wanted = (end.spec.point, end.spec.stage)
    lead = next(lead for lead in leads if (lead.point, lead.stage) == wanted)
    value = shown(end.run.values[end.assumption])
    return RangeEnd(value=value, lead_minutes=lead.lead_minutes)


def _ranges(loaded: Loaded, ends: list[_End], reached: list[RangeEnd]) -> tuple[LeadRange, ...]:
    """The ends, together again as ranges, in the order of the file."""
    labels = labels_of(loaded.scenario)
    titles = {a.id: a.title for a in loaded.scenario.assumptions}
    found: dict[tuple[RangeSpec, str], list[RangeEnd]] = {}
    for end, answer in zip(ends, reached, strict=True):
        found.setdefault((end.spec, end.assumption), []).append(answer)
    return tuple(
        LeadRange(
            run=spec.run,
            point=spec.point,
            stage=spec.stage,
            varied=f"{labels[name]} {titles[name]}",
            ends=tuple(answers),
        )
        for (spec, name), answers in found.items()
    )


def assembled(
    loaded: Loaded,
    runs: tuple[RunResult, ...],
    ranges: tuple[LeadRange, ...],
    seed: int,
    told: ToldElsewhere = NOWHERE,
) -> ReplayResult:
    """The result as a whole, with what the scenario says of itself."""
    scenario = loaded.scenario
    return ReplayResult(
        format=RESULT_FORMAT,
        heading=HEADING,
        scenario=loaded.folder.resolve().name,
        title=scenario.title,
        about=scenario.about,
        mode=scenario.mode.value,
        seed=seed,
        keys=KEYS_SAID,
        protocol_digest=digest_of(loaded.protocol),
        main_point=scenario.watch.counted_to,
        points=tuple(
            PointShown(
                id=point.id,
                title=point.title,
                at=point.at,
                status=point.status,
                sources=point.sources,
                earlier_by=point.earlier_by or "",
                counts_from=point.counts_from,
            )
            for point in scenario.points
        ),
        parties=tuple(
            PartyShown(id=party.id, name=party.title, components=_components(loaded, party.id))
            for party in scenario.parties
        ),
        assumptions=_assumptions(scenario),
        sources=tuple(
            Source(id=source.id, title=source.title, address=source.address)
            for source in (*scenario.sources, *told.sources)
        ),
        accounts=_accounts(scenario),
        told_in=told.scenario,
        told=told.held,
        findings=(*findings_of(scenario, runs, ranges), *not_told(told)),
        ranges=ranges,
        runs=runs,
    )


def _components(loaded: Loaded, party: str) -> tuple[str, ...]:
    found = next(p for p in loaded.protocol.parties if p.id == party)
    return tuple(f"{component.id}: {component.title}" for component in found.components)


def _assumptions(scenario: Scenario) -> tuple[AssumptionUsed, ...]:
    labels = labels_of(scenario)
    return tuple(
        AssumptionUsed(
            id=a.id,
            label=labels[a.id],
            name=a.title,
            value=shown(a.quantity),
            range=shown_range(a.quantity),
            why=a.why,
            source=a.source,
        )
        for a in scenario.assumptions
    )


def _accounts(scenario: Scenario) -> tuple[Topic, ...]:
    return tuple(
        Topic(
            topic=account.topic,
            statements=tuple(
                Statement(
                    party=said.party,
                    text=said.text,
                    status=said.status,
                    sources=said.sources,
                )
                for said in account.said
            ),
        )
        for account in scenario.accounts
    )
