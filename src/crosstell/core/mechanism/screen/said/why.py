"""Why a conflict cannot be ruled out: each reason as a sentence, with the figures it rests on."""

from crosstell.core.detection.about import tracks_of
from crosstell.core.detection.finding import Finding, Reason
from crosstell.core.mechanism.screen.said.phrase import (
    Arg,
    ArgKind,
    CodedText,
    figure,
    instant,
    phrase,
)
from crosstell.core.picture.track import Track
from crosstell.core.state.state import State

_TEXTS: dict[Reason, str] = {
    Reason.POSITION_ACCURACY: "The position is known only within its stated accuracy",
    Reason.POSITION_ACCURACY_UNKNOWN: "The source states no accuracy of the position; what the "
    "protocol assumes is used",
    Reason.VELOCITY_UNKNOWN: "Course and speed are not known: any direction is possible, up to "
    "the speed that the protocol assumes",
    Reason.TIME_AHEAD: "It was observed at a time ahead of our clock: one of two clocks is off",
    Reason.STALE: "It was last seen longer ago than the protocol's stale time: where it is now is "
    "not known",
    Reason.SEARCH_BOUND: "The search reached its bound before it could say",
    Reason.ALTITUDE_UNKNOWN: "Its altitude is not known",
    Reason.ALTITUDE_ACCURACY: "The altitude is known only within its stated accuracy",
    Reason.ALTITUDE_ACCURACY_UNKNOWN: "The source states no accuracy of the altitude; what the "
    "protocol assumes is used",
    Reason.ALTITUDE_DATUM: "The two altitudes are measured from different levels, and data to "
    "convert one are missing",
    Reason.ALTITUDE_LIMITS_REVERSED: "The notice's altitude limits are reversed once converted: "
    "the notice does not fit itself",
    Reason.ALTITUDE_CONVERSION: "The altitudes were converted, and the conversion is uncertain",
    Reason.CLIMB_UNKNOWN: "Whether it climbs or descends is not known",
    Reason.KIND_NOT_STATED: "The activity does not state its kind; it may be of the kind that the "
    "rule is about",
    Reason.DWELL: "It comes within the limits and may stay longer than the rule allows",
    Reason.MANOEUVRE: "It may turn or change speed; its course alone would not infringe",
    Reason.NOT_TRUSTWORTHY: "Its last move is not one that such an object can make: its position "
    "is in doubt",
    Reason.DECLARED_PLAN: "A place of its declared activity leads there, or sooner than its course",
}
_OF_ACCURACY = (Reason.POSITION_ACCURACY, Reason.POSITION_ACCURACY_UNKNOWN)


def why(state: State, finding: Finding) -> tuple[CodedText, ...]:
    """One sentence for each reason of the finding, in its order. Implements SCR-012."""
    held = (state.journal.tracks.get(name) for name in tracks_of(finding.about))
    tracks = tuple(track for track in held if track is not None)
    return tuple(_phrase(state, finding, tracks, reason) for reason in finding.reasons)


def _phrase(state: State, finding: Finding, tracks: tuple[Track, ...], reason: Reason) -> CodedText:
    args = [one for one in _figures(state, tracks, reason) if one is not None]
    if reason in _OF_ACCURACY and (margin := _length("margin", finding.margin_m)) is not None:
        args.append(margin)
    told = "".join(f"; {one.name.replace('_', ' ')} {one.value}{_UNITS[one.kind]}" for one in args)
    return phrase(f"why.{reason}", f"{_TEXTS[reason]}{told}.", *args)


_UNITS = {ArgKind.LENGTH: " m", ArgKind.SPAN: " s", ArgKind.SPEED: " m/s", ArgKind.INSTANT: ""}


def _figures(state: State, tracks: tuple[Track, ...], reason: Reason) -> tuple[Arg | None, ...]:
    """What the protocol assumes, or what the source states, where the reason rests on it."""
    policy = state.setting.protocol.alerts
    assumed = policy.assumed
    seen = [track.latest for track in tracks if track.latest is not None]
    match reason:
        case Reason.POSITION_ACCURACY:
            stated = [one.motion.position_accuracy_m for one in seen]
            return (_length("stated", max((m for m in stated if m is not None), default=None)),)
        case Reason.POSITION_ACCURACY_UNKNOWN:
            return (_length("assumed", assumed.accuracy_m),)
        case Reason.ALTITUDE_ACCURACY:
            stated = [one.motion.altitude_accuracy_m for one in seen]
            return (_length("stated", max((m for m in stated if m is not None), default=None)),)
        case Reason.ALTITUDE_ACCURACY_UNKNOWN:
            return (_length("assumed", assumed.vertical_accuracy_m),)
        case Reason.VELOCITY_UNKNOWN:
            return (figure("assumed", ArgKind.SPEED, assumed.speed_mps),)
        case Reason.CLIMB_UNKNOWN:
            return (figure("assumed", ArgKind.SPEED, assumed.climb_mps),)
        case Reason.STALE:
            last = min((one.motion.at for one in seen), default=None)
            after = figure("stale_after", ArgKind.SPAN, policy.stale_after_s)
            return (instant("last_seen", last), after)
        case _:
            return ()


def _length(name: str, value_m: float | None) -> Arg | None:
    return figure(name, ArgKind.LENGTH, value_m)
