"""What a run, and the replay as a whole, says in words: never "would have prevented".

Implements REP-034, REP-035.
"""

from crosstell.replay.found.leads import speaks_for
from crosstell.replay.given.scenario import Point, Scenario
from crosstell.replay.result import LeadRange, LeadTime, RunResult, Stage


def conclusion_of(scenario: Scenario, run: RunResult) -> tuple[str, ...]:
    """One run in sentences: what could have been in the operator's hands, and what was answered."""
    if run.false_alarms is not None:
        plural = "" if run.false_alarms == 1 else "s"
        return (
            f"Control: {run.false_alarms} false alarm{plural} on the quiet day, under the same "
            f"rules and {_under(run.leads[0].assumptions)}.",
        )
    lines = []
    for point in scenario.points:
        lead = _lead(run, point.id, Stage.IN_HANDS)
        lines.append(_sentence(point, lead))
    lines += _answers(scenario, run)
    return tuple(_joined(lines))


def _joined(lines: list[str]) -> list[str]:
    """The sentences, said once each."""
    return list(dict.fromkeys(lines))


def _sentence(point: Point, lead: LeadTime) -> str:
    title = f"{point.title} ({point.at:%H:%MZ})"
    if lead.lead_minutes is None:
        return f"Before {title}: no warning is recorded in the operator's hands. No help."
    under = _under(lead.assumptions)
    if lead.lead_minutes <= 0:
        return (
            f"Under {under} the first warning was in the operator's hands "
            f"{-lead.lead_minutes:.1f} minutes after {title}. No help for that."
        )
    return (
        f"Under {under} a warning could have been in the operator's hands "
        f"{lead.lead_minutes:.1f} minutes before {title}."
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
    lines = [_over_runs(point, runs, ranges) for point in scenario.points]
    lines = [line for line in lines if line]
    quiet = [run for run in runs if run.false_alarms is not None]
    lines += [
        f"On the quiet day ({run.name}) the same rules raised "
        f"{counted(run.false_alarms or 0, 'false alarm')}."
        for run in quiet
    ]
    unmet = sum(row.met.value == "not met" for run in runs for row in run.adherence)
    open_ = sum(row.met.value == "not testable" for run in runs for row in run.adherence)
    lines.append(
        f"Adherence to the scenario protocol, over all runs: {unmet} duties not met, {open_} not "
        "testable; each stands with its entry, for a person to judge."
    )
    return tuple(lines)


def _over_runs(point: Point, runs: tuple[RunResult, ...], ranges: tuple[LeadRange, ...]) -> str:
    counted = [run for run in runs if run.false_alarms is None]
    leads = [_lead(run, point.id, Stage.IN_HANDS) for run in counted]
    reached = [lead for lead in leads if lead.lead_minutes is not None and lead.lead_minutes > 0]
    minutes = [lead.lead_minutes for lead in reached if lead.lead_minutes is not None]
    for row in ranges:
        if (row.point, row.stage) == (point.id, Stage.IN_HANDS):
            found = [e.lead_minutes for e in row.ends if e.lead_minutes is not None]
            minutes += [value for value in found if value > 0]
    title = f"{point.title} ({point.at:%H:%MZ})"
    if not counted:
        return ""
    if not minutes:
        return f"Before {title}: in none of {len(counted)} runs, and at no end of a range. No help."
    names = sorted({name for lead in reached for name in lead.assumptions}, key=_number)
    return (
        f"Under {_under(tuple(names))} a warning could have been in the operator's hands between "
        f"{min(minutes):.1f} and {max(minutes):.1f} minutes before {title}, in {len(reached)} of "
        f"{len(counted)} runs; in the other {len(counted) - len(reached)}: no help."
    )


def _number(label: str) -> int:
    return int(label[1:])


def counted(number: int, word: str) -> str:
    """A number with its word, as `1 call` or `2 calls`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
