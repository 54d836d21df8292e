"""All measures of two pictures over time: what stands, and what is told of it.

Units: seconds. One value, advanced by one comparison at a time; it keeps no picture. Pictures are
in order of their names; `findings` turns them round for who asks from the other side.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from crosstell.core.assessment.discrepancy.compare import Comparison, compare
from crosstell.core.assessment.discrepancy.measured import Measured, Subject, Untested
from crosstell.core.assessment.discrepancy.sequence import Policy, Standing, State, advanced
from crosstell.core.assessment.discrepancy.settings import Settings
from crosstell.core.assessment.discrepancy.still import Frozen, Still, frozen, stood
from crosstell.core.assessment.registration.register import Refused
from crosstell.core.assessment.stated import NotTestable, StatedPicture, StatedTrack
from crosstell.core.instant import format_instant, seconds_between

FORGOTTEN_S = 600.0  # a subject that no comparison has named for so long is dropped
CONFIDENCE_SIGMAS = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is held of two pictures; `stills` by picture (0 or 1) and track."""

    standings: Mapping[Subject, Standing] = field(default_factory=dict)
    named_at: Mapping[Subject, datetime] = field(default_factory=dict)
    stills: Mapping[tuple[int, str], Still] = field(default_factory=dict)
    comparison: Comparison | None = None
    frozen: tuple[Frozen, ...] = ()

    def at(self) -> datetime | None:
        """The instant of the newest comparison."""
        return None if self.comparison is None else self.comparison.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One measure as it stands, for a person: of `other` relative to `one`.

    `values` are the middle of the samples held, `half_widths` those of the 95 % interval of one
    sample: errors that persist are not averaged away.
    """

    one: str
    other: str
    subject: Subject
    state: State
    since: datetime | None
    values: tuple[float, ...]
    half_widths: tuple[float, ...]
    newest: Measured | None
    why_not: str

    def mirrored(self) -> Self:
        """The same from the other side."""
        return type(self)(
            one=self.other,
            other=self.one,
            subject=self.subject.mirrored(),
            state=self.state,
            since=self.since,
            values=tuple(0.0 - value for value in self.values),
            half_widths=self.half_widths,
            newest=None if self.newest is None else self.newest.mirrored(),
            why_not=self.why_not,
        )


def watched(
    watch: Watch,
    pictures: tuple[StatedPicture, StatedPicture],
    at: datetime,
    settings: Settings,
    policy: Policy,
) -> Watch:
    """The watch after both pictures at `at`.

    ValueError for a time that goes back, and for other pictures than before.

    Implements DIS-065.
    """
    first, second = sorted(pictures, key=lambda picture: picture.name)
    held = watch.comparison
    if held is not None and (held.one, held.other) != (first.name, second.name):
        raise ValueError(
            f"the watch is of {held.one} and {held.other}, not of {first.name} and {second.name}; "
            "begin another"
        )
    before = watch.at()
    if before is not None and at <= before:
        raise ValueError(
            f"comparison at {format_instant(at)} is not after {format_instant(before)}; "
            "give the pictures in order of time"
        )
    comparison = compare(first, second, at, settings)
    outcomes = {outcome.subject: outcome for outcome in comparison.outcomes}
    tested = sum(isinstance(outcome, Measured) for outcome in comparison.outcomes)
    context = (tested, comparison.calibrated is not None)
    named_at = dict(watch.named_at) | dict.fromkeys(outcomes, at)
    kept = sorted(
        subject for subject, when in named_at.items() if seconds_between(when, at) <= FORGOTTEN_S
    )
    refused = isinstance(comparison.offset, Refused)
    unnamed = NotTestable.NOT_REGISTERED if refused else NotTestable.NOT_STATED
    standings = {
        subject: advanced(
            watch.standings.get(subject, Standing()),
            outcomes.get(subject) or Untested(subject=subject, reason=unnamed),
            at,
            policy,
            context,
        )
        for subject in kept
    }
    stills, found = _stood(watch, (first, second), comparison)
    return Watch(
        standings=standings,
        named_at={subject: named_at[subject] for subject in kept},
        stills=stills,
        comparison=comparison,
        frozen=found,
    )


def findings(watch: Watch, one: str, *states: State) -> tuple[Finding, ...]:
    """What stands in `states` (all, if none is named), as seen from picture `one`."""
    comparison = watch.comparison
    if comparison is None:
        return ()
    if one not in (comparison.one, comparison.other):
        raise ValueError(f"{one} is neither {comparison.one} nor {comparison.other}")
    found = [
        _finding(comparison, subject, standing)
        for subject, standing in watch.standings.items()
        if not states or standing.state in states
    ]
    if one == comparison.one:
        return tuple(found)
    turned = [finding.mirrored() for finding in found]
    return tuple(sorted(turned, key=lambda finding: finding.subject))


def _finding(comparison: Comparison, subject: Subject, standing: Standing) -> Finding:
    held = [sample for sample in standing.held if sample.values]
    columns = list(zip(*(sample.values for sample in held), strict=True))
    sigmas = list(zip(*(sample.sigmas for sample in held), strict=True))
    return Finding(
        one=comparison.one,
        other=comparison.other,
        subject=subject,
        state=standing.state,
        since=standing.since,
        values=tuple(sorted(column)[len(column) // 2] for column in columns),
        half_widths=tuple(
            CONFIDENCE_SIGMAS * sorted(column)[len(column) // 2] for column in sigmas
        ),
        newest=standing.held[-1] if standing.held else None,
        why_not=str(standing.reason) if standing.reason is not None else "",
    )


def _stood(
    watch: Watch, pictures: tuple[StatedPicture, StatedPicture], comparison: Comparison
) -> tuple[dict[tuple[int, str], Still], tuple[Frozen, ...]]:
    """Who stands still, by the partner that each track has or had when it stopped."""
    tracks = [{str(track.track): track for track in picture.tracks} for picture in pictures]
    partners = {(side, still.track): still.partner for (side, _), still in watch.stills.items()}
    for match in comparison.matches:
        if not match.doubtful:
            for side, ids in ((0, (match.one, match.other)), (1, (match.other, match.one))):
                if not _stopped(watch.stills.get((side, ids[0])), tracks[side][ids[0]]):
                    partners[side, ids[0]] = ids[1]
    stills: dict[tuple[int, str], Still] = {}
    found: list[Frozen] = []
    for side, name in sorted(partners):
        track, partner = tracks[side].get(name), tracks[1 - side].get(partners[side, name])
        if track is None or partner is None:
            continue
        still = stood(watch.stills.get((side, name)), (track, partner), comparison.at)
        stills[side, name] = still
        told = frozen(still, (track, partner), pictures[side].name, comparison.at)
        if told is not None:
            found.append(told)
    return stills, tuple(found)


def _stopped(still: Still | None, track: StatedTrack) -> bool:
    """It stands where it stood: who was its partner when it stopped remains so."""
    return still is not None and still.position == track.motion.position
