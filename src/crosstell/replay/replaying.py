"""A whole replay: every run through real nodes, then each range at both of its ends.

One call, one result: the same folder, seed and version give the same bytes.
"""

from pathlib import Path

from crosstell.codecs.protocol_file import digest_of
from crosstell.codecs.yaml_document import DocumentFault, DocumentRefused
from crosstell.replay.found.assemble import leads_only, result_of
from crosstell.replay.found.leads import labels_of
from crosstell.replay.found.words import findings_of
from crosstell.replay.given.loading import Loaded, load
from crosstell.replay.given.runs import Run, bounds_of, runs_of, shown, shown_range, with_value
from crosstell.replay.given.scenario import Choice, RangeSpec, Scenario
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
    Statement,
    Topic,
)


def replay(folder: Path, *, only: str | None = None, seed: int = 1) -> ReplayResult:
    """The replay of a scenario's folder: all its runs, or those that `only` names.

    Everything is read and checked before anything runs; CallerError names every fault.
    """
    loaded = load(folder)
    chosen = _given(loaded, runs_of(loaded.scenario, only))
    runs = tuple(result_of(loaded, given.run, play(given, seed)) for given in chosen)
    ranges = () if only is not None else ranges_of(loaded, seed)
    return assembled(loaded, runs, ranges, seed)


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


def ranges_of(loaded: Loaded, seed: int) -> tuple[LeadRange, ...]:
    """Every range of the scenario, its ends really run; all else as in the run it names."""
    found = []
    for spec in loaded.scenario.ranges:
        base = runs_of(loaded.scenario, spec.run)[0]
        found += [_range(loaded, spec, base, name, seed) for name in spec.assumptions]
    return tuple(found)


def _range(loaded: Loaded, spec: RangeSpec, base: Run, name: str, seed: int) -> LeadRange:
    quantity = base.values[name]
    values: tuple[float | str, ...] = (
        quantity.of if isinstance(quantity, Choice) else bounds_of(quantity)
    )
    ends = []
    for value in values:
        moved = with_value(base, name, value)
        played = play(given_to(loaded, moved), seed)
        leads = leads_only(loaded, moved, played)
        lead = next(x for x in leads if (x.point, x.stage) == (spec.point, spec.stage))
        ends.append(RangeEnd(value=shown(moved.values[name]), lead_minutes=lead.lead_minutes))
    label = labels_of(loaded.scenario)[name]
    title = next(a.title for a in loaded.scenario.assumptions if a.id == name)
    return LeadRange(
        run=spec.run,
        point=spec.point,
        stage=spec.stage,
        varied=f"{label} {title}",
        ends=tuple(ends),
    )


def assembled(
    loaded: Loaded, runs: tuple[RunResult, ...], ranges: tuple[LeadRange, ...], seed: int
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
                status=point.status.value,
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
            for source in scenario.sources
        ),
        accounts=_accounts(scenario),
        findings=findings_of(scenario, runs, ranges),
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
                    status=said.status.value,
                    sources=said.sources,
                )
                for said in account.said
            ),
        )
        for account in scenario.accounts
    )
