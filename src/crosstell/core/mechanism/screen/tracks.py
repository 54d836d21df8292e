"""Our own sensors' tracks, and objects told to us by a person: never another party's data.

Whose an object is, is shown as stated, by whom; nothing here guesses it, and no track is hostile.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.altitude import Altitude
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.assess.ownership import is_ours, is_stated_not_ours
from crosstell.core.picture.ownership import (
    OwnershipRow,
    OwnTrack,
    PartyOwnership,
    ownership_matrix,
)
from crosstell.core.picture.picture import Freshness, track_view
from crosstell.core.picture.track import Hint, Track
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.picture.trust.moves import Implausible
from crosstell.core.state.state import State

ENDED_SHOWN_S = 1_800.0  # how long an ended track stays on the screen
TRAIL_MAX = 12  # positions of a trail, newest last
TRACKS_MAX = 10_000


class Whose(StrEnum):
    """Whose our own party says that the object is."""

    OURS = "ours"
    NOT_OURS = "not-ours"
    NOT_STATED = "not-stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenTrack:
    """One track of `source`; `reporter` is set where a person told it.

    Position, course and speed are the newest usable motion's; None is not known. `trail_lat_deg`
    and `trail_lon_deg` are its last places, oldest first. `said` is what was stated of whose it
    is. `untrusted_since` and `untrusted_because` name a doubt about its positions.
    """

    track: TrackId
    source: str
    reporter: str | None
    whose: Whose
    freshness: Freshness
    seen_at: datetime | None
    position: Position | None
    altitude: Altitude | None
    pressure_altitude_m: float | None
    track_deg: float | None
    speed_mps: float | None
    climb_mps: float | None
    position_accuracy_m: float | None
    altitude_accuracy_m: float | None
    kind: ObjectKind | None
    hints: tuple[Hint, ...]
    trail_lat_deg: tuple[float, ...]
    trail_lon_deg: tuple[float, ...]
    irregular: int
    said: tuple[OwnershipRow, ...]
    text: str
    last_words: str | None = None
    untrusted_since: datetime | None = None
    untrusted_because: tuple[Implausible, ...] = ()
    last_trusted: Position | None = None


def tracks_of(state: State, now: datetime) -> tuple[ScreenTrack, ...]:
    """The tracks held, those ended of late too, by id. Implements SCR-050 to SCR-052."""
    stale_after_s = state.setting.protocol.alerts.stale_after_s
    found = (
        _screen_track(state, state.journal.tracks[name], now, stale_after_s)
        for name in sorted(state.journal.tracks)
    )
    return tuple(one for one in found if not _is_long_over(one, now))[:TRACKS_MAX]


def _is_long_over(one: ScreenTrack, now: datetime) -> bool:
    if one.freshness is not Freshness.ENDED:
        return False
    return one.seen_at is None or seconds_between(one.seen_at, now) > ENDED_SHOWN_S


def _screen_track(state: State, track: Track, now: datetime, stale_after_s: float) -> ScreenTrack:
    view = track_view(track, now=now, stale_after_s=stale_after_s)
    motion = None if view.seen is None else view.seen.motion
    velocity = None if motion is None else motion.velocity
    trail = [seen.motion.position for seen in track.history[-TRAIL_MAX:]]
    doubted = () if track.trust is None else track.trust.doubted()
    because = tuple(dict.fromkeys(why for one in doubted for why in one.because))
    last = min((one.last_trusted for one in doubted), key=lambda m: m.at, default=None)
    return ScreenTrack(
        track=track.track,
        source=track.source,
        reporter=track.reporter,
        whose=_whose(state, track),
        freshness=view.freshness,
        seen_at=None if motion is None else motion.at,
        position=None if motion is None else motion.position,
        altitude=None if motion is None else motion.altitude,
        pressure_altitude_m=None if motion is None else motion.pressure_altitude_m,
        track_deg=None if velocity is None else velocity.track_deg,
        speed_mps=None if velocity is None else velocity.speed_mps,
        climb_mps=None if velocity is None else velocity.climb_mps,
        position_accuracy_m=None if motion is None else motion.position_accuracy_m,
        altitude_accuracy_m=None if motion is None else motion.altitude_accuracy_m,
        kind=track.kind,
        hints=track.hints,
        trail_lat_deg=tuple(one.lat_deg for one in trail),
        trail_lon_deg=tuple(one.lon_deg for one in trail),
        irregular=track.irregular_total,
        said=_said(state, track),
        text=view.text,
        last_words=track.last_words,
        untrusted_since=min((d.since for d in doubted if d.since is not None), default=None),
        untrusted_because=because,
        last_trusted=None if last is None else last.position,
    )


def _whose(state: State, track: Track) -> Whose:
    if is_ours(state, track):
        return Whose.OURS
    return Whose.NOT_OURS if is_stated_not_ours(state, track) else Whose.NOT_STATED


def _said(state: State, track: Track) -> tuple[OwnershipRow, ...]:
    """Our own party's statements of it; the subject never leaves, so no other party has one."""
    held = state.journal.ownership.get(OwnTrack(track=track.track))
    if held is None:
        return ()
    party = state.setting.protocol.party(state.setting.party)
    components = () if party is None else tuple(one.id for one in party.components)
    ours = PartyOwnership(party=state.setting.party, components=components, ownership=held)
    return ownership_matrix((ours,))
