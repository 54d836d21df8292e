"""Tracks: the observations of one object by one source, and objects told to us by a person.

Units: seconds, metres. Times: `motion.at` is the source's claim, `received_at` is ours.

Rules of this file
- One owner: the journal. One source per track; another source's observations are another track.
- What cannot be used is kept and named, never dropped in silence: a faulty observation (not a
  number, no such place), one from the future, one older than what is held, one that contradicts
  what is held for the same instant.
- What is said twice of one instant, or too late, is not used, and still is a claim beside what is:
  else the first of two emitters under one id would hide the second.
- A source whose clock runs ahead does not make its object vanish: while nothing else is held its
  measurements are used, and named; the first one in time replaces them.
- An object may be held without a usable position; it is then shown as such, not left out.
- Stale is a view: past its stale time a track is one *last known* item at its last position.
- Ended is said by the source; an observation after it opens the track again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId, check_id
from crosstell.core.instant import format_instant, require_utc, seconds_between
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.picture.trust.standing import Trusts, trusts_after
from crosstell.core.picture.wording import check_text
from crosstell.core.table import Stamp, Table, Verdict

HISTORY_MAX = 64  # motions kept per track, newest last; the ring of raw observations is longer
IRREGULAR_MAX = 16  # irregular observations kept per track, newest last; all are counted
AHEAD_S_MAX = 2.0  # how far a source's clock may run ahead of ours before it is named


class HintKind(StrEnum):
    """What a source says that may tell one object from another."""

    CALL_SIGN = "call-sign"
    SQUAWK = "squawk"
    ICAO_ADDRESS = "icao-address"
    MMSI = "mmsi"
    REGISTRATION = "registration"
    OBJECT_TYPE = "object-type"
    SERIAL_NUMBER = "serial-number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One hint of identity, as the source gave it. A hint is no identification."""

    kind: HintKind
    value: str

    def __post_init__(self) -> None:
        """Refuse an empty hint."""
        check_text(self.value, what=f"hint {self.kind}", length_max=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One measurement of one object by one source; `kind` as it says. Implements PIC-020."""

    track: TrackId
    source: str
    motion: Motion
    received_at: datetime
    hints: tuple[Hint, ...] = ()
    kind: ObjectKind | None = None

    def __post_init__(self) -> None:
        """Refuse a nameless source and a time without zone."""
        _check_heading(self.track, self.source, self.received_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFaulty:
    """An observation that holds no usable motion; `fault` says why. Implements PIC-022."""

    track: TrackId
    source: str
    received_at: datetime
    fault: str

    def __post_init__(self) -> None:
        """Refuse a fault without words."""
        _check_heading(self.track, self.source, self.received_at)
        check_text(self.fault, what=f"track {self.track}: fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackReported:
    """An object told to us: who told it (`reporter`), and how the reporter knows (`source`).

    `motion` is absent where no position was given. Implements PIC-021.
    """

    track: TrackId
    reporter: str
    source: str
    received_at: datetime
    text: str
    motion: Motion | None = None
    hints: tuple[Hint, ...] = ()
    kind: ObjectKind | None = None

    def __post_init__(self) -> None:
        """Refuse a report without reporter, source or words."""
        _check_heading(self.track, self.source, self.received_at)
        check_text(self.reporter, what=f"track {self.track}: reporter", length_max=200)
        check_text(self.text, what=f"track {self.track}: text")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackEnded:
    """The source says that the object is no longer there to be observed (landed, lost, ended)."""

    track: TrackId
    source: str
    received_at: datetime
    reason: str

    def __post_init__(self) -> None:
        """Refuse an end without reason."""
        _check_heading(self.track, self.source, self.received_at)
        check_text(self.reason, what=f"track {self.track}: reason")


TrackEvent = Observation | ObservationFaulty | TrackReported | TrackEnded


class TrackState(StrEnum):
    """What is held of an object."""

    ABSENT = "absent"
    UNPLACED = "unplaced"  # known of, without a usable position
    HELD = "held"  # with at least one usable position
    ENDED = "ended"  # its source says it is over; kept


class TrackStep(StrEnum):
    """What can happen to a track."""

    PLACE = "place"  # a usable position arrives
    MENTION = "mention"  # word of it arrives, without a usable position
    END = "end"


TRACK_TABLE: Table[TrackState, TrackStep] = Table(
    name="track",
    states=TrackState,
    events=TrackStep,
    rows={
        (TrackState.ABSENT, TrackStep.PLACE): TrackState.HELD,
        (TrackState.ABSENT, TrackStep.MENTION): TrackState.UNPLACED,
        (TrackState.ABSENT, TrackStep.END): Verdict.REFUSED,
        (TrackState.UNPLACED, TrackStep.PLACE): TrackState.HELD,
        (TrackState.UNPLACED, TrackStep.MENTION): TrackState.UNPLACED,
        (TrackState.UNPLACED, TrackStep.END): TrackState.ENDED,
        (TrackState.HELD, TrackStep.PLACE): TrackState.HELD,
        (TrackState.HELD, TrackStep.MENTION): TrackState.HELD,
        (TrackState.HELD, TrackStep.END): TrackState.ENDED,
        (TrackState.ENDED, TrackStep.PLACE): TrackState.HELD,
        (TrackState.ENDED, TrackStep.MENTION): TrackState.ENDED,
        (TrackState.ENDED, TrackStep.END): Verdict.DUPLICATE,
    },
)


class Irregularity(StrEnum):
    """Why an observation was kept and not used."""

    FAULTY = "faulty"
    FROM_THE_FUTURE = "from-the-future"
    OUT_OF_ORDER = "out-of-order"
    CONTRADICTS = "contradicts"  # another motion for the same instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Irregular:
    """One observation that was not used, and why, in words."""

    why: Irregularity
    received_at: datetime
    text: str
    motion: Motion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One usable motion and when it reached us."""

    motion: Motion
    received_at: datetime

    @property
    def ahead_s(self) -> float:
        """How far the source's time is ahead of ours; negative as it should be."""
        return seconds_between(self.received_at, self.motion.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """What one source has said of one object.

    `history` is by `motion.at`, oldest first, at most `HISTORY_MAX`; `irregular` is by arrival,
    at most `IRREGULAR_MAX`, all counted in `irregular_total`. `reports` holds what was told in
    words. `reporter` is set if a person told it. `kind` is what the source last said that it is,
    `trust` whether its motions can be used as reported (None: there is none).
    """

    track: TrackId
    source: str
    state: TrackState
    history: tuple[Seen, ...] = ()
    irregular: tuple[Irregular, ...] = ()
    irregular_total: int = 0
    hints: tuple[Hint, ...] = ()
    reporter: str | None = None
    last_words: str | None = None
    kind: ObjectKind | None = None
    trust: Trusts | None = None

    @property
    def latest(self) -> Seen | None:
        """The newest usable motion, if there is any."""
        return self.history[-1] if self.history else None


def observe(
    *,
    track: TrackId,
    source: str,
    received_at: datetime,
    make: Callable[[], Motion],
    hints: tuple[Hint, ...] = (),
    kind: ObjectKind | None = None,
) -> Observation | ObservationFaulty:
    """An observation, or, where `make` raises ValueError, the fault by its name.

    So that no gateway has to choose between dropping a bad measurement and failing on it.
    Implements PIC-022.
    """
    try:
        motion = make()
    except ValueError as fault:
        return ObservationFaulty(
            track=track, source=source, received_at=received_at, fault=str(fault)
        )
    return Observation(
        track=track, source=source, motion=motion, received_at=received_at, hints=hints, kind=kind
    )


def advance(track: Track | None, event: TrackEvent, stamp: Stamp) -> Track | Refused | Duplicate:
    """The track after the event. Implements PIC-020 to PIC-024."""
    if isinstance(event, TrackReported) and stamp.by is None:
        return Refused(
            code=RefusalCode.NOT_OWNER,
            text=f"track {event.track}: a report is entered by a person; say which role and watch",
        )
    if track is not None and (other := _other_source(track, event)) is not None:
        return other
    match event:
        case TrackEnded():
            return _end(track, event)
        case ObservationFaulty():
            return _set_aside(_opened(track, event), Irregularity.FAULTY, event.fault, event)
        case TrackReported(motion=None):
            return replace(_opened(track, event), last_words=event.text)
        case Observation() | TrackReported():
            assert event.motion is not None
            return _place(track, event, event.motion)


def _place(
    track: Track | None, event: Observation | TrackReported, motion: Motion
) -> Track | Duplicate:
    seen = Seen(motion=motion, received_at=event.received_at)
    past, trust = ((), None) if track is None else (track.history, track.trust)
    if past and past[-1].ahead_s > AHEAD_S_MAX >= seen.ahead_s:
        past, trust = (), None  # a measurement in time beats those from the future
    latest = past[-1] if past else None
    if track is not None and latest is not None and motion == latest.motion:
        return _said_again(track, event, motion)
    unused = _why_unused(latest, seen)
    opened = _opened(track, event)
    if unused is None or unused[0] is not Irregularity.FROM_THE_FUTURE:
        trust = trusts_after(trust, motion, opened.kind, is_used=unused is None)
        opened = replace(opened, trust=trust)
    if unused is not None:
        return _set_aside(opened, *unused, seen)
    if seen.ahead_s > AHEAD_S_MAX:
        opened = _set_aside(opened, *_from_the_future(seen, "used, for want of a better one"), seen)
    after = TRACK_TABLE.next(
        track.state if track is not None else TrackState.ABSENT, TrackStep.PLACE
    )
    assert isinstance(after, TrackState)
    return replace(
        opened,
        state=after,
        history=(*past, seen)[-HISTORY_MAX:],
        hints=event.hints or opened.hints,
        last_words=event.text if isinstance(event, TrackReported) else opened.last_words,
    )


def _said_again(
    track: Track, event: Observation | TrackReported, motion: Motion
) -> Track | Duplicate:
    """Nothing new, unless a kind is stated with the motion that was not stated before."""
    if event.kind in (None, track.kind):
        return Duplicate(text=f"track {event.track}: this motion is already held")
    opened = _opened(track, event)
    return replace(opened, trust=trusts_after(track.trust, motion, opened.kind))


def _why_unused(latest: Seen | None, seen: Seen) -> tuple[Irregularity, str] | None:
    if latest is None:
        return None
    at, held_at = seen.motion.at, latest.motion.at
    if seen.ahead_s > AHEAD_S_MAX >= latest.ahead_s:
        return _from_the_future(seen, "not used")
    if at == held_at:
        text = f"another motion for {format_instant(at)} is held; the first one stands"
        return Irregularity.CONTRADICTS, text
    if at < held_at:
        text = f"measured {format_instant(at)}, before the latest held ({format_instant(held_at)})"
        return Irregularity.OUT_OF_ORDER, text
    return None


def _from_the_future(seen: Seen, use: str) -> tuple[Irregularity, str]:
    text = f"measured {seen.ahead_s:.1f} s after it reached us, {use}; check the source's clock"
    return Irregularity.FROM_THE_FUTURE, text


def _end(track: Track | None, event: TrackEnded) -> Track | Refused | Duplicate:
    after = TRACK_TABLE.next(track.state if track is not None else TrackState.ABSENT, TrackStep.END)
    match after:
        case TrackState():
            assert track is not None
            return replace(track, state=after, last_words=event.reason)
        case Verdict.DUPLICATE:
            return Duplicate(text=f"track {event.track} has already ended")
        case Verdict.REFUSED:
            return Refused(
                code=RefusalCode.UNKNOWN_OBJECT,
                text=f"track {event.track} is not held; there is nothing to end",
            )


def _opened(track: Track | None, event: Observation | ObservationFaulty | TrackReported) -> Track:
    """The track as it is after a mention: opened if it was not held, else of the kind now said."""
    kind = None if isinstance(event, ObservationFaulty) else event.kind
    if track is not None:
        after = TRACK_TABLE.next(track.state, TrackStep.MENTION)
        assert isinstance(after, TrackState)
        return replace(track, state=after, kind=kind or track.kind)
    after = TRACK_TABLE.next(TrackState.ABSENT, TrackStep.MENTION)
    assert isinstance(after, TrackState)
    return Track(
        track=event.track,
        source=event.source,
        state=after,
        reporter=event.reporter if isinstance(event, TrackReported) else None,
        hints=() if isinstance(event, ObservationFaulty) else event.hints,
        kind=kind,
    )


def _set_aside(track: Track, why: Irregularity, text: str, what: Seen | ObservationFaulty) -> Track:
    motion = what.motion if isinstance(what, Seen) else None
    kept = Irregular(why=why, received_at=what.received_at, text=text, motion=motion)
    return replace(
        track,
        irregular=(*track.irregular, kept)[-IRREGULAR_MAX:],
        irregular_total=track.irregular_total + 1,
    )


def _other_source(track: Track, event: TrackEvent) -> Refused | None:
    reporter = event.reporter if isinstance(event, TrackReported) else None
    if event.source == track.source and (
        reporter == track.reporter or isinstance(event, TrackEnded)
    ):
        return None
    return Refused(
        code=RefusalCode.BAD_CONTENT,
        text=f"track {track.track} is of {track.source}; what {event.source} says is another "
        "track: give it its own id",
    )


def _check_heading(track: TrackId, source: str, received_at: datetime) -> None:
    check_id(track, what="track")
    check_text(source, what=f"track {track}: source", length_max=200)
    require_utc(received_at, what=f"track {track}: received at")
