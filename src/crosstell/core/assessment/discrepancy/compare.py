"""Two pictures set against each other at one instant.

The comparison is worked out with the pictures in order of their names and turned round for who
asked the other way: so either side, with the same input, gets the same to the last bit, mirrored.
Nothing here says who is right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

import numpy as np

from crosstell.core.altitude import Datum
from crosstell.core.assessment.calibration import Calibration
from crosstell.core.assessment.discrepancy.existence import existence_tests
from crosstell.core.assessment.discrepancy.height import heights
from crosstell.core.assessment.discrepancy.measured import (
    Law,
    Measure,
    Measured,
    Subject,
    Untested,
    beyond,
    evidence,
)
from crosstell.core.assessment.discrepancy.pair import Outcome, pair_tests, stray_tests
from crosstell.core.assessment.discrepancy.settings import (
    UNCALIBRATED_DOF,
    Settings,
    Tolerance,
)
from crosstell.core.assessment.lineage import Confirmation, confirmation
from crosstell.core.assessment.registration.aligned import Aligned, Untestable, align
from crosstell.core.assessment.registration.estimate import residuals, velocity_inflation
from crosstell.core.assessment.registration.register import Offset, Refused, Registered, register
from crosstell.core.assessment.registration.stray import strays
from crosstell.core.assessment.stated import NotTestable, StatedPicture, StatedTrack
from crosstell.core.detection.suspect_altitude import Suspicion
from crosstell.core.instant import require_utc

OF_PICTURES = (Measure.SHIFT, Measure.ROTATION, Measure.TIME_OFFSET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two tracks taken as one object. `doubtful`: another partner would be nearly as good.

    `nees` is the squared difference of place over the stated variance, the offset taken away: what
    a calibration is made of.
    """

    one: str
    other: str
    nees: float
    doubtful: bool
    confirms: Confirmation

    def mirrored(self) -> Self:
        """The same from the other side."""
        return replace(self, one=self.other, other=self.one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two pictures show of each other at `at`; signed values are `other` less `one`."""

    one: str
    other: str
    at: datetime
    offset: Offset | Refused
    inflation: float | None  # of the stated variances, in this comparison alone
    matches: tuple[Match, ...]
    outcomes: tuple[Outcome, ...]  # in order of their subjects
    untestable: tuple[Untestable, ...]
    suspicions: tuple[Suspicion, ...]  # labels of heights that look wrong, either side's
    datums: tuple[Datum | None, Datum | None]
    calibrated: Calibration | None

    def mirrored(self) -> Self:
        """The same from the other side. Implements DIS-005."""
        offset = self.offset
        if isinstance(offset, Refused):
            turned: Offset | Refused = replace(offset, tracks=offset.tracks[::-1])
        else:
            turned = Offset(
                east_m=0.0 - offset.east_m,
                north_m=0.0 - offset.north_m,
                rotation_rad=0.0 - offset.rotation_rad,
                time_s=0.0 - offset.time_s,
                covariance=offset.covariance,
            )
        return replace(
            self,
            one=self.other,
            other=self.one,
            offset=turned,
            matches=tuple(match.mirrored() for match in self.matches),
            outcomes=_ordered(outcome.mirrored() for outcome in self.outcomes),
            datums=self.datums[::-1],
        )


def compare(
    one: StatedPicture, other: StatedPicture, at: datetime, settings: Settings
) -> Comparison:
    """What `other` is off `one`, tested. ValueError for two pictures of one name."""
    require_utc(at, what="comparison")
    if one.name == other.name:
        raise ValueError(f"both pictures are named {one.name}; give each its own name")
    if one.name > other.name:
        return _compared(other, one, at, settings).mirrored()
    return _compared(one, other, at, settings)


def _compared(
    one: StatedPicture, other: StatedPicture, at: datetime, settings: Settings
) -> Comparison:
    """The comparison, with the pictures in order of their names."""
    names = (one.name, other.name)
    sides, untestable = align((one, other), at, settings.noise)
    found = register(sides[0], sides[1], settings.search)
    calibrated = settings.calibrated(names, at)
    if isinstance(found, Refused):
        return Comparison(
            one=one.name,
            other=other.name,
            at=at,
            offset=found,
            inflation=None,
            matches=(),
            outcomes=_ordered(_refused(found, sides)),
            untestable=untestable,
            suspicions=(),
            datums=(None, None),
            calibrated=calibrated,
        )
    law = Law(
        inflation=max(1.0, found.inflation) if calibrated is None else calibrated.inflation,
        velocity_inflation=velocity_inflation(found.pairs),
        dof=UNCALIBRATED_DOF if calibrated is None else calibrated.dof,
    )
    apart = strays(sides[0], sides[1], found)
    high = heights(names, sides, (found, apart), settings, law.dof)
    outcomes = [
        *_picture_tests(found.offset, settings.tolerance, law.dof),
        *pair_tests(sides, found, settings.tolerance, law),
        *stray_tests(sides, found, apart, (settings.tolerance, law)),
        *existence_tests(
            sides,
            found,
            apart,
            (one.coverage, other.coverage),
            (_aside(one, sides[0]), _aside(other, sides[1])),
        ),
        *high.outcomes,
    ]
    return Comparison(
        one=one.name,
        other=other.name,
        at=at,
        offset=found.offset,
        inflation=found.inflation,
        matches=tuple(_matches(sides, found)),
        outcomes=_ordered(outcomes),
        untestable=untestable,
        suspicions=high.suspicions,
        datums=high.datums,
        calibrated=calibrated,
    )


def _aside(picture: StatedPicture, side: Aligned) -> tuple[StatedTrack, ...]:
    """The tracks of a picture that could not be tested."""
    tested = {track.track for track in side.tracks}
    return tuple(track for track in picture.tracks if track.track not in tested)


def _ordered(outcomes: Iterator[Outcome] | list[Outcome]) -> tuple[Outcome, ...]:
    return tuple(sorted(outcomes, key=lambda outcome: outcome.subject))


def _matches(sides: tuple[Aligned, Aligned], found: Registered) -> Iterator[Match]:
    """Every pair taken as one object, in order of the first picture's tracks."""
    pairs = found.pairs
    squared = (residuals(pairs, found.offset.value) ** 2).sum(axis=1) / pairs.variance_m2
    for row, doubtful in enumerate(found.doubtful):
        one = sides[0].tracks[int(pairs.one[row])]
        other = sides[1].tracks[int(pairs.other[row])]
        yield Match(
            one=one.track,
            other=other.track,
            nees=float(squared[row]),
            doubtful=doubtful,
            confirms=confirmation(one.sources, other.sources),
        )


def _refused(found: Refused, sides: tuple[Aligned, Aligned]) -> Iterator[Outcome]:
    """Nothing was tested: of the pictures with the refusal, of the tracks because of it."""
    for measure in (*OF_PICTURES, Measure.HEIGHT_OFFSET):
        yield Untested(subject=Subject(measure=measure), reason=found.reason)
    for track in sides[0].tracks:
        subject = Subject(measure=Measure.PRESENCE, one=track.track)
        yield Untested(subject=subject, reason=NotTestable.NOT_REGISTERED)
    for track in sides[1].tracks:
        subject = Subject(measure=Measure.PRESENCE, other=track.track)
        yield Untested(subject=subject, reason=NotTestable.NOT_REGISTERED)


def _picture_tests(offset: Offset, tolerance: Tolerance, dof: float) -> Iterator[Outcome]:
    """What is off for the whole picture: place, rotation, time. Implements DIS-027."""
    shift = offset.value[:2]
    share = beyond(float(np.hypot(*shift)), tolerance.shift_m)
    squared = float(shift @ np.linalg.solve(offset.matrix[:2, :2], shift)) * share**2
    sigmas = offset.sigmas()
    yield Measured(
        subject=Subject(measure=Measure.SHIFT),
        values=(offset.east_m, offset.north_m),
        sigmas=sigmas[:2],
        evidence=evidence(squared, components=2, dof=dof),
        confirms=Confirmation.UNKNOWN,
    )
    for measure, value, sigma, least in (
        (Measure.ROTATION, offset.rotation_rad, sigmas[2], np.radians(tolerance.rotation_deg)),
        (Measure.TIME_OFFSET, offset.time_s, sigmas[3], tolerance.time_s),
    ):
        squared = (value * beyond(abs(value), float(least)) / sigma) ** 2
        yield Measured(
            subject=Subject(measure=measure),
            values=(value,),
            sigmas=(sigma,),
            evidence=evidence(squared, components=1, dof=dof),
            confirms=Confirmation.UNKNOWN,
        )
