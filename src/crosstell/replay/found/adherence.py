"""Adherence to the scenario protocol: each duty met, not met or not testable, with its entry.

For a person to read, never a score. "Not testable" is not agreement. Implements REP-036,
REP-060, REP-061, REP-062, REP-077, REP-079.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.detection.about import party_of
from crosstell.core.ids import PartyId
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.rules import bears
from crosstell.core.picture.content import Content
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.track import Observation, TrackReported
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Boundary, Duty, JudgedRule, NumericRule, Rule
from crosstell.replay.found.alerts import finding_text, nearest_text
from crosstell.replay.found.calls import held_elsewhere, ref_text
from crosstell.replay.found.infringement import Object, Story, owners_of, stories_of
from crosstell.replay.found.words import counted
from crosstell.replay.given.scenario import PeopleGiven, Scenario
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import Adherence, CallSeen, Met, NoticeSeen, Verdict

_SETTLING = ("will-comply", "noted", "unable", "will-not", "ours", "not-ours", "disputed")
_KINDS = {
    "Activity": "activity",
    "Zone": "zone",
    "OwnForceLocation": "own-force-location",
    "AvoidanceRequest": "avoidance-request",
    "NotifiedSite": "notified-site",
    "NotifiedMovement": "notified-movement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """The parties whose duties are looked at: those that rules are told of, first to last; all.

    `manned` says whether anybody is at the line: where nobody is played, silence says nothing.
    """

    told: tuple[PartyId, ...]
    every: tuple[PartyId, ...]
    manned: bool


def owing_in(scenario: Scenario) -> Owing:
    """Those of a scenario: the warned side's rules before the warner's."""
    return Owing(
        told=(scenario.watch.warned, scenario.watch.warner),
        every=tuple(party.id for party in scenario.parties),
        manned=scenario.people is PeopleGiven.IN_FILE,
    )


def adherence_of(
    asked: Owing,
    protocol: Protocol,
    trace: Trace,
    calls: tuple[CallSeen, ...],
    notices: tuple[NoticeSeen, ...],
) -> tuple[Adherence, ...]:
    """Every duty of the protocol that a party owes, in the protocol's order.

    A notifier owes no duty, so nothing is said of it.
    """
    held = held_of(trace)
    owing = set(protocol.signers)
    found: list[Adherence] = []
    for rule in protocol.rules:
        found += [
            _judged(rule, name) if isinstance(rule, JudgedRule) else numeric_row(rule, name, held)
            for name in asked.told
            if name in owing and owes(rule, name)
        ]
    for party in asked.every:
        if party not in owing:
            continue
        found += _lead_times(protocol, party, notices)
        put = [call for call in calls if call.to == party and not call.claimed_by]
        rows = _answers(protocol, party, put)
        found += rows if asked.manned else map(_unmanned, rows)
    return tuple(found)


def owes(rule: Rule, party: str) -> bool:
    """Whether the rule is one of that party's: a duty may name who owes it."""
    return not isinstance(rule, Duty) or not rule.owed_by or party in rule.owed_by


def _unmanned(row: Adherence) -> Adherence:
    """Where a scenario puts nobody at the line, that nobody answers says nothing of a party."""
    why = f"this scenario plays nobody at the line; {row.why}"
    return row if row.met is Met.MET else replace(row, met=Met.NOT_TESTABLE, why=why)


def _judged(rule: JudgedRule, party: str) -> Adherence:
    return Adherence(
        rule=rule.id,
        duty=rule.text,
        party=party,
        met=Met.NOT_TESTABLE,
        why="a person judges it",
        ref="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the sides held of objects and places, read from a trace once."""

    stories: tuple[Story, ...]
    owners: dict[Object, dict[PartyId, Sight]]
    observed: dict[Object, int]
    places: tuple[tuple[PartyId, frozenset[PartyId], Content], ...]  # of whom, held by whom

    def own(self, party: PartyId) -> dict[Object, Sight]:
        """The objects that `party` states to be its own, and that somebody observed."""
        return {
            about: said[party]
            for about, said in self.owners.items()
            if party in said and about in self.observed
        }


def held_of(trace: Trace) -> Held:
    """Read the trace for the numeric rules."""
    elsewhere = held_elsewhere(trace)
    observed: Counter[Object] = Counter()
    places = []
    for sight in trace.sights:
        body = sight.body
        if isinstance(body, Observation | TrackReported) and body.motion is not None:
            observed[sight.held_by, body.track] += sight.held_by == sight.of
        elif isinstance(body, NoticeFiled) and sight.held_by == sight.of:
            others = frozenset(PartyId(one.party) for one in elsewhere.get(sight.ref, ()))
            places.append((sight.of, others | {sight.of}, body.content))
    return Held(
        stories=tuple(stories_of(trace).values()),
        owners=owners_of(trace),
        observed=dict(observed),
        places=tuple(places),
    )


_Row = tuple[Met, str, str]


def numeric_row(rule: NumericRule, party: PartyId, held: Held) -> Adherence:
    """Only an infringement present at its finding, by the party's own object, is 'not met'."""
    met, why, ref = _found(rule, party, held)
    return Adherence(rule=rule.id, duty=rule.text, party=party, met=met, why=why, ref=ref)


def _found(rule: NumericRule, party: PartyId, held: Held) -> _Row:
    if isinstance(rule, Boundary):
        return Met.NOT_TESTABLE, "a side is drawn, not filed; the alerts stand, for a person", ""
    places = [(by, what) for of, by, what in held.places if of != party and bears(rule, what)]
    if not places:
        return Met.NOT_TESTABLE, "this rule covers no notice that another party filed", ""
    stories = [
        story
        for story in held.stories
        if story.key.rule == rule.id and party_of(story.key.about) != party
    ]
    own = held.own(party)
    seeing = {holder for holder, _ in own}
    if not own:
        return _whose(party, stories, held)
    mine = [story for story in stories if any(one in own for one in story.objects)]
    if mine:
        return _of_own(mine)
    if not any(seeing & by for by, _ in places):
        who = ", ".join(sorted(seeing))
        why = f"rests on {who}'s observations only, and {who} held no notice of this kind"
        return Met.NOT_TESTABLE, why, ""
    number = sum(held.observed[about] for about in own)
    names = ", ".join(sorted({f"{track} (held by {holder})" for holder, track in own}))
    why = f"nothing was found in {counted(number, 'observation')} of its own {names}"
    return Met.MET, why, ref_text(next(iter(own.values())))


def _of_own(mine: list[Story]) -> _Row:
    """What was found of the party's own objects, the strongest first and then the nearest."""
    ranks = (Verdict.PRESENT, Verdict.PREDICTED, Verdict.NOT_RULED_OUT)
    story = min(mine, key=lambda one: (ranks.index(one.verdict), one.finding.distance_m))
    text, ref = nearest_text(story), ref_text(story.shown)
    if story.verdict is Verdict.PRESENT:
        return Met.NOT_MET, f"present: {text}, as {story.holder} found it", ref
    for one in mine:
        if one.possible_now is not None:
            near = finding_text(one.key, *one.possible_now)
            why = f"an infringement cannot be ruled out: {near}"
            return Met.NOT_TESTABLE, why, ref_text(one.possible_now[0])
    return Met.MET, f"{story.verdict}, did not occur in what was observed: {text}", ref


def _whose(party: PartyId, stories: list[Story], held: Held) -> _Row:
    """Why nothing can be said of a party of which no observed object is stated to be."""
    unsaid = f"{party} stated of no observed object that it is its own"
    if stories:
        ranks = (Verdict.PRESENT, Verdict.PREDICTED, Verdict.NOT_RULED_OUT)
        story = min(stories, key=lambda one: (ranks.index(one.verdict), one.finding.distance_m))
        why = f"{story.holder} holds: {story.verdict}, {nearest_text(story)}; {unsaid}"
        return Met.NOT_TESTABLE, why, ref_text(story.shown)
    seeing = ", ".join(sorted({holder for holder, _ in held.observed}))
    if not seeing:
        return Met.NOT_TESTABLE, "no side observed any object", ""
    return Met.NOT_TESTABLE, f"rests on {seeing}'s observations only; {unsaid}", ""


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
        took = "never" if at is None else f"after {seconds_between(late[0].placed, at):.0f} s"
        why += f"; {late[0].call}: {took}"
    return Adherence(
        rule=rule,
        duty=duty,
        party=party,
        met=Met.NOT_MET if late else Met.MET,
        why=why,
        ref=(late or calls)[0].ref,
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
