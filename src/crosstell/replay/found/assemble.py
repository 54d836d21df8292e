"""A played run as a result: every part worked out from its trace."""

from dataclasses import replace
from datetime import datetime

from crosstell.core.ids import PartyId
from crosstell.papers.afterwards import aftermath_of
from crosstell.papers.speech.figures import counted
from crosstell.replay.found.alerts import alerts_of
from crosstell.replay.found.calls import calls_of
from crosstell.replay.found.duties.adherence import adherence_of, owing_in
from crosstell.replay.found.leads import leads_of
from crosstell.replay.found.notices import notices_of
from crosstell.replay.found.proof import digest_of_record, proof_of
from crosstell.replay.found.sketch import shapes_of, sides_of, tracks_of
from crosstell.replay.found.timeline import timeline_of
from crosstell.replay.found.told.spoken import broadcasts_of, told_of, voice_claims_of
from crosstell.replay.found.words import conclusion_of
from crosstell.replay.given.loading import Loaded
from crosstell.replay.given.runs import Run, shown
from crosstell.replay.given.scenario import Choice
from crosstell.replay.played.trace import Played, Trace
from crosstell.replay.result import AlertSeen, LeadTime, RunResult

WARNINGS_MAX = 20


def leads_only(
    loaded: Loaded, run: Run, played: Played, *, until: datetime | None = None
) -> tuple[LeadTime, ...]:
    """The lead times alone, for the end of a range: of what had been seen before `until`."""
    trace = played.trace
    if until is not None:
        seen = [sight for sight in trace.sights if sight.at < until]
        trace = Trace(sights=seen, call_by=trace.call_by)
    return leads_of(loaded.scenario, run, alerts_of(trace), calls_of(trace))


def result_of(loaded: Loaded, run: Run, played: Played) -> RunResult:
    """The whole result of one run."""
    trace, scenario = played.trace, loaded.scenario
    alerts, calls = alerts_of(trace), calls_of(trace)
    parts = {p.id: tuple(one.id for one in p.components) for p in loaded.protocol.parties}
    notices = notices_of(trace, parts)
    tracks = tracks_of(trace)
    found = RunResult(
        name=run.name,
        title=_title(run),
        about=run.spec.about,
        starts=run.spec.window.start,
        ends=run.spec.window.end,
        values=tuple((name, shown(value)) for name, value in run.values.items()),
        switches=tuple(
            (name, value.value) for name, value in run.values.items() if isinstance(value, Choice)
        ),
        conclusion=(),
        leads=leads_of(scenario, run, alerts, calls),
        alerts=alerts,
        calls=calls,
        notices=notices,
        adherence=adherence_of(owing_in(scenario), loaded.protocol, trace, calls, notices),
        false_alarms=_false_alarms(run, alerts, scenario.watch.warner),
        record=proof_of(played, scenario.watch.warner),
        record_digest=digest_of_record(played),
        shapes=(*sides_of(loaded.protocol), *shapes_of(trace)),
        tracks=tracks,
        broadcasts=broadcasts_of(trace),
        told=told_of(trace),
        voice=voice_claims_of(trace),
        aftermath=aftermath_of(played.states, run.spec.window.end),
        timeline=timeline_of(trace),
        warnings=_warnings(trace),
    )
    return replace(found, conclusion=conclusion_of(scenario, found))


def _title(run: Run) -> str:
    words = run.name.split("/")[1:]
    return " · ".join((run.spec.title, *words))


def _false_alarms(run: Run, alerts: tuple[AlertSeen, ...], warner: PartyId) -> int | None:
    if run.spec.control is None:
        return None
    return sum(len(alert.raised) for alert in alerts if alert.party == warner)


def _warnings(trace: Trace) -> tuple[str, ...]:
    found = [f"{no.party} {no.at:%H:%M:%SZ}: its node reported {no.text}" for no in trace.faults]
    found += [f"{no.party} {no.at:%H:%M:%SZ}: not recorded: {no.text}" for no in trace.refused]
    if trace.lost:
        found.append(
            f"{counted(trace.lost, 'message')} of {trace.sent} lost while the line was down"
        )
    more = len(found) - WARNINGS_MAX
    return (*found[:WARNINGS_MAX], *([f"and {more} more"] if more > 0 else []))
