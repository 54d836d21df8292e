"""What a run, and the replay as a whole, says in words: never "would have prevented".

Implements REP-034, REP-035, REP-063, REP-064.
"""

from crosstell.papers.speech.figures import counted
from crosstell.replay.found.leads import speaks_for
from crosstell.replay.given.scenario import Point, Scenario
from crosstell.replay.moments import clock_of, decimals_of
from crosstell.replay.result import LeadRange, LeadTime, RunResult, Stage


def conclusion_of(scenario: Scenario, run: RunResult) -> tuple[str, ...]:
    """One run in sentences: what could have been in the operator's hands, and what was answered."""
    if run.false_alarms is not None:
        plural = "" if run.false_alarms == 1 else "s"
        return (
            f"Control: {run.false_alarms} false alarm{plural} on the quiet day, under the same "
            f"rules and {_under(run.leads[0].assumptions)}.",
        )
    if run.told_only:
        return ("No alert was raised and no call placed in this run: it tells what was said.",)
    lines = []
    for point in scenario.points:
        lead = _lead(run, point.id, Stage.IN_HANDS)
        lines.append(_sentence(scenario, point, lead))
    lines += _answers(scenario, run)
    return tuple(_joined(lines))


def _joined(lines: list[str]) -> list[str]:
    """The sentences, said once each."""
    return list(dict.fromkeys(lines))


def _sentence(scenario: Scenario, point: Point, lead: LeadTime) -> str:
    title = _titled(scenario, point)
    places = decimals_of(scenario.points)
    if lead.lead_minutes is None:
        return f"Before {title}: no warning is recorded in the operator's hands. No help."
    under = _under(lead.assumptions)
    if lead.lead_minutes <= 0:
        return (
            f"Under {under} the first warning was in the operator's hands "
            f"{-lead.lead_minutes:.{places}f} minutes after {title}. No help for that."
        )
    return (
        f"Under {under} a warning could have been in the operator's hands "
        f"{lead.lead_minutes:.{places}f} minutes before {title}."
    )


def _under(assumptions: tuple[str, ...]) -> str:
    return f"assumptions {', '.join(assumptions)}" if assumptions else "the assumptions listed"


def _lead(run: RunResult, point: str, stage: Stage) -> LeadTime:
    return next(lead for lead in run.leads if (lead.point, lead.stage) == (point, stage))


def _answers(scenario: Scenario, run: RunResult) -> list[str]:
    warned = scenario.watch.warned
    operator = next(p.operator for p in scenario.parties if p.id == warned)
    given = [answer for call in run.calls if call.to == warned for answer in call.answers]
    kinds = sorted({a.answer for a in given if a.speaks_for and speaks_for(a, operator)})
    if kinds:
        return [f"Answered for the operator: {', '.join(kinds)}. An answer is no act."]
    others = sorted({a.answer for a in given if a.speaks_for})
    if others:
        return [
            f"Nobody answered for the operator; others answered for themselves: "
            f"{', '.join(others)}. Silence is not consent."
        ]
    return ["Nobody answered for the operator. Silence is not consent."]


def findings_of(
    scenario: Scenario, runs: tuple[RunResult, ...], ranges: tuple[LeadRange, ...]
) -> tuple[str, ...]:
    """The whole replay in sentences, ranges over all its runs and the ends really run."""
    lines = [_over_runs(scenario, point, runs, ranges) for point in scenario.points]
    lines = [line for line in lines if line]
    quiet = [run for run in runs if run.false_alarms is not None]
    lines += [
        f"On the quiet day ({run.name}) the same rules raised "
        f"{counted(run.false_alarms or 0, 'false alarm')}."
        for run in quiet
    ]
    lines.append(
        "Adherence to the scenario protocol stands per run and duty, each with its entry, for a "
        "person to judge; it is no score, and no sum is made of it."
    )
    return tuple(lines)


def _over_runs(
    scenario: Scenario, point: Point, runs: tuple[RunResult, ...], ranges: tuple[LeadRange, ...]
) -> str:
    """One point over all runs and all ends of ranges, the bad ones with the good."""
    played = [run for run in runs if run.false_alarms is None and not run.told_only]
    if not played:
        return ""
    leads = [_lead(run, point.id, Stage.IN_HANDS) for run in played]
    rows = [row for row in ranges if (row.point, row.stage) == (point.id, Stage.IN_HANDS)]
    ends = [end.lead_minutes for row in rows for end in row.ends]
    minutes = [lead.lead_minutes for lead in leads]
    reached = [value for value in (*minutes, *ends) if value is not None]
    title = _titled(scenario, point)
    before = sum(value is not None and value > 0 for value in minutes)
    if not any(value > 0 for value in reached):
        return f"Before {title}: {_nowhere(len(played), len(ends))}. No help."
    names = {name for lead in leads if lead.lead_minutes is not None for name in lead.assumptions}
    names |= {row.varied.split()[0] for row in rows}
    words = [
        f"Under {_under(tuple(sorted(names, key=_number)))} a warning could have been in the "
        f"operator's hands {_span(reached, decimals_of(scenario.points), title)}",
        _in_runs(before, len(played)),
    ]
    if ends:
        words.append(_at_ends(ends))
    return "; ".join(words) + "."


def _nowhere(runs: int, ends: int) -> str:
    in_runs = "not in the run that was played" if runs == 1 else f"in none of {runs} runs"
    return f"{in_runs}, and at none of {counted(ends, 'end')} of ranges" if ends else in_runs


def _span(reached: list[float], decimals: int, title: str) -> str:
    """From the best to the worst that was reached, before or after."""
    most, least = (f"{abs(value):.{decimals}f}" for value in (max(reached), min(reached)))
    if min(reached) <= 0:
        return f"between {most} minutes before and {least} minutes after {title}"
    if most == least:
        return f"{most} minutes before {title}"
    return f"between {least} and {most} minutes before {title}"


def _in_runs(before: int, runs: int) -> str:
    if runs == 1:
        return "before it in the run that was played" if before else "not before it in the run"
    others = runs - before
    if others == 0:
        return f"before it in each of {runs} runs"
    rest = "the other one" if others == 1 else f"the other {others}"
    return f"before it in {before} of {runs} runs; in {rest}: no help"


def _at_ends(ends: list[float | None]) -> str:
    never = sum(value is None for value in ends)
    bad = sum(value is None or value <= 0 for value in ends)
    if not bad:
        return f"before it at each of {counted(len(ends), 'end')} of ranges"
    said = f"at {bad} of {counted(len(ends), 'end')} of ranges not before it"
    return f"{said} (at {never} never)" if never else said


def _titled(scenario: Scenario, point: Point) -> str:
    return f"{point.title} ({clock_of(point.at, scenario.points)})"


def _number(label: str) -> int:
    return int(label[1:])
