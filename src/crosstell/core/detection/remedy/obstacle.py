"""What a plan is checked against: declared volumes, each under one rule and reading.

A blackout is an obstacle too: its footprint at every height, for each of its windows. Units:
metres, seconds; instants in UTC, windows half-open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from crosstell.core.altitude import NO_ALTITUDE_DATA, Altitude, AltitudeData
from crosstell.core.detection.conversion import extent_of_volume, local_data
from crosstell.core.detection.finding import Assessed, Criterion, Reason
from crosstell.core.detection.pair.plan import (
    Overlap,
    chord_gap_m,
    pairing,
    rise_between,
    shared_window,
)
from crosstell.core.geometry.approach import TIE_M
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geoid import Conversions, NoGeoid
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, seconds_between
from crosstell.core.protocol.rules.duration import stretches

NO_CONVERSIONS = Conversions(geoid=NoGeoid(why="none was given"), handed=NO_ALTITUDE_DATA)
POINT_RADIUS_M = 0.001  # a circle of the grain of what is signed: its centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One declared volume under one rule and reading; `what` names it for a person.

    Altitudes are converted by `conversions` where part and volume can meet, for each part anew.
    A stay of at most `dwell_s` in all volumes of one name, rule and reading is allowed by the
    rule. `from_centre`: the part is measured from its centre, if it is a circle. `kind_is_open`:
    the rule may be about the plan or not, so nothing is more than cannot be ruled out.
    """

    what: str
    volume: Volume
    criterion: Criterion
    conversions: Conversions = NO_CONVERSIONS
    dwell_s: float = 0.0
    from_centre: bool = False
    kind_is_open: bool = False

    def overlap(self, part: Volume) -> Overlap | None:
        """How the part and this do not clear each other, however long; None if they do."""
        if not self.may_overlap(part):
            return None
        measured = self.measured(part)
        found = pairing(measured, self.volume, self.criterion, self.data(measured))
        if found.assessed is Assessed.CLEAR:
            return None
        if not self.kind_is_open:
            return found
        reasons = (*found.reasons, Reason.KIND_NOT_STATED)
        return replace(found, assessed=Assessed.CANNOT_BE_RULED_OUT, reasons=reasons)

    def may_overlap(self, part: Volume) -> bool:
        """Whether the straight chord and the windows do not exclude it already."""
        if shared_window(part.window, self.volume.window) is None:
            return False
        return self.may_be_near(part)

    def may_be_near(self, part: Volume) -> bool:
        """Whether the straight chord does not exclude it already, whenever that is."""
        limit_m = self.criterion.lateral_m + TIE_M
        return chord_gap_m(part.footprint, self.volume.footprint) <= limit_m

    def meets_in_height(self, part: Volume) -> bool:
        """Whether the two bands cannot be told apart."""
        part = self.measured(part)
        rise = rise_between(part, self.volume, self.criterion.vertical_m, self.data(part))
        return rise.assessed is not Assessed.CLEAR

    def measured(self, part: Volume) -> Volume:
        """The part as the rule measures it."""
        footprint = part.footprint
        if not (self.from_centre and isinstance(footprint, Circle)):
            return part
        return replace(part, footprint=replace(footprint, radius_m=POINT_RADIUS_M))

    def converts(self, part: Volume) -> bool:
        """Whether the two state altitudes in more than one datum."""
        limits = (part.lower, part.upper, self.volume.lower, self.volume.upper)
        return len({one.datum for one in limits if isinstance(one, Altitude)}) > 1

    def data(self, part: Volume) -> AltitudeData:
        """What converts altitudes where this part and the volume can meet."""
        if not self.converts(part):
            return NO_ALTITUDE_DATA
        sides = (extent_of_volume(part), extent_of_volume(self.volume))
        return local_data(self.conversions, sides, self.criterion, self.volume.window.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConflict:
    """One part of a plan (from 0) that does not clear an obstacle, and how the two stand."""

    part: int
    obstacle: Obstacle
    overlap: Overlap


Group = tuple[str, Criterion]


def group_of(obstacle: Obstacle) -> Group:
    """Whose stays are counted together: one notice under one rule and reading."""
    return obstacle.what, obstacle.criterion


def conflicts(
    parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...]
) -> tuple[PlanConflict, ...]:
    """Every part of the plan against every obstacle that it does not clear, exactly.

    What cannot be ruled out is a conflict, with its reasons. Where a rule allows a stay, the
    parts that follow one another without a gap are one stay. Implements RMD-001, RMD-008.
    """
    found = [
        PlanConflict(part=number, obstacle=obstacle, overlap=overlap)
        for number, part in enumerate(parts)
        for obstacle in obstacles
        if (overlap := obstacle.overlap(part)) is not None
    ]
    return tuple(too_long(found))


def clears(parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...]) -> bool:
    """Whether the plan clears every obstacle."""
    return not conflicts(parts, obstacles)


def too_long(found: Iterable[PlanConflict]) -> list[PlanConflict]:
    """Those of these that a rule's allowance of a stay does not take away."""
    found = list(found)
    stays: dict[Group, list[Window]] = {}
    for one in found:
        if one.obstacle.dwell_s > 0.0 and one.overlap.window is not None:
            stays.setdefault(group_of(one.obstacle), []).append(one.overlap.window)
    joined = {group: stretches(windows) for group, windows in stays.items()}
    return [one for one in found if _lasts(one, joined.get(group_of(one.obstacle), ()))]


def _lasts(one: PlanConflict, stays: tuple[Window, ...]) -> bool:
    window = one.overlap.window
    if one.obstacle.dwell_s == 0.0 or window is None:
        return True
    stay = next(each for each in stays if each.start <= window.start < each.end)
    return seconds_between(stay.start, stay.end) > one.obstacle.dwell_s
