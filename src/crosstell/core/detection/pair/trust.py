"""By what a track is judged whose positions may not be trusted, and how it stands then.

Units: metres, seconds. Whether they are is told by `core/picture/trust`; here follows what that
means for a pairing. Nothing that is doubted infringes, and nothing that is doubted is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import seconds_between
from crosstell.core.picture.trust.kind import LIMITS, UNKNOWN_KIND, MotionLimits
from crosstell.core.picture.trust.standing import Standing, Trust, Trusts


class Basis(StrEnum):
    """As what a motion is judged."""

    REPORTED = "reported"
    LAST_TRUSTED = "last-trusted"  # in every direction from there, never as reported
    CLAIMED = "claimed"  # cannot be ruled out, never infringes


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One motion that detection evaluates for a track, and as what."""

    motion: Motion
    basis: Basis


def judged_by(trusts: Trusts, now: datetime) -> tuple[Judged, ...]:
    """The motions that detection evaluates of a track: one as reported comes first.

    What the bounds of the stated kind doubt, and what is doubted with the motions that the track
    sets aside, comes beside what holds without them, never in its place: a kind or a measurement
    that is wrong, or made to deceive, hides nothing. Implements TRU-033, TRU-037.
    """
    found = judged(trusts.widest, UNKNOWN_KIND, now)
    more: tuple[Judged, ...] = ()
    if trusts.late is not None:
        more = judged(trusts.late, UNKNOWN_KIND, now)
    if trusts.kind is not None and trusts.as_kind is not None:
        more = (*more, *judged(trusts.as_kind, LIMITS[trusts.kind], now))
    doubts = (one for one in more if one.basis is not Basis.REPORTED and one not in found)
    return (*found, *dict.fromkeys(doubts))


def judged(trust: Trust, limits: MotionLimits, now: datetime) -> tuple[Judged, ...]:
    """The same under one set of bounds, the newest first. Implements TRU-020 to TRU-022.

    Trusted: the newest as reported. Not trusted: the newest of every way as claimed, and the
    last trusted one, from which the object may have gone anywhere. Those older than
    `limits.claim_s` are left out, but the newest: of the rest the last word was long ago.
    """
    front = trust.paths[0].latest
    if trust.standing is not Standing.NOT_TRUSTWORTHY:
        return (Judged(motion=front, basis=Basis.REPORTED),)
    recent = (
        path.latest
        for path in trust.paths[1:]
        if seconds_between(path.latest.at, now) <= limits.claim_s
    )
    claims = [Judged(motion=motion, basis=Basis.CLAIMED) for motion in (front, *recent)]
    last = trust.last_trusted
    if seconds_between(last.at, now) > limits.claim_s:
        return tuple(claims)
    kept = [claim for claim in claims if claim.motion != last]
    return (*kept, Judged(motion=last, basis=Basis.LAST_TRUSTED))


def encounter_of(
    motions: tuple[Judged, ...],
    criterion: Criterion,
    pair: Callable[[Motion, Criterion], Encounter],
) -> Encounter:
    """How a track stands, whatever it is judged by: `pair` of each motion, all together.

    What is not trusted cannot be ruled out (not-trustworthy), and never infringes: the earliest
    of all counts, with every reason. Clear only if all are. What one motion does as reported
    stands whatever is doubted beside it. Implements TRU-024 to TRU-026, TRU-033.
    """
    assert motions, "a track is judged by one motion at least"
    found = [_stands(one, criterion, pair) for one in motions]
    first = min(found, key=lambda each: (each.assessed is Assessed.CLEAR, each.infringement_in_s))
    is_reported = motions[0].basis is Basis.REPORTED and found[0].assessed is not Assessed.CLEAR
    reasons = tuple(dict.fromkeys(reason for each in found for reason in each.reasons))
    return replace(
        found[0] if is_reported else first,
        reasons=reasons,
        infringement_in_s=first.infringement_in_s,
        margin_m=first.margin_m,
    )


def as_doubted(encounter: Encounter, trusts: Trusts) -> Encounter:
    """What was found of the newest motion alone, with what is doubted of it. Implements TRU-038.

    Where no motion that the track uses is doubted it stands as reported, and the doubt beside it.
    """
    doubted = trusts.doubted()
    if not doubted:
        return encounter
    if doubted[0] is trusts.widest:
        return _doubted(encounter)
    return replace(encounter, reasons=(*encounter.reasons, Reason.NOT_TRUSTWORTHY))


def _stands(
    one: Judged, criterion: Criterion, pair: Callable[[Motion, Criterion], Encounter]
) -> Encounter:
    """One motion as what it is judged; a last trusted one may have gone anywhere since."""
    if one.basis is Basis.REPORTED:
        return pair(one.motion, criterion)
    velocity = one.motion.velocity
    if one.basis is Basis.CLAIMED or velocity is None:
        return _doubted(pair(one.motion, criterion))
    speed_mps = max(velocity.speed_mps, criterion.unknown_speed_mps)
    adrift = replace(one.motion, velocity=None)
    return _doubted(pair(adrift, replace(criterion, unknown_speed_mps=speed_mps)))


def _doubted(encounter: Encounter) -> Encounter:
    """The same of a motion that is not trusted; where it is clear, that is said too."""
    if encounter.assessed is Assessed.CLEAR:
        return replace(encounter, reasons=(Reason.NOT_TRUSTWORTHY,))
    return replace(
        encounter,
        assessed=Assessed.CANNOT_BE_RULED_OUT,
        reasons=(*encounter.reasons, Reason.NOT_TRUSTWORTHY),
        nominal_in_s=None,
        exit_in_s=None,
        nearest_in_s=None,
        nearest_m=None,
    )
