"""Whether a track's positions can be trusted, carried on from motion to motion.

Rules of this file
- One step per motion, whatever the length of the track: what is kept is the last motion of each
  way that the claims follow, at most PATHS_MAX, and the last trusted one.
- While positions are not trusted, what was last trusted stands; every claim stands beside it.
- A motion that the track sets aside can add a doubt, and take nothing away: what the track uses is
  judged by itself too.
- Trust is regained by moves that fit one another, of one way alone, from a place to which the
  object could have come since it was last trusted.
- The bounds of an unknown kind hold always. Those of the kind that a source states hold beside
  them and never instead: they can add a doubt, and take none away.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import seconds_between
from crosstell.core.picture.trust.kind import LIMITS, UNKNOWN_KIND, MotionLimits, ObjectKind
from crosstell.core.picture.trust.moves import (
    Implausible,
    Known,
    Path,
    Place,
    frozen,
    is_held,
    own_faults,
    place_faults,
    state_faults,
    too_fast_m,
)

TRUST_VERSION = 1  # one more with every change of what the same motions fold to
PATHS_MAX = 4
SWITCHES_MIN = 3  # changes between two ways that make them two ways and not an outlier


class Standing(StrEnum):
    """Whether the positions of a track can be used as reported."""

    TRUSTWORTHY = "trustworthy"
    NOT_TRUSTWORTHY = "not-trustworthy"
    NOT_TESTABLE = "not-testable"  # one motion alone shows no move


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What is held of one track's trustworthiness; `paths` with the one last followed first.

    `since` is the time of the first motion that was not believed, `because` what was seen since.
    `run` counts the fitting moves of the first path since the last fault or change of path.
    """

    standing: Standing
    last_trusted: Motion
    paths: tuple[Path, ...]
    because: tuple[Implausible, ...] = ()
    since: datetime | None = None
    run: int = 0
    switches: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusts:
    """The trust of one track: under the widest bounds, of the motions that the track uses.

    `late` is that with the motions that the track sets aside, while it is lost and another;
    `as_kind` that of all motions under the bounds of the stated kind.
    """

    widest: Trust
    late: Trust | None = None
    kind: ObjectKind | None = None
    as_kind: Trust | None = None

    def doubted(self) -> tuple[Trust, ...]:
        """Those that are not trusted, the one of what the track uses first."""
        all_of_it = (one for one in (self.widest, self.late, self.as_kind) if one is not None)
        return tuple(one for one in all_of_it if one.standing is Standing.NOT_TRUSTWORTHY)


def trusts_after(
    trusts: Trusts | None, motion: Motion, kind: ObjectKind | None, *, is_used: bool = True
) -> Trusts:
    """The trusts after one more motion, of an object that is said to be of `kind`.

    A kind that is stated later goes on from what was trusted without it; another kind than before
    is a fault by itself, since no object changes its kind. Implements TRU-030 to TRU-034, TRU-037.
    """
    late = before = None
    if trusts is None or is_used:
        widest = advanced(None if trusts is None else trusts.widest, motion, UNKNOWN_KIND)
    else:
        widest = trusts.widest
    if trusts is not None:
        before = trusts.late or trusts.widest
        if trusts.late is not None or not is_used:
            late = _beside(advanced(before, motion, UNKNOWN_KIND), widest)
    if kind is None:
        return Trusts(widest=widest, late=late)
    held = before if trusts is None or trusts.as_kind is None else trusts.as_kind
    if held is not None and trusts is not None and trusts.kind not in (None, kind):
        held = _lost(held, (Implausible.KIND_CHANGED,), motion, held.paths)
    as_kind = advanced(held, motion, LIMITS[kind])
    return Trusts(widest=widest, late=late, kind=kind, as_kind=as_kind)


def _beside(late: Trust, widest: Trust) -> Trust | None:
    """The trust with what is set aside, while it doubts what the one of what is used does not."""
    return late if late.standing is Standing.NOT_TRUSTWORTHY and late != widest else None


def advanced(trust: Trust | None, motion: Motion, limits: MotionLimits) -> Trust:
    """The trust after one more motion; None: it is the first. Implements TRU-001 to TRU-018."""
    if trust is None:
        return _begun(motion)
    if any(_is_said_again(path.latest, motion) for path in trust.paths):
        return trust
    new = Place.of(motion)
    tried = [place_faults(path, new, limits) for path in trust.paths]
    fits = [(miss_m, index) for index, (faults, miss_m) in enumerate(tried) if not faults]
    if not fits:
        return _strayed(trust, new, tried[0][0], limits)
    chosen = min(fits)[1]
    followed = trust.paths[chosen]
    if motion.at <= followed.latest.at:
        return trust  # it came late: the way is known to have gone on
    faults = (
        *state_faults(followed, new, limits),
        *own_faults(new, limits),
        *frozen(followed, new, limits),
    )
    path = _followed(followed, motion, limits)
    paths = (path, *trust.paths[:chosen], *trust.paths[chosen + 1 :])
    if faults:
        return _lost(trust, faults, motion, paths)
    if trust.standing is not Standing.NOT_TRUSTWORTHY:
        return _trusted(path)
    return _weighed(replace(trust, paths=paths), changed=chosen > 0, limits=limits)


def _begun(motion: Motion) -> Trust:
    """The first motion of a track: nothing to compare it with."""
    path = Path(latest=motion, anchor=motion, moves=0, known=Known.TRUSTED)
    return Trust(standing=Standing.NOT_TESTABLE, last_trusted=motion, paths=(path,))


def _is_said_again(held: Motion, motion: Motion) -> bool:
    """Whether it is the same fix, perhaps with a newer velocity or height: it shows no move."""
    return motion.at == held.at and motion.position == held.position


def _strayed(
    trust: Trust, new: Place, faults: tuple[Implausible, ...], limits: MotionLimits
) -> Trust:
    """Not trusted: the motion is no place on any way that is held, and begins one of its own."""
    motion = new.motion
    newest_at = max(path.latest.at for path in trust.paths)
    behind_s = seconds_between(motion.at, newest_at)
    back = (Implausible.TIME_BACK,) if behind_s > limits.time_slack_s else ()
    own = (*state_faults(trust.paths[0], new, limits), *own_faults(new, limits))
    path = Path(latest=motion, anchor=motion, moves=0, known=Known.CLAIMED)
    paths = (path, *trust.paths)[:PATHS_MAX]
    return _lost(trust, (*back, *faults, *own), motion, paths)


def _trusted(path: Path) -> Trust:
    path = replace(path, known=Known.TRUSTED)
    return Trust(standing=Standing.TRUSTWORTHY, last_trusted=path.latest, paths=(path,))


def _followed(path: Path, motion: Motion, limits: MotionLimits) -> Path:
    """The path one move further. A standing position at a stated speed keeps its first time."""
    anchor = path.anchor if is_held(path, motion, limits) else motion
    return replace(path, latest=motion, anchor=anchor, moves=path.moves + 1)


def _lost(
    trust: Trust, faults: tuple[Implausible, ...], motion: Motion, paths: tuple[Path, ...]
) -> Trust:
    """Not trusted, or still not: these faults were seen."""
    return replace(
        trust,
        standing=Standing.NOT_TRUSTWORTHY,
        because=tuple(dict.fromkeys((*trust.because, *faults))),
        since=trust.since if trust.since is not None else motion.at,
        paths=paths,
        run=0,
    )


def _weighed(trust: Trust, *, changed: bool, limits: MotionLimits) -> Trust:
    """Not trusted, and a move that fits the first path: whether trust is regained by it."""
    run = 1 if changed else trust.run + 1
    switches = trust.switches + changed
    because = trust.because
    front = trust.paths[0]
    two_ways = len(trust.paths) > 1 and min(path.moves for path in trust.paths[:2]) >= 2
    if switches >= SWITCHES_MIN and two_ways:
        because = tuple(dict.fromkeys((*because, Implausible.ALTERNATING)))
    returns = front.known is Known.TRUSTED and Implausible.ALTERNATING not in because
    needed = limits.return_moves if returns else limits.regain_moves
    is_newest = all(path.latest.at <= front.latest.at for path in trust.paths)
    if run >= needed and is_newest and _within_reach(trust.last_trusted, front.latest, limits):
        return _trusted(front)
    return replace(trust, because=because, run=run, switches=switches)


def _within_reach(last: Motion, motion: Motion, limits: MotionLimits) -> bool:
    """Whether the object could have come here since it was last trusted."""
    return too_fast_m(Place.of(last), Place.of(motion), limits) <= 0.0
