"""A whole replay: every run through real nodes, then each range at both of its ends.

One call, one result: the same folder, seed and version give the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
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
    plays = _plays(chosen, ends)
    told = told_elsewhere(loaded, seed)
    answers = spread(lambda one: _played(loaded, one, seed), plays, tell)
    runs = tuple(answer.result for answer in answers if answer.result is not None)
    reached = {place: end for answer in answers for place, end in answer.ends}
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


@dataclass(slots=True, kw_only=True)
class _Play:
    """One play: of a run whose result is wanted, or for ends of ranges at their places, or both."""

    run: Run
    given: Given | None = None
    ends: list[tuple[int, RangeSpec, str]] = field(default_factory=list)

    def until(self) -> datetime | None:
        """How far it is to be played; None for its whole length."""
        limits = [spec.until for _, spec, _ in self.ends]
        known = [limit for limit in limits if limit is not None]
        return None if self.given is not None or len(known) < len(limits) else max(known)


def _plays(chosen: list[Given], ends: list[_End]) -> list[_Play]:
    """Every play that is needed, once: whatever has one run and the same values is one play.

    The long ones first, so that no core waits long for the last of another. Implements RUN-503.
    """
    found: dict[object, _Play] = {}
    for given in chosen:
        found[_same(given.run)] = _Play(run=given.run, given=given)
    for place, end in enumerate(ends):
        one = found.setdefault(_same(end.run), _Play(run=end.run))
        one.ends.append((place, end.spec, end.assumption))
    return sorted(found.values(), key=lambda one: one.until() is not None)


def _same(run: Run) -> object:
    """Equal for two runs of one name whose assumptions have the same values."""
    return run.name, tuple(run.values.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What came of a play: the run's result, if that was wanted, and the ends at their places."""

    result: RunResult | None
    ends: tuple[tuple[int, RangeEnd], ...]


def _played(loaded: Loaded, one: _Play, seed: int) -> _Answer:
    given = one.given or given_to(loaded, one.run)
    played = play(given, seed, until=one.until())
    ends = []
    for place, spec, assumption in one.ends:
        leads = leads_only(loaded, one.run, played, until=spec.until)
        lead = next(lead for lead in leads if (lead.point, lead.stage) == (spec.point, spec.stage))
        value = shown(one.run.values[assumption])
        ends.append((place, RangeEnd(value=value, lead_minutes=lead.lead_minutes)))
    result = None if one.given is None else result_of(loaded, one.run, played)
    return _Answer(result=result, ends=tuple(ends))


def _ranges(
    loaded: Loaded, ends: list[_End], reached: dict[int, RangeEnd]
) -> tuple[LeadRange, ...]:
    """The ends, together again as ranges, in the order of the file."""
    labels = labels_of(loaded.scenario)
    titles = {a.id: a.title for a in loaded.scenario.assumptions}
    found: dict[tuple[RangeSpec, str], list[RangeEnd]] = {}
    for place, end in enumerate(ends):
        found.setdefault((end.spec, end.assumption), []).append(reached[place])
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
