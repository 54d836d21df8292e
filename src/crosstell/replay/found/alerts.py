"""The alerts of a run, one list entry per alert of each node, from the nodes' own journals."""

from datetime import datetime

from crosstell.core.detection.about import About, notices_of, party_of, tracks_of
from crosstell.core.detection.alert import (
    AlertAcknowledged,
    AlertChanged,
    AlertCleared,
    AlertKey,
    AlertRaised,
)
from crosstell.core.detection.finding import Finding
from crosstell.core.detection.m_of_n import RANK
from crosstell.core.ids import AlertId, PartyId
from crosstell.core.instant import later
from crosstell.core.protocol.rule import AlertLevel
from crosstell.replay.found.calls import ref_text
from crosstell.replay.found.infringement import Story, stories_of, verdict_of
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.result import AlertSeen, Passed


class _Story:
    """What one node's journal says of one alert, in its order."""

    def __init__(self, party: PartyId, raised: AlertRaised) -> None:
        self.party = party
        self.first = raised
        self.ref = ""
        self.raised: list[datetime] = []
        self.highest = (raised.level, raised.at)
        self.cleared: AlertCleared | None = None
        self.seen: list[Passed] = []

    def add(self, sight: Sight) -> None:
        body = sight.body
        match body:
            case AlertRaised():
                self.raised.append(sight.at)
                self.ref = self.ref or ref_text(sight)
                self.cleared = None
                self._level(body.level, sight.at)
            case AlertChanged():
                self._level(body.level, sight.at)
            case AlertCleared():
                self.cleared = body
            case AlertAcknowledged():
                self.seen.append(_seen_by(sight))
            case _:
                pass

    def _level(self, level: AlertLevel, at: datetime) -> None:
        if RANK[level] > RANK[self.highest[0]]:
            self.highest = (level, at)


def alerts_of(trace: Trace) -> tuple[AlertSeen, ...]:
    """Every alert that any node raised, by party and first time."""
    stories: dict[tuple[PartyId, AlertId], _Story] = {}
    seen = stories_of(trace)
    for sight in trace.sights:
        body = sight.body
        if not isinstance(body, AlertRaised | AlertChanged | AlertCleared | AlertAcknowledged):
            continue
        key = (sight.held_by, body.alert)
        if key not in stories and isinstance(body, AlertRaised):
            stories[key] = _Story(sight.held_by, body)
        if key in stories:
            stories[key].add(sight)
    found = (_alert(trace, story, seen[story.party, story.first.key]) for story in stories.values())
    return tuple(sorted(found, key=lambda alert: (alert.first_raised, alert.party, alert.alert)))


def _alert(trace: Trace, story: _Story, strongest: Story) -> AlertSeen:
    first = story.first
    subject, against = _sides(first.key.about)
    finding = first.finding
    key = first.key
    return AlertSeen(
        party=story.party,
        alert=first.alert,
        subject=subject,
        against=against,
        against_party=party_of(key.about) or "",
        rule=key.rule,
        verdict=strongest.verdict,
        nearest=nearest_text(strongest),
        nearest_ref=ref_text(strongest.shown),
        first_raised=story.raised[0],
        first_level=first.level.value,
        highest_level=story.highest[0].value,
        highest_at=story.highest[1],
        call_by=trace.call_by.get((story.party, first.alert)),
        infringement_at=infringement_at(finding, first.at),
        raised=tuple(story.raised),
        acknowledged=tuple(story.seen),
        cleared=None if story.cleared is None else story.cleared.at,
        text=_words(key, finding, len(story.raised) - 1),
        ref=story.ref,
    )


def infringement_at(finding: Finding, at: datetime) -> datetime:
    """The earliest infringement that could not be excluded when it was found."""
    return later(at, by_s=max(0.0, finding.infringement_in_s))


def _words(key: AlertKey, finding: Finding, returns: int) -> str:
    reading = "the protocol's text" if key.reading is None else f"the reading of {key.reading}"
    reasons = ", ".join(reason.value for reason in finding.reasons)
    why = f" ({reasons})" if reasons else ""
    back = "" if returns == 0 else f"; came back {returns} time{'s' if returns > 1 else ''}"
    verdict = verdict_of(finding)
    said = "clear" if verdict is None else verdict.value
    where = _where(key, finding)
    there = f"; {where}" if where else ""
    return f"rule {key.rule} under {reading}: {said}{why}{there}{back}"


def _where(key: AlertKey, finding: Finding) -> str:
    of = _sides(key.about)[1]
    if not of:
        return ""
    party = party_of(key.about)
    of = of if party is None else f"{of} of {party}"
    return f"inside {of}" if finding.distance_m <= 0 else f"{finding.distance_m:.0f} m from {of}"


def _sides(about: About) -> tuple[str, str]:
    """What it is first about, and against what; the second is empty for one alone."""
    names: list[str] = [*tracks_of(about), *(one.notice for one in notices_of(about))]
    return names[0], ", ".join(names[1:])


def nearest_text(story: Story) -> str:
    """The nearest finding of a story's verdict: the object, where, and when."""
    return finding_text(story.key, story.shown, story.finding)


def finding_text(key: AlertKey, sight: Sight, finding: Finding) -> str:
    """One finding: the object, where, when, and under whose reading if not the protocol's own."""
    under = "" if key.reading is None else f", under the reading of {key.reading}"
    where = _where(key, finding)
    there = f" {where}" if where else ""
    return f"{_sides(key.about)[0]}{there} at {sight.at:%H:%M:%SZ}{under}"


def _seen_by(sight: Sight) -> Passed:
    by = sight.by
    to = "" if by is None else (by.component or "")
    return Passed(to=to, at=sight.at, by="" if by is None else by.role)
