"""The picture one party has at an instant: what detection is given, and nothing else.

Times are UTC; windows are half-open. Withdrawn notices and superseded versions are not in force
for anyone. A general notice is never computed on.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from crosstell.core.ids import EntryRef, NoticeId, PartyId
from crosstell.core.instant import Window, require_utc
from crosstell.core.picture.content import (
    Activity,
    AvoidanceRequest,
    Content,
    GeneralNotice,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
    volumes_of,
)
from crosstell.core.picture.notice import Notice, NoticeState, NoticeTime, time_of
from crosstell.core.picture.track import Freshness, Track, view


class Bearing(StrEnum):
    """Which kind of rule a notice bears on."""

    ZONE = "zone"  # being inside it, against its duty
    STANDOFF = "standoff"  # coming nearer than a distance to forces or a place to avoid
    PROTECTED = "protected"  # coming nearer than a distance to a site or movement
    PLAN = "plan"  # two activities in one place at one time
    NONE = "none"  # shown, never computed on


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNotice:
    """One notice and the party whose feed it is in."""

    party: PartyId
    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingNotice:
    """The version of a notice that stands: not superseded, not withdrawn."""

    party: PartyId
    notice: NoticeId
    version: int
    content: Content
    ref: EntryRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What `party` holds at `at`.

    `readings` names the parties whose understandings of the rules are evaluated beside the
    protocol's own text.
    """

    party: PartyId
    at: datetime
    notices: tuple[HeldNotice, ...] = ()
    tracks: tuple[Track, ...] = ()
    readings: tuple[PartyId, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a picture of no instant; hold everything in one order, whatever its arrival."""
        require_utc(self.at, what="picture")
        notices = sorted(self.notices, key=lambda held: (held.party, held.notice.notice))
        object.__setattr__(self, "notices", tuple(notices))
        tracks = sorted(self.tracks, key=lambda track: track.track)
        object.__setattr__(self, "tracks", tuple(tracks))
        object.__setattr__(self, "readings", tuple(sorted(set(self.readings))))


def bearing(content: Content) -> Bearing:
    """Which kind of rule the content bears on. Implements PIC-052."""
    match content:
        case Zone():
            return Bearing.ZONE
        case OwnForceLocation() | AvoidanceRequest():
            return Bearing.STANDOFF
        case NotifiedSite() | NotifiedMovement():
            return Bearing.PROTECTED
        case Activity():
            return Bearing.PLAN
        case GeneralNotice():
            return Bearing.NONE
        case _:
            assert_never(content)


def standing(picture: Picture) -> tuple[StandingNotice, ...]:
    """The standing version of every notice that is not withdrawn, whatever its windows."""
    return tuple(
        StandingNotice(
            party=held.party,
            notice=held.notice.notice,
            version=held.notice.latest.event.version,
            content=held.notice.latest.event.content,
            ref=held.notice.latest.stamp.ref,
        )
        for held in picture.notices
        if held.notice.state is not NoticeState.WITHDRAWN
    )


def in_force(picture: Picture, *, at: datetime) -> tuple[StandingNotice, ...]:
    """The standing notices one of whose windows holds `at`. Implements PIC-050."""
    return tuple(
        notice
        for notice in standing(picture)
        if time_of(notice.content, at) is NoticeTime.IN_WINDOW
    )


def in_force_during(picture: Picture, *, window: Window) -> tuple[StandingNotice, ...]:
    """The standing notices one of whose windows shares an instant with `window`. PIC-051.

    What is predicted up to a horizon needs the notices that begin before it.
    """
    return tuple(
        notice
        for notice in standing(picture)
        if any(volume.window.overlaps(window) for volume in volumes_of(notice.content))
    )


def bearing_on(notices: tuple[StandingNotice, ...], *, kind: Bearing) -> tuple[StandingNotice, ...]:
    """Those of `notices` that bear on rules of this kind. Implements PIC-052."""
    return tuple(notice for notice in notices if bearing(notice.content) is kind)


def shown_only(picture: Picture) -> tuple[StandingNotice, ...]:
    """The standing general notices: shown with their text, never computed on. PIC-053."""
    return bearing_on(standing(picture), kind=Bearing.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracksByFreshness:
    """Every track of a picture, in exactly one place. Only `current` ones are extrapolated."""

    current: tuple[Track, ...]
    last_known: tuple[Track, ...]
    unplaced: tuple[Track, ...]
    ended: tuple[Track, ...]


def by_freshness(picture: Picture, *, stale_after_s: float) -> TracksByFreshness:
    """The picture's tracks parted by how current they are at its instant. Implements PIC-054."""
    found = [
        (view(track, now=picture.at, stale_after_s=stale_after_s).freshness, track)
        for track in picture.tracks
    ]

    def those(freshness: Freshness) -> tuple[Track, ...]:
        return tuple(track for one, track in found if one is freshness)

    return TracksByFreshness(
        current=those(Freshness.CURRENT),
        last_known=those(Freshness.LAST_KNOWN),
        unplaced=those(Freshness.UNPLACED),
        ended=those(Freshness.ENDED),
    )
