"""Well clear as a separation rule: which alert holds for two tracks, when, and how sure.

Units: metres; seconds after now. The volumes, levels and alerting times are those of the alert set;
of the criterion the horizon, the assumptions for what is unknown and the stale time count, its
lateral and vertical limits do not. Frame: `geodesic_frame`. The order of the two does not matter. A
distance or height equal to its threshold, to the millimetre, violates.

As reported: both straight on from their last observation. At worst: widened by stated accuracies
(those assumed where none is stated), by what is unknown, and by what the level frame leaves out.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosstell.core.altitude import NO_ALTITUDE_DATA, AltitudeData
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair import uncertain
from crosstell.core.detection.pair.band import TIE_M, Span
from crosstell.core.detection.well_clear.exact import EnuState, level_span, upright_span
from crosstell.core.detection.well_clear.geodesic_frame import Placed, bend_m, placed, relative
from crosstell.core.detection.well_clear.heights import Heights, heights_of
from crosstell.core.detection.well_clear.thresholds import (
    Alert,
    AlertSet,
    Thresholds,
    WellClearLevel,
)
from crosstell.core.detection.well_clear.worst import level_adrift, level_worst, upright_worst
from crosstell.core.geometry.motion import Motion
from crosstell.core.protocol.rules.words import AlertLevel

_SECOND = timedelta(seconds=1)
_SAME_S = 0.001  # times are told to the millisecond


@dataclass(frozen=True, slots=True, kw_only=True)
class WellClearEncounter:
    """The level that holds as reported, the one that cannot be excluded, and each volume's answer.

    `encounters` are those of the alert set's levels, mildest first.
    """

    reported: WellClearLevel
    possible: WellClearLevel
    encounters: tuple[Encounter, ...]

    @property
    def encounter(self) -> Encounter:
        """The answer that decides: of the loudest level possible, else of the mildest volume."""
        return self.encounters[max(self.possible, 1) - 1]

    @property
    def severity(self) -> AlertLevel | None:
        """How loud as reported: advisory, urgent, critical; None: no alert."""
        return self.reported.severity

    @property
    def severity_possible(self) -> AlertLevel | None:
        """How loud by what cannot be excluded."""
        return self.possible.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One track's place now: on its course, or (adrift) within its drift of its last place."""

    place: Placed
    adrift: bool
    stale: bool
    wide_m: float
    speed_mps: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """Both tracks in one frame."""

    state: EnuState
    distance_m: float
    adrift: bool
    stale: bool
    wide_m: float
    drift_mps: float
    horizon_s: float
    level_reasons: tuple[Reason, ...]
    heights: Heights


def pairing(
    first: Motion,
    second: Motion,
    alerts: AlertSet,
    criterion: Criterion,
    now: datetime,
    data: AltitudeData = NO_ALTITUDE_DATA,
) -> WellClearEncounter:
    """How the two tracks stand under `alerts` at `now`: levels, verdicts, times, reasons.

    Implements WCL-054 to WCL-058.
    """
    first, second = sorted((first, second), key=repr)  # the answer must not depend on the order
    meeting = _meeting(first, second, criterion, now, data)
    reported = possible = WellClearLevel.NONE
    encounters = []
    for alert in alerts.alerts:
        found = _encounter(meeting, alert)
        encounters.append(found)
        if found.nominal_in_s is not None and found.nominal_in_s <= alert.alert_s:
            reported = alert.level
        if found.assessed is not Assessed.CLEAR and found.infringement_in_s <= alert.alert_s:
            possible = alert.level
    return WellClearEncounter(reported=reported, possible=possible, encounters=tuple(encounters))


def _meeting(
    first: Motion, second: Motion, criterion: Criterion, now: datetime, data: AltitudeData
) -> _Meeting:
    ages_s = ((now - first.at) / _SECOND, (now - second.at) / _SECOND)
    own, other = _seen(first, criterion, ages_s[0]), _seen(second, criterion, ages_s[1])
    heights = heights_of(first, second, criterion, ages_s, data)
    state, distance_m = relative(own.place, other.place)
    way_m = max(own.speed_mps, other.speed_mps) * criterion.horizon_s
    return _Meeting(
        state=replace(state, up_m=heights.up_m, up_mps=heights.climb_mps),
        distance_m=distance_m,
        adrift=own.adrift or other.adrift,
        stale=own.stale or other.stale,
        wide_m=own.wide_m + other.wide_m + bend_m(distance_m, way_m),
        drift_mps=own.speed_mps + other.speed_mps,
        horizon_s=criterion.horizon_s,
        level_reasons=tuple(dict.fromkeys((*own.reasons, *other.reasons))),
        heights=heights,
    )


def _seen(motion: Motion, criterion: Criterion, age_s: float) -> _Seen:
    """Where the track is now, sideways, and what is unknown about it."""
    wide_m, reasons = uncertain.sideways(motion, criterion, age_s)
    velocity = motion.velocity
    stale = abs(age_s) > criterion.stale_after_s
    adrift = velocity is None or stale
    speed_mps = criterion.unknown_speed_mps if velocity is None else velocity.speed_mps
    if adrift:
        speed_mps = max(speed_mps, criterion.unknown_speed_mps)
        wide_m += speed_mps * abs(age_s)
    else:
        wide_m += speed_mps * max(0.0, -age_s)
    place = placed(
        motion.position,
        track_deg=0.0 if velocity is None else velocity.track_deg,
        speed_mps=0.0 if adrift else speed_mps,
        lead_s=age_s,
    )
    return _Seen(
        place=place,
        adrift=adrift,
        stale=stale,
        wide_m=wide_m,
        speed_mps=speed_mps,
        reasons=tuple(reasons),
    )


def _encounter(meeting: _Meeting, alert: Alert) -> Encounter:
    """How the pair stands to the volume of one level."""
    volume = replace(
        alert.volume,
        distance_m=alert.volume.distance_m + TIE_M,
        height_m=alert.volume.height_m + TIE_M,
    )
    level, upright = _level(meeting, volume), _upright(meeting, volume)
    level_any, upright_any = _level_any(meeting, volume), _upright_any(meeting, volume)
    horizon = Span(0.0, meeting.horizon_s)
    reported = _both(level, upright, horizon)
    possible = _both(level_any, upright_any, horizon)
    early_s = min((span.start_s for span in (reported, possible) if span is not None), default=None)
    if early_s is None:
        return _clear(meeting)
    if reported is not None and reported.start_s - early_s <= _SAME_S:
        reasons: tuple[Reason, ...] = ()
    elif reported is None and _both(level_any, upright, horizon) is not None:
        reasons = meeting.level_reasons
    elif reported is None and _both(level, upright_any, horizon) is not None:
        reasons = meeting.heights.reasons
    else:
        reasons = (*meeting.level_reasons, *meeting.heights.reasons)
    nearest_s = _nearest_s(meeting)
    near = meeting.state.after(nearest_s)
    return Encounter(
        assessed=Assessed.CANNOT_BE_RULED_OUT if reported is None else Assessed.INFRINGES,
        reasons=reasons,
        infringement_in_s=early_s,
        nominal_in_s=None if reported is None else reported.start_s,
        distance_m=meeting.distance_m,
        margin_m=meeting.wide_m + (meeting.drift_mps * early_s if meeting.adrift else 0.0),
        exit_in_s=_exit_s(meeting, reported),
        nearest_in_s=None if meeting.adrift else nearest_s,
        nearest_m=None if meeting.adrift else (near.east_m**2 + near.north_m**2) ** 0.5,
    )


def _clear(meeting: _Meeting) -> Encounter:
    """Nothing before the horizon, not even at worst."""
    return Encounter(
        assessed=Assessed.CLEAR,
        reasons=(),
        infringement_in_s=meeting.horizon_s,
        nominal_in_s=None,
        distance_m=meeting.distance_m,
        margin_m=meeting.wide_m,
    )


def _level(meeting: _Meeting, volume: Thresholds) -> Span | None:
    """As reported. Of a track without a course its last place counts, now."""
    if not meeting.adrift:
        return level_span(meeting.state, volume)
    if meeting.stale or meeting.distance_m > volume.distance_m:
        return None
    return Span(0.0, 0.0)


def _level_any(meeting: _Meeting, volume: Thresholds) -> Span | None:
    wide_m = meeting.wide_m
    if not meeting.adrift:
        return level_worst(meeting.state, volume, wide_m=wide_m)
    return level_adrift(meeting.distance_m, volume, wide_m=wide_m, drift_mps=meeting.drift_mps)


def _upright(meeting: _Meeting, volume: Thresholds) -> Span | None:
    return upright_span(meeting.state, volume) if meeting.heights.known else None


def _upright_any(meeting: _Meeting, volume: Thresholds) -> Span | None:
    heights = meeting.heights
    if not heights.known:
        return Span(0.0, meeting.horizon_s)
    return upright_worst(meeting.state, volume, wide_m=heights.wide_m, drift_mps=heights.drift_mps)


def _both(level: Span | None, upright: Span | None, horizon: Span) -> Span | None:
    if level is None or upright is None:
        return None
    both = level.within(upright).within(horizon)
    return None if both.is_empty else both


def _exit_s(meeting: _Meeting, reported: Span | None) -> float | None:
    """When the violation as reported ends; None if it does not before the horizon."""
    if reported is None or meeting.adrift or reported.end_s >= meeting.horizon_s:
        return None
    return reported.end_s


def _nearest_s(meeting: _Meeting) -> float:
    """When the two are nearest sideways, as reported and within the horizon."""
    state = meeting.state
    speed_2 = state.east_mps**2 + state.north_mps**2
    if speed_2 == 0.0:
        return 0.0
    closing = -(state.east_m * state.east_mps + state.north_m * state.north_mps)
    return min(max(closing / speed_2, 0.0), meeting.horizon_s)
