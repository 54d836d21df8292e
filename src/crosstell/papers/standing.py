"""Of which moment a paper is, and how what it tells of is marked.

A paper is of the newest entry that it could be made from, whenever it is asked for: so the same
record, asked in the same words, gives the same text, and the same hash. When it was printed stands
beside that text and not in it. Implements REP-340, REP-342.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from crosstell.core.mechanism.after.accounts import claims_of
from crosstell.core.mechanism.after.papers import actions_of, papers_of
from crosstell.core.state.state import FeedState, JournalState, State
from crosstell.core.table import Stamp
from crosstell.papers.model import Part


def changed_at(states: Iterable[State], asked_at: datetime) -> datetime:
    """When what these parties hold last changed, by the authors' clocks; of nothing, as asked."""
    found = [at for state in states for at in _times(state)]
    return max(found, default=asked_at)


def _times(state: State) -> Iterator[datetime]:
    """The newest entry of each feed, and what stays at home and is told of in papers."""
    for feed in state.feeds.values():
        if feed.latest_at is not None:
            yield feed.latest_at
    yield from (stamp.at for stamp in _at_home(state))


def _at_home(state: State) -> Iterator[Stamp]:
    journal = state.journal
    for claim in journal.claims.values():
        yield claim.latest.stamp
        if claim.withdrawn is not None:
            yield claim.withdrawn[1]
    for paper in journal.papers.values():
        yield paper.latest.stamp
        if paper.withdrawn is not None:
            yield paper.withdrawn[1]
    for undertaking in journal.undertakings.values():
        yield undertaking.said[-1][1]


def due_at(states: Iterable[State], asked_at: datetime) -> datetime:
    """As `changed_at`, or when the last date of an open action passed since: an agenda tells it."""
    held = tuple(states)
    passed = [
        one.standing.due
        for state in held
        for one in actions_of(state, asked_at)
        if one.standing.is_overdue and one.standing.due is not None
    ]
    return max((changed_at(held, asked_at), *passed))


def markings_of(state: State, parts: Iterable[Part], file: str) -> tuple[str, ...]:
    """The file's marking, then every other one of what these parts tell of, by its words."""
    marked = dict(_marked(state))
    named = {
        marked[entry.hash]
        for part in parts
        for line in part.lines
        for entry in line.entries
        if entry.hash in marked
    }
    return tuple(dict.fromkeys(one for one in (file, *sorted(named)) if one))


def _marked(state: State) -> Iterator[tuple[str, str]]:
    """The marking of each version of what bears one, by the hash of its entry."""
    logs: tuple[FeedState | JournalState, ...] = (*state.feeds.values(), state.journal)
    for log in logs:
        for notice in log.notices.values():
            for filed in notice.versions:
                yield filed.stamp.ref.hash, filed.event.marking
    for held in papers_of(state):
        for version in held.paper.versions:
            yield version.stamp.ref.hash, version.event.marking
    for one in claims_of(state):
        for said in one.claim.versions:
            yield said.stamp.ref.hash, one.claim.stated.marking
