"""A share: the whereabouts of one own object, told to named parties for a purpose until an instant.

Units: metres and seconds. Windows are half-open; a share is open in `[granted, until)`.

Rules of this file
- Two owners, each of its own half: the journal says which track it is, the feed what was granted.
- Two persons grant it, per object, per purpose, until an instant, for a day at most. Its updates
  are sent by the node, inside the grant alone: thinned, and coarser by the steps that it names.
- An update says where the object is: an area that contains it, a window, a band of heights. There
  is no place for speed, course, kind, identity or what it is called at home.
- *Expired* is a view. After `until`, or after it was revoked, an update is irregular, and the node
  sends none, late ones included.
- At those who get it, it is shown as shared. It is no track of theirs: it enters no picture, no
  detection and no list of objects, and only the last update of an open share is kept to be shown.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import PartyId, TrackId, check_id
from crosstell.core.instant import format_instant, later, require_utc, seconds_between
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.releasing.release import check_terms
from crosstell.core.picture.wording import check_text, quoted
from crosstell.core.table import Stamp, Table, Verdict

ShareId = NewType("ShareId", str)
SHARE_S_MAX = 86_400.0
EVERY_S_MIN = 10.0
EVERY_S_MAX = 3_600.0
AREA_M_MIN = 1_000.0
CALLED_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTerms:
    """What is granted: to whom, what for, until when, how often and how coarse. REL-030.

    `called` is what those who get it call the object. Without an altitude step no height is told.
    """

    called: str
    to: tuple[PartyId, ...]
    purpose: str
    marking: str
    until: datetime
    every_s: float
    coarsened: Coarsening

    def __post_init__(self) -> None:
        """Refuse terms under which more would be told than a share may."""
        check_text(self.called, what="share: called", length_max=CALLED_LENGTH_MAX)
        check_terms("share", self.to, self.purpose, self.marking)
        require_utc(self.until, what="share: until")
        if not EVERY_S_MIN <= self.every_s <= EVERY_S_MAX:
            raise ValueError(
                f"share: every {self.every_s} s; give {EVERY_S_MIN:.0f} to {EVERY_S_MAX:.0f} s"
            )
        object.__setattr__(self, "every_s", round(self.every_s * 1_000) / 1_000)
        area_m, time_s = self.coarsened.area_m, self.coarsened.time_s
        if area_m is None or area_m < AREA_M_MIN or time_s is None:
            raise ValueError(
                f"share: give a step for the time, and one of {AREA_M_MIN:.0f} m or more for the "
                "area; an exact position is not shared"
            )

    @property
    def text(self) -> str:
        """What stands beside everything that is shown of it."""
        return (
            f"for {quoted(self.purpose)} until {format_instant(self.until)}, {self.coarsened.text}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackShared:
    """A person of ours shares this own track; at home alone. Implements REL-030."""

    share: ShareId
    track: TrackId
    terms: ShareTerms
    second: Speaker | None = None

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.share, what="share")
        check_id(self.track, what=f"share {self.share}: track")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareGranted:
    """The share is open to those that it names. Nothing here says which track it is."""

    share: ShareId
    terms: ShareTerms
    second: Speaker

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.share, what="share")


class Contains(StrEnum):
    """What the area of an update surely contains."""

    STATED_ACCURACY = "stated-accuracy"  # wherever its source says that it may be
    POSITION_ALONE = "position-alone"  # no accuracy is stated, so it may be outside


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareUpdated:
    """The object was in this volume; the node says it by itself. Implements REL-032."""

    share: ShareId
    volume: Volume
    contains: Contains

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.share, what="share")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRevoked:
    """The share has ended before its time. What was told is told."""

    share: ShareId
    reason: str

    def __post_init__(self) -> None:
        """Refuse an end without reason."""
        check_id(self.share, what="share")
        check_text(self.reason, what=f"share {self.share}: reason")


ShareEvent = ShareGranted | ShareUpdated | ShareRevoked


class ShareState(StrEnum):
    """Where a share stands; that its time is over is a view."""

    ABSENT = "absent"
    OPEN = "open"
    REVOKED = "revoked"


class ShareStep(StrEnum):
    """What its owner does."""

    GRANT = "grant"
    UPDATE = "update"
    REVOKE = "revoke"


_S, _E, _V = ShareState, ShareStep, Verdict

SHARE_TABLE: Table[ShareState, ShareStep] = Table(
    name="share",
    states=ShareState,
    events=ShareStep,
    rows={
        (_S.ABSENT, _E.GRANT): _S.OPEN,
        (_S.ABSENT, _E.UPDATE): _V.REFUSED,
        (_S.ABSENT, _E.REVOKE): _V.REFUSED,
        (_S.OPEN, _E.GRANT): _V.REFUSED,
        (_S.OPEN, _E.UPDATE): _S.OPEN,
        (_S.OPEN, _E.REVOKE): _S.REVOKED,
        (_S.REVOKED, _E.GRANT): _V.REFUSED,
        (_S.REVOKED, _E.UPDATE): _V.REFUSED,
        (_S.REVOKED, _E.REVOKE): _V.DUPLICATE,
    },
)
_STEPS = {
    ShareGranted: ShareStep.GRANT,
    ShareUpdated: ShareStep.UPDATE,
    ShareRevoked: ShareStep.REVOKE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """The newest update with its entry."""

    event: ShareUpdated
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What was granted, and the last update alone: a share has no history."""

    state: ShareState
    granted: ShareGranted
    stamp: Stamp
    latest: Update | None = None
    revoked: ShareRevoked | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it is granted, not revoked, and its time not over."""
        return self.state is ShareState.OPEN and at < self.granted.terms.until


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTrack:
    """Which of our tracks a share is of, with the entry that said so."""

    event: TrackShared
    stamp: Stamp


def advance_home(
    held: SharedTrack | None, event: TrackShared, stamp: Stamp
) -> SharedTrack | Refused | Duplicate:
    """The track that is shared, once."""
    if held is None:
        return SharedTrack(event=event, stamp=stamp)
    if held.event == event:
        return Duplicate(text=f"share {event.share} is already granted")
    text = f"share {event.share} is another one; grant it under a new id"
    return Refused(code=RefusalCode.ALREADY_USED, text=text)


def advance(share: Share | None, event: ShareEvent, stamp: Stamp) -> Share | Refused | Duplicate:
    """The share after its owner's event. Implements REL-030 to REL-034."""
    if share is not None and share.granted == event:
        return Duplicate(text=f"share {event.share} is already granted")
    state = ShareState.ABSENT if share is None else share.state
    after = SHARE_TABLE.next(state, _STEPS[type(event)])
    if after is Verdict.DUPLICATE:
        return Duplicate(text=f"share {event.share} is already revoked")
    if isinstance(after, Verdict):
        text = f"share {event.share} is {state}; grant a new one under a new id"
        return Refused(code=RefusalCode.WRONG_STATE, text=text)
    if isinstance(event, ShareGranted):
        return _grant(event, stamp)
    assert share is not None, "the table refused it"
    if isinstance(event, ShareUpdated):
        return _update(share, event, stamp)
    if stamp.by is None:
        return _no(RefusalCode.NOT_OWNER, event.share, "is revoked by a person; say which role")
    return replace(share, state=after, revoked=event, latest=None)


def _grant(event: ShareGranted, stamp: Stamp) -> Share | Refused:
    first, second, until = stamp.by, event.second, event.terms.until
    if first is None or second.party != first.party:
        why = "is granted by two persons of its party; name their roles and watches"
        return _no(RefusalCode.NOT_RELEASED, event.share, why)
    if (second.role, second.watch) == (first.role, first.watch):
        why = f"names the first person again ({first.role} {first.watch}); name another"
        return _no(RefusalCode.NOT_RELEASED, event.share, why)
    if until <= stamp.at:
        why = f"would end {format_instant(until)}, which is past; let it end after now"
        return _no(RefusalCode.BAD_TIME, event.share, why)
    if until > later(stamp.at, by_s=SHARE_S_MAX):
        why = f"ends {format_instant(until)}; let it end within a day from now"
        return _no(RefusalCode.BAD_TIME, event.share, why)
    return Share(state=ShareState.OPEN, granted=event, stamp=stamp)


def _update(share: Share, event: ShareUpdated, stamp: Stamp) -> Share | Refused:
    terms = share.granted.terms
    if stamp.by is not None:
        why = "is updated by the node alone, inside what was granted"
        return _no(RefusalCode.NOT_OWNER, event.share, why)
    if not share.is_open(stamp.at):
        why = f"ended {format_instant(terms.until)}; nothing is told of it after that"
        return _no(RefusalCode.BAD_TIME, event.share, why)
    last = share.latest
    if last is not None and seconds_between(last.stamp.at, stamp.at) < terms.every_s:
        why = f"tells its object once in {terms.every_s:g} s, not more often"
        return _no(RefusalCode.BAD_TIME, event.share, why)
    area_m = terms.coarsened.area_m
    footprint = event.volume.footprint
    if not isinstance(footprint, Circle) or area_m is None or footprint.radius_m < area_m:
        why = "tells its object more exactly than was granted"
        return _no(RefusalCode.NOT_RELEASED, event.share, why)
    return replace(share, latest=Update(event=event, stamp=stamp))


def _no(code: RefusalCode, share: ShareId, why: str) -> Refused:
    return Refused(code=code, text=f"share {share} {why}")
