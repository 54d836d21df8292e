"""An alert in words, for the person it is shown to. A view: computed when asked for, not stored.

Units: seconds. A time to infringement is aged: it is the finding's, less the time since.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.about import notices_of, tracks_of
from crosstell.core.detection.alert import Alert, Attention, ClearedBecause, Shown
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.ids import AlertId
from crosstell.core.instant import format_instant, seconds_between
from crosstell.core.protocol.rule import AlertLevel

_CLEARED: dict[ClearedBecause, str] = {
    ClearedBecause.NO_LONGER_FOUND: "no longer found",
    ClearedBecause.TRACK_ENDED: "its source ended the track; where it is now is not known",
    ClearedBecause.NOTICE_WITHDRAWN: "the notice was withdrawn",
    ClearedBecause.NOTICE_EXPIRED: "the notice's window ended",
    ClearedBecause.RULE_NOT_IN_FORCE: "the rule is not in force",
    ClearedBecause.NOT_CONCERNED: "the rule no longer concerns this track or this place",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert as shown at an instant.

    `infringement_in_s` is the earliest that cannot be excluded, `nominal_in_s` by the values as
    reported (None: none found); 0 is already. `age_s` is how old the finding is.
    """

    alert: AlertId
    state: AlertState
    attention: Attention
    level: AlertLevel
    infringement_in_s: float
    nominal_in_s: float | None
    age_s: float
    text: tuple[str, ...]


def alert_view(alert: Alert, *, now: datetime) -> AlertView | None:
    """The alert at `now`, or None if it was never shown.

    Implements ALR-017, ALR-018, ALR-033.
    """
    shown = alert.shown
    if shown is None:
        return None
    age_s = seconds_between(shown.finding_at, now)
    finding = shown.finding
    nominal_in_s = finding.nominal_in_s
    lines: tuple[str, ...] = (
        f"{_level(shown)}: {_verdict(finding, age_s)}",
        f"rule {finding.rule}, {_reading(finding)}; {_about(finding)}",
        _standing(alert, shown, age_s),
    )
    if shown.doubted_since is not None and shown.cleared_at is None:
        doubted_s = seconds_between(shown.doubted_since, now)
        lines = (
            *lines,
            f"positions not trustworthy since {format_instant(shown.doubted_since)} "
            f"({span_words(doubted_s)}): the level is kept, and not found again",
        )
    if shown.returns:
        lines = (*lines, f"gone and returned: {shown.returns}")
    return AlertView(
        alert=shown.alert,
        state=alert.state,
        attention=alert.attention,
        level=shown.level,
        infringement_in_s=_aged(finding.infringement_in_s, age_s),
        nominal_in_s=None if nominal_in_s is None else _aged(nominal_in_s, age_s),
        age_s=age_s,
        text=lines,
    )


def span_words(span_s: float) -> str:
    """A time left in words, rounded down: never told as longer than it is.

    Seconds below ten minutes, then minutes, then hours and minutes, then days and hours.
    """
    whole_s = int(span_s)
    minutes, hours, days = whole_s // 60, whole_s // 3_600, whole_s // 86_400
    if minutes < 10:
        return f"{whole_s} s"
    if hours < 2:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if days < 2 else f"{days} d {hours % 24} h"


def _aged(in_s: float, age_s: float) -> float:
    return max(0.0, in_s - age_s)


def _level(shown: Shown) -> str:
    """A cleared alert has no level any more; it had one."""
    return str(shown.level) if shown.cleared_at is None else f"cleared, was {shown.level}"


def _verdict(finding: Finding, age_s: float) -> str:
    """What was found and how long ago: a finding is never said as if it were of this moment."""
    found = f" (found {age_s:.0f} s ago)" if age_s >= 1.0 else ""
    match finding.assessed:
        case Assessed.INFRINGES:
            return f"{_infringes(finding, age_s)}{found}"
        case Assessed.CANNOT_BE_RULED_OUT:
            return f"cannot be ruled out, {_earliest(finding, age_s)}{found}"
        case Assessed.CLEAR:
            return f"the last finding is clear{found}"


def _infringes(finding: Finding, age_s: float) -> str:
    """As reported, and when that may be earlier. A prediction that has run out is no sighting."""
    nominal_in_s = finding.nominal_in_s
    as_reported_s = finding.infringement_in_s if nominal_in_s is None else nominal_in_s
    left_s = as_reported_s - age_s
    if as_reported_s == 0.0:
        text = "infringes"
    elif left_s > 0.0:
        text = f"infringes in {span_words(left_s)}"
    else:
        text = f"was to infringe {span_words(-left_s)} ago, not found again since"
    return f"{text}; not ruled out {_earliest(finding, age_s)}" if finding.reasons else text


def _earliest(finding: Finding, age_s: float) -> str:
    """When it cannot be excluded any more, and why."""
    because = ", ".join(finding.reasons) or "no reason given"
    earliest_s = _aged(finding.infringement_in_s, age_s)
    when = "already" if earliest_s == 0.0 else f"in {span_words(earliest_s)} at the earliest"
    return f"{when}, because of {because}"


def _about(finding: Finding) -> str:
    """What it is about, each notice with its version."""
    tracks = [f"track {track}" for track in tracks_of(finding.about)]
    notices = [
        f"notice {one.notice} version {version} of {one.party}"
        for one, version in zip(notices_of(finding.about), finding.versions, strict=True)
    ]
    return "; ".join((*tracks, *notices))


def _reading(finding: Finding) -> str:
    if finding.reading is None:
        return "as the protocol has it"
    return f"under the understanding of {finding.reading}"


def _standing(alert: Alert, shown: Shown, age_s: float) -> str:
    seen = {
        Attention.RINGING: "not acknowledged",
        Attention.ACKNOWLEDGED: "acknowledged (seen, not settled)",
        Attention.UNACKNOWLEDGED: "nobody acknowledged it",
        Attention.NOT_SHOWN: "not shown",
    }[alert.attention]
    if alert.state is AlertState.LAST_KNOWN:
        is_doubted = shown.lost_because is Reason.NOT_TRUSTWORTHY
        why = "nothing trusted since" if is_doubted else "the track is stale"
        return f"last known, {age_s:.0f} s ago: {why}; {seen}"
    if shown.cleared_at is not None and shown.cleared_because is not None:
        why = _CLEARED[shown.cleared_because]
        return f"cleared {format_instant(shown.cleared_at)}: {why}; {seen}"
    return f"raised {format_instant(shown.raised_at)}; {seen}"
