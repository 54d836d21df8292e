"""Lead times: minutes from the first time that a stage was recorded to a point of interest.

A lead is never a claim about what would have followed. It stands only with the assumptions that
it rests on; a stage that was never recorded has none, and that is a result ("no help").
Implements REP-031 to REP-033.
"""

from collections.abc import Iterator
from datetime import datetime

from crosstell.core.instant import later, seconds_between
from crosstell.replay.given.runs import Run
from crosstell.replay.given.scenario import Point, Scenario
from crosstell.replay.result import AlertSeen, Answer, CallSeen, LeadTime, Stage

WARNING_KINDS = ("warn", "stop")


def labels_of(scenario: Scenario) -> dict[str, str]:
    """The short label of each assumption, A1 for the first of the file."""
    return {a.id: f"A{number}" for number, a in enumerate(scenario.assumptions, start=1)}


def point_at(point: Point, run: Run) -> datetime:
    """When the point lies in this run: earlier than stated by the assumption it names, if any."""
    early_s = 0.0 if point.earlier_by is None else run.number(point.earlier_by)
    return later(point.at, by_s=-early_s)


def leads_of(
    scenario: Scenario, run: Run, alerts: tuple[AlertSeen, ...], calls: tuple[CallSeen, ...]
) -> tuple[LeadTime, ...]:
    """Every stage before every point, in the order of the file."""
    labels = labels_of(scenario)
    rests_on = tuple(label for name, label in labels.items() if name in run.spec.rests_on)
    warner, warned = scenario.watch.warner, scenario.watch.warned
    own = tuple(alert for alert in alerts if alert.party == warner)
    theirs = tuple(alert for alert in alerts if alert.party == warned)
    warned_calls = tuple(
        call
        for call in calls
        if (call.caller, call.to) == (warner, warned) and call.kind in WARNING_KINDS
    )
    operator = next(p.operator for p in scenario.parties if p.id == warned)
    found = []
    for point in scenario.points:
        since = point.counts_from
        for stage in Stage:
            times = sorted(
                at
                for at in _times(stage, own, theirs, warned_calls, operator)
                if since is None or at[0] >= since
            )
            reached = min((at for _, at in times), default=None)
            minutes = (
                None
                if reached is None
                else round(seconds_between(reached, point_at(point, run)) / 60, 2) + 0.0
            )
            found.append(
                LeadTime(
                    point=point.id,
                    stage=stage,
                    at=reached,
                    lead_minutes=minutes,
                    assumptions=rests_on,
                )
            )
    return tuple(found)


def _times(
    stage: Stage,
    own: tuple[AlertSeen, ...],
    theirs: tuple[AlertSeen, ...],
    calls: tuple[CallSeen, ...],
    operator: str | None,
) -> Iterator[tuple[datetime, datetime]]:
    """When its warning began (alert or call), and when the stage was recorded."""
    if stage is Stage.ALERT:
        yield from ((at, at) for alert in own for at in alert.raised)
        return
    for call in calls:
        yield from ((call.placed, at) for at in _of_call(stage, call, operator))
    if stage is Stage.IN_HANDS and operator is not None:
        for alert in theirs:
            yield from ((seen.at, seen.at) for seen in alert.acknowledged if seen.to == operator)


def _of_call(stage: Stage, call: CallSeen, operator: str | None) -> list[datetime]:
    """When this call reached the stage. Of a voice log, only what its own side did counts."""
    if call.claimed_by and (stage is Stage.PLACED) != (call.claimed_by == call.caller):
        return []
    match stage:
        case Stage.PLACED:
            found = [call.placed]
        case Stage.DELIVERED:
            found = [] if call.delivered is None else [call.delivered]
        case Stage.RECEIVED:
            found = [] if call.received is None else [call.received]
        case Stage.IN_HANDS:
            found = [p.at for p in call.passed if operator in (None, p.to)]
        case _:
            found = [a.at for a in call.answers if speaks_for(a, operator)]
    return found


def speaks_for(answer: Answer, operator: str | None) -> bool:
    """Whether an answer is given for the operator, by name or for the whole party."""
    if operator is None or operator in answer.speaks_for:
        return True
    return not answer.speaks_for and operator not in answer.cannot_speak_for
