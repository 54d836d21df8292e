"""The header: real or exercise, the marking, the counterparts and their lines, how old all is."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import ComponentId, FeedId, PartyId, RoleId
from crosstell.core.line.health import LineKey, LineState, Medium
from crosstell.core.line.message import Reality
from crosstell.core.line.watch.standing import LineView, Standing
from crosstell.core.mechanism.line.testing import line_seen, next_test_time
from crosstell.core.mechanism.screen.said.phrase import CodedText, instant, phrase, word
from crosstell.core.mechanism.view import chain_to
from crosstell.core.picture.roles import PartyRoles, RoleState, VoiceRow, who_speaks_for
from crosstell.core.picture.track import TrackState
from crosstell.core.protocol.parties import Component, RoleScope
from crosstell.core.protocol.standing import in_force_since
from crosstell.core.state.state import FeedState, State


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """One line to a counterpart's role: how it stands and why, when tested, by whom answered.

    `test_sent_at` and `test_answer_by` are of a test that nobody has taken yet.
    """

    role: RoleId
    medium: Medium
    standing: Standing
    said: CodedText
    last_sample_at: datetime | None
    last_answered_at: datetime | None
    answered_by: RoleId | None
    next_test_at: datetime | None
    test_sent_at: datetime | None = None
    test_answer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleShown:
    """A role that a party has declared: for whom it speaks, in which languages."""

    role: RoleId
    title: str
    state: RoleState
    speaks_for: tuple[ComponentId, ...]
    cannot_speak_for: tuple[ComponentId, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShown:
    """One party's feed as held here: how many entries, the newest one's own time, what is odd."""

    party: PartyId
    feed: FeedId
    size: int
    latest_at: datetime | None
    irregular: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyShown:
    """A party with its title, languages, components, roles and who speaks for which component.

    `scopes` is what the protocol itself says a role of this party speaks for.
    """

    party: PartyId
    title: str
    languages: tuple[str, ...]
    components: tuple[Component, ...]
    scopes: tuple[RoleScope, ...]
    feed: FeedShown
    roles: tuple[RoleShown, ...]
    voices: tuple[VoiceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """Another party: its lines, quickest chain, and since when the protocol is in force with it."""

    who: PartyShown
    lines: tuple[LineShown, ...]
    chain_s: float
    in_force_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    """One source of tracks: how many objects it gives, and when it last said anything."""

    source: str
    tracks: int
    latest_at: datetime | None
    stale_after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands at the top of the screen, whatever else is open."""

    reality: Reality
    marking: str
    own: PartyShown
    counterparts: tuple[Counterpart, ...]
    sources: tuple[SourceShown, ...]
    journal: FeedShown
    next_test_at: datetime | None


def header_of(state: State, now: datetime) -> Header:
    """The header at `now`. Implements SCR-001 to SCR-004."""
    journal = state.journal
    return Header(
        reality=state.setting.reality,
        marking=state.setting.protocol.marking,
        own=_party(state, state.own),
        counterparts=tuple(_counterpart(state, other, now) for other in state.others()),
        sources=_sources(state),
        journal=FeedShown(
            party=state.setting.party,
            feed=journal.feed,
            size=journal.size,
            latest_at=journal.latest_at,
            irregular=len(journal.irregular),
            unread=len(journal.unread),
        ),
        next_test_at=next_test_time(state, now),
    )


def _party(state: State, feed: FeedState) -> PartyShown:
    listed = state.setting.protocol.party(feed.party)
    roles = tuple(feed.roles[name] for name in sorted(feed.roles))
    components = () if listed is None else tuple(one.id for one in listed.components)
    return PartyShown(
        party=feed.party,
        title=feed.party if listed is None else listed.title,
        languages=() if listed is None else listed.languages,
        components=() if listed is None else listed.components,
        scopes=() if listed is None else listed.scopes,
        feed=FeedShown(
            party=feed.party,
            feed=feed.feed,
            size=feed.size,
            latest_at=feed.latest_at,
            irregular=len(feed.irregular),
            unread=len(feed.unread),
        ),
        roles=tuple(
            RoleShown(
                role=role.declared.role,
                title=role.declared.title,
                state=role.state,
                speaks_for=role.declared.scope.speaks_for,
                cannot_speak_for=role.declared.scope.cannot_speak_for,
                languages=role.declared.languages,
            )
            for role in roles
        ),
        voices=who_speaks_for(PartyRoles(party=feed.party, components=components, roles=roles)),
    )


def _counterpart(state: State, other: FeedState, now: datetime) -> Counterpart:
    setting = state.setting
    ours = state.own.adherence.get(setting.digest)
    theirs = other.adherence.get(setting.digest)
    since = None
    if ours is not None and theirs is not None:
        since = in_force_since(setting.protocol, ours, theirs)
    return Counterpart(
        who=_party(state, other),
        lines=_lines(state, other.party, now),
        chain_s=chain_to(state, other.party).total_s,
        in_force_since=since,
    )


def _lines(state: State, party: PartyId, now: datetime) -> tuple[LineShown, ...]:
    """The line that is tested, and every other that was ever used or reported."""
    tested = LineKey(party=party, role=state.setting.test_role)
    keys = {tested, *(key for key in state.journal.lines if key.party == party)}
    found = []
    for key in sorted(keys):
        line = state.journal.lines.get(key)
        seen = line_seen(state, key, now)
        reported = line is not None and line.state is LineState.REPORTED_DOWN
        said = phrase(
            "line.reported-down" if reported else _standing_code(seen),
            seen.why,
            word("standing", seen.standing),
            instant("last_at", seen.last_sample_at),
            instant("answered_at", seen.last_answered_at),
        )
        found.append(
            LineShown(
                role=key.role,
                medium=key.medium,
                standing=seen.standing,
                said=said,
                last_sample_at=seen.last_sample_at,
                last_answered_at=seen.last_answered_at,
                answered_by=seen.answered_by,
                next_test_at=seen.next_test_at,
                test_sent_at=seen.test_sent_at,
                test_answer_by=seen.test_answer_by,
            )
        )
    return tuple(found)


def _standing_code(seen: LineView) -> str:
    """The sentence of how a line stands; one that was never tested has no last test to tell of."""
    if seen.standing is not Standing.UNTESTED:
        return f"line.{seen.standing}"
    code = "line.no-test" if seen.next_test_at is None else "line.untested"
    return code if seen.last_sample_at is not None else f"{code}-yet"


def _sources(state: State) -> tuple[SourceShown, ...]:
    """Each source that gives tracks, by name, with the newest word of it."""
    counts: dict[str, int] = {}
    latest: dict[str, datetime] = {}
    for track in state.journal.tracks.values():
        counts.setdefault(track.source, 0)
        counts[track.source] += track.state is TrackState.HELD
        seen = track.latest
        if seen is not None:
            held = latest.get(track.source, seen.received_at)
            latest[track.source] = max(held, seen.received_at)
    stale_after_s = state.setting.protocol.alerts.stale_after_s
    return tuple(
        SourceShown(
            source=source,
            tracks=counts[source],
            latest_at=latest.get(source),
            stale_after_s=stale_after_s,
        )
        for source in sorted(counts)
    )
