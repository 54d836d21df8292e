"""Adherence to the scenario protocol: each duty met, not met or not testable, with its entry.

For a person to read, never a score. "Not testable" is not agreement. Implements REP-036,
REP-060, REP-061, REP-062, REP-077, REP-079.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.detection.about import notices_of, party_of
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.rules import bears
from crosstell.core.picture.content import Content
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.track import Observation, TrackReported
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Boundary, Duty, JudgedRule, NumericRule, Rule
from crosstell.papers.speech.figures import counted
from crosstell.replay.found.alerts import finding_text, nearest_text
from crosstell.replay.found.calls import held_elsewhere, ref_text
from crosstell.replay.found.duties.deadlines import ahead_words, answers, lead_times
from crosstell.replay.found.duties.judged import judged_row, said_of
from crosstell.replay.found.infringement import Object, Story, owners_of, stories_of
from crosstell.replay.given.scenario import PeopleGiven, Scenario
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import Adherence, CallSeen, Met, NoticeSeen, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """The parties whose duties are looked at: those that rules are told of, first to last; all.

    `manned` says whether anybody is at the line: where nobody is played, silence says nothing.
    `until` is how far each party's own words are held at all, where that is not to the end.
    """

    told: tuple[PartyId, ...]
    every: tuple[PartyId, ...]
    manned: bool
    until: tuple[tuple[PartyId, datetime], ...] = ()


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
    held, said = held_of(trace, notices), said_of(trace, calls)
    owing = set(protocol.signers)
    found: list[Adherence] = []
    for rule in protocol.rules:
        found += [
            judged_row(rule, name, said)
            if isinstance(rule, JudgedRule)
            else numeric_row(rule, name, held)
            for name in asked.told
            if name in owing and owes(rule, name)
        ]
    for party in asked.every:
        if party not in owing:
            continue
        found += lead_times(protocol, party, notices)
        put = [call for call in calls if call.to == party and not call.claimed_by]
        rows = answers(protocol, party, put, dict(asked.until).get(party))
        found += rows if asked.manned else map(_unmanned, rows)
    return tuple(found)


def owes(rule: Rule, party: str) -> bool:
    """Whether the rule is one of that party's: a duty may name who owes it."""
    return not isinstance(rule, Duty) or not rule.owed_by or party in rule.owed_by


def _unmanned(row: Adherence) -> Adherence:
    """Where a scenario puts nobody at the line, that nobody answers says nothing of a party."""
    why = f"this scenario plays nobody at the line; {row.why}"
    return row if row.met is Met.MET else replace(row, met=Met.NOT_TESTABLE, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the sides held of objects and places, read from a trace once."""

    stories: tuple[Story, ...]
    owners: dict[Object, dict[PartyId, Sight]]
    observed: dict[Object, int]
    places: tuple[tuple[PartyId, frozenset[PartyId], Content], ...]  # of whom, held by whom
    notices: tuple[NoticeSeen, ...]

    def own(self, party: PartyId) -> dict[Object, Sight]:
        """The objects that `party` states to be its own, and that somebody observed."""
        return {
            about: said[party]
            for about, said in self.owners.items()
            if party in said and about in self.observed
        }


def held_of(trace: Trace, notices: tuple[NoticeSeen, ...] = ()) -> Held:
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
        notices=notices,
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
        return _of_own(mine, held)
    if not any(seeing & by for by, _ in places):
        who = ", ".join(sorted(seeing))
        why = f"rests on {who}'s observations only, and {who} held no notice of this kind"
        return Met.NOT_TESTABLE, why, ""
    number = sum(held.observed[about] for about in own)
    names = ", ".join(sorted({f"{track} (held by {holder})" for holder, track in own}))
    why = f"nothing was found in {counted(number, 'observation')} of its own {names}"
    return Met.MET, why, ref_text(next(iter(own.values())))


def _of_own(mine: list[Story], held: Held) -> _Row:
    """What was found of the party's own objects, the strongest first and then the nearest.

    What is present stands with when the notice was filed: a late one bears on the same duty.
    """
    ranks = (Verdict.PRESENT, Verdict.PREDICTED, Verdict.NOT_RULED_OUT)
    story = min(mine, key=lambda one: (ranks.index(one.verdict), one.finding.distance_m))
    text, ref = nearest_text(story), ref_text(story.shown)
    if story.verdict is Verdict.PRESENT:
        since = _filed(story, held.notices)
        return Met.NOT_MET, f"present: {text}, as {story.holder} found it{since}", ref
    for one in mine:
        if one.possible_now is not None:
            near = finding_text(one.key, *one.possible_now)
            why = f"an infringement cannot be ruled out: {near}"
            return Met.NOT_TESTABLE, why, ref_text(one.possible_now[0])
    return Met.MET, f"{story.verdict}, did not occur in what was observed: {text}", ref


def _filed(story: Story, notices: tuple[NoticeSeen, ...]) -> str:
    """When each notice that the story names was filed, the version that stood then."""
    named = [(one.party, one.notice) for one in notices_of(story.key.about)]
    stood = {
        (one.party, one.notice): one
        for one in sorted(notices, key=lambda one: one.filed)
        if (one.party, one.notice) in named and one.filed <= story.shown.at and one.begins
    }
    return "".join(
        f"; {one.notice} was filed {ahead_words(one)}" for _, one in sorted(stood.items())
    )


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
