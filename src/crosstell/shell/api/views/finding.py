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
from crosstell.core.picture.wording import MARKING_LENGTH_MAX, quoted, thing_words
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
            yield _hit("call", party, name, text)
    for alert in state.journal.alerts.values():
        view = alert_view(state, alert, at)
        if view is not None:
            yield _hit("alert", None, view.alert.alert, *view.text)
    yield from _tracks(state)
    for held in claims_of(state):
        yield _hit("claim", held.recorded_by, held.claim.stated.claim, claim_words(held))
    for paper in papers_of(state):
        content = paper.paper.latest.event.content
        title = str(getattr(content, "title", None) or getattr(content, "occasion", ""))
        about = getattr(content, "incident", "")
        text = f"{thing_words(content)}: {quoted(title)}{f', incident {about}' if about else ''}"
        yield _hit("paper", paper.of, paper.paper.paper, text)


def _tracks(state: State) -> Iterator[shown.Hit]:
    for name, track in sorted(state.journal.tracks.items()):
        hints = " ".join(hint.value for hint in track.hints)
        text = f"{track.source} {hints} {track.kind or ''} {track.last_words or ''}"
        yield _hit("track", None, name, text)


def _notice(party: PartyId, notice: Notice) -> shown.Hit:
    event = notice.latest.event
    content = event.content
    name = getattr(content, "name", None) or getattr(content, "declaring_authority", "")
    said = (event.marking, name, getattr(content, "duty", ""), event.reason)
    text = (
        f"{thing_words(content)} version {event.version}, {notice.state}, "
        f"{', '.join(quoted(str(one)) for one in said if one)}"
    )
    return _hit("notice", party, notice.notice, text)


def _hit(kind: str, party: PartyId | None, name: str, *lines: str) -> shown.Hit:
    """What was found, its words cut where they are long, and line by line."""
    said = tuple(_cut(" ".join(line.split())) for line in lines)
    return shown.Hit(kind=kind, party=party, id=name, text=_cut("; ".join(said)), lines=said)


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH_MAX else f"{text[: TEXT_LENGTH_MAX - 3]}..."
