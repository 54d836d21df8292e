"""What was found, in plain English. The values say it; this file only puts it into words.

Every sentence is of one picture relative to another. None says which of them is right: "late"
means late by the other's account, and the other is early by as much by its own.
"""

import math

from crosstell.core.altitude import Datum
from crosstell.core.assessment.discrepancy.compare import Comparison
from crosstell.core.assessment.discrepancy.measured import COMPONENT_OF, Measure
from crosstell.core.assessment.discrepancy.sequence import State
from crosstell.core.assessment.discrepancy.still import Frozen
from crosstell.core.assessment.discrepancy.watch import Finding
from crosstell.core.assessment.discrepancy.zone import ZoneDifference, ZonePart, ZoneUntested
from crosstell.core.assessment.lineage import Confirmation
from crosstell.core.assessment.registration.register import Refusal, Refused
from crosstell.core.detection.suspect_altitude import Mistake, Suspicion
from crosstell.core.instant import format_instant

REFUSED = {
    Refusal.TOO_FEW_TRACKS: "one picture has too few tracks that can be tested",
    Refusal.TOO_FEW_MATCHES: "too few tracks fit each other under any common offset",
    Refusal.AMBIGUOUS: "a second way to lay the pictures on each other fits nearly as well",
    Refusal.PARALLEL_TRACKS: (
        "the tracks are too parallel to tell a shift along them from an offset in time"
    ),
    Refusal.ONE_SPOT: "the tracks lie too close together to tell a rotation from a shift",
    Refusal.RESIDUALS_TOO_LARGE: "what is left exceeds the stated accuracies too far",
    Refusal.BEYOND_SEARCH: "the best fit lies beyond the offsets that are looked for",
    Refusal.TOO_CROWDED: "too many tracks lie too close to tell one from another",
}
_DATUMS = {
    Datum.WGS84_ELLIPSOID: "ellipsoid height",
    Datum.MSL_EGM96: "height above mean sea level",
    Datum.STANDARD_PRESSURE: "flight level (pressure altitude)",
    Datum.ABOVE_GROUND: "height above ground",
}
_MISTAKES = {
    Mistake.ELLIPSOID_AS_SEA_LEVEL: "ellipsoid heights labelled as above mean sea level",
    Mistake.SEA_LEVEL_AS_ELLIPSOID: "heights above mean sea level labelled as ellipsoid heights",
    Mistake.PRESSURE_AS_GEOMETRIC: "flight levels labelled as geometric heights",
    Mistake.FEET_AS_METRES: "feet labelled as metres",
    Mistake.METRES_AS_FEET: "metres labelled as feet",
}


def sentence(finding: Finding) -> str:
    """One finding in words: the state first, then the difference, then since when."""
    what = _what(finding)
    if finding.state is State.NOT_TESTABLE:
        return f"Not testable ({_why_not(finding.why_not)}): {_subject(finding)}."
    if finding.state is State.NONE_FOUND:
        return f"No discrepancy found: {_subject(finding)}{_worth(finding)}."
    doubt = "Discrepancy" if finding.state is State.DISCREPANCY else "Discrepancy suspected"
    since = f", since {format_instant(finding.since)}" if finding.since is not None else ""
    return f"{doubt}: {what}{since}."


def frozen_sentence(frozen: Frozen) -> str:
    """A track that stands still while its partner moves."""
    how = "restated at one place" if frozen.restated else "not stated anew"
    return (
        f"{frozen.picture}'s track {frozen.track} is frozen for {_span(frozen.for_s)} ({how}), "
        f"while its partner {frozen.partner} moved {frozen.moved_m:.0f} m."
    )


def suspicion_sentence(suspicion: Suspicion) -> str:
    """A label of heights that looks wrong, against the other picture."""
    return (
        f"{suspicion.source} seems to state {_MISTAKES[suspicion.mistake]}, set against "
        f"{suspicion.against}: {suspicion.off_m:+.0f} m as labelled, {suspicion.left_m:+.0f} m "
        f"otherwise, over {suspicion.objects} objects."
    )


def datum_sentence(comparison: Comparison) -> str:
    """Which datums the two pictures state; empty if it is the same one or none is known."""
    one, other = comparison.datums
    if one is None or other is None or one is other:
        return ""
    return (
        f"{comparison.other} reports {_DATUMS[other]}, {comparison.one} {_DATUMS[one]}; they are "
        "compared only through what converts them."
    )


def refusal_sentence(comparison: Comparison) -> str:
    """Why two pictures could not be registered; empty if they were."""
    offset = comparison.offset
    if not isinstance(offset, Refused):
        return ""
    return (
        f"Not testable: {comparison.other} against {comparison.one}: {REFUSED[offset.reason]} "
        f"({offset.matches} matches of {offset.tracks[0]} and {offset.tracks[1]} tracks). "
        "This is not agreement."
    )


def zone_sentence(difference: ZoneDifference | ZoneUntested, one: str, other: str) -> str:
    """One part of a zone as `other` holds it, relative to `one`."""
    part = difference.part.replace("-", " ")
    if isinstance(difference, ZoneUntested):
        return f"Not testable ({_why_not(difference.reason)}): {part} of the zone."
    if not difference.differs:
        return f"No discrepancy found: {part} of the zone."
    if difference.part is ZonePart.OUTLINE:
        size = f"up to {difference.apart:.0f} m apart"
    elif math.isinf(difference.apart):
        size = "bounded by one of them only"
    elif difference.part in (ZonePart.START, ZonePart.END):
        size = f"{difference.apart:+.0f} s"
    else:
        size = f"{difference.apart:+.0f} m"
    return f"Discrepancy: {part} of the zone as {other} holds it, relative to {one}: {size}."


def _subject(finding: Finding) -> str:
    component = COMPONENT_OF[finding.subject.measure]
    subject = finding.subject
    if subject.one and subject.other:
        return (
            f"{component} of {finding.other}'s {subject.other} relative to "
            f"{finding.one}'s {subject.one}"
        )
    if subject.one or subject.other:
        holder, track = (
            (finding.one, subject.one) if subject.one else (finding.other, subject.other)
        )
        return f"{component} of {holder}'s {track} in the other picture"
    return f"{subject.measure} of {finding.other} relative to {finding.one}"


def _why_not(reason: str) -> str:
    known = {refusal.value: words for refusal, words in REFUSED.items()}
    return known.get(reason, reason.replace("-", " "))


def _worth(finding: Finding) -> str:
    """What it confirms that nothing was found."""
    newest = finding.newest
    if newest is None or newest.confirms is Confirmation.INDEPENDENT:
        return ""
    if newest.confirms is Confirmation.SHARED_SOURCE:
        return "; both repeat one source, so this confirms nothing"
    return "; whether the sources are independent is not known"


def _what(finding: Finding) -> str:
    """The difference with its size."""
    if not finding.values:
        return f"{_subject(finding)}: they state two identities"
    if finding.subject.one or finding.subject.other:
        return _of_object(finding)
    return _of_pictures(finding)


def _of_pictures(finding: Finding) -> str:
    """What a whole picture is off the other."""
    one, other, values = finding.one, finding.other, finding.values
    value, wide = values[0], finding.half_widths[0]
    if finding.subject.measure is Measure.TIME_OFFSET:
        late = "late" if value > 0 else "early"
        return f"{other}'s feed is {abs(value):.2f} s {late} relative to {one}'s (± {wide:.2f} s)"
    if finding.subject.measure is Measure.ROTATION:
        way = "counter-clockwise" if value > 0 else "clockwise"
        turn, off = math.degrees(abs(value)), math.degrees(wide)
        return f"{other} is turned {turn:.2f} degrees {way} relative to {one} (± {off:.2f})"
    if finding.subject.measure is Measure.HEIGHT_OFFSET:
        return f"{other} states heights {value:+.0f} m relative to {one} (± {wide:.0f} m)"
    bearing = math.degrees(math.atan2(value, values[1])) % 360.0
    return (
        f"{other} states places {math.hypot(*values):.0f} m towards {bearing:03.0f} degrees "
        f"relative to {one} (± {max(finding.half_widths):.0f} m)"
    )


def _of_object(finding: Finding) -> str:
    """What one object is off in one picture relative to the other."""
    one, other, values = finding.one, finding.other, finding.values
    value, wide = values[0], finding.half_widths[0]
    if finding.subject.measure is Measure.PRESENCE:
        holder, lacks = (one, other) if finding.subject.one else (other, one)
        track = finding.subject.one or finding.subject.other
        return f"{holder} holds {track}, {lacks} does not, where {lacks} says that it sees"
    if finding.subject.measure is Measure.HEIGHT:
        return f"{_subject(finding)}: {value:+.0f} m (± {wide:.0f} m)"
    unit = "m" if finding.subject.measure is Measure.PLACE else "m/s"
    return (
        f"{_subject(finding)}: {value:+.0f} {unit} along its course, "
        f"{values[1]:+.0f} {unit} to the left of it (± {wide:.0f} {unit})"
    )


def _span(seconds: float) -> str:
    if seconds < 120.0:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60.0:.0f} minutes"
