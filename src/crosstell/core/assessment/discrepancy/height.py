"""Heights of one object in two pictures: what is off for all, for one, and whether a label lies.

Units: metres. Two datums are compared only through what converts them at the place, widened by
its uncertainty; without it the pair is not tested. Whether a source states another datum or unit
than its label says is asked of `detection.suspect_altitude`, from either side: of two pictures
that differ each may be suspected against the other.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from crosstell.core.altitude import Altitude, AltitudeData, Datum, DatumDataMissing, convert
from crosstell.core.assessment.discrepancy.measured import (
    Measure,
    Measured,
    Subject,
    Untested,
    beyond,
    evidence,
)
from crosstell.core.assessment.discrepancy.pair import Outcome, bounded
from crosstell.core.assessment.discrepancy.settings import Settings
from crosstell.core.assessment.lineage import Confirmation, confirmation
from crosstell.core.assessment.registration.aligned import NO_DATUM, Aligned
from crosstell.core.assessment.registration.register import Registered
from crosstell.core.assessment.registration.stray import Rows
from crosstell.core.assessment.stated import NotTestable
from crosstell.core.detection.pressure import Asked, pressure_offset
from crosstell.core.detection.suspect_altitude import GEOMETRIC, Compared, Suspicion, suspicions
from crosstell.core.geometry.motion import Motion

OFFSETS_MIN = 5
SUSPECTED_AMONG = 64  # pairs that a wrong label is looked for in; it shows within a dozen
MEDIAN_SIGMAS = 1.2533  # standard error of a median over that of a mean (normal law)
SPREAD_SIGMAS = 1.4826  # a standard deviation over a median absolute deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """What the heights of all pairs say: the tests, the suspected labels, the datums stated."""

    outcomes: tuple[Outcome, ...]
    suspicions: tuple[Suspicion, ...]
    datums: tuple[Datum | None, Datum | None]  # what most of each picture's pairs are stated in


@dataclass(frozen=True, slots=True)
class _Apart:
    """One pair's difference of height, in the first picture's datum."""

    subject: Subject
    off_m: float
    variance_m2: float
    confirms: Confirmation


def heights(
    names: tuple[str, str],
    sides: tuple[Aligned, Aligned],
    taken: tuple[Registered, Rows],
    settings: Settings,
    dof: float,
) -> Heights:
    """The tests of height, of matches and of strays. Implements DIS-030 to DIS-033."""
    registered, strays = taken
    measured: list[_Apart] = []
    outcomes: list[Outcome] = []
    for row, doubtful in enumerate(registered.doubtful):
        i, j = int(registered.pairs.one[row]), int(registered.pairs.other[row])
        one = _apart(sides, (i, j), settings)
        if doubtful and isinstance(one, _Apart):
            one = Untested(subject=one.subject, reason=NotTestable.ASSOCIATION_AMBIGUOUS)
        if isinstance(one, _Apart):
            measured.append(one)
        else:
            outcomes.append(one)
    beside = [_apart(sides, rows, settings) for rows in strays]
    outcomes += [one for one in beside if isinstance(one, Untested)]
    outcomes += _tests(measured, [one for one in beside if isinstance(one, _Apart)], settings, dof)
    rows = [
        (int(i), int(j))
        for i, j, doubtful in zip(
            registered.pairs.one, registered.pairs.other, registered.doubtful, strict=True
        )
        if not doubtful
    ]
    return Heights(
        outcomes=tuple(outcomes),
        suspicions=suspicions(_labels(names, sides, rows, settings)),
        datums=(_mostly(sides[0], rows, 0), _mostly(sides[1], rows, 1)),
    )


def _apart(
    sides: tuple[Aligned, Aligned], rows: tuple[int, int], settings: Settings
) -> _Apart | Untested:
    """How much higher the second picture states the object, if that can be said."""
    one, other = sides
    i, j = rows
    subject = Subject(measure=Measure.HEIGHT, one=one.tracks[i].track, other=other.tracks[j].track)
    if NO_DATUM in (one.datum[i], other.datum[j]):
        return Untested(subject=subject, reason=NotTestable.ALTITUDE_UNKNOWN)
    variances = (float(one.altitude_variance_m2[i]), float(other.altitude_variance_m2[j]))
    if math.isnan(sum(variances)):
        return Untested(subject=subject, reason=NotTestable.ALTITUDE_ACCURACY_UNKNOWN)
    off_m = float(other.altitude_m[j] - one.altitude_m[i])
    wide_m = 0.0
    if one.datum[i] != other.datum[j]:
        mine, theirs = one.tracks[i].motion, other.tracks[j].motion
        between = _between(mine, theirs, settings)
        if between is None:
            return Untested(subject=subject, reason=NotTestable.ALTITUDE_DATUM)
        off_m, wide_m = off_m + between[0], between[1]
    confirms = confirmation(one.tracks[i].sources, other.tracks[j].sources)
    return _Apart(subject, off_m, bounded(*variances, confirms) + wide_m**2, confirms)


def _between(mine: Motion, theirs: Motion, settings: Settings) -> tuple[float, float] | None:
    """What to add to the second height to have it above the first one's datum, and how sure.

    The uncertainty is a bound; it is taken as one standard deviation, which is wider.
    """
    if settings.conversions is None or mine.altitude is None or theirs.altitude is None:
        return None
    data = _data(theirs, (mine.altitude, theirs.altitude), settings)
    try:
        converted, wide_m = convert(theirs.altitude, to=mine.altitude.datum, data=data)
    except DatumDataMissing:
        return None
    return converted.value_m - theirs.altitude.value_m, wide_m


def _data(motion: Motion, both: tuple[Altitude, Altitude], settings: Settings) -> AltitudeData:
    """What converts heights there; the pressure offset at the height stated in pressure."""
    assert settings.conversions is not None, "it was asked before"
    pressures = [each for each in both if each.datum is Datum.STANDARD_PRESSURE]
    shift = None
    if pressures and settings.samples.rows:
        asked = Asked(
            position=motion.position, pressure_altitude_m=pressures[0].value_m, at=motion.at
        )
        found = pressure_offset(settings.samples, asked)
        shift = found.shift if found is not None else None
    return settings.conversions.at(motion.position, pressure=shift)


def _tests(
    measured: list[_Apart], beside: list[_Apart], settings: Settings, dof: float
) -> Iterator[Outcome]:
    """What all matches share, and what each pair is off beside it.

    No accuracy that is stated is believed beyond what all pairs' scatter shows.
    """
    common_m, sigma_m, wider = 0.0, 0.0, 1.0
    if len(measured) >= OFFSETS_MIN:
        common_m = median(one.off_m for one in measured)
        scatter_m = SPREAD_SIGMAS * median(abs(one.off_m - common_m) for one in measured)
        stated_m = math.sqrt(median(one.variance_m2 for one in measured))
        wider = max(1.0, scatter_m / stated_m) ** 2
        sigma_m = MEDIAN_SIGMAS * max(scatter_m, stated_m) / math.sqrt(len(measured))
        yield _scalar(
            Subject(measure=Measure.HEIGHT_OFFSET),
            (common_m, sigma_m),
            (settings.tolerance.height_offset_m, dof),
            Confirmation.UNKNOWN,
        )
    for one in [*measured, *beside]:
        sigma = math.sqrt(one.variance_m2 * wider + sigma_m**2)
        limits = (settings.tolerance.height_m, dof)
        yield _scalar(one.subject, (one.off_m - common_m, sigma), limits, one.confirms)


def _scalar(
    subject: Subject,
    measured: tuple[float, float],
    limits: tuple[float, float],
    confirms: Confirmation,
) -> Measured:
    """One component against its sigma."""
    value, sigma = measured
    tolerance, dof = limits
    squared = (value * beyond(abs(value), tolerance) / max(sigma, 1e-6)) ** 2
    return Measured(
        subject=subject,
        values=(value,),
        sigmas=(sigma,),
        evidence=evidence(squared, components=1, dof=dof),
        confirms=confirms,
    )


def _labels(
    names: tuple[str, str],
    sides: tuple[Aligned, Aligned],
    rows: list[tuple[int, int]],
    settings: Settings,
) -> Iterator[Compared]:
    """Each labelled height beside the other picture's of the same object, from either side."""
    if settings.conversions is None:
        return
    step = max(1, math.ceil(len(rows) / SUSPECTED_AMONG))
    for i, j in rows[::step]:
        mine, theirs = sides[0].tracks[i].motion, sides[1].tracks[j].motion
        track = sides[0].tracks[i].track
        levels = (float(sides[0].altitude_m[i]), float(sides[1].altitude_m[j]))
        for me, motions, at_m in (
            (0, (mine, theirs), levels),
            (1, (theirs, mine), levels[::-1]),
        ):
            labelled, against = motions[0].altitude, motions[1].altitude
            if labelled is None or against is None or labelled.datum not in GEOMETRIC:
                continue
            own_m = [motion.altitude_accuracy_m for motion in motions]
            if None in own_m:
                continue
            yield Compared(
                source=names[me],
                against=names[1 - me],
                track=track,
                at=max(motion.at for motion in motions),
                labelled=Altitude(value_m=at_m[0], datum=labelled.datum),
                evidence=Altitude(value_m=at_m[1], datum=against.datum),
                own_m=sum(each for each in own_m if each is not None),
                data=_data(motions[0], (labelled, against), settings),
            )


def _mostly(side: Aligned, rows: list[tuple[int, int]], which: int) -> Datum | None:
    """The datum of most paired tracks of one picture; None where there is none."""
    stated = [
        altitude.datum
        for pair in rows
        if (altitude := side.tracks[pair[which]].motion.altitude) is not None
    ]
    counts = [(stated.count(datum), datum) for datum in Datum]
    best = max(count for count, _ in counts)
    return next(datum for count, datum in counts if count == best) if best else None
