"""A track that stands still in one picture while the other has the same object move.

Units: metres, seconds. Nothing is said of a track alone (`detection.pair.trust` judges its own
moves): here the other picture's track, taken as one object with it before, is the evidence.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.assessment.stated import StatedTrack
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.instant import seconds_between

FROZEN_S_MIN = 30.0
MOVED_M_MIN = 200.0
ACCURACIES = 3.0  # how far beyond both accuracies the other must have moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """How long one track has been stated at one position, and where its partner was then.

    `stated_since` and `stated_at` are the first and the newest time that its source claims for it.
    """

    track: str
    partner: str
    position: Position
    since: datetime
    stated_since: datetime
    stated_at: datetime
    partner_position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """`track` of `picture` has stood still for `for_s` while `partner` moved `moved_m` meanwhile.

    `restated`: with new times; otherwise nothing new was stated of it.
    """

    picture: str
    track: str
    partner: str
    since: datetime
    for_s: float
    moved_m: float
    restated: bool


def stood(still: Still | None, pair: tuple[StatedTrack, StatedTrack], at: datetime) -> Still:
    """The account after one more look at a track and its partner."""
    track, partner = pair
    here = track.motion.position
    if still is None or still.position != here or still.partner != partner.track:
        return Still(
            track=track.track,
            partner=partner.track,
            position=here,
            since=at,
            stated_since=track.motion.at,
            stated_at=track.motion.at,
            partner_position=partner.motion.position,
        )
    return replace(still, stated_at=max(still.stated_at, track.motion.at))


def frozen(
    still: Still, pair: tuple[StatedTrack, StatedTrack], picture: str, at: datetime
) -> Frozen | None:
    """What the account shows at `at`; None while it shows nothing. Implements DIS-034."""
    track, partner = pair
    for_s = seconds_between(still.since, at)
    moved_m = distance_m(still.partner_position, partner.motion.position)
    stated_m = (track.motion.position_accuracy_m or 0.0) + (
        partner.motion.position_accuracy_m or 0.0
    )
    if for_s < FROZEN_S_MIN or moved_m < max(MOVED_M_MIN, ACCURACIES * stated_m):
        return None
    return Frozen(
        picture=picture,
        track=still.track,
        partner=still.partner,
        since=still.since,
        for_s=for_s,
        moved_m=moved_m,
        restated=still.stated_at > still.stated_since,
    )
