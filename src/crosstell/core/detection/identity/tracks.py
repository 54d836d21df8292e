"""Tracks of one identity that cannot both be true: a view, with its evidence.

Two tracks of one identity may be two objects, a wrong address or a copy. So nothing is joined,
dropped or corrected here, and both tracks go on being judged each by itself.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from crosstell.core.detection.identity.keys import Key, identity_keys, is_ship, shared_kinds
from crosstell.core.detection.identity.screen import TwoMotions, may_contradict
from crosstell.core.detection.pair.contradiction import (
    Allowance,
    Aspect,
    Compared,
    Contradiction,
    Told,
    contradiction,
)
from crosstell.core.detection.pair.kind import SHIP
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId
from crosstell.core.instant import format_instant, seconds_between
from crosstell.core.picture.track import Track

PER_IDENTITY_MAX = 16  # tracks of one identity compared each with each; more are told as a crowd
UNITS = {Aspect.POSITION: "m", Aspect.TIME: "s", Aspect.ALTITUDE: "m", Aspect.VELOCITY: "m/s"}

_Pair = tuple[Key, Track, Track]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStates:
    """Two tracks of one identity whose states cannot both be true.

    `first_at` and `second_at` are the times of the two states compared: the newest of the track
    that was heard of less lately, and the other's nearest to it in time. `since` is the time of
    the earliest state of the first track from which on, without a break, they contradict.
    """

    identity: Key
    first: TrackId
    second: TrackId
    first_source: str
    second_source: str
    first_at: datetime
    second_at: datetime
    since: datetime
    found: Contradiction

    @property
    def text(self) -> str:
        """What a person reads: two states of one identity, who, when, in what, by how much."""
        kind, value = self.identity
        differs = [
            _words(aspect, self.found.of(aspect))
            for aspect in Aspect
            if aspect in self.found.contradicts
        ]
        return (
            f"two states of one identity ({kind} {value}): {self.first} of {self.first_source} at "
            f"{format_instant(self.first_at)} and {self.second} of {self.second_source} at "
            f"{format_instant(self.second_at)} cannot both be true: {', '.join(differs)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdedIdentity:
    """An identity that more than PER_IDENTITY_MAX tracks give: it tells no object from others."""

    identity: Key
    tracks: tuple[TrackId, ...]


def two_states(
    tracks: Iterable[Track], allowed: Allowance, conversions: Conversions
) -> tuple[tuple[TwoStates, ...], tuple[CrowdedIdentity, ...]]:
    """Every pair of tracks of one identity that contradict, and the identities too many give.

    In one order, whatever that of the tracks. `allowed` has the bounds of an object of any kind;
    of a ship's identity those of a ship hold. Implements CTR-040 to CTR-046.
    """
    groups: dict[Key, list[Track]] = {}
    for track in sorted(tracks, key=lambda one: one.track):
        for key in identity_keys(track.hints) if track.history else ():
            groups.setdefault(key, []).append(track)
    pairs: dict[tuple[TrackId, TrackId], _Pair] = {}
    crowded = []
    for key in sorted(groups):
        group = groups[key]
        if len(group) > PER_IDENTITY_MAX:
            crowded.append(CrowdedIdentity(identity=key, tracks=tuple(one.track for one in group)))
            continue
        for first, second in combinations(group, 2):
            pairs.setdefault((first.track, second.track), (key, first, second))
    asked = [pairs[names] for names in sorted(pairs)]
    found = [
        *_told([pair for pair in asked if not is_ship(pair[0])], allowed, conversions),
        *_told([pair for pair in asked if is_ship(pair[0])], _of_ships(allowed), conversions),
    ]
    found.sort(key=lambda one: (one.first, one.second))
    return tuple(found), tuple(crowded)


def _of_ships(allowed: Allowance) -> Allowance:
    """The same, for objects whose identity is a ship's."""
    return replace(allowed, limits=SHIP)


def _told(pairs: list[_Pair], allowed: Allowance, conversions: Conversions) -> Iterator[TwoStates]:
    """Those of the pairs that contradict now."""
    may = may_contradict([_moment(first, second) for _, first, second in pairs], allowed)
    for pair, is_possible in zip(pairs, may, strict=True):
        if is_possible or not all(shared_kinds(pair[1].hints, pair[2].hints).values()):
            one = _two_states(pair, allowed, conversions)
            if one is not None:
                yield one


def _two_states(pair: _Pair, allowed: Allowance, conversions: Conversions) -> TwoStates | None:
    """The two, if they contradict now."""
    key, first, second = pair
    moments = _moments(first, second)
    one, other = moments[-1]
    found = _compared(first, second, moments[-1], allowed, conversions)
    if not found.contradicts:
        return None
    since = one.at
    for moment in reversed(moments[:-1]):
        if not _compared(first, second, moment, allowed, conversions).contradicts:
            break
        since = moment[0].at
    return TwoStates(
        identity=key,
        first=first.track,
        second=second.track,
        first_source=first.source,
        second_source=second.source,
        first_at=one.at,
        second_at=other.at,
        since=since,
        found=found,
    )


def _moment(first: Track, second: Track) -> TwoMotions:
    """The newest state of the track heard of less lately, and the other's nearest to it in time."""
    mine, theirs = first.history[-1].motion, second.history[-1].motion
    if mine.at > theirs.at:
        return _nearest(first, theirs.at), theirs
    return mine, _nearest(second, mine.at)


def _moments(first: Track, second: Track) -> list[TwoMotions]:
    """Every state of the first up to that moment with the second's nearest, oldest first."""
    newest = _moment(first, second)
    earlier = (seen.motion for seen in first.history if seen.motion.at < newest[0].at)
    return [*((one, _nearest(second, one.at)) for one in earlier), newest]


def _nearest(track: Track, at: datetime) -> Motion:
    """Its motion nearest to `at`; of two as near the earlier one."""
    history = track.history
    after = bisect_left(history, at, key=lambda seen: seen.motion.at)
    near = [seen.motion for seen in history[max(0, after - 1) : after + 1]]
    return min(near, key=lambda motion: abs(seconds_between(motion.at, at)))


def _compared(
    first: Track,
    second: Track,
    moment: TwoMotions,
    allowed: Allowance,
    conversions: Conversions,
) -> Contradiction:
    one, other = moment
    reach_m = distance_m(one.position, other.position)
    return contradiction(
        Told(motion=one, hints=first.hints),
        Told(motion=other, hints=second.hints),
        allowed,
        conversions.at(one.position, reach_m=reach_m),
    )


def _words(aspect: Aspect, compared: Compared) -> str:
    if compared.off is None:
        return str(aspect)
    least, most = compared.least, compared.most
    assert least is not None, "what is measured has an interval"
    assert most is not None, "what is measured has an interval"
    unit = UNITS[aspect]
    words = f"{aspect} by {compared.off:.0f} {unit} (from {least:.0f} to {most:.0f})"
    if aspect is Aspect.TIME:
        words = f"{words} along its course, the second {'ahead' if compared.off > 0 else 'behind'}"
    if compared.assumed:
        words = f"{words}, assumed: {', '.join(compared.assumed)}"
    return words
