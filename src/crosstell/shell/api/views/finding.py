"""Search: every word of the question in what is held, in words that a person reads."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from crosstell.codecs.api import shown
from crosstell.core.assessment.account.wording import claim_words
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.after.accounts import claims_of
from crosstell.core.mechanism.after.papers import papers_of
from crosstell.core.mechanism.view import alert_view
from crosstell.core.picture.notice import Notice
from crosstell.core.picture.wording import MARKING_LENGTH_MAX
from crosstell.core.state.state import State

HITS_MAX = 100
COUNTED_MAX = 10_000
QUESTION_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 400 + MARKING_LENGTH_MAX


def found(state: State, question: str, at: datetime) -> shown.HitsShown:
    """The first things that hold every word of the question, in either letter case."""
    words = question.casefold().split()
    hits = list(islice((hit for hit in _all(state, at) if _holds(hit, words)), COUNTED_MAX))
    return shown.HitsShown(
        at=at, hits=tuple(hits[:HITS_MAX]), left_out=max(0, len(hits) - HITS_MAX)
    )


def _holds(hit: shown.Hit, words: list[str]) -> bool:
    text = f"{hit.kind} {hit.party or ''} {hit.id} {hit.text}".casefold()
    return bool(words) and all(word in text for word in words)


def _all(state: State, at: datetime) -> Iterator[shown.Hit]:
    own = state.setting.party
    for party, feed in sorted(state.feeds.items()):
        yield from (_notice(party, one) for _, one in sorted(feed.notices.items()))
    yield from (_notice(own, one) for _, one in sorted(state.journal.notices.items()))
    for party, feed in sorted(state.feeds.items()):
        for name, call in sorted(feed.calls.items()):
            placed = call.placed
            text = (
                f"{placed.kind} {placed.precedence} to {placed.to_party} {placed.to_role}, "
                f"{call.state}"
            )
            yield shown.Hit(kind="call", party=party, id=name, text=text)
    for alert in state.journal.alerts.values():
        view = alert_view(state, alert, at)
        if view is not None:
            text = _cut("; ".join(view.text))
            yield shown.Hit(kind="alert", party=None, id=view.alert.alert, text=text)
    yield from _tracks(state)
    for held in claims_of(state):
        text = _cut(claim_words(held))
        yield shown.Hit(kind="claim", party=held.recorded_by, id=held.claim.stated.claim, text=text)
    for paper in papers_of(state):
        content = paper.paper.latest.event.content
        title = getattr(content, "title", None) or getattr(content, "occasion", "")
        text = _cut(f"{type(content).__name__} {title} {getattr(content, 'incident', '')}")
        yield shown.Hit(kind="paper", party=paper.of, id=paper.paper.paper, text=text)


def _tracks(state: State) -> Iterator[shown.Hit]:
    for name, track in sorted(state.journal.tracks.items()):
        hints = " ".join(hint.value for hint in track.hints)
        text = _cut(f"{track.source} {hints} {track.kind or ''} {track.last_words or ''}")
        yield shown.Hit(kind="track", party=None, id=name, text=text)


def _notice(party: PartyId, notice: Notice) -> shown.Hit:
    event = notice.latest.event
    content = event.content
    name = getattr(content, "name", None) or getattr(content, "declaring_authority", "")
    text = _cut(
        f"{type(content).__name__} version {event.version}, {notice.state}, {event.marking} "
        f"{name} {getattr(content, 'duty', '')} {event.reason or ''}"
    )
    return shown.Hit(kind="notice", party=party, id=notice.notice, text=text)


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH_MAX else f"{text[: TEXT_LENGTH_MAX - 3]}..."
