"""Shares of own tracks: what may be granted, which updates are due, and which may still cross.

Units: seconds, metres. An update is made of the newest usable motion of the track, never finer than
the grant, and only inside it; nothing here reads or writes another party's picture.
"""

from collections.abc import Iterator
from datetime import datetime

from crosstell.core.altitude import Altitude, Unbounded
from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import ACCURACY_M_MAX, Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import TrackId
from crosstell.core.instant import Window, later, seconds_between
from crosstell.core.picture.ownership import OwnershipAnswer, OwnTrack
from crosstell.core.picture.releasing.coarse import coarse_volume
from crosstell.core.picture.releasing.share import (
    Contains,
    Share,
    ShareGranted,
    ShareTerms,
    ShareUpdated,
    TrackShared,
)
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.record.entry import AHEAD_MS_MAX
from crosstell.core.state.events import Event
from crosstell.core.state.state import State

POINT_M = 1.0  # a position without accuracy is held as an area of this radius
GRAIN_S = 0.001


def granted(state: State, body: TrackShared) -> tuple[ShareGranted] | Refused:
    """What those who get it are told of the grant. Implements REL-030, REL-031."""
    track = state.journal.tracks.get(body.track)
    if track is None:
        text = f"share {body.share}: track {body.track} is not held here; name one that is"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if not _is_ours_alone(state, body.track):
        text = (
            f"share {body.share}: track {body.track} is not stated to be ours; only own objects "
            "are shared, and nobody else's"
        )
        return Refused(code=RefusalCode.NOT_RELEASED, text=text)
    if body.second is None:
        text = f"share {body.share}: is granted by two persons; name a second, of another role"
        return Refused(code=RefusalCode.NOT_RELEASED, text=text)
    if body.share in state.own.shares:
        text = f"share {body.share} was granted before; grant it under a new id"
        return Refused(code=RefusalCode.ALREADY_USED, text=text)
    return (ShareGranted(share=body.share, terms=body.terms, second=body.second),)


def share_updates(state: State, now: datetime) -> tuple[ShareUpdated, ...]:
    """The updates that are due: one for each open share whose object was seen anew. REL-032."""
    if not state.journal.shared_tracks:
        return ()
    at = _entry_time(state, now)
    return tuple(update for share, update in _news(state, at) if _due_at(share, at) <= at)


def next_share_at(state: State, now: datetime) -> datetime | None:
    """When the next update is due of what is known already, if any is."""
    due = (_due_at(share, now) for share, _ in _news(state, now))
    return min((at for at in due if at > now), default=None)


def may_cross(state: State, body: object, now: datetime) -> bool:
    """Whether the body of an entry of ours may leave at `now`. Implements REL-033.

    An update that was late in leaving stays: after the end nothing crosses, and before it only the
    newest, so that nobody is told a history after a line was down.
    """
    if not isinstance(body, ShareUpdated):
        return True
    share = state.own.shares.get(body.share)
    if share is None or share.latest is None or not share.is_open(now):
        return False
    return share.latest.event == body


def withheld_kinds() -> tuple[type[Event], ...]:
    """The events for which `may_cross` can say no."""
    return (ShareUpdated,)


def _news(state: State, at: datetime) -> Iterator[tuple[Share, ShareUpdated]]:
    """Each share that is open at `at`, with the update that its track now gives, if it is new."""
    for name in sorted(state.journal.shared_tracks):
        share = state.own.shares.get(name)
        track = state.journal.tracks.get(state.journal.shared_tracks[name].event.track)
        if share is None or not share.is_open(at) or track is None:
            continue
        update = _update_of(state, share, track)
        if update is not None and (share.latest is None or share.latest.event != update):
            yield share, update


def _due_at(share: Share, at: datetime) -> datetime:
    last = share.latest
    return at if last is None else later(last.stamp.at, by_s=share.granted.terms.every_s)


def _update_of(state: State, share: Share, track: Track) -> ShareUpdated | None:
    """What the track gives under the terms; None of one that ended, or is not ours any more."""
    seen = track.latest
    if seen is None or track.state is TrackState.ENDED or not _is_ours_alone(state, track.track):
        return None
    volume, contains = shared_volume(seen.motion, share.granted.terms)
    return ShareUpdated(share=share.granted.share, volume=volume, contains=contains)


def shared_volume(motion: Motion, terms: ShareTerms) -> tuple[Volume, Contains]:
    """A volume that contains where the object was, and what it surely contains. REL-035."""
    accuracy_m = motion.position_accuracy_m
    exact = Volume(
        footprint=Circle(
            centre=motion.position, radius_m=min(ACCURACY_M_MAX, max(POINT_M, accuracy_m or 0.0))
        ),
        lower=Unbounded(),
        upper=Unbounded(),
        window=Window(start=motion.at, end=later(motion.at, by_s=GRAIN_S)),
    )
    is_stated = accuracy_m is not None
    if terms.coarsened.altitude_m is not None and motion.altitude is not None:
        half_m = motion.altitude_accuracy_m
        is_stated = is_stated and half_m is not None
        exact = Volume(
            footprint=exact.footprint,
            lower=_limit(motion.altitude, -(half_m or 0.0)),
            upper=_limit(motion.altitude, half_m or 0.0),
            window=exact.window,
        )
    contains = Contains.STATED_ACCURACY if is_stated else Contains.POSITION_ALONE
    return coarse_volume(exact, terms.coarsened), contains


def _limit(altitude: Altitude, add_m: float) -> Altitude | Unbounded:
    try:
        return Altitude(value_m=altitude.value_m + add_m, datum=altitude.datum)
    except ValueError:
        return Unbounded()


def _is_ours_alone(state: State, track: TrackId) -> bool:
    """Whether some of our components say that it is ours, and none anything else."""
    held = state.journal.ownership.get(OwnTrack(track=track))
    said = () if held is None else held.statements
    return bool(said) and all(one.event.answer is OwnershipAnswer.OURS for one in said)


def _entry_time(state: State, now: datetime) -> datetime:
    """The earliest time that an entry signed now can have: hybrid time follows what it has seen."""
    own = state.own.latest_at
    seen = [one.latest_at for one in state.others() if one.latest_at is not None]
    ahead_s = AHEAD_MS_MAX / 1_000
    near = [at for at in seen if seconds_between(now, at) <= ahead_s]
    return max(now, *near, *(() if own is None else (own,)))
