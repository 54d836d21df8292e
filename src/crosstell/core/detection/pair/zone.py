"""Whether a track infringes a volume: the pairing of one motion with one volume.

Units: metres; seconds after now. The horizon is closed, the volume's window half-open. A pairing
of another kind (two tracks, two plans) will answer with the same `Encounter`.

Three verdicts. By the values as reported the object comes within the limits: infringes. Only by
what is unknown or inaccurate: cannot be ruled out, and why. Not even so: clear.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crosstell.core.altitude import NO_ALTITUDE_DATA, AltitudeData
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair import uncertain
from crosstell.core.detection.pair.band import Band, Span, band_of
from crosstell.core.detection.pair.reach import (
    earliest_by_manoeuvre_s,
    is_said,
    manoeuvre_margin_m,
    turned,
)
from crosstell.core.geometry.approach import (
    TIE_M,
    Course,
    Undecided,
    chord_bound_m,
    first_beyond,
    first_within,
    signed_distance_m,
)
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume

_SECOND = timedelta(seconds=1)
_SAME_S = 0.001  # times are told to the millisecond
_LAST_S = 1e-6  # a half-open window ends one microsecond before its end


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the object may be, sideways: around its course, or (no course) around its last place.

    `wide_m` is the uncertainty at the observation, `drift_mps` its growth since, `grown_s` the
    time for which it has grown by now.
    """

    way: Course | None
    wide_m: float
    drift_mps: float
    grown_s: float
    distance_m: float
    footprint: Footprint
    reasons: tuple[Reason, ...]

    def first(self, span: Span, *, limit_m: float) -> float | Undecided | None:
        """The first time in `span` by the values as reported."""
        if self.way is not None:
            return first_within(
                self.way, self.footprint, limit_m=limit_m, start_s=span.start_s, end_s=span.end_s
            )
        if (
            Reason.STALE not in self.reasons
            and span.start_s == 0.0
            and self.distance_m <= limit_m + TIE_M
        ):
            return 0.0
        return None

    def earliest(self, span: Span, *, limit_m: float) -> float | Undecided | None:
        """The first time in `span` that cannot be excluded."""
        wide_m = limit_m + self.wide_m
        if self.way is not None:
            return first_within(
                self.way, self.footprint, limit_m=wide_m, start_s=span.start_s, end_s=span.end_s
            )
        gap_m = self.distance_m - TIE_M - wide_m - self.drift_mps * self.grown_s
        if gap_m <= self.drift_mps * span.start_s:
            return span.start_s
        if gap_m > self.drift_mps * span.end_s:
            return None
        return min(gap_m / self.drift_mps, span.end_s)

    def margin_m(self, time_s: float) -> float:
        """By how much uncertainty widens the limit at `time_s`."""
        return self.wide_m + self.drift_mps * (self.grown_s + time_s)


def pairing(
    motion: Motion,
    volume: Volume,
    criterion: Criterion,
    now: datetime,
    data: AltitudeData = NO_ALTITUDE_DATA,
) -> Encounter:
    """How `motion` stands to `volume` under `criterion` at `now`: verdict, why, when, how near.

    `data` are the local altitude conversions; without them another datum cannot be ruled out.
    Where the criterion states a manoeuvre, what a turn could do is said where the course is
    clear for as long. Implements DET-001 to DET-014.
    """
    predicted = _predicted(motion, volume, criterion, now, data)
    if criterion.manoeuvre is None or is_said(predicted, criterion.manoeuvre):
        return predicted
    early_s = earliest_by_manoeuvre_s(motion, volume, criterion, now, data)
    if early_s is None:
        return predicted
    after_s = (now - motion.at) / _SECOND + early_s
    margin_m = manoeuvre_margin_m(motion, criterion, after_s)
    return turned(predicted, early_s=early_s, margin_m=margin_m)


def _predicted(
    motion: Motion, volume: Volume, criterion: Criterion, now: datetime, data: AltitudeData
) -> Encounter:
    """The same by its course alone, or (no course) by every direction from its last place."""
    age_s = (now - motion.at) / _SECOND
    span = Span(
        max(0.0, (volume.window.start - now) / _SECOND),
        min(criterion.horizon_s, (volume.window.end - now) / _SECOND - _LAST_S),
    )
    velocity = motion.velocity
    wide_m = motion.position_accuracy_m
    if wide_m is None:
        wide_m = criterion.unknown_accuracy_m
    loose = velocity is None or abs(age_s) > criterion.stale_after_s
    speed_mps = velocity.speed_mps if velocity is not None else criterion.unknown_speed_mps
    if loose:
        speed_mps = max(speed_mps, criterion.unknown_speed_mps)
    bound_m = chord_bound_m(motion.position, volume.footprint) - speed_mps * abs(age_s)
    ahead_m = speed_mps * max(0.0, -age_s)
    if bound_m - speed_mps * span.end_s > criterion.lateral_m + wide_m + ahead_m + TIE_M:
        return _clear(criterion, bound_m)
    reach = _reach(motion, volume.footprint, criterion, age_s=age_s, loose=loose)
    band = band_of(
        motion,
        (volume.lower, volume.upper),
        criterion,
        data,
        age_s=age_s,
        loose=abs(age_s) > criterion.stale_after_s,
    )
    return _weigh(reach, band, span, criterion)


def _clear(criterion: Criterion, distance_m: float, margin_m: float = 0.0) -> Encounter:
    """Nothing before the horizon."""
    return Encounter(
        assessed=Assessed.CLEAR,
        reasons=(),
        infringement_in_s=criterion.horizon_s,
        nominal_in_s=None,
        distance_m=distance_m,
        margin_m=margin_m,
    )


def _reach(
    motion: Motion, footprint: Footprint, criterion: Criterion, *, age_s: float, loose: bool
) -> Reach:
    """Where the object may be, and what is unknown about it."""
    wide_m, reasons = uncertain.sideways(motion, criterion, age_s)
    velocity = motion.velocity
    if velocity is None or loose:
        speed_mps = max(criterion.unknown_speed_mps, velocity.speed_mps if velocity else 0.0)
        distance_m = signed_distance_m(motion.position, footprint)
        return Reach(None, wide_m, speed_mps, abs(age_s), distance_m, footprint, tuple(reasons))
    way = Course.of(
        motion.position, track_deg=velocity.track_deg, speed_mps=velocity.speed_mps, lead_s=age_s
    )
    wide_m += velocity.speed_mps * max(0.0, -age_s)
    distance_m = signed_distance_m(way.position(0.0), footprint)
    return Reach(way, wide_m, 0.0, 0.0, distance_m, footprint, tuple(reasons))


def _weigh(reach: Reach, band: Band, span: Span, criterion: Criterion) -> Encounter:
    """The verdict: as reported, at worst, or not even so."""
    limit_m = criterion.lateral_m
    widest = span.within(band.widest)
    if widest.is_empty:
        return _clear(criterion, reach.distance_m)
    earliest = reach.earliest(widest, limit_m=limit_m)
    if earliest is None:
        return _clear(criterion, reach.distance_m)
    nominal: float | Undecided | None = None
    if band.nominal is not None and not isinstance(earliest, Undecided):
        later = Span(earliest, span.end_s)  # never earlier than the worst case
        nominal = _first_nominal(reach, later.within(band.nominal), limit_m)
    bounded = isinstance(earliest, Undecided) or isinstance(nominal, Undecided)
    early_s = earliest.at_s if isinstance(earliest, Undecided) else earliest
    reported_s = None if isinstance(nominal, Undecided) else nominal
    if bounded:
        reasons: tuple[Reason, ...] = (Reason.SEARCH_BOUND,)
    elif reported_s is not None and reported_s - early_s <= _SAME_S:
        reasons = ()
    else:
        reasons = _why(reach, band, span, limit_m, is_reported=reported_s is not None)
    return Encounter(
        assessed=Assessed.CANNOT_BE_RULED_OUT if reported_s is None else Assessed.INFRINGES,
        reasons=reasons,
        infringement_in_s=early_s,
        nominal_in_s=reported_s,
        distance_m=reach.distance_m,
        margin_m=reach.margin_m(early_s),
        exit_in_s=_exit(reach, band, span, criterion, reported_s),
    )


def _exit(
    reach: Reach, band: Band, span: Span, criterion: Criterion, reported_s: float | None
) -> float | None:
    """When the infringement as reported ends: sideways, in height or with the window.

    None: there is none, it outlasts the horizon, or nothing reported says where it leads.
    """
    if reported_s is None or reach.way is None or band.nominal is None:
        return None
    end_s = min(span.end_s, band.nominal.end_s)
    out = first_beyond(
        reach.way,
        reach.footprint,
        limit_m=criterion.lateral_m,
        start_s=reported_s,
        end_s=end_s,
    )
    if isinstance(out, Undecided):
        return None
    if out is not None:
        return out
    return end_s if end_s < criterion.horizon_s else None


def _first_nominal(reach: Reach, span: Span, limit_m: float) -> float | Undecided | None:
    """The first time in `span` by the values as reported; None if it is empty."""
    return None if span.is_empty else reach.first(span, limit_m=limit_m)


def _why(
    reach: Reach, band: Band, span: Span, limit_m: float, *, is_reported: bool
) -> tuple[Reason, ...]:
    """The reasons that matter: sideways if they alone suffice, else of height, else both."""
    if not is_reported:
        level = Span(0.0, -1.0) if band.nominal is None else span.within(band.nominal)
        if not level.is_empty and reach.earliest(level, limit_m=limit_m) is not None:
            return reach.reasons
        if _first_nominal(reach, span.within(band.widest), limit_m) is not None:
            return band.reasons
    return (*reach.reasons, *band.reasons)
