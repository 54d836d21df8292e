"""Adherence to the scenario protocol: each duty met, not met or not testable, with its entry.

For a person to read, never a score. "Not testable" is not agreement. Implements REP-036.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from crosstell.core.instant import seconds_between
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Duty, NumericRule
from crosstell.replay.found.words import counted
from crosstell.replay.given.scenario import Scenario
from crosstell.replay.result import Adherence, AlertSeen, CallSeen, Met, NoticeSeen, TrackShown

_SETTLING = ("will-comply", "noted", "unable", "will-not", "ours", "not-ours", "disputed")
_KINDS = {
    "Activity": "activity",
    "Zone": "zone",
    "OwnForceLocation": "own-force-location",
    "AvoidanceRequest": "avoidance-request",
    "NotifiedSite": "notified-site",
    "NotifiedMovement": "notified-movement",
}


def adherence_of(
    scenario: Scenario,
    protocol: Protocol,
    alerts: tuple[AlertSeen, ...],
    calls: tuple[CallSeen, ...],
    notices: tuple[NoticeSeen, ...],
    tracks: tuple[TrackShown, ...],
) -> tuple[Adherence, ...]:
    """Every duty of the protocol that a party owes, in the protocol's order."""
    watching = {track.party for track in tracks}
    found: list[Adherence] = []
    for rule in protocol.rules:
        found += [
            _judged(rule, name)
            if isinstance(rule, Duty)
            else _numeric(rule, name, alerts, watching)
            for name in (scenario.watch.warned, scenario.watch.warner)
        ]
    for party in scenario.parties:
        found += _lead_times(protocol, party.id, notices)
        asked = [call for call in calls if call.to == party.id and not call.claimed_by]
        found += _answers(protocol, party.id, asked)
    return tuple(found)


def _judged(rule: Duty, party: str) -> Adherence:
    return Adherence(
        rule=rule.id,
        duty=rule.text,
        party=party,
        met=Met.NOT_TESTABLE,
        why="it has no figures; a person judges it",
        ref="",
    )


def _numeric(
    rule: NumericRule, party: str, alerts: tuple[AlertSeen, ...], watching: set[str]
) -> Adherence:
    """A party's own node decides what its own track infringes; the other's alert does not say."""
    inside = [
        alert
        for alert in alerts
        if (alert.rule, alert.verdict) == (rule.id, "infringes") and alert.against_party != party
    ]
    own = [alert for alert in inside if alert.party == party]
    others = [alert for alert in inside if alert.party != party]
    if own:
        met, why, ref = Met.NOT_MET, f"its own node: {own[0].text}", own[0].ref
    elif others:
        text = others[0].text
        met, why, ref = (
            Met.NOT_TESTABLE,
            f"{others[0].party} holds: {text}; whose object it was is not settled by this",
            others[0].ref,
        )
    elif not watching:
        met, why, ref = Met.NOT_TESTABLE, "no side observed any object", ""
    else:
        held = ", ".join(sorted(watching))
        met, why, ref = Met.MET, f"no object that {held} observed infringed it", ""
    return Adherence(rule=rule.id, duty=rule.text, party=party, met=met, why=why, ref=ref)


def _lead_times(
    protocol: Protocol, party: str, notices: tuple[NoticeSeen, ...]
) -> Iterator[Adherence]:
    for lead in protocol.lead_times:
        filed = [
            n
            for n in notices
            if n.party == party and _KINDS.get(n.kind) == lead.notice.value and n.begins
        ]
        if not filed:
            continue
        late = [n for n in filed if _ahead_s(n) < lead.ahead_s]
        worst = min(filed, key=_ahead_s)
        yield Adherence(
            rule=f"lead-time {lead.notice.value}",
            duty=f"file {lead.notice.value} at least {lead.ahead_s / 3600:g} h ahead",
            party=party,
            met=Met.NOT_MET if late else Met.MET,
            why=f"{worst.notice} was filed {_ahead_s(worst) / 3600:.1f} h before it begins",
            ref=worst.ref,
        )


def _ahead_s(notice: NoticeSeen) -> float:
    assert notice.begins is not None, "only notices with a window have a lead time"
    return seconds_between(notice.filed, notice.begins)


def _answers(protocol: Protocol, party: str, calls: list[CallSeen]) -> Iterator[Adherence]:
    tests = [call for call in calls if call.kind == "test"]
    asked = [call for call in calls if call.kind != "test"]
    rows = {row.precedence.value: row for row in protocol.answer_times if row.call is None}
    if asked:
        limits = {call.call: rows[call.precedence] for call in asked}
        yield _in_time(
            "receive-time",
            "a person receives each call in its time",
            party,
            asked,
            {name: (row.receive_s) for name, row in limits.items()},
            answered=False,
        )
        yield _in_time(
            "answer-time",
            "each call is answered in its time",
            party,
            asked,
            {name: (row.answer_s) for name, row in limits.items()},
            answered=True,
        )
    if tests:
        within = protocol.line_tests.answer_within_s
        yield _in_time(
            "line-test",
            f"each line test is answered within {within:g} s",
            party,
            tests,
            {call.call: within for call in tests},
            answered=True,
        )


def _in_time(
    rule: str,
    duty: str,
    party: str,
    calls: list[CallSeen],
    limits_s: dict[str, float],
    *,
    answered: bool,
) -> Adherence:
    late = [call for call in calls if not _within(call, limits_s[call.call], answered=answered)]
    verb = "answered" if answered else "received by a person"
    why = f"{len(calls) - len(late)} of {counted(len(calls), 'call')} {verb} in time"
    if late:
        at = _reached(late[0], answered=answered)
        took = (
            "never" if at is None else f"after {seconds_between(late[0].placed, at) / 60:.1f} min"
        )
        why += f"; {late[0].call}: {took}"
    return Adherence(
        rule=rule,
        duty=duty,
        party=party,
        met=Met.NOT_MET if late else Met.MET,
        why=why,
        ref=late[0].ref if late else "",
    )


def _within(call: CallSeen, limit_s: float, *, answered: bool) -> bool:
    at = _reached(call, answered=answered)
    return at is not None and seconds_between(call.placed, at) <= limit_s


def _reached(call: CallSeen, *, answered: bool) -> datetime | None:
    if not answered:
        return call.received
    return min(_settling(call), default=None)


def _settling(call: CallSeen) -> Iterable[datetime]:
    return (answer.at for answer in call.answers if answer.answer in _SETTLING)
