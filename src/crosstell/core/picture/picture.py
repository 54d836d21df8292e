"""The picture one party has at an instant: what detection is given, and nothing else.

Times are UTC; windows are half-open. Withdrawn notices and superseded versions are not in force
for anyone. A general notice is never computed on.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from crosstell.core.ids import EntryRef, NoticeId, PartyId, TrackId
from crosstell.core.instant import Window, format_instant, require_utc, seconds_between
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
from crosstell.core.picture.track import Seen, Track, TrackState
from crosstell.core.picture.wording import quoted


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
        standing_version(held.party, held.notice)
        for held in picture.notices
        if held.notice.state is not NoticeState.WITHDRAWN
    )


def standing_version(party: PartyId, notice: Notice) -> StandingNotice:
    """The newest version of a notice that is not withdrawn."""
    latest = notice.latest
    return StandingNotice(
        party=party,
        notice=notice.notice,
        version=latest.event.version,
        content=latest.event.content,
        ref=latest.stamp.ref,
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
        notice for notice in standing(picture) if is_in_force_during(notice.content, window=window)
    )


def is_in_force_during(content: Content, *, window: Window) -> bool:
    """Whether one of the content's windows shares an instant with `window`. Implements PIC-051."""
    return any(volume.window.overlaps(window) for volume in volumes_of(content))


def bearing_on(notices: tuple[StandingNotice, ...], *, kind: Bearing) -> tuple[StandingNotice, ...]:
    """Those of `notices` that bear on rules of this kind. Implements PIC-052."""
    return tuple(notice for notice in notices if bearing(notice.content) is kind)


def shown_only(picture: Picture) -> tuple[StandingNotice, ...]:
    """The standing general notices: shown with their text, never computed on. PIC-053."""
    return bearing_on(standing(picture), kind=Bearing.NONE)


class Freshness(StrEnum):
    """How current a track is; a view, never recorded."""

    CURRENT = "current"
    LAST_KNOWN = "last-known"
    UNPLACED = "unplaced"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    """One track as shown at an instant. `age_s` is of the newest usable motion, None without."""

    track: TrackId
    freshness: Freshness
    seen: Seen | None
    age_s: float | None
    text: str


def track_view(track: Track, *, now: datetime, stale_after_s: float) -> TrackView:
    """The track at `now`: current for ages up to `stale_after_s`, older it is one last known item.

    A last known item keeps its position and grows its age, not a circle. Implements PIC-024,
    PIC-025.
    """
    seen = track.latest
    age_s = seconds_between(seen.motion.at, now) if seen is not None else None
    if track.state is TrackState.ENDED:
        freshness, text = Freshness.ENDED, "ended by its source"
        text += "" if track.last_words is None else f": {quoted(track.last_words)}"
    elif seen is None or age_s is None:
        freshness, text = Freshness.UNPLACED, "no usable position: it may be anywhere"
    elif age_s <= stale_after_s:
        freshness, text = Freshness.CURRENT, f"seen {format_instant(seen.motion.at)}"
    else:
        freshness = Freshness.LAST_KNOWN
        text = f"last known position, of {format_instant(seen.motion.at)}, {age_s:.0f} s ago"
    if track.irregular:
        last = track.irregular[-1]
        text = f"{text}; {track.irregular_total} irregular, the last {last.why}: {last.text}"
    told = track.source  # a system's own id, or what a person wrote
    if track.reporter is not None:
        told = f"{quoted(track.source)}, told by {quoted(track.reporter)}"
    return TrackView(
        track=track.track,
        freshness=freshness,
        seen=seen,
        age_s=age_s,
        text=f"{track.track} ({told}): {text}",
    )


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
        (track_view(track, now=picture.at, stale_after_s=stale_after_s).freshness, track)
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
