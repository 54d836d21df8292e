"""What is doubtful of our own picture, for a person to look into. A view: never recorded, no alert.

Nothing is corrected by it, and nothing is left out because of it: of two tracks of one identity
that contradict each other both are judged, as before. What components state differently is shown
beside each other, of our own party and of others; nothing here says which of them holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.identity.tracks import CrowdedIdentity, TwoStates, two_states
from crosstell.core.detection.pair.contradiction import Allowance
from crosstell.core.detection.suspect_altitude import Suspicion, suspects
from crosstell.core.geometry.geoid import NoGeoid
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId
from crosstell.core.picture.differing import (
    StatedDifferently,
    differing_ownership,
    differing_status,
)
from crosstell.core.picture.notice import Notice, NoticeState
from crosstell.core.picture.ownership import PartyOwnership
from crosstell.core.picture.status import PartyStatuses
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.picture.trust.kind import UNKNOWN_KIND, ObjectKind
from crosstell.core.picture.trust.moves import Implausible
from crosstell.core.state.state import FeedState, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrusted:
    """A track whose positions are not trustworthy: since when, what was seen, last trusted where.

    `as_kind` is set where only an object of the kind that the source states could not move so:
    then the position may be wrong, or the kind.
    """

    track: TrackId
    since: datetime
    because: tuple[Implausible, ...]
    last_trusted: Motion
    as_kind: ObjectKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """The doubts at an instant.

    `geoid` says why no height above the ellipsoid is converted (None: it is). `altitudes` are
    sources whose altitudes look like another datum or unit, each with its evidence. `states` are
    pairs of tracks of one identity that cannot both be true, `crowded` the identities that too
    many tracks give to be compared, `stated` what components of one party state differently.
    """

    geoid: str | None
    altitudes: tuple[Suspicion, ...]
    positions: tuple[Untrusted, ...]
    states: tuple[TwoStates, ...]
    crowded: tuple[CrowdedIdentity, ...]
    stated: tuple[StatedDifferently, ...]


def doubts(state: State, now: datetime) -> Doubts:
    """What this node doubts of its own picture at `now`. Implements MEC-100, CTR-050 to CTR-052."""
    setting = state.setting
    tracks = [state.journal.tracks[name] for name in sorted(state.journal.tracks)]
    held = [track for track in tracks if track.state is TrackState.HELD]
    positions = [found for track in held if (found := _untrusted(track)) is not None]
    states, crowded = two_states(held, Allowance(limits=UNKNOWN_KIND), setting.local_conversions)
    return Doubts(
        geoid=setting.geoid.why if isinstance(setting.geoid, NoGeoid) else None,
        altitudes=suspects(held, setting.local_conversions, at=now),
        positions=tuple(positions),
        states=states,
        crowded=crowded,
        stated=tuple(_stated(state)),
    )


def _untrusted(track: Track) -> Untrusted | None:
    """What is doubted of the track's positions, if anything is."""
    assert track.trust is not None, "a track that is held has had a motion"
    doubted = track.trust.doubted()
    if not doubted:
        return None
    because = dict.fromkeys(why for one in doubted for why in one.because)
    return Untrusted(
        track=track.track,
        since=min(one.since for one in doubted if one.since is not None),
        because=tuple(because),
        last_trusted=min((one.last_trusted for one in doubted), key=lambda motion: motion.at),
        as_kind=track.trust.kind if doubted == (track.trust.as_kind,) else None,
    )


def _stated(state: State) -> Iterator[StatedDifferently]:
    """What each party's components state differently: in its feed, and of ours at home too."""
    listed = {
        party.id: tuple(component.id for component in party.components)
        for party in state.setting.protocol.parties
    }
    for name in sorted(state.feeds):
        feed, components = state.feeds[name], listed.get(name, ())
        said = list(feed.ownership.values())
        if name == state.setting.party:
            said += state.journal.ownership.values()
        for one in said:
            held = PartyOwnership(party=name, components=components, ownership=one)
            yield from _found(differing_ownership(held))
        for filer in sorted(state.feeds):
            for notice in _standing(state.feeds[filer]):
                status = feed.statuses.get(notice.latest.stamp.ref)
                if status is not None:
                    of_it = PartyStatuses(party=name, components=components, statuses=(status,))
                    yield from _found(differing_status(notice, of_it))


def _standing(feed: FeedState) -> list[Notice]:
    return [one for one in feed.notices.values() if one.state is not NoticeState.WITHDRAWN]


def _found(one: StatedDifferently | None) -> tuple[StatedDifferently, ...]:
    return () if one is None else (one,)
